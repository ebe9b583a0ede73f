"""Reads ``tests/problems/*.perf``: rulebooks with a mistake, and beside the mistake what is to be said about it.

Cases are separated by ``---``. A case without a 考评办法 of its own stands under :data:`HEAD`. A mark at the end of a
line says what must be found there, and nothing else may be found in the case::

    计分：每低 1 个百分点扣 0.5 分     ### K203 underlines `…` says `96.4%` mend follows

``underlines`` is the marked text as far as it stands on the line; ``says`` a part of the message; ``mend`` how its
first proposal is used (:func:`mended`): it ``replaces`` the marked text, ``joins`` it after a comma, ``heads`` its line
as a note, ``follows`` as a line of its own, ``ends`` the marked block, ``opens`` the rulebook as a field, or
``rewrites`` the nearest line with the same label, or ``swaps`` with the segment that begins like it. The problem is gone then, and no other has come.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from perfdsl.tools.cli import group

FOLDER = Path(__file__).parents[1] / "problems"
BY_HAND = "writing.perf"
"""Read by ``tests/syntax``: values as they stand, without a rulebook around them."""

HEAD = """\
考评办法 试（10 分）【试@2025】
  状态：印发稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上、以下、以内、不低于均含本数；超过、低于、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位、类别（区县、市直）、人口（万人）
"""

MARK = re.compile(
    r"[ ]*### (?P<code>K[0-9]{3}) underlines `(?P<text>[^`]*)` says `(?P<says>[^`]*)`"
    r"(?: mend (?P<mend>replaces|joins|heads|follows|ends|opens|rewrites|swaps))?"
)


@dataclass(frozen=True)
class Mark:
    """What is to be found on a line of ``Case.text`` (from 1)."""

    line: int
    code: str
    text: str
    says: str
    mend: str


@dataclass(frozen=True)
class Case:
    """One rulebook and its marks."""

    file: str
    text: str
    marks: tuple[Mark, ...]

    def __str__(self) -> str:
        return f"{self.file}-{'-'.join(dict.fromkeys(mark.code for mark in self.marks)) or 'fine'}"


def cases() -> Iterator[Case]:
    """Every case of every file but :data:`BY_HAND`."""
    for path in sorted(FOLDER.glob("*.perf")):
        if path.name != BY_HAND:
            for written in path.read_text(encoding="utf-8").split("---\n"):
                yield _case(path.stem, written)


def _case(file: str, written: str) -> Case:
    text = written if "考评办法 " in written else HEAD + written
    lines, marks = [], []
    for number, line in enumerate(text.rstrip("\n").split("\n"), 1):
        for found in MARK.finditer(line):
            marks.append(Mark(number, found["code"], found["text"], found["says"], found["mend"] or ""))
        lines.append(MARK.sub("", line))
    return Case(file, "\n".join(lines) + "\n", tuple(marks))


def check(text: str) -> list[dict[str, Any]]:
    """What ``perfdsl check`` says about ``text``."""
    found = CliRunner().invoke(
        group, ["check", "-", "--stdin-filename", "试.perf", "--format", "json"], input=text.encode()
    )
    problems: list[dict[str, Any]] = json.loads(found.stdout)["problems"]
    assert found.exit_code == int(any(one["severity"] == "必须改" for one in problems))
    return problems


LEAD = re.compile(r"^(?:加一行|在本(?:指标|条)下?加一行|在开头加一行|在开头写|在后面加|在位数后写|在名称后写)：")
"""What stands before the words to paste."""


def pasted(mend: str) -> str:
    """The first proposal of a mend, without what leads to it."""
    return re.split(" 或 |（或 ", LEAD.sub("", mend.split("\n", maxsplit=1)[0]))[0]


def mended(text: str, problem: dict[str, Any], way: str) -> str:
    """``text`` with the first proposal of the problem's mend put where ``way`` says."""
    mend = pasted(problem["mend"])
    lines = text.split("\n")
    at, column, length = problem["line"] - 1, problem["column"] - 1, problem["length"]
    start = sum(len(line) + 1 for line in lines[:at]) + column
    before, marked, after = text[:start], text[start : start + length], text[start + length :]
    last = at + marked.count("\n")
    match way:
        case "replaces":
            return before + mend + after
        case "joins":
            return before + marked + ("" if mend.startswith("，") else "，") + mend + after
        case "swaps":
            part = max(re.split("[，；]", marked), key=lambda one: _alike(one, mend))
            return before + marked.replace(part, mend, 1) + after
        case "heads":
            head = max(i for i in range(at + 1) if lines[i][:1] not in (" ", "|"))
            return "\n".join([*lines[:head], lines[head] + mend, *lines[head + 1 :]])
        case "follows":
            return "\n".join([*lines[: at + 1], mend, *lines[at + 1 :]])
        case "ends":
            return "\n".join([*lines[: last + 1], mend, *lines[last + 1 :]])
        case "opens":
            top = next(i for i, line in enumerate(lines) if line.startswith("考评办法"))
            return "\n".join([*lines[: top + 1], mend, *lines[top + 1 :]])
    label = re.split("(?<=：)|(?<=. )", mend)[0] if way == "rewrites" else "\0"
    there = [i for i, line in enumerate(lines) if line.strip().startswith(label)]
    near = min(there, key=lambda i: abs(i - at))
    return "\n".join([*lines[:near], mend, *lines[near + 1 :]])


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
