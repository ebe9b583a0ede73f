"""What the kinds of the later stages share: what they are asked with, and what they answer.

A veto, a limit or a drop says in which cases it applies, what it does to the grade, and, where it acts before the
quota, what becomes of the place: the next unit takes it (递补), or it stays empty (不递补) because the barred unit
holds it. The cases are conditions of the model; a condition that 不涉及 the unit (or is in any weaker state) is not
met, one that is 未报 or 待定 leaves the grade open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from perfdsl.clauses.kind import constant
from perfdsl.graph.graph import Builder
from perfdsl.graph.ops import EffectKind, NodeId
from perfdsl.model.expression import AnyOf, Condition, Expression
from perfdsl.model.item import Clause
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import WEAKER
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Slot, Take, fixed, slot
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem

__all__ = [
    "WAY",
    "ApplicationFacts",
    "ApplicationScope",
    "EffectKind",  # what a Limit and a Ruling speak of: who reads rulings need not know the operations
    "InRulebook",
    "Limit",
    "RuleClause",
    "RuleFacts",
    "RuleScope",
    "RuleSetting",
    "Ruling",
    "check_case",
    "check_effect",
    "check_grades",
    "check_place",
    "count_of",
    "grades_of",
    "met",
    "quoted",
    "takes",
]


class InRulebook(Protocol):
    """Where a rule stands, for ``check``."""

    @property
    def rulebook(self) -> Rulebook: ...


@dataclass(frozen=True)
class RuleSetting:
    """The plainest :class:`InRulebook`."""

    rulebook: Rulebook


class RuleScope(Protocol):
    """What ``lower`` of a veto, limit or drop may ask for. ``grades`` are in their order, the best first."""

    @property
    def graph(self) -> Builder: ...
    @property
    def grades(self) -> tuple[str, ...]: ...
    def condition(self, condition: Condition) -> NodeId: ...


class RuleFacts(Protocol):
    """What ``by_hand`` of a veto, limit or drop may ask for."""

    @property
    def grades(self) -> tuple[str, ...]: ...
    def holds(self, condition: Condition) -> bool:
        """Whether the unit meets ``condition``; one that does not concern it is not met."""
        ...


@dataclass(frozen=True, slots=True)
class Limit:
    """What a rule does to the grade, in the graph. ``amount``: a grade's position (0 the best), or how many grades.

    ``when`` is 有值, 未报 or 待定, never weaker. ``holds_place``: the place that the unit would have had stays empty.
    """

    when: NodeId
    effect: EffectKind
    amount: int
    holds_place: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a rule does to one unit's grade, by hand."""

    applies: bool
    effect: EffectKind
    amount: int
    holds_place: bool = False


class ApplicationScope(Protocol):
    """What ``lower`` of a result application may ask for; ``grade`` is the settled grade."""

    @property
    def graph(self) -> Builder: ...
    @property
    def grade(self) -> NodeId: ...
    @property
    def grades(self) -> tuple[str, ...]: ...
    def condition(self, condition: Condition) -> NodeId: ...


class ApplicationFacts(Protocol):
    """What ``by_hand`` of a result application may ask for; ``grade`` None: the unit has none."""

    @property
    def grade(self) -> str | None: ...
    def holds(self, condition: Condition) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleClause(Clause):
    """A veto, a limit or a drop as written.

    ``when`` 情形, ``any_of`` the items of 情形之一; ``effect`` 后果 (``bar``, ``set``, ``no_better``, ``drop``; None:
    not written) with ``grades`` or ``count``; ``quota`` is ``backfill`` or ``no_backfill``.
    """

    when: Condition | None = None
    any_of: tuple[Condition, ...] = ()
    effect: str | None = None
    grades: tuple[str, ...] = ()
    count: Expression | None = None
    quota: str | None = None
    decided: str = ""

    @property
    def case(self) -> Condition:
        """情形 and 情形之一 as one condition: any of them."""
        cases = (*((self.when,) if self.when else ()), *self.any_of)
        return cases[0] if len(cases) == 1 else AnyOf(cases)


