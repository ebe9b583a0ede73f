"""实数 of both engines against decimals of several hundred digits, on ordinary numbers and on the edge of a rounding.

The decimals are Python's ``decimal`` with its own ln, exp and sqrt; neither engine uses it.
"""

from __future__ import annotations

import pickle
from decimal import Context, Decimal
from fractions import Fraction
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perfdsl.graph.reals as engine
import perfdsl.reference.reals as reference
from perfdsl.graph.exact import rounded as engine_rounded
from perfdsl.graph.reals import integer_root
from perfdsl.model.rounding import Rounding
from perfdsl.model.rounding import rounded as reference_rounded
from perfdsl.model.units import Mode
from perfdsl.text.numbers import OutOfDomain, Real, Unsettled, decimal

BOTH = pytest.mark.parametrize("reals", [engine, reference], ids=["engine", "reference"])
FAR = Context(prec=400)
F = Fraction

positive = st.builds(F, st.integers(1, 10**9), st.sampled_from([1, 2, 3, 7, 10, 100, 10**4]))
exponents = st.builds(F, st.integers(-7, 12), st.sampled_from([1, 2, 3, 5, 12])) | st.sampled_from(
    [F("1.81"), F("1.05"), F("1.85"), F("-0.35")]
)


def dec(number: Fraction) -> Decimal:
    return FAR.divide(Decimal(number.numerator), Decimal(number.denominator))


def dec_power(base: Fraction, exponent: Fraction) -> Decimal:
    return FAR.exp(FAR.multiply(dec(exponent), FAR.ln(dec(base))))


def rounded(reals: Any, number: Fraction, digits: int, mode: Mode = Mode.HALF_UP) -> Fraction:
    if reals is engine:
        return engine_rounded(number, digits, mode)
    return reference_rounded(number, Rounding(digits, mode))


def half_up(number: Decimal, digits: int) -> Fraction:
    """By looking at the digits; ``number`` is no tie within 390 digits."""
    sign, figures, exponent = number.as_tuple()
    whole = int("".join(map(str, figures)))
    scaled = F(whole) * F(10) ** (int(exponent) + digits)
    size = (scaled + F(1, 2)).__floor__()
    return F(-size if sign else size) / F(10) ** digits


# ---- ordinary numbers


@BOTH
@settings(max_examples=120, deadline=None)
@given(positive, exponents, st.integers(-1, 8))
def test_powers_round_as_decimals_do(reals: ModuleType, base: Fraction, exponent: Fraction, digits: int) -> None:
    made = reals.power(base, exponent)
    if isinstance(made, Real):
        assert rounded(reals, made, digits) == half_up(dec_power(base, exponent), digits)
    else:  # a fraction: its power is the base's, exactly
        assert made**exponent.denominator == base**exponent.numerator


@BOTH
@settings(max_examples=120, deadline=None)
@given(positive, st.integers(0, 12))
def test_logarithms_round_as_decimals_do(reals: ModuleType, of: Fraction, digits: int) -> None:
    made = reals.ln(of)
    assert made == 0 if of == 1 else rounded(reals, made, digits) == half_up(FAR.ln(dec(of)), digits)


@BOTH
@settings(max_examples=60, deadline=None)
@given(positive, positive, exponents, positive)
def test_sums_and_quotients_compare_as_decimals_do(
    reals: ModuleType, a: Fraction, b: Fraction, exponent: Fraction, bound: Fraction
) -> None:
    root, log = reals.power(a, exponent), reals.ln(b)
    said = FAR.add(dec_power(a, exponent), FAR.ln(dec(b)))
    assert (root + log > bound) == (said > dec(bound))
    assert (root + log < bound) == (said < dec(bound))
    if b != 1:
        share = FAR.divide(dec_power(a, exponent), FAR.ln(dec(b)))
        assert (root / log).__floor__() == half_up(FAR.subtract(share, Decimal("0.5")), 0)


# ---- on the edge

edges = st.builds(lambda n, d: (2 * n + 1) / F(2 * 10**d), st.integers(1, 10**6), st.integers(0, 6))


@BOTH
@settings(max_examples=60, deadline=None)
@given(edges, st.integers(2, 12), st.integers(20, 250), st.sampled_from([-1, 0, 1]))
def test_roots_beside_an_edge(reals: ModuleType, edge: Fraction, degree: int, far: int, side: int) -> None:
    """edge^n × (1 ± 10^-far): the root is beside the edge, on it, or beyond; a tie is a tie and goes up."""
    digits = len(decimal(edge).partition(".")[2]) - 1
    made = reals.power(edge**degree * (1 + side * F(1, 10**far)), F(1, degree))
    unit = F(1, 10**digits)
    assert (made > edge, made == edge, made < edge) == (side > 0, side == 0, side < 0)
    assert rounded(reals, made, digits) == (edge + unit / 2 if side >= 0 else edge - unit / 2)
    assert rounded(reals, -made, digits) == -rounded(reals, made, digits)


