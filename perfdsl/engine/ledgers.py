"""Large ledgers: the facts that units take from millions of rows, worked out on counts of equal rows.

A ledger of 10^7 rows holds few different rows once one looks only at what the rules ask of a row: whether its day lies
in the window, what its level is worth. So rows are counted by (unit, matter, class), where a class is a combination of
the answers of all row-wise nodes; the group facts of 同一事项 (which rows are the highest of their matter, and how many)
follow from the counts. What is to be counted is said in whole numbers and carried out in memory or on the disk
(:mod:`perfdsl.engine.tally`); the graph is then run by the columnar engine itself on the few different combinations of
(class, highest or not, how many), and each sum is that of the combinations times their counts.

No rule is written a second time here: what a row is worth is what the engine says of a row like it. What this does not
know how to count (a row of which nobody knows whether it counts, rows that belong to several units, a matter that
competes with another ledger) is left to the columnar engine, which gives the same cells.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from math import lcm, prod
from typing import TYPE_CHECKING

import numpy as np

from perfdsl.data.arrays import Bools, Ints, States
from perfdsl.data.columns import DataColumn, Dataset, DataTable
from perfdsl.engine import columnar
from perfdsl.engine.columnar import Engine
from perfdsl.engine.counting import FactPlan, LedgerPlan, Why
from perfdsl.engine.tally import HIGHEST, LOWER, OUT, Digit, Tallied, Tally, tallied
from perfdsl.engine.values import Vector
from perfdsl.graph.graph import Graph, Node
from perfdsl.graph.narrowed import Narrowed
from perfdsl.graph.ops import Aggregate, Apply, Choose, Column, Constant, Fn, Lookup, NodeId, Rank, Reduce, Round
from perfdsl.graph.ranges import Limits
from perfdsl.graph.types import SCALAR, Grain
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.units import Ties, ValueType
from perfdsl.text.records import dataclass, replace

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

MOST_CLASSES = 1 << 16
"""Combinations of the cells of a row, before they are put together by what the rules ask."""

MOST_VALUES = 1 << 20
"""Values from the least to the greatest of a column whose cells are looked at one by one."""

MOST_DIGITS = 12
"""Decimal digits of a sum; one that needs more is left to the engine."""

PLACE, EQUALS = "·名次", "·同高"
"""Columns that no table has: no heading begins with a point in the middle."""
_ROWWISE = (Column, Constant, Apply, Choose, Lookup, Round)


class _NotCounted(Exception):
    """A fact that has to be taken from the rows themselves."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def counted(
    graph: Graph, data: Dataset, wanted: frozenset[NodeId], limits: Limits, least_rows: int
) -> tuple[dict[NodeId, DataColumn], tuple[LedgerPlan, ...]]:
    """(the facts that were counted, what became of each fact of each large ledger)."""
    large = [grain for grain, table in data.items() if table.rows >= least_rows]
    if not large:
        return {}, ()
    from concurrent.futures import ThreadPoolExecutor  # loads with what is large

    made = Engine(graph, wanted, limits).once(data).narrowed
    asked = {made.place[node] for node in wanted}
    values: dict[NodeId, DataColumn] = {}
    # nodes of the graph that came to the same are one in the narrower graph
    places = {node: made.place[node] for node in sorted(graph.needed(wanted))}
    plans = []
    with ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, 4)) as pool:
        for grain in large:
            facts = [_Counting(made, data, grain, limits, facts) for facts in _by_group(made, grain, asked)]
            values |= _counted([one for one in facts if one.admitted()], pool)
            told = [*(one.plan(places) for one in facts), *_left(made, grain, data, asked, places)]
            if told:
                plans.append(LedgerPlan(grain, data[grain].rows, tuple(sorted(told, key=lambda one: one.nodes))))
    found = {node: replace(values[place], name=f"·{place}") for node, place in places.items() if place in values}
    return found, tuple(plans)


def _counted(facts: Sequence[_Counting], pool: ThreadPoolExecutor) -> dict[NodeId, DataColumn]:
    """The values of ``facts``, which all look at the same ledger; it is gone through once."""
    shared: _Classes | None = None
    if facts:
        with suppress(_NotCounted):  # too many for all together: each tells the rows apart that it needs
            shared = facts[0].classify(sorted({node for one in facts for node in one.edge()}))
    ready = [(one, tally) for one in facts if (tally := one.tally(shared)) is not None]
    if not ready:
        return {}
    table = ready[0][0].data[ready[0][0].grain]
    carried = tallied(table, [tally for _, tally in ready], pool)
    todo = [(one, each) for (one, _), each in zip(ready, carried, strict=True)]
    found: dict[NodeId, DataColumn] = {}
    for columns in pool.map(lambda pair: pair[0].columns(pair[1]), todo):
        found |= columns
    return found


