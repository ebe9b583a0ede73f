"""docs/语言参考.md: nothing of the language is missing, and its examples are those that other tests run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from perfdsl.clauses import KINDS
from perfdsl.publish.reference import page
from perfdsl.reports.findings import LanguageFinding
from perfdsl.reports.language import language
from perfdsl.text.form import Slot
from perfdsl.text.source import Source
from perfdsl.workspace.formatting import formatted
from perfdsl.workspace.language import OTHERS, SAMPLES, _samples, ways
from perfdsl.workspace.opening import open_text, words

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "docs" / "手册.md"


@lru_cache(maxsize=1)
def found() -> LanguageFinding:
    return language(ROOT / "rulebooks", MANUAL)


def slots() -> Iterator[tuple[str, Slot]]:
    def whole(slot: Slot) -> Iterator[Slot]:
        yield slot
        for later in slot.then:
            yield from whole(later)

    for kind in KINDS:
        for pattern in (kind.form.pattern, *(take.slots for take in kind.form.takes)):
            for slot in pattern:
                yield from ((kind.key, one) for one in whole(slot))


def test_the_page_is_fresh() -> None:
    text = (ROOT / "docs" / "语言参考.md").read_text(encoding="utf-8")
    assert text == page(found()), "make pages"
    text.encode("cp936")


def test_every_segment_of_every_kind_is_shown_as_it_can_be_written() -> None:
    assert len(_samples()) == len(SAMPLES)
    assert [(key, slot) for key, slot in slots() if not ways(slot)] == []


def test_every_kind_has_an_example_that_stands_in_something_that_is_run() -> None:
    for kind in found().kinds:
        path = kind.example.path
        assert kind.example.chinese, kind.key
        assert kind.example.chinese in (ROOT / path).read_text(encoding="utf-8"), kind.key
        run = re.fullmatch(r"rulebooks/写法/[A-Z]\d\d/例\.perf", path) or path.removeprefix("rulebooks/") in OTHERS
        assert run or path == "docs/手册.md", kind.key


def test_every_field_has_a_place() -> None:
    assert {label.word.canonical for label in words().labels.values()} == {one.word.chinese for one in found().fields}
    assert [one.word.chinese for one in found().fields if not one.blocks and not one.kinds] == []


RECIPES = {
    "先有的分：起评分、基准分": "指标值：100 分",
    "没有分值的、得数是钱的": "计发基数：指标值【A00】",
    "分段加重：超过几个百分点的部分加倍扣": "限于（10% － 增速、0 个百分点、5 个百分点）",
    "等次只看条件、只看否决": "另需符合",
    "名次还是名额": "1 名以内",
    "前几次不扣、每月前几次不扣": "按月计分：",
}
"""What strangers who had nothing but the page did not find in it, and what they must find."""


def test_what_was_asked_for_and_not_found_is_on_the_page_with_examples() -> None:
    shown = {one.heading: [part.chinese for part in one.parts if not isinstance(part, str)] for one in found().recipes}
    assert list(shown) == list(RECIPES)
    assert {heading for heading, words in RECIPES.items() if words not in "".join(shown[heading])} == set()


def test_the_examples_of_the_recipes_are_run_and_read_the_same_in_english() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    for recipe in found().recipes:
        for one in recipe.parts:
            if isinstance(one, str):
                continue
            assert f"```perf 片段\n{one.chinese}```" in manual  # tests/test_manual.py runs it
            chinese = Source("例.perf", found().frame.chinese + one.chinese)
            english = formatted(chinese, "en")[0]
            assert english.endswith(one.english)
            book = open_text(chinese).rulebook
            assert book is not None
            assert open_text(Source("例.perf", english)).rulebook == book


@pytest.mark.parametrize("block", ["加分项", "扣分项", "过程指标", "计分办法"])
def test_scoring_by_the_month_is_said_of_every_block_that_takes_it(block: str) -> None:
    fields = {one.word.chinese: one.fields for one in found().blocks}
    assert {"按月计分", "按季计分", "按半年计分"} <= set(fields[block])
    scored = f"{block} 信息（最高 3 分）【J1】" if block == "加分项" else f"{block} 信息【J1】"
    by_month = "  按月计分：各月得分不取舍，全年取各月得分之和\n  计分：每有 1 次迟报扣 0.5 分\n"
    opened = open_text(Source("例.perf", f"{found().frame.chinese}{scored}\n{by_month}"))
    assert "K141" not in [one.code for one in opened.problems]  # 在这里不起作用


@pytest.mark.parametrize("key", ["rate_loss", "turns"])
def test_an_example_of_the_manual_reads_the_same_in_english(key: str) -> None:
    (one,) = (kind.example for kind in found().kinds if kind.key == key)
    frame = re.findall(r"^```perf 框\n(.*?)^```$", MANUAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[0]
    chinese = Source("例.perf", frame + one.chinese)
    english = formatted(chinese, "en")[0]
    assert english.endswith(one.english)
    book = open_text(chinese).rulebook
    assert book is not None
    assert open_text(Source("例.perf", english)).rulebook == book
