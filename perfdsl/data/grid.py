"""Rows from several files laid on top of one another: same key, one row; two opinions, 待定."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from perfdsl.data.columns import UNIT_COLUMN
from perfdsl.data.convert import Reader, called
from perfdsl.data.heads import Part
from perfdsl.data.raw import RawCell, RawRow, text_cell
from perfdsl.model.table import Table
from perfdsl.text.catalogue import data as say
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, field

Placed = tuple[int, str]
"""Position of a row in the result, and how messages call it."""

Placer = Callable[[Part, RawRow], Placed | None]
"""Finds the position of a row; None (and a problem elsewhere) where it has no place."""


@dataclass(eq=False)
class Grid:
    """The cells of ``table`` by column and position. ``disputed``: positions with two different contents."""

    table: Table
    keys: frozenset[str]
    cells: dict[str, dict[int, RawCell]] = field(default_factory=dict)
    disputed: dict[str, set[int]] = field(default_factory=dict)
    said: list[Problem] = field(default_factory=list)
    used: bool = False

    def __post_init__(self) -> None:
        self.readers: Mapping[str, Reader] = {column.name: Reader(column) for column in self.table.columns}
        self._origins: dict[str, Part] = {}

    def lay(self, parts: Sequence[Part], place: Placer) -> None:
        """Lay ``parts`` down, each row where ``place`` puts it."""
        for part in parts:
            missing = sorted(name for name in self.keys if not part.at.get(name))
            if missing:
                self.said += (say.no_key_column(part.where, self.table.name, name) for name in missing)
                continue
            self.used = True
            self._lay_one(part, place)

    def _lay_one(self, part: Part, place: Placer) -> None:
        columns = [(name, number) for name, number in part.at.items() if number and name not in self.keys]
        for name, _ in columns:
            self._origins.setdefault(name, part)
        seen: dict[int, RawRow] = {}
        for row in part.rows:
            placed = place(part, row)
            if placed is None:
                continue
            position, who = placed
            before = seen.setdefault(position, row)
            if before is not row:
                cell, other = part.cell(row, UNIT_COLUMN), part.cell(before, UNIT_COLUMN)
                unlike = [name for name, number in columns if self._unlike(name, before.at(number), row.at(number))]
                self.said.append(say.row_twice(cell.place, who, other.address, unlike))
            for name, number in columns:
                self._put(name, position, row.at(number), who, quiet=before is not row)

    def _put(self, name: str, position: int, cell: RawCell, who: str, *, quiet: bool) -> None:
        column = self.cells.setdefault(name, {})
        there = column.get(position)
        if there is None or there.blank:
            column[position] = cell
        elif self._unlike(name, there, cell):
            self.disputed.setdefault(name, set()).add(position)
            if not quiet:
                what = called(self.readers[name].column)
                self.said.append(say.disagree(cell.place, what, who, cell.text, other=there.address, there=there.text))

    def _unlike(self, name: str, one: RawCell, other: RawCell) -> bool:
        """Whether two cells say different things; a blank one says nothing."""
        return not one.blank and not other.blank and not self.readers[name].same(one, other)

    def has(self, name: str) -> bool:
        """Whether any file has the column."""
        return name in self._origins

    def column(self, name: str, rows: int) -> list[RawCell]:
        """The cells of a column, blank ones where nobody wrote anything."""
        part = self._origins.get(name)
        blank = text_cell("", part.origin if part else None)
        cells = self.cells.get(name, {})
        return [cells.get(position, blank) for position in range(rows)]