@BOTH
@settings(max_examples=40, deadline=None)
@given(st.integers(1, 400), st.integers(25, 200), st.booleans())
def test_logarithms_beside_an_edge(reals: ModuleType, hundredths: int, far: int, up: bool) -> None:
    """A decimal whose logarithm lies within 10^-far of (hundredths + 1/2) / 100, on the side it is cut to."""
    edge = F(2 * hundredths + 1, 200)
    near = FAR.exp(dec(edge))
    cut = F(int(FAR.scaleb(near, far)) + (1 if up else 0), 10**far)
    made = reals.ln(cut)
    assert (made > edge) is up
    assert rounded(reals, made, 2) == (edge + F(1, 200) if up else edge - F(1, 200))


@BOTH
@pytest.mark.parametrize("mode", Mode)
def test_a_perfect_power_is_exact_in_every_mode(reals: ModuleType, mode: Mode) -> None:
    """(2.5)² = 6.25, whose root is 2.5: up, down, half up to 3, half even to 2."""
    root = reals.power(F("6.25"), F(1, 2))
    assert not isinstance(root, Real)
    assert rounded(reals, root, 0, mode) == {Mode.HALF_UP: 3, Mode.HALF_EVEN: 2, Mode.DOWN: 2, Mode.UP: 3}[mode]


# ---- equal numbers written differently


def equals(reals: Any) -> list[tuple[Fraction, Fraction]]:
    def root(of: int, degree: int = 2) -> Fraction:
        made: Fraction = reals.power(F(of), F(1, degree))
        return made

    def ln(of: int | Fraction) -> Fraction:
        made: Fraction = reals.ln(of if isinstance(of, F) else F(of))
        return made

    scale = ln(75000) - ln(100)
    return [
        (root(4), F(2)),
        (root(2) * root(8), F(4)),
        (root(4, 3) * root(2, 3), F(2)),
        (root(2) + root(8), root(18)),
        (1 / (1 + root(2)), root(2) - 1),
        (ln(1), F(0)),
        (ln(8), 3 * ln(2)),
        (ln(8) / ln(2), F(3)),
        (ln(F(1, 7)), -ln(7)),
        (ln(root(2)), ln(2) / 2),
        (scale / scale, F(1)),
        (ln(75000) / scale - ln(100) / scale, F(1)),
        (ln(750) / ln(100) * ln(100), ln(750)),
        (reals.power(ln(3) * ln(5), F(1, 3)), reals.power(ln(5) * ln(3), F(1, 3))),
        (reals.power(root(5), F(4)), F(25)),
        (root(2) + root(3) + ln(2), ln(2) + root(3) + root(2)),
    ]


@BOTH
def test_equal_numbers_are_equal(reals: ModuleType) -> None:
    for one, other in equals(reals):
        assert one == other and not one < other and not one > other
        assert hash(one) == hash(other) and (one - other) == 0
        assert one < other + F(1, 10**40) and one > other - F(1, 10**40)


@BOTH
def test_a_real_that_comes_out_as_a_fraction_is_printed_as_one(reals: ModuleType) -> None:
    assert decimal(reals.power(F(2), F(1, 2))) == "≈1.4142136"
    assert decimal(reals.power(F(2), F(1, 2)) * reals.power(F(8), F(1, 2))) == "4"
    assert decimal(reals.ln(F(8)) / reals.ln(F(2))) == "3"


# ---- what has no answer


@BOTH
def test_outside_the_domain(reals: ModuleType) -> None:
    for of in (F(0), F(-3), -reals.power(F(2), F(1, 2))):
        with pytest.raises(OutOfDomain):
            reals.ln(of)
    with pytest.raises(OutOfDomain):
        reals.power(F(-1, 10**50), F(1, 2))
    with pytest.raises(OutOfDomain):
        reals.power(F("1.414") - reals.power(F(2), F(1, 2)), F(1, 3))
    with pytest.raises(ZeroDivisionError):
        reals.power(F(0), F(-1, 2))
    assert reals.power(F(0), F(1, 2)) == 0 and reals.power(F(-2), F(3)) == -8


@BOTH
def test_what_nobody_can_tell_is_said(reals: ModuleType) -> None:
    """√2 + √3 = √(5 + 2√6), which needs algebra that is not here: no answer, and no wrong one."""
    root = reals.power(F(2), F(1, 2)) + reals.power(F(3), F(1, 2))
    other = reals.power(5 + 2 * reals.power(F(6), F(1, 2)), F(1, 2))
    with pytest.raises(Unsettled):
        assert root < other
    assert root < other + F(1, 10**300)


@BOTH
def test_a_real_has_no_numerator(reals: ModuleType) -> None:
    root = reals.power(F(2), F(1, 2))
    for use in (lambda: F(root), lambda: root.numerator, lambda: int(root), lambda: float(root), lambda: root**2):
        with pytest.raises((TypeError, AttributeError)):
            use()


@given(st.integers(0, 10**40), st.integers(2, 30))
def test_integer_roots(of: int, degree: int) -> None:
    root = integer_root(of, degree)
    assert root**degree <= of < (root + 1) ** degree


def test_a_real_can_be_sent_to_another_process() -> None:
    made = engine.power(F(2), F(1, 3)) + engine.ln(F(3))
    sent = pickle.loads(pickle.dumps(made))
    assert isinstance(made, engine.Refined)
    assert isinstance(sent, engine.Refined) and sent.ends(80) == made.ends(80)
