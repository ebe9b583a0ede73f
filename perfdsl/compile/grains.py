"""The row spaces of a rulebook's tables, and the types of their columns."""

from __future__ import annotations

from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import UNIT_GRAIN, UNITS, RowOf
from perfdsl.model.units import ValueType

__all__ = ["UNIT_GRAIN", "column_types"]


def column_types(book: Rulebook) -> dict[tuple[str, str], NodeType]:
    """The type of every column that the data of ``book`` can have."""
    found = {(UNIT_GRAIN, f"{UNITS}.单位"): NodeType(UNIT_GRAIN, ValueType.TEXT, None, ALL_STATES)}
    for table in book.tables:
        for column in table.columns:
            per_unit = table.row_of is RowOf.UNIT
            grain = UNIT_GRAIN if per_unit else table.name
            name = f"{table.name}.{column.name}" if per_unit else column.name
            found[grain, name] = NodeType(grain, column.kind, column.unit, ALL_STATES)
    return found
