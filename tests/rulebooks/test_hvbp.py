"""HVBP FY2024 worked out once more from the regulation's words, on fractions and without perfdsl; and what the wrong
readings of the rule would give, by changing the words of the rulebook.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest

from perfdsl.reports.results import published_output
from perfdsl.text.source import Source, read_source
from perfdsl.workspace import evaluate, open_text

HOME = Path(__file__).parents[2] / "rulebooks" / "hvbp-fy2024"
FOLDER = HOME / "医院价值购买"
TEXT = HOME / "医院价值购买.perf"
SSI = {"hai3": "0.717", "hai4": "0.738"}
"""Thresholds of the two operations whose points stand outside the total; their benchmark is 0."""

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    """The rows of a CSV file of the rulebook."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> Fraction | None:
    """A number as written, percent signs aside (both sides of every ratio carry one); None for a blank."""
    return Fraction(text.removesuffix("%")) if text else None


def half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def points(perf: Fraction | None, base: Fraction | None, threshold: Fraction, benchmark: Fraction) -> int | None:
    """The larger of achievement and improvement; rates so turned that higher is better."""
    if perf is None:
        return None
    if perf >= benchmark:
        achievement = 10
    elif perf < threshold:
        achievement = 0
    else:
        achievement = half_up(9 * (perf - threshold) / (benchmark - threshold) + Fraction(1, 2))
    if base is None:
        return achievement
    if perf <= base:
        improvement = 0
    elif perf >= benchmark:
        improvement = 9
    else:
        improvement = min(9, max(0, half_up(10 * (perf - base) / (benchmark - base) - Fraction(1, 2))))
    return max(achievement, improvement)


def turned(value: Fraction | None, lower_is_better: bool) -> Fraction | None:
    return -value if value is not None and lower_is_better else value


def measure_points(facts: Row, member: Row) -> int | None:
    lower = member["方向"] == "越低越好"
    numbers = [facts[member["业绩期值"]], facts[member["基期值"]], member["门槛值"], member["标杆值"]]
    perf, base, threshold, benchmark = (turned(number(text), lower) for text in numbers)
    assert threshold is not None
    assert benchmark is not None
    return points(perf, base, threshold, benchmark)


def mean_domain(given: Iterable[int | None], least: int) -> Fraction | None:
    there = [one for one in given if one is not None]
    return Fraction(10 * sum(there), len(there)) if len(there) >= least else None


def consistency(facts: Row, members: list[Row]) -> int | None:
    """20 points for the lowest dimension, against its floor and its threshold."""
    lowest: list[Fraction] = []
    for member in members:
        perf, low, threshold = (number(facts[member["业绩期值"]]), number(member["底值"]), number(member["门槛值"]))
        if perf is None or low is None or threshold is None:
            return None
        lowest.append((perf - low) / (threshold - low))
    worst = min(lowest)
    return 20 if worst >= 1 else min(20, max(0, half_up(20 * worst - Fraction(1, 2))))


def published(value: Fraction | int | None) -> str:
    """Integers as such, ratios with twelve digits."""
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    whole, rest = divmod(floor(value * 10**12 + Fraction(1, 2)), 10**12)
    return f"{whole}.{rest:012}"


def hospital(facts: Row, members: list[Row]) -> dict[str, Fraction | int | None]:
    """Every published number of one hospital."""
    by_domain: dict[str, list[Row]] = {}
    for member in members:
        by_domain.setdefault(member["域"], []).append(member)
    scored = [member for member in members if member["计分"] == "达标与进步取高"]
    found: dict[str, Fraction | int | None] = {one["编号"]: measure_points(facts, one) for one in scored}
    for code, threshold in SSI.items():
        own = {"方向": "越低越好", "门槛值": threshold, "标杆值": "0"}
        found[code] = measure_points(facts, own | {"业绩期值": f"{code}_perf", "基期值": f"{code}_base"})

    def of(domain: str) -> list[int | None]:
        given = [found.get(member["编号"]) for member in by_domain[domain]]
        return [one if isinstance(one, int) else None for one in given]

    ssi = int(facts["ssi_points"]) if facts["ssi_points"] else None
    found["clinical"] = mean_domain(of("临床"), 2)
    safety = [member["编号"] for member in by_domain["安全"] if member["编号"] != "ssi_points"]
    infections = [found[code] for code in safety]
    found["safety"] = mean_domain([*(one if isinstance(one, int) else None for one in infections), ssi], 2)
    found["efficiency"] = mean_domain(of("效率"), 1)
    dimensions = of("体验")
    base = None if None in dimensions else sum(one for one in dimensions if one is not None)
    found["engagement_base"] = base
    found["engagement_consistency"] = steady = consistency(facts, by_domain["体验一致性"])
    found["engagement"] = None if base is None or steady is None else Fraction(base + steady)
    domains = [found[code] for code in ("clinical", "safety", "efficiency", "engagement")]
    there = [one for one in domains if one is not None]
    found["total"] = Fraction(sum(there)) / len(there) if len(there) >= 3 else None
    return found


def test_published_results_follow_from_the_regulation() -> None:
    members = rows("附表/指标参数.csv")
    expected = {row["单位"]: row for row in rows("预期.csv")}
    compared = 0
    for facts in rows("数据/实绩.csv"):
        found = hospital(facts, members)
        for column, cell in expected[facts["单位"]].items():
            if column != "单位":
                code = "total" if column == "总分" else column.removeprefix("得分【").removesuffix("】")
                assert published(found[code]) == cell, (facts["单位"], column)
                compared += 1
    assert compared == 7840


def test_both_schedules_hold_the_same_thresholds() -> None:
    """一致性 needs the dimensions a second time; a threshold changed in one place only would go unseen."""
    by_code = {row["编号"]: row for row in rows("附表/指标参数.csv")}
    twins = [code for code in by_code if code.endswith("_consistency")]
    assert len(twins) == 8
    for twin in twins:
        own = by_code[twin.removesuffix("_consistency")]
        assert [own[key] for key in ("门槛值", "业绩期值")] == [by_code[twin][key] for key in ("门槛值", "业绩期值")]


IMPROVEMENT = "    | 进步 |"


@pytest.mark.parametrize(
    ("before", "after", "right"),
    [
        ("保留 0 位，四舍五入", "保留 0 位，四舍五入", 4524),
        ("保留 0 位，四舍五入", "保留 0 位，四舍六入五成双", 4522),
        ("保留 0 位，四舍五入", "保留 0 位，舍去尾数", 3621),
        (IMPROVEMENT, "    # | 进步 |", 4005),
    ],
    ids=["as ruled", "half to even", "floor", "no improvement points"],
)
def test_wrong_readings_give_what_an_independent_script_found(before: str, after: str, right: int) -> None:
    """How many of the 4 524 measure points stay right under another reading (counts of the case's own README)."""
    source = read_source(TEXT, TEXT.name)
    head, method, rest = source.text.partition("计分办法 一致性")
    assert before in head
    changed = Source(source.name, head.replace(before, after) + method + rest, source.path)
    evaluation = evaluate(open_text(changed), None)
    codes = [row["编号"] for row in rows("附表/指标参数.csv") if row["计分"] == "达标与进步取高"] + list(SSI)
    place = {unit: i for i, unit in enumerate(evaluation.units)}
    cells = [
        (row[f"得分【{code}】"], published_output(evaluation, f"score:{code}", place[row["单位"]]))
        for row in rows("预期.csv")
        for code in codes
    ]
    assert sum(want != "" for want, _ in cells) == 4524
    assert sum(want == got for want, got in cells if want) == right
