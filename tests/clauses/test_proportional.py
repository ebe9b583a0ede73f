"""按完成比例，最高得满分."""

from __future__ import annotations

from typing import Any

from scope import Trial, amount, both, codes, fact, item, numbers, ratios, scores

from perfdsl.clauses.proportional import Proportional


def clause(**fields: Any) -> Proportional:
    return Proportional(kind="proportional", **({"cap": "full_at_most"} | fields))


def test_the_ratio_itself() -> None:
    # 10 × 93.5% = 9.35; more than all is full marks; a negative share is nothing
    both(Trial(item(clause()), ratios("93.5", "100", "120", "-5")), scores("9.35", "10", "10", "0"))


def test_value_over_target() -> None:
    made = item(clause(), value=fact("实际", "件"), target=fact("目标", "件"), higher_is_better=True)
    rows = [
        {**row, "目标": row["实际"] * 0 + target}
        for row, target in zip(numbers("30", "45", "5"), (40, 40, 0), strict=True)
    ]
    trial = Trial(made, rows, units={"目标": fact("目标", "件").unit or amount("1 件").unit})
    both(trial, scores("7.5", "10", None))  # 30/40 of 10; a target of 0 has no share


def test_target_over_value_where_lower_is_better() -> None:
    made = item(clause(), target=amount("20%"), higher_is_better=False)
    # 20/25 of 10 = 8; 20/10 is twice, at most full; 0 and less have no share
    both(Trial(made, ratios("25", "10", "0", "-1")), scores("8", "10", None, None))


def test_caps() -> None:
    both(Trial(item(clause(cap=None, most=amount("11 分"))), ratios("105", "120")), scores("10.5", "11"))
    both(Trial(item(clause(cap="uncapped")), ratios("105", "120")), scores("10.5", "12"))


def test_problems() -> None:
    assert codes(item(clause())) == []
    assert codes(item(clause(cap=None))) == ["K209"]
    assert codes(item(clause(), value=fact("实际", "件"))) == ["K201"]
    assert codes(item(clause(), value=fact("实际", "件"), target=amount("40%"))) == ["K206"]
    assert codes(item(clause(), higher_is_better=False)) == ["K247"]
    assert codes(item(clause(), None)) == ["K242", "K242"]
