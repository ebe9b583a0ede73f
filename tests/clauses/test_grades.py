"""等次: bands, quotas, ties at the cut, who falls to the next grade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules import ORDER, UNITS, Unit, codes, fact, plain, points, scheme, setting

from perfdsl.clauses import grades
from perfdsl.clauses.grades import Standing, by_hand
from perfdsl.clauses.shared.ruling import Limit
from perfdsl.data.columns import DataTable, column
from perfdsl.engine.columnar import run
from perfdsl.graph.builder import Builder
from perfdsl.graph.ops import NodeId, Rank
from perfdsl.graph.types import ALL_STATES, ONLY_VALUES, NodeType
from perfdsl.model.expression import ColumnRef, Condition, Holds
from perfdsl.model.grade import Grade, GradeScheme, Interval, Quota, QuotaBase, QuotaKind, TieAtCut
from perfdsl.model.rounding import Rounding, Roundings
from perfdsl.model.rulebook import Combine, TotalRule
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.units import POINTS, Mode, Ties, ValueType

# ---- the two readings, on the same units ---------------------------------------------------------------------------


def hand(given_scheme: GradeScheme, units: Sequence[Unit]) -> list[object]:
    """The grades by hand, group by group; states as the docstring of clauses/grades.py says."""
    result: list[object] = [State.ABSENT] * len(units)
    groups = sorted({unit.category for unit in units}) if given_scheme.by_category else [None]
    for group in groups:
        places = [i for i, unit in enumerate(units) if group in (None, unit.category)]
        listed = [i for i in places if units[i].ranked and not State.VALUE < units[i].total[0] < BLOCKING]
        shut = [i for i in listed if _open(given_scheme, units[i])]
        if shut and grades.competes(given_scheme):
            shut = listed
        for i in shut:
            result[i] = State.PENDING
        left = [i for i in listed if i not in shut]
        sheet = [_standing(units, left, i) for i in left]
        sheet += [
            Standing(None, None, ranked=False, appraised=not State.VALUE < units[i].total[0] < BLOCKING)
            for i in places
            if i not in listed
        ]
        for i, name in zip(left, by_hand(given_scheme, sheet), strict=False):
            result[i] = State.PENDING if name is None else name
    return result


def _open(given_scheme: GradeScheme, unit: Unit) -> bool:
    asked = [grade.also for grade in given_scheme.grades if grade.also is not None]
    facts = [unit.total, *(unit.also[_name(condition)] for condition in asked)]
    if given_scheme.promoted is not None:
        facts.append(unit.promoted)
    return any(state >= BLOCKING for state, _ in facts)


def _name(condition: Condition) -> str:
    assert isinstance(condition, Holds)
    assert isinstance(condition.of, ColumnRef)
    return condition.of.column


def _standing(units: Sequence[Unit], group: Sequence[int], i: int) -> Standing:
    unit = units[i]
    assert unit.total[1] is not None
    better = [j for j in group if (units[j].total[1] or 0) > unit.total[1]]
    also = {f"{name}条件": bool(value) for name, (_, value) in unit.also.items()}
    return Standing(
        unit.total[1],
        Fraction(len(better) + 1),
        unit.best,
        unit.best_for_places,
        also=dict(zip(ORDER, [also.get(f"{name}条件", False) for name in ORDER], strict=True)),
        promoted=bool(unit.promoted[1]),
    )


@dataclass(frozen=True)
class Scope:
    """A :class:`grades.GradeScope` over columns."""

    graph: Builder
    by_category: bool
    left: NodeId | None = None
    withdrawn: NodeId | None = None
    raised: Sequence[Limit] = ()

    def seats(self, grade: str) -> NodeId | None:
        return None

    def condition(self, condition: Condition) -> NodeId:
        return self.graph.column(UNITS, _name(condition))

    @property
    def total(self) -> NodeId:
        return self.graph.column(UNITS, "总分")

    @property
    def ranked(self) -> NodeId:
        return self.graph.column(UNITS, "排名")

    @property
    def group(self) -> tuple[NodeId, ...]:
        return (self.graph.column(UNITS, "类别"),) if self.by_category else ()

    @property
    def rank(self) -> NodeId:
        return self.graph.add(Rank(self.total, self.ranked, self.group, True, Ties.COMPETITION))

    @property
    def best(self) -> NodeId:
        return self.graph.column(UNITS, "可评")

    @property
    def best_for_places(self) -> NodeId:
        return self.graph.column(UNITS, "可占")


def lowered(given_scheme: GradeScheme, units: Sequence[Unit]) -> list[object]:
    """The grades by the graph."""
    value = State.VALUE
    columns = {
        "总分": column("总分", ValueType.NUMBER, [unit.total for unit in units]),
        "类别": column("类别", ValueType.TEXT, [(value, unit.category) for unit in units]),
        "排名": column("排名", ValueType.BOOL, [(value, unit.ranked) for unit in units]),
        "可评": column("可评", ValueType.GRADE, [(value, ORDER[unit.best]) for unit in units], order=ORDER),
        "可占": column("可占", ValueType.GRADE, [(value, ORDER[unit.best_for_places]) for unit in units], order=ORDER),
        "晋级": column("晋级", ValueType.BOOL, [unit.promoted for unit in units]),
    }
    for name in ORDER:
        cells = [unit.also.get(name, (value, True)) for unit in units]
        columns[name] = column(name, ValueType.BOOL, cells)
    types = {
        (UNITS, name): NodeType(
            UNITS, one.kind, POINTS if name == "总分" else None, ONLY_VALUES if name == "排名" else ALL_STATES
        )
        for name, one in columns.items()
    }
    builder = Builder(types)
    builder.output("grade", grades.lower(given_scheme, Scope(builder, given_scheme.by_category)))
    found = run(builder.graph(), {UNITS: DataTable(UNITS, len(units), columns)}).output("grade", UNITS)
    return [cell if isinstance(cell, State) else given_scheme.order[cell] for cell in plain(found)]  # type: ignore[call-overload]


def graded(given_scheme: GradeScheme, units: Sequence[Unit]) -> str:
    """First letters of the grades, both readings agreeing; 待 for 待定, 无 for none."""
    by_graph = lowered(given_scheme, units)
    assert by_graph == hand(given_scheme, units)
    marks: dict[object, str] = {State.PENDING: "待", State.ABSENT: "无", **{name: name[0] for name in ORDER}}
    return "".join(marks[cell] for cell in by_graph)


# ---- worked by hand ------------------------------------------------------------------------------------------------


def test_bands_alone() -> None:
    assert graded(scheme(None), points(95, 90, 89, 80, 60, 59)) == "优优良良合不"


def test_a_quota_sends_the_rest_to_the_next_grade() -> None:
    """30% of 6 is 1.8, so 2 places: the third with 90 and more is 良好."""
    assert graded(scheme(), points(99, 98, 97, 85, 70, 50)) == "优优良良合不"


@pytest.mark.parametrize(("mode", "count"), [(Mode.HALF_UP, 3), (Mode.HALF_EVEN, 2), (Mode.DOWN, 2), (Mode.UP, 3)])
def test_two_and_a_half_places(mode: Mode, count: int) -> None:
    """25% of 10 is 2.5."""
    found = graded(scheme(Fraction(1, 4), rounding=mode), points(*range(99, 89, -1)))
    assert found == "优" * count + "良" * (10 - count)


def test_a_fifth_of_78_half_up_is_16() -> None:
    """R4, 杭州 2020: 20% of 78 ranked units is 15.6; 2 more are promoted outside the quota: 18 优秀."""
    units = [Unit((State.VALUE, Fraction(9900 - i, 100))) for i in range(78)]
    promoted = [replace(unit, promoted=(State.VALUE, True)) if i in (40, 60) else unit for i, unit in enumerate(units)]
    by_rank = scheme(Fraction(1, 5))
    assert graded(by_rank, units).count("优") == 16
    found = graded(replace(by_rank, promoted=fact("晋级")), promoted)
    assert found.count("优") == 18
    assert found[:16] == "优" * 16


@pytest.mark.parametrize(("tie", "expected"), [(TieAtCut.ALL_IN, "优优优良"), (TieAtCut.ALL_OUT, "优良良良")])
def test_a_tie_at_the_cut(tie: TieAtCut, expected: str) -> None:
    """2 places for 4 units; the second and the third have the same total."""
    two = replace(scheme(tie=tie), grades=_with_quota(Quota(QuotaKind.COUNT, Fraction(2))))
    assert graded(two, points(99, 95, 95, 91)) == expected


def _with_quota(*quotas: Quota | None) -> tuple[Grade, ...]:
    own = scheme().grades
    return tuple(replace(grade, quota=quotas[i] if i < len(quotas) else None) for i, grade in enumerate(own))


@pytest.mark.parametrize(("passes_on", "expected"), [(True, "优良优良"), (False, "优良良良")])
def test_a_barred_unit_and_its_place(passes_on: bool, expected: str) -> None:
    """2 places; the second unit is barred from 优秀: its place goes to the third, or stays empty."""
    two = replace(scheme(), grades=_with_quota(Quota(QuotaKind.COUNT, Fraction(2))))
    units = points(99, 97, 95, 91)
    units[1] = replace(units[1], best=1, passes_on=passes_on)
    assert graded(two, units) == expected


def test_a_unit_holds_back_one_place_only() -> None:
    """One 优秀 place and one 良好 place, both not passed on. The first unit may have 合格 at best: it keeps the 优秀
    place empty, and that is all; the 良好 place goes to the second."""
    one = Quota(QuotaKind.COUNT, Fraction(1))
    both = replace(scheme(), grades=_with_quota(one, one))
    units = points(99, 97, 95)
    units[0] = replace(units[0], best=2, passes_on=False)
    assert graded(both, units) == "合良合"


def test_beyond_two_quotas() -> None:
    one = Quota(QuotaKind.COUNT, Fraction(1))
    assert graded(replace(scheme(), grades=_with_quota(one, one)), points(99, 97, 95, 85)) == "优良合合"


def test_a_further_condition_sends_on() -> None:
    """R: energy targets. 完成 and better need the target met; 未完成 is all the rest."""
    own = scheme(None).grades
    strict = replace(scheme(None), grades=(replace(own[0], also=fact("优秀")), *own[1:]))
    units = points(99, 97)
    units = [replace(unit, also={"优秀": (State.VALUE, i == 0)}) for i, unit in enumerate(units)]
    assert graded(strict, units) == "优良"


def test_the_rest() -> None:
    rest = replace(scheme(None), grades=(*scheme(None).grades[:3], Grade("不合格")))
    assert graded(rest, points(95, 59, 0)) == "优不不"
    middle = (
        Grade("优秀", Interval(Fraction(90))),
        Grade("良好"),
        Grade("合格"),
        Grade("不合格", Interval(None, Fraction(60))),
    )
    assert graded(replace(scheme(None), grades=(*middle[:2], *middle[3:])), points(95, 70, 59)) == "优良不"


def test_places_without_a_threshold() -> None:
    """R8, 珠三角 2014: the first 3 of 9 are 优秀, the others 良好."""
    totals = ("89.45", "88.82", "88.36", "87.79", "87.63", "85.03", "84.67", "84.40", "83.89")
    units = [Unit((State.VALUE, Fraction(text))) for text in totals]
    by_count = (Grade("优秀", quota=Quota(QuotaKind.COUNT, Fraction(3))), Grade("良好"))
    assert graded(replace(scheme(None), grades=by_count), units) == "优优优良良良良良良"
    by_position = (Grade("优秀", position=Interval(None, Fraction(3), high_in=True)), Grade("良好"))
    assert graded(replace(scheme(None), grades=by_position), units) == "优优优良良良良良良"


def test_a_grade_without_threshold_does_not_lift_the_bands_below_it() -> None:
    """优秀 by quota alone; 75 does not reach 良好 (80) for having been looked at for 优秀."""
    by_quota = (
        Grade("优秀", quota=Quota(QuotaKind.COUNT, Fraction(1))),
        Grade("良好", Interval(Fraction(80))),
        Grade("不合格", Interval(None, Fraction(80))),
    )
    assert graded(replace(scheme(None), grades=by_quota), points(95, 85, 75)) == "优良不"


@pytest.mark.parametrize(
    ("base", "count"),
    [(QuotaBase.RANKED, 2), (QuotaBase.APPRAISED, 4), (QuotaBase.QUALIFIED, 1)],
)
def test_the_base_of_a_share(base: QuotaBase, count: int) -> None:
    """Half of: 4 ranked, 8 appraised (4 of them stand apart), 2 with 90 and more."""
    units = [*points(99, 97, 85, 84), *(replace(unit, ranked=False) for unit in points(99, 98, 97, 96))]
    found = graded(scheme(Fraction(1, 2), base=base), units)
    assert found.count("优") == min(count, 2)
    assert found[4:] == "无无无无"


def test_each_category_has_its_own_places() -> None:
    units = [replace(unit, category=name) for unit, name in zip(points(99, 98, 97, 96), "甲甲乙乙", strict=True)]
    assert graded(scheme(Fraction(1, 2), by_category=True), units) == "优良优良"


def test_one_open_total_leaves_its_group_open() -> None:
    units = [replace(unit, category=name) for unit, name in zip(points(99, 98, 97, 96), "甲甲乙乙", strict=True)]
    units[1] = replace(units[1], total=(State.PENDING, None))
    assert graded(scheme(Fraction(1, 2), by_category=True), units) == "待待优良"
    assert graded(scheme(None, by_category=True), units) == "优待优优"


def test_a_promoted_unit_uses_no_place_even_where_it_would_have_won_one() -> None:
    units = [replace(unit, promoted=(State.VALUE, i == 0)) for i, unit in enumerate(points(99, 98, 97))]
    one = replace(scheme(), grades=_with_quota(Quota(QuotaKind.COUNT, Fraction(1))), promoted=fact("晋级"))
    assert graded(one, units) == "优优良"


def test_a_unit_outside_the_ranking_is_appraised_though_its_total_is_open() -> None:
    """Half of 4 appraised is 2. The one that nothing concerns (不涉及) is not appraised."""
    apart = [Unit((State.PENDING, None), ranked=False), Unit((State.VALUE, Fraction(90)), ranked=False)]
    units = [*points(99, 98), *apart, Unit((State.ABSENT, None), ranked=False)]
    appraised = scheme(Fraction(1, 2), base=QuotaBase.APPRAISED, rounding=Mode.DOWN)
    assert graded(appraised, units) == "优优无无无"
    assert graded(scheme(Fraction(1, 2), base=QuotaBase.RANKED), units) == "优良无无无"


def test_a_promotion_does_not_lift_a_barred_unit() -> None:
    units = [replace(unit, promoted=(State.VALUE, True)) for unit in points(70, 70)]
    units[1] = replace(units[1], best=1)
    assert graded(replace(scheme(None), promoted=fact("晋级")), units) == "优合"


# ---- any units, any scheme -----------------------------------------------------------------------------------------


def cells(values: st.SearchStrategy[object], states: bool) -> st.SearchStrategy[tuple[State, object]]:
    """Values; with ``states``, now and then a state in their place."""
    plain_cells = values.map(lambda value: (State.VALUE, value))
    if not states:
        return plain_cells
    odd = st.sampled_from([State.ABSENT, State.ABSENT, State.MISSING, State.PENDING]).map(lambda state: (state, None))
    return st.one_of(*[plain_cells] * 30, odd)


def some_units(states: bool) -> st.SearchStrategy[list[Unit]]:
    """Few totals, so that ties at the cut are the rule."""
    return st.lists(
        st.builds(
            Unit,
            total=cells(st.sampled_from([50, 60, 75, 80, 85, 90, 91, 91, 92, 95, 95, 99]).map(Fraction), states),
            category=st.sampled_from("甲乙"),
            ranked=st.sampled_from([True, True, True, False]),
            best=st.sampled_from([0, 0, 0, 1, 2, 3]),
            passes_on=st.booleans(),
            also=st.fixed_dictionaries({name: cells(st.sampled_from([True, True, False]), states) for name in ORDER}),
            promoted=cells(st.sampled_from([False, False, False, True]), states),
        ),
        min_size=1,
        max_size=14,
    )


shares = st.fractions(0, 1, max_denominator=10).filter(lambda share: 10 % share.denominator == 0)
quotas = st.one_of(
    st.none(),
    shares.map(lambda share: Quota(QuotaKind.SHARE, share)),
    st.integers(0, 5).map(lambda count: Quota(QuotaKind.COUNT, Fraction(count))),
)


@st.composite
def schemes(draw: st.DrawFn) -> GradeScheme:
    own = list(scheme(None).grades)
    for i in range(3):
        own[i] = replace(
            own[i],
            quota=draw(quotas),
            also=draw(st.sampled_from([None, None, fact(own[i].name)])),
            position=draw(st.sampled_from([None, None, None, Interval(None, Fraction(4), high_in=True)])),
            band=draw(st.sampled_from([own[i].band, own[i].band, None])),
        )
    return GradeScheme(
        "年度等次",
        tuple(own),
        draw(st.booleans()),
        draw(st.sampled_from(QuotaBase)),
        draw(st.sampled_from([*Mode, *Mode, None])),
        draw(st.sampled_from([*TieAtCut, *TieAtCut, None])),
        draw(st.sampled_from([None, fact("晋级")])),
    )


@settings(max_examples=400, deadline=None)
@given(schemes(), st.one_of(some_units(False), some_units(False), some_units(True)))
def test_the_graph_and_the_hand_agree(given_scheme: GradeScheme, units: list[Unit]) -> None:
    assert lowered(given_scheme, units) == hand(given_scheme, units)


# ---- checks --------------------------------------------------------------------------------------------------------


def band(low: str | None, high: str | None, low_in: bool = True, high_in: bool = False) -> Interval:
    return Interval(None if low is None else Fraction(low), None if high is None else Fraction(high), low_in, high_in)


def bands(*given_bands: Interval | None) -> GradeScheme:
    names = (*ORDER, "差")
    return replace(scheme(None), grades=tuple(Grade(names[i], one) for i, one in enumerate(given_bands)))


WHOLE = Roundings(total=Rounding(0, Mode.HALF_UP))
CENTS = Roundings(total=Rounding(2, Mode.HALF_UP))


@pytest.mark.parametrize(
    ("given_scheme", "expected"),
    [
        (scheme(), []),
        (scheme(base=None), ["K351"]),
        (scheme(rounding=None), ["K352"]),
        (scheme(tie=None), ["K353"]),
        (scheme(overflow=False), ["K354"]),
        (scheme(Fraction(3, 2)), ["K355"]),
        (bands(), ["K360"]),
        (replace(scheme(None), grades=(*scheme(None).grades[:1], *scheme(None).grades)), ["K361", "K358"]),
        (bands(band("90", None), None, None), ["K363"]),
        (bands(band("60", "90"), band("90", None), band(None, "60")), ["K364"]),
        (replace(scheme(None), grades=_with_quota(None, None, None, Quota(QuotaKind.COUNT, Fraction(1)))), ["K362"]),
    ],
)
def test_check(given_scheme: GradeScheme, expected: list[str]) -> None:
    assert codes(grades.check(given_scheme, setting(given_scheme))) == expected


def test_a_quota_needs_ranks() -> None:
    assert codes(grades.check(scheme(), setting(scheme(), ties=None))) == ["K356"]
    assert codes(grades.check(scheme(None), setting(scheme(None), ties=None))) == []


@pytest.mark.parametrize(
    ("given_bands", "roundings", "expected"),
    [
        # 80 to 89 and 90: a gap for 89.5, none where totals are whole
        ((band("90", None), band("80", "89", high_in=True), band(None, "80")), CENTS, ["K357"]),
        ((band("90", None), band("80", "89", high_in=True), band(None, "80")), WHOLE, []),
        ((band("90", None), band("80", "89", high_in=True), band(None, "80")), Roundings(), ["K357"]),
        # both ends include 90
        ((band("90", None), band("80", "90", high_in=True), band(None, "80")), CENTS, ["K358"]),
        # neither includes 90
        ((band("90", None, low_in=False), band("80", "90"), band(None, "80")), CENTS, ["K357"]),
        # nothing below 60, though totals go down to 0
        ((band("90", None), band("60", "90")), CENTS, ["K357"]),
        # nothing above 90
        ((band("80", "90"), band(None, "80")), CENTS, ["K357"]),
        # 0 以上 and 100 以下 are enough where no total lies outside
        ((band("90", "100", high_in=True), band("0", "90")), CENTS, []),
        ((band("90", None), None), CENTS, []),
    ],
)
def test_gaps_and_overlaps(given_bands: Sequence[Interval | None], roundings: Roundings, expected: list[str]) -> None:
    given_scheme = bands(*given_bands)
    assert codes(grades.check(given_scheme, setting(given_scheme, roundings=roundings))) == expected


def test_a_gap_shows_a_total_and_the_row_that_closes_it() -> None:
    given_scheme = bands(band("90", None), band("80", "89", high_in=True), band(None, "80"))
    [problem] = grades.check(given_scheme, setting(given_scheme, roundings=CENTS))
    assert "总分 89.01 分评什么" in problem.message
    assert problem.mend == "| 良好 | 80 分以上不足 90 分 | 不限 |"


def test_an_overlap_shows_a_total_and_the_row_that_ends_it() -> None:
    given_scheme = bands(band("90", None), band("80", "90", high_in=True), band(None, "80"))
    [problem] = grades.check(given_scheme, setting(given_scheme, roundings=CENTS))
    assert problem.message == "总分 90 分既在“优秀”又在“良好”的分数段里"
    assert problem.mend == "| 良好 | 80 分以上不足 90 分 | 不限 |"


def test_negative_totals_count_where_there_are_deductions() -> None:
    given_scheme = bands(band("60", None), band("0", "60"))
    open_below = TotalRule(Combine.SUM, bonuses=False, deductions=True)
    assert codes(grades.check(given_scheme, setting(given_scheme, roundings=CENTS, total=open_below))) == ["K357"]


def test_rounding_unstated_shows_three_readings() -> None:
    [problem] = grades.check(scheme(Fraction(1, 5), rounding=None), setting(scheme(Fraction(1, 5))))
    assert "78 家的 20% 是 15.6：四舍五入 16 个，舍去尾数 15 个，进一 16 个" in problem.why


def test_sentence() -> None:
    assert grades.sentence(scheme()) == (
        "优秀：90 分以上，名额 30%；良好：80 分以上不足 90 分；合格：60 分以上不足 80 分；不合格：不足 60 分"
    )
