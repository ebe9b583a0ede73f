"""取各要点得分的最高者; 各要点得分的平均 × 10，至少 2 项; 各要点得分之和，至少 8 项."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from scope import ABSENT, Trial, amount, both, codes, item, scores

from perfdsl.clauses.larger_of import LargerOf
from perfdsl.clauses.mean_of import MeanOf
from perfdsl.clauses.sum_of import SumOf
from perfdsl.model.item import Clause, Item, Level

LEAST = amount("2 项")


def parent(clause: Clause, children: int = 3) -> Item:
    points = tuple(item(None, level=Level.POINT, code=f"点{at}") for at in range(children))
    return item(None, value=None, combine=clause, children=points)


def row(*points: str | None) -> dict[str, Any]:
    return {f"点{at}": None if text is None else Fraction(text) for at, text in enumerate(points)}


ROWS = [row("1", "4", "3"), row("-1", None, "-2"), row(None, None, "2"), row(None, None, None)]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        (LargerOf(kind="larger_of", which="larger_of"), [*scores("4", "-1", "2"), ABSENT]),
        (LargerOf(kind="larger_of", which="smaller_of"), [*scores("1", "-2", "2"), ABSENT]),
        (LargerOf(kind="larger_of", which="larger_of", least=LEAST), [*scores("4", "-1"), ABSENT, ABSENT]),
        # 8 ÷ 3 × 10; −3 ÷ 2 × 10; one score is too few
        (MeanOf(kind="mean_of", times=(amount("10"),), least=LEAST), [*scores("80/3", "-15"), ABSENT, ABSENT]),
        (MeanOf(kind="mean_of"), [*scores("8/3", "-3/2", "2"), ABSENT]),
        (SumOf(kind="sum_of", least=LEAST), [*scores("8", "-3"), ABSENT, ABSENT]),
        (SumOf(kind="sum_of"), [*scores("8", "-3", "2"), ABSENT]),
    ],
)
def test_what_is_there(clause: Clause, expected: Any) -> None:
    both(Trial(parent(clause), ROWS), expected)


def test_problems() -> None:
    assert codes(parent(SumOf(kind="sum_of", least=amount("3 项")))) == []
    assert codes(parent(SumOf(kind="sum_of", least=amount("4 项")))) == ["K245"]
    assert codes(parent(MeanOf(kind="mean_of", least=amount("1.5 项")))) == ["K244"]
    assert codes(parent(LargerOf(kind="larger_of", which="larger_of", least=amount("0 项")))) == ["K244"]
