"""A smallest case whose result differs: first a unit on a typical baseline, one cell changed; then more; then populations.

Cases are made from what the rule itself names (edges, caps, words, days, and a step to either side) and tried by the
thousand in one run. What is found is made smaller, and the reference engine has the last word on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from random import Random

from perfdsl.clauses.individual import row_unit
from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.model.outputs import Cell
from perfdsl.model.states import UNKNOWN, State
from perfdsl.model.table import Table, TableColumn, TableRole
from perfdsl.model.units import Unit
from perfdsl.text.records import dataclass, field, replace
from perfdsl.workspace.review.aiming import Aiming
from perfdsl.workspace.review.bench import Bench, Pair, Result
from perfdsl.workspace.review.crowds import Crowds
from perfdsl.workspace.review.edging import Edging
from perfdsl.workspace.review.guided import Guided
from perfdsl.workspace.review.heights import Heights
from perfdsl.workspace.review.making import Making
from perfdsl.workspace.review.meeting import Meeting
from perfdsl.workspace.review.pools import STATES, Key, Pools
from perfdsl.workspace.review.proving import Prover
from perfdsl.workspace.review.samples import MISSING, OWN, Base, Population, Row, Sample, names
from perfdsl.workspace.review.shrinking import Shrinking

WORK = 30_000_000
"""How much is computed for one change, as :attr:`Bench.work` counts it; a clock would tell two machines different cases."""
LARGEST = 2
"""The part of it that one way to make cases may take."""
COUNTING = 8
"""The part of it that units for which the change counts may take within such a way."""
BATCH = 1200
KEPT = 4
"""How many of the smallest cases found are made smaller before one of them is taken."""
STEPS = ("full", "value")
"""Outputs that are steps on the way to a score: cases are looked for in which more than these differ."""
MANY = 8
"""Columns from which on cells that are as in the baseline are not told."""
OUTPUTS, CASES, LEAVES = 3, 120, 12
"""Outputs, assumptions, and groups of assumptions that cases are made to meet."""
SEEDS = 150
"""Cases at edges near the change that a search that learns begins with, of each kind."""
CLEARED = 2
"""Baselines that are looked at with everything else out of the way."""
WIDE = 500
"""Nodes from which on the units that there are are looked at before any other."""


@dataclass(frozen=True, slots=True)
class WitnessCell:
    """A cell of the case. ``row`` 0: of a table of one row a unit, else the number of the row, and ``along`` what it is of:
    (月份, 12), where it is of something.

    ``baseline`` is what the baseline holds there; None: it has no such row. ``declared``: how the column is declared.
    """

    table: str
    column: str
    row: int
    value: Cell
    baseline: Cell | None
    declared: TableColumn | None = None
    along: tuple[str, int] | None = None

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
    """A case whose result differs, by the reference engine. ``off``: how many cells are off the baseline.

    ``measures``: name of a 指标值 that differs → its unit. ``sums``: what the scores of the items that were cut otherwise
    come to, unit by unit; none for other changes.
    """

    units: tuple[WitnessUnit, ...]
    off: int
    population: Population
    measures: Mapping[str, Unit | None] = field(default_factory=dict)
    sums: tuple[Pair, ...] = ()

    @property
    def results(self) -> tuple[Result, ...]:
        """Every result that differs."""
        return tuple(one for unit in self.units for one in unit.results)


class Search:
    """Looks for a witness of one change.

    ``bases``: the units that there are (of the data, or of the 附表). ``own``: outputs that belong to the changed clause.
    ``usual``: makes a usual unit of one that is made up, where there are no data. ``prover``: knows what was proved before.
    """

    def __init__(
        self,
        bench: Bench,
        bases: Sequence[Base] = (),
        own: frozenset[str] = frozenset(),
        work: int = WORK,
        seed: int = 0,
        usual: Callable[[Base], Base] | None = None,
        prover: Prover | None = None,
    ) -> None:
        self.own, self.usual = own, usual
        self.bench, self.all = bench, bench.with_rules(list(bases) or bench.ruled())
        self.real = bool(bases)
        self.random = Random(seed)
        self.work = work
        self.started = bench.work
        self.prover = prover if prover is not None else Prover(bench)

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
        for way, stages in self._ways():
            found = self._through(way, stages)
            if found is not None:
                return found
            if self.late():
                break
        if self.prover.proved:
            return None
        way = self._way(self.bench.differing, near=True)  # the steps on the way to a score as well
        self.started = self.bench.work
        found = self._through(way, way.first())
        return found if found is not None or not self.real else self._through(way, way.there())

    def _ways(self) -> Iterator[tuple[Way, Iterator[Iterable[Population]]]]:
        """What is tried, one after another: near the change first, and the clause's own outputs before all others."""
        foci = list(self._foci())
        if not foci:
            return
        own = self._way(foci[0], near=True)
        others = {self.bench.near(focus): focus for focus in foci[1:]}  # of those that look at the same the widest
        rest = [self._way(focus, near=True) for focus in others.values()]
        yield own, own.first()
        yield own, own.edges()  # what the others compute is a multiple of this
        if self.real:
            yield own, own.there()
        if self.prover.equivalent():
            return
        whole = self._way(foci[0], near=False)
        yield whole, whole.heights()
        wide = self._way(foci[-1], near=False)
        yield wide, wide.many()
        yield own, own.met()
        for way in rest:
            yield way, way.first()
            if self.real:
                yield way, way.there()
        yield whole, whole.few()
        if len(foci) > 1:
            every = self._way(foci[-1], near=False)
            yield every, every.single()
        yield whole, whole.far()
        yield own, own.cleared(whole.making.pools)
        for way in rest:
            yield way, way.edges()
            yield way, way.met()
        for focus in foci[1:]:
            way = self._way(focus, near=False)
            yield way, way.few()
            yield way, way.far()
        for focus in (foci[0], foci[-1]):
            way = self._way(focus, near=False)
            yield way, way.last()

    def _way(self, focus: tuple[str, ...], near: bool) -> Way:
        if near:
            return Way(self.near(focus), self)
        return Way(Making(self.bench, self.all, self.real, self.random, focus, None, self.usual), self)

    def near(self, focus: tuple[str, ...]) -> Making:
        """Makes units that matter to what the change itself looks at."""
        return Making(self.bench, self.all, self.real, self.random, focus, self.bench.near(focus), self.usual)

    # ---- where to look

    def _foci(self) -> Iterator[tuple[str, ...]]:
        """Groups of outputs to look at: the clause's own first, of those the ones nearest to the data."""
        both = frozenset(self.bench.both)
        sizes = {name: self.bench.size(name) for name in self.bench.differing}
        order = sorted(
            (name for name in sizes if name.partition(":")[0] not in STEPS),
            key=lambda name: (name not in self.own, sizes[name], name),
        )
        mine = [name for name in order if name in self.own]
        plain = [name for name in order if name in both]
        told: set[tuple[str, ...]] = set()
        for group in (mine[:1], mine[:6], plain[:3], plain, order or list(sizes)):
            key = tuple(group)
            if key and key not in told:
                told.add(key)
                yield key

    def _through(self, way: Way, stages: Iterable[Iterable[Population]]) -> Witness | None:
        until = self.bench.work + self.work // LARGEST  # a way that takes long leaves something for the others
        for stage in stages:
            found = []
            for batch in _batches(one for one in stage if self.bench.is_countable(one)):
                results = self.bench.run(batch, way.focus)
                found += [
                    (*size(one), self._ruled(one), any(map(_unknown, differs)), one)
                    for one, differs in zip(batch, results, strict=True)
                    if differs
                ]
                if found or self.late() or self.bench.work > until:
                    break
            found.sort(key=lambda one: one[:4])
            shrinking = Shrinking(self.bench, way.focus, way.making.pools.steps)
            for *_, one in found[:KEPT]:
                made = self._confirmed(shrinking.smaller(one))
                if made is not None:
                    return made
            if self.late() or self.bench.work > until:
                return None
        return None

    def _confirmed(self, population: Population) -> Witness | None:
        results = self.bench.confirmed(population)
        if not results:
            return None
        units = tuple(
            _unit(self.bench, place, one, [result for result in results if result.unit == place], self._shown(results))
            for place, one in enumerate(population)
        )
        valued = dict.fromkeys(one.name for one in results if one.name.startswith("value:"))
        measures = {name: self.bench.measure(name) for name in valued}
        return Witness(units, sum(one.off for one in population), population, measures)

    def _ruled(self, population: Population) -> int:
        """How many cells of 附表 are other than in the baseline: what is found out during the year tells more."""
        tables = {table.name for table in self.bench.layout.book.tables if table.role is TableRole.RULE and table.rows}
        split = self.bench.layout.split
        return sum(
            sum(split(column)[0] in tables for column in one.cells) + sum(table in tables for table in one.rows)
            for one in population
        )

    def _shown(self, results: Sequence[Result]) -> tuple[Key, ...]:
        """The columns that the result nearest to the data reads where the sides part: a case is told with their cells."""
        names = {one.name for one in results if one.name.partition(":")[0] not in STEPS} or {results[0].name}
        nearest = min(names, key=lambda name: (name not in self.own, self.bench.size(name), name))
        return Pools(self.bench, [nearest], cone=self.bench.near([nearest])).keys


