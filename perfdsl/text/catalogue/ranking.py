"""What compares units: functions over units (K190–K192), rank kinds (K260–K269), places (K325–K329)."""

from __future__ import annotations

import re
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


@entry(
    "K192",
    MUST,
    "平均与比较范围写得不同",
    "two ranges for a mean",
    bad="平均：同类别，各单位简单平均，含本单位；比较范围：全部单位；目标值：平均（指标值）",
    good="目标值：平均（指标值、同类别）",
)
def ranges_differ(span: Span, name: str, differ: Sequence[tuple[str, str]]) -> Problem:
    """办法开头的平均和比较范围写得不同，平均（…）按哪一种有两种读法：写在括号里。"""
    mean, other = ("、".join(each) for each in zip(*differ, strict=True))
    written = span.text.rstrip()
    body, closing = (written[:-1], written[-1:]) if written[-1:] in ("）", ")") else (written, "")
    return say(
        span,
        f"{name}按 “{mean}”（开头的 平均），还是按 “{other}”（开头的 比较范围）？按前一种是 80、按后一种是 75 时，差 5",
        why="读法不同，平均数不同",
        mend="\n".join(f"{body}、{words}{closing}" for words in (mean, other)),
    )


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


# ---- points by place


@entry(
    "K268",
    MUST,
    "没有比例可算时怎样计没有写明",
    "what is given where there is nothing to take a share of",
    bad="第一名得满分，其余按与第一名的比例（增速，可能是负数）",
    good="第一名得满分，其余按与第一名的比例，负值不得分，第一名不大于 0 时都不得分",
)
def no_proportion(place: Span | None, why: str, words: Sequence[str]) -> Problem:
    """第一名是 0 或负数、指标值是负数、最好的和最差的相等时，比例没有意义，每一种都要写明得几分。"""
    written = place.text.rstrip("。；，") if place is not None else ""
    return say(
        place,
        f"{why}：{'，还是'.join(words)}？",
        why="没有写明的，只能是待定，或者各人各算",
        mend="\n".join(f"{written}，{word}" for word in words),
    )


@entry(
    "K269",
    MUST,
    "功效系数法没有写全",
    "the efficacy coefficient is incomplete",
    bad="按功效系数，最高得满分",
    good="按功效系数，基础分占 60%，最低得基础分，最高得满分",
)
def efficacy_unstated(place: Span | None, what: str, words: Sequence[str]) -> Problem:
    """基础分占几成（常用 60%，也有 40%、50%），比不允许值还差的再往下减还是到基础分为止，要写明。"""
    written = place.text.rstrip("。；，") if place is not None else ""
    return say(
        place,
        f"{what}：{'，还是'.join(words)}？",
        why="例：满分 10 分、基础分占 60%，比不允许值还差一半幅度的，到基础分为止得 6 分，再往下减得 4 分",
        mend="\n".join(f"{written}，{word}" for word in words),
    )


@entry(
    "K260",
    MUST,
    "每名递减的百分数是谁的百分数，没有写明",
    "each place less by a percentage of what",
    bad="第一名得满分，以后每名递减 5%",
    good="第一名得满分，以后每名递减第一名得分的 5%",
)
def less_of_what(place: Span | None, share: str, first: str, of_first: str, of_before: str) -> Problem:
    """递减 5%，是每名都减第一名得分的 5%，还是减上一名得分的 5%，从第三名起就不同。"""
    written = place.text if place is not None else ""
    mends = [
        re.sub("(以后|其后|以下|此后)?每名次?递减", f"以后每名递减{whose}的 ", written, count=1).replace("  ", " ")
        for whose in ("第一名得分", "上一名得分")
    ]
    return say(
        place,
        f"第一名 {first} 分，每名递减 {share}：第三名按第一名得分的百分数是 {of_first} 分，按上一名得分的百分数是 {of_before} 分。是哪一种？",
        why="两种读法从第三名起得分不同",
        mend="\n".join(mends),
    )


@entry(
    "K261",
    MUST,
    "递减到哪里为止没有写明",
    "how far down the points fall is not stated",
    bad="第一名得满分，以后每名递减 2 分",
    good="第一名得满分，以后每名递减 2 分，最低 0 分",
)
def falls_how_far(place: Span | None, lowest: str, least: str) -> Problem:
    """单位多了，递减会减到 0 分以下。最低几分要写明。"""
    told = (
        f"最后一名会得 {lowest} 分，低于本项最低的 {least} 分" if lowest else "不知道有多少个单位，减到几分为止没有写明"
    )
    written = place.text.rstrip("。；，") if place is not None else ""
    return say(
        place,
        f"{told}：减到 {least} 分为止，还是照减？",
        why="负分和 0 分，名次靠后的单位结果不同",
        mend=f"{written}，最低 {least} 分",
    )


@entry(
    "K262",
    MUST,
    "只有一个单位时得几分没有写明",
    "what a single unit gets is not stated",
    bad="第一名 600 分，最后一名 500 分，其间按名次等差",
    good="第一名 600 分，最后一名 500 分，其间按名次等差，只有一个单位的按第一名计",
)
def alone_unstated(place: Span | None, first: str, last: str) -> Problem:
    """比较范围里只有一个单位（其余的不涉及、没有数）时，它既是第一名也是最后一名。"""
    written = place.text.rstrip("。；，") if place is not None else ""
    return say(
        place,
        f"只有一个单位有数时，它既是第一名（{first}），也是最后一名（{last}）：按哪一个计？",
        why="间隔数是单位数减 1，只有一个单位时没有间隔",
        mend=f"{written}，只有一个单位的按第一名计\n{written}，只有一个单位的按最后一名计",
    )


