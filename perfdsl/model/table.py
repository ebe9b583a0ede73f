"""附表, 数据 and 台账: what a rulebook says about its tables.

附表 are rules: decided with the rulebook, hashed, compared and attributed with it. 数据 and 台账 are facts, found
out during the year.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from perfdsl.model.states import State
from perfdsl.model.units import Unit, ValueType
from perfdsl.text.citation import Address
from perfdsl.text.source import Span

UNITS = "单位名册"
"""The table of the appraised units; its rows are the grain ``单位``."""

FACTS = "实绩"
"""The table that holds the facts named under the indicators: one row a unit."""

FACTS_OF = "实绩"
"""The facts of a 附表 of 个性指标 stand in a table called by its name and this word: 个性指标实绩."""

MONTHLY = "月报"
"""The table of facts reported by the month: one row a unit and month."""


class TableRole(Enum):
    """What a table is for."""

    RULE = "附表"
    FACT = "数据"
    LEDGER = "台账"


class RowOf(Enum):
    """What one row of a table stands for."""

    UNIT = "每个单位一行"
    MEMBER = "每行一项"  # a table of members, indicators or points: not tied to units
    UNIT_ITEM = "每个单位多行"
    EVENT = "每个事项一行"
    MONTH = "每个单位每月一行"


class ToYear(Enum):
    """How a monthly column becomes the year's value."""

    SUM = "全年合计"
    MEAN = "各月平均"
    LAST = "取12月数"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column. ``unit`` and ``factor`` turn a number as written into the base unit.

    ``choices`` close a text column. ``marks`` are texts that stand for a state (``/`` → 不涉及).
    ``source`` is who supplies it, ``for_items`` the codes of the indicators that read it. ``also`` are other
    headings under which a data file may carry the column (``四个到位·方案到位`` beside ``方案到位``).
    """

    name: str
    kind: ValueType
    unit: Unit | None = None
    factor: Fraction = Fraction(1)
    unit_word: str = ""
    choices: tuple[str, ...] = ()
    marks: tuple[tuple[str, State], ...] = ()
    source: str = ""
    frequency: str = ""
    to_year: ToYear | None = None
    required: bool = True
    for_items: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RuleCell:
    """A cell of a 附表 as text, and where it stands (in the rulebook or in a file beside it)."""

    text: str
    place: Span | Address | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the rulebook declares it. ``rows`` are filled for 附表, whose cells are rules."""

    name: str
    role: TableRole
    row_of: RowOf
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[RuleCell, ...], ...] = ()
    file: str = ""
    source: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)

    def column(self, name: str) -> TableColumn | None:
        """The column called ``name``."""
        return next((column for column in self.columns if column.name == name), None)
