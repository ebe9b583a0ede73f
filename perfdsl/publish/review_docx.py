"""修订对照表 as a Word file in official layout: A4 on its side with the margins of GB/T 9704, heads repeated, pages numbered.

Fonts are named as offices have them (方正小标宋、黑体、仿宋), with a second choice in the font table for machines without
them. Needs the ``docx`` extra. The same comparison gives the same bytes.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from perfdsl.publish import review_parts as parts
from perfdsl.publish.review_words import SKIPPED, changed_words
from perfdsl.publish.review_words import Run as Piece
from perfdsl.reports.reviews import ChangeFinding, ReviewFinding
from perfdsl.text.render import visible

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

TITLE, HEAD, BODY, KAI, PAGE = "方正小标宋简体", "黑体", "仿宋_GB2312", "楷体_GB2312", "宋体"
REACHED = "逐条影响的单位"
MOST_UNITS, FIRST_UNITS = 12, 6
"""So many units that move alike are all named; of more so many."""
SECOND = {TITLE: "华文中宋", HEAD: "SimHei", BODY: "仿宋", KAI: "楷体", PAGE: "SimSun"}
"""What a machine without the font takes."""

HEADS = ("序号", "条款", "原条文", "新条文", "修改理由", "影响")
WIDTHS = (13, 32, 54, 54, 30, 42)
"""Millimetres; together as wide as the page between its margins."""

MARGINS = (28, 37, 26, 35)
"""Top, right, bottom, left in millimetres: those of an upright page, turned with it."""


class NoLibrary(Exception):
    """The library that writes Word files is not installed; the message says how to get it."""


def document(finding: ReviewFinding) -> bytes:
    """The whole file.

    Raises:
        NoLibrary: python-docx is not installed.
    """
    try:
        import docx
    except ImportError:
        raise NoLibrary(
            "写 Word 文件要用 python-docx，这里没有装。先运行 pip install python-docx，或者改用 --format html、xlsx"
        ) from None
    made = docx.Document()
    _set_up(made, finding)
    _opening(made, finding)
    _table(made, finding)
    _closing(made, finding)
    out = io.BytesIO()
    made.save(out)
    return _timeless(out.getvalue())


def _set_up(made: Document, finding: ReviewFinding) -> None:
    """Paper, margins, the number of the page, properties without a clock, fonts."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, MARGINS)
    section.footer_distance = Mm(18)
    line = section.footer.paragraphs[0]
    _centred(line)
    _said(line, "— ", PAGE, 14)
    _field(_said(line, "", PAGE, 14), "PAGE")
    _said(line, " —", PAGE, 14)
    style: Any = made.styles["Normal"]
    style.font.size = Pt(10.5)
    style.paragraph_format.space_after = Pt(0)
    about = made.core_properties
    about.title, about.author, about.comments, about.language = parts.title(finding), "", parts.HEADER, "zh-CN"
    about.created = about.modified = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    for relation in made.part.rels.values():
        if relation.reltype.endswith("/fontTable"):
            font_table: Any = relation.target_part
            font_table._blob = _fonts().encode()


def _fonts() -> str:
    """The font table: every font with the one to take instead."""
    space = "http:" + "//schemas.openxmlformats.org/wordprocessingml/2006/main"
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{second}"/><w:charset w:val="86"/></w:font>'
        for name, second in SECOND.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="{space}">{fonts}</w:fonts>'


def _opening(made: Document, finding: ReviewFinding) -> None:
    """内部资料, title, the two editions, the overview."""
    _said(made.add_paragraph(), parts.HEADER, HEAD, 16)
    line = made.add_paragraph()
    _centred(line)
    _said(line, f"{finding.new.rulebook.name}修订对照表", TITLE, 22)
    line = made.add_paragraph()
    _centred(line, after=12)
    _said(line, f"（{parts.edition(finding.old)} → {parts.edition(finding.new)}）", KAI, 16)
    line = made.add_paragraph()
    _indented(line, 14)
    _said(line, f"{finding.overview}。", BODY, 14)


