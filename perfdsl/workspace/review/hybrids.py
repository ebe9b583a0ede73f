"""Rulebooks with some of the changes and without the others.

Tables always have the columns of both sides: a column that nobody reads does nothing. Rows of the roster come and go
with the data and not with a rule, so they stay those of the side that is run. A hybrid is in the year of one side: what no
change touches keeps the dates that it has there, and the calendar of working days is that side's. Columns that are measured in
other words are put in one measure (:mod:`perfdsl.workspace.review.measures`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from perfdsl.model.expression import InGrade, ItemRef, RuleHolds
from perfdsl.model.grade import UNDETERMINED, GradeScheme
from perfdsl.model.item import GROUPS, Item
from perfdsl.model.rulebook import Category, Dedupe, Rulebook
from perfdsl.model.table import UNITS, TableColumn
from perfdsl.model.walking import nodes
from perfdsl.text.records import replace
from perfdsl.workspace.review.changes import Change, Comparison, Patch
from perfdsl.workspace.review.measures import measures
from perfdsl.workspace.review.parts import Grown, Key, assembled, parts
from perfdsl.workspace.review.shelf import Shelf
from perfdsl.workspace.review.terms import moved
from perfdsl.workspace.review.units import CATEGORY

CALENDAR = ("head", "calendar")


class Hybrids:
    """Makes hybrids of one comparison; ``needs`` says which changes a change cannot do without."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.by_number = {change.number: change for change in comparison.changes}
        self._old, self._new = parts(comparison.before), parts(comparison.new)
        self._measures = measures(
            ((patch.key[1], patch.key[2]), patch.old, patch.new)
            for patch in comparison.patches
            if patch.key[0] == "column" and patch.old is not None and patch.new is not None
        )
        structure = dict(self._structure())
        self._base = {**self._old, **structure}
        self._was = {**parts(comparison.as_was), **structure}  # tables and columns hold no dates
        if comparison.terms.years:
            self._base[CALENDAR] = self._new[CALENDAR]
        self._grown = Grown()
        self._made: dict[tuple[frozenset[int], bool], Rulebook] = {}
        self._ends: dict[bool, tuple[Rulebook, Rulebook]] = {}
        self._shelves: dict[bool, Shelf] = {}
        self._asking: dict[Key, tuple[Any, frozenset[Key]]] = {}
        self.needs: dict[int, frozenset[int]] = {}
        for change in comparison.changes:
            self.needs[change.number] = self._needed(change)

    @property
    def tried(self) -> tuple[Change, ...]:
        """The changes that a hybrid can have or not have: those that mean something."""
        return tuple(one for one in self.comparison.changes if not one.wording and not one.structural)

    def book(self, chosen: Collection[int], old_year: bool = False) -> Rulebook:
        """The old rulebook, in the new one's terms, with the ``chosen`` changes; ``old_year``: in the old one's year.

        A change whose needs are not all chosen is left out: of changes that need each other, none is made before the last.
        """
        key = self.usable(chosen), old_year
        if key not in self._made:
            found = dict(self._was if old_year else self._base)
            for number in sorted(key[0]):
                for patch in self.by_number[number].patches:
                    if not self._goes(patch):
                        apply(replace(patch, new=self._back(patch.new)) if old_year else patch, found)
            self._made[key] = self._measures.put(assembled(_whole(found), self._grown), old_year)
        return self._made[key]

    def ends(self, old_year: bool = False) -> tuple[Rulebook, Rulebook]:
        """Both rulebooks as they are, in the year of one side."""
        if old_year not in self._ends:
            comparison = self.comparison
            both = (comparison.as_was, self._back(comparison.new)) if old_year else (comparison.before, comparison.new)
            one, other = (self._measures.put(book, old_year) for book in both)
            self._ends[old_year] = one, other
        return self._ends[old_year]

    def shelf(self, old_year: bool = False) -> Shelf:
        """Where all of them in the year of one side are lowered; a column is of the kind that it has before the changes."""
        if old_year not in self._shelves:
            start = self.book((), old_year)
            self._shelves[old_year] = Shelf(start, *self.ends(old_year), start)
        return self._shelves[old_year]

    def _back(self, value: Any) -> Any:
        """What the new side says, in the old one's year."""
        comparison = self.comparison
        return moved(value, -comparison.terms.years, comparison.new.period)

    def usable(self, chosen: Collection[int]) -> frozenset[int]:
        """Those of ``chosen`` that have all they need among them."""
        known = frozenset(chosen)
        return frozenset(number for number in known if self.closed([number]) <= known)

    def closed(self, chosen: Iterable[int]) -> frozenset[int]:
        """``chosen`` and everything that they need."""
        found: set[int] = set()
        todo = list(chosen)
        while todo:
            number = todo.pop()
            if number not in found:
                found.add(number)
                todo += self.needs.get(number, ())
        return frozenset(found)

    def _structure(self) -> Iterable[tuple[Key, Any]]:
        for patch in self.comparison.patches:
            kind = patch.key[0]
            if kind == "table" and patch.new is not None and (patch.old is None or patch.wording):
                yield patch.key, patch.new
            elif kind == "column" and patch.new is not None:
                if patch.old is None:
                    yield patch.key, patch.new
                elif patch.wording:
                    yield patch.key, also(patch.new, patch.old)
            elif kind in ("rows", "cell") and patch.old is None and self._comes(patch.key):
                yield patch.key, patch.new

    def _goes(self, patch: Patch) -> bool:
        """Whether a cell goes with its column or its whole table: both stay, for rules that still read them."""
        if patch.new is not None or patch.key[0] not in ("cell", "rows"):
            return False
        table = patch.key[1]
        if ("rows", table) not in self._new:
            return True
        return patch.key[0] == "cell" and ("column", table, patch.key[3]) not in self._new

    def _comes(self, key: Key) -> bool:
        """Whether a 附表 is new as a whole, or the column of a cell is: nobody but the changed rules reads it."""
        if ("rows", key[1]) not in self._old:
            return True
        return key[0] == "cell" and ("column", key[1], key[3]) not in self._old

    # ---- what a change needs

    def _needed(self, change: Change) -> frozenset[int]:
        """Changes that bring what this one reads, and those that let go of what it takes away."""
        if change.wording:
            return frozenset()
        found = dict(self._base)
        for patch in change.patches:
            apply(patch, found)
        if not self._lacking and all(self._asks_no_more(patch.key, found) for patch in change.patches):
            return frozenset()
        wanted = self._missing(found)
        if not wanted:
            return frozenset()
        needs = {
            other.number
            for other in self.comparison.changes
            if other.number != change.number
            for patch in other.patches
            if wanted & (_brought(patch) | _let_go(patch))
        }
        return frozenset(needs)

    @cached_property
    def _lacking(self) -> frozenset[Key]:
        """What is missing without any change."""
        return self._missing(self._base)

    def _asks_no_more(self, key: Key, found: Mapping[Key, Any]) -> bool:
        """Whether a part is there as before, brings the same and reads nothing else."""
        if key not in self._base or key not in found:
            return False
        old, new = self._base[key], found[key]
        return self._asked(key, old) >= frozenset(_asked(key, new)) and {*_given(key, old)} == {*_given(key, new)}

    def _missing(self, found: Mapping[Key, Any]) -> frozenset[Key]:
        """Clauses, grades and categories that something reads and that are not there."""
        there = {key for key in found if key[0] in ("item", "veto", "category", "scheme")}
        there |= {one for key, value in found.items() for one in _given(key, value)} | {("grade", UNDETERMINED)}
        grades = {one[1] for one in there if one[0] == "grade"} - {UNDETERMINED}
        wanted: set[Key] = set()
        for key, value in found.items():
            wanted |= self._asked(key, value)
        # a table of numbers by grade (优秀 1.2，良好 1.0 …) leaves none of them out
        listing = {one[1] for one in there if one[0] == "listed"}
        wanted |= {("listed", code, grade) for code in listing for grade in grades}
        if not any(key[0] == "category" for key in there):
            wanted = {key for key in wanted if key[0] != "category"}
        return frozenset(wanted - there)

    def _asked(self, key: Key, value: Any) -> frozenset[Key]:
        """What a part reads; nearly every part is that of the rulebook before the change."""
        known = self._asking.get(key)
        if known is None or known[0] is not value:
            known = self._asking[key] = value, frozenset(_asked(key, value))
        return known[1]


