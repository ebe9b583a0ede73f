"""Application: a number by grade (结果运用：优秀 1.2，良好 1.0 …), for all units or for those of 对象.

The number may be multiplied by a base of the unit (每人 3000 元 by 在编人数); then what limits it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from perfdsl.clauses.kind import Kind, constant
from perfdsl.clauses.shared import applying
from perfdsl.clauses.shared.applying import Facts, Giving, Scope
from perfdsl.clauses.shared.ruling import InRulebook
from perfdsl.graph.ops import Band, Lookup, NodeId
from perfdsl.model.expression import Expression, Number
from perfdsl.model.grade import UNDETERMINED
from perfdsl.model.stages import Stage
from perfdsl.model.units import RATIO, decimal
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Form, Heading, Word
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Application(Giving):
    """``numbers`` stand beside ``grades``."""

    grades: tuple[str, ...] = ()
    numbers: tuple[Expression, ...] = ()


FORM = Form(
    name=applying.WORD,
    header="application",
    takes=applying.GIVING,
    table=(Heading("grades", "text", Word("grade", "等次", (), "grade")), Heading("numbers", "amount")),
)


def check(clause: Application, setting: InRulebook) -> Iterable[Problem]:
    """Every grade once, a number for each, and no more for a worse grade than for a better one."""
    yield from applying.check_grade_table(clause, clause.grades, setting)
    for name, number in zip(clause.grades, clause.numbers, strict=False):
        if constant(number) is None:
            yield grading.application_not_number(number.span or clause.span, name)
    yield from applying.check_giving(clause, setting, clause.numbers)
    yield from _falls(clause, setting)


def _falls(clause: Application, setting: InRulebook) -> Iterable[Problem]:
    if len(set(clause.grades)) < len(clause.grades):
        return
    numbers = dict(zip(clause.grades, map(constant, clause.numbers), strict=False))
    for scheme in setting.rulebook.schemes:
        known = [
            (name, numbers[name]) for name in scheme.order if numbers.get(name) is not None and name != UNDETERMINED
        ]
        for (better, more), (worse, less) in pairwise(known):
            if more is not None and less is not None and less > more:
                said = f"“{worse}”给 {decimal(less)}，比“{better}”的 {decimal(more)} 多"
                yield grading.measures_contradict(clause.span, said, f"| {better} | {decimal(less)} |")


def lower(clause: Application, scope: Scope) -> NodeId:
    """The number beside the grade; 不涉及 for units that are not of 对象."""
    graph = scope.graph
    bands = []
    for name, number in zip(clause.grades, clause.numbers, strict=True):
        value, unit = constant(number), number.unit if isinstance(number, Number) else RATIO
        assert value is not None
        bands.append(Band(graph.number(value, RATIO if _reckoned(clause) else unit), key=scope.grades.index(name)))
    return applying.given(clause, scope, graph.add(Lookup(scope.grade, tuple(bands))))


def _reckoned(clause: Giving) -> bool:
    return clause.base is not None or clause.most is not None


def by_hand(clause: Application, facts: Facts) -> Fraction | None:
    """Read the number beside the unit's grade; none for a unit without a grade or outside 对象."""
    if not applying.is_for(clause, facts) or facts.grade is None:
        return None
    number = constant(dict(zip(clause.grades, clause.numbers, strict=True))[facts.grade])
    return None if number is None else applying.worked_out(clause, facts, number)


def sentence(clause: Application, rule: object) -> str:
    """“优秀” 1.2；“良好” 1."""
    pairs = zip(clause.grades, clause.numbers, strict=False)
    each = "；".join(f"“{name}” {decimal(constant(number) or Fraction(0))}" for name, number in pairs)
    return each + applying.tail(clause)


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
