"""K200 to K249: phrases of 计分 that can be read in two ways, or that leave something out.

Facts first: a function gets the words and numbers of the place, already written out (``1.6 个百分点``), and makes
the sentence. A mend is one or several lines, each of which can be pasted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from perfdsl.text.citation import Address
from perfdsl.text.numbers import decimal
from perfdsl.text.problem import Problem, Related, Severity, entry, say
from perfdsl.text.source import Span, folded

Place = Span | None
MUST, CONFIRM, HINT = Severity.MUST, Severity.CONFIRM, Severity.HINT


def _lines(*lines: str) -> str:
    return "\n".join(lines)


def _with(place: Place, *phrases: str) -> str:
    """All that was written, and then each phrase: lines to paste over the marked text."""
    written = place.text.rstrip("。；，; ") if place is not None else ""
    return _lines(*(f"{written}，{phrase}" if written else phrase for phrase in phrases))


def _instead(place: Place, like: str, *new: str) -> str:
    """All that was written, with each of ``new`` in the place of the segment that begins most like ``like``."""
    before, found, after = _around(place, like)
    return _lines(*(f"{before}{one}{after}" for one in new)) if found else _lines(*new)


def _behind(place: Place, segment: str, *more: str) -> str:
    """All that was written, with each of ``more`` behind ``segment`` and what stands in brackets after it."""
    before, found, after = _around(place, segment)
    return _lines(*(f"{before}{found or segment}，{one}{after}" for one in more))


def _around(place: Place, like: str) -> tuple[str, str, str]:
    """What was written: before the segment that begins most like ``like``, the segment (or ""), and behind it."""
    written, wanted = place.text if place is not None else "", _squeezed(like)
    segments = [(_alike(_squeezed(one.group()), wanted), one) for one in _SEGMENT.finditer(written)]
    alike, best = max(segments, key=lambda one: one[0], default=(0, None))
    if best is None or not alike:
        return "", "", ""
    return written[: best.start()], best.group(), written[best.end() :]


def _alike(one: str, other: str) -> int:
    """How many characters the two have in common at their beginnings."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


_SEGMENT = re.compile(r"[^，,；;。\s](?:[^，,；;。]*[^，,；;。\s])?")


def _squeezed(text: str) -> str:
    return folded(text).replace(" ", "")


def _added(*lines: str) -> str:
    """Lines of their own, each of which may be put below the marked one."""
    return _lines(*(f"加一行：{line}" for line in lines))


def _widened(place: Place, before: str) -> Place:
    """``place`` and what stands before it, as far as that reads like ``before``."""
    found = re.search(rf"(?:{before})\s*$", place.source.text[: place.start]) if place is not None else None
    return Span(place.source, found.start(), place.end) if place is not None and found is not None else place


def _quoted(words: Iterable[str]) -> str:
    return "、".join(f"“{word}”" for word in words)


# What a miss gives, and against what


@entry(
    "K200",
    MUST,
    "没有写明否则怎样",
    "what a miss gives is not stated",
    bad="计分：达到得满分",
    good="计分：达到得满分，否则不得分",
)
def otherwise_unstated(place: Place, full: object = None) -> Problem:
    """写了达到得多少分，没有写达不到得多少分。不得分、倒扣分、按比例得分，结果各不相同。"""
    marks = f"（满分 {full} 分）" if full is not None else ""
    return say(
        place,
        f"写明了达到的得分{marks}，没有写明达不到怎样：不得分，还是倒扣分？",
        why="没有写明的，不会自动当作 0 分",
        mend=_with(place, "否则不得分", "否则倒扣 1 分"),
    )


@entry(
    "K201",
    MUST,
    "没有写明目标值",
    "there is no target",
    bad="计分：每低 1 个百分点扣 0.5 分，不足 1 个百分点的不计",
    good="目标值：98%",
)
def target_missing(place: Place) -> Problem:
    """计分要同目标比，却没有目标值。每个单位目标相同的直接写，不同的写在附表里。"""
    return say(
        place,
        "计分要与目标比较，没有写明目标值",
        why="不知道同什么数比较",
        mend=_added("目标值：98%", "目标值：附表 “年度目标” 的 “办结率目标”"),
    )


@entry(
    "K202",
    MUST,
    "没有写明方向",
    "direction is not stated",
    bad="指标值：编制总量 ÷ 常住人口",
    good="方向：越低越好",
)
def direction_unstated(place: Place) -> Problem:
    """数大好还是数小好，名称里常常看不出来，方向反了，名次就全反了。"""
    return say(
        place,
        "没有写明越高越好还是越低越好",
        why="方向反了，得分和名次就全反了",
        mend=_added("方向：越高越好", "方向：越低越好"),
    )


@entry(
    "K203",
    MUST,
    "没有写明尾数怎样计",
    "how a begun step counts is not stated",
    bad="每低 1 个百分点扣 0.5 分",
    good="每低 1 个百分点扣 0.5 分，不足 1 个百分点的按比例计",
)
def remainder_unstated(
    place: Place, situation: str, step: str, each: str, points: Sequence[str], *, verb: str = "扣"
) -> Problem:
    """每低（超）多少扣（加）多少分，剩下不够一档的部分有三种计法，都有人用，结果不同。

    一个城市公布的得分只符合按比例计，另一些办法明文写不计或按一档计，所以必须写明。
    """
    pro_rata, whole, begun = points
    piece = each.removesuffix("百分点").strip()
    return say(
        place,
        f"{situation}：按比例计{verb} {pro_rata} 分；不计尾数{verb} {whole} 分；按 {piece}计{verb} {begun} 分。原文是哪一种？",
        why=f"不足 {each}的部分怎样计，没有写明",
        mend=_behind(place, step, f"不足 {each}的按比例计", f"不足 {each}的不计", f"不足 {each}的按 {each}计"),
    )


@entry(
    "K204",
    MUST,
    "是百分点还是百分之几",
    "percentage points or a relative percentage",
    bad="目标值：80%；计分：每低 1% 扣 0.5 分",
    good="每低 1 个百分点扣 0.5 分",
)
def percent_or_points(
    place: Place, situation: str, in_points: tuple[str, str, str], relative: tuple[str, str, str]
) -> Problem:
    """指标值本身是百分比时，“低 1%”可以是低 1 个百分点，也可以是比目标低百分之一，扣分不同。"""
    return say(
        place,
        f"{situation}：读作{in_points[0]}，{in_points[1]}；读作{relative[0]}，{relative[1]}。原文是哪一种？",
        why="指标值是百分比，“%”有两种读法",
        mend=_lines(_instead(place, in_points[2], in_points[2]), _instead(place, relative[2], relative[2])),
    )


@entry(
    "K205",
    MUST,
    "没有写明是什么的百分之几",
    "a percentage of what is not stated",
    bad="每超 1% 扣 0.2 分",
    good="每超 1% 扣 0.2 分（超多少 = （指标值 - 目标值）÷ 目标值）",
)
def percent_of_what(place: Place, measured: str, mend: str) -> Problem:
    """指标值不是百分比，每低（超）百分之几就要写明是同什么相比。"""
    return say(
        place,
        f"指标值的计量单位是“{measured}”，每档却是百分之几，没有写明与什么相比",
        why="可以与目标值比，与上年比，与全年计划比",
        mend=_instead(place, mend, mend),
    )


