"""An indicator that is renamed together with the headings of its data: the old data are read under the old headings."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfdsl.reports.diff import diff
from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.whole import review
from review.test_years import HEAD, REPORTS, UNITS, Year, by_name, reviewed

RATE = """\
指标 {name}（60 分）【{code}】
{more}  数据：{done}（件{note}）、{all}（件）
  指标值：{done} ÷ {all}
  目标值：{target}
  方向：越高越好
  计分：达到得满分；每低 10 个百分点扣 2 分，不足 10 个百分点的不计，扣完本指标为止
"""
OLD = RATE.format(name="预算执行率", code="A01", more="", done="预算支出数", all="预算安排数", target="100%", note="")
FACTS = {"甲局": "80,100,50", "乙局": "70,100,40"}


def years(new: str, heads: str, old: str = OLD, facts: dict[str, str] = FACTS) -> tuple[Year, Year]:
    before = Year(2024, UNITS, old + REPORTS, "预算支出数,预算安排数,报送数", FACTS)
    return before, Year(2025, UNITS, new + REPORTS, f"{heads},报送数", facts)


@pytest.mark.parametrize(
    ("code", "more"),
    [("A01", ""), ("A03", "  上年对应：【A01】\n"), ("A03", "")],
    ids=["code", "lineage", "likeness"],
)
def test_both_columns_of_a_renamed_indicator_have_other_headings(tmp_path: Path, code: str, more: str) -> None:
    """甲局: 80 of 100 is two steps, 56; 乙局: 70, three steps, 54. Nothing but words differs."""
    new = RATE.format(
        name="预算执行情况", code=code, more=more, done="财政支出额", all="财政安排额", target="100%", note=""
    )
    comparison, found = reviewed(tmp_path, *years(new, "财政支出额,财政安排额"))
    assert comparison.terms.columns == {("实绩", "预算支出数"): "财政支出额", ("实绩", "预算安排数"): "财政安排额"}
    assert [change.wording for change in comparison.changes] == [True]
    assert {unit: (int(one.before), int(one.delta), int(one.data)) for unit, one in found.items()} == {
        "甲局": (96, 0, 0),
        "乙局": (93, 0, 0),
    }


def test_a_rule_that_changes_with_the_headings_is_tried_on_the_data_of_both_years(tmp_path: Path) -> None:
    """The target falls to 90%: one step less for both. 甲局 has 10 more in the new year: one more step less."""
    new = RATE.format(name="支出进度", code="A01", more="", done="财政支出额", all="财政安排额", target="90%", note="")
    facts = {"甲局": "90,100,50", "乙局": "70,100,40"}
    comparison, found = reviewed(tmp_path, *years(new, "财政支出额,财政安排额", facts=facts))
    assert by_name(comparison, found["甲局"]) == by_name(comparison, found["乙局"]) == {"支出进度": 2}
    assert {unit: one.data for unit, one in found.items()} == {"甲局": 2, "乙局": 0}


def test_columns_that_have_changed_places_are_not_taken_for_each_other(tmp_path: Path) -> None:
    """The rule is turned round: what stood above the line stands below it."""
    new = RATE.format(
        name="预算执行率", code="A01", more="", done="预算安排额", all="预算支出额", target="100%", note=""
    )
    before, after = (one.written(tmp_path) for one in years(new, "预算安排额,预算支出额"))
    found = review(before, after)
    comparison = found.comparison
    assert comparison.terms.columns == {}
    assert not any(change.wording for change in comparison.changes)
    (line,) = (one for one in diff(found, ("旧", "新")).checklist if "增减了报送的栏目" in one)
    assert line.endswith("；第 1 条只是改了栏目名称的，新办法这一列的括号里写：曾用名 “旧名”")


def test_the_old_name_that_is_written_goes_before_every_guess(tmp_path: Path) -> None:
    """The formula is another one, and the columns have changed places: 曾用名 says which is which. 10 points less of 100 are
    one step; the old data are read under the old headings, the new ones as well where a file kept one."""
    new = """\
