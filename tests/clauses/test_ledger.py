"""国家级每次 3 分；省级每次 2 分；市级每次 1 分; 每起扣 2 分."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from scope import Trial, add, amount, book, both, codes, deduct, get, item, ledger, problems, scores

from perfdsl.clauses.ledger import Ledger
from perfdsl.model.expression import TRUE
from perfdsl.model.item import Award, LedgerUse, Level
from perfdsl.model.table import TableColumn
from perfdsl.model.units import ValueType

USE = LedgerUse("表彰", TRUE)
BOOK = book(ledger("表彰", 级别=("国家级", "省级", "市级")))


def clause(*rates: tuple[str, Award], **fields: Any) -> Ledger:
    rates = rates or (("国家级", get("3 分")), ("省级", get("2 分")), ("市级", get("1 分")))
    given: dict[str, Any] = {"same_matter": "highest_once", "matter": ("事项编号",)} | fields
    return Ledger(
        kind="ledger",
        use=USE,
        levels=tuple(level for level, _ in rates),
        awards=tuple(award for _, award in rates),
        units=("次",) * len(rates),
        **given,
    )


def line(unit: int, matter: str, level: str) -> dict[str, Any]:
    return {"单位": f"单位{unit}", "事项编号": matter, "级别": level}


LINES = [
    line(0, "甲", "省级"),
    line(0, "甲", "国家级"),  # the same matter, higher
    line(0, "乙", "市级"),
    line(1, "甲", "市级"),
    line(1, "甲", "市级"),  # the same matter, equally high
    line(1, "丙", "省级"),
]
ROWS: list[dict[str, Any]] = [{}, {}, {}]


def bonus(made: Ledger, full: str | None = "10", **changes: Any) -> Any:
    return item(made, full, **({"level": Level.BONUS, "value": None} | changes))


def trial(made: Any, rulebook: Any = BOOK) -> Trial:
    return Trial(made, ROWS, rulebook, LINES)


def test_the_same_matter_once_at_its_highest() -> None:
    # 甲 3 + 乙 1; 甲 1 + 丙 2; nothing at all
    both(trial(bonus(clause())), scores("4", "3", "0"))


def test_each_row_for_itself() -> None:
    # 2 + 3 + 1; 1 + 1 + 2
    both(trial(bonus(clause(same_matter="each_counts", matter=()))), scores("6", "4", "0"))


def test_a_level_has_its_own_cap_after_the_same_matter_is_struck_out() -> None:
    capped = clause(most_each=(None, None, amount("0.5 分")))
    both(trial(bonus(capped)), scores("3.5", "2.5", "0"))


def test_a_cap_on_the_whole() -> None:
    both(trial(bonus(clause(most=amount("3 分")))), scores("3", "3", "0"))


def test_a_rate_for_every_row() -> None:
    both(trial(bonus(clause(("", add("1 分"))))), scores("2", "2", "0"))
    both(trial(bonus(clause(("", add("1 分")), same_matter="each_counts"))), scores("3", "3", "0"))


def test_a_deduction_takes_away_whatever_the_verb() -> None:
    for verb in (get, deduct):
        both(trial(bonus(clause(("", verb("2 分"))), level=Level.DEDUCTION)), scores("-4", "-4", "0"))
    levels = clause(("国家级", deduct("3 分")), ("省级", deduct("2 分")), most=amount("3 分"))
    both(trial(bonus(levels, level=Level.DEDUCTION)), scores("-3", "-2", "0"))


def test_an_indicator_starts_from_its_full_mark() -> None:
    made = clause(("", deduct("2 分")), floor="until_item")
    both(trial(bonus(made, "3", level=Level.INDICATOR)), scores("0", "0", "3"))
    free = clause(("", deduct("2 分")), floor="until_group")
    both(trial(bonus(free, "3", level=Level.INDICATOR)), scores("-1", "-1", "3"))
    earned = clause(cap="full_at_most")
    both(trial(bonus(earned, "3", level=Level.INDICATOR)), scores("3", "3", "0"))


def test_a_matter_across_items_counts_where_it_is_highest() -> None:
    made = clause(across="across_bonus")
    other = clause(("国家级", get("1 分")), ("省级", get("2 分")), ("市级", get("1 分")), across="across_bonus")
    # 甲 of unit 0: 3 here, 2 there; 甲 of unit 1 and 乙: 1 in both, 丙: 2 in both, kept by whoever stands first
    for before, expected in ((False, ("4", "3", "0")), (True, ("3", "0", "0"))):
        both(Trial(bonus(made), ROWS, BOOK, LINES, others=[(before, bonus(other))]), scores(*expected))


def test_the_other_item_is_asked_for_its_highest_row() -> None:
    made = clause(across="across_bonus")
    other = clause(("国家级", get("4 分")), ("省级", get("1 分")), across="across_bonus")
    # 甲 of unit 0 is worth 3 here and 4 (not 1) there; 甲 of unit 1 and 乙 have no rate there
    both(Trial(bonus(made), ROWS, BOOK, LINES, others=[(False, bonus(other))]), scores("1", "3", "0"))


def test_no_rows_at_all() -> None:
    both(Trial(bonus(clause()), ROWS, BOOK, LINES[:1]), scores("2", "0", "0"))


@pytest.mark.parametrize(
    ("made", "changes", "expected"),
    [
        (clause(), {}, []),
        (clause(same_matter=None, matter=()), {}, ["K222"]),
        (clause(matter=()), {}, ["K226"]),
        (clause(same_matter="each_counts", matter=()), {}, []),
        (clause(("部级", get("3 分"))), {}, ["K223"]),
        (clause(("省级", get("3 分")), ("省级", get("2 分"))), {}, ["K224", "K225"]),
        (clause(("省级", get("3 分"))), {}, ["K225"]),
        (clause(), {"full": None}, ["K209"]),
        (clause(cap="uncapped"), {"full": None}, []),
        (clause(("", deduct("2 分"))), {"full": None, "level": Level.DEDUCTION}, ["K228"]),
        (clause(("", deduct("2 分")), floor="no_floor"), {"full": None, "level": Level.DEDUCTION}, []),
        (clause(("", deduct("2 分"))), {"level": Level.INDICATOR}, ["K208"]),
        (clause(("", deduct("2 分")), floor="until"), {"level": Level.INDICATOR}, ["K207"]),
        (clause(("国家级", add("3 分")), ("省级", deduct("2 分")), ("市级", add("1 分"))), {}, ["K247"]),
    ],
)
def test_problems(made: Ledger, changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(bonus(made, **changes), BOOK) == expected


@pytest.mark.parametrize(
    ("columns", "asked"),
    [
        (("文号",), "文号"),
        (("备注", "项目名称"), "项目名称"),
        (("项目名称", "文号", "受理编号"), "受理编号"),
        (("内容",), "内容"),
        ((), None),
    ],
)
def test_the_same_matter_is_asked_for_wherever_it_can_be_told(columns: tuple[str, ...], asked: str | None) -> None:
    """Not only where a column is called …编号; a level and a date tell no matter."""
    table = ledger("表彰", 级别=("国家级", "省级", "市级"))
    kept = (table.columns[0], table.columns[2], TableColumn("认定日期", ValueType.DATE))
    words = tuple(TableColumn(name, ValueType.TEXT) for name in columns)
    there = book(replace(table, columns=(*kept, *words)))
    found = problems(bonus(clause(same_matter=None, matter=())), there)
    assert [one.code for one in found] == (["K222"] if asked else [])
    assert all(f"按{asked}" in one.mend for one in found)


def test_a_matter_is_named_where_it_is_asked_for_and_only_there() -> None:
    assert codes(bonus(clause(same_matter="each_counts")), BOOK) == ["K247"]
    across = clause(same_matter="each_counts", matter=(), across="across_bonus")
    assert codes(bonus(across), BOOK) == ["K226"]


def test_levels_that_stand_in_two_columns() -> None:
    twice = book(ledger("表彰", 级别=("国家级", "省级", "市级"), 原级别=("国家级", "省级", "市级")))
    assert codes(bonus(clause()), twice) == ["K223"]
