"""What has to do with time: scores by the period (K290–K299), calendars and dates (K320–K324), runs as of a day."""

from __future__ import annotations

from perfdsl.text.problem import Problem, Severity, entry, say
from perfdsl.text.source import Span

Place = Span | None
MUST, CONFIRM, HINT = Severity.MUST, Severity.CONFIRM, Severity.HINT


@entry(
    "K290",
    MUST,
    "各期得分怎样成为全年得分没有写明",
    "periods to the year is not said",
    bad="按月计分：各月得分不取舍",
    good="按月计分：各月得分不取舍，全年取各月得分的平均",
)
def periods_to_year_unstated(place: Place, period: str) -> Problem:
    """分期计分要写明全年取各期的平均还是合计。"""
    return say(
        place,
        f"各{period}得分怎样成为全年得分，没有写明",
        why=f"三个{period}得 1、0、1 分：平均 0.67 分，合计 2 分",
        mend=f"各{period}得分不取舍，全年取各{period}得分的平均",
    )


@entry(
    "K291",
    MUST,
    "各期得分先不先取舍没有写明",
    "rounding of period scores is not said",
    bad="按月计分：全年取各月得分的平均",
    good="按月计分：各月得分保留 2 位，四舍五入，全年取各月得分的平均",
)
def period_rounding_unstated(place: Place, period: str) -> Problem:
    """各期得分先取舍再平均，与最后才取舍，全年得分会差 0.01 分以上。"""
    return say(
        place,
        f"各{period}得分先不先取舍，没有写明",
        why=f"三个{period}各 0.335 分：先保留 2 位再相加是 1.02 分，最后才取舍是 1.01 分",
        mend=f"各{period}得分保留 2 位，四舍五入，全年取各{period}得分的平均",
    )


@entry(
    "K292",
    MUST,
    "每期满分几分没有写明",
    "what one period is worth is not said",
    bad="指标 督查（12 分）\n  按月计分：各月得分不取舍，全年取各月得分之和",
    good="指标 督查（12 分）\n  按月计分：每月满分 1 分，各月得分不取舍，全年取各月得分之和",
)
def period_worth_unstated(place: Place, period: str, periods: int, share: str, full: str) -> Problem:
    """全年取各期得分之和的，计分里的“满分”是一期的满分还是全年的分值，要写明。"""
    return say(
        place,
        f"全年取各{period}得分之和，每{period}满分几分没有写明",
        why=f"得满分是得 {share} 分（{periods} 期合计 {full} 分），还是每期都得 {full} 分？",
        mend=f"每{period}满分 {share} 分，各{period}得分不取舍，全年取各{period}得分之和",
    )


@entry(
    "K293",
    MUST,
    "各期满分合计不等于分值",
    "periods do not add up to the points",
    bad="指标 督查（10 分）\n  按月计分：每月满分 1 分，各月得分不取舍，全年取各月得分之和",
    good="指标 督查（12 分）\n  按月计分：每月满分 1 分，各月得分不取舍，全年取各月得分之和",
)
def periods_differ(place: Place, period: str, periods: int, each: str, total: str, full: str) -> Problem:
    """每期满分 × 期数（取平均的，每期满分）要等于分值。"""
    sum_ = f"{periods} 期合计 {total} 分" if periods > 1 else f"全年取平均最多 {total} 分"
    return say(
        place,
        f"每{period}满分 {each} 分，{sum_}，分值是 {full} 分",
        why="全年最多能得几分，两处写的不一样",
        mend=f"分值改为 {total} 分，或改每{period}满分",
    )


@entry(
    "K294",
    MUST,
    "分期计分不能这样答复",
    "an answer that has no meaning for a period",
    bad="按月计分：…\n  不涉及：分值按比例调到同一级指标",
    good="按月计分：…\n  不涉及：不计分",
)
def period_answer(place: Place, answer: str, period: str) -> Problem:
    """某一期没有分时，分值不能只在那一期调给别的指标；该期不计分，或写给几分。"""
    return say(
        place,
        f"按期计分的指标，某{period}“{answer}”说不清调给谁",
        why="调分值是全年的事，这里答复的是一期",
        mend="不计分",
    )


@entry(
    "K295",
    MUST,
    "这种写法不能分期计分",
    "cannot be scored by the period",
    bad="按月计分：…\n  要点：…",
    good="每个要点单写一项指标，各写 按月计分",
)
def not_by_period(place: Place, what: str, mend: str) -> Problem:
    """要点、台账、个性指标的分不是从一期的数来的，不能分期计分。"""
    return say(place, f"{what}不能分期计分", why="它的分不是从一个月（季、半年）的数算出来的", mend=mend)


@entry(
    "K296",
    MUST,
    "累计数在分期计分里有两种读法",
    "running or single number",
    bad="按月计分：…\n  指标值：投资额",
    good="按月计分：…\n  指标值：当期数（投资额）",
)
def running_or_single(place: Place, name: str, period: str) -> Problem:
    """按累计数报的列，分期计分时要写明用截至该期的累计数，还是该期当期的数。"""
    return say(
        place,
        f"“{name}”报的是累计数，每{period}计分用累计数还是当期数？",
        why="3 月累计 30，4 月累计 42：4 月的累计数是 42，当期数是 12",
        mend=f"当期数（{name}） 或 累计数（{name}）",
    )


@entry(
    "K297",
    MUST,
    "这里没有“当期”",
    "no current period here",
    bad="指标值：当期数（投资额）",
    good="按月计分：…\n  指标值：当期数（投资额）",
)
def no_period_here(place: Place, name: str) -> Problem:
    """当期数是按月（季、半年）报的累计数前后两期之差，只在分期计分的指标里有。"""
    return say(
        place,
        f"“当期数（{name}）”只能用在分期计分的指标里，并且是同样分期报的列",
        why="全年只有一个数，说不清是哪一期",
        mend=f"{name}",
    )
