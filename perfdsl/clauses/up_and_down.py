"""Up and down: unchanged gives so much, each step up adds, each step down takes away.

持平得 1.5 分；每增 1 人加 0.05 分，最多加 0.5 分；每减 1 人扣 0.1 分，最多扣 2 分. The steps may differ. They are counted
from the target where there is one, else from 0 (the value is then itself the change).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting, constant
from perfdsl.clauses.shared import stepping
from perfdsl.clauses.shared.awards import award_node, check_award, check_gives, scored, worth
from perfdsl.clauses.shared.bounds import (
    CAP,
    CAP_CHOICE,
    FLOOR,
    FLOOR_CHOICES,
    FLOOR_FIELD,
    cap_in_words,
    capped,
    capped_by_hand,
    check_lowest,
    check_points,
    floored,
    floored_by_hand,
    least_in_words,
)
from perfdsl.clauses.shared.measures import unit_word, zero
from perfdsl.clauses.shared.stepping import UP_AND_DOWN_CHOICES, WHOLE_STEPS, Steps
from perfdsl.clauses.shared.words import in_words
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Award, AwardKind, Clause, Item
from perfdsl.model.units import decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Slot, Word, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class UpAndDown(Clause):
    """``even`` is what 持平 gives (None: 0); fields that begin with ``up_`` add, those with ``down_`` take away."""

    up_way: str
    up_each: Expression
    up_points: Expression
    down_way: str
    down_each: Expression
    down_points: Expression
    even: Award | None = None
    up_gap: Expression | None = None
    up_remainder: str | None = None
    up_under: Expression | None = None
    up_counted_as: Expression | None = None
    up_most: Expression | None = None
    down_gap: Expression | None = None
    down_remainder: str | None = None
    down_under: Expression | None = None
    down_counted_as: Expression | None = None
    down_most: Expression | None = None
    cap: str | None = None
    floor: str | None = None
    least: Expression | None = None
    total_least: Expression | None = None

    @property
    def most(self) -> Expression | None:
        """There is no cap on the whole but ``cap``."""
        return None

    @property
    def up(self) -> Steps:
        """The steps that add."""
        return Steps(
            way=self.up_way,
            each=self.up_each,
            points=self.up_points,
            loses=False,
            gap=self.up_gap,
            remainder=self.up_remainder,
            under=self.up_under,
            counted_as=self.up_counted_as,
            most=self.up_most,
        )

    @property
    def down(self) -> Steps:
        """The steps that take away."""
        return Steps(
            way=self.down_way,
            each=self.down_each,
            points=self.down_points,
            loses=True,
            gap=self.down_gap,
            remainder=self.down_remainder,
            under=self.down_under,
            counted_as=self.down_counted_as,
            most=self.down_most,
        )


def _steps(prefix: str, kind: str) -> Slot:
    names = {"way": "way", "each": "each", "award.points": "points", "gap": "gap"}
    return slot(
        "step",
        {name: prefix + into for name, into in names.items()},
        award__kind=kind,
        then=(stepping.remainder_slot(prefix),),
    )


FORM = Form(
    name=Word("up_and_down", "增减计分", english="up-and-down"),
    pattern=(
        slot("even", {"award": "even"}, required=False),
        _steps("up_", "add"),
        _steps("down_", "deduct"),
        slot("at_most", {"amount": "up_most"}, required=False, verb="add"),
        slot("at_most", {"amount": "down_most"}, required=False, verb="deduct"),
        CAP,
        FLOOR,
    ),
    takes=(FLOOR_FIELD,),
)


def check(clause: UpAndDown, setting: Setting) -> Iterable[Problem]:
    """Two ways, a reading of begun steps on each, and bounds above and below."""
    for steps in (clause.up, clause.down):
        yield from stepping.check_steps(steps, setting, clause.span, zero_is_base=True)
    if clause.up_way == clause.down_way:
        yield scoring.contradiction(clause.span, stepping.phrase(clause.up), stepping.phrase(clause.down))
    yield from check_gives(stepping.phrase(clause.up), setting)
    if scored(setting.item):
        yield from check_award(clause.even, setting)
        yield from check_bounds(clause, setting)


def check_bounds(clause: UpAndDown, setting: Setting) -> Iterable[Problem]:
    """The highest and the lowest score that the phrase allows fit the item's own."""
    item, even = setting.item, _even(clause, setting.item)
    full, least = item.full or Fraction(0), item.least
    up, down = constant(clause.up_most), constant(clause.down_most)
    if clause.cap is None and clause.up_most is None:
        yield scoring.cap_unstated(clause.span, decimal(full))
    elif clause.cap is None and up is not None and even is not None and even + up > full:
        yield scoring.award_above_full(clause.span, decimal(even + up), decimal(full))
    yield from check_points(clause.up_most, clause.span)
    yield from check_points(clause.down_most, clause.span)
    yield from check_lowest(clause, setting)
    if clause.floor is not None or clause.least is not None:
        return
    if clause.down_most is None:
        yield scoring.floor_unstated(clause.span, decimal(full), f"应扣 {decimal(full + 1)} 分时")
    elif down is not None and even is not None and even - down < least:
        yield scoring.below_least(clause.span, decimal(even - down), decimal(least))


def _even(clause: UpAndDown, item: Item) -> Fraction | None:
    if clause.even is None:
        return Fraction(0)
    return item.full if clause.even.kind is AwardKind.FULL else constant(clause.even.points)


def lower(clause: UpAndDown, scope: Scope) -> NodeId:
    """even + up - down, within the bounds."""
    graph = scope.graph
    even = zero(scope) if clause.even is None else award_node(clause.even, scope)
    risen = graph.apply(Fn.ADD, even, stepping.worth_node(clause.up, scope))
    moved = graph.apply(Fn.SUBTRACT, risen, stepping.worth_node(clause.down, scope))
    return floored(clause, capped(clause, moved, scope), scope)


def by_hand(clause: UpAndDown, facts: Facts) -> Fraction:
    """持平 and what lies above or below it."""
    score = Fraction(0) if clause.even is None else worth(clause.even, facts)
    score += stepping.worth_by_hand(clause.up, facts)
    score -= stepping.worth_by_hand(clause.down, facts)
    return floored_by_hand(clause, capped_by_hand(clause, score, facts), facts)


def sentence(clause: UpAndDown, item: Item) -> str:
    """持平得 1.5 分；每超 1 人加 0.05 分；每低 1 人扣 0.1 分."""
    even = f"持平{in_words(clause.even)}；" if clause.even is not None else ""
    bounds = cap_in_words(clause, "") + least_in_words(clause)
    return f"{even}{stepping.in_words(clause.up)}；{stepping.in_words(clause.down)}{bounds}"


KIND = Kind(
    key="up_and_down",
    form=FORM,
    node=UpAndDown,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: not {clause.up_remainder, clause.down_remainder} <= WHOLE_STEPS,
    fact_unit=lambda clause: unit_word(clause.up_each),
    cap=lambda clause: clause.most,
    drains_group=lambda clause: clause.floor == "until_group",
    choices=(
        *UP_AND_DOWN_CHOICES,
        replace(CAP_CHOICE, put=None),  # the most is that of its two parts
        *FLOOR_CHOICES,
    ),
)
