"""Folders, workbooks and data.yaml → one dataset."""

from __future__ import annotations

import os
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from data_builders import (
    DATE,
    MISSING,
    NOT_DUE,
    PENDING,
    TWO,
    facts,
    ledger,
    number,
    only,
    roster,
    rule,
    said,
    text,
    xlsx,
)

from perfdsl.data.load import Loaded, load, rule_rows
from perfdsl.model.states import State
from perfdsl.model.table import UNIT_GRAIN, RowOf, RuleCell, Table, TableColumn, TableRole
from perfdsl.text.problem import Severity
from perfdsl.text.source import Source, Span

RATE = number("按时办结率", "%", source="市统计局", for_items=("A02",))
DONE = number("办结件数", "件")
ACTUAL = facts(RATE, DONE)
PRAISE = ledger("表彰", text("单位"), text("事项编号"), text("级别", "国家级", "省级"), TableColumn("认定日期", DATE))


def files(folder: Path, **texts: str) -> Path:
    for name, content in texts.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def unit_cells(loaded: Loaded, name: str) -> list[object]:
    cells = loaded.dataset[UNIT_GRAIN].columns[name].cells
    return [value if state is State.VALUE else state for state, value in cells]


def column(loaded: Loaded, grain: str, name: str) -> list[object]:
    cells = loaded.dataset[grain].columns[name].cells
    return [value if state is State.VALUE else state for state, value in cells]


def codes(loaded: Loaded) -> list[str]:
    return sorted(problem.code for problem in loaded.problems)


def test_rows_are_aligned_to_the_roster(tmp_path: Path) -> None:
    files(tmp_path, 实绩="单位,按时办结率,办结件数\n市环保局,97%,3\n市水利局,98,\n")
    loaded = load(tmp_path, (TWO, ACTUAL))
    assert loaded.units == ("市水利局", "市生态环境局")
    assert unit_cells(loaded, "单位名册.单位") == list(loaded.units)
    assert unit_cells(loaded, "实绩.单位") == list(loaded.units)
    assert unit_cells(loaded, "实绩.按时办结率") == [Fraction(49, 50), Fraction(97, 100)]
    assert unit_cells(loaded, "实绩.办结件数") == [MISSING, Fraction(3)]
    assert said(loaded.problems) == ["K440 实绩.csv A2"]
    assert "“市环保局”是曾用名，按“市生态环境局”读入" in loaded.problems[0].message
    assert [(owed.unit, owed.column) for owed in loaded.owed] == [("市水利局", "办结件数")]
    assert str(loaded.dataset[UNIT_GRAIN].columns["实绩.办结件数"].addresses[0]) == "实绩.csv C3"
    assert loaded.files[0].rows == 2 and len(loaded.files[0].sha256) == 64
    assert not loaded.unreadable


def test_a_unit_that_no_file_has_is_missing(tmp_path: Path) -> None:
    loaded = load(files(tmp_path, 实绩="单位,按时办结率,办结件数\n市水利局,98,1\n"), (TWO, ACTUAL))
    assert unit_cells(loaded, "实绩.按时办结率") == [Fraction(49, 50), MISSING]
    first = loaded.owed[0]
    assert (first.source, first.unit, first.table, first.column) == ("市统计局", "市生态环境局", "实绩", "按时办结率")
    assert (first.items, first.month) == (("A02",), 0)
    assert str(loaded.dataset[UNIT_GRAIN].columns["实绩.按时办结率"].addresses[1]) == "实绩.csv"


def test_unknown_units(tmp_path: Path) -> None:
    content = "单位,按时办结率,办结件数\n市水务局,1,1\n合计,1,1\n市水利局、市环保局,1,1\n,1,1\n市 水利局,98,1\n"
    loaded = load(files(tmp_path, 实绩=content), (TWO, ACTUAL))
    unknown = [problem for problem in loaded.problems if problem.code == "K439"]
    assert [str(problem.address) for problem in unknown] == ["实绩.csv A2", "实绩.csv A3", "实绩.csv A4"]
    assert "是不是“市水利局”？" in unknown[0].message
    # it may be another one, which has left the roster: its data are not to be put down to 市水利局
    assert unknown[0].mend == (
        "是笔误的，改成“市水利局”；不是被考核的单位，删去这一行；改了名称的，在名册的“曾用名”栏登记"
    )
    assert "请删去" in unknown[1].mend
    assert "各占一行" in unknown[2].mend
    assert said([only(loaded.problems, "K438")]) == ["K438 实绩.csv A5"]
    assert unit_cells(loaded, "实绩.按时办结率")[0] == Fraction(49, 50)


