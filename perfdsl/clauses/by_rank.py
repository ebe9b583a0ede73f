"""A number by rank (前三名奖 100、80、50 万元), or by place from below (后三名扣 100、80、50 万元).

Ranks are those published, inside the group that units are ranked in. Units of equal rank each get the number of their
rank, or share what stands beside the places that they fill: two firsts get 100 and 100, or 90 and 90. Which, must be
written. A rank that is not in the table gets nothing (不涉及).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from perfdsl.clauses.kind import Choice, Kind, constant
from perfdsl.clauses.shared import applying
from perfdsl.clauses.shared.applying import Facts, Giving, Scope
from perfdsl.clauses.shared.ruling import InRulebook
from perfdsl.graph.ops import Band, Fn, Lookup, NodeId, Rank, Reduce
from perfdsl.model.expression import Expression
from perfdsl.model.grade import Interval
from perfdsl.model.stages import Stage
from perfdsl.model.states import UNKNOWN, State
from perfdsl.model.units import Ties
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Form, Heading, Take, Word, fixed
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ByRank(Giving):
    """``numbers`` stand beside ``places``; ``equal`` 同名次 is ``each_gets`` or ``shared``."""

    places: tuple[Interval | None, ...] = ()
    numbers: tuple[Expression, ...] = ()
    equal: str | None = None


EQUAL = (Word("each_gets", "各得该名次的数", (), "each-gets"), Word("shared", "平分所占名次的数", (), "shared"))


def form(key: str, heading: Word, phrases: tuple[Word, ...] = ()) -> Form:
    """The two forms differ in the end that places are counted from."""
    return Form(
        name=applying.WORD,
        header="application",
        phrases=phrases,
        takes=(*applying.GIVING, Take("equal_rank", slots=(fixed("each_gets", "shared", into="equal"),))),
        table=(Heading("places", "band", heading), Heading("numbers", "amount")),
    )


def ends(place: Interval | None) -> tuple[int, int] | None:
    """The first and the last whole place of a line; None where it has no end or is none."""
    if place is None or place.low is None or place.high is None:
        return None
    first = int(place.low) if place.low_in else int(place.low) + 1
    last = int(place.high) if place.high_in else int(place.high) - 1
    return (first, last) if 1 <= first <= last else None


def check(clause: ByRank, setting: InRulebook) -> Iterable[Problem]:
    """A ranking, lines that do not meet, numbers, and what equal ranks get."""
    yield from applying.check_giving(clause, setting, clause.numbers)
    if setting.rulebook.ties is None:
        yield grading.bad_table(clause.span, "按名次给数，而全文没有写怎样排名次", "同分：并列占位（1、2、2、4）")
    found = [ends(place) for place in clause.places]
    if None in found:
        line = clause.places[found.index(None)]
        mend = "| 1 名 | 100 万元 |\n| 2 名以上 3 名以下 | 80 万元 |"
        yield grading.bad_table((line.span if line else None) or clause.span, "名次一行要写从第几名到第几名", mend)
        return
    whole = sorted(one for one in found if one is not None)
    for (_, last), (first, _) in pairwise(whole):
        if first <= last:
            yield grading.bad_table(clause.span, f"第 {first} 名在表里有两行", "每个名次只留一行")
    for number in clause.numbers:
        if constant(number) is None:
            yield grading.bad_table(number.span or clause.span, "名次后面应写一个数", "| 1 名 | 100 万元 |")
    if clause.equal is None and clause.numbers:
        shown = [applying.told(number) for number in clause.numbers]
        yield grading.equal_rank_unstated(clause.span, shown[0], shown[1] if len(shown) > 1 else "0")
    if clause.equal == "shared" and setting.rulebook.ties is not Ties.COMPETITION:
        yield grading.bad_table(clause.span, "平分所占名次的数，名次要并列占位", "同分：并列占位（1、2、2、4）")


def _numbers(clause: ByRank) -> dict[int, Fraction]:
    """Place → number, place by place."""
    found: dict[int, Fraction] = {}
    for place, number in zip(clause.places, clause.numbers, strict=True):
        edge = ends(place)
        assert edge is not None
        found |= dict.fromkeys(range(edge[0], edge[1] + 1), constant(number) or Fraction(0))
    return found


def _lower(clause: ByRank, scope: Scope, below: bool) -> NodeId:
    graph = scope.graph
    listed = graph.has(scope.rank, State.VALUE, *UNKNOWN)
    beneath = graph.add(Rank(scope.rank, listed, scope.group, True, Ties.COMPETITION))
    place = beneath if below else scope.rank
    numbers = _numbers(clause)
    if clause.equal == "shared":
        # those above, those below, and those beside are all: count = (above - 1) + (beneath - 1) + beside
        above = graph.add(Rank(scope.rank, listed, scope.group, False, Ties.COMPETITION))
        count = graph.aggregate(Reduce.COUNT, scope.rank, where=listed, key=scope.group)
        others = graph.apply(Fn.SUBTRACT, graph.apply(Fn.ADD, above, beneath), graph.number(2))
        beside = graph.apply(Fn.SUBTRACT, count, others)
        before = graph.apply(Fn.SUBTRACT, place, graph.number(1))
        last = graph.apply(Fn.ADD, before, beside)
        whole = graph.apply(Fn.SUBTRACT, _upto(scope, numbers, last), _upto(scope, numbers, before))
        gets = graph.apply(Fn.DIVIDE, whole, beside)
    else:
        gets = graph.add(Lookup(place, _bands(scope, numbers)))
    inside = [Band(graph.truth(), Fraction(at), Fraction(at), True, True) for at in sorted(numbers)]
    there = graph.add(Lookup(place, (*inside, Band(graph.truth(False)))))
    paid = applying.given(clause, scope, gets)
    return graph.choose((there, paid), otherwise=graph.nothing(State.ABSENT, paid))


def _bands(scope: Scope, numbers: dict[int, Fraction]) -> tuple[Band, ...]:
    graph = scope.graph
    lines = [
        Band(graph.number(number), Fraction(at), Fraction(at), True, True) for at, number in sorted(numbers.items())
    ]
    return (*lines, Band(graph.number(0)))


def _upto(scope: Scope, numbers: dict[int, Fraction], place: NodeId) -> NodeId:
    """What the places up to ``place`` get in all."""
    graph, total, lines = scope.graph, Fraction(0), []
    for at in range(1, max(numbers) + 1):
        lines.append(Band(graph.number(total), Fraction(at - 1), Fraction(at)))
        total += numbers.get(at, Fraction(0))
    return graph.add(Lookup(place, (*lines, Band(graph.number(total)))))


def _by_hand(clause: ByRank, facts: Facts, below: bool) -> Fraction | None:
    if facts.rank is None:
        return None
    rivals: Sequence[Fraction] = facts.rivals
    place = facts.rank if not below else Fraction(1 + sum(rank > facts.rank for rank in rivals))
    numbers = _numbers(clause)
    if place not in numbers or not applying.is_for(clause, facts):
        return None
    number = numbers[int(place)]
    if clause.equal == "shared":
        beside = rivals.count(facts.rank)
        filled = range(int(place), int(place) + beside)
        number = sum((numbers.get(at, Fraction(0)) for at in filled), start=Fraction(0)) / beside
    return applying.worked_out(clause, facts, number)


def lower(clause: ByRank, scope: Scope) -> NodeId:
    """The number beside the published rank."""
    return _lower(clause, scope, below=False)


def by_hand(clause: ByRank, facts: Facts) -> Fraction | None:
    """Look the unit's rank up; units of equal rank put their numbers together and share them, where that is the rule."""
    return _by_hand(clause, facts, below=False)


