"""No grade yet: while a case is open the unit has 不定等次 in the place of a grade (立案未结、正在调查).

The total and the rank stay. What becomes of the place that the unit would have had must be written: it is kept for it
(名额保留), or the unit stands for no place and the next one takes it (空出的由下一名递补). Which units are meant is a
condition, most often on a ledger whose rows say how far a case has come.
"""

from __future__ import annotations

from collections.abc import Iterable

from perfdsl.clauses.kind import Choice, Kind
from perfdsl.clauses.shared import ruling
from perfdsl.clauses.shared.ruling import InRulebook, Limit, RuleClause, RuleFacts, RuleScope, Ruling
from perfdsl.model.grade import UNIT
from perfdsl.model.stages import Stage
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Form, Take, Word, fixed
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Undetermined(RuleClause):
    """``quota`` is ``keeps_place`` or ``backfill``."""


FORM = Form(
    name=Word("undetermined", "不定等次", ("暂不定等次", "暂缓定等次"), "undetermined"),
    header="undetermined",
    takes=(
        Take("when", into="when"),
        Take("any_of", items="any_of"),
        Take("applies", into="applies"),
        Take("quota", slots=(fixed("keeps_place", "backfill", into="quota"),)),
        Take("rule_scope", into="scope"),
        Take("decided", into="decided"),
    ),
)


def check(clause: Undetermined, setting: InRulebook) -> Iterable[Problem]:
    """A case, and what becomes of the place."""
    yield from ruling.check_case(clause, "不定等次")
    yield from ruling.check_scope(clause, setting, "不定等次")
    yield from ruling.check_grades(clause, setting)
    limited = [grade.name for scheme in setting.rulebook.schemes for grade in scheme.grades if grade.quota]
    if limited and clause.quota is None and UNIT in clause.scopes:
        yield grading.open_case_place_unstated(clause.span, limited[0])
    yield from ruling.check_refill(clause, setting)


def lower(clause: Undetermined, scope: RuleScope) -> Limit:
    """Nothing to the grade itself: 不定等次 stands in its place."""
    return Limit(ruling.met(scope, clause.case), None, 0, clause.quota != "backfill")


def by_hand(clause: Undetermined, facts: RuleFacts) -> Ruling:
    """Is a case open? Then there is no grade yet, and the place is kept unless it passes on."""
    return Ruling(facts.holds(clause.case), None, 0, holds_place=clause.quota != "backfill")


def sentence(clause: Undetermined, rule: object) -> str:
    """暂不定等次，名额保留."""
    place = {"keeps_place": "，名额保留", "backfill": "，空出的名额由下一名递补"}.get(clause.quota or "", "")
    return f"暂不定等次{place}"


KIND = Kind(
    key="undetermined",
    form=FORM,
    node=Undetermined,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.CONFIRMATION,
    fact=None,
    choices=(
        Choice(
            "quota",
            "不定等次的单位本来会占的名额怎么办",
            (("keeps_place", "名额：名额保留"), ("backfill", "名额：空出的由下一名递补")),
            "K381",
        ),
    ),
)
