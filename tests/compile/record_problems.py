"""Writes the marks of ``tests/problems/*.perf`` anew, as the problems are said now: ``python tests/compile/record_problems.py``.

A new case is written without marks. Read the difference before it is committed: a mark that moved, or a second one that
came, is a change that an officer will see.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from problem_cases import BY_HAND, FOLDER, HEAD, MARK, check, mended

BLOCK_WAYS = ("follows", "ends", "opens", "rewrites", "heads")
WAYS = ("replaces", "joins", "swaps", *BLOCK_WAYS)
SAID = 20
"""Characters of a message that a mark keeps."""


def recorded(written: str) -> str:
    """One case with the marks that it has now."""
    bare = "\n".join(MARK.sub("", line) for line in written.rstrip("\n").split("\n")) + "\n"
    text = bare if "考评办法 " in bare else HEAD + bare
    above = 0 if text == bare else HEAD.count("\n")
    lines = bare.rstrip("\n").split("\n")
    found = check(text)
    for one in found:
        if one["line"] <= above:
            raise SystemExit(f"{one['code']} 落在公用的开头里，请给这一例写上自己的考评办法：\n{bare}")
        marked = one["text"].split("\n")[0]
        way = _way(text, one, found)
        mend = f" mend {way}" if way else ""
        says = one["message"].replace("`", "")[:SAID]
        lines[one["line"] - 1 - above] += f"     ### {one['code']} underlines `{marked}` says `{says}`{mend}"
    return "\n".join(lines) + "\n"


def _way(text: str, problem: dict[str, Any], found: list[dict[str, Any]]) -> str:
    """The first way of using the mend that makes the problem go and lets no other come."""
    if not problem["mend"]:
        return ""
    for way in BLOCK_WAYS if "\n" in problem["text"] else WAYS:
        try:
            after = check(mended(text, problem, way))
        except ValueError:  # no line with the label of the mend
            continue
        gone = problem["message"] not in [one["message"] for one in after]
        if gone and len(after) < len(found) and {one["code"] for one in after} <= {one["code"] for one in found}:
            return way
    return ""


if __name__ == "__main__":
    for path in sorted(FOLDER.glob("*.perf")):
        if path.name != BY_HAND:
            cases = path.read_text(encoding="utf-8").split("---\n")
            path.write_text("---\n".join(map(recorded, cases)), encoding="utf-8", newline="\n")
