"""How a run was computed: what its program made of the rules for these data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Op
from perfdsl.graph.ranges import Step
from perfdsl.model.table import TableRole
from perfdsl.text.citation import Citation
from perfdsl.text.records import dataclass
from perfdsl.workspace.evaluate import Evaluation

if TYPE_CHECKING:
    from perfdsl.engine.counting import LedgerPlan
    from perfdsl.engine.results import Results


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One operation and the clause it is for."""

    at: Citation
    op: Op
    step: Step


@dataclass(frozen=True, slots=True)
class PlannedFacts:
    """Facts that units take from a ledger. ``why`` they were not counted: a code of :class:`perfdsl.engine.counting.Why`,
    "" where they were, in ``classes`` of rows and ``groups``.
    """

    at: tuple[Citation, ...]
    why: str
    classes: int
    groups: int


@dataclass(frozen=True, slots=True)
class PlannedLedger:
    """A ledger of ``rows``; one of fewer than ``least`` is not counted, and has no facts here."""

    name: str
    rows: int
    least: int
    facts: tuple[PlannedFacts, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """``nodes`` of the rules came to ``steps``; ``straight`` lines of straight-line code."""

    nodes: int
    steps: tuple[PlannedStep, ...]
    straight: int
    ledgers: tuple[PlannedLedger, ...]


def planned(evaluation: Evaluation) -> Planned | None:
    """The plan of a run; None where there was nobody to run it for."""
    graph, results = evaluation.graph, evaluation.results
    if graph is None or results is None:
        return None
    made = results.program.narrowed
    plan = results.program.plan()
    left = made.graph.needed(frozenset(made.place[node] for node in results.program.wanted))
    return Planned(
        nodes=len(graph.needed(results.program.wanted)),
        steps=tuple(
            PlannedStep(graph.nodes[made.source[node]].origin, made.graph.nodes[node].op, plan.steps[node])
            for node in left
        ),
        straight=_straight(results),
        ledgers=tuple(_ledgers(evaluation, graph, results)),
    )


def _ledgers(evaluation: Evaluation, graph: Graph, results: Results) -> Iterator[PlannedLedger]:
    """The ledgers of the rulebook in its order, and what else was as large as one."""
    from perfdsl.engine.runs import LEAST_ROWS

    large = {one.grain: one for one in results.ledgers}
    ledgers = [one.name for one in evaluation.book.tables if one.role is TableRole.LEDGER]
    for name in dict.fromkeys([*ledgers, *large]):
        if name in large:
            yield PlannedLedger(name, large[name].rows, LEAST_ROWS, tuple(_facts(graph, large[name])))
        elif name in evaluation.dataset:
            yield PlannedLedger(name, evaluation.dataset[name].rows, LEAST_ROWS, ())


def _facts(graph: Graph, ledger: LedgerPlan) -> Iterator[PlannedFacts]:
    for one in ledger.facts:
        asks = [graph.nodes[node] for node in one.nodes]
        at = tuple(dict.fromkeys(place for node in asks for place in (node.origin, *node.also)))
        yield PlannedFacts(at, one.why.value if one.why is not None else "", one.classes, one.groups)


def _straight(results: Results) -> int:
    from perfdsl.engine.kernel import Code

    passes = [todo for stage in results.program.stages for todo in stage.rows.values()]
    return sum(len(part.lines) for todo in passes for part in todo.parts if isinstance(part, Code))
