"""A value and its state, and the two ways out when there is no value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from typing import TypeVar

from perfdsl.clauses.kind import Unknown
from perfdsl.model.outputs import Cell
from perfdsl.model.rounding import Rounding, rounded
from perfdsl.model.states import BLOCKING, State
from perfdsl.text.numbers import Unsettled

T = TypeVar("T")
PENDING: Cell = (State.PENDING, None)
ABSENT: Cell = (State.ABSENT, None)


class Open(Unknown):
    """Something needed is 未报 or 待定, so no answer can be given. ``state`` says which."""

    def __init__(self, state: State) -> None:
        super().__init__(state.chinese)
        self.state = state


def known(value: Fraction | bool | str | date) -> Cell:
    """A cell that has a value."""
    return State.VALUE, value


def has_value(cell: Cell) -> bool:
    """Whether there is a value."""
    return cell[0] is State.VALUE


def blocks(cell: Cell) -> bool:
    """Whether the cell is 未报 or 待定: whoever reads it cannot know either."""
    return cell[0] >= BLOCKING


def number(cell: Cell) -> Fraction:
    """The number in a cell that has one; a yes counts 1, a no 0."""
    value = cell[1]
    if isinstance(value, bool):
        return Fraction(int(value))
    assert isinstance(value, Fraction), value
    return value


def rounded_cell(cell: Cell, rounding: Rounding | None) -> Cell:
    """The cell with its number rounded; 待定 where nobody can tell to which side."""
    if not has_value(cell):
        return cell
    try:
        return known(rounded(number(cell), rounding))
    except Unsettled:
        return PENDING


def told(work: Callable[[], T], otherwise: T) -> T:
    """What ``work`` gives; ``otherwise`` where it comes to 实数 that nobody can tell apart."""
    try:
        return work()
    except Unsettled:
        return otherwise


def numbers(cells: Iterable[Cell]) -> list[Fraction]:
    """The numbers of the cells that have one."""
    return [number(cell) for cell in cells if has_value(cell)]


def blocking_state(cells: Iterable[Cell]) -> State | None:
    """未报 or 待定 if one of the cells is, the stronger of the two; else None."""
    return max((cell[0] for cell in cells if blocks(cell)), default=None)


def weaker_than_value(cell: Cell) -> bool:
    """不涉及, 未发生, 未到期 or 零报告: there is no value, and nothing is open either."""
    return State.VALUE < cell[0] < BLOCKING
