"""An xlsx workbook → raw tables.

A reader of our own on expat, one pass a sheet. openpyxl, the obvious choice, cannot tell a formula without a result
from a blank cell, does not see hidden rows and merged cells in its streaming mode, hands out binary fractions where
the raw digits are wanted, and takes five times as long; the tests use it as the second reader.

Numbers: Excel stores 99.95 as 99.949999999999989 and shows 15 significant digits. Rounding the raw digits to 15 gives
back what the officer sees.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Context, Decimal, DecimalException
from functools import cached_property

from perfdsl.data.package import Attributes, Handler, Package
from perfdsl.data.raw import CellKind, Origin, RawCell, RawRow, RawTable, clean, headed
from perfdsl.data.refused import Refused
from perfdsl.text.catalogue import data as say
from perfdsl.text.citation import Address, cell_name
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass, field

MAX_SHEETS = 200
MAX_CELLS = 1_200_000
MAX_MERGES = 20_000
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384

_FIFTEEN = Context(prec=15)
_RAW = re.compile(r"[+-]?[0-9]{0,40}(\.[0-9]{0,40})?([eE][+-]?[0-9]{1,4})?")
_SHORT = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_CODES = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hmsHMS]+\])[^\]]*\]')
_DATE_IDS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENT_IDS = frozenset({9, 10})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as the workbook lists it."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Style:
    """How a number is shown, as far as it changes what the number says."""

    percent: bool = False
    date: bool = False


_PLAIN_STYLE = Style()


class Workbook:
    """A workbook that passed the guard. Sheets are read when asked for.

    Raises:
        Refused: see :class:`Package`; or too many sheets.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self.name = package.name
        self._1904 = False
        self.sheets = self._list_sheets()

    @cached_property
    def _root(self) -> str:
        kinds = dict(self._package.relations("").values())
        return kinds.get("officeDocument", "xl/workbook.xml")

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return dict(self._package.relations(self._root).values())

    def _list_sheets(self) -> tuple[Sheet, ...]:
        if not self._package.has(self._root):
            raise Refused(say.damaged(Address(self.name), "缺少工作簿目录"))
        relations = self._package.relations(self._root)
        sheets: list[Sheet] = []

        def start(name: str, attributes: Attributes) -> None:
            if name == "workbookPr":
                self._1904 = attributes.get("date1904") in ("1", "true")
            if name != "sheet":
                return
            target = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            kind, part = relations.get(target, ("", ""))
            if kind == "worksheet" and self._package.has(part):
                hidden = attributes.get("state", "visible") != "visible"
                sheets.append(Sheet(attributes.get("name", ""), part, hidden))
            if len(sheets) > MAX_SHEETS:
                raise Refused(say.too_big(Address(self.name), f"工作表超过 {MAX_SHEETS} 张"))

        self._package.walk(self._root, Handler(start))
        return tuple(sheets)

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings."""
        part = self._kinds.get("sharedStrings", "")
        if not self._package.has(part):
            return []
        reader = _Strings()
        self._package.walk(part, Handler(reader.start, reader.end, reader.text))
        return reader.found

    @cached_property
    def styles(self) -> list[Style]:
        """Styles by their number in a cell's ``s``."""
        part = self._kinds.get("styles", "")
        if not self._package.has(part):
            return []
        reader = _Styles()
        self._package.walk(part, Handler(reader.start, reader.end))
        return reader.found

    def read(self, sheet: Sheet, headings: frozenset[str] = frozenset()) -> tuple[RawTable | None, Problems]:
        """The table on ``sheet`` and what is odd about it; None where the sheet has no cell.

        Raises:
            Refused: damaged or too big.
        """
        origin = Origin(self.name, sheet.name)
        grid = self._grid(sheet, origin)
        said: list[Problem] = []
        if sheet.hidden:
            said.append(say.hidden(origin.at(0, 0), "这张工作表"))
        rows, odd = grid.finished()
        table, above = headed(origin, rows, headings)
        if table:
            said += odd
            if above:
                said.append(say.lines_above(origin.at(above[0].number, 1), len(above), table.header.number))
        return table, tuple(said)

    def rows(self, sheet: Sheet) -> list[RawRow]:
        """Every row of ``sheet`` that holds something, as it stands: no headings are looked for.

        Raises:
            Refused: damaged or too big.
        """
        return self._grid(sheet, Origin(self.name, sheet.name)).finished()[0]

    def _grid(self, sheet: Sheet, origin: Origin) -> _Grid:
        grid = _Grid(self, origin)
        self._package.walk(sheet.part, Handler(grid.start, grid.end, grid.text))
        return grid

    def date(self, serial: Decimal) -> str | None:
        """A serial number as ``2025-07-31`` (with a time where it has one), None where there is no such day."""
        first, lowest = (datetime(1904, 1, 1), 0) if self._1904 else (datetime(1899, 12, 30), 61)
        if not lowest <= serial < 2_958_466:
            return None
        moment = first + timedelta(days=int(serial), seconds=round((serial % 1) * 86400))
        return moment.strftime("%Y-%m-%d" if moment.time() == datetime.min.time() else "%Y-%m-%d %H:%M:%S")


