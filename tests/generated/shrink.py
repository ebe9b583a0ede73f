"""The smallest case that still shows a difference, and how it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from generated.books import Case
from generated.compare import Both, Difference, both, differences
from generated.stock import of_units
from perfdsl.model.grade import GradeScheme
from perfdsl.model.item import Item, Level
from perfdsl.model.rulebook import Rulebook, TotalRule
from perfdsl.model.table import UNIT_GRAIN

Fails = Callable[[Case], bool]


def differs_like(one: Difference) -> Fails:
    """Whether the engines disagree on a case that both can run, in the output and the states of ``one``."""

    def fails(case: Case) -> bool:
        try:
            found = differences(both(case))
        except Exception:
            return False
        return any(_sort(other) == _sort(one) for other in found)

    return fails


def _sort(one: Difference) -> tuple[object, ...]:
    return one.output, one.by_hand[0], one.by_graph[0]


def first(found: Both) -> Difference:
    """The difference nearest to the data: values before scores, items before groups, groups before the total."""
    leaves = {item.code for item in found.case.book.walk() if item.scoring is not None}
    order = ("value", "state", "score", "full", "base", "total", "veto", "rank", "grade", "application")

    def depth(one: Difference) -> tuple[bool, int]:
        what, _, code = one.output.partition(":")
        return (what in ("score", "full") and code not in leaves) or what in order[4:], order.index(what)

    return min(differences(found), key=depth)


def breaks_like(error: Exception) -> Fails:
    """Whether a case raises the same kind of error."""

    def fails(case: Case) -> bool:
        try:
            both(case)
        except Exception as found:
            return type(found) is type(error) and str(found)[:40] == str(error)[:40]
        return False

    return fails


def smallest(case: Case, fails: Fails) -> Case:
    """``case`` made smaller while it fails: rules, items, fields, units."""
    changed = True
    while changed:
        changed = False
        for smaller in smaller_books(case.book):
            tried = replace(case, book=smaller)
            if fails(tried):
                case, changed = tried, True
                break
        if not changed:
            units = case.data[UNIT_GRAIN].rows
            for keep in smaller_rosters(units):
                tried = replace(case, data=of_units(case.data, keep))
                if fails(tried):
                    case, changed = tried, True
                    break
    return case


def smaller_rosters(units: int) -> Iterator[list[int]]:
    """Halves, then all but one."""
    if units > 8:
        yield list(range(units // 2))
        yield list(range(units // 2, units))
    for gone in range(units):
        if units > 1:
            yield [unit for unit in range(units) if unit != gone]


def smaller_books(book: Rulebook) -> Iterator[Rulebook]:
    """Rulebooks with one thing less."""
    for name in ("applications", "vetoes"):
        for fewer in without_one(getattr(book, name)):
            yield changed(book, **{name: fewer})
    if book.scheme is not None:
        if not book.applications and not book.vetoes:
            yield replace(book, scheme=None)
        for scheme in smaller_schemes(book.scheme):
            yield replace(book, scheme=scheme)
    for items in smaller_trees(book.items):
        yield replace(book, items=items)
    if book.categories and not any("类别" in repr(item) for item in book.items):
        yield replace(book, categories=())
    for name, plain in (("value", None), ("score", None), ("group", None), ("total", None), ("carry_exact", False)):
        if getattr(book.roundings, name) != plain:
            yield replace(book, roundings=changed(book.roundings, **{name: plain}))
    plainest = TotalRule(book.total.combine, book.total.bonuses, book.total.deductions)
    if book.total != plainest:
        yield replace(book, total=plainest)


def smaller_schemes(scheme: GradeScheme) -> Iterator[GradeScheme]:
    """Grades that ask for less."""
    for n, grade in enumerate(scheme.grades):
        for field in ("also", "quota", "position"):
            if getattr(grade, field) is not None:
                grades = (*scheme.grades[:n], changed(grade, **{field: None}), *scheme.grades[n + 1 :])
                yield replace(scheme, grades=grades)
    if scheme.promoted is not None:
        yield replace(scheme, promoted=None)


def changed(part: Any, **to: Any) -> Any:
    """``part`` with some fields changed that are named by text."""
    return replace(part, **to)


def without_one(parts: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """``parts`` less one of them."""
    for gone in range(len(parts)):
        yield (*parts[:gone], *parts[gone + 1 :])


def smaller_trees(items: tuple[Item, ...]) -> Iterator[tuple[Item, ...]]:
    """Trees with an item less, or with a plainer one."""
    yield from without_one(items)
    for n, item in enumerate(items):
        for smaller in smaller_items(item):
            yield (*items[:n], smaller, *items[n + 1 :])


def smaller_items(item: Item) -> Iterator[Item]:
    """The item without a child, without a field, with a plainer phrase."""
    for children in smaller_trees(item.children):
        if children or item.scoring is not None:
            yield replace(item, children=children)
    for name, plain in (
        ("applies", None),
        ("exempt", None),
        ("requires", None),
        ("rounding", None),
        ("combine", None),
        ("floored", False),
    ):
        if getattr(item, name) != plain:
            yield changed(item, **{name: plain})
    for answers in without_one(item.answers):
        yield replace(item, answers=answers)
    if item.scoring is not None and item.level is Level.STEP:
        yield replace(item, scoring=None)
    for name in ("value", "target", "scoring", "combine", "applies", "exempt"):
        part = getattr(item, name)
        for plainer in plainer_parts(part) if part is not None else ():
            yield changed(item, **{name: plainer})


def plainer_parts(part: Any) -> Iterator[Any]:
    """An operand in place of its call, a condition's part in place of the whole, an optional field left out."""
    yield from (*getattr(part, "args", ()), *getattr(part, "parts", ()))
    if hasattr(part, "part"):
        yield part.part
    if not is_dataclass(part) or isinstance(part, type):
        return
    for one in fields(part):
        value = getattr(part, one.name)
        if one.name in ("span", "kind", "way", "op") or value is None:
            continue
        if one.default is None and isinstance(value, str):
            yield changed(part, **{one.name: None})
        elif is_dataclass(value) and not isinstance(value, type):
            if one.default is None:
                yield changed(part, **{one.name: None})
            for plainer in plainer_parts(value):
                yield changed(part, **{one.name: plainer})


