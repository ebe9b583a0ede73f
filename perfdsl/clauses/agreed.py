"""Agreed: the score on which all children agree (各要点得分一致方可计分); where they differ, it is 待定.

So several scorers can score one item (评分单位：环保局、水文局，分别评分，结果一致方可计分): each has a column of its own, and
a difference is to be settled between them, not by the computer. A child that does not concern the unit is left out.
"""

from __future__ import annotations

from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Undecided
from perfdsl.clauses.shared.combining import if_enough
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.item import Clause, Item
from perfdsl.model.states import WEAKER, State
from perfdsl.text.form import Form, Word, fixed
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed(Clause):
    """Nothing but itself."""


FORM = Form(
    name=Word("agreed", "得分一致方可计分", english="agreed"),
    phrases=(
        Word("agreed_points", "各要点得分一致方可计分", ("各要点得分一致的计分，不一致的待定",), "agreed-points"),
        Word("separately", "分别评分", ("各自评分", "背靠背评分"), "scored-separately"),
        Word("scorers_mean", "取平均", ("取平均分", "取平均值"), "take-mean"),
        Word("scorers_low", "取低", ("取最低分", "就低"), "take-lowest"),
        Word("scorers_high", "取高", ("取最高分",), "take-highest"),
    ),
    pattern=(fixed("agreed_points"),),
)


def lower(clause: Agreed, scope: Scope) -> NodeId:
    """The first child that is there, where every other that is there equals it."""
    graph = scope.graph
    first, *rest = scope.children
    one, same = first, graph.truth()
    for child in rest:
        gone = graph.apply(Fn.OR, graph.has(one, *WEAKER), graph.has(child, *WEAKER))
        alike = graph.choose((gone, graph.truth()), otherwise=graph.apply(Fn.EQUAL, one, child))
        same = graph.apply(Fn.AND, same, alike)
        one = graph.choose((graph.has(one, *WEAKER), child), otherwise=one)
    return if_enough(scope, None, graph.choose((same, one), otherwise=graph.nothing(State.PENDING, one)))


def by_hand(clause: Agreed, facts: Facts) -> Fraction | None:
    """Compare what the scorers gave."""
    scores = set(facts.children)
    if len(scores) > 1:
        raise Undecided("评分不一致")
    return scores.pop() if scores else None


def sentence(clause: Agreed, item: Item) -> str:
    """各要点得分一致方可计分."""
    return "各方评分一致方可计分，不一致的待定"


KIND = Kind(
    key="agreed",
    form=FORM,
    node=Agreed,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    combines=True,
)
