"""Scores by the month, quarter and half-year, through the whole of both engines."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from perfdsl.model import outputs
from perfdsl.model.outputs import Cell
from perfdsl.model.states import State
from perfdsl.workspace.evaluate import evaluate
from perfdsl.workspace.opening import open_rulebook

HEAD = """\
# 虚构
考评办法 示例市2025年度按月考评【示例市月@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上含本数；不足不含本数
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分 + 加分 － 扣分，不封顶，不保底
  同分：并列占位（1、2、2、4）
  平均：各单位简单平均，含本单位
附表 单位名册（每个单位一行）
  列：单位、类别（区县、市直）、系数（倍）
  | 单位 | 类别 | 系数 |
  | 甲县 | 区县 | 1    |
  | 乙县 | 区县 | 2    |
  | 丙局 | 市直 | 1    |
一级指标 举例【A】
"""
UNITS = ("甲县", "乙县", "丙局")


def both(folder: Path, rules: str, head: str = HEAD, **tables: str) -> Mapping[str, tuple[Cell, ...]]:
    """The outcome of both engines, which must be the same."""
    (folder / "办法" / "数据").mkdir(parents=True)
    (folder / "办法.perf").write_text(head + rules, encoding="utf-8")
    for name, text in tables.items():
        (folder / "办法" / "数据" / f"{name}.csv").write_text(text, encoding="utf-8")
    opened = open_rulebook(folder / "办法.perf")
    assert opened.sound, [(one.code, one.message) for one in opened.problems]
    columnar, by_hand = evaluate(opened, None), evaluate(opened, None, engine="reference")
    for name, cells in columnar.outcome.items():
        assert cells == by_hand.outcome[name], name
    return columnar.outcome


def scores(outcome: Mapping[str, tuple[Cell, ...]], code: str = "A01") -> list[str | State]:
    """What each unit gets, the state where it gets nothing."""
    return [str(value) if state is State.VALUE else state for state, value in outcome[outputs.score(code)]]


def months(**units: object) -> str:
    """A column 数 of twelve months for each unit: one value for all, or twelve."""
    lines = ["单位,月份,数"]
    for unit, given in units.items():
        values = list(given) if isinstance(given, (list, tuple)) else [given] * 12
        lines += [f"{unit},{n}月,{value}" for n, value in enumerate(values, 1)]
    return "\n".join(lines)


RULE = """\
指标 数（12 分）【A01】
  数据：数（件，每月，全年合计）
  指标值：数
  方向：越高越好
  目标值：10 件
  按月计分：{by}
  计分：{score}
  {more}
