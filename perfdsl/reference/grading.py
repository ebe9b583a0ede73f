"""等次: limits, then places and bands, then categories that are treated as a grade, then what acts after the quota.

Limits of one stage are laid on each other in a fixed order, so that the order in which they are written means
nothing: a grade that is set (the worst of several), then grades dropped (their numbers add up, down to the worst at most), then bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from perfdsl.clauses import BY_KEY
from perfdsl.clauses.grades import Standing, by_hand, competes
from perfdsl.clauses.measure import Measure
from perfdsl.clauses.shared.ruling import ZEROES, EffectKind, RuleClause, Ruling
from perfdsl.model.expression import Condition, Expression, InGrade
from perfdsl.model.grade import UNDETERMINED, UNIT, GradeScheme
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rule, Rulebook
from perfdsl.model.stages import Stage
from perfdsl.model.states import State
from perfdsl.reference.cells import ABSENT, PENDING, Open, blocks, has_value, known, number, weaker_than_value
from perfdsl.reference.desk import met
from perfdsl.reference.expressions import At, evaluate, holds
from perfdsl.reference.years import years_in
from perfdsl.text.records import dataclass

if TYPE_CHECKING:
    from perfdsl.reference.office import Office


@dataclass(frozen=True)
class RuleDesk:
    """The facts of one unit for a veto, limit, drop or application. ``scheme``: the table of grades that is meant."""

    office: Office
    unit: int
    scheme: GradeScheme | None = None

    @property
    def rulebook(self) -> Rulebook:
        """The whole rulebook."""
        return self.office.rulebook

    @property
    def grades(self) -> tuple[str, ...]:
        """Grade names, best first."""
        scheme = self.scheme or self.office.rulebook.scheme
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

    @property
    def total(self) -> Fraction | None:
        """The published total; None where there is none."""
        return _number_or_none(self.office.total(self.unit))

    @property
    def rank(self) -> Fraction | None:
        """The published rank; None outside the ranking."""
        return _number_or_none(self.office.rank(self.unit))

    @property
    def rivals(self) -> list[Fraction]:
        """The ranks of all units that the unit is ranked among, its own among them."""
        cells = [self.office.rank(other) for other in self.office.group(self.unit)]
        return [number(cell) for cell in cells if has_value(cell)]

    @property
    def category(self) -> str:
        """类别 of the unit."""
        return str(self.office.papers.category_name(self.unit)[1])

    def amount(self, expression: Expression) -> Fraction | None:
        """A number of the unit; None where there is none.

        Raises:
            Open: it is 未报 or 待定.
        """
        return _number_or_none(evaluate(expression, At(self.office, self.unit)))

    def years_in(self, condition: InGrade) -> int:
        """How many years in a row the unit has one of the grades, this one included."""
        found = years_in(condition, self.office, self.unit)
        if isinstance(found, State):
            if found >= State.MISSING:
                raise Open(found)
            return 0
        return found

    def holds(self, condition: Condition) -> bool:
        """Whether the unit meets ``condition``.

        Raises:
            Open: nobody can tell.
        """
        return met(holds(condition, At(self.office, self.unit)))


@dataclass(frozen=True)
class TeamDesk:
    """The facts for 对象等次 of one unit's team or leader; grades are those of one table."""

    office: Office
    unit: int
    scheme: GradeScheme
    name: str

    @property
    def grades(self) -> tuple[str, ...]:
        """Grade names, best first."""
        return self.scheme.order

    @property
    def unit_grade(self) -> str | None:
        """The unit's grade, before an open case hides it."""
        state, value = cell = self.office.settled_grade(self.unit)
        if blocks(cell):
            raise Open(state)
        return str(value) if state is State.VALUE else None

    def text(self, expression: Expression) -> str | None:
        """A grade that somebody else has given, None where nobody did; one that is not in the table leaves it open."""
        state, value = cell = evaluate(expression, At(self.office, self.unit))
        if blocks(cell):
            raise Open(state)
        if state is not State.VALUE:
            return None
        if value not in self.scheme.order:
            raise Open(State.PENDING)
        return str(value)

    def limited(self, start: str) -> str:
        """``start`` after the rules whose 范围 names this grade."""
        found = [
            one
            for stage in (Stage.ELIGIBILITY, Stage.ADJUSTMENT)
            for one in _rulings(self.office, stage, self.unit, self.scheme, self.name)
        ]
        if any(isinstance(one, State) for one in found):
            raise Open(State.PENDING)
        rulings = [one for one in found if isinstance(one, Ruling)]
        place = limited(self.scheme.order.index(start), rulings, len(self.scheme.grades) - 1)
        return self.scheme.order[place]


def _number_or_none(cell: Cell) -> Fraction | None:
    if blocks(cell):
        raise Open(cell[0])
    return number(cell) if has_value(cell) else None


# ---- limits --------------------------------------------------------------------------------------------------------


def ruling(office: Office, rule: Rule, unit: int, scheme: GradeScheme | None = None) -> Ruling | State:
    """What a rule does to the unit's grade, or the state that leaves it open."""
    clause = cast(RuleClause, rule.clause)
    if scheme is None:
        scheme = next((one for one in office.rulebook.schemes if clause.concerns(one)), None)
    try:
        found: Ruling = BY_KEY[rule.clause.kind].by_hand(rule.clause, RuleDesk(office, unit, scheme))
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


def _rulings(office: Office, stage: Stage, unit: int, scheme: GradeScheme, scope: str = UNIT) -> list[Ruling | State]:
    rules = [rule for rule in office.rulebook.vetoes if BY_KEY[rule.clause.kind].stage is stage]
    # what only takes points reaches a grade through the points, or not at all
    clauses = [
        (rule, cast(RuleClause, rule.clause)) for rule in rules if getattr(rule.clause, "effect", None) not in ZEROES
    ]
    return [
        ruling(office, rule, unit, scheme)
        for rule, clause in clauses
        if scope in clause.scopes and clause.concerns(scheme)
    ]


