"""All tables of a rulebook → one dataset.

What this keeps apart decides points: a cell nobody filled in is 未报, a cell that cannot be read is 待定, a table that
nobody sent is 未报 for every unit and never an empty ledger, and a month without a row is 未报, not a smaller sum.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from perfdsl.data.assembly import MONTHS, Assembly, Owed
from perfdsl.data.cells import open_book
from perfdsl.data.columns import Dataset
from perfdsl.data.heads import completed, headings, match, rule_part
from perfdsl.data.sources import FileRead, Shelf, beside, collect
from perfdsl.model.table import RuleCell, Table
from perfdsl.text.catalogue import data as say
from perfdsl.text.citation import Address
from perfdsl.text.problem import Problems
from perfdsl.text.records import dataclass

__all__ = ["FileRead", "Loaded", "Owed", "load", "rule_rows"]


@dataclass(frozen=True, eq=False)
class Loaded:
    """The data, and what there is to say about them.

    ``units`` is the roster in its order. ``incomplete`` are tables of several rows a unit that lack rows, because a
    row names nobody on the roster or a file could not be read: what they add up to is not certain.
    """

    dataset: Dataset
    problems: Problems
    owed: tuple[Owed, ...]
    files: tuple[FileRead, ...]
    units: tuple[str, ...]
    incomplete: frozenset[str] = frozenset()

    @property
    def unreadable(self) -> bool:
        """Whether a file, or the place of the data, could not be read at all."""
        return any(problem.code in say.UNREADABLE for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Apart:
    """Tables whose rows are read elsewhere, where they lie, and the units that they name (None: the others name them)."""

    tables: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    units: tuple[str, ...] | None = None


def load(
    where: Path | None,
    tables: Sequence[Table],
    *,
    rules: Path | None = None,
    due_months: Collection[int] = MONTHS,
    put_aside: bool = False,
    apart: Apart | None = None,
    under: str = "",
) -> Loaded:
    """Read everything that ``tables`` declare.

    ``where``: a folder (files named after their tables), a workbook (sheets named after their tables), or a
    ``data.yaml``; None where there are no data yet, so that only the 附表 are read. ``rules``: the rulebook's folder,
    where 附表 may lie as files. ``due_months``: a month outside that nobody reported is 未到期 instead of 未报;
    with ``put_aside`` it is 未到期 whatever was reported for it. ``apart``: tables that are read elsewhere.
    ``under``: what the names of files in the folder ``where`` begin with in messages, where two folders are read.
    """
    apart = apart or Apart()
    tables = [table for table in tables if table.name not in apart.tables]
    named = {table.name: completed(table) for table in tables}
    shelf = collect(where, named, apart.files, under) if where is not None else Shelf(named)
    if rules is not None:
        beside(shelf, rules)
    for table in tables:
        if table.rows:
            shelf.parts[table.name] = [rule_part(table)]
    assembly = Assembly(shelf, frozenset(due_months), where=where, put_aside=put_aside, units=apart.units)
    assembly.run()
    problems = (*shelf.said, *assembly.said)
    return Loaded(
        assembly.dataset,
        problems,
        tuple(assembly.owed),
        tuple(shelf.files),
        assembly.roster.units,
        frozenset(assembly.incomplete),
    )


def rule_rows(path: Path, table: Table, shown: str | None = None) -> tuple[tuple[tuple[RuleCell, ...], ...], Problems]:
    """The rows of a 附表 that stands in a file beside the rulebook, in the order of its columns, as text."""
    book, said = open_book(path, shown)
    if book is None:
        return (), said
    sheet = book.sheet(table.name) or next((one for one in book.sheets if not one.hidden), None)
    raw, odd = book.read(sheet, [*headings(table)])
    if raw is None:
        return (), odd or (say.nothing_in_it(Address(book.name)),)
    part, more = match(raw, table)
    rows = tuple(
        tuple(RuleCell(cell.text, cell.place) for cell in (part.cell(row, column.name) for column in table.columns))
        for row in part.rows
    )
    return rows, (*book.notices, *odd, *more)
