"""A category that is called otherwise: one change of words, whatever names it, and nobody's result is another one."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from perfdsl.model import outputs
from perfdsl.model.rulebook import Rulebook
from perfdsl.reports.diff import diff
from perfdsl.workspace.evaluate import evaluate
from perfdsl.workspace.opening import Opened, open_rulebook
from perfdsl.workspace.review.changes import Comparison, compare
from perfdsl.workspace.review.encoding import applied, as_document
from perfdsl.workspace.review.whole import Review, review

RULEBOOKS = Path(__file__).parents[2] / "rulebooks"
HEAD = """\
# 虚构
考评办法 试点办法（100 分）【试点@{year}】
  状态：印发稿
  考核期：{year}年1月1日至{year}年12月31日
  本数：以上、以下均含本数；超过、低于、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分，最高 100 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位、类别（{kinds}）、曾用名
"""
RULES = """\
指标 培训（60 分）【A01】
  数据：培训数（人）
  指标值：培训数
  目标值：100 人
  方向：越高越好
  计分：达到得满分；每少 10 人扣 2 分，不足 10 人的不计，扣完本指标为止
指标 报送（40 分）【A02】
  适用：类别 为 “市直”
  不涉及：不计分
  数据：报送数（件）
  指标值：报送数
  目标值：50 件
  方向：越高越好
  计分：达到得满分；每少 10 件扣 1 分，不足 10 件的不计，扣完本指标为止
  原文：市直单位每少报送 10 件的扣 1 分。
指标 宣传（40 分）【A03】
  适用：类别 不为 “市直”
  不涉及：不计分
  数据：宣传数（件）
  指标值：宣传数
  目标值：50 件
  方向：越高越好
  计分：达到得满分；每少 10 件扣 1 分，不足 10 件的不计，扣完本指标为止
一票否决 培训太少【F01】
  情形：类别 为 “市直” 且 得分【A01】低于 57 分
  后果：等次定为 “一般”
  名额：空出的不递补
  名次：保留名次
等次 市直等次（按类别分别评定）
  适用：类别 为 “市直”
  名额基数：参加排名的单位数
  名额取整：四舍五入
  名额末位同分：一并计入
  超出名额：列入下一等次
  | 等次 | 名额 |
  | 优秀 | 50%  |
  | 一般 | 不限 |
等次 年度等次（按类别分别评定）
  名额基数：参加排名的单位数
  名额取整：四舍五入
  名额末位同分：一并计入
  超出名额：列入下一等次
  | 等次 | 名额 |
  | 优秀 | 50%  |
  | 一般 | 不限 |
