"""一票否优."""

from __future__ import annotations

import pytest
from rules import Facts, codes, fact, scheme, scope, setting

from perfdsl.clauses import bar_top
from perfdsl.clauses.bar_top import BarTop
from perfdsl.clauses.shared.ruling import Ruling
from perfdsl.graph.ops import EffectKind

BLAMED = fact("通报")


def clause(**fields: object) -> BarTop:
    stated: dict[str, object] = {"when": BLAMED, "quota": "backfill"}
    return BarTop(kind="bar_top", **(stated | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(("grades", "amount"), [((), 1), (("优秀",), 1), (("优秀", "良好"), 2)])
def test_lower_and_by_hand(grades: tuple[str, ...], amount: int) -> None:
    one = clause(effect="bar" if grades else None, grades=grades)
    limit = bar_top.lower(one, scope("通报"))
    assert (limit.effect, limit.amount) == (EffectKind.AT_MOST, amount)
    assert bar_top.by_hand(one, Facts(frozenset({BLAMED}))) == Ruling(True, EffectKind.AT_MOST, amount)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"quota": "no_backfill"}, []),
        ({"quota": None}, ["K350"]),
        ({"when": None}, ["K370"]),
        ({"effect": "bar", "grades": ("良好",)}, ["K373"]),
    ],
)
def test_check(fields: dict[str, object], expected: list[str]) -> None:
    assert codes(bar_top.check(clause(**fields), setting(scheme()))) == expected


def test_unstated_backfill_shows_both_readings() -> None:
    [problem] = bar_top.check(clause(quota=None), setting(scheme()))
    assert "递补时" in problem.why
    assert "不递补时" in problem.why
    assert "名额：空出的由下一名递补" in problem.mend


def test_sentence() -> None:
    assert bar_top.sentence(clause(), None) == "不得评为最高等次"
    assert bar_top.sentence(clause(effect="bar", grades=("优秀",)), None) == "不得评为“优秀”"
