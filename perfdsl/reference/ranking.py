"""名次: by the published total, the greatest first, among the units that take part."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from perfdsl.model.expression import Placed
from perfdsl.model.outputs import Cell
from perfdsl.model.states import State
from perfdsl.model.units import Ties
from perfdsl.reference.cells import (
    ABSENT,
    PENDING,
    blocking_state,
    blocks,
    has_value,
    known,
    number,
    numbers,
    weaker_than_value,
)

if TYPE_CHECKING:
    from perfdsl.reference.office import Office

Standing = tuple[Fraction, ...]
"""What units are placed by, the greatest first."""


def ranks(office: Office) -> list[Cell]:
    """The rank of every unit. A total that is open leaves every rank of its group open."""
    return [_rank(office, unit) for unit in office.papers.units]


def _rank(office: Office, unit: int) -> Cell:
    own = office.total(unit)
    if not office.papers.ranked(unit) or weaker_than_value(own) or office.left(unit):
        return ABSENT
    there = [other for other in office.group(unit) if office.papers.ranked(other)]
    left = {other: office.left(other) for other in there if not weaker_than_value(office.total(other))}
    rivals = {other: office.total(other) for other in there if not left.get(other)}
    if blocking_state(rivals.values()) is not None or None in left.values():
        return PENDING
    standings = {other: standing(office, other) for other, total in rivals.items() if has_value(total)}
    listed = [one for one in standings.values() if one is not None]
    if len(listed) < len(standings):
        return PENDING
    return known(place(standing(office, unit), listed, office.rulebook.ties or Ties.COMPETITION))


def standing(office: Office, unit: int) -> Standing | None:
    """What the unit is placed by: its total, then for each 先比 whether it has the number, and the number, the best
    the greatest; None where one of them is open."""
    from perfdsl.reference.expressions import At, evaluate  # expressions ask for places in turn

    found = numbers([office.total(unit)])
    for one in office.rulebook.breaks:
        cell = evaluate(one.of, At(office, unit))
        if blocks(cell):
            return None
        there = has_value(cell)
        amount = number(cell) if there else Fraction(0)
        found += [Fraction(there), amount if one.greatest_first else -amount]
    return tuple(found)


def placed(condition: Placed, office: Office, unit: int) -> Cell:
    """Whether the unit is among the first (the last) so many: by how many stand before it, and how many beside it."""
    rank = office.rank(unit)
    if rank[0] is not State.VALUE:
        return rank[0], None
    mine = standing(office, unit)
    others = [other for other in office.group(unit) if _listed(office, other) and has_value(office.total(other))]
    listed = [one for other in others if (one := standing(office, other)) is not None]
    assert mine is not None
    before = sum(one > mine if condition.first else one < mine for one in listed)
    filled = before + 1 if condition.tied_in else before + listed.count(mine)
    return known(filled <= condition.count)


def _listed(office: Office, unit: int) -> bool:
    return office.papers.ranked(unit) and not office.left(unit)


def place(mine: Any, totals: Sequence[Any], ties: Ties) -> Fraction:
    """The place of ``mine`` among ``totals``, of which it is one.

    >>> [str(place(Fraction(8), [Fraction(n) for n in (9, 8, 8, 7)], ties)) for ties in Ties]
    ['2', '2', '5/2']
    """
    better = [total for total in totals if total > mine]
    if ties is Ties.DENSE:
        return Fraction(len(set(better)) + 1)
    first = len(better) + 1
    if ties is Ties.AVERAGE:
        last = len(better) + totals.count(mine)
        return Fraction(first + last, 2)
    return Fraction(first)
