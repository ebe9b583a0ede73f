"""The nearest known name, for messages. A suggestion is shown, never taken."""

from __future__ import annotations

from collections.abc import Iterable

ENOUGH = 0.5
"""Likeness (two characters of four, in order) below which a suggestion would only mislead; 市发改委 and 市发展改革委 have 0.8."""


def alike(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """All of ``known`` that are as much like ``name`` as the nearest one; none where nothing is near."""
    from difflib import SequenceMatcher  # loads where something is wrong

    likeness = {one: SequenceMatcher(None, name, one, autojunk=False).ratio() for one in sorted(set(known))}
    most = max(likeness.values(), default=0.0)
    return tuple(one for one, ratio in likeness.items() if ratio == most) if most >= ENOUGH else ()


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of ``known`` that is most like ``name``, or None where nothing is near.

    Ties go to the one that has more characters where ``name`` has them (计份: 计分, not 不计), then to the first in order.
    """
    from difflib import SequenceMatcher

    best, likeness = None, (0.0, 0)
    for candidate in sorted(set(known)):
        if (most := _at_most(name, candidate)) < ENOUGH or most < likeness[0]:
            continue
        ratio = SequenceMatcher(None, name, candidate, autojunk=False).ratio()
        how = (ratio, in_place(name, candidate))
        if ratio >= ENOUGH and how > likeness:
            best, likeness = candidate, how
    return best


def in_place(name: str, candidate: str) -> int:
    """How many characters stand in the same place in both."""
    return sum(one == other for one, other in zip(name, candidate, strict=False))


def _at_most(name: str, candidate: str) -> float:
    """How much alike the two can be at most: as many characters as both have. It spares the long way for most names."""
    shared = min(sum(character in name for character in candidate), len(name))
    return 2.0 * shared / (len(name) + len(candidate)) if name or candidate else 1.0