def test_a_unit_twice(tmp_path: Path) -> None:
    content = "单位,按时办结率,办结件数\n市水利局,98,1\n市水利局,97,1\n市环境局,5,\n市生态环境局,,6\n"
    loaded = load(files(tmp_path, 实绩=content), (TWO, ACTUAL))
    twice = [problem for problem in loaded.problems if problem.code == "K441"]
    assert [str(problem.address) for problem in twice] == ["实绩.csv A3", "实绩.csv A5"]
    assert "“市水利局”在 实绩.csv A2 已经有一行了" in twice[0].message
    assert unit_cells(loaded, "实绩.按时办结率") == [PENDING, Fraction(5, 100)]
    assert unit_cells(loaded, "实绩.办结件数") == [Fraction(1), Fraction(6)]


def test_split_files_are_merged_and_must_agree(tmp_path: Path) -> None:
    files(tmp_path, 实绩="单位,按时办结率\n市水利局,98\n市生态环境局,97\n")
    xlsx(
        tmp_path / "实绩-市统计局.xlsx",
        ("Sheet1", [["单位", "办结件数", "按时办结率"], ["市水利局", 5, "98%"], ["市生态环境局", 6, 96]]),
    )
    loaded = load(tmp_path, (TWO, ACTUAL))
    problem = only(loaded.problems, "K442")
    assert ("97" in problem.message and "实绩.csv B3" in problem.message) or "实绩-市统计局.xlsx" in problem.message
    assert unit_cells(loaded, "实绩.按时办结率") == [Fraction(49, 50), PENDING]
    assert unit_cells(loaded, "实绩.办结件数") == [5, 6]
    assert [file.file for file in loaded.files] == ["实绩-市统计局.xlsx", "实绩.csv"]


def test_two_tables_may_share_a_column_name(tmp_path: Path) -> None:
    targets = rule("年度目标", RowOf.UNIT, (text("单位"), number("按时办结率", "%")), [("市水利局", "95")])
    loaded = load(
        files(tmp_path, 实绩="单位,按时办结率,办结件数\n市水利局,98,1\n市生态环境局,1%,1\n"), (TWO, ACTUAL, targets)
    )
    assert unit_cells(loaded, "年度目标.按时办结率") == [Fraction(19, 20), MISSING]
    assert unit_cells(loaded, "实绩.按时办结率")[0] == Fraction(49, 50)


@pytest.mark.parametrize(
    "heading",
    [
        "按时办结率",
        " 按时办结率 ",
        "按时 办结率",
        "按时办结率（%）",
        "按时办结率(％，市统计局)",
        "办结率",
        "按时办结率（必填）",
    ],
)
def test_headings(tmp_path: Path, heading: str) -> None:
    rate = number("按时办结率", "%", also=("办结率",), source="市统计局")
    loaded = load(files(tmp_path, 实绩=f'单位名称,"{heading}"\n市水利局,98\n'), (roster("市水利局"), facts(rate)))
    assert unit_cells(loaded, "实绩.按时办结率") == [Fraction(49, 50)]
    assert not loaded.problems


def test_headings_that_do_not_fit(tmp_path: Path) -> None:
    money = number("固投完成额", "亿元", source="市统计局")
    content = "单位,固投完成额（万元）,按时办洁率,办结件数,办结件数（件）,办结件数（截至12月）\n市水利局,1,2,3,4,5,\n"
    loaded = load(files(tmp_path, 实绩=content), (roster("市水利局"), facts(RATE, DONE, money)))
    assert said(loaded.problems)[:4] == ["K424 实绩.csv B1", "K422 实绩.csv C1", "K423 实绩.csv E1", "K422 实绩.csv F1"]
    assert "表头的单位是“万元”，办法里“固投完成额”的单位是“亿元”" in only(loaded.problems, "K424").message
    assert "是不是“按时办结率”？" in loaded.problems[1].message
    assert "由市统计局提供" in only(loaded.problems, "K425").message
    assert unit_cells(loaded, "实绩.固投完成额") == [MISSING]
    assert unit_cells(loaded, "实绩.办结件数") == [3]


