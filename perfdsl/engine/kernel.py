"""Straight-line code for rows that all have their values, in doubles that hold every integer exactly.

Where the planner has shown that a node has a value in every row and that no integer on the way reaches 2^52, its
operation is a handful of numpy calls on registers: buffers of one block that stay in the processor's cache and are
used again and again. There are no states to carry and nothing to allocate. Here is what such code consists of and how
it runs; :mod:`perfdsl.engine.codegen` writes it. All other nodes are computed by the functions of
:mod:`perfdsl.engine.rowwise`, which mean the same; tests hold the two against each other.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from perfdsl.data.arrays import Array, Bools, States
from perfdsl.engine.frame import Frame, data_column
from perfdsl.engine.values import Vector, calm, calmed
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Column, NodeId
from perfdsl.graph.ranges import Form, Plan
from perfdsl.graph.types import ONLY_VALUES, Grain
from perfdsl.model.units import ValueType
from perfdsl.text.records import dataclass

FLOAT, BOOL, CODE, VIEW = "f8", "?", "i8", ""
"""What a register holds: whole numbers as doubles, truths, the int64 codes of dates and grades; or it only looks at
truths or codes that lie elsewhere."""

WHOLE = 2.0**53
"""Whole numbers below it are doubles."""


@dataclass(frozen=True, slots=True)
class Call:
    """What :data:`CALLS` has under the name ``f``, of registers ``ins`` into register ``out``."""

    f: str
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
    constants: Mapping[int, float | bool]
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
            registers[place] = np.array(constant, dtype=code.kinds[place])
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
        return CALLS[line.f], tuple(registers[each] for each in (*line.ins, line.out)), line
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
            case Call(name, ins, out):
                CALLS[name](*(registers[each] for each in ins), registers[out])


def local(code: Code, frame: Frame, rows: int) -> None:
    """``code`` on the ``rows`` of ``frame``; results go to its vectors, numbers in doubles."""
    homes = [home(frame.graph, frame.plan, node, here=True) for node in code.stores]
    rooms = {each.node: each.room(rows) for each in homes}
    execute(code, frame, rows, rooms)
    frame.vectors.update({each.node: each.vector(rooms[each.node], rows) for each in homes})


@dataclass(frozen=True, eq=False, slots=True)
class Home:
    """How the values of ``node`` are held: numerators (or codes) as numpy's ``dtype``, over ``under`` or, if that is None,
    each over a denominator of its own, as ``fraction``. ``calm``: every row has a value."""

    node: NodeId
    grain: Grain
    kind: ValueType
    dtype: str
    under: int | None
    fraction: str
    calm: bool

    def room(self, rows: int) -> Room:
        """Room for ``rows``."""
        return Room(np.empty(rows, self.dtype), np.empty(rows, self.fraction) if self.under is None else None)

    def vector(self, room: Room, rows: int, states: States | None = None) -> Vector:
        """What was written in ``room``; all rows have a value if there are no ``states``."""
        under = room.under if self.under is None else self.under
        assert under is not None
        return Vector(self.grain, self.kind, calm(rows) if states is None else calmed(states), room.values, under)


def rooms(homes: Iterable[Home], rows: int) -> dict[NodeId, Room]:
    """Room for ``rows`` of each of ``homes``.

    Arrays of a few pages are cut from one that the system can give in large pages: memory that is handed out page by page
    takes as long as what is written there. They go together, so large ones, of which each counts, have memory of their own.
    """
    if not PAGE <= rows * WIDEST <= MOST_SHARED:
        return {each.node: each.room(rows) for each in homes}
    homes = list(homes)
    asked = [dtype for each in homes for dtype in (each.dtype, *([each.fraction] if each.under is None else []))]
    sizes = [rows * np.dtype(dtype).itemsize for dtype in asked]
    begins = [0, *accumulate(-(-size // LINE) * LINE for size in sizes)]
    memory = np.empty(begins[-1], dtype=np.uint8)
    cut = (
        memory[begin : begin + size].view(dtype) if dtype != _FRACTIONS else np.empty(rows, dtype)
        for dtype, begin, size in zip(asked, begins, sizes, strict=False)
    )
    return {each.node: Room(next(cut), next(cut) if each.under is None else None) for each in homes}


PAGE, MOST_SHARED = 1 << 12, 1 << 18
"""Bytes of an array that shares its memory with others: no less than the first, no more than the second."""
LINE, WIDEST = 64, 8
"""Bytes of a line of the processor's cache, and of the widest number."""


_DOUBLE, _NARROW, _WIDE, _TRUTH, _FRACTIONS = "f8", "i4", "i8", "?", "O"


def home(graph: Graph, plan: Plan, node: NodeId, here: bool = False) -> Home:
    """For numbers that stay ``here`` in their block, in doubles, as code has them."""
    type_ = graph.nodes[node].type
    calm = type_.states == ONLY_VALUES
    if type_.value is not ValueType.NUMBER:
        codes = _TRUTH if type_.value is ValueType.BOOL else _WIDE
        return Home(node, type_.grain, type_.value, codes, 1, _WIDE, calm)
    range_ = plan.range(node)
    under = None if range_.form is Form.FRACTION else range_.under if range_.form is Form.FIXED else 1
    if here:
        return Home(node, type_.grain, type_.value, _DOUBLE, under, _DOUBLE, calm)
    small = range_.form is Form.FIXED and range_.over < 1 << 31
    dtype = _FRACTIONS if range_.form is Form.EXACT else _NARROW if small else _WIDE
    return Home(node, type_.grain, type_.value, dtype, under, _WIDE, calm)


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


CALLS: Mapping[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (
        np.absolute,
        np.add,
        np.ceil,
        np.copysign,
        np.equal,
        np.floor,
        np.greater,
        np.greater_equal,
        np.less,
        np.less_equal,
        np.logical_and,
        np.logical_not,
        np.logical_or,
        np.multiply,
        np.negative,
        np.rint,
        np.subtract,
        np.true_divide,
        np.trunc,
        put,
        least_of,
        greatest_of,
        common_multiple,
    )
}
"""All that code may call. Code names it, so that a program is plain data, which can be kept."""
