"""暂按: what is left open inside a rule for periods or rows is given for the time being as well, in both computations."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from perfdsl.model import outputs
from perfdsl.model.states import State
from perfdsl.workspace.assuming import Assumption
from perfdsl.workspace.evaluate import Engine, evaluate
from perfdsl.workspace.opening import open_rulebook

BOOK = """\
考评办法 示例市2025年度试评（20 分）【示例市@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲县 |
附表 任务（每个单位多行）
  列：单位、编号、指标、分值、目标值、计量单位、计分办法
  | 单位 | 编号 | 指标 | 分值 | 目标值 | 计量单位 | 计分办法 |
  | 甲县 | 1    | 修路 | 6    | 10     | 处       | 完成率   |
  | 甲县 | 2    | 架桥 | 4    | 10     | 处       | 完成率   |
指标 办结（10 分）【A01】
  数据：办结率（%，每季，各季平均）
  指标值：办结率
  目标值：100%
  方向：越高越好
  按季计分：各季得分不取舍，全年取各季得分的平均
  计分：按完成比例，最高得满分
  未报：退回补报
个性指标 任务（10 分）【E01】
  来自：附表 “任务”，每个单位合计 10 分
  数据：完成值（每个单位每个编号一个，计量单位随附表）
  计分：按各行 “计分办法” 列
计分办法 完成率
  指标值：完成值
  方向：越高越好
  计分：按完成比例，最高得满分
"""


@pytest.mark.parametrize("engine", ["columnar", "reference"])
@pytest.mark.parametrize(
    ("assume", "by_period", "by_row"),
    [
        ("", None, None),
        ("不得分", Fraction(30, 4), Fraction(3)),  # three quarters of 10, one of nothing; 6 × 5 ÷ 10
        ("得满分", Fraction(10), Fraction(7)),
        ("不计分", Fraction(10), Fraction(3)),
    ],
)
def test_periods_and_rows_are_given_too(
    tmp_path: Path, engine: Engine, assume: Assumption, by_period: Fraction | None, by_row: Fraction | None
) -> None:
    path = tmp_path / "试评.perf"
    path.write_text(BOOK, encoding="utf-8")
    data = tmp_path / "试评" / "数据"
    data.mkdir(parents=True)
    quarters = "".join(f"甲县,{n},{'' if n == 4 else 100}\n" for n in range(1, 5))
    (data / "季报.csv").write_text(f"单位,季度,办结率\n{quarters}", encoding="utf-8")
    (data / "任务实绩.csv").write_text("单位,编号,完成值\n甲县,1,5\n甲县,2,\n", encoding="utf-8")
    found = evaluate(open_rulebook(path), None, engine, assume=assume)
    cells = [found.cell(outputs.score(code), 0) for code in ("A01", "E01")]
    waited = [(State.PENDING, None) if score is None else (State.VALUE, score) for score in (by_period, by_row)]
    assert [(state, value if state is State.VALUE else None) for state, value in cells] == waited
