"""Frozen dataclasses ↔ lists that JSON can say: every kind of node by one table, without knowing any.

A packed value is the list of the classes in it and the list of its parts, each behind those that it is made of, so that
what stands in many places is one object again. Only dataclasses and enumerations of this program are made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import partial
from importlib import import_module
from typing import Any

from perfdsl.text.records import MISSING, fields, is_dataclass
from perfdsl.text.source import Source

OURS = "perfdsl."
PLAIN, TUPLE, SET, MAPPING, FRACTION, DATE, SOURCE = range(-7, 0)
"""What a part is; from 0 on, the number of its class."""


class Unpackable(TypeError):
    """A value of a type that is not known here."""


def packed(value: Any, sources: Sequence[Source]) -> list[Any]:
    """``value`` in lists and plain values; ``sources`` are the files that places in it are places of.

    Raises:
        Unpackable: something in it is none of: None, truth values, whole numbers, doubles, text, fractions, days, tuples,
            frozen sets, mappings, and enumerations and dataclasses of ours.
    """
    work = _Packing(sources)
    work.place(value)
    return [work.classes, work.parts]


class _Packing:
    def __init__(self, sources: Sequence[Source]) -> None:
        self.sources = {id(one): at for at, one in enumerate(sources)}
        self.classes: list[list[Any]] = []
        self.parts: list[list[Any]] = []
        self.numbers: dict[type[Any], int] = {}
        self.known: dict[object, int] = {}
        self.seen: dict[int, tuple[object, int]] = {}
        self.alike: dict[tuple[Any, ...], int] = {}

    def place(self, value: Any) -> int:
        """Where ``value`` stands among the parts."""
        kind = type(value)
        if kind in (bool, int, str, type(None)):
            return self._once((kind, value), lambda: [PLAIN, value])
        if kind is float:  # 0.0 and -0.0 are equal, and not the same
            return self._once((kind, value.hex()), lambda: [PLAIN, value])
        if (known := self.seen.get(id(value))) is not None:
            return known[1]
        if isinstance(value, Enum):
            return self._once((kind, value.name), lambda: [self._class(kind), value.name])
        if kind is Fraction:
            return self._once((kind, value), lambda: [FRACTION, value.numerator, value.denominator])
        if kind is date:
            return self._once((kind, value), lambda: [DATE, value.toordinal()])
        made = self._many(value, kind)
        place = len(self.parts)
        hashed: Any = kind.__hash__
        if hashed is not None and hashed is not object.__hash__:  # what is the same in every part may be one object
            place = self.alike.setdefault(tuple(made), place)
        if place == len(self.parts):
            self.parts.append(made)
        self.seen[id(value)] = value, place  # the value is held, so that its id stays its own
        return place

    def _many(self, value: Any, kind: type[Any]) -> list[Any]:
        if kind is tuple:
            return [TUPLE, *map(self.place, value)]
        if kind is frozenset:
            return [SET, *map(self.place, sorted(value, key=repr))]  # alike in every run
        if kind is dict:
            return [MAPPING, *(self.place(one) for pair in value.items() for one in pair)]
        if kind is Source and id(value) in self.sources:
            return [SOURCE, self.sources[id(value)]]
        if is_dataclass(kind):  # a text that came from no file (a cell of a 附表 that is read as a phrase) among them
            number = self._class(kind)
            return [number, *(self.place(getattr(value, name)) for name in self.classes[number][2])]
        raise Unpackable(kind.__qualname__)

    def _once(self, key: object, made: Callable[[], list[Any]]) -> int:
        if key not in self.known:
            part = made()
            self.parts.append(part)
            self.known[key] = len(self.parts) - 1
        return self.known[key]

    def _class(self, kind: type[Any]) -> int:
        if kind not in self.numbers:
            if not kind.__module__.startswith(OURS):
                raise Unpackable(kind.__qualname__)
            names = [one.name for one in fields(kind) if one.init] if is_dataclass(kind) else []
            self.numbers[kind] = len(self.classes)
            self.classes.append([kind.__module__, kind.__qualname__, names])
        return self.numbers[kind]


def unpacked(told: Sequence[Any], sources: Sequence[Source]) -> Any:
    """The value that was :func:`packed`.

    Raises:
        Unpackable: a class is none of ours: whoever can write an entry must not have anything else called.
    """
    classes, parts = told
    making = [_maker(module, name, names) for module, name, names in classes]
    found: list[Any] = []
    add = found.append
    for kind, *inside in parts:
        if kind >= 0:
            make, plain = making[kind]
            add(make(*inside) if plain else make(*[found[one] for one in inside]))
        elif kind == PLAIN:
            add(inside[0])
        elif kind == TUPLE:
            add(tuple([found[one] for one in inside]))
        elif kind == FRACTION:
            add(Fraction(*inside))
        elif kind == SET:
            add(frozenset([found[one] for one in inside]))
        elif kind == MAPPING:
            add({found[key]: found[value] for key, value in zip(inside[::2], inside[1::2], strict=True)})
        elif kind == DATE:
            add(date.fromordinal(inside[0]))
        else:
            add(sources[inside[0]])
    return found[-1]


def _maker(module: str, name: str, names: Sequence[str]) -> tuple[Callable[..., Any], bool]:
    """What makes a value of a class again, and whether it takes what stands there itself (the name of a member)."""
    if not module.startswith(OURS):
        raise Unpackable(f"{module}.{name}")
    kind: Any = import_module(module)
    for one in name.split("."):
        kind = getattr(kind, one)
    ours = isinstance(kind, type) and kind.__module__ == module  # not what a module of ours took from elsewhere
    if not ours or not (is_dataclass(kind) or issubclass(kind, Enum)):
        raise Unpackable(f"{module}.{name}")
    if issubclass(kind, Enum):
        return kind.__getitem__, True
    if any(not one.init and (one.default is not MISSING or one.default_factory is not MISSING) for one in fields(kind)):
        raise Unpackable(f"{module}.{name}: a field that is no argument has a value of its own")
    return _filler(kind, names), False


def _filler(kind: Any, names: Sequence[str]) -> Callable[..., Any]:
    """What makes an object of ``kind`` of the values of ``names``: as ``__init__`` would, which has yet to be written, for
    most classes have few objects here."""
    puts = [getattr(getattr(kind, name, None), "__set__", None) or partial(_put, name) for name in names]
    new, ready = object.__new__, getattr(kind, "__post_init__", None)

    def filled(*values: Any) -> Any:
        made = new(kind)
        for put, value in zip(puts, values):  # noqa: B905  one each
            put(made, value)
        if ready is not None:
            ready(made)
        return made

    return filled


def _put(name: str, made: object, value: object) -> None:
    object.__setattr__(made, name, value)
