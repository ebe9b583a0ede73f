"""Why a fact of a large ledger is taken from its rows: each reason from a small ledger that gives it, and its words."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from perfdsl.data.columns import DataTable, column
from perfdsl.engine import columnar, runs, tally
from perfdsl.engine.counting import FactPlan, Why
from perfdsl.graph.builder import Builder
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Fn, NodeId, Rank, Reduce, Streak
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Ties, ValueType
from perfdsl.reports.plan import WHY
from perfdsl.text.records import replace

TEXT, NUMBER = ValueType.TEXT, ValueType.NUMBER
UNITS, MATTERS = ["甲", "甲", "乙", "乙"], ["一", "一", "一", "二"]
X, Y = [1, 2, 3, 4], [2, 2, 4, 4]
Data = dict[str, DataTable]
Ask = Callable[[Builder], NodeId]


def data(**changed: list[object]) -> Data:
    """Four rows of a ledger of two units; None in ``changed`` is a cell that nobody filled in."""
    cells: dict[str, tuple[ValueType, list[object]]] = {
        "单位": (TEXT, [*UNITS]),
        "协办": (TEXT, [*UNITS]),
        "事项": (TEXT, [*MATTERS]),
        "x": (NUMBER, [*X]),
        "y": (NUMBER, [*Y]),
    }
    made = []
    for name, (kind, values) in cells.items():
        read = [
            (State.MISSING, None) if one is None else (State.VALUE, Fraction(one) if isinstance(one, int) else str(one))
            for one in changed.get(name, values)
        ]
        made.append(column(name, kind, read))
    named = column("名", TEXT, [(State.VALUE, one) for one in ("甲", "乙")])
    return {"e": DataTable("e", 4, {one.name: one for one in made}), "u": DataTable("u", 2, {"名": named})}


def build(ask: Ask) -> Graph:
    kinds = {("e", "单位"): TEXT, ("e", "协办"): TEXT, ("e", "事项"): TEXT, ("e", "x"): NUMBER, ("e", "y"): NUMBER}
    types = {
        (grain, name): NodeType(grain, kind, RATIO if kind is NUMBER else None, ALL_STATES)
        for (grain, name), kind in {**kinds, ("u", "名"): TEXT}.items()
    }
    made = Builder(types)
    made.output("答", ask(made))
    return made.graph()


def of_unit(b: Builder, of: NodeId, where: NodeId | None = None, fn: Reduce = Reduce.SUM) -> NodeId:
    return b.aggregate(fn, of, where=where, key=[b.column("e", "单位")], at=[b.column("u", "名")])


def x(b: Builder) -> NodeId:
    return b.column("e", "x")


def ranked(b: Builder, *keys: str, **how: Any) -> NodeId:
    """The sum of x over the rows in the first place of their group."""
    op = Rank(x(b), b.truth(), tuple(b.column("e", one) for one in keys), True, Ties.COMPETITION, ())
    first = b.apply(Fn.EQUAL, b.add(replace(op, **how)), b.number(1))
    return of_unit(b, x(b), first)


def two_keys(b: Builder) -> NodeId:
    units = [b.column("u", "名")] * 2
    return b.aggregate(Reduce.SUM, x(b), key=[b.column("e", "单位"), b.column("e", "协办")], at=units)


def streak(b: Builder) -> NodeId:
    return of_unit(b, b.add(Streak(b.apply(Fn.LESS, x(b), b.number(3)), (b.column("e", "单位"),), b.column("e", "y"))))


def divided(b: Builder) -> NodeId:
    return of_unit(b, b.apply(Fn.DIVIDE, x(b), b.column("e", "y")))


REASONS: list[tuple[Why, Ask, Data]] = [
    (Why.SEVERAL_UNITS, two_keys, data()),
    (Why.FOLD, lambda b: of_unit(b, x(b), fn=Reduce.GREATEST), data()),
    (Why.PLACE, lambda b: ranked(b, "单位", "事项", greatest_first=False), data()),
    (Why.PLACE, lambda b: ranked(b, "单位", "事项", ties=Ties.DENSE), data()),
    (Why.GROUP, lambda b: ranked(b, "事项"), data()),
    (Why.DIVISOR, divided, data(y=[-1, 2, 4, 4])),
    (Why.FAULT, divided, data(y=[0, 2, None, 4])),
    (Why.BLANK_KEY, lambda b: of_unit(b, x(b)), data(单位=["甲", None, "乙", "乙"])),
    (Why.NOT_CODED, lambda b: of_unit(b, x(b)), data(x=[1, 2, 3, 10**30])),
    (Why.MANY_CLASSES, lambda b: of_unit(b, x(b)), data(x=[1, 2, 3, 10**9])),
    (Why.OPEN, lambda b: of_unit(b, x(b)), data(x=[1, 2, 3, None])),
    (Why.NO_INTEGER, lambda b: of_unit(b, b.apply(Fn.DIVIDE, x(b), b.number(3))), data()),
]


def told(graph: Graph, found: Data) -> FactPlan:
    """What became of the one fact; the answer is that of the columnar engine, whatever became of it."""
    ran = runs.run(graph, found, least_rows=0)
    assert ran.output("答") == columnar.run(graph, found).output("答")
    [ledger] = [one for one in ran.ledgers if one.grain == "e"]
    [fact] = ledger.facts
    assert ledger.rows == 4 and len(fact.nodes) == 1
    return fact


@pytest.mark.parametrize(("why", "ask", "found"), REASONS, ids=[f"{at} {one[0]}" for at, one in enumerate(REASONS)])
def test_what_is_not_counted_says_why(why: Why, ask: Ask, found: Data) -> None:
    assert told(build(ask), found) == replace(told(build(ask), found), why=why, classes=0, groups=0)


def test_a_row_that_looks_at_others(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(build(streak), data()).why is Why.BEYOND_ROW
    assert told(build(lambda b: ranked(b, "单位", "事项")), data()).why is None
    monkeypatch.setattr(tally, "MOST_CODES", 3)
    assert told(build(lambda b: ranked(b, "单位", "事项")), data()).why is Why.MANY_GROUPS


def test_what_is_counted_says_how_many_rows_and_groups_there_can_be() -> None:
    fact = told(build(lambda b: ranked(b, "单位", "事项")), data())
    assert (fact.why, fact.classes, fact.groups) == (None, 4, 4)  # x is 1 to 4; two units, two matters
    fact = told(build(lambda b: of_unit(b, x(b), b.apply(Fn.LESS, b.number(2), x(b)))), data())
    assert (fact.why, fact.classes, fact.groups) == (None, 2, 2)  # 1 and 2 have no say


def test_every_reason_has_words() -> None:
    assert {one.value for one in Why} == set(WHY)
    assert {why for why, _, _ in REASONS} | {Why.BEYOND_ROW, Why.MANY_GROUPS} == set(Why)
