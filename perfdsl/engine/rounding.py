"""Division to a whole number, in each tier.

Everything works on magnitudes; the sign is put back at the end, so negatives are the mirror of positives and no
integer division ever sees a negative number. The proof of the double forms stands in
:mod:`perfdsl.graph.ranges`.
"""

from __future__ import annotations

from math import ceil, floor

import numpy as np

from perfdsl.data.arrays import Array, Bools, Ints
from perfdsl.engine.values import Number, fractions
from perfdsl.graph.exact import rounded
from perfdsl.graph.ranges import Tier
from perfdsl.model.units import Mode


def whole(number: Number, mode: Mode, tier: Tier, signed: bool = True) -> Array:
    """``number`` rounded to whole numbers by ``mode``, which acts on the magnitude: whole doubles, int64, or int in EXACT.

    ``signed``: it can be negative.
    """
    match tier:
        case Tier.INTEGER:
            return number.p
        case Tier.SINGLE:
            return _single(number, mode, signed)
        case Tier.WIDE:
            return _wide(number, mode)
        case Tier.LATE | Tier.EXACT:
            return _objects([int(rounded(value, 0, mode)) for value in fractions(number)])


def floor_or_ceil(number: Number, up: bool, tier: Tier) -> Array:
    """``number`` to the next whole number towards +infinity (``up``) or -infinity."""
    match tier:
        case Tier.INTEGER:
            return number.p
        case Tier.EXACT:
            towards = ceil if up else floor
            return _objects([towards(value) for value in fractions(number)])
        case _:
            # on magnitudes: away from zero where the sign points the same way, else towards it
            away, towards_zero = whole(number, Mode.UP, tier), whole(number, Mode.DOWN, tier)
            return np.where((number.p > 0) == up, away, towards_zero)


def _objects(values: list[int]) -> Array:
    return np.fromiter(values, dtype=object, count=len(values))


def _single(number: Number, mode: Mode, signed: bool) -> Array:
    """One correctly rounded division; needs abs(p), q < 2^52."""
    size = np.true_divide(np.abs(number.p) if signed else number.p, number.q)
    match mode:
        case Mode.HALF_UP:
            size += 0.5
            np.floor(size, out=size)
        case Mode.HALF_EVEN:
            np.rint(size, out=size)  # a quotient is a tie in double exactly when it is one
        case Mode.DOWN:
            np.floor(size, out=size)
        case Mode.UP:
            np.ceil(size, out=size)
    return _signed(size, number.p) if signed else size


def _wide(number: Number, mode: Mode) -> Ints:
    """A double quotient, its exact int64 remainder, and two repairs; needs abs(p), q < 2^61.

    The first quotient is off by less than 1 + p/q × 2^-51, so its remainder is at most q + 2^10 in magnitude and
    fits. The second divides that remainder. It is never too small: a remainder of q or more gives at least 1, since
    doubles keep order, and one of 2q or more needs q <= 2^10, where all of it is exact. It is too large by at most
    one, near a multiple of q that doubles cannot tell from it; then the remainder is negative, and one is given back.
    """
    over = np.abs(number.p)
    under = np.broadcast_to(np.asarray(number.q, dtype=np.int64), over.shape)
    size = np.floor(np.true_divide(over, under)).astype(np.int64)
    rest = over - size * under
    more = np.floor(np.true_divide(rest, under)).astype(np.int64)
    size, rest = size + more, rest - more * under
    low = rest < 0
    size, rest = size - low, rest + np.where(low, under, 0)
    return _signed(size + _goes_up(size, rest, under, mode), number.p)


def _goes_up(size: Ints, rest: Ints, under: Ints, mode: Mode) -> Bools:
    match mode:
        case Mode.HALF_UP:
            return np.greater_equal(2 * rest, under)
        case Mode.HALF_EVEN:
            # a tie goes up from an odd number, as does whatever lies above it
            return np.greater(2 * rest + (size & 1), under)
        case Mode.DOWN:
            return np.zeros(rest.shape, dtype=np.bool_)
        case Mode.UP:
            return np.greater(rest, 0)


def _signed(size: Array, like: Array) -> Array:
    return np.where(like < 0, -size, size)
