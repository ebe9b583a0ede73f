"""Roots and logarithms through the command line: what cannot be worked out is said, with the unit, and both engines agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import Ran, perfdsl

BOOK = """\
# 虚构
考评办法 试（10 分）【试@2025】
  状态：征求意见稿
  小数：指标值不取舍；指标得分、总分均保留 2 位，四舍五入
  总分：基本分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲县 |
  | 乙县 |
  | 丙县 |
指标 甲（10 分）【A01】
  数据：数一（倍）、数二（倍）
  指标值：VALUE + 数二 × 0
  方向：越高越好
  计分：SCORE
  未报：退回补报
"""


def ran(folder: Path, value: str, rows: str, *more: str, score: str = "达到 1 得满分，否则不得分") -> Ran:
    """The rulebook with 指标值 ``value`` on ``rows``, in JSON."""
    book = folder / "试.perf"
    book.write_text(BOOK.replace("VALUE", value).replace("SCORE", score), encoding="utf-8")
    data = folder / "试" / "数据"
    data.mkdir(parents=True, exist_ok=True)
    (data / "实绩.csv").write_text(f"单位,数一,数二\n{rows}", encoding="utf-8")
    return perfdsl("run", book, "--format", "json", *more)


def totals(of: Ran) -> list[str | None]:
    return [unit["total"] for unit in of.json["units"]]


@pytest.mark.parametrize("engine", ["columnar", "reference"])
@pytest.mark.parametrize(
    ("value", "rows", "code", "says"),
    [
        ("自然对数（数一）", "甲县,0,1\n乙县,3,1\n丙县,2,1\n", "K447", "甲县要取对数的数不大于 0"),
        ("平方根（数一）", "甲县,-1,1\n乙县,1,1\n丙县,0.99,1\n", "K447", "甲县要开方的数是负数"),
        ("几何平均（数一、数二）", "甲县,-1,-4\n乙县,1,1\n丙县,0.99,1\n", "K447", "甲县要开方的数是负数"),
        ("幂（数一、－0.5）", "甲县,0,1\n乙县,1,1\n丙县,1.01,1\n", "K503", "甲县的除数是 0"),
        # √2 + √3 − √(5 + 2√6) + 1 is 1, which nobody here can tell; √2 + √3 − √(5 + 2√6.1) + 1 is less
        (
            "平方根（2） + 平方根（3） － 平方根（5 + 2 × 平方根（数一）） + 1",
            "甲县,6,1\n乙县,5.9,1\n丙县,6.1,1\n",
            "K448",
            "甲县的数与界限太近",
        ),
    ],
)
def test_what_has_no_answer_is_open_and_said(
    tmp_path: Path, engine: str, value: str, rows: str, code: str, says: str
) -> None:
    found = ran(tmp_path, value, rows, "--engine", engine)
    assert found.code == 1
    assert [one["message"] for one in found.problems if one["code"] == code and says in one["message"]]
    assert totals(found) == [None, "10.00", "0.00"] or (code == "K447" and totals(found)[0] is None)


def test_ties_of_equal_numbers_written_differently_are_ties(tmp_path: Path) -> None:
    """√2 × √8 = √1 × √16 = 4 ≥ 4: all three reach 4, and the geometric mean of 甲县 is on the edge exactly."""
    value = "平方根（数一） × 平方根（数二） － 3"
    found = ran(tmp_path, value, "甲县,2,8\n乙县,1,16\n丙县,2,7.999999999999\n")
    assert totals(found) == ["10.00", "10.00", "0.00"]


def test_explain_marks_what_goes_on_for_ever(tmp_path: Path) -> None:
    rows = "甲县,3,1\n乙县,2,1\n丙县,1,1\n"
    ran(tmp_path, "自然对数（数一）", rows, score="按完成比例，最高得满分")
    told = perfdsl("explain", tmp_path / "试.perf", "--unit", "甲县", "--item", "A01")
    assert "≈1.0986123" in told.out and "自然对数（3）" in told.out
