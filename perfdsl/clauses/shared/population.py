"""What kinds that look at other units need to know of them: how many there are, and which is the first."""

from __future__ import annotations

from collections import Counter

from perfdsl.model import expression as model
from perfdsl.model.expression import ColumnRef, Condition, Expression, Population
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import UNITS
from perfdsl.model.units import PLACES


def largest(item: Item, rulebook: Rulebook) -> int | None:
    """How many units are compared at most, where the roster says it."""
    table = rulebook.table(UNITS)
    if table is None or not table.rows:
        return None
    names = [column.name for column in table.columns]
    if item.population is not Population.CATEGORY or "类别" not in names:
        return len(table.rows)
    at = names.index("类别")
    counts = Counter(row[at].text for row in table.rows)
    conditions = conditions_above(item, rulebook)
    asked = [count for name, count in counts.items() if all(holds_for(one, name) is not False for one in conditions)]
    return max(asked, default=0)


def conditions_above(item: Item, rulebook: Rulebook) -> list[Condition]:
    """适用 of the item and of everything above it."""
    found = []
    for root in rulebook.items:
        for one in root.walk():
            if one.applies is not None and (one.code == item.code or any(b.code == item.code for b in one.walk())):
                found.append(one.applies)
    return found


def holds_for(condition: Condition, category: str) -> bool | None:
    """Whether a condition holds for every unit of ``category`` (True), for none (False), or it depends (None)."""
    match condition:
        case model.Comparison(
            model.Compare.EQUAL, model.ColumnRef(table=table, column="类别"), model.TextLiteral(value)
        ):
            return value == category if table == UNITS else None
        case model.AllOf(parts):
            held = [holds_for(part, category) for part in parts]
            return False if False in held else None if None in held else True
        case model.AnyOf(parts):
            held = [holds_for(part, category) for part in parts]
            return True if True in held else None if None in held else False
        case model.Not(part):
            inner = holds_for(part, category)
            return None if inner is None else not inner
    return None


def high_first(item: Item) -> bool | None:
    """Whether the greatest value is the first; a value that is itself a 名次 says so. None: nothing says it."""
    if item.higher_is_better is None and isinstance(item.value, ColumnRef) and item.value.unit == PLACES:
        return False
    return item.higher_is_better


SIGNED = ("增速", "增长", "增幅", "增减", "降幅", "变化", "变动", "利润", "盈亏", "净", "同比", "环比")
"""Words in the name of a fact that can be below 0."""


def can_be_negative(expression: Expression | None, item: Item) -> bool:
    """Whether, for all that the rulebook says, a value may be below 0: growth rates, profits, differences.

    A fact whose name does not say so is taken to be at least 0 here; where it is not, the score is 待定, never 0.
    """
    match expression:
        case model.Number(value=value):
            return value < 0
        case model.ColumnRef(column=column):
            return any(word in column for word in SIGNED)
        case model.AcrossUnits(fn=fn, of=of):
            return fn is not model.Across.RANK and can_be_negative(of, item)
        case model.OwnRef(what="value"):
            return can_be_negative(item.value, item)
        case model.Call(fn=model.Fn.SUBTRACT | model.Fn.NEGATE):
            return True
        case model.Call(fn=fn, args=args):
            return fn is not model.Fn.ABSOLUTE and any(can_be_negative(arg, item) for arg in args)
    return False
