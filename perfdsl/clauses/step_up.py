"""Step up: points for each step by which the value passes the target (每超 10 个百分点加 3 分).

A bonus starts from 0. An indicator starts from what reaching the target gives (达到得 6 分) and says what a miss
gives. The cap is on what is added (最多加 3 分), on the whole score (最高得满分, 最高 9 分), or in the header of a
bonus. How a begun step counts must be written: see :mod:`perfdsl.clauses.shared.stepping`.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from perfdsl.clauses.kind import Facts, Kind, Scope, Setting
from perfdsl.clauses.shared import comparing, stepping
from perfdsl.clauses.shared.awards import (
    award_node,
    check_award,
    check_gives,
    check_one_of,
    check_otherwise,
    scored,
    worth,
)
from perfdsl.clauses.shared.bounds import CAP, CAP_CHOICE, CAP_FIELD, cap_in_words, capped, capped_by_hand, check_cap
from perfdsl.clauses.shared.measures import unit_word, zero
from perfdsl.clauses.shared.stepping import REMAINDER_CHOICE, WHOLE_STEPS, Steps
from perfdsl.clauses.shared.words import amount, in_words
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Award, AwardKind, Clause, Item
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Form, Word, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUp(Clause):
    """``base`` is what ``base_op`` against ``base_against`` gives (None: 0), ``otherwise`` what falling short gives.

    ``most_added`` caps the steps, ``most`` and ``cap`` the whole score.
    """

    way: str
    each: Expression
    points: Expression
    gap: Expression | None = None
    remainder: str | None = None
    under: Expression | None = None
    counted_as: Expression | None = None
    most_added: Expression | None = None
    most: Expression | None = None
    cap: str | None = None
    base_op: str | None = None
    base_against: Expression | None = None
    base: Award | None = None
    missed: Award | None = None
    missed_against: Expression | None = None
    otherwise: Award | None = None

    @property
    def steps(self) -> Steps:
        """The step phrase by itself."""
        return Steps(
            way=self.way,
            each=self.each,
            points=self.points,
            loses=False,
            gap=self.gap,
            remainder=self.remainder,
            under=self.under,
            counted_as=self.counted_as,
            most=self.most_added,
            against=self.base_against,
        )

    @property
    def short(self) -> Award | None:
        """What a value that falls short gives: 未达到不得分, or 否则不得分."""
        return self.missed if self.missed is not None else self.otherwise


FORM = Form(
    name=Word("step_up", "逐档加分", english="step-up"),
    pattern=(
        slot(
            "reach",
            {"op": "base_op", "against": "base_against", "award": "base"},
            required=False,
            op=("ge", "le", "reach"),
            award__kind=("get", "full"),
        ),
        slot("reach", {"award": "missed", "against": "missed_against"}, required=False, op=("miss", "lt", "gt")),
        slot("otherwise", {"award": "otherwise"}, required=False),
        slot(
            "step",
            {"way": "way", "each": "each", "award.points": "points", "gap": "gap"},
            award__kind="add",
        ),
        stepping.remainder_slot(),
        slot("at_most", {"amount": "most_added"}, required=False, verb="add"),
        slot("at_most", {"amount": "most"}, required=False, verb=("", "get")),
        CAP,
    ),
    takes=(CAP_FIELD,),
)


def check(clause: StepUp, setting: Setting) -> Iterable[Problem]:
    """A target, a reading of begun steps, a base and what falls short of it, a cap."""
    item = setting.item
    yield from stepping.check_steps(clause.steps, setting, clause.span)
    yield from check_gives(stepping.phrase(clause.steps), setting)
    yield from check_one_of(clause.missed, clause.otherwise, ("未达到", "否则"), clause.span)
    if clause.base is None and clause.short is not None and clause.short.kind is not AwardKind.ZERO:
        # without 达到得 x 分 the steps alone give points, and a value that falls short has none of them
        yield scoring.contradiction(clause.span, f"未达到{in_words(clause.short)}", stepping.phrase(clause.steps))
    if scored(item):
        yield from check_award(clause.base, setting)
        if clause.base is not None:
            yield from check_otherwise(clause.short, setting)
            base_op = clause.base_op or "reach"
            yield from comparing.check_against(base_op, clause.base_against, setting, clause.span)
    if clause.missed is not None and clause.missed_against != clause.base_against:
        reached, short = amount(clause.base_against) or "目标值", amount(clause.missed_against) or "目标值"
        yield scoring.contradiction(clause.span, f"达到 {reached}", f"未达到 {short}")
    if clause.most_added is None:
        yield from check_cap(clause, setting)


def lower(clause: StepUp, scope: Scope) -> NodeId:
    """min(cap, base + min(most added, steps × points)), or what falling short gives."""
    graph, gain = scope.graph, stepping.worth_node(clause.steps, scope)
    if clause.base is None:
        return capped(clause, gain, scope)
    whole = capped(clause, graph.apply(Fn.ADD, award_node(clause.base, scope), gain), scope)
    other = comparing.against_node(clause.base_against, scope)
    reached = comparing.compare_nodes(clause.base_op or "reach", scope.value, other, scope)
    short = zero(scope) if clause.short is None else award_node(clause.short, scope)
    return graph.choose((reached, whole), otherwise=short)


def by_hand(clause: StepUp, facts: Facts) -> Fraction:
    """Reached: the base and the steps beyond, as far as the rule goes. Fallen short: what the rule says."""
    if clause.base is None:
        return capped_by_hand(clause, stepping.worth_by_hand(clause.steps, facts), facts)
    against = comparing.against_by_hand(clause.base_against, facts)
    if comparing.compares(clause.base_op or "reach", facts.value, against, facts):
        gain = stepping.worth_by_hand(clause.steps, facts)
        return capped_by_hand(clause, worth(clause.base, facts) + gain, facts)
    return Fraction(0) if clause.short is None else worth(clause.short, facts)


def sentence(clause: StepUp, item: Item) -> str:
    """达到得 6 分，每超 1 个百分点加 0.5 分，不足的不计，最高得满分."""
    base = f"达到{in_words(clause.base)}，" if clause.base is not None else ""
    short = f"，未达到{in_words(clause.short)}" if clause.short is not None else ""
    return base + stepping.in_words(clause.steps) + short + cap_in_words(clause, amount(clause.most))


KIND = Kind(
    key="step_up",
    form=FORM,
    node=StepUp,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    moves=lambda clause: clause.remainder not in WHOLE_STEPS,
    fact_unit=lambda clause: unit_word(clause.each),
    cap=lambda clause: clause.most,
    choices=(
        REMAINDER_CHOICE,
        CAP_CHOICE,
    ),
)
