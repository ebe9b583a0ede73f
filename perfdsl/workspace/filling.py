"""Data filled up from other data: what is taken for columns of which there is nothing at all (假设, 沿用)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.model.states import State
from perfdsl.model.table import FACTS, Table, split_key
from perfdsl.text.catalogue.data import LACKING, UNREADABLE
from perfdsl.text.problem import Problems
from perfdsl.text.records import dataclass, replace

if TYPE_CHECKING:
    from perfdsl.data.columns import DataColumn
    from perfdsl.data.load import Loaded


@dataclass(frozen=True, eq=False, slots=True)
class Filling:
    """``own`` data, the same ``loaded`` with what fills them up, the columns that were ``taken`` for it, by name, and what
    is wrong with the data that they were taken from."""

    own: Loaded
    loaded: Loaded
    taken: tuple[str, ...] = ()
    problems: Problems = ()


def filled(loaded: Loaded, fill: Path | None, tables: Sequence[Table], rules: Path | None) -> Filling:
    """``loaded``, with those columns of one row a unit that nobody has a value in taken from ``fill``.

    ``rules`` is the folder of the rulebook's own files. Data of other units fill nothing. What ``fill`` lacks is no
    problem, since it fills up no more than it has.
    """
    from perfdsl.data.columns import DataTable
    from perfdsl.data.load import load

    if fill is None or UNIT_GRAIN not in loaded.dataset:
        return Filling(loaded, loaded)
    more = load(fill, tables, rules=rules, under=f"{Path(*fill.parts[-2:]).as_posix()}/")  # both may have a 实绩.csv
    read = {one.file for one in more.files}
    wrong = tuple(
        one
        for one in more.problems
        if one.code in UNREADABLE
        or (
            one.address is not None
            and one.address.file in read
            and one.code not in LACKING
            and one not in loaded.problems
        )
    )
    if more.units != loaded.units or UNIT_GRAIN not in more.dataset:
        return Filling(loaded, loaded, problems=wrong)
    own, theirs = loaded.dataset[UNIT_GRAIN], more.dataset[UNIT_GRAIN].columns
    taken = {
        name: theirs[name]
        for name, column in own.columns.items()
        if not _known(column) and name in theirs and _known(theirs[name])
    }
    table = DataTable(UNIT_GRAIN, own.rows, {**own.columns, **taken})
    whole = replace(loaded, dataset={**loaded.dataset, UNIT_GRAIN: table})
    return Filling(loaded, whole, tuple(split_key(name)[1] for name in taken), wrong)


def as_folder(file: Path | None, folder: Path) -> Path | None:
    """A single CSV is the table 实绩, whatever it is called; it is laid into ``folder``. Anything else is what it is."""
    from perfdsl.data.sources import LISTING

    if file is None or file.suffix.lower() != ".csv" or file.is_dir():
        return file
    folder.mkdir()
    (folder / file.name).write_bytes(file.read_bytes())
    (folder / LISTING).write_text(json.dumps({FACTS: file.name}, ensure_ascii=False), encoding="utf-8")
    return folder


def _known(column: DataColumn) -> bool:
    """Whether a column has a value for anybody."""
    return bool((column.states == State.VALUE).any())
