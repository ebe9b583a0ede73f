"""人工评分，0.5 分一档，写明理由."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from scope import Trial, amount, both, codes, fact, item, numbers, scores

from perfdsl.clauses.manual import Manual, limits
from perfdsl.model.item import Level


def clause(**fields: Any) -> Manual:
    given: dict[str, Any] = {"grid": amount("0.5 分"), "reason": "with_reason"}
    return Manual(kind="manual", **(given | fields))


def given(made: Manual, full: str | None = "3", **changes: Any) -> Any:
    return item(made, full, value=fact("实际", "分"), **changes)


def test_the_score_is_what_was_given() -> None:
    both(Trial(given(clause()), numbers("0", "2.5", "3")), scores("0", "2.5", "3"))


def test_a_deduction_is_given_as_a_positive_number() -> None:
    both(Trial(given(clause(), level=Level.DEDUCTION), numbers("0", "2.5")), scores("0", "-2.5"))


def test_limits() -> None:
    assert limits(clause(), given(clause())) == (Fraction(0), Fraction(3), Fraction(1, 2))
    ranged = clause(low=amount("1 分"), high=amount("2 分"))
    assert limits(ranged, given(ranged)) == (Fraction(1), Fraction(2), Fraction(1, 2))


def test_problems() -> None:
    assert codes(given(clause())) == []
    assert codes(given(clause(grid=None))) == ["K218"]
    assert codes(given(clause(), None)) == ["K242"]
    assert codes(given(clause(low=amount("0 分"), high=amount("4 分")))) == ["K210"]


def test_discretion_needs_a_range() -> None:
    within = {"low": amount("0 分"), "high": amount("2 分")}
    assert codes(given(clause(word="discretion"))) == ["K219"]
    assert codes(given(clause(word="discretion", **within))) == []
    assert codes(given(clause(word="discretion_loss", **within))) == ["K219"]  # from what is it deducted?
    assert codes(given(clause(word="discretion_loss", **within), level=Level.DEDUCTION)) == []
