"""What is known of data before a run, and what a graph is for such data: what :mod:`perfdsl.graph.narrowing` makes."""

from __future__ import annotations

from collections.abc import Mapping

from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import NodeId
from perfdsl.graph.ranges import Plan, Stored
from perfdsl.model.states import State
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of a column before a run: the states that occur in it, and its numbers, if it has any."""

    states: frozenset[State]
    stored: Stored | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Narrowed:
    """``graph``: new nodes, without outputs; ``place``: old node → new; ``source``: new node → the old one it was made for.

    ``plan`` is that of the new nodes. ``guards``: number → the number that is taken to be positive, so that both are
    the same; ``source`` tells the division that it is for.
    """

    graph: Graph
    place: Mapping[NodeId, NodeId]
    source: tuple[NodeId, ...]
    plan: Plan
    guards: Mapping[NodeId, NodeId]
