"""Counts: so many points for each piece (每有 1 件未按期办结扣 1 分, 每篇 1 分).

The fact is how many; the object of the phrase names it. 每有 2 件 leaves a piece over, and the rule says what
becomes of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Protocol

from perfdsl.clauses.kind import Facts, Scope, Setting, constant
from perfdsl.clauses.shared import stepping
from perfdsl.clauses.shared.measures import called, distance, like, measured, unit_word
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import NodeId
from perfdsl.model.expression import Expression, Number
from perfdsl.model.units import decimal, unit_of
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Slot, slot
from perfdsl.text.problem import Problem
from perfdsl.text.source import Span


class Counting(Protocol):
    """A clause that counts pieces: ``each`` of 每有 1 件, or ``unit`` of 每篇."""

    @property
    def span(self) -> Span | None: ...
    @property
    def each(self) -> Expression | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def points(self) -> Expression: ...
    @property
    def remainder(self) -> str | None: ...
    @property
    def under(self) -> Expression | None: ...
    @property
    def counted_as(self) -> Expression | None: ...


def count_slot(*awards: str) -> Slot:
    """每有 1 件未按期办结扣 1 分."""
    return slot("count", {"each": "each", "what": "what", "award.points": "points"}, award__kind=awards)


def rate_slot(*awards: str) -> Slot:
    """每篇 1 分, without a level."""
    return slot("rate", {"unit": "unit", "award.points": "points"}, award__kind=awards, level="")


def piece(clause: Counting) -> Expression:
    """One piece: what was written, or one of the unit."""
    if clause.each is not None:
        return clause.each
    unit, factor = unit_of(clause.unit)
    return Number(factor, unit, f"1 {clause.unit}")


def fact_unit(clause: Counting) -> str:
    """The unit word of the fact."""
    return unit_word(piece(clause))


def pieces_by_hand(clause: Counting, facts: Facts) -> Fraction:
    """How many pieces there are."""
    return stepping.count_steps(facts.value, facts.number(piece(clause)), clause.remainder)


def pieces_node(clause: Counting, scope: Scope) -> NodeId:
    """:func:`pieces_by_hand` in the graph."""
    return stepping.step_nodes(scope, scope.value, like(scope, piece(clause), scope.value), clause.remainder)


def in_words(clause: Counting, what: str, verb: str) -> str:
    """每有 1 件未按期办结扣 1 分."""
    treat = {"pro_rata": "，不足的按比例计", "not_counted": "，不足的不计", "count_as": "，不足的按一档计"}
    rest = treat.get(clause.remainder or "", "")
    return f"{called_each(clause)}{what}{verb} {amount(clause.points)} 分{rest}"


def called_each(clause: Counting) -> str:
    """每有 1 件, 每篇."""
    return f"每{clause.unit}" if clause.each is None else f"每有 {amount(clause.each)}"


def check_counting(clause: Counting, setting: Setting, verb: str) -> Iterable[Problem]:
    """The fact is measured like the piece, and a piece over has one reading."""
    value, each = measured(setting.item.value), measured(piece(clause))
    if value is not None and each is not None and value != each:
        yield scoring.unlike_units(clause.span, "指标值和每一件", called(value), called(each))
    number, worth = constant(piece(clause)), constant(clause.points)
    for said in (clause.under, clause.counted_as):
        other = constant(said)
        if number is not None and other is not None and other != number:
            yield scoring.remainder_of_other_step(clause.span, amount(piece(clause)), amount(said))
            return
    if clause.remainder is None and clause.each is not None and number != 1 and (number is None or number > 0):
        step = f"{called_each(clause)}{verb} {amount(clause.points)} 分"
        worked = ("1.5 档的分", "1 档的分", "2 档的分")
        situation = "有 1.5 档"
        if number is not None and worth is not None:
            worked = (decimal(worth * Fraction(3, 2)), decimal(worth), decimal(worth * 2))
            situation = f"有 {distance(number * Fraction(3, 2), each)}"
        yield scoring.remainder_unstated(clause.span, situation, step, amount(clause.each), worked, verb=verb)
