"""2018年7月31日前印发得满分，逾期或未印发不得分."""

from __future__ import annotations

from datetime import date
from typing import Any

from scope import FULL, ZERO, Trial, both, codes, fact, get, item, reverse, scores

from perfdsl.clauses.deadline import Deadline
from perfdsl.model.item import Answer, AnswerKind
from perfdsl.model.states import State
from perfdsl.model.units import ValueType

DAY = date(2018, 7, 31)


def clause(**fields: Any) -> Deadline:
    given: dict[str, Any] = {"award": FULL, "late": ZERO} | fields
    return Deadline(kind="deadline", day=DAY, text="印发", **given)


def dated(made: Deadline) -> Any:
    return item(made, "2", value=fact("日期", kind=ValueType.DATE), kind=ValueType.DATE)


ROWS = [{"日期": date(2018, 7, 30)}, {"日期": DAY}, {"日期": date(2018, 8, 1)}]


def test_the_day_itself_is_in_time() -> None:
    both(Trial(dated(clause()), ROWS), scores("2", "2", "0"))


def test_otherwise_is_late_too() -> None:
    made = dated(clause(late=None, otherwise=reverse("1 分"), award=get("1.5 分")))
    both(Trial(made, ROWS), scores("1.5", "1.5", "-1"))
    assert codes(made) == []


def test_never_done_is_late() -> None:
    assert clause().answers == {State.NONE: Answer(AnswerKind.ZERO)}
    assert clause(late=reverse("1 分")).answers == {State.NONE: Answer(AnswerKind.POINTS, -1)}  # type: ignore[arg-type]
    assert clause(late=None).answers == {}


def test_late_must_be_settled() -> None:
    assert codes(dated(clause(late=None))) == ["K200"]
