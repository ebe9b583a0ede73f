"""A value that reads is read alike whether somebody will be told what is wrong or not."""

from __future__ import annotations

import pytest

from perfdsl.clauses import KINDS
from perfdsl.syntax.nodes import Written
from perfdsl.syntax.shapes import Names, read, reads
from perfdsl.text.source import Source, Span
from perfdsl.workspace.opening import words

NAMES = Names(names=frozenset({"办结率", "办结", "办结率高"}), choices=frozenset({"区县"}))
VALUES = [
    ("condition", "办结率 不低于 90%"),
    ("condition", "编造绩效数据造成严重影响"),
    ("condition", "办结率 不低于 9O%"),  # a letter for a figure
    ("condition", "（办结率 不低于 90%"),
    ("condition", ""),
    ("expression", "办结率高 － 办结"),
    ("expression", "办结率高 －"),
    ("phrase", "达到得满分；每低 1 个百分点扣 0.5 分"),
    ("phrase", "达到得满分；读不懂的话"),
    ("phrase", "，"),
    ("band", "90 分以上不足 100 分"),
    ("band", "很高"),
]


@pytest.mark.parametrize(("shape", "text"), VALUES)
def test_what_reads_reads_without_words_too(shape: str, text: str) -> None:
    value = Written(text, Span(Source("", text), 0, len(text)))
    node, problems = read(shape, value, words(tuple(KINDS)), NAMES)
    assert reads(shape, value, words(tuple(KINDS)), NAMES) == (None if problems else node)
    assert bool(problems) == (node is None)
