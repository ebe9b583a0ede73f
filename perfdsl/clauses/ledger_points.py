"""Ledger points that stand in the ledger: each row says how many, within what the rule allows.

    台账：督查扣分，认定日期在考核期内
    计分：按每行分值扣分，限于 1 至 3 分
    每行分值：核定分

For rules that leave the points to whoever establishes the event (每起扣 1—3 分). A row beyond the bounds is a mistake of
the data: it is reported, and the score is 待定. What rows count: ``clauses/shared/rows.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, constant
from perfdsl.clauses.ledger import SAME_MATTER
from perfdsl.clauses.shared.bounds import CAP_CHOICE, FLOOR_CHOICES, check_points
from perfdsl.clauses.shared.rows import (
    BOUNDS,
    TAKES,
    Rate,
    Rows,
    check_rows,
    extras_in_words,
    loses,
    score_by_hand,
    score_node,
)
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Take, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPoints(Rows):
    """``column`` holds the points of each row, between ``low`` and ``high``."""

    way: str
    column: str
    low: Expression | None = None
    high: Expression | None = None

    @property
    def given(self) -> str:
        """The column in which the points of a row stand."""
        return self.column

    @property
    def losing(self) -> bool:
        """Whether the phrase says that points are lost."""
        return self.way == "each_row_loses"

    def rates(self, rulebook: Rulebook) -> tuple[Rate, ...]:
        """One rate for every row."""
        return (Rate((), None),)


FORM = Form(
    name=Word("ledger_points", "按每行分值", english="by-row-points"),
    phrases=(
        Word("each_row_gives", "按每行分值得分", ("按每行分值加分", "按每行分值计分"), "get-what-each-row-says"),
        Word("each_row_loses", "按每行分值扣分", (), "lose-what-each-row-says"),
    ),
    pattern=(
        fixed("each_row_gives", "each_row_loses", into="way"),
        slot("within", {"low": "low", "high": "high"}, required=False),
        *BOUNDS,
    ),
    takes=(*TAKES, Take("row_points", into="column", required=True)),
)


def by_hand(clause: LedgerPoints, facts: Facts) -> object:
    """Row by row, as ``score_by_hand`` says."""
    return score_by_hand(clause, facts)


def lower(clause: LedgerPoints, scope: Scope) -> NodeId:
    """Σ of what the rows say."""
    return score_node(clause, scope)


def sentence(clause: LedgerPoints, item: Item) -> str:
    """按每行的核定分扣分，限于 1 至 3 分."""
    bounds = f"，限于 {amount(clause.low)} 至 {amount(clause.high)} 分" if clause.high is not None else ""
    return f"按每行的“{clause.column}”{'扣' if loses(clause, item) else '得'}分{bounds}" + extras_in_words(clause)


def check(clause: LedgerPoints, setting: Setting) -> Iterable[Problem]:
    """The column is one of 分, and the bounds are said."""
    low, high = constant(clause.low), constant(clause.high)
    for bound in (clause.low, clause.high):
        yield from check_points(bound, clause.span)
    if clause.high is None:
        written = "按每行分值扣分" if clause.way == "each_row_loses" else "按每行分值得分"
        yield scoring.discretion_without_range(clause.span, written, _ranged(clause, written))
    elif low is not None and high is not None and (low >= high or low < 0):
        yield scoring.contradiction(clause.span, f"{decimal(low)} 分", f"{decimal(high)} 分")
    yield from check_rows(clause, setting)


def _ranged(clause: LedgerPoints, written: str) -> str:
    """What was written with a range behind its first words."""
    said = clause.span.text if clause.span is not None else written
    first, comma, rest = said.partition("，")
    return f"{first}，限于 0.5 至 10 分{comma}{rest}"


def row_limits(clause: LedgerPoints) -> tuple[str, Fraction, Fraction] | None:
    """The column that people fill in, the least and the most."""
    low, high = constant(clause.low), constant(clause.high)
    return None if low is None or high is None else (clause.column, low, high)


KIND = Kind(
    key="ledger_points",
    form=FORM,
    node=LedgerPoints,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact=None,
    reads_events=True,
    cap=lambda clause: clause.most,
    drains_group=lambda clause: clause.floor == "until_group",
    choices=(SAME_MATTER, CAP_CHOICE, *FLOOR_CHOICES),
    row_limits=row_limits,
)
