"""People who rate and vote: trimmed means, void ballots, layers, satisfaction, votes by rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from scope import PENDING, Trial, amount, book, both, codes, fact, item, scores

from perfdsl.clauses.borda import Borda
from perfdsl.clauses.raters import Raters
from perfdsl.clauses.satisfaction import Counted, Satisfaction
from perfdsl.model.expression import TRUE, OwnRef
from perfdsl.model.grade import Interval
from perfdsl.model.item import Clause, LedgerUse, Numbers
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import RowOf, Table, TableColumn, TableRole
from perfdsl.model.units import POINTS, RATIO, Unit, ValueType

LAYERS = ("领导", "代表")
TEXT, NUMBER = ValueType.TEXT, ValueType.NUMBER
KEYS = (TableColumn("单位", TEXT), TableColumn("评委", TEXT))


def table(*columns: TableColumn, row_of: RowOf = RowOf.RATER) -> Rulebook:
    return book(Table("票", TableRole.FACT, row_of, (*KEYS, *columns)))


SHEETS = table(TableColumn("层别", TEXT, choices=LAYERS), TableColumn("打分", NUMBER, POINTS))
USE = LedgerUse("票", TRUE)
UNITS = {"打分": POINTS, "名次": Unit(("名次",))}
MEAN = Raters(kind="raters", use=USE)
TRIM = replace(MEAN, drop="drop_one", over=(amount("5"),), equal="as_many")


def sheet(scores: Mapping[str, Sequence[str]], layers: str = "") -> list[dict[str, Any]]:
    """Unit → what the raters 1, 2, 3 … gave; ``layers``: 领 or 代 for each rater."""
    lines = []
    for unit, given in scores.items():
        for at, score in enumerate(given):
            layer = "代表" if layers[at : at + 1] == "代" else "领导"
            line = {"单位": f"单位{unit}", "评委": f"评委{at}", "层别": layer, "打分": Fraction(score)}
            lines += [line] if score != "-1" else []
    return lines


def trial(clause: Clause, lines: Sequence[Mapping[str, Any]], units: int, rulebook: Rulebook = SHEETS) -> Trial:
    made = item(clause, "100", value=None)
    return Trial(made, [{"类别": "区县"}, *[{"类别": "市直"}] * (units - 1)], rulebook, lines, UNITS)


def test_more_than_five_raters_lose_their_ends() -> None:
    lines = sheet({"0": ["95", "95", "90", "80", "70", "70"], "1": ["95", "90", "80", "70", "60"]})
    # six: (95 + 90 + 80 + 70) ÷ 4 = 83.75; five are not more than five: 395 ÷ 5 = 79
    both(trial(TRIM, lines, 2), scores("83.75", "79"))
    # all that are equal go: (90 + 80) ÷ 2 = 85
    both(trial(replace(TRIM, equal="all_equal"), lines, 2), scores("85", "79"))


def test_all_alike_are_all_extremes_and_nobody_is_left() -> None:
    lines = sheet({"0": ["80"] * 6})
    both(trial(TRIM, lines, 1), scores("80"))
    both(trial(replace(TRIM, equal="all_equal"), lines, 1), [PENDING])
    both(trial(MEAN, [line | {"单位": "单位1"} for line in lines], 2), [PENDING, *scores("80")])


def test_two_at_each_end_and_a_factor() -> None:
    lines = sheet({"0": ["99", "98", "90", "80", "70", "10", "9"]})
    two = replace(TRIM, drop="drop_ends", ends=(amount("2"),), times=(amount("20%"),))
    # 90, 80 and 70 are left: 80 × 20% = 16
    both(trial(two, lines, 1), scores("16"))


@pytest.mark.parametrize(
    ("void", "expected"),
    [
        # (90 + 85 + 80) ÷ 3; (95 + 85 + 80) ÷ 3; (80 + 85 + 71) ÷ 3
        ((), ("85", "260/3", "236/3")),
        # rater 1 gave 85 to all: 90 and 80; 95 and 80; 80 and 71
        (("all_alike",), ("85", "87.5", "75.5")),
        # rater 2 gave two the same as well: only rater 0 is left
        (("two_alike",), ("90", "95", "80")),
    ],
)
def test_void_ballots(void: tuple[str, ...], expected: tuple[str, ...]) -> None:
    lines = sheet({"0": ["90", "85", "80"], "1": ["95", "85", "80"], "2": ["80", "85", "71"]})
    both(trial(replace(MEAN, void=void), lines, 3), scores(*expected))


def test_ballots_must_be_spread() -> None:
    lines = sheet({"0": ["90", "90"], "1": ["92", "80"], "2": ["95", "60"]})
    most: dict[str, Any] = {"spread_ops": ("ge",), "spread_edges": (amount("90 分"),), "spread_bounds": ("most",)}
    # rater 0 has three of 90 and more, where two may be: void; rater 1 has one
    both(trial(replace(MEAN, **most, spread_counts=(amount("2"),)), lines, 3), scores("90", "80", "60"))
    least: dict[str, Any] = {"spread_ops": ("lt",), "spread_edges": (amount("70 分"),), "spread_bounds": ("present",)}
    # rater 0 has none below 70, where one must be
    both(trial(replace(MEAN, **least, spread_counts=(amount("1"),)), lines, 3), scores("90", "80", "60"))


def layered(columns: tuple[str, ...] = ("权重",), *cells: tuple[str, ...]) -> Numbers:
    given = cells or (("60%",), ("40%",))
    return Numbers("层别", LAYERS, columns, tuple(tuple(amount(one) for one in row) for row in given))


def test_layers_are_averaged_and_weighted() -> None:
    lines = sheet({"0": ["90", "80", "70", "60"], "1": ["90", "80"]}, "领领代代")
    one = replace(MEAN, layers=layered(), empty="share_empty")
    # 85 × 60% + 65 × 40% = 77; without 代表 85 is all there is
    both(trial(one, lines, 2), scores("77", "85"))
    both(trial(replace(one, empty="zero_empty"), lines, 2), scores("77", "51"))
    both(trial(replace(one, empty="open_empty"), lines, 2), [*scores("77"), PENDING])
    weights = layered(("区县", "市直"), ("60%", "100%"), ("40%", "0%"))
    # 市直 does not ask 代表: 85 × 100%
    both(trial(replace(one, layers=weights, empty="open_empty"), lines, 2), scores("77", "85"))


def test_ends_of_each_layer_or_of_all() -> None:
    lines = sheet({"0": ["99", "90", "81", "70", "60", "50"]}, "领领领代代代")
    inside = replace(MEAN, drop="drop_one", over=(amount("2"),), equal="as_many", among="in_layer")
    inside = replace(inside, layers=layered(), empty="share_empty")
    both(trial(inside, lines, 1), scores("78"))  # 90 × 60% + 60 × 40%
    among = replace(inside, among="in_all", equal="all_equal")
    both(trial(among, lines, 1), scores("77.3"))  # (90 + 81) ÷ 2 × 60% + (70 + 60) ÷ 2 × 40%


ANSWERS = ("满意", "较满意", "不满意", "不了解")
VOTES = table(TableColumn("评价", TEXT, choices=ANSWERS))


def exactly(number: str) -> Interval:
    return Interval(Fraction(number), Fraction(number), True, True)


INDEX = Satisfaction(
    kind="satisfaction", use=USE, which="index", options=ANSWERS, times=(OwnRef("full", POINTS),),
    counts=(exactly("1"), exactly("0.8"), exactly("0.4"), "无效"),
)  # fmt: skip


def ballots(text: str) -> list[dict[str, Any]]:
    words = {"满": "满意", "较": "较满意", "不": "不满意", "知": "不了解"}
    return [{"单位": "单位0", "评委": f"评委{at}", "评价": words[one]} for at, one in enumerate(text)]


def test_satisfaction() -> None:
    # (2 × 1 + 0.8 + 0.4) ÷ 4 valid votes = 0.8; 不了解 is no valid vote
    both(trial(INDEX, ballots("满满较不知"), 1, VOTES), scores("80"))
    both(trial(replace(INDEX, times=(amount("50 分"),)), ballots("满满较不知"), 1, VOTES), scores("40"))
    rate = replace(INDEX, which="rate", counts=(exactly("1"), exactly("1"), exactly("0"), "无效"))
    both(trial(rate, ballots("满满较不知"), 1, VOTES), scores("75"))
    both(trial(INDEX, ballots("知知"), 1, VOTES), [PENDING])


def test_satisfaction_of_counted_votes() -> None:
    votes = tuple(fact(name, "票") for name in ("满意票", "较满意票", "不满意票"))
    made = Counted(kind="satisfaction_counted", which="index", votes=votes, times=(amount("100 分"),),
                   counts=(exactly("1"), exactly("0.8"), "无效"))  # fmt: skip
    rows = [
        dict(zip(("满意票", "较满意票", "不满意票"), map(Fraction, row), strict=True)) for row in ("361", "009", "050")
    ]
    units = {name: Unit(("票",)) for name in rows[0]}
    # (3 + 4.8) ÷ 9; no valid vote; 0.8
    both(Trial(item(made, "100", value=None), rows, units=units), scores("260/3", None, "80"))


PLACES = table(TableColumn("名次", NUMBER, Unit(("名次",))))
BORDA = Borda(kind="borda", use=USE, first=(amount("100 分"),), step=(amount("3 分"),))


def test_votes_by_rank() -> None:
    places = {"0": "112", "1": "221", "2": "333"}
    lines = [
        {"单位": f"单位{unit}", "评委": f"评委{at}", "名次": Fraction(place)}
        for unit, given in places.items()
        for at, place in enumerate(given)
    ]
    # (100 + 100 + 97) ÷ 3 = 99; (97 + 97 + 100) ÷ 3 = 98; 94
    both(trial(BORDA, lines, 3, PLACES), scores("99", "98", "94"))
    lines[0] = lines[0] | {"名次": Fraction(2)}  # ballot 0 has two second places
    both(trial(replace(BORDA, void=("two_alike",)), lines, 3, PLACES), scores("98.5", "98.5", "94"))


def said(clause: Clause, rulebook: Rulebook = SHEETS) -> list[str]:
    return codes(item(clause, "100", value=None), rulebook)


def test_problems() -> None:
    layers = replace(MEAN, layers=layered(), empty="share_empty")
    assert said(MEAN) == said(TRIM) == said(layers) == said(INDEX, VOTES) == said(BORDA, PLACES) == []
    assert said(replace(MEAN, use=None)) == ["K285"]
    assert said(MEAN, VOTES) == ["K285"]
    assert said(MEAN, table(TableColumn("打分", NUMBER, POINTS), row_of=RowOf.UNIT_ITEM)) == ["K285"]
    assert said(replace(TRIM, equal=None)) == ["K283"]
    assert said(replace(TRIM, over=())) == ["K284"]
    assert said(replace(TRIM, over=(amount("1"),))) == ["K284"]
    assert said(replace(MEAN, equal="as_many")) == ["K284"]
    assert said(replace(layers, empty=None)) == ["K286"]
    assert said(replace(layers, drop="drop_one", over=(amount("3"),), equal="as_many")) == ["K286"]
    assert said(replace(layers, drop="drop_one", over=(amount("3"),), equal="as_many", among="in_all")) == ["K286"]
    assert said(replace(MEAN, drop="drop_one", over=(amount("3"),), equal="as_many", among="in_layer")) == ["K287"]
    assert said(replace(layers, layers=layered(("权重",), ("60%",), ("30%",)))) == ["K287"]
    assert said(replace(layers, layers=Numbers("组别", LAYERS, ("权重",), layered().cells))) == ["K287"]
    assert said(replace(INDEX, times=()), VOTES) == ["K282"]
    assert said(replace(INDEX, which="rate"), VOTES) == ["K285"]
    assert said(replace(INDEX, options=ANSWERS[:3], counts=INDEX.counts[:3]), VOTES) == ["K285"]
    assert said(replace(INDEX, counts=(*INDEX.counts[:3], "算")), VOTES) == ["K285"]
    assert said(BORDA, VOTES) == ["K285"]
    assert RATIO != POINTS
