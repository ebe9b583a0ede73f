"""Ledgers of millions of rows → columns, without a Python object for each cell.

A column comes as its different texts and a number a row (or as integers); each text is understood once, by the same
reader that reads CSV, and the rows take over what it means. Each bad text is reported where it stands first. All goes
block by block, and what is long lies on the disk (:mod:`perfdsl.data.scratch`).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby, repeat
from operator import itemgetter
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from perfdsl.data.arrays import Ints
from perfdsl.data.columns import INT64, UNIT_COLUMN, Cell, DataColumn, places, slim
from perfdsl.data.convert import Fault, Reader, Reading, called, remark
from perfdsl.data.heads import LargePart
from perfdsl.data.parquet import Coded, Days, RowOrigin, Scaled, cells_of
from perfdsl.data.raw import CellKind, RawCell, clean, text_cell
from perfdsl.data.roster import Finder, Roster
from perfdsl.data.scratch import Pile, by_blocks, holds_somewhere, kept_texts, spans
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


Rows = range | Ints
"""Rows of a file, from 0: all of them, or some."""


class RowAddresses(Sequence[Address]):
    """Addresses of the cells of a column, made when asked for. ``parts``: file, its column, the rows that were kept."""

    def __init__(self, parts: Sequence[tuple[RowOrigin, int, Rows]]) -> None:
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
    """A column of one file. ``values`` as of a :class:`DataColumn`, 0 where there is no value; ``words`` stand in order."""

    states: npt.NDArray[np.uint8]
    values: npt.NDArray[Any]
    digits: int = 0
    words: Sequence[str] = ()


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
            for later, first in same if isinstance(rows, range) else _staying(same, rows):
                self.said.append(say.same_row(part.large.origin.at(later, 0), part.large.origin.at(first, 0)))
        return sum(map(len, kept)) + nobody, columns

    # -- whose rows

    def _units(self, part: LargePart) -> tuple[Rows, dict[str, Ints]]:
        """(rows that stay, column of units → position of the unit in each of them, -1 for nobody)."""
        found: dict[str, Ints] = {}
        for column in self.table.columns:
            if column.name == UNIT_COLUMN or column.of_units:
                found[column.name] = self._named(part, column)
        kept: Rows = range(part.large.rows)
        if UNIT_COLUMN in found:
            if holds_somewhere(lambda of: of < 0, found[UNIT_COLUMN]):
                self.lacking = True
                kept = _rows_of_units(found[UNIT_COLUMN])
        elif found:
            self._somebody(part, found)
        return kept, {name: _taken(of, kept) for name, of in found.items()}

    def _named(self, part: LargePart, column: TableColumn) -> Ints:
        place = part.at.get(column.name)
        if not place:
            return np.full(part.large.rows, -1, dtype=np.int64)
        coded = part.large.column(place, plain=False)
        assert isinstance(coded, Coded)
        units: list[int] = []
        seen: list[bool] = []
        for texts, cells in cells_of(coded, part.large.origin, place):
            seen += (bool(clean(text)) for text in texts)
            units += (-1 if not clean(cell.text) else _or_nobody(self.finder.unit(cell)) for cell in cells.values())
        unit, blank = np.array([*units, -1], dtype=np.int64), np.array([*(not one for one in seen), True])
        if not column.optional and (row := _first(lambda codes: blank[codes], coded.codes)) is not None:
            self.finder.unit(text_cell("", part.large.origin, row + 1, place))
        if column.name != UNIT_COLUMN:
            odd = (unit < 0) & ~(blank & column.optional)
            self.lacking = self.lacking or holds_somewhere(lambda codes: odd[codes], coded.codes)
        return by_blocks(lambda codes: unit[codes], coded.codes)

    def _somebody(self, part: LargePart, found: dict[str, Ints]) -> None:
        """Every event belongs to somebody."""
        row = _first(lambda *of: np.logical_and.reduce([one < 0 for one in of]), *found.values())
        if row is not None:
            self.lacking = True
            place = part.large.origin.at(row + 1, 0)
            self.said.append(say.row_of_nobody(place, self.table.name, tuple(found)))

    # -- what they say

    def _column(
        self,
        column: TableColumn,
        parts: Sequence[LargePart],
        kept: Sequence[Rows],
        named: Sequence[dict[str, Ints]],
        nobody: int,
    ) -> DataColumn:
        if column.name in named[0]:
            names = self.finder.roster.units
            pieces = [_of_units(names, of[column.name]) for of in (*named, {column.name: np.arange(nobody)})]
        else:
            pieces = [self.piece(column, part, rows) for part, rows in zip(parts, kept, strict=True)]
            pieces.append(_unsaid(column, nobody))
        made = [
            (part.large.origin, part.at[column.name], rows)
            for part, rows in zip(parts, kept, strict=True)
            if part.at.get(column.name)
        ]
        whole = len(made) == len(parts)
        rest = (RowOrigin(""), 0, np.full(nobody, -1, dtype=np.int64))
        addresses = RowAddresses([*made, rest]) if whole else ()
        return _joined(column, [piece for piece in pieces if len(piece.states)] or pieces[:1], addresses)

    def piece(self, column: TableColumn, part: LargePart, rows: Rows) -> _Piece:
        """What ``rows`` of one file say in ``column``; what is wrong with its cells is said."""
        place = part.at.get(column.name)
        if not place:
            return _unsaid(column, len(rows))
        found = part.large.column(place, plain=_may_be_plain(column))
        if (plain := _plain(column, found, rows)) is not None:
            self._blanks(column, part, place, rows, _first(lambda states: states > 0, plain.states))
            return plain
        if not isinstance(found, Coded):
            found = part.large.column(place, plain=False)
        assert isinstance(found, Coded)
        codes = _taken(found.codes, rows)
        said = self._said(column, found, part, place, _met(codes, len(found.texts)))
        self._blanks(column, part, place, rows, _first(lambda codes: said.blank[codes], codes))
        states = by_blocks(lambda codes: said.states[codes], codes)
        return _Piece(states, by_blocks(lambda codes: said.values[codes], codes), said.digits, said.words)

    def _blanks(self, column: TableColumn, part: LargePart, place: int, rows: Rows, first: int | None) -> None:
        if first is not None and self.blank_is_wrong and column.required and not column.optional:
            self.said.append(say.blank_cell(part.large.origin.at(int(rows[first]) + 1, place), called(column)))

    def _said(
        self, column: TableColumn, found: Coded, part: LargePart, place: int, used: npt.NDArray[np.bool_]
    ) -> _Said:
        """What the different texts say; problems only with those that are ``used``."""
        read_cell = Reader(column)
        said_for = column.choices or column.marks or column.reworded
        free = column.kind is ValueType.TEXT and not said_for and found.kind is CellKind.TEXT
        said = _Saying(column, found.texts)
        noted: dict[Note, list[RawCell]] = {}
        wrong: list[tuple[RawCell, Fault]] = []
        count = begin = 0
        for texts, cells in cells_of(found, part.large.origin, place, _is_itself if free else None):
            met = used[begin : begin + len(texts)]
            begin += len(texts)
            readings = {at: read_cell(cell) for at, cell in cells.items()}
            said.add(texts, readings, met)
            for at, reading in readings.items():
                if reading.fault is not None and met[at]:
                    count += 1
                    wrong.append((cells[at], reading.fault))
                for note in reading.notes if met[at] else ():
                    noted.setdefault(note, []).append(cells[at])
            wrong = heapq.nsmallest(MOST_SAID + 1, wrong, key=lambda one: one[0].row)
        self.said += [fault(cell.place) for cell, fault in wrong[:MOST_SAID]]
        if count > MOST_SAID:
            self.said.append(say.many_wrong(wrong[MOST_SAID][0].place, called(column), count - MOST_SAID))
        self.said += [remark(note, column, where) for note, where in noted.items()]
        return said.all(read_cell(text_cell("", None)))


@dataclass(frozen=True, eq=False)
class _Said:
    """What each text of a column says, as the cells of a :class:`_Piece`; behind them all what a blank cell does."""

    states: npt.NDArray[np.uint8]
    values: npt.NDArray[Any]
    blank: npt.NDArray[np.bool_]
    digits: int = 0
    words: Sequence[str] = ()


class _Saying:
    """Puts together what the ``texts`` of a column say; they are read in their order, some at a time.

    Of texts that are their own meaning, however many, a number is held, not the text.
    """

    def __init__(self, column: TableColumn, texts: Sequence[str]) -> None:
        self.column, self.texts = column, texts
        self._states: list[npt.NDArray[np.uint8]] = []
        self._blank: list[npt.NDArray[np.bool_]] = []
        self._numbers: list[tuple[Ints, int]] = []
        self._own: list[npt.NDArray[np.bool_]] = []
        self._other: dict[int, str] = {}

    def add(self, texts: Sequence[str], readings: Mapping[int, Reading], used: npt.NDArray[np.bool_]) -> None:
        """What the next ``texts`` say; those without a reading are their own meaning.

        Those that are not ``used`` have no say in how wide numbers are and which words there are.
        """
        states, blank = np.full(len(texts), State.VALUE, np.uint8), np.zeros(len(texts), np.bool_)
        asked = list(readings)
        states[asked] = [one.state for one in readings.values()]
        blank[asked] = [not clean(texts[at]) for at in asked]
        values = {at: one.value if used[at] else None for at, one in readings.items()}
        if self.column.kind is ValueType.TEXT:
            begin, own = sum(map(len, self._own)), used.copy()
            own[asked] = [value == texts[at] for at, value in values.items()]
            self._own.append(own)
            self._other |= {begin + at: str(one) for at, one in values.items() if one is not None and not own[at]}
        else:
            self._numbers.append(self._numbered(list(values.values())))
        self._states.append(states)
        self._blank.append(blank)

    def _numbered(self, values: Sequence[Cell | None]) -> tuple[Ints, int]:
        """(integers, digits)."""
        match self.column.kind:
            case ValueType.NUMBER:
                numbers = [one if isinstance(one, Fraction) else Fraction(0) for one in values]
                digits = max(map(places, numbers), default=0)
                return _integers([int(one * 10**digits) for one in numbers]), digits
            case ValueType.GRADE:
                place = {word: at for at, word in enumerate(self.column.choices)}
                return _integers([place.get(str(one), 0) for one in values]), 0
            case ValueType.DATE:
                return _integers([one.toordinal() if isinstance(one, date) else 0 for one in values]), 0
            case _:
                return _integers([int(bool(one)) for one in values]), 0

    def all(self, blank: Reading) -> _Said:
        """What was said; ``blank``: what a blank cell says."""
        states = np.concatenate([*self._states, np.array([blank.state], np.uint8)])
        unseen = np.concatenate([*self._blank, np.ones(1, np.bool_)])
        if self.column.kind is ValueType.TEXT:
            places_, words = self._worded()
            return _Said(states, np.append(places_, 0), unseen, 0, words)
        digits = max((of for _, of in self._numbers), default=0)
        numbers = [_times(values, 10 ** (digits - of)) for values, of in self._numbers]
        return _Said(states, np.concatenate([*numbers, np.zeros(1, np.int64)]), unseen, digits)

    def _worded(self) -> tuple[Ints, Sequence[str]]:
        """(the word of each text, 0 where it is none; the words)."""
        own = np.concatenate([*self._own, np.zeros(0, np.bool_)])
        mine, others = self.texts, sorted(set(self._other.values()))
        if not own.all():
            mine = kept_texts(text for text, is_own in zip(self.texts, own.tolist(), strict=True) if is_own)
        words, (of_own, of_others) = _united([mine, others])
        found = np.zeros(len(own), np.int64)
        found[own] = of_own
        place = dict(zip(others, map(int, of_others), strict=True))
        for at, word in self._other.items():
            found[at] = place[word]
        return found, words


def unit_columns(table: Table, part: LargePart) -> tuple[dict[str, DataColumn], list[Problem]]:
    """The columns of rows that are units, but for the one that names them, as ``表名.列名``; and what is wrong with cells.

    A blank cell is 未报 (不涉及 where it may be blank), as in every table of one row a unit.
    """
    reader = WideLedger(table, Finder(Roster((), {}, {})), blank_is_wrong=False)
    rows = range(part.large.rows)
    columns = {}
    for column in table.columns:
        if column.name == UNIT_COLUMN:
            continue
        place = part.at.get(column.name)
        addresses = RowAddresses([(part.large.origin, place, rows)]) if place else ()
        made = _joined(replace(column, of_units=False), [reader.piece(column, part, rows)], addresses)
        columns[f"{table.name}.{column.name}"] = replace(made, name=f"{table.name}.{column.name}")
    return columns, reader.said


def _is_itself(text: str) -> bool:
    """Whether ``text``, in a column of free text, is its own meaning: states are no ASCII words."""
    return text.isascii() and text.isprintable() and bool(text) and text == text.strip()


def _staying(same: Sequence[tuple[int, int]], rows: Ints) -> list[tuple[int, int]]:
    """Of the rows that are the same, those whose unit is known."""

    def known(row: int) -> bool:
        at = int(np.searchsorted(rows, row - 1))
        return at < len(rows) and int(rows[at]) == row - 1

    return [pair for pair in same if known(pair[0]) and known(pair[1])]


def _or_nobody(unit: int | None) -> int:
    return -1 if unit is None else unit


def _of_units(names: Sequence[str], of: Ints) -> _Piece:
    """A column of units, of which ``of`` says which of ``names`` each is, -1 for nobody."""
    used = np.flatnonzero(_met(of, len(names))).tolist()
    used.sort(key=names.__getitem__)
    place = np.zeros(len(names) + 1, np.int64)
    place[used] = np.arange(len(used))
    states = by_blocks(lambda some: np.where(some < 0, np.uint8(State.ABSENT), np.uint8(State.VALUE)), of)
    return _Piece(states, by_blocks(lambda some: place[some], of), 0, tuple(names[unit] for unit in used))


def _rows_of_units(of: Ints) -> Ints:
    """The rows that are somebody's."""
    pile = Pile(np.int64)
    for at in spans(len(of)):
        pile.add(np.flatnonzero(of[at] >= 0) + at.start)
    return pile.array()


