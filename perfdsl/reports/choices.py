"""The register of readings: what a rulebook chose, and what each other reading would move."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from perfdsl.reports.findings import ChoiceFinding, ChoicesFinding, OtherReading
from perfdsl.workspace.evaluate import Evaluation
from perfdsl.workspace.following import where_asked
from perfdsl.workspace.opened import Opened, block_at
from perfdsl.workspace.readings import Moved, Reading, readings, tried
from perfdsl.workspace.review.together import Source

__all__ = ["choices"]


def choices(opened: Opened, evaluation: Evaluation | None = None, data: Path | None = None) -> ChoicesFinding:
    """Every reading of a sound rulebook; with its ``evaluation`` on ``data``, what the others would move."""
    book = opened.rulebook
    if book is None:
        raise ValueError("no rulebook")
    found = readings(book)
    moved: Sequence[Sequence[Moved | None]] = [[None] * len(one.others) for one in found]
    if evaluation is not None and evaluation.units:
        moved = tried(book, found, Source(data or opened.data_folder, opened.folder))
    return ChoicesFinding(
        name=book.name,
        version=book.version,
        sha256=opened.sha256,
        units=len(evaluation.units) if evaluation is not None else None,
        choices=tuple(_finding(one, others, opened) for one, others in zip(found, moved, strict=True)),
    )


def _line(one: Reading, opened: Opened) -> int:
    """Where the reading is written; one of the whole rulebook stands in a field of its first block."""
    line = one.span.line if one.span is not None else one.citation.line
    whole = opened.rulebook.span if opened.rulebook is not None else None
    if one.citation.code or whole is None or line != whole.line:
        return line
    block = block_at(whole, opened.tree.blocks)
    field = block.field(where_asked(one.choice.code)) if block is not None else None
    return field.span.line if field is not None else line


def _finding(one: Reading, moved: Sequence[Moved | None], opened: Opened) -> ChoiceFinding:
    return ChoiceFinding(
        code=one.citation.code,
        name=one.citation.name,
        article=one.article,
        line=_line(one, opened),
        asks=one.choice.asks,
        chosen=one.chosen,
        problem=one.choice.code,
        others=(
            *(_other(told, found) for (_, told), found in zip(one.others, moved, strict=True)),
            *(OtherReading(told, alone=one.choice.needs) for told in one.numbered),
        ),
    )


def _other(told: str, found: Moved | None) -> OtherReading:
    if found is None:
        return OtherReading(told)
    return OtherReading(
        told, found.score, found.rank, found.grade, found.applied, found.alone, tried=True, proved=found.proved
    )
