"""Every writing problem, with the words it underlines: ``tests/problems/writing.perf``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from syntax_rulebooks import words

from perfdsl.syntax.characters import plain
from perfdsl.syntax.frame import parse
from perfdsl.syntax.names import columns, declared, period
from perfdsl.syntax.shapes import read
from perfdsl.text.catalogue import writing
from perfdsl.text.problem import CATALOGUE, Problem
from perfdsl.text.source import Source, Span

CASES = (Path(__file__).parents[1] / "problems" / "writing.perf").read_text(encoding="utf-8").split("---\n")
MARK = re.compile(r"[ ]*### (K[0-9]{3}) underlines `([^`]*)`")


def everything(text: str) -> list[Problem]:
    """All that the syntax has to say about a file, values included."""
    tree, problems = parse(Source("试.perf", text), words())
    found = list(problems)
    names = declared(tree)
    for block in tree.blocks:
        for field in block.fields:
            shape = words().labels[field.key].shape.value
            if shape == "columns":
                found.extend(columns(field.value)[1])
            elif shape == "period":
                found.extend(period(field.value)[1])
            elif shape not in ("text", "names") and not field.rows:
                found.extend(read(shape, field.value, words(), names)[1])
    return found


@pytest.mark.parametrize("case", CASES, ids=[case.split("\n")[-2][:40] for case in CASES])
def test_problem_underlines(case: str) -> None:
    wanted = [
        (number, *mark) for number, line in enumerate(case.rstrip("\n").split("\n"), 1) for mark in MARK.findall(line)
    ]
    found = everything(MARK.sub("", case))
    seen = [(p.span.line, p.code, p.span.text) for p in found if p.span]
    assert sorted(seen) == sorted(wanted)


def test_every_code_is_shown() -> None:
    shown = {code for case in CASES for code, _ in MARK.findall(case)}
    ours = {code for code in CATALOGUE if code < "K100"}
    long, empty, acknowledged, names_of_units = {"K005", "K006"}, {"K019"}, {"K051", "K052"}, {"K053"}
    elsewhere = long | empty | acknowledged | names_of_units
    assert ours - shown == elsewhere


def test_every_word_of_ours_fits_a_chinese_console() -> None:
    for case in CASES:
        for problem in everything(MARK.sub("", case)):
            said = "".join((problem.message, problem.why, problem.mend))
            re.sub("[\u200b⼈]", "", said).encode("cp936")


@pytest.mark.parametrize(
    ("value", "mend"),
    [
        ("扣完本指标止", "扣完本指标为止"),
        ("不足 1 个百分点按比例", "按比例计"),
        ("最高得满", "最高得满分"),
        ("总分保留 2", "2 位"),
        ("得 1O 分", "10"),
        ("得 1,000 分", "1000"),
    ],
)
def test_mend_can_be_pasted(value: str, mend: str) -> None:
    problems = everything(f"指标 甲（10 分）\n  计分：{value}\n")
    assert [problem.mend for problem in problems] == [mend]


def test_mend_of_a_table_cell() -> None:
    problems = everything("指标 甲（10 分）\n  目标值：附表 “年度目标” “办结率”\n")
    assert problems[0].mend == "的 “办结率”"


def test_mend_of_and_or_reads() -> None:
    text = "数据 办件（每个单位一行）\n  列：甲（有、无）、乙（有、无）\n指标 丁（10 分）\n  适用：甲 为 “有” 或 乙 为 “有” 且 甲 为 “无”\n"
    (problem,) = everything(text)
    assert problem.why.count("（") == 2
    for reading in problem.mend.split("\n"):
        assert everything(text.replace("甲 为 “有” 或 乙 为 “有” 且 甲 为 “无”", reading)) == []


def test_unknown_words_are_told_what_could_stand_there() -> None:
    (problem,) = everything("指标 甲（10 分）\n  计分：每低 1 个百分点罚 0.5 分\n")
    assert "例如：扣 0.5 分" in problem.message
    assert problem.mend == "扣"
    assert not re.search("[A-Z_]{4,}", problem.message + problem.mend)


def test_line_too_long_and_too_many_blocks() -> None:
    (problem,) = everything("指标 甲（10 分）\n  原文：" + "长" * 3000 + "\n")
    assert problem.code == "K005"
    many = "".join(f"指标 第{i}（1 分）\n  计分：达到得满分\n" for i in range(5003))
    tree, problems = parse(Source("多.perf", many), words())
    assert [problem.code for problem in problems] == ["K006"]
    assert len(tree.blocks) == 5000


def test_hidden_characters_are_named_and_counted() -> None:
    (problem,) = everything("指标 甲（10 分）\n  原文：甲\u202e乙\n")
    assert "U+202E" in problem.message
    assert len(everything("指标 甲（10 分）\n  原文：" + "\u200b" * 99 + "\n")) == 50
    assert [p.code for p in everything("指标 甲（10 分）\n  原文：" + "⼈" * 99 + "\n")] == ["K002"] * 50


def test_radical_without_a_plain_form() -> None:
    (problem,) = everything("指标 甲（10 分）\n  原文：⺮\n")
    assert "重新输入" in problem.mend


def test_a_value_with_radicals_reads_as_the_plain_one() -> None:
    tree, _ = parse(Source("试", "指标 ⼈社（10 分）\n"), words())
    assert plain(tree.blocks[0].name.text) == "人社"


def test_problems_name_their_place() -> None:
    text = "指标 一河一策（10 分）【A02】\n  条款：第五条\n  评份单位：甲\n"
    (problem,) = everything(text)
    assert str(problem.citation) == "第五条 A02 一河一策（第 3 行）"
    (first,) = everything("不成一行\n")
    assert str(first.citation) == "（第 1 行）"


def test_empty_values_are_reported() -> None:
    assert {p.code for p in everything("指标 甲（10 分）\n  计分：\n")} == {"K019"}
    assert {p.code for p in everything("指标 甲（10 分）\n  计分：，；\n")} == {"K019"}


def test_functions_of_the_catalogue_never_cut_a_short_text() -> None:
    span = Span(Source("x", "abc"), 0, 3)
    assert "abc" in writing.unreadable_line(span, "abc").message
    assert writing.shown("长" * 30).endswith("…")


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("每低 1 个百分点，扣 0.3 分", "每低 1 个百分点扣 0.3 分"),
        ("每超 1 个百分点，加 0.3 分", "每超 1 个百分点加 0.3 分"),
        ("每有 1 起事故的，扣 0.3 分", "每有 1 起事故扣 0.3 分"),
    ],
)
def test_a_comma_before_the_points_is_mended_with_the_points_that_are_written(written: str, mended: str) -> None:
    (problem,) = everything(f"指标 甲（10 分）\n  计分：达到得满分；{written}，扣完本指标为止\n")
    assert (problem.code, problem.span and problem.span.text, problem.mend) == ("K043", written, mended)


def test_an_example_has_the_points_that_are_written() -> None:
    (problem,) = everything("指标 甲（10 分）\n  计分：每低 1 个百分点的减 0.3 分，扣完本指标为止\n")
    assert "例如：扣 0.3 分" in problem.message