def _unsaid(column: TableColumn, rows: int) -> _Piece:
    """``rows`` rows of which nothing is known."""
    state = np.uint8(State.ABSENT if column.optional else State.MISSING)
    return _Piece(np.broadcast_to(state, rows), np.broadcast_to(np.int64(0), rows))


def _taken(of: npt.NDArray[Any], rows: Rows) -> npt.NDArray[Any]:
    return of if isinstance(rows, range) else by_blocks(lambda some: of[some], rows)


def _first(asked: Callable[..., Any], *arrays: npt.NDArray[Any]) -> int | None:
    """The first row of which ``asked`` holds."""
    for at in spans(len(arrays[0])):
        holds: npt.NDArray[np.bool_] = asked(*(array[at] for array in arrays))
        if holds.any():
            return int(at.start + np.argmax(holds))
    return None


def _met(codes: Ints, count: int) -> npt.NDArray[np.bool_]:
    """For each of ``count`` codes whether it occurs; -1 is none."""
    found = np.zeros(count + 1, np.bool_)
    for at in spans(len(codes)):
        found[codes[at]] = True
    return found[:-1]


def _may_be_plain(column: TableColumn) -> bool:
    """Whether a number or date of the file means what it is: shares and periods are read with care."""
    if column.kind is ValueType.NUMBER:
        return column.name not in PERIOD_READERS and column.unit_word != "%" and not column.marks
    return column.kind is ValueType.DATE and not column.marks