@entry(
    "K206",
    MUST,
    "计量单位对不上",
    "the units do not fit",
    bad="目标值：98%；计分：每低 1 件扣 1 分",
    good="目标值：98%；计分：每低 1 个百分点扣 1 分",
)
def unlike_units(place: Place, what: str, one: str, other: str) -> Problem:
    """件和百分比、人和万元之间不能相减、相比。"""
    return say(
        place,
        f"{what}：一个是“{one}”，一个是“{other}”，不能相比",
        why="计量单位不同",
        mend=f"两处都用“{one}”，或都用“{other}”" + ("，如 每低 1 个百分点" if what.endswith("每档") else ""),
    )


# How far a loss or a gain goes


@entry(
    "K207",
    MUST,
    "没有写明扣完哪一级为止",
    "the scope of 扣完为止 is not stated",
    bad="每有 1 件未按期办结扣 1 分，扣完为止",
    good="每有 1 件未按期办结扣 1 分，扣完本指标为止",
)
def floor_scope_unstated(place: Place, full: str, over: str) -> Problem:
    """扣完为止可以指本要点、本指标、本一级指标，后两种会把别的指标的分也扣掉。"""
    return say(
        place,
        f"满分 {full} 分、应扣 {over} 分时：扣完本指标为止得 0 分；扣完本一级指标为止，多扣的从同级其他得分里扣。原文是哪一种？",
        why="“扣完为止”没有写明扣完哪一级",
        mend=_instead(place, "扣完为止", "扣完本指标为止", "扣完本要点为止", "扣完本一级指标为止"),
    )


@entry(
    "K208",
    MUST,
    "没有写明扣到哪里为止",
    "a loss without a floor",
    bad="每有 1 件未按期办结扣 1 分",
    good="每有 1 件未按期办结扣 1 分，扣完本指标为止",
)
def floor_unstated(place: Place, full: str, example: str) -> Problem:
    """扣分没有写到哪里为止，可以扣成负数。"""
    return say(
        place,
        f"没有写明扣到哪里为止：满分 {full} 分，{example}，得 0 分还是负分？",
        why="扣成负数会从别的指标里扣分",
        mend=_with(place, "扣完本指标为止", "扣完本一级指标为止", "最多扣 2 分"),
    )


@entry(
    "K209",
    MUST,
    "没有写明最多得多少分",
    "a gain without a cap",
    bad="每有 1 份会议纪要得 1 分",
    good="每有 1 份会议纪要得 1 分，最高得满分",
)
def cap_unstated(place: Place, full: str = "") -> Problem:
    """得分、加分没有写到多少为止。不封顶也是一种规定，要写出来。"""
    marks = f"（分值 {full} 分）" if full else ""
    return say(
        place,
        f"没有写明最多得多少分{marks}：到满分为止，到某个数为止，还是不封顶？",
        why="没有上限，一项就可能盖过其他各项",
        mend=_with(place, "最高得满分", "最多加 3 分", "不封顶"),
    )


@entry(
    "K210",
    MUST,
    "得分超过分值",
    "an award above the full mark",
    bad="指标 信息报送（5 分）：每季度报送得 6 分",
    good="指标 信息报送（6 分）：每季度报送得 6 分",
)
def award_above_full(place: Place, award: str, full: str) -> Problem:
    """写明能得的分比分值还多，不是分值写错，就是得分写错。"""
    exact = place is not None and _squeezed(place.text) in (f"{award}分", award)
    return say(
        place,
        f"可得 {award} 分，分值只有 {full} 分",
        why="得分超过分值，合计就超过标称的总分",
        mend=f"{full} 分" if exact else f"把得分改到 {full} 分以内，或者把分值改成（{award} 分）",
    )


@entry(
    "K211",
    MUST,
    "尾数与每档对不上",
    "the remainder speaks of another step",
    bad="每低 5 个百分点扣 1 分，不足 1 个百分点的不计",
    good="每低 5 个百分点扣 1 分，不足 5 个百分点的不计",
)
def remainder_of_other_step(place: Place, each: str, other: str) -> Problem:
    """尾数是不够一档的部分，写的数应与每档相同。"""
    return say(
        place,
        f"每档是 {each}，尾数写的却是 {other}",
        why="不足一档的部分怎样计，有两种读法",
        mend=_instead(place, "不足", f"不足 {each}的按比例计", f"不足 {each}的不计", f"不足 {each}的按 {each}计"),
    )


@entry(
    "K212",
    MUST,
    "方向与计分相反",
    "the direction contradicts the scoring",
    bad="方向：越低越好；计分：每低 1 个百分点扣 0.5 分",
    good="方向：越高越好；计分：每低 1 个百分点扣 0.5 分",
)
def direction_against_scoring(place: Place, direction: str, phrase: str) -> Problem:
    """方向说一头好，计分却在那一头扣分。"""
    other = "越低越好" if direction == "越高越好" else "越高越好"
    return say(
        place,
        f"方向是{direction}，计分却写“{phrase}”，两处相反",
        why="两处必有一处写反",
        mend=f"方向：{other}",
    )


@entry(
    "K213",
    MUST,
    "从哪里扣起",
    "deducted from what",
    bad="达到得满分，否则扣 1 分",
    good="达到得满分，否则倒扣 1 分",
)
def deduct_from_what(place: Place, full: str, points: str, left: str) -> Problem:
    """“否则扣 1 分”可以是从满分里扣 1 分，也可以是得负 1 分。"""
    return say(
        _widened(place, r"否则\s*扣"),
        f"满分 {full} 分，“扣 {points} 分”是得 {left} 分，还是得 -{points} 分？",
        why="从满分里扣和倒扣相差一个满分",
        mend=_lines(f"否则得 {left} 分", f"否则倒扣 {points} 分"),
    )


def _ordinal(place: int, from_last: bool) -> str:
    """第三, 倒数第三; 第 11."""
    return f"{'倒数' if from_last else ''}第{'一二三四五六七八九十'[place - 1] if place <= 10 else f' {place} '}"


@entry(
    "K215",
    MUST,
    "没有写明名次相同怎样计",
    "how equal ranks count is not stated",
    bad="计分：按名次得 60、57、54 分",
    good="同名次：都得该名次分，并列占位",
)
def ties_unstated(place: Place, points: Sequence[str], from_last: bool = False) -> Problem:
    """两个单位并列时，后面的名次接着排还是空一位，得分不同。"""
    at = next((at for at in range(len(points) - 2) if points[at + 1] != points[at + 2]), None)
    if at is None:
        asked = f"两个单位并列{_ordinal(1, from_last)}，都得 {points[0]} 分，还是按平均名次 1.5（没有写得几分）？"
    else:  # the first place at which it matters who comes next
        first, second, third = points[at : at + 3]
        tied, second_place, third_place = (_ordinal(at + n, from_last) for n in (1, 2, 3))
        asked = (
            f"两个单位并列{tied}，都得 {first} 分，下一个单位得 {third} 分（并列占位，算{third_place}）"
            f"还是 {second} 分（算{second_place}）？"
        )
    return say(
        place,
        asked,
        why="没有写明名次相同怎样计",
        mend=_added("同名次：都得该名次分，并列占位", "同名次：都得该名次分，并列不占位"),
    )


