"""How a run is computed, as a screen: for whoever keeps the engine, not for officers."""

from __future__ import annotations

from perfdsl.publish.widths import columns
from perfdsl.reports.findings import PlanFinding


def text(finding: PlanFinding) -> str:
    """Counts first, then a line for each operation, then how the rows of ledgers are added up."""
    counts = "，".join(f"{tier} {count} 步" for tier, count in finding.counts)
    head = (
        f"规则共 {finding.nodes} 步；按这些数据化简后 {finding.left} 步（{counts}）；"
        f"其中不缺数、整数不超过 2^52 的编成 {finding.straight} 条直算指令"
    )
    rows = [("条款", "运算", "级", "最小", "最大", "为什么")]
    rows += [(step.place, step.operation, step.tier, step.low, step.high, step.reason) for step in finding.steps]
    ledgers = [("台账", "行数", "条款", "怎样算")]
    ledgers += [(one.name, one.rows, one.place or "·", one.how) for one in finding.ledgers]
    told = f"\n{columns(ledgers, right=(1,))}\n" if finding.ledgers else ""
    return f"{head}\n{columns(rows, right=(3, 4))}\n{told}"
