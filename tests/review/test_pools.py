"""Cells of cases are such as somebody may fill in."""

from __future__ import annotations

from fractions import Fraction

from generated.books import case

from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.workspace.limits import given_scores
from perfdsl.workspace.review.bench import Bench
from perfdsl.workspace.review.pools import Pools


def pools_of(book: Rulebook) -> Pools:
    """The cells for all columns that an output of ``book`` reads."""
    bench = Bench(book, book)
    return Pools(bench, bench.names)


def test_scores_of_people_keep_to_their_range_and_step() -> None:
    looked = 0
    for seed in range(30):
        pools = pools_of(book := case(seed, 3).book)
        for key, (least, most, step) in given_scores(book).items():
            for state, value in pools.cells.get(key, ()):
                if state is State.VALUE:
                    assert isinstance(value, Fraction)
                    assert least <= value <= most
                    assert step is None or (value - least) % step == 0
                    looked += 1
    assert looked > 20


def test_a_column_of_words_may_hold_one_that_no_rule_names() -> None:
    pools = pools_of(case(84, 3).book)
    open_words = [
        [value for state, value in pools.cells[key] if state is State.VALUE]
        for key in pools.keys
        if (declared := pools.declared(key)) is not None and declared.kind.value == "text" and not declared.choices
    ]
    assert open_words
    assert any("其他" in words for words in open_words)


def test_a_unit_has_one_row_of_every_month() -> None:
    """Which month a row is of is not for a case to change: the reference has no reading of two of the same."""
    looked = 0
    for seed in range(5):
        pools = pools_of(case(seed, 3).book)
        bench = pools.bench
        for table in bench.layout.row_tables:
            if (cadence := table.row_of.cadence) is not None and table.name in pools.tables:
                assert (table.name, cadence.along) not in pools.cells
                looked += (table.name, cadence.along) in bench.columns(bench.names)
    assert looked


def test_the_first_of_a_pool_is_found_without_the_others() -> None:
    looked = 0
    for seed in range(5):
        pools = pools_of(case(seed, 3).book)
        for key in pools.keys:
            assert pools.first(key) == pools.cells[key][0], (seed, key)
            looked += 1
    assert looked > 50