def test_heading_remarks_of_choices_and_marks(tmp_path: Path) -> None:
    target = number("目标额", "亿元", marks=(("/", State.ABSENT),))
    content = '单位,"类别（区县、市直）","目标额（亿元，可填“/”表示不涉及）",备注（必填）\n市水利局,市直,/,\n'
    loaded = load(files(tmp_path, 实绩=content), (roster("市水利局"), facts(text("类别", "区县", "市直"), target)))
    assert unit_cells(loaded, "实绩.类别") == ["市直"]
    assert unit_cells(loaded, "实绩.目标额") == [State.ABSENT]
    assert said(loaded.problems) == ["K422 实绩.csv D1"]


def test_a_number_column_whose_heading_has_a_unit_it_does_not_declare(tmp_path: Path) -> None:
    loaded = load(
        files(tmp_path, 实绩="单位,满意度（分）\n市水利局,98\n"), (roster("市水利局"), facts(number("满意度")))
    )
    assert "“满意度”的单位是“没有单位”" in only(loaded.problems, "K424").message


def test_a_column_without_heading(tmp_path: Path) -> None:
    xlsx(
        tmp_path / "实绩.xlsx", ("实绩", [["单位", None, "办结件数"], ["市水利局", "甲", 5], ["市生态环境局", "乙", 6]])
    )
    loaded = load(tmp_path, (TWO, facts(DONE)))
    assert said(loaded.problems) == ["K422 实绩.xlsx 工作表“实绩” B2"]


def test_no_unit_column(tmp_path: Path) -> None:
    files(tmp_path, 实绩="办结件数\n5\n", 表彰="事项编号,级别,认定日期\n1,省级,20250101\n")
    loaded = load(tmp_path, (TWO, facts(DONE), PRAISE))
    assert codes(loaded) == ["K426", "K426"]
    assert unit_cells(loaded, "实绩.办结件数") == [MISSING, MISSING]
    assert column(loaded, "表彰", "级别") == [MISSING, MISSING]


def test_ledgers(tmp_path: Path) -> None:
    files(
        tmp_path,
        表彰="单位,事项编号,级别,认定日期\n市环保局,A1,省级,2025年3月1日\n市水利局,A1,,2025-02-30\n无此局,A2,省级,20250101\n",
        **{"表彰-补": "单位,事项编号,级别\n市水利局,A3,国家级\n"},
    )
    loaded = load(tmp_path, (TWO, PRAISE))
    # the row of 无此局 may be anybody's: every unit has an open row, so that nothing read from the ledger is certain
    assert column(loaded, "表彰", "单位") == ["市水利局", "市生态环境局", "市水利局", "市水利局", "市生态环境局"]
    assert column(loaded, "表彰", "级别") == ["国家级", "省级", MISSING, MISSING, MISSING]
    assert column(loaded, "表彰", "认定日期")[2] is PENDING
    assert codes(loaded) == ["K425", "K427", "K437", "K439", "K440"]
    assert str(loaded.dataset["表彰"].columns["单位"].addresses[0]) == "表彰-补.csv A2"


def test_rows_that_are_the_same(tmp_path: Path) -> None:
    row = "市水利局,A1,省级,20250101\n"
    loaded = load(files(tmp_path, 表彰="单位,事项编号,级别,认定日期\n" + row * 2), (TWO, PRAISE))
    assert "表彰.csv A2" in only(loaded.problems, "K445").message
    assert loaded.dataset["表彰"].rows == 2


def test_an_empty_ledger_is_empty_and_an_absent_one_is_not(tmp_path: Path) -> None:
    accidents = ledger("事故", text("单位"), TableColumn("发生日期", DATE))
    loaded = load(files(tmp_path, 表彰="单位,事项编号,级别,认定日期\n"), (TWO, PRAISE, accidents))
    assert loaded.dataset["表彰"].rows == 0
    assert column(loaded, "事故", "单位") == ["市水利局", "市生态环境局"]
    assert column(loaded, "事故", "发生日期") == [MISSING, MISSING]
    assert "没有找到台账“事故”的文件" in only(loaded.problems, "K421").message


