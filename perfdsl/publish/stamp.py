"""What every output says alike: 暂定 where something was assumed, 待定 and — where there is no value."""

from __future__ import annotations

from perfdsl.reports.findings import WAITING, AsOfFinding

PENDING, NONE = "待定", "—"


def stamp(assumed: str, as_of: AsOfFinding | None = None) -> str:
    """The lines at the head of an output; "" for the results of a whole year of which nothing was assumed."""
    lines = [f"【暂定】待定的项目暂按“{assumed}”计，不是正式结果\n"] if assumed else []
    if as_of is not None:
        lines.append(f"【截至{as_of.day}】已到期 {as_of.items} 项共 {as_of.points} 分，不评等次，不是全年结果\n")
        if as_of.not_due:
            shown = "、".join(as_of.not_due[:6]) + (f" 等 {len(as_of.not_due)} 项" if len(as_of.not_due) > 6 else "")
            lines.append(f"  未到期，不计入：{shown}\n")
    return "".join(lines)


def short(assumed: str, as_of: AsOfFinding | None = None) -> str:
    """The stamp of a cell."""
    marks = [f"暂定（暂按{assumed}）"] if assumed else []
    return "；".join([*marks, *([f"截至{as_of.day}"] if as_of is not None else [])])


def named(name: str, assumed: str, as_of: AsOfFinding | None = None) -> str:
    """A file name that says it: ``得分总表（暂定）.csv``, ``得分总表（截至2025-06-30）.csv``."""
    stem, dot, ending = name.rpartition(".")
    marks = ("（暂定）" if assumed else "") + (f"（截至{as_of.date}）" if as_of is not None else "")
    return f"{stem}{marks}{dot}{ending}"


def told(value: str | None, state: str) -> str:
    """A published value; 待定 for one that is still to come, — where there is none."""
    if value is not None:
        return value
    return PENDING if state in WAITING else NONE
