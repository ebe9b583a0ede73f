"""Two texts side by side: which words were changed, which lines need not be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

SKIPPED = "……"
"""What stands for lines that are the same on both sides."""


def shortened(old: list[str], new: list[str]) -> tuple[str, str]:
    """Two texts of several lines without what is the same in both; the first line stays."""
    before, after = old[:1], new[:1]
    for tag, a, b, c, d in SequenceMatcher(None, old[1:], new[1:], autojunk=False).get_opcodes():
        alike = tag == "equal" and b - a > 1
        before += [SKIPPED] if alike else old[1:][a:b]
        after += [SKIPPED] if alike else new[1:][c:d]
    return "\n".join(before), "\n".join(after)


_WORDS = re.compile(r"(?:(?<![0-9A-Za-z])[－\u2212＋+-])?[0-9]+(?:\.[0-9]+)?[%％‰]?|[A-Za-z]+|\s+|.", re.DOTALL)

Run = tuple[str, bool]
"""A piece of text, and whether it was changed."""


def changed_words(old: str, new: str) -> tuple[list[Run], list[Run]]:
    """Both texts in runs; a number with its sign counts as one word, so that －98% → －96% is marked whole.

    Where one of the two is not there, nothing is marked: all of it is new, or gone.
    """
    left, right = _WORDS.findall(old), _WORDS.findall(new)
    if not left or not right:
        return [(text, False) for text in (old,) if text], [(text, False) for text in (new,) if text]
    before: list[Run] = []
    after: list[Run] = []
    for changed, a, b, c, d in _steps(SequenceMatcher(None, left, right, autojunk=False).get_opcodes()):
        for runs, text in ((before, "".join(left[a:b])), (after, "".join(right[c:d]))):
            if text and runs and runs[-1][1] == changed:
                runs[-1] = runs[-1][0] + text, changed
            elif text:
                runs.append((text, changed))
    return before, after


def _steps(found: Sequence[tuple[str, int, int, int, int]]) -> Iterator[tuple[bool, int, int, int, int]]:
    """The steps from one text to the other; a single word that is the same between two changes counts as changed."""
    for i, (tag, a, b, c, d) in enumerate(found):
        between = 0 < i < len(found) - 1 and b - a == 1
        yield tag != "equal" or between, a, b, c, d