MONTHLY = facts(number("件数", "件"), name="月报", row_of=RowOf.MONTH, source="市政务服务局")


def test_monthly_tables_have_every_month(tmp_path: Path) -> None:
    content = (
        "单位,月份,件数\n市水利局,1月,5\n市水利局,2025年2月,\n市水利局,13,7\n市水利局,,7\n市水利局,待定,7\n不认识,3,1\n"
    )
    loaded = load(files(tmp_path, 月报=content), (roster("市水利局"), MONTHLY), due_months=(1, 2, 3))
    assert column(loaded, "月报", "件数") == [5, MISSING, MISSING, *[NOT_DUE] * 9]
    assert column(loaded, "月报", "月份") == list(range(1, 13))
    assert column(loaded, "月报", "单位") == ["市水利局"] * 12
    assert codes(loaded) == ["K427", "K438", "K438", "K439"]
    assert [(owed.source, owed.month) for owed in loaded.owed] == [("市政务服务局", 2), ("市政务服务局", 3)]


def test_monthly_rows_twice(tmp_path: Path) -> None:
    files(
        tmp_path,
        **{"月报-1": "单位,月,件数\n市水利局,1,5\n市水利局,1月,6\n", "月报-2": "单位,月份,件数\n市水利局,2,5\n"},
    )
    loaded = load(tmp_path, (roster("市水利局"), MONTHLY))
    assert "“市水利局 1月”" in only(loaded.problems, "K441").message
    assert column(loaded, "月报", "件数")[:2] == [PENDING, 5]


ITEMS = facts(text("编号"), number("完成值"), name="个性完成", row_of=RowOf.UNIT_ITEM)


def test_tables_with_several_rows_a_unit(tmp_path: Path) -> None:
    files(
        tmp_path,
        **{
            "个性完成-1": "单位,编号,完成值\n市水利局,1,5\n市水利局,2,6\n市环保局,1,7\n,3,1\n市水利局,,1\n市水利局,待定,1\n"
        },
        **{"个性完成-2": "单位,编号,完成值\n市水利局,1,8\n"},
    )
    loaded = load(tmp_path, (TWO, ITEMS))
    assert column(loaded, "个性完成", "单位") == ["市水利局", "市水利局", "市生态环境局"]
    assert column(loaded, "个性完成", "编号") == ["1", "2", "1"]
    assert column(loaded, "个性完成", "完成值") == [PENDING, 6, 7]
    assert codes(loaded) == ["K438", "K438", "K438", "K440", "K442"]


@pytest.mark.parametrize(
    ("items", "file", "mend"),
    [
        (("B203",), "实绩-市直.csv", "加一列，表头写：缺的"),  # beside B201 rather than A02
        (
            ("B304·采用",),
            "实绩-信息.csv",
            "加一列，表头写：缺的",
        ),  # beside the other column of B304, far from it in the table
        (("A02", "X9"), "实绩-共性.csv", "加一列，表头写：缺的"),
        (
            ("C1",),
            "实绩-信息.csv",
            "在其中一个文件里（实绩-信息.csv、实绩-共性.csv、实绩-市直.csv）加一列，表头写：缺的",
        ),
        ((), "实绩-信息.csv", "在其中一个文件里（实绩-信息.csv、实绩-共性.csv、实绩-市直.csv）加一列，表头写：缺的"),
    ],
)
def test_a_column_is_missing_in_the_file_of_its_kin(
    items: tuple[str, ...], file: str, mend: str, tmp_path: Path
) -> None:
    files(
        tmp_path,
        **{
            "实绩-信息": "单位,上级采用\n市水利局,1\n",
            "实绩-共性": "单位,按时办结率\n市水利局,98%\n",
            "实绩-市直": "单位,满意件数\n市水利局,1\n",
        },
    )
    columns = (
        number("上级采用", "篇", for_items=("B304",)),
        RATE,
        number("缺的", "件", for_items=items),
        number("满意件数", "件", for_items=("B201",)),
    )
    problem = only(load(tmp_path, (roster("市水利局"), facts(*columns))).problems, "K425")
    assert problem.address is not None
    assert (problem.address.file, problem.mend) == (file, mend)


