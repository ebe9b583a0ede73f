"""Text → value, exact or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfdsl.data.values import Note, Read, Wrong, boolean, month, number, read_date, words
from perfdsl.model.table import TableColumn
from perfdsl.model.units import ValueType, decimal, unit_of


def column(word: str = "", kind: ValueType = ValueType.NUMBER, choices: tuple[str, ...] = ()) -> TableColumn:
    unit, factor = unit_of(word) if word else (None, Fraction(1))
    return TableColumn("列", kind, unit, factor, word, choices)


PLAIN, PERCENT, YI, WAN = column(), column("%"), column("亿元"), column("万元")


def value(text: str, of: TableColumn = PLAIN) -> object:
    found = number(text, of)
    assert isinstance(found, Read), found
    return found.value


def mend(text: str, of: TableColumn = PLAIN) -> str:
    found = number(text, of)
    assert isinstance(found, Wrong), found
    assert found.expected
    return found.mend


@pytest.mark.parametrize(
    ("text", "of", "wanted"),
    [
        ("12.50", PLAIN, Fraction(25, 2)),
        ("-0.5", PLAIN, Fraction(-1, 2)),
        ("+3", PLAIN, Fraction(3)),
        (".5", PLAIN, Fraction(1, 2)),
        ("007", PLAIN, Fraction(7)),
        ("0.0000000000000", PLAIN, Fraction(0)),
        ("１２．５", PLAIN, Fraction(25, 2)),
        ("－3", PLAIN, Fraction(-3)),
        ("98", PERCENT, Fraction(49, 50)),
        ("98%", PERCENT, Fraction(49, 50)),
        ("98％", PERCENT, Fraction(49, 50)),
        ("3‰", PERCENT, Fraction(3, 1000)),
        ("98%", PLAIN, Fraction(49, 50)),
        ("98%", column("倍"), Fraction(49, 50)),
        ("1.2", column("个百分点"), Fraction(12, 1000)),
        ("3.5", YI, Fraction(350_000_000)),
        ("1.2", WAN, Fraction(12_000)),
    ],
)
def test_numbers_are_exact_in_the_base_unit(text: str, of: TableColumn, wanted: Fraction) -> None:
    assert value(text, of) == wanted


@pytest.mark.parametrize(
    ("text", "of", "paste"),
    [
        ("1,000", PLAIN, "1000"),
        ("1，000", PLAIN, "1000"),
        ("-1,234,567.8", PLAIN, "-1234567.8"),
        ("1,00", PLAIN, ""),
        ("85分", PLAIN, "85"),
        ("85分", column("分"), "85"),
        ("12家", column("件"), ""),
        ("1.2万", column("件"), "12000"),
        ("1.2万件", column("件"), "12000"),
        ("1.2万", WAN, "1.2"),
        ("1.2亿", WAN, ""),
        ("1.2亿元", WAN, "12000"),
        ("1.2万", PERCENT, ""),
        ("1.2万元", YI, "0.00012"),
        ("1 000", PLAIN, "1000"),
        ("5.", PLAIN, "5"),
        ("1.2e5", PLAIN, "120000"),
        ("1e-3", PLAIN, "0.001"),
        ("1e99", PLAIN, ""),
        ("1e9999", PLAIN, ""),
        ("NaN", PLAIN, ""),
        ("Infinity", PLAIN, ""),
        ("1_000", PLAIN, ""),
        ("٣", PLAIN, ""),
        ("②", PLAIN, ""),
        ("八十五", PLAIN, ""),
        ("-", PLAIN, ""),
        ("", PLAIN, ""),
        ("约85", PLAIN, ""),
        ("1.2.3", PLAIN, ""),
        ("98%", column("件"), ""),
        ("1.2%", column("个百分点"), "1.2"),
        ("1" * 19, PLAIN, ""),
        ("9" * 5000, PLAIN, ""),
        ("9" * 5000 + "分", PLAIN, ""),
    ],
)
def test_what_is_no_number_is_refused_with_a_mend_where_we_can_tell(text: str, of: TableColumn, paste: str) -> None:
    assert mend(text, of) == paste


def test_left_overs_of_a_formula_ask_for_rounding() -> None:
    assert "ROUND" in mend("0.666666666666667")


@pytest.mark.parametrize(
    ("text", "of", "notes"),
    [
        ("0.98", PERCENT, (Note.LOW,)),
        ("0.98%", PERCENT, ()),
        ("0", PERCENT, ()),
        ("1", PERCENT, ()),
        ("9800", PERCENT, (Note.HIGH,)),
        ("9800%", PERCENT, (Note.HIGH,)),
        ("120%", PERCENT, ()),
        ("１", PLAIN, (Note.WIDTH,)),
        ("5%", PLAIN, (Note.SIGN,)),
    ],
)
def test_what_is_odd_is_noted(text: str, of: TableColumn, notes: tuple[Note, ...]) -> None:
    found = number(text, of)
    assert isinstance(found, Read)
    assert found.notes == notes


@given(st.integers(-(10**18) + 1, 10**18 - 1), st.integers(0, 12), st.booleans())
def test_text_number_text_is_a_round_trip(digits: int, places: int, wide: bool) -> None:
    exact = Fraction(digits, 10**places)
    text = decimal(exact)
    if wide:
        text = text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.-"})
    assert value(text) == exact


@given(st.text(max_size=80))
def test_no_text_is_too_strange(text: str) -> None:
    for of in (PLAIN, PERCENT, YI):
        assert isinstance(number(text, of), Read | Wrong)
    assert isinstance(read_date(text, PLAIN), Read | Wrong)
    assert isinstance(month(text, PLAIN), Read | Wrong)


@pytest.mark.parametrize(
    "text",
    [
        "2025年7月31日",
        "2025年07月31日",
        "2025 年 7 月 31 日",
        "2025年7月31号",
        "2025-07-31",
        "2025-7-31",
        "2025/7/31",
        "2025.7.31",
        "20250731",
        "２０２５－７－３１",
        "2025-07-31 08:30:00",
        "2025-07-31 08:30",
    ],
)
def test_dates(text: str) -> None:
    found = read_date(text, PLAIN)
    assert isinstance(found, Read)
    assert found.value == date(2025, 7, 31)


@pytest.mark.parametrize(
    ("text", "expected", "paste"),
    [
        ("2025年2月30日", "2025年没有2月30日", ""),
        ("2025-13-01", "没有13月", ""),
        ("2025年7月", "日期（如 2025年7月31日）", ""),
        ("7月31日", "日期", ""),
        ("25-07-31", "日期", ""),
        ("0025-07-31", "1900 年至 2100 年", ""),
        ("45869", "日期", "2025-07-31"),
        ("2025-07/31", "日期", ""),
    ],
)
def test_dates_that_are_none(text: str, expected: str, paste: str) -> None:
    found = read_date(text, PLAIN)
    assert isinstance(found, Wrong)
    assert expected in found.expected
    assert found.mend == paste


@pytest.mark.parametrize(
    "text", ["7", "07", "7月", "7月份", "2025年7月", "2025-07", "2025/7", "202507", "2025-07-01", "７月"]
)
def test_months(text: str) -> None:
    found = month(text, PLAIN)
    assert isinstance(found, Read)
    assert found.value == 7


@pytest.mark.parametrize("text", ["13", "0", "全年", "七月", "2025", "2025-02-30", "1" * 99])
def test_months_that_are_none(text: str) -> None:
    assert isinstance(month(text, PLAIN), Wrong)


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        *[("是", "否"), ("有", "无"), ("达到", "未达到"), ("达标", "未达标"), ("完成", "未完成"), ("按时", "逾期")],
        *[("通过", "未通过"), ("√", "×"), ("1", "0"), ("TRUE", "FALSE"), (" 是", "否 "), ("true", "false")],
    ],
)
def test_yes_and_no(yes: str, no: str) -> None:
    assert boolean(yes, PLAIN) == Read(True)
    assert boolean(no, PLAIN) == Read(False)


@pytest.mark.parametrize("text", ["对", "1.0", "Y", "2", "基本达到"])
def test_neither_yes_nor_no(text: str) -> None:
    assert isinstance(boolean(text, PLAIN), Wrong)


def test_a_word_that_stands_for_another_now() -> None:
    named = replace(column("", ValueType.TEXT, ("区县", "市直部门")), reworded=(("市直", "市直部门"),))
    assert words("市直", named) == words("市直部门", named) == Read("市直部门")
    assert isinstance(words("市", named), Wrong)
    assert words("市直", replace(named, choices=())) == Read("市直部门")


def test_choices_are_never_matched_by_likeness() -> None:
    levels = column("", ValueType.TEXT, ("国家级", "省级", "类别（甲）"))
    assert words("省级", levels) == Read("省级")
    assert words(" 省级\u200b", levels) == Read("省级", (Note.EDGES,))
    assert words("类别(甲)", levels) == Read("类别（甲）", (Note.WIDTH,))
    assert words("国家", levels) == Wrong("可选内容之一：国家级、省级、类别（甲）", "国家级")
    assert words("随便什么", column("", ValueType.TEXT)) == Read("随便什么")
    many = words("无此项", column("", ValueType.TEXT, tuple("甲乙丙丁戊己庚辛壬癸")))
    assert isinstance(many, Wrong)
    assert many.expected.endswith("辛等")
