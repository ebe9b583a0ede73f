"""What kinds share that look at other units: who they are, and that the rule says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from perfdsl.clauses.kind import Setting
from perfdsl.model.expression import ColumnRef, Population
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import UNITS
from perfdsl.model.units import Unit
from perfdsl.text.catalogue import scoring
from perfdsl.text.problem import Problem
from perfdsl.text.source import Span

PLACES = Unit(("名次",))


def check_population(setting: Setting, span: Span | None, what: str) -> Iterable[Problem]:
    """Among whom the first, the highest or a rank is taken must be written where there are categories."""
    if setting.item.population is None and setting.rulebook.categories:
        yield scoring.population_unstated(span, what)


def largest(item: Item, rulebook: Rulebook) -> int | None:
    """How many units are compared at most, where the roster says it."""
    table = rulebook.table(UNITS)
    if table is None or not table.rows:
        return None
    names = [column.name for column in table.columns]
    if item.population is not Population.CATEGORY or "类别" not in names:
        return len(table.rows)
    at = names.index("类别")
    return max(Counter(row[at].text for row in table.rows).values())


def high_first(item: Item) -> bool | None:
    """Whether the greatest value is the first; a value that is itself a 名次 says so. None: nothing says it."""
    if item.higher_is_better is None and isinstance(item.value, ColumnRef) and item.value.unit == PLACES:
        return False
    return item.higher_is_better
