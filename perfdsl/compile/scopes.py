"""What the kinds may ask for while they are lowered: the protocols of clauses/ as seen by one lowering."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from perfdsl.clauses.individual import Individual
from perfdsl.clauses.kind import Events, Peers
from perfdsl.clauses.periodic import Periodic
from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.graph.ops import Fetch, Fn, NodeId, Reduce
from perfdsl.model.expression import Condition, Expression, InGrade
from perfdsl.model.grade import UNIT, GradeScheme
from perfdsl.model.item import Award, AwardKind, Item, LedgerUse, Level
from perfdsl.model.stages import Stage
from perfdsl.model.table import UNITS
from perfdsl.model.units import POINTS

GRADING = (Stage.ELIGIBILITY, Stage.ADJUSTMENT)
"""Stages whose rules act on a grade; for a team or a leader there is no quota between them."""

if TYPE_CHECKING:
    from perfdsl.compile.lower import Lowering


class ItemScope:
    """What a kind's ``lower`` may ask for (:class:`perfdsl.clauses.kind.Scope`)."""

    def __init__(self, lowering: Lowering, item: Item) -> None:
        self.lowering = lowering
        self.item = item
        self.rulebook = lowering.book
        self.graph = lowering.builder
        self.grain = lowering.grain_of(item) or UNIT_GRAIN

    def sum_of_rows(self, clause: Individual) -> NodeId:
        return self.lowering.sum_of_rows(clause, self.item)

    def period_scores(self, clause: Periodic) -> NodeId:
        return self.lowering.period_score(self.item)

    def run(self, condition: Condition) -> tuple[NodeId, NodeId]:
        """Through how many periods in a row the condition holds, this one back, and the number of the period."""
        cadence = self.lowering.by_period(self.item)
        assert cadence is not None
        period = self.graph.column(self.grain, cadence.along)
        unit = self.graph.type(period).unit
        number = period if unit is None else self.graph.apply(Fn.DIVIDE, period, self.graph.number(1, unit))
        return self.lowering.expressions.run(condition, self.item), number

    def per_period(self, table: str, fn: Reduce, of: NodeId) -> NodeId:
        """``fn`` over the periods of each unit."""
        unit, row = self.graph.column(UNIT_GRAIN, f"{UNITS}.单位"), self.graph.column(table, "单位")
        return self.graph.aggregate(
            fn, of, where=self.graph.apply(Fn.EQUAL, row, row), key=(row,), at=(unit,), to=UNIT_GRAIN
        )

    @property
    def value(self) -> NodeId:
        return self.lowering.value(self.item.code)

    @property
    def target(self) -> NodeId:
        return self.lowering.target(self.item)

    @property
    def full(self) -> NodeId:
        return self.lowering.full(self.item)

    @property
    def least(self) -> NodeId:
        return self.graph.number(self.item.least, POINTS)

    @property
    def children(self) -> Sequence[NodeId]:
        children = [child for child in self.item.children if child.level is not Level.STEP]
        return [self.lowering.score(child.code) for child in children]

    @property
    def peers(self) -> Peers:
        found = self.lowering.peers(self.item.population, self.item)
        if self.item.value is None:
            return found
        return Peers(self.lowering.expressions.over_units(found.where, self.value), found.group)

    def number(self, expression: Expression) -> NodeId:
        return self.lowering.expressions.number(expression, self.item)

    def award(self, award: Award) -> NodeId:
        if award.kind is AwardKind.FULL:
            return self.full
        if award.points is None:
            return self.graph.number(0, POINTS)
        points = self.number(award.points)
        if award.kind in (AwardKind.DEDUCT, AwardKind.REVERSE):
            return self.graph.apply(Fn.NEGATE, points)
        return points

    def condition(self, condition: Condition) -> NodeId:
        return self.lowering.expressions.condition(condition, self.item)

    def events(self, use: LedgerUse) -> Events:
        return self.lowering.expressions.events(use)

    def rivals(self) -> Sequence[tuple[bool, Any, ItemScope]]:
        book, own = self.lowering.book, self.item.code
        group = getattr(self.item.scoring, "across", None)
        return [
            (book.before(group, other.code, own), other.scoring, ItemScope(self.lowering, other))
            for other in book.walk()
            if group is not None and other.code != own and getattr(other.scoring, "across", None) == group
        ]

    def per_unit(self, events: Events, of: NodeId, where: NodeId) -> NodeId:
        unit = self.graph.column(UNIT_GRAIN, f"{UNITS}.单位")
        return self.graph.aggregate(Reduce.SUM, of, where=where, key=(events.unit,), at=(unit,), to=UNIT_GRAIN)

    def at_rows(self, events: Events, of: NodeId) -> NodeId:
        if self.graph.type(of).grain != UNIT_GRAIN:
            return of
        return self.graph.add(Fetch(of, (self.graph.column(UNIT_GRAIN, f"{UNITS}.单位"),), (events.unit,)))


