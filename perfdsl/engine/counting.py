"""How the facts of large ledgers came to be: counted, or left to the columnar engine, and why.

Numbers and codes alone: which clause a fact is for, and the words, are told elsewhere (``run --plan``).
"""

from __future__ import annotations

from enum import StrEnum

from perfdsl.graph.ops import NodeId
from perfdsl.graph.types import Grain
from perfdsl.text.records import dataclass


class Why(StrEnum):
    """Why a fact has to be taken from the rows themselves."""

    SEVERAL_UNITS = "several units"
    """A row belongs to several units, or rows of several ledgers lie in one."""
    FOLD = "fold"
    """Neither a sum nor a count is asked for."""
    PLACE = "place"
    """Rows are ranked otherwise than by which are the highest, or in two ways at once."""
    GROUP = "group"
    """Units compete for the same matter, or what is counted is not the highest of a matter."""
    DIVISOR = "divisor"
    """A division by what is positive as far as one can tell, of which the rows themselves must be seen."""
    BEYOND_ROW = "beyond the row"
    """What a row is worth depends on other rows or other tables."""
    BLANK_KEY = "blank key"
    """Nobody knows the unit, or the matter, of some rows."""
    NOT_CODED = "not coded"
    """A column that is computed, or whose numbers are too large for integers."""
    MANY_CLASSES = "many classes"
    """Too many different rows, as far as the rules ask."""
    MANY_GROUPS = "many groups"
    """Units, matters and classes together are no number of 64 bits."""
    FAULT = "fault"
    """A row that may occur cannot be computed, such as a division by zero."""
    OPEN = "open"
    """Nobody knows whether some rows count, or what they are worth."""
    NO_INTEGER = "no integer"
    """A row's worth, or a sum, is no whole number of a decimal place."""


@dataclass(frozen=True, slots=True)
class FactPlan:
    """One fact of units, by its nodes in the graph that was run; ``why`` it was not counted, None where it was.

    ``classes``: the different rows that there can be, as far as the rules ask; ``groups``: units times matters.
    """

    nodes: tuple[NodeId, ...]
    why: Why | None
    classes: int = 0
    groups: int = 0


@dataclass(frozen=True, slots=True)
class LedgerPlan:
    """One ledger that was large enough, and the facts that units take from it."""

    grain: Grain
    rows: int
    facts: tuple[FactPlan, ...]
