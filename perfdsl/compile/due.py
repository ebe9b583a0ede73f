"""到期, 频次 and 时序进度: from what day a thing can be asked for, and how much of it by a day."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from itertools import pairwise

from perfdsl.compile.context import Context, squeezed
from perfdsl.compile.fields import Bag
from perfdsl.model.expression import Pace, Progress
from perfdsl.syntax import nodes
from perfdsl.syntax.lexer import DATE, figures
from perfdsl.syntax.nodes import Block, Phrase
from perfdsl.text.catalogue import timing

MONTHS = {
    "每月": 1, "按月": 1, "月": 1, "月度": 1,
    "每季": 3, "每季度": 3, "按季": 3, "季度": 3, "季": 3,
    "每半年": 6, "半年": 6, "按半年": 6,
    "每年": 12, "年度": 12, "全年": 12, "年": 12, "一年一次": 12, "年终": 12, "年末": 12, "年底": 12,
}  # fmt: skip
"""频次 → months until it can first be asked for."""


def due_day(own: Bag, context: Context) -> date | None:
    """到期; else the end of the first period of 频次; None where neither says it."""
    if "due" in own:
        found = DATE.fullmatch(squeezed(own["due"].value.text))
        try:
            if found is not None:
                return date(*(figures(part) for part in found.groups()))
        except ValueError:
            pass
        context.say(timing.due_unreadable(own["due"].value.span, own["due"].value.text.strip()))
        return None
    if "frequency" not in own or context.period is None:
        return None
    months = MONTHS.get(squeezed(own["frequency"].value.text))
    if months is None:
        return None
    return last_of_month(context.period[0], months - 1)


def last_of_month(first: date, months: int) -> date:
    """The last day of the month that lies ``months`` after that of ``first``."""
    after = first.year * 12 + first.month + months
    return date.fromordinal(date(after // 12, after % 12 + 1, 1).toordinal() - 1)


def progress(head: Block, context: Context) -> Progress | None:
    """时序进度 of the first block."""
    field = head.field("progress")
    if field is None:
        return None
    node = context.read("phrase", field.value)
    if not isinstance(node, Phrase):
        return None
    keys = {one.key for one in node.segments if isinstance(one, nodes.Word)}
    use = next((one for one in node.segments if isinstance(one, nodes.TableUse)), None)
    if keys == {"by_days"} and use is None:
        return Progress(Pace.DAYS, span=field.value.span)
    if keys == {"by_months"} and use is None:
        return Progress(Pace.MONTHS, span=field.value.span)
    shares = _shares(use.table, context) if use is not None and not keys else None
    if shares is None:
        context.say(timing.progress_unstated(field.value.span))
        return None
    return Progress(Pace.TABLE, shares, span=field.value.span)


def _shares(name: str, context: Context) -> tuple[Fraction, ...] | None:
    """The twelve shares of a table 月份, 应完成; None where it is not such a table."""
    table = context.tables.get(name)
    places = {squeezed(column.name): at for at, column in enumerate(table.columns)} if table else {}
    if table is None or "月份" not in places or "应完成" not in places:
        return None
    found: dict[int, Fraction] = {}
    for row in table.rows:
        month = re.fullmatch("([0-9]{1,2})月?", squeezed(row[places["月份"]].text))
        share = re.fullmatch("([0-9]+(?:[.][0-9]+)?)%?", squeezed(row[places["应完成"]].text))
        if month is None or share is None:
            return None
        found[int(month[1])] = Fraction(share[1]) / 100
    ordered = tuple(found[n] for n in sorted(found))
    rises = all(a <= b for a, b in pairwise(ordered))
    return ordered if sorted(found) == list(range(1, 13)) and rises and ordered[-1] == 1 else None
