"""Days that the calendar of working days does not cover, and ledgers of another year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, cast

from perfdsl.compile.grains import key_of
from perfdsl.model.expression import ColumnRef, WorkingDays
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import TableRole
from perfdsl.model.units import ValueType
from perfdsl.model.walking import nodes
from perfdsl.text.catalogue import data as say
from perfdsl.text.problem import Problem

if TYPE_CHECKING:
    from perfdsl.clauses.deadline import Deadline
    from perfdsl.data.columns import Dataset


FEW, EARLY = 3, 180
"""Fewer units than so many may all be early, and so many days ahead of its term a thing may be done."""


def days_uncovered(book: Rulebook, dataset: Dataset) -> Iterator[Problem]:
    """A problem for each reported day that working days are counted to or from, and that the calendar says nothing of."""
    calendar = book.calendar
    if calendar is None:
        return
    asked = {
        one: None
        for counted in nodes((book.items, book.vetoes, book.applications, book.scheme))
        if isinstance(counted, WorkingDays)
        for one in (counted.start, counted.end)
        if isinstance(one, ColumnRef)
    }
    for one in asked:
        table = book.table(one.table)
        grain, name = (one.table, one.column) if table is None else key_of(table, one.column)
        found = dataset[grain].columns.get(name) if grain in dataset else None
        if found is None:
            continue
        for row in found.rows_where(lambda day: isinstance(day, date) and not calendar.covers(day)):
            place, day = found.addresses[row] if found.addresses else None, found.value(row)
            assert isinstance(day, date)
            yield say.day_uncovered(place, one.column, _written(day), _written(calendar.first), _written(calendar.last))


def other_years(book: Rulebook, dataset: Dataset) -> Iterator[Problem]:
    """A question for each ledger that has dates, all of them outside 考核期, and for each deadline of which all days lie
    before it and long before the term: the data may be those of another year."""
    yield from _ledgers(book, dataset)
    yield from _deadlines(book, dataset)


def _deadlines(book: Rulebook, dataset: Dataset) -> Iterator[Problem]:
    """What is due by a day of 考核期 is not done long before it by all; by a day of January it may be, in December."""
    if book.period is None:
        return
    first = book.period.first
    items = (one for one in nodes(book.items) if isinstance(one, Item))
    dues = [(one, one.scoring) for one in items if one.scoring is not None and one.scoring.kind == "deadline"]
    for item, scoring in dues:
        ref, due = item.value, cast("Deadline", scoring).day
        table = book.table(ref.table) if isinstance(ref, ColumnRef) else None
        if table is None or not isinstance(ref, ColumnRef) or not book.period.first <= due <= book.period.last:
            continue
        grain, name = key_of(table, ref.column)
        column = dataset[grain].columns.get(name) if grain in dataset else None
        if column is None or not (known := column.states == State.VALUE).any():
            continue
        days, row = column.values[known], int(known.nonzero()[0][0])
        last = int(days.max())
        if len(days) < FEW or last >= first.toordinal() or due.toordinal() - last <= EARLY:
            continue
        place = column.addresses[row] if column.addresses else None
        yield say.days_of_earlier_year(
            place, ref.column, len(days), (_day(days.min()), _day(days.max())), _written(first)
        )


def _ledgers(book: Rulebook, dataset: Dataset) -> Iterator[Problem]:
    if book.period is None:
        return
    first, last = book.period.first.toordinal(), book.period.last.toordinal()
    for table in book.tables:
        held = dataset.get(table.name)
        if table.role is not TableRole.LEDGER or held is None:
            continue
        dated = [one for one in held.columns.values() if one.kind is ValueType.DATE]
        days = [one.values[one.states == State.VALUE] for one in dated]
        there = [(column, found) for column, found in zip(dated, days, strict=True) if len(found)]
        if not there or any(((found >= first) & (found <= last)).any() for _, found in there):
            continue
        column = there[0][0]
        row = int((column.states == State.VALUE).nonzero()[0][0])
        yield say.ledger_of_other_year(
            column.addresses[row] if column.addresses else None,
            table.name,
            max(len(found) for _, found in there),
            tuple(column.name for column, _ in there),
            (_day(min(found.min() for _, found in there)), _day(max(found.max() for _, found in there))),
            (_written(book.period.first), _written(book.period.last)),
        )


def _day(ordinal: int) -> str:
    return _written(date.fromordinal(int(ordinal)))


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
