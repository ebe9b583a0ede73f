"""Which items of a rulebook are worked out as in another one: their rules are the same, and so is all that they look at."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from functools import cached_property

from perfdsl.model.expression import ColumnRef, InGrade, ItemRef, Placed, RuleHolds
from perfdsl.model.item import GROUPS, Answer, AnswerKind, Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import UNITS, RowOf
from perfdsl.model.walking import PLACES, nodes, texts
from perfdsl.text.records import fields, replace

_OWN = tuple(one.name for one in fields(Item) if one.name not in {*PLACES, "children"})
_SHARED = ("full", "roundings", "total", "ties", "breaks", "period", "categories", "dedupes", "calendar")
"""Fields of a rulebook that any item may stand on."""
_WIDE = (RuleHolds, InGrade, Placed)
"""Conditions that ask for what comes of all items."""


_Against = tuple[Mapping[str, Item], Collection[str], Collection[str], Mapping[str, str]]


class Standing:
    """What the items of ``book`` look at. Items are known by their codes."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self._shared = tuple(_shared(book))
        self._items = {item.code: item for item in book.walk()}
        self._above = {child.code: item.code for item in book.walk() for child in item.children}
        self._mates = _Mates()
        self._readers: dict[str, set[str]] = {}
        self._wide: set[str] = set()
        self._known: dict[int, tuple[Rulebook, _Against | None]] = {}
        for code, item in self._items.items():
            self._read(code, item.alone)
            self._mates.put(item, self._above)

    def _read(self, code: str, item: Item) -> None:
        for node in nodes(item):
            if isinstance(node, _WIDE) or (isinstance(node, ItemRef) and not node.code):
                self._wide.add(code)
            elif isinstance(node, ItemRef):
                self._readers.setdefault(node.code, set()).add(code)

    def same(self, other: Rulebook, cells: Collection[tuple[str, str]] = ()) -> frozenset[str]:
        """The items of ``other`` that are worked out as here, each score, value and state of every unit.

        ``cells``: (table, column) in which the data differ; of the roster, nothing may.
        """
        found = self._against(other)
        if found is None or any(table == UNITS for table, _ in cells):
            return frozenset()
        theirs, differing, summed, above = found
        own = set(differing)
        own |= {code for one in cells for code in self._reading(*one)}
        mates = _Mates(self._mates)
        for item in (below for code in own if code in theirs for below in theirs[code].walk()):
            mates.put(item, above)
        todo, seen = [*((code, True) for code in own), *((code, False) for code in summed)], set[tuple[str, bool]]()
        while todo:
            code, itself = one = todo.pop()
            if one in seen:
                continue
            seen.add(one)
            todo += ((reader, True) for reader in self._readers.get(code, ()))
            todo += ((mate, True) for mate in mates.of(code))
            if code in above:
                todo.append((above[code], False))
            if itself and code in theirs:  # what stands below is asked for its 适用 as well
                todo += ((child.code, True) for child in theirs[code].children)
        return frozenset(theirs.keys() - {code for code, _ in seen})

    def _against(self, other: Rulebook) -> _Against | None:
        """The items of ``other``, those that differ in themselves, those under which others stand, and what each stands under;
        None where all may be otherwise. It is asked of the same rulebook again and again."""
        known = self._known.get(id(other))
        if known is None or known[0] is not other:
            known = self._known[id(other)] = other, self._compared(other)
        return known[1]

    def _compared(self, other: Rulebook) -> _Against | None:
        if tuple(_shared(other)) != self._shared:
            return None
        theirs = {item.code: item for item in other.walk()}
        own, summed = set[str](), set[str]()
        for top in other.items:
            self._differing(top, "", own, summed)
        own |= {*self._wide, *_zeroed(self.book), *_zeroed(other), *(self._items.keys() - theirs.keys())}
        above = {**self._above, **{child.code: item.code for item in other.walk() for child in item.children}}
        return theirs, frozenset(own), frozenset(summed), above

    def _reading(self, table: str, column: str) -> Iterator[str]:
        """The items that read a column, by itself or with the whole of its table."""
        for found, asked in ((self._columns, (table, column)), (self._texts, table), (self._texts, column)):
            yield from found.get(asked, ())

    @cached_property
    def _columns(self) -> dict[Hashable, set[str]]:
        found: dict[Hashable, set[str]] = {}
        for code, item in self._items.items():
            for node in nodes(item.alone):
                if isinstance(node, ColumnRef):
                    found.setdefault((node.table, node.column), set()).add(code)
        return found

    @cached_property
    def _texts(self) -> dict[Hashable, set[str]]:
        found: dict[Hashable, set[str]] = {}
        for code, item in self._items.items():
            for text in texts(item.alone, closed=ColumnRef):
                found.setdefault(text, set()).add(code)
        return found

    def _differing(self, item: Item, above: str, own: set[str], summed: set[str]) -> None:
        """Collect the items that differ in themselves, and those under which other items stand."""
        old = self._items.get(item.code)
        if old is item and self._above.get(item.code, "") == above:
            return
        if old is None or self._above.get(item.code, "") != above or not _alike(old, item):
            own.add(item.code)
        elif [one.code for one in old.children] != [one.code for one in item.children]:
            summed.add(item.code)
        for child in item.children:
            self._differing(child, item.code, own, summed)


def _alike(old: Item, new: Item) -> bool:
    return all(getattr(old, name) == getattr(new, name) for name in _OWN)


def _shared(book: Rulebook) -> Iterator[Hashable]:
    for name in _SHARED:
        yield getattr(book, name)
    for scheme in book.schemes:
        yield scheme.name, scheme.by_category, scheme.categories
    for table in book.tables:
        kept = table.row_of is RowOf.MEMBER or table.name == UNITS
        yield table if kept else replace(table, rows=())


def _zeroed(book: Rulebook) -> Iterator[str]:
    """Items whose score a veto makes 0."""
    for rule in book.vetoes:
        yield from getattr(rule.clause, "codes", ())


class _Mates:
    """Items that are worked out together: a matter counts in one of them, or they share the points of one that is gone."""

    def __init__(self, before: _Mates | None = None) -> None:
        """``before``: what the items were in another rulebook, and are here as well."""
        self.before = before
        self.groups: dict[str, list[Hashable]] = {}
        self.members: dict[Hashable, set[str]] = {}
        self.shared: set[Hashable] = set() if before is None else {*before.shared}

    def put(self, item: Item, above: Mapping[str, str]) -> None:
        """Add an item, or what it is now as well."""
        across = getattr(item.scoring, "across", None)
        if across is not None:
            self._put(item.code, ("across", across))
            self.shared.add(("across", across))
        if item.level not in GROUPS:
            top = _top(item.code, above)
            self._put(item.code, top)
            answers = (*(answer for _, answer in item.answers), *(item.requires or ())[1:])
            if any(isinstance(one, Answer) and one.kind is AnswerKind.REDISTRIBUTE for one in answers):
                self.shared.add(top)

    def _put(self, code: str, group: Hashable) -> None:
        self.groups.setdefault(code, []).append(group)
        self.members.setdefault(group, set()).add(code)

    def of(self, code: str) -> Iterator[str]:
        """The mates of an item."""
        all_ = (self,) if self.before is None else (self, self.before)
        for group in (group for one in all_ for group in one.groups.get(code, ())):
            if group in self.shared:
                for one in all_:
                    yield from one.members.get(group, ())


def _top(code: str, above: Mapping[str, str]) -> str:
    while code in above:
        code = above[code]
    return code
