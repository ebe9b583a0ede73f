"""The readings that a rulebook chose, and the rulebook with another one of them.

Another reading is another model: one field of a node has another value. What is written once and holds in several
places (a 计分办法, 未报 of a whole group, 平均 of the first block) is one reading, and is changed everywhere at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.kind import Choice
from perfdsl.clauses.shared.readings import ANSWERED, CHOICES, answer_of
from perfdsl.compile.check import check
from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.compile.lower import lower
from perfdsl.graph.infer import GraphTypeError
from perfdsl.model.item import GROUPS, Clause, Item
from perfdsl.model.outputs import GRADE, RANK, Outcome
from perfdsl.model.rulebook import Category, Dedupe, Rule, Rulebook
from perfdsl.text.citation import Citation
from perfdsl.text.problem import Severity
from perfdsl.text.source import Span
from perfdsl.workspace.evaluate import Evaluation, as_published

APART = frozenset({"span", "citation", "meta", "tables", "calendar", "unread", "methods"})
"""Fields in which no reading stands."""

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, eq=False)
class Reading:
    """One reading that was chosen. ``paths`` lead to the nodes that have it; ``others`` are (value, how it is written)."""

    choice: Choice
    chosen: str
    others: tuple[tuple[Any, str], ...]
    paths: tuple[Path_, ...]
    span: Span | None
    citation: Citation
    article: str


@dataclass(frozen=True)
class Moved:
    """What another reading changes: names of units whose scores, rank, grade or results of application differ.

    ``alone`` is why it cannot be put in the place of the one chosen by itself; "" where it can.
    """

    score: tuple[str, ...] = ()
    rank: tuple[str, ...] = ()
    grade: tuple[str, ...] = ()
    applied: tuple[str, ...] = ()
    alone: str = ""


def readings(book: Rulebook) -> tuple[Reading, ...]:
    """Every reading of ``book``, in the order of its lines."""
    found: dict[tuple[Any, ...], Reading] = {}
    for node, path, owner in _nodes(book, (), None):
        for choice in _choices(node):
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
            others = tuple(one for one in choice.readings if one[1] != chosen)
            found[key] = Reading(choice, chosen, others, (path,), span, citation, article)
    return tuple(sorted(found.values(), key=lambda one: one.span.line if one.span else one.citation.line))


def with_reading(book: Rulebook, reading: Reading, value: Any) -> Rulebook:
    """``book``, in which ``reading`` is read as ``value`` says."""
    for path in reading.paths:
        book = _put(book, path, lambda node: reading.choice.with_reading(node, value))
    return replace(book, items=tuple(_floored(item) for item in book.items))


def moved(evaluation: Evaluation, reading: Reading, value: Any) -> Moved:
    """What ``evaluation`` would say otherwise if ``reading`` were ``value``: checked, lowered and run anew."""
    book = evaluation.book
    try:
        other = with_reading(book, reading, value)
        if other == book:
            return Moved(alone="这里两种读法是一回事")
        if asked := _asked(book, other):
            return Moved(alone=asked)
        outcome = _run(other, evaluation)
    except (GraphTypeError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, AssertionError):
        return Moved(alone="要和别处一起改")
    return _differing(evaluation, outcome)


def _run(book: Rulebook, evaluation: Evaluation) -> Outcome:
    from perfdsl.engine.columnar import run

    graph = lower(book)
    results = run(graph, evaluation.dataset, frozenset(graph.outputs.values()))
    return {name: as_published(book, name, results.output(name, UNIT_GRAIN)) for name in graph.outputs}


def _asked(book: Rulebook, other: Rulebook) -> str:
    """What the check says of ``other`` that it does not say of ``book``: code and message of the first 必须改."""
    known = {(one.code, one.message) for one in check(book)}
    for problem in check(other):
        if problem.severity is Severity.MUST and (problem.code, problem.message) not in known:
            return f"{problem.code} {problem.message}"
    return ""


def _differing(evaluation: Evaluation, outcome: Outcome) -> Moved:
    def names(*heads: str) -> tuple[str, ...]:
        wanted = [name for name in evaluation.outcome if name.partition(":")[0] in heads]
        return tuple(
            unit
            for at, unit in enumerate(evaluation.units)
            if any(name in outcome and outcome[name][at] != evaluation.outcome[name][at] for name in wanted)
        )

    return Moved(names("total", "base", "score"), names(RANK), names(GRADE), names("application", "since"))


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
