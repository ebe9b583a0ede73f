"""The old rulebook in the new one's terms: its codes, its names of columns and of categories, its year."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from perfdsl.clauses.bands import Bands
from perfdsl.clauses.by_conditions import ByConditions
from perfdsl.data.columns import UNIT_COLUMN
from perfdsl.model.expression import ColumnRef, Comparison, Expression, TextLiteral
from perfdsl.model.grade import GradeScheme
from perfdsl.model.item import Item, Meta, Numbers
from perfdsl.model.rulebook import Category, Method, Period, Rulebook
from perfdsl.model.table import UNITS, RuleCell, Table, TableColumn, TableRole
from perfdsl.model.walking import names, rebuilt, texts
from perfdsl.text.records import dataclass, field, is_dataclass, replace
from perfdsl.workspace.review.matching import Matching
from perfdsl.workspace.review.units import CATEGORY, renamed_units


@dataclass(frozen=True)
class Terms:
    """How the old rulebook is put: ``years`` is how far its dates are moved.

    ``units``: (附表, name of a unit) → the name that the new side's 附表 calls it by. ``categories``: old name → new one, and
    ``schemes`` the tables of grades that are called after them; ``words``: (table, column as the new side calls it, name of
    a category) → its new name, of the columns that hold them.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    years: int = 0
    units: Mapping[tuple[str, str], str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    schemes: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    def same_words(self, old: Any, new: Any) -> bool:
        """Whether texts of the old side, or what holds them, are those of the new one but for the names of categories."""
        if not self.categories:
            return bool(old == new)
        both = sorted({*self.categories, *self.categories.values()}, key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, both)))

        def plain(text: str) -> str:
            return pattern.sub(lambda found: self.categories.get(found.group(), found.group()), text)

        def node(one: Any) -> Any:
            if isinstance(one, Meta):
                return replace(one, official_text=plain(one.official_text))
            return replace(one, text=plain(one.text)) if isinstance(one, Method) else one

        def put(side: Any) -> Any:
            return plain(side) if isinstance(side, str) else rebuilt(side, node)

        return bool(put(old) == put(new))


def terms(old: Rulebook, new: Rulebook, matched: Matching) -> Terms:
    """The terms in which ``old`` is compared with ``new``: dates are moved by the years between their 考核期."""
    years = new.period.last.year - old.period.last.year if old.period and new.period else 0
    into = Terms(matched.codes, matched.columns, years, dict(_units(old, new)))
    categories = {one.old[0]: one.new[0] for one in matched.categories}
    if not categories:
        return into
    schemes, columns = dict(_schemes(old, new, categories)), {**into.columns, **_called_after(old, new, categories)}
    of_units = {(UNITS, CATEGORY, was): name for was, name in categories.items()}
    into = replace(into, columns=columns, categories=categories, schemes=schemes, words=of_units)
    return replace(into, words={**dict(_words(old, new, into)), **of_units})


def _units(old: Rulebook, new: Rulebook) -> Iterator[tuple[tuple[str, str], str]]:
    """Renamed units in the 附表 that use the new name; the roster itself says who was called what."""
    changed = renamed_units(old, new)
    for table in new.tables if changed else ():
        if table.role is TableRole.RULE and table.name != UNITS:
            called = {row[at].text.strip() for row in table.rows for at in _unit_columns(table)}
            for was, unit in changed.items():
                if unit in called and was not in called:
                    yield (table.name, was), unit


