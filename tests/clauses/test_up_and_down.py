"""持平得 1.5 分；每增 1 人加 0.05 分，最多加 0.5 分；每减 1 人扣 0.1 分，最多扣 2 分."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from scope import Trial, amount, both, codes, fact, get, item, numbers, ratios, scores

from perfdsl.clauses.up_and_down import KIND, UpAndDown


def clause(**fields: Any) -> UpAndDown:
    given: dict[str, Any] = {
        "even": get("1.5 分"),
        "up_way": "above",
        "up_each": amount("1 人"),
        "up_points": amount("0.05 分"),
        "up_most": amount("0.5 分"),
        "down_way": "below",
        "down_each": amount("1 人"),
        "down_points": amount("0.1 分"),
        "down_most": amount("2 分"),
    }
    return UpAndDown(kind="up_and_down", **(given | fields))


def staff(made: UpAndDown, **changes: Any) -> Any:
    return item(made, "2", **({"value": fact("实际", "人"), "least": Fraction(-1, 2)} | changes))


def test_both_ways_from_unchanged() -> None:
    # 1.5; +4 × 0.05; +30 × 0.05 at most 0.5; −3 × 0.1; −40 × 0.1 at most 2
    both(Trial(staff(clause()), numbers("0", "4", "30", "-3", "-40")), scores("1.5", "1.7", "2", "1.2", "-0.5"))


def test_from_the_target() -> None:
    made = staff(clause(up_most=None, cap="full_at_most"), target=amount("10 人"))
    both(Trial(made, numbers("10", "12", "50", "9")), scores("1.5", "1.6", "2", "1.4"))


def test_the_floor_of_the_item() -> None:
    both(Trial(staff(clause(floor="until_item", down_most=None)), numbers("-40")), scores("-0.5"))


def test_begun_steps_on_each_side() -> None:
    steps = {"up_each": amount("1 个百分点"), "down_each": amount("1 个百分点")}
    made = item(clause(**steps, up_remainder="not_counted", down_remainder="count_as"), "2", least=Fraction(-1, 2))
    both(Trial(made, ratios("2.5", "-2.5")), scores("1.6", "1.2"))
    assert codes(made) == []
    assert codes(item(clause(**steps), "2", least=Fraction(-1, 2))) == ["K203", "K203"]


def test_problems() -> None:
    assert codes(staff(clause())) == []
    assert codes(staff(clause(), least=Fraction(0))) == ["K240"]
    assert codes(staff(clause(up_most=amount("1 分")))) == ["K210"]
    assert codes(staff(clause(up_most=None))) == ["K209"]
    assert codes(staff(clause(down_most=None))) == ["K208"]
    assert codes(staff(clause(down_way="above"))) == ["K247"]


def test_both_readings_of_a_gain_without_end() -> None:
    """Each can be tried in the place of the other: 1.5 + 30 × 0.05 is 3, or 2 where that is the full mark."""
    (choice,) = (one for one in KIND.choices if one.field == "cap")
    made = clause(up_most=None)
    for value, score in (("uncapped", "3"), ("full_at_most", "2")):
        read = choice.with_reading(made, value)
        assert codes(staff(read)) == []
        both(Trial(staff(read), numbers("30")), scores(score))
