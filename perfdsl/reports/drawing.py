"""The graph of a rulebook as boxes and arrows."""

from __future__ import annotations

from dataclasses import fields
from enum import Enum
from fractions import Fraction

from perfdsl.graph import ops
from perfdsl.graph.graph import Node
from perfdsl.model import outputs
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.units import decimal
from perfdsl.reports.findings import Box
from perfdsl.workspace.graphs import graph_of


def drawing(book: Rulebook, code: str | None = None) -> tuple[Box, ...] | None:
    """The boxes of the whole rulebook, or of what one item's score needs; None if there is no such item."""
    graph = graph_of(book)
    wanted = None
    if code is not None:
        name = outputs.score(code)
        if name not in graph.outputs:
            return None
        wanted = frozenset({graph.outputs[name]})
    names: dict[int, list[str]] = {}
    for name, node in graph.outputs.items():
        names.setdefault(node, []).append(name)
    return tuple(
        Box(
            node,
            type(graph.nodes[node].op).__name__.lower(),
            describe(graph.nodes[node]),
            graph.nodes[node].type.grain,
            str(graph.nodes[node].origin),
            tuple(dict.fromkeys(graph.nodes[node].op.operands())),
            tuple(names.get(node, ())),
        )
        for node in graph.needed(wanted)
    )


def describe(node: Node) -> str:
    """An operation with its plain parameters: ``round 2 half_up``."""
    op = node.op
    if isinstance(op, ops.Constant):
        return _plain(op.value) if op.value is not None else op.state.chinese
    if isinstance(op, ops.Apply):
        return op.fn.value
    if isinstance(op, ops.Column):
        return op.name
    parts = [type(op).__name__.lower()]
    for field in fields(op):
        value = getattr(op, field.name)
        if field.name in ops.NOT_OPERANDS or isinstance(value, Enum):
            parts.append(_plain(value))
    return " ".join(part for part in parts if part)


def _plain(value: object) -> str:
    match value:
        case Fraction():
            return decimal(value)
        case Enum():
            return str(value.value)
        case tuple():
            return "、".join(map(str, value))
        case None:
            return ""
    return str(value)
