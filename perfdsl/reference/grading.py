"""等次: limits, then places and bands, then categories that are treated as a grade, then what acts after the quota.

Limits of one stage are laid on each other in a fixed order, so that the order in which they are written means
nothing: a grade that is set (the worst of several), then grades dropped (their numbers add up, down to the worst at most), then bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.grades import Standing, by_hand, competes
from perfdsl.clauses.shared.ruling import EffectKind, Ruling
from perfdsl.model.expression import Condition
from perfdsl.model.grade import GradeScheme
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rule
from perfdsl.model.stages import Stage
from perfdsl.model.states import State
from perfdsl.reference.cells import ABSENT, PENDING, Open, blocks, has_value, known, number, weaker_than_value
from perfdsl.reference.desk import met
from perfdsl.reference.expressions import At, holds

if TYPE_CHECKING:
    from perfdsl.reference.office import Office


@dataclass(frozen=True)
class RuleDesk:
    """The facts of one unit for a veto, limit, drop or application."""

    office: Office
    unit: int

    @property
    def grades(self) -> tuple[str, ...]:
        """Grade names, best first."""
        scheme = self.office.rulebook.scheme
        return scheme.order if scheme is not None else ()

    @property
    def grade(self) -> str | None:
        """The settled grade; None where the unit has none.

        Raises:
            Open: it is 待定.
        """
        state, value = cell = self.office.grade(self.unit)
        if blocks(cell):
            raise Open(state)
        return str(value) if state is State.VALUE else None

    def holds(self, condition: Condition) -> bool:
        """Whether the unit meets ``condition``.

        Raises:
            Open: nobody can tell.
        """
        return met(holds(condition, At(self.office, self.unit)))


# ---- limits --------------------------------------------------------------------------------------------------------


def ruling(office: Office, rule: Rule, unit: int) -> Ruling | State:
    """What a rule does to the unit's grade, or the state that leaves it open."""
    try:
        found: Ruling = BY_KEY[rule.clause.kind].by_hand(rule.clause, RuleDesk(office, unit))
    except Open as open_:
        return open_.state
    return found


def applies(office: Office, rule: Rule, unit: int) -> Cell:
    """Whether a veto, limit or drop applies."""
    found = office.ruling(rule, unit)
    return (found, None) if isinstance(found, State) else known(found.applies)


def limited(start: int, rulings: Sequence[Ruling], worst: int) -> int:
    """``start`` after the rulings that apply. Grades are positions, 0 the best."""
    applied = [ruling for ruling in rulings if ruling.applies]
    place = max((ruling.amount for ruling in applied if ruling.effect is EffectKind.SET), default=start)
    down = sum(ruling.amount for ruling in applied if ruling.effect is EffectKind.DROP)
    bounds = [ruling.amount for ruling in applied if ruling.effect is EffectKind.AT_MOST]
    return max([min(place + down, worst), *bounds])


def _rulings(office: Office, stage: Stage, unit: int) -> list[Ruling | State]:
    rules = [rule for rule in office.rulebook.vetoes if BY_KEY[rule.clause.kind].stage is stage]
    return [office.ruling(rule, unit) for rule in rules]


# ---- grades --------------------------------------------------------------------------------------------------------


def grades(office: Office) -> list[Cell]:
    """The settled grade of every unit."""
    scheme = office.rulebook.scheme
    assert scheme is not None
    given = first_given(office, scheme)
    return [adjusted(office, scheme, unit, _treated(office, unit, given[unit])) for unit in office.papers.units]


def _treated(office: Office, unit: int, cell: Cell) -> Cell:
    """A category that is treated as a grade has it, and takes no place for it."""
    category = office.papers.category(unit)
    return known(category.treated_as) if category is not None and category.treated_as else cell


def adjusted(office: Office, scheme: GradeScheme, unit: int, cell: Cell) -> Cell:
    """The grade after what acts behind the quota."""
    found = _rulings(office, Stage.ADJUSTMENT, unit)
    if blocks(cell) or any(isinstance(one, State) for one in found):
        return PENDING
    if not has_value(cell):
        return cell
    rulings = [one for one in found if isinstance(one, Ruling)]
    place = limited(scheme.order.index(str(cell[1])), rulings, len(scheme.grades) - 1)
    return known(scheme.order[place])


def first_given(office: Office, scheme: GradeScheme) -> list[Cell]:
    """The grades before treated-as categories and adjustments.

    A unit outside the ranking or without a total has none. Where places are limited, one thing that is open about
    one unit leaves its whole group open; else it leaves the unit's own grade open.
    """
    result: list[Cell] = [ABSENT for _ in office.papers.units]
    for group in office.groups():
        listed = [unit for unit in group if _takes_part(office, unit)]
        standings = {unit: standing(office, scheme, unit) for unit in listed}
        open_units = [unit for unit in listed if standings[unit] is None]
        shut = listed if competes(scheme) and open_units else open_units
        for unit in shut:
            result[unit] = PENDING
        outside = [unit for unit in group if unit not in listed]
        known_units = [unit for unit in listed if unit not in shut]
        sheet = [standings[unit] for unit in known_units] + [_outside(office, unit) for unit in outside]
        names = by_hand(scheme, [one for one in sheet if one is not None])
        for unit, name in zip(known_units, names, strict=False):
            result[unit] = known(name) if name is not None else PENDING
    return result


def _takes_part(office: Office, unit: int) -> bool:
    return office.papers.ranked(unit) and not weaker_than_value(office.total(unit))


def _outside(office: Office, unit: int) -> Standing:
    """A unit outside the ranking: it only counts among those appraised."""
    return Standing(None, None, ranked=False, appraised=not weaker_than_value(office.total(unit)))


def standing(office: Office, scheme: GradeScheme, unit: int) -> Standing | None:
    """What decides a unit's grade, or None where some of it is open."""
    desk, worst = RuleDesk(office, unit), len(scheme.grades) - 1
    total, rank = office.total(unit), office.rank(unit)
    found = _rulings(office, Stage.ELIGIBILITY, unit)
    if blocks(total) or (competes(scheme) and blocks(rank)) or any(isinstance(one, State) for one in found):
        return None
    rulings = [one for one in found if isinstance(one, Ruling)]
    try:
        also = {grade.name: desk.holds(grade.also) for grade in scheme.grades if grade.also is not None}
        promoted = scheme.promoted is not None and desk.holds(scheme.promoted)
    except Open:
        return None
    return Standing(
        total=number(total),
        rank=number(rank) if has_value(rank) else None,
        best=limited(0, rulings, worst),
        best_for_places=limited(0, [one for one in rulings if not one.holds_place], worst),
        also=also,
        promoted=promoted,
    )


# ---- applications --------------------------------------------------------------------------------------------------


def applied(office: Office, rule: Rule, unit: int) -> Cell:
    """What a result application gives: a number, a yes or no, or nothing."""
    hand: Callable[[Any, Any], Any] = BY_KEY[rule.clause.kind].by_hand
    try:
        result = hand(rule.clause, RuleDesk(office, unit))
    except Open as open_:
        return open_.state, None
    return ABSENT if result is None else known(result)
