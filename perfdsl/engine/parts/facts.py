"""Group facts that merge: what one part of the rows says of each group, and what all parts say together.

Sums and counts add, the least of least values is the least, histograms of places add. So facts may be taken of any
split of the rows, in any order. What travels is plain: a key or a value is a text, an integer, or a fraction as two
integers; no code of one part means anything to another.

The rules for states are those of :mod:`perfdsl.engine.groups`: a row that is 未报 or 待定 blocks its group, one whose
key is blocks every group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from perfdsl.data.arrays import Array, Ints, States
from perfdsl.engine.frame import Frame, Words
from perfdsl.engine.groups import Keys, codes, groups, members, together
from perfdsl.engine.rowwise import vector_of
from perfdsl.engine.values import Number, Vector, calmed, fractions, strongest
from perfdsl.graph.ops import Aggregate, Fetch, NodeId, Rank, Reduce
from perfdsl.graph.ranges import Form, Tier, ordering
from perfdsl.graph.types import Grain
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.units import Ties, ValueType
from perfdsl.text.records import dataclass, field, replace

Plain = str | int | tuple[int, int]
"""A text; a date, a grade, a truth; a number as numerator and denominator in lowest terms."""
Key = tuple[Plain, ...]
Gathered = Aggregate | Fetch | Rank
"""Operations whose facts merge."""

MOST_GROUPS = 200_000
MOST_PLACES = 1 << 24
"""Groups of a fact, and different values that are ranked, that are brought together in one place."""


class TooMany(Exception):
    """More groups, or more places, than can be brought together."""

    def __init__(self, node: NodeId, count: int) -> None:
        super().__init__(f"node {node}: {count} groups or places")
        self.node, self.count = node, count


class Vocabulary(Words):
    """The texts of one part, numbered as they are met. Texts are only ever told apart, never put in order."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        super().__init__(texts)
        self._all = list(self.texts)

    def place(self, text: str) -> int:
        """Number of ``text``."""
        found = self._place.get(text)
        if found is None:
            found = self._place[text] = len(self._all)
            self._all.append(text)
        return found

    def places(self, texts: Sequence[str]) -> Ints:
        """Numbers of ``texts``."""
        return np.fromiter((self.place(text) for text in texts), dtype=np.int64, count=len(texts))

    @property
    def all(self) -> list[str]:
        """The texts by their numbers."""
        return self._all

    def text(self, place: int) -> str:
        """The text of that number; what stands where there is no value may be none."""
        return self._all[place] if place < len(self._all) else ""


@dataclass(frozen=True, eq=False)
class Facts:
    """Facts of one node.

    ``keys``: the groups; of each ``counts`` the rows that are read, ``blocked`` the state it gets instead of a fact,
    ``values`` the fact (None for none), ``states`` that of the row that was fetched. ``everywhere``: the state of all
    groups alike. ``place``: for a rank, the group and the measures of each place that is taken, ``taken`` by how many.
    """

    keys: tuple[Key, ...]
    counts: Ints
    blocked: States
    everywhere: int = 0
    values: tuple[Plain | None, ...] = ()
    states: States = field(default_factory=lambda: np.zeros(0, dtype=np.uint8))
    place: tuple[Array, ...] = ()
    taken: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @cached_property
    def at(self) -> Mapping[Key, int]:
        """The group of a key."""
        return {key: place for place, key in enumerate(self.keys)}

    @cached_property
    def levels(self) -> tuple[Array, ...]:
        """What places are looked up by, column after column."""
        found, joined = [], np.zeros(len(self.taken), dtype=np.int64)
        for column in self.place:
            different, at = np.unique(column, return_inverse=True)
            pairs, joined = np.unique(joined * max(len(different), 1) + at, return_inverse=True)
            found += [different, pairs]
        return tuple(found)

    def standing(self, columns: Sequence[Array]) -> Ints:
        """Which of the places each row of ``columns`` (its group and its measures) has."""
        joined = np.zeros(len(columns[0]), dtype=np.int64)
        for column, different, pairs in zip(columns, self.levels[::2], self.levels[1::2], strict=True):
            at = np.searchsorted(different, column)
            joined = np.searchsorted(pairs, joined * max(len(different), 1) + at)
        return joined


# ---- of one part -------------------------------------------------------------------------------------------------


