"""Going through a model: every node of it is a frozen dataclass, a tuple of such, or a plain value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

PLACES = frozenset({"span", "citation", "place", "unread"})
"""Fields that say where something stands: they have no part in what it means."""


@cache
def names(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a dataclass that mean something."""
    return tuple(one.name for one in fields(kind) if one.name not in PLACES)


def nodes(value: Any) -> Iterator[Any]:
    """Every dataclass in ``value``, itself included, from the top."""
    if isinstance(value, tuple):
        for one in value:
            yield from nodes(one)
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for name in names(type(value)):
            yield from nodes(getattr(value, name))


def rebuilt(
    value: Any, node: Callable[[Any], Any] = lambda one: one, leaf: Callable[[Any], Any] = lambda one: one
) -> Any:
    """``value`` with every dataclass passed through ``node`` (its fields first) and every plain value through ``leaf``.

    What does not change stays the same object.
    """
    if isinstance(value, tuple):
        made = tuple(rebuilt(one, node, leaf) for one in value)
        return made if any(a is not b for a, b in zip(made, value, strict=True)) else value
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for name in names(type(value)):
            old = getattr(value, name)
            new = rebuilt(old, node, leaf)
            if new is not old:
                changed[name] = new
        return node(replace(value, **changed) if changed else value)
    return leaf(value)
