"""待定 in a draft: an item that is left open is open for every unit that it applies to, in both computations."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfdsl.model import outputs
from perfdsl.model.states import State
from perfdsl.workspace.evaluate import Engine, evaluate
from perfdsl.workspace.opening import open_rulebook

BOOK = """\
考评办法 示例市2025年度试评（10 分）【示例市@2025】
  状态：征求意见稿
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分
附表 单位名册（每个单位一行）
  列：单位、有无湖泊（有、无）
  | 单位 | 有无湖泊 |
  | 甲县 | 有       |
  | 乙县 | 无       |
指标 方案（6 分）【A1】
  计分：达到得满分，否则不得分
指标 湖长（4 分）【A2】
  适用：有无湖泊 为 “有”
  不涉及：不计分
  计分：待定
"""


@pytest.mark.parametrize("engine", ["columnar", "reference"])
def test_an_open_item_is_neither_zero_nor_left_out(tmp_path: Path, engine: Engine) -> None:
    path = tmp_path / "试评.perf"
    path.write_text(BOOK, encoding="utf-8")
    data = tmp_path / "试评" / "数据"
    data.mkdir(parents=True)
    (data / "实绩.csv").write_text("单位,方案\n甲县,是\n乙县,是\n", encoding="utf-8")
    found = evaluate(open_rulebook(path), None, engine)
    assert [state for state, _ in found.outcome[outputs.score("A2")]] == [State.PENDING, State.ABSENT]
    assert [state for state, _ in found.outcome[outputs.TOTAL]] == [State.PENDING, State.VALUE]
    assert found.cell(outputs.TOTAL, 1)[1] == 6
