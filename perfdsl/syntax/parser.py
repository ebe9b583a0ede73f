"""An LALR parser that is fed token by token: the tables that Lark made, and what a rule becomes when it is reduced.

Lark's own parser that takes tokens one by one does the same in twice the time, and must be loaded for it. A rule's
children are lists; what a rule with a name in front of which ``_`` stands has found lies flat in the rule above.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from perfdsl.text.records import dataclass

END = "$END"


class Unexpected(Exception):
    """A token that has no place here."""


class Token:
    """A terminal and its value."""

    __slots__ = ("type", "value")

    def __init__(self, type: str, value: Any) -> None:
        self.type, self.value = type, value


class Branch:
    """What a rule found for which there is no builder."""

    __slots__ = ("children", "data")

    def __init__(self, data: str, children: list[Any]) -> None:
        self.data, self.children = data, children


@dataclass(frozen=True, slots=True)
class Made:
    """What a rule becomes. ``size`` symbols are replaced by one called ``origin``.

    ``name`` is the builder's method; ``keeps`` tells the place of each child that stays, and whether it is a list of its own
    that is laid flat; ``single``: one child alone stands for the rule.
    """

    origin: str
    size: int
    name: str
    keeps: tuple[tuple[int, bool], ...]
    single: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """``actions``: for each state, symbol → the next state, or -1 - n where rule n is reduced first.

    ``starts`` and ``ends``: start rule → its first state, and the one in which it is whole.
    """

    actions: tuple[Mapping[str, int], ...]
    made: tuple[Made, ...]
    starts: Mapping[str, int]
    ends: Mapping[str, int]


Reduction = tuple[int, str, Callable[[list[Any]], Any]]


class Grammar:
    """Tables with the builder's methods in their places."""

    def __init__(self, tables: Tables, builder: object | None = None) -> None:
        self.starts, self.ends = tables.starts, tables.ends
        reductions = [(one.size, one.origin, _call(one, builder)) for one in tables.made]
        self.actions: list[dict[str, Any]] = [  # an int, or a Reduction
            {symbol: to if to >= 0 else reductions[-1 - to] for symbol, to in state.items()} for state in tables.actions
        ]


def _call(made: Made, builder: object | None) -> Callable[[list[Any]], Any]:
    """What is called with everything that the rule replaces."""
    build = _build(made, builder)
    if made.single:
        whole = build

        def build(children: list[Any]) -> Any:
            return children[0] if len(children) == 1 else whole(children)

    if [*made.keeps] == [(place, False) for place in range(made.size)]:
        return build

    def kept(found: list[Any]) -> Any:
        children: list[Any] = []
        for place, flat in made.keeps:
            if flat:
                children += found[place]
            else:
                children.append(found[place])
        return build(children)

    return kept


def _build(made: Made, builder: object | None) -> Callable[[list[Any]], Any]:
    if made.name.startswith("_"):
        return _flat
    method: Callable[[list[Any]], Any] | None = getattr(builder, made.name, None)
    return method if method is not None else lambda children: Branch(made.name, children)


def _flat(children: list[Any]) -> list[Any]:
    return children


class Parser:
    """A parse under way; it begins with ``start``."""

    __slots__ = ("_end", "_grammar", "_states", "_values")

    def __init__(self, grammar: Grammar, start: str) -> None:
        self._grammar, self._end = grammar, grammar.ends[start]
        self._states: list[int] = [grammar.starts[start]]
        self._values: list[Any] = []

    def feed(self, terminal: str, value: Any = None) -> Any:
        """Take the next token; what was made of all of them, after ``END``.

        Raises:
            Unexpected: it has no place here; the parse is then of no more use.
        """
        actions, states, values = self._grammar.actions, self._states, self._values
        while True:
            action = actions[states[-1]].get(terminal)
            if action.__class__ is int:
                states.append(action)
                values.append(Token(terminal, value))
                return None
            if action is None:
                raise Unexpected(terminal)
            size, origin, call = action
            if size:
                found = values[-size:]
                del values[-size:], states[-size:]
            else:
                found = []
            values.append(call(found))
            states.append(actions[states[-1]][origin])
            if terminal == END and states[-1] == self._end:
                return values[-1]

    def choices(self) -> Mapping[str, Any]:
        """Terminals that may have a place here; a few of them only seem to (:meth:`takes` knows, and takes longer)."""
        return self._grammar.actions[self._states[-1]]

    def takes(self, terminal: str) -> bool:
        """Whether ``terminal`` can come next. Nothing is built in finding out."""
        actions, states = self._grammar.actions, [*self._states]
        while True:
            action = actions[states[-1]].get(terminal)
            if action.__class__ is int:
                return True
            if action is None:
                return False
            size, origin, _ = action
            if size:
                del states[-size:]
            states.append(actions[states[-1]][origin])
            if terminal == END and states[-1] == self._end:
                return True

    def accepts(self) -> frozenset[str]:
        """Terminals that can come next."""
        return frozenset(one for one in self.choices() if one.isupper() and self.takes(one))


def packed(tables: Tables) -> list[Any]:
    """``tables`` in lists and plain values (:func:`unpacked`)."""
    rules = [[one.origin, one.size, one.name, [[*pair] for pair in one.keeps], one.single] for one in tables.made]
    return [[[*state.items()] for state in tables.actions], rules, [*tables.starts.items()], [*tables.ends.items()]]


def unpacked(told: Sequence[Any]) -> Tables:
    """The tables that were :func:`packed`."""
    actions, rules, starts, ends = told
    made = tuple(
        Made(origin, size, name, tuple((place, flat) for place, flat in keeps), single)
        for origin, size, name, keeps, single in rules
    )
    return Tables(tuple(dict(state) for state in actions), made, dict(starts), dict(ends))
