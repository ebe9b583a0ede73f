"""How awards and amounts are told."""

from __future__ import annotations

from perfdsl.model.expression import Expression, Number, OwnRef
from perfdsl.model.item import Award, AwardKind
from perfdsl.model.units import decimal

OWN = {"value": "指标值", "target": "目标值", "full": "分值"}


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
    """An amount as it was written, points without their 分."""
    match expression:
        case Number(value, _, written=written):
            return written.removesuffix("分").strip() or f"{decimal(value)}{unit}"
        case OwnRef(what):
            return OWN[what]
        case None:
            return ""
        case _:
            return expression.span.text if expression.span else "…"
