"""Runs before the year is over: by hand, for both engines and every output."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from perfdsl.model import outputs
from perfdsl.model.expression import Pace, Progress
from perfdsl.model.rulebook import Period
from perfdsl.model.states import State
from perfdsl.publish import csv, folder, json, table
from perfdsl.reports.results import results
from perfdsl.workspace.as_of import due_months, outside, share
from perfdsl.workspace.evaluate import Evaluation, evaluate
from perfdsl.workspace.opening import open_rulebook

RULES = """\
# 虚构
考评办法 示例市2025年度进度考评（40 分）【示例市进@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  时序进度：按月均匀
  本数：以上含本数；不足不含本数
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分 + 加分，加分最高 5 分，最高 45 分，最低 0 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位、投资目标（亿元）
  | 单位 | 投资目标 |
  | 甲县 | 12       |
  | 乙县 | 10       |
台账 表彰（每个事项一行）
  列：单位、事项编号、认定日期
一级指标 工作（40 分）【A】
指标 投资（10 分）【A01】
  频次：每月
  数据：投资额（亿元，每月，各月累计数）
  指标值：投资额
  目标值：投资目标 × 时序进度
  方向：越高越好
  计分：按完成比例，最高得满分
指标 年终评议（10 分）【A02】
  到期：2025年12月20日
  计分：人工评分，0.5 分一档，写明理由
指标 半年报告（10 分）【A03】
  计分：2025年6月20日前报送得满分，逾期不得分
指标 办结（10 分）【A04】
  数据：办结件数（件，每月，全年合计）、应办件数（件，每月，全年合计）
  指标值：办结件数 ÷ 应办件数
  方向：越高越好
  目标值：100%
  按月计分：各月得分不取舍，全年取各月得分的平均
  计分：按完成比例，最高得满分
  未报：不得分
加分项 表彰（最高 5 分）【J01】
  台账：表彰，认定日期在考核期内
  同一事项：各计各的
  计分：每次 1 分
等次 年度等次（全部单位一起评定）
  | 等次 | 总分       |
  | 优秀 | 35 分以上  |
  | 合格 | 不足 35 分 |
结果运用 约谈【Y01】
  对象：等次 为 “合格”
  措施：约谈
