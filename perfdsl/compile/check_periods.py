"""What is counted by months, quarters and half-years needs a 考核期 in which their numbers have one meaning."""

from __future__ import annotations

from collections.abc import Iterator

from perfdsl.model.expression import Pace, Progress
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.walking import nodes
from perfdsl.text.catalogue import timing
from perfdsl.text.problem import Problem


def months_have_one_meaning(book: Rulebook) -> Iterator[Problem]:
    """Data by the month, and progress by months, in a 考核期 that is no calendar year."""
    period = book.period
    if period is None or period.calendar_year:
        return
    first, last = f"{period.first.month} 月", f"{period.last.month} 月"
    why = f"考核期从 {first}到 {last}：“1 月”是它的第 1 个月，还是日历上的 1 月？全年取12月数、当期数、到期都因此不同"
    for table in book.tables:
        cadence = table.row_of.cadence
        if cadence is None or not table.columns:
            continue
        place = table.span or next((one.span for one in table.columns if one.span is not None), book.span)
        what = f"{cadence.word}报的数（{table.name}）说不清是哪一{cadence.word.removeprefix('每')}"
        yield timing.months_of_no_year(place, what, str(period), why, "考核期写成自然年，或把这些数改成全年一个数来报")
    progress = next((one for one in nodes(book.items) if isinstance(one, Progress)), None)
    if progress is None:
        return
    by_table = progress.pace is Pace.TABLE
    if by_table or (progress.pace is Pace.MONTHS and not period.whole_months):
        what = "逐月的进度表说不清是哪个月" if by_table else "不满一个月的，按月均匀说不清算几个月"
        why = why if by_table else "时序进度按满的月数算，考核期要从某月 1 日到某月最后一天"
        yield timing.months_of_no_year(progress.span or book.span, what, str(period), why, "时序进度：按天均匀")
