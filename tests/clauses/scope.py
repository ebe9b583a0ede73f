"""A desk and a graph for one item: the same clause worked out by hand and by the engine, unit by unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.kind import Event, Events, Peers, Setting, Value
from perfdsl.data.columns import Cell as Written
from perfdsl.data.columns import Dataset, DataTable, column
from perfdsl.engine.columnar import run
from perfdsl.graph.builder import Builder
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Fetch, Fn, NodeId, Reduce
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.expression import (
    Call,
    ColumnRef,
    Compare,
    Comparison,
    Condition,
    Expression,
    Holds,
    Number,
    OwnRef,
    TextLiteral,
)
from perfdsl.model.expression import Fn as ModelFn
from perfdsl.model.item import Award, AwardKind, Clause, Item, LedgerUse, Level
from perfdsl.model.rounding import Roundings
from perfdsl.model.rulebook import Combine, Rulebook, TotalRule
from perfdsl.model.states import State
from perfdsl.model.table import RowOf, Table, TableColumn, TableRole
from perfdsl.model.units import POINTS, RATIO, Ties, Unit, ValueType, unit_of
from perfdsl.reference.reals import power
from perfdsl.text.numbers import Real

UNIT = "单位"
FACTS = "实绩"
RANKED = "参加排名"
"""A yes/no cell: whether the unit is one of the population (all are, if nobody has it)."""
Cell = tuple[State, Fraction | None]
CALLS: Mapping[ModelFn, Fn] = {
    ModelFn.ADD: Fn.ADD,
    ModelFn.SUBTRACT: Fn.SUBTRACT,
    ModelFn.MULTIPLY: Fn.MULTIPLY,
    ModelFn.DIVIDE: Fn.DIVIDE,
}

PENDING: Cell = (State.PENDING, None)
ABSENT: Cell = (State.ABSENT, None)


def scores(*points: str | None) -> list[Cell]:
    """Expected scores; ``None`` is 待定."""
    return [PENDING if number is None else (State.VALUE, Fraction(number)) for number in points]


# ---- what rules say


def amount(text: str) -> Number:
    """``0.5 分``, ``1 个百分点``, ``98%``, ``3``."""
    written = text.replace(" ", "")
    digits = "".join(char for char in written if char in "-.0123456789")
    unit, factor = unit_of(written.removeprefix(digits)) if written != digits else (RATIO, Fraction(1))
    return Number(Fraction(digits) * factor, unit, text)


def get(text: str) -> Award:
    """得 x 分."""
    return Award(AwardKind.GET, amount(text))


def add(text: str) -> Award:
    """加 x 分."""
    return Award(AwardKind.ADD, amount(text))


def deduct(text: str) -> Award:
    """扣 x 分."""
    return Award(AwardKind.DEDUCT, amount(text))


def reverse(text: str) -> Award:
    """倒扣 x 分."""
    return Award(AwardKind.REVERSE, amount(text))


FULL, ZERO = Award(AwardKind.FULL), Award(AwardKind.ZERO)
VALUE, TARGET = OwnRef("value", RATIO), OwnRef("target", RATIO)


def fact(name: str, unit: str = "", kind: ValueType = ValueType.NUMBER) -> ColumnRef:
    """A column of the units' facts."""
    return ColumnRef(FACTS, name, kind, unit_of(unit)[0] if kind is ValueType.NUMBER else None)


def call(fn: ModelFn, *args: Expression) -> Call:
    """An expression."""
    return Call(fn, args)


def item(clause: Clause | None = None, full: str | None = "10", **changes: Any) -> Item:
    """An indicator of 10 分 with the value 实际."""
    given: dict[str, Any] = {
        "level": Level.INDICATOR,
        "code": "A1",
        "name": "指标",
        "full": None if full is None else Fraction(full),
        "value": fact("实际", "%"),
        "scoring": clause,
    }
    return Item(**(given | changes))


def book(*tables: Table, **changes: Any) -> Rulebook:
    """A rulebook with nothing but its tables."""
    total = TotalRule(Combine.SUM, bonuses=False, deductions=False)
    given: dict[str, Any] = {"ties": Ties.COMPETITION, "tables": tables}
    return Rulebook("办法", "2025", None, Roundings(), total, **(given | changes))


