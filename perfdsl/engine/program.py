"""A graph made ready for data of a certain kind: narrowed, planned, and put in stages.

A stage first goes through the rows of each grain, block by block, then looks across rows. What looks across rows
needs whole columns; everything else lives as long as its block. So a row that is read stays in the processor's
cache until its scores are known, and only what is asked for is ever kept for all rows.

A program is good for all data that lie within what it was made for: :meth:`Program.fits`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import cycle
from typing import Any, Protocol

from perfdsl.data.columns import DataColumn, Dataset
from perfdsl.engine import across, codegen, late, rowwise
from perfdsl.engine.frame import Frame, Key, columns_of, data_column, texts_of
from perfdsl.engine.kernel import Code, Home, home
from perfdsl.engine.late import Late
from perfdsl.engine.values import Vector
from perfdsl.graph.graph import Graph
from perfdsl.graph.narrowing import Held, Narrowed, narrowed, stage_of
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
from perfdsl.graph.ranges import Limits, Plan, Stored, Tier
from perfdsl.graph.types import SCALAR, Grain
from perfdsl.model.units import ValueType
from perfdsl.text.records import dataclass, replace

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
    """One line of the plan: compute ``node``, then let go of ``drops``; ``guards`` is a number that ought to be positive.

    ``shared``: only blocks of rows read it, so that values which rows share need not be written for each of them.
    """

    node: NodeId
    op: Op
    drops: tuple[NodeId, ...] = ()
    guards: NodeId | None = None
    shared: bool = False

    @property
    def work(self) -> Work:
        """What computes it."""
        return OPERATIONS[type(self.op)]


Part = Code | Late | tuple[Instruction, ...]


@dataclass(frozen=True, slots=True)
class Pass:
    """``parts`` for the rows of one grain, one after another: straight-line code, late rounding, or line after line.

    ``given`` are read and computed elsewhere, ``kept`` outlive the block, ``crossing`` go from a code to other parts.
    """

    parts: tuple[Part, ...]
    given: tuple[NodeId, ...]
    kept: Mapping[NodeId, Home]
    crossing: Mapping[NodeId, Home]


@dataclass(frozen=True, slots=True)
class Stage:
    """``rows``: by grain, the scalars first; ``across``: whole columns, then what reads them, in waves that do not wait for
    themselves; ``drops``: no longer needed."""

    rows: Mapping[Grain, Pass]
    across: tuple[tuple[Instruction, ...], ...]
    drops: tuple[NodeId, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Program:
    """``narrowed``: the graph that is run; ``rows``: how many it allows.

    ``columns``: those that are read; ``texts``: those of the graph; ``settles``: nodes whose grades are settled, and
    where they now are.
    """

    narrowed: Narrowed
    wanted: frozenset[NodeId]
    doubted: frozenset[NodeId]
    known: Mapping[Key, Held]
    rows: Mapping[Grain, int]
    columns: Mapping[Column, ValueType]
    texts: frozenset[str]
    settles: Mapping[NodeId, NodeId]
    stages: tuple[Stage, ...]

    def fits(self, columns: Mapping[Column, ValueType], data: Dataset, rows: Mapping[Grain, int]) -> bool:
        """Whether ``columns`` of ``data``, with so many ``rows``, lie within what the program was made for.

        Raises:
            Mismatch: a column is not there.
        """
        return all(rows[grain] <= most for grain, most in self.rows.items()) and all(
            _within(data_column(data, op), kind, self.known[op.grain, op.name]) for op, kind in columns.items()
        )

    def plan(self) -> Plan:
        """How each node that is run is computed."""
        plan = self.narrowed.plan
        parts = [part for stage in self.stages for todo in stage.rows.values() for part in todo.parts]
        late = {node for part in parts if isinstance(part, Late) for node in (part.node, *part.inner)}
        told = {node: replace(plan.steps[node], tier=Tier.LATE) for node in late}
        return Plan({**plan.steps, **told}, plan.limits)

    def old_plan(self) -> Plan:
        """How each node of the old graph is computed."""
        plan = self.plan()
        return Plan({old: plan.steps[new] for old, new in self.narrowed.place.items()}, plan.limits)


class Shelf(Protocol):
    """Where the program of a graph is kept from run to run."""

    def find(self) -> Program | None:
        """What was put there last."""

    def keep(self, program: Program) -> None:
        """Put ``program`` there."""


def _within(column: DataColumn, kind: ValueType, allowed: Held) -> bool:
    if column.kind is not kind or not column.occurring <= allowed.states:
        return False
    bounds, most = column.bounds, allowed.stored
    if bounds is None or most is None:
        return bounds is None and most is None
    return column.digits == most.digits and most.low <= bounds[0] and bounds[1] <= most.high


def widened(known: Mapping[Key, Held]) -> dict[Key, Held]:
    """``known``, with numbers up to the next power of two, so that data a little larger still fit."""
    return {
        key: replace(one, stored=_widened(one.stored)) if one.stored is not None else one for key, one in known.items()
    }


def joined(known: Mapping[Key, Held], before: Mapping[Key, Held]) -> dict[Key, Held]:
    """What is ``known``, or was ``before``."""
    return {
        key: Held(one.states | before[key].states, _joined(one.stored, before[key].stored))
        for key, one in known.items()
    }


def _joined(one: Stored | None, other: Stored | None) -> Stored | None:
    if one is None or other is None or one.digits < other.digits:  # these data cannot be put in as many digits
        return one
    times = 10 ** (one.digits - other.digits)
    return Stored(min(one.low, other.low * times), max(one.high, other.high * times), one.digits)


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
    known: Mapping[Key, Held],
    rows: Mapping[Grain, int],
    limits: Limits,
    doubted: frozenset[NodeId] = frozenset(),
) -> Program:
    """The program that computes ``wanted``. ``doubted``: divisions whose divisor was found not to be positive."""
    narrow = narrowed(graph, graph.needed(wanted), known, rows, limits, doubted)
    asked = frozenset(narrow.place[node] for node in wanted)
    # what was simplified away on the word of a guard stands only as long as the guard is looked at
    live = narrow.graph.needed(asked | frozenset(narrow.guards))
    return Program(
        narrowed=narrow,
        wanted=wanted,
        doubted=doubted,
        known=known,
        rows=rows,
        columns=columns_of(narrow.graph, live),
        texts=texts_of(narrow.graph),
        settles={old: new for old, new in narrow.place.items() if isinstance(graph.nodes[old].op, Settle)},
        stages=_staged(narrow, live, asked),
    )


def _staged(made: Narrowed, live: Iterable[NodeId], asked: frozenset[NodeId]) -> tuple[Stage, ...]:
    graph = made.graph
    nodes, at = graph.nodes, dict[NodeId, int]()
    looking, sources, whole, last = set[NodeId](), set[NodeId](), set(asked), dict[NodeId, int]()
    unshared = set(asked)
    for node in live:
        op, reads = nodes[node].op, nodes[node].reads
        at[node] = stage_of(nodes[node], nodes, at)
        last.update(dict.fromkeys((node, *reads), at[node]) | {read: max(last[read], at[node]) for read in reads})
        if isinstance(op, ACROSS):
            looking.add(node)
            whole.update((node, *reads))
            unshared.update(reads)
        elif isinstance(op, (Column, Constant)):
            sources.add(node)
        else:
            whole.update(read for read in reads if read not in sources and _kept(graph, at, node, read))
            unshared.update(read for read in reads if nodes[read].type.grain != nodes[node].type.grain)
    shared = looking - unshared
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
                {grain: row_pass(made, group, sources, whole) for grain, group in by_grain.items() if group},
                tuple(_waves(made, dict.fromkeys([*columns, *across]), shared)),
                tuple(node for node in drops if node not in asked or (node in sources and not ends)),
            )
        )
    return tuple(stages)


def _waves(made: Narrowed, nodes: Iterable[NodeId], shared: Container[NodeId]) -> Iterator[tuple[Instruction, ...]]:
    left = list(nodes)
    while left:
        waiting = set(left)
        ready = [node for node in left if waiting.isdisjoint(made.graph.nodes[node].reads)]
        yield tuple(replace(instruction(made, node), shared=node in shared) for node in ready)
        left = [node for node in left if node not in set(ready)]


def _kept(graph: Graph, at: Mapping[NodeId, int], node: NodeId, read: NodeId) -> bool:
    """Whether ``read`` lives longer than a block: till a later stage, or for rows of another grain."""
    return at[read] != at[node] or graph.nodes[read].type.grain != graph.nodes[node].type.grain


def row_pass(made: Narrowed, group: Sequence[NodeId], sources: set[NodeId], whole: set[NodeId]) -> Pass:
    """What computes ``group``, nodes of one grain that look at no other row. ``sources``: columns, read as they are
    needed; ``whole``: nodes that are kept for all rows."""
    cones = late.cones(made, group, whole)
    own = {node: late.own(made, group, (*inner, node), whole) for node, inner in cones.items()}
    inside = {each for node, inner in cones.items() for each in (*own[node], *inner)}
    reads_of = {node: made.graph.nodes[node].reads for node in group if node not in inside}
    reads_of |= {node: late.outside(made, (*own[node], *inner, node)) for node, inner in cones.items()}
    kinds = {node: Late if node in cones else Code if codegen.simple(made, node) else Instruction for node in reads_of}
    parts = list(_parted(reads_of, kinds))
    reads = [dict.fromkeys(read for node in part for read in reads_of[node]) for _, part in parts]
    here = [set(part) for _, part in parts]
    crossing = {
        node for node in group if any(node in read and node not in own for read, own in zip(reads, here, strict=True))
    }
    last = {node: place for place, read in enumerate(reads) for node in read}
    made_parts: list[Part] = []
    for place, (kind, part) in enumerate(parts):
        if kind is Code:
            stored = [node for node in part if node in whole or node in crossing]
            made_parts.append(codegen.compiled(made, part, stored))
            continue
        if kind is Late:
            lines = partial(instruction, made)
            made_parts += [late.compiled(made, node, cones[node], own[node], lines) for node in part]
        else:
            columns = [read for read in reads[place] if read in sources]
            stay = {node for node in part if node in whole or last.get(node, place) > place}
            made_parts.append(_lines(made, [*columns, *part], stay))
    given = dict.fromkeys(read for each in reads for read in each if read not in reads_of and read not in sources)
    kept = {node: home(made.graph, made.plan, node) for node in group if node in whole}
    # what is kept for all rows is there for other parts as well
    goes = {node: kept.get(node) or home(made.graph, made.plan, node, here=True) for node in sorted(crossing)}
    return Pass(tuple(made_parts), tuple(given), kept, goes)


def _parted(
    reads_of: Mapping[NodeId, Sequence[NodeId]], kinds: Mapping[NodeId, type]
) -> Iterator[tuple[type, list[NodeId]]]:
    """(kind, nodes) one after another: as few parts as their order allows."""
    left = dict.fromkeys(sorted(reads_of))
    for kind in cycle((Code, Instruction, Late)):
        if not left:
            return
        part: dict[NodeId, None] = {}
        for node in left:
            if kinds[node] is kind and all(read not in left or read in part for read in reads_of[node]):
                part[node] = None
        if part:
            yield kind, list(part)
        left = {node: None for node in left if node not in part}


def _lines(made: Narrowed, nodes: Iterable[NodeId], stay: set[NodeId]) -> tuple[Instruction, ...]:
    """One line a node; operands go when they are read for the last time, but for those that ``stay``."""
    graph, nodes = made.graph, tuple(nodes)
    last: dict[NodeId, NodeId] = {}
    for node in nodes:
        last.update(dict.fromkeys((node, *graph.nodes[node].reads), node))
    drops: dict[NodeId, list[NodeId]] = {}
    for node, reader in last.items():
        if node in nodes and node not in stay:
            drops.setdefault(reader, []).append(node)
    return tuple(instruction(made, node, drops.get(node, ())) for node in nodes)


def instruction(made: Narrowed, node: NodeId, drops: Iterable[NodeId] = ()) -> Instruction:
    """The line that computes ``node`` and then lets go of ``drops``."""
    op = made.graph.nodes[node].op
    return Instruction(node, op, tuple(drops), made.guards.get(node))
