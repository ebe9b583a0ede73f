"""A smallest case whose result differs: first a unit on a typical baseline, one cell changed; then more; then populations.

Cases are made from what the rule itself names (edges, caps, words, days, and a step to either side) and tried by the
thousand in one run. What is found is made smaller, and the reference engine has the last word on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from random import Random

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.model import outputs
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import RATERS, Table, TableColumn, TableRole
from perfdsl.model.units import RATIO, ValueType
from perfdsl.workspace.review.bench import NEW, OLD, Bench, Result
from perfdsl.workspace.review.pools import Key, Pools, edges, whole_edges
from perfdsl.workspace.review.samples import (
    MISSING,
    NAME,
    OWN,
    Base,
    Population,
    Row,
    Sample,
    made_up,
    names,
    typical,
)

WORK = 15_000_000
"""How much is computed for one change, as :attr:`Bench.work` counts it; a clock would tell two machines different cases."""
SHRINKING = WORK // 3
"""How much of it may be computed to make one case smaller."""
BATCH = 1200
LEVELS = 4
KEPT = 4
"""How many of the smallest cases found are made smaller before one of them is taken."""
WIDE = 500
"""Nodes from which on the units that there are are looked at before any other."""


@dataclass(frozen=True, slots=True)
class WitnessCell:
    """A cell of the case. ``row`` 0: of a table of one row a unit, else the number of the row.

    ``baseline`` is what the baseline holds there; None: it has no such row. ``declared``: how the column is declared.
    """

    table: str
    column: str
    row: int
    value: Cell
    baseline: Cell | None
    declared: TableColumn | None = None

    @property
    def changed(self) -> bool:
        """Whether the baseline has another cell."""
        return self.baseline != self.value


@dataclass(frozen=True, slots=True)
class WitnessUnit:
    """A unit of the case: ``like`` is the real unit that it is made after, "" for none. ``dropped``: (table, how many rows
    of the baseline it does not have)."""

    name: str
    like: str
    cells: tuple[WitnessCell, ...]
    results: tuple[Result, ...]
    dropped: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Witness:
    """A case whose result differs, by the reference engine. ``off``: how many cells are off the baseline."""

    units: tuple[WitnessUnit, ...]
    off: int
    population: Population

    @property
    def results(self) -> tuple[Result, ...]:
        """Every result that differs."""
        return tuple(one for unit in self.units for one in unit.results)


class Search:
    """Looks for a witness of one change.

    ``bases``: the units that there are (of the data, or of the 附表). ``own``: outputs that belong to the changed clause.
    """

    def __init__(
        self,
        bench: Bench,
        bases: Sequence[Base] = (),
        own: frozenset[str] = frozenset(),
        work: int = WORK,
        seed: int = 0,
    ) -> None:
        self.own = own
        self.bench, self.all = bench, bench.with_rules(list(bases) or bench.ruled())
        self.real = bool(bases)
        self.random = Random(seed)
        self.work = work
        self.started = bench.work

    @property
    def tried(self) -> int:
        """How many cases were looked at."""
        return self.bench.tried

    def late(self) -> bool:
        """Whether enough was computed."""
        return self.bench.work - self.started > self.work

    def find(self) -> Witness | None:
        """A witness, or None."""
        self.started = self.bench.work
        foci = list(self._foci())
        ways: list[tuple[Tools, tuple[str, ...], list[Iterator[Iterable[Population]]]]] = []
        for focus in foci:
            near = self.bench.near(focus)
            wide = len(self.bench.cone(focus)) > len(near) + 4
            for cone in (near, None) if wide else (near,):
                tools = Tools(self, focus, cone)
                ways.append((tools, focus, tools.levels()))
        for level in range(LEVELS):
            for tools, focus, levels in ways:
                found = self._through(tools, focus, levels[level])
                if found is not None or self.late():
                    return found
        return None

    # ---- where to look

    def _foci(self) -> Iterator[tuple[str, ...]]:
        """Groups of outputs to look at: the clause's own first, of those the ones nearest to the data."""
        both = frozenset(self.bench.both)
        sizes = {name: len(self.bench.cone([name])) for name in self.bench.differing}
        order = sorted(
            (name for name in sizes if not name.startswith("full:")),
            key=lambda name: (name not in self.own, sizes[name], name),
        )
        mine = [name for name in order if name in self.own]
        plain = [name for name in order if name in both]
        told: set[tuple[str, ...]] = set()
        for group in (mine[:1], mine[:6], plain[:3], plain, list(sizes)):
            key = tuple(group)
            if key and key not in told:
                told.add(key)
                yield key

    def _through(self, tools: Tools, focus: tuple[str, ...], stages: Iterable[Iterable[Population]]) -> Witness | None:
        for stage in stages:
            found = []
            for batch in _batches(stage):
                results = self.bench.run(batch, focus)
                found += [one for one, differs in zip(batch, results, strict=True) if differs]
                if found or self.late():
                    break
            found.sort(key=lambda one: (len(one), sum(unit.off for unit in one)))
            for one in found[:KEPT]:
                made = self._confirmed(tools.smaller(one), focus)
                if made is not None:
                    return made
            if self.late():
                return None
        return None

    def _confirmed(self, population: Population, focus: Sequence[str]) -> Witness | None:
        results = self.bench.confirmed(population)
        if not results:
            return None
        told = Pools(self.bench, focus[:1], cone=self.bench.near(focus[:1])).keys
        shown = told if len(told) <= 8 else ()
        units = tuple(
            _unit(self.bench, place, one, [result for result in results if result.unit == place], shown)
            for place, one in enumerate(population)
        )
        return Witness(units, sum(one.off for one in population), population)


