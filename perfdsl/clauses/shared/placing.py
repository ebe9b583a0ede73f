"""What the kinds that score by place share: which place a unit has, how many share it, how many are placed.

Places go by the 指标值 in the item's 方向, among the units of its 比较范围 that have a value. Whoever is left out (a unit
that the item does not concern, one that is not ranked, one whose value is 不涉及) takes no place and counts for nothing:
N, where a rule speaks of it, is the number of units that are placed.

What equal units get is written in 同名次: 都得该名次分 (with 并列占位, 并列不占位, or 取平均名次 where the points follow the place on a
line), 得所占各名次的平均分, or 并列的均不得分.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Protocol

from perfdsl.clauses.kind import Choice, Facts, Scope, Setting, Undecided
from perfdsl.clauses.shared.population import high_first
from perfdsl.graph.ops import Band, Fn, Lookup, NodeId, Rank, Reduce
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.units import POINTS, Ties, decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Take, fixed
from perfdsl.text.problem import Problem
from perfdsl.text.records import replace
from perfdsl.text.source import Span

TIES = {"competition": Ties.COMPETITION, "dense": Ties.DENSE, "average": Ties.AVERAGE}

EQUAL_RANK = Take(
    "equal_rank",
    slots=(
        fixed("same_points", "mean_points", "tie_void", into="equal", required=False),
        fixed("competition", "dense", "average", into="ties", required=False),
    ),
)
"""同名次：都得该名次分，并列占位."""

EQUAL_CHOICE = Choice(
    "equal",
    "名次相同的得几分",
    (("same_points", "都得该名次分"), ("mean_points", "得所占各名次的平均分"), ("tie_void", "并列的均不得分")),
    "K215",
    put=lambda clause, value: replace(clause, equal=value, ties=None if value == "mean_points" else clause.ties),
)
TIES_CHOICE = Choice(
    "ties",
    "名次相同，后面的怎样排",
    (
        ("competition", "并列占位（1、2、2、4）"),
        ("dense", "并列不占位（1、2、2、3）"),
        ("average", "取平均名次（1、2.5、2.5、4）"),
    ),
    "K215",
)


class Placed(Protocol):
    """A clause that scores by place."""

    @property
    def span(self) -> Span | None: ...
    @property
    def equal(self) -> str | None: ...
    @property
    def ties(self) -> str | None: ...


def ties_of(clause: Placed, rulebook: Rulebook) -> Ties | None:
    """How equal values share places."""
    return rulebook.ties if clause.ties is None else TIES[clause.ties]


def low_first(item: Item) -> bool:
    """Whether the lowest value is the first."""
    return high_first(item) is False


# ---- checks


def check_places(
    clause: Placed, setting: Setting, *, points: Sequence[str], line: bool = False, from_last: bool = False
) -> Iterable[Problem]:
    """A direction, and one reading of equal places. ``points`` of the places, with one behind those that are listed.

    ``line``: the points of a place between two are known (a mean place, 2.5). ``from_last``: places are counted from
    below.
    """
    if high_first(setting.item) is None:
        yield scoring.direction_unstated(setting.item.span)
    if clause.equal == "mean_points":
        if clause.ties is not None:
            yield scoring.contradiction(clause.span, "得所占各名次的平均分", "同名次又写了怎样占位")
        return
    known = (Ties.COMPETITION, Ties.DENSE, Ties.AVERAGE) if line else (Ties.COMPETITION, Ties.DENSE)
    if len(set(points)) > 1 and ties_of(clause, setting.rulebook) not in known:
        yield scoring.ties_unstated(clause.span, points, from_last)


# ---- in the graph


def size_node(scope: Scope) -> NodeId:
    """How many units are placed."""
    peers = scope.peers
    return scope.graph.aggregate(Reduce.COUNT, scope.value, where=peers.where, key=peers.group)


def first_node(scope: Scope, ties: Ties = Ties.COMPETITION, *, from_last: bool = False) -> NodeId:
    """The place, counted from the first or from the last."""
    graph, peers = scope.graph, scope.peers
    return graph.add(Rank(scope.value, peers.where, peers.group, low_first(scope.item) is from_last, ties))


def place_node(clause: Placed, scope: Scope, *, from_last: bool = False) -> NodeId:
    """The place as the rule counts equal values."""
    ties = ties_of(clause, scope.rulebook) or Ties.COMPETITION
    return first_node(scope, Ties.COMPETITION if clause.equal == "mean_points" else ties, from_last=from_last)


def last_node(scope: Scope, *, from_last: bool = False) -> NodeId:
    """The last of the places that the unit's equals fill."""
    graph = scope.graph
    back = first_node(scope, from_last=not from_last)
    return graph.apply(Fn.SUBTRACT, graph.apply(Fn.ADD, size_node(scope), graph.number(1)), back)


