"""各要点得分一致方可计分, and several scorers of one item."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from scope import ABSENT, PENDING, Trial, both, item, scores

from perfdsl.clauses.agreed import Agreed
from perfdsl.model.item import Item, Level
from perfdsl.text.source import Source
from perfdsl.workspace.opening import open_text

HEAD = """\
考评办法 试（10 分）【试@2025】
  状态：征求意见稿
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
"""


def parent(children: int) -> Item:
    points = tuple(item(None, level=Level.POINT, code=f"点{at}") for at in range(children))
    return item(None, value=None, combine=Agreed(kind="agreed"), children=points)


def row(*points: str | None) -> dict[str, Any]:
    return {f"点{at}": None if text is None else Fraction(text) for at, text in enumerate(points)}


def test_only_what_all_agree_on_counts() -> None:
    rows = [row("4", "4", "4"), row("4", "4", "3"), row("3", "4", "4"), row(None, "2", "2"), row(None, None, None)]
    both(Trial(parent(3), rows), [*scores("4"), PENDING, PENDING, *scores("2"), ABSENT])


def scored(text: str) -> tuple[Item, list[str]]:
    opened = open_text(Source("试.perf", HEAD + text))
    assert opened.rulebook is not None
    return opened.rulebook.items[0], [one.code for one in opened.problems if one.code[0] == "K"]


@pytest.mark.parametrize(
    ("how", "kind"),
    [("结果一致方可计分", "agreed"), ("取平均", "mean_of"), ("取低", "larger_of"), ("取高", "larger_of")],
)
def test_each_scorer_has_a_part_of_its_own(how: str, kind: str) -> None:
    made, said = scored(
        f"指标 水质（10 分）【A1】\n  评分单位：甲局、乙局，分别评分，{how}\n  计分：达到得满分，否则不得分\n"
    )
    assert said == []
    assert made.combine is not None and made.combine.kind == kind
    assert made.meta.scorer == ("甲局", "乙局")
    assert [one.name for one in made.children] == ["甲局", "乙局"]
    assert [one.full for one in made.children] == [Fraction(10)] * 2
    assert [one.meta.scorer for one in made.children] == [("甲局",), ("乙局",)]
    assert [getattr(one.value, "column", "") for one in made.children] == ["水质·甲局", "水质·乙局"]


def test_what_is_asked() -> None:
    rule = "  计分：每有 1 件差错扣 1 分，扣完本指标为止\n"
    made, said = scored(f"指标 水质（10 分）【A1】\n  评分单位：甲局、乙局，分别评分，取低\n{rule}")
    assert [getattr(one.value, "column", "") for one in made.children] == ["差错·甲局", "差错·乙局"]
    assert said == []
    _, said = scored(f"指标 水质（10 分）【A1】\n  评分单位：甲局、乙局，分别评分\n{rule}")
    assert said == ["K336"]
    value = "  数据：差错（件）\n  指标值：差错\n"
    _, said = scored(f"指标 水质（10 分）【A1】\n  评分单位：甲局、乙局，分别评分，取低\n{value}{rule}")
    assert said == ["K337"]
