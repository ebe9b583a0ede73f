"""HVBP with one benchmark moved, and with half-even for half-up: the ledger names the hospitals and measures that a computation
on plain fractions names, which is written here from the published inputs and uses nothing of perfdsl.
"""

from __future__ import annotations

import csv
import shutil
from fractions import Fraction
from functools import cache
from math import floor
from pathlib import Path

import pytest

from perfdsl.workspace.opening import Opened, open_rulebook
from perfdsl.workspace.review.whole import Review, review

pytestmark = pytest.mark.usefixtures("no_cases")

HOME = Path(__file__).parents[2] / "rulebooks" / "hvbp-fy2024"
FOLDER = HOME / "医院价值购买"
FILE = HOME / "医院价值购买.perf"
MEASURE, BENCHMARK, MOVED = "mort_ami", "0.887868", "0.890000"
SSI = {"hai3": "0.717", "hai4": "0.738"}

Row = dict[str, str]
Points = dict[str, dict[str, int | None]]
"""Hospital → measure → points."""


def rows(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def nearest(value: Fraction, even: bool) -> int:
    """A half goes up, or to the even neighbour; the values here are above -1."""
    whole = floor(value)
    rest = value - whole
    half = Fraction(1, 2)
    if value < 0:
        return 0 if even or rest > half else -1
    return whole + (rest > half or (rest == half and (not even or whole % 2 == 1)))


def points(perf: str, base: str, threshold: str, benchmark: str, lower: bool, even: bool) -> int | None:
    """The larger of achievement and improvement."""
    sign = -1 if lower else 1

    def number(text: str) -> Fraction:
        return sign * Fraction(text.removesuffix("%"))

    if not perf:
        return None
    reached, low, high = number(perf), number(threshold), number(benchmark)
    achieved = 10 if reached >= high else 0
    if low <= reached < high:
        achieved = nearest(9 * (reached - low) / (high - low) + Fraction(1, 2), even)
    if not base:
        return achieved
    before, improved = number(base), 0
    if reached > before:
        raw = 9 if reached >= high else nearest(10 * (reached - before) / (high - before) - Fraction(1, 2), even)
        improved = max(0, min(9, raw))
    return max(achieved, improved)


@cache
def inputs() -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """(hospitals, measures)."""
    return tuple(rows("数据/实绩.csv")), tuple(rows("附表/指标参数.csv"))


def worked(even: bool = False, benchmark: str = BENCHMARK) -> Points:
    """Hospital → measure → points."""
    hospitals, members = inputs()
    scored = [one for one in members if one["计分"] == "达标与进步取高"]
    found: Points = {}
    for facts in hospitals:
        mine = found.setdefault(facts["单位"], {})
        for one in scored:
            high = benchmark if one["编号"] == MEASURE else one["标杆值"]
            perf, base = facts[one["业绩期值"]], facts[one["基期值"]]
            mine[one["编号"]] = points(perf, base, one["门槛值"], high, one["方向"] == "越低越好", even)
        for code, threshold in SSI.items():
            mine[code] = points(facts[f"{code}_perf"], facts[f"{code}_base"], threshold, "0", True, even)
    return found


def totals(by_measure: Points) -> dict[str, Fraction | None]:
    """Hospital → total, to twelve digits. The two operations stand outside it, their published points are an input."""
    hospitals, members = inputs()
    domain = {one["编号"]: one["域"] for one in members}
    published = {row["单位"]: row for row in rows("预期.csv")}
    found = {}
    for facts in hospitals:
        mine = by_measure[facts["单位"]]
        domains: list[Fraction] = []
        for name, least in (("临床", 2), ("安全", 2), ("效率", 1)):
            there = [Fraction(given) for code, given in mine.items() if domain.get(code) == name and given is not None]
            if name == "安全" and facts["ssi_points"]:
                there.append(Fraction(facts["ssi_points"]))
            if len(there) >= least:
                domains.append(10 * sum(there, start=Fraction(0)) / len(there))
        given = [mine[code] for code in mine if domain.get(code) == "体验"]
        steady = published[facts["单位"]]["得分【engagement_consistency】"]
        if None not in given and steady:
            domains.append(Fraction(sum(one for one in given if one is not None)) + Fraction(steady))
        total = sum(domains, start=Fraction(0)) / len(domains) if len(domains) >= 3 else None
        found[facts["单位"]] = None if total is None else Fraction(floor(total * 10**12 + Fraction(1, 2)), 10**12)
    return found


def copied(folder: Path, cell: tuple[str, str] | None = None, words: tuple[str, str] | None = None) -> Opened:
    """A copy of the published case with another cell in the 附表, or other words in the method of the measures."""
    there = folder / FILE.name
    text = FILE.read_text(encoding="utf-8")
    if words is not None:
        head, method, rest = text.partition("计分办法 一致性")
        assert words[0] in head
        text = head.replace(*words) + method + rest
    there.write_text(text, encoding="utf-8")
    shutil.copytree(FOLDER, there.with_suffix(""))
    if cell is not None:
        table = there.with_suffix("") / "附表" / "指标参数.csv"
        before = table.read_text(encoding="utf-8")
        assert before.count(cell[0]) == 1
        table.write_text(before.replace(*cell), encoding="utf-8")
    return open_rulebook(there)


def ledger_names(found: Review) -> dict[tuple[str, str], Fraction]:
    """(hospital, measure) → what the measure's change does to the hospital's total, where it does anything."""
    code = {change.number: change.new[0] for change in found.comparison.changes}
    made = {}
    for hospital, one in found.ledgers.items():
        assert one.residual == 0
        for number, value in one.alone.items():
            assert value is not None
            if value or one.together[number]:
                made[hospital, code[number]] = value
    return made


def worked_names(new: Points, old: Points) -> dict[tuple[str, str], Fraction]:
    """The same, worked out here: one measure after the other is changed and the total taken again."""
    base = totals(old)
    found = {}
    for code in next(iter(old.values())):
        mixed = {hospital: {**mine, code: new[hospital][code]} for hospital, mine in old.items()}
        for hospital, total in totals(mixed).items():
            before = base[hospital]
            if total is not None and before is not None and total != before:
                found[hospital, code] = total - before
    return found


def test_the_totals_worked_here_are_the_published_ones() -> None:
    published = {row["单位"]: Fraction(row["总分"]) if row["总分"] else None for row in rows("预期.csv")}
    assert totals(worked()) == published


def test_one_benchmark_moved(tmp_path: Path) -> None:
    new = copied(tmp_path, cell=(BENCHMARK, MOVED))
    found = review(open_rulebook(FILE), new, FOLDER / "数据")
    wanted = worked_names(worked(benchmark=MOVED), worked())
    assert {measure for _, measure in wanted} == {MEASURE}
    assert len(wanted) >= 10
    assert ledger_names(found) == wanted
    ends = totals(worked(benchmark=MOVED))
    assert {name: one.after for name, one in found.ledgers.items()} == {n: t for n, t in ends.items() if t is not None}


def test_half_even_for_half_up(tmp_path: Path) -> None:
    new = copied(tmp_path, words=("保留 0 位，四舍五入", "保留 0 位，四舍六入五成双"))
    found = review(open_rulebook(FILE), new, FOLDER / "数据")
    old, even = worked(), worked(even=True)
    points_moved = {(name, code) for name, mine in old.items() for code in mine if mine[code] != even[name][code]}
    assert len(points_moved) == 2  # of 4 524
    wanted = worked_names(even, old)
    assert set(wanted) <= points_moved
    assert ledger_names(found) == wanted
    assert {name: one.after for name, one in found.ledgers.items()} == {
        n: total for n, total in totals(even).items() if total is not None
    }
