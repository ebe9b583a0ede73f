"""W200 in DuckDB, by hand, in doubles.

The facts of the categories come from narrow queries of their own, places from counts of each value, so that no window
function ever carries the wide table along.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable

import duckdb
import numpy as np
import pyarrow as pa
from exact import Column, group_of, hundredths, score_key
from w200 import GRADES, GROUPS, WEIGHTS, Indicator, Numbers, indicators

SLICE = 1 << 17
MEMORY = "8GB"
"""Enough for a million units; beyond it DuckDB would use the disk instead of what others need."""


class DuckDB:
    """A table of doubles in memory, one Arrow table out."""

    name = "DuckDB（浮点）"

    def given(self, found: Numbers) -> duckdb.DuckDBPyConnection:
        digits = {f"{one.number:03d}": one.digits for one in indicators()}
        database = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": tempfile.gettempdir()})
        units = len(found.category)
        for begin in range(0, units, SLICE):  # a slice at a time: the whole would stand in memory twice
            rows = slice(begin, begin + SLICE)
            columns = {f'"{name}"': v[rows] / 10 ** digits[name[2:]] for name, v in found.columns.items()}
            part = pa.table(
                [*columns.values(), found.category[rows].astype(np.int32), np.arange(units, dtype=np.int32)[rows]],
                names=[*(name.strip('"') for name in columns), "category", "id"],
            )
            database.register("part", part)
            database.execute("create table x as select * from part" if begin == 0 else "insert into x from part")
            database.unregister("part")
        return database

    def run(self, given: duckdb.DuckDBPyConnection) -> pa.Table:
        for statement in _statements():
            given.execute(statement)
        return given.sql(_last()).to_arrow_table()

    def answers(self, given: duckdb.DuckDBPyConnection, made: pa.Table) -> Iterable[Column]:
        order = np.argsort(made["id"].to_numpy())
        for name in made.column_names:
            if name != "id":
                values = made[name].to_numpy()[order]
                yield name, values.astype(np.int64) if name in ("rank", "grade") else hundredths(values)


def _statements() -> Iterable[str]:
    ranges = [one for one in indicators() if one.kind == "range"]
    ends = ",".join(f"min({_of(one)}) low{one.number}, max({_of(one)}) high{one.number}" for one in ranges)
    yield f"create or replace temp table facts as select category, count(*)::double units, {ends} from x group by category"
    for one in indicators():
        if one.kind == "rank":
            yield _places(f"place{one.number}", _of(one), "x")
    ranked = [one.number for one in indicators() if one.kind == "rank"]
    joins = " ".join(
        f'join place{n} on x.category = place{n}.category and x."实绩{n:03d}" = place{n}.value' for n in ranked
    )
    scores = ",".join(f"{_rounded(_score(one))} {score_key(one)}" for one in indicators())
    members = [[score_key(one) for one in indicators() if group_of(one.number) == group] for group in range(GROUPS)]
    groups = ",".join(f"{_rounded('+'.join(mine))} g{group}" for group, mine in enumerate(members))
    weighted = "+".join(f"g{group}*{_number(weight / 100)}" for group, weight in enumerate(WEIGHTS))
    yield (
        "create or replace temp table scored as "
        f"with a as (select id, x.category category, {scores} from x join facts on x.category = facts.category {joins}), "
        f"b as (select *, {groups} from a) select *, least(100e0, greatest(0e0, {_rounded(weighted)})) total from b"
    )
    yield _places("placed", "total", "scored")


def _places(table: str, value: str, source: str) -> str:
    return (
        f"create or replace temp table {table} as select category, value, "
        "(sum(n) over (partition by category order by value desc) - n + 1)::double place "
        f"from (select category, {value} as value, count(*) n from {source} group by all)"
    )


def _last() -> str:
    names = [*map(score_key, indicators()), *(f"g{group}" for group in range(GROUPS)), "total"]
    cases = [f"when total >= {GRADES[0][1]} and place <= floor(units * 0.3e0) then 0"]
    cases += [f"when total >= {least} then {place}" for place, (_, least) in enumerate(GRADES[1:-1], 1)]
    return (
        f"select id, {','.join(names)}, place::int as rank, case {' '.join(cases)} else {len(GRADES) - 1} end grade "
        "from scored join placed on scored.category = placed.category and total = placed.value "
        "join facts on scored.category = facts.category"
    )


def _of(one: Indicator, name: str = "实绩") -> str:
    return f'"{name}{one.number:03d}"'


def _number(value: float) -> str:
    """A DOUBLE: without an exponent it would be a DECIMAL."""
    return f"{value!r}e0"


def _rounded(points: str) -> str:
    return f"floor(({points})*100e0+0.5e0)/100e0"


def _score(one: Indicator) -> str:
    of, full = f"x.{_of(one)}", _number(one.cents / 100)
    task, last, other = (_of(one, name) for name in ("任务", "上年", "另项"))
    match one.kind:
        case "share":
            return f"least({full}, {of}/{task}*{full})"
        case "between":
            return f"least({full}, greatest(0e0, {full}*({of}-{last})/({task}-{last})))"
        case "weighted":
            return f"least({full}, (3e0*{of}+7e0*{other})/(10e0*{task})*{full})"
        case "bands":
            cases = [f"when {of} >= {edge}e0 then {_number(one.share(p) / 100)}" for p, edge in enumerate(one.edges)]
            return f"case {' '.join(cases)} else 0e0 end"
        case "steps":
            return f"greatest(0e0, {full}-ceil(greatest(0e0, {of}-{one.allowed}e0))*{_number(one.lost / 100)})"
        case "range":
            low, high = f"low{one.number}", f"high{one.number}"
            return f"case when {high} = {low} then {full} else ({of}-{low})/({high}-{low})*{full} end"
        case _:
            return f"{full}-(place{one.number}.place-1e0)*{full}/greatest(units-1e0, 1e0)"
