"""Dates of a year move with it, fixed ones stay, and the old side of a ledger keeps the dates that it has."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from perfdsl.model.rulebook import Period
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.terms import moved
from review.test_years import UNITS, Year, by_name, reviewed

REPORT = """\
指标 总结报送（100 分）【A01】
  计分：{due}前报送得满分，逾期或未报送不得分
  未报：不得分
"""


def test_which_dates_move() -> None:
    period = Period(date(2024, 1, 1), date(2024, 12, 31))
    of_the_year = [date(2023, 12, 31), date(2024, 2, 29), date(2025, 1, 15)]
    assert moved(tuple(of_the_year), 1, period) == (date(2024, 12, 31), date(2025, 2, 28), date(2026, 1, 15))
    fixed = (date(2015, 1, 1), date(2022, 12, 31), date(2026, 1, 1), date.max)
    assert moved(fixed, 1, period) == fixed
    assert moved(tuple(of_the_year), 1, None) == tuple(of_the_year)


@pytest.mark.parametrize(
    ("due", "same"),
    [
        (("2024年12月20日", "2025年12月20日"), True),
        (("2024年2月29日", "2025年2月28日"), True),
        (("2015年1月1日", "2015年1月1日"), True),
        (("2015年1月1日", "2016年1月1日"), False),
        (("2024年12月20日", "2025年12月10日"), False),
    ],
)
def test_what_is_a_change(tmp_path: Path, due: tuple[str, str], same: bool) -> None:
    books = [
        Year(year, UNITS, REPORT.format(due=day), "总结报送", {"甲局": f"{year}-12-01"}).written(tmp_path).rulebook
        for year, day in zip((2024, 2025), due, strict=True)
    ]
    assert books[0] is not None
    assert books[1] is not None
    assert compare(books[0], books[1]).same is same


def test_the_old_side_keeps_the_29th_of_february(tmp_path: Path) -> None:
    """甲局 reports on 29 February 2024: in time then. In 2025, due on the 28th, it is a day late: all of it is data.
    The due day of A02 moves from the end of June to 10 June: on the old data that costs 乙局, who came on the 20th.
    """
    both = REPORT.replace("100 分", "60 分") + REPORT.replace("总结", "计划").replace("100 分", "40 分").replace(
        "A01", "A02"
    ).replace("{due}", "{plan}")
    comparison, found = reviewed(
        tmp_path,
        Year(
            2024,
            UNITS,
            both.format(due="2024年2月29日", plan="2024年6月30日"),
            "总结报送,计划报送",
            {"甲局": "2024-02-29,2024-06-01", "乙局": "2024-02-01,2024-06-20"},
        ),
        Year(
            2025,
            UNITS,
            both.format(due="2025年2月28日", plan="2025年6月10日"),
            "总结报送,计划报送",
            {"甲局": "2025-03-01,2025-06-01", "乙局": "2025-02-01,2025-06-20"},
        ),
    )
    assert [change.new for change in comparison.changes] == [("A02",)]
    assert found["甲局"].before == 100
    assert found["甲局"].data == found["甲局"].delta == -60
    assert by_name(comparison, found["乙局"]) == {"计划报送": -40}
    assert found["乙局"].data == 0
