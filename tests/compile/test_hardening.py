"""What a reviewer found: a mistake of the officer that was swallowed, read as 0, or ended in a crash."""

from __future__ import annotations

from typing import Any

import pytest
from problem_cases import HEAD, check

GRADES = """\
等次 年度等次（全部单位一起评定）
  名额基数：参加排名的单位数
  名额取整：四舍五入
  名额末位同分：一并计入
  超出名额：列入下一等次
  | 等次 | 总分 | 名额 |
  | 优秀 | 9 分以上 | 30% |
  | 合格 | 不足 9 分 | 不限 |
"""
PLAIN = "指标 甲（10 分）\n  计分：达到得满分，否则不得分\n"


def said(text: str) -> list[tuple[str, str]]:
    """Code and marked text of every 必须改."""
    whole = text if "考评办法 " in text else HEAD + text
    return [(one["code"], one["text"].split("\n")[0]) for one in check(whole) if one["severity"] == "必须改"]


def headed(total: str, head: str = HEAD) -> str:
    return head.replace("总分：基本分", f"总分：{total}")


def problem(text: str, code: str) -> dict[str, Any]:
    whole = text if "考评办法 " in text else HEAD + text
    return next(one for one in check(whole) if one["code"] == code)


# ---- 1: amounts are never read as 0


@pytest.mark.parametrize(
    ("total", "code", "text"),
    [
        ("基本分，总分最高 人口 分", "K176", "人口 分"),
        ("基本分，总分最高 5%", "K176", "5%"),
        ("基本分，总分最低 3 件", "K176", "3 件"),
        ("基本分，至少 2.5 项", "K178", "2.5 项"),
        ("基本分，至少 50%", "K178", "50%"),
    ],
)
def test_bounds_of_the_total_are_points(total: str, code: str, text: str) -> None:
    assert said(headed(total) + PLAIN) == [(code, text)]


def test_an_amount_that_cannot_be_read_makes_no_clause() -> None:
    text = "附表 参数（每个单位一行）\n  列：单位、额（件）\n附表 参数二（每个单位一行）\n  列：单位、额（件）\n"
    text += "指标 甲（10 分）\n  计分：每有 1 件投诉扣 额 分，扣完本指标为止\n"
    assert [code for code, _ in said(text)] == ["K102"]


# ---- 2 and 3: cells of the grade table


@pytest.mark.parametrize(
    ("row", "code", "text"),
    [
        ("| 优秀 | 较高 | 30% |", "K181", "较高"),
        ("| 优秀 | 90% 以上 | 30% |", "K181", "90% 以上"),
        ("| 优秀 | 9 分以上 | 100 元 |", "K182", "100 元"),
        ("| 优秀 | 9 分以上 | 15 个百分点 |", "K182", "15 个百分点"),
    ],
)
def test_cells_of_grades(row: str, code: str, text: str) -> None:
    assert said(PLAIN + GRADES.replace("| 优秀 | 9 分以上 | 30% |", row)) == [(code, text)]


@pytest.mark.parametrize("quota", ["3", "3 个", "3 家", "3 名", "30%", "300‰"])
def test_a_quota_is_a_share_or_a_number(quota: str) -> None:
    assert said(PLAIN + GRADES.replace("30%", quota)) == []


def test_a_rank_is_a_range() -> None:
    text = GRADES.replace("总分 | 名额", "名次 | 名额").replace("9 分以上 | 30%", "其余 | 不限")
    assert ("K181", "其余") in said(PLAIN + text.replace("不足 9 分", ""))


def test_beyond_the_quota_must_be_said() -> None:
    assert [code for code, _ in said(PLAIN + GRADES.replace("  超出名额：列入下一等次\n", ""))] == ["K354"]


# ---- 4: circles


def veto(case: str) -> str:
    return f"一票否优 否【F1】\n  情形：{case}\n  后果：不得评为 “优秀”\n  名额：空出的由下一名递补\n"


@pytest.mark.parametrize(
    "text",
    [
        "指标 甲（10 分）【A1】\n  指标值：总分 ÷ 2\n  方向：越高越好\n  计分：达到 3 分得满分，否则不得分\n",
        "指标 甲（10 分）【A1】\n  适用：等次 为 “优秀”\n  不涉及：得满分\n  计分：达到得满分，否则不得分\n" + GRADES,
        "指标 甲（10 分）【A1】\n  指标值：得分【A1】\n  方向：越高越好\n  计分：达到 3 分得满分，否则不得分\n",
        PLAIN + GRADES + veto("等次 为 “优秀”"),
        PLAIN + GRADES + veto("连续 3 年等次 为 “优秀”"),
    ],
)
def test_circles_are_told_once(text: str) -> None:
    assert [code for code, _ in said(text)] == ["K115"]


def test_a_circle_of_values_is_told_once() -> None:
    text = "".join(
        f"指标 {name}（5 分）【{code}】\n  指标值：指标值【{other}】\n  方向：越高越好\n  计分：达到 3 分得满分，否则不得分\n"
        for name, code, other in (("甲", "A1", "A2"), ("乙", "A2", "A1"))
    )
    assert [code for code, _ in said(text)] == ["K115"]


