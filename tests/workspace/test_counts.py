"""Numbers of pieces: none is less than none, a part of one is asked about, more done than there was is asked about."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from perfdsl.model import outputs
from perfdsl.model.states import State
from perfdsl.model.units import unit_of
from perfdsl.workspace.evaluate import Evaluation, evaluate
from perfdsl.workspace.opening import open_rulebook, rule_problems

HEAD = """\
# 虚构
考评办法 示例市件数（10 分）【示例市件数@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分，最高 10 分，最低 0 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位{more}
  | 单位 |{heading}
  | 甲县 |{cell}
  | 乙县 |{cell}
"""
COUNTED = "指标 积案（10 分）【A01】\n  计分：每有 {each} 未化解积案扣 1 分{rest}，扣完本指标为止\n"
CHANGE = """\
指标 人数（10 分）【A01】
  数据：净增人数（人{note}）
  指标值：净增人数
  目标值：10 人
  方向：越高越好
  计分：达到得满分；每低 1 人扣 0.5 分，不足 1 人的按比例计，扣完本指标为止
"""
SHARE = """\
指标 办结率（10 分）【A01】
  数据：办结数（件{note}）、应办数（件{note}）
  指标值：办结数 ÷ 应办数
  目标值：{target}
  方向：越高越好
  计分：达到得满分；每低 1 个百分点扣 0.5 分，不足 1 个百分点的按比例计，扣完本指标为止
"""

A01 = outputs.score("A01")


def ran(folder: Path, text: str, facts: str, table: str = "实绩") -> tuple[Evaluation, Evaluation]:
    (folder / "办法" / "数据").mkdir(parents=True)
    book = HEAD.format(more="", heading="", cell="") + text
    (folder / "办法.perf").write_text(book, encoding="utf-8")
    (folder / "办法" / "数据" / f"{table}.csv").write_text(facts, encoding="utf-8")
    opened = open_rulebook(folder / "办法.perf")
    assert opened.sound, opened.problems
    return evaluate(opened, None), evaluate(opened, None, engine="reference")


def said(made: Evaluation) -> list[tuple[str, str]]:
    return [(one.code, one.address.cell if one.address else "") for one in made.problems if one.code[:3] == "K47"]


@pytest.mark.parametrize(
    ("each", "rest", "written", "problems", "score"),
    [
        ("1 件", "", "-1", [("K474", "B2")], None),
        ("1 件", "，不足 1 件的按比例计", "-1", [("K474", "B2")], None),
        ("1 件", "", "1.5", [("K476", "B2")], None),
        ("1 件", "，不足 1 件的按比例计", "1.5", [("K475", "B2")], "8.50"),
        ("1 件", "", "2", [], "8.00"),
        ("1 万元", "，不足 1 万元的按比例计", "-1", [], "10.00"),
    ],
)
def test_pieces_that_there_cannot_be(
    each: str, rest: str, written: str, problems: list[tuple[str, str]], score: str | None, tmp_path: Path
) -> None:
    facts = f"单位,未化解积案\n甲县,{written}\n乙县,3\n"
    for made in ran(tmp_path, COUNTED.format(each=each, rest=rest), facts):
        assert said(made) == problems
        expected = (State.PENDING, None) if score is None else (State.VALUE, Fraction(score))
        assert made.cell(A01, 0) == expected
        assert made.cell(A01, 1)[0] is State.VALUE


def test_a_change_may_be_negative_where_the_column_says_so(tmp_path: Path) -> None:
    facts = "单位,净增人数\n甲县,-2\n乙县,12\n"
    plain, _ = ran(tmp_path / "甲", CHANGE.format(note=""), facts)
    signed, by_hand = ran(tmp_path / "乙", CHANGE.format(note="，可为负数"), facts)
    assert said(plain) == [("K474", "B2")] and plain.cell(A01, 0)[0] is State.PENDING
    assert said(signed) == [] and signed.outcome == by_hand.outcome
    assert signed.cell(A01, 0) == (State.VALUE, 4)  # 12 人 short, half a point each


DAYS = """\
指标 时间（10 分）【A01】
  数据：所用时间（{unit}{note}）
  指标值：所用时间
  目标值：300 {unit}
  方向：越高越好
  计分：达到得满分；每低 1 {unit}扣 0.02 分，不足 1 {unit}的按比例计，扣完本指标为止
