"""大于 0 得满分，否则不得分; 不高于目标值得满分，否则…"""

from __future__ import annotations

from typing import Any

import pytest
from scope import FULL, ZERO, Trial, add, amount, both, codes, fact, get, item, numbers, ratios, scores

from perfdsl.clauses.reach import Reach
from perfdsl.model.expression import Expression
from perfdsl.model.item import Award, Level


def clause(op: str, against: Expression | None = None, award: Award = FULL, **fields: Any) -> Reach:
    given: dict[str, Any] = {"otherwise": ZERO} | fields
    return Reach(kind="reach", op=op, against=against, award=award, **given)


@pytest.mark.parametrize(
    ("op", "higher", "expected"),
    [
        # units at 94%, 95%, 96%, the line at 95%
        ("ge", True, ("0", "10", "10")),
        ("gt", True, ("0", "0", "10")),
        ("le", False, ("10", "10", "0")),
        ("lt", False, ("10", "0", "0")),
        ("under", None, ("10", "0", "0")),
        ("reach", True, ("0", "10", "10")),
        ("reach", False, ("10", "10", "0")),
        ("miss", True, ("10", "0", "0")),
        ("miss", False, ("0", "0", "10")),
        ("better", True, ("0", "0", "10")),
        ("better", False, ("10", "0", "0")),
        ("not_better", True, ("10", "10", "0")),
        ("not_better", False, ("0", "10", "10")),
    ],
)
def test_each_word_and_its_line(op: str, higher: bool | None, expected: tuple[str, ...]) -> None:
    made = item(clause(op), target=amount("95%"), higher_is_better=higher)
    both(Trial(made, ratios("94", "95", "96")), scores(*expected))


def test_a_bare_zero_takes_the_unit_of_the_value() -> None:
    made = item(clause("gt", amount("0")), value=fact("实际", "人"))
    both(Trial(made, numbers("-1", "0", "0.5")), scores("0", "0", "10"))
    assert codes(made) == []


def test_a_bonus_that_is_not_earned_is_nothing() -> None:
    made = item(clause("ge", amount("100%"), add("2 分"), otherwise=None), "2", level=Level.BONUS)
    both(Trial(made, ratios("99.9", "100")), scores("0", "2"))
    assert codes(made) == []


def test_a_deduction_takes_away() -> None:
    made = item(clause("lt", amount("60%"), get("3 分"), otherwise=None), "5", level=Level.DEDUCTION)
    both(Trial(made, ratios("59", "60")), scores("-3", "0"))


def test_problems() -> None:
    assert codes(item(clause("ge"))) == ["K201"]
    assert codes(item(clause("reach", amount("95%")))) == ["K202"]
    assert codes(item(clause("ge", amount("95%"), otherwise=None))) == ["K200"]
    assert codes(item(clause("ge", amount("95%"), get("12 分")))) == ["K210"]
    assert codes(item(clause("ge", amount("95 件")))) == ["K206"]
    assert codes(item(clause("ge", amount("95")))) == ["K241"]  # 9500%, or 95%?
