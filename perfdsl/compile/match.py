"""Segments of a phrase → the clause of the one kind that takes them all.

A kind matches where every segment finds a slot and every required slot a segment; the order of segments means
nothing. The forms are made so that no phrase fits two kinds (a test over the registry).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from re import sub
from typing import Any

from perfdsl.clauses.kind import Kind
from perfdsl.syntax.nodes import Node, Segment
from perfdsl.text.form import Slot

Plain = Callable[[object], object]
"""Turns what a node holds (amounts, awards) into the model's words."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How far a kind fits: the fields it would get, the segments left over, the slots left empty."""

    kind: Kind
    fields: dict[str, object]
    over: tuple[Segment, ...]
    missing: tuple[Slot, ...]

    @property
    def whole(self) -> bool:
        """Whether the kind takes everything and lacks nothing."""
        return not self.over and not self.missing


def shape_of(node: Node) -> str:
    """The rule a node comes from: ``AtMost`` → ``at_most``."""
    return sub("(?<!^)(?=[A-Z])", "_", type(node).__name__).lower()


def takes(slot: Slot, segment: Segment) -> bool:
    """Whether ``segment`` is what ``slot`` is for."""
    if shape_of(segment) != slot.shape:
        return False
    return all(str(_attribute(segment, name)) in allowed for name, allowed in slot.where)


def fit(kind: Kind, slots: Sequence[Slot], segments: Sequence[Segment], plain: Plain) -> Fit:
    """Lay ``segments`` into ``slots``."""
    fields: dict[str, object] = {}
    over: list[Segment] = []
    filled: set[int] = set()
    for segment in segments:
        place = _slot_for(slots, filled, segment)
        if place is None:
            over.append(segment)
            continue
        filled.add(place)
        slot = slots[place]
        for name, into in slot.into:
            value = plain(_attribute(segment, name))
            fields[into] = (*_tuple(fields.get(into)), value) if slot.many else value
    missing = tuple(slot for i, slot in enumerate(slots) if slot.required and i not in filled)
    return Fit(kind, fields, tuple(over), missing)


def _slot_for(slots: Sequence[Slot], filled: set[int], segment: Segment) -> int | None:
    fitting = [i for i, slot in enumerate(slots) if takes(slot, segment) and (slot.many or i not in filled)]
    return min(fitting, key=lambda i: (-len(slots[i].where), i), default=None)


def _attribute(node: object, name: str) -> Any:
    for part in name.split("."):
        node = getattr(node, part, None)
    return node


def _tuple(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def best(kinds: Sequence[Kind], segments: Sequence[Segment], plain: Plain) -> list[Fit]:
    """The kinds that take ``segments`` whole; where none does, the one that comes nearest."""
    fits = [fit(kind, kind.form.pattern, segments, plain) for kind in kinds]
    whole = [one for one in fits if one.whole]
    if whole:
        return whole
    return sorted(fits, key=lambda one: (len(one.over) + len(one.missing), len(one.over), one.kind.key))[:1]
