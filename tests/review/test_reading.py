"""Cells as they are read: two spellings of one number are no change, and a column that takes other words is no wording.

The rulebook is that of 示例市, its data are invented (全部虚构).
"""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from perfdsl.compile.lower import lower
from perfdsl.model.rulebook import Rulebook
from perfdsl.reports.diff import diff
from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.judging import GRADE, SAME, SCORE, USE, WORDING, Verdict, judge
from perfdsl.workspace.review.whole import review

BOOK = Path(__file__).parents[2] / "rulebooks" / "示例市" / "2025.perf"
TARGETS = Path("附表") / "年度目标.csv"


def text() -> str:
    return BOOK.read_text(encoding="utf-8")


@cache
def as_it_is() -> Rulebook:
    found = open_rulebook(BOOK).rulebook
    assert found is not None
    return found


def laid(folder: Path, text: str, targets: tuple[str, str] = ("", "")) -> Rulebook:
    """The rulebook of another text, and with other targets."""
    book = folder / BOOK.name
    book.write_text(text, encoding="utf-8")
    shutil.copytree(BOOK.parent / "2025", folder / "2025")
    table = folder / "2025" / TARGETS
    written = table.read_text(encoding="utf-8-sig")
    assert targets[0] in written
    table.write_text(written.replace(*targets, 1), encoding="utf-8")
    opened = open_rulebook(book)
    assert opened.rulebook is not None and opened.sound, [one.message for one in opened.problems]
    return opened.rulebook


def replaced(old: str, new: str) -> str:
    assert old in text(), old
    return text().replace(old, new)


def judged(old: Rulebook, new: Rulebook) -> dict[str, Verdict]:
    """Name of the change → its verdict, without data."""
    hybrids = Hybrids(compare(old, new))
    verdicts = judge(hybrids)
    return {change.name: verdicts[change.number] for change in hybrids.comparison.changes}


@pytest.mark.parametrize("written", ["200.0,5.00,44,4500", "２００,5%,44,4500", " 200 ,5,44,4500"])
def test_another_spelling_of_a_number_is_no_change(tmp_path: Path, written: str) -> None:
    new = laid(tmp_path, text(), ("云泽区,200,5,44,4500", f"云泽区,{written}"))
    found = compare(as_it_is(), new)
    assert found.same
    assert written == " 200 ,5,44,4500" or {patch.key[0] for patch in found.silent} == {"cell"}


@pytest.mark.parametrize("written", ["201,5,44,4500", "200,5.01,44,4500", "/,5,44,4500"])
def test_another_number_is(tmp_path: Path, written: str) -> None:
    found = compare(as_it_is(), laid(tmp_path, text(), ("云泽区,200,5,44,4500", f"云泽区,{written}")))
    assert [patch.key[:3] for change in found.changes for patch in change.patches] == [("cell", "年度目标", "云泽区")]


LEVELS = ("级别（国家级、省级、市级）", "级别（国家级、省级、市级、县级）")
MARKS = ("粮食面积目标（亩，可填“/”表示不涉及）", "粮食面积目标（亩）")


@pytest.mark.parametrize(
    ("edit", "back", "said"),
    [
        (LEVELS, False, "“级别”新可填“县级”"),
        (LEVELS, True, "“级别”新不可填“县级”"),
        (MARKS, False, "“粮食面积目标”里的“/”原来作“不涉及”，现在读不出来"),
        (MARKS, True, "“粮食面积目标”里的“/”原来读不出来，现在作“不涉及”"),
    ],
)
def test_what_a_column_takes_otherwise_is_told_with_what_rests_on_it(
    tmp_path: Path, edit: tuple[str, str], back: bool, said: str
) -> None:
    both = as_it_is(), laid(tmp_path, replaced(*edit))
    [verdict] = judged(*(reversed(both) if back else both)).values()
    assert SCORE in dict(verdict.classes)
    assert verdict.exists
    assert said in verdict.basis
    assert verdict.filling == said


def test_the_order_of_choices_says_nothing(tmp_path: Path) -> None:
    book = laid(tmp_path, replaced("级别（国家级、省级、市级）", "级别（市级、省级、国家级）"))
    verdicts = judged(as_it_is(), book).values()
    assert {name for one in verdicts for name, _ in one.classes} <= {WORDING, SAME}


