"""Which column of the old tables is which of the new ones, where it is called otherwise now.

The author's own word (曾用名) goes first. Then the place in the rules: where a rule is the same but for the names of its
columns, the column that stands where another one stood is that one, if their names have something in common. Two columns that fit the other's name better are not
told apart: 上年 and 本年 may have changed places.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any

from perfdsl.model.expression import ColumnRef
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import Table, TableColumn, TableRole
from perfdsl.model.units import ValueType
from perfdsl.model.walking import inside, names
from perfdsl.text.records import replace
from perfdsl.workspace.review.parts import meaning

Pairs = Mapping[tuple[str, str], str]
"""(table, old name) → new name."""


LIKE = 0.3
"""So much of two names of numbers is the same where they may be one fact: 公文差错 and 领导批示 are two, in whatever rule."""


def headings(old: Rulebook, new: Rulebook, codes: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """The columns that are called otherwise. ``codes``: old code → its code in the new rulebook.

    Facts of the indicators, by the rules that read them. Of other columns of data those that hold the very same words,
    where one goes and one comes: a number or a date may be another fact.
    """
    both = [(table, after) for table in old.tables if (after := new.table(table.name)) is not None]
    both = [(table, after) for table, after in both if _lacks(after, table) and _lacks(table, after)]
    placed = _by_place(old, new, codes) if both else {}
    return {
        (table.name, was): now for table, after in both for was, now in _of_table(table, after, codes, placed).items()
    }


def _lacks(one: Table, other: Table) -> bool:
    """Whether ``other`` has a column that ``one`` has not."""
    return bool({column.name for column in other.columns} - {column.name for column in one.columns})


def _of_table(table: Table, after: Table, codes: Mapping[str, str], placed: Pairs) -> dict[str, str]:
    there, here = {column.name for column in after.columns}, {column.name for column in table.columns}
    gone = [column for column in table.columns if column.name not in there]
    come = [column for column in after.columns if column.name not in here]
    said = {was: now.name for now in come for was in now.former}
    told = {was.name: said[was.name] for was in gone if was.name in said}
    gone = [was for was in gone if was.name not in told]
    come = [now for now in come if now.name not in told.values()]
    found = told | _of_words(table, gone, come)

    def fits(was: TableColumn, now: TableColumn) -> bool:
        asked = {codes.get(code, code) for code in was.for_items} & set(now.for_items)
        words = was.kind not in (ValueType.NUMBER, ValueType.DATE)
        like = words or _of_points(asked) or _alike(was.name, now.name) >= LIKE
        return bool(asked) and like and (was.kind, was.unit) == (now.kind, now.unit)

    by_name = {column.name: column for column in come}
    mine = {was.name: by_name.get(placed.get((table.name, was.name), "")) for was in gone}
    sure = [(was.name, now.name) for was in gone if (now := mine[was.name]) is not None and fits(was, now)]
    found |= dict(uncrossed(sure))
    left = [was for was in gone if was.name not in found]
    free = [now for now in come if now.name not in found.values()]
    for was in left:
        twins = [now for now in free if fits(was, now)]
        asked = {codes.get(code, code) for code in was.for_items}
        rivals = [one for one in left if {codes.get(code, code) for code in one.for_items} & asked]
        if len(twins) == len(rivals) == 1:
            found[was.name] = twins[0].name
    return found


def _of_points(codes: Iterable[str]) -> bool:
    """Whether a fact is called by its 要点: it changes its name with it."""
    return any("·" in code for code in codes)


def _of_words(table: Table, gone: Sequence[TableColumn], come: Sequence[TableColumn]) -> dict[str, str]:
    own, theirs = ([one for one in side if not one.for_items] for side in (gone, come))
    if len(own) == len(theirs) == 1 and table.role is not TableRole.RULE:
        (was,), (now,) = own, theirs
        if was.choices and (was.kind, was.choices) == (now.kind, now.choices):
            return {was.name: now.name}
    return {}


def uncrossed(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The ``pairs`` (old name, new name) but for those of which two would be more alike the other way round."""
    bad = set()
    for one, other in combinations(pairs, 2):
        (was, now), (was2, now2) = one, other
        if _alike(was, now) + _alike(was2, now2) < _alike(was, now2) + _alike(was2, now):
            bad |= {one, other}
    return [pair for pair in pairs if pair not in bad]


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


# ---- by the place in a rule


def _by_place(old: Rulebook, new: Rulebook, codes: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Columns by where they stand in rules that are otherwise the same; those that stand for two are left out."""
    after = {item.code: item for item in new.walk()}
    found: dict[tuple[str, str], set[str]] = {}
    for item in old.walk():
        become = after.get(codes.get(item.code, item.code))
        for was, now in _columns_of(item, become, codes) if become is not None else ():
            found.setdefault(was, set()).add(now)
    single = {was: next(iter(now)) for was, now in found.items() if len(now) == 1}
    taken = [(table, now) for (table, _), now in single.items()]
    return {was: now for was, now in single.items() if taken.count((was[0], now)) == 1}


def _columns_of(item: Item, become: Item, codes: Mapping[str, str]) -> Iterator[tuple[tuple[str, str], str]]:
    mine, theirs = (meaning(one.alone) for one in (item, become))
    for name in names(Item):
        pairs: list[tuple[tuple[str, str], str]] = []
        if _same(getattr(mine, name), getattr(theirs, name), codes, pairs):
            yield from pairs


def _same(one: Any, other: Any, codes: Mapping[str, str], pairs: list[tuple[tuple[str, str], str]]) -> bool:
    """Whether two parts of rules are the same but for the names of columns, which go into ``pairs``."""
    if isinstance(one, ColumnRef) and isinstance(other, ColumnRef):
        pairs.append(((one.table, one.column), other.column))
        return replace(one, column=other.column) == other
    mine, theirs = tuple(inside(one)), tuple(inside(other))
    if type(one) is not type(other) or len(mine) != len(theirs):
        return False
    if mine:
        return all(_same(a, b, codes, pairs) for a, b in zip(mine, theirs, strict=True))
    return bool(one == other or (isinstance(one, str) and codes.get(one, one) == other))
