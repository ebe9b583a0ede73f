"""What must not matter does not: the order of blocks, of units, and running again.

That the order of the registry means nothing is for texts to show: ``tests/acceptance/test_results_json.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from generated.books import Case, case
from generated.chance import Chance
from generated.compare import both
from generated.stock import of_units
from perfdsl.model.item import Item
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import UNIT_GRAIN

SEEDS = (3, 16, 29, 41)
UNITS = 20
Outcomes = tuple[dict[str, tuple[Cell, ...]], dict[str, tuple[Cell, ...]]]


def outcomes(made: Case) -> Outcomes:
    """Cells by name, by hand and by graph."""
    found = both(made)
    return dict(found.by_hand), dict(found.by_graph)


@pytest.fixture(scope="module", params=SEEDS)
def made(request: pytest.FixtureRequest) -> tuple[Case, Outcomes]:
    """A case and what comes out of it."""
    seed: int = request.param
    found = case(seed, UNITS)
    return found, outcomes(found)


def shuffled(book: Rulebook, chance: Chance) -> Rulebook:
    """The same rulebook with its blocks in another order."""

    def one(item: Item) -> Item:
        return replace(item, children=tuple(map(one, chance.shuffled(item.children))))

    return replace(
        book,
        items=tuple(map(one, chance.shuffled(book.items))),
        vetoes=tuple(chance.shuffled(book.vetoes)),
        applications=tuple(chance.shuffled(book.applications)),
        tables=tuple(chance.shuffled(book.tables)),
        categories=tuple(chance.shuffled(book.categories)),
    )


def test_order_of_blocks_means_nothing(made: tuple[Case, Outcomes]) -> None:
    found, before = made
    again = replace(found, book=shuffled(found.book, Chance(found.seed)))
    assert outcomes(again) == before


def test_permuted_units_give_permuted_cells(made: tuple[Case, Outcomes]) -> None:
    found, before = made
    order = Chance(found.seed).shuffled(range(found.data[UNIT_GRAIN].rows))
    moved = outcomes(replace(found, data=of_units(found.data, order)))
    turn: Callable[[dict[str, tuple[Cell, ...]]], dict[str, tuple[Cell, ...]]] = lambda cells: {  # noqa: E731
        name: tuple(column[unit] for unit in order) for name, column in cells.items()
    }
    assert moved == tuple(map(turn, before))


def test_the_same_again_gives_the_same(made: tuple[Case, Outcomes]) -> None:
    found, before = made
    assert case(found.seed, UNITS).book == found.book
    assert outcomes(found) == before
