"""写法对照: every clause of real rulebooks is written, by what its entry says, with an example that runs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from perfdsl.publish.coverage import page
from perfdsl.publish.pages import entries
from perfdsl.reports.coverage import coverage as finding
from perfdsl.reports.results import published_output
from perfdsl.text.problem import Severity
from perfdsl.workspace.cases import run_cases
from perfdsl.workspace.coverage import MOST_LEFT_OUT, Listed, Malformed, coverage, faults, free
from perfdsl.workspace.opening import open_rulebook

ROOT = Path(__file__).parents[1]
CLAUSES = ROOT / "rulebooks" / "写法"
COUNT = 91


@lru_cache
def listed() -> tuple[Listed, ...]:
    return tuple(coverage(CLAUSES))


WRITTEN = [one for one in listed() if one.entry is not None]


def test_the_list_is_whole() -> None:
    assert len({one.code for one in listed()}) == COUNT


def test_hardly_anything_is_left_out_and_hardly_anything_is_free() -> None:
    assert sum(bool(one.reason) for one in listed()) <= MOST_LEFT_OUT
    assert 10 * sum(map(free, listed())) <= COUNT


def test_every_clause_is_written_or_left_out_with_a_reason() -> None:
    assert [one.code for one in listed() if one.entry is None and not one.reason] == []


@pytest.mark.parametrize("one", WRITTEN, ids=lambda one: one.code)
def test_an_entry_is_true_of_its_example(one: Listed) -> None:
    assert list(faults(one, frozenset(entry.code for entry in entries()))) == []


@pytest.mark.parametrize("one", WRITTEN, ids=lambda one: one.code)
def test_the_example_is_clean_and_comes_out_as_worked_by_hand(one: Listed) -> None:
    assert one.example is not None
    assert one.folder is not None
    said = [problem for problem in open_rulebook(one.example).problems if problem.severity is not Severity.HINT]
    assert [(problem.code, problem.message) for problem in said] == []
    assert "虚构" in one.example.read_text(encoding="utf-8").split("\n", 1)[0]
    for engine in ("columnar", "reference"):
        results = list(run_cases(one.folder, published_output, engine))
        assert sum(result.compared for result in results) >= 1
        assert [(result.trouble, result.mismatches) for result in results if not result.passed] == []


def test_the_page_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs" / "写法对照.md").read_text(encoding="utf-8")
    assert text == page(finding(Path("rulebooks") / "写法")), "make pages"
    text.encode("cp936")


def test_what_an_entry_says_wrongly_is_found(tmp_path: Path) -> None:
    (tmp_path / "目录.yaml").write_text("甲:\n  I1: [达标, meet]\n  I2: [比例, share]\n未收: {}\n", encoding="utf-8")
    folder = tmp_path / "I01"
    folder.mkdir()
    (folder / "例.perf").write_text((CLAUSES / "I01" / "例.perf").read_text(encoding="utf-8"), encoding="utf-8")
    told = "编号: I1\n名称: 甲\n写法: [meet_or_zero, efficiency, label:exempt]\n说明: 乙\n须选:\n  - {问: 甲, 答法: [乙, 丙], 问题: K999}\n"
    (folder / "条目.yaml").write_text(told, encoding="utf-8")
    first, second = coverage(tmp_path)
    assert list(faults(first, frozenset({"K202"}))) == [
        "I1：没有 efficiency 这种写法",
        "I1：没有 K999 这个问题",
        "I1：例子里没有用到 efficiency",
        "I1：例子里没有用到 label:exempt",
    ]
    assert list(faults(second, frozenset())) == ["I2 比例：没有条目，也没有写明为什么不收"]
    (folder / "条目.yaml").write_text(told + "备注: 无\n", encoding="utf-8")
    with pytest.raises(Malformed, match="备注"):
        coverage(tmp_path)
