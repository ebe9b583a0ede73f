"""A graph over data, once: large ledgers are counted first (:mod:`perfdsl.engine.ledgers`), the rest is columnar."""

from __future__ import annotations

from perfdsl.data.columns import Dataset
from perfdsl.engine import columnar
from perfdsl.engine.program import Shelf
from perfdsl.engine.results import Results
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Column, NodeId
from perfdsl.graph.ranges import LIMITS, Limits
from perfdsl.text.records import replace

LEAST_ROWS = 500_000
"""Ledgers with fewer rows are not worth counting."""

MOST_KEPT = 1 << 13
"""Rows of a table up to which a run is over before its program is made, so that programs are worth keeping."""


def run(
    graph: Graph,
    data: Dataset,
    wanted: frozenset[NodeId] | None = None,
    limits: Limits = LIMITS,
    shelf: Shelf | None = None,
    least_rows: int = LEAST_ROWS,
) -> Results:
    """What :func:`perfdsl.engine.columnar.run` gives, cell for cell. A ``shelf`` is used where no table is long.

    Raises:
        Mismatch: the data lack a column, or have it as another kind.
        NotAdmitted: this machine does not divide as it must.
    """
    longest = max((table.rows for table in data.values()), default=0)
    if longest < least_rows:
        return columnar.run(graph, data, wanted, limits, shelf if longest <= MOST_KEPT else None)
    from perfdsl.engine.ledgers import counted  # loads with what is large

    wanted = frozenset(graph.outputs.values()) if wanted is None else wanted
    found, plans = counted(graph, data, wanted, limits, least_rows)
    if not found:
        return replace(columnar.run(graph, data, wanted, limits), ledgers=plans)
    nodes, tables = list(graph.nodes), dict(data)
    for node, column in found.items():
        grain = nodes[node].type.grain
        nodes[node] = replace(nodes[node], op=Column(grain, column.name))
        tables[grain] = replace(tables[grain], columns={**tables[grain].columns, column.name: column})
    results = columnar.run(replace(graph, nodes=tuple(nodes)), tables, wanted, limits)
    return replace(results, graph=graph, ledgers=plans)
