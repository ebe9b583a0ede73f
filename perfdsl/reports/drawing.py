"""The graph of a rulebook as boxes and arrows, in words."""

from __future__ import annotations

from fractions import Fraction

from perfdsl.graph import ops
from perfdsl.graph.graph import Graph, Node
from perfdsl.model import outputs
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import UNIT_GRAIN, split_key
from perfdsl.model.units import RATIO, ValueType
from perfdsl.reports.findings import Box
from perfdsl.reports.words import FUNCTIONS, MODES, REDUCE, shown
from perfdsl.workspace.graphs import graph_of, named_outputs, needed_by

WORDS = {
    ops.Column: "数据",
    ops.Constant: "常数",
    ops.Apply: "运算",
    ops.Choose: "看情形",
    ops.Lookup: "对照分档",
    ops.Fetch: "取对应的一行",
    ops.Aggregate: "汇总",
    ops.Rank: "排名次",
    ops.Streak: "连续次数",
    ops.Stack: "合并各表",
    ops.Round: "取舍",
    ops.Settle: "定等次",
}
"""Operation → its word. A test compares it with the operations there are."""

OUTPUTS = {
    "score": "得分",
    "value": "指标值",
    "full": "分值",
    "state": "状态",
    "veto": "",
    "application": "结果运用",
    outputs.TOTAL: "总分",
    outputs.BASE: "基本分",
    outputs.RANK: "名次",
    outputs.GRADE: "等次",
}


def drawing(book: Rulebook, code: str | None = None) -> tuple[Box, ...] | None:
    """The boxes of the whole rulebook, or of one item's score and what it reads; None if there is no such item."""
    graph = graph_of(book)
    nodes, others = graph.needed(), frozenset[int]()
    if code is not None:
        item = next((item for item in book.walk() if code in (item.code, item.name)), None)
        if item is None or outputs.score(item.code) not in graph.outputs:
            return None
        nodes, others = needed_by(graph, item)
    names, titles = named_outputs(graph), _titles(book)
    return tuple(_box(graph, node, names.get(node, ()), titles, node in others) for node in nodes)


def _box(graph: Graph, node: int, names: tuple[str, ...], titles: dict[str, str], other: bool) -> Box:
    """One box; what was made for another item is a box without its own inputs, that says whose it is."""
    made = graph.nodes[node]
    inputs = tuple(dict.fromkeys(made.op.operands()))
    whose = f"（见 {made.origin.code} {made.origin.name}）" if other and inputs else ""
    return Box(
        id=node,
        operation=type(made.op).__name__.lower(),
        label=label(made) + whose,
        grain=made.type.grain,
        clause=str(made.origin),
        inputs=() if other else inputs,
        names=names,
        titles=tuple(title for name in names if (title := _title(name, titles))),
    )


def _titles(book: Rulebook) -> dict[str, str]:
    """Code → ``A01 按时办结率``."""
    items = [(item.code, item.name) for item in book.walk()]
    rules = [(rule.code, rule.name) for rule in (*book.vetoes, *book.applications)]
    return {code: name if code == name else f"{code} {name}" for code, name in (*items, *rules)}


def _title(name: str, titles: dict[str, str]) -> str:
    """``A01 按时办结率 得分`` for ``score:A01``; what hangs on an item beside its score and value is not named."""
    what, _, code = name.partition(":")
    if what in ("full", "state"):
        return ""
    return " ".join(part for part in (titles.get(code, code), OUTPUTS.get(what, what)) if part)


def label(node: Node) -> str:
    """An operation with its plain parameters, in words: ``四舍五入，保留 2 位``."""
    match node.op:
        case ops.Constant(value=None, state=state):
            return state.chinese
        case ops.Constant(value=value):
            return _constant(value, node)
        case ops.Column(grain, name):
            return f"数据 “{split_key(name)[1]}”" if grain == UNIT_GRAIN else f"数据 “{name}”（{grain}）"
        case ops.Apply(ops.Fn.HAS, _, states):
            return "是不是" + "、".join(state.chinese for state in sorted(states))
        case ops.Apply(fn):
            return FUNCTIONS[fn]
        case ops.Aggregate(fn):
            return f"各行{REDUCE[fn]}"
        case ops.Round(_, digits, mode):
            return f"{MODES[mode]}，保留 {digits} 位"
        case ops.Rank(greatest_first=first):
            return "排名次（大的在前）" if first else "排名次（小的在前）"
        case ops.Settle(order=order):
            return f"定等次（{'、'.join(order)}）"
    return WORDS[type(node.op)]


def _constant(value: object, node: Node) -> str:
    if isinstance(value, Fraction) and node.type.unit == RATIO and value.denominator == 1:
        return str(value)
    if isinstance(value, (bool, Fraction)):
        return shown((State.VALUE, value), node.type.value, node.type.unit)
    return f"第 {int(str(value)) + 1} 等" if node.type.value is ValueType.GRADE else f"“{value}”"