def test_several_years_need_a_period() -> None:
    head = HEAD.replace("  考核期：2025年1月1日至2025年12月31日\n", "")
    text = "结果运用 记功【Y1】\n  对象：连续 3 年等次 为 “优秀”\n  措施：记三等功\n"
    assert [code for code, _ in said(head + PLAIN + GRADES + text)] == ["K125"]


# ---- 5: each code once


@pytest.mark.parametrize(
    "text",
    [
        "指标 甲（10 分）\n  要点：\n    | 要点 | 分值 | 计分 |\n    | 子 | 5 | 达到得满分，否则不得分 |\n"
        "    | 子 | 5 | 达到得满分，否则不得分 |\n",
        "指标 甲（5 分）\n  计分：达到得满分，否则不得分\n指标 甲（5 分）\n  计分：达到得满分，否则不得分\n",
        PLAIN + GRADES + 2 * veto("总分 低于 6 分").replace("【F1】", ""),
    ],
)
def test_two_things_of_one_name(text: str) -> None:
    codes = [code for code, _ in said(text)]
    assert codes[0] == "K180"
    assert set(codes) <= {"K180", "K301"}


# ---- 6: one of several cases


def cases(item: str) -> list[tuple[str, str]]:
    text = f"一票否优 否【F1】\n  情形之一：\n    · {item}\n  后果：不得评为 “优秀”\n  名额：空出的由下一名递补\n"
    return said("数据 实绩（每个单位一行）\n  列：单位、投诉件数（件）\n" + PLAIN + GRADES + text)


@pytest.mark.parametrize(
    "item", ["编造绩效数据造成严重影响", "领导班子考核未达到良好以上", "投诉件数 ≥ 3 件", "总分 低于 6 分"]
)
def test_cases_that_read(item: str) -> None:
    assert cases(item) == []


@pytest.mark.parametrize(
    "item", ["投诉件数", "投诉件数较多", "投诉件数 大约 3 件", "全年投诉超过 3 件", "得分【A9】低于 6 分"]
)
def test_half_a_condition_is_no_fact(item: str) -> None:
    assert cases(item)


# ---- 7: fields and blocks that nothing reads


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (HEAD.replace("  状态：印发稿", "  状态：印发稿\n  名额：30%") + PLAIN, "名额"),
        ("类别 区县\n  计分：达到得满分，否则不得分\n" + PLAIN, "计分"),
        ("附表 目标（每个单位一行）\n  列：单位、额（件）\n  目标值：3 件\n" + PLAIN, "目标值"),
        (PLAIN + "  归入：经济\n", "归入"),
        (PLAIN.replace("（10 分）", "（10 分，不封顶）"), "不封顶"),
    ],
)
def test_fields_that_nothing_reads(text: str, label: str) -> None:
    assert ("K141", label) in said(text)


def test_a_block_that_nothing_reads() -> None:
    grades = "等次 年度等次（全部单位一起评定）\n  | 等次 | 总分 |\n  | 优秀 | 5 分以上 |\n  | 合格 | 不足 5 分 |\n"
    assert "K185" in [code for code, _ in said(PLAIN + grades + grades.replace("年度", "季度"))]


# ---- 8: points and shares


@pytest.mark.parametrize(
    ("note", "code", "text"),
    [("权重 20 分", "K177", "20 分"), ("权重 25", "K177", "25"), ("最低 50%", "K176", "50%")],
)
def test_notes_have_units(note: str, code: str, text: str) -> None:
    head = HEAD.replace("总分：基本分", "总分：各一级指标得分 × 权重 之和") if "权重" in note else HEAD
    found = said(head + f"一级指标 经济（10 分，{note}）【A】\n" + PLAIN.replace("（10 分）", "（10 分）【A1】"))
    assert (code, text) in found


def test_a_weight_as_a_field() -> None:
    head = HEAD.replace("总分：基本分", "总分：各一级指标得分 × 权重 之和")
    text = "一级指标 经济（10 分）【A】\n  权重：100%\n" + PLAIN.replace("（10 分）", "（10 分）【A1】")
    assert said(head + text) == []
    assert [code for code, _ in said(HEAD.replace("总分：基本分", "总分：各一级指标得分的平均") + text)] == ["K316"]


# ---- 9: notes of columns and tables


@pytest.mark.parametrize("note", ["亿元，可填“/”表示不涉", "件，每月份", "件，每月，全年总计", "件，取最后数"])
def test_notes_of_columns(note: str) -> None:
    text = f"数据 实绩（每个单位一行）\n  列：单位、甲数（{note}）\n" + PLAIN
    assert "K183" in [code for code, _ in said(text)]


def test_notes_of_tables() -> None:
    text = "附表 目标（每个单位1行）\n  列：单位、额（件）\n" + PLAIN
    assert "K183" in [code for code, _ in said(text)]


def test_who_supplies_is_still_free() -> None:
    text = "数据 实绩（每个单位一行，市行政审批局）\n  列：单位、甲数（件，12345热线办）\n" + PLAIN
    assert said(text) == []


