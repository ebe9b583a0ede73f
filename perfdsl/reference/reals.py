"""实数 as an auditor would work them out: written as a sum of terms, squared away where that decides, else in decimals.

A :class:`Written` number is a sum; each term is a fraction times powers of roots (∛a), logarithms (ln a) and brackets
(sums that cannot be multiplied out). Terms that differ by a fraction are one term. Which of two numbers is the greater
is asked in this order:

1. two terms that are roots and fractions only: raised to the power that clears all roots, fraction against fraction;
2. decimals between which the number lies, first few, then more;
3. whether it is 0: a sum of different roots is not, a sum of logarithms is where the product of the powers is 1;
4. ever more decimals where it is known not to be 0; up to :data:`MOST` digits where it is not, and then nobody can say.

Decimals come from the exponential series alone: ln y is the x with exp x = y, found by trying and proved by putting
it in, and a power is exp of a multiple of ln. The engine has nothing of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm, prod
from typing import Any

from perfdsl.text.numbers import OutOfDomain, Real, Unsettled

ZERO, ONE = Fraction(0), Fraction(1)
FEW, MORE, MOST = 20, 60, 2400
"""Digits that are tried."""
WIDEST, HIGHEST = 200, 1 << 16
"""Most terms that brackets are multiplied out to; most bits of a number that is raised to clear roots."""

ROOT, LOG, SUM = "root", "log", "sum"
Factor = tuple[str, Any, Fraction]
"""(what, of what, exponent): of a root a positive fraction, of a logarithm and of a bracket a tuple of terms > 0."""
Factors = tuple[Factor, ...]
Terms = tuple[tuple[Fraction, Factors], ...]
Pair = tuple[int, int]


class Written(Real):
    """A sum of ``terms`` that is no fraction on its face."""

    __slots__ = ("terms",)
    terms: Terms

    def __new__(cls, terms: Terms) -> Written:
        made = object.__new__(cls)
        made.terms = terms
        return made

    def plus(self, other: Fraction) -> Fraction:
        return number(_collected((*self.terms, *terms_of(other))))

    def times(self, other: Fraction) -> Fraction:
        return number(_multiplied(self.terms, terms_of(other)))

    def inverse(self) -> Fraction:
        return power(self, Fraction(-1))

    def sign(self) -> int:
        return _sign(self.terms)

    def whole(self) -> int:
        low, high = _close(self.terms, FEW)
        scale = int(10**FEW)
        at = high // scale
        while at > low // scale and self < at:
            at -= 1
        return at

    def on_its_face(self) -> Fraction | None:
        if all(not factors for _, factors in self.terms):
            return sum((factor for factor, _ in self.terms), ZERO)
        return None

    def near(self, digits: int) -> Fraction:
        low, high = _close(self.terms, digits + 2)
        return Fraction((low + high + 100) // 200, 10**digits)


def number(terms: Terms) -> Fraction:
    """The number that is the sum of ``terms``."""
    if all(not factors for _, factors in terms):
        return sum((factor for factor, _ in terms), ZERO)
    return Written(terms)


def terms_of(of: Fraction) -> Terms:
    """``of`` as a sum."""
    if isinstance(of, Written):
        return of.terms
    return ((of, ()),) if of else ()


# ---- roots and logarithms ------------------------------------------------------------------------------------------


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """``base`` to the ``exponent``.

    Raises:
        OutOfDomain: the root of a negative number.
        ZeroDivisionError: 0 to a negative exponent.
    """
    if base == 0:
        if exponent < 0:
            raise ZeroDivisionError
        return ZERO if exponent else ONE
    if base < 0:
        if exponent.denominator != 1:
            raise OutOfDomain
        mirrored = power(-base, exponent)
        return -mirrored if exponent.numerator % 2 else mirrored
    terms = terms_of(base)
    if exponent.denominator == 1 and 0 < exponent <= 4:
        made: Terms = ((ONE, ()),)
        for _ in range(exponent.numerator):
            made = _multiplied(made, terms)
        return number(made)
    return number((_one_term(*_single(terms, 1), exponent),))


def ln(of: Fraction) -> Fraction:
    """The natural logarithm.

    Raises:
        OutOfDomain: ``of`` is not greater than 0.
    """
    if of <= 0:
        raise OutOfDomain
    if of == 1:
        return ZERO
    terms = terms_of(of)
    if len(terms) == 1 and all(one[0] == ROOT for one in terms[0][1]):
        # the logarithm of a product of powers
        powers = [(terms[0][0], ONE), *((base, exponent) for _, base, exponent in terms[0][1])]
        logs = [(exponent, ((LOG, ((base, ()),), ONE),)) for base, exponent in powers if base != 1]
        return Written(_collected(logs))
    return Written(((ONE, ((LOG, terms, ONE),)),))


def _single(terms: Terms, sign: int) -> tuple[Fraction, Factors]:
    """A sum as one term; several are put in brackets, over the size of the first, the whole being positive."""
    if len(terms) == 1:
        return terms[0]
    first = abs(terms[0][0]) * sign
    return first, ((SUM, tuple((factor / first, factors) for factor, factors in terms), ONE),)


def _one_term(factor: Fraction, factors: Factors, exponent: Fraction = ONE) -> tuple[Fraction, Factors]:
    """(factor × factors)^exponent in its one form; the factor is positive where the exponent is not 1."""
    if exponent != 1:
        factors = (*((what, of, each * exponent) for what, of, each in factors), (ROOT, factor, exponent))
        factor = ONE
    roots: dict[Fraction, Fraction] = {}
    others: dict[tuple[str, Any], Fraction] = {}
    for what, of, each in factors:
        if what == ROOT:
            roots[of] = roots.get(of, ZERO) + each
        else:
            others[what, of] = others.get((what, of), ZERO) + each
    rational, roots = _rooted(roots)
    kept = [(ROOT, of, each) for of, each in sorted(roots.items())]
    kept += sorted(((what, of, each) for (what, of), each in others.items() if each), key=repr)
    return factor * rational, tuple(kept)


def _rooted(roots: dict[Fraction, Fraction]) -> tuple[Fraction, dict[Fraction, Fraction]]:
    """Whole powers go into the factor; if all that is left comes out as a fraction, so does it."""
    rational = ONE
    kept: dict[Fraction, Fraction] = {}
    for of, exponent in roots.items():
        whole = exponent.__floor__()
        rational *= of**whole
        if rest := exponent - whole:
            kept[of] = rest
    if kept and (root := _perfect(kept)) is not None:
        return rational * root, {}
    return rational, {of: each for of, each in kept.items() if of != 1}


def _perfect(roots: dict[Fraction, Fraction]) -> Fraction | None:
    """The fraction that a product of roots is, if it is one."""
    degree = lcm(*(each.denominator for each in roots.values()))
    raised = prod((of ** int(each * degree) for of, each in roots.items()), start=ONE)
    over, under = _nearest_root(raised.numerator, degree), _nearest_root(raised.denominator, degree)
    return Fraction(over, under) if Fraction(over, under) ** degree == raised else None


def _nearest_root(of: int, degree: int) -> int:
    """An integer that is the root if any is: halving the interval in which it lies."""
    low, high = 0, 1 << (of.bit_length() // degree + 1)
    while high - low > 1:
        middle = (low + high) >> 1
        low, high = (middle, high) if middle**degree <= of else (low, middle)
    return low


# ---- sums ----------------------------------------------------------------------------------------------------------


def _multiplied(one: Terms, other: Terms) -> Terms:
    if len(one) * len(other) > WIDEST or (len(one) > 1 and len(other) > 1):
        # two brackets: a bracket that divides another may cancel it, so they are kept closed where they are alike
        signs = _sign(one), _sign(other)
        if 0 in signs:
            return ()
        (a, left), (b, right) = _single(one, signs[0]), _single(other, signs[1])
        return _opened((_one_term(a * b, (*left, *right)),))
    made = [_one_term(a * b, (*left, *right)) for a, left in one for b, right in other]
    return _opened(_cancelled(made))


def _cancelled(terms: Sequence[tuple[Fraction, Factors]]) -> Terms:
    """Σ tᵢ ÷ [Σ tᵢ] is 1: terms that are divided by one bracket are that bracket's multiple, or stay as they are."""
    brackets = {factor[1] for _, factors in terms for factor in factors if factor[0] == SUM and factor[2] == -1}
    for bracket in brackets:
        over = [(factor, tuple(one for one in factors if one != (SUM, bracket, -ONE))) for factor, factors in terms]
        divided = all((SUM, bracket, -ONE) in factors for _, factors in terms)
        if divided and len(over) == len(bracket):
            whole = _collected(over)
            if len(whole) == len(bracket) and _single(whole, _sign(whole))[1][0][1] == bracket:
                return ((_single(whole, _sign(whole))[0], ()),)
    return _collected(terms)


