"""The ledger adds up: on populations that nobody chose, against runs of each rulebook apart, and against a table by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from near import plain

from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.review import ledger
from perfdsl.workspace.review.ledger import TooMany
from perfdsl.workspace.review.whole import Review, review
from review.populations import Totals, by_hand, populations

pytestmark = pytest.mark.usefixtures("no_cases")

BOOKS, EACH, CHUNKS = 5, 50, 40
"""``make test-full`` looks at 5 × 50 populations forty times."""


def digits(found: Totals) -> dict[str, Any]:
    """Totals that both interpreters tell alike."""
    return {unit: plain(value) for unit, value in found.items()}


def looked_at(seeds: range, each: int) -> tuple[int, int, int]:
    """How many populations, ledgers, and ledgers in which a change moves something; all add up."""
    counted = ledgers = moved = 0
    for seed in seeds:
        for ran in populations(seed, each, units=3, edits=1 + seed % 4):
            counted += 1
            if counted % 10 == 1:  # who has no ledger has no total on some step, and the other way round
                assert frozenset(ran.was) - ran.ledgers.keys() == ran.open_on_the_way()
            if counted % 25 == 1:  # the auditor's reading is slow
                assert digits(by_hand(ran.old, ran.before)) == digits(ran.was)
                assert digits(by_hand(ran.new, ran.after)) == digits(ran.become)
            for unit, one in ran.ledgers.items():
                ledgers += 1
                moved += any(one.together.values())
                assert one.residual == 0, (seed, unit)
                assert (one.before, one.after) == (ran.was[unit], ran.become[unit]), (seed, unit)
                assert set(one.alone) == set(one.together)
    return counted, ledgers, moved


def test_it_adds_up_on_some_populations() -> None:
    counted, ledgers, moved = looked_at(range(10, 16), 5)
    print(f"\n{counted} populations, {ledgers} ledgers, {moved} with a change that moves something")
    assert counted == 30
    assert ledgers >= 30
    assert moved >= 5


@pytest.mark.full
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_it_adds_up_on_ten_thousand_populations(chunk: int) -> None:
    counted, ledgers, moved = looked_at(range(1000 + chunk * BOOKS, 1000 + (chunk + 1) * BOOKS), EACH)
    print(f"\n{counted} populations, {ledgers} ledgers, {moved} with a change that moves something")
    assert counted == BOOKS * EACH
    assert BOOKS * EACH * CHUNKS >= 10_000


# ---- a small rulebook, worked by hand

BOOK = """\
# 虚构
考评办法 试点办法（100 分）【试点@2025】
  状态：印发稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上、以下均含本数；超过、低于、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分 + 加分，加分最高 3 分，总分最高 110 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲局 |
  | 乙局 |
  | 丙局 |
台账 表彰（每个事项一行）
  列：单位、事项编号、级别（国家级、省级）、认定日期
指标 培训（60 分）【A01】
  条款：第五条第（一）项
  数据：培训人次（人）
  指标值：培训人次
  目标值：100 人
  方向：越高越好
  计分：达到得满分；每少 10 人扣 2 分，不足 10 人的不计，扣完本指标为止
指标 报送（40 分）【A02】
  条款：第五条第（二）项
  数据：报送件数（件）
  指标值：报送件数
  目标值：50 件
  方向：越高越好
  计分：达到得满分；每少 10 件扣 1 分，不足 10 件的不计，扣完本指标为止
加分项 国家级表彰（最高 8 分）【J01】
  条款：第六条第（一）项
  台账：表彰，认定日期在考核期内
  同一事项：只计最高一次，按事项编号
  计分：国家级每次 2 分；省级每次 0 分
加分项 省级表彰（最高 8 分）【J02】
  条款：第六条第（二）项
  台账：表彰，认定日期在考核期内
  同一事项：只计最高一次，按事项编号
  计分：国家级每次 0 分；省级每次 1 分
