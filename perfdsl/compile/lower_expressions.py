"""Expressions and conditions → nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from perfdsl.clauses.kind import Events
from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.compile.lower_history import HistoryLowering
from perfdsl.graph.builder import Builder
from perfdsl.graph.ops import Band, Constant, Fetch, Fn, Lookup, NodeId, Rank, Reduce, Streak
from perfdsl.model import expression as model
from perfdsl.model.calendar import WORKING_DAYS
from perfdsl.model.expression import Across, Compare, Condition, Expression, Percentile
from perfdsl.model.item import Item, LedgerUse
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.table import UNITS, Cadence, RowOf, ToYear
from perfdsl.model.units import PLACES, POINTS, RATIO, Ties, ValueType

if TYPE_CHECKING:
    from perfdsl.compile.lower import Lowering

FUNCTIONS: Mapping[model.Fn, Fn] = {
    model.Fn.ADD: Fn.ADD,
    model.Fn.SUBTRACT: Fn.SUBTRACT,
    model.Fn.MULTIPLY: Fn.MULTIPLY,
    model.Fn.NEGATE: Fn.NEGATE,
    model.Fn.LEAST: Fn.LEAST,
    model.Fn.GREATEST: Fn.GREATEST,
    model.Fn.ABSOLUTE: Fn.ABSOLUTE,
    model.Fn.POWER: Fn.POWER,
    model.Fn.LN: Fn.LN,
}
PAST = "历年等次"
"""The table of earlier years' grades: 单位, 年度, 等次."""
WEAK = tuple(state for state in sorted(State, reverse=True) if State.VALUE < state < BLOCKING)
"""States that leave a month out, the strongest first."""


class Among:
    """The other units (``with_self``: all) of a population that have ``of``, seen from each unit.

    What is 未报 or 待定 is left out first, so that an own value that is open does not leave the facts of the others
    open; :meth:`told` lays what is open over the result.
    """

    def __init__(
        self,
        builder: Builder,
        of: NodeId,
        where: NodeId,
        group: tuple[NodeId, ...],
        with_self: bool,
        grain: str = UNIT_GRAIN,
    ) -> None:
        self.grain = grain
        self.builder, self.of, self.meant, self.group, self.with_self = builder, of, where, group, with_self
        self.where = where
        if builder.type(where).states != {State.VALUE}:
            self.where = builder.choose((builder.has(where, State.VALUE), where), otherwise=builder.truth(False))
        self.rows = builder.apply(Fn.AND, self.where, builder.has(of, State.VALUE))
        self.one, self.zero = builder.number(1), builder.number(0)
        self.count = self._reduced(Reduce.COUNT, of, self.rows, self.one)

    def _reduced(self, fn: Reduce, what: NodeId, rows: NodeId, own: NodeId) -> NodeId:
        builder = self.builder
        whole = builder.aggregate(fn, what, where=rows, key=self.group, to=self.grain)
        if self.with_self:
            return whole
        nothing = builder.number(0, builder.type(whole).unit or RATIO)
        counted = builder.apply(Fn.AND, rows, builder.has(what, State.VALUE))
        return builder.apply(Fn.SUBTRACT, whole, builder.choose((counted, own), otherwise=nothing))

    def sum(self, what: NodeId) -> NodeId:
        """The sum of ``what`` over those that have ``of``."""
        return self._reduced(Reduce.SUM, what, self.rows, what)

    def divided(self, over: NodeId, under: NodeId) -> NodeId:
        """A quotient; where nobody is counted it is not asked for, so that it is no zero divisor."""
        builder = self.builder
        none = builder.apply(Fn.EQUAL, self.count, self.zero)
        one = builder.number(1, builder.type(under).unit or RATIO)
        return builder.apply(Fn.DIVIDE, over, builder.choose((none, one), otherwise=under))

    def at(self, place: Callable[[NodeId], NodeId]) -> NodeId:
        """The value in a place, the least first; ``place`` makes it of how many there are."""
        builder = self.builder
        size = builder.aggregate(Reduce.COUNT, self.of, where=self.rows, key=self.group, to=self.grain)
        first = builder.add(Rank(self.of, self.rows, self.group, False, Ties.COMPETITION))
        behind = builder.add(Rank(self.of, self.rows, self.group, True, Ties.COMPETITION))
        last = builder.apply(Fn.SUBTRACT, builder.apply(Fn.ADD, size, self.one), behind)

        def value(at: NodeId) -> NodeId:
            # equal values fill the places from the first of them to the last
            inside = (builder.apply(Fn.LESS_EQUAL, first, at), builder.apply(Fn.LESS_EQUAL, at, last))
            here = builder.apply(Fn.AND, self.rows, *inside)
            return builder.aggregate(Reduce.LEAST, self.of, where=here, key=self.group, to=self.grain)

        if self.with_self:
            return value(place(size))
        # without the own value, which stands in place ``last``, what stands behind it moves up by one
        fewer = place(builder.apply(Fn.SUBTRACT, size, self.one))
        behind_own = builder.apply(Fn.LESS_EQUAL, last, fewer)
        others = builder.choose((behind_own, value(builder.apply(Fn.ADD, fewer, self.one))), otherwise=value(fewer))
        return builder.choose((self.rows, others), otherwise=value(place(size)))

    def told(self, fact: NodeId) -> NodeId:
        """``fact`` where all is known; 不涉及 where there is nobody."""
        builder = self.builder
        cases = []
        for state in (State.PENDING, State.MISSING):
            # the strongest of all that is open, be it a value or whether a unit is meant
            seen = []
            if state in builder.type(self.of).states:
                rows = builder.apply(Fn.AND, self.where, builder.has(self.of, state))
                seen.append(builder.apply(Fn.LESS, self.zero, self._reduced(Reduce.COUNT, rows, rows, self.one)))
            if state in builder.type(self.meant).states:
                rows = builder.has(self.meant, state)
                count = builder.aggregate(Reduce.COUNT, rows, where=rows, key=self.group, to=self.grain)
                seen.append(builder.apply(Fn.LESS, self.zero, count))
            if seen:
                some = seen[0] if len(seen) == 1 else builder.apply(Fn.OR, *seen)
                cases.append((some, builder.nothing(state, fact)))
        none = builder.apply(Fn.EQUAL, self.count, self.zero)
        cases.append((none, builder.nothing(State.ABSENT, fact)))
        return builder.choose(*cases, otherwise=fact)


