"""Open a data file, whatever it is, and read its cells.

Content decides, not the extension: systems export CSV as ``.xls`` and web pages as spreadsheets.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from perfdsl.data.raw import Origin, RawRow, RawTable, key
from perfdsl.data.refused import MAX_FILE, Refused, is_parquet, looks_packed, refuse_old_format
from perfdsl.data.separated import read_separated, separated_rows
from perfdsl.text import files
from perfdsl.text.catalogue import data as say
from perfdsl.text.citation import Address
from perfdsl.text.digest import digest
from perfdsl.text.problem import Problems
from perfdsl.text.records import dataclass, field
from perfdsl.text.source import Unreadable, decode, read_bytes

if TYPE_CHECKING:
    from perfdsl.data.parquet import Large
    from perfdsl.data.workbook import Sheet, Workbook

TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".txt"})
READ_SUFFIXES = TEXT_SUFFIXES | {".xlsx", ".parquet"}
OTHER_SUFFIXES = frozenset({".xls", ".et", ".xlsm", ".xlsb", ".xltx", ".ods", ".doc", ".docx", ".wps", ".pdf"})
"""Files that officers take for data and that are refused with a word on what to do."""


@dataclass(frozen=True, eq=False)
class Book:
    """A data file that was opened: one table of text, or a workbook.

    ``name`` is how the officer calls it; ``encoding`` is empty for workbooks. ``large``: a Parquet file, or a CSV file
    beyond what is read cell by cell.
    """

    name: str
    sha256: str
    encoding: str = ""
    notices: Problems = ()
    _text: str = field(default="", repr=False)
    _workbook: Workbook | None = field(default=None, repr=False)
    large: Large | None = field(default=None, repr=False)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets; none for text."""
        return self._workbook.sheets if self._workbook else ()

    def read(self, sheet: Sheet | None, headings: Collection[str] = ()) -> tuple[RawTable | None, Problems]:
        """The table on ``sheet``, or that of the text. ``headings`` help to find the row of headings."""
        known = frozenset(key(heading) for heading in headings)
        try:
            if sheet is not None and self._workbook is not None:
                return self._workbook.read(sheet, known)
            if self.large is not None:
                return self.large.raw(), ()
            return read_separated(self._text, Origin(self.name), known)
        except Refused as refused:
            return None, (refused.problem,)

    def rows(self, sheet: Sheet | None) -> tuple[list[RawRow], Problems]:
        """Every row of ``sheet``, or of the text, as it stands, what is above the headings too."""
        try:
            if sheet is None or self._workbook is None:
                return separated_rows(self._text, Origin(self.name)), ()
            return self._workbook.rows(sheet), ()
        except Refused as refused:
            return [], (refused.problem,)

    def sheet(self, name: str) -> Sheet | None:
        """The sheet called ``name``; width and blanks do not matter."""
        exact = (sheet for sheet in self.sheets if sheet.name == name)
        return next(exact, next((sheet for sheet in self.sheets if key(sheet.name) == key(name)), None))


def open_book(path: Path, shown: str | None = None) -> tuple[Book | None, Problems]:
    """Open ``path``; ``shown`` is what messages call it (its name, if not given)."""
    name = shown or path.name
    try:
        if is_parquet(path):
            from perfdsl.data.parquet import open_parquet  # loads with large files

            files.unknown(path)  # what comes of large files is computed every time
            return Book(name, _digest(path), large=open_parquet(path, name)), ()
        if path.suffix.lower() in (".csv", ".tsv") and path.is_file() and path.stat().st_size > MAX_FILE:
            from perfdsl.data.parquet import open_separated

            files.unknown(path)
            return Book(name, _digest(path), "UTF-8", large=open_separated(path, name)), ()
        raw = read_bytes(path, MAX_FILE, "数据文件")
        return _opened(raw, name, path.suffix.lower()), ()
    except Refused as refused:
        return None, (refused.problem,)
    except OSError as error:
        return None, (say.unreadable(Address(name), f"读不出来（{error.strerror or error}）"),)
    except Unreadable as error:
        return None, (say.unreadable(Address(name), _without_path(str(error), path, name)),)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        from hashlib import file_digest  # loads with what is large

        return file_digest(file, "sha256").hexdigest()


def _without_path(sentence: str, path: Path, name: str) -> str:
    """The sentence for a problem that already shows the file's name beside it."""
    return sentence.removeprefix(f"{path}：").removeprefix(f"{name}：")


def _opened(raw: bytes, name: str, suffix: str) -> Book:
    told = digest(raw)
    refuse_old_format(raw, name)
    if looks_packed(raw):
        from perfdsl.data.package import Package  # these load where there is a workbook
        from perfdsl.data.workbook import Workbook

        return Book(name, told, _workbook=Workbook(Package(raw, name)))
    if suffix == ".parquet":
        raise Refused(say.damaged(Address(name), "扩展名是 .parquet，内容却不是"))
    if suffix == ".xlsx":
        raise Refused(say.damaged(Address(name), "扩展名是 .xlsx，内容却不是工作簿"))
    if raw.startswith(b"%PDF") or raw[:256].lstrip().lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise Refused(say.not_a_table_file(Address(name), "内容是网页或 PDF，不是表格"))
    text, notices = decode(raw, name)
    national = bool(notices)
    said = (say.read_as_national(Address(name)),) if national else ()
    return Book(name, told, "GB18030" if national else _codec(raw), said, text)


def _codec(raw: bytes) -> str:
    if raw.startswith(b"\xef\xbb\xbf"):
        return "UTF-8（带签名）"
    return "UTF-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "UTF-8"


def read_cells(
    path: Path, sheet: str | None = None, headings: Collection[str] = ()
) -> tuple[RawTable | None, Problems]:
    """The cells of a CSV file or of one sheet of a workbook (the first visible one, if none is named).

    ``headings`` are names that are likely in the row of headings; without them the first row with more than one
    cell is taken.
    """
    book, said = open_book(path)
    if book is None:
        return None, said
    chosen: Sheet | None = None
    if sheet is not None and book.sheets:
        chosen = book.sheet(sheet)
        if chosen is None:
            return None, (say.no_such_sheet(Address(book.name), sheet, [s.name for s in book.sheets]),)
    elif book.sheets:
        chosen = next((s for s in book.sheets if not s.hidden), book.sheets[0])
    table, odd = book.read(chosen, headings)
    if table is None and not odd:
        odd = (say.nothing_in_it(Address(book.name, chosen.name if chosen else "")),)
    return table, (*book.notices, *odd)