@entry(
    "K216",
    MUST,
    "单位比名次多",
    "more units than places",
    bad="按名次得 60、57、54、51、48 分（有 8 个单位）",
    good="按名次得 60、57、54、51、48 分，其余不得分",
)
def more_units_than_places(place: Place, units: str, places: str) -> Problem:
    """名次分列到第几名，后面的单位得几分，要写明。"""
    return say(
        place,
        f"有 {units} 个单位比较，只列了 {places} 个名次的分，第 {places} 名以后的没有写",
        why="没有写的得分只能是待定",
        mend=_with(place, "其余不得分"),
    )


@entry(
    "K217",
    CONFIRM,
    "名次分不是从高到低",
    "points by rank do not fall",
    bad="按名次得 60、57、59 分",
    good="按名次得 60、57、54 分",
)
def rank_points_rise(place: Place, before: str, after: str) -> Problem:
    """后一名的分比前一名多，多半是写错了。"""
    return say(place, f"后一名得 {after} 分，比前一名的 {before} 分多", why="名次分应从高到低", mend="核对各名次的分")


@entry(
    "K218",
    MUST,
    "人工评分没有写明几分一档",
    "the step of a manual score is not stated",
    bad="计分：人工评分",
    good="计分：人工评分，0.5 分一档，写明理由",
)
def grid_unstated(place: Place) -> Problem:
    """几分一档不写明，3.7 分、3.75 分都可以打，两个评分人没有同一把尺。"""
    return say(
        place,
        "人工评分没有写明几分一档",
        why="没有档，同样的情况可以打出不同的分，复核时说不清",
        mend=_with(place, "0.5 分一档" if place and "写明理由" in place.text else "0.5 分一档，写明理由"),
    )


@entry(
    "K219",
    MUST,
    "酌情没有写明范围",
    "discretion without a range",
    bad="计分：酌情扣分 … 计分：按每行分值扣分",
    good="计分：人工评分，0.5 分一档，限于 0 至 3 分，写明理由 … 计分：按每行分值扣分，限于 0.5 至 10 分",
)
def discretion_without_range(place: Place, word: str, ranged: str = "") -> Problem:
    """酌情、视情给分，没有范围就没有依据。写明从几分到几分、几分一档；按每行分值的，写明每行从几分到几分。"""
    return say(
        place,
        f"“{word}”没有写明范围",
        why="没有范围的分，被考核单位无从复核",
        mend=ranged or "人工评分，0.5 分一档，限于 0 至 3 分，写明理由",
    )


@entry(
    "K220",
    MUST,
    "两种情形同时成立时没有写明先后",
    "which of two cases comes first is not stated",
    bad="不优于 上年值 得 0 分；达到 标杆值 得 9 分；其间按插值从 -0.5 分到 9.5 分",
    good="不优于 上年值 得 0 分；达到 标杆值 得 9 分；其间按插值从 -0.5 分到 9.5 分，依次判断",
)
def order_unstated(place: Place, one: str, other: str) -> Problem:
    """两种情形可能同时成立，先看哪一种，得分不同。"""
    return say(
        place,
        f"“{one}”和“{other}”可能同时成立，没有写明先看哪一种",
        why="同时成立时得分不同",
        mend=_with(place, "依次判断"),
    )


@entry(
    "K221",
    MUST,
    "插值的两头不成一段",
    "the ends of the interpolation do not fit",
    bad="达到 60% 得 10 分；未达到 90% 得 0 分；其间按插值从 0 分到 10 分",
    good="达到 90% 得 10 分；未达到 60% 得 0 分；其间按插值从 0 分到 10 分",
)
def ends_unfit(place: Place, what: str) -> Problem:
    """插值要有两头：差的一头（未达到……）和好的一头（达到……），两头之间才有数可插。"""
    return say(
        place,
        what,
        why="两头之间没有数，插值无从算起",
        mend="达到 90% 得 10 分；未达到 60% 得 0 分；其间按插值从 0 分到 10 分",
    )


# Ledgers


@entry(
    "K222",
    MUST,
    "没有写明同一事项怎样计",
    "how the same matter counts is not stated",
    bad="台账：表彰；计分：国家级每次 3 分；省级每次 2 分",
    good="同一事项：只计最高一次，按事项编号",
)
def same_matter_unstated(place: Place, key: str, once: str, each: str) -> Problem:
    """台账有事项编号，同一事项可能有几行（先获省级、再获国家级）。只计最高一次还是各计各的，要写明。"""
    return say(
        place,
        f"台账里同一“{key}”可能有几行：只计最高一次是 {once} 分，各计各的是 {each} 分。原文是哪一种？",
        why="没有写明同一事项怎样计",
        mend=_added(f"同一事项：只计最高一次，按{key}", "同一事项：各计各的"),
    )


@entry(
    "K223",
    MUST,
    "台账里没有这些级别",
    "no column of the ledger holds these levels",
    bad="台账级别（国家级、省级）；计分：部级每次 3 分",
    good="台账级别（国家级、部级、省级）；计分：部级每次 3 分",
)
def level_unknown(place: Place, levels: Sequence[str], ledger: str, columns: Sequence[str]) -> Problem:
    """按级别计分，级别要是台账某一列的可选内容，并且只在一列里。"""
    where = f"在几列里都有：{_quoted(columns)}" if columns else "哪一列的可选内容里都没有"
    return say(
        place,
        f"{_quoted(levels)}在台账“{ledger}”{where}",
        why="不知道按哪一列计分",
        mend=f"列：级别（{'、'.join(levels)}）",
    )


@entry(
    "K224",
    MUST,
    "同一级别写了两次",
    "a level is written twice",
    bad="省级每次 2 分；省级每次 1 分",
    good="省级每次 2 分；市级每次 1 分",
)
def level_twice(place: Place, level: str) -> Problem:
    """同一级别写了两个分。"""
    which = f"“{level}”写了两次" if level else "不分级别的写了两次"
    return say(place, which, why="不知道按哪一个计", mend="删去一处")


@entry(
    "K225",
    CONFIRM,
    "有的级别没有写得几分",
    "levels without points",
    bad="台账级别（国家级、省级、市级）；计分：国家级每次 3 分",
    good="国家级每次 3 分；省级每次 2 分；市级每次 1 分",
)
def level_without_points(place: Place, levels: Sequence[str], unit: str) -> Problem:
    """台账里能填的级别，计分没有写。没有写的不计分，是不是这个意思，请看一看。"""
    return say(
        place,
        f"台账可以填{_quoted(levels)}，计分没有写，现按不计分",
        why="是不计分，还是漏写了？",
        mend="；".join(
            [*([place.text.rstrip("。；，; ")] if place else []), *(f"{level}每{unit} 1 分" for level in levels)]
        ),
    )


@entry(
    "K226",
    MUST,
    "没有写明凭什么认定同一事项",
    "what makes a matter the same is not stated",
    bad="同一事项：只计最高一次",
    good="同一事项：只计最高一次，按事项编号",
)
def matter_unstated(place: Place, keys: Sequence[str]) -> Problem:
    """同一事项要有凭据：事项编号、文号，写明台账里的哪一列。"""
    key = keys[0] if keys else "事项编号"
    return say(
        place,
        "没有写明凭哪一列认定同一事项",
        why="两行是不是同一件事，看不出来",
        mend=f"同一事项：只计最高一次，按{key}",
    )


