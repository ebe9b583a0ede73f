"""Many populations in one run come out as each of them by itself: no unit sees one of another case."""

from __future__ import annotations

from random import Random

import pytest
from generated.books import case

from perfdsl.workspace.review.bench import OLD, Bench
from perfdsl.workspace.review.crowds import Crowds
from perfdsl.workspace.review.making import Making

UNITS = 6


def looked_at(seed: int, count: int) -> int:
    """How many nodes were compared."""
    book = case(seed, UNITS).book
    bench = Bench(book, book)
    names = bench.names
    making = Making(bench, (), False, Random(seed), names)
    cases = [*making.at_random(count), *Crowds(making).at_random(count, (2, 3))]
    nodes = [node for node in (bench.node(OLD, name) for name in names) if node is not None]
    together = bench.observed(cases, nodes)
    if together is None:
        return 0
    (results, _), at = together
    compared = place = 0
    for one in cases:
        apart, _ = bench.computed(bench.graph, [one], frozenset(nodes), plain=True)
        for name, node in zip(names, nodes, strict=True):
            mine = results.cells(at[node], "单位")[place : place + len(one)]
            assert mine == apart.cells(node, "单位"), (seed, name)
            compared += 1
        place += len(one)
    return compared


def test_some_populations_at_once() -> None:
    assert sum(looked_at(seed, 3) for seed in (3, 44, 94, 102)) > 300


@pytest.mark.full
def test_many_populations_at_once() -> None:
    compared = [looked_at(seed, 8) for seed in range(60)]
    print(f"\n{sum(compared)} results of {sum(map(bool, compared))} rulebooks")
    assert sum(compared) > 10_000
    assert all(compared)
