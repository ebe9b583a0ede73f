"""Functions of exact numbers: the definitions that bounds, constants and the slow path share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, prod

from perfdsl.graph.ops import Fn
from perfdsl.model.units import Mode
from perfdsl.text.numbers import Real

COMPUTED: Mapping[Fn, Callable[[Sequence[Fraction]], Fraction]] = {
    Fn.ADD: lambda numbers: sum(numbers, Fraction(0)),
    Fn.SUBTRACT: lambda numbers: numbers[0] - numbers[1],
    Fn.MULTIPLY: lambda numbers: prod(numbers, start=Fraction(1)),
    Fn.DIVIDE: lambda numbers: numbers[0] / numbers[1],
    Fn.NEGATE: lambda numbers: -numbers[0],
    Fn.ABSOLUTE: lambda numbers: abs(numbers[0]),
    Fn.LEAST: min,
    Fn.GREATEST: max,
    Fn.FLOOR: lambda numbers: Fraction(floor(numbers[0])),
    Fn.CEIL: lambda numbers: Fraction(ceil(numbers[0])),
}
"""Functions of numbers that are known; a divisor is not 0."""


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
