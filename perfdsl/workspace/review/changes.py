"""What differs between two rulebooks, on the model: patches of parts, put together into the changes that people speak of.

Formatting, comments, order, numbering and the spelling of words are no change. The old rulebook is put in the new one's
terms first (:mod:`perfdsl.workspace.review.terms`), so that a clause that was only renumbered compares equal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from perfdsl.data.columns import UNIT_COLUMN
from perfdsl.model.expression import ColumnRef, Happened
from perfdsl.model.item import Item, LedgerUse, Level
from perfdsl.model.ordering import by_code
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import CADENCES, UNITS, RowOf, TableColumn, TableRole
from perfdsl.model.walking import nodes, rebuilt
from perfdsl.text.records import dataclass, replace
from perfdsl.workspace.review.matching import Lineage, Matching, coded, matching
from perfdsl.workspace.review.measures import resized
from perfdsl.workspace.review.parts import SILENT_HEADS, Key, is_wording, meaning, parts, row_keys, unnumbered
from perfdsl.workspace.review.reading import same_cell
from perfdsl.workspace.review.terms import Terms, put, renamed, terms
from perfdsl.workspace.review.units import moved_units


@dataclass(frozen=True, slots=True)
class Patch:
    """One part that differs; ``old`` or ``new`` None: it is not there. ``wording``: nothing that is computed differs."""

    key: Key
    old: Any
    new: Any
    wording: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What people call one change: a clause with all that stands in it, a column of a 附表, a field of the first block.

    ``how``: 新增, 删除, 修改, 改名, 移动, 拆分, 合并, 附表. ``block`` is what it is called (指标, 加分项, 开头, 附表 …). ``old`` and
    ``new`` are the codes (names where there are none) on both sides, as written there. ``guessed``: the two were put
    together by likeness. ``structural``: it cannot be tried by itself (rows of units that come and go, which are those
    of the data).
    """

    number: int
    how: str
    block: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    name: str
    old_name: str
    patches: tuple[Patch, ...]
    guessed: bool = False
    structural: bool = False

    @property
    def wording(self) -> bool:
        """Whether only words differ."""
        return all(patch.wording for patch in self.patches)


@dataclass(frozen=True)
class Comparison:
    """Two rulebooks side by side. ``before`` is ``old`` in the terms of ``new``; ``as_was`` but for the year.

    ``renumbered``: (old code, new code, name). ``silent`` are patches that nobody calls a change: numbers of articles,
    the version itself, headings of columns, the order of rows, another spelling of a cell; with them the patches make ``new`` of ``before``.
    """

    old: Rulebook
    new: Rulebook
    before: Rulebook
    as_was: Rulebook
    terms: Terms
    matched: Matching
    changes: tuple[Change, ...]
    renumbered: tuple[tuple[str, str, str], ...]
    silent: tuple[Patch, ...] = ()

    @property
    def same(self) -> bool:
        """Whether they mean the same and say it in the same words."""
        return not self.changes

    @property
    def patches(self) -> tuple[Patch, ...]:
        """Everything that differs."""
        return (*(patch for change in self.changes for patch in change.patches), *self.silent)


def compare(old: Rulebook, new: Rulebook, *, as_written: Callable[[str], bool] = lambda code: False) -> Comparison:
    """What differs between ``old`` and ``new``. ``as_written``: whether the text of a clause of ``new`` is what it was."""
    matched = matching(old, new)
    into = terms(old, new, matched)
    as_was, before = renamed(old, into), put(old, into)
    called = {("category", name) for name in into.categories.values()}
    found = list(_patches(before, new, called))
    spelled = _spelled(found, before, new)
    silent = tuple(
        patch for patch in found if patch.key not in called and (patch.key in spelled or _is_silent(patch, into))
    )
    told = [patch for patch in found if patch not in silent]
    made = _inherited(list(_grouped(told, before, new, matched, into)), as_written)
    made.sort(key=_place)
    numbered = tuple(replace(change, number=number) for number, change in enumerate(made, 1))
    names = {item.code: item.name for item in new.walk()} | {block.code: block.name for block in coded(new)}
    points = {item.code for item in old.walk() if item.level is Level.POINT}
    renumbered = tuple(
        (code, become, names[become]) for code, become in into.codes.items() if become in names and code not in points
    )
    return Comparison(old, new, before, as_was, into, matched, numbered, renumbered, silent)


