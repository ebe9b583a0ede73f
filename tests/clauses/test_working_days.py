"""Working days by a calendar of an invented year: 2025 with its usual shape, the days worked through by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from test_periodic import HEAD, both, scores

from perfdsl.model.calendar import Calendar
from perfdsl.model.states import State
from perfdsl.workspace.evaluate import evaluate
from perfdsl.workspace.opening import open_rulebook

CALENDAR = """\
附表 工作日历
  覆盖：2025年1月1日至2026年1月31日
  列：日期（文字）、至日期（文字）、安排（放假、上班）
  | 日期          | 至日期        | 安排 |
  | 2025年1月1日  |               | 放假 |
  | 2025年1月26日 |               | 上班 |
  | 2025年1月28日 | 2025年2月4日  | 放假 |
  | 2025年2月8日  |               | 上班 |
  | 2025年5月1日  | 2025年5月5日  | 放假 |
  | 2025年10月1日 | 2025年10月8日 | 放假 |
  | 2026年1月1日  | 2026年1月3日  | 放假 |
  | 2026年1月4日  |               | 上班 |
"""
LATE = """\
指标 报送（20 分）【A01】
  数据：应报日期（日期）、报送日期（日期）
  指标值：工作日数（应报日期、报送日期）
  计分：每迟报 1 个工作日扣 1 分，扣完本指标为止
"""


@pytest.mark.parametrize(
    ("due", "handed_in", "days"),
    [
        ("2025年1月24日", "2025年1月24日", 0),  # on the day
        ("2025年1月24日", "2025年1月20日", 0),  # before it
        ("2025年1月24日", "2025年1月25日", 0),  # a Saturday that is not worked
        ("2025年1月24日", "2025年1月26日", 1),  # a Sunday that is worked
        ("2025年1月24日", "2025年1月27日", 2),  # and the Monday after it
        ("2025年1月27日", "2025年2月4日", 0),  # eight days of holiday
        ("2025年1月27日", "2025年2月10日", 5),  # 5, 6, 7, 8 (a Saturday that is worked) and 10
        ("2025年9月30日", "2025年10月9日", 1),
        ("2025年4月30日", "2025年5月6日", 1),
        ("2025年3月3日", "2025年3月14日", 9),  # 4–7 and 10–14
        ("2025年12月31日", "2026年1月4日", 1),  # the Sunday after New Year
        ("2025年1月1日", "2025年12月31日", None),
    ],
)
def test_late_by_so_many_working_days(tmp_path: Path, due: str, handed_in: str, days: int | None) -> None:
    table = f"单位,应报日期,报送日期\n甲县,{due},{handed_in}\n乙县,{due},{due}\n丙局,{due},{due}"
    found = scores(both(tmp_path, LATE + CALENDAR, 实绩=table))
    # of the year 52 weeks and a day: 261 weekdays from 2 January on, less 6 + 3 + 6 of holidays, with 2 days worked more
    expected = 20 - days if days is not None else 0
    assert found == [str(expected), "20", "20"]


def test_the_year_is_counted_day_by_day() -> None:
    calendar = Calendar(
        date(2025, 1, 1),
        date(2025, 12, 31),
        frozenset({date(2025, 1, 1), date(2025, 5, 1)}),
        frozenset({date(2025, 1, 26)}),
    )
    # 2025 has 261 weekdays; two of them are holidays, one Sunday is worked
    assert (
        sum(
            calendar.works(date.fromordinal(day))
            for day in range(*map(date.toordinal, (date(2025, 1, 1), date(2026, 1, 1))))
        )
        == 260
    )
    assert calendar.after(date(2025, 12, 30), 1) == date(2025, 12, 31)
    assert calendar.after(date(2025, 12, 30), 2) is None


def test_due_days_after_each_month(tmp_path: Path) -> None:
    rules = (
        "指标 报送（12 分）【A01】\n"
        + """\
  数据：报送日期（日期，每月）
  指标值：工作日数（期后工作日（5 个工作日）、报送日期）
  按月计分：每月满分 1 分，各月得分不取舍，全年取各月得分之和
  计分：每迟报 1 个工作日扣 0.5 分，扣完本指标为止
  未报：不得分
"""
        + CALENDAR
    )
    # due: 10 Feb (after the holiday: 5, 6, 7, 8, 10), 7 Mar, 7 Apr, 9 May (6–9 are four: 12 May) …
    days = ["2025-02-10", "2025-03-10", "2025-04-07", "2025-05-13", "2025-06-06"] + [""] * 6 + ["2026-01-08"]
    lines = ["单位,月份,报送日期"]
    lines += [
        f"{unit},{n},{day if unit == '甲县' else ''}"
        for unit in ("甲县", "乙县", "丙局")
        for n, day in enumerate(days, 1)
    ]
    # 甲: 1; one late 0.5; 1; due 12 May (6, 7, 8, 9, 12), 0.5; due 6 June, 1; six months nothing; January due 8: 1
    assert scores(both(tmp_path, rules, 月报="\n".join(lines))) == ["5", "0", "0"]


def test_a_day_beyond_the_calendar_is_reported_and_open(tmp_path: Path) -> None:
    (tmp_path / "办法" / "数据").mkdir(parents=True)
    (tmp_path / "办法.perf").write_text(HEAD + LATE + CALENDAR, encoding="utf-8")
    table = "单位,应报日期,报送日期\n甲县,2025-01-24,2026-03-02\n乙县,2025-01-24,2025-01-24\n丙局,2025-01-24,2025-01-24"
    (tmp_path / "办法" / "数据" / "实绩.csv").write_text(table, encoding="utf-8")
    found = evaluate(open_rulebook(tmp_path / "办法.perf"), None)
    assert [(one.code, str(one.address)) for one in found.problems if one.code == "K461"] == [("K461", "实绩.csv C2")]
    assert scores(found.outcome) == [State.PENDING, "20", "20"]


def test_the_same_days_for_all_have_one_place(tmp_path: Path) -> None:
    rules = (
        """\
指标 报送（8 分）【A01】
  指标值：工作日数（2025年6月3日、2025年6月5日）
  方向：越小越好
  比较范围：全部单位
  计分：按名次得 8、6、4 分
"""
        + CALENDAR
    )
    # both days are written in the rule: 2 working days for every unit, three firsts
    assert scores(both(tmp_path, rules)) == ["8", "8", "8"]
