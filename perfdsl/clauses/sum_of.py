"""Sum of: the children's scores added up, where enough are there (各要点得分之和，至少 8 项).

What is not there is left out. With fewer than 至少 n 项 (one, if nothing is said) there is no score: 不涉及.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting
from perfdsl.clauses.shared.combining import check_least, enough, if_enough, total
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SumOf(Clause):
    """``least``: how many must be there."""

    least: Expression | None = None


FORM = Form(
    name=Word("sum_of", "要点合计", english="sum-of"),
    phrases=(Word("sum_of", "各要点得分之和", ("各要点得分合计", "各要点得分相加"), "sum-of-points"),),
    pattern=(fixed("sum_of"), slot("present", {"count": "least"}, required=False)),
)


def check(clause: SumOf, setting: Setting) -> Iterable[Problem]:
    """至少 n 项 can be met."""
    yield from check_least(clause.least, setting, clause.span)


def lower(clause: SumOf, scope: Scope) -> NodeId:
    """The sum, where enough are there."""
    return if_enough(scope, clause.least, total(scope))


def by_hand(clause: SumOf, facts: Facts) -> Fraction | None:
    """Add up those there are; None where there are too few."""
    return sum(facts.children, Fraction(0)) if enough(len(facts.children), clause.least) else None


def sentence(clause: SumOf, item: Item) -> str:
    """各要点得分之和，至少 8 项."""
    least = f"，至少 {amount(clause.least)}" if clause.least is not None else ""
    return f"各要点得分之和{least}"


KIND = Kind(
    key="sum_of",
    form=FORM,
    node=SumOf,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    combines=True,
)
