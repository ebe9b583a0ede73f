"""Numbers of earlier years: last year's, means, growth year by year; gaps and merged units."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "clauses"))

from test_periodic import HEAD, both, scores

from perfdsl.model.states import State
from perfdsl.workspace.opening import open_rulebook

TABLE = """\
数据 历年实绩（每个单位多行）
  列：单位、年度、固投（亿元）
"""
RULE = """\
指标 固投（10 分）【A01】
  指标值：{value}
  方向：越高越好
  目标值：1 亿元
  计分：按完成比例，最高得满分
  未报：得 1 分
  不涉及：得 2 分
"""
PAST = {"甲县": {2022: 8, 2023: 9, 2024: 12}, "乙县": {2022: 6, 2024: 10}, "丙局": {2024: 5}}


def rows(years: dict[str, dict[int, object]] = PAST) -> str:  # type: ignore[assignment]
    lines = [f"{unit},{year},{value}" for unit, found in years.items() for year, value in found.items()]
    return "\n".join(["单位,年度,固投", *lines])


def found(tmp_path: Path, value: str, now: str = "0.5", table: str = "") -> list[str | State]:
    rule, facts = RULE.format(value=value), {}
    if "连增" in value:
        rule = rule.replace("  指标值", "  数据：固投（亿元）\n  指标值").replace("1 亿元", "1 年")
        facts["实绩"] = "单位,固投\n" + "\n".join(f"{unit},{now}" for unit in PAST)
    return scores(both(tmp_path, rule + TABLE, 历年实绩=table or rows(), **facts))


def test_last_year(tmp_path: Path) -> None:
    # a tenth of last year's: 甲 12 × 0.05 = 0.6, of 1: 6; 乙 10: 5; 丙 5: 2.5
    assert found(tmp_path, "上年（固投） × 0.05") == ["6", "5", "5/2"]


def test_two_years_ago(tmp_path: Path) -> None:
    # 甲 9 × 0.05; 乙 and 丙 have no row of 2023: 未报
    assert found(tmp_path, "往年（固投、2 年） × 0.05") == ["9/2", "1", "1"]


def test_a_mean_asks_for_every_year_or_leaves_gaps_out(tmp_path: Path) -> None:
    # (8 + 9 + 12) ÷ 3 = 29/3, × 0.03 = 0.29; 乙 and 丙 lack years
    assert found(tmp_path / "一", "往年平均（固投、3 年、缺年按未报） × 0.03") == ["29/10", "1", "1"]
    # 乙 (6 + 10) ÷ 2 = 8, × 0.03 = 0.24; 丙 5 × 0.03 = 0.15
    assert found(tmp_path / "二", "往年平均（固投、3 年、缺年不计） × 0.03") == ["29/10", "12/5", "3/2"]


def test_merged_units_are_open_or_added_up(tmp_path: Path) -> None:
    table = rows() + "\n甲县,2024,3"
    assert found(tmp_path / "一", "上年（固投） × 0.05", table=table) == [State.PENDING, "5", "5/2"]
    assert found(tmp_path / "二", "上年（固投、合并单位相加） × 0.05", table=table) == ["15/2", "5", "5/2"]


def test_states_of_the_past(tmp_path: Path) -> None:
    table = rows({"甲县": {2024: "不涉及"}, "乙县": {2024: ""}, "丙局": {2024: 4}})
    # 不涉及 is answered with 2, a blank is 未报: 1
    assert found(tmp_path, "上年（固投） × 0.05", table=table) == ["2", "1", "2"]


@pytest.mark.parametrize(
    ("now", "years", "expected"),
    [
        ("13", 3, ["9", "1", "1"]),  # 甲 13 > 12 > 9 > 8: 3 years; the others lack the year before the last
        ("13", 1, ["3", "3", "3"]),
        ("12", 3, ["0", "1", "1"]),  # 甲 no more than last year; 乙 12 > 10, and then nobody knows
        ("5", 2, ["0", "0", "0"]),  # 丙 5 is not more than 5
    ],
)
def test_growth_year_by_year(tmp_path: Path, now: str, years: int, expected: list[str]) -> None:
    value = f"连增年数（固投、{years} 年） × 0.3"
    assert found(tmp_path, value, now=now) == expected


def test_growth_year_by_year_of_each_month(tmp_path: Path) -> None:
    """A month's number is held against the same earlier years as a year's would be."""
    rule = (
        "指标 固投（10 分）【A01】\n  数据：固投（亿元，每月，全年合计）\n  指标值：连增年数（固投、2 年）\n"
        "  方向：越高越好\n  目标值：2 年\n  按月计分：各月得分不取舍，全年取各月得分的平均\n"
        "  计分：按完成比例，最高得满分\n  未报：不得分\n"
    )
    months = [f"甲县,{n}月,{13 if n <= 6 else 9}" for n in range(1, 13)]
    months += [f"{unit},{n}月,{number}" for unit, number in (("乙县", 10), ("丙局", 6)) for n in range(1, 13)]
    table = rows({"甲县": {2023: 9, 2024: 12}, "乙县": {2024: 10}, "丙局": {2023: 6, 2024: 5}})
    outcome = both(tmp_path, rule + TABLE, 历年实绩=table, 月报="\n".join(["单位,月份,固投", *months]))
    # 甲: six months 13 > 12 > 9, 2 years, 10; six months 9, no growth, 0; the mean is 5. 乙: 10 is not more than 10: 0.
    # 丙: 6 > 5, and 5 is not more than 6: 1 year of 2, 5
    assert scores(outcome) == ["5", "0", "5"]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("上年（固投、2 年）", "K462"),
        ("往年（固投）", "K462"),
        ("往年平均（固投、3 年）", "K463"),
        ("往年平均（固投、缺年不计）", "K462"),
        ("连增年数（固投）", "K462"),
        ("上年（系数） × 1 亿元", "K194"),
    ],
)
def test_what_is_not_said_is_asked(tmp_path: Path, value: str, code: str) -> None:
    path = tmp_path / "办法.perf"
    path.write_text(HEAD + RULE.format(value=value) + TABLE, encoding="utf-8")
    assert code in [one.code for one in open_rulebook(path).problems]


def test_a_former_name_is_the_unit(tmp_path: Path) -> None:
    head = HEAD.replace("列：单位、类别（区县、市直）、系数（倍）", "列：单位、类别（区县、市直）、系数（倍）、曾用名")
    head = head.replace("| 系数 |", "| 系数 | 曾用名 |").replace("| 1    |", "| 1    | 旧县 |", 1)
    head = head.replace("| 2    |", "| 2    | |").replace("| 市直 | 1    |", "| 市直 | 1    | |")
    (tmp_path / "办法" / "数据").mkdir(parents=True)
    path = tmp_path / "办法.perf"
    path.write_text(head + RULE.format(value="上年（固投） × 0.05") + TABLE, encoding="utf-8")
    (tmp_path / "办法" / "数据" / "历年实绩.csv").write_text(
        "单位,年度,固投\n旧县,2024,8\n乙县,2024,8\n丙局,2024,8", encoding="utf-8"
    )
    from perfdsl.workspace.evaluate import evaluate

    assert scores(evaluate(open_rulebook(path), None).outcome) == ["4", "4", "4"]