def source_grain(frame: Frame, op: Gathered) -> Grain:
    """The grain whose rows are read."""
    of = [op.of, *op.key] if isinstance(op, Fetch) else [op.of, op.where]
    if isinstance(op, Aggregate):
        of += op.key
    elif isinstance(op, Rank):
        of += [*(node for node, _ in op.then), *op.group]
    return next((grain for node in of if (grain := frame.type(node).grain)), "")


def facts_of(frame: Frame, node: NodeId, op: Gathered, asked: Mapping[Key, int] | None = None) -> Facts:
    """The facts that the rows of ``frame`` give. ``asked``: keys that somebody asks for; None: any."""
    match op:
        case Aggregate():
            found = _aggregate(frame, node, op)
        case Fetch():
            found = _fetch(frame, op)
        case Rank():
            found = _rank(frame, op)
    return found if asked is None else _only(found, asked)


def _only(facts: Facts, asked: Mapping[Key, int]) -> Facts:
    """Without the groups that nobody asks for; ranks are asked for by their own rows."""
    if facts.place:
        return facts
    kept = [place for place, key in enumerate(facts.keys) if key in asked]
    return replace(
        facts,
        keys=tuple(facts.keys[place] for place in kept),
        counts=facts.counts[kept],
        blocked=facts.blocked[kept],
        values=tuple(facts.values[place] for place in kept),
        states=facts.states[kept] if len(facts.states) else facts.states,
    )


@dataclass(frozen=True, eq=False)
class _Groups:
    """``of``: the group of each row, -1 where a key has no value; ``keys`` of the groups; ``states``: of the keys."""

    of: Ints
    keys: tuple[Key, ...]
    states: States


def _grouped(frame: Frame, nodes: Sequence[NodeId], vectors: Sequence[Vector], rows: int) -> _Groups:
    key = Keys(nodes, vectors, rows)
    found = groups(frame, key, key)
    known = np.flatnonzero(found.key_states == State.VALUE)
    first = np.full(found.size, -1, dtype=np.int64)
    first[found.of[known]] = known
    there = np.flatnonzero(first >= 0)
    number = np.full(found.size, -1, dtype=np.int64)
    number[there] = np.arange(len(there))
    of = np.full(rows, -1, dtype=np.int64)
    of[known] = number[found.of[known]]
    columns = [plain(frame, vector.take(first[there])) for vector in vectors]
    keys = tuple(zip(*columns, strict=True)) if columns else ((),) * len(there)
    return _Groups(of, keys, found.key_states)


def plain(frame: Frame, vector: Vector) -> list[Plain]:
    """Values as they travel."""
    match vector.kind:
        case ValueType.NUMBER:
            return [_pair(value) for value in fractions(vector.number).tolist()]
        case ValueType.TEXT:
            assert isinstance(frame.words, Vocabulary)
            return [frame.words.text(place) for place in vector.values.tolist()]
        case _:
            return [int(value) for value in vector.values.tolist()]


def _pair(value: Fraction) -> tuple[int, int]:
    return value.numerator, value.denominator


def _aggregate(frame: Frame, node: NodeId, op: Aggregate) -> Facts:
    of, where, *keys = frame.spread([op.of, op.where, *op.key])
    found = _grouped(frame, op.key, keys, len(of.states))
    size = len(found.keys)
    taking = members(where, of.states, found.states, np.maximum(found.of, 0), max(size, 1))
    read = np.flatnonzero(taking.counts)
    group = found.of[read]
    counts = np.bincount(group, minlength=size)
    facts = Facts(found.keys, counts, taking.blocked[:size], taking.everywhere)
    match op.fn:
        case Reduce.COUNT:
            return replace(facts, values=tuple((count, 1) for count in counts.tolist()))
        case Reduce.SUM:
            return replace(facts, values=_sums(frame, node, of.number.take(read), group, size))
        case _:
            [code] = codes(frame, [op.of], [of])
            here = -code[read] if op.fn is Reduce.GREATEST else code[read]
            order = np.lexsort((here, group))
            starts = np.flatnonzero(np.diff(group[order], prepend=-1))
            values: list[Plain | None] = [None] * size
            holders = read[order[starts]]
            for at, value in zip(group[order[starts]].tolist(), plain(frame, of.take(holders)), strict=True):
                values[at] = value
            return replace(facts, values=tuple(values))


