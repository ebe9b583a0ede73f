"""Whole rulebooks and their data from a seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from generated import rulings
from generated.chance import Chance
from generated.individual import individual
from generated.leaves import COMBINES, LEAVES, Leaf, Place, combining, sound
from generated.maker import HOLIDAYS, Maker
from generated.periodic import escalation, periodic
from generated.stock import RULES, Mood, Stock
from perfdsl.data.columns import Dataset
from perfdsl.model.expression import Call, ColumnRef, Condition, Expression, Fn, ItemRef, Number
from perfdsl.model.grade import UNDETERMINED
from perfdsl.model.item import Answer, AnswerKind, Coefficient, Item, Level
from perfdsl.model.rounding import Rounding, Roundings
from perfdsl.model.rulebook import Category, Combine, Dedupe, Period, Rulebook, TieBreak, TotalRule
from perfdsl.model.states import State
from perfdsl.model.units import POINTS, RATIO, Mode, Ties
from perfdsl.text.citation import Citation

UNITS = 50
STRATEGIES = {**LEAVES, "individual": individual, "periodic": periodic, "escalation": escalation}
SCORED = (Level.INDICATOR, Level.POINT)
ANSWERED = tuple(state for state in State if state not in (State.VALUE, State.PENDING))
GIVES = {
    AnswerKind.FULL: 2.0,
    AnswerKind.ZERO: 2.0,
    AnswerKind.POINTS: 2.0,
    AnswerKind.GROUP_MEAN: 1.5,
    AnswerKind.SKIP: 2.0,
    AnswerKind.AS: 1.0,
}
AWAY = {AnswerKind.REDISTRIBUTE: 2.0, AnswerKind.SMALLER_FULL: 1.0}


@dataclass(frozen=True)
class Case:
    """A rulebook and a year's data for it."""

    seed: int
    book: Rulebook
    data: Dataset


def case(seed: int, units: int = UNITS, mood: Mood | None = None) -> Case:
    """The rulebook and the data of ``seed``; ``mood``: one of that mood, whatever the seed says."""
    return next(cases(seed, 1, units, mood))


def cases(seed: int, count: int, units: int = UNITS, mood: Mood | None = None) -> Iterator[Case]:
    """The rulebook of ``seed`` with ``count`` years of data."""
    chance = Chance(seed)
    by_seed = chance.weighted({Mood.CALM: 9, Mood.OPEN: 3, Mood.ROUGH: 8})
    mood = by_seed if mood is None else mood
    stock = Stock(chance, mood)
    stock.categories = ("区县", "部门", "园区")[: chance.one((0, 2, 3))]
    maker = Maker(chance, stock, frame(chance, stock.categories, mood))
    tree = Tree(maker, seed)
    items = tuple(tree.items())
    cuts = breaks(maker)
    book = replace(maker.book, items=items, full=whole(items), tables=stock.tables(), dedupes=tree.dedupes, breaks=cuts)
    maker.book = book
    book = ruled(maker, book) if chance.yes(0.9) else book
    book = replace(book, tables=stock.tables())
    for _ in range(count):
        yield Case(seed, book, stock.dataset(units, rulings.NAMES))


def breaks(maker: Maker) -> tuple[TieBreak, ...]:
    """Now and then, what equal totals are told apart by; some units have no such number."""
    chance = maker.chance
    found = []
    for _ in range(chance.whole(1, 2) if chance.yes(0.3) else 0):
        scores = maker.values_of(POINTS) if maker.calm and chance.yes() else []
        of = chance.one(scores or [maker.column([Fraction(n) for n in (1, 1, 2, 3)], POINTS, firm=True)])
        if isinstance(of, ColumnRef) and chance.yes():
            odds = {State.VALUE: 0.6, State.ABSENT: 0.2, State.NIL: 0.2}
            maker.stock.orders[-1] = replace(maker.stock.orders[-1], odds=odds)
        found.append(TieBreak(of, chance.yes()))
    return tuple(found)


