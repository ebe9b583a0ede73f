"""The digits that written numbers need, and the DECIMAL that holds them."""

from __future__ import annotations

import re

from perfdsl.text.records import dataclass

_NUMBER = re.compile(r"-?(\d+)(?:\.(\d+))?")
_WIDEST = 38
"""Digits that a DECIMAL can have; where a column needs more, its numbers are text."""


@dataclass(slots=True)
class Digits:
    """Room for the numbers of a column: ``whole`` and ``decimals`` digits; ``plain``: all of them are plain decimals."""

    whole: int = 1
    decimals: int = 0
    plain: bool = True

    def see(self, number: str | None) -> None:
        """Make room for ``number``."""
        if number is None:
            return
        match = _NUMBER.fullmatch(number)
        if match is None:
            self.plain = False
            return
        self.whole = max(self.whole, len(match[1]))
        self.decimals = max(self.decimals, len(match[2] or ""))

    def take(self, other: Digits) -> None:
        """Make room for all that ``other`` has room for."""
        self.whole, self.decimals = max(self.whole, other.whole), max(self.decimals, other.decimals)
        self.plain = self.plain and other.plain

    @property
    def type(self) -> str:
        """DECIMAL with the digits that are published; VARCHAR for what it cannot hold."""
        width = self.whole + self.decimals
        if not self.plain or width > _WIDEST:
            return "VARCHAR"
        return f"DECIMAL({18 if width <= 18 else _WIDEST}, {self.decimals})"
