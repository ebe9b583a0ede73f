"""One builder for many rulebooks: what they share is one node, is lowered once, and is reached by the same way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import cast

import numpy as np

from perfdsl.compile.grains import column_types, key_of
from perfdsl.compile.lower import Lowering
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Aggregate, Column, Fetch, NodeId, Rank, Streak
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.standing import Standing
from perfdsl.model.table import Table
from perfdsl.workspace.limits import Limits, limiting
from perfdsl.workspace.review.auditing import Auditor
from perfdsl.workspace.review.pieces import NamedParts
from perfdsl.workspace.review.samples import Base, OfOne
from perfdsl.workspace.review.together import Layered

Reach = int
"""A set of nodes: bit n for node n. A rulebook has thousands of nodes, and two of them share nearly all."""
Crossing = Aggregate | Fetch | Rank | Streak


class Shelf:
    """Lowers rulebooks with one builder. ``below``, ``reads`` and ``reach`` tell of all the nodes that there are.

    ``first`` is the one with which the others share most; ``others`` have, together with it, every column. ``ruled`` keeps the
    units of 附表 by the ``id`` of these.
    """

    def __init__(self, first: Rulebook, *others: Rulebook) -> None:
        types = {key: type_ for book in (first, *others) for key, type_ in column_types(book).items()}
        self.first = first
        self.builder = Layered(types)
        self._lowered: dict[int, tuple[Rulebook, Mapping[str, NodeId]]] = {}
        self._before: Lowering | None = None
        self._limits: dict[int, tuple[Rulebook, Limits]] = {}
        self._limits_of: dict[tuple[int, ...], tuple[Rulebook, Limits]] = {}
        self._whole: dict[int, Reach] = {}
        self._limiting: dict[int, tuple[Item, bool]] = {}
        self.named_parts = NamedParts()
        self.columns_of_one: OfOne = {}
        self.ruled: dict[tuple[int, ...], tuple[Sequence[Table], Sequence[Base] | None]] = {}
        self._reads: list[bool] = []
        self._crossing: Reach = 0
        self._columns: Reach = 0
        self._reach: dict[NodeId, Reach] = {}

    def holds(self, book: Rulebook) -> bool:
        """Whether the columns of ``book`` are here, each of the kind that ``book`` says."""
        types = self.builder.columns
        keys = ((key_of(table, column.name), column.kind) for table in book.tables for column in table.columns)
        return all(key in types and types[key].value is kind for key, kind in keys)

    def outputs(self, book: Rulebook) -> Mapping[str, NodeId]:
        """The outputs of ``book``."""
        known = self._lowered.get(id(book))
        if known is None or known[0] is not book:
            if book is not self.first:
                self.outputs(self.first)
            self.builder.book += 1
            lowering = Lowering(book, self.builder)
            try:
                if self._before is not None:
                    lowering.take(self._before, self.standing.same(book))
                lowering.name()
                mine = self.builder.mine
            finally:  # where it fails, what it has named so far is nobody's
                self.builder.forget()
            self._before = self._before or lowering
            known = self._lowered[id(book)] = book, mine
            for node in sorted({*known[1].values()} - self._reach.keys()):
                self._reach[node] = self._reached(node)
        return known[1]

    @cached_property
    def standing(self) -> Standing:
        """What the items of the first rulebook look at."""
        return Standing(self.first)

    @cached_property
    def auditor(self) -> Auditor:
        """Reads cases by hand."""
        return Auditor(self.standing, self.limits)

    def limits(self, book: Rulebook) -> Limits:
        """What the rules of ``book`` set limits to."""
        known = self._limits.get(id(book))
        if known is None or known[0] is not book:
            few = limiting(book, self._limiting)
            key = tuple(map(id, (*few.items, *few.tables)))
            if key not in self._limits_of:
                _, before = next(iter(self._limits_of.values()), (None, None))
                self._limits_of[key] = few, Limits(few, before)
            known = self._limits[id(book)] = book, self._limits_of[key][1]
        return known[1]

    def whole(self, book: Rulebook) -> Reach:
        """All that the outputs of ``book`` depend on."""
        outputs = self.outputs(book)
        if id(book) not in self._whole:
            self._whole[id(book)] = self.reach(outputs.values())
        return self._whole[id(book)]

    @property
    def graph(self) -> Graph:
        """Every node that there is."""
        return self.builder.graph()

    def below(self, node: NodeId) -> tuple[NodeId, ...]:
        """The operands of ``node``."""
        return self.builder.reads(node)

    def reads(self, node: NodeId) -> bool:
        """Whether ``node`` depends on data."""
        self._know(node)
        return self._reads[node]

    def crossing(self, among: Reach) -> Iterator[Crossing]:
        """The operations that look at other rows."""
        self._know(among.bit_length() - 1)
        return (cast(Crossing, self.builder.op(node)) for node in members(among & self._crossing))

    def columns(self, among: Reach) -> Iterator[tuple[NodeId, Column]]:
        """The columns, and where they are."""
        self._know(among.bit_length() - 1)
        return ((node, cast(Column, self.builder.op(node))) for node in members(among & self._columns))

    def _know(self, node: NodeId) -> None:
        while len(self._reads) <= node:
            one = len(self._reads)
            op = self.builder.op(one)
            self._reads.append(isinstance(op, Column) or any(self._reads[below] for below in self.builder.reads(one)))
            if isinstance(op, Column):
                self._columns |= 1 << one
            elif isinstance(op, (Aggregate, Fetch, Rank, Streak)):
                self._crossing |= 1 << one

    def reach(self, nodes: Iterable[NodeId]) -> Reach:
        """``nodes`` and all that they depend on; outputs are known, others are gone through."""
        found = 0
        for node in nodes:
            found |= self._reach[node] if node in self._reach else self._reached(node)
        return found

    def _reached(self, node: NodeId) -> Reach:
        below = self.builder.reads
        found, seen, todo = 1 << node, {node}, [*below(node)]
        while todo:
            one = todo.pop()
            if one in seen:
                continue
            seen.add(one)
            if (known := self._reach.get(one)) is not None:
                found |= known
            else:
                found |= 1 << one
                todo += below(one)
        return found


def members(reach: Reach) -> list[NodeId]:
    """The nodes of a set, in order."""
    bits = np.frombuffer(reach.to_bytes((reach.bit_length() + 7) // 8, "little"), dtype=np.uint8)
    found: list[NodeId] = np.flatnonzero(np.unpackbits(bits, bitorder="little")).tolist()
    return found
