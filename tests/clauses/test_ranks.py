"""按名次得 60、57、54 分; 第一名 6 分，其余按与第一名的比例."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from scope import ABSENT, FULL, Trial, book, both, codes, fact, get, item, numbers, ratios, scores

from perfdsl.clauses.rank_list import RankList
from perfdsl.clauses.ratio_to_first import RatioToFirst
from perfdsl.model.expression import Population
from perfdsl.model.item import Level
from perfdsl.model.table import UNITS, RowOf, RuleCell, Table, TableColumn, TableRole
from perfdsl.model.units import Ties, ValueType


def places(*points: str, **fields: Any) -> RankList:
    return RankList(kind="rank_list", points=tuple(map(Fraction, points)), **fields)


def ranked(clause: RankList, **changes: Any) -> Any:
    return item(clause, "60", **({"higher_is_better": True, "population": Population.ALL} | changes))


def roster(*categories: str) -> Table:
    rows = tuple((RuleCell(f"单位{at}"), RuleCell(name)) for at, name in enumerate(categories))
    columns = (TableColumn("单位", ValueType.TEXT), TableColumn("类别", ValueType.TEXT))
    return Table(UNITS, TableRole.RULE, RowOf.UNIT, columns, rows)


def test_two_firsts() -> None:
    values = ratios("90", "95", "95", "80")
    # 并列占位: 1, 1, 3, 4; 并列不占位: 1, 1, 2, 3
    both(Trial(ranked(places("60", "57", "54", "51")), values), scores("54", "60", "60", "51"))
    both(Trial(ranked(places("60", "57", "54", ties="dense")), values), scores("57", "60", "60", "54"))
    dense = book(ties=Ties.DENSE)
    both(Trial(ranked(places("60", "57", "54")), values, dense), scores("57", "60", "60", "54"))


def test_beyond_the_list() -> None:
    values = ratios("90", "95", "80")
    both(Trial(ranked(places("60", "57")), values), scores("57", "60", None))
    both(Trial(ranked(places("60", "57", rest="rest_nothing")), values), scores("57", "60", "0"))


def test_a_place_is_better_low() -> None:
    made = ranked(places("60", "57", "54"), value=fact("实际", "名次"), higher_is_better=None)
    both(Trial(made, numbers("3", "1", "9")), scores("57", "60", "54"))
    assert codes(made) == []


def unranked(*percents: str) -> list[dict[str, Any]]:
    """Units of which the first is outside the population."""
    return [row | {"参加排名": at > 0} for at, row in enumerate(ratios(*percents))]


def test_who_is_not_ranked_has_no_place_and_takes_none() -> None:
    both(Trial(ranked(places("60", "57")), unranked("99", "95", "90")), [ABSENT, *scores("60", "57")])


def test_a_deduction_by_rank() -> None:
    made = ranked(places("3", "2", rest="rest_nothing"), higher_is_better=False, level=Level.DEDUCTION)
    both(Trial(made, ratios("10", "20", "30")), scores("-3", "-2", "0"))


def test_rank_problems() -> None:
    made = ranked(places("60", "57"))
    assert codes(made) == []
    assert codes(ranked(places("60", "57"), higher_is_better=None)) == ["K202"]
    assert codes(made, book(ties=None)) == ["K215"]
    assert codes(made, book(ties=Ties.AVERAGE)) == ["K215"]
    # three firsts: whether a fourth gets 60 depends on how the ties before it count, and 2.5 is no place of the list
    level = ranked(places("60", "60", "60", rest="rest_nothing"))
    assert codes(level, book(ties=None)) == codes(level, book(ties=Ties.AVERAGE)) == ["K215"]
    assert codes(made, book(roster("甲", "甲", "甲"))) == ["K216"]
    assert codes(ranked(places("60", "57", rest="rest_nothing")), book(roster("甲", "甲", "甲"))) == []
    assert codes(ranked(places("60", "57"), population=Population.CATEGORY), book(roster("甲", "乙", "甲"))) == []
    assert codes(ranked(places("57", "60"))) == ["K217"]
    assert codes(ranked(places("62", "57"))) == ["K210"]


def ratio(which: str = "first", award: Any = None, **fields: Any) -> RatioToFirst:
    return RatioToFirst(kind="ratio_to_first", which=which, award=award or get("6 分"), **fields)


def compared(clause: RatioToFirst, **changes: Any) -> Any:
    given: dict[str, Any] = {"higher_is_better": True, "population": Population.ALL}
    return item(clause, **(given | changes))


def test_in_proportion_to_the_best() -> None:
    # 6 × 72/90; what negative growth gives is written, or open
    both(Trial(compared(ratio()), ratios("90", "72", "-9")), scores("6", "4.8", None))
    nothing = ratio(negative="negative_nothing")
    both(Trial(compared(nothing), ratios("90", "72", "-9")), scores("6", "4.8", "0"))
    # 6 × -9/90
    signed = ratio(negative="negative_signed")
    both(Trial(compared(signed), ratios("90", "72", "-9")), scores("6", "4.8", "-0.6"))
    both(Trial(compared(ratio("highest", FULL)), ratios("90", "45")), scores("10", "5"))


def test_best_over_value_where_low_is_better() -> None:
    both(Trial(compared(ratio(), higher_is_better=False), ratios("20", "30")), scores("6", "4"))
    both(Trial(compared(ratio("lowest"), higher_is_better=None), ratios("20", "60")), scores("6", "2"))


def test_the_best_is_one_of_the_population() -> None:
    # the first unit is not ranked: 6 × 99/90, measured against the best of the others
    both(Trial(compared(ratio()), unranked("99", "90", "45")), scores("6.6", "6", "3"))


def test_no_ratio_to_nothing() -> None:
    both(Trial(compared(ratio()), ratios("0", "-5")), scores(None, None))
    both(Trial(compared(ratio(), higher_is_better=False), ratios("0", "5")), scores(None, None))
    nobody, alone = ratio(nothing="first_nobody"), ratio(nothing="first_alone")
    both(Trial(compared(nobody, higher_is_better=False), ratios("0", "5")), scores("0", "0"))
    both(Trial(compared(alone, higher_is_better=False), ratios("0", "5", "0")), scores("6", "0", "6"))
    both(Trial(compared(alone), ratios("-1", "-5")), scores("6", "0"))


def test_ratio_problems() -> None:
    assert codes(compared(ratio())) == []
    assert codes(compared(ratio(), higher_is_better=None)) == ["K202"]
    assert codes(compared(ratio("highest"), higher_is_better=False)) == ["K247"]
    assert codes(compared(ratio("lowest", nothing="first_alone"))) == ["K247"]
    assert codes(compared(ratio("lowest"), higher_is_better=None)) == ["K268"]
    growth = {"value": fact("增速", "%")}
    assert codes(compared(ratio(), **growth)) == ["K268", "K268"]
    said = {"negative": "negative_signed", "nothing": "first_alone"}
    assert codes(compared(ratio(**said), **growth)) == []
    assert codes(compared(ratio(award=get("12 分")))) == ["K210"]
