"""Every operation on numbers in every form: over one denominator, over one of their own, and as fractions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from naive import Naive

from perfdsl.data.columns import DataColumn, DataTable, column
from perfdsl.engine.columnar import planned, run
from perfdsl.graph.builder import Builder
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Band, Fetch, Fn, Lookup, NodeId, Rank, Reduce, Stack, Streak
from perfdsl.graph.ranges import LIMITS, Form, Limits, Tier
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Ties, ValueType

NUMBER, BOOL, TEXT, *_ = ValueType
FORMS = {Form.FIXED: LIMITS, Form.FRACTION: LIMITS, Form.EXACT: Limits(integer=2**9)}
X = [Fraction(n, 8) for n in (3, 40, -9, 3, 0, 16, -9, 17)]
Y = [Fraction(n) for n in (3, -7, 9, 3, 11, 0, 9, 13)]
NAMES = list("甲甲甲乙乙丙丙丁")


def data(rows: int) -> dict[str, DataTable]:
    """The first ``rows`` rows."""

    def of(name: str, kind: ValueType, values: list[Fraction] | list[str] | list[bool]) -> DataColumn:
        states = [State.MISSING if i == 7 else State.VALUE for i in range(rows)]
        return column(name, kind, list(zip(states, values[:rows], strict=True)))

    columns = [of("x", NUMBER, X), of("y", NUMBER, Y), of("名", TEXT, NAMES), of("是", BOOL, [n > 0 for n in X])]
    return {grain: DataTable(grain, rows, {c.name: c for c in columns}) for grain in "ue"}


def operand(build: Builder, form: Form, grain: str = "u") -> NodeId:
    """Numbers in ``form``; row 5 of a quotient has a zero divisor."""
    x, y = build.column(grain, "x"), build.column(grain, "y")
    return x if form is Form.FIXED else build.apply(Fn.DIVIDE, x, y)


Make = Callable[[Builder, NodeId], NodeId]


def with_y(fn: Fn) -> Make:
    return lambda b, x: b.apply(fn, x, b.column("u", "y"))


def alone(fn: Fn) -> Make:
    return lambda b, x: b.apply(fn, x)


def by_name(fn: Reduce) -> Make:
    return lambda b, x: b.aggregate(fn, x, key=[b.column("u", "名")])


def by_itself(fn: Reduce) -> Make:
    return lambda b, x: b.aggregate(fn, x, key=[x])


def ranked(ties: Ties) -> Make:
    return lambda b, x: b.add(Rank(x, b.truth(), (), True, ties, ((x, False),)))


def halves_by(build: Builder, x: NodeId) -> Lookup:
    """What a ladder gives is in a form of its own, whatever that of the number it looks at."""
    low, high = build.number(Fraction(5, 2)), build.number(Fraction(-1, 2))
    return Lookup(x, (Band(low, high=Fraction(1)), Band(high, low=Fraction(1), low_in=True)))


TWO = (Fn.ADD, Fn.SUBTRACT, Fn.MULTIPLY, Fn.DIVIDE, Fn.LEAST, Fn.GREATEST, Fn.LESS, Fn.LESS_EQUAL, Fn.EQUAL)
ONE = (Fn.NEGATE, Fn.ABSOLUTE, Fn.FLOOR, Fn.CEIL)
OPERATIONS: dict[str, Make] = {
    **{fn.value: with_y(fn) for fn in TWO},
    **{fn.value: alone(fn) for fn in ONE},
    **{f"{fn.value} by name": by_name(fn) for fn in Reduce},
    **{f"{fn.value} by it": by_itself(fn) for fn in Reduce},
    **{f"rank {ties.value}": ranked(ties) for ties in Ties},
    "by it": lambda b, x: b.apply(Fn.DIVIDE, b.column("u", "y"), x),
    "by 3": lambda b, x: b.apply(Fn.DIVIDE, x, b.number(Fraction(-3, 2))),
    "1 by it": lambda b, x: b.apply(Fn.DIVIDE, b.number(1), x),
    "by it and 1": lambda b, x: b.apply(Fn.DIVIDE, x, b.apply(Fn.ADD, b.apply(Fn.ABSOLUTE, x), b.number(1))),
    "choose": lambda b, x: b.choose((b.column("u", "是"), x), otherwise=b.column("u", "y")),
    "choose thirds": lambda b, x: b.choose((b.column("u", "是"), b.number(Fraction(1, 3))), otherwise=x),
    "lookup": lambda b, x: b.add(Lookup(x, (Band(b.number(1), high=Fraction(1, 8)), Band(x, key=Fraction(1, 8))))),
    "lookup one": lambda b, x: b.add(Lookup(x, (Band(b.number(7), low=Fraction(-1), low_in=False, high_in=True),))),
    "lookup of halves": lambda b, x: b.add(halves_by(b, x)),
    "lookup of halves and it": lambda b, x: b.apply(Fn.ADD, b.add(halves_by(b, x)), x),
    "lookup of halves or it": lambda b, x: b.choose((b.column("u", "是"), b.add(halves_by(b, x))), otherwise=x),
    "lookup of halves or 0": lambda b, x: b.choose(
        (b.column("u", "是"), b.add(halves_by(b, x))), otherwise=b.number(0)
    ),
    "fetch": lambda b, x: b.add(Fetch(x, (b.column("u", "名"),), (b.column("e", "名"),))),
    "fetch by it": lambda b, x: b.add(Fetch(b.column("u", "名"), (x,), (x,))),
    "fetch across": lambda b, x: b.add(Fetch(x, (x,), (b.column("e", "x"),))),
    "rank by it": lambda b, x: b.add(Rank(b.column("u", "y"), b.truth(), (x,), False, Ties.DENSE)),
    "streak": lambda b, x: b.add(Streak(b.column("u", "是"), (), x)),
    "streak by it": lambda b, x: b.add(Streak(b.column("u", "是"), (x,), b.column("u", "y"))),
    "stack": lambda b, x: b.add(Stack((x, b.column("e", "y")), "s")),
    "round 2": lambda b, x: b.rounded(x, 2),
    "round -1": lambda b, x: b.rounded(x, -1),
    "sum of rounded": lambda b, x: b.aggregate(Reduce.SUM, b.rounded(x, 1)),
}


def made(operation: str, form: Form, rows: int) -> tuple[Graph, NodeId, NodeId]:
    types = {
        (grain, name): NodeType(grain, c.kind, RATIO if c.kind is NUMBER else None, ALL_STATES)
        for grain, table in data(rows).items()
        for name, c in table.columns.items()
    }
    build = Builder(types)
    of = operand(build, form)
    node = OPERATIONS[operation](build, of)
    return build.graph(), of, node


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_operation_in_each_form(operation: str, form: Form) -> None:
    graph, of, node = made(operation, form, 8)
    results = run(graph, data(8), frozenset({of, node}), FORMS[form])
    assert results.plan.range(of).form is form
    if (range_ := results.plan.steps[node].range) and range_.form is Form.EXACT:
        assert results.plan.steps[node].tier is Tier.EXACT
    assert list(results.cells(node)) == Naive(graph, data(8)).run().cells[node]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_operation_on_no_rows(operation: str, form: Form) -> None:
    graph, _, node = made(operation, form, 0)
    for limits in FORMS.values():
        assert (
            list(run(graph, data(0), frozenset({node}), limits).cells(node)) == Naive(graph, data(0)).run().cells[node]
        )


@pytest.mark.parametrize("form", FORMS)
def test_fetching_from_an_empty_table(form: Form) -> None:
    tables = {**data(8), "u": data(0)["u"]}
    graph, _, node = made("fetch", form, 8)
    assert {state for state, _ in run(graph, tables, frozenset({node}), FORMS[form]).cells(node)} == {State.MISSING}


# ---- sums of fractions -----------------------------------------------------------------------------------------


def test_a_sum_of_fractions_is_exact_however_many_denominators_there_are() -> None:
    """1/1 + 1/2 + … + 1/60 has a denominator of 24 digits; 1/1 + … + 1/6 is 49/20."""
    for count, expected in ((6, Fraction(49, 20)), (60, sum((Fraction(1, n) for n in range(1, 61)), Fraction(0)))):
        numbers = column("n", NUMBER, [(State.VALUE, Fraction(n)) for n in range(1, count + 1)])
        build = Builder({("u", "n"): NodeType("u", NUMBER, RATIO)})
        total = build.aggregate(Reduce.SUM, build.apply(Fn.DIVIDE, build.number(1), build.column("u", "n")))
        results = run(build.graph(), {"u": DataTable("u", count, {"n": numbers})}, frozenset({total}))
        assert results.cells(total) == ((State.VALUE, expected),)
        assert results.plan.steps[total].tier is Tier.EXACT


# ---- numbers that do not fit int64 -----------------------------------------------------------------------------


def test_numbers_beyond_int64_stay_exact() -> None:
    huge = Fraction(10**30 + 1, 100)
    cells = [(State.VALUE, huge), (State.VALUE, -huge), (State.MISSING, None)]
    tables = {"u": DataTable("u", 3, {"n": column("n", NUMBER, cells)})}
    build = Builder({("u", "n"): NodeType("u", NUMBER, RATIO, ALL_STATES)})
    n = build.column("u", "n")
    square = build.apply(Fn.MULTIPLY, n, n)
    tiny = build.rounded(build.apply(Fn.DIVIDE, n, build.number(10**29)), 1)
    constant = build.apply(Fn.ADD, n, build.number(Fraction(10**40, 3)))
    results = run(build.graph(), tables, frozenset({n, square, tiny, constant}))
    assert results.cells(n) == tuple(cells)
    assert results.cells(square)[0] == (State.VALUE, huge * huge)
    assert results.cells(tiny)[:2] == ((State.VALUE, Fraction(1, 10)), (State.VALUE, Fraction(-1, 10)))
    assert results.cells(constant)[0] == (State.VALUE, huge + Fraction(10**40, 3))
    # a rounded number that is small again goes back to integers
    assert results.plan.range(tiny).form is Form.FIXED


def test_products_cannot_wrap() -> None:
    """Each factor fits, the product of three does not: 2^30 × 2^30 × 2^30 = 2^90; nor does a sum of 8 times 2^61."""
    cells = [(State.VALUE, Fraction(2**30))] * 8
    tables = {"u": DataTable("u", 8, {"n": column("n", NUMBER, cells)})}
    build = Builder({("u", "n"): NodeType("u", NUMBER, RATIO)})
    n = build.column("u", "n")
    cube = build.apply(Fn.MULTIPLY, n, n, n)
    total = build.aggregate(Reduce.SUM, build.apply(Fn.MULTIPLY, n, n, build.number(2)))
    results = run(build.graph(), tables, frozenset({cube, total}))
    assert results.cells(cube)[0] == (State.VALUE, Fraction(2**90))
    assert results.cells(total)[0] == (State.VALUE, Fraction(2**64))
    assert "超出整数范围" in results.plan.steps[cube].reason


# ---- saying how ------------------------------------------------------------------------------------------------


def test_the_plan_gives_a_reason_for_every_node() -> None:
    build = Builder({("u", name): NodeType("u", NUMBER, RATIO) for name in "xy"})
    quotient = build.apply(Fn.DIVIDE, build.column("u", "x"), build.column("u", "y"))
    late = build.apply(Fn.LESS, build.aggregate(Reduce.SUM, quotient), build.number(3))
    for name, node in (("q", quotient), ("r", build.rounded(quotient, 2)), ("s", late)):
        build.output(name, node)
    steps = planned(build.graph(), data(7)).steps
    assert [steps[node].tier for node in build.graph().outputs.values()] == [Tier.INTEGER, Tier.SINGLE, Tier.EXACT]
    assert [steps[node].reason for node in build.graph().outputs.values()] == [
        "分子小于 2^13，分母小于 2^14：只用整数",
        "分子小于 2^19，分母小于 2^14：一次双精度除法即为准确",
        "分母各行不同，通分后可能超出整数范围，逐行用分数计算",
    ]
    wide = planned(build.graph(), data(7), Limits(single=2)).steps
    assert any("余数修正" in step.reason for step in wide.values())
    for step in steps.values():
        step.reason.encode("cp936")


def test_narrow_integers_are_read_as_they_are() -> None:
    """Columns from elsewhere may be int32, or hold anything where there is no value."""
    values, states = np.array([7, -(2**31)], dtype=np.int32), np.array([State.VALUE, State.MISSING], dtype=np.uint8)
    tables = {"u": DataTable("u", 2, {"n": DataColumn("n", NUMBER, values, states, 1)})}
    build = Builder({("u", "n"): NodeType("u", NUMBER, RATIO, ALL_STATES)})
    node = build.apply(Fn.MULTIPLY, *[build.column("u", "n")] * 4)
    results = run(build.graph(), tables, frozenset({node}))
    assert results.cells(node) == ((State.VALUE, Fraction(7, 10) ** 4), (State.MISSING, None))
    assert results.plan.range(node).form is Form.FIXED  # -2^31 is no value, and does not count


# ---- telling numbers apart -------------------------------------------------------------------------------------


def on(**columns: list[Fraction]) -> tuple[dict[str, DataTable], Builder]:
    """A table of number columns on the grain u, and a builder for it."""
    made = {name: column(name, NUMBER, [(State.VALUE, v) for v in values]) for name, values in columns.items()}
    rows = len(next(iter(columns.values())))
    return {"u": DataTable("u", rows, made)}, Builder({("u", name): NodeType("u", NUMBER, RATIO) for name in columns})


def values(build: Builder, tables: dict[str, DataTable], node: NodeId) -> list[object]:
    return [state or value for state, value in run(build.graph(), tables, frozenset({node})).cells(node)]


@pytest.mark.parametrize("divided", [False, True])
def test_the_ends_of_bands(divided: bool) -> None:
    """Numbers with one digit against ends with two, one by one, each end in and out."""
    tables, build = on(x=[Fraction(n, 10) for n in (2, 3, 5, 7, 8, 10)], y=[Fraction(1)] * 5 + [Fraction(2)])
    x = build.column("u", "x")
    x = build.apply(Fn.DIVIDE, x, build.column("u", "y")) if divided else x  # the last row is then 0.5
    inside = build.number(1)
    for low, high, low_in, high_in, expected in (
        ("0.3", "0.7", True, False, "0 1 1 0 0"),
        ("0.3", "0.7", False, True, "0 0 1 1 0"),
        ("0.25", "0.75", True, True, "0 1 1 1 0"),
        ("0.25", "0.75", False, False, "0 1 1 1 0"),
        ("0.3", "0.3", True, True, "0 1 0 0 0"),
    ):
        band = Band(inside, Fraction(low), Fraction(high), low_in, high_in)
        found = values(build, tables, build.add(Lookup(x, (band,))))
        assert [Fraction(1) if v == "1" else State.PENDING for v in expected.split()] == found[:5]
        assert (found[5] == 1) is (divided and low != high)


def test_keys_are_equal_as_numbers_whatever_their_digits() -> None:
    """1.5 of one column is 1.50 of another, which has 2.25 as well."""
    tables, build = on(x=[Fraction("1.5"), Fraction(2)], y=[Fraction("2.25"), Fraction("1.5")])
    fetched = build.add(Fetch(build.column("u", "y"), (build.column("u", "y"),), (build.column("u", "x"),)))
    assert values(build, tables, fetched) == [Fraction("1.5"), State.MISSING]


def test_ranks_tell_fractions_apart_that_are_equal_in_double() -> None:
    """(k + 1) / k for k = 2^31 and its neighbours: they differ by 2^-62, doubles near 1 by 2^-52."""
    k = 2**31
    tables, build = on(p=[Fraction(k + n + 1) for n in (0, 1, 2, 1)], q=[Fraction(k + n) for n in (0, 1, 2, 1)])
    quotient = build.apply(Fn.DIVIDE, build.column("u", "p"), build.column("u", "q"))
    assert len({(k + n + 1) / (k + n) for n in range(3)}) == 1
    rank = build.add(Rank(quotient, build.truth(), (), True, Ties.COMPETITION))
    assert values(build, tables, rank) == [1, 2, 4, 2]
    greatest = build.aggregate(Reduce.GREATEST, quotient)
    assert values(build, tables, greatest) == [Fraction(k + 1, k)]
    assert values(build, tables, build.apply(Fn.EQUAL, quotient, greatest)) == [True, False, False, False]


def test_a_quotient_can_be_larger_than_its_numerator() -> None:
    """1 ÷ 0.001 = 1000, though the divisor may be 0 as well."""
    tables, build = on(x=[Fraction("0.001"), Fraction(0), Fraction("-0.5")])
    node = build.apply(Fn.DIVIDE, build.number(1), build.column("u", "x"))
    bounds = run(build.graph(), tables, frozenset({node})).plan.range(node).bounds
    assert bounds == (Fraction(-1000), Fraction(1000))
    assert values(build, tables, node) == [Fraction(1000), State.PENDING, Fraction(-2)]
