"""写法对照: the list of clauses with how each is written."""

from __future__ import annotations

from pathlib import Path

from perfdsl.reports.findings import CoverageFinding
from perfdsl.workspace.coverage import Listed, way_in_words
from perfdsl.workspace.coverage import coverage as listed


def coverage(root: Path) -> tuple[CoverageFinding, ...]:
    """Every clause of the list at ``root``."""
    return tuple(_finding(one) for one in listed(root))


def _finding(one: Listed) -> CoverageFinding:
    if one.entry is None:
        return CoverageFinding(one.group, one.code, one.name, one.english, reason=one.reason)
    return CoverageFinding(
        one.group,
        one.code,
        one.name,
        one.english,
        tuple(way_in_words(way) or ("", way) for way in one.entry.ways),
        tuple((reading.asks, tuple(reading.answers), tuple(reading.codes)) for reading in one.entry.readings),
        one.entry.remark,
        one.example.as_posix() if one.example else "",
    )
