"""限等."""

from __future__ import annotations

import pytest
from rules import Facts, codes, fact, scheme, scope, setting

from perfdsl.clauses import cap_grade
from perfdsl.clauses.cap_grade import CapGrade
from perfdsl.clauses.shared.ruling import Ruling
from perfdsl.graph.ops import EffectKind

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
