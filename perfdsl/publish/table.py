"""Results as a screen: what an officer wants to see first, and where the rest lies."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from perfdsl.publish.stamp import NONE, PENDING, stamp, told
from perfdsl.publish.widths import columns
from perfdsl.reports.findings import ResultsFinding, UnitFinding
from perfdsl.text.catalogue.data import doubts

SHOWN = 5
"""How many units from the top and from the bottom."""

FEW = 3
"""So many units are named; of more, the number is told."""

CAUSES = 6
"""How many causes of 待定 are told on the screen."""


def results(finding: ResultsFinding, whole: bool = False) -> str:
    """Grades, top and bottom of each category, what needs attention; every unit with ``whole``."""
    parts = [_heading(finding), _grades(finding)]
    for category in dict.fromkeys(unit.category for unit in finding.units):
        parts.append(_ranking(finding, category, whole))
    parts.append(_applications(finding, whole))
    parts.append(_attention(finding, whole))
    return "\n\n".join(part for part in parts if part) + "\n"


def _heading(finding: ResultsFinding) -> str:
    book = finding.rulebook
    status = f"（{book.status}）" if book.status else ""
    head = f"{stamp(finding.assumed, finding.as_of)}{book.name}{status}  {len(finding.units)} 个单位，试算结果"
    return "\n".join((head, *doubts(finding.problems)))


def _grades(finding: ResultsFinding) -> str:
    if not finding.grades:
        return ""
    categories = list(dict.fromkeys(unit.category for unit in finding.units))
    counts = Counter((unit.category, told(unit.grade, unit.grade_state)) for unit in finding.units)
    others = [word for word in (PENDING, NONE) if any(found == word for _, found in counts)]
    head = ["类别", *finding.grades, *("不评等次" if word == NONE else word for word in others), "合计"]
    rows = [
        [
            category or "全部",
            *(str(counts[category, grade] or "·") for grade in (*finding.grades, *others)),
            str(sum(unit.category == category for unit in finding.units)),
        ]
        for category in categories
    ]
    return "等次分布\n" + columns([head, *rows], right=range(1, len(head)))


def _ranking(finding: ResultsFinding, category: str, whole: bool) -> str:
    units = [unit for unit in finding.units if unit.category == category]
    graded = bool(finding.grades)
    scopes = [one.name for one in units[0].scoped]
    head = ["名次", "单位", "总分", "等次" if graded else "", *scopes, "为什么" if graded else ""]
    rows = [
        [
            told(unit.rank, unit.rank_state),
            unit.unit,
            told(unit.total, unit.total_state),
            told(unit.grade, unit.grade_state) if graded else "",
            *(told(one.grade, one.state) for one in unit.scoped),
            unit.why if graded else "、".join(unit.vetoes),
        ]
        for unit in sorted(units, key=place)
    ]
    if not whole and len(rows) > 2 * SHOWN + 1:
        rows = [
            *rows[:SHOWN],
            ["…", f"（另有 {len(rows) - 2 * SHOWN} 个单位）", "", "", *("" for _ in scopes), ""],
            *rows[-SHOWN:],
        ]
    return f"{category or '名次'}（{len(units)} 个）\n" + columns([head, *rows], right=(0, 2))


def place(unit: UnitFinding) -> tuple[bool, Fraction, str]:
    """The order of units on a list: by rank, those without one at the end."""
    return (unit.rank is None, Fraction(unit.rank or 0), unit.unit)


def _applications(finding: ResultsFinding, whole: bool) -> str:
    """What each result application gives to whom: counts of values, or the units themselves where they are few."""
    lines = []
    for i, one in enumerate(finding.units[0].applications if finding.units else ()):
        given: dict[str, list[str]] = {}
        for unit in finding.units:
            mine = unit.applications[i]
            if (
                value := (mine.written or mine.value) if not mine.due else f"{mine.text}（{mine.due} 到期）"
            ) is not None:
                given.setdefault(value, []).append(unit.unit)
        told_ = [f"{value}：{_names(units, whole)}" for value, units in given.items()]
        lines.append(f"  · {one.name}  {'；'.join(told_) or '没有单位'}")
    return "结果运用\n" + "\n".join(lines) if lines else ""


def _names(units: list[str], whole: bool) -> str:
    return "、".join(units) if whole or len(units) <= FEW else f"{len(units)} 个单位"


def _attention(finding: ResultsFinding, whole: bool) -> str:
    lines = []
    vetoed = [f"{unit.unit}：{'、'.join(unit.vetoes)}" for unit in finding.units if unit.vetoes]
    if vetoed:
        lines.append(
            f"否决、限等、降等 {len(vetoed)} 个单位：{'；'.join(vetoed[:6])}{'；…' if len(vetoed) > 6 else ''}"
        )
    lines += _pending(finding, whole)
    if finding.incomplete:
        tables = "、".join(f"“{name}”" for name in finding.incomplete)
        lines.append(f"表不完整：{tables} 没有文件，或有行读不出来、不知道是谁的，由它们算出的数不能定")
    if finding.owed:
        sources = Counter(one.source or "（没有写数据来源）" for one in finding.owed)
        owed = "；".join(f"{source} {count} 个数" for source, count in sources.most_common(6))
        lines.append(f"数据没有报齐：{owed}")
    counts = Counter(one.severity.value for one in finding.problems)
    if counts:
        lines.append("问题：" + "，".join(f"{word} {count} 处" for word, count in counts.items()))
    return "需要注意\n" + "\n".join(f"  · {line}" for line in lines) if lines else "需要注意\n  · 没有"


def _pending(finding: ResultsFinding, whole: bool) -> list[str]:
    """What waits, by what it waits for: who lacks it first, then how many others it holds up."""
    if not finding.pending:
        return []
    waiting: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for unit in finding.units:
        for one in unit.waits:
            waiting.setdefault(one.causes, []).append((unit.unit, one.what))
    lines = [f"待定 {len(finding.pending)} 个单位：{_listed(finding.pending)}"]
    for causes, held in waiting.items():
        lines.append(f"  {'；'.join(causes)} → {_held(held)}")
    return lines if whole or len(lines) <= CAUSES + 1 else [*lines[: CAUSES + 1], "  …（全部见 --all）"]


def _held(held: list[tuple[str, str]]) -> str:
    by_what: dict[str, list[str]] = {}
    for unit, what in held:
        by_what.setdefault(what, []).append(unit)
    by_units: dict[tuple[str, ...], list[str]] = {}
    for what, units in by_what.items():
        by_units.setdefault(tuple(units), []).append(what)
    return "；".join(f"{_names(list(units), False)} 的 {'、'.join(whats)}" for units, whats in by_units.items())


def _listed(units: tuple[str, ...]) -> str:
    return "、".join(units[:6]) + ("…" if len(units) > 6 else "")
