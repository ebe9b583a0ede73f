"""Numbers of earlier years, looked up in the table year by year."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from perfdsl.model.expression import Past, Rising
from perfdsl.model.outputs import Cell
from perfdsl.model.states import State, strongest
from perfdsl.reference.cells import PENDING, blocking_state, has_value, known, number, numbers
from perfdsl.reference.papers import NOT_REPORTED, Row

if TYPE_CHECKING:
    from perfdsl.reference.expressions import At


def past(asked: Past, at: At) -> Cell:
    """One year, or the mean of several; a year that is not in the table is left out where the rule says so."""
    found = [(_rows(asked, at, back), back) for back in asked.years]
    cells = [_year(asked, rows) for rows, _ in found if rows or not (asked.skip_gaps and len(asked.years) > 1)]
    if not cells:
        return NOT_REPORTED
    if len(asked.years) == 1:
        return cells[0]
    if (state := strongest(cell[0] for cell in cells)) is not State.VALUE:
        return state, None
    return known(sum(numbers(cells), start=Fraction(0)) / len(cells))


def _rows(asked: Past, at: At, back: int) -> list[Row]:
    """The unit's rows of one year; a row whose year is not known may be any year's."""
    period = at.office.papers.rulebook.period
    assert period is not None
    wanted = Fraction(period.last.year - back)
    return [
        row for row in at.office.papers.rows_of(asked.of.table, at.unit) if row.get("年度", NOT_REPORTED)[1] == wanted
    ]


def _year(asked: Past, rows: list[Row]) -> Cell:
    if not rows:
        return NOT_REPORTED
    if len(rows) > 1 and not asked.merged:
        return PENDING
    cells = [row.get(asked.of.column, NOT_REPORTED) for row in rows]
    if (state := blocking_state(cells)) is not None:
        return state, None
    if not numbers(cells):
        return strongest(cell[0] for cell in cells), None
    return known(sum(numbers(cells), start=Fraction(0)))


def rising(asked: Rising, now: Cell, at: At) -> Cell:
    """Go back year by year as long as the later one is more."""
    later, count = now, 0
    for one in asked.before:
        earlier = past(one, at)
        if (state := strongest((later[0], earlier[0]))) is not State.VALUE:
            return state, None
        if not (has_value(later) and number(later) > number(earlier)):
            break
        later, count = earlier, count + 1
    return known(Fraction(count))
