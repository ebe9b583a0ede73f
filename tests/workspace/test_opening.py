"""A file → a rulebook, with each problem once, in the order of the file."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from running import BOOK, project

from perfdsl.text.problem import Severity
from perfdsl.text.source import Source
from perfdsl.workspace.opening import open_rulebook, open_text

GOOD = BOOK.replace("{status}", "印发稿")


def test_problems_stand_in_the_order_of_the_file_each_once() -> None:
    text = GOOD.replace("（60 分）", "（50 分）").replace("名额取整：四舍五入\n", "").replace("0.5 分一档，", "")
    opened = open_text(Source("试.perf", text))
    places = [one.span.start for one in opened.problems if one.span]
    assert places == sorted(places)
    assert len({(one.code, one.span and one.span.start) for one in opened.problems}) == len(opened.problems)
    assert [one.code for one in opened.problems] == ["K301", "K218", "K352"]
    assert not opened.sound


def test_problems_are_named_by_article_code_and_line() -> None:
    (problem,) = open_text(Source("试.perf", GOOD.replace("0.5 分一档，", ""))).problems
    assert str(problem.citation) == "第五条第（三）项 A03 培训（第 33 行）"


def test_what_is_known_is_not_said_again() -> None:
    """An acknowledgement with a reason silences 请确认 on its line and the next, never 必须改."""
    heavy = GOOD.replace("（最高 3 分）【J01】", "【J01】").replace(
        "  计分：国家级每次 2 分；", "  上限：不封顶\n  计分：国家级每次 20 分；"
    )
    (problem,) = open_text(Source("试.perf", heavy)).problems
    assert (problem.code, problem.severity) == ("K310", Severity.CONFIRM)
    known = heavy.replace("加分项 表彰", "# 已知悉 K310：市政府已经同意\n加分项 表彰")
    assert open_text(Source("试.perf", known)).problems == ()
    must = GOOD.replace("指标 培训（10 分）", "# 已知悉 K301：没关系\n指标 培训（9 分）")
    assert [one.code for one in open_text(Source("试.perf", must)).problems] == ["K301"]


def test_folders(tmp_path: Path) -> None:
    book = project(tmp_path)
    opened = open_rulebook(book)
    assert opened.folder == tmp_path / "试点"
    assert opened.data_folder == tmp_path / "试点" / "数据"
    assert open_text(Source("试.perf", GOOD)).folder is None
    assert opened.sound
