"""Conditions are taken apart down to those that are not made of others."""

from __future__ import annotations

from generated.books import case
from generated.chance import Chance

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.graph.builder import Builder
from perfdsl.graph.ops import Apply, Choose, Column, Constant, Fn, NodeId
from perfdsl.graph.types import ONLY_VALUES, NodeType
from perfdsl.model.units import ValueType
from perfdsl.workspace.review.admitting import admitting, taken_apart
from perfdsl.workspace.review.bench import Bench
from review.edits import edited

NAMES = ("有总分", "直接进入", "达标", "参评")


class Conditions:
    """A graph of a few conditions of a unit."""

    def __init__(self) -> None:
        self.made = Builder({("单位", name): NodeType("单位", ValueType.BOOL) for name in NAMES})
        self.there, self.direct, self.good, self.asked = (self.made.add(Column("单位", name)) for name in NAMES)

    def of(self, fn: Fn, *args: NodeId) -> NodeId:
        return self.made.add(Apply(fn, args))

    def or_not(self, value: NodeId) -> NodeId:
        """``value``; 否 where there is none."""
        no = self.made.add(Constant(False, ValueType.BOOL))
        return self.made.add(Choose(((self.made.add(Apply(Fn.HAS, (value,), ONLY_VALUES)), value),), no))

    def apart(self, **truths: bool) -> dict[str, bool]:
        graph = self.made.graph()
        found = taken_apart(graph, {int(node[1:]): truth for node, truth in truths.items()})
        return {str(getattr(graph.nodes[node].op, "name", node)): truth for node, truth in found.items()}


def test_one_of_several_is_told_by_the_others() -> None:
    """Who has a place of a share is no unit that is in by itself: all else of that being so, 直接进入 must not be."""
    one = Conditions()
    directly = one.of(Fn.AND, one.there, one.good, one.or_not(one.direct))
    asks = one.of(Fn.AND, one.there, one.good, one.of(Fn.NOT, directly))
    assert one.apart(**{f"n{asks}": True}) == {"有总分": True, "达标": True, "直接进入": False}


def test_where_any_of_several_would_do_none_is_told() -> None:
    one = Conditions()
    either = one.of(Fn.OR, one.direct, one.good)
    assert one.apart(**{f"n{either}": True}) == {}
    assert one.apart(**{f"n{either}": False}) == {"直接进入": False, "达标": False}


def test_of_two_that_cannot_both_be_the_first_counts() -> None:
    one = Conditions()
    no = one.of(Fn.NOT, one.asked)
    assert one.apart(**{f"n{one.asked}": True, f"n{no}": True}) == {"参评": True}


def test_what_a_row_must_be_is_not_asked_of_a_unit() -> None:
    """A share of the points of a row of a ledger: between it and the result stand conditions of the row as well."""
    book = case(25, 20).book
    edit = edited(book, Chance(25 + 10**6))
    assert edit is not None
    bench = Bench(book, edit[0])
    kinds = bench.graph.nodes
    between = taken_apart(bench.graph, bench.guards(bench.differing, across=True))
    assert {kinds[node].type.grain for node in between} > {UNIT_GRAIN}
    goals = admitting(bench, bench.differing)
    assert goals
    assert {kinds[node].type.grain for node, _ in goals} == {UNIT_GRAIN}
