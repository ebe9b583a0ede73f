"""Expression and condition nodes → the model's, every name resolved and every unit agreed.

A :class:`Reader` reads for one place: an item with its parameters, or a ledger whose columns stand bare.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from perfdsl.compile.context import Context, Parameters
from perfdsl.compile.edges import DECLARED, Edges, included
from perfdsl.compile.functions import function
from perfdsl.compile.history import HISTORY, history
from perfdsl.model import expression as model
from perfdsl.model.calendar import CALENDAR, WORKING_DAYS
from perfdsl.model.expression import Across, Compare, Condition, Expression, Fn, Percentile, Population
from perfdsl.model.table import (
    CADENCES,
    FACTS_OF,
    HALF_YEARLY,
    MONTHLY,
    QUARTERLY,
    RowOf,
    Table,
    TableColumn,
    ToYear,
)
from perfdsl.model.units import PLACES, POINTS, RATIO, Ties, Unit, ValueType, unit_of
from perfdsl.syntax import nodes
from perfdsl.text.catalogue import names as say
from perfdsl.text.catalogue import ranking, timing
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, field, replace
from perfdsl.text.source import Span

COMPARES = {
    "ge": Compare.GREATER_EQUAL,
    "gt": Compare.GREATER,
    "le": Compare.LESS_EQUAL,
    "lt": Compare.LESS,
    "eq": Compare.EQUAL,
    "ne": Compare.NOT_EQUAL,
    "under": Compare.LESS,
    "reach": Compare.GREATER_EQUAL,
    "miss": Compare.LESS,
}
ACROSS = {
    "mean": Across.MEAN,
    "weighted_mean": Across.WEIGHTED_MEAN,
    "highest": Across.GREATEST,
    "lowest": Across.LEAST,
    "sum": Across.SUM,
    "median": Across.MEDIAN,
    "percentile": Across.PERCENTILE,
    "deviation": Across.DEVIATION,
    "place": Across.RANK,
}
"""Functions over the units of a population."""
POPULATIONS = {
    "same_category": Population.CATEGORY,
    "ranked_units": Population.RANKED,
    "all_units": Population.ALL,
}
WITH = {True: "含本单位", False: "不含本单位"}
SELF = {"with_self": True, "without_self": False}
METHODS = {"interpolated": Percentile.INTERPOLATED, "nearest_place": Percentile.NEAREST}
DIVIDED = {"as_population": False, "as_sample": True}
FIRST = {"high_first": True, "low_first": False}
TIES = {"competition": Ties.COMPETITION, "dense": Ties.DENSE, "average": Ties.AVERAGE}
ARITHMETIC = {
    "add": Fn.ADD,
    "subtract": Fn.SUBTRACT,
    "multiply": Fn.MULTIPLY,
    "divide": Fn.DIVIDE,
    "negate": Fn.NEGATE,
}
PERIOD_TABLES = {"by_month": MONTHLY, "by_quarter": QUARTERLY, "by_half": HALF_YEARLY}
OF_UNITS = frozenset((RowOf.UNIT, *CADENCES))
"""Tables whose columns have one value a unit, those of periods after they are brought to the year."""


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression with its type. ``unit`` only for numbers. ``bare``: a number written without a unit."""

    expression: Expression
    kind: ValueType
    unit: Unit | None = None
    bare: bool = False


def not_a_number(span: Span, typed: Typed) -> Problem:
    """That a number is wanted where ``typed`` stands; of a column it is said that its unit is missing."""
    return say.not_a_number(span, typed.kind.chinese, _text_column(typed))


def _text_column(typed: Typed) -> str:
    """The column that ``typed`` is, if it is one of texts: its unit may have been forgotten."""
    of = typed.expression
    return of.column if isinstance(of, model.ColumnRef) and typed.kind is ValueType.TEXT else ""