@dataclass
class _Strings:
    """Collects shared strings; what is only a reading aid (``rPh``) is left out."""

    found: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _in_text: bool = False
    _aid: bool = False

    def start(self, name: str, _attributes: Attributes) -> None:
        self._aid = self._aid or name == "rPh"
        self._in_text = name == "t" and not self._aid

    def end(self, name: str) -> None:
        self._in_text = False
        if name == "rPh":
            self._aid = False
        elif name == "si":
            self.found.append(_plain("".join(self._parts)))
            self._parts = []

    def text(self, piece: str) -> None:
        if self._in_text:
            self._parts.append(piece)


@dataclass
class _Styles:
    """Collects the cell formats that mean a percentage or a date."""

    found: list[Style] = field(default_factory=list)
    _formats: dict[str, Style] = field(default_factory=dict)
    _cells: bool = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            self._formats[attributes.get("numFmtId", "")] = style_of(attributes.get("formatCode", ""))
        elif name == "cellXfs":
            self._cells = True
        elif name == "xf" and self._cells:
            number = attributes.get("numFmtId", "0")
            built_in = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
            shown = Style(percent=built_in in _PERCENT_IDS, date=built_in in _DATE_IDS)
            found = self._formats.get(number, shown)
            self.found.append(_PLAIN_STYLE if found == _PLAIN_STYLE else found)

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._cells = False


def style_of(code: str) -> Style:
    """What a number format says: ``0.00%`` a percentage, ``yyyy"年"m"月"d"日"`` a date."""
    codes = _NOT_CODES.sub("", code[:255]).lower().replace("general", "")
    return Style(percent="%" in codes, date="%" not in codes and any(letter in codes for letter in "ymdhs"))


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


@dataclass(frozen=True, slots=True)
class _Merge:
    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        return f"{cell_name(self.top, self.left)}:{cell_name(self.bottom, self.right)}"


