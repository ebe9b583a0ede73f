"""The tree with its sums as a screen, and as JSON."""

from __future__ import annotations

from typing import Any

from perfdsl.publish.widths import columns
from perfdsl.reports.findings import SumFinding, SumsFinding


def text(finding: SumsFinding) -> str:
    """The tree, then the points per 评分单位."""
    rows = [("名称", "分值", "下级合计", "评分单位", "说明"), *map(_row, finding.lines)]
    used = [i for i in range(5) if i < 2 or any(row[i] for row in rows[1:])]
    tree = columns([[row[i] for i in used] for row in rows])
    scorers = columns([("评分单位", "分值", "项数"), *((name, points, str(n)) for name, points, n in finding.scorers)])
    return f"合计\n{tree}\n\n各评分单位给的分（不含加分扣分；只适用于一部分单位的也计入）\n{scorers}\n"


def _row(line: SumFinding) -> tuple[str, ...]:
    name = f"{'  ' * line.depth}{line.kind} {line.name}" + (f"【{line.code}】" if line.code and line.depth else "")
    parts = line.parts and (line.parts if line.agree else f"{line.parts} ≠")
    return name, line.full, parts, "、".join(line.scorers), line.note


def as_json(finding: SumsFinding) -> dict[str, Any]:
    """For ``check --tree --format json``."""
    return {
        "tree": [
            {
                "depth": line.depth,
                "kind": line.kind,
                "code": line.code,
                "name": line.name,
                "full": line.full or None,
                "parts": line.parts or None,
                "agree": line.agree,
                "scorers": list(line.scorers),
                "note": line.note,
            }
            for line in finding.lines
        ],
        "scorers": [{"name": name, "points": points, "items": count} for name, points, count in finding.scorers],
    }