def _table(made: Document, finding: ReviewFinding) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    listed = {one.change for one in finding.impact.reach} if finding.impact is not None else set()
    table = made.add_table(rows=1, cols=len(HEADS), style="Table Grid")
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, head in zip(table.rows[0].cells, HEADS, strict=True):
        _centred(cell.paragraphs[0])
        _said(cell.paragraphs[0], head, HEAD, 10.5)
    _flag(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    for change in finding.changes:
        cells = table.add_row().cells
        _centred(cells[0].paragraphs[0])
        _said(cells[0].paragraphs[0], str(change.number), BODY, 10.5)
        _lines(cells[1], _where(change))
        old, new = changed_words(*parts.official(change))
        _runs(cells[2], old, "（没有）")
        _runs(cells[3], new, "（删去）")
        _lines(cells[4], [change.reason])
        more = f"单位列在表后“{REACHED}”第 {change.number} 条" if change.number in listed else ""
        _lines(cells[5], [one for one in (parts.classes(change), change.impact, _needs(change), more) if one])
    for column, wide in zip(table.columns, WIDTHS, strict=True):
        column.width = Mm(wide)
    for row in table.rows:
        _flag(row._tr.get_or_add_trPr(), "w:cantSplit")
        for cell, wide in zip(row.cells, WIDTHS, strict=True):
            cell.width = Mm(wide)


def _where(change: ChangeFinding) -> list[str]:
    guess = "（疑似对应，请核对）" if change.guessed else ""
    return [one for one in (parts.place(change), parts.named(change), f"{change.how}{guess}") if one]


def _needs(change: ChangeFinding) -> str:
    return f"须与第 {'、'.join(map(str, change.needs))} 项一并修订" if change.needs else ""


def _closing(made: Document, finding: ReviewFinding) -> None:
    """What only got another number, what is untouched, and what is to be checked."""
    marks = f"删去的字加删除线，新写的字加粗、加下划线；“{SKIPPED}”是没有改动的内容。"
    if any("……共 " in text for change in finding.changes for text in change.official):
        marks += "写“……共几处”的只列了前几处，逐处见 --format text 的“逐条”。"
    renumbered = "；".join(f"{name} {old} → {new}" for old, new, name in finding.renumbered)
    blocks: list[tuple[str, Iterable[str]]] = [
        ("说明", [marks] if finding.changes else []),
        ("只改编号", [renumbered] if renumbered else []),
        (REACHED, list(_reached(finding))),
        ("未受影响", finding.unaffected),
        ("签发前核对", [f"□ {one}" for one in finding.checklist]),
    ]
    for heading, lines in blocks:
        told = [line for line in lines if line]
        if told:
            line = made.add_paragraph()
            line.paragraph_format.keep_with_next = True
            _indented(line, 12, before=8)
            _said(line, heading, HEAD, 12)
        for one in told:
            line = made.add_paragraph()
            _indented(line, 12)
            _said(line, one, BODY, 12)


def _reached(finding: ReviewFinding) -> Iterator[str]:
    """Every unit that a change reaches; of many the first, those with another grade, how many, where all of them are."""
    if finding.impact is None:
        return
    titles, cut = parts.titles(finding.changes), False
    for number, ways in parts.reach(finding.impact.reach).items():
        for way, groups in ways.items():
            told = []
            for one in groups:
                long = one.count > MOST_UNITS
                some = f"{'、'.join(one.names[:FIRST_UNITS])} 等 {one.count} 个"
                some += f"；其中等次变化的：{'；'.join(one.graded)}" if one.graded else ""
                units = some if long else "；".join(one.units)
                told.append(f"{one.moved} {one.count} 个：{units}")
                cut = cut or long
            yield f"{number}. {titles[number]}（{way}）　{'。'.join(told)}"
    if cut:
        yield f"写“等几个”的只列了前 {FIRST_UNITS} 个和等次变化的，全部单位见 --format xlsx 的“逐条影响”一表，或 --format text、html 的“{REACHED}”。"


def _lines(cell: _Cell, lines: Sequence[str]) -> None:
    """A paragraph a line."""
    for i, one in enumerate(lines):
        _said(cell.paragraphs[0] if i == 0 else cell.add_paragraph(), one, BODY, 10.5)


def _runs(cell: _Cell, runs: Sequence[Piece], none: str) -> None:
    """A 条文: what was taken out is struck through, what is new is bold and underlined."""
    line = cell.paragraphs[0]
    for said, changed in runs or [(none, False)]:
        run = _said(line, said, BODY, 10.5)
        if changed and none == "（没有）":
            run.font.strike = True
        elif changed:
            run.font.bold = run.font.underline = True


def _said(line: Paragraph, said: str, font: str, size: float) -> Run:
    """A run in ``font``, Chinese and other letters alike."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    run = line.add_run("\n".join(map(visible, said.split("\n"))))
    run.font.name = font
    run.font.size = Pt(size)
    fonts: Any = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    return run


def _centred(line: Paragraph, after: float = 0) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.space_after = Pt(after)


def _indented(line: Paragraph, size: float, before: float = 0) -> None:
    """The first line begins two characters in."""
    from docx.shared import Pt

    line.paragraph_format.first_line_indent = Pt(2 * size)
    line.paragraph_format.space_before = Pt(before)
    line.paragraph_format.space_after = Pt(4)


def _flag(properties: Any, name: str) -> None:
    from docx.oxml.parser import OxmlElement

    properties.append(OxmlElement(name))


def _field(run: Run, code: str) -> None:
    """A field that Word fills in."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    for kind in ("begin", "", "end"):
        made: Any = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            made.set(qn("w:fldCharType"), kind)
        else:
            made.text = code
        run._r.append(made)


def _timeless(packed: bytes) -> bytes:
    """The same package with one date for all its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            one = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            one.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(one, old.read(name))
    return out.getvalue()