"""
RESULTS = (outputs.TOTAL, outputs.RANK, outputs.GRADE)
KINDS = "类别 区县（100 分）\n类别 市直（100 分）\n"
ROSTER = {"甲县": "区县", "乙县": "区县", "丙局": "市直", "丁局": "市直", "戊局": "市直"}
FACTS = {
    "甲县": "100,,50",
    "乙县": "90,,50",
    "丙局": "100,50,",
    "丁局": "80,50,40",
    "戊局": "70,40,",
}
TOTALS = {"甲县": 100, "乙县": 98, "丙局": 100, "丁局": 96, "戊局": 93}


def written(
    folder: Path,
    year: int,
    roster: dict[str, str],
    *,
    kinds: str = KINDS,
    rules: str = RULES,
    printed: bool = True,
    former: dict[str, str] | None = None,
    facts: dict[str, str] | None = None,
) -> Opened:
    """A rulebook of ``year`` and its data; the roster stands in the rulebook, or among the data."""
    names = [line.split()[1].partition("（")[0] for line in kinds.splitlines() if line.startswith("类别")]
    rows = [(unit, kind, (former or {}).get(unit, "")) for unit, kind in roster.items()]
    head = HEAD.format(year=year, kinds="、".join(names))
    if printed:
        head += "".join(f"  | {' | '.join(row)} |\n" for row in (("单位", "类别", "曾用名"), *rows))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{year}.perf"
    path.write_text(head + kinds + rules, encoding="utf-8")
    data = folder / str(year) / "数据"
    data.mkdir(parents=True)
    lines = "".join(f"{unit},{cells}\n" for unit, cells in (facts or FACTS).items())
    (data / "实绩.csv").write_text(f"单位,培训数,报送数,宣传数\n{lines}", encoding="utf-8")
    if not printed:
        listed = "".join(f"{','.join(row)}\n" for row in rows)
        (data / "单位名册.csv").write_text(f"单位,类别,曾用名\n{listed}", encoding="utf-8")
    opened = open_rulebook(path)
    assert opened.sound, opened.problems
    return opened


def named(text: str) -> str:
    """With the new name of the category, everywhere."""
    return text.replace("市直", "市直部门")


RENAMED = {unit: named(kind) for unit, kind in ROSTER.items()}


def compared(old: Opened, new: Opened) -> Comparison:
    """The comparison; its patch gives the new rulebook."""
    assert old.rulebook is not None
    assert new.rulebook is not None
    found = compare(old.rulebook, new.rulebook)
    document = json.loads(json.dumps(as_document(found), ensure_ascii=False))
    assert applied(old.rulebook, document) == new.rulebook
    return found


def on_data(old: Opened, new: Opened) -> Review:
    """The comparison on the data of both years; each end is what a run of that year alone gives, by both engines."""
    found = review(old, new, old.data_folder, new.data_folder)
    assert found.before is not None
    assert found.after is not None
    for opened, ran in ((old, found.before), (new, found.after)):
        assert opened.data_folder is not None
        by_hand = evaluate(opened, opened.data_folder, "reference").outcome
        assert all(by_hand[name] == ran.outcome[name] for name in RESULTS)
    return found


def told(found: Review) -> list[tuple[str, str, bool]]:
    """Each change in words, its classes, and whether it is a guess."""
    made = diff(found, ("旧", "新"))
    return [(one.sentence, "、".join(each.name for each in one.classes), one.guessed) for one in made.changes]


ONE = ("类别 “市直” 改称 “市直部门”", "仅措辞", False)


def test_a_category_has_another_name(tmp_path: Path) -> None:
    """乙县 58 + 40, 丁局 56 + 40, 戊局 54 + 39. Half of three is two places, one of which F01 takes from 丁局. The old data are
    read with the new word, so that every result comes about in the same way under either rulebook."""
    old = written(tmp_path, 2024, ROSTER)
    new = written(tmp_path, 2025, RENAMED, kinds=named(KINDS), rules=named(RULES))
    compared(old, new)
    found = on_data(old, new)
    assert told(found) == [ONE]
    assert found.sides is not None
    totals = {unit: Fraction(total) for unit, total in TOTALS.items()}
    for side in ("old", "new"):
        assert found.sides.totals(side, ()) == totals
    assert {unit: (one.before, one.after, one.data) for unit, one in found.ledgers.items()} == {
        unit: (total, total, Fraction(0)) for unit, total in totals.items()
    }
    assert found.before is not None
    assert found.after is not None
    for name in RESULTS:
        assert found.before.outcome[name] == found.after.outcome[name]
        assert found.sides.cells("old", (), name) == found.sides.cells("new", (), name) == found.after.outcome[name]
    impact = diff(found, ("旧", "新")).impact
    assert impact is not None
    assert not any(one.was_category or one.delta.startswith(("＋", "－")) for one in impact.shifts)
    places = {(one.group, one.places, one.taken, one.entered, one.left) for one in impact.quotas}
    assert places == {
        ("市直部门", ("50%", "50%"), (1, 1), (), ()),
        ("区县", ("50%", "50%"), (1, 1), (), ()),
    }


def test_without_new_data(tmp_path: Path) -> None:
    """The old data say 市直, in the rulebook or in a file beside them: the new rules find the category all the same."""
    for printed in (True, False):
        folder = tmp_path / str(printed)
        old = written(folder, 2024, ROSTER, printed=printed)
        new = written(folder, 2025, RENAMED, kinds=named(KINDS), rules=named(RULES), printed=printed)
        compared(old, new)
        found = review(old, new, old.data_folder)
        assert told(found) == [(*ONE[:2], not printed)]
        impact = diff(found, ("旧", "新")).impact
        assert impact is not None
        shown = {one.unit: (one.total, one.rank, one.grade, one.category, one.was_category) for one in impact.shifts}
        assert shown["戊局"] == (("93.00", "93.00"), ("3", "3"), ("一般", "一般"), "市直部门", "")
        assert all(total[0] == total[1] and grade[0] == grade[1] for total, _, grade, _, _ in shown.values())


def test_a_roster_among_the_data(tmp_path: Path) -> None:
    """Each year's file uses its own word."""
    old = written(tmp_path, 2024, ROSTER, printed=False)
    new = written(tmp_path, 2025, RENAMED, kinds=named(KINDS), rules=named(RULES), printed=False)
    found = on_data(old, new)
    assert told(found) == [(*ONE[:2], True)], (
        "the rulebooks do not say who is of the category: it is a guess by the name"
    )
    assert {unit: one.before for unit, one in found.ledgers.items()} == TOTALS
    assert {unit: one.after for unit, one in found.ledgers.items()} == TOTALS


