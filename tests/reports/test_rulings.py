"""explain of what is not scored: vetoes, limits, drops, the grade; and what an item says of its rung and of ties."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from running import perfdsl

BOOK = Path(__file__).parents[2] / "rulebooks" / "示例市" / "2025.perf"

TEXT = """\
# 虚构
考评办法 否决办法（100 分）【否决@2025】
  状态：印发稿
  考核期：2025年1月1日至2025年12月31日
  本数：以上、以下均含本数；超过、低于、不足均不含本数
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位、类别（区县、单列）
  | 单位 | 类别 |
  | 甲县 | 区县 |
  | 乙县 | 区县 |
  | 丙县 | 区县 |
  | 丁办 | 单列 |
类别 区县（100 分）
类别 单列（100 分，不参加排名）
  等次：按 “优秀” 对待，占优秀名额
指标 培训（60 分）【A01】
  数据：培训率（%）
  指标值：培训率
  计分：分档
    | 培训率           | 得分 |
    | 90% 以上         | 60   |
    | 60% 以上不足 90% | 40   |
    | 其余             | 0    |
指标 信访（40 分）【A02】
  数据：信访件数（件）
  指标值：信访件数
  方向：越低越好
  比较范围：全部单位
  计分：按名次得 40、35、30、25 分
  同名次：都得该名次分，并列占位
一票否决 瞒报【F01】
  情形之一：
    · 瞒报数据
    · 拒不整改
  后果：等次定为 “合格”
  名额：空出的由下一名递补
  名次：保留名次
一票否优 信访多【F02】
  情形：指标值【A02】超过 8 件
  后果：不得评为 “优秀”
  名额：空出的由下一名递补
等次 年度等次（全部单位一起评定）
  名额基数：参加考核的单位数
  名额取整：四舍五入
  名额末位同分：一并计入
  超出名额：列入下一等次
  | 等次 | 总分 | 名额 |
  | 优秀 | 70 分以上 | 2 个 |
  | 合格 | 不足 70 分 | 不限 |
"""
FACTS = "单位,培训率,信访件数,瞒报数据,拒不整改\n甲县,95%,1,否,否\n乙县,70%,3,是,否\n丙县,90%,3,,否\n丁办,50%,9,否,否\n"


def said(unit: str, item: str, book: Path = BOOK) -> str:
    ran = perfdsl("explain", book, "--unit", unit, "--item", item)
    assert ran.code == 0, (ran.out, ran.err)
    return ran.out


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "否决.perf"
    path.write_text(TEXT, encoding="utf-8")
    (tmp_path / "否决" / "数据").mkdir(parents=True)
    (tmp_path / "否决" / "数据" / "实绩.csv").write_text(FACTS, encoding="utf-8")
    return path


def test_a_veto_that_holds_shows_its_rows() -> None:
    text = said("市交通运输局", "F01")
    for line in (
        "一票否决 第十八条第（一）项 F01 重大责任事故",
        "成立\n  情形：台账 “事故” 中 事故类型 为 “重大责任事故” 的 1 起以上，发生日期在考核期内",
        "  后果：等次定为“不合格”，空出的名额由下一名递补，保留名次",
        "  1 不低于 1 = 是",
        "“事故” 的一行：事故类型 重大责任事故、发生日期 2025-08-19  ← 事故.csv A2",
    ):
        assert line in text
    assert "没有得分" not in text


def test_a_row_that_a_case_does_not_count_is_told_with_its_reason() -> None:
    text = said("市生态环境局", "F32")
    assert "不成立" in text and "1 不低于 3 = 否" in text
    assert "不计的一行：通报层级 省通报  ← 通报.csv A2" in text
    assert "不计的一行：通报层级 市通报，几个条件一个也不符合  ← 通报.csv A3" in said("市生态环境局", "受到上级通报")


def test_a_veto_that_does_not_hold_shows_the_cells_that_say_so() -> None:
    text = said("白石区", "F02")
    assert "情形之一：编造绩效数据造成严重影响；拒不接受绩效核查" in text
    assert text.count(" = 否  ← 实绩-共性.csv A") == 2


def test_a_score_that_a_case_names_is_not_taken_apart() -> None:
    text = said("市财政局", "F12")
    assert "  19.697 分 低于 10 分 = 否\n    得分【E01】年度重点任务 = 19.697 分\n" in text
    assert "个性指标.csv" not in text


def test_a_case_that_is_open_says_what_it_waits_for(book: Path) -> None:
    text = said("丙县", "F01", book)
    assert "F01 瞒报（第 34 行）  待定\n" in text
    assert "待定：瞒报数据 没有填 ← 实绩.csv D4" in text


def test_what_holds_stands_in_the_whole_explanation() -> None:
    whole = perfdsl("explain", BOOK, "--unit", "市交通运输局").out
    assert "F01 重大责任事故（第" in whole and "事故类型 重大责任事故、发生日期 2025-08-19" in whole
    assert "F02 弄虚作假" not in whole


def test_the_grade_is_told_from_the_best_down() -> None:
    text = said("枫谷县", "等次")
    assert text.splitlines()[-5:] == [
        "  总分 = 83.92",
        "  名次 = 第 10 名（14 个单位排名）",
        "  “优秀”：90 分以上，没有达到，差 6.08 分；名额 14 × 30% = 4.2，四舍五入 4 个",
        "  “良好”：80 分以上不足 90 分",
        "  降等 F32 多次受到通报：成立，等次评定后降 1 个等次",
    ]
    tied = said("市民政局", "年度等次")
    assert "名次 = 第 15 名（42 个单位排名，并列 3 个）" in tied
    assert "末位 3 个单位同分 91.27，一并计入，1 个空出，不递补，实评 14 个" in tied
    assert "否决、限等、降等：没有一条成立" in tied
    assert "“单列” 不参加排名，等次按 “优秀” 对待" in said("市委办公室", "等次")


def test_a_grade_that_is_open_waits(book: Path) -> None:
    text = said("甲县", "等次", book)
    assert "年度等次" in text and "待定：另一单位的瞒报数据 没有填" in text


def test_places_that_are_used_outside_the_ranking(book: Path) -> None:
    facts = book.parent / "否决" / "数据" / "实绩.csv"
    facts.write_text(FACTS.replace("丙县,90%,3,,", "丙县,90%,3,否,"), encoding="utf-8")
    assert "名额 2 个，名次以外已用，余 1 个以内" in said("甲县", "等次", book)
    assert "够 “优秀” 线，名额 2 个，名次以外已用，余 1 个已满" in said("丙县", "等次", book)


def test_a_band_shows_the_rung_that_was_hit(book: Path) -> None:
    assert "对照分档（95%，在 “90% 以上” 一档） = 60 分" in said("甲县", "A01", book)
    assert "对照分档（70%，在 “60% 以上不足 90%” 一档） = 40 分" in said("乙县", "A01", book)
    assert "对照分档（50%，在 “其余” 一档） = 0 分" in said("丁办", "A01", book)


def test_a_comparison_shows_who_is_level(book: Path) -> None:
    assert "第 2 名的值（乙县，并列 2 个） = 3 件" in said("乙县", "A02", book)
    assert "第 1 名的值（甲县） = 1 件" in said("甲县", "A02", book)


def test_what_is_unknown_names_what_is_near() -> None:
    ran = perfdsl("explain", BOOK, "--unit", "白石区", "--item", "弄虚做假")
    assert ran.code == 2 and "是不是 “弄虚作假”？" in ran.err
