"""Votes by rank: each ballot gives every unit a place (按票上名次计分，每票第一名 100 分，以后每名递减 3 分).

A unit's score is the mean over the ballots of what its places are worth. A ballot on which two units share a place can
be declared void (无效票：有同分的票). Places beyond the last that is worth anything count 0 or less, as the step says.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Event, Events, Facts, Kind, Scope, Setting, constant
from perfdsl.clauses.shared import voting
from perfdsl.clauses.shared.measures import points
from perfdsl.clauses.shared.voting import Votes
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Item
from perfdsl.model.units import ValueType
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Borda(Votes):
    """``first``: what a first place is worth; ``step``: how much less each further place is."""

    first: tuple[Expression, ...]
    step: tuple[Expression, ...]


FORM = Form(
    name=Word("borda", "按名次投票", english="votes-by-rank"),
    phrases=(
        *voting.PHRASES,
        Word("borda", "按票上名次计分", ("按名次投票计分", "名次票计分"), "by-places-on-ballots"),
        Word("first_place", "每票第一名", ("每张票第一名",), "first-place-on-a-ballot"),
    ),
    pattern=(
        fixed("borda"),
        slot("word", {"amounts": "first"}, key="first_place"),
        slot("word", {"amounts": "step"}, key="less_each"),
        *voting.DROPPING,
    ),
    labels=voting.LABELS,
    takes=voting.TAKES,
)


def check(clause: Borda, setting: Setting) -> Iterable[Problem]:
    """A column of places, and a first place that is worth no more than the item."""
    yield from voting.check_votes(clause, setting)
    table = voting.table_of(clause, setting.rulebook)
    if table is not None and voting.number_column(table) is None:
        what = f"“{table.name}” 里哪一列是名次没有写明（要一列数）"
        yield scoring.ballots_unfit(clause.span, what, "列：单位、票号、名次（名次）")
    first, full = constant(clause.first[0]) if clause.first else None, setting.item.full
    if not clause.first or not clause.step:
        yield scoring.ballots_unfit(
            clause.span, "没有写第一名几分、每名递减几分", "每票第一名 100 分，以后每名递减 3 分"
        )
    elif first is not None and full is not None and first > full:
        yield scoring.award_above_full(clause.span, amount(clause.first[0]), str(full))


def lower(clause: Borda, scope: Scope) -> NodeId:
    """The mean of first − step × (place − 1)."""
    graph = scope.graph
    name = voting.number_column(voting.table_of(clause, scope.rulebook)) or ""

    def worth(events: Events) -> NodeId:
        place = events.column(name)
        one = graph.constant(Fraction(1), ValueType.NUMBER, graph.type(place).unit)
        behind = graph.apply(Fn.DIVIDE, graph.apply(Fn.SUBTRACT, place, one), one)
        less = graph.apply(Fn.MULTIPLY, behind, points(scope, clause.step[0]))
        return graph.apply(Fn.SUBTRACT, points(scope, clause.first[0]), less)

    return voting.score_node(clause, scope, worth)


def by_hand(clause: Borda, facts: Facts) -> Fraction:
    """Write beside each place what it is worth, add up, divide by the ballots."""
    name = voting.number_column(voting.table_of(clause, facts.rulebook)) or ""
    first, step = facts.number(clause.first[0]), facts.number(clause.step[0])

    def worth(event: Event) -> Fraction:
        place = event[name]
        assert isinstance(place, Fraction)
        return first - (place - 1) * step

    return voting.score_by_hand(clause, facts, worth)


def sentence(clause: Borda, item: Item) -> str:
    """按票上名次计分，每票第一名 100 分，以后每名递减 3 分."""
    first, step = (amount(one[0]) if one else "…" for one in (clause.first, clause.step))
    return voting.votes_in_words(clause, f"按票上名次计分，每票第一名 {first} 分，以后每名递减 {step} 分，各票平均")


KIND = Kind(
    key="borda",
    form=FORM,
    node=Borda,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    reads_events=True,
    choices=voting.CHOICES,
)