"""
FACTS = "单位,培训人次,报送件数\n甲局,100,50\n乙局,80,50\n丙局,75,20\n"
AWARDS = "单位,事项编号,级别,认定日期\n甲局,1,国家级,2025-03-01\n甲局,2,省级,2025-04-01\n乙局,3,国家级,2025-03-01\n"


def compared(folder: Path, *changes: tuple[str, str], shapley: bool = False, awards: str = AWARDS) -> Review:
    """The small rulebook and one with ``changes``, both on the same data."""
    new = BOOK
    for before, after in changes:
        assert new.count(before) == 1, before
        new = new.replace(before, after)
    data = folder / "数据"
    data.mkdir()
    (data / "实绩.csv").write_text(FACTS, encoding="utf-8")
    (data / "表彰.csv").write_text(awards, encoding="utf-8")
    paths = folder / "旧.perf", folder / "新.perf"
    for path, text in zip(paths, (BOOK, new), strict=True):
        path.write_text(text, encoding="utf-8")
    old_book, new_book = map(open_rulebook, paths)
    assert old_book.sound, old_book.problems
    assert new_book.sound, new_book.problems
    return review(old_book, new_book, data, shapley=shapley)


CAP = ("加分最高 3 分", "加分最高 4 分")
FIRST = ("国家级每次 2 分", "国家级每次 3 分")
SECOND = ("省级每次 1 分", "省级每次 2 分")


def numbers(*given: int | Fraction) -> dict[int, Fraction]:
    return {n: Fraction(value) for n, value in enumerate(given, 1)}


def test_three_changes_that_act_on_each_other(tmp_path: Path) -> None:
    """In the order of the rulebook: 1 the cap of bonuses 3 → 4 (T), 2 J01 2 → 3 points (A), 3 J02 1 → 2 points (B).

    甲局 has one 国家级 and one 省级: its bonus is min(cap, J01 + J02).
        nothing 3 = min(3, 2 + 1); T 3 = min(4, 3); A 3 = min(3, 4); B 3 = min(3, 4)
        TA 4 = min(4, 3 + 1); TB 4 = min(4, 2 + 2); AB 3 = min(3, 5); TAB 4 = min(4, 5)
      alone: T 0, A 0, B 0. One after the other: T 3 - 3 = 0, A 4 - 3 = 1, B 4 - 4 = 0.
      Shapley, by the six orders:
        TAB 0 1 0; TBA 0 0 1 (B brings 1, A 0); ATB: A 0, T 1, B 0; ABT: A 0, B 0, T 1; BTA: B 0, T 1, A 0; BAT: B 0, A 0, T 1
        T: (0 + 0 + 1 + 1 + 1 + 1) / 6 = 2/3; A: only in TAB, 1/6; B: only in TBA, 1/6
    乙局 has one 国家级: min(cap, J01): 2, A 3 and never more, the cap is not reached. A 1 in every way.
    丙局 has nothing.
    """
    found = compared(tmp_path, CAP, FIRST, SECOND, shapley=True)
    assert [change.new for change in found.comparison.changes][1:] == [("J01",), ("J02",)]
    zero = numbers(0, 0, 0)
    first, second, third = (found.ledgers[unit] for unit in ("甲局", "乙局", "丙局"))
    # 乙局: 80 of 100 people is two steps of 2 points: 56 + 40 = 96, and 2 or 3. 丙局: 75 and 20 of 50: 56 + 37
    assert [[int(one.before), int(one.after)] for one in (first, second, third)] == [[103, 104], [98, 99], [93, 93]]
    assert (first.alone, first.together) == (zero, numbers(0, 1, 0))
    assert first.shapley == numbers(Fraction(2, 3), Fraction(1, 6), Fraction(1, 6))
    assert (second.alone, second.together, second.shapley) == (numbers(0, 1, 0),) * 3
    assert (third.alone, third.together, third.shapley) == (zero, zero, zero)


def test_what_hides_behind_a_cap_takes_part(tmp_path: Path) -> None:
    """Without the change of the cap, A and B show nothing in any way: 3 = min(3, 2 + 1) stays 3 for 甲局."""
    found = compared(tmp_path, FIRST, SECOND, shapley=True).ledgers["甲局"]
    assert found.delta == 0
    assert (found.alone, found.together, found.shapley) == (numbers(0, 0),) * 3


def test_changes_that_share_nothing_do_not_act_on_each_other(tmp_path: Path) -> None:
    """丙局 misses 2 steps of 10 people and 3 of 10 letters: -2 × 1 more for A01 (2 → 3), -3 × 0.5 more for A02 (1 → 1.5).

    乙局 misses 2 steps of 10 people. 甲局 has reached both targets.
    """
    found = compared(
        tmp_path, ("每少 10 人扣 2 分", "每少 10 人扣 3 分"), ("每少 10 件扣 1 分", "每少 10 件扣 1.5 分"), shapley=True
    )
    wanted = {"甲局": numbers(0, 0), "乙局": numbers(-2, 0), "丙局": numbers(-2, Fraction(-3, 2))}
    for unit, given in wanted.items():
        one = found.ledgers[unit]
        assert one.alone == one.together == one.shapley == given
        assert one.delta == sum(given.values())


def test_too_many_for_exact_shares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST_PLAYERS", 2)
    with pytest.raises(TooMany) as told:
        compared(tmp_path, CAP, FIRST, SECOND, shapley=True)
    assert told.value.args == (3,)
