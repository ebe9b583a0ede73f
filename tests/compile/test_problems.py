"""Every mistake of ``tests/problems/*.perf`` through the command line: code, marked text, words, mend."""

from __future__ import annotations

import re

import pytest
from problem_cases import Case, cases, check, mended

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
