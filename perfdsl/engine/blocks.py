"""Going through the rows of a grain, block by block, on every processor.

A block is small enough for its columns to stay in the cache, and large enough for the interpreter, which only one
thread at a time can have, to be idle most of the time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache, lru_cache, partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from perfdsl.data.arrays import States
from perfdsl.engine import kernel, late
from perfdsl.engine.frame import Fault, Frame, Wrong
from perfdsl.engine.kernel import Code, Home, Room
from perfdsl.engine.late import Late
from perfdsl.engine.program import Instruction, Pass
from perfdsl.engine.rowwise import settled
from perfdsl.engine.values import Vector
from perfdsl.graph.ops import NodeId
from perfdsl.graph.types import Grain
from perfdsl.text.numbers import Unsettled
from perfdsl.text.records import replace

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

WORTH = 1 << 13
"""Rows that are worth a thread: with fewer, threads wait for the interpreter more than they compute."""


def across(frame: Frame, waves: Iterable[tuple[Instruction, ...]]) -> None:
    """Compute what reads whole columns, the lines of a wave at the same time."""
    for wave in waves:
        rows = max((frame.rows[frame.type(each.node).grain] for each in wave), default=0)
        large = len(_spans(rows, frame.plan.limits.block)) > 1
        for _ in _pool().map(partial(_look, frame), wave) if large else map(partial(_look, frame), wave):
            pass


def _look(frame: Frame, line: Instruction) -> None:
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
        if vector.at is not None and not line.shared:
            vector = vector.of_rows()
        frame.vectors[node] = frame.finished(node, vector)
        if line.guards is not None and not np.all(frame.vectors[line.guards].values > 0):
            frame.broken.add(node)
        for each in line.drops:
            del frame.vectors[each]


def by_block(frame: Frame, grain: Grain, todo: Pass) -> None:
    """Compute ``todo`` on the rows of ``grain``; what is kept goes to ``frame``."""
    rows = frame.rows[grain]
    whole = {node: _Whole(todo.kept[node], rows, room) for node, room in kernel.rooms(todo.kept.values(), rows).items()}
    spans = _spans(rows, frame.plan.limits.block)
    work = partial(_one, frame, grain, todo, whole)
    found = [work(spans[0])] if len(spans) == 1 else list(_pool().map(work, spans))
    frame.vectors.update({node: each.vector() for node, each in whole.items()})
    lines = [line.node for part in todo.parts if isinstance(part, tuple) for line in part]
    frame.faults += _merged(lines, [fault for here in found for fault in here.faults])
    for node in dict.fromkeys(node for here in found for node in here.decided):
        frame.decided[node] = np.concatenate([here.decided[node] for here in found])


@lru_cache(maxsize=64)
def _spans(rows: int, block: int) -> tuple[slice, ...]:
    """Blocks of nearly the same size, none larger than ``block``; as many for each processor, if that pays."""
    count, most = -(-rows // block), _workers()
    count = -(-count // most) * most if count > 1 else max(min(rows // WORTH, most), 1)
    ends = [rows * place // count for place in range(count + 1)]
    return tuple(slice(low, high) for low, high in pairwise(ends))


def _one(frame: Frame, grain: Grain, todo: Pass, whole: dict[NodeId, _Whole], span: slice) -> Frame:
    """One block; rows of its faults are counted from the first of all."""
    rows = span.stop - span.start
    given = [(node, frame.vectors[node]) for node in todo.given]
    here = replace(
        frame,
        rows={**frame.rows, grain: rows},
        vectors={node: each.of_rows(span) if each.grain == grain else each for node, each in given},
        faults=[],
        decided={},
        span=span,
    )
    for part in todo.parts:
        if isinstance(part, Code):
            rooms = {
                node: whole[node].room(span) if node in whole else todo.crossing[node].room(rows)
                for node in part.stores
            }
            kernel.execute(part, here, rows, rooms)
            for node in part.stores:
                if node in todo.crossing:
                    here.vectors[node] = todo.crossing[node].vector(rooms[node], rows)
        elif isinstance(part, Late):
            late.execute(part, here, rows, through)
            if part.node in whole:
                whole[part.node].put(span, here.vectors[part.node])
        else:
            through(here, part)
            for node in whole.keys() & {line.node for line in part}:
                whole[node].put(span, here.vectors[node])
    return replace(here, faults=[replace(one, rows=tuple(row + span.start for row in one.rows)) for one in here.faults])


def _merged(nodes: Iterable[NodeId], faults: Iterable[Fault]) -> list[Fault]:
    """The faults of all blocks, one for each node and what is wrong with it, in the order of the nodes."""
    parts: dict[NodeId, dict[Wrong, list[Fault]]] = {node: {} for node in nodes}
    for one in faults:
        parts[one.node].setdefault(one.what, []).append(one)
    return [
        replace(same[0], rows=tuple(row for one in same for row in one.rows))
        for by_kind in parts.values()
        for same in by_kind.values()
    ]


class _Whole:
    """Room for a node in all rows; threads write their blocks into it, each its own."""

    def __init__(self, home: Home, rows: int, room: Room) -> None:
        self.home, self.rows, self.all = home, rows, room
        self.states: States | None = None if home.calm else np.empty(rows, dtype=np.uint8)

    def room(self, span: slice) -> Room:
        """That of a block."""
        if span.stop - span.start == self.rows:
            return self.all
        return Room(self.all.values[span], None if self.all.under is None else self.all.under[span])

    def put(self, span: slice, vector: Vector) -> None:
        """Write a block."""
        room = self.room(span)
        room.values[...] = vector.values
        if self.states is not None:
            self.states[span] = vector.states
        if room.under is not None:
            room.under[...] = vector.under

    def vector(self) -> Vector:
        """All of it."""
        return self.home.vector(self.all, self.rows, self.states)


@cache
def _pool() -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor  # loads with what is large

    return ThreadPoolExecutor(max_workers=_workers())


@cache
def _workers() -> int:
    return min(os.cpu_count() or 1, 8)
