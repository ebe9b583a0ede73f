"""What the kinds of 结果运用 share: whom it is for, how it is labelled, and what is done to a number before it is given.

A number of a table may be multiplied by a base of the unit (计发基数: head count, yearly salary), is kept within 上限 and
rounded last, as 取舍 says. All of it is worked out without units of measure, in base units (元, 人); what is written
in the table and in 上限 says what the result is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from perfdsl.clauses.kind import constant
from perfdsl.clauses.shared import ruling
from perfdsl.clauses.shared.ruling import InRulebook
from perfdsl.graph.ops import Fn, NodeId
from perfdsl.model.expression import Condition, Expression, InGrade, Number
from perfdsl.model.item import Clause
from perfdsl.model.rounding import Rounding, rounded
from perfdsl.model.rulebook import Rulebook, Status
from perfdsl.model.states import UNKNOWN, WEAKER, State
from perfdsl.model.units import RATIO, Mode, decimal
from perfdsl.text.catalogue import grading
from perfdsl.text.form import Take, Word, fixed, slot
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass

if TYPE_CHECKING:
    from perfdsl.graph.builder import Builder

WORD = Word("application", "结果运用", ("考核结果运用", "奖惩"), "application")
MODES = {"half_up": Mode.HALF_UP, "half_even": Mode.HALF_EVEN, "down": Mode.DOWN, "up": Mode.UP}
MODE_KEYS = tuple(MODES)


class Scope(Protocol):
    """What ``lower`` of a result application may ask for; ``grade`` is the settled grade, a place in ``grades``."""

    @property
    def graph(self) -> Builder: ...
    @property
    def rulebook(self) -> Rulebook: ...
    @property
    def grade(self) -> NodeId: ...
    @property
    def grades(self) -> tuple[str, ...]: ...
    @property
    def total(self) -> NodeId: ...
    @property
    def rank(self) -> NodeId: ...
    @property
    def group(self) -> tuple[NodeId, ...]: ...
    @property
    def category(self) -> NodeId: ...
    def condition(self, condition: Condition) -> NodeId: ...
    def number(self, expression: Expression) -> NodeId: ...
    def years_in(self, condition: InGrade) -> NodeId: ...


class Facts(Protocol):
    """What ``by_hand`` of a result application may ask for; None: the unit has none."""

    @property
    def rulebook(self) -> Rulebook: ...
    @property
    def grade(self) -> str | None: ...
    @property
    def total(self) -> Fraction | None: ...
    @property
    def rank(self) -> Fraction | None: ...
    @property
    def rivals(self) -> Sequence[Fraction]:
        """Ranks of all units that the unit is ranked among, its own among them."""
        ...

    @property
    def category(self) -> str: ...
    def holds(self, condition: Condition) -> bool: ...
    def amount(self, expression: Expression) -> Fraction | None: ...
    def years_in(self, condition: InGrade) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Applying(Clause):
    """What every result application says. ``whom`` None: all units."""

    whom: Condition | None = None
    action: str = ""
    procedure: str = ""
    ways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving(Applying):
    """One that gives a number: ``base`` 计发基数, ``most`` 上限 (``uncapped``: 不封顶), ``digits`` and ``mode`` 取舍."""

    base: Expression | None = None
    most: Expression | None = None
    uncapped: str | None = None
    digits: int | None = None
    mode: str | None = None

    @property
    def rounding(self) -> Rounding | None:
        """取舍, where it is written."""
        return None if self.digits is None or self.mode is None else Rounding(self.digits, MODES[self.mode])


PAIRS = (
    (("comprehensive", "focused"), "综合还是重点"),
    (("direct", "moderate"), "直接还是适度"),
    (("current", "long_term"), "当前还是长远"),
)
"""三个相结合: of each pair, which one an application is."""

COMMON = (
    Take("whom", into="whom"),
    Take("action", into="action"),
    Take("procedure", into="procedure"),
    ruling.WAY,
)
GIVING = (
    *COMMON,
    Take("base_amount", into="base"),
    Take(
        "cap",
        slots=(
            slot("at_most", {"amount": "most"}, required=False),
            fixed("uncapped", into="uncapped", required=False),
        ),
    ),
    Take("own_rounding", slots=(slot("rounding", {"digits": "digits"}), fixed(*MODE_KEYS, into="mode"))),
)


def check_common(clause: Applying, setting: InRulebook) -> Iterable[Problem]:
    """In an issued rulebook each application says of each of the three pairs which it is."""
    if setting.rulebook.status is not Status.ISSUED:
        return
    if missing := [told for words, told in PAIRS if not set(words) & set(clause.ways)]:
        yield grading.way_unstated(clause.span, ruling.name_of(clause), missing)


def check_giving(clause: Giving, setting: InRulebook, amounts: Sequence[Expression]) -> Iterable[Problem]:
    """A number times what the unit itself reports has a cap, in the measure of what is given."""
    yield from check_common(clause, setting)
    if clause.base is not None and clause.most is None and clause.uncapped is None:
        yield grading.application_uncapped(clause.span, ruling.name_of(clause))
    most = clause.most
    if most is not None and constant(most) is None:
        yield grading.bad_table(clause.span, "上限应写一个数", "上限：最高 50 万元")
    units = {one.unit for one in amounts if isinstance(one, Number) and one.unit != RATIO}
    if isinstance(most, Number) and most.unit != RATIO and units and units != {most.unit}:
        yield grading.bad_table(clause.span, "上限与表里的数计量单位不同", "上限：最高 50 万元")


def check_grade_table(clause: Clause, names: Sequence[str], setting: InRulebook) -> Iterable[Problem]:
    """Every grade once."""
    order = setting.rulebook.grade_names
    if not order:
        yield grading.no_grades(clause.span)
        return
    for name in dict.fromkeys(names):
        if name not in order:
            yield grading.unknown_grade(clause.span, name, nearest(name, order), order)
        elif list(names).count(name) > 1:
            yield grading.application_twice(clause.span, name)
    if missing := [name for name in order if name not in names]:
        yield grading.application_misses(clause.span, missing)


# ---- as operations -------------------------------------------------------------------------------------------------


def plain(scope: Scope, node: NodeId) -> NodeId:
    """A number without its unit of measure, in base units."""
    unit = scope.graph.type(node).unit or RATIO
    return node if unit == RATIO else scope.graph.apply(Fn.DIVIDE, node, scope.graph.number(1, unit))


def given(clause: Giving, scope: Scope, number: NodeId) -> NodeId:
    """``number`` (without a unit) times the base, kept within the cap, rounded; 不涉及 for units outside 对象."""
    graph, most = scope.graph, constant(clause.most)
    if clause.base is not None:
        number = times(scope, number, clause.base)
    if most is not None:
        number = graph.apply(Fn.LEAST, number, graph.number(most))
    if clause.rounding is not None:
        number = graph.rounded(number, clause.rounding.digits, clause.rounding.mode)
    return for_whom(clause, scope, number)


def times(scope: Scope, number: NodeId, base: Expression) -> NodeId:
    """``number`` × a number of the unit; 不涉及 where one of them is in that state or a weaker one."""
    graph, of = scope.graph, plain(scope, scope.number(base))
    product = graph.apply(Fn.MULTIPLY, number, of)
    none = graph.nothing(State.ABSENT, product)
    return graph.choose(
        (graph.has(number, *WEAKER), none),
        (graph.has(number, *UNKNOWN), number),
        (graph.has(of, *WEAKER), none),
        otherwise=product,
    )


def for_whom(clause: Applying, scope: Scope, node: NodeId) -> NodeId:
    """``node`` for the units of 对象, 不涉及 for the others."""
    if clause.whom is None:
        return node
    graph = scope.graph
    return graph.choose((ruling.met(scope, clause.whom), node), otherwise=graph.nothing(State.ABSENT, node))


# ---- by hand -------------------------------------------------------------------------------------------------------


def is_for(clause: Applying, facts: Facts) -> bool:
    """Whether the unit is one of 对象."""
    return clause.whom is None or facts.holds(clause.whom)


def worked_out(clause: Giving, facts: Facts, number: Fraction) -> Fraction | None:
    """What is paid out in the end for a number of the table."""
    if clause.base is not None:
        base = facts.amount(clause.base)
        if base is None:
            return None
        number *= base
    most = constant(clause.most)
    if most is not None:
        number = min(number, most)
    return rounded(number, clause.rounding) if clause.rounding else number


# ---- in words ------------------------------------------------------------------------------------------------------


def told(expression: Expression) -> str:
    """A number as the rule wrote it."""
    written = expression.written if isinstance(expression, Number) else ""
    return written or decimal(constant(expression) or Fraction(0))


def tail(clause: Giving) -> str:
    """``，乘计发基数，最高 50 万元``."""
    parts = ["乘计发基数"] if clause.base is not None else []
    parts += [f"最高 {told(clause.most)}"] if clause.most is not None else []
    return "".join(f"，{part}" for part in parts)
