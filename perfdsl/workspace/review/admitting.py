"""What a unit must be for a difference between units to come to it: for whom places are, and who takes none of them.

A number of places is the same for all, so a case of it is a matter of who asks for one. The conditions between it and the
result are taken apart down to those that are not made of others: these a cell or two decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Apply, Choose, Constant, Fn, NodeId
from perfdsl.graph.types import ONLY_VALUES
from perfdsl.workspace.review.bench import Bench
from perfdsl.workspace.review.known import Known
from perfdsl.workspace.review.supposing import Goal

Truths = dict[NodeId, bool]


def admitting(bench: Bench, names: Iterable[str]) -> list[Goal]:
    """The conditions that a unit can meet by itself, and what they must be."""
    truths = taken_apart(bench.graph, bench.guards(names, across=True))
    kinds = bench.graph.nodes
    of_units = {node: truth for node, truth in truths.items() if kinds[node].type.grain == UNIT_GRAIN}  # not of rows
    alone = {node: truth for node, truth in of_units.items() if not bench.crosses([node])}
    return [(node, Known(ONLY_VALUES, truths=frozenset({truth}))) for node, truth in alone.items()]


def taken_apart(graph: Graph, truths: Truths) -> Truths:
    """Conditions that are not made of others, and what they must be for ``truths`` to be so; of two that cannot both be, as
    the first one asks for. One of several of which any would do is told where all others cannot."""
    found: Truths = {}
    todo = list(truths.items())
    while todo:
        for node, truth in todo:
            found.setdefault(node, truth)
        todo = [one for node in found for one in _parts(graph, node, found) if one[0] not in found]
    return {node: truth for node, truth in found.items() if not _made_of(graph, node)}


def _parts(graph: Graph, node: NodeId, known: Truths) -> Sequence[tuple[NodeId, bool]]:
    """What the parts of a condition must be for it to be as it is known to be."""
    truth, parts = known[node], _made_of(graph, node)
    match graph.nodes[node].op:
        case Apply(Fn.NOT):
            return [(one, not truth) for one in parts]
        case Apply(Fn.AND | Fn.OR as fn) if (fn is Fn.OR) is truth:
            left = [one for one in parts if known.get(one) is not (not truth)]
            return [(one, truth) for one in left] if len(left) == 1 else []
    return [(one, truth) for one in parts]


def _made_of(graph: Graph, node: NodeId) -> Sequence[NodeId]:
    """The conditions that a condition is made of; none where it is not made of others."""
    match graph.nodes[node].op:
        case Apply(Fn.NOT | Fn.AND | Fn.OR, args):
            return args
        case Choose(((when, value),), otherwise):  # what is not there counts as not so
            asked, other = graph.nodes[when].op, graph.nodes[otherwise].op
            if asked == Apply(Fn.HAS, (value,), ONLY_VALUES) and isinstance(other, Constant) and other.value is False:
                return (value,)
    return ()
