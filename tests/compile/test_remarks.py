"""Numbering, the official wording, limits that nobody reaches, what nobody reads: said where true, silent where not."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfdsl.compile.official import numbers
from perfdsl.text.source import Source
from perfdsl.workspace.opening import open_rulebook, open_text, rule_problems

ROOT = Path(__file__).parents[2]
BOOK = (ROOT / "tests" / "slips" / "底本.perf").read_text(encoding="utf-8")
GOOD = [path for path in sorted((ROOT / "rulebooks").rglob("*.perf")) if not path.name.startswith("原文")]


def said(*changes: tuple[str, str]) -> list[tuple[str, str]]:
    text = BOOK
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return [(one.code, one.message) for one in open_text(Source("试.perf", text)).problems]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_good_rulebooks_give_no_false_alarm(path: Path) -> None:
    opened = open_rulebook(path)
    if opened.rulebook is None:
        return  # a file that others include
    assert [(one.code, one.message) for one in (*opened.problems, *rule_problems(opened))] == []


def test_a_cap_of_bonuses_that_they_do_not_come_up_to() -> None:
    assert said(("加分最高 5 分，总分最高 105 分", "加分最高 8 分，总分最高 108 分")) == [
        ("K344", "加分最高 8 分，各加分项合计最多 5 分，永远到不了"),
        ("K344", "总分最高 108 分，基本分加上全部加分最多 105 分，永远到不了"),
    ]


def test_a_total_that_cuts_full_marks() -> None:
    assert said(("总分最高 105 分", "总分最高 95 分")) == [("K344", "总分最高 95 分，基本分就有 100 分")]


def test_a_cap_that_the_parts_reach_exactly_is_fine() -> None:
    assert said() == []


CASE = (
    ("  # 已知悉 K396：省通报扣分之外另行否优，是会议定的", ""),
    "  情形：台账 “通报” 中 通报层级 为 “省通报” 的 1 次以上，通报日期在考核期内",
)


@pytest.mark.parametrize(
    ("case", "answer"),
    [("低于 12 分", "都成立"), ("超过 12 分", "都不成立"), ("低于 0 分", "都不成立"), ("不低于 0 分", "都成立")],
)
def test_a_condition_on_a_score_that_is_settled_beforehand(case: str, answer: str) -> None:
    acknowledged, old = CASE
    ((code, message),) = said(acknowledged, (old, f"  情形：得分【A01】{case}"))
    assert code == "K346"
    assert message.endswith(f"对每个单位{answer}")


def test_a_condition_on_a_score_that_may_hold() -> None:
    acknowledged, old = CASE
    assert said(acknowledged, (old, "  情形：得分【A01】低于 6 分")) == []


def test_grades_and_quotas_that_nobody_reaches() -> None:
    row = "| 优秀   | 90 分以上           | 30%  |"
    assert said(("最低 0 分", "最低 60 分")) == [("K345", "总分在 60 至 105 分之间，“不合格”的分数段没有单位能到")]
    assert said(("最低 0 分", "最低 59 分")) == []
    assert said((row, "| 优秀   | 90 分以上           | 0 个 |")) == [("K368", "“优秀”没有单位能评上：名额是 0")]
    assert said((row, "| 优秀   | 90 分以上           | 3 个 |")) == [
        ("K345", "“优秀”的名额 3 个，全部单位只有 3 个，名额不起作用")
    ]
    assert said((row, "| 优秀   | 90 分以上           | 2 个 |")) == []


def test_printed_numbers_run_on() -> None:
    changes = (
        ("（40 分）【A】", "（40 分）【一】"),
        ("（35 分）【B】", "（35 分）【二】"),
        ("（25 分）【C】", "（25 分）【四】"),
    )
    text = BOOK
    for old, new in changes:
        text = text.replace(old, new)
    for letter, number in (("A", "一"), ("B", "二"), ("C", "四")):
        text = text.replace(f"【{letter}0", f"【{number}.")
    found = [(one.code, one.message) for one in open_text(Source("试.perf", text)).problems]
    assert found == [("K340", "【四】前面没有第（三）项")]


def test_what_counts_as_an_amount_of_the_official_wording() -> None:
    assert numbers("（一）按示绩发〔2025〕8号第5条，2025年12月20日前报送的得 2 分，每少 1 件扣 0.5 分") == [2, 1, 0.5]
    assert numbers("投资 1,200 万元") == [1200]


def test_the_wording_against_the_scoring_in_both_directions() -> None:
    line = "  计分：达到得满分；每低 1 个百分点扣 0.5 分"
    assert said((line, "  计分：达到得满分；每低 1 个百分点扣 0.2 分")) == [
        ("K343", "原文里的 0.5 分 在本条各栏里没有")
    ]
    assert said((line, "  计分：达到得满分；每低 1 个百分点扣 0.5 分，最多扣 3 分")) == [
        ("K343", "计分里的 3 在原文里没有")
    ]


def test_a_day_that_nothing_reads_lets_other_years_in() -> None:
    """台账 “通报” is asked for in two places, both within 考核期."""
    changes = (("台账：通报，通报日期在考核期内", "台账：通报"), ("的 1 次以上，通报日期在考核期内", "的 1 次以上"))
    assert said(*changes) == [("K347", "台账 “通报” 的 “通报日期” 没有规则用到")]
    text = BOOK
    for old, new in changes:
        text = text.replace(old, new, 1)
    (problem,) = open_text(Source("试.perf", text)).problems
    assert problem.why == "不看日期，不在考核期内的事也计了进去"
    assert problem.mend.startswith("在规则里写：通报日期在考核期内；")


def test_a_method_whose_name_ends_in_a_verb_is_no_number_without_points() -> None:
    """低一点扣 2 calls a 计分办法 with 2; 扣 2 alone is a number without 分."""
    line = "  计分：达到得满分；每低 1 个百分点扣 0.5 分，不足 1 个百分点的按比例计，扣完本指标为止"
    assert line in BOOK
    method = f"计分办法 低一点扣（每档扣分）\n{line.replace('扣 0.5 分', '扣 每档扣分 分')}\n"
    text = BOOK.replace(line, "  计分：低一点扣 0.5", 1).replace("一级指标 ", f"{method}一级指标 ", 1)
    assert [one.code for one in open_text(Source("试.perf", text)).problems if one.code == "K349"] == []
    text = BOOK.replace("每有 1 份公文差错扣 0.5 分", "每有 1 份公文差错扣 0.5", 1)
    assert [one.code for one in open_text(Source("试.perf", text)).problems] == ["K349"]


def test_a_column_that_nothing_reads() -> None:
    assert said(("、级别（国家级、省级、市级）、认定日期", "、级别（国家级、省级、市级）、认定日期、奖金（万元）")) == [
        ("K347", "台账 “表彰” 的 “奖金” 没有规则用到")
    ]


EVERYWHERE = """\
考评办法 示例市2025年度列举（10 分）【示例市列@2025】
  状态：征求意见稿
  本数：以上含本数；不足不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分，最高 10 分，最低 0 分
  同分：先比 序号（低者在前），仍相同的并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位、类别（区县、市直）