def settled_node(clause: Placed, score: NodeId, scope: Scope) -> NodeId:
    """``score``, or 0 for units that share a place where that voids it. Who takes no place has no score, whatever is
    open about the others."""
    graph, first = scope.graph, first_node(scope)
    cases = [(graph.has(first, State.ABSENT), graph.nothing(State.ABSENT, score))]
    if clause.equal == "tie_void":
        cases.append((graph.apply(Fn.LESS, first, last_node(scope)), graph.number(0, POINTS)))
    return graph.choose(*cases, otherwise=score)


# ---- by hand


def better(facts: Facts, *, from_last: bool = False) -> list[Fraction]:
    """The values that stand before the unit's."""
    up = low_first(facts.item) is from_last
    return [peer for peer in facts.peers if (peer > facts.value if up else peer < facts.value)]


def equals(facts: Facts) -> int:
    """How many units have the unit's value, itself among them."""
    return sum(peer == facts.value for peer in facts.peers)


def place_by_hand(clause: Placed, facts: Facts, *, from_last: bool = False) -> Fraction:
    """One more than the units (or the different values) before; the middle of the places that equals fill."""
    ahead = better(facts, from_last=from_last)
    if clause.equal != "mean_points":
        match ties_of(clause, facts.rulebook):
            case Ties.DENSE:
                return Fraction(len(set(ahead)) + 1)
            case Ties.AVERAGE:
                return Fraction(2 * len(ahead) + 1 + equals(facts), 2)
    return Fraction(len(ahead) + 1)


def voided(clause: Placed, facts: Facts) -> bool:
    """Whether somebody has the same value, and that voids the score."""
    return clause.equal == "tie_void" and equals(facts) > 1


def in_words(clause: Placed) -> str:
    """，名次相同的均不得分."""
    return {"tie_void": "，名次相同的均不得分", "mean_points": "，名次相同的得所占各名次的平均分"}.get(
        clause.equal or "", ""
    )


# ---- lists of points, for kinds that have one


def listed_node(
    points: Sequence[Fraction], place: NodeId, scope: Scope, *, rest: bool, less: NodeId | None = None
) -> NodeId:
    """The points of a place; behind the list nothing (``rest``), or ``less`` for each place more; else 待定."""
    graph, last = scope.graph, len(points)
    bands = [
        Band(graph.number(given, POINTS), Fraction(at), Fraction(at), high_in=True)
        for at, given in enumerate(points, start=1)
    ]
    if less is not None:
        more = graph.apply(Fn.SUBTRACT, place, graph.number(last))
        fallen = graph.apply(Fn.SUBTRACT, graph.number(points[-1], POINTS), graph.apply(Fn.MULTIPLY, more, less))
        bands.append(Band(fallen, low=Fraction(last), low_in=False))
    elif rest:
        bands.append(Band(graph.number(0, POINTS), low=Fraction(last), low_in=False))
    return graph.add(Lookup(place, tuple(bands)))


def shared_node(points: Sequence[Fraction], scope: Scope, *, rest: bool, from_last: bool = False) -> NodeId:
    """The mean of the points of all places that the unit's equals fill."""
    graph, one = scope.graph, scope.graph.number(1)
    first, last = first_node(scope, from_last=from_last), last_node(scope, from_last=from_last)
    sums = [sum(points[:at], start=Fraction(0)) for at in range(len(points) + 1)]

    def up_to(place: NodeId) -> NodeId:
        bands = [
            Band(graph.number(given, POINTS), Fraction(at), Fraction(at), high_in=True) for at, given in enumerate(sums)
        ]
        if rest:
            bands.append(Band(graph.number(sums[-1], POINTS), low=Fraction(len(points)), low_in=False))
        return graph.add(Lookup(place, tuple(bands)))

    whole = graph.apply(Fn.SUBTRACT, up_to(last), up_to(graph.apply(Fn.SUBTRACT, first, one)))
    width = graph.apply(Fn.ADD, graph.apply(Fn.SUBTRACT, last, first), one)
    return graph.apply(Fn.DIVIDE, whole, width)


def listed_by_hand(points: Sequence[Fraction], place: int, *, rest: bool, less: Fraction | None = None) -> Fraction:
    """The points of one place."""
    if place <= len(points):
        return points[place - 1]
    if less is not None:
        return points[-1] - (place - len(points)) * less
    if rest:
        return Fraction(0)
    raise Undecided(f"第 {place} 名得几分没有写")


def shared_by_hand(points: Sequence[Fraction], facts: Facts, *, rest: bool, from_last: bool = False) -> Fraction:
    """Lay the equals on the places from the first that is free, add up the points of these places, divide."""
    first, count = len(better(facts, from_last=from_last)) + 1, equals(facts)
    taken = [listed_by_hand(points, place, rest=rest) for place in range(first, first + count)]
    return sum(taken, start=Fraction(0)) / count


def shown(points: Sequence[Fraction], behind: Fraction = Fraction(0)) -> tuple[str, ...]:
    """The points of the places, and of those behind them, for the question about equal ones."""
    return tuple(decimal(given) for given in (*points, *[behind] * max(3 - len(points), 1)))
