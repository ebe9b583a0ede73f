"""Of long tables an explanation looks at the rows that it tells of, and tells the same."""

from __future__ import annotations

import pytest
from running import RULEBOOKS, perfdsl

from perfdsl.workspace import graphs

BOOK = RULEBOOKS / "示例市" / "2025.perf"


@pytest.mark.parametrize("unit", ["松涛区", "市审计局", "金稻市"])
def test_the_explanation_is_the_same_however_long_the_tables_are(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = perfdsl("explain", BOOK, "--unit", unit)
    monkeypatch.setattr(graphs, "MANY", 0)
    assert perfdsl("explain", BOOK, "--unit", unit).out == plain.out
    assert "行：" in plain.out