def test_the_full_mark_changes_as_well(tmp_path: Path) -> None:
    """One change tells both; the clause that brings the ten points is another."""
    kinds = named(KINDS).replace("市直部门（100 分）", "市直部门（110 分）")
    rules = named(RULES).replace("报送（40 分）", "报送（50 分）")
    old = written(tmp_path, 2024, ROSTER)
    new = written(tmp_path, 2025, RENAMED, kinds=kinds, rules=rules)
    compared(old, new)
    [first, second] = told(review(old, new))
    assert first[0] == "类别 “市直” 改称 “市直部门”；分值由 100 分改为 110 分"
    assert second[0] == "“报送” 分值由 40 分改为 50 分", "not that it names the category"


def test_with_a_moved_and_a_renamed_unit(tmp_path: Path) -> None:
    """丁局 goes over to 区县, and 戊局 is 戊委 now: of three units two stay. 丁局 has 宣传 instead of 报送: 56 + 39."""
    roster = {"甲县": "区县", "乙县": "区县", "丙局": "市直部门", "丁局": "区县", "戊委": "市直部门"}
    facts = {"戊委" if unit == "戊局" else unit: row for unit, row in FACTS.items()}
    old = written(tmp_path, 2024, ROSTER)
    new = written(tmp_path, 2025, roster, kinds=named(KINDS), rules=named(RULES), former={"戊委": "戊局"}, facts=facts)
    compared(old, new)
    found = on_data(old, new)
    assert told(found) == [
        ONE,
        ("附表 “单位名册”：“戊局” 改称 “戊委”", "仅措辞", False),
        ("附表 “单位名册” 的 “类别”：丁局 类别 “市直” 改为 “区县”", "影响得分、影响名次、影响等次、影响范围", False),
    ]
    assert {unit: one.after for unit, one in found.ledgers.items()} == {
        "甲县": 100,
        "乙县": 98,
        "丙局": 100,
        "丁局": 95,
        "戊委": 93,
    }
    impact = diff(found, ("旧", "新")).impact
    assert impact is not None
    assert {one.unit: one.was_category for one in impact.shifts if one.was_category} == {"丁局": "市直"}


def categories(found: Comparison) -> list[tuple[str, str, str]]:
    """What becomes of categories."""
    return sorted((one.how, one.old_name, one.name) for one in found.changes if one.block == "类别")


GONE = [
    ("删除", "市直", ""),
    ("新增", "", "市直一类"),
    ("新增", "", "市直二类"),
]


