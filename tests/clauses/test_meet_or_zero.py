"""达到得满分，否则…"""

from __future__ import annotations

from typing import Any

from scope import ZERO, Trial, amount, both, codes, deduct, fact, item, ratios, reverse, scores

from perfdsl.clauses.meet_or_zero import MeetOrZero
from perfdsl.model.item import Award
from perfdsl.model.units import ValueType


def clause(otherwise: Award | None = ZERO) -> MeetOrZero:
    return MeetOrZero(kind="meet_or_zero", otherwise=otherwise)


def measured(**changes: Any) -> Any:
    given: dict[str, Any] = {"target": amount("98%"), "higher_is_better": True} | changes
    return item(clause(), **given)


def test_the_target_itself_is_met() -> None:
    both(Trial(measured(), ratios("97.99", "98", "98.01")), scores("0", "10", "10"))


def test_lower_is_better() -> None:
    both(Trial(measured(higher_is_better=False), ratios("97.99", "98", "98.01")), scores("10", "10", "0"))


def test_a_yes_or_no() -> None:
    yes_no = item(clause(reverse("1 分")), full="1", value=fact("达标", kind=ValueType.BOOL), kind=ValueType.BOOL)
    both(Trial(yes_no, [{"达标": True}, {"达标": False}]), scores("1", "-1"))
    assert codes(yes_no) == []


def test_what_a_miss_gives_must_be_written() -> None:
    assert codes(item(clause(None), target=amount("98%"), higher_is_better=True)) == ["K200"]


def test_a_number_needs_a_target_and_a_direction() -> None:
    assert codes(item(clause())) == ["K201"]
    assert codes(item(clause(), target=amount("98%"))) == ["K202"]
    assert codes(measured()) == []


def test_deducting_one_has_two_readings() -> None:
    assert codes(item(clause(deduct("1 分")), target=amount("98%"), higher_is_better=True)) == ["K213"]
