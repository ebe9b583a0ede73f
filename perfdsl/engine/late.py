"""Rounding that comes late: doubles with a known error, and fractions for the rows where they cannot decide (tier 2).

A sum of many quotients with other denominators in every row has no common denominator that fits an integer. In
doubles it is off by a bound that the bounds of its parts give beforehand. Where no number at which rounding turns lies
within that bound, the double says what the whole number is. The few other rows are mostly true ties, and what their
denominators have in common is small: they are brought over it in integers, row by row, all rows at once. Only rows
whose integers grow too large are computed with fractions, by the same functions as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from perfdsl.engine.frame import Frame
from perfdsl.engine.rowwise import vector_of
from perfdsl.engine.values import Array, Bools, Ints, Number, Vector, calm, integral
from perfdsl.graph.narrowing import Narrowed
from perfdsl.graph.ops import Apply, Choose, Fn, NodeId, Op, Round
from perfdsl.graph.ranges import Form, Tier
from perfdsl.graph.types import ONLY_VALUES, SCALAR
from perfdsl.model.units import Mode
from perfdsl.text.records import dataclass, replace

if TYPE_CHECKING:
    from perfdsl.engine.program import Instruction

EPSILON = 2.0**-52
"""A correctly rounded operation is off by half of this, relatively; the other half pays for the bounds themselves."""
LARGEST = 2.0**51
"""Whole numbers up to here, and halves of them, are doubles."""
WIDEST = 2.0**61
"""No integer of the rows that are looked at again reaches this, by its size in doubles, which is right to a few parts
in 2^52; twice of it still fits int64."""
KEEPING = frozenset({Fn.ADD, Fn.SUBTRACT, Fn.MULTIPLY, Fn.NEGATE, Fn.LEAST, Fn.GREATEST})


@dataclass(frozen=True, eq=False, slots=True)
class Late:
    """``node`` rounds what comes of the numbers ``inner``, which are never rounded themselves.

    ``lines`` compute all of them with fractions; ``error``: how far the double that is rounded is off at most.
    """

    node: NodeId
    inner: tuple[NodeId, ...]
    lines: tuple[Instruction, ...]
    error: float


def cones(made: Narrowed, group: Sequence[NodeId], whole: Iterable[NodeId]) -> dict[NodeId, tuple[NodeId, ...]]:
    """Of ``group``, what is rounded late → the inner numbers that it needs, in their order.

    Inner numbers are read by none but one another and what is rounded.
    """
    nodes, kept = made.graph.nodes, set(whole)
    readers: dict[NodeId, set[NodeId]] = {node: set() for node in group}
    for node in group:
        for read in nodes[node].reads:
            if read in readers:
                readers[read].add(node)
    inner = {node for node in group if node not in kept and _is_inner(made, node)}
    rounds = {node for node in group if _is_rounded(made, node)}
    while True:
        good = {node for node in inner if readers[node] <= inner | rounds and _stands_on(made, node, inner)}
        ends = {node for node in rounds if nodes[node].reads[0] in good}
        if (good, ends) == (inner, rounds):
            break
        inner, rounds = good, ends
    found = {}
    for node in group:
        if node in rounds:
            needed = {node}
            for each in reversed(group):
                if each in inner and not readers[each].isdisjoint(needed):
                    needed.add(each)
            found[node] = tuple(each for each in group if each in needed and each != node)
    return found


def outside(made: Narrowed, node: NodeId, inner: Iterable[NodeId]) -> tuple[NodeId, ...]:
    """What is read from elsewhere to round ``node``."""
    mine = {node, *inner}
    reads = dict.fromkeys(read for each in mine for read in made.graph.nodes[each].reads)
    return tuple(read for read in reads if read not in mine)


def _is_inner(made: Narrowed, node: NodeId) -> bool:
    step, type_, op = made.plan.steps[node], made.graph.nodes[node].type, made.graph.nodes[node].op
    if step.range is None or step.range.form is Form.FIXED or step.range.bounds is None or type_.real:
        return False
    if type_.states != ONLY_VALUES or type_.grain == SCALAR or not _is_small(made, node):
        return False
    return isinstance(op, Choose) or (isinstance(op, Apply) and op.fn in KEEPING)


def _stands_on(made: Narrowed, node: NodeId, inner: set[NodeId]) -> bool:
    """Whether what ``node`` reads is inner too, or a number that is held as integers, or a condition."""
    return all(read in inner or _is_leaf(made, read) for read in made.graph.nodes[node].reads)


def _is_leaf(made: Narrowed, node: NodeId) -> bool:
    range_ = made.plan.steps[node].range
    if made.graph.nodes[node].type.states != ONLY_VALUES:
        return False
    return range_ is None or (range_.form is not Form.EXACT and _is_small(made, node))


def _is_rounded(made: Narrowed, node: NodeId) -> bool:
    op, step = made.graph.nodes[node].op, made.plan.steps[node]
    if not isinstance(op, Round) or step.tier is not Tier.EXACT or step.real or op.digits < 0:
        return False
    range_ = step.range
    return range_ is not None and range_.form is Form.FIXED and range_.over < LARGEST


def _is_small(made: Narrowed, node: NodeId) -> bool:
    return _size(made, node) < LARGEST


def _size(made: Narrowed, node: NodeId) -> float:
    """No value of ``node`` is larger; a little more than the bounds say, for they are fractions."""
    range_ = made.plan.steps[node].range
    assert range_ is not None and range_.bounds is not None
    return float(max(abs(range_.bounds[0]), abs(range_.bounds[1]))) * (1 + EPSILON)


def compiled(made: Narrowed, node: NodeId, inner: Sequence[NodeId], line: Callable[[NodeId], Instruction]) -> Late:
    """``node`` with its ``inner`` numbers, as :func:`cones` found them."""
    op, error = made.graph.nodes[node].op, dict[NodeId, float]()
    assert isinstance(op, Round)
    for each in inner:
        for read in made.graph.nodes[each].reads:
            if read not in error and made.plan.steps[read].range is not None:
                error[read] = _size(made, read) * 4 * EPSILON  # two conversions and a division
        error[each] = _error(made, each, error)
    scale = 10.0**op.digits
    off = error[op.of] * scale * (1 + EPSILON) + (_size(made, op.of) + error[op.of]) * scale * EPSILON
    return Late(node, tuple(inner), tuple(line(each) for each in (*inner, node)), off)


def _error(made: Narrowed, node: NodeId, error: Mapping[NodeId, float]) -> float:
    op = made.graph.nodes[node].op
    match op:
        case Choose(cases=cases, otherwise=otherwise):
            return max(error[value] for value in (otherwise, *(value for _, value in cases)))
        case Apply(fn=Fn.ADD | Fn.SUBTRACT, args=args):
            sizes = sum(_size(made, arg) + error[arg] for arg in args)
            return (sum(error[arg] for arg in args) + len(args) * sizes * EPSILON) * (1 + EPSILON)
        case Apply(fn=Fn.MULTIPLY, args=args):
            size, off = _size(made, args[0]), error[args[0]]
            for arg in args[1:]:
                other, its = _size(made, arg), error[arg]
                off = (size * its + other * off + off * its + (size + off) * (other + its) * EPSILON) * (1 + EPSILON)
                size *= other
            return off
        case Apply(args=args):
            return max(error[arg] for arg in args)
        case _:
            raise AssertionError(op)


def execute(late: Late, frame: Frame, rows: int, exactly: Callable[[Frame, Iterable[Instruction]], None]) -> None:
    """Put ``late.node`` among the vectors of ``frame``. ``exactly`` computes lines row by row."""
    about: dict[NodeId, Array] = {}
    for each in late.inner:
        about[each] = _about(frame, frame.graph.nodes[each].op, about)
    op = frame.graph.nodes[late.node].op
    assert isinstance(op, Round)
    found, unsure = _whole(about[op.of] * 10.0**op.digits, op.mode, late.error)
    if unsure.any():
        at = np.flatnonzero(unsure)
        found[at], left = _common_rows(frame, late, at)
        if left.any():
            found[at[left]] = _exact_rows(frame, late, at[left], exactly)
    frame.vectors[late.node] = vector_of(frame, late.node, calm(rows), Number(found.astype(np.int64), 10**op.digits))


def _about(frame: Frame, op: Op, about: dict[NodeId, Array]) -> Array:
    def of(node: NodeId) -> Array:
        if node not in about:
            p, q = frame.vectors[node].number
            about[node] = np.true_divide(p, q)
        return about[node]

    match op:
        case Choose(cases=cases, otherwise=otherwise):
            found = of(otherwise)
            for when, value in reversed(cases):
                found = np.where(frame.vectors[when].true, of(value), found)
            return found
        case Apply(fn=Fn.NEGATE, args=(arg,)):
            return -of(arg)
        case Apply(fn=fn, args=args):
            found = of(args[0])
            for arg in args[1:]:
                found = _PAIRS[fn](found, of(arg))
            return found
        case _:
            raise AssertionError(op)


_PAIRS: Mapping[Fn, Callable[[Array, Array], Array]] = {
    Fn.ADD: np.add,
    Fn.SUBTRACT: np.subtract,
    Fn.MULTIPLY: np.multiply,
    Fn.LEAST: np.minimum,
    Fn.GREATEST: np.maximum,
}


def _whole(number: Array, mode: Mode, error: float) -> tuple[Array, Bools]:
    """(whole numbers; the rows in which ``number`` is too near to where rounding turns)."""
    size = np.abs(number)
    turns = size + 0.5 if mode in (Mode.HALF_UP, Mode.HALF_EVEN) else size
    # adding a half rounds once more
    unsure: Bools = np.abs(turns - np.rint(turns)) <= error + (turns * EPSILON)
    match mode:
        case Mode.HALF_UP | Mode.HALF_EVEN:
            whole = np.floor(turns)
        case Mode.DOWN:
            whole = np.floor(size)
        case Mode.UP:
            whole = np.ceil(size)
    return np.copysign(whole, number), unsure


class _Rows(NamedTuple):
    """``p`` over ``q`` > 0, int64; where ``wide``, it does not fit and 0 over 1 stands for it."""

    p: Ints
    q: Ints
    wide: Bools


def _common_rows(frame: Frame, late: Late, at: Ints) -> tuple[Ints, Bools]:
    """(last digits in the rows ``at``; those that are too wide for integers, whose digits mean nothing)."""
    grain, known = frame.type(late.node).grain, dict[NodeId, _Rows]()

    def of(node: NodeId) -> _Rows:
        if node not in known:
            p, q = integral(_taken(frame.vectors[node], grain, at).number)
            p, q = np.broadcast_to(p, at.shape), np.broadcast_to(np.asarray(q, dtype=np.int64), at.shape)
            shared = np.gcd(p, q)
            known[node] = _Rows(p // shared, q // shared, np.zeros(len(at), dtype=np.bool_))
        return known[node]

    for each in late.inner:
        known[each] = _on_integers(frame, frame.graph.nodes[each].op, of, grain, at)
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
    for a, b in products:
        wide = wide | (np.abs(a.astype(np.float64) * b) >= WIDEST / 2)
    made = [np.where(wide, 0, a) * np.where(wide, 1, b) for a, b in products]
    return made, np.where(wide, 1, q), wide


def _over_common(a: _Rows, b: _Rows) -> tuple[Ints, Ints, Ints, Bools]:
    """(numerators of both, their least common denominator, rows that are too wide)."""
    shared = np.gcd(a.q, b.q)
    other = b.q // shared
    wide = a.wide | b.wide
    [q], _, wide = _fitting(wide, [(a.q, other)], a.q)
    [left, right], q, wide = _fitting(wide, [(a.p, other), (b.p, a.q // shared)], q)
    return left, right, np.where(wide, 1, q), wide


def _on_integers(frame: Frame, op: Op, of: Callable[[NodeId], _Rows], grain: str, at: Ints) -> _Rows:
    match op:
        case Choose(cases=cases, otherwise=otherwise):
            found = of(otherwise)
            for when, value in reversed(cases):
                true, new = np.broadcast_to(_taken(frame.vectors[when], grain, at).true, at.shape), of(value)
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
        first, second = np.gcd(a.p, b.q), np.gcd(b.p, a.q)
        top, bottom = (a.p // first, b.p // second), (a.q // second, b.q // first)
        [p, q], _, wide = _fitting(a.wide | b.wide, [top, bottom], a.q)
        return _Rows(p, np.where(wide, 1, q), wide)
    left, right, q, wide = _over_common(a, b)
    return _Rows(_PAIRS[fn](left, right), q, wide)


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
