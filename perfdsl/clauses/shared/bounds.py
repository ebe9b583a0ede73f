"""How far a loss or a gain goes: 扣完本指标为止, 不低于 5 分, 最高得满分, 最多加 3 分, 不封顶.

Three scopes of 扣完 are never exchanged: 本要点 and 本指标 stop at the lowest the item itself may score; 本一级指标
lets the item go below that, and the group stops at 0 (the shell around the group does that). Bonuses and deductions
carry their cap in the header (最高 3 分), and the shell around them holds it, not a kind.

A cap is on how many points there are, given or taken: under 扣分项 it is laid on them before the sign
(每件 1 分，最高 3 分 takes 3 points at most). 下限：不低于 5 分 is a floor of the item's own; 下限：总分不低于 0 分 only
repeats the total's, and must agree with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Protocol

from perfdsl.clauses.kind import Choice, Facts, Scope, Setting, constant
from perfdsl.clauses.shared.awards import scored, takes_away
from perfdsl.clauses.shared.measures import measured, points
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Item, Level
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.units import POINTS, decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Take, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import replace
from perfdsl.text.source import Span

FLOOR = fixed("until_point", "until_item", "until_group", "until", "no_floor", into="floor", required=False)
"""扣完本指标为止, in the phrase."""

FLOOR_FIELD = Take(
    "floor",
    slots=(
        fixed("until_point", "until_item", "until_group", "no_floor", into="floor", required=False),
        slot("at_least", {"amount": "least"}, required=False, subject=""),
        slot("at_least", {"amount": "total_least"}, required=False, subject="total"),
    ),
)
"""下限：扣完本一级指标为止, as a field; 下限：不低于 5 分; 下限：总分不低于 0 分."""

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

CAP_CHOICE = Choice(
    "cap",
    "高于满分的怎样计",
    (("full_at_most", "最高得满分"), ("uncapped", "不封顶")),
    "K209",
    put=lambda clause, value: replace(clause, cap=value, most=None),
)
FLOOR_CHOICES = (
    Choice(
        "floor",
        "扣完哪一级为止",
        (("until_item", "扣完本指标为止"), ("until_group", "扣完本一级指标为止")),
        "K207",
    ),
    Choice(
        "floor",
        "要点扣完哪一级为止",
        (("until_point", "扣完本要点为止"), ("until_group", "扣完本一级指标为止")),
        "K207",
        now=lambda clause: "until_point" if clause.floor == "until_point" else None,
    ),
)

OWN_FLOOR = ("until_point", "until_item")

UNTIL = {
    "until_point": "扣完本要点为止",
    "until_item": "扣完本指标为止",
    "until_group": "扣完本一级指标为止",
    "until": "扣完为止",
    "no_floor": "不保底",
}


class Floored(Protocol):
    """A clause that has the field 下限."""

    @property
    def span(self) -> Span | None: ...
    @property
    def floor(self) -> str | None: ...
    @property
    def least(self) -> Expression | None: ...
    @property
    def total_least(self) -> Expression | None: ...


class Losing(Floored, Protocol):
    """A clause that takes points away."""

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


class Taking(Losing, Gaining, Protocol):
    """A clause that gives points, or takes them under 扣分项."""


def stops(floor: str | None) -> bool:
    """Whether the item itself stops at its lowest score."""
    return floor in OWN_FLOOR


# ---- meaning, twice


def floored(clause: Floored, score: NodeId, scope: Scope) -> NodeId:
    """``score``, not below 下限, nor below the item's lowest where the rule stops there."""
    if clause.least is not None:
        score = scope.graph.apply(Fn.GREATEST, score, points(scope, clause.least))
    if not stops(clause.floor) or takes_away(scope.item):
        return score
    return scope.graph.apply(Fn.GREATEST, score, scope.least)


def floored_by_hand(clause: Floored, score: Fraction, facts: Facts) -> Fraction:
    """Stop where the rule stops: at the number it says, at the lowest the item may score, or not here."""
    if clause.floor in ("until_point", "until_item") and not takes_away(facts.item):
        score = max(score, facts.least)
    return score if clause.least is None else max(score, facts.number(clause.least))


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
    yield from check_points(clause.most, clause.span)
    yield from check_lowest(clause, setting)
    full, bounded = item.full or Fraction(0), clause.most is not None or clause.least is not None
    if takes_away(item):
        capped_ = item.full is not None or capped_above(item, setting.rulebook)
        if not capped_ and not bounded and clause.floor not in ("until_group", "no_floor"):
            yield scoring.loss_uncapped(clause.span)
    elif clause.floor is None and not bounded and scored(item):
        yield scoring.floor_unstated(clause.span, decimal(full), f"应扣 {decimal(full + 1)} 分时")
    elif (
        clause.floor is None and clause.least is None and most is not None and scored(item) and full - most < item.least
    ):
        yield scoring.below_least(clause.span, decimal(full - most), decimal(item.least))


