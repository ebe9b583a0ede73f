"""Units of a ladder are such as the changed place matters to."""

from __future__ import annotations

from itertools import islice
from random import Random

from generated.books import case
from generated.chance import Chance
from generated.stock import Mood

from perfdsl.model.rulebook import Rulebook
from perfdsl.workspace.review.bench import Bench
from perfdsl.workspace.review.crowds import Crowds
from perfdsl.workspace.review.making import Making
from perfdsl.workspace.review.samples import Population
from review.edits import edited, edited_as
from review.test_witnesses import UNITS


def test_a_place_matters_to_who_has_part_of_the_points() -> None:
    """The 12th, now the 18th, gets a tenth more, at most full marks. Who has none or all of them gets nothing by it: it
    takes a unit that is ranked, of a state that gives a part, beside others, since alone it has nothing to be compared with.
    """
    made = case(139, UNITS)
    edit = edited(made.book, Chance(139 + 10**6))
    assert edit is not None
    bench = Bench(made.book, edit[0])
    (name,) = bench.differing
    making = Making(bench, bench.with_rules(bench.ruled()), False, Random(0), (name,), bench.near((name,)))
    ladders = list(Crowds(making).ladders())
    found = [population for population, differs in zip(ladders, bench.run(ladders, (name,)), strict=True) if differs]
    assert found
    assert bench.confirmed(min(found, key=len))


def _ladders(old: Rulebook, new: Rulebook, name: str, count: int) -> tuple[Bench, list[Population]]:
    """The first ladders for one output, and those in which it differs."""
    bench = Bench(old, new)
    making = Making(bench, bench.with_rules(bench.ruled()), False, Random(0), (name,), bench.near((name,)))
    ladders = list(islice(Crowds(making).ladders(), count))
    return bench, [one for one, differs in zip(ladders, bench.run(ladders, (name,)), strict=True) if differs]


def test_a_line_between_places_decides_for_who_has_no_flag() -> None:
    """优秀级 is for the first 11 instead of the first 8, and for who is named for it whatever its place: nobody of a ladder
    may be named for it, or no place matters."""
    book = case(16, UNITS, Mood.CALM).book
    chance = Chance(16 + 10**6)
    edit = [edited_as("分数线", book, chance) for _ in range(2)][-1]
    assert edit is not None
    bench, found = _ladders(book, edit[0], "grade", 60)
    assert found
    assert bench.confirmed(min(found, key=len))


def test_places_of_each_category_part_from_those_of_all_where_categories_stand_side_by_side() -> None:
    """A rank among the units of a category, now among those of all: it takes units of two categories."""
    book = case(5, UNITS).book
    edit = edited_as("名额", book, Chance(5 + 10**6))
    assert edit is not None
    bench, found = _ladders(book, edit[0], "score:B0", 300)
    assert found
    assert bench.confirmed(min(found, key=len))