def _unknown(one: Result) -> bool:
    """Whether a side does not know the result: such a case says less."""
    return any(cell is not None and cell[0] in UNKNOWN for cell in (one.old, one.new))


def size(population: Population) -> tuple[int, int]:
    """How small a case is: units, then cells off the baseline."""
    return len(population), sum(unit.off for unit in population)


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


@dataclass(frozen=True)
class Way:
    """Cases for one group of outputs, by how much it takes to make and try them; the smaller ones first."""

    making: Making
    search: Search

    @property
    def focus(self) -> tuple[str, ...]:
        """The outputs."""
        return self.making.focus

    @property
    def _soon(self) -> int:
        """Up to where what has very many cases may compute, others being still to come."""
        return self.search.bench.work + self.search.work // COUNTING

    @property
    def _small(self) -> bool:
        return len(self.making.pools.cone) <= WIDE

    def first(self) -> Iterator[Iterable[Population]]:
        """The baseline, and one cell of it changed."""
        yield [(Sample(base),) for base in self.making.bases]
        if self._small:
            yield self.making.one_changed()

    def edges(self) -> Iterator[Iterable[Population]]:
        """Edges near the change."""
        if self._small:
            yield Meeting(self.making).counting(map(Sample, self.making.bases), self._soon)
            yield Edging(self.making).cases([Sample(base) for base in self.making.bases[:2]])
            yield self.making.at_random(150)
            yield Aiming(self.making).cases()
            yield Meeting(self.making).parted(map(Sample, self.making.bases))
            if self.making.across:
                yield Crowds(self.making).ladders()

    def met(self) -> Iterator[Iterable[Population]]:
        """What a proof says that it takes; it is not taken from what may be computed for the others."""
        search = self.search
        before = search.bench.work
        until = before + search.work // 4
        for name in self.focus[:OUTPUTS]:
            yield Meeting(self.making).cases(islice(search.prover.apart(name, CASES), LEAVES), until)
        search.started += search.bench.work - before

    def heights(self) -> Iterator[Iterable[Population]]:
        """Totals on the lines of the rules and between them."""
        yield Heights(self.making).cases()

    def many(self) -> Iterator[Iterable[Population]]:
        """Many units of all heights."""
        yield Heights(self.making).many()

    def there(self) -> Iterator[Iterable[Population]]:
        """The units that there are."""
        yield [(Sample(base),) for base in self.making.every]
        crowds = Crowds(self.making)
        if self.making.across:
            yield crowds.some_of_data()
        yield crowds.of_data()
        if self.making.across:
            yield crowds.turned()

    def cleared(self, every: Pools) -> Iterator[Iterable[Population]]:
        """With everything else out of the way: nothing is reported of it, or it is not for the unit, so that others carry its
        points. ``every``: the cells of all that the outputs depend on."""
        making = self.making
        starts = list(self._cleared(every))
        if not starts:
            return
        yield [(one,) for one in starts]
        yield ((made,) for one in starts for made in islice(making.varied(one), SEEDS))
        yield Edging(making).cases(starts)
        if making.across:
            for one in starts:
                yield Crowds(making, [one]).ladders()

    def _cleared(self, every: Pools) -> Iterator[Sample]:
        random, near = self.making.random, self.making.pools.cells
        others = {key[1]: pool for key, pool in every.cells.items() if key[0] == UNIT_GRAIN and key not in near}
        for base in self.making.bases[:CLEARED] if others else ():
            for state in STATES:
                cell: Cell = (state, None)
                yield Sample(base, {name: cell for name, pool in others.items() if cell in pool})
            for _ in STATES:
                yield Sample(
                    base, {name: random.choice(pool) for name, pool in others.items() if random.random() < 0.5}
                )

    def single(self) -> Iterator[Iterable[Population]]:
        """One cell changed of what stands further off."""
        yield self.making.one_changed()

    def few(self) -> Iterator[Iterable[Population]]:
        """One cell changed of what stands further off, and numbers at edges there."""
        yield from self.single()
        yield Edging(self.making).cases([Sample(base) for base in self.making.bases[:1]])

    def far(self) -> Iterator[Iterable[Population]]:
        """What stands further off, and few units."""
        making = self.making
        if making.across:
            crowds = Crowds(making)
            yield crowds.ends()
            yield crowds.ladders()
            yield Meeting(making).counting(crowds.best, self._soon)
        near = self.search.near(self.focus)
        seeds = [*islice(Aiming(near).cases(), SEEDS), *islice(Edging(near).cases([Sample(near.bases[0])]), SEEDS)]
        yield Guided(making, seeds).found(self.search.bench.work + self.search.work // 6)
        if making.across:
            yield Crowds(making).at_random(100, (2, 3, 4))

    def last(self) -> Iterator[Iterable[Population]]:
        """Anything."""
        making = self.making
        yield Edging(making).cases([making.wild(making.random.choice(making.bases)) for _ in range(6)])
        if making.across:
            yield from Crowds(making).large()
        yield making.at_random(1500)


# ---- how it is told


def _unit(bench: Bench, place: int, one: Sample, results: Sequence[Result], shown: Sequence[Key]) -> WitnessUnit:
    cells: list[WitnessCell] = []
    dropped = []
    columns = list(one.cells)
    if len(shown) <= MANY:
        more = (name for grain, name in shown if grain == UNIT_GRAIN and name not in one.cells)
        columns += [name for name in more if one.cell(name)[0] is State.VALUE]
    for column in columns:
        of, name = bench.layout.split(column)
        value, base = one.cell(column), one.base.cells.get(column, MISSING)
        cells.append(WitnessCell(of, name, 0, value, base, bench.layout.declared(UNIT_GRAIN, column)))
    read = {*shown, *bench.columns(tuple(dict.fromkeys(result.name for result in results)) or bench.differing)}
    for table in bench.layout.row_tables:
        if table.name not in one.rows:
            continue
        mine, theirs = one.of(table.name), one.base.rows.get(table.name, ())
        if len(mine) < len(theirs):
            dropped.append((table.name, len(theirs) - len(mine)))
        fresh = mine[len(theirs) :]
        for number, row in enumerate(mine, 1):
            before = theirs[number - 1] if number <= len(theirs) else None
            changed = [name for name in row if before is None or before.get(name, MISSING) != row[name]]
            others = [name for name in changed if row[name][1] != OWN]
            told = others if before is not None else [name for name in others if _tells(table, name, read, fresh)]
            for name in told or others[:1]:
                old = before.get(name, MISSING) if before is not None else None
                along = _along(table, row)
                declared = table.column(name)
                if declared is not None and declared.unit == row_unit():
                    declared = replace(declared, unit_word=bench.row_word(table.name, one, row))
                cells.append(WitnessCell(table.name, name, number, row[name], old, declared, along))
    return WitnessUnit(names(place), one.base.name, tuple(cells), tuple(results), tuple(dropped))


def _tells(table: Table, name: str, read: Collection[Key], fresh: Sequence[Row]) -> bool:
    """Whether a cell of a new row says something: the rule reads it, and it is no number that only counts the rows."""
    if (table.name, name) not in read:
        return False
    return name not in ("事项编号", "编号") or len({row.get(name) for row in fresh}) < len(fresh)


def _along(table: Table, row: Row) -> tuple[str, int] | None:
    cadence = table.row_of.cadence
    name = cadence.along if cadence is not None else "年度"
    value = row.get(name, MISSING)[1]
    return (name, int(value)) if isinstance(value, Fraction) and value.denominator == 1 else None
