"""Drop: so many grades down after the quota (降等), or down to the grade that 后果 names.

The unit earned its place and is then moved, so the others stay where they were: nothing passes on.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Kind
from perfdsl.clauses.shared import ruling
from perfdsl.clauses.shared.ruling import InRulebook, Limit, RuleClause, RuleFacts, RuleScope, Ruling
from perfdsl.graph.ops import EffectKind
from perfdsl.model.stages import Stage
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Form, Word
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DropGrade(RuleClause):
    """``drop`` by ``count`` grades, ``set`` to a grade, or ``no_better`` than one."""


FORM = Form(
    name=Word("drop_grade", "降等", (), "drop-grade"),
    header="drop_grade",
    takes=ruling.takes("drop", "set", "no_better"),
)


def check(clause: DropGrade, setting: InRulebook) -> Iterable[Problem]:
    """A case, and how far down. A place that is given and then lost does not pass on, so 名额 is not asked for."""
    yield from ruling.check_case(clause, "降等")
    yield from ruling.check_scope(clause, setting, "降等")
    if clause.effect is None:
        yield grading.effect_unstated(clause.span, "降等", "后果：降 1 个等次")
    yield from ruling.check_grades(clause, setting)
    yield from ruling.check_effect(clause, setting)
    if clause.quota == "backfill":
        yield grading.drop_cannot_pass_on(clause.span, next(iter(ruling.order_of(clause, setting)[1:]), ""))


def lower(clause: DropGrade, scope: RuleScope) -> Limit:
    """So many grades worse, or what 后果 says."""
    when = ruling.met(scope, clause.case)
    if clause.effect == "drop":
        count = ruling.count_of(clause)
        assert count is not None
        return Limit(when, EffectKind.DROP, int(count))
    kind = EffectKind.SET if clause.effect == "set" else EffectKind.AT_MOST
    return Limit(when, kind, scope.grades.index(clause.grades[0]))


def by_hand(clause: DropGrade, facts: RuleFacts) -> Ruling:
    """Is there a case? Then so many grades down, or to the grade named."""
    applies = facts.holds(clause.case)
    if clause.effect == "drop":
        return Ruling(applies, EffectKind.DROP, int(ruling.count_of(clause) or 0))
    to = next(place for place, grade in enumerate(facts.grades) if grade == clause.grades[0])
    return Ruling(applies, EffectKind.SET if clause.effect == "set" else EffectKind.AT_MOST, to)


def sentence(clause: DropGrade, rule: object) -> str:
    """降 1 个等次."""
    match clause.effect:
        case "drop":
            return f"等次评定后降 {decimal(ruling.count_of(clause) or Fraction(0))} 个等次"
        case "set":
            return f"等次评定后定为{ruling.quoted(clause.grades)}"
        case _:
            return f"等次评定后不高于{ruling.quoted(clause.grades)}"


KIND = Kind(
    key="drop_grade",
    form=FORM,
    node=DropGrade,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.ADJUSTMENT,
    fact=None,
    choices=(ruling.PLACE_CHOICE,),
)
