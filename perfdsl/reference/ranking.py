"""名次: by the published total, the greatest first, among the units that take part."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from perfdsl.model.expression import Placed
from perfdsl.model.outputs import Cell
from perfdsl.model.states import State
from perfdsl.model.units import Ties
from perfdsl.reference.cells import ABSENT, PENDING, blocking_state, known, numbers, weaker_than_value

if TYPE_CHECKING:
    from perfdsl.reference.office import Office


def ranks(office: Office) -> list[Cell]:
    """The rank of every unit. A total that is open leaves every rank of its group open."""
    return [_rank(office, unit) for unit in office.papers.units]


def _rank(office: Office, unit: int) -> Cell:
    own = office.total(unit)
    if not office.papers.ranked(unit) or weaker_than_value(own) or office.left(unit):
        return ABSENT
    there = [other for other in office.group(unit) if office.papers.ranked(other)]
    left = {other: office.left(other) for other in there if not weaker_than_value(office.total(other))}
    rivals = [office.total(other) for other in there if not left.get(other)]
    if blocking_state(rivals) is not None or None in left.values():
        return PENDING
    [mine], totals = numbers([own]), numbers(rivals)
    return known(place(mine, totals, office.rulebook.ties or Ties.COMPETITION))


def placed(condition: Placed, office: Office, unit: int) -> Cell:
    """Whether the unit is among the first (the last) so many: by how many stand before it, and how many beside it."""
    rank = office.rank(unit)
    if rank[0] is not State.VALUE:
        return rank[0], None
    [mine] = numbers([office.total(unit)])
    totals = numbers([office.total(other) for other in office.group(unit) if _listed(office, other)])
    before = sum(total > mine if condition.first else total < mine for total in totals)
    filled = before + 1 if condition.tied_in else before + totals.count(mine)
    return known(filled <= condition.count)


def _listed(office: Office, unit: int) -> bool:
    return office.papers.ranked(unit) and not office.left(unit)


def place(mine: Fraction, totals: list[Fraction], ties: Ties) -> Fraction:
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
