"""What officers write → the kind that takes it, through the whole compiler. No phrase fits two kinds."""

from __future__ import annotations

import re

import pytest

from perfdsl.clauses import KINDS
from perfdsl.model.item import Item
from perfdsl.text.form import Form
from perfdsl.text.problem import Severity
from perfdsl.text.source import Source
from perfdsl.workspace.opening import Opened, open_text

HEAD = """考评办法 试行办法（10 分）
  状态：征求意见稿
  年度：2025
  考核期：2025年1月1日至2025年12月31日
  本数：以上、以下、不低于均含本数；超过、低于、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入；指标值不取舍
  总分：基本分 + 加分 − 扣分，最高 20 分，最低 0 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位代码、单位
数据 实际（每个单位一行）
  列：率（%）、标杆（%）、上年（%）、数（件）
台账 表彰（每个事项一行）
  列：单位、事项编号、级别（国家级、省级、市级）、认定日期
数据 打分（每个单位每个评委一行）
  列：单位、评委、评分（分）
数据 名次票（每个单位每张票一行）
  列：单位、票号、票上名次（名次）
"""

RATE = "  指标值：率\n  目标值：98%\n  方向：越高越好\n"
LEDGER = "  台账：表彰，认定日期在考核期内\n  同一事项：只计最高一次，按事项编号\n"


def opened(header: str, fields: str, phrase: str) -> Opened:
    score = f"  计分：{phrase}\n" if phrase else ""
    return open_text(Source("试.perf", f"{HEAD}{header}\n{fields}{score}"))


def scored(found: Opened) -> Item:
    assert found.rulebook is not None
    return next(item for item in found.rulebook.walk() if item.code == "A1")


