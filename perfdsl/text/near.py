"""The nearest known name, for messages. A suggestion is shown, never taken."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

ENOUGH = 0.5
"""Likeness (two characters of four, in order) below which a suggestion would only mislead; 市发改委 and 市发展改革委 have 0.8."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of ``known`` that is most like ``name``, or None where nothing is near. Ties go to the first in order."""
    best, likeness = None, 0.0
    for candidate in sorted(set(known)):
        ratio = SequenceMatcher(None, name, candidate, autojunk=False).ratio()
        if ratio >= ENOUGH and ratio > likeness:
            best, likeness = candidate, ratio
    return best
