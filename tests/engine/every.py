"""Every engine on one case: reference, columnar, ledgers counted in memory and on the disk, units in parts, and Spark;
which tiers led to what was compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from unittest.mock import patch

import numpy as np
from generated.books import Case
from generated.compare import Both, compared, differences, published
from in_parts import in_parts

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.compile.lower import lower
from perfdsl.data import scratch
from perfdsl.data.columns import DataColumn, Dataset, DataTable
from perfdsl.engine import ledgers, runs, tally
from perfdsl.engine.columnar import run
from perfdsl.engine.parts.driver import Unable
from perfdsl.engine.results import Results
from perfdsl.graph.builder import Builder
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Aggregate, Fn, NodeId, Rank, Reduce
from perfdsl.graph.ranges import LIMITS, Limits, Tier
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.outputs import Cell
from perfdsl.model.units import RATIO, Mode, Ties, ValueType
from perfdsl.reference import evaluate

REFERENCE, COUNTED, ON_DISK, PARTS, SPARK = "reference", "ledgers counted", "counted on the disk", "in parts", "spark"
Cells = Mapping[NodeId, tuple[Cell, ...]]
Elsewhere = Callable[[Graph, Dataset, Limits], Cells]
Met = Counter[tuple[str, str]]
"""(engine that was compared with the columnar one, tier on the way to the cells or ``cells``) → how many cells."""


def parts(graph: Graph, data: Dataset, limits: Limits) -> Cells:
    """The cells of units in three parts."""
    return in_parts(graph, data, 3, limits=limits)


def counted(graph: Graph, data: Dataset, limits: Limits) -> Cells:
    """The cells where every ledger is counted that can be."""
    results = runs.run(graph, data, limits=limits, least_rows=1)
    return {node: results.output(output) for output, node in graph.outputs.items()}


def on_disk(graph: Graph, data: Dataset, limits: Limits) -> Cells:
    """As :func:`counted`, a few rows at a time, with nothing held in memory."""
    with patch.multiple(tally, IN_MEMORY=0, BLOCK=5, ROUND=2, AT_A_TIME=7), patch.object(scratch, "HELD", 0):
        return counted(graph, data, limits)


def facts_counted(graph: Graph, data: Dataset, limits: Limits) -> int:
    """How many facts are taken from counted ledgers."""
    return len(ledgers.counted(graph, data, frozenset(graph.outputs.values()), limits, 1)[0])


def compare(case: Case, others: Mapping[str, Elsewhere], limits: Limits = LIMITS) -> Met:
    """Compare the columnar engine with the reference and with ``others``; what cannot be done there is counted, too.

    Raises:
        AssertionError: a cell differs.
    """
    graph = lower(case.book)
    results = run(graph, case.data, limits=limits)
    both = Both(case, evaluate(case.book, case.data), published(case, graph, results), graph, results)
    found = differences(both)
    assert not found, f"seed {case.seed}, {REFERENCE}: {found[0]}"
    met: Met = Counter()
    _count(met, REFERENCE, _tiers(results), both.by_graph)
    assert compared(both) == met[REFERENCE, "cells"]
    return met + alike(results, case.data, others, limits, f"seed {case.seed}")


def alike(results: Results, data: Dataset, others: Mapping[str, Elsewhere], limits: Limits, what: str) -> Met:
    """Compare what the columnar engine gave with ``others``.

    Raises:
        AssertionError: a cell differs.
    """
    graph, met = results.graph, Counter[tuple[str, str]]()
    for name, work in others.items():
        try:
            cells = work(graph, data, limits)
        except Unable as unable:
            met[name, f"refused: {unable.why}"] += 1
            continue
        for output, node in graph.outputs.items():
            assert cells[node] == results.output(output), f"{what}, {name}: {output}"
        _count(met, name, _tiers(results), {output: cells[node] for output, node in graph.outputs.items()})
    return met


def late_sums(seed: int, rows: int) -> tuple[Graph, Dataset]:
    """Sums of many quotients that are rounded once (tier 2), their ranks and their sum. Half of the rows may be ties."""
    chance, names = np.random.default_rng(seed), [f"{what}{i}" for i in range(12) for what in "pq"]
    nice = chance.choice([8, 16, 25, 32, 40, 125, 200], (12, rows))
    under = np.where(np.arange(rows) % 2 == 0, nice, chance.integers(3, 999, (12, rows)))
    values = {f"q{i}": under[i] for i in range(12)} | {f"p{i}": chance.integers(-500, 1500, rows) for i in range(12)}
    present = np.zeros(rows, dtype=np.uint8)
    columns = {name: DataColumn(name, ValueType.NUMBER, values[name], present, 0) for name in names}
    build = Builder({(UNIT_GRAIN, name): NodeType(UNIT_GRAIN, ValueType.NUMBER, RATIO, ALL_STATES) for name in names})
    column = {name: build.column(UNIT_GRAIN, name) for name in names}
    one, yes = build.number(1), build.constant(True, ValueType.BOOL)
    for digits in (0, 1, 2, 4):
        quotients = (build.apply(Fn.DIVIDE, column[f"p{i}"], column[f"q{i}"]) for i in range(12 - digits))
        total = build.apply(Fn.ADD, *(build.apply(Fn.LEAST, each, one) for each in quotients))
        rounded = build.rounded(total, digits, Mode.HALF_UP)
        build.output(f"rounded:{digits}", rounded)
        build.output(f"rank:{digits}", build.add(Rank(rounded, yes, (), True, Ties.COMPETITION)))
        build.output(f"sum:{digits}", build.add(Aggregate(Reduce.SUM, rounded, yes, (), (), "")))
    return build.graph(), {UNIT_GRAIN: DataTable(UNIT_GRAIN, rows, columns)}


def exact_late_sum(data: Dataset, row: int, digits: int) -> Fraction:
    """``rounded:digits`` of :func:`late_sums` with fractions alone."""
    values = {name: int(column.values[row]) for name, column in data[UNIT_GRAIN].columns.items()}
    total = sum((min(Fraction(values[f"p{i}"], values[f"q{i}"]), Fraction(1)) for i in range(12 - digits)), Fraction(0))
    size = (abs(total) * 10**digits + Fraction(1, 2)).__floor__()
    return Fraction(size if total >= 0 else -size, 10**digits)


def _tiers(results: Results) -> dict[str, frozenset[Tier]]:
    """Output → the tiers of all that it rests on."""
    graph, steps = results.graph, results.plan.steps
    return {
        output: frozenset(steps[on].tier for on in graph.needed(frozenset({node})) if on in steps)
        for output, node in graph.outputs.items()
    }


def _count(
    met: Met, engine: str, tiers: Mapping[str, frozenset[Tier]], outcome: Mapping[str, tuple[Cell, ...]]
) -> None:
    for output, cells in outcome.items():
        met[engine, "cells"] += len(cells)
        for tier in tiers[output]:
            met[engine, tier.name] += len(cells)


def table(met: Met) -> str:
    """One line an engine, one column a tier."""
    engines = list(dict.fromkeys(engine for engine, _ in met))
    columns = list(dict.fromkeys(["cells", *(tier.name for tier in Tier), *(what for _, what in met)]))
    width = max(map(len, engines), default=0)
    return "\n".join(
        f"{engine:<{width}}  " + "  ".join(f"{what} {met[engine, what]:,}" for what in columns if (engine, what) in met)
        for engine in engines
    )
