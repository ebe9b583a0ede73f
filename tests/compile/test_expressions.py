"""Expressions and conditions: what each word means in the model, and what is said where it cannot mean anything."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from problem_cases import HEAD, check

from perfdsl.model import expression as model
from perfdsl.model.expression import Compare, Fn
from perfdsl.model.item import Item
from perfdsl.model.rounding import Rounding
from perfdsl.model.units import Mode
from perfdsl.text.source import Source
from perfdsl.workspace.opening import open_text

DATA = """\
附表 目标（每个单位一行）
  列：单位、目标额（件）
  | 单位 | 目标额 |
  | 甲县 | 9      |
台账 事故（每个事项一行）
  列：单位、事项编号、类型（重大、一般）、发生日期、死亡人数（人）
"""
FACTS = "  数据：办结（件）、应办（件）、印发日期（日期）、是否达标（是否）、县情（山区、平原）\n"
SCORED = "  方向：越高越好\n  计分：达到 9 件得满分，否则不得分\n"


def item(fields: str, scored: str = SCORED, head: str = HEAD) -> Item:
    """The indicator 甲 with ``fields``."""
    text = f"{head}{DATA}指标 甲（10 分）【A1】\n{FACTS}{fields}{scored}"
    book = open_text(Source("试.perf", text)).rulebook
    assert book is not None
    return next(one for one in book.walk() if one.code == "A1")


def codes(fields: str, scored: str = SCORED) -> set[str]:
    """Codes of what is said of the indicator 甲 with ``fields``, but for facts that nothing reads."""
    text = f"{HEAD}{DATA}指标 甲（10 分）【A1】\n{FACTS}{fields}{scored}"
    return {str(one["code"]) for one in check(text)} - {"K184"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("幂（办结 ÷ 1 件、1÷3）", "POWER 1/3"),
        ("乘方（办结 ÷ 1 件、－0.5）", "POWER -1/2"),
        ("平方根（办结 × 应办）", "POWER 1/2"),
        ("sqrt（办结 × 应办）", "POWER 1/2"),
        ("自然对数（办结 ÷ 1 件）", "LN"),
        ("几何平均（办结、应办）", "GEOMETRIC"),
        ("调和平均（办结、应办）", "HARMONIC"),
    ],
)
def test_functions_that_need_more_than_fractions(written: str, meant: str) -> None:
    value = item(f"  指标值：{written}\n").value
    assert isinstance(value, model.Call)
    fn, _, exponent = meant.partition(" ")
    assert value.fn is Fn[fn]
    if exponent:
        assert isinstance(value.args[1], model.Number) and value.args[1].value == Fraction(exponent)


def test_within_is_the_least_of_the_greatest() -> None:
    clipped = item("  指标值：限于（办结、0 件、9 件）\n").value
    written = item("  指标值：取小（取大（办结、0 件）、9 件）\n").value
    assert clipped == written


def test_rounding_and_mean_of_several() -> None:
    rounded = item("  指标值：取舍（办结、保留 1 位、舍去尾数）\n").value
    assert isinstance(rounded, model.Rounded) and rounded.rounding == Rounding(1, Mode.DOWN)
    whole = item("  指标值：取整（办结、进一）\n").value
    assert isinstance(whole, model.Rounded) and whole.rounding == Rounding(0, Mode.UP)
    mean = item("  指标值：各项平均（办结、应办、至少 1 项有数）\n").value
    assert isinstance(mean, model.MeanOf) and (len(mean.parts), mean.least) == (2, 1)
    strict = item("  指标值：各项平均（办结、应办）\n").value
    assert isinstance(strict, model.MeanOf) and strict.least is None


@pytest.mark.parametrize(
    ("written", "fn"),
    [("取小（办结、应办）", Fn.LEAST), ("取大（办结、应办）", Fn.GREATEST), ("绝对值（办结 － 应办）", Fn.ABSOLUTE)],
)
def test_functions(written: str, fn: Fn) -> None:
    value = item(f"  指标值：{written}\n").value
    assert isinstance(value, model.Call) and value.fn is fn


def test_a_cell_of_a_schedule() -> None:
    target = item("  指标值：办结\n  目标值：附表 “目标” 的 “目标额”\n").target
    assert target == model.ColumnRef("目标", "目标额", item("  指标值：办结\n").kind, target.unit)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("  指标值：附表 “指标” 的 “目标额”\n", "K108"),
        ("  指标值：附表 “目标” 的 “指标额”\n", "K109"),
        ("  指标值：平均（办结、应办）\n", "K128"),
        ("  指标值：办结 ＋ 印发日期\n", "K122"),
        ("  指标值：取小（办结、印发日期）\n", "K122"),
        ("  指标值：办结\n  适用：办结 ≥ 印发日期\n", "K121"),
        ("  指标值：办结\n  适用：办结 为 “多”\n", "K123"),
        ("  指标值：办结\n  适用：办结在考核期内\n", "K124"),
        ("  指标值：办结\n  适用：县情 为 “丘陵”\n", "K110"),
        ("  指标值：办结\n  适用：办结 ≥ 60%\n", "K120"),
        ("  指标值：办结\n  适用：台账 “事件” 的 1 起以上\n", "K108"),
        ("  指标值：办结\n  适用：台账 “事故” 的 0.5 起以上\n", "K127"),
        ("  指标值：办结\n  适用：等次 为 “优等”\n", "K111"),
        ("  指标值：办结 ÷ 0\n", "K126"),
    ],
)
def test_what_cannot_mean_anything_is_said(fields: str, code: str) -> None:
    answered = "  不涉及：不计分\n" if "适用" in fields else ""
    assert code in codes(fields + answered)


def applies(written: str) -> model.Condition:
    held = item(f"  指标值：办结\n  适用：{written}\n  不涉及：不计分\n").applies
    assert held is not None
    return held


def test_and_or_not() -> None:
    both = applies("办结 ≥ 3 件 且 县情 为 “山区”")
    assert isinstance(both, model.AllOf) and len(both.parts) == 2
    either = applies("办结 ≥ 3 件 或 县情 为 “山区”")
    assert isinstance(either, model.AnyOf) and len(either.parts) == 2
    assert applies("县情 不为 “山区”") == model.Not(applies("县情 为 “山区”"))
    assert applies("并非（办结 ≥ 3 件）") == model.Not(applies("办结 ≥ 3 件"))


def test_one_of_several_words() -> None:
    assert applies("县情 为 “山区”、“平原”") == model.AnyOf((applies("县情 为 “山区”"), applies("县情 为 “平原”")))


def test_yes_or_no() -> None:
    yes = applies("是否达标 为 “是”")
    assert isinstance(yes, model.Holds)
    assert applies("是否达标 为 “否”") == model.Not(yes) == applies("是否达标 不为 “是”")
    assert applies("是否达标 不为 “否”") == yes


def test_a_bare_number_takes_the_unit_beside_it() -> None:
    held = applies("办结 ≥ 3")
    assert isinstance(held, model.Comparison) and held.op is Compare.GREATER_EQUAL
    assert isinstance(held.right, model.Number) and held.right.unit.over == ("件",)
    assert held == applies("办结 ≥ 3 件")


def test_dates() -> None:
    held = applies("印发日期 ≤ 2025年7月31日")
    assert isinstance(held, model.Comparison) and held.right == model.DateLiteral(date(2025, 7, 31))
    period = applies("印发日期在考核期内")
    assert isinstance(period, model.AllOf) and len(period.parts) == 2


def test_events_of_a_ledger() -> None:
    held = applies("台账 “事故” 中 类型 为 “重大” 且 死亡人数 ≥ 3 人 的 2 起以上")
    assert isinstance(held, model.Happened) and held.least == 2 and held.ledger == "事故"


WITHOUT = HEAD.replace("以上、以下、以内、不低于均含本数；超过", "以下、不低于均含本数；以上、以内、超过")
"""以上 and 以内 leave their number out, 以下 does not."""


@pytest.mark.parametrize(
    ("written", "with_number", "without"),
    [
        ("办结 3 件以上", "办结 不低于 3 件", "办结 超过 3 件"),
        ("办结 3 件以下", "办结 不超过 3 件", "办结 不超过 3 件"),
        ("办结 3 件以内", "办结 不超过 3 件", "办结 低于 3 件"),
    ],
)
def test_edges_of_a_condition_are_those_declared(written: str, with_number: str, without: str) -> None:
    assert WITHOUT != HEAD
    assert applies(written) == applies(with_number)
    text = f"  指标值：办结\n  适用：{written}\n  不涉及：不计分\n"
    assert item(text, head=WITHOUT).applies == applies(without)


@pytest.mark.parametrize(
    ("score", "with_number", "without"),
    [
        ("95% 以上得满分，否则不得分", "不低于 95% 得满分，否则不得分", "超过 95% 得满分，否则不得分"),
        ("5% 以内得满分，否则不得分", "不超过 5% 得满分，否则不得分", "低于 5% 得满分，否则不得分"),
    ],
)
def test_edges_of_a_phrase_are_those_declared(score: str, with_number: str, without: str) -> None:
    def scoring(written: str, head: str) -> object:
        return item("  指标值：办结 ÷ 应办\n", f"  计分：{written}\n", head).scoring

    assert scoring(score, HEAD) == scoring(with_number, HEAD) is not None
    assert scoring(score, WITHOUT) == scoring(without, HEAD) is not None


def test_a_number_of_events_is_beyond_its_number_where_it_is_left_out() -> None:
    text = "  指标值：办结\n  适用：台账 “事故” 中 类型 为 “重大” 的 2 起以上\n  不涉及：不计分\n"
    for head, least in ((HEAD, 2), (WITHOUT, 3)):
        held = item(text, head=head).applies
        assert isinstance(held, model.Happened) and held.least == least


@pytest.mark.parametrize(
    ("written", "value"), [("98%", Fraction(98, 100)), ("2 个百分点", Fraction(2, 100)), ("三分之一", Fraction(1, 3))]
)
def test_quantities_are_exact(written: str, value: Fraction) -> None:
    held = applies(f"办结 ÷ 应办 ≥ {written}")
    assert isinstance(held, model.Comparison) and isinstance(held.right, model.Number)
    assert held.right.value == value
