"""A comparison as plain JSON values, and the old rulebook made into the new one from these alone.

Every node of the model is a frozen dataclass of :mod:`perfdsl.model` or :mod:`perfdsl.clauses`, so one rule writes and
reads them all: an object with the name of its class under ``$`` and its fields; those that hold their default are left
out, and so is where something stands (spans, citations). What JSON does not tell apart has an object of its own:
``{"$": "Fraction", "is": "1/3"}``, ``{"$": "date", "is": "2025-12-31"}``, ``{"$": "frozenset", "is": […]}``, and for a member
of an enumeration ``{"$": "Level", "is": "BONUS"}``. A list is a tuple.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from types import ModuleType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import perfdsl.clauses
import perfdsl.model
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.walking import names
from perfdsl.text.records import MISSING, Field, fields, is_dataclass
from perfdsl.workspace.review.changes import Comparison
from perfdsl.workspace.review.parts import Key, as_written, assembled, parts
from perfdsl.workspace.review.terms import Terms, put

CLASS, VALUE = "$", "is"
MOST_SHOWN = 8


class BadDocument(ValueError):
    """What was to be read is not what :func:`encoded` writes; ``args[0]`` says what is wrong and where."""


class Misfit(ValueError):
    """A patch that was not made for this rulebook; ``differing`` are the keys of the parts that are other ones."""

    def __init__(self, differing: Sequence[Key]) -> None:
        self.differing = tuple(differing)
        shown = "；".join(" ".join(filter(None, key)) for key in self.differing[:MOST_SHOWN])
        more = f"；等 {len(self.differing)} 处" if len(self.differing) > MOST_SHOWN else ""
        super().__init__(f"这份修订不是对这份办法作的，下面各处与修订前的内容不同：{shown}{more}")


# ---- values


@cache
def classes() -> Mapping[str, type[Any]]:
    """Name → class, of every dataclass and enumeration of the model and of the clauses.

    A name that two modules use is written with its module: ``bands.Band``.
    """
    found: dict[str, list[type[Any]]] = {}
    for module in _modules(perfdsl.model, perfdsl.clauses):
        for one in vars(module).values():
            if (
                inspect.isclass(one)
                and one.__module__ == module.__name__
                and (is_dataclass(one) or issubclass(one, Enum))
            ):
                found.setdefault(one.__name__, []).append(one)
    named: dict[str, type[Any]] = {}
    for name, ours in found.items():
        for one in ours:
            named[name if len(ours) == 1 else f"{one.__module__.rpartition('.')[2]}.{name}"] = one
    return named


def _modules(*packages: ModuleType) -> Iterator[ModuleType]:
    for package in packages:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


@cache
def _names() -> Mapping[type[Any], str]:
    return {one: name for name, one in classes().items()}


def encoded(value: Any) -> Any:
    """``value`` as plain JSON values."""
    if isinstance(value, Enum):
        return {CLASS: _names()[type(value)], VALUE: value.name}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Fraction):
        return {CLASS: "Fraction", VALUE: str(value)}
    if isinstance(value, date):
        return {CLASS: "date", VALUE: value.isoformat()}
    if isinstance(value, tuple):
        return [encoded(one) for one in value]
    if isinstance(value, frozenset):
        return {CLASS: "frozenset", VALUE: [encoded(one) for one in sorted(value)]}
    kind: Any = type(value)
    made = {CLASS: _names()[kind]}
    known = _fields(kind)
    for name in names(kind):
        own = getattr(value, name)
        default = _default(known[name])
        if type(own) is not type(default) or own != default:
            made[name] = encoded(own)
    return made


@cache
def _fields(kind: type[Any]) -> Mapping[str, Field[Any]]:
    return {one.name: one for one in fields(kind)}


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


def decoded(value: Any, place: str = "") -> Any:
    """What :func:`encoded` wrote.

    Raises:
        BadDocument: it is something else; ``place`` is how the message names it.
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, list):
        return tuple(decoded(one, f"{place}[{at}]") for at, one in enumerate(value))
    if not isinstance(value, dict) or not isinstance(value.get(CLASS), str):
        raise BadDocument(f"{place or '这里'} 读不懂：{value!r:.60}")
    given, name = dict(value), value[CLASS]
    del given[CLASS]
    if name in ("Fraction", "date", "frozenset"):
        return _plain(name, _alone(given, place), place)
    kind = classes().get(name)
    if kind is None:
        raise BadDocument(f"{place or '这里'} 里没有 “{name}” 这一类；这份修订可能是别的版本写的")
    if issubclass(kind, Enum):
        member = _alone(given, place)
        if not isinstance(member, str) or member not in kind.__members__:
            raise BadDocument(f"{place or '这里'}：“{name}” 没有 {member!r:.60}")
        return kind[member]
    return _node(kind, given, f"{place}.{name}" if place else name)


def _alone(given: Mapping[str, Any], place: str) -> Any:
    if set(given) != {VALUE}:
        raise BadDocument(f"{place or '这里'} 应当只有 “{VALUE}”，写的是 {'、'.join(sorted(given)) or '空'}")
    return given[VALUE]


def _plain(name: str, written: Any, place: str) -> Any:
    try:
        if name == "frozenset" and isinstance(written, list):
            return frozenset(decoded(one, place) for one in written)
        if name == "Fraction" and isinstance(written, str):
            return Fraction(written)
        if name == "date" and isinstance(written, str):
            return date.fromisoformat(written)
    except (ValueError, ZeroDivisionError, TypeError) as error:
        raise BadDocument(f"{place or '这里'} 读不懂：{name} {written!r:.60}") from error
    raise BadDocument(f"{place or '这里'} 读不懂：{name} {written!r:.60}")


