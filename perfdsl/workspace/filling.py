"""Data filled up from other data: what is taken for columns of which there is nothing at all (假设, 沿用)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.model.states import State
from perfdsl.model.table import Table

if TYPE_CHECKING:
    from perfdsl.data.columns import DataColumn
    from perfdsl.data.load import Loaded


def filled(loaded: Loaded, fill: Path | None, tables: Sequence[Table], rules: Path | None) -> Loaded:
    """``loaded``, with those columns of one row a unit that nobody has a value in taken from ``fill``.

    ``rules`` is the folder of the rulebook's own files. Data of other units fill nothing.
    """
    from perfdsl.data.columns import DataTable
    from perfdsl.data.load import load

    if fill is None or UNIT_GRAIN not in loaded.dataset:
        return loaded
    more = load(fill, tables, rules=rules)
    if more.units != loaded.units:
        return loaded
    own, theirs = loaded.dataset[UNIT_GRAIN], more.dataset[UNIT_GRAIN].columns
    columns = {
        name: theirs[name] if not _known(column) and name in theirs and _known(theirs[name]) else column
        for name, column in own.columns.items()
    }
    return replace(loaded, dataset={**loaded.dataset, UNIT_GRAIN: DataTable(UNIT_GRAIN, own.rows, columns)})


def _known(column: DataColumn) -> bool:
    """Whether a column has a value for anybody."""
    return bool((column.states == State.VALUE).any())
