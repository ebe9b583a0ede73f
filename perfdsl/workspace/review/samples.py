"""Units that somebody might be: what a case is made of, where it starts from, and the tables that cases stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.data.columns import DataColumn, Dataset, DataTable, number_column, repeated
from perfdsl.data.columns import column as data_column
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import RATERS, UNITS, RowOf, Table, TableColumn, TableRole, split_key
from perfdsl.model.units import RATIO, ValueType
from perfdsl.text.records import dataclass, field, replace
from perfdsl.workspace.review.populous import POPULATION

Row = Mapping[str, Cell]
"""A row of a table that has other rows than one a unit: column → cell."""

CATEGORY = f"{UNITS}.类别"
NAME = "单位"
MISSING: Cell = (State.MISSING, None)
SOME_DAY = date(2025, 1, 1)


@dataclass(frozen=True)
class Base:
    """Where cases start from. ``cells``: ``表.列`` → cell, of the tables of one row a unit; ``rows``: those of the others.

    ``new_cells`` and ``new_rows`` stand in their place where the rulebook with the change has other cells for the unit.
    ``name`` is that of the real unit, "" where it is made up.
    """

    name: str
    cells: Mapping[str, Cell]
    rows: Mapping[str, tuple[Row, ...]]
    new_cells: Mapping[str, Cell] = field(default_factory=dict)
    new_rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sample:
    """A unit: the base, and what is other than there."""

    base: Base
    cells: Mapping[str, Cell] = field(default_factory=dict)
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def cell(self, column: str, new: bool = False) -> Cell:
        """A cell of a table of one row a unit."""
        if new and column in self.base.new_cells:
            return self.base.new_cells[column]
        return self.cells.get(column) or self.base.cells.get(column, MISSING)

    def of(self, table: str, new: bool = False) -> tuple[Row, ...]:
        """The rows of another table."""
        if new and table in self.base.new_rows:
            return self.base.new_rows[table]
        found = self.rows.get(table)
        return self.base.rows.get(table, ()) if found is None else found

    def put(self, column: str, cell: Cell) -> Sample:
        """With another cell; what the change itself changes stays."""
        if column in self.base.new_cells:
            return self
        if cell == self.base.cells.get(column):
            return replace(self, cells={one: value for one, value in self.cells.items() if one != column})
        return replace(self, cells={**self.cells, column: cell})

    def laid(self, table: str, rows: Sequence[Row]) -> Sample:
        """With other rows; what the change itself changes stays."""
        if table in self.base.new_rows:
            return self
        if tuple(rows) == self.base.rows.get(table, ()):
            return replace(self, rows={one: value for one, value in self.rows.items() if one != table})
        return replace(self, rows={**self.rows, table: tuple(rows)})

    @property
    def off(self) -> int:
        """How many cells are other than in the base; a row more or less counts as one."""
        return len(self.cells) + sum(self._off(table) for table in self.rows)

    def _off(self, table: str) -> int:
        mine, base = self.rows[table], self.base.rows.get(table, ())
        changed = sum(
            sum(one.get(column) != other.get(column) for column in {*one, *other})
            for one, other in zip(mine, base, strict=False)
        )
        return changed + abs(len(mine) - len(base))


Population = tuple[Sample, ...]
OfOne = dict[tuple[str, int], tuple[Cell, DataColumn]]
"""Columns of a single cell: (name, ``id`` of the cell) → the cell, and the column."""


# ---- tables


@dataclass(frozen=True)
class Layout:
    """The tables of a rulebook, as datasets have them."""

    book: Rulebook

    @cached_property
    def unit_columns(self) -> tuple[tuple[str, TableColumn | None], ...]:
        """Columns of the tables of one row a unit: ``表.列`` and how it is declared."""
        return tuple(self._unit_columns())

    def _unit_columns(self) -> Iterator[tuple[str, TableColumn | None]]:
        for table in self.book.tables:
            if table.row_of is RowOf.UNIT:
                yield f"{table.name}.{NAME}", None
                for column in table.columns:
                    if column.name != NAME:
                        yield f"{table.name}.{column.name}", column

    @cached_property
    def row_tables(self) -> tuple[Table, ...]:
        """Tables of several rows a unit."""
        return tuple(table for table in self.book.tables if table.row_of not in (RowOf.UNIT, RowOf.MEMBER))

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(table.name for table in self.book.tables)

    def split(self, key: str) -> tuple[str, str]:
        """(table, column) of ``表.列``; names may hold dots (表2.1)."""
        return split_key(key, self._names)

    def declared(self, grain: str, name: str) -> TableColumn | None:
        """How a column of a dataset is declared."""
        if grain == UNIT_GRAIN:
            return self._of_units.get(name)
        found = self.book.table(grain)
        return found.column(name) if found is not None else None

    @cached_property
    def _of_units(self) -> dict[str, TableColumn]:
        """Columns by ``表.列``."""
        return {f"{table.name}.{column.name}": column for table in self.book.tables for column in table.columns}

    def owners(self) -> dict[str, str]:
        """Grain → the column that names the unit."""
        found = {UNIT_GRAIN: f"{UNITS}.{NAME}"}
        for table in self.row_tables:
            if not any(column.of_units for column in table.columns) or table.column(NAME):
                found[table.name] = NAME
        return found


def laid_out(
    populations: Sequence[Population],
    layout: Layout,
    members: Dataset,
    new: bool = False,
    wanted: frozenset[tuple[str, str]] | None = None,
    plain: bool = False,
    known: OfOne | None = None,
) -> Dataset:
    """The tables of ``populations`` one under another. ``wanted``: (grain, column) that are needed.

    ``plain``: no column says which population a row is of. ``new``: as the rulebook with the change has them. ``known``:
    columns of a single cell that were made before; nearly every cell of one unit is that of the next.
    """
    people = [(names(place), group, one) for group, every in enumerate(populations) for place, one in enumerate(every)]
    if len(populations) > 1:
        people = [(f"{group}{name}", group, one) for name, group, one in people]
    found: dict[str, DataTable] = {}
    columns = {}
    names_column = f"{UNITS}.{NAME}"
    asked = None if wanted is None else {name for grain, name in wanted if grain == UNIT_GRAIN}
    cells = _Cells([one for _, _, one in people], new)
    for key, declared in layout.unit_columns:
        if asked is None or key in asked or key == names_column:
            if declared is None:
                own: list[Cell] = [(State.VALUE, name) for name, _, _ in people]
                columns[key] = data_column(key, ValueType.TEXT, own)  # type: ignore[arg-type]
            else:
                columns[key] = cells.column(key, declared.kind, known if known is not None else {})
    groups = [group for _, group, _ in people]
    if not plain:
        columns[POPULATION] = _populations(groups)
    found[UNIT_GRAIN] = DataTable(UNIT_GRAIN, len(people), columns)
    for table in layout.row_tables:
        if wanted is not None and not any(grain == table.name for grain, _ in wanted):
            continue
        every = [one.of(table.name, new) for _, _, one in people]
        counts = [len(rows) for rows in every]
        rows, at = _rows_once(every)
        owner = np.repeat(np.arange(len(people)), counts)
        made = {}
        declared_columns = {column.name: column for column in table.columns}
        declared_columns.setdefault(NAME, TableColumn(NAME, ValueType.TEXT))
        if table.row_of.cadence is not None:
            declared_columns[table.row_of.cadence.along] = TableColumn(table.row_of.cadence.along, ValueType.NUMBER)
        for column in declared_columns.values():
            if wanted is not None and (table.name, column.name) not in wanted and column.name != NAME:
                continue
            missing = (State.VALUE, OWN) if column.name == NAME else MISSING
            told, place = [row.get(column.name, missing) for row in rows], at
            if column.name == NAME or column.of_units:
                told, place = _naming(told, at, [name for name, _, _ in people], owner)
            made[column.name] = _column_of(column.name, column.kind, told, place)
        if not plain:
            made[POPULATION] = _populations([groups[one] for one in owner.tolist()])
        found[table.name] = DataTable(table.name, len(at), made)
    for grain, table_ in members.items():
        found.setdefault(grain, table_)
    return found


class _Cells:
    """The cells of units that are nearly all those of a few bases."""

    def __init__(self, people: Sequence[Sample], new: bool) -> None:
        self.new = new
        place = {id(one.base): one.base for one in people}
        self.bases = [Sample(base) for base in place.values()]
        at = {base: n for n, base in enumerate(place)}
        self.base_of = np.array([at[id(one.base)] for one in people], dtype=np.int64)
        self.changed: dict[str, list[tuple[int, Cell]]] = {}
        for row, one in enumerate(people):
            for key, cell in one.cells.items():
                if not (new and key in one.base.new_cells):
                    self.changed.setdefault(key, []).append((row, cell))

    def column(self, key: str, kind: ValueType, known: OfOne) -> DataColumn:
        """The column ``key``. ``known``: columns of a single cell that were made before."""
        cells = [base.cell(key, self.new) for base in self.bases]
        changed = self.changed.get(key, ())
        if not changed and len(cells) == 1:
            one = key, id(cells[0])
            if one not in known or known[one][1].kind is not kind:
                known[one] = cells[0], data_column(key, kind, cells)  # type: ignore[arg-type]
            single, count = known[one][1], len(self.base_of)
            return single if count == 1 else repeated(single, np.zeros(count, dtype=np.int64))
        at = self.base_of.copy()
        for place, (row, cell) in enumerate(changed, len(cells)):
            at[row] = place
            cells.append(cell)
        return _column_of(key, kind, cells, at)


def _rows_once(every: Sequence[tuple[Row, ...]]) -> tuple[list[Row], npt.NDArray[np.int64]]:
    """The rows of units, those that several units share once, and which of them stand where."""
    begins: dict[int, int] = {}
    rows: list[Row] = []
    at: list[int] = []
    for mine in every:
        begin = begins.setdefault(id(mine), len(rows))
        if begin == len(rows):
            rows += mine
        at += range(begin, begin + len(mine))
    return rows, np.array(at, dtype=np.int64)


def _column_of(name: str, kind: ValueType, cells: Sequence[Cell], at: npt.NDArray[np.int64]) -> DataColumn:
    """The column of ``cells[at]``; each cell is read once, however often it occurs."""
    first = {id(cell): cell for cell in cells}
    place = {one: n for n, one in enumerate(first)}
    codes = np.array([place[id(cell)] for cell in cells], dtype=np.int64)[at]
    used, codes = np.unique(codes, return_inverse=True)
    different = list(first.values())
    return repeated(data_column(name, kind, [different[one] for one in used.tolist()]), codes)


def _populations(groups: Sequence[int]) -> DataColumn:
    return number_column(POPULATION, groups, np.full(len(groups), State.VALUE, dtype=np.uint8), 0)


OWN = "·本单位"
"""Stands for the name of the unit itself in a column that names units."""


NOBODY = "·"
"""Before the name of another unit in such a column: in a case nobody is called so."""


def _naming(
    told: Sequence[Cell], at: npt.NDArray[np.int64], people: Sequence[str], owner: npt.NDArray[np.int64]
) -> tuple[list[Cell], npt.NDArray[np.int64]]:
    """The cells of a column that names units, row ``told[at]`` being one of ``people[owner]``, and which stand where."""
    if all(value == OWN for _, value in told):
        return [(State.VALUE, name) for name in people], owner
    found: list[Cell] = []
    for row, one in zip(at.tolist(), owner.tolist(), strict=True):
        state, value = told[row]
        name = people[one] if value == OWN else f"{NOBODY}{value}"
        found.append((State.VALUE, name) if value == OWN or state is State.VALUE else (state, value))
    return found, np.arange(len(found))


def names(place: int) -> str:
    """甲单位、乙单位 …; after the tenth by number."""
    stems = "甲乙丙丁戊己庚辛壬癸"
    return f"{stems[place]}单位" if place < len(stems) else f"单位{place + 1}"


# ---- bases from data


def from_data(dataset: Dataset, layout: Layout) -> list[Base]:
    """The units of ``dataset``."""
    units = dataset[UNIT_GRAIN]
    cells = {
        name: column.cells
        for name, column in units.columns.items()
        if "#" not in name and not name.endswith(f".{NAME}")
    }
    roster = units.columns[f"{UNITS}.{NAME}"].cells
    rows: dict[str, dict[object, list[Row]]] = {}
    for table in layout.row_tables:
        if table.name in dataset:
            rows[table.name] = _by_owner(dataset[table.name], table)
    return [
        Base(
            str(name[1]),
            {column: every[place] for column, every in cells.items()},
            {table: tuple(every.get(name[1], ())) for table, every in rows.items()},
        )
        for place, name in enumerate(roster)
    ]


def _by_owner(data: DataTable, table: Table) -> dict[object, list[Row]]:
    found: dict[object, list[Row]] = {}
    columns = {name: column.cells for name, column in data.columns.items()}
    naming = [name for name in columns if name == NAME or ((one := table.column(name)) is not None and one.of_units)]
    for place in range(data.rows):
        row = {name: cells[place] for name, cells in columns.items()}
        for owner in dict.fromkeys(row[name][1] for name in naming):
            if owner is not None:
                own = {name: (State.VALUE, OWN) for name in naming if row[name][1] == owner}
                mine = {**row, **own}
                if NAME in own:
                    del mine[NAME]
                found.setdefault(owner, []).append(mine)
    return found


def typical(bases: Sequence[Base], columns: Iterable[str], rows: Iterable[str] = ()) -> list[Base]:
    """The most typical unit of each category: of those that have the most of ``columns``, the one nearest to the middle."""
    columns, rows = list(columns), list(rows)
    groups: dict[object, list[Base]] = {}
    for base in bases:
        groups.setdefault(base.cells.get(CATEGORY, MISSING)[1], []).append(base)
    found = []
    for group in groups.values():
        have = [sum(base.cells.get(one, MISSING)[0] is State.VALUE for one in columns) for base in group]
        most = max(have)
        full = [base for base, count in zip(group, have, strict=True) if count == most]
        off = dict.fromkeys(range(len(full)), 0)
        for column in columns:
            numbers = [(base.cells.get(column, MISSING)[1], i) for i, base in enumerate(full)]
            ordered = sorted((value, i) for value, i in numbers if isinstance(value, Fraction))
            for place, (_, i) in enumerate(ordered):
                off[i] += abs(2 * place - len(ordered) + 1)
        best = min(off, key=lambda i: (sum(len(full[i].rows.get(one, ())) for one in rows), off[i], i))
        found.append((most, full[best]))
    found.sort(key=lambda pair: -pair[0])
    return [base for _, base in found]


# ---- bases without data


def step(column: TableColumn | None, digits: int | None = None) -> Fraction:
    """One step of a column's digits: as the data have them, else a tenth of a percent, a hundredth of a point, one piece."""
    if digits is not None:
        return Fraction(1, 10**digits)
    if column is None:
        return Fraction(1)
    if column.unit is not None and column.unit == RATIO:
        return column.factor / 10 if column.factor < 1 else Fraction(1, 100)
    if column.unit is not None and str(column.unit) == "分":
        return Fraction(1, 10)
    return column.factor


