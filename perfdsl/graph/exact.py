"""Rounding of one exact number: the definition that bounds and the slow path share."""

from __future__ import annotations

from fractions import Fraction

from perfdsl.model.units import Mode
from perfdsl.text.numbers import Real


def rounded(number: Fraction, digits: int, mode: Mode) -> Fraction:
    """``number`` to ``digits`` decimal places (may be negative); negatives are the mirror of positives."""
    unit = Fraction(10) ** -digits
    size = abs(number) / unit
    if isinstance(size, Real):
        whole = size.whole()
        up = rounds_up(whole, size - whole, 1, mode)
    else:
        whole, rest = divmod(size.numerator, size.denominator)
        up = rounds_up(whole, rest, size.denominator, mode)
    if up:
        whole += 1
    return (whole if number >= 0 else -whole) * unit


def rounds_up(whole: int, rest: int | Fraction, under: int, mode: Mode) -> bool:
    """Whether the magnitude ``whole`` + ``rest`` / ``under`` (0 <= rest < under) goes to ``whole`` + 1."""
    match mode:
        case Mode.HALF_UP:
            return 2 * rest >= under
        case Mode.HALF_EVEN:
            return 2 * rest > under or (2 * rest == under and whole % 2 == 1)
        case Mode.DOWN:
            return False
        case Mode.UP:
            return rest > 0