@entry(
    "K227",
    MUST,
    "累计与分值对不上",
    "the count does not add up to the full mark",
    bad="分值 6 分；计分：每月 0.6 分，按 12 个月累计",
    good="分值 6 分；计分：每月 0.5 分，按 12 个月累计",
)
def accumulate_not_full(place: Place, sum_: str, full: str) -> Problem:
    """每次的分乘以次数应等于分值。"""
    return say(
        place, f"累计是 {sum_}，分值是 {full} 分，对不上", why="两个数必有一个写错", mend="核对每次的分、次数和分值"
    )


@entry(
    "K228",
    MUST,
    "没有写明最多扣多少分",
    "a deduction without a cap",
    bad="扣分项 安全生产事故：每起扣 2 分",
    good="扣分项 安全生产事故（最多扣 10 分）",
)
def loss_uncapped(place: Place) -> Problem:
    """扣分项没有写最多扣多少。不保底也是一种规定，要写出来。"""
    return say(
        place,
        "没有写明最多扣多少分",
        why="没有下限，一项就可能扣光总分",
        mend=_lines("在名称后写：（最多扣 10 分）", _added("下限：扣完本一级指标为止", "下限：不保底")),
    )


@entry(
    "K229",
    MUST,
    "定额以外的没有写明",
    "what lies beyond the norm is not settled",
    bad="| 省级采用 | 1 | 1 篇 | 每篇 1 分 | 每篇加 2 分 |",
    good="超出部分：计入本指标，不封顶；相互抵补：不抵补",
)
def beyond_unstated(place: Place, what: str, readings: str, mend: Sequence[str]) -> Problem:
    """超出定额的部分计不计入、封不封顶，一处超出能不能抵另一处不足，原文常常没有写。"""
    return say(place, f"没有写明{what}：{readings}", why="读法不同，得分不同", mend=_lines(*mend))


# Bands


@entry(
    "K230",
    MUST,
    "分档有空缺",
    "a gap between bands",
    bad="| 90% 以上 | 6 |，| 不足 80% | 0 |",
    good="| 80% 以上不足 90% | 3 |",
)
def band_gap(place: Place, gap: str, cell: str) -> Problem:
    """两档之间有一段没有写。落在那里的单位没有得分，只能待定。"""
    return say(place, f"{gap}没有写得几分", why="落在这一段的单位只能待定", mend=_added(f"| {cell} | 3 |"))


@entry(
    "K231",
    MUST,
    "两档重叠",
    "bands overlap",
    bad="| 80% 以上 | 6 |，| 70% 以上不足 90% | 3 |",
    good="| 80% 以上 | 6 |，| 70% 以上不足 80% | 3 |",
)
def band_overlap(place: Place, bands: Sequence[str], at: str, gives: Sequence[str], related: Span | None) -> Problem:
    """同一个数在两档里都有，得哪一档的分没有写。"""
    return say(
        place,
        f"{_quoted(bands)}重叠：{at} 得 {gives[0]} 分还是 {gives[1]} 分？",
        why="同一个数有两个得分",
        mend="改一档的界限，使两档不重叠",
        related=[Related(related, "另一档")] if related else (),
    )


@entry(
    "K232",
    MUST,
    "界限上的数在两档里",
    "an edge in two bands",
    bad="| 90% 以上 | 6 |，| 80% 以上 90% 以下 | 3 |（以上、以下均含本数）",
    good="| 90% 以上 | 6 |，| 80% 以上不足 90% | 3 |",
)
def edge_twice(place: Place, at: str, gives: Sequence[str], mend: str, related: Span | None) -> Problem:
    """正好等于界限的数，两档都包括它。"""
    return say(
        place,
        f"{at} 同在两档：得 {gives[0]} 分还是 {gives[1]} 分？",
        why="两档都含本数",
        mend=mend,
        related=[Related(related, "另一档")] if related else (),
    )


@entry(
    "K233",
    MUST,
    "界限上的数哪一档都不在",
    "an edge in no band",
    bad="| 超过 90% | 6 |，| 不足 90% | 3 |",
    good="| 90% 以上 | 6 |，| 不足 90% | 3 |",
)
def edge_missing(place: Place, at: str) -> Problem:
    """正好等于界限的数，两档都不包括它。"""
    return say(
        place,
        f"正好是 {at} 的，哪一档都不在",
        why="落在界限上的单位只能待定",
        mend=_lines(f"不低于 {at}", f"不高于 {at}"),
    )


@entry(
    "K234",
    MUST,
    "这一档永远轮不到",
    "a band that nothing reaches",
    bad="| 90% 以上不足 80% | 6 |",
    good="| 80% 以上不足 90% | 6 |",
)
def band_unreachable(place: Place, band: str, why: str) -> Problem:
    """没有一个数落在这一档里，多半是上下限写反，或被别的档盖住了。"""
    return say(place, f"没有数落在“{band}”这一档", why=why, mend="核对这一档的上下限，或删去")


@entry(
    "K235",
    CONFIRM,
    "分档没有写到头",
    "the bands do not reach the end",
    bad="| 90% 以上 100% 以下 | 6 |（完成率可以超过 100%）",
    good="| 90% 以上 | 6 |",
)
def band_end_open(place: Place, beyond: str, mend: str) -> Problem:
    """最高一档以上或最低一档以下没有写。确实不会有的，请确认。"""
    return say(place, f"{beyond}的没有写得几分，会不会有？", why="真有这样的数，得分只能待定", mend=mend)


@entry(
    "K236",
    MUST,
    "同一内容写了两档",
    "a word stands in two bands",
    bad="| 优秀 | 6 |，| 优秀 | 4 |",
    good="| 优秀 | 6 |，| 良好 | 4 |",
)
def word_twice(place: Place, word: str, gives: Sequence[str]) -> Problem:
    """按内容分档的表，每一种内容只能写一次；其余也只能写一次。"""
    return say(
        place, f"“{word}”写了两次：得 {gives[0]} 分还是 {gives[1]} 分？", why="不知道按哪一个计", mend="删去一行"
    )


@entry(
    "K237",
    MUST,
    "数和文字混在一张分档表里",
    "numbers and words in one band table",
    bad="| 90% 以上 | 6 |，| 优秀 | 4 |",
    good="| 90% 以上 | 6 |，| 不足 90% | 4 |",
)
def bands_mixed(place: Place) -> Problem:
    """一个指标值不是数就是文字，一张表里不能又有数的档又有文字的档。"""
    return say(place, "一张分档表里既有数又有文字", why="指标值不是数就是文字", mend="分成两个指标，或统一成一种")


@entry(
    "K238",
    CONFIRM,
    "有的内容没有写得几分",
    "choices without points",
    bad="等级（优、良、差）；| 优 | 6 |，| 良 | 4 |",
    good="| 差 | 0 |",
)
def word_missing(place: Place, words: Sequence[str]) -> Problem:
    """栏目可以填的内容，分档表没有写。"""
    return say(
        place,
        f"可以填{_quoted(words)}，分档表没有写得几分",
        why="填了这些内容的单位只能待定",
        mend=_added(*(f"| {word} | 0 |" for word in words)),
    )


