"""What a clause kind is: data and a few functions.

``form`` is how it looks on paper; ``node`` the frozen dataclass that holds what was written; ``check`` what can be
wrong with it; ``lower`` its meaning as operations; ``by_hand`` its meaning as an auditor would work it out with
pencil and fractions, written from the rule's words and never from ``lower``; ``sentence`` how it is told.

The states of values are not a kind's business: before ``by_hand`` is called, and around what ``lower`` returns,
the common shell has dealt with 未报, 不涉及, 未发生 and so on. A kind sees values only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from perfdsl.graph.ops import NodeId
from perfdsl.model.expression import Condition, Expression, Number
from perfdsl.model.item import Answer, Award, Item, LedgerUse
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.stages import Stage
from perfdsl.model.states import State
from perfdsl.model.units import ValueType
from perfdsl.text.form import Form
from perfdsl.text.problem import Problem
from perfdsl.text.records import dataclass, field, replace

if TYPE_CHECKING:
    from perfdsl.graph.builder import Builder

Value = Fraction | bool | str | date


class Undecided(ZeroDivisionError):
    """The rule gives no answer for these facts: the score is 待定. Raised by ``by_hand`` only."""


class Unknown(Exception):
    """Something was asked of the facts that nobody knows: 未报 or 待定. The score is open unless it does not matter."""


class Event(Protocol):
    """A row of a ledger, all its cells with values."""

    def __getitem__(self, column: str) -> Value: ...

    @property
    def share(self) -> Fraction:
        """Which part of the row counts for the unit (主管部门按 50%)."""
        ...


class Facts(Protocol):
    """What an auditor has on the desk for one unit and one item. Everything asked for has a value."""

    @property
    def item(self) -> Item:
        """The item as written."""
        ...

    @property
    def rulebook(self) -> Rulebook:
        """The whole rulebook."""
        ...

    @property
    def full(self) -> Fraction:
        """分值 (for the unit, after any redistribution: before it, scores are worked out on the declared one)."""
        ...

    @property
    def least(self) -> Fraction:
        """The lowest the item may score (最低)."""
        ...

    @property
    def value(self) -> Any:
        """指标值: Fraction in base units, bool, str or date, as the kind's ``fact`` says."""
        ...

    @property
    def target(self) -> Fraction:
        """目标值."""
        ...

    @property
    def has_target(self) -> bool:
        """Whether the item states a 目标值."""
        ...

    @property
    def higher_is_better(self) -> bool:
        """方向."""
        ...

    @property
    def peers(self) -> Sequence[Fraction]:
        """指标值 of every unit of the population that has one, this unit's own among them."""
        ...

    @property
    def among_peers(self) -> bool:
        """Whether the unit is itself one of the population."""
        ...

    @property
    def children(self) -> Sequence[Fraction]:
        """Scores of the children that have one, for kinds that combine."""
        ...

    def number(self, expression: Expression) -> Fraction:
        """The value of an amount in the phrase, in base units."""
        ...

    def root(self, of: Fraction) -> Fraction:
        """The square root: a Fraction where it is one, else a 实数 (text/numbers.py)."""
        ...

    def holds(self, condition: Condition) -> bool:
        """Whether ``condition`` is met by the unit."""
        ...

    def events(self, use: LedgerUse) -> Sequence[Event]:
        """This unit's rows of the ledger that meet the clause's conditions."""
        ...

    def sheets(self, use: LedgerUse) -> Sequence[tuple[Callable[[], bool], Event]]:
        """Every unit's rows of the table, for what is judged across units (a ballot): whether a row counts, and it.

        Asking whether a row counts stops the work where nobody knows.
        """
        ...

    def rivals(self) -> Sequence[tuple[bool, Any, Any]]:
        """Other items in which a matter may count instead (去重): (goes before, its clause, its facts)."""
        ...


@dataclass(frozen=True)
class Peers:
    """The population of a cross-unit step, in the graph: rows where ``where`` is true, grouped by ``group``."""

    where: NodeId
    group: tuple[NodeId, ...]


@dataclass(frozen=True)
class Events:
    """A ledger's rows in the graph: ``where`` says which count, ``unit`` names the unit of each row.

    A row that belongs to several units stands there for each of them, ``share`` says with which part (None: whole).
    """

    grain: str
    where: NodeId
    unit: NodeId
    column: Callable[[str], NodeId]
    share: NodeId | None = None


