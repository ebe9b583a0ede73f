"""No field is read from the paper and then forgotten: it changes what is worked out, or checking says that it does not.

Every field that there is, in every place where a field can stand: a small rulebook with it and without it. What only
documents is listed, and must then stand in the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from perfdsl.clauses import KINDS
from perfdsl.compile.check import check
from perfdsl.compile.fields import COEFFICIENT, INHERITED, ITEM
from perfdsl.compile.lower import lower
from perfdsl.compile.resolve import resolve
from perfdsl.model.rulebook import Rulebook
from perfdsl.syntax.frame import parse
from perfdsl.syntax.nodes import Tree
from perfdsl.text.problem import Problems
from perfdsl.text.source import Source
from perfdsl.workspace.opening import words

HEAD = """\
考评办法 试（{full} 分）【试@2025】
  状态：征求意见稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上、以下、以内、不低于均含本数；超过、低于、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分 + 加分 － 扣分，不封顶，不保底
  同分：并列占位（1、2、2、4）
{head}附表 单位名册（每个单位一行）
  列：单位、类别（区县、市直）、人口（万人）、参数（万人）
  | 单位 | 类别 | 人口 | 参数 |
  | 甲县 | 区县 | 5    | 1    |
  | 乙局 | 市直 | 3    | 1    |
{tables}指标 底（10 分）【Z】
  指标值：人口
  方向：越高越好
  计分：达到 3 万人得满分，否则不得分
