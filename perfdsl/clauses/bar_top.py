"""Bar the top: the unit may not have the best grade (一票否优), or any of the grades that 后果 names.

It acts before the quota, so a barred unit must not use up one of the places; whether the next unit takes the place
is a rule that must be written.
"""

from __future__ import annotations

from collections.abc import Iterable

from perfdsl.clauses.kind import Kind
from perfdsl.clauses.shared import ruling
from perfdsl.clauses.shared.ruling import InRulebook, Limit, RuleClause, RuleFacts, RuleScope, Ruling
from perfdsl.graph.ops import EffectKind
from perfdsl.model.stages import Stage
from perfdsl.text.form import Form, Word
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BarTop(RuleClause):
    """``grades`` empty: the best grade is barred."""


FORM = Form(
    name=Word("bar_top", "一票否优", ("取消评优资格", "不得评优"), "bar-top"),
    header="bar_top",
    takes=ruling.takes("bar"),
)


def check(clause: BarTop, setting: InRulebook) -> Iterable[Problem]:
    """A case, grades that exist and stand at the top, and who takes the place."""
    yield from ruling.check_case(clause, "一票否优")
    yield from ruling.check_scope(clause, setting, "一票否优")
    yield from ruling.check_grades(clause, setting)
    yield from ruling.check_effect(clause, setting)
    yield from ruling.check_place(clause, setting, "一票否优")


def lower(clause: BarTop, scope: RuleScope) -> Limit:
    """No better than the grade below the last one barred."""
    barred = [scope.grades.index(name) for name in clause.grades] or [0]
    holds = clause.quota == "no_backfill"
    return Limit(ruling.met(scope, clause.case), EffectKind.AT_MOST, max(barred) + 1, holds)


def by_hand(clause: BarTop, facts: RuleFacts) -> Ruling:
    """Strike the barred grades out: what is left begins with the best that the unit may have."""
    barred = clause.grades or facts.grades[:1]
    left = list(facts.grades)
    while set(left) & set(barred):
        left.pop(0)
    best = facts.grades.index(left[0])
    return Ruling(facts.holds(clause.case), EffectKind.AT_MOST, best, clause.quota == "no_backfill")


def sentence(clause: BarTop, rule: object) -> str:
    """不得评为 “优秀”."""
    return f"不得评为{ruling.quoted(clause.grades)}" if clause.grades else "不得评为最高等次"


KIND = Kind(
    key="bar_top",
    form=FORM,
    node=BarTop,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.ELIGIBILITY,
    fact=None,
    choices=(ruling.PLACE_CHOICE,),
)
