"""Raise: in a case the unit gets a grade directly (晋级：直接评为 “优秀”), outside the quota or on one of its places.

Found in the bonus table of a city's departments (an award of the central government makes a unit 优秀 if nothing else
stands against it) and as 专项晋优 in published results. Whether it uses a place is a reading that must be written: where
it does, the others have one place less. Of all that acts on one unit the worst holds: a unit that a veto or a limit
keeps from the grade is not raised to it, and a drop takes it down again.
"""

from __future__ import annotations

from collections.abc import Iterable

from perfdsl.clauses.kind import Choice, Kind
from perfdsl.clauses.shared import ruling
from perfdsl.clauses.shared.ruling import InRulebook, Limit, RuleClause, RuleFacts, RuleScope, Ruling
from perfdsl.graph.ops import EffectKind
from perfdsl.model.grade import UNIT
from perfdsl.model.stages import Stage
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Form, Word
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Promote(RuleClause):
    """``grades`` holds the one grade; ``quota`` is ``no_quota`` or ``takes_quota``."""


FORM = Form(
    name=Word("promote", "晋级", ("直接评定", "破格评定"), "promotion"),
    header="promote",
    takes=ruling.takes("direct", quota=("no_quota", "takes_quota")),
)


def check(clause: Promote, setting: InRulebook) -> Iterable[Problem]:
    """A case, a grade, and whether it uses a place."""
    yield from ruling.check_case(clause, "晋级")
    if clause.effect is None or not clause.grades:
        yield grading.effect_unstated(clause.span, "晋级", "后果：直接评为 “优秀”")
    yield from ruling.check_grades(clause, setting)
    for name in clause.scopes:
        if name != UNIT:
            yield grading.raise_of_other_scope(clause.span, name)
    limited = {grade.name for scheme in setting.rulebook.schemes for grade in scheme.grades if grade.quota}
    if clause.quota is None and clause.grades and clause.grades[0] in limited:
        yield grading.raise_place_unstated(clause.span, clause.grades[0])


def lower(clause: Promote, scope: RuleScope) -> Limit:
    """At least the grade named."""
    place = scope.grades.index(clause.grades[0])
    return Limit(ruling.met(scope, clause.case), EffectKind.AT_LEAST, place, clause.quota == "takes_quota")


def by_hand(clause: Promote, facts: RuleFacts) -> Ruling:
    """Is there a case? Then count the grades above the one named: the unit is given that one."""
    above = list(facts.grades).index(clause.grades[0])
    return Ruling(facts.holds(clause.case), EffectKind.AT_LEAST, above, clause.quota == "takes_quota")


def sentence(clause: Promote, rule: object) -> str:
    """直接评为 “优秀”，不占名额."""
    place = {"no_quota": "，不占名额", "takes_quota": "，占用名额"}.get(clause.quota or "", "")
    return f"直接评为{ruling.quoted(clause.grades[:1])}{place}"


KIND = Kind(
    key="promote",
    form=FORM,
    node=Promote,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.GRADE,
    fact=None,
    choices=(
        Choice(
            "quota",
            "直接评定的单位占不占名额",
            (("no_quota", "名额：不占名额"), ("takes_quota", "名额：占用名额")),
            "K383",
        ),
    ),
)
