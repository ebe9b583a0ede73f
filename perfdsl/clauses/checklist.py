"""Checklist: points for each thing that is there (要件：每具备 1 项得 2 分，最高得满分).

The list items below are yes/no facts. Without items the number of things is itself the fact (每有 1 条理由得 5 分,
逐条填写理由和佐证材料编号): it is typed in, with the evidence beside it. A thing half there is not there.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, Undecided, constant
from perfdsl.clauses.shared.awards import turned, turned_node
from perfdsl.clauses.shared.bounds import CAP, CAP_CHOICE, MOST, cap_in_words, capped, capped_by_hand, check_cap
from perfdsl.clauses.shared.measures import like, points, unit_word
from perfdsl.clauses.shared.stepping import more_than_nothing
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression, Holds
from perfdsl.model.item import Clause, Item
from perfdsl.model.states import WEAKER
from perfdsl.model.units import ValueType, decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Take, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist(Clause):
    """``points`` for each of ``items`` that is there, or for each ``each`` of the fact ``what``."""

    each: Expression
    points: Expression
    what: str = ""
    items: tuple[Expression, ...] = ()
    cap: str | None = None
    most: Expression | None = None


FORM = Form(
    name=Word("checklist", "要件逐项", english="checklist"),
    phrases=(
        Word("with_evidence", "逐条填写理由和佐证材料编号", ("逐条填写理由", "逐条填写佐证材料编号"), "with-evidence"),
    ),
    takes=(
        Take(
            "checklist",
            items="items",
            slots=(
                slot(
                    "count",
                    {"each": "each", "what": "what", "award.points": "points"},
                    award__kind=("get", "add"),
                ),
                CAP,
                MOST,
                fixed("with_evidence", required=False),
            ),
            required=True,
        ),
    ),
)


def check(clause: Checklist, setting: Setting) -> Iterable[Problem]:
    """The list can reach the full mark, and does not pass it unsaid."""
    each, worth, full = constant(clause.each), constant(clause.points), setting.item.full
    reach = None if worth is None else len(clause.items) * worth
    if clause.items and each != 1:
        mend = f"每有 1 项得 {amount(clause.points)} 分"
        yield scoring.checklist_wrong(clause.span, "要件逐条列出的，每条单独得分", mend)
    elif clause.items and reach is not None and full is not None and reach < full:
        what = f"列了 {len(clause.items)} 条，全部具备得 {decimal(reach)} 分，够不上分值 {decimal(full)} 分"
        yield scoring.checklist_wrong(clause.span, what, "补上要件，或改每条的分")
    if reach is None or full is None or reach != full:
        yield from check_cap(clause, setting)


def lower(clause: Checklist, scope: Scope) -> NodeId:
    """points × number of things there, capped."""
    graph = scope.graph
    if not clause.items:
        count = graph.apply(Fn.DIVIDE, scope.value, more_than_nothing(scope, like(scope, clause.each, scope.value)))
    else:
        one, none = graph.number(1), graph.number(0)
        there = [item_node(item, one, none, scope) for item in clause.items]
        count = there[0] if len(there) == 1 else graph.apply(Fn.ADD, *there)
    gain = capped(clause, graph.apply(Fn.MULTIPLY, count, points(scope, clause.points)), scope)
    return turned_node(gain, scope)


def item_node(item: Expression, one: NodeId, none: NodeId, scope: Scope) -> NodeId:
    """1 where the thing is there; what does not concern the unit is not there."""
    there = scope.condition(Holds(item))
    return scope.graph.choose((scope.graph.has(there, *WEAKER), none), (there, one), otherwise=none)


def by_hand(clause: Checklist, facts: Facts) -> Fraction:
    """Count what is there, and give its points, as far as the rule goes."""
    if clause.items:
        count = Fraction(sum(1 for item in clause.items if facts.holds(Holds(item))))
    else:
        value: Fraction = facts.value
        each = facts.number(clause.each)
        if each <= 0:
            raise Undecided
        count = value / each
    return turned(capped_by_hand(clause, count * facts.number(clause.points), facts), facts)


def sentence(clause: Checklist, item: Item) -> str:
    """每具备 1 项得 2 分，最高得满分."""
    return f"每具备 {amount(clause.each)}得 {amount(clause.points)} 分{cap_in_words(clause, amount(clause.most))}"


KIND = Kind(
    key="checklist",
    form=FORM,
    node=Checklist,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact_by=lambda clause: None if clause.items else ValueType.NUMBER,
    fact_unit=lambda clause: unit_word(clause.each),
    fact_name=lambda clause: clause.what,
    cap=lambda clause: clause.most,
    choices=(CAP_CHOICE,),
)