def _plain(column: TableColumn, found: Coded | Scaled | Days, rows: Rows) -> _Piece | None:
    """The column as integers, where every one of them is a value; None where cells have to be read."""
    if isinstance(found, Coded) or isinstance(found, Days) is not (column.kind is ValueType.DATE):
        return None
    values, blank = _taken(found.values, rows), _taken(found.blank, rows)
    unsaid = np.uint8(State.ABSENT if column.optional else State.MISSING)
    states = by_blocks(lambda some: np.where(some, unsaid, np.uint8(State.VALUE)), blank)
    if isinstance(found, Days):
        odd = holds_somewhere(lambda day, none: ~none & ((day < _FIRST_DAY) | (day > _LAST_DAY)), values, blank)
        return None if odd else _Piece(states, values)
    own = places(column.factor)
    times, most = int(column.factor * 10**own), _most(values)
    if found.digits > DECIMAL_DIGITS or most >= 10 ** (WHOLE_DIGITS + found.digits) or most * times > INT64:
        return None
    return _Piece(states, _times(values, times), found.digits + own)


def _joined(column: TableColumn, pieces: Sequence[_Piece], addresses: Sequence[Address]) -> DataColumn:
    """The pieces one under another."""
    states = _under_one_another([piece.states for piece in pieces])
    name, kind = column.name, column.kind
    if name == UNIT_COLUMN or column.of_units:
        kind = ValueType.TEXT
    match kind:
        case ValueType.NUMBER:
            digits = max(piece.digits for piece in pieces)
            whole = _under_one_another([_times(piece.values, 10 ** (digits - piece.digits)) for piece in pieces])
            values, digits = slim(whole, digits)
            return DataColumn(name, kind, values, states, digits, (), addresses)
        case ValueType.TEXT:
            words, places_ = _united([piece.words for piece in pieces])
            coded = [_placed(piece.values, place) for piece, place in zip(pieces, places_, strict=True)]
            return DataColumn(name, kind, _under_one_another(coded), states, 0, words, addresses)
        case ValueType.BOOL:
            yes = by_blocks(lambda some: some.astype(np.bool_), _under_one_another([piece.values for piece in pieces]))
            return DataColumn(name, kind, yes, states, 0, (), addresses)
        case _:
            words = column.choices if kind is ValueType.GRADE else ()
            return DataColumn(
                name, kind, _under_one_another([piece.values for piece in pieces]), states, 0, words, addresses
            )


