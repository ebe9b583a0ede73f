"""How large every number can get, known before anything runs.

A number is held in one of three forms:

* ``FIXED``: an integer over one constant denominator (all data columns, their sums and products);
* ``FRACTION``: an integer over a denominator of its own in each row (what was divided);
* ``EXACT``: Python fractions. Slow, and right whatever the size.

From the least and greatest integer of every number column, the planner (:mod:`perfdsl.graph.planner`) derives bounds
for the numerator and the denominator of every node and of everything computed on the way to it. Where all of them stay
below 2^62, int64 cannot overflow; where they do not, the node is ``EXACT``. So overflow is impossible by construction,
provided that

    *every row, whether it has a value or not, holds a number within the bounds of its node.*

Rows without a value hold 0 where nothing else follows from their operands, so the interval of a node that can
have such rows contains 0.

The tier of a division comes from the same bounds. One correctly rounded double division decides it when
numerator and denominator stay below 2^52 (proof: a tie k + 1/2 is a double, and a quotient below it is at least
1/(2q) away, more than half a spacing unless p >= 2^52). Up to 2^61 an exact int64 remainder repairs the quotient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from fractions import Fraction
from math import gcd, lcm

from perfdsl.graph.ops import NodeId
from perfdsl.text.records import dataclass

Interval = tuple[Fraction, Fraction]

ZERO = Fraction(0)
LAST_DAY = 3652059
"""Ordinal of 9999-12-31, the last date there is."""


class Form(Enum):
    """How a number is held; see the head of this module."""

    FIXED = "fixed"
    FRACTION = "fraction"
    EXACT = "exact"


class Tier(Enum):
    """How a node is computed. LATE is given by the engine, to what the planner leaves EXACT (perfdsl/engine/cones.py)."""

    INTEGER = "0"
    SINGLE = "1"
    WIDE = "1w"
    LATE = "2"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes from which on a tier is left, and rows of a block. Tests make them smaller to drive small numbers through
    every tier, and few rows through several blocks."""

    integer: int = 2**62
    single: int = 2**52
    wide: int = 2**61
    block: int = 2**16


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Stored:
    """What the data holds in one number column: integers from ``low`` to ``high`` over 10^``digits``.

    Cells without a value count as 0; ``low`` > ``high`` never happens, an empty column is 0 to 0.
    """

    low: int
    high: int
    digits: int


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds of a number node: ``bounds`` of the value (None: unknown, only for EXACT), abs(p) <= ``over``.

    ``under`` is the denominator of a FIXED number and the greatest denominator of a FRACTION; ``over`` and
    ``under`` are 0 for EXACT, which needs neither.
    """

    form: Form
    bounds: Interval | None
    over: int = 0
    under: int = 0

    @property
    def constant(self) -> int | None:
        """The numerator, if every row holds the same FIXED number."""
        if self.form is not Form.FIXED or self.bounds is None or self.bounds[0] != self.bounds[1]:
            return None
        return int(self.bounds[0] * self.under)

    @property
    def has_zero(self) -> bool:
        """Whether 0 is within the bounds."""
        return self.bounds is None or self.bounds[0] <= 0 <= self.bounds[1]


@dataclass(frozen=True, slots=True)
class Step:
    """How one node is computed: its ``tier``, and the largest numerator and denominator met on the way.

    ``range`` is None where the node is no number. ``real``: 实数 go in or come out; they are held as EXACT numbers are.
    ``double``: all integers on the way are so small that doubles hold them exactly, and are used for their speed.
    """

    tier: Tier
    over: int
    under: int
    range: Range | None = None
    real: bool = False
    double: bool = False

    @property
    def reason(self) -> str:
        """Why this tier, for ``run --plan``."""
        if self.real:
            return "有对数或开方，没有准确的小数，逐行用上下界逼近"
        if self.tier is Tier.LATE and not self.over:
            return "分母各行不同；先用双精度和误差界，定不下的行用分数计算"
        if self.tier is Tier.EXACT and not self.over:
            return "分母各行不同，通分后可能超出整数范围，逐行用分数计算"
        size = f"分子小于 2^{self.over.bit_length()}，分母小于 2^{self.under.bit_length()}"
        match self.tier:
            case Tier.INTEGER:
                return f"{size}：只用整数"
            case Tier.SINGLE:
                return f"{size}：一次双精度除法即为准确"
            case Tier.WIDE:
                return f"{size}：双精度除法后用整数余数修正"
            case Tier.LATE:
                return f"{size}：双精度加误差界，定不下的行用分数计算"
            case Tier.EXACT:
                return f"{size}：超出整数范围，逐行用分数计算"


@dataclass(frozen=True, slots=True)
class Plan:
    """The step of every node that is needed, and the limits they were derived for."""

    steps: Mapping[NodeId, Step]
    limits: Limits

    def range(self, node: NodeId) -> Range:
        """Bounds of the number node ``node``."""
        found = self.steps[node].range
        assert found is not None, f"node {node} is no number"
        return found


# ---- what engines and planner must agree on --------------------------------------------------------------------


def constant_divisor(over: Range, divisor: Range) -> tuple[int, int] | None:
    """(factor of the numerator, common denominator) of ``over`` ÷ ``divisor`` where that is FIXED, else None."""
    number = divisor.constant
    if over.form is not Form.FIXED or not number:
        return None
    common = gcd(divisor.under, over.under * abs(number))
    factor = divisor.under // common
    return (factor if number > 0 else -factor), over.under * abs(number) // common


def round_factors(of: Range, digits: int) -> tuple[int, int]:
    """(factor of the numerator, factor of the denominator or, if FIXED, the denominator) of ``of`` × 10^digits."""
    over, under = (10**digits, 1) if digits >= 0 else (1, 10**-digits)
    if of.form is not Form.FIXED:
        return over, under
    common = gcd(over, of.under)
    return over // common, of.under // common * under


def ordering(ranges: Sequence[Range], limits: Limits) -> tuple[Tier, int, int]:
    """(tier, numerator, denominator) of putting numbers of these ranges in one order.

    INTEGER: as integers over the common denominator. SINGLE: as double quotients, which are equal for equal
    numbers and differ for others while the product of numerator and denominator stays below 2^52.
    """
    if all(range_.form is Form.FIXED for range_ in ranges):
        common = lcm(*(range_.under for range_ in ranges))
        over = max(size_of(range_.over) * (common // range_.under) for range_ in ranges)
        if over < limits.integer:
            return Tier.INTEGER, over, common
    if any(range_.form is Form.EXACT for range_ in ranges):
        return Tier.EXACT, 0, 0
    over, under = max(size_of(range_.over) for range_ in ranges), max(range_.under for range_ in ranges)
    return (Tier.SINGLE if over * under < limits.single else Tier.EXACT), over, under


def size_of(over: int) -> int:
    # a factor is an int64 itself even where all it multiplies is 0
    return max(over, 1)
