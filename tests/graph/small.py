"""Small data and graphs written by hand, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from perfdsl.data.columns import Cell, DataTable, column
from perfdsl.engine.columnar import run
from perfdsl.engine.results import Results
from perfdsl.engine.values import Value
from perfdsl.graph.builder import Builder
from perfdsl.graph.ops import NodeId
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.states import State
from perfdsl.model.units import POINTS, Unit, ValueType

Plain = Cell | int | State
KINDS: Mapping[type, ValueType] = {
    Fraction: ValueType.NUMBER,
    bool: ValueType.BOOL,
    str: ValueType.TEXT,
    date: ValueType.DATE,
}


def numbers(text: str) -> list[Fraction]:
    """``"9.5 8"`` → 9.5 and 8, exactly."""
    return [Fraction(word) for word in text.split()]


def texts(text: str) -> list[str]:
    """``"甲 乙"`` → 甲 and 乙."""
    return text.split()


def bools(text: str) -> list[bool]:
    """``"1 0"`` → true and false."""
    return [word == "1" for word in text.split()]


def table(grain: str, kinds: Mapping[str, ValueType] | None = None, **columns: Sequence[Plain]) -> DataTable:
    """A table; a State stands for a cell without a value. ``kinds`` names the kind of a column of nothing but states."""
    made = {}
    for name, cells in columns.items():
        values = [Fraction(c) if type(c) is int else c for c in cells]
        kind = (kinds or {}).get(name) or next(KINDS[type(v)] for v in values if not isinstance(v, State))
        pairs = [(v, None) if isinstance(v, State) else (State.VALUE, v) for v in values]
        made[name] = column(name, kind, pairs)  # type: ignore[arg-type]
    return DataTable(grain, len(cells), made)


@dataclass
class Hand:
    """A builder for the columns of some tables, and the run of what was built. All numbers are in ``unit``."""

    tables: tuple[DataTable, ...]
    build: Builder

    def __getitem__(self, place: tuple[str, str]) -> NodeId:
        """The column (grain, name)."""
        return self.build.column(*place)

    def run(self, *wanted: NodeId) -> Results:
        """Results for ``wanted``."""
        return run(self.build.graph(), {table.grain: table for table in self.tables}, frozenset(wanted))

    def values(self, node: NodeId) -> list[Value | State | None]:
        """The value of every row, or its state where there is none."""
        return [state or value for state, value in self.run(node).cells(node)]


def hand(*tables: DataTable, unit: Unit = POINTS) -> Hand:
    """A builder for ``tables``."""
    types = {
        (table.grain, name): NodeType(table.grain, c.kind, unit if c.kind is ValueType.NUMBER else None, ALL_STATES)
        for table in tables
        for name, c in table.columns.items()
    }
    return Hand(tables, Builder(types))
