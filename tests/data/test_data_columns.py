"""Rows of a column that answer a question: those that its cells give, the question asked once of each value."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfdsl.data.columns import Cell, column
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
