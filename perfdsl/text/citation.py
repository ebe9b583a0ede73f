"""Places as officers name them: ``第五条 A02 按时办结率（第 41 行）``, ``实绩.xlsx 工作表“实绩” C17``."""

from __future__ import annotations

from perfdsl.text.records import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """Where in the rulebook a thing stands. Empty parts are left out when it is named.

    ``file`` is the name of an included file (引用), "" for the rulebook's own.
    """

    article: str = ""
    code: str = ""
    name: str = ""
    line: int = 0
    file: str = ""

    def __str__(self) -> str:
        parts = " ".join(part for part in (self.article, self.code, self.name) if part)
        if not self.line:
            return parts
        return f"{parts}（{self.file} 第 {self.line} 行）" if self.file else f"{parts}（第 {self.line} 行）"


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A cell of a data file. ``sheet`` is empty for CSV; ``cell`` is a spreadsheet reference such as ``C17``."""

    file: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        sheet = f" 工作表“{self.sheet}”" if self.sheet else ""
        return f"{self.file}{sheet} {self.cell}".rstrip()


def cell_name(row: int, column: int) -> str:
    """Spreadsheet reference of a cell; ``row`` and ``column`` count from 1: (17, 3) → ``C17``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
