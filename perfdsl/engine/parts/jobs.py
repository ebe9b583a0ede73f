"""What is done with one part of the rows: row passes with facts that are known, then facts of its own, or results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from perfdsl.data.columns import DataTable
from perfdsl.engine import blocks
from perfdsl.engine.admission import admitted
from perfdsl.engine.compiling import instruction, row_pass
from perfdsl.engine.frame import Frame, Wrong
from perfdsl.engine.parts.facts import Facts, Key, Vocabulary, answered, facts_of
from perfdsl.engine.program import Instruction, Pass
from perfdsl.engine.values import Vector
from perfdsl.graph.narrowed import Narrowed
from perfdsl.graph.ops import ACROSS, Aggregate, Column, Fetch, NodeId, Rank
from perfdsl.graph.types import Grain
from perfdsl.model.units import ValueType
from perfdsl.text.records import dataclass, replace


@dataclass(frozen=True, eq=False)
class Carried:
    """A vector as it travels: texts by ``words`` of its own."""

    vector: Vector
    words: tuple[str, ...] = ()

    def opened(self, words: Vocabulary) -> Vector:
        """The vector, with its texts numbered by ``words``."""
        if self.vector.kind is not ValueType.TEXT:
            return self.vector
        place = words.places(self.words)
        values = place[self.vector.values] if len(place) else self.vector.values
        return replace(self.vector, values=values)


def carried(frame: Frame, node: NodeId) -> Carried:
    """The vector of ``node``, to be sent."""
    vector = frame.vectors[node].integral
    if vector.kind is not ValueType.TEXT:
        return Carried(vector)
    assert isinstance(frame.words, Vocabulary)
    met, codes = np.unique(vector.values, return_inverse=True)
    words = tuple(map(frame.words.text, met.tolist()))
    return Carried(replace(vector, values=codes), words)


@dataclass(frozen=True, slots=True)
class Segment:
    """Row by row first, then ``across``: what is handed to rows from elsewhere, and columns that are read whole."""

    rows: Pass | None
    across: tuple[Instruction, ...]


@dataclass(frozen=True, eq=False)
class Job:
    """``segments`` compute ``asked`` on rows of ``grain``; ``rows`` counts those of the small grains.

    ``given`` are known vectors of small grains, ``facts`` known facts over all rows of ``grain``. ``gathers``: nodes
    whose facts are wanted, each with the keys that are asked for (None: all).
    """

    made: Narrowed
    grain: Grain
    rows: Mapping[Grain, int]
    segments: tuple[Segment, ...]
    asked: tuple[NodeId, ...]
    given: Mapping[NodeId, Carried]
    facts: Mapping[NodeId, Facts]
    gathers: Mapping[NodeId, Mapping[Key, int] | None]

    @property
    def columns(self) -> frozenset[str]:
        """Columns of ``grain`` that it reads."""
        nodes = self.made.graph.nodes
        return frozenset(
            op.name for node in self.needed if isinstance(op := nodes[node].op, Column) and op.grain == self.grain
        )

    @property
    def needed(self) -> frozenset[NodeId]:
        """The nodes of ``grain`` that are computed."""
        return frozenset(needed(self.made, self.grain, self.asked))

    def run(self, table: DataTable) -> Frame:
        """Compute on the rows of ``table``.

        Raises:
            NotAdmitted: this machine does not divide as it must.
        """
        admitted()
        words = Vocabulary()
        vectors = {node: one.opened(words) for node, one in self.given.items()}
        rows = {**self.rows, self.grain: table.rows}
        frame = Frame(self.made.graph, {self.grain: table}, rows, words, self.made.plan, vectors)
        for segment in self.segments:
            if segment.rows is not None:
                blocks.by_block(frame, self.grain, segment.rows)
            for line in segment.across:
                if (known := self.facts.get(line.node)) is not None:
                    assert isinstance(line.op, (Aggregate, Fetch, Rank))
                    frame.vectors[line.node] = answered(frame, line.node, line.op, known)
                else:
                    blocks.across(frame, ((line,),))
        return frame

    def gathered(self, table: DataTable) -> tuple[dict[NodeId, Facts], Frame]:
        """The facts that the rows of ``table`` give."""
        frame = self.run(table)
        found: dict[NodeId, Facts] = {}
        for node, asked in self.gathers.items():
            op = self.made.graph.nodes[node].op
            assert isinstance(op, (Aggregate, Fetch, Rank))
            found[node] = facts_of(frame, node, op, asked)
        return found, frame


def needed(made: Narrowed, grain: Grain, asked: Iterable[NodeId]) -> list[NodeId]:
    """The nodes of ``grain`` that ``asked`` depend on, in order; facts that are handed out are not traced back."""
    nodes, seen, left = made.graph.nodes, set[NodeId](), list(asked)
    while left:
        node = left.pop()
        if node in seen or nodes[node].type.grain != grain:
            continue
        seen.add(node)
        op = nodes[node].op
        if isinstance(op, (Aggregate, Fetch)):
            # an operation over a small grain is handed out too: only who asks is of this grain
            left += op.at
        else:
            left += nodes[node].reads
    return sorted(seen)


def segments(made: Narrowed, live: Sequence[NodeId], asked: Iterable[NodeId]) -> tuple[Segment, ...]:
    """``live`` nodes of one grain, what is read row by row apart from what is handed out."""
    nodes, at = made.graph.nodes, dict[NodeId, int]()
    asked = frozenset(asked)
    looks = {node for node in live if isinstance(nodes[node].op, ACROSS)}
    sources = {node for node in live if isinstance(nodes[node].op, Column)}
    for node in live:
        mine = [read for read in nodes[node].reads if read in at]
        at[node] = max((at[read] + (read in looks and node not in looks) for read in mine), default=0)
    whole = set(asked)
    for node in live:
        for read in nodes[node].reads:
            if read in at and (node in looks or (read not in sources and at[read] != at[node])):
                whole.add(read)
    found = []
    for place in range(max(at.values(), default=0) + 1):
        group = [node for node in live if at[node] == place and node not in looks and node not in sources]
        across = [node for node in live if at[node] == place and node in looks]
        columns = [node for node in sources & whole if place == 0]
        across = [*columns, *across]
        todo = row_pass(made, group, sources, whole) if group else None
        found.append(Segment(todo, tuple(instruction(made, node) for node in across)))
    return tuple(found)


def handed(made: Narrowed, grain: Grain, live: Iterable[NodeId], facts: Mapping[NodeId, Facts]) -> frozenset[NodeId]:
    """The nodes of other grains that ``live`` nodes of ``grain`` read."""
    nodes, found = made.graph.nodes, set[NodeId]()
    for node in live:
        op = nodes[node].op
        reads = op.at if node in facts and isinstance(op, (Aggregate, Fetch)) else nodes[node].reads
        found.update(read for read in reads if nodes[read].type.grain != grain)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class FaultCount:
    """``count`` rows where ``node`` has no result, and what the first of them are called."""

    node: NodeId
    what: Wrong
    count: int
    names: tuple[str, ...]


MOST_NAMES = 20


def faults_of(frame: Frame, grain: Grain, names: Sequence[str]) -> list[FaultCount]:
    """The faults that were met on rows of ``grain``, which are called ``names``."""
    return [
        FaultCount(
            one.node, one.what, len(one.rows), tuple(names[row] for row in one.rows[:MOST_NAMES]) if names else ()
        )
        for one in frame.faults
        if one.grain == grain and one.rows
    ]


def merged_faults(parts: Iterable[Sequence[FaultCount]]) -> list[FaultCount]:
    """The faults of all parts."""
    found: dict[tuple[NodeId, Wrong], FaultCount] = {}
    for one in (fault for part in parts for fault in part):
        had = found.get((one.node, one.what))
        names = (*(had.names if had else ()), *one.names)
        found[one.node, one.what] = replace(one, count=one.count + (had.count if had else 0), names=names[:MOST_NAMES])
    return list(found.values())
