"""Manual score: people give it, in steps, and say why (人工评分，0.5 分一档，写明理由).

The fact is the score itself. The rule must state the step; the range is 0 to the full mark unless it is written
(限于 1 至 3 分). 酌情 without a range is refused: nobody could appeal against it. Under 扣分项 the number given is
what is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, constant
from perfdsl.clauses.shared.awards import takes_away
from perfdsl.clauses.shared.measures import measured
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression, Number
from perfdsl.model.item import Clause, Item
from perfdsl.model.units import POINTS, decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual(Clause):
    """A score in steps of ``grid``, from ``low`` to ``high`` (None: 0 to the full mark). ``word`` is what was said."""

    word: str = "manual"
    grid: Expression | None = None
    low: Expression | None = None
    high: Expression | None = None
    reason: str | None = None


DISCRETION = {"discretion": "酌情评分", "discretion_loss": "酌情扣分", "discretion_gain": "酌情加分"}

FORM = Form(
    name=Word("manual", "人工评分", english="manual"),
    phrases=(
        Word("manual", "人工评分", ("评委打分", "综合评定"), "manual"),
        Word("discretion", "酌情评分", ("酌情", "酌情给分", "视情评分", "视情给分"), "at-discretion"),
        Word("discretion_loss", "酌情扣分", ("视情扣分",), "deduct-at-discretion"),
        Word("discretion_gain", "酌情加分", ("视情加分",), "add-at-discretion"),
        Word("with_reason", "写明理由", ("说明理由", "注明理由"), "with-reason"),
    ),
    pattern=(
        fixed("manual", *DISCRETION, into="word"),
        slot("grid", {"step": "grid"}, required=False),
        slot("within", {"low": "low", "high": "high"}, required=False),
        fixed("with_reason", into="reason", required=False),
    ),
)


def check(clause: Manual, setting: Setting) -> Iterable[Problem]:
    """A step, and a range that fits into the full mark, in numbers: what is given is checked against them."""
    item = setting.item
    losing = clause.word == "discretion_loss" and not takes_away(item)
    if clause.word in DISCRETION and (clause.high is None or losing):
        yield scoring.discretion_without_range(clause.span, DISCRETION[clause.word])
        return
    if clause.grid is not None and item.value is not None and measured(item.value) not in (None, POINTS):
        span = item.value.span or clause.span
        yield scoring.points_wanted(span, span.text if span is not None else "")
    for part in (clause.grid, clause.low, clause.high):
        if part is not None and not (isinstance(part, Number) and measured(part) in (None, POINTS)):
            yield scoring.points_wanted(part.span or clause.span, part.span.text if part.span else amount(part))
    if clause.grid is None:
        yield scoring.grid_unstated(clause.span)
    if clause.high is None and item.full is None:
        yield scoring.full_missing(item.span or clause.span)
    most = constant(clause.high)
    if most is not None and item.full is not None and most > item.full:
        yield scoring.award_above_full(clause.span, decimal(most), decimal(item.full))


def limits(clause: Manual, item: Item) -> tuple[Fraction, Fraction, Fraction | None]:
    """Least, most and step of what may be given."""
    low, high = constant(clause.low), constant(clause.high)
    most = high if high is not None else item.full or Fraction(0)
    return Fraction(0) if low is None else low, most, constant(clause.grid)


def lower(clause: Manual, scope: Scope) -> NodeId:
    """The score given."""
    return scope.graph.apply(Fn.NEGATE, scope.value) if takes_away(scope.item) else scope.value


def by_hand(clause: Manual, facts: Facts) -> Fraction:
    """The score given; under 扣分项 it is taken away."""
    given: Fraction = facts.value
    return -given if takes_away(facts.item) else given


def sentence(clause: Manual, item: Item) -> str:
    """人工评分，0.5 分一档，写明理由."""
    grid = f"，{amount(clause.grid)} 分一档" if clause.grid is not None else ""
    within = f"，限于 {amount(clause.low)} 至 {amount(clause.high)} 分" if clause.high is not None else ""
    return f"人工评分{grid}{within}{'，写明理由' if clause.reason else ''}"


KIND = Kind(
    key="manual",
    form=FORM,
    node=Manual,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    fact_unit=lambda clause: "分",
    limits=limits,
)
