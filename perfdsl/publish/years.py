"""The grades of several years below each other, and who meets a rule over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from perfdsl.publish.widths import columns
from perfdsl.reports.findings import ResultsFinding


def years(findings: Sequence[ResultsFinding], code: str) -> str:
    """One line a year, oldest first; then the units of the last year that result application ``code`` holds for."""
    last = findings[-1]
    head = ["年度", "单位", *last.grades]
    rows = []
    for one in findings:
        counts = Counter(unit.grade for unit in one.units)
        rows.append([one.rulebook.version, str(len(one.units)), *(str(counts[grade] or "·") for grade in last.grades)])
    held = [
        (unit.unit, applied.name)
        for unit in last.units
        for applied in unit.applications
        if applied.code == code and applied.value
    ]
    shown = "\n各年等次\n" + columns([head, *rows], right=range(1, len(head))) + "\n"
    if not held:
        return shown
    lines = [f"  {unit}：{'、'.join(_grade(one, unit) for one in findings)}" for unit, _ in held]
    return (
        shown + f"\n{held[0][1]}（{'、'.join(one.rulebook.version for one in findings)}）\n" + "\n".join(lines) + "\n"
    )


def _grade(finding: ResultsFinding, name: str) -> str:
    return next((unit.grade or "没有" for unit in finding.units if unit.unit == name), "没有")
