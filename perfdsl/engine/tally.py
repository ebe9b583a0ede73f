"""The counting of a ledger: said once in whole numbers, carried out on columns in memory or, block by block, on the disk.

A :class:`Tally` says which number tells the group of a row (its unit first), which its kind, and how high each kind
stands. What comes of it are the *ways* in which rows count, (kind, highest of its group or not, how many are), which
are few, and for each way a worth, in whole numbers, the sums of the units. How it is carried out is not said:
:func:`in_memory` sorts packed integers; :func:`on_disk` does so for some units at a time, and so for ledgers that do
not fit into memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, pairwise
from math import prod
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from perfdsl.data.arrays import Array, Ints
from perfdsl.data.columns import DataTable
from perfdsl.data.scratch import Pile, spans
from perfdsl.text.records import dataclass

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

HIGHEST, LOWER, OUT = 1, 0, 2
"""Places: the highest of its group (one of them), lower, takes no part."""

BLOCK = 1 << 17
"""Rows, or sorted codes, that are gone through at a time: they stay in the cache of a core."""

IN_MEMORY = 1 << 29
"""Bytes of packed integers that are held in memory; ledgers that need more are counted on the disk."""

AT_A_TIME = 1 << 21
"""Rows of the units that :func:`on_disk` counts at a time. A single unit may have more."""

MOST_CODES = 1 << 62

Codes = Array


@dataclass(frozen=True, eq=False)
class Digit:
    """What a column says, as a number from 0 below ``size``.

    A cell with value v is ``of[v - low]``, or v - low itself where there is no ``of``; one in a state is ``states[state]``.
    """

    column: str
    low: int
    size: int
    of: Ints | None = None
    states: Ints | None = None


@dataclass(frozen=True, eq=False)
class Tally:
    """What is counted for facts that look at the same rows.

    ``kinds`` write a number for each row, digit by digit; ``kind`` is the kind of each number, -1 where the rows have
    no say. ``heights``, falling, are those of the kinds, -1 for those that take no part. ``keys`` write the group of a
    row, the digit of its unit first.
    """

    keys: tuple[Digit, ...]
    kinds: tuple[Digit, ...]
    kind: Ints
    heights: Ints

    @property
    def units(self) -> int:
        """How many units there can be."""
        return self.keys[0].size

    @property
    def groups(self) -> int:
        """How many groups there can be."""
        return prod(digit.size for digit in self.keys)

    @property
    def room(self) -> int:
        """How many numbers there are for the kind of a row."""
        return max(len(self.heights), 1)

    @property
    def fits(self) -> bool:
        """Whether group and kind of a row are one number of 64 bits."""
        return self.groups * self.room < MOST_CODES


@dataclass(frozen=True, eq=False)
class Ways:
    """The different ways in which rows count. ``place``: one of the places above; ``equals``: how many rows are highest."""

    kind: Ints
    place: Ints
    equals: Ints


class Tallied(Protocol):
    """What came of a :class:`Tally`."""

    @property
    def ways(self) -> Ways:
        """The ways that there are."""
        ...

    def sums(self, worth: Ints) -> Ints:
        """The sum of ``worth``, which has one for each way, over the rows of each unit."""
        ...


def tallied(table: DataTable, tallies: Sequence[Tally], pool: ThreadPoolExecutor) -> list[Tallied]:
    """Carry out ``tallies``, in memory where it is enough.

    Raises:
        NoRoom: the disk is full.
    """
    size = sum(_Packing(tally).dtype.itemsize for tally in tallies) * table.rows
    return (in_memory if size <= IN_MEMORY else on_disk)(table, tallies, pool)


def in_memory(table: DataTable, tallies: Sequence[Tally], pool: ThreadPoolExecutor) -> list[Tallied]:
    """Carry out ``tallies`` on columns in memory: packed integers, sorted, gone through in blocks by several threads."""
    coded = list(pool.map(partial(_coded, table, list(map(_Packing, tallies))), spans(table.rows, BLOCK)))
    whole = [[block[at] for block in coded] for at in range(len(tallies))]
    del coded
    ordered = list(pool.map(_sorted, whole))
    cut = [(at, part) for at, codes in enumerate(ordered) for part in _by_units(tallies[at], codes)]
    del ordered
    cells = list(pool.map(lambda one: (one[0], _counts(tallies[one[0]], one[1])), cut))
    return [_Counted(tally, [each for place, each in cells if place == at]) for at, tally in enumerate(tallies)]


def on_disk(table: DataTable, tallies: Sequence[Tally], pool: ThreadPoolExecutor) -> list[Tallied]:
    """Carry out ``tallies`` as :func:`in_memory` does, for some units at a time.

    The packed integers lie on the disk in blocks, each sorted, so that those of a unit are found in it. What is held
    are the integers of the units at hand and, of each unit, the ways in which its rows count.

    Raises:
        NoRoom: the disk is full.
    """
    packings = list(map(_Packing, tallies))
    piles, begins = [Pile(one.dtype) for one in packings], [[0] for _ in tallies]
    rest = spans(table.rows, BLOCK)
    while some := list(islice(rest, ROUND)):
        for block in pool.map(partial(_coded, table, packings), some):
            for at, codes in enumerate(pool.map(np.sort, block)):
                piles[at].add(codes)
                begins[at].append(piles[at].rows)
    found: list[Tallied] = []
    for tally, pile, begin in zip(tallies, piles, begins, strict=True):
        codes = pile.array()
        blocks = [codes[low:high] for low, high in pairwise(begin)]
        parts = pool.map(partial(_counts_of_some, tally, blocks), _some_units(tally, blocks))
        found.append(_Counted(tally, [each for some in parts for each in some]))
    return found


ROUND = 16
"""Blocks that are packed before they go to the disk."""


def _some_units(tally: Tally, blocks: Sequence[Codes]) -> Iterator[tuple[int, int]]:
    """The units, from the first of some to the first behind them: about :data:`AT_A_TIME` rows."""
    of_unit = tally.groups // tally.units * tally.room
    rows = np.zeros(tally.units, dtype=np.int64)
    for block in blocks:
        rows += np.bincount(block // block.dtype.type(of_unit), minlength=tally.units)
    first, held = 0, 0
    for unit, count in enumerate(rows.tolist()):
        if held and held + count > AT_A_TIME:
            yield first, unit
            first, held = unit, 0
        held += count
    if held:
        yield first, tally.units


def _counts_of_some(tally: Tally, blocks: Sequence[Codes], units: tuple[int, int]) -> list[_UnitCounts]:
    """The cells of ``units``, whose codes are picked out of ``blocks``."""
    of_unit = tally.groups // tally.units * tally.room
    ends = [unit * of_unit for unit in units]
    codes = _sorted([block[slice(*np.searchsorted(block, np.array(ends, block.dtype)))] for block in blocks])
    return [_put_together(_counts(tally, part)) for part in _by_units(tally, codes)]


class _Packing:
    """How the group and the kind of a row become one number."""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.wide = tally.groups * tally.room >= 1 << 32
        self.dtype = np.dtype(np.int64 if self.wide else np.uint32)
        self.kind = tally.kind.astype(np.int64 if self.wide else np.int32)
        self.says_all = bool((tally.kind >= 0).all())


def _coded(table: DataTable, packings: Sequence[_Packing], span: slice) -> list[Codes]:
    """For each of ``packings`` the numbers of the rows in ``span`` that have a say."""
    numbers: dict[object, Codes] = {}

    def number(digits: tuple[Digit, ...], wide: bool) -> Codes:
        known = wide, *((digit.column, digit.low, digit.size, id(digit.of)) for digit in digits)
        if known not in numbers:
            numbers[known] = _number(table, digits, span, np.int64 if wide else np.uint32)
        return numbers[known]

    found = []
    for one in packings:
        if not len(one.tally.heights):
            found.append(np.zeros(0, dtype=one.dtype))
            continue
        kind: Codes = one.kind[number(one.tally.kinds, True)]
        group = number(one.tally.keys, one.wide)
        if not one.says_all:
            says = np.flatnonzero(kind >= 0)
            group, kind = group[says], kind[says]
        codes = group * group.dtype.type(one.tally.room)
        codes += kind.astype(group.dtype)
        found.append(codes)
    return found


def _number(table: DataTable, digits: Iterable[Digit], span: slice, dtype: Any) -> Codes:
    """What ``digits`` write for each row in ``span``."""
    found: Codes = np.zeros(span.stop - span.start, dtype=dtype)
    for place, digit in enumerate(digits):
        column = table.columns[digit.column]
        values, states = column.values[span].astype(np.int64, copy=False), column.states[span]
        stated = digit.states is not None and bool(states.any())
        if stated:
            values = np.where(states > 0, digit.low, values)
        part = values - digit.low if digit.low else values
        if digit.of is not None:
            part = digit.of[part]
        if stated:
            assert digit.states is not None
            part = np.where(states > 0, digit.states[states], part)
        if place:
            found *= dtype(digit.size)
            found += part.astype(dtype, copy=False)
        else:
            found = part.astype(dtype)
    return found


def _sorted(blocks: list[Codes]) -> Codes:
    codes = np.concatenate(blocks) if blocks else np.zeros(0, np.int64)
    blocks.clear()
    codes.sort()
    return codes


def _by_units(tally: Tally, codes: Codes) -> list[Codes]:
    """``codes`` in parts; no unit stands in two of them."""
    of_unit = tally.groups // tally.units * tally.room
    cuts = [0]
    for at in range(BLOCK, len(codes), BLOCK):
        begin = int(np.searchsorted(codes, codes.dtype.type(int(codes[at]) // of_unit * of_unit)))
        if begin > cuts[-1]:
            cuts.append(begin)
    return [codes[begin:end] for begin, end in zip(cuts, [*cuts[1:], len(codes)], strict=True) if end > begin]


@dataclass(frozen=True, eq=False)
class _UnitCounts:
    """Rows of the same unit, counted: ``rows`` of them count in ``way``. ``begin``: where each of ``units`` begins."""

    way: Ints
    rows: Ints
    begin: Ints
    units: Ints


def _counts(tally: Tally, codes: Codes) -> _UnitCounts:
    """Rows of the same group and kind. ``codes`` stand in order: the kinds of a group from the highest down."""
    kinds = tally.room
    begin = _begins(codes)
    cell = codes[begin]
    rows = np.diff(begin, append=len(codes))
    group = cell // codes.dtype.type(kinds)
    kind = (cell - group * codes.dtype.type(kinds)).astype(np.int64)
    first = _begins(group)
    unit = group[first] // codes.dtype.type(tally.groups // tally.units)
    of_unit = _begins(unit)
    way = kind * 3 + OUT
    if (tally.heights >= 0).any():
        height, sizes = tally.heights[kind], np.diff(first, append=len(group))
        best = height[first]
        highest = (height == np.repeat(best, sizes)) & (height >= 0)
        equals = np.add.reduceat(np.where(highest, rows, 0), first)
        way = np.where(height < 0, way, kind * 3 + highest) + np.repeat(equals, sizes) * (3 * kinds)
    return _UnitCounts(way, rows, first[of_unit], unit[of_unit].astype(np.int64))


def _put_together(cells: _UnitCounts) -> _UnitCounts:
    """Of each unit, the rows that count in the same way as one: they are few, however many groups there are."""
    most = int(cells.way.max(initial=0)) + 1
    unit = np.repeat(np.arange(len(cells.units)), np.diff(cells.begin, append=len(cells.way)))
    pair = unit * most + cells.way
    order = np.argsort(pair, kind="stable")
    pair = pair[order]
    first = _begins(pair)
    pair, rows = pair[first], np.add.reduceat(cells.rows[order], first)
    unit = pair // most
    return _UnitCounts(pair - unit * most, rows, _begins(unit), cells.units)


def _begins(values: Codes) -> Ints:
    """Where runs of equal values begin."""
    differs = np.empty(len(values), dtype=np.bool_)
    differs[:1] = True
    np.not_equal(values[1:], values[:-1], out=differs[1:])
    return np.flatnonzero(differs)


class _Counted:
    """What came of a tally: the cells of its units, in parts."""

    def __init__(self, tally: Tally, parts: Sequence[_UnitCounts]) -> None:
        self._tally, self._parts = tally, parts
        known = [_different(part.way) for part in parts]
        self._ways: Ints = _different(np.concatenate(known)) if known else np.zeros(0, np.int64)

    @property
    def ways(self) -> Ways:
        kinds = self._tally.room
        rest, equals = self._ways % (3 * kinds), self._ways // (3 * kinds)
        return Ways(rest // 3, rest % 3, equals)

    def sums(self, worth: Ints) -> Ints:
        found = np.zeros(self._tally.units, dtype=np.int64)
        most = int(self._ways[-1]) + 1 if len(self._ways) else 0
        table = None
        if most <= 4 * BLOCK:
            table = np.zeros(most, dtype=np.int64)
            table[self._ways] = worth
        for part in self._parts:
            each = table[part.way] if table is not None else worth[np.searchsorted(self._ways, part.way)]
            found[part.units] = np.add.reduceat(each * part.rows, part.begin)
        return found


def _different(values: Ints) -> Ints:
    """The different values, in order."""
    most = int(values.max(initial=0)) + 1
    if most > 4 * len(values) + 1024:
        return np.unique(values)
    met = np.zeros(most, dtype=np.bool_)
    met[values] = True
    return np.flatnonzero(met)
