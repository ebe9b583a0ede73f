"""W200 with Python's Decimal, a unit at a time, as a careful programmer would: 28 digits, the default."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

import numpy as np
from exact import Column, group_of, local, score_key
from w200 import GRADES, GROUPS, WEIGHTS, Indicator, Numbers, indicators

CENT, NOUGHT, WHOLE = Decimal("0.01"), Decimal(0), Decimal(1)
Row = Mapping[str, Decimal]


@dataclass(frozen=True, eq=False)
class Given:
    """A mapping for each unit, and its category."""

    rows: list[Row]
    category: list[int]


class Decimals:
    """Numbers of decimal digits in and out."""

    name = "Python Decimal 逐行"

    def given(self, found: Numbers) -> Given:
        digits = {f"{one.number:03d}": one.digits for one in indicators()}
        columns = [
            [Decimal(value).scaleb(-digits[name[2:]]) for value in values.tolist()]
            for name, values in found.columns.items()
        ]
        rows = [dict(zip(found.columns, row, strict=True)) for row in zip(*columns, strict=True)]
        return Given(rows, found.category.tolist())

    def run(self, given: Given) -> list[dict[str, Decimal | int]]:
        there: dict[tuple[str, int], list[Decimal]] = {}
        for one in indicators():
            if not local(one):
                name = f"实绩{one.number:03d}"
                for row, category in zip(given.rows, given.category, strict=True):
                    there.setdefault((name, category), []).append(row[name])
        for values in there.values():
            values.sort()
        made = [_unit(row, category, there) for row, category in zip(given.rows, given.category, strict=True)]
        totals: dict[int, list[Decimal]] = {}
        for row, category in zip(made, given.category, strict=True):
            totals.setdefault(category, []).append(row["total"])
        for values in totals.values():
            values.sort()
        for row, category in zip(made, given.category, strict=True):
            mine = totals[category]
            row["rank"] = rank = len(mine) - bisect_right(mine, row["total"]) + 1
            grade = next(place for place, (_, least) in enumerate(GRADES) if row["total"] >= least)
            row["grade"] = 1 if grade == 0 and rank > len(mine) * 30 // 100 else grade
        return made

    def answers(self, given: Given, made: list[dict[str, Decimal | int]]) -> Iterable[Column]:
        for name in made[0]:
            times = 1 if name in ("rank", "grade") else 100
            yield name, np.array([int(row[name] * times) for row in made])


def _rounded(points: Decimal) -> Decimal:
    return points.quantize(CENT, ROUND_HALF_UP)


def _unit(row: Row, category: int, there: Mapping[tuple[str, int], list[Decimal]]) -> dict[str, Decimal | int]:
    made: dict[str, Decimal | int] = {}
    groups = [NOUGHT] * GROUPS
    for one in indicators():
        made[score_key(one)] = score = _rounded(_score(one, row, category, there))
        groups[group_of(one.number)] += score
    total = NOUGHT
    for group, weight in enumerate(WEIGHTS):
        made[f"g{group}"] = points = _rounded(groups[group])
        total += points * weight / 100
    made["total"] = min(max(_rounded(total), NOUGHT), Decimal(100))
    return made


def _score(one: Indicator, row: Row, category: int, there: Mapping[tuple[str, int], list[Decimal]]) -> Decimal:
    n, full = f"{one.number:03d}", Decimal(one.cents) / 100
    of = row[f"实绩{n}"]
    match one.kind:
        case "share":
            return min(of / row[f"任务{n}"], WHOLE) * full
        case "between":
            last = row[f"上年{n}"]
            return min(max(full * (of - last) / (row[f"任务{n}"] - last), NOUGHT), full)
        case "weighted":
            return min((3 * of + 7 * row[f"另项{n}"]) / (10 * row[f"任务{n}"]), WHOLE) * full
        case "bands":
            return next((Decimal(one.share(p)) / 100 for p, edge in enumerate(one.edges) if of >= edge), NOUGHT)
        case "steps":
            over = max(of - one.allowed, NOUGHT).to_integral_value(ROUND_CEILING)
            return max(full - over * one.lost / 100, NOUGHT)
    mine = there[f"实绩{n}", category]
    if one.kind == "range":
        return full if mine[0] == mine[-1] else full * (of - mine[0]) / (mine[-1] - mine[0])
    place = len(mine) - bisect_right(mine, of) + 1
    return full if len(mine) == 1 else full - full * (place - 1) / (len(mine) - 1)
