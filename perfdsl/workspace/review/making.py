"""Units made for cases: a typical one to start from, and what becomes of it with other cells, other rows, moved numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from random import Random

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import RATERS, Table, TableColumn, TableRole
from perfdsl.model.units import RATIO, ValueType
from perfdsl.text.records import replace
from perfdsl.workspace.review.bench import Bench
from perfdsl.workspace.review.pools import Key, Pools
from perfdsl.workspace.review.samples import MISSING, NAME, OWN, Base, Population, Row, Sample, made_up, typical


class Making:
    """Makes units that matter to one group of outputs.

    ``every``: the units that there are; ``real``: they are those of the data. ``cone``: the nodes that are looked at,
    those of ``focus`` if None. ``usual`` makes a usual unit of one that is made up.
    """

    def __init__(
        self,
        bench: Bench,
        every: Sequence[Base],
        real: bool,
        random: Random,
        focus: tuple[str, ...],
        cone: tuple[int, ...] | None = None,
        usual: Callable[[Base], Base] | None = None,
    ) -> None:
        self.bench, self.every, self.real, self.random, self.focus = bench, every, real, random, focus
        self.usual, self.cone = usual, cone
        self.near = cone is not None
        self.tables = {table.name: table for table in bench.layout.row_tables}

    @cached_property
    def pools(self) -> Pools:
        """Cells for the columns that are read."""
        return Pools(self.bench, self.focus, self.every if self.real else (), self.cone)

    @cached_property
    def across(self) -> bool:
        """Whether the outputs depend on other units."""
        return self.bench.across(self.focus)

    @cached_property
    def ledgers(self) -> dict[str, None]:
        """The ledgers that are read."""
        return dict.fromkeys(one for one in self.pools.tables if one in self.tables and self.is_ledger(one))

    @cached_property
    def bases(self) -> list[Base]:
        """Units that cases start from; many ways to make them are never gone."""
        return self._bases() if self.usual is None or self.real else list(map(self.usual, self._bases()))

    def on(self, cone: tuple[int, ...]) -> Making:
        """Makes units that matter to some nodes."""
        return Making(self.bench, self.every, self.real, self.random, self.focus, cone, self.usual)

    def is_ledger(self, grain: str) -> bool:
        """Whether a table has as many rows as there were events."""
        return self.tables[grain].role is TableRole.LEDGER

    def _bases(self) -> list[Base]:
        """The typical unit of each category, the one that the 附表 treat otherwise first; a made-up one where there are no data."""
        every = self.every
        touched = [base for base in every if base.new_cells or base.new_rows]
        columns = [name for grain, name in self.pools.keys if grain == UNIT_GRAIN]
        tables = {one for one in self.pools.tables if one != UNIT_GRAIN}
        if self.bench.tables_differ and touched:
            found = typical(touched, columns, tables)
        elif every:
            found = typical(every, columns, tables)
        else:
            found = []
        if self.real:
            return found[:4]
        years = self._years()
        pools = self._defaults() if self.usual is None else self.pools.cells  # the others are those of the usual unit
        return [made_up(self.bench.layout, pools, years, base) for base in found[:4]] or [
            made_up(self.bench.layout, pools, years)
        ]

    def _years(self) -> list[int]:
        period = self.bench.new.period
        return [period.last.year - back for back in range(1, 6)] if period is not None else [2024, 2023, 2022]

    def _defaults(self) -> dict[Key, Sequence[Cell]]:
        found: dict[Key, Sequence[Cell]] = {key: (self.pools.first(key),) for key in self.pools.keys}
        for key, declared in self.bench.layout.unit_columns:
            if declared is not None and (UNIT_GRAIN, key) not in found:
                found[UNIT_GRAIN, key] = (self.default(declared),)
        for table in self.tables.values():
            for column in table.columns:
                found.setdefault((table.name, column.name), (self.default(column),))
        return found

    def default(self, column: TableColumn) -> Cell:
        """A cell that may stand in any column like it."""
        book = self.bench.new
        if column.name == "类别" and book.categories:
            return State.VALUE, book.categories[0].name
        match column.kind:
            case ValueType.NUMBER:
                share = column.unit == RATIO and column.factor < 1
                return State.VALUE, Fraction(9, 10) if share else column.factor * 10
            case ValueType.BOOL:
                return State.VALUE, False
            case ValueType.DATE:
                days = [cell for cell in (_middle(book),) if cell is not None]
                return (State.VALUE, days[0]) if days else MISSING
            case _:
                return State.VALUE, (column.choices or ("甲",))[0]

    # ---- one cell, one row

    def one_changed(self) -> Iterator[Population]:
        for base in self.bases:
            yield from ((made,) for made in self.varied(Sample(base)))

    def varied(self, sample: Sample) -> Iterator[Sample]:
        """``sample`` with one cell other, or with other rows in one ledger."""
        for key, pool in self.pools.cells.items():
            for cell in pool:
                yield from self.with_cell(sample, key, cell)
        for ledger in self.ledgers:
            yield from self.with_rows(sample, ledger)
        if len(self.ledgers) > 1:
            yield from self._full_ledgers(sample)

    def _full_ledgers(self, sample: Sample) -> Iterator[Sample]:
        """Several rows in any two ledgers, each time of the same place among the choices."""
        ledgers = list(self.ledgers)
        for one, other in ((a, b) for i, a in enumerate(ledgers) for b in ledgers[i + 1 :]):
            for count in (1, 2, 4):
                for choice in range(2):
                    made = sample
                    for ledger in (one, other):
                        made = made.laid(ledger, [self._choice(ledger, n + 1, choice) for n in range(count)])
                    yield made

    def _choice(self, ledger: str, number: int, choice: int) -> Row:
        row = dict(self.row(ledger, number))
        for column in self.tables[ledger].columns:
            if column.choices:
                row[column.name] = (State.VALUE, column.choices[min(choice, len(column.choices) - 1)])
        if "事项编号" in row:
            row["事项编号"] = (State.VALUE, f"{ledger}{number}")
        return row

    def with_cell(self, sample: Sample, key: Key, cell: Cell) -> Iterator[Sample]:
        """``sample`` with another cell: in every row of a table of several, and in the last of them alone."""
        grain, column = key
        if grain == UNIT_GRAIN:
            yield sample.put(column, cell)
            return
        rows = sample.of(grain)
        if self.is_ledger(grain) and not rows:
            rows = (self.row(grain, 1),)
        if not rows:
            return
        yield sample.laid(grain, [{**row, column: cell} for row in rows])
        if len(rows) > 1:
            yield sample.laid(grain, [*rows[:-1], {**rows[-1], column: cell}])

    def row(self, grain: str, number: int, wild: bool = False) -> Row:
        """A row of a table; ``wild``: with any cells that matter."""
        table = self.tables[grain]
        row: dict[str, Cell] = {}
        for column in table.columns:
            if column.name == NAME:
                continue
            pool = self.pools.cells.get((grain, column.name))
            if column.of_units:
                row[column.name] = (
                    (State.VALUE, OWN) if not wild or self.random.random() < 0.7 else (State.ABSENT, None)
                )
            elif column.name in ("事项编号", "编号", *RATERS):
                same = wild and number > 1 and self.random.random() < 0.25
                row[column.name] = (State.VALUE, str(number - 1 if same else number))
            elif pool:
                row[column.name] = self.any_of(pool, 0.97) if wild else pool[0]
            else:
                row[column.name] = self.default(column)
        return row

    def with_rows(self, sample: Sample, ledger: str) -> Iterator[Sample]:
        """One row more, and several alike, of every choice."""
        have = sample.of(ledger)
        table = self.tables[ledger]
        yield sample.laid(ledger, ())
        fresh = [self.row(ledger, len(have) + 1)]
        for column in table.columns:
            for cell in self.pools.cells.get((ledger, column.name), ())[:12]:
                fresh.append({**fresh[0], column.name: cell})
        for row in fresh:
            for count in range(1, 7):
                rows = [self._numbered(table, row, len(have) + place) for place in range(1, count + 1)]
                yield sample.laid(ledger, [*have, *rows])

    @staticmethod
    def _numbered(table: Table, row: Row, number: int) -> Row:
        key = next((one for one in ("事项编号", "编号") if table.column(one)), "")
        return {**row, key: (State.VALUE, str(number))} if key else row

    # ---- at random

    def any_of(self, pool: Sequence[Cell], odds: float = 0.85) -> Cell:
        values = [cell for cell in pool if cell[0] is State.VALUE]
        return self.random.choice(values if values and self.random.random() < odds else pool)

    def wild(self, start: Base | Sample, share: float | None = None) -> Sample:
        """A unit with several cells changed."""
        sample = start if isinstance(start, Sample) else Sample(start)
        share = self.random.choice((0.15, 0.4, 0.8, 1.0)) if share is None else share
        odds = self.random.choice((0.7, 0.95, 1.0))
        for key, pool in self.pools.cells.items():
            grain, column = key
            if self.random.random() > share:
                continue
            if grain == UNIT_GRAIN:
                sample = sample.put(column, self.any_of(pool, odds))
            elif not self.is_ledger(grain) and (rows := sample.of(grain)):
                if self.random.random() < 0.5:
                    cell = self.any_of(pool, odds)
                    sample = sample.laid(grain, [{**row, column: cell} for row in rows])
                else:
                    sample = sample.laid(grain, [{**row, column: self.any_of(pool, odds)} for row in rows])
        for ledger in self.ledgers:
            if self.random.random() < max(share, 0.5):
                count = self.random.choice((0, 1, 1, 2, 3, 4, 6))
                sample = sample.laid(ledger, [self.row(ledger, n + 1, wild=True) for n in range(count)])
        return sample

    def at_random(self, count: int) -> Iterator[Population]:
        for _ in range(count):
            yield (self.wild(self.random.choice(self.bases)),)

    def nudged(self, sample: Sample) -> Sample:
        """A cell or two changed."""
        keys = list(self.pools.cells)
        for _ in range(self.random.choice((1, 1, 2, 3))):
            if keys:
                key = self.random.choice(keys)
                sample = next(self.with_cell(sample, key, self.any_of(self.pools.cells[key], 0.95)), sample)
        return sample

    # ---- moved

    def shifted(self, sample: Sample, key: Key, by: Fraction) -> Iterator[Sample]:
        """``sample`` with a number moved: in every row of a table of several, and in the last of them alone."""
        grain, column = key
        if grain == UNIT_GRAIN:
            yield sample.put(column, _moved(sample.cell(column), by))
            return
        rows = sample.of(grain)
        yield sample.laid(grain, [{**row, column: _moved(row.get(column, MISSING), by)} for row in rows])
        last = rows[-1]
        yield sample.laid(grain, [*rows[:-1], {**last, column: _moved(last.get(column, MISSING), by)}])

    def moves(self, key: Key) -> bool:
        """Whether a column can be moved by steps: a number, or a day."""
        declared = self.pools.declared(key)
        kinds = (ValueType.NUMBER, ValueType.DATE)
        return declared is not None and declared.kind in kinds and key[1] not in ("年度", "月份", "季度", "半年")

    def there(self, sample: Sample, key: Key) -> bool:
        grain, column = key
        cells = [sample.cell(column)] if grain == UNIT_GRAIN else [row.get(column, MISSING) for row in sample.of(grain)]
        return bool(cells) and isinstance(cells[0][1], (Fraction, date))


def _moved(cell: Cell, by: Fraction) -> Cell:
    state, value = cell
    if isinstance(value, date):
        return state, value + timedelta(int(by))
    return (state, value + by) if isinstance(value, Fraction) else cell


def merged(start: Sample, made: Sequence[Sample]) -> Sample:
    cells: dict[str, Cell] = dict(start.cells)
    rows = dict(start.rows)
    for one in made:
        cells |= one.cells
        for table, theirs in one.rows.items():
            if table in rows and len(rows[table]) == len(theirs):
                base = start.base.rows.get(table, ())
                rows[table] = tuple(
                    {**mine, **{c: v for c, v in row.items() if at >= len(base) or base[at].get(c) != v}}
                    for at, (mine, row) in enumerate(zip(rows[table], theirs, strict=True))
                )
            else:
                rows[table] = theirs
    return replace(start, cells=cells, rows=rows)


def _middle(book: Rulebook) -> date | None:
    period = book.period
    if period is None:
        return None
    return period.first + timedelta(min(365, (period.last - period.first).days) // 2)
