"""Small tables and hostile files for the tests of the data room."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

from perfdsl.model.states import State
from perfdsl.model.table import RowOf, RuleCell, Table, TableColumn, TableRole
from perfdsl.model.units import ValueType, unit_of
from perfdsl.text.problem import Problem

NUMBER, TEXT, DATE, BOOL = ValueType.NUMBER, ValueType.TEXT, ValueType.DATE, ValueType.BOOL


def number(name: str, word: str = "", **more: object) -> TableColumn:
    unit, factor = unit_of(word) if word else (None, unit_of("")[1])
    return TableColumn(name, NUMBER, unit, factor, word, **more)  # type: ignore[arg-type]


def text(name: str, *choices: str, **more: object) -> TableColumn:
    return TableColumn(name, TEXT, choices=choices, **more)  # type: ignore[arg-type]


def rule(name: str, row_of: RowOf, columns: Sequence[TableColumn], rows: Iterable[Sequence[str]] = ()) -> Table:
    cells = tuple(tuple(RuleCell(cell) for cell in row) for row in rows)
    return Table(name, TableRole.RULE, row_of, tuple(columns), cells)


def facts(*columns: TableColumn, name: str = "实绩", row_of: RowOf = RowOf.UNIT, source: str = "") -> Table:
    return Table(name, TableRole.FACT, row_of, columns, source=source)


def ledger(name: str, *columns: TableColumn) -> Table:
    return Table(name, TableRole.LEDGER, RowOf.EVENT, columns)


def roster(*names: str, former: Mapping[str, str] | None = None) -> Table:
    columns = (text("单位"), text("曾用名", required=False))
    return rule("单位名册", RowOf.UNIT, columns, [(name, (former or {}).get(name, "")) for name in names])


TWO = roster("市水利局", "市生态环境局", former={"市生态环境局": "市环保局、市环境局"})

NOT_DUE, MISSING, PENDING = State.NOT_DUE, State.MISSING, State.PENDING


def said(problems: Iterable[Problem]) -> list[str]:
    """Code and place of each problem: ``K427 实绩.csv C2``."""
    return [f"{problem.code} {problem.address or ''}".strip() for problem in problems]


def only(problems: Iterable[Problem], code: str) -> Problem:
    found = [problem for problem in problems if problem.code == code]
    assert len(found) == 1, said(problems)
    return found[0]


def xlsx(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> Workbook:
    """A workbook of plain rows, saved at ``path``; change it and save again for more."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return book


CONTENT = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Type="http://x/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    '<Relationship Id="rId3" Type="http://x/styles" Target="styles.xml"/>'
    '<Relationship Id="rId4" Type="http://x/hyperlink" Target="http://x" TargetMode="External"/></Relationships>'
)
BOOK = (
    '<x:workbook xmlns:x="http://x" xmlns:r="http://r">{properties}'
    '<x:sheets><x:sheet name="实绩" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>'
)


def raw_xlsx(path: Path, body: str | None, properties: str = "", /, **parts: str | bytes | None) -> Path:
    """A workbook written by hand; ``parts`` replace (or with None remove) its parts, named by their last word."""
    names = {
        "content": "[Content_Types].xml",
        "rels": "_rels/.rels",
        "book": "xl/workbook.xml",
        "book_rels": "xl/_rels/workbook.xml.rels",
        "sheet": "xl/worksheets/sheet1.xml",
        "strings": "xl/sharedStrings.xml",
        "styles": "xl/styles.xml",
    }
    content: dict[str, str | bytes | None] = {
        "content": CONTENT,
        "rels": RELS,
        "book": BOOK.format(properties=properties),
        "book_rels": BOOK_RELS,
        "sheet": None if body is None else f"<worksheet>{body}</worksheet>",
        **parts,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            if data is not None:
                package.writestr(names.get(name, name), data)
    return path


def cells(*values: str, start: int = 1) -> str:
    """Rows of one number cell each."""
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>{value}</v></c></row>' for i, value in enumerate(values, start))
    return f"<sheetData>{rows}</sheetData>"
