"""Formatting with the words of every clause kind."""

from __future__ import annotations

from perfdsl.syntax import format as layout
from perfdsl.syntax.frame import parse
from perfdsl.syntax.names import declared
from perfdsl.text.source import Source
from perfdsl.workspace.including import including
from perfdsl.workspace.opening import words


def formatted(source: Source, language: layout.Language = "zh") -> tuple[str, tuple[layout.Repair, ...]]:
    """``source`` in canonical layout, and what was repaired; with ``language`` en its words are the English ones.

    What it includes (引用) is read for its names and left alone.
    """
    tree, _ = including(parse(layout.without_oddities(source), words())[0], words())
    return layout.formatted(source, words(), language, declared(tree) if tree.parts else None)


def words_used(source: Source) -> frozenset[tuple[str, str]]:
    """(place, key) of every word of the language that ``source`` uses: see :func:`perfdsl.syntax.format.words_used`."""
    return layout.words_used(source, words())