@entry(
    "K239",
    MUST,
    "分值一栏的表头与条款相反",
    "the heading of the points contradicts the clause",
    bad="指标 甲（10 分）；计分：分档；| 等级 | 扣分 |，| 差 | 4 |",
    good="| 等级 | 得分 |，| 差 | 6 |",
)
def gives_headed_otherwise(place: Place, heading: str, level: str, points: str) -> Problem:
    """表里的分写作 “扣分” 的，只有扣分项读得懂；写作 “加分” 的，只有加分项读得懂。别处有两种读法。"""
    match heading, level:
        case "扣分", "加分项":
            asked, mend = f"是加 {points} 分，还是扣 {points} 分？", "加分"
        case "加分", "扣分项":
            asked, mend = f"是扣 {points} 分，还是加 {points} 分？", "扣分"
        case "扣分", _:
            asked, mend = (
                f"是得 {points} 分，还是满分减去 {points} 分？",
                "表头写 得分，格里写得几分（从满分里扣的，写扣了以后的分）",
            )
        case _:
            asked, mend = f"是得 {points} 分，还是在别的分上再加 {points} 分？", "得分"
    return say(place, f"{level}的表里写 “{heading} {points}”：{asked}", why="读法不同，得分不同", mend=mend)


# The rest


@entry(
    "K240",
    MUST,
    "得分低于最低分",
    "a score below the least",
    bad="基层编制稳定（2 分）：最多扣 2 分（从 1.5 分扣起）",
    good="基层编制稳定（2 分，最低 -0.5 分）",
)
def below_least(place: Place, score: str, least: str) -> Problem:
    """按计分可以得到比最低分还低的分。写明最低几分，或写明扣完本指标为止。"""
    return say(
        place,
        f"最低可到 {score} 分，本项最低是 {least} 分",
        why="低于最低分的，是照扣还是到最低分为止，没有写明",
        mend=_lines(_instead(place, "最多扣", "扣完本指标为止"), f"在名称后写：（最低 {score} 分）"),
    )


@entry(
    "K241",
    MUST,
    "百分数没有写百分号",
    "a percentage without its sign",
    bad="不低于 95 得满分（指标值是百分比）",
    good="不低于 95% 得满分",
)
def bare_against_ratio(place: Place, written: str) -> Problem:
    """指标值是百分比，比较的数没有百分号：95 照字面是 95 倍，即 9500%。"""
    return say(
        place,
        f"指标值是百分比，“{written}”没有单位，照字面是 {written} 倍，不是 {written}%",
        why="相差 100 倍",
        mend=f"{written}%",
    )


@entry(
    "K242",
    MUST,
    "没有分值，不知道满分是多少",
    "full marks without a full mark",
    bad="加分项 获得表彰：每次 1 分，最高得满分",
    good="加分项 获得表彰（最高 3 分）",
)
def full_missing(place: Place) -> Problem:
    """计分写了满分，本项却没有写分值。"""
    capped = place is not None and "最高得满分" in _squeezed(place.text)
    mend = _instead(place, "最高得满分", "最高 5 分") if capped else "在名称后写：（5 分）"
    return say(place, "计分写了满分，本项没有写分值", why="不知道满分是多少分", mend=mend)


@entry(
    "K243",
    MUST,
    "要点里写了扣完本指标为止",
    "the floor of a point is that of its indicator",
    bad="| 案件上报 | 3 | 每有 1 起未上报扣 2 分，扣完本指标为止 |",
    good="| 案件上报 | 3 | 每有 1 起未上报扣 2 分，扣完本要点为止 |",
)
def floor_of_point(place: Place, full: str, over: str) -> Problem:
    """要点扣到 0 分为止，还是可以把整个指标的分扣完，相差很大。"""
    return say(
        place,
        f"这是一个要点（{full} 分），应扣 {over} 分时：扣到本要点 0 分为止，还是可以扣到整个指标 0 分？",
        why="“扣完本指标为止”写在要点里，有两种读法",
        mend=_instead(place, "扣完本指标为止", "扣完本要点为止"),
    )


@entry(
    "K244",
    MUST,
    "这里要写一个整数",
    "a whole number is wanted",
    bad="各要点得分的平均 × 10，至少 两 项",
    good="各要点得分的平均 × 10，至少 2 项",
)
def whole_number_wanted(place: Place, what: str) -> Problem:
    """项数、次数是整数，并且写在办法里。"""
    times = place is not None and "累计" in place.text
    mend = _instead(place, "按", "按 12 个月累计") if times else _instead(place, "至少", "至少 2 项")
    return say(place, f"{what}要写一个正整数", why="它不随单位变", mend=mend)


@entry(
    "K245",
    MUST,
    "至少的项数比要点还多",
    "more children wanted than there are",
    bad="3 个要点；至少 4 项",
    good="至少 2 项",
)
def too_many_wanted(place: Place, wanted: str, there: str) -> Problem:
    """要求至少几项有得分，要点却没有那么多，谁也得不到分。"""
    return say(
        place,
        f"要求至少 {wanted} 项，只有 {there} 个要点",
        why="这样谁也得不到分",
        mend=_instead(place, "至少", f"至少 {there} 项"),
    )


@entry(
    "K246",
    MUST,
    "插值没有写明舍入",
    "the rounding of an interpolated score is half stated",
    bad="其间按插值从 0 分到 10 分，保留 0 位",
    good="其间按插值从 0 分到 10 分，保留 0 位，四舍五入",
)
def rounding_half_stated(place: Place) -> Problem:
    """保留几位和怎样舍入要一起写。"""
    return say(
        place,
        "插值的取舍只写了一半：位数和舍入方式要一起写",
        why="四舍五入、舍去尾数、进一，得分不同",
        mend=_instead(place, "保留", "保留 0 位，四舍五入"),
    )


@entry(
    "K247",
    MUST,
    "两处说法相反",
    "two phrases contradict each other",
    bad="最高者得满分（方向：越低越好）",
    good="最低者得满分（方向：越低越好）",
)
def contradiction(place: Place, one: str, other: str, mend: str = "") -> Problem:
    """同一句计分里两处说法相反，必有一处写错。扣分项里算出来的扣分，写成每有多少扣几分。"""
    return say(place, f"“{one}”与“{other}”相反", why="两处必有一处写错", mend=mend or "改其中一处")


@entry(
    "K248",
    MUST,
    "要件一条也没有列",
    "a checklist without items",
    bad="要件：每具备 1 项得 2 分，最高得满分",
    good="要件：每具备 1 项得 2 分，最高得满分（下面逐行列出：· 方案  · 台账）",
)
def checklist_wrong(place: Place, what: str, mend: str) -> Problem:
    """要件逐条列出，每条是一个是否，条数乘每条的分应够得上分值。"""
    return say(place, what, why="条数和每条的分决定能得多少分", mend=mend)


@entry(
    "K249",
    MUST,
    "得分要写成分",
    "points are wanted",
    bad="| 90% 以上 | 60% |",
    good="| 90% 以上 | 6 |",
)
def points_wanted(place: Place, written: str) -> Problem:
    """得分写成几分。满分的百分之几，请换算成分。"""
    number = re.match(r"[0-9.]+(?=[^0-9.%％])", written)
    mend = f"{number.group()} 分" if number else "6 分"
    return say(place, f"这里要写几分，写的是“{written}”", why="不是分的数不能相加", mend=mend)


