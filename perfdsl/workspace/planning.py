"""How a run was computed: what its program made of the rules for these data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfdsl.graph.ops import Op
from perfdsl.graph.ranges import Step
from perfdsl.text.citation import Citation
from perfdsl.text.records import dataclass
from perfdsl.workspace.evaluate import Evaluation

if TYPE_CHECKING:
    from perfdsl.engine.results import Results


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One operation and the clause it is for."""

    at: Citation
    op: Op
    step: Step


@dataclass(frozen=True, slots=True)
class Planned:
    """``nodes`` of the rules came to ``steps``; ``straight`` lines of straight-line code."""

    nodes: int
    steps: tuple[PlannedStep, ...]
    straight: int


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
    )


def _straight(results: Results) -> int:
    from perfdsl.engine.kernel import Code

    passes = [todo for stage in results.program.stages for todo in stage.rows.values()]
    return sum(len(part.lines) for todo in passes for part in todo.parts if isinstance(part, Code))
