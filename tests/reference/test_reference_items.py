"""Scores of single items: the gate, every answer, 前提, 免扣, the clause."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from books import (
    ABSENT,
    CENTS,
    GIVEN,
    MEET,
    MISSING,
    NIL,
    NONE,
    PENDING,
    Plain,
    answers,
    book,
    fact,
    found,
    group,
    item,
    number,
    table,
    year,
    yes,
)

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.kind import Facts, Kind
from perfdsl.clauses.step_down import StepDown
from perfdsl.model.expression import (
    Across,
    AcrossUnits,
    AllOf,
    Call,
    ColumnRef,
    Compare,
    Comparison,
    Fn,
    Number,
    OwnRef,
    Population,
    TextLiteral,
)
from perfdsl.model.item import Answer, AnswerKind, Clause, Item, LedgerUse, Level
from perfdsl.model.rounding import Rounding, Roundings
from perfdsl.model.rulebook import Category
from perfdsl.model.states import State
from perfdsl.model.table import RowOf, TableColumn, ToYear
from perfdsl.model.units import RATIO, Mode, ValueType
from perfdsl.text.form import Form, Word


def scores(one: Item, facts: dict[str, Sequence[Plain]], **more: object) -> list[object]:
    """Scores of one item inside a group."""
    return found(book(group("A", one)), year(facts, **more), f"score:{one.code}")  # type: ignore[arg-type]


# ---- the gate and its answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [MISSING, PENDING, ABSENT, NONE, NIL, State.NOT_DUE])
def test_a_state_that_the_rule_does_not_answer_leaves_the_score_open(state: State) -> None:
    rulebook, data = book(group("A", item("A1"))), year({"A1": [8, state]})
    assert found(rulebook, data, "score:A1") == [8, PENDING]
    assert found(rulebook, data, "state:A1") == ["有值", state.chinese]
    assert found(rulebook, data, "value:A1") == [8, state]


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        (Answer(AnswerKind.FULL), 10),
        (Answer(AnswerKind.ZERO), 0),
        (Answer(AnswerKind.POINTS, Fraction("2.5")), Fraction("2.5")),
        (Answer(AnswerKind.RETURN), PENDING),
        (Answer(AnswerKind.SKIP), ABSENT),
        (Answer(AnswerKind.REDISTRIBUTE), ABSENT),
        (Answer(AnswerKind.SMALLER_FULL), ABSENT),
        (Answer(AnswerKind.GROUP_MEAN), Fraction("7.5")),  # mean of 7 and 8
    ],
)
def test_every_answer(answer: Answer, score: object) -> None:
    one = item("A1", answers=((ABSENT, answer),))
    assert scores(one, {"A1": [7, 8, ABSENT]}) == [7, 8, score]


def test_a_state_treated_as_another_gets_the_other_answer() -> None:
    """零报告：视为未发生；未发生：得满分."""
    as_none = (NIL, Answer(AnswerKind.AS, state=NONE))
    assert scores(item("A1", answers=(as_none, (NONE, Answer(AnswerKind.FULL)))), {"A1": [NIL]}) == [10]
    assert scores(item("A1", answers=(as_none,)), {"A1": [NIL]}) == [PENDING]
    circle = (as_none, (NONE, Answer(AnswerKind.AS, state=NIL)))
    assert scores(item("A1", answers=circle), {"A1": [NIL]}) == [PENDING]


def test_what_is_pending_may_be_answered_for_the_time_being() -> None:
    """暂按: what --assume-pending writes into the rulebook."""
    assert scores(item("A1", answers=((PENDING, Answer(AnswerKind.FULL)),)), {"A1": [PENDING]}) == [10]


def test_no_answer_is_asked_for_where_nobody_knows_whether_the_item_applies() -> None:
    one = item("A1", applies=yes("有湖泊"), answers=answers(missing=AnswerKind.ZERO))
    assert scores(one, {"A1": [7, MISSING], "有湖泊": [MISSING, True]}) == [PENDING, 0]


def test_the_group_mean_is_of_the_category_and_rounded_as_the_item() -> None:
    """区县: 7 and 8.25 to one digit are 7 and 8.3, their mean 7.65, published 7.7; 市直: nobody is scored on its own."""
    one = item("A1", answers=answers(absent=AnswerKind.GROUP_MEAN), rounding=Rounding(1, Mode.HALF_UP))
    rulebook = book(group("A", one), categories=(Category("区县"), Category("市直")))
    data = year({"A1": [7, number("8.25"), ABSENT, ABSENT]}, ["区县", "区县", "区县", "市直"])
    assert found(rulebook, data, "score:A1") == [7, Fraction("8.3"), Fraction("7.7"), ABSENT]


def test_a_score_that_is_open_leaves_the_group_mean_open() -> None:
    one = item("A1", answers=answers(absent=AnswerKind.GROUP_MEAN, none=AnswerKind.ZERO))
    assert scores(one, {"A1": [7, MISSING, ABSENT]}) == [7, PENDING, PENDING]
    assert scores(one, {"A1": [7, NONE, ABSENT]}) == [7, 0, 7]


def test_the_strongest_state_decides() -> None:
    """The target is 不涉及, the value 未报: 未报 is asked for."""
    one = item("A1", target=fact("目标"), answers=answers(absent=AnswerKind.FULL, missing=AnswerKind.ZERO))
    assert scores(one, {"A1": [MISSING, 5], "目标": [ABSENT, ABSENT]}) == [0, 10]


def test_amounts_in_the_phrase_are_inputs() -> None:
    losing = StepDown(
        kind="step_down",
        way="below",
        each=Number(Fraction(1), RATIO),
        points=fact("每档扣分"),
        remainder="pro_rata",
        floor="until_item",
    )
    one = item("A1", target=fact("目标"), scoring=losing, higher_is_better=True)
    facts: dict[str, Sequence[Plain]] = {"A1": [8, 8], "目标": [10, 10], "每档扣分": [1, MISSING]}
    assert scores(one, facts) == [8, PENDING]


# ---- 适用, 前提, 免扣 -----------------------------------------------------------------------------------------------


def test_a_unit_that_the_item_does_not_apply_to() -> None:
    one = item("A1", applies=yes("有湖泊"), answers=answers(absent=AnswerKind.FULL))
    facts: dict[str, Sequence[Plain]] = {"A1": [7, 7, 7, 7], "有湖泊": [True, False, MISSING, ABSENT]}
    assert scores(one, facts) == [7, 10, PENDING, 10]
    rulebook = book(group("A", one))
    assert found(rulebook, year(facts), "value:A1") == [7, ABSENT, MISSING, ABSENT]
    assert found(rulebook, year(facts), "state:A1") == ["有值", "不涉及", "未报", "不涉及"]


def test_what_a_group_does_not_apply_to_its_items_do_not_either() -> None:
    one = item("A1", answers=answers(absent=AnswerKind.SKIP))
    rulebook = book(group("A", one, applies=yes("有湖泊")))
    data = year({"A1": [7, 7], "有湖泊": [True, False]})
    assert found(rulebook, data, "score:A") == [7, ABSENT]


def test_a_precondition_that_is_not_met_gives_its_answer() -> None:
    one = item("A1", requires=(yes("有效益"), Answer(AnswerKind.ZERO)))
    facts: dict[str, Sequence[Plain]] = {"A1": [7, 7, 7, 7], "有效益": [True, False, MISSING, ABSENT]}
    assert scores(one, facts) == [7, 0, PENDING, 0]


def test_a_precondition_whose_answer_is_the_group_mean() -> None:
    one = item("A1", requires=(yes("有效益"), Answer(AnswerKind.GROUP_MEAN)))
    assert scores(one, {"A1": [7, 8, 1], "有效益": [True, True, False]}) == [7, 8, Fraction("7.5")]


def test_an_exemption_gives_full_marks() -> None:
    one = item("A1", exempt=yes("免责"))
    facts: dict[str, Sequence[Plain]] = {"A1": [7, 7, 7, 7, MISSING], "免责": [True, False, MISSING, ABSENT, True]}
    assert scores(one, facts) == [10, 7, PENDING, 7, PENDING]


def test_the_precondition_comes_before_the_exemption() -> None:
    one = item("A1", requires=(yes("有效益"), Answer(AnswerKind.ZERO)), exempt=yes("免责"))
    assert scores(one, {"A1": [7], "有效益": [False], "免责": [True]}) == [0]


# ---- expressions ---------------------------------------------------------------------------------------------------


def test_a_divisor_of_0_is_nothing_to_count_where_the_rule_answers_that() -> None:
    ratio = Call(Fn.DIVIDE, (fact("办结"), fact("应办")))
    facts: dict[str, Sequence[Plain]] = {"办结": [9, 0, MISSING], "应办": [10, 0, 0]}
    with_answer = item("A1", value=ratio, answers=answers(none=AnswerKind.FULL))
    assert scores(with_answer, facts) == [Fraction("0.9"), 10, PENDING]
    assert scores(item("A1", value=ratio), facts) == [Fraction("0.9"), PENDING, PENDING]


def test_arithmetic_is_exact_and_strict() -> None:
    third = Call(Fn.DIVIDE, (fact("甲"), Number(Fraction(3), RATIO)))
    value = Call(
        Fn.SUBTRACT, (Call(Fn.ADD, (third, third, third)), Call(Fn.ABSOLUTE, (Call(Fn.NEGATE, (fact("乙"),)),)))
    )
    least = Call(Fn.LEAST, (value, Call(Fn.GREATEST, (fact("甲"), fact("乙")))))
    product = Call(Fn.MULTIPLY, (least, OwnRef("full", RATIO)))
    facts: dict[str, Sequence[Plain]] = {"甲": [1, 2, ABSENT], "乙": [0, 1, MISSING]}
    assert found(book(group("A", item("A1", value=product))), year(facts), "value:A1") == [10, 10, MISSING]


def test_a_calculated_value_is_rounded_where_the_rule_says_so() -> None:
    rounding = Roundings(value=CENTS)
    third = item("A1", value=Call(Fn.DIVIDE, (fact("甲"), Number(Fraction(3), RATIO))))
    reported = item("A2", value=fact("乙"))
    rulebook = book(group("A", third, reported), roundings=rounding)
    data = year({"甲": [1], "乙": [number("0.125")]})
    assert found(rulebook, data, "score:A1") == [Fraction("0.33")]
    assert found(rulebook, data, "score:A2") == [Fraction("0.125")]


@pytest.mark.parametrize(
    ("with_self", "expected"), [(True, [7, 7, 7, ABSENT]), (False, [Fraction("7.5"), 7, Fraction("6.5"), ABSENT])]
)
def test_a_mean_with_and_without_the_unit_itself(with_self: bool, expected: list[object]) -> None:
    """6, 7, 8 of those that it applies to; the fourth unit does not count."""
    mean = AcrossUnits(Across.MEAN, fact("满意度"), Population.ALL, with_self)
    one = item("A1", value=mean, applies=yes("参评"), answers=answers(absent=AnswerKind.SKIP))
    data = year({"满意度": [6, 7, 8, 100], "参评": [True, True, True, False]})
    assert found(book(group("A", one)), data, "value:A1") == expected


def test_one_unit_that_did_not_report_leaves_the_mean_open() -> None:
    one = item("A1", value=AcrossUnits(Across.MEAN, fact("满意度"), Population.ALL, True))
    rulebook = book(group("A", one))
    assert found(rulebook, year({"满意度": [6, MISSING, ABSENT]}), "value:A1") == [MISSING] * 3
    assert found(rulebook, year({"满意度": [6, NONE, ABSENT]}), "value:A1") == [6] * 3
    assert found(rulebook, year({"满意度": [NONE, NONE, ABSENT]}), "value:A1") == [ABSENT] * 3


@pytest.mark.parametrize(
    ("population", "expected"),
    [(Population.CATEGORY, [7, 7, 10, 20]), (Population.RANKED, [8, 8, 8, 8]), (Population.ALL, [11] * 4)],
)
def test_the_population_of_a_mean(population: Population, expected: list[object]) -> None:
    """区县 6 and 8, 市直 10, 单列 20. Ranked together: 区县 and 市直."""
    rulebook = book(
        group("A", item("A1", value=AcrossUnits(Across.MEAN, fact("满意度"), population, True))),
        categories=(Category("区县"), Category("市直"), Category("单列", ranked=False)),
    )
    data = year({"满意度": [6, 8, 10, 20]}, ["区县", "区县", "市直", "单列"])
    assert found(rulebook, data, "value:A1") == expected


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (ToYear.SUM, [30, MISSING, 5, NIL, MISSING]),
        (ToYear.MEAN, [15, MISSING, 5, NIL, MISSING]),
        (ToYear.LAST, [20, 7, NIL, NIL, MISSING]),
    ],
)
def test_months_become_a_year(how: ToYear, expected: list[object]) -> None:
    """A: 10, 20. B: 未报 in January, 7 in February. C: 5, then 零报告. D: 零报告 twice. E: no rows."""
    months = table("月报", RowOf.MONTH, TableColumn("办结", ValueType.NUMBER, to_year=how))
    one = item("A1", value=ColumnRef("月报", "办结", ValueType.NUMBER))
    ledger: dict[str, Sequence[Plain]] = {
        "单位": ["A", "A", "B", "B", "C", "C", "D", "D"],
        "月份": [1, 2, 1, 2, 1, 2, 1, 2],
        "办结": [10, 20, MISSING, 7, 5, NIL, NIL, NIL],
    }
    rulebook = book(group("A", one), tables=(months,))
    assert found(rulebook, year({"x": [0] * 5}, ledgers={"月报": ledger}), "value:A1") == expected


def test_texts_compare() -> None:
    same = Comparison(Compare.EQUAL, fact("类型", ValueType.TEXT), TextLiteral("甲类"))
    other = Comparison(Compare.NOT_EQUAL, fact("类型", ValueType.TEXT), TextLiteral("丙类"))
    one = item("A1", applies=AllOf((same, other)), answers=answers(absent=AnswerKind.ZERO))
    assert scores(one, {"A1": [7, 7], "类型": ["甲类", "乙类"]}) == [7, 0]


# ---- ledgers -------------------------------------------------------------------------------------------------------


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> Item:
    """An item of a kind that adds up a cell of the ledger's rows."""
    use = LedgerUse("表彰", AllOf((_yes_row("有效"),)))

    def by_hand(clause: Clause, facts: Facts) -> Fraction:
        total = Fraction(0)
        for event in facts.events(use):
            points = event["分"]
            assert isinstance(points, Fraction)
            total += points
        return total

    kind = Kind(
        key="spy",
        form=Form(name=Word("spy", "测试")),
        node=Clause,
        lower=lambda clause, scope: None,
        by_hand=by_hand,
        sentence=lambda clause, one: "",
    )
    monkeypatch.setitem(BY_KEY.loaded, "spy", kind)
    return item("J1", 5, level=Level.BONUS, value=None, scoring=Clause(kind="spy"))


