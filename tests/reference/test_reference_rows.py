"""个性指标: the unit's own rows, each by its own rule."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from books import ABSENT, MISSING, NONE, PENDING, Plain, answers, book, found, group, item, number, year

from perfdsl.clauses.individual import Individual
from perfdsl.clauses.ratio_to_first import RatioToFirst
from perfdsl.clauses.step_down import StepDown
from perfdsl.model.expression import Call, ColumnRef, Fn, Number, OwnRef, Population
from perfdsl.model.item import AnswerKind, Award, AwardKind, Item, Level
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.units import RATIO, ValueType


def of_row(table: str, column: str) -> ColumnRef:
    return ColumnRef(table, column, ValueType.NUMBER)


REACHED, TARGET = of_row("实绩行", "完成值"), of_row("个性", "目标值")
LOSING = StepDown(
    kind="step_down",
    way="above",
    each=Number(Fraction(1, 100), RATIO),
    points=Number(Fraction(1, 5), RATIO),
    gap=Call(
        Fn.DIVIDE, (Call(Fn.SUBTRACT, (OwnRef("value", RATIO), OwnRef("target", RATIO))), OwnRef("target", RATIO))
    ),
    remainder="not_counted",
    floor="until_item",
)
METHOD = item(
    "C01·控制数法",
    None,
    level=Level.POINT,
    value=REACHED,
    target=TARGET,
    scoring=LOSING,
    higher_is_better=False,
    answers=answers(none=AnswerKind.FULL, absent=AnswerKind.SKIP),
)


def rulebook() -> Rulebook:
    rows = Individual(kind="individual", table="个性", facts="实绩行", methods=(("控制数法", METHOD),))
    whole: Item = item("C01", 40, value=None, scoring=rows)
    return book(group("C", whole))


def scores(reached: Sequence[Plain], methods: Sequence[str] = ("控制数法", "控制数法")) -> list[object]:
    rows: dict[str, Sequence[Plain]] = {
        "单位": ["A", "A"],
        "编号": ["1", "2"],
        "分值": [30, 10],
        "目标值": [200, 100],
        "计分办法": list(methods),
    }
    facts: dict[str, Sequence[Plain]] = {"单位": ["A"] * len(reached), "编号": ["1", "2", "2"][: len(reached)]}
    return found(
        rulebook(), year({"x": [0]}, ledgers={"个性": rows, "实绩行": {**facts, "完成值": reached}}), "score:C01"
    )


def test_each_row_by_its_own_target_and_points() -> None:
    """205 of 200 is 2.5% over: 2 whole steps of 0.2 off 30 is 29.6. 100 of 100: 10."""
    assert scores([205, 100]) == [Fraction("39.6")]


def test_states_of_rows() -> None:
    """Full marks where nothing happened; a row that does not concern the unit is left out; 未报 leaves all open, and
    so does a row that nobody handed in, one that stands twice, and a rule that does not exist."""
    assert scores([205, NONE]) == [Fraction("39.6")]
    assert scores([205, ABSENT]) == [Fraction("29.6")]
    assert scores([205, MISSING]) == [PENDING]
    assert scores([205]) == [PENDING]
    assert scores([205, 100, 100]) == [PENDING]
    assert scores([205, 100], ("控制数法", "别的")) == [PENDING]


def test_the_ratio_to_the_first_looks_at_the_population() -> None:
    """8 of 10: 0.8 × 10. A unit that did not report leaves it open; one that it does not concern does not count."""
    first = RatioToFirst(kind="ratio_to_first", which="highest", award=Award(AwardKind.FULL))
    one = item("A1", scoring=first, population=Population.ALL, answers=answers(absent=AnswerKind.SKIP))
    assert found(book(group("A", one)), year({"A1": [8, 10, ABSENT]}), "score:A1") == [8, 10, ABSENT]
    assert found(book(group("A", one)), year({"A1": [8, 10, MISSING]}), "score:A1") == [PENDING] * 3
    assert found(book(group("A", one)), year({"A1": [0, number("-1"), ABSENT]}), "score:A1") == [
        PENDING,
        PENDING,
        ABSENT,
    ]
