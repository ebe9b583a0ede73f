"""Formatting with the words of every clause kind."""

from __future__ import annotations

from perfdsl.syntax import format as layout
from perfdsl.text.source import Source
from perfdsl.workspace.opening import words


def formatted(source: Source) -> tuple[str, tuple[layout.Repair, ...]]:
    """``source`` in canonical layout, and what was repaired."""
    return layout.formatted(source, words())
