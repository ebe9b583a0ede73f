"""Explanations of scores by the month, quarter and half-year: every period down to its cells."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from perfdsl.publish.explanation import text
from perfdsl.reports.explain import explain, explained
from perfdsl.workspace import evaluate, open_rulebook

RULES = """\
# 虚构
考评办法 示例市2025年度按期（40 分）【示例市期@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上、不低于均含本数；低于、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分 + 加分 － 扣分，最高 43 分，最低 0 分
  同分：并列占位（1、2、2、4）
  平均：各单位简单平均，含本单位
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲县 |
  | 乙县 |
附表 年度目标（每个单位一行）
  列：单位、每季目标（亿元）
  | 单位 | 每季目标 |
  | 甲县 | 10       |
  | 乙县 | 8        |
附表 工作日历
  覆盖：2025年1月1日至2026年1月31日
  列：日期（文字）、至日期（文字）、安排（放假、上班）
  | 日期         | 至日期       | 安排 |
  | 2025年4月4日 | 2025年4月6日 | 放假 |
一级指标 工作（40 分）【A】
指标 投资（20 分）【A01】
  数据：投资额（亿元，每季，各季累计数）
  指标值：当期数（投资额）
  目标值：附表 “年度目标” 的 “每季目标”
  方向：越高越好
  按季计分：各季得分保留 2 位，四舍五入，全年取各季得分的平均
  计分：按完成比例，最高得满分
指标 满意度（10 分）【A02】
  数据：满意率（%，每半年，各半年平均）
  指标值：满意率
  目标值：平均（满意率、全部单位）
  方向：越高越好
  按半年计分：各半年得分不取舍，每半年满分 5 分，全年取各半年得分之和
  计分：达到得满分；每低 1 个百分点扣 0.5 分，不足 1 个百分点的按比例计，扣完本指标为止
指标 服务（10 分）【A03】
  按季计分：各季得分不取舍，全年取各季得分的平均
  前提：得分【A01】不低于 10 分，否则不得分
  计分：每有 1 件差错扣 2 分，扣完本指标为止
加分项 信息（最高 3 分）【J01】
  按月计分：各月得分不取舍，全年取各月得分之和
  计分：每有 1 篇信息加 0.5 分，不封顶
  未报：不得分
扣分项 季报迟报（最多扣 5 分）【K01】
  数据：报送日期（日期，每季）
  指标值：工作日数（期后工作日（5 个工作日）、报送日期）
  按季计分：各季得分不取舍，全年取各季得分之和
  计分：每迟报 1 个工作日扣 0.5 分，最多扣 2 分
  未报：扣 2 分
"""
FACTS = {
    "季报.csv": """\
