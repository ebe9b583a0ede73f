"""Count gain: points for each piece (每有 1 份会议纪要得 1 分，最高得满分; 每篇 1 分; 每月 0.5 分，按 12 个月累计).

How far it goes must be written: 最高得满分, 最多加 3 分, 按 12 个月累计 or 不封顶; a bonus may say it in its header.
Under 扣分项 the points are taken away. Two phrasings, one meaning: :data:`KIND` counts an object,
:data:`RATE_KIND` a unit.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, constant
from perfdsl.clauses.shared import counting
from perfdsl.clauses.shared.awards import answers, takes_away, turned, turned_node
from perfdsl.clauses.shared.bounds import (
    CAP,
    CAP_CHOICE,
    CAP_FIELD,
    FLOOR_CHOICES,
    FLOOR_FIELD,
    MOST,
    cap_in_words,
    capped,
    capped_by_hand,
    check_cap,
    check_nothing_lost,
    check_taking,
    floored,
    floored_by_hand,
    least_in_words,
)
from perfdsl.clauses.shared.measures import points
from perfdsl.clauses.shared.stepping import REMAINDER_CHOICE, WHOLE_STEPS, remainder_slot
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Answer, Award, Clause, Item
from perfdsl.model.states import State
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Slot, Word, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CountGain(Clause):
    """``points`` for each ``each`` (or one of ``unit``) of ``what``, of no more than ``times`` pieces."""

    points: Expression
    each: Expression | None = None
    unit: str = ""
    what: str = ""
    times: Expression | None = None
    none: Award | None = None
    remainder: str | None = None
    under: Expression | None = None
    counted_as: Expression | None = None
    cap: str | None = None
    most: Expression | None = None
    floor: str | None = None
    least: Expression | None = None
    total_least: Expression | None = None

    @property
    def answers(self) -> dict[State, Answer]:
        """未发生不得分 answers the state."""
        return answers(State.NONE, self.none)


def _form(name: Word, piece: Slot) -> Form:
    return Form(
        name=name,
        pattern=(
            piece,
            slot("none_occurred", {"award": "none"}, required=False, award__kind="zero"),
            slot("accumulate", {"count": "times"}, required=False),
            remainder_slot(),
            CAP,
            MOST,
        ),
        takes=(CAP_FIELD, FLOOR_FIELD),
        without=("ledger_use",),
    )


def check(clause: CountGain, setting: Setting) -> Iterable[Problem]:
    """A piece that can be counted, and how far it goes."""
    item, times, worth = setting.item, constant(clause.times), constant(clause.points)
    yield from counting.check_counting(clause, setting, "得")
    if clause.times is not None:
        if times is None or times.denominator != 1 or times < 1:
            yield scoring.whole_number_wanted(clause.span, "累计的次数")
        elif worth is not None and item.full is not None and times * worth != item.full:
            product = f"{decimal(worth)} × {decimal(times)} = {decimal(worth * times)} 分"
            yield scoring.accumulate_not_full(clause.span, product, decimal(item.full))
    if takes_away(item):
        yield from check_taking(clause, setting, bounded=clause.times is not None)
        return
    yield from check_nothing_lost(clause, setting)
    if clause.times is None or clause.cap is not None or clause.most is not None:
        yield from check_cap(clause, setting)


def lower(clause: CountGain, scope: Scope) -> NodeId:
    """min(cap, min(times, pieces) × points); the cap is on the points, given or taken."""
    graph, count = scope.graph, counting.pieces_node(clause, scope)
    times = constant(clause.times)
    if times is not None:
        count = graph.apply(Fn.LEAST, count, graph.number(times))
    gain = capped(clause, graph.apply(Fn.MULTIPLY, count, points(scope, clause.points)), scope)
    return floored(clause, turned_node(gain, scope), scope)


def by_hand(clause: CountGain, facts: Facts) -> Fraction:
    """Count the pieces, no more than the rule counts, and give their points, as far as the rule goes."""
    count = counting.pieces_by_hand(clause, facts)
    if clause.times is not None:
        count = min(count, facts.number(clause.times))
    gain = capped_by_hand(clause, count * facts.number(clause.points), facts)
    return floored_by_hand(clause, turned(gain, facts), facts)


def sentence(clause: CountGain, item: Item) -> str:
    """每有 1 份会议纪要得 1 分，最高得满分."""
    times = f"，按 {amount(clause.times)}累计" if clause.times is not None else ""
    verb = "扣" if takes_away(item) else "得"
    bounds = cap_in_words(clause, amount(clause.most)) + least_in_words(clause)
    return counting.in_words(clause, clause.what, verb) + times + bounds


KIND = Kind(
    key="count_gain",
    form=_form(Word("count_gain", "逐件得分", english="count-gain"), counting.count_slot("get", "add")),
    node=CountGain,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: clause.remainder not in WHOLE_STEPS,
    fact_unit=counting.fact_unit,
    fact_name=lambda clause: clause.what,
    answers=lambda clause: clause.answers,
    cap=lambda clause: clause.most,
    drains_group=lambda clause: clause.floor == "until_group",
    choices=(
        REMAINDER_CHOICE,
        CAP_CHOICE,
        *FLOOR_CHOICES,
    ),
)

RATE_KIND = Kind(
    key="rate_gain",
    form=_form(Word("rate_gain", "按次得分", english="rate-gain"), counting.rate_slot("get", "add")),
    node=CountGain,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: clause.remainder not in WHOLE_STEPS,
    fact_unit=counting.fact_unit,
    choices=(
        REMAINDER_CHOICE,
        CAP_CHOICE,
        *FLOOR_CHOICES,
    ),
)
