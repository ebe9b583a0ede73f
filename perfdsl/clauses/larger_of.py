"""Larger of: the best (or the worst) of the children's scores (取各要点得分的最高者; 最低者).

A child that does not concern the unit is left out. With fewer than 至少 n 项 (one, if nothing is said) there is no
score: 不涉及.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting
from perfdsl.clauses.shared.combining import check_least, enough, if_enough
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.model.states import WEAKER
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LargerOf(Clause):
    """``which`` is ``larger_of`` or ``smaller_of``."""

    which: str
    least: Expression | None = None


FORM = Form(
    name=Word("larger_of", "取最高或最低", english="larger-of"),
    phrases=(
        Word(
            "larger_of", "取各要点得分的最高者", ("取各要点得分的最高分", "各要点得分取高", "孰高"), "larger-of-points"
        ),
        Word(
            "smaller_of",
            "取各要点得分的最低者",
            ("取各要点得分的最低分", "各要点得分取低", "孰低"),
            "smaller-of-points",
        ),
    ),
    pattern=(
        fixed("larger_of", "smaller_of", into="which"),
        slot("present", {"count": "least"}, required=False),
    ),
)


def check(clause: LargerOf, setting: Setting) -> Iterable[Problem]:
    """至少 n 项 can be met."""
    yield from check_least(clause.least, setting, clause.span)


def lower(clause: LargerOf, scope: Scope) -> NodeId:
    """The greatest (least) of the children, taken two by two; a child that is not there leaves the other."""
    graph, fn = scope.graph, Fn.GREATEST if clause.which == "larger_of" else Fn.LEAST
    best, *rest = scope.children
    for child in rest:
        both = graph.apply(fn, best, child)
        best = graph.choose((graph.has(best, *WEAKER), child), (graph.has(child, *WEAKER), best), otherwise=both)
    return if_enough(scope, clause.least, best)


def by_hand(clause: LargerOf, facts: Facts) -> Fraction | None:
    """The best (worst) of those there are; None where there are too few."""
    if not enough(len(facts.children), clause.least):
        return None
    return max(facts.children) if clause.which == "larger_of" else min(facts.children)


def sentence(clause: LargerOf, item: Item) -> str:
    """取各要点得分的最高者."""
    least = f"，至少 {amount(clause.least)}" if clause.least is not None else ""
    return f"取各要点得分的最{'高' if clause.which == 'larger_of' else '低'}者{least}"


KIND = Kind(
    key="larger_of",
    form=FORM,
    node=LargerOf,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    combines=True,
)
