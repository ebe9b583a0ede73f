"""Why a unit has its scores: sentence, article, operations, cells.

The numbers are those of the graph's own nodes, so nothing is computed a second time for the explanation; the
sentence is the clause kind's.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from perfdsl.clauses import BY_KEY
from perfdsl.graph import ops
from perfdsl.graph.graph import Graph, Node
from perfdsl.graph.ops import NodeId
from perfdsl.graph.types import SCALAR
from perfdsl.model import outputs
from perfdsl.model.item import Item, Level
from perfdsl.model.outputs import Cell
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Mode, Unit, ValueType, decimal, percent
from perfdsl.reports.findings import ItemExplanation, Step, UnitExplanation
from perfdsl.reports.results import published, published_full, rounding_of
from perfdsl.workspace.evaluate import Evaluation
from perfdsl.workspace.graphs import traced

UNIT_GRAIN = "单位"
YUAN, WAN, YI = Unit(("元",)), Fraction(10**4), Fraction(10**8)
SIGNS = {ops.Fn.ADD: "+", ops.Fn.SUBTRACT: "－", ops.Fn.MULTIPLY: "×", ops.Fn.DIVIDE: "÷"}
FUNCTIONS = {
    ops.Fn.NEGATE: "取负",
    ops.Fn.ABSOLUTE: "取绝对值",
    ops.Fn.LEAST: "取小",
    ops.Fn.GREATEST: "取大",
    ops.Fn.FLOOR: "舍去不足一档的部分",
    ops.Fn.CEIL: "不足一档的按一档计",
    ops.Fn.LESS: "是否小于",
    ops.Fn.LESS_EQUAL: "是否不超过",
    ops.Fn.EQUAL: "是否等于",
    ops.Fn.AND: "且",
    ops.Fn.OR: "或",
    ops.Fn.NOT: "不",
    ops.Fn.HAS: "看有没有值",
}
REDUCE = {ops.Reduce.SUM: "合计", ops.Reduce.COUNT: "计数", ops.Reduce.LEAST: "最小的", ops.Reduce.GREATEST: "最大的"}
MODES = {
    Mode.HALF_UP: "四舍五入",
    Mode.HALF_EVEN: "四舍六入五成双",
    Mode.DOWN: "舍去尾数",
    Mode.UP: "进一",
}


def explain(evaluation: Evaluation, unit: str, code: str | None = None, show_others: bool = False) -> UnitExplanation:
    """The explanation of ``unit``, of one item or of all.

    Raises:
        KeyError: no such unit, or no such item.
    """
    if unit not in evaluation.units:
        raise KeyError(unit)
    place = evaluation.units.index(unit)
    book = evaluation.book
    items = [item for item in book.walk() if outputs.score(item.code) in evaluation.outcome]
    if code is not None:
        items = [item for item in items if code in (item.code, item.name)]
        if not items:
            raise KeyError(code)
    graph, results = traced(evaluation, [outputs.score(item.code) for item in items])
    tracer = Tracer(evaluation, graph, results, place, show_others)
    return UnitExplanation(
        unit=unit,
        total=published(evaluation.cell(outputs.TOTAL, place), book.roundings.total),
        rank=_told(evaluation, outputs.RANK, place),
        grade=_told(evaluation, outputs.GRADE, place),
        items=tuple(tracer.item(item) for item in items),
        closing=tuple(_closing(evaluation, place)) if code is None else (),
        provisional=evaluation.assumed,
    )


def _told(evaluation: Evaluation, name: str, place: int) -> str | None:
    return published(evaluation.cell(name, place)) if name in evaluation.outcome else None


def _closing(evaluation: Evaluation, place: int) -> Iterator[str]:
    book = evaluation.book
    base = published(evaluation.cell(outputs.BASE, place), book.roundings.total)
    for word, level in (("加分", Level.BONUS), ("扣分", Level.DEDUCTION)):
        items = [item for item in book.items if item.level is level]
        scores = [
            published(evaluation.cell(outputs.score(item.code), place), rounding_of(book, item)) for item in items
        ]
        if items:
            yield f"{word}：" + "，".join(
                f"{item.name} {score or '没有'}" for item, score in zip(items, scores, strict=True)
            )
    yield f"基本分 {base or '待定'}"
    for rule in book.vetoes:
        if evaluation.cell(outputs.veto(rule.code), place) == (State.VALUE, True):
            yield f"{rule.citation}：{BY_KEY[rule.clause.kind].sentence(rule.clause, rule)}"
    for rule in book.applications:
        value = published(evaluation.cell(outputs.application(rule.code), place))
        if value is not None:
            yield f"结果运用 {rule.name}：{value}"


class Tracer:
    """Tells the nodes of one unit."""

    def __init__(self, evaluation: Evaluation, graph: Graph, results: Any, place: int, show_others: bool) -> None:
        self.evaluation = evaluation
        self.graph = graph
        self.results = results
        self.place = place
        self.show_others = show_others
        self.named: dict[NodeId, str] = {}

    def item(self, item: Item) -> ItemExplanation:
        """One item."""
        evaluation, book = self.evaluation, self.evaluation.book
        clause = item.scoring or item.combine
        sentence = BY_KEY[clause.kind].sentence(clause, item) if clause else "各项得分之和"
        state = evaluation.outcome.get(outputs.state(item.code))
        full = evaluation.outcome.get(outputs.full(item.code))
        return ItemExplanation(
            code=item.code,
            name=item.name,
            place=str(item.citation),
            score=published(evaluation.cell(outputs.score(item.code), self.place), rounding_of(book, item)),
            full=published_full(full[self.place], rounding_of(book, item)) if full else None,
            state=str(state[self.place][1]) if state else "有值",
            sentence=sentence,
            official=item.meta.official_text,
            steps=tuple(self._steps(item) if item.scoring else self._parts(item)),
        )

    def _parts(self, item: Item) -> Iterator[Step]:
        """The scores that a sum is made of."""
        book = self.evaluation.book
        for child in item.children:
            if child.level is not Level.STEP:
                cell = self.evaluation.cell(outputs.score(child.code), self.place)
                yield Step(0, f"{child.code} {child.name}", published(cell, rounding_of(book, child)) or "没有得分")

    def _steps(self, item: Item) -> Iterator[Step]:
        seen: set[NodeId] = set()
        self.named = self._names(item)
        yield from self._walk(self.graph.outputs[outputs.score(item.code)], item, 0, seen)

    def _names(self, item: Item) -> dict[NodeId, str]:
        """The nodes that have a name in the rule: 指标值 of this item, scores and values of others."""
        found: dict[NodeId, str] = {}
        for name, node in self.graph.outputs.items():
            what, _, code = name.partition(":")
            if what == "value":
                inner = self._told_by(node)
                if not isinstance(self.graph.nodes[inner].op, ops.Constant):
                    found.setdefault(inner, "指标值" if code == item.code else f"指标值【{code}】")
            elif what == "score" and code != item.code:
                found.setdefault(node, f"得分【{code}】")
        return found

    def _told_by(self, node: NodeId) -> NodeId:
        """The node whose number it is, past the branches that were taken."""
        while node in self.results.vectors and (inner := self._through(self.graph.nodes[node].op)) is not None:
            node = inner
        return node

    def _walk(self, node: NodeId, item: Item, depth: int, seen: set[NodeId]) -> Iterator[Step]:
        """The nodes that made this number, from the result down to the cells; branches not taken are left out."""
        made = self.graph.nodes[node]
        if isinstance(made.op, ops.Constant) or node in seen:
            return
        passed = self._through(made.op)
        if passed is not None:
            yield from self._walk(passed, item, depth, seen)
            return
        seen.add(node)
        text, address = self._told(made)
        name = self.named.get(node, "")
        yield Step(depth, f"{name}（{text}）" if name and text else name or text, self._value(node), address)
        if name.startswith("得分"):
            return
        if isinstance(made.op, (ops.Aggregate, ops.Rank)):
            yield from self._peers(made, depth + 1)
            return
        for operand in dict.fromkeys(made.op.operands()):
            yield from self._walk(operand, item, depth + 1, seen)

    def _through(self, op: ops.Op) -> NodeId | None:
        """The node that tells the same: the branch that was taken, what was multiplied by 1."""
        match op:
            case ops.Choose():
                return self._taken(op)
            case ops.Apply(ops.Fn.MULTIPLY, (one, factor)) if self._is_one(factor):
                return one
            case ops.Apply(ops.Fn.HAS, (one,)):
                return one
            case ops.Apply(ops.Fn.LEAST | ops.Fn.GREATEST, args):
                return self._unbounded(op, args)
        return None

    def _unbounded(self, op: ops.Op, args: tuple[NodeId, ...]) -> NodeId | None:
        """The one operand that is no plain number, where the bounds beside it do not bind."""
        free = [arg for arg in args if not isinstance(self.graph.nodes[arg].op, ops.Constant)]
        if len(free) != 1:
            return None
        bounds = [self._cell(arg)[1] for arg in args if arg != free[0]]
        own = self._cell(free[0])[1]
        assert isinstance(op, ops.Apply)
        beaten = max if op.fn is ops.Fn.GREATEST else min
        return free[0] if own is not None and beaten([own, *bounds]) == own else None  # type: ignore[type-var]

    def _is_one(self, node: NodeId) -> bool:
        made = self.graph.nodes[node]
        divides = isinstance(made.op, ops.Apply) and made.op.fn is ops.Fn.DIVIDE
        return divides and made.type.unit == RATIO and self._cell(node) == (State.VALUE, Fraction(1))

    def _taken(self, choose: ops.Choose) -> NodeId:
        for when, value in choose.cases:
            state, held = self._cell(when)
            if state is not State.VALUE or held:
                return value if state is State.VALUE else when
        return choose.otherwise

    def _cell(self, node: NodeId) -> Cell:
        made = self.graph.nodes[node]
        cells: tuple[Cell, ...] = self.results.cells(node)
        if made.type.grain == SCALAR:
            return cells[0]
        if made.type.grain == UNIT_GRAIN:
            return cells[self.place]
        return (State.ABSENT, None)

    def _value(self, node: NodeId) -> str:
        made = self.graph.nodes[node]
        if made.type.grain not in (SCALAR, UNIT_GRAIN):
            return ""
        return shown(self._cell(node), made.type.value, made.type.unit)

    def _told(self, made: Node) -> tuple[str, str]:
        match made.op:
            case ops.Column(grain, name):
                address = ""
                if grain == UNIT_GRAIN:
                    column = self.evaluation.dataset[grain].columns[name]
                    address = str(column.addresses[self.place]) if column.addresses else ""
                return f"数据 “{name.split('.')[-1]}”", address
            case ops.Apply(fn, args):
                return self._formula(fn, args), ""
            case ops.Round(_, digits, mode):
                return f"保留 {digits} 位，{MODES[mode]}", ""
            case ops.Aggregate(fn, to=_):
                return f"各行{REDUCE[fn]}", ""
            case ops.Rank():
                return "名次", ""
            case ops.Lookup():
                return "查档", ""
            case ops.Fetch():
                return "取对应的一行", ""
            case ops.Streak():
                return "连续次数", ""
            case ops.Settle():
                return "等次", ""
        return type(made.op).__name__, ""

    def _formula(self, fn: ops.Fn, args: tuple[NodeId, ...]) -> str:
        """An operation with the numbers in it: ``98% － 96.4%``."""
        values = [self._value(arg) for arg in args]
        if fn in SIGNS:
            return f" {SIGNS[fn]} ".join(values)
        return f"{FUNCTIONS[fn]}（{'、'.join(values)}）"

    def _peers(self, made: Node, depth: int) -> Iterator[Step]:
        """The population behind a group fact: how many, and the first places; names only where they are asked for."""
        op = made.op
        assert isinstance(op, (ops.Aggregate, ops.Rank))
        source = self.graph.nodes[op.of]
        grain = source.type.grain or self.graph.nodes[op.where].type.grain
        if grain != UNIT_GRAIN:
            yield from self._rows(op, grain, depth)
            return
        cells = self.results.cells(op.of, UNIT_GRAIN)
        have = [
            (value, i) for i, (state, value) in enumerate(cells) if state is State.VALUE and isinstance(value, Fraction)
        ]
        have.sort(key=lambda one: (-one[0], one[1]))
        yield Step(depth, f"比较的单位有 {len(have)} 个", "")
        for rank, (value, i) in enumerate(have[:3], start=1):
            who = f"（{self.evaluation.units[i]}）" if self.show_others or i == self.place else ""
            yield Step(
                depth, f"第 {rank} 名的值{who}", shown((State.VALUE, value), source.type.value, source.type.unit)
            )

    def _rows(self, op: ops.Aggregate | ops.Rank, grain: str, depth: int) -> Iterator[Step]:
        """The rows of a table that belong to the unit and count."""
        unit = self.evaluation.dataset[grain].columns.get("单位")
        if unit is None:
            return
        name = self.evaluation.units[self.place]
        where = self.results.cells(op.where, grain)
        of = self.results.cells(op.of, grain)
        source = self.graph.nodes[op.of].type
        for row, (_, owner) in enumerate(unit.cells):
            if owner == name and where[row] == (State.VALUE, True):
                address = str(unit.addresses[row]) if unit.addresses else ""
                yield Step(depth, f"“{grain}” 的一行", shown(of[row], source.value, source.unit), address)


def shown(cell: Cell, kind: ValueType, unit: Unit | None) -> str:
    """A value as people read it: ratios as percent, numbers with their unit, states by their word."""
    state, value = cell
    if state is not State.VALUE:
        return state.chinese
    match value:
        case bool():
            return "是" if value else "否"
        case Fraction():
            if unit == YUAN and abs(value) >= WAN and value % WAN == 0:
                return f"{decimal(value / YI)} 亿元" if abs(value) >= YI else f"{decimal(value / WAN)} 万元"
            text = decimal(value)
            if "/" in text:
                near = Fraction(round(value * 10**6), 10**6)
                text = f"{text}（约 {decimal(near)}）"
            elif unit == RATIO and kind is ValueType.NUMBER and 0 < abs(value) < 1:
                return percent(value)
            return f"{text} {unit}" if unit is not None and unit != RATIO else text
    return str(value)
