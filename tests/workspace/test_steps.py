"""A step that stands in a column: nothing and less is told with its cell, and leaves that unit's score open."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from perfdsl.model import outputs
from perfdsl.model.states import State
from perfdsl.workspace.evaluate import Evaluation, evaluate
from perfdsl.workspace.opening import open_rulebook, rule_problems

HEAD = """\
# 虚构
考评办法 示例市档差（10 分）【示例市档@2025】
  状态：征求意见稿
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分，最高 10 分，最低 0 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位、档差（件）
  | 单位 | 档差 |
  | 甲县 | 2    |
  | 乙县 | {step} |
  | 丙县 | 1    |
"""
DOWN = """\
数据 数（每个单位一行）
  列：单位、办结数（件）
指标 办结（10 分）【A01】
  指标值：办结数
  目标值：10 件
  方向：越高越好
  计分：达到得满分；每低 档差 扣 1 分，不足 档差 的按比例计，扣完本指标为止
"""
COUNT = """\
指标 办结（10 分）【A01】
  指标值：办结数
  数据：办结数（件）
  计分：每有 档差 扣 1 分，不足 档差 的按比例计，扣完本指标为止
"""


def ran(folder: Path, text: str, table: str, facts: str) -> tuple[Evaluation, Evaluation]:
    (folder / "办法" / "数据").mkdir(parents=True)
    (folder / "办法.perf").write_text(text, encoding="utf-8")
    (folder / "办法" / "数据" / f"{table}.csv").write_text(facts, encoding="utf-8")
    opened = open_rulebook(folder / "办法.perf")
    assert opened.sound, opened.problems
    return evaluate(opened, None), evaluate(opened, None, engine="reference")


@pytest.mark.parametrize("step", ["0", "-2"])
def test_checking_says_so_of_the_table(tmp_path: Path, step: str) -> None:
    (tmp_path / "办法.perf").write_text(HEAD.format(step=step) + DOWN, encoding="utf-8")
    found = rule_problems(open_rulebook(tmp_path / "办法.perf"))
    assert [(one.code, f"“{step}”" in one.message) for one in found] == [("K278", True)]
    assert found[0].span is not None or found[0].address is not None


def test_a_step_of_more_than_nothing_is_fine(tmp_path: Path) -> None:
    (tmp_path / "办法.perf").write_text(HEAD.format(step="0.5") + DOWN, encoding="utf-8")
    assert rule_problems(open_rulebook(tmp_path / "办法.perf")) == ()


FACTS = "单位,办结数,档差\n甲县,4,{step}\n乙县,8,2\n丙县,12,{step}\n"
REPORTED = HEAD.format(step="1").replace("、档差（件）", "").replace(" | 档差 |", " |")
REPORTED = "\n".join(line.rsplit("|", 2)[0] + "|" if "县 |" in line else line for line in REPORTED.split("\n"))


@pytest.mark.parametrize("step", ["0", "-2"])
@pytest.mark.parametrize(
    ("text", "table", "sure"),
    [
        (DOWN.replace("办结数（件）", "办结数（件）、档差（件）"), "数", "9"),  # 10 less (10 - 8) ÷ 2
        (COUNT.replace("办结数（件）", "办结数（件）、档差（件）"), "实绩", "6"),  # 10 less 8 ÷ 2
    ],
)
def test_a_reported_step_of_nothing_leaves_the_score_open(
    tmp_path: Path, text: str, table: str, sure: str, step: str
) -> None:
    """甲县 lies below the target, 丙县 above it: of neither can the steps be counted."""
    columnar, by_hand = ran(tmp_path, REPORTED + text, table, FACTS.format(step=step))
    open_ = (State.PENDING, None)
    for one in (columnar, by_hand):
        assert one.outcome[outputs.score("A01")] == (open_, (State.VALUE, Fraction(sure)), open_)
        assert [problem.code for problem in one.problems] == ["K278", "K278"]
        assert [problem.address.cell for problem in one.problems if problem.address] == ["C2", "C4"]


def test_scores_given_by_people_keep_to_numbers(tmp_path: Path) -> None:
    """A step or a range from a column was read as none at all: no score was checked against it."""
    text = HEAD.format(step="1").replace("档差（件）", "档差（分）")
    text += "指标 评议（10 分）【A01】\n  计分：人工评分，档差 一档，限于 0 至 档差，写明理由\n"
    (tmp_path / "办法.perf").write_text(text, encoding="utf-8")
    found = open_rulebook(tmp_path / "办法.perf").problems
    assert [(one.code, one.span.text) for one in found if one.span is not None] == [("K249", "档差"), ("K249", "档差")]
