"""W200 in numpy, by hand, in doubles: facts of the categories first, then blocks of rows on two threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from exact import Column, group_of, hundredths, local, score_key
from w200 import CATEGORIES, GRADES, GROUPS, WEIGHTS, Indicator, Ints, Numbers, indicators

BLOCK = 1 << 15


@dataclass(frozen=True, eq=False)
class Given:
    """Doubles by column name, and the category of each unit."""

    columns: Mapping[str, Any]
    category: Ints


@dataclass(frozen=True, eq=False)
class Facts:
    """Of one comparing indicator: least and greatest of each category, or the place of each unit."""

    low: Any = None
    high: Any = None
    place: Any = None


class Numpy:
    """Float columns in, float columns out."""

    name = "numpy（浮点）"

    def given(self, found: Numbers) -> Given:
        digits = {f"{one.number:03d}": one.digits for one in indicators()}
        return Given({name: v / 10 ** digits[name[2:]] for name, v in found.columns.items()}, found.category)

    def run(self, given: Given) -> dict[str, Any]:
        units = len(given.category)
        members = [np.flatnonzero(given.category == category) for category in range(CATEGORIES)]
        counts = np.array([len(mine) for mine in members])
        names = [*map(score_key, indicators()), *(f"g{group}" for group in range(GROUPS)), "total"]
        made = {name: np.empty(units) for name in names}

        def facts(one: Indicator) -> Facts:
            of = given.columns[f"实绩{one.number:03d}"]
            if one.kind == "rank":
                return Facts(place=_places(of, members))
            ends = [(of[mine].min(), of[mine].max()) if len(mine) else (0.0, 0.0) for mine in members]
            return Facts(*np.array(ends).T)

        with ThreadPoolExecutor(2) as pool:
            comparing = [one for one in indicators() if not local(one)]
            known = dict(zip((one.number for one in comparing), pool.map(facts, comparing), strict=True))

            def block(begin: int) -> None:
                rows = slice(begin, begin + BLOCK)
                category = given.category[rows]
                groups = np.zeros((GROUPS, len(category)))
                for one in indicators():
                    score = _rounded(_score(one, given, rows, known.get(one.number), category, counts))
                    made[score_key(one)][rows] = score
                    groups[group_of(one.number)] += score
                total = np.zeros(len(category))
                for group, weight in enumerate(WEIGHTS):
                    made[f"g{group}"][rows] = points = _rounded(groups[group])
                    total += points * (weight / 100)
                made["total"][rows] = np.clip(_rounded(total), 0, 100)

            list(pool.map(block, range(0, units, BLOCK)))
        made["rank"] = rank = _places(made["total"], members)
        grade = sum((made["total"] < least).astype(np.int64) for _, least in GRADES[:-1])
        made["grade"] = np.where((grade == 0) & (rank > np.floor(counts * 0.3)[given.category]), 1, grade)
        return made

    def answers(self, given: Given, made: dict[str, Any]) -> Iterable[Column]:
        for name, values in made.items():
            yield name, values if name in ("rank", "grade") else hundredths(values)


def _places(values: Any, members: list[Ints]) -> Ints:
    found = np.empty(len(values), dtype=np.int64)
    for mine in members:
        there = values[mine]
        order = np.argsort(there)
        placed = there[order]
        # of equals, all stand where the last of them stands in ascending order
        last = np.append(np.flatnonzero(placed[1:] != placed[:-1]), len(there) - 1)[: len(there)]
        sizes = np.diff(last, prepend=-1)
        found[mine[order]] = np.repeat(len(there) - last, sizes)
    return found


def _rounded(points: Any) -> Any:
    points *= 100
    points += 0.5
    np.floor(points, out=points)
    points /= 100
    return points


def _score(one: Indicator, given: Given, rows: slice, facts: Facts | None, category: Ints, counts: Ints) -> Any:
    full = one.cents / 100

    def column(name: str) -> Any:
        return given.columns[f"{name}{one.number:03d}"][rows]

    of = column("实绩")
    match one.kind:
        case "share":
            score = of / column("任务")
            score *= full
            return np.minimum(score, full, out=score)
        case "between":
            last = column("上年")
            score = of - last
            score *= full
            score /= column("任务") - last
            return np.clip(score, 0, full, out=score)
        case "weighted":
            score = 3 * of
            score += 7 * column("另项")
            score /= 10 * column("任务")
            score *= full
            return np.minimum(score, full, out=score)
        case "bands":
            score = np.zeros(len(of))
            for place in reversed(range(len(one.edges))):
                score[of >= one.edges[place]] = one.share(place) / 100
            return score
        case "steps":
            score = np.ceil(np.maximum(of - one.allowed, 0))
            score *= one.lost / 100
            np.subtract(full, score, out=score)
            return np.maximum(score, 0, out=score)
    assert facts is not None
    if one.kind == "range":
        spread = facts.high - facts.low
        rate = np.where(spread > 0, full / np.where(spread > 0, spread, 1), 0)
        base = np.where(spread > 0, 0.0, full)
        score = of - facts.low[category]
        score *= rate[category]
        score += base[category]
        return score
    score = (facts.place[rows] - 1) * full
    score /= np.maximum(counts - 1, 1)[category]
    return np.subtract(full, score, out=score)
