"""Raters: the mean of the scores that people gave (各评委打分的平均), from a table of one row a unit and rater.

Void ballots, dropped extremes and layers of raters are those of :mod:`perfdsl.clauses.shared.voting`.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Event, Facts, Kind, Scope, Setting
from perfdsl.clauses.shared import voting
from perfdsl.clauses.shared.voting import Votes
from perfdsl.graph.ops import NodeId
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.units import POINTS
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Word, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Raters(Votes):
    """``by``: the column of scores, where the table has several."""

    by: tuple[str, ...] = ()


FORM = Form(
    name=Word("raters", "评委打分", english="raters"),
    phrases=(
        *voting.PHRASES,
        Word(
            "rater_mean", "各评委打分的平均", ("评委打分的平均", "各评委打分的平均分", "评委平均分"), "mean-of-raters"
        ),
    ),
    pattern=(
        slot("word", {"amounts": "times"}, key="rater_mean"),
        slot("by", {"names": "by"}, required=False),
        *voting.DROPPING,
    ),
    labels=voting.LABELS,
    takes=voting.TAKES,
)


def column_of(clause: Raters, rulebook: Rulebook) -> str:
    """The column of scores."""
    table = voting.table_of(clause, rulebook)
    return clause.by[0] if clause.by else voting.number_column(table, POINTS) or ""


def check(clause: Raters, setting: Setting) -> Iterable[Problem]:
    """One column of scores, in points."""
    yield from voting.check_votes(clause, setting)
    table = voting.table_of(clause, setting.rulebook)
    column = table.column(column_of(clause, setting.rulebook)) if table is not None else None
    if table is not None and (column is None or column.unit != POINTS):
        what = f"“{table.name}” 里哪一列是打分没有写明（要以分计的一列）"
        yield scoring.ballots_unfit(clause.span, what, "各评委打分的平均，按打分")


def lower(clause: Raters, scope: Scope) -> NodeId:
    """The mean of the column."""
    name = column_of(clause, scope.rulebook)
    return voting.score_node(clause, scope, lambda events: events.column(name))


def by_hand(clause: Raters, facts: Facts) -> Fraction:
    """Read the scores off the sheets."""
    name = column_of(clause, facts.rulebook)

    def worth(event: Event) -> Fraction:
        given = event[name]
        assert isinstance(given, Fraction)
        return given

    return voting.score_by_hand(clause, facts, worth)


def sentence(clause: Raters, item: Item) -> str:
    """各评委打分的平均，评委超过 5 人的去掉最高、最低各 1 个."""
    return voting.votes_in_words(clause, "各评委打分的平均")


KIND = Kind(
    key="raters",
    form=FORM,
    node=Raters,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    reads_events=True,
    choices=voting.CHOICES,
)
