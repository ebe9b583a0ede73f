"""示例市 2023、2024, and the three years together: what one year says of another is what the other year gives."""

from __future__ import annotations

import csv
import re
from functools import cache

import pytest
from 示例市往年 import HOMES, LASTS, facts, files
from 示例市数据 import HOME
from 示例市数据 import facts as this_year

from perfdsl.publish.csv import grades as grades_of
from perfdsl.reports.results import results
from perfdsl.workspace.evaluate import evaluate
from perfdsl.workspace.opening import open_rulebook

YEARS = (2023, 2024, 2025)


@cache
def graded(year: int) -> dict[str, str | None]:
    """Unit → grade, as perfdsl gives it."""
    finding = results(evaluate(open_rulebook(HOME.with_name(f"{year}.perf")), None))
    return {unit.unit: unit.grade for unit in finding.units}


@pytest.mark.parametrize(("year", "path"), [(year, path) for year in HOMES for path in files(year)])
def test_files_are_what_the_script_makes(year: int, path: str) -> None:
    assert (HOMES[year] / path).read_bytes() == files(year)[path]


@pytest.mark.parametrize("year", YEARS)
def test_nothing_is_wrong_with_it(year: int) -> None:
    opened = open_rulebook(HOME.with_name(f"{year}.perf"))
    assert opened.problems == ()
    assert opened.rulebook is not None
    assert opened.rulebook.previous == (f"示例市@{year - 1}" if year > 2023 else "")
    assert len(graded(year)) == 62


@pytest.mark.parametrize("year", [2024, 2025])
def test_grades_of_earlier_years_are_what_those_years_give(year: int) -> None:
    with (HOME.with_name(str(year)) / "数据" / "历年等次.csv").open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    for before in range(2023, year):
        said = {row["单位"]: row["等次"] for row in rows if row["年度"] == str(before)}
        assert said == graded(before)


def test_three_years_in_a_row() -> None:
    """连续 3 年优秀: the units that were 优秀 in each of the three years, and were not counted the year before."""
    finding = results(evaluate(open_rulebook(HOME.with_suffix(".perf")), None))
    praised = {u.unit for u in finding.units for one in u.applications if one.code == "Y03" and one.value}
    always = {name for name in graded(2025) if all(graded(year)[name] == "优秀" for year in YEARS)}
    counted = {u.name for u in this_year().units if u.grades[2022] == "优秀"}  # in 2024 already, then it starts again
    assert praised == always - counted
    assert praised == {"云泽区", "市发展改革委", "市委组织部"}


@pytest.mark.parametrize("year", [2023, 2024])
def test_what_is_called_last_year_is_last_year(year: int) -> None:
    after = this_year() if year == 2024 else facts(year + 1)
    for unit, later in zip(facts(year).units, after.units, strict=True):
        for column, own in LASTS.items():
            if column in later.cells:
                assert later.cells[column] == unit.cells[own], (unit.name, column)


def test_lowered_targets() -> None:
    for name in ("云泽区", "市水利局", "市教育局"):
        assert int(this_year().unit(name).cells["办结率目标"]) < 98 == int(facts(2024).unit(name).cells["办结率目标"])
    grain = [int(city.unit("松涛区").cells["粮食面积目标"]) for city in (facts(2024), this_year())]
    assert grain[0] - grain[1] == 8000


def test_at_least_twenty_changes_are_listed_and_marked() -> None:
    listed = (HOME / "修订.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^\| [0-9]+ \|", listed, re.MULTILINE)) >= 20
    for kind in (
        "改名并改编号",
        "拆分",
        "合并",
        "名额",
        "新增否决",
        "取舍环节",
        "附表调低目标",
        "没有往年数据",
        "只改文字",
        "等价重构",
    ):
        assert kind in listed
    book = open_rulebook(HOME.with_suffix(".perf")).rulebook
    before = open_rulebook(HOME.with_name("2024.perf")).rulebook
    assert book is not None and before is not None
    codes = {item.code for item in before.walk()}
    for item in book.walk():
        for code in item.meta.replaces:
            assert code in codes, item.code
    assert sum(bool(item.meta.reason or item.meta.replaces) for item in book.walk()) >= 18


def test_totals_by_hand() -> None:
    """The three units that 2024/手算.md adds up by hand."""
    totals = {
        unit.unit: unit.total for unit in results(evaluate(open_rulebook(HOME.with_name("2024.perf")), None)).units
    }
    told = (HOMES[2024] / "手算.md").read_text(encoding="utf-8")
    for name in ("云泽区", "市公安局", "市妇联"):
        section = told.split(f"## {name}", 1)[1].split("## ", 1)[0]
        printed = re.search(r"公布 \*\*([0-9.]+)\*\*.*等次 \*\*(.+?)\*\*", section)
        assert printed is not None
        assert (printed[1], printed[2]) == (totals[name], graded(2024)[name])


@pytest.mark.parametrize("year", [2023, 2024])
def test_what_is_stored_of_a_year_is_next_years_table(year: int) -> None:
    """本年等次.csv of a run are the rows of that year in the next year's 历年等次."""
    finding = results(evaluate(open_rulebook(HOME.with_name(f"{year}.perf")), None))
    stored = grades_of(finding).removeprefix("\ufeff").splitlines()[1:]
    with (HOME.with_name(str(year + 1)) / "数据" / "历年等次.csv").open(encoding="utf-8-sig") as opened:
        rows = [line.strip() for line in opened if f",{year}," in line]
    assert sorted(stored) == sorted(rows)