def _patches(before: Rulebook, after: Rulebook, called: Collection[Key]) -> Iterator[Patch]:
    """``called``: those that have another name in the new rulebook, be they the same in its terms."""
    mine, theirs = parts(before), parts(after)
    for key in dict.fromkeys((*mine, *theirs)):
        old, new = mine.get(key), theirs.get(key)
        if old != new or key in called:
            yield Patch(key, old, new, _wording(key, old, new))


def _spelled(found: Iterable[Patch], before: Rulebook, after: Rulebook) -> frozenset[Key]:
    """Cells of 附表 that are written otherwise and say the same."""
    sides = [
        {(table.name, column.name): column for table in book.tables for column in table.columns}
        for book in (before, after)
    ]
    same = set()
    for patch in found:
        if patch.key[0] == "cell" and patch.old is not None and patch.new is not None:
            old, new = (side.get((patch.key[1], patch.key[3])) for side in sides)
            if old is not None and new is not None and same_cell(old, new, patch.old, patch.new):
                same.add(patch.key)
    return frozenset(same)


def _is_silent(patch: Patch, into: Terms) -> bool:
    kind, name = patch.key[:2]
    if kind == "head" and name == "calendar" and into.years:
        return True  # every year has its own
    if (kind == "head" and name in SILENT_HEADS) or _only_order(patch.key, patch.old, patch.new):
        return True
    if patch.old is None or patch.new is None:
        return False
    return into.same_words(unnumbered(patch.old), unnumbered(patch.new))


def _only_order(key: Key, old: Any, new: Any) -> bool:
    """Rows in another order say the same, but in the roster, whose order is that of every list of units."""
    return key[0] == "rows" and old and new and key[1] != UNITS and sorted(old) == sorted(new)


def _wording(key: Key, old: Any, new: Any) -> bool:
    if is_wording(key):
        return True
    if key[0] == "rows":
        return old is not None and new is not None and sorted(old) == sorted(new)
    return old is not None and new is not None and bool(meaning(old) == meaning(new))


# ---- patches → changes


def _grouped(
    found: Sequence[Patch], before: Rulebook, after: Rulebook, matched: Matching, into: Terms
) -> Iterator[Change]:
    back = {become: code for code, become in into.codes.items()}
    owner = {**_owners(before), **_owners(after)}
    clauses: dict[str, list[Patch]] = {}
    rules: dict[Key, list[Patch]] = {}
    columns: list[Patch] = []
    cells: dict[tuple[str, ...], list[Patch]] = {}
    whole: dict[str, list[Patch]] = {name: [] for name in _whole_tables(found)}
    for patch in found:
        kind = patch.key[0]
        if kind in _OF_TABLES and patch.key[1] in whole:
            whole[patch.key[1]].append(patch)
        elif kind == "item":
            clauses.setdefault(owner[patch.key[1]], []).append(patch)
        elif kind == "column" and resized(patch.old, patch.new) and _rows(patch.key[1], after):
            where = _of_cell(("cell", patch.key[1], "", patch.key[2]), before, after)
            cells.setdefault(where, []).append(patch)  # its cells say something else now
        elif kind in ("table", "column"):
            columns.append(patch)
        elif kind in ("cell", "rows"):
            cells.setdefault(_of_cell(patch.key, before, after), []).append(patch)
        else:
            rules.setdefault(patch.key, []).append(patch)
    homes = _homes(columns, clauses, rules)
    for patch in columns:
        if not homes[patch.key] and _is_key(patch):
            homes[patch.key] = homes.get(("table", patch.key[1]), [])
        if not homes[patch.key] and (asking := _asking(patch, owner)):
            homes[patch.key] = [asking]
            clauses.setdefault(asking, [])
        for home in homes[patch.key][:1]:
            (clauses if isinstance(home, str) else rules)[home].append(patch)  # type: ignore[index]
    yield from _of_clauses(clauses, before, after, matched, back)
    named = {name: was for was, name in into.categories.items()}
    for key, patches in rules.items():
        yield (
            _of_category(key[1], patches, matched, named)
            if key[0] == "category"
            else _of_rule(key, patches, matched, back)
        )
    yield from _of_cells(cells, _items_of(moved_units(before, after), before, after))
    for name, patches in whole.items():
        yield _of_schedule(name, patches)
    for patch in columns:
        if not homes[patch.key]:
            yield _of_column(patch)


