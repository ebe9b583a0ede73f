"""Reads a model as a careful colleague would. Each check is a function; their order is the order of the tuple."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.kind import Setting, constant
from perfdsl.clauses.periodic import Periodic
from perfdsl.clauses.shared.bounds import capped_above
from perfdsl.clauses.shared.grades_check import check as check_grades
from perfdsl.clauses.shared.grades_check import check_names, check_quotas
from perfdsl.clauses.shared.inside import with_rules
from perfdsl.clauses.shared.population import holds_for
from perfdsl.clauses.shared.ruling import ZEROES, EffectKind, RuleClause, RuleSetting, Ruling
from perfdsl.clauses.shared.words import amount
from perfdsl.compile import check_answers, check_rules
from perfdsl.compile.check_periods import months_have_one_meaning
from perfdsl.compile.check_rows import rows_stand_alone
from perfdsl.compile.inputs import expressions_in
from perfdsl.model import expression as model
from perfdsl.model.expression import Expression
from perfdsl.model.grade import GradeScheme
from perfdsl.model.item import GROUPS, Answer, AnswerKind, Award, Item, Level
from perfdsl.model.rulebook import Category, Combine, Rule, Rulebook
from perfdsl.model.stages import Stage
from perfdsl.model.states import State
from perfdsl.model.table import CADENCES, FACTS, UNITS
from perfdsl.model.units import ValueType, decimal
from perfdsl.model.walking import nodes
from perfdsl.text.catalogue import grading, scoring, totals
from perfdsl.text.catalogue import names as say
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass, fields, replace
from perfdsl.text.source import Span

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


CATEGORY = "类别"
KEY = (UNITS, CATEGORY)
"""The column that tells the category of a unit."""

FOLLOWS = {"target": frozenset({"K201"}), "direction": frozenset({"K202"})}
"""Field that could not be read → what a clause then asks for, though it is written."""


FULL_IN_ROWS = frozenset({"K242"})
"""What a rule for rows is not asked: its full mark stands in each row."""


def clauses_are_sound(book: Rulebook) -> Iterator[Problem]:
    """Each kind's own checks; what could not be read is not asked for again."""
    standing = {item.code for item in book.walk()}
    for item in with_rules(book.walk()):
        quiet = frozenset[str]().union(*(FOLLOWS.get(key, ()) for key in item.unread))
        if item.level is Level.POINT and item.code not in standing:
            quiet |= FULL_IN_ROWS
        for clause in (item.scoring, item.combine):
            if clause is not None and "value" not in item.unread:
                found = BY_KEY[clause.kind].check(clause, Setting(item, book))
                yield from (one for one in found if one.code not in quiet)
    for rule in (*book.vetoes, *book.scopes, *book.applications):
        yield from BY_KEY[rule.clause.kind].check(rule.clause, RuleSetting(book))


def steps_are_positive(book: Rulebook) -> Iterator[Problem]:
    """No step and no grid of nothing or less: it is divided by."""
    for item in with_rules(book.walk()):
        for clause in (item.scoring, item.combine):
            for name in BY_KEY[clause.kind].steps if clause is not None else ():
                held = getattr(clause, name)
                for each in held if isinstance(held, tuple) else (held,):
                    size = constant(each)
                    if clause is not None and size is not None and size <= 0:
                        yield scoring.step_of_nothing(each.span or clause.span, amount(each))


def grades_are_sound(book: Rulebook) -> Iterator[Problem]:
    """Bands, quotas, ties of the grade table; no gap is looked for where a cell could not be read."""
    told: set[tuple[object, str]] = set()
    for scheme in book.schemes:
        if "grades" in book.unread:
            found = (*check_names(scheme), *check_quotas(scheme, book))
        else:
            found = tuple(check_grades(scheme, RuleSetting(book)))
        for one in found:
            if (one.span, one.code) not in told and not (one.code == "K356" and "ties" in book.unread):
                told.add((one.span, one.code))
                yield one


