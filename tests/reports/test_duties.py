"""Who scores, answers, supplies or finds the case: no score differs by it, and it is no matter of words either."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_impact import FACTS, VETO, book, compared

from perfdsl.publish import review_parts as parts
from perfdsl.publish.review_text import first_screen
from perfdsl.reports.reviews import ReviewFinding

SCORED = "  数据：培训数（件）\n"
FOUND = VETO + "  认定：市安委办出具认定书，附文号\n"


def duties(folder: Path, old: str, new: str) -> ReviewFinding:
    """The comparison of a rulebook with ``old`` in it and one with ``new`` in the same place."""
    return compared(folder, old, new, (FACTS, FACTS))


def scored(year: int, *more: str) -> str:
    lines = "".join(f"  {one}\n" for one in more)
    return book(year).replace(SCORED, f"{lines}{SCORED}")


@pytest.mark.parametrize("label", ["评分单位", "责任单位", "数据来源"])
def test_another_unit_is_told_and_no_score_differs(tmp_path: Path, label: str) -> None:
    found = duties(tmp_path, scored(2024, f"{label}：市安委办"), scored(2025, f"{label}：市应急局"))
    (change,) = found.changes
    assert [one.name for one in change.classes] == ["证明等价"] and change.idle
    assert change.duties == (label,)
    assert parts.classes(change) == f"不影响得分（{label}变动）"
    assert f"不影响得分（{label}变动）" in first_screen(found)
    assert f"第 1 条换了{label}：通知有关单位交接" in found.checklist


def test_who_supplies_a_column_is_told(tmp_path: Path) -> None:
    old, new = (
        book(year).replace("培训数（件）", f"培训数（件，{who}）") for year, who in ((2024, "甲办"), (2025, "乙办"))
    )
    found = duties(tmp_path, old, new)
    (change,) = found.changes
    assert [one.name for one in change.classes] == ["证明等价"] and change.duties == ("数据来源",)
    assert parts.classes(change) == "不影响得分（数据来源变动）"
    assert "第 1 条换了数据来源：通知有关单位交接" in found.checklist


def test_two_of_them_are_told_together(tmp_path: Path) -> None:
    old, new = (
        scored(y, f"评分单位：{a}", f"责任单位：{b}") for y, a, b in ((2024, "甲办", "乙办"), (2025, "丙办", "丁办"))
    )
    (change,) = duties(tmp_path, old, new).changes
    assert parts.classes(change) == "不影响得分（评分单位、责任单位变动）"


def test_beside_another_score_both_are_told(tmp_path: Path) -> None:
    new = scored(2025, "评分单位：丙办").replace("扣 2 分", "扣 1 分")
    (change,) = duties(tmp_path, scored(2024, "评分单位：甲办"), new).changes
    assert parts.classes(change).startswith("影响得分") and parts.classes(change).endswith("；评分单位变动")


def test_beside_another_name_it_is_more_than_words(tmp_path: Path) -> None:
    new = scored(2025, "评分单位：丙办").replace("指标 培训（", "指标 学习（")
    (change,) = duties(tmp_path, scored(2024, "评分单位：甲办"), new).changes
    assert (change.how, parts.classes(change)) == ("改名", "证明等价；评分单位变动")


@pytest.mark.parametrize(
    ("now", "duty"),
    [
        ("市应急局出具认定书，附文号", "认定单位"),
        ("市安委办出具认定书，附文号和调查报告", "认定"),
        ("以法院判决为准", "认定"),
    ],
)
def test_who_finds_the_case_is_told_apart_from_how(tmp_path: Path, now: str, duty: str) -> None:
    old, new = book(2024, more=FOUND), book(2025, more=FOUND.replace("市安委办出具认定书，附文号", now))
    (change,) = duties(tmp_path, old, new).changes
    assert change.duties == (duty,)
    assert parts.classes(change) == f"不影响得分（{duty}变动）"


def test_words_alone_stay_words(tmp_path: Path) -> None:
    old, new = scored(2024, "原文：抓好培训"), scored(2025, "原文：做好培训")
    (change,) = duties(tmp_path, old, new).changes
    assert parts.classes(change) == "仅措辞" and change.duties == ()


def test_a_word_before_the_same_unit_is_no_other_unit(tmp_path: Path) -> None:
    old, new = book(2024, more=FOUND), book(2025, more=FOUND.replace("认定：市安委办", "认定：由市安委办"))
    (change,) = duties(tmp_path, old, new).changes
    assert change.duties == ()
