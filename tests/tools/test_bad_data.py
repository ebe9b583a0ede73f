"""Slips in data files, through the command line: the code, the cell, the words, the exit code."""

from __future__ import annotations

import re
from pathlib import Path
from unittest.mock import patch

import pytest
from running import FACTS, RULEBOOKS, perfdsl, project
from slips import SLIPS, Slip, row


def run(folder: Path, slip: Slip, *more: str) -> list[str | Path]:
    """The arguments that run the project with its slip."""
    book = project(folder)
    extra = slip.change(book, book.with_suffix("") / "数据") or []
    return ["run", book, *more, *extra]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.code} {slip.name}")
def test_slip(slip: Slip, tmp_path: Path) -> None:
    ran = perfdsl(*run(tmp_path, slip, "--format", "json"))
    found = [one for one in ran.problems if one["code"] == slip.code and slip.says in one["message"]]
    assert found, [(one["code"], one["message"]) for one in ran.problems]
    address = found[0]["address"]
    assert (address["cell"] if address else "") == slip.cell
    assert found[0]["file"] == slip.file
    assert ran.code == slip.exit
    assert found[0]["mend"] or slip.exit == 0 or re.search("应为|有的是", found[0]["message"])


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.code} {slip.name}")
def test_both_engines_say_the_same(slip: Slip, tmp_path: Path) -> None:
    arguments = run(tmp_path, slip, "--format", "json")
    columnar, reference = perfdsl(*arguments), perfdsl(*arguments, "--engine", "reference")
    assert columnar.out == reference.out
    assert columnar.code == reference.code


def test_the_screen_says_it_on_stderr_and_keeps_the_result_on_stdout(tmp_path: Path) -> None:
    slip = Slip("", row("甲局,98件,100,90%,好,9.5"), "", None, "", "")
    ran = perfdsl(*run(tmp_path, slip))
    assert ran.code == 1
    assert "K427" in ran.err and "实绩.csv B2" in ran.err and "怎么改：98" in ran.err
    assert "名次" in ran.out and "K427" not in ran.out


def test_every_problem_of_a_file_in_one_run(tmp_path: Path) -> None:
    """Ten slips in one file are ten problems."""
    text = (
        "单位,办结件数,应办件数,满意率,等级,培训,备注\n"
        "甲局,98件,/,1e3,中,9.7,无\n"
        "甲局局,1,2,90%,好,9,\n"
        ",1,2,90%,好,9,\n"
        "丙县,#N/A,,60%,坏,11,\n"
    )
    book = project(tmp_path, text)
    cells = {one["address"]["cell"] for one in perfdsl("run", book, "--format", "json").problems if one["address"]}
    assert cells >= {"B2", "C2", "D2", "E2", "F2", "G1", "A3", "A4", "B5", "E5", "F5"}


def test_what_is_missing_travels_to_the_ranks_of_others(tmp_path: Path) -> None:
    """A blank that no rule answers: the item, the total and every rank are open; 暂按 computes the rest and stamps it."""
    book = project(tmp_path, FACTS.replace("甲局,98,", "甲局,,"))
    ran = perfdsl("run", book, "--format", "json")
    assert ran.code == 1
    first, second, third = ran.json["units"]
    item = next(one for one in first["items"] if one["code"] == "A01")
    assert (item["score"], item["state"], first["total"]) == (None, "未报", None)
    assert second["total"] == "90.67"
    assert [unit["rank"] for unit in (first, second, third)] == [None, None, None]
    assert [unit["grade"] for unit in (first, second, third)] == [None, None, None]
    assert ran.json["provisional"] is False
    assumed = perfdsl("run", book, "--暂按", "不得分", "--格式", "json")
    assert assumed.json["provisional"] is True and assumed.json["assumed"] == "不得分"
    assert [unit["rank"] for unit in assumed.json["units"]] == ["3", "1", "2"]
    for command, *more in (["run"], ["explain", "--unit", "乙局"]):
        assert perfdsl(command, book, *more, "--assume-pending", "不得分").out.startswith("【暂定】")
    out = tmp_path / "结果"
    perfdsl("run", book, "--assume-pending", "不得分", "--out", out)
    for path in out.iterdir():
        if path.suffix == ".json":
            assert "不得分" in path.read_text(encoding="utf-8"), path.name


def test_a_file_open_in_another_program(tmp_path: Path) -> None:
    book = project(tmp_path)
    real = Path.read_bytes

    def locked(path: Path) -> bytes:
        if path.name == "实绩.csv":
            raise PermissionError(13, "Permission denied")
        return real(path)

    with patch.object(Path, "read_bytes", locked):
        ran = perfdsl("run", book, "--format", "json")
    assert ran.code == 3
    assert "WPS/Excel" in ran.only("K400")["message"]
    with patch.object(Path, "read_bytes", side_effect=PermissionError(13, "Permission denied")):
        ran = perfdsl("check", book)
    assert (ran.code, ran.out) == (3, "")
    assert "可能正被 WPS/Excel 打开，请关闭后重试" in ran.err