def categories_are_graded(book: Rulebook) -> Iterator[Problem]:
    """Every ranked category has one table of grades, and one that stands apart says whose places it uses."""
    for category in book.categories:
        named = [scheme.name for scheme in book.schemes if category.name in scheme.categories]
        if book.schemes and category.ranked and (len(named) > 1 or book.scheme_of(category.name) is None):
            yield grading.scheme_of_category(category.span, category.name, named)
        scheme = book.scheme_of(category.name)
        if not category.treated_as or scheme is None:
            continue
        if category.treated_as not in scheme.order:
            near = nearest(category.treated_as, scheme.order)
            yield grading.unknown_grade(category.span, category.treated_as, near, scheme.order)
        quotas = [grade for grade in scheme.grades if grade.name == category.treated_as and grade.quota]
        if quotas and category.takes_places is None:
            yield grading.treated_place_unstated(category.span, category.name, category.treated_as)
        if quotas and category.takes_places and scheme.by_category:
            yield grading.treated_place_nowhere(category.span, category.name)


def categories_are_told(book: Rulebook) -> Iterator[Problem]:
    """What goes by category stands on the roster, which tells the category of every unit."""
    roster = book.table(UNITS)
    if roster is not None and (not roster.columns or roster.column(CATEGORY) is not None):
        return  # without any column, its 列 could not be read
    rules = (book.items, book.vetoes, book.scopes, book.applications, book.schemes, book.breaks)
    by_category = next(
        (one for one in nodes(rules) if isinstance(one, model.ColumnRef) and (one.table, one.column) == KEY), None
    )
    first = book.categories[0].span if book.categories else by_category.span if by_category is not None else None
    if book.categories or by_category is not None:
        names = [category.name for category in book.categories]
        yield say.category_untold(first or book.span, names, roster.span if roster is not None else None)


@dataclass(frozen=True)
class _Always:
    """A unit that meets every case: what a rule then does to its grade."""

    grades: tuple[str, ...]

    def holds(self, condition: model.Condition) -> bool:
        """Always."""
        return True


def effects_commute(book: Rulebook) -> Iterator[Problem]:
    """Two rules of one stage give the same whichever comes first, or both results are shown."""
    for scheme in book.schemes:
        yield from _commute(book, scheme)


def _commute(book: Rulebook, scheme: GradeScheme) -> Iterator[Problem]:
    order = scheme.order
    done: list[tuple[Rule, Ruling]] = []
    for rule in book.vetoes:
        if isinstance(rule.clause, RuleClause) and _acts(rule.clause, scheme) and _possible(rule.clause, order):
            done.append((rule, BY_KEY[rule.clause.kind].by_hand(rule.clause, _Always(order))))
    for (one, first), (other, second) in combinations(done, 2):
        if BY_KEY[one.clause.kind].stage is not BY_KEY[other.clause.kind].stage:
            continue
        for start in range(len(order)):
            last = len(order) - 1
            there, back = (_after(_after(start, a, last), b, last) for a, b in ((first, second), (second, first)))
            if there != back:
                results = (order[there], order[back])
                yield totals.order_decides(other.span, one.name, other.name, order[start], results, one.span)
                break


def _acts(clause: RuleClause, scheme: GradeScheme) -> bool:
    """Whether it acts on grades of the scheme; what is raised or left open commutes with everything."""
    acts = BY_KEY[clause.kind].stage in (Stage.ELIGIBILITY, Stage.ADJUSTMENT) and clause.effect not in ZEROES
    return acts and clause.concerns(scheme)


def _possible(clause: RuleClause, order: tuple[str, ...]) -> bool:
    """Whether the rule does something that can be done; where it does not, its kind says so."""
    if len(order) < 2 or not clause.says_what or not set(clause.grades) <= set(order):
        return False
    match clause.effect:
        case "set" | "no_better":
            return bool(clause.grades)
        case "drop":
            count = constant(clause.count)
            return count is not None and count.denominator == 1 and count > 0
        case None if BY_KEY[clause.kind].stage is not Stage.ELIGIBILITY:
            return False
    return order[-1] not in clause.grades


