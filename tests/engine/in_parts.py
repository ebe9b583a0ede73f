"""Rows of the large grain cut into pieces of one process: what Spark does, without Spark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.data.columns import DataColumn, Dataset, DataTable
from perfdsl.engine.frame import Frame, known_columns
from perfdsl.engine.parts import carry
from perfdsl.engine.parts.driver import prepared
from perfdsl.engine.parts.facts import Facts, Vocabulary
from perfdsl.engine.parts.jobs import FaultCount, Job, faults_of
from perfdsl.engine.values import Cell
from perfdsl.graph.graph import Graph
from perfdsl.graph.narrowed import Held
from perfdsl.graph.ops import Column, NodeId
from perfdsl.graph.ranges import LIMITS, Limits
from perfdsl.model.units import ValueType


@dataclass(frozen=True, eq=False)
class Pieces:
    """``table`` cut into ``count`` pieces, their texts numbered each in its own way."""

    table: DataTable
    count: int

    @property
    def rows(self) -> int:
        return self.table.rows

    @cached_property
    def pieces(self) -> tuple[DataTable, ...]:
        edges = np.linspace(0, self.rows, self.count + 1).astype(int).tolist()
        return tuple(cut(self.table, slice(low, high)) for low, high in pairwise(edges))

    def known(self, columns: Mapping[str, NodeId], graph: Graph) -> dict[str, Held]:
        wanted = {Column(UNIT_GRAIN, name): graph.nodes[node].type.value for name, node in columns.items()}
        found = known_columns(wanted, {UNIT_GRAIN: self.table})
        return {name: known for (_, name), known in found.items()}

    def gathered(self, job: Job) -> tuple[dict[NodeId, list[Facts]], list[FaultCount]]:
        facts: dict[NodeId, list[Facts]] = {node: [] for node in job.gathers}
        faults: list[FaultCount] = []
        for piece in reversed(self.pieces):
            told, frame = job.gathered(piece)
            found, met = carry.heard(carry.said(told, faults_of(frame, job.grain, ())))
            for node, one in found.items():
                facts[node].append(one)
            faults += met
        return facts, faults


def cut(table: DataTable, span: slice) -> DataTable:
    """Some rows, with only the texts that occur in them."""
    columns = {name: _cut(column, span) for name, column in table.columns.items()}
    return DataTable(table.grain, len(range(*span.indices(table.rows))), columns)


def _cut(column: DataColumn, span: slice) -> DataColumn:
    values, words = column.values[span], column.words
    if column.kind is ValueType.TEXT:
        met, values = np.unique(values, return_inverse=True)
        words = tuple(words[place] if words else "" for place in met.tolist())
    return replace(column, values=values, states=column.states[span], words=words, addresses=())


def in_parts(
    graph: Graph, data: Dataset, count: int, wanted: frozenset[NodeId] | None = None, limits: Limits = LIMITS
) -> dict[NodeId, tuple[Cell, ...]]:
    """The cells of ``wanted``, computed in ``count`` parts."""
    small = {grain: table for grain, table in data.items() if grain != UNIT_GRAIN}
    parts = Pieces(data[UNIT_GRAIN], count)
    plan = prepared(graph, small, parts, UNIT_GRAIN, wanted, limits)
    frames = [plan.job.run(piece) for piece in parts.pieces]
    found: dict[NodeId, tuple[Cell, ...]] = {}
    for old, new in plan.place.items():
        if new in plan.job.asked:
            found[old] = tuple(cell for frame in frames for cell in cells(frame, new))
        else:
            wide = graph.nodes[old].type.grain == UNIT_GRAIN
            found[old] = cells(plan.small, new) * (parts.rows if wide else 1)
    return found


def cells(frame: Frame, node: NodeId) -> tuple[Cell, ...]:
    """The cells of one part."""
    assert isinstance(frame.words, Vocabulary)
    return frame.vectors[node].cells(frame.words.all)
