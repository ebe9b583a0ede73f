"""Ledgers of millions of rows → columns, without a Python object for each cell.

A column comes as its different texts and a number a row (or as integers); each text is understood once, by the same
reader that reads CSV, and the rows take over what it means. Each bad text is reported where it stands first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from perfdsl.data.columns import INT64, UNIT_COLUMN, Cell, DataColumn, places, slim
from perfdsl.data.convert import Reader, Reading, called, remark
from perfdsl.data.heads import LargePart
from perfdsl.data.parquet import Coded, Days, Ints, RowOrigin, Scaled, cells_of
from perfdsl.data.raw import CellKind, RawCell, clean, text_cell
from perfdsl.data.roster import Finder, Roster
from perfdsl.data.values import DECIMAL_DIGITS, PERIOD_READERS, WHOLE_DIGITS, YEARS, Note
from perfdsl.model.states import State
from perfdsl.model.table import Table, TableColumn
from perfdsl.model.units import ValueType
from perfdsl.text.catalogue import data as say
from perfdsl.text.citation import Address
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, field, replace

MOST_SAID = 20
"""Different bad texts of a column that are reported one by one, and same rows of a file."""

_FIRST_DAY, _LAST_DAY = date(YEARS[0], 1, 1).toordinal(), date(YEARS[-1], 12, 31).toordinal()


class RowAddresses(Sequence[Address]):
    """Addresses of the cells of a column, made when asked for. ``parts``: file, its column, the rows that were kept."""

    def __init__(self, parts: Sequence[tuple[RowOrigin, int, Ints]]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return sum(len(rows) for _, _, rows in self._parts)

    @overload
    def __getitem__(self, index: int) -> Address: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Address]: ...
    def __getitem__(self, index: int | slice) -> Address | Sequence[Address]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at = index + len(self) if index < 0 else index
        for origin, place, rows in self._parts:
            if 0 <= at < len(rows):
                return origin.at(int(rows[at]) + 1, place)
            at -= len(rows)
        raise IndexError(index)


@dataclass(frozen=True, eq=False)
class _Piece:
    """A column of one file: ``values`` of ``of`` by row, or integers over 10^``digits``."""

    states: npt.NDArray[np.uint8]
    values: npt.NDArray[Any]
    of: tuple[Cell | None, ...] | None = None
    digits: int = 0


@dataclass(eq=False)
class WideLedger:
    """Reads the ``parts`` of one ledger. ``lacking``: some rows name nobody on the roster; ``blank_is_wrong``: a blank
    cell of a required column is a mistake."""

    table: Table
    finder: Finder
    blank_is_wrong: bool = True
    said: list[Problem] = field(default_factory=list)
    lacking: bool = False

    def read(self, parts: Sequence[LargePart], open_for_all: bool) -> tuple[int, dict[str, DataColumn]]:
        """(rows, columns). ``open_for_all``: rows are missing, so that for each unit one row follows of which nothing is
        known."""
        units = [self._units(part) for part in parts]
        kept = [rows for rows, _ in units]
        nobody = len(self.finder.roster.units) if open_for_all or self.lacking else 0
        columns = {
            column.name: self._column(column, parts, kept, [named for _, named in units], nobody)
            for column in self.table.columns
        }
        for part, rows in zip(parts, kept, strict=True):
            same = part.large.same_rows([place for place in part.at.values() if place], MOST_SAID)
            for later, first in same if len(rows) == part.large.rows else _staying(same, rows):
                self.said.append(say.same_row(part.large.origin.at(later, 0), part.large.origin.at(first, 0)))
        return sum(map(len, kept)) + nobody, columns

    # -- whose rows

    def _units(self, part: LargePart) -> tuple[Ints, dict[str, Ints]]:
        """(rows that stay, column of units → position of the unit in each of them, -1 for nobody)."""
        found: dict[str, Ints] = {}
        for column in self.table.columns:
            if column.name == UNIT_COLUMN or column.of_units:
                found[column.name] = self._named(part, column)
        kept = np.arange(part.large.rows, dtype=np.int64)
        if UNIT_COLUMN in found:
            kept = np.flatnonzero(found[UNIT_COLUMN] >= 0)
            self.lacking = self.lacking or len(kept) < part.large.rows
        elif found:
            self._somebody(part, found)
        return kept, {name: of[kept] for name, of in found.items()}

    def _named(self, part: LargePart, column: TableColumn) -> Ints:
        place = part.at.get(column.name)
        if not place:
            return np.full(part.large.rows, -1, dtype=np.int64)
        coded = part.large.column(place, plain=False)
        assert isinstance(coded, Coded)
        unit = [
            -1 if not clean(cell.text) else _or_nobody(self.finder.unit(cell))
            for cell in cells_of(coded, part.large.origin, place)
        ]
        seen = [bool(clean(text)) for text in coded.texts]
        blank = np.array([*(not one for one in seen), True])[coded.codes]
        if not column.optional and blank.any():
            self.finder.unit(text_cell("", part.large.origin, int(np.argmax(blank)) + 1, place))
        found: Ints = np.array([*unit, -1], dtype=np.int64)[coded.codes]
        if column.name != UNIT_COLUMN:
            self.lacking = self.lacking or bool(((found < 0) & ~(blank & column.optional)).any())
        return found

    def _somebody(self, part: LargePart, found: dict[str, Ints]) -> None:
        """Every event belongs to somebody."""
        nobody = np.logical_and.reduce([of < 0 for of in found.values()])
        if nobody.any():
            self.lacking = True
            place = part.large.origin.at(int(np.argmax(nobody)) + 1, 0)
            self.said.append(say.row_of_nobody(place, self.table.name, tuple(found)))

    # -- what they say

    def _column(
        self,
        column: TableColumn,
        parts: Sequence[LargePart],
        kept: Sequence[Ints],
        named: Sequence[dict[str, Ints]],
        nobody: int,
    ) -> DataColumn:
        names = self.finder.roster.units
        if column.name in named[0]:
            known = [_Piece(_absent(of[column.name] < 0), of[column.name], names) for of in named]
            pieces = [*known, _Piece(np.zeros(nobody, np.uint8), np.arange(nobody), names)]
        else:
            pieces = [self.piece(column, part, rows) for part, rows in zip(parts, kept, strict=True)]
            unknown = State.ABSENT if column.optional else State.MISSING
            pieces.append(_Piece(np.full(nobody, unknown, np.uint8), np.zeros(nobody, np.int64), (None,)))
        made = [
            (part.large.origin, part.at[column.name], rows)
            for part, rows in zip(parts, kept, strict=True)
            if part.at.get(column.name)
        ]
        whole = len(made) == len(parts)
        rest = (RowOrigin(""), 0, np.full(nobody, -1, dtype=np.int64))
        addresses = RowAddresses([*made, rest]) if whole else ()
        return _joined(column, [piece for piece in pieces if len(piece.states)] or pieces[:1], addresses)

    def piece(self, column: TableColumn, part: LargePart, rows: Ints) -> _Piece:
        """What ``rows`` of one file say in ``column``; what is wrong with its cells is said."""
        place = part.at.get(column.name)
        if not place:
            state = State.ABSENT if column.optional else State.MISSING
            return _Piece(np.full(len(rows), state, np.uint8), np.zeros(len(rows), np.int64), (None,))
        found = part.large.column(place, plain=_may_be_plain(column))
        if (plain := _plain(column, found, rows)) is not None:
            self._blanks(column, part, place, rows, np.flatnonzero(plain.states > 0))
            return plain
        if not isinstance(found, Coded):
            found = part.large.column(place, plain=False)
        assert isinstance(found, Coded)
        codes = found.codes[rows]
        readings = self._readings(column, cells_of(found, part.large.origin, place), _met(codes[codes >= 0]))
        blank = Reader(column)(text_cell("", None))
        states = np.array([*(one.state for one in readings), blank.state], dtype=np.uint8)[codes]
        missing = np.array([*(not clean(text) for text in found.texts), True])[codes]
        self._blanks(column, part, place, rows, np.flatnonzero(missing))
        return _Piece(states, codes, (*(one.value for one in readings), None))

    def _blanks(self, column: TableColumn, part: LargePart, place: int, rows: Ints, blank: Ints) -> None:
        if self.blank_is_wrong and column.required and not column.optional and len(blank):
            self.said.append(say.blank_cell(part.large.origin.at(int(rows[blank[0]]) + 1, place), called(column)))

    def _readings(self, column: TableColumn, cells: Sequence[RawCell], used: Ints) -> list[Reading]:
        """What each of ``cells`` says; problems only with those that are ``used``."""
        read_cell = Reader(column)
        free = column.kind is ValueType.TEXT and not column.choices and not column.marks
        readings = [_itself(cell) if free and _is_plain(cell) else read_cell(cell) for cell in cells]
        noted: dict[Note, list[RawCell]] = {}
        wrong = []
        for at in used.tolist():
            if (fault := readings[at].fault) is not None:
                wrong.append((cells[at], fault))
            for note in readings[at].notes:
                noted.setdefault(note, []).append(cells[at])
        wrong.sort(key=lambda one: one[0].row)
        self.said += [fault(cell.place) for cell, fault in wrong[:MOST_SAID]]
        if len(wrong) > MOST_SAID:
            self.said.append(say.many_wrong(wrong[MOST_SAID][0].place, called(column), len(wrong) - MOST_SAID))
        self.said += [remark(note, column, where) for note, where in noted.items()]
        return readings


def unit_columns(table: Table, part: LargePart) -> tuple[dict[str, DataColumn], list[Problem]]:
    """The columns of rows that are units, but for the one that names them, as ``表名.列名``; and what is wrong with cells.

    A blank cell is 未报 (不涉及 where it may be blank), as in every table of one row a unit.
    """
    reader = WideLedger(table, Finder(Roster((), {}, {})), blank_is_wrong=False)
    rows = np.arange(part.large.rows, dtype=np.int64)
    columns = {}
    for column in table.columns:
        if column.name == UNIT_COLUMN:
            continue
        place = part.at.get(column.name)
        addresses = RowAddresses([(part.large.origin, place, rows)]) if place else ()
        made = _joined(replace(column, of_units=False), [reader.piece(column, part, rows)], addresses)
        columns[f"{table.name}.{column.name}"] = replace(made, name=f"{table.name}.{column.name}")
    return columns, reader.said


def _is_plain(cell: RawCell) -> bool:
    """Whether the text, in a column of free text, is its own value: states are no ASCII words."""
    text = cell.text
    return cell.kind is CellKind.TEXT and text.isascii() and text.isprintable() and text == text.strip()


def _itself(cell: RawCell) -> Reading:
    return Reading(State.VALUE, cell.text)


def _staying(same: Sequence[tuple[int, int]], rows: Ints) -> list[tuple[int, int]]:
    """Of the rows that are the same, those whose unit is known."""
    known = set(np.intersect1d([row - 1 for pair in same for row in pair], rows).tolist())
    return [pair for pair in same if {pair[0] - 1, pair[1] - 1} <= known]


def _or_nobody(unit: int | None) -> int:
    return -1 if unit is None else unit


def _absent(nobody: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    return np.where(nobody, np.uint8(State.ABSENT), np.uint8(State.VALUE))


def _may_be_plain(column: TableColumn) -> bool:
    """Whether a number or date of the file means what it is: shares and periods are read with care."""
    if column.kind is ValueType.NUMBER:
        return column.name not in PERIOD_READERS and column.unit_word != "%" and not column.marks
    return column.kind is ValueType.DATE and not column.marks


def _plain(column: TableColumn, found: Coded | Scaled | Days, rows: Ints) -> _Piece | None:
    """The column as integers, where every one of them is a value; None where cells have to be read."""
    if isinstance(found, Coded) or isinstance(found, Days) is not (column.kind is ValueType.DATE):
        return None
    values, blank = found.values[rows], found.blank[rows]
    states = np.where(blank, np.uint8(State.ABSENT if column.optional else State.MISSING), np.uint8(State.VALUE))
    if isinstance(found, Days):
        there = values[~blank]
        fits = not len(there) or (there.min() >= _FIRST_DAY and there.max() <= _LAST_DAY)
        return _Piece(states, values) if fits else None
    own = places(column.factor)
    times, most = int(column.factor * 10**own), max(abs(int(values.min(initial=0))), int(values.max(initial=0)))
    if found.digits > DECIMAL_DIGITS or most >= 10 ** (WHOLE_DIGITS + found.digits) or most * times > INT64:
        return None
    return _Piece(states, values * times, None, found.digits + own)


def _joined(column: TableColumn, pieces: Sequence[_Piece], addresses: Sequence[Address]) -> DataColumn:
    """The pieces one under another."""
    states = np.concatenate([piece.states for piece in pieces])
    name, kind = column.name, column.kind
    if name == UNIT_COLUMN or column.of_units:
        kind = ValueType.TEXT
    match kind:
        case ValueType.NUMBER:
            values, digits = _numbers(pieces)
            return DataColumn(name, kind, values, states, digits, (), addresses)
        case ValueType.TEXT | ValueType.GRADE:
            used = {str(one) for piece in pieces for one in _used(piece)}
            words = column.choices if kind is ValueType.GRADE else tuple(sorted(used))
            place = {word: at for at, word in enumerate(words)}
            values = _mapped(pieces, lambda value: place.get(str(value), 0))
            return DataColumn(name, kind, values, states, 0, words, addresses)
        case ValueType.DATE:
            values = _mapped(pieces, lambda value: value.toordinal() if isinstance(value, date) else 0)
            return DataColumn(name, kind, values, states, 0, (), addresses)
        case _:
            return DataColumn(name, kind, _mapped(pieces, bool).astype(np.bool_), states, 0, (), addresses)


def _used(piece: _Piece) -> list[Cell]:
    """The values that some row has."""
    assert piece.of is not None
    has_value = piece.values[piece.states == State.VALUE]
    return [value for at in _met(has_value).tolist() if (value := piece.of[at]) is not None]


def _met(codes: Ints) -> Ints:
    """The codes that occur."""
    return np.flatnonzero(np.bincount(codes))


def _mapped(pieces: Sequence[_Piece], of: Callable[[Cell | None], int]) -> Ints:
    """One integer a row; 0 where there is no value."""
    found = []
    for piece in pieces:
        plain = piece.values if piece.of is None else np.array([of(one) for one in piece.of], np.int64)[piece.values]
        found.append(np.where(piece.states == State.VALUE, plain, 0))
    return np.concatenate(found)


def _numbers(pieces: Sequence[_Piece]) -> tuple[npt.NDArray[Any], int]:
    """(integers, digits): all pieces over one denominator, without digits that no value needs."""
    digits = max(piece.digits if piece.of is None else _places(piece.of) for piece in pieces)
    found: list[npt.NDArray[Any]] = []
    for piece in pieces:
        if piece.of is None:
            times = 10 ** (digits - piece.digits)
            most = max(abs(int(piece.values.min(initial=0))), int(piece.values.max(initial=0)))
            values = piece.values.astype(object) if most * times > INT64 else piece.values
            found.append(np.where(piece.states == State.VALUE, values * times, 0))
        else:
            whole = [int(one * 10**digits) if isinstance(one, Fraction) else 0 for one in piece.of]
            wide = any(abs(one) > INT64 for one in whole)
            found.append(np.array(whole, dtype=object if wide else np.int64)[piece.values])
    return slim(np.concatenate(found), digits)


def _places(of: Sequence[Cell | None]) -> int:
    return max((places(one) for one in of if isinstance(one, Fraction)), default=0)