def _after(grade: int, ruling: Ruling, last: int) -> int:
    match ruling.effect:
        case EffectKind.SET:
            return ruling.amount
        case EffectKind.DROP:
            return min(last, grade + ruling.amount)
        case _:
            return max(grade, ruling.amount)


def answers_end(book: Rulebook) -> Iterator[Problem]:
    """视为 leads to a state that the rule answers."""
    for item in book.walk():
        for state, answer in item.answers:
            if answer.kind is AnswerKind.AS and answer.state is not None and _settled(item, state) is None:
                yield say.answer_nowhere(answer.span or item.span, state.chinese, answer.state.chinese)


def _settled(item: Item, state: State) -> Answer | None:
    """What the rule gives for ``state``, 视为 followed to its end; None where it ends nowhere or runs in a circle."""
    seen: list[State] = []
    while (answer := item.answer(state)) is not None and answer.kind is AnswerKind.AS and answer.state is not None:
        if state in seen:
            return None
        seen.append(state)
        state = answer.state
    return answer


# ---- what depends on what

Thing = tuple[str, str]
"""What is worked out, and the code of the item or rule: ("score", "A01"), ("grade", "")."""


def no_circles(book: Rulebook) -> Iterator[Problem]:
    """Nothing depends on itself by way of others: one walk over all that is worked out."""
    walk = _Dependencies(book)
    done: set[Thing] = set()
    told: set[frozenset[str]] = set()
    for start in walk.reads:
        stack: list[tuple[Thing, Iterator[Thing]]] = [(start, iter(walk.reads[start]))]
        path = [start] if start not in done else []
        while path:
            thing, rest = stack[-1]
            other = next((one for one in rest if one not in done and one in walk.reads), None)
            if other is None:
                done.add(thing)
                stack.pop()
                path.pop()
            elif other in path:
                circle = path[path.index(other) :]
                names = walk.names(circle)
                if frozenset(names) not in told:
                    told.add(frozenset(names))
                    yield say.circle(walk.span(circle), names)
            else:
                path.append(other)
                stack.append((other, iter(walk.reads[other])))


TOTAL, RANK, GRADE, BASE = ("total", ""), ("rank", ""), ("grade", ""), ("base", "")
SHOWN = {TOTAL: "总分", BASE: "基本分", RANK: "名次", GRADE: "等次"}


class _Dependencies:
    """What each thing that is worked out reads."""

    def __init__(self, book: Rulebook) -> None:
        self.items = {item.code: item for item in book.walk()}
        self.rules = {rule.code: rule for rule in (*book.vetoes, *book.applications)}
        self.scheme = book.scheme
        self.reads: dict[Thing, tuple[Thing, ...]] = {}
        for code, item in self.items.items():
            self.reads["value", code] = tuple(_read(item.value))
            self.reads["target", code] = tuple(_read(item.target))
            own = [("value", code), ("target", code)]
            below = [("score", child.code) for child in item.children if child.level is not Level.STEP]
            shell = (item.most, item.scoring, item.combine, item.coefficient, item.applies, item.exempt, item.requires)
            self.reads["score", code] = (*own, *below, *_read(shell))
        self.reads[TOTAL] = tuple(("score", item.code) for item in book.items if item.level is not Level.STEP)
        inside = [item for item in book.items if item.level in GROUPS or item.level is Level.INDICATOR]
        self.reads[BASE] = tuple(("score", item.code) for item in inside)
        self.reads[RANK] = (TOTAL, *_read(book.breaks))
        for rule in self.rules.values():
            self.reads["rule", rule.code] = tuple(_read(rule.clause))
        limits = tuple(("rule", rule.code) for rule in book.vetoes)
        self.reads[GRADE] = (TOTAL, RANK, *_read(book.schemes), *limits)
        self._taken_away(book)

    def _taken_away(self, book: Rulebook) -> None:
        """Vetoes that take points or the rank away act before there are grades."""
        for rule in book.vetoes:
            clause = rule.clause
            if not isinstance(clause, RuleClause):
                continue
            hit = [RANK] if clause.rank == "unranked" else []
            hit += [TOTAL] if clause.effect == "total_zero" else []
            hit += [("score", code) for code in clause.codes if code in self.items]
            for thing in hit:
                self.reads[thing] = (*self.reads[thing], ("rule", rule.code))

    def names(self, circle: Sequence[Thing]) -> list[str]:
        """The circle in words, from an item or rule and back to it, each thing once in a row."""
        start = next((i for i, (_, code) in enumerate(circle) if code), 0)
        turned = [*circle[start:], *circle[:start]]
        shown = [SHOWN.get(thing) or f"【{thing[1]}】" for thing in turned]
        return [one for one, before in zip([*shown, shown[0]], ["", *shown], strict=True) if one != before] + (
            [shown[0]] if len(set(shown)) == 1 else []
        )

    def span(self, circle: Sequence[Thing]) -> Span | None:
        """Where the circle is shown."""
        for what, code in circle:
            thing = self.rules.get(code) if what == "rule" else self.items.get(code)
            if thing is not None and code:
                return thing.span
        return self.scheme.span if self.scheme else None


