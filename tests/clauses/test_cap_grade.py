"""限等."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from rules import Facts, codes, fact, scheme, scope, setting

from perfdsl.clauses import cap_grade
from perfdsl.clauses.cap_grade import CapGrade
from perfdsl.clauses.shared.ruling import Ruling
from perfdsl.graph.ops import EffectKind
from perfdsl.model.grade import Interval

LOSS = fact("亏损")


def clause(**fields: object) -> CapGrade:
    stated: dict[str, object] = {"when": LOSS, "effect": "no_better", "grades": ("合格",), "quota": "backfill"}
    return CapGrade(kind="cap_grade", **(stated | fields))  # type: ignore[arg-type]


def test_lower_and_by_hand() -> None:
    limit = cap_grade.lower(clause(), scope("亏损"))
    assert (limit.effect, limit.amount, limit.holds_place) == (EffectKind.AT_MOST, 2, False)
    assert cap_grade.by_hand(clause(), Facts(frozenset({LOSS}))) == Ruling(True, EffectKind.AT_MOST, 2)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"effect": None, "grades": ()}, ["K372"]),
        ({"grades": ("优秀",)}, ["K376"]),
        ({"grades": ("甲",)}, ["K359"]),
        ({"quota": None}, ["K350"]),
    ],
)
def test_check(fields: dict[str, object], expected: list[str]) -> None:
    assert codes(cap_grade.check(clause(**fields), setting(scheme()))) == expected


def test_sentence() -> None:
    assert cap_grade.sentence(clause(), None) == "等次不高于“合格”"


def test_ranks_do_not_refill() -> None:
    """A grade held to ranks stays a unit short; where the unit leaves the ranking, the next ones move up."""
    ranked = tuple(
        replace(grade, quota=None, position=Interval(None, Fraction(2), True, True)) if i == 0 else grade
        for i, grade in enumerate(scheme().grades)
    )
    held = setting(replace(scheme(), grades=ranked))
    assert codes(cap_grade.check(clause(), held)) == ["K580"]
    assert codes(cap_grade.check(clause(quota="no_backfill"), held)) == []
    assert codes(cap_grade.check(clause(rank="unranked"), held)) == []
