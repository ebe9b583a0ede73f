"""Raw cells → exact columns."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from data_builders import BOOL, DATE, NUMBER, PENDING, TEXT, number, only, said, text
from hypothesis import given
from hypothesis import strategies as st

from perfdsl.data.columns import DataColumn, column, places
from perfdsl.data.convert import Addresses, Reader, convert, read
from perfdsl.data.raw import CellKind, Origin, RawCell, text_cell
from perfdsl.model.states import State
from perfdsl.model.table import TableColumn
from perfdsl.model.units import ValueType
from perfdsl.text.citation import Address
from perfdsl.text.source import Source, Span

ORIGIN = Origin("实绩.xlsx", "实绩")
RATE = number("按时办结率", "%", for_items=("A02",))


def cell(written: str, kind: CellKind = CellKind.TEXT, row: int = 17) -> RawCell:
    return RawCell(written, kind, ORIGIN, row, 3) if written else text_cell("", ORIGIN, row, 3)


def made(of: TableColumn, *written: str) -> DataColumn:
    return convert(of, [cell(one) for one in written])[0]


@pytest.mark.parametrize("word", ["零报告", "未发生", "未到期", "待定", "不涉及", "未报"])
@pytest.mark.parametrize("kind", [NUMBER, BOOL, DATE, TEXT])
def test_state_words_in_any_column(word: str, kind: ValueType) -> None:
    found, problems = convert(TableColumn("列", kind), [cell(f" {word}")])
    assert State(int(found.states[0])).chinese == word
    assert not problems


def test_declared_marks_and_choices_come_first() -> None:
    marked = number("目标额", "亿元", marks=(("/", State.ABSENT), ("0", State.NIL)))
    assert [state for state, _ in made(marked, "／", "0", "1").cells] == [State.ABSENT, State.NIL, State.VALUE]
    choice = text("结论", "待定", "合格", "/")
    assert made(choice, "待定", "/").cells == ((State.VALUE, "待定"), (State.VALUE, "/"))


def test_blank_is_missing_and_never_zero() -> None:
    assert made(RATE, "", " ", "\u200b").cells == ((State.MISSING, None),) * 3


@pytest.mark.parametrize("mark", ["/", "-", "—", "无", "N/A", "\\"])
def test_marks_that_nobody_declared(mark: str) -> None:
    target = number("固投目标额", "亿元")
    found, problems = convert(target, [cell(mark)])
    problem = only(problems, "K429")
    assert f"固投目标额（亿元，可填“{mark}”表示不涉及）" in problem.mend
    assert found.cells == ((PENDING, None),)


def test_a_slash_in_free_text_is_text() -> None:
    assert made(text("文号"), "/").cells == ((State.VALUE, "/"),)
    assert made(TableColumn("有无", BOOL), "无").cells == ((State.VALUE, False),)
    assert said(convert(TableColumn("日", DATE), [cell("无")])[1]) == ["K429 实绩.xlsx 工作表“实绩” C17"]


def test_every_bad_cell_is_reported_with_its_address() -> None:
    bad = [cell("1.2万", row=17), cell("98", row=18), cell("八成", row=19), cell("", row=20)]
    found, problems = convert(RATE, bad)
    assert said(problems) == ["K427 实绩.xlsx 工作表“实绩” C17", "K427 实绩.xlsx 工作表“实绩” C19"]
    assert problems[0].message == "“按时办结率”（指标 A02）应为百分数（如 98 或 98%），填的是“1.2万”"
    assert found.cells == ((PENDING, None), (State.VALUE, Fraction(49, 50)), (PENDING, None), (State.MISSING, None))
    assert str(found.addresses[1]) == "实绩.xlsx 工作表“实绩” C18"


@pytest.mark.parametrize(
    ("kind", "code"),
    [(CellKind.ERROR, "K430"), (CellKind.UNCALCULATED, "K431"), (CellKind.DAMAGED, "K432")],
)
def test_cells_that_the_file_itself_gives_up(kind: CellKind, code: str) -> None:
    for of in (RATE, text("文号"), TableColumn("日", DATE)):
        found, problems = convert(of, [cell("#DIV/0!", kind)])
        assert said(problems) == [f"{code} 实绩.xlsx 工作表“实绩” C17"]
        assert found.cells == ((PENDING, None),)


def test_dates_where_none_belong() -> None:
    day = cell("2025-01-02", CellKind.DATE)
    assert "自动变成日期" in only(convert(text("编号"), [day])[1], "K433").why
    assert "日期 2025-01-02" in only(convert(number("件数", "件"), [day])[1], "K427").message
    assert "常规" in only(convert(number("件数", "件"), [day])[1], "K427").mend
    assert convert(TableColumn("日", DATE), [day])[0].cells == ((State.VALUE, date(2025, 1, 2)),)


def test_percent_doubts_are_asked_once_a_column() -> None:
    cells = [cell("0.98", row=row) for row in range(2, 9)]
    problem = only(convert(RATE, cells)[1], "K434")
    assert "有 7 处" in problem.message and "C2、C3、C4、C5、C6等" in problem.message
    assert "“0.98”是 0.98%，还是 98%？" in problem.message
    assert only(convert(RATE, [cell("9800%")])[1], "K435").address == Address("实绩.xlsx", "实绩", "C17")


def test_tidied_cells_are_hints() -> None:
    _, problems = convert(number("数"), [cell("１２ "), cell("5%")])
    assert [problem.message for problem in problems] == [
        "“数”有 1 处去掉了看不见的空格（C17）",
        "“数”有 1 处全角字符按半角读入（C17）",
        "“数”有 1 处带百分号的数按百分数读入（C17）",
    ]


def test_choices_and_grades() -> None:
    grades = TableColumn("上年等次", ValueType.GRADE, choices=("优秀", "良好", "合格"))
    found, problems = convert(grades, [cell("良好"), cell("优良"), cell("优秀")])
    assert found.words == ("优秀", "良好", "合格")
    assert found.values.tolist() == [1, 0, 0]
    assert found.cells == ((State.VALUE, "良好"), (PENDING, None), (State.VALUE, "优秀"))
    assert only(problems, "K428").severity.value == "必须改"


def test_blank_ledger_cells() -> None:
    _, problems = convert(RATE, [cell(""), text_cell("", ORIGIN)], needed=True)
    assert said(problems) == ["K437 实绩.xlsx 工作表“实绩” C17"]


def test_long_lists_of_items_and_long_cells_are_cut() -> None:
    many = number("率", "%", for_items=("A1", "A2", "A3", "A4"))
    problem = only(convert(many, [cell("啊" * 99 + "\x07")])[1], "K427")
    assert "（指标 A1、A2、A3 等）" in problem.message and "啊" * 40 + "…" in problem.message


def test_disputed_cells_are_pending_but_missing_ones_are_missing() -> None:
    found, _ = convert(RATE, [cell("1"), cell("2"), cell("")], pending=[1, 2])
    assert [state for state, _ in found.cells] == [State.VALUE, PENDING, State.MISSING]


def test_cells_of_the_rulebook_point_at_their_line() -> None:
    source = Source("2025.perf", "附表\n| 甲 | 98分 |\n")
    span = Span(source, 9, 12)
    found, problems = convert(RATE, [text_cell("98分", span)])
    assert problems[0].span == span and problems[0].address is None
    assert str(found.addresses[0]) == "2025.perf 第 2 行"
    assert text_cell("x", None).address == Address("")


def test_columns_without_a_place_have_no_addresses() -> None:
    assert convert(RATE, [text_cell("98", None)])[0].addresses == ()


def test_addresses_are_a_sequence() -> None:
    addresses = Addresses([cell("1", row=2), cell("1", row=3)])
    assert [address.cell for address in addresses] == ["C2", "C3"]
    assert [address.cell for address in addresses[1:]] == ["C3"]
    assert len(addresses) == 2


def test_same_says_whether_two_cells_mean_the_same() -> None:
    reader = Reader(RATE)
    assert reader.same(cell("98"), cell("98.0%"))
    assert not reader.same(cell("98"), cell("97"))
    assert reader.same(cell("差"), cell("差"))
    assert not reader.same(cell("差"), cell("98"))
    assert read(RATE, cell("98")).value == Fraction(49, 50)


def test_wide_numbers_and_mixed_digits() -> None:
    money = made(number("额", "亿元"), "999999999999999999", "0.000000000001")
    assert money.values.dtype == object
    assert money.cells[1] == (State.VALUE, Fraction(1, 10000))


def test_column_from_plain_cells() -> None:
    days = column("日", DATE, [(State.VALUE, date(2025, 1, 2)), (State.MISSING, None)])
    assert days.cells == ((State.VALUE, date(2025, 1, 2)), (State.MISSING, None))
    assert column("是", BOOL, [(State.VALUE, True)]).cells == ((State.VALUE, True),)
    with pytest.raises(ValueError, match="finite decimal"):
        places(Fraction(1, 3))


def test_a_date_in_a_column_of_dates_that_is_text() -> None:
    day = cell("2025-01-02", CellKind.DATE)
    assert convert(text("撤并日期"), [day])[0].cells == ((State.VALUE, "2025-01-02"),)
    assert said(convert(text("级别", "省级"), [day])[1]) == ["K428 实绩.xlsx 工作表“实绩” C17"]


@given(
    st.lists(st.from_regex(r"-?[0-9]{1,16}(\.[0-9]{1,13})?%?", fullmatch=True), min_size=1, max_size=5),
    st.sampled_from(["", "%", "亿元", "个百分点", "件", "‰"]),
)
def test_the_short_cut_reads_what_the_long_way_reads(written: list[str], word: str) -> None:
    of = number("列", word)
    found, problems = convert(of, [cell(one) for one in written])
    slow = [read(of, cell(one)) for one in written]
    assert found.cells == tuple((one.state, one.value) for one in slow)
    assert bool(problems) == any(one.fault or one.notes for one in slow)
    assert found.digits == max((places(one.value) for one in slow if isinstance(one.value, Fraction)), default=0)
