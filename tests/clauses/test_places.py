"""Points by place in all their families, 功效系数法 and 极值法, worked by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from scope import ABSENT, FULL, ZERO, Trial, amount, book, both, codes, deduct, fact, get, item, ratios, scores
from test_ranks import roster, unranked

from perfdsl.clauses.efficacy import Efficacy
from perfdsl.clauses.min_max import MinMax
from perfdsl.clauses.rank_ends import RankEnds
from perfdsl.clauses.rank_even import RankEven
from perfdsl.clauses.rank_falling import RankFalling
from perfdsl.clauses.rank_list import RankList
from perfdsl.clauses.rank_spans import RankSpans
from perfdsl.clauses.rank_switch import RankSwitch
from perfdsl.model.expression import Population
from perfdsl.model.item import Level
from perfdsl.model.units import Ties

BY_FALLING = ratios("90", "80", "80", "70")
"""Places 1, 2, 2, 4; 1, 2, 2, 3; 1, 2.5, 2.5, 4."""


def ranked(clause: Any, full: str = "100", **changes: Any) -> Any:
    return item(clause, full, **({"higher_is_better": True, "population": Population.ALL} | changes))


def numbers(*points: str) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, points))


# ---- lists


def listed(*points: str, **fields: Any) -> RankList:
    return RankList(kind="rank_list", points=numbers(*points), **fields)


def test_a_list_that_goes_on() -> None:
    # 3, 1.5, 0, then 0.5 less for each: the fourth -0.5
    on = listed("3", "1.5", "0", less=(amount("0.5 分"),))
    made = ranked(on, "3", least=Fraction(-2))
    both(Trial(made, ratios("90", "80", "70", "60", "50")), scores("3", "1.5", "0", "-0.5", "-1"))
    bounded = ranked(
        listed("3", "1.5", "0", less=(amount("0.5 分"),), least=amount("-0.5 分")), "3", least=Fraction(-2)
    )
    both(Trial(bounded, ratios("90", "80", "70", "60", "50")), scores("3", "1.5", "0", "-0.5", "-0.5"))
    assert codes(made, book(roster(*"甲" * 5))) == []
    # the seventh would get -2, the eighth -2.5
    assert codes(made, book(roster(*"甲" * 8))) == ["K240"]
    assert codes(ranked(listed("3", "1", rest="rest_nothing", less=(amount("1 分"),)), "3")) == ["K247"]


def test_equal_places_share_or_lose() -> None:
    shared = ranked(listed("60", "57", "54", "51", equal="mean_points"))
    # the two in the second place take 57 and 54
    both(Trial(shared, BY_FALLING), scores("60", "55.5", "55.5", "51"))
    both(Trial(ranked(listed("60", "57", "54", equal="mean_points")), BY_FALLING), scores("60", "55.5", "55.5", None))
    void = ranked(listed("60", "57", "54", "51", equal="tie_void"))
    both(Trial(void, BY_FALLING), scores("60", "0", "0", "51"))
    assert codes(shared) == codes(void) == []
    assert codes(ranked(listed("60", "57", equal="mean_points", ties="dense"))) == ["K247"]


def test_a_switch_by_the_number_of_units() -> None:
    switch = RankSwitch(
        kind="rank_switch",
        points=numbers("3", "1.5", "0"),
        less=(amount("0.5 分"),),
        few=(amount("3 个"),),
        few_points=numbers("3", "0"),
        few_less=(amount("1 分"),),
    )
    made = ranked(switch, "3", least=Fraction(-3))
    both(Trial(made, ratios("90", "80", "70")), scores("3", "0", "-1"))
    both(Trial(made, ratios("90", "80", "70", "60")), scores("3", "1.5", "0", "-0.5"))
    # one of four is not ranked: three are few
    both(Trial(made, unranked("99", "90", "80", "70")), [ABSENT, *scores("3", "0", "-1")])
    assert codes(made) == []
    assert codes(ranked(RankSwitch(kind="rank_switch", points=numbers("3"), few=(amount("5 个"),)), "3")) == ["K267"]


# ---- lines


def falling(less: str, of: str = "less_each", least: str | None = None, **fields: Any) -> RankFalling:
    lowest = None if least is None else amount(least)
    return RankFalling(kind="rank_falling", award=FULL, of=of, less=(amount(less),), least=lowest, **fields)


def test_falling_by_place() -> None:
    both(
        Trial(ranked(falling("2 分", least="95 分")), ratios("90", "80", "70", "60", "50")),
        scores("100", "98", "96", "95", "95"),
    )
    # 5% of the first's; 5% of the place before: 100 × 0.95 × 0.95
    of_first, of_before = falling("5%", "less_of_first", "60%"), falling("5%", "less_of_before")
    both(Trial(ranked(of_first), ratios("90", "80", "70")), scores("100", "95", "90"))
    both(Trial(ranked(of_before), ratios("90", "80", "70")), scores("100", "95", "90.25"))
    both(Trial(ranked(falling("20%", "less_of_first", "70%")), ratios("90", "80", "70")), scores("100", "80", "70"))
    # the mean place 2.5 stands 1.5 places behind the first
    both(Trial(ranked(falling("2 分", least="0 分", ties="average")), BY_FALLING), scores("100", "97", "97", "94"))
    both(Trial(ranked(falling("2 分", least="0 分", equal="tie_void")), BY_FALLING), scores("100", "0", "0", "94"))


def test_falling_problems() -> None:
    assert codes(ranked(falling("5%"))) == ["K260"]
    assert codes(ranked(falling("5%", "less_of_first", "60%"))) == []
    assert codes(ranked(falling("5 分", "less_of_first", "60%"))) == ["K247"]
    assert codes(ranked(falling("2 分"))) == ["K261"]
    assert codes(ranked(falling("2 分")), book(roster(*"甲" * 51))) == []
    assert codes(ranked(falling("2 分")), book(roster(*"甲" * 52))) == ["K261"]
    assert codes(ranked(falling("2 分", least="0 分", ties="average"))) == []
    assert codes(ranked(falling("5%", "less_of_before", ties="average"))) == ["K215"]


def even(alone: str | None = "alone_first", **fields: Any) -> RankEven:
    return RankEven(kind="rank_even", first=get("100 分"), last=get("70 分"), alone=alone, **fields)


def test_even_steps_between_the_ends() -> None:
    # 30 over 3 steps: 10 each
    both(Trial(ranked(even()), BY_FALLING), scores("100", "90", "90", "70"))
    both(Trial(ranked(even(ties="average")), BY_FALLING), scores("100", "85", "85", "70"))
    # three places: 30 over 2 steps
    both(Trial(ranked(even(ties="dense")), BY_FALLING), scores("100", "85", "85", "70"))
    both(Trial(ranked(even()), ratios("90")), scores("100"))
    both(Trial(ranked(even("alone_last")), ratios("90")), scores("70"))
    # all equal and one place: as a single unit
    both(Trial(ranked(even("alone_last", ties="dense")), ratios("90", "90")), scores("70", "70"))
    assert codes(ranked(even())) == []
    assert codes(ranked(even(None))) == ["K262"]


# ---- the ends


def ends(both: str | None = None, turn: str = "turn_from_last", top: int = 2, **fields: Any) -> RankEnds:
    lists = {"sides": ("top", "bottom"), "counts": (Fraction(top), Fraction(2)), "turns": ("turn", turn)}
    points = (numbers("3", "2"), numbers("2", "1"))
    return RankEnds(kind="rank_ends", points=points, verbs=("add", "deduct"), both=both, **lists, **fields)  # type: ignore[arg-type]


def test_the_first_and_the_last_few() -> None:
    made = ranked(ends(), "3", least=Fraction(-2))
    both(Trial(made, ratios("90", "80", "70", "60", "50")), scores("3", "2", "0", "-1", "-2"))
    in_order = ranked(ends(turn="turn_in_order"), "3", least=Fraction(-2))
    both(Trial(in_order, ratios("90", "80", "70", "60", "50")), scores("3", "2", "0", "-2", "-1"))
    # two are last: both are the first from below, and nobody is the second
    both(Trial(made, ratios("90", "80", "70", "50", "50")), scores("3", "2", "0", "-2", "-2"))
    shared = ranked(ends(equal="mean_points"), "3", least=Fraction(-2))
    both(Trial(shared, ratios("90", "80", "70", "50", "50")), scores("3", "2", "0", "-1.5", "-1.5"))


def test_in_both_lists() -> None:
    three = ratios("90", "80", "70")
    given: dict[str, list[Any]] = {"overlap_both": ["1"], "overlap_top": ["2"], "overlap_bottom": ["-1"]}
    for word, middle in given.items():
        made = ranked(ends(both=word), "3", least=Fraction(-2))
        both(Trial(made, three), scores("3", *middle, "-2"))
    both(Trial(ranked(ends(), "3", least=Fraction(-2)), three), scores("3", None, "-2"))


def test_problems_of_the_ends() -> None:
    least = {"least": Fraction(-2)}
    assert codes(ranked(ends(both="overlap_both"), "3", **least)) == []
    assert codes(ranked(ends(), "3", **least)) == ["K265"]
    assert codes(ranked(ends(), "3", **least), book(roster(*"甲" * 4))) == []
    assert codes(ranked(ends(), "3", **least), book(roster(*"甲" * 3))) == ["K265"]
    assert codes(ranked(ends("overlap_both", "turn"), "3", **least)) == ["K264"]
    assert codes(ranked(ends(top=5), "3", **least)) == ["K263"]
    last_four: dict[str, Any] = {"sides": ("bottom",), "counts": numbers("4"), "verbs": ("deduct",), "turns": ("each",)}
    level = RankEnds(kind="rank_ends", points=(numbers("1", "1", "1", "1"),), **last_four)
    assert codes(ranked(level, "3", **least), book(ties=None)) == ["K215"]
    assert codes(ranked(level, "3", **least), book(ties=Ties.AVERAGE)) == ["K215"]
    assert codes(ranked(level, "3", **least), book(ties=Ties.DENSE)) == []
    assert codes(ranked(ends(both="overlap_both"), "3")) == ["K240"]
    assert codes(ranked(ends(both="overlap_both"), "3", level=Level.BONUS)) == ["K247"]
    lists = {"sides": ("bottom",), "counts": (Fraction(2),), "turns": ("each",), "verbs": ("deduct",)}
    last = RankEnds(kind="rank_ends", points=(numbers("1", "1"),), **lists)  # type: ignore[arg-type]
    taking = ranked(last, "3", level=Level.DEDUCTION)
    assert codes(taking) == []
    both(Trial(taking, ratios("90", "80", "70")), scores("0", "-1", "-1"))


# ---- spans


def spans(*given: tuple[int, int, str], **fields: Any) -> RankSpans:
    return RankSpans(
        kind="rank_spans",
        starts=tuple(amount(f"{one} 名") for one, _, _ in given),
        ends=tuple(None if one == to else amount(f"{to} 名") for one, to, _ in given),
        awards=tuple(get(points) for _, _, points in given),
        **fields,
    )


def test_spans_of_places() -> None:
    made = spans((2, 3, "8 分"), (4, 4, "6 分"), first=FULL, rest=get("2 分"))
    both(Trial(ranked(made), ratios("9", "8", "7", "6", "5")), scores("100", "8", "8", "6", "2"))
    open_ = spans((1, 2, "8 分"))
    both(Trial(ranked(open_), ratios("9", "8", "7")), scores("8", "8", None))
    both(
        Trial(ranked(spans((1, 2, "8 分"), rest_nothing="rest_nothing")), ratios("9", "8", "7")), scores("8", "8", "0")
    )
    assert codes(ranked(made)) == []
    assert codes(ranked(spans((1, 3, "10 分"), (5, 10, "8 分"), rest=ZERO))) == ["K266"]
    assert codes(ranked(open_), book(roster(*"甲" * 3))) == ["K216"]
    assert codes(ranked(spans((1, 2, "10 分"), rest=deduct("1 分")))) == ["K213"]


# ---- from the worst to the best


def efficacy(satisfactory: Any = "95%", unacceptable: Any = "60%", **fields: Any) -> Efficacy:
    given: dict[str, Any] = {"base": (amount("60%"),), "low": "base_floor", "cap": "full_at_most"}
    ends_ = [amount(one) if isinstance(one, str) else one for one in (satisfactory, unacceptable)]
    return Efficacy(kind="efficacy", satisfactory=ends_[0], unacceptable=ends_[1], **(given | fields))


def test_efficacy() -> None:
    # 60 + 40 × 17.5 ÷ 35 = 80
    both(Trial(ranked(efficacy()), ratios("95", "77.5", "60", "50", "99")), scores("100", "80", "60", "60", "100"))
    down = efficacy(low="until_item", cap="uncapped")
    # 60 - 40 × 10.5 ÷ 35; 60 - 40 × 60 ÷ 35 is below 0
    both(Trial(ranked(down), ratios("49.5", "0", "98.5")), scores("48", "0", "104"))
    # less is better: from 30 down to 10
    low = efficacy("10%", "30%", base=(amount("40%"),))
    both(Trial(ranked(low), ratios("10", "20", "40")), scores("100", "70", "40"))


def test_efficacy_problems() -> None:
    assert codes(ranked(efficacy())) == []
    assert codes(ranked(efficacy(base=()))) == ["K269"]
    assert codes(ranked(efficacy(low=None))) == ["K269"]
    assert codes(ranked(efficacy("60%"))) == ["K221"]
    column = fact("满意值", "%")
    assert codes(ranked(efficacy(column))) == ["K268"]
    assert codes(ranked(efficacy(column, spread="spread_full"))) == []


def test_range() -> None:
    made = MinMax(kind="min_max", spread="spread_full")
    both(Trial(ranked(made), ratios("90", "75", "60")), scores("100", "50", "0"))
    both(Trial(ranked(made, higher_is_better=False), ratios("90", "75", "60")), scores("0", "50", "100"))
    based = MinMax(kind="min_max", base=(amount("60%"),), spread="spread_least")
    both(Trial(ranked(based), ratios("90", "75", "60")), scores("100", "80", "60"))
    both(Trial(ranked(based), ratios("90", "90")), scores("60", "60"))
    both(Trial(ranked(made), ratios("90", "90")), scores("100", "100"))
    assert codes(ranked(made)) == []
    assert codes(ranked(MinMax(kind="min_max"))) == ["K268"]
    assert codes(ranked(made, higher_is_better=None)) == ["K202"]
