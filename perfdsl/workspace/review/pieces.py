"""Numbers of pieces beside which a rule names a part of one: 人均办件量 against 20.5 件, 亿元产值死亡人数 by 0.01 人.

They are means and rates under the name of what they count, so cases need not hold whole numbers of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from perfdsl.clauses.shared.inside import with_rules
from perfdsl.clauses.shared.measures import measured
from perfdsl.compile.grains import key_of
from perfdsl.data.columns import places
from perfdsl.data.convert import read
from perfdsl.data.raw import text_cell
from perfdsl.model.expression import ColumnRef, Number
from perfdsl.model.grade import Interval
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import Table, TableRole
from perfdsl.model.units import Unit
from perfdsl.model.walking import nodes

Steps = dict[Any, Fraction]
"""Something → the last digit of the finest part of a piece that is named of it (20.5 → 0.1)."""


class NamedParts:
    """Finds them; of a clause or a 附表 that several rulebooks share it is found out once."""

    def __init__(self) -> None:
        self._clauses: dict[int, tuple[object, tuple[ColumnRef, ...], Steps]] = {}
        self._tables: dict[int, tuple[Table, Steps]] = {}
        self._books: dict[int, tuple[Rulebook, Steps]] = {}

    def of(self, book: Rulebook) -> Mapping[tuple[str, str], Fraction]:
        """(grain, column) → the last digit of the finest part of a piece that is named beside it."""
        known = self._books.get(id(book))
        if known is None or known[0] is not book:
            known = self._books[id(book)] = book, self._of(book)
        return known[1]

    def _of(self, book: Rulebook) -> Steps:
        found: Steps = {}
        tables = {table.name: table for table in book.tables}
        rules = {table.name for table in book.tables if table.role is TableRole.RULE}
        for clause in (*book.walk(), *book.vetoes, *book.scopes, *book.applications, *book.schemes):
            refs, named = self._clause(clause)
            ruled = [ref for ref in refs if ref.table in rules]
            if not named and not ruled:
                continue
            steps = dict(named)
            for ref in ruled:
                _finer(steps, ref.unit, self._table(tables[ref.table]).get(ref.column))
            for ref in refs if steps else ():
                if ref.table in tables:
                    _finer(found, key_of(tables[ref.table], ref.column), steps.get(ref.unit))
        return found

    def _clause(self, clause: object) -> tuple[tuple[ColumnRef, ...], Steps]:
        """The columns of numbers of pieces that a clause reads, and unit → what it names of it."""
        known = self._clauses.get(id(clause))
        if known is None or known[0] is not clause:
            own = clause.alone if isinstance(clause, Item) else clause
            every = list(nodes(own))
            refs = [one for one in every if isinstance(one, ColumnRef) and one.unit and one.unit.counts_pieces]
            steps: Steps = {}
            for unit, value in _numbers(own, every) if refs else ():
                _finer(steps, unit, _last_digit(value))
            known = self._clauses[id(clause)] = clause, tuple(dict.fromkeys(refs)), steps
        return known[1:]

    def _table(self, table: Table) -> Steps:
        """Column of numbers of pieces → what its cells name."""
        known = self._tables.get(id(table))
        if known is None or known[0] is not table:
            steps: Steps = {}
            for place, column in enumerate(table.columns):
                if column.unit is not None and column.unit.counts_pieces:
                    for text in {row[place].text for row in table.rows}:
                        value = read(column, text_cell(text, None)).value
                        _finer(steps, column.name, _last_digit(value) if isinstance(value, Fraction) else None)
            known = self._tables[id(table)] = table, steps
        return known[1]


def _numbers(clause: object, every: Iterable[object]) -> Iterator[tuple[Unit, Fraction]]:
    """The numbers of pieces that a clause names; the ends of bands are in the unit of what it measures."""
    yield from ((one.unit, one.value) for one in every if isinstance(one, Number) and one.unit.counts_pieces)
    for item in with_rules((clause,)) if isinstance(clause, Item) else ():
        unit = measured(item.value) if item.value is not None else None
        if unit is not None and unit.counts_pieces:
            bands = (one for one in nodes(item.scoring) if isinstance(one, Interval))
            yield from ((unit, end) for band in bands for end in (band.low, band.high) if end is not None)


def _last_digit(value: Fraction) -> Fraction | None:
    """0.1 of 20.5; None of a whole number, and of what no finite decimal is."""
    if value.denominator == 1:
        return None
    try:
        return Fraction(1, 10 ** places(value))
    except ValueError:
        return None


def _finer(steps: Steps, key: Any, step: Fraction | None) -> None:
    if step is not None:
        steps[key] = min(step, steps.get(key, step))
