"""Parts → tables: rows find their unit, cells their column, and what is not there keeps its own state."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from itertools import takewhile
from pathlib import Path

import numpy as np

from perfdsl.data.columns import UNIT_COLUMN, Cell, DataColumn, DataTable
from perfdsl.data.columns import column as build
from perfdsl.data.convert import Addresses, Reader, called, convert, shared
from perfdsl.data.grid import Grid, Placed
from perfdsl.data.heads import LargePart, Part
from perfdsl.data.raw import CellKind, RawCell, RawRow, clean, key, text_cell
from perfdsl.data.roster import FORMER, Finder, Roster, roster_from_data, roster_of
from perfdsl.data.sources import LISTING, Shelf
from perfdsl.model.states import State
from perfdsl.model.table import (
    CADENCES,
    RATERS,
    UNIT_GRAIN,
    UNITS,
    Cadence,
    RowOf,
    Table,
    TableColumn,
    TableRole,
    ToYear,
)
from perfdsl.model.units import ValueType, decimal
from perfdsl.text import files
from perfdsl.text.catalogue import data as say
from perfdsl.text.citation import Address
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, field

MONTHS = range(1, 13)
_NOBODY = Part(None, {}, ())
"""Part of a ledger that nobody sent: for each unit one row of which nothing is known, so that nothing reads as 0."""
NUMBERS = ("编号", "事项编号")
"""Columns that tell the rows of one unit apart."""

_WHAT = {TableRole.RULE: "附表", TableRole.FACT: "数据表", TableRole.LEDGER: "台账"}
_KEYS = frozenset({UNIT_COLUMN, *(cadence.along for cadence in CADENCES.values())})


@dataclass(frozen=True, slots=True)
class Owed:
    """One cell that somebody has yet to fill in. ``source`` owes it; ``items`` are the codes that wait for it.

    ``month`` is the number of the period; 0 but in tables by the month, quarter or half-year.
    """

    source: str
    unit: str
    table: str
    column: str
    items: tuple[str, ...] = ()
    month: int = 0


def _belongs(column: TableColumn, table: Table, parts: Sequence[Part]) -> tuple[Part, tuple[str, ...]]:
    """The part that a missing column belongs into: where the columns of the same indicators stand, else those of the nearest
    ones (codes with the longest common start; of these the nearest in the order of the table). Where no part has a column of
    a related indicator: the first, and the names of all that it may go into."""
    names = [one.name for one in table.columns]
    at = names.index(column.name)

    def near(part: Part) -> tuple[int, int]:
        return max(
            ((_related(column, table.columns[n]), -abs(n - at)) for n, name in enumerate(names) if part.at.get(name)),
            default=(0, -len(names)),
        )

    found = max(parts, key=near)
    if len(parts) == 1 or near(found)[0]:
        return found, ()
    places = (part.where for part in parts)
    return parts[0], tuple(dict.fromkeys(place.file for place in places if isinstance(place, Address)))


def _related(one: TableColumn, other: TableColumn) -> int:
    """How long the start is that the codes of the indicators of two columns share at most."""
    pairs = (zip(mine, theirs, strict=False) for mine in one.for_items for theirs in other.for_items)
    return max((sum(1 for _ in takewhile(lambda at: at[0] == at[1], pair)) for pair in pairs), default=0)


def _put_where(where: Path, table: Table) -> str:
    """What to do so that ``table`` has a file, in words."""
    shown = Path(
        *where.parts[-2:]
    )  # enough to find it by; what goes on before says more of the machine than of the data
    name, listing = table.name, where if where.suffix.lower() in (".yaml", ".yml") else where / LISTING
    if files.kind(listing) == "file":
        return f"在 {Path(*listing.parts[-2:])} 里加一行：{name}: {name}.xlsx"
    if files.kind(where) == "file":
        return f"在 {where.name} 里加一张工作表“{name}”，或把数据放在一个文件夹里，一个表一个文件"
    return f"把 {name}.xlsx 或 {name}.csv 放进 {shown}"


@dataclass(eq=False)
class Assembly:
    """Puts parts together, table by table. ``where``: where the data are looked for, None where there
    are none yet. ``units``: the roster, where it is known from elsewhere."""

    shelf: Shelf
    due_months: frozenset[int]
    where: Path | None
    put_aside: bool = False
    units: tuple[str, ...] | None = None
    said: list[Problem] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    unit_columns: dict[str, DataColumn] = field(default_factory=dict)
    dataset: dict[str, DataTable] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Fill ``dataset``, ``said``, ``owed`` and ``incomplete``."""
        self.roster = self._roster()
        self.finder = Finder(self.roster)
        for table in self.shelf.tables.values():
            parts = self.shelf.parts.get(table.name, [])
            if not parts:
                self._absent(table)
            if table.name != UNITS:
                self._table(table, parts)
        self.dataset[UNIT_GRAIN] = DataTable(UNIT_GRAIN, len(self.roster.units), self.unit_columns)
        self.said += self.finder.problems()
        self.incomplete |= self.shelf.broken

    def _roster(self) -> Roster:
        if self.units is not None:
            return Roster(self.units, {key(name): at for at, name in enumerate(self.units)}, {})
        parts = self.shelf.parts.get(UNITS, [])
        if not parts:
            roster = roster_from_data(self._all_parts())
            if self.where is not None and UNITS not in self.shelf.tables and roster.units:
                self.said.append(say.no_roster(None, len(roster.units)))
            names = build(f"{UNITS}.{UNIT_COLUMN}", ValueType.TEXT, [(State.VALUE, name) for name in roster.units])
            self._fill_roster([], names)
            return roster
        roster, rows, said = roster_of(parts)
        self.said += said
        table = self.shelf.tables[UNITS]
        for column in table.columns:
            if column.required and column.name not in (UNIT_COLUMN, FORMER):
                self._missing_column(column, table, parts)
        self._fill_roster([(part, part.rows[number]) for part, number in rows])
        return roster

    def _fill_roster(self, rows: Sequence[tuple[Part, RawRow]], names: DataColumn | None = None) -> None:
        """The columns of the roster itself; where it has no rows, the ``names`` are all that is known."""
        table = self.shelf.tables.get(UNITS)
        for column in table.columns if table else ():
            cells = [part.cell(row, column.name) for part, row in rows]
            if names is not None:
                cells = [text_cell("", None)] * len(names.states)
            self._keep(self.unit_columns, column, cells, name=f"{UNITS}.{column.name}")
        if names is not None:
            self.unit_columns[names.name] = names

    def _all_parts(self) -> Iterator[Part]:
        order = {RowOf.UNIT: 0, **dict.fromkeys(CADENCES, 1), RowOf.UNIT_ITEM: 2, RowOf.EVENT: 3}
        order |= {RowOf.RATER: 4, RowOf.MEMBER: 9}
        for table in sorted(self.shelf.tables.values(), key=lambda table: order[table.row_of]):
            if table.row_of is not RowOf.MEMBER:
                yield from self.shelf.parts.get(table.name, [])

    def _absent(self, table: Table) -> None:
        """Say that a table has no file, unless something graver was said about its file already."""
        required = [column for column in table.columns if column.required and column.name not in _KEYS]
        nowhere = any(problem.code in ("K415", "K416", "K418") for problem in self.shelf.said)
        silent = not required or nowhere or self.shelf.lost or table.name in self.shelf.tried
        if self.where is not None and not silent:
            sources = sorted({column.source or table.source for column in required} - {""})
            self.said.append(
                say.no_file(table.span, _WHAT[table.role], table.name, sources, _put_where(self.where, table))
            )

    def _keep(
        self,
        into: dict[str, DataColumn],
        column: TableColumn,
        cells: Sequence[RawCell],
        *,
        name: str = "",
        needed: bool = False,
        pending: Collection[int] = (),
        reader: Reader | None = None,
    ) -> DataColumn:
        made, said = convert(column, cells, name=name, needed=needed, pending=pending, reader=reader)
        self.said += said
        into[made.name] = made
        return made

    # One method a kind of row

    def _table(self, table: Table, parts: Sequence[Part]) -> None:
        match table.row_of:
            case RowOf.UNIT:
                self._unit_table(table, parts)
            case RowOf.MONTH | RowOf.QUARTER | RowOf.HALF:
                self._period_table(table, CADENCES[table.row_of], parts)
            case RowOf.UNIT_ITEM if any(table.column(name) for name in NUMBERS):
                self._item_table(table, parts, NUMBERS)
            case RowOf.RATER if any(table.column(name) for name in RATERS):
                self._item_table(table, parts, RATERS)
            case _:
                self._listed_table(table, parts)

    def _unit_table(self, table: Table, parts: Sequence[Part]) -> None:
        grid = Grid(table, frozenset({UNIT_COLUMN}))
        units = self.roster.units

        def place(part: Part, row: RawRow) -> Placed | None:
            unit = self.finder.unit(part.cell(row, UNIT_COLUMN))
            return None if unit is None else (unit, units[unit])

        grid.lay(parts, place)
        self._finish(table, grid, parts, [(unit, 0) for unit in units], into=self.unit_columns, prefix=f"{table.name}.")
        own = f"{table.name}.{UNIT_COLUMN}"
        self.unit_columns[own] = build(own, ValueType.TEXT, [(State.VALUE, unit) for unit in units])

    def _period_table(self, table: Table, cadence: Cadence, parts: Sequence[Part]) -> None:
        along = cadence.along
        grid = Grid(table, frozenset({UNIT_COLUMN, along}))
        units = self.roster.units

        def place(part: Part, row: RawRow) -> Placed | None:
            unit = self.finder.unit(part.cell(row, UNIT_COLUMN))
            cell = part.cell(row, along)
            reading = grid.readers[along](cell)
            if reading.fault:
                grid.said.append(reading.fault(cell.place))
            elif not isinstance(reading.value, Fraction):
                grid.said.append(say.no_key(cell.place, along, clean(cell.text)))
            if unit is None or not isinstance(reading.value, Fraction):
                return None
            period = int(reading.value)
            return unit * cadence.periods + period - 1, f"{units[unit]} {cadence.called(period)}"

        grid.lay(parts, place)
        rows = [(unit, period) for unit in units for period in range(1, cadence.periods + 1)]
        columns: dict[str, DataColumn] = {
            UNIT_COLUMN: build(UNIT_COLUMN, ValueType.TEXT, [(State.VALUE, unit) for unit, _ in rows]),
            along: build(along, ValueType.NUMBER, [(State.VALUE, Fraction(n)) for _, n in rows]),
        }
        self._finish(table, grid, parts, rows, into=columns)
        for column in table.columns:
            if column.to_year is ToYear.RUNNING:
                self._falls(column, columns[column.name], rows, cadence)
        self.dataset[table.name] = DataTable(table.name, len(rows), columns)

    def _falls(self, column: TableColumn, made: DataColumn, rows: Sequence[tuple[str, int]], cadence: Cadence) -> None:
        """Report running totals that are smaller than the ones before them."""
        before: tuple[str, int, Fraction] | None = None
        for number, ((state, value), (unit, period)) in enumerate(zip(made.cells, rows, strict=True)):
            if state is not State.VALUE or not isinstance(value, Fraction):
                continue
            if before is not None and before[0] == unit and value < before[2]:
                place = made.addresses[number] if made.addresses else None
                shown = [decimal(one / column.factor) for one in (before[2], value)]
                said = say.running_total_falls(
                    place, unit, column.name, (cadence.called(before[1]), cadence.called(period)), shown
                )
                self.said.append(said)
            before = (unit, period, value)

    def _finish(
        self,
        table: Table,
        grid: Grid,
        parts: Sequence[Part],
        rows: Sequence[tuple[str, int]],
        *,
        into: dict[str, DataColumn],
        prefix: str = "",
    ) -> None:
        """Turn a grid with one row for each of ``rows`` (unit, month) into columns, and list what is owed."""
        self.said += grid.said
        for column in table.columns:
            if column.name in grid.keys:
                continue
            if grid.used and column.required and not grid.has(column.name):
                self._missing_column(column, table, parts)
            cells = grid.column(column.name, len(rows))
            if (cadence := table.row_of.cadence) is not None:
                last = [n * cadence.months for _, n in rows]
                cells = [self._not_due(cell, month) for cell, month in zip(cells, last, strict=True)]
            made = self._keep(
                into,
                column,
                cells,
                name=prefix + column.name,
                pending=grid.disputed.get(column.name, ()),
                reader=grid.readers[column.name],
            )
            if column.required:
                source = column.source or table.source
                for number in np.flatnonzero(made.states == State.MISSING).tolist():
                    unit, month = rows[number]
                    self.owed.append(Owed(source, unit, table.name, column.name, column.for_items, month))

    def _missing_column(self, column: TableColumn, table: Table, parts: Sequence[Part]) -> None:
        """Say that no part has the column; a heading with a wrong unit was reported where it stands."""
        if not any(column.name in part.at for part in parts):
            source = column.source or table.source
            part, files = _belongs(column, table, parts)
            self.said.append(
                say.no_column(part.where, called(column), column.name, source, files, *shared(column, table))
            )

    def _not_due(self, cell: RawCell, month: int) -> RawCell:
        """未到期 in place of what is blank in a period that ends with a month that is not due yet."""
        if month in self.due_months or not (cell.blank or self.put_aside):
            return cell
        return cell._replace(text=State.NOT_DUE.chinese, kind=CellKind.TEXT)

    def _item_table(self, table: Table, parts: Sequence[Part], keys: Sequence[str]) -> None:
        number = next(name for name in keys if table.column(name))
        grid = Grid(table, frozenset({UNIT_COLUMN, number}))
        order: dict[tuple[int, str], int] = {}
        found: list[tuple[RawCell, str, RawCell]] = []

        def place(part: Part, row: RawRow) -> Placed | None:
            owner, cell = part.cell(row, UNIT_COLUMN), part.cell(row, number)
            unit = self.finder.unit(owner)
            reading = grid.readers[number](cell)
            if reading.state is not State.VALUE:
                grid.said.append(
                    reading.fault(cell.place) if reading.fault else say.no_key(cell.place, number, clean(cell.text))
                )
            if unit is None or reading.state is not State.VALUE:
                return None
            position = order.setdefault((unit, str(reading.value)), len(order))
            if position == len(found):
                found.append((owner, self.roster.units[unit], cell))
            return position, f"{self.roster.units[unit]} {clean(cell.text)}"

        grid.lay(parts, place)
        self.said += grid.said
        owners = Addresses([owner for owner, _, _ in found])
        names = build(UNIT_COLUMN, ValueType.TEXT, [(State.VALUE, unit) for _, unit, _ in found], owners)
        columns: dict[str, DataColumn] = {UNIT_COLUMN: names}
        for column in table.columns:
            if column.name == number:
                self._keep(columns, column, [cell for _, _, cell in found])
            elif column.name != UNIT_COLUMN:
                if grid.used and column.required and not grid.has(column.name):
                    self._missing_column(column, table, parts)
                cells, disputed = grid.column(column.name, len(found)), grid.disputed.get(column.name, ())
                self._keep(columns, column, cells, pending=disputed, reader=grid.readers[column.name])
        self.dataset[table.name] = DataTable(table.name, len(found), columns)

    def _listed_table(self, table: Table, parts: Sequence[Part]) -> None:
        """Rows that stand for themselves: events, members, and rows of a unit that have no number."""
        if any(isinstance(part, LargePart) for part in parts):
            self._wide_table(table, parts)
            return
        tied = table.column(UNIT_COLUMN) is not None
        rows: list[tuple[Part, RawRow, str]] = []
        usable = [part for part in parts if part.at.get(UNIT_COLUMN) or not tied]
        for part in parts:
            if part not in usable:
                self.said.append(say.no_key_column(part.where, table.name, UNIT_COLUMN))
        for part in usable:
            self._lacking(table, part)
            for row in part.rows:
                unit = self.finder.unit(part.cell(row, UNIT_COLUMN)) if tied else None
                if unit is not None or not tied:
                    rows.append((part, row, "" if unit is None else self.roster.units[unit]))
                else:
                    self.incomplete.add(table.name)
        if table.role is TableRole.LEDGER:
            self._same_rows(table, rows)
        if len(usable) < len(parts) or not usable:
            self.incomplete.add(table.name)
        named = {column.name: self._named(table, column, rows) for column in table.columns if column.of_units}
        if named and not tied:
            self._somebody(table, rows, named)
        # a row that names nobody may be anybody's: the ledger is then open for every unit
        if table.row_of is RowOf.EVENT and (table.name in self.incomplete or table.name in self.shelf.broken):
            rows += [(_NOBODY, RawRow(0, {}), unit) for unit in self.roster.units]
            for found in named.values():
                found += [(State.VALUE, unit) for unit in self.roster.units]
        columns: dict[str, DataColumn] = {}
        for column in table.columns:
            cells = [part.cell(row, column.name) for part, row, _ in rows]
            if column.name == UNIT_COLUMN:
                names: list[tuple[State, Cell | None]] = [(State.VALUE, unit) for _, _, unit in rows]
                columns[UNIT_COLUMN] = build(UNIT_COLUMN, ValueType.TEXT, names, Addresses(cells))
            elif column.of_units:
                columns[column.name] = build(column.name, ValueType.TEXT, named[column.name], Addresses(cells))
            else:
                needed = table.row_of is RowOf.EVENT and column.required
                self._keep(columns, column, cells, needed=needed)
        self.dataset[table.name] = DataTable(table.name, len(rows), columns)

    def _wide_table(self, table: Table, parts: Sequence[Part]) -> None:
        """Events from files that are not taken apart into cells."""
        wide = [part for part in parts if isinstance(part, LargePart)]
        if len(wide) < len(parts):
            self.said.append(say.mixed_files(wide[0].where, table.name))
            self.incomplete.add(table.name)
        tied = table.column(UNIT_COLUMN) is not None
        usable = [part for part in wide if part.at.get(UNIT_COLUMN) or not tied]
        for part in wide:
            if part not in usable:
                self.said.append(say.no_key_column(part.where, table.name, UNIT_COLUMN))
        for part in usable:
            self._lacking(table, part)
        if len(usable) < len(wide) or not usable:
            self.incomplete.add(table.name)
        from perfdsl.data.wide import WideLedger  # loads with large files

        reading = WideLedger(table, self.finder)
        in_doubt = table.name in self.incomplete or table.name in self.shelf.broken
        rows, columns = reading.read(usable, in_doubt)
        self.said += reading.said
        if reading.lacking:
            self.incomplete.add(table.name)
        self.dataset[table.name] = DataTable(table.name, rows, columns)

    def _named(
        self, table: Table, column: TableColumn, rows: Sequence[tuple[Part, RawRow, str]]
    ) -> list[tuple[State, Cell | None]]:
        """The units that the cells of a column name; a blank one names nobody."""
        found: list[tuple[State, Cell | None]] = []
        for part, row, _ in rows:
            cell = part.cell(row, column.name)
            blank = not clean(cell.text)
            at = None if blank and column.optional else self.finder.unit(cell)
            if at is None and not (blank and column.optional):
                self.incomplete.add(table.name)
            found.append((State.ABSENT, None) if at is None else (State.VALUE, self.roster.units[at]))
        return found

    def _somebody(
        self,
        table: Table,
        rows: Sequence[tuple[Part, RawRow, str]],
        named: dict[str, list[tuple[State, Cell | None]]],
    ) -> None:
        """Every event belongs to somebody."""
        for at, (part, row, _) in enumerate(rows):
            if all(found[at][0] is not State.VALUE for found in named.values()):
                first = part.cell(row, next(iter(named)))
                if all(not clean(part.cell(row, name).text) for name in named):
                    self.said.append(say.row_of_nobody(first.place, table.name, tuple(named)))
                    self.incomplete.add(table.name)

    def _lacking(self, table: Table, part: Part) -> None:
        for column in table.columns:
            if column.required and column.name not in part.at:
                source = column.source or table.source
                self.said.append(
                    say.no_column(part.where, called(column), column.name, source, (), *shared(column, table))
                )

    def _same_rows(self, table: Table, rows: Sequence[tuple[Part, RawRow, str]]) -> None:
        seen: dict[tuple[str, ...], RawCell] = {}
        for part, row, _ in rows:
            cells = [part.cell(row, column.name) for column in table.columns]
            first = seen.setdefault(tuple(key(cell.text) for cell in cells), cells[0])
            if first is not cells[0]:
                self.said.append(say.same_row(cells[0].place, first.address))
