"""Cases count whole things: nobody understands 73.35 件, and half a 件 shows a change only where nothing else does.

Where a rule names a part of a piece (0.05 人), the numbers are rates, and cases hold parts as the data do.
"""

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
RATE = """\
指标 安全（100 分）【A01】
  数据：亿元产值死亡人数（人）
  指标值：亿元产值死亡人数
  目标值：0.05 人
  方向：越低越好
  计分：达到得满分；每高 0.01 人扣 {}，扣完本指标为止
"""
MEAN = """\
指标 办件（100 分）【A01】
  数据：人均办件量（件）
  指标值：人均办件量
  目标值：{}
  方向：越高越好
  计分：达到得满分，否则不得分
"""
TARGETS = """\
附表 目标（每个单位一行）
  列：单位、办件目标（件）
  | 单位 | 办件目标 |
  | 甲局 | {} |
  | 乙局 | 30 |
"""
OWN_MEAN = TARGETS + MEAN.format("附表 “目标” 的 “办件目标”")
BANDS = """\
指标 办件（100 分）【A01】
  数据：人均办件量（件）
  指标值：人均办件量
  计分：分档
    | 人均办件量 | 得分 |
    | {} 件以上 | 100 |
    | 不足 {} 件 | 50 |
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
    assert found.basis.startswith("“办结数”填了小数的，新旧规定结果不同；都是整数的，试了 ")
    assert found.witness is None


def test_begun_pieces_matter_where_both_sides_speak_of_them(tmp_path: Path) -> None:
    items = STEPS.format("不足 1 件的按比例计，"), STEPS.format("不足 1 件的不计，")
    found = changed(tmp_path, items, "办结数", {"甲局": "18", "乙局": "25"}, True)
    assert found.classes[0].name == "影响得分"
    assert found.basis.startswith("“办结数”填了小数的，新旧规定结果不同；都是整数的，试了 ")


@pytest.mark.parametrize("data", [True, False])
def test_a_rate_that_is_measured_in_pieces_has_a_fraction(data: bool, tmp_path: Path) -> None:
    """The rule names 0.05 人. At 0.06 人 one step is lost: 2 points before, 4 points now."""
    items = RATE.format("2 分，不足 0.01 人的按比例计"), RATE.format("4 分，不足 0.01 人的按比例计")
    found = changed(tmp_path, items, "亿元产值死亡人数", {"甲局": "0.04", "乙局": "0.05"}, data)
    assert (found.classes[0].name, _cells(found)) == ("影响得分", ["0.06 人"])
    assert found.witness is not None
    assert ("总分", "98.00", "96.00") in found.witness.units[0].results


def test_parts_of_the_digit_that_a_rule_names(tmp_path: Path) -> None:
    """Half a step of 0.01 人 is looked for after whole ones, and is a case like any other."""
    items = RATE.format("2 分，不足 0.01 人的按比例计"), RATE.format("2 分，不足 0.01 人的不计")
    found = changed(tmp_path, items, "亿元产值死亡人数", {"甲局": "0.04", "乙局": "0.05"}, True)
    assert (found.classes[0].name, _cells(found)) == ("影响得分", ["0.055 人"])
    assert found.basis == "举例：一个单位的例子，新旧规定结果不同"


@pytest.mark.parametrize("data", [True, False])
@pytest.mark.parametrize("text", ["MEAN", "OWN_MEAN", "BANDS"])
def test_a_mean_that_is_measured_in_pieces_lies_between_two_targets(text: str, data: bool, tmp_path: Path) -> None:
    """20.5 件 become 20.3 件, in the rule, in a 附表, as the end of a band."""
    form = {"MEAN": MEAN.format("{} 件"), "OWN_MEAN": OWN_MEAN, "BANDS": BANDS}[text]
    items = form.replace("{}", "20.5"), form.replace("{}", "20.3")
    found = changed(tmp_path, items, "人均办件量", {"甲局": "25", "乙局": "18"}, data)
    assert found.classes[0].name == "影响得分"
    [cell] = _cells(found)
    assert Fraction("20.3") <= Fraction(cell.removesuffix(" 件")) < Fraction("20.5")


def _cells(found: ChangeFinding) -> list[str]:
    """What the units of the case hold."""
    assert found.witness is not None, found.basis
    return [cell.value for unit in found.witness.units for cell in unit.cells]


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