def _read(value: Any) -> Iterator[Thing]:
    """What an expression, a condition or a clause reads of other things."""
    for one in nodes(value, closed=(model.ItemRef, model.InGrade, model.Placed, model.RuleHolds)):
        match one:
            case model.ItemRef(code=""):
                yield {"rank": RANK, "base": BASE}.get(one.what, TOTAL)
            case model.ItemRef():
                yield (one.what if one.what in ("target", "value") else "score"), one.code
            case model.InGrade():
                yield GRADE
            case model.Placed():
                yield RANK
            case model.RuleHolds():
                yield "rule", one.code


# ---- sums


def parts_add_up(book: Rulebook) -> Iterator[Problem]:
    """Every declared total against its parts, at every level and for every category."""
    for item in book.walk():
        children = [child for child in item.children if child.level is not Level.STEP]
        if item.full is None or not children or item.combine is not None:
            continue
        if item.level in (Level.BONUS, Level.DEDUCTION):
            continue  # its 分值 caps what its parts bring together
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
    answer = _settled(item, State.ABSENT)
    if item.applies is None or answer is None or answer.kind is not AnswerKind.SKIP:
        return False
    return holds_for(item.applies, category.name) is False


def _whole_adds_up(book: Rulebook) -> Iterator[Problem]:
    roots = [item for item in book.items if item.level in GROUPS or item.level is Level.INDICATOR]
    if not roots:
        return
    if book.total.combine is Combine.WEIGHTED:
        for item in roots:
            if item.weight is None and "weight" not in item.unread:
                yield totals.weight_missing(item.span, item.name)
        if any("weight" in item.unread for item in roots):
            return
        if any(item.weights for item in roots):
            wrong = tuple(_category_weights(book, roots))
            yield from wrong or _comes_to(book, roots)
            return
        total = sum((item.weight or Fraction(0) for item in roots), Fraction(0))
        if all(item.weight is not None for item in roots) and total != 1:
            yield totals.weights_differ(book.span, total)
        elif all(item.weight is not None for item in roots):
            yield from _comes_to(book, roots)
        return
    if book.total.combine in (Combine.MEAN, Combine.LEAST):
        yield from _comes_to(book, roots)
        return
    if book.full is None or any(item.full is None for item in roots):
        return
    own = [category for category in book.categories if category.full is not None]
    if own:
        for category in own:
            found = sum((full_of(item, category) for item in roots), Fraction(0))
            if found and found != category.full:
                yield totals.category_differs(category.span, category.name, category.full or Fraction(0), found)
        return
    yield from _adds_up(book, book.span, book.name, book.full, roots, "各一级指标")


