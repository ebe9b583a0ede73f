"""Both engines on one case, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass

from near import same

from generated.books import Case
from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.compile.lower import lower
from perfdsl.engine.columnar import run
from perfdsl.engine.results import Results
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Apply, Fn, Lookup, Round
from perfdsl.model import outputs
from perfdsl.model.outputs import Cell, Outcome
from perfdsl.reference import evaluate


@dataclass(frozen=True)
class Both:
    """What the two engines say of one case."""

    case: Case
    by_hand: Outcome
    by_graph: Outcome
    graph: Graph
    results: Results


@dataclass(frozen=True)
class Difference:
    """One cell that is not the same."""

    output: str
    unit: int
    by_hand: Cell
    by_graph: Cell


def both(case: Case, watch: bool = False) -> Both:
    """Run both. ``watch``: keep what roundings, lookups and comparisons read, for counting."""
    graph = lower(case.book)
    wanted = set(graph.outputs.values())
    if watch:
        wanted |= {operand for node in graph.needed() for operand in watched(graph, node)}
    results = run(graph, case.data, frozenset(wanted))
    return Both(case, evaluate(case.book, case.data), published(case, graph, results), graph, results)


def published(case: Case, graph: Graph, results: Results) -> Outcome:
    """What the graph gives, with grades by name as the reference has them (as ``workspace`` publishes them)."""
    found: dict[str, tuple[Cell, ...]] = {name: results.output(name, UNIT_GRAIN) for name in graph.outputs}
    if case.book.scheme is not None:
        order = case.book.grade_names
        for name in (outputs.GRADE, *(outputs.scoped(rule.name) for rule in case.book.scopes)):
            found[name] = tuple(
                (state, order[value] if isinstance(value, int) else None) for state, value in found[name]
            )
    return found


def by_graph(case: Case) -> Outcome:
    """The outcome of the graph alone."""
    graph = lower(case.book)
    return published(case, graph, run(graph, case.data))


COMPARED = (Fn.LESS, Fn.LESS_EQUAL)


def watched(graph: Graph, node: int) -> tuple[int, ...]:
    """Operands of a node that meets edges or halves."""
    op = graph.nodes[node].op
    if isinstance(op, (Round, Lookup)):
        return (op.of,)
    return op.args if isinstance(op, Apply) and op.fn in COMPARED else ()


def differences(found: Both) -> list[Difference]:
    """Every cell of every output of the graph that the reference reads differently."""
    missing = found.by_graph.keys() - found.by_hand.keys()
    assert not missing, f"the reference does not give {sorted(missing)}"
    return [
        Difference(name, unit, hand, node)
        for name, cells in found.by_graph.items()
        for unit, (hand, node) in enumerate(zip(found.by_hand[name], cells, strict=True))
        if not same(hand, node)
    ]


def compared(found: Both) -> int:
    """How many cells were compared."""
    return sum(map(len, found.by_graph.values()))
