"""Raw cells + what the model says of the column → an exact column. Every bad cell is reported, in one run.

A cell that cannot be read becomes 待定, never 0 and never blank: what it would have been is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import overload

import numpy as np

from perfdsl.data.columns import Cell, DataColumn, number_column, places
from perfdsl.data.columns import column as build
from perfdsl.data.heads import sharers
from perfdsl.data.raw import CellKind, RawCell, clean, key
from perfdsl.data.values import PERIOD_READERS, PLACEHOLDERS, READERS, Note, Read, Wrong
from perfdsl.model.states import BY_CHINESE, State
from perfdsl.model.table import Table, TableColumn
from perfdsl.model.units import ValueType, decimal
from perfdsl.text.catalogue import data as say
from perfdsl.text.citation import Address
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass
from perfdsl.text.source import Span, folded

Parser = Callable[[str, TableColumn], Read | Wrong]
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
        return Reading(State.ABSENT) if column.optional else _MISSING
    if fault := _unreadable(column, cell, text):
        return Reading(State.PENDING, fault=fault)
    if state := _state(column, text):
        return Reading(state)
    if _placeholder(column, text):
        return Reading(State.PENDING, fault=partial(_unexplained, column=column, written=text))
    found = _reader(column)(text, column)
    if isinstance(found, Wrong):
        return Reading(State.PENDING, fault=partial(_wrong, column=column, cell=cell, wrong=found))
    edges = (Note.EDGES,) if text != cell.text else ()
    return Reading(State.VALUE, found.value, notes=(*edges, *found.notes))


def called(column: TableColumn) -> str:
    """The column as messages call it: ``“按时办结率”（指标 A02）``."""
    codes = "、".join(column.for_items[:3]) + (" 等" if len(column.for_items) > 3 else "")
    return f"“{column.name}”" + (f"（指标 {codes}）" if codes else "")


def shared(column: TableColumn, table: Table) -> tuple[str, list[str]]:
    """The name that rules of others have for their facts as well, and what messages call those."""
    name, others = sharers(column, table)
    return name, [called(one) for one in others]


def _reader(column: TableColumn) -> Parser:
    return (
        PERIOD_READERS.get(column.name, READERS[column.kind])
        if column.kind is ValueType.NUMBER
        else READERS[column.kind]
    )


def _unreadable(column: TableColumn, cell: RawCell, text: str) -> Fault | None:
    name = called(column)
    match cell.kind:
        case CellKind.ERROR:
            return partial(say.error_cell, column=name, written=text)
        case CellKind.UNCALCULATED:
            return partial(say.not_calculated, column=name, formula=text)
        case CellKind.DAMAGED:
            return partial(say.too_many_digits, column=name, written=text)
        case CellKind.DATE if column.kind in (ValueType.TEXT, ValueType.BOOL) and not _may_be_date(column):
            return partial(say.turned_into_date, column=name, written=text)
        case _:
            return None


def _may_be_date(column: TableColumn) -> bool:
    """Whether a date is no accident: choices say more in their own message, and ``撤并日期`` may be free text."""
    return bool(column.choices) or "日期" in column.name or "时间" in column.name


def _state(column: TableColumn, text: str) -> State | None:
    """The state that a word or a declared mark stands for; a choice of the same name is a choice."""
    word = key(text)
    marks = (state for mark, state in column.marks if key(mark) == word)
    if text in column.choices:
        return next(marks, None)
    return next(marks, STATE_WORDS.get(word))


def _placeholder(column: TableColumn, text: str) -> bool:
    """Whether the cell says that nothing belongs there, without saying why."""
    free_text = column.kind is ValueType.TEXT and not column.choices
    if free_text or text in column.choices:
        return False
    return key(text) in PLACEHOLDERS and not (column.kind is ValueType.BOOL and key(text) == "无")


def _unexplained(place: Address | Span | None, column: TableColumn, written: str) -> Problem:
    unit = f"{column.unit_word}，" if column.unit_word else ""
    return say.unexplained_mark(place, called(column), written, f"{column.name}（{unit}可填“{written}”表示不涉及）")


def _wrong(place: Address | Span | None, column: TableColumn, cell: RawCell, wrong: Wrong) -> Problem:
    written = clean(cell.text)
    if column.kind in (ValueType.TEXT, ValueType.GRADE):
        return say.not_a_choice(place, called(column), wrong.expected, written, wrong.mend)
    if cell.kind is CellKind.DATE and column.kind is ValueType.NUMBER:
        return say.wrong_cell(
            place, called(column), wrong.expected, f"日期 {written}", "把单元格格式改成“常规”，再填一次数字"
        )
    return say.wrong_cell(place, called(column), wrong.expected, written, wrong.mend)


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

    ``needed``: a blank cell is a mistake (台账), unless its whole column is missing (row 0). ``pending``: positions whose value is in dispute. ``reader`` is one
    that has read this column before.
    """
    read_cell = reader or Reader(column)
    quick = _quick_numbers(column)
    said: list[Problem] = []
    noted: dict[Note, list[RawCell]] = {}
    plain: list[tuple[State, Cell | None]] = []
    quickly: dict[int, tuple[int, int]] = {}
    for position, cell in enumerate(cells):
        if quick and position not in pending and (number := quick(cell)):
            quickly[position] = number
            plain.append(_QUICK)
            continue
        reading = read_cell(cell)
        if reading.fault:
            said.append(reading.fault(cell.place))
        elif needed and reading is _MISSING and cell.row:
            said.append(say.blank_cell(cell.place, called(column)))
        for note in reading.notes:
            noted.setdefault(note, []).append(cell)
        disputed = position in pending and reading.state is not State.MISSING
        plain.append((State.PENDING, None) if disputed else (reading.state, reading.value))
    said += (remark(note, column, where) for note, where in noted.items())
    addresses = Addresses(cells) if any(cell.origin is not None for cell in cells) else ()
    if column.kind is ValueType.NUMBER:
        return _numbers(name or column.name, column.factor, plain, quickly, addresses), tuple(said)
    order = column.choices if column.kind is ValueType.GRADE else ()
    return build(name or column.name, column.kind, plain, addresses, order), tuple(said)


