"""Whom a change reaches: no form leaves a unit out, and what is said of units together holds of each."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from review_sample import REACH, sample

from perfdsl.publish import review_html, review_json, review_markdown, review_parts, review_text
from perfdsl.publish.review_schema import Review
from perfdsl.reports.reviews import CaseCell, CaseUnit, EffectFinding, ReviewFinding, UnitShift


@pytest.mark.parametrize("form", [review_html.page, review_markdown.page, review_text.text])
def test_every_unit_is_named(form: Callable[[ReviewFinding], str]) -> None:
    told = form(sample()).replace("\n        ", "")  # lines of the text are broken
    assert "甲局、乙局、丙局、丁局；戊局（名次 2 → 3，等次 优秀 → 良好）" in told
    assert "己局（名次 3 → 2）" in told and "庚局（总分 — → 90.00）" in told
    assert "辛局（等次 良好 → 不合格，“约谈” 否 → 是）" in told
    finding = sample()
    assert finding.impact is not None
    nobody = replace(finding, impact=replace(finding.impact, reach=()))
    assert "逐条影响的单位" in told and "逐条影响的单位" not in form(nobody)


def test_the_page_points_to_them() -> None:
    shown = review_html.page(sample())
    assert shown.count("“逐条影响的单位”第 2 条") == shown.count("<h3>2　B101 重点工作任务完成率</h3>") == 1
    assert "“逐条影响的单位”第 1 条" not in shown


def test_the_document_holds_them() -> None:
    read = Review.model_validate_json(review_json.document(sample()))
    assert read.impact is not None
    assert [(one.change, one.unit, one.delta) for one in read.impact.reach][3:7] == [
        (2, "丁局", "-2.00"),
        (2, "戊局", "-2.00"),
        (2, "己局", "0.00"),
        (2, "庚局", None),
    ]
    older = json.loads(review_json.document(sample()))
    del older["impact"]["reach"]
    assert Review.model_validate_json(json.dumps(older)).impact is not None


def test_units_whose_totals_move_alike_stand_together() -> None:
    groups = review_parts.reach(REACH)[2]["旧数据，单独改这一条"]
    assert [(one.moved, one.count) for one in groups] == [("－2.00", 5), ("总分不变", 1), ("一边没有总分", 1)]
    some = [replace(REACH[0], delta=moved) for moved in ("－0.50", "0.00", "＋0.10", "－2.00", "＋3.00")]
    told = review_parts.reach(some)[2][REACH[0].way]
    assert [one.moved for one in told] == ["＋3.00", "＋0.10", "－2.00", "－0.50", "总分不变"]


# ---- the units of a case


def still(name: str, value: str = "95 件") -> CaseUnit:
    return CaseUnit(name, (CaseCell("培训数", value),))


def test_units_that_are_only_there_are_told_in_one_line() -> None:
    """A quota of twenty takes twenty units that are as they were."""
    moved = CaseUnit("甲单位", (CaseCell("培训数", "90 件", "100 件"),), (("等次", "良好", "优秀"),))
    others = [still(f"单位{i}", f"{i} 件") for i in range(18)]
    assert review_parts.cases([moved, *others]) == [
        "甲单位：培训数 90 件（原 100 件）；等次 良好 → 优秀",
        "单位0、单位1等 18 个单位相同：数据照原样；结果不变",
    ]
    assert review_parts.cases([still("乙单位"), still("丙单位")]) == ["乙单位、丙单位：培训数 95 件；结果不变"]


def test_what_a_unit_is_made_after_is_said_where_the_sentence_does_not() -> None:
    moved = replace(still("甲单位"), base="以丁局的旧数据为底")
    assert review_parts.cases([moved]) == ["甲单位：培训数 95 件；结果不变"]
    others = [moved, replace(still("乙单位", "9 件"), base="以戊局的旧数据为底")]
    assert review_parts.cases(others) == [
        "甲单位（以丁局的旧数据为底）、乙单位（以戊局的旧数据为底）：数据照原样；结果不变"
    ]


def test_units_with_rows_of_their_own_are_not_as_they_were() -> None:
    fresh = CaseUnit("乙单位", (CaseCell("“通报”", "加 1 行（通报层级 市通报）"),))
    assert review_parts.cases([still("甲单位"), fresh]) == [
        "甲单位：培训数 95 件；结果不变",
        "乙单位：“通报” 加 1 行（通报层级 市通报）；结果不变",
    ]


# ---- what a unit is told


def shift(**more: object) -> UnitShift:
    given = {"total": ("90.00", "90.00"), "delta": "0.00", "rank": ("3", "3"), "grade": ("良好", "良好"), **more}
    return UnitShift("甲局", "市直", "两年都有", **given)  # type: ignore[arg-type]


def test_a_place_that_others_moved_is_explained() -> None:
    assert review_parts.remark(shift(rank=("3", "4")), {}) == "总分没有变，名次因别的单位而变"
    assert review_parts.remark(shift(), {}) == ""


def test_a_number_without_an_end_is_marked() -> None:
    """In causes and items; the ledger keeps the exact one, which adds up, beside it."""
    line = EffectFinding(0, "数据变动", "", "－2/3", (("A01", "培训", "＋1/3"), ("A02", "", "－1.00")))
    told = review_parts.remark(shift(delta="－0.67", effects=(line,)), {0: "数据变动"})
    assert told == "数据变动 ≈－0.667（A01 培训 ≈＋0.333、A02 －1.00）"
    assert review_parts.shared_out(line) == "－2/3 ≈－0.667"
    assert review_parts.shared_out(EffectFinding(1, "", "", "＋0.50")) == "＋0.50"
    assert review_parts.nearly("＋5/2999") == "≈＋0.002" and review_parts.nearly("＋5/3") == "≈＋1.667"
