"""Rulebook files as they really arrive: other encodings, pasted characters, sizes, things that are no rulebook."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from running import BOOK, perfdsl, project

GOOD = BOOK.replace("{status}", "印发稿")
SMALL = """\
考评办法 试（10 分）【试@2025】
  状态：印发稿
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分
附表 单位名册（每个单位一行）
  列：单位
指标 甲（10 分）
"""


def check(text: str | bytes, *more: str) -> list[tuple[str, str]]:
    """(code, marked text) of every problem."""
    raw = text.encode() if isinstance(text, str) else text
    ran = perfdsl("check", "-", "--format", "json", *more, stdin=raw)
    return [(one["code"], one["text"]) for one in ran.problems]


def test_a_good_one() -> None:
    assert check(GOOD) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    ran = perfdsl("check", "-", stdin=GOOD.replace("−", "-").encode(encoding))
    assert ran.code == 0, ran.err
    assert ("国标编码" in ran.err) == encoding.startswith("gb")


def test_bytes_that_are_no_text() -> None:
    for raw, says in ((b"PK\x03\x04\0\0", "不是文本文件"), (b"\x81\xff\xff\xfe\x20", "既不是 UTF-8 也不是国标编码")):
        ran = perfdsl("check", "-", stdin=raw)
        assert (ran.code, ran.out) == (3, "")
        assert says in ran.err and ran.err.startswith("读不了：")


@pytest.mark.parametrize("name", ["年度目标.csv", "年度目标.XLSX", "年度目标.xls", "年度目标.et"])
def test_a_table_is_no_rulebook(name: str, tmp_path: Path) -> None:
    """One word, and not a problem for each of its lines."""
    book, table = tmp_path / "办法.perf", tmp_path / name
    book.write_text(GOOD, encoding="utf-8")
    table.write_text("单位,目标\n甲局,1\n", encoding="utf-8")
    for asked in (("check", table), ("diff", book, table), ("diff", table, book)):
        ran = perfdsl(*asked)
        assert (ran.code, ran.out) == (3, "")
        assert f"{name}：这是表，不是考评办法" in ran.err and len(ran.err.splitlines()) == 1


def test_blanks_and_soft_breaks_of_word() -> None:
    """NBSP, ideographic blanks, tabs, vertical tabs and CR LF change nothing."""
    text = GOOD.replace("  条款：", "\u00a0\u3000条款：").replace("  计分：", "\t计分：\u00a0").replace("\n", "\r\n")
    assert check(text) == []
    assert check(GOOD.replace("\n  方向：", "\v  方向：")) == []
    assert check(GOOD.replace("\n  方向：", "\u2028  方向：")) == []


def test_full_width() -> None:
    wide = GOOD.translate(str.maketrans("0123456789%()", "０１２３４５６７８９％（）"))
    assert check(wide) == []


@pytest.mark.parametrize(
    ("line", "code", "text"),
    [
        ("  计分：每有 1，000 件未办结扣 1 分，扣完本指标为止\n", "K031", "1，000"),
        ("  计分：每有 1,000 件未办结扣 1 分，扣完本指标为止\n", "K031", "1,000"),
        ("  指标值：1e9999\n", "K030", "1e9999"),
        (f"  指标值：{'9' * 1900}\n", "K032", "9" * 1900),
        ("  指标值：NaN\n", "K040", "NaN"),
        (f"  指标值：{'（' * 500}1{'）' * 500}\n", "K007", "（" * 500 + "1" + "）" * 500),
        ("  计分：原则上得满分，否则不得分\n", "K250", "原则上"),
        ("  计分：及时报送得满分，否则不得分\n", "K250", "及时"),
        ("  计分：每有 1 次酌情扣 1 分，扣完本指标为止\n", "K250", "酌情"),
        ("  计分：达到得满分，否则酌情给分\n", "K043", "否则酌情给分"),
    ],
    ids=[
        "full-width comma",
        "comma",
        "1e9999",
        "nines",
        "NaN",
        "parentheses",
        "in principle",
        "timely",
        "as fit",
        "as fit 2",
    ],
)
def test_lines(line: str, code: str, text: str) -> None:
    assert (code, text) in check(SMALL + line)


def test_longer_than_a_line_may_be() -> None:
    for long in ("9" * 5000, "（" * 1000 + "1" + "）" * 1000):
        assert "K005" in [code for code, _ in check(f"{SMALL}  指标值：{long}\n")]


def test_ten_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "大.perf"
    path.write_bytes("# 说明\n".encode() * (1 << 20))
    ran = perfdsl("check", path)
    assert (ran.code, ran.out) == (3, "")
    assert "最多 2 MB" in ran.err


def test_two_rulebooks_in_one_file() -> None:
    found = check(GOOD + GOOD.replace("试点办法", "另一办法"))
    assert ("K171", "考评办法 另一办法（100 分）【试点@2025】") in [(c, t.split("\n")[0]) for c, t in found]


def test_no_rulebook_at_all() -> None:
    for text in ("", "# 只有说明\n", SMALL.split("\n", 1)[1]):
        ran = perfdsl("check", "-", "--format", "json", stdin=text.encode())
        assert ran.code == 1
        found = ran.only("K170")
        assert "考评办法 某市2025年度" in found["mend"]
        assert ("文件是空的" in found["message"], "供引用的文件" not in found["mend"]) == (not text, not text)


def test_a_cell_of_a_schedule_is_told_with_its_table() -> None:
    table = "附表 年度目标（每个单位一行）\n  列：单位、目标数（件）\n  | 单位 | 目标数 |\n  | 甲局 | 二十 |\n"
    ran = perfdsl("check", "-", stdin=GOOD.replace("台账 表彰", f"{table}台账 表彰").encode())
    assert re.search("K427：“目标数”应为数字.*\n +┌ 年度目标（第 [0-9]+ 行）", ran.out), ran.out


def test_left_open_in_a_draft_and_in_an_issued_one(tmp_path: Path) -> None:
    """待定 is a remark in a draft and 必须改 in what was issued."""
    text = GOOD.replace("计分：人工评分，0.5 分一档，写明理由", "计分：待定")
    for status, severity, code in (("印发稿", "必须改", 1), ("征求意见稿", "提示", 0), ("送审稿", "提示", 0)):
        ran = perfdsl("check", "-", "--format", "json", stdin=text.replace("印发稿", status).encode())
        problem = ran.only("K146")
        assert (problem["severity"], problem["text"], ran.code) == (severity, "待定", code), status
    book = project(tmp_path, book=text)
    assert perfdsl("run", book).code == 1


def test_a_draft_with_something_open_runs_and_says_what_is_open(tmp_path: Path) -> None:
    book = project(tmp_path)
    text = GOOD.replace("计分：人工评分，0.5 分一档，写明理由", "计分：待定").replace("印发稿", "征求意见稿")
    book.write_text(text, encoding="utf-8")
    ran = perfdsl("run", book, "--format", "json")
    assert ran.code == 1
    assert [unit["total"] for unit in ran.json["units"]] == [None, None, None]


def test_fields_of_no_use() -> None:
    text = GOOD.replace("  条款：第五条第（三）项\n", "  名额：30%\n  上限：不封顶\n")
    assert check(text) == [("K141", "名额"), ("K141", "上限")]


def test_several_mistakes_in_one_run() -> None:
    """Mistakes of all sorts, each found."""
    text = (
        GOOD.replace("【A02】", "【A01】")
        .replace("  方向：越高越好\n  比较范围", "  方相：越高越好\n  比较范围")
        .replace("（60 分）", "（50 分）")
        .replace("不足 1 个百分点的不计，", "")
        .replace("表彰，认定日期", "表彰，认定日")
        .replace("名额取整：四舍五入\n", "")
        .replace("| 合格 | 不足 90 分 |", "| 合格 | 不足 89 分 |")
        .replace("0.5 分一档，", "")
    )
    codes = [code for code, _ in check(text)]
    for code in ("K011", "K106", "K203", "K218", "K301", "K352", "K357"):
        assert code in codes, code


@pytest.mark.parametrize("name", ["2026 考核 (最终版)", "绩效 办法’引号", "C盘 我的 文档"])
def test_paths_with_chinese_and_blanks(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    book = project(folder)
    perfdsl("fmt", book)
    for arguments in (["check"], ["run"], ["fmt", "--check"], ["graph"]):
        assert perfdsl(arguments[0], book, *arguments[1:]).code == 0, arguments
    out = folder / "结果 第一次"
    assert perfdsl("run", book, "--out", out).code == 0
    assert (out / "结果.清单.json").exists()


def test_files_that_are_not_there_or_no_files(tmp_path: Path) -> None:
    for command in ("check", "run", "fmt", "graph"):
        for path, says in ((tmp_path / "无.perf", "没有这个文件"), (tmp_path, "是文件夹")):
            ran = perfdsl(command, path)
            assert (ran.code, ran.out) == (3, ""), command
            assert says in ran.err
    ran = perfdsl("test", tmp_path)
    assert (ran.code, ran.out) == (3, "") and "没有找到 验算.yaml" in ran.err


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights there")
def test_a_schedule_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "别处.csv"
    secret.write_text("单位,目标额\n甲局,1\n", encoding="utf-8")
    folder = tmp_path / "办法"
    folder.mkdir()
    for name in ("../别处.csv", str(secret)):
        book = project(folder)
        with book.open("a", encoding="utf-8") as out:
            out.write(f"附表 目标（每个单位一行，文件 “{name}”）\n  列：单位、目标额（件）\n")
        assert perfdsl("check", book, "--format", "json").only("K501")


def test_deep_and_many_do_not_hang() -> None:
    """A thousand indicators are checked; six thousand are refused."""
    many = "".join(f"指标 第{i}项（1 分）\n  计分：达到得满分，否则不得分\n" for i in range(300))
    head = SMALL.replace("指标 甲（10 分）\n", "").replace("（10 分）", "（300 分）")
    assert check(head + many) == []
