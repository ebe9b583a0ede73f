"""What officers write every day: read as it is meant, or answered with the very words to paste over what is marked."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import pytest
from syntax_rulebooks import meaning, words, written

from perfdsl.clauses import KINDS
from perfdsl.syntax import nodes as n
from perfdsl.syntax.characters import plain
from perfdsl.syntax.examples import EXAMPLES, near_examples
from perfdsl.syntax.format import formatted
from perfdsl.syntax.frame import parse
from perfdsl.syntax.names import Names, columns, declared, period
from perfdsl.syntax.shapes import read
from perfdsl.syntax.vocabulary import Vocabulary, vocabulary
from perfdsl.text.form import Shape
from perfdsl.text.problem import Problem
from perfdsl.text.source import Source

GRADES = """\
等次 年度
  | 等次 | 总分 | 名额 |
  | 优秀 | 90 分以上 | 30% |
  | 合格 | 不足 90 分 | 不限 |
"""


@lru_cache(maxsize=1)
def whole() -> Vocabulary:
    """The words of every kind."""
    return vocabulary(kind.form for kind in KINDS)


def problems(text: str) -> list[Problem]:
    """All that the syntax says about a file, cells of 等次 included."""
    tree, found = parse(Source("试.perf", text), whole())
    made, names = list(found), declared(tree)
    for block in tree.blocks:
        for field in block.fields:
            shape = whole().labels[field.key].shape
            if shape is Shape.COLUMNS:
                made.extend(columns(field.value)[1])
            elif shape is Shape.PERIOD:
                made.extend(period(field.value)[1])
            elif shape not in (Shape.TEXT, Shape.NAMES) and field.value.text:
                made.extend(read(shape.value, field.value, whole(), names)[1])
        for row in block.rows[1:]:
            for heading, cell in zip(block.rows[0].cells, row.cells, strict=False):
                word = whole().column_spellings.get(plain(heading.text))
                if word is not None and word.key in ("quota", "total") and cell.text not in ("", "不限"):
                    made.extend(read("band" if word.key == "total" else "quantity", cell, whole(), names)[1])
    return made


def fmt(text: str) -> str:
    return formatted(Source("试.perf", text), whole())[0]


def pasted(text: str, problem: Problem, mend: str) -> str:
    assert problem.span is not None
    return text[: problem.span.start] + mend + text[problem.span.end :]


def scoring(value: str) -> str:
    return f"指标 甲（10 分）\n  计分：{value}\n"


# ---- read as they are meant


@pytest.mark.parametrize(
    ("label", "spelling", "canonical"),
    [
        ("计分", "最高的得满分", "最高者得满分"),
        ("计分", "得分最高的得满分", "最高者得满分"),
        ("计分", "最低的 5 分", "最低者 5 分"),
        ("同一事项", "就高", "只计最高一次"),
        ("同一事项", "就高不就低", "只计最高一次"),
        ("同一事项", "按最高", "只计最高一次"),
        ("计分", "每出现 1 份退件扣 2 分", "每发生 1 份退件扣 2 分"),
        ("计分", "每有 1 份退件扣 2 分，封顶 5 分", "每有 1 份退件扣 2 分，封顶 5 分"),
    ],
)
def test_everyday_words_are_accepted(label: str, spelling: str, canonical: str) -> None:
    text = f"指标 甲（10 分）\n  {label}：{spelling}\n"
    assert problems(text) == []
    assert fmt(text) == f"指标 甲（10 分）\n  {label}：{canonical}\n"


@pytest.mark.parametrize(
    ("day", "wanted"),
    [("二〇二五年六月一日", (2025, 6, 1)), ("二○二五年6月十一日".replace("○", "〇"), (2025, 6, 11))],
)
def test_days_in_chinese_figures(day: str, wanted: tuple[int, int, int]) -> None:
    found, wrong = read("phrase", written(f"{day}前印发得满分"), whole(), Names())
    assert not wrong
    assert isinstance(found, n.Phrase)
    (segment,) = found.segments
    assert isinstance(segment, n.Deadline)
    assert (segment.day.year, segment.day.month, segment.day.day) == wanted


def test_a_period_in_chinese_figures() -> None:
    found, wrong = period(written("二〇二五年一月一日至二〇二五年十二月三十一日"))
    assert not wrong
    assert found is not None
    assert (found[0].isoformat(), found[1].isoformat()) == ("2025-01-01", "2025-12-31")
    (wrong_year,) = period(written("二〇二五年"))[1]
    assert "2025年1月1日" in wrong_year.mend
    assert [p.code for p in period(written("二〇二五年十十月一日至二〇二五年十二月三十一日"))[1]] == ["K033"]


def test_hundredths_in_chinese_figures_are_a_limit_and_no_fact() -> None:
    (problem,) = problems(scoring("达到百分之九十五以上得满分"))
    assert problem.mend == "达到百分之九十五得满分"
    assert problems(scoring(problem.mend)) == []


@pytest.mark.parametrize("effect", ["不得评为", "等次定为", "等次不高于", "视同"])
def test_declared_grades_need_no_quotes(effect: str) -> None:
    text = f"一票否决 丙\n  后果：{effect}优秀\n{GRADES}"
    assert problems(text) == []
    assert f"后果：{effect.replace('视同', '视为')} “优秀”\n" in fmt(text)
    assert meaning(fmt(text).replace("视为", effect)) == meaning(text.replace("优秀\n等", "“优秀”\n等"))


def test_several_bare_grades() -> None:
    assert "不得评为 “优秀”、“合格”\n" in fmt(f"一票否决 丙\n  后果：不得评为优秀、合格\n{GRADES}")


def test_an_unknown_grade_is_to_be_quoted() -> None:
    text = f"一票否决 丙\n  后果：不得评为先进\n{GRADES}"
    (problem,) = problems(text)
    assert (problem.code, problem.mend) == ("K040", "“先进”")
    assert problems(pasted(text, problem, problem.mend)) == []


@pytest.mark.parametrize(
    "cell", ["80-89", "80—89", "80——89", "80～89 分", "80~89分", "80–89", "80−89", "80至89", "80 到 89"]
)
def test_every_dash_and_wave_is_a_band_with_two_readings(cell: str) -> None:
    found, wrong = read("band", written(cell), whole(), Names())
    assert not wrong
    assert isinstance(found, n.LooseBand)
    assert [found.low.number, found.high.number] == [Fraction(80), Fraction(89)]


# ---- answered with the words to paste


@pytest.mark.parametrize(
    ("value", "mark", "mend"),
    [
        ("组织 4 次以上得满分", "组织 4 次以上得满分", "达到 4 次得满分"),
        ("投诉不足 3 件得满分", "投诉不足 3 件得满分", "不足 3 件得满分"),
        ("加 0.5 分封顶 5 分", "加 0.5 分封顶 5 分", "加 0.5 分，封顶 5 分"),
        ("每有 1 份纪要加 0.5 分封顶 5 分", "每有 1 份纪要加 0.5 分封顶 5 分", "每有 1 份纪要加 0.5 分，封顶 5 分"),
        ("达到得满分否则不得分", "达到得满分否则不得分", "达到得满分，否则不得分"),
        ("扣完本指标止", "扣完本指标止", "扣完本指标为止"),
        ("不足 1 个百分点按比例", "按比例", "按比例计"),
        ("总分保留 2", "2", "2 位"),
        ("每低 1 个百分点罚 0.5 分", "罚", "扣"),
        ("每低 1 个百分点", "个百分点", "个百分点扣 0.5 分"),
        ("得", "得", "得满分"),
        ("不足 1 个百分点", "个百分点", "个百分点的按比例计"),
        ("最高", "最高", "最高得满分"),
        ("每低 1 个百分点的扣 0.5 分", "个百分点的", "个百分点"),
        ("达到 95% 以上得满分", "达到 95% 以上得满分", "达到 95% 得满分"),
    ],
)
def test_a_sentence_that_is_nearly_right(value: str, mark: str, mend: str) -> None:
    text = scoring(value)
    (problem,) = problems(text)
    assert problem.span is not None
    assert (problem.span.text, problem.mend.split("\n")[0]) == (mark, mend)
    for line in problem.mend.split("\n"):
        assert problems(pasted(text, problem, line)) == []


ENDS = "达到 7% 得 10 分；未达到 3% 不得分；"


@pytest.mark.parametrize(
    ("value", "mark", "mends"),
    [
        (f"{ENDS}中间按线性插值计分", "中间按线性插值计分", ["其间按插值从 0 分到 10 分"]),
        (f"{ENDS}3% 至 7% 之间按直线内插法计算", "3% 至 7% 之间按直线内插法计算", ["其间按插值从 0 分到 10 分"]),
        (f"{ENDS}其余按插值从 0 分到 10 分", "其余按插值从 0 分到 10 分", ["其间按插值从 0 分到 10 分"]),
        (
            f"{ENDS}其间按比例得分",
            "其间按比例得分",
            ["其间按插值从 0 分到 10 分", "或  按完成目标的比例的，整个计分写成：按完成比例，最高得满分"],
        ),
        (
            "达到得满分；未达到的按比例得分",
            "未达到的按比例得分",
            [
                "整个计分写成：按完成比例，最高得满分",
                "或  每低 1 个百分点扣 …… 分，不足 1 个百分点的按比例计，扣完本指标为止",
            ],
        ),
        ("每有 1 篇加 0.5 分，以 3 分为限", "以 3 分为限", ["最高 3 分"]),
        ("第一名得 10 分，每降一名减 0.5 分", "每降一名减 0.5 分", ["以后每名递减 0.5 分"]),
        ("排名第一得 10 分，其余按名次递减 0.5 分", "其余按名次递减 0.5 分", ["以后每名递减 0.5 分"]),
        ("每低于目标 1 个百分点扣 0.5 分", "每低于目标 1 个百分点扣 0.5 分", ["每低于 1 个百分点扣 0.5 分"]),
        ("专家打分", "专家打分", ["人工评分，0.5 分一档，写明理由"]),
        ("由评委打分，0.5 分一档", "由评委打分", ["人工评分"]),
        (
            "60% 以上不足 80% 的得 6 分",
            "60% 以上不足 80% 的得 6 分",
            ["几段各得几分的，计分写 “分档”，下面每段一行：| 60% 以上不足 80% | 6 |"],
        ),
    ],
)
def test_a_rule_in_other_words_is_told_in_those_of_the_language(value: str, mark: str, mends: list[str]) -> None:
    """Never another rule with like words (按完成比例 for 其间按比例), and never a name to be declared."""
    text = scoring(value)
    (problem,) = problems(text)
    assert problem.span is not None
    assert (problem.span.text, problem.mend.split("\n")) == (mark, mends)
    if "：" not in mends[0]:
        assert problems(pasted(text, problem, mends[0])) == []


@pytest.mark.parametrize(
    "value",
    [
        "酌情扣 0.5 至 2 分",
        "未发生的不扣分，发生一起扣 1 分",
        "高于平均值得满分",
        "得分=完成率×10",
    ],
)
def test_where_no_word_would_do_the_manual_is_named(value: str) -> None:
    """What is put in the place of one word has to leave a sentence that reads."""
    assert all(problem.mend.startswith("见 docs/手册.md 的“计分”一节") for problem in problems(scoring(value)))
    assert problems(scoring(value))


def test_other_words_for_a_step_and_an_event_are_read() -> None:
    for value in ("每降低 1 个百分点扣 0.5 分，不足 1 个百分点的不计", "每发现 1 起违规扣 1 分，扣完本指标为止"):
        assert problems(scoring(value)) == []


def test_a_second_limit_is_never_dropped() -> None:
    for value in ("90分以上不足95分得3分", "每季度组织 4 次以上得满分"):
        assert all("达到" not in problem.mend for problem in problems(scoring(value)))


@pytest.mark.parametrize("cell", ["不超过30%", "不高于 30%", "最高 30%", "最多30%"])
def test_a_limit_where_a_number_stands(cell: str) -> None:
    text = GRADES.replace("30%", cell)
    (problem,) = problems(text)
    assert problem.mend == "30%"
    assert pasted(text, problem, problem.mend) == GRADES


def test_a_score_wants_the_number_of_its_item() -> None:
    text = "一票否决 丙\n  情形：得分 ≥ 60\n"
    (problem,) = problems(text)
    assert "编号，例如：【A01】" in problem.message
    assert problems(pasted(text, problem, problem.mend)) == []


def test_bounds_and_conditions_offer_every_reading() -> None:
    text = "考评办法 甲\n  总分：基本分，超过 100 分\n"
    (problem,) = problems(text)
    for mend in problem.mend.split("\n")[:2]:
        assert problems(pasted(text, problem, mend)) == []
    text = (
        "数据 丁（每个单位一行）\n  列：甲（有、无）、乙（有、无）\n指标 戊（10 分）\n  适用：甲 为 “有”，乙 为 “有”\n"
    )
    (problem,) = problems(text)
    assert [problems(pasted(text, problem, mend)) for mend in problem.mend.split("\n")] == [[], []]


@pytest.mark.parametrize(
    "value",
    [
        "每低",
        "每有",
        "得",
        "最高",
        "总分保留",
        "不足 1 个百分点",
        "按",
        "每低 1 个百分点",
        "达到得满分，否则",
        "1 分",
        "权重",
    ],
)
def test_at_most_three_continuations_in_words(value: str) -> None:
    for problem in problems(scoring(value)):
        assert problem.message.count("、") <= 2, problem.message
        assert not any(word in problem.message for word in ("减号", "左括号", "到此结束", "$", "固定用语"))


@pytest.mark.parametrize(
    ("label", "value"), [("指标值", "丙 +"), ("指标值", "丙 丙"), ("适用", "丙"), ("目标值", "附表"), ("台账", "")]
)
def test_continuations_of_other_shapes(label: str, value: str) -> None:
    text = f"指标 甲（10 分）\n  数据：丙（件）、丁（有、无）\n  {label}：{value}，\n"
    for problem in problems(text):
        assert problem.mend
        assert "减号" not in problem.message


# ---- the manual


def test_words_that_are_nothing_are_told_where_to_look() -> None:
    (problem,) = problems(scoring("按领导意见"))
    assert "docs/手册.md 的“计分”" in problem.mend
    assert problem.mend.count("“") == 4  # the field, two examples, 原文
    (problem,) = problems("指标 甲（10 分）\n  同名次：随便\n")
    assert "“同名次”" in problem.mend
    assert "并列占位" in problem.mend


def test_a_cell_is_told_of_the_field_above_its_table() -> None:
    text = "指标 甲（10 分）\n  要点：\n    | 要点 | 分值 | 计分 |\n    | 归档 | 10 | 按领导意见 |\n"
    tree, _ = parse(Source("试", text), whole())
    cell = tree.blocks[0].fields[0].rows[1].cells[2]
    (problem,) = read("phrase", cell, whole(), Names())[1]
    assert "docs/手册.md" in problem.mend


def test_a_value_without_a_field_is_told_of_the_manual() -> None:
    (problem,) = read("phrase", written("按领导意见"), whole(), Names())[1]
    assert problem.mend.startswith("见 docs/手册.md；")


@pytest.mark.parametrize("key", sorted(EXAMPLES))
def test_every_example_reads(key: str) -> None:
    names = Names(names=frozenset({"事项编号"}), choices=frozenset({"国家级", "省级"}))
    start = "quantity" if key == "weight" else "phrase"
    for example in EXAMPLES[key]:
        assert not read(start, written(example), whole(), names)[1], example
    assert len(near_examples(key, "扣完本项", 2)) == min(2, len(EXAMPLES[key]))
    assert key in whole().labels


# ---- bare rows and names


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("优秀 90 分以上 30%", "| 优秀 | 90 分以上 | 30% |"),
        ("90分以上为优秀", "| 优秀 | 90分以上 |"),
        ("优秀：90 分以上", "| 优秀 | 90 分以上 |"),
        ("良好 80 分以上不足 90 分", "| 良好 | 80 分以上不足 90 分 |"),
        ("80 分以上不足 90 分的评为良好 40%", "| 良好 | 80 分以上不足 90 分 | 40% |"),
    ],
)
def test_a_bare_grade_is_a_row(line: str, row: str) -> None:
    (problem,) = problems(f"等次 年度\n  {line}\n")
    assert problem.code in ("K010", "K011")
    assert problem.mend == row
    assert problem.span is not None
    assert problem.span.text == line


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("90% 以上 10 分", "| 90% 以上 | 10 |"),
        ("90% 以上：10 分", "| 90% 以上 | 10 |"),
        ("不足 60% 得 0 分", "| 不足 60% | 0 |"),
    ],
)
def test_a_bare_band_is_a_row(line: str, row: str) -> None:
    (problem,) = problems(f"指标 甲（10 分）\n  计分：分档\n  {line}\n")
    assert problem.mend == row


@pytest.mark.parametrize("line", ["按规定评定", "优秀单位予以表扬", "90 分以上", "2025 90 分以上 30%"])
def test_what_is_no_row_is_not_made_one(line: str) -> None:
    (problem,) = problems(f"等次 年度\n  {line}\n")
    assert "|" not in problem.mend
    (problem,) = problems(f"指标 甲（10 分）\n  评分单位：甲\n  {line}\n")
    assert "|" not in problem.mend


@pytest.mark.parametrize(
    ("header", "mend"),
    [
        ("等次", "等次 年度等次"),
        ("结果运用", "结果运用 年度运用"),
        ("指标", "指标 名称（10 分）"),
        ("指标（5 分）【A1】", "指标 名称（5 分）【A1】"),
        ("一票否决", "一票否决 名称"),
        ("台账", "台账 名称（每个事项一行）"),
    ],
)
def test_a_nameless_header_gets_a_name_that_fits(header: str, mend: str) -> None:
    text = f"{header}\n"
    (problem,) = problems(text)
    assert (problem.code, problem.mend) == ("K014", mend)
    assert problems(pasted(text, problem, problem.mend)) == []


# ---- names that are torn in no place


@pytest.mark.parametrize(
    ("value", "mark", "near"),
    [
        ("台账：表彰台", "表彰台", "表彰"),
        ("台账：表彰台，发文日期在考核期内", "表彰台", "表彰"),
        ("台账：表彰台账", "表彰台账", "表彰"),
        ("台账：表彰的台", "表彰的台", "表彰"),
        ("指标值：发文日期数", "发文日期数", "发文日期"),
        ("适用：级别别 为 “省级”", "级别别", "级别"),
    ],
)
def test_an_unknown_name_that_begins_with_a_known_one(value: str, mark: str, near: str) -> None:
    text = f"台账 表彰（每个事项一行）\n  列：单位、发文日期、级别（省级、市级）\n指标 甲（2 分）\n  {value}\n"
    (problem,) = problems(text)
    assert problem.span is not None
    assert (problem.code, problem.span.text, problem.mend) == ("K040", mark, near)


def test_an_unknown_ledger_with_nothing_declared() -> None:
    (problem,) = problems("加分项 甲\n  台账：表扬台账，发文日期在考核期内\n")
    assert problem.span is not None
    assert (problem.code, problem.span.text) == ("K040", "表扬台账")
    assert "台账 表扬台账（每个事项一行）" in problem.mend


# ---- the formatter


def test_a_wide_percent_sign_in_a_note_is_a_percent_sign() -> None:
    text = "数据 办件（每个单位一行）\n  列：办结率（％）、数量（Ａ、Ｂ）\n"
    tree, _ = parse(Source("试", text), words())
    found, _ = columns(tree.blocks[0].fields[0].value)
    assert (found[0].unit, found[1].choices) == ("%", ("A", "B"))
    assert fmt(text) == "数据 办件（每个单位一行）\n  列：办结率（%）、数量（A、B）\n"
    assert declared(parse(Source("", fmt(text)), words())[0]) == declared(tree)
