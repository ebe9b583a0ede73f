"""Units of a ladder are such as the changed place matters to."""

from __future__ import annotations

from random import Random

from generated.books import case
from generated.chance import Chance

from perfdsl.workspace.review.bench import Bench
from perfdsl.workspace.review.crowds import Crowds
from perfdsl.workspace.review.making import Making
from review.edits import edited
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
