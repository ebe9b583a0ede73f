"""Expressions and conditions, every name resolved.

Numbers are in base units (98% is 49/50, 3 万元 is 30000 元). Spans are not part of a meaning: two expressions
written in different places compare equal.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from fractions import Fraction

from perfdsl.model.rounding import Rounding
from perfdsl.model.units import Ties, Unit, ValueType
from perfdsl.text.records import dataclass, field
from perfdsl.text.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """Something that has a value for each unit (or each row of a ledger, inside a ledger's condition)."""

    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number(Expression):
    """A quantity as written, in base units. ``written`` keeps the author's words for messages."""

    value: Fraction
    unit: Unit
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class TextLiteral(Expression):
    """``“区县”``."""

    value: str


@dataclass(frozen=True, slots=True)
class DateLiteral(Expression):
    """``2018年7月31日``. ``as_of``: 截至日期, the last day of 考核期 unless the run is made as of an earlier one."""

    value: date
    as_of: bool = False


class Pace(Enum):
    """How much of the year's task is expected by a day (时序进度)."""

    DAYS = "按天"
    MONTHS = "按月"
    TABLE = "按附表"


@dataclass(frozen=True, slots=True)
class Progress(Expression):
    """时序进度: the share of the year's task that is expected by now; all of it, but in a run as of an earlier day.

    ``shares`` are those of the table, by the month that is over.
    """

    pace: Pace
    shares: tuple[Fraction, ...] = ()


@dataclass(frozen=True, slots=True)
class Undue(Expression):
    """``of``, of which nothing is asked yet (未到期). Made by runs as of a day, never written."""

    of: Expression


@dataclass(frozen=True, slots=True)
class ColumnRef(Expression):
    """A column of ``table``. In a table of one row a unit: the unit's cell.

    ``period`` tables (one row a unit and month) are brought to the year as their column says.
    """

    table: str
    column: str
    kind: ValueType
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Single(Expression):
    """当期数: what a running total grew by since the period before; in the first period it is the total itself."""

    of: ColumnRef


@dataclass(frozen=True, slots=True)
class Past(Expression):
    """What a table of earlier years says of the years that lie ``years`` before this one, or their mean (往年平均).

    A year without a row is 未报, or left out of the mean (``skip_gaps``, 缺年不计). Two rows for one year are 待定, or
    added up (``merged``, 合并单位相加).
    """

    of: ColumnRef
    years: tuple[int, ...]
    skip_gaps: bool = False
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Rising(Expression):
    """连增年数（now、n 年）: through how many years in a row, this one back and ``years`` at most, it was more than the year before."""

    now: Expression
    before: tuple[Past, ...]


@dataclass(frozen=True, slots=True)
class WorkingDays(Expression):
    """工作日数（起、止）: how many working days lie after ``start``, up to ``end`` and with it; none where it is not later."""

    start: Expression
    end: Expression


@dataclass(frozen=True, slots=True)
class DueDay(Expression):
    """期后工作日（5 个工作日）: in a rule for a period of ``table``, the day that many working days after the period's end."""

    count: int
    table: str


@dataclass(frozen=True, slots=True)
class ItemRef(Expression):
    """A number of another item: ``what`` is ``value`` (指标值), ``score`` (得分), ``target`` (目标值).

    Without a code: ``total`` (总分), ``base`` (基本分) and ``rank`` (名次), those of the unit.
    ``period``: the score of one period, where what reads it looks at the same periods.
    """

    what: str
    code: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class OwnRef(Expression):
    """A number of the item the expression stands in: ``value``, ``target`` or ``full`` (分值)."""

    what: str
    unit: Unit


class Fn(Enum):
    """Functions of expressions."""

    ADD = "+"
    SUBTRACT = "－"
    MULTIPLY = "×"
    DIVIDE = "÷"
    NEGATE = "负"
    LEAST = "取小"
    GREATEST = "取大"
    ABSOLUTE = "绝对值"
    POWER = "幂"  # the exponent is a Number
    LN = "自然对数"
    GEOMETRIC = "几何平均"
    HARMONIC = "调和平均"


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """``fn`` of ``args``."""

    fn: Fn
    args: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Rounded(Expression):
    """取舍（of、保留 2 位、四舍五入）: rounding of a number on the way."""

    of: Expression
    rounding: Rounding


@dataclass(frozen=True, slots=True)
class MeanOf(Expression):
    """各项平均（…、至少 n 项有数）: mean of those of ``parts`` that have a value.

    Without ``least`` all must have one, as in any arithmetic. With it, parts that are 未报 or not there at all are left
    out while ``least`` remain; what is 待定 leaves the mean 待定.
    """

    parts: tuple[Expression, ...]
    least: int | None = None


class Population(Enum):
    """Among whom 最高者, 第一名, 平均 and 名次 are taken."""

    CATEGORY = "同类别"  # the unit's own category
    RANKED = "参加排名的单位"
    ALL = "全部单位"


class Across(Enum):
    """Functions over the units of a population."""

    MEAN = "平均"
    WEIGHTED_MEAN = "加权平均"
    GREATEST = "最高值"
    LEAST = "最低值"
    SUM = "合计"
    MEDIAN = "中位数"
    PERCENTILE = "百分位"
    DEVIATION = "标准差"
    RANK = "排名"


class Percentile(Enum):
    """How a percentile is taken that falls between two units."""

    INTERPOLATED = "线性插值"  # the place 1 + (n - 1) × p, the share between two neighbours pro rata
    NEAREST = "最近序位"  # the value in the place n × p, a begun place counted whole


@dataclass(frozen=True, slots=True)
class AcrossUnits(Expression):
    """``fn`` of the values that the units of ``population`` have, with or without the unit itself.

    ``weight`` of WEIGHTED_MEAN; ``share`` (0 to 1) and ``method`` of PERCENTILE; ``greatest_first`` and ``ties`` of RANK,
    which is the unit's own place; ``sample`` of DEVIATION divides by n - 1. A unit without a value (不涉及 and weaker states) is not among them.
    """

    fn: Across
    of: Expression
    population: Population
    with_self: bool = True
    weight: Expression | None = None
    share: Fraction = Fraction(1, 2)
    method: Percentile = Percentile.INTERPOLATED
    greatest_first: bool = True
    ties: Ties = Ties.COMPETITION
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that holds or does not, for each unit (or each row of a ledger)."""

    span: Span | None = field(default=None, compare=False, repr=False)


class Compare(Enum):
    """Comparisons."""

    LESS = "<"
    LESS_EQUAL = "≤"
    EQUAL = "="
    NOT_EQUAL = "≠"
    GREATER_EQUAL = "≥"
    GREATER = ">"


@dataclass(frozen=True, slots=True)
class Comparison(Condition):
    """``left`` against ``right``."""

    op: Compare
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Holds(Condition):
    """A yes/no fact is 是."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Filled(Condition):
    """There is something in the cell: 有 文号. A blank cell, and one that says 不涉及, has none."""

    of: Expression


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    """且."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """或."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """不."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Happened(Condition):
    """At least ``least`` rows of ``ledger`` of this unit meet ``where``; with ``along`` so many in a row.

    ``along`` is the column that numbers the periods or years; one that is not there breaks the run.
    """

    ledger: str
    where: Condition
    least: int
    along: str = ""


@dataclass(frozen=True, slots=True)
class InGrade(Condition):
    """The unit's grade is one of ``grades``; with ``years`` > 1, so many years in a row, this one included.

    ``restart`` begins the count again after it was reached.
    """

    grades: tuple[str, ...]
    years: int = 1
    restart: bool = False


@dataclass(frozen=True, slots=True)
class Placed(Condition):
    """名次在前 5 名, 名次在后 3 名: among the first or the last ``count`` of its group.

    ``tied_in``: of units that share the place at the edge, all are among them, or none is.
    """

    first: bool
    count: int
    tied_in: bool


@dataclass(frozen=True, slots=True)
class RuleHolds(Condition):
    """The veto, limit or drop with ``code`` applies to the unit (【F01】成立)."""

    code: str


TRUE = AllOf(())
"""The condition that always holds."""