class RuleScope:
    """What ``lower`` of a veto, limit, drop or application may ask for."""

    def __init__(self, lowering: Lowering, order: tuple[str, ...]) -> None:
        self.lowering = lowering
        self.graph = lowering.builder
        self.rulebook = lowering.book
        self.grades = order

    @property
    def grade(self) -> NodeId:
        return self.lowering.grade

    @property
    def total(self) -> NodeId:
        return self.lowering.total

    @property
    def rank(self) -> NodeId:
        return self.lowering.rank

    @property
    def group(self) -> tuple[NodeId, ...]:
        return self.lowering.group

    @property
    def category(self) -> NodeId:
        return self.lowering.category

    def number(self, expression: Expression) -> NodeId:
        return self.lowering.expressions.number(expression, None)

    def years_in(self, condition: InGrade) -> NodeId:
        return self.lowering.expressions.years_in(condition)

    def condition(self, condition: Condition) -> NodeId:
        return self.lowering.expressions.condition(condition, None)


class TeamScope:
    """What ``lower`` of 对象等次 may ask for: grades are places in the order of one table."""

    def __init__(self, lowering: Lowering, scheme: GradeScheme, name: str) -> None:
        self.lowering = lowering
        self.graph = lowering.builder
        self.scheme = scheme
        self.name = name
        self.grades = scheme.order

    @property
    def unit_grade(self) -> NodeId:
        return self.lowering.by_scheme(self.scheme)

    def number(self, expression: Expression) -> NodeId:
        return self.lowering.expressions.number(expression, None)

    def limited(self, start: NodeId) -> NodeId:
        found = [limit for stage in GRADING for limit in self.lowering.limits(self.scheme, stage, self.name)]
        return self.lowering.settled(start, found, self.scheme)


class GradeScope:
    """What ``grades.lower`` may ask for."""

    def __init__(self, lowering: Lowering, scheme: GradeScheme, best: NodeId, best_for_places: NodeId) -> None:
        self.lowering = lowering
        self.graph = lowering.builder
        self.scheme = scheme
        self.best = best
        self.best_for_places = best_for_places

    @property
    def left(self) -> NodeId | None:
        return self.lowering.left

    @property
    def withdrawn(self) -> NodeId | None:
        return self.lowering.open_case(UNIT, passes_on=True)

    @property
    def raised(self) -> Sequence[Any]:
        return self.lowering.limits(self.scheme, Stage.GRADE)

    def seats(self, grade: str) -> NodeId | None:
        book = self.lowering.book
        mine = [one.name for one in book.categories if one.takes_places and one.treated_as == grade]
        return self.lowering.of_category(*mine) if mine else None

    @property
    def total(self) -> NodeId:
        return self.lowering.total

    @property
    def rank(self) -> NodeId:
        return self.lowering.rank

    @property
    def ranked(self) -> NodeId:
        """Of the units that this table grades."""
        lowering = self.lowering
        book = lowering.book
        if len(book.schemes) == 1:
            return lowering.ranked
        mine = [one.name for one in book.categories if book.scheme_of(one.name) is self.scheme]
        if not mine:
            return lowering.builder.truth(False)
        return lowering.builder.apply(Fn.AND, lowering.ranked, lowering.of_category(*mine))

    @property
    def group(self) -> tuple[NodeId, ...]:
        return self.lowering.group

    def condition(self, condition: Condition) -> NodeId:
        return self.lowering.expressions.condition(condition, None)
