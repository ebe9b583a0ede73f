"""K330–K349: numbering, the official wording, limits that nobody reaches, what nobody reads."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from perfdsl.text.numbers import decimal
from perfdsl.text.problem import Problem, Related, Severity, entry, say
from perfdsl.text.source import Span

MUST, CONFIRM, HINT = Severity.MUST, Severity.CONFIRM, Severity.HINT


def _numbers(found: Sequence[int]) -> str:
    return "、".join(_chinese(number) for number in found)


def _chinese(number: int) -> str:
    """1 to 99 as printed: 一, 十二, 二十."""
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    ten = "" if not tens else "十" if tens == 1 else f"{digits[tens]}十"
    return ten + (digits[ones] if ones or not tens else "")


@entry(
    "K340",
    CONFIRM,
    "条款号重复或跳号",
    "article number twice or left out",
    bad="条款：第六条第（三）项\n…\n条款：第六条第（五）项",
    good="条款：第六条第（三）项\n…\n条款：第六条第（四）项",
)
def numbering(
    span: Span | None, where: str, missing: Sequence[int] = (), other: str = "", first: Span | None = None
) -> Problem:
    """同一条里的项号连着编，不重不漏；印发稿的编号也一样。跳号多半是少写了一项，重号多半是抄错了。"""
    if missing:
        return say(
            span,
            f"{where}没有第（{_numbers(missing)}）项",
            why="前后都有，中间缺号：是漏写了，还是编号抄错了？",
            mend="补上缺的一项，或改正编号",
        )
    return say(
        span,
        f"{where}写了两处，另一处是“{other}”",
        why="复核答复要引到条款，重号说不清是哪一项",
        mend="核对印发稿，改其中一处的条款号",
        related=[Related(first, "另一处在这里")] if first else [],
    )


@entry(
    "K341",
    CONFIRM,
    "指标上面没有一级指标",
    "an indicator beside the groups",
    bad="考评办法 甲（20 分）\n指标 固投（10 分）\n一级指标 服务（10 分）",
    good="考评办法 甲（20 分）\n一级指标 经济（10 分）\n指标 固投（10 分）\n一级指标 服务（10 分）",
)
def indicator_alone(span: Span | None, names: Sequence[str], group: str) -> Problem:
    """别的指标都在一级指标下面，这几项却在外面，多半是漏了一行一级指标。"""
    shown = "、".join(f"“{name}”" for name in names[:3]) + ("等" if len(names) > 3 else "")
    return say(
        span,
        f"{shown}上面没有一级指标，别的指标有（如“{group}”）",
        why="没有一级指标，分值归到哪里、扣完为止到哪里，都和别的指标不一样",
        mend="在它前面加一行：一级指标 名称（40 分）【A】",
    )


@entry(
    "K342",
    MUST,
    "标题的总分与各类别都不同",
    "the title's total is that of no category",
    bad="考评办法 甲（110 分）\n类别 区县（100 分）",
    good="考评办法 甲（100 分）\n类别 区县（100 分）",
)
def title_differs(span: Span | None, declared: Fraction, own: Sequence[Fraction]) -> Problem:
    """标题写的总分要和类别的满分对得上。各类别满分不同的，标题可以不写。"""
    return say(
        span,
        f"标题写的是 {decimal(declared)} 分，各类别的满分是 {'、'.join(decimal(one) for one in own)} 分",
        mend=f"把标题的分值改为（{decimal(own[-1])} 分），或改类别的满分",
    )


@entry(
    "K343",
    CONFIRM,
    "原文里的数，各栏里没有",
    "a number of the official wording that no field holds",
    bad="计分：每有 1 件扣 0.2 分，扣完本指标为止\n原文：每件扣 0.5 分，扣完为止。",
    good="计分：每有 1 件扣 0.5 分，扣完本指标为止\n原文：每件扣 0.5 分，扣完为止。",
)
def official_number(span: Span | None, numbers: Sequence[str], scored: bool = False) -> Problem:
    """原文是印发的话，计分是机器读的话，两处的数应当一样。不一样的，有一处抄错了。"""
    shown = "、".join(numbers)
    return say(
        span,
        f"计分里的 {shown} 在原文里没有" if scored else f"原文里的 {shown} 在本条各栏里没有",
        why="原文和计分不一致，以哪个为准？",
        mend="核对印发稿，改计分或改原文",
    )


@entry(
    "K344",
    CONFIRM,
    "上限永远到不了",
    "a limit that is never reached",
    bad="总分：基本分 + 加分，加分最高 10 分（加分项合计最多 5 分）",
    good="总分：基本分 + 加分，加分最高 5 分",
)
def never_reached(span: Span | None, what: str, limit: Fraction, parts: str, most: Fraction) -> Problem:
    """写了上限，各部分加起来却到不了，这条上限等于没有写；或者上限比基本分还低。多半是哪一处的数抄错了。"""
    if limit < most:
        return say(
            span,
            f"{what} {decimal(limit)} 分，{parts} {decimal(most)} 分",
            why="得满分的单位也要被截去一段",
            mend=f"{what} {decimal(most)} 分",
        )
    return say(
        span,
        f"{what} {decimal(limit)} 分，{parts} {decimal(most)} 分，永远到不了",
        why="上限不起作用：是上限写高了，还是少写了一项？",
        mend=f"{what} {decimal(most)} 分",
    )


@entry(
    "K345",
    CONFIRM,
    "等次或名额用不上",
    "a grade that nobody can reach",
    bad="总分：基本分 － 扣分，最低 60 分\n| 不合格 | 不足 60 分 |",
    good="总分：基本分 － 扣分，最低 0 分\n| 不合格 | 不足 60 分 |",
)
def grade_unreached(
    span: Span | None, name: str, bounds: Sequence[Fraction] = (), quota: str = "", units: int = 0
) -> Problem:
    """等次的分数段比总分的下限还低，没有单位能落进去；或者名额比单位还多，不起作用。"""
    if not quota:
        shown = (
            f"在 {' 至 '.join(decimal(one) for one in bounds)} 分之间"
            if bounds[1:]
            else f"最低 {decimal(bounds[0])} 分"
        )
        return say(span, f"总分{shown}，“{name}”的分数段没有单位能到", mend="改这个等次的分数段，或改总分的上下限")
    told = f"名额 {quota} 个，全部单位只有 {units} 个，名额不起作用"
    return say(span, f"“{name}”的{told}", why="比例要写百分号：30 是 30 个，30% 是三成", mend="名额写成 30%，或不限")


@entry(
    "K346",
    CONFIRM,
    "条件总是成立或总不成立",
    "a condition that is settled beforehand",
    bad="指标 甲（10 分）【A01】\n…\n情形：得分【A01】低于 12 分",
    good="情形：得分【A01】低于 6 分",
)
def condition_settled(span: Span | None, text: str, answer: bool) -> Problem:
    """拿得分和它到不了的数比，结果早就定了，这条规定不是人人适用就是形同虚设。"""
    return say(
        span,
        f"“{text}”对每个单位都{'成立' if answer else '不成立'}",
        why="这一项的得分在最低分和分值之间",
        mend="改比较的数",
    )


@entry(
    "K347",
    HINT,
    "这一列没有用到",
    "a column that nothing reads",
    bad="附表 年度目标（每个单位一行）\n  列：单位、办结率目标（%）、税收目标（亿元）（税收目标没有指标用）",
    good="附表 年度目标（每个单位一行）\n  列：单位、办结率目标（%）",
)
def column_unread(span: Span | None, role: str, table: str, column: str, day: bool = False) -> Problem:
    """填了没有规则用的列，白费填报的工夫；也可能是规则里漏写了它，例如台账没有写日期在考核期内，别的年份的事也计了进去。"""
    used = f"在规则里写：{column}在考核期内；或从 “列：” 里删去" if day else "在指标里用上它，或从 “列：” 里删去"
    return say(
        span,
        f"{role} “{table}” 的 “{column}” 没有规则用到",
        why="不看日期，不在考核期内的事也计了进去" if day else "",
        mend=f"{used}；只作备查的写成（文字）",
    )


@entry(
    "K348",
    CONFIRM,
    "指标值和目标值好像写反了",
    "fact and target swapped",
    bad="指标值：附表 “年度目标” 的 “固投目标额”\n目标值：固投完成额",
    good="指标值：固投完成额\n目标值：附表 “年度目标” 的 “固投目标额”",
)
def swapped(span: Span | None, name: str) -> Problem:
    """指标值是年底报来的事实，目标值是附表里定下的数。"""
    return say(
        span,
        f"“{name}”的指标值取自附表，目标值取自数据，是不是写反了？",
        why="写反了，完成得越多得分越少",
        mend="把“指标值”和“目标值”两栏的内容对调",
    )


@entry(
    "K349",
    HINT,
    "分数后面没有写“分”",
    "points without their word",
    bad="计分：每有 1 件差错扣 0.5，扣完本指标为止",
    good="计分：每有 1 件差错扣 0.5 分，扣完本指标为止",
)
def points_unsaid(span: Span | None, text: str) -> Problem:
    """“扣 0.5”按 0.5 分读。写上“分”，别人才不会读成百分之几。"""
    return say(span, f"“{text}”后面没有写“分”，按分读", mend=f"{text} 分")
