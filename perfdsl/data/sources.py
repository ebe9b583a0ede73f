"""Which file holds which table: by name in a folder, by sheet in a workbook, or as ``data.yaml`` says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perfdsl.data.cells import OTHER_SUFFIXES, READ_SUFFIXES, Book, open_book
from perfdsl.data.heads import LargePart, Part, headings, match
from perfdsl.data.raw import RawTable, key
from perfdsl.model.table import RowOf, Table, TableRole
from perfdsl.text import files
from perfdsl.text.catalogue import data as say
from perfdsl.text.citation import Address
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, field
from perfdsl.text.source import Span

if TYPE_CHECKING:
    from perfdsl.data.parquet import Large
    from perfdsl.data.workbook import Sheet

LISTING = "data.yaml"


@dataclass(frozen=True, slots=True)
class FileRead:
    """A sheet or file that was read, for the manifest. ``encoding`` is empty for workbooks."""

    file: str
    sheet: str
    table: str
    sha256: str
    rows: int
    encoding: str


@dataclass(eq=False)
class Shelf:
    """What was found: the parts of each table, the files they came from, and what there is to say.

    ``tried`` are tables that have a file, ``broken`` those of which a file or sheet could not be read; ``lost``: a
    file that may have held any table could not be read.
    """

    tables: Mapping[str, Table]
    parts: dict[str, list[Part]] = field(default_factory=dict)
    files: list[FileRead] = field(default_factory=list)
    said: list[Problem] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    lost: bool = False
    apart: frozenset[str] = frozenset()

    def claim(self, name: str) -> Table | None:
        """The table whose name a file or sheet begins with; the longest where there are several."""
        word = key(name)
        fitting = [table for table in self.tables.values() if word.startswith(key(table.name))]
        return max(fitting, key=lambda table: len(key(table.name)), default=None)

    def take(self, table: Table, book: Book, sheet: Sheet | None, mapped: Mapping[str, str] | None = None) -> None:
        """Read one sheet or file as rows of ``table``."""
        self.tried.add(table.name)
        if table.role is TableRole.RULE and table.rows:
            self.said.append(say.rule_in_rulebook(Address(book.name, sheet.name if sheet else ""), table.name))
            return
        if book.large is not None and listed(table):
            self._keep_large(table, book, book.large, mapped)
            return
        raw, odd = book.read(sheet, [*headings(table), *(mapped or {}).values()])
        self.said += odd
        if raw is not None:
            self._keep(table, book, raw, mapped)
            return
        self.broken.add(table.name)
        if not odd:
            self.said.append(say.nothing_in_it(Address(book.name, sheet.name if sheet else "")))

    def _keep(self, table: Table, book: Book, raw: RawTable, mapped: Mapping[str, str] | None) -> None:
        part, odd = match(raw, table, mapped)
        self.said += odd
        self.parts.setdefault(table.name, []).append(part)
        self.files.append(FileRead(book.name, raw.origin.sheet, table.name, book.sha256, len(raw.rows), book.encoding))

    def _keep_large(self, table: Table, book: Book, large: Large, mapped: Mapping[str, str] | None) -> None:
        part, odd = match(large.header, table, mapped)
        self.said += odd
        self.parts.setdefault(table.name, []).append(LargePart(part.origin, part.at, (), large))
        self.files.append(FileRead(book.name, "", table.name, book.sha256, large.rows, book.encoding))

    def open(self, path: Path, shown: str | None = None, table: Table | None = None) -> Book | None:
        """Open a file that holds ``table``, as far as we know; what is wrong with it is said."""
        book, odd = open_book(path, shown)
        self.said += odd
        likely = table or self.claim(path.stem)
        if likely:
            self.tried.add(likely.name)
            if book is None:
                self.broken.add(likely.name)
        self.lost = self.lost or (book is None and likely is None)
        if book:
            self.said += book.notices
        return book

    def distribute(self, book: Book, stem: str) -> None:
        """Give each sheet of a workbook to the table it is named after, or the file is."""
        if not book.sheets:
            self._text(book, stem)
            return
        named = {sheet.name: table for sheet in book.sheets if (table := self.claim(sheet.name))}
        for sheet in book.sheets:
            if table := named.get(sheet.name):
                self.take(table, book, sheet)
        own = self.claim(stem)
        rest = [sheet for sheet in book.sheets if sheet.name not in named and not sheet.hidden]
        if own and own not in named.values():
            self.only_sheet(own, book, rest)
        elif not named:
            self._unclaimed(Address(book.name), "文件名和工作表名", stem)
        elif rest:
            names = "、".join(f"“{sheet.name}”" for sheet in rest[:5])
            self._unclaimed(Address(book.name), f"工作表{names}", rest[0].name)

    def only_sheet(
        self, table: Table, book: Book, sheets: Sequence[Sheet], mapped: Mapping[str, str] | None = None
    ) -> None:
        """Take the one sheet of ``sheets`` that has something on it."""
        filled = sheets if len(sheets) == 1 else [sheet for sheet in sheets if book.read(sheet) != (None, ())]
        if len(filled) == 1:
            self.take(table, book, filled[0], mapped)
        elif filled:
            self.said.append(say.which_sheet(Address(book.name), table.name, [sheet.name for sheet in filled]))
        else:
            self.said.append(say.nothing_in_it(Address(book.name)))

    def _text(self, book: Book, stem: str) -> None:
        table = self.claim(stem)
        if table:
            self.take(table, book, None)
        else:
            self._unclaimed(Address(book.name), "文件名", stem)

    def _unclaimed(self, place: Address, what: str, name: str) -> None:
        self.said.append(say.unclaimed(place, what, nearest(name, self.tables)))


def listed(table: Table) -> bool:
    """Whether the rows of ``table`` stand for themselves, so that they need not be laid in a grid of units."""
    return table.row_of is RowOf.EVENT


def collect(where: Path, tables: Mapping[str, Table], apart: Collection[str] = (), under: str = "") -> Shelf:
    """Find and read every table of ``tables`` that lies at ``where``; files called as in ``apart`` are passed over.

    ``under``: what the names of files in a folder begin with in messages.
    """
    shelf = Shelf(tables, apart=frozenset(apart))
    name = Address(where.name or str(where))
    if not files.kind(where):
        shelf.said.append(say.wrong_place(name, f"没有这个文件夹或文件：{where}"))
    elif files.kind(where) == "folder":
        listing = where / LISTING
        if files.kind(listing) == "file":
            _listed(shelf, listing)
        else:
            _folder(shelf, where, under)
    elif where.suffix.lower() in (".yaml", ".yml"):
        _listed(shelf, where)
    elif where.suffix.lower() in READ_SUFFIXES | OTHER_SUFFIXES:
        if book := shelf.open(where):
            shelf.distribute(book, where.stem)
    else:
        shelf.said.append(say.wrong_place(name, "这是一个文件，不是放数据的文件夹"))
    return shelf


def _folder(shelf: Shelf, folder: Path, under: str) -> None:
    try:
        names = [name for name in files.names(folder) if name not in shelf.apart]
        found = sorted(path for name in names if _visible(path := folder / name))
    except OSError:
        shelf.said.append(say.wrong_place(Address(folder.name), "这个文件夹打不开，可能没有权限"))
        return
    wanted = [path for path in found if _wanted(shelf, path)]
    if not wanted and not shelf.apart:
        facts = [table.name for table in shelf.tables.values() if not table.rows]
        shelf.said.append(say.empty_folder(Address(folder.name), facts))
    for path in wanted:
        if book := shelf.open(path, f"{under}{path.name}"):
            shelf.distribute(book, path.stem)


def _visible(path: Path) -> bool:
    """Not a lock file that WPS and Excel lay beside an open workbook (``~$实绩.xlsx``), not hidden."""
    return files.kind(path) == "file" and not path.name.startswith(("~$", "."))


def _wanted(shelf: Shelf, path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv", ".xlsx", ".parquet"):
        return True
    return suffix in READ_SUFFIXES | OTHER_SUFFIXES and shelf.claim(path.stem) is not None


def _listed(shelf: Shelf, path: Path) -> None:
    from perfdsl.data.listing import inside, read_listing

    listed, odd = read_listing(path)
    shelf.said += odd
    books: dict[Path, Book | None] = {}
    for item in listed:
        table = shelf.tables.get(item.table)
        if table is None:
            near = nearest(item.table, shelf.tables)
            shelf.said.append(say.unknown_table(item.span, item.table, near, sorted(shelf.tables)))
            continue
        shelf.said += _unknown_columns(table, item.entry.headings, item.span)
        for written, span in zip(item.entry.files, item.file_spans, strict=True):
            shelf.tried.add(table.name)
            file = inside(path.parent, written)
            if file is None:
                shelf.said.append(say.leaves_folder(span, written))
                continue
            if file not in books:
                books[file] = shelf.open(file, written.strip(), table)
            if book := books[file]:
                _chosen(shelf, table, book, item.entry.sheet, item.entry.headings)


def _unknown_columns(table: Table, mapped: Iterable[str], span: Span | None) -> Iterator[Problem]:
    names = [column.name for column in table.columns]
    for name in mapped:
        if name not in names:
            near = nearest(name, names)
            guess = f"，是不是“{near}”？" if near else ""
            yield say.bad_yaml(
                span,
                f"表“{table.name}”没有名为“{name}”的列{guess}（左边写办法里的列名）",
                f"{near or names[0]}: {name}",
            )


def _chosen(shelf: Shelf, table: Table, book: Book, wanted: str | None, mapped: Mapping[str, str]) -> None:
    """The sheets that ``data.yaml`` means: the one it names, those named after the table, or the only one."""
    if not book.sheets:
        shelf.take(table, book, None, mapped)
        return
    if wanted is not None:
        sheet = book.sheet(wanted)
        if sheet:
            shelf.take(table, book, sheet, mapped)
        else:
            shelf.said.append(say.no_such_sheet(Address(book.name), wanted, [one.name for one in book.sheets]))
        return
    named = [sheet for sheet in book.sheets if shelf.claim(sheet.name) is table]
    for sheet in named:
        shelf.take(table, book, sheet, mapped)
    if not named:
        shelf.only_sheet(table, book, [sheet for sheet in book.sheets if not sheet.hidden], mapped)


def beside(shelf: Shelf, folder: Path) -> None:
    """Look in the rulebook's own folder for the 附表 that are not found yet."""
    missing = [table for table in shelf.tables.values() if _without_rows(shelf, table)]
    for table in missing:
        _beside_one(shelf, folder, table)


def _without_rows(shelf: Shelf, table: Table) -> bool:
    return table.role is TableRole.RULE and not table.rows and table.name not in shelf.parts


def _beside_one(shelf: Shelf, folder: Path, table: Table) -> None:
    from perfdsl.data.listing import inside

    if table.file:
        path = inside(folder, table.file)
        if path is None:
            shelf.said.append(say.leaves_folder(table.span, table.file))
            return
        if book := shelf.open(path, table.file, table):
            _chosen(shelf, table, book, None, {})
        return
    paths = sorted(folder / name for name in files.names(folder)) if files.kind(folder) == "folder" else []
    for path in paths:
        wanted = _visible(path) and path.suffix.lower() in READ_SUFFIXES and shelf.claim(path.stem) is table
        if wanted and (book := shelf.open(path)):
            _chosen(shelf, table, book, None, {})
