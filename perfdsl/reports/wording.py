"""Old text → new text, told in words: ``“市通报每次” 由 0.3 分改为 0.5 分``.

It is only how a change is told; whether there is one the models say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_SEGMENT = re.compile("(?:（[^（）]*）|[^，；])+[，；]?")
"""What ends with a comma or a semicolon; those in brackets end nothing."""
_DAY = r"[0-9]{4}年[0-9]+月[0-9]+日|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_SIGN = r"(?<![0-9A-Za-z）)］\]%％‰])[－\u2212＋+±-](?=[0-9])"
"""A sign goes with the number behind it; between two operands, where there is a blank after it, it is none."""
_QUANTITY = rf"(?:{_SIGN})?{_NUMBER}(?:[%％‰]?[-~～–—]{_NUMBER})?"
"""A number with its sign, or from one to another: neither is cut."""
_TOKEN = re.compile(rf"{_DAY}|{_QUANTITY}|[A-Za-z]+|\s+|.", re.DOTALL)
_UNIT = re.compile(
    r"\s?(?:个?百分点|%|‰|万元|亿元|元|分|万|亿|件|次|人|天|亩|起|个|家|项|份|篇|名|档|位|年|月\d+日|月|日|倍|场|公里)"
)
_TRIMMED = "，；。 "
_AMOUNT = re.compile(rf"{_DAY}|{_QUANTITY}")
HAN = re.compile(r"[\u4e00-\u9fff]")
LONG = 14
"""Characters of a phrase that are quoted to say where a number stands."""


def told(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """What became of the lines ``old`` in ``new``, one phrase for each place."""
    found: list[str] = []
    for gone, come in _replaced(list(old), list(new)):
        if len(gone) == len(come):
            for one, other in zip(gone, come, strict=True):
                found += _line(one, other)
        else:
            found += [f"删去 “{line}”" for line in gone] + [f"增加 “{line}”" for line in come]
    return tuple(found)


def _replaced(old: list[str], new: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            yield old[i:j], new[k:m]


def _line(old: str, new: str) -> Iterator[str]:
    if "｜" in old and "｜" in new and old.count("｜") == new.count("｜"):
        yield from _row(old.split("｜"), new.split("｜"))
        return
    before, after = _SEGMENT.findall(old), _SEGMENT.findall(new)
    for gone, come in _replaced([one.strip(_TRIMMED) for one in before], [one.strip(_TRIMMED) for one in after]):
        if len(gone) == len(come):
            yield from (_segment(one, other) for one, other in zip(gone, come, strict=True))
        else:
            left, right = "，".join(gone), "，".join(come)
            yield f"“{left}” 改为 “{right}”" if left and right else f"增加 “{right}”" if right else f"删去 “{left}”"


def _row(old: list[str], new: list[str]) -> Iterator[str]:
    """Cells of a row, named by its first cell where that is the same."""
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    if old[0] == new[0]:
        yield from (f"“{old[0]}” {from_to(a, b)}" for a, b in changed)
    else:
        yield f"“{'，'.join(filter(None, old))}” 改为 “{'，'.join(filter(None, new))}”"


def _segment(old: str, new: str) -> str:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    lead = 0
    while lead < min(len(before), len(after)) and before[lead] == after[lead]:
        lead += 1
    tail = 0
    while tail < min(len(before), len(after)) - lead and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    first = "".join(before[:lead])
    gone, come = "".join(before[lead : len(before) - tail]), "".join(after[lead : len(after) - tail])
    rest = "".join(before[len(before) - tail :])
    if not (_is_number(gone) and _is_number(come)):
        return from_to(old, new)
    unit = _UNIT.match(rest)
    if unit is not None:
        gone, come = gone + unit.group(), come + unit.group()
    place = first.strip().replace("“", "‘").replace("”", "’")
    if len(place) > LONG:
        place = f"…{place[-LONG:]}"
    return f"“{place}” {from_to(gone, come)}" if _quoted(place) else f"{place}{from_to(gone, come)}"


def _quoted(place: str) -> bool:
    return len(place) > 4


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(rf"\s*(?:{_DAY}|{_QUANTITY}\s*%?)", text))


def from_to(old: str, new: str) -> str:
    """``由 3 分改为 5 分``; what begins with words is quoted."""
    if not old.strip():
        return f"增加 “{new.strip()}”"
    if not new.strip():
        return f"删去 “{old.strip()}”"
    old, new = old.strip(), new.strip()
    if not (_AMOUNT.match(old) and _AMOUNT.match(new)) or max(len(old), len(new)) > LONG:
        return f"“{old}” 改为 “{new}”"
    return f"由 {old}{'' if HAN.match(old[-1]) else ' '}改为 {new}"
