"""Exact columns.

A number column is integers ``v`` with one count of decimal digits ``s``: each value is v / 10^s, nothing is ever
a binary fraction. Every cell has a state beside it, and an address for the explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from perfdsl.data.scratch import by_blocks, holds_somewhere, spans
from perfdsl.model.states import State
from perfdsl.model.units import ValueType
from perfdsl.text.citation import Address
from perfdsl.text.records import dataclass, field, replace

if TYPE_CHECKING:
    import numpy.typing as npt

UNIT_COLUMN = "单位"
"""The column that names the unit, in every table that is tied to units."""

Cell = Fraction | bool | str | date
"""What one cell can hold when it has a value. A grade is its name."""

INT64 = 2**63 - 1


@dataclass(frozen=True, eq=False)
class DataColumn:
    """One column.

    ``values``: NUMBER int64 (object where a value is wider), v / 10^digits in the base unit; BOOL bool;
    DATE int64 ordinals; TEXT int64 positions in ``words``, which are sorted; GRADE int64 positions in ``words``,
    which are the grades in their order, the best first. What stands where ``states`` is not 有值 means nothing. Of ledgers of
    millions of rows, arrays and words lie on the disk (:mod:`perfdsl.data.scratch`) and are not to be written into.
    ``addresses`` has one address a row, or is empty for data that came from no file.
    """

    name: str
    kind: ValueType
    values: npt.NDArray[np.generic]
    states: npt.NDArray[np.uint8]
    digits: int = 0
    words: Sequence[str] = ()
    addresses: Sequence[Address] = ()

    @cached_property
    def occurring(self) -> frozenset[State]:
        """The states that there are; 有值 alone in an empty column."""
        if not self.states.any():
            return frozenset({State.VALUE})
        found = sum(np.bincount(self.states[at], minlength=len(State)) for at in spans(len(self.states)))
        return frozenset(State(state) for state in np.flatnonzero(found).tolist())

    @cached_property
    def bounds(self) -> tuple[int, int] | None:
        """The least and the greatest integer of a NUMBER column, cells without a value counting as 0; else None."""
        if self.kind is not ValueType.NUMBER:
            return None
        if not self.states.any():
            return self.span
        ends: list[int] = []
        for at in spans(len(self.values)):
            part = np.where(self.states[at] == State.VALUE, self.values[at], 0)
            ends += (int(part.min()), int(part.max()))
        return min(ends), max(ends)

    @cached_property
    def span(self) -> tuple[int, int]:
        """The least and the greatest of ``values`` as integers, those that mean nothing too; (0, 0) of an empty column."""
        return (int(self.values.min()), int(self.values.max())) if len(self.values) else (0, 0)

    @cached_property
    def cells(self) -> tuple[tuple[State, Cell | None], ...]:
        """(state, value) row by row, as plain Python values; None where there is no value."""
        return tuple(
            (State(state), self._plain(value) if state == State.VALUE else None)
            for state, value in zip(self.states.tolist(), self.values.tolist(), strict=True)
        )

    def rows_where(self, wanted: Callable[[Cell], bool]) -> list[int]:
        """The rows with a value for which ``wanted`` holds; it is asked once of each different value in a block."""
        rows: list[int] = []
        for at in spans(len(self.values)):
            values, has_value = self.values[at], self.states[at] == State.VALUE
            different = np.unique(values if has_value.all() else values[has_value])
            found = [value for value in different.tolist() if wanted(self._plain(value))]
            if found:
                among = np.isin(values, np.array(found, dtype=values.dtype))
                rows += (np.flatnonzero(among & has_value) + at.start).tolist()
        return rows

    def value(self, row: int) -> Cell:
        """The value of ``row``, which has one."""
        return self._plain(self.values[row].item() if self.values.dtype != object else self.values[row])

    def in_digits(self, digits: int) -> DataColumn:
        """A NUMBER column with so many digits; itself, where it has them, or where int64 does not hold what it would be."""
        times = 10 ** (digits - self.digits) if digits > self.digits else 1
        if times == 1 or max(1, *map(abs, self.span)) * times > INT64:
            return self
        return replace(self, values=self.values.astype(np.int64) * times, digits=digits)

    def _plain(self, value: object) -> Cell:
        match self.kind:
            case ValueType.NUMBER:
                assert isinstance(value, int)
                return Fraction(value, 10**self.digits)
            case ValueType.DATE:
                assert isinstance(value, int)
                return date.fromordinal(value)
            case ValueType.TEXT | ValueType.GRADE:
                assert isinstance(value, int)
                return self.words[value]
            case _:
                return bool(value)


@dataclass(frozen=True, eq=False)
class DataTable:
    """A grain with its columns, all of ``rows`` rows."""

    grain: str
    rows: int
    columns: Mapping[str, DataColumn] = field(default_factory=dict)


Dataset = Mapping[str, DataTable]
"""Tables by grain."""


def column(
    name: str,
    kind: ValueType,
    cells: Sequence[tuple[State, Cell | None]],
    addresses: Sequence[Address] = (),
    order: Sequence[str] = (),
) -> DataColumn:
    """A column from plain cells; numbers must have a finite decimal. ``order``: the grades of a GRADE column.

    Raises:
        ValueError: a number without a finite decimal expansion.
    """
    states = np.array([state for state, _ in cells], dtype=np.uint8)
    if kind in (ValueType.TEXT, ValueType.GRADE):
        words = tuple(order) or tuple(sorted({str(value) for state, value in cells if state is State.VALUE}))
        place = {word: i for i, word in enumerate(words)}
        codes = np.array([place[str(v)] if s is State.VALUE else 0 for s, v in cells], dtype=np.int64)
        return DataColumn(name, kind, codes, states, 0, words, addresses)
    if kind is ValueType.NUMBER:
        numbers = [v if isinstance(v, Fraction) and s is State.VALUE else Fraction(0) for s, v in cells]
        digits = max((places(number) for number in numbers), default=0)
        return number_column(name, [int(number * 10**digits) for number in numbers], states, digits, addresses)
    plain = [(v.toordinal() if isinstance(v, date) else bool(v)) if s is State.VALUE else 0 for s, v in cells]
    dtype = np.int64 if kind is ValueType.DATE else np.bool_
    return DataColumn(name, kind, np.array(plain, dtype=dtype), states, 0, (), addresses)


def number_column(
    name: str,
    scaled: Sequence[int],
    states: npt.NDArray[np.uint8],
    digits: int,
    addresses: Sequence[Address] = (),
) -> DataColumn:
    """A column of numbers that are ``scaled`` / 10^``digits``; digits that no value needs are taken off."""
    wide = any(abs(value) > INT64 for value in scaled)
    values, digits = slim(np.array(scaled, dtype=object if wide else np.int64), digits)
    return DataColumn(name, ValueType.NUMBER, values, states, digits, (), addresses)


def repeated(column: DataColumn, rows: npt.NDArray[np.int64]) -> DataColumn:
    """The ``rows`` of a column one under another, each as often as it is named."""
    addresses = tuple(column.addresses[row] for row in rows.tolist()) if column.addresses else ()
    return replace(column, values=column.values[rows], states=column.states[rows], addresses=addresses)


def slim(values: npt.NDArray[Any], digits: int) -> tuple[npt.NDArray[Any], int]:
    """``values`` / 10^``digits`` without digits that no value needs, as int64 where they fit."""
    while digits and not holds_somewhere(lambda part: part % 10, values):
        values, digits = by_blocks(lambda part: part // 10, values), digits - 1
    if values.dtype == object and all(abs(value) <= INT64 for value in values.tolist()):
        values = values.astype(np.int64)
    return values, digits


def places(number: Fraction) -> int:
    """Decimal places that ``number`` needs.

    Raises:
        ValueError: it has no finite decimal expansion.
    """
    denominator, digits = number.denominator, 0
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        digits = max(digits, count)
    if denominator != 1:
        raise ValueError(f"{number} has no finite decimal expansion")
    return digits
