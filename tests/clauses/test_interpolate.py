"""其间按插值从 p 分到 q 分; worked on the published points of US hospitals too."""

from __future__ import annotations

from typing import Any

import pytest
from scope import Trial, amount, both, codes, fact, get, item, ratios, scores

from perfdsl.clauses.interpolate import Interpolate
from perfdsl.model.expression import Expression


def clause(*ends: tuple[str, Expression | None, str], line: tuple[str, str], **fields: Any) -> Interpolate:
    ops, againsts, awards = zip(*((op, against, get(award)) for op, against, award in ends), strict=True)
    return Interpolate(
        kind="interpolate",
        ops=ops,
        againsts=againsts,
        awards=awards,
        start=amount(line[0]),
        end=amount(line[1]),
        **fields,
    )


ROUNDED = {"digits": 0, "mode": "half_up"}
BENCHMARK, THRESHOLD, BASE = fact("标杆", "%"), fact("门槛", "%"), fact("上年", "%")


def achievement(high: bool = True) -> Any:
    made = clause(
        ("reach", BENCHMARK, "10 分"),
        ("miss", THRESHOLD, "0 分"),
        line=("0.5 分", "9.5 分"),
        in_order="in_order",
        **ROUNDED,
    )
    return item(made, higher_is_better=high)


def improvement(high: bool = True) -> Any:
    made = clause(
        ("not_better", BASE, "0 分"),
        ("reach", BENCHMARK, "9 分"),
        line=("-0.5 分", "9.5 分"),
        low=amount("0 分"),
        high=amount("9 分"),
        in_order="in_order",
        **ROUNDED,
    )
    return item(made, higher_is_better=high)


def rows(percents: tuple[str, ...], **others: str) -> list[dict[str, Any]]:
    fixed = {name: amount(f"{text}%").value for name, text in others.items()}
    return [row | fixed for row in ratios(*percents)]


def test_a_straight_line_between_two_lines() -> None:
    made = item(
        clause(("ge", amount("90%"), "10 分"), ("lt", amount("60%"), "0 分"), line=("4 分", "10 分")),
        higher_is_better=True,
    )
    # 60% is the worse line: 4; 75% half way: 7; just short of 90%: 9.98
    both(Trial(made, ratios("59.9", "60", "75", "89.9", "90", "99")), scores("0", "4", "7", "9.98", "10", "10"))
    assert codes(made) == []


def test_lower_is_better() -> None:
    made = item(
        clause(("reach", amount("10%"), "10 分"), ("miss", amount("30%"), "0 分"), line=("0 分", "10 分")),
        higher_is_better=False,
    )
    both(Trial(made, ratios("5", "10", "20", "30", "31")), scores("10", "10", "5", "0", "0"))
    assert codes(made) == []


def test_achievement_points() -> None:
    # threshold 80, benchmark 90: at 80, 0.5 → 1; at 85, 5.0; at 89.99, 9.491 → 9; below 80 nothing
    facts = rows(("79.99", "80", "85", "89.99", "90"), 标杆="90", 门槛="80")
    both(Trial(achievement(), facts), scores("0", "1", "5", "9", "10"))


def test_improvement_points() -> None:
    # from 80 to 90: at 80 nothing (not better); 80.01: −0.49 → 0; 81: 0.5 → 1 (half up); 89.99: 9.49 → 9
    facts = rows(("79", "80", "80.01", "81", "89.99", "90"), 标杆="90", 上年="80")
    both(Trial(improvement(), facts), scores("0", "0", "0", "1", "9", "9"))


def test_the_order_decides_where_both_hold() -> None:
    # the base of 92 is beyond the benchmark: 91 reaches the benchmark but is not better than the base
    both(Trial(improvement(), rows(("91", "93"), 标杆="90", 上年="92")), scores("0", "9"))
    both(Trial(improvement(False), rows(("9", "7"), 标杆="10", 上年="8")), scores("0", "9"))


def test_nothing_lies_between_lines_that_meet() -> None:
    made = item(
        clause(("gt", BENCHMARK, "10 分"), ("lt", THRESHOLD, "0 分"), line=("0 分", "10 分"), in_order="in_order"),
        higher_is_better=True,
    )
    both(Trial(made, rows(("79", "80", "81"), 标杆="80", 门槛="80")), scores("0", None, "10"))


def test_limits_hold_between_the_ends() -> None:
    # the smallest share d: 20 when d reaches 1, else 20 × d − 0.5, within 0 to 20
    made = item(
        clause(
            ("reach", amount("1"), "20 分"),
            ("miss", amount("0"), "0 分"),
            line=("-0.5 分", "19.5 分"),
            low=amount("0 分"),
            high=amount("20 分"),
            **ROUNDED,
        ),
        "20",
        higher_is_better=True,
    )
    both(Trial(made, ratios("-10", "0", "2", "60", "99", "100")), scores("0", "0", "0", "12", "19", "20"))
    assert codes(made) == []


@pytest.mark.parametrize(
    ("ends", "fields", "changes", "expected"),
    [
        ((("reach", amount("90%"), "10 分"), ("miss", amount("60%"), "0 分")), {}, {}, []),
        ((("reach", amount("60%"), "10 分"), ("miss", amount("90%"), "0 分")), {}, {}, ["K220"]),
        ((("reach", amount("60%"), "10 分"), ("miss", amount("90%"), "0 分")), {"in_order": "x"}, {}, ["K221"]),
        ((("ge", amount("60%"), "10 分"), ("le", amount("60%"), "0 分")), {}, {}, ["K220"]),
        ((("reach", BENCHMARK, "10 分"), ("miss", THRESHOLD, "0 分")), {}, {}, ["K220"]),
        ((("reach", BENCHMARK, "10 分"), ("miss", THRESHOLD, "0 分")), {"in_order": "x"}, {}, []),
        ((("reach", amount("90%"), "10 分"), ("ge", amount("60%"), "0 分")), {}, {}, ["K221"]),
        ((("reach", amount("90%"), "10 分"),), {}, {}, ["K221"]),
        ((("reach", amount("90%"), "12 分"), ("miss", amount("60%"), "0 分")), {}, {}, ["K210"]),
        ((("reach", amount("90%"), "10 分"), ("miss", amount("60%"), "0 分")), {"digits": 0}, {}, ["K246"]),
        ((("ge", amount("90%"), "10 分"), ("lt", amount("60%"), "0 分")), {}, {"higher_is_better": None}, ["K202"]),
        ((("reach", amount("95"), "10 分"), ("miss", amount("60%"), "0 分")), {}, {}, ["K241"]),
    ],
)
def test_problems(ends: Any, fields: dict[str, Any], changes: dict[str, Any], expected: list[str]) -> None:
    made = item(clause(*ends, line=("0 分", "10 分"), **fields), **({"higher_is_better": True} | changes))
    assert codes(made) == expected
