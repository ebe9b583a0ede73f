"""The readings that a rulebook chose, and the rulebook with another one of them.

Another reading is another model: one field of a node has another value. What is written once and holds in several
places (a 计分办法, 未报 of a whole group, 平均 of the first block) is one reading, and is changed everywhere at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.kind import Choice
from perfdsl.clauses.shared.readings import ANSWERED, CHOICES, answer_of
from perfdsl.compile.check import check
from perfdsl.model.item import GROUPS, Clause, Item
from perfdsl.model.outputs import GRADE, RANK
from perfdsl.model.rulebook import Category, Dedupe, Rule, Rulebook
from perfdsl.text.citation import Citation
from perfdsl.text.problem import Severity
from perfdsl.text.records import dataclass, fields, is_dataclass, replace
from perfdsl.text.source import Span
from perfdsl.workspace import edges
from perfdsl.workspace.review.together import Source, Together

AT_ONCE = 60
"""Rulebooks in one graph: more share more, and take more memory."""

APART = frozenset({"span", "citation", "meta", "tables", "calendar", "unread", "methods"})
"""Fields in which no reading stands."""

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, eq=False)
class Reading:
    """One reading that was chosen. ``paths`` lead to the nodes that have it; ``others`` are (value, how it is written).

    ``numbered`` are readings that cannot be tried before their author says a number.
    """

    choice: Choice
    chosen: str
    others: tuple[tuple[Any, str], ...]
    paths: tuple[Path_, ...]
    span: Span | None
    citation: Citation
    article: str
    numbered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moved:
    """What another reading changes: names of units whose scores, rank, grade or results of application differ.

    ``alone`` is why it cannot be put in the place of the one chosen by itself; "" where it can. ``proved``: both readings
    compute every result by the same operations, so that no data whatever tell them apart.
    """

    score: tuple[str, ...] = ()
    rank: tuple[str, ...] = ()
    grade: tuple[str, ...] = ()
    applied: tuple[str, ...] = ()
    alone: str = ""
    proved: bool = False


def readings(book: Rulebook) -> tuple[Reading, ...]:
    """Every reading of ``book``, in the order of its lines."""
    found: dict[tuple[Any, ...], Reading] = {}
    for node, path, owner in _nodes(book, (), None):
        for choice in (*_choices(node), *(edges.CHOICES if node is book else ())):
            chosen = choice.chosen(node)
            if chosen is None or not _asked_here(node, choice):
                continue
            span = _span(node, choice, owner)
            key = (id(choice), chosen, span if span is not None else path)
            if key in found:
                found[key] = replace(found[key], paths=(*found[key].paths, path))
                continue
            citation = owner.citation if owner is not None else Citation(line=book.span.line if book.span else 0)
            article = citation.article or getattr(getattr(owner, "meta", None), "article", "")
            left = [one for one in choice.readings if one[1] != chosen]
            others = tuple(
                (value, _tried_as(choice, node, value, told)) for value, told in left if value not in choice.numbered
            )
            numbered = tuple(told for value, told in left if value in choice.numbered)
            found[key] = Reading(choice, chosen, others, (path,), span, citation, article, numbered)
    return tuple(sorted(found.values(), key=lambda one: one.span.line if one.span else one.citation.line))


def _tried_as(choice: Choice, node: Any, value: Any, told: str) -> str:
    assumed = choice.assumed(node, value) if choice.assumed is not None else ""
    return f"{told}（{assumed}）" if assumed else told


def with_reading(book: Rulebook, reading: Reading, value: Any) -> Rulebook:
    """``book``, in which ``reading`` is read as ``value`` says."""
    for path in reading.paths:
        book = _put(book, path, lambda node: reading.choice.with_reading(node, value))
    return replace(book, items=tuple(_floored(item) for item in book.items))


def tried(book: Rulebook, found: Sequence[Reading], source: Source) -> tuple[tuple[Moved, ...], ...]:
    """What ``book`` would say otherwise by each other reading of each of ``found``.

    The rulebooks with one other reading each are lowered into one graph, so that what they share is computed once.
    """
    asked = [(reading, value) for reading in found for value, _ in reading.others]
    known = {(one.code, one.message) for one in check(book)}
    answers: list[Moved] = []
    for start in range(0, len(asked), AT_ONCE):
        others = [with_reading(book, reading, value) for reading, value in asked[start : start + AT_ONCE]]
        ran = Together([book, *others], source, tolerant=True)
        answers += (_moved(ran, place, known) for place in range(1, len(others) + 1))
    given = iter(answers)
    return tuple(tuple(next(given) for _ in reading.others) for reading in found)


def _moved(ran: Together, place: int, known: Set[tuple[str, str]]) -> Moved:
    """``known`` are the problems of the rulebook as it is."""
    if place in ran.refused:
        return Moved(alone=_asked(ran.books[place], known) or "要和别处一起改")
    if ran.same(0, place):
        return Moved(proved=True)
    moved = _differing(ran, place)
    if moved == Moved():
        return moved
    alone = _asked(ran.books[place], known)
    return Moved(alone=alone) if alone else moved


def _asked(other: Rulebook, known: Set[tuple[str, str]]) -> str:
    """What the check says of ``other`` that is not ``known``: code and message of the first 必须改."""
    for problem in check(other):
        if problem.severity is Severity.MUST and (problem.code, problem.message) not in known:
            return f"{problem.code} {problem.message}"
    return ""


def _differing(ran: Together, place: int) -> Moved:
    here, there = ran.names(0), frozenset(ran.names(place))

    def units(*heads: str) -> tuple[str, ...]:
        changed: set[int] = set()
        for name in here:
            if name.partition(":")[0] in heads and name in there and ran.node(0, name) != ran.node(place, name):
                pairs = zip(ran.cells(0, name), ran.cells(place, name), strict=True)
                changed.update(at for at, (one, other) in enumerate(pairs) if one != other)
        return tuple(unit for at, unit in enumerate(ran.units) if at in changed)

    return Moved(units("total", "base", "score"), units(RANK), units(GRADE), units("application", "since"))


# ---- where readings stand


def _choices(node: Any) -> tuple[Choice, ...]:
    if isinstance(node, Clause):
        return BY_KEY[node.kind].choices
    return CHOICES.get(type(node), ())


def _nodes(value: Any, path: Path_, owner: Any) -> Iterator[tuple[Any, Path_, Any]]:
    """Every node, how to come to it, and the block in which it stands."""
    if isinstance(value, tuple):
        for at, one in enumerate(value):
            yield from _nodes(one, (*path, at), owner)
    elif is_dataclass(value) and not isinstance(value, type):
        block = value if isinstance(value, (Item, Rule, Category, Dedupe)) or hasattr(value, "order") else owner
        yield value, path, block
        for one in fields(value):
            if one.name not in APART:
                yield from _nodes(getattr(value, one.name), (*path, one.name), block)


def _asked_here(node: Any, choice: Choice) -> bool:
    """A population is asked of an item only where its kind looks at other units."""
    if not isinstance(node, Item) or choice.field != "population":
        return True
    return node.scoring is not None and BY_KEY[node.scoring.kind].cross_unit


def _put(value: Any, path: Path_, change: Any) -> Any:
    if not path:
        return change(value)
    at = path[0]
    if isinstance(at, int):
        return (*value[:at], _put(value[at], path[1:], change), *value[at + 1 :])
    return replace(value, **{at: _put(getattr(value, at), path[1:], change)})


def _span(node: Any, choice: Choice, owner: Any) -> Span | None:
    if isinstance(node, Item):
        if choice in ANSWERED.values():
            answer = answer_of(node, choice)
            return answer.span if answer is not None else None
        return node.span
    span = getattr(node, "span", None)
    return span if span is not None else getattr(owner, "span", None)


def _floored(item: Item) -> Item:
    """Where 扣完本一级指标为止 stands below, the group stops at 0 (as the words are resolved)."""
    if item.level not in GROUPS:
        return item
    scored = [one.scoring for one in item.walk() if one.scoring is not None]
    drained = any(BY_KEY[clause.kind].drains_group(clause) for clause in scored)
    return item if item.floored is drained else replace(item, floored=drained)
