"""A change in words: dates that are fixed, 附表 that come as a whole, units under another name, other measure words."""

from __future__ import annotations

from pathlib import Path

import pytest
from review.test_dates import REPORT
from review.test_years import HEAD, REPORTS, TRAINING, UNITS, Year, falling

from perfdsl.reports.diff import diff
from perfdsl.reports.reviews import ChangeFinding
from perfdsl.reports.wording import told
from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.review.whole import review

PEOPLE = TRAINING.replace("件", "人")
FACTS = {"甲局": "80,50", "乙局": "100,40"}
TARGETS = {"甲局": 100, "乙局": 90}


def changes(folder: Path, before: Year, after: Year) -> tuple[ChangeFinding, ...]:
    old, new = before.written(folder), after.written(folder)
    return diff(review(old, new, old.data_folder, new.data_folder), ("旧", "新")).changes


def reporting(year: int, due: str) -> Year:
    return Year(year, UNITS, REPORT.format(due=due), "总结报送", {"甲局": "2024-06-01", "乙局": "2024-06-01"})


def test_a_fixed_date_is_quoted_as_it_is(tmp_path: Path) -> None:
    (found,) = changes(tmp_path, reporting(2024, "2015年1月1日"), reporting(2025, "2016年1月1日"))
    assert found.sentence == "“总结报送” 计分由 2015年1月1日改为 2016年1月1日"


def test_a_schedule_that_comes_is_one_change(tmp_path: Path) -> None:
    before = Year(2024, UNITS, TRAINING.replace("培训目标", "100 件") + REPORTS, "培训数,报送数", FACTS)
    after = Year(2025, UNITS, PEOPLE + REPORTS, "培训数,报送数", FACTS, TARGETS)
    come = changes(tmp_path, before, after)
    assert [(one.how, one.block, one.name) for one in come] == [("新增", "附表", "目标"), ("修改", "指标", "培训")]
    assert come[0].sentence == "新增附表 “目标”（每个单位一行）"
    back = tmp_path / "反"
    back.mkdir()
    gone = changes(
        back,
        Year(2024, UNITS, PEOPLE + REPORTS, "培训数,报送数", FACTS, TARGETS),
        Year(2025, UNITS, before.items, "培训数,报送数", FACTS),
    )
    assert [(one.how, one.block, one.old_name) for one in gone] == [("删除", "附表", "目标"), ("修改", "指标", "培训")]


def test_a_renamed_unit_is_renamed_and_its_target_is_told(tmp_path: Path) -> None:
    roster, targets = changes(
        tmp_path,
        Year(
            2024,
            [("甲局", ""), ("乙委", "")],
            PEOPLE + REPORTS,
            "培训数,报送数",
            {"甲局": "80,50", "乙委": "100,40"},
            {"甲局": 100, "乙委": 90},
        ),
        Year(
            2025,
            [("甲局", ""), ("乙局", "乙委")],
            PEOPLE + REPORTS,
            "培训数,报送数",
            FACTS,
            {"甲局": 100, "乙局": 80},
        ),
    )
    assert roster.sentence == "附表 “单位名册”：“乙委” 改称 “乙局”"
    assert [one.name for one in roster.classes] == ["仅措辞"]
    assert targets.sentence == "附表 “目标” 的 “培训目标”：乙局 培训目标 由 90 人改为 80 人"


def test_another_measure_word_is_one_change_with_its_clause(tmp_path: Path) -> None:
    """Rules that count 件 cannot read 人: the column changes with the only rule that reads it, and that it is the word
    alone is proved."""
    (found,) = changes(
        tmp_path,
        Year(2024, UNITS, falling("培训", 60, "A01", "100 件") + REPORTS, "培训数,报送数", FACTS),
        Year(2025, UNITS, falling("培训", 60, "A01", "100 件").replace("件", "人") + REPORTS, "培训数,报送数", FACTS),
    )
    assert (found.how, found.name, found.needs) == ("修改", "培训", ())
    assert found.impact == "没有单位受影响"
    assert [one.name for one in found.classes] == ["证明等价"]
    assert found.basis.endswith("“培训数” 由 件 改为 人，数照样读")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2 分，最低 －0.5 分", "2 分，最低 －0.6 分", "最低由 －0.5 分改为 －0.6 分"),
        ("最低 0 分", "最低 －0.5 分", "最低由 0 分改为 －0.5 分"),
        ("达到 －3% 得 2 分", "达到 3% 得 2 分", "达到由 －3% 改为 3%"),
        ("甲县｜-2", "甲县｜-3", "“甲县” 由 -2 改为 -3"),
        ("指标值 － 3 分", "指标值 － 4 分", "“指标值 －” 由 3 分改为 4 分"),
        ("2024-07-01 以前", "2024-08-01 以前", "由 2024-07-01 改为 2024-08-01"),
        ("缺 7-8 次", "缺 7-9 次", "缺由 7-8 次改为 7-9 次"),
        (
            "不足 1 个百分点的按比例计",
            "不足 1 个百分点的不计",
            "“不足 1 个百分点的按比例计” 改为 “不足 1 个百分点的不计”",
        ),
        ("3 件", "4.5 件以上", "由 3 件改为 4.5 件以上"),
    ],
)
def test_a_sign_goes_with_its_number(old: str, new: str, said: str) -> None:
    assert told([old], [new]) == (said,)


