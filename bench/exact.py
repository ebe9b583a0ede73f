"""What W200 must come to, from the numbers and the rules alone; nothing of the engine is used.

:func:`whole` works on whole columns of integers with integer division. :func:`by_fractions` works out single units
with fractions, as on paper; it is the judge of :func:`whole`, which is the judge of everybody else.

Every answer is a column of integers: hundredths for scores, groups and totals, places for ranks, and for grades 0 for
the best. Keys: ``s000`` … ``s199``, ``g0`` … ``g9``, ``total``, ``rank``, ``grade``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

import numpy as np
import numpy.typing as npt
from w200 import CATEGORIES, GRADES, GROUPS, PER_GROUP, WEIGHTS, Indicator, Ints, Numbers, indicators

Column = tuple[str, npt.NDArray[np.integer]]
FULL = 10000
"""100 points in hundredths."""
LEAST = tuple(points * 100 for _, points in GRADES)
WHAT = {"s": "得分", "g": "一级指标得分", "t": "总分", "r": "名次", "q": "等次"}


def score_key(one: Indicator) -> str:
    """The key of an indicator's score."""
    return f"s{one.number:03d}"


def local(one: Indicator) -> bool:
    """Whether the score of a unit needs no other unit."""
    return one.kind not in ("range", "rank")


def group_of(number: int) -> int:
    """The group that an indicator stands in."""
    return number // PER_GROUP


def half_up(over: Ints, under: Ints | int) -> Ints:
    """over ÷ under to the next whole number, halves up; ``over`` is not negative here."""
    return (2 * over + under) // (2 * under)


# ---- whole columns -------------------------------------------------------------------------------------------------


def whole(found: Numbers, only_local: bool = False) -> dict[str, npt.NDArray[np.int32]]:
    """All answers; with ``only_local`` just the scores that need no other unit."""
    units = len(found.category)
    members = [np.flatnonzero(found.category == category) for category in range(CATEGORIES)]
    made: dict[str, npt.NDArray[np.int32]] = {}
    groups = np.zeros((GROUPS, units), dtype=np.int64)
    for one in indicators():
        if only_local and not local(one):
            continue
        score = _score(one, found, members)
        made[score_key(one)] = score.astype(np.int32)
        groups[group_of(one.number)] += score
    if only_local:
        return made
    total = np.zeros(units, dtype=np.int64)
    for group, weight in enumerate(WEIGHTS):
        made[f"g{group}"] = groups[group].astype(np.int32)
        total += weight * groups[group]
    total = np.clip(half_up(total, 100), 0, FULL)
    rank, grade = np.zeros(units, dtype=np.int64), np.zeros(units, dtype=np.int64)
    for mine in members:
        rank[mine] = places(total[mine])
        quota = len(mine) * 30 // 100
        for least in LEAST[:-1]:
            grade[mine] += total[mine] < least
        grade[mine[(grade[mine] == 0) & (rank[mine] > quota)]] = 1
    return made | {"total": total.astype(np.int32), "rank": rank.astype(np.int32), "grade": grade.astype(np.int32)}


def places(values: Ints) -> Ints:
    """1 + how many are greater."""
    return len(values) - np.searchsorted(np.sort(values), values, side="right") + 1


def _score(one: Indicator, found: Numbers, members: Sequence[Ints]) -> Ints:
    n, scale, full = f"{one.number:03d}", 10**one.digits, one.cents
    of = found.columns[f"实绩{n}"]
    match one.kind:
        case "share":
            return np.minimum(half_up(full * of, found.columns[f"任务{n}"]), full)
        case "between":
            last = found.columns[f"上年{n}"]
            return np.minimum(half_up(full * np.maximum(of - last, 0), found.columns[f"任务{n}"] - last), full)
        case "weighted":
            both = 3 * of + 7 * found.columns[f"另项{n}"]
            return np.minimum(half_up(full * both, 10 * found.columns[f"任务{n}"]), full)
        case "bands":
            score = np.zeros(len(of), dtype=np.int64)
            for place in reversed(range(len(one.edges))):
                score[of >= one.edges[place] * scale] = one.share(place)
            return score
        case "steps":
            started = (np.maximum(of - one.allowed * scale, 0) + scale - 1) // scale
            return np.maximum(full - one.lost * started, 0)
    score = np.full(len(of), full, dtype=np.int64)
    for mine in members:
        there = of[mine]
        if one.kind == "range" and len(mine) and there.max() > there.min():
            score[mine] = half_up(full * (there - there.min()), int(there.max() - there.min()))
        if one.kind == "rank" and len(mine) > 1:
            score[mine] = half_up(full * (len(mine) - places(there)), len(mine) - 1)
    return score


