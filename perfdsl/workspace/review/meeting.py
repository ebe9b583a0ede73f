"""Cases that meet what a proof that failed had assumed: there the two sides part, as far as bounds can tell.

A state of one column, a number at an end, a condition of another item: what must come together for a difference to get
out of a rounding or a cap is told by the proof, and is brought about one after another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import islice

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.graph.ops import Apply, Column, Constant, NodeId
from perfdsl.graph.types import ONLY_VALUES
from perfdsl.model import outputs
from perfdsl.model.units import ValueType
from perfdsl.workspace.review.aiming import COMPARING, Aiming
from perfdsl.workspace.review.bench import OLD, Bench, unlike
from perfdsl.workspace.review.known import Known
from perfdsl.workspace.review.making import Making, merged
from perfdsl.workspace.review.samples import Population, Sample
from perfdsl.workspace.review.supposing import Goal

ROUNDS = 6
"""How often units are brought nearer."""
AT_ONCE, WILD = 500, 60
"""Units with one cell changed, and with several at random, that are looked at each time."""
STARTS = 2
"""Units to start from."""
PARTED = 3
"""Units in which the sides part that are changed further."""
NUMBERS, DRIVEN, TOTALS = 2, 1500, 80
"""Compared numbers that are driven, units with one cell other that are looked at for each, and whose totals are."""
HOLDS = Known(ONLY_VALUES, truths=frozenset({True}))
"""What a condition is that holds."""


class Meeting:
    """Makes units of one group of outputs meet goals: (node, what it must be)."""

    def __init__(self, making: Making) -> None:
        self.making, self.bench = making, making.bench

    def cases(self, ways: Iterable[Sequence[Goal]], until: int) -> Iterator[Population]:
        """Units that meet one group of goals after the other, as far as could be; no more when ``until`` is reached."""
        for goals in ways:
            if self.bench.work > until:
                break
            making = self.making.on(self.bench.under(node for node, _ in goals))
            for base in making.bases[:STARTS]:
                yield from ((one,) for one in Meeting(making).brought(Sample(base), goals))

    def counting(self, units: Iterable[Sample], until: int) -> Iterator[Population]:
        """One cell changed of units, once the change counts for them at all; no more when ``until`` is reached."""
        making = self.making
        goals = guarding(self.bench, making.focus)
        read = (self.bench.graph.nodes[node].op for node in self.bench.under(node for node, _ in goals))
        rows = dict.fromkeys((op.grain, op.name) for op in read if isinstance(op, Column) and op.grain in making.tables)
        for unit in islice(units, STARTS):
            starts = list(self.brought(unit, goals))[-1:]
            for key in rows:
                pool = making.pools.cells.get(key, ())
                starts += [one for cell in pool for one in making.with_cell(unit, key, cell)]
            for start in starts:
                if self.bench.work > until:
                    return
                yield (start,)
                yield from ((one,) for one in islice(making.varied(start), AT_ONCE))

    def parted(self, units: Iterable[Sample]) -> Iterator[Population]:
        """One cell changed of units in which the sides part somewhere, those first that part in most places: what they part
        in may not count yet, or come to the same points."""
        making, kinds = self.making, self.bench.graph.nodes
        watched = [
            pair
            for pair in self.bench.pairs(making.focus)
            if kinds[pair[0]].type.grain == UNIT_GRAIN and not any(kinds[one].type.real for one in pair)
        ]
        for unit in islice(units, STARTS):
            tried = list(islice(making.varied(unit), AT_ONCE))
            cells = self.bench.watched(
                [(one,) for one in tried], dict.fromkeys(one for pair in watched for one in pair)
            )
            if cells is None:
                continue
            apart = [
                tuple(pair for pair in watched if unlike(cells[pair[0]][at], cells[pair[1]][at]))
                for at in range(len(tried))
            ]
            first: dict[tuple[tuple[NodeId, NodeId], ...], Sample] = {}
            for one, where in sorted(zip(tried, apart, strict=True), key=lambda both: both[0].off):
                if where:
                    first.setdefault(where, one)
            for where in sorted(first, key=len, reverse=True)[:PARTED]:
                yield from ((one,) for one in islice(making.varied(first[where]), AT_ONCE))

    def brought(self, start: Sample, goals: Sequence[Goal]) -> Iterator[Sample]:
        """Units ever nearer to all of the goals; none where ``start`` meets them, or none is met by any change of it."""
        making = self.making
        current = start
        for _ in range(ROUNDS):
            tried = [current, *islice(making.varied(current), AT_ONCE), *self._aimed(making, current, goals)]
            tried += [making.wild(current, 0.15) for _ in range(WILD)]
            met = self._met(tried, goals)
            if not met or all(met[0]):
                break
            better: dict[int, int] = {}
            for at, now in enumerate(met[0]):
                places = [place for place, one in enumerate(met) if one[at] and not now and sum(one) > sum(met[0])]
                if places:
                    better[at] = max(places, key=lambda place: (sum(met[place]), -tried[place].off))
            if not better:
                break
            best = max(better.values(), key=lambda place: (sum(met[place]), -tried[place].off))
            together = merged(current, [tried[place] for place in dict.fromkeys(better.values())])
            both = self._met([together], goals)
            current = together if both and sum(both[0]) >= sum(met[best]) else tried[best]
            yield current

    def led_to(self, start: Sample, goals: Sequence[Goal]) -> Sample:
        """``start`` as near to all of the goals as it comes by the cells that those read which it does not meet; itself
        where it meets them."""
        met = self._met([start], goals) if goals else []
        left = [goal for goal, there in zip(goals, met[0], strict=True) if not there] if met else []
        if not left:
            return start
        making = self.making.on(self.bench.under(node for node, _ in left))
        return [start, *Meeting(making).brought(start, goals)][-1]

    def turned(self, start: Sample, condition: NodeId) -> Sample | None:
        """``start`` with ``condition`` holding, of those that come to that the one of the best total; None where none does."""
        goals = [(condition, HOLDS)]
        made = [*islice(self.making.varied(start), AT_ONCE), *self._driven(start, condition)]
        made += [*self.brought(start, goals)][-1:]
        there = [one for one, met in zip(made, self._met(made, goals), strict=False) if all(met)]
        there = [there[n * len(there) // TOTALS] for n in range(TOTALS)] if len(there) > TOTALS else there
        node = self.bench.node(OLD, outputs.TOTAL)
        cells = self.bench.watched([(one,) for one in there], [node]) if node is not None and there else None
        if cells is None or node not in cells:
            return there[0] if there else None
        totals = [value if isinstance(value, Fraction) else Fraction(-1) for _, value in cells[node]]
        return there[max(range(len(there)), key=lambda at: (totals[at], -at))]

    def _driven(self, start: Sample, condition: NodeId) -> Iterator[Sample]:
        """The numbers that ``condition`` compares, driven down and up by the cells that move them most, one after another."""
        nodes = self.bench.graph.nodes
        under = self.bench.under([condition])
        compared = [
            arg
            for node in reversed(under)
            if isinstance(op := nodes[node].op, Apply) and op.fn in COMPARING
            for arg in op.args
            if not isinstance(nodes[arg].op, Constant) and nodes[arg].type.value is ValueType.NUMBER
        ]
        for node in islice(dict.fromkeys(compared), NUMBERS):
            tried = [start, *islice(self.making.varied(start), DRIVEN)]
            cells = self.bench.watched([(one,) for one in tried], [node])
            if cells is None or node not in cells:
                continue
            now, *others = (value if isinstance(value, Fraction) else None for _, value in cells[node])
            for sign in (-1, 1):
                best: dict[object, tuple[Fraction, Sample]] = {}
                for one, value in zip(tried[1:], others, strict=True):
                    gain = sign * (value - now) if value is not None and now is not None else Fraction(0)
                    key = (*(one.cells.keys() - start.cells.keys()), *(one.rows.keys() - start.rows.keys()))
                    if gain > best.get(key, (Fraction(0), one))[0]:
                        best[key] = gain, one
                most = [one for _, one in sorted(best.values(), key=lambda one: -one[0])]
                yield from (merged(start, most[:count]) for count in range(2, len(most) + 1))

    def _met(self, units: Sequence[Sample], goals: Sequence[Goal]) -> list[list[bool]]:
        """Which of the goals each unit meets."""
        cells = self.bench.watched([(one,) for one in units], [node for node, _ in goals])
        if cells is None:
            return []
        there = [(cells[node], known) for node, known in goals if node in cells]
        return [[known.holds(every[place]) for every, known in there] for place in range(len(units))]

    @staticmethod
    def _aimed(making: Making, current: Sample, goals: Sequence[Goal]) -> list[Sample]:
        """With numbers at the ends that they must not pass."""
        ends = [(node, end[0]) for node, known in goals for end in (known.low, known.high) if end is not None]
        return Aiming(making).brought(current, ends)


def guarding(bench: Bench, names: Sequence[str]) -> list[Goal]:
    """What must be for a difference not to be left out."""
    return [(node, Known(ONLY_VALUES, truths=frozenset({truth}))) for node, truth in bench.guards(names).items()]
