"""Problems as people read them, and as other programs do.

Chinese characters are two columns wide, so a caret that counts characters drifts to the left under them. Widths are
taken from Unicode; a character whose width depends on the font (“ ” × ①) counts as one column.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from perfdsl.text.problem import Problem, Problems, Severity
from perfdsl.text.source import Span

_COLOURS = {Severity.MUST: "31", Severity.CONFIRM: "33", Severity.HINT: "36"}
_LONGEST = 100


def width(text: str) -> int:
    """Columns that ``text`` takes on a screen."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(text: str, columns: int, right: bool = False) -> str:
    """``text`` and as many blanks as make it ``columns`` wide; before it, with ``right``."""
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks


def render(problems: Problems, color: bool = False) -> str:
    """All ``problems`` in Chinese: the count first, then each with its line, a caret, and how to mend it."""
    if not problems:
        return "没有发现问题\n"
    return "\n".join([summary(problems), *(_one(problem, color) for problem in problems)]) + "\n"


def summary(problems: Problems) -> str:
    """``共 12 处，其中必须改 7 处``."""
    counts = [(severity, sum(problem.severity is severity for problem in problems)) for severity in Severity]
    parts = "，".join(f"{severity.value} {count} 处" for severity, count in counts if count)
    return f"共 {len(problems)} 处，其中{parts}"


def place(problem: Problem) -> str:
    """Where a problem is, as officers say it: ``第五条 A02 按时办结率（第 41 行）``; a cell for data."""
    if problem.address is not None:
        cited = f"（{problem.citation}）" if problem.citation is not None else ""
        return f"{problem.address}{cited}"
    if problem.citation is not None and str(problem.citation):
        return str(problem.citation)
    return f"第 {problem.span.line} 行" if problem.span is not None else ""


def _one(problem: Problem, color: bool) -> str:
    head = f"{problem.severity.value} {problem.code}"
    if color:
        head = f"\033[1;{_COLOURS[problem.severity]}m{head}\033[0m"
    gutter = " " * _gutter(problem)
    lines = [f"\n{head}：{visible(problem.message)}"]
    if where := place(problem):
        told = problem.citation is not None and problem.citation.file  # the place names its file already
        named = f"  {problem.span.source.name}" if problem.span is not None and not told else ""
        lines.append(f"{gutter} ┌ {visible(where + named)}")
    if problem.span is not None:
        lines.extend(_excerpt(problem.span, gutter, "这里"))
    for related in problem.related:
        there = related.span
        lines.append(f"{gutter} ├ {visible(there.source.name)} 第 {there.line} 行：{visible(related.note)}")
        lines.extend(_excerpt(there, gutter, ""))
    lines.extend(f"{gutter} │ 为什么：{line}" for line in visible_lines(problem.why))
    lines.extend(f"{gutter} └ 怎么改：{line}" for line in visible_lines(problem.mend))
    return "\n".join(lines)


def _gutter(problem: Problem) -> int:
    spans = [span for span in (problem.span, *(related.span for related in problem.related)) if span is not None]
    return max((len(str(span.line)) for span in spans), default=1)


def _excerpt(span: Span, gutter: str, note: str) -> Iterable[str]:
    """The source line, and carets under exactly the characters of ``span``."""
    number = span.line
    text = span.source.line(number)
    start = min(span.column - 1, len(text))
    end = min(start + max(span.end - span.start, 1), max(len(text), start + 1))
    shift = max(0, start - _LONGEST // 2) if len(text) > _LONGEST else 0
    shown = text[shift : shift + _LONGEST]
    before, under = text[shift:start], text[start : min(end, shift + _LONGEST)]
    dots = "…" if shift else ""
    yield f"{str(number).rjust(len(gutter))} │ {dots}{visible(shown)}"
    carets = "^" * max(width(visible(under)), 1)
    yield f"{gutter} │ {' ' * width(dots + visible(before))}{carets} {note}".rstrip()


def visible(text: str) -> str:
    """``text`` on one line with nothing that moves the cursor or hides: what is not printable becomes a blank or ``?``."""
    return "".join(_visible(character) for character in text)


def visible_lines(text: str) -> list[str]:
    """The lines of ``text``, each :func:`visible`."""
    return [visible(line) for line in text.split("\n") if line]


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else "?"


def to_json(problems: Problems) -> list[dict[str, object]]:
    """The problems for other programs; keys as in the published format."""
    return [_record(problem) for problem in problems]


def _record(problem: Problem) -> dict[str, object]:
    span, address = problem.span, problem.address
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "message": problem.message,
        "file": span.source.name if span else address.file if address else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "address": {"file": address.file, "sheet": address.sheet, "cell": address.cell} if address else None,
        "place": place(problem),
        "text": span.text if span else None,
        "length": span.end - span.start if span else None,
        "why": problem.why,
        "mend": problem.mend,
        "related": [
            {
                "file": related.span.source.name,
                "line": related.span.line,
                "column": related.span.column,
                "length": related.span.end - related.span.start,
                "note": related.note,
            }
            for related in problem.related
        ],
    }
