"""The first and the last few (前 5 名依次加 5、4、3、2、1 分；后 5 名从末位起依次扣 5、4、3、2、1 分; 后 3 名均扣 1 分).

Whoever stands between gets 0. The last few are counted from below: 从末位起依次扣 3、2、1 分 takes 3 points of the last unit,
按名次先后依次扣 1、2、3 分 takes them of it too; a bare 依次 can be read both ways and is asked about. With few units somebody may
stand in both lists: the rule says what then, or the score is 待定.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Choice, Facts, Kind, Scope, Setting, Undecided
from perfdsl.clauses.shared import placing
from perfdsl.clauses.shared.awards import scored, takes_away
from perfdsl.clauses.shared.placing import EQUAL_CHOICE, EQUAL_RANK, TIES_CHOICE
from perfdsl.clauses.shared.population import largest
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.item import Clause, Item, Level
from perfdsl.model.states import State
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import ranking, scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RankEnds(Clause):
    """The lists as written: for each, which ``sides`` it is of (``top``, ``bottom``), of how many places (``counts``), their
    ``points``, the ``verbs`` (``get``, ``add``, ``deduct``) and the ``turns``: ``turn_from_last``, ``turn_in_order``, ``each`` (all the
    same) or ``turn``, which of the last few says nothing.

    ``both`` is what a unit in both lists gets: ``overlap_both``, ``overlap_top``, ``overlap_bottom``.
    """

    sides: tuple[str, ...]
    counts: tuple[Fraction, ...]
    points: tuple[tuple[Fraction, ...], ...]
    verbs: tuple[str, ...]
    turns: tuple[str, ...]
    both: str | None = None
    equal: str | None = None
    ties: str | None = None

    def _at(self, side: str) -> int | None:
        return self.sides.index(side) if side in self.sides else None

    @property
    def top(self) -> tuple[Fraction, ...]:
        """Points of the first few, the first unit first."""
        at = self._at("top")
        return () if at is None else self.points[at]

    @property
    def bottom(self) -> tuple[Fraction, ...]:
        """Points of the last few, the last unit first."""
        at = self._at("bottom")
        if at is None:
            return ()
        return tuple(reversed(self.points[at])) if self.turns[at] == "turn_in_order" else self.points[at]

    def verb(self, side: str) -> str:
        """What a list does; "" where there is none."""
        at = self._at(side)
        return "" if at is None else self.verbs[at]


FORM = Form(
    name=Word("rank_ends", "首尾名次", english="first-and-last-few"),
    phrases=(
        Word("overlap_both", "前后重叠的两项都计", ("前后名次重叠的两项都计",), "in-both-counts-both"),
        Word("overlap_top", "前后重叠的只计前列", ("前后名次重叠的只计前列",), "in-both-counts-first"),
        Word("overlap_bottom", "前后重叠的只计后列", ("前后名次重叠的只计后列",), "in-both-counts-last"),
    ),
    pattern=(
        slot(
            "rank_list",
            {"end": "sides", "count": "counts", "points": "points", "verb": "verbs", "turn": "turns"},
            many=True,
            end=("top", "bottom"),
        ),
        fixed("overlap_both", "overlap_top", "overlap_bottom", into="both", required=False),
    ),
    takes=(EQUAL_RANK,),
)


def signs(clause: RankEnds, item: Item) -> tuple[int, int]:
    """Whether the lists give or take: under 扣分项 everything takes."""
    top, bottom = (-1 if clause.verb(side) == "deduct" else 1 for side in ("top", "bottom"))
    return (-1, -1) if takes_away(item) else (top, bottom)


def check(clause: RankEnds, setting: Setting) -> Iterable[Problem]:
    """As many points as places, one reading of 依次, signs that the item can have, and what lies in both lists."""
    item = setting.item
    if len(set(clause.sides)) < len(clause.sides):
        yield scoring.contradiction(clause.span, "前几名（后几名）写了两次", "只能写一次")
        return
    for side, count, points, turn in zip(clause.sides, clause.counts, clause.points, clause.turns, strict=True):
        word = "前" if side == "top" else "后"
        if len(points) != count or not points:
            yield ranking.places_and_points(clause.span, f"{word} {decimal(count)} 名", str(len(points)))
            return
        if side == "bottom" and turn == "turn" and len(set(points)) > 1:
            yield ranking.turn_of_last(clause.span, str(len(points)), decimal(points[0]), decimal(points[-1]))
        elif side == "top" and turn in ("turn_from_last", "turn_in_order") and len(set(points)) > 1:
            yield scoring.contradiction(clause.span, "从末位起、按名次先后", "前几名本来按名次先后")
    from_last = len(clause.top) < len(clause.bottom)
    longest = [signs(clause, item)[from_last] * one for one in (clause.bottom if from_last else clause.top)]
    yield from placing.check_places(clause, setting, points=placing.shown(longest), from_last=from_last)
    yield from check_signs(clause, setting)
    units = largest(item, setting.rulebook)
    asked = len(clause.top) + len(clause.bottom)
    if clause.top and clause.bottom and clause.both is None and (units is None or units < asked):
        lists = f"前 {len(clause.top)} 名和后 {len(clause.bottom)} 名"
        yield ranking.in_both_lists(clause.span, lists, "" if units is None else str(units), str(asked))


def check_signs(clause: RankEnds, setting: Setting) -> Iterable[Problem]:
    """A 加分项 takes nothing, and the scores fit the item's full mark and least."""
    item = setting.item
    top, bottom = signs(clause, item)
    given = [top * points for points in clause.top] + [bottom * points for points in clause.bottom]
    if item.level is Level.BONUS and min(given) < 0:
        yield scoring.contradiction(clause.span, "扣分", "加分项（写成指标，或把后几名另写成扣分项）")
    if item.level is Level.DEDUCTION and "add" in clause.verbs:
        yield scoring.contradiction(clause.span, "加分", "扣分项")
    if scored(item):
        if item.full is not None and max(given) > item.full:
            yield scoring.award_above_full(clause.span, decimal(max(given)), decimal(item.full))
        if min(given) < item.least:
            yield scoring.below_least(clause.span, decimal(min(given)), decimal(item.least))


