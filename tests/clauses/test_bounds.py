"""下限：不低于 19.5 分; 每件 1 分，最高 3 分; 不封顶."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from scope import FULL, ZERO, Trial, amount, book, both, codes, fact, get, item, numbers, ratios, scores

from perfdsl.clauses.checklist import Checklist
from perfdsl.clauses.count_loss import CountLoss
from perfdsl.clauses.deadline import Deadline
from perfdsl.clauses.interpolate import Interpolate
from perfdsl.clauses.meet_or_zero import MeetOrZero
from perfdsl.clauses.proportional import Proportional
from perfdsl.clauses.step_down import StepDown
from perfdsl.clauses.step_up import StepUp
from perfdsl.model.item import Clause, Item, Level
from perfdsl.model.rulebook import Combine, Rulebook, TotalRule
from perfdsl.model.units import ValueType

POINT = amount("1 个百分点")


def loss(**fields: Any) -> CountLoss:
    return CountLoss(kind="count_loss", each=amount("1 件"), points=amount("1 分"), what="未办结", **fields)


def counted(clause: Clause, full: str | None = "20", **changes: Any) -> Item:
    return item(clause, full, **({"value": fact("实际", "件")} | changes))


def lowest(least: str) -> Rulebook:
    """A rulebook whose total has a bound of its own."""
    total = TotalRule(Combine.SUM, bonuses=False, deductions=False, least=Fraction(least))
    return replace(book(), total=total)


def test_the_item_stops_at_its_own_floor() -> None:
    # 20 - 1 = 19 stays at 19.5: half a point can be lost, no more
    made = counted(loss(least=amount("19.5 分")))
    both(Trial(made, numbers("0", "1", "9")), scores("20", "19.5", "19.5"))
    assert codes(made) == []


def test_a_bare_number_is_in_points() -> None:
    both(Trial(counted(loss(least=amount("19.5"))), numbers("9")), scores("19.5"))


def test_a_deduction_stops_at_its_floor() -> None:
    made = counted(loss(least=amount("-3 分")), None, level=Level.DEDUCTION)
    both(Trial(made, numbers("2", "9")), scores("-2", "-3"))
    assert codes(made) == []
    assert codes(counted(loss(least=amount("3 分")), None, level=Level.DEDUCTION)) == ["K247"]


def test_steps_stop_there_too() -> None:
    fields: dict[str, Any] = {"way": "below", "each": POINT, "points": amount("1 分"), "remainder": "pro_rata"}
    made = StepDown(kind="step_down", least=amount("8 分"), **fields)
    stepped = item(made, "10", target=amount("98%"), higher_is_better=True)
    both(Trial(stepped, ratios("97", "90")), scores("9", "8"))


@pytest.mark.parametrize(
    ("fields", "changes", "expected"),
    [
        ({"least": amount("50%")}, {}, ["K249"]),
        ({"least": amount("5 件")}, {}, ["K249"]),
        ({"most": amount("50%")}, {}, ["K249"]),
        ({"least": amount("20 分")}, {}, ["K247"]),
        ({"least": amount("5 分"), "floor": "until_group"}, {}, ["K247"]),
        ({"least": amount("5 分"), "floor": "until_item"}, {}, ["K247"]),
        ({"least": amount("0 分"), "floor": "until_item"}, {}, []),
        ({"least": amount("-2 分")}, {}, ["K240"]),
        ({"least": amount("-2 分")}, {"least": Fraction(-2)}, []),
        ({"total_least": amount("0 分")}, {}, ["K247", "K208"]),
    ],
)
def test_what_can_be_wrong_with_a_floor(fields: dict[str, Any], changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(counted(loss(**fields), **changes)) == expected


def test_the_floor_of_the_total_is_the_totals() -> None:
    said = counted(loss(floor="until_item", total_least=amount("5 分")))
    assert codes(said, lowest("5")) == []
    assert codes(said, lowest("0")) == ["K247"]
    assert codes(said) == ["K247"]


def test_a_checklist_under_a_deduction_is_capped_before_the_sign() -> None:
    clause = Checklist(kind="checklist", each=amount("1 件"), points=amount("1 分"), most=amount("3 分"))
    both(Trial(counted(clause, "9", level=Level.DEDUCTION), numbers("2", "8")), scores("-2", "-3"))


def test_a_cap_and_no_cap_contradict() -> None:
    clause = Proportional(kind="proportional", cap="uncapped", most=amount("3 分"))
    assert codes(item(clause)) == ["K247"]
    assert codes(item(Proportional(kind="proportional", most=amount("50%")))) == ["K249"]


def straight() -> Interpolate:
    ends: dict[str, Any] = {"ops": ("reach", "miss"), "againsts": (amount("90%"), amount("50%"))}
    return Interpolate(kind="interpolate", awards=(get("3 分"), ZERO), start=amount("0 分"), end=amount("3 分"), **ends)


@pytest.mark.parametrize(
    "clause",
    [
        Proportional(kind="proportional", cap="full_at_most"),
        MeetOrZero(kind="meet_or_zero", otherwise=ZERO),
        straight(),
    ],
)
def test_what_only_gives_does_not_stand_under_a_deduction(clause: Clause) -> None:
    made = item(clause, "3", level=Level.DEDUCTION, target=amount("80%"), higher_is_better=True)
    assert codes(made) == ["K247"]


def test_two_phrases_for_one_case_agree() -> None:
    late: dict[str, Any] = {"kind": "deadline", "day": date(2025, 7, 31), "text": "印发", "award": FULL, "late": ZERO}
    dated: dict[str, Any] = {"value": fact("实际", kind=ValueType.DATE)}
    for otherwise, expected in ((ZERO, []), (get("1 分"), ["K247"])):
        clause = Deadline(**late, otherwise=otherwise)
        assert codes(item(clause, **dated)) == expected


def test_falling_short_gives_nothing_where_the_steps_start_from_nothing() -> None:
    fields: dict[str, Any] = {"way": "above", "each": POINT, "points": amount("1 分"), "remainder": "pro_rata"}
    for missed, expected in ((ZERO, []), (get("1 分"), ["K247"])):
        clause = StepUp(kind="step_up", cap="full_at_most", missed=missed, **fields)
        made = item(clause, "3", level=Level.BONUS, target=amount("98%"), higher_is_better=True)
        assert codes(made) == expected
