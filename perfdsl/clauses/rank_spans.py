"""Points by spans of places (第一名得 10 分；第 2 至 5 名得 8 分；其余得 6 分).

The spans follow each other without a gap and do not overlap; places behind the last span get what 其余 says, and are
待定 where it is not written.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, Undecided, constant
from perfdsl.clauses.shared import placing
from perfdsl.clauses.shared.awards import award_node, check_award, worth
from perfdsl.clauses.shared.placing import EQUAL_CHOICE, EQUAL_RANK, TIES_CHOICE
from perfdsl.clauses.shared.population import largest
from perfdsl.clauses.shared.words import amount, in_words
from perfdsl.graph.ops import Band, Lookup, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Award, AwardKind, Clause, Item
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import ranking, scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RankSpans(Clause):
    """``first`` for 第一名 by itself; then places ``starts`` to ``ends`` (None: that one place) get ``awards``; ``rest`` the others.

    ``rest_nothing`` is set where 其余不得分 is written.
    """

    starts: tuple[Expression, ...]
    ends: tuple[Expression | None, ...]
    awards: tuple[Award, ...]
    first: Award | None = None
    rest: Award | None = None
    rest_nothing: str | None = None
    equal: str | None = None
    ties: str | None = None

    @property
    def spans(self) -> tuple[tuple[int, int, Award], ...]:
        """(from, to, award), the first places first."""
        made = [
            (_whole(start), _whole(start if end is None else end), award)
            for start, end, award in zip(self.starts, self.ends, self.awards, strict=True)
        ]
        own = [] if self.first is None else [(1, 1, self.first)]
        return tuple(sorted([*own, *made], key=lambda span: span[:2]))

    @property
    def others(self) -> Award | None:
        """What the places behind the last span get."""
        return Award(AwardKind.ZERO) if self.rest_nothing is not None else self.rest


FORM = Form(
    name=Word("rank_spans", "按名次分段", english="by-spans-of-places"),
    pattern=(
        slot("best", {"award": "first"}, required=False, which="first"),
        slot(
            "nth",
            {"at": "starts", "to": "ends", "award": "awards"},
            many=True,
            onward="False",
            places="True",
        ),
        slot("otherwise", {"award": "rest"}, required=False),
        fixed("rest_nothing", into="rest_nothing", required=False),
    ),
    takes=(EQUAL_RANK,),
)


def _whole(expression: Expression) -> int:
    number = constant(expression)
    return int(number) if number is not None and number.denominator == 1 and number < 10**6 else 0


def check(clause: RankSpans, setting: Setting) -> Iterable[Problem]:
    """Spans one behind the other, points that fall and fit, and what all others get."""
    spans = clause.spans
    for award in [*(award for _, _, award in spans), clause.rest]:
        yield from check_award(award, setting)
    follows = spans[0][0] == 1 and all(one <= to for one, to, _ in spans)
    if not follows or any(after[0] != before[1] + 1 for before, after in pairwise(spans)):
        told = "、".join(f"{one} 至 {to}" if one != to else str(one) for one, to, _ in spans)
        yield ranking.spans_unfit(clause.span, told)
        return
    if clause.rest is not None and clause.rest_nothing is not None:
        yield scoring.contradiction(clause.span, f"其余{in_words(clause.rest)}", "其余不得分")
    if clause.equal == "mean_points":
        yield scoring.contradiction(clause.span, "得所占各名次的平均分", "按名次分段")
        return
    given = [_points(award, setting.item) for _, _, award in spans]
    shown = [told for one, to, award in spans for told in [_told(award, setting.item)] * (to - one + 1)]
    behind = "0" if clause.rest is None else _told(clause.rest, setting.item)
    yield from placing.check_places(clause, setting, points=(*shown, behind, behind))
    for before, after in pairwise(given):
        if before is not None and after is not None and after > before:
            yield scoring.rank_points_rise(clause.span, decimal(before), decimal(after))
    units = largest(setting.item, setting.rulebook)
    if clause.others is None and units is not None and units > spans[-1][1]:
        yield scoring.more_units_than_places(clause.span, str(units), str(spans[-1][1]))


def _points(award: Award, item: Item) -> Fraction | None:
    if award.kind is AwardKind.ZERO:
        return Fraction(0)
    return item.full if award.kind is AwardKind.FULL else constant(award.points)


def _told(award: Award, item: Item) -> str:
    points = _points(award, item)
    return decimal(points) if points is not None else amount(award.points) or "满"


def lower(clause: RankSpans, scope: Scope) -> NodeId:
    """lookup(place, spans)."""
    graph = scope.graph
    bands = [
        Band(award_node(award, scope), Fraction(one), Fraction(to), high_in=True) for one, to, award in clause.spans
    ]
    if clause.others is not None:
        bands.append(Band(award_node(clause.others, scope), low=Fraction(clause.spans[-1][1]), low_in=False))
    score = graph.add(Lookup(placing.place_node(clause, scope), tuple(bands)))
    return placing.settled_node(clause, score, scope)


def by_hand(clause: RankSpans, facts: Facts) -> Fraction | None:
    """Find the span in which the unit's place lies."""
    if not facts.among_peers:
        return None
    if placing.voided(clause, facts):
        return Fraction(0)
    place = placing.place_by_hand(clause, facts)
    award = next((award for one, to, award in clause.spans if one <= place <= to), clause.others)
    if award is None:
        raise Undecided(f"第 {decimal(place)} 名得几分没有写")
    return worth(award, facts)


def sentence(clause: RankSpans, item: Item) -> str:
    """第 1 至 3 名得 10 分；第 4 至 10 名得 8 分；其余得 6 分."""
    told = [f"第 {one}{'' if one == to else f' 至 {to}'} 名{in_words(award)}" for one, to, award in clause.spans]
    rest = [f"其余{in_words(clause.others)}"] if clause.others is not None else []
    return "；".join([*told, *rest]) + placing.in_words(clause)


KIND = Kind(
    key="rank_spans",
    form=FORM,
    node=RankSpans,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: False,
    cross_unit=True,
    choices=(EQUAL_CHOICE, TIES_CHOICE),
)