def ledger(name: str, **choices: Sequence[str]) -> Table:
    """A 台账 with 单位, 事项编号 and enumerated columns."""
    columns = (
        TableColumn("单位", ValueType.TEXT),
        TableColumn("事项编号", ValueType.TEXT),
        *(TableColumn(key, ValueType.TEXT, choices=tuple(words)) for key, words in choices.items()),
    )
    return Table(name, TableRole.LEDGER, RowOf.EVENT, columns)


# ---- a desk


@dataclass(frozen=True)
class Line:
    """A row of a ledger."""

    cells: Mapping[str, Value]

    def __getitem__(self, name: str) -> Value:
        return self.cells[name]

    @property
    def share(self) -> Fraction:
        return Fraction(1)


@dataclass(frozen=True)
class Desk:
    """The facts of one unit."""

    item: Item
    rulebook: Rulebook
    row: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    lines: Sequence[Event] = ()
    others: Sequence[tuple[bool, Item]] = ()
    sheet_lines: Sequence[Event] = ()

    @property
    def full(self) -> Fraction:
        return self.item.full or Fraction(0)

    @property
    def least(self) -> Fraction:
        return self.item.least

    @property
    def value(self) -> Any:
        return self._of(self.item.value, self.row)

    @property
    def target(self) -> Fraction:
        return Fraction(self._of(self.item.target, self.row))

    @property
    def has_target(self) -> bool:
        return self.item.target is not None

    @property
    def higher_is_better(self) -> bool:
        return bool(self.item.higher_is_better)

    @property
    def peers(self) -> Sequence[Fraction]:
        return [Fraction(self._of(self.item.value, row)) for row in self.rows if row.get(RANKED, True)]

    @property
    def among_peers(self) -> bool:
        return bool(self.row.get(RANKED, True))

    def rivals(self) -> Sequence[tuple[bool, Any, Any]]:
        return [
            (before, made.scoring, Desk(made, self.rulebook, self.row, self.rows, self.lines, ()))
            for before, made in self.others
        ]

    @property
    def children(self) -> Sequence[Fraction]:
        cells = [self.row[child.code] for child in self.item.children]
        return [cell for cell in cells if cell is not None]

    def number(self, expression: Expression) -> Fraction:
        return Fraction(self._of(expression, self.row))

    def root(self, of: Fraction) -> Fraction:
        return power(of, Fraction(1, 2))

    def holds(self, condition: Condition) -> bool:
        if isinstance(condition, Comparison) and condition.op is Compare.EQUAL:
            return bool(self._of(condition.left, self.row) == self._of(condition.right, self.row))
        assert isinstance(condition, Holds)
        return bool(self._of(condition.of, self.row))

    def events(self, use: LedgerUse) -> Sequence[Event]:
        return self.lines

    def sheets(self, use: LedgerUse) -> Sequence[tuple[Callable[[], bool], Event]]:
        return [(lambda: True, line) for line in self.sheet_lines]

    def _of(self, expression: Expression | None, row: Mapping[str, Any]) -> Any:
        match expression:
            case Number(value) | TextLiteral(value):
                return value
            case ColumnRef(column=name):
                return row[name]
            case OwnRef(what="value"):
                return self._of(self.item.value, row)
            case OwnRef(what="target"):
                return self._of(self.item.target, row)
            case OwnRef(what="full"):
                return self.full
            case Call(fn=fn, args=args):
                first, *rest = (self._of(arg, row) for arg in args)
                for other in rest:
                    first = _CALC[fn](first, other)
                return first
        raise AssertionError(expression)


_CALC: Mapping[ModelFn, Callable[[Any, Any], Any]] = {
    ModelFn.ADD: lambda a, b: a + b,
    ModelFn.SUBTRACT: lambda a, b: a - b,
    ModelFn.MULTIPLY: lambda a, b: a * b,
    ModelFn.DIVIDE: lambda a, b: a / b,
}


# ---- a graph


