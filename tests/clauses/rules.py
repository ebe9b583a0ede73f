"""Small stand-ins for what compile and reference give to the kinds of the later stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from perfdsl.clauses.shared.ruling import RuleSetting
from perfdsl.graph.builder import Builder
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model.expression import AllOf, ColumnRef, Condition, Holds
from perfdsl.model.grade import Grade, GradeScheme, Interval, Quota, QuotaBase, QuotaKind, TieAtCut
from perfdsl.model.rounding import Roundings
from perfdsl.model.rulebook import Combine, Rulebook, TotalRule
from perfdsl.model.states import State
from perfdsl.model.units import Mode, Ties, ValueType

ORDER = ("优秀", "良好", "合格", "不合格")
UNITS = "单位"


def fact(name: str) -> Condition:
    """A yes/no fact as a condition."""
    return Holds(ColumnRef("实绩", name, ValueType.BOOL))


@dataclass(frozen=True)
class Scope:
    """A :class:`RuleScope` whose conditions are columns."""

    graph: Builder
    grades: tuple[str, ...] = ORDER

    def condition(self, condition: Condition) -> NodeId:
        if isinstance(condition, AllOf):
            return self.graph.apply(Fn.AND, *(self.condition(part) for part in condition.parts))
        assert isinstance(condition, Holds)
        assert isinstance(condition.of, ColumnRef)
        return self.graph.column(UNITS, condition.of.column)


@dataclass(frozen=True)
class Facts:
    """A :class:`RuleFacts`, with the conditions that hold."""

    true: frozenset[Condition] = frozenset()
    grades: tuple[str, ...] = ORDER
    grade: str | None = None

    def holds(self, condition: Condition) -> bool:
        if isinstance(condition, AllOf):
            return all(self.holds(part) for part in condition.parts)
        return condition in self.true


def scope(*facts: str) -> Scope:
    """A scope with these yes/no columns."""
    return Scope(Builder({(UNITS, name): NodeType(UNITS, ValueType.BOOL, None, ALL_STATES) for name in facts}))


def scheme(quota: Fraction | None = Fraction(3, 10), **changes: object) -> GradeScheme:
    """优秀 90 以上 within a quota, 良好 80, 合格 60, 不合格."""
    share = None if quota is None else Quota(QuotaKind.SHARE, quota)
    grades = (
        Grade("优秀", Interval(Fraction(90)), share),
        Grade("良好", Interval(Fraction(80), Fraction(90))),
        Grade("合格", Interval(Fraction(60), Fraction(80))),
        Grade("不合格", Interval(None, Fraction(60))),
    )
    stated: dict[str, object] = {
        "by_category": False,
        "base": QuotaBase.RANKED,
        "rounding": Mode.HALF_UP,
        "tie": TieAtCut.ALL_IN,
    }
    return GradeScheme("年度等次", grades, **(stated | changes))  # type: ignore[arg-type]


def setting(given: GradeScheme | None = None, ties: Ties | None = Ties.COMPETITION, **changes: object) -> RuleSetting:
    """Where a rule stands: a rulebook with ``given`` as its grades."""
    total = TotalRule(Combine.SUM, bonuses=False, deductions=False)
    book = Rulebook("示例", "2025", Fraction(100), Roundings(), total, ties=ties, scheme=given)
    return RuleSetting(replace(book, **changes))  # type: ignore[arg-type]


def codes(problems: object) -> list[str]:
    """Codes of problems, in order."""
    return [problem.code for problem in problems]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Unit:
    """A unit of a made-up year."""

    total: tuple[State, Fraction | None]
    category: str = "甲"
    ranked: bool = True
    best: int = 0
    passes_on: bool = True
    also: Mapping[str, tuple[State, bool | None]] = field(default_factory=dict)
    promoted: tuple[State, bool | None] = (State.VALUE, False)

    @property
    def best_for_places(self) -> int:
        return self.best if self.passes_on else 0


def points(*numbers: int) -> list[Unit]:
    """Units with these totals."""
    return [Unit((State.VALUE, Fraction(number))) for number in numbers]


def plain(cells: Sequence[tuple[State, object]]) -> list[object]:
    """Values, or the state where there is none."""
    return [value if state is State.VALUE else state for state, value in cells]
