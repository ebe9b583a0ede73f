"""A graph: what :class:`perfdsl.graph.builder.Builder` builds.

Nodes are interned: the same operation on the same operands is one node, so what two clauses share is computed
once. Every node carries the clauses it was made for.
"""

from __future__ import annotations

from collections.abc import Mapping

from perfdsl.graph.ops import Constant, Lookup, NodeId, Op, Stack
from perfdsl.graph.types import SCALAR, Grain, NodeType
from perfdsl.text.citation import Citation
from perfdsl.text.records import dataclass, field


@dataclass(frozen=True, slots=True)
class Node:
    """One operation, its type and where it came from. ``also``: further clauses that asked for the same.

    ``reads`` are the operands of ``op``, kept since every run asks for them several times.
    """

    op: Op
    type: NodeType
    origin: Citation = Citation()
    label: str = ""
    also: tuple[Citation, ...] = ()
    reads: tuple[NodeId, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", self.op.operands())


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in an order in which operands come first, and the named nodes that are asked for.

    ``inner`` are nodes that nobody asks for and that have a name in the rules, for those who tell how a number came about.
    """

    nodes: tuple[Node, ...]
    outputs: Mapping[str, NodeId]
    inner: Mapping[str, NodeId] = field(default_factory=dict)

    def needed(self, wanted: frozenset[NodeId] | None = None) -> tuple[NodeId, ...]:
        """The nodes that ``wanted`` (all outputs, if None) depend on, in order."""
        seen = set(self.outputs.values() if wanted is None else wanted)
        todo = list(seen)
        while todo:
            below = [one for one in self.nodes[todo.pop()].reads if one not in seen]
            seen.update(below)
            todo += below
        return tuple(sorted(seen))

    def rows(self, tables: Mapping[Grain, int]) -> dict[Grain, int]:
        """Rows of every grain: those of the ``tables``, of the stacked grains, and 1 of the scalar grain."""
        return rows_of(tables, self.stacked())

    def stacked(self) -> dict[Grain, tuple[Grain, ...]]:
        """The stacked grains and what each is made of, in an order in which parts come first."""
        return {
            node.op.to: tuple(self.nodes[part].type.grain for part in node.op.parts)
            for node in self.nodes
            if isinstance(node.op, Stack)
        }


def rows_of(tables: Mapping[Grain, int], stacked: Mapping[Grain, tuple[Grain, ...]]) -> dict[Grain, int]:
    """Rows of every grain: those of the ``tables``, of the ``stacked`` grains, and 1 of the scalar grain."""
    rows = {**tables, SCALAR: 1}
    for to, parts in stacked.items():
        rows[to] = sum(rows[part] for part in parts)
    return rows


def intern_key(op: Op) -> object:
    """What two operations that are one node share; ``True``, ``1`` and ``Fraction(1)`` are equal to Python alone."""
    match op:
        case Constant():
            return op, type(op.value)
        case Lookup():
            return op, tuple(type(band.key) for band in op.bands)
        case _:
            return op
