"""Columns that are declared as running totals: one that falls is asked about, at its cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfdsl.workspace.evaluate import evaluate
from perfdsl.workspace.opening import open_rulebook

RULES = """\
# 虚构
考评办法 示例市2025年度累计数举例（10 分）【示例市累@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分，最高 10 分，最低 0 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲县 |
一级指标 工作（10 分）【A】
指标 投资（10 分）【A01】
  数据：投资额（亿元，每季，各季累计数）
  指标值：投资额
  目标值：40 亿元
  方向：越高越好
  计分：按完成比例，最高得满分
"""


@pytest.mark.parametrize(("third", "codes"), [("30", []), ("20", []), ("19", ["K460"])])
def test_a_running_total_that_falls_is_asked_about(tmp_path: Path, third: str, codes: list[str]) -> None:
    book, data = tmp_path / "累.perf", tmp_path / "累" / "数据"
    data.mkdir(parents=True)
    book.write_text(RULES, encoding="utf-8")
    quarters = ("10", "20", third, "36")
    rows = "".join(f"甲县,{quarter},{value}\n" for quarter, value in enumerate(quarters, start=1))
    (data / "季报.csv").write_text(f"单位,季度,投资额\n{rows}", encoding="utf-8")
    found = evaluate(open_rulebook(book), data)
    said = [one for one in found.problems if one.code == "K460"]
    assert [one.code for one in said] == codes
    assert all(one.address is not None and one.address.cell == "C4" for one in said)
