"""What must be reached, what was measured, and how both are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio (or a count) with its bounds; ``least``: the more the better."""

    key: str
    what: str
    must: float
    aim: float
    least: bool = False

    def meets(self, measured: float, bound: float) -> bool:
        """Whether ``measured`` is on the right side of ``bound``."""
        return measured >= bound if self.least else measured <= bound


GOALS = (
    Goal("wrong", "错的得分、总分、名次、等次（各种规模合计）", 0, 0),
    Goal("reference", "列式引擎、Spark 与对照算法、精确结果不同的格", 0, 0),
    Goal("polars 1000000", "W200，100 万单位：时间 ÷ 手写浮点 polars", 0.8, 0.45),
    Goal("polars 10000", "W200，1 万单位：同上", 0.8, 0.5),
    Goal("polars 100", "W200，100 单位：同上", 0.6, 0.3),
    Goal("memory", "100 万单位新增的内存峰值 ÷ 输入各列的大小", 1.0, 0.5),
    Goal("openfisca 100", "OpenFisca ÷ 我们，100 单位（只看本单位的 170 项）", 1.5, 3, least=True),
    Goal("openfisca 10000", "OpenFisca ÷ 我们，1 万单位", 1.5, 3, least=True),
    Goal("openfisca 100000", "OpenFisca ÷ 我们，10 万单位", 1.5, 3, least=True),
    Goal("zen", "zen-engine ÷ 我们，1 万单位（只看本单位的 170 项）", 100, 300, least=True),
    Goal("decimal", "Python Decimal ÷ 我们，1 万单位", 50, 100, least=True),
    Goal("growth", "每个单位的时间：100 万单位 ÷ 1 万单位", 1.3, 1.0),
    Goal("events", "台账 1,000 万行：时间 ÷ 手写 DuckDB 浮点 SQL", 1.2, 1.0),
    Goal("late", "后取舍（约 1% 的单位落在分界上）：时间 ÷ 浮点一遍", 4, 3),
    Goal("check cold", "5,000 行的办法：校核（冷）÷ Lark 只解析", 5, 3),
    Goal("check cached", "5,000 行的办法：校核过的再校核 ÷ 空的 Python", 5, 3),
    Goal("version", "--version ÷ 空的 Python", 4, 3),
    Goal("help", "--help ÷ 空的 Python", 4, 3),
    Goal("run unchanged", "20 项 × 30 个单位：什么都没变，再试算（照上次的答复）÷ 空的 Python", 15, 10),
    Goal("run", "20 项 × 30 个单位：改一格数据，再试算（办法照上次编好的）÷ 空的 Python", 15, 10),
    Goal("run anew", "20 项 × 30 个单位：试算，不用留存 ÷ 空的 Python", 15, 10),
)
"""The figures of this bench. What is not measured is printed as such."""


def verdict(goal: Goal, measured: float | None) -> str:
    """In one word."""
    if measured is None:
        return "没有量"
    if goal.meets(measured, goal.aim):
        return "达到目标"
    return "达到底线" if goal.meets(measured, goal.must) else "没有达到"


def number(value: float | None) -> str:
    """Three digits that count; counts as they are."""
    if value is None:
        return "—"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def goals_table(measured: Mapping[str, float], work: Mapping[str, float]) -> str:
    """The goals with what was measured by the clock, and beside it the same ratio of the processors' ``work``."""
    lines = ["| 量什么 | 底线 | 目标 | 量得 | | 按处理器秒 |", "|---|---|---|---|---|---|"]
    for goal in GOALS:
        sign = "≥" if goal.least else "≤"
        found = measured.get(goal.key)
        beside = number(work[goal.key]) if goal.key in work else ""
        bounds = f"{sign} {goal.must:g} | {sign} {goal.aim:g}"
        lines.append(f"| {goal.what} | {bounds} | {number(found)} | {verdict(goal, found)} | {beside} |")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a workload at one size: seconds by the clock and by the processors, how many times ours, wrong answers."""

    units: int
    name: str
    seconds: float
    work: float | None
    ratio: float | None
    wrong: Mapping[str, int] | None
    beside: float | None = None
    """Ours ÷ this side, by the processors."""


KINDS = ("得分", "一级指标得分", "总分", "名次", "等次")


def lines_table(lines: Iterable[Line]) -> str:
    """Time and wrong answers of each side, side by side."""
    made = [
        f"| 单位数 | 谁 | 秒 | 处理器秒 | ÷ 我们 | {' | '.join('错的' + kind for kind in KINDS)} |",
        "|---" * 10 + "|",
    ]
    for line in lines:
        ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
        work = "" if line.work is None else f"{line.work:.4f}"
        cells = ["" if line.wrong is None or k not in line.wrong else f"{line.wrong[k]:,}" for k in KINDS]
        made.append(f"| {line.units:,} | {line.name} | {line.seconds:.4f} | {work} | {ratio} | {' | '.join(cells)} |")
    return "\n".join(made)
