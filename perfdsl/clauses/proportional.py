"""Proportional: full marks times the share of the target that was reached (按完成比例，最高得满分).

Without a target the value is itself the share. Where lower is better the share is target ÷ value. A negative share
gives 0. The rule says how far it goes: 最高得满分, 最高 12 分 or 不封顶. A target (or, lower being better, a value)
that is 0 or less has no share: 待定.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, Undecided
from perfdsl.clauses.shared.awards import check_gives
from perfdsl.clauses.shared.bounds import CAP, CAP_CHOICE, MOST, cap_in_words, capped, capped_by_hand, check_cap
from perfdsl.clauses.shared.measures import called, measured
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.model.units import RATIO
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Word, fixed
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportional(Clause):
    """``cap`` is ``full_at_most`` or ``uncapped``; ``most`` a cap in points."""

    cap: str | None = None
    most: Expression | None = None


FORM = Form(
    name=Word("proportional", "按完成比例", english="proportional"),
    phrases=(
        Word(
            "by_completion",
            "按完成比例",
            ("按比例得分", "按完成率计分", "按完成比例得分", "按完成比例计分", "按完成率得分"),
            "in-proportion",
        ),
    ),
    pattern=(fixed("by_completion"), CAP, MOST),
)


def check(clause: Proportional, setting: Setting) -> Iterable[Problem]:
    """How far it goes; a share, or something to take it of."""
    item = setting.item
    value, target = measured(item.value), measured(item.target)
    yield from check_cap(clause, setting)
    yield from check_gives("按完成比例", setting)
    if item.full is None:
        yield scoring.full_missing(item.span or clause.span)
    if item.target is None and value is not None and value != RATIO:
        yield scoring.target_missing(clause.span)
    elif value is not None and target is not None and value != target:
        yield scoring.unlike_units(
            (item.target.span if item.target else None) or clause.span, "指标值和目标值", called(value), called(target)
        )
    if item.target is None and item.higher_is_better is False:
        yield scoring.contradiction(clause.span, "按完成比例", "方向：越低越好")


def share_node(scope: Scope) -> NodeId:
    """The share reached, 待定 where there is nothing to divide by."""
    graph, item = scope.graph, scope.item
    if item.target is None:
        return scope.value
    over, under = (scope.target, scope.value) if item.higher_is_better is False else (scope.value, scope.target)
    none = graph.number(0, graph.type(under).unit or RATIO)
    return graph.apply(Fn.DIVIDE, over, graph.apply(Fn.GREATEST, under, none))


def lower(clause: Proportional, scope: Scope) -> NodeId:
    """full × max(share, 0), capped."""
    graph = scope.graph
    share = graph.apply(Fn.GREATEST, share_node(scope), graph.number(0))
    return capped(clause, graph.apply(Fn.MULTIPLY, scope.full, share), scope)


def share_by_hand(facts: Facts) -> Fraction:
    """What share of the target was reached."""
    value: Fraction = facts.value
    if not facts.has_target:
        return value
    if facts.item.higher_is_better is False:
        if value <= 0:
            raise Undecided("越低越好，指标值是 0 或负数，没有比例可算")
        return facts.target / value
    if facts.target <= 0:
        raise Undecided("目标值是 0 或负数，没有比例可算")
    return value / facts.target


def by_hand(clause: Proportional, facts: Facts) -> Fraction:
    """The share of the full mark, not below 0, as far as the rule goes."""
    return capped_by_hand(clause, facts.full * max(share_by_hand(facts), Fraction(0)), facts)


def sentence(clause: Proportional, item: Item) -> str:
    """按完成比例得分，最高得满分."""
    return f"按完成比例得分{cap_in_words(clause, amount(clause.most))}"


KIND = Kind(
    key="proportional",
    form=FORM,
    node=Proportional,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact_unit=lambda clause: "%",
    cap=lambda clause: clause.most,
    choices=(CAP_CHOICE,),
)
