"""示例市 2025: the files are what the script makes, and the rulebook shows what it is there to show.

The results themselves are compared cell by cell in test_cases.py.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from 示例市手算 import CASES, hand
from 示例市数据 import HOME, City, Score, facts, files

from perfdsl.model.item import AnswerKind, Level
from perfdsl.model.rulebook import Rulebook
from perfdsl.workspace.opening import open_rulebook


@cache
def city() -> City:
    return facts()


@cache
def book() -> Rulebook:
    opened = open_rulebook(HOME.with_suffix(".perf"))
    assert opened.problems == ()
    assert opened.rulebook is not None
    return opened.rulebook


@pytest.mark.parametrize("path", [*files(city()), "手算.md"])
def test_files_are_what_the_script_makes(path: str) -> None:
    made = hand(city()).encode("utf-8") if path == "手算.md" else files(city())[path]
    assert (HOME / path).read_bytes() == made


def test_every_way_of_scoring_twice() -> None:
    items = list(book().walk())
    kinds = Counter(clause.kind for item in items for clause in (item.scoring, item.combine) if clause)
    kinds.update(rule.clause.kind for rule in (*book().vetoes, *book().applications))
    wanted = [
        "meet_or_zero",
        "reach",
        "yes_no",
        "deadline",
        "checklist",
        "manual",
        "proportional",
        "bands",
        "step_down",
        "step_up",
        "up_and_down",
        "interpolate",
        "rank_list",
        "ratio_to_first",
        "larger_of",
        "count_quota",
        "count_loss",
        "rate_gain",
        "none_occurred",
        "ledger",
        "veto",
        "bar_top",
        "cap_grade",
        "drop_grade",
        "application",
        "measure",
    ]
    assert [kind for kind in wanted if kinds[kind] < 2] == []
    for way in ("step_down", "step_up"):
        said = {getattr(item.scoring, "remainder", "") for item in items if item.scoring and item.scoring.kind == way}
        assert said == {"pro_rata", "not_counted", "count_as"}


def test_size() -> None:
    items = list(book().walk())
    assert sum(item.level is Level.INDICATOR for item in items) >= 40
    assert len(city().units) >= 60
    assert {item.level for item in items} >= {Level.GROUP1, Level.GROUP2, Level.INDICATOR, Level.POINT, Level.STEP}
    given = {answer.kind for item in items for _, answer in item.answers}
    assert given >= {AnswerKind.FULL, AnswerKind.ZERO, AnswerKind.GROUP_MEAN, AnswerKind.REDISTRIBUTE}


def test_three_units_for_each_trap() -> None:
    assert [len(units) for _, _, units in CASES] == [3] * 7
    names = [name for _, _, units in CASES for name, _ in units]
    assert len(set(names)) == 21


def test_what_the_traps_are_about() -> None:
    score = Score(city())
    grades = score.grades()
    unit = city().unit

    def total(name: str) -> str:
        return str(score.total_exact(unit(name)))

    tie = {(score.total(unit(name)), score.rank(unit(name))) for name in ("市水利局", "市文化旅游局", "市民政局")}
    assert len(tie) == 1
    assert (total("银杏区"), grades["银杏区"]) == ("17999/200", "优秀")
    assert (total("白石区"), grades["白石区"]) == ("44997/500", "良好")
    assert grades["市市场监管局"] == "优秀"
    assert grades["市交通运输局"] == "不合格"
    for name, code in (("市城市管理局", "B303"), ("市应急管理局", "B303"), ("市医保局", "D204")):
        assert str(score.points(unit(name))[code]) == "-1/2"
