"""How far a loss or a gain goes: 扣完本指标为止, 最高得满分, 最多加 3 分, 不封顶.

Three scopes of 扣完 are never exchanged: 本要点 and 本指标 stop at the lowest the item itself may score; 本一级指标
lets the item go below that, and the group stops at 0 (the shell around the group does that). Bonuses and deductions
carry their cap in the header (最高 3 分), and the shell around them holds it, not a kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Protocol

from perfdsl.clauses.awards import scored, takes_away
from perfdsl.clauses.kind import Facts, Scope, Setting, constant
from perfdsl.clauses.measures import points
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Level
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Take, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.source import Span

FLOOR = fixed("until_point", "until_item", "until_group", "until", into="floor", required=False)
"""扣完本指标为止, in the phrase."""

FLOOR_FIELD = Take(
    "floor",
    slots=(
        fixed("until_point", "until_item", "until_group", "no_floor", into="floor", required=False),
        slot("at_least", {"amount": "least_total"}, required=False),
    ),
)
"""下限：扣完本一级指标为止, as a field. 总分不低于 0 分 is the total's own bound, repeated."""

MOST_LOST = slot("at_most", {"amount": "most"}, required=False, verb="deduct")
"""最多扣 2 分."""

CAP = fixed("full_at_most", "uncapped", into="cap", required=False)
"""最高得满分, 不封顶."""

MOST = slot("at_most", {"amount": "most"}, required=False, verb=("", "get", "add"))
"""最高 3 分, 最多加 3 分."""

CAP_FIELD = Take(
    "cap",
    slots=(
        fixed("full_at_most", "uncapped", into="cap", required=False),
        slot("at_most", {"amount": "most"}, required=False),
        slot("points", {"amount": "most"}, required=False),
    ),
)
"""上限：不封顶, as a field."""

OWN_FLOOR = ("until_point", "until_item")


class Losing(Protocol):
    """A clause that takes points away."""

    @property
    def span(self) -> Span | None: ...
    @property
    def floor(self) -> str | None: ...
    @property
    def most(self) -> Expression | None: ...


class Gaining(Protocol):
    """A clause that gives points."""

    @property
    def span(self) -> Span | None: ...
    @property
    def cap(self) -> str | None: ...
    @property
    def most(self) -> Expression | None: ...


def stops(floor: str | None) -> bool:
    """Whether the item itself stops at its lowest score."""
    return floor in OWN_FLOOR


# ---- meaning, twice


def floored(clause: Losing, score: NodeId, scope: Scope) -> NodeId:
    """``score``, not below the item's lowest where the rule stops there."""
    if not stops(clause.floor) or takes_away(scope.item):
        return score
    return scope.graph.apply(Fn.GREATEST, score, scope.least)


def floored_by_hand(clause: Losing, score: Fraction, facts: Facts) -> Fraction:
    """Stop where the rule stops: at the lowest the item may score, or not here."""
    if clause.floor in ("until_point", "until_item") and not takes_away(facts.item):
        return max(score, facts.least)
    return score


def capped(clause: Gaining, gain: NodeId, scope: Scope) -> NodeId:
    """``gain``, not above what the phrase allows."""
    if clause.most is not None:
        gain = scope.graph.apply(Fn.LEAST, gain, points(scope, clause.most))
    if clause.cap == "full_at_most":
        gain = scope.graph.apply(Fn.LEAST, gain, scope.full)
    return gain


def capped_by_hand(clause: Gaining, gain: Fraction, facts: Facts) -> Fraction:
    """最高得满分: no more than the full mark. 最多 x 分: no more than x. 不封顶: as much as it is."""
    if clause.cap == "full_at_most":
        gain = min(gain, facts.full)
    return gain if clause.most is None else min(gain, facts.number(clause.most))


# ---- checks


def check_floor(clause: Losing, setting: Setting) -> Iterable[Problem]:
    """A loss stops somewhere, and the rule says on which level."""
    item, most = setting.item, constant(clause.most)
    if takes_away(item):
        if item.full is None and clause.most is None and clause.floor not in ("until_group", "no_floor"):
            yield scoring.loss_uncapped(clause.span)
        return
    full = item.full or Fraction(0)
    example = decimal(full + 1)
    if clause.floor == "until":
        yield scoring.floor_scope_unstated(clause.span, decimal(full), example)
    elif clause.floor == "until_item" and item.level is Level.POINT and not item.method:
        yield scoring.floor_of_point(clause.span, decimal(full), example)
    elif clause.floor is None and clause.most is None and scored(item):
        yield scoring.floor_unstated(clause.span, decimal(full), f"应扣 {example} 分时")
    elif clause.floor is None and most is not None and scored(item) and full - most < item.least:
        yield scoring.below_least(clause.span, decimal(full - most), decimal(item.least))


def check_cap(clause: Gaining, setting: Setting) -> Iterable[Problem]:
    """A gain stops somewhere: at full marks, at a number, at the header's, or the rule says 不封顶."""
    item, most = setting.item, constant(clause.most)
    if clause.cap == "full_at_most" and item.full is None:
        yield scoring.full_missing(clause.span)
    if most is not None and item.full is not None and most > item.full and scored(item):
        yield scoring.award_above_full(clause.span, decimal(most), decimal(item.full))
    if clause.cap is None and clause.most is None and (scored(item) or item.full is None):
        yield scoring.cap_unstated(clause.span, "" if item.full is None else decimal(item.full))


def cap_in_words(clause: Gaining, most: str) -> str:
    """，最高得满分."""
    if clause.most is not None:
        return f"，最高 {most} 分"
    return {"full_at_most": "，最高得满分", "uncapped": "，不封顶"}.get(clause.cap or "", "")


def floor_in_words(clause: Losing, most: str) -> str:
    """，最多扣 2 分，扣完本指标为止."""
    told = {"until_point": "，扣完本要点为止", "until_item": "，扣完本指标为止", "until_group": "，扣完本一级指标为止"}
    at_most = f"，最多扣 {most} 分" if clause.most is not None else ""
    return at_most + told.get(clause.floor or "", "")
