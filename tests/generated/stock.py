"""Tables and their cells. Columns are ordered while a rulebook is made; the data are drawn when it is whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from generated.chance import Chance
from perfdsl.clauses.individual import row_unit
from perfdsl.data.columns import Cell, Dataset, DataTable
from perfdsl.data.columns import column as data_column
from perfdsl.model.expression import ColumnRef
from perfdsl.model.states import State
from perfdsl.model.table import (
    CADENCES,
    FACTS,
    UNIT_GRAIN,
    UNITS,
    Cadence,
    RowOf,
    Table,
    TableColumn,
    TableRole,
    ToYear,
)
from perfdsl.model.units import POINTS, Unit, ValueType

RULES = "年度目标"
"""The 附表 of targets and rates, one row a unit."""

HISTORY = "历年实绩"
"""Numbers of earlier years."""

PAST = "历年等次"
"""Grades of earlier years."""

PERIOD_TABLES = tuple(cadence.table for cadence in CADENCES.values())
"""Tables of one row a unit and period."""

YEARS = (2021, 2022, 2023, 2024)
WEAK = (State.NIL, State.NOT_DUE, State.NONE, State.ABSENT)
CHOICES = ("国家级", "省级", "市级")
ROLES = ("主办", "协办")
LEDGERS = ("加分台账", "扣分台账")
SHEETS, RANK_BALLOTS = "打分表", "名次票"
"""Ballots: scores and answers by layers of raters, and places."""
LAYERS = ("领导", "代表", "企业")
ANSWERS = ("满意", "较满意", "不满意", "不了解")
ROWS, ROWS_DONE = "个性指标", "个性指标实绩"
"""The 附表 of every unit's own indicators, and what was reached."""

UNKNOWN_UNIT_ROWS = 0.5
"""How often a ledger has rows of which nothing is known for some unit, as where nobody sent it."""


class Mood(Enum):
    """How much of the data is not there. Most CALM books have totals, ranks and grades for everybody, and hardly any WHOLE
    one has not: every cell has a value there."""

    WHOLE = "whole"
    CALM = "calm"
    OPEN = "open"
    ROUGH = "rough"


@dataclass(frozen=True)
class Order:
    """A column that was ordered: its declaration, the cells it is drawn from, how often each state is met."""

    table: str
    column: TableColumn
    pool: tuple[Cell, ...]
    odds: Mapping[State, float]


