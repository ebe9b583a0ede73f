"""The order of codes: as people count, in Arabic and in Chinese."""

from __future__ import annotations

import re
from functools import lru_cache

_CHINESE = {digit: i for i, digit in enumerate("〇一二三四五六七八九十")}
_PART = re.compile("[0-9]+|[一二三四五六七八九十]+|[^0-9一二三四五六七八九十]+")


@lru_cache(maxsize=4096)
def by_code(code: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key: 一.2 before 一.10, 二 before 十, A9 before A10; other text by its characters."""
    return tuple(_key(part) for part in _PART.findall(code))


def _key(part: str) -> tuple[int, int, str]:
    if part.isascii() and part.isdigit():
        return (0, int(part), "")
    if all(character in _CHINESE for character in part):
        return (0, chinese(part), part)
    return (1, 0, part)


def chinese(text: str) -> int:
    """一 … 九十九."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return sum(_CHINESE[digit] for digit in text)
    return (_CHINESE[tens] if tens else 1) * 10 + (_CHINESE[ones] if ones else 0)
