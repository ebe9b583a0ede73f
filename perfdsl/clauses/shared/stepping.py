"""Steps: so many points for each so much by which a value lies above or below what it is compared with.

Three readings of a begun step are all in use, and one city's published scores fit only the first: pro rata
(按比例计), whole steps only (不计), a begun step as a whole one (按 1 档计). The rule must say which, unless the
value is counted in whole pieces and the step is one piece. 每低 1% has two readings where the value is itself a
ratio: a percentage point, or a hundredth of the target.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor

from perfdsl.clauses.kind import Choice, Facts, Scope, Setting, Undecided, constant
from perfdsl.clauses.shared.measures import (
    amount_in,
    called,
    distance,
    in_percent,
    like,
    measured,
    points,
    shown,
    whole,
)
from perfdsl.clauses.shared.words import amount
from perfdsl.graph.ops import Constant, Fn, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Item
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, Unit, decimal
from perfdsl.text.catalogue import scoring
from perfdsl.text.form import Slot, slot
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass
from perfdsl.text.source import Span

WAYS = {"below": "低", "above": "超"}


@dataclass(frozen=True, slots=True)
class Steps:
    """One step phrase. ``way``: ``below`` or ``above`` what ``against`` says (None: the target, or 0 without one).

    ``gap`` is how far, where the rule defines it itself. ``remainder`` is ``pro_rata``, ``not_counted`` or
    ``count_as``; ``most`` the most that these steps can come to; ``loses``: they take points away.
    """

    way: str
    each: Expression
    points: Expression
    loses: bool
    gap: Expression | None = None
    remainder: str | None = None
    under: Expression | None = None
    counted_as: Expression | None = None
    most: Expression | None = None
    against: Expression | None = None

    @property
    def verb(self) -> str:
        """扣 or 加."""
        return "扣" if self.loses else "加"


def _remainder_choice(prefix: str, asks: str) -> Choice:
    return Choice(
        f"{prefix}remainder",
        asks,
        (("pro_rata", "不足的按比例计"), ("not_counted", "不足的不计"), ("count_as", "不足的按一档计")),
        "K203",
    )


WHOLE_STEPS = frozenset({"not_counted", "count_as"})
"""Remainders with which a score only goes by whole steps."""

REMAINDER_CHOICE = _remainder_choice("", "不足一档怎样计")
UP_AND_DOWN_CHOICES = (_remainder_choice("up_", "加分不足一档怎样计"), _remainder_choice("down_", "扣分不足一档怎样计"))


def remainder_slot(prefix: str = "") -> Slot:
    """不足 1 个百分点的按比例计, into fields that begin with ``prefix``."""
    names = {"treat": "remainder", "under": "under", "counted_as": "counted_as"}
    return slot("remainder", {name: prefix + into for name, into in names.items()}, required=False)


# ---- by hand


def count_steps(gap: Fraction, each: Fraction, remainder: str | None) -> Fraction:
    """How many steps ``gap`` makes: pro rata, whole steps only, or a begun step counted whole.

    A gap of nothing or less is no step, and of steps of nothing or less nobody can tell how many there are. Where the
    rule says nothing of a remainder, the check has made sure that there can be none (whole numbers, step 1).
    """
    if each <= 0:
        raise Undecided
    if gap <= 0:
        return Fraction(0)
    exact = gap / each
    if remainder == "not_counted":
        return Fraction(floor(exact))
    if remainder == "count_as":
        return Fraction(ceil(exact))
    return exact


def gap_by_hand(steps: Steps, facts: Facts) -> Fraction:
    """How far the value lies below (or above) what it is compared with."""
    if steps.gap is not None:
        return facts.number(steps.gap)
    if steps.against is not None:
        other = facts.number(steps.against)
    else:
        other = facts.target if facts.has_target else Fraction(0)
    value: Fraction = facts.value
    return other - value if steps.way == "below" else value - other


def worth_by_hand(steps: Steps, facts: Facts) -> Fraction:
    """Points of all steps together, no more than the rule's most."""
    gap, each = gap_by_hand(steps, facts), facts.number(steps.each)
    points_ = count_steps(gap, each, steps.remainder) * facts.number(steps.points)
    return points_ if steps.most is None else min(points_, facts.number(steps.most))


# ---- in the graph


