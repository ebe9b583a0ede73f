"""Pastes the proposal of a problem where an officer would paste it."""

from __future__ import annotations

import re
from typing import Any

from problem_cases import mended, pasted


def pasted_into(text: str, problem: dict[str, Any], way: str) -> str:
    """``text`` with the first proposal put where ``way`` says.

    Beside the ways of :func:`problem_cases.mended`: ``line`` takes the place of the line, its indentation kept,
    ``value`` that of what stands behind the colon, ``full`` that of the （10 分） in the line; ``away`` leaves the
    line out, as the proposal says.
    """
    if way not in ("line", "value", "full", "away"):
        return mended(text, problem, way)
    lines = text.split("\n")
    line = lines[problem["line"] - 1]
    if way == "away":
        assert "删去" in problem["mend"]
        del lines[problem["line"] - 1]
        return "\n".join(lines)
    if way == "full":
        (full,) = re.findall("（[0-9.]+ 分）", problem["mend"])
        lines[problem["line"] - 1] = re.sub("（[0-9.]+ 分）", full, line, count=1)
        return "\n".join(lines)
    blank = line[: len(line) - len(line.lstrip())]
    mend = pasted(problem["mend"])
    lines[problem["line"] - 1] = f"{line.partition('：')[0]}：{mend}" if way == "value" else blank + mend
    return "\n".join(lines)
