"""The type of a node from the types of its operands.

Every mistake that can be seen without data is seen here: operands of two grains, points added to pieces, a text
that is rounded. Units of counts, ranks and runs are ratios (a count of rows has no measure word), so that a sum
divided by a count keeps the unit of the sum.

``states`` of the result is what can occur, never less; it may name a state that the data happens not to bring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from perfdsl.graph.ops import (
    Aggregate,
    Apply,
    Band,
    Choose,
    Column,
    Constant,
    EffectKind,
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
from perfdsl.graph.types import ONLY_VALUES, SCALAR, Grain, NodeType
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.units import RATIO, Unit, ValueType
from perfdsl.text.records import replace

NUMBER, BOOL, TEXT, DATE, GRADE = ValueType
ORDERED = frozenset({NUMBER, DATE, GRADE})
"""Value types with a before and an after."""
DAYS = Unit(("日",))
"""Unit of the difference of two dates."""

TypeOf = Callable[[NodeId], NodeType]
OpOf = Callable[[NodeId], Op]
Columns = Mapping[tuple[Grain, str], NodeType]
States = frozenset[State]


class GraphTypeError(Exception):
    """Operands that do not fit their operation; ``str()`` says which and why."""


def infer(op: Op, type_of: TypeOf, columns: Columns, op_of: OpOf | None = None) -> NodeType:
    """The type of ``op``.

    ``op_of``, where given, lets a division by a constant be seen for what it is: it cannot fail.

    Raises:
        GraphTypeError: the operands do not fit.
    """
    if isinstance(op, Apply):
        type_ = _apply(op, [type_of(arg) for arg in op.args], op_of)
    else:
        type_ = _INFER[type(op)](op, type_of, columns)
    if type_.value is NUMBER and not type_.real and any(type_of(node).real for node in _handed_on(op)):
        return replace(type_, real=True)
    return type_


def _handed_on(op: Op) -> Iterable[NodeId]:
    """The operands whose numbers, unrounded, go into the result."""
    match op:
        case Apply(fn=fn, args=args) if fn not in (Fn.FLOOR, Fn.CEIL):
            return args
        case Choose(cases=cases, otherwise=otherwise):
            return *(value for _, value in cases), otherwise
        case Lookup(bands=bands):
            return [band.gives for band in bands]
        case Fetch(of=of) | Aggregate(of=of) if not (isinstance(op, Aggregate) and op.fn is Reduce.COUNT):
            return (of,)
        case Stack(parts=parts):
            return parts
    return ()


@lru_cache(maxsize=1024)
def strict(*operands: States) -> States:
    """States that can win where each operand brings one of its own and the strongest wins."""
    floor = max((min(states) for states in operands), default=State.VALUE)
    return frozenset(state for states in operands for state in states if state >= floor) or ONLY_VALUES


def blocking(*operands: NodeType) -> States:
    """The states of the operands from 未报 on."""
    return frozenset(state for operand in operands for state in operand.states if state >= BLOCKING)


def absent(*operands: NodeType) -> States:
    """The states of the operands in which there is no value."""
    return frozenset(state for operand in operands for state in operand.states) - ONLY_VALUES


def common_grain(what: str, operands: Sequence[NodeType]) -> Grain:
    """The one grain of ``operands``; scalars go with every grain.

    Raises:
        GraphTypeError: two grains.
    """
    found = SCALAR
    for operand in operands:
        grain = operand.grain
        if grain not in (SCALAR, found):
            if found != SCALAR:
                every = dict.fromkeys(one.grain for one in operands if one.grain != SCALAR)
                raise GraphTypeError(f"{what}: operands live on different grains: {', '.join(every)}")
            found = grain
    return found


def covers_line(bands: Iterable[Band]) -> bool:
    """Whether every number lies in a band."""
    inside = True  # whether the point at ``edge`` itself is still to be covered; ``edge`` None: from -infinity on
    edge: Fraction | None = None
    for band in sorted((band for band in bands if band.key is None), key=_by_low):
        if band.low is not None:
            if edge is None or band.low > edge:
                return False
            if band.low == edge and inside and not band.low_in:
                return False
        if band.high is None:
            return True
        if edge is None or band.high > edge:
            edge, inside = band.high, not band.high_in
        elif band.high == edge:
            inside = inside and not band.high_in
    return False


def _by_low(band: Band) -> tuple[bool, Fraction, bool]:
    return band.low is not None, band.low or Fraction(0), not band.low_in


# ---- sources ---------------------------------------------------------------------------------------------------


def _column(op: Column, _: TypeOf, columns: Columns) -> NodeType:
    try:
        return columns[op.grain, op.name]
    except KeyError:
        raise GraphTypeError(f"column: grain `{op.grain}` has no column `{op.name}`") from None


def _constant(op: Constant, _: TypeOf, __: Columns) -> NodeType:
    if op.state is not State.VALUE:
        if op.value is not None:
            raise GraphTypeError(f"constant: {op.state.chinese} has a value beside it: {op.value!r}")
    elif not _is_literal(op.value, op.kind):
        raise GraphTypeError(f"constant: {op.value!r} is no {op.kind.value}")
    unit = (op.unit or RATIO) if op.kind is NUMBER else op.unit
    if op.kind is not NUMBER and unit is not None:
        raise GraphTypeError(f"constant: a {op.kind.value} has no unit, here `{unit}`")
    return NodeType(SCALAR, op.kind, unit, frozenset({op.state}))


def _is_literal(value: object, kind: ValueType) -> bool:
    match kind:
        case ValueType.NUMBER:
            return isinstance(value, Fraction)
        case ValueType.BOOL:
            return isinstance(value, bool)
        case ValueType.TEXT:
            return isinstance(value, str)
        case ValueType.DATE:
            return isinstance(value, date)
        case ValueType.GRADE:
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0


# ---- row by row ------------------------------------------------------------------------------------------------


def _apply(op: Apply, args: list[NodeType], op_of: OpOf | None) -> NodeType:
    name = op.fn.value
    _arity(name, op.fn, len(args))
    if op.states and op.fn is not Fn.HAS:
        raise GraphTypeError(f"{name}: states are only for has")
    grain = common_grain(name, args)
    if op.fn is Fn.HAS:
        return NodeType(grain, BOOL)
    states = strict(*(arg.states for arg in args))
    match op.fn:
        case Fn.AND | Fn.OR:
            _all(name, args, frozenset({BOOL}))
            return NodeType(grain, BOOL, None, states | ONLY_VALUES if len(states) > 1 or len(args) > 1 else states)
        case Fn.NOT:
            _all(name, args, frozenset({BOOL}))
            return NodeType(grain, BOOL, None, states)
        case Fn.EQUAL:
            _alike(name, args)
            return NodeType(grain, BOOL, None, states)
        case Fn.LESS | Fn.LESS_EQUAL:
            _all(name, args, ORDERED)
            _alike(name, args)
            return NodeType(grain, BOOL, None, states)
        case Fn.LEAST | Fn.GREATEST:
            _all(name, args, ORDERED)
            _alike(name, args)
            return NodeType(grain, args[0].value, args[0].unit, states)
        case Fn.SUBTRACT if args[0].value is DATE:
            _alike(name, args)
            return NodeType(grain, NUMBER, DAYS, states)
        case Fn.MULTIPLY:
            _all(name, args, frozenset({NUMBER}))
            unit = RATIO
            for arg in args:
                unit = unit * _unit(arg)
            return NodeType(grain, NUMBER, unit, states)
        case Fn.DIVIDE:
            _all(name, args, frozenset({NUMBER}))
            if not _is_nonzero(op.args[1], op_of):
                states |= {State.PENDING}
            return NodeType(grain, NUMBER, _unit(args[0]) / _unit(args[1]), states)
        case Fn.POWER:
            return _power(op, args, op_of, grain, states)
        case Fn.LN:
            _all(name, args, frozenset({NUMBER}))
            if _unit(args[0]) != RATIO:
                raise GraphTypeError(f"ln: takes a plain number, not one measured in `{args[0].unit}`")
            return NodeType(grain, NUMBER, RATIO, states | {State.PENDING}, real=True)
        case Fn.ADD | Fn.SUBTRACT | Fn.NEGATE | Fn.ABSOLUTE | Fn.FLOOR | Fn.CEIL:
            _all(name, args, frozenset({NUMBER}))
            _alike(name, args)
            return NodeType(grain, NUMBER, args[0].unit, states)


def _power(op: Apply, args: list[NodeType], op_of: OpOf | None, grain: Grain, states: States) -> NodeType:
    _all("power", args, frozenset({NUMBER}))
    made = op_of(op.args[1]) if op_of else None
    exponent = made.value if isinstance(made, Constant) else None
    if not isinstance(exponent, Fraction):
        raise GraphTypeError("power: the exponent is a constant")
    unit = _unit(args[0]).power(exponent)
    if unit is None:
        raise GraphTypeError(f"power: there is no unit for `{args[0].unit}` to the {exponent}")
    root = exponent.denominator != 1
    open_ = {State.PENDING} if root or exponent < 0 else set()
    return NodeType(grain, NUMBER, unit, states | open_, real=root)


_ONE = frozenset({Fn.NEGATE, Fn.ABSOLUTE, Fn.FLOOR, Fn.CEIL, Fn.NOT, Fn.HAS, Fn.LN})
_TWO = frozenset({Fn.SUBTRACT, Fn.DIVIDE, Fn.LESS, Fn.LESS_EQUAL, Fn.EQUAL, Fn.POWER})


def _arity(name: str, fn: Fn, count: int) -> None:
    if fn in _ONE and count != 1:
        raise GraphTypeError(f"{name}: takes 1 operand, not {count}")
    if fn in _TWO and count != 2:
        raise GraphTypeError(f"{name}: takes 2 operands, not {count}")
    if count == 0:
        raise GraphTypeError(f"{name}: has no operands")


def _is_nonzero(divisor: NodeId, op_of: OpOf | None) -> bool:
    op = op_of(divisor) if op_of else None
    return isinstance(op, Constant) and op.value is not None and op.value != 0


def _all(name: str, args: Iterable[NodeType], kinds: frozenset[ValueType]) -> None:
    for arg in args:
        if arg.value not in kinds:
            wanted = " or ".join(sorted(kind.value for kind in kinds))
            raise GraphTypeError(f"{name}: takes {wanted}, not {arg.value.value}")


def _alike(name: str, args: Sequence[NodeType]) -> None:
    first = args[0]
    for arg in args:
        if arg.value is not first.value:
            raise GraphTypeError(f"{name}: operands are {first.value.value} and {arg.value.value}")
        if arg.unit is not first.unit and arg.unit != first.unit:
            raise GraphTypeError(f"{name}: operands are measured in `{first.unit}` and `{arg.unit}`")


def _unit(type_: NodeType) -> Unit:
    return type_.unit or RATIO


def _conditions(name: str, conditions: Iterable[NodeType]) -> None:
    for condition in conditions:
        if condition.value is not BOOL:
            raise GraphTypeError(f"{name}: a condition is bool, not {condition.value.value}")


def _choose(op: Choose, type_of: TypeOf, _: Columns) -> NodeType:
    conditions = [type_of(when) for when, _ in op.cases]
    values = [*(type_of(value) for _, value in op.cases), type_of(op.otherwise)]
    _conditions("choose", conditions)
    _alike("choose", values)
    states = absent(*conditions).union(*(value.states for value in values))
    return NodeType(common_grain("choose", conditions + values), values[0].value, values[0].unit, states)


def _lookup(op: Lookup, type_of: TypeOf, _: Columns) -> NodeType:
    of, values = type_of(op.of), [type_of(band.gives) for band in op.bands]
    if not values:
        raise GraphTypeError("lookup: has no bands")
    for band in op.bands:
        _band(band, of.value)
    _alike("lookup", values)
    states = absent(of).union(*(value.states for value in values))
    if not _covers(op, of.value):
        states |= {State.PENDING}
    return NodeType(common_grain("lookup", [of, *values]), values[0].value, values[0].unit, states)


def _band(band: Band, kind: ValueType) -> None:
    if band.key is not None:
        if band.low is not None or band.high is not None:
            raise GraphTypeError("lookup: a band is an interval or a key, not both")
        if not _is_literal(band.key, kind):
            raise GraphTypeError(f"lookup: {kind.value} is looked up, the key {band.key!r} is none")
    elif kind is not NUMBER:
        raise GraphTypeError(f"lookup: {kind.value} is looked up by keys, not by intervals")
    elif band.low is not None and band.high is not None and band.low > band.high:
        raise GraphTypeError(f"lookup: the band from {band.low} to {band.high} is upside down")


def _covers(op: Lookup, kind: ValueType) -> bool:
    if kind is BOOL:
        return {band.key for band in op.bands} == {True, False}
    return kind is NUMBER and covers_line(op.bands)


def _round(op: Round, type_of: TypeOf, _: Columns) -> NodeType:
    of = type_of(op.of)
    _all("round", [of], frozenset({NUMBER}))
    return replace(of, real=False) if of.real else of


def _settle(op: Settle, type_of: TypeOf, _: Columns) -> NodeType:
    start, conditions = type_of(op.start), [type_of(case.when) for case in op.cases]
    _all("settle", [start], frozenset({GRADE}))
    _conditions("settle", conditions)
    for case in op.cases:
        if case.amount < 0 or (case.effect is not EffectKind.DROP and case.amount >= len(op.order)):
            raise GraphTypeError(f"settle: {case.effect.value} {case.amount} is outside an order of {len(op.order)}")
    states = frozenset(state for state in start.states if state < BLOCKING)
    if blocking(start, *conditions):
        states |= {State.PENDING}
    return NodeType(common_grain("settle", [start, *conditions]), GRADE, None, states)


# ---- across rows -----------------------------------------------------------------------------------------------


def _rows(name: str, operands: Sequence[NodeType]) -> Grain:
    grain = common_grain(name, operands)
    if grain == SCALAR:
        raise GraphTypeError(f"{name}: every operand is a scalar, so nothing says over which rows")
    return grain


def _keys(name: str, key: Iterable[NodeType], at: Iterable[NodeType]) -> None:
    key, at = list(key), list(at)
    if len(key) != len(at):
        raise GraphTypeError(f"{name}: {len(key)} keys are looked for at {len(at)} values")
    for pair in zip(key, at, strict=True):
        _alike(f"{name} key", pair)


def _fetch(op: Fetch, type_of: TypeOf, _: Columns) -> NodeType:
    of, key, at = type_of(op.of), [type_of(k) for k in op.key], [type_of(a) for a in op.at]
    if not key:
        raise GraphTypeError("fetch: has no key")
    _keys("fetch", key, at)
    _rows("fetch", [of, *key])
    states = of.states | absent(*at) | {State.MISSING, State.PENDING}
    return NodeType(common_grain("fetch", at), of.value, of.unit, states)


def _aggregate(op: Aggregate, type_of: TypeOf, _: Columns) -> NodeType:
    of, where = type_of(op.of), type_of(op.where)
    key, at = [type_of(k) for k in op.key], [type_of(a) for a in op.at]
    name = f"aggregate {op.fn.value}"
    _conditions(name, [where])
    _keys(name, key, at)
    _rows(name, [of, where, *key])
    if (grain := common_grain(name, at)) not in (op.to, SCALAR):
        raise GraphTypeError(f"{name}: the result is on `{op.to}`, its keys are on `{grain}`")
    states = ONLY_VALUES | blocking(of, where, *key) | absent(*at)
    match op.fn:
        case Reduce.COUNT:
            return NodeType(op.to, NUMBER, RATIO, states)
        case Reduce.SUM:
            _all(name, [of], frozenset({NUMBER}))
            return NodeType(op.to, NUMBER, of.unit, states)
        case Reduce.LEAST | Reduce.GREATEST:
            _all(name, [of], ORDERED)
            return NodeType(op.to, of.value, of.unit, states | {State.ABSENT})


def _rank(op: Rank, type_of: TypeOf, _: Columns) -> NodeType:
    where = type_of(op.where)
    measures = [type_of(op.of), *(type_of(node) for node, _ in op.then)]
    group = [type_of(node) for node in op.group]
    _conditions("rank", [where])
    _all("rank", measures, ORDERED)
    grain = _rows("rank", [where, *measures, *group])
    states = ONLY_VALUES | {State.ABSENT} | blocking(where, *measures, *group)
    return NodeType(grain, NUMBER, RATIO, states)


def _streak(op: Streak, type_of: TypeOf, _: Columns) -> NodeType:
    of, along, group = type_of(op.of), type_of(op.along), [type_of(node) for node in op.group]
    _conditions("streak", [of])
    _all("streak along", [along], frozenset({NUMBER}))
    if op.limit is not None and op.limit < 1:
        raise GraphTypeError(f"streak: the limit is {op.limit}, it must be 1 or more")
    grain = _rows("streak", [of, along, *group])
    states = ONLY_VALUES | blocking(of) | absent(along, *group) | {State.PENDING}
    return NodeType(grain, NUMBER, RATIO, states)


def _stack(op: Stack, type_of: TypeOf, _: Columns) -> NodeType:
    parts = [type_of(part) for part in op.parts]
    if not parts:
        raise GraphTypeError("stack: has no parts")
    if any(part.grain == SCALAR for part in parts):
        raise GraphTypeError("stack: a part is a scalar, so nothing says how many rows it has")
    if op.to == SCALAR or any(part.grain == op.to for part in parts):
        raise GraphTypeError(f"stack: the rows of `{op.to}` cannot be made of themselves")
    _alike("stack", parts)
    return NodeType(op.to, parts[0].value, parts[0].unit, frozenset().union(*(part.states for part in parts)))


_INFER: dict[type[Op], Callable[[Any, TypeOf, Columns], NodeType]] = {
    Column: _column,
    Constant: _constant,
    Choose: _choose,
    Lookup: _lookup,
    Fetch: _fetch,
    Aggregate: _aggregate,
    Rank: _rank,
    Streak: _streak,
    Stack: _stack,
    Round: _round,
    Settle: _settle,
}