@dataclass(frozen=True)
class Bench:
    """The nodes of one item (:class:`perfdsl.clauses.kind.Scope`)."""

    graph: Builder
    item: Item
    rulebook: Rulebook
    grain: str = UNIT
    others: Sequence[tuple[bool, Item]] = ()

    @property
    def value(self) -> NodeId:
        assert self.item.value is not None
        return self.number(self.item.value)

    @property
    def target(self) -> NodeId:
        assert self.item.target is not None
        return self.number(self.item.target)

    @property
    def full(self) -> NodeId:
        return self.graph.number(self.item.full or 0, POINTS)

    @property
    def least(self) -> NodeId:
        return self.graph.number(self.item.least, POINTS)

    @property
    def peers(self) -> Peers:
        known = (UNIT, RANKED) in self.graph.columns
        return Peers(self.graph.column(UNIT, RANKED) if known else self.graph.truth(), ())

    def rivals(self) -> Sequence[tuple[bool, Any, Any]]:
        return [(before, made.scoring, Bench(self.graph, made, self.rulebook)) for before, made in self.others]

    @property
    def children(self) -> Sequence[NodeId]:
        return [self.graph.column(UNIT, child.code) for child in self.item.children]

    def number(self, expression: Expression) -> NodeId:
        match expression:
            case Number(value, unit):
                return self.graph.number(value, unit)
            case ColumnRef(column=name):
                return self.graph.column(UNIT, name)
            case OwnRef(what="value"):
                return self.value
            case OwnRef(what="target"):
                return self.target
            case OwnRef(what="full"):
                return self.full
            case TextLiteral(value):
                return self.graph.constant(value, ValueType.TEXT)
            case Call(fn=fn, args=args):
                return self.graph.apply(CALLS[fn], *map(self.number, args))
        raise AssertionError(expression)

    def award(self, award: Award) -> NodeId:
        if award.kind is AwardKind.FULL:
            return self.full
        if award.points is None:
            return self.graph.number(0, POINTS)
        points = self.number(award.points)
        away = award.kind in (AwardKind.DEDUCT, AwardKind.REVERSE)
        return self.graph.apply(Fn.NEGATE, points) if away else points

    def condition(self, condition: Condition) -> NodeId:
        if isinstance(condition, Comparison) and condition.op is Compare.EQUAL:
            return self.graph.apply(Fn.EQUAL, self.number(condition.left), self.number(condition.right))
        assert isinstance(condition, Holds)
        return self.number(condition.of)

    def events(self, use: LedgerUse) -> Events:
        unit = self.graph.column(use.ledger, "单位")
        every = self.graph.apply(Fn.EQUAL, unit, unit)
        return Events(use.ledger, every, unit, lambda name: self.graph.column(use.ledger, name))

    def per_unit(self, events: Events, of: NodeId, where: NodeId) -> NodeId:
        name = self.graph.column(UNIT, "单位")
        return self.graph.aggregate(Reduce.SUM, of, where=where, key=(events.unit,), at=(name,), to=UNIT)

    def at_rows(self, events: Events, of: NodeId) -> NodeId:
        if self.graph.type(of).grain != UNIT:
            return of
        return self.graph.add(Fetch(of, (self.graph.column(UNIT, "单位"),), (events.unit,)))


# ---- both at once


