"""Numbers of earlier years → nodes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.graph.builder import Builder
from perfdsl.graph.ops import Fn, NodeId, Reduce
from perfdsl.model.expression import Past
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.table import UNITS
from perfdsl.model.units import RATIO, YEARS

WEAK = tuple(state for state in sorted(State, reverse=True) if State.VALUE < state < BLOCKING)


class HistoryLowering:
    """Lowers what is asked of a table of earlier years; rows are added up for each unit and year."""

    def __init__(self, builder: Builder, book: Rulebook) -> None:
        self.builder = builder
        self.book = book

    def past(self, asked: Past) -> NodeId:
        """One year, or the mean of several."""
        builder = self.builder
        if len(asked.years) == 1:
            return self._year(asked, asked.years[0])[0]
        years = [self._year(asked, back) for back in asked.years]
        whole = builder.apply(Fn.ADD, *(value for value, _ in years))
        mean = builder.apply(Fn.DIVIDE, whole, builder.number(len(years)))
        if not asked.skip_gaps:
            return mean
        zero, one, nought = builder.number(0, builder.type(whole).unit or RATIO), builder.number(1), builder.number(0)
        total = builder.apply(Fn.ADD, *(builder.choose((gap, zero), otherwise=value) for value, gap in years))
        count = builder.apply(Fn.ADD, *(builder.choose((gap, nought), otherwise=one) for _, gap in years))
        some = builder.apply(Fn.DIVIDE, total, builder.apply(Fn.GREATEST, count, one))
        none = builder.apply(Fn.EQUAL, count, nought)
        return builder.choose((none, builder.nothing(State.MISSING, some)), otherwise=some)

    def _year(self, asked: Past, back: int) -> tuple[NodeId, NodeId]:
        """(the year's number, whether the table has no row for it)."""
        builder, table, period = self.builder, asked.of.table, self.book.period
        assert period is not None
        of, unit, year = (builder.column(table, name) for name in (asked.of.column, "单位", "年度"))
        wanted = builder.number(period.last.year - back, builder.type(year).unit or RATIO)
        here = builder.apply(Fn.EQUAL, year, wanted)
        roster = builder.column(UNIT_GRAIN, f"{UNITS}.单位")

        def taken(fn: Reduce, what: NodeId, rows: NodeId) -> NodeId:
            return builder.aggregate(fn, what, where=rows, key=(unit,), at=(roster,), to=UNIT_GRAIN)

        zero = builder.number(0)
        rows, counted = taken(Reduce.COUNT, here, here), taken(Reduce.COUNT, of, here)
        value = taken(Reduce.SUM, of, here)
        gap = builder.apply(Fn.EQUAL, rows, zero)
        cases = [(gap, builder.nothing(State.MISSING, value))]
        if not asked.merged:
            several = builder.apply(Fn.LESS, builder.number(1), rows)
            cases.append((several, builder.nothing(State.PENDING, value)))
        nothing = builder.apply(Fn.EQUAL, counted, zero)
        for state in WEAK:
            some = taken(Reduce.COUNT, here, builder.apply(Fn.AND, here, builder.has(of, state)))
            held = builder.apply(Fn.AND, nothing, builder.apply(Fn.LESS, zero, some))
            cases.append((held, builder.nothing(state, value)))
        return builder.choose(*cases, otherwise=value), gap

    def rising(self, years: Sequence[NodeId]) -> NodeId:
        """The first year in which it was not more ends the count. ``years``: this one first, all on the same rows."""
        builder = self.builder
        cases: list[tuple[NodeId, NodeId]] = []
        for count, (later, earlier) in enumerate(pairwise(years)):
            cases.append((builder.apply(Fn.LESS_EQUAL, later, earlier), builder.number(count, YEARS)))
        return builder.choose(*cases, otherwise=builder.number(len(years) - 1, YEARS))
