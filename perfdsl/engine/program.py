"""A graph made ready for data of a certain kind: narrowed, planned, and put in stages.

A stage first goes through the rows of each grain, block by block, then looks across rows. What looks across rows
needs whole columns; everything else lives as long as its block. So a row that is read stays in the processor's
cache until its scores are known, and only what is asked for is ever kept for all rows.

A program is good for all data that lie within what it was made for: :meth:`Program.fits`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from perfdsl.engine import across, rowwise
from perfdsl.engine.frame import Frame, Key
from perfdsl.engine.values import Vector
from perfdsl.graph.graph import Graph
from perfdsl.graph.narrowing import Known, Narrowed, narrowed
from perfdsl.graph.ops import (
    ACROSS,
    Aggregate,
    Apply,
    Choose,
    Column,
    Constant,
    Fetch,
    Lookup,
    NodeId,
    Op,
    Rank,
    Round,
    Settle,
    Stack,
    Streak,
)
from perfdsl.graph.ranges import Limits, Plan, Stored
from perfdsl.graph.types import SCALAR, Grain

Work = Callable[[Frame, NodeId, Any], Vector]
OPERATIONS: dict[type[Op], Work] = {
    Column: rowwise.column,
    Constant: rowwise.constant,
    Apply: rowwise.apply,
    Choose: rowwise.choose,
    Lookup: rowwise.lookup,
    Fetch: across.fetch,
    Aggregate: across.aggregate,
    Rank: across.rank,
    Streak: across.streak,
    Stack: across.stack,
    Round: rowwise.round_,
    Settle: rowwise.settle,
}


@dataclass(frozen=True, slots=True)
class Instruction:
    """One line of the plan: compute ``node``, then let go of ``drops``."""

    node: NodeId
    op: Op
    work: Work
    drops: tuple[NodeId, ...] = ()


@dataclass(frozen=True, slots=True)
class Pass:
    """``lines`` for the rows of one grain. ``given`` are read and computed elsewhere, ``kept`` outlive the block."""

    lines: tuple[Instruction, ...]
    given: tuple[NodeId, ...]
    kept: tuple[NodeId, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """``rows``: by grain, the scalars first; ``across``: whole columns, then what reads them; ``drops``: no longer needed."""

    rows: Mapping[Grain, Pass]
    across: tuple[Instruction, ...]
    drops: tuple[NodeId, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Program:
    """``narrowed``: the graph that is run, of which ``live`` nodes are needed; ``rows``: how many it allows."""

    narrowed: Narrowed
    wanted: frozenset[NodeId]
    known: Mapping[Key, Known]
    rows: Mapping[Grain, int]
    live: tuple[NodeId, ...]
    stages: tuple[Stage, ...]

    def fits(self, known: Mapping[Key, Known], rows: Mapping[Grain, int]) -> bool:
        """Whether data of which this is ``known`` lie within what the program was made for."""
        return all(rows[grain] <= most for grain, most in self.rows.items()) and all(
            _within(known[key], allowed) for key, allowed in self.known.items()
        )

    def old_plan(self) -> Plan:
        """How each node of the old graph is computed."""
        plan = self.narrowed.plan
        return Plan({old: plan.steps[new] for old, new in self.narrowed.place.items()}, plan.limits)


def _within(known: Known, allowed: Known) -> bool:
    if not known.states <= allowed.states:
        return False
    if known.stored is None or allowed.stored is None:
        return known.stored is allowed.stored
    mine, most = known.stored, allowed.stored
    return mine.digits == most.digits and most.low <= mine.low and mine.high <= most.high


def widened(known: Mapping[Key, Known]) -> dict[Key, Known]:
    """``known``, with numbers up to the next power of two, so that data a little larger still fit."""
    return {
        key: replace(one, stored=_widened(one.stored)) if one.stored is not None else one for key, one in known.items()
    }


def _widened(stored: Stored) -> Stored:
    return Stored(-_outward(-stored.low), _outward(stored.high), stored.digits)


def _outward(number: int) -> int:
    """The power of two less one above a number, the power of two at or below the size of a negative one, negated."""
    if number >= 0:
        return (1 << number.bit_length()) - 1
    return -(1 << (-number).bit_length() - 1)


def compiled(
    graph: Graph,
    wanted: frozenset[NodeId],
    known: Mapping[Key, Known],
    rows: Mapping[Grain, int],
    limits: Limits,
) -> Program:
    """The program that computes ``wanted``."""
    narrow = narrowed(graph, graph.needed(wanted), known, rows, limits)
    asked = frozenset(narrow.place[node] for node in wanted)
    live = narrow.graph.needed(asked)
    return Program(narrow, wanted, known, rows, live, _staged(narrow.graph, live, asked))


def _staged(graph: Graph, live: Iterable[NodeId], asked: frozenset[NodeId]) -> tuple[Stage, ...]:
    nodes, at = graph.nodes, dict[NodeId, int]()
    looking, sources, whole, last = set[NodeId](), set[NodeId](), set(asked), dict[NodeId, int]()
    for node in live:
        op, reads = nodes[node].op, nodes[node].reads
        looks = isinstance(op, ACROSS)
        at[node] = max((at[read] + (read in looking and not looks) for read in reads), default=0)
        last.update(dict.fromkeys((node, *reads), at[node]) | {read: max(last[read], at[node]) for read in reads})
        if looks:
            looking.add(node)
            whole.update((node, *reads))
        elif isinstance(op, Column):
            sources.add(node)
        else:
            whole.update(read for read in reads if read not in sources and _kept(graph, at, node, read))
    stages = []
    for stage in range(max(at.values(), default=0) + 1):
        here = [node for node in at if at[node] == stage and node not in sources]
        across = [node for node in here if node in looking]
        ends = stage == max(at.values(), default=0)
        for node in asked & sources if ends else ():
            across.append(node)
        by_grain: dict[Grain, list[NodeId]] = {SCALAR: []}
        for node in here:
            if node not in looking:
                by_grain.setdefault(nodes[node].type.grain, []).append(node)
        columns = [read for node in across for read in nodes[node].reads if read in sources]
        drops = [node for node in whole if node in columns or (node not in sources and last[node] == stage)]
        stages.append(
            Stage(
                {grain: _pass(graph, group, sources, whole) for grain, group in by_grain.items() if group},
                tuple(_line(graph, node) for node in dict.fromkeys([*columns, *across])),
                tuple(node for node in drops if node not in asked or (node in sources and not ends)),
            )
        )
    return tuple(stages)


def _kept(graph: Graph, at: Mapping[NodeId, int], node: NodeId, read: NodeId) -> bool:
    """Whether ``read`` lives longer than a block: till a later stage, or for rows of another grain."""
    return at[read] != at[node] or graph.nodes[read].type.grain != graph.nodes[node].type.grain


def _pass(graph: Graph, group: Iterable[NodeId], sources: set[NodeId], whole: set[NodeId]) -> Pass:
    order: dict[NodeId, None] = {}
    given: dict[NodeId, None] = {}
    for node in group:
        for read in graph.nodes[node].reads:
            if read not in order:
                (order if read in sources else given)[read] = None
        order[node] = None
    last: dict[NodeId, NodeId] = {}
    for node in order:
        last.update(dict.fromkeys((node, *graph.nodes[node].reads), node))
    drops: dict[NodeId, list[NodeId]] = {}
    for node, reader in last.items():
        if node in sources or node not in whole:
            drops.setdefault(reader, []).append(node)
    return Pass(
        tuple(_line(graph, node, drops.get(node, ())) for node in order),
        tuple(given),
        tuple(node for node in order if node in whole and node not in sources),
    )


def _line(graph: Graph, node: NodeId, drops: Iterable[NodeId] = ()) -> Instruction:
    op = graph.nodes[node].op
    return Instruction(node, op, OPERATIONS[type(op)], tuple(drops))
