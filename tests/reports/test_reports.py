"""What a run and an explanation say: peers, 待定 and its causes, 暂定 on every output, reasons of grades, folders."""

from __future__ import annotations

import csv
import json
import sys
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from running import BOOK, HONOURS, Ran, perfdsl, project

from perfdsl.graph import ops
from perfdsl.publish import stamp
from perfdsl.publish.drawing import mermaid
from perfdsl.publish.table import place
from perfdsl.reports import drawing, words
from perfdsl.reports.explain import explain, explained
from perfdsl.reports.results import results
from perfdsl.workspace import evaluate, open_rulebook
from perfdsl.workspace.cases import CASE_FILE

BOOK_ = (
    BOOK.replace("台账 表彰", "类别 区县（100 分）\n类别 市直（100 分）\n台账 表彰")
    .replace("满意率（%）、等级（好、差）", "满意率（%）")
    .replace(
        "比较范围：全部单位\n  计分：最高者得满分，其余按与最高者的比例",
        "比较范围：同类别\n  计分：按名次得 30、20、10 分",
    )
    .replace("方向：越高越好\n  比较范围", "方向：越低越好\n  比较范围")
)
FACTS_ = "单位,办结件数,应办件数,满意率,培训\n甲局,98,100,90%,9.5\n乙局,90,97,80%,8\n丙县,100,100,60%,7\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return project(tmp_path, FACTS_, HONOURS, BOOK_)


def said(book: Path, unit: str, *more: str) -> str:
    ran = perfdsl("explain", book, "--unit", unit, *more)
    assert ran.code == 0, ran.err
    return ran.out


# ---- explain


def test_peers_are_those_of_the_group_in_the_direction_of_the_rule(book: Path) -> None:
    """丙县 is of another category; the lowest is the first."""
    text = said(book, "甲局", "--item", "A02")
    assert "比较的单位有 2 个" in text
    assert "第 1 名的值 = 80%" in text and "第 2 名的值（甲局） = 90%" in text
    assert "60%" not in text and "乙局" not in text
    assert "第 1 名的值（乙局） = 80%" in said(book, "甲局", "--item", "A02", "--show-others")


def test_numbers_are_put_for_the_eye(book: Path) -> None:
    text = said(book, "乙局", "--item", "A01")
    assert "指标值（90 件 ÷ 97 件） = 92.78%（90/97）" in text
    assert "5.22 个百分点（506/97）" in text and "÷ 1 个百分点 = 5.22（506/97）" in text
    assert "不足一档的不计（5.22（506/97）） = 5" in text


def test_a_target_that_was_met_is_told_in_words(book: Path) -> None:
    text = said(book, "丙县", "--item", "A01")
    assert "已达标，不扣\n" in text and "98% － 100% = -2 个百分点" in text
    assert "取大" not in text


def test_a_ledger_names_its_level(book: Path) -> None:
    assert "省级 1 次 × 1 分 = 1 分" in said(book, "甲局", "--item", "J01")
    assert "“表彰” 里没有本单位要计的" in said(book, "丙县", "--item", "J01")


def test_a_coefficient_is_told_with_the_rule() -> None:
    folder = Path(__file__).parents[2] / "rulebooks" / "写法" / "A07"
    ran = perfdsl("explain", folder / "例.perf", "--unit", "甲企", "--data", folder / "例" / "数据")
    assert "；得分再乘系数 难度系数值（完成基本指标 为 “是” 的），不封顶" in ran.out
    assert "，最高得满分" in ran.out


def test_headings_keep_the_printed_number(tmp_path: Path) -> None:
    home = Path(__file__).parents[2] / "rulebooks" / "石城县河长制2018" / "改定.perf"
    text = said(home, "琴江镇")
    assert "一、组织领导和制度落实（第 26 行）" in text and "一.2 2.督查督办（第 35 行）" in text