@dataclass
class Reader:
    """Reads expressions for one item. ``ledger``: the table whose columns are meant first.

    ``own`` gives the types of the item's 指标值 and 目标值 once they are known. Functions over units are taken in
    ``population``, with the unit itself or without (``with_self``), None where the rulebook does not say;
    ``mean_population`` and ``mean_with_self`` are said of means alone. ``ties`` is how equal values share places.
    """

    context: Context
    parameters: Parameters = field(default_factory=dict)
    ledger: Table | None = None
    own: dict[str, Typed] = field(default_factory=dict)
    population: Population | None = None
    with_self: bool | None = None
    mean_population: Population | None = None
    mean_with_self: bool | None = None
    ties: Ties | None = None
    edges: Edges = field(default_factory=dict)

    def expression(self, node: nodes.ExpressionNode) -> Typed | None:
        """``node`` with its type, or None where something in it was reported."""
        match node:
            case nodes.Quantity():
                return quantity(node)
            case nodes.Name(name, unit):
                return self._name(node, name, unit)
            case nodes.Own(what):
                return self._own(node, what)
            case nodes.Day(day):
                return Typed(model.DateLiteral(day, span=node.span), ValueType.DATE)
            case nodes.Quoted(text):
                return Typed(model.TextLiteral(text, span=node.span), ValueType.TEXT)
            case nodes.ItemNumber(what, code):
                return self._item(node, what, code)
            case nodes.Total():
                return Typed(model.ItemRef("total", "", POINTS, span=node.span), ValueType.NUMBER, POINTS)
            case nodes.BaseScore():
                return Typed(model.ItemRef("base", "", POINTS, span=node.span), ValueType.NUMBER, POINTS)
            case nodes.Rank():
                return Typed(model.ItemRef("rank", "", PLACES, span=node.span), ValueType.NUMBER, PLACES)
            case nodes.TableCell(table, column):
                return self._cell(node, table, column)
            case nodes.Arithmetic():
                return self._arithmetic(node)
            case nodes.Function():
                return self._function(node)
        raise AssertionError(node)

    def _name(self, node: nodes.Name, name: str, unit: str) -> Typed | None:
        if name in self.parameters:
            given = self.parameters[name]
            if unit and isinstance(given, nodes.Quantity) and not given.unit:
                given = nodes.Quantity(given.number, unit, span=given.span)
            return self.expression(given)
        if self.ledger is not None and (own := self.ledger.column(name)) is not None:
            if own.to_year is ToYear.RUNNING and (cadence := self.ledger.row_of.cadence) is not None:
                self.context.say(timing.running_or_single(node.span, name, cadence.word.removeprefix("每")))
                return None
            return self._column(node, self.ledger, own)
        found = self.context.columns_called(name)
        found = [one for one in found if one[0].row_of in OF_UNITS or self._beside(one[0])] or found
        if len(found) == 1:
            if found[0][0].row_of not in OF_UNITS and not self._beside(found[0][0]):
                self.context.say(say.many_rows(node.span, name, found[0][0].name))
                return None
            return self._column(node, *found[0])
        if len(found) > 1:
            self.context.say(say.name_ambiguous(node.span, name, [table.name for table, _ in found]))
            return None
        item = next((code for code, coded in self.context.codes.items() if coded.name == name), None)
        if item is not None:
            self.context.say(say.value_or_score(node.span, name, item))
            return None
        known = [column.name for table in self.context.tables.values() for column in table.columns]
        self.context.say(say.name_unknown(node.span, name, nearest(name, known)))
        return None

    def _beside(self, table: Table) -> bool:
        """Whether ``table`` holds the facts of the rows that are read (个性指标实绩 beside 个性指标)."""
        return self.ledger is not None and table.name == f"{self.ledger.name}{FACTS_OF}"

    def _column(self, node: nodes.Node, table: Table, column: TableColumn) -> Typed:
        reference = model.ColumnRef(table.name, column.name, column.kind, column.unit, span=node.span)
        return Typed(reference, column.kind, column.unit)

    def _own(self, node: nodes.Own, what: str) -> Typed | None:
        if what == "full":
            return Typed(model.OwnRef("full", POINTS, span=node.span), ValueType.NUMBER, POINTS)
        if what == "as_of":
            if self.context.period is None:
                self.no_period(node.span)
                return None
            return Typed(model.DateLiteral(self.context.period[1], as_of=True, span=node.span), ValueType.DATE)
        if what == "progress":
            if self.context.progress is None or self.context.period is None:
                self.context.say(timing.progress_unstated(node.span))
                return None
            return Typed(self.context.progress, ValueType.NUMBER, RATIO)
        known = self.own.get(what)
        if known is None:
            self.context.say(say.own_missing(node.span, what))
            return None
        unit = known.unit or RATIO
        return Typed(model.OwnRef(what, unit, span=node.span), known.kind, known.unit)

    def _item(self, node: nodes.ItemNumber, what: str, code: str) -> Typed | None:
        if code not in self.context.codes:
            self.context.say(say.code_unknown(node.span, code, nearest(code, self.context.codes)))
            return None
        kind: ValueType = ValueType.NUMBER
        unit: Unit | None = POINTS
        if what in ("value", "target"):
            found = self.context.type_of(code, what)
            if found is None:
                self.context.say(say.item_without_value(node.span, code))
                return None
            if found.kind is None:
                return None
            kind, unit = found.kind, found.unit
        if what == "score" and self._same_periods(code):
            what = "period"
        return Typed(model.ItemRef(what, code, unit or RATIO, span=node.span), kind, unit)

    def _same_periods(self, code: str) -> bool:
        """Whether the item is scored by the periods that are read here: its score is then that of the same period."""
        cadence = self.ledger.row_of.cadence if self.ledger is not None else None
        fields = self.context.codes[code].fields
        return cadence is not None and any(
            PERIOD_TABLES[key] == cadence.table for key in fields if key in PERIOD_TABLES
        )

    def _cell(self, node: nodes.TableCell, table_name: str, column_name: str) -> Typed | None:
        table = self.context.tables.get(table_name)
        if table is None:
            self.context.say(say.table_unknown(node.span, table_name, nearest(table_name, self.context.tables)))
            return None
        column = table.column(column_name)
        if column is None:
            known = [one.name for one in table.columns]
            self.context.say(say.column_unknown(node.span, table_name, column_name, nearest(column_name, known)))
            return None
        return self._column(node, table, column)

    def _arithmetic(self, node: nodes.Arithmetic) -> Typed | None:
        parts = [self.expression(operand) for operand in node.operands]
        typed = [part for part in parts if part is not None]
        if len(typed) != len(parts) or not self._numbers(node, typed):
            return None
        call = model.Call(ARITHMETIC[node.op], tuple(part.expression for part in typed), span=node.span)
        units = [part.unit or RATIO for part in typed]
        if node.op == "multiply":
            return Typed(call, ValueType.NUMBER, units[0] * units[1])
        if node.op == "divide":
            if constant_zero(typed[1].expression):
                self.context.say(say.divisor_zero(node.span))
                return None
            return Typed(call, ValueType.NUMBER, units[0] / units[1])
        return self.same_unit(node, call, typed)

    def _of_period(self, node: nodes.Function) -> Typed | None:
        """当期数（投资额）, 累计数（投资额）: of a column that is reported as a running total."""
        first = node.arguments[0]
        name = first.name if isinstance(first, nodes.Name) else first.span.text
        own = self.ledger.column(name) if self.ledger is not None and self.ledger.row_of.cadence is not None else None
        if len(node.arguments) != 1 or own is None or own.to_year is not ToYear.RUNNING or self.ledger is None:
            self.context.say(timing.no_period_here(node.span, name))
            return None
        column = self._column(first, self.ledger, own)
        if node.name == "running":
            return column
        assert isinstance(column.expression, model.ColumnRef)
        return Typed(model.Single(column.expression, span=node.span), column.kind, column.unit)

    def _working(self, node: nodes.Function) -> Typed | None:
        """工作日数（应报日期、报送日期） and 期后工作日（5 个工作日）."""
        parts = [self.expression(operand) for operand in node.arguments]
        typed = [part for part in parts if part is not None]
        if len(typed) != len(parts):
            return None
        if self.context.calendar is None:
            if CALENDAR not in self.context.tables:
                self.context.say(
                    timing.no_calendar(
                        node.span, "没有工作日历，数不出工作日", "放假和调休每年公布，程序不替您记", "附表 工作日历"
                    )
                )
            return None
        if node.name == "working_days":
            if len(typed) != 2 or any(part.kind is not ValueType.DATE for part in typed):
                self.context.say(
                    timing.no_calendar(
                        node.span,
                        "工作日数要写起、止两个日期",
                        "数的是起日以后到止日的工作日",
                        "工作日数（应报日期、报送日期）",
                    )
                )
                return None
            call = model.WorkingDays(typed[0].expression, typed[1].expression, span=node.span)
            return Typed(call, ValueType.NUMBER, WORKING_DAYS)
        number = typed[0].expression if len(typed) == 1 else None
        count = number.value if isinstance(number, model.Number) else Fraction(0)
        table = self.ledger if self.ledger is not None and self.ledger.row_of.cadence is not None else None
        if count < 1 or count.denominator != 1 or table is None or self.context.period is None:
            self.context.say(
                timing.no_calendar(
                    node.span,
                    "期后工作日只能用在分期计分的指标里，写几个工作日",
                    "它是每一期结束后的第几个工作日",
                    "期后工作日（5 个工作日）",
                )
            )
            return None
        last = self.context.period[1]
        if self.context.calendar.after(date(last.year, 12, 31), int(count)) is None:
            span, first = node.span, self.context.calendar.first
            shown = [f"{day.year}年{day.month}月{day.day}日" for day in (first, self.context.calendar.last)]
            self.context.say(
                timing.no_calendar(
                    span,
                    f"工作日历只覆盖到 {shown[1]}，数不到最后一期期后的第 {int(count)} 个工作日",
                    "最后一期的报送期限在次年 1 月",
                    f"{shown[0]}至{last.year + 1}年1月31日",
                )
            )
            return None
        return Typed(model.DueDay(int(count), table.name, span=node.span), ValueType.DATE)

    def _function(self, node: nodes.Function) -> Typed | None:
        if node.name in ("single", "running"):
            return self._of_period(node)
        if node.name in HISTORY:
            return history(self, node)
        if node.name in ("working_days", "due_day"):
            return self._working(node)
        parts = [self.expression(operand) for operand in node.arguments]
        typed = [part for part in parts if part is not None]
        if len(typed) != len(parts) or not self._numbers(node, typed):
            return None
        if node.name in ACROSS:
            return self._across(node, ACROSS[node.name], typed)
        if node.weight is not None:
            self.context.say(
                ranking.across_misfit(node.span, "它只对一个单位自己的数", node.span.text.split("、")[0] + "）")
            )
            return None
        return function(self, node, typed)

    def _differing(self, options: Collection[str]) -> list[tuple[str, str]]:
        """What 平均 says and 比较范围 says otherwise, where the brackets say neither."""
        found: list[tuple[str, str]] = []
        ranges, own = (self.mean_population, self.population), (self.mean_with_self, self.with_self)
        if ranges[0] and ranges[1] and not POPULATIONS.keys() & {*options}:
            found.append((ranges[0].value, ranges[1].value))
        if own[0] is not None and own[1] is not None and not SELF.keys() & {*options}:
            found.append((WITH[own[0]], WITH[own[1]]))
        return [(one, other) for one, other in found if one != other]

    def _across(self, node: nodes.Function, fn: Across, typed: Sequence[Typed]) -> Typed | None:
        """A function over units: what must be written to have one reading stands in its brackets, or around it."""
        share = self._share(node, fn, typed)
        weight = self._weight(node, fn)
        if share is None or weight is _WRONG:
            return None
        options = {key: table[key] for table in (POPULATIONS, SELF, METHODS, DIVIDED, FIRST, TIES) for key in table}
        fitting = {*POPULATIONS}
        fitting |= {*FIRST, *TIES} if fn is Across.RANK else {*SELF}
        fitting |= {*METHODS} if fn is Across.PERCENTILE else {*DIVIDED} if fn is Across.DEVIATION else set()
        groups = (POPULATIONS, SELF, METHODS, DIVIDED, FIRST, TIES)
        twice = any(sum(key in group for key in node.options) > 1 for group in groups)
        if twice or not set(node.options) <= fitting:
            self.context.say(ranking.across_misfit(node.span, f"{fn.value}不这样取", _plainly(node, fn)))
            return None

        def said(group: dict[str, Any], otherwise: Any) -> Any:
            return next((options[key] for key in node.options if key in group), otherwise)

        mean = fn in (Across.MEAN, Across.WEIGHTED_MEAN)
        if mean and (differ := self._differing(node.options)):
            self.context.say(ranking.ranges_differ(node.span, fn.value, differ))
            return None
        population = said(POPULATIONS, self.population)
        own = self.with_self if self.with_self is not None or not mean else self.mean_with_self
        with_self = said(SELF, True if fn is Across.RANK else own)
        if mean and (population is None or with_self is None):
            self.context.say(say.mean_unstated(node.span, population is None, with_self is None))
            return None
        for lacks, ask in (
            (population is None, "population"),
            (with_self is None, "self"),
            (fn is Across.PERCENTILE and said(METHODS, None) is None, "method"),
            (fn is Across.DEVIATION and said(DIVIDED, None) is None, "deviation"),
            (fn is Across.RANK and said(FIRST, None) is None, "direction"),
            (fn is Across.RANK and said(TIES, self.ties) is None, "ties"),
        ):
            if lacks:
                self.context.say(ranking.across_unstated(node.span, fn.value, *ranking.ASKS[ask]))
                return None
        one = typed[0]
        made = model.AcrossUnits(
            fn,
            one.expression,
            population,
            with_self,
            weight,
            share,
            said(METHODS, Percentile.INTERPOLATED),
            said(FIRST, True),
            said(TIES, self.ties) or Ties.COMPETITION,
            said(DIVIDED, False),
            span=node.span,
        )
        return Typed(made, ValueType.NUMBER, PLACES if fn is Across.RANK else one.unit)

    def _share(self, node: nodes.Function, fn: Across, typed: Sequence[Typed]) -> Fraction | None:
        """The share of a percentile (a half where it is none); None where the arguments were reported."""
        if fn is not Across.PERCENTILE:
            if len(typed) != 1:
                self.context.say(say.mean_of_one(node.span))
                return None
            return Fraction(1, 2)
        given = typed[1].expression if len(typed) == 2 else None
        if isinstance(given, model.Number) and given.unit == RATIO and 0 <= given.value <= 1:
            return given.value
        self.context.say(
            ranking.across_misfit(node.span, "百分位要写取在百分之几", "百分位（指标值、90%、线性插值、含本单位）")
        )
        return None

    def _weight(self, node: nodes.Function, fn: Across) -> Any:
        """What a weighted mean is weighted by; :data:`_WRONG` where that was reported."""
        if fn is not Across.WEIGHTED_MEAN:
            if node.weight is not None:
                self.context.say(
                    ranking.across_misfit(node.span, f"{fn.value}不加权", "加权平均（指标值、按 常住人口、含本单位）")
                )
                return _WRONG
            return None
        if node.weight is None:
            self.context.say(
                ranking.across_misfit(node.span, "没有写按什么加权", "加权平均（指标值、按 常住人口、含本单位）")
            )
            return _WRONG
        made = self.expression(node.weight)
        return made.expression if made is not None and self._numbers(node, [made]) else _WRONG

    def _numbers(self, node: nodes.Node, typed: Sequence[Typed]) -> bool:
        for part in typed:
            if part.kind is not ValueType.NUMBER:
                span = part.expression.span or node.span
                self.context.say(not_a_number(span, part))
                return False
        return True

    def same_unit(self, node: nodes.Node, call: Expression, typed: Sequence[Typed]) -> Typed | None:
        """``call`` in the one unit of its arguments."""
        units = {part.unit or RATIO for part in typed}
        if len(units) > 1:
            units = {part.unit or RATIO for part in typed if not part.bare}
        if len(units) > 1:
            self.context.say(say.units_differ(node.span, [str(part.unit or RATIO) for part in typed]))
            return None
        return Typed(call, ValueType.NUMBER, next(iter(units)))

    def condition(self, node: nodes.ConditionNode) -> Condition | None:
        """``node`` resolved, or None where something in it was reported."""
        match node:
            case nodes.Comparison():
                return self._comparison(node)
            case nodes.IsOneOf():
                return self._is_one_of(node)
            case nodes.InPeriod(left):
                return self._in_period(node, left)
            case nodes.InDays(left, first, last):
                return self._days(node, left, (Compare.GREATER_EQUAL, first), (Compare.LESS_EQUAL, last))
            case nodes.ByDay(left, day):
                return self._days(node, left, (Compare.LESS_EQUAL, day))
            case nodes.Filled(of, negated):
                return self._filled(node, of, negated)
            case nodes.EventCount():
                return self._event_count(node)
            case nodes.GradeIs():
                return self._grade_is(node)
            case nodes.Placed():
                return self._placed(node)
            case nodes.RuleHolds(code):
                if code not in self.context.rule_codes:
                    near = nearest(code, self.context.rule_codes)
                    self.context.say(say.rule_unknown(node.span, code, near, self.context.applied.get(code)))
                    return None
                return model.RuleHolds(code, span=node.span)
            case nodes.Logic(op, parts):
                made = [self.condition(part) for part in parts]
                whole = tuple(part for part in made if part is not None)
                if len(whole) != len(made):
                    return None
                if op == "not":
                    return model.Not(whole[0], span=node.span)
                return model.AllOf(whole, span=node.span) if op == "all" else model.AnyOf(whole, span=node.span)
        raise AssertionError(node)

    def _comparison(self, node: nodes.Comparison) -> Condition | None:
        left, right = self.expression(node.left), self.expression(node.right)
        if left is None or right is None:
            return None
        if left.kind is not right.kind:
            texts = (
                [_text_column(side) for side in (left, right)] if ValueType.NUMBER in (left.kind, right.kind) else [""]
            )
            self.context.say(say.kinds_differ(node.span, left.kind.chinese, right.kind.chinese, max(texts)))
            return None
        bare = left.bare or right.bare
        if left.kind is ValueType.NUMBER and (left.unit or RATIO) != (right.unit or RATIO) and not bare:
            self.context.say(say.units_differ(node.span, [str(left.unit or RATIO), str(right.unit or RATIO)]))
            return None
        if bare:
            left, right = lend_unit(left, right), lend_unit(right, left)
        op = COMPARES.get(node.op) or self._edge(node)
        return None if op is None else model.Comparison(op, left.expression, right.expression, span=node.span)

    def _edge(self, node: nodes.Comparison) -> Compare | None:
        """5 万人以上, as 本数 declares it."""
        inside = included(node.op, node.span.text, self.edges)
        if inside is None:
            self.context.say(say.edge_unstated(node.span, node.span.text, node.right.span.text))
            return None
        more = node.op == "or_more"
        if inside:
            return Compare.GREATER_EQUAL if more else Compare.LESS_EQUAL
        return Compare.GREATER if more else Compare.LESS

    def _is_one_of(self, node: nodes.IsOneOf) -> Condition | None:
        if self.ledger is None and isinstance(node.left, nodes.Name) and node.left.name == "等次":
            # a table of earlier years has a column of this name; outside that table the word means the unit's grade
            grade = self._grade_is(nodes.GradeIs(node.values, span=node.span))
            return model.Not(grade, span=node.span) if grade is not None and node.negated else grade
        left = self.expression(node.left)
        if left is None:
            return None
        column = left.expression
        if left.kind is ValueType.BOOL and set(node.values) <= {"是", "否"}:
            held: Condition = model.Holds(column, span=node.span)
            return model.Not(held, span=node.span) if (node.values[0] == "否") is not node.negated else held
        if left.kind is not ValueType.TEXT:
            self.context.say(say.not_a_text(node.span))
            return None
        if isinstance(column, model.ColumnRef):
            declared = self.context.tables[column.table].column(column.column)
            for value in node.values:
                if declared is not None and declared.choices and value not in declared.choices:
                    near = nearest(value, declared.choices)
                    self.context.say(say.choice_unknown(node.span, column.column, value, declared.choices, near))
                    return None
                if column.column == "类别" and not declared.choices and value not in self.context.names.names:  # type: ignore[union-attr]
                    self.context.say(say.choice_unknown(node.span, column.column, value, (), None))
        tests = tuple(
            model.Comparison(Compare.EQUAL, column, model.TextLiteral(value), span=node.span) for value in node.values
        )
        whole: Condition = tests[0] if len(tests) == 1 else model.AnyOf(tests, span=node.span)
        return model.Not(whole, span=node.span) if node.negated else whole

    def _in_period(self, node: nodes.Node, left: nodes.ExpressionNode) -> Condition | None:
        if self.context.period is None:
            day = self.expression(left)
            if day is not None and day.kind is ValueType.DATE:
                self.no_period(node.span)
            elif day is not None:
                self.context.say(say.not_a_date(node.span))
            return None
        first, last = self.context.period
        return self._days(node, left, (Compare.GREATER_EQUAL, first), (Compare.LESS_EQUAL, last))

    def _days(self, node: nodes.Node, left: nodes.ExpressionNode, *limits: tuple[Compare, date]) -> Condition | None:
        """A date within ``limits``, which belong to it."""
        day = self.expression(left)
        if day is None:
            return None
        if day.kind is not ValueType.DATE:
            self.context.say(say.not_a_date(node.span))
            return None
        tests = tuple(
            model.Comparison(op, day.expression, model.DateLiteral(limit), span=node.span) for op, limit in limits
        )
        return tests[0] if len(tests) == 1 else model.AllOf(tests, span=node.span)

    def _filled(self, node: nodes.Node, of: nodes.Name, negated: bool) -> Condition | None:
        column = self.expression(of)
        if column is None:
            return None
        held = model.Filled(column.expression, span=node.span)
        return model.Not(held, span=node.span) if negated else held

    def no_period(self, span: Span) -> None:
        """Say that 考核期 is asked for and not written, unless that was said of its own line."""
        if not self.context.period_said:
            self.context.say(say.period_missing(span))

    def _event_count(self, node: nodes.EventCount) -> Condition | None:
        inside = self.inside(node.ledger, node.span)
        if inside is None:
            return None
        where = [inside.condition(part) for part in node.where]
        whole = tuple(part for part in where if part is not None)
        if len(whole) != len(where):
            return None
        if node.least.number.denominator != 1 or node.least.number < 1:
            self.context.say(say.count_not_whole(node.least.span))
            return None
        along = ""
        if node.consecutive:
            table = self.context.tables[node.ledger]
            cadence = table.row_of.cadence
            along = cadence.along if cadence is not None else "年度" if table.column("年度") is not None else ""
            if not along:
                self.context.say(timing.no_order(node.span, node.ledger))
                return None
        least = int(node.least.number) + (self.edges.get(DECLARED["or_more"]) is False)
        return model.Happened(node.ledger, model.AllOf(whole), least, along, span=node.span)

    def _grade_is(self, node: nodes.GradeIs) -> Condition | None:
        for grade in node.grades:
            if grade not in self.context.grades:
                near = nearest(grade, self.context.grades)
                self.context.say(say.grade_unknown(node.span, grade, self.context.grades, near))
                return None
        if node.years is not None and (node.years.number.denominator != 1 or node.years.number < 1):
            self.context.say(say.count_not_whole(node.years.span))
            return None
        years = int(node.years.number) if node.years else 1
        if years > 1 and self.context.period is None:
            self.no_period(node.span)
            return None
        return model.InGrade(node.grades, years, "restart" in node.options, span=node.span)

    def _placed(self, node: nodes.Placed) -> Condition | None:
        count = node.count.number
        if count.denominator != 1 or count < 1 or node.count.unit not in ("", "名", "位", "个", "家"):
            self.context.say(say.count_not_whole(node.count.span))
            return None
        if not node.tie:
            self.context.say(ranking.placed_tie_unstated(node.span, int(count), node.way == "first"))
            return None
        return model.Placed(node.way == "first", int(count), node.tie == "in", span=node.span)

    def inside(self, ledger: str, span: Span) -> Reader | None:
        """A reader for conditions on the rows of ``ledger``."""
        table = self.context.tables.get(ledger)
        if table is None:
            known = [name for name, one in self.context.tables.items() if one.row_of is RowOf.EVENT]
            self.context.say(say.table_unknown(span, ledger, nearest(ledger, known)))
            return None
        return replace(self, ledger=table)


_WRONG: Any = object()
"""Stands for a weight that was reported."""


def _plainly(node: nodes.Function, fn: Across) -> str:
    """The function without its words, for a mend."""
    return f"{fn.value}（{node.arguments[0].span.text}）"


def quantity(node: nodes.Quantity) -> Typed:
    """A quantity in base units."""
    unit, factor = unit_of(node.unit) if node.unit else (RATIO, Fraction(1))
    written = node.span.text
    return Typed(
        model.Number(node.number * factor, unit, written, span=node.span), ValueType.NUMBER, unit, not node.unit
    )


def lend_unit(one: Typed, other: Typed) -> Typed:
    """A number written without a unit in that of ``other``."""
    if one.bare and isinstance(one.expression, model.Number):
        number = model.Number(
            one.expression.value, other.unit or RATIO, one.expression.written, span=one.expression.span
        )
        return Typed(number, ValueType.NUMBER, other.unit)
    return one


def constant_zero(expression: Expression) -> bool:
    """Whether an expression is the number 0 as written."""
    return isinstance(expression, model.Number) and expression.value == 0
