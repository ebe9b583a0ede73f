"""Cases count whole things: nobody understands 73.35 件, and half a 件 shows a change only where the change is about just that."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from perfdsl.reports.diff import diff
from perfdsl.reports.reviews import ChangeFinding
from perfdsl.workspace.review.whole import review
from review.test_years import UNITS, Year

SHARE = """\
指标 办结（100 分）【A01】
  数据：办结数（件）、应办数（件）
  指标值：办结数 ÷ 应办数
  目标值：{}
  方向：越高越好
  计分：达到得满分，否则不得分
"""
STEPS = """\
指标 办结（100 分）【A01】
  数据：办结数（件）
  指标值：办结数
  目标值：20 件
  方向：越高越好
  计分：达到得满分；每少 1 件扣 1 分，{}扣完本指标为止
"""
OWN_GOALS = """\
附表 个性指标（每个单位多行）
  列：单位、编号、指标、分值、目标值、计量单位、计分办法
  | 单位 | 编号 | 指标 | 分值 | 目标值 | 计量单位 | 计分办法 |
  | 甲局 | 1 | 办案 | 100 | 30 | 件 | 比例法 |
  | 乙局 | 1 | 投资 | 100 | 7.5 | 亿元 | 比例法 |
个性指标 重点任务（100 分）【A01】
  来自：附表 “个性指标”，每个单位合计 100 分
  数据：完成值（每个单位每个编号一个，计量单位随附表）
  计分：按各行 “计分办法” 列
计分办法 比例法
  指标值：完成值
  方向：越高越好
  计分：达到得满分；每低 {} 扣 1 分（低多少 = （目标值 － 指标值） ÷ 目标值），不足 {} 的按比例计，扣完本指标为止
"""


def changed(folder: Path, items: tuple[str, str], columns: str, facts: dict[str, str], data: bool) -> ChangeFinding:
    old, new = (
        Year(year, UNITS, text, columns, facts).written(folder) for year, text in zip((2024, 2025), items, strict=True)
    )
    if "个性指标" in items[0]:
        for opened in (old, new):
            assert opened.data_folder is not None
            rows = "".join(f"{unit},1,{value}\n" for unit, value in facts.items())
            (opened.data_folder / "个性指标实绩.csv").write_text(f"单位,编号,完成值\n{rows}", encoding="utf-8")
            (opened.data_folder / "实绩.csv").unlink()
    found = review(old, new, old.data_folder if data else None, new.data_folder if data else None)
    return diff(found, ("旧", "新")).changes[-1]


@pytest.mark.parametrize("data", [True, False])
@pytest.mark.parametrize(("was", "now", "of"), [("98%", "97.8%", 75), ("98%", "97%", 13), ("62.5%", "62%", 8)])
def test_a_share_is_made_of_whole_numbers(was: str, now: str, of: int, data: bool, tmp_path: Path) -> None:
    """97.8% of 75 are 73.35: 489 of 500 are found in their place."""
    facts = {"甲局": f"{of - 1},{of}", "乙局": f"{of - 2},{of}"}
    found = changed(tmp_path, (SHARE.format(was), SHARE.format(now)), "办结数,应办数", facts, data)
    assert found.witness is not None
    assert found.witness.units
    cells = [cell.value for unit in found.witness.units for cell in unit.cells]
    assert cells
    assert all(Fraction(cell.removesuffix(" 件")).denominator == 1 for cell in cells), cells


@pytest.mark.parametrize("data", [True, False])
def test_a_change_about_begun_pieces_is_told_as_one(data: bool, tmp_path: Path) -> None:
    items = STEPS.format(""), STEPS.format("不足 1 件的按 1 件计，")
    found = changed(tmp_path, items, "办结数", {"甲局": "18", "乙局": "25"}, data)
    assert found.classes[0].name == "影响得分"
    assert found.basis.startswith("只有“办结数”填了小数的，新旧规定结果不同；都是整数的，试了 ")
    assert found.witness is None


def test_own_goals_are_counted_as_their_row_says(tmp_path: Path) -> None:
    """Columns of the 附表 have no unit of their own: 29 of 30 件, and not 29.9."""
    items = OWN_GOALS.format("1%", "1%"), OWN_GOALS.format("2%", "2%")
    found = changed(tmp_path, items, "备注", {"甲局": "30", "乙局": "7.25"}, True)
    assert found.witness is not None
    cells = [cell for unit in found.witness.units for cell in unit.cells]
    assert cells
    for cell in cells:
        number, unit = cell.value.split(" ")
        assert unit in ("件", "亿元"), cell
        assert unit == "亿元" or Fraction(number).denominator == 1, cell