def test_every_item_fits_half_a_screen() -> None:
    home = Path(__file__).parents[2] / "rulebooks" / "示例市" / "2025.perf"
    evaluation = evaluate(open_rulebook(home), None)
    for unit in ("云泽区", "市财政局"):
        items = explain(evaluation, unit, explained(evaluation)).items
        assert max(len(item.steps) for item in items) in range(1, 21)


@pytest.mark.parametrize(
    ("number", "text"),
    [("167/180", "92.78%（167/180）"), ("0.964", "96.4%"), ("1", "100%"), ("-1/3", "-33.33%（-1/3）")],
)
def test_ratios(number: str, text: str) -> None:
    assert words.ratio(Fraction(number)) == text


# ---- why a grade


def test_why_a_grade(book: Path) -> None:
    finding = results(evaluate(open_rulebook(book), None))
    why = {unit.unit: unit.why for unit in finding.units}
    first = min(finding.units, key=place)
    assert why[first.unit].endswith("“优秀” 90 分以上，名额 3 × 30% = 0.9，四舍五入 1 个以内")
    out = perfdsl("run", book).out
    assert all(reason in out for reason in why.values())
    assert f"为什么：{why['甲局']}" in said(book, "甲局")


def test_why_not_the_better_grade(tmp_path: Path) -> None:
    facts = FACTS_.replace("乙局,90,97", "乙局,97,97").replace("丙县,100,100,60%,7", "丙县,100,100,60%,10")
    veto = "一票否优 舆情【F1】\n  条款：第八条\n  情形：重大舆情 为 “是”\n  名额：由下一名递补\n"
    text = BOOK_.replace("等次 年度等次", veto + "等次 年度等次").replace(
        "满意率（%）", "满意率（%）、重大舆情（是、否）"
    )
    facts = "\n".join(
        line + (",重大舆情" if i == 0 else ",是" if line.startswith("丙县") else ",否") if line else ""
        for i, line in enumerate(facts.split("\n"))
    )
    book = project(tmp_path, facts, HONOURS, text)
    opened = open_rulebook(book)
    assert opened.sound, [one.message for one in opened.problems]
    why = {unit.unit: unit.why for unit in results(evaluate(opened, None)).units}
    assert why["丙县"] == "一票否优 “舆情”，不得评为最高等次，列入 “合格”"
    full = [reason for reason in why.values() if "已满" in reason]
    assert full == ["够 “优秀” 线，名额 3 × 30% = 0.9，四舍五入 1 个已满，列入 “合格”"]


# ---- 待定


def test_what_waits_for_what(tmp_path: Path) -> None:
    book = project(tmp_path, FACTS_.replace("80%,8", "80%,"), HONOURS, BOOK_)
    finding = results(evaluate(open_rulebook(book), None))
    assert finding.pending == ("甲局", "乙局", "丙县")
    waits = {unit.unit: {one.what: one.causes for one in unit.waits} for unit in finding.units}
    assert waits["乙局"]["A03 培训"] == ("培训 没有填 ← 实绩.csv E3",)
    assert waits["甲局"] == dict.fromkeys(("名次", "等次"), ("乙局 的培训 没有填 ← 实绩.csv E3",))
    ran = perfdsl("run", book)
    assert ran.code == 1 and "培训 没有填 ← 实绩.csv E3 → 乙局 的 A03 培训、总分" in ran.out
    assert "待定：培训 没有填 ← 实绩.csv E3" in said(book, "乙局", "--item", "A03")
    assert "名次待定：另一单位的培训 没有填\n" in said(book, "甲局")


