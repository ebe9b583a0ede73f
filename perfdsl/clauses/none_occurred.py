"""None occurred: points where something did not happen (未发生得满分，否则不得分).

The fact is whether it happened: 是 means that it did. A cell that says 未发生 says no, and the phrase answers it.
The opposite convention (no case, no points) is as common and must be written as such.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting
from perfdsl.clauses.shared.awards import answers, award_node, check_award, check_otherwise, worth
from perfdsl.clauses.shared.measures import zero
from perfdsl.clauses.shared.words import in_words
from perfdsl.graph.ops import NodeId
from perfdsl.model.item import Answer, Award, Clause, Item
from perfdsl.model.states import State
from perfdsl.model.units import ValueType
from perfdsl.text.form import Form, Word, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NoneOccurred(Clause):
    """``award`` where nothing happened, ``otherwise`` where something did."""

    award: Award
    otherwise: Award | None = None

    @property
    def answers(self) -> dict[State, Answer]:
        """未发生 gives the award."""
        return answers(State.NONE, self.award)


FORM = Form(
    name=Word("none_occurred", "未发生计分", english="none-occurred"),
    pattern=(slot("none_occurred", {"award": "award"}), slot("otherwise", {"award": "otherwise"}, required=False)),
)


def check(clause: NoneOccurred, setting: Setting) -> Iterable[Problem]:
    """What an occurrence gives must be written."""
    yield from check_award(clause.award, setting)
    yield from check_otherwise(clause.otherwise, setting)


def lower(clause: NoneOccurred, scope: Scope) -> NodeId:
    """choose(happened → otherwise, award)."""
    graph = scope.graph
    happened = zero(scope) if clause.otherwise is None else award_node(clause.otherwise, scope)
    return graph.choose((scope.value, happened), otherwise=award_node(clause.award, scope))


def by_hand(clause: NoneOccurred, facts: Facts) -> Fraction:
    """Did not happen: the award. Happened: what the rule says."""
    if not facts.value:
        return worth(clause.award, facts)
    return Fraction(0) if clause.otherwise is None else worth(clause.otherwise, facts)


def sentence(clause: NoneOccurred, item: Item) -> str:
    """未发生得满分，否则不得分."""
    rest = f"，否则{in_words(clause.otherwise)}" if clause.otherwise is not None else ""
    return f"未发生{in_words(clause.award)}{rest}"


KIND = Kind(
    key="none_occurred",
    form=FORM,
    node=NoneOccurred,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    fact=ValueType.BOOL,
    answers=lambda clause: clause.answers,
)