class Scope(Protocol):
    """What ``lower`` may ask for: the nodes of one item. All are on ``grain`` or scalar."""

    @property
    def graph(self) -> Builder: ...
    @property
    def item(self) -> Item: ...
    @property
    def rulebook(self) -> Rulebook: ...
    @property
    def grain(self) -> str: ...
    @property
    def value(self) -> NodeId: ...
    @property
    def target(self) -> NodeId: ...
    @property
    def full(self) -> NodeId: ...
    @property
    def least(self) -> NodeId: ...
    @property
    def peers(self) -> Peers: ...
    @property
    def children(self) -> Sequence[NodeId]:
        """Scores of the children; 不涉及 where a child does not count."""
        ...

    def number(self, expression: Expression) -> NodeId: ...
    def award(self, award: Award) -> NodeId:
        """Points of an award; what is taken away is negative."""
        ...

    def condition(self, condition: Condition) -> NodeId: ...
    def events(self, use: LedgerUse) -> Events: ...
    def rivals(self) -> Sequence[tuple[bool, Any, Any]]:
        """Other items in which a matter may count instead (去重): (goes before, its clause, its scope)."""
        ...

    def per_unit(self, events: Events, of: NodeId, where: NodeId) -> NodeId:
        """Sum of ``of`` over the rows of ``events`` where ``where`` is true, for each unit."""
        ...

    def at_rows(self, events: Events, of: NodeId) -> NodeId:
        """A number of each unit, at each of its rows."""
        ...


@dataclass(frozen=True)
class Setting:
    """Where a clause stands, for ``check``: its item and the whole rulebook."""

    item: Item
    rulebook: Rulebook


