"""降等."""

from __future__ import annotations

from fractions import Fraction

import pytest
from rules import Facts, codes, fact, scheme, scope, setting

from perfdsl.clauses import drop_grade
from perfdsl.clauses.drop_grade import DropGrade
from perfdsl.clauses.shared.ruling import Ruling
from perfdsl.graph.ops import EffectKind
from perfdsl.model.expression import Number
from perfdsl.model.stages import Stage
from perfdsl.model.units import Unit
from perfdsl.text.records import replace

FALSE_DATA = fact("虚报")


def count(number: str) -> Number:
    return Number(Fraction(number), Unit(("个等次",)))


def clause(**fields: object) -> DropGrade:
    stated: dict[str, object] = {"when": FALSE_DATA, "effect": "drop", "count": count("1")}
    return DropGrade(kind="drop_grade", **(stated | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "effect", "amount"),
    [
        ({}, EffectKind.DROP, 1),
        ({"count": count("2")}, EffectKind.DROP, 2),
        ({"effect": "set", "grades": ("不合格",), "count": None}, EffectKind.SET, 3),
        ({"effect": "no_better", "grades": ("良好",), "count": None}, EffectKind.AT_MOST, 1),
    ],
)
def test_lower_and_by_hand(fields: dict[str, object], effect: EffectKind, amount: int) -> None:
    limit = drop_grade.lower(clause(**fields), scope("虚报"))
    assert (limit.effect, limit.amount, limit.holds_place) == (effect, amount, False)
    assert drop_grade.by_hand(clause(**fields), Facts(frozenset({FALSE_DATA}))) == Ruling(True, effect, amount)


def test_acts_after_the_quota() -> None:
    assert drop_grade.KIND.stage is Stage.ADJUSTMENT


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"effect": None}, ["K372"]),
        ({"count": count("0.5")}, ["K377"]),
        ({"count": count("4")}, ["K377"]),
        ({"quota": "backfill"}, ["K378"]),
        ({"quota": "no_backfill"}, []),
        ({"effect": "set", "grades": ("良好",)}, ["K375"]),
    ],
)
def test_check(fields: dict[str, object], expected: list[str]) -> None:
    assert codes(drop_grade.check(clause(**fields), setting(scheme()))) == expected


def test_what_is_proposed_is_a_grade_of_the_table() -> None:
    two = scheme()
    two = replace(two, grades=(two.grades[0], two.grades[2]))
    (found,) = drop_grade.check(clause(quota="backfill"), setting(two))
    assert found.mend.endswith("后果写：等次不高于 “合格”")


def test_sentence() -> None:
    assert drop_grade.sentence(clause(), None) == "等次评定后降 1 个等次"
    assert drop_grade.sentence(clause(effect="set", grades=("不合格",)), None) == "等次评定后定为“不合格”"
    assert drop_grade.sentence(clause(effect="no_better", grades=("良好",)), None) == "等次评定后不高于“良好”"
