"""Mean of: the mean of the children's scores (各要点得分的平均 × 10，至少 2 项).

The mean is of the scores that are there. With fewer than 至少 n 项 (one, if nothing is said) there is no score:
不涉及.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting
from perfdsl.clauses.shared.combining import check_least, enough, if_enough, present, total
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.text.form import Form, Word, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanOf(Clause):
    """``times`` holds the factor of × 10, or nothing."""

    times: tuple[Expression, ...] = ()
    least: Expression | None = None


FORM = Form(
    name=Word("mean_of", "要点平均", english="mean-of"),
    phrases=(
        Word(
            "mean_of",
            "各要点得分的平均",
            ("取各要点得分的平均", "各要点得分的平均分", "各要点平均分"),
            "mean-of-points",
        ),
    ),
    pattern=(slot("word", {"amounts": "times"}, key="mean_of"), slot("present", {"count": "least"}, required=False)),
)


def check(clause: MeanOf, setting: Setting) -> Iterable[Problem]:
    """至少 n 项 can be met."""
    yield from check_least(clause.least, setting, clause.span)


def lower(clause: MeanOf, scope: Scope) -> NodeId:
    """sum ÷ count × factor, where enough are there."""
    graph = scope.graph
    # dividing by max(count, 1) keeps the branch that is not taken from being reported as a zero divisor
    count = graph.apply(Fn.GREATEST, present(scope), graph.number(1))
    mean = graph.apply(Fn.DIVIDE, graph.apply(Fn.MULTIPLY, total(scope), *map(scope.number, clause.times)), count)
    return if_enough(scope, clause.least, mean)


def by_hand(clause: MeanOf, facts: Facts) -> Fraction | None:
    """Add up, divide by how many, multiply; None where there are too few."""
    scores = list(facts.children)
    if not enough(len(scores), clause.least):
        return None
    mean = sum(scores, Fraction(0)) / len(scores)
    for factor in clause.times:
        mean *= facts.number(factor)
    return mean


def sentence(clause: MeanOf, item: Item) -> str:
    """各要点得分的平均 × 10，至少 2 项."""
    times = "".join(f" × {amount(factor)}" for factor in clause.times)
    least = f"，至少 {amount(clause.least)}" if clause.least is not None else ""
    return f"各要点得分的平均{times}{least}"


KIND = Kind(
    key="mean_of",
    form=FORM,
    node=MeanOf,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    combines=True,
)