LINES = {
    "a grade more": [
        (
            "  | 良好   | 80 分以上不足 90 分 | 不限 |",
            "  | 较好   | 85 分以上不足 90 分 | 不限 |\n  | 良好   | 80 分以上不足 85 分 | 不限 |",
        ),
        ("  | 良好   | 1.0      |", "  | 较好   | 1.1      |\n  | 良好   | 1.0      |"),
        ("  | 良好   | 20%      |", "  | 较好   | 22%      |\n  | 良好   | 20%      |"),
        ("优秀、良好、合格", "优秀、较好、良好、合格"),
    ],
    "another name": [("“合格”", "“称职”"), ("| 合格 ", "| 称职 "), ("、合格、", "、称职、")],
}


@pytest.mark.parametrize("edit", LINES)
def test_grades_and_what_speaks_of_them_come_together(tmp_path: Path, edit: str) -> None:
    """A hybrid has all of it or nothing: each can be computed, and each change names what it needs."""
    written = text()
    for old, new in LINES[edit]:
        assert old in written, old
        written = written.replace(old, new)
    hybrids = Hybrids(compare(as_it_is(), laid(tmp_path, written)))
    tried = {change.number: change.name for change in hybrids.tried}
    scheme = next(number for number, name in tried.items() if name == "年度等次")
    assert {tried[one] for one in hybrids.needs[scheme]} >= {"年度绩效奖", "公务员优秀比例"}
    for number in tried:
        assert scheme in hybrids.closed([number])
        for chosen in ({number}, hybrids.closed([number]), hybrids.closed([number]) - {number}):
            assert {"grade", "total"} <= set(lower(hybrids.book(chosen)).outputs)
    if edit == "another name":  # no case is looked for
        verdicts = judge(hybrids)
        assert GRADE in dict(verdicts[scheme].classes)
        assert all(GRADE in dict(verdicts[number].classes) for number in tried)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("约谈主要负责人，限期整改", "免去主要负责人职务"),
        ("记集体三等功", "记集体二等功"),
        ("20 个工作日内", "10 个工作日内"),
    ],
)
def test_something_else_done_with_the_same_units_is_another_result(tmp_path: Path, old: str, new: str) -> None:
    [verdict] = judged(as_it_is(), laid(tmp_path, replaced(old, new))).values()
    assert verdict.classes == ((USE, True),)
    assert verdict.exists


def test_a_number_of_another_name_in_the_same_place_is_another_number(tmp_path: Path) -> None:
    old = re.search(r"固投完成额（亿元[^）]*）", text())
    assert old is not None
    written = text().replace("固投完成额", "招商签约额")
    found = compare(as_it_is(), laid(tmp_path, written))
    assert {patch.key for change in found.changes for patch in change.patches if patch.key[0] == "column"} >= {
        ("column", table, name) for table in ("实绩",) for name in ("固投完成额", "招商签约额")
    }


def test_the_years_before_are_not_the_other_draft(tmp_path: Path) -> None:
    """One draft tells which clause of last year each was, the other does not: nothing has moved."""
    lines = re.findall(r"  上年对应：【A30[34]】\n", text())
    assert len(lines) == 2
    older = text().replace(lines[0], "").replace(lines[1], "")
    assert compare(laid(tmp_path, older), as_it_is()).same


LINE = "  | 优秀   | 90 分以上           | 30%  |"
NEXT = "  | 良好   | 80 分以上不足 90 分"


@pytest.mark.parametrize(
    ("edits", "size"),
    [
        ([(LINE, LINE.replace("90", "89")), (NEXT, NEXT.replace("90", "89"))], 2),
        ([(LINE, LINE.replace("30", "31"))], 18),
    ],
)
def test_a_few_of_the_units_show_what_a_line_or_a_share_does(
    tmp_path: Path, edits: list[tuple[str, str]], size: int
) -> None:
    """Nobody of the data gets another grade: the places are taken. Of two units one place goes to who has 89.99 points; of 18
    by 30% 5 (5.4), by 31% 6 (5.58), and of no fewer another number."""
    written = text()
    for edit in edits:
        assert edit[0] in written
        written = written.replace(*edit)
    laid(tmp_path, written)
    old, new = open_rulebook(BOOK), open_rulebook(tmp_path / BOOK.name)
    [verdict] = review(old, new, BOOK.parent / "2025" / "数据").verdicts.values()
    assert verdict.reached == 0
    assert verdict.witness is not None
    assert len(verdict.witness.units) == size
    assert dict(verdict.classes)[GRADE]


