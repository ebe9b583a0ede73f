"""The formatter: one spelling, nothing lost, nothing changed."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from syntax_rulebooks import PASTED, REGISTRY, SHORT, frame, meaning, source, words

from perfdsl.syntax.format import formatted
from perfdsl.syntax.names import declared
from perfdsl.syntax.shapes import read


def fmt(text: str) -> str:
    return formatted(source(text), words())[0]


def repairs(text: str) -> list[str]:
    return [repair.what for repair in formatted(source(text), words())[1]]


@pytest.mark.parametrize("text", [REGISTRY, PASTED, SHORT, ""], ids=["registry", "pasted", "english", "empty"])
def test_formatting_is_one_promise(text: str) -> None:
    once = fmt(text)
    assert fmt(once) == once
    assert meaning(once) == meaning(text)
    assert repairs(once) == []


def test_canonical_text() -> None:
    assert fmt(PASTED) == (
        "考评办法 滨湖区考核（100 分）\n"
        "  年度：２０２５\n"
        "  评分标准（说明）\n"
        "台账 事故（每个事项一行）\n"
        "  列：单位、类型（重大、其他）、认定日期\n"
        "指标 安全（10分）〔2025〕【A1】\n"
        "  评分单位：应急局\n"
        "  免扣：得分【A1】*2>=100%\n".replace("*2>=", " × 2 ≥ ")
        + "  计分：达到得满分；每低 1 个百分点扣 0.5 分，不足 1 个百分点的按 1 个百分点计\n"
        "    | 要点     | 分值 | 计分                   |\n"
        "    | 台账齐全 | 4    | 达到得满分，否则不得分 |\n"
        "    | 演练     | 6    | 每场 2 分，最高得满分  |\n"
    )
    assert "软回车" not in "".join(repairs(REGISTRY))
    assert repairs("指标 甲（10 分）\n  评分标准：达标得满分\n") == [
        "“评分标准”改为“计分”",
        "“达标得满分”改为“达到得满分”",
    ]


LINES = [
    ("计分：得　１ 分 ,扣2分", "计分：得 1 分，扣 2 分"),
    ("计分：每篇１分。", "计分：每篇 1 分"),
    ("目标值：(1+2)*3", "目标值：（1 + 2） × 3"),
    ("目标值：1-(-2)", "目标值：1 － （－2）"),
    ("目标值：－0.5", "目标值：－0.5"),
    ('适用：等次为"优秀"或等次为”良好“', "适用：等次 为 “优秀” 或 等次 为 “良好”"),
    ("计分：按“优秀”对待", "计分：按 “优秀” 对待"),
    ("计分：每低一个百分点扣十二分", "计分：每低一个百分点扣十二分"),
    ("计分：第一名6分", "计分：第一名 6 分"),
    ("计分：每有1件超过3天未办结扣1分", "计分：每有 1 件超过 3 天未办结扣 1 分"),
    ("评分单位：甲、 乙,结果一致方可计分", "评分单位：甲、乙，结果一致方可计分"),
    ("评分单位：甲、乙，另行商定", "评分单位：甲、乙，另行商定"),
    ("考核期：2025年01月1日到2025年12月31日", "考核期：2025年1月1日至2025年12月31日"),
    ("考核期：全年", "考核期：全年"),
    ("列：甲(件,每月)、乙（是 、否）", "列：甲（件，每月）、乙（是、否）"),
    ("列：（件）", "列：（件）"),
    ("原文：每低1个百分点扣0.5分,  扣完为止。", "原文：每低1个百分点扣0.5分,  扣完为止。"),
    ("计分：读不懂 的１话", "计分：读不懂 的１话"),
    ("计分：", "计分："),
    ("条款：“ # 不是说明”", "条款：“ # 不是说明”"),
]


@pytest.mark.parametrize(("written", "wanted"), LINES, ids=[line for line, _ in LINES])
def test_lines(written: str, wanted: str) -> None:
    text = f"指标 甲（10 分）\n{written}\n"
    assert fmt(text) == f"指标 甲（10 分）\n  {wanted}\n"
    assert meaning(fmt(text)) == meaning(text)


def test_headers() -> None:
    assert fmt("考核指标   甲 ( 10 分 ) 【Ａ1】\n") == "指标 甲（10 分）【A1】\n"
    assert fmt("指标 “甲”（10 分）\n") == "指标 甲（10 分）\n"
    assert fmt("指标 “甲（3 分）”（10 分）\n") == "指标 “甲（3 分）”（10 分）\n"
    assert fmt("指标：甲\n") == "指标 甲\n"
    assert fmt("计分办法 甲(乙,丙)\n") == "计分办法 甲（乙、丙）\n"
    assert fmt("数据 甲（每个单位一行,编办、统计局）\n") == "数据 甲（每个单位一行，编办、统计局）\n"
    assert fmt("指标（10 分）\n") == "指标（10 分）\n"
    assert fmt("指标 甲【A】【B】\n") == "指标 甲【A】【B】\n"
    assert fmt("加分项\n") == "加分项\n"


def test_comments_and_blank_lines_stay() -> None:
    text = "\n\n# 头\n指标 甲（1 分）#尾\n\n\n\n   #   里\n注： 说明\n  计分：达到得满分　注：又及\n#\n\n"
    assert fmt(text) == "# 头\n指标 甲（1 分）  # 尾\n\n    # 里\n注：说明\n  计分：达到得满分  注：又及\n#\n"


def test_unreadable_lines_stay() -> None:
    text = "这是什么\n  　又是什么\n指标 甲（1 分）\n  风马牛：丙\n"
    assert fmt(text) == "这是什么\n   又是什么\n指标 甲（1 分）\n  风马牛：丙\n"


def test_tables() -> None:
    text = "指标 甲（9 分）\n  评分标准：待定\n|完成率|得分|\n|95％以上|6|\n|约九成|3|\n|其余|“a|b”|\n"
    assert fmt(text) == (
        "指标 甲（9 分）\n  计分：待定\n    | 完成率   | 得分  |\n    | 95% 以上 | 6     |\n"
        "    | 约九成   | 3     |\n    | 其余     | “a|b” |\n"
    )
    assert "制表符分隔的行改为 | 表格" in repairs("等次 甲\n等次\t总分\n优秀\t90分以上\n")
    assert fmt("等次 甲\n| 等次 | 总分 |\n| 优秀 | 1 | 2 |\n") == "等次 甲\n  | 等次 | 总分 |\n  | 优秀 | 1    | 2 |\n"
    assert fmt("指标 甲\n要点：\n|要点|标准分|评分单位|\n|免考|2|市局 、县局|\n").endswith(
        "    | 要点 | 分值 | 评分单位   |\n    | 免考 | 2    | 市局、县局 |\n"
    )


def test_a_lone_quote_does_not_swallow_the_next_cell() -> None:
    text = '等次 甲\n"\t“优秀”\n'
    assert fmt(text) == fmt(fmt(text)) == text


def test_items() -> None:
    text = "一票否决 甲\n情形之一：\n•一\n●二\n（1）三\n①四\n——五\n"
    assert fmt(text) == "一票否决 甲\n  情形之一：\n    · 一\n    · 二\n    （1）三\n    ① 四\n    — 五\n"


def test_odd_characters_are_repaired_and_told() -> None:
    text = "指标 按时\u200b办结⼈（10 分）\n  计分：达到得满分\n"
    assert fmt(text).startswith("指标 按时办结人（10 分）")
    assert repairs(text) == ["删去看不见的字符", "易混字改为普通的“人”"]
    assert repairs("指标 甲⺮（10 分）\n") == []
    assert repairs("指标 甲（１０ 分）\n") == ["全角数字和字母改为半角"]
    assert repairs('指标 甲（10 分）\n  适用：等次 为 "优"\n') == ["引号改为 “ ”"]
    assert repairs("指标 甲(10 分)\n") == ["半角标点改为全角"]
    assert repairs("指标\u00a0甲（10 分）\n") == ["特殊空格改为普通空格"]
    assert repairs("指标 甲（10 分）\n  计分：达到得满分。\n") == ["删去句末的句号"]


# ---- anything at all

PIECES = st.sampled_from(
    [
        "指标",
        "计分：",
        "目标值",
        "得",
        "扣",
        "分",
        "10",
        "分",
        "0.5",
        "，",
        "；",
        "、",
        "（",
        "）",
        "【A1】",
        "“优秀”",
        '"',
        "”",
        "每低",
        "1",
        "个百分点",
        "不足",
        "的",
        "按比例计",
        "为",
        "且",
        "或",
        "以上",
        "|",
        "\t",
        "\n",
        "\n",
        "·",
        "#",
        "注：",
        "甲",
        "乙",
        "附表",
        "数据",
        "列",
        "等次",
        "名额",
        "总分",
        "得满分",
        "否则",
        "不得分",
        "达标得满分",
        "一级指标",
        "台账",
        "每篇",
        "2",
        "×",
        "－",
        "+",
        "÷",
        "≥",
        "98％",
        "９",
        "三分之一",
        "\x0b",
        "\u2028",
        "\u200b",
        "\u3000",
        "⼈",
        "2025年1月1日",
        "至",
        "考核期",
        "要点",
        "加分项",
        "情形之一",
        "A01",
        "。",
        "《",
        "》",
        "「",
        "」",
        "1,000",
        "1e9",
        "平均",
        "最高",
        "按名次",
        "。",
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)


@settings(max_examples=250, deadline=None)
@given(TEXTS)
@example('|"「」')
def test_any_text_gives_problems_and_never_an_exception(text: str) -> None:
    tree, _ = frame(text)
    names = declared(tree)
    for block in tree.blocks:
        for field in block.fields:
            for start in ("expression", "condition", "phrase", "ledger", "band", "quantity"):
                read(start, field.value, words(), names)
    once = fmt(text)
    assert fmt(once) == once


NUMBERS = st.sampled_from(["1", "0.5", "１２", "十二", "3"])
UNITS = st.sampled_from(["件", "%", "个百分点", "分", "％", "万元"])
AMOUNTS = st.tuples(NUMBERS, st.sampled_from(["", " ", "\u3000"]), UNITS).map("".join)
AWARDS = st.one_of(
    st.sampled_from(["得满分", "不得分"]),
    st.tuples(st.sampled_from(["得", "加", "扣", "倒扣"]), NUMBERS, st.just(" 分")).map("".join),
)
PHRASES = st.one_of(
    st.sampled_from(["达标得满分", "最高得满分", "扣完本指标为止", "待定", "按完成比例", "不封顶", "四舍六入五留双"]),
    AWARDS,
    st.tuples(st.sampled_from(["每低", "每超过 ", "每减少"]), AMOUNTS, AWARDS).map("".join),
    st.tuples(st.just("每有 "), AMOUNTS, st.sampled_from(["", "未办结", "APP 差评", "超过3天未报"]), AWARDS).map(
        "".join
    ),
    st.tuples(st.just("不满"), AMOUNTS, st.sampled_from(["的不计", "按比例扣分", "的按 1 件计算"])).map("".join),
    st.tuples(st.sampled_from(["大于", "不少于", "≤", "达到"]), AMOUNTS, AWARDS).map("".join),
    st.tuples(st.sampled_from(["最多扣", "最高", "总分最低"]), AMOUNTS).map("".join),
    st.tuples(st.sampled_from(["按时报送", "否则", "持平", "未发生"]), AWARDS).map("".join),
)
VALUES = st.lists(PHRASES, min_size=1, max_size=4).map("，".join) | st.lists(PHRASES, min_size=1, max_size=3).map(
    ";".join
)
EXPRESSIONS = st.recursive(
    st.sampled_from(["完成值", "应办 件数", "98%", "指标值", "得分【A1】", "平均(完成值)"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", " - ", "*", " ÷"]), inner).map("".join)
        | inner.map(lambda text: f"({text})")
        | inner.map(lambda text: f"-{text}" if text[0] not in "-+" else text)
    ),
    max_leaves=6,
)
FIELDS = st.one_of(
    VALUES.map(lambda value: f"评分标准：{value}"),
    EXPRESSIONS.map(lambda value: f"  取值: {value}"),
    st.tuples(EXPRESSIONS, st.sampled_from([">=", "大于", "="]), EXPRESSIONS).map(
        lambda parts: f"适用：{' '.join(parts)}"
    ),
    st.sampled_from(["# 说明", "", "原文：完成的得满分。", "考核单位：甲局、 乙局", "情形之一：\n• 一\n② 二"]),
    st.lists(AMOUNTS, min_size=1, max_size=3).map(
        lambda cells: "分值：\n" + "".join(f"|{c}以上|{i}|\n" for i, c in enumerate(cells))
    ),
)
BLOCKS = st.tuples(
    st.sampled_from(["指标", "考核指标 ", "加分项", "一级指标 "]),
    st.sampled_from([" 甲", " 1.乙（丙）", " “丁（3 分）”", " APP 注册"]),
    st.sampled_from(["", "（10分）", "(最高 5 分)", "【A1】（２ 分）"]),
    st.lists(FIELDS, max_size=4).map(lambda fields: "\n" + "\n".join(fields) + "\n"),
).map("".join)
RULEBOOKS = st.lists(BLOCKS, min_size=1, max_size=4).map(
    lambda blocks: "数据 事实（每个单位一行）\n  列：完成值（件）、应办件数（件）\n" + "".join(blocks)
)


@settings(max_examples=150, deadline=None)
@given(RULEBOOKS)
def test_formatting_changes_no_meaning(text: str) -> None:
    once = fmt(text)
    assert meaning(once) == meaning(text)
    assert fmt(once) == once
