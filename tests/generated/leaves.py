"""One strategy for each clause kind that scores an item: :data:`LEAVES`, and those that combine: :data:`COMBINES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

from generated.maker import COUNT, FAMILIES, MONEY, SHARE, Family, Maker, points
from generated.stock import ANSWERS, CHOICES, LAYERS, RANK_BALLOTS, SHEETS, WEAK, Mood
from perfdsl.clauses import BY_KEY
from perfdsl.clauses.kind import Setting
from perfdsl.model.expression import (
    TRUE,
    Call,
    ColumnRef,
    Compare,
    Comparison,
    Condition,
    Expression,
    Fn,
    Number,
    OwnRef,
    Population,
    TextLiteral,
)
from perfdsl.model.grade import Interval
from perfdsl.model.item import Award, AwardKind, Clause, Item, LedgerUse, Level, Numbers
from perfdsl.model.states import State
from perfdsl.model.units import PLACES, POINTS, RATIO, Unit, ValueType
from perfdsl.text.problem import Severity

FULL, ZERO, GET, ADD, DEDUCT, REVERSE = AwardKind
ANY_LEVEL = (Level.INDICATOR, Level.POINT, Level.STEP, Level.BONUS, Level.DEDUCTION)
FLOORS = ("until_item", "until_group")
FACT_UNIT: Mapping[str, Family] = {"share": SHARE, "count": COUNT, "money": MONEY}


@dataclass(frozen=True)
class Place:
    """Where an item will stand."""

    level: Level
    full: Fraction

    @property
    def scored(self) -> bool:
        """Neither a bonus nor a deduction."""
        return self.level not in (Level.BONUS, Level.DEDUCTION)


@dataclass(frozen=True)
class Leaf:
    """What a strategy decides about an item."""

    scoring: Clause
    value: Expression | None = None
    kind: ValueType = ValueType.NUMBER
    target: Expression | None = None
    higher: bool | None = None
    population: Population | None = None
    full: Fraction | None = None


Strategy = Callable[[Maker, Place], Leaf]


def clause(key: str, **given: Any) -> Clause:
    """A clause of kind ``key``."""
    made: Clause = BY_KEY[key].node(kind=key, **given)
    return made


# ---- phrases shared


def setting(maker: Maker, families: tuple[Family, ...] = FAMILIES) -> tuple[Family, Fraction, Fraction]:
    """(family, target, step)."""
    chance = maker.chance
    family = chance.one(families)
    steps = chance.one(family.steps)
    middle = (
        Fraction(chance.whole(4, 90)) if family is SHARE else Fraction(chance.whole(2, 12)) * max(steps, Fraction(1))
    )
    return family, middle * family.size, steps * family.size


def remainder(maker: Maker, each: Expression, prefix: str = "") -> dict[str, Any]:
    """不足 1 个百分点的…"""
    treat = maker.chance.one(("pro_rata", "not_counted", "count_as"))
    return {
        f"{prefix}remainder": treat,
        f"{prefix}under": maker.chance.maybe(each, 0.3),
        f"{prefix}counted_as": each if treat == "count_as" and maker.chance.yes(0.4) else None,
    }


def losing(maker: Maker, place: Place) -> dict[str, Any]:
    """How far a loss goes."""
    chance = maker.chance
    floor = chance.one(("until_point", "until_group")) if place.level is Level.POINT else chance.one(FLOORS)
    most = chance.maybe(points(place.full * chance.one((Fraction(1, 2), Fraction(3, 4)))), 0.4)
    if most is not None and chance.yes(0.4):
        return {"most": most}
    if chance.yes(0.3):
        return {"most": most, "least": lowest(place)}
    return {"floor": floor, "most": most}


def lowest(place: Place) -> Number:
    """下限：不低于 x 分, in the item's own points: those of a deduction are negative."""
    return points(-place.full / 2 if place.level is Level.DEDUCTION else place.full / 8)


def gaining(maker: Maker, place: Place, field: str = "most") -> dict[str, Any]:
    """How far a gain goes."""
    chance = maker.chance
    most = points(place.full * chance.one((Fraction(1, 2), Fraction(3, 4), Fraction(1))))
    return chance.one(
        ({"cap": "full_at_most"}, {"cap": "uncapped"}, {field: most}, {"cap": "full_at_most", field: most})
    )


def per_step(maker: Maker, place: Place) -> Fraction:
    """Points of one step: now and then exact halves of the last digit, now and then thirds of the full mark."""
    return maker.chance.one(
        (Fraction(1, 2), Fraction(1, 4), Fraction(1), Fraction(3, 2), Fraction("0.125"), Fraction("0.35"))
    )


# ---- value against a target


def meet_or_zero(maker: Maker, place: Place) -> Leaf:
    missed = maker.award(place.full, *maker.misses(place.level))
    scoring = clause("meet_or_zero", otherwise=missed)
    if maker.chance.yes(0.3):
        return Leaf(scoring, maker.fact(), ValueType.BOOL)
    family, middle, each = setting(maker)
    value = maker.value(family, maker.near(family, middle, each))
    return Leaf(scoring, value, target=maker.target(family, middle, value), higher=maker.chance.yes())


