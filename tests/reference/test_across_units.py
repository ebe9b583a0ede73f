"""Functions over units, and places: by hand, by the auditor's reading and by the graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from books import ABSENT, MEET, MISSING, NONE, Plain, answers, book, fact, group, item, table, year

from perfdsl.clauses.measure import Measure
from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.compile.lower import lower
from perfdsl.data.columns import Dataset
from perfdsl.engine.columnar import run
from perfdsl.model.expression import (
    Across,
    AcrossUnits,
    Compare,
    Comparison,
    ItemRef,
    Number,
    Percentile,
    Placed,
    Population,
)
from perfdsl.model.item import AnswerKind, Item
from perfdsl.model.rulebook import Category, Rule, Rulebook, TieBreak
from perfdsl.model.states import State
from perfdsl.model.table import FACTS, UNITS, RowOf, Table, TableColumn, TableRole
from perfdsl.model.units import PLACES, POINTS, Ties, ValueType
from perfdsl.reference import evaluate


def declared(rulebook: Rulebook, data: Dataset) -> Rulebook:
    """The rulebook with the tables of ``data`` declared, so that it can be lowered."""
    names: dict[str, list[TableColumn]] = {}
    for full, column in data[UNIT_GRAIN].columns.items():
        of, _, name = full.partition(".")
        unit = POINTS if column.kind is ValueType.NUMBER else None
        names.setdefault(of, []).append(TableColumn(name, column.kind, unit))
    roster = Table(UNITS, TableRole.RULE, RowOf.UNIT, tuple(names[UNITS]))
    return replace(rulebook, tables=(roster, table(FACTS, RowOf.UNIT, *names[FACTS])))


def both(rulebook: Rulebook, data: Dataset, name: str) -> list[object]:
    """One output of all units, on which both engines agree; states where there is no value."""
    graph = lower(declared(rulebook, data))
    columnar = run(graph, data).output(name, UNIT_GRAIN)
    by_hand = tuple(evaluate(rulebook, data)[name])
    assert columnar == by_hand
    return [value if state is State.VALUE else state for state, value in by_hand]


def over(fn: Across, with_self: bool = True, **more: object) -> Item:
    """An indicator whose 指标值 is ``fn`` of 分数 over all units."""
    asked = AcrossUnits(fn, fact("分数"), Population.ALL, with_self, **more)  # type: ignore[arg-type]
    return item("A1", value=asked)


def values(one: Item, scores: Sequence[Plain], **more: Sequence[Plain]) -> list[object]:
    return both(book(group("A", one)), year({"分数": scores, **more}), "value:A1")


FIVE = [60, 70, 80, 90, 100]


@pytest.mark.parametrize(
    ("fn", "with_self", "expected"),
    [
        (Across.GREATEST, True, [100] * 5),
        (Across.GREATEST, False, [100, 100, 100, 100, 90]),
        (Across.LEAST, True, [60] * 5),
        (Across.LEAST, False, [70, 60, 60, 60, 60]),
        (Across.SUM, True, [400] * 5),
        (Across.SUM, False, [340, 330, 320, 310, 300]),
        (Across.MEDIAN, True, [80] * 5),
        # the others of 60 are 70, 80, 90, 100: halfway between 80 and 90
        (Across.MEDIAN, False, [85, 85, 80, 75, 75]),
    ],
)
def test_what_the_units_have(fn: Across, with_self: bool, expected: list[object]) -> None:
    assert values(over(fn, with_self), FIVE) == expected


def test_equal_values_are_each_one_unit() -> None:
    # without itself, each of the two best still has a best of 100 beside it
    assert values(over(Across.GREATEST, False), [100, 100, 60]) == [100, 100, 100]
    assert values(over(Across.MEDIAN), [60, 60, 60, 100]) == [60] * 4
    # the others of 100: 60, 60, 60; of a 60: 60, 60, 100
    assert values(over(Across.MEDIAN, False), [60, 60, 60, 100]) == [60] * 4


def test_percentiles() -> None:
    # place 1 + 4 × 0.9 = 4.6: 90 + 0.6 × 10; the nearest place is ⌈5 × 0.9⌉ = 5
    share = Fraction(9, 10)
    assert values(over(Across.PERCENTILE, share=share, method=Percentile.INTERPOLATED), FIVE) == [96] * 5
    assert values(over(Across.PERCENTILE, share=share, method=Percentile.NEAREST), FIVE) == [100] * 5
    # ⌈5 × 0.4⌉ = 2; ⌈5 × 0⌉ = 0, the first at least
    assert values(over(Across.PERCENTILE, share=Fraction(2, 5), method=Percentile.NEAREST), FIVE) == [70] * 5
    assert values(over(Across.PERCENTILE, share=Fraction(0), method=Percentile.NEAREST), FIVE) == [60] * 5
    assert values(over(Across.PERCENTILE, share=Fraction(1)), FIVE) == [100] * 5


def test_a_weighted_mean() -> None:
    weighted = over(Across.WEIGHTED_MEAN, weight=fact("人口"))
    # (60 × 1 + 90 × 2) ÷ 3
    assert values(weighted, [60, 90], 人口=[1, 2]) == [80, 80]
    others = over(Across.WEIGHTED_MEAN, False, weight=fact("人口"))
    assert values(others, [60, 90, 30], 人口=[1, 2, 1]) == [70, 45, 80]
    # whose weight is not there does not count
    assert values(weighted, [60, 90, 30], 人口=[1, 2, NONE]) == [80, 80, 80]
    # nothing to divide by
    assert values(weighted, [60, 90], 人口=[0, 0]) == [State.PENDING] * 2


def test_who_has_no_value_is_not_counted_and_who_did_not_report_leaves_it_open() -> None:
    assert values(over(Across.MEDIAN), [60, ABSENT, 80]) == [70, 70, 70]
    assert values(over(Across.MEDIAN), [60, MISSING, 80]) == [MISSING] * 3
    # the own value is not among those of the others
    assert values(over(Across.MEDIAN, False), [60, MISSING, 80]) == [MISSING, 70, MISSING]
    assert values(over(Across.SUM, False), [60, NONE]) == [ABSENT, 60]


def test_places() -> None:
    def place(greatest_first: bool, ties: Ties) -> Item:
        made = over(Across.RANK, greatest_first=greatest_first, ties=ties)
        return replace(made, scoring=MEET, target=Number(Fraction(1), PLACES), higher_is_better=False)

    scores = [90, 80, 80, 70, NONE]
    assert values(place(True, Ties.COMPETITION), scores) == [1, 2, 2, 4, ABSENT]
    assert values(place(True, Ties.DENSE), scores) == [1, 2, 2, 3, ABSENT]
    assert values(place(False, Ties.AVERAGE), scores) == [4, Fraction(5, 2), Fraction(5, 2), 1, ABSENT]
    assert values(place(True, Ties.DENSE), [90, MISSING, NONE]) == [MISSING, MISSING, ABSENT]


def test_who_applies_asks_all_units() -> None:
    """适用 that looks at other units looks at all: it is what says to whom the item applies."""
    mean = AcrossUnits(Across.MEAN, fact("分数"), Population.ALL)
    # the mean is 80; 80 and 90 are at or above it, and the greatest among those is 90
    one = over(Across.LEAST)
    one = replace(
        one,
        applies=Comparison(Compare.GREATER_EQUAL, fact("分数"), mean),
        answers=answers(absent=AnswerKind.SKIP),
    )
    assert values(one, [70, 80, 90]) == [ABSENT, 80, 80]


def applied(condition: object, scores: Sequence[Plain], **fields: object) -> list[object]:
    """对象 of a measure, by total."""
    rule = Rule("Y1", "约谈", Measure(kind="measure", whom=condition, action="约谈"))  # type: ignore[arg-type]
    return both(book(item("A1"), applications=(rule,), **fields), year({"A1": scores}), "application:Y1")


def test_the_first_and_the_last_few() -> None:
    scores = [9, 8, 8, 7, 5, 5]
    # two share the second place: among the first two both, or neither
    assert applied(Placed(True, 2, True), scores) == [True, True, True, False, False, False]
    assert applied(Placed(True, 2, False), scores) == [True, False, False, False, False, False]
    assert applied(Placed(False, 1, True), scores) == [False, False, False, False, True, True]
    assert applied(Placed(False, 1, False), scores) == [False] * 6
    assert applied(Placed(False, 3, False), scores) == [False, False, False, True, True, True]


def test_a_place_is_a_number() -> None:
    second = Comparison(Compare.LESS_EQUAL, ItemRef("rank", "", PLACES), Number(Fraction(2), PLACES))
    assert applied(second, [9, 8, 8, 7]) == [True, True, True, False]


def test_who_is_not_ranked_is_neither_first_nor_last() -> None:
    categories = (Category("区县"), Category("单列", ranked=False))
    rule = Rule("Y1", "约谈", Measure(kind="measure", whom=Placed(False, 1, True), action="约谈"))
    data = year({"A1": [9, 5, 1]}, ["区县", "区县", "单列"])
    rulebook = book(item("A1"), applications=(rule,), categories=categories)
    assert both(rulebook, data, "application:Y1") == [False, True, False]


def test_equal_totals_are_told_apart() -> None:
    """先比 重（高者在前），再比 件（低者在前）; who has no 重 stands behind those who have."""
    breaks = (TieBreak(fact("重")), TieBreak(fact("件"), greatest_first=False))

    def places(**more: Sequence[Plain]) -> list[object]:
        return both(book(item("A1"), breaks=breaks), year({"A1": [9, 8, 8, 8, 8], **more}), "rank")

    # all of 8: 重 3, 3, 2, none; of the two with 3 the one with fewer 件 is first
    assert places(重=[1, 3, 3, 2, NONE], 件=[0, 5, 4, 0, 0]) == [1, 3, 2, 4, 5]
    # still equal: they share the place
    assert places(重=[1, 3, 3, 3, 2], 件=[0, 5, 5, 6, 0]) == [1, 2, 2, 4, 5]
    assert places(重=[1, MISSING, 3, 3, 2], 件=[0] * 5) == [State.PENDING] * 5


def test_who_has_no_total_leaves_no_rank_open() -> None:
    categories = (Category("区县"), Category("驻点", excluded=True))
    data = year({"A1": [9, 8, 8, 8], "重": [1, MISSING, 3, 2]}, ["区县", "驻点", "区县", "区县"])
    made = book(item("A1"), breaks=(TieBreak(fact("重")),), categories=categories)
    assert both(made, data, "rank") == [1, State.ABSENT, 2, 3]


def test_the_last_few_after_ties_are_broken() -> None:
    rule = Rule("Y1", "约谈", Measure(kind="measure", whom=Placed(False, 2, False), action="约谈"))
    made = book(item("A1"), applications=(rule,), breaks=(TieBreak(fact("重")),))
    data = year({"A1": [9, 8, 8, 8], "重": [0, 3, 2, 1]})
    assert both(made, data, "application:Y1") == [False, False, True, True]
