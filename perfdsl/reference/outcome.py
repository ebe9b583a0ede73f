"""Every published number of every unit."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from perfdsl.data.columns import Dataset
from perfdsl.model import outputs
from perfdsl.model.item import Item, Level
from perfdsl.model.outputs import Cell, Outcome
from perfdsl.model.rulebook import Rulebook
from perfdsl.reference import grading, totals
from perfdsl.reference.cells import known
from perfdsl.reference.office import Office


def evaluate(rulebook: Rulebook, data: Dataset) -> Outcome:
    """Output name (``model.outputs``) → one cell for each unit, in the order of the roster."""
    return outcome(Office(rulebook, data))


def outcome(office: Office, known: Collection[str] = ()) -> Outcome:
    """The same, without the numbers of the items ``known``."""
    rulebook = office.rulebook
    found: dict[str, tuple[Cell, ...]] = {}

    def give(name: str, work: Callable[[int], Cell]) -> None:
        found[name] = tuple(work(unit) for unit in office.papers.units)

    for item in rulebook.walk():
        if item.code not in known:
            _item(office, item, give)
    give(outputs.BASE, office.base)
    give(outputs.TOTAL, office.total)
    if rulebook.ties is not None:
        give(outputs.RANK, office.rank)
    if rulebook.scheme is not None:
        give(outputs.GRADE, office.grade)
        for rule in rulebook.scopes:
            give(outputs.scoped(rule.name), partial(grading.scoped, office, rule))
    for rule in rulebook.vetoes:
        give(outputs.veto(rule.code), partial(grading.applies, office, rule))
    for rule in rulebook.applications:
        give(outputs.application(rule.code), partial(grading.applied, office, rule))
        if getattr(rule.clause, "from_day", None) is not None:
            give(outputs.since(rule.code), partial(grading.since, office, rule))
    return found


def _item(office: Office, item: Item, give: Callable[[str, Callable[[int], Cell]], None]) -> None:
    """The numbers of one item. A group's state is that of its score."""
    if item.value is not None:
        give(outputs.value(item.code), lambda unit: office.value(item, unit))
    if item.level is Level.STEP and item.scoring is None and item.combine is None:
        return  # a step that only has a value
    give(outputs.state(item.code), lambda unit: known(_state(office, item, unit)))
    give(outputs.score(item.code), lambda unit: office.score(item, unit).published)
    give(outputs.full(item.code), lambda unit: totals.full_mark(office, item, unit))


def _state(office: Office, item: Item, unit: int) -> str:
    if item.scoring is not None:
        return office.earned(item, unit).gate.chinese
    return office.score(item, unit).published[0].chinese
