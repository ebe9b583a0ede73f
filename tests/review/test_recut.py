"""Items that become one, or one that becomes several: judged by what they come to, since no part is what it was."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from perfdsl.reports.diff import diff
from perfdsl.reports.reviews import ChangeFinding
from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.review.whole import review

HEAD = """\
# 虚构
考评办法 合并办法（100 分）【合并@{year}】
  状态：印发稿
  考核期：{year}年1月1日至{year}年12月31日
  本数：以上、以下均含本数；超过、低于、不足均不含本数
  小数：指标得分、总分均保留 1 位，四舍五入
  总分：基本分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲局 |
  | 乙局 |
一级指标 工作（100 分）【A】
指标 培训（60 分）【A01】
  数据：培训分（分）
  指标值：培训分
  计分：按指标值得分，最高得满分，最低 0 分
"""
ONE = """\
指标 {name}（20 分）【{code}】
  数据：{name}分（分）
  指标值：{name}分
  计分：按指标值得分，最高得满分，最低 0 分
{more}"""
BOTH = """\
指标 宣传和调研（40 分）【A02】
{more}  要点：
    | 要点 | 分值 | 指标值 | 计分 |
    | 宣传 | 20 | 宣传分 | 按指标值得分，最高得满分，最低 0 分 |
    | 调研 | 20 | 调研分 | 按指标值得分，最高得满分，最低 0 分 |
"""
SUM = """\
指标 宣传和调研（40 分）【A02】
{more}  指标值：宣传分 + 调研分
  计分：按指标值得分，最高得满分，最低 0 分
"""
LINEAGE = "  上年对应：【A02】、【A03】\n"
DATA = "  数据：宣传分（分）、调研分（分）\n"


def apart(more: str = "") -> str:
    return "".join(ONE.format(name=name, code=code, more=more) for name, code in (("宣传", "A02"), ("调研", "A03")))


def judged(folder: Path, old: str, new: str, facts: str = "") -> ChangeFinding:
    (change,) = changes(folder, old, new, facts)
    return change


def changes(folder: Path, old: str, new: str, facts: str) -> tuple[ChangeFinding, ...]:
    books = []
    for year, text in ((2024, old), (2025, new)):
        path = folder / f"{year}.perf"
        path.write_text(HEAD.format(year=year) + text, encoding="utf-8")
        books.append(open_rulebook(path))
        assert books[-1].sound, books[-1].problems
    data = folder / "实绩.csv" if facts else None
    if data is not None:
        data.write_text(facts, encoding="utf-8")
    return diff(review(books[0], books[1], data, data), ("旧", "新")).changes


FACTS = "单位,培训分,宣传分,调研分\n甲局,50,15.25,12\n乙局,40,10,10\n"


@pytest.mark.parametrize("facts", ["", FACTS])
@pytest.mark.parametrize("how", ["合并", "拆分"])
def test_parts_that_come_to_the_same_are_proved(tmp_path: Path, facts: str, how: str) -> None:
    whole, parts = BOTH.format(more=DATA), apart()
    if how == "合并":
        old, new = parts, BOTH.format(more=DATA + LINEAGE)
    else:
        old, new = whole, apart("  上年对应：【A02】\n")
    found = judged(tmp_path, old, new, facts)
    assert (found.how, [one.name for one in found.classes]) == (how, ["证明等价"])
    assert "各项得分之和相同，上级得分、总分、名次、等次都不变" in found.basis
    assert found.witness is None and found.idle
    assert not facts or found.impact == "没有单位受影响"


@pytest.mark.parametrize("facts", ["", FACTS])
def test_one_rounding_for_two_is_no_proof(tmp_path: Path, facts: str) -> None:
    """15.25 and 12.25 are 27.6 apart and 27.5 together; a case shows the total that differs."""
    found = judged(tmp_path, apart(), SUM.format(more=DATA + LINEAGE), facts)
    assert found.how == "合并"
    assert next((one.name, one.direct) for one in found.classes) == ("影响得分", True)
    assert found.witness is not None and "总分" in found.witness.sentence
    assert found.witness.sentence.startswith("旧的“宣传”“调研”合起来和新的“宣传和调研”相比，")
    what, before, after = found.witness.units[0].results[0]
    assert what == "合计得分" and abs(Fraction(before) - Fraction(after)) == Fraction(1, 10)
    assert f"：合计得分 {before} → {after}；" in found.witness.sentence
    base = "的旧数据为底" if facts else "的附表为底，其余取通常的数"
    assert re.search(f"甲单位（以.局{base}）", found.witness.sentence)


def test_a_part_that_stays_as_it_was_is_in_the_sum(tmp_path: Path) -> None:
    """宣传 is what it was, 调研 comes beside it: a unit that has 10 in both has 10 and then 20."""
    old = ONE.format(name="宣传", code="A02", more="") + ONE.format(name="会议", code="A04", more="")
    new = apart("  上年对应：【A02】\n")
    facts = "单位,培训分,宣传分,调研分,会议分\n甲局,50,10,10,0\n乙局,40,10,10,0\n"
    (found,) = [one for one in changes(tmp_path, old, new, facts) if one.how == "拆分"]
    assert found.witness is not None
    assert found.witness.units[0].results[0] == ("合计得分", "10.0", "20.0")


def test_the_total_that_the_data_show(tmp_path: Path) -> None:
    facts = FACTS.replace("15.25,12", "15.25,12.25")
    found = judged(tmp_path, apart(), SUM.format(more=DATA + LINEAGE), facts)
    assert (found.units, found.impact) == (1, "1 个单位的总分变动，最多降 0.1")
