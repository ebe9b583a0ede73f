"""What graphs are built with: nodes are typed, and interned, as they are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction

from perfdsl.graph import ops
from perfdsl.graph.graph import Graph, Node, intern_key
from perfdsl.graph.infer import GraphTypeError, infer
from perfdsl.graph.ops import Aggregate, Apply, Choose, Column, Constant, Fn, NodeId, Op, Reduce, Round, Stack
from perfdsl.graph.types import SCALAR, Grain, NodeType
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Mode, Unit, ValueType
from perfdsl.text.citation import Citation
from perfdsl.text.records import dataclass, field, replace


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
