"""The graph of a rulebook, and the values on its nodes, for reports that tell how a number was made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from perfdsl.compile.lower import lower
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import NodeId
from perfdsl.model.rulebook import Rulebook
from perfdsl.workspace.evaluate import Evaluation

if TYPE_CHECKING:
    from perfdsl.engine.results import Results


def graph_of(book: Rulebook) -> Graph:
    """The operations that a sound rulebook means."""
    return lower(book)


def traced(evaluation: Evaluation, outputs: Iterable[str]) -> tuple[Graph, Results]:
    """The graph of an evaluation by the columnar engine, with the values of every node that ``outputs`` stand on."""
    from perfdsl.engine.columnar import run

    graph = evaluation.graph
    assert graph is not None
    wanted: frozenset[NodeId] = frozenset(graph.needed(frozenset(graph.outputs[name] for name in outputs)))
    return graph, run(graph, evaluation.dataset, wanted)
