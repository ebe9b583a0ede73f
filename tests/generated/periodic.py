"""Scores by the period: a rule for each month, quarter or half-year, made as an item of units is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from generated.leaves import LEAVES, Leaf, Place, clause, sound
from generated.maker import MIDSUMMER, Family, Maker, points
from perfdsl.clauses import BY_KEY
from perfdsl.clauses.periodic import MEAN, MODES, SUM, Periodic
from perfdsl.model.expression import (
    AllOf,
    ColumnRef,
    Compare,
    Comparison,
    Condition,
    DueDay,
    Expression,
    ItemRef,
    Single,
)
from perfdsl.model.item import Answer, AnswerKind, Award, AwardKind, Item, Level
from perfdsl.model.states import State
from perfdsl.model.table import CADENCES, FACTS, Cadence
from perfdsl.model.units import POINTS, Unit, ValueType
from perfdsl.text.citation import Citation

KINDS = tuple(sorted(key for key in LEAVES if not BY_KEY[key].reads_events))
"""What reads a table of its own rows knows no periods, and is refused there."""
ANSWERS = (AnswerKind.FULL, AnswerKind.ZERO, AnswerKind.POINTS, AnswerKind.SKIP, AnswerKind.GROUP_MEAN)
ANSWERED = tuple(state for state in State if state not in (State.VALUE, State.PENDING))


@dataclass
class ByPeriod(Maker):
    """Makes expressions of one period: facts are reported for it, now and then for the year."""

    cadence: Cadence | None = None

    def column(self, pool: Sequence[Fraction], unit: Unit, firm: bool = False, table: str = FACTS) -> ColumnRef:
        assert self.cadence is not None
        monthly = table == FACTS and self.chance.yes(0.8)
        return self.stock.column(ValueType.NUMBER, pool, unit, self.cadence.table if monthly else table, firm)

    def fact(self, odds: float = 0.5, firm: bool = False) -> ColumnRef:
        assert self.cadence is not None
        true = round(odds * 20)
        pool = [True] * true + [False] * (20 - true)
        return self.stock.column(ValueType.BOOL, pool, None, self.cadence.table, firm)

    def date(self) -> Expression:
        """A day of the year's middle: reported, or so many working days after the period."""
        assert self.cadence is not None
        if self.chance.yes(0.4):
            return DueDay(self.chance.whole(1, 7), self.cadence.table)
        table = self.cadence.table if self.chance.yes(0.7) else FACTS
        return self.stock.column(ValueType.DATE, self.days, None, table, True)

    def value(self, family: Family, pool: Sequence[Fraction], firm: bool = False) -> Expression:
        assert self.cadence is not None
        if not family.whole and self.chance.yes(0.15):
            return Single(self.stock.column(ValueType.NUMBER, pool, family.unit, self.cadence.table, True))
        if family.unit == POINTS and (found := self._same_periods()) and self.chance.yes(0.5):
            return ItemRef("period", self.chance.one(found), POINTS)
        return super().value(family, pool, firm)

    def condition(self, odds: float = 0.5, depth: int = 0) -> Condition:
        if (found := self._same_periods()) and self.chance.yes(0.9):
            score = ItemRef("period", self.chance.one(found), POINTS)
            return Comparison(self.chance.one(list(Compare)), score, points(self.chance.halves(0, 6)))
        return self.in_time() if self.chance.yes(0.2) else super().condition(odds, depth)

    def in_time(self) -> Condition:
        """A day of the period against one that is so many working days behind it."""
        assert self.cadence is not None
        day = self.stock.column(ValueType.DATE, MIDSUMMER, None, self.cadence.table, True)
        return Comparison(self.chance.one(list(Compare)), day, DueDay(self.chance.whole(1, 7), self.cadence.table))

    @property
    def often(self) -> float:
        """How often a period has a 前提; where there is another score of the period to ask for, it is asked for."""
        return 1 if self._same_periods() else 0.25

    def _same_periods(self) -> list[str]:
        """Items of earlier groups that are scored by the same periods."""
        assert self.cadence is not None
        tables = [(one.code, getattr(one.scoring, "table", "")) for one in self.refs]
        return [code for code, table in tables if table == self.cadence.table]