@pytest.mark.parametrize("printed", [True, False])
def test_a_category_is_split(tmp_path: Path, printed: bool) -> None:
    """Two of the three units are in the one, the third in the other: neither is the old one."""
    kinds = "类别 区县（100 分）\n类别 市直一类（100 分）\n类别 市直二类（100 分）\n"
    rules = RULES.replace("“市直”", "“市直一类”、“市直二类”").replace(
        "情形：类别 为 “市直一类”、“市直二类” 且", "情形：类别 不为 “区县” 且"
    )
    roster = {**ROSTER, "丙局": "市直一类", "丁局": "市直一类", "戊局": "市直二类"}
    old = written(tmp_path, 2024, ROSTER, printed=printed)
    new = written(tmp_path, 2025, roster, kinds=kinds, rules=rules, printed=printed)
    assert categories(compared(old, new)) == GONE
    assert categories(compared(new, old)) == [
        ("删除", "市直一类", ""),
        ("删除", "市直二类", ""),
        ("新增", "", "市直"),
    ], "nor is one that two were merged in"


def test_the_units_decide_and_not_the_name(tmp_path: Path) -> None:
    """市直部门 of 2025 is who was 区县, and 县 who was 市直."""
    roster = {unit: "县" if kind == "市直" else "市直部门" for unit, kind in ROSTER.items()}
    kinds = "类别 市直部门（100 分）\n类别 县（100 分）\n"
    old = written(tmp_path, 2024, ROSTER)
    new = written(tmp_path, 2025, roster, kinds=kinds, rules=RULES.replace("“市直”", "“县”"))
    assert categories(compared(old, new)) == [("改名", "区县", "市直部门"), ("改名", "市直", "县")]


def test_what_else_it_says_must_be_the_same(tmp_path: Path) -> None:
    """The same units, but they are not ranked any more: that is no other name."""
    kinds = "类别 区县（100 分）\n类别 市直部门（不参加排名）\n"
    old = written(tmp_path, 2024, ROSTER)
    new = written(tmp_path, 2025, RENAMED, kinds=kinds, rules=named(RULES))
    assert categories(compared(old, new)) == [("删除", "市直", ""), ("新增", "", "市直部门")]


@pytest.mark.parametrize("printed", [True, False])
def test_the_author_says_so(tmp_path: Path, printed: bool) -> None:
    """上年对应 of a category names the one of the year before; that is no code that is lacking there."""
    kinds = KINDS.replace("市直", "机关") + "  上年对应：市直\n"
    rules = RULES.replace("市直", "机关")
    roster = {unit: kind.replace("市直", "机关") for unit, kind in ROSTER.items()}
    old = written(tmp_path, 2024, ROSTER, printed=printed)
    new = written(tmp_path, 2025, roster, kinds=kinds, rules=rules, printed=printed)
    compared(old, new)
    assert told(review(old, new)) == [("类别 “市直” 改称 “机关”", "仅措辞", False)]
    silent = written(tmp_path / "稿", 2025, roster, kinds=kinds.partition("  上年")[0], rules=rules, printed=printed)
    gone = [("删除", "市直", ""), ("新增", "", "机关")]
    assert categories(compared(old, silent)) == ([("改名", "市直", "机关")] if printed else gone)


def test_the_author_says_of_two(tmp_path: Path) -> None:
    """What two are put together in is neither of them, though one of them is still there."""
    old = written(tmp_path, 2024, ROSTER)
    new = written(tmp_path, 2025, RENAMED, kinds=f"{named(KINDS)}  上年对应：市直、区县\n", rules=named(RULES))
    assert categories(compared(old, new)) == [("删除", "市直", ""), ("新增", "", "市直部门")]


def test_a_predecessor_that_is_not_there(tmp_path: Path) -> None:
    def asked(said: str) -> list[str]:
        folder = tmp_path / said
        written(folder, 2024, ROSTER)
        new = written(folder, 2025, RENAMED, kinds=f"{named(KINDS)}  上年对应：{said}\n", rules=named(RULES))
        text = new.source.text.replace("  状态：印发稿\n", "  状态：印发稿\n  上年度：试点@2024\n")
        path = folder / "2025.perf"
        path.write_text(text, encoding="utf-8")
        return [one.message for one in open_rulebook(path).problems if one.code == "K524"]

    assert asked("市直") == []
    assert asked("市属") == ["上年度的办法 “试点@2024” 里没有类别 “市属”，是不是 市直？"]


# ---- wherever a category may be named

