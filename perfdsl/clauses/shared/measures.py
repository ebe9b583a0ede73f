"""What an amount is measured in, as far as the rulebook alone says it, and how it is told.

A number written without a unit is *bare*: it takes the unit of what it is compared with (大于 0). 百分点 and % are
the same ratio in base units; only the written words tell them apart, and where both readings are possible the
check asks.
"""

from __future__ import annotations

from fractions import Fraction
from re import search, sub

from perfdsl.clauses.kind import Scope
from perfdsl.graph.ops import NodeId
from perfdsl.model.calendar import WORKING_DAYS
from perfdsl.model.expression import (
    Across,
    AcrossUnits,
    Call,
    ColumnRef,
    Expression,
    Fn,
    ItemRef,
    MeanOf,
    Number,
    OwnRef,
    Past,
    Progress,
    Rising,
    Rounded,
    Single,
    WorkingDays,
)
from perfdsl.model.item import Item
from perfdsl.model.units import PLACES, POINTS, RATIO, YEARS, Ties, Unit, ValueType, decimal, percent

CONTINUOUS = frozenset(
    {
        *(
            "元",
            "米",
            "吨",
            "亩",
            "公顷",
            "平方米",
            "平方公里",
            "立方米",
            "千瓦时",
            "万千瓦时",
            "吨标准煤",
            "万吨标准煤",
        ),
        *("微克每立方米", "小时", "分钟", "年", "分"),
    }
)
"""Units whose amounts have fractions; everything else is counted in whole pieces."""
WHOLE = frozenset({Fn.ADD, Fn.SUBTRACT, Fn.NEGATE, Fn.LEAST, Fn.GREATEST, Fn.ABSOLUTE})
"""Functions that make whole numbers of whole numbers."""


def bare(expression: Expression | None) -> bool:
    """Whether ``expression`` is a number written without a unit."""
    return (
        isinstance(expression, Number) and expression.unit == RATIO and search("[%％‰倍点]", expression.written) is None
    )


def in_percent(expression: Expression) -> bool:
    """Whether ``expression`` is written with ``%``."""
    return isinstance(expression, Number) and search("[%％]", expression.written) is not None


def measured(expression: Expression | None) -> Unit | None:
    """The unit of ``expression``; None where it is no number or does not say (a bare number)."""
    match expression:
        case Number(unit=unit):
            return None if bare(expression) else unit
        case ColumnRef(kind=kind, unit=unit):
            return (unit or RATIO) if kind is ValueType.NUMBER else None
        case ItemRef(unit=unit) | OwnRef(unit=unit):
            return unit
        case AcrossUnits(fn=Across.RANK):
            return PLACES
        case AcrossUnits(of=of) | Rounded(of=of) | Single(of=of) | Past(of=of):
            return measured(of)
        case WorkingDays():
            return WORKING_DAYS
        case Rising():
            return YEARS
        case Progress():
            return RATIO
        case MeanOf(parts=parts):
            return next((unit for unit in map(measured, parts) if unit is not None), None)
        case Call(fn=Fn.LN):
            return RATIO
        case Call(fn=Fn.POWER, args=(of, Number(value=exponent))):
            return (measured(of) or RATIO).power(exponent)
        case Call(fn=Fn.MULTIPLY, args=(one, other)):
            return (measured(one) or RATIO) * (measured(other) or RATIO)
        case Call(fn=Fn.DIVIDE, args=(one, other)):
            return (measured(one) or RATIO) / (measured(other) or RATIO)
        case Call(args=args):
            return next((unit for unit in map(measured, args) if unit is not None), None)
    return None


def whole(expression: Expression | None, item: Item) -> bool:
    """Whether the values of ``expression`` can only be whole numbers: counts, and sums of counts."""
    match expression:
        case Number(value=value):
            return value.denominator == 1
        case ColumnRef(kind=ValueType.NUMBER, unit=unit):
            return unit is not None and counted(unit)
        case AcrossUnits(fn=Across.RANK):
            return expression.ties is not Ties.AVERAGE
        case AcrossUnits(fn=Across.GREATEST | Across.LEAST | Across.SUM, of=of):
            return whole(of, item)
        case OwnRef(what="value"):
            return whole(item.value, item)
        case OwnRef(what="target"):
            return whole(item.target, item)
        case Call(fn=fn, args=args):
            return fn in WHOLE and all(whole(arg, item) for arg in args)
        case Rounded(rounding=rounding):
            return rounding.digits <= 0
        case WorkingDays() | Rising():
            return True
        case Single(of=of) | Past(of=of):
            return whole(of, item) and not (isinstance(expression, Past) and len(expression.years) > 1)
    return False


def counted(unit: Unit) -> bool:
    """Whether ``unit`` counts whole pieces (件, 人, 次)."""
    return len(unit.over) == 1 and not unit.under and unit.over[0] not in CONTINUOUS


_NUMBER = r"^[-+－\u2212]?\s*(?:[\d.,，]+|[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]*)\s*"


def unit_word(expression: Expression | None) -> str:
    """The unit word of an amount as written: ``1 件``, 一件 → 件; 百分点 are differences of what is given in %."""
    match expression:
        case Number(unit=unit, written=written):
            word = sub(_NUMBER, "", written).strip()
            if "百分点" in word:
                return "%"
            return word or ("·".join(unit.over) if not unit.under else "")
    return ""


# ---- nodes


def amount_in(scope: Scope, expression: Expression, unit: Unit | None) -> NodeId:
    """An amount of the phrase; a bare number is read in ``unit``."""
    if isinstance(expression, Number) and bare(expression) and unit is not None:
        return scope.graph.number(expression.value, unit)
    return scope.number(expression)


def like(scope: Scope, expression: Expression, node: NodeId) -> NodeId:
    """An amount that is compared with ``node``."""
    return amount_in(scope, expression, scope.graph.type(node).unit)


def points(scope: Scope, expression: Expression) -> NodeId:
    """An amount of points."""
    return amount_in(scope, expression, POINTS)


def zero(scope: Scope) -> NodeId:
    """0 分."""
    return scope.graph.number(0, POINTS)


# ---- words


def shown(number: Fraction, unit: Unit | None) -> str:
    """A number as officers read it: ``98%``, ``3 件``."""
    if unit is None or unit == RATIO:
        return percent(number) if unit == RATIO else decimal(number)
    return f"{decimal(number)} {unit}"


def distance(number: Fraction, unit: Unit | None) -> str:
    """A difference as officers read it: ``1.6 个百分点``, ``3 件``."""
    return f"{decimal(number * 100)} 个百分点" if unit == RATIO else shown(number, unit)


def called(unit: Unit | None) -> str:
    """A unit in a message."""
    return "没有单位的数" if unit is None else ("百分比" if unit == RATIO else str(unit))
