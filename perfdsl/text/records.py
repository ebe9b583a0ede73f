"""Dataclasses that are soon there: the standard library's in every word, but a method is made when it is first called.

A rulebook that was compiled before is run by some two hundred classes, most of which only have to exist. The standard
library compiles up to seven methods of each as it is imported: half a millisecond a class, in all more than the run itself.
Here a class costs what its names cost. ``__init__``, ``__eq__`` and ``__hash__`` are made when they are first called, from
code that is compiled once for all classes of the same shape (so many fields, so many with a default …) with the names put
in; and ``__init__`` sets the slots themselves, so that making an object takes two thirds of the time.

To the type checker they are the standard library's, and to :mod:`dataclasses` itself as well: its ``fields``, ``replace``
and ``is_dataclass`` take them, and it may derive from them. What no class of ours uses is left out: ``InitVar``,
``ClassVar``, ``metadata``, ``unsafe_hash``, ``weakref_slot``.
"""

from __future__ import annotations

import operator
from functools import cache
from types import CodeType, FunctionType

__all__ = ["MISSING", "Field", "dataclass", "declared_as", "field", "fields", "is_dataclass", "replace"]

TYPE_CHECKING = False  # as typing has it, which is slow to load
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass, replace
    from typing import Any

    Writer = Callable[[type[Any]], Callable[..., Any]]
else:

    class Field:
        """One field of a class; ``type`` is its annotation as it was written."""

        __slots__ = ("compare", "default", "default_factory", "init", "kw_only", "name", "repr", "type")

        def __init__(self, default, default_factory, init, repr, compare, kw_only):
            self.name = self.type = None
            self.default, self.default_factory = default, default_factory
            self.init, self.repr, self.compare, self.kw_only = init, repr, compare, kw_only

    MISSING = type("Missing", (), {"__slots__": (), "__repr__": lambda self: "MISSING"})()

    def dataclass(kind=None, /, **options):
        """The class with its fields: :func:`dataclasses.dataclass`."""
        return (lambda one: _record(one, **options)) if kind is None else _record(kind, **options)

    def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, compare=True, kw_only=MISSING):
        """What is to be said of a field besides its type: :func:`dataclasses.field`."""
        return Field(default, default_factory, init, repr, compare, kw_only)

    def fields(kind):
        """The fields of a class, or of an object's class, in their order."""
        return kind.__record__

    def is_dataclass(kind):
        """Whether this is a class with fields, or an object of one."""
        return hasattr(kind, "__record__")

    def replace(one, /, **changes):
        """Another object of the same class, with ``changes``."""
        kind = type(one)
        return kind(**{name: getattr(one, name) for name in _arguments(kind)} | changes)

    @cache
    def _arguments(kind):
        return tuple([known.name for known in kind.__record__ if known.init])


MARKS = str.maketrans("[]|,.", "     ")


def declared_as(one: Field[Any]) -> set[str]:
    """The names in the annotation of a field: ``tuple[str, ...] | None`` → tuple, str, None."""
    return {*str(one.type).translate(MARKS).split()}


RECORD = "__record__"
"""The attribute that holds a class's fields."""


def _record(
    kind: type[Any],
    *,
    repr: bool = True,
    eq: bool = True,
    order: bool = False,
    frozen: bool = False,
    slots: bool = False,
    kw_only: bool = False,
) -> type[Any]:
    """The class with what its fields bring: itself, or one with slots in its place."""
    body = dict(kind.__dict__)  # what the class says itself holds
    own = {name: _field(name, told, body.get(name, MISSING), kw_only) for name, told in _annotated(body)}
    above = [one for base in reversed(kind.__mro__[1:]) for one in base.__dict__.get(RECORD, ())]
    record = tuple(({one.name: one for one in above} | own).values())
    given: dict[str, Any] = {RECORD: record, **AS_KNOWN, **(FROZEN if frozen else {}), **(ORDER if order else {})}
    given["__match_args__"] = tuple([one.name for one in record if one.init and not one.kw_only])
    if repr:
        given["__repr__"] = _repr
    later: dict[str, Writer] = {"__init__": _init}
    if eq:
        later["__eq__"] = _eq
        if body.get("__hash__") is None:  # as Python itself leaves it where only __eq__ is written
            body["__hash__"] = given["__hash__"] = None
            later |= {"__hash__": _hash} if frozen else {}
    given = {name: value for name, value in given.items() if body.get(name) is None}
    made = _with_slots(kind, own, given) if slots else _with_defaults(kind, own, given)
    for name, write in later.items():
        if body.get(name) is None:
            setattr(made, name, _later(made, name, write))
    return made


