"""Units whose total lies on a line, between two lines, above them all, and such units side by side.

Grades and what hangs on them begin at lines of the total (90 分以上), and at places among those who reach them. No single
cell brings a usual unit there: it is led towards the best and the worst unit cell by cell, and then a number is moved by
as much as is missing. Who meets the case of a rule (一票否决, 降等) stands beside others of every height.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import islice, pairwise
from math import floor

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.graph.ops import Apply, Constant, Fn, Lookup, NodeId
from perfdsl.model import outputs
from perfdsl.model.states import UNKNOWN, State
from perfdsl.model.table import TableRole
from perfdsl.model.units import ValueType
from perfdsl.text.records import dataclass
from perfdsl.workspace.review.admitting import admitting
from perfdsl.workspace.review.bench import NEW, OLD
from perfdsl.workspace.review.crowds import Crowds, ladder
from perfdsl.workspace.review.making import Making, merged
from perfdsl.workspace.review.meeting import Meeting
from perfdsl.workspace.review.pools import Key
from perfdsl.workspace.review.samples import CATEGORY, Population, Sample
from perfdsl.workspace.review.shelf import members

BASES, ORDERS = 2, 3
"""Baselines that are led up and down, and in how many orders of their cells."""
NEAREST, KEYS, LEAP = 1, 12, 7
"""Units that are moved to each line, numbers of theirs that are moved for it, and by how many steps to see how they move."""
LINES, SIZES, FEW = 8, 6, 3
"""Lines and numbers of units that are looked at, and numbers of units beside one that meets a case."""
CONDITIONS, CASES = 12, 4
"""Conditions of rules that are looked at, and how many of them are met."""
SINGLES = 400
"""Cells of which one is looked for that meets a case."""
MET = 1_500_000
"""How much is computed for them, as :attr:`Bench.work` counts it: one that looks at other units takes much."""
CROWDS, NUMBERS, MEETING = 90, (3, 4, 6, 8, 12, 20, 30), 0.25
"""Populations put together at random, of how many units, and the share of them that meets a case."""
COMPARING = (Fn.LESS, Fn.LESS_EQUAL, Fn.EQUAL)

Stretch = tuple[Fraction | None, Fraction | None]
"""From where to where; a line alone where both are the same."""


@dataclass
class Heights:
    """Makes units of one group of outputs."""

    making: Making

    def __post_init__(self) -> None:
        self.bench = self.making.bench

    @cached_property
    def crowds(self) -> Crowds:
        """Puts the units together that cases start from."""
        return Crowds(self.making, self.starts, self.company)

    @cached_property
    def company(self) -> int:
        """Among how many like it a unit is looked at: alone, but where it has a total only beside another one."""
        bases = [Sample(base) for base in self.making.bases[:BASES]]
        for count in (1, 2):
            cells = self.bench.among(bases, [self._node], count) if self._node is not None else None
            if cells is not None and any(state is State.VALUE for state, _ in cells[self._node]):  # type: ignore[index]
                return count
        return 1

    @cached_property
    def starts(self) -> list[Sample]:
        """The baselines, and such as a difference between units can come to, where they are others; none where no output
        looks at the total."""
        if self._node is None:
            return []
        found = [Sample(base) for base in self.making.bases[:BASES]]
        goals = admitting(self.bench, self.making.focus) if self.making.across else []
        return [*found, *(made for one in found if (made := Meeting(self.making).led_to(one, goals)) is not one)]

    def cases(self) -> Iterator[Population]:
        """One unit after another, then a few of them together, then as many as there are places."""
        looked = []
        for at in range(len(self.starts)):
            known = self._led(at)
            found = self._placed(known)
            if not found:
                continue
            units = [one for stretch in sorted(found, key=_order) for one in found[stretch]]
            met = [[merged(one, [case]) for one in units] for case in self._met(at)]
            for every in (units, *met):
                yield from ((one,) for one in every)
            if self.making.across:
                yield from self._beside(units, met)
                looked.append((known, units, met))
        for known, units, met in looked:
            yield from self._ladders(known, met)
            yield from self._alike(units, met)

    def many(self) -> Iterator[Population]:
        """Units of all heights and categories, of which some meet the case of a rule and some have no total yet: whose
        places are whose is seen among many."""
        every = (
            [one for at in range(len(self.starts)) for one in dict(self._led(at)).values()]
            if self.making.across
            else []
        )
        cases = [one for at in range(len(self.starts)) for one in (*self._met(at), *self._unknown(at))] if every else []
        random, pool = self.making.random, self.making.pools.cells.get((UNIT_GRAIN, CATEGORY), ())
        categories = [cell for cell in pool if cell[0] is State.VALUE]

        def one() -> Sample:
            made = random.choice(every)
            if cases and random.random() < MEETING:
                made = merged(made, [random.choice(cases)])
            free = categories and not made.base.name
            return made.put(CATEGORY, random.choice(categories)) if free else made

        for size in sorted(random.choice(NUMBERS) for _ in range(CROWDS)) if every else ():
            yield tuple(one() for _ in range(size))

    @cached_property
    def _sizes(self) -> list[int]:
        return [1, *self.crowds.sizes(SIZES)]

    def _beside(self, units: Sequence[Sample], met: Sequence[Sequence[Sample]]) -> Iterator[Population]:
        """A few units next to each other, one of which meets a case; or one that stands above others."""
        for every in met:
            for size in self._sizes[:FEW]:
                for place, one in enumerate(every):
                    yield (one, *units[max(0, place - size) : place])
                    yield (one, *(units[place],) * size)
                    yield (*units[-size:], one)
        for size in self._sizes[:FEW]:
            yield from self._above(units, size)

    def _alike(self, units: Sequence[Sample], met: Sequence[Sequence[Sample]]) -> Iterator[Population]:
        """As many units as there are places for, all alike but for one that meets a case, or that stands above."""
        for size in self._sizes[FEW:]:
            for every in met:
                yield from ((one, *(units[place],) * (size - 1)) for place, one in enumerate(every))
            yield from self._above(units, size)

    @staticmethod
    def _above(units: Sequence[Sample], size: int) -> Iterator[Population]:
        lowest = units[0]
        for one, above in pairwise((*units, units[-1])):
            yield (one, *(lowest,) * size)
            yield (one,) * (size + 1)
            yield (above, one, *(lowest,) * (size - 1))

    def _ladders(
        self, known: Sequence[tuple[Fraction, Sample]], met: Sequence[Sequence[Sample]]
    ) -> Iterator[Population]:
        """Units each with another total; the last of them with one that meets a case."""
        distinct = dict(sorted(known, key=lambda pair: -pair[1].off))
        ordered = [distinct[value] for value in sorted(distinct)]
        for size in self._sizes[1:] if len(ordered) > 1 else ():
            yield from ladder(ordered, size)
            for every in met:
                yield (*ordered[-size:], every[-1])

    # ---- units

    @cached_property
    def _node(self) -> NodeId | None:
        """The total, where the outputs look at it."""
        cone = set(self.making.pools.cone)
        nodes = (self.bench.node(side, outputs.TOTAL) for side in (NEW, OLD))
        return next((node for node in nodes if node in cone), None)

    @cached_property
    def _stretches(self) -> list[Stretch]:
        """The lines of the total, those of one side alone first, and what lies between them."""
        graph, sides = self.bench.graph, [self.bench.reach(side, self.making.focus) for side in (OLD, NEW)]
        lines: dict[Fraction, None] = {}
        cone = self.making.pools.cone
        apart = [node for node in cone if (sides[0] ^ sides[1]) >> node & 1]
        for node in (*apart, *cone):
            op = graph.nodes[node].op
            if isinstance(op, Lookup) and op.of == self._node:
                lines |= dict.fromkeys(end for band in op.bands for end in (band.low, band.high) if end is not None)
            elif isinstance(op, Apply) and op.fn in COMPARING and self._node in op.args:
                others = (graph.nodes[one].op for one in op.args)
                lines |= dict.fromkeys(
                    one.value for one in others if isinstance(one, Constant) and isinstance(one.value, Fraction)
                )
        ends = sorted(list(lines)[:LINES])
        return [(None, ends[0] if ends else None), *((end, end) for end in ends), *pairwise((*ends, None))][
            : None if ends else 1
        ]

    def _heights(self, units: Sequence[Sample]) -> list[tuple[Fraction, Sample]]:
        """The total of each unit that has one."""
        assert self._node is not None
        cells = self.bench.among(units, [self._node], self.company) if units else None
        if cells is None:
            return []
        return [
            (value, one)
            for (_, value), one in zip(cells[self._node], units, strict=True)
            if isinstance(value, Fraction)
        ]

    def _led(self, at: int) -> list[tuple[Fraction, Sample]]:
        """A start on its way to the best and to the worst one."""
        start = self.starts[at]
        units = [start]
        for end in self.crowds.ends_of(at):
            steps = [start.put(name, cell) for name, cell in end.cells.items() if not self._fixed(start, name)]
            steps += [start.laid(name, rows) for name, rows in end.rows.items() if not self._fixed(start, name)]
            for _ in range(ORDERS):
                self.making.random.shuffle(steps)
                units += [merged(start, steps[: n + 1]) for n in range(len(steps))]
        return self._heights(units)

    def _fixed(self, start: Sample, name: str) -> bool:
        """Whether something is not the unit's to change: its category, and what the 附表 say of it."""
        layout = self.bench.layout
        table = layout.book.table(layout.split(name)[0] if "." in name and layout.book.table(name) is None else name)
        ruled = table is not None and table.role is TableRole.RULE and bool(table.rows)
        return name == CATEGORY or (ruled and start.base.name != "")

    def _placed(self, known: list[tuple[Fraction, Sample]]) -> dict[Stretch, list[Sample]]:
        """For each line, and each stretch between two, the unit with the fewest changes that lies there, and the highest.
        What is made for it is added to ``known``."""
        for _ in range(2):
            missing = [one for one in self._stretches if not any(_within(value, one) for value, _ in known)]
            if not missing or not known:
                break
            known += self._moved(known, missing)
        found = {}
        for stretch in self._stretches:
            there = [pair for pair in known if _within(pair[0], stretch)]
            if there:
                least, one = min(there, key=lambda pair: pair[1].off)
                highest, other = max(there, key=lambda pair: (pair[0], -pair[1].off))
                found[stretch] = [one, other] if highest > least else [one]
        return found

    def _moved(
        self, known: Sequence[tuple[Fraction, Sample]], missing: Sequence[Stretch]
    ) -> list[tuple[Fraction, Sample]]:
        """Units near to what is ``missing``, with one number moved by as much as it takes."""
        making = self.making
        keys = [key for key in making.pools.keys if making.moves(key) and not self._fixed(known[0][1], _named(key))][
            :KEYS
        ]
        starts: dict[int, tuple[Fraction, Sample]] = {}
        wanted: list[tuple[int, Fraction]] = []
        for stretch in missing:
            aim = _middle(stretch)
            for pair in sorted(known, key=lambda pair: (abs(pair[0] - aim), pair[1].off))[:NEAREST]:
                starts[id(pair[1])] = pair
                wanted.append((id(pair[1]), aim))
        tried = [
            (at, key, one, made)
            for at, (_, start) in starts.items()
            for key in keys
            if making.there(start, key)
            for one, made in enumerate(making.shifted(start, key, making.pools.steps[key] * LEAP))
        ]
        reached = {id(made): value for value, made in self._heights([made for *_, made in tried])}
        units = []
        for at, key, one, made in tried:
            gain = reached.get(id(made), starts[at][0]) - starts[at][0]
            step = making.pools.steps[key]
            for aim in dict.fromkeys(aim for place, aim in wanted if place == at and gain):
                steps = floor((aim - starts[at][0]) / gain * LEAP)
                for more in (0, 1):
                    units.append(list(making.shifted(starts[at][1], key, step * (steps + more)))[one])
        return self._heights(units)

    # ---- cases of rules

    @cached_property
    def _conditions(self) -> list[NodeId]:
        """What both sides ask of a unit where they part, the conditions nearest to the data first."""
        bench = self.bench
        sides = [bench.reach(side, self.making.focus) for side in (OLD, NEW)]
        apart = members(sides[0] ^ sides[1])
        read = {*bench.guards(self.making.focus), *(below for node in apart for below in bench.shelf.below(node))}
        kinds = {node: bench.graph.nodes[node].type for node in read if (sides[0] & sides[1]) >> node & 1}
        found = [node for node, kind in kinds.items() if kind.grain == UNIT_GRAIN and kind.value is ValueType.BOOL]
        return sorted(found, key=lambda node: (len(bench.under([node])), node))

    def _met(self, at: int) -> list[Sample]:
        """A start with as little changed as makes one of the conditions another."""
        start, found = self.starts[at], list[Sample]()
        until = self.bench.work + MET
        for node in self._conditions[:CONDITIONS]:
            if len(found) == CASES or self.bench.work > until:
                break
            making = self.making.on(self.bench.under([node]))
            units = [one for one in islice(making.varied(start), SINGLES) if not self._ruled(one)]
            cells = self.bench.among([start, *units], [node], self.company)
            was, *become = cells[node] if cells is not None else [(State.MISSING, None)]
            others = [one for one, cell in zip(units, become, strict=False) if cell != was and cell[0] is State.VALUE]
            if others:
                found.append(min(others, key=lambda one: one.off))
        return found

    def _unknown(self, at: int) -> list[Sample]:
        """A start with as little changed as leaves its total open, by one unit of which the places of others are open."""
        assert self._node is not None
        start = self.starts[at]
        units = [one for one in islice(self.making.varied(start), SINGLES) if not self._ruled(one)]
        cells = self.bench.among(units, [self._node], self.company) if units else None
        states = [state for state, _ in cells[self._node]] if cells is not None else []
        found = [one for one, state in zip(units, states, strict=False) if state in UNKNOWN]
        return [min(found, key=lambda one: one.off)] if found else []

    def _ruled(self, one: Sample) -> bool:
        return any(self._fixed(one, name) for name in (*one.cells, *one.rows))


def _within(value: Fraction, stretch: Stretch) -> bool:
    low, high = stretch
    if low is not None and low == high:
        return value == low
    return (low is None or low < value) and (high is None or value < high)


def _middle(stretch: Stretch) -> Fraction:
    low, high = stretch
    if low is None or high is None:
        return high - 1 if high is not None else low + 1 if low is not None else Fraction(0)
    return (low + high) / 2


def _order(stretch: Stretch) -> tuple[bool, Fraction]:
    return stretch[0] is not None, _middle(stretch)


def _named(key: Key) -> str:
    return key[1] if key[0] == UNIT_GRAIN else key[0]