@entry(
    "K250",
    MUST,
    "说法没有尺度",
    "a word without a measure",
    bad="计分：原则上得满分，否则不得分",
    good="计分：达到得满分，否则不得分",
)
def no_measure(place: Place, word: str, instead: str) -> Problem:
    """原则上、视情、适当、左右、较好、及时一类的话，各人有各人的尺度，不能拿来计分。写明看什么、到什么程度。原文照录放在“原文”栏。"""
    return say(
        place,
        f"“{word}”没有尺度，不能计分",
        why="同样的情形，两个人会给出两样的分",
        mend=instead,
    )


# Tables of conditions


@entry(
    "K280",
    MUST,
    "两行条件都符合",
    "two rows of conditions claim the same case",
    bad="| 完成 | 不论 | 60 |，| 不论 | 完成 | 55 |",
    good="| 完成 | 完成 | 60 |，| 完成 | 未完成 | 40 |，| 未完成 | 完成 | 55 |",
)
def conditions_overlap(place: Place, case: str, gives: Sequence[str], rows: Sequence[str]) -> Problem:
    """条件表没有先后，一种情形只能符合一行。两行都符合的，得哪一行的分没有写。"""
    return say(
        place,
        f"{case}：第 {rows[0]} 行和第 {rows[1]} 行都符合，得 {gives[0]} 分还是 {gives[1]} 分？",
        why="同一种情形有两个得分",
        mend="把其中一行的 不论 改成具体的条件，使两行不重叠",
    )


@entry(
    "K281",
    MUST,
    "有的情形没有写几分",
    "a combination of conditions without a row",
    bad="| 完成 | 完成 | 60 |，| 未完成 | 未完成 | 0 |",
    good="| 完成 | 未完成 | 40 |，| 未完成 | 完成 | 55 |（或最后写一行 | 其余 | 其余 | 0 |）",
)
def conditions_missing(place: Place, cases: Sequence[str], count: int, rows: Sequence[str]) -> Problem:
    """几项条件的每一种组合都要有一行；漏了的组合，落在那里的单位没有得分。"""
    more = f"等 {count} 种" if count > len(cases) else ""
    return say(
        place,
        f"这些情形没有写几分：{'；'.join(cases)}{more}",
        why="落在这里的单位只能待定",
        mend=_added(*rows),
    )


@entry(
    "K282",
    MUST,
    "满意度指数折成几分没有写明",
    "a satisfaction index is not scaled to points",
    bad="计分：满意度指数",
    good="计分：满意度指数 × 分值",
)
def index_unscaled(place: Place, full: Fraction | None) -> Problem:
    """满意度指数是 0 到 1 的数。乘以 100 得百分制的分，乘以分值得本项的分。"""
    of = f"，按分值 {decimal(full)} 分折算是 {decimal(Fraction(92, 100) * full)} 分" if full else ""
    return say(
        place,
        f"指数 0.92，折成几分没有写明：百分制是 92 分{of}",
        why="读法不同，得分不同",
        mend=_lines("满意度指数 × 分值", "满意度指数 × 100"),
    )


# Raters and ballots


@entry(
    "K283",
    MUST,
    "同为最高分的去掉几个没有写明",
    "which of several equal extremes are dropped is not stated",
    bad="计分：各评委打分的平均，评委超过 5 人的，去掉一个最高分和一个最低分",
    good="计分：各评委打分的平均，评委超过 5 人的，去掉一个最高分和一个最低分，同分的按个数去掉",
)
def equal_ends_unstated(place: Place) -> Problem:
    """两个评委都给了最高分，去掉一个还是两个都去掉，平均分不同。"""
    return say(
        place,
        "同为最高分（最低分）的有几个时，去掉几个没有写明：95、95、90、80、70、70 各去掉一个平均 83.75 分，同分的全部去掉"
        "平均 85 分",
        why="读法不同，得分不同",
        mend=_with(place, "同分的按个数去掉", "同分的全部去掉"),
    )


@entry(
    "K284",
    MUST,
    "去掉最高最低没有写全",
    "dropping of extremes is not stated in full",
    bad="计分：各评委打分的平均，去掉一个最高分和一个最低分，同分的按个数去掉",
    good="计分：各评委打分的平均，评委超过 5 人的，去掉一个最高分和一个最低分，同分的按个数去掉",
)
def dropping_incomplete(place: Place, what: str, mends: Sequence[str]) -> Problem:
    """评委少的，去掉最高最低以后剩不下几个。多少人以上才去掉、去掉几个，都要写明。"""
    return say(place, what, why="读法不同，得分不同", mend=_with(place, *mends))


@entry(
    "K285",
    MUST,
    "打分表对不上",
    "a table of ballots does not fit",
    bad="计分：各评委打分的平均（没有打分表）",
    good="打分表：评委打分\n计分：各评委打分的平均",
)
def ballots_unfit(place: Place, what: str, mend: str) -> Problem:
    """评委打分、投票的，数据是每个单位每个评委一行的表，打分、评价、名次各在哪一列，要找得到。"""
    return say(place, what, why="不知道从哪里数票", mend=mend)


@entry(
    "K286",
    MUST,
    "分层别怎样算没有写全",
    "how layers of voters are weighed is not stated in full",
    bad="层别权重：（只有一张表）",
    good="层别权重：没有票的层别权重按比例分给其他",
)
def layers_incomplete(place: Place, asked: str, mends: Sequence[str]) -> Problem:
    """分层别加权的，没有票的层别怎样算、最高最低在层别内还是在全部评委中去掉，要写明。"""
    return say(place, asked, why="读法不同，得分不同", mend=_added(*mends))


@entry(
    "K287",
    MUST,
    "层别权重对不上",
    "weights of layers do not fit",
    bad="| 层别 | 权重 |，| 党代表 | 60% |，| 企业 | 30% |",
    good="| 层别 | 权重 |，| 党代表 | 60% |，| 企业 | 40% |",
)
def layers_unfit(place: Place, what: str, mend: str) -> Problem:
    """每个层别有一个权重，各列合计 100%；按类别分列的，每个类别一列。"""
    return say(place, what, why="权重不全，总数就不对", mend=mend)


@entry(
    "K288",
    MUST,
    "乘系数以后封不封顶没有写明",
    "where a multiplied score stops is not stated",
    bad="系数：难度系数",
    good="系数：难度系数\n系数封顶：最高得满分",
)
def coefficient_uncapped(place: Place, name: str, full: str, more: str) -> Problem:
    """得分乘上难度系数、规模系数，可以超过分值。以分值为限，还是可以超过，要写明。"""
    return say(
        place,
        f"{name}：得满分 {full} 分、系数 1.1 的，计 {full} 分还是 {more} 分？",
        why="乘了系数可以超过分值，超过的算不算没有写",
        mend=_added("系数封顶：最高得满分", "系数封顶：不封顶"),
    )


@entry(
    "K289",
    MUST,
    "折算没有写全",
    "a conversion is not stated in full",
    bad="计分：按比例折算，原满分 100 分",
    good="计分：按比例折算，原满分 100 分，最高得满分\n未报：退回补报",
)
def conversion_incomplete(place: Place, asked: str, mends: Sequence[str]) -> Problem:
    """别处的得分折算成本项的分，要写明原满分是多少、超过原满分的封不封顶、没有原得分的单位怎样给分。"""
    return say(place, asked, why="读法不同，折算出来的分不同", mend=_lines(*mends))


