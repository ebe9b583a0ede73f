"""Cell for cell the same: reference, columnar, ledgers counted in memory and on the disk, in parts, Spark, on rulebooks
that nobody wrote and in every tier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any

import pytest
from every import (
    COUNTED,
    ON_DISK,
    PARTS,
    REFERENCE,
    SPARK,
    Cells,
    Elsewhere,
    Met,
    alike,
    compare,
    counted,
    exact_late_sum,
    facts_counted,
    late_sums,
    on_disk,
    parts,
    table,
)
from generated.books import case
from spark_parts import needs_spark, sessions, with_spark

from perfdsl.compile.lower import lower
from perfdsl.data.columns import Dataset
from perfdsl.engine.columnar import run
from perfdsl.graph.graph import Graph
from perfdsl.graph.ranges import LIMITS, Limits, Tier
from perfdsl.model.states import State

SMALL = Limits(single=2**12, wide=2**20)
"""Every other rulebook is computed as if doubles were short, so that small numbers go through every tier."""


def limits_of(seed: int) -> Limits:
    return SMALL if seed % 2 else LIMITS


EMBEDDED = {COUNTED: counted, ON_DISK: on_disk, PARTS: parts}


def many(seeds: Sequence[int], units: int) -> Met:
    met: Met = Counter()
    for seed in seeds:
        made, limits = case(seed, units), limits_of(seed)
        met += compare(made, EMBEDDED, limits)
        met[COUNTED, FACTS] += facts_counted(lower(made.book), made.data, limits)
    return met


FACTS = "facts of ledgers"


def late(others: Mapping[str, Elsewhere], rows: int) -> Met:
    """Tier 2, which no rulebook of the generator comes to; the reference are fractions."""
    graph, data = late_sums(7, rows)
    results = run(graph, data)
    met: Met = Counter()
    for digits in (0, 1, 2, 4):
        cells = results.output(f"rounded:{digits}")
        assert cells == tuple((State.VALUE, exact_late_sum(data, row, digits)) for row in range(rows))
        met[REFERENCE, "cells"] += rows
        met[REFERENCE, Tier.LATE.name] += rows
    return met + alike(results, data, others, LIMITS, "late sums")


def test_every_engine_on_a_few_rulebooks() -> None:
    met = many(range(3000, 3004), 20) + late(EMBEDDED, 300)
    for engine in (REFERENCE, *EMBEDDED):
        assert met[engine, "cells"] > 1_000, engine
    assert met[PARTS, Tier.LATE.name] >= 300
    assert met[COUNTED, FACTS] > 10


@pytest.mark.full
def test_a_million_cells_and_more_in_every_tier() -> None:
    seeds, workers = range(3000, 3300), 2
    met: Met = Counter()
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for found in pool.map(partial(many, units=50), [seeds[n::workers] for n in range(workers)]):
            met += found
    met += late(EMBEDDED, 20_000)
    print(f"\n{len(seeds)} rulebooks, compared with columnar\n{table(met)}")
    assert met[COUNTED, FACTS] > 1_000
    for engine in (REFERENCE, *EMBEDDED):
        assert met[engine, "cells"] >= 1_000_000, engine
        for tier in Tier:
            assert met[engine, tier.name] > 10_000, f"{engine} hardly met tier {tier.name}"


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    yield from sessions()


@pytest.mark.full
@needs_spark
def test_spark_gives_the_cells_of_every_other_engine(spark: Any) -> None:
    def elsewhere(graph: Graph, data: Dataset, limits: Limits) -> Cells:
        return with_spark(spark, graph, data, 3, limits=limits)

    others = {PARTS: parts, SPARK: elsewhere}
    met: Met = Counter()
    for seed in (3000, 3001):
        met += compare(case(seed, 40), others, limits_of(seed))
    for seed in range(3000, 3016):  # the reference takes minutes for so many units
        made, limits = case(seed, 1000), limits_of(seed)
        met += alike(run(lower(made.book), made.data, limits=limits), made.data, others, limits, f"seed {seed}")
    met += late(others, 20_000)
    print(f"\n18 times, compared with columnar\n{table(met)}")
    assert met[SPARK, "cells"] >= 1_000_000
    for tier in Tier:
        assert met[SPARK, tier.name] > 10_000, f"Spark hardly met tier {tier.name}"
