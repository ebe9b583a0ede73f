"""Ranks and grades of whole years, and what is done with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from books import (
    ABSENT,
    MISSING,
    PENDING,
    Plain,
    answers,
    book,
    found,
    group,
    item,
    number,
    scheme,
    year,
    yes,
)

from perfdsl.clauses.application import Application
from perfdsl.clauses.bar_top import BarTop
from perfdsl.clauses.cap_grade import CapGrade
from perfdsl.clauses.drop_grade import DropGrade
from perfdsl.clauses.measure import Measure
from perfdsl.clauses.veto import Veto
from perfdsl.model.expression import TRUE, Happened, InGrade, Number
from perfdsl.model.grade import GradeScheme, TieAtCut
from perfdsl.model.item import AnswerKind, Clause
from perfdsl.model.rulebook import Category, Period, Rule, Rulebook
from perfdsl.model.units import RATIO, Mode, Ties

TREE = group("A", item("A1", 100, answers=answers(absent=AnswerKind.SKIP)))
THIRD = Fraction(1, 3)


def graded(given: GradeScheme, *rules: Clause, **fields: object) -> Rulebook:
    """A rulebook of one indicator, graded, with these vetoes."""
    vetoes = tuple(Rule(f"F{i}", f"F{i}", clause) for i, clause in enumerate(rules))
    return book(TREE, scheme=given, vetoes=vetoes, **fields)


def initials(
    rulebook: Rulebook, totals: Sequence[Plain], categories: Sequence[str] = (), **facts: Sequence[Any]
) -> str:
    """First letters of the grades; 待 for 待定, 无 for none."""
    cells = found(rulebook, year({"A1": totals, **facts}, categories), "grade")
    return "".join({PENDING: "待", ABSENT: "无"}.get(cell, str(cell)[0]) for cell in cells)  # type: ignore[call-overload]


def bar(name: str, kind: str = "backfill") -> BarTop:
    return BarTop(kind="bar_top", when=yes(name), quota=kind)


def drop(name: str, count: int = 1) -> DropGrade:
    return DropGrade(kind="drop_grade", when=yes(name), effect="drop", count=Number(Fraction(count), RATIO))


# ---- ranks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        (Ties.COMPETITION, [1, 2, 2, 4]),
        (Ties.DENSE, [1, 2, 2, 3]),
        (Ties.AVERAGE, [1, Fraction("2.5"), Fraction("2.5"), 4]),
    ],
)
def test_ties(ties: Ties, expected: list[object]) -> None:
    """The published totals tie: 89.995 and 90.004 are both 90.00."""
    data = year({"A1": [95, number("89.995"), number("90.004"), 80]})
    assert found(book(TREE, ties=ties), data, "rank") == expected


def test_units_outside_the_ranking_have_no_rank_and_take_none() -> None:
    rulebook = book(TREE, categories=(Category("市直"), Category("单列", ranked=False)))
    data = year({"A1": [90, 99, 80, ABSENT]}, ["市直", "单列", "市直", "市直"])
    assert found(rulebook, data, "rank") == [1, ABSENT, 2, ABSENT]


def test_one_open_total_leaves_the_ranks_of_its_group_open() -> None:
    categories = (Category("区县"), Category("市直"), Category("单列", ranked=False))
    data = year({"A1": [90, MISSING, 80, 70, MISSING]}, ["区县", "区县", "市直", "市直", "单列"])
    apart = book(TREE, categories=categories, scheme=scheme(by_category=True))
    assert found(apart, data, "rank") == [PENDING, PENDING, 1, 2, ABSENT]
    together = book(TREE, categories=categories, scheme=scheme())
    assert found(together, data, "rank") == [PENDING, PENDING, PENDING, PENDING, ABSENT]


# ---- grades --------------------------------------------------------------------------------------------------------


def test_bands() -> None:
    assert initials(graded(scheme()), [90, number("89.994"), number("89.995"), 60, number("59.99")]) == "优良优合不"


def test_a_fifth_of_78_is_16() -> None:
    totals: Sequence[Plain] = [Fraction(9999 - i, 100) for i in range(78)]
    assert initials(graded(scheme(Fraction(1, 5))), totals) == "优" * 16 + "良" * 62


@pytest.mark.parametrize(("mode", "count"), [(Mode.HALF_UP, 3), (Mode.HALF_EVEN, 2), (Mode.DOWN, 2), (Mode.UP, 3)])
def test_two_and_a_half_places(mode: Mode, count: int) -> None:
    """25% of 10 units."""
    totals: Sequence[Plain] = [99 - i for i in range(10)]
    assert initials(graded(scheme(Fraction(1, 4), rounding=mode)), totals) == "优" * count + "良" * (10 - count)


@pytest.mark.parametrize(("tie", "expected"), [(TieAtCut.ALL_IN, "优优优良"), (TieAtCut.ALL_OUT, "优良良良")])
def test_a_tie_at_the_cut(tie: TieAtCut, expected: str) -> None:
    """Half of 4 is 2; the second and the third are equal."""
    assert initials(graded(scheme(Fraction(1, 2), tie=tie)), [99, 95, 95, 91]) == expected


@pytest.mark.parametrize(("kind", "expected"), [("backfill", "优良优良"), ("no_backfill", "优良良良")])
def test_a_barred_unit_and_its_place(kind: str, expected: str) -> None:
    rulebook = graded(scheme(Fraction(1, 2)), bar("通报", kind))
    assert initials(rulebook, [99, 97, 95, 91], 通报=[False, True, False, False]) == expected


def test_of_two_limits_the_harder_one_counts_and_each_says_itself_whose_place_it_is() -> None:
    """The second unit is barred (its place passes on) and capped at 合格 (its place stays empty): it does not stand
    for 优秀, since the bar passes the place on."""
    cap = CapGrade(kind="cap_grade", when=yes("亏损"), effect="no_better", grades=("合格",), quota="no_backfill")
    rulebook = graded(scheme(Fraction(1, 2)), bar("通报"), cap)
    flags = [False, True, False, False]
    assert initials(rulebook, [99, 97, 95, 91], 通报=flags, 亏损=flags) == "优合优良"


def test_veto_bar_drop_and_cap_in_their_order() -> None:
    """A: nothing. B: barred, then one grade down: 良好 → 合格. C: vetoed and dropped: 不合格 stays the last.
    D: two drops of one grade each: 优秀 → 合格. E: dropped one grade, and after the quota not above 合格."""
    rulebook = graded(
        scheme(),
        bar("否优"),
        Veto(kind="veto", when=yes("否决"), quota="backfill"),
        drop("降一"),
        drop("再降"),
        DropGrade(kind="drop_grade", when=yes("不高于"), effect="no_better", grades=("合格",)),
    )
    no: Any = [False] * 5
    flags: dict[str, Any] = {
        "否优": [False, True, False, False, False],
        "否决": [False, False, True, False, False],
        "降一": [False, True, True, True, True],
        "再降": [False, False, False, True, False],
        "不高于": [False, False, False, False, True],
    }
    assert initials(rulebook, [95] * 5, **flags) == "优合不合合"
    assert initials(rulebook, [95] * 5, **dict.fromkeys(flags, no)) == "优优优优优"


def test_a_drop_leaves_the_others_where_they_were() -> None:
    """One place. The first unit earned it and is moved down; the second stays 良好."""
    assert initials(graded(scheme(Fraction(1, 2)), drop("虚报")), [99, 97], 虚报=[True, False]) == "良良"


def test_an_open_condition_leaves_the_grade_open() -> None:
    """Without a quota the unit's own; with one, everybody's. 不涉及 is not met."""
    facts: dict[str, Any] = {"通报": [MISSING, ABSENT, True]}
    assert initials(graded(scheme(), bar("通报")), [95, 95, 95], **facts) == "待优良"
    assert initials(graded(scheme(THIRD), bar("通报")), [95, 95, 95], **facts) == "待待待"
    assert initials(graded(scheme(THIRD), drop("通报")), [95, 95, 95], **facts) == "待优良"
    rulebook = graded(scheme(), bar("通报"))
    assert found(rulebook, year({"A1": [95, 95, 95], **facts}), "veto:F0") == [MISSING, False, True]


def test_an_open_total_leaves_other_grades_open_where_there_is_a_quota() -> None:
    assert initials(graded(scheme()), [95, MISSING, 70]) == "优待合"
    assert initials(graded(scheme(THIRD)), [95, MISSING, 70]) == "待待待"


def test_a_category_that_is_treated_as_a_grade_takes_no_place() -> None:
    """单列 is 优秀 and takes none of the 2 places of 4 ranked units; what acts after the quota acts on it too."""
    categories = (Category("市直"), Category("单列", ranked=False, treated_as="优秀"), Category("其他", ranked=False))
    rulebook = graded(scheme(Fraction(1, 2)), drop("虚报"), categories=categories)
    flags: Sequence[Plain] = [False, False, False, False, False, True, False]
    of = ("市直", "市直", "市直", "市直", "单列", "单列", "其他")
    assert initials(rulebook, [99, 98, 97, 96, 10, MISSING, 99], of, 虚报=flags) == "优优良良优良无"


def test_promotions_outside_the_quota() -> None:
    """One place of 4; the last two are promoted, but the very last is barred from it."""
    rulebook = graded(scheme(Fraction(1, 4), promoted=yes("晋级")), bar("通报"))
    facts: dict[str, Any] = {"晋级": [False, False, True, True], "通报": [False, False, False, True]}
    assert initials(rulebook, [99, 98, 70, 69], **facts) == "优良优合"


def test_a_veto_by_the_ledger() -> None:
    """情形：台账 “事故” 1 起以上."""
    rulebook = graded(scheme(), Veto(kind="veto", when=Happened("事故", TRUE, 1), quota="backfill"))
    data = year({"A1": [95, 95]}, ledgers={"事故": {"单位": ["B"]}})
    assert found(rulebook, data, "grade") == ["优秀", "不合格"]
    assert found(rulebook, data, "veto:F0") == [False, True]


# ---- applications --------------------------------------------------------------------------------------------------


def applied(rulebook: Rulebook, clause: Clause) -> Rulebook:
    return replace(rulebook, applications=(Rule("Y01", "Y01", clause),))


def test_a_number_by_grade() -> None:
    names, texts = ("优秀", "良好", "合格", "不合格"), ("1.2", "1", "0.8", "0")
    bonus = Application(
        kind="application", grades=names, numbers=tuple(Number(Fraction(text), RATIO) for text in texts)
    )
    data = year({"A1": [95, 65, MISSING, ABSENT]})
    assert found(applied(graded(scheme()), bonus), data, "application:Y01") == [
        Fraction("1.2"),
        Fraction("0.8"),
        PENDING,
        ABSENT,
    ]


def test_a_measure_by_grade() -> None:
    talk = Measure(kind="measure", whom=InGrade(("不合格",)), action="约谈")
    data = year({"A1": [95, 55, MISSING, ABSENT]})
    assert found(applied(graded(scheme()), talk), data, "application:Y01") == [False, True, PENDING, False]


YEARS: dict[str, Sequence[Plain]] = {
    "单位": ["A", "A", "B", "B", "C", "D", "D", "D", "D", "E", "E", "F", "F"],
    "年度": [2023, 2024, 2023, 2024, 2023, 2021, 2022, 2023, 2024, 2023, 2024, 2023, 2024],
    "等次": [*["优秀"] * 3, "良好", *["优秀"] * 5, MISSING, "优秀", MISSING, "良好"],
}


@pytest.mark.parametrize(
    ("restart", "expected"),
    [
        (False, [True, False, False, True, MISSING, False, False]),
        (True, [True, False, False, False, MISSING, False, False]),
    ],
)
def test_three_years_in_a_row(restart: bool, expected: list[object]) -> None:
    """2025 is 优秀 for all but the last. A: 2023, 2024 too. B: 良好 in 2024. C: nothing known of 2024, so the run is
    broken. D: since 2021; counted again after 2023, this is only the second year. E: 2023 未报. F: 2023 未报, but
    2024 broke the run. G: no years, and this year 合格."""
    award = Measure(kind="measure", whom=InGrade(("优秀",), 3, restart), action="记集体三等功")
    rulebook = applied(graded(scheme(), period=Period(date(2025, 1, 1), date(2025, 12, 31))), award)
    data = year({"A1": [95, 95, 95, 95, 95, 95, 70]}, ledgers={"历年等次": YEARS})
    assert found(rulebook, data, "application:Y01") == expected
