"""定额 1 篇，定额内每篇 1 分，超出定额每篇加 2 分."""

from __future__ import annotations

from typing import Any

from scope import Trial, amount, both, codes, fact, item, numbers, scores

from perfdsl.clauses.count_quota import CountQuota
from perfdsl.model.item import Level


def clause(**fields: Any) -> CountQuota:
    given: dict[str, Any] = {
        "norm": amount("2 篇"),
        "unit": "篇",
        "within": amount("1 分"),
        "extra": amount("0.5 分"),
        "beyond": "within_item",
        "cap": "uncapped",
        "offset": "no_offset",
    }
    return CountQuota(kind="count_quota", **(given | fields))


def point(made: CountQuota, full: str = "2", unit: str = "篇") -> Any:
    return item(made, full, level=Level.POINT, value=fact("实际", unit))


def test_within_and_beyond() -> None:
    both(Trial(point(clause()), numbers("0", "1", "2", "5")), scores("0", "1", "2", "3.5"))
    both(Trial(point(clause(cap=None, most=amount("1 分"))), numbers("3", "9")), scores("2.5", "3"))
    both(Trial(point(clause(extra=None)), numbers("1", "9")), scores("1", "2"))


def test_problems() -> None:
    assert codes(point(clause())) == []
    assert codes(point(clause(), "3")) == ["K227"]
    assert codes(point(clause(), unit="件")) == ["K206"]
    assert codes(point(clause(beyond=None, cap=None))) == ["K229"]
    assert codes(point(clause(offset=None))) == ["K229"]
    assert codes(point(clause(offset="offset"))) == ["K229"]
    assert codes(point(clause(extra=None, beyond=None, cap=None, offset=None))) == []