def reach(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    family, middle, each = setting(maker)
    value = maker.value(family, maker.near(family, middle, each))
    op = chance.one(("ge", "gt", "le", "lt", "under", "reach", "better", "miss", "not_better"))
    against = chance.one((None, family.amount(middle / family.size), maker.target(family, middle, value)))
    if chance.yes(0.15):
        against = Number(Fraction(0), RATIO, "0")
    scoring = clause(
        "reach",
        op=op,
        award=maker.award(place.full, FULL, GET),
        against=against,
        otherwise=maker.award(place.full, *maker.misses(place.level)) if place.scored or chance.yes() else None,
    )
    target = None if against is not None and chance.yes() else maker.target(family, middle, value)
    return Leaf(scoring, value, target=target, higher=chance.yes())


def step_down(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    family, middle, each = setting(maker)
    way = chance.one(("below", "above"))
    value = maker.value(family, maker.near(family, middle, each))
    gap, step = None, maker.step(family, each)
    if chance.yes(0.2):
        gap, step = maker.gap(family, way), Number(each / middle, RATIO, "1 个百分点")
    met = chance.yes(0.25) and gap is None
    scoring = clause(
        "step_down",
        way=way,
        each=step,
        points=maker.amount(per_step(maker, place)),
        gap=gap,
        met_op=chance.one(("reach", "ge" if way == "below" else "le")) if met else None,
        met_against=family.amount(middle / family.size + 1) if met and chance.yes(0.7) else None,
        **remainder(maker, step),
        **losing(maker, place),
    )
    return Leaf(scoring, value, target=maker.target(family, middle, value), higher=chance.one((way == "below", None)))


def step_up(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    family, middle, each = setting(maker)
    way = chance.one(("above", "below"))
    value = maker.value(family, maker.near(family, middle, each))
    step, gap, base = maker.step(family, each), None, {}
    if chance.yes(0.2):
        gap, step = maker.gap(family, way), Number(each / middle, RATIO, "1 个百分点")
    if place.scored or chance.yes(0.3):
        against = chance.maybe(family.amount(middle / family.size), 0.4) if gap is None else None
        short = maker.award(place.full, *maker.misses(place.level))
        word = chance.one(("missed", "otherwise"))
        base = {
            "base": maker.award(place.full / 2, GET),
            "base_op": chance.one(("reach", "ge" if way == "above" else "le")),
            "base_against": against,
            word: short,
            "missed_against": against if word == "missed" else None,
        }
    scoring = clause(
        "step_up",
        way=way,
        each=step,
        points=maker.amount(per_step(maker, place)),
        gap=gap,
        most_added=chance.maybe(points(place.full / 4), 0.4),
        **base,
        **remainder(maker, step),
        **gaining(maker, place),
    )
    return Leaf(scoring, value, target=maker.target(family, middle, value), higher=way == "above")


def up_and_down(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    family, middle, each = setting(maker)
    value = maker.value(family, maker.near(family, middle, each))
    up, down = family.amount(each / family.size), family.amount(chance.one(family.steps))
    up_way = chance.one(("above", "below"))
    down_way = "below" if up_way == "above" else "above"
    gaps = {}
    if chance.yes(0.25):
        up = down = Number(each / middle, RATIO, "1 个百分点")
        gaps = {"up_gap": maker.gap(family, up_way), "down_gap": maker.gap(family, down_way)}
    floor = losing(maker, place).get("floor", "until_group")
    scoring = clause(
        "up_and_down",
        up_way=up_way,
        up_each=up,
        up_points=maker.amount(per_step(maker, place)),
        down_way=down_way,
        down_each=down,
        down_points=maker.amount(per_step(maker, place)),
        even=maker.award(place.full / 2, GET) if chance.yes(0.7) else None,
        up_most=chance.maybe(points(place.full / 4), 0.4),
        down_most=chance.maybe(points(place.full / 8), 0.4),
        cap=chance.one(("full_at_most", "uncapped")),
        **chance.one(({} if place.level is Level.BONUS else {"least": lowest(place)}, {"floor": floor})),
        **gaps,
        **remainder(maker, up, "up_"),
        **remainder(maker, down, "down_"),
    )
    bare = chance.yes(0.2) and not gaps
    return Leaf(scoring, value, target=None if bare else maker.target(family, middle, value), higher=up_way == "above")


def proportional(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    if chance.yes(0.25):
        value = maker.value(SHARE, maker.near(SHARE, Fraction(1), Fraction(1, 8)))
        return Leaf(clause("proportional", **gaining(maker, place)), value, higher=chance.one((True, None)))
    family, middle, each = setting(maker)
    higher = chance.yes(0.6)
    pool = maker.near(family, middle, each)
    if not higher and maker.calm:
        pool = tuple(number for number in pool if number > 0)
    value = maker.column(pool, family.unit) if not higher else maker.value(family, pool)
    target: Expression = maker.target(family, middle, value)
    if not maker.calm and chance.yes(0.3):
        target = maker.column((middle, Fraction(0), middle, -middle), family.unit)
    return Leaf(clause("proportional", **gaining(maker, place)), value, target=target, higher=higher)


def converted(maker: Maker, place: Place) -> Leaf:
    of = maker.chance.one((100, 120, 1000))
    pool = [Fraction(of) * Fraction(n, 20) for n in (0, 9, 13, 17, 18, 19, 20, 21)]
    return Leaf(clause("converted", out_of=(points(of),), **gaining(maker, place)), maker.column(pool, POINTS))


def interpolate(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    family, middle, each = setting(maker)
    higher = chance.yes(0.6)
    value = maker.value(family, maker.near(family, middle, each))
    low, high = sorted((middle - 2 * each, middle + 3 * each))
    worse, better = (low, high) if higher else (high, low)
    worse_op = chance.one(("miss", "not_better", *(("lt", "le") if higher else ("gt", "ge"))))
    better_op = chance.one(("reach", "better", *(("ge", "gt") if higher else ("le", "lt"))))
    lines: dict[str, Expression | None] = {
        worse_op: family.amount(worse / family.size),
        better_op: family.amount(better / family.size),
    }
    columns = chance.yes(0.3)
    if columns:
        pool = (worse, better, middle, middle)
        lines = {op: maker.column(pool, family.unit, firm=True) for op in lines}
    target = None
    if not columns and chance.yes(0.3):
        target, lines[better_op] = lines[better_op], None
    ends = chance.shuffled([(worse_op, False), (better_op, True)])
    full = place.full
    start, end = points(full / 16), points(full * Fraction(15, 16))
    rounding = {"digits": chance.whole(0, 2), "mode": chance.one(("half_up", "half_even", "down", "up"))}
    within = {"low": points(full / 8), "high": points(full * Fraction(7, 8))}
    scoring = clause(
        "interpolate",
        ops=tuple(op for op, _ in ends),
        againsts=tuple(lines[op] for op, _ in ends),
        awards=tuple(Award(FULL) if good else maker.award(full, ZERO, GET) for _, good in ends),
        start=start,
        end=end,
        in_order="in_order" if columns or chance.yes(0.3) else None,
        **(rounding if chance.yes() else {}),
        **(within if chance.yes() else {}),
    )
    return Leaf(scoring, value, target=target, higher=higher)


# ---- tables of points


def bands(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    if chance.yes(0.3):
        words = chance.some(CHOICES, 2)
        rows: list[Interval | str | None] = [*words, *([None] if len(words) < 3 or chance.yes() else [])]
        gives = tuple(points(place.full * Fraction(n + 1, 4)) for n in range(len(rows)))
        return Leaf(
            clause("bands", bands=tuple(rows), gives=gives), maker.stock.column(ValueType.TEXT, CHOICES), ValueType.TEXT
        )
    family, middle, each = setting(maker)
    edges = sorted({middle - 2 * each, middle, middle + each})
    low_in = [chance.yes() for _ in edges]
    ends: list[Interval | str | None] = [
        Interval(low, high, low_in=low_in[n], high_in=not low_in[n + 1] if n + 1 < len(edges) else False)
        for n, (low, high) in enumerate(zip(edges, [*edges[1:], None], strict=True))
    ]
    first = Interval(None, edges[0], high_in=not low_in[0])
    ends = [*ends, None] if chance.yes(0.4) else [first, *ends]
    if not maker.calm and chance.yes(0.2):
        ends = ends[1:]
    value = maker.value(family, (*maker.near(family, middle, each), *edges))
    gives = tuple(points(place.full * Fraction(n, 4)) for n in range(len(ends)))
    return Leaf(clause("bands", bands=tuple(chance.shuffled(ends)), gives=gives), value)


def placing(maker: Maker, *, line: bool = False, mean: bool = False) -> dict[str, Any]:
    """What equal places get."""
    chance = maker.chance
    equal = chance.one((None, "same_points", "tie_void", *(("mean_points",) if mean else ())))
    if equal == "mean_points":
        return {"equal": equal}
    return {"equal": equal, "ties": chance.one(("competition", "dense", None, *(("average",) if line else ())))}


def placed(maker: Maker, scoring: Clause, few: bool = False) -> Leaf:
    """A value by which units are placed; many are equal, and with ``few`` hardly any have one."""
    chance = maker.chance
    family, middle, each = setting(maker)
    pool = maker.near(family, middle, each)
    value: Expression = maker.value(family, pool, firm=True)
    if few:
        weak = dict.fromkeys(WEAK, 0.21) | ({State.MISSING: 0.04} if maker.stock.mood is Mood.ROUGH else {})
        value = maker.column(pool, family.unit, firm=True)
        assert isinstance(value, ColumnRef)
        last = maker.stock.orders[-1]
        odds = {State.VALUE: 0.16 if chance.yes() else 0.06, **weak}
        maker.stock.orders[-1] = replace(last, odds=odds)
    return Leaf(scoring, value, higher=chance.yes(), population=chance.one(list(Population)))


def rank_list(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    count = chance.whole(3, 12)
    by_place = tuple(place.full * Fraction(16 - n, 16) for n in range(count))
    if chance.yes(0.4):
        less = points(chance.one((Fraction(1, 2), Fraction(1, 3), Fraction(1, 8))))
        scoring = clause("rank_list", points=by_place, less=(less,), least=points(place.full / 8), **placing(maker))
    else:
        rest = "rest_nothing" if maker.calm or chance.yes() else None
        scoring = clause("rank_list", points=by_place, rest=rest, **placing(maker, mean=True))
    return placed(maker, scoring)


def rank_switch(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance

    def one(prefix: str, count: int) -> dict[str, Any]:
        by_place = tuple(place.full * Fraction(16 - n, 16) for n in range(count))
        if chance.yes() and place.level is not Level.INDICATOR:
            return {f"{prefix}points": by_place, f"{prefix}less": (points(Fraction(1, 4)),)}
        return {f"{prefix}points": by_place, f"{prefix}rest": "rest_nothing"}

    limit = Number(Fraction(chance.whole(2, 12)), Unit(("个",)), "5 个")
    many, few = one("", chance.whole(2, 8)), one("few_", chance.whole(1, 4))
    lists = {**many, **few}
    mean = "less" not in lists and "few_less" not in lists
    return placed(maker, clause("rank_switch", few=(limit,), **lists, **placing(maker, mean=mean)), few=chance.yes())


def rank_falling(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    of = chance.one(("less_each", "less_of_first", "less_of_before"))
    share = Number(Fraction(chance.one((2, 5, 10)), 100), RATIO, "5%")
    less = points(chance.one((Fraction(1, 8), Fraction(1, 3)))) if of == "less_each" else share
    least = chance.one((points(place.full / 8), Number(Fraction(3, 10), RATIO, "30%")))
    scoring = clause(
        "rank_falling",
        award=maker.award(place.full, FULL, GET),
        of=of,
        less=(less,),
        least=None if of == "less_of_before" and chance.yes() else least,
        **placing(maker, line=of != "less_of_before"),
    )
    return placed(maker, scoring)


def rank_even(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    scoring = clause(
        "rank_even",
        first=chance.one((Award(FULL), Award(GET, points(place.full * Fraction(7, 8))))),
        last=chance.one((Award(ZERO), Award(GET, points(place.full / 4)))),
        alone=chance.one(("alone_first", "alone_last")),
        **placing(maker, line=True),
    )
    return placed(maker, scoring, few=chance.yes())


def rank_ends(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    losing = place.level is Level.DEDUCTION
    top, bottom = chance.whole(1, 5), chance.whole(1, 5)

    def some(count: int) -> tuple[Fraction, ...]:
        return tuple(place.full * Fraction(count - n, 8) for n in range(count))

    lists: list[tuple[str, tuple[Fraction, ...], str, str]] = []
    if not losing or chance.yes(0.3):
        lists.append(("top", some(top), "deduct" if losing else "add", "turn"))
    if place.level is not Level.BONUS and (not lists or chance.yes(0.7)):
        same = chance.yes(0.3)
        points_ = (place.full / 8,) * bottom if same else some(bottom)
        turn = "each" if same else chance.one(("turn_from_last", "turn_in_order"))
        verb = "get" if place.scored and chance.yes(0.7) else "deduct"
        lists.append(("bottom", points_, verb, turn))
    sides = {name: tuple(one[at] for one in lists) for at, name in enumerate(("sides", "points", "verbs", "turns"))}
    counts = tuple(Fraction(len(one[1])) for one in lists)
    both = chance.one(("overlap_both", "overlap_top", "overlap_bottom")) if maker.calm or chance.yes(0.7) else None
    scoring = clause("rank_ends", both=both, counts=counts, **sides, **placing(maker, mean=True))
    return placed(maker, scoring, few=chance.yes())


def rank_spans(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    first = chance.maybe(Award(FULL))
    at, starts, ends, awards = 2 if first else 1, [], [], []
    for n in range(chance.whole(1, 3)):
        wide = chance.whole(0, 4)
        starts.append(Number(Fraction(at), PLACES, "1 名"))
        ends.append(Number(Fraction(at + wide), PLACES, "1 名") if wide else None)
        awards.append(Award(GET, points(place.full * Fraction(7 - 2 * n, 8))))
        at += wide + 1
    nothing: dict[str, Any] = {"rest_nothing": "rest_nothing"}
    rest = chance.one((nothing, {"rest": Award(GET, points(place.full / 16))}, {}))
    if maker.calm:
        rest = rest or nothing
    spans: dict[str, Any] = {"starts": tuple(starts), "ends": tuple(ends), "awards": tuple(awards)}
    return placed(maker, clause("rank_spans", first=first, **spans, **rest, **placing(maker)))


def ends(maker: Maker, place: Place) -> dict[str, Any]:
    """Both ends of a score that a formula gives."""
    chance = maker.chance
    bounds: tuple[dict[str, Any], ...] = (
        {"bottom": "no_floor"},
        {"least": points(place.full / 8)},
        {"least": points(-place.full)},
    )
    low = chance.one(bounds)
    return {**gaining(maker, place), **low}


def by_value(maker: Maker, place: Place) -> Leaf:
    pool = [place.full * Fraction(n, 8) for n in (-8, -1, 0, 1, 3, 5, 8, 9, 12)]
    column = maker.column(pool, POINTS)
    share = maker.column([Fraction(n, 4) for n in (0, 1, 1, 2, 4, 9)], RATIO)
    root = Call(Fn.MULTIPLY, (column, Call(Fn.POWER, (share, Number(Fraction(1, 2), RATIO, "0.5")))))
    return Leaf(clause("by_value", **ends(maker, place)), maker.chance.one((column, root)))


def z_score(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    family, middle, each = setting(maker)
    pool = maker.near(family, middle, each)[: chance.one((1, 3, 20))]
    value: Expression = maker.column(pool, family.unit, firm=True)
    scoring = clause(
        "z_score",
        base=(points(place.full * Fraction(3, 4)),),
        each=(maker.amount(place.full / 8),),
        deviation=chance.one(("as_population", "as_sample")),
        zero=(points(place.full / 2),),
        **ends(maker, place),
    )
    return Leaf(scoring, value, higher=chance.yes(), population=chance.one(list(Population)))


def ratio_to_first(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    family, middle, each = setting(maker)
    which = chance.one(("first", "highest", "lowest"))
    higher = {"first": chance.yes(), "highest": True, "lowest": False}[which]
    pool = maker.near(family, middle, each)
    if maker.calm:
        pool = tuple(number for number in pool if number > 0)
        value: Expression = maker.column(pool, family.unit, firm=True)
    else:
        value = maker.value(family, pool, firm=True)
    low = which == "lowest" or not higher
    blank = () if maker.calm else (None,)
    scoring = clause(
        "ratio_to_first",
        which=which,
        award=maker.award(place.full, FULL, GET),
        negative=None if low else chance.one(("negative_nothing", "negative_signed", *blank)),
        nothing=chance.one(("first_nobody", "first_alone", *(() if low else blank))),
    )
    return Leaf(scoring, value, higher=higher, population=chance.one(list(Population)))


def efficacy(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    family, middle, each = setting(maker)
    value = maker.value(family, maker.near(family, middle, each))
    better = chance.one((middle + each, middle - each))
    ends: list[Expression] = [family.amount(better / family.size), family.amount(middle / family.size)]
    spread = None
    if chance.yes(0.4):
        pool = (middle, middle + each, middle - each)
        ends = [maker.column(pool, family.unit, firm=True) for _ in ends]
        spread = chance.one(("spread_full", "spread_least"))
    scoring = clause(
        "efficacy",
        satisfactory=ends[0],
        unacceptable=ends[1],
        base=(Number(Fraction(chance.one((40, 50, 60)), 100), RATIO, "60%"),),
        low=chance.one(("base_floor", "until_item")),
        spread=spread,
        **gaining(maker, place),
    )
    return Leaf(scoring, value)


def min_max(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    base = chance.maybe((Number(Fraction(3, 5), RATIO, "60%"),))
    scoring = clause("min_max", base=base or (), spread=chance.one(("spread_full", "spread_least")))
    return placed(maker, scoring, few=chance.yes())


# ---- counts


def counting(maker: Maker, each: bool) -> tuple[dict[str, Any], Family]:
    """每有 2 件…, or 每件…"""
    chance = maker.chance
    if not each:
        return {"unit": COUNT.word, **(remainder(maker, COUNT.amount(Fraction(1))) if chance.yes(0.4) else {})}, COUNT
    family = chance.one((COUNT, MONEY))
    piece = family.amount(chance.one(family.steps))
    over = remainder(maker, piece) if chance.yes(0.8) or piece.value != 1 else {}
    return {"each": piece, "unit": "" if each else COUNT.word, "what": "未按期办结", **over}, family


def count_pool(family: Family) -> tuple[Fraction, ...]:
    """How many pieces there are."""
    return tuple(Fraction(n) * (1 if family.whole else Fraction(5000)) for n in (0, 0, 1, 2, 3, 4, 5, 6, 7, 9, 12))


def _count_loss(maker: Maker, place: Place, key: str) -> Leaf:
    chance = maker.chance
    given, family = counting(maker, key == "count_loss")
    begin: dict[str, Any] = {}
    if chance.yes(0.3):
        begin = {"none": maker.award(place.full, FULL, GET, ZERO)}
    elif chance.yes(0.4):
        begin = {"done": "全部完成", "all_done": maker.award(place.full, FULL, GET)}
    scoring = clause(key, points=maker.amount(per_step(maker, place)), **given, **begin, **losing(maker, place))
    return Leaf(scoring, maker.value(family, count_pool(family)))


def _count_gain(maker: Maker, place: Place, key: str) -> Leaf:
    chance = maker.chance
    given, family = counting(maker, key == "count_gain")
    each: dict[str, Any] = {"points": maker.amount(per_step(maker, place))}
    bounds = gaining(maker, place)
    if place.level is Level.DEDUCTION:
        # 扣完…为止 and 不低于 x 分 are two floors: the check refuses both at once
        most = losing(maker, place).get("most")
        bounds = {"most": most} | chance.one(({"floor": chance.one(FLOORS)}, {"least": lowest(place)}))
    if place.scored and chance.yes(0.3):
        times = chance.whole(2, 5)
        each = {"points": points(place.full / times), "times": Number(Fraction(times), RATIO, f"{times} 次")}
        bounds = {}
    none = maker.award(place.full, ZERO) if chance.yes(0.3) else None
    return Leaf(clause(key, none=none, **each, **given, **bounds), maker.value(family, count_pool(family)))


def count_loss(maker: Maker, place: Place) -> Leaf:
    return _count_loss(maker, place, "count_loss")


def rate_loss(maker: Maker, place: Place) -> Leaf:
    return _count_loss(maker, place, "rate_loss")


def count_gain(maker: Maker, place: Place) -> Leaf:
    return _count_gain(maker, place, "count_gain")


def rate_gain(maker: Maker, place: Place) -> Leaf:
    return _count_gain(maker, place, "rate_gain")


def count_quota(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    norm, within = chance.whole(1, 5), chance.one((Fraction(1), Fraction(1, 2)))
    beyond = {
        "extra": points(chance.one((Fraction(1), Fraction(3, 4)))),
        "beyond": "within_item",
        "offset": "no_offset",
    }
    beyond |= chance.one(({"cap": "uncapped"}, {"most": points(2)}, {"cap": "uncapped", "most": points(3)}))
    scoring = clause(
        "count_quota",
        norm=COUNT.amount(Fraction(norm)),
        unit=COUNT.word,
        within=points(within),
        **(beyond if chance.yes(0.7) else {}),
    )
    return Leaf(scoring, maker.value(COUNT, count_pool(COUNT)), full=norm * within)


def checklist(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    bounds = gaining(maker, place)
    if chance.yes(0.3):
        scoring = clause(
            "checklist", each=COUNT.amount(Fraction(chance.whole(1, 3))), points=points(1), what="理由", **bounds
        )
        return Leaf(scoring, maker.value(COUNT, count_pool(COUNT)))
    number = chance.whole(2, 5)
    items = tuple(maker.fact(0.7) for _ in range(number))
    each = place.full / number if chance.yes() else place.full
    return Leaf(clause("checklist", each=Number(Fraction(1), RATIO, "1"), points=points(each), items=items, **bounds))


def by_conditions(maker: Maker, place: Place) -> Leaf:
    """Two or three conditions; every combination has a row, or 其余 takes what is left."""
    chance = maker.chance
    family, middle, each = setting(maker)
    edge = Interval(middle, None), Interval(None, middle, high_in=False)
    sides: list[tuple[Expression, tuple[Any, ...]]] = [
        (maker.fact(0.6), (True, False)),
        (maker.value(family, maker.near(family, middle, each)), edge),
        (maker.stock.column(ValueType.TEXT, CHOICES), CHOICES),
    ]
    sides = chance.some(sides, 2)
    rows: list[tuple[Any, ...]] = list(product(*(cells for _, cells in sides)))
    if chance.yes(0.4):
        first = sides[0][1][0]
        rows = [(first, *[None] * (len(sides) - 1)), *(row for row in rows if row[0] != first)]
    rest = None
    if chance.yes(0.4):
        rows, rest = rows[:-1], maker.amount(place.full / 8)
    rows = chance.shuffled(rows)
    gives = tuple(maker.amount(place.full * Fraction(n % 5, 4)) for n in range(len(rows)))
    scoring = clause(
        "by_conditions",
        facts=tuple(fact for fact, _ in sides),
        heads=tuple("甲乙丙"[: len(sides)]),
        cells=tuple(rows),
        gives=gives,
        rest=rest,
    )
    return Leaf(scoring)


# ---- facts that are no numbers


def deadline(maker: Maker, place: Place) -> Leaf:
    day = date(2025, 7, 31)
    pool = (date(2025, 7, 30), day, day, date(2025, 8, 1), date(2025, 1, 5), date(2025, 12, 31))
    word = maker.chance.one(("late", "otherwise"))
    missed = maker.award(place.full, *maker.misses(place.level)) if place.scored or maker.chance.yes() else None
    scoring = clause("deadline", day=day, text="印发", award=maker.award(place.full, FULL, GET), **{word: missed})
    return Leaf(scoring, maker.stock.column(ValueType.DATE, pool), ValueType.DATE)


def yes_no(maker: Maker, place: Place) -> Leaf:
    missed = maker.award(place.full, *maker.misses(place.level)) if place.scored or maker.chance.yes() else None
    scoring = clause("yes_no", text="按时报送", award=maker.award(place.full, FULL, GET), otherwise=missed)
    return Leaf(scoring, maker.fact(), ValueType.BOOL)


def none_occurred(maker: Maker, place: Place) -> Leaf:
    missed = maker.award(place.full, *maker.misses(place.level)) if place.scored or maker.chance.yes() else None
    scoring = clause("none_occurred", award=maker.award(place.full, FULL, GET), otherwise=missed)
    return Leaf(scoring, maker.fact(), ValueType.BOOL)


def manual(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    within = {"low": points(place.full / 4), "high": points(place.full * Fraction(3, 4))}
    word = chance.one(("manual", "discretion", "discretion_gain", "discretion_loss"))
    scoring = clause(
        "manual",
        word=word,
        grid=points(Fraction(1, 2)),
        reason=chance.maybe("with_reason"),
        **(within if word != "manual" or chance.yes() else {}),
    )
    pool = tuple(place.full * Fraction(n, 8) for n in range(2, 7))
    return Leaf(scoring, maker.column(pool, POINTS))


# ---- rows


def counted_rows(maker: Maker, place: Place, taking: bool) -> dict[str, Any]:
    """What all kinds say that count the rows of a ledger."""
    chance, use = maker.chance, maker.use(place.level)
    same = "highest_once" if maker.across else chance.one(("highest_once", "each_counts"))
    bounds = {key: value for key, value in (losing if taking else gaining)(maker, place).items() if value is not None}
    more: dict[str, Any] = {"excused": maker.filter(use.ledger)} if chance.yes(0.35) else {}
    if chance.yes(0.35):
        more["quantity"] = "件数"
    if chance.yes(0.35):
        rest = chance.yes()
        more["shared"] = ("主办", "") if rest else ("主办", "协办")
        more["shares"] = (percent(100), percent(50))
    if chance.yes(0.3):
        more["owners"] = ("属地", "主管")
        more["owner_shares"] = chance.one(((percent(100), percent(50)), (percent(60), percent(60))))
        more["owner_rule"] = chance.one(("unit_once", "unit_each"))
    if chance.yes(0.3):
        more["doubled"] = maker.condition(0.4)
    if chance.yes(0.3):
        more["row_most"] = points(2)
    if chance.yes(0.25) and not maker.across:
        more["none"] = maker.award(place.full, *((ZERO, GET) if taking else (ZERO, FULL)))
    matter = {"matter": ("事项编号",)} if same == "highest_once" else {}
    return {"use": use, "same_matter": same, "across": maker.across or None} | matter | bounds | more


def percent(number: int) -> Number:
    """``number`` %."""
    return Number(Fraction(number, 100), RATIO, f"{number}%")


def some_points(maker: Maker) -> Number:
    """Points of one row."""
    return points(maker.chance.one((Fraction(1), Fraction(2), Fraction(1, 2), Fraction(3))))


def ledger(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    levels = CHOICES if chance.yes(0.7) else ("",)
    more: tuple[tuple[str, ...], ...] = ()
    if levels != ("",) and chance.yes(0.4):
        levels, more = (*levels, "省级"), ((), (), (), ("协办",))
    taking = place.level is Level.DEDUCTION or (place.scored and chance.yes())
    kinds = (DEDUCT,) if taking else (ADD, GET)
    scoring = clause(
        "ledger",
        levels=levels,
        awards=tuple(Award(chance.one(kinds), some_points(maker)) for _ in levels),
        units=("次",) * len(levels),
        more=more,
        most_each=tuple(chance.maybe(points(2), 0.4) for _ in levels) if chance.yes() else (),
        **counted_rows(maker, place, taking),
    )
    return Leaf(scoring)


def ledger_table(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    keys = (
        ("级别", ("国家级", "国家级", "省级", "其余")),
        ("角色", ("主办", "协办", "主办", chance.one(("其余", "")))),
    )
    taking = place.level is Level.DEDUCTION or (place.scored and chance.yes())
    way = "table_loses" if taking and (place.scored or chance.yes()) else "table_gives"
    gives = tuple(some_points(maker) for _ in range(4))
    return Leaf(clause("ledger_table", keys=keys, gives=gives, way=way, **counted_rows(maker, place, taking)))


def ledger_points(maker: Maker, place: Place) -> Leaf:
    taking = place.level is Level.DEDUCTION or (place.scored and maker.chance.yes())
    way = "each_row_loses" if taking and (place.scored or maker.chance.yes()) else "each_row_gives"
    given = {"column": "核定分", "low": points(0), "high": points(3)}
    return Leaf(clause("ledger_points", way=way, **given, **counted_rows(maker, place, taking)))


def turns(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    taking = place.level is Level.DEDUCTION or (place.scored and chance.yes())
    number = chance.whole(1, 4)
    bounds = {key: value for key, value in (losing if taking else gaining)(maker, place).items() if value is not None}
    rows: dict[str, Any] = {}
    if chance.yes(0.6):
        use, same = maker.use(place.level), chance.one(("highest_once", "each_counts"))
        rows = {"use": use, "same_matter": same, "matter": ("事项编号",) if same == "highest_once" else ()}
        rows |= {"excused": maker.filter(use.ledger)} if chance.yes(0.4) else {}
    scoring = clause(
        "turns",
        turns=tuple(COUNT.amount(Fraction(n)) for n in range(1, number + 1)),
        awards=tuple(Award(DEDUCT if taking else GET, some_points(maker)) for _ in range(number)),
        onward=(*(False for _ in range(number - 1)), True),
        **rows,
        **bounds,
    )
    return Leaf(scoring) if rows else Leaf(scoring, maker.value(COUNT, count_pool(COUNT)))


def votes(maker: Maker, name: str, edge: Expression | None) -> dict[str, Any]:
    """What the kinds of votes share: dropping, void ballots, layers."""
    chance = maker.chance
    maker.stock.ballot(name)
    careful = maker.calm and (
        chance.yes(0.75) or maker.stock.mood is Mood.WHOLE
    )  # nothing may leave a unit without a vote
    where: Condition = TRUE
    if chance.yes(0.2):
        layer = ColumnRef(name, "层别", ValueType.TEXT)
        where = Comparison(Compare.NOT_EQUAL, layer, TextLiteral(LAYERS[0]))
    given: dict[str, Any] = {"use": LedgerUse(name, where)}
    layered = chance.yes()
    if layered:
        columns = maker.stock.categories or ("权重",)
        weights = [(Fraction(1, 2), Fraction(3, 10), Fraction(1, 5)), (Fraction(2, 5), Fraction(3, 5), Fraction(0))]
        shares = [chance.one(weights) for _ in columns]
        cells = tuple(tuple(Number(share[n], RATIO, "") for share in shares) for n in range(len(LAYERS)))
        empty = chance.one(("share_empty", "zero_empty", *(() if careful else ("open_empty",))))
        given |= {"layers": Numbers("层别", LAYERS, columns, cells), "empty": empty}
    if chance.yes(0.6):
        ends = chance.one((1, 1, 2))
        equal = "as_many" if careful else chance.one(("as_many", "all_equal"))
        among = chance.one(("in_layer", "in_layer", "in_all")) if layered else None
        if among == "in_all":
            equal = "all_equal"
        given |= {"drop": "drop_ends" if ends > 1 else "drop_one", "equal": equal, "among": among}
        given |= {"ends": (Number(Fraction(ends), RATIO, ""),) if ends > 1 else ()}
        given["over"] = (Number(Fraction(2 * ends + chance.one((0, 0, 1))), RATIO, ""),)
    if chance.yes(0.4):
        given["void"] = (chance.weighted({"all_alike": 2, "two_alike": 0 if careful else 1}),)
    if edge is not None and chance.yes(0.3) and not careful:
        given |= {
            "spread_ops": (chance.one(("ge", "gt", "le", "lt")),),
            "spread_edges": (edge,),
            "spread_bounds": (chance.one(("most", "present")),),
            "spread_counts": (Number(Fraction(chance.one((6, 12, 18))), RATIO, ""),),
        }
    return given


def raters(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    times = (Number(Fraction(4, 5), RATIO, "80%"),) if chance.yes(0.3) else ()
    by = ("打分",) if chance.yes(0.3) else ()
    return Leaf(clause("raters", times=times, by=by, **votes(maker, SHEETS, points(8))))


def satisfaction(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    which = chance.one(("index", "rate"))
    shares = (1, 1, 0) if which == "rate" else (1, Fraction(4, 5), Fraction(2, 5))
    counts = [Interval(Fraction(n), Fraction(n), True, True) for n in shares]
    times = (chance.one((OwnRef("full", POINTS), points(8))),)
    own: dict[str, Any] = {"times": times, "which": which}
    own |= {"options": ANSWERS, "counts": (*counts, chance.one(("无效", counts[2])))}
    return Leaf(clause("satisfaction", **own, **votes(maker, SHEETS, None)))


def satisfaction_counted(maker: Maker, place: Place) -> Leaf:
    chance = maker.chance
    which = chance.one(("index", "rate"))
    shares = (1, 1, 0) if which == "rate" else (1, Fraction(4, 5), Fraction(2, 5))
    counts = [Interval(Fraction(n), Fraction(n), True, True) for n in shares]
    columns = tuple(
        maker.column([Fraction(n) for n in (0, 0, 3, 5, 12) if n or at or not maker.calm], Unit(("票",)))
        for at, _ in enumerate(ANSWERS)
    )
    times = (chance.one((OwnRef("full", POINTS), points(8))),)
    return Leaf(clause("satisfaction_counted", which=which, times=times, votes=columns, counts=(*counts, "无效")))


def borda(maker: Maker, place: Place) -> Leaf:
    first = place.full
    step = maker.chance.one((Fraction(1, 4), Fraction(1, 2)))
    given = votes(maker, RANK_BALLOTS, points(first - 2))
    return Leaf(clause("borda", first=(points(first),), step=(points(step),), **given))


LEAVES: Mapping[str, Strategy] = {
    one.__name__: one
    for one in (
        bands, by_conditions, checklist, converted, count_gain, count_loss, count_quota, deadline, interpolate, ledger,
        ledger_points, ledger_table, manual, meet_or_zero,
        none_occurred, proportional, rank_list, rate_gain, rate_loss, ratio_to_first, reach, step_down, step_up,
        turns, up_and_down, yes_no, by_value, z_score,
        efficacy, min_max, rank_ends, rank_even, rank_falling, rank_spans, rank_switch,
        borda, raters, satisfaction, satisfaction_counted,
    )
}  # fmt: skip
"""Kind → strategy."""


def combining(maker: Maker, key: str, children: int) -> Clause:
    """A clause that makes one score of ``children``."""
    chance = maker.chance
    least = Number(Fraction(chance.whole(1, children)), RATIO, "") if chance.yes() else None
    match key:
        case "agreed":
            return clause(key)
        case "larger_of":
            return clause(key, which=chance.one(("larger_of", "smaller_of")), least=least)
        case "mean_of":
            times = (Number(Fraction(chance.whole(1, 3)), RATIO, ""),) if chance.yes() else ()
            return clause(key, times=times, least=least)
    return clause(key, least=least)


COMBINES = ("agreed", "larger_of", "mean_of", "sum_of")


def sound(item: Item, maker: Maker) -> bool:
    """Whether the kind's check finds nothing 必须改."""
    one = item.scoring or item.combine
    assert one is not None
    problems = BY_KEY[one.kind].check(one, Setting(item, maker.with_tables()))
    return all(problem.severity is not Severity.MUST for problem in problems)


__all__ = ["COMBINES", "LEAVES", "Call", "ColumnRef", "Fn", "LedgerUse", "Mood", "OwnRef", "State"]
