"""Files that are not what they seem: refused, quickly, in a sentence an officer can act on."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from data_builders import cells, only, raw_xlsx, said, xlsx

from perfdsl.data.cells import read_cells
from perfdsl.data.refused import MAX_FILE


def test_zip_bomb_is_counted_while_reading(tmp_path: Path) -> None:
    path = tmp_path / "实绩.xlsx"
    raw_xlsx(path, "<sheetData>" + " " * (65 * 1024 * 1024) + "</sheetData>")
    assert path.stat().st_size < 200_000
    start = time.perf_counter()
    problem = only(read_cells(path)[1], "K405")
    assert "解压后超过 64 MB" in problem.message
    assert time.perf_counter() - start < 5


def test_a_size_that_lies(tmp_path: Path) -> None:
    """The directory says 10 bytes, the part has more: zipfile stops at a wrong checksum, we say damaged."""
    path = raw_xlsx(tmp_path / "实绩.xlsx", cells("1", "2"))
    raw = bytearray(path.read_bytes())
    start = raw.rfind(b"PK\x01\x02", 0, raw.rfind(b"xl/worksheets/sheet1.xml"))
    raw[start + 24 : start + 28] = (10).to_bytes(4, "little")
    path.write_bytes(raw)
    assert said(read_cells(path)[1])[0].startswith("K404")


def test_two_cells_a_sheet_apart(tmp_path: Path) -> None:
    sheet = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>'
    table, _ = read_cells(raw_xlsx(tmp_path / "实绩.xlsx", '<dimension ref="A1:XFD1048576"/>' + sheet))
    assert table and table.rows[0].at(16384).text == "2"


@pytest.mark.parametrize("where", ["sheet", "strings", "book", "styles", "rels"])
def test_doctype_is_refused(tmp_path: Path, where: str) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    sheet = '<sheetData><row><c t="s"><v>0</v></c></row></sheetData>'
    path = raw_xlsx(tmp_path / "实绩.xlsx", sheet, **{where: bomb})
    assert "DOCTYPE" in only(read_cells(path)[1], "K405").message


def test_merges_that_cover_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfdsl.data.workbook.MAX_CELLS", 50)
    merges = '<mergeCell ref="A1:XFD1048576"/>' * 20
    path = raw_xlsx(tmp_path / "实绩.xlsx", cells(*"123456789") + f"<mergeCells>{merges}</mergeCells>")
    assert "互相重叠" in only(read_cells(path)[1], "K405").message
    monkeypatch.setattr("perfdsl.data.workbook.MAX_MERGES", 5)
    assert "合并单元格超过 5 处" in only(read_cells(path)[1], "K405").message


@pytest.mark.parametrize(
    ("sheet", "says"),
    [
        ('<sheetData><row r="0"/></sheetData>', "行列编号“0”"),
        ('<sheetData><row r="99999999"/></sheetData>', "行列编号"),
        ('<cols><col hidden="1" min="x"/></cols>', "行列编号“x”"),
        ('<sheetData><row><c r="XFE1"/></row></sheetData>', "单元格地址“XFE1”"),
        ('<sheetData><row><c r="1A"/></row></sheetData>', "单元格地址"),
        ('<mergeCells><mergeCell ref="A1:B"/></mergeCells>', "单元格地址“B”"),
        ('<sheetData><row><c t="s"><v>7</v></c></row></sheetData>', "引用的文字不存在"),
        ("<sheetData>", "读不通"),
    ],
)
def test_broken_sheets(tmp_path: Path, sheet: str, says: str) -> None:
    assert says in only(read_cells(raw_xlsx(tmp_path / "实绩.xlsx", sheet))[1], "K404").message


def test_hidden_column_without_numbers(tmp_path: Path) -> None:
    sheet = '<cols><col hidden="true"/><col min="3"/></cols>' + cells("1", "2")
    assert said(read_cells(raw_xlsx(tmp_path / "实绩.xlsx", sheet))[1]) == ["K413 实绩.xlsx 工作表“实绩” A1"]


@pytest.mark.parametrize(
    ("parts", "code", "says"),
    [
        ({"xl/vbaProject.bin": b"x"}, "K403", "宏"),
        ({"book": None}, "K404", "缺少工作簿目录"),
        ({f"xl/{i}.xml": "" for i in range(2000)}, "K405", "部件"),
    ],
)
def test_odd_packages(tmp_path: Path, parts: dict[str, str | bytes | None], code: str, says: str) -> None:
    problem = only(read_cells(raw_xlsx(tmp_path / "实绩.xlsx", cells("1"), **parts))[1], code)
    assert says in problem.message


def test_too_many_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfdsl.data.workbook.MAX_SHEETS", 1)
    xlsx(tmp_path / "实绩.xlsx", ("甲", [["1"]]), ("乙", [["1"]]))
    assert "工作表超过 1 张" in only(read_cells(tmp_path / "实绩.xlsx")[1], "K405").message


def test_a_workbook_without_relations_strings_and_styles(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "实绩.xlsx", cells("1", "2"), rels=None)
    assert read_cells(path)[0]
    assert said(read_cells(raw_xlsx(path, cells("1"), book_rels=None))[1])[0].startswith("K408")


def test_a_part_with_a_password(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "实绩.xlsx", cells("1"))
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert said(read_cells(path)[1]) == ["K402 实绩.xlsx"]


def test_a_checksum_that_is_wrong(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "实绩.xlsx", None)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as package:
        package.writestr("xl/worksheets/sheet1.xml", "<worksheet><sheetData/></worksheet>")
    path.write_bytes(path.read_bytes().replace(b"<sheetData/>", b"<sheetDatb/>"))
    assert "解不开" in only(read_cells(path)[1], "K404").message


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("实绩.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "K401"),
        ("实绩.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "K402"),
        ("实绩.xls", b"<html><table>", "K401"),
        ("实绩.pdf", b"%PDF-1.7", "K401"),
        ("实绩.xlsx", b"PK\x03\x04 cut short", "K404"),
        ("实绩.xlsx", "单位,数".encode(), "K404"),
        ("实绩.csv", b"\0\1\2", "K400"),
        ("实绩.csv", b"\xef\xbb\xbf\xff", "K400"),
    ],
)
def test_files_that_are_no_workbooks(tmp_path: Path, name: str, raw: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(raw)
    problem = only(read_cells(tmp_path / name)[1], code)
    assert problem.message and problem.address


def test_a_document_of_another_kind(tmp_path: Path) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    (tmp_path / "实绩.xlsx").write_bytes(buffer.getvalue())
    assert "不是 xlsx 工作簿" in only(read_cells(tmp_path / "实绩.xlsx")[1], "K401").message


def test_a_file_too_large(tmp_path: Path) -> None:
    for name in ("实绩.xlsx", "实绩.csv"):
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(MAX_FILE + 1)
    assert "最多 64 MB" in only(read_cells(tmp_path / "实绩.xlsx")[1], "K400").message
    assert "读不通" in only(read_cells(tmp_path / "实绩.csv")[1], "K404").message


def test_every_cut_of_a_workbook_is_refused_or_read(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "实绩.xlsx", cells("1", "2"), strings="<sst/>", styles="<styleSheet/>")
    whole = path.read_bytes()
    for length in range(0, len(whole), 37):
        path.write_bytes(whole[:length])
        table, problems = read_cells(path)
        assert table is None and problems
    for place in range(0, len(whole), 23):
        path.write_bytes(whole[:place] + b"\xff" + whole[place + 1 :])
        read_cells(path)
