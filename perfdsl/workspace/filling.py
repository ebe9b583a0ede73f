"""Data filled up from other data: what is taken for columns of which there is nothing at all (假设, 沿用)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.model.states import State
from perfdsl.model.table import Table, split_key
from perfdsl.text.catalogue.data import UNREADABLE
from perfdsl.text.records import replace

if TYPE_CHECKING:
    from perfdsl.data.columns import DataColumn
    from perfdsl.data.load import Loaded


def filled(
    loaded: Loaded, fill: Path | None, tables: Sequence[Table], rules: Path | None
) -> tuple[Loaded, tuple[str, ...]]:
    """``loaded``, with those columns of one row a unit that nobody has a value in taken from ``fill``; and their names.

    ``rules`` is the folder of the rulebook's own files. Data of other units fill nothing. What could not be read at all is
    among the problems.
    """
    from perfdsl.data.columns import DataTable
    from perfdsl.data.load import load

    if fill is None or UNIT_GRAIN not in loaded.dataset:
        return loaded, ()
    more = load(fill, tables, rules=rules)
    unreadable = tuple(one for one in more.problems if one.code in UNREADABLE)
    loaded = replace(loaded, problems=(*loaded.problems, *unreadable))
    if more.units != loaded.units or UNIT_GRAIN not in more.dataset:
        return loaded, ()
    own, theirs = loaded.dataset[UNIT_GRAIN], more.dataset[UNIT_GRAIN].columns
    taken = {
        name: theirs[name]
        for name, column in own.columns.items()
        if not _known(column) and name in theirs and _known(theirs[name])
    }
    table = DataTable(UNIT_GRAIN, own.rows, {**own.columns, **taken})
    return replace(loaded, dataset={**loaded.dataset, UNIT_GRAIN: table}), tuple(split_key(name)[1] for name in taken)


def _known(column: DataColumn) -> bool:
    """Whether a column has a value for anybody."""
    return bool((column.states == State.VALUE).any())