def periodic(maker: Maker, place: Place) -> Leaf:
    """A rule for each period, and how the year is taken."""
    chance, cadence = maker.chance, maker.chance.one(list(CADENCES.values()))
    same = [one.scoring.cadence for one in maker.refs if isinstance(one.scoring, Periodic)]
    if same and chance.yes(0.8):
        cadence = chance.one(same)
    inner = ByPeriod(maker.chance, maker.stock, maker.book, maker.refs, cadence=cadence)
    way = chance.one((MEAN, SUM))
    each = chance.halves(1, 4) if way == SUM and place.scored else place.full
    said: dict[str, Any] = {"each": (points(each),)} if way == SUM and place.scored else {}
    digits = chance.maybe(chance.whole(0, 3), 0.6)
    return Leaf(
        clause(
            "periodic",
            table=cadence.table,
            rule=rule(inner, Place(place.level, each)),
            way=way,
            subjects=("period",) if chance.yes() else (),
            digits=digits,
            mode=None if digits is None else chance.one(tuple(MODES)),
            **said,
        ),
        full=each * cadence.periods if said else None,
    )


def escalation(maker: Maker, place: Place) -> Leaf:
    """What costs more the more often it happens in a row; under an indicator, any other rule for periods."""
    if place.scored:
        return periodic(maker, place)
    chance, cadence = maker.chance, maker.chance.one(list(CADENCES.values()))
    inner = ByPeriod(maker.chance, maker.stock, maker.book, maker.refs, cadence=cadence)
    carried = (inner.stock.column(ValueType.NUMBER, [Fraction(n) for n in (0, 0, 1, 2)], None, firm=True),)
    across = chance.one(("fresh", "carried"))
    award = Award(AwardKind.DEDUCT if place.level is Level.DEDUCTION else AwardKind.ADD, points(Fraction(2, 5)))
    held = inner.condition(0.7)
    every = Comparison(
        Compare.GREATER_EQUAL, inner.column([Fraction(n) for n in (0, 1, 1, 1)], POINTS, True), points(1)
    )
    made = Item(
        place.level,
        f"期·{maker.stock.number()}",
        "每期",
        scoring=clause(
            "escalation",
            award=award,
            unit=chance.one(("次", "月")),
            when=chance.one((held, every, AllOf((held, every)))),
            way=chance.one(("by_run", "doubling", "twice_from_second")),
            across=across,
            before=carried if across == "carried" else (),
            most=chance.maybe(points(Fraction(3, 2)), 0.4),
        ),
        answers=answers(maker, place.full),
        citation=Citation(code="期"),
    )
    return Leaf(clause("periodic", table=cadence.table, rule=made, way=SUM, subjects=()))


def rule(maker: ByPeriod, place: Place) -> Item:
    """The rule of one period."""
    chance = maker.chance
    for _ in range(20):
        before = len(maker.stock.orders)
        leaf = LEAVES[chance.one(KINDS)](maker, place)
        made = Item(
            place.level,
            f"期·{maker.stock.number()}",
            "每期",
            None if place.level is Level.BONUS and chance.yes(0.2) else leaf.full or place.full,
            value=leaf.value,
            kind=leaf.kind,
            target=leaf.target,
            higher_is_better=leaf.higher,
            population=leaf.population,
            scoring=leaf.scoring,
            exempt=maker.condition(0.15) if chance.yes(0.15) else None,
            requires=(maker.condition(0.8), Answer(AnswerKind.SKIP)) if chance.yes(maker.often) else None,
            answers=answers(maker, place.full),
            citation=Citation(code="期"),
        )
        if sound(made, maker):
            return made
        del maker.stock.orders[before:]
    raise AssertionError("no rule fits a period")


def answers(maker: Maker, full: Fraction) -> tuple[tuple[State, Answer], ...]:
    """What each state of a period gives."""
    chance = maker.chance
    found = []
    for state in ANSWERED:
        if maker.calm or chance.yes(0.8):
            kind = chance.one(ANSWERS)
            found.append((state, Answer(kind, full / 3 if kind is AnswerKind.POINTS else Fraction(0))))
    return tuple(found)
