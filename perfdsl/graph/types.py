"""The type of a graph node: grain × value type × unit × states."""

from __future__ import annotations

from perfdsl.model.states import State
from perfdsl.model.units import Unit, ValueType
from perfdsl.text.records import dataclass

Grain = str
"""Name of a row space: ``单位`` (one row a unit), a ledger's name (one row an event), ``""`` (one value for all)."""

SCALAR: Grain = ""


ALL_STATES = frozenset(State)
ONLY_VALUES = frozenset({State.VALUE})


@dataclass(frozen=True, slots=True)
class NodeType:
    """``states`` are the states that can occur; ``unit`` is that of numbers, None for everything else.

    ``real``: the number may be a 实数, known only by ever closer bounds, until it is rounded or compared.
    """

    grain: Grain
    value: ValueType
    unit: Unit | None = None
    states: frozenset[State] = ONLY_VALUES
    real: bool = False
