"""A graph and its builder.

Nodes are interned: the same operation on the same operands is one node, so what two clauses share is computed
once. Every node carries the clauses it was made for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from perfdsl.graph import ops
from perfdsl.graph.infer import infer
from perfdsl.graph.ops import NodeId, Op
from perfdsl.graph.types import NodeType
from perfdsl.text.citation import Citation


@dataclass(frozen=True, slots=True)
class Node:
    """One operation, its type and where it came from."""

    op: Op
    type: NodeType
    origin: Citation = Citation()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in an order in which operands come first, and the named nodes that are asked for."""

    nodes: tuple[Node, ...]
    outputs: Mapping[str, NodeId]

    def needed(self, wanted: frozenset[NodeId] | None = None) -> tuple[NodeId, ...]:
        """The nodes that ``wanted`` (all outputs, if None) depend on, in order."""
        seen = set(self.outputs.values() if wanted is None else wanted)
        for node in range(len(self.nodes) - 1, -1, -1):
            if node in seen:
                seen.update(self.nodes[node].op.operands())
        return tuple(sorted(seen))


@dataclass
class Builder:
    """Collects nodes. ``columns`` gives the type of each (grain, column) that the data will have."""

    columns: Mapping[tuple[str, str], NodeType]
    _nodes: list[Node] = field(default_factory=list)
    _known: dict[Op, NodeId] = field(default_factory=dict)
    _outputs: dict[str, NodeId] = field(default_factory=dict)

    def add(self, op: Op, origin: Citation = Citation(), label: str = "") -> NodeId:
        """The node for ``op``, made if it is new.

        Raises:
            GraphTypeError: the operands do not fit the operation.
        """
        if op in self._known:
            return self._known[op]
        node = Node(op, infer(op, self.type, self.columns), origin, label)
        self._nodes.append(node)
        self._known[op] = len(self._nodes) - 1
        return self._known[op]

    def type(self, node: NodeId) -> NodeType:
        """The type of ``node``."""
        return self._nodes[node].type

    def output(self, name: str, node: NodeId) -> None:
        """Ask for ``node`` under ``name``."""
        if name in self._outputs:
            raise AssertionError(f"output {name} is named twice")
        self._outputs[name] = node

    def graph(self) -> Graph:
        """What was built."""
        return Graph(tuple(self._nodes), dict(self._outputs))


__all__ = ["Builder", "Graph", "Node", "ops"]