def reference_node(steps: Steps, scope: Scope) -> NodeId:
    """What the value is compared with."""
    if steps.against is not None:
        return like(scope, steps.against, scope.value)
    if scope.item.target is not None:
        return scope.target
    return scope.graph.number(0, scope.graph.type(scope.value).unit or RATIO)


def gap_node(steps: Steps, scope: Scope) -> NodeId:
    """The gap, negative where there is none."""
    if steps.gap is not None:
        return scope.number(steps.gap)
    other = reference_node(steps, scope)
    low, high = (scope.value, other) if steps.way == "below" else (other, scope.value)
    return scope.graph.apply(Fn.SUBTRACT, high, low)


def step_nodes(scope: Scope, gap: NodeId, each: NodeId, remainder: str | None) -> NodeId:
    """How many steps, never fewer than 0; open where a step is nothing (a zero divisor) or less."""
    graph = scope.graph
    count = graph.apply(Fn.DIVIDE, gap, more_than_nothing(scope, each))
    if remainder == "not_counted":
        count = graph.apply(Fn.FLOOR, count)
    elif remainder == "count_as":
        count = graph.apply(Fn.CEIL, count)
    return graph.apply(Fn.GREATEST, count, graph.number(0))


def more_than_nothing(scope: Scope, each: NodeId) -> NodeId:
    """A step that is worked out or stands in a column, 待定 where it is negative; one that is written has been checked."""
    graph = scope.graph
    if isinstance(graph.op(each), Constant):
        return each
    negative = graph.apply(Fn.LESS, each, graph.number(0, graph.type(each).unit or RATIO))
    return graph.choose((negative, graph.nothing(State.PENDING, each)), otherwise=each)


def worth_node(steps: Steps, scope: Scope) -> NodeId:
    """min(most, steps × points)."""
    graph, gap = scope.graph, gap_node(steps, scope)
    count = step_nodes(scope, gap, amount_in(scope, steps.each, graph.type(gap).unit), steps.remainder)
    total = graph.apply(Fn.MULTIPLY, count, points(scope, steps.points))
    return total if steps.most is None else graph.apply(Fn.LEAST, total, points(scope, steps.most))


# ---- words


def in_words(steps: Steps) -> str:
    """每低 1 个百分点扣 0.5 分，不足的按比例计."""
    treat = {"pro_rata": "，不足的按比例计", "not_counted": "，不足的不计", "count_as": "，不足的按一档计"}
    most = f"，最多{steps.verb} {amount(steps.most)} 分" if steps.most is not None else ""
    return phrase(steps) + treat.get(steps.remainder or "", "") + most


def phrase(steps: Steps) -> str:
    """每低 1 个百分点扣 0.5 分（低多少 = …）, as it can be pasted."""
    return f"每{WAYS[steps.way]} {amount(steps.each)}{steps.verb} {amount(steps.points)} 分{_gap_in_words(steps)}"


def _gap_in_words(steps: Steps) -> str:
    if steps.gap is None or steps.gap.span is None:
        return ""
    return f"（{WAYS[steps.way]}多少 = {steps.gap.span.text}）"


# ---- checks


def check_steps(steps: Steps, setting: Setting, span: Span | None, zero_is_base: bool = False) -> Iterable[Problem]:
    """Something to compare with, a direction that fits, units that fit, and one reading of a begun step."""
    item = setting.item
    reference = steps.against if steps.against is not None else item.target
    if reference is None and steps.gap is None and not zero_is_base:
        yield scoring.target_missing(span)
        return
    yield from check_way(steps, item, span)
    units = tuple(check_units(steps, item, reference, span))
    yield from units
    if not units:
        yield from check_remainder(steps, item, reference, span)


def check_way(steps: Steps, item: Item, span: Span | None) -> Iterable[Problem]:
    """每低…扣 and 每超…加 are for what is better high; the other two for what is better low."""
    high = (steps.way == "below") == steps.loses
    if item.higher_is_better is not None and item.higher_is_better != high:
        direction = "越高越好" if item.higher_is_better else "越低越好"
        yield scoring.direction_against_scoring(span, direction, phrase(steps))


