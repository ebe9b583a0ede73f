"""What a run waits for is named so that it can be filled in: names with a dot, rows of earlier years."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from running import perfdsl

from perfdsl.model.table import split_key

BOOK = """\
考评办法 示例市2025年度试评（10 分）【示例市试@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲县 |
  | 乙县 |
指标 空气（10 分）【A01】
  数据：PM2.5（微克，每季，各季平均）
  指标值：PM2.5 ÷ 1 微克 × 1 分
  计分：按指标值得分，最高得满分，最低 0 分
数据 历年实绩（每个单位多行）
  列：单位、年度、名次（名）
结果运用 约谈【Y01】
  对象：上年（名次） ≥ 7 名
  措施：约谈
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "试评.perf"
    path.write_text(BOOK, encoding="utf-8")
    data = tmp_path / "试评" / "数据"
    data.mkdir(parents=True)
    quarters = [
        f"{unit},{i},{'' if (unit, i) == ('乙县', 2) else i}\n" for unit in ("甲县", "乙县") for i in range(1, 5)
    ]
    (data / "季报.csv").write_text("单位,季度,PM2.5\n" + "".join(quarters), encoding="utf-8")
    (data / "历年实绩.csv").write_text("单位,年度,名次\n甲县,2024,8\n乙县,2023,1\n", encoding="utf-8")
    return path


def test_a_name_with_a_dot_is_told_whole(book: Path) -> None:
    told = perfdsl("run", book).out
    assert "PM2.5 没有填 ← 季报.csv C7" in told
    assert "数据 “PM2.5”" in perfdsl("graph", book).out


def test_the_row_of_an_earlier_year_is_named(book: Path) -> None:
    """Table, unit, year and column: what has to be filled in, and for whom."""
    told = perfdsl("run", book).out
    assert "“历年实绩” 没有 乙县 2024 年度 的一行（要填 “名次”） → 乙县 的 约谈" in told
    assert "没有写明给什么" not in told


@pytest.mark.parametrize(
    ("key", "tables", "expected"),
    [
        ("实绩.PM2.5", (), ("实绩", "PM2.5")),
        ("PM2.5实绩.PM2.5", ("实绩", "PM2.5实绩"), ("PM2.5实绩", "PM2.5")),
        ("名次", ("实绩",), ("", "名次")),
    ],
)
def test_a_column_key_is_parted_at_its_table(key: str, tables: tuple[str, ...], expected: tuple[str, str]) -> None:
    assert split_key(key, tables) == expected
