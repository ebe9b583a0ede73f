"""Which unit of the new roster is which of the old one."""

from __future__ import annotations

from re import split

from perfdsl.data.roster import FORMER
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import UNITS

CATEGORY = "类别"
NAMES = ("单位", FORMER)
"""Columns of a 附表 that say who a unit is."""


def same_units(new: Rulebook, before: tuple[str, ...], after: tuple[str, ...]) -> dict[str, str]:
    """Unit of the new roster → the same unit in the old one: by name, or by 曾用名 where that names one unit."""
    found = {unit: olds[0] for unit, olds in _predecessors(new, before, after).items() if len(olds) == 1}
    heirs = list(found.values())
    return {unit: was for unit, was in found.items() if heirs.count(was) == 1}


def renamed_units(old: Rulebook, new: Rulebook) -> dict[str, str]:
    """Unit of the old roster → what the new one calls it, of those that it calls otherwise."""
    same = same_units(new, roster(old), roster(new))
    return {was: unit for unit, was in same.items() if was != unit}


def merged_units(new: Rulebook, before: tuple[str, ...], after: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Unit of the new roster → the units of the old one that became it, where there are several."""
    return {unit: olds for unit, olds in _predecessors(new, before, after).items() if len(olds) > 1}


def _predecessors(new: Rulebook, before: tuple[str, ...], after: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """A unit that takes another one in and keeps its name is another unit than before; one that is still there is not."""
    former, known, there = former_names(new), set(before), set(after)
    return {
        unit: (
            *((unit,) if unit in known else ()),
            *(name for name in former.get(unit, ()) if name in known and name not in there),
        )
        for unit in after
    }


def moved_units(old: Rulebook, new: Rulebook) -> frozenset[str]:
    """The units that one of two rosters has and the other has not, under no name."""
    before, after = roster(old), roster(new)
    if not before or not after:
        return frozenset()
    same = same_units(new, before, after)
    return frozenset((*before, *after)) - {*same, *same.values()}


def roster(book: Rulebook) -> tuple[str, ...]:
    """The units that a rulebook names itself."""
    table = book.table(UNITS)
    at = [column.name for column in table.columns].index("单位") if table is not None and table.rows else 0
    return tuple(row[at].text.strip() for row in table.rows) if table is not None else ()


def categories_of(book: Rulebook) -> dict[str, str]:
    """Unit → its category, of those that a rulebook names itself."""
    table = book.table(UNITS)
    at = {column.name: i for i, column in enumerate(table.columns)} if table is not None else {}
    if table is None or not {"单位", CATEGORY} <= at.keys():
        return {}
    return {row[at["单位"]].text.strip(): row[at[CATEGORY]].text.strip() for row in table.rows}


def former_names(book: Rulebook) -> dict[str, tuple[str, ...]]:
    """Unit → its 曾用名."""
    table = book.table(UNITS)
    at = {column.name: i for i, column in enumerate(table.columns)} if table is not None else {}
    if table is None or FORMER not in at or "单位" not in at:
        return {}
    return {
        row[at["单位"]].text.strip(): tuple(filter(None, map(str.strip, split("[、，,；;\n]", row[at[FORMER]].text))))
        for row in table.rows
    }
