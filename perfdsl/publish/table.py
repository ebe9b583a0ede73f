"""Results as a screen: what an officer wants to see first, and where the rest lies."""

from __future__ import annotations

from collections import Counter

from perfdsl.publish.widths import columns
from perfdsl.reports.findings import ResultsFinding, UnitFinding

SHOWN = 5
"""How many units from the top and from the bottom."""


def results(finding: ResultsFinding, whole: bool = False) -> str:
    """Grades, top and bottom of each category, what needs attention; every unit with ``whole``."""
    parts = [_heading(finding), _grades(finding)]
    for category in dict.fromkeys(unit.category for unit in finding.units):
        parts.append(_ranking(finding, category, whole))
    parts.append(_attention(finding))
    return "\n\n".join(part for part in parts if part) + "\n"


def _heading(finding: ResultsFinding) -> str:
    book = finding.rulebook
    stamp = f"【暂定】待定的项目暂按“{finding.assumed}”计，不是正式结果\n" if finding.assumed else ""
    status = f"（{book.status}）" if book.status else ""
    return f"{stamp}{book.name}{status}  {len(finding.units)} 个单位，试算结果"


def _grades(finding: ResultsFinding) -> str:
    if not finding.grades:
        return ""
    categories = list(dict.fromkeys(unit.category for unit in finding.units))
    counts = Counter((unit.category, unit.grade) for unit in finding.units)
    head = ["类别", *finding.grades, "待定", "合计"]
    rows = [
        [
            category or "全部",
            *(str(counts[category, grade] or "·") for grade in finding.grades),
            str(counts[category, None] or "·"),
            str(sum(unit.category == category for unit in finding.units)),
        ]
        for category in categories
    ]
    return "等次分布\n" + columns([head, *rows], right=range(1, len(head)))


def _ranking(finding: ResultsFinding, category: str, whole: bool) -> str:
    units = [unit for unit in finding.units if unit.category == category]
    ordered = sorted(units, key=_place)
    head = ["名次", "单位", "总分", "等次" if finding.grades else "", ""]
    ungraded = "待定" if finding.grades else ""
    rows = [
        [unit.rank or "—", unit.unit, unit.total or "待定", unit.grade or ungraded, "、".join(unit.vetoes)]
        for unit in ordered
    ]
    if not whole and len(rows) > 2 * SHOWN + 1:
        rows = [*rows[:SHOWN], ["…", f"（另有 {len(rows) - 2 * SHOWN} 个单位）", "", "", ""], *rows[-SHOWN:]]
    return f"{category or '名次'}（{len(units)} 个）\n" + columns([head, *rows], right=(0, 2))


def _place(unit: UnitFinding) -> tuple[bool, float, str]:
    # only the order of lines on the screen: ranks are compared, never computed here
    return (unit.rank is None, float(unit.rank or 0), unit.unit)


def _attention(finding: ResultsFinding) -> str:
    lines = []
    vetoed = [f"{unit.unit}：{'、'.join(unit.vetoes)}" for unit in finding.units if unit.vetoes]
    if vetoed:
        lines.append(
            f"否决、限等、降等 {len(vetoed)} 个单位：{'；'.join(vetoed[:6])}{'；…' if len(vetoed) > 6 else ''}"
        )
    if finding.pending:
        lines.append(
            f"总分待定 {len(finding.pending)} 个单位：{'、'.join(finding.pending[:6])}{'…' if len(finding.pending) > 6 else ''}"
        )
    if finding.owed:
        sources = Counter(one.source or "（没有写数据来源）" for one in finding.owed)
        owed = "；".join(f"{source} {count} 个数" for source, count in sources.most_common(6))
        lines.append(f"数据没有报齐：{owed}")
    counts = Counter(one.severity.value for one in finding.problems)
    if counts:
        lines.append("问题：" + "，".join(f"{word} {count} 处" for word, count in counts.items()))
    return "需要注意\n" + "\n".join(f"  · {line}" for line in lines) if lines else "需要注意\n  · 没有"