@entry(
    "K263",
    MUST,
    "名次和分数的个数对不上",
    "places and points do not match",
    bad="前 5 名依次加 3、2、1 分",
    good="前 3 名依次加 3、2、1 分",
)
def places_and_points(place: Span | None, places: str, points: str) -> Problem:
    """前几名、后几名，写了几名就要写几个分数。"""
    return say(
        place, f"{places}，却列了 {points} 个分数", why="少了的名次得几分，没有写", mend="改名次数，或把分数补齐"
    )


@entry(
    "K264",
    MUST,
    "后几名从哪一头数起没有写明",
    "from which end the last few are counted",
    bad="后 3 名依次扣 3、2、1 分",
    good="后 3 名从末位起依次扣 3、2、1 分",
)
def turn_of_last(place: Span | None, count: str, first: str, last: str) -> Problem:
    """后几名依次扣几分，第一个数是最后一名的，还是倒数第几名的，读法相反。"""
    written = place.text if place is not None else ""
    at = written.find("后")
    before, after = written[: max(at, 0)], written[max(at, 0) :]
    mends = [before + after.replace("依次", word, 1) for word in ("从末位起依次", "按名次先后依次")]
    return say(
        place,
        f"最后一名是 {first} 分（从末位起数），还是 {last} 分（按名次先后数，倒数第 {count} 名是 {first} 分）？",
        why="两种读法正好相反",
        mend="\n".join(mends),
    )


@entry(
    "K265",
    MUST,
    "单位少时，前几名和后几名重叠怎样计没有写明",
    "the first and the last few overlap",
    bad="前 5 名依次加 5、4、3、2、1 分；后 5 名从末位起依次扣 5、4、3、2、1 分（有 8 个单位）",
    good="前 5 名依次加 5、4、3、2、1 分；后 5 名从末位起依次扣 5、4、3、2、1 分；前后重叠的两项都计",
)
def in_both_lists(place: Span | None, lists: str, units: str, asked: str) -> Problem:
    """单位不够多时，中间的单位既在前几名，又在后几名。两项都计、只计前列、只计后列，结果不同。"""
    told = f"只有 {units} 个单位" if units else f"单位少于 {asked} 个时"
    written = place.text.rstrip("。；，") if place is not None else ""
    words = ("前后重叠的两项都计", "前后重叠的只计前列", "前后重叠的只计后列")
    return say(
        place,
        f"{told}，有的单位既在{lists.replace('和', '，又在')}：{'、'.join(word.removeprefix('前后重叠的') for word in words)}，是哪一种？",
        why="没有写明的，这些单位只能是待定",
        mend="\n".join(f"{written}；{word}" for word in words),
    )


@entry(
    "K266",
    MUST,
    "名次分段有缺口或重叠",
    "spans of places have a gap or overlap",
    bad="第 1 至 3 名得 10 分；第 5 至 10 名得 8 分",
    good="第 1 至 3 名得 10 分；第 4 至 10 名得 8 分",
)
def spans_unfit(place: Span | None, spans: str) -> Problem:
    """名次分段要从第 1 名起，一段接一段。"""
    return say(
        place,
        f"名次分段是 {spans}，没有从第 1 名起一段接一段",
        why="有的名次没有分，或有两个分",
        mend="改成首尾相接的名次",
    )


@entry(
    "K267",
    MUST,
    "分单位多少的两张名次表没有写全",
    "the switch by number of units is incomplete",
    bad="按名次得 3、1.5、0 分；单位数不超过 5 个的",
    good="按名次得 3、1.5、0 分；单位数不超过 5 个的，按名次得 3、0 分，其余不得分",
)
def switch_unfit(place: Span | None) -> Problem:
    """单位数不超过几个（1 以上的整数），这时各名次得几分，都要写。"""
    return say(
        place,
        "“单位数不超过几个的” 后面没有写这时各名次得几分，或者个数不是 1 以上的整数",
        why="单位少时用哪一张表，没有写全",
        mend="…；单位数不超过 5 个的，按名次得 3、0 分，其余不得分",
    )


# ---- equal totals


@entry(
    "K326",
    MUST,
    "同分时先比的数，没有写高者在前还是低者在前",
    "which way a tie is broken is not stated",
    bad="同分：先比 信访件数，仍相同的并列占位",
    good="同分：先比 信访件数（低者在前），仍相同的并列占位",
)
def break_direction(place: Span, what: str) -> Problem:
    """得分总是高者在前；别的数，任务重的在前还是轻的在前、件数少的在前还是多的在前，要写明。"""
    return say(
        place,
        f"同分时比“{what}”：高者在前，还是低者在前？",
        why="方向反了，并列的单位名次就反了",
        mend=f"{place.text}（高者在前）\n{place.text}（低者在前）",
    )


@entry(
    "K327",
    MUST,
    "比过以后仍相同的怎样排没有写明",
    "units that are still equal",
    bad="同分：先比 得分【A01】",
    good="同分：先比 得分【A01】，仍相同的并列占位",
)
def still_tied(place: Span) -> Problem:
    """几项都比过仍然相同的，并列，后面的名次空一位还是接着排，要写明。"""
    written = place.text.rstrip("。；，")
    words = ("仍相同的并列占位", "仍相同的并列不占位", "仍相同的取平均名次")
    return say(
        place,
        f"都比过仍然相同的：{'、'.join(word.removeprefix('仍相同的') for word in words)}，是哪一种？",
        why="两个并列第 2 名的，后一名是第 4 名还是第 3 名",
        mend="\n".join(f"{written}，{word}" for word in words),
    )
