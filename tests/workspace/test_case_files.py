"""验算.yaml: what is compared, what is said when it cannot be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from running import perfdsl, project

from perfdsl.text.source import Unreadable
from perfdsl.workspace.cases import find, output_of


def case(folder: Path, yaml: str, expected: str = "") -> Path:
    book = project(folder)
    home = book.with_suffix("")
    (home / "验算.yaml").write_text(yaml, encoding="utf-8")
    if expected:
        (home / "预期.csv").write_text(expected, encoding="utf-8")
    return home


GOOD = "- 名称: 手算\n  办法: ../试点.perf\n  数据: 数据\n  预期: 预期.csv\n"


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("总分", "total"),
        ("得分【A01】", "score:A01"),
        ("结果运用【Y01】", "application:Y01"),
        ("得分", None),
        ("得分A01", None),
    ],
)
def test_headings(heading: str, name: str | None) -> None:
    assert output_of(heading) == name


def test_blank_stands_for_none_and_nothing_is_rounded(tmp_path: Path) -> None:
    home = case(tmp_path, GOOD, "单位,总分,得分【J01】,等次\n甲局,100.50,1.00,优秀\n乙局,90.67,0.00,合格\n")
    assert "核对 6 格，0 格不符" in perfdsl("test", home).out
    case(tmp_path, GOOD, "单位,总分\n甲局,100.5\n乙局,\n")
    ran = perfdsl("test", home)
    assert ran.code == 1
    assert "应为 “100.5”，算出 “100.50”" in ran.out and "应为 “”，算出 “90.67”" in ran.out


def test_units_and_headings_that_are_unknown(tmp_path: Path) -> None:
    home = case(tmp_path, GOOD, "单位,总分,得分【X】\n甲局,1,2\n")
    ran = perfdsl("test", home)
    assert ran.code == 1 and "预期文件的表头没有对应的结果：得分【X】" in ran.out
    case(tmp_path, GOOD, "单位,总分\n丁局,1\n")
    ran = perfdsl("test", home)
    assert ran.code == 1 and "预期文件里的单位不在名册里：丁局" in ran.out


def test_expected_problems(tmp_path: Path) -> None:
    """必须改 lists what checking must find: no more, no less."""
    home = case(tmp_path, "- 名称: 校核\n  办法: ../试点.perf\n  必须改: [K301 没有]\n")
    ran = perfdsl("test", home)
    assert ran.code == 1 and "料到的必须改没有出现：K301 没有" in ran.out
    book = tmp_path / "试点.perf"
    book.write_text(book.read_text(encoding="utf-8").replace("（60 分）", "（50 分）"), encoding="utf-8")
    assert "没有料到的必须改：K301" in perfdsl("test", home).out
    (home / "验算.yaml").write_text(
        "- 名称: 校核\n  办法: ../试点.perf\n  必须改: [K301 标称 100 分]\n", encoding="utf-8"
    )
    assert perfdsl("test", home).code == 0


@pytest.mark.parametrize(
    "yaml",
    ["- 名称: 甲\n  办法: [", "- 名称: 甲\n", "- 名称: 甲\n  办法: a.perf\n  别的: 1\n", "只是一句话\n", "- [甲]\n"],
)
def test_case_files_that_cannot_be_read(tmp_path: Path, yaml: str) -> None:
    ran = perfdsl("test", case(tmp_path, yaml))
    assert ran.code == 3 and "验算文件读不懂" in ran.err


@pytest.mark.parametrize("yaml", ["", "# 以后再写\n", "[]\n"])
def test_a_case_file_without_a_case(tmp_path: Path, yaml: str) -> None:
    ran = perfdsl("test", case(tmp_path, yaml))
    assert ran.code == 3 and "一个验算也没有" in ran.err


def test_nothing_to_run(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="没有找到"):
        find(tmp_path)


def test_a_day_outside_the_year(tmp_path: Path) -> None:
    """截至 of a case is held against 考核期 as --as-of is."""
    expected = "单位,得分【A01】\n丙县,60.00\n"
    assert perfdsl("test", case(tmp_path, f"{GOOD}  截至: 2025-06-30\n", expected)).code == 0
    ran = perfdsl("test", case(tmp_path, f"{GOOD}  截至: 2026-06-30\n", expected))
    assert ran.code == 1 and "K509 截至2026年6月30日不在考核期" in ran.out and "核对 0 格" in ran.out


def test_a_rulebook_or_an_expected_file_that_is_not_there(tmp_path: Path) -> None:
    home = case(tmp_path, GOOD.replace("试点.perf", "无.perf"))
    assert perfdsl("test", home).code == 3
    home = case(tmp_path, GOOD)
    ran = perfdsl("test", home)
    assert ran.code == 3 and "预期.csv" in ran.err
