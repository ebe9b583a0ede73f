"""截至: a run before the year is over. What is not due yet stands apart, and nothing is asked for that lies ahead."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.deadline import Deadline
from perfdsl.clauses.periodic import Periodic
from perfdsl.model.expression import (
    Compare,
    Comparison,
    DateLiteral,
    Happened,
    InGrade,
    ItemRef,
    Number,
    Pace,
    Placed,
    Progress,
    RuleHolds,
    Undue,
)
from perfdsl.model.item import Answer, AnswerKind, Clause, Item, LedgerUse, Level
from perfdsl.model.rulebook import Period, Rule, Rulebook
from perfdsl.model.states import State
from perfdsl.model.units import RATIO
from perfdsl.model.walking import names, nodes
from perfdsl.text.catalogue import timing
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, is_dataclass, replace

NOT_ASKED = Answer(AnswerKind.SKIP)
"""What 未到期 gives where the rule does not say it: no score, and the sums go without it."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """A day before the end of the year. ``due`` and ``not_due`` are the scored items by whether they can be asked for."""

    day: date
    due: tuple[Item, ...]
    not_due: tuple[Item, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def points(self) -> Fraction:
        """What the due indicators are worth."""
        return sum((item.full or Fraction(0) for item in self.due if item.level in WORTH), start=Fraction(0))


MONTHS = frozenset(range(1, 13))

WORTH = (Level.INDICATOR, Level.POINT)


def outside(book: Rulebook, day: date) -> Problem | None:
    """A day that does not lie in 考核期."""
    period = book.period
    if period is not None and period.first <= day <= period.last:
        return None
    shown = "没有写" if period is None else f"{written(period.first)}至{written(period.last)}"
    return timing.day_outside_period(book.span, written(day), shown)


def due_months(period: Period, day: date) -> frozenset[int]:
    """The months that are over on ``day``, by their numbers in what is reported by the month.

    A 考核期 that is no calendar year has no such data (K518): there every number is asked for.
    """
    return frozenset(range(1, period.months_until(day) + 1)) if period.calendar_year else MONTHS


def as_of(book: Rulebook, day: date) -> tuple[Rulebook, AsOf]:
    """The rulebook as it is run on ``day``: without grades, and with what is not due yet asked of nobody."""
    due: list[Item] = []
    not_due: list[Item] = []
    silent: list[Item] = []
    period = book.period
    assert period is not None

    def one(item: Item, above: date | None) -> Item:
        own = item.due or (item.scoring.day if isinstance(item.scoring, Deadline) else None) or above
        children = tuple(one(child, own) for child in item.children)
        made = replace(item, children=children, answers=answered(item))
        if item.scoring is None:
            return made
        later = own is not None and own > day
        if isinstance(item.scoring, Periodic) and item.scoring.cadence.months not in due_months(period, day):
            later = True  # its first period is not over
        if item.level is not Level.STEP:
            (not_due if later else due).append(item)
            if own is None and item.level in WORTH and not isinstance(item.scoring, Periodic):
                silent.append(item)
        if later:
            return replace(made, value=Undue(item.value or Number(Fraction(0), RATIO)))
        return made

    items = tuple(one(item, None) for item in book.items)
    kept = tuple(rule for rule in book.applications if stands_alone(rule))
    graded_later = replace(book, scheme=None, other_schemes=(), ungraded=book.schemes, scopes=(), vetoes=())
    made = replace(graded_later, items=items, applications=kept)
    changed: Rulebook = on_the_day(made, period, day)
    problems = []
    if silent:
        names = "、".join(item.name for item in silent[:3]) + ("等" if len(silent) > 3 else "")
        problems.append(timing.due_unstated(book.span, names, len(silent), written(day)))
    return changed, AsOf(day, tuple(due), tuple(not_due), tuple(problems))


def answered(item: Item) -> tuple[tuple[State, Answer], ...]:
    """The answers of an item, 未到期 among them."""
    if item.scoring is None or item.answer(State.NOT_DUE) is not None:
        return item.answers
    return tuple(sorted((*item.answers, (State.NOT_DUE, NOT_ASKED))))


def stands_alone(rule: Rule) -> bool:
    """Whether a result application can be read without a grade, a place or a total."""
    final = (InGrade, Placed, RuleHolds)
    parts = list(nodes(rule.clause))
    return rule.clause.kind == "measure" and not any(
        isinstance(one, final) or (isinstance(one, ItemRef) and one.what in ("total", "rank", "base")) for one in parts
    )


def on_the_day(value: Any, period: Period, day: date, rows: bool = False) -> Any:
    """``value`` with 截至日期, 时序进度 and the windows of ledgers as they are on ``day``."""
    if isinstance(value, DateLiteral) and value.as_of:
        return replace(value, value=day)
    if isinstance(value, Progress):
        return Number(share(value, period, day), RATIO, "时序进度", span=value.span)
    if (
        rows
        and isinstance(value, Comparison)
        and value.op is Compare.LESS_EQUAL
        and value.right == DateLiteral(period.last)
    ):
        return replace(value, right=DateLiteral(day))
    if isinstance(value, tuple):
        made = tuple(on_the_day(one, period, day, rows) for one in value)
        return made if any(a is not b for a, b in zip(made, value, strict=True)) else value
    if is_dataclass(value) and not isinstance(value, type):
        inside = rows or isinstance(value, (LedgerUse, Happened))
        changed = {}
        for name in names(type(value)):
            if name in ("period", "tables", "calendar"):
                continue
            old = getattr(value, name)
            new = on_the_day(old, period, day, inside)
            if new is not old:
                changed[name] = new
        turned: Any = replace(value, **changed) if changed else value
        through = BY_KEY[turned.kind].with_rules if isinstance(turned, Clause) else None
        # the rules of periods and rows answer 未到期 as well
        return turned if through is None else through(turned, lambda rule: replace(rule, answers=answered(rule)))
    return value


def share(progress: Progress, period: Period, day: date) -> Fraction:
    """How much of the year's task is expected by ``day``."""
    if progress.pace is Pace.DAYS:
        return Fraction((day - period.first).days + 1, (period.last - period.first).days + 1)
    months = period.months_until(day)
    if progress.pace is Pace.MONTHS:
        return Fraction(months, period.months_until(period.last))
    return progress.shares[months - 1] if months else Fraction(0)


def written(day: date) -> str:
    """2025年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日"
