"""What the operations of one run share: the data, the plan, what is computed so far, what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from perfdsl.data.arrays import Array, Ints
from perfdsl.data.columns import DataColumn, Dataset
from perfdsl.data.scratch import spans
from perfdsl.engine.values import EVERY, Number, Vector, exact, integral
from perfdsl.graph.graph import Graph
from perfdsl.graph.narrowed import Held
from perfdsl.graph.ops import Column, Constant, Lookup, NodeId
from perfdsl.graph.ranges import Form, Plan, Range, Step, Stored, Tier
from perfdsl.graph.types import SCALAR, Grain, NodeType
from perfdsl.model.states import State
from perfdsl.model.units import ValueType
from perfdsl.text.records import dataclass, field

if TYPE_CHECKING:
    from perfdsl.engine.groups import Groups

Key = tuple[Grain, str]


class Mismatch(Exception):
    """Data that does not have the columns the graph was built for."""


class Wrong(Enum):
    """What is wrong with the values of a row."""

    ZERO_DIVISOR = "zero"
    OUT_OF_DOMAIN = "domain"  # the root or the logarithm of a number that has none
    UNSETTLED = "unsettled"  # two 实数 that nothing tells apart


@dataclass(frozen=True, slots=True)
class Fault:
    """``rows`` of ``grain`` where ``node`` has no result though its operands have values, and what is wrong.

    A fault is recorded wherever the operation was computed, be its result chosen later or not.
    """

    node: NodeId
    grain: Grain
    rows: tuple[int, ...]
    what: Wrong = Wrong.ZERO_DIVISOR


class Words:
    """Every text of a run, numbered once, so that texts of different columns compare as integers."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = tuple(sorted(set(texts)))
        self._place = {text: place for place, text in enumerate(self.texts)}
        self._places: dict[Sequence[str], Ints] = {}

    def place(self, text: str) -> int:
        """Position of ``text``."""
        return self._place[text]

    def places(self, texts: Sequence[str]) -> Ints:
        """Positions of ``texts``."""
        if texts not in self._places:
            self._places[texts] = np.array([self._place[text] for text in texts], dtype=np.int64)
        return self._places[texts]


@dataclass(frozen=True, eq=False)
class Joined:
    """``of``: the group of each row that is read; ``at``: of each row that asks; groups count from 0 to ``size``.

    ``block``: how many rows are gone through at a time.
    """

    of: Ints
    at: Ints
    size: int
    block: int

    @cached_property
    def order(self) -> tuple[Ordered, ...]:
        """The rows that are read, block after block."""
        return tuple(ordered(self.of[span], span, self.size) for span in spans(len(self.of), self.block))


class Ordered(NamedTuple):
    """A block of rows, ``span`` of all: ``rows`` of it group after group, ``groups`` in turn, where each ``begins``."""

    span: slice
    rows: Ints
    groups: Ints
    begins: Ints


def ordered(group: Ints, span: slice, size: int) -> Ordered:
    """The block ``span``, whose rows belong to ``group``."""
    # numpy sorts 16 bits by counting
    rows = np.argsort(group.astype(np.uint16) if size <= 1 << 16 else group, kind="stable")
    there = group[rows]
    begins = np.flatnonzero(np.diff(there, prepend=-1))
    return Ordered(span, rows, there[begins], begins)