def any_applies(office: Office, rules: Sequence[Rule], unit: int) -> bool | None:
    """Whether one of the rules applies to the unit; None where nobody can tell."""
    found = [office.ruling(rule, unit) for rule in rules]
    if any(isinstance(one, Ruling) and one.applies for one in found):
        return True
    return None if any(isinstance(one, State) for one in found) else False


def left_ranking(office: Office, unit: int) -> bool | None:
    """Whether a veto takes the unit out of the ranking; None where nobody can tell."""
    rules = [rule for rule in office.rulebook.vetoes if getattr(rule.clause, "rank", None) == "unranked"]
    return any_applies(office, rules, unit)


def open_case(office: Office, unit: int, scope: str, passes_on: bool = False) -> bool | None:
    """Whether an open case leaves the grade undetermined; ``passes_on``: one whose place passes on."""
    rules = [
        rule
        for rule in office.rulebook.vetoes
        if rule.clause.kind == "undetermined"
        and scope in cast(RuleClause, rule.clause).scopes
        and not (passes_on and cast(RuleClause, rule.clause).quota != "backfill")
    ]
    return any_applies(office, rules, unit)


# ---- grades --------------------------------------------------------------------------------------------------------


def grades(office: Office) -> list[Cell]:
    """The settled grade of every unit, each by the table of its category."""
    given = {scheme.name: first_given(office, scheme) for scheme in office.rulebook.schemes}
    return [_graded(office, unit, given) for unit in office.papers.units]


def _graded(office: Office, unit: int, given: Mapping[str, Sequence[Cell]]) -> Cell:
    scheme = scheme_of(office, unit)
    if scheme is None:
        return PENDING
    return adjusted(office, scheme, unit, _treated(office, unit, given[scheme.name][unit]))


def scheme_of(office: Office, unit: int) -> GradeScheme | None:
    """The table of grades for the unit."""
    return grouping_of(office, unit) if office.rulebook.schemes else None


def grouping_of(office: Office, unit: int) -> GradeScheme | None:
    """The table of grades that says who is ranked with the unit, also where no grades are given (截至)."""
    book = office.rulebook
    if len(book.groupings) == 1:
        return book.groupings[0]
    category = office.papers.category(unit)
    return book.grouping_of(category.name) if category is not None else None


def published(office: Office, unit: int) -> Cell:
    """等次 as published: 不定等次 while a case is open."""
    return _hidden(office.settled_grade(unit), [open_case(office, unit, UNIT)])


def _hidden(cell: Cell, cases: Sequence[bool | None]) -> Cell:
    if cell[0] is State.ABSENT:
        return cell
    if True in cases:
        return known(UNDETERMINED)
    return PENDING if None in cases else cell


def scoped(office: Office, rule: Rule, unit: int) -> Cell:
    """等次 of a team or a leader."""
    scheme = scheme_of(office, unit)
    if scheme is None:
        return PENDING
    try:
        name: str | None = BY_KEY[rule.clause.kind].by_hand(rule.clause, TeamDesk(office, unit, scheme, rule.name))
    except Open:
        own = PENDING
    else:
        own = ABSENT if name is None else known(name)
    free = getattr(rule.clause, "bound", "") == "free_of_unit"
    unit_case = [] if free else [open_case(office, unit, UNIT)]
    return _hidden(own, [*unit_case, open_case(office, unit, rule.name)])


def _treated(office: Office, unit: int, cell: Cell) -> Cell:
    """A category that is treated as a grade has it, and takes no place for it."""
    category, scheme = office.papers.category(unit), scheme_of(office, unit)
    if category is None or scheme is None or category.treated_as not in scheme.order:
        return cell
    return known(category.treated_as)


def adjusted(office: Office, scheme: GradeScheme, unit: int, cell: Cell) -> Cell:
    """The grade after what acts behind the quota."""
    found = _rulings(office, Stage.ADJUSTMENT, unit, scheme)
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
        if len(office.rulebook.schemes) > 1 and scheme_of(office, group[0]) is not scheme:
            continue
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
    """A unit outside the ranking: it counts among those appraised, and may use a place of the grade it is given."""
    category = office.papers.category(unit)
    seat = category.treated_as if category is not None and category.takes_places else ""
    return Standing(None, None, ranked=False, appraised=not weaker_than_value(office.total(unit)), seat=seat)


def standing(office: Office, scheme: GradeScheme, unit: int) -> Standing | None:
    """What decides a unit's grade, or None where some of it is open."""
    desk, worst = RuleDesk(office, unit), len(scheme.grades) - 1
    total, rank = office.total(unit), office.rank(unit)
    found = _rulings(office, Stage.ELIGIBILITY, unit, scheme)
    raised = _rulings(office, Stage.GRADE, unit, scheme)
    if blocks(total) or (competes(scheme) and blocks(rank)) or any(isinstance(one, State) for one in (*found, *raised)):
        return None
    left, withdrawn = office.left(unit), open_case(office, unit, UNIT, passes_on=True)
    if left is None or withdrawn is None:
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
        left=left,
        withdrawn=withdrawn,
        raised=tuple((one.amount, one.holds_place) for one in raised if isinstance(one, Ruling) and one.applies),
        seat="",
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


def since(office: Office, rule: Rule, unit: int) -> Cell:
    """The day from which a measure's 期限 runs."""
    return evaluate(cast(Measure, rule.clause).from_day, At(office, unit))  # type: ignore[arg-type]
