"""Every node carries its clause, whoever asked for it first: what explains a score goes by that."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfdsl.compile.lower import lower
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Apply, Choose, Fn, NodeId, Round
from perfdsl.model import outputs
from perfdsl.workspace.graphs import made_for
from perfdsl.workspace.opening import open_rulebook

RULEBOOKS = Path(__file__).parents[2] / "rulebooks"


def shell(graph: Graph, node: NodeId) -> list[NodeId]:
    """The roundings, choices and factors at the top of a score, and the conditions of these."""
    found, todo = [], [node]
    while todo:
        one = todo.pop()
        op = graph.nodes[one].op
        if isinstance(op, Round):
            found.append(one)
            todo.append(op.of)
        elif isinstance(op, Apply) and op.fn is Fn.MULTIPLY:
            found.append(one)
            todo.append(op.args[0])
        elif isinstance(op, Choose):
            found += [one, *(when for when, _ in op.cases)]
            todo.append(op.otherwise)
    return found


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_what_stands_around_a_score_is_made_for_its_item(year: int) -> None:
    """Points are shared out between the items of a group, so that the first asks for the states of all."""
    book = open_rulebook(RULEBOOKS / "示例市" / f"{year}.perf").rulebook
    assert book is not None
    graph = lower(book)
    looked = 0
    for item in book.walk():
        if item.scoring is None or item.citation.code != item.code or outputs.score(item.code) not in graph.outputs:
            continue
        for node in shell(graph, graph.outputs[outputs.score(item.code)]):
            looked += 1
            assert made_for(graph.nodes[node], item), (item.code, graph.nodes[node])
    assert looked > 100
