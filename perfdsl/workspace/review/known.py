"""What bounds tell of a value: the states it can have, between which numbers it lies, whether a condition can hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from math import floor
from operator import eq, le, lt
from typing import Any

from perfdsl.graph.exact import rounded
from perfdsl.graph.ops import Band, EffectKind, Fn
from perfdsl.graph.types import ONLY_VALUES
from perfdsl.model.outputs import Cell
from perfdsl.model.states import State
from perfdsl.model.units import Mode
from perfdsl.text.records import dataclass, replace

End = tuple[Fraction, bool]
"""An end of an interval, and whether it belongs to it."""
BOTH = frozenset({True, False})
ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Known:
    """The states that a value can have; of a number the ends, None for none, and a ``grid`` that all of it lies on; of a
    condition whether it can hold; of a word or a grade which of them it can be, None for any."""

    states: frozenset[State]
    low: End | None = None
    high: End | None = None
    grid: Fraction | None = None
    truths: frozenset[bool] = BOTH
    words: frozenset[Any] | None = None

    def holds(self, cell: Cell) -> bool:
        """Whether a cell is within it."""
        state, value = cell
        if state not in self.states or state is not State.VALUE:
            return state in self.states
        if isinstance(value, bool):
            return value in self.truths
        if not isinstance(value, Fraction):
            return self.words is None or value in self.words
        (low, low_in), (high, high_in) = self.low or (value, True), self.high or (value, True)
        return (low < value or (low_in and low == value)) and (value < high or (high_in and high == value))

    def meet(self, other: Known) -> Known:
        """Both."""
        lows = [one for one in (self.low, other.low) if one is not None]
        highs = [one for one in (self.high, other.high) if one is not None]
        return Known(
            self.states & other.states,
            max(lows, key=lambda end: (end[0], not end[1]), default=None),
            min(highs, key=lambda end: (end[0], end[1]), default=None),
            self.grid if other.grid is None else other.grid,
            self.truths & other.truths,
            other.words if self.words is None else self.words if other.words is None else self.words & other.words,
        )

    @property
    def number(self) -> Fraction | None:
        """The one number that it can be."""
        if self.low is None or self.high is None or self.low[0] != self.high[0]:
            return None
        return self.low[0]

    @property
    def certain(self) -> bool:
        """Whether it has a value always."""
        return self.states <= ONLY_VALUES


def hull(every: Iterable[Known]) -> Known:
    """Any of ``every``, where it has a value."""
    found = [one for one in every if State.VALUE in one.states]
    if not found:
        return Known(frozenset())
    lows = [one.low for one in found if one.low is not None]
    highs = [one.high for one in found if one.high is not None]
    grids = [grid_of(one) for one in found]
    words = [one.words for one in found if one.words is not None]
    return Known(
        frozenset().union(*(one.states for one in found)),
        min(lows, key=lambda end: (end[0], not end[1])) if len(lows) == len(found) else None,
        max(highs, key=lambda end: (end[0], end[1])) if len(highs) == len(found) else None,
        reduce(common, grids),
        frozenset().union(*(one.truths for one in found)),
        frozenset().union(*words) if len(words) == len(found) else None,
    )


def either(every: Sequence[Known]) -> Known:
    """What holds of a value of which one of ``every`` does."""
    if all(State.VALUE in one.states for one in every):
        return hull(every)
    return Known(frozenset().union(*(one.states for one in every)))


def grid_of(one: Known) -> Fraction | None:
    """The grid of a number; 0 is on every grid."""
    number = one.number
    return one.grid if number is None else abs(number)


def common(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    """The coarsest grid that holds two others; that of 0 alone is 0."""
    if one is None or other is None:
        return None
    if not one or not other:
        return one or other
    under = one.denominator * other.denominator
    a, b = int(one * under), int(other * under)
    while b:
        a, b = b, a % b
    return Fraction(a, under)


def plus(one: End | None, other: End | None) -> End | None:
    return None if one is None or other is None else (one[0] + other[0], one[1] and other[1])


def less(one: End | None, other: End | None) -> End | None:
    return None if one is None or other is None else (one[0] - other[0], one[1] and other[1])


def scaled(of: Known, by: Fraction) -> tuple[End | None, End | None]:
    ends = [None if end is None else (end[0] * by, end[1]) for end in (of.low, of.high)]
    return (ends[0], ends[1]) if by >= 0 else (ends[1], ends[0])


def times(one: Known, other: Known) -> tuple[End | None, End | None]:
    """The ends of a product."""
    for mine, theirs in ((one, other), (other, one)):
        if mine.number is not None:
            return ((ZERO, True), (ZERO, True)) if not mine.number else scaled(theirs, mine.number)
    if None not in (one.low, one.high, other.low, other.high):
        corners = [a[0] * b[0] for a in (one.low, one.high) for b in (other.low, other.high) if a and b]
        return (min(corners), True), (max(corners), True)
    if one.low is not None and other.low is not None and one.low[0] >= 0 and other.low[0] >= 0:
        most = None if one.high is None or other.high is None else (one.high[0] * other.high[0], True)
        return (one.low[0] * other.low[0], True), most
    return None, None


def inverse(of: Known) -> Known | None:
    """1 ÷ ``of``, where that is above or below 0; else None."""
    if of.high is not None and of.high[0] <= 0:
        return None
    if of.low is not None and of.low >= (ZERO, False) and (of.low[0] > 0 or not of.low[1]):
        low = None if of.high is None else (1 / of.high[0], of.high[1])
        high = None if not of.low[0] else (1 / of.low[0], of.low[1])
        return replace(of, low=low or (ZERO, False), high=high, grid=None)
    return None


def not_zero(of: Known) -> Known:
    """Without 0, where that is the least."""
    if of.low != (ZERO, True):
        return of
    return replace(of, low=(of.grid, True) if of.grid else (ZERO, False))


def stepped(end: Fraction, inside: bool, up: bool, digits: int, mode: Mode) -> Fraction:
    """An end rounded; of one that does not belong to the interval what lies just inside."""
    if inside:
        return rounded(end, digits, mode)
    half = Fraction(10) ** -digits / 2  # roundings turn at multiples of this
    place = end / half
    next_turn = (-floor(-place) - 1 if up else floor(place) + 1) * half
    return rounded((end + next_turn) / 2, digits, mode)


def can_be(known: Known) -> bool:
    """Whether there is anything that a value can be."""
    return bool(known.states) and not (known.certain and empty(known))


def empty(known: Known) -> bool:
    """Whether a value can be nothing at all."""
    if State.VALUE not in known.states:
        return False
    if not known.truths or (known.words is not None and not known.words):
        return True
    if known.low is None or known.high is None:
        return False
    (low, low_in), (high, high_in) = known.low, known.high
    return low > high or (low == high and not (low_in and high_in))


def truth_of(fn: Fn, a: Known, b: Known) -> bool | None:
    """What a comparison of two numbers always says."""
    above = None if a.low is None or b.high is None else a.low[0] - b.high[0]
    under = None if a.high is None or b.low is None else b.low[0] - a.high[0]
    at_least, at_most = above is not None and above >= 0, under is not None and under >= 0
    more = at_least and (above != 0 or not (a.low and a.low[1] and b.high and b.high[1]))
    fewer = at_most and (under != 0 or not (a.high and a.high[1] and b.low and b.low[1]))
    match fn:
        case Fn.EQUAL:
            return False if more or fewer else True if a.number is not None and a.number == b.number else None
        case Fn.LESS:
            return True if fewer else False if at_least else None
    return True if at_most else False if more else None


def compared(fn: Fn, ones: frozenset[Any], others: frozenset[Any]) -> frozenset[bool]:
    """What a comparison of words, days or grades (the better one is less) can say."""
    says = {Fn.EQUAL: eq, Fn.LESS: lt, Fn.LESS_EQUAL: le}[fn]
    return frozenset(bool(says(one, other)) for one in ones for other in others)


def after(effect: EffectKind, amount: int, grade: int, worst: int) -> int:
    """A grade after an effect; positions count from the best."""
    match effect:
        case EffectKind.SET:
            return amount
        case EffectKind.AT_MOST:
            return max(grade, amount)
        case EffectKind.AT_LEAST:
            return min(grade, amount)
        case EffectKind.DROP:
            return min(grade + amount, worst)


def smallest(ends: Sequence[End | None]) -> End | None:
    there = [end for end in ends if end is not None]
    return min(there, key=lambda end: (end[0], end[1]), default=None)


def greatest(ends: Sequence[End | None]) -> End | None:
    there = [end for end in ends if end is not None]
    return max(there, key=lambda end: (end[0], not end[1]), default=None)


def meets(known: Known, low: Fraction | None, high: Fraction | None, point: bool) -> bool:
    """Whether numbers can lie between two ends, or at one point."""
    ends = Known(
        ONLY_VALUES, None if low is None else (low, point), None if high is None else (high, point), known.grid
    )
    both = known.meet(ends)
    if empty(both):
        return False
    if not known.grid or both.low is None or both.high is None:
        return True
    steps = both.low[0] / known.grid
    first = -floor(-steps) if both.low[1] else floor(steps) + 1
    return not empty(both.meet(Known(ONLY_VALUES, (first * known.grid, True), (first * known.grid, True))))


def inside(low: Fraction | None, high: Fraction | None, point: bool) -> Fraction:
    """A number between two ends."""
    if low is None:
        return ZERO if high is None else high - 1
    if high is None:
        return low + 1
    return low if point else (low + high) / 2


def holds(band: Band, number: Fraction) -> bool:
    above = band.low is None or number > band.low or (band.low_in and number == band.low)
    below = band.high is None or number < band.high or (band.high_in and number == band.high)
    return above and below
