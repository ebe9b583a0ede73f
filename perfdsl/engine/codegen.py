"""Nodes → straight-line code (:mod:`perfdsl.engine.kernel`): which nodes can be written as such, and the code of them.

Every number of a value is written once, with its denominator; what is scaled, compared or picked is brought over one
denominator first. At the end values get registers, each free again when it is read for the last time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import ceil, floor, gcd, lcm
from typing import Any, NamedTuple

import numpy as np

from perfdsl.engine.kernel import (
    BOOL,
    CODE,
    FLOAT,
    VIEW,
    WHOLE,
    Call,
    Code,
    Guard,
    Line,
    Load,
    Store,
    common_multiple,
    greatest_of,
    least_of,
    put,
)
from perfdsl.graph.graph import Graph
from perfdsl.graph.narrowed import Narrowed
from perfdsl.graph.ops import Apply, Band, Choose, Column, Constant, Fn, Lookup, NodeId, Op, Round
from perfdsl.graph.ranges import Form, Plan, Range, Tier, constant_divisor, round_factors
from perfdsl.graph.types import ONLY_VALUES, SCALAR
from perfdsl.model.units import Mode, ValueType
from perfdsl.text.records import dataclass, field

Value = int
"""A number of a value in the code; each is computed once."""


class Num(NamedTuple):
    """A number: value ``p`` over ``q``, an int or a value."""

    p: Value
    q: Value | Under


class Under(NamedTuple):
    """A denominator that all rows share."""

    of: int


_CODED = frozenset({ValueType.DATE, ValueType.GRADE})


def simple(narrowed: Narrowed, node: NodeId) -> bool:
    """Whether the operation of ``node`` is straight-line code."""
    graph, plan = narrowed.graph, narrowed.plan
    made, step = graph.nodes[node], plan.steps[node]
    if (
        made.type.grain == SCALAR
        or not step.double
        or not _plain(graph, plan, node)
        or not all(_plain(graph, plan, read) for read in made.reads)
    ):
        return False
    match made.op:
        case Apply(fn=Fn.POWER | Fn.LN | Fn.HAS):
            return False
        case Apply(fn=Fn.DIVIDE, args=(over, under)):
            bottom = plan.range(under)
            return constant_divisor(plan.range(over), bottom) is not None or _positive(bottom)
        case Apply(fn=Fn.SUBTRACT, args=(first, _)):
            return graph.nodes[first].type.value is ValueType.NUMBER
        case Apply() | Choose() | Round():
            return True
        case Lookup(of=of):
            return graph.nodes[of].type.value is ValueType.NUMBER
        case _:
            return False


def _plain(graph: Graph, plan: Plan, node: NodeId) -> bool:
    type_, range_ = graph.nodes[node].type, plan.steps[node].range
    if type_.value is ValueType.TEXT or (type_.value in _CODED and isinstance(graph.nodes[node].op, Constant)):
        return False
    return type_.states == ONLY_VALUES and not type_.real and (range_ is None or range_.form is not Form.EXACT)


def _positive(range_: Range) -> bool:
    return range_.bounds is not None and range_.bounds[0] > 0


def compiled(narrowed: Narrowed, nodes: Sequence[NodeId], kept: Iterable[NodeId]) -> Code:
    """The code of ``nodes``, all simple, in their order; ``kept`` of them are stored, other operands are loaded."""
    writer = _Writer(narrowed.graph, narrowed.plan, narrowed.guards, frozenset(nodes))
    keep = frozenset(kept)
    for node in nodes:
        writer.operand(node)
        if node in keep:
            writer.store(node)
    return writer.code(tuple(node for node in nodes if node in keep))


def about(
    narrowed: Narrowed, node: NodeId, own: Sequence[NodeId], inner: Sequence[NodeId], number: NodeId, scale: float
) -> Code:
    """The code of what ``number`` × ``scale`` is about, in doubles, which are stored for ``node``.

    ``own``: nodes that are simple, of which ``inner`` numbers are made, ``number`` the last of them. Each inner
    operation is one of doubles, in the order of its operands.
    """
    writer = _Writer(narrowed.graph, narrowed.plan, narrowed.guards, frozenset(own))
    found: dict[NodeId, Value] = {}
    for each in inner:
        found[each] = writer.about(narrowed.graph.nodes[each].op, found)
    writer.held[node] = writer.call(np.multiply, found[number], writer.constant(scale))
    writer.store(node)
    return writer.code((node,))


def denominator(
    narrowed: Narrowed, node: NodeId, own: Sequence[NodeId], inner: Sequence[NodeId], number: NodeId
) -> Code:
    """The code of what ``number`` can be written over, which is stored for ``node``: whole doubles; those that are no less
    than :data:`WHOLE` mean nothing else. The rest as for :func:`about`; no numerators are computed."""
    writer = _Writer(narrowed.graph, narrowed.plan, narrowed.guards, frozenset(own))
    found: dict[NodeId, Value | Under] = {}
    for each in inner:
        found[each] = writer.denominator(narrowed.graph.nodes[each].op, found)
    writer.held[node] = writer.as_value(found[number])
    writer.store(node)
    return writer.code((node,))


@dataclass(slots=True)
class _Writer:
    graph: Graph
    plan: Plan
    guards: Mapping[NodeId, NodeId]
    mine: frozenset[NodeId]
    held: dict[NodeId, Num | Value] = field(default_factory=dict)
    kinds: list[str] = field(default_factory=list)
    constants: dict[Value, float | bool] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    scale: dict[Value, tuple[Value, int]] = field(default_factory=dict)
    _scaled: dict[tuple[Value, int], Value] = field(default_factory=dict)
    _known: dict[tuple[float | bool, type], Value] = field(default_factory=dict)

    # ---- values

    def new(self, kind: str) -> Value:
        self.kinds.append(kind)
        return len(self.kinds) - 1

    def constant(self, number: float | bool) -> Value:
        key = (number, type(number))
        if key not in self._known:
            kind = BOOL if isinstance(number, bool) else FLOAT
            self._known[key] = self.new(kind)
            self.constants[self._known[key]] = number
        return self._known[key]

    def call(self, f: Any, *ins: Value, kind: str = FLOAT) -> Value:
        if isinstance(f, np.ufunc) and self.constants.keys() >= set(ins):
            found = f(*(self.constants[each] for each in ins))
            return self.constant(bool(found) if kind == BOOL else float(found))
        out = self.new(kind)
        self.lines.append(Call(f.__name__, ins, out))
        return out

    def number(self, node: NodeId) -> Num:
        found = self.operand(node)
        assert isinstance(found, Num)
        return found

    def plain(self, node: NodeId) -> Value:
        found = self.operand(node)
        assert isinstance(found, int)
        return found

    def operand(self, node: NodeId) -> Num | Value:
        """What holds ``node``, which is computed or loaded when it is first read: so a register is soon free again."""
        if node not in self.held:
            here = node in self.mine or isinstance(self.graph.nodes[node].op, (Column, Constant))
            self.held[node] = self.write(node) if here else self.load(node, None)
        return self.held[node]

    def load(self, node: NodeId, column: Column | None) -> Num | Value:
        kind = self.graph.nodes[node].type.value
        if kind is not ValueType.NUMBER:
            out = self.new(VIEW)
            self.lines.append(Load(node, False, out, column))
            return out
        p, range_ = self.new(FLOAT), self.plan.range(node)
        self.lines.append(Load(node, False, p, column))
        if range_.form is Form.FIXED:
            return Num(p, Under(range_.under))
        q = self.new(FLOAT)
        self.lines.append(Load(node, True, q, column))
        return Num(p, q)

    def store(self, node: NodeId) -> None:
        held = self.held[node]
        self.lines.append(Store(node, False, held.p if isinstance(held, Num) else held))
        if isinstance(held, Num) and not isinstance(held.q, Under):
            self.lines.append(Store(node, True, held.q))

    # ---- operations

    def write(self, node: NodeId) -> Num | Value:
        if node in self.guards:
            # positive, or the run is made again: the greater of it and the least positive number is it itself
            number = self.number(self.guards[node])
            self.lines.append(Guard(node, number.p))
            return number
        match self.graph.nodes[node].op:
            case Column() as op:
                return self.load(node, op)
            case Constant(value=Fraction() as value):
                return Num(self.constant(float(value.numerator)), Under(value.denominator))
            case Constant(value=value):
                return self.constant(bool(value))
            case Apply() as op:
                return self.apply(node, op)
            case Choose() as op:
                return self.choose(node, op)
            case Lookup() as op:
                return self.lookup(node, op)
            case Round() as op:
                return self.round(op, node)
            case op:
                raise AssertionError(op)

    def apply(self, node: NodeId, op: Apply) -> Num | Value:
        if self.graph.nodes[op.args[0]].type.value is not ValueType.NUMBER:
            return self.on_codes(node, op)
        numbers = [self.number(arg) for arg in op.args]
        first, rest = numbers[0], numbers[1:]
        match op.fn:
            case Fn.ADD | Fn.SUBTRACT:
                f = np.add if op.fn is Fn.ADD else np.subtract
                for other in rest:
                    a, b, q = self.pair(first, other)
                    first = Num(self.call(f, a, b), q)
                return first
            case Fn.MULTIPLY:
                for other in rest:
                    first = Num(self.by(first.p, other.p), self.product(first.q, other.q))
                return first
            case Fn.LEAST | Fn.GREATEST:
                for other in rest:
                    first = self.extreme(first, other, op.fn is Fn.LEAST)
                return first
            case Fn.NEGATE | Fn.ABSOLUTE:
                return Num(self.call(np.negative if op.fn is Fn.NEGATE else np.absolute, first.p), first.q)
            case Fn.DIVIDE:
                return self.divide(op, first, rest[0])
            case Fn.FLOOR | Fn.CEIL:
                if self.plan.steps[node].tier is Tier.INTEGER:
                    return Num(first.p, Under(1))
                quotient = self.call(np.true_divide, first.p, self.as_value(first.q))
                return Num(self.call(np.floor if op.fn is Fn.FLOOR else np.ceil, quotient), Under(1))
            case _:
                a, b, _ = self.pair(first, rest[0])
                return self.call(_COMPARE[op.fn], a, b, kind=BOOL)

    def on_codes(self, node: NodeId, op: Apply) -> Value:
        values = [self.plain(arg) for arg in op.args]
        if op.fn is Fn.NOT:
            return self.call(np.logical_not, values[0], kind=BOOL)
        kind, first = self.kind(node), values[0]
        for other in values[1:]:
            first = self.call(_ON_CODES[op.fn], first, other, kind=kind)
        return first

    def kind(self, node: NodeId) -> str:
        return BOOL if self.graph.nodes[node].type.value is ValueType.BOOL else CODE

    def by(self, a: Value, b: Value) -> Value:
        """The product; by a constant, if one of them is one."""
        if a in self.constants:
            a, b = b, a
        return self.scaled(a, int(self.constants[b])) if b in self.constants else self.call(np.multiply, a, b)

    def is_zero(self, value: Value) -> bool:
        return value in self.constants and self.constants[value] == 0

    def scaled(self, p: Value, factor: int) -> Value:
        """``p`` × ``factor``; what was scaled before is scaled once by both."""
        if factor == 1:
            return p
        base, before = self.scale.get(p, (p, 1))
        key = base, before * factor
        if key not in self._scaled:
            self._scaled[key] = self.call(np.multiply, base, self.constant(float(key[1])))
            self.scale[self._scaled[key]] = key
        return self._scaled[key]

    def as_value(self, q: Value | Under) -> Value:
        return self.constant(float(q.of)) if isinstance(q, Under) else q

    def product(self, a: Value | Under, b: Value | Under) -> Value | Under:
        if isinstance(a, Under) and isinstance(b, Under):
            return Under(a.of * b.of)
        return self.by(self.as_value(a), self.as_value(b))

    def pair(self, a: Num, b: Num) -> tuple[Value, Value, Value | Under]:
        """(p of a, p of b, q) over one denominator."""
        if isinstance(a.q, Under) and isinstance(b.q, Under):
            under = lcm(a.q.of, b.q.of)
            return self.scaled(a.p, under // a.q.of), self.scaled(b.p, under // b.q.of), Under(under)
        p, other = self.by(a.p, self.as_value(b.q)), self.by(b.p, self.as_value(a.q))
        return p, other, self.product(a.q, b.q)

    def extreme(self, a: Num, b: Num, least: bool) -> Num:
        if not isinstance(a.q, Under) and self.is_zero(b.p):
            a, b = b, a
        if not isinstance(b.q, Under) and self.is_zero(a.p):
            # denominators are positive
            return Num(self.call(least_of if least else greatest_of, b.p, a.p), b.q)
        left, right, under = self.pair(a, b)
        if isinstance(under, Under):
            return Num(self.call(least_of if least else greatest_of, left, right), under)
        first = self.call(np.less_equal if least else np.greater_equal, left, right, kind=BOOL)
        return self.put(first, a, b)

    def put(self, where: Value, new: Num, old: Num) -> Num:
        """``new`` where the truth ``where`` holds, else ``old``; both over one denominator, or each row over its own."""
        p = self.blend(where, new.p, old.p)
        if isinstance(new.q, Under) and new.q == old.q:
            return Num(p, new.q)
        return Num(p, self.blend(where, self.as_value(new.q), self.as_value(old.q)))

    def blend(self, where: Value, new: Value, old: Value) -> Value:
        """old + where × (new - old): whole doubles below 2^53 all the way, and far faster than picking."""
        more = self.difference(new, old)
        if self.is_zero(more):
            return old
        found = self.call(np.multiply, where, more)
        return found if self.is_zero(old) else self.call(np.add, found, old)

    def difference(self, a: Value, b: Value) -> Value:
        return a if self.is_zero(b) else self.call(np.subtract, a, b)

    def divide(self, op: Apply, over: Num, under: Num) -> Num:
        top, bottom = (self.plan.range(arg) for arg in op.args)
        if (fixed := constant_divisor(top, bottom)) is not None:
            factor, common = fixed
            return Num(self.scaled(over.p, factor), Under(common))
        if isinstance(over.q, Under) and isinstance(under.q, Under):
            common = gcd(over.q.of, under.q.of)
            return Num(self.scaled(over.p, under.q.of // common), self.scaled(under.p, over.q.of // common))
        return Num(self.by(over.p, self.as_value(under.q)), self.by(under.p, self.as_value(over.q)))

    def in_form(self, number: Num, range_: Range) -> Num:
        if range_.form is Form.FIXED:
            assert isinstance(number.q, Under)
            return Num(self.scaled(number.p, range_.under // number.q.of), Under(range_.under))
        return Num(number.p, self.as_value(number.q))

    def choose(self, node: NodeId, op: Choose) -> Num | Value:
        if self.graph.nodes[node].type.value is not ValueType.NUMBER:
            chosen = self.plain(op.otherwise)
            for when, value in reversed(op.cases):
                chosen = self.call(put, self.plain(when), self.plain(value), chosen, kind=self.kind(node))
            return chosen
        range_ = self.plan.range(node)
        picked = self.in_form(self.number(op.otherwise), range_)
        for when, value in reversed(op.cases):
            picked = self.put(self.plain(when), self.in_form(self.number(value), range_), picked)
        return picked

    def lookup(self, node: NodeId, op: Lookup) -> Num | Value:
        of = self.number(op.of)
        number = self.graph.nodes[node].type.value is ValueType.NUMBER
        stairs = _stairs(op.bands)
        bands = stairs if stairs is not None else [*reversed(op.bands)]
        picked: Num | Value | None = None
        below: Num | Value | None = None
        for place, band in enumerate(bands):
            value = self.operand(band.gives)
            if isinstance(value, Num):
                value = self.in_form(value, self.plan.range(node))
            if picked is None:
                # each row lies in a band, so what lies in no other lies in this one
                picked = below = value
                continue
            where = self.reaches(of, band) if stairs is not None else self.inside(of, band)
            if number:
                assert isinstance(value, Num) and isinstance(picked, Num) and isinstance(below, Num), place
                # on stairs, who reaches this step stands on the one below: the step is all there is to add
                picked = (
                    self.step(where, value, below, picked) if stairs is not None else self.put(where, value, picked)
                )
                below = value
            else:
                assert isinstance(value, int) and isinstance(picked, int), place
                picked = self.call(put, where, value, picked, kind=self.kind(node))
        assert picked is not None
        return picked

    def step(self, where: Value, new: Num, below: Num, picked: Num) -> Num:
        """``picked``, and where ``where`` holds the step from ``below`` up to ``new``."""
        more = self.difference(new.p, below.p)
        if not isinstance(new.q, Under) or new.q != below.q or more not in self.constants:
            return self.put(where, new, picked)
        return (
            picked
            if self.is_zero(more)
            else Num(self.call(np.add, picked.p, self.call(np.multiply, where, more)), new.q)
        )

    def reaches(self, of: Num, band: Band) -> Value:
        assert band.low is not None
        return self.beside(of, band.low, np.greater_equal if band.low_in else np.greater)

    def inside(self, of: Num, band: Band) -> Value:
        if isinstance(band.key, Fraction):
            return self.beside(of, band.key, np.equal)
        found: Value | None = None
        if band.low is not None:
            found = self.reaches(of, band)
        if band.high is not None:
            below = self.beside(of, band.high, np.less_equal if band.high_in else np.less)
            found = below if found is None else self.call(np.logical_and, found, below, kind=BOOL)
        return self.constant(True) if found is None else found

    def beside(self, of: Num, end: Fraction, f: Callable[..., Any]) -> Value:
        """``of`` compared with ``end``."""
        if isinstance(of.q, Under):
            point = end * of.q.of
            if point.denominator == 1:
                return self.call(f, of.p, self.constant(float(point)), kind=BOOL)
            if f is np.equal:
                return self.constant(False)
            # no integer lies at the end itself: compare with the one beside it
            up = f in (np.greater_equal, np.greater)
            to = float(ceil(point) if up else floor(point))
            return self.call(np.greater_equal if up else np.less_equal, of.p, self.constant(to), kind=BOOL)
        left, right = self.scaled(of.p, end.denominator), self.scaled(of.q, end.numerator)
        return self.call(f, left, right, kind=BOOL)

    def round(self, op: Round, node: NodeId) -> Num:
        of, range_ = self.number(op.of), self.plan.range(op.of)
        over, under = round_factors(range_, op.digits)
        q = Under(under) if isinstance(of.q, Under) else self.scaled(of.q, under)
        whole = self.scaled(of.p, over)
        if self.plan.steps[node].tier is not Tier.INTEGER:
            quotient = self.call(np.true_divide, whole, self.as_value(q))
            whole = self.whole(op.mode, quotient, range_.bounds is None or range_.bounds[0] < 0)
        return Num(self.scaled(whole, 10 ** max(-op.digits, 0)), Under(10 ** max(op.digits, 0)))

    def whole(self, mode: Mode, quotient: Value, signed: bool) -> Value:
        """The whole number for one correctly rounded ``quotient``; modes act on the magnitude."""
        match mode:
            case Mode.HALF_UP if signed:
                half = self.call(np.copysign, self.constant(0.5), quotient)
                return self.call(np.trunc, self.call(np.add, quotient, half))
            case Mode.HALF_UP:
                return self.call(np.floor, self.call(np.add, quotient, self.constant(0.5)))
            case Mode.HALF_EVEN:
                return self.call(np.rint, quotient)
            case Mode.DOWN:
                return self.call(np.trunc, quotient)
            case Mode.UP if signed:
                return self.call(np.copysign, self.call(np.ceil, self.call(np.absolute, quotient)), quotient)
            case Mode.UP:
                return self.call(np.ceil, quotient)

    # ---- doubles about numbers

    def about(self, op: Op, found: dict[NodeId, Value]) -> Value:
        """What ``op`` comes to in doubles; ``found``: what its operands come to."""

        def of(node: NodeId) -> Value:
            if node not in found:
                p, q = self.number(node)
                one = isinstance(q, Under) and q.of == 1
                found[node] = p if one else self.call(np.true_divide, p, self.as_value(q))
            return found[node]

        match op:
            case Choose(cases=cases, otherwise=otherwise):
                chosen = of(otherwise)
                for when, value in reversed(cases):
                    chosen = self.call(put, self.plain(when), of(value), chosen)
                return chosen
            case Apply(fn=Fn.NEGATE, args=(arg,)):
                return self.call(np.negative, of(arg))
            case Apply(fn=fn, args=args):
                made = of(args[0])
                for arg in args[1:]:
                    made = self.call(_ABOUT[fn], made, of(arg))
                return made
            case _:
                raise AssertionError(op)

    # ---- denominators alone

    def denominator(self, op: Op, found: dict[NodeId, Value | Under]) -> Value | Under:
        """What ``op`` can be written over; ``found``: the same of its operands."""

        def of(node: NodeId) -> Value | Under:
            if node not in found:
                found[node] = self.number(node).q
            return found[node]

        match op:
            case Choose(cases=cases, otherwise=otherwise):
                return reduce(self.multiple, (of(value) for value in (otherwise, *(value for _, value in cases))))
            case Apply(fn=fn, args=args):
                return reduce(self.multiple if fn is not Fn.MULTIPLY else self.bounded_product, map(of, args))
            case _:
                raise AssertionError(op)

    def multiple(self, a: Value | Under, b: Value | Under) -> Value | Under:
        """A common multiple of both; none of many grows out of all bounds."""
        if isinstance(a, Under) and isinstance(b, Under):
            return self.bounded(Under(lcm(a.of, b.of)))
        if a == b or b == Under(1):
            return a
        return b if a == Under(1) else self.call(common_multiple, self.as_value(a), self.as_value(b))

    def bounded_product(self, a: Value | Under, b: Value | Under) -> Value | Under:
        """The product of both; none of many grows out of all bounds."""
        q = self.product(a, b)
        return q if q in (a, b) else self.bounded(q)

    def bounded(self, q: Value | Under) -> Value | Under:
        """``q``, or :data:`WHOLE` if that is less."""
        if isinstance(q, Under):
            return Under(min(q.of, int(WHOLE)))
        return self.call(least_of, q, self.constant(WHOLE))

    # ---- registers

    def used(self) -> list[Line]:
        """The lines whose values somebody reads."""
        read: set[Value] = set()
        kept: list[Line] = []
        for line in reversed(self.lines):
            match line:
                case Call(ins=ins, out=out):
                    if out not in read:
                        continue
                    read.update(ins)
                case Load(out=out):
                    if out not in read:
                        continue
                case Store(of=of) | Guard(of=of):
                    read.add(of)
            kept.append(line)
        return kept[::-1]

    def code(self, stores: tuple[NodeId, ...]) -> Code:
        """The lines with registers for values: one is free again when its value is read for the last time."""
        written = self.used()
        last: dict[Value, int] = {}
        for at, line in enumerate(written):
            match line:
                case Call(ins=ins, out=out):
                    last.update(dict.fromkeys((*ins, out), at))
                case Load(out=out):
                    last[out] = at
                case Store(of=of) | Guard(of=of):
                    last[of] = at
        kinds: list[str] = []
        register: dict[Value, int] = {}
        constants: dict[int, float | bool] = {}
        free: dict[str, list[int]] = {FLOAT: [], BOOL: [], CODE: [], VIEW: []}

        def place(value: Value) -> int:
            if value not in register:
                kind = self.kinds[value]
                shared = value not in self.constants and free[kind]
                register[value] = shared.pop() if shared else len(kinds)
                if register[value] == len(kinds):
                    kinds.append(kind)
                if value in self.constants:
                    constants[register[value]] = self.constants[value]
            return register[value]

        def release(values: Iterable[Value], at: int) -> None:
            for value in dict.fromkeys(values):
                if last[value] == at and value not in self.constants:
                    free[self.kinds[value]].append(register[value])

        lines: list[Line] = []
        for at, line in enumerate(written):
            match line:
                case Call(f=f, ins=ins, out=out):
                    read = tuple(place(value) for value in ins)
                    # every call reads a row before it writes it, so it may write over what it reads for the last time
                    release(ins, at)
                    lines.append(Call(f, read, place(out)))
                    release((out,), at)
                case Load(node=node, under=under, out=out, column=column):
                    lines.append(Load(node, under, place(out), column))
                    release((out,), at)
                case Store(node=node, under=under, of=of):
                    lines.append(Store(node, under, place(of)))
                    release((of,), at)
                case Guard(node=node, of=of):
                    lines.append(Guard(node, place(of)))
                    release((of,), at)
        return Code(tuple(lines), tuple(kinds), constants, stores)


def _stairs(bands: Sequence[Band]) -> list[Band] | None:
    """The bands from the lowest on, if each begins where the one before it ends."""
    if any(band.key is not None for band in bands):
        return None
    rising = sorted(bands, key=lambda band: (band.low is not None, band.low or Fraction(0)))
    meet = all(a.high is not None and a.high == b.low and a.high_in != b.low_in for a, b in pairwise(rising))
    return rising if meet else None


_COMPARE = {Fn.LESS: np.less, Fn.LESS_EQUAL: np.less_equal, Fn.EQUAL: np.equal}
_ABOUT: Mapping[Fn, Callable[..., Any]] = {
    Fn.ADD: np.add,
    Fn.SUBTRACT: np.subtract,
    Fn.MULTIPLY: np.multiply,
    Fn.LEAST: least_of,
    Fn.GREATEST: greatest_of,
}
_ON_CODES = {
    **_COMPARE,
    Fn.AND: np.logical_and,
    Fn.OR: np.logical_or,
    Fn.LEAST: least_of,
    Fn.GREATEST: greatest_of,
}
