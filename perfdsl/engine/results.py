"""What a run gives back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from perfdsl.data.arrays import Ints, States
from perfdsl.engine.frame import Fault
from perfdsl.engine.program import Program
from perfdsl.engine.values import Cell, Vector
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import NodeId
from perfdsl.graph.ranges import Plan
from perfdsl.graph.types import SCALAR, Grain
from perfdsl.text.records import dataclass

if TYPE_CHECKING:
    from perfdsl.engine.counting import LedgerPlan


@dataclass(frozen=True, eq=False)
class Results:
    """Vectors of the nodes that were asked for, and what went wrong on the way.

    ``faults`` are divisions by zero and their like. ``rows`` counts the rows of every grain. ``program`` is
    what was run. ``ledgers``: what became of the facts of large ledgers.
    """

    graph: Graph
    vectors: Mapping[NodeId, Vector]
    faults: tuple[Fault, ...]
    rows: Mapping[Grain, int]
    program: Program
    words: tuple[str, ...]
    settled: Mapping[NodeId, Ints]
    ledgers: tuple[LedgerPlan, ...] = ()

    @cached_property
    def plan(self) -> Plan:
        """How each node was computed."""
        return self.program.old_plan()

    def vector(self, node: NodeId) -> Vector:
        """States and integers of ``node``.

        Raises:
            KeyError: it was not asked for.
        """
        return self.vectors[node]

    def states(self, node: NodeId) -> States:
        """The state of every row, as uint8."""
        return self.vectors[node].states

    def cells(self, node: NodeId, grain: Grain | None = None) -> tuple[Cell, ...]:
        """(state, value) of every row; numbers are Fractions, None where there is no value.

        With ``grain``, a scalar is repeated on each of its rows.
        """
        cells = self.vectors[node].cells(self.words)
        if grain is None or self.graph.nodes[node].type.grain != SCALAR:
            return cells
        return cells * self.rows[grain]

    def output(self, name: str, grain: Grain | None = None) -> tuple[Cell, ...]:
        """:meth:`cells` of the output called ``name``."""
        return self.cells(self.graph.outputs[name], grain)

    def decided(self, node: NodeId) -> Ints:
        """For a Settle node that was computed: index of the last case that changed the grade of each row, -1 for none.

        Rows without a grade have -1.
        """
        return np.broadcast_to(self.settled[node], (self.rows[self.graph.nodes[node].type.grain],))
