"""Cells of band tables → intervals. To whom an edge belongs is a matter of 本数 and is never guessed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction

from perfdsl.compile.context import Context
from perfdsl.compile.edges import DECLARED, Edges, included
from perfdsl.compile.expressions import quantity
from perfdsl.model.expression import Number
from perfdsl.model.grade import Interval
from perfdsl.syntax import nodes
from perfdsl.syntax.nodes import Bound, LooseBand, Quantity, Written
from perfdsl.text.catalogue import names as say
from perfdsl.text.records import dataclass

LOW = {"ge": True, "reach": True, "gt": False}
HIGH = {"le": True, "lt": False, "under": False, "miss": False}


@dataclass(frozen=True, slots=True)
class Word:
    """A cell that holds a word: 优秀."""

    text: str


@dataclass(frozen=True, slots=True)
class Rest:
    """其余: what no other row takes."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that could not be read, and was reported."""


Cell = Interval | Word | Rest | Unread


def band(cell: Written, context: Context, edges: Edges, units: Collection[str] = ()) -> Cell:
    """What a cell of a band table says; with ``units``, its numbers must be in one of them."""
    node = context.read("band", cell)
    if units and any(one.unit not in units for one in _quantities(node)):
        context.say(say.not_a_band(cell.span, cell.text))
        return Unread()
    match node:
        case LooseBand(low, high):
            context.say(say.loose_band(cell.span, _text(low), _text(high)))
        case nodes.Band(rest=True):
            return Rest()
        case nodes.Band(exact=Quantity() as one):
            number = _number(one)
            return Interval(number, number, True, True, span=cell.span)
        case nodes.Band(exact=str() as word):
            return Word(word)
        case nodes.Band(bounds=bounds):
            return _interval(bounds, cell, context, edges)
    return Unread()


def _quantities(node: nodes.Node | None) -> Iterator[Quantity]:
    match node:
        case nodes.Band(exact=Quantity() as one):
            yield one
        case nodes.Band(bounds=bounds):
            yield from (bound.quantity for bound in bounds)


def _interval(bounds: tuple[Bound, ...], cell: Written, context: Context, edges: Edges) -> Interval | Unread:
    low: tuple[Fraction | None, bool] = (None, True)
    high: tuple[Fraction | None, bool] = (None, False)
    for bound in bounds:
        number = _number(bound.quantity)
        if (low if bound.op in ("or_more", *LOW) else high)[0] is not None:
            context.say(say.not_a_band(cell.span, cell.text))
            return Unread()
        if bound.op in DECLARED:
            inside = included(bound.op, bound.span.text, edges)
            if inside is None:
                context.say(say.edge_unstated(cell.span, cell.text, _text(bound.quantity)))
                return Unread()
            if bound.op == "or_more":
                low = (number, inside)
            else:
                high = (number, inside)
        elif bound.op in LOW:
            low = (number, LOW[bound.op])
        elif bound.op in HIGH:
            high = (number, HIGH[bound.op])
        else:
            context.say(say.not_a_band(cell.span, cell.text))
            return Unread()
    return Interval(low[0], high[0], low[1], high[1], span=cell.span)


def _number(node: Quantity) -> Fraction:
    expression = quantity(node).expression
    assert isinstance(expression, Number)
    return expression.value


def _text(node: Quantity) -> str:
    return node.span.text
