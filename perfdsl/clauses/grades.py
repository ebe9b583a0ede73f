"""Grades: from the best to the worst, by threshold, quota, position and further condition (等次).

A grade looks at the units that no better grade took. It may take a unit whose total lies in its band or in the band
of a better grade (a unit beyond the quota of 优秀, or barred from it, is looked at for 良好), whose rank lies in its
position or in that of a better grade, and which meets its further condition. 其余 is every total that stands in no
other grade's band; a grade without a band that has a quota or a position asks for no total.

Places of a quota go by rank; units of equal rank at the cut come in together or stay out together. A unit whose
limit passes its place on (递补) does not stand for it. A unit whose limit does not (不递补) stands for it, and where
it wins the place stays empty: it holds back one place, once, and goes on to the next grade. Units promoted outside
the quota (名额外晋级) get the best grade, if no limit forbids it, and use no place. A unit that a rule raises (晋级)
gets its grade in the same way, outside the quota or on one of its places as the rule says; of all that acts on one
unit the worst holds, so no raising goes beyond a limit. 末位 5% keeps so many units from the end of the ranking below
every better grade. A unit that left the ranking stands for no place and counts in no base; one whose case is open and
whose place passes on stands for nothing.

名额基数: 参加排名的单位数 counts the ranked units of the group that have a total, 参加考核的单位数 those outside the
ranking too (and those whose total is still open), 符合条件的单位数 the units that stand for the grade's places.

Where places are limited, one unknown fact may move everybody: while the total, the rank, a limit, a further condition or a
promotion of one ranked unit is 未报 or 待定, all grades of its group are 待定. Without a quota or a position only the
unit's own is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Protocol

from perfdsl.clauses.kind import Kind
from perfdsl.clauses.shared.grades_check import check
from perfdsl.clauses.shared.ruling import Limit
from perfdsl.graph.ops import Fn, NodeId, Rank, Reduce
from perfdsl.model.expression import Condition
from perfdsl.model.grade import Grade, GradeScheme, Interval, Quota, QuotaBase, QuotaKind, TieAtCut
from perfdsl.model.rounding import Rounding, rounded
from perfdsl.model.stages import Stage
from perfdsl.model.states import UNKNOWN, WEAKER, State
from perfdsl.model.units import Ties, Unit, ValueType, decimal, percent
from perfdsl.text.form import Form, Heading, Take, Word, fixed
from perfdsl.text.records import dataclass, field

if TYPE_CHECKING:
    from perfdsl.graph.builder import Builder

__all__ = ["KIND", "GradeScope", "Standing", "by_hand", "check", "competes", "interval", "lower", "sentence"]


class GradeScope(Protocol):
    """What ``lower`` may ask for. All nodes are on the grain of the units, or scalar."""

    @property
    def graph(self) -> Builder: ...
    @property
    def total(self) -> NodeId:
        """The published total."""
        ...

    @property
    def rank(self) -> NodeId:
        """The published rank."""
        ...

    @property
    def ranked(self) -> NodeId:
        """Whether the unit takes part in the ranking; always has a value."""
        ...

    @property
    def group(self) -> tuple[NodeId, ...]:
        """What divides the units: the category, or nothing."""
        ...

    @property
    def best(self) -> NodeId:
        """The best grade that the unit's limits permit."""
        ...

    @property
    def best_for_places(self) -> NodeId:
        """The same, by the limits alone whose freed place passes on."""
        ...

    @property
    def left(self) -> NodeId | None:
        """Whether the unit left the ranking (否决后不参加排名); None where no rule does that."""
        ...

    @property
    def withdrawn(self) -> NodeId | None:
        """Whether the unit's case is open and its place passes on; None where no rule does that."""
        ...

    @property
    def raised(self) -> Sequence[Limit]:
        """Rules that give a grade directly: ``amount`` which, ``holds_place`` whether on one of its places."""
        ...

    def seats(self, grade: str) -> NodeId | None:
        """Whether a unit outside the ranking uses one of the grade's places; None where none does."""
        ...

    def condition(self, condition: Condition) -> NodeId: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit before the grades are given. Grades are positions, 0 the best.

    ``total`` None: the unit has none. ``also`` says for each grade with a further condition whether the unit meets it.
    ``appraised`` False: nothing that is appraised concerns the unit, so it has no total and never will. ``left``: it
    left the ranking; ``withdrawn``: its case is open and its place passes on. ``raised`` are grades that it gets
    directly, each with whether it uses a place; ``seat`` is the grade of which a unit outside the ranking uses a place.
    """

    total: Fraction | None
    rank: Fraction | None
    best: int = 0
    best_for_places: int = 0
    ranked: bool = True
    also: Mapping[str, bool] = field(default_factory=dict)
    promoted: bool = False
    appraised: bool = True
    left: bool = False
    withdrawn: bool = False
    raised: Sequence[tuple[int, bool]] = ()
    seat: str = ""


FORM = Form(
    name=Word("grades", "等次", ("等级", "档次", "评定等次"), "grades"),
    header="grades",
    takes=(
        Take("quota_base", slots=(fixed("ranked_count", "appraised_count", "qualified_count", into="base"),)),
        Take("quota_rounding", slots=(fixed("half_up", "half_even", "down", "up", into="rounding"),)),
        Take("quota_tie", slots=(fixed("all_in", "all_out", into="tie"),)),
        Take("quota_over", slots=(fixed("next_grade", into="overflow"),)),
        Take("promoted", into="promoted"),
        Take("applies", into="categories"),
    ),
    table=(
        Heading("names", "text", Word("grade", "等次", (), "grade")),
        Heading("bands", "band", Word("total", "总分", (), "total")),
        Heading("quotas", "amount", Word("quota", "名额", (), "quota")),
        Heading("positions", "band", Word("position", "名次", (), "position")),
        Heading("also", "text", Word("also", "另需符合", (), "also")),
        Heading("forced", "amount", Word("forced", "末位", (), "from-the-end")),
    ),
)


def competes(scheme: GradeScheme) -> bool:
    """Whether one unit's grade depends on another's: places are limited, or the rank decides."""
    return any(grade.quota or grade.position or grade.forced for grade in scheme.grades)


# ---- as operations -------------------------------------------------------------------------------------------------


def lower(scheme: GradeScheme, scope: GradeScope) -> NodeId:
    """The grade as first given: before treated-as categories, and before what acts after the quota."""
    return _Lowering(scheme, scope).grade()


@dataclass
class _Lowering:
    """The grades from the best to the worst. Every fact is made certain first (unknown reads as false), so that the
    steps between have values only; whether the facts were known is asked once, in :meth:`known`."""

    scheme: GradeScheme
    scope: GradeScope
    taken: list[NodeId] = field(default_factory=list)
    held: NodeId | None = None

    @property
    def graph(self) -> Builder:
        return self.scope.graph

    def grade(self) -> NodeId:
        """Each unit's grade: the first that takes it."""
        for place, grade in enumerate(self.scheme.grades):
            self.taken.append(self.takes(place, grade))
        graph = self.graph
        grades = [graph.constant(place, ValueType.GRADE) for place in range(len(self.scheme.grades))]
        outside = self.any(self.no(self.scope.ranked), graph.has(self.scope.total, *WEAKER))
        return graph.choose(
            (outside, graph.nothing(State.ABSENT, grades[0])),
            (self.no(self.known()), graph.nothing(State.PENDING, grades[0])),
            *zip(self.taken, grades, strict=True),
            otherwise=graph.nothing(State.PENDING, grades[0]),
            label="等次",
        )

    def takes(self, place: int, grade: Grade) -> NodeId:
        """Whether the grade takes the unit."""
        permitted = self.permitted(self.scope.best, place)
        there = [self.eligible(), *(self.no(taken) for taken in self.taken)]
        if self.scope.withdrawn is not None:
            there.append(self.no(self.certain(self.scope.withdrawn)))
        there += [self.no(self.among_last(lower)) for lower in self.scheme.grades[place + 1 :] if lower.forced]
        open_to = [*there, self.reaches(place)]
        if grade.also is not None:
            open_to.append(self.certain(self.scope.condition(grade.also)))
        direct, seated = self.directly(place, [*there, permitted])
        open_to += [self.no(one) for one in (direct, seated) if one is not None]
        gets = self.gets(grade, place, open_to, permitted, seated)
        return self.any(*(one for one in (direct, seated) if one is not None), gets)

    def directly(self, place: int, there: Sequence[NodeId]) -> tuple[NodeId | None, NodeId | None]:
        """Who gets the grade by a rule that says so: outside the quota, and on one of its places."""
        rules = [limit for limit in self.scope.raised if limit.amount == place]
        outside = [self.certain(limit.when) for limit in rules if not limit.holds_place]
        if place == 0 and self.scheme.promoted is not None:
            outside.append(self.certain(self.scope.condition(self.scheme.promoted)))
        inside = [self.certain(limit.when) for limit in rules if limit.holds_place]
        direct = self.all(*there, self.any(*outside)) if outside else None
        if not inside:
            return direct, None
        not_yet = () if direct is None else (self.no(direct),)
        return direct, self.all(*there, *not_yet, self.any(*inside))

    def gets(
        self, grade: Grade, place: int, open_to: Sequence[NodeId], permitted: NodeId, seated: NodeId | None
    ) -> NodeId:
        """Open to the grade and permitted; where places are limited, also among those who win one."""
        if grade.quota is None:
            return self.all(*open_to, permitted)
        stands_for_it = [*open_to, self.permitted(self.scope.best_for_places, place)]
        if self.scope.left is not None:
            stands_for_it.append(self.no(self.certain(self.scope.left)))
        if self.held is not None:
            stands_for_it.append(self.any(permitted, self.no(self.held)))
        rivals = self.all(*stands_for_it)
        apart = self.scope.seats(grade.name)
        seats = [one for one in (seated, apart) if one is not None]
        wins = self.wins(grade.quota, rivals, self.any(*seats) if seats else None)
        holds_back = self.all(wins, self.no(permitted))
        self.held = holds_back if self.held is None else self.any(self.held, holds_back)
        return self.all(wins, permitted)

    def among_last(self, grade: Grade) -> NodeId:
        """Whether the unit is one of the last of the ranking that may have no better grade (末位 5%)."""
        assert grade.forced is not None
        graph, group, listed = self.graph, self.scope.group, self.listed()
        count = graph.aggregate(Reduce.COUNT, listed, where=listed, key=group)
        place = graph.add(Rank(self.scope.rank, listed, group, True, Ties.COMPETITION))
        if self.scheme.tie is not TieAtCut.ALL_IN:
            from_above = graph.add(Rank(self.scope.rank, listed, group, False, Ties.COMPETITION))
            place = graph.apply(Fn.SUBTRACT, graph.apply(Fn.ADD, count, graph.number(1)), from_above)
        places = self.places(grade.forced, count)
        return self.all(listed, self.certain(graph.apply(Fn.LESS_EQUAL, place, places)))

    def listed(self) -> NodeId:
        """In the ranking, with a total, and not out of the competition."""
        outside = [self.no(self.certain(one)) for one in (self.scope.left, self.scope.withdrawn) if one is not None]
        return self.all(self.eligible(), *outside)

    def wins(self, quota: Quota, rivals: NodeId, seats: NodeId | None) -> NodeId:
        """Whether a rival's place by rank lies within the quota, less the places that are already given (``seats``).

        Tied units come in where the first of them does (all in), or where the last of them does (all out).
        """
        graph, group = self.graph, self.scope.group
        count = graph.aggregate(Reduce.COUNT, rivals, where=rivals, key=group)
        given = None if seats is None else graph.aggregate(Reduce.COUNT, seats, where=seats, key=group)
        ahead = graph.add(Rank(self.scope.rank, rivals, group, False, Ties.COMPETITION))
        place = ahead
        if self.scheme.tie is not TieAtCut.ALL_IN:
            from_below = graph.add(Rank(self.scope.rank, rivals, group, True, Ties.COMPETITION))
            place = graph.apply(Fn.SUBTRACT, graph.apply(Fn.ADD, count, graph.number(1)), from_below)
        places = self.places(quota, count if given is None else graph.apply(Fn.ADD, count, given))
        if given is not None:
            places = graph.apply(Fn.SUBTRACT, places, given)
        return self.all(rivals, self.certain(graph.apply(Fn.LESS_EQUAL, place, places)))

    def places(self, quota: Quota, rivals: NodeId) -> NodeId:
        """How many places there are in the unit's group."""
        graph, scope = self.graph, self.scope
        if quota.kind is QuotaKind.COUNT:
            return graph.number(quota.amount)
        match self.scheme.base:
            case QuotaBase.QUALIFIED:
                base = rivals
            case QuotaBase.APPRAISED:
                there = graph.has(scope.total, State.VALUE, *UNKNOWN)
                base = graph.aggregate(Reduce.COUNT, there, where=there, key=scope.group)
            case _:
                ranked = [] if scope.left is None else [self.no(self.certain(scope.left))]
                counted = self.all(self.eligible(), *ranked)
                base = graph.aggregate(Reduce.COUNT, counted, where=counted, key=scope.group)
        share = graph.apply(Fn.MULTIPLY, base, graph.number(quota.amount))
        return share if self.scheme.rounding is None else graph.rounded(share, 0, self.scheme.rounding)

    def reaches(self, place: int) -> NodeId:
        """Whether total and rank lie in the grade's own band and position, or in those of a better grade."""
        grades, scope = self.scheme.grades, self.scope
        tests = []
        if not _asks_no_total(grades[place]):
            bands = [self.band(grade) for grade in grades[: place + 1] if not _asks_no_total(grade)]
            tests.append(self.any(*bands))
        if grades[place].position is not None:
            positions = [grade.position for grade in grades[: place + 1] if grade.position is not None]
            tests.append(self.any(*(self.inside(scope.rank, position) for position in positions)))
        return self.all(*tests) if tests else self.graph.truth()

    def band(self, grade: Grade) -> NodeId:
        """Whether the total lies in the grade's band; 其余: in no other grade's."""
        if grade.band is not None:
            return self.inside(self.scope.total, grade.band)
        others = [self.inside(self.scope.total, other.band) for other in self.scheme.grades if other.band is not None]
        return self.no(self.any(*others)) if others else self.graph.truth()

    def inside(self, number: NodeId, interval: Interval) -> NodeId:
        graph, unit = self.graph, self.graph.type(number).unit or Unit()
        tests = []
        if interval.low is not None:
            fn = Fn.LESS_EQUAL if interval.low_in else Fn.LESS
            tests.append(graph.apply(fn, graph.number(interval.low, unit), number))
        if interval.high is not None:
            fn = Fn.LESS_EQUAL if interval.high_in else Fn.LESS
            tests.append(graph.apply(fn, number, graph.number(interval.high, unit)))
        return self.certain(self.all(*tests)) if tests else graph.truth()

    def known(self) -> NodeId:
        """Whether all that decides the unit's grade is known: its own facts, and, where places are limited, those of
        every ranked unit of its group."""
        graph, scope = self.graph, self.scope
        facts = [scope.total, scope.best, scope.best_for_places]
        if competes(self.scheme):
            facts.append(scope.rank)  # open with every total known, where what equal totals are told apart by is not
        facts += [scope.condition(grade.also) for grade in self.scheme.grades if grade.also is not None]
        if self.scheme.promoted is not None:
            facts.append(scope.condition(self.scheme.promoted))
        facts += [one for one in (scope.left, scope.withdrawn) if one is not None]
        facts += [limit.when for limit in scope.raised]
        open_facts = [graph.has(fact, *UNKNOWN) for fact in facts if graph.type(fact).states & set(UNKNOWN)]
        if not open_facts:
            return graph.truth()
        unknown = self.all(scope.ranked, graph.has(scope.total, State.VALUE, *UNKNOWN), self.any(*open_facts))
        if not competes(self.scheme):
            return self.no(unknown)
        unknowns = graph.aggregate(Reduce.COUNT, unknown, where=unknown, key=scope.group)
        return graph.apply(Fn.EQUAL, unknowns, graph.number(0))

    def eligible(self) -> NodeId:
        """Ranked, with a total."""
        return self.all(self.scope.ranked, self.graph.has(self.scope.total, State.VALUE))

    def permitted(self, best: NodeId, place: int) -> NodeId:
        graph = self.graph
        return self.certain(graph.apply(Fn.LESS_EQUAL, best, graph.constant(place, ValueType.GRADE)))

    def certain(self, condition: NodeId) -> NodeId:
        """True where the condition has a value and is true."""
        if self.graph.type(condition).states == {State.VALUE}:
            return condition
        return self.graph.choose((self.graph.has(condition, State.VALUE), condition), otherwise=self.graph.truth(False))

    def all(self, *parts: NodeId) -> NodeId:
        return parts[0] if len(parts) == 1 else self.graph.apply(Fn.AND, *parts)

    def any(self, *parts: NodeId) -> NodeId:
        return parts[0] if len(parts) == 1 else self.graph.apply(Fn.OR, *parts)

    def no(self, part: NodeId) -> NodeId:
        return self.graph.apply(Fn.NOT, part)


