"""The grade of a team or a leader beside the unit's own (对象等次：领导班子、主要负责人、分管负责人).

A unit may be 优秀 and its team 良好. Such a grade starts at the unit's settled grade (随单位等次), or at what somebody
else has given (起点：a column of grades, from the vote on the team or the organisation department); then the vetoes and
limits whose 范围 names it act on it. One with a start of its own may be held to the unit's (不得高于单位等次: the head of
a unit graded 一般 cannot be 优秀), or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from perfdsl.clauses.kind import Choice, Kind
from perfdsl.clauses.shared.ruling import InRulebook
from perfdsl.graph.ops import Band, Fn, Lookup, NodeId
from perfdsl.model.expression import Expression
from perfdsl.model.item import Clause
from perfdsl.model.stages import Stage
from perfdsl.model.states import UNKNOWN, WEAKER, State
from perfdsl.model.units import ValueType
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Form, Take, Word, fixed
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

if TYPE_CHECKING:
    from perfdsl.graph.builder import Builder


class TeamScope(Protocol):
    """What ``lower`` may ask for; grades are places in ``grades``, 0 the best."""

    @property
    def graph(self) -> Builder: ...
    @property
    def grades(self) -> tuple[str, ...]: ...
    @property
    def unit_grade(self) -> NodeId: ...
    def number(self, expression: Expression) -> NodeId: ...
    def limited(self, start: NodeId) -> NodeId:
        """``start`` after the rules whose 范围 names this grade."""
        ...


class TeamFacts(Protocol):
    """What ``by_hand`` may ask for; ``unit_grade`` None: the unit has none."""

    @property
    def grades(self) -> tuple[str, ...]: ...
    @property
    def unit_grade(self) -> str | None: ...
    def text(self, expression: Expression) -> str | None: ...
    def limited(self, start: str) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopedGrade(Clause):
    """``bound`` is ``follows_unit``, ``no_better_than_unit`` or ``free_of_unit``; ``start`` a column of grades."""

    bound: str = ""
    start: Expression | None = None


FORM = Form(
    name=Word("scoped_grade", "对象等次", (), "grade-of"),
    header="scoped_grade",
    takes=(
        Take(
            "to_unit",
            slots=(fixed("follows_unit", "no_better_than_unit", "free_of_unit", into="bound"),),
            required=True,
        ),
        Take("start", into="start"),
    ),
)


def check(clause: ScopedGrade, setting: InRulebook) -> Iterable[Problem]:
    """There are grades, and one start."""
    if not setting.rulebook.schemes:
        yield grading.no_grades(clause.span)
    if (clause.bound == "follows_unit") == (clause.start is not None):
        yield grading.scope_start(clause.span, "对象等次", clause.bound == "follows_unit")


def lower(clause: ScopedGrade, scope: TeamScope) -> NodeId:
    """From its start through the limits, and no further up than the unit where that is the rule."""
    graph = scope.graph
    if clause.start is None:
        unit = scope.unit_grade  # who has none is held back by no rule
        return graph.choose((graph.has(unit, State.ABSENT), unit), otherwise=scope.limited(unit))
    given = scope.number(clause.start)
    bands = tuple(Band(graph.constant(place, ValueType.GRADE), key=name) for place, name in enumerate(scope.grades))
    own = scope.limited(graph.add(Lookup(given, bands)))
    if clause.bound == "no_better_than_unit":
        own = graph.choose((graph.apply(Fn.LESS, own, scope.unit_grade), scope.unit_grade), otherwise=own)
    nothing = (graph.has(given, *WEAKER), graph.nothing(State.ABSENT, own))
    return graph.choose(nothing, (graph.has(given, *UNKNOWN), graph.nothing(State.PENDING, own)), otherwise=own)


def by_hand(clause: ScopedGrade, facts: TeamFacts) -> str | None:
    """Write the start down, strike what the rules take, and lay the unit's grade beside it."""
    if clause.start is None:
        unit = facts.unit_grade
        return None if unit is None else facts.limited(unit)
    given = facts.text(clause.start)
    if given is None:
        return None
    own = facts.limited(given)
    if clause.bound == "free_of_unit":
        return own
    unit = facts.unit_grade
    if unit is None:
        return None
    return max(own, unit, key=facts.grades.index)


def sentence(clause: ScopedGrade, rule: object) -> str:
    """随单位等次."""
    return {
        "follows_unit": "随单位等次，再按管到它的否决、限等下调",
        "no_better_than_unit": "从起点的等次算起，不得高于单位等次",
        "free_of_unit": "从起点的等次算起，可以高于单位等次",
    }[clause.bound]


KIND = Kind(
    key="scoped_grade",
    form=FORM,
    node=ScopedGrade,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.CONFIRMATION,
    fact=None,
    choices=(
        Choice(
            "bound",
            "班子、负责人的等次与单位等次是什么关系",
            (
                ("follows_unit", "与单位等次：随单位等次"),
                ("no_better_than_unit", "与单位等次：不得高于单位等次"),
                ("free_of_unit", "与单位等次：可以高于单位等次"),
            ),
            "K384",
        ),
    ),
)