def check_lowest(clause: Floored, setting: Setting) -> Iterable[Problem]:
    """下限 and 扣完…为止 have one reading, and say nothing against the item's and the total's own bounds."""
    item, full = setting.item, setting.item.full or Fraction(0)
    if not takes_away(item) and clause.floor == "until":
        yield scoring.floor_scope_unstated(clause.span, decimal(full), decimal(full + 1))
    elif not takes_away(item) and clause.floor == "until_item" and item.level is Level.POINT and not item.method:
        yield scoring.floor_of_point(clause.span, decimal(full), decimal(full + 1))
    yield from check_least(clause, setting)
    yield from check_total(clause, setting)


def check_least(clause: Floored, setting: Setting) -> Iterable[Problem]:
    """下限：不低于 5 分 leaves something to lose, and no other floor is written beside it."""
    yield from check_points(clause.least, clause.span)
    item, number = setting.item, constant(clause.least)
    if clause.least is None or number is None:
        return
    said, until = f"不低于 {amount(clause.least)} 分", UNTIL.get(clause.floor or "")
    if takes_away(item):
        if number > 0:
            yield scoring.contradiction(clause.span, said, "扣分项的得分是负数")
    elif number < item.least:
        yield scoring.below_least(clause.span, decimal(number), decimal(item.least))
    elif item.full is not None and number >= item.full:
        yield scoring.contradiction(clause.span, said, f"分值 {decimal(item.full)} 分")
    if until is not None and not (stops(clause.floor) and number == item.least):
        yield scoring.contradiction(clause.span, said, until)


def check_total(clause: Floored, setting: Setting) -> Iterable[Problem]:
    """下限：总分不低于 0 分 is the total's own bound."""
    yield from check_points(clause.total_least, clause.span)
    said, own = clause.total_least, setting.rulebook.total.least
    if said is not None and constant(said) != own:
        there = "总分没有写最低分" if own is None else f"总分最低 {decimal(own)} 分"
        yield scoring.contradiction(clause.span, f"总分不低于 {amount(said)} 分", there)


def check_points(expression: Expression | None, span: Span | None) -> Iterable[Problem]:
    """A bound is so many 分: 50% of what nobody knows."""
    if expression is not None and measured(expression) not in (None, POINTS):
        place = expression.span or span
        yield scoring.points_wanted(place, expression.span.text if expression.span else amount(expression))


def check_nothing_lost(clause: Floored, setting: Setting) -> Iterable[Problem]:
    """What is only given has no floor of its own."""
    yield from check_total(clause, setting)
    if clause.floor is not None or clause.least is not None:
        said = UNTIL.get(clause.floor or "", f"不低于 {amount(clause.least)} 分")
        yield scoring.contradiction(clause.span, said, "只得分、不扣分")


def check_taking(clause: Taking, setting: Setting, bounded: bool = False) -> Iterable[Problem]:
    """Points written without 扣 under 扣分项: how far they go is said as for a loss."""
    if clause.cap is not None:
        said = "不封顶" if clause.cap == "uncapped" else "最高得满分"
        yield scoring.contradiction(clause.span, said, "扣分")
    yield from check_lowest(clause, setting) if bounded else check_floor(clause, setting)


def check_cap(clause: Gaining, setting: Setting) -> Iterable[Problem]:
    """A gain stops somewhere: at full marks, at a number, at the header's, or the rule says 不封顶."""
    item, most = setting.item, constant(clause.most)
    yield from check_points(clause.most, clause.span)
    if clause.cap == "uncapped" and clause.most is not None:
        yield scoring.contradiction(clause.span, "不封顶", f"最高 {amount(clause.most)} 分")
    if clause.cap == "full_at_most" and item.full is None:
        yield scoring.full_missing(clause.span)
    if most is not None and item.full is not None and most > item.full and scored(item):
        yield scoring.award_above_full(clause.span, decimal(most), decimal(item.full))
    unbounded = scored(item) or (item.full is None and not capped_above(item, setting.rulebook))
    if clause.cap is None and clause.most is None and unbounded:
        yield scoring.cap_unstated(clause.span, "" if item.full is None else decimal(item.full))


def capped_above(item: Item, book: Rulebook) -> bool:
    """Whether a 加分项 or 扣分项 has a cap that is worked out, or stands in a group that has one."""
    if item.most is not None:
        return True
    groups = [one for one in book.walk() if item in one.children and one.level is item.level]
    return any(group.full is not None or capped_above(group, book) for group in groups)


def cap_in_words(clause: Gaining, most: str) -> str:
    """，最高得满分."""
    if clause.most is not None:
        return f"，最高 {most} 分"
    return {"full_at_most": "，最高得满分", "uncapped": "，不封顶"}.get(clause.cap or "", "")


def floor_in_words(clause: Losing, most: str) -> str:
    """，最多扣 2 分，扣完本指标为止."""
    at_most = f"，最多扣 {most} 分" if clause.most is not None else ""
    return at_most + least_in_words(clause)


def least_in_words(clause: Floored) -> str:
    """，不低于 5 分，扣完本指标为止."""
    at_least = f"，不低于 {amount(clause.least)} 分" if clause.least is not None else ""
    until = clause.floor if clause.floor in (*OWN_FLOOR, "until_group", "no_floor") else None
    return at_least + (f"，{UNTIL[until]}" if until is not None else "")
