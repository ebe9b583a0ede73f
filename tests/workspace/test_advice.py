"""Advice that is followed puts the mistake right; what can only be meant in one way is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from perfdsl.text.problem import Problem
from perfdsl.text.source import Source
from perfdsl.workspace.formatting import formatted
from perfdsl.workspace.opening import open_text

BOOK = (Path(__file__).parents[1] / "slips" / "底本.perf").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("rows", "mends"),
    [
        (
            ("| 优秀 | 超过 90 分 | 30% |", "| 良好 | 不足 90 分 | 不限 |"),
            ["| 优秀 | 不低于 90 分 | 30% |", "| 良好 | 不高于 90 分 | 不限 |"],
        ),
        (
            ("| 优秀 | 90 分以上不足 100 分 | 30% |", "| 良好 | 不足 90 分 | 不限 |"),
            ["| 优秀 | 90 分以上 | 30% |"],
        ),
    ],
)
def test_a_gap_is_mended_by_another_line_than_the_one_that_has_it(rows: tuple[str, str], mends: list[str]) -> None:
    """Either grade takes the edge; all else of the row stays, its quota too, and the rulebook is then sound."""
    lines = BOOK.split("\n")
    first = next(at for at, line in enumerate(lines) if line.strip().startswith("| 优秀") and "分" in line)

    def said(made: Sequence[str]) -> list[Problem]:
        text = "\n".join([*lines[:first], *made, *lines[first + 4 :]]).replace("“不合格”", "“良好”")
        return [one for one in open_text(Source("试.perf", text)).problems if one.code in ("K357", "K358")]

    (gap,) = said(rows)
    assert gap.code == "K357" and gap.mend.split("\n") == mends
    for mend in mends:
        name = mend.split("|")[1].strip()
        assert said([mend if row.split("|")[1].strip() == name else row for row in rows]) == []


@pytest.mark.parametrize("marks", ["［］", "[]", "〖〗"])
def test_codes_in_other_brackets(marks: str) -> None:
    """At the end of a header and in a value; the formatter writes the usual ones."""
    lines = [
        *("过程指标 中间数【A01a】", "  数据：到位数（亿元）", "  指标值：到位数"),
        *("过程指标 合计数【A01b】", "  指标值：指标值【A01a】 + 固投完成额"),
    ]
    usual = BOOK.replace("  指标值：固投完成额\n", "  指标值：指标值【A01b】\n", 1).replace(
        "指标 固定资产投资（10 分）【A01】", "\n".join([*lines, "指标 固定资产投资（10 分）【A01】"])
    )
    assert open_text(Source("试.perf", usual)).problems == ()
    other = usual.replace("【", marks[0]).replace("】", marks[1])
    assert open_text(Source("试.perf", other)).problems == ()
    assert formatted(Source("试.perf", other))[0] == formatted(Source("试.perf", usual))[0]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("", "", "K122"),  # as 目标值
        (
            "  情形：台账 “通报” 中 通报层级 为 “省通报” 的 1 次以上，通报日期在考核期内",
            "  情形：固投完成额 低于 附表 “年度目标” 的 “固投目标额”",
            "K121",
        ),
        (
            "  计分：按完成比例，最高得满分",
            "  计分：达到得满分；每低 1 亿元扣 1 分，不足 1 亿元的按比例计，最多扣 附表 “年度目标” 的 “固投目标额”",
            "K122",
        ),
    ],
)
def test_a_column_without_its_unit_is_no_number(old: str, new: str, code: str) -> None:
    """A column of a 附表 that states no unit is text: wherever it is taken for a number, advice names it."""
    text = BOOK.replace("固投目标额（亿元，可填“/”表示不涉及）", "固投目标额").replace(old, new, 1)
    if old:
        text = text.replace("  目标值：附表 “年度目标” 的 “固投目标额”", "  目标值：120 亿元")
    found = [one for one in open_text(Source("试.perf", text)).problems if one.code == code]
    assert len(found) == 1
    assert "“固投目标额”是数的，在声明它的地方写上计量单位" in found[0].mend
