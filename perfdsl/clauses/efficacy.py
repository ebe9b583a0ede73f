"""Efficacy coefficient: a base share of the full mark at the unacceptable value, all of it at the satisfactory one (功效系数法).

Between them, and beyond them, on the straight line

    score = full × (base + (1 - base) × (x - 不允许值) ÷ (满意值 - 不允许值))

The base is 60% in 财政部 等四部门《国有资本金效绩评价规则》, 40% or 50% elsewhere: it is written (基础分占 60%). The rule says how
far up the line goes (最高得满分, 最高 12 分, 不封顶) and how far down (最低得基础分, 扣完本指标为止). Where less is better the
satisfactory value is simply the smaller one. Either may be a number, a column of a 附表, or the best and worst of the units
(满意值：最高值（指标值、含本单位）); where they come from the units they may be equal, and the rule says what then.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Choice, Facts, Kind, Scope, Setting, Undecided, constant
from perfdsl.clauses.shared.bounds import CAP, CAP_CHOICE, MOST, cap_in_words, capped, capped_by_hand, check_cap
from perfdsl.clauses.shared.measures import called, measured, unit_word
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.model.units import RATIO, percent
from perfdsl.text.catalogue import ranking, scoring
from perfdsl.text.form import Form, Label, Shape, Take, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

LOW = {"base_floor": "最低得基础分", "until_item": "扣完本指标为止"}
SPREAD = {"spread_full": "满意值与不允许值相等的得满分", "spread_least": "满意值与不允许值相等的得基础分"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Efficacy(Clause):
    """``satisfactory`` gives the full mark, ``unacceptable`` the share ``base`` of it (one amount).

    ``low`` is ``base_floor`` or ``until_item``; ``spread`` what two equal ends give, ``spread_full`` or ``spread_least``.
    """

    satisfactory: Expression
    unacceptable: Expression
    base: tuple[Expression, ...] = ()
    low: str | None = None
    spread: str | None = None
    cap: str | None = None
    most: Expression | None = None


FORM = Form(
    name=Word("efficacy", "功效系数法", english="efficacy"),
    phrases=(
        Word("by_efficacy", "按功效系数", ("按功效系数法", "按功效系数计分"), "by-efficacy"),
        Word("base_floor", "最低得基础分", ("不低于基础分",), "not-below-base"),
    ),
    labels=(
        Label(Word("satisfactory", "满意值", ("满意标准值",), "satisfactory"), Shape.EXPRESSION),
        Label(Word("unacceptable", "不允许值", ("不允许标准值",), "unacceptable"), Shape.EXPRESSION),
    ),
    takes=(
        Take("satisfactory", into="satisfactory", required=True),
        Take("unacceptable", into="unacceptable", required=True),
    ),
    pattern=(
        fixed("by_efficacy"),
        slot("word", {"amounts": "base"}, required=False, key="base_share"),
        fixed("base_floor", "until_item", into="low", required=False),
        fixed("spread_full", "spread_least", into="spread", required=False),
        CAP,
        MOST,
    ),
)


def base_of(clause: Efficacy) -> Fraction:
    """The share of the full mark at the unacceptable value."""
    return (constant(clause.base[0]) if clause.base else None) or Fraction(0)


def check(clause: Efficacy, setting: Setting) -> Iterable[Problem]:
    """A full mark, a base, bounds above and below, two values that differ and are measured like the 指标值."""
    item = setting.item
    yield from check_cap(clause, setting)
    if item.full is None:
        yield scoring.full_missing(item.span or clause.span)
    if not clause.base:
        yield ranking.efficacy_unstated(clause.span, "不允许值得满分的几成没有写明", ("基础分占 60%", "基础分占 40%"))
    elif len(clause.base) != 1 or measured(clause.base[0]) != RATIO or not 0 <= base_of(clause) < 1:
        yield scoring.contradiction(clause.span, f"基础分占 {amount(clause.base[0])}", "基础分要写满分的百分之几")
    if clause.low is None:
        yield ranking.efficacy_unstated(clause.span, "比不允许值还差的怎样计没有写明", tuple(LOW.values()))
    for name, said in (("满意值", clause.satisfactory), ("不允许值", clause.unacceptable)):
        value, other = measured(item.value), measured(said)
        if value is not None and other is not None and value != other:
            yield scoring.unlike_units(said.span or clause.span, f"指标值和{name}", called(value), called(other))
    ends = constant(clause.satisfactory), constant(clause.unacceptable)
    if None not in ends:
        if ends[0] == ends[1]:
            yield scoring.ends_unfit(clause.span, "满意值和不允许值相等，两头之间没有数")
    elif clause.spread is None:
        yield ranking.no_proportion(clause.span, "满意值和不允许值不是写明的数，可能相等", tuple(SPREAD.values()))


def lower(clause: Efficacy, scope: Scope) -> NodeId:
    """full × max(base + (1 - base) × share, low), capped."""
    graph = scope.graph
    worst, best = scope.number(clause.unacceptable), scope.number(clause.satisfactory)
    base, one = graph.number(base_of(clause)), graph.number(1)
    far = graph.apply(Fn.SUBTRACT, scope.value, worst)
    width = graph.apply(Fn.SUBTRACT, best, worst)
    unit = graph.type(width).unit or RATIO
    none = graph.apply(Fn.EQUAL, width, graph.number(0, unit))
    if clause.spread is not None:
        width = graph.choose((none, graph.number(1, unit)), otherwise=width)
    share = graph.apply(Fn.DIVIDE, far, width)
    part = graph.apply(Fn.ADD, base, graph.apply(Fn.MULTIPLY, graph.apply(Fn.SUBTRACT, one, base), share))
    if clause.low == "base_floor":
        part = graph.apply(Fn.GREATEST, part, base)
    if clause.spread is not None:
        part = graph.choose((none, one if clause.spread == "spread_full" else base), otherwise=part)
    score = graph.apply(Fn.MULTIPLY, scope.full, part)
    if clause.low == "until_item":
        score = graph.apply(Fn.GREATEST, score, scope.least)
    return capped(clause, score, scope)


def by_hand(clause: Efficacy, facts: Facts) -> Fraction:
    """How far from the unacceptable towards the satisfactory value, then the base and that part of the rest."""
    worst, best = facts.number(clause.unacceptable), facts.number(clause.satisfactory)
    base = base_of(clause) * 100
    if best != worst:
        coefficient = base + (100 - base) * (facts.value - worst) / (best - worst)
        if clause.low == "base_floor":
            coefficient = max(coefficient, base)
    elif clause.spread is None:
        raise Undecided("满意值和不允许值相等")
    else:
        coefficient = Fraction(100) if clause.spread == "spread_full" else base
    score = facts.full * coefficient / 100
    if clause.low == "until_item":
        score = max(score, facts.least)
    return capped_by_hand(clause, score, facts)


def sentence(clause: Efficacy, item: Item) -> str:
    """按功效系数得分（满意值 95%，不允许值 60%，基础分占 60%），最高得满分."""
    ends = f"满意值 {amount(clause.satisfactory)}，不允许值 {amount(clause.unacceptable)}"
    low = f"，{LOW[clause.low]}" if clause.low is not None else ""
    base = f"，基础分占 {percent(base_of(clause))}"
    return f"按功效系数得分（{ends}{base}）{cap_in_words(clause, amount(clause.most))}{low}"


KIND = Kind(
    key="efficacy",
    form=FORM,
    node=Efficacy,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact_unit=lambda clause: unit_word(clause.satisfactory),
    choices=(
        CAP_CHOICE,
        Choice("low", "比不允许值还差的怎样计", tuple(LOW.items()), "K269"),
        Choice("spread", "满意值和不允许值相等时得几分", tuple(SPREAD.items()), "K268"),
    ),
)