LEVELS = """\
指标 联系点（40 分）【A01】
  指标值：类别
  计分：分档
  | 分档 | 得分 |
  | 区县 | 30 |
  | 市直 | 40 |
指标 创建（30 分）【A02】
  数据：创建结果（好、差）
  计分：按各项条件
  | 类别 | 创建结果 | 得分 |
  | 市直 | 好 | 30 |
  | 市直 | 差 | 20 |
  | 区县 | 好 | 25 |
  | 其余 |    | 0 |
数据 测评打分（每个单位每个评委一行）
  列：单位、评委、层别（代表、企业）、打分（分）
指标 测评（30 分）【A03】
  打分表：测评打分
  层别权重：没有票的层别权重按比例分给其他
    | 层别 | 区县 | 市直 |
    | 代表 | 60%  | 30%  |
    | 企业 | 40%  | 70%  |
  计分：各评委打分的平均 × 30%
"""


def renamed(path: Path, was: str, now: str, folder: Path) -> tuple[Rulebook, Rulebook]:
    """A rulebook, and the same with another name of a category, which stands in it as a word of its own."""
    text = path.read_text(encoding="utf-8")
    marks = {"“": "”", "、": "、）", "（": "、）", "| ": " |", "类别 ": "（", "：": "）"}
    for before, after in marks.items():
        for end in after:
            text = text.replace(f"{before}{was}{end}", f"{before}{now}{end}")
    text = "".join(
        line.replace(f"| {was} ", f"| {now} ") if line.strip().startswith("|") else line
        for line in text.splitlines(keepends=True)
    )
    new = folder / path.name
    new.write_text(text, encoding="utf-8")
    made = [open_rulebook(one).rulebook for one in (path, new)]
    assert made[0] is not None
    assert made[1] is not None
    assert made[1].category(now) is not None
    return made[0], made[1]


@pytest.mark.parametrize(
    ("name", "was"),
    [
        ("写法/K01/例", "市直"),
        ("写法/K02/例", "单列"),
        ("写法/A02/例", "局"),
        ("写法/A02/满分", "园区"),
        ("写法/G03/例", "园区"),
        ("写法/I18/例", "区县"),
    ],
)
def test_in_every_place(name: str, was: str, tmp_path: Path) -> None:
    """Grades of their own, weights by category, layers of ballots."""
    old, new = renamed(RULEBOOKS / f"{name}.perf", was, f"{was}单位", tmp_path)
    found = compare(old, new)
    assert [(one.how, one.old_name, one.name) for one in found.changes] == [("改名", was, f"{was}单位")]
    assert not found.changes[0].guessed
    assert applied(old, json.loads(json.dumps(as_document(found)))) == new


def test_levels_that_go_by_the_category(tmp_path: Path) -> None:
    """A level table of the category, a table of conditions, weights of layers."""
    head = HEAD.format(year=2024, kinds="区县、市直") + "  | 单位 | 类别 | 曾用名 |\n"
    head += "".join(f"  | {unit} | {kind} |  |\n" for unit, kind in ROSTER.items())
    path = tmp_path / "旧.perf"
    path.write_text(head + KINDS + LEVELS, encoding="utf-8")
    old = open_rulebook(path)
    assert old.sound, old.problems
    path = tmp_path / "新.perf"
    path.write_text(named(head + KINDS + LEVELS), encoding="utf-8")
    new = open_rulebook(path)
    assert new.sound, new.problems
    compared(old, new)
    assert told(review(old, new)) == [ONE]


TABLES = """\
附表 说明（每行一项）
  列：类别、办法
  | 类别 | 办法 |
  | 区县 | 排名 |
  | 市直 | 排名 |
附表 任务数（每行一项）
  列：任务、区县（件）、市直（件）
  | 任务 | 区县 | 市直 |
  | 调研 | 2 | 3 |
附表 分类目标（每个单位一行）
  列：单位、分组（区县、市直）
  | 单位 | 分组 |
  | 甲县 | 区县 |
  | 乙县 | 区县 |
  | 丙局 | 市直 |
  | 丁局 | 市直 |
  | 戊局 | 市直 |
台账 通报（每个事项一行）
  列：单位、事项编号、来源（区县、市直）
限等 受到通报【F02】
  情形：台账 “通报” 中 来源 为 “市直” 的 2 起以上
  后果：等次不高于 “一般”
  名额：空出的不递补
"""


