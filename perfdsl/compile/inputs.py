"""What a score stands on: the values whose states decide whether there is a score at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from perfdsl.graph.ops import NodeId
from perfdsl.model.expression import Condition, Expression, Number, OwnRef
from perfdsl.model.item import Item, LedgerUse
from perfdsl.model.walking import inside

if TYPE_CHECKING:
    from perfdsl.compile.lower import Lowering


def inputs_of(lowering: Lowering, item: Item) -> tuple[NodeId, ...]:
    """指标值, 目标值 and every amount in the phrase that is not a plain number."""
    found: list[NodeId] = []
    if item.value is not None:
        found.append(lowering.value(item.code))
    if item.target is not None:
        found.append(lowering.target(item))
    for expression in expressions_in(item.scoring):
        if not isinstance(expression, (Number, OwnRef)):
            found.append(lowering.expressions.number(expression, item))
    return tuple(dict.fromkeys(found))


def expressions_in(value: Any) -> Iterator[Expression]:
    """Every expression in the fields of a clause; a ledger's conditions and the rules of rows are their own business."""
    if isinstance(value, Expression):
        yield value
    elif not isinstance(value, (LedgerUse, Item, Condition)):
        for part in inside(value):
            yield from expressions_in(part)