@pytest.mark.parametrize(
    "asked",
    [("run", "--format", "csv"), ("run", "--plan"), ("explain", "--unit", "丙县"), ("docs", "--choices")],
    ids=lambda one: f"{one[0]}{one[1]}",
)
def test_every_command_that_runs_says_what_is_wrong_with_the_data(tmp_path: Path, asked: tuple[str, ...]) -> None:
    """A cell that must be mended ends with 1, data that are not there with 3; both are said, whatever is asked for."""
    book = project(tmp_path, FACTS.replace("甲局,98,", "甲局,九十八,"))
    verb, *more = asked
    ran = perfdsl(verb, book, *more, "--data", tmp_path / "试点" / "数据")
    assert ran.code == 1 and "九十八" in ran.err and "必须改" in ran.err
    ran = perfdsl(verb, book, *more, "--data", tmp_path / "没有")
    assert ran.code == 3 and "必须改" in ran.err


def test_a_roster_without_units(tmp_path: Path) -> None:
    """A roster file that holds its headings only, and no data that name a unit."""
    book = project(tmp_path, FACTS.split("\n")[0] + "\n", "单位,事项编号,级别,认定日期\n")
    text = book.read_text(encoding="utf-8")
    head, rest = text.split("  | 单位 | 类别 | 曾用名 |\n")
    book.write_text(head + rest[rest.index("台账") :], encoding="utf-8")
    folder = tmp_path / "试点" / "附表"
    folder.mkdir()
    (folder / "单位名册.csv").write_text("单位,类别,曾用名\n", encoding="utf-8")
    ran = perfdsl("run", book, "--format", "json")
    assert ran.code == 1
    assert "单位" in ran.only("K502")["message"]


