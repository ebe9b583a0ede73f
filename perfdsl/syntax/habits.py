"""What people often write that this language has no words for: each is told what to write instead.

Only of segments that could not be read, so that nothing here can change what a rulebook means.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from perfdsl.text.catalogue import writing
from perfdsl.text.numbers import decimal
from perfdsl.text.problem import Problem
from perfdsl.text.source import Span, folded

_BASE = re.compile(
    r"(?:(?:基准分|基础分|起始分|底分)?\s*[0-9.]+\s*分?(?:基准分|基础分)?|基准分|基础分|起始分|底分)?\s*"
    r"(?:[+＋\-－\u2212—]?\s*(?:各项)?(?:加分|扣分)项?\s*)+"
)
_FLOOR = re.compile(
    r"(?:最低|最多|至多)?(?:只)?降(?:到|至|为)\s*[“\"]?([^“”\"]{1,12})[”\"]?(?:为止)?|不低于\s*[“\"]([^“”\"]{1,12})[”\"]"
)
_RUN_OF_RANKS = re.compile(r"连续\s*([0-9一二两三四五]+)\s*年\s*(?:的\s*)?(?:名次|排名|排位)")
_SOME = re.compile(r"(前|后|倒数|末)[^0-9]*([0-9]+)?")
_LINE = re.compile("插值|内插|线性|直线")
_AMONG = re.compile(r"(?:其间|之间|中间|期间|介于|两者|区间)")
_BETWEEN = "其间按插值从"
_GIVES = re.compile(r"得\s*([0-9.]+)\s*分|(不得分|得零分)|(满分)")
_POINTS = re.compile(r"[^:|]*\(([0-9.]+)\s*分")
_BELOW = re.compile(
    r"(?:未达到|没有达到|达不到|未完成|没有完成|未达标|低于|不足)[^0-9]{0,6}按[^0-9]*比例(?P<loses>扣)?[^0-9]*"
)
_LIMIT = re.compile(
    r"(?:(?:以|加分|得分|扣分)?(?:上限|封顶)?(?:为|是|至)?\s*)([0-9.]+)\s*分\s*(?:为限|为上限|封顶|为止)?"
)
_BAND = re.compile(r"([0-9.]+[^0-9得]{0,6}以上[^0-9得]{0,4}[0-9.]+[^0-9得]{0,8}?)的?\s*得\s*([0-9.]+)\s*分")
_OF_TARGET = re.compile(r"每(低|低于|超|超过|高于)(?:目标|任务|计划)(?:值|数|量)?\s*(?=[0-9])(.+)")
_BY_PEOPLE = re.compile(r"[^0-9]{0,10}(?:打分|评分|评议|评定|评价)(?:制|计分)?")
_FALLING = re.compile(
    r"(?:每(?:降|下降|后退|退|低|落后)(?:低)?\s*[一1]?\s*(?:个?名次|名|位)|[^0-9]{0,8}(?:按名次|每名|依次|逐名)(?:依次|逐名)?)"
    r"(?:递减|减少|减|扣)\s*([0-9.]+)\s*(分|%)"
)
_YEARS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}


def told(label: str, text: str, span: Span) -> Problem | None:
    """What to say about the unreadable ``text`` of a field with the key ``label``; None where it is no known habit."""
    if label == "total" and _BASE.fullmatch(text):
        parts = [sign for word, sign in (("加分", "+ 加分"), ("扣分", "－ 扣分")) if word in text]
        return writing.total_without_base(span, text, " ".join(("基本分", *parts)))
    if label == "effect" and (floor := _FLOOR.fullmatch(text)):
        return writing.drop_with_a_floor(span, text, (floor[1] or floor[2]).strip())
    if label == "score" and not text.startswith(_BETWEEN):
        if _LINE.search(text) or (_AMONG.search(text) and "比例" in text):
            line = line_between(_given(text, span))
            return writing.line_between(span, text, meant(text, line) if line else "")
        if limit := _LIMIT.fullmatch(text):
            return writing.unknown_phrase(span, text, f"最高 {limit[1]} 分", "")
        if step := _OF_TARGET.fullmatch(text):
            return writing.unknown_phrase(span, text, f"每{step[1]} {step[2]}", "")
        if _BY_PEOPLE.fullmatch(text):
            graded = "一档" in span.source.line(span.line)
            return writing.unknown_phrase(
                span, text, "人工评分", "人工评分" + ("" if graded else "，0.5 分一档，写明理由")
            )
        if band := _BAND.fullmatch(text):
            row = f"| {band[1].strip()} | {band[2]} |"
            return writing.unknown_phrase(span, text, None, f"几段各得几分的，计分写 “分档”，下面每段一行：{row}")
        if falling := _FALLING.fullmatch(text):
            return writing.unknown_phrase(span, text, f"以后每名递减 {falling[1]} {falling[2]}", "")
        if below := _BELOW.fullmatch(text):
            return writing.share_of_target(span, text, bool(below["loses"]))
    if run := _RUN_OF_RANKS.search(text):
        years = _YEARS.get(run[1]) or (int(run[1]) if run[1].isdigit() else 2)
        end = _SOME.search(text[run.end() :])
        last, count = end is None or end[1] != "前", (end[2] if end and end[2] else "1")
        return writing.run_of_ranks(span, text, years, last, count)
    return None


def line_between(ends: Sequence[Fraction]) -> str:
    """The line between two ends as the language has it; "" where there are not two."""
    low, high = (min(ends), max(ends)) if len(set(ends)) == 2 else (None, None)
    return f"{_BETWEEN} {decimal(low)} 分到 {decimal(high)} 分" if low is not None and high is not None else ""


def meant(text: str, line: str) -> str:
    """What ``text`` between two ends can mean: ``line``; where it speaks of 比例, the share of the target as well."""
    if _LINE.search(text):
        return line
    return f"{line}\n或  按完成目标的比例的，整个计分写成：按完成比例，最高得满分" if "比例" in text else ""


def _given(text: str, span: Span) -> list[Fraction]:
    """What the other sentences of the line give: 得 10 分, 不得分, 满分 by the header above."""
    found = []
    for number, nothing, _ in _GIVES.findall(folded(span.source.line(span.line)).replace(text, "")):
        points = number or ("0" if nothing else _full(span))
        try:
            found.append(Fraction(points))
        except ValueError:
            return []
    return found


def _full(span: Span) -> str:
    """The points in the header under which the line stands; "" where there are none."""
    lines = (folded(span.source.line(number)) for number in range(span.line - 1, 0, -1))
    return next((found[1] for line in lines if (found := _POINTS.match(line))), "")
