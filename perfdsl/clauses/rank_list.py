"""Rank list: points by place (按名次得 60、57、54、51、48 分).

Equal values share a place and all get its points (同名次：都得该名次分). What the next unit gets differs: with 并列占位
the place behind two firsts is the third, with 并列不占位 the second; the rule says which, or the rulebook does for
all (同分). Places beyond the list get nothing where the rule says 其余不得分, and are 待定 where it does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, Undecided
from perfdsl.clauses.shared.awards import takes_away
from perfdsl.clauses.shared.population import high_first, largest
from perfdsl.graph.ops import Band, Lookup, NodeId, Rank
from perfdsl.model.item import Clause, Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.units import POINTS, Ties, decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Take, Word, fixed, slot
from perfdsl.text.problem import Problem

TIES = {"competition": Ties.COMPETITION, "dense": Ties.DENSE}


@dataclass(frozen=True, slots=True, kw_only=True)
class RankList(Clause):
    """``points`` by place, the first place first; ``rest`` set where 其余不得分 is written.

    ``equal`` is 都得该名次分, ``ties`` is ``competition`` or ``dense`` (None: as the rulebook says for 同分).
    """

    points: tuple[Fraction, ...]
    rest: str | None = None
    equal: str | None = None
    ties: str | None = None


FORM = Form(
    name=Word("rank_list", "按名次", english="by-rank"),
    phrases=(Word("rest_nothing", "其余不得分", ("其余名次不得分", "其他名次不得分"), "rest-nothing"),),
    pattern=(slot("rank_list", {"points": "points"}), fixed("rest_nothing", into="rest", required=False)),
    takes=(
        Take(
            "equal_rank",
            slots=(
                fixed("same_points", into="equal", required=False),
                fixed("competition", "dense", into="ties", required=False),
            ),
        ),
    ),
)


def ties_of(clause: RankList, rulebook: Rulebook) -> Ties | None:
    """How equal values share places."""
    return rulebook.ties if clause.ties is None else TIES[clause.ties]


def check(clause: RankList, setting: Setting) -> Iterable[Problem]:
    """Direction, ties, enough places, points that fall and fit."""
    item, points = setting.item, clause.points
    if high_first(item) is None:
        yield scoring.direction_unstated(item.span)
    if len(points) > 1 and ties_of(clause, setting.rulebook) not in TIES.values():
        shown = [decimal(n) for n in (*points, Fraction(0))][:3]
        yield scoring.ties_unstated(clause.span, (*shown, *["0"] * (3 - len(shown))))
    units = largest(item, setting.rulebook)
    if clause.rest is None and units is not None and units > len(points):
        yield scoring.more_units_than_places(clause.span, str(units), str(len(points)))
    for before, after in pairwise(points):
        if after > before and not takes_away(item):
            yield scoring.rank_points_rise(clause.span, decimal(before), decimal(after))
    if item.full is not None and max(points) > item.full and not takes_away(item):
        yield scoring.award_above_full(clause.span, decimal(max(points)), decimal(item.full))


def lower(clause: RankList, scope: Scope) -> NodeId:
    """lookup(rank, points)."""
    graph, peers = scope.graph, scope.peers
    ties = ties_of(clause, scope.rulebook) or Ties.COMPETITION
    place = graph.add(Rank(scope.value, peers.where, peers.group, high_first(scope.item) is not False, ties))
    sign = -1 if takes_away(scope.item) else 1
    bands = [
        Band(graph.number(sign * points, POINTS), Fraction(at), Fraction(at), high_in=True)
        for at, points in enumerate(clause.points, start=1)
    ]
    if clause.rest is not None:
        bands.append(Band(graph.number(0, POINTS), low=Fraction(len(clause.points)), low_in=False))
    return graph.add(Lookup(place, tuple(bands)))


def place_by_hand(clause: RankList, facts: Facts) -> int:
    """One more than the units that are better (并列占位), or than the different values that are (并列不占位)."""
    low_first = high_first(facts.item) is False
    better = [peer for peer in facts.peers if (peer < facts.value if low_first else peer > facts.value)]
    dense = ties_of(clause, facts.rulebook) is Ties.DENSE
    return 1 + len(set(better) if dense else better)


def by_hand(clause: RankList, facts: Facts) -> Fraction | None:
    """The points of the unit's place; beyond the list nothing, if the rule says so. Who is not ranked has none."""
    if not facts.among_peers:
        return None
    place = place_by_hand(clause, facts)
    if place <= len(clause.points):
        points = clause.points[place - 1]
        return -points if takes_away(facts.item) else points
    if clause.rest is None:
        raise Undecided(f"第 {place} 名得几分没有写")
    return Fraction(0)


def sentence(clause: RankList, item: Item) -> str:
    """按名次得 60、57、54 分，其余不得分."""
    rest = "，其余不得分" if clause.rest is not None else ""
    return f"按名次得 {'、'.join(decimal(points) for points in clause.points)} 分{rest}"


KIND = Kind(
    key="rank_list",
    form=FORM,
    node=RankList,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    cross_unit=True,
)