class _Grid:
    """Collects one sheet."""

    def __init__(self, book: Workbook, origin: Origin) -> None:
        self._book = book
        self._origin = origin
        self._rows: dict[int, dict[int, RawCell]] = {}
        self._hidden_rows: list[int] = []
        self._hidden_columns: list[tuple[int, int]] = []
        self._merges: list[_Merge] = []
        self._row = 0
        self._column = 0
        self._type = "n"
        self._style = Style()
        self._collect = ""
        self._value: list[str] = []
        self._formula: list[str] = []
        self._has_formula = False
        self._aid = False
        self._count = 0
        self._covered = 0
        self._letters: dict[str, int] = {}
        self._styles = book.styles
        self._strings = book.strings

    def start(self, name: str, attributes: Attributes) -> None:
        match name:
            case "c":
                self._start_cell(attributes)
            case "v" | "f" | "t":
                self._collect = "" if self._aid else name
                self._has_formula = self._has_formula or name == "f"
            case "rPh":
                self._aid = True
            case "row":
                self._row = self._number(attributes.get("r"), self._row + 1, MAX_ROW)
                self._column = 0
                if attributes.get("hidden") in ("1", "true"):
                    self._hidden_rows.append(self._row)
            case "col":
                if attributes.get("hidden") in ("1", "true"):
                    low = self._number(attributes.get("min"), 1, MAX_COLUMN)
                    self._hidden_columns.append((low, self._number(attributes.get("max"), low, MAX_COLUMN)))
            case "mergeCell":
                self._merge(attributes.get("ref", ""))
            case _:
                pass

    def end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "rPh":
            self._aid = False
        self._collect = ""

    def text(self, piece: str) -> None:
        if self._collect == "f":
            self._formula.append(piece)
        elif self._collect:
            self._value.append(piece)

    def _number(self, text: str | None, otherwise: int, most: int) -> int:
        if text is None:
            return otherwise
        if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
            raise Refused(say.damaged(self._origin.at(0, 0), f"行列编号“{text[:20]}”不成立"))
        return int(text)

    def _reference(self, text: str) -> tuple[int, int]:
        """``C17`` → 17, 3."""
        letters = text.rstrip("0123456789")
        known, digits = self._letters.get(letters), text[len(letters) :]
        if known and len(digits) < 7 and (row := int(digits)):
            return row, known
        match = _REFERENCE.fullmatch(text)
        row, column = int(match[2]) if match else 0, 0
        for letter in match[1] if match else "":
            column = column * 26 + ord(letter) - 64
        if not (1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN):
            raise Refused(say.damaged(self._origin.at(0, 0), f"单元格地址“{text[:20]}”不成立"))
        self._letters[letters] = column
        return row, column

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            self._row, self._column = self._reference(reference)
        self._type = attributes.get("t", "n")
        number = attributes.get("s", "")
        place = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else MAX_CELLS
        self._style = self._styles[place] if place < len(self._styles) else _PLAIN_STYLE
        self._value, self._formula, self._has_formula = [], [], False

    def _end_cell(self) -> None:
        kind, text = self._content("".join(self._value))
        if kind is CellKind.BLANK:
            return
        self._count += 1
        if self._count > MAX_CELLS:
            raise Refused(say.too_big(self._origin.at(0, 0), f"单元格超过 {MAX_CELLS // 10000} 万个"))
        cell = RawCell(text, kind, self._origin, self._row, self._column)
        self._rows.setdefault(self._row, {})[self._column] = cell

    def _content(self, raw: str) -> tuple[CellKind, str]:
        if self._has_formula and not raw and self._type != "str":
            return CellKind.UNCALCULATED, "=" + "".join(self._formula)[:200]
        match self._type:
            case "s":
                text = self._shared(raw)
            case "inlineStr" | "str":
                text = _plain(raw)
            case "e":
                return CellKind.ERROR, raw
            case "b":
                return CellKind.BOOL, "TRUE" if raw.strip() in ("1", "true") else "FALSE"
            case "d":
                return CellKind.DATE, raw.replace("T", " ").removesuffix("Z").removesuffix(" 00:00:00")
            case _:
                return self._shown(raw.strip())
        return (CellKind.TEXT if clean(text) else CellKind.BLANK), text

    def _shared(self, raw: str) -> str:
        strings = self._strings
        if not raw:
            return ""
        if not (raw.isascii() and raw.isdigit() and len(raw) < 9 and int(raw) < len(strings)):
            raise Refused(say.damaged(self._origin.at(self._row, self._column), "引用的文字不存在"))
        return strings[int(raw)]

    def _shown(self, raw: str) -> tuple[CellKind, str]:
        """A number as the officer sees it, but for the digits that the format hides."""
        if not raw:
            return CellKind.BLANK, ""
        if self._style is _PLAIN_STYLE and len(raw) <= 15 and _SHORT.fullmatch(raw):
            return CellKind.NUMBER, raw
        try:
            number = _FIFTEEN.create_decimal(raw if _RAW.fullmatch(raw) else "NaN")
        except DecimalException:
            return CellKind.ERROR, raw
        if not number.is_finite() or abs(number.adjusted()) > 400:
            return CellKind.ERROR, raw
        if number.adjusted() >= 15:
            return CellKind.DAMAGED, format(number, "f") if number.adjusted() < 40 else raw
        if self._style.date:
            day = self._book.date(number)
            return (CellKind.DATE, day) if day else (CellKind.NUMBER, _digits(number))
        if self._style.percent:
            return CellKind.NUMBER, _digits(number.scaleb(2)) + "%"
        return CellKind.NUMBER, _digits(number)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top, left = self._reference(first)
        bottom, right = self._reference(last or first)
        self._merges.append(_Merge(top, left, bottom, right))
        if len(self._merges) > MAX_MERGES:
            raise Refused(say.too_big(self._origin.at(0, 0), f"合并单元格超过 {MAX_MERGES} 处"))

    def finished(self) -> tuple[list[RawRow], list[Problem]]:
        """The rows, merged cells filled, and what is odd about them."""
        said: list[Problem] = []
        for merge in self._merges:
            if self._fill(merge):
                first = self._rows[merge.top][merge.left]
                said.append(say.merged(self._origin.at(merge.top, merge.left), merge.name, first.text))
        said += self._hidden()
        rows = [RawRow(number, cells, self._origin) for number, cells in sorted(self._rows.items())]
        return rows, said

    def _fill(self, merge: _Merge) -> bool:
        """Give the first cell's content to the rows below that have something of their own; True if any got it."""
        first = self._rows.get(merge.top, {}).get(merge.left)
        if first is None or merge.top == merge.bottom:
            return False
        filled = False
        numbers = self._numbers
        for row in numbers[bisect_right(numbers, merge.top) : bisect_right(numbers, merge.bottom)]:
            self._covered += 1
            if self._covered > MAX_CELLS:
                raise Refused(say.too_big(self._origin.at(0, 0), "合并单元格互相重叠"))
            cells = self._rows[row]
            if merge.left not in cells:
                cells[merge.left] = first._replace(row=row)
                filled = True
        return filled

    @cached_property
    def _numbers(self) -> list[int]:
        return sorted(self._rows)

    def _hidden(self) -> Iterator[Problem]:
        rows = [row for row in self._hidden_rows if row in self._rows]
        if rows:
            yield say.hidden(self._origin.at(rows[0], 1), f"第 {_ranges(rows)} 行")
        used = {column for cells in self._rows.values() for column in cells} if self._hidden_columns else set()
        columns = sorted(c for c in used if any(low <= c <= high for low, high in self._hidden_columns))
        if columns:
            letters = "、".join(cell_name(0, column)[:-1] for column in columns[:10])
            yield say.hidden(self._origin.at(1, columns[0]), f"{letters} 列")


def _ranges(numbers: list[int]) -> str:
    """3, 4, 5, 9 → ``3-5、9``; long lists are cut."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = "、".join(str(low) if low == high else f"{low}-{high}" for low, high in runs[:10])
    return shown + (" 等" if len(runs) > 10 else "")


def _digits(number: Decimal) -> str:
    """Plain digits without an exponent and without zeros at the end."""
    text = format(number, "f") if number.adjusted() > -40 else str(number)
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
