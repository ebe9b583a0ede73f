"""How a run was computed: tier, bounds and reason of every operation that is left for these data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

from perfdsl.graph.ops import (
    Aggregate,
    Apply,
    Choose,
    Column,
    Constant,
    Fetch,
    Fn,
    Lookup,
    Op,
    Rank,
    Round,
    Settle,
    Stack,
    Streak,
)
from perfdsl.graph.ranges import Tier
from perfdsl.reports.findings import PlanFinding, StepFinding
from perfdsl.reports.words import FUNCTIONS, MODES, REDUCE
from perfdsl.text.catalogue import running
from perfdsl.text.numbers import decimal
from perfdsl.workspace.planning import Planned, PlannedStep

TIERS = {
    Tier.INTEGER: "整数",
    Tier.SINGLE: "一次除法",
    Tier.WIDE: "除法加余数",
    Tier.LATE: "双精度加误差界",
    Tier.EXACT: "逐行分数",
}
DIVIDING = (Fn.DIVIDE, Fn.FLOOR, Fn.CEIL, Fn.POWER, Fn.LN)
OPERATIONS: dict[type[Op], str] = {
    Constant: "写明的数",
    Choose: "分情形",
    Lookup: "查档",
    Fetch: "查表",
    Rank: "排名",
    Streak: "连续次数",
    Stack: "并表",
    Settle: "定等次",
}


def plan(planned: Planned, every: bool = False) -> PlanFinding:
    """A plan in words. ``every``: all operations, not those alone that divide, round or leave the integers."""
    counts = Counter(TIERS[one.step.tier] for one in planned.steps)
    rounds = [one for one in planned.steps if isinstance(one.op, Round) and one.step.tier in (Tier.LATE, Tier.EXACT)]
    late = dict.fromkeys(one.at for one in rounds if not one.step.real)
    return PlanFinding(
        nodes=planned.nodes,
        left=len(planned.steps),
        straight=planned.straight,
        counts=tuple((tier, counts[tier]) for tier in TIERS.values() if counts[tier]),
        steps=tuple(_step(one) for one in planned.steps if every or _is_told(one)),
        problems=tuple(running.late_rounding(citation) for citation in late),
    )


def _is_told(one: PlannedStep) -> bool:
    if one.step.tier is not Tier.INTEGER or isinstance(one.op, Round):
        return True
    return isinstance(one.op, Apply) and one.op.fn in DIVIDING


def _step(one: PlannedStep) -> StepFinding:
    bounds = one.step.range.bounds if one.step.range is not None else None
    # two digits are enough for the eye; bounds are rounded outward
    low, high = ("", "") if bounds is None else (_hundredths(floor, bounds[0]), _hundredths(ceil, bounds[1]))
    return StepFinding(str(one.at), _words(one.op), one.step.tier.value, low, high, one.step.reason)


def _hundredths(towards: Callable[[Fraction], int], number: Fraction) -> str:
    return decimal(Fraction(towards(number * 100), 100))


def _words(op: Op) -> str:
    match op:
        case Apply(fn=fn):
            return FUNCTIONS[fn]
        case Aggregate(fn=fn):
            return REDUCE[fn]
        case Round(digits=digits, mode=mode):
            return f"保留 {digits} 位，{MODES[mode]}"
        case Column(name=name):
            return f"读 {name}"
        case _:
            return OPERATIONS[type(op)]
