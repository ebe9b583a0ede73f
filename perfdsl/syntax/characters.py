"""Characters: what may not stand in a rulebook, what only looks like a plain character, quotes and blanks.

Everything here keeps lengths: character ``i`` of a cleaned text is character ``i`` of the source.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from perfdsl.text.source import BLANKS, SOFT_BREAKS, folded

HIDDEN = re.compile(
    "[\x00-\x08\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
"""Characters that are not seen and change what is read: controls, bidi, zero width, a BOM in the middle, tags."""

LOOKALIKE = re.compile("[\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]")
"""Radicals and compatibility ideographs: they look like a plain character and are another."""

QUOTED = r"[“”\"＂][^“”\"＂\n]*[“”\"＂]|「[^「」\n]*」|『[^『』\n]*』"
CODED = r"【[^【】\n]*】"
BRACKETED = re.compile(r"\[([0-9A-Za-z.·一二三四五六七八九十]{1,12}|[^\[\]“”\"@]{1,40}@[^\[\]“”\"@]{1,20})\]")
"""A code, or the name of a version, between the brackets of a keyboard, in folded text."""
QUOTE_MARKS = '“”"＂「」『』'

OUTSIDE = re.compile(rf"(?P<quoted>{QUOTED})|(?P<coded>{CODED})")
_COMMENT = re.compile(rf"{QUOTED}|{CODED}|(?P<comment>(?<![0-9A-Za-z])#|注:)")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ％]")
_BLANK = re.compile(f"[{BLANKS}{SOFT_BREAKS}]+")


@lru_cache(maxsize=4096)
def plain_character(character: str) -> str:
    """The ordinary character that ``character`` looks like, or itself where Unicode knows none."""
    ordinary = unicodedata.normalize("NFKC", character)
    return ordinary if len(ordinary) == 1 else character


def cleaned(text: str) -> str:
    """``text`` with hidden characters as blanks and look-alikes as what they look like; lengths are kept."""
    text = HIDDEN.sub(" ", text)
    return LOOKALIKE.sub(lambda found: plain_character(found.group()), text)


def half_width(text: str) -> str:
    """``text`` with full-width letters, digits and % as the plain ones; punctuation and lengths are kept."""
    return _WIDE.sub(lambda found: folded(found.group()), text)


def plain(text: str) -> str:
    """``text`` for comparing: widths made equal, blanks left out, quotes all “ ”.

    Two names are the same name when their plain forms are equal.
    """
    inner = unicodedata.normalize("NFC", text) if not text.isascii() else text
    return _BLANK.sub("", OUTSIDE.sub(_canonical_quotes, folded(inner)))


def _canonical_quotes(found: re.Match[str]) -> str:
    text = found.group()
    return f"“{text[1:-1]}”" if found.group("quoted") else text


def comment_start(line: str) -> int | None:
    """Where a comment begins in a folded line: ``#`` outside quotes (not ``3#``), or 注： after a blank."""
    if "#" not in line and "注:" not in line:
        return None
    for found in _COMMENT.finditer(line):
        at = found.start("comment")
        if at >= 0 and (line[at] == "#" or not line[:at].strip() or line[at - 1] == " "):
            return at
    return None
