"""Both ends of a score that a formula gives: 最高得满分, 最低 0 分; 不封顶, 不保底."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Protocol

from perfdsl.clauses.kind import Facts, Scope, Setting, constant
from perfdsl.clauses.shared.bounds import Gaining, cap_in_words, capped, capped_by_hand, check_cap, check_points
from perfdsl.clauses.shared.measures import points
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import fixed, slot
from perfdsl.text.problem import Problem

BOTTOM = (
    fixed("no_floor", into="bottom", required=False),
    slot("at_least", {"amount": "least"}, required=False, subject=""),
)
"""不保底; 最低 0 分, in the phrase."""


class Between(Gaining, Protocol):
    """A clause with both ends."""

    @property
    def least(self) -> Expression | None: ...
    @property
    def bottom(self) -> str | None: ...


def bounded(clause: Between, score: NodeId, scope: Scope) -> NodeId:
    """``score``, not above the upper end, nor below the lower one."""
    score = capped(clause, score, scope)
    return score if clause.least is None else scope.graph.apply(Fn.GREATEST, score, points(scope, clause.least))


def bounded_by_hand(clause: Between, score: Fraction, facts: Facts) -> Fraction:
    """What lies under the lower end is lifted to it, what lies over the upper end is cut to it."""
    if clause.least is not None:
        score = max(score, facts.number(clause.least))
    return capped_by_hand(clause, score, facts)


def check_ends(clause: Between, setting: Setting, what: str) -> Iterable[Problem]:
    """Both ends are said once, the lower below the upper."""
    yield from check_cap(clause, setting)
    yield from check_points(clause.least, clause.span)
    low, most = constant(clause.least), constant(clause.most)
    high = setting.item.full if most is None else most
    if clause.least is None and clause.bottom is None:
        yield scoring.bottom_unstated(clause.span, what)
    elif clause.least is not None and clause.bottom is not None:
        yield scoring.contradiction(clause.span, "不保底", f"最低 {amount(clause.least)} 分")
    elif low is not None and high is not None and low >= high:
        yield scoring.contradiction(clause.span, f"最低 {decimal(low)} 分", f"最高 {decimal(high)} 分")


def ends_in_words(clause: Between) -> str:
    """，最高得满分，最低 0 分."""
    low = f"，最低 {amount(clause.least)} 分" if clause.least is not None else "，不保底" if clause.bottom else ""
    return cap_in_words(clause, amount(clause.most)) + low
