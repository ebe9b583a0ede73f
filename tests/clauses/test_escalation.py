"""What costs more the more often it happens in a row, month by month; runs of months and years as conditions."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_periodic import HEAD, UNITS, both, scores

from perfdsl.model import outputs
from perfdsl.model.states import State
from perfdsl.workspace.opening import open_rulebook

RULES = """\
指标 质量（1 分）【A01】
  数据：上年末连续次数（次）、质量（是否）
  指标值：质量
  计分：达到得满分，否则不得分
扣分项 末位【K01】
  数据：末位（是否，每月）
  按月计分：各月得分不取舍，全年取各月得分之和
  情形：末位 为 “是”
  计分：{score}
"""
LAST = "甲县", "乙县", "丙局"


def months(**held: set[int]) -> str:
    lines = [f"{unit},{n},{'是' if n in held.get(unit, set()) else '否'}" for unit in UNITS for n in range(1, 13)]
    return "\n".join(["单位,月份,末位", *lines])


def lost(tmp_path: Path, score: str, held: dict[str, set[int]], facts: str = "0,0,0") -> list[str | State]:
    rules = RULES.format(score=score)
    if "连同" not in score:
        rules = rules.replace("上年末连续次数（次）、", "")
    table = "单位,质量,上年末连续次数\n" + "\n".join(
        f"{unit},是,{n}" for unit, n in zip(UNITS, facts.split(","), strict=True)
    )
    if "连同" not in score:
        table = "单位,质量\n甲县,是\n乙县,是\n丙局,是"
    return scores(both(tmp_path, rules, 月报=months(**held), 实绩=table), "K01")


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        # 甲: three in a row, a good month, one more; 乙: one; 丙: five in a row
        ("连续的按连续次数成倍计", ["-14/5", "-2/5", "-6"]),  # .4 .8 1.2 | .4 = 2.8; .4 × 15 = 6
        ("连续的每次比上次翻一番", ["-16/5", "-2/5", "-62/5"]),  # .4 .8 1.6 | .4 = 3.2; .4 × 31 = 12.4
        ("连续第二次起每次加倍", ["-12/5", "-2/5", "-18/5"]),  # .4 .8 .8 | .4 = 2.4; .4 + 4 × .8 = 3.6
        ("连续的按连续次数成倍计，最多扣 1 分", ["-13/5", "-2/5", "-21/5"]),  # .4 .8 1 | .4; .4 .8 1 1 1
    ],
)
def test_three_readings_of_doubled(tmp_path: Path, way: str, expected: list[str]) -> None:
    held = {"甲县": {2, 3, 4, 6}, "乙县": {12}, "丙局": {1, 2, 3, 4, 5}}
    assert lost(tmp_path, f"每次扣 0.4 分，{way}，每年重新起算", held) == expected


def test_a_run_goes_on_over_the_turn_of_the_year(tmp_path: Path) -> None:
    score = "每次扣 0.4 分，连续的按连续次数成倍计，连同上年末的 上年末连续次数"
    held = {"甲县": {1, 2, 4}, "乙县": {2}, "丙局": {1}}
    # 甲 had two in a row: January is the third, 1.2, February the fourth, 1.6, April begins anew: 3.2
    # 乙 had one, but January was good: 0.4; 丙 had none
    assert lost(tmp_path, score, held, "2,1,0") == ["-16/5", "-2/5", "-2/5"]


def test_a_month_that_nobody_reported_leaves_what_follows_open(tmp_path: Path) -> None:
    rules = RULES.format(score="每次扣 0.4 分，连续的按连续次数成倍计，每年重新起算")
    rules = rules.replace("上年末连续次数（次）、", "")
    table = months(甲县={1}, 乙县={1}).replace("甲县,3,否", "甲县,3,").replace("乙县,3,否", "乙县,3,不涉及")
    facts = "单位,质量\n甲县,是\n乙县,是\n丙局,是"
    # 乙's month of which nothing is to be said is no bad one
    assert scores(both(tmp_path, rules, 月报=table, 实绩=facts), "K01") == [State.PENDING, "-2/5", "0"]


def test_praise_in_a_row_is_a_bonus(tmp_path: Path) -> None:
    rules = RULES.replace("扣分项 末位【K01】", "加分项 表扬（最高 3 分）【J01】").replace("上年末连续次数（次）、", "")
    rules = rules.format(score="每次加 0.5 分，连续的按连续次数成倍计，每年重新起算")
    facts = "单位,质量\n甲县,是\n乙县,是\n丙局,是"
    outcome = both(tmp_path, rules, 月报=months(甲县={5, 6}, 乙县={1, 2, 3, 4}), 实绩=facts)
    # 0.5 + 1; 0.5 + 1 + 1.5 + 2 = 5, at most 3
    assert scores(outcome, "J01") == ["3/2", "3", "0"]


@pytest.mark.parametrize(
    ("score", "code"),
    [
        ("每次扣 0.4 分，连续的加倍，每年重新起算", "K464"),
        ("每次扣 0.4 分，连续的按连续次数成倍计", "K465"),
        ("每次扣 0.4 分，连续的按连续次数成倍计，连同上年末的", "K465"),
    ],
)
def test_what_is_not_said_is_asked(tmp_path: Path, score: str, code: str) -> None:
    path = tmp_path / "办法.perf"
    path.write_text(HEAD + RULES.format(score=score).replace("上年末连续次数（次）、", ""), encoding="utf-8")
    assert [one.code for one in open_rulebook(path).problems] == [code]


GRADES = """\
数据 月度等次（每个单位每月一行）
  列：单位、月份、等次（好、一般、差）
数据 历年实绩（每个单位多行）
  列：单位、年度、受表扬（次）
等次 年度等次（全部单位一起评定）
  | 等次 | 总分        |
  | 优秀 | 0.5 分以上  |
  | 合格 | 不足 0.5 分 |
一票否优 月度差【F01】
  情形：数据 “月度等次” 中 等次 为 “差” 的 1 次以上
  后果：不得评为 “优秀”
结果运用 约谈【Y01】
  对象：数据 “月度等次” 中 等次 为 “差” 的连续 2 个月以上
  措施：约谈
结果运用 记功【Y02】
  对象：数据 “历年实绩” 中 受表扬 ≥ 1 次 的连续 3 年以上
  措施：记功
"""


def test_months_bind_the_year(tmp_path: Path) -> None:
    rules = "指标 质量（1 分）【A01】\n  计分：达到得满分，否则不得分\n" + GRADES
    bad = {("甲县", 3), ("甲县", 4), ("乙县", 1), ("乙县", 3)}
    lines = [f"{unit},{n},{'差' if (unit, n) in bad else '好'}" for unit in UNITS for n in range(1, 13)]
    past = [
        *((f"甲县,{year},1") for year in (2021, 2022, 2023)),
        *((f"乙县,{year},1") for year in (2020, 2021, 2023, 2024)),  # 2022 is not there: no three in a row
        *((f"丙局,{year},{n}") for year, n in ((2021, 1), (2022, 0), (2023, 2), (2024, 1))),
    ]
    outcome = both(
        tmp_path,
        rules,
        实绩="单位,质量\n甲县,是\n乙县,是\n丙局,是",
        月度等次="\n".join(["单位,月份,等次", *lines]),
        历年实绩="\n".join(["单位,年度,受表扬", *past]),
    )
    assert [value for _, value in outcome[outputs.GRADE]] == ["合格", "合格", "优秀"]
    assert [value for _, value in outcome[outputs.application("Y01")]] == [True, False, False]
    assert [value for _, value in outcome[outputs.application("Y02")]] == [True, False, False]
