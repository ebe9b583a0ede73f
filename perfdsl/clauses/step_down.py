"""Step down: points off for each step by which the value misses the target (每低 1 个百分点扣 0.5 分).

Three readings of a begun step are all in use, and one city's published scores fit only the first: pro rata
(按比例计), whole steps only (不计), a begun step as a whole one (按 1 个计). The rule must say which.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting
from perfdsl.clauses.stepping import check_floor, check_gap, check_remainder, floored, gap_by_hand, gap_node, step_nodes
from perfdsl.clauses.words import amount, steps
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDown(Clause):
    """``way``: ``below`` or ``above`` the target. ``gap`` is how far, where the rule defines it itself.

    ``remainder`` is ``pro_rata``, ``not_counted`` or ``count_as``; ``floor`` one of ``until_point``,
    ``until_item``, ``until_group``; ``most`` the most that can be lost.
    """

    way: str
    each: Expression
    points: Expression
    gap: Expression | None = None
    remainder: str | None = None
    under: Expression | None = None
    counted_as: Expression | None = None
    most: Expression | None = None
    floor: str | None = None
    met_op: str | None = None
    met_against: Expression | None = None


FORM = Form(
    name=Word("step_down", "逐档扣分", english="step-down"),
    pattern=(
        fixed("meet", required=False),
        slot("reach", {"op": "met_op", "against": "met_against"}, required=False, award__kind="full"),
        slot(
            "step",
            {"way": "way", "each": "each", "award.points": "points", "gap": "gap"},
            award__kind="deduct",
        ),
        slot("remainder", {"treat": "remainder", "under": "under", "counted_as": "counted_as"}, required=False),
        slot("at_most", {"amount": "most"}, required=False, verb="deduct"),
        fixed("until_point", "until_item", "until_group", "until", into="floor", required=False),
    ),
)


def check(clause: StepDown, setting: Setting) -> Iterable[Problem]:
    """A target, a reading of begun steps, a unit that fits, a floor with its scope."""
    yield from check_gap(clause, setting)
    yield from check_remainder(clause, setting)
    yield from check_floor(clause, setting)


def lower(clause: StepDown, scope: Scope) -> NodeId:
    """full − min(most, steps × points), not below the floor."""
    graph = scope.graph
    count = step_nodes(scope, gap_node(clause, scope), scope.number(clause.each), clause.remainder)
    lost = graph.apply(Fn.MULTIPLY, count, scope.number(clause.points))
    if clause.most is not None:
        lost = graph.apply(Fn.LEAST, lost, scope.number(clause.most))
    return floored(clause.floor, graph.apply(Fn.SUBTRACT, scope.full, lost), scope)


def by_hand(clause: StepDown, facts: Facts) -> Fraction:
    """Count the steps missed, take the points off the full mark, stop where the rule stops."""
    lost = steps(gap_by_hand(clause, facts), facts.number(clause.each), clause.remainder) * facts.number(clause.points)
    if clause.most is not None:
        lost = min(lost, facts.number(clause.most))
    score = facts.full - lost
    return max(score, facts.least) if clause.floor in ("until_point", "until_item") else score


def sentence(clause: StepDown, item: Item) -> str:
    """每低 1 个百分点扣 0.5 分."""
    way = "低" if clause.way == "below" else "超"
    treat = {"pro_rata": "不足的按比例计", "not_counted": "不足的不计", "count_as": "不足的按一档计"}
    rest = f"，{treat[clause.remainder]}" if clause.remainder else ""
    return f"比目标每{way} {amount(clause.each)}扣 {amount(clause.points)} 分{rest}"


KIND = Kind(
    key="step_down",
    form=FORM,
    node=StepDown,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
)
