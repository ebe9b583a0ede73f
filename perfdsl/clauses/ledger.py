"""Ledger points: so many points for each row of a ledger, by its level (国家级每次 3 分；省级每次 2 分).

A level may have several cells (省级文件每件 2 分；省级通报每件 1 分); the same as a table is the kind ``ledger_table``. Under
加分项 the points are given, under 扣分项 taken away; in an indicator the verb says it, and a loss starts from the full
mark. What rows count and what each is worth: ``clauses/shared/rows.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfdsl.clauses.kind import Choice, Facts, Kind, Scope, Setting
from perfdsl.clauses.shared.awards import LOSSES, takes_away
from perfdsl.clauses.shared.bounds import CAP_CHOICE, FLOOR_CHOICES, check_points
from perfdsl.clauses.shared.rows import (
    BOUNDS,
    TAKES,
    Rate,
    Rows,
    check_rates,
    check_rows,
    column_of,
    extras_in_words,
    losing_awards,
    score_by_hand,
    score_node,
)
from perfdsl.clauses.shared.words import amount, in_words
from perfdsl.graph.ops import NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Award, AwardKind, Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Word, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger(Rows):
    """``levels``, ``awards`` and ``units`` are the rates as written (国家级每次 3 分); a level "" is any row.

    ``more`` are further values that a row of the level must have. ``most_each`` caps single levels, ``most`` and
    ``cap`` the whole.
    """

    levels: tuple[str, ...]
    awards: tuple[Award, ...]
    units: tuple[str, ...] = ()
    more: tuple[tuple[str, ...], ...] = ()
    most_each: tuple[Expression | None, ...] = ()

    @property
    def losing(self) -> bool:
        """Whether the phrase says that points are lost."""
        return losing_awards(self.awards)

    @property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """The values that a row of each rate has."""
        more = self.more or ((),) * len(self.levels)
        return tuple((level, *others) if level else () for level, others in zip(self.levels, more, strict=True))

    def rates(self, rulebook: Rulebook) -> tuple[Rate, ...]:
        """The rates in the order written, each value in its column."""
        caps = self.most_each or (None,) * len(self.levels)
        table = rulebook.table(self.use.ledger)
        first = column_of([level for level in self.levels if level], table)

        def column(word: str) -> str:
            found = column_of([word], table)
            return next((name for name in found if name in first), next(iter(found), "级别"))

        return tuple(
            Rate(tuple((column(word), word) for word in words), award, most)
            for words, award, most in zip(self.words, self.awards, caps, strict=True)
        )


FORM = Form(
    name=Word("ledger", "按台账计分", english="by-ledger"),
    pattern=(
        slot(
            "rate",
            {"level": "levels", "award": "awards", "unit": "units", "more": "more"},
            many=True,
            award__kind=("get", "add", "deduct"),
            then=(slot("at_most", {"amount": "most_each"}, required=False),),
        ),
        *BOUNDS,
    ),
    takes=TAKES,
)


def by_hand(clause: Ledger, facts: Facts) -> object:
    """Row by row, as ``score_by_hand`` says."""
    return score_by_hand(clause, facts)


def lower(clause: Ledger, scope: Scope) -> NodeId:
    """Σ over the levels of what their rows are worth."""
    return score_node(clause, scope)


def sentence(clause: Ledger, item: Item) -> str:
    """国家级每次 3 分；省级每次 2 分（同一事项只计最高一次）."""
    units = clause.units or ("次",) * len(clause.levels)
    caps = clause.most_each or (None,) * len(clause.levels)
    verb = "扣" if takes_away(item) else "得"
    parts = []
    for words, award, unit, most in zip(clause.words, clause.awards, units, caps, strict=True):
        said = in_words(award) if award.kind is not AwardKind.GET else f"{verb} {amount(award.points)} 分"
        bound = f"，最多{verb} {amount(most)} 分" if most is not None else ""
        parts.append(f"{''.join(words)}每{unit}{said}{bound}")
    return "；".join(parts) + extras_in_words(clause)


def check(clause: Ledger, setting: Setting) -> Iterable[Problem]:
    """Levels that the ledger knows, the same matter, and how far it goes."""
    yield from check_levels(clause, setting.rulebook)
    if len({award.kind in LOSSES for award in clause.awards}) > 1:
        yield scoring.contradiction(clause.span, "加分", "扣分")
    for most in clause.most_each:
        yield from check_points(most, clause.span)
    yield from check_rows(clause, setting)


def check_levels(clause: Ledger, rulebook: Rulebook) -> Iterator[Problem]:
    """Every level once, each value in one column; levels without points are pointed out."""
    table = rulebook.table(clause.use.ledger)
    named = tuple(dict.fromkeys(level for level in clause.levels if level))
    if named and "" in clause.levels:
        yield scoring.contradiction(clause.span, f"{named[0]}每次", "不分级别的每次")
        return
    together = column_of(named, table)
    for words in clause.words:
        for word in words:
            found = column_of([word], table)
            if len(found) != 1 and not (word in named and len(together) == 1):
                yield scoring.level_unknown(clause.span, named if word in named else [word], clause.use.ledger, found)
                return
    yield from check_rates(clause, clause.rates(rulebook), table, clause.units[0] if clause.units else "次")


SAME_MATTER = Choice(
    "same_matter",
    "同一事项有几行怎样计",
    (("highest_once", "只计最高一次"), ("each_counts", "各计各的")),
    "K222",
)

KIND = Kind(
    key="ledger",
    form=FORM,
    node=Ledger,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    reads_events=True,
    cap=lambda clause: clause.most,
    drains_group=lambda clause: clause.floor == "until_group",
    choices=(SAME_MATTER, CAP_CHOICE, *FLOOR_CHOICES),
)
