"""Rank list: points by place (按名次得 60、57、54、51、48 分; 按名次得 3、1.5、0 分，以后每名递减 0.5 分).

Equal values share a place and all get its points (同名次：都得该名次分). What the next unit gets differs: with 并列占位
the place behind two firsts is the third, with 并列不占位 the second; the rule says which, or the rulebook does for
all (同分). They may share out what their places give (得所占各名次的平均分), or all get nothing (并列的均不得分).

Places beyond the list get nothing where the rule says 其余不得分, so much less for each place where it says 以后每名递减,
and are 待定 where it says neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, constant
from perfdsl.clauses.shared import placing
from perfdsl.clauses.shared.awards import scored, takes_away, turned, turned_node
from perfdsl.clauses.shared.bounds import check_points
from perfdsl.clauses.shared.measures import points as points_of
from perfdsl.clauses.shared.placing import EQUAL_CHOICE, EQUAL_RANK, TIES_CHOICE, ties_of
from perfdsl.clauses.shared.population import largest
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RankList(Clause):
    """``points`` by place, the first place first; ``rest`` set where 其余不得分 is written.

    ``less`` is by how much each place behind the list gets less (one amount, or none), down to ``least``. ``equal`` is
    what equal places get, ``ties`` is ``competition`` or ``dense`` (None: as the rulebook says for 同分).
    """

    points: tuple[Fraction, ...]
    less: tuple[Expression, ...] = ()
    least: Expression | None = None
    rest: str | None = None
    equal: str | None = None
    ties: str | None = None


FORM = Form(
    name=Word("rank_list", "按名次", english="by-rank"),
    phrases=(Word("rest_nothing", "其余不得分", ("其余名次不得分", "其他名次不得分"), "rest-nothing"),),
    pattern=(
        slot("rank_list", {"points": "points"}, end=""),
        slot("word", {"amounts": "less"}, required=False, key="less_each"),
        slot("at_least", {"amount": "least"}, required=False, subject=""),
        fixed("rest_nothing", into="rest", required=False),
    ),
    takes=(EQUAL_RANK,),
)


def check(clause: RankList, setting: Setting) -> Iterable[Problem]:
    """Direction, ties, enough places, points that fall and fit."""
    step = constant(clause.less[0]) if clause.less else None
    behind = Fraction(0) if step is None else clause.points[-1] - step
    yield from placing.check_places(clause, setting, points=placing.shown(clause.points, behind))
    units = largest(setting.item, setting.rulebook)
    if clause.rest is None and not clause.less and units is not None and units > len(clause.points):
        yield scoring.more_units_than_places(clause.span, str(units), str(len(clause.points)))
    yield from check_list(clause, setting)


def check_list(clause: RankList, setting: Setting) -> Iterable[Problem]:
    """Points that fall and fit, and one thing said of the places behind them."""
    item, points = setting.item, clause.points
    for before, after in pairwise(points):
        if after > before and not takes_away(item):
            yield scoring.rank_points_rise(clause.span, decimal(before), decimal(after))
    if item.full is not None and max(points) > item.full and not takes_away(item):
        yield scoring.award_above_full(clause.span, decimal(max(points)), decimal(item.full))
    if scored(item) and min(points) < item.least:
        yield scoring.below_least(clause.span, decimal(min(points)), decimal(item.least))
    for less in clause.less:
        yield from check_points(less, clause.span)
        told = f"以后每名递减 {amount(less)} 分"
        if clause.rest is not None:
            yield scoring.contradiction(clause.span, told, "其余不得分")
        if clause.equal == "mean_points":
            yield scoring.contradiction(clause.span, told, "得所占各名次的平均分")
    yield from check_points(clause.least, clause.span)
    if clause.least is not None and not clause.less:
        yield scoring.contradiction(clause.span, f"最低 {amount(clause.least)} 分", "没有写以后每名递减几分")
    units = largest(item, setting.rulebook)
    step = constant(clause.less[0]) if clause.less else None
    if scored(item) and step is not None and units is not None and clause.least is None:
        lowest = points[-1] - max(units - len(points), 0) * step
        if lowest < item.least:
            yield scoring.below_least(clause.span, decimal(lowest), decimal(item.least))


def points_node(clause: RankList, scope: Scope) -> NodeId:
    """The points of the unit's place, before the sign of a deduction."""
    rest = clause.rest is not None
    if clause.equal == "mean_points":
        return placing.settled_node(clause, placing.shared_node(clause.points, scope, rest=rest), scope)
    less = points_of(scope, clause.less[0]) if clause.less else None
    score = placing.listed_node(clause.points, placing.place_node(clause, scope), scope, rest=rest, less=less)
    if clause.least is not None:
        score = scope.graph.apply(Fn.GREATEST, score, points_of(scope, clause.least))
    return placing.settled_node(clause, score, scope)


def points_by_hand(clause: RankList, facts: Facts) -> Fraction:
    """Look the place up, or count on from the last that is listed."""
    if placing.voided(clause, facts):
        return Fraction(0)
    rest = clause.rest is not None
    if clause.equal == "mean_points":
        return placing.shared_by_hand(clause.points, facts, rest=rest)
    less = facts.number(clause.less[0]) if clause.less else None
    place = int(placing.place_by_hand(clause, facts))
    score = placing.listed_by_hand(clause.points, place, rest=rest, less=less)
    return score if clause.least is None else max(score, facts.number(clause.least))


def lower(clause: RankList, scope: Scope) -> NodeId:
    """lookup(rank, points)."""
    return turned_node(points_node(clause, scope), scope)


def by_hand(clause: RankList, facts: Facts) -> Fraction | None:
    """The points of the unit's place; beyond the list nothing, if the rule says so. Who is not ranked has none."""
    return turned(points_by_hand(clause, facts), facts) if facts.among_peers else None


def told(clause: RankList) -> str:
    """按名次得 3、1.5、0 分，以后每名递减 0.5 分."""
    less = "".join(f"，以后每名递减 {amount(one)} 分" for one in clause.less)
    least = f"，最低 {amount(clause.least)} 分" if clause.least is not None else ""
    rest = "，其余不得分" if clause.rest is not None else ""
    return f"按名次得 {'、'.join(decimal(points) for points in clause.points)} 分{less}{least}{rest}"


def sentence(clause: RankList, item: Item) -> str:
    """按名次得 60、57、54 分，其余不得分."""
    return told(clause) + placing.in_words(clause)


KIND = Kind(
    key="rank_list",
    form=FORM,
    node=RankList,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    cross_unit=True,
    choices=(EQUAL_CHOICE, TIES_CHOICE),
)

__all__ = ["KIND", "RankList", "check_list", "points_by_hand", "points_node", "ties_of", "told"]
