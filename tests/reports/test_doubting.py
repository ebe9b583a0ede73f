"""Data of another year are no common ground: the comparison says so where it would say that all can be compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_impact import FACTS, book, compared

from perfdsl.reports.reviews import ReviewFinding

SURE = "两年的数据口径一致，全部可比"
DUE = """\
指标 总结（10 分）【A02】
  计分：{year}年12月31日前报送得满分，逾期不得分
"""
BESIDE = "数据是不是这一年的要先核对（见概述），核对以前不算可比；栏目全部对得上"


def comparable(found: ReviewFinding) -> str:
    assert found.impact is not None
    return found.impact.comparable


def dued(year: int) -> str:
    return book(year, more=DUE.format(year=year)).replace("指标 培训（100 分）", "指标 培训（90 分）")


@pytest.mark.parametrize(("of", "doubted"), [(2025, False), (2024, True)])
def test_days_of_the_year_before(of: int, doubted: bool, tmp_path: Path) -> None:
    facts = [f"单位,培训数,总结\n甲局,100,{year}-12-30\n乙局,40,{year}-11-02\n" for year in (2024, of)]
    new = dued(2025).replace("扣 2 分", "扣 1 分")
    found = compared(tmp_path, dued(2024), new, (facts[0], facts[1]))
    assert (comparable(found) == SURE) is not doubted
    told = "新数据像是以前年度的（总结填了 2 个日期，都早于考核期：2024年11月2日至2024年12月30日，考核期从 2025年1月1日开始）；"
    assert found.overview.startswith(told) is doubted
    assert (comparable(found) == BESIDE) is doubted


def many(rows: int, more: int = 0) -> tuple[str, str]:
    """The rulebook's roster and the facts of so many units."""
    units = [f"单位{i}" for i in range(rows)]
    roster = "".join(f"  | {unit} |\n" for unit in units)
    return roster, "单位,培训数\n" + "".join(f"{unit},{40 + i + more}\n" for i, unit in enumerate(units))


@pytest.mark.parametrize(
    ("years", "rows", "more", "doubted"),
    [
        ((2024, 2025), 25, 0, True),
        ((2024, 2025), 25, 1, False),
        ((2024, 2025), 5, 0, False),  # so few may be the same by chance
        ((2024, 2024), 25, 0, False),  # two drafts of a year are tried on the same data
    ],
)
def test_the_same_numbers_twice(years: tuple[int, int], rows: int, more: int, doubted: bool, tmp_path: Path) -> None:
    roster, facts = many(rows)
    books = [book(year).replace("  | 甲局 |\n  | 乙局 |\n", roster) for year in years]
    found = compared(tmp_path, books[0], books[1].replace("扣 2 分", "扣 1 分"), (facts, many(rows, more)[1]))
    assert found.overview.startswith(f"新数据和旧数据一模一样（{rows} 格）；") is doubted
    assert comparable(found) == (BESIDE if doubted else SURE)


def test_units_of_the_old_roster(tmp_path: Path) -> None:
    new = book(2025).replace("| 乙局 |", "| 丙局 |")
    found = compared(tmp_path, book(2024), new, (FACTS, FACTS.replace("100", "90")))
    assert found.overview.startswith("新数据里 1 个单位只在旧名册上，像是以前年度的；")
    assert comparable(found).startswith(BESIDE)
