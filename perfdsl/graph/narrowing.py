"""The graph as the data at hand need it: what cannot happen with these data is not computed.

A column without a gap leaves nothing to ask about its states; bounds settle most comparisons and clips before
anything runs. So each node is made again from operands that are known better, and falls away where

* its condition, its clip or its rounding is settled by states or bounds, for every row alike;
* it is the same as a node that is there already.

Rounding, adding a constant, multiplying or dividing by a constant keep or turn the order of numbers, so a clip by
constants, and a choice among constants and one number, may as well come after them. They then compare and hand on
whole numbers where they would have had fractions.

A divisor that may be 0 by its bounds hardly ever is. It is taken to be positive, and the program says so among its
``guards``: if a run finds it is not so, the graph is narrowed again without this.

Every node of the old graph has its place in the new one, with the same value in every row. Faults in branches
that no row takes are not met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from perfdsl.graph.exact import COMPUTED, rounded
from perfdsl.graph.graph import Graph, Node, intern_key
from perfdsl.graph.infer import covers_line, infer
from perfdsl.graph.narrowed import Held, Narrowed
from perfdsl.graph.ops import (
    ACROSS,
    Aggregate,
    Apply,
    Band,
    Choose,
    Column,
    Constant,
    Fn,
    Lookup,
    NodeId,
    Op,
    Rank,
    Reduce,
    Round,
)
from perfdsl.graph.planner import Planner
from perfdsl.graph.ranges import Form, Interval, Limits, Plan
from perfdsl.graph.types import ONLY_VALUES, Grain
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, ValueType
from perfdsl.text.records import replace


def narrowed(
    graph: Graph,
    needed: Iterable[NodeId],
    known: Mapping[tuple[Grain, str], Held],
    rows: Mapping[Grain, int],
    limits: Limits,
    doubted: frozenset[NodeId] = frozenset(),
) -> Narrowed:
    """``needed`` of ``graph``, made again for columns of which this much is ``known``.

    ``doubted``: divisions whose divisor was found not to be positive.
    """
    narrower = _Narrower(graph, known, rows, limits, doubted)
    for node in needed:
        narrower.take(node)
    plan = Plan(narrower.planner.steps, limits)
    return Narrowed(
        Graph(tuple(narrower.nodes), {}), narrower.place, tuple(narrower.source), plan, dict(narrower.guards)
    )


def stage_of(made: Node, nodes: Sequence[Node], stages: Sequence[int] | Mapping[NodeId, int]) -> int:
    """The stage of a run in which ``made`` is computed: what reads a result across rows waits for the next one."""
    looks = isinstance(made.op, ACROSS)
    return max((stages[read] + (isinstance(nodes[read].op, ACROSS) and not looks) for read in made.reads), default=0)


class _Narrower:
    def __init__(
        self,
        graph: Graph,
        known: Mapping[tuple[Grain, str], Held],
        rows: Mapping[Grain, int],
        limits: Limits,
        doubted: frozenset[NodeId],
    ) -> None:
        self.graph, self.known, self.doubted = graph, known, doubted
        self.guards: dict[NodeId, NodeId] = {}
        self.nodes: list[Node] = []
        self.stages: list[int] = []
        self.source: list[NodeId] = []
        self.place: dict[NodeId, NodeId] = {}
        stored = {key: each.stored for key, each in known.items() if each.stored is not None}
        self.planner = Planner(self.nodes, stored, rows, limits)
        self._met: dict[object, NodeId] = {}
        self.at_node: NodeId = 0

    def take(self, old: NodeId) -> None:
        """Give ``old`` its place."""
        self.at_node = old
        made = self.graph.nodes[old]
        op = made.op.moved(self.place.__getitem__)
        if isinstance(op, ACROSS):
            op = made.op.moved(self.on_grain)
        self.place[old] = self.add(op)

    def on_grain(self, old: NodeId) -> NodeId:
        """The place of ``old``, on the grain that it had."""
        node, type_ = self.place[old], self.graph.nodes[old].type
        if self.nodes[node].type.grain == type_.grain:
            return node
        return self.make(Choose((), node), type_.grain)

    def add(self, op: Op) -> NodeId:
        """The node for ``op``, or for what it comes to."""
        found = _SIMPLER[type(op)](self, op) if type(op) in _SIMPLER else op
        return found if isinstance(found, int) else self.make(found)

    def make(self, op: Op, grain: Grain | None = None) -> NodeId:
        """The node for just this ``op``, on ``grain`` if that is not the one of its operands."""
        key = intern_key(op), grain
        if key in self._met:
            return self._met[key]
        node, made = len(self.nodes), self.typed(op)
        self.nodes.append(made if grain is None else replace(made, type=replace(made.type, grain=grain)))
        self.source.append(self.at_node)
        self._met[key] = node
        self.stages.append(stage_of(made, self.nodes, self.stages))
        self.planner.put(node)
        return node

    def typed(self, op: Op) -> Node:
        """``op`` with its type; bounds take away states that cannot occur."""
        if isinstance(op, Column):
            type_ = self.graph.nodes[self.at_node].type
            unit = type_.unit or (RATIO if type_.value is ValueType.NUMBER else None)
            return Node(op, replace(type_, unit=unit, states=self.known[op.grain, op.name].states))
        type_ = infer(op, lambda node: self.nodes[node].type, {}, self.op)
        match op:
            case Apply(fn=Fn.DIVIDE, args=(over, under)) if not self.has_zero(under):
                type_ = replace(type_, states=type_.states - {State.PENDING} | self.states(over) | self.states(under))
            case Aggregate(of=of, where=where, key=key, at=at) if key and key == at and self.takes_all(where, of, *key):
                type_ = replace(type_, states=type_.states - {State.ABSENT})
            case Rank() if self.takes_all(op.where, op.of, *op.group, *(node for node, _ in op.then)):
                type_ = replace(type_, states=ONLY_VALUES)
            case Lookup() if self.covers(op):
                states = frozenset[State]().union(*(self.states(band.gives) for band in op.bands))
                type_ = replace(type_, states=states | (self.states(op.of) - ONLY_VALUES))
        return Node(op, type_)

    # ---- what is known of a node

    def takes_all(self, where: NodeId, *read: NodeId) -> bool:
        """Whether no row is left out: ``where`` holds and what is ``read`` is there."""
        return self.truth(where) is True and self.calm(*read)

    def op(self, node: NodeId) -> Op:
        """Its operation."""
        return self.nodes[node].op

    def states(self, node: NodeId) -> frozenset[State]:
        """The states that can occur."""
        return self.nodes[node].type.states

    def calm(self, *nodes: NodeId) -> bool:
        """Whether every row has a value."""
        return all(self.nodes[node].type.states == ONLY_VALUES for node in nodes)

    def bounds(self, node: NodeId) -> Interval | None:
        """Bounds of a number; None where there are none, or for what is no number."""
        range_ = self.planner.steps[node].range
        return None if range_ is None else range_.bounds

    def form(self, node: NodeId) -> Form | None:
        """How a number is held."""
        range_ = self.planner.steps[node].range
        return None if range_ is None else range_.form

    def has_zero(self, node: NodeId) -> bool:
        """Whether a number can be 0."""
        range_ = self.planner.steps[node].range
        return range_ is None or range_.has_zero

    def number(self, node: NodeId) -> Fraction | None:
        """The constant number that ``node`` is."""
        match self.nodes[node].op:
            case Constant(value=Fraction() as value, kind=ValueType.NUMBER):
                return value
            case _:
                return None

    def truth(self, node: NodeId) -> bool | None:
        """The constant condition that ``node`` is."""
        match self.nodes[node].op:
            case Constant(value=bool() as value, kind=ValueType.BOOL):
                return value
            case _:
                return None

    def always(self, value: bool) -> NodeId:
        """The constant condition."""
        return self.make(Constant(value, ValueType.BOOL))

    def is_neutral(self, fn: Fn, place: int, arg: NodeId) -> bool:
        """Whether ``arg``, at its place among the operands of ``fn``, changes nothing."""
        if self.number(arg) != _NEUTRAL[fn] or (place == 0 and fn in _FIRST_STAYS):
            return False
        return _NEUTRAL[fn] == 0 or self.nodes[arg].type.unit == RATIO

    def covers(self, op: Lookup) -> bool:
        """Whether each number within the bounds lies in a band."""
        bounds = self.bounds(op.of)
        if bounds is None or any(band.key is not None for band in op.bands):
            return False
        outside = Band(0, high=bounds[0]), Band(0, low=bounds[1], low_in=False)
        return covers_line([*op.bands, *outside])


# ---- what operations come to ------------------------------------------------------------------------------------


def _apply(at: _Narrower, op: Apply) -> Op | NodeId:
    match op.fn:
        case Fn.HAS:
            states = at.states(op.args[0])
            return at.always(True) if states <= op.states else op if states & op.states else at.always(False)
        case Fn.AND | Fn.OR:
            return _logic(at, op, decides=op.fn is Fn.OR)
        case Fn.NOT:
            value = at.truth(op.args[0])
            return op if value is None else at.always(not value)
        case Fn.LESS | Fn.LESS_EQUAL | Fn.EQUAL:
            return _compared(at, op)
        case _ if at.nodes[op.args[0]].type.value is ValueType.NUMBER:
            return _arithmetic(at, op)
        case _:
            return op


def _logic(at: _Narrower, op: Apply, decides: bool) -> Op | NodeId:
    values = [at.truth(arg) for arg in op.args]
    if decides in values:
        return at.always(decides)
    left = tuple(dict.fromkeys(arg for arg, value in zip(op.args, values, strict=True) if value is None))
    if not left:
        return at.always(not decides)
    return left[0] if len(left) == 1 else replace(op, args=left)


def _compared(at: _Narrower, op: Apply) -> Op | NodeId:
    if not at.calm(*op.args):
        return op
    if op.args[0] == op.args[1]:
        return at.always(op.fn is not Fn.LESS)
    a, b = (at.bounds(arg) for arg in op.args)
    if a is None or b is None:
        return op
    if op.fn is Fn.EQUAL:
        if a == b and a[0] == a[1]:
            return at.always(True)
        return at.always(False) if a[1] < b[0] or b[1] < a[0] else op
    always, never = (a[1] < b[0], a[0] >= b[1]) if op.fn is Fn.LESS else (a[1] <= b[0], a[0] > b[1])
    return at.always(True) if always else at.always(False) if never else op


def _arithmetic(at: _Narrower, op: Apply) -> Op | NodeId:
    if op.fn in _CLIPS:
        op = _clipped(at, op)
    numbers = [at.number(arg) for arg in op.args]
    if op.fn in COMPUTED and None not in numbers and not (op.fn is Fn.DIVIDE and numbers[1] == 0):
        value = COMPUTED[op.fn]([number for number in numbers if number is not None])
        return Constant(value, ValueType.NUMBER, at.typed(op).type.unit)
    if op.fn in _NEUTRAL:
        kept = tuple(arg for place, arg in enumerate(op.args) if not at.is_neutral(op.fn, place, arg))
        op = replace(op, args=kept or op.args[:1])
    if len(op.args) == 1 and op.fn not in _OF_ONE:
        return op.args[0]
    if (inner := _clip_below(at, op)) is not None:
        return inner
    if op.fn is Fn.ADD and len(op.args) > 2:
        op = _by_stage(at, op)
    if op.fn is Fn.DIVIDE:
        op = replace(op, args=(op.args[0], _positive(at, op.args[1])))
    if op.fn is Fn.ABSOLUTE and (bounds := at.bounds(op.args[0])) is not None and bounds[0] >= 0:
        return op.args[0]
    return _after_clip(at, op)


def _clip_below(at: _Narrower, op: Apply) -> NodeId | None:
    """max(min(x, c), 0) as min(max(x, 0), c), which is the same for c >= 0: the clip at 0 is the cheap one."""
    if op.fn is not Fn.GREATEST or len(op.args) != 2 or 0 not in (numbers := [at.number(arg) for arg in op.args]):
        return None
    zero = numbers.index(Fraction(0))
    inner = _clip(at, op.args[1 - zero])
    if not isinstance(inner, Apply) or inner.fn is not Fn.LEAST:
        return None
    if any((number := at.number(arg)) is not None and number < 0 for arg in inner.args):
        return None
    args = (arg if at.number(arg) is not None else at.add(replace(op, args=(arg, op.args[zero]))) for arg in inner.args)
    return at.add(replace(inner, args=tuple(args)))


def _by_stage(at: _Narrower, op: Apply) -> Apply:
    """A sum of sums, one for each stage of its operands, so that what is added early need not be kept one by one."""
    by_stage: dict[int, list[NodeId]] = {}
    for arg in op.args:
        by_stage.setdefault(at.stages[arg], []).append(arg)
    if len(by_stage) == 1 or any(at.form(arg) is not Form.FIXED for arg in op.args):
        return op
    parts = (args[0] if len(args) == 1 else at.make(replace(op, args=tuple(args))) for args in by_stage.values())
    return replace(op, args=tuple(parts))


def _positive(at: _Narrower, divisor: NodeId) -> NodeId:
    """``divisor``, or the least number above 0 that it can be if that is more; which is the same if it is positive."""
    range_ = at.planner.steps[divisor].range
    if at.at_node in at.doubted or not at.calm(divisor) or range_ is None or range_.form is not Form.FIXED:
        return divisor
    if range_.bounds is None or range_.bounds[0] > 0 or range_.bounds[1] <= 0:
        return divisor
    least = at.make(Constant(Fraction(1, range_.under), ValueType.NUMBER, at.nodes[divisor].type.unit))
    positive = at.make(Apply(Fn.GREATEST, (divisor, least)))
    at.guards[positive] = divisor
    return positive


_CLIPS = {Fn.LEAST: 1, Fn.GREATEST: 0}
_OF_ONE = frozenset({Fn.NEGATE, Fn.ABSOLUTE, Fn.FLOOR, Fn.CEIL, Fn.LN})
_FIRST_STAYS = frozenset({Fn.SUBTRACT, Fn.DIVIDE})
_NEUTRAL = {Fn.ADD: Fraction(0), Fn.SUBTRACT: Fraction(0), Fn.MULTIPLY: Fraction(1), Fn.DIVIDE: Fraction(1)}


def _clipped(at: _Narrower, op: Apply) -> Apply:
    """Without the operands that are never the least (greatest)."""
    args = list(dict.fromkeys(op.args))
    for arg in list(args):
        mine = at.bounds(arg)
        if mine is None or not at.calm(arg) or len(args) == 1:
            continue
        for other in args:
            theirs = at.bounds(other)
            if other == arg or theirs is None:
                continue
            if theirs[1] <= mine[0] if op.fn is Fn.LEAST else theirs[0] >= mine[1]:
                args.remove(arg)
                break
    return replace(op, args=tuple(args))


def _after_clip(at: _Narrower, op: Apply) -> Op | NodeId:
    """Where a fraction is clipped first: the clip after the operation, if that keeps the order of numbers."""
    if op.fn in (Fn.FLOOR, Fn.CEIL):
        if (inner := _clip(at, op.args[0])) is not None:
            return _pushed(at, inner, lambda node: at.add(replace(op, args=(node,))), rising=True)
        return op
    if op.fn not in (Fn.ADD, Fn.SUBTRACT, Fn.MULTIPLY, Fn.DIVIDE) or len(op.args) != 2:
        return op
    for place, arg in enumerate(op.args):
        inner, factor = _clip(at, arg), at.number(op.args[1 - place])
        if inner is None or factor is None or (op.fn is Fn.DIVIDE and place == 1):
            continue
        if op.fn in (Fn.MULTIPLY, Fn.DIVIDE) and factor == 0:
            continue
        falls = (factor < 0) if op.fn in (Fn.MULTIPLY, Fn.DIVIDE) else op.fn is Fn.SUBTRACT and place == 1

        def of(node: NodeId, place: int = place) -> NodeId:
            args = (node, op.args[1]) if place == 0 else (op.args[0], node)
            return at.add(replace(op, args=args))

        return _pushed(at, inner, of, rising=not falls)
    return op


def _clip(at: _Narrower, node: NodeId) -> Apply | Choose | None:
    """The clip of a fraction by a constant, or the choice among a fraction and constants, that ``node`` is."""
    if at.form(node) is not Form.FRACTION:
        return None
    match at.op(node):
        case Apply(fn=Fn.LEAST | Fn.GREATEST, args=(a, b)) as op:
            # a clip at 0 looks at the numerator alone, and spares rounding the signs
            return (
                op
                if (at.number(a) is None) != (at.number(b) is None) and 0 not in (at.number(a), at.number(b))
                else None
            )
        case Choose(cases=cases, otherwise=otherwise) as op:
            values = {otherwise, *(value for _, value in cases)}
            return op if sum(not isinstance(at.op(value), Constant) for value in values) == 1 else None
        case _:
            return None


def _pushed(at: _Narrower, inner: Apply | Choose, of: Callable[[NodeId], NodeId], rising: bool) -> NodeId:
    if isinstance(inner, Choose):
        return at.add(Choose(tuple((when, of(value)) for when, value in inner.cases), of(inner.otherwise)))
    fn = inner.fn if rising else (Fn.GREATEST if inner.fn is Fn.LEAST else Fn.LEAST)
    return at.add(Apply(fn, tuple(of(arg) for arg in inner.args)))


def _choose(at: _Narrower, op: Choose) -> Op | NodeId:
    cases, otherwise = [], op.otherwise
    for when, value in op.cases:
        truth = at.truth(when)
        if truth is None:
            cases.append((when, value))
        elif truth:
            otherwise = value
            break
    while cases and cases[-1][1] == otherwise and at.calm(cases[-1][0]):
        cases.pop()
    return Choose(tuple(cases), otherwise) if cases else otherwise


def _lookup(at: _Narrower, op: Lookup) -> Op | NodeId:
    bounds = at.bounds(op.of)
    if bounds is None or not at.calm(op.of):
        return op
    met = tuple(band for band in op.bands if _meets(band, *bounds))
    return replace(op, bands=met or op.bands)


def _meets(band: Band, low: Fraction, high: Fraction) -> bool:
    if band.key is not None:
        return True
    below = band.high is not None and (band.high < low or (band.high == low and not band.high_in))
    above = band.low is not None and (band.low > high or (band.low == high and not band.low_in))
    return not below and not above


def _round(at: _Narrower, op: Round) -> Op | NodeId:
    number = at.number(op.of)
    if number is not None:
        constant = at.op(op.of)
        assert isinstance(constant, Constant)
        return replace(constant, value=rounded(number, op.digits, op.mode))
    if (inner := _clip(at, op.of)) is not None:
        return _pushed(at, inner, lambda node: at.add(replace(op, of=node)), rising=True)
    return op


def _aggregate(at: _Narrower, op: Aggregate) -> Op | NodeId:
    if op.fn is Reduce.COUNT and op.key and at.takes_all(op.where, op.of, *op.key):
        return replace(op, of=op.key[0])  # whatever is counted: all rows count
    return op


_SIMPLER: Mapping[type[Op], Callable[..., Op | NodeId]] = {
    Aggregate: _aggregate,
    Apply: _apply,
    Choose: _choose,
    Lookup: _lookup,
    Round: _round,
}
