"""A rulebook taken apart: each thing that may change by itself, under a key that says what it is.

The order in which things stand has no meaning, so that two rulebooks mean the same where their parts are equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import is_
from typing import Any

from perfdsl.compile.dedupe import by_itself, settled
from perfdsl.model.grade import GradeScheme
from perfdsl.model.item import Item, Level, Meta
from perfdsl.model.ordering import by_code
from perfdsl.model.rulebook import Category, Dedupe, Rule, Rulebook
from perfdsl.model.table import RowOf, RuleCell, Table, TableColumn
from perfdsl.model.walking import PLACES, rebuilt
from perfdsl.text.records import dataclass, field, fields, replace

Key = tuple[str, ...]
"""``("item", "A01")``, ``("head", "total")``, ``("cell", "年度目标", "云泽区", "办结率目标")`` …"""

Parts = Mapping[Key, Any]

NAMED = {
    "categories": "category",
    "dedupes": "dedupe",
    "vetoes": "veto",
    "scopes": "scope",
    "applications": "application",
}
"""Field of a rulebook that holds blocks → what each of them is called here; those have a code or a name."""

_APART = frozenset({*NAMED, *PLACES, "tables", "items", "scheme", "other_schemes", "methods"})
HEAD = tuple(one.name for one in fields(Rulebook) if one.name not in _APART)


def parts(book: Rulebook) -> dict[Key, Any]:
    """Every part of ``book``.

    An item is (code of the item above it or "", the item without what stands below, and without its 去重 block, which is
    a part of its own); a table is without its columns and rows, which are parts as well; ``("rows", table)`` are the
    keys of its rows in their order.
    """
    found: dict[Key, Any] = {("head", name): getattr(book, name) for name in HEAD}
    for table in book.tables:
        found |= _of_table(table)
    for top in book.items:
        found |= _of_item(top, "", book.dedupes)
    for name, kind in NAMED.items():
        for one in getattr(book, name):
            found[kind, one.name if isinstance(one, Category) else one.code] = one
    for scheme in book.schemes:
        found["scheme", scheme.name] = scheme
    for method in book.methods:
        found["method", method.name] = method
    return found


def _of_item(item: Item, above: str, dedupes: tuple[Dedupe, ...]) -> dict[Key, Any]:
    own = by_itself(item, dedupes)
    found: dict[Key, Any] = {("item", item.code): (above, own.alone)}
    for child in item.children:
        found |= _of_item(child, item.code, dedupes)
    return found


def _of_table(table: Table) -> dict[Key, Any]:
    found: dict[Key, Any] = {("table", table.name): replace(table, columns=(), rows=())}
    for column in table.columns:
        found["column", table.name, column.name] = column
    if table.rows:
        keys = row_keys(table)
        found["rows", table.name] = keys
        for key, row in zip(keys, table.rows, strict=True):
            for column, cell in zip(table.columns, row, strict=True):
                found["cell", table.name, key, column.name] = cell.text.strip()
    return found


def row_keys(table: Table) -> tuple[str, ...]:
    """What tells the rows of a 附表 apart: the unit, the unit and the number, else the first column."""
    at = {column.name: i for i, column in enumerate(table.columns)}
    if table.row_of is RowOf.UNIT and "单位" in at:
        by = [at["单位"]]
    elif table.row_of is RowOf.UNIT_ITEM:
        by = [at[name] for name in ("单位", "编号") if name in at] or [0]
    else:
        by = [0]
    seen: dict[str, int] = {}
    keys = []
    for row in table.rows:
        key = " ".join(row[i].text.strip() for i in by)
        seen[key] = seen.get(key, 0) + 1
        keys.append(key if seen[key] == 1 else f"{key} #{seen[key]}")
    return tuple(keys)


@dataclass
class Grown:
    """What was put together before: what is the same is the same object, here as there.

    ``items``: code → an item by itself, and with what stands below it. ``tables``: name → what a table is made of, and the
    table.
    """

    items: dict[str, tuple[Item, Item]] = field(default_factory=dict)
    tables: dict[str, tuple[tuple[Any, ...], Table]] = field(default_factory=dict)


def assembled(found: Parts, grown: Grown | None = None) -> Rulebook:
    """The rulebook of these parts: blocks by code, as :class:`~perfdsl.model.rulebook.Rulebook` has them.

    ``grown``: what may be taken from rulebooks that were put together before.
    """
    grown = Grown() if grown is None else grown
    head = {key[1]: value for key, value in found.items() if key[0] == "head"}
    blocks: dict[str, Any] = {name: _sorted(found, kind) for name, kind in NAMED.items()}
    schemes: list[GradeScheme] = [value for key, value in found.items() if key[0] == "scheme"]
    return Rulebook(
        **head,
        **blocks,
        tables=_tables(found, grown.tables),
        items=settled(_items(found, grown.items), blocks["dedupes"]),
        scheme=schemes[0] if schemes else None,
        other_schemes=tuple(schemes[1:]),
        methods=tuple(value for key, value in found.items() if key[0] == "method"),
    )


def _sorted(found: Parts, kind: str) -> tuple[Any, ...]:
    keys = [key for key in found if key[0] == kind]
    if kind not in ("scope", "dedupe"):  # those have no code to go by
        keys.sort(key=lambda key: by_code(key[1]))
    return tuple(found[key] for key in keys)


def _items(found: Parts, known: dict[str, tuple[Item, Item]]) -> tuple[Item, ...]:
    below: dict[str, list[Item]] = {}
    for key, value in found.items():
        if key[0] == "item":
            below.setdefault(value[0], []).append(value[1])

    def grown(item: Item) -> Item:
        children = below.get(item.code, [])
        if not children:
            return item
        if not as_written(item):
            children = sorted(children, key=lambda child: by_code(child.code))
        made = tuple(grown(child) for child in children)
        before = known.get(item.code)
        if before is not None and before[0] is item and _same(before[1].children, made):
            return before[1]
        known[item.code] = item, replace(item, children=made)
        return known[item.code][1]

    return tuple(grown(item) for item in sorted(below.get("", ()), key=lambda item: by_code(item.code)))


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return len(one) == len(other) and all(map(is_, one, other))


def as_written(item: Item) -> bool:
    """Whether what stands below goes as it is written: 要点 as in their table, scores of several 评分单位 as they are named."""
    return item.level is Level.INDICATOR


def _tables(found: Parts, known: dict[str, tuple[tuple[Any, ...], Table]]) -> tuple[Table, ...]:
    columns: dict[str, list[TableColumn]] = {}
    for key, value in found.items():
        if key[0] == "column":
            columns.setdefault(key[1], []).append(value)
    made = []
    for key, table in found.items():
        if key[0] == "table":
            name = key[1]
            mine, rows = tuple(columns.get(name, ())), found.get(("rows", name), ())
            cells = [tuple([found.get(("cell", name, row, column.name), "") for column in mine]) for row in rows]
            of = (table, *mine, *rows, *(cell for row in cells for cell in row))
            if name not in known or not _same(known[name][0], of):
                filled = tuple(tuple(map(RuleCell, row)) for row in cells)
                known[name] = of, replace(table, columns=mine, rows=filled)
            made.append(known[name][1])
    return tuple(made)


# ---- what is wording, and what has meaning

_WORDING_HEADS = frozenset({"name", "version", "document", "previous", "status", "meta", "validity"})
"""Parts of the first block that no computation reads. 考核期 is compared after the years are moved together."""


def is_wording(key: Key) -> bool:
    """Whether a part says nothing that is computed."""
    return key[0] == "method" or (key[0] == "head" and key[1] in _WORDING_HEADS)


def meaning(value: Any) -> Any:
    """``value`` without what no computation reads: names, articles, official words, who supplies a column.

    The choices of a column close it for whoever fills it in; scores ask for the words themselves.
    """
    return rebuilt(value, _bare)


SILENT_HEADS = frozenset({"name", "version", "document", "previous"})
"""Parts of the first block that every year has anew."""


def unnumbered(value: Any) -> Any:
    """``value`` without numbers of articles and without what a clause says of its own change."""
    return rebuilt(value, _plain)


def _plain(node: Any) -> Any:
    if isinstance(node, Meta):
        return replace(node, article="", replaces=(), reason="")
    if isinstance(node, TableColumn):
        return replace(node, for_items=(), also=(), former=(), reworded=())
    return node


def _bare(node: Any) -> Any:
    if isinstance(node, Meta):
        return Meta()
    if isinstance(node, Item):
        return replace(node, name="", method="")
    if isinstance(node, (Rule, GradeScheme)):
        return replace(node, name="")
    if isinstance(node, TableColumn):
        bare = replace(node, source="", frequency="", for_items=(), unit_word="", choices=())
        return replace(bare, also=(), former=(), reworded=())
    if isinstance(node, Table):
        return replace(node, source="", file="")
    return node
