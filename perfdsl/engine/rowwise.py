"""Operations that look at one row at a time: sources, functions, choices, lookups, rounding, grades.

Every function takes the frame and the number of its node and gives the node's vector.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import reduce
from math import ceil, floor, gcd
from typing import Any

import numpy as np

from perfdsl.data.arrays import Array, Bools, Ints, States
from perfdsl.engine.frame import Fault, Frame, Wrong, data_column, plain_numbers
from perfdsl.engine.rounding import floor_or_ceil, whole
from perfdsl.engine.values import (
    Number,
    Vector,
    calm,
    calmed,
    everywhere,
    fixed_pair,
    fractions,
    in_form,
    integral,
    is_calm,
    scaled,
    strongest,
)
from perfdsl.graph.ops import (
    Apply,
    Band,
    Choose,
    Column,
    Constant,
    EffectKind,
    Fn,
    Literal,
    Lookup,
    NodeId,
    Op,
    Round,
    Settle,
    SettleCase,
)
from perfdsl.graph.ranges import Form, Tier, constant_divisor, round_factors
from perfdsl.graph.types import ONLY_VALUES, SCALAR, Grain
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.units import ValueType
from perfdsl.text.numbers import OutOfDomain, Real, Unsettled
from perfdsl.text.records import dataclass, replace

# ---- sources ---------------------------------------------------------------------------------------------------


def column(frame: Frame, node: NodeId, op: Column) -> Vector:
    """The cells of the data; texts take their position among the words of the run."""
    data = data_column(frame.data, op)
    values = data.values[frame.span]
    states = calm(len(values)) if data.occurring == ONLY_VALUES else calmed(data.states[frame.span])
    match data.kind:
        case ValueType.NUMBER:
            whole, under = plain_numbers(data, frame.span), 10**data.digits
            if frame.range(node).form is Form.EXACT:
                return vector_of(frame, node, states, frame.integers(node, whole, under))
            return vector_of(frame, node, states, Number(whole.astype(np.int64, copy=False), under))
        case ValueType.TEXT:
            places, found = frame.words.places(data.words), values.astype(np.int64, copy=False)
            if is_calm(states):
                return Vector(op.grain, data.kind, states, places.take(found))
            codes = np.zeros(len(states), dtype=np.int64)
            known = np.flatnonzero(states == State.VALUE)
            codes[known] = places[found[known]]
            return Vector(op.grain, data.kind, states, codes)
        case ValueType.BOOL:
            return Vector(op.grain, data.kind, states, values.astype(np.bool_))
        case _:
            return Vector(op.grain, data.kind, states, values.astype(np.int64))


def constant(frame: Frame, node: NodeId, op: Constant) -> Vector:
    """One row."""
    states = np.array([op.state], dtype=np.uint8)
    if op.kind is ValueType.NUMBER:
        value = op.value if isinstance(op.value, Fraction) else Fraction(0)
        return vector_of(frame, node, states, frame.integers(node, np.array([value.numerator]), value.denominator))
    dtype = np.bool_ if op.kind is ValueType.BOOL else np.int64
    plain = 0 if op.value is None else _code(frame, op.value)
    return Vector(SCALAR, op.kind, states, np.array([plain], dtype=dtype))


def _code(frame: Frame, literal: Literal) -> int:
    """The integer that stands for a literal that is no number."""
    match literal:
        case str():
            return frame.words.place(literal)
        case date():
            return literal.toordinal()
        case _:
            return int(literal)


def vector_of(frame: Frame, node: NodeId, states: States, number: Number) -> Vector:
    """The vector of the number node ``node``."""
    return Vector(frame.type(node).grain, ValueType.NUMBER, states, number.p, number.q)


# ---- functions -------------------------------------------------------------------------------------------------


def apply(frame: Frame, node: NodeId, op: Apply) -> Vector:
    """One function of the operands of a row."""
    args = [frame.vectors[arg] for arg in op.args]
    grain = frame.type(node).grain
    match op.fn:
        case Fn.HAS:
            return _has(op, args[0], grain)
        case Fn.AND | Fn.OR:
            return _and_or(args, grain, decides=op.fn is Fn.OR)
        case Fn.DIVIDE:
            return _divide(frame, node, op, args[0], args[1])
        case Fn.POWER | Fn.LN:
            return _real(frame, node, op, args)
        case _:
            states = strongest(*(arg.states for arg in args))
            return _strict(frame, node, op, args, states)


def _has(op: Apply, arg: Vector, grain: Grain) -> Vector:
    if is_calm(arg.states):
        return Vector(grain, ValueType.BOOL, arg.states, everywhere(State.VALUE in op.states, len(arg.states)))
    asked = np.zeros(len(State), dtype=np.bool_)
    asked[[int(state) for state in op.states]] = True
    return Vector(grain, ValueType.BOOL, calm(len(arg.states)), asked[arg.states])


def _and_or(args: list[Vector], grain: Grain, decides: bool) -> Vector:
    """``decides``: the value that settles the matter whatever the others are (true for OR, false for AND)."""
    rows = max((len(arg.states) for arg in args if len(arg.states) != 1), default=1)
    args = [arg for arg in args if not arg.for_all or arg.values[0] == decides]
    if not args or any(arg.for_all for arg in args):
        return Vector(grain, ValueType.BOOL, calm(rows), everywhere(decides if args else not decides, rows))
    settled = reduce(np.logical_or, (arg.has_value & (arg.values == decides) for arg in args))
    states = strongest(*(arg.states for arg in args))
    if not is_calm(states):
        states = calmed(np.where(settled, np.uint8(State.VALUE), states))
    return Vector(grain, ValueType.BOOL, states, settled if decides else ~settled)


def _strict(frame: Frame, node: NodeId, op: Apply, args: list[Vector], states: States) -> Vector:
    kind, grain = frame.type(node).value, frame.type(node).grain
    if op.fn is Fn.NOT:
        values = args[0].values
        return Vector(grain, kind, states, everywhere(not values[0], len(values)) if args[0].for_all else ~values)
    if args[0].kind is not ValueType.NUMBER:
        found = reduce(_PLAIN[op.fn], (arg.values for arg in args))
        if kind is ValueType.NUMBER:  # the days between two dates
            return vector_of(frame, node, states, frame.integers(node, found))
        return Vector(grain, kind, states, found)
    numbers = [frame.operand(node, arg.number) for arg in args]
    if op.fn in _COMPARE:
        left, right, _ = fixed_pair(*numbers)
        return Vector(grain, kind, states, _COMPARE[op.fn](left, right))
    if op.fn in (Fn.FLOOR, Fn.CEIL):
        whole_numbers = floor_or_ceil(numbers[0], op.fn is Fn.CEIL, frame.step(node).tier)
        return vector_of(frame, node, states, frame.integers(node, whole_numbers))
    return vector_of(frame, node, states, _NUMBERS[op.fn](numbers))


def _add(a: Number, b: Number) -> Number:
    left, right, under = fixed_pair(a, b)
    return Number(left + right, under)


def _subtract(a: Number, b: Number) -> Number:
    left, right, under = fixed_pair(a, b)
    return Number(left - right, under)


def _extreme(pick: Callable[[Array, Array], Array], first: Callable[[Array, Array], Bools]) -> _Pair:
    def of(a: Number, b: Number) -> Number:
        left, right, under = fixed_pair(a, b)
        if isinstance(under, int):
            return Number(pick(left, right), under)
        taken = first(left, right)
        return Number(np.where(taken, a.p, b.p), np.where(taken, a.q, b.q))

    return of


_Pair = Callable[[Number, Number], Number]


def _fold(pair: _Pair) -> Callable[[list[Number]], Number]:
    return lambda numbers: reduce(pair, numbers)


_NUMBERS: dict[Fn, Callable[[list[Number]], Number]] = {
    Fn.ADD: _fold(_add),
    Fn.SUBTRACT: _fold(_subtract),
    Fn.MULTIPLY: _fold(lambda a, b: Number(a.p * b.p, a.q * b.q)),
    Fn.LEAST: _fold(_extreme(np.minimum, np.less_equal)),
    Fn.GREATEST: _fold(_extreme(np.maximum, np.greater_equal)),
    Fn.NEGATE: lambda numbers: Number(-numbers[0].p, numbers[0].q),
    Fn.ABSOLUTE: lambda numbers: Number(np.abs(numbers[0].p), numbers[0].q),
}
_COMPARE: dict[Fn, Callable[[Array, Array], Bools]] = {
    Fn.LESS: np.less,
    Fn.LESS_EQUAL: np.less_equal,
    Fn.EQUAL: np.equal,
}


def _divide(frame: Frame, node: NodeId, op: Apply, over: Vector, under: Vector) -> Vector:
    states = strongest(over.states, under.states)
    top, bottom = (frame.range(arg) for arg in op.args)
    a, b = frame.operand(node, over.number), frame.operand(node, under.number)
    if (fixed := constant_divisor(top, bottom)) is not None and not a.exact:
        factor, common = fixed
        return vector_of(frame, node, states, Number(scaled(a.p, factor), common))
    zero: Bools | None = np.equal(b.p, 0) if bottom.has_zero else None
    if zero is not None and zero.any():
        states = _faults(frame, node, states, zero)
    else:
        zero = None
    if a.exact:
        return vector_of(frame, node, states, _exact_quotient(a, b, zero))
    return vector_of(frame, node, states, _quotient(a, b, zero, bottom.bounds is None or bottom.bounds[0] < 0))


def _faults(frame: Frame, node: NodeId, states: States, wrong: Bools, what: Wrong = Wrong.ZERO_DIVISOR) -> States:
    faulty = wrong & (states == State.VALUE)
    if not faulty.any():
        return states
    frame.faults.append(Fault(node, frame.type(node).grain, tuple(np.flatnonzero(faulty).tolist()), what))
    return np.where(faulty, np.uint8(State.PENDING), states)


def _exact_quotient(a: Number, b: Number, zero: Bools | None) -> Number:
    if zero is None:
        return Number(a.p / b.p)
    # 0 ÷ 1 where the divisor is 0
    return Number(a.p * ~zero / (b.p + zero))


def _quotient(a: Number, b: Number, zero: Bools | None, signed: bool) -> Number:
    """a ÷ b, the sign in the numerator; 0 over 1 where b is 0. ``signed``: b can be negative."""
    common = gcd(a.q, b.q) if isinstance(a.q, int) and isinstance(b.q, int) else 1
    p: Array = _over(np.where(b.p < 0, -a.p, a.p) if signed else a.p, b.q, common)
    q: Array = _over(np.abs(b.p) if signed else b.p, a.q, common)
    return Number(p, q) if zero is None else Number(np.where(zero, 0, p), np.where(zero, 1, q))


def _over(p: Array, q: int | Ints, common: int) -> Array:
    return scaled(p, q // common) if isinstance(q, int) else p * q


def _real(frame: Frame, node: NodeId, op: Apply, args: list[Vector]) -> Vector:
    """Powers and logarithms, number by number; equal fractions are worked out once."""
    states = strongest(*(arg.states for arg in args))
    of, known = fractions(args[0].number), np.broadcast_to(states == State.VALUE, args[0].values.shape)
    exponent = fractions(args[1].number)[0] if op.fn is Fn.POWER else Fraction(1)
    met: dict[Fraction, Fraction | Wrong] = {}
    found: list[Fraction | Wrong] = []
    for value, has_value in zip(of.tolist(), known.tolist(), strict=True):
        if not has_value:
            found.append(Fraction(0))
        elif isinstance(value, Real):
            found.append(_real_of(op.fn, value, exponent))
        else:
            if value not in met:
                met[value] = _real_of(op.fn, value, exponent)
            found.append(met[value])
    for what in Wrong:
        states = _faults(frame, node, states, np.array([one is what for one in found], dtype=np.bool_), what)
    numbers = (Fraction(0) if isinstance(one, Wrong) else one for one in found)
    return vector_of(frame, node, states, Number(np.fromiter(numbers, dtype=object, count=len(found))))


def _real_of(fn: Fn, value: Fraction, exponent: Fraction) -> Fraction | Wrong:
    from perfdsl.graph.reals import ln, power  # loads where there are any

    try:
        return power(value, exponent) if fn is Fn.POWER else ln(value)
    except ZeroDivisionError:
        return Wrong.ZERO_DIVISOR
    except OutOfDomain:
        return Wrong.OUT_OF_DOMAIN
    except Unsettled:
        return Wrong.UNSETTLED


def settled(frame: Frame, node: NodeId, op: Op, work: Callable[[Frame, NodeId, Any], Vector]) -> Vector:
    """``work`` done again where two 实数 could not be told apart: the rows that cannot be decided are 待定.

    Row by row they are those on which ``work`` fails alone; an operation across rows is undecided for every row
    that holds a 实数.
    """
    operands = list(dict.fromkeys(op.operands()))
    grain = next((grain for one in operands if (grain := frame.type(one).grain)), SCALAR)
    here = [one for one in operands if frame.type(one).grain == grain]
    rows = frame.rows[grain]
    across = not isinstance(op, (Apply, Choose, Lookup, Round, Settle))
    failing = np.array([_fails(frame, node, op, work, row, across) for row in range(rows)], dtype=np.bool_)
    frame.faults.append(Fault(node, grain, tuple(np.flatnonzero(failing).tolist()), Wrong.UNSETTLED))
    vectors = {**frame.vectors, **{one: _emptied(frame.vectors[one].spread(rows), failing) for one in here}}
    return work(replace(frame, vectors=vectors, grouped={}), node, op)


def _fails(
    frame: Frame, node: NodeId, op: Op, work: Callable[[Frame, NodeId, Any], Vector], row: int, across: bool
) -> bool:
    if across:
        return any(_holds_real(frame, one, row) for one in op.operands())
    at = np.array([row])
    vectors = {
        one: vector if len(vector.states) == 1 else vector.take(at)
        for one in op.operands()
        for vector in [frame.vectors[one]]
    }
    alone = replace(frame, vectors=vectors, rows=dict.fromkeys(frame.rows, 1), faults=[], decided={}, grouped={})
    try:
        work(alone, node, op)
    except Unsettled:
        return True
    return False


def _holds_real(frame: Frame, node: NodeId, row: int) -> bool:
    values = frame.vectors[node].values
    return row < len(values) and isinstance(values[row], Real)


def _emptied(vector: Vector, rows: Bools) -> Vector:
    """待定 in ``rows``."""
    values = vector.values
    if values.dtype == object:
        values = values.copy()
        values[rows] = Fraction(0)
    return replace(vector, states=np.where(rows, np.uint8(State.PENDING), vector.states), values=values)


_PLAIN: dict[Fn, Callable[[Array, Array], Array]] = {
    Fn.LESS: np.less,
    Fn.LESS_EQUAL: np.less_equal,
    Fn.EQUAL: np.equal,
    Fn.LEAST: np.minimum,
    Fn.GREATEST: np.maximum,
    Fn.SUBTRACT: np.subtract,
}
"""Functions of dates, grades, texts and truths, all of which are integers."""


# ---- choices ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Picker:
    """Collects, condition by condition, where the value of each row comes from."""

    states: States
    p: Array
    q: int | Ints

    def put(self, where: Bools, vector: Vector) -> _Picker:
        """The values of ``vector`` in the rows ``where``."""
        both_calm = is_calm(vector.states) and is_calm(self.states)
        states = calm(len(where)) if both_calm else np.where(where, vector.states, self.states)
        p = np.where(where, vector.values, self.p)
        q = self.q if isinstance(self.q, int) else np.where(where, vector.under, self.q)
        return _Picker(states, p, q)


def _pending(rows: int, like: Vector) -> _Picker:
    """待定 in every row, in the form of ``like``."""
    states = np.full(rows, State.PENDING, dtype=np.uint8)
    p = np.full(rows, Fraction(0) if like.number.exact else 0, dtype=like.values.dtype)
    return _Picker(states, p, like.under if isinstance(like.under, int) else np.ones(rows, dtype=np.int64))


def _parts(frame: Frame, node: NodeId, parts: list[NodeId]) -> list[Vector]:
    """``parts`` in the form of ``node``; that a ladder looks at a Fraction does not make what it gives one."""
    vectors = [frame.vectors[part] for part in parts]
    if not frame.is_number(node):
        return vectors
    double = frame.step(node).double
    held = (vector.number if double else integral(vector.number) for vector in vectors)
    numbers = (in_form(number, frame.range(node)) for number in held)
    return [vector_of(frame, node, vector.states, number) for vector, number in zip(vectors, numbers, strict=True)]


def choose(frame: Frame, node: NodeId, op: Choose) -> Vector:
    """The cases are laid over ``otherwise`` from the last to the first, so that the first one met ends on top."""
    values = _parts(frame, node, [*(value for _, value in op.cases), op.otherwise])
    last = values.pop()
    picked = _Picker(last.states, last.values, last.under)
    for (when, _), value in zip(reversed(op.cases), reversed(values), strict=True):
        condition = frame.vectors[when]
        if condition.for_all:
            picked = _Picker(value.states, value.values, value.under) if condition.values[0] else picked
            continue
        picked = picked.put(condition.true, value)
        if not is_calm(condition.states):
            picked = replace(picked, states=np.where(condition.has_value, picked.states, condition.states))
    return Vector(frame.type(node).grain, frame.type(node).value, calmed(picked.states), picked.p, picked.q)


def lookup(frame: Frame, node: NodeId, op: Lookup) -> Vector:
    """The bands are laid over 待定 from the last to the first."""
    of = frame.vectors[op.of]
    number = frame.operand(node, of.number) if frame.is_number(op.of) else of.number
    values = _parts(frame, node, [band.gives for band in op.bands])
    picked = _pending(len(of.states), values[0])
    for band, value in zip(reversed(op.bands), reversed(values), strict=True):
        picked = picked.put(_in_band(frame, band, of, number), value)
    states = picked.states if is_calm(of.states) else np.where(of.has_value, picked.states, of.states)
    return Vector(frame.type(node).grain, frame.type(node).value, calmed(states), picked.p, picked.q)


def _in_band(frame: Frame, band: Band, of: Vector, number: Number) -> Bools:
    if of.kind is not ValueType.NUMBER:
        assert band.key is not None
        return np.equal(of.values, _code(frame, band.key))
    low, high, low_in, high_in = band.low, band.high, band.low_in, band.high_in
    if isinstance(band.key, Fraction):
        low, high, low_in, high_in = band.key, band.key, True, True
    inside = np.ones(len(of.states), dtype=np.bool_)
    if low is not None:
        inside &= at_least(number, low) if low_in else ~at_most(number, low)
    if high is not None:
        inside &= at_most(number, high) if high_in else ~at_least(number, high)
    return inside


def at_least(number: Number, end: Fraction) -> Bools:
    """number >= end."""
    left, right = _against(number, end, ceil)
    found: Bools = left >= right
    return found


def at_most(number: Number, end: Fraction) -> Bools:
    """number <= end."""
    left, right = _against(number, end, floor)
    found: Bools = left <= right
    return found


def _against(number: Number, end: Fraction, to_whole: Callable[[Fraction], int]) -> tuple[Array, Any]:
    """Two things that compare like ``number`` and ``end``; ``to_whole`` keeps the end on its side of every integer."""
    p, q = number
    if number.exact:
        return p, end
    if isinstance(q, int):
        return p, to_whole(end * q)
    return p * end.denominator, q * end.numerator


# ---- rounding and grades ---------------------------------------------------------------------------------------


def round_(frame: Frame, node: NodeId, op: Round) -> Vector:
    """One division to a whole number of units of the last digit."""
    of, tier, digits = frame.vectors[op.of], frame.step(node).tier, op.digits
    found = _last_digits(frame, op, tier, frame.operand(node, of.number))
    number = frame.integers(node, scaled(found, 10 ** max(-digits, 0)), 10 ** max(digits, 0))
    return vector_of(frame, node, of.states, number)


def _last_digits(frame: Frame, op: Round, tier: Tier, number: Number) -> Array:
    if tier is Tier.EXACT:
        return whole(Number(number.p * Fraction(10) ** op.digits), op.mode, tier)
    range_ = frame.range(op.of)
    signed = range_.bounds is None or range_.bounds[0] < 0
    over, under = round_factors(range_, op.digits)
    if isinstance(number.q, int):
        return whole(Number(scaled(number.p, over), under), op.mode, tier, signed)
    return whole(Number(scaled(number.p, over), scaled(number.q, under)), op.mode, tier, signed)


def settle(frame: Frame, node: NodeId, op: Settle) -> Vector:
    """Effects in order; remembers which case was the last to change the grade."""
    start, *conditions = frame.spread([op.start, *(case.when for case in op.cases)])
    grade, states = start.values, start.states
    decided = np.full(len(states), -1, dtype=np.int64)
    for place, (case, condition) in enumerate(zip(op.cases, conditions, strict=True)):
        changed = condition.true & (_after(case, grade, len(op.order) - 1) != grade)
        decided = np.where(changed, place, decided)
        grade = np.where(changed, _after(case, grade, len(op.order) - 1), grade)
        states = np.where(condition.states >= BLOCKING, np.uint8(State.PENDING), states)
    states = np.where(states >= BLOCKING, np.uint8(State.PENDING), states)
    frame.decided[node] = np.where(states == State.VALUE, decided, -1)
    return Vector(frame.type(node).grain, ValueType.GRADE, states, grade)


def _after(case: SettleCase, grade: Ints, worst: int) -> Ints:
    match case.effect:
        case EffectKind.SET:
            return np.full_like(grade, case.amount)
        case EffectKind.AT_MOST:  # no better than: positions count from the best
            return np.maximum(grade, case.amount)
        case EffectKind.AT_LEAST:
            return np.minimum(grade, case.amount)
        case EffectKind.DROP:
            return np.minimum(grade + case.amount, worst)