def _annotated(body: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    annotations: Mapping[str, Any] = body.get("__annotations__", {})
    return annotations.items()


def _field(name: str, told: Any, default: Any, kw_only: bool) -> Field[Any]:
    one: Field[Any] = default if isinstance(default, Field) else field(default=default)
    one.name, one.type = name, told
    if one.kw_only is MISSING:
        one.kw_only = kw_only
    return one


def _with_slots(kind: Any, own: Mapping[str, Field[Any]], given: Mapping[str, Any]) -> type[Any]:
    """Another class in the place of ``kind``: slots must be there when it is made."""
    taken = {name for base in kind.__mro__[1:-1] for name in base.__dict__.get("__slots__", ())}
    body = {name: value for name, value in kind.__dict__.items() if name not in own and name not in NO_SLOTS}
    body |= {
        **given,
        "__slots__": tuple([name for name in own if name not in taken]),
        "__qualname__": kind.__qualname__,
    }
    made: type[Any] = type(kind)(kind.__name__, kind.__bases__, body)
    return made


NO_SLOTS = frozenset({"__dict__", "__weakref__"})
"""What a class has that has no slots."""


def _with_defaults(kind: type[Any], own: Mapping[str, Field[Any]], given: Mapping[str, Any]) -> type[Any]:
    for name, value in {**given, **{name: one.default for name, one in own.items()}}.items():
        if value is not MISSING:
            setattr(kind, name, value)
        elif name in kind.__dict__:
            delattr(kind, name)  # it holds what field() says
    return kind


# ---- its methods


def _later(kind: type[Any], name: str, write: Writer) -> Callable[..., Any]:
    """A method that is written when it is first called, and stands in its place from then on."""

    def first(self: Any, *values: Any, **named: Any) -> Any:
        method = write(kind)
        setattr(kind, name, method)
        return method(self, *values, **named)

    return first


def _init(kind: type[Any]) -> Callable[..., Any]:
    record = [
        one for one in fields(kind) if one.init or one.default_factory is not MISSING
    ]  # __post_init__ sets the rest
    given = sorted((one for one in record if one.init), key=lambda one: bool(one.kw_only))
    told = [*given, *(one for one in record if not one.init)]
    known: dict[str, Any] = {"missing": MISSING, "put": object.__setattr__}
    shape = []
    for at, one in enumerate(told):
        made = one.default_factory is not MISSING
        slot: Any = getattr(kind, one.name, None)
        known |= {f"make{at}": one.default_factory} if made else {}
        known |= {f"set{at}": slot.__set__} if hasattr(slot, "__set__") else {}
        shape.append((one.init, made, hasattr(slot, "__set__")))
    by_place = [one for one in given if not one.kw_only]
    code = _init_code(tuple(shape), hasattr(kind, "__post_init__"))
    code = code.replace(co_argcount=1 + len(by_place), co_kwonlyargcount=len(given) - len(by_place))
    method = _method(kind, code, [one.name for one in told], known)
    method.__defaults__ = tuple([one.default for one in by_place if _optional(one)])
    method.__kwdefaults__ = {one.name: one.default for one in given if one.kw_only and _optional(one)}
    return method


def _optional(one: Field[Any]) -> bool:
    return one.default is not MISSING or one.default_factory is not MISSING


@cache
def _init_code(shape: tuple[tuple[bool, bool, bool], ...], more: bool) -> CodeType:
    """``__init__`` for fields of this ``shape``: whether each is an argument, is made where there is none, and has a slot.

    ``more``: whether the class has something to do then.
    """
    arguments, lines = ["self"], []
    for at, (given, made, slot) in enumerate(shape):
        arguments += [f"a{at}"] * given
        value = f"a{at}" if not made else f"make{at}() if a{at} is missing else a{at}" if given else f"make{at}()"
        lines.append(f"set{at}(self, {value})" if slot else f"put(self, 'a{at}', {value})")
    return _code(f"__init__({', '.join(arguments)})", [*lines, "self.__post_init__()" if more else "pass"])


def _eq(kind: type[Any]) -> Callable[..., Any]:
    names = _compared(kind)
    return _method(kind, _eq_code(len(names)), names, {})


@cache
def _eq_code(count: int) -> CodeType:
    same = f"return {_all('self', count)} == {_all('other', count)}"
    return _code("__eq__(self, other)", [f"if other.__class__ is self.__class__: {same}", "return NotImplemented"])


def _hash(kind: type[Any]) -> Callable[..., Any]:
    names = _compared(kind)
    return _method(kind, _hash_code(len(names)), names, {})


@cache
def _hash_code(count: int) -> CodeType:
    return _code("__hash__(self)", [f"return hash({_all('self', count)})"])


def _compared(kind: type[Any]) -> list[str]:
    return [one.name for one in fields(kind) if one.compare]


def _all(one: str, count: int) -> str:
    return f"({''.join(f'{one}.a{at},' for at in range(count))})"


def _code(head: str, lines: Iterable[str]) -> CodeType:
    """What a method of fields ``a0``, ``a1`` … does."""
    made: dict[str, Any] = {}
    exec(f"def {head}:\n" + "\n".join(f"  {line}" for line in lines), made)
    code: CodeType = made[head.partition("(")[0]].__code__
    return code


def _method(kind: type[Any], code: CodeType, names: Sequence[str], known: dict[str, Any]) -> FunctionType:
    """The method with the fields' own names in it; ``known`` are its globals."""
    own: dict[object, str] = {f"a{at}": name for at, name in enumerate(names)}
    named = code.replace(
        co_varnames=tuple([own.get(name, name) for name in code.co_varnames]),
        co_names=tuple([own.get(name, name) for name in code.co_names]),
        co_consts=tuple([own.get(told, told) for told in code.co_consts]),
        co_qualname=f"{kind.__qualname__}.{code.co_name}",
    )
    return FunctionType(named, known)


def _repr(self: Any) -> str:
    told = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({', '.join(told)})"


def _refused(self: Any, name: str, *_: Any) -> None:
    raise AttributeError(f"{type(self).__qualname__}.{name}: objects of this class stay as they were made")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in fields(self)]