def _yes_row(column: str) -> Comparison:
    return Comparison(Compare.EQUAL, ColumnRef("表彰", column, ValueType.TEXT), TextLiteral("是"))


def test_rows_of_a_ledger(events: Item) -> None:
    """A: 1 + 2, one row not valid. B: a row of which nobody knows whether it is valid. C: a row without points.
    D: a row whose points are 不涉及 is laid aside. E: no rows. F: 3 + 4, at most 5."""
    ledger: dict[str, Sequence[Plain]] = {
        "单位": ["A", "A", "A", "B", "C", "D", "D", "F", "F"],
        "有效": ["是", "是", "否", MISSING, "是", "是", "是", "是", "是"],
        "分": [1, 2, 9, 1, MISSING, ABSENT, 2, 3, 4],
    }
    data = year({"x": [0] * 6}, ledgers={"表彰": ledger})
    assert found(book(events), data, "score:J1") == [3, PENDING, PENDING, 2, 0, 5]


def test_scores_given_by_people_are_taken_as_they_are() -> None:
    assert scores(item("A1", scoring=GIVEN), {"A1": [number("7.5")]}) == [Fraction("7.5")]
    assert scores(item("A1", scoring=MEET, value=fact("办结", ValueType.BOOL)), {"办结": [True, False]}) == [10, 0]