def test_facts_that_two_rules_call_alike_are_told_apart(tmp_path: Path) -> None:
    """The heading that they share is nobody's: who takes it, and what each is to be called, is said with both columns."""
    columns = tuple(
        number(f"{owner}·本市采用", "篇", for_items=(code,), also=(f"【{code}】本市采用",))
        for owner, code in (("政务信息", "B304·本市采用"), ("信息采用", "J05"))
    )
    said = load(files(tmp_path, 实绩="单位,本市采用\n市水利局,1\n"), (roster("市水利局"), facts(*columns))).problems
    shared = only(said, "K422")
    assert "“本市采用”有 2 处要用（“政务信息·本市采用”、“信息采用·本市采用”），分不清是谁的" in shared.message
    assert shared.mend is not None and "政务信息·本市采用 或 信息采用·本市采用" in shared.mend
    first, second = (problem for problem in said if problem.code == "K425")
    assert first.why is not None and first.why.startswith("“信息采用·本市采用”（指标 J05）也用“本市采用”这个说法")
    assert second.why is not None and second.why.startswith("“政务信息·本市采用”（指标 B304·本市采用）也用")
    assert first.mend is not None and first.mend.startswith("加一列，表头写：政务信息·本市采用；原来写“本市采用”的")
    written = files(tmp_path, 实绩="单位,政务信息·本市采用,【J05】本市采用\n市水利局,1,2\n")
    assert codes(load(written, (roster("市水利局"), facts(*columns)))) == []


def test_item_tables_with_trouble(tmp_path: Path) -> None:
    xlsx(tmp_path / "个性完成.xlsx", ("个性完成", [["单位", "编号"], ["市水利局", "#N/A"], ["市水利局", "1"]]))
    loaded = load(tmp_path, (TWO, ITEMS))
    assert codes(loaded) == ["K425", "K430"]
    assert column(loaded, "个性完成", "完成值") == [MISSING]
    assert load(None, (TWO, ITEMS)).dataset["个性完成"].rows == 0


def test_rows_of_a_unit_without_numbers_and_members(tmp_path: Path) -> None:
    several = rule("个性指标", RowOf.UNIT_ITEM, (text("单位"), text("指标")), [("市水利局", "甲"), ("市环保局", "乙")])
    members = rule("成员", RowOf.MEMBER, (text("指标"), number("分值", "分")), [("甲", "5分"), ("乙", "6")])
    loaded = load(None, (TWO, several, members))
    assert column(loaded, "个性指标", "单位") == ["市水利局", "市生态环境局"]
    assert column(loaded, "成员", "分值") == [PENDING, 6]
    assert loaded.dataset["成员"].grain == "成员"
    assert codes(loaded) == ["K427", "K440"]


def test_rule_cells_point_at_the_rulebook() -> None:
    source = Source("2025.perf", "| 市水利局 | 95分 |\n| 无此局 | 1 |\n|  | 1 |")

    def cell(text_: str) -> RuleCell:
        start = source.text.index(text_)
        return RuleCell(text_, Span(source, start, start + len(text_)))

    table = Table(
        "年度目标",
        TableRole.RULE,
        RowOf.UNIT,
        (text("单位"), number("目标", "%")),
        ((cell("市水利局"), cell("95分")), (cell("无此局"), cell("1 "))),
        span=Span(source, 0, 1),
    )
    loaded = load(None, (TWO, table))
    assert [problem.span.text for problem in loaded.problems if problem.span] == ["95分", "无此局"]
    assert loaded.units == ("市水利局", "市生态环境局")


def test_rule_table_that_does_not_say_whose_rows_they_are() -> None:
    loaded = load(None, (TWO, rule("年度目标", RowOf.UNIT, (number("目标", "%"),), [("95",)])))
    assert codes(loaded) == ["K426"]


def test_roster_mistakes() -> None:
    columns = (text("单位"), text("曾用名", required=False))
    rows = [("市水利局", "市水务局、甲局"), ("市水利 局", ""), ("", ""), ("市环保局", "甲局；市水利局；/")]
    loaded = load(None, (rule("单位名册", RowOf.UNIT, columns, rows),))
    assert loaded.units == ("市水利局", "市环保局")
    assert codes(loaded) == ["K438", "K443", "K443", "K443"]
    loaded = load(None, (rule("单位名册", RowOf.UNIT, (text("单位代码"),), [("1",)]),))
    assert "K426" in codes(loaded) and loaded.units == ()


def test_former_name_of_itself() -> None:
    loaded = load(None, (roster("市水利局", former={"市水利局": "市水利局、市水务局、市水务局"}),))
    assert not loaded.problems


def test_roster_from_a_file(tmp_path: Path) -> None:
    table = rule("单位名册", RowOf.UNIT, (text("单位代码"), text("单位"), text("类别", "区县", "市直"), text("曾用名")))
    files(
        tmp_path, 单位名册="单位代码,单位\n001,市水利局\n002,市环保局\n", 实绩="单位,办结件数\n市水利局,1\n市环保局,1\n"
    )
    loaded = load(tmp_path, (table, facts(DONE)))
    assert unit_cells(loaded, "单位名册.单位代码") == ["001", "002"]
    assert "“类别”" in only(loaded.problems, "K425").message
    assert not loaded.owed


def test_without_a_roster_the_data_say_who_there_is(tmp_path: Path) -> None:
    files(tmp_path, 实绩="单位,办结件数\n市水利局,1\n合计,1\n,2\n市环保局,1\n", 表彰="事项编号\n1\n")
    xlsx(tmp_path / "成员.xlsx", ("成员", [["单位"], ["丙"]]))
    loaded = load(tmp_path, (facts(DONE), PRAISE, rule("成员", RowOf.MEMBER, (text("名称"),))))
    assert loaded.units == ("市水利局", "市环保局")
    assert only(loaded.problems, "K444").severity is Severity.CONFIRM
    declared = load(tmp_path, (rule("单位名册", RowOf.UNIT, (text("单位"), text("类别"))), facts(DONE)))
    assert unit_cells(declared, "单位名册.单位") == ["市水利局", "市环保局"]
    assert unit_cells(declared, "单位名册.类别") == [MISSING, MISSING]
    assert "没有找到附表“单位名册”" in only(declared.problems, "K421").message


def test_no_data_yet(tmp_path: Path) -> None:
    loaded = load(None, (TWO, ACTUAL, MONTHLY, PRAISE))
    assert not loaded.problems
    assert unit_cells(loaded, "实绩.办结件数") == [MISSING, MISSING]
    assert len(loaded.owed) == 4 + 24
    assert load(None, ()).units == ()


def test_one_workbook_with_a_sheet_for_each_table(tmp_path: Path) -> None:
    path = tmp_path / "2025 数据.xlsx"
    sheets: Mapping[str, list[list[object]]] = {
        "填报说明": [["请按月填报"]],
        "实绩": [["单位", "按时办结率", "办结件数"], ["市水利局", 98, 1]],
        "实绩（二）": [["单位", "按时办结率", "办结件数"], ["市生态环境局", 97, 2]],
        "表彰": [["单位", "事项编号", "级别", "认定日期"]],
    }
    xlsx(path, *sheets.items())
    for where in (path, tmp_path):
        loaded = load(where, (TWO, ACTUAL, PRAISE))
        assert unit_cells(loaded, "实绩.办结件数") == [1, 2]
        assert said(loaded.problems) == ["K417 2025 数据.xlsx"]
        assert "“填报说明”" in loaded.problems[0].message
        assert [file.sheet for file in loaded.files] == ["实绩", "实绩（二）", "表彰"]


