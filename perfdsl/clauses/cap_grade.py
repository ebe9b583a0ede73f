"""Cap the grade: no better than the grade that 后果 names (限等：等次不高于 “良好”). It acts before the quota."""

from __future__ import annotations

from collections.abc import Iterable

from perfdsl.clauses.kind import Kind
from perfdsl.clauses.shared import ruling
from perfdsl.clauses.shared.ruling import InRulebook, Limit, RuleClause, RuleFacts, RuleScope, Ruling
from perfdsl.graph.ops import EffectKind
from perfdsl.model.stages import Stage
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Form, Word
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CapGrade(RuleClause):
    """``grades`` holds the one grade that is the bound."""

    @property
    def says_what(self) -> bool:
        """There is no bound but the one that is named."""
        return bool(self.grades)


FORM = Form(
    name=Word("cap_grade", "限等", (), "cap-grade"),
    header="cap_grade",
    takes=ruling.takes("no_better"),
)


def check(clause: CapGrade, setting: InRulebook) -> Iterable[Problem]:
    """A case, a bound, and who takes the place."""
    yield from ruling.check_case(clause, "限等")
    yield from ruling.check_scope(clause, setting, "限等")
    if clause.effect is None or not clause.grades:
        yield grading.effect_unstated(clause.span, "限等", "后果：等次不高于 “良好”")
    yield from ruling.check_grades(clause, setting)
    yield from ruling.check_effect(clause, setting)
    yield from ruling.check_place(clause, setting, "限等")


def lower(clause: CapGrade, scope: RuleScope) -> Limit:
    """At most the grade named."""
    place = scope.grades.index(clause.grades[0])
    return Limit(ruling.met(scope, clause.case), EffectKind.AT_MOST, place, clause.quota == "no_backfill")


def by_hand(clause: CapGrade, facts: RuleFacts) -> Ruling:
    """Count the grades that stand above the bound: none of them is open to the unit."""
    above = 0
    while facts.grades[above] != clause.grades[0]:
        above += 1
    return Ruling(facts.holds(clause.case), EffectKind.AT_MOST, above, clause.quota == "no_backfill")


def sentence(clause: CapGrade, rule: object) -> str:
    """等次不高于 “良好”."""
    return f"等次不高于{ruling.quoted(clause.grades[:1])}"


KIND = Kind(
    key="cap_grade",
    form=FORM,
    node=CapGrade,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.ELIGIBILITY,
    fact=None,
    choices=(ruling.PLACE_CHOICE,),
)