def _under_one_another(arrays: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    if len(arrays) == 1:
        return arrays[0]
    pile = Pile(np.result_type(*arrays))
    for array in arrays:
        for at in spans(len(array)):
            pile.add(array[at])
    return pile.array()


def _united(lists: Sequence[Sequence[str]]) -> tuple[Sequence[str], list[Rows]]:
    """(the words of ``lists``, which stand in order, in order; which of them each word of each list is)."""
    filled = [words for words in lists if len(words)]
    if len(filled) < 2:
        return (filled[0] if filled else ()), [range(len(words)) for words in lists]
    places_ = [np.zeros(len(words), np.int64) for words in lists]

    def merged() -> Iterator[str]:
        met = [0] * len(lists)
        marked = [zip(words, repeat(which)) for which, words in enumerate(lists)]
        for at, (word, where) in enumerate(groupby(heapq.merge(*marked), key=itemgetter(0))):
            for _, which in where:
                places_[which][met[which]] = at
                met[which] += 1
            yield word

    return kept_texts(merged()), list(places_)


def _placed(codes: Ints, place: Rows) -> Ints:
    """``codes`` of words, as ``place`` says where they stand now."""
    if isinstance(place, range) or not len(place):
        return codes
    return by_blocks(lambda some: place[some], codes)


def _integers(numbers: Sequence[int]) -> npt.NDArray[Any]:
    return np.array(numbers, dtype=object if any(abs(one) > INT64 for one in numbers) else np.int64)


def _times(values: npt.NDArray[Any], times: int) -> npt.NDArray[Any]:
    if times == 1:
        return values
    if _most(values) * times > INT64:
        return values.astype(object) * times
    return by_blocks(lambda some: some * times, values)


def _most(values: npt.NDArray[Any]) -> int:
    return max(abs(int(values.min(initial=0))), abs(int(values.max(initial=0))))
