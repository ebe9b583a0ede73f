"""What follows from a mistake is not told beside it, and what is told stands at its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perfdsl.text.problem import Severity
from perfdsl.text.source import Source
from perfdsl.workspace.opening import open_text

BOOK = (Path(__file__).parents[1] / "slips" / "底本.perf").read_text(encoding="utf-8")


def said(old: str, new: str) -> list[tuple[str, int]]:
    assert old in BOOK
    found = open_text(Source("试.perf", BOOK.replace(old, new, 1))).problems
    return [(one.code, one.span.line if one.span else 0) for one in found]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        # a group that was not read: its indicators fall to the group before, whose sum and codes then do not fit
        ("一级指标 服务效能（35 分）【B】", "一级指示 服务效能（35 分）【B】", [("K012", 72)]),
        ("  计分：人工评分，0.5 分一档", "  记分法：人工评分，0.5 分一档", [("K011", 98)]),
        ("  目标值：98%", "  目标数值：98%", [("K011", 47)]),
        ("  目标值：98%", "  目标值 98%", [("K010", 47)]),
        ("  计分：人工评分，0.5 分一档", "  计分人工评分，0.5 分一档", [("K010", 98)]),
        ("名额末位同分：一并计入", "名额末位同分：一起计入", [("K043", 153)]),
        ("指标 公文质量（5 分）【B02】", "指标 公文质量（5 分【B02】", [("K004", 81)]),
        ("后果：不得评为 “优秀”", "后果：不得评为 “优等”", [("K359", 142)]),
        ("后果：降 1 个等次", "后果：降 5 个等次", [("K377", 148)]),
        ("  | 合格   | 0.8      |", "  | 合乎   | 0.8      |", [("K385", 160), ("K359", 166)]),
    ],
)
def test_one_mistake_is_one_problem(old: str, new: str, codes: list[tuple[str, int]]) -> None:
    assert said(old, new) == codes


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("  计分：人工评分，0.5 分一档", "  计份：人工评分，0.5 分一档", "计分：人工评分，0.5 分一档，写明理由"),
        ("  后果：降 1 个等次", "  后裹：降 1 个等次", "后果：降 1 个等次"),
        ("  条款：第六条第（一）项", "  条歀：第六条第（一）项", "条款：第六条第（一）项"),
    ],
)
def test_an_unknown_field_is_one_that_such_a_block_has(old: str, new: str, meant: str) -> None:
    """The nearest of its own fields, and the first that is told: nothing that only lacks for it stands before it."""
    first = open_text(Source("试.perf", BOOK.replace(old, new, 1))).problems[0]
    assert (first.code, first.mend) == ("K011", meant)


def test_advice_can_be_followed_where_it_is_given() -> None:
    """A veto has no 数据: what is a plain yes or no is listed under 情形之一, which then reads."""
    case = "  情形：台账 “通报” 中 通报层级 为 “省通报” 的 1 次以上，通报日期在考核期内"
    (problem,) = open_text(Source("试.perf", BOOK.replace(case, "  情形：隐瞒事故 为 “是”"))).problems
    assert problem.code == "K040"
    assert problem.mend.split("\n")[0] == "逐个单位填是或否的，写成 情形之一： 下面一行 · 隐瞒事故"
    followed = open_text(Source("试.perf", BOOK.replace(case, "  情形之一：\n    · 隐瞒事故"))).problems
    assert [one.code for one in followed] == ["K051"]  # what was acknowledged of the ledger has gone with it


def test_one_cause_is_told_at_its_first_place() -> None:
    text = BOOK.replace("  本数：以上、以下、不低于、不高于均含本数；超过、低于、不足均不含本数\n", "")
    (problem,) = open_text(Source("试.perf", text)).problems
    assert problem.code == "K161"
    assert problem.why.endswith("同样的另有 5 处（第 59、60、155、156、157 行）")


def test_another_mistake_in_the_same_place_is_told() -> None:
    text = BOOK.replace("  目标值：98%", "  目标数值：98%").replace("指标 公文质量（5 分）", "指标 公文质量（6 分）")
    assert {one.code for one in open_text(Source("试.perf", text)).problems} == {"K301", "K011"}


def test_acknowledgements_that_silence_nothing_are_told() -> None:
    line = "指标 机关数字化（5 分）【B05】"
    assert said(line, f"# 已知悉 K311：已请示\n{line}") == [("K051", 95)]
    assert said(line, f"# 已知悉 K999：已请示\n{line}") == [("K052", 95)]
    assert said(line, f"# 已知悉 K311\n{line}") == [("K018", 95)]


FIELD = re.compile(r"  ([^：|·# ]+)：(\S.*)")


def each_field() -> list[tuple[str, int, str, str]]:
    """(kind of block, line, field, what it holds) of the first field of each name in each kind of block."""
    found: dict[tuple[str, str], tuple[str, int, str, str]] = {}
    block = ""
    for number, line in enumerate(BOOK.split("\n")):
        block = line.split()[0] if line and line[0] not in " #" else block
        if (match := FIELD.fullmatch(line)) is not None:
            found.setdefault((block, match[1]), (block, number, match[1], match[2]))
    return list(found.values())


LEFT = {("类别", "等次"), ("附表", "列"), ("考评办法", "本数"), ("考评办法", "考核期")}
"""Fields on which so much hangs that other things are told too."""


@pytest.mark.parametrize(("block", "number", "field", "holds"), each_field(), ids=lambda one: str(one)[:12])
def test_a_field_without_its_colon_is_one_problem(block: str, number: int, field: str, holds: str) -> None:
    """The line is told first and how to mend it; of what hangs on it nothing is said, wherever it stands."""
    lines = BOOK.split("\n")
    lines[number] = f"  {field} {holds}"
    found = open_text(Source("试.perf", "\n".join(lines))).problems
    must = [one for one in found if one.severity is Severity.MUST]
    told = next(one for one in must if one.code == "K010")
    assert told.span is not None and told.span.line == number + 1
    assert told.mend.split("\n")[0] == f"{field}：{holds}"
    if (block, field) not in LEFT:
        assert [one.code for one in must] == ["K010"]


def test_a_table_of_individual_items_without_columns_is_told() -> None:
    """个性指标 from a 附表 that does not say what its rows are: each column that it lacks, and no fault of the program."""
    own = "附表 个性（每个单位多行）\n  列：单位、编号\n  | 单位 | 编号 |\n  | 甲县 | 1    |\n"
    item = "个性指标 任务（0 分）【A09】\n  来自：附表 “个性”，每个单位合计 0 分\n  数据：完成值（每个单位每个编号一个）\n  计分：按各行 “计分办法” 列\n"
    found = open_text(
        Source("试.perf", BOOK.replace("台账 表彰", f"{own}台账 表彰", 1).rstrip() + f"\n{item}")
    ).problems
    assert {"K174"} <= {one.code for one in found}
    assert any("“计分办法” 一栏" in one.message for one in found)


def test_a_limit_that_says_no_grade_is_told() -> None:
    """限等 without 后果 limits nothing; what it does together with other rules is not worked out."""
    limit = "限等 班子考核限制【F09】\n  条款：第九条第（四）项\n  情形之一：\n    · 班子考核未达到良好以上\n  名额：空出的不递补\n"
    found = open_text(Source("试.perf", BOOK.replace("等次 年度等次", f"{limit}等次 年度等次", 1))).problems
    assert [one.code for one in found if one.severity is Severity.MUST] == ["K372"]
