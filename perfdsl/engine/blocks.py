"""Going through the rows of a grain, block by block, on every processor.

A block is small enough for its columns to stay in the cache, and large enough for the interpreter, which only one
thread at a time can have, to be idle most of the time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache, partial

import numpy as np

from perfdsl.engine.frame import Fault, Frame
from perfdsl.engine.program import Instruction, Pass
from perfdsl.engine.rowwise import settled
from perfdsl.engine.values import Array, States, Vector, calm, calmed, is_calm
from perfdsl.graph.ops import NodeId, Settle
from perfdsl.graph.ranges import Form
from perfdsl.graph.types import ONLY_VALUES, Grain
from perfdsl.model.units import ValueType
from perfdsl.text.numbers import Unsettled

BLOCK = 1 << 16
"""Rows of a block."""


def across(frame: Frame, lines: Iterable[Instruction]) -> None:
    """Compute ``lines`` that read whole columns."""
    for line in lines:
        through(frame, (line,))
        frame.vectors[line.node] = frame.vectors[line.node].integral


def through(frame: Frame, lines: Iterable[Instruction]) -> None:
    """Compute ``lines`` one after another on the rows of ``frame``."""
    for line in lines:
        node = line.node
        try:
            vector = line.work(frame, node, line.op)
        except Unsettled:
            vector = settled(frame, node, line.op, line.work)
        frame.vectors[node] = frame.finished(node, vector)
        for each in line.drops:
            del frame.vectors[each]


def by_block(frame: Frame, grain: Grain, todo: Pass, block: int = BLOCK) -> None:
    """Compute ``todo`` on the rows of ``grain``; what is kept goes to ``frame``."""
    rows = frame.rows[grain]
    if rows <= block:
        here = replace(frame, vectors={node: frame.vectors[node] for node in todo.given})
        through(here, todo.lines)
        frame.vectors.update({node: here.vectors[node].integral for node in todo.kept})
        return
    whole = {node: _Whole(frame, node, rows) for node in todo.kept}
    work = partial(_one, frame, grain, todo, whole)
    spans = [slice(low, min(low + block, rows)) for low in range(0, rows, block)]
    found = list(_pool().map(work, spans))
    frame.vectors.update({node: each.vector() for node, each in whole.items()})
    _merge(frame, grain, todo, [faults for faults, _ in found])
    for line in todo.lines:
        if isinstance(line.op, Settle):
            frame.decided[line.node] = np.concatenate([decided[line.node] for _, decided in found])


def _one(
    frame: Frame, grain: Grain, todo: Pass, whole: dict[NodeId, _Whole], span: slice
) -> tuple[list[Fault], dict[NodeId, Array]]:
    """One block; (its faults, rows counted from its first; what Settle decided)."""
    given = {node: _cut(frame.vectors[node], grain, span) for node in todo.given}
    rows = {**frame.rows, grain: span.stop - span.start}
    here = replace(frame, rows=rows, vectors=given, faults=[], decided={}, span=span)
    through(here, todo.lines)
    for node, each in whole.items():
        each.put(span, here.vectors[node])
    moved = [replace(one, rows=tuple(row + span.start for row in one.rows)) for one in here.faults]
    return moved, here.decided


def _cut(vector: Vector, grain: Grain, span: slice) -> Vector:
    if vector.grain != grain:
        return vector
    under = vector.under if isinstance(vector.under, int) else vector.under[span]
    return replace(vector, states=vector.states[span], values=vector.values[span], under=under)


def _merge(frame: Frame, grain: Grain, todo: Pass, faults: list[list[Fault]]) -> None:
    """The faults of all blocks, one for each node and what is wrong with it, in the order of the nodes."""
    rows: dict[tuple[NodeId, object], list[Fault]] = {}
    for one in (fault for block in faults for fault in block):
        rows.setdefault((one.node, one.what), []).append(one)
    for line in todo.lines:
        for (node, _), parts in rows.items():
            if node == line.node:
                frame.faults.append(replace(parts[0], rows=tuple(row for part in parts for row in part.rows)))


class _Whole:
    """Room for a node in all rows; threads write their blocks into it, each its own."""

    def __init__(self, frame: Frame, node: NodeId, rows: int) -> None:
        self.type, self.rows = frame.type(node), rows
        kind = self.type.value
        form = frame.range(node).form if kind is ValueType.NUMBER else None
        dtype = object if form is Form.EXACT else np.bool_ if kind is ValueType.BOOL else np.int64
        self.values: Array = np.empty(rows, dtype=dtype)
        self.states: States | None = None if self.type.states == ONLY_VALUES else np.empty(rows, dtype=np.uint8)
        self.under: Array | int = np.empty(rows, dtype=np.int64) if form is Form.FRACTION else 1
        if form is Form.FIXED:
            self.under = frame.range(node).under

    def put(self, span: slice, vector: Vector) -> None:
        """Write a block."""
        self.values[span] = vector.values
        if self.states is not None:
            self.states[span] = vector.states
        if not isinstance(self.under, int):
            self.under[span] = vector.under
        else:
            assert vector.under == self.under
            assert self.states is not None or is_calm(vector.states)

    def vector(self) -> Vector:
        """All of it."""
        states = calm(self.rows) if self.states is None else calmed(self.states)
        return Vector(self.type.grain, self.type.value, states, self.values, self.under)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, 8))