def test_which_sheet(tmp_path: Path) -> None:
    head: list[list[object]] = [["单位", "办结件数"], ["市水利局", 1]]
    xlsx(tmp_path / "实绩.xlsx", ("Sheet1", head), ("旧", head), ("空", []))
    loaded = load(tmp_path, (TWO, facts(DONE)))
    assert "2 张工作表（“Sheet1”、“旧”）" in only(loaded.problems, "K407").message
    assert codes(loaded) == ["K407"]
    xlsx(tmp_path / "实绩.xlsx", ("Sheet1", []))
    assert codes(load(tmp_path, (TWO, facts(DONE)))) == ["K408"]
    xlsx(tmp_path / "实绩.xlsx", ("实绩", []))
    assert codes(load(tmp_path, (TWO, facts(DONE)))) == ["K408"]


def test_files_nobody_asked_for(tmp_path: Path) -> None:
    files(tmp_path, 实绩="单位,办结件数\n市水利局,1\n市生态环境局,2\n", 单位名单="单位\n", 单位名册="单位\n别处\n")
    xlsx(tmp_path / "别的.xlsx", ("Sheet1", [["x"]]))
    (tmp_path / "~$实绩.xlsx").write_bytes(b"lock")
    (tmp_path / ".实绩.csv").write_text("x", encoding="utf-8")
    (tmp_path / "说明.txt").write_text("x", encoding="utf-8")
    (tmp_path / "通知.docx").write_bytes(b"x")
    loaded = load(tmp_path, (TWO, facts(DONE)))
    assert sorted(said(loaded.problems)) == ["K417 别的.xlsx", "K417 单位名单.csv", "K446 单位名册.csv"]
    assert any(problem.mend == "如果是“单位名册”，请改名为“单位名册”" for problem in loaded.problems)
    assert unit_cells(loaded, "实绩.办结件数") == [1, 2]


def test_the_longest_table_name_wins(tmp_path: Path) -> None:
    files(tmp_path, 表彰="单位,数\n市水利局,1\n", 表彰台账="单位,号\n市水利局,2\n", 表彰2="单位,数\n市水利局,3\n")
    loaded = load(tmp_path, (TWO, ledger("表彰", number("数")), ledger("表彰台账", number("号"))))
    assert sorted(str(value) for value in column(loaded, "表彰", "数")) == ["1", "3"]
    assert column(loaded, "表彰台账", "号") == [2]


def test_old_formats_are_refused_when_they_are_meant(tmp_path: Path) -> None:
    (tmp_path / "实绩.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    loaded = load(tmp_path, (TWO, facts(DONE)))
    assert said(loaded.problems) == ["K401 实绩.xls"]
    assert loaded.unreadable


def test_a_lost_workbook_is_not_blamed_on_every_table(tmp_path: Path) -> None:
    (tmp_path / "数据.xlsx").write_bytes(b"PK\x03\x04")
    loaded = load(tmp_path, (TWO, facts(DONE), PRAISE))
    assert codes(loaded) == ["K404"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("没有", "没有这个文件夹或文件"),
        ("a.docx2", "这是一个文件，不是放数据的文件夹"),
        ("空", "没有一个 xlsx 或 CSV 文件"),
    ],
)
def test_places_without_data(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "a.docx2").write_text("x", encoding="utf-8")
    (tmp_path / "空").mkdir()
    loaded = load(tmp_path / name, (TWO, ACTUAL, PRAISE))
    assert len(loaded.problems) == 1 and says in loaded.problems[0].message
    assert loaded.unreadable
    # what was looked for in vain is named in full; what is there, by its name
    assert (str(tmp_path) in str(loaded.problems)) is (name == "没有")
    assert loaded.dataset["表彰"].rows == 2


def test_a_folder_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_folder: Path) -> object:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(os, "listdir", denied)
    assert "打不开" in only(load(tmp_path, (TWO, ACTUAL)).problems, "K416").message


def test_a_single_csv_and_one_that_cannot_be_read(tmp_path: Path) -> None:
    files(tmp_path, 实绩="单位,办结件数\n市水利局,1\n市生态环境局,2\n")
    assert unit_cells(load(tmp_path / "实绩.csv", (TWO, facts(DONE))), "实绩.办结件数") == [1, 2]
    assert codes(load(tmp_path / "没有.csv", (TWO, facts(DONE)))) == ["K416"]
    (tmp_path / "实绩.csv").write_bytes(b"\0")
    assert codes(load(tmp_path / "实绩.csv", (TWO, facts(DONE)))) == ["K400"]


