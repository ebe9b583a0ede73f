"""Going through a model: every node of it is a frozen dataclass, a tuple of such, or a plain value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from operator import attrgetter, is_
from typing import Any

from perfdsl.text.records import declared_as, fields, is_dataclass, replace

PLACES = frozenset({"span", "citation", "place", "unread"})
"""Fields that say where something stands: they have no part in what it means."""


@cache
def names(kind: object) -> tuple[str, ...]:
    """The fields of a dataclass that mean something."""
    return tuple(one.name for one in fields(kind) if one.name not in PLACES) if is_dataclass(kind) else ()


@cache
def _is_node(kind: object) -> bool:
    return is_dataclass(kind)


PLAIN = frozenset({"str", "int", "bool", "Fraction", "date", "None", "tuple", "frozenset"})
"""What a field is declared as in which no dataclass can stand."""


@cache
def _backwards(kind: object) -> Callable[[Any], tuple[Any, ...]] | None:
    """Takes the fields of a dataclass that mean something, the last first; None for what is no dataclass."""
    return _taking(names(kind)) if _is_node(kind) else None


@cache
def _holding(kind: Any) -> Callable[[Any], tuple[Any, ...]] | None:
    """The same of the fields that may hold dataclasses."""
    if not _is_node(kind):
        return None
    return _taking(_holders(kind))


@cache
def _holders(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass that mean something and may hold dataclasses."""
    plain = {one.name for one in fields(kind) if declared_as(one) <= PLAIN}
    return tuple([name for name in names(kind) if name not in plain])


def _taking(found: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    match tuple(reversed(found)):
        case ():
            return lambda one: ()
        case (only,):
            return lambda one: (getattr(one, only),)
        case found:
            return attrgetter(*found)


def inside(value: Any) -> Iterator[Any]:
    """What stands directly in a tuple or a dataclass; in a plain value, nothing."""
    if isinstance(value, tuple):
        yield from value
    elif _is_node(value.__class__):
        for name in names(value.__class__):
            yield getattr(value, name)


def nodes(value: Any, closed: type[Any] | tuple[type[Any], ...] = ()) -> Iterator[Any]:
    """Every dataclass in ``value``, itself included, from the top; what is in one that is ``closed`` is left out."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, tuple):
            todo.extend(reversed(one))
        elif (fields_of := _holding(one.__class__)) is not None:
            yield one
            if not isinstance(one, closed):
                todo.extend(fields_of(one))


def texts(value: Any, closed: type[Any] | tuple[type[Any], ...] = ()) -> Iterator[str]:
    """Every text in ``value``, but for those in nodes that are ``closed``."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, tuple):
            todo.extend(reversed(one))
        elif (fields_of := _backwards(one.__class__)) is not None and not isinstance(one, closed):
            todo.extend(fields_of(one))


def rebuilt(value: Any, node: Callable[[Any], Any] | None = None, leaf: Callable[[Any], Any] | None = None) -> Any:
    """``value`` with every dataclass passed through ``node`` (its fields first) and every plain value through ``leaf``.

    What does not change stays the same object.
    """
    fields_of = _holders if leaf is None else names

    def again(one: Any) -> Any:
        kind = one.__class__
        if isinstance(one, tuple):
            made = [again(each) for each in one]
            return one if all(map(is_, made, one)) else tuple(made)
        if not _is_node(kind):
            return one if leaf is None else leaf(one)
        changed = {}
        for name in fields_of(kind):
            old = getattr(one, name)
            new = again(old)
            if new is not old:
                changed[name] = new
        if changed:
            one = replace(one, **changed)
        return one if node is None else node(one)

    return again(value)
