"""How values are measured: kinds, units, rounding modes, ties. Conversions are built in, measure words are open.

A ratio (率) is dimensionless; ``%`` writes it, ``个百分点`` writes a difference of two ratios. 件, 家, 人, 公里 and
whatever else officers count are units of their own: adding unlike units is the error, not using a new one.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum
from fractions import Fraction

from perfdsl.text.numbers import decimal, percent
from perfdsl.text.records import dataclass


class ValueType(Enum):
    """What a value is. Dates are days (proleptic Gregorian ordinals), grades positions in their order, 0 the best."""

    NUMBER = "number"
    BOOL = "bool"
    TEXT = "text"
    DATE = "date"
    GRADE = "grade"

    @property
    def chinese(self) -> str:
        """The word officers use."""
        return {"number": "数", "bool": "是否", "text": "文字", "date": "日期", "grade": "等次"}[self.value]


class Ties(Enum):
    """How equal values share ranks."""

    COMPETITION = "competition"  # 1、2、2、4
    DENSE = "dense"  # 1、2、2、3
    AVERAGE = "average"  # 1、2.5、2.5、4


class Mode(Enum):
    """Rounding modes; all act on the magnitude, so negatives are the mirror of positives."""

    HALF_UP = "half_up"  # 四舍五入: a half goes away from zero
    HALF_EVEN = "half_even"  # 四舍六入五成双
    DOWN = "down"  # 舍去尾数: towards zero
    UP = "up"  # 进一: away from zero


CONVERSIONS: dict[str, tuple[str, Fraction]] = {
    "元": ("元", Fraction(1)),
    "千元": ("元", Fraction(1000)),
    "万元": ("元", Fraction(10**4)),
    "百万元": ("元", Fraction(10**6)),
    "亿元": ("元", Fraction(10**8)),
    "%": ("", Fraction(1, 100)),
    "‰": ("", Fraction(1, 1000)),
    "倍": ("", Fraction(1)),
    "个百分点": ("", Fraction(1, 100)),
    "百分点": ("", Fraction(1, 100)),
    "万人": ("人", Fraction(10**4)),
    "万亩": ("亩", Fraction(10**4)),
    "吨": ("吨", Fraction(1)),
    "万吨": ("吨", Fraction(10**4)),
    "公里": ("米", Fraction(1000)),
    "千米": ("米", Fraction(1000)),
    "米": ("米", Fraction(1)),
    "天": ("日", Fraction(1)),
    "日": ("日", Fraction(1)),
}
"""Unit as written → (base unit, size in the base unit). A unit that is not here is its own base."""

MEASURE_WORDS = [
    "个",
    "家",
    "户",
    "人",
    "名",
    "件",
    "起",
    "次",
    "篇",
    "份",
    "项",
    "处",
    "条",
    "本",
    "册",
    "期",
    "场",
    "轮",
    "批",
    "所",
    "座",
    "台",
    "辆",
    "套",
    "张",
    "面",
    "宗",
    "例",
    "头",
    "亩",
    "公顷",
    "平方米",
    "平方公里",
    "立方米",
    "千瓦时",
    "万千瓦时",
    "吨标准煤",
    "万吨标准煤",
    "微克每立方米",
    "断面",
    "个断面",
    "村",
    "个村",
    "项目",
    "个项目",
    "个月",
    "月",
    "年",
    "季度",
    "小时",
    "分钟",
    "名次",
    "位",
    "岁",
    "票",
]
"""Measure words known without declaration; columns declare more."""

PIECES = frozenset("个家户人名件起次篇份项处条本册期场轮批所座台辆套张面宗例头票位村") | {"断面", "项目"}
"""Words that count whole pieces; 人次 and 件次 do too, and so does 个 with what is counted."""

TIMES = frozenset({"日", "工作日", "自然日", "月", "季度", "学期", "年", "小时", "学时", "课时", "分钟"})
"""Amounts of time: 1.5 个月, 优良天数 300 天."""

_LENGTHS = TIMES | {"百分点", "名次", "位次"}
"""What counts no things."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in base terms: 件 per 人 is ``Unit(("件",), ("人",))``; a ratio is ``Unit()``.

    ``over`` and ``under`` are sorted and share nothing.
    """

    over: tuple[str, ...] = ()
    under: tuple[str, ...] = ()

    def __mul__(self, other: Unit) -> Unit:
        return _reduced(self.over + other.over, self.under + other.under)

    def __truediv__(self, other: Unit) -> Unit:
        return _reduced(self.over + other.under, self.under + other.over)

    @property
    def counts_pieces(self) -> bool:
        """Whether an amount says how many there are of something (件, 人次, 个断面): never fewer than none.

        Of a unit word that nobody knows the answer is no.
        """
        if len(self.over) != 1 or self.under:
            return False
        word = self.over[0]
        counted = word.removeprefix("个")
        return counted not in _LENGTHS and (counted != word or word in PIECES or not set(word) - PIECES)

    @property
    def counts_time(self) -> bool:
        """Whether an amount says how much time there is (天, 个工作日, 小时): never less than none, and a part may be."""
        return len(self.over) == 1 and not self.under and self.over[0].removeprefix("个") in TIMES

    @property
    def counts_from_none(self) -> bool:
        """Whether an amount is never less than none: pieces, time."""
        return self.counts_pieces or self.counts_time

    def power(self, exponent: Fraction) -> Unit | None:
        """The unit of a power; None where it is none (the root of 元)."""
        counts = Counter(self.over)
        counts.subtract(self.under)
        raised = {unit: count * exponent for unit, count in counts.items()}
        if any(count.denominator != 1 for count in raised.values()):
            return None
        over = [unit for unit, count in raised.items() for _ in range(int(count))]
        under = [unit for unit, count in raised.items() for _ in range(-int(count))]
        return Unit(tuple(sorted(over)), tuple(sorted(under)))

    def __str__(self) -> str:
        if not self.over and not self.under:
            return "比率"
        return "·".join(self.over or ("1",)) + "".join(f"／{unit}" for unit in self.under)


def _reduced(over: tuple[str, ...], under: tuple[str, ...]) -> Unit:
    left, right = list(over), list(under)
    for unit in over:
        if unit in right:
            left.remove(unit)
            right.remove(unit)
    return Unit(tuple(sorted(left)), tuple(sorted(right)))


RATIO = Unit()
POINTS = Unit(("分",))
YEARS = Unit(("年",))
PLACES = Unit(("名次",))


def unit_of(word: str) -> tuple[Unit, Fraction]:
    """Unit word as written → (unit, factor that turns a number so written into the unit's base)."""
    base, factor = CONVERSIONS.get(word, (word, Fraction(1)))
    return (Unit((base,)) if base else RATIO), factor


__all__ = [
    "CONVERSIONS",
    "MEASURE_WORDS",
    "PLACES",
    "POINTS",
    "RATIO",
    "YEARS",
    "Mode",
    "Ties",
    "Unit",
    "ValueType",
    "decimal",
    "percent",
    "unit_of",
]
