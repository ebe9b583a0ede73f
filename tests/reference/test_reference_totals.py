"""Sums of the tree, redistribution, rounding, bonuses and deductions, the total."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from books import (
    ABSENT,
    MISSING,
    PENDING,
    answers,
    book,
    found,
    group,
    item,
    number,
    year,
    yes,
)

from perfdsl.clauses.mean_of import MeanOf
from perfdsl.model.expression import Call, Fn, ItemRef
from perfdsl.model.item import AnswerKind, Item, Level
from perfdsl.model.rounding import Rounding, Roundings
from perfdsl.model.rulebook import Category, Combine, TotalRule
from perfdsl.model.units import POINTS, Mode

ONE = Rounding(1, Mode.HALF_UP)


def rule(**fields: object) -> TotalRule:
    stated: dict[str, object] = {"combine": Combine.SUM, "bonuses": True, "deductions": True}
    return TotalRule(**(stated | fields))  # type: ignore[arg-type]


def gone(code: str, full: int, how: AnswerKind) -> Item:
    return item(code, full, answers=answers(absent=how))


# ---- sums ----------------------------------------------------------------------------------------------------------


def test_children_add_up_and_what_does_not_exist_is_left_out() -> None:
    """A: 7 + 8. B: 7 alone. C: nothing at all. D: 8 with one part open."""
    tree = group("A", *(gone(code, 10, AnswerKind.SKIP) for code in ("A1", "A2")))
    data = year({"A1": [7, 7, ABSENT, 8], "A2": [8, ABSENT, ABSENT, MISSING]})
    assert found(book(tree), data, "score:A") == [15, 7, ABSENT, PENDING]
    assert found(book(tree), data, "total") == [15, 7, ABSENT, PENDING]
    assert found(book(tree), data, "state:A") == ["有值", "有值", "不涉及", "待定"]


def test_steps_are_never_summed() -> None:
    tree = group("A", item("A1"), item("A2", None, level=Level.STEP))
    data = year({"A1": [7], "A2": [100]})
    assert found(book(tree), data, "score:A2") == [100]
    assert found(book(tree), data, "score:A") == [7]


def test_a_kind_may_combine() -> None:
    tree = group("A", *(gone(code, 10, AnswerKind.SKIP) for code in ("A1", "A2")), combine=MeanOf(kind="mean_of"))
    data = year({"A1": [7, 7, ABSENT, 7], "A2": [8, ABSENT, ABSENT, MISSING]})
    assert found(book(tree), data, "score:A") == [Fraction("7.5"), 7, ABSENT, PENDING]


def test_a_floored_group_stops_at_0() -> None:
    """法治化 5 分: the deduction is taken inside the group, until it is used up."""
    loss = item("A2", None, level=Level.DEDUCTION)
    tree = group("A", item("A1", 5), loss)
    data = year({"A1": [5, 5], "A2": [3, 8]})
    assert found(book(tree), data, "score:A") == [2, -3]
    assert found(book(group("A", item("A1", 5), loss, floored=True)), data, "score:A") == [2, 0]


# ---- rounding ------------------------------------------------------------------------------------------------------


def test_rounding_at_each_stage_and_carrying_the_exact_number_on() -> None:
    """1.25 and 1.25 to one digit are 1.3 and 1.3, together 2.6; carried on exactly 2.5."""
    tree = group("A", item("A1"), item("A2"))
    data = year({"A1": [number("1.25")], "A2": [number("1.25")]})
    stepwise = book(tree, roundings=Roundings(score=ONE, group=ONE, total=ONE))
    assert [found(stepwise, data, name) for name in ("score:A1", "score:A", "total")] == [
        [Fraction("1.3")],
        [Fraction("2.6")],
        [Fraction("2.6")],
    ]
    carried = book(tree, roundings=Roundings(score=ONE, group=ONE, total=ONE, carry_exact=True))
    assert [found(carried, data, name) for name in ("score:A1", "score:A", "total")] == [
        [Fraction("1.3")],
        [Fraction("2.5")],
        [Fraction("2.5")],
    ]


def test_carrying_on_does_not_round_twice() -> None:
    """0.44 + 0.44 = 0.88 is 1 as a whole number; each by itself is 0."""
    whole = Rounding(0, Mode.HALF_UP)
    tree = group("A", item("A1"), item("A2"))
    data = year({"A1": [number("0.44")], "A2": [number("0.44")]})
    assert found(book(tree, roundings=Roundings(score=whole, total=whole)), data, "total") == [0]
    assert found(book(tree, roundings=Roundings(score=whole, total=whole, carry_exact=True)), data, "total") == [1]


def test_an_item_states_its_own_digits() -> None:
    tree = group("A", item("A1", rounding=Rounding(0, Mode.DOWN)), item("A2"))
    data = year({"A1": [number("1.99")], "A2": [number("1.995")]})
    assert found(book(tree), data, "score:A") == [3]


# ---- what does not concern a unit ----------------------------------------------------------------------------------


def test_points_are_shared_out_in_proportion() -> None:
    """Full marks 10 + 20 + 30. Without the 10, the others count 60/50: 15 → 18, 20 → 24; full 24 and 36."""
    tree = group("A", gone("A1", 10, AnswerKind.REDISTRIBUTE), item("A2", 20), item("A3", 30))
    data = year({"A1": [7, ABSENT], "A2": [15, 15], "A3": [20, 20]})
    assert found(book(tree), data, "score:A2") == [15, 18]
    assert found(book(tree), data, "score:A3") == [20, 24]
    assert found(book(tree), data, "score:A") == [42, 42]
    assert found(book(tree), data, "full:A1") == [10, ABSENT]
    assert found(book(tree), data, "full:A2") == [20, 24]
    assert found(book(tree), data, "full:A3") == [30, 36]


def test_full_marks_given_by_an_answer_grow_too() -> None:
    tree = group("A", gone("A1", 10, AnswerKind.REDISTRIBUTE), gone("A2", 20, AnswerKind.FULL))
    assert found(book(tree), year({"A1": [ABSENT], "A2": [ABSENT]}), "score:A2") == [30]


def test_sharing_out_stays_within_the_first_level() -> None:
    """The item stands under a 二级指标; the whole 一级指标 shares, the other 一级指标 does not. What is left out
    without being shared (不计分) does not count on either side: (10 + 20) ÷ 20."""
    second = group("AA", gone("A1", 10, AnswerKind.REDISTRIBUTE), level=Level.GROUP2)
    tree = group("A", second, item("A2", 20), gone("A3", 30, AnswerKind.SKIP))
    rulebook = book(tree, group("B", item("B1", 40)))
    data = year({"A1": [ABSENT], "A2": [10], "A3": [ABSENT], "B1": [33]})
    assert found(rulebook, data, "score:A2") == [15]
    assert found(rulebook, data, "score:AA") == [ABSENT]
    assert found(rulebook, data, "score:B1") == [33]


def test_sharing_out_comes_before_rounding() -> None:
    """10 of 30 gone: 3.33 × 3/2 = 4.995 → 5.00."""
    tree = group("A", gone("A1", 10, AnswerKind.REDISTRIBUTE), item("A2", 20))
    assert found(book(tree), year({"A1": [ABSENT], "A2": [number("3.33")]}), "score:A2") == [5]


def test_a_smaller_full_mark_is_scaled_up() -> None:
    """90 points left of 100: 72 ÷ 90 × 100 = 80."""
    tree = group("A", gone("A1", 10, AnswerKind.SMALLER_FULL), item("A2", 90))
    data = year({"A1": [8, ABSENT], "A2": [72, 72]})
    assert found(book(tree), data, "base") == [80, 80]


def test_a_smaller_full_mark_of_the_category() -> None:
    """区县 of 150: 70 × 150 ÷ 140 = 75."""
    tree = group("A", gone("A1", 10, AnswerKind.SMALLER_FULL), item("A2", 140))
    rulebook = book(tree, categories=(Category("区县", Fraction(150)), Category("园区")))
    data = year({"A1": [ABSENT, ABSENT], "A2": [70, 45]}, ["区县", "园区"])
    assert found(rulebook, data, "total") == [75, 50]


# ---- the total -----------------------------------------------------------------------------------------------------


def test_bonuses_and_deductions_within_their_bounds() -> None:
    """A: 90 + min(3 + 4, 5) − min(2 + 9, 10) = 85. B: a bonus item of at most 3, a deduction item of at most 10."""
    rulebook = book(
        group("A", item("A1", 100)),
        item("J1", 3, level=Level.BONUS),
        item("J2", None, level=Level.BONUS),
        item("K1", None, level=Level.DEDUCTION),
        item("K2", 10, level=Level.DEDUCTION),
        total=rule(most_bonus=Fraction(5), most_deduction=Fraction(10)),
    )
    data = year({"A1": [90, 90], "J1": [3, 9], "J2": [4, 0], "K1": [2, 0], "K2": [9, 99]})
    assert found(rulebook, data, "base") == [90, 90]
    assert found(rulebook, data, "score:J1") == [3, 3]
    assert found(rulebook, data, "score:K2") == [-9, -10]
    assert found(rulebook, data, "total") == [85, 83]


def test_bounds_of_the_total() -> None:
    rulebook = book(
        group("A", item("A1", 100)),
        item("J1", None, level=Level.BONUS),
        item("K1", None, level=Level.DEDUCTION),
        total=rule(most=Fraction(105), least=Fraction(0)),
    )
    data = year({"A1": [99, 5, 50], "J1": [9, 0, 0], "K1": [0, 30, MISSING]})
    assert found(rulebook, data, "total") == [105, 0, PENDING]


def test_a_total_of_base_points_alone() -> None:
    rulebook = book(group("A", item("A1", 100)), item("J1", level=Level.BONUS), total=rule(bonuses=False))
    assert found(rulebook, year({"A1": [90], "J1": [5]}), "total") == [90]


def test_weights_and_what_becomes_of_those_that_are_not_there() -> None:
    """50/25/25 of 80, 60, 100 is 80; without the last, 55 is scaled to the whole: 55 ÷ 75% = 73.33."""
    groups = [
        group(code, gone(f"{code}1", 100, AnswerKind.SKIP), weight=Fraction(weight, 100))
        for code, weight in (("A", 50), ("B", 25), ("C", 25))
    ]
    data = year({"A1": [80, 80], "B1": [60, 60], "C1": [100, ABSENT]})
    weighted = book(*groups, total=rule(combine=Combine.WEIGHTED))
    assert found(weighted, data, "total") == [80, 55]
    shared = book(*groups, total=rule(combine=Combine.WEIGHTED, share_missing=True))
    assert found(shared, data, "total") == [80, Fraction("73.33")]
    assert found(shared, data, "base") == [80, Fraction(220, 3)]
    enough = book(*groups, total=rule(combine=Combine.WEIGHTED, share_missing=True, at_least=3))
    assert found(enough, data, "total") == [80, ABSENT]
    mean = book(*groups, total=rule(combine=Combine.MEAN))
    assert found(mean, data, "total") == [80, 70]
    lowest = book(*groups, total=rule(combine=Combine.LEAST))
    assert found(lowest, data, "total") == [60, 60]


@pytest.mark.parametrize("level", [Level.BONUS, Level.DEDUCTION])
def test_a_bonus_item_of_several_parts_is_capped_as_a_whole(level: Level) -> None:
    parts = (item("J1.1", None, level=level), item("J1.2", None, level=level))
    whole = item("J1", 3, level=level, value=None, scoring=None, children=parts)
    sign = 1 if level is Level.BONUS else -1
    data = year({"A1": [90], "J1.1": [2], "J1.2": [2]})
    assert found(book(group("A", item("A1", 100)), whole), data, "total") == [90 + sign * 3]


def test_an_item_may_read_the_score_of_another() -> None:
    """得分【1.21】 + 得分【1.22】: of the published scores."""
    total = Call(Fn.ADD, (ItemRef("score", "S1", POINTS), ItemRef("score", "S2", POINTS)))
    tree = group("A", item("S1", None, level=Level.STEP), item("S2", None, level=Level.STEP), item("A1", value=total))
    data = year({"S1": [number("1.005")], "S2": [number("2.004")]})
    assert found(book(tree), data, "value:A1") == [Fraction("3.01")]


def test_a_value_of_an_item_that_does_not_apply_is_not_there() -> None:
    tree = group(
        "A",
        gone("A1", 10, AnswerKind.SKIP),
        item("A2", value=ItemRef("value", "A1", POINTS), answers=answers(absent=AnswerKind.FULL)),
    )
    first = replace(tree.children[0], applies=yes("有湖泊"))
    data = year({"A1": [7, 7], "有湖泊": [True, False]})
    rulebook = book(replace(tree, children=(first, tree.children[1])))
    assert found(rulebook, data, "score:A2") == [7, 10]
