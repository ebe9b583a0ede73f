"""The auditor's reading of cases. Unit after unit is a usual one with a few cells changed, under rules of which a few differ:
what is as it was is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.data.columns import Dataset
from perfdsl.model.outputs import Outcome
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.standing import Standing
from perfdsl.reference import Office, outcome
from perfdsl.workspace.limits import Limits
from perfdsl.workspace.review.samples import Layout, Sample

Column = tuple[str, str]
LayOut = Callable[[Rulebook, Sample], Dataset]
"""The tables of a population of one unit, as a rulebook has them."""


class Auditor:
    """Reads cases by hand. ``standing``: of the rulebook with which the others share most. ``limits`` gives what a rulebook
    sets limits to."""

    def __init__(self, standing: Standing, limits: Callable[[Rulebook], Limits]) -> None:
        self.first, self.limits = standing.book, limits
        self._standing = standing
        self._usual: dict[str, tuple[Sample, Office]] = {}

    def outcomes(
        self,
        books: tuple[Rulebook, Rulebook],
        data: tuple[Dataset, Dataset],
        usual: tuple[Sample, Layout, LayOut] | None,
    ) -> tuple[Outcome, Outcome]:
        """What comes of the same units under two rulebooks; of a single one, ``usual``, without what is the same in both."""
        one, other = (self._office(book, mine) for book, mine in zip(books, data, strict=True))
        known: frozenset[str] = frozenset()
        if usual is not None:
            before, cells = self._before(*usual)
            known = frozenset.intersection(
                *(self._standing.same(book, {*cells, *self._judged(book, usual[1])}) for book in books)
            )
            for office in (one, other):
                office.take(before, known)
        return outcome(one, known), outcome(other, known)

    def outcome(self, book: Rulebook, data: Dataset, usual: tuple[Sample, Layout, LayOut]) -> Outcome:
        """What comes of a single unit under one rulebook."""
        office = self._office(book, data)
        before, cells = self._before(*usual)
        office.take(before, self._standing.same(book, {*cells, *self._judged(book, usual[1])}))
        return outcome(office)

    def _office(self, book: Rulebook, data: Dataset) -> Office:
        return Office(book, self.limits(book).checked(data)[0])

    def _before(self, sample: Sample, layout: Layout, lay_out: LayOut) -> tuple[Office, set[Column]]:
        """A unit made after the same one that was read before, and the columns in which this one differs from it."""
        name = sample.base.name
        if name not in self._usual:
            start = Sample(sample.base)
            office = self._office(self.first, lay_out(self.first, start))
            outcome(office)
            self._usual[name] = start, office
        start, office = self._usual[name]
        return office, {*_differing(start, sample, layout), *_ruled(sample, layout)}

    def _judged(self, book: Rulebook, layout: Layout) -> Iterator[Column]:
        """The columns in which other cells are taken than under the first rulebook."""
        mine, first = self.limits(book), self.limits(self.first)
        scores = (key for key in {*mine.given, *first.given} if mine.given.get(key) != first.given.get(key))
        for key in (*scores, *(mine.whole ^ first.whole), *(mine.steps ^ first.steps)):
            yield layout.split(key[1]) if key[0] == UNIT_GRAIN else key


def _ruled(sample: Sample, layout: Layout) -> Iterator[Column]:
    """The columns of the 附表 that have other cells on the side of the change."""
    yield from map(layout.split, sample.base.new_cells)
    for table, rows in sample.base.new_rows.items():
        yield table, ""
        yield from ((table, column) for row in (*rows, *sample.of(table)) for column in row)


def _differing(one: Sample, other: Sample, layout: Layout) -> Iterator[Column]:
    """(table, column) of cells that differ; of rows that do, the table and every column."""
    alike = one.base is other.base
    for key in {*one.cells, *other.cells} if alike else {*one.base.cells, *other.base.cells, *other.cells}:
        if one.cell(key) != other.cell(key):
            yield layout.split(key)
    for table in {*one.rows, *other.rows} if alike else {*one.base.rows, *other.base.rows, *other.rows}:
        mine, theirs = one.of(table), other.of(table)
        if mine != theirs:
            yield table, ""
            yield from ((table, column) for row in (*mine, *theirs) for column in row)
