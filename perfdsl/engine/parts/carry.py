"""What parts say, as JSON: the only thing that comes back from where the rows are, so that no pickle is read from there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from perfdsl.data.arrays import Array
from perfdsl.data.columns import DataTable
from perfdsl.engine.frame import Wrong
from perfdsl.engine.parts.facts import Facts, Plain
from perfdsl.engine.parts.jobs import FaultCount
from perfdsl.graph.narrowed import Held
from perfdsl.graph.ops import NodeId
from perfdsl.graph.ranges import Stored
from perfdsl.model.states import State
from perfdsl.text.records import dataclass


def said(facts: Mapping[NodeId, Facts], faults: Iterable[FaultCount]) -> str:
    """Facts and faults of a part."""
    return json.dumps(
        {
            "facts": {node: _facts(each) for node, each in facts.items()},
            "faults": faults_said(faults),
        }
    )


def heard(text: str) -> tuple[dict[NodeId, Facts], list[FaultCount]]:
    """What :func:`said` made a text of."""
    read = json.loads(text)
    return {int(node): _facts_of(each) for node, each in read["facts"].items()}, faults_heard(read["faults"])


def faults_said(faults: Iterable[FaultCount]) -> list[Any]:
    """Faults as plain lists."""
    return [[one.node, one.what.value, one.count, list(one.names)] for one in faults]


def faults_heard(read: Iterable[Any]) -> list[FaultCount]:
    """What :func:`faults_said` made."""
    return [FaultCount(node, Wrong(what), count, tuple(names)) for node, what, count, names in read]


def _facts(facts: Facts) -> dict[str, Any]:
    return {
        "keys": facts.keys,
        "counts": facts.counts.tolist(),
        "blocked": facts.blocked.tolist(),
        "everywhere": int(facts.everywhere),
        "values": facts.values,
        "states": facts.states.tolist(),
        "place": [_column(each) for each in facts.place],
        "taken": facts.taken.tolist(),
    }


def _facts_of(read: Mapping[str, Any]) -> Facts:
    return Facts(
        tuple(tuple(map(_plain, key)) for key in read["keys"]),
        np.array(read["counts"], dtype=np.int64),
        np.array(read["blocked"], dtype=np.uint8),
        read["everywhere"],
        tuple(None if value is None else _plain(value) for value in read["values"]),
        np.array(read["states"], dtype=np.uint8),
        tuple(_column_of(each) for each in read["place"]),
        np.array(read["taken"], dtype=np.int64),
    )


def _plain(value: Any) -> Plain:
    """A pair is a list in JSON."""
    return tuple(value) if isinstance(value, list) else value


def _column(column: Array) -> list[Any]:
    """Doubles by their bits, fractions as written."""
    match column.dtype.kind:
        case "f":
            return ["f", [value.hex() for value in column.tolist()]]
        case "O":
            return ["O", [str(Fraction(value)) for value in column.tolist()]]
        case _:
            return ["i", column.tolist()]


def _column_of(read: Sequence[Any]) -> Array:
    kind, values = read
    match kind:
        case "f":
            return np.array([float.fromhex(value) for value in values], dtype=np.float64)
        case "O":
            return np.fromiter((Fraction(value) for value in values), dtype=object, count=len(values))
        case _:
            return np.array(values, dtype=np.int64)


# ---- what is known of columns


@dataclass(frozen=True, slots=True)
class Seen:
    """``rows`` of a part and what they hold, column by column."""

    rows: int
    held: Mapping[str, Held]


def seen_said(table: DataTable) -> dict[str, Any]:
    """What the rows of ``table`` hold, as plain lists."""
    return {
        "rows": table.rows,
        "held": {
            name: [sorted(map(int, column.occurring)), column.bounds, column.digits]
            for name, column in table.columns.items()
        },
    }


def seen_heard(read: Mapping[str, Any]) -> Seen:
    """What :func:`seen_said` made."""
    held = {}
    for name, (states, bounds, digits) in read["held"].items():
        stored = None if bounds is None else Stored(bounds[0], bounds[1], digits)
        held[name] = Held(frozenset(map(State, states)), stored)
    return Seen(read["rows"], held)


def seen_together(parts: Sequence[Seen]) -> Seen:
    """What all parts hold; numbers with the digits that any of them needs."""
    held: dict[str, Held] = {}
    for part in parts:
        for name, one in part.held.items() if part.rows else ():
            held[name] = _both(held[name], one) if name in held else one
    for part in parts:  # columns of which there is no row
        held = {**part.held, **held}
    return Seen(sum(part.rows for part in parts), held)


def _both(one: Held, other: Held) -> Held:
    states = one.states | other.states
    if one.stored is None or other.stored is None:
        return Held(states)
    digits = max(one.stored.digits, other.stored.digits)
    low = min(each.low * 10 ** (digits - each.digits) for each in (one.stored, other.stored))
    high = max(each.high * 10 ** (digits - each.digits) for each in (one.stored, other.stored))
    return Held(states, Stored(low, high, digits))