"""


@pytest.mark.parametrize("unit", ["天", "日", "个工作日", "小时", "个月"])
def test_time_is_counted_from_none_and_a_part_of_it_may_be(unit: str, tmp_path: Path) -> None:
    for made in ran(tmp_path, DAYS.format(unit=unit, note=""), "单位,所用时间\n甲县,-30\n乙县,299.5\n"):
        assert said(made) == [("K474", "B2")]
        assert made.cell(A01, 0) == (State.PENDING, None)
        assert made.cell(A01, 1) == (State.VALUE, Fraction("9.99"))


def test_days_may_be_negative_where_the_column_says_so(tmp_path: Path) -> None:
    for made in ran(tmp_path, DAYS.format(unit="天", note="，可为负数"), "单位,所用时间\n甲县,-30\n乙县,300\n"):
        assert said(made) == []
        assert made.cell(A01, 0) == (State.VALUE, Fraction("3.4"))


def test_days_of_a_month_are_counted_from_none(tmp_path: Path) -> None:
    """A 30 put down as -30 in one month is stopped at its cell."""
    text = DAYS.format(unit="天", note="，每月，全年合计")
    rows = [f"甲县,{month},{-30 if month == 3 else 25.5}\n乙县,{month},26\n" for month in range(1, 13)]
    made, by_hand = ran(tmp_path, text, "单位,月份,所用时间\n" + "".join(rows), "月报")
    assert said(made) == [("K474", "C6")]
    assert made.outcome == by_hand.outcome
    assert made.cell(A01, 0)[0] is State.PENDING and made.cell(A01, 1) == (State.VALUE, 10)


@pytest.mark.parametrize(
    ("target", "done", "problems"),
    [
        ("98%", "1985", [("K477", "B2")]),
        ("100%", "1001", [("K477", "B2")]),
        ("98%", "1000", []),
        ("105%", "1985", []),  # more than all is what the rule asks for
    ],
)
def test_more_than_there_were(target: str, done: str, problems: list[tuple[str, str]], tmp_path: Path) -> None:
    facts = f"单位,办结数,应办数\n甲县,{done},1000\n乙县,1985,1985\n"
    made, by_hand = ran(tmp_path, SHARE.format(target=target, note=""), facts)
    assert said(made) == problems
    assert made.outcome == by_hand.outcome
    assert made.cell(A01, 0)[0] is State.VALUE


def test_more_than_there_were_in_the_whole_year(tmp_path: Path) -> None:
    """A month may work off what was left of the one before: only the year is asked about."""
    note = "，每月，全年合计"
    lines = [f"{unit},{month},{12 if month == 2 else 10},11\n" for unit in ("甲县", "乙县") for month in range(1, 13)]
    plain, _ = ran(
        tmp_path / "甲", SHARE.format(target="98%", note=note), f"单位,月份,办结数,应办数\n{''.join(lines)}", "月报"
    )
    assert said(plain) == []
    lines[3] = "甲县,4,100,11\n"
    wrong, _ = ran(
        tmp_path / "乙", SHARE.format(target="98%", note=note), f"单位,月份,办结数,应办数\n{''.join(lines)}", "月报"
    )
    assert [one.message for one in wrong.problems if one.code == "K477"] == [
        "“办结数”（指标 A01）大于“应办数”（指标 A01）：甲县 212 件（全年合计，先看 月报.csv C5），132 件（全年合计，先看 月报.csv D5），现按原数计"
    ]


def test_what_is_planned_in_a_schedule_may_be_exceeded(tmp_path: Path) -> None:
    """The plan is a rule: doing more is no slip."""
    text = SHARE.format(target="100%", note="").replace("、应办数（件）", "")
    text = HEAD.format(more="、应办数（件）", heading=" 应办数 |", cell=" 1000 |") + text.replace(
        "÷ 应办数", "÷ 附表 “单位名册” 的 “应办数”"
    )
    (tmp_path / "办法" / "数据").mkdir(parents=True)
    (tmp_path / "办法.perf").write_text(text, encoding="utf-8")
    (tmp_path / "办法" / "数据" / "实绩.csv").write_text("单位,办结数\n甲县,1985\n乙县,900\n", encoding="utf-8")
    opened = open_rulebook(tmp_path / "办法.perf")
    assert opened.sound, opened.problems
    assert said(evaluate(opened, None)) == []


INDIVIDUAL = """\
附表 个性指标（每个单位多行）
  列：单位、编号、指标、分值、目标值、计量单位、计分办法
  | 单位 | 编号 | 指标     | 分值 | 目标值 | 计量单位 | 计分办法 |
  | 甲县 | 1    | 化解积案 | 5    | 10     | 件       | 完成率法 |
  | 甲县 | 2    | 投资增量 | 5    | 10     | 亿元     | 完成率法 |
  | 乙县 | 1    | 净增企业 | 10   | 10     | 家       | 完成率法 |
