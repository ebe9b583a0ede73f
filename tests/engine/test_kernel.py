"""Straight-line code against the naive reading: row by row operations over columns without gaps, in blocks of a few rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive import Naive
from near import same

from perfdsl.data.columns import DataTable, column
from perfdsl.engine import compiling
from perfdsl.engine.columnar import Engine, run
from perfdsl.engine.compiling import compiled
from perfdsl.engine.kernel import Call, Code, Guard
from perfdsl.engine.program import Program
from perfdsl.graph.builder import Builder
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Band, Fn, Lookup, NodeId
from perfdsl.graph.ranges import LIMITS
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Mode, ValueType

NUMBER, BOOL, DATE = ValueType.NUMBER, ValueType.BOOL, ValueType.DATE
NUMBERS = st.builds(Fraction, st.integers(-30, 30), st.sampled_from([1, 2, 10]))
POSITIVE = st.builds(Fraction, st.integers(1, 30), st.sampled_from([1, 4, 10]))
COLUMNS: dict[str, tuple[ValueType, st.SearchStrategy[Any]]] = {
    "n0": (NUMBER, NUMBERS),
    "n1": (NUMBER, NUMBERS),
    "p0": (NUMBER, POSITIVE),
    "p1": (NUMBER, POSITIVE),
    "b0": (BOOL, st.booleans()),
    "b1": (BOOL, st.booleans()),
    "d0": (DATE, st.dates(date(2025, 1, 1), date(2025, 1, 5))),
    "d1": (DATE, st.dates(date(2025, 1, 1), date(2025, 1, 5))),
}
MET: Counter[str] = Counter()
WANTED = {
    *("absolute", "add", "ceil", "copysign", "divide", "equal", "floor", "greater", "greater_equal", "less"),
    *("less_equal", "logical_and", "logical_not", "logical_or", "multiply", "negative", "rint", "subtract", "trunc"),
    *("greatest_of", "least_of", "put", "guard", "broken guard"),
}
"""Every call that code is made of."""


def _number(cell: object) -> Fraction:
    assert isinstance(cell, Fraction)
    return cell


@st.composite
def straight(draw: st.DrawFn) -> tuple[Graph, dict[str, DataTable], frozenset[NodeId]]:
    """A graph of operations on rows, its data, and the nodes that are asked for."""
    rows = draw(st.integers(1, 7))
    columns = {
        name: column(name, kind, [(State.VALUE, draw(values)) for _ in range(rows)])
        for name, (kind, values) in COLUMNS.items()
    }
    above = [(State.VALUE, _number(low) + draw(POSITIVE)) for _, low in columns["p0"].cells]
    columns["above p0"] = column("above p0", NUMBER, above)
    types = {
        ("u", name): NodeType("u", c.kind, RATIO if c.kind is NUMBER else None, ALL_STATES)
        for name, c in columns.items()
    }
    build = Builder(types)
    pool: dict[ValueType, list[NodeId]] = {NUMBER: [], BOOL: [], DATE: []}
    for _, name in types:
        pool[columns[name].kind].append(build.column("u", name))
    for number in draw(
        st.lists(
            st.sampled_from([Fraction(-2), Fraction(0), Fraction(1), Fraction(3), Fraction(1, 2), Fraction(10)]),
            max_size=3,
            unique=True,
        )
    ):
        pool[NUMBER].append(build.number(number))

    def some(kind: ValueType) -> NodeId:
        return draw(st.sampled_from(pool[kind][::-1]))

    for _ in range(draw(st.integers(6, 20))):
        kind, made = draw(st.sampled_from(MAKERS))
        pool[kind].append(made(build, draw, some))
    made = [node for kind in pool for node in pool[kind]]
    wanted = draw(st.sets(st.sampled_from(made[::-1]), min_size=2, max_size=6))
    return build.graph(), {"u": DataTable("u", rows, columns)}, frozenset(wanted)


def _apply(fn: Fn, kind: ValueType, least: int, most: int) -> Any:
    def made(build: Builder, draw: Any, some: Any) -> NodeId:
        return build.apply(fn, *(some(kind) for _ in range(draw(st.integers(least, most)))))

    return made


def _choose(kind: ValueType) -> Any:
    def made(build: Builder, draw: Any, some: Any) -> NodeId:
        cases = [(some(BOOL), some(kind)) for _ in range(draw(st.integers(1, 3)))]
        return build.choose(*cases, otherwise=some(kind))

    return made


def _lookup(kind: ValueType) -> Any:
    def made(build: Builder, draw: Any, some: Any) -> NodeId:
        ends = sorted(draw(st.sets(st.sampled_from([Fraction(n, 2) for n in range(-9, 10)]), min_size=1, max_size=3)))
        closed = [draw(st.booleans()) for _ in ends]
        gives = [
            build.number(draw(st.integers(0, 5))) if kind is NUMBER and draw(st.booleans()) else some(kind)
            for _ in range(len(ends) + 1)
        ]
        lows, highs = [None, *ends], [*ends, None]
        bands = [
            Band(
                give, low, high, low_in=place > 0 and closed[place - 1], high_in=place < len(ends) and not closed[place]
            )
            for place, (give, low, high) in enumerate(zip(gives, lows, highs, strict=True))
        ]
        if draw(st.booleans()):  # one that lies over the others, or a single point
            low = draw(st.sampled_from(ends))
            over = Band(some(kind), low, low + draw(st.integers(0, 3)), low_in=True, high_in=True)
            bands.insert(0, over if draw(st.booleans()) else Band(some(kind), key=low))
        return build.add(Lookup(some(NUMBER), tuple(bands)))

    return made


def _round(build: Builder, draw: Any, some: Any) -> NodeId:
    return build.rounded(some(NUMBER), draw(st.integers(-1, 2)), draw(st.sampled_from(list(Mode))))


def _share(build: Builder, draw: Any, some: Any) -> NodeId:
    """A number over one that is positive, by its bounds or by its rows."""
    low = build.column("u", "p0")
    under = low if draw(st.booleans()) else build.apply(Fn.SUBTRACT, build.column("u", "above p0"), low)
    share = build.apply(Fn.DIVIDE, some(NUMBER), under)
    if draw(st.booleans()):
        return build.apply(draw(st.sampled_from([Fn.FLOOR, Fn.CEIL])), share)
    return (
        share
        if draw(st.booleans())
        else build.rounded(share, draw(st.integers(0, 2)), draw(st.sampled_from(list(Mode))))
    )


MAKERS = (
    *((NUMBER, _share),) * 4,
    (NUMBER, _apply(Fn.ADD, NUMBER, 2, 4)),
    (NUMBER, _apply(Fn.SUBTRACT, NUMBER, 2, 2)),
    (NUMBER, _apply(Fn.MULTIPLY, NUMBER, 2, 2)),
    (NUMBER, _apply(Fn.DIVIDE, NUMBER, 2, 2)),
    (NUMBER, _apply(Fn.NEGATE, NUMBER, 1, 1)),
    (NUMBER, _apply(Fn.ABSOLUTE, NUMBER, 1, 1)),
    (NUMBER, _apply(Fn.LEAST, NUMBER, 2, 3)),
    (NUMBER, _apply(Fn.GREATEST, NUMBER, 2, 3)),
    (NUMBER, _apply(Fn.FLOOR, NUMBER, 1, 1)),
    (NUMBER, _apply(Fn.CEIL, NUMBER, 1, 1)),
    (NUMBER, _choose(NUMBER)),
    (NUMBER, _lookup(NUMBER)),
    (NUMBER, _round),
    (NUMBER, _round),
    (BOOL, _apply(Fn.LESS, NUMBER, 2, 2)),
    (BOOL, _apply(Fn.LESS_EQUAL, NUMBER, 2, 2)),
    (BOOL, _apply(Fn.EQUAL, NUMBER, 2, 2)),
    (BOOL, _apply(Fn.LESS, DATE, 2, 2)),
    (BOOL, _apply(Fn.EQUAL, BOOL, 2, 2)),
    (BOOL, _apply(Fn.AND, BOOL, 2, 3)),
    (BOOL, _apply(Fn.OR, BOOL, 2, 3)),
    (BOOL, _apply(Fn.NOT, BOOL, 1, 1)),
    (BOOL, _choose(BOOL)),
    (BOOL, _lookup(BOOL)),
    (DATE, _apply(Fn.LEAST, DATE, 2, 2)),
    (DATE, _apply(Fn.GREATEST, DATE, 2, 2)),
    (DATE, _choose(DATE)),
)


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(straight(), st.sampled_from([1, 2, 3, 2**16]))
def test_code_and_naive_interpreter_agree(
    program: tuple[Graph, dict[str, DataTable], frozenset[NodeId]], block: int
) -> None:
    graph, data, wanted = program
    engine = Engine(graph, wanted, replace(LIMITS, block=block))
    naive = Naive(graph, data).run()
    for _ in range(2):  # cold, then with the program that is there
        results = engine.run(data)
        for node in wanted:
            found = results.cells(node, "u")
            expected = naive.cells[node] if graph.nodes[node].type.grain else naive.cells[node] * data["u"].rows
            assert len(found) == len(expected)
            assert all(map(same, found, expected)), (node, graph.nodes[node].op)
    assert engine.program is not None
    for stage in engine.program.stages:
        for part in (part for todo in stage.rows.values() for part in todo.parts if isinstance(part, Code)):
            MET.update(line.f for line in part.lines if isinstance(line, Call))
            MET["guard"] += sum(isinstance(line, Guard) for line in part.lines)
    MET["broken guard"] += bool(engine.program.doubted)


def test_every_call_was_met() -> None:
    if not MET:
        pytest.skip("needs the test before it")
    print(dict(sorted(MET.items())))
    assert MET.keys() >= WANTED, WANTED - MET.keys()


def test_a_broken_guard_divides_nothing_by_zero() -> None:
    """What reads the quotient meanwhile may be computed with fractions, which have no 0 below them."""
    cells = [(State.VALUE, Fraction(number)) for number in (3, 1, 2)]
    columns = {name: column(name, NUMBER, cells[:shift] + cells[shift:]) for name, shift in (("a", 0), ("b", 1))}
    columns["c"] = column("c", NUMBER, [(State.VALUE, Fraction(number)) for number in (2, 1, 2)])
    build = Builder({("u", name): NodeType("u", NUMBER, RATIO, ALL_STATES) for name in columns})
    under = build.apply(Fn.SUBTRACT, build.column("u", "a"), build.column("u", "c"))
    share = build.apply(Fn.DIVIDE, build.column("u", "b"), under)
    node = build.apply(Fn.POWER, share, build.number(2))
    results = Engine(build.graph(), frozenset({node})).run({"u": DataTable("u", 3, columns)})
    assert results.cells(node) == (
        (State.VALUE, Fraction(9)),
        (State.PENDING, None),
        (State.PENDING, None),
    )
    assert sorted(row for fault in results.faults for row in fault.rows) == [1, 2]


def test_a_program_grows_until_it_is_good_for_all_that_was_met(monkeypatch: pytest.MonkeyPatch) -> None:
    """More digits, larger numbers, other states, no divisor: after one round there is no new program, and never another result."""
    every: list[list[tuple[State, Fraction | None]]] = [
        [(State.VALUE, Fraction(3)), (State.VALUE, Fraction(1)), (State.VALUE, Fraction(2))],
        [(State.VALUE, Fraction(5, 4)), (State.VALUE, Fraction(-9, 10))],
        [(State.VALUE, Fraction(1000)), (State.NIL, None), (State.VALUE, Fraction(0)), (State.VALUE, Fraction(7))],
        [(State.VALUE, Fraction(0))],
        [(State.VALUE, Fraction(10**17))],  # with two digits more int64 does not hold it
    ]
    build = Builder({("u", name): NodeType("u", NUMBER, RATIO, ALL_STATES) for name in ("a", "b")})
    a, b = build.column("u", "a"), build.column("u", "b")
    share = build.apply(Fn.DIVIDE, build.apply(Fn.ADD, a, build.number(1)), b)
    node = build.rounded(build.apply(Fn.LEAST, share, build.number(50)), 2)
    graph = build.graph()
    data = [
        {"u": DataTable("u", len(cells), {"a": column("a", NUMBER, cells), "b": column("b", NUMBER, cells[::-1])})}
        for cells in every
    ]
    expected = [run(graph, one, frozenset({node})).cells(node) for one in data]
    made = 0

    def counted(*asked: Any) -> Program:
        nonlocal made
        made += 1
        return compiled(*asked)

    monkeypatch.setattr(compiling, "compiled", counted)
    engine = Engine(graph, frozenset({node}))
    for _ in range(3):
        made = 0
        assert [engine.run(one).cells(node) for one in data[:-1]] == expected[:-1]
    assert made == 0
    for _ in range(3):
        made = 0
        assert [engine.run(one).cells(node) for one in data] == expected
    assert made == 0
