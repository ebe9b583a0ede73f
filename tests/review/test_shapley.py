"""Exact Shapley values against all orders of the changes, where a cap binds only for some of them together."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest

from perfdsl.workspace.opening import Opened, open_rulebook
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.ledger import Sides, ledgers
from perfdsl.workspace.review.together import Source

HEAD = """\
# 虚构
考评办法 试点办法（100 分）【试点@2025】
  状态：印发稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上、以下均含本数；超过、低于、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分 + 加分，加分最高 {cap} 分，总分最高 200 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲局 |
指标 培训（100 分）【A01】
  计分：人工评分，1 分一档，写明理由
"""
BONUS = """\
加分项 表彰{number}（最高 90 分）【J0{number}】
  数据：表彰{number}数（件）
  计分：每有 1 件表彰{number}数加 {rate} 分
"""


def opened(path: Path, cap: int, rates: Sequence[int]) -> Opened:
    text = HEAD.format(cap=cap) + "".join(BONUS.format(number=i, rate=rate) for i, rate in enumerate(rates, 1))
    path.write_text(text, encoding="utf-8")
    found = open_rulebook(path)
    assert found.sound, found.problems
    return found


def by_orders(cap: int, counts: Sequence[int], old: Sequence[int], new: Sequence[int]) -> list[Fraction]:
    """What each change brings on the average of all orders."""
    shares = [Fraction(0)] * len(old)
    orders = list(permutations(range(len(old))))
    for order in orders:
        rates = list(old)
        for n in order:
            before = min(cap, sum(rate * count for rate, count in zip(rates, counts, strict=True)))
            rates[n] = new[n]
            after = min(cap, sum(rate * count for rate, count in zip(rates, counts, strict=True)))
            shares[n] += Fraction(after - before, len(orders))
    return shares


GIVEN = [
    (16, (2, 2, 2, 2, 2), (1, 1, 1, 4, 4), (3, 3, 3, 1, 1)),
    (16, (2, 2, 2, 2, 2), (4, 4, 1, 1, 1), (1, 1, 3, 3, 3)),
]


def drawn(seed: int) -> tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    chance = random.Random(seed)
    old = tuple(chance.randint(1, 4) for _ in range(5))
    new = tuple(rate + chance.choice((-1, 1, 2)) if rate > 1 else rate + 1 for rate in old)
    return chance.randint(8, 24), tuple(chance.randint(0, 3) for _ in old), old, new


@pytest.mark.parametrize(("cap", "counts", "old", "new"), [*GIVEN, *map(drawn, range(12))])
def test_they_are_the_mean_of_all_orders(
    tmp_path: Path, cap: int, counts: Sequence[int], old: Sequence[int], new: Sequence[int]
) -> None:
    books = opened(tmp_path / "旧.perf", cap, old), opened(tmp_path / "新.perf", cap, new)
    data = tmp_path / "数据"
    data.mkdir()
    heads = ",".join(f"表彰{i}数" for i in range(1, len(counts) + 1))
    facts = ",".join(map(str, counts))
    (data / "实绩.csv").write_text(f"单位,培训,{heads}\n甲局,50,{facts}\n", encoding="utf-8")
    assert books[0].rulebook is not None
    assert books[1].rulebook is not None
    comparison = compare(books[0].rulebook, books[1].rulebook)
    sides = Sides(Hybrids(comparison), Source(data, None), None)
    one = ledgers(sides, {"甲局": "甲局"}, shapley=True)["甲局"]
    codes = {change.new[0]: change.number for change in comparison.changes}
    shares = [one.shapley.get(codes.get(f"J0{i}", 0), Fraction(0)) for i in range(1, len(old) + 1)]
    assert shares == by_orders(cap, counts, old, new)
    assert sum(shares) == one.delta