def _schemes(old: Rulebook, new: Rulebook, categories: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Tables of grades that are called after a category: 年度等次（市直）."""
    there = {scheme.name for scheme in new.schemes}
    come = there - {scheme.name for scheme in old.schemes}
    for scheme in old.schemes:
        for was in categories.keys() & set(scheme.categories) if scheme.name not in there else ():
            if (name := scheme.name.replace(was, categories[was])) in come:
                yield scheme.name, name


def _called_after(old: Rulebook, new: Rulebook, categories: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Columns of 附表 that are called after a category: 指标、区县、市直."""
    pairs = [(table, after) for table in old.tables if (after := new.table(table.name)) is not None]
    return {
        (table.name, was): name
        for table, after in pairs
        for was, name in categories.items()
        if table.role is TableRole.RULE and table.column(was) and not table.column(name)
        if after.column(name) and not after.column(was)
    }


def _words(old: Rulebook, new: Rulebook, into: Terms) -> Iterator[tuple[tuple[str, str, str], str]]:
    """The other columns that hold names of categories. Those of a table stay as they are where a clause that reads it goes by
    such a name in a way that :func:`renamed` does not know."""
    before = renamed(old, into)
    items = (item.alone for item in before.walk())
    rules = (*items, *before.vetoes, *before.scopes, *before.applications)
    unknown = [said for rule in rules if into.categories.keys() & (said := set(texts(rule, (Meta, TextLiteral))))]
    for table in before.tables:
        after = new.table(table.name)
        for at, column in enumerate(table.columns if after is not None else ()):
            assert after is not None
            place = next((i for i, one in enumerate(after.columns) if one.name == column.name), None)
            if place is None or (table.name, column.name) == (UNITS, CATEGORY):
                continue
            held, holds = _held(table, at), _held(after, place)
            left = {word for said in unknown if table.name in said for word in said}
            for was, name in into.categories.items():
                if was in held - holds - left and name in holds - held:
                    yield (table.name, column.name, was), name


def _held(table: Table, at: int) -> frozenset[str]:
    """The words that stand in a column, or may stand there."""
    return frozenset((*table.columns[at].choices, *(row[at].text.strip() for row in table.rows)))


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
    """``book`` with the codes, the columns and the categories of the other, in its own year."""
    codes, columns = into.codes, into.columns
    if not codes and not columns and not into.units and not into.categories:
        return book

    def node(one: Any) -> Any:
        if isinstance(one, ColumnRef) and (one.table, one.column) in columns:
            return replace(one, column=columns[one.table, one.column])
        if isinstance(one, Table):
            return _retold(one, into)
        return _recategorised(one, into) if into.categories else one

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


def _retold(table: Table, into: Terms) -> Table:
    """A table with the columns, units and categories of the other side."""
    named = [into.columns.get((table.name, column.name), column.name) for column in table.columns]
    own = [
        {was: now for (place, at, was), now in into.words.items() if (place, at) == (table.name, name)}
        for name in named
    ]
    if any(name == table.name for name, _ in into.units):
        for at in _unit_columns(table):
            own[at] = {**own[at], **{was: unit for (name, was), unit in into.units.items() if name == table.name}}
    made = tuple(_renamed(*one) for one in zip(table.columns, named, own, strict=True))
    rows = table.rows
    if any(own):
        rows = tuple(tuple(_reworded(cell, words) for cell, words in zip(row, own, strict=True)) for row in rows)
    return replace(table, columns=made, rows=rows)


def _renamed(column: TableColumn, name: str, words: Mapping[str, str]) -> TableColumn:
    if name != column.name:
        column = replace(column, name=name, also=(*column.also, column.name))
    if not words or name == UNIT_COLUMN:
        return column
    choices = tuple(words.get(word, word) for word in column.choices)
    return replace(column, choices=choices, reworded=(*column.reworded, *words.items()))


def _reworded(cell: RuleCell, words: Mapping[str, str]) -> RuleCell:
    word = words.get(cell.text.strip())
    return cell if word is None else replace(cell, text=word)


def _recategorised(one: Any, into: Terms) -> Any:
    """A node with other names of categories, wherever it goes by them."""
    categories = into.categories

    def called(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(categories.get(name, name) for name in names)

    match one:
        case Category():
            return replace(one, name=categories.get(one.name, one.name))
        case GradeScheme():
            return replace(one, name=into.schemes.get(one.name, one.name), categories=called(one.categories))
        case Numbers():  # weights of layers, by category
            return replace(one, columns=called(one.columns))
        case Comparison(left=ColumnRef() as column, right=TextLiteral() as word):
            return replace(one, right=replace(word, value=_word(column, word.value, into)))
        case Comparison(left=TextLiteral() as word, right=ColumnRef() as column):
            return replace(one, left=replace(word, value=_word(column, word.value, into)))
        case ByConditions():
            rows = (zip(one.facts, row, strict=True) for row in one.cells)
            return replace(one, cells=tuple(tuple(_word(fact, cell, into) for fact, cell in row) for row in rows))
        case Item():
            if isinstance(one.scoring, Bands):
                bands = tuple(_word(one.value, band, into) for band in one.scoring.bands)
                one = replace(one, scoring=replace(one.scoring, bands=bands))
            return replace(one, weights=tuple((categories.get(name, name), part) for name, part in one.weights))
    return one


def _word(fact: Expression | None, word: Any, into: Terms) -> Any:
    """What a cell that is asked for in a column is now; another thing than a word is what it is."""
    if not isinstance(fact, ColumnRef) or not isinstance(word, str):
        return word
    return into.words.get((fact.table, fact.column, word), word)


_CODES = frozenset({"code", "codes", "items", "for_items", "across"})
"""Fields that name clauses by their codes."""