@dataclass(frozen=True)
class _Cells:
    """Cells of a column, one for each row of a sample."""

    values: Ints
    states: States

    def take(self, rows: Ints) -> _Cells:
        return _Cells(self.values[rows], self.states[rows])


@dataclass(frozen=True)
class _Classes:
    """What tells rows apart: ``digits`` write a number for each row, ``of`` is the class of each number.

    ``edge`` are the answers of each class, ``sample`` the cells of a row of it.
    """

    digits: tuple[Digit, ...]
    of: Ints
    edge: Mapping[NodeId, Vector]
    sample: Mapping[NodeId, _Cells]
    count: int


@dataclass(frozen=True)
class _Facts:
    """Facts of units that look at the same place and count of each row, if they do."""

    nodes: tuple[NodeId, ...]
    rank: NodeId | None
    count: NodeId | None


def _by_group(made: Narrowed, grain: Grain, asked: set[NodeId]) -> list[_Facts]:
    """The facts that units take from ``grain``, those together that look at the same groups."""
    nodes = made.graph.nodes
    found: dict[tuple[NodeId, NodeId | None, NodeId | None], list[NodeId]] = {}
    for node in made.graph.needed(frozenset(asked)):
        op = nodes[node].op
        if isinstance(op, Aggregate) and _of_units(op, nodes, grain):
            inner = _closure(nodes, [op.of, op.where])
            ranks = [one for one in inner if isinstance(nodes[one].op, Rank)]
            counts = [one for one in inner if isinstance(nodes[one].op, Aggregate)]
            if len(ranks) < 2 and len(counts) < 2:
                key = op.key[0], next(iter(ranks), None), next(iter(counts), None)
                found.setdefault(key, []).append(node)
    return [_Facts(tuple(facts), rank, count) for (_, rank, count), facts in found.items()]


def _left(
    made: Narrowed, grain: Grain, data: Dataset, asked: set[NodeId], places: Mapping[NodeId, NodeId]
) -> Iterator[FactPlan]:
    """The facts of units that come from rows of ``grain``, but that :func:`_by_group` does not take up."""
    nodes = made.graph.nodes
    taken = {node for facts in _by_group(made, grain, asked) for node in facts.nodes}
    for node in made.graph.needed(frozenset(asked)):
        op = nodes[node].op
        if node in taken or not isinstance(op, Aggregate) or op.to in (grain, SCALAR) or not op.key:
            continue
        rows = nodes[op.key[0]].type.grain
        if _of_units(op, nodes, grain):
            why = Why.PLACE
        elif rows == grain or (rows not in data and _reads(nodes, node, grain)):
            why = Why.SEVERAL_UNITS
        else:
            continue
        yield FactPlan(tuple(one for one, place in places.items() if place == node), why)


def _reads(nodes: Sequence[Node], node: NodeId, grain: Grain) -> bool:
    return any(isinstance(op := nodes[one].op, Column) and op.grain == grain for one in _closure(nodes, [node]))


def _of_units(op: Aggregate, nodes: Sequence[Node], grain: Grain) -> bool:
    """Whether rows of another grain look up what belongs to them in ``grain``."""
    one_key = len(op.key) == len(op.at) == 1
    return one_key and op.to not in (grain, SCALAR) and nodes[op.key[0]].type.grain == grain


def _closure(nodes: Sequence[Node], of: Iterable[NodeId], stop: Iterable[NodeId] = ()) -> list[NodeId]:
    """The nodes that ``of`` are made of; what ``stop`` are made of is not looked at."""
    seen: set[NodeId] = set()
    todo = list(of)
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            if node not in stop:
                todo += nodes[node].reads
    return sorted(seen)


