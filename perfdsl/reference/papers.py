"""The tables on the desk: the roster, the facts, the ledgers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from perfdsl.data.columns import UNIT_COLUMN, Dataset
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Category, Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import UNIT_GRAIN, UNITS, RowOf, ToYear
from perfdsl.reference.cells import blocking_state, has_value, number, numbers
from perfdsl.text.records import dataclass

Row = Mapping[str, Cell]
"""A row of a table: column → cell."""

NOT_REPORTED: Cell = (State.MISSING, None)
CATEGORY_COLUMN = "类别"


@dataclass(frozen=True)
class Papers:
    """The data of one year. A unit is its place in the roster."""

    rulebook: Rulebook
    data: Dataset

    @cached_property
    def units(self) -> range:
        """All units of the roster."""
        return range(len(self.names))

    @cached_property
    def names(self) -> tuple[Cell, ...]:
        """Names of the units, in the order of the roster."""
        return self.data[UNIT_GRAIN].columns[f"{UNITS}.{UNIT_COLUMN}"].cells

    def category_name(self, unit: int) -> Cell:
        """类别 of a unit; the same for all where the rulebook has no categories."""
        if not self.rulebook.categories:
            return State.VALUE, ""
        return self.of_unit(UNITS, CATEGORY_COLUMN, unit)

    def category(self, unit: int) -> Category | None:
        """The rulebook's words on the unit's category."""
        return self.rulebook.category(str(self.category_name(unit)[1])) if self.rulebook.categories else None

    def ranked(self, unit: int) -> bool:
        """Whether the unit takes part in the ranking."""
        category = self.category(unit)
        return category is None or category.ranked

    def of_unit(self, table: str, column: str, unit: int) -> Cell:
        """A unit's cell in a table of one row a unit; a column that nobody handed in is 未报."""
        found = self.data[UNIT_GRAIN].columns.get(f"{table}.{column}")
        return found.cells[unit] if found is not None else NOT_REPORTED

    @cached_property
    def _rows(self) -> dict[str, tuple[Row, ...]]:
        return {}

    def rows(self, table: str) -> tuple[Row, ...]:
        """All rows of a table that is not of one row a unit."""
        if table not in self._rows:
            found = self.data.get(table)
            columns = {name: column.cells for name, column in found.columns.items()} if found else {}
            count = found.rows if found else 0
            self._rows[table] = tuple({name: cells[row] for name, cells in columns.items()} for row in range(count))
        return self._rows[table]

    @cached_property
    def _by_unit(self) -> dict[str, dict[object, list[Row]]]:
        return {}

    def rows_of(self, table: str, unit: int) -> list[Row]:
        """The unit's own rows of a table."""
        if table not in self._by_unit:
            found: dict[object, list[Row]] = {}
            for row in self.rows(table):
                name = row.get(UNIT_COLUMN, NOT_REPORTED)
                if has_value(name):
                    found.setdefault(name[1], []).append(row)
            self._by_unit[table] = found
        return self._by_unit[table].get(self.names[unit][1], [])

    def cell(self, table: str, column: str, unit: int) -> Cell:
        """The unit's cell of a column; one reported by the month, quarter or half-year brought to the year."""
        declared = self.rulebook.table(table)
        if declared is None or declared.row_of is RowOf.UNIT:
            return self.of_unit(table, column, unit)
        cadence = declared.row_of.cadence
        assert cadence is not None, f"{table} has many rows a unit, none of them is meant"
        found = declared.column(column)
        periods = sorted_by(self.rows_of(table, unit), cadence.along)
        return self._year(periods, column, (found and found.to_year) or ToYear.SUM)

    @staticmethod
    def _year(periods: list[Row], column: str, how: ToYear) -> Cell:
        """The periods of one unit as the year's value. Periods that are 不涉及, 未发生 … are left out."""
        if how is ToYear.RUNNING:
            periods = [one for one in periods if one.get(column, NOT_REPORTED)[0] is not State.NOT_DUE] or periods
        if how in (ToYear.LAST, ToYear.RUNNING):
            periods = periods[-1:]
        cells = [one.get(column, NOT_REPORTED) for one in periods]
        if not cells:
            return NOT_REPORTED
        if (state := blocking_state(cells)) is not None:
            return state, None
        values = numbers(cells)
        if not values:
            return max(cell[0] for cell in cells), None
        total = sum(values, start=values[0] * 0)
        return State.VALUE, total / len(values) if how is ToYear.MEAN else total


def sorted_by(rows: list[Row], along: str) -> list[Row]:
    """The rows in the order of the numbers in ``along``; those without one are left out."""
    placed = [row for row in rows if has_value(row.get(along, NOT_REPORTED))]
    return sorted(placed, key=lambda row: number(row[along]))