PHRASES = [
    ("", "达到得满分，否则不得分", "meet_or_zero"),
    (RATE, "达到得满分，否则不得分", "meet_or_zero"),
    ("  指标值：率\n", "大于 0 得满分，否则不得分", "reach"),
    (RATE, "不低于目标值得满分，否则得 2 分", "reach"),
    ("  指标值：率\n", "不足 60% 得 2 分，否则得满分", "reach"),
    ("", "按时报送得满分，否则不得分", "yes_no"),
    ("", "未发生得满分，否则不得分", "none_occurred"),
    ("", "2018年7月31日前印发得满分，逾期或未印发不得分", "deadline"),
    ("", "2018年7月31日前印发得满分，否则不得分", "deadline"),
    ("  要件：每有 1 项得 5 分，最高得满分\n    · 方案\n    · 台账\n", "", "checklist"),
    ("", "人工评分，0.5 分一档，写明理由", "manual"),
    ("", "人工评分，0.5 分一档，限于 1 至 3 分", "manual"),
    ("", "酌情，0.5 分一档，限于 0 至 3 分", "manual"),
    ("", "按完成比例，最高得满分", "proportional"),
    (RATE, "按比例得分，最高 10 分", "proportional"),
    ("  指标值：率\n", "分档\n    | 率 | 得分 |\n    | 95% 以上 | 10 |\n    | 其余 | 0 |", "bands"),
    (RATE, "达到得满分；每低 1 个百分点扣 0.5 分，不足 1 个百分点的按 1 个百分点计，扣完本指标为止", "step_down"),
    (RATE, "每低 1% 扣 0.2 分（低多少 = （目标值 − 指标值）÷ 目标值），不足 1% 的不计，最多扣 2 分", "step_down"),
    (
        "  指标值：数\n  目标值：3 件\n",
        "不高于目标值得满分；每超 1 件扣 1 分，扣完本指标为止",
        "step_down",
    ),
    (RATE, "达到得 6 分，否则不得分；每超 1 个百分点加 0.5 分，不足 1 个百分点的按比例计，最高得满分", "step_up"),
    (RATE, "达到得 6 分；未达到不得分；每超 1 个百分点加 0.5 分，不足 1 个百分点的不计，最多加 4 分", "step_up"),
    (
        "  指标值：数 − 数\n",
        "持平得 5 分；每增 1 件加 0.5 分，最多加 5 分；每减 1 件扣 1 分，最多扣 5 分",
        "up_and_down",
    ),
    ("", "每有 1 件未按期办结扣 1 分，扣完本指标为止", "count_loss"),
    ("", "未发生得满分；每发生 1 次扣 1 分，扣完本指标为止", "count_loss"),
    ("", "每起扣 2 分，扣完本指标为止", "rate_loss"),
    ("", "每有 1 份会议纪要得 1 分，最高得满分", "count_gain"),
    ("", "每篇 1 分，最高得满分", "rate_gain"),
    ("", "每月 0.5 分，按 20 个月累计", "rate_gain"),
    (RATE, "达到 98% 得 10 分；未达到 60% 得 0 分；其间按插值从 1 分到 9 分", "interpolate"),
    (
        RATE,
        "不优于 上年 得 0 分；达到 标杆 得 9 分；其间按插值从 -0.5 分到 9.5 分，保留 0 位，四舍五入，限于 0 至 9 分；依次判断",
        "interpolate",
    ),
    (RATE + "  同名次：都得该名次分\n", "按名次得 10、9、8 分，其余不得分", "rank_list"),
    (RATE, "标准分法，基准 7.5 分，每个标准差 1 分，按总体，标准差为零的得 7.5 分，最高得满分，最低 0 分", "z_score"),
    (RATE, "标准分法，均值得 7 分，每个标准差 1 分，按样本，没有差别的得 7 分，不封顶，不保底", "z_score"),
    ("", "按指标值得分，最高得满分，最低 0 分", "by_value"),
    (RATE, "第一名 6 分，其余按与第一名的比例", "ratio_to_first"),
    (RATE, "最高者得满分，其余按与最高者的比例", "ratio_to_first"),
    (RATE, "第一名 6 分，其余按与第一名的比例，负值不得分，第一名不大于 0 时都不得分", "ratio_to_first"),
    (RATE, "按名次得 3、1.5、0 分，以后每名递减 0.5 分，最低 0 分", "rank_list"),
    (RATE, "按名次得 3、0 分，其余不得分；单位数不超过 5 个的，按名次得 3、0 分，其余不得分", "rank_switch"),
    (RATE, "第一名得满分，以后每名递减第一名得分的 5%，最低 60%", "rank_falling"),
    (RATE, "第一名得满分，每名递减 0.5 分，最低 0 分", "rank_falling"),
    (RATE, "第一名 10 分，最后一名 5 分，其间按名次等差，只有一个单位的按第一名计", "rank_even"),
    (RATE, "第一名得 10 分；第 2 至 5 名得 8 分；第六名得 5 分；其余得 2 分", "rank_spans"),
    (RATE, "第 1 至 3 名得 10 分；第 4 名得 8 分；其余不得分", "rank_spans"),
    (RATE, "前 5 名依次加 5、4、3、2、1 分", "rank_ends"),
    (RATE, "前 3 名均得 2 分", "rank_ends"),
    (RATE, "按极值法，基础分占 60%，最好的与最差的相等时得满分", "min_max"),
    (
        "  指标值：率\n  满意值：95%\n  不允许值：60%\n",
        "按功效系数，基础分占 60%，最低得基础分，最高得满分",
        "efficacy",
    ),
    (LEDGER, "国家级每次 3 分；省级每次 2 分；市级每次 1 分，最高得满分", "ledger"),
    (LEDGER, "每次扣 2 分，扣完本指标为止", "ledger"),
    (LEDGER, "国家级每次 3 分；省级每次 2 分，最高 4 分；每次最多 2 分；未发生不得分；最高得满分", "ledger"),
    (LEDGER + "  每行分值：核定分\n", "按每行分值扣分，限于 1 至 3 分，扣完本指标为止", "ledger_points"),
    (LEDGER, "第 1 次扣 1 分；第 2 次起每次扣 2 分，扣完本指标为止", "turns"),
    ("  未报：退回补报\n", "按比例折算，原满分 1000 分，最高得满分", "converted"),
    ("  打分表：打分\n", "各评委打分的平均 × 20%", "raters"),
    (
        "  打分表：打分\n  无效票：全部同分的票；不低于 90 分的最多 3 个\n",
        "各评委打分的平均，按评分；评委超过 5 人的，去掉最高分和最低分各 1 个，同分的全部去掉",
        "raters",
    ),
    ("  打分表：名次票\n", "按票上名次计分，每票第一名 10 分，以后每名递减 0.5 分", "borda"),
    ("", "第 1 次扣 1 分；第 2 次扣 2 分；第 3 次起每次扣 3 分，扣完本指标为止", "turns"),
]


@pytest.mark.parametrize(("fields", "phrase", "key"), PHRASES)
def test_a_phrase_is_read_by_its_kind(fields: str, phrase: str, key: str) -> None:
    found = opened("指标 试算（10 分）【A1】", fields, phrase)
    made = scored(found)
    assert made.scoring is not None, [problem.message for problem in found.problems]
    assert made.scoring.kind == key


TOP = [
    ("加分项 超额（最高 9 分）【A1】", RATE, "每超 10 个百分点加 3 分，不足 10 个百分点的不计", "step_up"),
    ("加分项 任务（最高 0.5 分）【A1】", "", "全部完成加 0.5 分；每有 1 项未完成扣 0.1 分，扣完本项为止", "count_loss"),
    ("加分项 表彰（最高 3 分）【A1】", LEDGER, "国家级每次 3 分；省级每次 2 分", "ledger"),
    ("加分项 稿件（最高 3 分）【A1】", "", "每篇加 0.5 分", "rate_gain"),
    ("扣分项 表彰（最多扣 3 分）【A1】", LEDGER, "省级每次 2 分；市级每次 0.5 分，最多扣 1 分", "ledger"),
    ("扣分项 迟报（最多扣 3 分）【A1】", "", "每有 1 次迟报扣 0.5 分", "count_loss"),
]