def _comes_to(book: Rulebook, roots: Sequence[Item]) -> Iterator[Problem]:
    """The declared full mark against what the full marks of the top level come to by weights, as a mean, as the lowest."""
    roots = [replace(item, full=_full_below(item)) for item in roots]
    if any(item.full is None for item in roots):
        return
    told: set[tuple[Fraction, Fraction]] = set()
    for category in book.categories or (None,):
        declared = (category.full if category is not None else None) or book.full
        here = [item for item in roots if category is None or full_of(item, category)]
        if not declared or not here or (category is not None and category.excluded):
            continue
        found, shown = _put_together(book, here, category)
        if found != declared and (found, declared) not in told:
            told.add((found, declared))
            place = category.span if category is not None and category.full is not None else book.span
            name = book.name if category is None else f"{book.name}（{category.name}）"
            yield totals.full_differs(place, name, declared, found, shown)


def groups_have_100(book: Rulebook) -> Iterator[Problem]:
    """一级指标各按 100 分计 is said of groups that have 100 points: it converts none."""
    for item in book.items if book.total.each_100 else ():
        full = _full_below(item)
        if (item.level in GROUPS or item.level is Level.INDICATOR) and full is not None and full != 100:
            yield totals.group_of_100(item.span, item.name, full)


def _full_below(item: Item) -> Fraction | None:
    """The full mark of an item, that of its parts where it declares none; None where nobody can tell."""
    parts = [_full_below(child) for child in item.children if child.level is not Level.STEP]
    if item.full is not None or not parts or item.combine is not None or None in parts:
        return item.full
    return sum((part for part in parts if part is not None), Fraction(0))


def _put_together(book: Rulebook, roots: Sequence[Item], category: Category | None) -> tuple[Fraction, str]:
    """Full marks of the top level put together as the total says, and how that is written."""
    fulls = [item.full or Fraction(0) if category is None else full_of(item, category) for item in roots]
    words = [decimal(full) for full in fulls]
    if book.total.combine is Combine.LEAST:
        return min(fulls), f"{'、'.join(words)} 中最低的"
    if book.total.combine is Combine.MEAN:
        return sum(fulls, Fraction(0)) / len(fulls), f"（{' + '.join(words)}）÷ {len(fulls)}"
    weights = [
        dict(item.weights).get(category.name, Fraction(0))
        if item.weights and category is not None
        else item.weight or Fraction(0)
        for item in roots
    ]
    found = sum((full * weight for full, weight in zip(fulls, weights, strict=True)), Fraction(0))
    shown = " + ".join(f"{word} × {decimal(weight * 100)}%" for word, weight in zip(words, weights, strict=True))
    here = sum(weights, Fraction(0))
    if book.total.share_missing and here not in (0, 1):
        return found / here, f"（{shown}）÷ {decimal(here * 100)}%"
    return found, shown


def _category_weights(book: Rulebook, roots: Sequence[Item]) -> Iterator[Problem]:
    """Weights that differ by category are a whole for each category, and name no other."""
    names = [category.name for category in book.categories]
    for item in roots:
        for name in [one for one, _ in item.weights if one not in names]:
            meant = nearest(name, names)
            hint = f"，是不是 “{meant}”？" if meant else f"；加一块：类别 {name}（100 分）"
            yield totals.category_weight(item.span, name, f"办法里没有这个类别{hint}")
    for category in book.categories:
        parts = []
        for item in roots:
            own = dict(item.weights)
            if item.weights and category.name not in own:
                yield totals.category_weight(item.span, category.name, f"“{item.name}” 没有写")
            parts.append(own.get(category.name, Fraction(0)) if item.weights else item.weight or Fraction(0))
        total = sum(parts, Fraction(0))
        if total != 1:
            yield totals.category_weight(book.span, category.name, f"各一级指标合计 {decimal(total * 100)}%，应为 100%")


def coefficients_end(book: Rulebook) -> Iterator[Problem]:
    """A score that is multiplied stops somewhere, or the rule says that it does not."""
    for item in book.walk():
        given = item.coefficient
        if given is None:
            continue
        if given.cap is None and given.most is None and (item.full is not None or item.level in GROUPS):
            full = item.full or Fraction(100)
            shown = (decimal(full), decimal(full * Fraction(11, 10)))
            yield scoring.coefficient_uncapped(item.span, item.name, *shown)
        elif given.cap == "full_at_most" and item.full is None:
            yield scoring.full_missing(item.span)