def _asks_no_total(grade: Grade) -> bool:
    """No band, but a quota or a position that does the choosing."""
    return grade.band is None and (grade.quota is not None or grade.position is not None)


# ---- by hand -------------------------------------------------------------------------------------------------------


def by_hand(scheme: GradeScheme, standings: Sequence[Standing]) -> list[str | None]:
    """The grades of one group, all of whose facts are known. None: outside the ranking, or no grade takes the unit.

    Take the grades one after the other, the best first; lay aside who gets it; go on with the others.
    """
    given: dict[int, str] = {}
    held: set[int] = set()
    listed = [
        unit
        for unit, standing in enumerate(standings)
        if standing.ranked and standing.total is not None and not standing.withdrawn
    ]
    for place, grade in enumerate(scheme.grades):
        kept_down = {unit for lower in scheme.grades[place + 1 :] for unit in _last(scheme, lower, standings)}
        free = [unit for unit in listed if unit not in given and unit not in kept_down]
        seats = sum(standing.seat == grade.name for standing in standings)
        for unit in free:
            if standings[unit].best > place:
                continue
            promoted = place == 0 and scheme.promoted is not None and standings[unit].promoted
            if promoted or (place, False) in standings[unit].raised:
                given[unit] = grade.name
            elif (place, True) in standings[unit].raised:
                given[unit] = grade.name
                seats += 1
        waiting = [unit for unit in free if unit not in given and _fits(scheme, place, standings[unit])]
        if grade.quota is None:
            given |= {unit: grade.name for unit in waiting if standings[unit].best <= place}
            continue
        rivals = [
            unit
            for unit in waiting
            if not standings[unit].left
            and standings[unit].best_for_places <= place
            and (standings[unit].best <= place or unit not in held)
        ]
        places = _places(scheme, grade.quota, standings, len(rivals) + seats) - seats
        for unit in _winners(scheme, rivals, standings, places):
            if standings[unit].best <= place:
                given[unit] = grade.name
            else:
                held.add(unit)
    return [given.get(unit) for unit in range(len(standings))]


