"""Raw cells + what the model says of the column → an exact column. Every bad cell is reported, in one run.

A cell that cannot be read becomes 待定, never 0 and never blank: what it would have been is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import overload

from perfdsl.data.columns import MONTH_COLUMN, Cell, DataColumn
from perfdsl.data.columns import column as build
from perfdsl.data.raw import CellKind, RawCell, clean, key
from perfdsl.data.values import PLACEHOLDERS, READERS, Note, Wrong, month
from perfdsl.model.states import BY_CHINESE, State
from perfdsl.model.table import TableColumn
from perfdsl.model.units import ValueType
from perfdsl.text.catalogue import data as say
from perfdsl.text.citation import Address
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.source import Span

Fault = Callable[[Address | Span | None], Problem]

STATE_WORDS = {word: state for word, state in BY_CHINESE.items() if state is not State.VALUE}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one cell says: a state, its value where it has one, and what is wrong or odd about it."""

    state: State
    value: Cell | None = None
    fault: Fault | None = None
    notes: tuple[Note, ...] = ()


_MISSING = Reading(State.MISSING)


def read(column: TableColumn, cell: RawCell) -> Reading:
    """Understand one cell as a cell of ``column``."""
    text = clean(cell.text)
    if cell.blank or not text:
        return _MISSING
    if fault := _unreadable(column, cell, text):
        return Reading(State.PENDING, fault=fault)
    if state := _state(column, text):
        return Reading(state)
    if _placeholder(column, text):
        return Reading(State.PENDING, fault=partial(say.unexplained_mark, column=column, written=text))
    found = _reader(column)(text, column)
    if isinstance(found, Wrong):
        return Reading(State.PENDING, fault=partial(_wrong, column=column, cell=cell, wrong=found))
    edges = (Note.EDGES,) if text != cell.text else ()
    return Reading(State.VALUE, found.value, notes=(*edges, *found.notes))


def _reader(column: TableColumn) -> Callable[..., object]:
    return month if column.name == MONTH_COLUMN else READERS[column.kind]


def _unreadable(column: TableColumn, cell: RawCell, text: str) -> Fault | None:
    match cell.kind:
        case CellKind.ERROR:
            return partial(say.error_cell, column=column, written=text)
        case CellKind.UNCALCULATED:
            return partial(say.not_calculated, column=column, formula=text)
        case CellKind.DAMAGED:
            return partial(say.too_many_digits, column=column, written=text)
        case CellKind.DATE if column.kind not in (ValueType.DATE, ValueType.NUMBER) and not column.choices:
            return partial(say.turned_into_date, column=column, written=text)
        case _:
            return None


def _state(column: TableColumn, text: str) -> State | None:
    """The state that a word or a declared mark stands for; a choice of the same name is a choice."""
    word = key(text)
    marks = (state for mark, state in column.marks if key(mark) == word)
    if text in column.choices:
        return next(marks, None)
    return next(marks, STATE_WORDS.get(word))


def _placeholder(column: TableColumn, text: str) -> bool:
    if key(text) not in PLACEHOLDERS or text in column.choices:
        return False
    return column.kind is not ValueType.BOOL or key(text) != "无" if not _free_text(column) else False


def _free_text(column: TableColumn) -> bool:
    return column.kind is ValueType.TEXT and not column.choices


def _wrong(place: Address | Span | None, column: TableColumn, cell: RawCell, wrong: Wrong) -> Problem:
    written = clean(cell.text)
    if column.kind in (ValueType.TEXT, ValueType.GRADE):
        return say.not_a_choice(place, column, wrong.expected, written, wrong.mend)
    if cell.kind is CellKind.DATE and column.kind is ValueType.NUMBER:
        return say.wrong_cell(place, column, wrong.expected, f"日期 {written}", "把单元格格式改成“常规”，再填一次数字")
    return say.wrong_cell(place, column, wrong.expected, written, wrong.mend)


class Addresses(Sequence[Address]):
    """Addresses of cells, made when asked for."""

    def __init__(self, cells: Sequence[RawCell]) -> None:
        self._cells = cells

    def __len__(self) -> int:
        return len(self._cells)

    @overload
    def __getitem__(self, index: int) -> Address: ...
    @overload
    def __getitem__(self, index: slice) -> Addresses: ...
    def __getitem__(self, index: int | slice) -> Address | Addresses:
        return Addresses(self._cells[index]) if isinstance(index, slice) else self._cells[index].address


class Reader:
    """Reads the cells of one column and remembers what it has read before: columns repeat themselves."""

    def __init__(self, column: TableColumn) -> None:
        self.column = column
        self._known: dict[tuple[str, CellKind], Reading] = {}

    def __call__(self, cell: RawCell) -> Reading:
        known = self._known.get((cell.text, cell.kind))
        if known is None:
            known = self._known[cell.text, cell.kind] = read(self.column, cell)
        return known

    def same(self, one: RawCell, other: RawCell) -> bool:
        """Whether two cells say the same (``98`` and ``98%`` do); cells that cannot be read: the same text."""
        first, second = self(one), self(other)
        if first.fault or second.fault:
            return one.text == other.text
        return (first.state, first.value) == (second.state, second.value)


def convert(
    column: TableColumn,
    cells: Sequence[RawCell],
    *,
    name: str = "",
    needed: bool = False,
    pending: Collection[int] = (),
    reader: Reader | None = None,
) -> tuple[DataColumn, Problems]:
    """The cells of ``column`` as exact values.

    ``needed``: a blank cell is a mistake (台账). ``pending``: positions whose value is in dispute. ``reader`` is one
    that has read this column before.
    """
    read_cell = reader or Reader(column)
    said: list[Problem] = []
    noted: dict[Note, list[RawCell]] = {}
    plain: list[tuple[State, Cell | None]] = []
    for position, cell in enumerate(cells):
        reading = read_cell(cell)
        if reading.fault:
            said.append(reading.fault(cell.place))
        elif needed and reading is _MISSING:
            said.append(say.blank_cell(cell.place, column))
        for note in reading.notes:
            noted.setdefault(note, []).append(cell)
        disputed = position in pending and reading.state is not State.MISSING
        plain.append((State.PENDING, None) if disputed else (reading.state, reading.value))
    said += (_note(note, column, where) for note, where in noted.items())
    addresses = Addresses(cells) if any(cell.origin is not None for cell in cells[:1]) else ()
    order = column.choices if column.kind is ValueType.GRADE else ()
    return build(name or column.name, column.kind, plain, addresses, order), tuple(said)


def _note(note: Note, column: TableColumn, cells: Sequence[RawCell]) -> Problem:
    first, count = cells[0], len(cells)
    where = "、".join(cell.address.cell for cell in cells[:5]) + ("等" if count > 5 else "")
    written = clean(first.text)
    match note:
        case Note.LOW:
            return say.percent_or_share(first.place, column, written, count, where)
        case Note.HIGH:
            return say.percent_very_large(first.place, column, written, count, where)
        case _:
            return say.tidied(first.place, column, note.value, count, where)
