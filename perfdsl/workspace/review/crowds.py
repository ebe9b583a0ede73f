"""Populations: for ranks, quotas, means, everything that looks at other units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import islice
from math import ceil, floor

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.graph.ops import Aggregate, Constant, Lookup, NodeId, Op, Rank
from perfdsl.model import outputs
from perfdsl.model.outputs import Cell
from perfdsl.model.states import State
from perfdsl.model.units import ValueType
from perfdsl.workspace.review.bench import NEW, OLD
from perfdsl.workspace.review.making import Making, merged
from perfdsl.workspace.review.meeting import Meeting, guarding
from perfdsl.workspace.review.pools import Key, spread
from perfdsl.workspace.review.samples import CATEGORY, MISSING, Population, Sample
from perfdsl.workspace.review.shelf import members
from perfdsl.workspace.review.supposing import Goal

SINGLES, KEYS, RUNGS, STEPS = 600, 12, 20, 3
"""Units looked at for a ladder: with a cell changed, and with a number moved, so many times each way; and how many cells
may have to be changed for its first one."""
FEW, MOST = 6, 60
"""Cells of one column, and ways to fill one ledger, that are tried for the best and the worst unit."""
NODES, SIZES, LARGEST, BESIDE = 6, 16, 40, 2
"""Ranked nodes and numbers of units that are tried, and the largest of these; how many operations after a rank or a sum a
number that is named stands beside it."""
A_FEW, PARTING, CONDITIONS = (2, 3, 4), 4, 3
"""How many of the units that there are are looked at by themselves, how many such numbers two shares give, and how many
conditions are brought about in them."""


class Crowds:
    """Puts units of one group of outputs together. ``starts``: what they are made from; the baselines, if None.

    ``company``: among how many like it a unit is looked at to see its total."""

    def __init__(self, making: Making, starts: Sequence[Sample] | None = None, company: int = 1) -> None:
        self.making, self.bench, self.random, self.company = making, making.bench, making.random, company
        self.starts = list(map(Sample, making.bases)) if starts is None else starts
        self._known: dict[int, tuple[Sample, Sample]] = {}

    def some_of_data(self) -> Iterator[Population]:
        """A few of the units that there are, of one category, next to each other by their totals: what a line does is seen
        where its places are not taken by others, what a share does where it comes to another number of places."""
        groups = self._groups
        for size in sorted({*A_FEW, *islice(self._parting(), PARTING)}):
            for group in groups:
                yield from (tuple(group[first : first + size]) for first in range(len(group) - size + 1))

    def turned(self) -> Iterator[Population]:
        """The first of each category, in one of which a condition holds that only one side looks at, such as a veto that
        nobody met; where that costs it its place, in the best unit that can be made."""
        for node in islice(self.bench.one_sided(self.making.focus), CONDITIONS):
            meeting = Meeting(self.making.on(self.bench.under([node])))
            for group in self._groups:
                if (other := meeting.turned(group[0], node)) is not None:
                    yield from ((other, *group[1:size]) for size in A_FEW)
            for one in self.best:
                group = next((them for them in self._groups if them[0].cell(CATEGORY) == one.cell(CATEGORY)), [])
                if group and (made := meeting.turned(one, node)) is not None:
                    yield from ((made, *group[: size - 1]) for size in A_FEW)

    def of_data(self) -> Iterator[Population]:
        """The units as they are, and those of each category by themselves."""
        yield from map(tuple, self._groups)
        yield tuple(Sample(base) for base in self.making.every)

    @cached_property
    def _groups(self) -> list[list[Sample]]:
        """The units that there are by their categories, the best total first."""
        every = [Sample(base) for base in self.making.every]
        node = self.bench.node(OLD, outputs.TOTAL)
        cells = self.bench.watched([tuple(every)], {node}) if node is not None else None
        totals = cells[node] if cells is not None and node in cells else [MISSING] * len(every)
        order = sorted(zip(every, totals, strict=True), key=lambda one: _number(one[1]), reverse=True)
        groups: dict[object, list[Sample]] = {}
        for unit, _ in order:
            groups.setdefault(unit.cell(CATEGORY)[1], []).append(unit)
        return list(groups.values())

    def _parting(self) -> Iterator[int]:
        """Numbers of units of which a share that only one side names is not as many as one that only the other names."""
        old, new = self._sides
        one, other = (
            {value for node in mine - theirs for value in _named(self.bench.graph.nodes[node].op) if 0 < value < 1}
            for mine, theirs in ((old, new), (new, old))
        )
        for size in range(2, LARGEST + 1):
            if any(_whole(a * size) != _whole(b * size) for a in one for b in other):
                yield size

    def at_random(self, count: int, sizes: Sequence[int]) -> Iterator[Population]:
        for _ in range(count):
            bases = self.making.bases if self.random.random() < 0.3 else [self.random.choice(self.making.bases)]
            share = self.random.choice((0.15, 0.4, 0.8, None))
            yield tuple(self.making.wild(self.random.choice(bases), share) for _ in range(self.random.choice(sizes)))

    def ladders(self) -> Iterator[Population]:
        """Units that differ in what is ranked or counted, as many as the rule speaks of, and one or two more or fewer."""
        sizes, counted = self.sizes(), self._counted()
        starts = dict(zip(counted, self._nearest(list(counted.values()), self._candidates, ()), strict=True))
        for node, via in counted.items():
            rungs = self._rungs(node, via, starts[node])
            yield from self._of_sizes(rungs, sizes)
            for other in self._others(via, starts[node]):
                yield from self._of_sizes(_in_turn(rungs, self._rungs(node, via, other)), sizes)
        for node, via in counted.items() if self._choices else ():
            better = self._mattering(via, starts[node])
            if better is not starts[node]:
                yield from self._of_sizes(self._rungs(node, via, better), sizes)

    @staticmethod
    def _of_sizes(ordered: Sequence[Sample], sizes: Sequence[int]) -> Iterator[Population]:
        for size in sizes if len(ordered) > 1 else ():
            yield from ladder(ordered, size)

    def _rungs(self, node: NodeId, via: NodeId, start: Sample) -> list[Sample]:
        """Units of one group that have a place in ``via``, by the number that they have in ``node``."""
        singles = self._singles(start)
        group = [one for one in self._keys(via) if self.bench.graph.nodes[one].type.grain == UNIT_GRAIN]
        cells = self.bench.watched([(one,) for one in singles], (node, via, *group))
        if cells is None:
            return []
        rungs: dict[object, Sample] = {}
        for place, (one, (state, value)) in enumerate(zip(singles, cells[node], strict=True)):
            there = state is State.VALUE and (via not in cells or cells[via][place][0] is State.VALUE)
            mine = there and all(cells[key][place] == cells[key][0] for key in group)
            if mine and (value not in rungs or one.off < rungs[value].off):
                rungs[value] = one
        return [rungs[value] for value in sorted(rungs)]  # type: ignore[type-var]

    def _others(self, via: NodeId, start: Sample) -> Iterator[Sample]:
        """``start`` in each other category, where one side alone ranks or counts the units of a category by themselves."""
        op = self.bench.graph.nodes[via].op
        if via not in self._apart or not isinstance(op, (Rank, Aggregate)) or {op.of, op.where} & self._apart:
            return
        for cell in self.making.pools.cells.get((UNIT_GRAIN, CATEGORY), ()):
            if cell != start.cell(CATEGORY):
                yield start.put(CATEGORY, cell)

    @cached_property
    def _apart(self) -> set[NodeId]:
        """The nodes that only one side has."""
        old, new = self._sides
        return old ^ new

    def _keys(self, via: NodeId) -> tuple[NodeId, ...]:
        op = self.bench.graph.nodes[via].op
        return op.group if isinstance(op, Rank) else op.key if isinstance(op, Aggregate) else ()

    @cached_property
    def _candidates(self) -> list[Sample]:
        """Units near the baseline, among them such as the change counts for."""
        making = self.making
        found = [*self.starts]
        found += islice((made for one in self.starts for made in making.varied(one)), SINGLES)
        return found + [made for one in self.starts[:1] for made in Meeting(making).brought(one, self._goals)]

    def _mattering(self, via: NodeId, start: Sample) -> Sample:
        """``start`` with some cells other, so that it matters which of two values the change takes; itself if it does."""
        best = start
        for _ in range(STEPS):
            (again,) = self._nearest([via], [best, *islice(self.making.varied(best), SINGLES)], self._choices, 2)
            if again is best:
                break
            best = again
        return best

    def _nearest(
        self,
        places: Sequence[NodeId],
        units: Sequence[Sample],
        choices: Sequence[tuple[NodeId, tuple[NodeId, ...]]],
        company: int = 1,
    ) -> list[Sample]:
        """For each of ``places`` the unit that has one there, for which the change counts and, if there is one, that has a
        result as well, or comes nearest to that; the first of those that are as near. ``company``: beside how many like it
        it is looked at, itself among them; what the others have may be asked for."""
        bench, goals = self.bench, self._goals
        result = next((n for side in (NEW, OLD) if (n := bench.node(side, self.making.focus[0])) is not None), None)
        chosen = [node for value, others in choices for node in (value, *others)]
        asked = (*places, *(node for node, _ in goals), *chosen, *(() if result is None else (result,)))
        cells = bench.among(units, asked, company) or {}

        def there(via: NodeId, at: int) -> tuple[bool, int, bool]:
            met = sum(known.holds(cells[node][at]) for node, known in goals if node in cells)
            for value, others in choices:
                met += any(cells[value][at] != cells[one][at] for one in others if {value, one} <= cells.keys())
            ends = cells[via] if result is None else cells.get(result, cells[via])
            return cells[via][at][0] is State.VALUE, met, ends[at][0] is State.VALUE

        return [
            units[max(range(len(units)), key=lambda at, via=via: (there(via, at), -at)) if via in cells else 0]  # type: ignore[misc]
            for via in places
        ]

    @cached_property
    def _goals(self) -> list[Goal]:
        """What must be for the change to count."""
        return guarding(self.bench, self.making.focus)

    @cached_property
    def _choices(self) -> list[tuple[NodeId, tuple[NodeId, ...]]]:
        """The values between which only one side's condition decides."""
        return list(self.bench.choices(self.making.focus))

    def _singles(self, start: Sample) -> list[Sample]:
        """``start``, and with one cell or one number other."""
        making = self.making
        singles = [start, *islice(making.varied(start), SINGLES)]
        for key in making.pools.keys[:KEYS]:
            if making.moves(key) and making.there(start, key):
                by = making.pools.steps[key]
                singles += [next(making.shifted(start, key, by * n)) for n in (*range(-RUNGS, 0), *range(1, RUNGS + 1))]
        return singles

    def _counted(self) -> dict[NodeId, NodeId]:
        """What is ranked, added up or compared between units, and by which node: what the change looks at first, then
        nearest to the data."""
        graph = self.bench.graph
        found: dict[NodeId, NodeId] = {}
        for node in (*self._looked_at(), *self.bench.cone(self.making.focus)):
            op = graph.nodes[node].op
            if isinstance(op, (Rank, Aggregate)) and graph.nodes[op.of].type.grain == UNIT_GRAIN:
                found.setdefault(op.of, node)
                if isinstance(op, Aggregate):  # what is counted is mostly met where a number reaches an edge
                    for below in self.bench.shelf.below(op.where):
                        if graph.nodes[below].type.grain == UNIT_GRAIN:
                            found.setdefault(below, node)
        numbers = [node for node in found if graph.nodes[node].type.value is ValueType.NUMBER]
        return {node: found[node] for node in numbers[:NODES]}

    @cached_property
    def _sides(self) -> tuple[set[NodeId], set[NodeId]]:
        """The nodes under the outputs of either side."""
        bench, focus = self.bench, self.making.focus
        return set(members(bench.reach(OLD, focus))), set(members(bench.reach(NEW, focus)))

    def _looked_at(self) -> list[NodeId]:
        """The ranks and sums that the nodes read that only one side has."""
        graph = self.bench.graph
        old, new = self._sides
        read = dict.fromkeys(below for node in sorted(old ^ new) for below in self.bench.shelf.below(node))
        return [node for node in read if isinstance(graph.nodes[node].op, (Rank, Aggregate)) and node in old & new]

    def sizes(self, most: int = SIZES) -> list[int]:
        """How many units: by the places and shares that the rule names, at ``most`` so many, those of the change first."""
        found: dict[int, None] = {}
        for value in self._numbers:
            if value.denominator == 1 and 1 < value <= LARGEST:
                found |= dict.fromkeys(int(value) + more for more in (-1, 0, 1, 2))
            elif 0 < value < 1 and value * LARGEST >= 1:
                found |= dict.fromkeys(ceil(k / value / 2) + more for k in (1, 2, 3, 4) for more in (0, 1))
        return sorted([one for one in dict.fromkeys((2, 3, *found)) if 2 <= one <= LARGEST][:most])

    @cached_property
    def _numbers(self) -> list[Fraction]:
        """The numbers that the rule names: those of the change and beside it, then those beside a place or a number of units."""
        old, new = self._sides
        nodes, below = self.bench.graph.nodes, self.bench.shelf.below
        cone = sorted(old | new)
        counted = {node for node in cone if isinstance(nodes[node].op, (Rank, Aggregate))}
        for _ in range(BESIDE):
            counted |= {node for node in cone if nodes[node].type.unit is not None and counted & {*below(node)}}
        read = (one for node in reversed(cone) if counted & {*below(node)} for one in (node, *below(node)))
        apart = sorted(old ^ new)
        order = (*apart, *(one for node in apart for one in below(node)), *read, *sorted(old & new))
        return list(dict.fromkeys(value for node in order for value in _named(nodes[node].op)))

    def ends(self) -> Iterator[Population]:
        """The best and the worst unit, alone and together: grades and money begin there."""
        best, worst = self._ends
        yield from ((one,) for one in (*best, *worst))
        yield from zip(best, worst, strict=True)
        yield from ((one, one) for one in best)

    def large(self) -> Iterator[Iterable[Population]]:
        """Populations with good and bad units, as places of grades and ranks need them."""
        best, worst = self._ends
        yield self._mixed(best, worst, 120, (1, 2, 3, 4, 5, 6, 7, 8))
        yield self.at_random(60, (5, 6, 8, 12, 16))
        yield self._mixed(best, worst, 40, (10, 12, 15, 20, 30))
        yield self.at_random(20, (20, 30))

    @property
    def best(self) -> list[Sample]:
        """The best unit of each kind."""
        return self._ends[0]

    @property
    def _ends(self) -> tuple[list[Sample], list[Sample]]:
        """For each start the unit with the best cells, and with the worst."""
        best, worst = zip(*map(self.ends_of, range(len(self.starts[:3]))), strict=True)
        return list(best), list(worst)

    def ends_of(self, at: int) -> tuple[Sample, Sample]:
        """The unit with the best cells of a start, and with the worst, one column judged at a time by the total."""
        if at not in self._known:
            self._known[at] = self._best_and_worst(self.starts[at])
        return self._known[at]

    def _best_and_worst(self, start: Sample) -> tuple[Sample, Sample]:
        name = outputs.TOTAL if outputs.TOTAL in self.bench.names else self.making.focus[0]
        tried = [
            (key, made)
            for key, pool in self.making.pools.cells.items()
            for cell in spread(pool, FEW)
            for made in islice(self.making.with_cell(start, key, cell), 1)
        ]
        for ledger in self.making.ledgers:
            tried += [((ledger, ""), made) for made in islice(self.making.with_rows(start, ledger), MOST)]
        node = self.bench.node(OLD, name)
        asked = {node} if node is not None else set()
        cells = self.bench.among([start, *(made for _, made in tried)], asked, self.company)
        if cells is None or node not in cells:
            return start, start
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
        return merged(start, [made for _, made in high.values()]), merged(start, [made for _, made in low.values()])

    def _mixed(
        self, best: Sequence[Sample], worst: Sequence[Sample], count: int, sizes: Sequence[int]
    ) -> Iterator[Population]:
        for _ in range(count):
            size, at = self.random.choice(sizes), self.random.randrange(len(best))
            share = self.random.random()
            people = []
            for _ in range(size):
                start = best[at] if self.random.random() < share else self._between(best[at], worst[at])
                people.append(self.making.nudged(start) if self.random.random() < 0.6 else start)
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