def _last(scheme: GradeScheme, grade: Grade, standings: Sequence[Standing]) -> list[int]:
    """末位 5%: who stands so far down that it may have no better grade than this one."""
    if grade.forced is None:
        return []
    listed = [
        unit
        for unit, one in enumerate(standings)
        if one.ranked and one.total is not None and not one.left and not one.withdrawn
    ]
    places = _places(scheme, grade.forced, standings, len(listed))
    found: list[int] = []
    for rank in sorted({standings[unit].rank or Fraction(0) for unit in listed}, reverse=True):
        tied = [unit for unit in listed if standings[unit].rank == rank]
        if len(found) >= places or (len(found) + len(tied) > places and scheme.tie is not TieAtCut.ALL_IN):
            break
        found += tied
    return found


def _fits(scheme: GradeScheme, place: int, standing: Standing) -> bool:
    """Is the unit good enough for the grade: by total, by rank, by the further condition?"""
    grade = scheme.grades[place]
    this_or_better = scheme.grades[: place + 1]
    if grade.also is not None and not standing.also.get(grade.name, False):
        return False
    if grade.position is not None:
        positions = [better.position for better in this_or_better if better.position is not None]
        if standing.rank is None or not any(standing.rank in position for position in positions):
            return False
    chosen_by_place_alone = grade.band is None and (grade.quota or grade.position)
    return bool(chosen_by_place_alone) or _home(scheme, standing.total or Fraction(0)) in [
        better.name for better in this_or_better
    ]


