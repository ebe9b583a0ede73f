"""Rules that stand inside clauses: those of the periods of a year, the methods of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfdsl.clauses import BY_KEY
from perfdsl.model.item import Item


def with_rules(items: Iterable[Item]) -> Iterator[Item]:
    """The items, each followed by the rules that stand inside its clause: those of periods and of rows."""
    for item in items:
        yield item
        if item.scoring is not None:
            yield from BY_KEY[item.scoring.kind].rules(item.scoring)
