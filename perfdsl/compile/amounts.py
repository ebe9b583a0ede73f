"""Numbers whose unit is fixed by where they stand: points, shares, whole numbers. A wrong unit is told, never dropped."""

from __future__ import annotations

from fractions import Fraction

from perfdsl.compile.context import Context
from perfdsl.syntax import nodes
from perfdsl.text.catalogue import names as say

SHARES = {"%": Fraction(1, 100), "‰": Fraction(1, 1000)}
COUNTED = frozenset({"", "个", "家", "名", "位"})
"""Words by which a number of units is counted."""


def points(node: nodes.Node, context: Context) -> Fraction | None:
    """So many 分, the unit may be left out; None where it was reported."""
    if isinstance(node, nodes.Quantity) and node.unit in ("", "分"):
        return node.number
    context.say(say.points_wanted_here(node.span))
    return None


def share(node: nodes.Node, context: Context) -> Fraction | None:
    """A share of the whole: 25%, or 0.25; None where it was reported."""
    if isinstance(node, nodes.Quantity):
        if node.unit in SHARES:
            return node.number * SHARES[node.unit]
        if not node.unit and 0 <= node.number <= 1:
            return node.number
    number = node.number if isinstance(node, nodes.Quantity) else None
    context.say(say.share_wanted_here(node.span, number))
    return None


def whole(node: nodes.Node, context: Context) -> int | None:
    """A whole number of things, from 1; None where it was reported."""
    if isinstance(node, nodes.Quantity) and node.unit not in SHARES and node.number.denominator == 1 <= node.number:
        return int(node.number)
    context.say(say.whole_wanted_here(node.span))
    return None