BEST = """\
指标 {name}（50 分）【{code}】
  数据：{name}数（件）
  指标值：{name}数
  方向：越高越好
{more}  计分：最高者得满分，其余按与最高者的比例
"""


@pytest.mark.usefixtures("no_cases")
@pytest.mark.parametrize("own", [0, 1, 2])
def test_what_clauses_take_from_the_first_block_is_one_change(own: int, tmp_path: Path) -> None:
    """Of three items those that say with whom they are compared themselves are not reached; a single one is told itself."""
    items = [(name, f"A0{i}", "  比较范围：全部单位\n" if i <= own else "") for i, name in enumerate("甲乙丙", 1)]
    text = "".join(
        BEST.format(name=name, code=code, more=more).replace("50", "34" if code == "A01" else "33")
        for name, code, more in items
    )
    found = []
    for year, peers in ((2024, "全部单位"), (2025, "参加排名的单位")):
        path = tmp_path / f"{year}.perf"
        head = HEAD.format(year=year) + "  | 单位 | 曾用名 |\n  | 甲局 |  |\n  | 乙局 |  |\n"
        head = head.replace("  同分：", f"  平均：{peers}，各单位简单平均，含本单位\n  同分：")
        path.write_text(head + text, encoding="utf-8")
        found.append(open_rulebook(path))
        assert found[-1].sound, found[-1].problems
    (change,) = diff(review(found[0], found[1]), ("旧", "新")).changes
    if own == 2:
        assert (change.block, change.code) == ("指标", "A03")
        return
    codes = "、".join(code for _, code, more in items if not more)
    assert change.block == "开头"
    said = f"平均 “全部单位” 改为 “参加排名的单位”；{3 - own} 条没有另写的随之改变（{codes}）"
    assert change.sentence == said
    assert change.official[1] == "平均：参加排名的单位，各单位简单平均，含本单位"


@pytest.mark.usefixtures("no_cases")
def test_clauses_that_compare_nobody_take_nothing_from_the_first_block(tmp_path: Path) -> None:
    """乙 scores by its own value and its own target: with whom units are compared is nothing to it."""
    alone = BEST.replace("最高者得满分，其余按与最高者的比例", "按完成比例，最高得满分").replace(
        "{more}", "  目标值：10 件\n"
    )
    found = []
    for year, peers in ((2024, "全部单位"), (2025, "参加排名的单位")):
        path = tmp_path / f"{year}.perf"
        head = HEAD.format(year=year) + "  | 单位 | 曾用名 |\n  | 甲局 |  |\n  | 乙局 |  |\n"
        head = head.replace("  同分：", f"  比较范围：{peers}\n  同分：")
        items = BEST.format(name="甲", code="A01", more="") + alone.format(name="乙", code="A02")
        path.write_text(head + items, encoding="utf-8")
        found.append(open_rulebook(path))
        assert found[-1].sound, found[-1].problems
    (change,) = diff(review(found[0], found[1]), ("旧", "新")).changes
    assert change.sentence == "比较范围 “全部单位” 改为 “参加排名的单位”；1 条没有另写的随之改变（A01）"


def test_a_table_of_quarters_has_its_own_columns(tmp_path: Path) -> None:
    """单位 and 季度 come with the table: nobody asks for them, and they are no change of their own."""
    found = []
    for year, often in ((2024, "每月"), (2025, "每季度")):
        path = tmp_path / f"{year}.perf"
        head = HEAD.format(year=year) + "  | 单位 | 曾用名 |\n  | 甲局 |  |\n  | 乙局 |  |\n"
        text = falling("培训", 100, "A01", "100 件").replace("（件）", f"（件，{often}，全年合计）")
        path.write_text(head + text, encoding="utf-8")
        found.append(open_rulebook(path))
        assert found[-1].sound, found[-1].problems
    (change,) = diff(review(found[0], found[1]), ("旧", "新")).changes
    assert (change.block, change.code) == ("指标", "A01")