def _inherited(found: list[Change], as_written: Callable[[str], bool]) -> list[Change]:
    """With the clauses that take from the first block with whom a unit is compared as one change of that, where their own
    text is what it was."""
    mine = [
        one
        for one in found
        if one.how == "修改" and len(one.new) == 1 and all(map(_of_peers, one.patches)) and as_written(one.new[0])
    ]
    if len(mine) < SEVERAL:
        return found
    together = Change(
        number=0,
        how="修改",
        block=BLOCKS["head"],
        old=tuple(code for one in mine for code in one.old),
        new=tuple(code for one in mine for code in one.new),
        name="",
        old_name="",
        patches=tuple(patch for one in mine for patch in one.patches),
    )
    return [*(one for one in found if one not in mine), together]


SEVERAL = 2
"""So many clauses that the first block changes are told as one."""
PEERS: Mapping[str, Any] = {"population": None, "with_self": True, "ties": None}
"""Fields that say with whom, and how, units are compared; they are taken from the first block where a clause says nothing."""


def _of_peers(patch: Patch) -> bool:
    """Whether an item differs in nothing but that."""
    if patch.key[0] != "item" or patch.old is None or patch.new is None:
        return False
    old, new = (rebuilt(unnumbered(side), _alone) for side in (patch.old, patch.new))
    return bool(old == new)


def _alone(node: Any) -> Any:
    given = {name: value for name, value in PEERS.items() if hasattr(node, name)}
    return replace(node, **given) if given else node


def _rows(table: str, book: Rulebook) -> bool:
    found = book.table(table)
    return found is not None and bool(found.rows)


_OF_TABLES = frozenset({"table", "column", "rows", "cell"})


def _whole_tables(found: Sequence[Patch]) -> Iterator[str]:
    """附表 that come or go as a whole."""
    for patch in found:
        table = patch.new if patch.old is None else patch.old
        if patch.key[0] == "table" and None in (patch.old, patch.new) and table.role is TableRole.RULE:
            yield patch.key[1]


def _of_schedule(name: str, patches: Sequence[Patch]) -> Change:
    come = patches[0].old is None
    return Change(
        number=0,
        how="新增" if come else "删除",
        block="附表",
        old=() if come else (name,),
        new=(name,) if come else (),
        name=name if come else "",
        old_name="" if come else name,
        patches=tuple(patches),
    )


def _owners(book: Rulebook) -> dict[str, str]:
    """Code → the code of the clause in whose block it stands."""
    found: dict[str, str] = {}

    def down(item: Item, owner: str) -> None:
        found[item.code] = owner = owner if item.level is Level.POINT and owner else item.code
        for child in item.children:
            down(child, owner)

    for top in book.items:
        down(top, "")
    return found


def _homes(
    columns: Iterable[Patch], clauses: Mapping[str, list[Patch]], rules: Mapping[Key, list[Patch]]
) -> dict[Key, list[str | Key]]:
    """The changed clauses that a column comes with, goes with, or is measured otherwise with."""
    uses: list[tuple[str | Key, frozenset[tuple[str, str]]]] = [
        (code, _used(patches)) for code, patches in clauses.items()
    ]
    uses += [(key, _used(patches)) for key, patches in rules.items()]
    found: dict[Key, list[str | Key]] = {}
    for patch in columns:
        comes = patch.old is None or patch.new is None or patch.wording or _unlike(patch.old, patch.new)
        asked = patch.key[1:] if patch.key[0] == "column" else (patch.key[1], "")
        found[patch.key] = [home for home, used in uses if comes and _asks(used, *asked)]
    return found


KEYS = frozenset({UNIT_COLUMN, *(one.along for one in CADENCES.values())})
"""Columns that say of whom and of which month (quarter, half-year) a row is: nobody asks for them, their table has them."""


def _is_key(patch: Patch) -> bool:
    return patch.key[0] == "column" and patch.key[2] in KEYS


def _unlike(old: Any, new: Any) -> bool:
    """Whether what is read in a column is of another kind, or in another measure: the rules for the one speak of it."""
    both = isinstance(old, TableColumn) and isinstance(new, TableColumn)
    return both and (old.kind, old.unit, old.factor) != (new.kind, new.unit, new.factor)