def test_grades_alone_that_wait_are_findings(tmp_path: Path) -> None:
    """Totals and ranks are there; only the fact of a veto is missing."""
    veto = "一票否决 安全【F1】\n  条款：第八条\n  情形：事故 为 “是”\n  名次：保留名次\n  名额：由下一名递补\n"
    text = BOOK_.replace("等次 年度等次", veto + "等次 年度等次").replace("满意率（%）", "满意率（%）、事故（是、否）")
    facts = (
        FACTS_.replace("培训\n", "培训,事故\n")
        .replace("9.5\n", "9.5,否\n")
        .replace("8\n", "8,\n")
        .replace(",7\n", ",7,否\n")
    )
    book = project(tmp_path, facts, HONOURS, text)
    opened = open_rulebook(book)
    assert opened.sound, [one.message for one in opened.problems]
    ran = perfdsl("run", book)
    assert ran.code == 1 and "事故 没有填 ← 实绩.csv F3" in ran.out
    assert [unit["total"] is None for unit in perfdsl("run", book, "--format", "json").json["units"]] == [False] * 3


def test_no_rank_is_not_pending() -> None:
    home = Path(__file__).parents[2] / "rulebooks" / "示例市" / "2025.perf"
    ran = perfdsl("run", home)
    assert ran.code == 0 and "待定" not in ran.out and "“单列” 不参加排名" in ran.out
    assert "待定" not in said(home, "市委办公室").split("\n")[0]


@pytest.mark.parametrize(
    ("value", "state", "told"),
    [("1", "有值", "1"), (None, "待定", "待定"), (None, "未报", "待定"), (None, "不涉及", "—")],
)
def test_words_for_what_is_not_there(value: str | None, state: str, told: str) -> None:
    assert stamp.told(value, state) == told


def test_a_file_that_cannot_be_read_ends_with_3(book: Path) -> None:
    (book.with_suffix("") / "数据" / "表彰.csv").write_bytes(b"\x00\x01\xff\xfe\x00")
    evaluation = evaluate(open_rulebook(book), None)
    assert evaluation.unreadable and evaluation.incomplete == {"表彰"}
    ran = perfdsl("run", book)
    assert ran.code == 3 and "表不完整：“表彰”" in ran.out


# ---- 暂定, --out