def side_node(
    clause: RankEnds, points: tuple[Fraction, ...], scope: Scope, *, from_last: bool
) -> tuple[NodeId, NodeId]:
    """(whether the unit stands in the list, what the list gives it)."""
    graph = scope.graph
    if clause.equal == "mean_points":
        given = placing.shared_node(points, scope, rest=True, from_last=from_last)
        place = placing.first_node(scope, from_last=from_last)
    else:
        place = placing.place_node(clause, scope, from_last=from_last)
        given = placing.listed_node(points, place, scope, rest=True)
    return graph.apply(Fn.LESS_EQUAL, place, graph.number(len(points))), given


def lower(clause: RankEnds, scope: Scope) -> NodeId:
    """lookup(place from above, top) + lookup(place from below, bottom)."""
    graph = scope.graph
    top, bottom = signs(clause, scope.item)
    parts = []
    if clause.top:
        parts.append(side_node(clause, tuple(top * one for one in clause.top), scope, from_last=False))
    if clause.bottom:
        parts.append(side_node(clause, tuple(bottom * one for one in clause.bottom), scope, from_last=True))
    if len(parts) == 1:
        return placing.settled_node(clause, parts[0][1], scope)
    (above, first), (below, last) = parts
    score = graph.apply(Fn.ADD, first, last)
    twice = graph.apply(Fn.AND, above, below)
    match clause.both:
        case "overlap_top":
            score = graph.choose((twice, first), otherwise=score)
        case "overlap_bottom":
            score = graph.choose((twice, last), otherwise=score)
        case None:
            score = graph.choose((twice, graph.nothing(State.PENDING, score)), otherwise=score)
    return placing.settled_node(clause, score, scope)


def side_by_hand(
    clause: RankEnds, points: tuple[Fraction, ...], facts: Facts, *, from_last: bool
) -> tuple[bool, Fraction]:
    """Whether the unit stands in the list, and what it gets there."""
    if clause.equal == "mean_points":
        inside = len(placing.better(facts, from_last=from_last)) < len(points)
        return inside, placing.shared_by_hand(points, facts, rest=True, from_last=from_last)
    place = int(placing.place_by_hand(clause, facts, from_last=from_last))
    return place <= len(points), placing.listed_by_hand(points, place, rest=True)


def by_hand(clause: RankEnds, facts: Facts) -> Fraction | None:
    """Count from above and from below."""
    if not facts.among_peers:
        return None
    top, bottom = signs(clause, facts.item)
    above, first = side_by_hand(clause, clause.top, facts, from_last=False) if clause.top else (False, Fraction(0))
    below, last = side_by_hand(clause, clause.bottom, facts, from_last=True) if clause.bottom else (False, Fraction(0))
    if placing.voided(clause, facts):
        return Fraction(0)
    if above and below:
        match clause.both:
            case "overlap_top":
                return top * first
            case "overlap_bottom":
                return bottom * last
            case None:
                raise Undecided("同时在前几名和后几名里，没有写怎样计")
    return top * first + bottom * last


VERBS = {"get": "得", "add": "加", "deduct": "扣"}


def sentence(clause: RankEnds, item: Item) -> str:
    """前 3 名依次加 3、2、1 分；后 2 名从末位起依次扣 2、1 分."""
    told = []
    if clause.top:
        told.append(f"前 {len(clause.top)} 名{_listed(clause.top, '依次', clause.verb('top'))}")
    if clause.bottom:
        told.append(f"后 {len(clause.bottom)} 名{_listed(clause.bottom, '从末位起依次', clause.verb('bottom'))}")
    both = {
        "overlap_both": "，前后重叠的两项都计",
        "overlap_top": "，前后重叠的只计前列",
        "overlap_bottom": "，前后重叠的只计后列",
    }.get(clause.both or "", "")
    return "；".join(told) + both + placing.in_words(clause)


def _listed(points: tuple[Fraction, ...], turn: str, verb: str) -> str:
    if len(set(points)) == 1:
        return f"均{VERBS[verb]} {decimal(points[0])} 分"
    return f"{turn}{VERBS[verb]} {'、'.join(decimal(one) for one in points)} 分"


KIND = Kind(
    key="rank_ends",
    form=FORM,
    node=RankEnds,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    cross_unit=True,
    choices=(
        Choice(
            "turns",
            "后几名从哪一头数起",
            (("turn_from_last", "从末位起依次"), ("turn_in_order", "按名次先后依次")),
            "K264",
        ),
        Choice(
            "both",
            "同时在前几名和后几名里的怎样计",
            (
                ("overlap_both", "前后重叠的两项都计"),
                ("overlap_top", "前后重叠的只计前列"),
                ("overlap_bottom", "前后重叠的只计后列"),
            ),
            "K265",
        ),
        EQUAL_CHOICE,
        TIES_CHOICE,
    ),
)
