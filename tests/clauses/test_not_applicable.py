"""What 不涉及 gives × how the total is put together, worked by hand, on both engines."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from perfdsl.model import outputs
from perfdsl.model.states import State
from perfdsl.workspace.evaluate import evaluate
from perfdsl.workspace.opening import open_rulebook

SUM, WEIGHTED, MEAN, LEAST = "基本分", "各一级指标得分 × 权重 之和", "各一级指标得分的平均", "各一级指标得分的最低者"
SHARED = f"{WEIGHTED}，不涉及的一级指标权重按比例分给其他"
ASIDE = "按折算满分"


def book(total: str, full: int, tree: str) -> str:
    return f"""\
# 虚构
考评办法 示例市不涉及的给分（{full} 分）【示例市涉@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：{total}，最高 {full} 分，最低 0 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位、性质（区县、市直）
  | 单位 | 性质 |
  | 甲县 | 区县 |
  | 乙县 | 区县 |
  | 丙局 | 市直 |
{tree}"""


def group(code: str, *items: str, weight: str = "") -> str:
    return f"一级指标 {code}组（{weight}100 分）【{code}】\n" + "".join(items)


def item(code: str, name: str, full: int, answer: str = "") -> str:
    """An item that people score; with an ``answer`` it is for 区县 only."""
    only = f"  适用：性质 为 “区县”\n  不涉及：{answer}\n" if answer else ""
    return f"指标 {name}（{full} 分）【{code}】\n  计分：人工评分，1 分一档，写明理由\n{only}"


def of_third(folder: Path, text: str, facts: str) -> dict[str, object]:
    """What 丙局 gets, by both engines."""
    (folder / "办法" / "数据").mkdir(parents=True)
    (folder / "办法.perf").write_text(text, encoding="utf-8")
    (folder / "办法" / "数据" / "实绩.csv").write_text(facts, encoding="utf-8")
    opened = open_rulebook(folder / "办法.perf")
    assert not [one for one in opened.problems if one.severity.value == "必须改"], opened.problems
    columnar, by_hand = evaluate(opened, None), evaluate(opened, None, engine="reference")
    for name, cells in columnar.outcome.items():
        assert cells == by_hand.outcome[name], name
    return {
        name: cells[2][1] if cells[2][0] is State.VALUE else cells[2][0] for name, cells in columnar.outcome.items()
    }


def tree(weighted: bool, *answers: str) -> str:
    """A: 执法 50 and 服务 50 (for 区县 only as far as there are answers), B: 质量 100; 40% and 60% by weight."""
    first, second = (*answers, "", "")[:2]
    parts = (item("A01", "执法", 50, first), item("A02", "服务", 50, second))
    a, b = ("权重 40%，", "权重 60%，") if weighted else ("", "")
    return group("A", *parts, weight=a) + group("B", item("B01", "质量", 100), weight=b)


ONE_GONE = "单位,执法,服务,质量\n甲县,40,45,90\n乙县,20,30,60\n丙局,不涉及,25,60\n"
"""丙局 has 服务 25 of 50 and 质量 60 of 100."""

ANSWERS = [
    # 得满分: A = 50 + 25 = 75, B = 60
    ("得满分", "75", {SUM: "135", WEIGHTED: "66", MEAN: "67.5", LEAST: "60"}),  # 75 × 40% + 60 × 60% = 30 + 36
    # 不得分: A = 25
    ("不得分", "25", {SUM: "85", WEIGHTED: "46", MEAN: "42.5", LEAST: "25"}),  # 10 + 36
    # 得 40 分: A = 40 + 25 = 65
    ("得 40 分", "65", {SUM: "125", WEIGHTED: "62", MEAN: "62.5", LEAST: "60"}),  # 26 + 36
    # 得同类平均分: (40 + 20) ÷ 2 = 30, A = 55
    ("得同类平均分", "55", {SUM: "115", WEIGHTED: "58", MEAN: "57.5", LEAST: "55"}),  # 22 + 36
    # 服务 counts for 100: 25 × 100 ÷ 50 = 50 = A
    ("分值按比例调到同一级指标", "50", {SUM: "110", WEIGHTED: "56", MEAN: "55", LEAST: "50"}),  # 20 + 36
    # A = 25. Sum: 85 of 200 - 50 → 85 × 200 ÷ 150 = 113.33. By weight: 46 of 100 - 40% × 50 = 80 → 57.5.
    # Mean: 42.5 of 100 - 50 ÷ 2 = 75 → 56.67. The lowest has two readings (K331).
    (ASIDE, "25", {SUM: "113.33", WEIGHTED: "57.5", MEAN: "56.67"}),
    # A = 25, the full mark stays
    ("不计分", "25", {SUM: "85", WEIGHTED: "46", MEAN: "42.5", LEAST: "25"}),
]
CASES = [(answer, a, total, want) for answer, a, wanted in ANSWERS for total, want in wanted.items()]


@pytest.mark.parametrize(("answer", "a", "total", "want"), CASES)
def test_one_item_of_a_group(tmp_path: Path, answer: str, a: str, total: str, want: str) -> None:
    text = book(total, 200 if total == SUM else 100, tree(total == WEIGHTED, answer))
    found = of_third(tmp_path, text, ONE_GONE)
    assert found[outputs.score("A")] == Fraction(a)
    assert found[outputs.TOTAL] == Fraction(want)


@pytest.mark.parametrize("total", [SUM, WEIGHTED, MEAN, LEAST])
def test_sent_back(tmp_path: Path, total: str) -> None:
    """退回补报: nobody knows yet."""
    text = book(total, 200 if total == SUM else 100, tree(total == WEIGHTED, "退回补报"))
    assert of_third(tmp_path, text, ONE_GONE)[outputs.TOTAL] is State.PENDING


ALL_GONE = "单位,执法,服务,质量\n甲县,40,45,90\n乙县,20,30,60\n丙局,不涉及,不涉及,60\n"
"""Nothing of A is for 丙局; B = 60."""


@pytest.mark.parametrize(
    ("answer", "total", "want"),
    [
        # A = 100
        ("得满分", SUM, "160"),
        ("得满分", WEIGHTED, "76"),  # 40 + 36
        ("得满分", MEAN, "80"),
        ("得满分", LEAST, "60"),
        # A is not there; whoever takes the mean, the lowest or shares the weight out looks at B alone
        ("不计分", SUM, "60"),
        ("不计分", WEIGHTED, "36"),  # 60 × 60%
        ("不计分", SHARED, "60"),  # 36 × 100% ÷ 60%
        ("不计分", MEAN, "60"),
        ("不计分", LEAST, "60"),
        # nobody is left in A who could take the points over
        ("分值按比例调到同一级指标", SUM, "60"),
        ("分值按比例调到同一级指标", WEIGHTED, "36"),
        ("分值按比例调到同一级指标", MEAN, "60"),
        # 60 of 200 - 100 → 120; 36 of 100 - 40% × 100 = 60 → 60; the others already stand in for A, nothing is lost
        (ASIDE, SUM, "120"),
        (ASIDE, WEIGHTED, "60"),
        (ASIDE, SHARED, "60"),
        (ASIDE, MEAN, "60"),
    ],
)
def test_a_whole_group(tmp_path: Path, answer: str, total: str, want: str) -> None:
    weighted = total in (WEIGHTED, SHARED)
    text = book(total, 200 if total == SUM else 100, tree(weighted, answer, answer))
    assert of_third(tmp_path, text, ALL_GONE)[outputs.TOTAL] == Fraction(want)


@pytest.mark.parametrize(
    ("total", "want"),
    [
        # A (30%) is gone, of B (30%) 25 of 50 points are left, C (40%) = 60: 25 × 30% + 60 × 40% = 31.5,
        # of 100 - 30% × 100 - 30% × 50 = 55 → 31.5 × 100 ÷ 55 = 57.27
        (WEIGHTED, "57.27"),
        # weights of B and C grow by 100 ÷ 70: 45 of 100 - 50 × 30% × 100 ÷ 70 = 550/7 → 45 × 700 ÷ 550 = 57.27
        (SHARED, "57.27"),
        # the mean of B and C: 42.5, of 100 - 50 ÷ 2 = 75 → 56.67
        (MEAN, "56.67"),
        # 85 of 300 - 100 - 50 → 85 × 300 ÷ 150 = 170
        (SUM, "170"),
    ],
)
def test_one_group_gone_and_half_of_another(tmp_path: Path, total: str, want: str) -> None:
    weights = ("权重 30%，", "权重 30%，", "权重 40%，") if total in (WEIGHTED, SHARED) else ("", "", "")
    first = group("A", item("A01", "一", 100, ASIDE), weight=weights[0])
    second = group("B", item("B01", "二", 50, ASIDE), item("B02", "三", 50), weight=weights[1])
    text = book(
        total, 300 if total == SUM else 100, first + second + group("C", item("C01", "四", 100), weight=weights[2])
    )
    facts = "单位,一,二,三,四\n甲县,50,40,45,90\n乙县,50,20,30,60\n丙局,不涉及,不涉及,25,60\n"
    assert of_third(tmp_path, text, facts)[outputs.TOTAL] == Fraction(want)


def test_the_lowest_of_what_is_there(tmp_path: Path) -> None:
    """按折算满分 at a 一级指标 itself leaves the others whole: min(70, 60) = 60."""
    items = (item("A", "一", 100, ASIDE), item("B", "二", 100), item("C", "三", 100))
    facts = "单位,一,二,三\n甲县,50,40,45\n乙县,50,20,30\n丙局,不涉及,70,60\n"
    assert of_third(tmp_path, book(LEAST, 100, "".join(items)), facts)[outputs.TOTAL] == 60


def test_a_bonus_is_no_part_of_the_full_mark(tmp_path: Path) -> None:
    """The base of 80 stays 80 where a bonus of at most 5 is not for the unit."""
    bonus = "加分项 创新（最高 5 分）【J1】\n  适用：性质 为 “区县”\n  计分：人工评分，1 分一档，写明理由\n  不涉及：按折算满分\n"
    text = book(f"{SUM} + 加分", 105, item("A", "一", 100) + bonus).replace("（105 分）", "（100 分）")
    facts = "单位,一,创新\n甲县,50,5\n乙县,50,4\n丙局,80,不涉及\n"
    assert of_third(tmp_path, text, facts)[outputs.TOTAL] == 80
