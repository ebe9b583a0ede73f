"""What stands above an item's own rule: who it is not for, what a state gives, whose points it has, each with its line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from running import BOOK, HONOURS, perfdsl, project

HOME = Path(__file__).parents[2] / "rulebooks" / "示例市" / "2025.perf"


def line_of(text: str, after: str) -> int:
    """The line of the rulebook that holds ``text``, behind the one that holds ``after``."""
    lines = HOME.read_text(encoding="utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if after in line)
    return next(at for at, line in enumerate(lines, 1) if at > start and text in line)


def said(unit: str, item: str, book: Path = HOME) -> str:
    ran = perfdsl("explain", book, "--unit", unit, "--item", item)
    assert ran.code == 0, ran.err
    return ran.out


@pytest.mark.parametrize(
    ("item", "column", "cell", "answer"),
    [
        ("B104", "有无争取任务", "G44", "得满分"),
        ("C201", "有无执法职能", "F44", "得同类平均分"),
        ("C202", "有无执法职能", "F44", "分值按比例调到同一级指标"),
    ],
)
def test_whom_an_item_is_not_for_has_what_the_rule_gives(item: str, column: str, cell: str, answer: str) -> None:
    applies, given = (line_of(text, f"【{item}】") for text in ("适用：", "不涉及："))
    assert (
        f"不涉及，“适用：{column} 为 ‘有’”（第 {applies} 行），本单位 {column} 无；按 “不涉及：{answer}”（第 {given} 行）"
        f"  ← 单位名册.csv {cell}\n"
    ) in said("市政务服务局", item)


def test_cells_that_nothing_reads_are_not_shown() -> None:
    """市审计局 has no task and reported money all the same."""
    assert "数据 “争取资金”" in said("市教育局", "B104")
    text = said("市审计局", "B104")
    assert "不涉及：得满分" in text and "数据 “争取资金”" not in text


def test_an_item_of_a_group_that_is_not_for_the_unit() -> None:
    applies = line_of("适用：", "【A】")
    assert f"不涉及，A 经济社会发展 的 “适用：类别 为 ‘区县’”（第 {applies} 行），本单位 类别 市直" in said(
        "市政务服务局", "A102"
    )


def test_points_that_are_shared_out_are_told_where_they_go() -> None:
    given = line_of("不涉及：", "【C202】")
    told = f"25 分 ÷ 23 分（C202 行政机关负责人出庭应诉率 2 分不涉及，按 “不涉及：分值按比例调到同一级指标”（第 {given} 行））"
    for item in ("C201", "C203"):
        assert told in said("市政务服务局", item)
    assert "C202" not in said("市教育局", "C203")


def test_what_a_state_of_the_data_gives(tmp_path: Path) -> None:
    """丙县 had nothing to do in time."""
    end = BOOK.index("\n", BOOK.index("  计分：", BOOK.index("【A01】"))) + 1
    book = BOOK[:end] + "  未发生：得满分\n" + BOOK[end:]
    number = book[:end].count("\n") + 1
    path = project(
        tmp_path, "单位,办结件数,应办件数,满意率,等级,培训\n甲局,98,100,90%,好,9\n丙县,0,0,60%,好,7\n", HONOURS, book
    )
    assert f"未发生，按 “未发生：得满分”（第 {number} 行）" in said("丙县", "A01", path)
    assert "按 “未发生" not in said("甲局", "A01", path)


def test_own_rows_are_told_with_target_fact_and_rule() -> None:
    lines = said("青岚区", "E01").splitlines()
    rows = [line.strip() for line in lines if line.strip().startswith("Q002-")]
    assert rows == [
        "Q002-1 重点项目投资完成额（8 分，完成率法：按完成比例得分，最高得满分） = 4.385 分  ← 个性指标.csv C5",
        "Q002-2 行业标准制定数（7 分，完成率法：按完成比例得分，最高得满分） = 7 分  ← 个性指标.csv C6",
        "Q002-3 群众投诉件数（5 分，控制数法：每超 1%扣 0.2 分（超多少 = （指标值 － 目标值） ÷ 目标值），不足的不计，扣完本指标为止） = 5 分"
        "  ← 个性指标.csv C7",
    ]
    below = [line.strip() for line in lines]
    assert "148 亿元 ÷ 270 亿元 = 54.81%（74/135）" in below
    assert "数据 “完成值” = 148 亿元  ← 个性指标实绩.csv C5" in below
    assert "数据 “目标值” = 270 亿元  ← 个性指标.csv E5" in below
    assert "621 件 － 630 件 = -9 件" in below and not any("行内计量单位" in line for line in lines)
