"""CSV and tab-separated text → raw tables.

Every cell gets the spreadsheet reference under which WPS and Excel show it.
"""

from __future__ import annotations

import csv
from io import StringIO

from perfdsl.data.raw import Origin, RawCell, RawRow, RawTable, headed, text_cell
from perfdsl.data.refused import Refused
from perfdsl.text.catalogue import data as say
from perfdsl.text.problem import Problem, Problems

MAX_CELLS = 1_500_000
_GUARDED = tuple("=+-@\t\r＝＋－＠")


def read_separated(
    text: str, origin: Origin, headings: frozenset[str] = frozenset()
) -> tuple[RawTable | None, Problems]:
    """The table in ``text``, and the rows that have more cells than it has headings.

    Raises:
        Refused: an open quotation mark, or too many cells.
    """
    table, above = headed(origin, separated_rows(text, origin), headings)
    if table is None:
        return None, ()
    said: list[Problem] = []
    if above:
        said.append(say.lines_above(origin.at(above[0].number, 1), len(above), table.header.number))
    width = max(table.header.cells)
    for row in table.rows:
        if max(row.cells) > width:
            extra = row.at(max(row.cells))
            said.append(say.row_too_long(extra.address, max(row.cells), width, extra.text))
    return table, tuple(said)


def separator(text: str) -> str:
    """Tab where the first line that is not blank has one and no comma before it, else comma."""
    line = next((line for line in text.split("\n", 50) if line.strip()), "")
    return "\t" if "\t" in line and line.count("\t") >= line.count(",") else ","


def separated_rows(text: str, origin: Origin) -> list[RawRow]:
    """Every row that holds something, what is above the headings too.

    Raises:
        Refused: an open quotation mark, or too many cells.
    """
    rows: list[RawRow] = []
    count = 0
    reader = csv.reader(StringIO(text), delimiter=separator(text), strict=True)
    try:
        for number, values in enumerate(reader, 1):
            cells = {column: _cell(value, origin, number, column) for column, value in enumerate(values, 1) if value}
            cells = {column: cell for column, cell in cells.items() if not cell.blank}
            count += len(cells)
            if count > MAX_CELLS:
                raise Refused(say.too_big(origin.at(0, 0), f"单元格超过 {MAX_CELLS // 10000} 万个"))
            if cells:
                rows.append(RawRow(number, cells, origin))
    except csv.Error:
        raise Refused(say.bad_quotes(origin.at(len(rows) + 1, 1), reader.line_num)) from None
    return rows


def _cell(value: str, origin: Origin, row: int, column: int) -> RawCell:
    """A cell; the apostrophe that our own exports put before a text like ``=1`` is taken off again."""
    if value.startswith("'") and value[1:].startswith(_GUARDED):
        value = value[1:]
    return text_cell(value, origin, row, column)
