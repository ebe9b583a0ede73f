"""Where and how numbers are rounded. Nothing is rounded unless the rulebook says so."""

from __future__ import annotations

from fractions import Fraction

from perfdsl.model.units import Mode
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True)
class Rounding:
    """``digits`` decimal places, by ``mode``."""

    digits: int
    mode: Mode


@dataclass(frozen=True, slots=True)
class Roundings:
    """小数: None means 不取舍 (the exact value is used, and printed exactly).

    ``value`` 指标值, ``score`` 指标得分 and 要点得分, ``group`` 各级指标得分, ``total`` 总分.
    With ``carry_exact`` later steps use the value before rounding (后续计算用未取舍的值).
    """

    value: Rounding | None = None
    score: Rounding | None = None
    group: Rounding | None = None
    total: Rounding | None = None
    carry_exact: bool = False


def rounded(number: Fraction, rounding: Rounding | None) -> Fraction:
    """``number`` rounded; all modes act on the magnitude, so a half goes away from zero on both sides.

    >>> rounded(Fraction("89.995"), Rounding(2, Mode.HALF_UP))
    Fraction(90, 1)
    """
    if rounding is None:
        return number
    scale = Fraction(10) ** rounding.digits
    whole, rest = divmod(abs(number) * scale, 1)
    half = Fraction(1, 2)
    up = {
        Mode.HALF_UP: rest >= half,
        Mode.HALF_EVEN: rest > half or (rest == half and whole % 2 == 1),
        Mode.DOWN: False,
        Mode.UP: rest > 0,
    }[rounding.mode]
    magnitude = (whole + up) / scale
    return -magnitude if number < 0 else magnitude
