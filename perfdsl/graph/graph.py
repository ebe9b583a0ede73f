"""A graph and its builder.

Nodes are interned: the same operation on the same operands is one node, so what two clauses share is computed
once. Every node carries the clauses it was made for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction

from perfdsl.graph import ops
from perfdsl.graph.infer import GraphTypeError, infer
from perfdsl.graph.ops import Aggregate, Apply, Choose, Column, Constant, Fn, Lookup, NodeId, Op, Reduce, Round, Stack
from perfdsl.graph.types import SCALAR, Grain, NodeType
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Mode, Unit, ValueType
from perfdsl.text.citation import Citation
from perfdsl.text.records import dataclass, field, replace


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


@dataclass
class Builder:
    """Collects nodes. ``columns`` gives the type of each (grain, column) that the data will have."""

    columns: Mapping[tuple[str, str], NodeType]
    _nodes: list[Node] = field(default_factory=list)
    _known: dict[object, NodeId] = field(default_factory=dict)
    _outputs: dict[str, NodeId] = field(default_factory=dict)
    _inner: dict[str, NodeId] = field(default_factory=dict)
    _also: dict[NodeId, dict[Citation, None]] = field(default_factory=dict)
    _stacked: dict[Grain, tuple[Grain, ...]] = field(default_factory=dict)
    _origin: Citation = Citation()

    @contextmanager
    def origin(self, citation: Citation) -> Iterator[None]:
        """Within this block, nodes are made for ``citation``."""
        before, self._origin = self._origin, citation
        try:
            yield
        finally:
            self._origin = before

    def add(self, op: Op, origin: Citation | None = None, label: str = "") -> NodeId:
        """The node for ``op``, made if it is new. ``origin``: that of the block, if None.

        Raises:
            GraphTypeError: the operands do not fit the operation.
        """
        origin = self._origin if origin is None else origin
        key = intern_key(op)
        if (known := self._known.get(key)) is not None:
            self._share(known, origin)
            return known
        node = Node(op, infer(op, self.type, self.columns, self.op), origin, label)
        if isinstance(op, Stack):
            self._check_stack(op)
        self._nodes.append(node)
        self._known[key] = len(self._nodes) - 1
        return self._known[key]

    def _share(self, known: NodeId, origin: Citation) -> None:
        """``origin`` asks for a node that is there; a constant may be asked for by every clause."""
        first = self._nodes[known].origin
        if origin is not first and origin != first:
            self._also.setdefault(known, {})[origin] = None

    def _check_stack(self, op: Stack) -> None:
        grains = tuple(self.type(part).grain for part in op.parts)
        if self._stacked.setdefault(op.to, grains) != grains:
            raise GraphTypeError(f"stack: `{op.to}` is already made of {', '.join(self._stacked[op.to])}")

    def type(self, node: NodeId) -> NodeType:
        """The type of ``node``."""
        return self._nodes[node].type

    def op(self, node: NodeId) -> Op:
        """The operation of ``node``."""
        return self._nodes[node].op

    def reads(self, node: NodeId) -> tuple[NodeId, ...]:
        """The operands of ``node``."""
        return self._nodes[node].reads

    def output(self, name: str, node: NodeId) -> None:
        """Ask for ``node`` under ``name``."""
        if name in self._outputs:
            raise AssertionError(f"output {name} is named twice")
        self._outputs[name] = node

    def inner(self, name: str, node: NodeId) -> None:
        """Call ``node`` by ``name`` without asking for it."""
        self._inner[name] = node

    def graph(self) -> Graph:
        """What was built."""
        for node, origins in self._also.items():
            if len(origins) != len(self._nodes[node].also):
                self._nodes[node] = replace(self._nodes[node], also=tuple(origins))
        return Graph(tuple(self._nodes), dict(self._outputs), dict(self._inner))

    def stack(self, parts: Sequence[NodeId], to: Grain) -> NodeId:
        """The columns ``parts`` under one another, as rows of ``to``."""
        return self.add(Stack(tuple(parts), to))

    # ---- short forms -------------------------------------------------------------------------------------------

    def column(self, grain: Grain, name: str, label: str = "") -> NodeId:
        """Column ``name`` of ``grain``."""
        return self.add(Column(grain, name), label=label)

    def constant(self, value: ops.Literal, kind: ValueType, unit: Unit | None = None, label: str = "") -> NodeId:
        """One value for all rows."""
        return self.add(Constant(value, kind, unit), label=label)

    def number(self, value: Fraction | int, unit: Unit = RATIO, label: str = "") -> NodeId:
        """A constant number in the base of ``unit``."""
        return self.add(Constant(Fraction(value), ValueType.NUMBER, unit), label=label)

    def truth(self, value: bool = True) -> NodeId:
        """The constant condition; the ``where`` of what reads every row."""
        return self.add(Constant(value, ValueType.BOOL))

    def nothing(self, state: State, like: NodeId, label: str = "") -> NodeId:
        """A constant without a value, of the value type and unit of ``like``."""
        type_ = self.type(like)
        return self.add(Constant(None, type_.value, type_.unit, state), label=label)

    def apply(self, fn: Fn, *args: NodeId, label: str = "") -> NodeId:
        """``fn`` of ``args``."""
        return self.add(Apply(fn, args), label=label)

    def has(self, of: NodeId, *states: State, label: str = "") -> NodeId:
        """Whether the state of ``of`` is one of ``states``."""
        return self.add(Apply(Fn.HAS, (of,), frozenset(states)), label=label)

    def choose(self, *cases: tuple[NodeId, NodeId], otherwise: NodeId, label: str = "") -> NodeId:
        """The value of the first of the (condition, value) ``cases`` that is met, else ``otherwise``."""
        return self.add(Choose(cases, otherwise), label=label)

    def rounded(self, of: NodeId, digits: int, mode: Mode = Mode.HALF_UP, label: str = "") -> NodeId:
        """``of`` to ``digits`` decimal places."""
        return self.add(Round(of, digits, mode), label=label)

    def aggregate(
        self,
        fn: Reduce,
        of: NodeId,
        *,
        where: NodeId | None = None,
        key: Sequence[NodeId] = (),
        at: Sequence[NodeId] | None = None,
        to: Grain | None = None,
        label: str = "",
    ) -> NodeId:
        """``fn`` of ``of`` over the rows ``where`` (all, if None) with ``key`` equal to ``at``.

        Without ``at`` and ``to``, each row gets the fact of its own group, or, without a key, all get the scalar.
        """
        where = self.truth() if where is None else where
        at = tuple(key) if at is None else tuple(at)
        if to is None:
            to = next((self.type(node).grain for node in at if self.type(node).grain), SCALAR)
        return self.add(Aggregate(fn, of, where, tuple(key), at, to), label=label)

    def mean(
        self,
        of: NodeId,
        *,
        where: NodeId | None = None,
        key: Sequence[NodeId] = (),
        at: Sequence[NodeId] | None = None,
        to: Grain | None = None,
        label: str = "",
    ) -> NodeId:
        """Sum divided by count; 不涉及 where nothing is counted."""
        total = self.aggregate(Reduce.SUM, of, where=where, key=key, at=at, to=to)
        count = self.aggregate(Reduce.COUNT, of, where=where, key=key, at=at, to=to)
        # dividing by max(count, 1) keeps the branch that is not taken from being reported as a zero divisor
        mean = self.apply(Fn.DIVIDE, total, self.apply(Fn.GREATEST, count, self.number(1)))
        none = self.apply(Fn.EQUAL, count, self.number(0))
        return self.choose((none, self.nothing(State.ABSENT, mean)), otherwise=mean, label=label)


def intern_key(op: Op) -> object:
    """What two operations that are one node share; ``True``, ``1`` and ``Fraction(1)`` are equal to Python alone."""
    match op:
        case Constant():
            return op, type(op.value)
        case Lookup():
            return op, tuple(type(band.key) for band in op.bands)
        case _:
            return op


__all__ = ["Builder", "Graph", "Node", "ops"]
