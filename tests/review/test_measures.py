"""Columns that are measured in other words, or in another size of the same: what is proved, what differs, what cannot be told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from perfdsl.model import outputs
from perfdsl.model.table import TableColumn
from perfdsl.model.units import ValueType, unit_of
from perfdsl.reports.diff import diff
from perfdsl.reports.reviews import ReviewFinding
from perfdsl.workspace.evaluate import evaluate
from perfdsl.workspace.review.measures import measures
from perfdsl.workspace.review.whole import review
from review import test_years
from review.test_years import REPORTS, TRAINING, UNITS, Year, falling

FACTS = {"甲局": "80,50", "乙局": "100,40"}
RULES = falling("培训", 60, "A01", "100 件") + REPORTS
TARGETS = {"甲局": 100, "乙局": 90}


def compared(folder: Path, before: Year, after: Year, data: bool) -> ReviewFinding:
    old, new = before.written(folder), after.written(folder)
    found = review(old, new, old.data_folder, new.data_folder) if data else review(old, new)
    if data:  # the ledgers end where the runs of both years end
        for one, side in ((old, "before"), (new, "after")):
            outcome = evaluate(one, one.data_folder)
            totals = dict(zip(outcome.units, outcome.outcome[outputs.TOTAL], strict=True))
            assert {unit: getattr(ledger, side) for unit, ledger in found.ledgers.items()} == {
                unit: total for unit, (_, total) in totals.items()
            }
    return diff(found, ("旧", "新"))


def of_items(folder: Path, old: str, new: str, data: bool) -> ReviewFinding:
    columns = "培训数,报送数"
    return compared(folder, Year(2024, UNITS, old, columns, FACTS), Year(2025, UNITS, new, columns, FACTS), data)


def classes(found: ReviewFinding) -> dict[str, list[str]]:
    return {one.name: [each.name for each in one.classes] for one in found.changes}


@pytest.mark.parametrize("data", [True, False], ids=["data", "no data"])
def test_another_word_for_what_is_counted_is_proved(tmp_path: Path, data: bool) -> None:
    """Both rules are measured otherwise, and 报送 is told to ask for less."""
    found = of_items(tmp_path, RULES, RULES.replace("件", "人").replace("50 人", "40 人"), data)
    assert classes(found) == {"培训": ["证明等价"], "报送": ["影响得分"]}
    assert found.changes[0].basis == "证明：各项结果的算法完全相同；“培训数” 由 件 改为 人，数照样读"
    case = found.changes[1].witness
    assert case is not None
    assert "报送数 为 40 人：" in case.sentence
    assert (
        "第 1、2 条改了计量单位（“培训数” 由 件 改为 人；“报送数” 由 件 改为 人）：核对填报的还是不是同一个数"
        in found.checklist
    )


@pytest.mark.parametrize("data", [True, False], ids=["data", "no data"])
def test_the_same_amount_in_another_size_is_proved(tmp_path: Path, data: bool) -> None:
    """100 万元 is 1 百万元; each year's data are read in that year's size: 80 of 2025 are 80 百万元."""
    money = RULES.replace("件", "万元")
    larger = (
        money.replace("（万元）", "（百万元）")
        .replace("每少 10 万元", "每少 0.1 百万元")
        .replace("不足 10 万元", "不足 0.1 百万元")
    )
    found = of_items(tmp_path, money, larger.replace("100 万元", "1 百万元"), data)
    assert classes(found) == {"培训": ["证明等价"], "报送": ["证明等价"]}
    if data:
        assert found.impact is not None
        (moved,) = [one for one in found.impact.shifts if one.unit == "甲局"]
        assert [(one.name, one.together) for one in moved.effects if one.together not in ("0", "0.00")] == [
            ("数据变动", "＋4.00")
        ]


@pytest.mark.parametrize("data", [True, False], ids=["data", "no data"])
def test_the_same_digits_in_another_size_are_another_rule(tmp_path: Path, data: bool) -> None:
    money = RULES.replace("件", "万元")
    found = of_items(tmp_path, money, money.replace("万元", "亿元"), data)
    assert [said[0] for said in classes(found).values()] == ["影响得分", "影响得分"]
    assert all(one.block == "指标" for one in found.changes)


def scheduled(
    folder: Path, monkeypatch: pytest.MonkeyPatch, unit: str, cells: dict[str, str], data: bool
) -> ReviewFinding:
    """Targets of 2024 are 100 and 90 万元; those of 2025 are ``cells`` in ``unit``."""
    items = TRAINING.replace("件", "万元") + REPORTS
    written = test_years.TARGETS
    monkeypatch.setattr(test_years, "TARGETS", written.replace("人", "万元"))
    before = Year(2024, UNITS, items, "培训数,报送数", FACTS, TARGETS)
    old = before.written(folder)
    monkeypatch.setattr(test_years, "TARGETS", written.replace("人", unit))
    new = replace(before, year=2025, targets=cells).written(folder)  # type: ignore[arg-type]
    places = (old.data_folder, new.data_folder) if data else (None, None)
    return diff(review(old, new, *places), ("旧", "新"))


@pytest.mark.parametrize("data", [True, False], ids=["data", "no data"])
@pytest.mark.parametrize(
    ("unit", "cells", "said"),
    [
        ("百万元", {"甲局": "1", "乙局": "0.9"}, "证明等价"),
        ("百万元", {"甲局": "1", "乙局": "0.8"}, "影响得分"),
        ("亿元", {"甲局": "100", "乙局": "90"}, "影响得分"),
    ],
    ids=["the same amounts", "one of them less", "the same digits"],
)
def test_a_schedule_in_another_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unit: str, cells: dict[str, str], said: str, data: bool
) -> None:
    (found,) = scheduled(tmp_path, monkeypatch, unit, cells, data).changes
    assert (found.block, found.name, found.classes[0].name) == ("附表", "目标", said)
    start = f"附表 “目标” 的 “培训目标”：培训目标 的单位 “万元” 改为 “{unit}”"
    assert found.sentence.startswith(start)
    if unit == "百万元":
        assert f"乙局 培训目标 由 90 万元改为 {cells['乙局']} 百万元" in found.sentence


@pytest.mark.parametrize("word", ["分", "万元"])
def test_what_no_common_data_can_hold_is_not_judged(tmp_path: Path, word: str) -> None:
    """Points are no measure word, and 80 件 are not 80 万元."""
    found = of_items(tmp_path, RULES, RULES.replace("件", word), data=False)
    assert set(map(tuple, classes(found).values())) == {("不能判定",)}
    assert found.changes[0].basis == f"“培训数” 由 件 改为 {word}，不是同一种量，同一份数据不能两边都用"


def column(name: str, word: str) -> TableColumn:
    unit, factor = unit_of(word)
    return TableColumn(name, ValueType.NUMBER, unit, factor, word)


def test_words_that_are_exchanged_become_one() -> None:
    """甲 is counted in 人 instead of 件, 乙 in 家 instead of 人: 人 stands for all, since 万人 is made of it."""
    pairs = [("甲", "件", "人"), ("乙", "人", "家")]
    found = measures((("实绩", name), column(name, old), column(name, new)) for name, old, new in pairs)
    assert found.words == {"件": "人", "家": "人"}
    assert not found.sizes
