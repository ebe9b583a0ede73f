"""The graph of a rulebook, and the values on its nodes: the one place where operations are walked for reports.

A :class:`Trace` answers what reports ask of a node and a row: its value, which branch was taken, who counts in a
group, what an open value waits for. What is said about it is not its business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.data.columns import UNIT_COLUMN
from perfdsl.graph import ops
from perfdsl.graph.graph import Graph, Node
from perfdsl.graph.ops import Fn, NodeId, Reduce
from perfdsl.graph.types import SCALAR
from perfdsl.model.item import Item
from perfdsl.model.outputs import Cell, score
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.units import ValueType, decimal
from perfdsl.text.citation import Address
from perfdsl.text.records import dataclass
from perfdsl.workspace.evaluate import Evaluation

if TYPE_CHECKING:
    from perfdsl.engine.results import Results

GroupFact = ops.Aggregate | ops.Rank
GRADES = "等次"
"""The label of the node that gives a grade by one table."""


def graph_of(book: Rulebook) -> Graph:
    """The operations that a sound rulebook means."""
    from perfdsl.compile.lower import lower  # a graph that is kept needs no compiler

    return lower(book)


# ---- grades


@dataclass(frozen=True, slots=True)
class Places:
    """The nodes that say who gets one of a grade's places.

    ``rivals``: who stands for one; ``wins``: who gets one; ``count``: how many the ranking gives out, ``whole`` how many
    there are with those that are given beside it. Where they are a share: ``base`` of which, and ``share`` before it is
    made whole.
    """

    rivals: NodeId
    wins: NodeId
    count: NodeId
    whole: NodeId
    base: NodeId | None = None
    share: NodeId | None = None

    @property
    def nodes(self) -> frozenset[NodeId]:
        """All of them."""
        found = (self.rivals, self.wins, self.count, self.whole, self.base, self.share)
        return frozenset(node for node in found if node is not None)


@dataclass(frozen=True, slots=True)
class Grading:
    """``first``: the grade before drops; ``places`` of each grade, None for one that has no quota."""

    first: NodeId
    places: tuple[Places | None, ...]


def gradings(graph: Graph) -> tuple[Grading, ...]:
    """The nodes that decide grades, for each table of grades in its order; none for a rulebook without grades."""
    found = []
    for place, node in enumerate(graph.nodes):
        op = node.op
        if isinstance(op, ops.Choose) and node.label == GRADES:
            gives = [(when, graph.nodes[value].op) for when, value in op.cases]
            takes = [when for when, given in gives if isinstance(given, ops.Constant) and given.value is not None]
            found.append(Grading(place, tuple(_places(graph, when) for when in takes)))
    return tuple(found)


def _places(graph: Graph, taken: NodeId) -> Places | None:
    """What ``clauses.grades`` made for a grade with a quota: it wins, and is permitted."""
    args = _args(graph, taken, Fn.OR)
    args = _args(graph, args[-1] if args else taken, Fn.AND)
    wins = args[0] if args else taken
    parts = _args(graph, wins, Fn.AND)
    if not parts:
        return None
    test = graph.nodes[parts[-1]].op
    if isinstance(test, ops.Choose):
        test = graph.nodes[test.cases[0][1]].op
    if not isinstance(test, ops.Apply) or test.fn is not Fn.LESS_EQUAL or not _counted(graph, test.args[0]):
        return None
    count = test.args[1]
    less = _args(graph, count, Fn.SUBTRACT)
    whole = less[0] if less else count
    made = graph.nodes[whole].op
    share = made.of if isinstance(made, ops.Round) else whole
    of = _args(graph, share, Fn.MULTIPLY)
    return Places(parts[0], wins, count, whole, of[0], share) if of else Places(parts[0], wins, count, whole)


def _args(graph: Graph, node: NodeId, fn: Fn) -> tuple[NodeId, ...]:
    op = graph.nodes[node].op
    return op.args if isinstance(op, ops.Apply) and op.fn is fn else ()


def _counted(graph: Graph, node: NodeId) -> bool:
    """Whether it is a place by rank, from above or from below."""
    parts = _args(graph, node, Fn.SUBTRACT)
    return isinstance(graph.nodes[parts[-1] if parts else node].op, ops.Rank)


def deciding(graph: Graph) -> frozenset[NodeId]:
    """The nodes whose values say why a unit has its grade; an evaluation keeps them."""
    found = gradings(graph)
    places = [one.nodes for grading in found for one in grading.places if one is not None]
    return frozenset(grading.first for grading in found).union(*places)


# ---- values


@dataclass(frozen=True, slots=True)
class Cause:
    """What an open value waits for.

    ``what`` is ``cell`` (of ``column``, in ``state``), ``open`` (the table of ``grain`` lacks rows that may be anybody's), ``row`` (none to fetch; ``which`` one, and the ``column`` wanted
    of it, where they are known), ``zero`` (a divisor), ``domain`` (no
    root or logarithm), ``unsettled`` (real numbers too close to compare), ``band`` (none that holds the value) or ``rule`` (the rule leaves it open). ``unit`` is the place of the unit it belongs to.
    """

    what: str
    state: State
    unit: int | None
    grain: str = ""
    column: str = ""
    address: Address | None = None
    which: str = ""


MANY = 100_000
"""Rows of which cells are made one by one as they are asked for, and groups looked for in columns."""


class Trace:
    """Values of nodes, row by row. What is asked for must have been computed (:func:`traced`)."""

    def __init__(self, evaluation: Evaluation, graph: Graph, results: Results) -> None:
        self.evaluation = evaluation
        self.graph = graph
        self.results = results
        self.units = {unit: place for place, unit in enumerate(evaluation.units)}
        self._cells: dict[NodeId, tuple[Cell, ...]] = {}
        self._some: dict[tuple[NodeId, int], Cell] = {}
        self._found: dict[tuple[NodeId, int], frozenset[Cause]] = {}
        self._groups: dict[tuple[NodeId, tuple[Cell, ...]], tuple[int, ...]] = {}
        self._of_group: dict[tuple[NodeId, tuple[Cell, ...]], frozenset[Cause]] = {}

    def node(self, node: NodeId) -> Node:
        """The node itself."""
        return self.graph.nodes[node]

    def knows(self, node: NodeId) -> bool:
        """Whether the node was computed."""
        return node in self.results.vectors

    def cells(self, node: NodeId) -> tuple[Cell, ...]:
        """All rows of a node; one for a scalar."""
        if node not in self._cells:
            self._cells[node] = self.results.cells(node)
        return self._cells[node]

    def cell(self, node: NodeId, row: int) -> Cell:
        """One row of a node; a scalar has the same on every row."""
        grain = self.node(node).type.grain
        row = 0 if grain == SCALAR else row
        if self.results.rows[grain] <= MANY:
            return self.cells(node)[row]
        if (node, row) not in self._some:
            [self._some[node, row]] = self.results.vectors[node].take(np.array([row])).cells(self.results.words)
        return self._some[node, row]

    def state(self, node: NodeId, row: int) -> State:
        """The state of one row."""
        states = self.results.states(node)
        return State(int(states[0 if self.node(node).type.grain == SCALAR else row]))

    def taken(self, choose: ops.Choose, row: int) -> tuple[NodeId, NodeId | None]:
        """(the node whose cell it is, the condition that chose it; None for the last branch)."""
        for when, value in choose.cases:
            state, held = self.cell(when, row)
            if state is not State.VALUE:
                return when, None
            if held:
                return value, when
        return choose.otherwise, None

    def part(self, stack: ops.Stack, row: int) -> tuple[NodeId, int]:
        """Which part of a stack a row comes from, and its row there."""
        for part in stack.parts:
            size = self.results.rows[self.node(part).type.grain]
            if row < size:
                return part, row
            row -= size
        raise IndexError(row)

    def address(self, grain: str, column: str, row: int) -> Address | None:
        """The cell of the data that a column's row was read from."""
        if grain not in self.evaluation.dataset:
            return self.address_of(grain, row)
        found = self.evaluation.dataset[grain].columns.get(column)
        return found.addresses[row] if found is not None and found.addresses else None

    def address_of(self, grain: str, row: int) -> Address | None:
        """Where a row of a ledger stands, also of one that is laid there once for each of its units."""
        for node in self.graph.nodes if grain not in self.evaluation.dataset else ():
            if isinstance(node.op, ops.Stack) and node.op.to == grain:
                part, at = self.part(node.op, row)
                return self.address_of(self.node(part).type.grain, at)
        table = self.evaluation.dataset.get(grain)
        found = next((one for one in table.columns.values() if one.addresses), None) if table is not None else None
        return found.addresses[row] if found is not None and found.addresses else None

    def rows_of(self, node: NodeId, row: int) -> tuple[int, ...]:
        """The rows of the group of ``row``, whether they count or not."""
        return self._group(node, row)

    def group_fact(self, node: NodeId) -> GroupFact:
        """The group fact itself."""
        return self._group_fact(node)

    def owner(self, grain: str, row: int) -> int | None:
        """The unit that a row belongs to."""
        if grain == UNIT_GRAIN:
            return row
        names = self.evaluation.dataset[grain].columns.get(UNIT_COLUMN) if grain in self.evaluation.dataset else None
        return self.units.get(str(names.value(row))) if names is not None and names.states[row] == State.VALUE else None

    # ---- groups

    def grain(self, op: GroupFact) -> str:
        """The grain of the rows that a group fact looks at."""
        keys = op.key if isinstance(op, ops.Aggregate) else op.group
        return next((grain for node in (op.of, op.where, *keys) if (grain := self.node(node).type.grain)), SCALAR)

    def members(self, node: NodeId, row: int) -> tuple[int, ...]:
        """The rows that count in a group fact of ``row``: where its condition is true and the keys are equal."""
        op = self._group_fact(node)
        return tuple(
            at
            for at in self._group(node, row)
            if self.cell(op.where, at) == (State.VALUE, True) and self.cell(op.of, at)[0] is State.VALUE
        )

    def fetched(self, op: ops.Fetch, row: int) -> int | None:
        """The row that a fetch of ``row`` reads; None where there is none."""
        wanted = [self.cell(at, row) for at in op.at]
        rows = range(self.results.rows[self.node(op.of).type.grain])
        there = (at for at in rows if all(self.cell(k, at) == w for k, w in zip(op.key, wanted, strict=True)))
        return next(there, None)

    def _group_fact(self, node: NodeId) -> GroupFact:
        op = self.node(node).op
        assert isinstance(op, (ops.Aggregate, ops.Rank))
        return op

    def _wanted(self, op: GroupFact, row: int) -> tuple[Cell, ...]:
        return tuple(self.cell(at, row) for at in (op.at if isinstance(op, ops.Aggregate) else op.group))

    def _group(self, node: NodeId, row: int) -> tuple[int, ...]:
        """The rows of the group, whether they count or not; those of no known group belong to every one."""
        op = self._group_fact(node)
        wanted = self._wanted(op, row)
        if (node, wanted) not in self._groups:
            keys = op.key if isinstance(op, ops.Aggregate) else op.group
            rows = self._likely(keys, self.results.rows[self.grain(op)], wanted)
            self._groups[node, wanted] = tuple(at for at in rows if self._belongs(keys, at, wanted))
        return self._groups[node, wanted]

    def _likely(self, keys: Sequence[NodeId], rows: int, wanted: Sequence[Cell]) -> Iterable[int]:
        """Rows among which are all of the group: of a long table those that have its texts, or no text at all."""
        if rows <= MANY:
            return range(rows)
        likely = np.ones(rows, dtype=np.bool_)
        for key, (_, value) in zip(keys, wanted, strict=True):
            vector = self.results.vectors[key]
            if vector.kind is ValueType.TEXT and isinstance(value, str):
                likely &= (vector.values == self.results.words.index(value)) | (vector.states != State.VALUE)
        return map(int, np.flatnonzero(likely))

    def _belongs(self, keys: Sequence[NodeId], row: int, wanted: Sequence[Cell]) -> bool:
        return all(
            (cell := self.cell(key, row)) == want or cell[0] >= BLOCKING for key, want in zip(keys, wanted, strict=True)
        )

    # ---- what an open value waits for

    def causes(self, node: NodeId, row: int) -> frozenset[Cause]:
        """What a value that is 未报 or 待定 waits for; nothing for one that is there."""
        if (node, row) not in self._found:
            self._found[node, row] = frozenset()
            self._found[node, row] = frozenset(self._causes(node, row))
        return self._found[node, row]

    def _causes(self, node: NodeId, row: int) -> Iterator[Cause]:
        state = self.state(node, row)
        if state < BLOCKING:
            return
        match self.node(node).op:
            case ops.Column(grain, column) if self._anybodys(grain, self.address(grain, column, row)):
                yield Cause("open", state, None, grain)
            case ops.Column(grain, column):
                yield Cause("cell", state, self.owner(grain, row), grain, column, self.address(grain, column, row))
            case ops.Choose() as op:
                yield from self._chosen(op, row, state, self._whose(node, row))
            case ops.Aggregate() | ops.Rank():
                yield from self._blockers(node, row)
            case ops.Fetch() as op:
                yield from self._fetched(op, row, state, self._whose(node, row))
            case ops.Streak() as op:
                for at in range(self.results.rows[self.node(op.of).type.grain]):
                    if self.state(op.of, at) >= BLOCKING:
                        yield from self.causes(op.of, at)
            case ops.Stack() as op:
                yield from self.causes(*self.part(op, row))
            case ops.Constant():
                yield Cause("rule", state, None)
            case op:
                found = [cause for arg in op.operands() for cause in self.causes(arg, row)]
                yield from found
                if not found:
                    yield Cause(_wrong(op), state, self._whose(node, row))

    def _anybodys(self, grain: str, address: Address | None) -> bool:
        """Whether a row stands for what a table lacks, and in no file."""
        return grain in self.evaluation.incomplete and (address is None or not str(address))

    def _whose(self, node: NodeId, row: int) -> int | None:
        """The unit that a row of a node belongs to."""
        return self.owner(self.node(node).type.grain, row)

    def _chosen(self, op: ops.Choose, row: int, state: State, unit: int | None) -> Iterator[Cause]:
        value, when = self.taken(op, row)
        if not isinstance(self.node(value).op, ops.Constant):
            yield from self.causes(value, row)
            return
        # a rule that gives 待定: what made its condition true
        asked = [when] if when is not None else [case for case, _ in op.cases]
        found = {cause for one in asked for cause in self._why(one, row)}
        yield from found or {self._no_row(op, when, row, unit) or Cause("rule", state, unit)}

    def _no_row(self, op: ops.Choose, when: NodeId | None, row: int, unit: int | None) -> Cause | None:
        """The row that is not there, where a value is open because a table has none for the unit and the year."""
        asked = self.node(when).op if when is not None else None
        if not isinstance(asked, ops.Apply) or asked.fn is not Fn.EQUAL:
            return None
        rows, value = self.node(asked.args[0]).op, self.node(op.otherwise).op
        if not (isinstance(rows, ops.Aggregate) and isinstance(value, ops.Aggregate)):
            return None
        if rows.fn is not Reduce.COUNT or self.members(asked.args[0], row):
            return None
        column, match = self.node(value.of).op, self.node(rows.where).op
        parts = [self.node(arg).op for arg in match.args] if isinstance(match, ops.Apply) else []
        which = [
            f"{decimal(other.value)} {one.name}"
            for one, other in pairwise(parts)
            if isinstance(one, ops.Column) and isinstance(other, ops.Constant) and isinstance(other.value, Fraction)
        ]
        name = column.name if isinstance(column, ops.Column) else ""
        return Cause("row", State.MISSING, unit, self.grain(rows), name, which="".join(which))

    def _blockers(self, node: NodeId, row: int) -> frozenset[Cause]:
        op = self._group_fact(node)
        key = (node, self._wanted(op, row))
        if key not in self._of_group:
            self._of_group[key] = frozenset()
            found: set[Cause] = set()
            for at in self._group(node, row):
                if self.state(op.where, at) >= BLOCKING:
                    found |= self.causes(op.where, at)
                elif self.cell(op.where, at) == (State.VALUE, True):
                    found |= self.causes(op.of, at)
            self._of_group[key] = frozenset(found)
        return self._of_group[key]

    def _fetched(self, op: ops.Fetch, row: int, state: State, unit: int | None) -> Iterator[Cause]:
        wanted = [self.cell(at, row) for at in op.at]
        rows = range(self.results.rows[self.node(op.of).type.grain])
        there = [at for at in rows if all(self.cell(k, at) == w for k, w in zip(op.key, wanted, strict=True))]
        found = {cause for at in op.at for cause in self.causes(at, row)}
        found |= {cause for at in there for cause in self.causes(op.of, at)}
        yield from found or {Cause("row", state, unit, self.node(op.of).type.grain)}

    def _why(self, node: NodeId, row: int) -> Iterable[Cause]:
        """What made a condition true that asks for what is not there."""
        if self.state(node, row) >= BLOCKING:
            return self.causes(node, row)
        match self.node(node).op:
            case ops.Apply(Fn.HAS, (of,)):
                return self.causes(of, row)
            case ops.Apply(_, args):
                return {cause for arg in args for cause in self._why(arg, row)}
            case ops.Choose() as op:
                return self._why(self.taken(op, row)[0], row)
            case ops.Stack() as op:
                return self._why(*self.part(op, row))
            case ops.Aggregate() as op:
                key = (-node - 1, self._wanted(op, row))
                if key not in self._of_group:
                    found = {cause for at in self.members(node, row) for cause in self._why(op.where, at)}
                    self._of_group[key] = frozenset(found)
                return self._of_group[key]
        return ()


