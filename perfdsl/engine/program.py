"""A graph made ready for data of a certain kind: narrowed, planned, and put in stages (:mod:`perfdsl.engine.compiling`).

A stage first goes through the rows of each grain, block by block, then looks across rows. What looks across rows
needs whole columns; everything else lives as long as its block. So a row that is read stays in the processor's
cache until its scores are known, and only what is asked for is ever kept for all rows.

A program is good for all data that lie within what it was made for: :meth:`Program.fits`. It is plain data, and can be
kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from perfdsl.data.columns import DataColumn, Dataset
from perfdsl.engine import across, rowwise
from perfdsl.engine.frame import Frame, Key, data_column
from perfdsl.engine.kernel import Code, Home
from perfdsl.engine.late import Late
from perfdsl.engine.values import Vector
from perfdsl.graph.narrowed import Held, Narrowed
from perfdsl.graph.ops import (
    Aggregate,
    Apply,
    Choose,
    Column,
    Constant,
    Fetch,
    Lookup,
    NodeId,
    Op,
    Rank,
    Round,
    Settle,
    Stack,
    Streak,
)
from perfdsl.graph.ranges import Plan, Tier
from perfdsl.graph.types import Grain
from perfdsl.model.units import ValueType
from perfdsl.text.records import dataclass, replace

Work = Callable[[Frame, NodeId, Any], Vector]
OPERATIONS: dict[type[Op], Work] = {
    Column: rowwise.column,
    Constant: rowwise.constant,
    Apply: rowwise.apply,
    Choose: rowwise.choose,
    Lookup: rowwise.lookup,
    Fetch: across.fetch,
    Aggregate: across.aggregate,
    Rank: across.rank,
    Streak: across.streak,
    Stack: across.stack,
    Round: rowwise.round_,
    Settle: rowwise.settle,
}


@dataclass(frozen=True, slots=True)
class Instruction:
    """One line of the plan: compute ``node``, then let go of ``drops``; ``guards`` is a number that ought to be positive.

    ``shared``: only blocks of rows read it, so that values which rows share need not be written for each of them.
    """

    node: NodeId
    op: Op
    drops: tuple[NodeId, ...] = ()
    guards: NodeId | None = None
    shared: bool = False

    @property
    def work(self) -> Work:
        """What computes it."""
        return OPERATIONS[type(self.op)]


Part = Code | Late | tuple[Instruction, ...]


@dataclass(frozen=True, slots=True)
class Pass:
    """``parts`` for the rows of one grain, one after another: straight-line code, late rounding, or line after line.

    ``given`` are read and computed elsewhere, ``kept`` outlive the block, ``crossing`` go from a code to other parts.
    """

    parts: tuple[Part, ...]
    given: tuple[NodeId, ...]
    kept: Mapping[NodeId, Home]
    crossing: Mapping[NodeId, Home]


@dataclass(frozen=True, slots=True)
class Stage:
    """``rows``: by grain, the scalars first; ``across``: whole columns, then what reads them, in waves that do not wait for
    themselves; ``drops``: no longer needed."""

    rows: Mapping[Grain, Pass]
    across: tuple[tuple[Instruction, ...], ...]
    drops: tuple[NodeId, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Program:
    """``narrowed``: the graph that is run; ``rows``: how many it allows.

    ``columns``: those that are read; ``texts``: those of the graph; ``settles``: nodes whose grades are settled, and
    where they now are.
    """

    narrowed: Narrowed
    wanted: frozenset[NodeId]
    doubted: frozenset[NodeId]
    known: Mapping[Key, Held]
    rows: Mapping[Grain, int]
    columns: Mapping[Column, ValueType]
    texts: frozenset[str]
    settles: Mapping[NodeId, NodeId]
    stages: tuple[Stage, ...]

    def fits(self, columns: Mapping[Column, ValueType], data: Dataset, rows: Mapping[Grain, int]) -> bool:
        """Whether ``columns`` of ``data``, with so many ``rows``, lie within what the program was made for.

        Raises:
            Mismatch: a column is not there.
        """
        return all(rows.get(grain, most + 1) <= most for grain, most in self.rows.items()) and all(
            _within(data_column(data, op), kind, self.known[op.grain, op.name]) for op, kind in columns.items()
        )

    def plan(self) -> Plan:
        """How each node that is run is computed."""
        plan = self.narrowed.plan
        parts = [part for stage in self.stages for todo in stage.rows.values() for part in todo.parts]
        late = {node for part in parts if isinstance(part, Late) for node in (part.node, *part.inner)}
        told = {node: replace(plan.steps[node], tier=Tier.LATE) for node in late}
        return Plan({**plan.steps, **told}, plan.limits)

    @property
    def with_fractions(self) -> int:
        """How many nodes are computed with Python's fractions, which takes long."""
        return sum(step.tier is Tier.EXACT for step in self.plan().steps.values())

    def old_plan(self) -> Plan:
        """How each node of the old graph is computed."""
        plan = self.plan()
        return Plan({old: plan.steps[new] for old, new in self.narrowed.place.items()}, plan.limits)


class Shelf(Protocol):
    """Where the program of a graph is kept from run to run."""

    def find(self) -> Program | None:
        """What was put there last."""

    def keep(self, program: Program) -> None:
        """Put ``program`` there."""


def _within(column: DataColumn, kind: ValueType, allowed: Held) -> bool:
    if column.kind is not kind or not column.occurring <= allowed.states:
        return False
    bounds, most = column.bounds, allowed.stored
    if bounds is None or most is None:
        return bounds is None and most is None
    return column.digits == most.digits and most.low <= bounds[0] and bounds[1] <= most.high
