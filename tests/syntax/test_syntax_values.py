"""Values: what tears names apart elsewhere, every shape and every segment, numbers and dates."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from syntax_rulebooks import NAMES, node, segments, shape, words, written

from perfdsl.syntax import nodes as n
from perfdsl.syntax.grammars import build
from perfdsl.syntax.lexer import Lexer, Value, chinese_number, lexicon
from perfdsl.syntax.shapes import lexemes
from perfdsl.text.source import Source, Span

AT = Span(Source("", ""), 0, 0)


def q(number: str | int, unit: str = "") -> n.Quantity:
    return n.Quantity(Fraction(number), unit, span=AT)


def name(text: str, unit: str = "") -> n.Name:
    return n.Name(text, unit, span=AT)


def own(what: str) -> n.Own:
    return n.Own(what, span=AT)


def award(kind: str, points: n.Amount | None = None) -> n.Award:
    return n.Award(kind, points, span=AT)


FULL, ZERO = award("full"), award("zero")


# ---- the strings that tear


@pytest.mark.parametrize("text", ["按时办结率", "12345热线办结率", "PM2.5浓度"])
def test_a_declared_name_is_never_torn(text: str) -> None:
    assert node("expression", text) == name(text)
    assert node("expression", f"{text}−{text}") == n.Arithmetic("subtract", (name(text), name(text)), span=AT)


def test_a_name_before_a_word() -> None:
    assert node("condition", "认定日期在考核期内") == n.InPeriod(name("认定日期"), span=AT)


def test_days_of_a_row() -> None:
    first, last = date(2024, 12, 1), date(2025, 11, 30)
    for text in ("认定日期在 2024年12月1日至2025年11月30日内", "认定日期自2024年12月1日至2025年11月30日"):
        assert node("condition", text) == n.InDays(name("认定日期"), first, last, span=AT)
    assert shape("condition", "认定日期在 2025年12月1日至2025年11月30日内")[0] is None
    assert node("condition", "认定日期在 2025年10月31日前") == n.ByDay(name("认定日期"), date(2025, 10, 31), span=AT)
    late = n.Comparison("gt", name("认定日期"), name("认定日期"), span=AT)
    assert node("condition", "认定日期 晚于 认定日期") == late


def test_a_cell_that_is_filled_in() -> None:
    assert node("condition", "有 认定日期") == n.Filled(name("认定日期"), span=AT)
    assert node("condition", "没有 认定日期") == n.Filled(name("认定日期"), True, span=AT)


def test_a_cap_may_be_worked_out() -> None:
    share = n.Arithmetic("multiply", (n.BaseScore(span=AT), q(8, "%")), span=AT)
    assert segments("最多加 基本分 × 8%") == (n.AtMost(share, "", "add", span=AT),)


def test_grade_over_years() -> None:
    assert node("condition", "连续3年等次为“优秀”") == n.GradeIs(("优秀",), q(3, "年"), span=AT)


def test_words_are_whole() -> None:
    assert segments("不超过5分") == (n.AtMost(q(5, "分"), span=AT),)
    assert segments("每低1个百分点扣0.5分") == (
        n.Step("below", q(1, "个百分点"), award("deduct", q("0.5", "分")), span=AT),
    )
    assert node("band", "90分以上不足95分") == n.Band(
        (n.Bound("or_more", q(90, "分"), span=AT), n.Bound("under", q(95, "分"), span=AT)), span=AT
    )


def test_own_value_beside_a_column_called_by_its_head() -> None:
    assert node("expression", "指标值÷指标") == n.Arithmetic("divide", (own("value"), name("指标")), span=AT)
    assert segments("否则不得分") == (n.Otherwise(ZERO, span=AT),)


def test_the_name_wins_a_tie_but_never_over_the_items_own() -> None:
    assert node("condition", "指标为“甲”") == n.IsOneOf(name("指标"), ("甲",), span=AT)
    found, _ = shape("expression", "目标值", NAMES.plus(names=["目标值"]))
    assert found == own("target")
    found, _ = shape("expression", "得分【A1】", NAMES.plus(names=["得分"]))
    assert found is None  # the column is meant, and a column has no code


def test_a_word_where_no_name_can_stand() -> None:
    found, _ = shape("phrase", "每篇得1分", NAMES.plus(names=["每", "得"]))
    assert isinstance(found, n.Phrase)


def test_ascii_names_end_where_letters_end() -> None:
    known = NAMES.plus(names=["GDP", "PM2"])
    assert shape("expression", "GDP ÷ PM2", known)[0] is not None
    assert [p.code for p in shape("expression", "GDPX", known)[1]] == ["K040"]
    assert shape("expression", "PM2.5", known)[0] is None
    assert shape("expression", "PM2 .5", known)[0] is None


def test_blanks_and_widths_mean_nothing() -> None:
    assert segments("每 低１ 个百分点 扣０．５分") == segments("每低1个百分点扣0.5分")
    assert node("expression", "APP 注册数") == name("APP注册数")


# ---- expressions


def test_expressions() -> None:
    a, b = name("甲"), name("乙")
    assert node("expression", "甲 + 乙 × 2") == n.Arithmetic(
        "add", (a, n.Arithmetic("multiply", (b, q(2)), span=AT)), span=AT
    )
    assert node("expression", "（甲 + 乙）÷ 2") == n.Arithmetic(
        "divide", (n.Arithmetic("add", (a, b), span=AT), q(2)), span=AT
    )
    assert node("expression", "−0.5") == q("-0.5")
    assert node("expression", "−甲") == n.Arithmetic("negate", (a,), span=AT)
    assert node("expression", "平均（甲）") == n.Function("mean", (a,), span=AT)
    assert node("expression", "取小（甲、乙）") == n.Function("least", (a, b), span=AT)
    assert node("expression", "得分【Ａ1】") == n.ItemNumber("score", "A1", span=AT)
    assert node("expression", "指标值【A1】") == n.ItemNumber("value", "A1", span=AT)
    assert node("expression", "总分") == n.Total(span=AT)
    assert node("expression", "附表 “年度目标” 的 “办结率”") == n.TableCell("年度目标", "办结率", span=AT)
    assert node("expression", "2025年3月1日") == n.Day(date(2025, 3, 1), span=AT)
    assert node("expression", "「甲」") == n.Quoted("甲", span=AT)
    assert node("quantity", "−3 件") == q(-3, "件")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("98%", q(98, "%")),
        ("５", q(5)),
        ("1.2倍", q("1.2", "倍")),
        ("3‰", q(3, "‰")),
        ("1.5 亿元", q("1.5", "亿元")),
        ("3万户", q(30000, "户")),
        ("2亿", q(200000000)),
        ("3 吨标煤", q(3, "吨标煤")),
        ("十二分", q(12, "分")),
        ("三分之一", q("1/3")),
        ("百分之八十五", q(85, "%")),
        ("二成", q(20, "%")),
        ("一个百分点", q(1, "个百分点")),
        ("三千元", q(3000, "元")),
        ("一百零五件", q(105, "件")),
        ("两万人", q(20000, "人")),
    ],
)
def test_numbers(text: str, wanted: n.Quantity) -> None:
    assert node("expression", text) == wanted


def test_chinese_numbers() -> None:
    good = {"三百二十": 320, "十": 10, "一万零三百": 10300, "二亿": 200000000, "二十万": 200000, "三零": None, "〇": 0}
    assert {text: chinese_number(text) for text in good} | {"三零": None} == good
    for bad in ("三五", "百百", "零十", "十百", "万"):
        assert chinese_number(bad) is None


@pytest.mark.parametrize("text", ["三五分", "百分之三五", "零分之一", "三产"])
def test_characters_that_make_no_number(text: str) -> None:
    assert shape("expression", text)[0] is None


# ---- conditions


def test_conditions() -> None:
    a, b = name("甲"), name("乙")
    lake = n.IsOneOf(name("有无湖泊"), ("有",), span=AT)
    assert node("condition", "有无湖泊 为 “有”") == lake
    assert node("condition", "级别 不为 国家级、“省级”") == n.IsOneOf(name("级别"), ("国家级", "省级"), True, span=AT)
    assert node("condition", "甲 ≥ 乙 + 5") == n.Comparison("ge", a, n.Arithmetic("add", (b, q(5)), span=AT), span=AT)
    assert node("condition", "甲 不足 5") == n.Comparison("under", a, q(5), span=AT)
    assert node("condition", "甲 = 乙") == n.Comparison("eq", a, b, span=AT)
    assert node("condition", "总分 90 分以上") == n.Comparison("or_more", n.Total(span=AT), q(90, "分"), span=AT)
    both = n.Logic("all", (lake, n.Comparison("gt", a, b, span=AT)), span=AT)
    assert node("condition", "有无湖泊 为 “有” 且 甲 超过 乙") == both
    assert node("condition", "（有无湖泊 为 “有” 且 甲 超过 乙） 或 甲 < 1") == n.Logic(
        "any", (both, n.Comparison("lt", a, q(1), span=AT)), span=AT
    )
    assert node("condition", "并非（甲 > 乙）") == n.Logic("not", (n.Comparison("gt", a, b, span=AT),), span=AT)
    assert node("condition", "（甲 + 乙） > 1 且 （甲 > 乙）") is not None
    assert node("condition", "等次 不为 “优秀”") == n.Logic("not", (n.GradeIs(("优秀",), span=AT),), span=AT)
    assert node("condition", "连续 2 年等次为 “优秀”、“良好”，计一次后重新起算") == n.GradeIs(
        ("优秀", "良好"), q(2, "年"), ("restart",), span=AT
    )
    assert node("condition", "台账 “事故” 中 类型 为 “其他” 的 2 起以上，认定日期在考核期内") == n.EventCount(
        "事故",
        (n.IsOneOf(name("类型"), ("其他",), span=AT), n.InPeriod(name("认定日期"), span=AT)),
        q(2, "起"),
        span=AT,
    )
    assert node("condition", "有无湖泊 为 “有”，否则不得分") == n.Requirement(lake, ZERO, span=AT)
    assert node("ledger", "表彰，认定日期在考核期内，级别 为 “省级”") == n.Ledger(
        "表彰",
        (n.InPeriod(name("认定日期"), span=AT), n.IsOneOf(name("级别"), ("省级",), span=AT)),
        span=AT,
    )
    assert node("ledger", "“表彰”") == n.Ledger("表彰", (), span=AT)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("甲 > 1，四舍五入", "K043"),
        ("甲 > 1，否则不得分，乙 > 1", "K045"),
        ("甲 > 1 或 乙 > 1 且 甲 > 2", "K044"),
    ],
)
def test_conditions_that_say_two_things(text: str, code: str) -> None:
    assert [p.code for p in shape("condition", text)[1]] == [code]


# ---- bands


def test_bands() -> None:
    assert node("band", "其余") == n.Band(rest=True, span=AT)
    assert node("band", "不足 60 分") == n.Band((n.Bound("under", q(60, "分"), span=AT),), span=AT)
    assert node("band", "大于 0 不超过 10%") == n.Band(
        (n.Bound("gt", q(0), span=AT), n.Bound("le", q(10, "%"), span=AT)), span=AT
    )
    assert node("band", "−5% 以下") == n.Band((n.Bound("or_less", q(-5, "%"), span=AT),), span=AT)
    for text in ("80-90", "80 至 90", "80～90", "80 到 90 以下"):
        if "～" not in text:
            assert node("band", text) == n.LooseBand(q(80), q(90), span=AT)
    assert node("band", "3") == n.Band(exact=q(3), span=AT)
    assert node("band", "国家级") == n.Band(exact="国家级", span=AT)
    assert node("band", "“甲等”") == n.Band(exact="甲等", span=AT)
    assert node("band", "不限") == n.Band(exact="不限", span=AT)
    assert node("band", "未完成") == n.Band(exact="未完成", span=AT)
    assert [p.code for p in shape("band", "大约 90")[1]] == ["K043"]


# ---- segments

SEGMENTS: list[tuple[str, n.Segment]] = [
    ("达标得满分", n.Word("meet", span=AT)),
    ("均四舍五入", n.Word("half_up", span=AT)),
    ("各一级指标得分×权重之和", n.Word("sum_weighted", span=AT)),
    ("得满分", FULL),
    ("计 2 分", award("get", q(2, "分"))),
    ("倒扣 1 分", award("reverse", q(1, "分"))),
    ("加每档扣分分", award("add", name("每档扣分", "分"))),
    ("不高于目标值得满分", n.Reach("le", own("target"), FULL, span=AT)),
    ("未达到不得分", n.Reach("miss", None, ZERO, span=AT)),
    ("不足 60% 不得分", n.Reach("under", q(60, "%"), ZERO, span=AT)),
    ("90% 以上得满分", n.Reach("or_more", q(90, "%"), FULL, span=AT)),
    ("按时报送得满分", n.Statement("按时报送", FULL, span=AT)),
    ("12345热线接通得 1 分", n.Statement("12345热线接通", award("get", q(1, "分")), span=AT)),
    ("达到省定标准得满分", n.Statement("达到省定标准", FULL, span=AT)),
    ("2018年7月31日前印发得满分", n.Deadline(date(2018, 7, 31), "印发", FULL, span=AT)),
    ("2018年7月31日前得满分", n.Deadline(date(2018, 7, 31), "", FULL, span=AT)),
    ("逾期或未印发不得分", n.Overdue(ZERO, span=AT)),
    ("逾期不得分", n.Overdue(ZERO, span=AT)),
    ("否则倒扣 1 分", n.Otherwise(award("reverse", q(1, "分")), span=AT)),
    ("持平得 1.5 分", n.Even(award("get", q("1.5", "分")), span=AT)),
    ("未发生得满分", n.NoneOccurred(FULL, span=AT)),
    ("每增加 1 人加 0.05 分", n.Step("above", q(1, "人"), award("add", q("0.05", "分")), span=AT)),
    ("每有 1 件未按期办结扣 1 分", n.Count(q(1, "件"), "未按期办结", award("deduct", q(1, "分")), span=AT)),
    ("每有 1 件超过3天未办结扣 1 分", n.Count(q(1, "件"), "超过3天未办结", award("deduct", q(1, "分")), span=AT)),
    ("每有1项目标未完成扣1分", n.Count(q(1, "项"), "目标未完成", award("deduct", q(1, "分")), span=AT)),
    ("每有1个项目未完成扣1分", n.Count(q(1, "个项目"), "未完成", award("deduct", q(1, "分")), span=AT)),
    ("每有 1 份 APP store 差评扣 1 分", n.Count(q(1, "份"), "APP store差评", award("deduct", q(1, "分")), span=AT)),
    ("每发生 1 次扣 1 分", n.Count(q(1, "次"), "", award("deduct", q(1, "分")), span=AT)),
    ("每篇 1 分", n.Rate("篇", award("get", q(1, "分")), span=AT)),
    ("国家级每次加 3 分", n.Rate("次", award("add", q(3, "分")), "国家级", span=AT)),
    ("国家级其他每次加 3 分", n.Rate("次", award("add", q(3, "分")), "国家级", ("其他",), span=AT)),
    ("每次最多加 3 分", n.EachMost("次", q(3, "分"), span=AT)),
    ("省级按 50%", n.Share("省级", q(50, "%"), "choice", span=AT)),
    ("省级减半", n.Share("省级", q(50, "%"), "choice", span=AT)),
    ("其余按 80%", n.Share("", q(80, "%"), "rest", span=AT)),
    ("认定日期按 100%", n.Share("认定日期", q(100, "%"), "name", span=AT)),
    ("第 1 次扣 1 分", n.Nth(q(1, "次"), award("deduct", q(1, "分")), span=AT)),
    ("第 3 起起每起扣 3 分", n.Nth(q(3, "起"), award("deduct", q(3, "分")), True, span=AT)),
    ("不足 1 个百分点的按比例计", n.Remainder(q(1, "个百分点"), "pro_rata", span=AT)),
    ("不满 1% 的不计", n.Remainder(q(1, "%"), "not_counted", span=AT)),
    ("不足 1 人的按 1 人计算", n.Remainder(q(1, "人"), "count_as", q(1, "人"), span=AT)),
    ("按 12 个月累计", n.Accumulate(q(12, "个月"), span=AT)),
    ("最多扣 2 分", n.AtMost(q(2, "分"), "", "deduct", span=AT)),
    ("总分最高 105 分", n.AtMost(q(105, "分"), "total", span=AT)),
    ("最多得满分", n.Word("full_at_most", span=AT)),
    ("5 分封顶", n.AtMost(q(5, "分"), span=AT)),
    ("总分不超过 100 分", n.AtMost(q(100, "分"), "total", span=AT)),
    ("最低 −0.5 分", n.AtLeast(q("-0.5", "分"), span=AT)),
    ("总分不低于 0 分", n.AtLeast(q(0, "分"), "total", span=AT)),
    ("按名次得 60、57、54 分", n.RankList((Fraction(60), Fraction(57), Fraction(54)), span=AT)),
    ("第一名 6 分", n.Best("first", award("get", q(6, "分")), span=AT)),
    ("最高者得满分", n.Best("highest", FULL, span=AT)),
    ("0.5 分一档", n.Grid(q("0.5", "分"), span=AT)),
    ("1 分 “达标率”", n.Points(q(1, "分"), "达标率", span=AT)),
    ("其间按插值从 0.5 分到 9.5 分", n.Between(q("0.5", "分"), q("9.5", "分"), span=AT)),
    ("限于 0 至 9 分", n.Within(q(0), q(9, "分"), span=AT)),
    ("指标得分、总分均保留 2 位", n.Rounding(("score", "total"), 2, span=AT)),
    ("保留 1 位小数", n.Rounding((), 1, span=AT)),
    ("指标值不取舍", n.Rounding(("value",), None, span=AT)),
    ("基本分 + 加分 − 扣分", n.TotalSum(True, True, span=AT)),
    ("基本分", n.TotalSum(False, False, span=AT)),
    (
        "基本分 = 得分【A】 × 60%",
        n.SumFormula(n.Arithmetic("multiply", (n.ItemNumber("score", "A", span=AT), q(60, "%")), span=AT), span=AT),
    ),
    ("以上、以内、超过、不满均含本数", n.Inclusive(("以上", "以内", "超过", "不满"), True, span=AT)),
    ("不含本数", n.Inclusive((), False, span=AT)),
    ("视为未发生", n.TreatAs("none", span=AT)),
    ("视同零报告", n.TreatAs("nil", span=AT)),
    ("按 “优秀” 对待", n.TreatAs("", "优秀", span=AT)),
    ("不得评为 “优秀”、“良好”", n.Effect("bar", ("优秀", "良好"), span=AT)),
    ("等次降 1 个等次", n.Effect("drop", (), q(1), span=AT)),
    ("权重 50%", n.Weight(q(50, "%"), span=AT)),
    ("文件 “指标体系表.xlsx”", n.File("指标体系表.xlsx", span=AT)),
    ("按事项编号、级别", n.By(("事项编号", "级别"), span=AT)),
    ("至少 2 项", n.Present(q(2, "项"), span=AT)),
    ("不低于 90 分的最多 3 个", n.Spread("ge", q(90, "分"), "most", q(3, "个"), span=AT)),
    ("低于 70 分的至少 2 个", n.Spread("lt", q(70, "分"), "present", q(2, "个"), span=AT)),
    ("比例扣分 0.1", n.MethodCall("比例扣分", (q("0.1"),), span=AT)),
    (
        "附表 “参数” 中 类型 为 “其他”",
        n.TableUse("参数", n.IsOneOf(name("类型"), ("其他",), span=AT), span=AT),
    ),
    ("附表 “单位名册”", n.TableUse("单位名册", span=AT)),
    ("先比 得分【A01】", n.TieBreak(n.ItemNumber("score", "A01", span=AT), span=AT)),
]


@pytest.mark.parametrize(("text", "wanted"), SEGMENTS, ids=[text for text, _ in SEGMENTS])
def test_segments(text: str, wanted: n.Segment) -> None:
    assert segments(text) == (wanted,)
    assert segments(f"达标得满分，{text}；{text}。")[1:] == (wanted, wanted)


def test_every_segment_of_the_tree_is_tested() -> None:
    tested = {type(wanted) for _, wanted in SEGMENTS}
    assert tested == set(n.Segment.__args__)


def test_a_gap_belongs_to_its_step() -> None:
    (step,) = segments("每低 1% 扣 0.1 分（低多少 = （目标值 − 指标值） ÷ 目标值）")
    assert isinstance(step, n.Step)
    assert isinstance(step.gap, n.Arithmetic)
    assert shape("phrase", "得 1 分（低多少 = 目标值 − 指标值）")[0] is None


def test_an_aside_is_a_segment() -> None:
    assert segments("各一级指标得分 × 权重 之和（一级指标各按 100 分计）") == (
        n.Word("sum_weighted", span=AT),
        n.Word("each_100", span=AT),
    )


def test_words_in_a_row() -> None:
    assert segments("直接运用、当前运用") == (n.Word("direct", span=AT), n.Word("current", span=AT))
    assert segments("按完成比例 2 分") == (n.Word("proportional", (q(2, "分"),), span=AT),)
    assert segments("按完成比例 × 2") == (n.Word("proportional", (q(2),), True, span=AT),)


def test_clauses_and_spans() -> None:
    phrase = node("phrase", "达到得满分；每低 1% 扣 2 分，不足 1% 的不计；")
    assert isinstance(phrase, n.Phrase)
    assert [len(clause) for clause in phrase.clauses] == [1, 2]
    assert [segment.span.text for segment in phrase.segments] == ["达到得满分", "每低 1% 扣 2 分", "不足 1% 的不计"]
    assert phrase.span.text == "达到得满分；每低 1% 扣 2 分，不足 1% 的不计"


@pytest.mark.parametrize("text", ["总分保留 2.5 位", "保留 13 位"])
def test_digits_are_few_and_whole(text: str) -> None:
    assert [p.code for p in shape("phrase", text)[1]] == ["K030"]


@pytest.mark.parametrize(
    "text",
    ["每迟 1 天扣 0.1 分", "得 5 分 得 6 分", "90分以上不足95分得3分", "超序时 90 以上得满分", "投诉不足 3 件得满分"],
)
def test_free_words_never_hide_a_sentence_of_the_language(text: str) -> None:
    assert shape("phrase", text)[0] is None


# ---- limits, lexer


def test_deep_nesting_answers_at_once() -> None:
    for text in ("（" * 1000 + "甲" + "）" * 1000, "（" * 32 + "甲" + "）" * 32, "+".join(["甲"] * 101)):
        found, problems = shape("expression", text)
        assert (found is None) == (problems != ())
    assert shape("expression", "+".join(["甲"] * 102))[1][0].code == "K007"


@pytest.mark.parametrize("text", ["甲 ”", "「甲", "【A1", "甲】", "（甲】", "]", "甲 “"])
def test_unpaired_marks(text: str) -> None:
    assert [p.code for p in shape("expression", text)[1]] in (["K003"], ["K004"])


def test_straight_and_swapped_quotes_pair() -> None:
    for text in ('有无湖泊 为 "有"', "有无湖泊 为 ”有“", "有无湖泊 为 「有」", "有无湖泊 为 『有』"):
        assert node("condition", text) == n.IsOneOf(name("有无湖泊"), ("有",), span=AT)


def test_spans_of_a_text_that_is_not_in_the_file() -> None:
    value = n.Written("另一段话", Span(Source("", "短"), 0, 1))
    assert Value(value).span(0, 2) == value.span


def test_lexemes_for_the_formatter() -> None:
    tokens = lexemes("phrase", written("每低 1% 扣 2 分，达标得满分"), words(), NAMES)
    assert tokens is not None
    assert [token.terminal for token in tokens] == [
        "EACH_BELOW",
        "NUMBER",
        "UNIT",
        "DEDUCT",
        "NUMBER",
        "UNIT",
        "COMMA",
        "PHRASE",
    ]
    assert lexemes("phrase", written("读不懂"), words(), NAMES) is None
    assert lexemes("phrase", written(""), words(), NAMES) is None
    assert str(tokens[0]) == "每低"


def test_run_around_a_place() -> None:
    lexer = Lexer(Value(written("甲乙+丙")), lexicon(words(), NAMES))
    assert lexer.run(1, 4) == (0, 2)
    assert lexer.run(2, 4) == (2, 3)


def test_both_grammars_are_free_of_conflicts() -> None:
    build("shapes", strict=True)
    build("rulebook", strict=True)