def _asking(patch: Patch, owner: Mapping[str, str]) -> str:
    """The clause that asks for a column by itself (数据), where only words of it differ."""
    codes = {owner.get(code, "") for side in (patch.old, patch.new) for code in getattr(side, "for_items", ())}
    words = patch.wording or resized(patch.old, patch.new)
    return codes.pop() if words and len(codes) == 1 else ""


def _asks(used: frozenset[tuple[str, str]], table: str, column: str) -> bool:
    return any(one == table and (not column or name in (column, "")) for one, name in used)


def _used(patches: Iterable[Patch]) -> frozenset[tuple[str, str]]:
    """(table, column) that the patches read; a ledger as a whole has no column."""
    found = set()
    for patch in patches:
        for side in (patch.old, patch.new):
            for node in nodes(side):
                if isinstance(node, ColumnRef):
                    found.add((node.table, node.column))
                elif isinstance(node, (LedgerUse, Happened)):
                    found.add((node.ledger, ""))
    return frozenset(found)


def _of_clauses(
    clauses: Mapping[str, list[Patch]], before: Rulebook, after: Rulebook, matched: Matching, back: Mapping[str, str]
) -> Iterator[Change]:
    """Changes of items, those of one lineage together."""
    old_items = {item.code: item for item in before.walk()}
    new_items = {item.code: item for item in after.walk()}
    into = {code: become for become, code in back.items()}
    left = dict(clauses)
    for one in matched.lineages:
        codes = dict.fromkeys((*one.new, *(into.get(code, code) for code in one.old)))
        mine = [patch for code in codes for patch in left.pop(code, ())]
        if not mine:
            continue
        new = [new_items[code] for code in one.new if code in new_items]
        old = [old_items[into.get(code, code)] for code in one.old if into.get(code, code) in old_items]
        if not new or not old:
            continue
        yield Change(
            number=0,
            how=_how(one, mine, old, new),
            block=new[0].level.value,
            old=one.old,
            new=one.new,
            name="、".join(item.name for item in new),
            old_name="、".join(item.name for item in old),
            patches=tuple(mine),
            guessed=one.how == "likeness",
        )
    for code, patches in left.items():
        item = new_items.get(code) or old_items[code]
        come = code in new_items
        yield Change(
            number=0,
            how="新增" if come else "删除",
            block=item.level.value,
            old=() if come else (back.get(code, code),),
            new=(code,) if come else (),
            name=item.name if come else "",
            old_name="" if come else item.name,
            patches=tuple(patches),
        )


def _how(one: Lineage, mine: Sequence[Patch], old: Sequence[Item], new: Sequence[Item]) -> str:
    if len(one.new) > 1:
        return "拆分"
    if len(one.old) > 1:
        return "合并"
    if all(patch.wording for patch in mine) and old[0].name != new[0].name:
        return "改名"
    main = next((patch for patch in mine if patch.key == ("item", new[0].code)), None)
    if main is not None and main.old is not None and main.new is not None and main.old[0] != main.new[0]:
        return "移动"
    return "修改"


BLOCKS = {
    "head": "开头",
    "category": "类别",
    "dedupe": "去重",
    "veto": "否决和限制",
    "scope": "对象等次",
    "application": "结果运用",
    "scheme": "等次",
    "method": "计分办法",
}


def _of_rule(key: Key, patches: Sequence[Patch], matched: Matching, back: Mapping[str, str]) -> Change:
    patch = patches[0]
    kind, code = key[0], key[1]
    named = "" if kind == "head" else code
    coded = kind in ("veto", "application", "dedupe")
    old_name, new_name = (
        "" if side is None or kind == "head" else getattr(side, "name", named) for side in (patch.old, patch.new)
    )
    how = "新增" if patch.old is None else "删除" if patch.new is None else "修改"
    if how == "修改" and patch.wording and old_name != new_name:
        how = "改名"
    guessed = any(one.how == "likeness" and code in one.new for one in matched.lineages)
    return Change(
        number=0,
        how="修改" if kind == "head" else how,
        block=BLOCKS[kind],
        old=() if patch.old is None else (back.get(code, code) if coded else code,),
        new=() if patch.new is None else (code,),
        name=new_name,
        old_name=old_name,
        patches=tuple(patches),
        guessed=guessed and coded,
    )


