"""Expressions and conditions, every name resolved.

Numbers are in base units (98% is 49/50, 3 万元 is 30000 元). Spans are not part of a meaning: two expressions
written in different places compare equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from perfdsl.model.units import Unit, ValueType
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
    """``2018年7月31日``."""

    value: date


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
class ItemRef(Expression):
    """A number of another item: ``what`` is ``value`` (指标值), ``score`` (得分), ``target`` (目标值); of none: ``total``, ``base``."""

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


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """``fn`` of ``args``."""

    fn: Fn
    args: tuple[Expression, ...]


class Population(Enum):
    """Among whom 最高者, 第一名, 平均 and 名次 are taken."""

    CATEGORY = "同类别"  # the unit's own category
    RANKED = "参加排名的单位"
    ALL = "全部单位"


@dataclass(frozen=True, slots=True)
class Mean(Expression):
    """平均（of）: simple mean over ``population``, of the units that have a value, with or without the unit itself."""

    of: Expression
    population: Population
    with_self: bool


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
    """At least ``least`` rows of ``ledger`` of this unit meet ``where``."""

    ledger: str
    where: Condition
    least: int


@dataclass(frozen=True, slots=True)
class InGrade(Condition):
    """The unit's grade is one of ``grades``; with ``years`` > 1, so many years in a row, this one included.

    ``restart`` begins the count again after it was reached.
    """

    grades: tuple[str, ...]
    years: int = 1
    restart: bool = False


TRUE = AllOf(())
"""The condition that always holds."""
