"""Comparisons of generated rulebooks on generated data, which are at hand and in no file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from generated.books import OUTSIDE, cases
from generated.chance import Chance
from generated.edits import edited
from generated.stock import Mood

from perfdsl.compile.lower import lower
from perfdsl.data.columns import Dataset
from perfdsl.data.load import Loaded
from perfdsl.engine.columnar import run
from perfdsl.model import outputs
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Combine, Rulebook
from perfdsl.model.table import UNIT_GRAIN, Table
from perfdsl.model.walking import rebuilt
from perfdsl.reference import evaluate
from perfdsl.workspace.limits import checked_scores
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.ledger import Sides, UnitLedger, ledgers, number
from perfdsl.workspace.review.together import Source

Totals = dict[str, Fraction | None]


def names(data: Dataset) -> tuple[str, ...]:
    """The units of a dataset in their order."""
    return tuple(str(value) for _, value in data[UNIT_GRAIN].columns["单位名册.单位"].cells)


@dataclass(frozen=True, kw_only=True)
class AtHand(Source):
    """Data that are at hand."""

    dataset: Dataset

    def load(self, tables: Sequence[Table]) -> Loaded:
        return Loaded(self.dataset, (), (), (), names(self.dataset))


def at_hand(data: Dataset) -> AtHand:
    return AtHand(data=None, rules=None, dataset=data)


class Alone:
    """One rulebook run by its own graph."""

    def __init__(self, book: Rulebook) -> None:
        graph = lower(book)
        self._total = graph.outputs[outputs.TOTAL]
        self._graph, self._book = graph, book

    def totals(self, data: Dataset) -> Totals:
        results = run(self._graph, checked_scores(self._book, data)[0], frozenset({self._total}))
        return dict(zip(names(data), map(number, results.cells(self._total, UNIT_GRAIN)), strict=True))


def by_hand(book: Rulebook, data: Dataset) -> Totals:
    """The totals of one rulebook, by the reference."""
    return dict(
        zip(names(data), map(number, evaluate(book, checked_scores(book, data)[0])[outputs.TOTAL]), strict=True)
    )


def small(book: Rulebook, chance: Chance) -> Rulebook:
    """Some of the items of ``book`` with all that they read, and the rules that read nothing else."""
    home = {item.code: top for top in book.items for item in top.walk()}
    kept: list[Item] = []
    left = chance.shuffled(book.items)[: chance.whole(2, 3)]
    left += [home[code] for code in _read((book.schemes, book.categories), home)]
    while left:
        top = left.pop()
        if top not in kept:
            kept.append(top)
            left += [home[code] for code in _read(top, home)]
            left += [home[code] for block in book.dedupes if {*block.items} & _codes([top]) for code in block.items]
    codes = _codes(kept)
    if chance.yes(0.7):  # a base that is there for more units
        book = replace(book, total=replace(book.total, combine=Combine.SUM, share_missing=False, at_least=0))
    if chance.yes(0.8):  # mostly totals alone: grades cost time, and no total reads them
        book = replace(book, scheme=None, other_schemes=(), vetoes=(), ties=None, breaks=())
    full = sum((item.full or Fraction(0) for item in kept if item.level not in OUTSIDE), start=Fraction(0))
    return replace(
        book,
        full=full,
        items=tuple(item for item in book.items if item in kept),
        vetoes=tuple(rule for rule in book.vetoes if _read(rule, home) <= codes),
        applications=(),
        scopes=(),
        dedupes=tuple(block for block in book.dedupes if {*block.items} <= codes),
        breaks=tuple(one for one in book.breaks if _read(one, home) <= codes),
    )


def _codes(items: Sequence[Item]) -> set[str]:
    return {item.code for top in items for item in top.walk()}


def _read(value: Any, known: Collection[str]) -> set[str]:
    """The codes that a part of a rulebook names, wherever they stand in it."""
    found: set[str] = set()

    def leaf(one: Any) -> Any:
        if isinstance(one, str) and one in known:
            found.add(one)
        return one

    rebuilt(value, leaf=leaf)
    return found


@dataclass(frozen=True)
class Ran:
    """One population: the two rulebooks, last year's data and this year's, the ledgers, the endpoints run apart."""

    old: Rulebook
    new: Rulebook
    before: Dataset
    after: Dataset
    ledgers: dict[str, UnitLedger]
    was: Totals
    become: Totals
    sides: Sides

    def open_on_the_way(self) -> frozenset[str]:
        """The units without a total on some step, each step run as a rulebook of its own."""
        early, late = self.sides.early, self.sides.last
        done = frozenset(early)
        steps = [(self.before, self.sides.seated("old", early[:count])) for count in range(len(early) + 1)]
        steps += [(self.after, self.sides.seated("new", done | set(late[:count]))) for count in range(len(late) + 1)]
        totals = [Alone(book).totals(data) for data, book in steps]
        return frozenset(unit for unit in self.was if any(one.get(unit) is None for one in totals))


def populations(seed: int, count: int, units: int, edits: int) -> Iterator[Ran]:
    """``count`` populations of a rulebook of ``seed`` and of what it was edited to."""
    made = list(cases(seed, count + 1, units, Mood.CALM))
    old = small(made[0].book, Chance(seed))
    new = edited(old, seed, edits)
    sides = Sides(Hybrids(compare(old, new)), at_hand(made[0].data), at_hand(made[1].data))
    olds, news = Alone(old), Alone(new)
    for before, after in pairwise(made):
        sides.together("old").feed(before.data, names(before.data))
        sides.together("new").feed(after.data, names(after.data))
        same = {name: name for name in names(before.data)}
        found = ledgers(sides, same)
        yield Ran(old, new, before.data, after.data, found, olds.totals(before.data), news.totals(after.data), sides)
