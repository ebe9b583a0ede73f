"""Ratio to the first: the best unit gets so many points, the others in proportion to it.

第一名 6 分，其余按与第一名的比例; 最高者得满分，其余按与最高者的比例. Where lower is better the share is best ÷ value. 最高者
and 最低者 say the direction themselves, 第一名 needs 方向. A negative value gives no negative points. A best value of
0 or less has no ratio: 待定 for everyone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, Undecided
from perfdsl.clauses.shared.awards import award_node, check_award, worth
from perfdsl.clauses.shared.words import in_words
from perfdsl.graph.ops import Fn, NodeId, Reduce
from perfdsl.model.item import Award, Clause, Item
from perfdsl.model.units import RATIO
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem

BEST = {"first": "第一名", "highest": "最高者", "lowest": "最低者"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioToFirst(Clause):
    """``which``: ``first``, ``highest`` or ``lowest``; it gets ``award``."""

    which: str
    award: Award


FORM = Form(
    name=Word("ratio_to_first", "按与第一名的比例", english="ratio-to-best"),
    phrases=(
        Word(
            "ratio_rest",
            "其余按与第一名的比例",
            ("其余按与第一名之比", "其余按与第一名的比例得分", "其余按与第一名的比例计分"),
            "rest-by-ratio-to-first",
        ),
        Word(
            "ratio_rest_highest",
            "其余按与最高者的比例",
            ("其余按与最高者之比", "其余按与最高者的比例得分", "其余按与最高者的比例计分"),
            "rest-by-ratio-to-highest",
        ),
        Word(
            "ratio_rest_lowest",
            "其余按与最低者的比例",
            ("其余按与最低者之比", "其余按与最低者的比例得分", "其余按与最低者的比例计分"),
            "rest-by-ratio-to-lowest",
        ),
    ),
    pattern=(
        slot("best", {"which": "which", "award": "award"}),
        fixed("ratio_rest", "ratio_rest_highest", "ratio_rest_lowest"),
    ),
)


def low_first(clause: RatioToFirst, item: Item) -> bool:
    """Whether the lowest value is the best."""
    return clause.which == "lowest" or (clause.which == "first" and item.higher_is_better is False)


def check(clause: RatioToFirst, setting: Setting) -> Iterable[Problem]:
    """A direction, and one only."""
    item = setting.item
    yield from check_award(clause.award, setting)
    if clause.which == "first" and item.higher_is_better is None:
        yield scoring.direction_unstated(item.span)
    elif clause.which == "highest" and item.higher_is_better is False:
        yield scoring.contradiction(clause.span, "最高者", "越低越好")
    elif clause.which == "lowest" and item.higher_is_better is True:
        yield scoring.contradiction(clause.span, "最低者", "越高越好")


def lower(clause: RatioToFirst, scope: Scope) -> NodeId:
    """award × max(0, value) ÷ best, or award × best ÷ value where lower is better."""
    graph, peers, low = scope.graph, scope.peers, low_first(clause, scope.item)
    reduce = Reduce.LEAST if low else Reduce.GREATEST
    best = graph.aggregate(reduce, scope.value, where=peers.where, key=peers.group)
    # a best of 0 or less is made a zero divisor: reported, and 待定
    none = graph.number(0, graph.type(best).unit or RATIO)
    sound = graph.apply(Fn.GREATEST, best, none)
    award = award_node(clause.award, scope)
    if low:
        other = graph.choose((graph.apply(Fn.EQUAL, sound, none), none), otherwise=scope.value)
        return graph.apply(Fn.DIVIDE, graph.apply(Fn.MULTIPLY, award, sound), other)
    value = graph.apply(Fn.GREATEST, scope.value, none)
    return graph.apply(Fn.DIVIDE, graph.apply(Fn.MULTIPLY, award, value), sound)


def by_hand(clause: RatioToFirst, facts: Facts) -> Fraction | None:
    """Find the best value, and take the share of its points. Without anybody to compare with there is no score."""
    if not facts.peers:
        return None
    low = low_first(clause, facts.item)
    best = min(facts.peers) if low else max(facts.peers)
    if best <= 0:
        raise Undecided(f"{BEST[clause.which]}的指标值不大于 0，没有比例可算")
    award = worth(clause.award, facts)
    value: Fraction = facts.value
    share = best / value if low else value / best
    return award * max(share, Fraction(0))


def sentence(clause: RatioToFirst, item: Item) -> str:
    """第一名得 6 分，其余按与第一名的比例."""
    best = BEST[clause.which]
    return f"{best}{in_words(clause.award)}，其余按与{best}的比例"


KIND = Kind(
    key="ratio_to_first",
    form=FORM,
    node=RatioToFirst,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    cross_unit=True,
)
