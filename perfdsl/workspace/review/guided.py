"""A search that learns: cases that do something new are kept and changed further, above all those in which the two sides
already part somewhere inside.

What a case does is read off the nodes of both graphs: which conditions hold, which bands and caps are met, which states
come up, and up to which node the difference has come. So a condition that stands before the change (适用, 前提, a
窗口) is met first, and the edge behind it is looked for from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.engine.results import Results
from perfdsl.engine.values import Vector
from perfdsl.graph.ops import Apply, Fn, Lookup, NodeId, Rank
from perfdsl.graph.types import SCALAR
from perfdsl.model.units import ValueType
from perfdsl.text.records import dataclass, field
from perfdsl.workspace.review.bench import NEW, OLD
from perfdsl.workspace.review.making import Making, merged
from perfdsl.workspace.review.samples import Population, Sample

ROUND = 400
"""Cases of one round."""
DEEP = 24
"""Of the cases in which the sides part furthest up, how many are changed further."""
MOST = 6
"""Units of a case; larger ones are made otherwise."""
VALUES = 40
"""Values of one node that count as new."""
NOWHERE = -1e18
"""Stands for no value."""
LEAPS = (1, 1, 2, 3, 7, 10, 20, 50, 100)

Floats = npt.NDArray[np.float64]


@dataclass
class Guided:
    """Looks at one group of outputs. ``kept``: the cases that did something new; ``deep``: (how far up the sides part and
    how far apart they are, case). ``seeds``: cases to begin with."""

    making: Making
    seeds: Sequence[Population] = ()
    kept: list[Population] = field(default_factory=list)
    deep: list[tuple[tuple[int, float], Population]] = field(default_factory=list)

    def __post_init__(self) -> None:
        making = self.making
        self.bench, self.random = making.bench, making.random
        grains = {UNIT_GRAIN, SCALAR, *making.tables}
        types = {node: self.bench.graph.nodes[node].type for node in self.bench.cone(making.focus)}
        self.nodes = tuple(node for node in types if types[node].grain in grains and not types[node].real)
        looked = set(self.nodes)
        self.pairs = tuple(pair for pair in self.bench.pairs(making.focus) if looked.issuperset(pair))
        self.seen: dict[NodeId, set[float]] = {node: set() for node in self.nodes}
        self.keys = tuple(making.pools.cells)

    # ---- rounds

    def found(self, until: int) -> list[Population]:
        """Cases in which outputs differ, as soon as there are some; none when ``until`` is reached."""
        batch: list[Population] = [*((Sample(base),) for base in self.making.bases), *self.seeds[:ROUND]]
        batch += [one for _, one in zip(range(ROUND), self.making.one_changed(), strict=False)]
        while self.keys and self.bench.work < until:
            hits = self._look(batch)
            if hits is None or hits:
                return hits or []
            batch = [self._next() for _ in range(ROUND)]
        return []

    def _look(self, batch: Sequence[Population]) -> list[Population] | None:
        ran = self.bench.observed(batch, self.nodes)
        if ran is None:
            return None
        results, at = ran
        homes = self._homes(batch)
        fresh: set[int] = set()
        for node in self.nodes:
            home = homes.get(self.bench.graph.nodes[node].type.grain)
            values = self._told(results[NEW], at, node)
            if home is None or values is None or len(values) != len(home):
                continue
            known = self.seen[node]
            if len(known) < VALUES:
                every, first = np.unique(values, return_index=True)
                for value, place in zip(every.tolist(), first.tolist(), strict=True):
                    if value not in known and len(known) < VALUES:
                        known.add(value)
                        fresh.add(int(home[place]))
        depth, gap = np.zeros(len(batch), dtype=np.int64), np.zeros(len(batch))
        outputs = {(self.bench.node(OLD, name), self.bench.node(NEW, name)) for name in self.making.focus}
        hits: set[int] = set()
        for pair in self.pairs:
            home = homes.get(self.bench.graph.nodes[pair[0]].type.grain)
            mine, theirs = (_floats(results[side].vectors[at[node]]) for side, node in enumerate(pair))
            if home is None or len(mine) != len(theirs) or len(mine) != len(home):
                continue
            apart = np.unique(home[mine != theirs])
            depth[apart] += 1
            if self.bench.graph.nodes[pair[0]].type.value is ValueType.NUMBER:
                there = (mine > NOWHERE) & (theirs > NOWHERE)
                np.maximum.at(wide := np.zeros(len(batch)), home, np.where(there, np.abs(mine - theirs), 0))
                gap += np.log1p(wide)  # what a rounding or a cap still swallows gets out when it is large enough
            if pair in outputs:
                hits |= set(apart.tolist())
        self.kept += [batch[place] for place in sorted(fresh)]
        self.deep += [((-int(depth[at]), -float(gap[at])), batch[at]) for at in np.flatnonzero(depth).tolist()]
        self.deep.sort(key=lambda one: (*one[0], len(one[1]), sum(unit.off for unit in one[1])))
        del self.deep[DEEP:]
        return [batch[place] for place in sorted(hits)]

    def _homes(self, batch: Sequence[Population]) -> Mapping[str, npt.NDArray[np.int64]]:
        """Grain → the case that each row belongs to."""
        people = [(group, one) for group, every in enumerate(batch) for one in every]
        found = {UNIT_GRAIN: np.array([group for group, _ in people], dtype=np.int64)}
        found[SCALAR] = found[UNIT_GRAIN]  # what is one value for all stands at each unit here
        for table in self.making.tables:
            rows = [group for group, one in people for _ in one.of(table)]
            found[table] = np.array(rows, dtype=np.int64)
        return found

    def _told(self, results: Results, at: Mapping[NodeId, NodeId], node: NodeId) -> Floats | None:
        """What counts as something new at ``node``: a truth, a grade, a band, a rank, which of two is the cap; else the state."""
        vector, op = results.vectors[at[node]], self.bench.graph.nodes[node].op
        if isinstance(op, (Lookup, Rank)) or vector.kind in (ValueType.BOOL, ValueType.GRADE):
            return _floats(vector)
        which = np.zeros(len(vector.states))
        if isinstance(op, Apply) and op.fn in (Fn.LEAST, Fn.GREATEST):
            mine = _floats(vector)
            for arg in op.args:
                theirs = _floats(results.vectors[at[arg]]) if arg in self.seen else mine
                which = which * 2 + (mine == theirs) if len(theirs) in (1, len(mine)) else which
        return _stated(vector, which)

    # ---- the next case

    def _next(self) -> Population:
        pick = self.random.random
        if self.deep and pick() < 0.5:
            start = self.random.choice(self.deep)[1]
        else:
            start = self.random.choice(self.kept or [(Sample(self.making.bases[0]),)])
        if self.making.across and pick() < 0.35:
            start = self._other_size(start)
        place = self.random.randrange(len(start))
        one = start[place]
        if pick() < 0.35:
            mate = self.random.choice(self.random.choice(self.kept or [start]))
            if mate.base is one.base:
                one = merged(one, [mate])
        for _ in range(self.random.choice((0, 1, 1, 2, 3))):
            one = self._changed(one)
        return (*start[:place], one, *start[place + 1 :])

    def _other_size(self, start: Population) -> Population:
        if len(start) > 1 and self.random.random() < 0.3:
            gone = self.random.randrange(len(start))
            return (*start[:gone], *start[gone + 1 :])
        if len(start) >= MOST:
            return start
        more = self.random.choice(start if self.random.random() < 0.5 else self.random.choice(self.kept or [start]))
        return (*start, more)

    def _changed(self, one: Sample) -> Sample:
        """A cell, a row, or a number moved."""
        key = self.random.choice(self.keys)
        grain, column = key
        making, pool = self.making, self.making.pools.cells[key]
        if self.random.random() < 0.3 and making.moves(key) and making.there(one, key):
            by = making.pools.steps[key] * self.random.choice(LEAPS) * self.random.choice((1, -1))
            return self.random.choice(list(making.shifted(one, key, Fraction(by))))
        if grain == UNIT_GRAIN:
            return one.put(column, making.any_of(pool, 0.9))
        rows = list(one.of(grain))
        if making.is_ledger(grain) and (not rows or self.random.random() < 0.4):
            if rows and self.random.random() < 0.3:
                del rows[self.random.randrange(len(rows))]
            else:
                rows.append(making.row(grain, len(rows) + 1, wild=True))
        elif rows:
            place = self.random.randrange(len(rows))
            rows[place] = {**rows[place], column: making.any_of(pool, 0.9)}
        return one.laid(grain, rows)


def _floats(vector: Vector) -> Floats:
    """Values that are alike where the values are; states apart from all of them."""
    values: Any = vector.values
    if vector.kind is ValueType.NUMBER:
        values = values.astype(np.float64) / vector.under
    return _stated(vector, values)


def _stated(vector: Vector, values: Any) -> Floats:
    shape = np.broadcast_shapes(vector.states.shape, np.shape(values))
    states = np.broadcast_to(vector.states, shape)
    found = np.where(states == 0, np.broadcast_to(values, shape).astype(np.float64), NOWHERE - 1e12 * states)
    return np.asarray(found, dtype=np.float64)
