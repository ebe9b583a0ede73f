"""One change of one number, word or reading in a rulebook, drawn from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from math import ceil
from typing import Any

from generated.chance import Chance

from perfdsl.clauses.ladder import Ladder
from perfdsl.model.expression import Number
from perfdsl.model.grade import Interval
from perfdsl.model.rounding import Rounding
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.units import Mode

PARTS = ("items", "vetoes", "scheme", "applications", "roundings", "total")
NEVER = frozenset({"kind", "code", "name", "span", "citation", "meta", "unit", "table", "column", "level", "written"})
NEVER |= {"ledger", "what", "grades", "factor", "digits", "along", "version"}


def edited(book: Rulebook, chance: Chance) -> tuple[Rulebook, str] | None:
    """``book`` with one edit, and what it was; None where there is nothing to edit."""
    places = [place for part in PARTS for place in _places(getattr(book, part), (part,))]
    if not places:
        return None
    for _ in range(20):
        path = chance.one(places)
        value = _at(book, path)
        new = _other(value, chance, counted=_counted(book, path))
        if path[-3:-2] == ("answers",) and new in dict(_at(book, path[:-2])):
            continue  # the state has an answer already
        if new is not None and new != value:
            told = f"{'.'.join(map(str, path))}: {value} -> {new}"
            made = _put(book, path, new)
            if not _upside_down(_at(made, path[:-1])) and not _counts_twice(_at(made, path[:3])):
                return made, told
    return None


def _counted(book: Rulebook, path: tuple[Any, ...]) -> bool:
    """Whether a number counts something: places, years, cases, people."""
    holder = _at(book, path[:-1])
    unit = holder.unit if isinstance(holder, Number) else None
    return bool(COUNTED & {*path}) or (unit is not None and str(unit) in WHOLE)


def _upside_down(holder: Any) -> bool:
    """Whether nothing lies between the ends of an interval: nobody can write it."""
    if not isinstance(holder, Interval) or holder.low is None or holder.high is None:
        return False
    return holder.low > holder.high or (holder.low == holder.high and not (holder.low_in and holder.high_in))


def _counts_twice(clause: Any) -> bool:
    """Whether a ladder of years is for a grade of several years: nobody can write it, its lines say how many."""
    return isinstance(clause, Ladder) and clause.run is None


def _places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, tuple):
        for i, one in enumerate(value):
            yield from _places(one, (*path, i))
    elif is_dataclass(value) and not isinstance(value, type):
        if isinstance(value, Rounding):
            yield path
            return
        for one in fields(value):
            if one.name not in NEVER:
                yield from _places(getattr(value, one.name), (*path, one.name))
    elif isinstance(value, (Fraction, bool, date, int)) or (isinstance(value, Enum) and type(value).__name__ in EDITED):
        yield path


COUNTED = frozenset({"places", "years", "counts"})
WHOLE = frozenset({"件", "人", "名次"})
ANSWERED = (State.NIL, State.NOT_DUE, State.NONE, State.ABSENT, State.MISSING)
EDITED = {"Remainder", "Ties", "Mode", "AwardKind", "QuotaRounding", "Cut"}


def _other(value: Any, chance: Chance, counted: bool) -> Any:
    """Another value of its kind; what is ``counted`` stays whole: there are no three quarters of a case."""
    match value:
        case bool():
            return not value
        case Fraction():
            by = chance.one((Fraction(1), Fraction(1, 2), value / 2, -value / 4))
            by = Fraction(ceil(by)) if counted else by
            return value + by if value + by > 0 else None
        case State():
            return chance.one(ANSWERED)
        case int():
            return value + 1
        case date():
            return value + timedelta(chance.one((-20, -1, 1, 30)))
        case Rounding():
            if chance.yes():
                return replace(value, digits=value.digits + 1)
            return replace(value, mode=Mode.DOWN if value.mode is not Mode.DOWN else Mode.HALF_UP)
        case Enum():
            return chance.one([one for one in type(value) if one is not value])
    return None


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    return value


def _put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*value[:step], _put(value[step], rest, new), *value[step + 1 :])
    return replace(value, **{step: _put(getattr(value, step), rest, new)})
