"""The office: asks each question once and keeps the answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

from perfdsl.clauses.individual import Individual
from perfdsl.clauses.periodic import Periodic
from perfdsl.clauses.shared.ruling import Ruling
from perfdsl.data.columns import Dataset
from perfdsl.model.expression import Population
from perfdsl.model.item import GROUPS, Item, Level
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rule, Rulebook
from perfdsl.model.states import State
from perfdsl.reference import grading, items, periods, ranking, rows, totals
from perfdsl.reference.cells import PENDING, blocking_state, known, told, weaker_than_value
from perfdsl.reference.expressions import At, both_hold, evaluate, holds
from perfdsl.reference.items import Earned
from perfdsl.reference.papers import Papers, Row
from perfdsl.text.records import dataclass, field, replace

T = TypeVar("T")


@dataclass
class Office:
    """One rulebook, one year's papers, and what has been worked out so far. A unit is its place in the roster."""

    rulebook: Rulebook
    data: Dataset
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    def _once(self, question: Hashable, work: Callable[[], T]) -> T:
        if question not in self._kept:
            self._kept[question] = work()
        answer: T = self._kept[question]
        return answer

    def take(self, before: Office, codes: frozenset[str]) -> None:
        """Take over what ``before``, with the same units, has worked out of items whose rules and papers are the same."""
        answers = before._of_items
        for code in answers.keys() & codes:
            self._kept.update(answers[code])

    @cached_property
    def _of_items(self) -> dict[str, dict[Hashable, Any]]:
        """What is worked out of each item when this is first asked for."""
        found: dict[str, dict[Hashable, Any]] = {}
        for question, answer in self._kept.items():
            if isinstance(question, tuple) and question[1] in self.items:
                found.setdefault(question[1], {})[question] = answer
        return found

    @cached_property
    def papers(self) -> Papers:
        """The tables."""
        return Papers(self.rulebook, self.data)

    # ---- the tree

    @cached_property
    def items(self) -> dict[str, Item]:
        """Items by code."""
        return {item.code: item for item in self.rulebook.walk()}

    @cached_property
    def _parents(self) -> dict[str, Item]:
        return {child.code: item for item in self.items.values() for child in item.children}

    def above(self, item: Item) -> list[Item]:
        """What the item stands under, nearest first."""
        found = []
        parent = self._parents.get(item.code)
        while parent is not None:
            found.append(parent)
            parent = self._parents.get(parent.code)
        return found

    def top_group(self, item: Item) -> Item | None:
        """The 一级指标 of an item: the highest group above it."""
        groups = [parent for parent in self.above(item) if parent.level in GROUPS]
        return groups[-1] if groups else None

    @cached_property
    def _scored_by_period(self) -> dict[str, Item]:
        """Code of the rule of a period → the item that it scores."""
        return {item.scoring.rule.code: item for item in self.items.values() if isinstance(item.scoring, Periodic)}

    def owner(self, item: Item) -> Item:
        """The item that is scored by a period's rule; any other item itself."""
        return self._scored_by_period.get(item.code, item)

    def along(self, table: str) -> str:
        """The column that numbers the periods of a table, "" where it has none."""
        declared = self.rulebook.table(table)
        cadence = declared.row_of.cadence if declared is not None else None
        return cadence.along if cadence is not None else ""

    def same_period(self, rows: Mapping[str, Row], unit: int) -> dict[str, Row]:
        """``rows`` with those of periods replaced by the unit's own of the same period."""
        found = dict(rows)
        for table, row in rows.items():
            if along := self.along(table):
                same = [one for one in self.papers.rows_of(table, unit) if one.get(along) == row.get(along)]
                found[table] = same[0] if same else {along: row[along]}
        return found

    @staticmethod
    def summed(item: Item) -> list[Item]:
        """The children whose scores count; 过程指标 never do."""
        return [child for child in item.children if child.level is not Level.STEP]

    # ---- the units

    def applies(self, item: Item, unit: int) -> Cell:
        """适用 of the item and of everything above it."""
        asked = [one for one in (item, *self.above(item)) if one.applies is not None]
        return self._once(
            ("applies", item.code, item.applies is None, unit),
            lambda: both_hold([self._appraised(unit), *(self._own_applies(one, unit) for one in asked)]),
        )

    def _appraised(self, unit: int) -> Cell:
        """Whether the unit's category is appraised at all."""
        category = self.papers.category(unit)
        return known(category is None or not category.excluded)

    def part_of(self, item: Item, unit: int) -> Cell:
        """适用 of everything above the item: whether the part that it stands in is for the unit.

        Above the rule of a period stands the item that it scores.
        """
        if (owner := self.owner(item)) is not item:
            return self.applies(owner, unit)
        asked = [one for one in self.above(item) if one.applies is not None]
        return self._once(
            ("part of", item.code, unit),
            lambda: both_hold([self._appraised(unit), *(self._own_applies(one, unit) for one in asked)]),
        )

    def _own_applies(self, item: Item, unit: int) -> Cell:
        """适用 of one item by itself; 不涉及 and weaker states are not met."""
        assert item.applies is not None
        applies = item.applies
        cell = self._once(
            ("own applies", item.code, unit), lambda: holds(applies, At(self, unit, replace(item, applies=None)))
        )
        return known(False) if weaker_than_value(cell) else cell

    def same_category(self, unit: int) -> list[int]:
        """The units of the unit's category, itself among them; all, where there are no categories."""
        papers = self.papers
        return [other for other in papers.units if papers.category_name(other) == papers.category_name(unit)]

    @property
    def by_category(self) -> bool:
        """Whether units are ranked and graded within their categories."""
        schemes = self.rulebook.groupings
        return bool(self.rulebook.categories) and (len(schemes) > 1 or any(one.by_category for one in schemes))

    def group(self, unit: int) -> list[int]:
        """The units that the unit is ranked and graded among, itself among them."""
        return self._once(("group", unit), lambda: self._group(unit))

    def _group(self, unit: int) -> list[int]:
        if not self.by_category:
            return list(self.papers.units)
        scheme = grading.grouping_of(self, unit)
        if scheme is None or scheme.by_category:
            return self.same_category(unit)
        return [other for other in self.papers.units if grading.grouping_of(self, other) is scheme]

    def groups(self) -> list[list[int]]:
        """All such groups."""
        return [group for unit in self.papers.units if (group := self.group(unit))[0] == unit]

    def population(self, population: Population | None, unit: int, item: Item | None) -> tuple[list[int], State | None]:
        """Among whom 最高者, 第一名, 平均 and 名次 are taken; units that the item does not apply to never count.

        Beside them a state, where it is open whether the item applies to somebody.
        """
        match population:
            case Population.CATEGORY:
                units = self.same_category(unit)
            case Population.RANKED:
                units = [other for other in self.group(unit) if self.papers.ranked(other)]
            case _:
                units = list(self.papers.units)
        if item is None:
            return units, None
        item = self.owner(item)
        cells = {other: self.applies(item, other) for other in units}
        return [other for other in units if cells[other] == (State.VALUE, True)], blocking_state(cells.values())

    def stands_in(self, population: Population, unit: int) -> bool:
        """Whether the unit is one of the population, before asking whether an item applies to it."""
        return population is not Population.RANKED or self.papers.ranked(unit)

    # ---- what is worked out

    def value(self, item: Item, unit: int) -> Cell:
        """指标值."""
        return self._once(("value", item.code, unit), lambda: items.published_value(self, item, unit))

    def target(self, item: Item, unit: int) -> Cell:
        """目标值."""
        assert item.target is not None
        target = item.target
        return self._once(("target", item.code, unit), lambda: evaluate(target, At(self, unit, item)))

    def earned(self, item: Item, unit: int) -> Earned:
        """What the unit earns on a scored item."""
        return self._once(("earned", item.code, unit), lambda: items.earned(self, item, unit))

    def row_scores(self, item: Item, clause: Individual, unit: int) -> list[Cell]:
        """Scores of the unit's rows of 个性指标."""
        return self._once(("rows", item.code, unit), lambda: rows.row_scores(self, item, clause, unit))

    def period_scores(self, item: Item, unit: int) -> list[Cell]:
        """Scores of the unit's periods, of an item that is scored by the period."""
        return self._once(("periods", item.code, unit), lambda: periods.period_scores(self, item, unit))

    def factor(self, item: Item, unit: int) -> Fraction:
        """By how much redistribution makes the item's points grow."""
        top = self.top_group(item)
        if top is None or item.level not in totals.SCORED:
            return Fraction(1)
        return self._once(("factor", top.code, unit), lambda: totals.factor(self, top, unit))

    def taken_away(self, root: Item, unit: int) -> Fraction:
        """The full marks at or below a root that 按折算满分 takes away."""
        return self._once(("taken away", root.code, unit), lambda: totals.taken_away(self, root, unit))

    def score(self, item: Item, unit: int) -> totals.Score:
        """The score, before and after rounding."""
        open_ = totals.Score(PENDING, PENDING)
        return self._once(("score", item.code, unit), lambda: told(lambda: totals.score(self, item, unit), open_))

    def used_score(self, item: Item, unit: int) -> Cell:
        """The score that later steps use: as published, or before rounding where the rulebook carries that on."""
        score = self.score(item, unit)
        return score.exact if self.rulebook.roundings.carry_exact else score.published

    def base(self, unit: int) -> Cell:
        """基本分."""
        return self._once(("base", unit), lambda: told(lambda: totals.base(self, unit), PENDING))

    def total(self, unit: int) -> Cell:
        """总分."""
        return self._once(("total", unit), lambda: told(lambda: totals.total(self, unit), PENDING))

    def rank(self, unit: int) -> Cell:
        """名次."""
        open_ = [PENDING] * len(self.papers.units)
        return self._once("ranks", lambda: told(lambda: ranking.ranks(self), open_))[unit]

    def ruling(self, rule: Rule, unit: int) -> Ruling | State:
        """What a veto, limit or drop does."""
        return self._once(("ruling", rule.code, unit), lambda: grading.ruling(self, rule, unit))

    def left(self, unit: int) -> bool | None:
        """Whether a veto takes the unit out of the ranking; None where nobody can tell."""
        return self._once(("left", unit), lambda: grading.left_ranking(self, unit))

    def settled_grade(self, unit: int) -> Cell:
        """等次 before an open case hides it."""
        return self._once("grades", lambda: grading.grades(self))[unit]

    def grade(self, unit: int) -> Cell:
        """等次."""
        return self._once(("grade", unit), lambda: grading.published(self, unit))

    def rule_holds(self, code: str, unit: int) -> Cell:
        """Whether a veto, limit or drop applies."""
        return grading.applies(self, next(rule for rule in self.rulebook.vetoes if rule.code == code), unit)
