"""K259: a score that moves with a logarithm or a root has no last digit, unless it only goes by what is written."""

from __future__ import annotations

import pytest
from problem_cases import HEAD, check

OPEN = HEAD.replace(
    "小数：指标得分、总分均保留 2 位，四舍五入", "小数：指标得分、指标值不取舍，总分保留 2 位，四舍五入"
)
LN = "  数据：收入（元）\n  指标值：自然对数（收入 ÷ 1 元）\n  方向：越高越好\n"
EFFICACY = "  满意值：10\n  不允许值：5\n  计分：按功效系数，基础分占 60%，最低得基础分，最高得满分\n"
RANGE = "  比较范围：全部单位\n  计分：按极值法，最好的与最差的相等时得满分\n"
SHARE = "  目标值：10\n  计分：按完成比例，最高得满分\n"
STEPS = "  目标值：10\n  计分：达到得满分；每低 1 扣 0.5 分，不足 1 的{}，扣完本指标为止\n"
BETWEEN = "  计分：达到 1000% 得 10 分；未达到 500% 得 0 分；其间按插值从 0 分到 10 分{}\n"
BANDS = "  计分：分档\n    | 指标值 | 得分 |\n    | 10 以上 | 10 |\n    | 不足 10 | 0 |\n"
TARGET = "  数据：收入（倍）、规模（倍）\n  指标值：收入\n  方向：越高越好\n  目标值：自然对数（规模）\n  计分：按完成比例，最高得满分\n"
TIMES = "  数据：规模（倍）\n  计分：人工评分，1 分一档，写明理由\n  系数：自然对数（规模）\n  系数封顶：最高得满分\n"


def codes(rule: str) -> set[str]:
    return {one["code"] for one in check(f"{OPEN}指标 甲（10 分）【A1】\n{rule}") if one["severity"] == "必须改"}


@pytest.mark.parametrize(
    "rule",
    [LN + EFFICACY, LN + RANGE, LN + SHARE, LN + STEPS.format("按比例计"), LN + BETWEEN.format(""), TARGET, TIMES],
)
def test_without_a_last_digit(rule: str) -> None:
    assert codes(rule) == {"K259"}
    assert codes(rule + "  取舍：保留 2 位，四舍五入\n") == set()


@pytest.mark.parametrize(
    "rule",
    [LN + STEPS.format("不计"), LN + STEPS.format("按 1 计"), LN + BETWEEN.format("，保留 1 位，四舍五入"), LN + BANDS],
)
def test_only_what_is_written(rule: str) -> None:
    assert codes(rule) == set()
