"""Model → graph.

What a kind means it lowers itself. Here stands what is common to all: the shell around a score (to whom it applies,
what each state gives, 免扣, rounding), the sums of the tree, the total, ranks, limits and grades, applications.
Nodes are made on demand and remembered, so a rulebook may use a number before it defines it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from perfdsl.clauses import BY_KEY, grades
from perfdsl.clauses.individual import Individual
from perfdsl.clauses.kind import Events, Kind, Peers
from perfdsl.compile.inputs import inputs_of
from perfdsl.compile.lower_expressions import ExpressionLowering
from perfdsl.graph.graph import Builder, Graph
from perfdsl.graph.ops import EffectKind, Fn, NodeId, Rank, Reduce, Settle, SettleCase
from perfdsl.graph.types import ALL_STATES, NodeType
from perfdsl.model import outputs
from perfdsl.model.expression import ColumnRef, Condition, Expression, Population
from perfdsl.model.item import GROUPS, Answer, AnswerKind, Award, AwardKind, Item, LedgerUse, Level
from perfdsl.model.ordering import by_code
from perfdsl.model.rounding import Rounding
from perfdsl.model.rulebook import Combine, Rule, Rulebook
from perfdsl.model.stages import Stage
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.table import UNITS, RowOf
from perfdsl.model.units import POINTS, Ties, ValueType

UNIT_GRAIN = "单位"
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

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.builder = Builder(column_types(book))
        self.items = {item.code: item for item in book.walk()}
        self.parents = {child.code: item for item in book.walk() for child in item.children}
        self._scores: dict[str, Scored] = {}
        self._values: dict[str, NodeId] = {}
        self._gates: dict[str, Gate] = {}
        self._row_grain: dict[str, str] = {}
        self.expressions = ExpressionLowering(self)

    def graph(self) -> Graph:
        """Every published number as an output."""
        out = self.builder.output
        for item in self.book.walk():
            if item.level is not Level.STEP or item.scoring or item.combine:
                scored = self.scored(item.code)
                out(outputs.score(item.code), scored.score)
                out(outputs.full(item.code), self.full_for_unit(item))
                if item.scoring is not None:
                    out(outputs.state(item.code), self._gate(item).word)
            if item.value is not None:
                out(outputs.value(item.code), self.published_value(item))
        out(outputs.BASE, self.base)
        out(outputs.TOTAL, self.total)
        if self.book.ties is not None:
            out(outputs.RANK, self.rank)
        if self.book.scheme is not None:
            out(outputs.GRADE, self.grade)
        for rule in self.book.vetoes:
            out(outputs.veto(rule.code), self.limit(rule).when)
        for rule in self.book.applications:
            out(outputs.application(rule.code), self.application(rule))
        return self.builder.graph()

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
            score = self.rounded(gate.answered(gate.own_score), item.rounding or self.book.roundings.score)
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

    @cached_property
    def group(self) -> tuple[NodeId, ...]:
        """What units are ranked and graded within."""
        return (self.category,) if self.book.scheme and self.book.scheme.by_category and self.has_categories else ()

    def population(self, population: Population | None) -> Peers:
        """The units meant by 同类别, 参加排名的单位 or 全部单位, before asking who has a value."""
        if population is Population.CATEGORY and self.has_categories:
            return Peers(self.builder.truth(), (self.category,))
        if population is Population.RANKED:
            return Peers(self.ranked, self.group)
        return Peers(self.builder.truth(), ())

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
        own = [] if item.applies is None else [self.met(item.applies, item)]
        above = self.part_of(item)
        return self._all([*own, *([] if above is None else [above])])

    def part_of(self, item: Item) -> NodeId | None:
        """适用 of everything above the item: a unit for which it does not hold is not scored by that part at all."""
        found = []
        above = self.parents.get(item.code)
        while above is not None:
            if above.applies is not None:
                found.append(self.met(above.applies, above))
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
                self._scores[code] = self._leaf(item) if item.scoring is not None else self._sum(item)
        return self._scores[code]

    def score(self, code: str) -> NodeId:
        """The number that later steps use: the published one, or the exact one where the rulebook carries it on."""
        scored = self.scored(code)
        return scored.exact if self.book.roundings.carry_exact else scored.score

    def _leaf(self, item: Item) -> Scored:
        assert item.scoring is not None
        builder = self.builder
        gate = self._gate(item)
        own = gate.own_score
        score = gate.answered(own)
        absent_by = gate.absent_by()
        factor = self.factor(item)
        if factor is not None:
            score = builder.apply(Fn.MULTIPLY, score, factor)
        score = self._clipped(score, item)
        published = self.rounded(score, item.rounding or self.book.roundings.score)
        return Scored(published, score, absent_by)

    def _clipped(self, score: NodeId, item: Item) -> NodeId:
        builder = self.builder
        if item.level not in (Level.BONUS, Level.DEDUCTION) or item.full is None:
            return score
        zero, cap = builder.number(0, POINTS), builder.number(item.full, POINTS)
        if item.level is Level.BONUS:
            return builder.apply(Fn.GREATEST, builder.apply(Fn.LEAST, score, cap), zero)
        floor = builder.number(-item.full, POINTS)
        return builder.apply(Fn.LEAST, builder.apply(Fn.GREATEST, score, floor), zero)

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
        if grain := self.grain_of(item):
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
        key = f"factor:{code}"
        if key in self._values:
            return self._values[key]
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
            self._values[key] = builder.apply(Fn.DIVIDE, total, safe)
        return self._values[key]

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
        sure = [score for score in scores if State.ABSENT not in builder.type(score).states]
        parts = [
            score if score in sure else builder.choose((builder.has(score, *GONE), zero), otherwise=score)
            for score in scores
        ]
        total = self._add(parts)
        if sure:
            return total
        gone = [builder.has(score, *GONE) for score in scores]
        none = builder.apply(Fn.AND, *gone) if len(gone) > 1 else gone[0]
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
        if rule.combine is Combine.SUM:
            base = self._total_of(scores)
        elif rule.combine is Combine.MEAN:
            base = builder.apply(Fn.DIVIDE, self._total_of(scores), self._present_count(scores))
        else:
            base = self._weighted(groups, scores)
        base = self._smaller_full(base)
        if rule.at_least:
            enough = builder.apply(Fn.LESS_EQUAL, builder.number(rule.at_least), self._count(scores))
            base = builder.choose((enough, base), otherwise=builder.nothing(State.ABSENT, base))
        return base

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
        weights = [builder.number(item.weight or 0) for item in groups]
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
        whole = builder.number(sum((item.weight or 0 for item in groups), start=0))
        return builder.apply(Fn.DIVIDE, builder.apply(Fn.MULTIPLY, total, whole), safe)

    def _smaller_full(self, base: NodeId) -> NodeId:
        """按折算满分: the base is scaled from what concerns the unit to the full mark."""
        builder = self.builder
        leaves = [
            item for item in self.book.walk() if item.scoring and item.full and may_give(AnswerKind.SMALLER_FULL, item)
        ]
        if not leaves:
            return base
        zero = builder.number(0, POINTS)
        lost = []
        for leaf in leaves:
            when = self.scored(leaf.code).absent_by.get(AnswerKind.SMALLER_FULL)
            if when is not None:
                lost.append(builder.choose((when, self.full(leaf)), otherwise=zero))
        if not lost:
            return base
        full = self.category_full
        left = builder.apply(Fn.SUBTRACT, full, self._add(lost))
        return builder.apply(Fn.DIVIDE, builder.apply(Fn.MULTIPLY, base, full), left)

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
        return self.rounded(total, self.book.roundings.total)

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
        return self.builder.add(Rank(self.total, self.ranked, self.group, True, self.book.ties or Ties.COMPETITION))

    def limit(self, rule: Rule) -> Any:
        """What a veto, limit or drop does."""
        with self.builder.origin(rule.citation):
            return BY_KEY[rule.clause.kind].lower(rule.clause, RuleScope(self))

    @property
    def order(self) -> tuple[str, ...]:
        """Grade names, best first."""
        assert self.book.scheme is not None
        return self.book.scheme.order

    def _settled(self, start: NodeId, rules: Sequence[Rule], keep: Callable[[Any], bool]) -> NodeId:
        limits = [limit for limit in map(self.limit, rules) if keep(limit)]
        precedence = {EffectKind.SET: 0, EffectKind.DROP: 1, EffectKind.AT_MOST: 2, EffectKind.AT_LEAST: 3}
        limits.sort(key=lambda limit: precedence[limit.effect])
        if not limits:
            return start
        cases = tuple(SettleCase(limit.when, limit.effect, limit.amount) for limit in limits)
        return self.builder.add(Settle(start, cases, self.order))

    def _rules(self, stage: Stage) -> list[Rule]:
        return [rule for rule in self.book.vetoes if BY_KEY[rule.clause.kind].stage is stage]

    @cached_property
    def grade(self) -> NodeId:
        """等次 after quotas, limits, drops and the grades of units that stand apart."""
        scheme = self.book.scheme
        assert scheme is not None
        builder = self.builder
        top = builder.constant(0, ValueType.GRADE)
        before = self._rules(Stage.ELIGIBILITY)
        scope = GradeScope(
            self,
            best=self._settled(top, before, lambda limit: True),
            best_for_places=self._settled(top, before, lambda limit: not limit.holds_place),
        )
        with builder.origin(scheme.citation):
            grade = grades.lower(scheme, scope)
            for category in self.book.categories:
                if category.treated_as:
                    given = builder.constant(self.order.index(category.treated_as), ValueType.GRADE)
                    own = builder.apply(Fn.EQUAL, self.category, builder.constant(category.name, ValueType.TEXT))
                    grade = builder.choose((own, given), otherwise=grade)
        return self._settled(grade, self._rules(Stage.ADJUSTMENT), lambda limit: True)

    def application(self, rule: Rule) -> NodeId:
        """What a result application gives."""
        with self.builder.origin(rule.citation):
            node: NodeId = BY_KEY[rule.clause.kind].lower(rule.clause, RuleScope(self))
            return node


def may_give(kind: AnswerKind, item: Item) -> bool:
    """Whether a state of the item, or a 前提 that is not met, is answered so."""
    given = [answer for _, answer in item.answers]
    return any(answer.kind is kind for answer in (*given, *(item.requires or ())[1:]) if isinstance(answer, Answer))


class Gate:
    """Around a score: which state its inputs are in, and what the rule gives for it."""

    def __init__(self, lowering: Lowering, item: Item, kind: Kind, raw: NodeId) -> None:
        self.lowering = lowering
        self.builder = lowering.builder
        self.item = item
        self.raw = raw
        self.inputs = inputs_of(lowering, item, kind)
        self.part_of = self._open(lowering.part_of(item))
        self.applies = self._open(None if item.applies is None else lowering.met(item.applies, item))
        self.requires = self._open(None if item.requires is None else lowering.met(item.requires[0], item))

    def _open(self, condition: NodeId | None) -> NodeId | None:
        """A condition of which a fact is 未报 leaves the score open: it is not the item itself that is unreported."""
        builder = self.builder
        if condition is None or State.MISSING not in builder.type(condition).states:
            return condition
        missing = builder.has(condition, State.MISSING)
        return builder.choose((missing, builder.nothing(State.PENDING, condition)), otherwise=condition)

    def _followed(self, answer: Answer | None) -> Answer | None:
        """``answer``, 视为 another state followed to what the rule gives for that one."""
        for _ in State:
            if answer is None or answer.kind is not AnswerKind.AS:
                return answer
            answer = self.item.answer(answer.state or State.PENDING)
        return None

    def _any(self, state: State) -> NodeId | None:
        builder = self.builder
        found = [builder.has(node, state) for node in self.inputs if state in builder.type(node).states]
        if not found:
            return None
        return found[0] if len(found) == 1 else builder.apply(Fn.OR, *found)

    @cached_property
    def _inputs_in(self) -> list[tuple[State, NodeId]]:
        """(state, whether an input is in it), the strongest first."""
        asked = [state for state in sorted(State, reverse=True) if state is not State.VALUE]
        return [(state, node) for state in asked if (node := self._any(state)) is not None]

    @cached_property
    def states(self) -> tuple[tuple[State, NodeId, Answer | None], ...]:
        """(state, whether it is the one that decides, what it gives), the strongest first; asked in this order.

        前提 that is not met comes last: it has an answer like a state, but says nothing about the value.
        """
        builder, item = self.builder, self.item
        found: list[tuple[State, NodeId, Answer | None]] = []
        if self.part_of is not None:
            found.append((State.ABSENT, builder.apply(Fn.NOT, self.part_of), Answer(AnswerKind.SKIP)))
        if self.applies is not None:
            found.append((State.ABSENT, builder.apply(Fn.NOT, self.applies), self._followed(item.answer(State.ABSENT))))
        found += [(state, node, self._followed(item.answer(state))) for state, node in self._inputs_in]
        if self.requires is not None and item.requires is not None:
            found.append((State.VALUE, builder.apply(Fn.NOT, self.requires), self._followed(item.requires[1])))
        return tuple(found)

    @property
    def word(self) -> NodeId:
        """The state that decides, in its word; that of 适用 where nobody can tell whether the item applies."""
        builder = self.builder
        asked: list[tuple[State, NodeId]] = []
        applies = self.lowering.applies(self.item)
        if applies is not None:
            open_states = [state for state in (State.PENDING, State.MISSING) if state in builder.type(applies).states]
            asked += [(state, builder.has(applies, state)) for state in open_states]
            asked.append((State.ABSENT, builder.apply(Fn.NOT, applies)))
        asked += self._inputs_in
        cases = [(node, builder.constant(state.chinese, ValueType.TEXT)) for state, node in asked]
        value = builder.constant(State.VALUE.chinese, ValueType.TEXT)
        return builder.choose(*cases, otherwise=value) if cases else value

    @property
    def own_score(self) -> NodeId:
        """The score of units that are scored on their own; whom an answer serves is 不涉及 here, the rest 待定."""
        return self._with(self._kept_out)

    def _kept_out(self, answer: Answer | None) -> NodeId:
        undecided = answer is None or answer.kind is AnswerKind.RETURN
        return self.builder.nothing(State.PENDING if undecided else State.ABSENT, self.raw)

    def _with(self, gives: Callable[[Answer | None], NodeId]) -> NodeId:
        cases = [(node, gives(answer)) for _, node, answer in self.states]
        if State.MISSING in self.builder.type(self.raw).states:
            # what is missing elsewhere (a peer's value, a cell of the ledger) leaves this score open, not unreported
            missing = self.builder.has(self.raw, State.MISSING)
            cases.append((missing, self.builder.nothing(State.PENDING, self.raw)))
        return self.builder.choose(*cases, otherwise=self.raw) if cases else self.raw

    def answered(self, own: NodeId) -> NodeId:
        """The score with every answer of the rule; a state without an answer is 待定."""
        return self._with(lambda answer: self._given(answer, own))

    def _given(self, answer: Answer | None, own: NodeId) -> NodeId:
        if answer is None:
            return self.builder.nothing(State.PENDING, self.raw)
        if answer.kind is AnswerKind.GROUP_MEAN:
            lowering = self.lowering
            rounding = self.item.rounding or lowering.book.roundings.score
            published = lowering.rounded(own, rounding)
            key = (lowering.category,) if lowering.has_categories else ()
            return self.builder.mean(published, key=key, to=UNIT_GRAIN)
        return self.lowering.answer(answer, self.item, self.raw)

    def absent_by(self) -> dict[AnswerKind, NodeId]:
        """For each answer that takes the item away: whether it is what happened."""
        builder = self.builder
        found: dict[AnswerKind, list[NodeId]] = {}
        before: list[NodeId] = []
        for _, node, answer in self.states:
            if answer is not None and answer.kind in (AnswerKind.REDISTRIBUTE, AnswerKind.SMALLER_FULL):
                stronger = [builder.apply(Fn.NOT, one) for one in before]
                found.setdefault(answer.kind, []).append(builder.apply(Fn.AND, node, *stronger) if stronger else node)
            before.append(node)
        return {kind: nodes[0] if len(nodes) == 1 else builder.apply(Fn.OR, *nodes) for kind, nodes in found.items()}


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
        peers = self.lowering.population(self.item.population)
        applies = self.lowering.applies(self.item)
        if applies is None:
            return peers
        return Peers(self.graph.apply(Fn.AND, peers.where, applies), peers.group)

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
        own = by_code(self.item.code)
        return [
            (by_code(other.code) < own, other.scoring, ItemScope(self.lowering, other))
            for other in self.lowering.book.walk()
            if other.code != self.item.code and getattr(other.scoring, "across", None)
        ]

    def per_unit(self, events: Events, of: NodeId, where: NodeId) -> NodeId:
        unit = self.graph.column(UNIT_GRAIN, f"{UNITS}.单位")
        return self.graph.aggregate(Reduce.SUM, of, where=where, key=(events.unit,), at=(unit,), to=UNIT_GRAIN)


class RuleScope:
    """What ``lower`` of a veto, limit, drop or application may ask for."""

    def __init__(self, lowering: Lowering) -> None:
        self.lowering = lowering
        self.graph = lowering.builder

    @property
    def grades(self) -> tuple[str, ...]:
        return self.lowering.order

    @property
    def grade(self) -> NodeId:
        return self.lowering.grade

    def condition(self, condition: Condition) -> NodeId:
        return self.lowering.expressions.condition(condition, None)


class GradeScope:
    """What ``grades.lower`` may ask for."""

    def __init__(self, lowering: Lowering, best: NodeId, best_for_places: NodeId) -> None:
        self.lowering = lowering
        self.graph = lowering.builder
        self.best = best
        self.best_for_places = best_for_places

    @property
    def total(self) -> NodeId:
        return self.lowering.total

    @property
    def rank(self) -> NodeId:
        return self.lowering.rank

    @property
    def ranked(self) -> NodeId:
        return self.lowering.ranked

    @property
    def group(self) -> tuple[NodeId, ...]:
        return self.lowering.group

    def condition(self, condition: Condition) -> NodeId:
        return self.lowering.expressions.condition(condition, None)


def column_types(book: Rulebook) -> dict[tuple[str, str], NodeType]:
    """The type of every column that the data of ``book`` can have."""
    found = {(UNIT_GRAIN, f"{UNITS}.单位"): NodeType(UNIT_GRAIN, ValueType.TEXT, None, ALL_STATES)}
    for table in book.tables:
        for column in table.columns:
            per_unit = table.row_of is RowOf.UNIT
            grain = UNIT_GRAIN if per_unit else table.name
            name = f"{table.name}.{column.name}" if per_unit else column.name
            found[grain, name] = NodeType(grain, column.kind, column.unit, ALL_STATES)
    return found


__all__ = ["Lowering", "lower"]
