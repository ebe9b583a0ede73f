"""By value: the 指标值 is itself the score (按指标值得分).

For rules that are a formula: points = A × (B - time)^C in combined events, a weighted sum of points, a score that a
colleague worked out. Formulas give more than full marks and less than nothing as well; both ends are said: 最高得满分,
最高 12 分 or 不封顶; 最低 0 分 or 不保底.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Choice, Facts, Kind, Scope, Setting, constant
from perfdsl.clauses.shared.awards import takes_away
from perfdsl.clauses.shared.between import BOTTOM, bounded, bounded_by_hand, check_ends, ends_in_words
from perfdsl.clauses.shared.bounds import CAP, MOST
from perfdsl.clauses.shared.measures import called, measured
from perfdsl.graph.ops import NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.model.units import POINTS, RATIO, decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Word, fixed
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ByValue(Clause):
    """``cap`` and ``most`` are the upper end, ``least`` or ``bottom`` (不保底) the lower one."""

    cap: str | None = None
    most: Expression | None = None
    least: Expression | None = None
    bottom: str | None = None


FORM = Form(
    name=Word("by_value", "按指标值得分", english="by-value"),
    phrases=(Word("value_is_score", "按指标值得分", ("按指标值计分", "指标值即得分"), "value-is-score"),),
    pattern=(fixed("value_is_score"), CAP, MOST, *BOTTOM),
)


def check(clause: ByValue, setting: Setting) -> Iterable[Problem]:
    """A value in points, and both ends."""
    value = measured(setting.item.value)
    if value is not None and value != POINTS:
        span = setting.item.value.span if setting.item.value is not None else None
        yield scoring.value_in_points(clause.span, called(value), value == RATIO, span.text if span is not None else "")
    if takes_away(setting.item):
        most = constant(setting.item.most) or setting.item.full
        end = f"最多扣 {decimal(most)} 分" if most is not None else "不封顶"
        instead = f"每有 1 分扣 1 分，不足 1 分的按比例计，{end}"
        yield scoring.contradiction(clause.span, "按指标值得分", "扣分项", instead)
    yield from check_ends(clause, setting, "指标值")


def lower(clause: ByValue, scope: Scope) -> NodeId:
    """The value, within its ends."""
    return bounded(clause, scope.value, scope)


def by_hand(clause: ByValue, facts: Facts) -> Fraction:
    """What the formula gives, as far as the rule goes."""
    return bounded_by_hand(clause, facts.value, facts)


def sentence(clause: ByValue, item: Item) -> str:
    """按指标值得分，不封顶，最低 0 分."""
    return f"按指标值得分{ends_in_words(clause)}"


KIND = Kind(
    key="by_value",
    form=FORM,
    node=ByValue,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact_unit=lambda clause: "分",
    cap=lambda clause: clause.most,
    choices=(
        Choice("cap", "高于满分的怎样计", (("full_at_most", "最高得满分"), ("uncapped", "不封顶")), "K209"),
        Choice("bottom", "负数怎样计", (("", "最低 0 分"), ("no_floor", "不保底")), "K255"),
    ),
)
