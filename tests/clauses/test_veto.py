"""一票否决."""

from __future__ import annotations

import pytest
from rules import ORDER, Facts, codes, fact, scheme, scope, setting

from perfdsl.clauses import veto
from perfdsl.clauses.shared.ruling import Limit, Ruling
from perfdsl.clauses.veto import Veto
from perfdsl.graph.ops import EffectKind
from perfdsl.model.expression import AnyOf
from perfdsl.model.stages import Stage

ACCIDENT, FRAUD = fact("事故"), fact("造假")


def clause(**fields: object) -> Veto:
    stated: dict[str, object] = {"when": ACCIDENT, "quota": "backfill", "rank": "keeps_rank"}
    return Veto(kind="veto", **(stated | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "effect", "amount"),
    [
        ({}, EffectKind.AT_MOST, 3),
        ({"effect": "set", "grades": ("不合格",)}, EffectKind.SET, 3),
        ({"effect": "no_better", "grades": ("合格",)}, EffectKind.AT_MOST, 2),
        ({"effect": "bar", "grades": ("优秀", "良好")}, EffectKind.AT_MOST, 2),
    ],
)
def test_lower_and_by_hand_agree_on_the_effect(fields: dict[str, object], effect: EffectKind, amount: int) -> None:
    asked = scope("事故")
    limit = veto.lower(clause(**fields), asked)
    assert (limit.effect, limit.amount, limit.holds_place) == (effect, amount, False)
    hand = veto.by_hand(clause(**fields), Facts(frozenset({ACCIDENT})))
    assert hand == Ruling(True, effect, amount, False)


def test_a_place_that_does_not_pass_on_is_held() -> None:
    limit = veto.lower(clause(quota="no_backfill"), scope("事故"))
    assert isinstance(limit, Limit)
    assert limit.holds_place
    assert veto.by_hand(clause(quota="no_backfill"), Facts()) == Ruling(False, EffectKind.AT_MOST, 3, True)


def test_any_of_the_cases_is_enough() -> None:
    one = clause(when=None, any_of=(ACCIDENT, FRAUD))
    assert one.case == AnyOf((ACCIDENT, FRAUD))
    assert veto.by_hand(one, Facts(frozenset({one.case}))).applies


def test_acts_before_the_quota() -> None:
    assert veto.KIND.stage is Stage.ELIGIBILITY


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"when": None}, ["K370"]),
        ({"any_of": (FRAUD,)}, ["K371"]),
        ({"quota": None}, ["K350"]),
        ({"rank": None}, ["K365"]),
        ({"effect": "total_zero", "rank": None}, []),
        ({"effect": "item_zero", "codes": ("A09",)}, ["K104"]),
        ({"scope": "领导班子"}, ["K369"]),
        ({"effect": "set", "grades": ("合格",)}, ["K375"]),
        ({"effect": "bar", "grades": ("良好",)}, ["K373"]),
        ({"effect": "bar", "grades": ORDER}, ["K374"]),
        ({"effect": "no_better", "grades": ("优良",)}, ["K359"]),
    ],
)
def test_check(fields: dict[str, object], expected: list[str]) -> None:
    assert codes(veto.check(clause(**fields), setting(scheme()))) == expected


def test_a_grade_that_is_set_can_only_be_the_last() -> None:
    (found,) = veto.check(clause(effect="set", grades=("合格",)), setting(scheme()))
    assert "“等次定为”只能写最低的“不合格”" in found.why


def test_without_a_quota_nobody_needs_to_say_who_takes_the_place() -> None:
    assert codes(veto.check(clause(quota=None), setting(scheme(None)))) == []


def test_without_grades_a_veto_has_nothing_to_act_on() -> None:
    assert codes(veto.check(clause(quota=None), setting())) == ["K360"]


def test_unknown_grade_names_the_nearest() -> None:
    [problem] = veto.check(clause(effect="no_better", grades=("不合格等",)), setting(scheme()))
    assert "不合格等" in problem.message
    assert problem.mend == "“不合格”"


def test_sentence() -> None:
    assert veto.sentence(clause(), None) == "一票否决：等次定为最低等次"
    assert veto.sentence(clause(effect="set", grades=("不合格",)), None) == "一票否决：等次定为“不合格”"
    assert veto.sentence(clause(effect="no_better", grades=("合格",)), None) == "一票否决：等次不高于“合格”"
    assert veto.sentence(clause(effect="bar", grades=("优秀",)), None) == "一票否决：不得评为“优秀”"