def whole(items: Sequence[Item]) -> Fraction:
    """The full mark of the base."""
    return sum((item.full or Fraction(0) for item in items if item.level not in OUTSIDE), start=Fraction(0))


OUTSIDE = (Level.BONUS, Level.DEDUCTION, Level.STEP)


# ---- the frame


def frame(chance: Chance, categories: Sequence[str], mood: Mood) -> Rulebook:
    """Everything but items, grades and rules."""
    combine = chance.weighted({Combine.SUM: 3, Combine.WEIGHTED: 2, Combine.MEAN: 1, Combine.LEAST: 1})
    some = Fraction(chance.whole(1, 6))
    total = TotalRule(
        combine,
        bonuses=chance.yes(0.9),
        deductions=chance.yes(0.9),
        most=chance.maybe(Fraction(chance.whole(30, 60)), 0.3),
        least=chance.maybe(Fraction(chance.whole(0, 25)), 0.3),
        most_bonus=chance.maybe(some, 0.4),
        most_deduction=chance.maybe(some, 0.4),
        share_missing=combine is Combine.WEIGHTED and chance.yes(0.6),
        at_least=chance.whole(1, 3) if chance.yes(0.2) else 0,
    )
    known = tuple(
        Category(
            name,
            full=chance.maybe(Fraction(chance.whole(60, 120)), 0.3),
            ranked=(unranked := chance.yes(0.7)),
            treated_as=(treated := rulings.NAMES[1] if not unranked and chance.yes(0.6) else ""),
            takes_places=chance.yes() if treated else None,
            excluded=not unranked and not treated and chance.yes(0.4),
        )
        for name in categories
    )
    return Rulebook(
        name="考核办法",
        version="2025",
        full=None,
        roundings=roundings(chance),
        total=total,
        ties=chance.one(list(Ties)),
        period=Period(date(2025, 1, 1), date(2025, 12, 31)),
        calendar=HOLIDAYS,
        categories=known,
    )


def rounding(chance: Chance, low: int = -1, high: int = 4) -> Rounding | None:
    """Digits and a mode, or 不取舍."""
    if chance.yes(0.15):
        return None
    return Rounding(chance.whole(low, high), chance.one(list(Mode)))


def roundings(chance: Chance) -> Roundings:
    """小数. Totals are coarse now and then, so that many are equal."""
    return Roundings(
        value=rounding(chance, 0),
        score=rounding(chance),
        group=rounding(chance),
        total=rounding(chance, *chance.weighted({(0, 0): 6, (-1, -1): 1, (0, 3): 3})),
        carry_exact=chance.yes(0.3),
    )


# ---- items


