"""Node after node: bounds, form and tier, from those of the operands (:mod:`perfdsl.graph.ranges` says what they mean)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from math import ceil, gcd, lcm
from typing import Any

from perfdsl.graph import reals
from perfdsl.graph.exact import rounded
from perfdsl.graph.graph import Node
from perfdsl.graph.ops import (
    ACROSS,
    Aggregate,
    Apply,
    Choose,
    Column,
    Constant,
    Fetch,
    Fn,
    Lookup,
    NodeId,
    Op,
    Rank,
    Reduce,
    Round,
    Settle,
    Stack,
    Streak,
)
from perfdsl.graph.ranges import (
    LAST_DAY,
    ZERO,
    Form,
    Interval,
    Limits,
    Range,
    Step,
    Stored,
    Tier,
    constant_divisor,
    ordering,
    round_factors,
    size_of,
)
from perfdsl.graph.types import Grain
from perfdsl.model.units import Ties, ValueType
from perfdsl.text.records import replace

# ---- intervals -------------------------------------------------------------------------------------------------


def _hull(intervals: Iterable[Interval | None]) -> Interval | None:
    low: list[Fraction] = []
    high: list[Fraction] = []
    for interval in intervals:
        if interval is None:
            return None
        low.append(interval[0])
        high.append(interval[1])
    return min(low), max(high)


def _with_zero(interval: Interval | None) -> Interval | None:
    return _hull([interval, (ZERO, ZERO)])


def _plus(a: Interval | None, b: Interval | None) -> Interval | None:
    return None if a is None or b is None else (a[0] + b[0], a[1] + b[1])


def _minus(a: Interval | None) -> Interval | None:
    return None if a is None else (-a[1], -a[0])


def _times(a: Interval | None, b: Interval | None) -> Interval | None:
    if a is None or b is None:
        return None
    corners = [x * y for x in a for y in b]
    return min(corners), max(corners)


def _inverse(divisor: Range) -> Interval | None:
    """Bounds of 1 ÷ divisor, rows with a zero divisor left aside."""
    if divisor.bounds is None:
        return None
    low, high = divisor.bounds
    if low > 0 or high < 0:
        return 1 / high, 1 / low
    if divisor.form is Form.EXACT:
        return None
    least = Fraction(divisor.under)  # a numerator that is not 0 is at least 1
    return (-least if low < 0 else ZERO), (least if high > 0 else ZERO)


def _least_positive(of: Range) -> Fraction | None:
    """The least number greater than 0 that there can be; None where nothing says it."""
    if of.bounds is not None and of.bounds[0] > 0:
        return of.bounds[0]
    return Fraction(1, of.under) if of.form is not Form.EXACT else None


def _power(of: Range, exponent: Fraction) -> Interval | None:
    """Bounds of a power, rows aside that have none."""
    if of.bounds is None:
        return None
    low, high = of.bounds
    least, most = _least_positive(of), max(abs(low) if exponent.denominator == 1 else ZERO, high)
    if most <= 0:
        return ZERO, ZERO
    if exponent >= 0:
        top = reals.outer(reals.power(most, exponent))[1]
    elif least is None or low < 0:
        return None
    else:
        top = reals.outer(reals.power(least, exponent))[1]
    return (-top if low < 0 and exponent.denominator == 1 else ZERO), top


def _ln(of: Range) -> Interval | None:
    """Bounds of a logarithm, rows aside that have none."""
    least = _least_positive(of)
    if of.bounds is None or least is None:
        return None
    if of.bounds[1] <= 0:
        return ZERO, ZERO
    return reals.outer(reals.ln(least))[0], reals.outer(reals.ln(max(of.bounds[1], least)))[1]


def _magnitude(interval: Interval) -> Fraction:
    return max(abs(interval[0]), abs(interval[1]))


# ---- one method per operation ----------------------------------------------------------------------------------


class Planner:
    """Steps, one node after another. ``nodes`` may grow meanwhile; the operands of a node come before it."""

    def __init__(
        self,
        nodes: Sequence[Node],
        stored: Mapping[tuple[Grain, str], Stored],
        rows: Mapping[Grain, int],
        limits: Limits,
    ) -> None:
        self.nodes, self.stored, self.rows, self.limits = nodes, stored, rows, limits
        self.steps: dict[NodeId, Step] = {}

    def put(self, node: NodeId) -> Step:
        """The step of ``node``, from those of its operands."""
        made = self.nodes[node]
        step = self.step(made.op)
        if made.type.real or any(self.nodes[operand].type.real for operand in made.reads):
            step = replace(step, real=True)
        elif step.tier in (Tier.INTEGER, Tier.SINGLE) and not isinstance(made.op, ACROSS):
            # sums, products and comparisons of integers below 2^52 are the same in doubles
            step = replace(step, double=max(step.over, step.under) < self.limits.single)
        self.steps[node] = step
        return step

    def step(self, op: Op) -> Step:
        return _STEPS[type(op)](self, op)

    # -- helpers --

    def range(self, node: NodeId) -> Range:
        found = self.steps[node].range
        assert found is not None, f"node {node} is no number"
        return found

    def is_number(self, node: NodeId) -> bool:
        return self.nodes[node].type.value is ValueType.NUMBER

    def grain_rows(self, *nodes: NodeId) -> int:
        """Rows over which ``nodes``, of one grain or scalar, are read together."""
        grains = {self.nodes[node].type.grain for node in nodes} - {""}
        return self.rows[grains.pop()] if grains else 1

    def make(self, form: Form, bounds: Interval | None, over: int, under: int, *peaks: int) -> Step:
        """A number step; EXACT if a bound, or one of the ``peaks`` met on the way, is too large for int64.

        ``over`` is first made as small as the value allows: p is value × denominator.
        """
        peak = max(over, *peaks, 0)
        if bounds is None or form is Form.EXACT or max(peak, under) >= self.limits.integer:
            return Step(Tier.EXACT, 0 if form is Form.EXACT else peak, under, Range(Form.EXACT, bounds))
        over = min(over, max(abs(end.numerator) * under // end.denominator for end in bounds))
        return Step(Tier.INTEGER, peak, under, Range(form, bounds, over, under))

    def fixed(self, bounds: Interval, under: int = 1) -> Step:
        over = max(-(-abs(end.numerator) * under // end.denominator) for end in bounds)
        return self.make(Form.FIXED, bounds, over, under)

    def plain(self) -> Step:
        """A node that is no number and needs no arithmetic on numbers."""
        return Step(Tier.INTEGER, 1, 1)

    def like(self, node: NodeId, tier: Tier = Tier.INTEGER, over: int = 1, under: int = 1) -> Step:
        """The node's own bounds and 0: some of its rows, or nothing."""
        if not self.is_number(node):
            return Step(tier, over, under)
        range_ = self.range(node)
        bounds = _with_zero(range_.bounds)
        if range_.form is Form.EXACT:
            tier, over = Tier.EXACT, 0
        return Step(tier, max(over, range_.over) if over else 0, under, Range(range_.form, bounds, *_sizes(range_)))

    # -- sources --

    def column(self, op: Column) -> Step:
        stored = self.stored.get((op.grain, op.name))
        if stored is None:
            return self.plain()
        under = 10**stored.digits
        return self.fixed((Fraction(stored.low, under), Fraction(stored.high, under)), under)

    def constant(self, op: Constant) -> Step:
        if op.kind is not ValueType.NUMBER:
            return self.plain()
        number = op.value if isinstance(op.value, Fraction) else ZERO
        return self.fixed((number, number), number.denominator)

    # -- row by row --

    def apply(self, op: Apply) -> Step:
        match op.fn:
            case Fn.ADD:
                return self.fold(self.add, op.args)
            case Fn.SUBTRACT if not self.is_number(op.args[0]):
                return self.fixed((Fraction(-LAST_DAY), Fraction(LAST_DAY)))
            case Fn.SUBTRACT:
                a, b = (self.range(arg) for arg in op.args)
                return self.add(a, Range(b.form, _minus(b.bounds), *_sizes(b)))
            case Fn.MULTIPLY:
                return self.fold(self.multiply, op.args)
            case Fn.DIVIDE:
                return self.divide(*(self.range(arg) for arg in op.args))
            case Fn.NEGATE | Fn.ABSOLUTE:
                of = self.range(op.args[0])
                bounds = _minus(of.bounds)
                if op.fn is Fn.ABSOLUTE and of.bounds is not None:
                    bounds = (ZERO if of.has_zero else min(map(abs, of.bounds))), _magnitude(of.bounds)
                return self.make(of.form, bounds, *_sizes(of))
            case Fn.LEAST | Fn.GREATEST if self.is_number(op.args[0]):
                pick = min if op.fn is Fn.LEAST else max
                return self.fold(lambda a, b: self.extreme(pick, a, b), op.args)
            case Fn.FLOOR | Fn.CEIL:
                return self.rounding(
                    self.range(op.args[0]), 0, lambda v: Fraction(v.__floor__()), lambda v: Fraction(ceil(v))
                )
            case Fn.POWER:
                exponent = self.nodes[op.args[1]].op
                assert isinstance(exponent, Constant) and isinstance(exponent.value, Fraction)
                return self.make(Form.EXACT, _with_zero(_power(self.range(op.args[0]), exponent.value)), 0, 0)
            case Fn.LN:
                return self.make(Form.EXACT, _with_zero(_ln(self.range(op.args[0]))), 0, 0)
            case Fn.LESS | Fn.LESS_EQUAL | Fn.EQUAL if self.is_number(op.args[0]):
                return self.compare(*(self.range(arg) for arg in op.args))
            case _:
                return self.plain()

    def fold(self, pair: Callable[[Range, Range], Step], args: Sequence[NodeId]) -> Step:
        first, *rest = (self.range(arg) for arg in args)
        step = self.make(first.form, first.bounds, *_sizes(first))
        over, under = step.over, step.under
        for range_ in rest:
            assert step.range is not None
            step = pair(step.range, range_)
            over, under = max(over, step.over), max(under, step.under)
        return Step(step.tier, over, under, step.range)

    def add(self, a: Range, b: Range) -> Step:
        bounds = _plus(a.bounds, b.bounds)
        form = _together(a, b)
        left, right, under = _common(form, a, b)
        return self.make(form, bounds, left + right, under)

    def multiply(self, a: Range, b: Range) -> Step:
        form = _together(a, b)
        return self.make(form, _times(a.bounds, b.bounds), size_of(a.over) * size_of(b.over), a.under * b.under)

    def divide(self, a: Range, b: Range) -> Step:
        bounds = _times(a.bounds, _inverse(b))
        if (fixed := constant_divisor(a, b)) is not None:
            factor, under = fixed
            return self.make(Form.FIXED, bounds, size_of(a.over) * abs(factor), under)
        if b.has_zero:
            bounds = _with_zero(bounds)
        if Form.EXACT in (a.form, b.form):
            return self.make(Form.EXACT, bounds, 0, 0)
        common = gcd(a.under, b.under) if a.form is b.form is Form.FIXED else 1
        over, under = size_of(a.over) * (b.under // common), a.under // common * size_of(b.over)
        return self.make(Form.FRACTION, bounds, over, under)

    def extreme(self, pick: Callable[..., Fraction], a: Range, b: Range) -> Step:
        form = _together(a, b)
        bounds = None
        if a.bounds is not None and b.bounds is not None:
            bounds = pick(a.bounds[0], b.bounds[0]), pick(a.bounds[1], b.bounds[1])
        left, right, under = _common(form, a, b)
        if form is Form.FRACTION:
            return self.make(form, bounds, max(a.over, b.over), max(a.under, b.under), left, right)
        return self.make(form, bounds, max(left, right), under)

    def compare(self, a: Range, b: Range) -> Step:
        form = _together(a, b)
        left, right, under = _common(form, a, b)
        over = max(left, right)
        if form is Form.EXACT:
            return Step(Tier.EXACT, 0, 0)
        tier = Tier.INTEGER if max(over, under) < self.limits.integer else Tier.EXACT
        return Step(tier, over, under)

    def round(self, op: Round) -> Step:
        def ends(number: Fraction) -> Fraction:
            return rounded(number, op.digits, op.mode)

        return self.rounding(self.range(op.of), op.digits, ends, ends)

    def rounding(
        self, of: Range, digits: int, low: Callable[[Fraction], Fraction], high: Callable[[Fraction], Fraction]
    ) -> Step:
        """A division to a whole number of units of the last digit. Rounding is monotone, so its ends are rounded."""
        bounds = None if of.bounds is None else (low(of.bounds[0]), high(of.bounds[1]))
        result = self.make(Form.EXACT, None, 0, 0) if bounds is None else self.fixed(bounds, 10 ** max(digits, 0))
        if of.form is Form.EXACT:
            return Step(Tier.EXACT, 0, 0, result.range)
        top, bottom = round_factors(of, digits)
        over, under = size_of(of.over) * top, bottom if of.form is Form.FIXED else of.under * bottom
        return Step(self.division(of.form, over, under, result), over, under, result.range)

    def division(self, form: Form, over: int, under: int, result: Step) -> Tier:
        most = max(over, under)
        if result.tier is Tier.EXACT:
            return Tier.EXACT
        if form is Form.FIXED and under == 1 and most < self.limits.integer:
            return Tier.INTEGER
        if most < self.limits.single:
            return Tier.SINGLE
        return Tier.WIDE if most < self.limits.wide else Tier.EXACT

    def select(self, nodes: Sequence[NodeId], *, gaps: bool = False) -> Step:
        """One of ``nodes`` in each row (or nothing, with ``gaps``)."""
        if not self.is_number(nodes[0]):
            return self.plain()
        ranges = [self.range(node) for node in nodes]
        bounds = _hull(range_.bounds for range_ in ranges)
        bounds = _with_zero(bounds) if gaps else bounds
        forms = {range_.form for range_ in ranges}
        if forms == {Form.FIXED}:
            common = lcm(*(range_.under for range_ in ranges))
            over = max(size_of(range_.over) * (common // range_.under) for range_ in ranges)
            if max(over, common) < self.limits.integer:
                return self.make(Form.FIXED, bounds, over, common)
        form = Form.EXACT if Form.EXACT in forms else Form.FRACTION
        over, under = max(range_.over for range_ in ranges), max(range_.under for range_ in ranges)
        return self.make(form, bounds, over, under)

    def choose(self, op: Choose) -> Step:
        return self.select([*(value for _, value in op.cases), op.otherwise])

    def lookup(self, op: Lookup) -> Step:
        chosen = self.select([band.gives for band in op.bands], gaps=True)
        if not self.is_number(op.of):
            return chosen
        of = self.range(op.of)
        if of.form is Form.FIXED:
            return chosen
        ends = [end for band in op.bands for end in (band.low, band.high, band.key) if isinstance(end, Fraction)]
        if of.form is Form.EXACT:
            return Step(Tier.EXACT, 0, 0, chosen.range)
        over = max((size_of(of.over) * end.denominator for end in ends), default=1)
        under = max((of.under * size_of(abs(end.numerator)) for end in ends), default=1)
        tier = chosen.tier if max(over, under) < self.limits.integer else Tier.EXACT
        return Step(tier, max(over, chosen.over), max(under, chosen.under), chosen.range)

    def settle(self, _: Settle) -> Step:
        return self.plain()

    # -- across rows --

    def fetch(self, op: Fetch) -> Step:
        return self.like(op.of, *self.keys([*zip(op.key, op.at, strict=True)]))

    def aggregate(self, op: Aggregate) -> Step:
        tier, over, under = self.keys([*zip(op.key, op.at, strict=True)])
        rows = self.grain_rows(op.of, op.where, *op.key)
        if op.fn is Reduce.COUNT:
            return _counted(tier, over, under, self.fixed((ZERO, Fraction(rows))))
        if op.fn is Reduce.SUM:
            of = self.range(op.of)
            bounds = _with_zero(_times(of.bounds, (Fraction(rows), Fraction(rows))))
            form = Form.FIXED if of.form is Form.FIXED else Form.EXACT
            return _counted(tier, over, under, self.make(form, bounds, of.over * rows, of.under))
        if not self.is_number(op.of):
            return Step(tier, over, under)
        return self.like(op.of, *_worst([(tier, over, under), ordering([self.range(op.of)], self.limits)]))

    def rank(self, op: Rank) -> Step:
        nodes = [op.of, *(node for node, _ in op.then)]
        tiers = [ordering([self.range(node)], self.limits) for node in nodes if self.is_number(node)]
        tier, over, under = _worst([*tiers, self.keys([(node, node) for node in op.group])])
        halves = 2 if op.ties is Ties.AVERAGE else 1
        rows = self.grain_rows(op.of, op.where, *op.group, *(node for node, _ in op.then))
        return _counted(tier, over, under, self.fixed((ZERO, Fraction(rows)), halves))

    def streak(self, op: Streak) -> Step:
        tiers = [self.keys([(node, node) for node in op.group]), ordering([self.range(op.along)], self.limits)]
        tier, over, under = _worst(tiers)
        rows = self.grain_rows(op.of, op.along, *op.group)
        return _counted(tier, over, under, self.fixed((ZERO, Fraction(rows))))

    def stack(self, op: Stack) -> Step:
        return self.select(op.parts)

    def keys(self, pairs: Sequence[tuple[NodeId, NodeId]]) -> tuple[Tier, int, int]:
        """How keys are compared. Numbers are compared as numbers; all other keys are integers already."""
        numbers = [[self.range(a), self.range(b)] for a, b in pairs if self.is_number(a)]
        return _worst(ordering(ranges, self.limits) for ranges in numbers)


_SLOWNESS = [Tier.INTEGER, Tier.SINGLE, Tier.WIDE, Tier.EXACT]


def _worst(tiers: Iterable[tuple[Tier, int, int]]) -> tuple[Tier, int, int]:
    return max(tiers, key=lambda tier: _SLOWNESS.index(tier[0]), default=(Tier.INTEGER, 1, 1))


def _counted(tier: Tier, over: int, under: int, result: Step) -> Step:
    """Comparing took ``tier``, holding the ``result`` takes its own: the slower of both is that of the node."""
    return Step(*_worst([(tier, over, under), (result.tier, result.over, result.under)]), result.range)


def _sizes(range_: Range) -> tuple[int, int]:
    return range_.over, range_.under


def _together(a: Range, b: Range) -> Form:
    return reduce(_looser, (a.form, b.form))


def _looser(a: Form, b: Form) -> Form:
    order = [Form.FIXED, Form.FRACTION, Form.EXACT]
    return max(a, b, key=order.index)


def _common(form: Form, a: Range, b: Range) -> tuple[int, int, int]:
    """(numerator of a, of b, denominator) over a common denominator, as the engine brings them there."""
    if form is Form.EXACT:
        return 0, 0, 0
    under = lcm(a.under, b.under) if form is Form.FIXED else a.under * b.under
    if form is Form.FRACTION:
        return size_of(a.over) * b.under, size_of(b.over) * a.under, under
    return size_of(a.over) * (under // a.under), size_of(b.over) * (under // b.under), under


_STEPS: Mapping[type[Op], Callable[[Planner, Any], Step]] = {
    Column: Planner.column,
    Constant: Planner.constant,
    Apply: Planner.apply,
    Choose: Planner.choose,
    Lookup: Planner.lookup,
    Fetch: Planner.fetch,
    Aggregate: Planner.aggregate,
    Rank: Planner.rank,
    Streak: Planner.streak,
    Stack: Planner.stack,
    Round: Planner.round,
    Settle: Planner.settle,
}
