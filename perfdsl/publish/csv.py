"""Results as CSV with a BOM, so that Excel and WPS open it rightly; text that looks like a formula is made inert."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from perfdsl.reports.findings import ResultsFinding

BOM = "\ufeff"
TRIGGERS = tuple("=+-@\t\r＝＋－＠")


def long(finding: ResultsFinding) -> str:
    """One row a unit and item."""
    rows: list[Sequence[str | None]] = [
        ("单位", "类别", "编号", "上级", "名称", "种类", "得分", "分值", "状态", "条款")
    ]
    for unit in finding.units:
        rows.extend(
            (
                inert(unit.unit),
                inert(unit.category),
                inert(item.code),
                inert(item.parent or ""),
                inert(item.name),
                item.kind,
                item.score,
                item.full,
                item.state,
                inert(item.article),
            )
            for item in unit.items
        )
    return _text(rows)


def wide(finding: ResultsFinding) -> str:
    """One row a unit: total, rank, grade, then every item's score."""
    codes = [item.code for item in finding.units[0].items] if finding.units else []
    rows: list[Sequence[str | None]] = [("单位", "类别", "总分", "名次", "等次", *(inert(code) for code in codes))]
    for unit in finding.units:
        scores = {item.code: item.score for item in unit.items}
        rows.append(
            (
                inert(unit.unit),
                inert(unit.category),
                unit.total,
                unit.rank,
                unit.grade,
                *(scores[code] for code in codes),
            )
        )
    return _text(rows)


def applications(finding: ResultsFinding) -> str:
    """One row a unit and result application that applies."""
    rows: list[Sequence[str | None]] = [("单位", "等次", "编号", "结果运用", "内容")]
    for unit in finding.units:
        rows.extend(
            (inert(unit.unit), unit.grade, inert(one.code), inert(one.name), one.value)
            for one in unit.applications
            if one.value is not None
        )
    return _text(rows)


def owed(finding: ResultsFinding) -> str:
    """数据齐备表: who owes what."""
    rows: list[Sequence[str | None]] = [("数据来源", "单位", "数据", "涉及指标")]
    rows.extend((inert(one.source), inert(one.unit), inert(one.column), "、".join(one.items)) for one in finding.owed)
    return _text(rows)


def inert(text: str) -> str:
    """Text that a spreadsheet would run gets an apostrophe in front."""
    return "'" + text if text.startswith(TRIGGERS) else text


def _text(rows: Iterable[Sequence[str | None]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([["" if cell is None else cell for cell in row] for row in rows])
    return BOM + out.getvalue()
