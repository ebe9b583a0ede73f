"""Every mistake of ``tests/problems/*.perf`` through the command line: code, marked text, words, mend."""

from __future__ import annotations

import re

import pytest
from problem_cases import HEAD, Case, cases, check, mended

CASES = list(cases())
NEVER = ("报错", "解析", "缺省", "节点", "枚举", "空值", "标识符")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_what_is_said(case: Case) -> None:
    """Exactly the marked problems are found, each under the marked text, each with the words of its mark."""
    found = check(case.text)
    seen = sorted((one["line"], one["code"], one["text"].split("\n")[0]) for one in found)
    assert seen == sorted((mark.line, mark.code, mark.text) for mark in case.marks)
    for mark in case.marks:
        said = [one for one in found if (one["line"], one["code"]) == (mark.line, mark.code)]
        assert any(mark.says in one["message"] for one in said), (mark.says, said)


@pytest.mark.parametrize("case", [one for one in CASES if any(mark.mend for mark in one.marks)], ids=str)
def test_the_mend_mends(case: Case) -> None:
    """Put where its mark says, the first proposal makes the problem go and no other come; a hint is for sound ones."""
    found = check(case.text)
    for mark in case.marks:
        if mark.mend:
            problem = next(one for one in found if (one["line"], one["code"]) == (mark.line, mark.code))
            after = check(mended(case.text, problem, mark.mend))
            assert problem["message"] not in [one["message"] for one in after]
            left = {one["code"] for one in after if one["severity"] != "提示"}
            assert left <= {one["code"] for one in found}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_words(case: Case) -> None:
    """They can be printed on a Chinese console, use no programmers' words, and end in something to do."""
    for one in check(case.text):
        said = f"{one['message']}{one['why']}{one['mend']}"
        said.encode("cp936")
        assert not any(word in said for word in NEVER), said
        assert one["mend"], one["code"]
        assert not re.search("[A-Za-z_]{6,}", one["message"] + one["mend"]), said


@pytest.mark.parametrize(
    ("score", "mend"),
    [
        ("发现一起扣 1 分，扣完本指标为止", "“发现一起……”写成“每发现一起……”"),
        (
            "优秀得 10 分，良好得 8 分，一般得 6 分",
            "各种情形各得几分的，加：数据：等级（优秀、良好、一般）、指标值：等级，计分写：分档，下面一行一种：| 优秀 | …… |",
        ),
        ("完成得满分，被通报不得分", "删去合不进去的，或拆成几个要点"),
        ("按完成比例，写明理由", "删去合不进去的，或拆成几个要点"),
    ],
)
def test_what_is_said_of_sentences_that_do_not_go_together(score: str, mend: str) -> None:
    """What is meant where that is plain; else nothing is to be added that the kind does not lack."""
    found = check(f"{HEAD}指标 甲（10 分）\n  计分：{score}\n")
    (one,) = (one for one in found if one["code"] == "K145")
    assert one["mend"] == mend


@pytest.mark.parametrize(
    "score",
    [
        "每有一次迟报扣 1 分",
        "每发生一起扣 1 分",
        "每有两件扣 1 分，不足两件的不计",
        "每有十二篇扣 1 分，不足 12 篇的不计",
    ],
)
def test_a_number_in_chinese_has_its_unit_behind_it(score: str) -> None:
    """The fact counts 次, not 一次."""
    assert check(f"{HEAD}指标 甲（10 分）\n  计分：{score}，扣完本指标为止\n") == []


@pytest.mark.parametrize(
    ("score", "mend"),
    [
        ("适当扣 0.3 分", "写明几分，例如：每有 1 次扣 0.3 分，扣完本指标为止"),
        ("酌情得 2 分", "人工评分，0.5 分一档，限于 0 至 8 分，写明理由"),
    ],
)
def test_words_without_a_measure_keep_the_numbers_that_are_written(score: str, mend: str) -> None:
    found = check(f"{HEAD}指标 甲（8 分）\n  计分：{score}\n")
    assert [one["mend"] for one in found if one["code"] == "K250"] == [mend]
