"""附表 工作日历 → the calendar of working days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from perfdsl.compile.context import Context, squeezed
from perfdsl.model.calendar import CALENDAR, Calendar
from perfdsl.model.table import Table
from perfdsl.syntax.names import period
from perfdsl.syntax.nodes import Tree
from perfdsl.text.catalogue import timing
from perfdsl.text.citation import Address
from perfdsl.text.source import Span

DAY = re.compile("([0-9]{4})(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})日?")
OFF, ON = ("放假", "休息"), ("上班", "调休上班", "补班")


def calendar(tree: Tree, context: Context) -> Calendar | None:
    """The calendar, where there is one; what it leaves open is reported."""
    block = next((one for one in tree.blocks if one.kind == "schedule" and one.name.text == CALENDAR), None)
    table = context.tables.get(CALENDAR)
    if block is None or table is None:
        return None
    given = block.field("covers")
    if given is None:
        context.say(timing.calendar_without_range(block.span))
        return None
    found, problems = period(given.value)
    context.say(*problems)
    if found is None:
        return None
    off: set[date] = set()
    on: set[date] = set()
    for day, works, place in _days(table, context):
        span = place if isinstance(place, Span) else block.span
        if not found[0] <= day <= found[1]:
            context.say(timing.day_outside_calendar(span, written(day)))
        elif day in (off if works else on):
            context.say(timing.day_twice(span, written(day)))
        else:
            (on if works else off).add(day)
    if context.period is not None and not found[0] <= context.period[0] <= context.period[1] <= found[1]:
        context.say(timing.calendar_too_short(given.value.span, *map(written, (*found, *context.period))))
    return Calendar(*found, frozenset(off), frozenset(on), block.span)


def _days(table: Table, context: Context) -> Iterator[tuple[date, bool, Span | Address | None]]:
    """Each day of the table, whether it is worked, and where it stands."""
    places = {squeezed(column.name): at for at, column in enumerate(table.columns)}
    needed = ("日期", "安排")
    if any(name not in places for name in needed):
        context.say(timing.calendar_columns(table.span))
        return
    for row in table.rows:
        first, word = row[places["日期"]], row[places["安排"]]
        last = row[places["至日期"]] if "至日期" in places and row[places["至日期"]].text.strip() else first
        days = [_day(cell.text) for cell in (first, last)]
        if days[0] is None or days[1] is None or days[1] < days[0] or (days[1] - days[0]).days > 40:
            context.say(timing.day_unreadable(first.place if isinstance(first.place, Span) else table.span, first.text))
        elif word.text.strip() not in (*OFF, *ON):
            context.say(
                timing.arrangement_unknown(word.place if isinstance(word.place, Span) else table.span, word.text)
            )
        else:
            for n in range((days[1] - days[0]).days + 1):
                yield days[0] + timedelta(n), word.text.strip() in ON, first.place


def _day(text: str) -> date | None:
    found = DAY.fullmatch(squeezed(text))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def written(day: date) -> str:
    """2025年1月28日."""
    return f"{day.year}年{day.month}月{day.day}日"