def check_units(steps: Steps, item: Item, reference: Expression | None, span: Span | None) -> Iterable[Problem]:
    """Value, target and step are measured alike, and a step in % says of what."""
    value, other, each = measured(item.value), measured(reference), measured(steps.each)
    if steps.gap is not None:
        gap = measured(steps.gap)
        if each is not None and gap is not None and gap != each:
            yield scoring.unlike_units(span, f"{WAYS[steps.way]}多少和每档", called(gap), called(each))
        return
    if value is not None and other is not None and value != other:
        yield scoring.unlike_units(
            (reference.span if reference is not None else None) or span, "指标值和目标值", called(value), called(other)
        )
    elif in_percent(steps.each) and value is not None and value != RATIO:
        yield scoring.percent_of_what(span, called(value), _relative(steps))
    elif in_percent(steps.each) and reference is not None:
        yield percent_problem(steps, reference, span)
    elif each is not None and value is not None and each != value:
        yield scoring.unlike_units(span, "指标值和每档", called(value), called(each))


def _relative(steps: Steps) -> str:
    way = WAYS[steps.way]
    order = "目标值 - 指标值" if steps.way == "below" else "指标值 - 目标值"
    return f"每{way} {amount(steps.each)} {steps.verb} {amount(steps.points)} 分（{way}多少 = （{order}）÷ 目标值）"


def percent_problem(steps: Steps, reference: Expression, span: Span | None) -> Problem:
    """Both readings of 每低 1%, worked out for a value a tenth off the target."""
    each, worth, way = constant(steps.each) or Fraction(1, 100), constant(steps.points), WAYS[steps.way]
    target = constant(reference) or Fraction(4, 5)
    value = target * (Fraction(9, 10) if steps.way == "below" else Fraction(11, 10))
    gap, share = abs(target - value), Fraction(1, 10)

    def taken(far: Fraction) -> str:
        return "" if worth is None else f"{steps.verb} {decimal(far / each * worth)} 分"

    in_points = f"每{way} {decimal(each * 100)} 个百分点{steps.verb} {amount(steps.points)} 分"
    return scoring.percent_or_points(
        span,
        f"目标 {shown(target, RATIO)}，实际 {shown(value, RATIO)}",
        (f"{way} {distance(gap, RATIO)}", taken(gap), in_points),
        (f"比目标{way} {shown(share, RATIO)}", taken(share), _relative(steps)),
    )


def check_remainder(steps: Steps, item: Item, reference: Expression | None, span: Span | None) -> Iterable[Problem]:
    """A begun step has one reading, and the remainder speaks of the same step."""
    each = constant(steps.each)
    if each is not None and each <= 0:
        return  # no step at all (K278)
    for said in (steps.under, steps.counted_as):
        other = constant(said)
        if each is not None and other is not None and other != each:
            yield scoring.remainder_of_other_step(span, amount(steps.each), amount(said))
            return
    if steps.remainder is None and not (each == 1 and _whole_gap(steps, item, reference)):
        yield remainder_problem(steps, item, reference, span)


def _whole_gap(steps: Steps, item: Item, reference: Expression | None) -> bool:
    if steps.gap is not None:
        return whole(steps.gap, item)
    return whole(item.value, item) and (reference is None or whole(reference, item))


def remainder_problem(steps: Steps, item: Item, reference: Expression | None, span: Span | None) -> Problem:
    """The three readings, worked out for a gap of 1.6 steps."""
    each, worth = constant(steps.each), constant(steps.points)
    step, way = phrase(steps), WAYS[steps.way]
    if each is None or worth is None:
        letters = ("1.6 档的分", "1 档的分", "2 档的分")
        return scoring.remainder_unstated(span, f"{way} 1.6 档", step, amount(steps.each), letters, verb=steps.verb)
    unit, gap = gap_unit(steps, item), each * Fraction(8, 5)
    worked = [decimal(n * worth) for n in (Fraction(8, 5), Fraction(1), Fraction(2))]
    situation = f"{_example(steps, item, reference, gap, unit)}{way} {distance(gap, unit)}"
    return scoring.remainder_unstated(span, situation, step, amount(steps.each), worked, verb=steps.verb)


def gap_unit(steps: Steps, item: Item) -> Unit | None:
    """What the gap is measured in."""
    return measured(steps.each) or measured(steps.gap) or measured(item.value)


def _example(steps: Steps, item: Item, reference: Expression | None, gap: Fraction, unit: Unit | None) -> str:
    """``96.4%，目标 98%，``: a value and a target that are ``gap`` apart."""
    if steps.gap is not None or measured(item.value) != RATIO:
        return ""
    target = constant(reference) if reference is not None else None
    if target is None:
        target = Fraction(98, 100)
    value = target - gap if steps.way == "below" else target + gap
    return f"{shown(value, unit)}，目标 {shown(target, unit)}，"