个性指标 重点任务（10 分）【A01】
  来自：附表 “个性指标”，每个单位合计 10 分
  数据：完成值（每个单位每个编号一个，计量单位随附表{note}）
  计分：按各行 “计分办法” 列
计分办法 完成率法
  指标值：完成值
  方向：越高越好
  计分：按完成比例，最高得满分
"""


@pytest.mark.parametrize(
    ("note", "problems", "states"),
    [
        ("", [("K474", "C2"), ("K474", "C4")], (State.PENDING, State.PENDING)),
        ("，可为负数", [], (State.VALUE, State.VALUE)),
    ],
)
def test_each_row_counts_what_its_schedule_says(
    note: str, problems: list[tuple[str, str]], states: tuple[State, State], tmp_path: Path
) -> None:
    """-2 件 and -3 家 cannot be, -2 亿元 can."""
    facts = "单位,编号,完成值\n甲县,1,-2\n甲县,2,-2.5\n乙县,1,-3\n"
    made, by_hand = ran(tmp_path, INDIVIDUAL.format(note=note), facts, "个性指标实绩")
    assert said(made) == problems
    assert made.outcome == by_hand.outcome
    assert tuple(made.cell(A01, unit)[0] for unit in range(2)) == states


@pytest.mark.parametrize(("cell", "codes"), [("-2", ["K474"]), ("2.5", []), ("2", [])])
def test_a_schedule_is_checked_before_there_are_data(cell: str, codes: list[str], tmp_path: Path) -> None:
    """A plan may be half a piece, never less than none."""
    text = HEAD.format(more="、定额（件）", heading=" 定额 |", cell=f" {cell} |")
    (tmp_path / "办法.perf").write_text(text + CHANGE.format(note=""), encoding="utf-8")
    found = rule_problems(open_rulebook(tmp_path / "办法.perf"))
    assert [one.code for one in found] == codes


@pytest.mark.parametrize(
    ("word", "counts"),
    [
        *((word, True) for word in ("件", "人", "万人", "人次", "件次", "个", "个断面", "个社区", "起", "项目")),
        *(
            (word, False)
            for word in ("元", "亿元", "%", "个百分点", "个月", "天", "名次", "年", "吨", "亩", "分", "毫克每升")
        ),
    ],
)
def test_which_units_count_pieces(word: str, counts: bool) -> None:
    assert unit_of(word)[0].counts_pieces is counts
