"""A program whose units lie in many parts: what is done where.

Rows of the large grain never meet. Where an operation looks across them, each part says what it has to say
(:mod:`perfdsl.engine.parts.facts`), the answers are merged, and handed to the rows when they are gone through
again. All other grains (附表, 台账) are small enough for one machine; they are computed here, by the same engine,
and sent along.

The parts are a :class:`Parts`: here it does not matter whether they lie in one process or on many machines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from perfdsl.data.columns import Dataset
from perfdsl.engine import blocks
from perfdsl.engine.compiling import instruction
from perfdsl.engine.frame import Fault, Frame, columns_of, known_columns
from perfdsl.engine.frame import Key as ColumnKey
from perfdsl.engine.parts.facts import (
    Facts,
    Key,
    TooMany,
    Vocabulary,
    answered,
    asked_keys,
    merged,
    source_grain,
)
from perfdsl.engine.parts.jobs import FaultCount, Job, carried, handed, merged_faults, needed, segments
from perfdsl.graph.graph import Graph
from perfdsl.graph.narrowed import Held, Narrowed
from perfdsl.graph.narrowing import narrowed
from perfdsl.graph.ops import ACROSS, Aggregate, Column, Fetch, NodeId, Rank, Reduce, Stack, Streak
from perfdsl.graph.ranges import LIMITS, Limits
from perfdsl.graph.types import Grain
from perfdsl.text.citation import Citation
from perfdsl.text.records import dataclass
from perfdsl.text.refusal import Refusal


class Parts(Protocol):
    """The rows of the large grain, wherever they lie."""

    @property
    def rows(self) -> int:
        """How many there are."""

    def known(self, columns: Mapping[str, NodeId], graph: Graph) -> dict[str, Held]:
        """What can be told of each of ``columns`` by looking through it once."""

    def gathered(self, job: Job) -> tuple[dict[NodeId, list[Facts]], list[FaultCount]]:
        """The facts of every part, and the faults that were met."""


class Unable(Refusal):
    """A rulebook that cannot be computed in parts. ``why`` names what ``where`` asks for."""

    def __init__(self, where: Citation, why: str) -> None:
        super().__init__(f"{f'{where}：' if str(where) else ''}要{why}，单位分在各处时算不了。请用 --engine columnar")
        self.why = why


@dataclass(frozen=True, eq=False)
class Planned:
    """What is left to do: ``job`` gives ``results`` row by row. ``small``: what was computed here; ``faults``: so far.

    ``place``: wanted node → the node of the narrowed graph.
    """

    graph: Graph
    made: Narrowed
    job: Job
    place: Mapping[NodeId, NodeId]
    small: Frame
    faults: tuple[FaultCount, ...]
    small_faults: tuple[Fault, ...]


def prepared(
    graph: Graph,
    small: Dataset,
    parts: Parts,
    grain: Grain,
    wanted: frozenset[NodeId] | None = None,
    limits: Limits = LIMITS,
) -> Planned:
    """Everything up to the last pass through the rows of ``grain``.

    Raises:
        Mismatch: the data lack a column, or have it as another kind.
        Unable: an operation cannot be computed in parts.
    """
    wanted = frozenset(graph.outputs.values()) if wanted is None else wanted
    live = graph.needed(wanted)
    rows = graph.rows({**{name: table.rows for name, table in small.items()}, grain: parts.rows})
    known = _known(graph, small, parts, grain, live)
    # without guards: what one part finds out about its divisors would come too late for the others
    made = narrowed(graph, live, known, rows, limits, doubted=frozenset(range(len(graph.nodes))))
    asked = frozenset(made.place[node] for node in wanted)
    work = _Work(graph, made, small, parts, grain, rows, asked)
    for level in range(max(work.level.values(), default=0) + 1):
        work.compute(level)
    job = work.job([node for node in sorted(asked) if work.large(node)])
    place = {node: made.place[node] for node in wanted}
    return Planned(graph, made, job, place, work.frame, tuple(merged_faults([work.faults])), tuple(work.frame.faults))


def _known(graph: Graph, small: Dataset, parts: Parts, grain: Grain, live: Sequence[NodeId]) -> dict[ColumnKey, Held]:
    columns: dict[str, NodeId] = {}
    elsewhere = []
    for node in live:
        op = graph.nodes[node].op
        if isinstance(op, Column) and op.grain == grain:
            columns[op.name] = node
        else:
            elsewhere.append(node)
    found: dict[ColumnKey, Held] = known_columns(columns_of(graph, elsewhere), small)
    return found | {(grain, name): known for name, known in parts.known(columns, graph).items()}


class _Work:
    """``level`` of a node: how often all rows must have been gone through before it can be computed."""

    def __init__(
        self,
        graph: Graph,
        made: Narrowed,
        small: Dataset,
        parts: Parts,
        grain: Grain,
        rows: Mapping[Grain, int],
        asked: frozenset[NodeId],
    ) -> None:
        self.graph, self.made, self.parts, self.grain = graph, made, parts, grain
        self.frame = Frame(made.graph, small, rows, Vocabulary(), made.plan)
        self.live = made.graph.needed(asked)
        self.facts: dict[NodeId, Facts] = {}
        self.faults: list[FaultCount] = []
        self.level: dict[NodeId, int] = {}
        for node in self.live:
            self._able(node)
            reads = made.graph.nodes[node].reads
            self.level[node] = max((self.level[read] + self.gathers(read) for read in reads), default=0)

    def large(self, node: NodeId) -> bool:
        """Whether ``node`` has a value for each row of the large grain."""
        return self.frame.type(node).grain == self.grain

    def origin(self, node: NodeId) -> Citation:
        """Where the rules ask for ``node``; what no clause asks for itself is asked for by what reads it."""
        asking = [node]
        for each in asking:
            if str(found := self.graph.nodes[self.made.source[each]].origin):
                return found
            readers = (reader for reader in self.live if each in self.made.graph.nodes[reader].reads)
            asking += [reader for reader in readers if reader not in asking]
        return Citation(name="总分")

    def gathers(self, node: NodeId) -> bool:
        """Whether ``node`` looks across rows of the large grain."""
        op = self.made.graph.nodes[node].op
        return isinstance(op, (Aggregate, Fetch, Rank)) and source_grain(self.frame, op) == self.grain

    def compute(self, level: int) -> None:
        """All nodes of ``level`` but those that lie in parts."""
        nodes = self.made.graph.nodes
        here = [node for node in self.live if self.level[node] == level]
        gathers = [node for node in here if self.gathers(node)]
        for node in here:
            if not self.large(node) and node not in gathers:
                blocks.across(self.frame, ((instruction(self.made, node),),))
        if not gathers:
            return
        reads = {read for node in gathers for read in nodes[node].reads if self.large(read)}
        found, faults = self.parts.gathered(self.job(sorted(reads), gathers))
        self.faults += [one for one in faults if one.node not in {known.node for known in self.faults}]
        for node in gathers:
            op = nodes[node].op
            assert isinstance(op, (Aggregate, Fetch, Rank))
            try:
                facts = merged(node, op, found[node])
            except TooMany as many:
                raise Unable(self.origin(node), f"把 {many.count} 组数放在一起") from many
            if self.large(node):
                self.facts[node] = facts
            else:
                self.frame.vectors[node] = answered(self.frame, node, op, facts).integral

    def job(self, asked: Sequence[NodeId], gathers: Sequence[NodeId] = ()) -> Job:
        """What is done with each part to know ``asked``, and then to give the facts of ``gathers``."""
        live = needed(self.made, self.grain, asked)
        nodes = self.made.graph.nodes
        given = {read for node in gathers for read in nodes[node].reads if not self.large(read)}
        given |= handed(self.made, self.grain, live, self.facts)
        return Job(
            made=self.made,
            grain=self.grain,
            rows={grain: count for grain, count in self.frame.rows.items() if grain != self.grain},
            segments=segments(self.made, live, asked),
            asked=tuple(asked),
            given={node: carried(self.frame, node) for node in sorted(given)},
            facts={node: self.facts[node] for node in live if node in self.facts},
            gathers={node: self._asked(node) for node in gathers},
        )

    def _asked(self, node: NodeId) -> Mapping[Key, int] | None:
        op = self.made.graph.nodes[node].op
        if isinstance(op, Rank) or self.large(node) or any(self.large(at) for at in getattr(op, "at", ())):
            return None
        assert isinstance(op, (Aggregate, Fetch))
        rows = self.frame.rows[op.to if isinstance(op, Aggregate) else self.frame.type(node).grain]
        return dict.fromkeys(asked_keys(self.frame, op, rows), 0)

    def _able(self, node: NodeId) -> None:
        """Raise what cannot be done in parts."""
        op = self.made.graph.nodes[node].op
        if not isinstance(op, ACROSS):
            return
        reads = self.made.graph.nodes[node].reads
        if isinstance(op, (Stack, Streak)):
            if any(self.large(read) for read in reads):
                raise Unable(self.origin(node), "连续计数" if isinstance(op, Streak) else "几张表首尾相接")
            return
        if not self.gathers(node):
            return
        counts = isinstance(op, Aggregate) and op.fn is Reduce.COUNT  # how many, not how much
        if not counts and any(self.made.graph.nodes[read].type.real for read in reads):
            raise Unable(self.origin(node), "对开方或对数的结果求和、比大小")


__all__ = ["Parts", "Planned", "Unable", "prepared"]
