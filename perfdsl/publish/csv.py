"""Results as CSV with a BOM, so that Excel and WPS open it rightly; text that looks like a formula is made inert."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from perfdsl.publish.stamp import short, told
from perfdsl.publish.table import place
from perfdsl.reports.findings import ItemFinding, ResultsFinding

BOM = "\ufeff"
TRIGGERS = tuple("=+-@\t\r＝＋－＠")


def long(finding: ResultsFinding) -> str:
    """One row a unit and item."""
    head = ("单位", "类别", "编号", "上级", "名称", "种类", "得分", "分值", "状态", "条款")
    rows = [
        (
            inert(unit.unit),
            inert(unit.category),
            inert(item.code),
            inert(item.parent or ""),
            inert(item.name),
            item.kind,
            _score(item),
            item.full,
            item.state,
            inert(item.article),
        )
        for unit in finding.units
        for item in unit.items
    ]
    return _text(finding, head, rows)


def wide(finding: ResultsFinding) -> str:
    """One row a unit in the order of ranks: total, rank, grade and why, then every item's score."""
    items = finding.units[0].items if finding.units else ()
    scopes = [f"{one.name}等次" for one in finding.units[0].scoped] if finding.units else []
    head = ("单位", "类别", "基本分", "总分", "名次", "等次", *map(inert, scopes), "否决限等", "等次理由")
    names = [inert(f"{item.code} {item.name}") for item in items]
    categories = {unit.category: i for i, unit in reversed(list(enumerate(finding.units)))}
    rows = [
        (
            inert(unit.unit),
            inert(unit.category),
            told(unit.base, unit.total_state),
            told(unit.total, unit.total_state),
            told(unit.rank, unit.rank_state),
            told(unit.grade, unit.grade_state) if finding.grades else "",
            *(told(one.grade, one.state) for one in unit.scoped),
            inert("、".join(unit.vetoes)),
            inert(unit.why),
            *(_score(item) for item in unit.items),
        )
        for unit in sorted(finding.units, key=lambda unit: (categories[unit.category], place(unit)))
    ]
    return _text(finding, (*head, *names), rows)


def _score(item: ItemFinding) -> str:
    """The score; 待定 where it is still to come, blank where there is none."""
    return "待定" if item.waiting else item.score or ""


def applications(finding: ResultsFinding) -> str:
    """One row a unit and result application that applies."""
    head = ("单位", "等次", "编号", "结果运用", "内容", "措施", "方式", "起算日", "到期日")
    rows = [
        (
            inert(unit.unit),
            told(unit.grade, unit.grade_state),
            inert(one.code),
            inert(one.name),
            one.written or one.value,
            inert(one.text),
            "、".join(one.ways),
            one.since,
            one.due,
        )
        for unit in finding.units
        for one in unit.applications
        if one.value is not None
    ]
    return _text(finding, head, rows)


def grades(finding: ResultsFinding) -> str:
    """本年等次: the grades as next year's 历年等次 wants them; units whose grade is open or that have none are left out."""
    year = finding.rulebook.year
    rows = [(inert(unit.unit), year, inert(unit.grade)) for unit in finding.units if year and unit.grade is not None]
    return _text(finding, ("单位", "年度", "等次"), rows)


def owed(finding: ResultsFinding) -> str:
    """数据齐备表: who owes what."""
    head = ("数据来源", "单位", "数据", "涉及指标")
    rows = [(inert(one.source), inert(one.unit), inert(one.column), "、".join(one.items)) for one in finding.owed]
    return _text(finding, head, rows)


def inert(text: str) -> str:
    """Text that a spreadsheet would run gets an apostrophe in front."""
    return "'" + text if text.startswith(TRIGGERS) else text


def _text(finding: ResultsFinding, head: Sequence[str], rows: Iterable[Sequence[str | None]]) -> str:
    """The file; every row is stamped where something was assumed, or the year is not over."""
    said = short(finding.assumed, finding.as_of)
    mark = (said,) if said else ()
    over = "暂定" if finding.assumed else "截至"
    lines = [(*((over,) if mark else ()), *head), *((*mark, *row) for row in rows)]
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([["" if cell is None else cell for cell in row] for row in lines])
    return BOM + out.getvalue()
