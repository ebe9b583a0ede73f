"""Scores that people give keep to the range of the rulebook that is run, not to that of the rulebook beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfdsl.model import outputs
from perfdsl.reports.diff import diff
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
