"""Falling by place: the first gets so much, each place behind it so much less (第一名得满分，以后每名递减 5 分，最低 60 分).

5% is 5% of what the first gets (递减第一名得分的 5%: 100, 95, 90 …) or of what the place before gets (递减上一名得分的 5%: 100,
95, 90.25 …); a bare 每名递减 5% is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Choice, Facts, Kind, Scope, Setting, Undecided, constant
from perfdsl.clauses.shared import placing
from perfdsl.clauses.shared.awards import award_node, check_award, check_gives, scored, worth
from perfdsl.clauses.shared.bounds import check_points
from perfdsl.clauses.shared.measures import in_percent, points
from perfdsl.clauses.shared.placing import EQUAL_CHOICE, EQUAL_RANK, TIES_CHOICE
from perfdsl.clauses.shared.population import largest
from perfdsl.clauses.shared.words import amount, in_words
from perfdsl.graph.ops import Band, Fn, Lookup, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Award, AwardKind, Clause, Item
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import ranking, scoring
from perfdsl.text.form import Form, Word, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

MOST_PLACES = 200
"""How many places a rule with 递减上一名得分的 reaches; nobody is placed behind so many of one group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankFalling(Clause):
    """The first gets ``award``, each place behind it ``less``: points, a share of the first's (``of`` is ``less_of_first``)
    or of the place before (``less_of_before``); never below ``least``."""

    award: Award
    of: str
    less: tuple[Expression, ...]
    least: Expression | None = None
    equal: str | None = None
    ties: str | None = None


FORM = Form(
    name=Word("rank_falling", "按名次递减", english="falling-by-rank"),
    phrases=(
        Word(
            "less_of_first",
            "以后每名递减第一名得分的",
            ("以后每名递减满分的", "每名递减第一名得分的", "以后每名递减分值的", "以后每名递减基数的"),
            "less-for-each-place-of-first",
        ),
        Word(
            "less_of_before",
            "以后每名递减上一名得分的",
            ("每名递减上一名得分的", "以后每名比上一名递减"),
            "less-for-each-place-of-place-before",
        ),
    ),
    pattern=(
        slot("best", {"award": "award"}, which="first"),
        slot("word", {"key": "of", "amounts": "less"}, key=("less_each", "less_of_first", "less_of_before")),
        slot("at_least", {"amount": "least"}, required=False, subject=""),
    ),
    takes=(EQUAL_RANK,),
)


def start_of(clause: RankFalling, item: Item) -> Fraction | None:
    """What the first gets, where the rulebook alone says it."""
    return item.full if clause.award.kind is AwardKind.FULL else constant(clause.award.points)


def check(clause: RankFalling, setting: Setting) -> Iterable[Problem]:
    """What 5% is of, how far down it goes, and what equal places get."""
    item, start = setting.item, start_of(clause, setting.item)
    yield from check_award(clause.award, setting)
    yield from check_gives("第一名得分，以后递减", setting)
    if len(clause.less) != 1:
        yield scoring.points_wanted(clause.span, "以后每名递减")
        return
    less, number = clause.less[0], constant(clause.less[0])
    share = in_percent(less)
    first = start if start is not None else Fraction(100)
    if share and clause.of == "less_each":
        yield ranking.less_of_what(
            clause.span, amount(less), decimal(first), *_two_readings(first, number or Fraction(1, 20))
        )
        return
    if not share and clause.of != "less_each":
        yield scoring.contradiction(clause.span, "递减得分的百分之几", amount(less))
        return
    if not share:
        yield from check_points(less, clause.span)
    if clause.least is not None and not in_percent(clause.least):
        yield from check_points(clause.least, clause.span)
    step = number if number is None or not share else number * first
    third = first - 2 * step if step is not None else first
    second = first - step if step is not None else first
    line = clause.of != "less_of_before"
    asked = (decimal(first), decimal(second), decimal(third))
    if clause.equal == "mean_points":
        yield scoring.contradiction(clause.span, "得所占各名次的平均分", "按名次递减（写：取平均名次）")
        return
    yield from placing.check_places(clause, setting, points=asked, line=line)
    if clause.least is None and line and scored(item):
        units = largest(item, setting.rulebook)
        lowest = None if units is None or step is None else first - (units - 1) * step
        if lowest is None or lowest < item.least:
            yield ranking.falls_how_far(clause.span, "" if lowest is None else decimal(lowest), decimal(item.least))


