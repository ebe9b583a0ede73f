"""Whether this machine computes as :mod:`perfdsl.graph.ranges` assumes: IEEE binary64, divisions rounded correctly.

Every process checks it once, before its first number. The table holds quotients beside a half, k + 1/2 ± 1/(2q), and
halves, up to numerators just below 2^52. What each must come to is worked out in integers. A division that is off by
one last bit (a reciprocal that is multiplied, another direction of rounding, numbers flushed to zero) is found.

The tiers are checked too, each with the largest numbers that the planner gives to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from math import ldexp
from typing import Any

import numpy as np

from perfdsl.engine.rounding import whole
from perfdsl.engine.values import Number
from perfdsl.graph.ranges import LIMITS, Limits, Tier
from perfdsl.model.units import Mode
from perfdsl.text.refusal import Refusal

Divide = Callable[[Any, Any], Any]
DIVISORS = (2, 3, 5, 6, 7, 10, 11, 97, 100, 1001, 9973, 99991, 1000000, 1000003, 2**26 - 5, 2**26 + 14)


class NotAdmitted(Refusal):
    """This machine's arithmetic is not the one that results rest on."""


def near_ties(below: int = LIMITS.single) -> Iterator[tuple[int, int]]:
    """(p, q), both ``below`` that, with p ÷ q at k + 1/2 or next to it."""
    for q in DIVISORS:
        most = (below - 1) // q
        for k in (0, 1, most // 3, most - 1):
            half = (2 * k + 1) * q // 2
            yield from ((p, q) for p in (half - 1, half, half + 1) if 0 < p < below)


def quotient(p: int, q: int) -> float:
    """The double next to p ÷ q, the even one of two, for positive numbers; no double is divided on the way."""
    shift = 54 - p.bit_length() + q.bit_length()
    whole, rest = divmod(p << shift, q)
    extra = whole.bit_length() - 53
    kept, cut = whole >> extra, whole & ((1 << extra) - 1)
    half = 1 << extra - 1
    up = cut > half or (cut == half and (rest > 0 or kept & 1))
    return ldexp(kept + up, extra - shift)


def admit(divide: Divide = np.true_divide) -> None:
    """Check the premises of exact doubles.

    Raises:
        NotAdmitted: one does not hold.
    """
    doubles = np.finfo(np.float64)
    if (doubles.nmant, doubles.maxexp, doubles.minexp, doubles.dtype.itemsize) != (52, 1024, -1022, 8):
        raise NotAdmitted(_SAY.format("双精度数不是 IEEE 754 的 binary64"))
    table = list(near_ties())
    p, q = np.array(table, dtype=np.float64).T
    found = divide(p, q)
    nearest = np.floor(found + 0.5)
    for place, (over, under) in enumerate(table):
        if found[place] != quotient(over, under) or nearest[place] != (2 * over + under) // (2 * under):
            raise NotAdmitted(_SAY.format(f"{over} ÷ {under} 算成了 {float(found[place]).hex()}"))


def admit_tiers(limits: Limits = LIMITS) -> None:
    """Check that each tier rounds rightly up to the size at which it is left.

    Raises:
        NotAdmitted: one does not.
    """
    for tier, below in ((Tier.SINGLE, limits.single), (Tier.WIDE, limits.wide)):
        table = [(p, q) for p, q in near_ties(below) if p > below >> 1]
        table += [(below - 1, below - 2), (below - 2, below - 1), (below // 2, below - 1), (below // 2 - 1, below - 1)]
        p, q = np.array(table, dtype=np.int64).T
        for mode, away in _AWAY.items():
            found = whole(Number(p, q), mode, tier, signed=False)
            for (over, under), got in zip(table, found.tolist(), strict=True):
                if got != over // under + away(over // under, 2 * (over % under) - under, over % under):
                    raise NotAdmitted(_SAY.format(f"{over} ÷ {under} 取整成了 {int(got)}"))


_AWAY: Mapping[Mode, Callable[[int, int, int], bool]] = {
    Mode.HALF_UP: lambda size, beyond, rest: beyond >= 0,
    Mode.HALF_EVEN: lambda size, beyond, rest: beyond > 0 or (beyond == 0 and size % 2 == 1),
    Mode.DOWN: lambda size, beyond, rest: False,
    Mode.UP: lambda size, beyond, rest: rest > 0,
}
"""Whether a magnitude goes up: its whole part, how far twice the rest lies beyond the divisor, the rest."""
_SAY = "这台机器的除法不准，不能用来算分：{}，请换一台机器"


@cache
def admitted() -> None:
    """:func:`admit` and :func:`admit_tiers`, once in a process.

    Raises:
        NotAdmitted: a premise does not hold.
    """
    admit()
    admit_tiers()