"""
BONUS = "加分项 好（最高 5 分）【J】\n  计分：每有 1 次表彰加 1 分\n"
DEDUCTION = "扣分项 差（最多扣 5 分）【K】\n  计分：每有 1 次通报扣 1 分\n"
ROWS = (
    "附表 任务（每个单位多行）\n  列：单位、编号、指标、分值、目标值、计量单位、计分办法\n"
    "  | 单位 | 编号 | 指标 | 分值 | 目标值 | 计量单位 | 计分办法 |\n"
    "  | 甲县 | 1 | 项目 | 10 | 9 | 个 | 完成率法 |\n  | 乙局 | 1 | 项目 | 10 | 9 | 个 | 完成率法 |\n"
)
INDIVIDUAL = (
    "个性指标 任务（10 分）【A】\n  来自：附表 “任务”，每个单位合计 10 分\n"
    "  数据：完成值（每个单位每个编号一个，计量单位随附表）\n  计分：按各行 “计分办法” 列\n"
)
RATE = "计分办法 完成率法\n  指标值：完成值\n  方向：越高越好\n  计分：按完成比例，最高得满分\n"
LEDGER = "台账 事故\n  列：单位、日期（日期）、级别（大、小）、件数（件）、认可（是否）、核定分（分）\n"
GRADES = (
    "等次 年度等次（全部单位一起评定）\n  名额基数：参加排名的单位数\n  名额取整：四舍五入\n  名额末位同分：一并计入\n"
    "  超出名额：列入下一等次\n  | 等次 | 总分 | 名额 |\n  | 优秀 | 9 分以上 | 30% |\n  | 合格 | 不足 9 分 | 不限 |\n"
)
PLACES = {
    "人工评分": "指标 甲（10 分）【A】\n  计分：人工评分，1 分一档，写明理由\n{}",
    "达到": "指标 甲（10 分）【A】\n  计分：达到得满分，否则不得分\n{}",
    "每有": "指标 甲（10 分）【A】\n  计分：每有 1 件差错扣 1 分，扣完本指标为止\n{}",
    "完成比例": "指标 甲（10 分）【A】\n  指标值：人口\n  目标值：4 万人\n  方向：越高越好\n  计分：按完成比例，最高得满分\n{}",
    "比": "指标 甲（10 分）【A】\n  指标值：人口\n  方向：越高越好\n  比较范围：全部单位\n"
    "  计分：最高者得满分，其余按与最高者的比例\n{}",
    "按台账": "指标 甲（10 分）【A】\n  台账：事故\n  计分：每次扣 1 分，扣完本指标为止\n{}",
    "要点": "指标 甲（10 分）【A】\n  要点：\n    | 要点 | 分值 | 计分 |\n    | 子 | 4 | 达到得满分，否则不得分 |\n"
    "    | 丑 | 6 | 达到得满分，否则不得分 |\n{}",
    "要点平均": "指标 甲（10 分）【A】\n  计分：取各要点得分的平均\n  要点：\n    | 要点 | 分值 | 计分 |\n"
    "    | 子 | 10 | 达到得满分，否则不得分 |\n    | 丑 | 10 | 达到得满分，否则不得分 |\n{}",
    "按月": "指标 甲（10 分）【A】\n  按月计分：各月得分不取舍，全年取各月得分的平均\n"
    "  计分：每有 1 件差错扣 1 分，扣完本指标为止\n{}",
    "分别评分": "指标 甲（10 分）【A】\n  评分单位：水利局、环保局，分别评分，取平均\n  计分：人工评分，1 分一档，写明理由\n{}",
    "同法": "指标 甲（10 分）【A】\n  计分：达标法\n计分办法 达标法\n  计分：达到得满分，否则不得分\n{}",
    "加分项": "加分项 甲（最高 5 分）【A】\n  计分：每有 1 次奖励加 1 分\n{}",
    "扣分项": "扣分项 甲（最多扣 5 分）【A】\n  计分：每有 1 次批评扣 1 分\n{}",
    "一组加分项": "加分项 甲（最高 5 分）【A】\n{}加分项 子（最高 5 分）【A1】\n  归入：甲\n  计分：每有 1 次奖励加 1 分\n",
    "个性指标": INDIVIDUAL + "{}" + RATE,
    "行的计分办法": INDIVIDUAL + RATE + "{}",
    "类别": GRADES + "类别 区县\n{}类别 市直\n",
    "等次": GRADES + "{}",
    "一票否决": GRADES + "一票否决 否【F】\n  情形：人口 少于 1 万人\n  后果：等次定为 “合格”\n  名额：空出的不递补\n"
    "  名次：保留名次\n{}",
    "结果运用": GRADES + "结果运用 奖【Y】\n  对象：等次 为 “优秀”\n  措施：通报表扬\n{}",
    "台账": "台账 信访\n  列：单位、日期（日期）\n{}指标 甲（10 分）【A】\n  台账：信访\n  计分：每次扣 1 分，扣完本指标为止\n",
    "数据": "数据 数（每个单位一行）\n  列：单位、甲数（件）\n{}指标 甲（10 分）【A】\n  指标值：甲数\n"
    "  计分：达到 3 件得满分，否则不得分\n  方向：越高越好\n",
    "附表": "附表 表（每个单位一行）\n  列：单位、乙数（件）\n  | 单位 | 乙数 |\n  | 甲县 | 5 |\n  | 乙局 | 3 |\n{}"
    "指标 甲（10 分）【A】\n  指标值：乙数\n  计分：达到 3 件得满分，否则不得分\n  方向：越高越好\n",
    "办法": "",
}
for _level in ("一级指标", "二级指标"):
    PLACES[_level] = f"{_level} 组（10 分）【A】\n{{}}" + "指标 甲（10 分）【A1】\n  计分：达到得满分，否则不得分\n"

DOCUMENT = {
    "article": "第五条",
    "basis": "市政府文件",
    "official": "见办法",
    "reason": "上年没有",
    "replaces": "A09",
    "scorer": "市统计局",
    "responsible": "市水利局",
    "source": "市统计局",
}
"""Fields that no computation reads: they stand in the model."""
BLOCKS = ("类别", "等次", "台账", "数据", "附表")
"""Blocks that keep none of these: what they document stands in the text alone."""
ASIDE = {
    ("办法", "document"): "文号：照录",
    ("办法", "previous"): "只是一段文字，没有文件夹可找",
    ("办法", "validity"): "由日期找办法时看",
    ("办法", "units"): "照录",
    ("办法", "mean"): "写了 平均（…） 的才看，见 “平均”",
    ("办法", "population"): "同上",
    ("办法", "progress"): "写了时序进度的才看",
    ("办法", "year"): "权重按年度列表的才看",
    ("附表", "covers"): "放假调休表才看",
    ("一票否决", "decided"): "谁认定：照录",
    ("结果运用", "procedure"): "怎样办理：照录",
    ("结果运用", "way"): "综合还是重点：印发稿要写",
}
CHECKED = ("direction",)
"""Compared with the words of 计分 by checking (每低…扣 is for what is better high); kept where there are none."""
FIELDS = {
    "document": "市〔2025〕1 号",
    "previous": "试@2024",
    "validity": "2025年1月1日至2025年12月31日",
    "units": "各区县",
    "mean": "各单位简单平均，含本单位",
    "covers": "2025年1月1日至2025年12月31日",
    "columns": "单位、又（件）",
    "facts": "又一列（件）",
    "due": "2025年6月30日",
    "progress": "按月均匀",
    "frequency": "每月",
    "weight": "40%",
    "coefficient": "0.9\n  系数封顶：最高得满分",
    "coefficient_when": "人口 ≥ 4 万人",
    "coefficient_cap": "最高得满分",
    "value": "人口 × 2",
    "target": "4 万人",
    "direction": "越低越好",
    "population": "全部单位",
    "score": "达到得满分，否则得 1 分",
    "by_month": "各月得分不取舍，全年取各月得分的平均",
    "by_quarter": "各季得分不取舍，全年取各季得分的平均",
    "by_half": "各半年得分不取舍，全年取各半年得分的平均",
    "points": "5 分 “子”，达到得满分，否则不得分",
    "checklist": "每具备 1 项得 2 分，最高得满分\n    · 有制度\n    · 有人",
    "applies": "类别 为 “区县”",
    "absent": "得 3 分",
    "missing": "得 3 分",
    "nil": "得 3 分",
    "none": "得 3 分",
    "not_due": "得 3 分",
    "exempt": "人口 ≥ 4 万人",
    "requires": "人口 ≥ 4 万人，否则得 1 分",
    "equal_rank": "并列占位（1、2、2、4）",
    "ledger_use": "事故，级别 为 “大”",
    "excused_rows": "认可 为 “是”",
    "row_count": "件数",
    "row_points": "核定分",
    "shares": "大按 50%",
    "belongs": "单位按 100%",
    "doubled": "认可 为 “是”",
    "dedupe_items": "A、Z",
    "same_matter": "就高",
    "cap": "最高得满分",
    "floor": "不低于 1 分",
    "within": "Z",
    "taken_from": "附表 “任务”",
    "own_rounding": "保留 0 位，四舍五入",
    "when": "人口 少于 2 万人",
    "any_of": "\n    · 作假",
    "effect": "不得评为 “优秀”",
    "decided": "市绩效办认定",
    "quota": "5 个 “优秀”",
    "rule_scope": "班子",
    "rank_effect": "保留名次",
    "start": "1",
    "base_amount": "100 元",
    "heads": "人口",
    "whole": "四舍五入",
    "outside": "得 1 分",
    "again": "重新起算",
    "steps": "叠加",
    "from_day": "2025年1月1日",
    "term": "3 个月",
    "to_unit": "不高于单位等次",
    "quota_base": "参加考核的单位数",
    "quota_rounding": "进一",
    "quota_tie": "都不计入",
    "quota_over": "列入下一等次",
    "promoted": "人口 ≥ 4 万人",
    "grade_given": "视为 “优秀”，不占名额",
    "whom": "人口 ≥ 4 万人",
    "action": "通报",
    "procedure": "市绩效办办理",
    "way": "综合",
    "beyond": "计入",
    "offset": "可以抵补",
    "rounding": "指标得分、总分均保留 1 位，四舍五入",
    "bounds": "以上、以下均含本数",
    "year": "2025年",
}
LABELS = words().labels
KNOWN = (
    ITEM | COEFFICIENT | INHERITED | {"ledger_use", "by_month", "by_quarter", "by_half", "checklist", "cap", "floor"}
)
"""What may change by which kind an item is scored, or belongs to items in general."""


def text(place: str, *fields: str) -> str:
    line = "".join(f"  {LABELS[field].word.canonical}：{(DOCUMENT | FIELDS)[field]}\n" for field in fields)
    tables = (ROWS if "任务" in PLACES[place] or "taken_from" in fields else "") + LEDGER
    head = line if place == "办法" else ""
    base = 0 if place in ("类别", "等次", "一票否决", "结果运用", "办法", "加分项", "扣分项", "一组加分项") else 10
    whole = HEAD.format(full=10 + base, head=head, tables=tables)
    return whole + BONUS + DEDUCTION + PLACES[place].format(line)


@dataclass(frozen=True)
class Read:
    """A rulebook, and everything that checking says of it; no hints, which say other things."""

    tree: Tree
    book: Rulebook
    problems: Problems


@cache
def opened(place: str, *fields: str) -> Read:
    vocabulary = words()
    tree, problems = parse(Source("试.perf", text(place, *fields)), vocabulary)
    book, more = resolve(tree, vocabulary, KINDS)
    assert book is not None
    return Read(tree, book, (*problems, *more, *check(book)))


@cache
def meaning(place: str, *fields: str) -> Any:
    """What is worked out, and what is asked for."""
    book = opened(place, *fields).book
    graph = lower(book)
    due = tuple(item.due for item in book.walk())
    return [node.op for node in graph.nodes], dict(graph.outputs), book.tables, due


def swallowed(place: str, field: str) -> str:
    """Why nothing comes of the field; empty if something does."""
    found = opened(place, field)
    before = {(one.code, one.message) for one in opened(place).problems}
    new = [one for one in found.problems if (one.code, one.message) not in before]
    if new:
        return ""
    if field in DOCUMENT and place in BLOCKS:
        return ""
    if field in DOCUMENT or field in CHECKED:
        return "" if found.book != opened(place).book else "is not in the model"
    if (place, field) in ASIDE or meaning(place, field) != meaning(place):
        return ""
    return "changes nothing"


@pytest.mark.parametrize("place", PLACES)
def test_the_rulebooks_are_sound(place: str) -> None:
    assert opened(place).problems == ()


def left(place: str) -> list[str]:
    """The fields to be tried one by one: not those that the place does not know at all, tried all at once."""
    there = {one.key for block in opened(place).tree.blocks for one in block.fields}
    own = {field for field in there if f"  {LABELS[field].word.canonical}：" in PLACES[place]}
    asked = [field for field in (*DOCUMENT, *FIELDS) if field not in own]
    strange = [field for field in asked if field not in KNOWN]
    unread = {one.span.text for one in opened(place, *strange).problems if one.code == "K141" and one.span is not None}
    return [field for field in asked if field in KNOWN or LABELS[field].word.canonical not in unread]


@pytest.mark.parametrize("place", PLACES)
def test_every_field_does_something_or_is_told(place: str) -> None:
    assert {field: why for field in left(place) if (why := swallowed(place, field))} == {}


POINT_ROWS = (
    "指标 甲（10 分）【A】\n  要点：\n    | 要点 | 分值 | 权重 | 计分 |\n"
    "    | 子 | 4 | 40% | 达到得满分，否则不得分 |\n    | 丑 | 6 | | 达到得满分，否则不得分 |\n"
)
MEMBERS = (
    "附表 指标表（每个指标一行）\n  列：编号、指标、分值、权重、计分\n"
    "  | 编号 | 指标 | 分值 | 权重 | 计分 |\n  | A1 | 甲 | 10 | 40% | 达到得满分，否则不得分 |\n"
    "一级指标 组（10 分）【A】\n  来自：附表 “指标表”\n"
)


@pytest.mark.parametrize("written", [POINT_ROWS, MEMBERS])
def test_weights_in_rows_are_told(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """权重 means something at the top alone; in the column of a table it was read and forgotten."""
    said = []
    for number, body in enumerate((written, written.replace("40%", ""))):
        monkeypatch.setitem(PLACES, f"行 {number}", body)
        said.append([(one.code, "权重" in one.message) for one in opened(f"行 {number}").problems])
    assert said == [[("K141", True)], []]