@dataclass
class Stock:
    """All tables of one rulebook."""

    chance: Chance
    mood: Mood
    orders: list[Order] = field(default_factory=list)
    ledgers: list[Table] = field(default_factory=list)
    categories: tuple[str, ...] = ()
    rows: bool = False
    ballots: list[Table] = field(default_factory=list)
    numbered: int = 0

    def number(self) -> int:
        """A number that nothing else in the rulebook has, for rules that need a code of their own."""
        self.numbered += 1
        return self.numbered

    def column(
        self,
        kind: ValueType,
        pool: Iterable[Cell],
        unit: Unit | None = None,
        table: str = FACTS,
        firm: bool = False,
    ) -> ColumnRef:
        """A new column of ``table``. ``firm``: in a calm book its cells are never 未报, since too much hangs on it."""
        name = f"列{len(self.orders) + 1}"
        to_year = self.chance.one(list(ToYear)) if table in PERIOD_TABLES else None
        declared = TableColumn(name, kind, unit, to_year=to_year)
        odds = self.odds(firm)
        if to_year is ToYear.RUNNING and self.mood is Mood.WHOLE:
            odds = {State.VALUE: 0.5, State.NOT_DUE: 0.5}  # the running total of the last period that is due
        self.orders.append(Order(table, declared, tuple(pool), odds))
        return ColumnRef(table, name, kind, unit)

    def odds(self, firm: bool) -> dict[State, float]:
        """How often each state is met in a column."""
        if self.mood is Mood.WHOLE:
            return {State.VALUE: 1}
        if self.mood is Mood.CALM and self.chance.yes(0.35):
            return {State.VALUE: 1}
        found = {State.VALUE: 0.76, **dict.fromkeys(WEAK, 0.04), State.MISSING: 0.05}
        if self.mood is not Mood.ROUGH and firm:
            del found[State.MISSING]
        if self.mood is Mood.ROUGH:
            found[State.PENDING] = 0.06
        elif self.mood is Mood.OPEN:
            found[State.PENDING] = 0.0004
        return found

    # ---- declarations

    def tables(self) -> tuple[Table, ...]:
        """Every table that was ordered, as the rulebook declares it."""
        unit = TableColumn("单位", ValueType.TEXT)
        roster = (unit, *([TableColumn("类别", ValueType.TEXT, choices=self.categories)] if self.categories else []))
        periods = [
            Table(
                one.table,
                TableRole.FACT,
                row_of,
                (unit, TableColumn(one.along, ValueType.NUMBER, Unit((one.along,))), *self._of(one.table)),
            )
            for row_of, one in CADENCES.items()
        ]
        year = TableColumn("年度", ValueType.NUMBER, Unit(("年",)))
        past = (unit, year, TableColumn("等次", ValueType.TEXT))
        return (
            Table(UNITS, TableRole.RULE, RowOf.UNIT, roster),
            Table(FACTS, TableRole.FACT, RowOf.UNIT, (unit, *self._of(FACTS))),
            Table(RULES, TableRole.RULE, RowOf.UNIT, (unit, *self._of(RULES))),
            *periods,
            Table(PAST, TableRole.FACT, RowOf.UNIT_ITEM, past),
            Table(HISTORY, TableRole.FACT, RowOf.UNIT_ITEM, (unit, year, *self._of(HISTORY))),
            *self.ledgers,
            *self.ballots,
            *(own_rows() if self.rows else ()),
        )

    def _of(self, table: str) -> list[TableColumn]:
        return [order.column for order in self.orders if order.table == table]

    def ledger(self, name: str) -> Table:
        """A ledger with a level, a matter, a day, a count and a yes or no."""
        found = next((table for table in self.ledgers if table.name == name), None)
        if found is None:
            columns = (
                TableColumn("单位", ValueType.TEXT),
                TableColumn("事项编号", ValueType.TEXT),
                TableColumn("级别", ValueType.TEXT, choices=CHOICES),
                TableColumn("日期", ValueType.DATE),
                TableColumn("件数", ValueType.NUMBER, Unit(("件",))),
                TableColumn("认定", ValueType.BOOL),
                TableColumn("角色", ValueType.TEXT, choices=ROLES),
                TableColumn("核定分", ValueType.NUMBER, POINTS),
                TableColumn("属地", ValueType.TEXT, of_units=True),
                TableColumn("主管", ValueType.TEXT, of_units=True),
            )
            found = Table(name, TableRole.LEDGER, RowOf.EVENT, columns)
            self.ledgers.append(found)
        return found

    def ballot(self, name: str) -> Table:
        """A table of one row a unit and rater."""
        found = next((table for table in self.ballots if table.name == name), None)
        if found is None:
            keys = (TableColumn("单位", ValueType.TEXT), TableColumn("评委", ValueType.TEXT))
            sheets = (
                TableColumn("层别", ValueType.TEXT, choices=LAYERS),
                TableColumn("打分", ValueType.NUMBER, POINTS),
                TableColumn("评价", ValueType.TEXT, choices=ANSWERS),
            )
            places = (TableColumn("名次", ValueType.NUMBER, Unit(("名次",))), sheets[0])
            found = Table(name, TableRole.FACT, RowOf.RATER, (*keys, *(places if name == RANK_BALLOTS else sheets)))
            self.ballots.append(found)
        return found

    # ---- data

    def dataset(self, units: int, grades: Sequence[str]) -> Dataset:
        """Cells for everything that was ordered. ``grades``: what the earlier years can hold."""
        names = [f"单位{place:02}" for place in self.chance.shuffled(range(1, units + 1))]
        found = {UNIT_GRAIN: self._units(names), PAST: self._past(names, grades)}
        found[HISTORY] = self._history(names)
        found |= {one.table: self._periods(one, names) for one in CADENCES.values()}
        found |= {table.name: self._events(table, names) for table in self.ledgers}
        found |= {table.name: self._ballots(table, names) for table in self.ballots}
        return found | (self._own_rows(names) if self.rows else {})

    def _units(self, names: Sequence[str]) -> DataTable:
        known: list[tuple[State, Cell | None]] = [(State.VALUE, name) for name in names]
        columns: Columns = {f"{table}.单位": (ValueType.TEXT, known) for table in (UNITS, FACTS, RULES)}
        if self.categories:
            columns[f"{UNITS}.类别"] = (
                ValueType.TEXT,
                [(State.VALUE, self.chance.one(self.categories)) for _ in names],
            )
        for order in self.orders:
            if order.table in (FACTS, RULES):
                cells = [self._cell(order) for _ in names]
                columns[f"{order.table}.{order.column.name}"] = (order.column.kind, cells)
        return laid(UNIT_GRAIN, columns, len(names))

    def _periods(self, cadence: Cadence, names: Sequence[str]) -> DataTable:
        rows = [(name, period) for name in names for period in range(1, cadence.periods + 1)]
        columns: Columns = {
            "单位": (ValueType.TEXT, [(State.VALUE, name) for name, _ in rows]),
            cadence.along: (ValueType.NUMBER, [(State.VALUE, Fraction(period)) for _, period in rows]),
        }
        for order in self.orders:
            if order.table == cadence.table:
                cells = [cell for _ in names for cell in self._year(order, cadence.periods)]
                columns[order.column.name] = (order.column.kind, cells)
        return laid(cadence.table, columns, len(rows))

    def _year(self, order: Order, periods: int) -> list[tuple[State, Cell | None]]:
        """The periods of a year. Often nothing is missing, sometimes a few of them, sometimes all of them alike."""
        chance, full = self.chance, {State.VALUE: 1.0}
        state = chance.weighted(order.odds)
        if state is State.VALUE:
            return [self._cell(order, full) for _ in range(periods)]
        alike = chance.yes(0.5)
        gone = set(range(periods)) if alike else set(chance.some(range(periods), 1, max(1, periods // 3)))
        if not alike and chance.yes(0.5):
            gone = set(range(periods - len(gone), periods))  # the last ones, as in a run before the year is over
        return [(state, None) if period in gone else self._cell(order, full) for period in range(periods)]

    def _history(self, names: Sequence[str]) -> DataTable:
        """Numbers of earlier years; some years are not there, and one stands twice where units were merged."""
        chance = self.chance
        there = 1 if self.mood is Mood.WHOLE else 0.9
        rows = [(name, year) for name in names for year in YEARS if chance.yes(there)]
        rows += [row for row in rows if chance.yes(0.02)] if self.mood in (Mood.OPEN, Mood.ROUGH) else []
        columns: Columns = {
            "单位": (ValueType.TEXT, [(State.VALUE, name) for name, _ in rows]),
            "年度": (ValueType.NUMBER, [(State.VALUE, Fraction(year)) for _, year in rows]),
        }
        for order in self.orders:
            if order.table == HISTORY:
                columns[order.column.name] = (order.column.kind, [self._cell(order) for _ in rows])
        return laid(HISTORY, columns, len(rows))

    def _past(self, names: Sequence[str], grades: Sequence[str]) -> DataTable:
        chance, bad = self.chance, self.mood is Mood.ROUGH
        rows = [(name, year) for name in names for year in YEARS if chance.yes(0.93)]
        odds = {State.VALUE: 0.9, State.NONE: 0.04, State.ABSENT: 0.04, State.MISSING: 0.01 + 0.03 * bad}
        likely = chance.one(grades)
        cells: list[tuple[State, Cell | None]] = []
        for _ in rows:
            state = chance.weighted(odds)
            grade = likely if chance.yes(0.6) else chance.one(grades)
            cells.append((state, grade if state is State.VALUE else None))
        columns: Columns = {
            "单位": (ValueType.TEXT, [(State.VALUE, name) for name, _ in rows]),
            "年度": (ValueType.NUMBER, [(State.VALUE, Fraction(year)) for _, year in rows]),
            "等次": (ValueType.TEXT, cells),
        }
        return laid(PAST, columns, len(rows))

    def _events(self, table: Table, names: Sequence[str]) -> DataTable:
        chance = self.chance
        owners = [chance.one(names) for _ in range(3 * len(names))] if chance.yes(0.97) else []
        silent = chance.some(names, 1, 3) if self.mood is Mood.ROUGH and chance.yes(UNKNOWN_UNIT_ROWS) else []
        pools: dict[str, tuple[Cell, ...]] = {
            "事项编号": tuple(f"事{number}" for number in range(1, 1 + max(2, len(names) // 2))),
            "级别": CHOICES,
            "日期": (date(2024, 12, 31), date(2025, 1, 1), date(2025, 6, 30), date(2025, 12, 31), date(2026, 1, 1)),
            "件数": tuple(Fraction(n) for n in range(5)),
            "认定": (True, True, True, False),
            "角色": ROLES,
            "核定分": tuple(Fraction(n, 2) for n in range(1, 7)),
        }
        own = [self.chance.one(pools["事项编号"][:4]) for _ in owners]
        columns: Columns = {
            "单位": (ValueType.TEXT, [(State.VALUE, name) for name in (*owners, *silent)]),
        }
        for declared in table.columns[1:]:
            if declared.of_units:
                whose: list[tuple[State, Cell | None]] = [
                    (State.VALUE, chance.one(names)) if chance.yes(0.8) else (State.ABSENT, None) for _ in owners
                ]
                if "属地" in columns:  # now and then both columns name the same unit: does the row count once or twice?
                    both = zip(whose, columns["属地"][1], strict=False)
                    whose = [own if chance.yes(0.75) else other for own, other in both]
                columns[declared.name] = (declared.kind, [*whose, *((State.VALUE, name) for name in silent)])
                continue
            odds = self._event_odds(declared.name)
            order = Order(table.name, declared, pools[declared.name], odds)
            cells = [self._cell(order) for _ in owners]
            if declared.name == "事项编号":
                cells = [
                    (State.VALUE, matter) if state is State.VALUE else (state, None)
                    for (state, _), matter in zip(cells, own, strict=True)
                ]
            columns[declared.name] = (declared.kind, [*cells, *((State.MISSING, None) for _ in silent)])
        return laid(table.name, columns, len(owners) + len(silent))

    def _ballots(self, table: Table, names: Sequence[str]) -> DataTable:
        """Eight raters, each of a layer, rate most units; some give everybody the same, some leave cells open."""
        chance = self.chance
        sizes = dict(zip(LAYERS, (3, 2, 1), strict=True))
        raters = {f"评委{n}": chance.weighted(sizes) for n in range(1, 9)}
        # some rate one unit or two: a ballot of one score is like no other
        shy = chance.some(list(raters), 0, 2)
        odds_of = {rater: 1.5 / len(names) if rater in shy else 0.75 for rater in raters}
        rows = [(name, rater) for name in names for rater in raters if chance.yes(odds_of[rater])]
        stubborn = chance.some(list(raters), 0, 2)
        odds = {State.VALUE: 0.95, State.ABSENT: 0.04, State.NONE: 0.01}
        if self.mood is Mood.WHOLE:
            odds = {State.VALUE: 1}
        if self.mood is Mood.ROUGH and chance.yes(0.6):
            odds |= {State.MISSING: 0.004, State.PENDING: 0.002}
        pools: dict[str, tuple[Cell, ...]] = {
            "打分": tuple(Fraction(n) for n in (6, 7, 7, 8, 8, 8, 9, 9, 10)),
            "评价": ANSWERS,
            "名次": tuple(Fraction(n) for n in range(1, 14)),
            "层别": LAYERS,
        }
        columns: Columns = {
            "单位": (ValueType.TEXT, [(State.VALUE, name) for name, _ in rows]),
            "评委": (ValueType.TEXT, [(State.VALUE, rater) for _, rater in rows]),
        }
        for declared in table.columns[2:]:
            cells: list[tuple[State, Cell | None]] = []
            for _, rater in rows:
                state = chance.weighted(odds)
                value = chance.one(pools[declared.name])
                if rater in stubborn and declared.name != "层别":
                    value = pools[declared.name][0]
                elif declared.name == "层别" and chance.yes(0.95):
                    value = raters[rater]
                cells.append((state, value if state is State.VALUE else None))
            columns[declared.name] = (declared.kind, cells)
        return laid(table.name, columns, len(rows))

    def _own_rows(self, names: Sequence[str]) -> dict[str, DataTable]:
        """Up to three rows a unit; what was reached lies on the target, beside it, or is not there."""
        chance = self.chance
        keys = [(name, str(n)) for name in names for n in range(chance.whole(0, 3))]
        targets = [Fraction(chance.one((10, 20, 40))) for _ in keys]
        odds = self.odds(firm=False)
        rule: Columns = _keyed(keys) | {
            "目标值": (ValueType.NUMBER, [(State.VALUE, target) for target in targets]),
            "分值": (ValueType.NUMBER, [(State.VALUE, Fraction(chance.whole(1, 6), 2)) for _ in keys]),
            "计分办法": (ValueType.TEXT, [(State.VALUE, chance.one(("甲法", "乙法", "丙法"))) for _ in keys]),
        }
        shares = [Fraction(n, 20) for n in (10, 17, 18, 19, 20, 20, 21, 24)]
        done = [
            (key, target * chance.one(shares)) for key, target in zip(keys, targets, strict=True) if self._handed_in()
        ]
        states = [chance.weighted(odds) for _ in done]
        fact: Columns = _keyed([key for key, _ in done]) | {
            "完成值": (
                ValueType.NUMBER,
                [
                    (state, reached if state is State.VALUE else None)
                    for state, (_, reached) in zip(states, done, strict=True)
                ],
            )
        }
        return {ROWS: laid(ROWS, rule, len(keys)), ROWS_DONE: laid(ROWS_DONE, fact, len(done))}

    def _handed_in(self) -> bool:
        return self.mood in (Mood.WHOLE, Mood.CALM) or self.chance.yes(0.98)

    def _event_odds(self, name: str) -> dict[State, float]:
        if self.chance.yes(0.5) or name == "级别":
            return {State.VALUE: 1}
        weak = {State.VALUE: 0.94, State.NONE: 0.02, State.ABSENT: 0.02, State.NIL: 0.02}
        if self.mood is Mood.ROUGH:
            return weak | {State.MISSING: 0.01, State.PENDING: 0.005}
        return weak

    def _cell(self, order: Order, odds: Mapping[State, float] | None = None) -> tuple[State, Cell | None]:
        state = self.chance.weighted(order.odds if odds is None else odds)
        return state, self.chance.one(order.pool) if state is State.VALUE else None


Columns = dict[str, tuple[ValueType, list[tuple[State, Cell | None]]]]


def _keyed(keys: Sequence[tuple[str, str]]) -> Columns:
    units: list[tuple[State, Cell | None]] = [(State.VALUE, name) for name, _ in keys]
    return {"单位": (ValueType.TEXT, units), "编号": (ValueType.TEXT, [(State.VALUE, number) for _, number in keys])}


def own_rows() -> tuple[Table, Table]:
    """The tables of 个性指标."""
    text, unit = ValueType.TEXT, row_unit()
    keys = (TableColumn("单位", text), TableColumn("编号", text))
    rule = (
        *keys,
        TableColumn("目标值", ValueType.NUMBER, unit),
        TableColumn("分值", ValueType.NUMBER, POINTS),
        TableColumn("计分办法", text),
    )
    fact = (*keys, TableColumn("完成值", ValueType.NUMBER, unit))
    return (
        Table(ROWS, TableRole.RULE, RowOf.UNIT_ITEM, rule),
        Table(ROWS_DONE, TableRole.FACT, RowOf.UNIT_ITEM, fact),
    )


def laid(
    grain: str, columns: Mapping[str, tuple[ValueType, Sequence[tuple[State, Cell | None]]]], rows: int
) -> DataTable:
    """Plain cells as a table."""
    made = {name: data_column(name, kind, cells) for name, (kind, cells) in columns.items()}
    return DataTable(grain, rows, made)


def of_units(data: Dataset, keep: Sequence[int]) -> Dataset:
    """The data of some units only, in the order of ``keep``."""
    roster = data[UNIT_GRAIN].columns[f"{UNITS}.单位"].cells
    wanted = [roster[place] for place in keep]
    found = {}
    for grain, table in data.items():
        rows = list(keep) if grain == UNIT_GRAIN else rows_of(table, wanted)
        columns = {name: (column.kind, [column.cells[row] for row in rows]) for name, column in table.columns.items()}
        found[grain] = laid(grain, columns, len(rows))
    return found


def rows_of(table: DataTable, units: Sequence[tuple[State, Cell | None]]) -> list[int]:
    """Rows of a table that belong to one of ``units``."""
    return [row for row, unit in enumerate(table.columns["单位"].cells) if unit in units]
