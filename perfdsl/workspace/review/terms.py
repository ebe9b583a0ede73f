"""The old rulebook in the new one's terms: its codes, its names of columns, its year."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from perfdsl.data.columns import UNIT_COLUMN
from perfdsl.model.expression import ColumnRef, TextLiteral
from perfdsl.model.item import Meta
from perfdsl.model.rulebook import Period, Rulebook
from perfdsl.model.table import UNITS, RuleCell, Table, TableRole
from perfdsl.model.walking import names, rebuilt
from perfdsl.text.records import dataclass, field, is_dataclass, replace
from perfdsl.workspace.review.matching import Matching
from perfdsl.workspace.review.units import renamed_units


@dataclass(frozen=True)
class Terms:
    """How the old rulebook is put: ``years`` is how far its dates are moved.

    ``units``: (附表, name of a unit) → the name that the new side's 附表 calls it by.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    years: int = 0
    units: Mapping[tuple[str, str], str] = field(default_factory=dict)


def terms(old: Rulebook, new: Rulebook, matched: Matching) -> Terms:
    """The terms in which ``old`` is compared with ``new``: dates are moved by the years between their 考核期."""
    years = new.period.last.year - old.period.last.year if old.period and new.period else 0
    return Terms(matched.codes, matched.columns, years, dict(_units(old, new)))


def _units(old: Rulebook, new: Rulebook) -> Iterator[tuple[tuple[str, str], str]]:
    """Renamed units in the 附表 that use the new name; the roster itself says who was called what."""
    changed = renamed_units(old, new)
    for table in new.tables if changed else ():
        if table.role is TableRole.RULE and table.name != UNITS:
            called = {row[at].text.strip() for row in table.rows for at in _unit_columns(table)}
            for was, unit in changed.items():
                if unit in called and was not in called:
                    yield (table.name, was), unit


def _unit_columns(table: Table) -> list[int]:
    return [at for at, column in enumerate(table.columns) if column.name == UNIT_COLUMN]


def put(book: Rulebook, into: Terms) -> Rulebook:
    """``book`` in other terms."""
    made: Rulebook = moved(renamed(book, into), into.years, book.period)
    return made


def moved(value: Any, years: int, period: Period | None) -> Any:
    """``value`` with its dates of the year ``years`` later, 29 February as the 28th.

    Those within a year of 考核期 (``period``) are of the year; others (since 2015 …) are fixed. 有效期 moves as a whole; a
    calendar of working days belongs to its year.
    """
    if not years or period is None:
        return value
    near = years_of(period)

    def later(leaf: Any) -> Any:
        return _years_on(leaf, years) if isinstance(leaf, date) and leaf.year in near else leaf

    made = rebuilt(value, leaf=later)
    if not isinstance(value, Rulebook):
        return made
    return replace(made, calendar=value.calendar, validity=_valid(value.validity, years))


def years_of(period: Period) -> range:
    """The years whose dates belong to 考核期: its own and those beside it."""
    return range(period.first.year - 1, period.last.year + 2)


def _valid(validity: Period | None, years: int) -> Period | None:
    return None if validity is None else Period(_years_on(validity.first, years), _years_on(validity.last, years))


def _years_on(day: date, years: int) -> date:
    if day in (date.max, date.min):
        return day
    last = calendar.monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=min(day.day, last))


_KEPT = (TextLiteral, Meta, RuleCell)
"""What quotes the author: words that happen to look like a code stay."""


def renamed(book: Rulebook, into: Terms) -> Rulebook:
    """``book`` with the codes and the columns of the other, in its own year."""
    codes, columns = into.codes, into.columns
    if not codes and not columns and not into.units:
        return book

    def node(one: Any) -> Any:
        if isinstance(one, ColumnRef) and (one.table, one.column) in columns:
            return replace(one, column=columns[one.table, one.column])
        if isinstance(one, Table):
            renamed = tuple(
                replace(column, name=columns[one.name, column.name], also=(*column.also, column.name))
                if (one.name, column.name) in columns
                else column
                for column in one.columns
            )
            return replace(one, columns=renamed, rows=_rows(one, into.units))
        return one

    def coded(value: Any, here: bool = False) -> Any:
        """``here``: whether a word in this place is the code of a clause, and not one that looks like it."""
        if isinstance(value, tuple):
            made = tuple(coded(one, here) for one in value)
            return made if any(a is not b for a, b in zip(made, value, strict=True)) else value
        if isinstance(value, str):
            return codes.get(value, value) if here else value
        if is_dataclass(value) and not isinstance(value, (type, *_KEPT)):
            changed = {}
            for name in names(type(value)):
                old = getattr(value, name)
                new = coded(old, name in _CODES)
                if new is not old:
                    changed[name] = new
            return replace(value, **changed) if changed else value
        return value

    made: Rulebook = rebuilt(coded(book) if codes else book, node)
    return made


def _rows(table: Table, units: Mapping[tuple[str, str], str]) -> tuple[tuple[RuleCell, ...], ...]:
    places = _unit_columns(table) if any(name == table.name for name, _ in units) else []
    if not places:
        return table.rows

    def called(cell: RuleCell) -> RuleCell:
        unit = units.get((table.name, cell.text.strip()))
        return cell if unit is None else replace(cell, text=unit)

    return tuple(tuple(called(cell) if at in places else cell for at, cell in enumerate(row)) for row in table.rows)


_CODES = frozenset({"code", "codes", "items", "for_items", "across"})
"""Fields that name clauses by their codes."""
