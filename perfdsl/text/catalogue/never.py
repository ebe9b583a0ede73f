"""K530–K538: what can never happen as the rulebook stands."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from perfdsl.text.citation import Address
from perfdsl.text.numbers import decimal
from perfdsl.text.problem import Problem, Severity, entry, say
from perfdsl.text.source import Span

MUST, CONFIRM, HINT = Severity.MUST, Severity.CONFIRM, Severity.HINT


@entry(
    "K530",
    MUST,
    "总分的上下限倒了",
    "least total above the greatest",
    bad="总分：基本分 + 加分，总分最高 100 分，最低 120 分",
    good="总分：基本分 + 加分，总分最高 120 分，最低 0 分",
)
def bounds_reversed(span: Span | None, least: Fraction, most: Fraction) -> Problem:
    """最低分不能比最高分高，也不能和它一样：那样人人同分。"""
    return say(
        span,
        f"总分最低 {decimal(least)} 分，最高 {decimal(most)} 分",
        why="没有一个分数同时合得上这两条",
        mend=f"总分最高 {decimal(max(least, most))} 分，最低 0 分",
    )


@entry(
    "K531",
    CONFIRM,
    "同时要求的两个条件互相排斥",
    "conditions that exclude each other",
    bad="适用：类别 为 “区县” 且 类别 为 “市直”",
    good="适用：类别 为 “区县” 或 类别 为 “市直”",
)
def conditions_exclude(span: Span | None, text: str) -> Problem:
    """“且”两边说的是同一个内容，却要它等于两个值，或者既高又低，没有谁能满足，这一条永远用不上。"""
    return say(
        span,
        f"“{text}”没有谁能同时满足",
        why="“且”是都要具备，“或”是具备一样就行",
        mend="把“且”改为“或”，或改其中一个条件",
    )


@entry(
    "K532",
    CONFIRM,
    "名册里没有单位符合条件",
    "no unit of the roster meets the condition",
    bad="适用：有无执法职能 为 “有”（名册里都填的“无”）",
    good="适用：有无执法职能 为 “有”（名册里有填“有”的单位）",
)
def nobody_meets(span: Span | None, text: str) -> Problem:
    """条件只看单位名册，名册里却没有一个单位符合，这一条对谁都用不上。多半是名册漏改了，或者条件写反了。"""
    return say(span, f"名册里没有一个单位符合“{text}”", why="这一条对谁都用不上", mend="核对单位名册，或改这个条件")


@entry(
    "K533",
    CONFIRM,
    "类别里没有单位",
    "a category without units",
    bad="类别 园区（100 分）（名册里没有园区）",
    good="类别 区县（100 分）",
)
def category_empty(span: Span | None, name: str) -> Problem:
    """写了类别，名册里没有单位属于它：是名册漏了单位，还是类别改名了？"""
    return say(span, f"名册里没有“{name}”这一类的单位", mend="在单位名册里补上，或删去这个类别")


@entry(
    "K538",
    CONFIRM,
    "名册里的类别没有写",
    "a category of the roster is not declared",
    bad="类别 县区（100 分）（名册里都填的“区县”）",
    good="类别 区县（100 分）",
)
def category_undeclared(place: Span | Address | None, word: str, units: int, declared: Sequence[str]) -> Problem:
    """写了几个类别，名册里却有单位属于另外的：这些单位没有自己那一类的分值、名次和名额。多半是改名没有改全。"""
    return say(
        place,
        f"名册里有 {units} 个单位的类别是“{word}”，没有写“类别 {word}”；写了的是{'、'.join(f'“{one}”' for one in declared)}",
        why="这些单位的分值、排名次、评等次没有按类别写明",
        mend=f"补写“类别 {word}”，或把名册里的“{word}”改为写了的类别",
    )


@entry(
    "K534",
    CONFIRM,
    "怎样都得不到满分",
    "the full mark is out of reach",
    bad="指标 增速（10 分）\n计分：按名次得 9、8、7 分",
    good="指标 增速（10 分）\n计分：按名次得 10、9、8 分",
)
def full_out_of_reach(span: Span | None, name: str, full: Fraction, best: Fraction) -> Problem:
    """分值写的是满分，计分里最好的一档却给不到，各项相加就到不了总分。"""
    return say(
        span,
        f"“{name}” {decimal(full)} 分，计分里最好的只给 {decimal(best)} 分",
        why="没有单位能得满分：是分值写高了，还是计分写低了？",
        mend=f"把最好的一档改为 {decimal(full)} 分，或把分值改为 {decimal(best)} 分",
    )


@entry(
    "K535",
    CONFIRM,
    "一次就超过上限",
    "one event is worth more than the cap",
    bad="加分项 获得表彰（最高 5 分）\n计分：国家级每次 8 分",
    good="加分项 获得表彰（最高 8 分）\n计分：国家级每次 8 分",
)
def event_above_cap(span: Span | None, once: Fraction, cap: Fraction) -> Problem:
    """一次给的分比全部合起来的上限还高，多出的永远给不出去。多半是两个数有一个抄错了。"""
    return say(
        span,
        f"一次就有 {decimal(once)} 分，全部合起来最高 {decimal(cap)} 分",
        why=f"超出的 {decimal(once - cap)} 分永远给不出去",
        mend=f"把每次的分改到 {decimal(cap)} 分以内，或把上限改为 {decimal(once)} 分",
    )


@entry(
    "K536",
    CONFIRM,
    "日期在考核期以外",
    "days outside the appraised period",
    bad="考核期：2025年1月1日至2025年12月31日\n计分：2024年12月20日前报送得满分，逾期或未报送不得分",
    good="考核期：2025年1月1日至2025年12月31日\n计分：2025年12月20日前报送得满分，逾期或未报送不得分",
)
def outside_period(span: Span | None, period: str) -> Problem:
    """转年度时最容易漏改年份。起止都在考核期以前，或者在考核期过后一年以外的，一件也数不进来。"""
    return say(span, f"这里的日期不在考核期（{period}）内", why="是不是去年的年份忘了改？", mend="核对年份")


@entry(
    "K537",
    HINT,
    "附表没有用到",
    "a schedule that no rule names",
    bad="附表 税收目标（每个单位一行）\n  列：单位、目标额（亿元）（没有指标用）",
    good="目标值：附表 “税收目标” 的 “目标额”",
)
def table_unread(span: Span | None, name: str) -> Problem:
    """附表是规则，没有哪一条用它，就是漏写了，或者该删了。"""
    return say(span, f"附表 “{name}” 没有规则用到", mend="在指标里用上它，或删去这张表")
