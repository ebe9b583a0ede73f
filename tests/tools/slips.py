"""Typical slips in data files: what is done to the good files of ``running.project``, and what must be said."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from running import FACTS, HONOURS

Change = Callable[[Path, Path], "list[str | Path] | None"]
"""(the rulebook, its data folder) → more arguments for ``run``."""


@dataclass(frozen=True)
class Slip:
    """``code`` is said at ``cell`` (or at the whole file) of ``file``, with ``says``; the run ends with ``exit``."""

    name: str
    change: Change
    code: str
    file: str | None
    cell: str
    says: str
    exit: int = 1


HEAD, BODY = FACTS.split("\n", 1)
REST = BODY.split("\n", 1)[1]


def facts(text: str | bytes) -> Change:
    """实绩.csv is ``text``."""

    def change(book: Path, data: Path) -> None:
        (data / "实绩.csv").write_bytes(text.encode() if isinstance(text, str) else text)

    return change


def row(first: str) -> Change:
    """The first row of 实绩.csv is ``first``."""
    return facts(f"{HEAD}\n{first}\n{REST}")


def column(name: str, *values: str) -> Change:
    """One more column."""
    lines = FACTS.rstrip("\n").split("\n")
    return facts("\n".join(f"{line},{value}" for line, value in zip(lines, (name, *values), strict=True)) + "\n")


def honours(more: str) -> Change:
    """One more row in 表彰.csv."""

    def change(book: Path, data: Path) -> None:
        (data / "表彰.csv").write_text(HONOURS + more, encoding="utf-8")

    return change


def instead(name: str, content: bytes) -> Change:
    """实绩 is a file of another kind."""

    def change(book: Path, data: Path) -> None:
        (data / "实绩.csv").unlink()
        (data / name).write_bytes(content)

    return change


def workbook(work: Callable[[Workbook, Worksheet], object]) -> Change:
    """实绩 is a workbook, changed by ``work`` before it is saved."""

    def change(book: Path, data: Path) -> None:
        (data / "实绩.csv").unlink()
        made = Workbook()
        sheet = made.worksheets[0]
        sheet.title = "实绩"
        for line in FACTS.rstrip("\n").split("\n"):
            sheet.append([float(cell) if cell.replace(".", "").isdigit() else cell for cell in line.split(",")])
        work(made, sheet)
        made.save(data / "实绩.xlsx")

    return change


def put(cell: str, value: str | int | datetime.date) -> Change:
    """A workbook with ``value`` in ``cell``."""

    def work(book: Workbook, sheet: Worksheet) -> None:
        sheet[cell] = value

    return workbook(work)


def listing(text: str, before: Change = lambda book, data: None) -> Change:
    """The data are named by a data.yaml."""

    def change(book: Path, data: Path) -> list[str | Path]:
        before(book, data)
        (data / "data.yaml").write_text(text, encoding="utf-8")
        return ["--data", data / "data.yaml"]

    return change


def due(beside: Change) -> Change:
    """The rulebook has a deadline."""

    def change(path: Path, data: Path) -> None:
        points = "满意度（20 分）【A02】"
        more = "指标 总结（10 分）【A04】\n  计分：2025年12月31日前报送得满分，逾期不得分\n加分项 表彰（最高"
        for old, new in (("满意度（30 分）【A02】", points), ("加分项 表彰（最高", more)):
            book(old, new)(path, data)
        beside(path, data)

    return change


def book(old: str, new: str) -> Change:
    """The rulebook says ``new`` instead of ``old``."""

    def change(path: Path, data: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def file(name: str, text: str) -> Change:
    """One more file beside the data."""

    def change(path: Path, data: Path) -> None:
        (data / name).write_text(text, encoding="utf-8")

    return change


def without(*names: str) -> Change:
    """Files are missing."""

    def change(path: Path, data: Path) -> None:
        for name in names:
            (data / name).unlink()

    return change


def _two_sheets(made: Workbook, sheet: Worksheet) -> None:
    sheet.title = "甲"
    made.create_sheet("乙").append(["单位", "培训"])


def _hidden(made: Workbook, sheet: Worksheet) -> None:
    sheet.row_dimensions[3].hidden = True


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
DATES = "事项编号,级别,单位,认定日期"

SLIPS = (
    # ---- files
    Slip("old xls", instead("实绩.xls", OLE), "K401", "实绩.xls", "", "旧格式", 3),
    Slip("pdf", instead("实绩.csv", b"%PDF-1.4"), "K401", "实绩.csv", "", "网页或 PDF", 3),
    Slip(
        "password",
        instead("实绩.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")),
        "K402",
        "实绩.xlsx",
        "",
        "打开密码",
        3,
    ),
    Slip("damaged", instead("实绩.xlsx", b"PK\x03\x04zzzz"), "K404", "实绩.xlsx", "", "可能损坏", 3),
    Slip("a folder that is not there", lambda p, d: ["--data", d / "没有"], "K416", "没有", "", "没有这个文件夹", 3),
    Slip("empty folder", without("实绩.csv", "表彰.csv"), "K415", "数据", "", "没有一个 xlsx 或 CSV", 3),
    Slip("bad yaml", listing("实绩: [&a 1\n"), "K418", "data.yaml", "", "锚点或别名", 3),
    Slip("yaml names no table", listing("实迹: 实绩.csv\n"), "K419", "data.yaml", "", "没有名为“实迹”的表"),
    Slip("yaml leaves the folder", listing("实绩: ../../实绩.csv\n"), "K420", "data.yaml", "", "不在本文件夹里"),
    Slip(
        "yaml names no sheet",
        listing("实绩:\n  文件: 实绩.xlsx\n  工作表: 年底\n", workbook(lambda b, s: None)),
        "K406",
        "实绩.xlsx",
        "",
        "没有名为“年底”的工作表",
    ),
    Slip("which sheet", workbook(_two_sheets), "K407", "实绩.xlsx", "", "没有写明哪一张是“实绩”"),
    Slip("nothing in it", facts(""), "K408", "实绩.csv", "", "一个字也没有"),
    Slip("no facts", without("实绩.csv"), "K421", None, "", "没有找到数据表“实绩”的文件"),
    Slip("no ledger", without("表彰.csv"), "K421", "试点.perf", "", "没有找到台账“表彰”的文件"),
    Slip(
        "a file for nothing", file("别的.csv", "单位,甲\n甲局,1\n"), "K417", "别的.csv", "", "不以任何一个表名开头", 0
    ),
    Slip("GBK bytes", facts(FACTS.encode("gbk")), "K411", "实绩.csv", "", "国标编码", 0),
    # ---- rows and headings
    Slip("thousands separator in CSV", row("甲局,1,000,1000,90%,好,9.5"), "K409", "实绩.csv", "G2", "这一行有 7 格"),
    Slip("quote", row('甲局,98,100,90%,好,"9.5'), "K410", "实绩.csv", "A2", "没有配对"),
    Slip("merged", workbook(lambda b, s: s.merge_cells("B2:B3")), "K412", "实绩.xlsx", "B2", "B2:B3 是合并单元格", 0),
    Slip("hidden row", workbook(_hidden), "K413", "实绩.xlsx", "A3", "第 3 行被隐藏", 0),
    Slip("a title above", facts("2025年数据,,,,,\n" + FACTS), "K414", "实绩.csv", "A1", "以第 2 行为表头", 0),
    Slip("a column for nothing", column("备注", "无", "", ""), "K422", "实绩.csv", "G1", "“备注”不是这个表的列", 0),
    Slip("a column twice", column("培训", "1", "1", "1"), "K423", "实绩.csv", "G1", "在 F1 已经有一列"),
    Slip(
        "unit of the heading",
        facts(FACTS.replace("办结件数,", "办结件数（万元）,", 1)),
        "K424",
        "实绩.csv",
        "B1",
        "万元",
    ),
    Slip(
        "column missing",
        facts(FACTS.replace("满意率", "满意度率")),
        "K425",
        "实绩.csv",
        "",
        "没有“满意率”（指标 A02）这一列",
    ),
    Slip(
        "column almost right", facts(FACTS.replace("满意率", "满意度率")), "K422", "实绩.csv", "D1", "是不是“满意率”？"
    ),
    Slip("no column of units", facts(FACTS.replace("单位,", "机构,", 1)), "K426", "实绩.csv", "", "不知道每一行是谁的"),
    Slip("no unit in the row", row(",98,100,90%,好,9.5"), "K438", "实绩.csv", "A2", "不知道这一行是谁的"),
    Slip("unit almost right", row("甲局局,98,100,90%,好,9.5"), "K439", "实绩.csv", "A2", "不在单位名册上"),
    Slip("former name", facts(FACTS.replace("乙局", "乙委")), "K440", "实绩.csv", "A3", "是曾用名，按“乙局”读入", 0),
    Slip("unit twice", facts(FACTS + "丙县,100,100,60%,差,7\n"), "K441", "实绩.csv", "A5", "实绩.csv A4 已经有一行"),
    Slip("two files disagree", file("实绩-补.csv", "单位,培训\n甲局,9\n"), "K442", "实绩.csv", "F2", "“甲局”的“培训”"),
    Slip("roster twice", book("| 丙县 | 区县 |", "| 甲局 | 区县 |"), "K443", "试点.perf", "", "单位名册里“甲局”"),
    Slip(
        "event twice", honours("甲局,BZ-1,省级,2025-03-01\n"), "K445", "表彰.csv", "A3", "表彰.csv A2 那一行一字不差", 0
    ),
    Slip(
        "roster in a file too",
        file("单位名册.csv", "单位,类别\n甲局,市直\n"),
        "K446",
        "单位名册.csv",
        "",
        "以办法为准",
        0,
    ),
    # ---- cells
    Slip("unit in the cell", row("甲局,98件,100,90%,好,9.5"), "K427", "实绩.csv", "B2", "填的是“98件”"),
    Slip("1，000", row('甲局,"1，000",1000,90%,好,9.5'), "K427", "实绩.csv", "B2", "填的是“1，000”"),
    Slip("1e9999", row("甲局,1e9999,100,90%,好,9.5"), "K427", "实绩.csv", "B2", "填的是“1e9999”"),
    Slip("5000 nines", row(f"甲局,{'9' * 5000},100,90%,好,9.5"), "K427", "实绩.csv", "B2", "应为数字"),
    Slip("NaN", row("甲局,NaN,100,90%,好,9.5"), "K427", "实绩.csv", "B2", "填的是“NaN”"),
    Slip("Arabic-Indic digit", row("甲局,٣,100,90%,好,9.5"), "K427", "实绩.csv", "B2", "应为数字"),
    Slip("date in a number", put("B2", datetime.date(2025, 9, 8)), "K427", "实绩.xlsx", "B2", "日期 2025-09-08"),
    Slip("not a choice", row("甲局,98,100,90%,中,9.5"), "K428", "实绩.csv", "E2", "可选内容之一：好、差"),
    Slip("a mark", row("甲局,/,100,90%,好,9.5"), "K429", "实绩.csv", "B2", "没有写明它的意思"),
    Slip("#DIV/0!", put("B2", "#DIV/0!"), "K430", "实绩.xlsx", "B2", "错误值 #DIV/0!"),
    Slip("formula without value", put("B2", "=1+1"), "K431", "实绩.xlsx", "B2", "没有计算结果：=1+1"),
    Slip("16 digits", put("B2", 1234567890123456), "K432", "实绩.xlsx", "B2", "后几位已经失真"),
    Slip("share or percent", row("甲局,98,100,0.9,好,9.5"), "K434", "实绩.csv", "D2", "是 0.9%，还是 90%？", 0),
    Slip("percent very large", row("甲局,98,100,9000,好,9.5"), "K435", "实绩.csv", "D2", "是否多乘了 100", 0),
    Slip("full width", row("甲局,９８,100,90%,好,9.5"), "K436", "实绩.csv", "B2", "全角字符", 0),
    Slip("blank in a ledger", honours("甲局,,省级,2025-01-01\n"), "K437", "表彰.csv", "B3", "“事项编号”没有填"),
    Slip("fewer than none", row("甲局,-1,100,90%,好,9.5"), "K474", "实绩.csv", "B2", "有 1 处是负数（B2），如 -1 件"),
    Slip("half a piece", row("甲局,97.5,100,90%,好,9.5"), "K475", "实绩.csv", "B2", "如 97.5 件", 0),
    Slip(
        "more than there were",
        row("甲局,985,100,90%,好,9.5"),
        "K477",
        "实绩.csv",
        "B2",
        "甲局 985 件（实绩.csv B2），100 件（实绩.csv C2）",
        0,
    ),
    Slip(
        "the ledger of another year",
        file("表彰.csv", "单位,事项编号,级别,认定日期\n甲局,BZ-1,省级,2024-03-01\n乙局,BZ-2,省级,2026-01-05\n"),
        "K478",
        "表彰.csv",
        "D2",
        "2 行都不在考核期内：认定日期 是 2024年3月1日至2026年1月5日，考核期是 2025年1月1日至2025年12月31日",
        0,
    ),
    Slip(
        "the deadlines of an earlier year",
        due(column("总结", "2024-11-30", "2024-12-01", "2024-06-03")),
        "K480",
        "实绩.csv",
        "G2",
        "总结填了 3 个日期，都早于考核期：2024年6月3日至2024年12月1日，考核期从 2025年1月1日开始",
        0,
    ),
    # ---- what the run finds
    Slip(
        "unit without rows",
        book("  | 甲局 | 市直 |  |\n  | 乙局 | 市直 | 乙委 |\n  | 丙县 | 区县 |  |\n", ""),
        "K421",
        "试点.perf",
        "",
        "单位名册",
    ),
    Slip("divisor 0", row("甲局,0,0,90%,好,9.5"), "K503", None, "", "甲局的除数是 0"),
    Slip("score off its grid", row("甲局,98,100,90%,好,9.7"), "K504", "实绩.csv", "F2", "0.5 分一档，填的是 “9.7”"),
    Slip("score above its full mark", row("甲局,98,100,90%,好,10.5"), "K504", "实绩.csv", "F2", "应为 0 至 10 分"),
    Slip("blank cell", row("甲局,,100,90%,好,9.5"), "K505", None, "", "3 个单位里 1 个待定"),
)
