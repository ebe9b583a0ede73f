"""What every output says alike: 暂定 where something was assumed, 待定 and — where there is no value."""

from __future__ import annotations

from perfdsl.reports.findings import WAITING

PENDING, NONE = "待定", "—"


def stamp(assumed: str) -> str:
    """The line at the head of an output; "" where nothing was assumed."""
    return f"【暂定】待定的项目暂按“{assumed}”计，不是正式结果\n" if assumed else ""


def short(assumed: str) -> str:
    """The stamp of a cell."""
    return f"暂定（暂按{assumed}）" if assumed else ""


def named(name: str, assumed: str) -> str:
    """A file name that says it: ``得分总表（暂定）.csv``."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}（暂定）{dot}{ending}" if assumed else name


def told(value: str | None, state: str) -> str:
    """A published value; 待定 for one that is still to come, — where there is none."""
    if value is not None:
        return value
    return PENDING if state in WAITING else NONE