def takes(*effects: str) -> tuple[Take, ...]:
    """The fields of a veto, limit or drop whose 后果 is one of ``effects``."""
    into = {"kind": "effect", "grades": "grades", "count": "count"}
    return (
        Take("when", into="when"),
        Take("any_of", items="any_of"),
        Take("effect", slots=(Slot("effect", (("kind", effects),), tuple(into.items())),)),
        Take("quota", slots=(fixed("backfill", "no_backfill", into="quota"),)),
        Take("decided", into="decided"),
    )


WAYS = ("comprehensive", "focused", "direct", "moderate", "current", "long_term")
WAY = Take("way", slots=(slot("word", {"key": "ways"}, required=False, many=True, key=WAYS),))
"""方式 of a result application: any of the six words."""


def met(scope: RuleScope | ApplicationScope, condition: Condition) -> NodeId:
    """``condition`` in the graph, 不涉及 and weaker states read as not met."""
    graph, node = scope.graph, scope.condition(condition)
    if not graph.type(node).states & set(WEAKER):
        return node
    return graph.choose((graph.has(node, *WEAKER), graph.truth(False)), otherwise=node)


def quoted(names: Iterable[str]) -> str:
    """“优秀”、“良好”."""
    return "、".join(f"“{name}”" for name in names)


def count_of(clause: RuleClause) -> Fraction | None:
    """How many grades down."""
    return constant(clause.count)


# ---- checks --------------------------------------------------------------------------------------------------------


def check_case(clause: RuleClause, word: str) -> Iterable[Problem]:
    """A case must be written, and whether 情形 and 情形之一 add up or stand side by side."""
    if clause.when is None and not clause.any_of:
        yield grading.case_unstated(clause.span, word)
    elif clause.when is not None and clause.any_of:
        yield grading.case_twice(clause.span)


def check_grades(clause: RuleClause, setting: InRulebook) -> Iterable[Problem]:
    """There are grades, and the rule names only them."""
    order = grades_of(setting)
    if not order:
        yield grading.no_grades(clause.span)
        return
    for name in clause.grades:
        if name not in order:
            yield grading.unknown_grade(clause.span, name, nearest(name, order), order)


def check_effect(clause: RuleClause, setting: InRulebook) -> Iterable[Problem]:
    """What is done to the grade can be done, and has one reading."""
    order = grades_of(setting)
    if not order or any(name not in order for name in clause.grades):
        return
    places = [order.index(name) for name in clause.grades]
    match clause.effect:
        case "bar" if order[-1] in clause.grades:
            yield grading.last_grade_barred(clause.span, order[-1])
        case "bar" if places and set(range(max(places))) - set(places):
            yield grading.bar_below_top(clause.span, clause.grades, order)
        case "set" if places and order[places[0]] != order[-1]:
            yield grading.set_above_last(clause.span, order[places[0]], order[places[0] + 1])
        case "no_better" if places and places[0] == 0:
            yield grading.limit_without_effect(clause.span, order[0])
        case "drop":
            count = count_of(clause)
            if count is None or count.denominator != 1 or not 0 < count < len(order):
                yield grading.bad_drop(clause.span, len(order))


def check_place(clause: RuleClause, setting: InRulebook, word: str) -> Iterable[Problem]:
    """A rule that acts before the quota says who takes the place that becomes free."""
    scheme = setting.rulebook.scheme
    limited = [grade.name for grade in scheme.grades if grade.quota] if scheme else []
    if limited and clause.quota is None:
        yield grading.backfill_unstated(clause.span, word, limited[0])


def grades_of(setting: InRulebook) -> tuple[str, ...]:
    """Grade names, best first; none where the rulebook has no grades."""
    scheme = setting.rulebook.scheme
    return scheme.order if scheme else ()
