"""The old rulebook in the new one's terms: its codes, its names of columns, its year."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass, replace
from datetime import date
from typing import Any

from perfdsl.model.expression import ColumnRef, TextLiteral
from perfdsl.model.item import Meta
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import RuleCell, Table
from perfdsl.workspace.review.matching import Matching
from perfdsl.workspace.review.walking import names, rebuilt


@dataclass(frozen=True)
class Terms:
    """How the old rulebook is put: ``years`` is how far its dates are moved."""

    codes: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    years: int = 0


def terms(old: Rulebook, new: Rulebook, matched: Matching) -> Terms:
    """The terms in which ``old`` is compared with ``new``: dates are moved by the years between their 考核期."""
    years = new.period.last.year - old.period.last.year if old.period and new.period else 0
    return Terms(matched.codes, matched.columns, years)


def put(book: Rulebook, into: Terms) -> Rulebook:
    """``book`` in other terms."""
    made: Rulebook = moved(_renamed(book, into), into.years)
    return made


def moved(value: Any, years: int) -> Any:
    """``value`` with every date ``years`` later, 29 February as the 28th. A calendar of working days belongs to its year."""
    if not years:
        return value

    def later(leaf: Any) -> Any:
        if not isinstance(leaf, date) or leaf in (date.max, date.min):
            return leaf
        last = calendar.monthrange(leaf.year + years, leaf.month)[1]
        return leaf.replace(year=leaf.year + years, day=min(leaf.day, last))

    made = rebuilt(value, leaf=later)
    return replace(made, calendar=value.calendar) if isinstance(value, Rulebook) else made


_KEPT = (TextLiteral, Meta, RuleCell)
"""What quotes the author: words that happen to look like a code stay."""


def _renamed(book: Rulebook, into: Terms) -> Rulebook:
    codes, columns = into.codes, into.columns
    if not codes and not columns:
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
            return replace(one, columns=renamed)
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


_CODES = frozenset({"code", "codes", "items", "for_items", "across"})
"""Fields that name clauses by their codes."""