def made_up(
    layout: Layout, pools: Mapping[tuple[str, str], Sequence[Cell]], years: Sequence[int], ruled: Base | None = None
) -> Base:
    """A unit of nobody: every cell the first of its pool; of rule tables what ``ruled`` has."""
    cells: dict[str, Cell] = {}
    for key, declared in layout.unit_columns:
        if declared is not None:
            pool = pools.get((UNIT_GRAIN, key), ())
            cells[key] = pool[0] if pool else MISSING
    rows = {table.name: tuple(made_rows(table, pools, years)) for table in layout.row_tables}
    for table in layout.row_tables:
        if table.role is TableRole.LEDGER:
            rows[table.name] = ()
    if ruled is None:
        return Base("", cells, rows)
    rule_tables = {table.name for table in layout.book.tables if table.role is TableRole.RULE and table.rows}
    cells |= {key: cell for key, cell in ruled.cells.items() if layout.split(key)[0] in rule_tables}
    rows |= {name: every for name, every in ruled.rows.items() if name in rule_tables}
    rows |= _same_keys(layout, rows, rule_tables, pools)
    return Base(ruled.name, cells, rows, ruled.new_cells, ruled.new_rows)


def _same_keys(
    layout: Layout,
    rows: Mapping[str, tuple[Row, ...]],
    rule_tables: Iterable[str],
    pools: Mapping[tuple[str, str], Sequence[Cell]],
) -> dict[str, tuple[Row, ...]]:
    """Facts that go with the rows of a 附表 (个性指标实绩): one for each of them."""
    found: dict[str, tuple[Row, ...]] = {}
    for name in rule_tables:
        facts = layout.book.table(f"{name}实绩")
        if facts is not None and rows.get(name):
            found[facts.name] = tuple(
                {
                    **{
                        one.name: first(pools.get((facts.name, one.name), ()))
                        for one in facts.columns
                        if one.name != NAME
                    },
                    "编号": row.get("编号", MISSING),
                }
                for row in rows[name]
            )
    return found


def first(pool: Sequence[Cell]) -> Cell:
    """The first of a pool."""
    return pool[0] if pool else MISSING


def made_rows(
    table: Table, pools: Mapping[tuple[str, str], Sequence[Cell]], years: Sequence[int], count: int = 2
) -> Iterator[Row]:
    """Rows of a table as it would have them: one a period, a year, a rater, else ``count``."""
    fresh = {one.name: first(pools.get((table.name, one.name), ())) for one in table.columns if one.name != NAME}
    fresh |= {one.name: (State.VALUE, OWN) for one in table.columns if one.of_units}
    if (cadence := table.row_of.cadence) is not None:
        for period in range(1, cadence.periods + 1):
            yield {**fresh, cadence.along: (State.VALUE, Fraction(period))}
    elif "年度" in fresh and table.row_of is RowOf.UNIT_ITEM:
        for year in years:
            yield {**fresh, "年度": (State.VALUE, Fraction(year))}
    else:
        key = next((one for one in ("编号", "事项编号", *RATERS) if one in fresh), "")
        for place in range(1, (5 if table.row_of is RowOf.RATER else count) + 1):
            yield {**fresh, key: (State.VALUE, str(place))} if key else fresh
