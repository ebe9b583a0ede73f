"""按各项条件: rows of conditions, every combination in exactly one row."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from scope import PENDING, Trial, amount, both, codes, fact, item, problems, scores

from perfdsl.clauses.by_conditions import ByConditions
from perfdsl.model.grade import Interval
from perfdsl.model.units import ValueType

YEAR, PROGRESS = fact("年度目标", kind=ValueType.BOOL), fact("累计进度", kind=ValueType.BOOL)
RATE = fact("增速", "%")
FOUR = ByConditions(
    kind="by_conditions",
    facts=(YEAR, PROGRESS),
    heads=("年度目标", "累计进度"),
    cells=((True, True), (False, True), (True, False), (False, False)),
    gives=(amount("60"), amount("55"), amount("40"), amount("0")),
)
HIGH = Interval(Fraction(8, 100))
BY_RATE = replace(
    FOUR,
    facts=(YEAR, RATE),
    heads=("年度目标", "增速"),
    cells=((True, HIGH), (True, Interval(None, Fraction(8, 100))), (False, None)),
    gives=(amount("60"), amount("40"), amount("0")),
)


def row(year: bool, progress: bool = True, rate: str = "0") -> dict[str, Any]:
    return {"年度目标": year, "累计进度": progress, "增速": Fraction(rate) / 100}


def test_the_row_that_fits() -> None:
    rows = [row(True, True), row(False, True), row(True, False), row(False, False)]
    both(Trial(item(FOUR, "60", value=None), rows), scores("60", "55", "40", "0"))


def test_bands_of_numbers_and_cells_that_ask_nothing() -> None:
    # 8% belongs to 8% 以上; 7.9% is below it; without the year's target nothing is given, whatever the rate
    rows = [row(True, rate="8"), row(True, rate="7.9"), row(False, rate="20")]
    both(Trial(item(BY_RATE, "60", value=None), rows), scores("60", "40", "0"))


def test_the_rest_and_what_nothing_takes() -> None:
    one = replace(FOUR, cells=((True, True),), gives=(amount("60"),))
    rows = [row(True, True), row(True, False)]
    assert Trial(item(one, "60", value=None), rows).by_engine() == [*scores("60"), PENDING]
    assert Trial(item(one, "60", value=None), rows).by_hand() == [*scores("60"), PENDING]
    both(Trial(item(replace(one, rest=amount("5")), "60", value=None), rows), scores("60", "5"))


def test_problems() -> None:
    def said(clause: ByConditions) -> list[str]:
        return codes(item(clause, "60", value=None))

    assert said(FOUR) == said(BY_RATE) == []
    assert said(replace(FOUR, rest=amount("1"))) == ["K234"]
    assert said(replace(FOUR, gives=(amount("61"), *FOUR.gives[1:]))) == ["K210"]
    assert said(replace(FOUR, cells=FOUR.cells[:2], gives=FOUR.gives[:2])) == ["K281"]
    assert said(replace(FOUR, cells=((True, None), *FOUR.cells[1:]))) == ["K280"]
    open_ = replace(BY_RATE, cells=((True, Interval(Fraction(9, 100))), *BY_RATE.cells[1:]))
    (found,) = problems(item(open_, "60", value=None))
    assert "年度目标 是、增速 正好 8%；年度目标 是、增速 超过 8% 不足 9%" in found.message
