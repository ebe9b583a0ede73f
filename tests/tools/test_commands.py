"""Commands, options and endings: exit codes 0 to 4, the result on stdout, the talk on stderr."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from running import RULEBOOKS, apart, perfdsl, project

from perfdsl.text.source import Unreadable
from perfdsl.tools import shared
from perfdsl.tools.shared import making_folder, write_folder
from perfdsl.tools.verbs import ALIASES, COMMANDS

SHICHENG = RULEBOOKS / "石城县河长制2018"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return project(tmp_path)


# ---- endings


def test_0_fine(book: Path) -> None:
    ran = perfdsl("check", book)
    assert (ran.code, ran.err) == (0, "")
    assert "没有发现问题" in ran.out


def test_1_findings(book: Path) -> None:
    ran = perfdsl("check", SHICHENG / "原文.perf")
    assert ran.code == 1
    assert "必须改 K301" in ran.out and ran.err == ""


def test_fail_level(book: Path) -> None:
    book.write_text(
        book.read_text(encoding="utf-8").replace("省级每次 1 分", "").replace("2 分；", "2 分"), encoding="utf-8"
    )
    assert perfdsl("check", book).code == 0
    assert perfdsl("check", book, "--fail-level", "请确认").code == 1
    assert perfdsl("校核", book, "--不过线", "提示").code == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["chek", "a"], "没有 “chek” 这个命令，可用的有：check（校核）"),
        (["check"], "没有写 考评办法文件"),
        (["check", "--fail-leve", "x", "a"], "没有 --fail-leve 这个选项，是不是 --fail-level？"),
        (["run", "--什么", "a"], "没有 --什么 这个选项"),
        (["run", "a", "--format", "xml"], "--format --格式 只能写：table、json、csv、parquet"),
        (["run", "我的", "文档/a.perf"], "多写了 文档/a.perf；路径里有空格的，整个用引号括起来"),
        (["run", "a", "--data"], "--data 后面要写内容"),
        (["run", "a", "--plan", "--out", "b"], "--plan 只看计算方案，不写结果，不能和 --out、--format 同用"),
        (["run", "a", "--plan", "--format", "json"], "不能和 --out、--format 同用"),
        (["explain", "a"], "没有写 --unit --单位"),
    ],
)
def test_2_wrong_usage(arguments: list[str], says: str) -> None:
    ran = perfdsl(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("用法不对：") and says in ran.err


def test_2_names_that_are_almost_right(book: Path) -> None:
    cases: tuple[tuple[list[str | Path], str], ...] = (
        (["explain", str(book), "--unit", "丙现"], "名册里没有 “丙现”，是不是 “丙县”？"),
        (["explain", str(book), "--unit", "甲局", "--item", "A011"], "没有 “A011” 这一项，是不是 “A01”？"),
        (["graph", str(book), "--item", "A011"], "没有编号为 “A011” 的指标"),
    )
    for arguments, says in cases:
        ran = perfdsl(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert says in ran.err


def test_2_nothing_said_shows_the_help() -> None:
    ran = perfdsl()
    assert (ran.code, ran.out) == (2, "")
    assert "用法：" in ran.err and "perfdsl [选项]" in ran.err  # before it, how it was started


def test_3_unreadable(tmp_path: Path) -> None:
    ran = perfdsl("run", tmp_path / "无.perf")
    assert (ran.code, ran.out) == (3, "") and ran.err.startswith("读不了：")


def test_4_internal_fault_writes_a_report_and_no_traceback(book: Path) -> None:
    with patch("perfdsl.workspace.opening.resolve", side_effect=RuntimeError("a fault of ours")):
        ran = perfdsl("check", book)
    assert (ran.code, ran.out) == (4, "")
    report = re.search("请把 (.+) 发给我们", ran.err)
    assert report is not None
    path = Path(report.group(1))
    assert "a fault of ours" in path.read_text(encoding="utf-8")
    path.unlink()


# ---- words


def test_aliases_of_commands(book: Path) -> None:
    assert {"校核", "试算", "查分", "整理", "关系图", "验算"} <= set(ALIASES)
    for alias, name in ALIASES.items():
        assert perfdsl(alias, "--help").out.split("\n", 1)[1] == perfdsl(name, "--help").out.split("\n", 1)[1]
    assert perfdsl("校核", book).out == perfdsl("check", book).out
    assert (
        perfdsl("试算", book, "--格式", "json", "--全部").out == perfdsl("run", book, "--format", "json", "--all").out
    )
    assert perfdsl("查分", book, "--单位", "甲局", "--指标", "A01", "--含他单位").out == (
        perfdsl("explain", book, "--unit", "甲局", "--item", "A01", "--show-others").out
    )
    assert perfdsl("关系图", book, "--格式", "dot").out == perfdsl("graph", book, "--format", "dot").out
    assert perfdsl("试算", book, "--数据", book.with_suffix("") / "数据").out == perfdsl("run", book).out


def test_every_help_is_chinese_and_fits_a_chinese_console() -> None:
    for name in ("", *COMMANDS):
        ran = perfdsl(*([name] if name else []), "--help", encoding="cp936")
        assert ran.code == 0
        assert ran.out.startswith("用法：") and "?" not in ran.out.replace("…", "")
        assert not re.search("Usage|Options|Show this|and exit", ran.out)


def test_every_command_says_what_it_does() -> None:
    assert all(re.search("[\u4e00-\u9fff]", told) for _, _, told in COMMANDS.values())


def test_colours(book: Path) -> None:
    broken = SHICHENG / "原文.perf"
    assert b"\033[" in apart("check", broken, FORCE_COLOR="1", TERM="xterm", NO_COLOR="").stdout
    assert b"\033[" not in apart("check", broken, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert b"\033[" not in apart("check", broken, NO_COLOR="").stdout


def test_a_chinese_console_of_windows() -> None:
    """cp936 streams print everything; nothing of ours turns into a question mark."""
    for command, book in (("check", "原文.perf"), ("run", "改定.perf")):
        ran = perfdsl(command, SHICHENG / book, encoding="cp936")
        assert "?" not in ran.out + ran.err


def test_stdin_has_a_name() -> None:
    ran = perfdsl("check", "-", "--stdin-filename", "草稿.perf", "--format", "json", stdin="指标 甲\n".encode())
    assert {one["file"] for one in ran.problems} == {"草稿.perf"}


# ---- run --out


def out_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_out_is_whole_and_hashed(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"
    ran = perfdsl("run", book, "--out", out)
    assert ran.code == 0 and f"结果已写入 {out}" in ran.err
    files = out_files(out)
    manifest = json.loads(files["结果.清单.json"])
    assert set(manifest["outputs"]) == set(files) - {"结果.清单.json"}
    for name, digest in manifest["outputs"].items():
        assert sha256(files[name]).hexdigest() == digest, name
    assert manifest["rulebook"]["sha256"] == sha256(book.read_bytes()).hexdigest()
    data = book.with_suffix("") / "数据"
    assert {one["file"]: one["sha256"] for one in manifest["data"]} == {
        path.name: sha256(path.read_bytes()).hexdigest() for path in data.iterdir()
    }
    assert json.loads(files["结果.json"]) == perfdsl("run", book, "--format", "json").json
    perfdsl("run", book, "--out", out)
    assert out_files(out) == files
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_plan_tells_how_each_step_is_computed() -> None:
    ran = perfdsl("run", "示例市@2025", "--plan")
    assert ran.code == 0
    head, titles, *steps = ran.out.partition("\n\n")[0].splitlines()
    found = re.fullmatch(r"规则共 (\d+) 步；按这些数据化简后 (\d+) 步（(.+)）；其中.+编成 (\d+) 条直算指令", head)
    assert found is not None
    nodes, left, counts, _ = found.groups()
    assert int(left) < int(nodes)
    assert sum(map(int, re.findall(r"(\d+) 步", counts))) == int(left)
    assert titles.split() == ["条款", "运算", "级", "最小", "最大", "为什么"]
    # 固投完成率：金额以元为单位，分子不止 2^52；不涉及的分值调到别项：许多没有取舍的商
    [share] = [step for step in steps if "A102" in step and "四舍五入" in step]
    assert share.split()[-1].endswith("双精度除法后用整数余数修正")
    assert "K586" in ran.err
    every = perfdsl("run", "示例市@2025", "--plan", "--all").out.partition("\n\n")[0].splitlines()
    assert len(every) - 2 == int(left)


def ledgers_in_the_plan(book: Path | str) -> set[tuple[str, ...]]:
    """(ledger, rows, clause, how) of ``run --plan``."""
    titles, *lines = perfdsl("run", book, "--plan", "--no-cache").out.partition("\n\n")[2].splitlines()
    assert titles.split() == ["台账", "行数", "条款", "怎样算"]
    return {tuple(re.split(" {2,}", line.strip(), maxsplit=3)) for line in lines}


def test_the_plan_tells_how_each_ledger_is_counted(tmp_path: Path) -> None:
    """Counted, and in how many rows and groups; or from its rows one by one, and why."""
    rows = "甲局,BZ-1,省级,2025-03-01\n甲局,BZ-2,省级,2025-03-02\n乙局,BZ-2,国家级,2025-03-02\n"
    book = project(tmp_path, honours=f"单位,事项编号,级别,认定日期\n{rows}")
    place = ("表彰", "3", "第六条 J01 表彰（第 34 行）")
    assert ledgers_in_the_plan(book) == {("表彰", "3", "·", "不足 500,000 行，逐行计算")}
    with large_from(4):
        assert ledgers_in_the_plan(book) == {("表彰", "3", "·", "不足 4 行，逐行计算")}
    with large_from(3):  # a row of either level; two units, two matters
        counted = "先数行再合计：按规则问到的分 2 种行，单位和事项最多 4 组"
        assert ledgers_in_the_plan(book) == {(*place, counted)}
    book = project(tmp_path, honours=f"单位,事项编号,级别,认定日期\n{rows.replace('BZ-1,省级', 'BZ-1,')}")
    with large_from(3):
        assert (*place, "逐行计算：有的行不知道算不算、值多少（有没有填的格）") in ledgers_in_the_plan(book)


@contextmanager
def large_from(rows: int) -> Iterator[None]:
    """Inside, a ledger of so many rows is worth counting."""
    from perfdsl.engine import runs

    before = runs.run.__defaults__
    assert before is not None and before[-1] == runs.LEAST_ROWS
    with (
        patch.object(runs.run, "__defaults__", (*before[:-1], rows)),
        patch.object(runs, "LEAST_ROWS", rows),
    ):
        yield


def test_every_ledger_of_a_city_is_in_its_plan() -> None:
    with large_from(0):
        told = ledgers_in_the_plan("示例市@2025")
    assert {name for name, *_ in told} >= {"事故", "作风问题", "推广", "表彰", "通报"}
    how = {(name, place.split(" ")[1]): how for name, _, place, how in told}
    assert how["事故", "K01"].startswith("先数行再合计：")
    assert how["个性指标", "E01"] == "逐行计算：一行值多少要看别的行、别的表"


def test_run_without_out_writes_nothing(book: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    perfdsl("run", book)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("call", [1, 3, 6])
def test_a_failure_midway_leaves_the_old_result(book: Path, tmp_path: Path, call: int) -> None:
    """The disk is full while the third file is flushed: what stood before still stands, nothing else lies about."""
    import os

    out, real, calls = tmp_path / "结果", os.fsync, 0
    perfdsl("run", book, "--out", out)
    before = out_files(out)

    def full(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls == call:
            raise OSError(28, "No space left on device")
        real(handle)

    for where in (out, tmp_path / "新的"):
        calls = 0
        with patch.object(os, "fsync", full):
            ran = perfdsl("run", book, "--assume-pending", "不得分", "--out", where)
        assert ran.code == 3 and "写不进去" in ran.err
    assert out_files(out) == before
    assert {path.name for path in tmp_path.iterdir()} == {"试点", "试点.perf", "结果"}


@pytest.mark.parametrize("failing", [1, 2])
def test_a_rename_that_fails_puts_the_old_result_back(tmp_path: Path, failing: int) -> None:
    out, real, calls = tmp_path / "结果", Path.rename, 0
    ours = {"清单": '{"outputs": {"a": ""}}'}
    shared.write_folder(out, {"a": "旧", **ours}, recognise="清单")

    def locked(path: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise PermissionError(13, "Permission denied")
        return real(path, target)

    with patch.object(Path, "rename", locked), pytest.raises(Unreadable, match="WPS/Excel"):
        shared.write_folder(out, {"a": "新", **ours}, recognise="清单")
    assert (out / "a").read_text(encoding="utf-8") == "旧"
    assert [path.name for path in tmp_path.iterdir()] == ["结果"]


def test_out_never_removes_what_is_not_ours(book: Path, tmp_path: Path) -> None:
    desk = tmp_path / "桌面"
    desk.mkdir()
    (desk / "重要.docx").write_text("x", encoding="utf-8")
    ran = perfdsl("run", book, "--out", desk)
    assert ran.code == 3 and "里面有别的文件（重要.docx）" in ran.err
    assert out_files(desk) == {"重要.docx": b"x"}
    ran = perfdsl("run", book, "--out", desk / "重要.docx")
    assert ran.code == 3 and "是文件，这里要的是文件夹" in ran.err


def test_fmt_writes_whole_or_not_at_all(book: Path) -> None:
    book.write_text(book.read_text(encoding="utf-8").replace("  条款", "条款"), encoding="utf-8")
    before = book.read_bytes()
    with patch.object(Path, "replace", side_effect=PermissionError(13, "Permission denied")):
        ran = perfdsl("fmt", book)
    assert ran.code == 3 and "写不进去" in ran.err
    assert book.read_bytes() == before
    assert perfdsl("fmt", "--check", book).code == 1
    assert "+  条款" in perfdsl("fmt", "--diff", book).out
    assert book.read_bytes() == before
    changed, again = perfdsl("fmt", book), perfdsl("fmt", book)
    assert (changed.code, again.code) == (0, 0)
    assert changed.err.endswith(f"{book}：已整理\n") and again.err == f"{book}：已经是规范的写法\n"
    assert perfdsl("fmt", "--check", book).code == 0


# ---- what a spreadsheet would run


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "＝1＋1", "＋甲", "－甲", "＠甲"])
def test_csv_is_inert(tmp_path: Path, name: str) -> None:
    book = project(tmp_path, f"单位,办结件数,应办件数,满意率,等级,培训\n{name},98,100,90%,好,9.5\n")
    text = book.read_text(encoding="utf-8")
    rows = "  | 甲局 | 市直 |  |\n  | 乙局 | 市直 | 乙委 |\n  | 丙县 | 区县 |  |\n"
    roster = book.with_suffix("") / "附表"
    roster.mkdir()
    (roster / "单位名册.csv").write_text(f"单位,类别,曾用名\n{name},市直,\n", encoding="utf-8")
    book.write_text(text.replace("  | 单位 | 类别 | 曾用名 |\n" + rows, ""), encoding="utf-8")
    (book.with_suffix("") / "数据" / "表彰.csv").write_text("单位,事项编号,级别,认定日期\n", encoding="utf-8")
    out = tmp_path / "结果"
    assert perfdsl("run", book, "--out", out).code == 0
    for path in out.glob("*.csv"):
        raw = path.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf") and raw.endswith(b"\r\n")
        for line in csv.reader(StringIO(raw.decode("utf-8-sig"))):
            for cell in line:
                number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell)
                assert number or not cell.startswith(tuple("=+-@\t\r＝＋－＠")), cell
    assert f"'{name}" in (out / "得分总表.csv").read_text(encoding="utf-8-sig")


# ---- explain


def explained(book: Path, *more: str) -> str:
    ran = perfdsl("explain", book, "--unit", "乙局", *more)
    assert ran.code == 0
    return ran.out


def test_explain_shows_sentence_article_operations_and_cells(book: Path) -> None:
    text = explained(book, "--item", "A01")
    assert "第五条第（一）项 A01 按时办结率" in text
    assert "规则：每低 1 个百分点扣 0.5 分，不足的不计，扣完本指标为止" in text
    assert "← 实绩.csv B3" in text and "← 实绩.csv C3" in text
    assert re.search("98% . 90% = 8 个百分点", text) and "56.00／60" in text
    assert "60 分" in text


def test_explain_names_others_only_when_asked(book: Path) -> None:
    text = explained(book)
    assert "第 1 名的值 = 90%" in text and "第 2 名的值（乙局） = 80%" in text
    assert "甲局" not in text and "丙县" not in text
    shown = explained(book, "--show-others")
    assert "第 1 名的值（甲局） = 90%" in shown and "第 3 名的值（丙县） = 60%" in shown


def test_explain_names_the_rows_of_a_ledger(book: Path) -> None:
    text = perfdsl("explain", book, "--unit", "甲局", "--item", "J01").out
    assert "表彰.csv A2" in text and "第六条" in text


def test_explain_adds_up_for_every_item(book: Path) -> None:
    """The scores in the explanation are those of the run."""
    units: list[dict[str, Any]] = perfdsl("run", book, "--format", "json").json["units"]
    assert units
    for unit in units:
        text = perfdsl("explain", book, "--unit", unit["unit"]).out
        assert f"{unit['unit']}  总分 {unit['total']}，第 {unit['rank']} 名，{unit['grade']}" in text
        for item in unit["items"]:
            assert re.search(rf"{item['code']} {item['name']}（第 {item['line']} 行）  {item['score']}", text), item


# ---- graph, test


def test_graph_formats(book: Path) -> None:
    assert perfdsl("graph", book).out.startswith("flowchart TD")
    assert perfdsl("graph", book, "--format", "dot").out.startswith("digraph")
    nodes = perfdsl("graph", book, "--format", "json", "--item", "A01").json["nodes"]
    assert any("score:A01" in node["names"] for node in nodes)
    assert not any("score:A02" in node["names"] for node in nodes)


def test_cases_pass_and_fail(tmp_path: Path) -> None:
    book = project(tmp_path)
    case = book.with_suffix("") / "验算.yaml"
    case.write_text("- 名称: 手算\n  办法: ../试点.perf\n  数据: 数据\n  预期: 预期.csv\n", encoding="utf-8")
    expected = book.with_suffix("") / "预期.csv"
    expected.write_text("单位,总分,得分【A01】\n甲局,100.50,60.00\n乙局,90.67,56.00\n", encoding="utf-8")
    ran = perfdsl("test", tmp_path)
    assert ran.code == 0 and "√ 手算：核对 4 格，0 格不符" in ran.out
    expected.write_text("单位,总分,得分【A01】\n甲局,100.50,59.00\n", encoding="utf-8")
    ran = perfdsl("验算", tmp_path)
    assert ran.code == 1
    assert "× 手算" in ran.out and "甲局 得分【A01】：应为 “59.00”，算出 “60.00”" in ran.out


def test_a_fault_is_reported_whatever_the_names_are(book: Path) -> None:
    """A name of a file that is no text (a surrogate in its place) stands in the report as its number."""
    with patch("perfdsl.workspace.opening.resolve", side_effect=RuntimeError("a fault at \udcff.perf")):
        ran = perfdsl("check", book)
    assert ran.code == 4
    name = ran.err.partition("请把 ")[2].partition(" 发给")[0]
    assert "a fault at \\udcff.perf" in Path(name).read_text(encoding="utf-8")
    Path(name).unlink()


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘满了"),
        (OSError(errno.EROFS, "Read-only file system"), "只能读"),
        (OSError(errno.ENAMETOOLONG, "File name too long"), "名称太长"),
        (PermissionError(errno.EACCES, "Permission denied"), "可能正被 WPS/Excel 打开"),
        (OSError(errno.EIO, "Input/output error"), "系统说：Input/output error"),
    ],
    ids=lambda one: one if isinstance(one, str) else errno.errorcode[one.errno],
)
def test_what_keeps_a_folder_from_being_written_is_told_as_it_is(error: OSError, says: str, tmp_path: Path) -> None:
    with patch.object(os, "fsync", side_effect=error), pytest.raises(Unreadable) as told:
        write_folder(tmp_path / "结果", {"甲.txt": "甲"}, "清单.json")
    assert says in str(told.value) and ("WPS" in str(told.value)) is (error.errno == errno.EACCES)
    assert list(tmp_path.iterdir()) == []


def test_what_is_read_while_a_folder_is_written_has_its_own_words(tmp_path: Path) -> None:
    """A file of the data that cannot be read is no folder that cannot be written."""
    with pytest.raises(FileNotFoundError), making_folder(tmp_path / "结果", "清单.json"):
        (tmp_path / "没有.csv").read_bytes()
    with pytest.raises(Unreadable), making_folder(tmp_path / "结果", "清单.json") as temporary:
        (temporary / "没有" / "甲.txt").write_text("甲", encoding="utf-8")
    assert list(tmp_path.iterdir()) == []


def test_no_option_is_passed_over_in_silence(book: Path) -> None:
    """--on says which file a name means, so it has no use with standard input; --columns are told in JSON too."""
    ran = perfdsl("check", "-", "--on", "2025-06-30", stdin=book.read_bytes())
    assert ran.code == 2 and "不用 --on" in ran.err
    found = perfdsl("check", book, "--columns", "--format", "json").json["columns"]
    facts = next(one for one in found if one["table"] == "实绩")
    assert [one["name"] for one in facts["columns"]][:2] == ["单位", "办结件数"]
    assert facts["columns"][1]["holds"] == "数（件）" and facts["columns"][1]["items"] == ["A01 按时办结率"]
    assert "columns" not in perfdsl("check", book, "--format", "json").json


def test_data_are_looked_at_without_a_run(book: Path, tmp_path: Path) -> None:
    """Headings and cells are those of a run, and nothing is scored."""
    data = book.parent / "试点" / "数据"
    fine = perfdsl("check", book, "--data", data)
    assert fine.code == 0 and "没有试算；还有谁没有报，用 run 看\n" in fine.out and "总分" not in fine.out
    for path in data.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("办结件数,", "办理件数,").replace(",100,", ",一百多,"), encoding="utf-8")
    ran, whole = (perfdsl(verb, book, "--data", data, "--format", "json") for verb in ("check", "run"))
    assert ran.code == 1 and {"K422", "K425"} <= {one["code"] for one in ran.problems}
    mine = [one for one in ran.problems if one["address"]]
    assert mine == [one for one in whole.problems if one["address"]]
    nowhere = perfdsl("check", book, "--数据", tmp_path / "没有")
    assert nowhere.code == 3 and "K416" in nowhere.out and "数据看了" not in nowhere.out
    book.write_text(book.read_text(encoding="utf-8").replace("  方向：越高越好\n", "  方向：\n", 1), encoding="utf-8")
    ran = perfdsl("check", book, "--data", tmp_path / "没有")
    assert ran.code == 1 and ran.err == "办法还有必须改的，没有看数据\n" and "K416" not in ran.out