def test_a_schedule_that_is_not_there(tmp_path: Path) -> None:
    book = project(tmp_path)
    with book.open("a", encoding="utf-8") as out:
        out.write("附表 目标（每个单位一行）\n  列：单位、目标额（件）\n")
    ran = perfdsl("check", book, "--format", "json")
    problem = ran.only("K501")
    assert ran.code == 1
    assert problem["text"].startswith("附表 目标") and "试点/附表/目标.csv" in problem["mend"]


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    from zipfile import ZIP_DEFLATED, ZipFile

    book = project(tmp_path, None)
    with ZipFile(book.with_suffix("") / "数据" / "实绩.xlsx", "w", ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types/>')
        package.writestr(
            "_rels/.rels",
            '<Relationships><Relationship Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        package.writestr("xl/workbook.xml", "<workbook>" + " " * (70 << 20) + "</workbook>")
    ran = perfdsl("run", book, "--format", "json")
    assert ran.code == 3
    assert "解压后超过" in ran.only("K405")["message"]


def test_a_workbook_with_macros(tmp_path: Path) -> None:
    from zipfile import ZipFile

    book = project(tmp_path, None)
    with ZipFile(book.with_suffix("") / "数据" / "实绩.xlsx", "w") as package:
        package.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types/>')
        package.writestr("xl/vbaProject.bin", "x")
    ran = perfdsl("run", book, "--format", "json")
    assert ran.code == 3
    assert "带有宏" in ran.only("K403")["message"]


def test_a_number_that_became_a_date(tmp_path: Path) -> None:
    """Excel turns 3-1 into the first of March."""
    import datetime

    from openpyxl import Workbook

    book = project(tmp_path, honours=None)
    made = Workbook()
    made.worksheets[0].title = "表彰"
    for line in (["单位", "事项编号", "级别", "认定日期"], ["甲局", datetime.date(2025, 3, 1), "省级", "2025-03-01"]):
        made.worksheets[0].append(line)
    made.save(book.with_suffix("") / "数据" / "表彰.xlsx")
    ran = perfdsl("run", book, "--format", "json")
    problem = ran.only("K433")
    assert ran.code == 1
    assert problem["address"] == {"file": "表彰.xlsx", "sheet": "表彰", "cell": "B2"}


def test_no_roster_at_all(tmp_path: Path) -> None:
    """The units are those that the data name, and somebody is asked whether these are all."""
    book = project(tmp_path)
    text = book.read_text(encoding="utf-8")
    start, end = text.index("附表 单位名册"), text.index("台账 表彰")
    book.write_text(text[:start] + text[end:], encoding="utf-8")
    ran = perfdsl("run", book, "--format", "json")
    assert ran.code == 0
    assert "按数据里出现的 3 个单位计算" in ran.only("K444")["message"]
    assert [unit["rank"] for unit in ran.json["units"]] == ["1", "2", "3"]


TWO_UNITS = """\
考评办法 试（10 分）【试@2025】
  状态：征求意见稿
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲县 |
  | 乙县 |
  | 丙局 |
台账 督办（每个事项一行）
  列：属地单位（单位）、主管部门（单位，可不填）、事项编号、核定分（分）
指标 督办（10 分）【A01】
  台账：督办
  归属：属地单位按 100%，主管部门按 50%；同一单位只计一次
  每行分值：核定分
  同一事项：各计各的
  计分：按每行分值扣分，限于 1 至 3 分，扣完本指标为止
"""


@pytest.mark.parametrize(
    ("line", "code", "cell", "open_units"),
    [
        ("甲县,丙局,1,5\n", "K451", "D3", ["甲县", "丙局"]),
        (",,1,2\n", "K450", "A3", ["甲县", "乙县", "丙局"]),
        ("甲镇,,1,2\n", "K439", "A3", ["甲县", "乙县", "丙局"]),
    ],
)
def test_rows_of_several_units(line: str, code: str, cell: str, open_units: list[str], tmp_path: Path) -> None:
    """A row that may be anybody's leaves every score open, one with points out of range those of its units."""
    book, head = tmp_path / "试.perf", "属地单位,主管部门,事项编号,核定分\n乙县,丙局,0,1\n"
    book.write_text(TWO_UNITS, encoding="utf-8")
    folder = tmp_path / "试" / "数据"
    folder.mkdir(parents=True)
    (folder / "督办.csv").write_text(head + line, encoding="utf-8")
    for engine in ("columnar", "reference"):
        ran = perfdsl("run", book, "--format", "json", "--engine", engine)
        assert ran.only(code)["address"]["cell"] == cell
        scores = {unit["unit"]: unit["total"] for unit in ran.json["units"]}
        assert [unit for unit, total in scores.items() if total is None] == open_units


def test_the_folder_above_the_data() -> None:
    """No table is found there; rows that somebody should have filled in wait for their own units."""
    ran = perfdsl("run", "示例市@2024", "--data", RULEBOOKS / "示例市" / "2024")
    assert ran.code == 1
    assert "没有找到数据表“个性指标实绩”的文件" in ran.err
    assert "云泽区" in ran.out


def test_no_folder_of_data(tmp_path: Path) -> None:
    """One thing is wrong, and one thing is said: which folder was looked for, and how to name another."""
    book = project(tmp_path)
    (tmp_path / "试点" / "数据").rename(tmp_path / "别处")
    for more in ([], ["--engine", "reference"]):
        ran = perfdsl("run", book, "--format", "json", *more)
        assert ran.code == 3
        assert [one["code"] for one in ran.problems] == ["K479"]
        assert str(tmp_path / "试点" / "数据") in ran.problems[0]["message"]
        assert "--data" in ran.problems[0]["mend"] and "实绩.xlsx" in ran.problems[0]["mend"]
    assert perfdsl("run", book, "--data", tmp_path / "别处").code == 0
    ran = perfdsl("run", book, "--data", tmp_path / "别处" / "没有", "--format", "json")
    assert [one["code"] for one in ran.problems] == ["K416"]
    assert str(tmp_path / "别处" / "没有") in ran.problems[0]["message"]


def test_where_a_missing_file_goes(tmp_path: Path) -> None:
    book = project(tmp_path, honours=None)
    data = book.with_suffix("") / "数据"
    mend = perfdsl("run", book, "--format", "json").only("K421")["mend"]
    assert mend == "把 表彰.xlsx 或 表彰.csv 放进 试点/数据（确实没有事项的，只留表头）"
    (data / "data.yaml").write_text("实绩: 实绩.csv\n", encoding="utf-8")
    mend = perfdsl("run", book, "--format", "json").only("K421")["mend"]
    assert mend == "在 数据/data.yaml 里加一行：表彰: 表彰.xlsx（确实没有事项的，只留表头）"


@pytest.mark.parametrize(
    ("honours", "said"),
    [
        ("单位,事项编号,级别,认定日期\n甲局局,BZ-1,省级,2025-03-01\n", "“表彰” 有读不出来、不知道是谁的行"),
        (None, "“表彰” 没有文件"),
    ],
)
def test_what_a_ledger_lacks_is_no_blank_cell(honours: str | None, said: str, tmp_path: Path) -> None:
    """A row that may be anybody's leaves every unit open; nobody has left a cell blank."""
    ran = perfdsl("run", project(tmp_path, honours=honours))
    assert ran.code == 1
    assert said in ran.out and "没有填 ←" not in ran.out and "级别 没有填" not in ran.out


def test_the_same_row_twice_and_another_row(tmp_path: Path) -> None:
    twice = perfdsl("run", project(tmp_path, FACTS + "丙县,100,100,60%,差,7\n"), "--format", "json").only("K441")
    assert "两行填的相同，现按一行计" in twice["message"] and "重复的删去一行" in twice["mend"]
    other = perfdsl("run", project(tmp_path, FACTS + "丙县,99,100,60%,差,\n"), "--format", "json").only("K441")
    assert other["message"].endswith("两行不同的有：“办结件数”") and "只留一行" in other["mend"]


def test_a_wrong_cell_says_what_to_do(tmp_path: Path) -> None:
    wrong = perfdsl("run", project(tmp_path, FACTS.replace("甲局,98,", "甲局,很多,")), "--format", "json").only("K427")
    assert wrong["mend"] == "请填报单位核对后重填：数字（单位：件，不写进单元格）"
