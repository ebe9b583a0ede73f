"""A ledger of ten million rows (全部虚构): the highest of each matter, summed by kind, capped by kind, then the total.

Ours from the rulebook's text; beside it the statement that one writes by hand for DuckDB, in doubles. Both start from
columns in memory and both end with a total for every unit: ours from the columns that the reader of data hands over
(int64), DuckDB from a table of its own with the narrowest types that hold the same, whose least and greatest values it
knows. Matters are grouped by, as a rulebook must that does not know them; a statement that names the six of them is
a fifth faster.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from side import in_turns
from w200 import Ints

from perfdsl.compile.lower import lower
from perfdsl.data.columns import DataColumn, Dataset, DataTable
from perfdsl.engine import runs
from perfdsl.graph.graph import Graph
from perfdsl.model.units import ValueType
from perfdsl.workspace.opening import open_rulebook

KINDS = ("表彰", "创新", "批评", "事故")
CAPS = (300, 200, 300, 200)
"""Most hundredths that each kind gives or takes."""
SIGNS = (1, 1, -1, -1)
BASE = 90
MATTERS = 6
FULL = 100
HEAD = """\
# 全部虚构，只用来量时间
考评办法 示例市2025年度大台账考评（{base} 分）【示例市大台账@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上、不低于均含本数；不足、低于均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分 ＋ 加分 － 扣分，总分最高 100 分，最低 0 分
  同分：并列占位（1、2、2、4）
  平均：全部单位，各单位简单平均，含本单位
附表 单位名册（每个单位一行）
  列：单位代码、单位
台账 事项（每个事项一行）
  列：单位、事项编号、类型（{kinds}）、分值（分）
指标 日常工作（{base} 分）【A01】
  数据：差错（件）
  计分：每有 1 件差错扣 1 分，扣完本指标为止
"""
ITEM = """\
{header} {kind}（最高 {cap:g} 分）【{code}】
  台账：事项，类型为 “{kind}”
  每行分值：分值
  同一事项：只计最高一次，按事项编号
  计分：按每行分值{way}，最高 {cap:g} 分
"""


def text() -> str:
    """The rulebook."""
    parts = [HEAD.format(base=BASE, kinds="、".join(KINDS))]
    for place, (kind, cap, sign) in enumerate(zip(KINDS, CAPS, SIGNS, strict=True), 1):
        header, way, letter = ("加分项", "得分", "J") if sign > 0 else ("扣分项", "扣分", "K")
        parts.append(ITEM.format(header=header, kind=kind, cap=cap / 100, way=way, code=f"{letter}{place:02d}"))
    return "".join(parts)


@dataclass(frozen=True, eq=False)
class Rows:
    """The ledger: unit, kind, matter of the unit, hundredths; and how many units there are."""

    units: int
    unit: Ints
    kind: Ints
    matter: Ints
    cents: Ints


def rows(units: int, count: int, seed: int = 13) -> Rows:
    """Invented."""
    chance = np.random.default_rng(seed)
    unit, kind, matter = (chance.integers(0, most, count) for most in (units, len(KINDS), MATTERS))
    return Rows(units, unit, kind, matter, chance.integers(1, 9, count) * 5)


def graph() -> Graph:
    """The rulebook, compiled."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "大台账.perf"
        path.write_text(text(), encoding="utf-8")
        opened = open_rulebook(path)
    assert opened.rulebook is not None, [(one.code, one.message) for one in opened.problems]
    return lower(opened.rulebook)


def dataset(found: Rows, errors: Ints) -> Dataset:
    """As the engine reads it."""
    named = tuple(f"单位{number:07d}" for number in range(found.units))
    kinds = tuple(sorted(KINDS))
    place = np.array([kinds.index(kind) for kind in KINDS])
    here, there = (np.zeros(count, dtype=np.uint8) for count in (found.units, len(found.unit)))

    def words(name: str, codes: Ints, told: tuple[str, ...], states: Any) -> DataColumn:
        return DataColumn(name, ValueType.TEXT, codes, states, 0, told)

    unit = {
        "实绩.差错": DataColumn("实绩.差错", ValueType.NUMBER, errors, here, 0),
        "单位名册.单位": words("单位名册.单位", np.arange(found.units), named, here),
    }
    ledger = {
        "单位": words("单位", found.unit, named, there),
        "类型": words("类型", place[found.kind], kinds, there),
        "事项编号": words("事项编号", found.matter, tuple(f"M{n}" for n in range(MATTERS)), there),
        "分值": DataColumn("分值", ValueType.NUMBER, found.cents, there, 2),
    }
    return {"单位": DataTable("单位", found.units, unit), "事项": DataTable("事项", len(found.unit), ledger)}


