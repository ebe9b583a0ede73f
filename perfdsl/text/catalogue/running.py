"""K5xx: what a run finds."""

from __future__ import annotations

from collections.abc import Sequence

from perfdsl.text.citation import Address, Citation
from perfdsl.text.problem import Problem, Severity, entry, say
from perfdsl.text.source import Span

MUST, CONFIRM, HINT = Severity.MUST, Severity.CONFIRM, Severity.HINT


@entry(
    "K501",
    MUST,
    "找不到附表",
    "schedule not found",
    bad="附表 年度目标（每个单位一行）（旁边没有这张表）",
    good="2025/附表/年度目标.csv",
)
def schedule_missing(span: Span | None, name: str, places: Sequence[str]) -> Problem:
    """附表是规则的一部分，放在考评办法旁边的同名文件夹里，或直接写在文中。"""
    return say(
        span,
        f"找不到附表 “{name}”",
        why="附表是规则，没有它就不知道目标和指标",
        mend=f"把这张表存为 {places[0]}，或在文中列出各行",
    )


@entry(
    "K502",
    MUST,
    "没有单位",
    "no units",
    bad="单位名册里一行也没有",
    good="附表 单位名册（每个单位一行）\n  列：单位代码、单位、类别",
)
def no_units(span: Span | None) -> Problem:
    """单位名册是被考核单位的清单，一个单位一行。"""
    return say(span, "单位名册里没有单位", mend="声明 附表 单位名册（每个单位一行），并填上各单位")


@entry("K503", MUST, "数据里除数是 0", "zero divisor in the data", bad="应办结件数 填了 0", good="未发生：得满分")
def zero_divisor(citation: Citation, units: Sequence[str]) -> Problem:
    """某个单位的除数填了 0，这一项算不出来，成为待定。规则可以写明 “未发生” 给什么。"""
    who = "、".join(units[:5]) + (f" 等 {len(units)} 个单位" if len(units) > 5 else "")
    return say(
        None,
        f"{citation.code} {citation.name}：{who or '有单位'}的除数是 0，这一项待定",
        why="除以 0 没有结果",
        mend="核对数据；确实没有发生的，在这一项写：未发生：得满分（或 不得分）",
    ).cited(citation)


@entry(
    "K586",
    HINT,
    "取舍得晚",
    "rounding comes late",
    bad="小数：总分保留 2 位，四舍五入；指标值、指标得分不取舍",
    good="小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍",
)
def late_rounding(citation: Citation) -> Problem:
    """许多没有取舍的商加在一起才取舍，分母太大，双精度定不下来的单位只好用分数计算。得数是准的，单位多的时候慢。"""
    what = " ".join(part for part in (citation.code, citation.name) if part) or "总分"
    return say(
        None,
        f"{what}：取舍以前是许多没有取舍的商，定不下来的单位要用分数计算，得数准确，但是慢",
        why="各单位的分母不同，通分以后超出整数范围；每一项先取舍，就只用整数",
        mend="单位不多的不用改；单位上万的，看能不能让指标得分先取舍",
    ).cited(citation)


@entry(
    "K504",
    MUST,
    "人工评分超出范围",
    "manual score out of range",
    bad="业务培训（满分 3 分）填了 3.2",
    good="业务培训 填 3",
)
def score_out_of_range(address: Address | None, name: str, value: str, least: str, most: str, step: str) -> Problem:
    """人工评的分要在规定的范围内，按规定的档。"""
    rule = f"应为 {least} 至 {most} 分" + (f"，{step} 分一档" if step else "")
    return say(
        address,
        f"{rule}，填的是 “{value}”（{name}）",
        why="超出范围的分不能计入，这一项待定",
        mend="请评分单位核对后重填",
    )


@entry(
    "K505",
    CONFIRM,
    "缺数，规则没有写明给什么",
    "missing and not answered",
    bad="固投完成额 空白，指标没有写 “未报”",
    good="未报：退回补报",
)
def unanswered(citation: Citation, unit_count: int, total: int) -> Problem:
    """没有报的数，规则没有写给什么，这一项待定，总分、名次、等次都跟着待定。"""
    return say(
        None,
        f"{citation.code} {citation.name}：{total} 个单位里 {unit_count} 个待定",
        why="待定的单位可能改变别人的名次和名额",
        mend="补报数据，或用 --assume-pending（暂按）先看其余结果",
    ).cited(citation)
