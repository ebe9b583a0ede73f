"""上年（…）, 往年（…）, 往年平均（…）, 连增年数（…）: numbers of a table of earlier years, in the model's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfdsl.model import expression as model
from perfdsl.model.expression import ColumnRef, Past
from perfdsl.model.table import RowOf, Table, TableColumn
from perfdsl.model.units import YEARS, ValueType
from perfdsl.syntax import nodes
from perfdsl.text.catalogue import timing

if TYPE_CHECKING:
    from perfdsl.compile.expressions import Reader, Typed

HISTORY = ("past", "past_year", "past_mean", "rising")
YEAR = "年度"
MOST = 10
"""So many years back may be asked for."""


def history(reader: Reader, node: nodes.Function) -> Typed | None:
    """One of :data:`HISTORY`, or None where something was reported."""
    from perfdsl.compile.expressions import Typed

    context = reader.context
    found = _column(reader, node)
    if found is None:
        return None
    if context.period is None:
        reader.no_period(node.span)
        return None
    count = _years(node)
    averaged = node.name == "past_mean"
    if (node.name == "past") is not (count is None) or (count is not None and not 1 <= count <= MOST):
        context.say(timing.years_unstated(node.span, node.span.text.split("（")[0], found[1].name))
        return None
    gaps = {key for key in node.options if key in ("skip_gaps", "gaps_open")}
    allowed = {"merged_sum", *(("skip_gaps", "gaps_open") if averaged else ())}
    if averaged and len(gaps) != 1:
        context.say(timing.gaps_unstated(node.span, found[1].name, count or 3))
        return None
    if not set(node.options) <= allowed or node.weight is not None:
        context.say(timing.years_unstated(node.span, node.span.text.split("（")[0], found[1].name))
        return None
    table, column = found
    of = ColumnRef(table.name, column.name, column.kind, column.unit, span=node.span)
    merged = "merged_sum" in node.options

    def past(*years: int) -> Past:
        return Past(of, years, "skip_gaps" in gaps, merged, span=node.span)

    if node.name == "rising":
        now = reader.expression(node.arguments[0])
        if now is None:
            return None
        rising = model.Rising(now.expression, tuple(past(n) for n in range(1, (count or 1) + 1)), span=node.span)
        return Typed(rising, ValueType.NUMBER, YEARS)
    if averaged:
        return Typed(past(*range(1, (count or 1) + 1)), ValueType.NUMBER, column.unit)
    return Typed(past(count or 1), ValueType.NUMBER, column.unit)


def _column(reader: Reader, node: nodes.Function) -> tuple[Table, TableColumn] | None:
    """The column of the first argument in a table of earlier years."""
    first = node.arguments[0]
    name = first.name if isinstance(first, nodes.Name) else ""
    found = [
        (table, column)
        for table, column in reader.context.columns_called(name)
        if table.row_of is RowOf.UNIT_ITEM and table.column(YEAR) is not None and column.kind is ValueType.NUMBER
    ]
    if len(found) == 1:
        return found[0]
    reader.context.say(timing.no_history(node.span, name or first.span.text, [table.name for table, _ in found]))
    return None


def _years(node: nodes.Function) -> int | None:
    """How many years are written; None where nothing is, 0 where it is no such number."""
    given = node.arguments[1:]
    if not given:
        return None
    one = given[0]
    whole = isinstance(one, nodes.Quantity) and one.unit == "年" and one.number.denominator == 1
    return int(one.number) if whole and len(given) == 1 and isinstance(one, nodes.Quantity) else 0
