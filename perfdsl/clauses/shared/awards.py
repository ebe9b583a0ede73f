"""What an award is worth in an item, and from where points are taken or given.

An indicator that loses points starts from its full mark, a bonus or a deduction from 0. Under 扣分项 every award is
a loss, whether it says 扣 2 分 or 2 分: the scores of deductions are negative, so that scores add up to the total.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Scope, Setting, constant
from perfdsl.clauses.shared.measures import points, zero
from perfdsl.clauses.shared.words import in_words
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Answer, AnswerKind, Award, AwardKind, Item, Level
from perfdsl.model.states import State
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.problem import Problem
from perfdsl.text.source import Span

LOSSES = frozenset({AwardKind.DEDUCT, AwardKind.REVERSE})


def scored(item: Item) -> bool:
    """Whether the item is an indicator, point or step, not a bonus or deduction."""
    return item.level not in (Level.BONUS, Level.DEDUCTION)


def takes_away(item: Item) -> bool:
    """Whether the item is a deduction."""
    return item.level is Level.DEDUCTION


def worth(award: Award, facts: Facts) -> Fraction:
    """The points that ``award`` gives to the unit, negative where they are taken away."""
    if award.kind is AwardKind.FULL:
        given = facts.full
    else:
        given = Fraction(0) if award.points is None else facts.number(award.points)
    return -given if award.kind in LOSSES or takes_away(facts.item) else given


def award_node(award: Award, scope: Scope) -> NodeId:
    """:func:`worth` in the graph."""
    node = scope.award(award)
    if takes_away(scope.item) and award.kind not in LOSSES:
        return scope.graph.apply(Fn.NEGATE, node)
    return node


def turned(given: Fraction, facts: Facts) -> Fraction:
    """Points written without 得 or 扣: given, and taken away under 扣分项."""
    return -given if takes_away(facts.item) else given


def turned_node(given: NodeId, scope: Scope) -> NodeId:
    """:func:`turned` in the graph."""
    return scope.graph.apply(Fn.NEGATE, given) if takes_away(scope.item) else given


def signed(amount: Expression, facts: Facts) -> Fraction:
    """Points written as a plain amount."""
    return turned(facts.number(amount), facts)


def signed_node(amount: Expression, scope: Scope) -> NodeId:
    """:func:`signed` in the graph."""
    return turned_node(points(scope, amount), scope)


def start(facts: Facts) -> Fraction:
    """Where a loss starts: at the full mark of an indicator, at 0 elsewhere."""
    return facts.full if scored(facts.item) else Fraction(0)


def start_node(scope: Scope) -> NodeId:
    """:func:`start` in the graph."""
    return scope.full if scored(scope.item) else zero(scope)


def answer(award: Award, item_is_deduction: bool = False) -> Answer | None:
    """What an award answers for a state (未发生得满分); None where it is no plain number."""
    match award.kind:
        case AwardKind.FULL:
            return Answer(AnswerKind.FULL)
        case AwardKind.ZERO:
            return Answer(AnswerKind.ZERO)
    given = constant(award.points)
    if given is None:
        return None
    return Answer(AnswerKind.POINTS, -given if award.kind in LOSSES or item_is_deduction else given)


def answers(state: State, award: Award | None) -> dict[State, Answer]:
    """The one answer that a phrase gives by itself."""
    given = None if award is None else answer(award)
    return {} if given is None else {state: given}


# ---- checks


def check_award(award: Award | None, setting: Setting) -> Iterable[Problem]:
    """An award is not above the full mark, and 扣 in an indicator says from where."""
    if award is None:
        return
    full, given = setting.item.full, constant(award.points)
    span = award.points.span if award.points is not None else None
    if award.kind is AwardKind.FULL and full is None:
        yield scoring.full_missing(setting.item.span)
    elif award.kind in (AwardKind.GET, AwardKind.ADD) and given is not None and full is not None and given > full:
        yield scoring.award_above_full(span or setting.item.span, decimal(given), decimal(full))
    elif award.kind is AwardKind.DEDUCT and scored(setting.item) and given is not None and full is not None:
        yield scoring.deduct_from_what(span or setting.item.span, decimal(full), decimal(given), decimal(full - given))


def check_one_of(one: Award | None, other: Award | None, told: tuple[str, str], span: Span | None) -> Iterable[Problem]:
    """Two phrases for one case (逾期, 否则) give the same, or only one of them stands."""
    if one is not None and other is not None and one != other:
        yield scoring.contradiction(span, f"{told[0]}{in_words(one)}", f"{told[1]}{in_words(other)}")


def check_gives(told: str, setting: Setting) -> Iterable[Problem]:
    """What can only give points takes none away: it does not stand under 扣分项."""
    if takes_away(setting.item):
        yield scoring.contradiction(setting.item.scoring.span if setting.item.scoring else None, told, "扣分项")


def check_otherwise(award: Award | None, setting: Setting) -> Iterable[Problem]:
    """What a miss gives must be written in an indicator; a bonus not earned and a fault not made are 0."""
    if award is not None:
        yield from check_award(award, setting)
    elif scored(setting.item):
        full = setting.item.full
        clause = setting.item.scoring
        span = clause.span if clause is not None and clause.span is not None else setting.item.span
        yield scoring.otherwise_unstated(span, None if full is None else decimal(full))