def _wrong(op: ops.Op) -> str:
    """What is wrong where all operands are there and the result is not."""
    match op:
        case ops.Apply(fn=Fn.POWER | Fn.LN):
            return "domain"
        case ops.Apply(fn=Fn.DIVIDE):
            return "zero"
        case ops.Lookup():
            return "band"
    return "unsettled"


def kept(evaluation: Evaluation) -> Trace | None:
    """The trace of what the evaluation kept itself: outputs, and what decided the grades."""
    if evaluation.graph is None or evaluation.results is None:
        return None
    return Trace(evaluation, evaluation.graph, evaluation.results)


def traced(evaluation: Evaluation, outputs: Iterable[str]) -> Trace:
    """The trace of every node that ``outputs`` stand on; the graph runs once more for it."""
    from perfdsl.engine.columnar import run

    graph = evaluation.graph
    assert graph is not None
    wanted: frozenset[NodeId] = frozenset(graph.needed(frozenset(graph.outputs[name] for name in outputs)))
    return Trace(evaluation, graph, run(graph, evaluation.dataset, wanted))


def made_for(node: Node, item: Item) -> bool:
    """Whether a node was made for the item, among others."""
    return any(one.code == item.code and one.line == item.citation.line for one in (node.origin, *node.also))


def needed_by(graph: Graph, item: Item) -> tuple[tuple[NodeId, ...], frozenset[NodeId]]:
    """The nodes that were made for the item, and those of others that it reads; and which of them are others'."""
    seen, others, todo = set(), set(), [graph.outputs[score(item.code)]]
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        if made_for(graph.nodes[node], item):
            todo.extend(graph.nodes[node].reads)
        else:
            others.add(node)
    return tuple(sorted(seen)), frozenset(others)


def named_outputs(graph: Graph) -> Mapping[NodeId, tuple[str, ...]]:
    """Node → the names under which it is published."""
    found: dict[NodeId, tuple[str, ...]] = {}
    for name, node in graph.outputs.items():
        found[node] = (*found.get(node, ()), name)
    return found
