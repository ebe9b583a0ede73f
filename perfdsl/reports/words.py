"""Published numbers, and how values are put for the eye. Nothing here is a binary fraction."""

from __future__ import annotations

from fractions import Fraction

from perfdsl.graph.ops import Fn, Reduce
from perfdsl.model.item import GROUPS, Item
from perfdsl.model.outputs import Cell
from perfdsl.model.rounding import Rounding, rounded
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Mode, Unit, ValueType, decimal, percent

MODES = {
    Mode.HALF_UP: "四舍五入",
    Mode.HALF_EVEN: "四舍六入五成双",
    Mode.DOWN: "舍去尾数",
    Mode.UP: "进一",
}
FUNCTIONS = {
    Fn.ADD: "相加",
    Fn.SUBTRACT: "相减",
    Fn.MULTIPLY: "相乘",
    Fn.DIVIDE: "相除",
    Fn.NEGATE: "取负",
    Fn.ABSOLUTE: "取绝对值",
    Fn.LEAST: "取小",
    Fn.GREATEST: "取大",
    Fn.POWER: "乘方、开方",
    Fn.LN: "自然对数",
    Fn.FLOOR: "不足一档的不计",
    Fn.CEIL: "不足一档的按一档计",
    Fn.LESS: "是否小于",
    Fn.LESS_EQUAL: "是否不超过",
    Fn.EQUAL: "是否等于",
    Fn.AND: "都符合",
    Fn.OR: "符合其一",
    Fn.NOT: "不符合",
    Fn.HAS: "看有没有值",
}
REDUCE = {Reduce.SUM: "合计", Reduce.COUNT: "计数", Reduce.LEAST: "最小的", Reduce.GREATEST: "最大的"}
YUAN, WAN, YI = Unit(("元",)), Fraction(10**4), Fraction(10**8)
EYE = 2
"""Digits of a number that goes on for ever, for the eye."""


# ---- published


def rounding_of(book: Rulebook, item: Item) -> Rounding | None:
    """How the item's score is rounded; a sum that is not rounded again is printed with the digits of its parts."""
    if item.rounding is not None:
        return item.rounding
    own = book.roundings.group if item.level in GROUPS else book.roundings.score
    return own or book.roundings.score


def published(cell: Cell, rounding: Rounding | None = None) -> str | None:
    """A cell as it is printed: numbers with the published digits, None where there is no value."""
    state, value = cell
    if state is not State.VALUE:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction):
        return decimal(value, max(rounding.digits, 0) if rounding else None)
    return str(value)


def published_full(cell: Cell, rounding: Rounding | None) -> str | None:
    """A full mark: as declared; one that was moved by redistribution, with two digits more than scores have."""
    state, value = cell
    if state is not State.VALUE or not isinstance(value, Fraction):
        return None
    exact = decimal(value)
    if "/" not in exact:
        return exact
    digits = (max(rounding.digits, 0) if rounding else 2) + 2
    return decimal(rounded(value, Rounding(digits, Mode.HALF_UP)), digits)


# ---- for the eye


def shown(cell: Cell, kind: ValueType, unit: Unit | None) -> str:
    """A value as people read it: ratios as percent, numbers with their unit, states by their word."""
    state, value = cell
    if state is not State.VALUE:
        return state.chinese
    match value:
        case bool():
            return "是" if value else "否"
        case Fraction() if unit == RATIO and kind is ValueType.NUMBER:
            return ratio(value)
        case Fraction() if unit == YUAN and abs(value) >= WAN:
            return _in(value / YI, "亿元") if abs(value) >= YI else _in(value / WAN, "万元")
        case Fraction():
            return _in(value, str(unit)) if unit is not None and unit != RATIO else plain(value)
    return str(value)


def _in(number: Fraction, unit: str) -> str:
    """``1.5 分``; ``61.09 分（672/11）``."""
    exact = decimal(number)
    return f"{decimal(_near(number))} {unit}（{exact}）" if "/" in exact else f"{exact} {unit}"


def plain(number: Fraction) -> str:
    """``1.5``; ``1.33（4/3）`` where the exact number has no end."""
    exact = decimal(number)
    return f"{decimal(_near(number))}（{exact}）" if "/" in exact else exact


def ratio(number: Fraction) -> str:
    """``96.4%``; ``92.78%（167/180）``; 0 and 1 as percent too."""
    if "/" in (exact := decimal(number)):
        return f"{percent(_near(number * 100) / 100)}（{exact}）"
    return percent(number)


LONG = 6
"""Digits after the point that are still printed one and all."""


def near(number: Fraction, digits: int = EYE) -> str:
    """``1.5``; ``≈1.33`` where the number has no end, or one far off."""
    exact = decimal(number)
    if "/" not in exact and len(exact.partition(".")[2]) <= max(digits, LONG):
        return exact
    return f"≈{decimal(rounded(number, Rounding(digits, Mode.HALF_UP)), digits)}"


def measured(number: Fraction, unit: Unit | None, digits: int = EYE) -> str:
    """The same with its unit: ``≈110.03%``, ``1.5 件``."""
    if unit == RATIO:
        return f"{near(number * 100, digits)}%"
    if unit == YUAN and abs(number) >= WAN:
        return f"{near(number / YI, digits)} 亿元" if abs(number) >= YI else f"{near(number / WAN, digits)} 万元"
    return f"{near(number, digits)} {unit}" if unit is not None else near(number, digits)


def percentage_points(number: Fraction) -> str:
    """The difference of two ratios: ``1.6 个百分点``."""
    return _in(number * 100, "个百分点")


def _near(number: Fraction) -> Fraction:
    """``number`` to two digits; more where two would leave nothing of it."""
    for digits in (EYE, EYE + 2, EYE + 6):
        if near := rounded(number, Rounding(digits, Mode.HALF_UP)):
            return near
    return Fraction(0)
