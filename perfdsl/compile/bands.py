"""Cells of band tables → intervals. To whom an edge belongs is a matter of 本数 and is never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from perfdsl.compile.context import Context
from perfdsl.compile.expressions import quantity
from perfdsl.model.expression import Number
from perfdsl.model.grade import Interval
from perfdsl.syntax.nodes import Band, Bound, LooseBand, Quantity, Written
from perfdsl.text.catalogue import names as say

LOW = {"ge": True, "reach": True, "gt": False}
HIGH = {"le": True, "lt": False, "under": False, "miss": False}
DECLARED = {"or_more": "以上", "or_less": "以下"}
"""Edges whose belonging the rulebook declares (本数)."""

Edges = Mapping[str, bool]
"""Word → whether it includes the number itself."""


def band(cell: Written, context: Context, edges: Edges) -> Interval | str | bool | None:
    """A cell → interval, word, None for 其余; False where it was reported."""
    node = context.read("band", cell)
    match node:
        case LooseBand(low, high):
            context.say(say.loose_band(cell.span, _text(low), _text(high)))
            return False
        case Band(rest=True):
            return None
        case Band(exact=Quantity() as one):
            number = _number(one)
            return Interval(number, number, True, True, span=cell.span)
        case Band(exact=str() as word):
            return word
        case Band(bounds=bounds):
            return _interval(bounds, cell, context, edges)
    return False


def _interval(bounds: tuple[Bound, ...], cell: Written, context: Context, edges: Edges) -> Interval | bool:
    low: tuple[Fraction | None, bool] = (None, True)
    high: tuple[Fraction | None, bool] = (None, False)
    for bound in bounds:
        number = _number(bound.quantity)
        if bound.op in DECLARED:
            word = bound.span.text[-2:] if bound.span else DECLARED[bound.op]
            included = edges.get(word, edges.get(DECLARED[bound.op]))
            if included is None:
                context.say(say.edge_unstated(cell.span, cell.text, _text(bound.quantity)))
                return False
            if bound.op == "or_more":
                low = (number, included)
            else:
                high = (number, included)
        elif bound.op in LOW:
            low = (number, LOW[bound.op])
        else:
            high = (number, HIGH[bound.op])
    return Interval(low[0], high[0], low[1], high[1], span=cell.span)


def _number(node: Quantity) -> Fraction:
    expression = quantity(node).expression
    assert isinstance(expression, Number)
    return expression.value


def _text(node: Quantity) -> str:
    return node.span.text