def _asked(key: Key, value: Any) -> Iterator[Key]:
    if key[0] == "item" and value[0]:
        yield "item", value[0]
    if key[0] == "cell" and key[1] == UNITS and key[3] == CATEGORY and value:
        yield "category", value
    yield from _named_in(value if key[0] != "item" else value[1])


def _named_in(value: Any) -> Iterator[Key]:
    """Clauses and grades that stand in a part."""
    for node in nodes(value):
        if isinstance(node, ItemRef) and node.code:
            yield "item", node.code
        elif isinstance(node, RuleHolds):
            yield "veto", node.code
        elif isinstance(node, Dedupe):
            yield from (("item", code) for code in node.items)
        elif isinstance(node, Category) and node.treated_as:
            yield "grade", node.treated_as
        elif not isinstance(node, GradeScheme):  # cases, consequences and tables by grade
            yield from (("grade", name) for name in getattr(node, "grades", ()))


def _given(key: Key, value: Any) -> Iterator[Key]:
    """Grades that a part brings, and those for which it has a number."""
    for node in nodes(value) if key[0] in ("scheme", "application") else ():
        if isinstance(node, GradeScheme):
            yield from (("grade", grade.name) for grade in node.grades)
        elif not isinstance(node, InGrade):
            yield from (("listed", key[1], name) for name in getattr(node, "grades", ()))


