"""Columns that two rulebooks measure otherwise, put in one measure so that both can be run on the same data.

A measure word (件, 人) keeps unlike things apart and enters no number: where only the word of a column is another, the two
words are taken for one, in both rulebooks and everywhere, and what was alike before still is. Words of a size (万元, 亿元)
say how the digits of a cell are read: the data of a year are read as the rulebook of that year has them, and cells of
附表, which are rules, are written in the size that the new rulebook uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from perfdsl.data.values import Read, number
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import RuleCell, Table, TableColumn
from perfdsl.model.units import CONVERSIONS, PLACES, POINTS, YEARS, Unit, ValueType, decimal
from perfdsl.model.walking import names, rebuilt
from perfdsl.text.records import dataclass, field, replace

OWN = frozenset({"", "日", *POINTS.over, *YEARS.over, *PLACES.over})
"""Units that rules bring about themselves (differences of days, ranks, scores): those are no names for something else."""

_BASES = frozenset(base for base, _ in CONVERSIONS.values())
_WORDS = frozenset({"unit", "units"})
"""Fields of clauses that hold measure words as they are written."""

Where = tuple[str, str]


@dataclass(frozen=True)
class Measures:
    """``words``: measure word → the one that stands for it. ``sizes``: (table, column) → the column of both sides, where
    digits are read otherwise."""

    words: Mapping[str, str] = field(default_factory=dict)
    sizes: Mapping[Where, tuple[TableColumn, TableColumn]] = field(default_factory=dict)

    def put(self, book: Rulebook, old_year: bool) -> Rulebook:
        """``book`` in the common measure; ``old_year``: for the data of the old rulebook's year."""
        if self.sizes:
            tables = tuple(self._table(table, old_year) for table in book.tables)
            book = replace(book, tables=tables) if tables != book.tables else book
        return self._worded(book) if self.words else book

    def _table(self, table: Table, old_year: bool) -> Table:
        columns, rows = list(table.columns), table.rows
        for at, column in enumerate(columns):
            sides = self.sizes.get((table.name, column.name))
            if sides is None:
                continue
            like = sides[0] if old_year and not rows else sides[1]
            columns[at] = replace(column, factor=like.factor, unit_word=like.unit_word)
            if rows and column.factor != like.factor:
                rows = tuple((*row[:at], _resized(row[at], column, columns[at]), *row[at + 1 :]) for row in rows)
        return replace(table, columns=tuple(columns), rows=rows)

    def _worded(self, book: Any) -> Any:
        words = self.words

        def called(one: Any) -> Any:
            if isinstance(one, Unit):
                over, under = (tuple(sorted(words.get(word, word) for word in side)) for side in (one.over, one.under))
                return Unit() * Unit(over, under)
            changed = {}
            for name in _WORDS.intersection(names(one.__class__)):
                was = getattr(one, name)
                new = tuple(words.get(word, word) for word in was) if isinstance(was, tuple) else words.get(was, was)
                if isinstance(was, (str, tuple)) and new != was:
                    changed[name] = new
            return replace(one, **changed) if changed else one

        return rebuilt(book, called)


def _resized(cell: RuleCell, was: TableColumn, becomes: TableColumn) -> RuleCell:
    read = number(cell.text, was)
    return replace(cell, text=decimal(read.value / becomes.factor)) if isinstance(read, Read) else cell  # type: ignore[operator]


def resized(old: Any, new: Any) -> bool:
    """Whether two columns differ in how digits are read, and not in what is measured."""
    both = isinstance(old, TableColumn) and isinstance(new, TableColumn)
    return both and old.kind is new.kind is ValueType.NUMBER and old.unit == new.unit and old.factor != new.factor


def told(old: Any, new: Any) -> str:
    """“培训数” 由 件 改为 人; empty where both columns are measured in the same words."""
    both = isinstance(old, TableColumn) and isinstance(new, TableColumn)
    if not both or (old.kind, old.unit, old.factor) == (new.kind, new.unit, new.factor):
        return ""
    return f"“{new.name}” 由 {_called(old)} 改为 {_called(new)}"


def _called(column: TableColumn) -> str:
    return column.unit_word or (str(column.unit) if column.unit is not None else column.kind.chinese)


def measures(columns: Iterable[tuple[Where, TableColumn, TableColumn]]) -> Measures:
    """The common measure of two rulebooks: ``columns`` are those that differ, as both have them."""
    groups: list[set[str]] = []
    sizes = {}
    for where, old, new in columns:
        if resized(old, new):
            sizes[where] = old, new
        pair = {word for one in (old, new) if (word := _word(one))}
        if old.unit == new.unit or old.factor != new.factor or len(pair) < 2:
            continue
        joined = [group for group in groups if group & pair]
        groups = [group for group in groups if not group & pair] + [pair.union(*joined)]
    # words that others are made of (人 in 万人) stand for the rest
    heads = {word: min(group, key=lambda one: (one not in _BASES, one)) for group in groups for word in group}
    return Measures({word: head for word, head in heads.items() if word != head}, sizes)


def _word(column: TableColumn) -> str:
    """The one measure word of a column of numbers; "" where there is none that may be called otherwise."""
    unit = column.unit
    if column.kind is not ValueType.NUMBER or unit is None or unit.under or len(unit.over) != 1:
        return ""
    return unit.over[0] if unit.over[0] not in OWN else ""
