"""Proofs that two nodes of a graph give the same on all data whatever.

A node is turned into a *term*: what it is made of, without what can never matter. What can matter is told by bounds: the
states that a value can have, between which numbers it lies and on which grid, whether a condition can hold. A cap that
nothing reaches, a band that no number falls in, a rounding that makes all of it 0 leave the term, and where two terms are
the same the nodes are. Where they are not, the condition at which they first part is taken to hold, not to hold, and to
have no value, and the terms are compared under each of the three.

What is assumed of a row is assumed of that row alone: whatever looks at other rows (sums, ranks) is taken as it is without
assumptions. Nothing is assumed of the data but their types: numbers may be negative, and as large as they like.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from perfdsl.graph.ops import NodeId
from perfdsl.model.states import State
from perfdsl.text.records import dataclass, field
from perfdsl.workspace.review.bench import NEW, OLD, Bench
from perfdsl.workspace.review.supposing import Assuming, Goal, Term

CASES = 60
"""How many assumptions are looked at for one pair of nodes."""
ALL_CASES = 600
"""How many are looked at for one change."""
DEEP = 40
"""How many assumptions are made at once."""


@dataclass
class Prover:
    """Compares nodes of one bench."""

    bench: Bench
    _numbers: dict[Hashable, Term] = field(default_factory=dict)
    _keys: list[tuple[Any, ...]] = field(default_factory=list)
    _same: dict[NodeId, NodeId] = field(default_factory=dict)
    looked: int = 0
    proved: bool = False

    def __post_init__(self) -> None:
        self.plain = Assuming(self)

    def term(self, key: tuple[Any, ...]) -> Term:
        """The number of a term."""
        told = tuple((type(one), one) for one in key)
        if told not in self._numbers:
            self._numbers[told] = len(self._keys)
            self._keys.append(key)
        return self._numbers[told]

    def key(self, term: Term) -> tuple[Any, ...]:
        """What a term is made of."""
        return self._keys[term]

    def first(self, node: NodeId) -> NodeId:
        """The node that ``node`` was proved to be the same as."""
        while node in self._same:
            node = self._same[node]
        return node

    # ---- proofs

    def equivalent(self, cases: int = CASES) -> bool:
        """Whether every output is the same on both sides. ``cases``: how many assumptions may be made for two nodes; with
        none, the first output that parts is the answer."""
        bench = self.bench
        if bench.touched or bench.tables_differ or bench.regraded or bench.apart([]):
            return False
        ends = [(bench.node(OLD, name), bench.node(NEW, name)) for name in bench.differing]
        if any(one is None or other is None for one, other in ends):
            return False
        self.plain = Assuming(self)  # what was proved before may be part of anything
        asked = frozenset(ends)
        for one, other in sorted(self._pairs(ends), key=max):
            if not cases and (one, other) in asked and self.plain.of(one) != self.plain.of(other):
                return False  # no later node has a part in it
            if self.plain.of(one) == self.plain.of(other) or self._same_by_cases(one, other, cases):
                self._same[max(one, other)] = self.first(min(one, other))
        self.proved = all(self.plain.of(one) == self.plain.of(other) for one, other in ends)  # type: ignore[arg-type]
        return self.proved

    def _pairs(self, ends: Sequence[tuple[NodeId | None, NodeId | None]]) -> set[tuple[NodeId, NodeId]]:
        """Nodes of the two sides that stand at the same place."""
        nodes, below = self.bench.graph.nodes, self.bench.shelf.below
        found: set[tuple[NodeId, NodeId]] = set()
        todo = list(ends)
        while todo:
            one, other = todo.pop()
            if one is None or other is None or one == other or (one, other) in found:
                continue
            types = nodes[one].type, nodes[other].type
            if types[0].value is types[1].value and types[0].grain == types[1].grain:
                found.add((one, other))
            if type(nodes[one].op) is type(nodes[other].op) and len(below(one)) == len(below(other)):
                todo += zip(below(one), below(other), strict=True)
        return found

    def _same_by_cases(self, one: NodeId, other: NodeId, cases: int) -> bool:
        return next(self._apart(one, other, min(cases, ALL_CASES - self.looked)), None) is None

    def apart(self, name: str, cases: int = CASES) -> Iterator[tuple[Goal, ...]]:
        """Under which assumptions the two sides of an output seem to part."""
        one, other = self.bench.node(OLD, name), self.bench.node(NEW, name)
        if one is not None and other is not None and self.plain.of(one) != self.plain.of(other):
            yield from sorted(self._apart(one, other, cases), key=_far)

    def _apart(self, one: NodeId, other: NodeId, cases: int) -> Iterator[tuple[Goal, ...]]:
        """Assumptions under which two nodes are not the same, or not known to be."""
        todo = [self.plain]
        while todo:
            assuming = todo.pop()
            if assuming.of(one) == assuming.of(other) or not assuming.possible:
                continue
            goals = assuming.assumed
            at = None
            if cases > 0 and len(goals) < DEEP:
                at = assuming.parting(assuming.of(one), assuming.of(other))
            if at is None:
                yield goals
                continue
            more = list(assuming.split(at))
            cases -= len(more)
            self.looked += len(more)
            todo += more


def _far(goals: Sequence[Goal]) -> tuple[int, int]:
    """How much goals ask for: values that are not there before all."""
    return sum(State.VALUE not in known.states for _, known in goals), len(goals)
