"""Grades over several years: 连续 3 年等次为 “优秀”."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from perfdsl.model.expression import InGrade
from perfdsl.model.outputs import Cell
from perfdsl.model.states import BLOCKING, State
from perfdsl.reference.cells import blocks, has_value, known, number

if TYPE_CHECKING:
    from perfdsl.reference.office import Office

PAST = "历年等次"
"""The table of earlier years: 单位, 年度, 等次."""
NO_ROW: Cell = (State.ABSENT, None)


def in_grade(condition: InGrade, office: Office, unit: int) -> Cell:
    """This year's grade is one of those named, and so were the years before, as many as are asked for."""
    state, grade = office.grade(unit)
    if condition.years == 1:
        return known(grade in condition.grades) if state is State.VALUE else (state, None)
    if state is State.VALUE and grade not in condition.grades:
        return known(False)
    run = run_before(condition, office, unit)
    if isinstance(run, int) and run < condition.years - 1:
        return known(False)
    worst = max(state, run if isinstance(run, State) else State.VALUE)
    return known(True) if worst is State.VALUE else (worst, None)


def years_in(condition: InGrade, office: Office, unit: int) -> int | State:
    """How many years in a row up to this one; 0 where this year's grade is another."""
    state, grade = office.grade(unit)
    if state is not State.VALUE:
        return state
    if grade not in condition.grades:
        return 0
    run = run_before(condition, office, unit)
    return run if isinstance(run, State) else run + 1


def run_before(condition: InGrade, office: Office, unit: int) -> int | State:
    """How many years in a row up to last year, or the state that leaves it open.

    A year without a row, and one in which the unit had no grade or another one, breaks the run. With ``restart`` a
    run that was reached begins again at nothing. A year that is 未报 or 待定 leaves the run open until it breaks.
    """
    period = office.papers.rulebook.period
    assert period is not None, "several years need 考核期 to know which year this is"
    grades = _past(office, unit)
    earlier = sorted(year for year in grades if year < period.last.year)
    run = 0
    open_since: State | None = None
    for year in range(earlier[0], period.last.year) if earlier else ():
        cell = grades.get(year, NO_ROW)
        if blocks(cell):
            open_since = max(open_since or BLOCKING, cell[0])
        elif not has_value(cell) or cell[1] not in condition.grades:
            run, open_since = 0, None
        else:
            run += 1
            if condition.restart and run == condition.years:
                run = 0
    return run if open_since is None else open_since


def _past(office: Office, unit: int) -> dict[int, Cell]:
    """Year → grade; a year that stands twice with two different grades is 待定."""
    found: dict[int, Cell] = {}
    for row in office.papers.rows_of(PAST, unit):
        year = row.get("年度", NO_ROW)
        if not has_value(year):
            continue
        place = int(number(year)) if isinstance(year[1], Fraction) else int(str(year[1]))
        cell = row.get("等次", (State.MISSING, None))
        found[place] = cell if place not in found else (State.PENDING, None)
    return found