def _brought(patch: Patch) -> frozenset[Key]:
    """What the new side of ``patch`` is or brings."""
    return frozenset() if patch.new is None else frozenset({patch.key, *_given(patch.key, patch.new)})


def apply(patch: Patch, found: dict[Key, Any]) -> None:
    """Put ``patch`` into ``found``; a column that goes stays with its cells, since others may read it."""
    if patch.key[0] == "head":
        found[patch.key] = patch.new  # always there, if only to say that there is none
    elif patch.new is None:
        if patch.key[0] not in ("column", "table"):
            found.pop(patch.key, None)
    elif patch.key != ("rows", UNITS):
        old = found.get(patch.key)
        found[patch.key] = also(patch.new, old) if isinstance(old, TableColumn) else patch.new


def also(column: TableColumn, other: TableColumn) -> TableColumn:
    """``column``, read under the headings and with the words of both; with the words that either allows."""
    known = tuple(one for one in dict.fromkeys((*column.also, other.name, *other.also)) if one != column.name)
    choices = tuple(dict.fromkeys((*column.choices, *other.choices))) if column.choices and other.choices else ()
    reworded = tuple(dict.fromkeys((*column.reworded, *other.reworded)))
    return replace(column, also=known, choices=choices, reworded=reworded)


def _whole(found: Mapping[Key, Any]) -> dict[Key, Any]:
    """Without items that hang on nothing, and without groups in which nothing is scored any more, or not yet."""
    items = {key[1]: value for key, value in found.items() if key[0] == "item"}
    holding = {code for code, (_, item) in items.items() if item.scoring is not None}
    for code in tuple(holding):
        above = items[code][0]
        while above in items and above not in holding:
            holding.add(above)
            above = items[above][0]

    def stands(code: str) -> bool:
        above = items[code][0]
        return (code in holding or items[code][1].level not in GROUPS) and (not above or above in items)

    return {key: value for key, value in found.items() if key[0] != "item" or stands(key[1])}


def _let_go(patch: Patch) -> frozenset[Key]:
    """What the old side of ``patch`` reads and its new side does not."""
    return _reads(patch.old) - _reads(patch.new)


def _reads(value: Any) -> frozenset[Key]:
    above, below = value if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], Item) else ("", value)
    found = set(_named_in(below))
    if above:
        found.add(("item", above))
    return frozenset(found)
