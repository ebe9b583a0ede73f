"""Cells as they lie in a file: text, kind and place. Nothing is understood yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from perfdsl.text.citation import Address, cell_name
from perfdsl.text.records import dataclass, field
from perfdsl.text.source import BLANKS, Span, folded

_INVISIBLE = dict.fromkeys((8203, 8204, 8205, 8206, 8207, 8288, 65279, *range(8234, 8239)))
_EDGES = BLANKS + "\n\r"


class CellKind(Enum):
    """What the file says a cell is. In CSV everything is text or blank."""

    BLANK = "blank"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"  # text is 2025-07-31, with a time where there is one
    BOOL = "bool"  # text is TRUE or FALSE
    ERROR = "error"  # #DIV/0!
    UNCALCULATED = "uncalculated"  # a formula without a result; text is the formula
    DAMAGED = "damaged"  # a number of 16 digits or more, which the file cannot hold


@dataclass(frozen=True, slots=True)
class Origin:
    """A sheet of a file, or a file without sheets."""

    file: str
    sheet: str = ""

    def at(self, row: int, column: int) -> Address:
        """Address of a cell; row 0 is the sheet itself."""
        return Address(self.file, self.sheet, cell_name(row, column) if row else "")


class RawCell(NamedTuple):
    """One cell. Its address is made when somebody asks for it: a table has a million cells and few problems."""

    text: str
    kind: CellKind
    origin: Origin | Address | Span | None = None
    row: int = 0
    column: int = 0

    @property
    def blank(self) -> bool:
        """Nothing in it."""
        return self.kind is CellKind.BLANK

    @property
    def place(self) -> Address | Span | None:
        """Where a problem with this cell points."""
        return self.origin.at(self.row, self.column) if isinstance(self.origin, Origin) else self.origin

    @property
    def address(self) -> Address:
        """The place as an address; for a cell written in the rulebook, its line."""
        match self.place:
            case Address() as address:
                return address
            case Span() as span:
                return Address(span.source.name, "", f"第 {span.line} 行")
            case _:
                return Address("")


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: the cells that are not blank, by column from 1. ``number`` is the row's own in the file."""

    number: int
    cells: Mapping[int, RawCell]
    origin: Origin | Address | Span | None = None

    def at(self, column: int) -> RawCell:
        """The cell in ``column``, blank where nothing was written."""
        return self.cells.get(column) or RawCell("", CellKind.BLANK, self.origin, self.number, column)


@dataclass(frozen=True, slots=True)
class RawTable:
    """A sheet or CSV file with its headings found; blank rows are left out."""

    origin: Origin
    header: RawRow
    rows: tuple[RawRow, ...] = field(repr=False)

    def column(self, number: int) -> Iterator[RawCell]:
        """The cells of a column from top to bottom, the heading left out."""
        return (row.at(number) for row in self.rows)


def clean(text: str) -> str:
    """``text`` without what nobody sees: blanks and line ends around it, zero-width characters anywhere."""
    return (text if text.isascii() else text.translate(_INVISIBLE)).strip(_EDGES)


def key(text: str) -> str:
    """What two names have in common that differ only in width and blanks."""
    return "".join(folded(clean(text)).split())


def text_cell(text: str, origin: Origin | Address | Span | None, row: int = 0, column: int = 0) -> RawCell:
    """A cell of text, blank where nothing is to be seen in it."""
    return RawCell(text, CellKind.TEXT if clean(text) else CellKind.BLANK, origin, row, column)


def headed(origin: Origin, rows: list[RawRow], headings: frozenset[str]) -> tuple[RawTable | None, tuple[RawRow, ...]]:
    """Find the row of headings → table and the rows above it.

    It is the one of the first rows that has most of ``headings`` (keys, see :func:`key`); where none has any,
    the first that has more than one cell (a title stands alone in its row), else the first.
    """
    filled = [row for row in rows if row.cells]
    if not filled:
        return None, ()
    top = filled[:HEADER_WITHIN]
    known = [sum(key(cell.text) in headings for cell in row.cells.values()) for row in top]
    wide = next((i for i, row in enumerate(top) if len(row.cells) > 1), 0)
    best = known.index(max(known)) if max(known) else wide
    return RawTable(origin, filled[best], tuple(filled[best + 1 :])), tuple(filled[:best])


HEADER_WITHIN = 10
"""Headings are looked for in so many rows; titles, units and notes may stand above them."""
