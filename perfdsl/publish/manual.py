"""The tables of the manual that are made from the words of the language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Table = Sequence[Sequence[str]]
"""Rows of cells; the first row is the headings."""

_PLACE = re.compile(r"(<!-- 生成：(\w+) -->\n).*?(<!-- 生成完 -->)", re.DOTALL)


def refilled(text: str, tables: Mapping[str, Table]) -> str:
    """``text`` with every place between markers filled with the table of its name.

    Raises:
        KeyError: a place names a table that is not among ``tables``.
    """
    return _PLACE.sub(lambda place: f"{place[1]}{markdown(tables[place[2]])}{place[3]}", text)


def markdown(table: Table) -> str:
    """A table as Markdown."""
    head, *rows = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in table)
    rule = "|".join("---" for _ in table[0])
    return "".join(f"{line}\n" for line in (f"| {head} |", f"|{rule}|", *(f"| {row} |" for row in rows)))
