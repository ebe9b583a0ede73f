"""Vetoes, limits, drops, grade schemes and applications by chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from generated.chance import Chance
from generated.leaves import clause
from generated.maker import COUNT, Maker, points
from generated.stock import Mood
from perfdsl.clauses import BY_KEY
from perfdsl.clauses.pay_scale import stretch
from perfdsl.clauses.shared import grades_check
from perfdsl.clauses.shared.ruling import RuleSetting
from perfdsl.model.expression import (
    TRUE,
    AllOf,
    Compare,
    Comparison,
    Condition,
    Holds,
    InGrade,
    ItemRef,
    Number,
    Placed,
)
from perfdsl.model.grade import Grade, GradeScheme, Interval, Quota, QuotaBase, QuotaKind, TieAtCut
from perfdsl.model.item import Clause
from perfdsl.model.rulebook import Rule, Rulebook
from perfdsl.model.units import PLACES, POINTS, RATIO, Mode, ValueType
from perfdsl.text.citation import Citation
from perfdsl.text.problem import Severity

NAMES = ("优秀", "良好", "合格", "基本合格", "不合格")
LIMITS = ("veto", "bar_top", "cap_grade", "drop_grade", "promote", "undetermined")
EFFECTS = {
    "veto": ("set", "no_better", "bar", None, "total_zero", "item_zero"),
    "bar_top": ("bar", None),
    "cap_grade": ("no_better",),
    "drop_grade": ("drop", "set", "no_better"),
    "promote": ("direct",),
    "undetermined": (None,),
}
BY_KIND = {
    "promote": ("no_quota", "takes_quota"),
    "undetermined": ("keeps_place", "backfill"),
    "drop_grade": ("no_backfill", None),
}
ZEROES = ("total_zero", "item_zero")
SCOPES = {"单位": 3.0, "单位、领导班子": 2.0, "主要负责人": 1.0}
TEAMS = ("领导班子", "主要负责人")


def rule(code: str, name: str, made: Clause) -> Rule:
    """A block around a clause."""
    return Rule(code, name, made, citation=Citation(code=code, name=name))


# ---- limits


def limits(maker: Maker, names: Sequence[str]) -> tuple[Rule, ...]:
    """Vetoes, limits and drops; now and then several drops that meet."""
    made = [limit(maker, names, maker.chance.one(LIMITS), 0.12) for _ in range(maker.chance.whole(1, 5))]
    if maker.chance.yes(0.4):
        made += [limit(maker, names, "drop_grade", 0.5, effect) for effect in ("drop", "no_better", "drop")]
    if maker.chance.yes(0.4):
        # who is kept from several grades holds a place in none or in one, and not in each
        made.append(limit(maker, names, "bar_top", 0.3, "bar"))
    if maker.stock.mood is Mood.WHOLE:
        made.append(limit(maker, names, "veto", 0.2, None))  # 后果 is not written: the last grade
    return tuple(rule(f"V{n}", f"限制{n}", one) for n, one in enumerate(made))


def limit(maker: Maker, names: Sequence[str], key: str, odds: float, effect: str | None = "") -> Clause:
    """One of them, for ``odds`` of the units; any of its effects, if none is asked for."""
    chance = maker.chance
    effect = chance.one(EFFECTS[key]) if effect == "" else effect
    grades: tuple[str, ...] = ()
    match effect:
        case "set":
            grades = (names[-1],) if chance.yes(0.7) else (chance.one(names[1:]),)
        case "no_better":
            grades = (chance.one(names[1:]),)
        case "direct":
            grades = (chance.one(names[:-1]),)
        case "bar":
            grades = tuple(names[: chance.whole(1, len(names) - 1)])
    if effect in ZEROES:
        return zero(maker, effect, odds)
    several = chance.yes(0.3)
    count = Number(Fraction(chance.whole(1, len(names) - 1)), RATIO, "")
    return clause(
        key,
        when=None if several else maker.condition(odds),
        any_of=tuple(maker.condition(odds * 2 / 3) for _ in range(2)) if several else (),
        effect=effect,
        grades=grades,
        count=count if effect == "drop" else None,
        quota=chance.one(BY_KIND.get(key, ("backfill", "no_backfill"))),
        decided=chance.one(("", "考评办")),
        applies=maker.condition(0.8) if chance.yes(0.15) else None,
        rank=ranking(chance, key),
        scope="" if key == "promote" or not maker.book.scopes else chance.weighted(SCOPES),
    )


def ranking(chance: Chance, key: str) -> str | None:
    """Whether the unit stays in the ranking; a veto must say so, an open case cannot."""
    if key == "undetermined" or (key != "veto" and chance.yes(0.6)):
        return None
    return chance.one(("keeps_rank", "unranked"))


def zero(maker: Maker, effect: str, odds: float) -> Clause:
    """A veto that takes points; its case reads facts alone, since scores come after it."""
    chance = maker.chance
    codes = [item.code for item in maker.book.walk() if item.scoring or item.combine]
    return clause(
        "veto",
        when=Holds(maker.fact(odds, firm=chance.yes())),
        effect=effect,
        codes=tuple(chance.some(codes, 1, 2)) if effect == "item_zero" else (),
        quota="backfill",
        rank="keeps_rank",
    )


def teams(maker: Maker, names: Sequence[str]) -> tuple[Rule, ...]:
    """The grades of a team and a leader: one follows the unit, one starts at what somebody else has given."""
    chance = maker.chance
    pool = (*names, names[0], *(("另行通知",) if chance.yes(0.2) else ()))
    bounds = ("no_better_than_unit", "free_of_unit")
    made = []
    for name in TEAMS:
        own = chance.yes(0.6)
        start = maker.stock.column(ValueType.TEXT, pool, firm=chance.yes(0.7)) if own else None
        made.append(
            rule(name, name, clause("scoped_grade", bound=chance.one(bounds) if own else "follows_unit", start=start))
        )
    return tuple(made)


# ---- grades


def scheme(maker: Maker, full: Fraction, names: Sequence[str]) -> GradeScheme:
    """A grade scheme that its check accepts."""
    for _ in range(20):
        made = attempt(maker, full, names)
        book = replace(maker.with_tables(), scheme=made)
        if not any(found.severity is Severity.MUST for found in grades_check.check(made, RuleSetting(book))):
            return made
    return GradeScheme(
        "等次", tuple(Grade(name, Interval(low=None) if n == 0 else None) for n, name in enumerate(names)), False
    )


def attempt(maker: Maker, full: Fraction, names: Sequence[str]) -> GradeScheme:
    """Bands, quotas, positions, further conditions, or several of them at once."""
    chance = maker.chance
    edges = cut(maker, full, len(names) - 1)
    style = chance.weighted({"bands": 2, "quotas": 4, "positions": 1.5, "both": 4})
    grades: list[Grade] = []
    for place, name in enumerate(names):
        last = place == len(names) - 1
        band, quota, position = None, None, None
        if style in ("bands", "both") and not last:
            low_in = chance.yes()
            high = grades[-1].band if grades and grades[-1].band is not None else None
            band = Interval(
                edges[place], None if high is None else high.low, low_in, False if high is None else not high.low_in
            )
        if (style == "quotas" or (style == "both" and chance.yes(0.6))) and not last:
            quota = quota_of(maker)
        if style == "positions" and not last:
            position = Interval(Fraction(1 if place == 0 else 8 * place), Fraction(8 * (place + 1)), True, chance.yes())
            quota = quota_of(maker) if chance.yes(0.3) else None
        also = maker.condition(0.75) if not last and chance.yes(0.2) else None
        forced = quota_of(maker) if place >= len(names) - 2 and chance.yes(0.2) else None
        grades.append(Grade(name, band, quota, also, position, forced))
    return GradeScheme(
        "等次",
        tuple(grades),
        by_category=chance.yes(),
        base=chance.one(list(QuotaBase)),
        rounding=chance.one(list(Mode)),
        tie=chance.one(list(TieAtCut)),
        promoted=Holds(maker.fact(0.1, firm=True)) if chance.yes(0.3) else None,
    )


def quota_of(maker: Maker) -> Quota:
    """A share or a number of places."""
    chance = maker.chance
    if chance.yes(0.7):
        return Quota(QuotaKind.SHARE, Fraction(chance.one((5, 10, 15, 20, 25, 30, 35, 50)), 100))
    return Quota(QuotaKind.COUNT, Fraction(chance.one((0, 1, 2, 3, 5, 8, 10))))


def cut(maker: Maker, full: Fraction, count: int) -> list[Fraction]:
    """Thresholds, the greatest first, on numbers that totals can be."""
    rounding = maker.book.roundings.total
    unit = Fraction(10) ** -min(rounding.digits if rounding else 0, 1)
    middle = full * Fraction(maker.chance.whole(40, 65), 100)
    width = full * Fraction(maker.chance.whole(3, 12), 100)
    found = [round((middle + width * (count - 1 - 2 * n)) / unit) * unit for n in range(count)]
    for n, (above, below) in enumerate(pairwise(found), start=1):
        found[n] = min(below, above - unit, found[n - 1] - unit)
    return bounded(maker, found)


def bounded(maker: Maker, found: list[Fraction]) -> list[Fraction]:
    """Now and then the first and the last threshold are the bounds of the total, on which many totals lie."""
    most, least = maker.book.total.most, maker.book.total.least
    if most is not None and maker.chance.yes() and (len(found) == 1 or most > found[1]):
        found[0] = most
    if least is not None and maker.chance.yes() and len(found) > 1 and least < found[-2]:
        found[-1] = least
    return found


# ---- applications


@dataclass(frozen=True)
class Whom:
    """Conditions of applications; they may look at grades and totals."""

    maker: Maker
    names: Sequence[str]

    def condition(self) -> Condition:
        """对象."""
        chance = self.maker.chance
        places = 8 if self.maker.stock.mood is Mood.WHOLE else 2
        match chance.weighted({"plain": 2, "grade": 3, "years": 4, "total": 2, "both": 2, "rank": 2, "placed": places}):
            case "grade":
                return self.in_grade(1)
            case "years":
                return self.in_grade(chance.whole(2, 4))
            case "rank":
                edge = Number(Fraction(chance.whole(1, 12)), PLACES, "")
                return Comparison(chance.one(list(Compare)), ItemRef("rank", "", PLACES), edge)
            case "placed":
                return Placed(chance.yes(), chance.whole(1, 12), chance.yes())
            case "total":
                return self.total()
            case "both":
                return AllOf((self.in_grade(chance.whole(1, 3)), self.total()))
        return self.maker.condition(0.4)

    def in_grade(self, years: int) -> InGrade:
        """So many years in one of some grades."""
        chance = self.maker.chance
        grades = tuple(chance.some(self.names, 1, 2 if years < 3 else 3))
        return InGrade(grades, years, chance.yes() if years > 1 else False)

    def total(self) -> Condition:
        """总分 against a number."""
        edge = points(round((self.maker.book.full or Fraction(0)) / 2))
        return Comparison(self.maker.chance.one(list(Compare)), ItemRef("total", "", POINTS), edge)


def paid(maker: Maker) -> dict[str, object]:
    """计发基数, 上限 and 取舍."""
    chance = maker.chance
    heads = maker.column([Fraction(n) for n in (0, 7, 12, 13, 40, 41)], COUNT.unit, firm=chance.yes(0.7))
    most = Number(Fraction(chance.one((10, 25, 40))), RATIO, "") if chance.yes(0.6) else None
    rounded = {"digits": chance.whole(-1, 1), "mode": chance.one(("half_up", "half_even", "down", "up"))}
    return {
        "base": heads,
        "most": most,
        "uncapped": None if most else "uncapped",
        **(rounded if chance.yes(0.6) else {}),
    }


def staff(maker: Maker, names: Sequence[str], whom: Condition | None) -> Clause:
    """A share of the heads by grade."""
    shares = tuple(Number(Fraction(20 - 3 * place, 100), RATIO, "") for place in range(len(names)))
    heads = paid(maker)["base"]
    mode = maker.chance.one(("half_up", "half_even", "down", "up"))
    return clause("staff_quota", whom=whom, grades=tuple(names), shares=shares, heads=heads, mode=mode)


def scale(maker: Maker, names: Sequence[str], whom: Condition | None) -> Clause:
    """Pay between two ends of each grade."""
    edges = [Number(Fraction(len(names) - place, 2), RATIO, "") for place in range(len(names) + 1)]
    flat = [maker.chance.yes(0.2) or stretch(maker.book, name) is None for name in names]
    starts = tuple(edges[place if flat[place] else place + 1] for place in range(len(names)))
    outside = maker.chance.one(("nearest_end", "not_paid"))
    more = paid(maker) if maker.chance.yes(0.4) else {}
    ends = tuple(edges[:-1])
    return clause("pay_scale", whom=whom, grades=tuple(names), starts=starts, ends=ends, outside=outside, **more)


def places(key: str) -> Callable[[Maker, Sequence[str], Condition | None], Clause]:
    """Numbers of the first or of the last few."""

    def made(maker: Maker, names: Sequence[str], whom: Condition | None) -> Clause:
        chance, lines, at = maker.chance, [], 1
        for _ in range(chance.whole(1, 3)):
            last = at + chance.whole(0, 3)
            lines.append(Interval(Fraction(at), Fraction(last), True, True))
            at = last + chance.whole(1, 2)
        numbers = tuple(Number(Fraction(100 - 15 * n), RATIO, "") for n in range(len(lines)))
        equal = chance.one(("each_gets", "shared"))
        return clause(
            key,
            whom=whom,
            places=tuple(lines),
            numbers=numbers,
            equal=equal,
            **(paid(maker) if chance.yes(0.3) else {}),
        )

    return made


def ladder(maker: Maker, names: Sequence[str], whom: Condition | None) -> Clause:
    """Measures by years in a row."""
    chance = maker.chance
    rungs = sorted(chance.some((1, 2, 3, 4), 1, 3))
    return clause(
        "ladder",
        whom=InGrade(tuple(chance.some(names, 1, 2))),
        years=tuple(Interval(Fraction(rung)) for rung in rungs),
        measures=tuple(f"措施{rung}" for rung in rungs),
        again=chance.one(("restart", "not_again")),
        steps=chance.one(("only_this_step", "all_steps")),
    )


GIVES: dict[str, Callable[[Maker, Sequence[str], Condition | None], Clause]] = {
    "staff_quota": staff,
    "pay_scale": scale,
    "by_rank": places("by_rank"),
    "by_rank_from_below": places("by_rank_from_below"),
    "ladder": ladder,
}


def term(maker: Maker) -> dict[str, Any]:
    """Now and then, from which day and for how long."""
    if maker.chance.yes():
        return {}
    return {"from_day": maker.date(), "within": Number(Fraction(10), RATIO, "10 个工作日")}


def applications(maker: Maker, names: Sequence[str]) -> tuple[Rule, ...]:
    """A number by grade and a measure, both now and then twice."""
    whom, made = Whom(maker, names), []
    for n in range(maker.chance.whole(1, 2)):
        numbers = tuple(Number(Fraction(20 - 2 * place, 10), RATIO, "") for place in range(len(names)))
        given = clause(
            "application",
            action="发放",
            procedure="财政局",
            ways=("direct",),
            grades=tuple(names),
            numbers=numbers,
            whom=whom.condition() if maker.chance.yes() else None,
            **(paid(maker) if maker.chance.yes(0.4) else {}),
        )
        made.append(rule(f"Y{n}", f"奖金{n}", given))
    for n, key in enumerate(maker.chance.some(sorted(GIVES), 1, 3)):
        given = GIVES[key](maker, names, whom.condition() if maker.chance.yes(0.3) else None)
        words: dict[str, Any] = {"procedure": "财政局", "ways": ("focused", "current")}
        words |= {} if key == "ladder" else {"action": "发放"}
        made.append(rule(f"X{n}", f"运用{n}", replace(given, **words)))
    for n in range(maker.chance.whole(1, 2)):
        given = clause(
            "measure", whom=whom.condition(), action="约谈", procedure="考评办", ways=("moderate",), **term(maker)
        )
        made.append(rule(f"Z{n}", f"约谈{n}", given))
    return tuple(made)


def sound(one: Rule, book: Rulebook) -> bool:
    """Whether the kind's check finds nothing 必须改."""
    problems = BY_KEY[one.clause.kind].check(one.clause, RuleSetting(book))
    return all(problem.severity is not Severity.MUST for problem in problems)


__all__ = ["NAMES", "TRUE", "applications", "limits", "scheme", "sound"]