def _opened(terms: Terms) -> Terms:
    """Brackets to the power of 1 multiplied out."""
    made: list[tuple[Fraction, Factors]] = []
    for factor, factors in terms:
        bracket = next((one for one in factors if one[0] == SUM and one[2] == 1), None)
        if bracket is None:
            made.append((factor, factors))
            continue
        rest = tuple(one for one in factors if one is not bracket)
        made += _opened(tuple(_one_term(factor * by, (*rest, *more)) for by, more in bracket[1]))
    return _collected(made)


def _collected(terms: Iterable[tuple[Fraction, Factors]]) -> Terms:
    """Terms that differ by a fraction are added up."""
    kept: list[tuple[Fraction, Factors]] = []
    for factor, factors in terms:
        for place, (other, like) in enumerate(kept):
            if (ratio := _ratio(factors, like)) is not None:
                kept[place] = other + factor * ratio, like
                break
        else:
            kept.append((factor, factors))
    return tuple(sorted((one for one in kept if one[0]), key=repr))


def _ratio(one: Factors, other: Factors) -> Fraction | None:
    """one ÷ other, if that is a fraction."""
    if one == other:
        return ONE
    if [each for each in one if each[0] != ROOT] != [each for each in other if each[0] != ROOT]:
        return None
    roots: dict[Fraction, Fraction] = {}
    for factors, turned in ((one, 1), (other, -1)):
        for _, of, exponent in (each for each in factors if each[0] == ROOT):
            roots[of] = roots.get(of, ZERO) + turned * exponent
    rational, rest = _rooted(roots)
    return rational if not rest else None


