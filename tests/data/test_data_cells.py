"""Files → raw cells: what a sheet says, and what is odd about it."""

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path

import pytest
from data_builders import cells, only, raw_xlsx, said, xlsx
from openpyxl import Workbook, load_workbook

from perfdsl.data.cells import open_book, read_cells
from perfdsl.data.raw import CellKind, RawTable
from perfdsl.data.workbook import style_of
from perfdsl.text.problem import Severity


def grid(table: RawTable | None) -> list[list[str]]:
    assert table is not None
    width = max(table.header.cells)
    return [[row.at(i).text for i in range(1, width + 1)] for row in (table.header, *table.rows)]


def test_csv_cells_have_spreadsheet_references(tmp_path: Path) -> None:
    path = tmp_path / "市 水利局 的 实绩.csv"
    path.write_text('单位,数\n\n市水利局,"1,000"\n,\n市环保局,"第一行\n第二行"\n', encoding="utf-8-sig")
    table, problems = read_cells(path)
    assert grid(table) == [["单位", "数"], ["市水利局", "1,000"], ["市环保局", "第一行\n第二行"]]
    assert table and str(table.rows[0].at(2).address) == "市 水利局 的 实绩.csv B3"
    assert str(table.rows[1].at(1).address) == "市 水利局 的 实绩.csv A5"
    assert table.rows[1].at(7).blank
    assert [cell.text for cell in table.column(1)] == ["市水利局", "市环保局"]
    assert not problems


@pytest.mark.parametrize(
    ("codec", "says"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8（带签名）"), ("gb18030", "GB18030"), ("utf-16", "UTF-16")],
)
def test_encodings(tmp_path: Path, codec: str, says: str) -> None:
    path = tmp_path / "实绩.csv"
    path.write_bytes("单位\t数\n㛃龙局\t１\n".encode(codec))
    book, _ = open_book(path)
    assert book and book.encoding == says
    table, problems = read_cells(path)
    assert grid(table) == [["单位", "数"], ["㛃龙局", "１"]]
    assert said(problems) == (["K411 实绩.csv"] if codec == "gb18030" else [])


def test_bytes_of_no_encoding(tmp_path: Path) -> None:
    path = tmp_path / "实绩.csv"
    path.write_bytes("单位,数\n市".encode("gb18030") + b"\xff\xff\n")
    problem = only(read_cells(path)[1], "K400")
    assert "UTF-8" in problem.message and "实绩.csv" not in problem.message


def test_csv_row_longer_than_its_headings(tmp_path: Path) -> None:
    path = tmp_path / "实绩.csv"
    path.write_text("单位,数\n市水利局,1,000\n", encoding="utf-8")
    problem = only(read_cells(path)[1], "K409")
    assert str(problem.address) == "实绩.csv C2"
    assert "有 3 格，表头只有 2 格" in problem.message


def test_csv_open_quote(tmp_path: Path) -> None:
    path = tmp_path / "实绩.csv"
    path.write_text('单位,数\n市水利局,"第3号\n市环保局,1\n', encoding="utf-8")
    assert said(read_cells(path)[1]) == ["K410 实绩.csv A2"]


def test_apostrophe_of_our_own_exports(tmp_path: Path) -> None:
    path = tmp_path / "实绩.csv"
    path.write_text("单位,说明\n甲,'=1+1\n乙,'原样\n", encoding="utf-8")
    assert grid(read_cells(path)[0])[1:] == [["甲", "=1+1"], ["乙", "'原样"]]


def test_too_many_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfdsl.data.separated.MAX_CELLS", 3)
    monkeypatch.setattr("perfdsl.data.workbook.MAX_CELLS", 3)
    path = tmp_path / "实绩.csv"
    path.write_text("单位,数\n甲,1\n", encoding="utf-8")
    assert said(read_cells(path)[1]) == ["K405 实绩.csv"]
    xlsx(tmp_path / "实绩.xlsx", ("实绩", [["单位", "数"], ["甲", 1]]))
    assert said(read_cells(tmp_path / "实绩.xlsx")[1]) == ["K405 实绩.xlsx 工作表“实绩”"]


def test_nothing_in_it(tmp_path: Path) -> None:
    (tmp_path / "实绩.csv").write_text("\n , \n", encoding="utf-8")
    assert said(read_cells(tmp_path / "实绩.csv")[1]) == ["K408 实绩.csv"]
    xlsx(tmp_path / "实绩.xlsx", ("实绩", []))
    assert said(read_cells(tmp_path / "实绩.xlsx")[1]) == ["K408 实绩.xlsx 工作表“实绩”"]


def test_title_above_the_headings(tmp_path: Path) -> None:
    path = tmp_path / "实绩.csv"
    path.write_text("2025年度实绩表,\n填表单位,市统计局\n单位,数\n甲,1\n", encoding="utf-8")
    table, problems = read_cells(path, headings=["单位", "数"])
    assert grid(table)[0] == ["单位", "数"]
    assert "以第 3 行为表头，上面 2 行" in only(problems, "K414").message
    assert grid(read_cells(path)[0])[0] == ["填表单位", "市统计局"]


def test_locked_by_wps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "实绩.xlsx"
    xlsx(path, ("实绩", [["单位"]]))

    def locked(_self: Path) -> bytes:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "read_bytes", locked)
    problem = only(read_cells(path)[1], "K400")
    assert "正被 WPS/Excel 打开" in problem.message
    assert str(tmp_path) not in problem.message


