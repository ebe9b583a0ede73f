"""What the kinds of the later stages share: what they are asked with, and what they answer.

A veto, a limit or a drop says in which cases it applies, what it does to the grade, and, where it acts before the
quota, what becomes of the place: the next unit takes it (递补), or it stays empty (不递补) because the barred unit
holds it. The cases are conditions of the model; a condition that 不涉及 the unit (or is in any weaker state) is not
met, one that is 未报 or 待定 leaves the grade open.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Protocol

from perfdsl.clauses.kind import Choice, constant
from perfdsl.clauses.shared.population import holds_for
from perfdsl.graph.ops import EffectKind, NodeId
from perfdsl.model.expression import AllOf, AnyOf, Condition, Expression
from perfdsl.model.grade import UNIT, GradeScheme
from perfdsl.model.item import Clause
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import WEAKER
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Slot, Take, fixed, slot
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

if TYPE_CHECKING:
    from perfdsl.graph.builder import Builder

__all__ = [
    "PLACE_CHOICE",
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
    "check_refill",
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


PLACE_CHOICE = Choice(
    "quota",
    "空出的名额归谁",
    (("backfill", "名额：空出的由下一名递补"), ("no_backfill", "名额：空出的不递补")),
    "K350",
)


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

    ``when`` is 有值, 未报 or 待定, never weaker. ``effect`` None: nothing to the grade itself. ``holds_place``: the
    place that the unit would have had stays empty; for a unit that is raised: it uses one of the places.
    """

    when: NodeId
    effect: EffectKind | None
    amount: int
    holds_place: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a rule does to one unit's grade, by hand."""

    applies: bool
    effect: EffectKind | None
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

    ``when`` 情形, ``any_of`` the items of 情形之一; ``applies`` 适用 says which units it is for at all. ``effect`` 后果
    (``bar``, ``set``, ``no_better``, ``drop``, ``direct``, ``total_zero``, ``item_zero``; None: not written) with
    ``grades``, ``count`` or ``codes``; ``quota`` is ``backfill`` or ``no_backfill``. ``rank`` is ``keeps_rank`` or
    ``unranked``; ``scope`` 范围, the author's words, "" for the unit alone.
    """

    when: Condition | None = None
    any_of: tuple[Condition, ...] = ()
    effect: str | None = None
    grades: tuple[str, ...] = ()
    count: Expression | None = None
    quota: str | None = None
    decided: str = ""
    applies: Condition | None = None
    codes: tuple[str, ...] = ()
    rank: str | None = None
    scope: str = ""

    @property
    def case(self) -> Condition:
        """情形 and 情形之一 as one condition: any of them."""
        cases = (*((self.when,) if self.when else ()), *self.any_of)
        case = cases[0] if len(cases) == 1 else AnyOf(cases)
        return case if self.applies is None else AllOf((self.applies, case))

    @property
    def says_what(self) -> bool:
        """Whether it says what it does; a kind may do something of its own where no 后果 is written."""
        return True

    @property
    def scopes(self) -> tuple[str, ...]:
        """范围, name by name; the unit where nothing is written."""
        return tuple(one.strip() for one in self.scope.split("、") if one.strip()) or (UNIT,)

    def concerns(self, scheme: GradeScheme) -> bool:
        """Whether the rule can act on grades of ``scheme``: it names none that the scheme does not have."""
        return set(self.grades) <= set(scheme.order)


QUOTA = ("backfill", "no_backfill")


def takes(*effects: str, quota: tuple[str, ...] = QUOTA) -> tuple[Take, ...]:
    """The fields of a veto, limit or drop whose 后果 is one of ``effects``."""
    into = {"kind": "effect", "grades": "grades", "count": "count", "codes": "codes"}
    slots = (Slot("effect", (("kind", effects),), tuple(into.items()), required="total_zero" not in effects),)
    words = (fixed("total_zero", into="effect", required=False),) if "total_zero" in effects else ()
    return (
        Take("when", into="when"),
        Take("any_of", items="any_of"),
        Take("applies", into="applies"),
        Take("effect", slots=(*slots, *words)),
        Take("quota", slots=(fixed(*quota, into="quota"),)),
        Take("rank_effect", slots=(fixed("keeps_rank", "unranked", into="rank"),)),
        Take("rule_scope", into="scope"),
        Take("decided", into="decided"),
    )


WAY_WORDS = {
    "comprehensive": "综合运用",
    "focused": "重点运用",
    "direct": "直接运用",
    "moderate": "适度运用",
    "current": "当前运用",
    "long_term": "长远运用",
}
WAYS = tuple(WAY_WORDS)
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


def _left_out(clause: RuleClause, category: str) -> bool:
    """Whether 适用 leaves a category out."""
    return clause.applies is not None and holds_for(clause.applies, category) is False


# ---- checks --------------------------------------------------------------------------------------------------------


def check_case(clause: RuleClause, word: str) -> Iterable[Problem]:
    """A case must be written, and whether 情形 and 情形之一 add up or stand side by side."""
    if clause.when is None and not clause.any_of:
        yield grading.case_unstated(clause.span, word)
    elif clause.when is not None and clause.any_of:
        yield grading.case_twice(clause.span)


def check_grades(clause: RuleClause, setting: InRulebook) -> Iterable[Problem]:
    """There are grades, and the rule names only them."""
    schemes = setting.rulebook.schemes
    if not schemes:
        yield grading.no_grades(clause.span)
        return
    order = tuple(dict.fromkeys(name for scheme in schemes for name in scheme.order))
    for name in clause.grades:
        if name not in order:
            yield grading.unknown_grade(clause.span, name, nearest(name, order), order)
    if not set(clause.grades) <= set(order):
        return
    for scheme in schemes:
        lacking = [name for name in clause.grades if name not in scheme.order]
        meant = [name for name in scheme.categories if not _left_out(clause, name)]
        if lacking and (meant or not scheme.categories):
            yield grading.grade_of_other_table(clause.span, lacking, scheme.name, scheme.categories)


def check_effect(clause: RuleClause, setting: InRulebook) -> Iterable[Problem]:
    """What is done to the grade can be done, and has one reading."""
    order = order_of(clause, setting)
    if not order or any(name not in order for name in clause.grades):
        return
    places = [order.index(name) for name in clause.grades]
    match clause.effect:
        case "bar" if order[-1] in clause.grades:
            yield grading.last_grade_barred(clause.span, order[-1], order[0])
        case "bar" if places and set(range(max(places))) - set(places):
            yield grading.bar_below_top(clause.span, clause.grades, order)
        case "set" if places and order[places[0]] != order[-1]:
            yield grading.set_above_last(clause.span, order[places[0]], order[places[0] + 1], order[-1])
        case "no_better" if places and places[0] == 0:
            yield grading.limit_without_effect(clause.span, order[0], order[min(1, len(order) - 1)])
        case "drop":
            count = count_of(clause)
            if count is None or count.denominator != 1 or not 0 < count < len(order):
                yield grading.bad_drop(clause.span, len(order))


def check_place(clause: RuleClause, setting: InRulebook, word: str) -> Iterable[Problem]:
    """A rule that acts before the quota says who takes the place that becomes free."""
    limited = [grade.name for scheme in setting.rulebook.schemes for grade in scheme.grades if grade.quota]
    if limited and clause.quota is None and UNIT in clause.scopes:
        yield grading.backfill_unstated(clause.span, word, limited[0])
    yield from check_refill(clause, setting)


def check_refill(clause: RuleClause, setting: InRulebook) -> Iterable[Problem]:
    """递补 needs a number of places to be filled: a grade held to ranks (2 名以内) stays one unit short.

    A barred unit that leaves the ranking lets the next ones move up, so there the ranks do refill.
    """
    if clause.quota != "backfill" or clause.rank == "unranked" or UNIT not in clause.scopes:
        return
    for scheme in setting.rulebook.schemes:
        if not clause.concerns(scheme):
            continue
        for grade in scheme.grades[: _lost(clause, scheme)]:
            if grade.position is not None and (high := grade.position.high) is not None:
                last = floor(high) if grade.position.high_in else ceil(high) - 1
                yield grading.rank_never_refills(clause.span, grade.name, last)
                return


def _lost(clause: RuleClause, scheme: GradeScheme) -> int:
    """How many of the best grades the rule closes to the unit."""
    if clause.effect is None and not clause.grades:
        return len(scheme.grades)  # 不定等次: whichever grade it would have had
    places = [scheme.order.index(name) for name in clause.grades]
    match clause.effect:
        case "bar":
            return max(places, default=0) + 1
        case "set" | "no_better":
            return places[0] if places else 0
    return 0


def grades_of(setting: InRulebook) -> tuple[str, ...]:
    """Grade names of the first table, best first; none where the rulebook has no grades."""
    scheme = setting.rulebook.scheme
    return scheme.order if scheme else ()


def name_of(clause: Clause) -> str:
    """A block as its header names it, for messages."""
    words = clause.span.text.strip().splitlines()[0] if clause.span is not None else ""
    return words.partition("【")[0].partition(" ")[2].strip() or "这一条"


def order_of(clause: RuleClause, setting: InRulebook) -> tuple[str, ...]:
    """The grades of the first table that has all that the rule names; those of the first where none has."""
    found = (scheme for scheme in setting.rulebook.schemes if clause.concerns(scheme))
    scheme = next(found, setting.rulebook.scheme)
    return scheme.order if scheme else ()


ZEROES = ("total_zero", "item_zero")
"""后果 that takes points away before anything is ranked, and does nothing to the grade itself."""


def check_rank(clause: RuleClause, setting: InRulebook, word: str) -> Iterable[Problem]:
    """Where there is a ranking: whether the unit stays in it. A total of 0 is ranked like any other."""
    if setting.rulebook.ties is not None and clause.rank is None and clause.effect not in ZEROES:
        yield grading.rank_unstated(clause.span, word)


def check_scope(clause: RuleClause, setting: InRulebook, word: str) -> Iterable[Problem]:
    """Whose grade the rule acts on, where there is more than the unit's."""
    known = [one.name for one in setting.rulebook.scopes]
    if known and not clause.scope:
        yield grading.scope_unstated(clause.span, word, known)
    for name in clause.scopes:
        if name != UNIT and name not in known:
            yield grading.scope_unknown(clause.span, name, [UNIT, *known])
