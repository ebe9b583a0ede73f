"""A graph for many small populations at once.

Whatever looks at other rows (sums, means, ranks) looks only at rows of its own population, which a column of each table
tells; what was one value for all becomes one value a unit. So thousands of cases are one run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from perfdsl.graph.builder import Builder
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import (
    Aggregate,
    Column,
    Fetch,
    NodeId,
    Op,
    Rank,
    Stack,
    Streak,
)
from perfdsl.graph.types import SCALAR, Grain, NodeType
from perfdsl.model.units import RATIO, ValueType
from perfdsl.text.records import replace

POPULATION = "·群"
"""The column that says to which population a row belongs."""


def populous(graph: Graph, grains: Collection[Grain], unit: Grain, owner: Mapping[Grain, str]) -> Graph:
    """``graph`` for many populations. ``grains`` are those whose rows belong to a population, ``owner`` the column of
    each that names the unit.

    Raises:
        GraphTypeError: it cannot be put so.
    """
    return _Made(graph, frozenset(grains), unit, owner).graph()


class _Made:
    def __init__(self, graph: Graph, grains: frozenset[Grain], unit: Grain, owner: Mapping[Grain, str]) -> None:
        self.old, self.grains, self.unit, self.owner = graph, grains, unit, owner
        self.needed = graph.needed()
        needed = (graph.nodes[node] for node in self.needed)
        types: dict[tuple[str, str], NodeType] = {
            (node.op.grain, node.op.name): node.type for node in needed if isinstance(node.op, Column)
        }
        for grain in grains:
            types[grain, POPULATION] = NodeType(grain, ValueType.NUMBER, RATIO)
            if grain in owner:
                types.setdefault((grain, owner[grain]), NodeType(grain, ValueType.TEXT))
        self.new = Builder(types)
        self.at: dict[NodeId, NodeId] = {}
        self.stacks: dict[Grain, tuple[NodeId, ...]] = {}

    def graph(self) -> Graph:
        for node in self.needed:
            self.at[node] = self.new.add(self._op(node))
        for name, node in self.old.outputs.items():
            self.new.output(name, self.at[node])
        return self.new.graph()

    def population(self, grain: Grain) -> tuple[NodeId, ...]:
        """The node that tells the population of each row, if rows of this grain have one."""
        if grain in self.grains:
            return (self.new.column(grain, POPULATION),)
        if grain in self.stacks:
            parts = tuple(one for part in self.stacks[grain] for one in self.population(self.new.type(part).grain))
            if len(parts) == len(self.stacks[grain]):
                return (self.new.stack(parts, grain),)
        return ()

    @staticmethod
    def home(op: Aggregate | Rank | Streak, type_of: Callable[[NodeId], NodeType]) -> Grain:
        """The grain of the rows that are looked at: what is ranked or counted may be one value for all of them."""
        match op:
            case Aggregate(of=of, where=where, key=more) | Rank(of=of, where=where, group=more):
                looked = (of, where, *more)
            case Streak(of=of, along=along, group=more):
                looked = (of, along, *more)
        return next((grain for node in looked if (grain := type_of(node).grain) != SCALAR), SCALAR)

    def _op(self, node: NodeId) -> Op:
        old, grain = self.old.nodes[node].op, self.old.nodes[node].type.grain

        def fitted(operand: NodeId) -> NodeId:
            """What was one value for all, at the rows of the result."""
            made = self.at[operand]
            if self.new.type(made).grain == self.unit and self.old.nodes[operand].type.grain == SCALAR:
                home = grain
                if isinstance(old, Aggregate):
                    home = self.home(old, lambda node: self.old.nodes[node].type)
                if home not in (SCALAR, self.unit) and home in self.owner:
                    key = self.new.column(self.unit, self.owner[self.unit])
                    return self.new.add(Fetch(made, (key,), (self.new.column(home, self.owner[home]),)))
            return made

        op: Any = old.moved(fitted)
        if isinstance(op, Stack):
            self.stacks[op.to] = op.parts
        if isinstance(op, Aggregate):
            return self._aggregate(op)
        if isinstance(op, (Rank, Streak)):
            return replace(op, group=(*op.group, *self.population(self.home(op, self.new.type))))
        return op  # type: ignore[no-any-return]

    def _aggregate(self, op: Aggregate) -> Op:
        mine = self.population(self.home(op, self.new.type))
        if not mine:
            grains = {self.new.type(one).grain for one in op.at} - {SCALAR}
            return replace(op, to=next(iter(grains))) if op.to == SCALAR and grains else op
        to = self.unit if op.to == SCALAR else op.to
        theirs = self.population(to)
        if not theirs:
            return op
        return replace(op, key=(*op.key, *mine), at=(*op.at, *theirs), to=to)
