"""每超 10 个百分点加 3 分，不足 10 个百分点的不计."""

from __future__ import annotations

from typing import Any

from scope import FULL, ZERO, Trial, amount, both, codes, get, item, ratios, scores

from perfdsl.clauses.step_up import StepUp
from perfdsl.model.item import Level


def clause(**fields: Any) -> StepUp:
    given: dict[str, Any] = {
        "way": "above",
        "each": amount("10 个百分点"),
        "points": amount("3 分"),
        "remainder": "not_counted",
        "under": amount("10 个百分点"),
    }
    return StepUp(kind="step_up", **(given | fields))


def bonus(made: StepUp, full: str | None = "9", **changes: Any) -> Any:
    return item(made, full, **({"level": Level.BONUS, "target": amount("100%")} | changes))


def test_a_bonus_starts_from_nothing() -> None:
    # 100%: 0; 109.9%: no whole step; 110%: one; 145%: four, the header's cap is the shell's
    both(Trial(bonus(clause()), ratios("90", "100", "109.9", "110", "145")), scores("0", "0", "0", "3", "12"))
    both(Trial(bonus(clause(remainder="pro_rata")), ratios("105")), scores("1.5"))
    both(Trial(bonus(clause(remainder="count_as")), ratios("101")), scores("3"))


def test_a_cap_on_what_is_added() -> None:
    both(Trial(bonus(clause(most_added=amount("6 分"))), ratios("120", "150")), scores("6", "6"))


def test_an_indicator_starts_from_what_reaching_gives() -> None:
    based = clause(base_op="reach", base=get("6 分"), otherwise=ZERO, cap="full_at_most")
    made = item(based, target=amount("100%"), higher_is_better=True)
    # 6 at the target, 9 a step above, 10 at most, nothing below
    both(Trial(made, ratios("99", "100", "110", "130")), scores("0", "6", "9", "10"))
    assert codes(made) == []


def test_lower_is_better() -> None:
    based = clause(way="below", base_op="reach", base=get("6 分"), missed=ZERO, cap="full_at_most")
    made = item(based, target=amount("100%"), higher_is_better=False)
    both(Trial(made, ratios("101", "100", "88")), scores("0", "6", "9"))


def test_problems() -> None:
    assert codes(bonus(clause())) == []
    assert codes(bonus(clause(), None)) == ["K209"]
    assert codes(bonus(clause(cap="uncapped"), None)) == []
    assert codes(bonus(clause(remainder=None))) == ["K203"]
    assert codes(bonus(clause(), target=None)) == ["K201"]
    assert codes(bonus(clause(), higher_is_better=False)) == ["K212"]
    based = clause(base_op="reach", base=FULL, otherwise=None, cap="full_at_most")
    assert codes(item(based, target=amount("100%"), higher_is_better=True)) == ["K200"]
    assert codes(bonus(clause(), level=Level.DEDUCTION)) == ["K247"]
