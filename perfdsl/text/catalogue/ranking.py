"""What compares units: functions over units (K190, K191), rank kinds (K260–K269), places (K325–K329)."""

from __future__ import annotations

from collections.abc import Sequence

from perfdsl.text.problem import Problem, Severity, entry, say
from perfdsl.text.source import Span

MUST, CONFIRM, HINT = Severity.MUST, Severity.CONFIRM, Severity.HINT

# ---- functions over units

ASKS = {
    "population": (
        "在哪些单位里取没有写明",
        "同类别 3 个单位、全部 10 个单位，结果不同",
        ("同类别", "参加排名的单位", "全部单位"),
    ),
    "self": (
        "含不含本单位没有写明",
        "三个单位为 90、80、70 时，第一个单位的最高值，含本单位是 90，不含是 80",
        ("含本单位", "不含本单位"),
    ),
    "method": (
        "落在两个单位之间时怎样取没有写明",
        "五个单位为 60、70、80、90、100 时，90% 处按线性插值是 96，按最近序位是 100",
        ("线性插值", "最近序位"),
    ),
    "deviation": (
        "除以单位数还是单位数减一没有写明",
        "三个单位为 90、80、70 时，标准差按总体是 8.16，按样本是 10",
        ("按总体", "按样本"),
    ),
    "direction": (
        "从高到低排还是从低到高排没有写明",
        "数最大的单位，从高到低是第 1 名，从低到高是最后一名",
        ("从高到低", "从低到高"),
    ),
    "ties": (
        "相同的怎样排没有写明",
        "两个并列第 2 名的，后一名是第 4 名还是第 3 名",
        ("并列占位", "并列不占位", "取平均名次"),
    ),
}
"""What is not written of a function over units → the message, both readings worked out, the words to choose from."""


@entry(
    "K190",
    MUST,
    "对各单位取数，取法没有写全",
    "a function over units can be read in two ways",
    bad="目标值：百分位（指标值、90%、含本单位）",
    good="目标值：百分位（指标值、90%、线性插值、含本单位）",
)
def across_unstated(span: Span, name: str, lacks: str, why: str, words: Sequence[str]) -> Problem:
    """最高值、中位数、百分位、排名等，要写明在哪些单位里取、含不含本单位、怎样取，各种读法的结果不同。"""
    written = span.text.rstrip()
    closing = written[-1:] if written[-1:] in ("）", ")") else ""
    body = written[: len(written) - len(closing)]
    if not closing:
        mend = "在开头写：同分：并列占位（1、2、2、4）"
    else:
        mend = "\n".join(f"{body}、{word}{closing}" for word in words)
    return say(span, f"{name}{lacks}：{'、'.join(words)}，是哪一种？", why=f"例：{why}", mend=mend)


@entry(
    "K191",
    MUST,
    "对各单位取数，括号里写的不合",
    "what stands in the brackets does not fit the function",
    bad="目标值：百分位（指标值、线性插值）",
    good="目标值：百分位（指标值、90%、线性插值、含本单位）",
)
def across_misfit(span: Span, what: str, mend: str) -> Problem:
    """百分位要写百分之几，加权平均要写按什么加权，线性插值只用于百分位，从高到低只用于排名。"""
    return say(span, f"括号里写的不合：{what}", why="写了而不起作用的话，会让人以为已经生效", mend=mend)


# ---- the first and the last few


@entry(
    "K325",
    MUST,
    "前几名、后几名的末位并列没有写明",
    "equal units at the edge of the first or last few",
    bad="对象：名次在后 3 名",
    good="对象：名次在后 3 名（并列的一并计入）",
)
def placed_tie_unstated(span: Span, count: int, first: bool) -> Problem:
    """前几名、后几名，最后一个位次上有并列的，一并计入还是一并不计入，要写明。"""
    side = "前" if first else "后"
    written = span.text.split("（")[0].split("(")[0].rstrip()
    return say(
        span,
        f"{side} {count} 名的最后一个位次有 2 个单位并列时：一并计入是 {count + 1} 个单位，一并不计入是 {count - 1} 个。是哪一种？",
        why="并列在边上的单位，两种读法一个算、一个不算",
        mend=f"{written}（并列的一并计入）\n{written}（并列的一并不计入）",
    )