def written(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8-sig") for path in folder.iterdir()}


def test_every_output_is_stamped(tmp_path: Path) -> None:
    book = project(tmp_path, FACTS_.replace("80%,8", "80%,"), HONOURS, BOOK_)
    out = tmp_path / "结果"
    perfdsl("run", book, "--assume-pending", "不得分", "--out", out)
    files = written(out)
    assert {name for name in files if "暂定" not in name} == {"结果.清单.json"}
    for name, text in files.items():
        if name.endswith(".csv"):
            head, *rows = csv.reader(StringIO(text))
            assert head[0] == "暂定" and all(row[0] == "暂定（暂按不得分）" for row in rows), name
        elif name.endswith(".txt"):
            assert text.startswith("【暂定】")
        else:
            assert json.loads(text)["provisional"] is True
    perfdsl("run", book, "--out", out)
    assert not any("暂定" in name for name in written(out))


def test_the_table_of_scores(tmp_path: Path) -> None:
    book = project(tmp_path, FACTS_.replace("80%,8", "80%,"), HONOURS, BOOK_)
    out = tmp_path / "结果"
    ran = perfdsl("run", book, "--out", out)
    files = written(out)
    head, *rows = csv.reader(StringIO(files["得分总表.csv"]))
    assert head[:8] == ["单位", "类别", "基本分", "总分", "名次", "等次", "否决限等", "等次理由"]
    assert "A01 按时办结率" in head
    second = next(dict(zip(head, row, strict=True)) for row in rows if row[0] == "乙局")
    assert (second["A03 培训"], second["总分"], second["名次"], second["等次"]) == ("待定",) * 4
    long = [row for row in csv.DictReader(StringIO(files["得分明细.csv"])) if row["单位"] == "乙局"]
    assert next(row["得分"] for row in long if row["编号"] == "A03") == "待定"
    assert (out / "问题.txt").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "K505" in files["问题.txt"] and ran.err.split("\n结果已写入")[0].strip() in files["问题.txt"]


def test_the_folder_is_ours_or_empty(book: Path, tmp_path: Path) -> None:
    def into(name: str) -> Ran:
        return perfdsl("run", book, "--out", tmp_path / name)

    ran = into("结果.xlsx")
    assert (ran.code, ran.out) == (2, "") and "要的是文件夹" in ran.err
    (tmp_path / "空的").mkdir()
    assert into("空的").code == 0 and into("空的").code == 0
    theirs = tmp_path / "别人的"
    theirs.mkdir()
    (theirs / "得分总表.csv").write_text("x", encoding="utf-8")
    assert into("别人的").code == 3 and (theirs / "得分总表.csv").read_text(encoding="utf-8") == "x"
    (tmp_path / "空的" / "我的.docx").write_text("x", encoding="utf-8")
    assert into("空的").code == 3 and (tmp_path / "空的" / "我的.docx").exists()


def test_schedules_are_in_the_manifest(tmp_path: Path) -> None:
    home = Path(__file__).parents[2] / "rulebooks" / "石城县河长制2018" / "改定.perf"
    out = tmp_path / "结果"
    perfdsl("run", home, "--out", out)
    files = [one["file"] for one in json.loads(written(out)["结果.清单.json"])["data"]]
    assert "改定/附表/单位名册.csv" in files


# ---- order, graph, columns, cases


def test_ranks_are_compared_exactly(book: Path) -> None:
    finding = results(evaluate(open_rulebook(book), None))
    assert [unit.rank for unit in sorted(finding.units, key=place)] == ["1", "2", "3"]


def test_every_operation_has_a_word() -> None:
    assert set(drawing.WORDS) == set(ops.OPERATIONS)
    assert set(words.FUNCTIONS) == set(ops.Fn) and set(words.REDUCE) == set(ops.Reduce)


def test_the_graph_is_chinese_and_holds_only_the_item(book: Path) -> None:
    rulebook = open_rulebook(book).rulebook
    assert rulebook is not None
    boxes = drawing.drawing(rulebook, "A01")
    assert boxes is not None
    text = mermaid(boxes)
    assert "A01 按时办结率 得分" in text and "相除" in text and "四舍五入，保留 2 位" in text
    assert "满意率" not in text and "培训" not in text
    assert drawing.drawing(rulebook, "按时办结率") == boxes
    assert drawing.drawing(rulebook, "无") is None


def test_the_headings_to_fill_in(book: Path) -> None:
    ran = perfdsl("check", book, "--栏目")
    assert ran.code == 0
    assert "数据 实绩（每个单位一行" in ran.out and "台账 表彰（每个事项一行" in ran.out
    line = next(line for line in ran.out.split("\n") if line.strip().startswith("办结件数"))
    assert line.split() == ["办结件数", "数（件）", "市政务局", "A01", "按时办结率"]
    assert "国家级、省级" in ran.out


@pytest.mark.parametrize(
    ("expected", "says"),
    [
        ("", "没有可以核对的数"),
        ("单位,总分\n", "没有可以核对的数"),
        ("单位,总分,名次\n甲局,1\n", "“甲局” 一行有 2 格，表头有 3 格"),
        ("单位,总份\n甲局,1\n", "没有对应的结果：总份"),
        ("单位,总分\n丁局,1\n", "不在名册里：丁局"),
    ],
)
def test_expected_files_that_are_wrong(book: Path, expected: str, says: str) -> None:
    folder = book.with_suffix("")
    (folder / CASE_FILE).write_text("- 名称: 甲\n  办法: ../试点.perf\n  预期: 预期.csv\n", encoding="utf-8")
    (folder / "预期.csv").write_text(expected, encoding="utf-8")
    ran = perfdsl("test", folder)
    assert ran.code == 1 and says in ran.out


def test_an_unknown_assumption(book: Path) -> None:
    path = book.with_suffix("") / CASE_FILE
    path.write_text("- 名称: 甲\n  办法: ../试点.perf\n  暂按: 随便\n", encoding="utf-8")
    ran = perfdsl("test", path)
    assert ran.code == 3 and "只能写 不得分、得满分、不计分，写的是 “随便”" in ran.err