def _named(op: Op) -> Iterator[Fraction]:
    """The numbers that an operation names itself."""
    if isinstance(op, Constant) and isinstance(op.value, Fraction):
        yield op.value
    elif isinstance(op, Lookup):
        yield from (end for band in op.bands for end in (band.low, band.high) if end is not None)


def _number(cell: Cell) -> Fraction:
    """The number of a cell; one below all others where there is none."""
    return cell[1] if isinstance(cell[1], Fraction) else Fraction(-(10**9))


def _whole(value: Fraction) -> tuple[int, int, int]:
    """As many as it is in whole places, however it is rounded."""
    return floor(value), ceil(value), floor(value + Fraction(1, 2))


def _in_turn(ones: Sequence[Sample], others: Sequence[Sample]) -> list[Sample]:
    """One of each in turn, both from the lowest."""
    return [one for pair in zip(ones, others, strict=False) for one in pair]


def ladder(ordered: Sequence[Sample], size: int) -> Iterator[Population]:
    """``size`` units of all heights, from the lowest, from the highest; with the last two, the first two, all alike."""
    spread = [ordered[n * (len(ordered) - 1) // (size - 1)] for n in range(size)]
    yield tuple(spread)
    if len(ordered) > size:
        yield tuple(ordered[:size])
        yield tuple(ordered[-size:])
    yield (spread[0], spread[0], *spread[2:])
    yield (*spread[:-2], spread[-1], spread[-1])
    middle = size // 2
    yield (*spread[:middle], spread[middle - 1], *spread[middle + 1 :])
    yield (spread[-1],) * (size - 1) + (spread[0],)
    yield (spread[-1],) * size
