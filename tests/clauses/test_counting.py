"""每有 1 件未按期办结扣 1 分; 每有 1 份会议纪要得 1 分; 每篇 1 分; 每月 0.5 分，按 12 个月累计."""

from __future__ import annotations

from typing import Any

import pytest
from scope import FULL, ZERO, Trial, add, amount, both, codes, fact, get, item, numbers, scores

from perfdsl.clauses.count_gain import CountGain
from perfdsl.clauses.count_loss import KIND, CountLoss
from perfdsl.model.item import Answer, AnswerKind, Clause, Level
from perfdsl.model.states import State


def loss(**fields: Any) -> CountLoss:
    given: dict[str, Any] = {
        "each": amount("1 件"),
        "points": amount("1 分"),
        "what": "未按期办结",
        "floor": "until_item",
    }
    return CountLoss(kind="count_loss", **(given | fields))


def gain(**fields: Any) -> CountGain:
    given: dict[str, Any] = {"unit": "篇", "points": amount("1 分"), "cap": "full_at_most"}
    return CountGain(kind="rate_gain", **(given | fields))


def counted(clause: Clause, full: str | None = "4", unit: str = "件", **changes: Any) -> Any:
    return item(clause, full, **({"value": fact("实际", unit)} | changes))


def test_each_piece_costs_until_the_item_is_used_up() -> None:
    both(Trial(counted(loss()), numbers("0", "1", "4", "9")), scores("4", "3", "0", "0"))
    both(Trial(counted(loss(floor="until_group")), numbers("9")), scores("-5"))
    both(Trial(counted(loss(floor=None, most=amount("2 分"))), numbers("1", "9")), scores("3", "2"))


def test_none_gives_where_the_loss_starts() -> None:
    started = loss(none=get("3 分"))
    both(Trial(counted(started), numbers("0", "1")), scores("3", "2"))
    assert started.answers == {State.NONE: Answer(AnswerKind.POINTS, 3)}  # type: ignore[arg-type]
    assert loss(none=FULL).answers == {State.NONE: Answer(AnswerKind.FULL)}


def test_a_bonus_that_is_lost_again() -> None:
    # 全部完成加 0.5 分；每有 1 项未完成扣 0.1 分，扣完本项为止
    made = loss(all_done=add("0.5 分"), done="全部完成", each=amount("1 项"), points=amount("0.1 分"))
    bonus = counted(made, "0.5", "项", level=Level.BONUS)
    both(Trial(bonus, numbers("0", "2", "7")), scores("0.5", "0.3", "0"))
    assert codes(bonus) == []


def test_a_deduction_starts_from_nothing() -> None:
    rate = CountLoss(kind="rate_loss", unit="起", points=amount("2 分"))
    both(Trial(counted(rate, "10", "起", level=Level.DEDUCTION), numbers("0", "3")), scores("0", "-6"))


def test_pieces_in_twos() -> None:
    pairs = {"each": amount("2 件"), "under": amount("2 件")}
    both(Trial(counted(loss(**pairs, remainder="not_counted")), numbers("1", "3")), scores("4", "3"))
    both(Trial(counted(loss(**pairs, remainder="count_as")), numbers("1", "3")), scores("3", "2"))
    assert codes(counted(loss(each=amount("2 件")))) == ["K203"]


def test_the_fact_is_measured_as_it_is_counted() -> None:
    assert KIND.fact_unit(loss()) == "件"
    assert KIND.fact_unit(CountLoss(kind="rate_loss", unit="起", points=amount("2 分"))) == "起"
    assert codes(counted(loss(), unit="人")) == ["K206"]


def test_gains_stop_where_the_rule_says() -> None:
    both(Trial(counted(gain(), unit="篇"), numbers("0", "3", "6")), scores("0", "3", "4"))
    both(Trial(counted(gain(cap="uncapped"), unit="篇"), numbers("6")), scores("6"))
    both(Trial(counted(gain(cap=None, most=amount("2 分")), unit="篇"), numbers("6")), scores("2"))


def test_twelve_months() -> None:
    months = gain(unit="月", points=amount("0.5 分"), times=amount("12 个月"), cap=None)
    both(Trial(counted(months, "6", "月"), numbers("0", "11", "12", "13")), scores("0", "5.5", "6", "6"))
    assert codes(counted(months, "6", "月")) == []
    assert codes(counted(months, "5", "月")) == ["K227"]


def test_points_under_a_deduction_are_taken_away() -> None:
    made = counted(gain(cap=None), "3", "篇", level=Level.DEDUCTION)
    both(Trial(made, numbers("2")), scores("-2"))
    assert codes(made) == []
    assert codes(counted(gain(cap=None), None, "篇", level=Level.DEDUCTION)) == ["K228"]


def test_a_cap_is_on_what_is_taken_away() -> None:
    # 扣分项：每件 1 分，最高 3 分: 11 pieces take 3 points, not 11
    made = counted(gain(cap=None, most=amount("3 分")), None, "篇", level=Level.DEDUCTION)
    both(Trial(made, numbers("2", "3", "11")), scores("-2", "-3", "-3"))
    assert codes(made) == []


@pytest.mark.parametrize("cap", ["full_at_most", "uncapped"])
def test_a_deduction_says_how_far_it_goes_as_a_loss(cap: str) -> None:
    assert codes(counted(gain(cap=cap), "3", "篇", level=Level.DEDUCTION)) == ["K247"]


def test_what_is_only_given_has_no_floor() -> None:
    assert codes(counted(gain(floor="until_item"), unit="篇")) == ["K247"]
    assert codes(counted(gain(least=amount("1 分")), unit="篇")) == ["K247"]


def test_none_and_all_done_give_the_same() -> None:
    said = {"none": FULL, "done": "全部完成"}
    assert codes(counted(loss(**said, all_done=FULL))) == []
    assert codes(counted(loss(**said, all_done=add("3 分")))) == ["K247"]


def test_problems() -> None:
    assert codes(counted(loss(floor="until"))) == ["K207"]
    assert codes(counted(loss(floor=None))) == ["K208"]
    assert codes(counted(loss(), level=Level.POINT)) == ["K243"]
    assert codes(counted(loss(floor="until_point"), level=Level.POINT)) == []
    assert codes(counted(gain(cap=None), unit="篇")) == ["K209"]
    assert codes(counted(gain(cap=None), "3", "篇", level=Level.BONUS)) == []
    assert codes(counted(gain(none=ZERO), unit="篇")) == []
