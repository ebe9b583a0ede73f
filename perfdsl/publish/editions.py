"""The rulebooks of a folder as a screen, and for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from perfdsl.publish.widths import columns
from perfdsl.reports.findings import EditionFinding

HEAD = ("办法", "版本", "年度", "状态", "有效", "上年度", "数据", "问题", "文件")


def text(found: Sequence[EditionFinding]) -> str:
    """One line a version; what nobody filled in is left out."""
    if not found:
        return "没有找到考评办法\n"
    rows = [
        (
            one.name,
            one.version,
            one.year,
            one.status,
            _short(one.validity or one.period),
            one.previous,
            "有" if one.data else "",
            _problems(one),
            one.file,
        )
        for one in found
    ]
    used = [i for i in range(len(HEAD)) if any(row[i] for row in rows)]
    shown = columns([[row[i] for i in used] for row in (HEAD, *rows)])
    told = [f"  {one.file}：{one.unreadable}" for one in found if one.unreadable]
    told += [f"  {name} 有几份：{'、'.join(files)}" for name, files in _claims(found).items()]
    return shown + "\n" + ("\n需要注意\n" + "\n".join(told) + "\n" if told else "")


def _claims(found: Sequence[EditionFinding]) -> dict[str, list[str]]:
    """The name@version that more than one file claims."""
    made: dict[str, list[str]] = {}
    for one in found:
        if one.twins:
            made.setdefault(f"{one.name}@{one.version}", []).append(one.file)
    return made


def _problems(one: EditionFinding) -> str:
    if one.unreadable:
        return "读不了"
    if one.must is None:
        return ""
    counts = (("必须改", one.must), ("请确认", one.confirm), ("提示", one.hints))
    said = [f"{word} {count}" for word, count in counts if count]
    return "、".join([*said, *(["重名"] if one.twins else [])]) or "没有"


def _short(days: str) -> str:
    """``2025年1月1日至2025年12月31日`` → ``2025.1.1-2025.12.31``."""
    return days.replace("年", ".").replace("月", ".").replace("日", "").replace("至", "-")


def as_json(found: Sequence[EditionFinding]) -> str:
    """Everything; what only a check can tell is null where there was none."""
    return (
        json.dumps(
            {
                "format_version": "1.0",
                "rulebooks": [
                    {
                        "name": one.name,
                        "version": one.version,
                        "title": one.title,
                        "year": one.year,
                        "status": one.status,
                        "period": one.period,
                        "validity": one.validity,
                        "previous": one.previous,
                        "file": one.file,
                        "data": one.data,
                        "included": None if one.must is None else list(one.parts),
                        "problems": None
                        if one.must is None
                        else {"必须改": one.must, "请确认": one.confirm, "提示": one.hints},
                        "same_name_and_version": list(one.twins),
                        "unreadable": one.unreadable,
                    }
                    for one in found
                ],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )
