"""A comparison as a workbook: 修订对照表, 得分变动, 逐条影响, 归因账, 名额, 方法.

Text never becomes a formula; numbers are numbers. The ledger has a formula of its own beside every unit, which shows
that the parts add up: 残差 0. The same comparison gives the same bytes.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import Any

from perfdsl.publish import review_parts as parts
from perfdsl.reports.reviews import QuotaShift, ReachFinding, ReviewFinding, UnitShift
from perfdsl.text.records import dataclass
from perfdsl.text.render import visible_lines, width

Cell = str | int | None
LONGEST = 32767
"""So many characters go into a cell."""

LINE, HIGHEST = 14, 409
"""Points a line of text takes, and the highest row there is."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its heading, its width in characters, and how its cells look (text, number, middle)."""

    head: str
    width: float
    looks: str = "text"


def workbook(finding: ReviewFinding) -> bytes:
    """The whole workbook."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {
                "title": parts.title(finding),
                "comments": parts.HEADER,
                "created": datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None),
            }
        )
        sheets = Sheets(book, finding)
        sheets.official()
        if finding.impact is not None:
            sheets.shifts(parts.grouped(finding.impact.shifts))
            sheets.reach(finding.impact.reach)
            sheets.ledger(parts.grouped(finding.impact.shifts))
            sheets.quotas(finding.impact.quotas)
        sheets.method()
    return out.getvalue()


class Sheets:
    """The sheets of one workbook and the looks they share."""

    def __init__(self, book: Any, finding: ReviewFinding) -> None:
        self.book, self.finding = book, finding
        common = {"font_name": "宋体", "font_size": 10.5, "valign": "top", "border": 1, "border_color": "#8B877F"}
        made: dict[str, dict[str, object]] = {
            "title": {"font_name": "方正小标宋简体", "font_size": 18, "align": "center", "valign": "vcenter"},
            "note": {"font_name": "宋体", "font_size": 10, "font_color": "#5D5D5D", "text_wrap": True, "valign": "top"},
            "head": {
                **common,
                "font_name": "黑体",
                "align": "center",
                "valign": "vcenter",
                "bg_color": "#F6F4EF",
                "text_wrap": True,
            },
            "text": {**common, "text_wrap": True, "num_format": "@"},
            "middle": {**common, "align": "center", "num_format": "@"},
            "count": {**common, "align": "center", "num_format": "0"},
            "sum": {**common, "bold": True, "text_wrap": True, "num_format": "@", "bg_color": "#F6F4EF"},
        }
        self.looks = {name: book.add_format(look) for name, look in made.items()}
        self.common, self.numbers = common, dict[tuple[str, bool], Any]()

    def number(self, digits: int, signed: bool, strong: bool = False) -> Any:
        """The look of a number with so many places; a difference shows its sign."""
        plain = "0" + ("." + "0" * digits if digits else "")
        code = f"+{plain};-{plain};{plain}" if signed else plain
        key = code, strong
        if key not in self.numbers:
            more = {"bold": True, "bg_color": "#F6F4EF"} if strong else {}
            self.numbers[key] = self.book.add_format({**self.common, **more, "num_format": code, "align": "right"})
        return self.numbers[key]

    def sheet(self, name: str, columns: Sequence[Column], note: str, landscape: bool) -> Any:
        """A sheet with its title, a note, frozen headings in row 3, and set up to be printed."""
        page = self.book.add_worksheet(name)
        last = len(columns) - 1
        for i, column in enumerate(columns):
            page.set_column(i, i, column.width)
        page.merge_range(0, 0, 0, last, "", self.looks["title"])
        page.write_string(0, 0, name, self.looks["title"])
        page.set_row(0, 30)
        page.merge_range(1, 0, 1, last, "", self.looks["note"])
        page.write_string(1, 0, f"{parts.HEADER}　{parts.title(self.finding)}。{note}", self.looks["note"])
        page.set_row(1, 30)
        for i, column in enumerate(columns):
            page.write_string(2, i, column.head, self.looks["head"])
        page.set_row(2, 24)
        page.freeze_panes(3, min(2, last))
        page.repeat_rows(2)
        page.set_paper(9)
        if landscape:
            page.set_landscape()
        page.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
        page.fit_to_pages(1, 0)
        page.set_header(f"&L{parts.HEADER}")
        page.set_footer("&C— &P / &N —")
        return page

    def write(self, page: Any, row: int, columns: Sequence[Column], cells: Sequence[Cell]) -> None:
        """A row of cells, each as its column looks, high enough for the longest: not every program works that out."""
        high = max(_lines(cell, column.width) for column, cell in zip(columns, cells, strict=True))
        page.set_row(row, min(max(high * LINE + 4, 18), HIGHEST))
        for i, (column, cell) in enumerate(zip(columns, cells, strict=True)):
            if isinstance(cell, int):
                page.write_number(row, i, cell, self.looks["count"])
            elif column.looks in ("number", "signed") and cell:
                self.write_number(page, row, i, cell, column.looks == "signed")
            else:
                look = self.looks["middle" if column.looks == "middle" else "text"]
                page.write_string(row, i, _clean(cell or ""), look)

    def write_number(self, page: Any, row: int, column: int, said: str, signed: bool, strong: bool = False) -> None:
        """A published number as a number; one that no workbook can hold exactly stays text."""
        plain = parts.plain(said)
        digits = len(plain.partition(".")[2])
        if not _holds(plain):
            page.write_string(row, column, said, self.looks["middle"])
            return
        page.write_number(row, column, float(plain), self.number(digits, signed, strong))

    def official(self) -> None:
        """修订对照表."""
        columns = (
            Column("序号", 6),
            Column("条款", 18),
            Column("修订", 6, "middle"),
            Column("原条文", 33),
            Column("新条文", 33),
            Column("修改理由", 18),
            Column("影响", 30),
            Column("例", 24),
        )
        page = self.sheet("修订对照表", columns, self.finding.overview, True)
        for row, one in enumerate(self.finding.changes, 3):
            where = "\n".join(part for part in (parts.place(one), parts.named(one)) if part)
            guess = "\n（疑似对应，请核对）" if one.guessed else ""
            old, new = parts.official(one)
            case = one.witness.sentence if one.witness is not None else ""
            self.write(
                page, row, columns, (one.number, where + guess, one.how, old, new, one.reason, parts.effect(one), case)
            )

    def shifts(self, shifts: Sequence[UnitShift]) -> None:
        """得分变动."""
        old, new = parts.years(self.finding)
        columns = (
            Column("单位", 28),
            Column("类别", 8, "middle"),
            Column(f"{old} 总分", 10, "number"),
            Column(f"{new} 总分", 10, "number"),
            Column("变动", 8, "signed"),
            Column(f"{old} 名次", 9, "number"),
            Column(f"{new} 名次", 9, "number"),
            Column(f"{old} 等次", 9, "middle"),
            Column(f"{new} 等次", 9, "middle"),
            Column("为什么", 36),
            Column("离等次线", 26),
            Column("结果运用", 26),
            Column("说明", 20),
        )
        codes = parts.codes(self.finding.changes)
        comparable = self.finding.impact.comparable if self.finding.impact is not None else ""
        page = self.sheet("得分变动", columns, f"可比口径：{comparable}" if comparable else "", True)
        for row, one in enumerate(shifts, 3):
            rank = (one.rank[0], one.rank[1] or one.rank_span)
            self.write(
                page,
                row,
                columns,
                (
                    one.unit,
                    one.category,
                    *one.total,
                    one.delta,
                    *rank,
                    *one.grade,
                    parts.reason(one, codes),
                    parts.near(one),
                    parts.applications(one),
                    parts.standing(one),
                ),
            )
        page.autofilter(2, 0, max(2 + len(shifts), 3), len(columns) - 1)

    def reach(self, found: Sequence[ReachFinding]) -> None:
        """逐条影响: one row a change and unit."""
        columns = (
            Column("序号", 6),
            Column("修订", 30),
            Column("单位", 28),
            Column("总分变动", 9, "signed"),
            Column("改前总分", 9, "number"),
            Column("改后总分", 9, "number"),
            Column("名次", 12, "middle"),
            Column("等次", 14, "middle"),
            Column("否决、结果运用", 36),
            Column("试算", 24),
        )
        page = self.sheet("逐条影响", columns, parts.REACHED, True)
        names = parts.titles(self.finding.changes)
        for row, one in enumerate(found, 3):
            others = "；".join(f"{what} {parts.arrow((old, new))}" for what, old, new in one.others)
            cells = (one.change, names.get(one.change, ""), one.unit, one.delta, *one.total)
            moved = (parts.arrow(one.rank), parts.arrow(one.grade), others, one.way)
            self.write(page, row, columns, (*cells, *moved))
        page.autofilter(2, 0, max(2 + len(found), 3), len(columns) - 1)

    def method(self) -> None:
        """方法."""
        columns = (Column("事项", 14), Column("怎样得出", 100))
        page = self.sheet("方法", columns, "", True)
        for row, told in enumerate(parts.method(self.finding), 3):
            self.write(page, row, columns, told)

    def ledger(self, shifts: Sequence[UnitShift]) -> None:
        """归因账: one row a unit and change; under them the sum, the difference as published, and what is left over."""
        shared = parts.shared(self.finding.impact) if self.finding.impact is not None else ""
        columns = (
            Column("单位", 30),
            Column("类别", 8, "middle"),
            Column("序号", 6),
            Column("修订", 36),
            Column("单独影响", 12, "signed"),
            Column(shared, 12, "signed"),
            Column("总分之差", 12, "signed"),
            Column("残差", 9, "number"),
        )
        note = f"{shared}各行之和等于总分之差；残差＝总分之差－{shared}之和，应为 0；序号 0 是数据变动（括号里是各项自己的得分变了多少，汇总、封顶、取舍不在内）；单独影响空着的不能单独算"
        page = self.sheet("归因账", columns, note, False)
        names = parts.titles(self.finding.changes)
        row = 3
        for unit in (one for one in shifts if one.effects):
            first = row
            for line in unit.effects:
                name = (names.get(line.change) or line.name) + parts.items(line, 6)
                cells = (unit.unit, unit.category, line.change, name, line.alone, line.together, None, None)
                self.write(page, row, columns, cells)
                row += 1
            self.closing(page, row, unit, first)
            row += 1
        if row > 3:
            page.autofilter(2, 0, row - 1, len(columns) - 1)

    def closing(self, page: Any, row: int, unit: UnitShift, first: int) -> None:
        """The sum of a unit's rows from ``first`` on, and 残差 as a formula."""
        numbers = [parts.plain(said) for said in (unit.delta, *(one.together for one in unit.effects))]
        digits = max(len(said.partition(".")[2]) for said in numbers)
        for column, said in enumerate((unit.unit, unit.category, "", "合计", "")):
            page.write_string(row, column, said, self.looks["sum"])
        if not all(map(_holds, numbers)):
            for column, said in enumerate(("", unit.delta, ""), 5):
                page.write_string(row, column, said, self.looks["sum"])
            return
        total = float(numbers[0])
        looks = self.number(digits, True, True)
        page.write_formula(row, 5, f"=ROUND(SUM(F{first + 1}:F{row}),{digits})", looks, total)
        page.write_number(row, 6, total, looks)
        left = self.number(digits, False, True)
        page.write_formula(row, 7, f"=ROUND(G{row + 1}-F{row + 1},{digits})", left, 0)

    def quotas(self, quotas: Sequence[QuotaShift]) -> None:
        """名额."""
        old, new = parts.years(self.finding)
        columns = (
            Column("组别", 14),
            Column("等次", 8, "middle"),
            Column(f"{old} 名额", 10, "number"),
            Column(f"{new} 名额", 10, "number"),
            Column(f"{old} 评上", 10),
            Column(f"{new} 评上", 10),
            Column(f"{old} 末位总分", 20, "number"),
            Column(f"{new} 末位总分", 20, "number"),
            Column("末位同分、空出", 30),
            Column("进入", 36),
            Column("退出", 36),
        )
        page = self.sheet("名额", columns, "", True)
        for row, one in enumerate(quotas, 3):
            cells = (
                one.group,
                one.grade,
                *parts.places(one),
                *one.taken,
                *one.last,
                "；".join(parts.cuts(one)),
                "、".join(one.entered),
                "、".join(one.left),
            )
            self.write(page, row, columns, cells)


def _holds(plain: str) -> bool:
    """Whether a workbook shows this number as it is: a decimal of at most 15 digits."""
    digits = plain.removeprefix("-").replace(".", "", 1)
    return digits.isdigit() and digits.isascii() and len(digits) <= 15


def _lines(cell: Cell, wide: float) -> int:
    """How many lines a cell takes in a column so many characters wide."""
    return (
        sum(-(-width(line) // max(int(wide) - 1, 1)) or 1 for line in cell.split("\n")) if isinstance(cell, str) else 1
    )


def _clean(said: str) -> str:
    """Text without characters that a workbook cannot hold."""
    return "\n".join(visible_lines(said))[:LONGEST]
