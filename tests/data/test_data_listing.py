"""data.yaml: every scalar a text, nothing clever."""

from __future__ import annotations

from pathlib import Path

import pytest
from data_builders import TWO, facts, number, only, said, text, xlsx

from perfdsl.data.listing import inside, read_listing
from perfdsl.data.load import load
from perfdsl.model.table import UNIT_GRAIN

ACTUAL = facts(number("办结件数", "件"))


def listing(folder: Path, content: str | bytes) -> Path:
    path = folder / "data.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problem(folder: Path, content: str | bytes, code: str = "K418") -> str:
    return only(load(listing(folder, content), (TWO, ACTUAL)).problems, code).message


def test_every_scalar_stays_what_was_typed(tmp_path: Path) -> None:
    path = listing(tmp_path, "no: [no, 1.10, 010, 12:30:00, 1_000, ~, null]\n1.10:\n  文件: yes\n  工作表: 2025\n")
    listed, problems = read_listing(path)
    assert not problems
    assert listed[0].table == "no"
    assert listed[0].entry.files == ["no", "1.10", "010", "12:30:00", "1_000", "~", "null"]
    assert (listed[1].table, listed[1].entry.files, listed[1].entry.sheet) == ("1.10", ["yes"], "2025")
    assert listed[1].span and listed[1].span.line == 2
    assert listed[0].file_spans[1] and listed[0].file_spans[1].text == "1.10"


def test_all_forms(tmp_path: Path) -> None:
    (tmp_path / "分表").mkdir()
    (tmp_path / "分表" / "甲 1.csv").write_text("考核对象,件数（办结）\n市水利局,1\n", encoding="utf-8")
    xlsx(tmp_path / "乙.xlsx", ("说明", [["x"]]), ("数", [["单位", "件数（办结）"], ["市生态环境局", 2]]))
    content = (
        "实绩:\n  文件: [分表\\甲 1.csv, 分表/甲 1.csv, 乙.xlsx]\n  工作表: 数\n  表头:\n    办结件数: 件数（办结）\n"
    )
    for where in (listing(tmp_path, content), tmp_path):
        loaded = load(where, (TWO, ACTUAL))
        assert not loaded.problems
        assert loaded.dataset[UNIT_GRAIN].columns["实绩.办结件数"].values.tolist() == [1, 2]
        assert loaded.files[0].file == "分表\\甲 1.csv"


def test_sheets_are_found_as_in_a_folder(tmp_path: Path) -> None:
    head: list[list[object]] = [["单位", "办结件数"], ["市水利局", 1], ["市生态环境局", 1]]
    xlsx(tmp_path / "a.xlsx", ("x", head), ("实绩", head))
    xlsx(tmp_path / "b.xlsx", ("x", head))
    for name in ("a", "b"):
        assert not load(listing(tmp_path, f"实绩: {name}.xlsx"), (TWO, ACTUAL)).problems
    loaded = load(listing(tmp_path, "实绩: {files: a.xlsx, sheet: y}"), (TWO, ACTUAL))
    assert said(loaded.problems) == ["K406 a.xlsx"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "锚点或别名"),
        ("实绩: a.csv\n实绩: b.csv\n", "“实绩”写了两次"),
        ("实绩: !!python/object:os.system x\n", "类型标记"),
        ("实绩: [[[[[[[[a]]]]]]]]\n", "层次太多"),
        ("? [a]\n: b\n", "冒号左边应为名称"),
        ("实绩: a.csv\n---\n实绩: b.csv\n", "“---”"),
        ("实绩：a.csv\n", "冒号请用英文"),
        ("实绩\n", "表名、英文冒号"),
        ("- 实绩\n", "读不懂"),
        ("实绩: a: b\n", "读不懂这一行"),
        ("实绩: [a\n", "读不懂这一行"),
        ("实绩:\n  文件名: a.csv\n", "“文件名”不认识"),
        ("实绩:\n  工作表: a\n", "“实绩”没有写文件"),
        ("实绩: []\n", "“实绩”没有写文件"),
        ("实绩:\n  文件: a.csv\n  工作表: [a]\n", "这里应为文字"),
        (b"\0", "不是文本文件"),
        (b"\x07: a", "读不懂这一行"),
        ("#" * (1024 * 1024 + 1), "最多 1 MB"),
    ],
)
def test_what_is_refused(tmp_path: Path, content: str | bytes, says: str) -> None:
    if "文件名" in says:
        loaded = load(listing(tmp_path, content), (TWO, ACTUAL))
        assert any(says in one.message for one in loaded.problems)
    else:
        assert says in problem(tmp_path, content)


def test_problems_stand_at_their_line(tmp_path: Path) -> None:
    path = listing(tmp_path, "# 数据\n单位名单: a.csv\n实绩: ../a.csv\n")
    loaded = load(path, (TWO, ACTUAL))
    table, outside = only(loaded.problems, "K419"), only(loaded.problems, "K420")
    assert table.span and (table.span.line, table.span.text) == (2, "单位名单")
    assert outside.span and (outside.span.line, outside.span.text) == (3, "../a.csv")
    assert "是不是“单位名册”？" in table.message
    assert "有的是：" in problem(tmp_path, "zzz: a.csv", "K419")


def test_columns_that_are_mapped_must_exist(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("单位,件数\n市水利局,1\n市生态环境局,1\n", encoding="utf-8")
    loaded = load(listing(tmp_path, "实绩:\n  文件: a.csv\n  表头:\n    办洁件数: 件数\n"), (TWO, ACTUAL))
    assert "是不是“办结件数”？" in only(loaded.problems, "K418").message
    loaded = load(
        listing(tmp_path, "实绩:\n  文件: a.csv\n  表头: {zzz: 件数}\n"), (TWO, facts(text("x"), name="实绩"))
    )
    assert "没有名为“zzz”的列（" in only(loaded.problems, "K418").message


def test_an_empty_listing_lists_nothing(tmp_path: Path) -> None:
    assert said(load(listing(tmp_path, "# 没有\n"), (TWO, ACTUAL)).problems) == ["K421"]
    assert said(load(listing(tmp_path, "实绩: 没有.csv\n"), (TWO, ACTUAL)).problems) == ["K400 没有.csv"]


@pytest.mark.parametrize(
    "written", ["../a", "/a", "C:\\a", "C:a", "\\\\server\\a", "a/../../b", "", " ", "NUL", "con.csv", "甲/LPT1.xlsx"]
)
def test_names_that_lead_outside(tmp_path: Path, written: str) -> None:
    assert inside(tmp_path, written) is None


def test_links_that_lead_outside(tmp_path: Path) -> None:
    inner = tmp_path / "内"
    inner.mkdir()
    (tmp_path / "外.csv").write_text("x", encoding="utf-8")
    try:
        (inner / "外.csv").symlink_to(tmp_path / "外.csv")
    except OSError:
        pytest.skip("no right to make links")
    assert inside(inner, "外.csv") is None
    assert inside(inner, "甲/乙.csv") == inner / "甲" / "乙.csv"
