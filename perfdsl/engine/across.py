"""Operations that look across rows: fetch, aggregate, rank, streak, stack."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from math import lcm

import numpy as np

from perfdsl.data.arrays import Array, Bools, Ints, States
from perfdsl.engine.frame import Frame, Joined
from perfdsl.engine.groups import Groups, Keys, Members, codes, groups, members, together
from perfdsl.engine.rowwise import vector_of
from perfdsl.engine.values import EVERY, Number, Vector, calm, exact, fractions, in_form, is_calm, strongest
from perfdsl.graph.ops import Aggregate, Fetch, NodeId, Rank, Reduce, Stack, Streak
from perfdsl.graph.ranges import LIMITS, Form
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.units import Ties, ValueType
from perfdsl.text.records import dataclass, replace

# ---- fetch -----------------------------------------------------------------------------------------------------


def fetch(frame: Frame, node: NodeId, op: Fetch) -> Vector:
    """The one row whose key is asked for. A row whose key has no value is not found by anyone."""
    of, *keys = frame.spread([op.of, *op.key])
    ats = frame.spread(op.at)
    found = groups(frame, Keys(op.key, keys, len(of.states)), Keys(op.at, ats, len(ats[0].states)))
    known = np.flatnonzero(found.key_states == State.VALUE)
    count = np.bincount(found.of[known], minlength=found.size)[found.at]
    row = np.zeros(found.size, dtype=np.int64)
    row[found.of[known]] = known
    states = np.where(count == 1, _take(of, row[found.at]).states, np.uint8(State.PENDING))
    states = np.where(count == 0, np.uint8(State.MISSING), states)
    states = np.where(found.at_states > State.VALUE, found.at_states, states)
    return _cleared(frame, node, _take(of, row[found.at]), states)


def _take(of: Vector, rows: Ints) -> Vector:
    """``rows`` of a vector; where it has none at all, of one row of nothing."""
    if len(of.states):
        return of.take(rows)
    empty = np.fromiter([Fraction(0)], dtype=object, count=1) if of.number.exact else np.zeros(1, of.values.dtype)
    under = of.under if isinstance(of.under, int) else np.ones(1, dtype=np.int64)
    return Vector(of.grain, of.kind, np.zeros(1, np.uint8), empty, under).take(np.zeros_like(rows))


def _cleared(frame: Frame, node: NodeId, vector: Vector, states: States) -> Vector:
    """``vector`` under new ``states`` on the grain of ``node``."""
    type_ = frame.type(node)
    return Vector(type_.grain, type_.value, states, vector.values, vector.under)


# ---- aggregate -------------------------------------------------------------------------------------------------


def aggregate(frame: Frame, node: NodeId, op: Aggregate) -> Vector:
    """The fact of each group, handed to the rows that ask for it."""
    of, where, *keys = frame.spread([op.of, op.where, *op.key])
    rows = frame.rows[op.to]
    ats = [frame.vectors[at].spread(rows) for at in op.at]
    found = groups(frame, Keys(op.key, keys, len(of.states)), Keys(op.at, ats, rows))
    taking = members(where, of.states, found.key_states, found.of, found.size)
    rows_read = _rows(taking.counts)
    facts = _FACTS[op.fn](frame, node, _Read(op.of, of, rows_read, found.of[rows_read], found.size, found))
    return _handed(frame, node, facts, taking, found)


def _rows(counts: Bools) -> Rows:
    """The rows that count; a slice where all do."""
    alike = counts.strides[0] == 0 and len(counts)
    return EVERY if (counts[0] if alike else counts.all()) else np.flatnonzero(counts)


def _handed(frame: Frame, node: NodeId, facts: Vector, taking: Members, found: Groups) -> Vector:
    """The fact of its group for each row that asks."""
    if not taking.blocks and not facts.states.any() and is_calm(found.at_states):
        type_ = frame.type(node)
        return Vector(type_.grain, type_.value, calm(len(found.at)), facts.values, facts.under, found.at)
    states: States = np.where(taking.blocked > State.VALUE, taking.blocked, facts.states)[found.at]
    states = np.where(found.at_states > State.VALUE, found.at_states, states)
    return _cleared(frame, node, facts.take(found.at), states)


Rows = Ints | slice


@dataclass(frozen=True, eq=False, slots=True)
class _Read:
    """The ``rows`` of a vector that are read, and the ``group`` of each, of ``size`` groups, which were ``found``."""

    node: NodeId
    of: Vector
    rows: Rows
    group: Ints
    size: int
    found: Groups

    @property
    def values(self) -> Array:
        """The numerators (or codes) that are read."""
        return self.of.values[self.rows]

    @property
    def number(self) -> Number:
        """The numbers that are read."""
        return self.of.number if isinstance(self.rows, slice) else self.of.number.take(self.rows)


def _facts(frame: Frame, node: NodeId, number: Number) -> Vector:
    return vector_of(frame, node, np.zeros(len(number.p), dtype=np.uint8), number)


def _count(frame: Frame, node: NodeId, read: _Read) -> Vector:
    return _facts(frame, node, frame.integers(node, np.bincount(read.group, minlength=read.size)))


def _sum(frame: Frame, node: NodeId, read: _Read) -> Vector:
    if frame.range(node).form is not Form.EXACT:
        sums = np.zeros(read.size, dtype=np.int64)
        np.add.at(sums, read.group, read.values)
        return _facts(frame, node, Number(sums, read.of.under))
    return _facts(frame, node, Number(_exact_totals(read.number, read)))


def _exact_totals(number: Number, read: _Read) -> Array:
    """Sums as Fractions. Where the denominators at hand have a small common multiple, integers are added."""
    if not number.exact and (common := _small_common(number, len(read.group))) is not None:
        whole = np.zeros(read.size, dtype=np.int64)
        np.add.at(whole, read.group, number.p * (common // number.q))
        totals = [Fraction(each, common) for each in whole.tolist()]
    else:
        parts: list[list[Fraction]] = [[] for _ in range(read.size)]
        for group, value in zip(read.group.tolist(), fractions(number), strict=True):
            parts[group].append(value)
        from perfdsl.graph.reals import total

        totals = [total(each) for each in parts]
    return np.fromiter(totals, dtype=object, count=read.size)


def _small_common(number: Number, rows: int) -> int | None:
    """A common denominator over which the sum of all rows fits int64, if there is one."""
    unders = np.unique(number.q).tolist()
    common = lcm(*unders) if len(unders) <= 1000 else 0
    most = int(np.abs(number.p).max(initial=0)) * max(common, 1) * max(rows, 1)
    return common if common and most < LIMITS.integer else None


def _extreme(frame: Frame, node: NodeId, read: _Read, greatest: bool) -> Vector:
    """A row that holds the least (greatest) value of its group; 不涉及 in a group of nothing."""
    if read.of.kind is not ValueType.NUMBER or frame.range(read.node).form is Form.FIXED:
        return _extreme_value(frame, node, read, greatest)
    [code] = codes(frame, [read.node], [read.of])
    here = -code[read.rows] if greatest else code[read.rows]
    best = np.full(read.size, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(best, read.group, here)
    holder = np.full(read.size, -1, dtype=np.int64)
    holding = here == best[read.group]
    rows = np.arange(len(read.of.values)) if isinstance(read.rows, slice) else read.rows
    holder[read.group[holding]] = rows[holding]
    states = np.where(holder < 0, np.uint8(State.ABSENT), np.uint8(State.VALUE))
    return _cleared(frame, node, _take(read.of, np.maximum(holder, 0)), states)


def _extreme_value(frame: Frame, node: NodeId, read: _Read, greatest: bool) -> Vector:
    """The same where values are integers: in each block the rows are gone through group after group."""
    joined = read.found.joined
    if not isinstance(read.rows, slice):
        joined = Joined(read.group, read.group, read.size, joined.block)
    reduce, values = (np.maximum if greatest else np.minimum), read.values
    best, empty = np.zeros(read.size, dtype=np.int64), np.ones(read.size, dtype=np.bool_)
    for span, rows, there, begins in joined.order:
        found = reduce.reduceat(values[span].take(rows), begins)
        best[there] = np.where(empty[there], found, reduce(best[there], found))
        empty[there] = False
    states = np.where(empty, np.uint8(State.ABSENT), np.uint8(State.VALUE))
    type_ = frame.type(node)
    return Vector(type_.grain, type_.value, states, best, read.of.under)


_FACTS: dict[Reduce, Callable[[Frame, NodeId, _Read], Vector]] = {
    Reduce.COUNT: _count,
    Reduce.SUM: _sum,
    Reduce.LEAST: partial(_extreme, greatest=False),
    Reduce.GREATEST: partial(_extreme, greatest=True),
}


# ---- rank ------------------------------------------------------------------------------------------------------


def rank(frame: Frame, node: NodeId, op: Rank) -> Vector:
    """Places are counted, not sorted: how many rows of the group stand before; once for all rows that stand together."""
    order = [(op.of, op.greatest_first), *op.then]
    where, *rest = frame.spread([op.where, *(measure for measure, _ in order), *op.group])
    measures, keys = rest[: len(order)], rest[len(order) :]
    rows = len(where.states)
    group = Keys(op.group, keys, rows)
    found = groups(frame, group, group)
    taking = members(where, strongest(*(m.states for m in measures)), found.key_states, found.of, found.size)
    read = _rows(taking.counts)
    columns = [code for (m, _), vector in zip(order, measures, strict=True) for code in codes(frame, [m], [vector])]
    falling = {at for at, (_, greatest_first) in enumerate(order, 1) if greatest_first}
    standing, size = together(
        [found.of[read], *(code[read] for code in columns)], len(found.of[read]), falling, frame.plan.limits.block
    )
    places = _PLACES[op.ties](_Standings(standing, size, found.of[read]))
    under, states = (2 if op.ties is Ties.AVERAGE else 1), _rank_states(taking, found)
    if isinstance(read, slice):
        return replace(vector_of(frame, node, states, frame.integers(node, places, under)), at=standing)
    place = np.zeros(rows, dtype=np.int64)
    place[read] = places.take(standing)
    return vector_of(frame, node, states, frame.integers(node, place, under))


def _rank_states(taking: Members, found: Groups) -> States:
    if not taking.blocks and isinstance(_rows(taking.counts), slice):
        return calm(len(found.of))
    states = np.where(taking.counts | taking.blocking, taking.blocked[found.of], np.uint8(State.ABSENT))
    of_no_group = taking.blocking & (found.key_states >= BLOCKING)
    return np.where(of_no_group, np.uint8(taking.everywhere), states)


class _Standings:
    """What rows can be told apart by when they are ranked, in order, one group after another: ``count`` rows each.

    ``begin``: how many rows stand in the groups before that of each.
    """

    def __init__(self, of: Ints, size: int, group: Ints) -> None:
        self.count = np.bincount(of, minlength=size)
        self.group = np.zeros(size, dtype=np.int64)
        self.group[of] = group
        members = np.bincount(group)
        self.begin = (np.cumsum(members) - members)[self.group] if len(group) else self.group


def _competition(found: _Standings) -> Ints:
    """1 + how many rows of the group stand before."""
    before = np.cumsum(found.count) - found.count
    return before - found.begin + 1


def _dense(found: _Standings) -> Ints:
    """1 + how many standings before are taken by somebody of the group."""
    taken = np.cumsum(np.sign(found.count))
    held = found.count > 0
    least = np.full(int(found.group.max(initial=0)) + 1, np.iinfo(np.int64).max, dtype=np.int64)
    np.minimum.at(least, found.group[held], taken[held])
    return taken - least[found.group] + 1


def _halves(found: _Standings) -> Ints:
    """Twice the mean of the places that equal rows take up."""
    return 2 * _competition(found) + found.count - 1


_PLACES = {Ties.COMPETITION: _competition, Ties.DENSE: _dense, Ties.AVERAGE: _halves}


# ---- streak ----------------------------------------------------------------------------------------------------


def streak(frame: Frame, node: NodeId, op: Streak) -> Vector:
    """Runs of true rows along each group.

    Rows that share a place in their group are 待定: nothing says which comes first. A row whose place or group is
    未报 or 待定 may stand anywhere, and leaves its group, or all of them, undecided; one whose place or group is in
    a weaker state stands nowhere and keeps that state.
    """
    of, along, *keys = frame.spread([op.of, op.along, *op.group])
    rows = len(of.states)
    group = Keys(op.group, keys, rows)
    found = groups(frame, group, group)
    placed = np.flatnonzero(strongest(along.states, found.key_states) == State.VALUE)
    [code] = codes(frame, [op.along], [along])
    placed = placed[np.lexsort((code[placed], found.of[placed]))]
    follows = _follows(frame, op.along, along, placed, found.of[placed])
    shared = _shared(code[placed], found.of[placed])
    own = np.where(shared, np.uint8(State.PENDING), of.states[placed])
    count, carried = _runs(of.true[placed], own, follows)
    if op.limit is not None:
        count = np.where(count > 0, (count - 1) % op.limit + 1, 0)
    states, whole = strongest(along.states, found.key_states).copy(), np.zeros(rows, dtype=np.int64)
    states[placed], whole[placed] = carried, count
    return vector_of(frame, node, _unplaced(states, along, found), frame.integers(node, whole))


def _follows(frame: Frame, node: NodeId, along: Vector, placed: Ints, group: Ints) -> Bools:
    """Whether each row stands exactly one after the row before it, in the same group."""
    number = exact(along.number) if frame.range(node).form is not Form.FIXED else along.number
    p, q = number.p[placed], number.q
    follows = np.zeros(len(placed), dtype=np.bool_)
    follows[1:] = (group[1:] == group[:-1]) & (p[1:] == p[:-1] + q)
    return follows


def _shared(code: Ints, group: Ints) -> Bools:
    same = (code[1:] == code[:-1]) & (group[1:] == group[:-1])
    shared = np.zeros(len(code), dtype=np.bool_)
    shared[1:] |= same
    shared[:-1] |= same
    return shared


def _runs(true: Bools, states: States, follows: Bools) -> tuple[Ints, States]:
    """(length of the run up to each row, its state) for rows in their order."""
    here = np.arange(len(true))
    blocking = states >= BLOCKING
    stops = ~blocking & ~true
    start = np.maximum(np.where(follows, 0, here), np.where(stops, here + 1, 0))
    start = np.maximum.accumulate(start)
    carried = np.zeros(len(true), dtype=np.uint8)
    for state in (State.MISSING, State.PENDING):
        last = np.maximum.accumulate(np.where(states == state, here, -1))
        carried = np.where(last >= start, np.uint8(state), carried)
    return here - start + 1, carried


def _unplaced(states: States, along: Vector, found: Groups) -> States:
    """What rows of unknown place or group do to the others."""
    loose = (along.states >= BLOCKING) & (found.key_states == State.VALUE)
    if loose.any():
        worst = np.zeros(found.size, dtype=np.uint8)
        np.maximum.at(worst, found.of[loose], along.states[loose])
        in_group = (found.key_states == State.VALUE) & ((along.states == State.VALUE) | loose)
        states = np.where(in_group, np.maximum(states, worst[found.of]), states)
    anywhere = (found.key_states >= BLOCKING) & ((along.states == State.VALUE) | (along.states >= BLOCKING))
    if anywhere.any():
        worst_of_all = strongest(found.key_states, along.states)[anywhere].max()
        standing = _stands(along.states) & _stands(found.key_states)
        states = np.where(standing, np.maximum(states, worst_of_all), states)
    return states


def _stands(states: States) -> Bools:
    return np.equal(states, int(State.VALUE)) | np.greater_equal(states, int(BLOCKING))


# ---- stack -----------------------------------------------------------------------------------------------------


def stack(frame: Frame, node: NodeId, op: Stack) -> Vector:
    """The parts one under another."""
    vectors = [frame.vectors[part] for part in op.parts]
    states = np.concatenate([vector.states for vector in vectors])
    if not frame.is_number(node):
        type_ = frame.type(node)
        return Vector(type_.grain, type_.value, states, np.concatenate([vector.values for vector in vectors]))
    numbers = [in_form(vector.number, frame.range(node)) for vector in vectors]
    p: Array = np.concatenate([number.p for number in numbers])
    if isinstance(numbers[0].q, int):
        return vector_of(frame, node, states, Number(p, numbers[0].q))
    q = np.concatenate([np.broadcast_to(number.q, number.p.shape) for number in numbers])
    return vector_of(frame, node, states, Number(p, q))
