"""Rows of a column that answer a question: those that its cells give, the question asked once of each value."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from perfdsl.data.columns import Cell, column, repeated
from perfdsl.model.states import State
from perfdsl.model.units import ValueType

VALUES: dict[ValueType, st.SearchStrategy[Cell]] = {
    ValueType.NUMBER: st.sampled_from([Fraction(0), Fraction(-5, 4), Fraction(1, 8), Fraction(3), Fraction(10) ** 25]),
    ValueType.TEXT: st.sampled_from(["省级", "市级", "县级"]),
    ValueType.DATE: st.sampled_from([date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]),
    ValueType.BOOL: st.booleans(),
}


@pytest.mark.parametrize("kind", VALUES)
@settings(max_examples=60, deadline=None)
@given(drawn=st.data())
def test_rows_are_those_that_the_cells_give(kind: ValueType, drawn: st.DataObject) -> None:
    state = st.sampled_from([State.VALUE, State.VALUE, State.ABSENT, State.PENDING])
    cells = drawn.draw(st.lists(st.tuples(state, VALUES[kind]), max_size=8))
    wanted = set(drawn.draw(st.lists(VALUES[kind], max_size=2)))
    asked: list[Cell] = []

    def is_wanted(value: Cell) -> bool:
        asked.append(value)
        return value in wanted

    made = column("列", kind, [(s, v if s is State.VALUE else None) for s, v in cells])
    rows = made.rows_where(is_wanted)
    assert rows == [row for row, (s, v) in enumerate(made.cells) if s is State.VALUE and v in wanted]
    assert [made.value(row) for row in rows] == [cells[row][1] for row in rows]
    assert len(asked) == len(set(asked))


@settings(max_examples=60, deadline=None)
@given(
    cells=st.lists(st.tuples(st.just(State.VALUE), VALUES[ValueType.NUMBER]), min_size=1, max_size=6),
    rows=st.lists(st.integers(0, 5), max_size=8),
    digits=st.integers(0, 25),
)
@example([(State.VALUE, Fraction(0))], [], 21)  # no number is too wide, but what it is multiplied by is
def test_rows_named_again_and_finer_digits_are_the_same_cells(
    cells: list[tuple[State, Cell]], rows: list[int], digits: int
) -> None:
    made = column("列", ValueType.NUMBER, cells)
    rows = [row % len(cells) for row in rows]
    assert repeated(made, np.array(rows, dtype=np.int64)).cells == tuple(made.cells[row] for row in rows)
    finer = made.in_digits(digits)
    assert finer.cells == made.cells
    assert finer is made or finer.digits == digits > made.digits