def due_days(book: Rulebook, cadence: Cadence, count: int) -> list[date | None]:
    """The ``count``-th working day after the end of each period of the year."""
    assert book.calendar is not None and book.period is not None
    year = book.period.last.year
    ends = [
        date(year + n * cadence.months // 12, n * cadence.months % 12 + 1, 1) for n in range(1, cadence.periods + 1)
    ]
    return [book.calendar.after(end - timedelta(1), count) for end in ends]


class ExpressionLowering:
    """Lowers what stands in the expressions of one rulebook. ``item`` is where an expression stands."""

    def __init__(self, lowering: Lowering) -> None:
        self.lowering = lowering
        self.builder = lowering.builder
        self.book = lowering.book
        self.history = HistoryLowering(self.builder, self.book)

    def number(self, expression: Expression, item: Item | None, ledger: str = "") -> NodeId:
        """The node of any expression (numbers, texts, dates alike)."""
        builder = self.builder
        ledger = ledger or self.lowering.grain_of(item)
        match expression:
            case model.Number(value, unit):
                return builder.number(value, unit)
            case model.TextLiteral(value):
                return builder.constant(value, ValueType.TEXT)
            case model.Progress():
                return builder.number(1)
            case model.Undue(of):
                like = builder.type(self.number(of, item, ledger))
                return builder.add(Constant(None, like.value, like.unit, State.NOT_DUE))
            case model.DateLiteral(value):
                return builder.constant(value, ValueType.DATE)
            case model.ColumnRef():
                return self.on_rows(self._column(expression, ledger), ledger)
            case model.Single(of):
                return self._single(of)
            case model.OwnRef(what):
                assert item is not None
                return self._own(what, item)
            case model.Past():
                return self.on_rows(self.history.past(expression), ledger)
            case model.Rising(now, before):
                return self.history.rising([self.number(year, item, ledger) for year in (now, *before)])
            case model.WorkingDays(start, end):
                return self._working_days(self.number(start, item, ledger), self.number(end, item, ledger))
            case model.DueDay():
                return self._due_day(expression)
            case model.ItemRef("period", code):
                return self._of_period(self.lowering.items[code])
            case model.ItemRef(what, code):
                return self.on_rows(self._item(what, code), ledger)
            case model.Call(fn, args):
                return self._call(fn, [self.number(arg, item, ledger) for arg in args], item)
            case model.Rounded(of, rounding):
                return builder.rounded(self.number(of, item, ledger), rounding.digits, rounding.mode)
            case model.MeanOf(parts, least):
                return self._mean_of([self.number(part, item, ledger) for part in parts], least)
            case model.AcrossUnits():
                return self.on_rows(self._across(expression, item), ledger)
        raise AssertionError(expression)

    def _of_period(self, item: Item) -> NodeId:
        """The score of each period; 不涉及 for a unit that the item is not for."""
        score, applies = self.lowering.period_score(item), self.lowering.applies(item)
        if applies is None:
            return score
        here = self.on_rows(applies, self.builder.type(score).grain)
        return self.builder.choose((here, score), otherwise=self.builder.nothing(State.ABSENT, score))

    def _column(self, reference: model.ColumnRef, ledger: str) -> NodeId:
        table = self.book.table(reference.table)
        assert table is not None
        if table.row_of is RowOf.UNIT:
            return self.builder.column(UNIT_GRAIN, f"{table.name}.{reference.column}")
        if table.row_of.cadence is not None and ledger != table.name:
            return self._year(reference)
        if table.row_of is RowOf.UNIT_ITEM and ledger != table.name:
            return self._of_row(table.name, reference.column, ledger)
        return self.builder.column(table.name, reference.column)

    def on_rows(self, node: NodeId, rows: str) -> NodeId:
        """A number of units on the rows of a table that belong to them: each row has its own unit's."""
        builder = self.builder
        if rows in ("", UNIT_GRAIN) or builder.type(node).grain != UNIT_GRAIN:
            return node
        roster = builder.column(UNIT_GRAIN, f"{UNITS}.单位")
        return builder.add(Fetch(node, (roster,), (builder.column(rows, "单位"),)))

    def _single(self, of: model.ColumnRef) -> NodeId:
        """当期数: the running total less that of the period before; the total itself in the first."""
        builder, table = self.builder, self.book.table(of.table)
        assert table is not None and table.row_of.cadence is not None
        total, unit = builder.column(table.name, of.column), builder.column(table.name, "单位")
        period = builder.column(table.name, table.row_of.cadence.along)
        one = builder.number(1, builder.type(period).unit or RATIO)
        before = builder.add(Fetch(total, (unit, period), (unit, builder.apply(Fn.SUBTRACT, period, one))))
        grown = builder.apply(Fn.SUBTRACT, total, before)
        return builder.choose((builder.apply(Fn.EQUAL, period, one), total), otherwise=grown)

    def _working_days(self, start: NodeId, end: NodeId) -> NodeId:
        """What was worked up to the end less what was worked up to the start; 0 where the end is not later."""
        builder = self.builder
        between = builder.apply(Fn.SUBTRACT, self._worked(end), self._worked(start))
        return builder.apply(Fn.GREATEST, between, builder.number(0, WORKING_DAYS))

    def _worked(self, day: NodeId) -> NodeId:
        """Working days from the Monday before the calendar up to ``day``, which the calendar must cover.

        Five a week, and of the week begun as many as have gone by but five at most; then what the calendar says
        otherwise, added up to the day.
        """
        builder, calendar = self.builder, self.book.calendar
        assert calendar is not None
        monday = calendar.first - timedelta(calendar.first.weekday())
        since = builder.apply(Fn.SUBTRACT, day, builder.constant(monday, ValueType.DATE))
        days = builder.apply(Fn.DIVIDE, since, builder.number(1, builder.type(since).unit or RATIO))
        weeks = builder.apply(Fn.FLOOR, builder.apply(Fn.DIVIDE, days, builder.number(7)))
        rest = builder.apply(Fn.SUBTRACT, days, builder.apply(Fn.MULTIPLY, weeks, builder.number(7)))
        begun = builder.apply(Fn.LEAST, builder.apply(Fn.ADD, rest, builder.number(1)), builder.number(5))
        bands, sum_, low = [], 0, calendar.first
        changes = {one: -1 for one in calendar.off if one.weekday() < 5}
        changes |= {one: 1 for one in calendar.on if one.weekday() >= 5}
        for one in sorted(changes):
            if one > low:
                bands.append(self._days(low, one, monday, sum_))
            sum_, low = sum_ + changes[one], one
        bands.append(self._days(low, calendar.last + timedelta(1), monday, sum_))
        otherwise = builder.add(Lookup(days, tuple(bands)))
        plain = builder.apply(Fn.ADD, builder.apply(Fn.MULTIPLY, weeks, builder.number(5)), begun)
        return builder.apply(Fn.MULTIPLY, builder.apply(Fn.ADD, plain, otherwise), builder.number(1, WORKING_DAYS))

    def _days(self, first: date, behind: date, monday: date, gives: int) -> Band:
        low, high = ((one - monday).days for one in (first, behind))
        return Band(self.builder.number(gives), Fraction(low), Fraction(high))

    def _due_day(self, due: model.DueDay) -> NodeId:
        """The day by the number of the period; 待定 for one that lies beyond the calendar."""
        builder, table = self.builder, self.book.table(due.table)
        assert table is not None and table.row_of.cadence is not None
        period = builder.column(table.name, table.row_of.cadence.along)
        days = due_days(self.book, table.row_of.cadence, due.count)
        bands = tuple(
            Band(builder.constant(day, ValueType.DATE), Fraction(n), Fraction(n), high_in=True)
            for n, day in enumerate(days, 1)
            if day is not None
        )
        return builder.add(Lookup(period, bands))

    def _of_row(self, facts: str, column: str, rows: str) -> NodeId:
        """The fact that belongs to a row of ``rows``: same unit, same 编号."""
        builder = self.builder
        key, at = (tuple(builder.column(table, name) for name in ("单位", "编号")) for table in (facts, rows))
        return builder.add(Fetch(builder.column(facts, column), key, at))

    def _year(self, reference: model.ColumnRef) -> NodeId:
        """A column of periods brought to the year, for each unit; where none has a value, their strongest state."""
        builder = self.builder
        table = self.book.table(reference.table)
        assert table is not None
        column = table.column(reference.column)
        cadence = table.row_of.cadence
        assert column is not None and cadence is not None
        of = builder.column(table.name, reference.column)
        key = (builder.column(table.name, "单位"),)
        at = (builder.column(UNIT_GRAIN, f"{UNITS}.单位"),)
        every = self._every(table.name)
        if column.to_year in (ToYear.LAST, ToYear.RUNNING):
            period = builder.column(table.name, cadence.along)
            last = builder.number(cadence.periods, builder.type(period).unit or RATIO)
            if column.to_year is ToYear.RUNNING:
                due = builder.apply(Fn.NOT, builder.has(of, State.NOT_DUE))
                latest = builder.aggregate(Reduce.GREATEST, period, where=due, key=key)
                last = builder.choose((builder.has(latest, State.ABSENT), last), otherwise=latest)
            every = builder.apply(Fn.EQUAL, period, last)

        def count(rows: NodeId) -> NodeId:
            return builder.aggregate(Reduce.COUNT, rows, where=rows, key=key, at=at, to=UNIT_GRAIN)

        counted = builder.aggregate(Reduce.COUNT, of, where=every, key=key, at=at, to=UNIT_GRAIN)
        year = builder.aggregate(Reduce.SUM, of, where=every, key=key, at=at, to=UNIT_GRAIN)
        if column.to_year is ToYear.MEAN:
            # dividing by max(count, 1) keeps units without a month that counts from being reported as a zero divisor
            year = builder.apply(Fn.DIVIDE, year, builder.apply(Fn.GREATEST, counted, builder.number(1)))
        zero = builder.number(0)
        cases = [(builder.apply(Fn.EQUAL, count(every), zero), builder.nothing(State.MISSING, year))]
        for state in WEAK:
            here = builder.apply(Fn.LESS, zero, count(builder.apply(Fn.AND, every, builder.has(of, state))))
            nothing = builder.apply(Fn.AND, builder.apply(Fn.EQUAL, counted, zero), here)
            cases.append((nothing, builder.nothing(state, year)))
        return builder.choose(*cases, otherwise=year)

    def _any_row(self, cell: NodeId) -> NodeId:
        """True on every row, whatever stands in the cell."""
        there = self.builder.has(cell, State.VALUE)
        return self.builder.apply(Fn.OR, there, self.builder.apply(Fn.NOT, there))

    def over_units(self, where: NodeId, of: NodeId, grain: str = UNIT_GRAIN) -> NodeId:
        """``where`` said of every row: a number that is the same for all, taken of all, else has no rows to be of."""
        if self.builder.type(of).grain or self.builder.type(where).grain:
            return where
        return self._every(grain, "单位" if grain != UNIT_GRAIN else f"{UNITS}.单位")

    def _every(self, grain: str, name: str = "单位") -> NodeId:
        unit = self.builder.column(grain, name)
        return self.builder.apply(Fn.EQUAL, unit, unit)

    def _own(self, what: str, item: Item) -> NodeId:
        if what == "value":
            return self.lowering.value(item.code)
        return self.lowering.target(item) if what == "target" else self.lowering.full(item)

    def _item(self, what: str, code: str) -> NodeId:
        if not code:
            if what == "rank":
                return self._in_places(self.lowering.rank)
            return self.lowering.total if what == "total" else self.lowering.base
        item = self.lowering.items[code]
        if what == "value":
            return self.lowering.published_value(item)
        if what == "score":
            return self.lowering.score(code)
        return self.lowering.target(item) if what == "target" else self.lowering.full(item)

    def _call(self, fn: model.Fn, nodes: list[NodeId], item: Item | None) -> NodeId:
        match fn:
            case model.Fn.DIVIDE:
                return self._divide(nodes, item)
            case model.Fn.GEOMETRIC:
                return self._geometric(nodes)
            case model.Fn.HARMONIC:
                return self._harmonic(nodes)
        return self.builder.apply(FUNCTIONS[fn], *nodes)

    def _geometric(self, nodes: list[NodeId]) -> NodeId:
        """The root of the product. One negative number makes it a root of -1, which is reported: two would make a 正数."""
        builder = self.builder
        product = builder.apply(Fn.MULTIPLY, *nodes)
        unit = builder.type(product).unit or RATIO
        zero = builder.number(0, builder.type(nodes[0]).unit or RATIO)
        negative = builder.apply(Fn.LESS, builder.apply(Fn.LEAST, *nodes), zero)
        base = builder.choose((negative, builder.number(-1, unit)), otherwise=product)
        return builder.apply(Fn.POWER, base, builder.number(Fraction(1, len(nodes))))

    def _harmonic(self, nodes: list[NodeId]) -> NodeId:
        """How many there are ÷ the sum of 1 ÷ each."""
        builder = self.builder
        shares = [builder.apply(Fn.DIVIDE, builder.number(1), node) for node in nodes]
        return builder.apply(Fn.DIVIDE, builder.number(len(nodes)), builder.apply(Fn.ADD, *shares))

    def _mean_of(self, nodes: list[NodeId], least: int | None) -> NodeId:
        """The mean of the numbers; with ``least``, of those that are there, if so many are and none is 待定."""
        builder = self.builder
        every = builder.apply(Fn.DIVIDE, builder.apply(Fn.ADD, *nodes), builder.number(len(nodes)))
        if least is None:
            return every
        zero, one = builder.number(0, builder.type(nodes[0]).unit or RATIO), builder.number(1)
        there = [builder.has(node, State.VALUE) for node in nodes]
        pairs = zip(there, nodes, strict=True)
        total = builder.apply(Fn.ADD, *(builder.choose((has, node), otherwise=zero) for has, node in pairs))
        count = builder.apply(Fn.ADD, *(builder.choose((has, one), otherwise=builder.number(0)) for has in there))
        mean = builder.apply(Fn.DIVIDE, total, builder.apply(Fn.GREATEST, count, one))
        open_ = [builder.has(node, State.PENDING) for node in nodes]
        pending = open_[0] if len(open_) == 1 else builder.apply(Fn.OR, *open_)
        enough = builder.apply(Fn.LESS_EQUAL, builder.number(least), count)
        # too few: the state of the whole, as in any sum
        return builder.choose((pending, builder.nothing(State.PENDING, mean)), (enough, mean), otherwise=every)

    def _divide(self, nodes: list[NodeId], item: Item | None) -> NodeId:
        """A divisor of 0 is 未发生 where the item says what that gives; elsewhere it is an error of the data."""
        builder = self.builder
        over, under = nodes
        if item is None or item.answer(State.NONE) is None:
            return builder.apply(Fn.DIVIDE, over, under)
        zero = builder.apply(Fn.EQUAL, under, builder.number(0, builder.type(under).unit or RATIO))
        one = builder.number(1, builder.type(under).unit or RATIO)
        quotient = builder.apply(Fn.DIVIDE, over, builder.choose((zero, one), otherwise=under))
        # the numerator's own state comes first: what nobody reported has not "not happened"
        known = builder.has(over, State.VALUE)
        return builder.choose(
            (builder.apply(Fn.AND, zero, known), builder.nothing(State.NONE, quotient)), otherwise=quotient
        )

    # ---- functions over units

    def _across(self, asked: model.AcrossUnits, item: Item | None) -> NodeId:
        """A function over the units of a population that have a value; for a row of 个性指标, over units all the same."""
        builder = self.builder
        grain = self.lowering.grain_of(item) if self.lowering.by_period(item) is not None else UNIT_GRAIN
        of = self.number(asked.of, item, grain)
        peers = self.lowering.peers(asked.population, item)
        where = self.over_units(peers.where, of, grain)
        if asked.fn is Across.RANK:
            return self._in_places(builder.add(Rank(of, where, peers.group, asked.greatest_first, asked.ties)))
        weight = None if asked.weight is None else self.number(asked.weight, item, grain)
        if weight is not None:
            of = builder.apply(Fn.MULTIPLY, of, weight)
        among = Among(builder, of, where, peers.group, asked.with_self, grain)
        match asked.fn:
            case Across.MEAN:
                return among.told(among.divided(among.sum(of), among.count))
            case Across.WEIGHTED_MEAN:
                assert weight is not None
                return among.told(among.divided(among.sum(of), among.sum(weight)))
            case Across.DEVIATION:
                return among.told(self._deviation(among, of, asked.sample))
            case Across.SUM:
                return among.told(among.sum(of))
            case Across.LEAST:
                return among.told(among.at(lambda size: builder.number(1)))
            case Across.GREATEST:
                return among.told(among.at(lambda size: size))
            case Across.MEDIAN:
                return among.told(self._interpolated(among, Fraction(1, 2)))
            case Across.PERCENTILE if asked.method is Percentile.INTERPOLATED:
                return among.told(self._interpolated(among, asked.share))
            case _:
                return among.told(among.at(lambda size: self._nearest(size, asked.share)))

    def _deviation(self, among: Among, of: NodeId, sample: bool) -> NodeId:
        """The root of (Σx² - (Σx)² ÷ n) ÷ n, or ÷ (n - 1), which of one unit alone is a zero divisor."""
        builder = self.builder
        total, squares = among.sum(of), among.sum(builder.apply(Fn.MULTIPLY, of, of))
        mean = among.divided(total, among.count)
        spread = builder.apply(Fn.SUBTRACT, squares, builder.apply(Fn.MULTIPLY, total, mean))
        under = builder.apply(Fn.SUBTRACT, among.count, among.one) if sample else among.count
        return builder.apply(Fn.POWER, among.divided(spread, under), builder.number(Fraction(1, 2)))

    def _in_places(self, rank: NodeId) -> NodeId:
        """A place as a number of 名次."""
        return self.builder.apply(Fn.MULTIPLY, rank, self.builder.number(1, PLACES))

    def _nearest(self, size: NodeId, share: Fraction) -> NodeId:
        """The place n × p, a begun place counted whole, the first at least."""
        builder = self.builder
        place = builder.apply(Fn.CEIL, builder.apply(Fn.MULTIPLY, size, builder.number(share)))
        return builder.apply(Fn.GREATEST, place, builder.number(1))

    def _interpolated(self, among: Among, share: Fraction) -> NodeId:
        """Between the places about 1 + (n - 1) × p, pro rata."""
        builder, one = self.builder, self.builder.number(1)

        def exact(size: NodeId) -> NodeId:
            steps = builder.apply(Fn.SUBTRACT, size, one)
            return builder.apply(Fn.ADD, one, builder.apply(Fn.MULTIPLY, steps, builder.number(share)))

        def below(size: NodeId) -> NodeId:
            return builder.apply(Fn.FLOOR, exact(size))

        def above(size: NodeId) -> NodeId:
            return builder.apply(Fn.CEIL, exact(size))

        low, high = among.at(below), among.at(above)
        rest = builder.apply(Fn.SUBTRACT, exact(among.count), below(among.count))
        rise = builder.apply(Fn.MULTIPLY, builder.apply(Fn.SUBTRACT, high, low), rest)
        return builder.apply(Fn.ADD, low, rise)

    # ---- conditions

    def condition(self, condition: Condition, item: Item | None, ledger: str = "") -> NodeId:
        """The node of a condition."""
        builder = self.builder
        ledger = ledger or self.lowering.grain_of(item)
        match condition:
            case model.Comparison(op, left, right):
                return self._compare(op, self.number(left, item, ledger), self.number(right, item, ledger))
            case model.Holds(of):
                return self.number(of, item, ledger)
            case model.Filled(of):
                return self._filled(self.number(of, item, ledger))
            case model.AllOf(parts):
                return self._logic(Fn.AND, parts, item, ledger)
            case model.AnyOf(parts):
                return self._logic(Fn.OR, parts, item, ledger)
            case model.Not(part):
                return builder.apply(Fn.NOT, self.condition(part, item, ledger))
            case model.Happened(along=along) if along:
                return self.on_rows(self._in_a_row(condition), ledger)
            case model.Happened(name, where, least):
                events = self.events(LedgerUse(name, where))
                unit = builder.column(UNIT_GRAIN, f"{UNITS}.单位")
                count = builder.aggregate(
                    Reduce.COUNT, builder.truth(), where=events.where, key=(events.unit,), at=(unit,), to=UNIT_GRAIN
                )
                return self.on_rows(builder.apply(Fn.LESS_EQUAL, builder.number(least), count), ledger)
            case model.InGrade():
                return self.on_rows(self._in_grade(condition), ledger)
            case model.Placed():
                return self.on_rows(self._placed(condition), ledger)
            case model.RuleHolds(code):
                return self.on_rows(self.lowering.rule_holds(code), ledger)
        raise AssertionError(condition)

    def _logic(self, fn: Fn, parts: tuple[Condition, ...], item: Item | None, ledger: str) -> NodeId:
        if not parts:
            return self.builder.truth(fn is Fn.AND)
        nodes = [self.condition(part, item, ledger) for part in parts]
        return nodes[0] if len(nodes) == 1 else self.builder.apply(fn, *nodes)

    def _filled(self, cell: NodeId) -> NodeId:
        """Whether something stands in the cell; one that cannot be read leaves it open."""
        builder = self.builder
        there = builder.has(cell, State.VALUE)
        if State.PENDING not in builder.type(cell).states:
            return there
        unread = builder.has(cell, State.PENDING)
        return builder.choose((unread, builder.nothing(State.PENDING, there)), otherwise=there)

    def _compare(self, op: Compare, left: NodeId, right: NodeId) -> NodeId:
        apply = self.builder.apply
        match op:
            case Compare.LESS:
                return apply(Fn.LESS, left, right)
            case Compare.LESS_EQUAL:
                return apply(Fn.LESS_EQUAL, left, right)
            case Compare.GREATER:
                return apply(Fn.LESS, right, left)
            case Compare.GREATER_EQUAL:
                return apply(Fn.LESS_EQUAL, right, left)
            case Compare.EQUAL:
                return apply(Fn.EQUAL, left, right)
            case Compare.NOT_EQUAL:
                return apply(Fn.NOT, apply(Fn.EQUAL, left, right))
        assert_never(op)

    def events(self, use: LedgerUse) -> Events:
        """A ledger's rows, and which of them meet the conditions."""
        builder = self.builder
        where = self._met_by_rows(use.where, use.ledger)
        if use.excused is not None:
            where = builder.apply(Fn.AND, where, builder.apply(Fn.NOT, self._met_by_rows(use.excused, use.ledger)))

        def column(name: str) -> NodeId:
            return builder.column(use.ledger, name)

        if builder.type(where).grain != use.ledger:
            every = self._every(use.ledger) if not use.owners else self._any_row(column(use.belongs[0][0]))
            where = builder.apply(Fn.AND, where, every)
        if not use.owners:
            return Events(use.ledger, where, column("单位"), column)
        return self._of_several(use, where, column)

    def _met_by_rows(self, condition: model.Condition, ledger: str) -> NodeId:
        """Which rows meet a condition; one that is 不涉及 or weaker for a row is not met by it."""
        builder = self.builder
        node = self.condition(condition, None, ledger)
        weak = [state for state in WEAK if state in builder.type(node).states]
        if not weak:
            return node
        return builder.choose((builder.has(node, *weak), builder.truth(False)), otherwise=node)

    def _of_several(self, use: LedgerUse, where: NodeId, column: Callable[[str], NodeId]) -> Events:
        """The rows once for each column of units, laid under one another."""
        builder = self.builder
        names = [name for name, _ in use.belongs]
        grain = f"{use.ledger}（{'、'.join(names)}）"

        def laid(parts: Sequence[NodeId]) -> NodeId:
            return builder.stack(parts, grain)

        counts, shares = [], []
        for at, (name, part) in enumerate(use.belongs):
            here, own = where, column(name)
            for other in names[:at] if use.once else ():
                there = builder.has(column(other), State.VALUE)
                same = builder.choose((there, builder.apply(Fn.EQUAL, own, column(other))), otherwise=there)
                here = builder.apply(Fn.AND, here, builder.apply(Fn.NOT, same))
            counts.append(here)
            shares.append(
                builder.choose((builder.has(own, State.VALUE), builder.number(part)), otherwise=builder.number(0))
            )
        return Events(
            grain,
            laid(counts),
            laid([column(name) for name in names]),
            lambda name: laid([column(name)] * len(names)),
            laid(shares),
        )

    def _in_a_row(self, condition: model.Happened) -> NodeId:
        """Whether the longest run of rows that meet the condition is long enough."""
        builder, table = self.builder, condition.ledger
        events = self.events(LedgerUse(table, condition.where))
        unit, roster = builder.column(table, "单位"), builder.column(UNIT_GRAIN, f"{UNITS}.单位")
        run = builder.add(Streak(events.where, (unit,), builder.column(table, condition.along)))
        longest = builder.aggregate(
            Reduce.GREATEST, run, where=self._every(table), key=(unit,), at=(roster,), to=UNIT_GRAIN
        )
        enough = builder.apply(Fn.LESS_EQUAL, builder.number(condition.least), longest)
        return builder.choose((builder.has(longest, State.ABSENT), builder.truth(False)), otherwise=enough)

    def run(self, condition: Condition, item: Item) -> NodeId:
        """In a rule for a period: through how many periods in a row, this one back, the condition holds."""
        builder, table = self.builder, self.lowering.grain_of(item)
        cadence = self.lowering.by_period(item)
        assert cadence is not None
        held = self.lowering.met(condition, item)
        if builder.type(held).grain != table:
            held = builder.apply(Fn.AND, held, self._every(table))
        return builder.add(Streak(held, (builder.column(table, "单位"),), builder.column(table, cadence.along)))

    def _placed(self, condition: model.Placed) -> NodeId:
        """Among the first (or, counted from below, the last) so many of the group."""
        builder, lowering = self.builder, self.lowering
        place = lowering.place(condition.first, Ties.COMPETITION)
        if not condition.tied_in:
            # the last of those that share the place must still be among them
            ranked = builder.has(place, State.VALUE)
            size = builder.aggregate(Reduce.COUNT, place, where=ranked, key=lowering.group, to=UNIT_GRAIN)
            back = lowering.place(not condition.first, Ties.COMPETITION)
            place = builder.apply(Fn.SUBTRACT, builder.apply(Fn.ADD, size, builder.number(1)), back)
        return builder.apply(Fn.LESS_EQUAL, place, builder.number(condition.count))

    def _in_grade(self, condition: model.InGrade) -> NodeId:
        builder = self.builder
        order = self.lowering.order
        wanted = [
            builder.apply(Fn.EQUAL, self.lowering.grade, builder.constant(order.index(name), ValueType.GRADE))
            for name in condition.grades
        ]
        now = wanted[0] if len(wanted) == 1 else builder.apply(Fn.OR, *wanted)
        if condition.years == 1:
            return now
        enough = builder.apply(Fn.LESS_EQUAL, builder.number(condition.years - 1), self.years_before(condition))
        return builder.apply(Fn.AND, now, enough)

    def years_in(self, condition: model.InGrade) -> NodeId:
        """How many years in a row the unit has one of the grades, this one included; 0 where it has another."""
        builder = self.builder
        now = self._in_grade(model.InGrade(condition.grades))
        run = builder.apply(Fn.ADD, self.years_before(condition), builder.number(1))
        return builder.choose((now, run), otherwise=builder.number(0))

    def years_before(self, condition: model.InGrade) -> NodeId:
        """The run of such years up to last year, in the table of earlier years."""
        builder = self.builder
        past_grade = builder.column(PAST, "等次")
        wanted = [
            builder.apply(Fn.EQUAL, past_grade, builder.constant(name, ValueType.TEXT)) for name in condition.grades
        ]
        held = wanted[0] if len(wanted) == 1 else builder.apply(Fn.OR, *wanted)
        unit, year = builder.column(PAST, "单位"), builder.column(PAST, "年度")
        limit = condition.years if condition.restart else None
        run = builder.add(Streak(held, (unit,), year, limit))
        assert self.book.period is not None
        last = builder.number(self.book.period.last.year - 1, builder.type(year).unit or RATIO)
        roster = builder.column(UNIT_GRAIN, f"{UNITS}.单位")
        before = builder.aggregate(
            Reduce.SUM, run, where=builder.apply(Fn.EQUAL, year, last), key=(unit,), at=(roster,), to=UNIT_GRAIN
        )
        if condition.restart:
            full = builder.apply(Fn.EQUAL, before, builder.number(condition.years))
            before = builder.choose((full, builder.number(0)), otherwise=before)
        return before


__all__ = ["POINTS", "ExpressionLowering"]
