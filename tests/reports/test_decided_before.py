"""Explanations of scores that are decided before their rule is asked: 前提, 免扣; and how a base score is put together."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfdsl.reports.explain import explain, explained
from perfdsl.workspace import evaluate, open_rulebook

RULES = """\
# 虚构
考评办法 示例市2025年度前提（30 分）【示例市前@2025】
  状态：征求意见稿
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分，最高 30 分，最低 0 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲县 |
  | 乙县 |
一级指标 空气（30 分）【A】
指标 浓度（20 分）【A01】
  数据：浓度（微克每立方米）、上年浓度（微克每立方米）
  前提：浓度 不高于 上年浓度，否则不得分
  指标值：上年浓度 － 浓度
  目标值：10 微克每立方米
  方向：越高越好
  计分：按完成比例，最高得满分
指标 差错（10 分）【A02】
  计分：每有 1 件差错扣 1 分，扣完本指标为止
  免扣：浓度 不高于 40 微克每立方米
"""
FACTS = "单位,浓度,上年浓度,差错\n甲县,90,70,3\n乙县,40,45,2\n"


@pytest.mark.parametrize(
    ("unit", "code", "told"),
    [
        ("甲县", "A01", "前提不满足：浓度 不高于 上年浓度"),
        ("乙县", "A01", "20 分 × 50% = 10 分"),
        ("甲县", "A02", "10 分 － 3 分 = 7 分"),
        ("乙县", "A02", "符合免扣条件，不扣：浓度 不高于 40 微克每立方米"),
    ],
)
def test_what_decides_is_told(tmp_path: Path, unit: str, code: str, told: str) -> None:
    book, data = tmp_path / "前.perf", tmp_path / "前" / "数据"
    data.mkdir(parents=True)
    book.write_text(RULES, encoding="utf-8")
    (data / "实绩.csv").write_text(FACTS, encoding="utf-8")
    found = evaluate(open_rulebook(book), data)
    items = [item for item in found.book.walk() if item.code == code]
    step = explain(found, unit, items).items[0].steps[0]
    assert told in (step.text, f"{step.text} = {step.value}")


@pytest.mark.parametrize(
    ("combine", "told"),
    [("基本分", "基本分 7.00"), ("各一级指标得分的最低者", "基本分 7.00（各一级指标得分的最低者）")],
)
def test_the_closing_says_how_the_base_is_made(tmp_path: Path, combine: str, told: str) -> None:
    book, data = tmp_path / "前.perf", tmp_path / "前" / "数据"
    data.mkdir(parents=True)
    book.write_text(RULES.replace("总分：基本分", f"总分：{combine}"), encoding="utf-8")
    (data / "实绩.csv").write_text(FACTS, encoding="utf-8")
    found = evaluate(open_rulebook(book), data)
    assert told in explain(found, "甲县", [], whole=True).closing


@pytest.mark.parametrize(
    ("cost", "steps"),
    [
        (97, ["1.5 分 + 0.3 分", "3 × 0.1 分"]),
        (100, ["不加不扣"]),
        (103, ["1.5 分 － 0.6 分", "3 × 0.2 分"]),
    ],
)
def test_what_was_added_above_a_target_is_told(tmp_path: Path, cost: int, steps: list[str]) -> None:
    """持平得 1.5 分: above it points are added, below it taken away, at it neither."""
    book = RULES.partition("一级指标")[0].replace("（30 分）", "（2 分）").replace("最高 30 分", "最高 2 分")
    book += """\
指标 成本（2 分）【A1】
  数据：成本（元）、上年成本（元）
  指标值：成本 － 上年成本
  方向：越低越好
  计分：持平得 1.5 分；每低 1 元加 0.1 分，不足 1 元的不计，最多加 0.5 分；每超 1 元扣 0.2 分，不足 1 元的不计，最多扣 1.5 分
"""
    (tmp_path / "办法.perf").write_text(book, encoding="utf-8")
    place = tmp_path / "数据"
    place.mkdir()
    (place / "实绩.csv").write_text(f"单位,成本,上年成本\n甲县,{cost},100\n乙县,100,100\n", encoding="utf-8")
    found = evaluate(open_rulebook(tmp_path / "办法.perf"), place)
    told = [step.text for step in explain(found, "甲县", explained(found)).items[0].steps]
    assert told[: len(steps)] == steps
