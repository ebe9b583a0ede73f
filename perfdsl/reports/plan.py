"""How a run was computed: tier, bounds and reason of every operation that is left for these data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
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
from perfdsl.reports.findings import LedgerFinding, PlanFinding, StepFinding
from perfdsl.reports.words import FUNCTIONS, MODES, REDUCE
from perfdsl.text.catalogue import running
from perfdsl.text.numbers import decimal
from perfdsl.workspace.planning import Planned, PlannedFacts, PlannedLedger, PlannedStep

TIERS = {
    Tier.INTEGER: "整数",
    Tier.SINGLE: "一次除法",
    Tier.WIDE: "除法加余数",
    Tier.LATE: "双精度加误差界",
    Tier.EXACT: "逐行分数",
}
WHY = {
    "several units": "一行归几个单位，或几个台账的行合在一起算",
    "fold": "要的不是合计，也不是个数（如最高、最低）",
    "place": "同一事项要排出先后，不只看哪一行最高",
    "group": "同一事项在几个单位之间比，或与别的条款合起来去重",
    "divisor": "有除法，要逐行看除数是不是正数",
    "beyond the row": "一行值多少要看别的行、别的表",
    "blank key": "有的行不知道是哪个单位、哪个事项",
    "not coded": "用到的一栏是算出来的，或数太大",
    "many classes": "规则问到的各栏合起来，不同的行太多",
    "many groups": "单位、事项和不同的行太多，编不成一个 64 位的数",
    "fault": "可能出现算不出的行（如除数为 0）",
    "open": "有的行不知道算不算、值多少（有没有填的格）",
    "no integer": "每行的值或合计写不成位数有限的小数，或太大",
}
"""Why rows are not counted, by the codes of the engine."""
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
        ledgers=tuple(line for one in planned.ledgers for line in _ledger(one)),
        problems=tuple(running.late_rounding(citation) for citation in late),
    )


def _ledger(one: PlannedLedger) -> Iterator[LedgerFinding]:
    """A line for each clause, or clauses that share their facts, and for each reason."""
    rows = f"{one.rows:,}"
    if not one.facts:
        few = f"不足 {one.least:,} 行，逐行计算" if one.rows < one.least else "规则没有用到"
        yield LedgerFinding(one.name, rows, "", few)
    # an item takes several facts: what it is worth, how many are worth it, whether some row is unknown
    alike: dict[tuple[str, str], PlannedFacts] = {}
    for facts in one.facts:
        key = "、".join(map(str, facts.at)), facts.why
        most = alike.setdefault(key, facts)
        if (facts.classes, facts.groups) > (most.classes, most.groups):
            alike[key] = facts
    for (place, why), facts in alike.items():
        counted = f"先数行再合计：按规则问到的分 {facts.classes:,} 种行，单位和事项最多 {facts.groups:,} 组"
        how = f"逐行计算：{WHY[why]}" if why else counted
        yield LedgerFinding(one.name, rows, place, how)


def _is_told(one: PlannedStep) -> bool:
    if one.step.tier is not Tier.INTEGER or isinstance(one.op, Round):
        return True
    return isinstance(one.op, Apply) and one.op.fn in DIVIDING


def _step(one: PlannedStep) -> StepFinding:
    bounds = one.step.range.bounds if one.step.range is not None else None
    # two digits are enough for the eye; bounds are rounded outward
    low, high = ("", "") if bounds is None else (_hundredths(floor, bounds[0]), _hundredths(ceil, bounds[1]))
    # what has no clause of its own belongs to 总分
    return StepFinding(str(one.at) or "总分", _words(one.op), one.step.tier.value, low, high, one.step.reason)


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
