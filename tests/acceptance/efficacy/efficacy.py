"""Efficacy coefficient: 60% of the full mark at the unacceptable value, all of it at the satisfactory one (功效系数法).

Between them, and beyond them, on the straight line

    score = full × (60% + 40% × (x − 不允许值) ÷ (满意值 − 不允许值))

never below 0; the rule says how far up it goes (最高得满分, 最高 12 分, 不封顶). Where less is better the satisfactory
value is simply the smaller one. The method is that of 财政部 等四部门《国有资本金效绩评价规则》.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, Undecided, constant
from perfdsl.clauses.shared.bounds import CAP, MOST, cap_in_words, capped, capped_by_hand, check_cap
from perfdsl.clauses.shared.measures import called, measured, unit_word
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Label, Shape, Take, Word, fixed
from perfdsl.text.problem import Problem

BASE, RISE = Fraction(60, 100), Fraction(40, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Efficacy(Clause):
    """``satisfactory`` gives the full mark, ``unacceptable`` 60% of it."""

    satisfactory: Expression
    unacceptable: Expression
    cap: str | None = None
    most: Expression | None = None


FORM = Form(
    name=Word("efficacy", "功效系数法", english="efficacy"),
    phrases=(Word("by_efficacy", "按功效系数", ("按功效系数法", "按功效系数计分"), "by-efficacy"),),
    labels=(
        Label(Word("satisfactory", "满意值", ("满意标准值",), "satisfactory"), Shape.EXPRESSION),
        Label(Word("unacceptable", "不允许值", ("不允许标准值",), "unacceptable"), Shape.EXPRESSION),
    ),
    takes=(
        Take("satisfactory", into="satisfactory", required=True),
        Take("unacceptable", into="unacceptable", required=True),
    ),
    pattern=(fixed("by_efficacy"), CAP, MOST),
)


def check(clause: Efficacy, setting: Setting) -> Iterable[Problem]:
    """A full mark, a cap, two values that differ and are measured like the 指标值."""
    item = setting.item
    yield from check_cap(clause, setting)
    if item.full is None:
        yield scoring.full_missing(item.span or clause.span)
    for name, said in (("满意值", clause.satisfactory), ("不允许值", clause.unacceptable)):
        value, other = measured(item.value), measured(said)
        if value is not None and other is not None and value != other:
            yield scoring.unlike_units(said.span or clause.span, f"指标值和{name}", called(value), called(other))
    if constant(clause.satisfactory) is not None and constant(clause.satisfactory) == constant(clause.unacceptable):
        yield scoring.ends_unfit(clause.span, "满意值和不允许值相等，两头之间没有数")


def lower(clause: Efficacy, scope: Scope) -> NodeId:
    """full × max(60% + 40% × share, 0), capped."""
    graph = scope.graph
    worst = scope.number(clause.unacceptable)
    far = graph.apply(Fn.SUBTRACT, scope.value, worst)
    width = graph.apply(Fn.SUBTRACT, scope.number(clause.satisfactory), worst)
    rise = graph.apply(Fn.MULTIPLY, graph.number(RISE), graph.apply(Fn.DIVIDE, far, width))
    part = graph.apply(Fn.GREATEST, graph.apply(Fn.ADD, graph.number(BASE), rise), graph.number(0))
    return capped(clause, graph.apply(Fn.MULTIPLY, scope.full, part), scope)


def by_hand(clause: Efficacy, facts: Facts) -> Fraction:
    """How far from the unacceptable towards the satisfactory value, then 60 and 40 parts of a hundred."""
    worst, best = facts.number(clause.unacceptable), facts.number(clause.satisfactory)
    if best == worst:
        raise Undecided("满意值和不允许值相等")
    coefficient = 60 + 40 * (facts.value - worst) / (best - worst)
    return capped_by_hand(clause, facts.full * max(coefficient, Fraction(0)) / 100, facts)


def sentence(clause: Efficacy, item: Item) -> str:
    """按功效系数得分（满意值 95%，不允许值 60%），最高得满分."""
    ends = f"满意值 {amount(clause.satisfactory)}，不允许值 {amount(clause.unacceptable)}"
    return f"按功效系数得分（{ends}）{cap_in_words(clause, amount(clause.most))}"


KIND = Kind(
    key="efficacy",
    form=FORM,
    node=Efficacy,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact_unit=lambda clause: unit_word(clause.satisfactory),
)
