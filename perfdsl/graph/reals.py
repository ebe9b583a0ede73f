"""实数 for the engine: roots, powers and logarithms as intervals of integers that are narrowed on demand.

A :class:`Refined` number remembers how it was made (a sum, a product, a power with a rational exponent, a natural
logarithm) and gives, for any number of bits, two integers that it lies between when divided by 2^bits. Nothing here
is a binary fraction, and no last digit is ever guessed: sums and products of ends are exact, roots are integer roots
rounded outwards, the series of the logarithm is summed twice, once rounded down and once up.

Its sign is told in four steps: a few bits; more bits; exactly, by :mod:`perfdsl.graph.algebra`, which knows whether
the number is 0; and where it is known not to be 0, bits without end, else bits up to :data:`LIMIT`. Past that it is
:class:`~perfdsl.text.numbers.Unsettled`, never a wrong digit. A product of powers against a fraction (the rounding of a
geometric mean, say) is thereby compared as fraction against fraction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import Any

from perfdsl.text.numbers import OutOfDomain, Real, Unsettled
from perfdsl.text.records import dataclass, field

ZERO, ONE = Fraction(0), Fraction(1)
FIRST, SECOND, LIMIT = 64, 192, 1 << 13
"""Bits tried before the exact test, and the most bits where that knows no answer."""

Ends = tuple[int, int]


class How(Enum):
    """How a number was made."""

    SUM = "sum"
    PRODUCT = "product"
    POWER = "power"
    LN = "ln"


class NotYet(Exception):
    """More bits are needed to say anything."""


@dataclass(eq=False, repr=False)
class Refined(Real):
    """``parts`` put together as ``how`` says. ``exponent`` is that of a POWER, and 1 otherwise."""

    how: How
    parts: tuple[Fraction, ...]
    exponent: Fraction = ONE
    _ends: dict[int, Ends] = field(default_factory=dict)
    _sign: int | None = None

    def __new__(cls, *_: object, **__: object) -> Refined:
        return object.__new__(cls)

    def __reduce__(self) -> Any:
        """How it is put together, so that it can go where the rows are; a Fraction would send its digits."""
        return Refined, (self.how, self.parts, self.exponent)

    # ---- how it is put together

    def plus(self, other: Fraction) -> Fraction:
        return total((self, other))

    def times(self, other: Fraction) -> Fraction:
        return product((self, other))

    def inverse(self) -> Fraction:
        return power(self, Fraction(-1))

    # ---- what it is

    def ends(self, bits: int) -> Ends:
        """Integers between which it lies, times 2^bits.

        Raises:
            NotYet: not with so few bits.
        """
        if bits not in self._ends:
            self._ends[bits] = _ENDS[self.how](self, bits)
        return self._ends[bits]

    def sign(self) -> int:
        if self._sign is None:
            self._sign = self._signed()
        return self._sign

    def _signed(self) -> int:
        for bits in (FIRST, SECOND):
            if found := self._seen(bits):
                return found
        from perfdsl.graph.algebra import vanishes

        zero = vanishes(self)
        if zero:
            return 0
        bits = 2 * SECOND
        while zero is False or bits <= LIMIT:
            if found := self._seen(bits):
                return found
            bits *= 2
        raise Unsettled

    def _seen(self, bits: int) -> int:
        """The sign, if so many bits tell it; else 0."""
        try:
            low, high = self.ends(bits)
        except NotYet:
            return 0
        return (low > 0) - (high < 0)

    def whole(self) -> int:
        low, high = self._narrow(FIRST)
        lowest, highest = low >> FIRST, high >> FIRST
        # the number is at most a few integers away from the lower end; compare with them from above
        while highest > lowest and self < highest:
            highest -= 1
        return highest

    def _narrow(self, bits: int) -> Ends:
        """Ends less than one unit of 2^-bits apart, times 2^bits."""
        more = bits + 8
        while True:
            try:
                low, high = self.ends(more)
            except NotYet:
                low, high = 0, 1 << more
            if high - low < 1 << (more - bits):
                return low >> (more - bits), -(-high >> (more - bits))
            more += more

    def on_its_face(self) -> Fraction | None:
        from perfdsl.graph.algebra import as_fraction

        return as_fraction(self)

    def near(self, digits: int) -> Fraction:
        bits = 4 * digits + 4
        low, high = self._narrow(bits)
        return Fraction((low + high) * 10**digits + (1 << bits) >> bits + 1, 10**digits)

    def outer(self) -> tuple[Fraction, Fraction]:
        """Fractions that it lies between."""
        low, high = self._narrow(FIRST)
        return Fraction(low, 1 << FIRST), Fraction(high, 1 << FIRST)


# ---- made of others ------------------------------------------------------------------------------------------------


def total(parts: Sequence[Fraction]) -> Fraction:
    """The sum; a Fraction where the parts are."""
    flat = _flat(How.SUM, parts)
    known = sum((part for part in flat if not isinstance(part, Real)), ZERO)
    rest: list[Fraction] = [part for part in flat if isinstance(part, Real)]
    if not rest:
        return known
    return _one_or(How.SUM, rest if not known else [known, *rest])


def product(parts: Sequence[Fraction]) -> Fraction:
    """The product; powers of fractions with one exponent are taken together, so that ∛4 × ∛2 is 2."""
    flat = _flat(How.PRODUCT, parts)
    known = ONE
    powers: dict[Fraction, Fraction] = {}
    rest: list[Fraction] = []
    for part in flat:
        if not isinstance(part, Refined):
            known *= part
        elif part.how is How.POWER and not isinstance(part.parts[0], Real):
            powers[part.exponent] = powers.get(part.exponent, ONE) * part.parts[0]
        else:
            rest.append(part)
    for exponent, base in powers.items():
        made = power(base, exponent)
        if isinstance(made, Real):
            rest.append(made)
        else:
            known *= made
    if not rest or not known:
        return known
    return _one_or(How.PRODUCT, rest if known == 1 else [known, *rest])


def _flat(how: How, parts: Sequence[Fraction]) -> list[Fraction]:
    return [
        inner for part in parts for inner in (part.parts if isinstance(part, Refined) and part.how is how else (part,))
    ]


def _one_or(how: How, parts: list[Fraction]) -> Fraction:
    return parts[0] if len(parts) == 1 else Refined(how, tuple(parts))


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """``base`` to the ``exponent``; exact where the result is a fraction (√4 = 2).

    Raises:
        OutOfDomain: a negative base and an exponent that is no integer.
        ZeroDivisionError: 0 to a negative exponent.
        Unsettled: it cannot be told whether the base is negative.
    """
    sign = base.sign() if isinstance(base, Real) else (base > 0) - (base < 0)
    if sign == 0:
        if exponent < 0:
            raise ZeroDivisionError
        return ONE if exponent == 0 else ZERO
    if exponent == 0:
        return ONE
    if sign < 0 and exponent.denominator != 1:
        raise OutOfDomain
    if not isinstance(base, Refined):
        return _root(base**exponent.numerator, exponent.denominator) or Refined(How.POWER, (base,), exponent)
    if exponent == 1:
        return base
    if base.how is How.POWER and (sign > 0 or base.exponent.denominator == exponent.denominator == 1):
        inner = base.parts[0]
        if isinstance(inner, Real) and inner.sign() < 0:
            return Refined(How.POWER, (base,), exponent)
        return power(inner, base.exponent * exponent)
    return Refined(How.POWER, (base,), exponent)


def ln(of: Fraction) -> Fraction:
    """The natural logarithm; that of 1 is 0.

    Raises:
        OutOfDomain: ``of`` is not greater than 0.
        Unsettled: it cannot be told whether it is.
    """
    if of <= 0:
        raise OutOfDomain
    return ZERO if of == 1 else Refined(How.LN, (of,))


def _root(of: Fraction, degree: int) -> Fraction | None:
    """The exact root, if there is one."""
    if degree == 1:
        return of
    over, under = integer_root(of.numerator, degree), integer_root(of.denominator, degree)
    if over**degree == of.numerator and under**degree == of.denominator:
        return Fraction(over, under)
    return None


def integer_root(of: int, degree: int) -> int:
    """The greatest integer whose ``degree``-th power is at most ``of`` (which is not negative).

    >>> integer_root(26, 3), integer_root(27, 3)
    (2, 3)
    """
    if degree == 2:
        return isqrt(of)
    if of < 2 or of.bit_length() <= degree:
        return min(of, 1)
    half = of.bit_length() // (2 * degree)
    if not half:
        low, high = 1, 1 << (of.bit_length() // degree + 1)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if middle**degree <= of else (low, middle)
        return low
    # the root of the leading bits is too great by less than one unit of theirs; Newton's steps come down from there
    guess = (integer_root(of >> half * degree, degree) + 1) << half
    while True:
        lower = ((degree - 1) * guess + of // guess ** (degree - 1)) // degree
        if lower >= guess:
            return guess
        guess = lower


# ---- ends ----------------------------------------------------------------------------------------------------------


def ends_of(of: Fraction, bits: int) -> Ends:
    """Integers between which ``of`` × 2^bits lies."""
    if isinstance(of, Refined):
        return of.ends(bits)
    return (of.numerator << bits) // of.denominator, -((-of.numerator << bits) // of.denominator)


def _sum_ends(of: Refined, bits: int) -> Ends:
    ends = [ends_of(part, bits) for part in of.parts]
    return sum(low for low, _ in ends), sum(high for _, high in ends)


def _product_ends(of: Refined, bits: int) -> Ends:
    low, high = 1 << bits, 1 << bits
    for part in of.parts:
        a, b = ends_of(part, bits)
        corners = (low * a, low * b, high * a, high * b)
        low, high = min(corners) >> bits, -(-max(corners) >> bits)
    return low, high


def _power_ends(of: Refined, bits: int) -> Ends:
    low, high = ends_of(of.parts[0], bits)
    exponent = of.exponent
    negative = of.parts[0] < 0
    if negative:  # an integer exponent: the mirror image
        low, high = -high, -low
    if exponent < 0:
        if low <= 0:
            raise NotYet
        low, high = (1 << 2 * bits) // high, -((-1 << 2 * bits) // low)
        exponent = -exponent
    low, high = _rooted(max(low, 0), exponent, bits, up=False), _rooted(high, exponent, bits, up=True)
    return (-high, -low) if negative and exponent.numerator % 2 else (low, high)


def _rooted(number: int, exponent: Fraction, bits: int, *, up: bool) -> int:
    """(number / 2^bits)^exponent × 2^bits, rounded outwards."""
    over, under = exponent.numerator, exponent.denominator
    raised, shift = number**over, bits * (under - over)
    if shift >= 0:
        raised <<= shift
    else:
        raised = -(-raised >> -shift) if up else raised >> -shift
    root = integer_root(raised, under)
    return root + 1 if up and root**under != raised else root


def _ln_ends(of: Refined, bits: int) -> Ends:
    low, high = ends_of(of.parts[0], bits)
    if low <= 0:
        raise NotYet
    return _ln(low, bits, up=False), _ln(high, bits, up=True)


def _ln(number: int, bits: int, *, up: bool) -> int:
    """ln(number / 2^bits) × 2^bits, rounded outwards.

    number / 2^bits = m × 2^k with 1 <= m < 2, so its logarithm is 2 artanh((m - 1) / (m + 1)) + k ln 2.
    """
    shift = number.bit_length() - 1
    k = shift - bits
    work = bits + k.bit_length() + 8
    one = 1 << shift
    mantissa = _twice_artanh(number - one, number + one, work, up)
    # a negative k turns the direction of rounding
    whole = mantissa + k * _ln_two(work, up == (k >= 0))
    return -(-whole >> (work - bits)) if up else whole >> (work - bits)


@lru_cache(maxsize=64)
def _ln_two(bits: int, up: bool) -> int:
    return _twice_artanh(1, 3, bits, up)


def _twice_artanh(over: int, under: int, bits: int, up: bool) -> int:
    """2 artanh(over / under) × 2^bits for 0 <= over / under <= 1/3: 2 Σ z^(2i+1) ÷ (2i+1), every step rounded one way.

    Rounded up, the series is cut where a term is 1 unit: what follows is less than z²/(1-z²) <= 1/8 of it.
    """

    def cut(a: int, b: int) -> int:
        return -(-a // b) if up else a // b

    term = cut(over << bits, under)
    square_over, square_under = over * over, under * under
    total_, n = 0, 1
    while term > (1 if up else 0):
        total_ += cut(term, n)
        term = cut(term * square_over, square_under)
        n += 2
    return 2 * (total_ + (2 if up and over else 0))


_ENDS: dict[How, Callable[[Refined, int], Ends]] = {
    How.SUM: _sum_ends,
    How.PRODUCT: _product_ends,
    How.POWER: _power_ends,
    How.LN: _ln_ends,
}


def outer(of: Fraction) -> tuple[Fraction, Fraction]:
    """Fractions that ``of`` lies between: itself, twice, for a fraction."""
    return of.outer() if isinstance(of, Refined) else (of, of)


__all__ = [
    "How",
    "Refined",
    "ends_of",
    "integer_root",
    "ln",
    "outer",
    "power",
    "product",
    "total",
]
