"""Straight-line code for rows that all have their values, in doubles that hold every integer exactly.

Where the planner has shown that a node has a value in every row and that no integer on the way reaches 2^52, its
operation is a handful of numpy calls on registers: buffers of one block that stay in the processor's cache and are
used again and again. There are no states to carry and nothing to allocate. Here is what such code consists of and how
it runs; :mod:`perfdsl.engine.codegen` writes it. All other nodes are computed by the functions of
:mod:`perfdsl.engine.rowwise`, which mean the same; tests hold the two against each other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from perfdsl.engine.frame import Frame, data_column
from perfdsl.engine.values import Array, Bools, States, Vector, calm, calmed
from perfdsl.graph.ops import Column, NodeId
from perfdsl.graph.ranges import Form
from perfdsl.model.units import ValueType
from perfdsl.text.records import dataclass

FLOAT, BOOL, CODE, VIEW = "f8", "?", "i8", ""
"""What a register holds: whole numbers as doubles, truths, the int64 codes of dates and grades; or it only looks at
truths or codes that lie elsewhere."""

WHOLE = 2.0**53
"""Whole numbers below it are doubles."""


@dataclass(frozen=True, slots=True)
class Call:
    """``f`` of registers ``ins`` into register ``out``."""

    f: Callable[..., Any]
    ins: tuple[int, ...]
    out: int


@dataclass(frozen=True, slots=True)
class Load:
    """Operand ``node`` (its numerators, or its denominators) into a register; codes and truths are only looked at."""

    node: NodeId
    under: bool
    out: int
    column: Column | None


@dataclass(frozen=True, slots=True)
class Store:
    """A register to where ``node`` is kept."""

    node: NodeId
    under: bool
    of: int


@dataclass(frozen=True, slots=True)
class Guard:
    """A register that ought to be positive, for ``node``."""

    node: NodeId
    of: int


Line = Call | Load | Store | Guard


@dataclass(frozen=True, eq=False, slots=True)
class Code:
    """``lines`` on ``kinds`` of registers, of which those in ``constants`` are filled beforehand; ``stores`` are kept."""

    lines: tuple[Line, ...]
    kinds: tuple[str, ...]
    constants: Mapping[int, Array]
    stores: tuple[NodeId, ...]


class Room(NamedTuple):
    """Where the numerators (or codes) and the denominators of a node are written, for the rows of a block."""

    values: Array
    under: Array | None


_Ready = tuple[Callable[..., Any] | None, tuple[Array, ...], Line]
"""A line; first the function and its arguments, where they are known beforehand."""


class _Bound(NamedTuple):
    """A code for blocks of ``rows``, with the buffers that its lines work on."""

    code: Code
    rows: int
    registers: Sequence[Array]
    lines: Sequence[_Ready]


REMEMBERED = 8
"""Codes that stand ready for blocks of a size, in each thread."""


class _Registers(threading.local):
    """The buffers of one thread, longer than any block so far, used by one code after another."""

    def __init__(self) -> None:
        self.rows = 0
        self.buffers: dict[str, list[Array]] = {}
        self.known: list[_Bound] = []

    def bound(self, code: Code, rows: int) -> _Bound:
        """``code``, ready for a block of ``rows``."""
        for at, each in enumerate(self.known):
            if each.code is code and each.rows == rows:
                self.known.append(self.known.pop(at))
                return each
        registers = self.some(code.kinds, rows)
        for place, constant in code.constants.items():
            registers[place] = constant
        found = _Bound(code, rows, registers, [_bound(line, code, registers) for line in code.lines])
        self.known = [*self.known[1 - REMEMBERED :], found]
        return found

    def some(self, kinds: Sequence[str], rows: int) -> list[Array]:
        """A buffer of ``rows`` for each of ``kinds``."""
        if rows > self.rows:
            self.rows, self.buffers, self.known = rows, {}, []
        taken = dict.fromkeys(kinds, 0)
        found = []
        for kind in kinds:
            held = self.buffers.setdefault(kind, [])
            if len(held) == taken[kind]:
                held.append(np.empty(self.rows if kind != VIEW else 0, dtype=kind or FLOAT))
            found.append(held[taken[kind]][:rows])
            taken[kind] += 1
        return found


def _bound(line: Line, code: Code, registers: Sequence[Array]) -> _Ready:
    if isinstance(line, Call) and all(code.kinds[each] != VIEW for each in line.ins):
        return line.f, tuple(registers[each] for each in (*line.ins, line.out)), line
    return None, (), line


_REGISTERS = _Registers()


def execute(code: Code, frame: Frame, rows: int, rooms: Mapping[NodeId, Room]) -> None:
    """``code`` on the ``rows`` of the block that ``frame`` holds; results go to ``rooms``."""
    _, _, buffers, lines = _REGISTERS.bound(code, rows)
    registers = [*buffers]
    for f, arguments, line in lines:
        if f is not None:
            f(*arguments)
            continue
        match line:
            case Load(node, under, out, column):
                found = _operand(frame, node, under, column)
                if code.kinds[out] == VIEW:
                    registers[out] = found
                else:
                    np.copyto(registers[out], found)
            case Guard(node, of):
                if rows and not registers[of].min() > 0:
                    # the run is made again; till its end nothing is divided by 0
                    np.maximum(registers[of], 1, out=registers[of])
                    frame.broken.add(node)
            case Store(node, under, of):
                room = rooms[node].under if under else rooms[node].values
                assert room is not None
                np.copyto(room, registers[of], casting="unsafe")
            case Call(g, ins, out):
                g(*(registers[each] for each in ins), registers[out])


def local(code: Code, frame: Frame, rows: int) -> None:
    """``code`` on the ``rows`` of ``frame``; results go to its vectors, numbers in doubles."""
    rooms = {node: room(frame, node, rows, here=True) for node in code.stores}
    execute(code, frame, rows, rooms)
    frame.vectors.update({node: vector(frame, node, rooms[node], rows) for node in code.stores})


def room(frame: Frame, node: NodeId, rows: int, here: bool = False) -> Room:
    """For numbers that stay ``here`` in their block, in doubles, as code has them."""
    kind = frame.type(node).value
    if here and kind is ValueType.NUMBER:
        fraction = frame.range(node).form is Form.FRACTION
        return Room(np.empty(rows), np.empty(rows) if fraction else None)
    form = frame.range(node).form if kind is ValueType.NUMBER else None
    dtype: type = object if form is Form.EXACT else np.bool_ if kind is ValueType.BOOL else np.int64
    if form is Form.FIXED and frame.range(node).over < 1 << 31:
        dtype = np.int32
    return Room(np.empty(rows, dtype=dtype), np.empty(rows, dtype=np.int64) if form is Form.FRACTION else None)


def vector(frame: Frame, node: NodeId, room: Room, rows: int, states: States | None = None) -> Vector:
    """What was written in ``room``; all rows have a value if there are no ``states``."""
    type_ = frame.type(node)
    fixed = type_.value is ValueType.NUMBER and frame.range(node).form is Form.FIXED
    under = room.under if room.under is not None else frame.range(node).under if fixed else 1
    return Vector(type_.grain, type_.value, calm(rows) if states is None else calmed(states), room.values, under)


def _operand(frame: Frame, node: NodeId, under: bool, column: Column | None) -> Array:
    if column is not None:
        return data_column(frame.data, column).values[frame.span]
    vector = frame.vectors[node]
    if not under:
        return vector.values
    assert not isinstance(vector.under, int)
    return vector.under


# ---- what registers go through ----------------------------------------------------------------------------------


def put(where: Bools, new: Array, old: Array, out: Array) -> None:
    """``new`` where the truth ``where`` holds, else ``old``; any of them may be ``out`` itself."""
    if out is where:
        np.copyto(out, np.where(where, new, old))
    elif out is new:
        np.copyto(out, old, where=~where)
    else:
        if out is not old:
            np.copyto(out, old)
        np.copyto(out, new, where=where)


def least_of(a: Array, b: Array, out: Array) -> None:
    """The least of two, row by row."""
    np.minimum(a, b, out=out)


def greatest_of(a: Array, b: Array, out: Array) -> None:
    """The greatest of two, row by row."""
    np.maximum(a, b, out=out)


def common_multiple(a: Array, b: Array, out: Array) -> None:
    """The least that both divide, row by row, of whole doubles from 1 to 2^62; or :data:`WHOLE` if that is less."""
    shared = np.gcd(a.astype(np.int64), b.astype(np.int64))
    np.multiply(a, b / shared, out=out)
    np.minimum(out, WHOLE, out=out)
