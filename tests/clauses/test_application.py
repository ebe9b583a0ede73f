"""结果运用 by grade."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest
from rules import ORDER, UNITS, Facts, codes, fact, plain, scheme, setting

from perfdsl.clauses import application
from perfdsl.clauses.application import Application
from perfdsl.data.columns import DataTable, column
from perfdsl.engine.columnar import run
from perfdsl.graph.builder import Builder
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.expression import ColumnRef, Condition, Expression, Holds, InGrade, Number
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.units import RATIO, ValueType

NUMBERS = ("1.2", "1", "0.8", "0")
LEADER = fact("班子")


def numbers(*texts: str) -> tuple[Expression, ...]:
    return tuple(Number(Fraction(text), RATIO) for text in texts)


def clause(**fields: object) -> Application:
    stated: dict[str, object] = {"grades": ORDER, "numbers": numbers(*NUMBERS)}
    return Application(kind="application", **(stated | fields))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Scope:
    graph: Builder
    grades: tuple[str, ...] = ORDER

    @property
    def grade(self) -> NodeId:
        return self.graph.column(UNITS, "等次")

    @property
    def rulebook(self) -> Rulebook:
        return setting(scheme()).rulebook

    @property
    def total(self) -> NodeId:
        return self.graph.column(UNITS, "总分")

    @property
    def rank(self) -> NodeId:
        return self.graph.column(UNITS, "名次")

    @property
    def group(self) -> tuple[NodeId, ...]:
        return ()

    @property
    def category(self) -> NodeId:
        return self.graph.column(UNITS, "类别")

    def number(self, expression: Expression) -> NodeId:
        assert isinstance(expression, ColumnRef)
        return self.graph.column(UNITS, expression.column)

    def years_in(self, condition: InGrade) -> NodeId:
        years = self.graph.column(UNITS, "年数")
        return self.graph.apply(Fn.ADD, years, self.graph.number(len(condition.grades[0]) + condition.years))

    def condition(self, condition: Condition) -> NodeId:
        assert isinstance(condition, Holds)
        assert isinstance(condition.of, ColumnRef)
        return self.graph.column(UNITS, condition.of.column)


@dataclass(frozen=True)
class AppliedFacts(Facts):
    """The facts of one unit of four, the second and third of equal rank."""

    total: Fraction | None = Fraction(97)
    rank: Fraction | None = Fraction(2)
    heads: int = 13
    category: str = ""

    @property
    def rulebook(self) -> Rulebook:
        return setting(scheme()).rulebook

    @property
    def rivals(self) -> list[Fraction]:
        return [Fraction(1), Fraction(2), Fraction(2), Fraction(4)]

    def amount(self, expression: Expression) -> Fraction:
        assert isinstance(expression, ColumnRef)
        return Fraction(self.heads if expression.column == "人数" else 7)

    def years_in(self, condition: InGrade) -> int:
        return 2 if condition.grades == ("不合格",) else 1


@pytest.mark.parametrize("whom", [None, LEADER])
def test_lower_and_by_hand(whom: Condition | None) -> None:
    one = clause(whom=whom)
    grades = [(State.VALUE, name) for name in (*ORDER, *ORDER)]
    members = [(State.VALUE, i % 2 == 0) for i in range(8)]
    builder = Builder(
        {
            (UNITS, "等次"): NodeType(UNITS, ValueType.GRADE, None, ALL_STATES),
            (UNITS, "班子"): NodeType(UNITS, ValueType.BOOL, None, ALL_STATES),
        }
    )
    builder.output("found", application.lower(one, Scope(builder)))
    data = {
        UNITS: DataTable(
            UNITS,
            8,
            {
                "等次": column("等次", ValueType.GRADE, grades, order=ORDER),
                "班子": column("班子", ValueType.BOOL, members),
            },
        )
    }
    by_hand = [
        application.by_hand(one, AppliedFacts(frozenset({LEADER}) if member else frozenset(), grade=grade))
        for (_, grade), (_, member) in zip(grades, members, strict=True)
    ]
    expected = [State.ABSENT if number is None else number for number in by_hand]
    assert plain(run(builder.graph(), data).output("found")) == expected
    assert by_hand[0] == Fraction("1.2")
    assert by_hand[1] == (None if whom else 1)


def test_a_unit_without_a_grade_gets_nothing() -> None:
    assert application.by_hand(clause(), AppliedFacts(grade=None)) is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"grades": ORDER[:3], "numbers": numbers(*NUMBERS[:3])}, ["K385"]),
        ({"grades": (*ORDER[:3], "优秀"), "numbers": numbers(*NUMBERS)}, ["K386", "K385"]),
        ({"grades": (*ORDER[:3], "差"), "numbers": numbers(*NUMBERS)}, ["K359", "K385"]),
        ({"numbers": (*numbers("1.2", "1", "1"), ColumnRef("实绩", "系数", ValueType.NUMBER))}, ["K387"]),
    ],
)
def test_check(fields: dict[str, object], expected: list[str]) -> None:
    assert codes(application.check(clause(**fields), setting(scheme()))) == expected


def test_what_is_missing_can_be_pasted() -> None:
    [problem] = application.check(clause(grades=ORDER[:2], numbers=numbers("1.2", "1")), setting(scheme()))
    assert problem.mend == "| 合格 | 0 |\n| 不合格 | 0 |"


def test_without_grades() -> None:
    assert codes(application.check(clause(), setting())) == ["K360"]


def test_sentence() -> None:
    assert application.sentence(clause(), None) == "“优秀” 1.2；“良好” 1；“合格” 0.8；“不合格” 0"
