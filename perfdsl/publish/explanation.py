"""An explanation as a screen of text."""

from __future__ import annotations

from perfdsl.publish.stamp import PENDING, stamp, told
from perfdsl.reports.findings import WAITING, ItemExplanation, RuleExplanation, Step, UnitExplanation


def text(finding: UnitExplanation) -> str:
    """The whole explanation."""
    parts = [_head(finding), *(_item(item) for item in finding.items)]
    parts += map(_rule, finding.rules)
    if finding.closing:
        parts.append("\n".join(finding.closing))
    return "\n\n".join(parts) + "\n"


def _head(finding: UnitExplanation) -> str:
    head = f"{stamp(finding.provisional, finding.as_of)}{finding.unit}  总分 {told(finding.total, finding.total_state)}"
    if finding.rank:
        head += f"，第 {finding.rank} 名"
    elif finding.rank_state in WAITING:
        head += "，名次待定"
    if finding.grade:
        head += f"，{finding.grade}"
    elif finding.grade_state in WAITING:
        head += "，等次待定"
    return head + (f"\n为什么：{finding.why}" if finding.why else "")


def _item(item: ItemExplanation) -> str:
    score = item.score if item.score is not None else PENDING if item.waits else "没有得分"
    of = f"／{item.full}" if item.full else ""
    lines = [f"{item.place}  {score}{of}" + ("" if item.state == "有值" else f"（{item.state}）")]
    lines.append(f"  规则：{item.sentence}")
    if item.official:
        lines.append(f"  原文：{item.official}")
    lines += [f"  待定：{one}" for one in item.waits]
    lines += map(_step, item.steps if not item.waits else ())
    return "\n".join(lines)


def _rule(rule: RuleExplanation) -> str:
    lines = [f"{rule.place}  {rule.verdict}", *(f"  {one}" for one in rule.says)]
    if rule.follows:
        lines.append(f"  后果：{rule.follows}")
    if rule.official:
        lines.append(f"  原文：{rule.official}")
    return "\n".join([*lines, *(f"  待定：{one}" for one in rule.waits), *map(_step, rule.steps)])


def _step(step: Step) -> str:
    value = f" = {step.value}" if step.value else ""
    where = f"  ← {step.address}" if step.address else ""
    return f"  {'  ' * step.depth}{step.text}{value}{where}"
