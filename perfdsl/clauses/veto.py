"""Veto: the unit gets the lowest grade, whatever its total (一票否决), or what 后果 says: a grade, a bound, a total or items of 0.

It acts before the quota: a vetoed unit holds no place above its grade, and the rule says whether the place it would
have had goes to the next unit or stays empty. Whether it keeps its rank is a reading of its own: a unit that leaves the
ranking (不参加排名) counts in no quota base and moves the others up. 总分计为 0 分 and 【A01】不得分 act before the total
is ranked, and do nothing to the grade itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from perfdsl.clauses.kind import Choice, Kind
from perfdsl.clauses.shared import ruling
from perfdsl.clauses.shared.ruling import InRulebook, Limit, RuleClause, RuleFacts, RuleScope, Ruling
from perfdsl.graph.ops import EffectKind
from perfdsl.model.stages import Stage
from perfdsl.text.catalogue import names
from perfdsl.text.form import Form, Word
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto(RuleClause):
    """``effect`` None: the lowest grade; ``set`` the grade named; ``no_better`` and ``bar`` a bound.

    ``total_zero`` and ``item_zero`` (with ``codes``) take points and leave the grade alone.
    """


FORM = Form(
    name=Word("veto", "一票否决", ("否决项", "否决性指标"), "veto"),
    header="veto",
    takes=ruling.takes("set", "no_better", "bar", "item_zero", "total_zero"),
)


def check(clause: Veto, setting: InRulebook) -> Iterable[Problem]:
    """A case, a grade that exists, and who takes the place."""
    yield from ruling.check_case(clause, "一票否决")
    yield from ruling.check_rank(clause, setting, "一票否决")
    if clause.effect in ruling.ZEROES:
        known = [item.code for item in setting.rulebook.walk()]
        for code in clause.codes:
            if code not in known:
                yield names.code_unknown(clause.span, code, nearest(code, known))
        return
    yield from ruling.check_scope(clause, setting, "一票否决")
    yield from ruling.check_grades(clause, setting)
    yield from ruling.check_effect(clause, setting)
    yield from ruling.check_place(clause, setting, "一票否决")


def lower(clause: Veto, scope: RuleScope) -> Limit:
    """At most the lowest grade, or what 后果 says."""
    when, holds = ruling.met(scope, clause.case), clause.quota == "no_backfill"
    places = [scope.grades.index(name) for name in clause.grades]
    match clause.effect:
        case "total_zero" | "item_zero":
            return Limit(when, None, 0)
        case "set":
            return Limit(when, EffectKind.SET, places[0], holds)
        case "no_better":
            return Limit(when, EffectKind.AT_MOST, places[0], holds)
        case "bar":
            return Limit(when, EffectKind.AT_MOST, max(places) + 1, holds)
        case _:
            return Limit(when, EffectKind.AT_MOST, len(scope.grades) - 1, holds)


def by_hand(clause: Veto, facts: RuleFacts) -> Ruling:
    """Is there a case? Then the unit has the grade named, or may have none better than the one that is left to it."""
    applies, stays_empty = facts.holds(clause.case), clause.quota == "no_backfill"
    if clause.effect in ruling.ZEROES:
        return Ruling(applies, None, 0)
    if clause.effect == "set":
        return Ruling(applies, EffectKind.SET, facts.grades.index(clause.grades[0]), stays_empty)
    if clause.effect == "no_better":
        left = clause.grades[0]
    elif clause.effect == "bar":
        left = next(grade for i, grade in enumerate(facts.grades) if not set(facts.grades[i:]) & set(clause.grades))
    else:
        left = facts.grades[-1]
    return Ruling(applies, EffectKind.AT_MOST, facts.grades.index(left), stays_empty)


def sentence(clause: Veto, rule: object) -> str:
    """一票否决：等次定为最低等次."""
    match clause.effect:
        case "total_zero":
            effect = "总分计为 0 分"
        case "item_zero":
            effect = f"{'、'.join(f'【{code}】' for code in clause.codes)}不得分"
        case "set":
            effect = f"等次定为{ruling.quoted(clause.grades)}"
        case "no_better":
            effect = f"等次不高于{ruling.quoted(clause.grades)}"
        case "bar":
            effect = f"不得评为{ruling.quoted(clause.grades)}"
        case _:
            effect = "等次定为最低等次"
    return f"一票否决：{effect}"


KIND = Kind(
    key="veto",
    form=FORM,
    node=Veto,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.ELIGIBILITY,
    fact=None,
    choices=(
        ruling.PLACE_CHOICE,
        Choice(
            "rank",
            "被否决的单位还排不排名次",
            (("keeps_rank", "名次：保留名次"), ("unranked", "名次：不参加排名")),
            "K365",
        ),
    ),
)
