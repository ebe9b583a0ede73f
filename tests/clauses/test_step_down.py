"""每低 1 个百分点扣 0.5 分: the three readings of a begun step, floors, units."""

from __future__ import annotations

from typing import Any

import pytest
from scope import TARGET, VALUE, Trial, amount, both, call, codes, fact, item, numbers, problems, ratios, scores

from perfdsl.clauses.step_down import StepDown
from perfdsl.model.expression import Expression, Fn
from perfdsl.model.item import Level


def clause(**fields: Any) -> StepDown:
    given: dict[str, Any] = {
        "way": "below",
        "each": amount("1 个百分点"),
        "points": amount("0.5 分"),
        "remainder": "pro_rata",
        "under": amount("1 个百分点"),
        "floor": "until_item",
    }
    return StepDown(kind="step_down", **(given | fields))


def rate(made: StepDown, target: str = "98%", full: str | None = "20", **changes: Any) -> Any:
    return item(made, full, target=amount(target), **changes)


RELATIVE: Expression = call(Fn.DIVIDE, call(Fn.SUBTRACT, TARGET, VALUE), TARGET)


@pytest.mark.parametrize(
    ("remainder", "expected"),
    [
        # 96.4% is 1.6 points short of 98%: 0.8, 0.5 or 1; 97% exactly one step; 98.5% none
        ("pro_rata", ("19.2", "19.5", "20", "20")),
        ("not_counted", ("19.5", "19.5", "20", "20")),
        ("count_as", ("19", "19.5", "20", "20")),
    ],
)
def test_the_three_readings(remainder: str, expected: tuple[str, ...]) -> None:
    made = rate(clause(remainder=remainder))
    both(Trial(made, ratios("96.4", "97", "98", "98.5")), scores(*expected))


def test_above_where_lower_is_better() -> None:
    made = rate(clause(way="above"), "5%")
    both(Trial(made, ratios("3", "5", "7.5")), scores("20", "20", "18.75"))


def test_it_stops_at_the_lowest_or_goes_on() -> None:
    far = ratios("50")  # 48 points short: 24 of 20
    both(Trial(rate(clause()), far), scores("0"))
    both(Trial(rate(clause(floor="until_group")), far), scores("-4"))
    both(Trial(rate(clause(floor=None, most=amount("6 分"))), far), scores("14"))
    both(Trial(rate(clause(), least=-2), far), scores("-2"))


def test_a_gap_of_its_own() -> None:
    # 72% is a tenth below 80%: ten steps of 1%
    made = rate(clause(each=amount("1%"), under=amount("1%"), gap=RELATIVE), "80%")
    both(Trial(made, ratios("72", "80", "90")), scores("15", "20", "20"))
    assert codes(made) == []


def test_counted_from_what_meeting_compares_with() -> None:
    met = {"met_op": "le", "met_against": amount("3 件"), "way": "above", "each": amount("1 件")}
    made = item(clause(**met, remainder=None, under=None), value=fact("实际", "件"))
    both(Trial(made, numbers("2", "3", "5")), scores("10", "10", "9"))
    assert codes(made) == []


def test_a_deduction_starts_from_nothing() -> None:
    made = rate(clause(floor=None), level=Level.DEDUCTION, full="5")
    both(Trial(made, ratios("98", "96")), scores("0", "-1"))
    assert codes(made) == []
    assert codes(rate(clause(floor=None), level=Level.DEDUCTION, full=None)) == ["K228"]


def test_a_begun_step_must_be_settled_and_the_message_works_it_out() -> None:
    made = rate(clause(remainder=None, under=None))
    (problem,) = problems(made)
    assert problem.code == "K203"
    assert problem.message == (
        "96.4%，目标 98%，低 1.6 个百分点：按比例计扣 0.8 分；不计尾数扣 0.5 分；按 1 个计扣 1 分。原文是哪一种？"
    )
    assert problem.mend.splitlines() == [
        "每低 1 个百分点扣 0.5 分，不足 1 个百分点的按比例计",
        "每低 1 个百分点扣 0.5 分，不足 1 个百分点的不计",
        "每低 1 个百分点扣 0.5 分，不足 1 个百分点的按 1 个百分点计",
    ]


def test_whole_numbers_in_steps_of_one_leave_nothing_over() -> None:
    counted: dict[str, Any] = {"value": fact("实际", "件"), "target": amount("10 件")}
    assert codes(item(clause(each=amount("1 件"), remainder=None, under=None), **counted)) == []
    assert codes(item(clause(each=amount("2 件"), remainder=None, under=None), **counted)) == ["K203"]
    money: dict[str, Any] = {"value": fact("实际", "万元"), "target": amount("10 万元")}
    assert codes(item(clause(each=amount("1 万元"), remainder=None, under=None), **money)) == ["K203"]


def test_one_per_cent_of_a_ratio_has_two_readings() -> None:
    (problem,) = problems(rate(clause(each=amount("1%"), under=amount("1%")), "80%"))
    assert problem.code == "K204"
    # 72% against 80%: 8 points at 0.5, or a tenth of the target at 0.5 a hundredth
    assert "低 8 个百分点，扣 4 分" in problem.message
    assert "比目标低 10%，扣 5 分" in problem.message


def test_one_per_cent_of_pieces_says_of_what() -> None:
    made = item(clause(each=amount("1%"), under=amount("1%")), value=fact("实际", "件"), target=amount("10 件"))
    (problem,) = problems(made)
    assert problem.code == "K205"
    assert "（低多少 = （目标值 - 指标值）÷ 目标值）" in problem.mend


@pytest.mark.parametrize(
    ("fields", "changes", "code"),
    [
        ({}, {"target": None}, "K201"),
        ({}, {"higher_is_better": False}, "K212"),
        ({"each": amount("1 件"), "under": amount("1 件")}, {}, "K206"),
        ({"under": amount("2 个百分点")}, {}, "K211"),
        ({"floor": "until"}, {}, "K207"),
        ({"floor": None}, {}, "K208"),
        ({"floor": None, "most": amount("25 分")}, {}, "K240"),
        ({"met_op": "le"}, {}, "K247"),
        ({}, {"level": Level.POINT}, "K243"),
    ],
)
def test_problems(fields: dict[str, Any], changes: dict[str, Any], code: str) -> None:
    assert codes(item(clause(**fields), "20", **({"target": amount("98%")} | changes))) == [code]


def test_nothing_to_say() -> None:
    assert codes(rate(clause())) == []
    assert codes(rate(clause(), level=Level.POINT, method="比例扣分")) == []
