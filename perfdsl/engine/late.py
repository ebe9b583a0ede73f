"""Rounding that comes late: doubles with a known error, and fractions for the rows where they cannot decide (tier 2).

A sum of many quotients with other denominators in every row has no common denominator that fits an integer. In
doubles it is off by a bound that the bounds of its parts give beforehand. Where no number at which rounding turns lies
within that bound, the double says what the whole number is. The few other rows are mostly true ties, and what their
denominators have in common is small. A multiple of 1/q that lies nearer to such a number than 1/(2q) is that number: so
the denominators alone decide most of them. The next are brought over one denominator in integers, row by row, all rows
at once. Only rows whose integers grow too large are computed with fractions, by the same functions as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from perfdsl.data.arrays import Array, Bools, Ints
from perfdsl.engine import kernel
from perfdsl.engine.frame import Frame
from perfdsl.engine.kernel import Code
from perfdsl.engine.rowwise import vector_of
from perfdsl.engine.values import Number, Vector, calm, integral
from perfdsl.graph.ops import Apply, Choose, Fn, NodeId, Op, Round
from perfdsl.model.units import Mode
from perfdsl.text.records import dataclass, replace

if TYPE_CHECKING:
    from perfdsl.engine.program import Instruction

EPSILON = 2.0**-52
"""A correctly rounded operation is off by half of this, relatively; the other half pays for the bounds themselves."""
WIDEST = 2.0**61
"""No integer of the rows that are looked at again reaches this, by its size in doubles, which is right to a few parts
in 2^52; twice of it still fits int64."""


@dataclass(frozen=True, eq=False, slots=True)
class Late:
    """``node`` rounds what comes of the numbers ``inner``, which are never rounded themselves.

    ``about``: the code of the double that is rounded; ``error``: how far that, and its size plus a half, are off at most.
    For the rows where it cannot decide, ``under`` is the code of what the number that is rounded can be written over;
    ``given``, what ``sources`` read and what ``own`` computes are that of which inner numbers are made, and ``lines``
    compute all of these with fractions.
    """

    node: NodeId
    inner: tuple[NodeId, ...]
    about: Code
    error: float
    under: Code
    given: tuple[NodeId, ...]
    sources: tuple[Instruction, ...]
    own: Code
    lines: tuple[Instruction, ...]


def execute(late: Late, frame: Frame, rows: int, exactly: Callable[[Frame, Iterable[Instruction]], None]) -> None:
    """Put ``late.node`` among the vectors of ``frame``. ``exactly`` computes lines row by row."""
    op, about = frame.graph.nodes[late.node].op, kernel.Room(np.empty(rows), None)
    assert isinstance(op, Round)
    kernel.execute(late.about, frame, rows, {late.node: about})
    found, unsure = _whole(about.values, op.mode, late.error)
    at = np.flatnonzero(unsure)
    if len(at):
        under = kernel.Room(np.empty(len(at)), None)
        kernel.execute(late.under, _only(frame, late, at), len(at), {late.node: under})
        found[at], left = _turning(about.values[at], under.values, op, late.error)
        at = at[left]
    if len(at):
        found[at] = _integers(_only(frame, late, at), late, len(at), exactly)
    frame.vectors[late.node] = vector_of(frame, late.node, calm(rows), Number(found.astype(np.int64), 10**op.digits))


def _integers(few: Frame, late: Late, rows: int, exactly: Callable[[Frame, Iterable[Instruction]], None]) -> Array:
    """Last digits in the ``rows``, in integers as long as they are small enough."""
    exactly(few, late.sources)
    kernel.local(late.own, few, rows)
    found, left = _common_rows(few, late, rows)
    if left.any():
        found[left] = _exact_rows(few, late, np.flatnonzero(left), exactly)
    return found


def _only(frame: Frame, late: Late, at: Ints) -> Frame:
    """The rows ``at``, with what is read there from elsewhere."""
    grain = frame.type(late.node).grain
    vectors = {node: _taken(frame.vectors[node], grain, at) for node in late.given}
    assert isinstance(frame.span, slice)
    return replace(frame, vectors=vectors, rows={**frame.rows, grain: len(at)}, span=at + (frame.span.start or 0))


_HALVES = frozenset({Mode.HALF_UP, Mode.HALF_EVEN})
_SUMS: Mapping[Fn, Callable[[Ints, Ints], Ints]] = {Fn.ADD: np.add, Fn.SUBTRACT: np.subtract}
_CHOICES: Mapping[Fn, Callable[[Ints, Ints], Bools]] = {Fn.LEAST: np.less_equal, Fn.GREATEST: np.greater_equal}


def _whole(number: Array, mode: Mode, error: float) -> tuple[Array, Bools]:
    """(whole numbers; the rows in which ``number`` is too near to where rounding turns)."""
    size = np.abs(number)
    if mode in _HALVES:
        size += 0.5
    away = np.rint(size)
    away -= size
    unsure: Bools = np.abs(away, out=away) <= error
    (np.ceil if mode is Mode.UP else np.floor)(size, out=size)
    return np.copysign(size, number, out=size), unsure


def _turning(number: Array, under: Array, op: Round, error: float) -> tuple[Array, Bools]:
    """(whole numbers where what ``number`` is about lies just where rounding turns; the rows in which it may not).

    ``number``, which is in doubt, is about one that is whole when it is multiplied by ``under`` and divided by the scale.
    The true one lies within twice ``error`` of a turn. With twice the denominator both are whole: they are the same, or
    at least 1 over that apart.
    """
    turn = np.abs(number)
    np.rint(turn + 0.5 if op.mode in _HALVES else turn, out=turn)
    if op.mode is Mode.HALF_EVEN:
        turn -= turn % 2
    scaled = under / np.gcd(under.astype(np.int64), 10**op.digits)
    return np.copysign(turn, number), (under >= kernel.WHOLE) | (scaled * (4 * error) >= 1)


class _Rows(NamedTuple):
    """``p`` over ``q`` > 0, int64; where ``wide``, what it ought to be does not fit, and it means nothing."""

    p: Ints
    q: Ints
    wide: Bools


def _common_rows(frame: Frame, late: Late, rows: int) -> tuple[Ints, Bools]:
    """(last digits in the ``rows``; those that are too wide for integers, whose digits mean nothing)."""
    known: dict[NodeId, _Rows] = {}

    def of(node: NodeId) -> _Rows:
        if node not in known:
            p, q = integral(frame.vectors[node].number)
            if p.shape != (rows,) or isinstance(q, int):
                p, q = np.broadcast_to(p, (rows,)), np.broadcast_to(np.asarray(q, dtype=np.int64), (rows,))
            known[node] = _Rows(*_cancelled(p, q), np.zeros(rows, dtype=np.bool_))
        return known[node]

    for each in late.inner:
        known[each] = _on_integers(frame, frame.graph.nodes[each].op, of, rows)
    op = frame.graph.nodes[late.node].op
    assert isinstance(op, Round)
    number = of(op.of)
    shared = np.gcd(number.q, 10**op.digits)
    size, q = np.abs(number.p), number.q // shared
    [size], q, wide = _fitting(number.wide, [(size, 10**op.digits // shared)], q)
    below = size // q
    rest = size - below * q
    match op.mode:
        case Mode.HALF_UP:
            up = 2 * rest >= q
        case Mode.HALF_EVEN:
            up = (2 * rest > q) | ((2 * rest == q) & (below % 2 == 1))
        case Mode.DOWN:
            up = np.zeros_like(wide)
        case Mode.UP:
            up = rest > 0
    return np.sign(number.p) * (below + up), wide


def _fitting(wide: Bools, products: Sequence[tuple[Ints, Ints]], q: Ints) -> tuple[list[Ints], Ints, Bools]:
    """(``products``, ``q``, ``wide``), where rows in which one of them grows too large are wide too."""
    if not wide.any() and all(_most(a) * _most(b) < WIDEST / 2 for a, b in products):
        return [a * b for a, b in products], q, wide
    for a, b in products:
        wide = wide | (np.abs(a.astype(np.float64) * b) >= WIDEST / 2)
    made = [np.where(wide, 0, a) * np.where(wide, 1, b) for a, b in products]
    return made, np.where(wide, 1, q), wide


def _most(numbers: Ints | int) -> int:
    """No number is larger in size."""
    return abs(numbers) if isinstance(numbers, int) else max(int(numbers.max()), -int(numbers.min()))


def _cancelled(p: Ints, q: Ints) -> tuple[Ints, Ints]:
    """Both without what they have in common."""
    if q.max() == 1:
        return p, q
    shared = np.gcd(p, q)
    return p // shared, q // shared


def _over_common(a: _Rows, b: _Rows) -> tuple[Ints, Ints, Ints, Bools]:
    """(numerators of both, their least common denominator, rows that are too wide)."""
    shared = np.gcd(a.q, b.q)
    other = b.q // shared
    wide = a.wide | b.wide
    [q], _, wide = _fitting(wide, [(a.q, other)], a.q)
    [left, right], q, wide = _fitting(wide, [(a.p, other), (b.p, a.q // shared)], q)
    return left, right, np.where(wide, 1, q), wide


def _on_integers(frame: Frame, op: Op, of: Callable[[NodeId], _Rows], rows: int) -> _Rows:
    match op:
        case Choose(cases=cases, otherwise=otherwise):
            found = of(otherwise)
            for when, value in reversed(cases):
                true, new = np.broadcast_to(frame.vectors[when].true, (rows,)), of(value)
                found = _Rows(*(np.where(true, a, b) for a, b in zip(new, found, strict=True)))
            return found
        case Apply(fn=Fn.NEGATE, args=(arg,)):
            return of(arg)._replace(p=-of(arg).p)
        case Apply(fn=fn, args=args):
            found = of(args[0])
            for arg in args[1:]:
                found = _pair_on_integers(fn, found, of(arg))
            return found
        case _:
            raise AssertionError(op)


def _pair_on_integers(fn: Fn, a: _Rows, b: _Rows) -> _Rows:
    if fn is Fn.MULTIPLY:
        (left, under), (right, over) = _cancelled(a.p, b.q), _cancelled(b.p, a.q)
        [p, q], _, wide = _fitting(a.wide | b.wide, [(left, right), (over, under)], a.q)
        return _Rows(p, np.where(wide, 1, q), wide)
    if fn in _CHOICES:
        [left, right], _, wide = _fitting(a.wide | b.wide, [(a.p, b.q), (b.p, a.q)], a.q)
        first = _CHOICES[fn](left, right)
        return _Rows(np.where(first, a.p, b.p), np.where(first, a.q, b.q), wide)
    left, right, q, wide = _over_common(a, b)
    return _Rows(_SUMS[fn](left, right), q, wide)


def _exact_rows(frame: Frame, late: Late, at: Array, exactly: Callable[[Frame, Iterable[Instruction]], None]) -> Array:
    """Last digits in the rows ``at``, by fractions."""
    grain, mine = frame.type(late.node).grain, {line.node for line in late.lines}
    reads = {read for line in late.lines for read in frame.graph.nodes[line.node].reads} - mine
    vectors = {read: _taken(frame.vectors[read], grain, at) for read in reads}
    few = replace(frame, vectors=vectors, rows={**frame.rows, grain: len(at)})
    exactly(few, late.lines)
    digits: Array = few.vectors[late.node].number.p
    return digits


def _taken(vector: Vector, grain: str, at: Array) -> Vector:
    return vector.take(at) if vector.grain == grain else vector
