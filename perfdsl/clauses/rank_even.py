"""Even steps between the first and the last (第一名 600 分，最后一名 500 分，其间按名次等差).

With N units placed the step is (600 - 500) ÷ (N - 1). Under 并列不占位 the last place is the number of different values,
and that takes the part of N. A single unit is the first and the last at once: the rule says as which it counts. Units
that share the last places under 并列占位 stand before the N-th, and get more than what the last gets.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Choice, Facts, Kind, Scope, Setting, constant
from perfdsl.clauses.shared import placing
from perfdsl.clauses.shared.awards import award_node, check_award, check_gives, scored, worth
from perfdsl.clauses.shared.placing import EQUAL_CHOICE, EQUAL_RANK, TIES_CHOICE
from perfdsl.clauses.shared.words import in_words
from perfdsl.graph.ops import Fn, NodeId, Reduce
from perfdsl.model.item import Award, AwardKind, Clause, Item
from perfdsl.model.units import Ties, decimal
from perfdsl.text.catalogue import ranking, scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RankEven(Clause):
    """The first gets ``first``, the last ``last``; ``alone`` is ``alone_first`` or ``alone_last``, what a single unit counts as."""

    first: Award
    last: Award
    alone: str | None = None
    equal: str | None = None
    ties: str | None = None


FORM = Form(
    name=Word("rank_even", "首末名次之间等差", english="even-steps-by-rank"),
    phrases=(
        Word(
            "even_steps",
            "其间按名次等差",
            ("其间按名次等差递减", "其余按名次等差递减", "中间名次等差递减", "其余名次等差递减"),
            "even-steps-between",
        ),
        Word("alone_first", "只有一个单位的按第一名计", (), "alone-counts-as-first"),
        Word("alone_last", "只有一个单位的按最后一名计", (), "alone-counts-as-last"),
    ),
    pattern=(
        slot("best", {"award": "first"}, which="first"),
        slot("best", {"award": "last"}, which="last"),
        fixed("even_steps"),
        fixed("alone_first", "alone_last", into="alone", required=False),
    ),
    takes=(EQUAL_RANK,),
)


def points_of(award: Award, item: Item) -> Fraction | None:
    """Points of an award, where the rulebook alone says them."""
    if award.kind is AwardKind.ZERO:
        return Fraction(0)
    return item.full if award.kind is AwardKind.FULL else constant(award.points)


def check(clause: RankEven, setting: Setting) -> Iterable[Problem]:
    """Two ends, the first above the last, and what a single unit gets."""
    item = setting.item
    yield from check_award(clause.first, setting)
    yield from check_award(clause.last, setting)
    yield from check_gives("第一名得分，其间等差", setting)
    first, last = points_of(clause.first, item), points_of(clause.last, item)
    if first is not None and last is not None and last >= first:
        yield scoring.contradiction(clause.span, f"第一名{in_words(clause.first)}", f"最后一名{in_words(clause.last)}")
        return
    if last is not None and scored(item) and last < item.least:
        yield scoring.below_least(clause.span, decimal(last), decimal(item.least))
    if clause.equal == "mean_points":
        yield scoring.contradiction(clause.span, "得所占各名次的平均分", "按名次等差（写：取平均名次）")
        return
    if clause.alone is None:
        yield ranking.alone_unstated(clause.span, in_words(clause.first), in_words(clause.last))
    high, low = first if first is not None else Fraction(600), last if last is not None else Fraction(500)
    asked = (decimal(high), decimal((high + low) / 2), decimal(low))
    yield from placing.check_places(clause, setting, points=asked, line=True)


def lower(clause: RankEven, scope: Scope) -> NodeId:
    """first - (place - 1) × (first - last) ÷ (number of places - 1)."""
    graph, one, peers = scope.graph, scope.graph.number(1), scope.peers
    first, last = award_node(clause.first, scope), award_node(clause.last, scope)
    place = placing.place_node(clause, scope)
    if placing.ties_of(clause, scope.rulebook) is Ties.DENSE:
        size = graph.aggregate(Reduce.GREATEST, place, where=peers.where, key=peers.group)
    else:
        size = placing.size_node(scope)
    steps = graph.apply(Fn.GREATEST, graph.apply(Fn.SUBTRACT, size, one), one)
    fall = graph.apply(Fn.MULTIPLY, graph.apply(Fn.SUBTRACT, first, last), graph.apply(Fn.SUBTRACT, place, one))
    score = graph.apply(Fn.SUBTRACT, first, graph.apply(Fn.DIVIDE, fall, steps))
    if clause.alone == "alone_last":
        score = graph.choose((graph.apply(Fn.EQUAL, size, one), last), otherwise=score)
    return placing.settled_node(clause, score, scope)


def by_hand(clause: RankEven, facts: Facts) -> Fraction | None:
    """Count the places, part what lies between the ends evenly, go down to the unit's place."""
    if not facts.among_peers:
        return None
    if placing.voided(clause, facts):
        return Fraction(0)
    dense = placing.ties_of(clause, facts.rulebook) is Ties.DENSE
    count = len(set(facts.peers)) if dense else len(facts.peers)
    first, last = worth(clause.first, facts), worth(clause.last, facts)
    if count == 1:
        return last if clause.alone == "alone_last" else first
    step = (first - last) / (count - 1)
    return first - step * (placing.place_by_hand(clause, facts) - 1)


def sentence(clause: RankEven, item: Item) -> str:
    """第一名得 600 分，最后一名得 500 分，其间按名次等差."""
    alone = {"alone_first": "，只有一个单位的按第一名计", "alone_last": "，只有一个单位的按最后一名计"}.get(
        clause.alone or "", ""
    )
    ends = f"第一名{in_words(clause.first)}，最后一名{in_words(clause.last)}"
    return f"{ends}，其间按名次等差{alone}{placing.in_words(clause)}"


KIND = Kind(
    key="rank_even",
    form=FORM,
    node=RankEven,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    cross_unit=True,
    choices=(
        Choice(
            "alone",
            "只有一个单位时得几分",
            (("alone_first", "只有一个单位的按第一名计"), ("alone_last", "只有一个单位的按最后一名计")),
            "K262",
        ),
        EQUAL_CHOICE,
        TIES_CHOICE,
    ),
)