def _batches(stage: Iterable[Population]) -> Iterator[list[Population]]:
    batch: list[Population] = []
    size = 0
    for one in stage:
        batch.append(one)
        size += len(one)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class Tools:
    """Makes the cases for one group of outputs."""

    def __init__(self, search: Search, focus: tuple[str, ...], cone: tuple[int, ...] | None = None) -> None:
        self.search, self.bench, self.focus, self.random = search, search.bench, focus, search.random
        self.near = cone is not None
        self.pools = Pools(self.bench, focus, search.all if search.real else (), cone)
        self.across = self.bench.across(focus)
        self.tables = {table.name: table for table in self.bench.layout.row_tables()}
        self.ledgers = dict.fromkeys(
            grain for grain, _ in self.pools.keys if grain in self.tables and self._is_ledger(grain)
        )
        self.bases = self._bases()

    def _is_ledger(self, grain: str) -> bool:
        return self.tables[grain].role is TableRole.LEDGER

    def _bases(self) -> list[Base]:
        """The typical unit of each category, the one that the 附表 treat otherwise first; a made-up one where there are no data."""
        every = self.search.all
        touched = [base for base in every if base.new_cells or base.new_rows]
        columns = [name for grain, name in self.pools.keys if grain == UNIT_GRAIN]
        tables = {grain for grain, _ in self.pools.keys if grain != UNIT_GRAIN}
        if self.bench.tables_differ and touched:
            found = typical(touched, columns, tables)
        elif every:
            found = typical(every, columns, tables)
        else:
            found = []
        if self.search.real:
            return found[:4]
        years = self._years()
        pools = self._defaults()
        return [made_up(self.bench.layout, pools, years, base) for base in found[:4]] or [
            made_up(self.bench.layout, pools, years)
        ]

    def _years(self) -> list[int]:
        period = self.bench.new.period
        return [period.last.year - back for back in range(1, 6)] if period is not None else [2024, 2023, 2022]

    def _defaults(self) -> dict[Key, Sequence[Cell]]:
        found: dict[Key, Sequence[Cell]] = dict(self.pools.cells)
        for key, declared in self.bench.layout.unit_columns():
            if declared is not None and (UNIT_GRAIN, key) not in found:
                found[UNIT_GRAIN, key] = (self._default(declared),)
        for table in self.tables.values():
            for column in table.columns:
                found.setdefault((table.name, column.name), (self._default(column),))
        return found

    def _default(self, column: TableColumn) -> Cell:
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

    # ---- cases

    def levels(self) -> list[Iterator[Iterable[Population]]]:
        """Cases by how much it takes to make and try them; the smaller ones first."""
        return [self._first(), self._second(), self._third(), self._last()]

    def _first(self) -> Iterator[Iterable[Population]]:
        yield [(Sample(base),) for base in self.bases]
        if self.near and len(self.pools.cone) <= WIDE:
            yield self._one_changed()

    def _second(self) -> Iterator[Iterable[Population]]:
        if self.near and len(self.pools.cone) <= WIDE:
            yield self._at_edges([Sample(base) for base in self.bases[:2]])
            yield self._at_random(150)
        if self.search.real:
            yield [(Sample(base),) for base in self.search.all]
            yield self._of_data()

    def _third(self) -> Iterator[Iterable[Population]]:
        if not self.near or len(self.pools.cone) > WIDE:
            yield self._one_changed()
            yield self._at_edges([Sample(base) for base in self.bases[:1]])
        yield self._at_random(250)
        if self.across:
            yield self._populations(100, (2, 3, 4))

    def _last(self) -> Iterator[Iterable[Population]]:
        yield self._at_edges([self._wild(self.random.choice(self.bases)) for _ in range(6)])
        if self.across:
            yield from self._crowds()
        yield self._at_random(1500)

    def _one_changed(self) -> Iterator[Population]:
        for base in self.bases:
            for key, pool in self.pools.cells.items():
                for cell in pool:
                    for made in self.with_cell(Sample(base), key, cell):
                        yield (made,)
            for ledger in self.ledgers:
                for made in self._with_rows(Sample(base), ledger):
                    yield (made,)
            if len(self.ledgers) > 1:
                yield from ((made,) for made in self._full_ledgers(Sample(base)))

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
        row = dict(self._row(ledger, number))
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
        if self._is_ledger(grain) and not rows:
            rows = (self._row(grain, 1),)
        if not rows:
            return
        yield sample.laid(grain, [{**row, column: cell} for row in rows])
        if len(rows) > 1:
            yield sample.laid(grain, [*rows[:-1], {**rows[-1], column: cell}])

    def _row(self, grain: str, number: int, wild: bool = False) -> Row:
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
                row[column.name] = self._any(pool, 0.97) if wild else pool[0]
            else:
                row[column.name] = self._default(column)
        return row

    def _with_rows(self, sample: Sample, ledger: str) -> Iterator[Sample]:
        """One row more, and several alike, of every choice."""
        have = sample.of(ledger)
        table = self.tables[ledger]
        yield sample.laid(ledger, ())
        fresh = [self._row(ledger, len(have) + 1)]
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

    def _any(self, pool: Sequence[Cell], odds: float = 0.85) -> Cell:
        values = [cell for cell in pool if cell[0] is State.VALUE]
        return self.random.choice(values if values and self.random.random() < odds else pool)

    def _wild(self, base: Base, share: float | None = None) -> Sample:
        """A unit with several cells changed."""
        sample = Sample(base)
        share = self.random.choice((0.15, 0.4, 0.8, 1.0)) if share is None else share
        odds = self.random.choice((0.7, 0.95, 1.0))
        for key, pool in self.pools.cells.items():
            grain, column = key
            if self.random.random() > share:
                continue
            if grain == UNIT_GRAIN:
                sample = sample.put(column, self._any(pool, odds))
            elif not self._is_ledger(grain) and (rows := sample.of(grain)):
                if self.random.random() < 0.5:
                    cell = self._any(pool, odds)
                    sample = sample.laid(grain, [{**row, column: cell} for row in rows])
                else:
                    sample = sample.laid(grain, [{**row, column: self._any(pool, odds)} for row in rows])
        for ledger in self.ledgers:
            if self.random.random() < max(share, 0.5):
                count = self.random.choice((0, 1, 1, 2, 3, 4, 6))
                sample = sample.laid(ledger, [self._row(ledger, n + 1, wild=True) for n in range(count)])
        return sample

    def _at_random(self, count: int) -> Iterator[Population]:
        for _ in range(count):
            yield (self._wild(self.random.choice(self.bases)),)

    def _populations(self, count: int, sizes: Sequence[int]) -> Iterator[Population]:
        for _ in range(count):
            bases = self.bases if self.random.random() < 0.3 else [self.random.choice(self.bases)]
            share = self.random.choice((0.15, 0.4, 0.8, None))
            yield tuple(self._wild(self.random.choice(bases), share) for _ in range(self.random.choice(sizes)))

    def _of_data(self) -> Iterator[Population]:
        """The units as they are, and those of each category by themselves."""
        every = tuple(Sample(base) for base in self.search.all)
        groups: dict[object, list[Sample]] = {}
        for one in every:
            groups.setdefault(one.cell("单位名册.类别")[1], []).append(one)
        for group in groups.values():
            yield tuple(group)
        yield every

    # ---- edges

    def _at_edges(self, starts: Sequence[Sample]) -> Iterator[Population]:
        """Cells that bring a number to an edge of the rule, and a step to either side, taken from how it moves."""
        keys = [key for key in self.pools.keys if self._is_number(key)]
        if not keys or not starts:
            return
        cone = self._differing_nodes()
        lines = edges(self.bench.graph, cone)[:80]
        wholes = whole_edges(self.bench.graph, cone)[:40]
        moved: list[tuple[int, tuple[str, str, int] | None, Fraction, Sample]] = []
        for at, start in enumerate(starts):
            moved.append((at, None, Fraction(0), start))
            for key in keys[:60]:
                by = self.pools.steps[key] * 7
                if self._number(start, key) is not None:
                    for one, made in enumerate(self.shifted(start, key, by)):
                        moved.append((at, (*key, one), by, made))
        values = self._watched([(one,) for _, _, _, one in moved], lines, wholes)
        if values is None:
            return
        zero = {at: place for place, (at, way, _, _) in enumerate(moved) if way is None}
        seen: set[tuple[int, tuple[str, str, int], Fraction]] = set()
        for place, (at, way, by, _) in enumerate(moved):
            if way is None:
                continue
            for gap in values:
                here, there = gap[zero[at]], gap[place]
                if here is None or there is None or here == there:
                    continue
                slope = (there[0] - here[0]) / by
                if not slope:
                    continue
                for target in self._targets(here):
                    for wanted in self._snapped(way[:2], (target - here[0]) / slope):
                        if (at, way, wanted) not in seen:
                            seen.add((at, way, wanted))
                            yield (list(self.shifted(starts[at], way[:2], wanted))[way[2]],)

    @staticmethod
    def _targets(here: tuple[Fraction, Fraction | None]) -> list[Fraction]:
        value, fine = here
        if fine is None:
            return [Fraction(0)]
        if fine == 1:
            return [Fraction(floor(value)), Fraction(floor(value) + 1), Fraction(0)]
        k = floor(value / fine)
        k -= 1 - k % 2
        return [fine * k, fine * (k + 2)]

    def _snapped(self, key: Key, value: Fraction) -> list[Fraction]:
        one = self.pools.steps[key]
        low, high = floor(value / one) * one, ceil(value / one) * one
        return list(dict.fromkeys((low, high, low - one, high + one)))

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

    def _is_number(self, key: Key) -> bool:
        declared = self.pools.declared(key)
        return (
            declared is not None
            and declared.kind is ValueType.NUMBER
            and key[1] not in ("年度", "月份", "季度", "半年")
        )

    def _number(self, sample: Sample, key: Key) -> Fraction | None:
        grain, column = key
        if grain == UNIT_GRAIN:
            value = sample.cell(column)[1]
        else:
            rows = sample.of(grain)
            value = rows[0].get(column, MISSING)[1] if rows else None
        return value if isinstance(value, Fraction) and not isinstance(value, bool) else None

    def _differing_nodes(self) -> tuple[int, ...]:
        """Where numbers are watched: the nodes near the difference, and those that only one side has."""
        sides = []
        for side in (OLD, NEW):
            asked = frozenset(node for name in self.focus if (node := self.bench.node(side, name)) is not None)
            sides.append(set(self.bench.under(asked)))
        return tuple(sorted({*self.pools.cone, *(sides[0] ^ sides[1])}))

    def _watched(
        self,
        populations: Sequence[Population],
        lines: Sequence[tuple[int, int | Fraction]],
        wholes: Sequence[tuple[int, Fraction]],
    ) -> list[list[tuple[Fraction, Fraction | None] | None]] | None:
        """For every edge, and every case, how far its number is from it."""
        nodes = {one for one, _ in lines} | {other for _, other in lines if isinstance(other, int)}
        nodes |= {one for one, _ in wholes}
        cells = self.bench.watched(populations, nodes)
        if cells is None:
            return None
        found: list[list[tuple[Fraction, Fraction | None] | None]] = []
        for one, other in lines:
            if one not in cells or (isinstance(other, int) and other not in cells):
                continue
            theirs = cells[other] if isinstance(other, int) else [(State.VALUE, other)] * len(populations)
            found.append(
                [
                    (a[1] - b[1], None) if isinstance(a[1], Fraction) and isinstance(b[1], Fraction) else None
                    for a, b in zip(cells[one], theirs, strict=True)
                ]
            )
        for one, fine in wholes:
            if one in cells:
                found.append([(a[1], fine) if isinstance(a[1], Fraction) else None for a in cells[one]])
        return found

    # ---- many units

    def _crowds(self) -> Iterator[Iterable[Population]]:
        """Populations with good and bad units, as places of grades and ranks need them."""
        best, worst = self._ends()
        yield self._mixed(best, worst, 120, (1, 2, 3, 4, 5, 6, 7, 8))
        yield self._populations(60, (5, 6, 8, 12, 16))
        yield self._mixed(best, worst, 40, (10, 12, 15, 20, 30))
        yield self._populations(20, (20, 30))

    def _ends(self) -> tuple[list[Sample], list[Sample]]:
        """For each base the unit with the best cells, and with the worst, one column judged at a time by the total."""
        name = outputs.TOTAL if outputs.TOTAL in self.bench.names else self.focus[0]
        best, worst = [], []
        for base in self.bases[:3]:
            start = Sample(base)
            tried = [
                (key, made)
                for key, pool in self.pools.cells.items()
                for cell in pool
                for made in self.with_cell(start, key, cell)
            ]
            for ledger in self.ledgers:
                tried += [((ledger, ""), made) for made in self._with_rows(start, ledger)]
            tried = tried[:2500]
            node = self.bench.node(OLD, name)
            cells = self.bench.watched(
                [(start,), *((made,) for _, made in tried)], {node} if node is not None else set()
            )
            if cells is None or node not in cells:
                best.append(start)
                worst.append(start)
                continue
            totals = [cell[1] if isinstance(cell[1], Fraction) else None for cell in cells[node]]
            high: dict[Key, tuple[Fraction, Sample]] = {}
            low: dict[Key, tuple[Fraction, Sample]] = {}
            for (key, made), total in zip(tried, totals[1:], strict=True):
                if total is None or (totals[0] is not None and total == totals[0]):
                    continue
                if (totals[0] is None or total > totals[0]) and (key not in high or total > high[key][0]):
                    high[key] = total, made
                if (totals[0] is None or total < totals[0]) and (key not in low or total < low[key][0]):
                    low[key] = total, made
            best.append(_merged(start, [made for _, made in high.values()]))
            worst.append(_merged(start, [made for _, made in low.values()]))
        return best, worst

    def _mixed(
        self, best: Sequence[Sample], worst: Sequence[Sample], count: int, sizes: Sequence[int]
    ) -> Iterator[Population]:
        for _ in range(count):
            size, at = self.random.choice(sizes), self.random.randrange(len(best))
            share = self.random.random()
            people = []
            for _ in range(size):
                start = best[at] if self.random.random() < share else self._between(best[at], worst[at])
                people.append(self._nudged(start) if self.random.random() < 0.6 else start)
            yield tuple(people)

    def _between(self, one: Sample, other: Sample) -> Sample:
        odds = self.random.choice((0.05, 0.15, 0.3, 0.6))
        made = one
        for column, cell in other.cells.items():
            if self.random.random() < odds:
                made = made.put(column, cell)
        for table, rows in other.rows.items():
            if self.random.random() < odds:
                made = made.laid(table, rows)
        return made

    def _nudged(self, sample: Sample) -> Sample:
        """A cell or two changed."""
        keys = list(self.pools.cells)
        for _ in range(self.random.choice((1, 1, 2, 3))):
            if keys:
                key = self.random.choice(keys)
                sample = next(self.with_cell(sample, key, self._any(self.pools.cells[key], 0.95)), sample)
        return sample

    # ---- making it smaller

    def smaller(self, population: Population) -> Population:
        """Fewer units, then fewer cells off the baseline, then smaller steps, while it still differs."""
        until = self.bench.work + SHRINKING
        for making in (self._fewer_units, self._fewer_cells, self._smaller_steps):
            changed = True
            while changed and self.bench.work < until:
                changed = False
                tried = list(making(population))[:BATCH]
                if not tried:
                    break
                results = self.bench.run(tried, self.focus)
                for one, differs in zip(tried, results, strict=True):
                    if differs:
                        population, changed = one, True
                        break
        return population

    @staticmethod
    def _fewer_units(population: Population) -> Iterator[Population]:
        size = len(population)
        if size < 2:
            return
        for one in population if size <= 60 else ():
            yield (one,)
        if size > 3:
            for count in (size // 4, size // 2, 3 * size // 4):
                yield population[:count]
                yield population[-count:]
        for gone in range(size):
            yield (*population[:gone], *population[gone + 1 :])

    def _fewer_cells(self, population: Population) -> Iterator[Population]:
        """All cells of many, of one unit, half of them, one of them as in the baseline."""
        for place, one in enumerate(population):
            steps = list(self._back(one))
            for share in (1, 2, 4, 8) if len(steps) > 2 else ():
                size = max(1, len(steps) // share)
                for start in range(0, len(steps), size):
                    made = one
                    for column, table in steps[start : start + size]:
                        made = (
                            made.put(column, made.base.cells.get(column, MISSING))
                            if column
                            else made.laid(table, made.base.rows.get(table, ()))
                        )
                    yield _with(population, place, made)
            for column, table in steps:
                back = (
                    one.put(column, one.base.cells.get(column, MISSING))
                    if column
                    else one.laid(table, one.base.rows.get(table, ()))
                )
                yield _with(population, place, back)
            for table, rows in one.rows.items():
                for made_rows in _fewer_rows(rows, one.base.rows.get(table, ())):
                    made = one.laid(table, made_rows)
                    if made.off < one.off:
                        yield _with(population, place, made)

    @staticmethod
    def _back(one: Sample) -> Iterator[tuple[str, str]]:
        for column in one.cells:
            yield column, ""
        for table in one.rows:
            yield "", table

    def _smaller_steps(self, population: Population) -> Iterator[Population]:
        """Numbers nearer to the baseline, on their own steps."""
        for place, one in enumerate(population):
            for column, (state, value) in one.cells.items():
                base_state, base = one.base.cells.get(column, MISSING)
                if base_state is not State.VALUE or not isinstance(base, Fraction):
                    continue
                key = (UNIT_GRAIN, column)
                unit = self.pools.steps.get(key, Fraction(1))
                if state is not State.VALUE or not isinstance(value, Fraction):
                    continue
                gap = abs(value - base)
                sign = 1 if value > base else -1
                nearer = [unit, 2 * unit, *(ceil(gap * n / 16 / unit) * unit for n in range(1, 16)), gap - unit]
                for by in sorted(set(nearer)):
                    if 0 < by < gap:
                        yield _with(population, place, one.put(column, (State.VALUE, base + sign * by)))


def _moved(cell: Cell, by: Fraction) -> Cell:
    state, value = cell
    return (state, value + by) if isinstance(value, Fraction) else cell


def _with(population: Population, place: int, one: Sample) -> Population:
    return (*population[:place], one, *population[place + 1 :])


def _fewer_rows(rows: Sequence[Row], base: Sequence[Row]) -> Iterator[list[Row]]:
    for gone in range(len(rows)):
        if len(rows) > len(base):
            yield [*rows[:gone], *rows[gone + 1 :]]
    for place, (mine, theirs) in enumerate(zip(rows, base, strict=False)):
        if mine != theirs:
            yield [*rows[:place], theirs, *rows[place + 1 :]]
            for column, cell in mine.items():
                if theirs.get(column, cell) != cell:
                    yield [*rows[:place], {**mine, column: theirs[column]}, *rows[place + 1 :]]


def _merged(start: Sample, made: Sequence[Sample]) -> Sample:
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


# ---- how it is told


def _unit(bench: Bench, place: int, one: Sample, results: Sequence[Result], shown: Sequence[Key]) -> WitnessUnit:
    cells: list[WitnessCell] = []
    dropped = []
    columns = [*one.cells, *(name for grain, name in shown if grain == UNIT_GRAIN and name not in one.cells)]
    for column in columns:
        of, _, name = column.partition(".")
        value, base = one.cell(column), one.base.cells.get(column, MISSING)
        cells.append(WitnessCell(of, name, 0, value, base, bench.layout.declared(UNIT_GRAIN, column)))
    for table in bench.layout.row_tables():
        if table.name not in one.rows:
            continue
        mine, theirs = one.of(table.name), one.base.rows.get(table.name, ())
        if len(mine) < len(theirs):
            dropped.append((table.name, len(theirs) - len(mine)))
        for number, row in enumerate(mine, 1):
            before = theirs[number - 1] if number <= len(theirs) else None
            for name, value in row.items():
                old = before.get(name, MISSING) if before is not None else None
                if (
                    (old != value or table.role is TableRole.LEDGER)
                    and value[1] != OWN
                    and value[0] is not State.MISSING
                ):
                    declared = table.column(name)
                    cells.append(WitnessCell(table.name, name, number, value, old, declared))
    return WitnessUnit(names(place), one.base.name, tuple(cells), tuple(results), tuple(dropped))
