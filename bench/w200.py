"""W200: 200 indicators as an officer writes them, and numbers for any count of units (全部虚构).

The mix: 70 shares of a target, 40 interpolations between last year and the target, 30 tables of bands, 20 deductions
for every started step, 16 by range and 14 by rank within the category, 10 weighted shares of a target. Half of
the targets are round on purpose, so that many scores lie exactly between two published numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from perfdsl.data.columns import DataColumn, Dataset, DataTable
from perfdsl.model.units import ValueType

Ints = npt.NDArray[np.int64]

MIX = {"share": 70, "between": 40, "bands": 30, "steps": 20, "range": 16, "rank": 14, "weighted": 10}
GROUPS, PER_GROUP, CATEGORIES = 10, 20, 8
WEIGHTS = (5, 5, 10, 10, 10, 10, 10, 10, 15, 15)
CENTS = (300, 350, 425, 475, 500, 525, 575, 650, 700, 500)
"""Full marks in hundredths; twenty in a row make 100 points."""
ROUND = np.array([8, 16, 32, 40, 64, 80, 125, 160, 200, 250, 320, 400, 500, 625, 800, 1000])
GRADES = (("优秀", 60), ("良好", 58), ("合格", 56), ("不合格", 0))
"""Least points, so low that more than the quota reach 优秀."""

HEAD = """\
# 全部虚构，只用来量时间
考评办法 示例市2025年度大样本考评（100 分）【示例市大样本@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上、不低于均含本数；不足、低于均不含本数
  小数：指标得分、一级指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：各一级指标得分 × 权重 之和，最高 100 分，最低 0 分
  同分：并列占位（1、2、2、4）
  平均：同类别，各单位简单平均，含本单位
附表 单位名册（每个单位一行）
  列：单位代码、单位、类别（一类、二类、三类、四类、五类、六类、七类、八类）
"""
CATEGORY_NAMES = ("一类", "二类", "三类", "四类", "五类", "六类", "七类", "八类")
TAIL = """\
等次 年度等次（按类别分别评定）
  名额基数：参加排名的单位数
  名额取整：舍去尾数
  名额末位同分：一并计入
  超出名额：列入下一等次
  | 等次   | 总分                | 名额 |
  | 优秀   | 60 分以上           | 30%  |
  | 良好   | 58 分以上不足 60 分 | 不限 |
  | 合格   | 56 分以上不足 58 分 | 不限 |
  | 不合格 | 不足 56 分          | 不限 |