"""


def rule(by: str, score: str = "按完成比例，最高得满分", more: str = "未报：不得分") -> str:
    return RULE.format(by=by, score=score, more=more)


def test_the_sum_of_months(tmp_path: Path) -> None:
    table = months(甲县=1, 乙县=[5] * 6 + [0] * 6, 丙局=10)
    # 甲 0.1 → 12 × 0.1 = 1.2; 乙 6 × 0.5 = 3; 丙 12 × 1 = 12
    outcome = both(tmp_path, rule("每月满分 1 分，各月得分不取舍，全年取各月得分之和"), 月报=table)
    assert scores(outcome) == ["6/5", "3", "12"]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        # 2 件: each month 12 × 2/10 = 2.4 → 2 (保留 0 位); 3 件: 3.6 → 4; half: 6 × 3.6 and 6 × 2.4 = 36 → mean 3
        ("各月得分保留 0 位，四舍五入，全年取各月得分的平均", ["2", "4", "3"]),
        ("各月得分不取舍，全年取各月得分的平均", ["12/5", "18/5", "3"]),
        ("各月得分保留 0 位，进一，全年取各月得分的平均", ["3", "4", "7/2"]),
    ],
)
def test_rounding(tmp_path: Path, by: str, expected: list[str]) -> None:
    outcome = both(tmp_path, rule(by), 月报=months(甲县=2, 乙县=3, 丙局=[3] * 6 + [2] * 6))
    assert scores(outcome) == expected


def test_a_coefficient_multiplies_the_year(tmp_path: Path) -> None:
    # each month 12 × 2/10 = 2.4, the mean is 2.4; 乙's coefficient is 2 of 倍: 4.8; 丙 9 件: 10.8
    more = "未报：不得分\n  系数：系数\n  系数封顶：最高得满分"
    by = "各月得分不取舍，全年取各月得分的平均"
    outcome = both(tmp_path, rule(by, more=more), 月报=months(甲县=2, 乙县=2, 丙局=9))
    assert scores(outcome) == ["12/5", "24/5", "54/5"]


def test_months_are_answered_one_by_one(tmp_path: Path) -> None:
    # 甲: 11 months 12 分, one 未报 0: 132 ÷ 12 = 11; 乙: six months 不涉及 are left out, six of 6 分: 6
    # 丙: nothing but 不涉及: no score at all
    table = months(甲县=[10] * 11 + [""], 乙县=["不涉及"] * 6 + [5] * 6, 丙局="不涉及")
    by = "各月得分不取舍，全年取各月得分的平均"
    outcome = both(tmp_path, rule(by, more="未报：不得分\n  不涉及：不计分"), 月报=table)
    assert scores(outcome) == ["11", "6", State.ABSENT]


def test_a_month_without_an_answer_leaves_the_year_open(tmp_path: Path) -> None:
    by = "各月得分不取舍，全年取各月得分的平均"
    outcome = both(tmp_path, rule(by, more=""), 月报=months(甲县=[10] * 11 + [""], 乙县=10, 丙局=5))
    assert scores(outcome) == [State.PENDING, "12", "6"]


def test_the_mean_of_a_month_is_of_units_that_the_item_is_for(tmp_path: Path) -> None:
    """The December of 甲县 gets what 丙局 has: 12. 乙县, of half as much, is none of them."""
    more = "适用：系数 < 2 倍\n  不涉及：不计分\n  未报：得同类平均分"
    by = "各月得分不取舍，全年取各月得分的平均"
    outcome = both(tmp_path, rule(by, more=more), 月报=months(甲县=[10] * 11 + [""], 乙县=5, 丙局=10))
    assert scores(outcome) == ["12", State.ABSENT, "12"]


def test_a_month_without_a_row_is_not_reported(tmp_path: Path) -> None:
    by = "各月得分不取舍，全年取各月得分的平均"
    outcome = both(tmp_path, rule(by), 月报="单位,月份,数\n甲县,1,10\n乙县,2,10\n丙局,3,10")
    assert scores(outcome) == ["1", "1", "1"]


def test_ranks_are_taken_within_the_month_and_the_category(tmp_path: Path) -> None:
    # January 甲 5, 乙 3; from February 乙 4, 甲 4 (both first). Alone in its category 丙 is first every month.
    more = "比较范围：同类别\n  同名次：都得该名次分\n  不涉及：不计分\n类别 区县\n类别 市直"
    by = "每月满分 1 分，各月得分不取舍，全年取各月得分之和"
    table = months(甲县=[5] + [4] * 11, 乙县=[3] + [4] * 10 + ["不涉及"], 丙局=1)
    # 甲: 1 + 11 × 1 = 12; 乙: January second 0.5, ten times first, December 不涉及
    outcome = both(tmp_path, rule(by, "按名次得 1、0.5 分", more), 月报=table)
    assert scores(outcome) == ["12", "21/2", "12"]


def test_the_mean_of_the_others_is_that_of_the_month(tmp_path: Path) -> None:
    rules = """\
指标 数（12 分）【A01】
  数据：数（件，每月，全年合计）
  指标值：数
  方向：越高越好
  目标值：平均（数）
  比较范围：全部单位
  按月计分：每月满分 1 分，各月得分不取舍，全年取各月得分之和
  计分：达到得满分，否则不得分
"""
    # means: January (3 + 6 + 0) ÷ 3 = 3, then (1 + 2 + 3) ÷ 3 = 2; 甲: January only; 乙: all; 丙: all but January
    table = months(甲县=[3] + [1] * 11, 乙县=[6] + [2] * 11, 丙局=[0] + [3] * 11)
    assert scores(both(tmp_path, rules, 月报=table)) == ["1", "12", "11"]


def test_a_column_of_the_roster_counts_in_every_month(tmp_path: Path) -> None:
    rules = rule("每月满分 1 分，各月得分不取舍，全年取各月得分之和").replace("目标值：10 件", "目标值：10 件 × 系数")
    # 甲 10 of 10: 12; 乙 10 of 20: 6; 丙 5 of 10: 6
    assert scores(both(tmp_path, rules, 月报=months(甲县=10, 乙县=10, 丙局=5))) == ["12", "6", "6"]


def test_the_score_of_another_item_is_that_of_the_same_month(tmp_path: Path) -> None:
    # A02 asks in each month whether A01 was full in it
    rules = (
        rule("每月满分 1 分，各月得分不取舍，全年取各月得分之和")
        + """\
指标 双优（12 分）【A02】
  数据：好评（是否，每月）
  按月计分：每月满分 1 分，各月得分不取舍，全年取各月得分之和
  指标值：好评
  计分：达到得满分，否则不得分
  前提：得分【A01】不低于 1 分，否则不得分
