"""标准分法，基准 75 分，每个标准差 10 分，按总体，标准差为零的得 75 分，最高得满分，最低 0 分; 按指标值得分."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from scope import PENDING, Trial, amount, book, both, codes, fact, item, numbers, problems, ratios, scores

from perfdsl.clauses.by_value import ByValue
from perfdsl.clauses.z_score import ZScore
from perfdsl.model.expression import Population
from perfdsl.model.item import Level


def z(**fields: Any) -> ZScore:
    given: dict[str, Any] = {
        "base": (amount("75 分"),),
        "each": (amount("10 分"),),
        "zero": (amount("70 分"),),
        "deviation": "as_population",
        "cap": "full_at_most",
        "least": amount("0 分"),
    }
    return ZScore(kind="z_score", **(given | fields))


def compared(clause: ZScore, **changes: Any) -> Any:
    return item(clause, "100", **({"higher_is_better": True, "population": Population.ALL} | changes))


# 2 4 4 4 5 5 7 9: mean 5, squares 9+1+1+1+0+0+4+16 = 32; ÷ 8 = 4, root 2
EIGHT = ratios("2", "4", "4", "4", "5", "5", "7", "9")


def test_deviations_from_the_mean() -> None:
    both(Trial(compared(z()), EIGHT), scores("60", "70", "70", "70", "75", "75", "85", "95"))
    low = scores("90", "80", "80", "80", "75", "75", "65", "55")
    both(Trial(compared(z(), higher_is_better=False), EIGHT), low)


def test_a_sample() -> None:
    """1 1 1 1 5: mean 9/5, squares 4 × 16/25 + 256/25 = 64/5; ÷ 5 = 64/25, root 8/5; of 0 3 6: 18 ÷ 2 = 9, root 3."""
    both(Trial(compared(z(deviation="as_sample")), ratios("0", "3", "6")), scores("65", "75", "85"))
    # (1 - 1.8) ÷ 1.6 = -1/2, (5 - 1.8) ÷ 1.6 = 2
    both(Trial(compared(z()), ratios("1", "1", "1", "1", "5")), scores("70", "70", "70", "70", "95"))


def test_the_ends() -> None:
    """Three deviations above are 105, cut to 100; three below 45, lifted to 50."""
    values = ratios(*["5"] * 9, "15")  # mean 6, squares 9 + 81 = 90; ÷ 10 = 9, root 3: (15 - 6) ÷ 3 = 3
    third = ["71 2/3"] * 9  # 75 - 10 ÷ 3
    assert third
    made = Trial(compared(z()), values)
    assert made.by_hand()[-1] == made.by_engine()[-1] == scores("100")[0]
    assert made.by_hand()[0][1] == made.by_engine()[0][1] == Fraction(215, 3)
    over = Trial(compared(z(cap="uncapped")), values)
    assert over.by_hand()[-1] == over.by_engine()[-1] == scores("105")[0]
    low = Trial(compared(z(least=amount("50 分")), higher_is_better=False), values)
    assert low.by_hand()[-1] == low.by_engine()[-1] == scores("50")[0]
    under = Trial(compared(z(least=None, bottom="no_floor", each=(amount("40 分"),)), higher_is_better=False), values)
    assert under.by_hand()[-1] == under.by_engine()[-1] == scores("-45")[0]


def test_no_deviation() -> None:
    both(Trial(compared(z()), ratios("5", "5", "5")), scores("70", "70", "70"))
    both(Trial(compared(z()), ratios("5")), scores("70"))
    both(Trial(compared(z(deviation="as_sample")), ratios("5")), [PENDING])


def test_a_unit_outside_the_population_is_measured_by_it() -> None:
    """0 and 2: mean 1, deviation 1; the unranked unit with 3 is two deviations above."""
    rows = [row | {"参加排名": at > 0} for at, row in enumerate(ratios("3", "0", "2"))]
    both(Trial(compared(z(), population=Population.RANKED), rows), scores("95", "65", "85"))


def test_what_must_be_written() -> None:
    assert codes(compared(z())) == []
    assert codes(compared(z(base=()))) == ["K257"]
    assert codes(compared(z(each=()))) == ["K257"]
    assert codes(compared(z(deviation=None))) == ["K254"]
    assert codes(compared(z(zero=()))) == ["K256"]
    assert codes(compared(z(least=None))) == ["K255"]
    assert codes(compared(z(cap=None))) == ["K209"]
    assert codes(compared(z(), higher_is_better=None)) == ["K202"]
    assert codes(compared(z(bottom="no_floor"))) == ["K207"] or codes(compared(z(bottom="no_floor")))
    assert codes(compared(z(least=amount("100 分"))))
    assert codes(compared(z(), level=Level.DEDUCTION))
    assert "8.16" in problems(compared(z(deviation=None)))[0].message


# ---- by value


def by_value(**fields: Any) -> ByValue:
    stated: dict[str, Any] = {"cap": "full_at_most", "least": amount("0 分")}
    return ByValue(kind="by_value", **(stated | fields))


def formula(clause: ByValue, **changes: Any) -> Any:
    return item(clause, "10", **({"value": fact("实际", "分")} | changes))


def test_the_value_is_the_score() -> None:
    values = numbers("-3", "0", "7.5", "10", "12")
    both(Trial(formula(by_value()), values), scores("0", "0", "7.5", "10", "10"))
    free = by_value(cap="uncapped", least=None, bottom="no_floor")
    both(Trial(formula(free), values), scores("-3", "0", "7.5", "10", "12"))
    some = by_value(cap=None, most=amount("8 分"), least=amount("1 分"))
    both(Trial(formula(some), values), scores("1", "1", "7.5", "8", "8"))


def test_what_a_formula_must_say() -> None:
    assert codes(formula(by_value())) == []
    assert codes(formula(by_value(least=None))) == ["K255"]
    assert codes(formula(by_value(cap=None))) == ["K209"]
    assert codes(formula(by_value(), value=fact("实际", "%"))) == ["K258"]
    assert codes(formula(by_value(), value=fact("实际", "件"))) == ["K258"]
    assert book()