@dataclass
class Tree:
    """The items of one rulebook."""

    maker: Maker
    seed: int
    kinds: list[str] = field(default_factory=list)
    dedupes: tuple[Dedupe, ...] = ()

    def items(self) -> Iterator[Item]:
        """Groups with what stands under them, indicators without a group, bonuses and deductions."""
        chance = self.maker.chance
        groups = chance.whole(2, 3)
        for n in range(groups):
            yield self._kept(self.group(f"{'ABC'[n]}", groups, n))
        if chance.yes(0.4):
            yield self._kept(replace(self.leaf("D1", Level.INDICATOR), weight=Fraction(1, 8)))
        for n in range(chance.whole(0, 2)):
            yield self.leaf(f"J{n}", Level.BONUS)
        for n in range(chance.whole(0, 2)):
            yield self.leaf(f"K{n}", Level.DEDUCTION)
        if chance.yes(0.25):
            yield from self.rivals()
        if chance.yes(0.1):
            yield from self.by_period()
        if chance.yes(0.2):
            self.kinds.append("escalation")
            yield self.leaf("K9", chance.one((Level.BONUS, Level.DEDUCTION)))

    def by_period(self) -> Iterator[Item]:
        """Two bonuses scored by the period, of which the second can ask for the first one's score of the same period."""
        for n in (6, 7):
            self.kinds.append("periodic")
            made = self.leaf(f"J{n}", Level.BONUS)
            self.maker.refs.append(made)
            yield made

    def rivals(self) -> Iterator[Item]:
        """Bonuses of one ledger in which the same matter counts once in all, at times as a 去重 says."""
        maker, chance = self.maker, self.maker.chance
        maker.across = chance.one(("across_bonus", "Q1"))
        codes = [f"J{n}" for n in range(2, 2 + chance.whole(2, 3))]
        made = []
        for code in codes:
            self.kinds.append(chance.one(("ledger", "ledger_table", "ledger_points")))
            made.append(self.leaf(code, Level.BONUS))
        if maker.across == "Q1":
            rule, tie = chance.one(("highest_once", "listed_first")), chance.one(("first", "last"))
            tie = "first" if rule == "listed_first" else tie
            self.dedupes = (Dedupe("Q1", "去重", tuple(chance.shuffled(codes)), ("事项编号",), rule, tie),)
        maker.across = ""
        if chance.yes(0.5):
            group = replace(self.under("J9", Level.BONUS, made), applies=None, floored=False, full=Fraction(5))
            yield replace(group, full=None, most=self.share_of_base()) if chance.yes() else group
        else:
            yield from made

    def share_of_base(self) -> Expression:
        """基本分 × 8%."""
        part = Number(Fraction(self.maker.chance.one((2, 8, 30)), 100), RATIO, "8%")
        return Call(Fn.MULTIPLY, (ItemRef("base", "", POINTS), part))

    def _kept(self, item: Item) -> Item:
        steps = not self.maker.calm
        self.maker.refs.extend(one for one in item.walk() if one.scoring and (steps or one.level is not Level.STEP))
        return item

    def group(self, code: str, groups: int, place: int) -> Item:
        """A 一级指标."""
        chance = self.maker.chance
        children = [self.indicator(f"{code}{n}", grouped=True) for n in range(chance.whole(2, 4))]
        if chance.yes(0.3):
            children = [*children[2:], self.under(f"{code}.1", Level.GROUP2, children[:2])]
        weight = Fraction((3, 5, 2)[place], 10)
        names = self.maker.stock.categories
        shares = [(name, Fraction(chance.whole(0, 4), 10)) for name in names] if names and chance.yes(0.3) else []
        group = self.under(code, Level.GROUP1, children)
        if chance.yes(0.1):
            group = replace(group, coefficient=self.coefficient(group.full or Fraction(10)))
        weight = weight if groups == 3 else weight + Fraction(1, 10)
        return replace(group, weight=weight, weights=tuple(shares))

    def under(self, code: str, level: Level, children: Sequence[Item]) -> Item:
        """A group of ``children``."""
        chance = self.maker.chance
        full = sum((child.full or Fraction(0) for child in children), start=Fraction(0))
        beyond = any(getattr(one.scoring, "floor", None) == "until_group" for child in children for one in child.walk())
        applies = self.maker.condition(0.9) if chance.yes(0.15) else None
        return Item(
            level,
            code,
            f"组{code}",
            full,
            children=tuple(children),
            applies=applies,
            rounding=self._own_rounding(),
            floored=beyond or chance.yes(0.1),
            citation=Citation(code=code, name=f"组{code}"),
        )

    def indicator(self, code: str, grouped: bool) -> Item:
        """An indicator with a scoring of its own, with points below it that are added up or combined."""
        chance = self.maker.chance
        if chance.yes(0.65):
            made = self.leaf(code, Level.INDICATOR, grouped)
            if chance.yes(0.2):
                step = self.leaf(f"{code}-1", Level.STEP)
                if chance.yes(0.3) and step.value is not None:
                    step = replace(step, scoring=None, answers=(), requires=None, exempt=None)
                made = replace(made, children=(step,))
            return made
        children = tuple(self.leaf(f"{code}-{n}", Level.POINT, grouped) for n in range(1, chance.whole(2, 3) + 1))
        made = self.under(code, Level.INDICATOR, children)
        if chance.yes(0.7):
            made = replace(made, combine=combining(self.maker, chance.one(COMBINES), len(children)))
            if made.combine is not None and made.combine.kind != "sum_of":  # else it has two readings (K331)
                children = tuple(without(child, AnswerKind.SMALLER_FULL) for child in children)
                made = replace(made, children=children)
        return made

    def _own_rounding(self) -> Rounding | None:
        return rounding(self.maker.chance) if self.maker.chance.yes(0.15) else None

    def leaf(self, code: str, level: Level, grouped: bool = False) -> Item:
        """An item with a scoring; kinds come up in turn, so that each is met equally often."""
        maker = self.maker
        for _ in range(8):
            if not self.kinds:
                self.kinds = Chance(self.seed // 2).shuffled(sorted(STRATEGIES))
                self.kinds = self.kinds[:: 1 if self.seed % 2 else -1]
            kind = self.kinds.pop()
            for _ in range(5):
                before = len(maker.stock.orders)
                made = self.readable(self.attempt(code, level, kind, grouped))
                if sound(made, maker):
                    return made
                del maker.stock.orders[before:]
        raise AssertionError(f"no clause fits {level}")

    def readable(self, item: Item) -> Item:
        """``item`` without answers that have two readings where it stands (K331, K333)."""
        if item.coefficient is not None:
            item = without(item, AnswerKind.GROUP_MEAN)
        least = self.maker.book.total.combine is Combine.LEAST
        return without(item, AnswerKind.SMALLER_FULL) if least else item

    def attempt(self, code: str, level: Level, kind: str, grouped: bool) -> Item:
        """One item of ``kind``; its check may refuse it."""
        maker, chance = self.maker, self.maker.chance
        full = Fraction(chance.one((4, 5, 8, 8, 10)))
        leaf = STRATEGIES[kind](maker, Place(level, full))
        full = leaf.full or full
        uncapped = level in (Level.BONUS, Level.DEDUCTION) and chance.yes(0.25)
        return Item(
            level,
            code,
            f"项{code}",
            None if uncapped else full,
            least=chance.one((Fraction(0), Fraction(0), Fraction(-2), Fraction(1))),
            most=self.share_of_base() if uncapped and chance.yes() else None,
            value=leaf.value,
            kind=leaf.kind,
            target=leaf.target,
            higher_is_better=leaf.higher,
            population=leaf.population,
            scoring=leaf.scoring,
            applies=maker.condition(0.85) if chance.yes(0.25) else None,
            exempt=maker.condition(0.15) if chance.yes(0.2) else None,
            requires=self.requires(full, level, grouped) if chance.yes(0.2) else None,
            coefficient=self.coefficient(full) if chance.yes(0.12) else None,
            answers=self.answers(leaf, level, full, grouped),
            rounding=self._own_rounding(),
            citation=Citation(code=code, name=f"项{code}"),
        )

    def coefficient(self, full: Fraction) -> Coefficient:
        """A number or a column of the 附表, for all or for some, capped or not."""
        maker, chance = self.maker, self.maker.chance
        times = [Fraction(n, 10) for n in (8, 10, 10, 11, 12, 14)]
        of: Expression = Number(chance.one(times), RATIO, "")
        if chance.yes():
            of = maker.sure(maker.column(times, RATIO, firm=True, table=RULES))
        cap = chance.one(("full_at_most", "uncapped", None))
        most = full * Fraction(9, 8) if cap is None else None
        return Coefficient(of, maker.condition(0.7) if chance.yes(0.4) else None, cap, most)

    def requires(self, full: Fraction, level: Level, grouped: bool) -> tuple[Condition, Answer]:
        """前提 and what is given otherwise."""
        chance = self.maker.chance
        away = tuple(AWAY) if grouped and level in SCORED else ()
        kinds = (AnswerKind.ZERO, AnswerKind.FULL, AnswerKind.POINTS, AnswerKind.SKIP, AnswerKind.GROUP_MEAN, *away)
        kind = chance.one(kinds)
        return self.maker.condition(0.8), Answer(kind, full / 2 if kind is AnswerKind.POINTS else Fraction(0))

    def answers(self, leaf: Leaf, level: Level, full: Fraction, grouped: bool) -> tuple[tuple[State, Answer], ...]:
        """What each state gives. In a rough book some states have no answer, and some are sent back.

        In a calm one only scores that nothing else reads may be left open; in between, some are sent back.
        """
        chance = self.maker.chance
        gives = {**GIVES, **(AWAY if grouped and level in SCORED else {})}
        keeps = self.maker.calm and level is not Level.STEP
        open_: dict[AnswerKind | None, float] = {} if keeps else {AnswerKind.RETURN: 2.0, None: 3.0}
        if self.maker.stock.mood is Mood.OPEN:
            open_ = {AnswerKind.RETURN: 2.0}
        found: dict[State, Answer] = dict(getattr(leaf.scoring, "answers", None) or {}) if chance.yes() else {}
        for state in ANSWERED:
            kind = chance.weighted({**gives, **open_})
            if kind is None or state in found:
                continue
            if kind is AnswerKind.AS:
                others = [other for other, answer in found.items() if answer.kind is not AnswerKind.RETURN]
                if not others:
                    kind = AnswerKind.ZERO
                else:
                    found[state] = Answer(kind, state=chance.one(others))
                    continue
            number = full * chance.one((Fraction(1, 2), Fraction(3, 10), Fraction(1, 3)))
            found[state] = Answer(kind, number if kind is AnswerKind.POINTS else Fraction(0))
        return tuple(sorted(found.items()))


def without(item: Item, kind: AnswerKind) -> Item:
    """``item``, 不计分 where it would give ``kind``."""

    def instead(answer: Answer) -> Answer:
        return Answer(AnswerKind.SKIP) if answer.kind is kind else answer

    requires = None if item.requires is None else (item.requires[0], instead(item.requires[1]))
    return replace(item, answers=tuple((state, instead(answer)) for state, answer in item.answers), requires=requires)


# ---- grades and rules


def ruled(maker: Maker, book: Rulebook) -> Rulebook:
    """The rulebook with grades, limits and applications."""
    names = rulings.NAMES[: maker.chance.whole(3, 5)]
    book = graded(maker, book, names)
    book = replace(book, scopes=rulings.teams(maker, names) if maker.chance.yes(0.5) else ())
    maker.book = book
    vetoes = tuple(one for one in rulings.limits(maker, names) if rulings.sound(one, book))
    open_case = any(one.clause.kind == "undetermined" for one in vetoes)
    named = dict.fromkeys(name for scheme in book.schemes for name in scheme.order)
    applications = rulings.applications(maker, (*named, UNDETERMINED) if open_case else tuple(named))
    return replace(
        book,
        vetoes=vetoes,
        applications=tuple(one for one in applications if rulings.sound(one, replace(book, vetoes=vetoes))),
    )


def graded(maker: Maker, book: Rulebook, names: Sequence[str]) -> Rulebook:
    """The rulebook with one table of grades, or with one for the first category and one for the others."""
    full = book.full or Fraction(0)
    first = rulings.scheme(maker, full, names)
    if len(book.categories) < 2 or maker.chance.yes(0.6):
        return replace(book, scheme=first)
    alone = book.categories[0].name
    other = tuple(f"{name}级" for name in names) if maker.chance.yes(0.4) else names
    second = replace(rulings.scheme(maker, full, other), name="其他等次")
    return replace(book, scheme=replace(second, categories=()), other_schemes=(replace(first, categories=(alone,)),))
