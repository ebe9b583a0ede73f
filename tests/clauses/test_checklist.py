"""要件：每具备 1 项得 2 分，最高得满分."""

from __future__ import annotations

from typing import Any

from scope import Trial, amount, both, codes, fact, item, numbers, scores

from perfdsl.clauses.checklist import KIND, Checklist
from perfdsl.model.units import ValueType

NAMES = ("方案", "台账", "专人")


def clause(points: str = "2 分", **fields: Any) -> Checklist:
    items = tuple(fact(name, kind=ValueType.BOOL) for name in NAMES)
    given: dict[str, Any] = {"items": items, "cap": "full_at_most"} | fields
    return Checklist(kind="checklist", each=amount("1 项"), points=amount(points), **given)


def test_every_item_there_counts() -> None:
    rows: list[dict[str, Any]] = [
        {"方案": True, "台账": True, "专人": True},  # 3 × 2 = 6, at most 5
        {"方案": True, "台账": False, "专人": True},  # 2 × 2
        {"方案": False, "台账": False, "专人": None},  # what does not concern the unit is not there
    ]
    both(Trial(item(clause(), "5", value=None), rows), scores("5", "4", "0"))


def test_without_items_the_count_is_the_fact() -> None:
    made = item(clause("5 分", items=()), "20", value=fact("实际", "项"))
    both(Trial(made, numbers("0", "3", "7")), scores("0", "15", "20"))
    assert KIND.fact_of(clause(items=())) is ValueType.NUMBER
    assert KIND.fact_of(clause()) is None


def test_problems() -> None:
    assert codes(item(clause(), "6", value=None)) == []
    assert codes(item(clause(cap=None), "6", value=None)) == []  # 3 × 2 = 6: no cap needed
    assert codes(item(clause(cap=None), "5", value=None)) == ["K209"]
    assert codes(item(clause("1 分"), "6", value=None)) == ["K248"]  # all there gives 3 of 6
