"""What reports hand to ``publish``: frozen values, numbers already as published strings."""

from __future__ import annotations

from dataclasses import dataclass

from perfdsl.text.problem import Problems


@dataclass(frozen=True, slots=True)
class RulebookFinding:
    """Which rulebook. ``sha256`` is of its bytes."""

    name: str
    version: str
    status: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ItemFinding:
    """One item of one unit. ``score`` None: there is none (see ``state``). Deductions are negative."""

    code: str
    parent: str | None
    name: str
    kind: str
    score: str | None
    full: str | None
    article: str
    line: int
    state: str


@dataclass(frozen=True, slots=True)
class ApplicationFinding:
    """What a result application gives; ``value`` None where it does not apply."""

    code: str
    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class UnitFinding:
    """One unit. ``vetoes`` are the names of the vetoes, limits and drops that apply."""

    unit: str
    code: str
    category: str
    total: str | None
    rank: str | None
    grade: str | None
    items: tuple[ItemFinding, ...]
    vetoes: tuple[str, ...]
    applications: tuple[ApplicationFinding, ...]


@dataclass(frozen=True, slots=True)
class FileFinding:
    """A file that was read."""

    name: str
    sha256: str
    rows: int
    encoding: str


@dataclass(frozen=True, slots=True)
class OwedFinding:
    """A datum that nobody has handed in: who owes it, for which unit, which items wait for it."""

    source: str
    unit: str
    column: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResultsFinding:
    """A whole run. ``assumed``: what 暂按 gave, "" if nothing was assumed. ``pending``: units whose total is 待定."""

    rulebook: RulebookFinding
    units: tuple[UnitFinding, ...]
    problems: Problems
    owed: tuple[OwedFinding, ...]
    files: tuple[FileFinding, ...]
    grades: tuple[str, ...]
    assumed: str
    engine: str
    pending: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation. ``depth`` from 0; ``value`` as text; ``address`` of the cell it was read from."""

    depth: int
    text: str
    value: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class ItemExplanation:
    """Why an item has its score: the rule in a sentence, then the numbers step by step."""

    code: str
    name: str
    place: str
    score: str | None
    full: str | None
    state: str
    sentence: str
    official: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class UnitExplanation:
    """Everything about one unit."""

    unit: str
    total: str | None
    rank: str | None
    grade: str | None
    items: tuple[ItemExplanation, ...]
    closing: tuple[str, ...]
    provisional: str


@dataclass(frozen=True, slots=True)
class Box:
    """A node: its operation in words, its grain, the clause it was made for."""

    id: int
    operation: str
    label: str
    grain: str
    clause: str
    inputs: tuple[int, ...]
    names: tuple[str, ...]
