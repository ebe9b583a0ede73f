"""Step down: points off for each step by which the value misses the target (每低 1 个百分点扣 0.5 分).

How a begun step counts, and what 每低 1% means, must be written: see :mod:`perfdsl.clauses.shared.stepping`.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting
from perfdsl.clauses.shared import comparing, stepping
from perfdsl.clauses.shared.awards import start, start_node
from perfdsl.clauses.shared.bounds import (
    FLOOR,
    FLOOR_CHOICES,
    FLOOR_FIELD,
    MOST_LOST,
    check_floor,
    floor_in_words,
    floored,
    floored_by_hand,
)
from perfdsl.clauses.shared.measures import unit_word
from perfdsl.clauses.shared.stepping import REMAINDER_CHOICE, WHOLE_STEPS, Steps
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause, Item
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Word, fixed, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDown(Clause):
    """``way``: ``below`` or ``above`` the target. ``gap`` is how far, where the rule defines it itself.

    ``remainder`` is ``pro_rata``, ``not_counted`` or ``count_as``; ``floor`` one of ``until_point``,
    ``until_item``, ``until_group``; ``most`` the most that can be lost. ``met_against`` is what 不高于…得满分
    compares with; the steps are counted from there.
    """

    way: str
    each: Expression
    points: Expression
    gap: Expression | None = None
    remainder: str | None = None
    under: Expression | None = None
    counted_as: Expression | None = None
    most: Expression | None = None
    floor: str | None = None
    least: Expression | None = None
    total_least: Expression | None = None
    met_op: str | None = None
    met_against: Expression | None = None

    @property
    def steps(self) -> Steps:
        """The step phrase by itself."""
        return Steps(
            way=self.way,
            each=self.each,
            points=self.points,
            loses=True,
            gap=self.gap,
            remainder=self.remainder,
            under=self.under,
            counted_as=self.counted_as,
            most=self.most,
            against=self.met_against,
        )


FORM = Form(
    name=Word("step_down", "逐档扣分", english="step-down"),
    pattern=(
        fixed("meet", required=False),
        slot(
            "reach",
            {"op": "met_op", "against": "met_against"},
            required=False,
            award__kind="full",
            op=("ge", "le", "reach"),
        ),
        slot(
            "step",
            {"way": "way", "each": "each", "award.points": "points", "gap": "gap"},
            award__kind="deduct",
        ),
        stepping.remainder_slot(),
        MOST_LOST,
        FLOOR,
    ),
    takes=(FLOOR_FIELD,),
)


def check(clause: StepDown, setting: Setting) -> Iterable[Problem]:
    """A target, a reading of begun steps, a unit that fits, a floor with its scope."""
    yield from stepping.check_steps(clause.steps, setting, clause.span)
    if clause.met_op in ("ge", "le") and (clause.met_op == "ge") != (clause.way == "below"):
        line = comparing.in_words(clause.met_op, clause.met_against)
        yield scoring.contradiction(clause.span, f"{line}得满分", stepping.phrase(clause.steps))
    yield from check_floor(clause, setting)


def lower(clause: StepDown, scope: Scope) -> NodeId:
    """full - min(most, steps × points), not below the floor."""
    lost = stepping.worth_node(clause.steps, scope)
    return floored(clause, scope.graph.apply(Fn.SUBTRACT, start_node(scope), lost), scope)


def by_hand(clause: StepDown, facts: Facts) -> Fraction:
    """Count the steps missed, take the points off the full mark, stop where the rule stops."""
    return floored_by_hand(clause, start(facts) - stepping.worth_by_hand(clause.steps, facts), facts)


def sentence(clause: StepDown, item: Item) -> str:
    """每低 1 个百分点扣 0.5 分，不足的按比例计，扣完本指标为止."""
    steps = stepping.in_words(clause.steps)
    told = floor_in_words(clause, amount(clause.most))
    most = f"，最多扣 {amount(clause.most)} 分" if clause.most is not None else ""
    return steps.removesuffix(most) + told


KIND = Kind(
    key="step_down",
    form=FORM,
    node=StepDown,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: clause.remainder not in WHOLE_STEPS,
    fact_unit=lambda clause: unit_word(clause.each),
    cap=lambda clause: clause.most,
    drains_group=lambda clause: clause.floor == "until_group",
    choices=(
        REMAINDER_CHOICE,
        *FLOOR_CHOICES,
    ),
)
