"""Application: a number by grade (结果运用：优秀 1.2，良好 1.0 …), for all units or for those of 对象."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from perfdsl.clauses.kind import Kind, constant
from perfdsl.clauses.shared import ruling
from perfdsl.clauses.shared.ruling import ApplicationFacts, ApplicationScope, InRulebook
from perfdsl.graph.ops import Band, Lookup, NodeId
from perfdsl.model.expression import Condition, Expression, Number
from perfdsl.model.item import Clause
from perfdsl.model.stages import Stage
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, decimal
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Form, Heading, Take, Word
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem

WORD = Word("application", "结果运用", ("考核结果运用", "奖惩"), "application")


@dataclass(frozen=True, slots=True, kw_only=True)
class Application(Clause):
    """``numbers`` stand beside ``grades``. ``whom`` None: all units that have a grade."""

    grades: tuple[str, ...] = ()
    numbers: tuple[Expression, ...] = ()
    whom: Condition | None = None
    action: str = ""
    procedure: str = ""
    ways: tuple[str, ...] = ()


FORM = Form(
    name=WORD,
    header="application",
    takes=(Take("whom", into="whom"), Take("action", into="action"), Take("procedure", into="procedure"), ruling.WAY),
    table=(Heading("grades", "text", Word("grade", "等次", (), "grade")), Heading("numbers", "amount")),
)


def check(clause: Application, setting: InRulebook) -> Iterable[Problem]:
    """Every grade once, and a number for each."""
    order = setting.rulebook.grade_names
    if not order:
        yield grading.no_grades(clause.span)
        return
    for name in dict.fromkeys(clause.grades):
        if name not in order:
            yield grading.unknown_grade(clause.span, name, nearest(name, order), order)
        elif clause.grades.count(name) > 1:
            yield grading.application_twice(clause.span, name)
    if missing := [name for name in order if name not in clause.grades]:
        yield grading.application_misses(clause.span, missing)
    for name, number in zip(clause.grades, clause.numbers, strict=False):
        if constant(number) is None:
            yield grading.application_not_number(number.span or clause.span, name)


def lower(clause: Application, scope: ApplicationScope) -> NodeId:
    """The number beside the grade; 不涉及 for units that are not of 对象."""
    graph = scope.graph
    bands = []
    for name, number in zip(clause.grades, clause.numbers, strict=True):
        value, unit = constant(number), number.unit if isinstance(number, Number) else RATIO
        assert value is not None
        bands.append(Band(graph.number(value, unit), key=scope.grades.index(name)))
    found = graph.add(Lookup(scope.grade, tuple(bands)))
    if clause.whom is None:
        return found
    return graph.choose((ruling.met(scope, clause.whom), found), otherwise=graph.nothing(State.ABSENT, found))


def by_hand(clause: Application, facts: ApplicationFacts) -> Fraction | None:
    """Read the number beside the unit's grade; none for a unit without a grade or outside 对象."""
    if clause.whom is not None and not facts.holds(clause.whom):
        return None
    if facts.grade is None:
        return None
    return constant(dict(zip(clause.grades, clause.numbers, strict=True))[facts.grade])


def sentence(clause: Application, rule: object) -> str:
    """“优秀” 1.2；“良好” 1."""
    pairs = zip(clause.grades, clause.numbers, strict=False)
    return "；".join(f"“{name}” {decimal(constant(number) or Fraction(0))}" for name, number in pairs)


KIND = Kind(
    key="application",
    form=FORM,
    node=Application,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.APPLICATION,
    fact=None,
)
