"""Plain text tables by display width: a Chinese character is two columns wide."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from perfdsl.text.render import padded, width


def columns(rows: Sequence[Sequence[str]], right: Collection[int] = (), indent: str = "  ") -> str:
    """Rows as aligned columns, two blanks between them; columns in ``right`` are set to the right."""
    count = max(len(row) for row in rows)
    widths = [max(width(row[i]) for row in rows if i < len(row)) for i in range(count)]
    return "\n".join(
        (indent + "  ".join(padded(cell, widths[i], i in right) for i, cell in enumerate(row))).rstrip() for row in rows
    )
