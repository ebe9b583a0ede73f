"""What people often write that this language has no words for: each is told what to write instead.

Only of segments that could not be read, so that nothing here can change what a rulebook means.
"""

from __future__ import annotations

import re

from perfdsl.text.catalogue import writing
from perfdsl.text.problem import Problem
from perfdsl.text.source import Span

_BASE = re.compile(
    r"(?:(?:基准分|基础分|起始分|底分)?\s*[0-9.]+\s*分?(?:基准分|基础分)?|基准分|基础分|起始分|底分)?\s*"
    r"(?:[+＋\-－\u2212—]?\s*(?:各项)?(?:加分|扣分)项?\s*)+"
)
_FLOOR = re.compile(
    r"(?:最低|最多|至多)?(?:只)?降(?:到|至|为)\s*[“\"]?([^“”\"]{1,12})[”\"]?(?:为止)?|不低于\s*[“\"]([^“”\"]{1,12})[”\"]"
)
_RUN_OF_RANKS = re.compile(r"连续\s*([0-9一二两三四五]+)\s*年\s*(?:的\s*)?(?:名次|排名|排位)")
_SOME = re.compile(r"(前|后|倒数|末)[^0-9]*([0-9]+)?")
_YEARS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}


def told(label: str, text: str, span: Span) -> Problem | None:
    """What to say about the unreadable ``text`` of a field with the key ``label``; None where it is no known habit."""
    if label == "total" and _BASE.fullmatch(text):
        parts = [sign for word, sign in (("加分", "+ 加分"), ("扣分", "－ 扣分")) if word in text]
        return writing.total_without_base(span, text, " ".join(("基本分", *parts)))
    if label == "effect" and (floor := _FLOOR.fullmatch(text)):
        return writing.drop_with_a_floor(span, text, (floor[1] or floor[2]).strip())
    if run := _RUN_OF_RANKS.search(text):
        years = _YEARS.get(run[1]) or (int(run[1]) if run[1].isdigit() else 2)
        end = _SOME.search(text[run.end() :])
        last, count = end is None or end[1] != "前", (end[2] if end and end[2] else "1")
        return writing.run_of_ranks(span, text, years, last, count)
    return None