def test_tables_that_hold_the_name(tmp_path: Path) -> None:
    """Rows and columns of 附表, and a ledger: 丙局 has two rows that say 市直, and is 一般 in both years."""
    old = written(tmp_path, 2024, ROSTER, rules=RULES + TABLES)
    new = written(tmp_path, 2025, RENAMED, kinds=named(KINDS), rules=named(RULES + TABLES))
    for opened, kind in ((old, "市直"), (new, "市直部门")):
        assert opened.data_folder is not None
        rows = f"单位,事项编号,来源\n丙局,1,{kind}\n丙局,2,{kind}\n甲县,3,区县\n甲县,4,{kind}\n"
        (opened.data_folder / "通报.csv").write_text(rows, encoding="utf-8")
    compared(old, new)
    found = on_data(old, new)
    assert told(found) == [ONE]
    assert found.sides is not None
    for side in ("old", "new"):
        grades = dict(zip(ROSTER, (cell[1] for cell in found.sides.cells(side, (), outputs.GRADE)), strict=True))
        assert grades == {"甲县": "优秀", "乙县": "一般", "丙局": "一般", "丁局": "一般", "戊局": "一般"}
    assert told(review(old, new, old.data_folder)) == [ONE]


def test_what_a_clause_goes_by_in_another_way(tmp_path: Path) -> None:
    """Levels of a ledger are not known to be categories: the clause is told, with its words, and its ledger stays as it is."""
    levels = """\
台账 表彰（每个事项一行）
  列：单位、事项编号、层级（区县、市直）
加分项 表彰（最高 5 分）【J01】
  台账：表彰
  同一事项：各计各的
  计分：市直每次 1 分；区县每次 2 分
"""
    head = ("总分：基本分，最高 100 分", "总分：基本分 + 加分，加分最高 5 分，最高 105 分")
    made = []
    for year, roster, rename in ((2024, ROSTER, str), (2025, RENAMED, named)):
        opened = written(tmp_path / "稿", year, roster, kinds=rename(KINDS), rules=rename(RULES))
        path = tmp_path / f"{year}.perf"
        text = opened.source.text.replace(*head).replace(rename(RULES), rename(levels + RULES))
        path.write_text(text, encoding="utf-8")
        made.append(open_rulebook(path))
    old, new = made
    assert old.sound, old.problems
    assert new.sound, new.problems
    compared(old, new)
    assert [sentence for sentence, _, _ in told(review(old, new))] == [
        ONE[0],
        "“表彰” 计分 “市直每次 1 分” 改为 “市直部门每次 1 分”",
    ]


def test_示例市(tmp_path: Path) -> None:
    """市直 is called 市直部门 in a rulebook of the year, in its roster, its comments: one change, and each unit has what it had."""
    place = RULEBOOKS / "示例市"
    shutil.copytree(place / "2024", tmp_path / "2024")
    text = (place / "2024.perf").read_text(encoding="utf-8")
    (tmp_path / "2024.perf").write_text(named(text), encoding="utf-8")
    roster = tmp_path / "2024" / "附表" / "单位名册.csv"
    roster.write_text(named(roster.read_text(encoding="utf-8-sig")), encoding="utf-8")
    old, new = open_rulebook(place / "2024.perf"), open_rulebook(tmp_path / "2024.perf")
    compared(old, new)
    found = on_data(old, new)
    assert told(found) == [ONE]
    assert found.before is not None
    assert found.after is not None
    assert found.before.outcome == found.after.outcome
    assert len(found.ledgers) == len(found.after.units)
    assert not any(one.delta or one.data for one in found.ledgers.values())
    impact = diff(found, ("旧", "新")).impact
    assert impact is not None
    assert [(one.group, one.entered, one.left) for one in impact.quotas] == [("市直部门", (), ()), ("区县", (), ())]
