"""Comparisons inside a phrase: 不高于目标值, 大于 0, 达到, 未达到.

达到, 未达到, 优于, 不优于 compare in the item's direction; 不低于, 超过 and so on are what they say.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Scope, Setting
from perfdsl.clauses.shared.measures import bare, called, like, measured
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression, Number
from perfdsl.model.item import Item
from perfdsl.model.units import RATIO
from perfdsl.text.catalogue import scoring
from perfdsl.text.problem import Problem
from perfdsl.text.source import Span

DIRECTED = {"reach": "ge", "better": "gt", "miss": "lt", "not_better": "le"}
"""What a directed word means where higher is better."""

MIRROR = {"ge": "le", "gt": "lt", "le": "ge", "lt": "gt"}

PLAIN = ("ge", "gt", "le", "lt", "under")
OPS = (*PLAIN, *DIRECTED)

WORDS = {
    "ge": "不低于",
    "gt": "超过",
    "le": "不高于",
    "lt": "低于",
    "under": "不足",
    "reach": "达到",
    "miss": "未达到",
    "better": "优于",
    "not_better": "不优于",
}

SUSPICIOUS = 2
"""A bare number of this size beside a ratio was meant as a percentage."""


def plain(op: str, higher_is_better: bool) -> str:
    """``op`` as one of ge, gt, le, lt."""
    if op in DIRECTED:
        op = DIRECTED[op] if higher_is_better else MIRROR[DIRECTED[op]]
    return "lt" if op == "under" else op


def compares(op: str, value: Fraction, other: Fraction, facts: Facts) -> bool:
    """Whether ``value`` stands to ``other`` as the word says."""
    if op in DIRECTED and not facts.higher_is_better:
        value, other = -value, -other
    match op:
        case "ge" | "reach":
            return value >= other
        case "gt" | "better":
            return value > other
        case "le" | "not_better":
            return value <= other
        case _:
            return value < other


def compare_nodes(op: str, value: NodeId, other: NodeId, scope: Scope) -> NodeId:
    """The comparison in the graph."""
    low, high = (Fn.LESS_EQUAL, Fn.LESS)
    apply = scope.graph.apply
    match plain(op, scope.item.higher_is_better is not False):
        case "ge":
            return apply(low, other, value)
        case "gt":
            return apply(high, other, value)
        case "le":
            return apply(low, value, other)
        case _:
            return apply(high, value, other)


def against_node(against: Expression | None, scope: Scope) -> NodeId:
    """What is compared with: an amount, or the target."""
    return scope.target if against is None else like(scope, against, scope.value)


def against_by_hand(against: Expression | None, facts: Facts) -> Fraction:
    """What is compared with: an amount, or the target."""
    return facts.target if against is None else facts.number(against)


def in_words(op: str, against: Expression | None) -> str:
    """不高于目标值."""
    return f"{WORDS[op]}{'目标值' if against is None else amount(against)}"


def check_against(op: str, against: Expression | None, setting: Setting, span: Span | None) -> Iterable[Problem]:
    """There is something to compare with, measured alike, and a direction where the word needs one."""
    item = setting.item
    if against is None and item.target is None:
        yield scoring.target_missing(span)
    if op in DIRECTED and item.higher_is_better is None:
        yield scoring.direction_unstated(item.span)
    yield from check_measure(against if against is not None else item.target, item, span)


def check_measure(against: Expression | None, item: Item, span: Span | None) -> Iterable[Problem]:
    """Value and ``against`` are measured alike; a bare 95 beside a ratio is not 95%."""
    value, other = measured(item.value), measured(against)
    if value == RATIO and isinstance(against, Number) and bare(against) and abs(against.value) >= SUSPICIOUS:
        yield scoring.bare_against_ratio(against.span or span, amount(against))
    elif against is not None and value is not None and other is not None and value != other:
        yield scoring.unlike_units(against.span or span, "指标值和比较的数", called(value), called(other))
