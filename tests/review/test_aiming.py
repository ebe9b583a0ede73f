"""What an operand must be for a result to be a given number."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import prod

from hypothesis import assume, given
from hypothesis import strategies as st

from perfdsl.graph.ops import Apply, Fn
from perfdsl.workspace.review.aiming import back

NUMBERS = st.fractions(min_value=-50, max_value=50, max_denominator=20)


def worked_out(fn: Fn, operands: list[Fraction]) -> Fraction:
    match fn:
        case Fn.ADD:
            return sum(operands, start=Fraction(0))
        case Fn.SUBTRACT:
            return operands[0] - operands[1]
        case Fn.MULTIPLY:
            return prod(operands, start=Fraction(1))
        case Fn.DIVIDE:
            return operands[0] / operands[1]
        case _:
            return reduce(max if fn is Fn.GREATEST else min, operands)


@given(
    st.sampled_from((Fn.ADD, Fn.SUBTRACT, Fn.MULTIPLY, Fn.DIVIDE)), st.lists(NUMBERS, min_size=2, max_size=4), NUMBERS
)
def test_the_operand_gives_the_end(fn: Fn, operands: list[Fraction], end: Fraction) -> None:
    operands = operands if fn in (Fn.ADD, Fn.MULTIPLY) else operands[:2]
    assume(fn is not Fn.DIVIDE or operands[1] != 0)
    found = list(back(Apply(fn, tuple(range(len(operands)))), end, dict(enumerate(operands))))
    for place, target in found:
        tried = [target if i == place else one for i, one in enumerate(operands)]
        assert (fn is Fn.DIVIDE and tried[1] == 0) or worked_out(fn, tried) == end
    if all(operands) and end:
        assert {place for place, _ in found} == set(range(len(operands)))


def test_a_root_is_worked_back_and_what_is_not_known_is_not() -> None:
    power = Apply(Fn.POWER, (0, 1))
    assert list(back(power, Fraction(3, 5), {0: Fraction(8), 1: Fraction(1, 3)})) == [(0, Fraction(27, 125))]
    assert list(back(Apply(Fn.ADD, (0, 1)), Fraction(3), {0: None, 1: Fraction(1)})) == [(0, Fraction(2))]
    assert list(back(Apply(Fn.MULTIPLY, (0, 1)), Fraction(3), {0: Fraction(0), 1: Fraction(0)})) == []
