"""What can never happen: conditions that nobody meets, full marks that cannot be had, events above their own cap.

Only what follows from the rulebook alone is said; an amount that hangs on the year's facts is left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.bands import Bands
from perfdsl.clauses.count_gain import CountGain
from perfdsl.clauses.deadline import Deadline
from perfdsl.clauses.interpolate import Interpolate
from perfdsl.clauses.kind import constant
from perfdsl.clauses.ledger import Ledger
from perfdsl.clauses.rank_list import RankList
from perfdsl.model import expression as model
from perfdsl.model.expression import Compare
from perfdsl.model.item import Award, AwardKind, LedgerUse, Level, Meta
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import UNITS, RowOf, Table, TableRole
from perfdsl.model.walking import nodes, texts
from perfdsl.text.catalogue import never as say
from perfdsl.text.problem import Problem
from perfdsl.text.source import Span

YEAR = timedelta(days=366)
"""Events are often found out or published in the year after the appraised one."""


def bounds_stand_right(book: Rulebook) -> Iterator[Problem]:
    """The least total is below the greatest."""
    least, most = book.total.least, book.total.most
    if least is not None and most is not None and least >= most:
        yield say.bounds_reversed(book.span, least, most)


# ---- conditions


def conditions_can_hold(book: Rulebook) -> Iterator[Problem]:
    """No two parts of a condition exclude each other, and some unit of the roster meets it."""
    roster = book.table(UNITS)
    for condition, span in _conditions(book):
        place = condition.span or span
        clash = next((one for one in _alternatives(condition) if _clash(one)), None)
        if clash is not None:
            yield say.conditions_exclude(place, place.text if place is not None else "")
        elif roster is not None and roster.rows and _nobody(condition, roster):
            yield say.nobody_meets(place, place.text if place is not None else "")


def categories_have_units(book: Rulebook) -> Iterator[Problem]:
    """A category that the roster gives to no unit, and one that only the roster knows."""
    roster = book.table(UNITS)
    names = [column.name for column in roster.columns] if roster is not None else []
    if roster is None or not roster.rows or "类别" not in names:
        return
    at, declared = names.index("类别"), [category.name for category in book.categories]
    found = Counter(row[at].text for row in roster.rows)
    for category in book.categories:
        if category.name not in found:
            yield say.category_empty(category.span, category.name)
    for row in roster.rows if declared else ():
        if (word := row[at].text) and word not in declared and (units := found.pop(word, 0)):
            yield say.category_undeclared(row[at].place, word, units, declared)


def _conditions(book: Rulebook) -> Iterator[tuple[model.Condition, Span | None]]:
    for item in book.walk():
        for value in (item.applies, item.exempt, item.requires, item.scoring):
            yield from ((one, item.span) for one in _outermost(value))
    for rule in (*book.vetoes, *book.applications, *book.scopes):
        yield from ((one, rule.span) for one in _outermost(rule.clause))


def _outermost(value: Any) -> Iterator[model.Condition]:
    return (one for one in nodes(value, closed=model.Condition) if isinstance(one, model.Condition))


def _alternatives(condition: model.Condition) -> Iterator[tuple[model.Condition, ...]]:
    """Each conjunction in a condition, its own and those inside."""
    match condition:
        case model.AllOf(parts):
            yield tuple(_flat(condition))
            for part in parts:
                if not isinstance(part, model.AllOf):
                    yield from _alternatives(part)
        case model.AnyOf(parts):
            for part in parts:
                yield from _alternatives(part)
        case model.Happened(where=where):
            yield from _alternatives(where)


def _flat(condition: model.Condition) -> Iterator[model.Condition]:
    if isinstance(condition, model.AllOf):
        for part in condition.parts:
            yield from _flat(part)
    else:
        yield condition


def _clash(parts: tuple[model.Condition, ...]) -> bool:
    """Whether one thing would have to be two words, or below one number and above it."""
    told: dict[model.Expression, list[model.Comparison]] = {}
    for part in parts:
        if isinstance(part, model.Comparison):
            told.setdefault(part.left, []).append(part)
    return any(_empty(comparisons) for comparisons in told.values())


def _empty(comparisons: list[model.Comparison]) -> bool:
    words = {one.right.value for one in comparisons if _is_word(one) and isinstance(one.right, model.TextLiteral)}
    lows: list[tuple[Any, bool]] = []
    highs: list[tuple[Any, bool]] = []
    for one in comparisons:
        limit = _limit(one.right)
        if limit is None:
            continue
        if one.op in (Compare.GREATER, Compare.GREATER_EQUAL, Compare.EQUAL):
            lows.append((limit, one.op is not Compare.GREATER))
        if one.op in (Compare.LESS, Compare.LESS_EQUAL, Compare.EQUAL):
            highs.append((limit, one.op is not Compare.LESS))
    apart = any(
        type(low) is type(high) and (low > high or (low == high and not (low_in and high_in)))
        for low, low_in in lows
        for high, high_in in highs
    )
    return len(words) > 1 or apart


def _is_word(comparison: model.Comparison) -> bool:
    return comparison.op is Compare.EQUAL and isinstance(comparison.right, model.TextLiteral)


def _limit(expression: model.Expression) -> Fraction | date | None:
    match expression:
        case model.Number(value=value):
            return value
        case model.DateLiteral(value=day, as_of=False):
            return day
    return None


def _nobody(condition: model.Condition, roster: Table) -> bool:
    """Whether the rows of the roster say that no unit meets it."""
    names = [column.name for column in roster.columns]
    return all(
        _held(condition, {name: cell.text for name, cell in zip(names, row, strict=False)}) is False
        for row in roster.rows
    )


def _held(condition: model.Condition, row: dict[str, str]) -> bool | None:
    """Whether a unit meets a condition as far as its row tells."""
    match condition:
        case model.Comparison(op, model.ColumnRef(table=table, column=column), model.TextLiteral(word)):
            if table != UNITS or column not in row or op not in (Compare.EQUAL, Compare.NOT_EQUAL):
                return None
            return (row[column] == word) is (op is Compare.EQUAL)
        case model.AllOf(parts):
            held = [_held(part, row) for part in parts]
            return False if False in held else None if None in held else True
        case model.AnyOf(parts):
            held = [_held(part, row) for part in parts]
            return True if True in held else None if None in held else False
        case model.Not(part):
            inner = _held(part, row)
            return None if inner is None else not inner
    return None


# ---- points


def full_marks_can_be_had(book: Rulebook) -> Iterator[Problem]:
    """The best band, or the first rank, gives the full mark."""
    for item in book.walk():
        scored = item.level in (Level.INDICATOR, Level.STEP) and item.combine is None and item.coefficient is None
        if item.full is None or item.scoring is None or not scored:
            continue
        match item.scoring:
            case Bands(gives=gives):
                points = [constant(one) for one in gives]
                best = None if None in points else max((one for one in points if one is not None), default=None)
            case Interpolate(awards=awards, start=start, end=end):
                points = [_given(one, item.full) for one in awards] + [constant(start), constant(end)]
                best = None if None in points else max((one for one in points if one is not None), default=None)
            case RankList(points=ranks, less=()):
                best = max(ranks, default=None)
            case _:
                best = None
        if best is not None and best < item.full:
            yield say.full_out_of_reach(item.scoring.span or item.span, item.name, item.full, best)


def _given(award: Award, full: Fraction) -> Fraction | None:
    match award.kind:
        case AwardKind.FULL:
            return full
        case AwardKind.ZERO:
            return Fraction(0)
        case AwardKind.GET:
            return constant(award.points)
    return None


def one_event_fits(book: Rulebook) -> Iterator[Problem]:
    """What a single event gives is not above the cap of all of them."""
    for item in book.walk():
        clause = item.scoring
        if clause is None or item.level not in (Level.BONUS, Level.INDICATOR, Level.STEP):
            continue
        cap = item.full if item.full is not None else constant(BY_KEY[clause.kind].cap(clause))
        once: list[Fraction | None] = []
        if isinstance(clause, Ledger) and not clause.losing and not clause.shares and clause.row_most is None:
            caps = clause.most_each or (None,) * len(clause.awards)
            once = [constant(one.points) for one, most in zip(clause.awards, caps, strict=True) if most is None]
        elif isinstance(clause, CountGain):
            once = [constant(clause.points)]
        most = max((one for one in once if one is not None), default=None)
        if cap is not None and most is not None and most > cap:
            yield say.event_above_cap(clause.span or item.span, most, cap)


# ---- days


def days_stand_in_the_period(book: Rulebook) -> Iterator[Problem]:
    """Windows of ledgers and deadlines touch the 考核期, or the year after it."""
    period = book.period
    if period is None or period.last == date.max:
        return
    for item in book.walk():
        if isinstance(item.scoring, Deadline) and not period.first <= item.scoring.day <= period.last + YEAR:
            yield say.outside_period(item.scoring.span or item.span, str(period))
        for use in (one for one in nodes(item.scoring) if isinstance(one, LedgerUse)):
            last = [day for op, day in _days(use.where) if op in (Compare.LESS, Compare.LESS_EQUAL)]
            first = [day for op, day in _days(use.where) if op in (Compare.GREATER, Compare.GREATER_EQUAL)]
            early = bool(last) and max(last) < period.first
            late = bool(first) and min(first) > period.last + YEAR
            if (early and first) or late:
                yield say.outside_period(use.where.span or item.span, str(period))


def _days(condition: model.Condition) -> Iterator[tuple[Compare, date]]:
    for part in _flat(condition):
        match part:
            case model.Comparison(op, model.ColumnRef(), model.DateLiteral(value=day, as_of=False)):
                yield op, day


# ---- tables


def schedules_are_read(book: Rulebook) -> Iterator[Problem]:
    """A 附表 with a row a unit that no rule names; those of other rows are read by what they are (a calendar, a method)."""
    names = set(texts((book.items, book.vetoes, book.applications, book.scopes, book.schemes, book.breaks), Meta))
    names |= {table.name for table in book.tables for method in book.methods if table.name in method.text}
    for table in book.tables:
        by_unit = table.role is TableRole.RULE and table.row_of is RowOf.UNIT
        if by_unit and table.name != UNITS and table.name not in names:
            yield say.table_unread(table.span, table.name)
