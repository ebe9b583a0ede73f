"""W200 in polars, by hand, in doubles: one lazy query, whose expressions are made once."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from exact import Column, group_of, hundredths, score_key
from polars._typing import EngineType
from w200 import GRADES, GROUPS, WEIGHTS, Indicator, Numbers, indicators

CATEGORY = "类别"


class Polars:
    """Float columns in, float columns out."""

    name = "polars（浮点）"
    engine: EngineType = "in-memory"

    def __init__(self) -> None:
        scores = {score_key(one): _rounded(_score(one)) for one in indicators()}
        groups = {
            f"g{group}": _rounded(
                pl.sum_horizontal(score_key(one) for one in indicators() if group_of(one.number) == group)
            )
            for group in range(GROUPS)
        }
        weighted = pl.sum_horizontal(pl.col(name) * (w / 100) for name, w in zip(groups, WEIGHTS, strict=True))
        total = pl.col("total")
        grade = pl.when((total >= GRADES[0][1]) & (pl.col("rank") <= (pl.len().over(CATEGORY) * 0.3).floor())).then(0)
        for place, (_, least) in enumerate(GRADES[1:-1], 1):
            grade = grade.when(total >= least).then(place)
        self.steps = [
            [one.alias(key) for key, one in scores.items()],
            [one.alias(key) for key, one in groups.items()],
            [_rounded(weighted).clip(0, 100).alias("total")],
            [total.rank("min", descending=True).over(CATEGORY).alias("rank")],
            [grade.otherwise(len(GRADES) - 1).alias("grade")],
        ]
        self.names = [*scores, *groups, "total", "rank", "grade"]

    def given(self, found: Numbers) -> pl.DataFrame:
        digits = {f"{one.number:03d}": one.digits for one in indicators()}
        columns = [pl.Series(name, values / 10 ** digits[name[2:]]) for name, values in found.columns.items()]
        return pl.DataFrame([*columns, pl.Series(CATEGORY, found.category.astype("int32"))])

    def run(self, given: pl.DataFrame) -> pl.DataFrame:
        query = given.lazy()
        for step in self.steps:
            query = query.with_columns(step)
        return query.select(self.names).collect(engine=self.engine)

    def answers(self, given: pl.DataFrame, made: pl.DataFrame) -> Iterable[Column]:
        for name in made.columns:
            values = made[name].to_numpy()
            yield name, values.astype("int64") if name in ("rank", "grade") else hundredths(values)


class Streaming(Polars):
    """The same query in polars' streaming engine, which is the faster one for many units."""

    name = "polars（浮点，流式）"
    engine: EngineType = "streaming"


def _rounded(points: pl.Expr) -> pl.Expr:
    return (points * 100 + 0.5).floor() / 100


def _score(one: Indicator) -> pl.Expr:
    n, full = f"{one.number:03d}", one.cents / 100
    of = pl.col(f"实绩{n}")
    match one.kind:
        case "share":
            return (of / pl.col(f"任务{n}") * full).clip(upper_bound=full)
        case "between":
            last = pl.col(f"上年{n}")
            return (full * (of - last) / (pl.col(f"任务{n}") - last)).clip(0, full)
        case "weighted":
            return ((3 * of + 7 * pl.col(f"另项{n}")) / (10 * pl.col(f"任务{n}")) * full).clip(upper_bound=full)
        case "bands":
            found = pl.when(of >= one.edges[0]).then(full)
            for place, edge in enumerate(one.edges[1:], 1):
                found = found.when(of >= edge).then(one.share(place) / 100)
            return found.otherwise(0.0)
        case "steps":
            return (full - (of - one.allowed).clip(0).ceil() * (one.lost / 100)).clip(0)
        case "range":
            low, high = of.min().over(CATEGORY), of.max().over(CATEGORY)
            return pl.when(high == low).then(full).otherwise((of - low) / (high - low) * full)
        case _:
            place, count = of.rank("min", descending=True).over(CATEGORY), pl.len().over(CATEGORY)
            steps = pl.when(count > 1).then(count - 1).otherwise(1)
            return full - (place.cast(pl.Float64) - 1) * full / steps
