"""The states of a value, and what each operation does with each of them.

A cell of an appraisal is not a number or nothing. 未报 (nobody reported), 零报告 (reported: nil), 不涉及 (the unit
has no such thing), 未发生 (it did not happen), 未到期 (not yet due) and 待定 (undecided) are different facts with
different consequences, and reading any of them as 0 takes points from somebody.

The table of this file is the test matrix of both engines.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class State(IntEnum):
    """State of one value. The number is its strength: where states meet, the stronger one wins."""

    VALUE = 0
    NIL = 1
    NOT_DUE = 2
    NONE = 3
    ABSENT = 4
    MISSING = 5
    PENDING = 6

    @property
    def chinese(self) -> str:
        """The word officers use."""
        return CHINESE[self]


CHINESE = {
    State.VALUE: "有值",
    State.NIL: "零报告",
    State.NOT_DUE: "未到期",
    State.NONE: "未发生",
    State.ABSENT: "不涉及",
    State.MISSING: "未报",
    State.PENDING: "待定",
}
BY_CHINESE = {word: state for state, word in CHINESE.items()}

BLOCKING = State.MISSING
"""From this strength on, a value that is not there makes everything that reads it not there either, group facts
and ranks included. Weaker states (不涉及 and below) only leave the row out of group facts and ranks."""

WEAKER = tuple(state for state in State if State.VALUE < state < BLOCKING)
"""States of what is not there and never will be (不涉及 and below): a condition in them is not met, a score in them
does not count."""

UNKNOWN = tuple(state for state in State if state >= BLOCKING)
"""States of what nobody knows yet."""


def strongest(states: Iterable[State]) -> State:
    """Strict operations (arithmetic, comparison, rounding): the strongest state of the operands wins."""
    return max(states, default=State.VALUE)


TABLE: dict[str, str] = {
    "apply (arithmetic, comparison)": "strict: the strongest state among the operands; a zero divisor gives 待定",
    "apply and": "a false operand that has a value decides; otherwise strict",
    "apply or": "a true operand that has a value decides; otherwise strict",
    "apply has": "never strict: asks for the state itself, always has a value",
    "choose": "cases in order; a condition without a value gives its state; otherwise the state of the chosen value",
    "lookup": "strict in what is looked up; the state of the value found; 待定 where no band contains it",
    "fetch": "strict in the key; 未报 where no row has it; 待定 where several rows have it",
    "aggregate": "a row whose condition or value is 未报 or 待定 gives the group that state; rows in weaker states are left out",
    "rank": "as aggregate; rows left out get 不涉及",
    "streak": "未报 or 待定 gives that state until a row with a false value; weaker states break the run",
    "stack": "the state of the row",
    "round": "strict",
    "settle": "未报 or 待定 in the start or in a condition gives 待定; weaker states in a condition: not met",
}
"""Operation → what it does with states. ``aggregate`` of no rows: sum and count 0, least and greatest 不涉及."""