# ---- which is the greater ------------------------------------------------------------------------------------------


def _sign(terms: Terms) -> int:
    if not terms:
        return 0
    if (found := _raised(terms)) is not None:
        return found
    for digits in (FEW, MORE):
        if found := _seen(terms, digits):
            return found
    zero = _is_zero(terms)
    if zero:
        return 0
    digits = 2 * MORE
    while zero is False or digits <= MOST:
        if found := _seen(terms, digits):
            return found
        digits *= 2
    raise Unsettled


def _raised(terms: Terms) -> int | None:
    """The sign of one or two terms of roots: a·A against b·B is aⁿ·Aⁿ against bⁿ·Bⁿ."""
    if len(terms) > 2 or any(one[0] != ROOT for _, factors in terms for one in factors):
        return None
    signs = [1 if factor > 0 else -1 for factor, _ in terms]
    if len(terms) == 1 or signs[0] == signs[1]:
        return signs[0]
    degree = lcm(*(each.denominator for _, factors in terms for _, _, each in factors))
    if degree * max(_bits(factor, factors) for factor, factors in terms) > HIGHEST:
        return None
    sizes = [
        prod((of ** int(each * degree) for _, of, each in factors), start=abs(factor) ** degree)
        for factor, factors in terms
    ]
    return 0 if sizes[0] == sizes[1] else signs[0] if sizes[0] > sizes[1] else signs[1]


def _bits(factor: Fraction, factors: Factors) -> int:
    return sum(max(of.numerator, of.denominator).bit_length() for of in (factor, *(one[1] for one in factors)))


def _seen(terms: Terms, digits: int) -> int:
    try:
        low, high = _between(terms, digits)
    except TooFewDigits:
        return 0
    return (low > 0) - (high < 0)


