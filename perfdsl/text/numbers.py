"""Exact numbers as people read them."""

from __future__ import annotations

from fractions import Fraction


def decimal(number: Fraction, digits: int | None = None) -> str:
    """Exact decimal text of ``number``; with ``digits``, padded with zeros to that many.

    A number without a finite decimal is written as a fraction (``2/3``), never cut.
    """
    sign = "-" if number < 0 else ""
    number = abs(number)
    denominator, places = number.denominator, 0
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        places = max(places, count)
    if denominator != 1:
        return f"{sign}{number.numerator}/{number.denominator}"
    places = max(places, digits or 0)
    whole = str(number.numerator * 10**places // number.denominator).rjust(places + 1, "0")
    return sign + (whole[:-places] + "." + whole[-places:] if places else whole)


def percent(number: Fraction) -> str:
    """A ratio as people read it: 0.984 → ``98.4%``."""
    return f"{decimal(number * 100)}%"