def test_a_veto_that_nobody_near_a_place_meets_is_brought_about(tmp_path: Path) -> None:
    """E01 below 10 costs more points than a place of 优秀 allows: only the best unit that can be made keeps it, and leaves it
    free."""
    rule = "  情形：得分【E01】低于 10 分\n  后果：不得评为 “优秀”\n  名额：空出的"
    laid(tmp_path, replaced(f"{rule}由下一名递补", f"{rule}不递补"))
    old, new = open_rulebook(BOOK), open_rulebook(tmp_path / BOOK.name)
    [verdict] = review(old, new, BOOK.parent / "2025" / "数据").verdicts.values()
    assert verdict.witness is not None
    assert len(verdict.witness.units) == 2
    assert dict(verdict.classes)[GRADE]


@pytest.mark.usefixtures("no_cases")
def test_cells_of_schedules_are_looked_at_without_data(tmp_path: Path) -> None:
    laid(tmp_path, text(), ("云泽区,200,", "云泽区,二百,"))
    found = diff(review(open_rulebook(BOOK), open_rulebook(tmp_path / BOOK.name)), ("旧", "新"))
    assert sum("二百" in one.message for one in found.problems) == 1


# ---- what a block says of itself

SELF_SAID = {
    "a category": ("工作交叉，单列考核", "工作交叉，另行考核", "单列"),
    "the grades": ("  名额基数：参加排名的单位数\n", "  名额基数：参加排名的单位数\n  依据：虚构的规定\n", "年度等次"),
    "its table": ("| 预算执行率         | 得分 |", "| 执行率             | 得分 |", "预算执行率"),
}


@pytest.mark.parametrize("what", SELF_SAID)
def test_what_a_block_says_of_itself_is_wording(what: str, tmp_path: Path) -> None:
    old, new, name = SELF_SAID[what]
    found = judged(as_it_is(), laid(tmp_path, replaced(old, new)))
    assert list(found) == [name]
    assert found[name].classes == ((WORDING, True),)


def test_the_reason_of_a_change_is_no_change(tmp_path: Path) -> None:
    """Every year has others; they stand beside the change that they give reasons for."""
    written = replaced("六个综合协调机关由市直单位改为单列", "虚构的理由")
    assert compare(as_it_is(), laid(tmp_path, written)).same


def test_a_number_that_is_given_under_another_heading_is_looked_at(tmp_path: Path) -> None:
    """A bonus may have become a deduction: no computation tells the two apart."""
    [verdict] = judged(as_it_is(), laid(tmp_path, replaced("| 奖金系数 |", "| 扣发比例 |"))).values()
    assert verdict.classes == ((USE, True),)
    assert verdict.basis == ("表的栏目由 “奖金系数” 改为 “扣发比例”：格里的数没有变，是不是同一种数请人工核对")
    (again := tmp_path / "再").mkdir()
    assert compare(as_it_is(), laid(again, replaced("| 奖金系数 |", "|  奖金 系数  |"))).same


@pytest.mark.usefixtures("no_cases")
def test_the_year_before_that_is_compared_is_at_hand(tmp_path: Path) -> None:
    """The draft lies alone in its folder: 上年度 is not found beside it, and is the old side. Another old side is not."""
    alone = tmp_path / "一稿"  # folders beside it are looked at: not those of other tests
    alone.mkdir()
    laid(alone, text())
    new = open_rulebook(alone / BOOK.name)
    assert "K520" in {one.code for one in new.problems}
    for year, told in (("2024", False), ("2025", True)):
        found = diff(review(open_rulebook(BOOK.parent / f"{year}.perf"), new), ("旧", "新"))
        assert ("K520" in {one.code for one in found.problems}) is told
