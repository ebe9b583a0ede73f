"""What several kinds say and reckon alike: awards, amounts, whole steps."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from perfdsl.clauses.kind import Facts
from perfdsl.model.expression import Expression, Number, OwnRef
from perfdsl.model.item import Award, AwardKind
from perfdsl.model.units import decimal

OWN = {"value": "指标值", "target": "目标值", "full": "分值"}


def gives(award: Award, facts: Facts) -> Fraction:
    """The points of an award: 满分, 0, a number, or a number taken away."""
    if award.kind is AwardKind.FULL:
        return facts.full
    if award.points is None:
        return Fraction(0)
    points = facts.number(award.points)
    return -points if award.kind in (AwardKind.DEDUCT, AwardKind.REVERSE) else points


def in_words(award: Award | None) -> str:
    """得满分, 不得分, 得 3 分, 倒扣 1 分; 没有写明 where there is none."""
    if award is None:
        return "没有写明"
    match award.kind:
        case AwardKind.FULL:
            return "得满分"
        case AwardKind.ZERO:
            return "不得分"
    verb = {AwardKind.ADD: "加", AwardKind.DEDUCT: "扣", AwardKind.REVERSE: "倒扣"}.get(award.kind, "得")
    return f"{verb} {amount(award.points)} 分"


def amount(expression: Expression | None, unit: str = "") -> str:
    """An amount as it was written."""
    match expression:
        case Number(value, _, written=written):
            return written.removesuffix("分").strip() or f"{decimal(value)}{unit}"
        case OwnRef(what):
            return OWN[what]
        case None:
            return ""
        case _:
            return expression.span.text if expression.span else "…"


def steps(gap: Fraction, each: Fraction, remainder: str | None) -> Fraction:
    """How many steps ``gap`` makes: pro rata, whole steps only, or a begun step counted whole.

    A gap of nothing or less is no step. Where the rule says nothing of a remainder, the check has made sure that
    there can be none (whole numbers, step 1).
    """
    if gap <= 0:
        return Fraction(0)
    exact = gap / each
    if remainder == "not_counted":
        return Fraction(floor(exact))
    if remainder == "count_as":
        return Fraction(ceil(exact))
    return exact