def _sums(frame: Frame, node: NodeId, number: Number, group: Ints, size: int) -> tuple[Plain, ...]:
    if isinstance(number.q, int) and frame.range(node).form is not Form.EXACT:
        sums = np.zeros(size, dtype=np.int64)
        np.add.at(sums, group, number.p)
        return tuple(_pair(Fraction(each, number.q)) for each in sums.tolist())
    exact = [Fraction(0)] * size
    for at, value in zip(group.tolist(), fractions(number), strict=True):
        exact[at] += value
    return tuple(map(_pair, exact))


def _fetch(frame: Frame, op: Fetch) -> Facts:
    of, *keys = frame.spread([op.of, *op.key])
    found = _grouped(frame, op.key, keys, len(of.states))
    size = len(found.keys)
    known = np.flatnonzero(found.of >= 0)
    row = np.zeros(size, dtype=np.int64)
    row[found.of[known]] = known
    fetched = of.take(row)
    valued = np.flatnonzero(fetched.states == State.VALUE)
    values: list[Plain | None] = [None] * size
    for at, value in zip(valued.tolist(), plain(frame, fetched.take(valued)), strict=True):
        values[at] = value
    counts = np.bincount(found.of[known], minlength=size)
    none = np.zeros(size, dtype=np.uint8)
    return Facts(found.keys, counts, none, 0, tuple(values), fetched.states.astype(np.uint8))


def _measures(frame: Frame, op: Rank) -> tuple[list[Array], States]:
    """What stands for each measure in every part alike, the first place the least; the strongest state of each row."""
    order = [(op.of, op.greatest_first), *op.then]
    vectors = frame.spread([node for node, _ in order] + [op.where])[:-1]
    found = list[Array]()
    code: Array
    for (node, greatest_first), vector in zip(order, vectors, strict=True):
        match ordering([frame.range(node)], frame.plan.limits)[0] if frame.is_number(node) else Tier.INTEGER:
            case Tier.INTEGER:
                [code] = codes(frame, [node], [vector])
            case Tier.SINGLE:  # double quotients, which are equal for equal numbers only
                code = np.true_divide(vector.values, vector.under)
            case _:
                code = fractions(vector.number)
        found.append(-code if greatest_first else code)
    return found, strongest(*(vector.states for vector in vectors))


def _rank(frame: Frame, op: Rank) -> Facts:
    columns, states = _measures(frame, op)
    where, *keys = _spread_like(frame, op)
    found = _grouped(frame, op.group, keys, len(where.states))
    size = len(found.keys)
    taking = members(where, states, found.states, np.maximum(found.of, 0), max(size, 1))
    read = np.flatnonzero(taking.counts)
    standing = [found.of[read], *(column[read] for column in columns)]
    place, taken = _histogram(standing, np.ones(len(read), dtype=np.int64))
    counts = np.bincount(found.of[read], minlength=size)
    return Facts(found.keys, counts, taking.blocked[:size], taking.everywhere, (), _NO_STATES, place, taken)


_NO_STATES = np.zeros(0, dtype=np.uint8)


def _spread_like(frame: Frame, op: Rank) -> list[Vector]:
    """Where and group, on the rows that are ranked."""
    others = [op.of, *(node for node, _ in op.then)]
    return frame.spread([op.where, *op.group, *others])[: 1 + len(op.group)]


def _histogram(columns: Sequence[Array], weights: Ints) -> tuple[tuple[Array, ...], Ints]:
    """The different rows of ``columns``, in order, and the sum of the ``weights`` of each."""
    if not len(weights):
        return tuple(columns), weights
    numbered = [np.unique(column, return_inverse=True) for column in columns]
    joined, size = together([at for _, at in numbered], len(weights))
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, joined, weights)
    first = np.full(size, -1, dtype=np.int64)
    first[joined] = np.arange(len(weights))
    there = np.flatnonzero(sums)
    return tuple(column[first[there]] for column in columns), sums[there]


# ---- of all parts ------------------------------------------------------------------------------------------------


