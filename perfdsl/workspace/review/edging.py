"""Cells that bring a number to an edge of the rule, and a step to either side, taken from how it moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor

from perfdsl.model.states import State
from perfdsl.workspace.review.bench import NEW, OLD
from perfdsl.workspace.review.making import Making
from perfdsl.workspace.review.pools import Key, edges, whole_edges
from perfdsl.workspace.review.samples import Population, Sample
from perfdsl.workspace.review.shelf import members


class Edging:
    """Looks for the edges of one group of outputs."""

    def __init__(self, making: Making) -> None:
        self.making, self.bench, self.pools = making, making.bench, making.pools

    def cases(self, starts: Sequence[Sample]) -> Iterator[Population]:
        """Cells that bring a number to an edge of the rule, and a step to either side, taken from how it moves."""
        keys = [key for key in self.pools.keys if self.making.moves(key)]
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
                if self.making.there(start, key):
                    for one, made in enumerate(self.making.shifted(start, key, by)):
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
                            yield (list(self.making.shifted(starts[at], way[:2], wanted))[way[2]],)

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

    def _differing_nodes(self) -> tuple[int, ...]:
        """Where numbers are watched: the nodes near the difference, and those that only one side has."""
        focus = self.making.focus
        apart = members(self.bench.reach(OLD, focus) ^ self.bench.reach(NEW, focus))
        return tuple(sorted({*self.pools.cone, *apart}))

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
