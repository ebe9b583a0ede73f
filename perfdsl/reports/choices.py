"""The register of readings: what a rulebook chose, and what each other reading would move."""

from __future__ import annotations

from perfdsl.reports.findings import ChoiceFinding, ChoicesFinding, OtherReading
from perfdsl.workspace.evaluate import Evaluation
from perfdsl.workspace.opening import Opened
from perfdsl.workspace.readings import Reading, moved, readings

__all__ = ["choices"]


def choices(opened: Opened, evaluation: Evaluation | None = None) -> ChoicesFinding:
    """Every reading of a sound rulebook; with ``evaluation``, what the others would move."""
    book = opened.rulebook
    if book is None:
        raise ValueError("no rulebook")
    return ChoicesFinding(
        name=book.name,
        version=book.version,
        sha256=opened.sha256,
        units=len(evaluation.units) if evaluation is not None else None,
        choices=tuple(_finding(one, evaluation) for one in readings(book)),
    )


def _finding(one: Reading, evaluation: Evaluation | None) -> ChoiceFinding:
    return ChoiceFinding(
        code=one.citation.code,
        name=one.citation.name,
        article=one.article,
        line=one.span.line if one.span is not None else one.citation.line,
        asks=one.choice.asks,
        chosen=one.chosen,
        problem=one.choice.code,
        others=tuple(_other(one, value, told, evaluation) for value, told in one.others),
    )


def _other(one: Reading, value: object, told: str, evaluation: Evaluation | None) -> OtherReading:
    if evaluation is None or not evaluation.units:
        return OtherReading(told)
    found = moved(evaluation, one, value)
    return OtherReading(told, found.score, found.rank, found.grade, found.applied, found.alone, True)