单位,季度,投资额,差错,报送日期
甲县,1,9,1,2025年4月10日
甲县,2,19,0,2025年7月4日
甲县,3,22,0,2025年10月8日
甲县,4,40,0,
乙县,1,8,0,2025年4月1日
乙县,2,16,0,2025年7月1日
乙县,3,24,0,2025年10月1日
乙县,4,32,0,2026年1月5日
""",
    "半年报.csv": "单位,半年,满意率\n甲县,上半年,90%\n甲县,下半年,95%\n乙县,上半年,94%\n乙县,下半年,95%\n",
    "月报.csv": "单位,月份,信息\n甲县,1,2\n甲县,2,0\n甲县,3,1\n乙县,1,0\n",
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path, data = tmp_path / "期.perf", tmp_path / "期" / "数据"
    data.mkdir(parents=True)
    path.write_text(RULES, encoding="utf-8")
    for name, rows in FACTS.items():
        (data / name).write_text(rows, encoding="utf-8")
    return path


def told(book: Path, code: str, as_of: date | None = None) -> str:
    """What is said of one item of 甲县, without the head."""
    found = evaluate(open_rulebook(book), book.with_suffix("") / "数据", until=as_of)
    (item,) = (one for one in explained(found) if one.code == code)
    return text(explain(found, "甲县", [item], whole=False)).split("\n\n", 1)[1]


def test_each_quarter_goes_down_to_its_cells(book: Path) -> None:
    """当期数: 9, 19 - 9 = 10, 22 - 19 = 3, 40 - 22 = 18 of 10 each; 18 + 20 + 6 + 20 = 64, a mean of 16."""
    said = told(book, "A01")
    assert said.startswith("A01 投资（第 26 行）  16.00／20\n")
    assert "规则：每季计分一次（保留 2 位），全年取各季得分的平均；每季：按完成比例得分，最高得满分\n" in said
    assert "  64 分 ÷ 4 = 16 分\n    4 个季得分之和 = 64 分\n      一季度 = 18 分\n" in said
    assert said.split("三季度 = 6 分\n")[1].split("      四季度")[0] == (
        "        20 分 × 30% = 6 分\n"
        "          3 亿元 ÷ 10 亿元 = 30%\n"
        "            指标值（22 亿元 － 19 亿元） = 3 亿元\n"
        "              数据 “投资额” = 22 亿元  ← 季报.csv C4\n"
        "              二季度的数据 “投资额” = 19 亿元  ← 季报.csv C3\n"
        "            数据 “每季目标” = 10 亿元  ← 期.perf 第 18 行\n"
    )
    assert "四季度 = 20 分\n        36 分，最高 20 分 = 20 分\n" in said


def test_the_half_years_are_compared_with_the_same_half_year(book: Path) -> None:
    """(90% + 94%) / 2 = 92%: 2 points lower; (95% + 95%) / 2 = 95%: met."""
    said = told(book, "A02")
    assert "2 个半年得分之和 = 9 分\n    上半年 = 4 分\n      5 分 － 1 分 = 4 分\n" in said
    assert "92% － 90% = 2 个百分点\n" in said and "数据 “满意率” = 90%  ← 半年报.csv C2\n" in said
    assert "计入 2 个单位\n" in said and "乙县" not in said
    assert "下半年 = 5 分\n      已达标，不扣\n      95% － 95% = 0 个百分点\n" in said


def test_what_decides_before_the_rule_is_told_of_its_quarter(book: Path) -> None:
    """得分【A01】 is that of the same quarter: 6 in the third."""
    said = told(book, "A03")
    assert "三季度 = 0 分\n        前提不满足：得分【A01】不低于 10 分\n      四季度 = 10 分" in said
    assert "一季度 = 8 分\n        10 分 － 2 分 = 8 分\n" in said and "数据 “差错” = 1 件  ← 季报.csv D2\n" in said


def test_months_that_tell_the_same_stand_on_one_line(book: Path) -> None:
    said = told(book, "J01")
    assert "12 个月得分之和 = 1.5 分\n    1月 = 1 分\n" in said and "2 篇 ÷ 1 篇 = 2\n" in said
    assert said.endswith("    4月至12月，每月（未报） = 0 分\n      数据 “信息” = 未报  ← 月报.csv\n")


def test_working_days_are_told_by_their_two_days(book: Path) -> None:
    """Due on the fifth working day after the quarter: 8 April with the holiday on the 4th; the 10th is 2 days late."""
    said = told(book, "K01")
    late = said.split("一季度 = -1 分\n")[1].split("    二季度")[0]
    assert late == (
        "      0 分 － 1 分 = -1 分\n"
        "        2 × 0.5 分 = 1 分\n"
        "          2 个工作日 ÷ 1 个工作日 = 2\n"
        "            指标值（2025-04-08 之后到 2025-04-10，按工作日历） = 2 个工作日\n"
        "              数据 “报送日期” = 2025-04-10  ← 季报.csv E2\n"
        "              按工作日历的期限 = 2025-04-08\n"
    )
    assert "四季度（未报） = -2 分\n      数据 “报送日期” = 未报  ← 季报.csv E5\n" in said


def test_quarters_that_are_not_due_are_left_out(book: Path) -> None:
    said = told(book, "A01", date(2025, 6, 30))
    assert "2 个季得分之和 = 38 分\n" in said
    assert "三季度至四季度，每季（未到期） = 不计\n" in said


def test_a_streak_is_a_number_of_quarters() -> None:
    path = Path(__file__).parents[2] / "rulebooks" / "写法" / "X04" / "例.perf"
    said = text(explain(found := evaluate(open_rulebook(path), None), "甲县", explained(found)))
    assert "三季度 = -1.2 分\n" in said and "3 × 0.4 分 = 1.2 分\n" in said and "连续次数 = 3\n" in said
    assert "数据 “季度”" not in said and "对照分档" not in said
