"""Expressions, conditions and awards made by chance, and what a rulebook under construction has so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from generated.chance import Chance
from generated.stock import CHOICES, HISTORY, LEDGERS, PERIOD_TABLES, RULES, Mood, Stock
from perfdsl.model.calendar import WORKING_DAYS, Calendar
from perfdsl.model.expression import (
    Across,
    AcrossUnits,
    AllOf,
    AnyOf,
    Call,
    ColumnRef,
    Compare,
    Comparison,
    Condition,
    DateLiteral,
    Expression,
    Filled,
    Fn,
    Happened,
    Holds,
    ItemRef,
    MeanOf,
    Not,
    Number,
    OwnRef,
    Past,
    Percentile,
    Population,
    Rising,
    Rounded,
    TextLiteral,
    WorkingDays,
)
from perfdsl.model.item import Award, AwardKind, Item, LedgerUse, Level
from perfdsl.model.rounding import Rounding
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import CADENCES, FACTS, UNITS
from perfdsl.model.units import PLACES, POINTS, RATIO, YEARS, Mode, Ties, Unit, ValueType, decimal


@dataclass(frozen=True)
class Family:
    """What is measured, and in what steps. ``word`` and ``size`` are how a step is written."""

    unit: Unit
    word: str
    size: Fraction
    whole: bool = False
    steps: tuple[Fraction, ...] = (Fraction(1), Fraction(2), Fraction(5), Fraction(1, 2))

    def amount(self, steps: Fraction) -> Number:
        """So many steps, as it would be written."""
        return Number(steps * self.size, self.unit, f"{decimal(steps)} {self.word}")


SHARE = Family(RATIO, "个百分点", Fraction(1, 100))
COUNT = Family(Unit(("件",)), "件", Fraction(1), whole=True, steps=(Fraction(1), Fraction(2), Fraction(3)))
MONEY = Family(Unit(("元",)), "万元", Fraction(10000), steps=(Fraction(1), Fraction(10), Fraction(5, 2)))
FAMILIES = (SHARE, COUNT, MONEY)


def points(number: Fraction | int) -> Number:
    """``number`` 分."""
    return Number(Fraction(number), POINTS, f"{decimal(Fraction(number))} 分")


MIDSUMMER = tuple(date(2025, 6, 30) + timedelta(n) for n in range(11))
"""Days on which things are due that were to be done so many working days after June, a quarter or half a year: the first
day behind these periods is worked, the one behind May is not."""
DAYS = (
    *(date(2025, 5, 28) + timedelta(n) for n in range(16)),
    *MIDSUMMER[:6],
    date(2025, 12, 31),
    date(2026, 1, 31),
    date(2026, 2, 1),
)
"""Days about a holiday, and one that the calendar does not cover any more."""
HOLIDAYS = Calendar(
    date(2025, 1, 1),
    date(2026, 1, 31),
    off=frozenset({date(2025, 5, 30), date(2025, 5, 31), date(2025, 6, 2), date(2026, 1, 1)}),
    on=frozenset({date(2025, 5, 25), date(2025, 6, 7), date(2026, 1, 4)}),
)


@dataclass
class Maker:
    """One rulebook under construction."""

    chance: Chance
    stock: Stock
    book: Rulebook
    refs: list[Item] = field(default_factory=list)
    """Items of earlier groups: whatever is made now may read their numbers."""
    across: str = ""
    """The group of items in which ledgers count a matter once (``across_bonus``, the code of a 去重), "" for none."""

    @property
    def calm(self) -> bool:
        """Whether nothing may be left open."""
        return self.stock.mood is not Mood.ROUGH

    def sure(self, of: Expression) -> Expression:
        """``of``, a column just ordered; in a calm book every cell of it has a value."""
        if self.calm and isinstance(of, ColumnRef):
            self.stock.orders[-1] = replace(self.stock.orders[-1], odds={State.VALUE: 1})
        return of

    # ---- values

    def near(self, family: Family, middle: Fraction, each: Fraction) -> tuple[Fraction, ...]:
        """Numbers on ``middle``, on whole steps beside it, on halves of steps and just off them."""
        offsets = [Fraction(n, 2) for n in range(-6, 7)] + [Fraction(n) for n in (-10, -20, 8, 30)]
        found = {middle + each * offset for offset in offsets} | {middle, middle + each * Fraction(21, 20)}
        if family.whole:
            found = {Fraction(round(number)) for number in found}
        found = {number for number in found if number >= 0 or self.chance.yes(0.2)}
        return (*sorted(found), middle, middle + each, middle - each if middle >= each else middle)

    def value(self, family: Family, pool: Sequence[Fraction], firm: bool = False) -> Expression:
        """An expression of the family's unit, most often just a column."""
        chance, unit = self.chance, family.unit
        if family is COUNT and chance.yes(0.08):
            days = WorkingDays(self.date(), self.date())
            return Call(Fn.MULTIPLY, (days, Number(Fraction(1), COUNT.unit / WORKING_DAYS, "")))
        match chance.weighted(
            {
                "column": 50,
                "month": 8,
                "divide": 10 if self.calm else 30,
                "add": 6,
                "pick": 5,
                "item": 8,
                "scale": 6,
                "past": 6,
                "mean": 10,
                "real": 7,
                "among": 12 if self.calm else 1,
            }
        ):
            case "mean":
                return self.of_several(pool, unit, firm)
            case "among":
                return self.beside_others(pool, unit)
            case "real" if not family.whole:
                return self.real(pool, unit, firm)
            case "month":
                return self.stock.column(ValueType.NUMBER, monthly(pool, family), unit, chance.one(PERIOD_TABLES), firm)
            case "past":
                return self.past(pool, unit, firm)
            case "divide" if not family.whole:
                over = self.column([number * 4 for number in pool], unit, firm)
                under = self.column([Fraction(n) for n in (4, 4, 4, 2, 8, 5, 0, 0)], RATIO, firm)
                return Call(Fn.DIVIDE, (over, under))
            case "add":
                more = self.column([Fraction(0), Fraction(0), pool[0]], unit, firm)
                fn = chance.one((Fn.ADD, Fn.SUBTRACT))
                return Call(fn, (self.column(pool, unit, firm), more))
            case "pick":
                fn = chance.one((Fn.LEAST, Fn.GREATEST))
                return Call(fn, (self.column(pool, unit, firm), self.column(pool, unit, firm)))
            case "item" if found := self.values_of(unit):
                return chance.one(found)
            case "scale":
                column = self.column(pool, unit, firm)
                return chance.one(
                    (
                        Call(Fn.MULTIPLY, (column, Number(Fraction(1), RATIO, "1 倍"))),
                        Call(Fn.ABSOLUTE, (column,)),
                        Call(Fn.NEGATE, (Call(Fn.NEGATE, (column,)),)),
                    )
                )
        return self.column(pool, unit, firm)

    def beside_others(self, pool: Sequence[Fraction], unit: Unit) -> Expression:
        """What the units have together, or how far the unit is from it."""
        often = {Across.PERCENTILE: 3.0, Across.DEVIATION: 2.0}
        fn = self.chance.weighted({one: often.get(one, 1) for one in Across if one is not Across.RANK})
        whole = self.among_units(self.column(pool, unit, firm=True), fn)
        return whole if self.chance.yes() else Call(Fn.SUBTRACT, (self.column(pool, unit, firm=True), whole))

    def of_several(self, pool: Sequence[Fraction], unit: Unit, firm: bool) -> Expression:
        """One number of several, or one that is clipped or rounded on the way."""
        chance = self.chance
        parts = tuple(self.column(pool, unit, firm) for _ in range(chance.whole(2, 3)))
        ends = [Number(number, unit, str(number)) for number in sorted((pool[0], pool[-1]))]
        return chance.one(
            (
                MeanOf(parts),
                MeanOf(parts, chance.whole(1, len(parts))),
                MeanOf(parts, len(parts) - 1),
                Call(Fn.HARMONIC, parts),
                Call(Fn.LEAST, (Call(Fn.GREATEST, (parts[0], ends[0])), ends[1])),
                Rounded(
                    Call(Fn.DIVIDE, (parts[0], Number(Fraction(chance.one((3, 8))), RATIO, "3"))),
                    Rounding(chance.whole(0, 2), chance.one(list(Mode))),
                ),
            )
        )

    def real(self, pool: Sequence[Fraction], unit: Unit, firm: bool) -> Expression:
        """A number with a root or a logarithm in it, of the family's size; perfect squares and 1 among them."""
        chance, middle = self.chance, Number(max(*pool, Fraction(1)), unit, "1")
        shares = [middle.value * Fraction(text) for text in ("1", "1", "0.25", "4", "2.25", "0.5", "0.3", "0", "-1")]
        share = Call(Fn.DIVIDE, (self.column(shares[: 7 if self.calm else 9], unit, firm), middle))
        exponent = Number(Fraction(chance.one(("1/2", "1/3", "3/2", "-1/2", "1.81"))), RATIO, "1")
        made = chance.one(
            (
                Call(Fn.POWER, (share, exponent)),
                Call(Fn.LN, (share,)),
                Call(Fn.ADD, (Call(Fn.LN, (share,)), Number(Fraction(1), RATIO, "1"))),
            )
        )
        whole = Call(Fn.MULTIPLY, (made, middle))
        signed = pool if self.calm else (*pool, -middle.value, -middle.value / 4)
        several = tuple(self.column(signed, unit, firm) for _ in range(chance.whole(2, 3)))
        return chance.one((whole, Call(Fn.GEOMETRIC, several)))

    def past(self, pool: Sequence[Fraction], unit: Unit, firm: bool) -> Expression:
        """A number of earlier years, or how long it has grown, as a number of the family's unit."""
        chance = self.chance
        of = self.column(pool, unit, firm, table=HISTORY)
        merged, skip, many = chance.yes(0.4), chance.yes(), chance.whole(2, 4)
        one = Past(of, (chance.whole(1, 3),), merged=merged)
        mean = Past(of, tuple(range(1, many + 1)), skip, merged)
        years = tuple(Past(of, (back,), merged=merged) for back in range(1, many))
        grown = Rising(self.column(pool, unit, firm), years)
        size = Number(max(*pool, Fraction(1)) / many, unit / YEARS, "1")
        return chance.one((one, mean, Call(Fn.MULTIPLY, (grown, size))))

    @property
    def days(self) -> Sequence[date]:
        """Days that can be reported, those beyond the calendar only where something may be open."""
        return DAYS[:-1] if self.stock.mood is Mood.WHOLE else DAYS

    def date(self) -> Expression:
        """A day that is reported, or one that is written."""
        return (
            DateLiteral(self.chance.one(self.days))
            if self.chance.yes(0.2)
            else self.stock.column(ValueType.DATE, self.days, firm=True)
        )

    def column(self, pool: Sequence[Fraction], unit: Unit, firm: bool = False, table: str = FACTS) -> ColumnRef:
        """A number column."""
        return self.stock.column(ValueType.NUMBER, pool, unit, table, firm)

    def values_of(self, unit: Unit) -> list[Expression]:
        """指标值 and 得分 of earlier items that are measured in ``unit``."""
        found: list[Expression] = []
        for item in self.refs:
            if isinstance(item.value, ColumnRef) and item.kind is ValueType.NUMBER and item.value.unit == unit:
                found.append(ItemRef("value", item.code, unit))
            if unit == POINTS:
                found.append(ItemRef(self.chance.one(("score", "full")), item.code, unit))
        return found

    def target(self, family: Family, middle: Fraction, of: Expression) -> Expression:
        """What a value is compared with: a number, a column of the 附表, a mean, another item's target."""
        chance = self.chance
        targets = [
            item.code for item in self.refs if isinstance(item.target, Number) and item.target.unit == family.unit
        ]
        match chance.weighted({"number": 5, "column": 3, "mean": 4, "item": 1}):
            case "column":
                pool = (middle, middle, middle + family.size, middle * 2)
                return self.column(pool, family.unit, firm=True, table=RULES)
            case "mean" if isinstance(of, ColumnRef):
                firm = self.column(self.near(family, middle, family.size), family.unit, firm=True)
                return self.among_units(
                    firm, chance.one([*(one for one in Across if one is not Across.RANK), Across.DEVIATION])
                )
            case "item" if targets:
                return ItemRef("target", chance.one(targets), family.unit)
        return family.amount(middle / family.size)

    def among_units(self, of: Expression, fn: Across) -> AcrossUnits:
        """A function over units."""
        chance = self.chance
        weight = self.column([Fraction(n) for n in (1, 1, 2, 3, 5, 8)], Unit(("人",)), firm=True)
        return AcrossUnits(
            fn,
            of,
            chance.one(list(Population)),
            True if fn is Across.RANK else chance.yes(),
            weight if fn is Across.WEIGHTED_MEAN else None,
            Fraction(chance.one((0, 10, 33, 50, 66, 75, 92, 100)), 100) if fn is Across.PERCENTILE else Fraction(1, 2),
            chance.weighted({Percentile.NEAREST: 2, Percentile.INTERPOLATED: 1})
            if fn is Across.PERCENTILE
            else Percentile.INTERPOLATED,
            chance.yes() if fn is Across.RANK else True,
            chance.one(list(Ties)) if fn is Across.RANK else Ties.COMPETITION,
            chance.yes() if fn is Across.DEVIATION else False,
        )

    def amount(self, number: Fraction) -> Expression:
        """Points, now and then from a column of the 附表."""
        if self.chance.yes(0.12):
            return self.column((number, number, number + 1), POINTS, firm=True, table=RULES)
        return points(number)

    def step(self, family: Family, size: Fraction) -> Expression:
        """How much one step is, now and then from a column of the 附表; in a rough book of nothing or less for some."""
        if self.chance.yes(0.1 if self.calm else 0.4):
            pool = (size, size, size * 2) if self.calm else (size, size, size * 2, Fraction(0), -size)
            return self.column(pool, family.unit, firm=True, table=RULES)
        return family.amount(size / family.size)

    def fact(self, odds: float = 0.5, firm: bool = False) -> ColumnRef:
        """A yes/no column, true in ``odds``."""
        true = round(odds * 20)
        return self.stock.column(ValueType.BOOL, [True] * true + [False] * (20 - true), firm=firm)

    # ---- awards

    def award(self, full: Fraction, *kinds: AwardKind) -> Award:
        """One of ``kinds``, of no more than ``full`` points."""
        kind = self.chance.one(kinds)
        if kind in (AwardKind.FULL, AwardKind.ZERO):
            return Award(kind)
        return Award(
            kind, points(full * self.chance.one((Fraction(1, 4), Fraction(1, 2), Fraction(3, 8), Fraction(1))))
        )

    def misses(self, level: Level) -> tuple[AwardKind, ...]:
        """What a miss can give on ``level``."""
        kinds = (AwardKind.ZERO, AwardKind.GET, AwardKind.REVERSE)
        return (*kinds, AwardKind.DEDUCT) if level in (Level.BONUS, Level.DEDUCTION) else kinds

    # ---- conditions

    def condition(self, odds: float = 0.5, depth: int = 0) -> Condition:
        """A condition on one unit, met by very roughly ``odds`` of them."""
        chance = self.chance
        match chance.weighted(
            {
                "fact": 4,
                "compare": 4,
                "all": 1,
                "any": 1,
                "not": 1,
                "happened": 1.5,
                "text": 1,
                "item": 1,
                "place": 0.5,
                "filled": 0.5,
            }
        ):
            case "filled":
                pool = [Fraction(1)]
                return Filled(self.column(pool, COUNT.unit, firm=True))
            case "all" if depth < 2:
                return AllOf((self.condition(0.8, depth + 1), self.condition(odds, depth + 1)))
            case "any" if depth < 2:
                return AnyOf((self.condition(odds / 2, depth + 1), self.condition(odds / 2, depth + 1)))
            case "not" if depth < 2:
                return Not(self.condition(1 - odds, depth + 1))
            case "happened":
                name = chance.one(LEDGERS)
                if chance.yes(0.3):
                    return self.in_a_row()
                return Happened(name, self.filter(name), chance.whole(1, 4))
            case "text":
                word = self.stock.column(ValueType.TEXT, CHOICES, firm=True)
                op = Compare.EQUAL if odds < 0.6 else Compare.NOT_EQUAL
                if self.stock.categories and chance.yes(0.4):
                    word = ColumnRef(UNITS, "类别", ValueType.TEXT)
                    return Comparison(op, word, TextLiteral(chance.one(self.stock.categories)))
                return Comparison(op, word, TextLiteral(CHOICES[0]))
            case "item" if found := self.values_of(POINTS):
                return Comparison(chance.one(list(Compare)), chance.one(found), points(chance.halves(0, 8)))
            case "place":
                pool = [Fraction(n) for n in range(8)]
                of = chance.one([*self.values_of(POINTS), self.column(pool, COUNT.unit, firm=True)])
                edge = Number(Fraction(chance.whole(2, 20)), PLACES, "")
                return Comparison(chance.one(list(Compare)), self.among_units(of, Across.RANK), edge)
            case "compare":
                return self.comparison(odds)
        return Holds(self.fact(odds, firm=True))

    def in_a_row(self) -> Condition:
        """So many periods or years in a row."""
        chance = self.chance
        cadence = chance.one(list(CADENCES.values()))
        table, along = chance.one(((cadence.table, cadence.along), (HISTORY, "年度")))
        of = self.stock.column(ValueType.NUMBER, [Fraction(n) for n in (0, 1, 1, 1, 2)], COUNT.unit, table, True)
        where = Comparison(chance.one((Compare.GREATER_EQUAL, Compare.LESS)), of, Number(Fraction(1), COUNT.unit, ""))
        return Happened(table, where, chance.whole(1, 4), chance.one((along, along, "")))

    def comparison(self, odds: float) -> Condition:
        """A number or a day against an edge that many cells lie on."""
        chance = self.chance
        op = chance.one((Compare.LESS, Compare.LESS_EQUAL) if odds < 0.5 else list(Compare))
        if chance.yes(0.25):
            day = date(2025, 6, 30)
            days = (date(2025, 6, 29), day, date(2025, 7, 1), date(2025, 7, 2), date(2025, 12, 1))
            return Comparison(op, self.stock.column(ValueType.DATE, days, firm=True), DateLiteral(day))
        pool = [Fraction(n) for n in (0, 1, 1, 2, 2, 3, 4, 5, 6, 7)]
        edge = Number(Fraction(1 if odds < 0.5 else 2), COUNT.unit, "")
        return Comparison(op, self.column(pool, COUNT.unit, firm=True), edge)

    def filter(self, ledger: str) -> Condition:
        """Which rows of a ledger count."""
        self.stock.ledger(ledger)
        chance = self.chance
        held = Holds(ColumnRef(ledger, "认定", ValueType.BOOL))
        day = ColumnRef(ledger, "日期", ValueType.DATE)
        inside = (
            Comparison(chance.one((Compare.GREATER_EQUAL, Compare.GREATER)), day, DateLiteral(date(2025, 1, 1))),
            Comparison(chance.one((Compare.LESS_EQUAL, Compare.LESS)), day, DateLiteral(date(2025, 12, 31))),
        )
        count = ColumnRef(ledger, "件数", ValueType.NUMBER, COUNT.unit)
        enough = Comparison(chance.one(list(Compare)), count, Number(Fraction(2), COUNT.unit, "2 件"))
        level = Comparison(Compare.NOT_EQUAL, ColumnRef(ledger, "级别", ValueType.TEXT), TextLiteral(CHOICES[2]))
        parts = (
            AllOf(()),
            held,
            AllOf(inside),
            AllOf((*inside, held)),
            AnyOf((held, enough)),
            Not(held),
            enough,
            level,
        )
        return chance.one((*parts, Filled(day)))

    def use(self, level: Level) -> LedgerUse:
        """Rows of a ledger for a clause."""
        name = LEDGERS[1] if level is Level.DEDUCTION else LEDGERS[0]
        return LedgerUse(name, self.filter(name))

    def gap(self, family: Family, way: str) -> Expression:
        """（目标值 − 指标值）÷ 目标值."""
        value, target = OwnRef("value", family.unit), OwnRef("target", family.unit)
        ends = (target, value) if way == "below" else (value, target)
        return Call(Fn.DIVIDE, (Call(Fn.SUBTRACT, ends), target))

    def with_tables(self) -> Rulebook:
        """The rulebook as far as a clause's check reads it."""
        return replace(self.book, tables=self.stock.tables())


def monthly(pool: Sequence[Fraction], family: Family) -> tuple[Fraction, ...]:
    """A pool for one month: a twelfth of the year's, or whole numbers."""
    if family.whole:
        return tuple(Fraction(n) for n in (0, 0, 1, 1, 2))
    return tuple(number / 4 for number in pool)
