"""Names of what an evaluation gives for every unit; graph outputs and the reference's results use the same.

A name is ``what:code``. Cells are (state, value): numbers are Fractions, ranks and grades as published.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from perfdsl.model.states import State

Cell = tuple[State, Fraction | bool | str | date | int | None]
Outcome = Mapping[str, tuple[Cell, ...]]
"""Output name → one cell for each unit, in the order of the roster."""

TOTAL = "total"
BASE = "base"  # 基本分
RANK = "rank"
GRADE = "grade"


def is_published(name: str) -> bool:
    """Whether an output is a result of its own, and no value or state on the way to one."""
    return name.partition(":")[0] in ("score", TOTAL, BASE, RANK, GRADE, "veto", "application")


def scoped(name: str) -> str:
    """The grade of a team or a leader (对象等次)."""
    return f"grade:{name}"


def value(code: str) -> str:
    """指标值 of an item."""
    return f"value:{code}"


def score(code: str) -> str:
    """Published score of an item; deductions are negative, so that scores add up to their parent's."""
    return f"score:{code}"


def each_period(code: str) -> str:
    """Score of each month (quarter, half-year) of an item that is scored by the period: inside a graph, not published."""
    return f"each:{code}"


def full(code: str) -> str:
    """The full mark that holds for the unit (it moves where weights are redistributed)."""
    return f"full:{code}"


def state(code: str) -> str:
    """State of the item's value before any answer, as a text cell."""
    return f"state:{code}"


def applies(code: str) -> str:
    """Whether 适用 of an item or a group holds for the unit: inside a graph, not published."""
    return f"applies:{code}"


def veto(code: str) -> str:
    """Whether a veto, limit or drop applies (a truth value)."""
    return f"veto:{code}"


def since(code: str) -> str:
    """起算日 of a measure with a 期限."""
    return f"since:{code}"


def application(code: str) -> str:
    """What a result application gives."""
    return f"application:{code}"