# ---- single units, as on paper ---------------------------------------------------------------------------------------


def by_fractions(found: Numbers, units: Iterable[int], judged: Mapping[str, npt.NDArray[np.int32]]) -> Counter[str]:
    """How many answers in ``judged`` for ``units`` are not what fractions give, by kind.

    A rank is counted among the totals of all units in ``judged``, with the unit's own total from here.
    """
    wrong: Counter[str] = Counter()
    members = [np.flatnonzero(found.category == category) for category in range(CATEGORIES)]
    facts = {
        (one.number, category): (np.sort(found.columns[f"实绩{one.number:03d}"][mine]))
        for one in indicators()
        if not local(one)
        for category, mine in enumerate(members)
    }
    totals = [np.sort(judged["total"][mine]) for mine in members]
    for unit in units:
        category = int(found.category[unit])
        groups = [Fraction(0)] * GROUPS
        for one in indicators():
            score = _hundredths(_on_paper(one, found, unit, facts.get((one.number, category))))
            groups[group_of(one.number)] += Fraction(score, 100)
            wrong["得分"] += score != judged[score_key(one)][unit]
        published = [_hundredths(group) for group in groups]
        for group, points in enumerate(published):
            wrong["一级指标得分"] += points != judged[f"g{group}"][unit]
        exact = sum((Fraction(w, 100) * Fraction(p, 100) for w, p in zip(WEIGHTS, published, strict=True)), Fraction(0))
        total = _hundredths(min(max(exact, Fraction(0)), Fraction(100)))
        wrong["总分"] += total != judged["total"][unit]
        there = totals[category]
        rank = len(there) - int(np.searchsorted(there, total, side="right")) + 1
        wrong["名次"] += rank != judged["rank"][unit]
        grade = next(place for place, least in enumerate(LEAST) if total >= least)
        if grade == 0 and rank > floor(Fraction(len(there) * 30, 100)):
            grade = 1
        wrong["等次"] += grade != judged["grade"][unit]
    return wrong


def _hundredths(points: Fraction) -> int:
    return floor(points * 100 + Fraction(1, 2))


def _on_paper(one: Indicator, found: Numbers, unit: int, there: Ints | None) -> Fraction:
    """Points of one unit. ``there``: what its category reached, sorted, for an indicator that compares."""
    full, scale = Fraction(one.cents, 100), 10**one.digits

    def of(name: str) -> Fraction:
        return Fraction(int(found.columns[f"{name}{one.number:03d}"][unit]), scale)

    match one.kind:
        case "share":
            return min(of("实绩") / of("任务"), Fraction(1)) * full
        case "between":
            way = (of("实绩") - of("上年")) / (of("任务") - of("上年"))
            return min(max(full * way, Fraction(0)), full)
        case "weighted":
            return min((3 * of("实绩") + 7 * of("另项")) / (10 * of("任务")), Fraction(1)) * full
        case "bands":
            got = (Fraction(one.share(place), 100) for place, edge in enumerate(one.edges) if of("实绩") >= edge)
            return next(got, Fraction(0))
        case "steps":
            over = max(of("实绩") - one.allowed, Fraction(0))
            return max(full - Fraction(one.lost, 100) * ceil(over), Fraction(0))
    assert there is not None
    mine = int(found.columns[f"实绩{one.number:03d}"][unit])
    low, high, count = int(there[0]), int(there[-1]), len(there)
    if one.kind == "range":
        return full if high == low else full * Fraction(mine - low, high - low)
    place = count - int(np.searchsorted(there, mine, side="right")) + 1
    return full if count == 1 else full * (1 - Fraction(place - 1, count - 1))


# ---- how many are wrong ----------------------------------------------------------------------------------------------


def wrong(columns: Iterable[Column], truth: Mapping[str, npt.NDArray[np.int32]]) -> Counter[str]:
    """Cells of ``columns`` that differ from ``truth``, by kind; a column that is missing is wrong in every cell."""
    found: Counter[str] = Counter({WHAT[_kind(key)]: 0 for key in truth})
    left = set(truth)
    for key, values in columns:
        found[WHAT[_kind(key)]] += int(np.count_nonzero(values != truth[key]))
        left.remove(key)
    for key in left:
        found[WHAT[_kind(key)]] += len(truth[key])
    return found


def _kind(key: str) -> str:
    return "q" if key == "grade" else key[0]


def hundredths(values: npt.NDArray[np.floating]) -> Ints:
    """Doubles that stand for points, as integers in hundredths."""
    return np.rint(np.asarray(values, dtype=np.float64) * 100).astype(np.int64)
