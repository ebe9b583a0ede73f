"""Measure: what is done with the units that meet a condition (结果运用：对象 … 措施 …), and until when (期限).

Circulars, interviews, bars on honours and promotion, cuts of budgets, rectification: all of them text, for the units
of a condition. 起算日 is a date or a column of dates, 期限 so many days, working days, months or years from it; where
the day is known, reports say when it is due. The day itself is not counted; a month ends on the same day of the later
month, or on its last.
"""

from __future__ import annotations

from collections.abc import Iterable

from perfdsl.clauses.kind import Kind, constant
from perfdsl.clauses.shared import applying, ruling
from perfdsl.clauses.shared.applying import Applying
from perfdsl.clauses.shared.ruling import ApplicationFacts, ApplicationScope, InRulebook
from perfdsl.graph.ops import NodeId
from perfdsl.model.expression import Expression, Number
from perfdsl.model.stages import Stage
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Form, Take, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

TERMS = ("日", "天", "个工作日", "工作日", "个月", "月", "年")
"""Measure words of 期限."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(Applying):
    """``whom`` 对象, ``action`` 措施; ``from_day`` 起算日 and ``within`` 期限, both or none."""

    from_day: Expression | None = None
    within: Expression | None = None


FORM = Form(
    name=applying.WORD,
    header="application",
    takes=(
        Take("whom", into="whom", required=True),
        Take("action", into="action", required=True),
        Take("procedure", into="procedure"),
        Take("from_day", into="from_day"),
        Take("term", slots=(slot("points", {"amount": "within"}),)),
        ruling.WAY,
    ),
)


def term(clause: Measure) -> tuple[int, str] | None:
    """How long, and in what: (10, 个工作日)."""
    within = clause.within
    if not isinstance(within, Number):
        return None
    word = next((one for one in sorted(TERMS, key=len, reverse=True) if within.written.strip().endswith(one)), "")
    digits = within.written.strip().removesuffix(word).strip()
    return (int(digits), word) if word and digits.isdigit() and int(digits) > 0 else None


def check(clause: Measure, setting: InRulebook) -> Iterable[Problem]:
    """Whom it concerns, what is done, and from when to when."""
    yield from applying.check_common(clause, setting)
    if clause.whom is None:
        yield grading.whom_unstated(clause.span)
    if not clause.action.strip():
        yield grading.action_unstated(clause.span)
    if clause.within is not None and (constant(clause.within) is None or term(clause) is None):
        yield grading.bad_table(clause.span, "期限要写几日、几个工作日、几个月或几年", "期限：10 个工作日")
    if (clause.from_day is None) != (clause.within is None):
        mend = (
            "起算日：通报日期（数据里的一栏）\n或  起算日：2026年3月1日" if clause.from_day is None else "期限：1 个月"
        )
        yield grading.bad_table(clause.span, "起算日和期限要一起写", mend)


def lower(clause: Measure, scope: ApplicationScope) -> NodeId:
    """Whether the unit is one of 对象."""
    assert clause.whom is not None
    return ruling.met(scope, clause.whom)


def by_hand(clause: Measure, facts: ApplicationFacts) -> bool:
    """Is the unit one of 对象?"""
    return clause.whom is not None and facts.holds(clause.whom)


def sentence(clause: Measure, rule: object) -> str:
    """The measure in the rule's own words."""
    within = clause.within
    return clause.action + (f"，{within.written} 以内" if isinstance(within, Number) else "")


KIND = Kind(
    key="measure",
    form=FORM,
    node=Measure,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.APPLICATION,
    fact=None,
)