def _home(scheme: GradeScheme, total: Fraction) -> str | None:
    """The first grade whose band holds the total; 其余 where none does."""
    for grade in scheme.grades:
        if grade.band is not None and total in grade.band:
            return grade.name
    rest = [grade.name for grade in scheme.grades if grade.band is None and not grade.quota and not grade.position]
    return rest[0] if rest else None


def _places(scheme: GradeScheme, quota: Quota, standings: Sequence[Standing], rivals: int) -> int:
    """How many places: the number, or the share of the base, rounded as the rule says."""
    if quota.kind is QuotaKind.COUNT:
        return floor(quota.amount)
    base = {
        QuotaBase.APPRAISED: sum(standing.appraised for standing in standings),
        QuotaBase.QUALIFIED: rivals,
    }.get(
        scheme.base or QuotaBase.RANKED,
        sum(standing.ranked and standing.total is not None and not standing.left for standing in standings),
    )
    share = quota.amount * base
    return floor(rounded(share, Rounding(0, scheme.rounding)) if scheme.rounding else share)


def _winners(scheme: GradeScheme, rivals: Sequence[int], standings: Sequence[Standing], places: int) -> list[int]:
    """Give the places out by rank, all units of one rank together."""
    winners: list[int] = []
    for rank in sorted({standings[unit].rank or Fraction(0) for unit in rivals}):
        tied = [unit for unit in rivals if standings[unit].rank == rank]
        if len(winners) >= places:
            break
        if len(winners) + len(tied) > places and scheme.tie is not TieAtCut.ALL_IN:
            break
        winners += tied
    return winners


