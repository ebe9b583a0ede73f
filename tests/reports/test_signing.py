"""What the one who signs a comparison is asked: what may be the same clause under another name."""

from __future__ import annotations

import pytest
from test_impact import book

from perfdsl.reports.diff import diff
from perfdsl.text.source import Source
from perfdsl.workspace.opened import Opened
from perfdsl.workspace.opening import open_text
from perfdsl.workspace.review.whole import review

ITEM = """\
指标 {name}（10 分）【{code}】
  数据：{column}（件）
  指标值：{column}
  目标值：100 件
  方向：越高越好
  计分：达到得满分；每少 10 件扣 {step} 分，不足 10 件的不计，扣完本指标为止
"""
SERVICE = ITEM.format(name="服务满意", code="A02", column="好评数", step=1)
OPINION = ITEM.format(name="群众评议", code="C07", column="好评数", step=2)
SAME = (
    "第 1 条删去的 “服务满意” 和第 2 条新增的 “群众评议” 读的是同样的数据：是同一项改了名称的，"
    "在新条款写上 “上年对应：A02” 再对照"
)


def asked(old: str, new: str) -> tuple[str, ...]:
    """The checklist of two rulebooks with these clauses beside those that both have."""
    return diff(review(opened(2024, old), opened(2025, new)), ("旧", "新")).checklist


def opened(year: int, more: str) -> Opened:
    """A rulebook of 100 points with these clauses."""
    rest = f"指标 培训（{100 - 10 * more.count('指标值')} 分）"
    found = open_text(Source(f"{year}.perf", book(year, more=more).replace("指标 培训（100 分）", rest)))
    assert found.rulebook is not None
    return found


def test_what_reads_the_same_may_be_the_same() -> None:
    assert SAME in asked(SERVICE, OPINION)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SERVICE, OPINION.replace("好评数", "评议数")),
        (SERVICE, OPINION.replace("分）【C07】", "分）【C07】\n  上年对应：A02")),  # what the hint asks for
        (SERVICE, OPINION + OPINION.replace("群众评议", "企业回访").replace("C07", "C08")),  # which of the two?
        (SERVICE, ""),
    ],
)
def test_what_reads_something_else_is_not(old: str, new: str) -> None:
    assert not [line for line in asked(old, new) if "同样的数据" in line]
