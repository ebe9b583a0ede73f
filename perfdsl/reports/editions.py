"""The rulebooks of a folder: which versions there are, and how each of them stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from perfdsl.reports.findings import EditionFinding
from perfdsl.text.problem import Severity
from perfdsl.workspace.opening import Opened, open_rulebook, words
from perfdsl.workspace.versions import Edition, editions

__all__ = ["editions_in"]


def editions_in(folder: Path, checked: bool) -> tuple[EditionFinding, ...]:
    """Every version in ``folder`` and below, by name and year; with ``checked`` each is checked and its problems counted."""
    known = editions(folder, words())
    twins = defaultdict(list)
    for one in known:
        if not one.problem:
            twins[one.called].append(one)
    return tuple(_finding(folder, one, checked, twins[one.called]) for one in known)


def _finding(folder: Path, one: Edition, checked: bool, same: Sequence[Edition]) -> EditionFinding:
    opened = open_rulebook(one.path) if checked and not one.problem else None
    counts = tuple(_counts(opened)) if opened is not None else (None, None, None)
    return EditionFinding(
        name=one.name,
        version=one.version,
        title=one.title,
        year=one.year,
        status=one.status.value if one.status else "",
        period=str(one.period) if one.period else "",
        validity=str(one.validity) if one.validity else "",
        previous=one.previous,
        file=one.path.relative_to(folder).as_posix(),
        data=_has_data(one.path),
        parts=tuple(part.name for part in opened.parts) if opened is not None else (),
        must=counts[0],
        confirm=counts[1],
        hints=counts[2],
        twins=tuple(other.path.relative_to(folder).as_posix() for other in same if other.path != one.path),
        unreadable=one.problem,
    )


def _counts(opened: Opened) -> Iterator[int]:
    for severity in Severity:
        yield sum(problem.severity is severity for problem in opened.problems)


def _has_data(path: Path) -> bool:
    folder = path.with_suffix("") / "数据"
    return folder.is_dir() and any(folder.iterdir())
