"""The row spaces of a rulebook's tables, and the types of their columns."""

from __future__ import annotations

from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import UNIT_GRAIN, UNITS, RowOf, Table
from perfdsl.model.units import ValueType

__all__ = ["UNIT_GRAIN", "column_types", "key_of"]


def key_of(table: Table, column: str) -> tuple[str, str]:
    """(grain, name) of a column of ``table`` in the data."""
    return (UNIT_GRAIN, f"{table.name}.{column}") if table.row_of is RowOf.UNIT else (table.name, column)


def column_types(book: Rulebook) -> dict[tuple[str, str], NodeType]:
    """The type of every column that the data of ``book`` can have."""
    found = {(UNIT_GRAIN, f"{UNITS}.单位"): NodeType(UNIT_GRAIN, ValueType.TEXT, None, ALL_STATES)}
    for table in book.tables:
        for column in table.columns:
            grain, name = key_of(table, column.name)
            found[grain, name] = NodeType(grain, column.kind, column.unit, ALL_STATES)
    return found