def merged(node: NodeId, op: Gathered, parts: Sequence[Facts]) -> Facts:
    """What ``parts`` say together; in whatever order they come.

    Raises:
        TooMany: there are too many groups or places.
    """
    place: dict[Key, int] = {}
    for part in parts:
        for key in part.keys:
            place.setdefault(key, len(place))
    size = len(place)
    if size > MOST_GROUPS:
        raise TooMany(node, size)
    where = [np.fromiter((place[key] for key in part.keys), dtype=np.int64, count=len(part.keys)) for part in parts]
    counts, blocked = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.uint8)
    for part, at in zip(parts, where, strict=True):
        counts[at] += part.counts
        blocked[at] = np.maximum(blocked[at], part.blocked)
    everywhere = max((part.everywhere for part in parts), default=0)
    found = Facts(tuple(place), counts, np.maximum(blocked, np.uint8(everywhere)), everywhere)
    if isinstance(op, Rank):
        return _merged_places(node, found, parts, where)
    return _merged_values(op, found, parts, where)


def _merged_values(op: Aggregate | Fetch, found: Facts, parts: Sequence[Facts], where: Sequence[Ints]) -> Facts:
    values: list[Plain | None] = [None] * len(found.keys)
    states = np.zeros(len(found.keys), dtype=np.uint8)
    for part, at in zip(parts, where, strict=True):
        for group, value in zip(at.tolist(), part.values, strict=True):
            values[group] = _both(op, values[group], value)
        if isinstance(op, Fetch):
            states[at] = part.states
    return replace(found, values=tuple(values), states=states)


def _both(op: Aggregate | Fetch, one: Any, other: Any) -> Plain | None:
    """The fact of two parts; None: nothing was read."""
    if one is None or other is None or isinstance(op, Fetch):
        found: Plain | None = other if one is None else one
        return found
    if op.fn in (Reduce.SUM, Reduce.COUNT):
        return _pair(Fraction(*one) + Fraction(*other))
    first, second = (Fraction(*each) if isinstance(each, tuple) else each for each in (one, other))
    if op.fn is Reduce.LEAST:
        return one if first <= second else other  # type: ignore[no-any-return]
    return one if first >= second else other  # type: ignore[no-any-return]


def _merged_places(node: NodeId, found: Facts, parts: Sequence[Facts], where: Sequence[Ints]) -> Facts:
    full = [(part, at) for part, at in zip(parts, where, strict=True) if len(part.taken)]
    if not full:
        width = max((len(part.place) for part in parts), default=0)
        return replace(found, place=(np.zeros(0, dtype=np.int64),) * width)
    groups_, *measures = (np.concatenate(each) for each in zip(*(part.place for part, _ in full), strict=True))
    ends = np.cumsum([len(part.taken) for part, _ in full])
    pieces = np.split(groups_.astype(np.int64), ends[:-1])
    group = np.concatenate([at[piece] for piece, (_, at) in zip(pieces, full, strict=True)])
    place, taken = _histogram([group, *measures], np.concatenate([part.taken for part, _ in full]))
    if len(taken) > MOST_PLACES:
        raise TooMany(node, len(taken))
    return replace(found, place=place, taken=taken)


# ---- for the rows that ask ---------------------------------------------------------------------------------------


def answered(frame: Frame, node: NodeId, op: Gathered, facts: Facts) -> Vector:
    """The facts of all parts, handed to the rows of ``frame`` that ask for them."""
    match op:
        case Aggregate():
            return _aggregated(frame, node, op, facts)
        case Fetch():
            return _fetched(frame, node, op, facts)
        case Rank():
            return _ranked(frame, node, op, facts)


def asked_keys(frame: Frame, op: Aggregate | Fetch, rows: int) -> frozenset[Key]:
    """The keys that the rows of ``frame`` ask for."""
    return frozenset(_grouped(frame, op.at, [frame.vectors[at].spread(rows) for at in op.at], rows).keys)


def _asking(frame: Frame, nodes: Sequence[NodeId], vectors: Sequence[Vector], rows: int, facts: Facts) -> _Groups:
    """The group of each row among those of ``facts``; the last and one more for a key that nobody has."""
    found = _grouped(frame, nodes, vectors, rows)
    nobody = len(facts.keys)
    number = np.array([*(facts.at.get(key, nobody) for key in found.keys), nobody], dtype=np.int64)
    return _Groups(number[found.of], facts.keys, found.states)


def _aggregated(frame: Frame, node: NodeId, op: Aggregate, facts: Facts) -> Vector:
    rows = frame.rows[op.to]
    asking = _asking(frame, op.at, [frame.vectors[at].spread(rows) for at in op.at], rows, facts)
    nothing = (0, 1) if op.fn in (Reduce.SUM, Reduce.COUNT) else None
    values = [*facts.values, nothing]
    own = np.array([State.ABSENT if value is None else State.VALUE for value in values], dtype=np.uint8)
    blocked = np.append(facts.blocked, np.uint8(facts.everywhere))
    states = np.where(blocked > State.VALUE, blocked, own)[asking.of]
    return _handed(frame, node, values, np.where(asking.states > State.VALUE, asking.states, states), asking.of)