def _put_state(self: Any, state: Iterable[Any]) -> None:
    for one, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)


FROZEN = {"__setattr__": _refused, "__delattr__": _refused, "__getstate__": _state, "__setstate__": _put_state}


def _by(than: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compared(self: Any, other: Any) -> bool:
        if type(other) is not type(self):
            return NotImplemented  # type: ignore[no-any-return]
        names = [one.name for one in fields(self) if one.compare]
        return bool(than([getattr(self, name) for name in names], [getattr(other, name) for name in names]))

    return compared


ORDER = {f"__{than.__name__}__": _by(than) for than in (operator.lt, operator.le, operator.gt, operator.ge)}


# ---- as the standard library knows its own


class _AsKnown:
    """An attribute of the standard library's dataclasses, made by the library itself when somebody asks for it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, one: object, kind: type[Any]) -> Any:
        import dataclasses

        body: dict[str, Any] = {"__annotations__": {known.name: known.type for known in fields(kind)}}
        body |= {known.name: dataclasses.field(**_said(known)) for known in fields(kind)}
        frozen = getattr(kind, "__setattr__", None) is _refused
        alike: Any = type(kind.__name__, (), body)
        return getattr(dataclasses.dataclass(frozen=frozen, eq=False)(alike), self.name)


def _said(known: Field[Any]) -> dict[str, Any]:
    """The arguments of :func:`field` that say what ``known`` is."""
    said = ("default", "default_factory", "init", "repr", "compare", "kw_only")
    return {name: getattr(known, name) for name in said if getattr(known, name) is not MISSING}


AS_KNOWN = {name: _AsKnown(name) for name in ("__dataclass_fields__", "__dataclass_params__")}
