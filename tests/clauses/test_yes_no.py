"""按时报送得满分，否则不得分; 未发生得满分，否则不得分."""

from __future__ import annotations

from typing import Any

from scope import FULL, ZERO, Trial, add, both, codes, fact, get, item, scores

from perfdsl.clauses.none_occurred import NoneOccurred
from perfdsl.clauses.yes_no import YesNo
from perfdsl.model.item import Answer, AnswerKind, Award, Clause, Level
from perfdsl.model.states import State
from perfdsl.model.units import ValueType


def statement(award: Award = FULL, otherwise: Award | None = ZERO) -> YesNo:
    return YesNo(kind="yes_no", text="按时报送", award=award, otherwise=otherwise)


def none(award: Award = FULL, otherwise: Award | None = ZERO) -> NoneOccurred:
    return NoneOccurred(kind="none_occurred", award=award, otherwise=otherwise)


def asked(clause: Clause, **changes: Any) -> Any:
    return item(clause, value=fact("是", kind=ValueType.BOOL), kind=ValueType.BOOL, **changes)


ROWS = [{"是": True}, {"是": False}]


def test_yes_gives_the_award() -> None:
    both(Trial(asked(statement()), ROWS), scores("10", "0"))


def test_no_in_a_bonus_gives_nothing() -> None:
    made = asked(statement(add("2 分"), None), full="3", level=Level.BONUS)
    both(Trial(made, ROWS), scores("2", "0"))
    assert codes(made) == []


def test_happened_is_yes() -> None:
    both(Trial(asked(none(otherwise=get("4 分"))), ROWS), scores("4", "10"))


def test_the_phrase_answers_the_state() -> None:
    assert none().answers == {State.NONE: Answer(AnswerKind.FULL)}
    assert none(ZERO, FULL).answers == {State.NONE: Answer(AnswerKind.ZERO)}


def test_no_must_be_settled() -> None:
    assert codes(asked(statement(otherwise=None))) == ["K200"]
    assert codes(asked(none(otherwise=None))) == ["K200"]
    assert codes(asked(statement(get("12 分")))) == ["K210"]