# ---- telling


def told(found: Both, shown: int = 6) -> str:
    """Item, unit, clause and both values of the first differences, the lowest items first."""
    differing = differences(found)
    lines = [f"seed {found.case.seed}: {len(differing)} cells differ", *map(_line, differing[:shown])]
    for item in found.case.book.walk():
        lines.append(f"  item {short(item)}")
    for rule in (*found.case.book.vetoes, *found.case.book.applications):
        lines.append(f"  rule {short(rule)}")
    lines.append(f"  scheme {short(found.case.book.scheme)}")
    lines.append(
        f"  total {short(found.case.book.total)} roundings {short(found.case.book.roundings)} ties {found.case.book.ties}"
    )
    lines.append(f"  categories {short(found.case.book.categories)}")
    for table in found.case.data.values():
        for column in table.columns.values():
            if column.name.split(".")[-1] in repr(
                (found.case.book.items, found.case.book.vetoes, found.case.book.applications, found.case.book.scheme)
            ):
                lines.append(
                    f"  data {table.grain} {column.name}: {', '.join(_cell(*cell) for cell in column.cells[:24])}"
                )
    return "\n".join(lines)


def _line(one: Difference) -> str:
    return f"  {one.output} unit {one.unit}: by hand {_cell(*one.by_hand)}, by graph {_cell(*one.by_graph)}"


def _cell(state: Any, value: Any) -> str:
    return str(value) if value is not None else state.chinese


def short(value: Any) -> str:
    """A dataclass as text, fields at their default left out."""
    if isinstance(value, tuple):
        return f"({', '.join(map(short, value))})"
    if not is_dataclass(value) or isinstance(value, type):
        return getattr(value, "chinese", None) or (str(value) if not hasattr(value, "name") else value.name)
    parts = []
    for one in fields(value):
        given = getattr(value, one.name)
        if one.name in ("span", "citation", "meta", "written", "children") or given == one.default:
            continue
        parts.append(f"{one.name}={short(given)}")
    return f"{type(value).__name__}({', '.join(parts)})"