def test_not_there(tmp_path: Path) -> None:
    assert "没有这个文件" in only(read_cells(tmp_path / "实绩.xlsx")[1], "K400").message


def test_numbers_as_the_officer_sees_them(tmp_path: Path) -> None:
    raws = ["99.949999999999989", "0.30000000000000004", "85", "1E-3", "1.5E+3", "-0", "123456789012345"]
    table, _ = read_cells(raw_xlsx(tmp_path / "实绩.xlsx", cells("0", *raws)))
    assert [row[0] for row in grid(table)[1:]] == ["99.95", "0.3", "85", "0.001", "1500", "-0", "123456789012345"]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("1234567890123456", CellKind.DAMAGED),
        ("1.10101199001011E+17", CellKind.DAMAGED),
        ("1E+300", CellKind.DAMAGED),
        ("1E+999", CellKind.ERROR),
        ("1E+99999999", CellKind.ERROR),
        ("NaN", CellKind.ERROR),
        ("1_000", CellKind.ERROR),
        ("9" * 99, CellKind.ERROR),
        (".", CellKind.ERROR),
        (" ", CellKind.BLANK),
        ("1E-300", CellKind.NUMBER),
    ],
)
def test_numbers_that_are_none(tmp_path: Path, raw: str, kind: CellKind) -> None:
    table, _ = read_cells(raw_xlsx(tmp_path / "实绩.xlsx", cells("7", raw)))
    assert table and [row.at(1).kind for row in table.rows] == ([] if kind is CellKind.BLANK else [kind])


