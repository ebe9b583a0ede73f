"""Late rounding: one score that is rounded only after many unrounded ratios have been added (全部虚构).

No common denominator of twenty targets fits a machine integer, so one division cannot settle such a score. Targets are
round and three shares in five reach their target, which makes about one unit in a hundred lie exactly between two
published numbers: the units that a float pass must hand over to fractions.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import numpy as np
from side import in_turns
from w200 import Ints

from perfdsl.compile.lower import lower
from perfdsl.data.columns import DataColumn, Dataset, DataTable
from perfdsl.engine.columnar import Engine
from perfdsl.model.units import ValueType
from perfdsl.workspace.opening import open_rulebook

RATIOS = 20
CENTS = (50, 75, 125, 250, 300, 325, 500, 525, 1000)
"""Weights of the ratios in hundredths of a point, in this order again and again."""
TARGETS = np.array([8, 16, 40, 80, 125, 200, 250, 400, 500, 625, 800, 1000])
NAMES = tuple(f"{place:02d}" for place in range(RATIOS))
WEIGHTS = tuple(CENTS[place % len(CENTS)] for place in range(RATIOS))
FULL = sum(WEIGHTS)
TEXT = """\
# 全部虚构，只用来量时间
考评办法 示例市2025年度末尾取舍考评（{full} 分）【示例市末尾取舍@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上、不低于均含本数；不足、低于均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分
  同分：并列占位（1、2、2、4）
  平均：全部单位，各单位简单平均，含本单位
附表 单位名册（每个单位一行）
  列：单位代码、单位
指标 综合完成（{full} 分）【A01】
  数据：{columns}
  指标值：{value}
  计分：按指标值得分，最高得满分，最低 0 分
"""


def text() -> str:
    """The rulebook."""
    columns = "、".join(f"实绩{n}（件）、任务{n}（件）" for n in NAMES)
    parts = [f"{w / 100:g} 分 × 取小（实绩{n} ÷ 任务{n}、1）" for n, w in zip(NAMES, WEIGHTS, strict=True)]
    return TEXT.format(full=f"{FULL / 100:g}", columns=columns, value=" ＋ ".join(parts))


def numbers(units: int, seed: int = 5) -> dict[str, Ints]:
    """Columns in hundredths."""
    chance = np.random.default_rng(seed)
    columns: dict[str, Ints] = {}
    for n in NAMES:
        target = TARGETS[chance.integers(0, len(TARGETS), units)] * 100
        reached = chance.random(units) < 0.6
        columns[f"任务{n}"] = target
        columns[f"实绩{n}"] = np.where(reached, target, target * chance.integers(400, 1151, units) // 1000)
    return columns


def dataset(columns: Mapping[str, Ints]) -> Dataset:
    """As the engine reads them."""
    units = len(next(iter(columns.values())))
    present = np.zeros(units, dtype=np.uint8)
    made = {f"实绩.{n}": DataColumn(f"实绩.{n}", ValueType.NUMBER, v, present, 2) for n, v in columns.items()}
    named = tuple(f"单位{number:07d}" for number in range(units))
    made["单位名册.单位"] = DataColumn("单位名册.单位", ValueType.TEXT, np.arange(units), present, 0, named)
    return {"单位": DataTable("单位", units, made)}


def floats(columns: Mapping[str, Any]) -> Any:
    """The score in doubles, in hundredths, before it is rounded: what a float pass costs."""
    total = np.zeros(len(next(iter(columns.values()))))
    for n, weight in zip(NAMES, WEIGHTS, strict=True):
        share = columns[f"实绩{n}"] / columns[f"任务{n}"]
        np.minimum(share, 1, out=share)
        share *= weight
        total += share
    return total


def exact(columns: Mapping[str, Ints], unit: int) -> Fraction:
    """The same of one unit, by fractions."""
    pairs = ((int(columns[f"实绩{n}"][unit]), int(columns[f"任务{n}"][unit])) for n in NAMES)
    return sum((min(Fraction(a, t), Fraction(1)) * w for (a, t), w in zip(pairs, WEIGHTS, strict=True)), Fraction(0))


def measured(units: int, times: int) -> dict[str, Any]:
    """Medians of the seconds of both and the ratio of the processors', the share of units at a boundary, wrong scores of both."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "末尾取舍.perf"
        path.write_text(text(), encoding="utf-8")
        opened = open_rulebook(path)
    assert opened.rulebook is not None, [problem.code for problem in opened.problems]
    graph = lower(opened.rulebook)
    node = graph.outputs["score:A01"]
    engine = Engine(graph, frozenset({node}))
    columns = numbers(units)
    given = dataset(columns)
    doubles = {name: values / 100 for name, values in columns.items()}
    timed = in_turns(
        {"ours": lambda: engine.run(given), "floats": lambda: np.floor(floats(doubles) + 0.5)},
        times,
        ("ours", "floats"),
    )
    vector = timed.made["ours"].vector(node)
    mine = np.asarray(vector.values, dtype=np.int64) * 100 // np.asarray(vector.under, dtype=np.int64)
    raw = floats(doubles)
    near = np.flatnonzero(np.abs(raw - np.floor(raw) - 0.5) < 1e-9)
    # far from every boundary doubles cannot be wrong; near one, and at some others to be sure, fractions judge
    judged = sorted({*near.tolist(), *range(0, units, max(1, units // 1000))})
    truth = {unit: floor(exact(columns, unit) + Fraction(1, 2)) for unit in judged}
    return {
        "units": units,
        "ours": timed.seconds["ours"],
        "floats": timed.seconds["floats"],
        "work": timed.work["ours"] / timed.work["floats"],
        "flagged": len(near) / units,
        "judged": len(judged),
        "wrong": sum(int(mine[unit]) != right for unit, right in truth.items()),
        "floats wrong": sum(int(timed.made["floats"][unit]) != right for unit, right in truth.items()),
        "tier": timed.made["ours"].plan.steps[node].tier.value,
    }
