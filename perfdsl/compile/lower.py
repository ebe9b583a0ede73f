"""Model → graph.

What a kind means it lowers itself. Here stands what is common to all: the shell around a score (to whom it applies,
what each state gives, 免扣, rounding), the sums of the tree, the total, ranks, limits and grades, applications.
Nodes are made on demand and remembered, so a rulebook may use a number before it defines it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar, cast

from perfdsl.clauses import BY_KEY, grades
from perfdsl.clauses.individual import Individual
from perfdsl.clauses.kind import Peers
from perfdsl.clauses.periodic import Periodic
from perfdsl.clauses.scoped_grade import ScopedGrade
from perfdsl.clauses.shared.ruling import RuleClause
from perfdsl.compile.gate import Gate, may_give
from perfdsl.compile.grains import UNIT_GRAIN, column_types
from perfdsl.compile.lower_expressions import ExpressionLowering
from perfdsl.compile.scopes import GradeScope, ItemScope, RuleScope, TeamScope
from perfdsl.graph.builder import Builder
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import Band, EffectKind, Fn, Lookup, NodeId, Rank, Reduce, Settle, SettleCase
from perfdsl.model import outputs
from perfdsl.model.expression import ColumnRef, Condition, Population
from perfdsl.model.grade import UNDETERMINED, UNIT, GradeScheme
from perfdsl.model.item import GROUPS, Answer, AnswerKind, Item, Level
from perfdsl.model.rounding import Rounding
from perfdsl.model.rulebook import Combine, Rule, Rulebook
from perfdsl.model.stages import Stage
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.table import UNITS, Cadence
from perfdsl.model.units import POINTS, RATIO, Ties, ValueType
from perfdsl.text.records import dataclass, replace

T = TypeVar("T")
SCORED = (Level.INDICATOR, Level.POINT)
GONE = (State.ABSENT,)
"""States in which an item has no score and is left out of sums."""


def lower(book: Rulebook) -> Graph:
    """The graph of a rulebook that has nothing 必须改."""
    return Lowering(book).graph()


@dataclass(frozen=True)
class Scored:
    """The nodes of one item: its value before any answer, the gate, the exact score and the published one."""

    score: NodeId
    exact: NodeId
    absent_by: Mapping[AnswerKind, NodeId]


class Lowering:
    """One rulebook on its way into a graph."""

    def __init__(self, book: Rulebook, builder: Builder | None = None) -> None:
        """``builder``: where the nodes are made, with those of other rulebooks; a new one, if None."""
        self.book = book
        self.builder = Builder(column_types(book)) if builder is None else builder
        self.items = {item.code: item for item in book.walk()}
        self.parents = {child.code: item for item in book.walk() for child in item.children}
        self._scores: dict[str, Scored] = {}
        self._values: dict[str, NodeId] = {}
        self._gates: dict[str, Gate] = {}
        self._row_grain: dict[str, str] = {}
        self._factors: dict[str, NodeId | None] = {}
        self._owners: dict[str, Item] = {}
        self._grades: dict[str, NodeId] = {}
        self._outputs: dict[str, dict[str, NodeId]] = {}
        self.expressions = ExpressionLowering(self)

    def take(self, before: Lowering, codes: frozenset[str]) -> None:
        """Take over from ``before``, which has the same builder, the nodes of items that are worked out here as there."""
        self._scores = _only(before._scores, codes)
        self._values = _only(before._values, codes)
        self._gates = _only(before._gates, codes)
        self._outputs = _only(before._outputs, codes)

    def graph(self) -> Graph:
        """Every published number as an output."""
        self.name()
        return self.builder.graph()

    def name(self) -> None:
        """Ask the builder for every published number."""
        out = self.builder.output
        for item in self.book.walk():
            for name, node in self._of_item(item).items():
                out(name, node)
        out(outputs.BASE, self.base)
        out(outputs.TOTAL, self.total)
        if self.book.ties is not None:
            out(outputs.RANK, self.rank)
        if self.book.scheme is not None:
            out(outputs.GRADE, self.grade)
            for rule in self.book.scopes:
                out(outputs.scoped(rule.name), self.scoped(rule))
        for rule in self.book.vetoes:
            out(outputs.veto(rule.code), self.limit(rule).when)
        for rule in self.book.applications:
            out(outputs.application(rule.code), self.application(rule))
            from_day = getattr(rule.clause, "from_day", None)
            if from_day is not None:
                out(outputs.since(rule.code), self.expressions.number(from_day, None))

    def _of_item(self, item: Item) -> Mapping[str, NodeId]:
        """What is published of one item."""
        if item.code not in self._outputs:
            found = self._outputs[item.code] = {}
            if item.level is not Level.STEP or item.scoring or item.combine:
                found[outputs.score(item.code)] = self.scored(item.code).score
                found[outputs.full(item.code)] = self.full_for_unit(item)
                if item.scoring is not None:
                    found[outputs.state(item.code)] = self._gate(item).word
            if item.value is not None:
                found[outputs.value(item.code)] = self.published_value(item)
        return self._outputs[item.code]

    # ---- units and populations

    def grain_of(self, item: Item | None) -> str:
        """The table whose rows an item's rule scores, "" for items of units."""
        return self._row_grain.get(item.code, "") if item is not None else ""

    def sum_of_rows(self, clause: Individual, item: Item) -> NodeId:
        """Each row of the 附表 by the method that it names, rounded; the sum for each unit, 不涉及 without rows."""
        builder, table = self.builder, clause.table
        method = builder.column(table, "计分办法")
        cases = []
        for name, template in clause.methods:
            self.items[template.code] = template
            self._row_grain[template.code] = table
            gate = self._gate(template)
            rounding = template.rounding or item.rounding or self.book.roundings.score
            score = self.rounded(gate.answered(gate.own_score), rounding)
            cases.append((builder.apply(Fn.EQUAL, method, builder.constant(name, ValueType.TEXT)), score))
        nothing = builder.nothing(State.PENDING, builder.number(0, POINTS))
        points = builder.column(table, "分值")
        known = builder.apply(Fn.AND, builder.has(method, State.VALUE), builder.has(points, State.VALUE))
        unknown = builder.apply(Fn.NOT, known)
        score = builder.choose((unknown, nothing), *cases, otherwise=nothing)
        key = (builder.column(table, "单位"),)
        at = (builder.column(UNIT_GRAIN, f"{UNITS}.单位"),)
        count = builder.aggregate(Reduce.COUNT, score, key=key, at=at, to=UNIT_GRAIN)
        total = builder.aggregate(Reduce.SUM, score, key=key, at=at, to=UNIT_GRAIN)
        none = builder.apply(Fn.EQUAL, count, builder.number(0))
        return builder.choose((none, builder.nothing(State.ABSENT, total)), otherwise=total)

    def period_score(self, item: Item) -> NodeId:
        """The score of each period of an item that is scored by the period, as it is published."""
        clause = item.scoring
        assert isinstance(clause, Periodic)
        rule, table = clause.rule, clause.table
        self.items[rule.code], self._row_grain[rule.code], self._owners[rule.code] = rule, table, item
        gate = self._gate(rule)
        with self.builder.origin(item.citation):
            score = self.rounded(gate.answered(gate.own_score), clause.rounding)
        self.builder.inner(outputs.each_period(item.code), score)
        return score

    def period_rounding(self, rule: Item) -> Rounding | None:
        """How the scores that ``rule`` gives a period are rounded."""
        clause = self._owners[rule.code].scoring
        return clause.rounding if isinstance(clause, Periodic) else None

    def by_period(self, item: Item | None) -> Cadence | None:
        """The periods whose rows an item's rule scores."""
        table = self.book.table(self.grain_of(item))
        return table.row_of.cadence if table is not None else None

    @cached_property
    def has_categories(self) -> bool:
        """Whether units are told apart by category."""
        return bool(self.book.categories)

    @cached_property
    def category(self) -> NodeId:
        """The unit's category."""
        return self.builder.column(UNIT_GRAIN, f"{UNITS}.类别")

    @cached_property
    def ranked(self) -> NodeId:
        """Whether the unit takes part in ranking."""
        builder = self.builder
        apart = [category.name for category in self.book.categories if not category.ranked]
        if not apart:
            everyone = builder.column(UNIT_GRAIN, f"{UNITS}.单位")
            return builder.apply(Fn.EQUAL, everyone, everyone)
        is_apart = [builder.apply(Fn.EQUAL, self.category, builder.constant(name, ValueType.TEXT)) for name in apart]
        return builder.apply(Fn.NOT, builder.apply(Fn.OR, *is_apart) if len(is_apart) > 1 else is_apart[0])

    def of_category(self, *names: str) -> NodeId:
        """Whether the unit is of one of these categories."""
        builder = self.builder
        each = [builder.apply(Fn.EQUAL, self.category, builder.constant(name, ValueType.TEXT)) for name in names]
        return builder.apply(Fn.OR, *each) if len(each) > 1 else each[0]

    @cached_property
    def appraised(self) -> NodeId | None:
        """Whether the unit is appraised at all; None where every category is."""
        excluded = [category.name for category in self.book.categories if category.excluded]
        return self.builder.apply(Fn.NOT, self.of_category(*excluded)) if excluded else None

    @cached_property
    def group(self) -> tuple[NodeId, ...]:
        """What units are ranked and graded within."""
        book = self.book
        if not self.has_categories or not (len(book.groupings) > 1 or any(one.by_category for one in book.groupings)):
            return ()
        together = [one for one in book.groupings if not one.by_category]
        cases = []
        for scheme in together:
            mine = [one.name for one in book.categories if book.grouping_of(one.name) is scheme]
            if mine:
                cases.append((self.of_category(*mine), self.builder.constant(scheme.name, ValueType.TEXT)))
        return (self.builder.choose(*cases, otherwise=self.category),) if cases else (self.category,)

    def population(self, population: Population | None) -> Peers:
        """The units meant by 同类别, 参加排名的单位 or 全部单位, before asking who has a value."""
        if population is Population.CATEGORY and self.has_categories:
            return Peers(self.builder.truth(), (self.category,))
        if population is Population.RANKED:
            return Peers(self.ranked, self.group)
        return Peers(self.builder.truth(), ())

    def peers(self, population: Population | None, item: Item | None) -> Peers:
        """The units meant, of those to which the item applies; for a period, what they have in the same one."""
        builder, found = self.builder, self.population(population)
        owner = self._owners.get(item.code, item) if item is not None else None
        applies = self.applies(owner) if owner is not None else None
        if applies is not None:
            found = Peers(builder.apply(Fn.AND, found.where, applies), found.group)
        cadence, grain = self.by_period(item), self.grain_of(item)
        if cadence is None:
            return found
        on_rows = self.expressions.on_rows
        group = (builder.column(grain, cadence.along), *(on_rows(node, grain) for node in found.group))
        return Peers(on_rows(found.where, grain), group)

    # ---- values

    def value(self, code: str) -> NodeId:
        """指标值 of an item, as it is used."""
        if code not in self._values:
            item = self.items[code]
            assert item.value is not None
            with self.builder.origin(item.citation):
                node = self.expressions.number(item.value, item)
                rounding = self.book.roundings.value
                if rounding is not None and item.kind is ValueType.NUMBER and self._calculated(item):
                    node = self.rounded(node, rounding)
            if item.code in self._owners:
                self.builder.inner(outputs.value(self._owners[item.code].code), node)
            self._values[code] = node
        return self._values[code]

    @staticmethod
    def _calculated(item: Item) -> bool:
        return not isinstance(item.value, ColumnRef)

    def published_value(self, item: Item) -> NodeId:
        """指标值 as published: 不涉及 where the item does not apply."""
        value = self.value(item.code)
        applies = self.applies(item)
        if applies is None:
            return value
        return self.builder.choose((applies, value), otherwise=self.builder.nothing(State.ABSENT, value))

    def target(self, item: Item) -> NodeId:
        """目标值 of an item."""
        assert item.target is not None
        return self.expressions.number(item.target, item)

    def applies(self, item: Item) -> NodeId | None:
        """适用 of the item and of everything above it, or None where all units are meant."""
        own = [] if item.applies is None else [self.own_applies(item, item.applies)]
        above = self.part_of(item)
        return self._all([*own, *([] if above is None else [above])])

    def own_applies(self, item: Item, applies: Condition) -> NodeId:
        """适用 of one item by itself; what it asks of other units it asks of all, since it says who is meant."""
        node = self.met(applies, replace(item, applies=None))
        self.builder.inner(outputs.applies(item.code), node)
        return node

    def part_of(self, item: Item) -> NodeId | None:
        """适用 of everything above the item: a unit for which it does not hold is not scored by that part at all.

        Above the rule of a period stands the item that it scores.
        """
        if (owner := self._owners.get(item.code)) is not None:
            applies = self.applies(owner)
            return None if applies is None else self.expressions.on_rows(applies, self.grain_of(item))
        found = [] if self.appraised is None or self.grain_of(item) else [self.appraised]
        above = self.parents.get(item.code)
        while above is not None:
            if above.applies is not None:
                found.append(self.own_applies(above, above.applies))
            above = self.parents.get(above.code)
        return self._all(found)

    def _all(self, conditions: Sequence[NodeId]) -> NodeId | None:
        if not conditions:
            return None
        return conditions[0] if len(conditions) == 1 else self.builder.apply(Fn.AND, *conditions)

    def met(self, condition: Condition, item: Item | None) -> NodeId:
        """A condition with 不涉及 and weaker states read as not met."""
        builder = self.builder
        node = self.expressions.condition(condition, item)
        weak = [state for state in builder.type(node).states if State.VALUE < state < BLOCKING]
        if not weak:
            return node
        return builder.choose((builder.has(node, *weak), builder.truth(False)), otherwise=node)

    # ---- scores

    def scored(self, code: str) -> Scored:
        """The nodes of one item's score."""
        if code not in self._scores:
            item = self.items[code]
            with self.builder.origin(item.citation):
                made = self._leaf(item) if item.scoring is not None else self._sum(item)
                self._scores[code] = self._zeroed(made, [rule for rule in self.book.vetoes if takes(rule, code)])
        return self._scores[code]

    def _zeroed(self, made: Scored, rules: Sequence[Rule]) -> Scored:
        """A score after the vetoes that make it 0 (【A01】不得分); where there is none, it stays none."""
        if not rules:
            return made
        builder, when = self.builder, self._opened([self.limit(rule).when for rule in rules])
        assert when is not None

        def zero(score: NodeId) -> NodeId:
            gone = builder.has(score, *GONE)
            return builder.choose((gone, score), (when, builder.number(0, POINTS)), otherwise=score)

        return Scored(zero(made.score), zero(made.exact), made.absent_by)

    def _any(self, conditions: Sequence[NodeId]) -> NodeId:
        return conditions[0] if len(conditions) == 1 else self.builder.apply(Fn.OR, *conditions)

    def score(self, code: str) -> NodeId:
        """The number that later steps use: the published one, or the exact one where the rulebook carries it on."""
        scored = self.scored(code)
        return scored.exact if self.book.roundings.carry_exact else scored.score

    def _leaf(self, item: Item) -> Scored:
        assert item.scoring is not None
        builder = self.builder
        gate = self._gate(item)
        own = gate.own_score
        score = self.multiplied(gate.answered(own), item)
        absent_by = gate.absent_by()
        factor = self.factor(item)
        if factor is not None:
            score = builder.apply(Fn.MULTIPLY, score, factor)
        score = self._clipped(score, item)
        published = self.rounded(score, item.rounding or self.book.roundings.score)
        return Scored(published, score, absent_by)

    def _clipped(self, score: NodeId, item: Item) -> NodeId:
        builder = self.builder
        if item.level not in (Level.BONUS, Level.DEDUCTION) or (item.full is None and item.most is None):
            return score
        zero = builder.number(0, POINTS)
        if item.full is not None:
            cap = builder.number(item.full, POINTS)
        else:
            assert item.most is not None
            cap = self.expressions.number(item.most, item)
        if item.level is Level.BONUS:
            return builder.apply(Fn.GREATEST, builder.apply(Fn.LEAST, score, cap), zero)
        floor = builder.apply(Fn.NEGATE, cap) if item.full is None else builder.number(-item.full, POINTS)
        return builder.apply(Fn.LEAST, builder.apply(Fn.GREATEST, score, floor), zero)

    def multiplied(self, score: NodeId, item: Item) -> NodeId:
        """``score`` times 系数 where it is given; a score that is not there stays so, a coefficient that is not is open."""
        given, builder = item.coefficient, self.builder
        if given is None:
            return score
        made = builder.apply(Fn.MULTIPLY, score, self.expressions.number(given.of, item))
        if given.cap == "full_at_most":
            made = builder.apply(Fn.LEAST, made, self.full(item))
        if given.most is not None:
            made = builder.apply(Fn.LEAST, made, builder.number(given.most, POINTS))
        if given.when is not None:
            made = builder.choose((self.met(given.when, item), made), otherwise=score)
        states = [state for state in builder.type(made).states if state is not State.VALUE]
        if states:
            made = builder.choose((builder.has(made, *states), builder.nothing(State.PENDING, made)), otherwise=made)
        if State.ABSENT in builder.type(score).states:
            made = builder.choose((builder.has(score, *GONE), score), otherwise=made)
        return made

    def weight(self, item: Item) -> NodeId:
        """权重, that of the unit's category where they differ."""
        builder = self.builder
        if not item.weights:
            return builder.number(item.weight or 0)
        cases = [
            (builder.apply(Fn.EQUAL, self.category, builder.constant(name, ValueType.TEXT)), builder.number(weight))
            for name, weight in item.weights
        ]
        return builder.choose(*cases, otherwise=builder.number(0))

    def answer(self, answer: Answer, item: Item, like: NodeId) -> NodeId:
        """What an answer gives: points, or a state."""
        builder = self.builder
        match answer.kind:
            case AnswerKind.FULL:
                return self.full(item)
            case AnswerKind.ZERO:
                return builder.number(0, POINTS)
            case AnswerKind.POINTS:
                return builder.number(answer.points, POINTS)
            case AnswerKind.RETURN | AnswerKind.AS:
                return builder.nothing(State.PENDING, like)
            case _:
                return builder.nothing(State.ABSENT, like)

    def full(self, item: Item) -> NodeId:
        """The declared full mark; for a row of a 附表, its own."""
        if (grain := self.grain_of(item)) and self.by_period(item) is None:
            return self.builder.column(grain, "分值")
        return self.builder.number(item.full or 0, POINTS)

    def full_for_unit(self, item: Item) -> NodeId:
        """The full mark that holds for the unit: moved where weights are redistributed, 不涉及 with the item."""
        builder = self.builder
        if item.full is None:
            return builder.nothing(State.ABSENT, builder.number(0, POINTS))
        full = self.full(item)
        if item.level not in SCORED:
            return full
        if item.scoring is None:
            return full
        factor = self.factor(item)
        moved = full if factor is None else builder.apply(Fn.MULTIPLY, full, factor)
        return builder.choose(
            (builder.has(self.scored(item.code).score, State.ABSENT), builder.nothing(State.ABSENT, moved)),
            otherwise=moved,
        )

    # ---- redistribution

    def top_group(self, item: Item) -> Item | None:
        """The 一级指标 that an item stands under."""
        above: Item | None = self.parents.get(item.code)
        top = None
        while above is not None:
            if above.level in GROUPS:
                top = above
            above = self.parents.get(above.code)
        return top

    def factor(self, item: Item) -> NodeId | None:
        """By how much scores of the item's 一级指标 grow for units to which some of it does not apply."""
        top = self.top_group(item)
        if top is None or item.level not in SCORED:
            return None
        return self._factor(top.code)

    def _factor(self, code: str) -> NodeId | None:
        if code not in self._factors:
            self._factors[code] = self._make_factor(code)
        return self._factors[code]

    def _make_factor(self, code: str) -> NodeId | None:
        builder = self.builder
        bearers = [one for one in self.items[code].bearers() if one.full]
        if not any(may_give(AnswerKind.REDISTRIBUTE, leaf) for one in bearers for leaf in one.scored_below()):
            return None
        with builder.origin(self.items[code].citation):
            zero = builder.number(0, POINTS)
            asked, present = [], []
            for bearer in bearers:
                full = self.full(bearer)
                gates = [self._gate(leaf) for leaf in bearer.scored_below()]
                gone = self._all([builder.has(gate.answered(gate.own_score), State.ABSENT) for gate in gates])
                moved = [node for gate in gates if (node := gate.absent_by().get(AnswerKind.REDISTRIBUTE)) is not None]
                here = full if gone is None else builder.choose((gone, zero), otherwise=full)
                present.append(here)
                if gone is None or not moved:
                    asked.append(here)
                    continue
                some = moved[0] if len(moved) == 1 else builder.apply(Fn.OR, *moved)
                asked.append(builder.choose((builder.apply(Fn.AND, gone, some), full), otherwise=here))
            total, left = self._add(asked), self._add(present)
            nothing_left = builder.apply(Fn.EQUAL, left, zero)
            safe = builder.choose((nothing_left, builder.number(1, POINTS)), otherwise=left)
            return builder.apply(Fn.DIVIDE, total, safe)

    def _gate(self, item: Item) -> Gate:
        if item.code not in self._gates:
            self._gates[item.code] = self._make_gate(item)
        return self._gates[item.code]

    def _make_gate(self, item: Item) -> Gate:
        assert item.scoring is not None
        kind = BY_KEY[item.scoring.kind]
        builder = self.builder
        with builder.origin(item.citation):
            scope = ItemScope(self, item)
            raw = kind.lower(item.scoring, scope)
            if item.exempt is not None:
                raw = builder.choose((self.met(item.exempt, item), scope.full), otherwise=raw)
            return Gate(self, item, kind, raw)

    def _add(self, nodes: Sequence[NodeId]) -> NodeId:
        return nodes[0] if len(nodes) == 1 else self.builder.apply(Fn.ADD, *nodes)

    # ---- sums

    def _sum(self, item: Item) -> Scored:
        builder = self.builder
        children = [child for child in item.children if child.level is not Level.STEP]
        scores = [self.score(child.code) for child in children]
        if item.combine is not None:
            exact = BY_KEY[item.combine.kind].lower(item.combine, ItemScope(self, item))
        elif not scores:
            exact = self._left_open(item)
        else:
            exact = self._total_of(scores)
        if item.floored:
            exact = builder.apply(Fn.GREATEST, exact, builder.number(0, POINTS))
        exact = self._clipped(self.multiplied(exact, item), item)
        rounding = self.book.roundings.group if item.level in GROUPS else self.book.roundings.score
        published = self.rounded(exact, item.rounding or rounding)
        return Scored(published, exact, {})

    def _left_open(self, item: Item) -> NodeId:
        """An item whose 计分 is 待定: nobody's score is known, but it is nothing to units that it does not apply to."""
        builder = self.builder
        like = builder.number(0, POINTS)
        pending, applies = builder.nothing(State.PENDING, like), self.applies(item)
        if applies is None:
            return pending
        return builder.choose((applies, pending), otherwise=builder.nothing(State.ABSENT, like))

    def _total_of(self, scores: Sequence[NodeId]) -> NodeId:
        """Sum of the scores that are there; 不涉及 where none is."""
        builder = self.builder
        zero = builder.number(0, POINTS)
        gone = {score: builder.has(score, *GONE) for score in scores if State.ABSENT in builder.type(score).states}
        total = self._add(
            [builder.choose((gone[score], zero), otherwise=score) if score in gone else score for score in scores]
        )
        if len(gone) < len({*scores}):
            return total
        none = self._all([gone[score] for score in scores])
        assert none is not None
        return builder.choose((none, builder.nothing(State.ABSENT, total)), otherwise=total)

    def rounded(self, node: NodeId, rounding: Rounding | None) -> NodeId:
        """``node`` rounded as the rulebook says, or as it is."""
        return node if rounding is None else self.builder.rounded(node, rounding.digits, rounding.mode)

    # ---- the total

    def _roots(self, *levels: Level) -> list[Item]:
        return [item for item in self.book.items if item.level in levels]

    @cached_property
    def base(self) -> NodeId:
        """基本分: what the top level comes to, before bonuses and deductions."""
        groups = self._roots(Level.GROUP1, Level.GROUP2, Level.GROUP3, Level.INDICATOR)
        scores = [self.score(item.code) for item in groups]
        rule, builder = self.book.total, self.builder
        if not scores:
            return builder.number(0, POINTS)
        base = self._smaller_full(self._combined(groups, scores), groups, scores)
        if rule.at_least:
            enough = builder.apply(Fn.LESS_EQUAL, builder.number(rule.at_least), self._count(scores))
            base = builder.choose((enough, base), otherwise=builder.nothing(State.ABSENT, base))
        return base

    def _combined(self, groups: Sequence[Item], scores: Sequence[NodeId]) -> NodeId:
        """Points of the top level put together as the total says."""
        match self.book.total.combine:
            case Combine.SUM:
                return self._total_of(scores)
            case Combine.MEAN:
                return self.builder.apply(Fn.DIVIDE, self._total_of(scores), self._present_count(scores))
            case Combine.LEAST:
                return self._lowest(scores)
            case Combine.WEIGHTED:
                return self._weighted(groups, scores)

    def _lowest(self, scores: Sequence[NodeId]) -> NodeId:
        """The lowest of the scores that are there; 不涉及 where none is."""
        builder, lowest = self.builder, scores[0]
        for score in scores[1:]:
            gone = [
                (builder.has(one, *GONE), other)
                for one, other in ((lowest, score), (score, lowest))
                if State.ABSENT in builder.type(one).states
            ]
            lower_one = builder.apply(Fn.LEAST, lowest, score)
            lowest = builder.choose(*gone, otherwise=lower_one) if gone else lower_one
        return lowest

    def _count(self, scores: Sequence[NodeId]) -> NodeId:
        builder = self.builder
        one, zero = builder.number(1), builder.number(0)
        return self._add(
            [
                builder.choose((builder.has(score, *GONE), zero), otherwise=one)
                if State.ABSENT in builder.type(score).states
                else one
                for score in scores
            ]
        )

    def _present_count(self, scores: Sequence[NodeId]) -> NodeId:
        return self.builder.apply(Fn.GREATEST, self._count(scores), self.builder.number(1))

    def _weighted(self, groups: Sequence[Item], scores: Sequence[NodeId]) -> NodeId:
        builder = self.builder
        weights = [self.weight(item) for item in groups]
        parts = [builder.apply(Fn.MULTIPLY, score, weight) for score, weight in zip(scores, weights, strict=True)]
        total = self._total_of(parts)
        if not self.book.total.share_missing:
            return total
        zero = builder.number(0)
        here = self._add(
            [
                builder.choose((builder.has(score, *GONE), zero), otherwise=weight)
                for score, weight in zip(scores, weights, strict=True)
            ]
        )
        none = builder.apply(Fn.EQUAL, here, zero)
        safe = builder.choose((none, builder.number(1)), otherwise=here)
        whole = self._add(weights)
        return builder.apply(Fn.DIVIDE, builder.apply(Fn.MULTIPLY, total, whole), safe)

    def _smaller_full(self, base: NodeId, groups: Sequence[Item], scores: Sequence[NodeId]) -> NodeId:
        """按折算满分: the base is scaled from what concerns the unit to the full mark.

        What was taken away is put together as the points are: by its group's weight, or by its part of the mean. Of the
        lowest nothing is scaled: there only whole groups go (K331 refuses the rest).
        """
        builder, rule = self.builder, self.book.total
        taken = [self._taken_away(group) for group in groups]
        if rule.combine is Combine.LEAST or not any(taken):
            return base
        zero = builder.number(0, POINTS)
        lost = [zero if one is None else one for one in taken]
        if (
            rule.combine is Combine.MEAN or rule.share_missing
        ):  # the others have taken the place of a group that is gone
            lost = [
                builder.choose((builder.has(score, *GONE), builder.nothing(State.ABSENT, part)), otherwise=part)
                if State.ABSENT in builder.type(score).states
                else part
                for part, score in zip(lost, scores, strict=True)
            ]
        full = self.category_full
        left = builder.apply(Fn.SUBTRACT, full, self._combined(groups, lost))
        return builder.apply(Fn.DIVIDE, builder.apply(Fn.MULTIPLY, base, full), left)

    def _taken_away(self, group: Item) -> NodeId | None:
        """The full marks in a group that 按折算满分 takes away from the unit; None where it takes none from anybody."""
        builder, zero = self.builder, self.builder.number(0, POINTS)
        lost = []
        for leaf in group.scored_below():
            if leaf.level in SCORED and leaf.full and may_give(AnswerKind.SMALLER_FULL, leaf):
                when = self.scored(leaf.code).absent_by.get(AnswerKind.SMALLER_FULL)
                if when is not None:
                    lost.append(builder.choose((when, self.full(leaf)), otherwise=zero))
        return self._add(lost) if lost else None

    @cached_property
    def category_full(self) -> NodeId:
        """The full mark of the unit's category, or the rulebook's."""
        builder = self.builder
        whole = builder.number(self.book.full or 0, POINTS)
        own = [category for category in self.book.categories if category.full is not None]
        if not own:
            return whole
        cases = [
            (
                builder.apply(Fn.EQUAL, self.category, builder.constant(category.name, ValueType.TEXT)),
                builder.number(category.full or 0, POINTS),
            )
            for category in own
        ]
        return builder.choose(*cases, otherwise=whole)

    @cached_property
    def total(self) -> NodeId:
        """总分 as published."""
        rule, builder = self.book.total, self.builder
        total = self.base
        for wanted, level, cap in (
            (rule.bonuses, Level.BONUS, rule.most_bonus),
            (rule.deductions, Level.DEDUCTION, rule.most_deduction),
        ):
            items = self._roots(level)
            if not wanted or not items:
                continue
            part = self._present([self.score(item.code) for item in items])
            if cap is not None and level is Level.BONUS:
                part = builder.apply(Fn.LEAST, part, builder.number(cap, POINTS))
            elif cap is not None:
                part = builder.apply(Fn.GREATEST, part, builder.number(-cap, POINTS))
            total = builder.apply(Fn.ADD, total, part)
        if rule.most is not None:
            total = builder.apply(Fn.LEAST, total, builder.number(rule.most, POINTS))
        if rule.least is not None:
            total = builder.apply(Fn.GREATEST, total, builder.number(rule.least, POINTS))
        total = self.rounded(total, self.book.roundings.total)
        zero = self._opened([self.limit(rule).when for rule in self.book.vetoes if takes(rule)])
        if zero is None:
            return total
        gone = builder.has(total, *GONE)
        return builder.choose((gone, total), (zero, builder.number(0, POINTS)), otherwise=total)

    def _present(self, scores: Sequence[NodeId]) -> NodeId:
        """Sum of what is there; 0 where nothing is."""
        builder = self.builder
        zero = builder.number(0, POINTS)
        return self._add(
            [
                builder.choose((builder.has(score, *GONE), zero), otherwise=score)
                if State.ABSENT in builder.type(score).states
                else score
                for score in scores
            ]
        )

    # ---- ranks and grades

    @cached_property
    def rank(self) -> NodeId:
        """名次 by the published total."""
        return self.place(True, self.book.ties or Ties.COMPETITION)

    def place(self, greatest_first: bool, ties: Ties) -> NodeId:
        """The place by the published total, counted from the first or from the last."""
        builder, where = self.builder, self.ranked
        if self.left is not None or self._breaks:  # whoever has no total leaves no rank open
            there = builder.has(self.total, State.VALUE, State.MISSING, State.PENDING)
            stays = () if self.left is None else (builder.apply(Fn.NOT, self.left),)
            where = builder.apply(Fn.AND, where, there, *stays)
        then = tuple((node, first is greatest_first) for node, first in self._breaks)
        return builder.add(Rank(self.total, where, self.group, greatest_first, ties, then))

    @cached_property
    def _breaks(self) -> tuple[tuple[NodeId, bool], ...]:
        """What equal totals are told apart by: for each, whether it is there, and then how much it is."""
        builder = self.builder
        found: list[tuple[NodeId, bool]] = []
        for one in self.book.breaks:
            node = self.expressions.number(one.of, None)
            zero = builder.number(0, builder.type(node).unit or RATIO)
            weak = builder.has(node, *(state for state in State if State.VALUE < state < BLOCKING))
            open_ = builder.has(node, State.MISSING, State.PENDING)
            found.append((builder.choose((weak, builder.number(0)), otherwise=builder.number(1)), True))
            pending = builder.nothing(State.PENDING, node)
            found.append((builder.choose((weak, zero), (open_, pending), otherwise=node), one.greatest_first))
        return tuple(found)

    @cached_property
    def left(self) -> NodeId | None:
        """Whether a veto takes the unit out of the ranking; open where nobody can tell."""
        rules = [rule for rule in self.book.vetoes if getattr(rule.clause, "rank", None) == "unranked"]
        return self._opened([self.limit(rule).when for rule in rules])

    def _opened(self, conditions: Sequence[NodeId]) -> NodeId | None:
        """Any of the conditions, 未报 read as 待定."""
        if not conditions:
            return None
        builder, when = self.builder, self._any(conditions)
        if State.MISSING not in builder.type(when).states:
            return when
        missing = builder.has(when, State.MISSING)
        return builder.choose((missing, builder.nothing(State.PENDING, when)), otherwise=when)

    def limit(self, rule: Rule, scheme: GradeScheme | None = None) -> Any:
        """What a veto, limit or drop does to grades of ``scheme`` (of the first that it can act on)."""
        if scheme is None:
            scheme = next((one for one in self.book.schemes if rule.clause.concerns(one)), self.book.scheme)  # type: ignore[attr-defined]
        with self.builder.origin(rule.citation):
            return BY_KEY[rule.clause.kind].lower(rule.clause, RuleScope(self, scheme.order if scheme else ()))

    def rule_holds(self, code: str) -> NodeId:
        """Whether a veto, limit or drop applies (【F01】成立)."""
        rule = next(rule for rule in self.book.vetoes if rule.code == code)
        node: NodeId = self.limit(rule).when
        return node

    @property
    def order(self) -> tuple[str, ...]:
        """The names of all grades; a unit's published grade is a place in it."""
        return self.book.grade_names

    def limits(self, scheme: GradeScheme, stage: Stage, scope: str = UNIT) -> list[Any]:
        """What the rules of a stage do to grades of ``scheme``, for the unit or for a team or a leader."""
        rules = [rule for rule in self.book.vetoes if BY_KEY[rule.clause.kind].stage is stage]
        clauses = [(rule, cast(RuleClause, rule.clause)) for rule in rules]
        return [
            self.limit(rule, scheme) for rule, clause in clauses if scope in clause.scopes and clause.concerns(scheme)
        ]

    def settled(self, start: NodeId, made: Sequence[Any], scheme: GradeScheme) -> NodeId:
        limits = [limit for limit in made if limit.effect is not None]
        precedence = {EffectKind.SET: 0, EffectKind.DROP: 1, EffectKind.AT_MOST: 2, EffectKind.AT_LEAST: 3}
        limits.sort(key=lambda limit: precedence[limit.effect])
        if not limits:
            return start
        cases = tuple(SettleCase(limit.when, limit.effect, limit.amount) for limit in limits)
        return self.builder.add(Settle(start, cases, scheme.order))

    def by_scheme(self, scheme: GradeScheme) -> NodeId:
        """The grade by one table, as a place in its own order: after quotas, limits, drops, and for units apart."""
        if scheme.name not in self._grades:
            builder = self.builder
            top = builder.constant(0, ValueType.GRADE)
            before = self.limits(scheme, Stage.ELIGIBILITY)
            scope = GradeScope(
                self,
                scheme,
                best=self.settled(top, before, scheme),
                best_for_places=self.settled(top, [limit for limit in before if not limit.holds_place], scheme),
            )
            with builder.origin(scheme.citation):
                grade = grades.lower(scheme, scope)
                for category in self.book.categories:
                    if category.treated_as in scheme.order and self.book.scheme_of(category.name) is scheme:
                        given = builder.constant(scheme.order.index(category.treated_as), ValueType.GRADE)
                        grade = builder.choose((self.of_category(category.name), given), otherwise=grade)
            self._grades[scheme.name] = self.settled(grade, self.limits(scheme, Stage.ADJUSTMENT), scheme)
        return self._grades[scheme.name]

    def _published(self, by_scheme: Callable[[GradeScheme], NodeId]) -> NodeId:
        """A grade of each table as a place among the names of all."""
        builder, found = self.builder, []
        for scheme in self.book.schemes:
            grade = by_scheme(scheme)
            if scheme.order != self.order[: len(scheme.order)]:
                names = [builder.constant(self.order.index(name), ValueType.GRADE) for name in scheme.order]
                bands = tuple(Band(given, key=place) for place, given in enumerate(names))
                grade = builder.add(Lookup(grade, bands))
            found.append(grade)
        if len(found) == 1:
            return found[0]
        asked = []
        for scheme, grade in zip(self.book.schemes, found, strict=True):
            mine = [one.name for one in self.book.categories if self.book.scheme_of(one.name) is scheme]
            if mine:
                asked.append((self.of_category(*mine), grade))
        return builder.choose(*asked, otherwise=builder.nothing(State.PENDING, found[0]))

    def open_case(self, scope: str, passes_on: bool = False) -> NodeId | None:
        """Whether a case is open that leaves the grade undetermined; ``passes_on``: of those whose place passes on."""
        rules = [rule for rule in self.book.vetoes if rule.clause.kind == "undetermined"]
        rules = [rule for rule in rules if scope in cast(RuleClause, rule.clause).scopes]
        limits = [self.limit(rule) for rule in rules]
        return self._opened([limit.when for limit in limits if not (passes_on and limit.holds_place)])

    def _undetermined(self, grade: NodeId, *cases: NodeId | None) -> NodeId:
        found = [case for case in cases if case is not None]
        if not found:
            return grade
        builder = self.builder
        none = builder.constant(self.order.index(UNDETERMINED), ValueType.GRADE)
        gone = builder.has(grade, *GONE)
        return builder.choose((gone, grade), (self._any(found), none), otherwise=grade)

    @cached_property
    def grade(self) -> NodeId:
        """等次 of the unit as published."""
        return self._undetermined(self._published(self.by_scheme), self.open_case(UNIT))

    def scoped(self, rule: Rule) -> NodeId:
        """等次 of a team or a leader."""
        clause = cast(ScopedGrade, rule.clause)

        def own(scheme: GradeScheme) -> NodeId:
            with self.builder.origin(rule.citation):
                made: NodeId = BY_KEY[clause.kind].lower(clause, TeamScope(self, scheme, rule.name))
                return made

        unit = None if clause.bound == "free_of_unit" else self.open_case(UNIT)
        return self._undetermined(self._published(own), unit, self.open_case(rule.name))

    def application(self, rule: Rule) -> NodeId:
        """What a result application gives."""
        with self.builder.origin(rule.citation):
            node: NodeId = BY_KEY[rule.clause.kind].lower(rule.clause, RuleScope(self, self.order))
            return node


def _only(found: Mapping[str, T], codes: frozenset[str]) -> dict[str, T]:
    """What belongs to ``codes``, which is nearly all."""
    kept = dict(found)
    for code in found.keys() - codes:
        del kept[code]
    return kept


def takes(rule: Rule, code: str = "") -> bool:
    """Whether a veto makes the score of ``code`` (the total where none is asked for) 0."""
    clause = rule.clause
    effect = getattr(clause, "effect", None)
    return effect == "total_zero" if not code else effect == "item_zero" and code in getattr(clause, "codes", ())


__all__ = ["Lowering", "lower"]