def nothing_to_check(clause: Any, setting: Setting) -> Iterable[Problem]:
    """For kinds whose form says it all."""
    return ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A reading that the author has to choose, since real rules are read both ways.

    The ``field`` of a node holds one of the values of ``readings`` (value → how it is written; "" stands for a field
    that holds nothing); ``asks`` is the question in words (不足一档怎样计), ``code`` the problem that puts it where nothing
    is written. ``now`` tells the value where it is not the field itself, ``put`` makes the node with another value where
    that takes more than the field. ``listed`` writes a value that is none of ``readings`` (得 3 分), so that it is told as the
    one chosen. ``numbered`` are values that cannot be put without more (a number of points), which is for the author to say:
    ``needs`` tells what. ``assumed`` tells what a value is tried with, where it needs more than itself (2 位小数).
    """

    field: str
    asks: str
    readings: tuple[tuple[Any, str], ...]
    code: str
    now: Callable[[Any], Any] | None = None
    put: Callable[[Any, Any], Any] | None = None
    listed: Callable[[Any], str | None] | None = None
    numbered: tuple[Any, ...] = ()
    assumed: Callable[[Any, Any], str] | None = None
    needs: str = "要写明是多少，才能试"

    def chosen(self, node: Any) -> str | None:
        """How the reading that ``node`` has is written; None where the question does not arise."""
        values = [value for value, _ in self.readings]
        held = self.now(node) if self.now is not None else getattr(node, self.field)
        for value in held if isinstance(held, tuple) else ("" if held is None else held,):
            if value in values:
                return self.readings[values.index(value)][1]
        return self.listed(node) if self.listed is not None else None

    def with_reading(self, node: Any, value: Any) -> Any:
        """``node``, read as ``value`` says."""
        if self.put is not None:
            return self.put(node, value)
        held, values = getattr(node, self.field), [one for one, _ in self.readings]
        if isinstance(held, tuple):
            return replace(node, **{self.field: tuple(value if one in values else one for one in held)})
        return replace(node, **{self.field: None if value == "" else value})


STEPS = frozenset({("step", "each"), ("count", "each"), ("grid", "step")})
"""Shapes of segments and what in them is the size of one step: 每低 1 个百分点, 每有 2 件, 0.5 分一档."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One clause kind. ``key`` names it in the model and in the registry.

    ``check`` gets a :class:`Setting`, ``sentence`` the item; kinds of the later stages (``clauses/shared/ruling.py``) get a
    ``RuleSetting`` and the rule.

    ``fact`` is the type of the fact that the kind reads where the item states no 指标值 (None: it reads none);
    ``fact_by`` says it where it depends on the clause; ``fact_unit`` is its unit word, ``fact_name`` its name where the
    phrase says one. ``answers`` is what the phrase itself gives for a state (未发生得满分). ``cap`` is the amount that
    the phrase stops at, ``drains_group`` whether it goes on until the group is used up (扣完本一级指标为止),
    ``runs_over`` whether it may exceed the full mark of the item above without end. ``cross_unit``: it looks at
    other units. ``reads_events``: it reads a ledger. ``combines``: it makes one score of the children's.
    ``limits``: least, most and step that a score given by people must keep to (the data are checked against it).
    ``row_limits``: column, least and most of points that stand in the rows of a ledger.
    ``choices``: the readings that the author chooses between.
    ``with_rules``: the clause with each rule that stands inside it (the rule of a period, the methods of rows), passed
    through a function; None for kinds that have none inside.
    ``moves``: whether the score moves with 指标值 and 目标值, as it does unless the clause only picks among points that are
    written. ``real``: it takes a root itself, so that its score has no last digit whatever the value.
    """

    key: str
    form: Form
    node: type[Any]
    lower: Callable[[Any, Any], Any]
    by_hand: Callable[[Any, Any], Any]
    sentence: Callable[[Any, Any], str]
    check: Callable[[Any, Any], Iterable[Problem]] = nothing_to_check
    stage: Stage = Stage.ITEM
    fact: ValueType | None = ValueType.NUMBER
    fact_by: Callable[[Any], ValueType | None] | None = None
    fact_unit: Callable[[Any], str] = field(default=lambda clause: "")
    fact_name: Callable[[Any], str] = field(default=lambda clause: "")
    answers: Callable[[Any], Mapping[State, Answer]] = field(default=lambda clause: {})
    cap: Callable[[Any], Expression | None] = field(default=lambda clause: None)
    drains_group: Callable[[Any], bool] = field(default=lambda clause: False)
    runs_over: Callable[[Any], bool] = field(default=lambda clause: False)
    cross_unit: bool = False
    combines: bool = False
    reads_events: bool = False
    limits: Callable[[Any, Item], tuple[Fraction, Fraction, Fraction | None]] | None = None
    row_limits: Callable[[Any], tuple[str, Fraction, Fraction] | None] | None = None
    choices: tuple[Choice, ...] = ()
    with_rules: Callable[[Any, Callable[[Item], Item]], Any] | None = None
    moves: Callable[[Any], bool] = field(default=lambda clause: True)
    real: bool = False

    @cached_property
    def needs(self) -> frozenset[str]:
        """The shapes of segments that it cannot do without."""
        return frozenset(slot.shape for slot in self.form.pattern if slot.required)

    @cached_property
    def takes(self) -> frozenset[str]:
        """The shapes of segments that it takes anywhere."""
        return frozenset(one.shape for slot in self.form.pattern for one in (slot, *slot.then))

    @property
    def steps(self) -> tuple[str, ...]:
        """The fields of a clause that hold a step or a grid: how much one step is, by which something is divided."""
        slots = [*self.form.pattern, *(slot for take in self.form.takes for slot in take.slots)]
        every = [*slots, *(later for slot in slots for later in slot.then)]
        found = (into for slot in every for name, into in slot.into if (slot.shape, name) in STEPS)
        return tuple(dict.fromkeys(found))

    def rules(self, clause: Any) -> tuple[Item, ...]:
        """The rules that stand inside ``clause``."""
        found: list[Item] = []

        def seen(rule: Item) -> Item:
            found.append(rule)
            return rule

        if self.with_rules is not None:
            self.with_rules(clause, seen)
        return tuple(found)

    def fact_of(self, clause: Any) -> ValueType | None:
        """Type of the fact that ``clause`` reads where the item states no 指标值."""
        return self.fact if self.fact_by is None else self.fact_by(clause)


def constant(expression: Expression | None) -> Fraction | None:
    """The number of an amount that is written as a number, else None."""
    return expression.value if isinstance(expression, Number) else None
