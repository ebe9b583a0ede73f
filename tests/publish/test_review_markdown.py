"""A comparison as Markdown: whole tables, nothing a forge reads as markup."""

from __future__ import annotations

import re
from dataclasses import replace

from review_sample import CHANGES, sample

from perfdsl.publish.review_markdown import LEDGERS, cell, page


def rows(text: str) -> list[list[str]]:
    """Every table row as its cells."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]


def test_every_row_has_as_many_cells_as_its_head() -> None:
    wide = 0
    for line in page(sample(20)).splitlines():
        if not line.startswith("|"):
            wide = 0
            continue
        cells = len(re.split(r"(?<!\\)\|", line)) - 2
        wide = wide or cells
        assert cells == wide


def test_cells_are_made_safe() -> None:
    nasty = "a|b\n<script>*x*_y_`z`[l](u) 示例市@2025 #12"
    assert cell(nasty) == "a\\|b<br>&lt;script&gt;\\*x\\*\\_y\\_\\`z\\`\\[l\\](u) 示例市&#64;2025 &#35;12"
    told = page(replace(sample(), changes=(replace(CHANGES[1], name=nasty, reason=nasty),)))
    assert "<script>" not in told
    assert all("示例市@" not in row for found in rows(told) for row in found)


def test_what_matters_is_open_and_the_rest_is_folded() -> None:
    told = page(sample())
    head = told.split("<details>", maxsplit=1)[0]
    for word in ("内部资料", "B101", "谁受影响", "云泽区", "名额", "未受影响"):
        assert word in head
    assert told.count("<details>") == told.count("</details>") == told.count("</summary>\n\n")
    assert "- [ ] B102 尾数改法已征求评分单位意见" in told


def test_ledgers_of_many_units_point_to_the_workbook() -> None:
    told = page(sample(100))
    assert f"另有 {100 + 10 - LEDGERS} 个单位，见表格文件（--format xlsx）" in told


def test_of_six_none_is_left_out_and_of_many_it_is_said() -> None:
    """Who gains stands open: all of a few; of many the most, and how many more."""
    for more in (6, 40):
        finding = sample(more)
        assert finding.impact is not None
        gained = [one for one in finding.impact.shifts if one.delta.startswith("＋") and not one.regraded]
        first = page(finding).split("### 名额", maxsplit=1)[0].split("### 谁受影响", maxsplit=1)[1]
        shown = [row[0].strip() for row in rows(first)]
        left = [one.unit for one in gained if cell(one.unit) not in shown]
        moved = [one for one in finding.impact.shifts if one.delta.startswith(("＋", "－"))]
        hidden = sum(cell(one.unit) not in shown for one in moved)
        assert (f"另有 {hidden} 个单位等次不变、总分有变动" in first) is bool(hidden)
        assert bool(left) is (len(gained) > 10)
