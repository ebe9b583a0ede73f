"""What fits together in a graph, and what type comes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from perfdsl.graph import ops
from perfdsl.graph.builder import Builder
from perfdsl.graph.infer import GraphTypeError, covers_line, infer, strict
from perfdsl.graph.ops import (
    Aggregate,
    Apply,
    Band,
    Choose,
    Column,
    Constant,
    EffectKind,
    Fetch,
    Fn,
    Lookup,
    NodeId,
    Op,
    Rank,
    Reduce,
    Round,
    Settle,
    SettleCase,
    Stack,
    Streak,
)
from perfdsl.graph.types import ALL_STATES, ONLY_VALUES, NodeType
from perfdsl.model.states import State
from perfdsl.model.units import POINTS, RATIO, Mode, Ties, Unit, ValueType
from perfdsl.text.citation import Citation
from perfdsl.text.records import declared_as, fields

NUMBER, BOOL, TEXT, DATE, GRADE = ValueType
PIECES = Unit(("件",))
PEOPLE = Unit(("人",))
HERE, THERE = "单位", "台账"

COLUMNS = {
    (HERE, "分"): NodeType(HERE, NUMBER, POINTS),
    (HERE, "件"): NodeType(HERE, NUMBER, PIECES),
    (HERE, "人"): NodeType(HERE, NUMBER, PEOPLE, frozenset({State.VALUE, State.MISSING})),
    (HERE, "无"): NodeType(HERE, NUMBER, POINTS, frozenset({State.VALUE, State.ABSENT})),
    (HERE, "名"): NodeType(HERE, TEXT),
    (HERE, "是"): NodeType(HERE, BOOL),
    (HERE, "疑"): NodeType(HERE, BOOL, None, frozenset({State.VALUE, State.PENDING})),
    (HERE, "日"): NodeType(HERE, DATE),
    (HERE, "等"): NodeType(HERE, GRADE, None, frozenset({State.VALUE, State.ABSENT, State.MISSING})),
    (THERE, "分"): NodeType(THERE, NUMBER, POINTS, ALL_STATES),
    (THERE, "名"): NodeType(THERE, TEXT),
    (THERE, "是"): NodeType(THERE, BOOL),
}


@pytest.fixture
def build() -> Builder:
    return Builder(COLUMNS)


def here(build: Builder, *names: str) -> list[NodeId]:
    return [build.column(HERE, name) for name in names]


# ---- what comes out --------------------------------------------------------------------------------------------


def test_arithmetic_combines_units_and_keeps_grains(build: Builder) -> None:
    points, pieces, people = here(build, "分", "件", "人")
    both = frozenset({State.VALUE, State.MISSING})
    per_head = build.apply(Fn.DIVIDE, pieces, people)
    assert build.type(per_head) == NodeType(HERE, NUMBER, Unit(("件",), ("人",)), both | {State.PENDING})
    assert build.type(build.apply(Fn.MULTIPLY, per_head, people)).unit == PIECES
    assert build.type(build.apply(Fn.ADD, points, build.number(3, POINTS))) == NodeType(HERE, NUMBER, POINTS)
    assert build.type(build.apply(Fn.LESS, points, build.number(3, POINTS))) == NodeType(HERE, BOOL)
    for fn in (Fn.NEGATE, Fn.ABSOLUTE, Fn.FLOOR, Fn.CEIL):
        assert build.type(build.apply(fn, people)) == NodeType(HERE, NUMBER, PEOPLE, both)
    assert build.type(build.rounded(people, 2)) == NodeType(HERE, NUMBER, PEOPLE, both)


def test_a_division_by_a_constant_cannot_fail(build: Builder) -> None:
    [points] = here(build, "分")
    assert build.type(build.apply(Fn.DIVIDE, points, build.number(3))).states == ONLY_VALUES
    assert State.PENDING in build.type(build.apply(Fn.DIVIDE, points, build.number(0))).states
    missing = build.nothing(State.MISSING, points)
    assert State.PENDING in build.type(build.apply(Fn.DIVIDE, points, missing)).states
    # without the operations at hand, a constant is not seen
    quotient = Apply(Fn.DIVIDE, (points, build.number(3)))
    assert State.PENDING in infer(quotient, build.type, COLUMNS).states


def test_the_difference_of_two_dates_is_in_days(build: Builder) -> None:
    [day] = here(build, "日")
    start = build.constant(date(2025, 1, 1), DATE)
    assert build.type(build.apply(Fn.SUBTRACT, day, start)) == NodeType(HERE, NUMBER, Unit(("日",)))
    assert build.type(build.apply(Fn.GREATEST, day, start)) == NodeType(HERE, DATE)


def test_conditions_may_know_more_than_their_operands(build: Builder) -> None:
    sure, doubtful = here(build, "是", "疑")
    assert build.type(build.apply(Fn.AND, sure, doubtful)).states == {State.VALUE, State.PENDING}
    assert build.type(build.apply(Fn.NOT, doubtful)).states == {State.VALUE, State.PENDING}
    assert build.type(build.has(doubtful, State.PENDING)) == NodeType(HERE, BOOL)
    nobody = build.nothing(State.MISSING, sure)
    assert build.type(build.apply(Fn.OR, sure, nobody)).states == {State.VALUE, State.MISSING}
    assert build.type(build.apply(Fn.AND, nobody)).states == {State.MISSING}


def test_strict_states_are_those_that_can_win() -> None:
    value, missing, pending = State.VALUE, State.MISSING, State.PENDING
    assert strict(frozenset({value, pending}), frozenset({missing})) == {missing, pending}
    assert strict(frozenset({value}), frozenset({value, missing})) == {value, missing}
    assert strict() == {value}


def test_choose_and_lookup_give_the_states_of_what_they_choose(build: Builder) -> None:
    doubtful, absent, points, people = here(build, "疑", "无", "分", "人")
    chosen = build.choose((doubtful, absent), otherwise=points)
    assert build.type(chosen) == NodeType(HERE, NUMBER, POINTS, frozenset({State.VALUE, State.PENDING, State.ABSENT}))
    five = build.number(5, POINTS)
    half_line = build.add(Lookup(people, (Band(five, low=Fraction(0)),)))
    assert build.type(half_line).states == {State.VALUE, State.MISSING, State.PENDING}
    line = build.add(Lookup(people, (Band(five, low=Fraction(0)), Band(points, high=Fraction(0)))))
    assert build.type(line).states == {State.VALUE, State.MISSING}
    named = build.add(Lookup(here(build, "名")[0], (Band(five, key="甲"),)))
    assert build.type(named).states == {State.VALUE, State.PENDING}
    either = build.add(Lookup(here(build, "是")[0], (Band(five, key=True), Band(points, key=False))))
    assert build.type(either).states == {State.VALUE}


@pytest.mark.parametrize(
    ("bands", "covered"),
    [
        ("(,)", True),
        ("(,0) [0,)", True),
        ("[0,) (,0)", True),
        ("(,0) (0,)", False),  # 0 itself
        ("(,0] (0,)", True),
        ("(,0) [0,1) [1,)", True),
        ("(,0) [0,1) (1,)", False),
        ("(,0) [0,1) [2,)", False),
        ("(,5) [0,1] [5,)", True),
        ("(,5) [0,5] (5,)", True),
        ("(,0) [0,1)", False),
        ("[0,)", False),
        ("", False),
    ],
)
def test_covering_the_line(bands: str, covered: bool) -> None:
    assert covers_line([band(text) for text in bands.split()]) is covered


def band(text: str) -> Band:
    """``[0,1)`` as a band."""
    low, high = text[1:-1].split(",")
    ends = Fraction(low) if low else None, Fraction(high) if high else None
    return Band(0, *ends, low_in=text[0] == "[", high_in=text[-1] == "]")


def test_facts_of_other_rows(build: Builder) -> None:
    points, name, truth = (build.column(THERE, column) for column in ("分", "名", "是"))
    [at] = here(build, "名")
    undecided = frozenset({State.MISSING, State.PENDING})
    known = ONLY_VALUES | undecided
    total = build.aggregate(Reduce.SUM, points, where=truth, key=[name], at=[at])
    assert build.type(total) == NodeType(HERE, NUMBER, POINTS, known)
    assert build.type(build.aggregate(Reduce.COUNT, name, key=[name], at=[at])) == NodeType(HERE, NUMBER, RATIO)
    assert build.type(build.aggregate(Reduce.GREATEST, points)) == NodeType("", NUMBER, POINTS, known | {State.ABSENT})
    assert build.type(build.aggregate(Reduce.LEAST, points, key=[name])).grain == THERE
    assert build.type(build.mean(points, key=[name], at=[at])) == NodeType(HERE, NUMBER, POINTS, known | {State.ABSENT})
    assert build.type(build.add(Fetch(points, (name,), (at,)))) == NodeType(HERE, NUMBER, POINTS, ALL_STATES)
    rank = build.add(Rank(points, truth, (name,), True, Ties.COMPETITION))
    assert build.type(rank) == NodeType(THERE, NUMBER, RATIO, known | {State.ABSENT})
    streak = build.add(Streak(truth, (name,), points))
    assert build.type(streak) == NodeType(THERE, NUMBER, RATIO, ALL_STATES)
    stack = build.add(Stack((points, here(build, "分")[0]), "全部"))
    assert build.type(stack) == NodeType("全部", NUMBER, POINTS, ALL_STATES)


def test_what_is_rounded_is_no_real_any_more(build: Builder) -> None:
    log = build.apply(Fn.LN, build.number(Fraction(2)))
    assert build.type(log).real
    rounded = build.add(Round(log, 2, Mode.HALF_UP))
    assert build.type(rounded) == replace(build.type(log), real=False)
    assert not build.type(build.apply(Fn.ADD, rounded, rounded)).real


def test_settled_grades(build: Builder) -> None:
    start, sure, doubtful = here(build, "等", "是", "疑")
    settled = build.add(Settle(start, (SettleCase(sure, EffectKind.DROP, 5),), ("好", "差")))
    assert build.type(settled) == NodeType(HERE, GRADE, None, frozenset({State.VALUE, State.ABSENT, State.PENDING}))
    best = build.constant(0, GRADE)
    certain = build.add(Settle(best, (SettleCase(sure, EffectKind.SET, 1),), ("好", "差")))
    assert build.type(certain) == NodeType(HERE, GRADE)
    certain = build.add(Settle(best, (SettleCase(doubtful, EffectKind.SET, 1),), ("好", "差")))
    assert build.type(certain).states == {State.VALUE, State.PENDING}


# ---- what does not fit -----------------------------------------------------------------------------------------

N, S, B, T, D, G, E, EB = range(8)
"""Nodes of :func:`wrong`: number in 分, number in 件, bool, text, date, grade; number and bool on another grain."""
SOME = Fraction(1)

WRONG: list[tuple[Op, str]] = [
    (Apply(Fn.ADD, (N, S)), "add: operands are measured in `分` and `件`"),
    (Apply(Fn.ADD, (N, E)), "add: operands live on different grains: 单位, 台账"),
    (Apply(Fn.ADD, (N, T)), "add: takes number, not text"),
    (Apply(Fn.ADD, ()), "add: has no operands"),
    (Apply(Fn.SUBTRACT, (N,)), "subtract: takes 2 operands, not 1"),
    (Apply(Fn.SUBTRACT, (D, N)), "subtract: operands are date and number"),
    (Apply(Fn.NOT, (B, B)), "not: takes 1 operand, not 2"),
    (Apply(Fn.NOT, (N,)), "not: takes bool, not number"),
    (Apply(Fn.AND, (B, N)), "and: takes bool, not number"),
    (Apply(Fn.LESS, (T, T)), "less: takes date or grade or number, not text"),
    (Apply(Fn.LESS, (D, G)), "less: operands are date and grade"),
    (Apply(Fn.EQUAL, (T, B)), "equal: operands are text and bool"),
    (Apply(Fn.MULTIPLY, (N, D)), "multiply: takes number, not date"),
    (Apply(Fn.DIVIDE, (N, B)), "divide: takes number, not bool"),
    (Apply(Fn.LEAST, (N, S)), "least: operands are measured in `分` and `件`"),
    (Apply(Fn.NEGATE, (N,), frozenset({State.NIL})), "negate: states are only for has"),
    (Column(HERE, "没有"), "column: grain `单位` has no column `没有`"),
    (Constant(True, NUMBER, RATIO), "constant: True is no number"),
    (Constant(True, GRADE), "constant: True is no grade"),
    (Constant(-1, GRADE), "constant: -1 is no grade"),
    (Constant("甲", DATE), "constant: '甲' is no date"),
    (Constant("甲", BOOL), "constant: '甲' is no bool"),
    (Constant(SOME, TEXT), "constant: Fraction(1, 1) is no text"),
    (Constant("甲", TEXT, POINTS), "constant: a text has no unit, here `分`"),
    (Constant(SOME, NUMBER, RATIO, State.NIL), "constant: 零报告 has a value beside it: Fraction(1, 1)"),
    (Choose(((N, N),), N), "choose: a condition is bool, not number"),
    (Choose(((B, N),), S), "choose: operands are measured in `分` and `件`"),
    (Lookup(N, ()), "lookup: has no bands"),
    (Lookup(N, (Band(N, low=SOME, key=SOME),)), "lookup: a band is an interval or a key, not both"),
    (Lookup(N, (Band(N, low=SOME, high=Fraction(0)),)), "lookup: the band from 1 to 0 is upside down"),
    (Lookup(T, (Band(N, low=SOME),)), "lookup: text is looked up by keys, not by intervals"),
    (Lookup(T, (Band(N, key=SOME),)), "lookup: text is looked up, the key Fraction(1, 1) is none"),
    (Lookup(T, (Band(N, key="甲"), Band(T, key="乙"))), "lookup: operands are number and text"),
    (Fetch(N, (), ()), "fetch: has no key"),
    (Fetch(N, (T,), (T, T)), "fetch: 1 keys are looked for at 2 values"),
    (Fetch(N, (T,), (B,)), "fetch key: operands are text and bool"),
    (Fetch(N, (EB,), (B,)), "fetch: operands live on different grains: 单位, 台账"),
    (Aggregate(Reduce.SUM, B, B, (), (), ""), "aggregate sum: takes number, not bool"),
    (Aggregate(Reduce.LEAST, T, B, (), (), ""), "aggregate least: takes date or grade or number, not text"),
    (Aggregate(Reduce.SUM, N, N, (), (), ""), "aggregate sum: a condition is bool, not number"),
    (Aggregate(Reduce.SUM, N, EB, (), (), ""), "aggregate sum: operands live on different grains: 单位, 台账"),
    (Aggregate(Reduce.SUM, N, B, (T,), (T,), "年"), "aggregate sum: the result is on `年`, its keys are on `单位`"),
    (Rank(T, B, (), True, Ties.DENSE), "rank: takes date or grade or number, not text"),
    (Rank(N, S, (), True, Ties.DENSE), "rank: a condition is bool, not number"),
    (Rank(N, B, (), True, Ties.DENSE, ((T, True),)), "rank: takes date or grade or number, not text"),
    (Streak(N, (), N), "streak: a condition is bool, not number"),
    (Streak(B, (), T), "streak along: takes number, not text"),
    (Streak(B, (), N, 0), "streak: the limit is 0, it must be 1 or more"),
    (Stack((), "全部"), "stack: has no parts"),
    (Stack((N, S), "全部"), "stack: operands are measured in `分` and `件`"),
    (Stack((N, E), HERE), "stack: the rows of `单位` cannot be made of themselves"),
    (Round(T, 2, Mode.UP), "round: takes number, not text"),
    (Settle(N, (), ("好",)), "settle: takes grade, not number"),
    (Settle(G, (SettleCase(N, EffectKind.SET, 0),), ("好",)), "settle: a condition is bool, not number"),
    (Settle(G, (SettleCase(B, EffectKind.SET, 1),), ("好",)), "settle: set 1 is outside an order of 1"),
]


@pytest.mark.parametrize(("op", "message"), WRONG, ids=[message for _, message in WRONG])
def test_what_does_not_fit_is_named(op: Op, message: str) -> None:
    build = Builder(COLUMNS)
    nodes = [*here(build, "分", "件", "是", "名", "日", "等"), build.column(THERE, "分"), build.column(THERE, "是")]
    assert nodes == [N, S, B, T, D, G, E, EB]
    with pytest.raises(GraphTypeError) as error:
        build.add(op)
    assert str(error.value) == message
    message.encode("cp936")


@pytest.mark.parametrize(
    "make",
    [
        lambda one, true: Aggregate(Reduce.COUNT, one, true, (), (), ""),
        lambda one, true: Rank(one, true, (), True, Ties.DENSE),
        lambda one, true: Streak(true, (), one),
        lambda one, true: Fetch(one, (one,), (one,)),
        lambda one, true: Stack((one,), "全部"),
    ],
)
def test_scalars_alone_do_not_say_which_rows(build: Builder, make: Callable[[NodeId, NodeId], Op]) -> None:
    with pytest.raises(GraphTypeError, match="scalar, so nothing says"):
        build.add(make(build.number(1), build.truth()))


# ---- the builder -----------------------------------------------------------------------------------------------


def test_equal_nodes_are_one_and_carry_every_clause(build: Builder) -> None:
    first, second = Citation(code="A01"), Citation(code="A02")
    with build.origin(first):
        points = build.column(HERE, "分", label="得分")
        with build.origin(second):
            assert build.column(HERE, "分") == points
            build.column(HERE, "分")
        doubled = build.apply(Fn.ADD, points, points)
    outside = build.number(1)
    node = build.graph().nodes[points]
    assert (node.origin, node.also, node.label) == (first, (second,), "得分")
    assert build.graph().nodes[doubled].origin == first
    assert build.graph().nodes[outside].origin == Citation()
    assert build.add(Column(HERE, "件"), second) != points


def test_what_python_calls_equal_is_not_always_one_node(build: Builder) -> None:
    assert build.constant(True, BOOL) != build.number(1)
    sure, best = here(build, "是", "等")
    build.add(Lookup(sure, (Band(best, key=True),)))
    with pytest.raises(GraphTypeError, match="bool is looked up, the key 1 is none"):
        build.add(Lookup(sure, (Band(best, key=1),)))
    build.constant(0, GRADE)
    with pytest.raises(GraphTypeError, match="False is no grade"):
        build.constant(False, GRADE)


def test_a_stacked_grain_is_made_of_the_same_parts_each_time(build: Builder) -> None:
    ours, theirs = here(build, "分")[0], build.column(THERE, "分")
    build.add(Stack((ours, theirs), "全部"))
    with pytest.raises(GraphTypeError, match="stack: `全部` is already made of 单位, 台账"):
        build.add(Stack((theirs, ours), "全部"))
    again = build.add(Stack((build.column(HERE, "名"), build.column(THERE, "名")), "全部"))
    graph = build.graph()
    assert graph.rows({HERE: 3, THERE: 4}) == {HERE: 3, THERE: 4, "全部": 7, "": 1}
    assert graph.needed(frozenset({again})) == (again - 2, again - 1, again)


def test_outputs_have_one_name_each(build: Builder) -> None:
    points = here(build, "分")[0]
    build.output("得分", points)
    assert build.graph().needed() == (points,)
    with pytest.raises(AssertionError, match="named twice"):
        build.output("得分", points)


def test_every_field_of_an_operation_holds_nodes_or_plain_values() -> None:
    """What a new operation holds is one of the two, or its operands would not be seen."""
    for kind in (*ops.OPERATIONS, ops.Band, ops.SettleCase):
        for one in fields(kind):
            nodes = declared_as(one) - ops.PLAIN
            assert nodes <= {"NodeId", "Band", "SettleCase"}, (kind, one.name)
