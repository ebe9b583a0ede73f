"""Columns of exact values while they are computed.

A number is ``p`` over ``q``. ``q`` is an int (one denominator for all rows) or an array (one a row). Arrays are int64;
within a block they are float64 where the planner allows it, which hold the same integers and are faster. In the EXACT form ``p`` is an object array of Fractions and ``q`` is 1, so that the same few lines of arithmetic
serve all three forms of :mod:`perfdsl.graph.ranges`.

Arrays here are never written to once they are in a vector: many vectors share them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import NamedTuple

import numpy as np

from perfdsl.data.arrays import Array, Bools, Ints, States
from perfdsl.graph.ranges import Form, Range
from perfdsl.graph.types import Grain
from perfdsl.model.states import State
from perfdsl.model.units import ValueType
from perfdsl.text.records import dataclass, replace

EVERY = slice(None)
"""Every row."""

Value = Fraction | bool | str | date | int
"""A value as plain Python: grades are int positions, everything else is what it says."""
Cell = tuple[State, Value | None]


class Number(NamedTuple):
    """Numbers without states: ``p`` over ``q``, row by row."""

    p: Array
    q: int | Ints = 1

    @property
    def exact(self) -> bool:
        """Whether ``p`` holds Fractions."""
        return self.p.dtype == object

    def take(self, rows: Ints) -> Number:
        """These rows."""
        if isinstance(self.q, int):
            return Number(self.p[rows], self.q)
        return Number(self.p[rows], np.broadcast_to(self.q, self.p.shape)[rows])


@dataclass(frozen=True, eq=False, slots=True)
class Vector:
    """One value a row of ``grain`` (one for all, on the scalar grain).

    ``values``: numerators over ``under`` for NUMBER (kept in 32 bits where they fit), bool for BOOL, int64 for the rest: ordinals of dates,
    positions of grades, positions of texts in the words of the run. Where ``states`` is not 有值 they mean nothing,
    but numbers stay within the bounds of their node.

    ``at``: few values that many rows share; each row has that at its place. Only blocks of rows are given such.
    """

    grain: Grain
    kind: ValueType
    states: States
    values: Array
    under: int | Ints = 1
    at: Ints | None = None

    @property
    def number(self) -> Number:
        """Numerators and denominators, none of them narrow: they can be computed with."""
        return Number(self.values.astype(np.int64) if self.values.dtype == np.int32 else self.values, self.under)

    @property
    def has_value(self) -> Bools:
        """Rows in state 有值."""
        return everywhere(True, len(self.states)) if is_calm(self.states) else np.equal(self.states, int(State.VALUE))

    @property
    def for_all(self) -> bool:
        """Whether every row is known to hold the same value; False is always safe."""
        return is_calm(self.states) and len(self.values) > 0 and (self.values.strides[0] == 0 or len(self.values) == 1)

    @property
    def true(self) -> Bools:
        """Rows with the value true."""
        if is_calm(self.states):
            return self.values.astype(np.bool_, copy=False)
        return self.has_value & self.values.astype(np.bool_, copy=False)

    @property
    def integral(self) -> Vector:
        """The same without doubles, to be kept."""
        p, q = integral(self.number)
        if p is self.values and q is self.under:
            return self
        return replace(self, values=p, under=q)

    def of_rows(self, span: slice = EVERY) -> Vector:
        """These rows, each with a value of its own."""
        states = self.states[span]
        if self.at is None:
            under = self.under if isinstance(self.under, int) else self.under[span]
            return Vector(self.grain, self.kind, states, self.values[span], under)
        at = self.at[span]
        under = self.under if isinstance(self.under, int) else self.under.take(at)
        return Vector(self.grain, self.kind, states, self.values.take(at), under)

    def spread(self, rows: int) -> Vector:
        """The same on ``rows`` rows: a scalar is repeated, without copying."""
        under = self.under
        if self.states.shape == self.values.shape == (rows,) and (isinstance(under, int) or under.shape == (rows,)):
            return self
        states = calm(rows) if is_calm(self.states) else np.broadcast_to(self.states, (rows,))
        if self.kind is ValueType.BOOL and len(self.values) == 1:
            values: Array = everywhere(bool(self.values[0]), rows)
        else:
            values = np.broadcast_to(self.values, (rows,))
        return Vector(
            self.grain,
            self.kind,
            states,
            values,
            under if isinstance(under, int) else np.broadcast_to(under, (rows,)),
            self.at,
        )

    def take(self, rows: Ints) -> Vector:
        """These rows, in this order."""
        p, q = self.number.take(rows)
        return replace(self, states=self.states[rows], values=p, under=q)

    def cells(self, words: Sequence[str] = ()) -> tuple[Cell, ...]:
        """(state, plain value) of every row; None where there is no value."""
        if is_calm(self.states):
            return tuple([(State.VALUE, value) for value in self._plain(words)])
        states = [State(state) for state in self.states.tolist()]
        return tuple(
            (state, value if state is State.VALUE else None)
            for state, value in zip(states, self._plain(words), strict=True)
        )

    def _plain(self, words: Sequence[str]) -> Iterable[Value | None]:
        match self.kind:
            case ValueType.NUMBER:
                numbers: list[Fraction] = fractions(self.number).tolist()
                return numbers
            case ValueType.TEXT:
                return (words[code] if words else None for code in self.values.tolist())
            case ValueType.DATE:
                return (date.fromordinal(day) if day > 0 else None for day in self.values.tolist())
            case _:
                plain: list[bool | int] = self.values.tolist()
                return plain


@lru_cache(maxsize=256)
def calm(rows: int) -> States:
    """有值 in every row. It takes one byte, and :func:`strongest` passes it by."""
    return np.broadcast_to(np.zeros(1, dtype=np.uint8), (rows,))


@lru_cache(maxsize=256)
def everywhere(value: bool, rows: int) -> Bools:
    """``value`` in every row. It takes one byte."""
    return np.broadcast_to(np.array([value]), (rows,))


def calmed(states: States) -> States:
    """``states``, in one byte where every row has a value."""
    return states if states.any() else calm(len(states))


def is_calm(states: States) -> bool:
    """Whether every row has a value, as far as one byte can tell; False is always safe."""
    return len(states) > 0 and (states.strides[0] == 0 or len(states) == 1) and not states[0]


def strongest(*states: States) -> States:
    """Row by row the strongest state."""
    rows = max((len(each) for each in states if len(each) != 1), default=1)
    found: States | None = None
    for each in states:
        if not is_calm(each):
            found = each if found is None else np.maximum(found, each)
    return calm(rows) if found is None else np.broadcast_to(found, (rows,))


def fractions(number: Number) -> Array:
    """``number`` in the EXACT form: an object array of Fractions."""
    p, q = integral(number)
    if p.dtype == object:
        return p
    unders: Iterable[int] = [q] * len(p) if isinstance(q, int) else np.broadcast_to(q, p.shape).tolist()
    pairs = zip(p.tolist(), unders, strict=True)
    return np.fromiter((Fraction(over, under) for over, under in pairs), dtype=object, count=len(p))


def integral(number: Number) -> Number:
    """``number`` without doubles."""
    p, q = number
    if p.dtype == np.float64:
        p = p.astype(np.int64)
    return Number(p, q if isinstance(q, int) else q.astype(np.int64, copy=False))


def exact(number: Number) -> Number:
    """``number`` in the EXACT form."""
    return Number(fractions(number))


def scaled(p: Array, factor: int) -> Array:
    """``p`` × ``factor``; the planner has seen to it that this fits."""
    return p if factor == 1 else p * factor


def fixed_pair(a: Number, b: Number) -> tuple[Array, Array, int | Ints]:
    """(p of a, p of b, q) over one denominator."""
    if isinstance(a.q, int) and isinstance(b.q, int):
        under = lcm(a.q, b.q)
        return scaled(a.p, under // a.q), scaled(b.p, under // b.q), under
    return _over(a.p, b.q), _over(b.p, a.q), a.q * b.q


def _over(p: Array, q: int | Ints) -> Array:
    """``p`` × ``q``."""
    return scaled(p, q) if isinstance(q, int) else p * q


def in_form(number: Number, range_: Range) -> Number:
    """``number`` as ``range_`` says that numbers of this node are held."""
    match range_.form:
        case Form.FIXED:
            assert isinstance(number.q, int)
            return Number(scaled(number.p, range_.under // number.q), range_.under)
        case Form.FRACTION:
            return Number(number.p, np.asarray(number.q, dtype=number.p.dtype))
        case Form.EXACT:
            return exact(number)