@dataclass(frozen=True)
class Trial:
    """Some units with their facts. ``rows`` are cells in base units; a child's score None is 不涉及."""

    item: Item
    rows: Sequence[Mapping[str, Any]]
    rulebook: Rulebook = field(default_factory=book)
    lines: Sequence[Mapping[str, Value]] = ()
    units: Mapping[str, Unit] = field(default_factory=dict)
    others: Sequence[tuple[bool, Item]] = ()

    @property
    def clause(self) -> Clause:
        """The clause that scores the item."""
        clause = self.item.scoring if self.item.combine is None else self.item.combine
        assert clause is not None
        return clause

    def by_hand(self) -> list[Cell]:
        """The auditor's scores."""
        kind = BY_KEY[self.clause.kind]
        made: list[Cell] = []
        for at, row in enumerate(self.rows):
            lines = [Line(line) for line in self.lines if line["单位"] == f"单位{at}"]
            try:
                every = [Line(line) for line in self.lines]
                desk = Desk(self.item, self.rulebook, row, self.rows, lines, self.others, every)
                points = kind.by_hand(self.clause, desk)
            except ZeroDivisionError:
                made.append(PENDING)
            else:
                made.append(
                    ABSENT
                    if points is None
                    else (State.VALUE, points if isinstance(points, Real) else Fraction(points))
                )
        return made

    def graph(self) -> Graph:
        """What ``lower`` builds."""
        return self._lowered(self._data())

    def by_engine(self) -> list[Cell]:
        """The graph's scores."""
        data = self._data()
        cells = run(self._lowered(data), data).output("score", UNIT)
        return [(state, value if isinstance(value, Fraction) else None) for state, value in cells]

    def _lowered(self, data: Dataset) -> Graph:
        types = {
            (grain, name): NodeType(grain, one.kind, self._unit(name, one.kind), ALL_STATES)
            for grain, table in data.items()
            for name, one in table.columns.items()
        }
        builder = Builder(types)
        node = BY_KEY[self.clause.kind].lower(self.clause, Bench(builder, self.item, self.rulebook, others=self.others))
        builder.output("score", node)
        assert builder.type(node).unit == POINTS
        return builder.graph()

    def _unit(self, name: str, kind: ValueType) -> Unit | None:
        if kind is not ValueType.NUMBER:
            return None
        if name in {child.code for child in self.item.children}:
            return POINTS
        if isinstance(self.item.value, ColumnRef) and self.item.value.column == name:
            return self.item.value.unit or RATIO
        return self.units.get(name, RATIO)

    def _data(self) -> Dataset:
        names = sorted({name for row in self.rows for name in row})
        columns = {name: _column(name, [row.get(name) for row in self.rows]) for name in names}
        columns["单位"] = _column("单位", [f"单位{at}" for at in range(len(self.rows))])
        tables = {UNIT: DataTable(UNIT, len(self.rows), columns)}
        for table in self.rulebook.tables:
            made = {one.name: _column(one.name, [line[one.name] for line in self.lines]) for one in table.columns}
            tables[table.name] = DataTable(table.name, len(self.lines), made)
        return tables


def _column(name: str, cells: Sequence[Any]) -> Any:
    there = [cell for cell in cells if cell is not None]
    kinds = {bool: ValueType.BOOL, str: ValueType.TEXT, date: ValueType.DATE}
    kind = kinds.get(type(there[0]), ValueType.NUMBER) if there else ValueType.TEXT
    written: list[tuple[State, Written | None]] = [
        (State.ABSENT, None) if cell is None else (State.VALUE, cell) for cell in cells
    ]
    return column(name, kind, written)


def ratios(*percents: str) -> list[dict[str, Fraction]]:
    """Units whose 实际 is so many per cent."""
    return [{"实际": Fraction(one) / 100} for one in percents]


def numbers(*values: str) -> list[dict[str, Fraction]]:
    """Units whose 实际 is so much."""
    return [{"实际": Fraction(one)} for one in values]


def both(trial: Trial, expected: Sequence[Cell]) -> None:
    """By hand and by engine, the scores are as expected."""
    assert trial.by_hand() == list(expected)
    assert trial.by_engine() == list(expected)


def codes(made: Item, rulebook: Rulebook | None = None) -> list[str]:
    """Codes of the problems that ``check`` finds."""
    return [problem.code for problem in problems(made, rulebook)]


def problems(made: Item, rulebook: Rulebook | None = None) -> list[Any]:
    """The problems that ``check`` finds; every word of them can be shown on an officer's screen."""
    clause = made.scoring if made.combine is None else made.combine
    assert clause is not None
    found = list(BY_KEY[clause.kind].check(clause, Setting(made, rulebook or book())))
    for one in found:
        (one.message + one.why + one.mend).encode("cp936")
    BY_KEY[clause.kind].sentence(clause, made).encode("cp936")
    return found