def _two_readings(first: Fraction, share: Fraction) -> tuple[str, str]:
    """What the third place gets in both readings."""
    return decimal(first - 2 * share * first), decimal(first * (1 - share) ** 2)


def least_node(clause: RankFalling, scope: Scope) -> NodeId | None:
    """最低 60 分, 最低 60%（of what the first gets）."""
    if clause.least is None:
        return None
    if in_percent(clause.least):
        return scope.graph.apply(Fn.MULTIPLY, award_node(clause.award, scope), scope.number(clause.least))
    return points(scope, clause.least)


def lower(clause: RankFalling, scope: Scope) -> NodeId:
    """max(least, first - (place - 1) × less), or first × (1 - less) to the power of (place - 1)."""
    graph = scope.graph
    place, first = placing.place_node(clause, scope), award_node(clause.award, scope)
    if clause.of == "less_of_before":
        share = constant(clause.less[0]) or Fraction(0)
        kept = tuple(
            Band(graph.number((1 - share) ** (at - 1)), Fraction(at), Fraction(at), high_in=True)
            for at in range(1, min(MOST_PLACES, largest(scope.item, scope.rulebook) or MOST_PLACES) + 1)
        )
        score = graph.apply(Fn.MULTIPLY, first, graph.add(Lookup(place, kept)))
    else:
        if clause.of == "less_of_first":
            less = graph.apply(Fn.MULTIPLY, first, scope.number(clause.less[0]))
        else:
            less = points(scope, clause.less[0])
        behind = graph.apply(Fn.SUBTRACT, place, graph.number(1))
        score = graph.apply(Fn.SUBTRACT, first, graph.apply(Fn.MULTIPLY, behind, less))
    least = least_node(clause, scope)
    if least is not None:
        score = graph.apply(Fn.GREATEST, score, least)
    return placing.settled_node(clause, score, scope)


def by_hand(clause: RankFalling, facts: Facts) -> Fraction | None:
    """Go down from the first, place by place."""
    if not facts.among_peers:
        return None
    if placing.voided(clause, facts):
        return Fraction(0)
    first, less = worth(clause.award, facts), facts.number(clause.less[0])
    place = placing.place_by_hand(clause, facts)
    match clause.of:
        case "less_of_before":
            if place > min(MOST_PLACES, largest(facts.item, facts.rulebook) or MOST_PLACES):
                raise Undecided(f"第 {place} 名在名单之外")
            score = first
            for _ in range(int(place) - 1):
                score -= score * less
        case "less_of_first":
            score = first - (place - 1) * (first * less)
        case _:
            score = first - (place - 1) * less
    if clause.least is None:
        return score
    least = facts.number(clause.least)
    return max(score, first * least if in_percent(clause.least) else least)


def sentence(clause: RankFalling, item: Item) -> str:
    """第一名得满分，以后每名递减 5 分，最低 60 分."""
    less = amount(clause.less[0]) if clause.less else ""
    unit = "" if clause.less and in_percent(clause.less[0]) else " 分"
    of = {"less_of_first": "第一名得分的", "less_of_before": "上一名得分的"}.get(clause.of, "")
    least = ""
    if clause.least is not None:
        least = f"，最低 {amount(clause.least)}{'' if in_percent(clause.least) else ' 分'}"
    return f"第一名{in_words(clause.award)}，以后每名递减{of} {less}{unit}{least}{placing.in_words(clause)}"


KIND = Kind(
    key="rank_falling",
    form=FORM,
    node=RankFalling,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    cross_unit=True,
    choices=(
        Choice(
            "of",
            "每名递减的百分数是谁的百分数",
            (("less_of_first", "以后每名递减第一名得分的 5%"), ("less_of_before", "以后每名递减上一名得分的 5%")),
            "K260",
        ),
        EQUAL_CHOICE,
        TIES_CHOICE,
    ),
)
