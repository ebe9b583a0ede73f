"""Meet or zero: full marks when the target is met, otherwise nothing, or points off (达到得满分，否则不得分).

Without a target the fact is a yes or no. 否则扣 1 分 has two readings (from the full mark, or below zero) and is
asked about; 否则倒扣 1 分 gives -1.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting
from perfdsl.clauses.shared.awards import award_node, check_gives, check_otherwise, worth
from perfdsl.clauses.shared.words import in_words
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.item import Award, Clause, Item
from perfdsl.model.units import ValueType
from perfdsl.text.catalogue import names, scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetOrZero(Clause):
    """``otherwise`` is what a unit gets that does not meet the target; None where the rule does not say."""

    otherwise: Award | None = None


FORM = Form(
    name=Word("meet_or_zero", "达标计分", english="meet-or-zero"),
    pattern=(fixed("meet"), slot("otherwise", {"award": "otherwise"}, required=False)),
)


def check(clause: MeetOrZero, setting: Setting) -> Iterable[Problem]:
    """What a miss gives must be written; a number needs a target, and the target a direction."""
    yield from check_otherwise(clause.otherwise, setting)
    yield from check_gives("达到得满分", setting)
    item = setting.item
    if item.value is not None and item.kind is ValueType.BOOL:
        if item.target is not None:  # the fact says it all: there is nothing to compare the target with
            yield names.field_unused(item.target.span or clause.span, "目标值")
    elif item.value is not None and item.target is None:
        yield scoring.target_missing(clause.span)
    elif item.value is not None and item.higher_is_better is None:
        yield scoring.direction_unstated(item.span)


def met(scope: Scope) -> NodeId:
    """Whether the target is met: the fact itself, or the value against the target in the item's direction."""
    if scope.item.target is None:
        return scope.value
    if scope.item.higher_is_better is False:
        return scope.graph.apply(Fn.LESS_EQUAL, scope.value, scope.target)
    return scope.graph.apply(Fn.LESS_EQUAL, scope.target, scope.value)


def lower(clause: MeetOrZero, scope: Scope) -> NodeId:
    """choose(met → full, otherwise)."""
    assert clause.otherwise is not None
    return scope.graph.choose((met(scope), scope.full), otherwise=award_node(clause.otherwise, scope))


def by_hand(clause: MeetOrZero, facts: Facts) -> Fraction:
    """Met: the full mark. Not met: what the rule says."""
    if not facts.has_target:
        met = bool(facts.value)
    elif facts.higher_is_better:
        met = facts.value >= facts.target
    else:
        met = facts.value <= facts.target
    assert clause.otherwise is not None
    return facts.full if met else worth(clause.otherwise, facts)


def sentence(clause: MeetOrZero, item: Item) -> str:
    """达到得满分，否则不得分."""
    return f"达到得满分，否则{in_words(clause.otherwise)}"


KIND = Kind(
    key="meet_or_zero",
    form=FORM,
    node=MeetOrZero,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    fact=ValueType.BOOL,
)
