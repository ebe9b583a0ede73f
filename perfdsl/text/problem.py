"""A problem is facts first, words second.

Callers never format: each mistake is one function of :mod:`perfdsl.text.catalogue`, which returns a
:class:`Problem`. The functions are registered with :func:`entry`, from which the page of every code is made.
A code never changes its meaning and is never used again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from functools import wraps
from typing import ParamSpec

from perfdsl.text.citation import Address, Citation
from perfdsl.text.records import dataclass, replace
from perfdsl.text.source import Span


class Severity(Enum):
    """How much a problem weighs. ``MUST`` stops publication, ``CONFIRM`` wants a yes, ``HINT`` is a remark."""

    MUST = "必须改"
    CONFIRM = "请确认"
    HINT = "提示"


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that a problem speaks of, and what is there."""

    span: Span
    note: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to say to the author.

    ``message`` says what is wrong; ``why`` why it matters; ``mend`` is a line that can be pasted, or advice.
    A problem of the rulebook has a ``span``; one of the data has an ``address``.
    """

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    why: str = ""
    mend: str = ""
    related: tuple[Related, ...] = ()
    address: Address | None = None
    citation: Citation | None = None

    def cited(self, citation: Citation) -> Problem:
        """The same problem, its place named as officers name it."""
        return replace(self, citation=citation)


Problems = tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalogue knows of a code: the stuff of its page in ``docs/problems``."""

    code: str
    severity: Severity
    title: str
    english: str
    text: str
    bad: str
    good: str


CATALOGUE: dict[str, Entry] = {}

P = ParamSpec("P")


def entry(
    code: str, severity: Severity, title: str, english: str, *, bad: str, good: str
) -> Callable[[Callable[P, Problem]], Callable[P, Problem]]:
    """Register the function that describes problem ``code``.

    The function builds the problem with :func:`say`; code and severity are filled in from here. Its docstring
    is the text of the page: what the rule is and why it matters. ``bad`` and ``good`` are the examples shown.
    """

    def register(describe: Callable[P, Problem]) -> Callable[P, Problem]:
        if code in CATALOGUE:
            raise AssertionError(f"{code} is taken: a code never changes its meaning")
        CATALOGUE[code] = Entry(code, severity, title, english, (describe.__doc__ or "").strip(), bad, good)

        @wraps(describe)
        def build(*args: P.args, **kwargs: P.kwargs) -> Problem:
            return replace(describe(*args, **kwargs), code=code, severity=severity)

        return build

    return register


def say(
    place: Span | Address | None,
    message: str,
    *,
    why: str = "",
    mend: str = "",
    related: Iterable[Related] = (),
) -> Problem:
    """A problem at ``place``; only for the functions of the catalogue."""
    return Problem(
        code="",
        severity=Severity.MUST,
        message=message,
        span=place if isinstance(place, Span) else None,
        why=why,
        mend=mend,
        related=tuple(related),
        address=place if isinstance(place, Address) else None,
    )
