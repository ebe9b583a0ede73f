"""The fixed stages of an appraisal, and why they stand in this order.

An event is first looked at by itself (事项), then it must fall into the clause's window and filter, then the same
matter is counted once (去重) and only then is anything capped: capping before the duplicates are gone would let a
matter counted twice use up a cap that another event deserves. Points become indicators, indicators groups, groups
the total; the total is rounded once and ranked as published, so that a tie on paper is a tie in the ranking.

What a condition does to a grade comes in two places. 一票否优 and 限等 act before the quota (资格): a unit that may
not be 优秀 must not hold one of the 优秀 places, and the rule says whether the next unit takes it. 降等 acts after the
quota (等次调整): a unit that earned a place and is moved down a grade leaves the others where they were.
Results are applied last, on settled grades.

Inside a stage effects commute, or the rulebook writes 先…后…. The registry's order, the order of sibling blocks and
of fields mean nothing.
"""

from __future__ import annotations

from enum import IntEnum


class Stage(IntEnum):
    """Stages in the order in which they act."""

    EVENT = 1  # 事项
    WINDOW = 2  # 窗口与筛选
    DEDUPE = 3  # 去重
    EVENT_CAP = 4  # 单项封顶
    ITEM = 5  # 指标
    GROUP = 6  # 组
    TOTAL = 7  # 总分
    RANK = 8  # 名次
    ELIGIBILITY = 9  # 资格
    GRADE = 10  # 名额与等次
    ADJUSTMENT = 11  # 等次调整
    CONFIRMATION = 12  # 审定
    APPLICATION = 13  # 结果运用