"""


@dataclass(frozen=True)
class Indicator:
    """``cents``: full mark in hundredths; columns have ``digits`` decimals; the rest is what its kind needs."""

    number: int
    kind: str
    cents: int
    digits: int
    edges: tuple[int, ...] = ()  # bands: least values, the highest first, in whole units
    allowed: int = 0  # steps: value up to which nothing is lost
    lost: int = 0  # steps: hundredths a started unit

    @property
    def points(self) -> str:
        return decimal(self.cents)

    def share(self, place: int) -> int:
        """bands: hundredths for the band at ``place``."""
        return self.cents * (len(self.edges) - place) // len(self.edges)


def decimal(cents: int) -> str:
    """Hundredths as officers write them."""
    return f"{cents / 100:.2f}".rstrip("0").rstrip(".")


@cache
def indicators() -> tuple[Indicator, ...]:
    """The 200, in the order of the rulebook."""
    chance = np.random.default_rng(7)
    kinds = [kind for kind, count in MIX.items() for _ in range(count)]
    chance.shuffle(kinds)
    made = []
    for number, kind in enumerate(kinds):
        digits = int(chance.integers(0, 5))
        edges = tuple(sorted({int(edge) for edge in chance.integers(10, 100, 4)}, reverse=True))
        made.append(
            Indicator(
                number,
                kind,
                CENTS[number % len(CENTS)],
                digits,
                edges if kind == "bands" else (),
                int(chance.integers(15, 40)),
                int(chance.choice([5, 10, 15, 25])),
            )
        )
    return tuple(made)


def lay_out(folder: Path) -> Path:
    """The rulebook in ``folder``, with a roster for the check; its path."""
    path = folder / "大样本.perf"
    path.write_text(rulebook(), encoding="utf-8")
    roster = folder / "大样本" / "附表" / "单位名册.csv"
    roster.parent.mkdir(parents=True)
    units = "".join(f"{place},{name}局,{name}\n" for place, name in enumerate(CATEGORY_NAMES))
    roster.write_text(f"单位代码,单位,类别\n{units}", encoding="utf-8")
    return path


def rulebook() -> str:
    """The text."""
    parts = [HEAD, *(f"类别 {name}（100 分）\n" for name in CATEGORY_NAMES)]
    for group, weight in enumerate(WEIGHTS):
        letter = "ABCDEFGHIJ"[group]
        parts.append(f"一级指标 方面{group}（权重 {weight}%，100 分）【{letter}】\n")
        for place in range(PER_GROUP):
            one = indicators()[group * PER_GROUP + place]
            parts.append(f"指标 项目{one.number:03d}（{one.points} 分）【{letter}{place + 1:02d}】\n{_clause(one)}")
    return "".join([*parts, TAIL])


def _clause(one: Indicator) -> str:
    n = f"{one.number:03d}"
    match one.kind:
        case "share":
            return (
                f"  数据：实绩{n}（件）、任务{n}（件）\n  指标值：实绩{n} ÷ 任务{n}\n  目标值：100%\n  方向：越高越好\n"
                "  计分：按完成比例，最高得满分\n"
            )
        case "between":
            return (
                f"  数据：实绩{n}（件）、上年{n}（件）、任务{n}（件）\n"
                f"  指标值：{one.points} 分 × （实绩{n} － 上年{n}） ÷ （任务{n} － 上年{n}）\n"
                "  计分：按指标值得分，最高得满分，最低 0 分\n"
            )
        case "bands":
            rows = [f"    | {one.edges[0]} 分以上 | {one.points} |\n"]
            for place, (low, high) in enumerate(zip(one.edges[1:], one.edges, strict=False), 1):
                rows.append(f"    | {low} 分以上不足 {high} 分 | {decimal(one.share(place))} |\n")
            rows.append(f"    | 不足 {one.edges[-1]} 分 | 0 |\n")
            return f"  数据：实绩{n}（分）\n  指标值：实绩{n}\n  计分：分档\n    | 实绩 | 得分 |\n" + "".join(rows)
        case "steps":
            return (
                f"  数据：实绩{n}（件）\n  指标值：实绩{n}\n  目标值：{one.allowed} 件\n  方向：越低越好\n"
                f"  计分：达到得满分；每超 1 件扣 {decimal(one.lost)} 分，不足 1 件的按 1 件计，扣完本指标为止\n"
            )
        case "range":
            return (
                f"  数据：实绩{n}（分）\n  指标值：实绩{n}\n  方向：越高越好\n  比较范围：同类别\n"
                "  计分：按极值法，最好的与最差的相等时得满分\n"
            )
        case "rank":
            return (
                f"  数据：实绩{n}（分）\n  指标值：实绩{n}\n  方向：越高越好\n  比较范围：同类别\n"
                "  计分：第一名得满分，最后一名 0 分，其间按名次等差，只有一个单位的按第一名计\n"
                "  同名次：都得该名次分，并列占位（1、2、2、4）\n"
            )
        case _:
            return (
                f"  数据：实绩{n}（件）、另项{n}（件）、任务{n}（件）\n"
                f"  指标值：（3 × 实绩{n} ＋ 7 × 另项{n}） ÷ （10 × 任务{n}）\n"
                "  目标值：100%\n  方向：越高越好\n  计分：按完成比例，最高得满分\n"
            )


@dataclass(frozen=True, eq=False)
class Numbers:
    """What everybody computes from: integers over 10^digits by column name, and the category of each unit."""

    columns: Mapping[str, Ints]
    category: Ints


def numbers(units: int, seed: int = 11) -> Numbers:
    """Invented results; the same for the same seed."""
    chance = np.random.default_rng(seed)
    category = chance.permutation(np.arange(units) % CATEGORIES)
    columns: dict[str, Ints] = {}
    for one in indicators():
        n, scale = f"{one.number:03d}", 10**one.digits
        if one.kind in ("share", "between", "weighted"):
            target = ROUND[chance.integers(0, len(ROUND), units)] * scale
            odd = chance.random(units) < 0.5
            target[odd] = chance.integers(5 * scale, 1000 * scale, int(odd.sum()))
            columns[f"任务{n}"] = target
            columns[f"实绩{n}"] = target * chance.integers(400, 1151, units) // 1000
            if one.kind == "between":
                columns[f"上年{n}"] = target * chance.integers(200, 900, units) // 1000
            if one.kind == "weighted":
                columns[f"另项{n}"] = target * chance.integers(400, 1151, units) // 1000
        elif one.kind == "rank":
            columns[f"实绩{n}"] = chance.integers(0, 100 * min(scale, 100), units)
        else:
            columns[f"实绩{n}"] = chance.integers(0, 110 * scale, units)
    return Numbers(columns, category)


def dataset(found: Numbers) -> Dataset:
    """``found`` as the engine reads it."""
    units = len(found.category)
    present = np.zeros(units, dtype=np.uint8)
    digits = {f"{one.number:03d}": one.digits for one in indicators()}
    columns = {}
    for name, values in found.columns.items():
        key = f"实绩.{name}"
        columns[key] = DataColumn(key, ValueType.NUMBER, values, present, digits[name[2:]])
    words = tuple(sorted(CATEGORY_NAMES))
    columns["单位名册.类别"] = DataColumn("单位名册.类别", ValueType.TEXT, found.category, present, 0, words)
    named = tuple(f"单位{number:07d}" for number in range(units))
    columns["单位名册.单位"] = DataColumn("单位名册.单位", ValueType.TEXT, np.arange(units), present, 0, named)
    return {"单位": DataTable("单位", units, columns)}
