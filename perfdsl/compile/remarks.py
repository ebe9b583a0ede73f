"""What a colleague remarks on beyond what is wrong: numbering, limits that nobody reaches, what nobody reads.

Remarks on limits and on unused columns are made of a sound rulebook only: where something could not be read, it may be
what reaches the limit or reads the column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.kind import constant
from perfdsl.clauses.shared.measures import bare, measured
from perfdsl.compile import never
from perfdsl.model import expression as model
from perfdsl.model.grade import Interval, QuotaKind
from perfdsl.model.item import GROUPS, Item, Level, Meta
from perfdsl.model.ordering import chinese
from perfdsl.model.rulebook import Combine, Rulebook
from perfdsl.model.table import CADENCES, FACTS, UNITS, RowOf, TableRole
from perfdsl.model.units import POINTS, RATIO, ValueType
from perfdsl.model.walking import inside, nodes, texts
from perfdsl.text.catalogue import remarks as say
from perfdsl.text.catalogue import scoring
from perfdsl.text.problem import Problem
from perfdsl.text.source import Span

MOST_NUMBERS = 60


def units_are_points(book: Rulebook) -> Iterator[Problem]:
    """What a phrase gives or takes is measured in 分."""
    for item in book.walk():
        for clause in (item.scoring, item.combine):
            for points in _points(clause):
                unit = measured(points)
                place = points.span or (clause.span if clause is not None else None)
                if unit is not None and unit != POINTS and place is not None:
                    yield scoring.points_wanted(place, place.text)


def targets_have_their_sign(book: Rulebook) -> Iterator[Problem]:
    """A percentage is not compared with 98."""
    for item in book.walk():
        target = item.target
        if isinstance(target, model.Number) and bare(target) and target.value > 2 and _percentage(item):
            yield scoring.bare_against_ratio(target.span or item.span, target.written or str(target.value))


def _percentage(item: Item) -> bool:
    """Whether 指标值 is surely a percentage: a share of like things, or one whose steps are 百分点."""
    if measured(item.value) != RATIO:
        return False
    match item.value:
        case model.Call(fn=model.Fn.DIVIDE, args=(model.ColumnRef(), model.ColumnRef())):
            return True
    return any(re.search("[%％]|百分点", number.written) for number in _numbers(item.scoring))


def _numbers(value: Any) -> Iterator[model.Number]:
    return (one for one in nodes(value) if isinstance(one, model.Number))


def fact_and_target_stand_right(book: Rulebook) -> Iterator[Problem]:
    """The fact is found out during the year, the target is part of the rules: not the other way round."""
    role = {table.name: table.role for table in book.tables}
    for item in book.walk():
        value = {role.get(table) for table, _ in _columns(item.value)}
        target = {role.get(table) for table, _ in _columns(item.target)}
        if value == {TableRole.RULE} and target == {TableRole.FACT}:
            yield say.swapped(item.span, item.name)


def outline_runs_on(book: Rulebook) -> Iterator[Problem]:
    """Printed numbers of the outline (一、二、四; 一.1、一.3): none left out among brothers."""
    yield from _brothers([item for item in book.items if item.level in GROUPS])
    for item in book.walk():
        yield from _brothers([child for child in item.children if child.level is not Level.STEP])


def _brothers(items: list[Item]) -> Iterator[Problem]:
    printed = [(number, item) for item in items if (number := _printed(item.code)) is not None]
    if len(printed) < len(items) or len(printed) < 2:
        return
    numbers = sorted(number for number, _ in printed)
    missing = [n for n in range(numbers[0], numbers[-1]) if n not in numbers]
    if missing and len(missing) <= MOST_NUMBERS:
        after = next(item for number, item in sorted(printed, key=lambda one: one[0]) if number > missing[0])
        yield say.numbering(after.span, f"【{after.code}】前面", missing)


def _printed(code: str) -> int | None:
    """The number that a printed code ends with (一 → 1, 一.3 → 3); None for codes of our own (A01)."""
    parts = re.split(r"[.．、（）()]", code)
    if not re.search("[一二三四五六七八九十]", code) or re.search("[A-Za-z]", code):
        return None
    last = next((part for part in reversed(parts) if part), "")
    return _figure(last) if re.fullmatch("[0-9]+|[一二三四五六七八九十]+", last) else None


def _figure(text: str) -> int:
    return int(text) if text.isascii() else chinese(text.replace("零", "").replace("两", "二"))


def indicators_stand_under_a_group(book: Rulebook) -> Iterator[Problem]:
    """Where there are groups, an indicator beside them has most likely lost its own."""
    groups = [item for item in book.items if item.level in GROUPS]
    alone = [item for item in book.items if item.level is Level.INDICATOR]
    if groups and alone:
        yield say.indicator_alone(alone[0].span, [item.name for item in alone], groups[0].name)


def title_says_what_categories_have(book: Rulebook) -> Iterator[Problem]:
    """A total printed in the title is the full mark of some category at least."""
    own = [category.full for category in book.categories if category.full is not None]
    if book.full is not None and own and len(own) == len(book.categories) and book.full not in own:
        yield say.title_differs(book.span, book.full, sorted(set(own)))


# ---- limits that nobody reaches


def limits_are_reached(book: Rulebook) -> Iterator[Problem]:
    """Caps of bonuses, deductions and of the total that the parts cannot come up to."""
    bonus, deduction = (_most(book, level) for level in (Level.BONUS, Level.DEDUCTION))
    total = book.total
    if total.most_bonus is not None and bonus is not None and bonus < total.most_bonus:
        yield say.never_reached(book.span, "加分最高", total.most_bonus, "各加分项合计最多", bonus)
    if total.most_deduction is not None and deduction is not None and deduction < total.most_deduction:
        yield say.never_reached(book.span, "扣分最多", total.most_deduction, "各扣分项合计最多", deduction)
    full = _highest_base(book)
    if full is None or total.most is None or total.combine is not Combine.SUM:
        return
    if bonus is not None:
        added = min(bonus, total.most_bonus) if total.most_bonus is not None else bonus
        if full + added < total.most and not _open(book):
            yield say.never_reached(book.span, "总分最高", total.most, "基本分加上全部加分最多", full + added)
    if total.most < full:
        yield say.never_reached(book.span, "总分最高", total.most, "基本分就有", full)


def _open(book: Rulebook) -> bool:
    """Whether some item may run over its own full mark."""
    clauses = (item.scoring for item in book.walk())
    return any(one is not None and BY_KEY[one.kind].runs_over(one) for one in clauses) or any(
        item.combine is not None for item in book.walk()
    )


def _most(book: Rulebook, level: Level) -> Fraction | None:
    """What the items of ``level`` add up to at most; None where there are none, or one is not capped by a number."""
    found = Fraction(0)
    if not any(item.level is level for item in book.items):
        return None
    for item in book.items:
        if item.level is level:
            cap = constant(BY_KEY[item.scoring.kind].cap(item.scoring)) if item.scoring is not None else None
            most = item.full if item.full is not None else cap
            if most is None:
                return None
            found += most
    return found


def _highest_base(book: Rulebook) -> Fraction | None:
    own = [category.full for category in book.categories if category.full is not None]
    return max(own) if own else book.full


def grades_are_reached(book: Rulebook) -> Iterator[Problem]:
    """Bands of the grade table that lie below the least total, and quotas that cannot bind."""
    units = _units(book)
    for scheme in book.schemes:
        for grade in scheme.grades:
            if grade.band is not None and _below(grade.band, book.total.least):
                bounds = [one for one in (book.total.least, book.total.most) if one is not None]
                yield say.grade_unreached(grade.span, grade.name, bounds)
            quota = grade.quota
            if quota and quota.kind is QuotaKind.COUNT and units is not None and quota.amount >= units:
                yield say.grade_unreached(grade.span, grade.name, quota=str(quota.amount), units=units)


def _units(book: Rulebook) -> int | None:
    table = book.table(UNITS)
    return len(table.rows) if table is not None and table.rows else None


def _below(band: Interval, least: Fraction | None) -> bool:
    if least is None or band.high is None:
        return False
    return band.high < least or (band.high == least and not band.high_in)


def conditions_are_met_by_some(book: Rulebook) -> Iterator[Problem]:
    """``得分【A01】低于 12 分`` where the item has 10: it holds for everybody, or for nobody."""
    items = {item.code: item for item in book.walk()}
    rules = (*book.vetoes, *book.scopes, *book.applications)
    places: list[tuple[Any, Span | None]] = [(rule.clause, rule.span) for rule in rules]
    places += [((item.applies, item.exempt, item.requires), item.span) for item in items.values()]
    places += [(scheme, scheme.span) for scheme in book.schemes]
    for value, span in places:
        for one in (one for one in nodes(value) if isinstance(one, model.Comparison)):
            answer = _settled(one, items)
            if answer is not None:
                place = one.span or span
                yield say.condition_settled(place, place.text if place is not None else "", answer)


def _settled(one: model.Comparison, items: dict[str, Item]) -> bool | None:
    """Whether a comparison of a score with a number always holds (True) or never does (False)."""
    left, number = one.left, one.right
    if not (isinstance(left, model.ItemRef) and left.what == "score" and isinstance(number, model.Number)):
        return None
    item = items.get(left.code)
    if item is None or item.full is None or item.level not in (*GROUPS, Level.INDICATOR) or item.level in GROUPS:
        return None
    if item.scoring is None or BY_KEY[item.scoring.kind].runs_over(item.scoring):
        return None
    low, high, limit = item.least, item.full, number.value
    match one.op:
        case model.Compare.LESS:
            return True if high < limit else False if low >= limit else None
        case model.Compare.LESS_EQUAL:
            return True if high <= limit else False if low > limit else None
        case model.Compare.GREATER:
            return True if low > limit else False if high <= limit else None
        case model.Compare.GREATER_EQUAL:
            return True if low >= limit else False if high < limit else None
    return None


# ---- what nobody reads


def columns_are_read(book: Rulebook) -> Iterator[Problem]:
    """Columns of numbers, days and choices that no rule reads; what is in words is kept for the record."""
    rules = _rules(book)
    read, named = set(_columns(rules)), set(texts(rules, Meta))
    for table in book.tables:
        if table.name in (UNITS, FACTS, *PERIODS) or table.row_of is RowOf.RATER:
            continue  # sheets of raters are read whole; facts of the year and its periods are asked about where declared
        mine = {column for one, column in read if one == table.name}
        used = mine | (named & {column.name for column in table.columns})
        if not used:
            continue  # a table that no rule names at all is read by what the next years bring, or by its kind
        for column in table.columns:
            told = column.kind is not ValueType.TEXT or bool(column.choices)
            level = any(choice in named for choice in column.choices)
            if told and not level and column.name not in used and column.name not in KEYS:
                day = column.kind is ValueType.DATE and table.row_of is RowOf.EVENT
                yield say.column_unread(column.span, table.role.value, table.name, column.name, day)


def _rules(book: Rulebook) -> tuple[Any, ...]:
    """Everything that may read a column or name one."""
    ruled = (book.vetoes, book.scopes, book.applications, book.schemes)
    return (book.items, *ruled, book.breaks, book.dedupes, book.categories)


PERIODS = tuple(cadence.table for cadence in CADENCES.values())
ALONG = tuple(cadence.along for cadence in CADENCES.values())
KEYS = frozenset(("单位", "编号", "年度", "分值", "目标值", "等次", "名次", "得分", "类别", *ALONG))
"""Columns that tables are keyed by or that their kind reads by name."""


# ---- walking


def _points(value: Any) -> Iterator[model.Expression]:
    """What is given or taken: the ``points`` of awards and of clauses."""
    points = getattr(value, "points", None)
    if isinstance(points, model.Expression):
        yield points
    for part in inside(value):
        if not isinstance(part, (model.Expression, Meta)):
            yield from _points(part)


def _columns(value: Any) -> Iterator[tuple[str, str]]:
    return ((one.table, one.column) for one in nodes(value) if isinstance(one, model.ColumnRef))


Remark = Callable[[Rulebook], Iterable[Problem]]

ALWAYS: tuple[Remark, ...] = (
    units_are_points,
    targets_have_their_sign,
    fact_and_target_stand_right,
    outline_runs_on,
    indicators_stand_under_a_group,
    title_says_what_categories_have,
    never.bounds_stand_right,
    never.conditions_can_hold,
    never.days_stand_in_the_period,
)
WHEN_SOUND: tuple[Remark, ...] = (
    limits_are_reached,
    grades_are_reached,
    conditions_are_met_by_some,
    columns_are_read,
    never.categories_have_units,
    never.full_marks_can_be_had,
    never.one_event_fits,
    never.schedules_are_read,
)
