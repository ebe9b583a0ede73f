"""Quota of staff: so many of the unit's people may be 优秀, by the unit's own grade (优秀单位 20%，良好 15% …).

The share of a head count is hardly ever whole, and 不超过 does not say how it is made so; 取整 must be written.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Choice, Kind, constant
from perfdsl.clauses.shared import applying
from perfdsl.clauses.shared.applying import Applying, Facts, Scope
from perfdsl.clauses.shared.ruling import InRulebook, name_of
from perfdsl.graph.ops import Band, Lookup, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.rounding import Rounding, rounded
from perfdsl.model.stages import Stage
from perfdsl.model.units import percent
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Form, Heading, Take, Word, fixed
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffQuota(Applying):
    """``shares`` stand beside ``grades``; ``heads`` 人数, ``mode`` 取整."""

    grades: tuple[str, ...] = ()
    shares: tuple[Expression, ...] = ()
    heads: Expression | None = None
    mode: str | None = None


FORM = Form(
    name=applying.WORD,
    header="application",
    takes=(
        *applying.COMMON,
        Take("heads", into="heads", required=True),
        Take("whole", slots=(fixed(*applying.MODE_KEYS, into="mode"),)),
    ),
    table=(Heading("grades", "text", Word("grade", "等次", (), "grade")), Heading("shares", "amount")),
)


def check(clause: StaffQuota, setting: InRulebook) -> Iterable[Problem]:
    """Every grade once, a share for each, how it is made whole."""
    yield from applying.check_common(clause, setting)
    yield from applying.check_grade_table(clause, clause.grades, setting)
    for name, share in zip(clause.grades, clause.shares, strict=False):
        number = constant(share)
        if number is None:
            yield grading.application_not_number(share.span or clause.span, name)
        elif not 0 <= number <= 1:
            yield grading.bad_quota(share.span or clause.span, name, percent(number))
    if clause.mode is None:
        yield grading.share_rounding_unstated(clause.span, name_of(clause))


def lower(clause: StaffQuota, scope: Scope) -> NodeId:
    """Share by grade × heads, made whole."""
    graph = scope.graph
    assert clause.heads is not None
    assert clause.mode is not None
    pairs = zip(clause.grades, clause.shares, strict=True)
    bands = tuple(Band(graph.number(constant(share) or 0), key=scope.grades.index(name)) for name, share in pairs)
    places = applying.times(scope, graph.add(Lookup(scope.grade, bands)), clause.heads)
    return applying.for_whom(clause, scope, graph.rounded(places, 0, applying.MODES[clause.mode]))


def by_hand(clause: StaffQuota, facts: Facts) -> Fraction | None:
    """So many heads, so many per cent of them by the unit's grade, and then whole people."""
    if not applying.is_for(clause, facts) or facts.grade is None or clause.heads is None or clause.mode is None:
        return None
    heads = facts.amount(clause.heads)
    if heads is None:
        return None
    share = next(share for name, share in zip(clause.grades, clause.shares, strict=True) if name == facts.grade)
    return rounded(heads * (constant(share) or 0), Rounding(0, applying.MODES[clause.mode]))


def sentence(clause: StaffQuota, rule: object) -> str:
    """人数 × “优秀” 20%、“良好” 15%."""
    pairs = zip(clause.grades, clause.shares, strict=False)
    return "人数 × " + "、".join(f"“{name}” {percent(constant(share) or Fraction(0))}" for name, share in pairs)


KIND = Kind(
    key="staff_quota",
    form=FORM,
    node=StaffQuota,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.APPLICATION,
    fact=None,
    choices=(
        Choice(
            "mode",
            "比例乘人数不是整数时怎样取整",
            (
                ("down", "取整：舍去尾数"),
                ("half_up", "取整：四舍五入"),
                ("up", "取整：进一"),
                ("half_even", "取整：四舍六入五成双"),
            ),
            "K393",
        ),
    ),
)