@dataclass
class Frame:
    """One run, or one block of its rows. ``vectors`` grows node by node; ``faults`` and ``decided`` are filled by Apply and Settle.

    ``grouped`` remembers the groups of keys that were met: many facts are taken over the same ones. ``broken``:
    guards that did not hold. ``span``: the rows of the data columns that belong to the block.
    """

    graph: Graph
    data: Dataset
    rows: Mapping[Grain, int]
    words: Words
    plan: Plan
    vectors: dict[NodeId, Vector] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    decided: dict[NodeId, Ints] = field(default_factory=dict)
    grouped: dict[object, Groups] = field(default_factory=dict)
    broken: set[NodeId] = field(default_factory=set)
    span: slice | Ints = field(default_factory=lambda: EVERY)

    def type(self, node: NodeId) -> NodeType:
        """Type of ``node``."""
        return self.graph.nodes[node].type

    def step(self, node: NodeId) -> Step:
        """How ``node`` is computed."""
        return self.plan.steps[node]

    def range(self, node: NodeId) -> Range:
        """Bounds of the number node ``node``."""
        return self.plan.range(node)

    def is_number(self, node: NodeId) -> bool:
        """Whether ``node`` is a number."""
        return self.type(node).value is ValueType.NUMBER

    def spread(self, nodes: Iterable[NodeId]) -> list[Vector]:
        """``nodes`` on the one grain they share; scalars are repeated."""
        nodes = list(nodes)
        grain = next((self.type(node).grain for node in nodes if self.type(node).grain), SCALAR)
        return [self.vectors[node].spread(self.rows[grain]) for node in nodes]

    def operand(self, node: NodeId, number: Number) -> Number:
        """``number`` as ``node`` computes with it: Fractions, int64, or, where those are exact, doubles as they come."""
        step = self.step(node)
        if step.tier is Tier.EXACT:
            return exact(number)
        return number if step.double else integral(number)

    def integers(self, node: NodeId, whole: Array, under: int = 1) -> Number:
        """``whole`` numbers over ``under`` in the form of ``node``: doubles, int64, or Fractions."""
        range_ = self.range(node)
        if range_.form is Form.EXACT:
            values = (Fraction(int(value), under) for value in whole)
            return Number(np.fromiter(values, dtype=object, count=len(whole)))
        return Number(whole.astype(np.float64 if self.step(node).double else np.int64, copy=False), under)

    def finished(self, node: NodeId, vector: Vector) -> Vector:
        """``vector`` on all rows of its grain."""
        return vector if vector.at is not None else vector.spread(self.rows[self.type(node).grain])


def columns_of(graph: Graph, needed: Iterable[NodeId]) -> dict[Column, ValueType]:
    """The columns that ``needed`` nodes are, and of what kind they must be."""
    nodes = (graph.nodes[node] for node in needed)
    return {node.op: node.type.value for node in nodes if isinstance(node.op, Column)}


def known_columns(columns: Mapping[Column, ValueType], data: Dataset) -> dict[Key, Held]:
    """What is known of ``columns``.

    Raises:
        Mismatch: a column is not there, or of another kind.
    """
    known = {}
    for op, kind in columns.items():
        column = data_column(data, op)
        if column.kind is not kind:
            built = f"the graph was built for {kind.value}"
            raise Mismatch(f"column `{op.name}` on `{op.grain}` is {column.kind.value}, {built}")
        stored = Stored(*column.bounds, column.digits) if column.bounds is not None else None
        known[op.grain, op.name] = Held(column.occurring, stored)
    return known


def texts_of(graph: Graph) -> frozenset[str]:
    """Every text of the graph itself."""
    found: set[str] = set()
    for node in graph.nodes:
        match node.op:
            case Constant(value=str() as text):
                found.add(text)
            case Lookup(bands=bands):
                found.update(band.key for band in bands if isinstance(band.key, str))
    return frozenset(found)


def data_column(data: Dataset, op: Column) -> DataColumn:
    """The column that ``op`` reads.

    Raises:
        Mismatch: it is not there.
    """
    if op.grain not in data or op.name not in data[op.grain].columns:
        raise Mismatch(f"the data has no column `{op.name}` on `{op.grain}`")
    return data[op.grain].columns[op.name]


def plain_numbers(column: DataColumn, span: slice | Ints = EVERY) -> Array:
    """The integers of a number column, 0 where there is no value."""
    values, states = column.values[span], column.states[span]
    return values if not states.any() else np.where(states == State.VALUE, values, 0)
