"""Parquet files, and CSV files too large for the reader of text, through DuckDB (the ``large`` extra).

A file is copied into a table of DuckDB, which holds :data:`MEMORY` of it and lays the rest on the disk. From there it
goes two ways:

* :meth:`Large.raw`: cells as text, for tables of a row a unit. Everything that is known of CSV holds for them.
* :meth:`Large.column`: for ledgers of millions of rows. What repeats itself comes as its different texts and a number a
  row, so that the reader of cells sees each text once; whole numbers, decimals and dates come as integers. Both are
  fetched in blocks and lie on the disk where they are long.

Nothing becomes a binary fraction on the way: DECIMAL and integers are exact, and of a DOUBLE the shortest decimal is
read that names it. What no cell can hold (NaN, infinity, a list) is refused with its row and column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from perfdsl.data import scratch
from perfdsl.data.arrays import Bools, Ints
from perfdsl.data.raw import CellKind, Origin, RawCell, RawRow, RawTable, text_cell
from perfdsl.data.refused import Refused
from perfdsl.data.scratch import NoRoom, Pile, kept_texts, spans
from perfdsl.text.catalogue import data as say
from perfdsl.text.citation import Address
from perfdsl.text.records import dataclass, field

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

    from duckdb import DuckDBPyConnection

MAX_CELLS = 1_500_000
"""Cells of a table that is read cell by cell; ledgers have no such limit."""

MEMORY = "1GB"
"""What DuckDB holds of a file before it goes to the disk."""

_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_WHOLE = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
_KINDS = {
    "VARCHAR": CellKind.TEXT,
    "BOOLEAN": CellKind.BOOL,
    "DATE": CellKind.DATE,
    **dict.fromkeys((*_WHOLE, "HUGEINT", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE"), CellKind.NUMBER),
}
_WIDEST = 18
"""Digits of a DECIMAL that int64 holds."""


@dataclass(frozen=True)
class RowOrigin(Origin):
    """A file without cell references: a cell is named by its row, counted from 1, and its column.

    ``above``: lines above the first row, which are counted too.
    """

    names: tuple[str, ...] = ()
    above: int = 0

    def at(self, row: int, column: int) -> Address:
        """``第 17 行“级别”``; column 0 is the whole row, row 0 the file or one of its columns."""
        name = f"“{self.names[column - 1]}”" if column else ""
        return Address(self.file, self.sheet, (f"第 {row + self.above} 行" if row else "列" if name else "") + name)


@dataclass(frozen=True, eq=False)
class Coded:
    """The different ``texts`` of a column, in order, and for each row which of them; -1 where the cell is blank.

    ``first``: the row where each text stands first.
    """

    texts: Sequence[str]
    first: Ints
    kind: CellKind
    codes: Ints


@dataclass(frozen=True, eq=False)
class Scaled:
    """Numbers of one width: ``values`` / 10^``digits``, 0 where the cell is ``blank``."""

    values: Ints
    digits: int
    blank: Bools


@dataclass(frozen=True, eq=False)
class Days:
    """Dates as ordinals."""

    values: Ints
    blank: Bools


@dataclass(eq=False)
class Large:
    """A file that DuckDB has read. ``types`` are those of the columns called ``names``.

    In the database a column goes by its place alone, ``c1`` the first: a heading may be any word, ``rowid`` too. Whatever asks for rows raises :class:`NoRoom` where the disk is full.
    """

    name: str
    above: int
    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: int
    _connection: DuckDBPyConnection = field(repr=False)
    _spill: TemporaryDirectory[str] = field(repr=False)

    @property
    def origin(self) -> RowOrigin:
        """Where its cells are."""
        return RowOrigin(self.name, "", self.names, self.above)

    @property
    def header(self) -> RawTable:
        """The headings, without the rows."""
        cells = {place: text_cell(name, self.origin, 0, place) for place, name in enumerate(self.names, 1) if name}
        return RawTable(self.origin, RawRow(0, cells, self.origin), ())

    def raw(self) -> RawTable:
        """All cells as text.

        Raises:
            Refused: too many cells.
        """
        if self.rows * len(self.names) > MAX_CELLS:
            raise Refused(say.too_big(Address(self.name), f"单元格超过 {MAX_CELLS // 10000} 万个（台账不受此限）"))
        wanted = ", ".join(f"c{place}::VARCHAR" for place in range(1, len(self.names) + 1))
        kinds = [_KINDS[_plain(type_)] for type_ in self.types]
        origin, rows = self.origin, []
        for number, values in enumerate(self._all(f"SELECT {wanted} FROM part ORDER BY rowid"), 1):
            cells = {
                place: _cell(text, kind, origin, number, place)
                for place, (text, kind) in enumerate(zip(values, kinds, strict=True), 1)
                if text is not None
            }
            cells = {place: cell for place, cell in cells.items() if not cell.blank}
            if cells:
                rows.append(RawRow(number, cells, origin))
        return RawTable(origin, self.header.header, tuple(rows))

    def column(self, place: int, *, plain: bool) -> Coded | Scaled | Days:
        """The column at ``place``, from 1. ``plain``: numbers and dates may come as such, not as texts."""
        name, type_ = f"c{place}", self.types[place - 1]
        if plain and (digits := _digits(type_)) is not None:
            values, blank = self._integers(f"({name} * {10**digits})::BIGINT" if digits else f"{name}::BIGINT")
            return Scaled(values, digits, blank)
        if plain and type_ == "DATE" and not self._all(f"SELECT 1 FROM part WHERE isinf({name}) LIMIT 1"):
            return Days(*self._integers(f"date_diff('day', DATE '0001-01-01', {name}) + 1"))
        return self._coded(name, _KINDS[_plain(type_)])

    def same_rows(self, places: Sequence[int], most: int) -> list[tuple[int, int]]:
        """(row, the first row that has the same in the columns at ``places``), at most ``most`` of them."""
        names = ", ".join(f"c{place}" for place in places)
        found = self._all(
            f"WITH twice AS (SELECT hash({names}) AS h FROM part GROUP BY h HAVING count(*) > 1) "
            f"SELECT min(rowid, 2) AS rows FROM part WHERE hash({names}) IN (SELECT h FROM twice) "
            f"GROUP BY {names} HAVING count(*) > 1 ORDER BY rows LIMIT {most}"
        )
        return [(second + 1, first + 1) for ((first, second),) in found]

    def _integers(self, value: str) -> tuple[Ints, Bools]:
        values, blank = Pile(np.int64), Pile(np.bool_)
        for [found] in self._blocks(f"SELECT {value} FROM part", self.rows):
            values.add(np.ma.filled(found, 0))
            blank.add(np.ma.getmaskarray(found))
        return values.array(), blank.array()

    def _coded(self, name: str, kind: CellKind) -> Coded:
        self._run(
            "CREATE OR REPLACE TEMP TABLE texts AS SELECT said, first, row_number() OVER (ORDER BY said) - 1 AS code FROM "
            f"(SELECT {name}::VARCHAR AS said, min(rowid) AS first FROM part WHERE {name} IS NOT NULL GROUP BY ALL) "
            "ORDER BY said"
        )
        [(different,)] = self._all("SELECT count(*) FROM texts")
        texts = kept_texts(
            text
            for [block] in self._blocks("SELECT said FROM texts AS part", different, scratch.TEXTS)
            for text in block.tolist()
        )
        code = f"SELECT coalesce(code, -1) AS code FROM part LEFT JOIN texts ON {name}::VARCHAR = said"
        if different > scratch.BLOCK:  # too many to be looked up in once for each block
            self._run(f"CREATE OR REPLACE TEMP TABLE codes AS {code} ORDER BY part.rowid")
            code = "SELECT code FROM codes AS part"
        return Coded(
            texts, self._whole("SELECT first FROM texts AS part", different), kind, self._whole(code, self.rows)
        )

    def _whole(self, query: str, rows: int) -> Ints:
        pile = Pile(np.int64)
        for [found] in self._blocks(query, rows):
            pile.add(found)
        return pile.array()

    def _blocks(self, query: str, rows: int, block: int = 0) -> Iterator[list[Any]]:
        """The columns of ``query``, which reads ``part`` with so many ``rows``, block by block in their order."""
        return (
            self._arrays(f"{query} WHERE part.rowid >= {at.start} AND part.rowid < {at.stop} ORDER BY part.rowid")
            for at in spans(rows, block)
        )

    def _arrays(self, query: str) -> list[Any]:
        return list(self._run(query).fetchnumpy().values())

    def _all(self, query: str) -> list[Any]:
        found: list[Any] = self._run(query).fetchall()
        return found

    def _run(self, query: str) -> DuckDBPyConnection:
        import duckdb

        try:
            return self._connection.execute(query)
        except (duckdb.OutOfMemoryException, duckdb.IOException):
            _left(self._connection, self._spill)
            raise NoRoom from None


def _left(connection: DuckDBPyConnection, spill: TemporaryDirectory[str]) -> None:
    """Nothing is left on the disk; DuckDB would make its folder anew as long as it is there."""
    connection.close()
    spill.cleanup()


def open_parquet(path: Path, name: str) -> Large:
    """Read a Parquet file.

    Raises:
        Refused: damaged, a column that no cell can hold, or the extra is missing.
        NoRoom: the disk is full.
    """
    return _opened(name, f"read_parquet({_text(path)})", "Parquet 文件", 0)


def open_separated(path: Path, name: str) -> Large:
    """Read a large CSV (or, by its ending, tab-separated) file; its first line holds the headings.

    Raises:
        Refused: not UTF-8, lines that do not fit, or the extra is missing.
        NoRoom: the disk is full.
    """
    tab = path.suffix.lower() == ".tsv"
    reader = (
        f"read_csv({_text(path)}, header = true, all_varchar = true, delim = '{chr(9) if tab else ','}', quote = '\"', "
        "escape = '\"', strict_mode = true, null_padding = false, sample_size = 1)"
    )
    return _opened(name, reader, "CSV 文件（大文件要用 UTF-8 编码）", 1)


def open_arrow(batch: Any, name: str) -> Large:
    """Read a batch of Arrow as :func:`open_parquet` reads a file.

    Raises:
        Refused: a column that no cell can hold.
        NoRoom: the disk is full.
    """
    return _opened(name, "batch", "数据", 0, batch)


def _opened(name: str, reader: str, what: str, above: int, batch: Any = None) -> Large:
    try:
        import duckdb
    except ImportError:
        raise Refused(say.needs_extra(Address(name), what)) from None
    from tempfile import TemporaryDirectory  # loads for large files

    try:
        spill = TemporaryDirectory(prefix="perfdsl-", ignore_cleanup_errors=True)
    except OSError:
        raise NoRoom from None
    config = {"temp_directory": spill.name, "memory_limit": MEMORY, "autoinstall_known_extensions": "false"}
    connection = duckdb.connect(config=config)
    if batch is not None:
        connection.register("batch", batch)
    try:
        columns = connection.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()
        names, types = tuple(str(one[0]) for one in columns), tuple(str(one[1]) for one in columns)
        for column, type_ in zip(names, types, strict=True):
            if _plain(type_) not in _KINDS:
                raise Refused(say.type_of_no_cell(RowOrigin(name, "", (column,)).at(0, 1), column, type_))
        own = ", ".join(f"{_quoted(column)} AS c{place}" for place, column in enumerate(names, 1))
        connection.execute(f"CREATE TEMP TABLE part AS SELECT {own} FROM {reader}")
        [(rows,)] = connection.execute("SELECT count(*) FROM part").fetchall()
    except Refused:
        _left(connection, spill)
        raise
    except (duckdb.Error, UnicodeDecodeError) as error:
        _left(connection, spill)
        if isinstance(error, duckdb.OutOfMemoryException) or spill.name in str(error):
            raise NoRoom from None
        raise Refused(say.damaged(Address(name), f"{what}读不通")) from None
    return Large(name, above, names, types, int(rows), connection, spill)


def cells_of(
    coded: Coded, origin: Origin, place: int, passed_over: Callable[[str], bool] | None = None
) -> Iterator[tuple[Sequence[str], dict[int, RawCell]]]:
    """The different texts, some at a time; and one cell, where it stands first, for each that is not ``passed_over``."""
    for span in spans(len(coded.texts), scratch.TEXTS):
        texts, first = coded.texts[span], coded.first[span].tolist()
        asked = [at for at, text in enumerate(texts) if passed_over is None or not passed_over(text)]
        yield texts, {at: _cell(texts[at], coded.kind, origin, first[at] + 1, place) for at in asked}


def _cell(text: str, kind: CellKind, origin: Origin, row: int, place: int) -> RawCell:
    if kind is CellKind.TEXT:
        return text_cell(text, origin, row, place)
    return RawCell(_positional(text) if kind is CellKind.NUMBER else text, kind, origin, row, place)


def _positional(text: str) -> str:
    """``1e-07`` → ``0.0000001``; what is no number (nan, inf) as it is."""
    return f"{Decimal(text):f}" if "e" in text else text


def _plain(type_: str) -> str:
    """The type without its size: DECIMAL(10,2) and timestamps read as numbers and dates do."""
    if _DECIMAL.fullmatch(type_):
        return "DOUBLE"
    return "DATE" if type_.startswith("TIMESTAMP") and "TIME ZONE" not in type_ else type_


def _digits(type_: str) -> int | None:
    """Decimal digits of a type whose numbers int64 holds."""
    if type_ in _WHOLE:
        return 0
    match = _DECIMAL.fullmatch(type_)
    return int(match[2]) if match and int(match[1]) <= _WIDEST else None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