@dataclass
class _Counting:
    """One ledger and the ``facts`` to be taken from it."""

    made: Narrowed
    data: Dataset
    grain: Grain
    limits: Limits
    facts: _Facts

    def __post_init__(self) -> None:
        self.nodes = self.made.graph.nodes
        self.classes: _Classes
        self.why: Why | None = None
        self.size = (0, 0)

    def plan(self, places: Mapping[NodeId, NodeId]) -> FactPlan:
        """What became of the facts; ``places`` has the node of the narrower graph for each of the graph."""
        nodes = tuple(one for one, place in places.items() if place in self.facts.nodes)
        return FactPlan(nodes, self.why, *(self.size if self.why is None else ()))

    def admitted(self) -> bool:
        """Whether the facts can be counted, as far as one can tell before counting."""
        try:
            self._admit()
        except _NotCounted as refused:
            self.why = refused.why
            return False
        return True

    def tally(self, classes: _Classes | None) -> Tally | None:
        """What is to be counted; None where the facts have to be taken from the rows themselves."""
        try:
            return self._tally(classes or self.classify(self.edge()))
        except _NotCounted as refused:
            self.why = refused.why
            return None

    def columns(self, tallied: Tallied) -> dict[NodeId, DataColumn]:
        """The values of the facts; none where they have to be taken from the rows themselves."""
        try:
            return self._sums(tallied)
        except _NotCounted as refused:
            self.why = refused.why
            return {}

    # -- what can be counted

    def _admit(self) -> None:
        """See that all that is looked at is known here."""
        facts = [self._aggregate(node) for node in self.facts.nodes]
        rank, count = self.facts.rank, self.facts.count
        stop = {one for one in (rank, count) if one is not None}
        read = _closure(self.nodes, [one for op in facts for one in (op.of, op.where)], stop)
        groups: list[NodeId] = []
        if rank is not None:
            op = self.nodes[rank].op
            assert isinstance(op, Rank)
            groups = list(op.group)
            one = {node for node in read if _is_one(self.nodes[node])}
            readers = [node for node in _closure(self.nodes, read) if rank in self.nodes[node].reads]
            for reader in readers:
                test = self.nodes[reader].op
                if not (isinstance(test, Apply) and test.fn is Fn.EQUAL and set(test.args) - {rank} <= one):
                    raise _NotCounted(Why.PLACE)
            if op.then or op.ties is not Ties.COMPETITION or not op.greatest_first:
                raise _NotCounted(Why.PLACE)
            read = sorted({*read, *_closure(self.nodes, [op.of, op.where], stop)})
        if count is not None:
            of = self._aggregate(count)
            if rank is None or of.fn is not Reduce.COUNT or list(of.key) != groups or list(of.at) != groups:
                raise _NotCounted(Why.GROUP)
            read = sorted({*read, *_closure(self.nodes, [of.of, of.where], stop)})
        unit = {op.key[0] for op in facts}
        if len(unit) != 1 or (groups and next(iter(unit)) not in groups):
            raise _NotCounted(Why.GROUP)
        self.unit = next(iter(unit))
        self.keys = [self.unit, *(one for one in groups if one != self.unit)]
        guards = {*self.made.guards, *self.made.guards.values()}
        if guards & set(read):
            raise _NotCounted(Why.DIVISOR)
        self.read = read
        for node in {*read, *self.keys} - stop:
            op = self.nodes[node].op
            if not isinstance(op, _ROWWISE) or self.nodes[node].type.grain not in (self.grain, SCALAR):
                raise _NotCounted(Why.BEYOND_ROW)
        for node in self.keys:
            if self._column(node).states.any():
                raise _NotCounted(Why.BLANK_KEY)

    def _aggregate(self, node: NodeId) -> Aggregate:
        op = self.nodes[node].op
        if not isinstance(op, Aggregate) or op.fn not in (Reduce.SUM, Reduce.COUNT):
            raise _NotCounted(Why.FOLD)
        return op

    def _column(self, node: NodeId) -> DataColumn:
        """The column that ``node`` is."""
        op = self.nodes[node].op
        if not isinstance(op, Column):
            raise _NotCounted(Why.NOT_CODED)
        column = self.data[op.grain].columns[op.name]
        unsaid = column.kind is ValueType.TEXT and not column.words  # there is no word to look at a row of
        if column.values.dtype == object or column.kind is ValueType.GRADE or unsaid:
            raise _NotCounted(Why.NOT_CODED)
        return column

    # -- classes of rows

    def edge(self) -> list[NodeId]:
        """The row-wise nodes that the facts look at: all that they ask of a row."""
        group_facts = {one for one in (self.facts.rank, self.facts.count) if one is not None}
        pure = {node for node in self.read if not group_facts & set(_closure(self.nodes, [node]))}
        facts = [self._aggregate(node) for node in self.facts.nodes]
        looked_at = {one for op in facts for one in (op.of, op.where)}
        looked_at |= {one for node in set(self.read) - pure for one in self.nodes[node].reads}
        return sorted(node for node in looked_at & pure if self.nodes[node].type.grain == self.grain)

    def classify(self, edge: Sequence[NodeId]) -> _Classes:
        """How to tell which class a row belongs to, and a row of each class."""
        columns = [node for node in _closure(self.nodes, edge) if isinstance(self.nodes[node].op, Column)]
        alike = [self._alike(node, edge) for node in columns]
        sizes = [digit.size for digit, _ in alike]
        if prod(sizes) > MOST_CLASSES:
            raise _NotCounted(Why.MANY_CLASSES)
        whole = np.arange(prod(sizes))
        values = {
            node: sample.take(whole // prod(sizes[at + 1 :]) % sizes[at])
            for at, (node, (_, sample)) in enumerate(zip(columns, alike, strict=True))
        }
        found = self._asked(edge, len(whole), values, {})
        classes, first = _apart([found[node] for node in edge], len(whole))
        return _Classes(
            tuple(digit for digit, _ in alike),
            classes,
            {node: found[node].spread(len(whole)).take(first) for node in edge},
            {node: of.take(first) for node, of in values.items()},
            len(first),
        )

    def _alike(self, node: NodeId, edge: Sequence[NodeId]) -> tuple[Digit, _Cells]:
        """(which cells of a column are alike to all that asks for it, one of each): a day lies in the window or not."""
        column = self._column(node)
        low, high = column.span
        if high - low >= MOST_VALUES:
            raise _NotCounted(Why.MANY_CLASSES)
        inner = set(_closure(self.nodes, edge))
        own = {one for one in inner if self._columns_of(one) == {node}}
        asked = {one for one in own if one in edge or any(one in self.nodes[other].reads for other in inner - own)}
        stated = sorted(state for state in column.occurring if state is not State.VALUE)
        cells = _Cells(
            np.append(np.arange(low, high + 1), np.full(len(stated), low)),
            np.append(np.zeros(high - low + 1, np.uint8), np.array(stated, np.uint8)),
        )
        found = self._asked(asked, len(cells.values), {node: cells}, {})
        parts, first = _apart(list(found.values()), len(cells.values))
        states = np.zeros(len(State), dtype=np.int64)
        states[stated] = parts[high - low + 1 :]
        return Digit(column.name, low, len(first), parts[: high - low + 1], states if stated else None), cells.take(
            first
        )

    def _columns_of(self, node: NodeId) -> set[NodeId]:
        return {one for one in _closure(self.nodes, [node]) if isinstance(self.nodes[one].op, Column)}

    def _asked(
        self, wanted: Iterable[NodeId], rows: int, values: Mapping[NodeId, _Cells], more: Mapping[NodeId, DataColumn]
    ) -> dict[NodeId, Vector]:
        """``wanted`` on ``rows`` rows whose columns hold ``values``; the nodes of ``more`` are columns too."""
        wanted = list(wanted)
        if not wanted:
            return {}
        nodes = list(self.nodes)
        columns: dict[str, DataColumn] = {}
        for node, of in values.items():
            like = self._column(node)
            columns[like.name] = replace(
                like, values=of.values.astype(like.values.dtype), states=of.states, addresses=()
            )
        for node, column in more.items():
            nodes[node] = replace(nodes[node], op=Column(self.grain, column.name))
            columns[column.name] = column
        tables = {grain: DataTable(grain, 0, {}) for grain in self.data} | {
            self.grain: DataTable(self.grain, rows, columns)
        }
        results = columnar.run(Graph(tuple(nodes), {}), tables, frozenset(wanted), self.limits)
        if results.faults:
            raise _NotCounted(Why.FAULT)
        return {node: results.vector(node) for node in wanted}

    # -- counts

    def _tally(self, classes: _Classes) -> Tally:
        self.classes = classes
        heights = self._heights()
        says = np.flatnonzero(self._says())
        says = says[np.argsort(-heights[says], kind="stable")]
        self.kinds = says
        kind = np.full(self.classes.count, -1, dtype=np.int64)
        kind[says] = np.arange(len(says))
        made = Tally(tuple(map(self._key, self.keys)), self.classes.digits, kind[self.classes.of], heights[says])
        if not made.fits:
            raise _NotCounted(Why.MANY_GROUPS)
        self.size = (len(says), made.groups)
        return made

    def _key(self, node: NodeId) -> Digit:
        column = self._column(node)
        low, high = column.span
        return Digit(column.name, low, high - low + 1)

    def _says(self) -> Bools:
        """For each class whether it can have a say in the facts: because it takes part, or is added anyway."""
        says = np.zeros(self.classes.count, dtype=np.bool_)
        if self.facts.rank is not None:
            rank = self.nodes[self.facts.rank].op
            assert isinstance(rank, Rank)
            says |= self._may_hold(rank.where)
        for node in self.facts.nodes:
            says |= self._may_hold(self._aggregate(node).where)
        return says

    def _may_hold(self, condition: NodeId) -> Bools:
        """For each class whether a condition can be other than false; always where it looks at the group."""
        if {self.facts.rank, self.facts.count} & set(_closure(self.nodes, [condition])):
            return np.ones(self.classes.count, dtype=np.bool_)
        found = self._of_class(condition)
        return np.asarray(found.true | (found.states >= BLOCKING), dtype=np.bool_)

    def _heights(self) -> Ints:
        """For each class a number that compares like what it is ranked by; -1 where it takes no part."""
        if self.facts.rank is None:
            return np.full(self.classes.count, -1, dtype=np.int64)
        op = self.nodes[self.facts.rank].op
        assert isinstance(op, Rank)
        height, condition = self._of_class(op.of), self._of_class(op.where)
        if ((condition.states >= BLOCKING) | (condition.true & (height.states >= BLOCKING))).any():
            raise _NotCounted(Why.OPEN)
        if self.facts.count is not None:
            self._count_is_of_the_highest()
        return np.where(condition.true & (height.states == State.VALUE), _in_order(height), -1)

    def _sums(self, tallied: Tallied) -> dict[NodeId, DataColumn]:
        ways = tallied.ways
        of_class, more = self.kinds[ways.kind], {}
        if self.facts.rank is not None:
            # 1 for the highest, 2 for the others; rows that do not take part have no place
            states = np.where(ways.place == OUT, np.uint8(State.ABSENT), np.uint8(State.VALUE))
            more[self.facts.rank] = _numbers(PLACE, 2 - (ways.place == HIGHEST), states)
        if self.facts.count is not None:
            more[self.facts.count] = _numbers(EQUALS, ways.equals)
        facts = {node: self._aggregate(node) for node in self.facts.nodes}
        asked = {one for op in facts.values() for one in (op.of, op.where)}
        sample = {node: cells.take(of_class) for node, cells in self.classes.sample.items()}
        found = self._asked(sorted(asked), len(of_class), sample, more)
        return {node: self._handed(op, *self._sum(op, found, tallied, len(of_class))) for node, op in facts.items()}

    def _count_is_of_the_highest(self) -> None:
        """The count must be that of the rows in the first place: asked of a row of each kind."""
        assert self.facts.count is not None and self.facts.rank is not None
        op, rank = self._aggregate(self.facts.count), self.nodes[self.facts.rank].op
        assert isinstance(rank, Rank)
        place = np.tile([HIGHEST, LOWER, OUT], self.classes.count)
        states = np.where(place == OUT, np.uint8(State.ABSENT), np.uint8(State.VALUE))
        sample = {
            node: cells.take(np.repeat(np.arange(self.classes.count), 3)) for node, cells in self.classes.sample.items()
        }
        more = {self.facts.rank: _numbers(PLACE, 2 - (place == HIGHEST), states)}
        found = self._asked({op.where, op.of, rank.where, rank.of}, len(place), sample, more)
        takes_part = found[rank.where].spread(len(place)).true & (
            found[rank.of].spread(len(place)).states == State.VALUE
        )
        counts = found[op.where].spread(len(place))
        possible = takes_part == (place != OUT)
        wrong = (counts.true != (place == HIGHEST)) | (counts.states >= BLOCKING)
        wrong |= (place == HIGHEST) & (found[op.of].spread(len(place)).states > State.VALUE)
        if (possible & wrong).any():
            raise _NotCounted(Why.GROUP)

    def _of_class(self, node: NodeId) -> Vector:
        if node in self.classes.edge:
            return self.classes.edge[node]
        found = self._asked([node], self.classes.count, self.classes.sample, {})
        return found[node].spread(self.classes.count)

    def _sum(self, op: Aggregate, found: Mapping[NodeId, Vector], tallied: Tallied, ways: int) -> tuple[Ints, int]:
        """(numerator for each unit of the ledger, common denominator)."""
        of, where = found[op.of].spread(ways), found[op.where].spread(ways)
        reads = where.true & (of.states == State.VALUE)
        if (where.states >= BLOCKING).any() or (where.true & (of.states >= BLOCKING)).any():
            raise _NotCounted(Why.OPEN)
        if op.fn is Reduce.COUNT:
            top, under = reads.astype(np.int64), 1
        else:
            top, under = _over_one(of, reads)
        if int(np.abs(top).max(initial=0)) * self.data[self.grain].rows >= 1 << 62:
            raise _NotCounted(Why.NO_INTEGER)
        return tallied.sums(top), under

    def _handed(self, op: Aggregate, sums: Ints, under: int) -> DataColumn:
        """What each row of the result's grain gets: a column of decimals."""
        known, place = self._asking(op.at[0])
        values = np.where(known, sums[place], 0)
        for digits in range(MOST_DIGITS + 1):
            if int(np.abs(values).max(initial=0)) * 10**digits >= 1 << 62:
                break
            if not np.any(values * 10**digits % under):
                return _numbers("", values * 10**digits // under, digits=digits)
        raise _NotCounted(Why.NO_INTEGER)

    def _asking(self, at: NodeId) -> tuple[Bools, Ints]:
        """Of each row that asks: whether the ledger knows its unit, and which it is there."""
        asks, key = self._column(at), self._column(self.unit)
        if key.kind is not asks.kind or key.kind is not ValueType.TEXT or asks.states.any():
            raise _NotCounted(Why.BLANK_KEY)
        low, high = key.span
        if asks.words == key.words:
            place = asks.values.astype(np.int64) - low
        else:
            codes = {word: code for code, word in enumerate(key.words[low : high + 1])}
            place = np.array([codes.get(word, -1) for word in asks.words], dtype=np.int64)[asks.values.astype(np.int64)]
        known = (place >= 0) & (place <= high - low)
        return known, np.where(known, place, 0)


def _is_one(node: Node) -> bool:
    return isinstance(node.op, Constant) and node.op.value == 1 and node.op.state is State.VALUE


def _numbers(name: str, values: Ints, states: Ints | None = None, digits: int = 0) -> DataColumn:
    none = np.zeros(len(values), dtype=np.uint8) if states is None else states.astype(np.uint8)
    return DataColumn(name, ValueType.NUMBER, values.astype(np.int64), none, digits)


def _told(vector: Vector, rows: int) -> list[Ints]:
    """Integers that tell the cells of a vector apart."""
    vector = vector.spread(rows)
    if vector.number.exact:
        raise _NotCounted(Why.NO_INTEGER)
    under = vector.under if isinstance(vector.under, int) else vector.under.astype(np.int64)
    parts = [vector.states.astype(np.int64), vector.values.astype(np.int64)]
    return parts if isinstance(under, int) else [*parts, under]


def _apart(vectors: Sequence[Vector], rows: int) -> tuple[Ints, Ints]:
    """(number of each row, equal for rows that are the same in all ``vectors``; a row of each)."""
    answers = [part for vector in vectors for part in _told(vector, rows)]
    if not answers:
        return np.zeros(rows, dtype=np.int64), np.zeros(min(rows, 1), dtype=np.int64)
    _, first, numbers = np.unique(np.stack(answers, axis=1), axis=0, return_index=True, return_inverse=True)
    return numbers.reshape(-1).astype(np.int64), first


def _in_order(vector: Vector) -> Ints:
    """Places from 0 that compare like the numbers."""
    number = vector.number
    if number.exact or not isinstance(number.q, int):
        raise _NotCounted(Why.NO_INTEGER)
    return np.unique(number.p, return_inverse=True)[1].astype(np.int64)


def _over_one(vector: Vector, reads: Bools) -> tuple[Ints, int]:
    """Numerators over one denominator, 0 where nothing is read."""
    p, q = vector.number
    if p.dtype == object:
        raise _NotCounted(Why.NO_INTEGER)
    if isinstance(q, int):
        return np.where(reads, p, 0).astype(np.int64), q
    under = lcm(*np.unique(q[reads]).tolist()) if reads.any() else 1
    if under * max(int(np.abs(p).max(initial=0)), 1) >= 1 << 62:
        raise _NotCounted(Why.NO_INTEGER)
    return np.where(reads, p * (under // np.where(reads, q, 1)), 0).astype(np.int64), under
