"""A usual unit where there are no data: one whose scores, total and grade are there, so that a change shows in them.

It is made once for a comparison, from the first cell of every pool, and then every cell is changed that keeps a result
from being there; what is still not there is looked for one result after another.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from itertools import islice
from random import Random

import numpy as np
import numpy.typing as npt

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.engine.values import Vector
from perfdsl.graph.ops import NodeId
from perfdsl.model import outputs
from perfdsl.model.outputs import Cell
from perfdsl.model.states import UNKNOWN, State
from perfdsl.model.table import TableRole
from perfdsl.model.units import ValueType
from perfdsl.text.records import dataclass, field, replace
from perfdsl.workspace.review.bench import NEW, Bench
from perfdsl.workspace.review.edging import Edging
from perfdsl.workspace.review.making import Making, merged
from perfdsl.workspace.review.pools import Key, spread
from perfdsl.workspace.review.samples import Base, Row, Sample

ROUNDS = 3
"""How often what is missing is looked at."""
VALUES = 4
"""Cells tried of one column."""
AT_ONCE, WILD, BEST = 250, 100, 30
"""Of one result: how many units with one cell changed, and with several at random, are looked at, and how many of the
best of them with all the other results."""
WORK = 12_000_000
"""How much is computed for that, as :attr:`Bench.work` counts it."""
KINDS = ("score", outputs.BASE, outputs.TOTAL, outputs.RANK, outputs.GRADE, "veto")
"""Results that a usual unit has; vetoes do not apply to it."""
ENDS = (outputs.TOTAL, outputs.RANK, outputs.GRADE)
"""Results that everything leads to."""


THERE = 2
"""How far a result is there that has a value."""


@dataclass
class Standard:
    """Usual units of a comparison; ``bench`` has the two rulebooks whole.

    A unit is looked at alone, but where more of its results are there beside another one like it: ``company`` is 2 then.
    """

    bench: Bench
    known: dict[str, Base] = field(default_factory=dict)
    made: dict[str, list[Base]] = field(default_factory=dict)

    def put(self, base: Base) -> Base:
        """``base`` with the cells of a usual unit; those of the 附表 stay."""
        usual = self._usual(base.name)
        rules, split = self._rules if base.name else (), self.bench.layout.split
        cells = {
            key: cell if rules and split(key)[0] in rules else usual.cells.get(key, cell)
            for key, cell in base.cells.items()
        }
        rows = {
            table: every if table in rules else _rows(every, usual.rows.get(table, every))
            for table, every in base.rows.items()
        }
        made = replace(base, cells=cells, rows=rows)
        before = self.made.setdefault(base.name, [])
        for one in before:
            if one == made:  # what was worked out of it holds for this as well
                return one
        before.append(made)
        return made

    @cached_property
    def _rules(self) -> frozenset[str]:
        tables = self.bench.layout.book.tables
        return frozenset(table.name for table in tables if table.role is TableRole.RULE and table.rows)

    def _usual(self, name: str) -> Base:
        if name not in self.known:
            ruled = self.bench.with_rules([base for base in self.bench.ruled() if base.name == name])
            names = tuple(
                one
                for one in self.bench.names
                if one.partition(":")[0] in KINDS and self.bench.node(NEW, one) is not None
            )
            making = Making(self.bench, ruled, False, Random(0), names)
            self.known[name] = self._repaired(making, names)
        return self.known[name]

    def _repaired(self, making: Making, names: Sequence[str]) -> Base:
        nodes = [node for name in names if (node := self.bench.node(NEW, name)) is not None]
        current = self._above_zero(making, Sample(making.bases[0]))
        if self._whole(current, names):
            return _put(current)
        company, there = 1, self._looked([current], nodes, 1)
        beside = self._looked([current], nodes, 2)  # a deviation of one unit alone is that of none
        if there and sum(beside[0]) > sum(there[0]):
            company, there = 2, beside
        for _ in range(ROUNDS if there else 0):
            better = self._better(making, current, there[0], nodes, company)
            if better is None:
                break
            current, *there = better
        return _put(self._one_by_one(current, there[0], names, nodes, company) if there else current)

    def _whole(self, current: Sample, names: Sequence[str]) -> bool:
        """Whether nothing is missing: then no engine need be set up for everything at once."""
        found = self.bench.read(Sample(_put(current)))
        return all(_there(found[name][0]) == THERE for name in names)

    def _one_by_one(
        self, current: Sample, there: Sequence[int], names: Sequence[str], nodes: Sequence[NodeId], company: int
    ) -> Sample:
        """With the results there that take several cells, rows in a ledger, or a number at an end; the smaller ones first.
        ``there``: how far each is now."""
        until = self.bench.work + WORK
        for name in sorted(names, key=self.bench.size):
            at = names.index(name)
            whole = name in ENDS or name.partition(":")[0] == "veto"
            enough = THERE if whole else 1  # that an item is not for this unit is usual
            if there[at] >= enough or self.bench.work > until:
                continue
            making = Making(self.bench, [], False, Random(0), (name,))
            edging = Edging(making).cases([current])
            wild = (making.wild(current) for _ in range(WILD))
            singles = [*islice(making.varied(current), AT_ONCE), *(one for (one,) in islice(edging, AT_ONCE)), *wild]
            tried = [one for one in singles if not self._ruled(current, one)]
            mine = self._looked(tried, [nodes[at]], company)
            better = [(-value, one.off, place) for place, ((value,), one) in enumerate(zip(mine, tried, strict=False))]
            tried = [tried[place] for value, _, place in sorted(better)[:BEST] if -value > there[at]]
            looked = [list(there), *self._looked(tried, nodes, company)]
            best = max(range(len(looked)), key=lambda place: (sum(looked[place]), looked[place][at]))
            if best:
                current, there = tried[best - 1], looked[best]
        return current

    def _ruled(self, current: Sample, one: Sample) -> bool:
        """Whether something that the 附表 say is other than in ``current``."""
        rules = self._rules if current.base.name else frozenset()
        split = self.bench.layout.split
        tables = {split(key)[0] for key, cell in one.cells.items() if current.cells.get(key) != cell}
        tables |= {table for table, rows in one.rows.items() if current.rows.get(table) != rows}
        return bool(tables & rules)

    def _above_zero(self, making: Making, one: Sample) -> Sample:
        """With numbers that are 0 as the unit does much of everything: nothing can be divided by them."""
        for key in making.pools.keys:
            declared = making.pools.declared(key)
            cells = [one.cell(key[1])] if key[0] == UNIT_GRAIN else [row.get(key[1]) for row in one.of(key[0])]
            if declared is None or self._fixed(making, one, key) or key in self.bench.given:
                continue
            if cells and all(cell == (State.VALUE, Fraction(0)) for cell in cells):
                one = next(making.with_cell(one, key, making.default(declared)), one)
        return one

    def _fixed(self, making: Making, one: Sample, key: Key) -> bool:
        """Whether a column is not the unit's to change: ledgers, in which nothing happened, and what the 附表 say."""
        of = self.bench.layout.split(key[1])[0] if key[0] == UNIT_GRAIN else key[0]
        return key[0] in making.ledgers or (one.base.name != "" and of in self._rules)

    def _better(
        self, making: Making, current: Sample, there: Sequence[int], nodes: Sequence[NodeId], company: int
    ) -> tuple[Sample, list[int]] | None:
        """With the cells changed that keep results from being there, and how far each is then; None where no cell does.
        ``there``: how far they are now."""
        if min(there, default=THERE) == THERE:
            return None  # nothing is missing
        singles = self._changed(making, current)
        found = self._looked(singles, nodes, company)
        sums = [sum(one) for one in found]
        chosen: dict[int, None] = {}
        for at, now in enumerate(there):
            better = [place for place, one in enumerate(found) if one[at] > now and sums[place] >= sum(there)]
            if better:
                chosen[max(better, key=lambda place: (sums[place], -place))] = None
        if not chosen:
            return None
        top = max(chosen, key=lambda place: (sums[place], -place))
        together = merged(current, [singles[place] for place in chosen])
        (all_at_once,) = self._looked([together], nodes, company)
        return (together, all_at_once) if sum(all_at_once) >= sums[top] else (singles[top], found[top])

    def _looked(self, units: Sequence[Sample], nodes: Sequence[NodeId], company: int) -> list[list[int]]:
        """How far each of ``nodes`` is there, unit by unit, each among ``company`` like it; nothing where they cannot be
        looked at."""
        ran = self.bench.looked_at([(one,) * company for one in units], nodes)
        if ran is None:
            return []
        results, at = ran
        rows = len(units) * company
        found = np.transpose([_far(results.vector(at[node]), rows) for node in nodes])
        return found[::company].tolist()  # type: ignore[no-any-return]

    def _changed(self, making: Making, current: Sample) -> list[Sample]:
        found = []
        for key, pool in making.pools.cells.items():
            if self._fixed(making, current, key):
                continue
            for cell in spread(pool, VALUES):
                found += list(making.with_cell(current, key, cell))[:1]
        return found


def _put(one: Sample) -> Base:
    base = one.base
    return replace(base, cells={**base.cells, **one.cells}, rows={**base.rows, **one.rows})


def _there(cell: Cell) -> int:
    """How far a result is there: nobody knows it, it is not for this unit or a veto applies, it has a value."""
    state, value = cell
    if state in UNKNOWN:
        return 0
    return THERE if state is State.VALUE and value is not True else 1


def _far(vector: Vector, rows: int) -> npt.NDArray[np.int64]:
    """:func:`_there` of every row; of one value for all, as often as there are ``rows``."""
    applies = vector.values.astype(bool) if vector.kind is ValueType.BOOL else np.zeros(1, dtype=bool)
    value = (vector.states == State.VALUE) & ~applies
    return np.broadcast_to(np.where(np.isin(vector.states, _UNKNOWN), 0, np.where(value, THERE, 1)), (rows,))


_UNKNOWN = np.array([*UNKNOWN], dtype=np.uint8)


def _rows(mine: Sequence[Row], usual: Sequence[Row]) -> tuple[Row, ...]:
    """The usual rows, with the columns that only these tables have."""
    more: Row = mine[0] if mine else {}
    return tuple({**more, **row} for row in usual)
