"""A comparison as a workbook and as a Word file, read back with the libraries that others use."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from review_sample import CHANGES, LAST, REACH, sample

from perfdsl.publish.review_docx import HEADS, NoLibrary, document
from perfdsl.publish.review_xlsx import workbook
from perfdsl.reports.reviews import ReviewFinding


def opened(finding: ReviewFinding) -> Any:
    return load_workbook(io.BytesIO(workbook(finding)))


def cells(page: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]


def test_the_workbook_has_its_sheets_set_up_for_paper() -> None:
    book = opened(sample())
    assert book.sheetnames == ["修订对照表", "得分变动", "逐条影响", "归因账", "名额", "方法"]
    for page in book:
        assert page.freeze_panes == ("B4" if page.title == "方法" else "C4")
        assert page.print_title_rows == "$3:$3"
        assert page.page_setup.paperSize == 9
        assert page.page_setup.fitToHeight == 0
        assert page["A2"].value.startswith("内部资料")
        assert page.oddHeader.left.text == "内部资料"


def test_the_official_table_of_the_workbook() -> None:
    head, *rows = cells(opened(sample())["修订对照表"])
    assert head == ["序号", "条款", "修订", "原条文", "新条文", "修改理由", "影响", "例"]
    assert [row[0] for row in rows] == [one.number for one in CHANGES]
    assert rows[10][3:6] == ["同一单位累计加分不超过 5 分。", "同一单位累计加分不超过 3 分。", "加分拉开差距过大"]
    assert rows[3][3] in (None, "")


def test_numbers_are_numbers_and_units_without_a_total_are_empty() -> None:
    rows = {row[0]: row for row in cells(opened(sample())["得分变动"])[1:]}
    assert rows["云泽区"][2:5] == [90.6, 92.8, 2.2]
    assert rows["松涛区"][4:9] == [-3.36, 1, 2, "优秀", "良好"]
    assert rows["市教育局"][3] in (None, "")
    assert rows["市教育局"][6] == "第 3–5 名"


def test_why_is_told_of_every_unit_that_moved() -> None:
    """Of a unit of the same grade: which changes moved its total; 说明 does not say again why the grade changed."""
    finding = sample()
    assert finding.impact is not None
    head, *rows = cells(opened(finding)["得分变动"])
    why, more = head.index("为什么"), head.index("说明")
    told = {row[0]: row for row in rows}
    for one in finding.impact.shifts:
        if one.delta.startswith(("＋", "－")):
            assert told[one.unit][why]
        if one.why:
            assert told[one.unit][why] == one.why and one.why not in (told[one.unit][more] or "")


def test_the_ledger_of_the_workbook_adds_up_and_says_so_by_a_formula() -> None:
    page = opened(sample(40))["归因账"]
    shown = load_workbook(io.BytesIO(workbook(sample(40))), data_only=True)["归因账"]
    closed, start = 0, 4
    for row in range(4, page.max_row + 1):
        if page.cell(row, 4).value != "合计":
            continue
        assert page.cell(row, 6).value == f"=ROUND(SUM(F{start}:F{row - 1}),2)"
        assert page.cell(row, 8).value == f"=ROUND(G{row}-F{row},2)"
        parts = [Decimal(repr(page.cell(one, 6).value)) for one in range(start, row)]
        assert sum(parts) == Decimal(repr(page.cell(row, 7).value)) == Decimal(repr(shown.cell(row, 6).value))
        assert shown.cell(row, 8).value == 0
        closed, start = closed + 1, row + 1
    assert closed == 50


def test_text_of_the_workbook_never_becomes_a_formula() -> None:
    nasty = '=HYPERLINK("x","y")'
    change = replace(CHANGES[1], name=nasty, reason="+1", official=(nasty, "@x"), impact="-1")
    finding = sample()
    assert finding.impact is not None
    units = (replace(finding.impact.shifts[0], unit=nasty), *finding.impact.shifts[1:])
    book = opened(replace(finding, changes=(change,), impact=replace(finding.impact, shifts=units)))
    formulas = [cell for page in book for row in page.iter_rows() for cell in row if cell.data_type == "f"]
    assert {cell.parent.title for cell in formulas} == {"归因账"}
    assert all(str(cell.value).startswith("=ROUND(") for cell in formulas)
    assert book["修订对照表"]["D4"].value == nasty


def test_without_data_the_workbook_is_the_table_alone() -> None:
    book = opened(replace(sample(), impact=None))
    assert book.sheetnames == ["修订对照表", "方法"]
    assert [row[0] for row in cells(book["方法"])] == ["事项", "对照", "类别", "最小例"]


def test_every_unit_that_a_change_reaches_has_a_row() -> None:
    head, *rows = cells(opened(sample())["逐条影响"])
    assert [(row[0], row[2]) for row in rows] == [(one.change, one.unit) for one in REACH]
    told = {row[2]: dict(zip(head, row, strict=True)) for row in rows}
    assert (told["戊局"]["总分变动"], told["戊局"]["名次"], told["戊局"]["等次"]) == (-2.0, "2 → 3", "优秀 → 良好")
    assert (told["庚局"]["总分变动"] or "", told["庚局"]["改后总分"]) == ("", 90.0)
    assert (told["辛局"]["否决、结果运用"], told["辛局"]["试算"]) == ("“约谈” 否 → 是", LAST)


def test_the_workbook_says_how_it_was_made() -> None:
    told = {row[0]: row[1] for row in cells(opened(sample())["方法"])[1:]}
    assert list(told) == ["对照", "类别", "最小例", "逐条影响", "归因账", "可比口径", "补数"]
    assert "单独影响" in told["归因账"] and "不能判定" in told["类别"] and "甲单位" in told["最小例"]


def test_no_column_says_what_another_says() -> None:
    """为什么 is why, the line another column, what follows a third, 说明 the rest."""
    head, *rows = cells(opened(sample())["得分变动"])
    assert head[-4:] == ["为什么", "离等次线", "结果运用", "说明"]
    for row in rows:
        said = [one for one in row[-4:] if one]
        assert not any(one in other for one in said for other in said if one is not other), row


def read(finding: ReviewFinding) -> Any:
    import docx

    return docx.Document(io.BytesIO(document(finding)))


def test_the_word_table() -> None:
    made = read(sample())
    (table,) = made.tables
    assert tuple(cell.text for cell in table.rows[0].cells) == HEADS
    assert len(table.rows) == 1 + len(CHANGES)
    assert table.rows[0]._tr.trPr.xpath("w:tblHeader")
    row = table.rows[10].cells
    assert row[1].text == "附件 2\n附表 “年度目标”\n附表"
    assert [run.text for run in row[2].paragraphs[0].runs if run.font.strike] == ["98%", "52"]
    assert [run.text for run in row[3].paragraphs[0].runs if run.font.bold] == ["96%", "48"]
    assert table.rows[4].cells[2].text == "（没有）"
    assert table.rows[9].cells[3].text == "（删去）"
    assert "须与第 1 项一并修订" in table.rows[12].cells[5].text


def test_the_word_page_is_official() -> None:
    made = read(sample())
    section = made.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert [round(one.mm) for one in (section.top_margin, section.right_margin)] == [28, 37]
    texts = [line.text for line in made.paragraphs]
    assert texts[0] == "内部资料"
    assert texts[1] == "示例市2025年度综合绩效考评修订对照表"
    assert made.paragraphs[1].runs[0].font.name == "方正小标宋简体"
    assert "PAGE" in section.footer._element.xml
    assert any("一票否决" in one for one in texts)
    with zipfile.ZipFile(io.BytesIO(document(sample()))) as packed:
        fonts = packed.read("word/fontTable.xml").decode()
    assert '<w:font w:name="方正小标宋简体"><w:altName w:val="华文中宋"/>' in fonts


def test_the_same_comparison_gives_the_same_bytes() -> None:
    for made in (workbook, document):
        assert made(sample(20)) == made(sample(20))
    for packed in (workbook(sample()), document(sample())):
        with zipfile.ZipFile(io.BytesIO(packed)) as found:
            assert {one.date_time[0] for one in found.infolist()} == {1980}


def test_the_word_file_names_the_units_and_says_where_the_rest_stands() -> None:
    finding = sample()
    assert finding.impact is not None
    table = read(finding).tables[0]
    assert "单位列在表后“逐条影响的单位”第 2 条" in table.rows[2].cells[5].text
    assert "逐条影响的单位" not in table.rows[1].cells[5].text
    lines = [line.text for line in read(finding).paragraphs]
    (line,) = [line for line in lines if line.startswith("2. B101")]
    assert "－2.00 5 个：甲局、乙局、丙局、丁局；戊局（名次 2 → 3，等次 优秀 → 良好）" in line
    assert not any("--format xlsx" in line for line in lines)
    many = tuple(replace(REACH[0], unit=f"单位{i}") for i in range(1, 41))
    lines = [line.text for line in read(replace(finding, impact=replace(finding.impact, reach=many))).paragraphs]
    (line,) = [line for line in lines if line.startswith("2. B101")]
    assert line.endswith("－2.00 40 个：单位1、单位2、单位3、单位4、单位5、单位6 等 40 个")
    assert any("全部单位见 --format xlsx 的“逐条影响”一表" in line for line in lines)
    last = replace(many[-1], grade=("优秀", "良好"))
    lines = [
        line.text
        for line in read(replace(finding, impact=replace(finding.impact, reach=(*many[:-1], last)))).paragraphs
    ]
    (line,) = [line for line in lines if line.startswith("2. B101")]
    assert line.endswith("单位6 等 40 个；其中等次变化的：单位40（等次 优秀 → 良好）")


def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(NoLibrary, match="pip install python-docx") as caught:
        document(sample())
    str(caught.value).encode("cp936")


def test_libraries_wait_until_they_are_needed() -> None:
    told = "import perfdsl.tools.cli, perfdsl.publish.review_html, perfdsl.publish.review_xlsx, perfdsl.publish.review_docx, sys"
    asked = "print(sorted({'jinja2', 'xlsxwriter', 'docx', 'lxml'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", f"{told}; {asked}"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
