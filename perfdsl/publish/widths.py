"""Plain text tables by display width: a Chinese character is two columns wide."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from unicodedata import east_asian_width


def width(text: str) -> int:
    """Columns that ``text`` takes on a Chinese screen."""
    return sum(2 if east_asian_width(character) in "WFA" and character not in "·…—" else 1 for character in text)


def padded(text: str, to: int, right: bool = False) -> str:
    """``text`` filled with blanks to ``to`` columns."""
    blanks = " " * (to - width(text))
    return blanks + text if right else text + blanks


def columns(rows: Sequence[Sequence[str]], right: Collection[int] = (), indent: str = "  ") -> str:
    """Rows as aligned columns, two blanks between them; columns in ``right`` are set to the right."""
    count = max(len(row) for row in rows)
    widths = [max(width(row[i]) for row in rows if i < len(row)) for i in range(count)]
    return "\n".join(
        (indent + "  ".join(padded(cell, widths[i], i in right) for i, cell in enumerate(row))).rstrip() for row in rows
    )
