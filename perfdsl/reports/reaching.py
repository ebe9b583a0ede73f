"""Whom a change reaches, and how: every unit, on the runs that show what the change does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfdsl.model import outputs
from perfdsl.reports.impact import signed
from perfdsl.reports.reviews import ReachFinding
from perfdsl.reports.witnesses import Cases
from perfdsl.workspace.review.bench import unlike
from perfdsl.workspace.review.judging import ENDS
from perfdsl.workspace.review.ledger import Sides, number
from perfdsl.workspace.review.whole import Review

OLD, NEW, LAST = (
    "旧数据，单独改这一条",
    "新数据，有上年数据的修订都改了以后再改这一条",
    "新数据，其他修订都改了以后再改这一条",
)
"""On which run a unit is reached."""

MAIN = (outputs.TOTAL, outputs.RANK, outputs.GRADE)
"""Results that stand in columns of their own."""


def reached(review: Review, cases: Cases, digits: int) -> Iterator[ReachFinding]:
    """Every unit that a change gives another total, place, grade, veto or application: change by change, by roster.

    Units are called as in the new roster. ``digits`` of a difference of totals.
    """
    if review.sides is None:
        return
    called = {was: unit for unit, was in review.same_unit.items()}
    sides = review.sides
    for change in (one.number for one in review.comparison.changes):
        found: list[ReachFinding] = []
        if (step := sides.step(change)) is not None:
            way = OLD if step[0] == "old" else NEW
            found = list(_on(sides, change, way, step, cases, called, digits))
        yield from found
        this_year = sides.this_year(change)
        if this_year is not None and change not in sides.late and (not found or sides.rules(change)):
            yield from _on(sides, change, LAST, ("new", *this_year), cases, called, digits)


Step = tuple[str, frozenset[int], frozenset[int]]


def _on(
    sides: Sides, change: int, way: str, step: Step, cases: Cases, called: Mapping[str, str], digits: int
) -> Iterator[ReachFinding]:
    side, before, after = step
    if not all(sides.has(side, chosen, outputs.TOTAL) for chosen in (before, after)):
        return
    ran, books = sides.together(side), (sides.ask(side, before), sides.ask(side, after))
    rows = {}
    for name in dict.fromkeys((*MAIN, *ran.names(books[0]), *ran.names(books[1]))):
        if name.partition(":")[0] in ENDS:
            rows[name] = tuple(ran.cells(book, name) if ran.has(book, name) else None for book in books)
    moving = [name for name, (olds, news) in rows.items() if olds != news]
    for place, unit in enumerate(sides.together(side).units):
        pairs = {
            name: (olds[place] if olds is not None else None, news[place] if news is not None else None)
            for name, (olds, news) in rows.items()
            if name in MAIN or name in moving
        }
        if not any(unlike(*pairs[name]) for name in moving):
            continue
        said = {name: cases.values(name, *pair) for name, pair in pairs.items()}
        totals = [number(cell) if cell is not None else None for cell in pairs[outputs.TOTAL]]
        yield ReachFinding(
            change=change,
            way=way,
            unit=called.get(unit, unit) if side == "old" else unit,
            total=said[outputs.TOTAL],
            delta=signed(totals[1] - totals[0], digits) if totals[0] is not None and totals[1] is not None else "",
            rank=said[outputs.RANK],
            grade=said[outputs.GRADE],
            others=tuple(
                (what, *said[name])
                for name, pair in pairs.items()
                if name not in MAIN and unlike(*pair) and (what := cases.what(name))
            ),
        )