# ---- in words ------------------------------------------------------------------------------------------------------


def sentence(scheme: GradeScheme, rule: object = None) -> str:
    """优秀：90 分以上，名额 30%；良好：80 分以上不足 90 分；……"""
    return "；".join(f"{grade.name}：{'，'.join(_said(grade))}" for grade in scheme.grades)


def _said(grade: Grade) -> Iterable[str]:
    if grade.band is not None:
        yield interval(grade.band, "分")
    elif not _asks_no_total(grade):
        yield "其余"
    if grade.position is not None:
        yield f"名次 {interval(grade.position, '名')}"
    if grade.quota is not None:
        yield f"名额 {_amount(grade.quota)}"
    if grade.forced is not None:
        yield f"末位 {_amount(grade.forced)}"
    if grade.also is not None:
        yield "另需符合所列条件"


def _amount(quota: Quota) -> str:
    return percent(quota.amount) if quota.kind is QuotaKind.SHARE else f"{decimal(quota.amount)} 个"


def interval(band: Interval, unit: str) -> str:
    """80 分以上不足 90 分."""
    low = f"{decimal(band.low)} {unit}以上" if band.low is not None and band.low_in else ""
    if band.low is not None and not band.low_in:
        low = f"超过 {decimal(band.low)} {unit}"
    high = f"不足 {decimal(band.high)} {unit}" if band.high is not None and not band.high_in else ""
    if band.high is not None and band.high_in:
        high = f"{decimal(band.high)} {unit}以下"
    return low + high or "不限"


KIND = Kind(
    key="grades",
    form=FORM,
    node=GradeScheme,
    check=check,
    lower=lower,
    by_hand=by_hand,
    sentence=sentence,
    stage=Stage.GRADE,
    fact=None,
)
