"""The operations: data only. Engines translate them, one function each.

Before adding one, write the clause with these; a new one must serve clauses nobody asked for yet.
Values between roundings are exact rationals. What each operation does with the states of its operands is the
table of :mod:`perfdsl.model.states`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Self

from perfdsl.graph.types import Grain
from perfdsl.model.states import State
from perfdsl.model.units import Mode, Ties, Unit, ValueType
from perfdsl.text.records import dataclass, declared_as, fields, replace

NodeId = int
"""Position of a node in its graph; operands stand before the node that reads them."""

Literal = Fraction | bool | str | date | int


class Fn(Enum):
    """Functions of :class:`Apply`: row by row, on operands of one grain or of the scalar grain."""

    __hash__ = object.__hash__  # there is one of each: as good as that of its name, and sooner there

    ADD = "add"  # a + b + …
    SUBTRACT = "subtract"  # a - b
    MULTIPLY = "multiply"  # a × b × …
    DIVIDE = "divide"  # a ÷ b; b = 0 gives 待定 and is reported as a fault
    NEGATE = "negate"
    ABSOLUTE = "absolute"
    LEAST = "least"
    GREATEST = "greatest"
    FLOOR = "floor"  # towards -∞, to a whole number
    CEIL = "ceil"  # towards +∞
    POWER = "power"  # a to the b, a constant fraction; a root of a negative number gives 待定 and is a fault
    # (for geometric means, standard deviations; serves growth over several years and distances as well)
    LN = "ln"  # natural logarithm; of 0 or less: as POWER. Both give a 实数 (perfdsl/graph/reals.py)
    # (for income indices; serves entropy weights and elasticities as well)
    LESS = "less"  # numbers, dates, grades (earlier in the order is less)
    LESS_EQUAL = "less_equal"
    EQUAL = "equal"  # any value type
    AND = "and"
    OR = "or"
    NOT = "not"
    HAS = "has"  # the state of the operand is one of Apply.states


class Reduce(Enum):
    """Functions of :class:`Aggregate`. The mean is SUM ÷ COUNT; any and all are COUNT compared with a number."""

    SUM = "sum"
    COUNT = "count"
    LEAST = "least"
    GREATEST = "greatest"


class EffectKind(Enum):
    """What a settled condition does to a grade."""

    SET = "set"  # grade becomes ``amount``
    AT_MOST = "at_most"  # no better than grade ``amount``
    AT_LEAST = "at_least"  # no worse than grade ``amount``
    DROP = "drop"  # ``amount`` grades worse, at most the worst


@dataclass(frozen=True, slots=True)
class Op:
    """An operation. Its operands are the NodeIds in its fields, however nested."""

    def operands(self) -> tuple[NodeId, ...]:
        """Every node this one reads, in the order of the fields."""
        kind: Any = type(self)
        return tuple(_ids(tuple([getattr(self, name) for name in _operand_fields(kind)])))

    def moved(self, place: Callable[[NodeId], NodeId]) -> Self:
        """The same on other operands: each at the place that it has now."""
        kind: Any = type(self)
        changed = {}
        for name in _operand_fields(kind):
            operand = getattr(self, name)
            if (there := _moved(operand, place)) is not operand:
                changed[name] = there
        return replace(self, **changed) if changed else self


PLAIN = frozenset(
    [
        "Grain",
        "str",
        "int",
        "bool",
        "Fraction",
        "Literal",
        "None",
        "tuple",
        "frozenset",
        "State",
        "Unit",
        "ValueType",
        "Mode",
        "Ties",
        "Fn",
        "Reduce",
        "EffectKind",
    ]
)
"""What a field is declared as that holds no node."""


@cache
def _operand_fields(kind: Any) -> tuple[str, ...]:
    """The fields of an operation that may hold nodes."""
    return tuple(one.name for one in fields(kind) if not declared_as(one) <= PLAIN)


def _ids(value: Any) -> Iterable[NodeId]:
    kind = type(value)
    if kind is int:
        return (value,)
    if kind is tuple:
        found: list[NodeId] = []
        for part in value:
            if type(part) is int:
                found.append(part)
            else:
                found += _ids(part)
        return found
    return (value.gives,) if kind is Band else (value.when,) if kind is SettleCase else ()


def _moved(value: Any, place: Callable[[NodeId], NodeId]) -> Any:
    kind = type(value)
    if kind is int:
        return place(value)
    if kind is tuple:
        return tuple([_moved(part, place) for part in value])
    if kind is Band:
        return replace(value, gives=place(value.gives))
    return replace(value, when=place(value.when)) if kind is SettleCase else value


@dataclass(frozen=True, slots=True)
class Column(Op):
    """A column of the data: one value a row of its grain."""

    grain: Grain
    name: str


@dataclass(frozen=True, slots=True)
class Constant(Op):
    """One value for all rows (scalar grain). With a ``state`` other than 有值, ``value`` is None."""

    value: Literal | None
    kind: ValueType
    unit: Unit | None = None
    state: State = State.VALUE


@dataclass(frozen=True, slots=True)
class Apply(Op):
    """``fn`` of ``args``, row by row. ``states`` only for HAS."""

    fn: Fn
    args: tuple[NodeId, ...]
    states: frozenset[State] = frozenset()


@dataclass(frozen=True, slots=True)
class Choose(Op):
    """The value of the first case whose condition is true, else ``otherwise``."""

    cases: tuple[tuple[NodeId, NodeId], ...]
    otherwise: NodeId


@dataclass(frozen=True, slots=True)
class Band:
    """An interval of numbers, or one ``key`` (text, grade), and the node whose value it gives.

    A missing end is open to infinity. ``low_in`` and ``high_in`` say whether the end belongs to the band.
    """

    gives: NodeId
    low: Fraction | None = None
    high: Fraction | None = None
    low_in: bool = True
    high_in: bool = False
    key: Literal | None = None


@dataclass(frozen=True, slots=True)
class Lookup(Op):
    """The value of the first band that contains ``of``."""

    of: NodeId
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Fetch(Op):
    """``of`` at the row of its own grain whose ``key`` equals ``at`` on the result's grain."""

    of: NodeId
    key: tuple[NodeId, ...]
    at: tuple[NodeId, ...]


