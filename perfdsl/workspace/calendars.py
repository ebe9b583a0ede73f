"""Days that the calendar of working days does not cover."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.model.expression import ColumnRef, WorkingDays
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import RowOf
from perfdsl.model.walking import nodes
from perfdsl.text.catalogue import data as say
from perfdsl.text.problem import Problem

if TYPE_CHECKING:
    from perfdsl.data.columns import Dataset


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
        per_unit = table is not None and table.row_of is RowOf.UNIT
        grain, name = (UNIT_GRAIN, f"{one.table}.{one.column}") if per_unit else (one.table, one.column)
        found = dataset[grain].columns.get(name) if grain in dataset else None
        if found is None:
            continue
        for row in found.rows_where(lambda day: isinstance(day, date) and not calendar.covers(day)):
            place, day = found.addresses[row] if found.addresses else None, found.value(row)
            assert isinstance(day, date)
            yield say.day_uncovered(place, one.column, _written(day), _written(calendar.first), _written(calendar.last))


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
