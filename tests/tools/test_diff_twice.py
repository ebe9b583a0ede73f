"""Two runs tell the same, byte for byte: no clock and no order of sets decides which case is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import BOOK, RULEBOOKS, apart, project

CHANGES = (
    ("目标值：98%", "目标值：97%"),
    ("加分项 表彰（最高 3 分）", "加分项 表彰（最高 2 分）"),
    ("名额基数：参加排名的单位数", "名额基数：参加考核的单位数"),
    ("| 优秀 | 90 分以上 | 30% |\n  | 合格 | 不足 90 分 |", "| 优秀 | 88 分以上 | 40% |\n  | 合格 | 不足 88 分 |"),
)


def told(seed: str, old: Path, new: Path) -> bytes:
    """The comparison as JSON, in a process that puts sets in another order."""
    ran = apart("diff", old, new, "--format", "json", PYTHONHASHSEED=seed)
    assert ran.returncode == 0, ran.stderr.decode()
    assert b'"witness": {' in ran.stdout
    return ran.stdout


def test_two_runs_are_one(tmp_path: Path) -> None:
    book = BOOK
    for old, new in CHANGES:
        assert old in book
        book = book.replace(old, new)
    pair = project(tmp_path / "旧"), project(tmp_path / "新", book=book)
    assert told("1", *pair) == told("2", *pair)


@pytest.mark.full
def test_two_runs_of_two_years_are_one() -> None:
    pair = RULEBOOKS / "示例市" / "2024.perf", RULEBOOKS / "示例市" / "2025.perf"
    assert told("1", *pair) == told("2", *pair)