def _node(kind: Any, given: Mapping[str, Any], place: str) -> Any:
    known, hints = _fields(kind), _hints(kind)
    if strange := sorted(set(given) - set(names(kind))):
        raise BadDocument(f"{place} 里没有 “{strange[0]}” 这一栏；这份修订可能是别的版本写的")
    made = {}
    for name in names(kind):
        if name in given:
            made[name] = decoded(given[name], f"{place}.{name}")
            if not _fits(made[name], hints[name]):
                raise BadDocument(f"{place}.{name} 不能是 {given[name]!r:.60}")
        elif _default(known[name]) is MISSING:
            raise BadDocument(f"{place} 缺 “{name}” 这一栏")
    return kind(**made)


@cache
def _hints(kind: type[Any]) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _fits(value: Any, hint: Any) -> bool:
    """Whether ``value`` is what a field asks for."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, one) for one in inner)
    if origin is Literal:
        return value in inner
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if len(inner) == 2 and inner[1] is Ellipsis:
            return all(_fits(one, inner[0]) for one in value)
        return len(value) == len(inner) and all(map(_fits, value, inner))
    if origin is frozenset:
        return isinstance(value, frozenset) and all(_fits(one, inner[0]) for one in value)
    if hint is None or hint is type(None):
        return value is None
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return hint is Any or isinstance(value, hint)


# ---- the patch


def as_document(comparison: Comparison) -> dict[str, Any]:
    """Everything that makes the new rulebook of the old one, as plain JSON values.

    ``terms`` is how the old rulebook is put first, ``parts`` what differs then (null: it is not there), ``order`` how parts
    follow each other that have no order by code.
    """
    into = comparison.terms
    found = {**parts(comparison.before)}
    for patch in comparison.patches:
        _put(found, patch.key, patch.new)
    order = _unsorted(parts(comparison.new))
    return {
        "terms": {
            "codes": dict(into.codes),
            "columns": [[table, old, new] for (table, old), new in into.columns.items()],
            "years": into.years,
            "units": [[table, was, unit] for (table, was), unit in into.units.items()],
            "categories": dict(into.categories),
            "schemes": dict(into.schemes),
            "words": [[*place, name] for place, name in into.words.items()],
        },
        "parts": [
            {"key": list(patch.key), "old": encoded(patch.old), "new": encoded(patch.new)}
            for patch in comparison.patches
            if patch.old != patch.new  # a category that is only called otherwise is told by the terms
        ],
        "order": [list(key) for key in order] if _unsorted(found) != order else [],
    }


def applied(old: Rulebook, document: Mapping[str, Any]) -> Rulebook:
    """The new rulebook, of ``old`` and what :func:`as_document` wrote.

    Raises:
        BadDocument: the document cannot be read.
        Misfit: it was written for another rulebook.
    """
    into, changed, order = _read(document)
    found = {**parts(put(old, into))}
    if differing := [key for key, before, _ in changed if found.get(key) != before]:
        raise Misfit(differing)
    for key, _, after in changed:
        _put(found, key, after)
    first = {key: found[key] for key in order if key in found}
    return assembled({**first, **found})


def _put(found: dict[Key, Any], key: Key, value: Any) -> None:
    """A part that becomes None is not there any more; a part of the first block is always there."""
    if value is None and key[0] != "head":
        found.pop(key, None)
    else:
        found[key] = value


def _unsorted(found: Mapping[Key, Any]) -> list[Key]:
    """The keys whose order is that of the file."""
    return [
        key
        for key, value in found.items()
        if key[0] in ("table", "column", "scope", "dedupe", "scheme", "method")
        or (key[0] == "item" and value[0] and as_written(found["item", value[0]][1]))
    ]


def _read(document: Mapping[str, Any]) -> tuple[Terms, list[tuple[Key, Any, Any]], list[Key]]:
    try:
        written = document["terms"]
        codes, years = dict(written["codes"]), written["years"]
        columns = {(table, old): new for table, old, new in written["columns"]}
        units = {(table, was): unit for table, was, unit in written.get("units", ())}
        categories, schemes = dict(written.get("categories", {})), dict(written.get("schemes", {}))
        words = {(table, column, was): name for table, column, was, name in written.get("words", ())}
        changed = [(tuple(one["key"]), one["old"], one["new"]) for one in document["parts"]]
        order = [tuple(one) for one in document["order"]]
    except (KeyError, TypeError, ValueError) as error:
        raise BadDocument(
            f"这不是对照写出的修订：缺 {error}" if isinstance(error, KeyError) else "这不是对照写出的修订"
        ) from error
    texts = [
        *(text for named in (codes, categories, schemes) for pair in named.items() for text in pair),
        *(text for key, _, _ in changed for text in key),
        *(t for key in order for t in key),
    ]
    texts += [text for place, new in (*columns.items(), *units.items(), *words.items()) for text in (*place, new)]
    if (
        not all(isinstance(one, str) for one in texts)
        or not isinstance(years, int)
        or not all(key for key, _, _ in changed)
    ):
        raise BadDocument("这不是对照写出的修订")
    read = [
        (key, decoded(old, "旧 " + " ".join(key)), decoded(new, "新 " + " ".join(key))) for key, old, new in changed
    ]
    return Terms(codes, columns, years, units, categories, schemes, words), read, order