def _fetched(frame: Frame, node: NodeId, op: Fetch, facts: Facts) -> Vector:
    rows = frame.rows[frame.type(node).grain]
    asking = _asking(frame, op.at, [frame.vectors[at].spread(rows) for at in op.at], rows, facts)
    own = np.append(facts.states, np.uint8(State.MISSING))
    own[:-1][facts.counts > 1] = State.PENDING
    states = own[asking.of]
    values = [*facts.values, None]
    return _handed(frame, node, values, np.where(asking.states > State.VALUE, asking.states, states), asking.of)


def _handed(frame: Frame, node: NodeId, values: Sequence[Plain | None], states: States, at: Ints) -> Vector:
    """``values`` in the form of ``node``, for the rows that stand ``at`` them."""
    type_ = frame.type(node)
    return replace(opened(frame, node, values).take(at), grain=type_.grain, states=calmed(states))


def opened(frame: Frame, node: NodeId, values: Sequence[Plain | None]) -> Vector:
    """``values`` in the form of ``node``; None is 0."""
    type_, calm_states = frame.type(node), np.zeros(len(values), dtype=np.uint8)
    if type_.value is not ValueType.NUMBER:
        dtype = np.bool_ if type_.value is ValueType.BOOL else np.int64
        coded = (frame.words.place(each) if isinstance(each, str) else (each or 0) for each in values)
        return Vector(type_.grain, type_.value, calm_states, np.array(list(coded), dtype=dtype))
    numbers = [Fraction(*each) if isinstance(each, tuple) else Fraction(0) for each in values]
    range_ = frame.range(node)
    match range_.form:
        case Form.FIXED:
            whole = np.array([int(each * range_.under) for each in numbers], dtype=np.int64)
            return vector_of(frame, node, calm_states, Number(whole, range_.under))
        case Form.FRACTION:
            p = np.array([each.numerator for each in numbers], dtype=np.int64)
            q = np.array([each.denominator for each in numbers], dtype=np.int64)
            return vector_of(frame, node, calm_states, Number(p, q))
        case Form.EXACT:
            return vector_of(frame, node, calm_states, Number(np.fromiter(numbers, dtype=object, count=len(numbers))))


def _ranked(frame: Frame, node: NodeId, op: Rank, facts: Facts) -> Vector:
    columns, measured = _measures(frame, op)
    where, *keys = _spread_like(frame, op)
    rows = len(where.states)
    own = _grouped(frame, op.group, keys, rows)
    taking = members(where, measured, own.states, np.maximum(own.of, 0), max(len(own.keys), 1))
    asking = _asking(frame, op.group, keys, rows, facts)
    read = np.flatnonzero(taking.counts)
    place = np.zeros(rows, dtype=np.int64)
    if len(read):
        standing = facts.standing([asking.of[read], *(column[read] for column in columns)])
        place[read] = _PLACES[op.ties](facts)[standing]
    blocked = np.append(facts.blocked, np.uint8(facts.everywhere))
    states = np.where(taking.counts | taking.blocking, blocked[asking.of], np.uint8(State.ABSENT))
    states = np.where(taking.blocking & (own.states >= BLOCKING), np.uint8(facts.everywhere), states)
    under = 2 if op.ties is Ties.AVERAGE else 1
    return vector_of(frame, node, calmed(states), frame.integers(node, place, under))


def _before(facts: Facts, each: Ints) -> Ints:
    """The sum of ``each`` over the places before, within the group."""
    before, group = np.cumsum(each) - each, facts.place[0].astype(np.int64)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    first = np.zeros(len(facts.keys), dtype=np.int64)
    first[group[starts]] = before[starts]
    found: Ints = before - first[group]
    return found


_PLACES: Mapping[Ties, Callable[[Facts], Ints]] = {
    Ties.COMPETITION: lambda facts: _before(facts, facts.taken) + 1,
    Ties.DENSE: lambda facts: _before(facts, np.ones_like(facts.taken)) + 1,
    Ties.AVERAGE: lambda facts: 2 * (_before(facts, facts.taken) + 1) + facts.taken - 1,
}
