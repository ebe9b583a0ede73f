"""Whom a change reaches, one by one: as many as are counted, with what they get; and what a case's numbers look like."""

from __future__ import annotations

from pathlib import Path

from test_impact import BONUS, FACTS, MONEY, VETO, book, compared

from perfdsl.reports.diff import anonymous, diff
from perfdsl.reports.reviews import ReachFinding, ReviewFinding
from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.review.whole import review


def reach(found: ReviewFinding) -> tuple[ReachFinding, ...]:
    assert found.impact is not None
    return found.impact.reach


def test_a_change_of_points_reaches_whom_it_is_counted_to_reach(tmp_path: Path) -> None:
    """乙局 has 88 points, and 94 where a step costs one point; its place and 甲局's stay."""
    old, new = book(2024, ends=MONEY), book(2025, ends=MONEY).replace("扣 2 分", "扣 1 分")
    found = compared(tmp_path, old, new, (FACTS, FACTS))
    (one,) = reach(found)
    assert (one.unit, one.total, one.delta) == ("乙局", ("88.00", "94.00"), "＋6.00")
    assert (one.rank, one.grade) == (("2", "2"), ("一般", "优秀"))
    assert one.others == (("“奖金”", "1.0", "1.2"),)
    (change,) = found.changes
    assert change.reached == change.units == 1


def test_a_bonus_without_past_data_is_seen_on_the_new_ones(tmp_path: Path) -> None:
    facts = "单位,培训数,宣传数\n甲局,100,0\n乙局,40,2\n"
    (one,) = reach(compared(tmp_path, book(2024), book(2025, more=BONUS), (FACTS, facts)))
    assert (one.unit, one.delta) == ("乙局", "＋2.00")
    assert one.way.startswith("新数据")


def test_several_without_past_data_are_each_seen_on_the_new_ones(tmp_path: Path) -> None:
    names = "宣传", "调研", "会议"
    more = "".join(BONUS.replace("宣传", name).replace("J01", f"J0{i}") for i, name in enumerate(names, 1))
    facts = "单位,培训数,宣传数,调研数,会议数\n甲局,100,0,1,0\n乙局,40,2,0,3\n"
    found = reach(compared(tmp_path, book(2024), book(2025, more=more), (FACTS, facts)))
    told = [(one.change, one.unit, one.delta) for one in found]
    assert told == [(1, "乙局", "＋2.00"), (2, "甲局", "＋1.00"), (3, "乙局", "＋3.00")]


def test_a_veto_is_seen_on_both_data(tmp_path: Path) -> None:
    """On the old data it reaches nobody; this year 乙局, of which the veto is new and the grade is another one."""
    facts = "单位,培训数\n甲局,100\n乙局,100\n", "单位,培训数\n甲局,100\n乙局,45\n"
    (one,) = reach(compared(tmp_path, book(2024), book(2025, more=VETO), facts))
    assert (one.unit, one.delta, one.grade) == ("乙局", "0.00", ("优秀", "一般"))
    assert one.others == (("“培训不足”适用", "", "是"),)
    assert one.way == "新数据，其他修订都改了以后再改这一条"


def test_names_are_replaced_alike(tmp_path: Path) -> None:
    """单位02 of the list is 单位02 under a change; the change itself names nobody."""
    for year, text in ((2024, book(2024)), (2025, book(2025).replace("扣 2 分", "扣 1 分"))):
        (tmp_path / f"{year}.perf").write_text(text, encoding="utf-8")
        (tmp_path / f"{year}" / "数据").mkdir(parents=True)
        (tmp_path / f"{year}" / "数据" / "实绩.csv").write_text(FACTS, encoding="utf-8")
    old, new = (open_rulebook(tmp_path / f"{year}.perf") for year in (2024, 2025))
    compared_ = review(old, new, old.data_folder, new.data_folder)
    shown = anonymous(diff(compared_, ("旧", "新")), compared_)
    assert [one.unit for one in reach(shown)] == ["单位2"]
    assert "乙局" not in str(shown)


RATIO = """\
指标 办结率（100 分）【A01】
  数据：办结数（件）、应办数（件）
  指标值：办结数 ÷ 应办数
  目标值：{target}%
  方向：越高越好
  计分：达到得满分；每低 1 个百分点扣 1 分，不足 1 个百分点的按比例计，扣完本指标为止
"""


def ratio(year: int, target: int, value: str = "办结数 ÷ 应办数") -> str:
    whole = book(year)
    leaf = whole[whole.index("指标 培训") : whole.index("等次 年度")]
    return whole.replace(leaf, RATIO.format(target=target)).replace("办结数 ÷ 应办数", value)


def test_a_value_is_told_as_percent_and_marked_where_it_is_not_exact(tmp_path: Path) -> None:
    """1 of 3 and 1 of 3 + 1 of 1000: a third has no end, and no officer writes 1/3."""
    facts = "单位,办结数,应办数\n甲局,1,3\n乙局,2,3\n"
    old, new = ratio(2024, 98), ratio(2025, 98, "办结数 ÷ 应办数 + 0.1%")
    (change,) = compared(tmp_path, old, new, (facts, facts)).changes
    assert change.witness is not None
    told = {what: (one, other) for unit in change.witness.units for what, one, other in unit.results}
    one, other = told["“办结率”指标值"]
    assert one.endswith("%") and other.endswith("%") and one != other
    assert all("/" not in said for pair in told.values() for said in pair)


def test_an_application_is_told_as_the_rule_wrote_it(tmp_path: Path) -> None:
    share = "结果运用 比例【Y01】\n  方式：综合运用、直接运用、当前运用\n  | 等次 | 优秀比例 |\n  | {best} | 25% |\n  | 一般 | 20% |\n"
    old = book(2024, ends=share)
    (change,) = compared(tmp_path, old, old.replace("2024", "2025").replace("25%", "30%"), (FACTS, FACTS)).changes
    assert change.witness is not None
    assert ("“比例”", "25%", "30%") in change.witness.units[0].results


CAPPED = "加分项 宣传（最高 {most} 分）【J01】\n  数据：宣传数（件）\n  计分：每有 1 件宣传数加 1 分\n"


def test_a_cap_that_only_the_new_data_reach(tmp_path: Path) -> None:
    """Last year nobody had more than 2, this year 乙局 has 4: it loses a point by the new cap, and it is told so."""
    head, old, new = "单位,培训数,宣传数\n", "甲局,100,0\n乙局,70,2\n", "甲局,100,0\n乙局,70,4\n"
    books = book(2024, more=CAPPED.format(most=5)), book(2025, more=CAPPED.format(most=3))
    found = compared(tmp_path, *books, (head + old, head + new))
    (one,) = reach(found)
    assert (one.unit, one.delta, one.way) == ("乙局", "－1.00", "新数据，其他修订都改了以后再改这一条")
    (change,) = found.changes
    assert (change.units, change.reached) == (1, 1)
    beside = "在新数据上，其他修订都改了以后再改这一条"
    assert change.impact == f"在旧数据上：没有单位受影响。{beside}：1 个单位的总分变动，最多降 1.00"
