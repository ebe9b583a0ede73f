"""A case made smaller: fewer units, then fewer cells off the baseline, then smaller steps, while it still differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.model.outputs import Cell
from perfdsl.model.states import State
from perfdsl.workspace.review.bench import Bench
from perfdsl.workspace.review.pools import Key
from perfdsl.workspace.review.samples import MISSING, Population, Row, Sample

WORK = 5_000_000
"""How much may be computed to make one case smaller, as :attr:`Bench.work` counts it."""
AT_ONCE = 1200


class Shrinking:
    """Makes cases of ``focus`` smaller. ``steps``: by how much numbers move."""

    def __init__(self, bench: Bench, focus: Sequence[str], steps: Mapping[Key, Fraction]) -> None:
        self.bench, self.focus, self.steps = bench, focus, steps

    def smaller(self, population: Population) -> Population:
        """Fewer units, then fewer cells off the baseline, then smaller steps, while it still differs."""
        until = self.bench.work + WORK
        for making in (self._fewer_units, self._fewer_cells, self._smaller_steps):
            changed = True
            while changed and self.bench.work < until:
                changed = False
                tried = [one for one in making(population) if self.bench.is_countable(one)][:AT_ONCE]
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
        """Numbers and days nearer to the baseline, on their own steps."""
        for place, one in enumerate(population):
            for column, cell in one.cells.items():
                for nearer in self._nearer((UNIT_GRAIN, column), cell, one.base.cells.get(column, MISSING)):
                    yield _with(population, place, one.put(column, nearer))
            for table, rows in one.rows.items():
                for at, (row, base) in enumerate(zip(rows, one.base.rows.get(table, ()), strict=False)):
                    for column, cell in row.items():
                        for nearer in self._nearer((table, column), cell, base.get(column, MISSING)):
                            made = one.laid(table, [*rows[:at], {**row, column: nearer}, *rows[at + 1 :]])
                            yield _with(population, place, made)

    def _nearer(self, key: Key, cell: Cell, baseline: Cell) -> Iterator[Cell]:
        (state, value), (base_state, base) = cell, baseline
        if state is not State.VALUE or base_state is not State.VALUE or value == base:
            return
        if isinstance(value, date) and isinstance(base, date):
            gap = value.toordinal() - base.toordinal()
            for days in _between(Fraction(abs(gap)), Fraction(1)):
                yield State.VALUE, base + timedelta(int(days) if gap > 0 else -int(days))
        elif isinstance(value, Fraction) and isinstance(base, Fraction):
            for by in _between(abs(value - base), self.steps.get(key, Fraction(1))):
                yield State.VALUE, base + by if value > base else base - by


def _between(gap: Fraction, step: Fraction) -> list[Fraction]:
    """Smaller gaps on whole steps."""
    nearer = {step, 2 * step, *(ceil(gap * n / 16 / step) * step for n in range(1, 16)), gap - step}
    return sorted(by for by in nearer if 0 < by < gap)


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