@entry(
    "K251",
    MUST,
    "有单位的数不能这样开方、取对数",
    "unit under a root or a logarithm",
    bad="指标值：自然对数（人均收入）",
    good="指标值：自然对数（人均收入 ÷ 1 元）",
)
def unit_in_function(span: Span, what: str, unit: str, mend: str) -> Problem:
    """对数、非整数次幂随计量单位变：按元算和按万元算结果不同。先除以一个写明单位的数，再取对数、开方。"""
    return say(
        span,
        f"“{unit}” 的数不能直接{what}",
        why="换一个计量单位，结果就不同",
        mend=mend,
    )


@entry(
    "K252",
    MUST,
    "中间结果怎样取舍没有写全",
    "rounding of an intermediate result incomplete",
    bad="指标值：取舍（增长率、保留 2 位）",
    good="指标值：取舍（增长率、保留 2 位、四舍五入）",
)
def rounding_in_function(span: Span, sample: str) -> Problem:
    """中间结果要取舍的，写明保留几位、怎样取舍：四舍五入、四舍六入五成双、舍去尾数、进一。"""
    return say(
        span,
        "要写保留几位和怎样取舍",
        why="2.675 保留 2 位：四舍五入是 2.68，舍去尾数是 2.67；往后算，得分就差了",
        mend=sample,
    )


@entry(
    "K253",
    MUST,
    "至少几项有数，写得不对",
    "number of parts that must be there",
    bad="指标值：各项平均（甲、乙、至少 3 项有数）",
    good="指标值：各项平均（甲、乙、丙、至少 2 项有数）",
)
def present_of_parts(span: Span, count: int) -> Problem:
    """各项平均（…、至少 n 项有数）：n 是 1 以上的整数，不超过括号里的项数。不写的，有一项没有数就没有平均。"""
    return say(span, f"括号里有 {count} 项，这里要写 1 至 {count}", mend=f"至少 {max(count - 1, 1)} 项有数")


# Rows of a ledger


@entry(
    "K270",
    MUST,
    "台账里没有这一列数",
    "no column of numbers of this name in the ledger",
    bad="数量：件数（台账的列：单位、事项编号）",
    good="列：单位、事项编号、件数（件）",
)
def row_column_unfit(place: Place, label: str, name: str, ledger: str, numbers: Sequence[str]) -> Problem:
    """数量、每行分值 都是台账里的一列数；每行分值的计量单位是分。"""
    unit = "分" if label == "每行分值" else "件"
    has = f"，台账里的数有：{_quoted(numbers)}" if numbers else ""
    return say(
        place,
        f"{label}写的“{name}”不是台账“{ledger}”里以{unit}计的一列数{has}",
        why="每一行是几，要在台账里填",
        mend=f"列：{name}（{unit}）",
    )


@entry(
    "K271",
    MUST,
    "有的没有写明折算多少",
    "a value without its share",
    bad="折算：协办按 50%（角色还有 主办）",
    good="折算：主办按 100%，协办按 50%",
)
def share_unstated(place: Place, column: str, left: Sequence[str], written: Sequence[str]) -> Problem:
    """一列里的可选内容，有的写了折算，有的没有写。没有写的按 100% 计，还是不计，要写明。"""
    return say(
        place,
        f"“{column}”里的{_quoted(left)}没有写明折算多少：按 100% 计，一件 2 分的得 2 分；不计，得 0 分。原文是哪一种？",
        why="读法不同，得分不同",
        mend=_lines(
            *("折算：" + "；".join([*written, *(f"{one}按 {part}" for one in left)]) for part in ("100%", "0%"))
        ),
    )


@entry(
    "K279",
    MUST,
    "折算的“其余”说不清是哪一列的",
    "the rest of which column",
    bad="折算：主办按 100%；市内按 100%；其余按 50%",
    good="折算：主办按 100%；协办按 50%；市内按 100%；市外按 50%",
)
def rest_of_which_column(
    place: Place, columns: Sequence[str], rows: Sequence[str], part: str, worth: tuple[str, str], mend: str
) -> Problem:
    """折算看两列的，“其余”是每一列的其余各折一次，还是一件只折一次，读法不同，得分不同；前面一个值也没有写的，不知道是哪一列的其余。把各列的值一一写明。"""
    if not columns:
        told = f"折算只写了“其余按 {part}”，前面没有写哪些各算多少，不知道是哪一列的其余"
        return say(place, told, why="不知道看哪一列，折算不起作用", mend=f"折算：主办按 100%；其余按 {part}")
    shown = "、".join(f"“{name}”" for name in columns)
    return say(
        place,
        f"折算看 {shown} 几列，“其余按 {part}”有两种读法：{'、'.join(rows)} 的一件 2 分，"
        f"每一列各折一次得 {worth[0]} 分，一件只折一次得 {worth[1]} 分。原文是哪一种？",
        why="读法不同，得分不同",
        mend=f"每一列各折一次的，逐个写明：{mend}\n一件只折一次的，台账改用一列，例如：折算：主办市内按 100%；其余按 {part}",
    )


@entry(
    "K272",
    MUST,
    "第几次的分没有写全",
    "the points of some turn are not stated",
    bad="第 1 次扣 1 分；第 3 次扣 3 分",
    good="第 1 次扣 1 分；第 2 次扣 2 分；第 3 次起每次扣 3 分",
)
def turn_unstated(place: Place, turn: int, before: str, unit: str) -> Problem:
    """按次数递增的，从第 1 次起一次一次写全，最后写“第几次起每次”。"""
    return say(
        place,
        f"第 {turn} {unit}没有写：照上一次的 {before} 分计，还是不再计？",
        why="读法不同，得分不同",
        mend=_with(place, f"第 {turn} {unit}起每{unit}扣 {before} 分"),
    )


@entry(
    "K273",
    MUST,
    "没有写明台账的行归哪个单位",
    "which unit a row belongs to is not stated",
    bad="台账的列：事项编号、属地单位（单位）、主管部门（单位）",
    good="归属：属地单位按 100%，主管部门按 100%；同一单位只计一次",
)
def owner_unstated(place: Place, ledger: str, columns: Sequence[str]) -> Problem:
    """台账没有“单位”一列的（双责双考），写明哪几列是单位，各按多少计。"""
    names = columns or ("属地单位", "主管部门")
    owners = "，".join(f"{name}按 100%" for name in names)
    once = "；同一单位只计一次" if len(names) > 1 else ""
    return say(
        place,
        f"台账“{ledger}”没有“单位”一列，没有写明每行归哪个单位",
        why="不知道算在谁的头上",
        mend=_added(f"归属：{owners}{once}"),
    )


@entry(
    "K274",
    MUST,
    "同一单位占了两栏怎样计没有写明",
    "how a unit counts that stands in two columns is not stated",
    bad="归属：属地单位按 100%，主管部门按 50%",
    good="归属：属地单位按 100%，主管部门按 50%；同一单位只计一次",
)
def owner_twice_unstated(place: Place, columns: Sequence[str]) -> Problem:
    """一行里两栏填的是同一个单位时，计一次（按高的一栏）还是两栏分别计，要写明。"""
    return say(
        place,
        f"{_quoted(columns)}填的是同一单位时：各按 100% 的一件 2 分，只计一次得 2 分，分别计得 4 分。原文是哪一种？",
        why="读法不同，得分不同",
        mend=_with(None, "同一单位只计一次", "同一单位分别计"),
    )