def exact(found: Rows, errors: Ints) -> Ints:
    """Totals in hundredths, in whole numbers: the highest of every unit, kind and matter first."""
    highest = np.zeros(found.units * len(KINDS) * MATTERS, dtype=np.int64)
    np.maximum.at(highest, (found.unit * len(KINDS) + found.kind) * MATTERS + found.matter, found.cents)
    capped = np.minimum(highest.reshape(-1, len(KINDS), MATTERS).sum(axis=2), CAPS)
    return np.clip(np.maximum(BASE - errors, 0) * 100 + capped @ np.array(SIGNS), 0, FULL * 100)


def statement() -> str:
    """The same in DuckDB, by hand."""
    caps = " ".join(f"when {place} then {cap / 100!r}e0" for place, cap in enumerate(CAPS))
    signs = " ".join(f"when {place} then {sign}e0" for place, sign in enumerate(SIGNS))
    return f"""
        with highest as (select unit, kind, max(points) points from e group by unit, kind, matter),
        summed as (select unit, kind, sum(points) points from highest group by unit, kind),
        net as (select unit, sum(least(points, case kind {caps} end) * case kind {signs} end) points from summed group by unit)
        select u.unit, floor(least({FULL}e0, greatest(0e0, greatest(0e0, {BASE}e0 - errors) + coalesce(points, 0e0)))
            * 100e0 + 0.5e0) / 100e0 total
        from u left join net on u.unit = net.unit"""


def measured(units: int, count: int, times: int, rehearsed: bool) -> dict[str, Any]:
    """Seconds of both, by the clock and by the processors, and wrong totals of both.

    Raises:
        ImportError: DuckDB or PyArrow is not there.
    """
    import duckdb
    import pyarrow as pa

    found = rows(units, count)
    errors = np.random.default_rng(17).integers(0, 5, units)
    database = duckdb.connect()
    part = pa.table({"unit": found.unit.astype(np.int32), "kind": found.kind.astype(np.int8)})
    part = part.append_column("matter", pa.array(found.matter.astype(np.int8)))
    part = part.append_column("points", pa.array(found.cents / 100))
    database.register("part", part)
    database.execute("create table e as select * from part")
    database.unregister("part")
    del part
    database.register("part", pa.table({"unit": np.arange(units, dtype=np.int32), "errors": errors.astype(np.float64)}))
    database.execute("create table u as select * from part")
    compiled = graph()
    total = compiled.outputs["total"]
    given = dataset(found, errors)
    timed = in_turns(
        {
            "ours": lambda: runs.run(compiled, given, frozenset({total})),
            "duckdb": lambda: database.sql(statement()).to_arrow_table(),
        },
        times,
        ("ours", "duckdb"),
        rehearsed,
    )
    truth = exact(found, errors)
    vector, table = timed.made["ours"].vector(total), timed.made["duckdb"]
    mine = np.asarray(vector.values, dtype=np.int64) * 100 // np.asarray(vector.under, dtype=np.int64)
    theirs = np.zeros(units, dtype=np.int64)
    theirs[table["unit"].to_numpy()] = np.rint(table["total"].to_numpy() * 100).astype(np.int64)
    return {
        "units": units,
        "rows": count,
        "ours": timed.seconds["ours"],
        "duckdb": timed.seconds["duckdb"],
        "work": timed.work["ours"] / timed.work["duckdb"],
        "wrong": int(np.count_nonzero((mine != truth) | (vector.states != 0))),
        "duckdb wrong": int(np.count_nonzero(theirs != truth)),
    }