def test_a_wide_percent_sign_is_a_percent_sign() -> None:
    text = "指标 甲（10 分）\n  数据：满意度（％）\n  指标值：满意度\n  方向：越高越好\n  计分：达到 90% 得满分，否则不得分\n"
    assert said(text) == []


# ---- 10: facts that nothing reads


def test_a_declared_fact_is_used() -> None:
    text = "指标 培训（10 分）【A1】\n  数据：培训次数（次）\n  计分：每有 1 次业务培训得 1 分，最高得满分\n"
    assert said(text) == [("K184", "培训次数")]
    assert problem(text, "K184")["mend"] == "指标值：培训次数"


# ---- 12: one mistake is told once


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "指标 甲（10 分）\n  数据：办结（件）\n  指标值：办结\n  方向：随便\n  计分：达到 9 件得满分，否则不得分\n",
            None,
        ),
        ("指标 甲（10 分）\n  计分：看情况给分\n", None),
        ("指标 甲（10 分）\n  要点：10 分，达到得满分，否则不得分\n", "K154"),
    ],
)
def test_one_mistake_is_told_once(text: str, code: str | None) -> None:
    found = said(text)
    assert len(found) == 1
    assert code is None or found[0][0] == code


def test_rates_by_level_ask_for_the_ledger() -> None:
    text = "台账 奖励（每个事项一行）\n  列：单位、事项编号、级别（国家级、省级）\n"
    text += PLAIN + "加分项 表彰（最高 3 分）【J1】\n  计分：国家级每次 2 分；省级每次 1 分\n"
    whole = headed("基本分 + 加分，总分最高 13 分") + text
    assert [code for code, _ in said(whole)] == ["K188"]
    assert "台账：奖励" in problem(whole, "K188")["mend"]


# ---- 13: rules of one stage


def drop(name: str, effect: str) -> str:
    return f"降等 {name}\n  情形：总分 低于 6 分\n  后果：{effect}\n"


FOUR = GRADES.replace(
    "| 合格 | 不足 9 分 | 不限 |", "| 良好 | 8 分以上不足 9 分 | 不限 |\n  | 合格 | 不足 8 分 | 不限 |"
)


def test_rules_that_do_not_commute_are_shown_with_both_results() -> None:
    text = PLAIN + FOUR + drop("丙", "降 1 个等次") + drop("丁", "等次不高于 “良好”")
    found = problem(text, "K319")
    assert "“良好”" in found["why"]
    assert "“合格”" in found["why"]


def test_rules_that_commute_are_fine() -> None:
    assert said(PLAIN + FOUR + drop("丙", "降 1 个等次") + drop("丁", "降 1 个等次")) == []


# ---- 11 and 15: chains of 视为, codes of a 附表


def test_chains_of_answers_end() -> None:
    text = PLAIN + "  零报告：视为未发生\n  未发生：视为零报告\n"
    assert {code for code, _ in said(text)} == {"K150"}
    assert said(PLAIN + "  未报：视为零报告\n  零报告：视为未发生\n  未发生：得满分\n") == []


def test_rows_of_a_schedule_can_be_named_by_their_codes() -> None:
    text = """\
附表 参数（每行一项）
  列：编号、指标、分值、方向、计分、指标值
  | 编号 | 指标 | 分值 | 方向 | 计分 | 指标值 |
  | p1 | 甲 | 5 | 越高越好 | 达到 9 件得满分，否则不得分 | 甲数 |
数据 实绩（每个单位一行）
  列：单位、甲数（件）
一级指标 一（5 分）【一】
  来自：附表 “参数”
一级指标 二（5 分）【二】
指标 乙（5 分）【二1】
  指标值：指标值【p1】 × 2
  方向：越高越好
  计分：达到 3 件得满分，否则不得分
一票否优 低【F1】
  情形：得分【p1】低于 3 分
  后果：不得评为 “优秀”
  名额：空出的由下一名递补
"""
    assert said(text + GRADES) == []


def test_a_coefficient_under_the_method_of_rows_is_not_swallowed() -> None:
    """Rows are added up: 系数 has its place at the item that adds them up."""
    rows = (
        "附表 个性指标（每个单位多行）\n  列：单位、编号、指标、分值、目标值、计量单位、计分办法\n"
        "  | 单位 | 编号 | 指标 | 分值 | 目标值 | 计量单位 | 计分办法 |\n"
        "  | 甲县 | J1 | 项目 | 10 | 10 | 个 | 完成率法 |\n"
        "个性指标 重点任务（10 分）【A01】\n  来自：附表 “个性指标”，每个单位合计 10 分\n"
        "  数据：完成值（每个单位每个编号一个，计量单位随附表）\n  计分：按各行 “计分办法” 列\n"
        "计分办法 完成率法\n  指标值：完成值\n  方向：越高越好\n  计分：按完成比例，最高得满分\n"
    )
    assert "系数" not in [text for _, text in said(rows)]
    assert "系数" in [text for _, text in said(rows + "  系数：0.5\n")]
