"""Many populations in one run come out as each of them by itself: no unit sees one of another case. Units of data come
out as the data do."""

from __future__ import annotations

from random import Random

import pytest
from generated.books import case

from perfdsl.compile.lower import lower
from perfdsl.engine.columnar import run
from perfdsl.workspace.limits import checked_scores
from perfdsl.workspace.review.bench import OLD, Bench
from perfdsl.workspace.review.crowds import Crowds
from perfdsl.workspace.review.making import Making
from perfdsl.workspace.review.samples import Sample, from_data
from review.edits import on, seated

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


def of_data(seed: int) -> int:
    """How many results of units made after data were compared with those of a run on the data."""
    made = case(seed, 20)
    book = seated(made.book, made.data)
    data = checked_scores(book, on(book, made.data))[0]
    graph, bench = lower(book), Bench(book, book)
    results = run(graph, data)
    nodes = {name: node for name in graph.outputs if (node := bench.node(OLD, name)) is not None}
    found = bench.watched([tuple(map(Sample, from_data(data, bench.layout)))], nodes.values())
    assert found is not None
    named = [name for name, node in nodes.items() if node in found and not name.startswith("state:")]
    for name in named:
        assert tuple(found[nodes[name]]) == results.cells(graph.outputs[name], "单位"), (seed, name)
    return len(named)


def test_units_of_some_data_come_out_as_the_data_do() -> None:
    """Among them ledgers whose rows name several units in several columns."""
    assert sum(map(of_data, (1, 5, 12, 16, 26, 36))) > 100


@pytest.mark.full
def test_units_of_many_data_come_out_as_the_data_do() -> None:
    compared = sum(map(of_data, range(60)))
    print(f"\n{compared} results")
    assert compared > 1000
