"""Which rows belong together: keys, order, and who takes part in a group fact.

Whatever is compared across rows is first turned into integers that compare like the values (:func:`codes`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm, prod
from typing import NamedTuple

import numpy as np

from perfdsl.data.arrays import Bools, Ints, States
from perfdsl.data.scratch import spans
from perfdsl.engine.frame import Frame, Joined
from perfdsl.engine.values import Vector, calm, everywhere, fractions, is_calm, scaled, strongest
from perfdsl.graph.ops import NodeId
from perfdsl.graph.ranges import LIMITS, Range, Tier, ordering
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.units import ValueType
from perfdsl.text.numbers import Real
from perfdsl.text.records import dataclass


def codes(frame: Frame, nodes: Sequence[NodeId], vectors: Sequence[Vector]) -> list[Ints]:
    """For each of ``vectors`` (the values of ``nodes``, all of one kind), integers that compare like the values."""
    if vectors[0].kind is not ValueType.NUMBER:
        return [vector.values.astype(np.int64) for vector in vectors]
    ranges = [frame.range(node) for node in nodes]
    match ordering(ranges, frame.plan.limits)[0]:
        case Tier.INTEGER:
            return _common(ranges, vectors)
        case Tier.SINGLE:
            quotients = [np.true_divide(vector.values, vector.under) for vector in vectors]
            return _split(np.unique(np.concatenate(quotients), return_inverse=True)[1], vectors)
        case _:
            values = [value for vector in vectors for value in fractions(vector.number)]
            return _split(_in_order(values), vectors)


def _in_order(values: list[Fraction]) -> Ints:
    """The place of each of ``values``, equal places for equal ones. 实数 are compared, never hashed."""
    if not any(isinstance(value, Real) for value in values):
        place = {value: i for i, value in enumerate(sorted(set(values)))}
        return np.array([place[value] for value in values], dtype=np.int64)
    order = sorted(range(len(values)), key=values.__getitem__)
    found = np.zeros(len(values), dtype=np.int64)
    for before, at in pairwise(order):
        found[at] = found[before] + (values[before] != values[at])
    return found


def _common(ranges: Sequence[Range], vectors: Sequence[Vector]) -> list[Ints]:
    under = lcm(*(range_.under for range_ in ranges))
    pairs = zip(vectors, ranges, strict=True)
    return [scaled(vector.number.p, under // range_.under) for vector, range_ in pairs]


def _split(joined: Ints, vectors: Iterable[Vector]) -> list[Ints]:
    ends = np.cumsum([len(vector.values) for vector in vectors])
    return np.split(joined, ends[:-1])


MOST_BITS = 62
"""Codes of so many bits are packed in an integer."""


def dense(values: Ints) -> tuple[Ints, int]:
    """(codes from 0 that compare like ``values``, how many codes there can be)."""
    if not len(values):
        return values, 1
    low, high = int(values.min()), int(values.max())
    if high - low <= few(len(values)):
        return (values - low if low else values), high - low + 1
    return _sorted(values, low, high)


def _sorted(values: Ints, low: int, high: int) -> tuple[Ints, int]:
    """The same for values from ``low`` to ``high`` of which there are few among many that there could be."""
    bits = (len(values) - 1).bit_length()
    if (high - low).bit_length() + bits > MOST_BITS:
        found, place = np.unique(values, return_inverse=True)
        return place, len(found)
    # plain integers are sorted far faster than they are put in order: the row stands in the last bits
    keys = values - low
    keys <<= bits
    keys += np.arange(len(keys))
    keys.sort()
    rows = keys & ((1 << bits) - 1)
    keys >>= bits
    rising = np.zeros(len(keys), dtype=np.int64)
    np.cumsum(keys[1:] != keys[:-1], out=rising[1:])
    place = np.empty(len(keys), dtype=np.int64)
    place[rows] = rising
    return place, int(rising[-1]) + 1


def together(
    columns: Sequence[Ints], rows: int, falling: Container[int] = (), block: int = LIMITS.block
) -> tuple[Ints, int]:
    """(one dense code a row for several columns, how many codes there can be).

    Codes compare like the rows, the first column first; those at the places ``falling`` the greatest first.
    """
    if not columns or not rows:
        return np.zeros(rows, dtype=np.int64), 1
    ends = [_ends(column, block) for column in columns]
    size = prod(high - low + 1 for low, high in ends)
    if size.bit_length() <= MOST_BITS:
        packed = _packed(columns, ends, falling, block)
        return (packed, size) if size <= few(rows) else _sorted(packed, 0, size - 1)
    joined, size = dense(-columns[0] if 0 in falling else columns[0])
    for place, column in enumerate(columns[1:], 1):
        code, count = dense(-column if place in falling else column)
        # both factors are at most a few times the number of rows, so the product fits
        joined, size = joined * count + code, size * count
        if size > few(rows):
            joined, size = dense(joined)
    return joined, size


def _ends(values: Ints, block: int) -> tuple[int, int]:
    """The least and the greatest; a block is in the cache when it is looked at again."""
    ends = [(int(values[span].min()), int(values[span].max())) for span in spans(len(values), block)]
    return min(low for low, _ in ends), max(high for _, high in ends)


def _packed(columns: Sequence[Ints], ends: Sequence[tuple[int, int]], falling: Container[int], block: int) -> Ints:
    """The codes of :func:`together`, where each column has a digit of its own."""
    packed = np.zeros(len(columns[0]), dtype=np.int64)
    for span in spans(len(packed), block):
        code = packed[span]
        for place, (column, (low, high)) in enumerate(zip(columns, ends, strict=True)):
            if place:
                code *= high - low + 1
            if place in falling:
                code += high
                code -= column[span]
            else:
                code += column[span]
                code -= low
    return packed


def few(rows: int) -> int:
    """As many codes as are still counted rather than sorted."""
    return 2 * rows + 1024


@dataclass(frozen=True, slots=True)
class Groups:
    """Which group each row belongs to.

    ``key_states`` and ``at_states``: the strongest state among the keys of each such row.
    """

    joined: Joined
    key_states: States
    at_states: States

    @property
    def of(self) -> Ints:
        """The group of each row that is read."""
        return self.joined.of

    @property
    def at(self) -> Ints:
        """The group of each row that asks."""
        return self.joined.at

    @property
    def size(self) -> int:
        """How many groups there can be."""
        return self.joined.size


class Keys(NamedTuple):
    """The key ``nodes`` of some ``rows``, and their values spread on those rows."""

    nodes: Sequence[NodeId]
    vectors: Sequence[Vector]
    rows: int

    @property
    def states(self) -> States:
        """The strongest state among the keys of each row."""
        return strongest(calm(self.rows), *(vector.states for vector in self.vectors))


def groups(frame: Frame, key: Keys, at: Keys) -> Groups:
    """Groups of rows with equal ``key`` and ``at``. Without keys, all rows are one group."""
    met = (tuple(key.nodes), key.rows, tuple(at.nodes), at.rows)
    if met not in frame.grouped:
        frame.grouped[met] = Groups(_joined(frame, key, at), key.states, at.states)
    return frame.grouped[met]


def _joined(frame: Frame, key: Keys, at: Keys) -> Joined:
    block = frame.plan.limits.block
    if tuple(key.nodes) == tuple(at.nodes) and key.rows == at.rows:
        columns = [
            code for node, vector in zip(key.nodes, key.vectors, strict=True) for code in codes(frame, [node], [vector])
        ]
        of, size = together(columns, key.rows, block=block)
        return Joined(of, of, size, block)
    pairs = zip(zip(key.nodes, at.nodes, strict=True), zip(key.vectors, at.vectors, strict=True), strict=True)
    joined = [np.concatenate(codes(frame, nodes, vectors)) for nodes, vectors in pairs]
    place, size = together(joined, key.rows + at.rows, block=block)
    return Joined(place[: key.rows], place[key.rows :], size, block)


@dataclass(frozen=True, slots=True)
class Members:
    """Who takes part in the facts of a group.

    ``counts``: rows that are read. ``blocking``: rows that are undecided themselves. ``blocked``: the state that
    each group gets instead of a fact, 有值 for none; ``everywhere``: that of all groups alike.
    """

    counts: Bools
    blocking: Bools
    blocked: States
    everywhere: int

    @property
    def blocks(self) -> bool:
        """Whether there is a group that cannot be decided."""
        return not is_calm(self.blocked) and bool(self.blocked.any())


def members(where: Vector, measure: States, key: States, place: Ints, size: int) -> Members:
    """Which rows take part, and which groups cannot be decided.

    A row blocks where its condition is 未报 or 待定, or is true and its ``measure`` is. A row in a weaker state, or
    whose condition is false, is left out. A row whose key is in a weaker state belongs to no group; one whose key
    is 未报 or 待定 may belong to any, so that if it counts or blocks, no group is decided.
    """
    if is_calm(where.states) and where.for_all and where.values[0] and is_calm(measure) and is_calm(key):
        return Members(everywhere(True, len(key)), everywhere(False, len(key)), calm(size), int(State.VALUE))
    block = np.where(where.states >= BLOCKING, where.states, 0)
    block = np.where(where.true & (measure >= BLOCKING), measure, block)
    counts = where.true & (measure == State.VALUE)
    in_group, anywhere = key == State.VALUE, (key >= BLOCKING) & (counts | (block > 0))
    worst = int(np.max(strongest(block, key), where=anywhere, initial=0))
    blocked = np.full(size, worst, dtype=np.uint8)
    rows = np.flatnonzero(in_group & (block > 0))
    np.maximum.at(blocked, place[rows], block[rows].astype(np.uint8))
    return Members(counts & in_group, anywhere | (in_group & (block > 0)), blocked, worst)
