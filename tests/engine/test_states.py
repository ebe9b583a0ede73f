"""What each operation does with each state: the table of ``perfdsl/model/states.py``, once more and by hand.

States are written as letters, in the order of their strength:
V 有值, I 零报告, D 未到期, N 未发生, A 不涉及, M 未报, P 待定.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from perfdsl.data.columns import DataTable, column
from perfdsl.engine.columnar import run
from perfdsl.engine.frame import Fault, Mismatch
from perfdsl.graph.builder import Builder
from perfdsl.graph.ops import (
    Aggregate,
    Band,
    EffectKind,
    Fetch,
    Fn,
    Lookup,
    NodeId,
    Rank,
    Reduce,
    Round,
    Settle,
    SettleCase,
    Stack,
    Streak,
)
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Mode, Ties, ValueType

LETTERS = dict(zip("VIDNAMP", State, strict=True))
NUMBER, BOOL, TEXT, DATE, GRADE = ValueType


class Bench:
    """One operation on small columns. ``x`` has each state once, in the order VIDNAMP."""

    def __init__(self) -> None:
        self.columns: dict[str, DataTable] = {}
        self.types: dict[tuple[str, str], NodeType] = {}
        self.build = Builder(self.types)

    def column(self, kind: ValueType, values: str, states: str = "", grain: str = "u") -> NodeId:
        """``values``: one word a row, or one for all; ``states``: one letter a row (all V, if empty)."""
        states = states or "V" * len(values.split())
        words = values.split() if len(values.split()) == len(states) else values.split() * len(states)
        plain = [Fraction(w) if kind is NUMBER else w == "1" if kind is BOOL else w for w in words]
        cells = [(LETTERS[s], v if s == "V" else None) for s, v in zip(states, plain, strict=True)]
        name = str(len(self.types))
        columns = dict(self.columns[grain].columns) if grain in self.columns else {}
        columns[name] = column(name, kind, cells)
        self.columns[grain] = DataTable(grain, len(cells), columns)
        self.types[grain, name] = NodeType(grain, kind, RATIO if kind is NUMBER else None, ALL_STATES)
        return self.build.column(grain, name)

    def see(self, node: NodeId) -> str:
        """Values of ``node``, states as letters; true is T, false is F."""
        found = run(self.build.graph(), self.columns, frozenset({node})).cells(node)
        return " ".join(show(state, value) for state, value in found)


def show(state: State, value: object) -> str:
    if state is not State.VALUE:
        return "VIDNAMP"[state]
    return {True: "T", False: "F"}[value] if isinstance(value, bool) else str(value)


@pytest.fixture
def bench() -> Bench:
    return Bench()


EACH = "VIDNAMP"

# ---- row by row ------------------------------------------------------------------------------------------------

STRICT = {
    Fn.ADD: "5",
    Fn.SUBTRACT: "1",
    Fn.MULTIPLY: "6",
    Fn.DIVIDE: "3/2",
    Fn.LEAST: "2",
    Fn.GREATEST: "3",
    Fn.LESS: "F",
    Fn.LESS_EQUAL: "F",
    Fn.EQUAL: "F",
}
ALONE = {Fn.NEGATE: "-3", Fn.ABSOLUTE: "3", Fn.FLOOR: "3", Fn.CEIL: "3"}
REAL = {Fn.POWER: "9 I D N A M P", Fn.LN: "0 I D N A M P"}


@pytest.mark.parametrize("fn", STRICT)
def test_functions_of_two_numbers_take_the_strongest_state(bench: Bench, fn: Fn) -> None:
    x = bench.column(NUMBER, "3", EACH)
    y = bench.column(NUMBER, "2", "V" * 7)
    stronger = bench.column(NUMBER, "2", "PMANDIV")
    assert bench.see(bench.build.apply(fn, x, y)) == f"{STRICT[fn]} I D N A M P"
    assert bench.see(bench.build.apply(fn, y, x)).split()[1:] == ["I", "D", "N", "A", "M", "P"]
    assert bench.see(bench.build.apply(fn, x, stronger)) == "P M A N A M P"


@pytest.mark.parametrize("fn", ALONE)
def test_functions_of_one_number_keep_the_state(bench: Bench, fn: Fn) -> None:
    assert bench.see(bench.build.apply(fn, bench.column(NUMBER, "3", EACH))) == f"{ALONE[fn]} I D N A M P"


def test_every_function_is_tested_here() -> None:
    assert set(Fn) == {*STRICT, *ALONE, *REAL, Fn.AND, Fn.OR, Fn.NOT, Fn.HAS}


def test_powers_and_logarithms_keep_the_state(bench: Bench) -> None:
    """3² = 9; ln 1 = 0."""
    three, one = bench.column(NUMBER, "3", EACH), bench.column(NUMBER, "1", EACH)
    two = bench.build.number(2)
    assert bench.see(bench.build.apply(Fn.POWER, three, two)) == REAL[Fn.POWER]
    assert bench.see(bench.build.apply(Fn.LN, one)) == REAL[Fn.LN]


def test_not_keeps_the_state(bench: Bench) -> None:
    assert bench.see(bench.build.apply(Fn.NOT, bench.column(BOOL, "1", EACH))) == "F I D N A M P"


def test_and_is_settled_by_false_and_or_by_true(bench: Bench) -> None:
    unknown, false, true = bench.column(BOOL, "1", EACH), bench.build.truth(False), bench.build.truth(True)
    assert bench.see(bench.build.apply(Fn.AND, unknown, false)) == "F F F F F F F"
    assert bench.see(bench.build.apply(Fn.AND, unknown, true)) == "T I D N A M P"
    assert bench.see(bench.build.apply(Fn.OR, unknown, true)) == "T T T T T T T"
    assert bench.see(bench.build.apply(Fn.OR, unknown, false)) == "T I D N A M P"
    # the stored true under a state does not count
    hidden = bench.column(BOOL, "0", EACH)
    assert bench.see(bench.build.apply(Fn.AND, unknown, hidden, true)) == "F I D N A M P"


def test_has_asks_for_the_state_itself(bench: Bench) -> None:
    x = bench.column(NUMBER, "3", EACH)
    assert bench.see(bench.build.has(x, State.MISSING, State.VALUE)) == "T F F F F T F"
    assert bench.see(bench.build.has(x)) == "F F F F F F F"


def test_a_zero_divisor_is_pending_and_a_fault(bench: Bench) -> None:
    x = bench.column(NUMBER, "3 0 3 3", "VVMV")
    zero = bench.column(NUMBER, "0 0 0 0", "VVVM")
    node = bench.build.apply(Fn.DIVIDE, x, zero)
    assert bench.see(node) == "P P M M"
    assert run(bench.build.graph(), bench.columns, frozenset({node})).faults == (Fault(node, "u", (0, 1)),)


def test_choose_stops_at_the_first_condition_without_a_value(bench: Bench) -> None:
    first = bench.column(BOOL, "1 0 0 0 0", "VVVMV")
    second = bench.column(BOOL, "0 1 0 1 0", "PVVVD")
    one, two, three = (bench.build.number(n) for n in (1, 2, 3))
    assert bench.see(bench.build.choose((first, one), (second, two), otherwise=three)) == "1 2 3 M D"
    states = bench.column(NUMBER, "7 7 7 7 7", "PIVVV")
    assert bench.see(bench.build.choose((first, states), otherwise=one)) == "P 1 1 M 1"


def test_lookup_is_strict_and_pending_in_a_gap(bench: Bench) -> None:
    x = bench.column(NUMBER, "3", EACH)
    ten, none = bench.build.number(10), bench.build.nothing(State.NONE, x)
    assert bench.see(bench.build.add(Lookup(x, (Band(ten, low=Fraction(3)),)))) == "10 I D N A M P"
    assert bench.see(bench.build.add(Lookup(x, (Band(none, low=Fraction(3)),)))) == "N I D N A M P"
    assert bench.see(bench.build.add(Lookup(x, (Band(ten, low=Fraction(4)),)))) == "P I D N A M P"


def test_round_keeps_the_state(bench: Bench) -> None:
    x = bench.column(NUMBER, "2.5", EACH)
    assert bench.see(bench.build.add(Round(x, 0, Mode.HALF_UP))) == "3 I D N A M P"


def test_settle(bench: Bench) -> None:
    best = bench.build.constant(0, GRADE)
    cases = (SettleCase(bench.column(BOOL, "1", EACH), EffectKind.DROP, 1),)
    node = bench.build.add(Settle(best, cases, ("好", "差")))
    assert bench.see(node) == "1 0 0 0 0 P P"
    results = run(bench.build.graph(), bench.columns, frozenset({node}))
    assert results.decided(node).tolist() == [0, -1, -1, -1, -1, -1, -1]
    given = bench.column(BOOL, "1", EACH)
    start = bench.build.choose((given, best), otherwise=best)
    assert bench.see(bench.build.add(Settle(start, (), ("好", "差")))) == "0 I D N A P P"


# ---- across rows -----------------------------------------------------------------------------------------------


def test_fetch(bench: Bench) -> None:
    at = bench.column(TEXT, "甲", EACH)
    one = bench.column(NUMBER, "7", grain="e"), bench.column(TEXT, "甲", grain="e")
    assert bench.see(bench.build.add(Fetch(one[0], (one[1],), (at,)))) == "7 I D N A M P"
    many = bench.column(NUMBER, "7 8 9", "VVM", grain="f"), bench.column(TEXT, "甲 甲 乙", grain="f")
    names = bench.column(TEXT, "甲 乙 丙 丁 戊 己 庚")
    assert bench.see(bench.build.add(Fetch(many[0], (many[1],), (names,)))) == "P M M M M M M"
    # a row whose own key has no value is found by nobody
    keyless = bench.column(NUMBER, "7 8", grain="g"), bench.column(TEXT, "甲 甲", "VP", grain="g")
    assert bench.see(bench.build.add(Fetch(keyless[0], (keyless[1],), (names,)))) == "7 M M M M M M"


AGGREGATES = {
    # condition (value or state) and value of the second row → sum, count, least, greatest; the first row is 3
    ("T", "V"): "5 2 2 3",
    ("F", "V"): "3 1 3 3",
    ("F", "P"): "3 1 3 3",  # what is not asked for cannot block
    ("T", "I"): "3 1 3 3",
    ("T", "D"): "3 1 3 3",
    ("T", "N"): "3 1 3 3",
    ("T", "A"): "3 1 3 3",
    ("T", "M"): "M M M M",
    ("T", "P"): "P P P P",
    ("I", "V"): "3 1 3 3",
    ("D", "P"): "3 1 3 3",
    ("N", "V"): "3 1 3 3",
    ("A", "M"): "3 1 3 3",
    ("M", "V"): "M M M M",
    ("P", "V"): "P P P P",
    ("M", "A"): "M M M M",
}


@pytest.mark.parametrize(("where", "of"), AGGREGATES)
def test_aggregate(bench: Bench, where: str, of: str) -> None:
    values = bench.column(NUMBER, "3 2", f"V{of}")
    true, state = ("1 1", "VV") if where == "T" else ("1 0", "VV") if where == "F" else ("1 1", f"V{where}")
    condition = bench.column(BOOL, true, state)
    found = [bench.see(bench.build.aggregate(fn, values, where=condition)) for fn in Reduce]
    assert " ".join(found) == AGGREGATES[where, of]


def test_aggregate_of_nothing(bench: Bench) -> None:
    values = bench.column(NUMBER, "3 2", "AI")
    found = [bench.see(bench.build.aggregate(fn, values)) for fn in Reduce]
    assert found == ["0", "0", "A", "A"]


def test_a_blocked_group_blocks_no_other(bench: Bench) -> None:
    values, key = bench.column(NUMBER, "1 2 3 4 5", "VMVPV"), bench.column(TEXT, "甲 甲 乙 丙 乙")
    assert bench.see(bench.build.aggregate(Reduce.SUM, values, key=[key])) == "M M 8 P 8"


@pytest.mark.parametrize(
    ("key", "where", "of", "expected"),
    [
        ("A", "1", "V", "1 3 A"),  # a row without a key belongs to no group
        ("M", "1", "V", "M M M"),  # a row of unknown key may belong to any
        ("P", "1", "V", "P P P"),
        ("M", "0", "V", "1 3 M"),  # it is left out wherever it belongs
        ("M", "1", "A", "1 3 M"),
        ("M", "1", "P", "P P M"),
    ],
)
def test_aggregate_with_a_key_in_a_state(bench: Bench, key: str, where: str, of: str, expected: str) -> None:
    """The third row has the key in a state; as a row that asks, it gets that state."""
    values = bench.column(NUMBER, "1 3 5", f"VV{of}")
    condition = bench.column(BOOL, f"1 1 {where}")
    keys = bench.column(TEXT, "甲 乙 甲", f"VV{key}")
    assert bench.see(bench.build.aggregate(Reduce.SUM, values, where=condition, key=[keys])) == expected


def test_aggregate_hands_a_scalar_fact_to_every_row(bench: Bench) -> None:
    values = bench.column(NUMBER, "1 3 5")
    node = bench.build.add(Aggregate(Reduce.SUM, values, bench.build.truth(), (), (), "u"))
    assert bench.see(node) == "9 9 9"
    count = bench.build.aggregate(Reduce.COUNT, bench.build.number(1), where=bench.build.has(values, State.VALUE))
    assert bench.see(count) == "3"


RANKS = {
    # condition and value of the third row; the others are 9 and 7
    ("T", "V"): "1 2 3",
    ("F", "V"): "1 2 A",
    ("F", "P"): "1 2 A",
    ("T", "A"): "1 2 A",
    ("A", "P"): "1 2 A",
    ("T", "M"): "M M M",
    ("T", "P"): "P P P",
    ("M", "V"): "M M M",
    ("P", "A"): "P P P",
}


@pytest.mark.parametrize(("where", "of"), RANKS)
@pytest.mark.parametrize("ties", Ties)
@pytest.mark.parametrize("breaks_ties", [False, True])
def test_rank(bench: Bench, where: str, of: str, ties: Ties, breaks_ties: bool) -> None:
    values = bench.column(NUMBER, "9 7 5", f"VV{of}")
    true, state = ("1 1 1", "VVV") if where == "T" else ("1 1 0", "VVV") if where == "F" else ("1 1 1", f"VV{where}")
    condition = bench.column(BOOL, true, state)
    even = bench.column(NUMBER, "1 1 1")
    rank = Rank(even, condition, (), True, ties, ((values, True),)) if breaks_ties else None
    node = bench.build.add(rank or Rank(values, condition, (), True, ties))
    assert bench.see(node) == RANKS[where, of]


def test_ranks_of_left_out_rows_and_of_other_groups_stay(bench: Bench) -> None:
    values, key = bench.column(NUMBER, "9 7 5 4 3", "VMVVA"), bench.column(TEXT, "甲 甲 乙 乙 甲")
    node = bench.build.add(Rank(values, bench.build.truth(), (key,), True, Ties.COMPETITION))
    assert bench.see(node) == "M M 1 2 A"


@pytest.mark.parametrize(("key", "expected"), [("A", "1 1 A"), ("M", "M M M"), ("P", "P P P")])
def test_rank_with_a_group_in_a_state(bench: Bench, key: str, expected: str) -> None:
    values, keys = bench.column(NUMBER, "9 7 5"), bench.column(TEXT, "甲 乙 甲", f"VV{key}")
    node = bench.build.add(Rank(values, bench.build.truth(), (keys,), True, Ties.COMPETITION))
    assert bench.see(node) == expected


def test_ties(bench: Bench) -> None:
    values = bench.column(NUMBER, "9 7 7 5")
    found = [bench.see(bench.build.add(Rank(values, bench.build.truth(), (), True, ties))) for ties in Ties]
    assert found == ["1 2 2 4", "1 2 2 3", "1 5/2 5/2 4"]
    assert bench.see(bench.build.add(Rank(values, bench.build.truth(), (), False, Ties.COMPETITION))) == "4 2 2 1"


@pytest.mark.parametrize(
    ("values", "states", "along", "expected"),
    [
        ("1 1 1", "VVV", "1 2 3", "1 2 3"),
        ("1 0 1", "VVV", "1 2 3", "1 0 1"),
        ("1 1 1", "VIV", "1 2 3", "1 0 1"),  # weaker states break the run
        ("1 1 1", "VAV", "1 2 3", "1 0 1"),
        ("1 1 1", "VMV", "1 2 3", "1 M M"),
        ("1 1 0 1", "VMVV", "1 2 3 4", "1 M 0 1"),  # a false value ends it
        ("1 1 1 1", "VMAV", "1 2 3 4", "1 M 0 1"),
        ("1 1 1 1", "MPMV", "1 2 3 4", "M P P P"),  # the strongest on the way
        ("1 1 1 1", "PMVV", "1 2 3 4", "P P P P"),
        ("1 1 1", "VMV", "1 2 4", "1 M 1"),  # a gap ends it as well
        ("1 1 1", "VVV", "3 1 2", "3 1 2"),  # the order of rows has no meaning
        ("1 1 1 1", "VVVV", "1 2 2 3", "1 P P P"),  # which of the two comes first is not known
    ],
)
def test_streak(bench: Bench, values: str, states: str, along: str, expected: str) -> None:
    node = bench.build.add(Streak(bench.column(BOOL, values, states), (), bench.column(NUMBER, along)))
    assert bench.see(node) == expected


def test_a_streak_along_an_unknown_month(bench: Bench) -> None:
    """A row of unknown month may stand anywhere in its group; one without a month stands nowhere."""
    true, group = bench.column(BOOL, "1 1 1 1 1"), bench.column(TEXT, "甲 甲 甲 乙 乙")
    for letter, expected in (("M", "M M M 1 2"), ("A", "1 2 A 1 2")):
        along = bench.column(NUMBER, "1 2 3 1 2", f"VV{letter}VV")
        assert bench.see(bench.build.add(Streak(true, (group,), along))) == expected
    along = bench.column(NUMBER, "1 2 3 1 2")
    for letter, expected in (("P", "P P P P P"), ("N", "1 2 N 1 2")):
        unsure = bench.column(TEXT, "甲 甲 甲 乙 乙", f"VV{letter}VV")
        assert bench.see(bench.build.add(Streak(true, (unsure,), along))) == expected


def test_stack_keeps_the_state_of_each_row(bench: Bench) -> None:
    parts = bench.column(NUMBER, "1", EACH), bench.column(NUMBER, "0.5", "PV", grain="e")
    assert bench.see(bench.build.add(Stack(parts, "s"))) == "1 I D N A M P P 1/2"


# ---- texts, scalars, data --------------------------------------------------------------------------------------


def test_texts_of_different_columns_compare_by_their_words(bench: Bench) -> None:
    """甲 is word 0 of one column and word 1 of the other."""
    left, right = bench.column(TEXT, "甲 乙 丙"), bench.column(TEXT, "乙 乙 甲")
    assert bench.see(bench.build.apply(Fn.EQUAL, left, right)) == "F T F"
    assert bench.see(bench.build.apply(Fn.EQUAL, left, bench.build.constant("丙", TEXT))) == "F F T"
    assert bench.see(left) == "甲 乙 丙"


def test_results_give_what_was_asked_for(bench: Bench) -> None:
    x = bench.column(NUMBER, "3 4")
    half = bench.build.number(Fraction(1, 2))
    total = bench.build.apply(Fn.ADD, x, half)
    bench.build.output("total", total)
    results = run(bench.build.graph(), bench.columns)
    value = State.VALUE
    assert results.output("total") == ((value, Fraction(7, 2)), (value, Fraction(9, 2)))
    assert results.states(total).tolist() == [0, 0]
    assert results.vector(total).grain == "u"
    with pytest.raises(KeyError):
        results.vector(x)
    scalar = run(bench.build.graph(), bench.columns, frozenset({half}))
    assert scalar.cells(half) == ((value, Fraction(1, 2)),)
    assert scalar.cells(half, "u") == ((value, Fraction(1, 2)),) * 2
    assert isinstance(scalar.states(half), np.ndarray)


def test_data_that_does_not_fit_the_graph_is_refused(bench: Bench) -> None:
    x = bench.column(NUMBER, "3")
    bench.types["u", "没有"] = NodeType("u", NUMBER, RATIO)
    missing = bench.build.column("u", "没有")
    with pytest.raises(Mismatch, match="the data has no column `没有` on `u`"):
        run(bench.build.graph(), bench.columns, frozenset({missing}))
    other = {"u": DataTable("u", 1, {"0": column("0", TEXT, [(State.VALUE, "甲")])})}
    with pytest.raises(Mismatch, match="column `0` on `u` is text, the graph was built for number"):
        run(bench.build.graph(), other, frozenset({x}))


def test_what_is_settled_by_a_divisor_that_is_taken_to_be_positive_waits_where_it_is_not(bench: Bench) -> None:
    """0 ÷ y is 0 whatever y is, but for the row in which y is 0: the comparison may not be settled before that is known."""
    none, divisor = bench.column(NUMBER, "0 0"), bench.column(NUMBER, "1 0")
    quotient = bench.build.apply(Fn.DIVIDE, none, divisor)
    assert bench.see(bench.build.apply(Fn.EQUAL, quotient, bench.build.number(0))) == "T P"