@pytest.mark.parametrize(("header", "fields", "phrase", "key"), TOP)
def test_bonuses_and_deductions(header: str, fields: str, phrase: str, key: str) -> None:
    found = opened(header, fields, phrase)
    made = scored(found)
    assert made.scoring is not None, [problem.message for problem in found.problems]
    assert made.scoring.kind == key


LOSS = "每有 1 件未按期办结扣 1 分"


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("不低于 9.5 分", None),
        ("不低于 9.5", None),
        ("不低于 50%", "K249"),
        ("不低于 10 分", "K247"),
        ("不低于 5 分，扣完本指标为止", "K247"),
        ("扣完本指标为止，总分不低于 0 分", None),
        ("扣完本指标为止，总分不低于 5 分", "K247"),
        ("总分不低于 0 分", "K208"),
    ],
)
def test_a_floor_as_a_field(field: str, code: str | None) -> None:
    """下限 in points is the item's own, of the total is the total's, and in anything else is refused."""
    found = opened("指标 试算（10 分）【A1】", f"  下限：{field}\n", LOSS)
    assert scored(found).scoring is not None, [problem.message for problem in found.problems]
    codes = [problem.code for problem in found.problems if problem.severity is Severity.MUST]
    assert codes == ([] if code is None else [code])


POINTS = "  要点：\n    | 要点 | 分值 | 计分 |\n    | 甲 | 5 | 达到得满分，否则不得分 |\n    | 乙 | 5 | 达到得满分，否则不得分 |\n"


@pytest.mark.parametrize(
    ("phrase", "key"),
    [
        ("取各要点得分的最高者", "larger_of"),
        ("取各要点得分的最低者，至少 2 项", "larger_of"),
        ("各要点得分的平均 × 10，至少 2 项", "mean_of"),
        ("各要点得分之和，至少 2 项", "sum_of"),
        ("各要点得分一致方可计分", "agreed"),
    ],
)
def test_scores_of_points_become_one(phrase: str, key: str) -> None:
    made = scored(opened("指标 试算（10 分）【A1】", POINTS, phrase))
    assert made.combine is not None
    assert made.combine.kind == key


def test_a_norm_in_a_row_of_points() -> None:
    rows = "    | 要点 | 分值 | 定额 | 定额内 | 超出定额 |\n    | 省级采用 | 10 | 5 篇 | 每篇 2 分 | 每篇加 1 分 |\n"
    fields = f"  要点：\n{rows}  超出部分：计入本指标，不封顶\n  相互抵补：不抵补\n"
    made = scored(opened("指标 试算（10 分）【A1】", fields, ""))
    assert [child.scoring.kind for child in made.children if child.scoring] == ["count_quota"]


@pytest.mark.parametrize("word", ["按各项条件", "按两项条件", "按条件表"])
def test_conditions_together(word: str) -> None:
    rows = "    | 年度目标 | 累计进度 | 得分 |\n    | 完成 | 不论 | 10 |\n    | 未完成 | 完成 | 5 |\n    | 其余 | 其余 | 0 |"
    found = opened("指标 试算（10 分）【A1】", "", f"{word}\n{rows}")
    made = scored(found)
    assert made.scoring is not None, [problem.message for problem in found.problems]
    assert made.scoring.kind == "by_conditions"


def forms() -> list[Form]:
    return [kind.form for kind in KINDS if not kind.form.header]


def test_every_kind_of_scoring_is_in_the_list() -> None:
    listed = {key for _, _, key in PHRASES} | {key for _, _, _, key in TOP}
    combined = {kind.key for kind in KINDS if kind.combines}
    tables = {kind.key for kind in KINDS if kind.form.table}
    assert {kind.key for kind in KINDS if not kind.form.header} - tables == (
        listed | combined | {"count_quota", "escalation"}
    ) - tables  # a norm stands in a row of points, escalation in the rule of a period: tests of their own


def test_words_of_kinds_can_be_shown_and_stand_for_one_thing() -> None:
    seen: dict[str, str] = {}
    for form in forms():
        for word in form.phrases:
            for spelling in word.spellings:
                spelling.encode("cp936")
                assert seen.setdefault(spelling, word.key) == word.key
            assert re.fullmatch(r"[a-z-]+", word.english)


def test_each_key_once() -> None:
    keys = [kind.key for kind in KINDS]
    assert sorted(set(keys)) == sorted(keys)
    assert all(kind.form.name.key == kind.key for kind in KINDS if not kind.form.header)
