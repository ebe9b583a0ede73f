"""Cells that may hold 实数, of which each interpreter has its own kind: equal where twenty digits are."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from perfdsl.text.numbers import Real

SCALE = 10**20


def plain(value: Any) -> Any:
    """``value``; of a 实数 its first twenty digits, cut (which both kinds do exactly)."""
    if not isinstance(value, Real):
        return value
    exact = value.rational()
    return ("实数", (value * Fraction(SCALE)).__floor__()) if exact is None else exact


def same(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    """Whether two cells are the same."""
    if isinstance(one[1], Real) or isinstance(other[1], Real):
        numbers = isinstance(one[1], Fraction) and isinstance(other[1], Fraction)
        return one[0] == other[0] and numbers and plain(one[1]) == plain(other[1])
    return one == other and type(one[1]) is type(other[1])
