"""分档: every number in one band."""

from __future__ import annotations

from fractions import Fraction

import pytest
from problem_cases import HEAD
from scope import Trial, amount, book, both, codes, fact, item, problems, ratios, scores

from perfdsl.clauses.bands import KIND, Bands, Cell, covered
from perfdsl.model.grade import Interval
from perfdsl.model.item import Level
from perfdsl.model.table import RowOf, Table, TableColumn, TableRole
from perfdsl.model.units import ValueType
from perfdsl.text.source import Source as Text
from perfdsl.workspace.opening import open_text


def band(low: str | None = None, high: str | None = None, ends: str = "[)") -> Interval:
    """``band("90", "95")`` is 90% 以上不足 95%."""
    first, last = (None if end is None else Fraction(end) / 100 for end in (low, high))
    return Interval(first, last, low_in=ends[0] == "[", high_in=ends[1] == "]")


def clause(*rows: tuple[Cell, str]) -> Bands:
    return Bands(kind="bands", bands=tuple(cell for cell, _ in rows), gives=tuple(amount(gives) for _, gives in rows))


GOOD = clause((band("95"), "6"), (band("90", "95"), "4.8"), (band(None, "90"), "0"))


def test_edges_belong_where_the_band_says() -> None:
    both(Trial(item(GOOD), ratios("95", "94.99", "90", "89.99", "-3")), scores("6", "4.8", "4.8", "0", "0"))


def test_bare_numbers_and_points_are_the_same() -> None:
    both(Trial(item(clause((band("95"), "6 分"), (None, "0"))), ratios("95", "90")), scores("6", "0"))


def test_the_rest_is_what_no_row_takes() -> None:
    made = item(clause((None, "1"), (band("95", "100", "[]"), "6")))
    both(Trial(made, ratios("95", "100", "100.01", "94")), scores("6", "6", "1", "1"))
    assert codes(made) == []


def test_outside_all_bands_is_open() -> None:
    made = item(clause((band("90"), "6"), (band("0", "90"), "2")))
    both(Trial(made, ratios("90", "0", "-1")), scores("6", "2", None))
    assert codes(made) == []  # a bottom of 0 is taken to be the bottom


def test_a_deduction_takes_the_points_away() -> None:
    made = item(clause((band("10"), "2"), (None, "0")), level=Level.DEDUCTION)
    both(Trial(made, ratios("10", "9")), scores("-2", "0"))


def test_words() -> None:
    made = item(clause(("优", "6"), ("良", "4")), value=fact("等级", kind=ValueType.TEXT), kind=ValueType.TEXT)
    both(Trial(made, [{"等级": "优"}, {"等级": "良"}, {"等级": "差"}]), scores("6", "4", None))
    rest = item(clause(("优", "6"), (None, "1")), value=fact("等级", kind=ValueType.TEXT), kind=ValueType.TEXT)
    both(Trial(rest, [{"等级": "优"}, {"等级": "差"}]), scores("6", "1"))
    assert KIND.fact_of(clause(("优", "6"))) is ValueType.TEXT


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(band("90"), "6"), (band(None, "80"), "0")], ["K230"]),
        ([(band("80"), "6"), (band("70", "90"), "3"), (band(None, "70"), "0")], ["K231"]),
        ([(band("90"), "6"), (band("80", "90", "[]"), "3"), (band(None, "80"), "0")], ["K232"]),
        ([(band("90", None, "()"), "6"), (band(None, "90"), "0")], ["K233"]),
        ([(band("90", "80"), "6"), (band("80"), "3"), (band(None, "80"), "0")], ["K234"]),
        ([(band("90"), "6"), (band(None, "90"), "0"), (None, "1")], ["K234"]),
        ([(band("90", "100", "[]"), "6"), (band(None, "90"), "0")], ["K235"]),
        ([(band("90"), "6"), (band("80", "90"), "3")], ["K235"]),
        ([(band("90"), "12"), (band(None, "90"), "0")], ["K210"]),
        ([(band("90"), "60%"), (band(None, "90"), "0")], ["K249"]),
        ([(None, "1"), (None, "0")], ["K236"]),
        ([(band("90"), "6"), (band("90"), "6"), (band(None, "90"), "0")], ["K231"]),
        ([("优", "6"), (band("90"), "3")], ["K237"]),
        ([("优", "6"), ("优", "3")], ["K236"]),
        ([(band("90", "95"), "4"), (band("95"), "6"), (band(None, "90"), "0")], []),
        ([(band("95", "95", "[]"), "4"), (band("95", None, "()"), "6"), (band(None, "95"), "0")], []),
    ],
)
def test_problems(rows: list[tuple[Cell, str]], expected: list[str]) -> None:
    assert codes(item(clause(*rows))) == expected


def test_messages_name_the_number_and_can_be_pasted() -> None:
    (gap,) = problems(item(clause((band("90"), "6"), (band(None, "80"), "0"))))
    assert gap.message == "80% 至 90% 之间没有写得几分"
    assert "| 80% 以上不足 90% | 3 |" in gap.mend
    (edge,) = problems(item(clause((band("90"), "6"), (band("80", "90", "[]"), "3"), (band(None, "80"), "0"))))
    assert edge.message == "90% 同在两档：得 3 分还是 6 分？"
    assert edge.mend == "| 80% 以上不足 90% | 3 |"


def test_choices_without_points_are_pointed_out() -> None:
    columns = (TableColumn("等级", ValueType.TEXT, choices=("优", "良", "差")),)
    tables = book(Table("实绩", TableRole.FACT, RowOf.UNIT, columns))
    value = fact("等级", kind=ValueType.TEXT)
    assert codes(item(clause(("优", "6"), ("良", "4")), value=value), tables) == ["K238"]
    assert codes(item(clause(("优", "6"), (None, "0")), value=value), tables) == []


@pytest.mark.parametrize(
    ("bands", "whole"),
    [
        ([band(None, "80"), band("80")], True),
        ([band(None, "80"), band("80", None, "()")], False),
        ([band(None, "80", "[]"), band("80", None, "()")], True),
        ([band(None, "80"), band("90")], False),
        ([band("0", "80"), band("80")], False),
        ([band(None, "80"), band("80", "90")], False),
    ],
)
def test_covered(bands: list[Interval], whole: bool) -> None:
    assert covered(bands) is whole


@pytest.mark.parametrize("heading", ["得分", "加分", "扣分"])
@pytest.mark.parametrize(
    ("block", "own"),
    [("指标 甲（10 分）", ""), ("加分项 甲（最高 10 分）", "加分"), ("扣分项 甲（最多 10 分）", "扣分")],
)
def test_points_stand_under_the_heading_of_their_clause(block: str, own: str, heading: str) -> None:
    """扣分 in an indicator is 4 points, or 4 off the full mark: it is asked which."""
    text = f"{HEAD}{block}\n  数据：等级（优、差）\n  指标值：等级\n  计分：分档\n  | 等级 | {heading} |\n  | 优 | 0 |\n  | 差 | 4 |\n"
    said = open_text(Text("试.perf", text.replace("| 4 |", "| 4 分 |"))).problems
    assert not any("分 分" in one.message for one in said)
    assert any(one.code == "K239" for one in said) is (heading not in ("得分", own))