def _of_category(name: str, patches: Sequence[Patch], matched: Matching, named: Mapping[str, str]) -> Change:
    """``named``: new name of a category → its old one."""
    made = _of_rule(("category", name), patches, matched, {})
    if (was := named.get(name)) is None:
        return made
    guessed = any(one.how == "likeness" and name in one.new for one in matched.categories)
    how = "改名" if made.wording else made.how
    return replace(made, how=how, old=(was,), old_name=was, guessed=guessed)


def _of_cell(key: Key, before: Rulebook, after: Rulebook) -> tuple[str, ...]:
    """Cells of a table of one row a unit go by column; other tables change as a whole."""
    table = after.table(key[1]) or before.table(key[1])
    if table is not None and table.row_of is RowOf.UNIT and key[0] == "cell":
        return key[1], key[3]
    return (key[1],)


def _items_of(units: Collection[str], *books: Rulebook) -> Mapping[str, frozenset[str]]:
    """附表 of rows that belong to units → the keys of those that are of ``units``."""
    found: dict[str, set[str]] = {}
    for table in (table for book in books for table in book.tables if units and table.row_of in _OF_UNITS):
        at = next((i for i, column in enumerate(table.columns) if column.name == UNIT_COLUMN), None)
        if at is not None:
            keyed = zip(row_keys(table), table.rows, strict=True)
            found.setdefault(table.name, set()).update(key for key, row in keyed if row[at].text.strip() in units)
    return {name: frozenset(keys) for name, keys in found.items()}


_OF_UNITS = (RowOf.UNIT, RowOf.UNIT_ITEM)


def _of_cells(cells: Mapping[tuple[str, ...], list[Patch]], moved: Mapping[str, frozenset[str]]) -> Iterator[Change]:
    """Changes of cells. Rows of units that come or go (``moved``: table → their keys) go with the roster, if no others do."""
    come: dict[str, set[str]] = {}
    for where, patches in cells.items():
        for patch in patches:
            if patch.key[0] == "rows":
                old, new = set(patch.old or ()), set(patch.new or ())
                come[where[0]] = old ^ new
    for where, patches in cells.items():
        others = come.get(where[0], set())
        by_column = len(where) > 1
        mine = [one for one in patches if not (by_column and one.key[0] == "cell" and one.key[2] in others)]
        if not by_column:
            mine += [
                patch
                for place, more in cells.items()
                if len(place) > 1 and place[0] == where[0]
                for patch in more
                if patch.key[2] in others
            ]
        seated = bool(others) and others <= moved.get(where[0], frozenset())
        going = [one for one in mine if seated and (one.key[0] == "rows" or one.key[2:3] in {(key,) for key in others})]
        for some in (going, [one for one in mine if one not in going]):
            if some:
                yield Change(
                    number=0,
                    how="附表",
                    block="附表",
                    old=where,
                    new=where,
                    name=where[0],
                    old_name=where[0],
                    patches=tuple(some),
                    structural=some is going or (where == (UNITS,) and not all(patch.wording for patch in some)),
                )


def _of_column(patch: Patch) -> Change:
    """A column or a table that no changed clause accounts for."""
    some = patch.new if patch.new is not None else patch.old
    role = getattr(some, "role", None)
    return Change(
        number=0,
        how="新增" if patch.old is None else "删除" if patch.new is None else "修改",
        block=role.value if isinstance(role, TableRole) else "栏目",
        old=() if patch.old is None else patch.key[1:],
        new=() if patch.new is None else patch.key[1:],
        name=patch.key[-1] if patch.new is not None else "",
        old_name=patch.key[-1] if patch.old is not None else "",
        patches=(patch,),
    )


_ORDER = ("开头", "类别", "栏目", "数据", "台账", "附表", "计分办法")
_LATE = ("去重", "否决和限制", "等次", "对象等次", "结果运用")


def _place(change: Change) -> tuple[Any, ...]:
    """First the first block and the tables, then the clauses by code, then what follows the total."""
    code = (change.new or change.old)[0] if change.new or change.old else ""
    if change.block in _ORDER:
        return 0, _ORDER.index(change.block), change.new or change.old
    if change.block in _LATE:
        return 2, _LATE.index(change.block), by_code(code)
    return 1, 0, by_code(code)