指标 预算执行差额（60 分）【A01】
  数据：预算下达额（件，曾用名 预算安排数）、预算支付额（件，市财政局，曾用名 “支付数、预算支出数”）
  指标值：（预算下达额 － 预算支付额） ÷ 预算下达额
  目标值：0%
  方向：越低越好
  计分：不高于目标值得满分；每超 10 个百分点扣 2 分（超多少 = 指标值 － 目标值），不足 10 个百分点的不计，扣完本指标为止
"""
    facts = {"甲局": "100,80,50", "乙局": "100,60,40"}
    comparison, found = reviewed(tmp_path, *years(new, "预算下达额,预算支出数", facts=facts))
    assert comparison.terms.columns == {("实绩", "预算安排数"): "预算下达额", ("实绩", "预算支出数"): "预算支付额"}
    assert {unit: (int(one.before), int(one.after), int(one.data)) for unit, one in found.items()} == {
        "甲局": (96, 96, 0),
        "乙局": (93, 91, -2),
    }


def test_an_old_name_is_no_other_columns(tmp_path: Path) -> None:
    text = OLD.replace("预算支出数（件）", "预算支出数（件，曾用名 预算安排数）")
    path = tmp_path / "2025.perf"
    path.write_text(HEAD.format(year=2025) + "  | 单位 | 曾用名 |\n  | 甲局 |  |\n" + text, encoding="utf-8")
    (problem,) = (one for one in open_rulebook(path).problems if one.code == "K105")
    assert "“预算安排数” 声明了两次" in problem.message


POINTS = """\
指标 {name}（60 分）【A01】
  要点：
    | 要点 | 分值 | 定额 | 定额内 | 超出定额 |
    | {first} | {points} | 20 篇 | 每篇 2 分 | |
    | {second} | 20 | 10 篇 | 每篇 2 分 | |
  相互抵补：不抵补
"""


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (("上级刊用", "本市采用"), {"A01·上级采用": "A01·上级刊用"}),
        (("省里刊登", "市里刊登"), {"A01·上级采用": "A01·省里刊登", "A01·本市采用": "A01·市里刊登"}),
    ],
    ids=["one", "both"],
)
def test_points_that_are_renamed_are_the_points_that_they_were(
    tmp_path: Path, names: tuple[str, str], codes: dict[str, str]
) -> None:
    """甲局: 10 of 20 and 10 of 10 are 20 + 20 points; a fact is called by its 要点."""
    first, second = names
    old = POINTS.format(name="政务信息", first="上级采用", second="本市采用", points=40)
    new = POINTS.format(name="信息报送", first=first, second=second, points=40)
    facts = {"甲局": "10,10,50", "乙局": "20,5,50"}
    before = Year(2024, UNITS, old + REPORTS, "上级采用,本市采用,报送数", facts)
    comparison, found = reviewed(tmp_path, before, Year(2025, UNITS, new + REPORTS, f"{first},{second},报送数", facts))
    assert {was: now for was, now in comparison.matched.codes.items() if "·" in was} == codes
    assert [change.wording for change in comparison.changes] == [True]
    assert [(int(one.before), int(one.delta)) for one in found.values()] == [(80, 0), (90, 0)]


def test_points_of_one_rule_that_have_changed_places_keep_to_their_names(tmp_path: Path) -> None:
    old, new = (
        POINTS.format(name="政务信息", first=first, second=second, points=20)
        .replace("20 篇", "10 篇")
        .replace("60 分", "40 分")
        for first, second in (("上级采用", "本市采用"), ("本市刊用", "上级刊用"))
    )
    more = REPORTS.replace("40 分", "60 分")
    facts = {"甲局": "10,10,50", "乙局": "20,5,50"}
    before = Year(2024, UNITS, old + more, "上级采用,本市采用,报送数", facts).written(tmp_path).rulebook
    after = Year(2025, UNITS, new + more, "本市刊用,上级刊用,报送数", facts).written(tmp_path).rulebook
    assert before is not None
    assert after is not None
    become = compare(before, after).matched.codes
    assert become.get("A01·上级采用") != "A01·本市刊用"
