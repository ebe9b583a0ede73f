"""Pastes the proposal of a problem where an officer would paste it."""

from __future__ import annotations

from typing import Any

from problem_cases import mended, pasted


def pasted_into(text: str, problem: dict[str, Any], way: str) -> str:
    """``text`` with the first proposal put where ``way`` says.

    Beside the ways of :func:`problem_cases.mended`: ``line`` takes the place of the line, its indentation kept,
    ``value`` that of what stands behind the colon.
    """
    if way not in ("line", "value"):
        return mended(text, problem, way)
    lines = text.split("\n")
    line = lines[problem["line"] - 1]
    blank = line[: len(line) - len(line.lstrip())]
    mend = pasted(problem["mend"])
    lines[problem["line"] - 1] = f"{line.partition('：')[0]}：{mend}" if way == "value" else blank + mend
    return "\n".join(lines)
