"""What the data must hold: every table that is filled in during the year, with its headings."""

from __future__ import annotations

from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import CADENCES, FACTS, UNITS, RowOf, Table, TableColumn, TableRole
from perfdsl.model.units import ValueType
from perfdsl.reports.findings import ColumnFinding, TableFinding

KEYS = {RowOf.UNIT: ("单位",), **{row_of: ("单位", cadence.along) for row_of, cadence in CADENCES.items()}}
ORDER = {FACTS: 0, **{cadence.table: 1 + n for n, cadence in enumerate(CADENCES.values())}}


def columns(book: Rulebook) -> tuple[TableFinding, ...]:
    """数据 and 台账 first; the 附表 that are to lie beside the rulebook after them."""
    names = {item.code: item.name for item in book.walk()}
    facts = sorted(
        (table for table in book.tables if table.role is not TableRole.RULE),
        key=lambda table: (table.role is TableRole.LEDGER, ORDER.get(table.name, len(ORDER)), table.name),
    )
    rules = [table for table in book.tables if table.role is TableRole.RULE and _beside(table)]
    return tuple(_table(table, names) for table in (*facts, *rules))


def _beside(table: Table) -> bool:
    """Whether a 附表 stands in a file of its own; one whose rows are in the text needs nothing."""
    inside = any(cell.place is not None and hasattr(cell.place, "source") for row in table.rows for cell in row)
    return not inside and table.name != UNITS


def _table(table: Table, names: dict[str, str]) -> TableFinding:
    keys = [ColumnFinding(key, "", "", "", ()) for key in KEYS.get(table.row_of, ()) if table.column(key) is None]
    return TableFinding(
        name=table.name,
        role=table.role.value,
        row_of=table.row_of.value,
        columns=(*keys, *(_column(column, table, names) for column in table.columns)),
    )


def _column(column: TableColumn, table: Table, names: dict[str, str]) -> ColumnFinding:
    items = tuple(f"{code} {names[code]}" if code in names else code for code in column.for_items)
    return ColumnFinding(column.name, _holds(column), column.source or table.source, column.frequency, items)


def _holds(column: TableColumn) -> str:
    """What may stand in a cell: ``件``, ``%``, ``是或否``, ``国家级、省级``, ``日期``."""
    if column.choices:
        return "、".join(column.choices)
    words = {ValueType.BOOL: "是、否", ValueType.DATE: "日期", ValueType.TEXT: "文字", ValueType.GRADE: "等次"}
    if column.kind is not ValueType.NUMBER:
        return words[column.kind]
    unit = column.unit_word or (str(column.unit) if column.unit is not None and column.unit.over else "")
    return f"数（{unit}）" if unit else "数"
