"""The columnar engine: whole columns, one operation after another.

Each operation is one function; :data:`OPERATIONS` pairs them, and a test compares it with the operations there
are. Bounds decide beforehand how each number is held and divided (:mod:`perfdsl.graph.ranges`), so no operation
here can overflow or round. A vector is dropped as soon as nothing needs it any more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from perfdsl.data.columns import Dataset
from perfdsl.engine import across, rowwise
from perfdsl.engine.frame import Frame, frame
from perfdsl.engine.results import Results
from perfdsl.engine.values import Vector
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import (
    Aggregate,
    Apply,
    Choose,
    Column,
    Constant,
    Fetch,
    Lookup,
    NodeId,
    Op,
    Rank,
    Round,
    Settle,
    Stack,
    Streak,
)
from perfdsl.graph.ranges import LIMITS, Limits, Plan
from perfdsl.text.numbers import Unsettled

OPERATIONS: dict[type[Op], Callable[[Frame, NodeId, Any], Vector]] = {
    Column: rowwise.column,
    Constant: rowwise.constant,
    Apply: rowwise.apply,
    Choose: rowwise.choose,
    Lookup: rowwise.lookup,
    Fetch: across.fetch,
    Aggregate: across.aggregate,
    Rank: across.rank,
    Streak: across.streak,
    Stack: across.stack,
    Round: rowwise.round_,
    Settle: rowwise.settle,
}


def run(graph: Graph, data: Dataset, wanted: frozenset[NodeId] | None = None, limits: Limits = LIMITS) -> Results:
    """Compute ``wanted`` (the outputs, if None) and all that they need.

    ``limits`` are the sizes at which tiers change; only tests make them smaller.

    Raises:
        Mismatch: the data lacks a column, or has it as another kind.
    """
    wanted = frozenset(graph.outputs.values()) if wanted is None else wanted
    needed = graph.needed(wanted)
    state = frame(graph, data, needed, limits)
    last = {operand: node for node in needed for operand in graph.nodes[node].reads}
    for node in needed:
        op = graph.nodes[node].op
        try:
            vector = OPERATIONS[type(op)](state, node, op)
        except Unsettled:
            vector = rowwise.settled(state, node, op, OPERATIONS[type(op)])
        state.vectors[node] = state.finished(node, vector)
        for operand in set(graph.nodes[node].reads):
            if last[operand] == node and operand not in wanted:
                del state.vectors[operand]
    return Results(graph, state.vectors, tuple(state.faults), state.rows, state.plan, state.words.texts, state.decided)


def planned(graph: Graph, data: Dataset, limits: Limits = LIMITS) -> Plan:
    """How each node would be computed on ``data``; nothing is run.

    Raises:
        Mismatch: the data lacks a column, or has it as another kind.
    """
    return frame(graph, data, graph.needed(), limits).plan
