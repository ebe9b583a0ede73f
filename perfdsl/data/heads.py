"""Headings of a file → columns of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from perfdsl.data.columns import UNIT_COLUMN
from perfdsl.data.raw import Origin, RawCell, RawRow, RawTable, clean, key, text_cell
from perfdsl.model.table import RowOf, Table, TableColumn
from perfdsl.model.units import CONVERSIONS, MEASURE_WORDS, ValueType
from perfdsl.text.catalogue import data as say
from perfdsl.text.citation import Address
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass, replace
from perfdsl.text.source import Span

if TYPE_CHECKING:
    from perfdsl.data.parquet import Large

UNIT_HEADINGS = ("单位名称", "被考核单位", "考核对象")
"""Other headings under which the column 单位 comes."""

PERIOD_HEADINGS = {
    "月份": ("月", "月度", "所属月份"),
    "季度": ("季", "季别", "所属季度"),
    "半年": ("半年度", "上下半年", "所属半年"),
}

_UNIT_WORDS = frozenset({*CONVERSIONS, *MEASURE_WORDS, "分"})
_REMARKS = frozenset({"必填", "选填", "可空"})
_NOTE = re.compile(r"(.+?)[(（]([^()（）]*)[)）]")


@dataclass(frozen=True, eq=False)
class Part:
    """Some rows of a table, from one sheet, one file or the rulebook. ``at``: column name → position in a row."""

    origin: Origin | Address | Span | None
    at: Mapping[str, int]
    rows: tuple[RawRow, ...]

    def cell(self, row: RawRow, column: str) -> RawCell:
        """The cell of ``column``; where this part has no such column, a blank one without a row."""
        place = self.at.get(column)
        return row.at(place) if place else text_cell("", self.origin)

    @property
    def where(self) -> Address | Span | None:
        """Where a problem with the part as a whole points."""
        return self.origin.at(0, 0) if isinstance(self.origin, Origin) else self.origin


@dataclass(frozen=True, eq=False)
class LargePart(Part):
    """A file whose rows are not taken out one by one; ``rows`` is empty."""

    large: Large


def completed(table: Table) -> Table:
    """``table`` with the columns that say whose row it is, where the rulebook takes them for granted."""
    columns = list(table.columns)
    names = {column.name for column in columns}
    along = cadence.along if (cadence := table.row_of.cadence) is not None else ""
    if along and along not in names:
        columns.insert(0, TableColumn(along, ValueType.NUMBER))
    owned = any(column.of_units for column in columns)
    if table.row_of is not RowOf.MEMBER and UNIT_COLUMN not in names and not owned:
        columns.insert(0, TableColumn(UNIT_COLUMN, ValueType.TEXT))
    columns = [_known_as(column) for column in columns]
    columns = [_as_number(column) if column.name == along else column for column in columns]
    return replace(table, columns=tuple(columns))


def _as_number(column: TableColumn) -> TableColumn:
    return replace(
        column, kind=ValueType.NUMBER, unit=None, unit_word="", also=(*column.also, *PERIOD_HEADINGS[column.name])
    )


def _known_as(column: TableColumn) -> TableColumn:
    return replace(column, also=(*column.also, *UNIT_HEADINGS)) if column.name == UNIT_COLUMN else column


def headings(table: Table) -> Iterable[str]:
    """Every heading that can stand over a column of ``table``."""
    for column in table.columns:
        yield column.name
        yield from (*column.also, *column.former)


def bare(column: TableColumn) -> str:
    """What a rule calls a fact, without the name of its owner, which it has where several rules call theirs so."""
    code = f"【{next(iter(column.for_items), '')}】"
    return next((one.removeprefix(code) for one in column.also if one.startswith(code)), column.name)


def sharers(column: TableColumn, table: Table) -> tuple[str, list[TableColumn]]:
    """The bare name of ``column``, and the other columns that are called so by their rules."""
    name = bare(column)
    return name, [one for one in table.columns if one.name != column.name and bare(one) == name]


def rule_part(table: Table) -> Part:
    """The rows that a 附表 has in the rulebook itself."""
    at = {column.name: place for place, column in enumerate(table.columns, 1)}
    rows = []
    for number, cells in enumerate(table.rows, 1):
        raw = {i: text_cell(cell.text, cell.place) for i, cell in enumerate(cells, 1)}
        place = next((cell.place for cell in cells if cell.place is not None), table.span)
        rows.append(RawRow(number, {i: cell for i, cell in raw.items() if not cell.blank}, place))
    return Part(table.span, at, tuple(rows))


def match(raw: RawTable, table: Table, mapped: Mapping[str, str] | None = None) -> tuple[Part, Problems]:
    """Find the columns of ``table`` among the headings of ``raw``. ``mapped``: column name → its heading there."""
    at: dict[str, int] = {}
    said: list[Problem] = []
    mapped = mapped or {}
    for place, cell in sorted(raw.header.cells.items()):
        column, unit = _column_of(clean(cell.text), table, mapped)
        if column is None:
            near = nearest(clean(cell.text), [name for name in headings(table) if name not in mapped])
            alike = [one.name for one in table.columns if key(bare(one)) == key(cell.text)]
            said.append(say.unknown_heading(cell.address, clean(cell.text), near, alike if len(alike) > 1 else ()))
        elif unit is not None:
            said.append(say.heading_unit(cell.address, column.name, unit, column.unit_word))
            at.setdefault(column.name, 0)
        elif at.get(column.name):
            said.append(say.heading_twice(cell.address, column.name, raw.header.at(at[column.name]).address))
        else:
            at[column.name] = place
    said += _unheaded(raw)
    return Part(raw.origin, at, raw.rows), tuple(said)


def _unheaded(raw: RawTable) -> Iterable[Problem]:
    seen = set(raw.header.cells)
    for row in raw.rows:
        for place, cell in row.cells.items():
            if place not in seen:
                seen.add(place)
                yield say.unknown_heading(cell.address, "（没有表头的一列）", None)


def _column_of(heading: str, table: Table, mapped: Mapping[str, str]) -> tuple[TableColumn | None, str | None]:
    """The column under ``heading``, and the unit written there if it is another than the column's."""
    for name, written in mapped.items():
        if key(written) == key(heading):
            return table.column(name), None
    free = [column for column in table.columns if column.name not in mapped]
    for same in (_exactly, _also, _loosely):
        found = next((column for column in free if same(column, heading)), None)
        if found:
            return found, None
    note = _NOTE.fullmatch(heading)
    base = next((c for c in free if _loosely(c, note[1])), None) if note else None
    return _judged(base, note[2]) if base and note else (None, None)


def _exactly(column: TableColumn, heading: str) -> bool:
    return column.name == heading


def _also(column: TableColumn, heading: str) -> bool:
    return heading in column.also or heading in column.former


def _loosely(column: TableColumn, heading: str) -> bool:
    return key(heading) in {key(name) for name in (column.name, *column.also, *column.former)}


def _judged(column: TableColumn, note: str) -> tuple[TableColumn | None, str | None]:
    """A heading like ``固投完成额（亿元，市统计局）``: the unit must be the column's, remarks must be known ones."""
    parts = [key(part) for part in re.split("[，,、；;]", note) if key(part)]
    declared = key(column.unit_word)
    units = [part for part in parts if part == declared or part in _UNIT_WORDS]
    if column.kind is ValueType.NUMBER and units:
        return (column, None) if declared in units else (column, units[0])
    known = {*_REMARKS, key(column.source), key(column.frequency), *map(key, column.choices)}
    return (column, None) if all(part in known or part.startswith("可填") for part in parts) else (None, None)
