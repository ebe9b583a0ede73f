"""Reads a model as a careful colleague would. Each check is a function; their order is the order of the tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.grades_check import check as check_grades
from perfdsl.clauses.kind import Setting
from perfdsl.clauses.population import holds_for
from perfdsl.clauses.ruling import RuleSetting
from perfdsl.compile.inputs import expressions_in
from perfdsl.model import expression as model
from perfdsl.model.item import GROUPS, AnswerKind, Award, Item, Level
from perfdsl.model.rulebook import Category, Combine, Rulebook
from perfdsl.model.states import State
from perfdsl.text.catalogue import names as say
from perfdsl.text.catalogue import scoring, totals
from perfdsl.text.problem import Problem, Problems

NO_MEASURE = {
    "原则上": "写明哪些情形例外，例如：达到得满分，否则不得分",
    "视情": "人工评分，0.5 分一档，限于 0 至 3 分，写明理由",
    "酌情": "人工评分，0.5 分一档，限于 0 至 3 分，写明理由",
    "适当": "写明几分，例如：每有 1 次扣 0.5 分，扣完本指标为止",
    "左右": "写明上下限，例如：95% 以上得满分，否则不得分",
    "较好": "写明看什么、到什么程度，例如：达到 90% 得满分，否则不得分",
    "及时": "写明哪一天以前，例如：2025年12月20日前报送得满分，逾期或未报送不得分",
    "参照": "写明参照的哪一条，直接写出它的计分",
}
"""Words that leave the score to whoever reads them, and what to write."""

HEAVY = Fraction(1, 10)
"""An uncapped clause that gives this share of the base at once is asked about."""


def check(book: Rulebook) -> Problems:
    """Everything a colleague would remark on, in the order of the rulebook."""
    return tuple(problem for one in CHECKS for problem in one(book))


def clauses_are_sound(book: Rulebook) -> Iterator[Problem]:
    """Each kind's own checks."""
    for item in book.walk():
        for clause in (item.scoring, item.combine):
            if clause is not None:
                yield from BY_KEY[clause.kind].check(clause, Setting(item, book))
    for rule in (*book.vetoes, *book.applications):
        yield from BY_KEY[rule.clause.kind].check(rule.clause, RuleSetting(book))


def grades_are_sound(book: Rulebook) -> Iterator[Problem]:
    """Bands, quotas, ties of the grade table."""
    if book.scheme is not None:
        yield from check_grades(book.scheme, RuleSetting(book))


def no_circles(book: Rulebook) -> Iterator[Problem]:
    """No item depends on itself by way of others."""
    items = {item.code: item for item in book.walk()}
    done: set[str] = set()

    def visit(code: str, path: tuple[str, ...]) -> Iterator[Problem]:
        if code in path:
            yield say.circle(items[code].span, [*path[path.index(code) :], code])
            return
        if code in done or code not in items:
            return
        for other in _reads(items[code]):
            yield from visit(other, (*path, code))
        done.add(code)

    for code in items:
        yield from visit(code, ())


def _reads(item: Item) -> Iterable[str]:
    found = [child.code for child in item.children]
    for part in (item.value, item.target, item.scoring, item.applies, item.exempt, item.requires):
        found.extend(one.code for one in _item_refs(part) if one.what != "total")
    return found


def _item_refs(value: Any) -> Iterator[model.ItemRef]:
    if isinstance(value, model.ItemRef):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _item_refs(part)
    elif is_dataclass(value) and not isinstance(value, (type, Item)):
        for one in fields(value):
            if one.name != "span":
                yield from _item_refs(getattr(value, one.name))


# ---- sums


def parts_add_up(book: Rulebook) -> Iterator[Problem]:
    """Every declared total against its parts, at every level and for every category."""
    for item in book.walk():
        children = [child for child in item.children if child.level is not Level.STEP]
        if item.full is None or not children or item.combine is not None:
            continue
        if any(child.full is None for child in children):
            continue
        what = "要点" if children[0].level is Level.POINT else "下级"
        yield from _adds_up(book, item.span, item.name, item.full, children, what)
    yield from _whole_adds_up(book)


def _adds_up(
    book: Rulebook, span: Any, name: str, declared: Fraction, children: list[Item], what: str
) -> Iterator[Problem]:
    if any(_left_out(child, category) for child in children for category in book.categories):
        for category in book.categories:
            mine = [child for child in children if not _left_out(child, category)]
            if mine and sum((child.full or 0 for child in mine), Fraction(0)) != declared:
                yield totals.sum_differs(
                    span,
                    f"{name}（{category.name}）",
                    declared,
                    [(one.name, one.full or Fraction(0)) for one in mine],
                    what,
                )
        return
    if sum((child.full or 0 for child in children), Fraction(0)) != declared:
        yield totals.sum_differs(span, name, declared, [(one.name, one.full or Fraction(0)) for one in children], what)


def _left_out(item: Item, category: Category) -> bool:
    """Whether the item is simply not part of what ``category`` is scored by."""
    if item.applies is not None and item.level in GROUPS:
        return holds_for(item.applies, category.name) is False
    answer = item.answer(State.ABSENT)
    if item.applies is None or answer is None or answer.kind is not AnswerKind.SKIP:
        return False
    return holds_for(item.applies, category.name) is False