_QUICK: tuple[State, Cell | None] = (State.VALUE, None)
_ORDINARY = re.compile(r"(-?[0-9]{1,15})(?:\.([0-9]{1,12}))?(%?)")


def _quick_numbers(column: TableColumn) -> Callable[[RawCell], tuple[int, int] | None] | None:
    """A short cut for ordinary numbers: nearly all cells are, and a fraction for each would take ten times as long.

    It gives (digits, decimal places) for what :func:`read` would read as that number without a note, else None.
    """
    if column.kind is not ValueType.NUMBER or column.name in PERIOD_READERS or column.marks:
        return None
    percent = column.unit_word == "%"

    def quick(cell: RawCell) -> tuple[int, int] | None:
        match = _ORDINARY.fullmatch(cell.text)
        if match is None or cell.kind not in _PLAIN_KINDS:
            return None
        whole, decimals, mark = match.groups(default="")
        number, places = int(whole + decimals), len(decimals)
        size = abs(number)
        if mark:
            return (number, places) if percent and size <= 1000 * 10**places else None
        if percent and number and not 10**places <= size <= 1000 * 10**places:
            return None
        return number, places

    return quick


_PLAIN_KINDS = frozenset({CellKind.TEXT, CellKind.NUMBER})


def _numbers(
    name: str,
    factor: Fraction,
    plain: Sequence[tuple[State, Cell | None]],
    quickly: Mapping[int, tuple[int, int]],
    addresses: Sequence[Address],
) -> DataColumn:
    """A number column from what was read, the quick ones still without the column's ``factor``."""
    slow = {position: value for position, (_, value) in enumerate(plain) if isinstance(value, Fraction)}
    own = places(factor)
    digits = max([own + most for _, most in set(quickly.values())] + [places(value) for value in slow.values()] + [0])
    times = {count: int(factor * 10 ** (digits - count)) for count in {count for _, count in quickly.values()}}
    scaled = [0] * len(plain)
    for position, (number, count) in quickly.items():
        scaled[position] = number * times[count]
    for position, value in slow.items():
        scaled[position] = int(value * 10**digits)
    states = np.array([state for state, _ in plain], dtype=np.uint8)
    return number_column(name, scaled, states, digits, addresses)


def remark(note: Note, column: TableColumn, cells: Sequence[RawCell]) -> Problem:
    """What is said once about all ``cells`` that were tidied up, or look odd, in the same way."""
    first, count = cells[0], len(cells)
    where = "、".join(cell.address.cell for cell in cells[:5]) + ("等" if count > 5 else "")
    written = clean(first.text)
    match note:
        case Note.LOW:
            share = decimal(Fraction(folded(written)) * 100)
            return say.percent_or_share(first.place, called(column), written, f"{share}%", count=count, where=where)
        case Note.HIGH:
            return say.percent_very_large(first.place, called(column), written, count, where)
        case _:
            return say.tidied(first.place, called(column), note.value, count, where)