"""
YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))


def run(tmp_path: Path, until: date | None, rules: str = RULES) -> Evaluation:
    """Seven months are in; both engines agree on them."""
    data = tmp_path / "办法" / "数据"
    data.mkdir(parents=True, exist_ok=True)
    (tmp_path / "办法.perf").write_text(rules, encoding="utf-8")
    lines = ["单位,月份,投资额,办结件数,应办件数"] + [
        f"{unit},{n},{tenths * n / 10},{10 if n < 6 else 5},10"
        for unit, tenths in (("甲县", 10), ("乙县", 5))
        for n in range(1, 8)
    ]
    (data / "月报.csv").write_text("\n".join(lines), encoding="utf-8")
    (data / "实绩.csv").write_text("单位,年终评议,半年报告\n甲县,,2025-06-20\n乙县,,2025-06-30", encoding="utf-8")
    events = "单位,事项编号,认定日期\n甲县,1,2025-06-30\n甲县,2,2025-07-01\n甲县,3,2024-12-31"
    (data / "表彰.csv").write_text(events, encoding="utf-8")
    opened = open_rulebook(tmp_path / "办法.perf")
    assert opened.sound, [(one.code, one.message) for one in opened.problems]
    found, by_hand = evaluate(opened, None, until=until), evaluate(opened, None, "reference", until=until)
    assert all(found.outcome[name] == by_hand.outcome[name] for name in found.outcome)
    return found


def scores(found: Evaluation, unit: int) -> list[str | State]:
    cells = [found.outcome[outputs.score(code)][unit] for code in ("A01", "A02", "A03", "A04", "J01")]
    return [str(value) if state is State.VALUE else state for state, value in cells]


def test_on_the_last_day_of_june(tmp_path: Path) -> None:
    found = run(tmp_path, date(2025, 6, 30))
    # 甲 6 of 12 × 6/12: full; the report is in on its day; months 1–5 full, June 5: 55 ÷ 6; July is put aside;
    # of the three awards one lies in the year and not after the day
    assert scores(found, 0) == ["10", State.ABSENT, "10", "917/100", "1"]
    # 乙 3 of 10 × 6/12 = 5: 6; ten days late
    assert scores(found, 1) == ["6", State.ABSENT, "0", "917/100", "0"]
    assert found.outcome[outputs.state("A02")] == ((State.VALUE, "未到期"),) * 2
    assert found.outcome[outputs.TOTAL] == ((State.VALUE, Fraction("30.17")), (State.VALUE, Fraction("15.17")))
    assert outputs.GRADE not in found.outcome and outputs.application("Y01") not in found.outcome


APART = (
    RULES.replace("列：单位、投资目标（亿元）", "列：单位、类别（区县、市直）、投资目标（亿元）")
    .replace("| 单位 | 投资目标 |", "| 单位 | 类别 | 投资目标 |")
    .replace("| 甲县 | 12 ", "| 甲县 | 区县 | 12 ")
    .replace("| 乙县 | 10 ", "| 乙县 | 市直 | 10 ")
    .replace("台账 表彰", "类别 区县（40 分）\n类别 市直（40 分）\n台账 表彰", 1)
    .replace("全部单位一起评定", "按类别分别评定")
)


@pytest.mark.parametrize(("rules", "ranks"), [(RULES, [1, 2]), (APART, [1, 1])], ids=["together", "apart"])
def test_units_are_ranked_with_those_that_they_are_graded_with(tmp_path: Path, rules: str, ranks: list[int]) -> None:
    """Nobody is graded yet, and still no unit competes with those of another category."""
    found = run(tmp_path, date(2025, 6, 30), rules)
    assert found.outcome[outputs.RANK] == tuple((State.VALUE, Fraction(rank)) for rank in ranks)


def test_in_the_middle_of_a_month(tmp_path: Path) -> None:
    found = run(tmp_path, date(2025, 6, 15))
    # five months are over: 甲 5 of 5: 10; 乙 2.5 of 10 × 5/12: 6; the report is not due; all five months are full
    assert scores(found, 0) == ["10", State.ABSENT, State.ABSENT, "10", "0"]
    assert scores(found, 1) == ["6", State.ABSENT, State.ABSENT, "10", "0"]
    assert found.as_of is not None
    assert [item.code for item in found.as_of.due] == ["A01", "A04", "J01"]
    assert [item.code for item in found.as_of.not_due] == ["A02", "A03"]
    assert found.as_of.points == 20


def test_before_the_first_month_is_over(tmp_path: Path) -> None:
    found = run(tmp_path, date(2025, 1, 15))
    assert found.as_of is not None
    assert [item.code for item in found.as_of.not_due] == ["A01", "A02", "A03", "A04"]
    assert found.outcome[outputs.state("A04")] == ((State.VALUE, "未到期"),) * 2


def test_a_whole_year_is_as_before(tmp_path: Path) -> None:
    found = run(tmp_path, None)
    # of the months 8 to 12 nothing is in yet: A01 未报 of the last month → open
    assert found.outcome[outputs.TOTAL][0][0] is State.PENDING
    assert outputs.GRADE in found.outcome and results(found).as_of is None


def test_every_output_says_it(tmp_path: Path) -> None:
    finding = results(run(tmp_path, date(2025, 6, 30)))
    mark = "截至2025年6月30日"
    assert f"【{mark}】已到期 4 项共 30 分，不评等次，不是全年结果" in table.results(finding)
    assert "未到期，不计入：A02 年终评议" in table.results(finding)
    assert all(mark in line for line in csv.long(finding).splitlines()[1:])
    assert all("截至2025-06-30" in name for name in folder.files(finding) if name != "结果.清单.json")
    document = json.as_dict(finding)
    assert document["as_of"] == {"date": "2025-06-30", "due_items": 4, "due_points": "30", "not_due": ["A02"]}
    assert {unit["grade"] for unit in document["units"]} == {None}


def test_nobody_owes_what_is_not_due(tmp_path: Path) -> None:
    owed = {(one.unit, one.column) for one in results(run(tmp_path, date(2025, 6, 30))).owed}
    assert owed == set()


@pytest.mark.parametrize(
    ("day", "by_days", "by_months"),
    [
        (date(2025, 1, 1), Fraction(1, 365), Fraction(0)),
        (date(2025, 5, 15), Fraction(135, 365), Fraction(4, 12)),  # 31 + 28 + 31 + 30 + 15
        (date(2025, 6, 30), Fraction(181, 365), Fraction(6, 12)),
        (date(2025, 12, 31), Fraction(1), Fraction(1)),
    ],
)
def test_progress(day: date, by_days: Fraction, by_months: Fraction) -> None:
    assert share(Progress(Pace.DAYS), YEAR, day) == by_days
    assert share(Progress(Pace.MONTHS), YEAR, day) == by_months
    shares = tuple(Fraction(n * n, 144) for n in range(1, 13))
    over = len(due_months(YEAR, day))
    assert share(Progress(Pace.TABLE, shares), YEAR, day) == (shares[over - 1] if over else 0)


@pytest.mark.parametrize(
    ("day", "by_days", "by_months"),
    [
        (date(2024, 7, 30), Fraction(30, 365), Fraction(0)),
        (date(2024, 12, 31), Fraction(184, 365), Fraction(6, 12)),
        (date(2025, 3, 31), Fraction(274, 365), Fraction(9, 12)),
        (date(2025, 6, 30), Fraction(1), Fraction(1)),
    ],
)
def test_progress_of_a_year_that_begins_in_july(day: date, by_days: Fraction, by_months: Fraction) -> None:
    period = Period(date(2024, 7, 1), date(2025, 6, 30))
    assert share(Progress(Pace.DAYS), period, day) == by_days
    assert share(Progress(Pace.MONTHS), period, day) == by_months


def test_progress_of_four_months() -> None:
    period = Period(date(2023, 1, 1), date(2023, 4, 30))
    shares = [share(Progress(Pace.MONTHS), period, date(2023, month, 1)) for month in (1, 2, 3, 4)]
    assert shares == [0, Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)]
    assert share(Progress(Pace.MONTHS), period, date(2023, 4, 30)) == 1


def test_a_target_in_a_year_that_begins_in_july(tmp_path: Path) -> None:
    head, _, rest = RULES.partition("指标 投资")
    block = rest.partition("指标 年终评议")[0].replace("，每月，各月累计数", "")
    rules = head.replace("2025年1月1日至2025年12月31日", "2024年7月1日至2025年6月30日").replace(
        "（40 分）", "（10 分）"
    )
    path, data = tmp_path / "办法.perf", tmp_path / "办法" / "数据"
    data.mkdir(parents=True)
    path.write_text(f"{rules}指标 投资{block}", encoding="utf-8")
    (data / "实绩.csv").write_text("单位,投资额\n甲县,4.5\n乙县,5\n", encoding="utf-8")
    for engine in ("columnar", "reference"):
        found = evaluate(open_rulebook(path), None, engine, until=date(2025, 3, 31))
        # of the year's 12 and 10 nine months: 9 and 7.5
        assert [found.cell(outputs.score("A01"), unit)[1] for unit in (0, 1)] == [5, Fraction(667, 100)]


def test_progress_by_a_table(tmp_path: Path) -> None:
    rows = "\n".join(f"  | {n} | {min(100, 5 * n if n < 7 else 30 + 14 * (n - 6))} |" for n in range(1, 13))
    schedule = f"附表 进度表（每行一项）\n  列：月份、应完成（%）\n  | 月份 | 应完成 |\n{rows}\n"
    rules = RULES.replace("按月均匀", "附表 “进度表”") + schedule
    # by June 30%: 乙 3 of 10 × 30%: full
    assert scores(run(tmp_path, date(2025, 6, 30), rules), 1)[0] == "10"


def test_a_day_outside_the_year(tmp_path: Path) -> None:
    book = run(tmp_path, None).opened.rulebook
    assert book is not None
    for day in (date(2024, 12, 31), date(2026, 1, 1)):
        problem = outside(book, day)
        assert problem is not None and problem.code == "K509"
    assert outside(book, date(2025, 12, 31)) is None


def test_items_without_a_due_day_are_named(tmp_path: Path) -> None:
    found = run(tmp_path, date(2025, 6, 30), RULES.replace("  频次：每月\n", ""))
    assert [one.code for one in found.problems if one.code.startswith("K50")] == ["K508"]
