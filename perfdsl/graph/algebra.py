"""Whether a 实数 is 0, told exactly.

Every integer that stands under a root or a logarithm is written over a base of pairwise coprime integers, none of them
a power of another. A number then is a sum of terms, each a fraction times powers of *atoms* with rational exponents:
an integer of the base, the logarithm of one, the size of another sum or of its logarithm. All atoms are positive, so
powers of powers multiply, and equal numbers that were written differently (√2 × √8 = 4, ln 8 = 3 ln 2) come out
the same.

If nothing is left of the sum, the number is 0. If something is left, it is not 0 where one of two theorems says so:
roots of integers none of which is a rational multiple of another are linearly independent over the fractions
(Besicovitch 1940; Siegel 1972 for mixed degrees), and logarithms of multiplicatively independent integers, with 1,
are so over the algebraic numbers (Baker 1966). Anything else (products of logarithms, a logarithm in a root) is left
to narrower intervals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd
from typing import Any

from perfdsl.graph.reals import How, Refined, integer_root

ONE = Fraction(1)
INTEGER, LOG, LOG_OF_SUM, SUM = range(4)
"""Kinds of atoms. An atom is (kind, what): what is an integer of the base, or a sum as a sorted tuple of terms."""
Atom = tuple[int, Any]
Term = tuple[tuple[Atom, Fraction], ...]
Terms = dict[Term, Fraction]
NUMBER: Term = ()
MOST_TERMS, MOST_RESTARTS, LARGEST = 400, 12, 1 << 14
"""Sizes from which on the exact test gives up: terms of a sum, integers found on the way, bits of an integer."""


class TooLarge(Exception):
    """The exact test would take too long."""


class _NewInteger(Exception):
    def __init__(self, of: int) -> None:
        super().__init__()
        self.of = of


def vanishes(of: Refined) -> bool | None:
    """Whether ``of`` is 0; None where nobody knows."""
    terms = _terms(of, clear=True)
    if terms is None:
        return None
    return True if not terms else False if _independent(terms) else None


def as_fraction(of: Refined) -> Fraction | None:
    """The fraction that ``of`` is, if it comes out as one."""
    terms = _terms(of)
    if terms is None or not terms.keys() <= {NUMBER}:
        return None
    return terms.get(NUMBER, Fraction(0))


def _independent(terms: Mapping[Term, Fraction]) -> bool:
    for term in terms:
        logs = [exponent for (kind, _), exponent in term if kind == LOG]
        if any(kind in (LOG_OF_SUM, SUM) for (kind, _), _ in term) or logs not in ([], [ONE]):
            return False
    return True


def _terms(of: Refined, *, clear: bool = False) -> Terms | None:
    integers = set(_integers(of))
    try:
        for _ in range(MOST_RESTARTS):
            try:
                expansion = _Expansion(coprime_base(integers))
                terms = expansion.terms(of)
                return expansion.cleared(terms) if clear else terms
            except _NewInteger as found:
                integers.add(found.of)
    except TooLarge:
        pass
    return None


def _integers(of: Fraction) -> Iterable[int]:
    """Numerators and denominators of what stands under roots and logarithms."""
    if isinstance(of, Refined):
        for part in of.parts:
            if isinstance(part, Refined):
                yield from _integers(part)
            elif of.how in (How.POWER, How.LN):
                yield from (part.numerator, part.denominator)


def coprime_base(integers: Iterable[int]) -> list[int]:
    """Pairwise coprime integers, no one a power, of whose powers all of ``integers`` are products.

    >>> sorted(coprime_base([12, 8]))
    [2, 3]
    """
    base: list[int] = []
    waiting = [abs(number) for number in integers]
    while waiting:
        number = waiting.pop()
        if number.bit_length() > LARGEST:
            raise TooLarge
        if number < 2 or number in base:
            continue
        met = next((one for one in base if gcd(one, number) > 1), None)
        if met is None:
            base.append(number)
            continue
        common = gcd(met, number)
        base.remove(met)
        waiting += [common, met // common, number // common]
    return [_least_root(number) for number in base]


def _least_root(number: int) -> int:
    """The integer that is no power and of which ``number`` is one."""
    for degree in range(number.bit_length() - 1, 1, -1):
        root = integer_root(number, degree)
        if root**degree == number:
            return root
    return number


class _Expansion:
    def __init__(self, base: list[int]) -> None:
        self.base = base

    def terms(self, of: Fraction) -> Terms:
        """``of`` as a sum of terms."""
        if not isinstance(of, Refined):
            return {NUMBER: of} if of else {}
        match of.how:
            case How.SUM:
                return _added(self.terms(part) for part in of.parts)
            case How.PRODUCT:
                atoms, factor = NUMBER, ONE
                for part in of.parts:
                    terms = self.terms(part)
                    if not terms:
                        return {}
                    more, by = self.single(terms, part)
                    atoms, factor = (*atoms, *more), factor * by
                return self.opened(dict([self.term(atoms, factor)]))
            case How.POWER:
                return self.power(of)
            case How.LN:
                return self.ln(of)

    def factors(self, of: Fraction) -> Term:
        """A positive fraction as powers of the base."""
        found: dict[Atom, Fraction] = {}
        for number, sign in ((of.numerator, 1), (of.denominator, -1)):
            rest = number
            for one in self.base:
                while rest % one == 0:
                    rest //= one
                    found[INTEGER, one] = found.get((INTEGER, one), Fraction(0)) + sign
            if rest != 1:
                raise _NewInteger(number)
        return tuple(sorted(found.items()))

    def times(self, one: Terms, other: Terms) -> Terms:
        if len(one) * len(other) > MOST_TERMS:
            raise TooLarge
        return _added(dict([self.term(a + b, factor * by)]) for a, factor in one.items() for b, by in other.items())

    def term(self, atoms: Term, factor: Fraction) -> tuple[Term, Fraction]:
        """One term in its one form: exponents of integers from 0 to 1, the rest in the factor."""
        exponents: dict[Atom, Fraction] = {}
        for atom, exponent in atoms:
            exponents[atom] = exponents.get(atom, Fraction(0)) + exponent
        for atom, exponent in exponents.items():
            if atom[0] == INTEGER:
                whole = exponent.__floor__()
                factor *= Fraction(atom[1]) ** whole
                exponents[atom] = exponent - whole
        return tuple(sorted((atom, exponent) for atom, exponent in exponents.items() if exponent)), factor

    def power(self, of: Refined) -> Terms:
        base, exponent = self.terms(of.parts[0]), of.exponent
        if not base:
            return {}
        atoms, factor = self.single(base, of.parts[0])
        turned = -ONE if factor < 0 and exponent.numerator % 2 else ONE
        raised = tuple((atom, each * exponent) for atom, each in (*atoms, *self.factors(abs(factor))))
        return self.opened(dict([self.term(raised, turned)]))

    def single(self, terms: Terms, of: Fraction) -> tuple[Term, Fraction]:
        """``of``, whose terms are ``terms``, as one term: a sum of several becomes an atom.

        It is taken over the size of its first factor, so that multiples of one sum share an atom.
        """
        if len(terms) == 1:
            [(atoms, factor)] = terms.items()
            return atoms, factor
        first = abs(min(terms.items())[1]) * (-1 if of < 0 else 1)
        return (((SUM, _key({atom: each / first for atom, each in terms.items()})), ONE),), first

    def opened(self, terms: Terms) -> Terms:
        """``terms``, sums to the power of 1 to 4 among their atoms multiplied out."""
        made: list[Terms] = []
        for atoms, factor in terms.items():
            product: Terms = {tuple(one for one in atoms if not _opens(*one)): factor}
            for (_, what), exponent in (one for one in atoms if _opens(*one)):
                for _ in range(exponent.numerator):
                    product = self.times(product, dict(what))
            made.append(product)
        return _added(made)

    def cleared(self, terms: Terms) -> Terms:
        """``terms`` times all sums that they are divided by: 0 where they are 0."""
        for _ in range(MOST_RESTARTS):
            under: dict[Atom, Fraction] = {}
            for atom, exponent in (one for atoms in terms for one in atoms):
                if atom[0] == SUM and exponent < 0:
                    under[atom] = max(under.get(atom, Fraction(0)), -exponent)
            if not under:
                return terms
            terms = self.opened(_added(dict([self.term((*atoms, *under.items()), f)]) for atoms, f in terms.items()))
        raise TooLarge

    def ln(self, of: Refined) -> Terms:
        inside = self.terms(of.parts[0])
        if len(inside) == 1:
            [(atoms, factor)] = inside.items()
            if all(kind == INTEGER for (kind, _), _ in atoms):
                powers = (*atoms, *self.factors(factor))
                return _added({(((LOG, number), ONE),): exponent} for (_, number), exponent in powers)
        sign = (of.parts[0] > 1) - (of.parts[0] < 1)
        return {(((LOG_OF_SUM, _key(inside)), ONE),): Fraction(sign)} if sign else {}


def _opens(atom: Atom, exponent: Fraction) -> bool:
    return atom[0] == SUM and exponent.denominator == 1 and 1 <= exponent <= 4


def _key(terms: Terms) -> tuple[tuple[Term, Fraction], ...]:
    return tuple(sorted(terms.items()))


def _added(parts: Iterable[Terms]) -> Terms:
    whole: Terms = {}
    for part in parts:
        for term, factor in part.items():
            whole[term] = whole.get(term, Fraction(0)) + factor
    return {term: factor for term, factor in whole.items() if factor}
