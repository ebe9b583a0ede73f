"""What a 计分办法 says of a row of 个性指标 besides its 计分, worked by hand, on both engines."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from perfdsl.model import outputs
from perfdsl.model.states import State
from perfdsl.workspace.evaluate import evaluate
from perfdsl.workspace.opening import Opened, open_rulebook

BOOK = """\
# 虚构
考评办法 示例市个性指标（10 分）【示例市个@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分，最高 10 分，最低 0 分
  比较范围：全部单位，含本单位
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位、性质（区县、市直）、人口（万人）
  | 单位 | 性质 | 人口 |
  | 甲县 | 区县 | 5    |
  | 乙局 | 市直 | 3    |
一票否决 停业【F01】
  情形：人口 少于 4 万人
  后果：等次定为 “不合格”
  名额：空出的不递补
  名次：保留名次
等次 年度等次（全部单位一起评定）
  | 等次 | 总分 |
  | 合格 | 不低于 6 分 |
  | 不合格 | 低于 6 分 |
附表 任务（每个单位多行）
  列：单位、编号、指标、分值、目标值、计量单位、计分办法
  | 单位 | 编号 | 指标 | 分值 | 目标值 | 计量单位 | 计分办法 |
  | 甲县 | 1    | 项目 | 4    | 9      | 个       | 完成率法 |
  | 甲县 | 2    | 渠道 | 6    | 9      | 个       | 完成率法 |
  | 乙局 | 1    | 窗口 | 10   | 3      | 个       | 完成率法 |
个性指标 重点任务（10 分）【A01】
  来自：附表 “任务”，每个单位合计 10 分
  数据：完成值（每个单位每个编号一个，计量单位随附表）
  计分：按各行 “计分办法” 列
计分办法 完成率法
  指标值：完成值
  方向：越高越好
  计分：按完成比例，最高得满分
"""
DONE = "单位,编号,完成值\n甲县,1,3\n甲县,2,7\n乙局,1,1\n"
"""4 × 3/9 = 1.333…; 6 × 7/9 = 4.666…; 10 × 1/3 = 3.333…"""


def opened(folder: Path, said: str, text: str = BOOK) -> Opened:
    (folder / "办法" / "数据").mkdir(parents=True)
    (folder / "办法.perf").write_text(text + said, encoding="utf-8")
    (folder / "办法" / "数据" / "任务实绩.csv").write_text(DONE, encoding="utf-8")
    return open_rulebook(folder / "办法.perf")


@pytest.mark.parametrize(
    ("said", "scores"),
    [
        ("", ["6.00", "3.33"]),  # 1.33 + 4.67
        ("  取舍：保留 1 位，四舍五入\n", ["6.0", "3.3"]),  # 1.3 + 4.7
        ("  取舍：保留 0 位，舍去尾数\n", ["5", "3"]),  # 1 + 4
        ("  免扣：性质 为 “市直”\n", ["6.00", "10"]),
        ("  免扣：完成值 ÷ 目标值 ≥ 70%\n", ["7.33", "3.33"]),  # 1.33 + 6: of the row alone
        ("  免扣：人口 低于 平均（人口）\n", ["6.00", "10"]),  # 3 of (5 + 3) ÷ 2: of units, at each of their rows
        ("  免扣：【F01】成立\n", ["6.00", "10"]),
        ("  前提：性质 为 “区县”，否则不得分\n", ["6.00", "0"]),
        ("  前提：指标值 ≥ 目标值 × 50%，否则得 0.5 分\n", ["5.17", "0.50"]),
        ("  前提：完成值 ÷ 目标值 ≥ 70%，否则得满分\n", ["8.67", "10"]),  # 4 + 4.67: the full mark is the row's
    ],
)
def test_what_a_method_says_holds_for_each_row(tmp_path: Path, said: str, scores: list[str]) -> None:
    book = opened(tmp_path, said)
    assert not book.problems, book.problems
    columnar, by_hand = evaluate(book, None), evaluate(book, None, engine="reference")
    for name, cells in columnar.outcome.items():
        assert cells == by_hand.outcome[name], name
    assert columnar.outcome[outputs.score("A01")] == tuple((State.VALUE, Fraction(one)) for one in scores)


@pytest.mark.parametrize(
    ("said", "code", "marked"),
    [
        ("  适用：性质 为 “区县”\n  不涉及：不计分\n", "K141", "适用"),
        ("  权重：50%\n", "K141", "权重"),
        ("  系数：0.5\n", "K141", "系数"),
        ("  到期：2025年6月30日\n", "K141", "到期"),
        ("  不涉及：得同类平均分\n", "K328", "得同类平均分"),
        ("  未发生：分值按比例调到同一级指标\n", "K328", "分值按比例调到同一级指标"),
        ("  前提：完成值 ≥ 平均（完成值），否则不得分\n", "K329", "平均（完成值）"),
        ("  免扣：人口 ≥ 5 万人 且 最高值（指标值） ≥ 3\n", "K329", "最高值（指标值）"),
        ("  未报：按折算满分\n", "K328", "按折算满分"),
    ],
)
def test_what_a_row_cannot_have_is_told(tmp_path: Path, said: str, code: str, marked: str) -> None:
    found = opened(tmp_path, said).problems
    assert [(one.code, one.span.text) for one in found if one.span is not None] == [(code, marked)]


def test_a_row_is_not_compared_and_has_no_ledger(tmp_path: Path) -> None:
    compared = BOOK.replace("按完成比例，最高得满分", "最高者得满分，其余按与最高者的比例")
    ledger = "台账 投诉\n  列：单位、事项（文本）\n"
    counted = BOOK.replace("  指标值：完成值\n", "  台账：投诉\n").replace(
        "按完成比例，最高得满分", "每次扣 1 分，扣完本指标为止"
    )
    for n, (text, marked) in enumerate([(compared, "最高者得满分"), (ledger + counted, "每次扣 1 分")]):
        found = opened(tmp_path / str(n), "", text).problems
        assert ("K329", True) in [(one.code, marked in one.span.text) for one in found if one.span is not None], found
