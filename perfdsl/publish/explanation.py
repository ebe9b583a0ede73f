"""An explanation as a screen of text."""

from __future__ import annotations

from perfdsl.reports.findings import ItemExplanation, UnitExplanation


def text(finding: UnitExplanation) -> str:
    """The whole explanation."""
    stamp = f"【暂定】待定的项目暂按“{finding.provisional}”计\n" if finding.provisional else ""
    head = f"{stamp}{finding.unit}  总分 {finding.total or '待定'}"
    if finding.rank:
        head += f"，第 {finding.rank} 名"
    if finding.grade:
        head += f"，{finding.grade}"
    parts = [head, *(_item(item) for item in finding.items)]
    if finding.closing:
        parts.append("\n".join(finding.closing))
    return "\n\n".join(parts) + "\n"


def _item(item: ItemExplanation) -> str:
    score = item.score if item.score is not None else "没有得分"
    of = f"／{item.full}" if item.full else ""
    lines = [f"{item.place}  {score}{of}" + ("" if item.state == "有值" else f"（{item.state}）")]
    lines.append(f"  规则：{item.sentence}")
    if item.official:
        lines.append(f"  原文：{item.official}")
    for step in item.steps:
        value = f" = {step.value}" if step.value else ""
        where = f"  ← {step.address}" if step.address else ""
        lines.append(f"  {'  ' * step.depth}{step.text}{value}{where}")
    return "\n".join(lines)
