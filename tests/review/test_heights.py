"""Lines of grades, places, 递补, drops: without data a case takes units whose totals lie where the rule looks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.judging import GRADE, judge

CITY = Path(__file__).parents[2] / "rulebooks" / "示例市"
EDITS = {
    "line": (("| 90 分以上           | 30%", "| 89 分以上           | 30%"), ("不足 90 分", "不足 89 分")),
    "quota": (("| 90 分以上           | 30%", "| 90 分以上           | 25%"),),
    "tie": (("名额末位同分：一并计入", "名额末位同分：一并不计入"),),
    "refill": (("“不合格”\n  名额：空出的由下一名递补", "“不合格”\n  名额：空出的不递补"),),
    "drop": (("后果：降 1 个等次", "后果：降 2 个等次"),),
}


@pytest.mark.full
@pytest.mark.parametrize("name", EDITS)
def test_grades_of_a_city_part_without_data(name: str, tmp_path: Path) -> None:
    shutil.copytree(CITY, tmp_path / "示例市")
    path = tmp_path / "示例市" / "2025.perf"
    text = path.read_text("utf-8")
    for was, becomes in EDITS[name]:
        assert was in text
        text = text.replace(was, becomes, 1)
    path.write_text(text, "utf-8")
    old, new = open_rulebook(CITY / "2025.perf").rulebook, open_rulebook(path).rulebook
    assert old is not None
    assert new is not None
    (verdict,) = judge(Hybrids(compare(old, new))).values()
    assert (GRADE, True) in verdict.classes
    assert verdict.witness is not None
