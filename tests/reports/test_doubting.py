"""Data of another year are no common ground: the comparison says so where it would say that all can be compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_impact import BONUS, FACTS, book, compared

from perfdsl.reports.reviews import ReviewFinding
from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.review.doubting import doubtful
from perfdsl.workspace.review.whole import review

SURE = "两边的数据口径一致，全部可比"
DUE = """\
指标 总结（10 分）【A02】
  计分：{year}年{due}前报送得满分，逾期不得分
"""
BESIDE = "数据是不是这一年的要先核对（见概述），核对以前不算可比；栏目全部对得上"


def comparable(found: ReviewFinding) -> str:
    assert found.impact is not None
    return found.impact.comparable


def dued(year: int, due: str, units: int) -> str:
    roster = "".join(f"  | {unit}局 |\n" for unit in "甲乙丙"[:units])
    made = book(year, more=DUE.format(year=year, due=due)).replace("指标 培训（100 分）", "指标 培训（90 分）")
    return made.replace("  | 甲局 |\n  | 乙局 |\n", roster)


@pytest.mark.parametrize(
    ("of", "due", "units", "doubted"),
    [
        (2025, "12月31日", 3, False),
        (2024, "12月31日", 3, True),
        (2024, "12月31日", 2, False),  # so few may be early
        (2024, "1月10日", 3, False),  # due in January, done in December
        (2024, "6月28日", 3, False),  # 180 days ahead of its term
        (2024, "6月29日", 3, True),
    ],
)
def test_days_of_the_year_before(of: int, due: str, units: int, doubted: bool, tmp_path: Path) -> None:
    facts = []
    for year in (2024, of):
        rows = ("甲局,100,{0}-12-30", "乙局,40,{0}-11-02", "丙局,60,{0}-12-01")[:units]
        facts.append("\n".join(("单位,培训数,总结", *(row.format(year) for row in rows))))
    new = dued(2025, due, units).replace("扣 2 分", "扣 1 分")
    found = compared(tmp_path, dued(2024, due, units), new, (facts[0], facts[1]))
    assert (comparable(found) == SURE) is not doubted
    told = "新数据像是以前年度的（总结填了 3 个日期，都早于考核期：2024年11月2日至2024年12月30日，考核期从 2025年1月1日开始）；"
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


MONTHLY = """\
指标 办结（10 分）【A02】
  频次：每月
  数据：办结数（件，每月，全年合计）
  指标值：办结数
  目标值：100 件
  方向：越高越好
  计分：按完成比例，最高得满分
"""


@pytest.mark.parametrize(
    ("moved", "constant", "count"),
    [(1, False, 0), (0, False, 25 + 25 * 12), (1, True, 0), (0, True, 25 * 12)],
)
def test_every_table_is_compared(moved: int, constant: bool, count: int, tmp_path: Path) -> None:
    """25 units that report the same in 实绩, and by the month the same or not; what is 0 everywhere counts for nothing."""
    roster, facts = many(25)
    if constant:
        facts = "单位,培训数\n" + "".join(f"单位{i},0\n" for i in range(25))
    places, opened = [], []
    for year in (2024, 2025):
        text = book(year, more=MONTHLY).replace("指标 培训（100 分）", "指标 培训（90 分）")
        path = tmp_path / f"{year}.perf"
        path.write_text(text.replace("  | 甲局 |\n  | 乙局 |\n", roster), encoding="utf-8")
        places.append(tmp_path / str(year) / "数据")
        places[-1].mkdir(parents=True)
        (places[-1] / "实绩.csv").write_text(facts, encoding="utf-8")
        lines = [f"单位{i},{month},{i + month + moved * (year - 2024)}" for i in range(25) for month in range(1, 13)]
        (places[-1] / "月报.csv").write_text("\n".join(("单位,月份,办结数", *lines)), encoding="utf-8")
        opened.append(open_rulebook(path))
        assert opened[-1].sound, opened[-1].problems
    said = doubtful(review(opened[0], opened[1], *places))
    assert said == ((f"新数据和旧数据一模一样（{count} 格）",) if count else ())


def test_what_is_the_same_everywhere_tells_nothing(tmp_path: Path) -> None:
    roster, _ = many(25)
    facts = "单位,培训数\n" + "".join(f"单位{i},0\n" for i in range(25))
    books = [book(year).replace("  | 甲局 |\n  | 乙局 |\n", roster) for year in (2024, 2025)]
    assert comparable(compared(tmp_path, books[0], books[1], (facts, facts))) == SURE


def test_a_column_that_one_year_has_alone(tmp_path: Path) -> None:
    roster, facts = many(25)
    more = "\n".join(f"{line},{'宣传数' if not at else 3}" for at, line in enumerate(facts.splitlines()))
    books = [book(2024), book(2025, more=BONUS)]
    books = [one.replace("  | 甲局 |\n  | 乙局 |\n", roster) for one in books]
    assert "一模一样" not in compared(tmp_path, books[0], books[1], (facts, more)).overview


def test_units_that_both_years_have(tmp_path: Path) -> None:
    (roster, facts), (fewer, _) = many(26), many(25)
    books = [book(2024), book(2025)]
    books = [one.replace("  | 甲局 |\n  | 乙局 |\n", rows) for one, rows in zip(books, (roster, fewer), strict=True)]
    kept = facts[: facts.index("单位25,")]
    assert compared(tmp_path, books[0], books[1], (facts, kept)).overview.startswith(
        "两年都有的单位，新数据和旧数据一模一样（25 格）；"
    )


def test_units_of_the_old_roster(tmp_path: Path) -> None:
    new = book(2025).replace("| 乙局 |", "| 丙局 |")
    found = compared(tmp_path, book(2024), new, (FACTS, FACTS.replace("100", "90")))
    assert found.overview.startswith("新数据里 1 个单位只在旧名册上，像是以前年度的；")
    assert comparable(found).startswith(BESIDE)