def weights_are_used(book: Rulebook) -> Iterator[Problem]:
    """权重 means something only at the top, in a total that is put together by weights."""
    roots = {item.code for item in book.items}
    for item in book.walk():
        used = item.code in roots and book.total.combine is Combine.WEIGHTED
        outside = item.level in (Level.BONUS, Level.DEDUCTION)
        if item.weight is not None and (outside or not used) and "total" not in book.unread:
            yield totals.weight_unused(item.span, item.name, item.code in roots and not outside)


def targets_are_used(book: Rulebook) -> Iterator[Problem]:
    """目标值 of an item with 要点 is not theirs; somebody else may read it (目标值【A01】)."""
    shared = [item for item in book.walk() if item.children and item.target is not None]
    if not shared:
        return
    rules = (book.items, book.vetoes, book.scopes, book.applications, book.schemes, book.breaks)
    read = {one.code for one in nodes(rules) if isinstance(one, model.ItemRef) and one.what == "target"}
    for item in shared:
        if item.target is not None and item.code not in read:
            yield say.field_unused(item.target.span or item.span, "目标值")


def facts_are_used(book: Rulebook) -> Iterator[Problem]:
    """A fact declared under an item is read by something: most often 指标值 was forgotten."""
    if book.unread or any(item.unread for item in book.walk()):
        return  # what could not be read may be what reads it
    ruled = (book.vetoes, book.scopes, book.applications, book.schemes)
    rules = (book.items, ruled, book.breaks, book.tables)
    read = {(one.table, one.column) for one in nodes(rules) if isinstance(one, model.ColumnRef)}
    for table in book.tables:
        if table.name not in (FACTS, *(cadence.table for cadence in CADENCES.values())):
            continue
        for column in table.columns:
            measured = column.kind is not ValueType.TEXT  # words are also kept for the record
            declared = measured and column.for_items and not column.also
            if declared and (table.name, column.name) not in read:
                yield say.fact_unused(column.span, column.name, "指标值")


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
    if "total" in book.unread:
        return
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


def absent_is_answered(book: Rulebook) -> Iterator[Problem]:
    """An item for some of the units says what the others get."""
    for item in book.walk():
        if "absent" in item.unread or item.applies is None or item.level in GROUPS:
            continue
        if item.answer(State.ABSENT) is None:
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
                    text = span.text[at:] if span is not None and at >= 0 else ""
                    yield scoring.no_measure(place, word, _with_measure(word, text, item.full))


def _with_measure(word: str, text: str, full: Fraction | None) -> str:
    """What to write for a word without a measure, with the points that stand behind it and the full mark of the item."""
    points = _POINTS.search(text)
    if word == "适当" and points is not None:
        verb, end = points.group(1), "扣完本指标为止" if points.group(1) == "扣" else "最高得满分"
        return f"写明几分，例如：每有 1 次{verb} {points.group(2)} 分，{end}"
    return NO_MEASURE[word].replace("0 至 3 分", f"0 至 {decimal(full)} 分") if full is not None else NO_MEASURE[word]


_POINTS = re.compile(r"(扣|加|得)\s*([0-9]+(?:\.[0-9]+)?)\s*分")


def _words_in(clause: Any) -> Iterator[str]:
    """The author's own words in a clause; keys of words of the language are ASCII."""
    for one in fields(clause) if clause is not None else ():
        value = getattr(clause, one.name)
        if isinstance(value, str) and not value.isascii():
            yield value


def exemptions_have_a_loss(book: Rulebook) -> Iterator[Problem]:
    """免扣 gives the full mark; a bonus starts from 0, so there it would give what nobody earned."""
    told: set[Span | None] = set()
    for bonus in book.walk():
        if bonus.level is not Level.BONUS:
            continue
        for item in with_rules(bonus.walk()):
            if item.exempt is not None and item.exempt.span not in told:
                told.add(item.exempt.span)
                yield totals.exempt_bonus(item.exempt.span or item.span, bonus.name, item.full)