def _is_zero(terms: Terms) -> bool | None:
    """Whether the sum is 0; None: nobody knows."""
    for _ in range(8):
        divisors = {one[:2]: -one[2] for _, factors in terms for one in factors if one[0] != ROOT and one[2] < 0}
        if not divisors or not terms:
            break
        times: Factors = tuple((what, of, each) for (what, of), each in divisors.items())
        terms = _opened(tuple(_one_term(factor, (*factors, *times)) for factor, factors in terms))
    if not terms:
        return True
    logs: list[tuple[Fraction, Fraction]] = []
    alone = True
    for factor, factors in terms:
        rest = [one for one in factors if one[0] != ROOT]
        if not rest:
            alone = False
            continue
        [what, of, exponent], *more = rest
        if more or what != LOG or exponent != 1 or len(of) != 1 or of[0][1]:
            return None
        if len(rest) != len(factors):
            return None
        logs.append((of[0][0], factor))
    if not logs or not alone:
        return False  # different roots; or logarithms beside a number that is not 0
    degree = lcm(*(factor.denominator for _, factor in logs))
    common = gcd(*(int(factor * degree) for _, factor in logs))
    powers = [(of, int(factor * degree) // common) for of, factor in logs]
    if sum(abs(times) * max(of.numerator, of.denominator).bit_length() for of, times in powers) > 4 * HIGHEST:
        return None
    return prod((of**times for of, times in powers), start=ONE) == 1


# ---- decimals ------------------------------------------------------------------------------------------------------


class TooFewDigits(Exception):
    """A divisor cannot yet be told from 0."""


def _close(terms: Terms, digits: int) -> Pair:
    """Integers less than two apart between which the number lies, times 10^digits."""
    more = digits + 6
    while True:
        try:
            low, high = _between(terms, more)
        except TooFewDigits:
            more *= 2
            continue
        cut = 10 ** (more - digits)
        if high - low < cut:
            return low // cut, -(-high // cut)
        more *= 2


def _between(terms: Terms, digits: int) -> Pair:
    """Integers between which the sum lies, times 10^digits."""
    low = high = 0
    for factor, factors in terms:
        part = _fraction(factor, digits)
        for what, of, exponent in factors:
            part = _product(part, _factor(what, of, exponent, digits), digits)
        low, high = low + part[0], high + part[1]
    return low, high


def _factor(what: str, of: Any, exponent: Fraction, digits: int) -> Pair:
    if what == ROOT:
        inside = _fraction(of, digits)
        if exponent == 1:
            return inside
        return _exp(_product(_fraction(exponent, digits), _ln_pair(inside, digits), digits), digits)
    inside = _between(of, digits)
    if what == LOG:
        inside = _ln_pair(inside, digits)
    if exponent == 1:
        return inside
    if exponent.denominator == 1:
        return _whole_power(inside, exponent.numerator, digits)
    return _exp(_product(_fraction(exponent, digits), _ln_pair(inside, digits), digits), digits)


def _whole_power(of: Pair, times: int, digits: int) -> Pair:
    made = (10**digits, 10**digits)
    for _ in range(abs(times)):
        made = _product(made, of, digits)
    if times > 0:
        return made
    if made[0] <= 0 <= made[1]:
        raise TooFewDigits
    ends = [Fraction(10 ** (2 * digits), end) for end in made]
    return min(ends).__floor__(), max(ends).__ceil__()


def _fraction(of: Fraction, digits: int) -> Pair:
    scaled = of * 10**digits
    return scaled.__floor__(), scaled.__ceil__()


def _product(one: Pair, other: Pair, digits: int) -> Pair:
    corners = [a * b for a in one for b in other]
    return min(corners) // 10**digits, -(-max(corners) // 10**digits)


def _exp(of: Pair, digits: int) -> Pair:
    """exp between the ends of ``of``."""
    return _exp_of(of[0], digits)[0], _exp_of(of[1], digits)[1]


def _exp_of(number_: int, digits: int) -> Pair:
    """exp(number / 10^digits) × 10^digits: the series at a small part of it, multiplied up."""
    guard = digits + 12 + max(len(str(abs(number_))) - digits, 0)
    one = 10**guard
    scaled = abs(number_) * 10 ** (guard - digits)
    halvings = max((scaled // one).bit_length() + 6, 0)
    low, high = scaled >> halvings, (scaled >> halvings) + 1
    bounds = []
    for x, up in ((low, 0), (high, 1)):
        term, total, n = one, one, 1
        while term:
            # rounded up, a term is never 0: it ends where it is 1, and what follows is less than that
            term = term * x // (one * n) + up
            total += term
            n += 1
            if up and term == 1:
                total += 1
                break
        bounds.append(total)
    low, high = bounds
    for _ in range(halvings):
        low, high = low * low // one, high * high // one + 1
    if number_ < 0:
        low, high = one * one // high, one * one // low + 1
    cut = 10 ** (guard - digits)
    return low // cut, -(-high // cut)


def _ln_pair(of: Pair, digits: int) -> Pair:
    if of[0] <= 0:
        raise TooFewDigits
    return _ln_of(of[0], digits)[0], _ln_of(of[1], digits)[1]


def _ln_of(number_: int, digits: int) -> Pair:
    """ln(number / 10^digits) × 10^digits: the x whose exp it is."""
    one = 10**digits
    guess = 0
    for _ in range(200):
        there = _exp_of(guess, digits)[0] or 1
        step = 2 * one * (number_ - there) // (number_ + there)
        guess += step
        if abs(step) <= 1:
            break
    spread = 1
    while True:
        low, high = guess - spread, guess + spread
        if _exp_of(low, digits)[1] <= number_ <= _exp_of(high, digits)[0]:
            return low, high
        spread *= 2
