"""工作日历: which days are worked. Monday to Friday are, but for what the calendar says."""

from __future__ import annotations

from datetime import date, timedelta

from perfdsl.model.units import Unit
from perfdsl.text.records import dataclass, field
from perfdsl.text.source import Span

CALENDAR = "工作日历"
"""The 附表 of the days that are not what their weekday says: 日期, 至日期, 安排（放假、上班）."""

WORKING_DAYS = Unit(("个工作日",))


@dataclass(frozen=True, slots=True)
class Calendar:
    """``first`` to ``last`` are covered. ``off``: weekdays without work; ``on``: days of weekends that are worked."""

    first: date
    last: date
    off: frozenset[date]
    on: frozenset[date]
    span: Span | None = field(default=None, compare=False, repr=False)

    def covers(self, day: date) -> bool:
        """Whether the calendar says anything of ``day``."""
        return self.first <= day <= self.last

    def works(self, day: date) -> bool:
        """Whether ``day`` is a working day."""
        return day in self.on or (day.weekday() < 5 and day not in self.off)

    def after(self, day: date, count: int) -> date | None:
        """The ``count``-th working day after ``day``; None where it lies beyond the calendar."""
        while count and self.covers(day + timedelta(1)):
            day += timedelta(1)
            count -= self.works(day)
        return day if not count and self.covers(day) else None
