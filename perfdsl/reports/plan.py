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
from perfdsl.graph.ranges import Step, Tier
from perfdsl.reports.findings import PlanFinding, StepFinding
from perfdsl.reports.words import FUNCTIONS, MODES, REDUCE
from perfdsl.text.catalogue import running
from perfdsl.text.citation import Citation
from perfdsl.text.numbers import decimal
from perfdsl.workspace.planning import Planned

TIERS = {Tier.INTEGER: "整数", Tier.SINGLE: "一次除法", Tier.WIDE: "除法加余数", Tier.EXACT: "逐行分数"}
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
    counts = Counter(TIERS[step.tier] for _, _, step in planned.steps)
    late = [at for at, op, step in planned.steps if isinstance(op, Round) and step.tier is Tier.EXACT and not step.real]
    return PlanFinding(
        nodes=planned.nodes,
        left=len(planned.steps),
        straight=planned.straight,
        counts=tuple((tier, counts[tier]) for tier in TIERS.values() if counts[tier]),
        steps=tuple(_step(at, op, step) for at, op, step in planned.steps if every or _is_told(op, step)),
        problems=tuple(running.late_rounding(citation) for citation in dict.fromkeys(late)),
    )


def _is_told(op: Op, step: Step) -> bool:
    if step.tier is not Tier.INTEGER or isinstance(op, Round):
        return True
    return isinstance(op, Apply) and op.fn in DIVIDING


def _step(at: Citation, op: Op, step: Step) -> StepFinding:
    bounds = step.range.bounds if step.range is not None else None
    # two digits are enough for the eye; bounds are rounded outward
    low, high = ("", "") if bounds is None else (_hundredths(floor, bounds[0]), _hundredths(ceil, bounds[1]))
    return StepFinding(str(at), _words(op), step.tier.value, low, high, step.reason)


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
