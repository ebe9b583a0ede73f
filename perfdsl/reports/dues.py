"""When a measure is due: 起算日 and 期限 → a day. The day itself is not counted."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, date, timedelta
from typing import Any

from perfdsl.clauses.measure import Measure, term
from perfdsl.model.rulebook import Rulebook

WORKING = ("个工作日", "工作日")
MONTHS = {"个月": 1, "月": 1, "年": 12}


def due(clause: Measure, day: date, book: Rulebook) -> date | None:
    """The last day of the term; None where it cannot be told (working days without a calendar that reaches so far)."""
    found = term(clause)
    if found is None:
        return None
    count, word = found
    if word in WORKING:
        calendar: Any = getattr(book, "calendar", None)
        after: date | None = None if calendar is None else calendar.after(day, count)
        return after
    if word in MONTHS:
        return later(day, count * MONTHS[word])
    return day + timedelta(count) if (date.max - day).days >= count else None


def later(day: date, months: int) -> date | None:
    """The same day so many months later, or the last of that month.

    >>> later(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > MAXYEAR:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