@entry(
    "K275",
    MUST,
    "两种分都合，没有写明按哪一种",
    "two rates fit the same row",
    bad="省级每次 2 分；通报每次 1 分",
    good="省级文件每次 2 分；省级通报每次 1 分",
)
def two_rates_fit(place: Place, row: str, one: tuple[str, str], other: tuple[str, str]) -> Problem:
    """一行台账同时合两种说法，哪一种也不比另一种写得细。写得细的（省级文件）先于写得粗的（省级）。"""
    return say(
        place,
        f"“{row}”的一行，按“{one[0]}”是 {one[1]} 分，按“{other[0]}”是 {other[1]} 分。原文是哪一种？",
        why="读法不同，得分不同",
        mend=f"{one[0]}{other[0]}每次 {one[1]} 分",
    )


@entry(
    "K276",
    MUST,
    "这一项不能去重",
    "an item that cannot take part in a dedupe",
    bad="去重 同一奖项：去重各项：【J01】、【A01】（A01 不看台账）",
    good="去重 同一奖项：去重各项：【J01】、【J02】",
)
def dedupe_unfit(place: Place, code: str, why: str, mend: str) -> Problem:
    """去重的各项都看台账，台账里都有认定同一事项的那一列；一项只在一个去重里，自己不另写“各计各的”。"""
    return say(place, f"【{code}】{why}", why="同一事项在几项里只计一次，要认得出是同一事项", mend=mend)


@entry(
    "K277",
    MUST,
    "没有写明去重以后计入哪一项",
    "where a matter counts is not stated",
    bad="同一事项：只计最高一次，按事项编号",
    good="同一事项：只计最高一次，按事项编号，同样高的计入排在前面的",
)
def dedupe_tie_unstated(place: Place, one: str, other: str) -> Problem:
    """几项里同样高的，计入排在前面的还是排在后面的，要写明：各项另有封顶时，计入哪一项会影响总分。"""
    return say(
        place,
        f"同一事项在【{one}】和【{other}】里同样高时，计入哪一项？计入的一项用去封顶的额度，另一项不用",
        why="各项封顶不同，总分不同",
        mend=_with(place, "同样高的计入排在前面的", "同样高的计入排在后面的"),
    )


@entry(
    "K254",
    MUST,
    "标准差怎样算没有写明",
    "population or sample deviation",
    bad="计分：标准分法，基准 75 分，每个标准差 10 分，标准差为零的得 75 分，最高得满分，最低 0 分",
    good="计分：标准分法，基准 75 分，每个标准差 10 分，按总体，标准差为零的得 75 分，最高得满分，最低 0 分",
)
def deviation_unstated(span: Span | None) -> Problem:
    """标准差有两种：各单位都在内、除以单位数（按总体），或当作抽样、除以单位数减一（按样本）。要写明哪一种。"""
    return say(
        span,
        "三个单位为 90、80、70 时，标准差按总体是 8.16，按样本是 10。原文是哪一种？",
        why="除以单位数，还是除以单位数减一，没有写明",
        mend="按总体\n按样本",
    )


@entry(
    "K255",
    MUST,
    "低到哪里为止没有写明",
    "no lower end",
    bad="计分：按指标值得分，最高得满分",
    good="计分：按指标值得分，最高得满分，最低 0 分",
)
def bottom_unstated(span: Span | None, what: str) -> Problem:
    """按算式给分的，算出来可能是负数，要写明最低几分，或者不保底。"""
    return say(
        span,
        f"{what}算出来是 －3 时，得 0 分还是 －3 分？原文是哪一种？",
        why="低到哪里为止没有写明",
        mend="最低 0 分\n不保底",
    )


@entry(
    "K256",
    MUST,
    "没有差别时怎样计分没有写明",
    "no deviation and no answer for it",
    bad="计分：标准分法，基准 75 分，每个标准差 10 分，按总体，最高得满分，最低 0 分",
    good="计分：标准分法，基准 75 分，每个标准差 10 分，按总体，标准差为零的得 75 分，最高得满分，最低 0 分",
)
def no_deviation_unstated(span: Span | None, base: Fraction) -> Problem:
    """各单位的数都相同时，标准差是 0，不能作除数，要写明各得几分。"""
    return say(
        span,
        "各单位的数都相同时，标准差是 0，不能作除数，各得几分没有写明",
        why="不写明，这一项就全都待定",
        mend=f"标准差为零的得 {decimal(base)} 分",
    )


@entry(
    "K257",
    MUST,
    "标准分法没有写全",
    "z-score without its base or its worth",
    bad="计分：标准分法，按总体，标准差为零的得 75 分，最高得满分，最低 0 分",
    good="计分：标准分法，基准 75 分，每个标准差 10 分，按总体，标准差为零的得 75 分，最高得满分，最低 0 分",
)
def z_score_incomplete(span: Span | None, lacks: str, mend: str) -> Problem:
    """标准分 = 基准 + 每个标准差的分 × （指标值 － 平均）÷ 标准差，基准和每个标准差几分都要写。"""
    return say(span, lacks, why="没有这个数，算不出标准分", mend=mend)


@entry(
    "K258",
    MUST,
    "指标值的单位不是分",
    "value is not in points",
    bad="指标值：办结率\n计分：按指标值得分，最高得满分，最低 0 分",
    good="指标值：办结率 × 10 分\n计分：按指标值得分，最高得满分，最低 0 分",
)
def value_in_points(span: Span | None, unit: str, ratio: bool, value: str) -> Problem:
    """按指标值得分，指标值就是得分，要以分为单位：百分比乘几分，带单位的数除以 1 个单位再乘 1 分。"""
    value = value or ("办结率" if ratio else "指标值")
    if any(sign in value for sign in "+-＋－"):
        value = f"（{value}）"
    return say(
        span,
        f"按指标值得分，指标值要以分为单位，现在是“{unit}”",
        why="98% 是得 0.98 分还是 98 分，没有写明" if ratio else f"1 {unit}得几分，没有写明",
        mend=f"改成：指标值：{value} × 10 分" if ratio else f"改成：指标值：{value} ÷ 1 {unit} × 1 分",
    )


@entry(
    "K259",
    MUST,
    "有开方、对数的得分没有写保留几位",
    "a real score without digits",
    bad="小数：指标得分不取舍\n指标值：几何平均（产出率、合格率）",
    good="取舍：保留 2 位，四舍五入",
)
def digits_of_a_real(span: Span | None) -> Problem:
    """开方、对数、标准差没有准确的小数，写不完；公布的得分要写明保留几位。后面的计算仍可以用未取舍的值。"""
    return say(
        span,
        "这一项的得分有开方、对数或标准差，没有写明保留几位",
        why="√0.4 = 0.63245553…，写不完；公布 0.63 还是 0.632，没有写明",
        mend="在这一项加一行：取舍：保留 2 位，四舍五入",
    )


@entry(
    "K278",
    MUST,
    "一档不大于 0",
    "a step of nothing",
    bad="计分：人工评分，0 分一档，写明理由",
    good="计分：人工评分，0.5 分一档，写明理由",
)
def step_of_nothing(place: Place | Address, each: str) -> Problem:
    """每多少扣（加）几分、几分一档，一档必须大于 0：用 0 去除没有得数，负的一档没有意义。"""
    return say(
        place,
        f"一档写的是“{each}”，一档必须大于 0",
        why="数不出有几档",
        mend="改成大于 0 的数，例如：0.5 分一档，每有 1 件，每低 1 个百分点",
    )
