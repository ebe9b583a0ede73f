"""Exact numbers as people read them."""

from __future__ import annotations

from abc import abstractmethod
from fractions import Fraction
from typing import Any, NoReturn

NEAR = 7
"""Digits of a 实数 for the eye."""
SIMPLE = 24
"""A 实数 is looked up among fractions with a third as many digits below."""


class OutOfDomain(ArithmeticError):
    """There is no such number: the logarithm of 0, the root of a negative number."""


class Unsettled(ArithmeticError):
    """Two numbers are too close to each other: up to the limit nothing tells which is the greater."""


class Real(Fraction):
    """A 实数: no fraction, but a number between two fractions that can be brought as close as is asked for.

    It takes part in arithmetic and comparison wherever a Fraction does, and gives a Fraction back wherever the result
    is one for certain. What a Real has not is a numerator: code that would cut it into one fails loudly.

    Subclasses say how to add, multiply, raise, and tell the sign; the two engines have one each, which share nothing.

    Raises (on comparison and rounding):
        Unsettled: the limit of refinement is reached.
    """

    __slots__ = ()

    @abstractmethod
    def plus(self, other: Fraction) -> Fraction:
        """self + other."""

    @abstractmethod
    def times(self, other: Fraction) -> Fraction:
        """self × other."""

    @abstractmethod
    def inverse(self) -> Fraction:
        """1 ÷ self; ZeroDivisionError for what turns out to be 0."""

    @abstractmethod
    def sign(self) -> int:
        """-1, 0 or 1."""

    @abstractmethod
    def whole(self) -> int:
        """The greatest integer that is not greater."""

    @abstractmethod
    def on_its_face(self) -> Fraction | None:
        """The fraction that it is, where nothing else is left of it."""

    def rational(self) -> Fraction | None:
        """The fraction that it is, if it turns out to be one: the simple one that lies beside it is tried."""
        if (exact := self.on_its_face()) is not None:
            return exact
        beside = self.near(SIMPLE).limit_denominator(10 ** (SIMPLE // 3))
        try:
            return beside if self == beside else None
        except Unsettled:
            return None

    @abstractmethod
    def near(self, digits: int) -> Fraction:
        """A decimal of ``digits`` places less than one unit of the last place away. For the eye only."""

    # ---- what Python asks

    @property
    def numerator(self) -> NoReturn:
        """A Real has none."""
        raise TypeError("a real number has no numerator")

    @property
    def denominator(self) -> NoReturn:
        """A Real has none."""
        raise TypeError("a real number has no denominator")

    def __add__(self, other: Any) -> Any:
        return self.plus(Fraction(other) if isinstance(other, int) else other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        return self.times(Fraction(other) if isinstance(other, int) else other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self * (other.inverse() if isinstance(other, Real) else 1 / Fraction(other))

    def __rtruediv__(self, other: Any) -> Any:
        return self.inverse() * other

    def __neg__(self) -> Any:
        return self.times(Fraction(-1))

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return -self if self.sign() < 0 else self

    def __floor__(self) -> int:
        return self.whole()

    def __ceil__(self) -> int:
        opposite: Fraction = -self
        return -opposite.__floor__()

    def __floordiv__(self, other: Any) -> Any:
        return (self / other).__floor__()

    def __mod__(self, other: Any) -> Any:
        return self - (self // other) * other

    def __divmod__(self, other: Any) -> Any:
        count = self // other
        return count, self - count * other

    def __against(self, other: Any) -> int:
        gap = self - other
        return gap.sign() if isinstance(gap, Real) else (gap > 0) - (gap < 0)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (int, Fraction)):
            return NotImplemented
        return self is other or self.__against(other) == 0

    def __lt__(self, other: Any) -> bool:
        return self.__against(other) < 0

    def __le__(self, other: Any) -> bool:
        return self.__against(other) <= 0

    def __gt__(self, other: Any) -> bool:
        return self.__against(other) > 0

    def __ge__(self, other: Any) -> bool:
        return self.__against(other) >= 0

    def __bool__(self) -> bool:
        return self.sign() != 0

    def __hash__(self) -> int:  # type: ignore[override]
        # equal numbers have equal hashes, and nothing but comparing tells whether two Reals are equal
        exact = self.rational()
        return 0 if exact is None else hash(exact)

    def __str__(self) -> str:
        return decimal(self)

    def __repr__(self) -> str:
        return f"<{decimal(self)}>"


def decimal(number: Fraction, digits: int | None = None) -> str:
    """Exact decimal text of ``number``; with ``digits``, padded with zeros to that many.

    A number without a finite decimal is written as a fraction (``2/3``), never cut; of a 实数 some
    digits are shown behind a ≈.
    """
    if isinstance(number, Real):
        exact = number.rational()
        if exact is None:
            return f"≈{decimal(number.near(NEAR), NEAR)}"
        number = exact
    over, under = number.numerator, number.denominator
    sign, over = ("-", -over) if over < 0 else ("", over)
    left, places = under, 0
    for prime in (2, 5):
        count = 0
        while left % prime == 0:
            left //= prime
            count += 1
        places = max(places, count)
    if left != 1:
        return f"{sign}{over}/{under}"
    places = max(places, digits or 0)
    whole = str(over * 10**places // under).rjust(places + 1, "0")
    return sign + (whole[:-places] + "." + whole[-places:] if places else whole)


def percent(number: Fraction) -> str:
    """A ratio as people read it: 0.984 → ``98.4%``."""
    return f"{decimal(number * 100)}%"
