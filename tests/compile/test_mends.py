"""Mends that name what the author wrote: the line that is proposed reads, and means what was meant."""

from __future__ import annotations

import pytest
from problem_cases import HEAD, check

VALUE = "指标 甲（10 分）【A1】\n  数据：{fact}\n  指标值：{value}\n  计分：按指标值得分，最高得满分，最低 0 分\n"


@pytest.mark.parametrize(
    ("fact", "value", "mend"),
    [
        ("增速（%）", "排名（增速、从高到低、并列占位）", "排名（增速、从高到低、并列占位） ÷ 1 名次 × 1 分"),
        ("增速（%）", "增速", "增速 × 10 分"),
        ("件数（件）、退件（件）", "件数 － 退件", "（件数 － 退件） ÷ 1 件 × 1 分"),
    ],
)
def test_a_value_is_turned_into_points(fact: str, value: str, mend: str) -> None:
    head = HEAD.replace("  总分：基本分", "  比较范围：全部单位，含本单位\n  总分：基本分")
    (found,) = check(head + VALUE.format(fact=fact, value=value))
    assert (found["code"], found["mend"]) == ("K258", f"改成：指标值：{mend}")
    assert check(head + VALUE.format(fact=fact, value=mend)) == []


@pytest.mark.parametrize(("name", "unit"), [("环比指数", "点"), ("办结件数", "件")])
def test_the_unit_that_is_proposed_fits_the_name(name: str, unit: str) -> None:
    found = check(
        HEAD + f"数据 实绩（每个单位一行）\n  列：单位、{name}\n指标 甲（10 分）\n  计分：达到得满分，否则不得分\n"
    )
    assert next(one["mend"] for one in found if one["code"] == "K131").startswith(f"{name}（{unit}）")


def test_the_edges_that_are_proposed_have_all_words() -> None:
    text = HEAD.replace("  本数：以上、以下、以内、不低于均含本数；超过、低于、不足均不含本数\n", "")
    grades = "等次 年度等次\n  | 等次 | 名次 | 总分 |\n  | A | 2 名以内 | 0 分以上 |\n  | B |  | 其余 |\n"
    found = check(text + "指标 甲（10 分）\n  计分：达到得满分，否则不得分\n" + grades)
    assert "以内" in next(one["mend"] for one in found if one["code"] == "K161")


@pytest.mark.parametrize(
    ("said", "mend"),
    [
        (
            "连续 3 年排名后 2 位",
            "名次在后 2 名（并列的一并计入） 且 上年（倒数第几） ≤ 2 名 且 往年（倒数第几、2 年） ≤ 2 名",
        ),
        ("连续两年名次在前 3 名", "名次在前 3 名（并列的一并计入） 且 上年（第几） ≤ 3 名"),
    ],
)
def test_a_run_of_ranks(said: str, mend: str) -> None:
    book = "指标 甲（10 分）\n  计分：达到得满分，否则不得分\n数据 历年实绩（每个单位多行）\n  列：单位、年度、第几（名）、倒数第几（名）\n"
    book += "结果运用 约谈【Y1】\n  方式：综合运用、适度运用、当前运用\n  措施：约谈\n  对象："
    assert [one["mend"] for one in check(HEAD + book + said) if one["code"] == "K583"] == [mend]
    assert not [one for one in check(HEAD + book + mend) if one["severity"] == "必须改"]


@pytest.mark.parametrize(
    "effect", ["降 1 个等次", "扣 5 分", "等次不高于 “B”", "不得评为 “A”", "【A1】不得分", "取消评优资格"]
)
@pytest.mark.parametrize("block", ["一票否决", "一票否优", "限等", "降等"])
def test_a_consequence_that_a_rule_does_not_have_is_answered(block: str, effect: str) -> None:
    text = HEAD + "指标 甲（10 分）【A1】\n  计分：达到得满分，否则不得分\n"
    text += "等次 年度等次\n  | 等次 | 总分 |\n  | A | 9 分以上 |\n  | B | 其余 |\n"
    text += f"{block} 事故【F1】\n  情形：得分【A1】低于 5 分\n  后果：{effect}\n"
    assert all(one["code"].startswith("K") for one in check(text))


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        ("最高值（件数、含本单位）", False),  # 平均 says nothing of it
        ("平均（件数）", True),
        ("平均（件数、同类别）", True),  # with the unit itself or without?
        ("平均（件数、同类别、含本单位）", False),
    ],
)
def test_two_ranges_are_asked_about_where_a_mean_is_taken(value: str, asked: bool) -> None:
    ranges = "  平均：全部单位，各单位简单平均，含本单位\n  比较范围：同类别，不含本单位\n"
    text = HEAD.replace("  总分：基本分\n", f"  总分：基本分\n{ranges}")
    text += f"指标 甲（10 分）\n  数据：件数（件）\n  指标值：件数\n  目标值：{value}\n  方向：越高越好\n  计分：达到得满分，否则不得分\n"
    assert ("K192" in [one["code"] for one in check(text)]) is asked


@pytest.mark.parametrize(
    ("rule", "mend"),
    [
        ("限等 事故【F1】\n  情形：得分【A1】低于 5 分\n  后果：等次不高于 “A”", "后果：等次不高于 “B”"),
        ("一票否优 事故【F1】\n  情形：得分【A1】低于 5 分\n  后果：不得评为 “A”、“B”", "后果：不得评为 “A”"),
    ],
)
def test_the_grade_that_is_proposed_is_one_of_the_rulebook(rule: str, mend: str) -> None:
    text = HEAD + "指标 甲（10 分）【A1】\n  计分：达到得满分，否则不得分\n"
    text += f"等次 年度等次\n  | 等次 | 总分 |\n  | A | 9 分以上 |\n  | B | 其余 |\n{rule}\n"
    assert mend in next(one["mend"] for one in check(text) if one["code"] in ("K374", "K376"))
