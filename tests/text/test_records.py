"""Dataclasses whose methods are written when first called say and do what the standard library's do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable, Iterator
from functools import cached_property
from types import ModuleType
from typing import Any

import pytest

from perfdsl.text import records


def plain(by: ModuleType) -> type[Any]:
    @by.dataclass(frozen=True, slots=True)
    class Plain:
        """Two fields."""

        first: int
        second: str = "二"

        @property
        def both(self) -> str:
            return f"{self.first}{self.second}"

    return Plain


def no_slots(by: ModuleType) -> type[Any]:
    @by.dataclass(frozen=True)
    class Cached:
        first: int
        second: tuple[int, ...] = ()

        @cached_property
        def twice(self) -> int:
            return 2 * self.first

    return Cached


def by_name(by: ModuleType) -> type[Any]:
    @by.dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        first: int = 1
        second: str

    return Named


def below(by: ModuleType) -> type[Any]:
    @by.dataclass(frozen=True, slots=True, kw_only=True)
    class Above:
        place: int | None = by.field(default=None, compare=False, repr=False)

    @by.dataclass(frozen=True, slots=True)
    class Below(Above):
        first: int
        second: str = by.field(default="乙")

    return Below


def said_again(by: ModuleType) -> type[Any]:
    @by.dataclass(frozen=True, slots=True)
    class Above:
        first: int
        second: str

    @by.dataclass(frozen=True, slots=True)
    class Again(Above):
        second: str = "另"
        third: int = 3

    return Again


def open_to_change(by: ModuleType) -> type[Any]:
    @by.dataclass
    class Open:
        first: int
        second: list[int] = by.field(default_factory=list)

    return Open


def worked_out(by: ModuleType) -> type[Any]:
    @by.dataclass(frozen=True, slots=True)
    class Worked:
        first: int
        second: int = by.field(init=False, compare=False, repr=False)
        third: dict[str, int] = by.field(init=False, default_factory=dict)

        def __post_init__(self) -> None:
            object.__setattr__(self, "second", 2 * self.first)

    return Worked


def in_order(by: ModuleType) -> type[Any]:
    @by.dataclass(frozen=True, slots=True, order=True)
    class Ordered:
        first: int
        second: str = ""

    return Ordered


def each_its_own(by: ModuleType) -> type[Any]:
    @by.dataclass(frozen=True, eq=False, slots=True)
    class Own:
        first: int
        second: str = ""

    return Own


def its_own_words(by: ModuleType) -> type[Any]:
    @by.dataclass(frozen=True, slots=True)
    class Words:
        first: int
        second: int = 0

        def __eq__(self, other: object) -> bool:
            return self.first % 10 == getattr(other, "first", -1) % 10

        def __hash__(self) -> int:
            return self.first % 10

        def __repr__(self) -> str:
            return "自己的话"

    return Words


def empty(by: ModuleType) -> type[Any]:
    @by.dataclass(frozen=True, slots=True)
    class Nothing:
        """No field."""

    return Nothing


CLASSES = (
    plain,
    no_slots,
    by_name,
    below,
    said_again,
    open_to_change,
    worked_out,
    in_order,
    each_its_own,
    its_own_words,
    empty,
)
ARGUMENTS: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = (
    ((), {}),
    ((1,), {}),
    ((11,), {}),
    ((1, "甲"), {}),
    ((2, "甲"), {}),
    ((1, "甲", 4), {}),
    ((), {"first": 1}),
    ((), {"second": "甲"}),
    ((), {"first": 2, "second": "甲"}),
    ((3,), {"place": 7}),
    ((3,), {"place": 8}),
    ((3,), {"first": 3}),
    ((1, 2, 3, 4, 5), {}),
)


def tried(work: Callable[[], Any]) -> Any:
    """What comes of it, or that it was refused."""
    try:
        return work()
    except (TypeError, AttributeError):
        return Refused


class Refused:
    """Stands where there is no object."""


def objects(kind: type[Any]) -> Iterator[Any]:
    """An object, or the fault, for each list of arguments."""
    for values, named in ARGUMENTS:
        yield tried(lambda v=values, n=named: kind(*v, **n))  # type: ignore[misc]


def told(one: Any) -> Any:
    """An object in words that do not depend on where it lies; of its own repr where it has one."""
    return one if one in (Refused, None) else repr(one)


@pytest.mark.parametrize("made", CLASSES, ids=lambda made: made.__name__)
class TestAlike:
    """Each kind of class made by both."""

    def test_making_and_repr(self, made: Callable[[ModuleType], type[Any]]) -> None:
        ours, theirs = list(objects(made(records))), list(objects(made(dataclasses)))
        assert [told(one) for one in ours] == [told(one) for one in theirs]
        assert any(one is not Refused for one in ours)

    def test_equality_order_and_hash(self, made: Callable[[ModuleType], type[Any]]) -> None:
        def compared(one: Any, other: Any) -> tuple[Any, ...]:
            return one == other, one != other, tried(lambda: (one < other, one <= other, one > other, one >= other))

        def table(kind: type[Any]) -> list[Any]:
            found = [one for one in objects(kind) if one is not Refused]
            hashes = [tried(lambda a=one: hash(a)) for one in found]  # type: ignore[misc]
            same = [[one == other for other in hashes] for one in hashes]
            return [same, *(compared(one, other) for one in found for other in (*found, 1, None))]

        assert table(made(records)) == table(made(dataclasses))

    def test_what_is_known_of_it(self, made: Callable[[ModuleType], type[Any]]) -> None:
        ours: Any = made(records)
        theirs: Any = made(dataclasses)

        def known(kind: Any, by: ModuleType) -> list[Any]:
            asked = ("name", "type", "init", "repr", "compare", "kw_only", "default", "default_factory")
            said = [[getattr(one, name) for name in asked] for one in by.fields(kind)]
            return [[None if told is by.MISSING else told for told in one] for one in said]

        assert known(ours, records) == known(theirs, dataclasses)
        assert known(ours, dataclasses) == known(theirs, dataclasses)  # the library takes ours for its own
        assert ours.__match_args__ == theirs.__match_args__
        assert getattr(ours, "__slots__", None) == getattr(theirs, "__slots__", None)
        assert hasattr(ours, "first") == hasattr(theirs, "first")
        assert hasattr(ours, "second") == hasattr(theirs, "second")
        assert (ours.__name__, ours.__qualname__, ours.__module__) == (theirs.__name__, theirs.__qualname__, __name__)
        assert records.is_dataclass(ours)
        assert dataclasses.is_dataclass(ours)

    def test_changing(self, made: Callable[[ModuleType], type[Any]]) -> None:
        def changed(kind: type[Any], by: ModuleType) -> list[Any]:
            found = []
            for one in objects(kind):
                if one is not Refused:
                    found.append(told(tried(lambda a=one: by.replace(a, first=5))))  # type: ignore[misc]
                    found.append(tried(lambda a=one: setattr(a, "first", 6)))  # type: ignore[misc]
                    found.append(tried(lambda a=one: delattr(a, "second")))  # type: ignore[misc]
                    found.append(tried(lambda a=one: told(a)))  # type: ignore[misc]
            return found

        assert changed(made(records), records) == changed(made(dataclasses), dataclasses)
        assert changed(made(records), dataclasses) == changed(made(dataclasses), dataclasses)

    def test_copies(self, made: Callable[[ModuleType], type[Any]]) -> None:
        for one in objects(made(records)):
            if one is not Refused:
                assert told(copy.copy(one)) == told(copy.deepcopy(one)) == told(one)


@records.dataclass(frozen=True, slots=True)
class Sent:
    """A class that another process finds."""

    first: int
    second: str = ""


def test_what_is_sent_arrives() -> None:
    sent = Sent(1, "甲")
    arrived = pickle.loads(pickle.dumps(sent))
    assert arrived == sent
    assert arrived is not sent


def test_defining_a_class_compiles_nothing() -> None:
    kind = plain(records)
    first = {name: kind.__dict__[name].__code__.co_name for name in ("__init__", "__eq__", "__hash__")}
    assert set(first.values()) == {"first"}
    one = kind(1)
    assert kind.__dict__["__init__"].__code__.co_name == "__init__"
    assert kind.__dict__["__eq__"].__code__.co_name == "first"
    assert one == kind(1)
    assert hash(one) == hash(kind(1))
    assert {name: kind.__dict__[name].__code__.co_name for name in first} == {name: name for name in first}


def test_a_class_below_writes_its_own_methods() -> None:
    """What is written first for the class above does not stand in the place of what the class below has."""

    class Below(plain(records)):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(7, "下")

    assert (Below().first, Below().second, Below().both) == (7, "下", "7下")
    assert "__init__" in Below.__dict__
    assert Below.__init__.__code__.co_name == "__init__"
    assert [one.name for one in records.fields(Below)] == ["first", "second"]


def test_the_standard_library_may_derive() -> None:
    @dataclasses.dataclass(frozen=True)
    class Derived(plain(records)):  # type: ignore[misc]
        third: int = 3

    assert repr(Derived(1)).endswith("Derived(first=1, second='二', third=3)")
    with pytest.raises(dataclasses.FrozenInstanceError):
        Derived(1).third = 4  # type: ignore[misc]
