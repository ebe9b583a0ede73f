"""附表, 数据 and 台账: what a rulebook says about its tables.

附表 are rules: decided with the rulebook, hashed, compared and attributed with it. 数据 and 台账 are facts, found
out during the year.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from fractions import Fraction

from perfdsl.model.states import State
from perfdsl.model.units import Unit, ValueType
from perfdsl.text.citation import Address
from perfdsl.text.records import dataclass, field
from perfdsl.text.source import Span

UNITS = "单位名册"
"""The table of the appraised units; its rows are the grain :data:`UNIT_GRAIN`."""

UNIT_GRAIN = "单位"
"""The grain of all tables of one row a unit; its columns are keyed ``表名.列名``."""

FACTS = "实绩"
"""The table that holds the facts named under the indicators: one row a unit."""

FACTS_OF = "实绩"
"""The facts of a 附表 of 个性指标 stand in a table called by its name and this word: 个性指标实绩."""

MONTHLY, QUARTERLY, HALF_YEARLY = "月报", "季报", "半年报"
"""The tables of facts reported by the month, the quarter and the half-year: one row a unit and period."""


RATERS = ("评委", "票号", "投票人")
"""Columns that tell whose row it is, in a table of one row a unit and rater: all rows of one rater are one ballot."""


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
    RATER = "每个单位每个评委一行"
    QUARTER = "每个单位每季一行"
    HALF = "每个单位每半年一行"

    @property
    def cadence(self) -> Cadence | None:
        """The periods of the year that the rows stand for; None for tables that have none."""
        return CADENCES.get(self)


@dataclass(frozen=True, slots=True)
class Cadence:
    """A year cut into ``periods`` of equal length. ``along`` is the column that numbers them, from 1."""

    word: str
    along: str
    periods: int
    table: str

    @property
    def months(self) -> int:
        """Months of one period."""
        return 12 // self.periods

    def called(self, period: int) -> str:
        """3 月、二季度、下半年."""
        if self.periods == 12:
            return f"{period}月"
        return f"{'一二三四'[period - 1]}季度" if self.periods == 4 else "上下"[period - 1] + "半年"


CADENCES = {
    RowOf.MONTH: Cadence("每月", "月份", 12, MONTHLY),
    RowOf.QUARTER: Cadence("每季", "季度", 4, QUARTERLY),
    RowOf.HALF: Cadence("每半年", "半年", 2, HALF_YEARLY),
}
"""Tables of one row a unit and period. A year begins in January."""


class ToYear(Enum):
    """How the periods of a column become the year's value. What grew through the year (累计数) ends at the year's."""

    SUM = "全年合计"
    MEAN = "各月平均"
    LAST = "取12月数"
    RUNNING = "各月累计数"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column. ``unit`` and ``factor`` turn a number as written into the base unit.

    ``choices`` close a text column. ``marks`` are texts that stand for a state (``/`` → 不涉及).
    ``source`` is who supplies it, ``for_items`` the codes of the indicators that read it. ``also`` are other
    headings under which a data file may carry the column (``四个到位·方案到位`` beside ``方案到位``). ``of_units``: its
    cells name units of the roster. ``former``: what it was called before (曾用名), read as well. ``reworded``: words that its cells may still use, each
    with the one that stands for it now. ``optional``: a blank cell says that there is none (可不填). ``signed``: a number of
    pieces that may be negative all the same, being a change (可为负数).
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
    former: tuple[str, ...] = ()
    reworded: tuple[tuple[str, str], ...] = ()
    of_units: bool = False
    optional: bool = False
    signed: bool = False
    span: Span | None = field(default=None, compare=False, repr=False)


def split_key(key: str, tables: Iterable[str] = ()) -> tuple[str, str]:
    """(table, column) of a column at the grain of units (``实绩.PM2.5``); both names may hold dots.

    A table of ``tables`` whose name it begins with decides, the longest first; else the first dot does.
    """
    named = [name for name in tables if key.startswith(f"{name}.")]
    table = max(named, key=len) if named else key.partition(".")[0]
    return (table, key[len(table) + 1 :]) if "." in key else ("", key)


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
