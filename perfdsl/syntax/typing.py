"""Slips of the keyboard that make a number, a list or a day of a value unreadable, told as what they are.

Looked for before a value is read: each would otherwise fall apart into pieces that are explained one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfdsl.syntax.characters import OUTSIDE
from perfdsl.syntax.lexer import Lexicon, Value
from perfdsl.text.catalogue import writing
from perfdsl.text.problem import Problem, Problems

_POINT = re.compile(r"(?<![0-9.,])[0-9]{1,3}[。．·][0-9]{1,3}(?![0-9.])|(?<![0-9.,])0,[0-9]{1,2}(?![0-9.,])")
_LISTED = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:,[0-9]+(?:\.[0-9]+)?)+(?=分)")
_FIGURE = re.compile(r"(?<![0-9A-Za-z_.])[0-9OoIl]*(?:\.[0-9OoIl]+)?(?![0-9A-Za-z_.])")
_DOTS = re.compile(r"(?<![0-9.])[0-9]+\.{2,}[0-9]+(?![0-9.])")
_YEARLESS = re.compile(r"(?<![年0-9])[0-9]{1,2}月[0-9]{1,2}[日号]前")
_POINTS, _LIKE_FIGURES = ".。．·,", "OoIl"
_FIGURES = str.maketrans(_LIKE_FIGURES, "0011")


def slips(value: Value, shape: str, lexicon: Lexicon) -> Problems:
    """What was typed wrongly in ``value``, outside quotes."""
    return tuple(_found(value, shape, lexicon))


def _found(value: Value, shape: str, lexicon: Lexicon) -> Iterator[Problem]:
    masked = OUTSIDE.sub(lambda found: "“" * len(found.group()), value.text)
    told = False
    for pattern in (_POINT, _DOTS) if any(mark in masked for mark in _POINTS) else ():
        for found in pattern.finditer(masked):
            if all(value.adjacent(place) for place in range(found.start() + 1, found.end())):
                told = True
                yield writing.not_a_number(value.span(*found.span()), found.group(), _with_point(found.group()))
    for found in _FIGURE.finditer(masked) if any(letter in masked for letter in _LIKE_FIGURES) else ():
        if _mistyped(found.group()) and _measured(masked, found, lexicon, value):
            yield writing.not_a_number(value.span(*found.span()), found.group())
    if shape == "phrase" and not told:
        for found in _LISTED.finditer(masked) if "," in masked else ():
            yield writing.comma_in_list(value.span(*found.span()), found.group().replace(",", "、"))
        for found in _YEARLESS.finditer(masked) if "月" in masked else ():
            yield writing.year_missing(value.span(found.start(), found.end() - 1), found.group()[:-1])


def _with_point(text: str) -> str:
    return re.sub(r"[。．·,.]+", ".", text)


def _mistyped(text: str) -> bool:
    """Letters that look like figures, in what is a number once they are figures."""
    return bool(re.search("[OoIl]", text)) and bool(re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text.translate(_FIGURES)))


def _measured(text: str, found: re.Match[str], lexicon: Lexicon, value: Value) -> bool:
    """Whether a measure word follows, and no declared name begins here."""
    if lexicon.longest(lexicon.names, value, found.start()) or found.end() >= len(text):
        return False
    return bool(lexicon.longest(lexicon.units, value, found.end()))


__all__ = ["slips"]
