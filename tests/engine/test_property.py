"""Random graphs on random columns: the engine against the naive interpreter, cell by cell, in every tier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive import READ, Naive
from near import same

from perfdsl.data.columns import DataTable, column
from perfdsl.engine.columnar import OPERATIONS, run
from perfdsl.engine.results import Results
from perfdsl.engine.values import Vector, fractions
from perfdsl.graph.builder import Builder
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import OPERATIONS as DECLARED
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
    Settle,
    SettleCase,
    Stack,
    Streak,
)
from perfdsl.graph.ranges import LIMITS, Form, Limits, Range, Tier
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Mode, Ties, ValueType
from perfdsl.text.numbers import Real

NUMBER, BOOL, TEXT, DATE, GRADE = ValueType
Draw = Callable[[st.SearchStrategy[Any]], Any]
Pools = dict[tuple[str, ValueType], list[NodeId]]

LADDERS = (LIMITS, Limits(2**62, 2**4, 2**61), Limits(2**62, 2**3, 2**5), Limits(2**20, 2**9, 2**12), Limits(2, 1, 1))
"""The real limits, and limits that push small numbers into the slower tiers."""

VALUES: dict[ValueType, st.SearchStrategy[Any]] = {
    NUMBER: st.builds(
        Fraction,
        st.one_of(st.integers(-12, 12), st.integers(-(10**7), 10**7), st.sampled_from([-(2**40), 2**40, 2**62])),
        st.sampled_from([1, 1, 2, 4, 10, 100]),
    ),
    BOOL: st.booleans(),
    TEXT: st.sampled_from(["甲", "乙", "丙"]),
    DATE: st.dates(date(2024, 12, 30), date(2025, 1, 3)),
}
SMALL = st.integers(-3, 3).map(Fraction)
STATES = st.sampled_from([State.VALUE] * 12 + list(State))


def test_the_engine_has_one_function_for_each_operation() -> None:
    assert set(OPERATIONS) == set(DECLARED) == set(READ)


# ---- random data and graphs ------------------------------------------------------------------------------------


@st.composite
def tables(draw: Draw, grain: str, calm: bool) -> DataTable:
    """A table with two columns of each kind; ``calm``: every cell has a value."""
    rows = draw(st.integers(0, 6))
    states = st.just(State.VALUE) if calm else STATES
    columns = {}
    for kind, values in VALUES.items():
        for i in range(2):
            drawn = SMALL if kind is NUMBER and i else values
            cells = [(s, draw(drawn) if s is State.VALUE else None) for s in (draw(states) for _ in range(rows))]
            columns[f"{kind.value}{i}"] = column(f"{kind.value}{i}", kind, cells)
    return DataTable(grain, rows, columns)


@st.composite
def programs(draw: Draw) -> tuple[Graph, dict[str, DataTable]]:
    """A graph of random operations, every node of which can be asked for, and data for it."""
    calm = draw(st.booleans())
    data = {grain: draw(tables(grain, calm)) for grain in ("u", "e")}
    types = {
        (grain, name): NodeType(grain, c.kind, RATIO if c.kind is NUMBER else None, ALL_STATES)
        for grain, table in data.items()
        for name, c in table.columns.items()
    }
    builder = Builder(types)
    pools: Pools = {}
    for grain, name in types:
        put(builder, pools, builder.column(grain, name))
    for kind, values in VALUES.items():
        constant = builder.constant(draw(values), kind)
        put(builder, pools, constant)
        put(builder, pools, builder.nothing(draw(st.sampled_from(list(State)[1:])), constant))
    for grade in range(3):
        put(builder, pools, builder.constant(grade, GRADE))
    for grain in ("u", "e"):  # grades live on rows as well
        cases = ((row_node(draw, pools, grain, BOOL), pools["", GRADE][0]),)
        put(builder, pools, builder.choose(*cases, otherwise=pools["", GRADE][2]))
    for _ in range(draw(st.integers(1, 8))):
        make = draw(st.sampled_from(MAKERS))
        put(builder, pools, make(draw, builder, pools, draw(st.sampled_from(["u", "e", "", "s"]))))
    return builder.graph(), data


def put(builder: Builder, pools: Pools, node: NodeId) -> None:
    pool = pools.setdefault((builder.type(node).grain, builder.type(node).value), [])
    if node not in pool:
        pool.append(node)


def pick(draw: Draw, pools: Pools, grain: str, *kinds: ValueType) -> NodeId:
    """A node on ``grain`` or a scalar, the newest first (a small example then uses what it has made)."""
    kind = draw(st.sampled_from(kinds))
    nodes = pools.get((grain, kind), [])[::-1] + pools["", kind][::-1]
    return int(draw(st.sampled_from(nodes)))


def row_node(draw: Draw, pools: Pools, grain: str, *kinds: ValueType) -> NodeId:
    """A node that really is on ``grain``."""
    kind = draw(st.sampled_from(kinds))
    return int(draw(st.sampled_from(pools[grain, kind][::-1])))


def table_grain(pools: Pools, grain: str) -> str:
    """``grain``, if it has rows of every kind, else a data table."""
    return grain if grain and all((grain, kind) in pools for kind in (NUMBER, BOOL, TEXT, DATE, GRADE)) else "u"


def make_apply(draw: Draw, builder: Builder, pools: Pools, grain: str) -> NodeId:
    fn = draw(st.sampled_from([fn for fn in Fn if fn is not Fn.HAS]))
    kinds = {
        **dict.fromkeys((Fn.AND, Fn.OR, Fn.NOT), (BOOL,)),
        **dict.fromkeys((Fn.LEAST, Fn.GREATEST, Fn.LESS, Fn.LESS_EQUAL), (NUMBER, DATE, GRADE)),
        Fn.EQUAL: (NUMBER, BOOL, TEXT, DATE, GRADE),
        Fn.SUBTRACT: (NUMBER, DATE),
    }.get(fn, (NUMBER,))
    kind = draw(st.sampled_from(kinds))
    if fn in (Fn.POWER, Fn.LN):
        return make_real(draw, builder, pools, grain, fn)
    count = {Fn.NOT: 1, Fn.NEGATE: 1, Fn.ABSOLUTE: 1, Fn.FLOOR: 1, Fn.CEIL: 1}.get(fn, 2)
    if fn in (Fn.ADD, Fn.MULTIPLY, Fn.AND, Fn.OR, Fn.LEAST, Fn.GREATEST):
        count = draw(st.integers(1, 3))
    made = builder.apply(fn, *(pick(draw, pools, grain, kind) for _ in range(count)))
    if fn is Fn.SUBTRACT and kind is DATE:  # back to a ratio, so that it can go on
        day = builder.number(1, builder.type(made).unit or RATIO)
        made = builder.apply(Fn.DIVIDE, made, day)
    return made


EXPONENTS = [Fraction(text) for text in ("1/2", "1/3", "2", "-1", "-1/2", "0", "3/2")]


def make_real(draw: Draw, builder: Builder, pools: Pools, grain: str, fn: Fn) -> NodeId:
    """A root, power or logarithm of a number that is none yet: there is no exact test for ln ln x."""
    of = pick(draw, pools, grain, NUMBER)
    if builder.type(of).real:
        of = builder.rounded(of, 1)
    if fn is Fn.LN:
        return builder.apply(fn, of)
    return builder.apply(fn, of, builder.number(draw(st.sampled_from(EXPONENTS))))


def make_has(draw: Draw, builder: Builder, pools: Pools, grain: str) -> NodeId:
    return builder.has(pick(draw, pools, grain, *ValueType), *draw(st.sets(st.sampled_from(list(State)))))


def make_choose(draw: Draw, builder: Builder, pools: Pools, grain: str) -> NodeId:
    kind = draw(st.sampled_from(list(ValueType)))
    count = draw(st.integers(0, 3))
    cases = [(pick(draw, pools, grain, BOOL), pick(draw, pools, grain, kind)) for _ in range(count)]
    return builder.choose(*cases, otherwise=pick(draw, pools, grain, kind))


def make_lookup(draw: Draw, builder: Builder, pools: Pools, grain: str) -> NodeId:
    of_kind, kind = draw(st.sampled_from(list(ValueType))), draw(st.sampled_from(list(ValueType)))
    bands = []
    for _ in range(draw(st.integers(1, 3))):
        gives = pick(draw, pools, grain, kind)
        if of_kind is NUMBER and draw(st.booleans()):
            low, high = sorted((draw(SMALL) / 2, draw(SMALL) / 3))
            ends = draw(st.tuples(st.booleans(), st.booleans()))
            bands.append(Band(gives, low if ends[0] else None, high if ends[1] else None, *draw_ends(draw)))
        else:
            bands.append(Band(gives, key=draw(SMALL if of_kind is NUMBER else VALUES.get(of_kind, st.integers(0, 2)))))
    return builder.add(Lookup(pick(draw, pools, grain, of_kind), tuple(bands)))


def draw_ends(draw: Draw) -> tuple[bool, bool]:
    found: tuple[bool, bool] = draw(st.tuples(st.booleans(), st.booleans()))
    return found


def keys(draw: Draw, pools: Pools, grains: tuple[str, ...], least: int) -> list[tuple[NodeId, ...]]:
    """For each grain a tuple of keys; kinds agree across grains."""
    kinds = [draw(st.sampled_from(list(ValueType))) for _ in range(draw(st.integers(least, 2)))]
    return [tuple(pick(draw, pools, grain, kind) for kind in kinds) for grain in grains]


def make_fetch(draw: Draw, builder: Builder, pools: Pools, grain: str) -> NodeId:
    source = table_grain(pools, draw(st.sampled_from(["u", "e", "s"])))
    key, at = keys(draw, pools, (source, grain), 1)
    return builder.add(Fetch(row_node(draw, pools, source, *ValueType), key, at))


def make_aggregate(draw: Draw, builder: Builder, pools: Pools, grain: str) -> NodeId:
    source = table_grain(pools, draw(st.sampled_from(["u", "e", "s"])))
    fn = draw(st.sampled_from(list(Reduce)))
    kinds = {Reduce.COUNT: tuple(ValueType), Reduce.SUM: (NUMBER,)}.get(fn, (NUMBER, DATE, GRADE))
    where = row_node(draw, pools, source, BOOL)
    key, at = keys(draw, pools, (source, grain), 0)
    to = grain if (grain, NUMBER) in pools else ""
    at = at if to == grain else ()
    key = key if to == grain else ()
    return builder.add(Aggregate(fn, pick(draw, pools, source, *kinds), where, key, at, to))


def make_rank(draw: Draw, builder: Builder, pools: Pools, grain: str) -> NodeId:
    grain = table_grain(pools, grain)
    [group] = keys(draw, pools, (grain,), 0)
    then = tuple(
        (pick(draw, pools, grain, NUMBER, DATE, GRADE), draw(st.booleans())) for _ in range(draw(st.integers(0, 1)))
    )
    ties = draw(st.sampled_from(list(Ties)))
    of = row_node(draw, pools, grain, NUMBER, DATE, GRADE)
    return builder.add(Rank(of, pick(draw, pools, grain, BOOL), group, draw(st.booleans()), ties, then))


def make_streak(draw: Draw, builder: Builder, pools: Pools, grain: str) -> NodeId:
    grain = table_grain(pools, grain)
    [group] = keys(draw, pools, (grain,), 0)
    limit = draw(st.sampled_from([None, 1, 2]))
    of, along = pick(draw, pools, grain, BOOL), row_node(draw, pools, grain, NUMBER)
    return builder.add(Streak(of, group, along, limit))


def make_stack(draw: Draw, builder: Builder, pools: Pools, grain: str) -> NodeId:
    kind = draw(st.sampled_from(list(ValueType)))
    return builder.add(Stack((row_node(draw, pools, "u", kind), row_node(draw, pools, "e", kind)), "s"))


def make_round(draw: Draw, builder: Builder, pools: Pools, grain: str) -> NodeId:
    return builder.rounded(
        pick(draw, pools, grain, NUMBER), draw(st.integers(-2, 4)), draw(st.sampled_from(list(Mode)))
    )


def make_settle(draw: Draw, builder: Builder, pools: Pools, grain: str) -> NodeId:
    cases = tuple(
        SettleCase(pick(draw, pools, grain, BOOL), draw(st.sampled_from(list(EffectKind))), draw(st.integers(0, 2)))
        for _ in range(draw(st.integers(0, 3)))
    )
    return builder.add(Settle(pick(draw, pools, grain, GRADE), cases, ("好", "中", "差")))


MAKERS = (
    *[make_apply] * 6,
    make_has,
    make_choose,
    make_lookup,
    make_fetch,
    make_aggregate,
    make_aggregate,
    make_rank,
    make_rank,
    make_streak,
    make_stack,
    make_round,
    make_round,
    make_settle,
)


# ---- agreement -------------------------------------------------------------------------------------------------


def compare(graph: Graph, results: Results, naive: Naive) -> None:
    for node, made in enumerate(graph.nodes):
        found = results.cells(node)
        assert all(map(same, found, naive.cells[node])) and len(found) == len(naive.cells[node]), (node, made.op)
        assert made.type.real or not any(isinstance(cell[1], Real) and cell[1].rational() is None for cell in found)
        assert {state for state, _ in naive.cells[node]} <= made.type.states, (node, made.op)
        if made.type.value is NUMBER:
            assert is_within(results.vector(node), results.plan.range(node)), (node, made.op)
            is_exact = results.plan.range(node).form is Form.EXACT
            assert not is_exact or results.plan.steps[node].tier is Tier.EXACT
    for node, decided in naive.decided.items():
        assert results.decided(node).tolist() == decided
    faults: dict[NodeId, list[int]] = {}
    for fault in results.faults:
        faults[fault.node] = sorted((*faults.get(fault.node, ()), *fault.rows))
    assert faults == naive.faults


def is_within(vector: Vector, range_: Range) -> bool:
    """Whether every row, with a value or without, keeps to its bounds: what makes overflow impossible."""
    held = fractions(vector.number).tolist()
    if range_.bounds and not all(range_.bounds[0] <= number <= range_.bounds[1] for number in held):
        return False
    if range_.form is Form.EXACT:
        return all(isinstance(number, Fraction) for number in vector.values)
    unders = np.broadcast_to(np.asarray(vector.under), vector.values.shape).tolist()
    if range_.form is Form.FIXED and vector.under != range_.under:
        return False
    sizes = all(abs(p) <= range_.over for p in vector.values.tolist()) and all(0 < q <= range_.under for q in unders)
    if vector.values.dtype == np.int32:  # kept narrow only where every number of the node fits
        return range_.form is Form.FIXED and range_.over < 2**31 and sizes
    return vector.values.dtype == np.int64 and sizes


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(programs(), st.sampled_from(LADDERS))
def test_engine_and_naive_interpreter_agree(program: tuple[Graph, dict[str, DataTable]], limits: Limits) -> None:
    graph, data = program
    naive = Naive(graph, data).run()
    compare(graph, run(graph, data, frozenset(range(len(graph.nodes))), limits), naive)