def _whole_adds_up(book: Rulebook) -> Iterator[Problem]:
    roots = [item for item in book.items if item.level in GROUPS or item.level is Level.INDICATOR]
    if not roots:
        return
    if book.total.combine is Combine.WEIGHTED:
        for item in roots:
            if item.weight is None:
                yield totals.weight_missing(item.span, item.name)
        total = sum((item.weight or Fraction(0) for item in roots), Fraction(0))
        if all(item.weight is not None for item in roots) and total != 1:
            yield totals.weights_differ(book.span, total)
        return
    if book.total.combine is Combine.MEAN or book.full is None or any(item.full is None for item in roots):
        return
    own = [category for category in book.categories if category.full is not None]
    if own:
        for category in own:
            found = sum((full_of(item, category) for item in roots), Fraction(0))
            if found and found != category.full:
                yield totals.category_differs(category.span, category.name, category.full or Fraction(0), found)
        return
    yield from _adds_up(book, book.span, book.name, book.full, roots, "各一级指标")


def full_of(item: Item, category: Category) -> Fraction:
    """What an item counts for in ``category``: its declared full mark, or that of the parts that apply."""
    if _left_out(item, category):
        return Fraction(0)
    children = [child for child in item.children if child.level is not Level.STEP]
    if item.level in GROUPS and any(_left_out(child, category) for child in children):
        return sum((full_of(child, category) for child in children), Fraction(0))
    return item.full or Fraction(0)


# ---- what must be said


def total_is_said(book: Rulebook) -> Iterator[Problem]:
    """Bonuses and deductions stand in the total, and the total has bounds or says that it has none."""
    for level, word, said, bounded, example in (
        (
            Level.BONUS,
            "加分",
            book.total.bonuses,
            book.total.most is not None or book.total.uncapped,
            "总分最高 105 分（或 不封顶）",
        ),
        (
            Level.DEDUCTION,
            "扣分",
            book.total.deductions,
            book.total.least is not None or book.total.no_floor,
            "总分最低 0 分（或 不保底）",
        ),
    ):
        items = [item for item in book.items if item.level is level]
        if not items:
            continue
        if not said and items[0].span is not None:
            yield totals.part_left_out(items[0].span, word)
        elif not bounded and book.span is not None:
            yield totals.bound_unstated(book.span, "最高" if level is Level.BONUS else "最低", example)


def ties_are_settled(book: Rulebook) -> Iterator[Problem]:
    """Where ranks decide, ties have a rule."""
    ranked = book.scheme is not None and any(grade.quota or grade.position for grade in book.scheme.grades)
    if ranked and book.ties is None and book.span is not None:
        yield totals.ties_unstated(book.span)


def absent_is_answered(book: Rulebook) -> Iterator[Problem]:
    """An item for some of the units says what the others get."""
    for item in book.walk():
        if item.applies is not None and item.level not in GROUPS and item.answer(State.ABSENT) is None:
            yield totals.absent_unanswered(item.span, item.name)


def populations_are_said(book: Rulebook) -> Iterator[Problem]:
    """Who is compared with whom."""
    for item in book.walk():
        if item.scoring is not None and BY_KEY[item.scoring.kind].cross_unit and item.population is None:
            yield totals.population_unstated(item.span, item.name)


def words_have_a_measure(book: Rulebook) -> Iterator[Problem]:
    """No fact that scores hang on is named by a word that everybody understands otherwise."""
    for item in book.walk():
        for clause in (item.scoring, item.combine):
            for said in _words_in(clause):
                word = next((one for one in NO_MEASURE if one in said), None)
                if clause is not None and word is not None:
                    span = clause.span
                    at = span.text.find(word) if span is not None else -1
                    place = span.part(at, at + len(word)) if span is not None and at >= 0 else span or item.span
                    yield scoring.no_measure(place, word, NO_MEASURE[word])


def _words_in(clause: Any) -> Iterator[str]:
    """The author's own words in a clause; keys of words of the language are ASCII."""
    for one in fields(clause) if clause is not None else ():
        value = getattr(clause, one.name)
        if isinstance(value, str) and not value.isascii():
            yield value


def nothing_outweighs_the_base(book: Rulebook) -> Iterator[Problem]:
    """An uncapped bonus or deduction that is a tenth of the base at once is asked about."""
    base = book.full
    if not base:
        return
    for item in book.walk():
        if item.level in (Level.BONUS, Level.DEDUCTION) and item.full is None and item.scoring is not None:
            if _has_cap(item):
                continue
            once = max((abs(points) for points in _points_in(item.scoring)), default=Fraction(0))
            if once >= base * HEAVY:
                yield totals.heavy_uncapped(item.span, item.name, once, base)


def _has_cap(item: Item) -> bool:
    return any(isinstance(getattr(item.scoring, name, None), model.Number) for name in ("most", "cap"))


def _points_in(clause: Any) -> Iterator[Fraction]:
    for value in _awards_in(clause):
        if isinstance(value.points, model.Number):
            yield value.points.value
    if clause is not None:
        for expression in expressions_in(clause):
            if isinstance(expression, model.Number) and expression.unit.over == ("分",):
                yield expression.value


def _awards_in(value: Any) -> Iterator[Award]:
    if isinstance(value, Award):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _awards_in(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            if one.name != "span":
                yield from _awards_in(getattr(value, one.name))


def nothing_runs_over(book: Rulebook) -> Iterator[Problem]:
    """An indicator that may exceed its own full mark without any cap is asked about, once."""
    for item in book.walk():
        if any(
            getattr(child.scoring, "beyond", None) and getattr(child.scoring, "cap", None) == "uncapped"
            for child in item.children
        ):
            yield totals.beyond_uncapped(item.span, item.name)


CHECKS: tuple[Callable[[Rulebook], Iterable[Problem]], ...] = (
    no_circles,
    parts_add_up,
    total_is_said,
    ties_are_settled,
    absent_is_answered,
    populations_are_said,
    clauses_are_sound,
    grades_are_sound,
    words_have_a_measure,
    nothing_outweighs_the_base,
    nothing_runs_over,
)