"""
    )
    lines = ["单位,月份,数,好评"]
    for unit in UNITS:
        for n in range(1, 13):
            lines.append(f"{unit},{n},{10 if n % 2 else 9},{'是' if n < 7 else '否'}")
    outcome = both(tmp_path, rules, 月报="\n".join(lines))
    # of the months 1, 3, 5 both are met; A01: 6 × 1 + 6 × 0.9
    assert scores(outcome, "A02") == ["3", "3", "3"]
    assert scores(outcome) == ["57/5"] * 3


def test_a_counting_phrase_names_a_monthly_fact(tmp_path: Path) -> None:
    rules = """\
指标 数（1 分）【A01】
  计分：达到得满分，否则不得分
扣分项 迟报（最高 3 分）【K01】
  按月计分：各月得分不取舍，全年取各月得分之和
  计分：每有 1 件未按时报送扣 0.5 分，最多扣 1 分
"""
    lines = ["单位,月份,未按时报送"]
    lines += [f"{unit},{n},{n if unit == '甲县' else int(n == 1)}" for unit in UNITS for n in range(1, 13)]
    outcome = both(tmp_path, rules, 月报="\n".join(lines))
    # 甲: 0.5 + 11 × 1 = 11.5, at most 3; the others 0.5
    assert scores(outcome, "K01") == ["-3", "-1/2", "-1/2"]


def test_running_totals(tmp_path: Path) -> None:
    rules = """\
指标 投资（4 分）【A01】
  数据：投资额（亿元，每季，各季累计数）
  指标值：当期数（投资额）
  方向：越高越好
  目标值：2 亿元
  按季计分：每季满分 1 分，各季得分不取舍，全年取各季得分之和
  计分：达到得满分，否则不得分
  未报：不得分
指标 全年投资（4 分）【A02】
  指标值：投资额
  方向：越高越好
  目标值：8 亿元
  计分：按完成比例，最高得满分
"""
    table = "单位,季度,投资额\n" + "".join(
        f"{unit},{name},{value}\n"
        for unit, values in (("甲县", (2, 3, 5, 8)), ("乙县", (1, 3, "", 9)), ("丙局", (2, 4, 6, "未到期")))
        for name, value in zip(("一季度", "第2季度", "3", "Q4"), values, strict=True)
    )
    outcome = both(tmp_path, rules, 季报=table)
    # 甲: 2, 1, 2, 3 → three quarters; 乙: 1, 2, then a quarter and the one after it that nobody can tell → 0;
    # 丙: 2, 2, 2, and one that is 未到期 and not answered
    assert scores(outcome) == ["3", "1", State.PENDING]
    # the year is the last total: 8; 9; of 丙 the last that is due, 6 → 4 × 6/8
    assert scores(outcome, "A02") == ["4", "4", "3"]


def test_half_years(tmp_path: Path) -> None:
    rules = """\
指标 评议（10 分）【A01】
  数据：评议得分（分，每半年，各半年平均）
  指标值：评议得分
  按半年计分：各半年得分保留 1 位，四舍五入，全年取各半年得分的平均
  计分：指标值 × 10%
  未报：不得分
"""
    rules = rules.replace(
        "  计分：指标值 × 10%\n", "  方向：越高越好\n  目标值：100 分\n  计分：按完成比例，最高得满分\n"
    )
    table = "单位,半年,评议得分\n甲县,上半年,90\n甲县,下半年,81\n乙县,1,100\n丙局,上半年,88\n丙局,2025年下半年,88.6\n"
    # 甲 (9 + 8.1) ÷ 2 = 8.55; 乙 (10 + 0) ÷ 2; 丙 (8.8 + 8.9) ÷ 2 = 8.85
    assert scores(both(tmp_path, rules, 半年报=table)) == ["171/20", "5", "177/20"]


def test_the_mean_of_published_scores_where_a_month_gets_that(tmp_path: Path) -> None:
    by = "各月得分保留 1 位，四舍五入，全年取各月得分的平均"
    # 甲 0.25 of 12 = 3 in every month, 乙 3.3 (of 2.75 件), 丙 不涉及: (3 + 3.3) ÷ 2 = 3.15 → 3.2 in every month
    table = months(甲县="2.5", 乙县="2.75", 丙局="不涉及")
    outcome = both(tmp_path, rule(by, more="不涉及：得同类平均分\n  未报：不得分"), 月报=table)
    assert [Fraction(str(one)) for one in scores(outcome)] == [Fraction(3), Fraction("3.3"), Fraction("3.2")]