def nothing_outweighs_the_base(book: Rulebook) -> Iterator[Problem]:
    """An uncapped bonus or deduction that is a tenth of the base at once is asked about."""
    base = book.full
    if not base:
        return
    for item in book.walk():
        if item.level in (Level.BONUS, Level.DEDUCTION) and item.full is None and item.scoring is not None:
            if _has_cap(item) or capped_above(item, book):
                continue
            once = max((abs(points) for points in _points_in(item.scoring)), default=Fraction(0))
            if once >= base * HEAVY:
                yield totals.heavy_uncapped(item.span, item.name, once, base)


def _has_cap(item: Item) -> bool:
    return item.scoring is not None and isinstance(BY_KEY[item.scoring.kind].cap(item.scoring), model.Number)


def _points_in(clause: Any) -> Iterator[Fraction]:
    for value in (one for one in nodes(clause, closed=Award) if isinstance(one, Award)):
        if isinstance(value.points, model.Number):
            yield value.points.value
    if clause is not None:
        for expression in expressions_in(clause):
            if isinstance(expression, model.Number) and expression.unit.over == ("分",):
                yield expression.value


def nothing_runs_over(book: Rulebook) -> Iterator[Problem]:
    """An indicator that may exceed its own full mark without any cap is asked about, once."""
    for item in book.walk():
        scored = (child.scoring for child in item.children)
        if any(clause is not None and BY_KEY[clause.kind].runs_over(clause) for clause in scored):
            yield totals.beyond_uncapped(item.span, item.name)


def roots_have_digits(book: Rulebook) -> Iterator[Problem]:
    """A published score with a root or a logarithm in it states its digits: there is no last one."""
    values = {item.code: item.value for item in book.walk() if item.value is not None}

    def real(part: Any, seen: frozenset[str]) -> bool:
        match part:
            case model.Rounded():
                return False
            case model.Call(fn=model.Fn.LN | model.Fn.GEOMETRIC):
                return True
            case model.Call(fn=model.Fn.POWER, args=(_, model.Number(value=exponent))) if exponent.denominator != 1:
                return True
            case model.AcrossUnits(fn=model.Across.DEVIATION):
                return True
            case model.ItemRef("value", code) if code not in seen:
                return book.roundings.value is None and real(values.get(code), seen | {code})
        if isinstance(part, tuple):
            return any(real(one, seen) for one in part)
        if isinstance(part, Expression):
            return any(real(getattr(part, one.name), seen) for one in fields(part) if one.name != "span")
        return False

    def endless(item: Item) -> bool:
        clause = item.scoring
        if clause is None or (isinstance(clause, Periodic) and clause.rounding is not None):
            return False  # scores of periods that are rounded before the year
        kind, seen = BY_KEY[clause.kind], frozenset({item.code})
        if any(endless(rule) for rule in kind.rules(clause)):
            return True
        unrounded = book.roundings.value is None and real(item.value, seen)
        return kind.real or (kind.moves(clause) and (unrounded or real(item.target, seen)))

    for item in book.walk():
        if (item.rounding or book.roundings.score) is not None:
            continue
        times = item.coefficient is not None and real(item.coefficient.of, frozenset({item.code}))
        if item.scoring is not None and (times or endless(item)):
            yield scoring.digits_of_a_real(item.scoring.span or item.span)


CHECKS: tuple[Callable[[Rulebook], Iterable[Problem]], ...] = (
    no_circles,
    answers_end,
    effects_commute,
    weights_are_used,
    coefficients_end,
    facts_are_used,
    targets_are_used,
    parts_add_up,
    groups_have_100,
    total_is_said,
    absent_is_answered,
    populations_are_said,
    clauses_are_sound,
    grades_are_sound,
    steps_are_positive,
    categories_are_graded,
    categories_are_told,
    words_have_a_measure,
    exemptions_have_a_loss,
    nothing_outweighs_the_base,
    nothing_runs_over,
    roots_have_digits,
    *check_answers.CHECKS,
    *check_rules.CHECKS,
    months_have_one_meaning,
    rows_stand_alone,
)