@dataclass(frozen=True, slots=True)
class Aggregate(Op):
    """``fn`` of ``of`` over the rows whose ``where`` is true and whose ``key`` equals ``at``.

    ``key`` lives on the grain of ``of``, ``at`` on the result's grain ``to`` (they may be the same grain: each row
    then gets the fact of its own group). With empty ``key`` and ``at`` all rows are one group.
    """

    fn: Reduce
    of: NodeId
    where: NodeId
    key: tuple[NodeId, ...]
    at: tuple[NodeId, ...]
    to: Grain


@dataclass(frozen=True, slots=True)
class Rank(Op):
    """Place of each row among the rows of its ``group`` whose ``where`` is true; 1 is the first.

    ``then`` breaks ties: further (node, greatest first) pairs, in order. Rows outside ``where`` get 不涉及.
    """

    of: NodeId
    where: NodeId
    group: tuple[NodeId, ...]
    greatest_first: bool
    ties: Ties
    then: tuple[tuple[NodeId, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Streak(Op):
    """How many rows in a row, up to this one, have ``of`` true, within ``group`` along ``along`` (whole numbers).

    A row whose ``along`` is not exactly one more than the row before breaks the run. With ``limit`` the count
    starts again after reaching it (记一次后重新起算).
    """

    of: NodeId
    group: tuple[NodeId, ...]
    along: NodeId
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Stack(Op):
    """Like columns of several grains laid under one another; the rows of ``to`` are those of the parts in order."""

    parts: tuple[NodeId, ...]
    to: Grain


@dataclass(frozen=True, slots=True)
class Round(Op):
    """``of`` to ``digits`` decimal places (may be negative), as a number whose last digit is published."""

    of: NodeId
    digits: int
    mode: Mode


@dataclass(frozen=True, slots=True)
class SettleCase:
    """One ordered pair of :class:`Settle`. ``amount``: a grade's position, or how many grades for DROP."""

    when: NodeId
    effect: EffectKind
    amount: int


@dataclass(frozen=True, slots=True)
class Settle(Op):
    """A grade after ordered effects on the declared ``order`` (best first). Remembers the last case that changed it."""

    start: NodeId
    cases: tuple[SettleCase, ...]
    order: tuple[str, ...]


ACROSS = (Fetch, Aggregate, Rank, Streak, Stack)
"""Operations that look at other rows than their own; how many rows their operands have matters to them."""

OPERATIONS: tuple[type[Op], ...] = (
    Column,
    Constant,
    Apply,
    Choose,
    Lookup,
    Fetch,
    Aggregate,
    Rank,
    Streak,
    Stack,
    Round,
    Settle,
)