def test_kinds_and_formats(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["单位", "率", "日期", "日期2", "是否", "错", "公式", "款"])
    sheet.append(["甲", 0.98, date(2025, 7, 31), 45869, True, "#DIV/0!", "=B2*2", 1000])
    sheet["B2"].number_format = "0.00%"
    sheet["D2"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["H2"].number_format = '[Red]#,##0.00"元日"'
    sheet.append(["乙", 1.2345, datetime(2025, 7, 31, 8, 30), 5, False, "#N/A", None, 0.1])
    sheet["D3"].number_format = "yyyy-mm-dd"
    book.save(tmp_path / "实绩.xlsx")
    table, problems = read_cells(tmp_path / "实绩.xlsx")
    assert table and not problems
    first, second = table.rows
    kinds = [first.at(i).kind for i in range(1, 9)]
    assert kinds == [
        CellKind.TEXT,
        CellKind.NUMBER,
        CellKind.DATE,
        CellKind.DATE,
        CellKind.BOOL,
        CellKind.ERROR,
        CellKind.UNCALCULATED,
        CellKind.NUMBER,
    ]
    shown = [first.at(i).text for i in range(2, 9)]
    assert shown == ["98%", "2025-07-31", "2025-07-31", "TRUE", "#DIV/0!", "=B2*2", "1000"]
    assert second.at(3).text == "2025-07-31 08:30:00"
    assert (second.at(4).kind, second.at(4).text) == (CellKind.NUMBER, "5")
    assert str(first.at(6).address) == "实绩.xlsx 工作表“Sheet” F2"


def test_dates_from_1904(tmp_path: Path) -> None:
    sheet = '<sheetData><row r="1"><c r="A1" t="str"><v>日期</v></c></row><row r="2"><c r="A2" s="1"><v>44407</v></c></row></sheetData>'
    styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs><cellStyles><xf numFmtId="9"/></cellStyles></styleSheet>'
    new = raw_xlsx(tmp_path / "新.xlsx", sheet, '<x:workbookPr date1904="1"/>', styles=styles)
    old = raw_xlsx(tmp_path / "旧.xlsx", sheet, styles=styles)
    assert grid(read_cells(new)[0])[1] == ["2025-07-31"]
    assert grid(read_cells(old)[0])[1] == ["2021-07-30"]


@pytest.mark.parametrize(
    ("code", "percent", "day"),
    [
        ("0.0%", True, False),
        ('0"%"', False, False),
        ("yyyy-m-d", False, True),
        ("[$-804]yyyy年m月d日", False, True),
        ("[h]:mm", False, True),
        ("General", False, False),
        ("[Red]#,##0.00_);(#,##0.00)", False, False),
        ('#,##0"days"', False, False),
        (r"\d0", False, False),
    ],
)
def test_number_formats(code: str, percent: bool, day: bool) -> None:
    assert (style_of(code).percent, style_of(code).date) == (percent, day)


def test_merged_cells_are_filled_downwards(tmp_path: Path) -> None:
    book = xlsx(
        tmp_path / "a.xlsx",
        ("实绩", [["表", "", ""], ["单位", "编号", "数"], ["甲", "1", 2], ["", "2", 3], ["", "", ""], ["乙", "1", 4]]),
    )
    sheet = book.worksheets[0]
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("A3:A5")
    book.save(tmp_path / "实绩.xlsx")
    table, problems = read_cells(tmp_path / "实绩.xlsx")
    assert grid(table)[1:] == [["甲", "1", "2"], ["甲", "2", "3"], ["乙", "1", "4"]]
    problem = only(problems, "K412")
    assert problem.severity is Severity.CONFIRM
    assert str(problem.address) == "实绩.xlsx 工作表“实绩” A3"
    assert problem.message.startswith("A3:A5 是合并单元格") and "“甲”" in problem.message
    assert str(table.rows[1].at(1).address).endswith("A4") if table else False


def test_merged_blank_or_full_cells_say_nothing(tmp_path: Path) -> None:
    sheet = (
        cells("1", "2", "3")
        + '<mergeCells><mergeCell ref="B1:B3"/><mergeCell ref="A2:A3"/><mergeCell ref="A1"/></mergeCells>'
    )
    assert read_cells(raw_xlsx(tmp_path / "实绩.xlsx", sheet))[1] == ()


def test_hidden_rows_columns_and_sheets(tmp_path: Path) -> None:
    rows = [["单位", "甲", "乙"]] + [[f"局{i}", i, i] for i in range(30)]
    book = xlsx(tmp_path / "a.xlsx", ("旧", [["单位"]]), ("实绩", rows), ("空", []))
    sheet = book["实绩"]
    for row in (3, 4, 6, 99):
        sheet.row_dimensions[row].hidden = True
    for row in range(10, 32, 2):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.column_dimensions["Z"].hidden = True
    book["旧"].sheet_state = "hidden"
    book.save(tmp_path / "实绩.xlsx")
    problems = read_cells(tmp_path / "实绩.xlsx")[1]
    assert said(problems) == ["K413 实绩.xlsx 工作表“实绩” A3", "K413 实绩.xlsx 工作表“实绩” B1"]
    assert "第 3-4、6、10、12" in problems[0].message and "等 行" in problems[0].message
    assert "B 列被隐藏" in problems[1].message
    table, problems = read_cells(tmp_path / "实绩.xlsx", "旧")
    assert table and "这张工作表被隐藏" in only(problems, "K413").message


def test_a_workbook_whose_sheets_are_all_hidden_is_read(tmp_path: Path) -> None:
    sheet = BOOK_HIDDEN
    path = raw_xlsx(tmp_path / "实绩.xlsx", cells("1"), book=sheet)
    assert read_cells(path)[0]


BOOK_HIDDEN = '<workbook xmlns:r="r"><sheets><sheet name="实绩" state="veryHidden" r:id="rId1"/><sheet name="图" r:id="rId9"/></sheets></workbook>'


def test_no_such_sheet(tmp_path: Path) -> None:
    xlsx(tmp_path / "实绩.xlsx", ("Sheet1", [["单位"]]), ("实绩 ", [["单位"]]))
    assert "有的是：“Sheet1”、“实绩 ”" in only(read_cells(tmp_path / "实绩.xlsx", "表彰")[1], "K406").message
    assert read_cells(tmp_path / "实绩.xlsx", "实绩")[0]


def test_strings_of_every_sort(tmp_path: Path) -> None:
    strings = "<sst><si><r><t>市</t></r><r><t>水利局</t></r><rPh><t>shi</t></rPh></si><si><t>a_x000A_b</t></si></sst>"
    sheet = (
        '<sheetData><row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>内</t><rPh><t>nei</t></rPh><t>联</t></is></c></row>'
        '<row><c t="s"><v>1</v></c><c t="str"><f>A1</f><v>算出</v></c><c t="d"><v>2025-07-31T00:00:00Z</v></c>'
        '<c t="str"><f>""</f><v></v></c><c t="s"><v></v></c><c/><c s="99" t="b"><v>1</v></c></row></sheetData>'
    )
    table, _ = read_cells(raw_xlsx(tmp_path / "实绩.xlsx", sheet, strings=strings))
    assert grid(table) == [["市水利局", "内联"], ["a\nb", "算出"]]
    assert table and table.rows[0].at(3).text == "2025-07-31"
    assert table.rows[0].at(7).text == "TRUE"
    assert sorted(table.rows[0].cells) == [1, 2, 3, 7]


def test_second_reader_agrees(tmp_path: Path) -> None:
    """Every cell as openpyxl reads it."""
    chance = random.Random(7)
    rows: list[list[object]] = [["单位", "甲", "乙", "丙", "丁"]]
    for i in range(200):
        number = chance.choice([chance.randint(0, 10**9), round(chance.uniform(-1000, 1000), chance.randint(0, 6))])
        rows.append(
            [
                f"单位{i}",
                number,
                chance.choice([True, False, None]),
                date(2025, 1, 1 + i % 28),
                chance.choice(["文字", None, "1-2"]),
            ]
        )
    xlsx(tmp_path / "实绩.xlsx", ("实绩", rows))
    table, problems = read_cells(tmp_path / "实绩.xlsx")
    second = load_workbook(tmp_path / "实绩.xlsx", read_only=True)["实绩"]
    assert table and not problems
    for row, other in zip(table.rows, second.iter_rows(min_row=2, values_only=True), strict=True):
        assert [row.at(i).text for i in range(1, 6)] == [_shown(value) for value in other]


def _shown(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case datetime():
            return value.date().isoformat()
        case float():
            return f"{value:.15g}"
        case _:
            return str(value)
