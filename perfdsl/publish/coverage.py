"""``docs/写法对照.md``."""

from __future__ import annotations

from collections.abc import Sequence

from perfdsl.publish.manual import markdown
from perfdsl.reports.findings import CoverageFinding

HEAD = ("编号", "条款", "怎样写", "须选的读法", "例子")


def page(found: Sequence[CoverageFinding]) -> str:
    """The whole page, a table for each group."""
    written = sum(bool(one.ways) for one in found)
    out = sum(bool(one.reason) for one in found)
    parts = [
        "# 写法对照\n",
        f"由条目和例子生成（make pages）。真实的考评办法里见过 {len(found)} 种条款，写得出的 {written} 种"
        + (f"，不收的 {out} 种" if out else "")
        + "。\n每种写明用什么写、哪些读法必须由作者选定（编号是没有选时程序问的问题）；例子带数据和手算的结果，"
        "`perfdsl test rulebooks` 逐格核对。\n",
    ]
    for group in dict.fromkeys(one.group for one in found):
        rows = [_row(one) for one in found if one.group == group]
        parts += [f"## {group}\n", markdown([HEAD, *rows])]
    return "\n".join(parts)


def _row(one: CoverageFinding) -> tuple[str, ...]:
    name = f"{one.name}<br>{one.english}"
    if one.reason:
        return one.code, name, f"不收：{one.reason}", "", ""
    if not one.ways:
        return one.code, name, "", "", ""
    ways = "、".join(f"{kind}“{called}”" for kind, called in one.ways)
    readings = "<br>".join(f"{asks}：{' / '.join(answers)}{_codes(codes)}" for asks, answers, codes in one.readings)
    return one.code, name, f"{ways}<br>{one.remark}", readings, f"[例](../{one.example})"


def _codes(codes: Sequence[str]) -> str:
    return f"（{'、'.join(f'[{code}](problems/{code}.md)' for code in codes)}）" if codes else ""
