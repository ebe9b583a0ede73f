"""Scores that people give keep to the range of the rulebook that is run, not to that of the rulebook beside it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfdsl.model import outputs
from perfdsl.model.states import State
from perfdsl.reports.diff import diff
from perfdsl.workspace.evaluate import evaluate
from perfdsl.workspace.limits import Bounds, both, given_scores
from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.judging import SAME, SCORE, judge
from perfdsl.workspace.review.ledger import number
from perfdsl.workspace.review.whole import review
from review.test_years import UNITS, Year

TWO = """\
指标 执法（{a} 分）【A01】
  计分：人工评分，1 分一档，写明理由
  未报：退回补报
指标 服务（{b} 分）【A02】
  计分：人工评分，1 分一档，写明理由
  未报：退回补报
"""


def year(number_: int, a: int, b: int, facts: dict[str, str]) -> Year:
    return Year(number_, UNITS, TWO.format(a=a, b=b), "执法,服务", facts)


@pytest.mark.parametrize(
    ("facts", "deltas", "said"),
    [
        # 甲局: 50 + 40, then 58 + 40: 58 is legal under the new rule alone, so that all of it is data
        ({"甲局": ("50,40", "58,40"), "乙局": ("30,30", "30,30")}, {"甲局": 8, "乙局": 0}, {}),
        # 甲局 had 45 of 50; of 40 that is out of range, so that no step on the old data has a total
        (
            {"甲局": ("50,45", "50,40"), "乙局": ("30,30", "31,30")},
            {"乙局": 1},
            {"甲局": "改了第 2 条（服务），旧数据算不出总分：缺数，或不合新的规定；逐条影响列不出"},
        ),
    ],
)
def test_another_range(
    tmp_path: Path, facts: dict[str, tuple[str, str]], deltas: dict[str, int], said: dict[str, str]
) -> None:
    olds, news = ({unit: pair[side] for unit, pair in facts.items()} for side in (0, 1))
    old, new = year(2024, 50, 50, olds).written(tmp_path), year(2025, 60, 40, news).written(tmp_path)
    found = review(old, new, old.data_folder, new.data_folder)
    assert {unit: int(one.delta) for unit, one in found.ledgers.items()} == deltas
    assert all(one.residual == 0 and not any(one.together.values()) for one in found.ledgers.values())
    assert found.sides is not None
    assert found.after is not None
    ran = dict(zip(found.after.units, map(number, found.after.outcome[outputs.TOTAL]), strict=True))
    assert found.sides.totals("new", found.sides.order) == ran
    impact = diff(found, ("旧", "新")).impact
    assert impact is not None
    assert {one.unit: one.open for one in impact.shifts if one.open} == said


ROWS = """\
台账 督办（每个事项一行）
  列：单位、事项编号、核定分（分）
指标 督办（60 分）【A01】
  台账：督办
  每行分值：核定分
  同一事项：各计各的
  计分：按每行分值扣分，限于 1 至 {a} 分，扣完本指标为止
指标 督查（40 分）【A02】
  台账：督办
  每行分值：核定分
  同一事项：各计各的
  计分：按每行分值扣分，限于 {b} 至 9 分，扣完本指标为止
"""


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        (12, 0, SAME),  # from 1 to 9 before and after: A02 lets nobody give 10, A01 nobody give 0
        (8, 0, SCORE),
        (9, 2, SCORE),
    ],
)
def test_a_range_counts_as_far_as_all_items_permit(tmp_path: Path, a: int, b: int, said: str) -> None:
    books = [
        Year(year_, UNITS, ROWS.format(a=ends[0], b=ends[1]), "备注", {"甲局": "1"}).written(tmp_path).rulebook
        for year_, ends in ((2024, (9, 0)), (2025, (a, b)))
    ]
    old, new = books
    assert old is not None
    assert new is not None
    assert given_scores(old) == {("督办", "核定分"): (Fraction(1), Fraction(9), None)}
    (verdict,) = judge(Hybrids(compare(old, new))).values()
    assert said in dict(verdict.classes)


SHARED = """\
数据 评价（每个单位一行）
  列：单位、打分（分）
指标 执法（60 分）【A01】
  指标值：打分
  计分：人工评分，1 分一档，限于 2 至 9 分，写明理由
指标 服务（40 分）【A02】
  指标值：打分
  计分：人工评分，1 分一档，限于 0 至 5 分，写明理由
"""


def test_a_score_that_one_of_two_items_does_not_permit_is_pending(tmp_path: Path) -> None:
    """1 is too little for A01, 7 too much for A02; 3 suits both."""
    opened = Year(2024, [(name, "") for name in ("甲局", "乙局", "丙局")], SHARED, "备注", {}).written(tmp_path)
    assert opened.data_folder is not None
    (opened.data_folder / "评价.csv").write_text("单位,打分\n甲局,1\n乙局,7\n丙局,3\n", encoding="utf-8")
    found = evaluate(opened, opened.data_folder)
    states = [cell[0] for cell in found.outcome[outputs.TOTAL]]
    assert states == [State.PENDING, State.PENDING, State.VALUE]


QUARTERS = st.integers(0, 24).map(lambda n: Fraction(n, 4))
THIRDS = st.integers(1, 9).map(lambda n: Fraction(n, 3))
RANGES = st.tuples(QUARTERS, QUARTERS, st.one_of(st.none(), THIRDS, st.sampled_from([Fraction(1, 2), Fraction(1)])))


@given(RANGES, RANGES)
def test_what_keeps_to_two_ranges(one: Bounds, other: Bounds) -> None:
    """By trying every twelfth: the ends are on twelfths, and so is every step."""
    least, most, step = both(one, other)
    twelfths = [Fraction(n, 12) for n in range(-12, 100)]
    kept = [x for x in twelfths if _keeps(x, one) and _keeps(x, other)]
    assert [x for x in twelfths if _keeps(x, (least, most, step))] == kept
    assert not kept or (kept[0], kept[-1]) == (least, most)


def _keeps(value: Fraction, bounds: Bounds) -> bool:
    least, most, step = bounds
    return least <= value <= most and (step is None or ((value - least) / step).denominator == 1)


STEPS = """\
指标 办结（50 分）【A01】
  数据：办结数（件）
  指标值：办结数
  目标值：20 件
  方向：越高越好
  计分：达到得满分；每少 1 件扣 1 分，{begun}扣完本指标为止
指标 服务（50 分）【A02】
  指标值：办结数
  目标值：10 件
  方向：越高越好
  计分：达到得满分；每少 1 件扣 {lost} 分，不足 1 件的按 1 件计，扣完本指标为止
"""


def test_numbers_of_pieces_that_one_rulebook_cannot_take(tmp_path: Path) -> None:
    """Half a piece is none to a rule that says nothing of begun ones; the comparison says so as the runs do."""
    facts = {"甲局": "9.5", "乙局": "8", "丙局": "-1"}
    units = [*UNITS, ("丙局", "")]
    old, new = (
        Year(number_, units, STEPS.format(begun=begun, lost=lost), "办结数", facts).written(tmp_path)
        for number_, begun, lost in ((2024, "", 1), (2025, "不足 1 件的按 1 件计，", 2))
    )
    found = review(old, new, old.data_folder, new.data_folder)
    assert found.before is not None
    assert found.after is not None
    before, after = (
        dict(zip(one.units, map(number, one.outcome[outputs.TOTAL]), strict=True))
        for one in (found.before, found.after)
    )
    # 甲局 of the new rule: 50 - 11 and 50 - 2 × 1; 乙局: 50 - 12 and 50 - 2, then 50 - 2 × 2
    assert (before, after) == ({"甲局": None, "乙局": 86, "丙局": None}, {"甲局": 87, "乙局": 84, "丙局": None})
    assert {unit: one.delta for unit, one in found.ledgers.items()} == {"乙局": -2}
    assert all(one.residual == 0 for one in found.ledgers.values())
    verdicts = {found.comparison.changes[n - 1].name: one for n, one in found.verdicts.items()}
    assert [one.classes[0] for one in verdicts.values()] == [(SCORE, True)] * 2


GAUGE = """\
# 虚构
考评办法 试点办法（20 分）【试点@2025】
  状态：印发稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上、以下均含本数；超过、低于、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
指标 档差（10 分）【A01】
  数据：档差（件）、办结数（件）
  指标值：档差
  目标值：0 件
  方向：越低越好
  计分：达到得满分；每高 1 件扣 1 分，不足 1 件的按 1 件计，扣完本指标为止
指标 办结（10 分）【A02】
  适用：办结数多于 5 件且办结数少于 3 件
  指标值：办结数
  目标值：20 件
  方向：越高越好
  计分：达到得满分；每低 {step}扣 1 分，不足 {step}的按 {step}计，扣完本指标为止
  不涉及：不计分
"""


@pytest.mark.parametrize(("was", "now"), [("2 件", "档差"), ("档差", "2 件")])
def test_a_step_of_nothing_is_open_for_all_that_read_it(was: str, now: str, tmp_path: Path) -> None:
    """A02 is for nobody, but a column that it takes for its step can no longer be 0, for A01 either."""
    books = []
    for step in (was, now):
        path = tmp_path / f"{step}.perf"
        path.write_text(GAUGE.format(step=f"{step} " if step == "2 件" else step), encoding="utf-8")
        opened = open_rulebook(path)
        assert opened.rulebook is not None
        assert opened.sound, opened.problems
        books.append(opened.rulebook)
    (verdict,) = judge(Hybrids(compare(*books))).values()
    assert verdict.classes[0] == (SCORE, False)
    assert verdict.witness is not None
    states = {(one.old and one.old[0], one.new and one.new[0]) for one in verdict.witness.results}
    assert (State.PENDING in {new for _, new in states}) is (now == "档差")