附表 系数表（每个单位一行）
  列：单位、难度（倍）、班子起点（优秀、合格）、门槛（分）、序号（个）、闲置（个）
类别 区县（10 分）
类别 市直（10 分）
一级指标 工作（10 分）【A】
指标 质量（10 分）【A01】
  数据：得票率（%，每半年，各半年平均）
  指标值：得票率
  按半年计分：各半年得分不取舍，每半年满分 5 分，全年取各半年得分之和
  计分：按完成比例，最高得满分
  系数：难度
  系数封顶：最高得满分
等次 区县等次（按类别分别评定）
  适用：类别 为 “区县”
  | 等次 | 总分     |
  | 优秀 | 8 分以上 |
  | 合格 | 其余     |
等次 市直等次（按类别分别评定）
  适用：类别 为 “市直”
  | 等次 | 总分     | 另需符合           |
  | 优秀 | 8 分以上 | 得分【A01】 ≥ 门槛 |
  | 合格 | 其余     |                    |
对象等次 领导班子
  与单位等次：不得高于单位等次
  起点：班子起点
"""


def test_a_column_may_be_read_by_what_stands_behind_the_items() -> None:
    """同分 reads 序号, the second table of grades 门槛, 对象等次 班子起点; the half-years are told apart by 半年."""
    found = [(one.code, one.message) for one in open_text(Source("试.perf", EVERYWHERE)).problems]
    assert found == [("K347", "附表 “系数表” 的 “闲置” 没有规则用到")]


def test_a_condition_of_the_second_table_of_grades_that_everybody_meets() -> None:
    text = (
        EVERYWHERE.replace("、闲置（个）", "")
        .replace("得分【A01】 ≥ 门槛", "得分【A01】 ≥ 0 分")
        .replace("、门槛（分）", "")
    )
    found = [(one.code, one.message) for one in open_text(Source("试.perf", text)).problems]
    assert found == [("K346", "“得分【A01】 ≥ 0 分”对每个单位都成立")]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("总分最高 105 分，最低 0 分", "总分最高 105 分，最低 120 分", ("K530", "总分最低 120 分，最高 105 分")),
        (
            "适用：有无执法职能 为 “有”",
            "适用：类别 为 “区县” 且 类别 为 “市直”",
            ("K531", "“类别 为 “区县” 且 类别 为 “市直””没有谁能同时满足"),
        ),
        (
            "适用：有无执法职能 为 “有”",
            "适用：类别 为 “市直” 且 有无执法职能 为 “有”",
            ("K532", "名册里没有一个单位符合“类别 为 “市直” 且 有无执法职能 为 “有””"),
        ),
        ("类别（区县、市直）", "类别（区县、市直、园区）", None),
        (
            "计分：按名次得 10、9、8 分",
            "计分：按名次得 9、8、7 分",
            ("K534", "“工业增速” 10 分，计分里最好的只给 9 分"),
        ),
        ("| 95% 以上         | 10   |", "| 95% 以上 | 9 |", ("K534", "“预算执行率” 10 分，计分里最好的只给 9 分")),
        (
            "达到 95 分得 10 分；未达到 60 分得 0 分；其间按插值从 2 分到 10 分",
            "达到 95 分得 8 分；未达到 60 分得 0 分；其间按插值从 2 分到 8 分",
            ("K534", "“服务对象满意度” 10 分，计分里最好的只给 8 分"),
        ),
        ("计分：国家级每次 3 分", "计分：国家级每次 8 分", ("K535", "一次就有 8 分，全部合起来最高 5 分")),
        ("计分：国家级每次 3 分", "计分：国家级每次 5 分", None),
        (
            "计分：2025年12月20日前",
            "计分：2024年12月20日前",
            ("K536", "这里的日期不在考核期（2025年1月1日至2025年12月31日）内"),
        ),
        (
            "台账：通报，通报日期在考核期内",
            "台账：通报，通报日期在2024年1月1日至2024年12月31日",
            ("K536", "这里的日期不在考核期（2025年1月1日至2025年12月31日）内"),
        ),
        ("台账：通报，通报日期在考核期内", "台账：通报，通报日期在2024年12月1日至2025年11月30日", None),
        (
            "附表 年度目标（每个单位一行）",
            "附表 去年目标（每个单位一行）\n  列：单位、固投数（亿元）\n附表 年度目标（每个单位一行）",
            ("K537", "附表 “去年目标” 没有规则用到"),
        ),
    ],
)
def test_what_can_never_happen(old: str, new: str, told: tuple[str, str] | None) -> None:
    assert said((old, new)) == ([told] if told else [])


def test_a_category_that_the_roster_gives_to_nobody() -> None:
    assert said(
        ("类别（区县、市直）", "类别（区县、市直、园区）"),
        ("类别 市直（100 分）", "类别 市直（100 分）\n类别 园区（100 分）"),
    ) == [("K533", "名册里没有“园区”这一类的单位")]