def test_rule_tables_beside_the_rulebook(tmp_path: Path) -> None:
    rules, data = tmp_path / "办法", tmp_path / "数据"
    rules.mkdir()
    data.mkdir()
    xlsx(rules / "目标 表.xlsx", ("Sheet1", [["单位", "目标"], ["市水利局", 0.95]]))
    files(rules, 单位名册="单位\n市水利局\n")
    (rules / "单位名册.txt.bak").write_text("x", encoding="utf-8")
    target = Table("年度目标", TableRole.RULE, RowOf.UNIT, (text("单位"), number("目标")), file="目标 表.xlsx")
    names = rule("单位名册", RowOf.UNIT, (text("单位"),))
    loaded = load(None, (names, target), rules=rules)
    assert unit_cells(loaded, "年度目标.目标") == [Fraction(95, 100)]
    assert [file.file for file in loaded.files] == ["单位名册.csv", "目标 表.xlsx"]
    outside = Table("年度目标", TableRole.RULE, RowOf.UNIT, (text("单位"),), file="../x.csv")
    assert codes(load(None, (names, outside), rules=rules)) == ["K420"]
    gone = Table("年度目标", TableRole.RULE, RowOf.UNIT, (text("单位"),), file="x.csv")
    assert codes(load(None, (names, gone), rules=rules)) == ["K400"]
    assert load(None, (names,), rules=tmp_path / "没有").units == ()


def test_rule_rows(tmp_path: Path) -> None:
    table = rule("指标体系表", RowOf.MEMBER, (text("编号"), text("计分"), number("分值", "分")))
    xlsx(tmp_path / "指标体系表.xlsx", ("说明", [["x"]]), ("指标体系表", [["计分", "编号"], ["每件扣 1 分", "A01"]]))
    rows, problems = rule_rows(tmp_path / "指标体系表.xlsx", table)
    assert [[cell.text for cell in row] for row in rows] == [["A01", "每件扣 1 分", ""]]
    assert str(rows[0][0].place) == "指标体系表.xlsx 工作表“指标体系表” B2"
    assert not problems
    assert said(rule_rows(tmp_path / "没有.xlsx", table, "没有.xlsx")[1]) == ["K400 没有.xlsx"]
    (tmp_path / "空.csv").write_text("", encoding="utf-8")
    assert said(rule_rows(tmp_path / "空.csv", table)[1]) == ["K408 空.csv"]


def test_what_is_incomplete_is_said(tmp_path: Path) -> None:
    files(tmp_path, 表彰="单位,事项编号,级别,认定日期\n市水利局,1,省级,20250101\n无此局,2,省级,20250101\n")
    assert load(tmp_path, (TWO, PRAISE)).incomplete == {"表彰"}
    (tmp_path / "表彰-补.xlsx").write_bytes(b"PK\x03\x04")
    loaded = load(tmp_path, (TWO, PRAISE))
    assert column(loaded, "表彰", "级别") == ["省级", MISSING, MISSING]
    files(tmp_path, 表彰="单位,事项编号,级别,认定日期\n", **{"表彰-补二": "事项编号,级别,认定日期\n2,省级,20250101\n"})
    (tmp_path / "表彰-补.xlsx").unlink()
    assert column(load(tmp_path, (TWO, PRAISE)), "表彰", "级别") == [MISSING, MISSING]
    files(tmp_path, **{"表彰-补二": "单位,事项编号,级别,认定日期\n市水利局,1,省级,20250101\n"})
    assert not load(tmp_path, (TWO, PRAISE)).incomplete


def test_a_column_called_month_in_a_ledger_is_what_it_is_declared(tmp_path: Path) -> None:
    files(tmp_path, 通报="单位,月份\n市水利局,七月\n", 月报="单位,月份,件数\n市水利局,2025年1月,1\n")
    declared = facts(text("月份"), number("件数", "件"), name="月报", row_of=RowOf.MONTH)
    loaded = load(tmp_path, (roster("市水利局"), ledger("通报", text("月份")), declared))
    assert column(loaded, "通报", "月份") == ["七月"]
    assert column(loaded, "月报", "件数")[0] == 1
    assert not loaded.problems