def lower_from_below(clause: ByRank, scope: Scope) -> NodeId:
    """The number beside the place from below."""
    return _lower(clause, scope, below=True)


def by_hand_from_below(clause: ByRank, facts: Facts) -> Fraction | None:
    """Count how many stand below the unit: one more is its place."""
    return _by_hand(clause, facts, below=True)


def _sentence(clause: ByRank, word: str) -> str:
    lines = []
    for place, number in zip(clause.places, clause.numbers, strict=False):
        edge = ends(place)
        where = "" if edge is None else f"{edge[0]}" if edge[0] == edge[1] else f"{edge[0]} 至 {edge[1]}"
        lines.append(f"{word}第 {where} 名 {applying.told(number)}")
    shared = "，并列的平分所占名次的数" if clause.equal == "shared" else ""
    return "；".join(lines) + shared + applying.tail(clause)


def sentence(clause: ByRank, rule: object) -> str:
    """第 1 名 100 万元；第 2 名 80 万元."""
    return _sentence(clause, "")


def sentence_from_below(clause: ByRank, rule: object) -> str:
    """倒数第 1 名 100 万元."""
    return _sentence(clause, "倒数")


CHOICES = (
    Choice(
        "equal",
        "名次并列时怎样给",
        (("each_gets", "同名次：各得该名次的数"), ("shared", "同名次：平分所占名次的数")),
        "K398",
    ),
)

KIND = Kind(
    key="by_rank",
    form=form("by_rank", Word("position", "名次", (), "position"), EQUAL),
    node=ByRank,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.APPLICATION,
    fact=None,
    choices=CHOICES,
)

LAST_KIND = Kind(
    key="by_rank_from_below",
    form=form("by_rank_from_below", Word("from_below", "倒数名次", (), "from-below")),
    node=ByRank,
    check=check,
    lower=lower_from_below,
    by_hand=by_hand_from_below,
    sentence=sentence_from_below,
    stage=Stage.APPLICATION,
    fact=None,
    choices=CHOICES,
)
