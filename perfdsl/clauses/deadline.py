"""Deadline: points for a thing done by a day (2018年7月31日前印发得满分，逾期或未印发不得分).

The day itself is still in time: 7月31日前 is read as 7月31日及以前, as officers mean it (T2: 以上、以下、以前含本数).
The fact is the date; a unit that never did it is 未发生 and gets what 逾期 gives. 未报 is not answered by the phrase.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting
from perfdsl.clauses.shared.awards import answers, award_node, check_award, check_one_of, check_otherwise, worth
from perfdsl.clauses.shared.measures import zero
from perfdsl.clauses.shared.words import in_words
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.item import Answer, Award, Clause, Item
from perfdsl.model.states import State
from perfdsl.model.units import ValueType
from perfdsl.text.form import Form, Word, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Clause):
    """``award`` for ``text`` by ``day``, that day included; ``late`` (逾期) or ``otherwise`` (否则) after it or never."""

    day: date
    text: str
    award: Award
    late: Award | None = None
    otherwise: Award | None = None

    @property
    def missed(self) -> Award | None:
        """What a unit gets that was late or never did it."""
        return self.late if self.late is not None else self.otherwise

    @property
    def answers(self) -> dict[State, Answer]:
        """未发生 gives what 逾期 gives."""
        return answers(State.NONE, self.missed)


FORM = Form(
    name=Word("deadline", "期限计分", english="deadline"),
    pattern=(
        slot("deadline", {"day": "day", "text": "text", "award": "award"}),
        slot("overdue", {"award": "late"}, required=False),
        slot("otherwise", {"award": "otherwise"}, required=False),
    ),
)


def check(clause: Deadline, setting: Setting) -> Iterable[Problem]:
    """What being late gives must be written."""
    yield from check_award(clause.award, setting)
    yield from check_otherwise(clause.missed, setting)
    yield from check_one_of(clause.late, clause.otherwise, ("逾期", "否则"), clause.span)


def lower(clause: Deadline, scope: Scope) -> NodeId:
    """choose(date ≤ day → award, late)."""
    graph = scope.graph
    missed = zero(scope) if clause.missed is None else award_node(clause.missed, scope)
    in_time = graph.apply(Fn.LESS_EQUAL, scope.value, graph.constant(clause.day, ValueType.DATE))
    return graph.choose((in_time, award_node(clause.award, scope)), otherwise=missed)


def by_hand(clause: Deadline, facts: Facts) -> Fraction:
    """On the day or before it: the award. After it: what the rule says."""
    done: date = facts.value
    if done.toordinal() <= clause.day.toordinal():
        return worth(clause.award, facts)
    return Fraction(0) if clause.missed is None else worth(clause.missed, facts)


def sentence(clause: Deadline, item: Item) -> str:
    """2018年7月31日前（含当日）印发得满分，逾期不得分."""
    day = f"{clause.day.year}年{clause.day.month}月{clause.day.day}日"
    rest = f"，逾期{in_words(clause.missed)}" if clause.missed is not None else ""
    return f"{day}前（含当日）{clause.text}{in_words(clause.award)}{rest}"


KIND = Kind(
    key="deadline",
    form=FORM,
    node=Deadline,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    fact=ValueType.DATE,
    answers=lambda clause: clause.answers,
)
