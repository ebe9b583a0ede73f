"""What the items add up to for a category."""

from __future__ import annotations

from fractions import Fraction

from perfdsl.compile.check import full_of
from perfdsl.model.item import GROUPS, Level
from perfdsl.model.rulebook import Category, Rulebook


def category_sum(book: Rulebook, category: Category) -> Fraction:
    """The points of all that applies to ``category``."""
    roots = [item for item in book.items if item.level in GROUPS or item.level is Level.INDICATOR]
    return sum((full_of(item, category) for item in roots), Fraction(0))
