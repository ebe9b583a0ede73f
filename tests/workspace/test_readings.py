"""The register of readings: what is chosen, and how many units another reading would move."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from perfdsl.clauses import KINDS
from perfdsl.clauses.shared.readings import CHOICES
from perfdsl.publish.choices import Register, json_schema
from perfdsl.publish.pages import entries
from perfdsl.tools.cli import group
from perfdsl.workspace import readings

HOME = Path(__file__).parents[2]
BOOK = """\
考评办法 示例市读法举例（10 分）【示例市读@2025】
  状态：征求意见稿
  小数：指标得分、总分均保留 2 位，四舍五入
  总分：基本分，最高 10 分，最低 0 分
  同分：并列占位（1、2、2、4）
附表 单位名册（每个单位一行）
  列：单位
  | 单位 |
  | 甲县 |
  | 乙县 |
  | 丙县 |
一级指标 工作（10 分）【A】
指标 办结率（10 分）【A01】
  条款：第三条
  数据：办结率（%）
  指标值：办结率
  目标值：90%
  方向：越高越好
  计分：每低 1 个百分点扣 1 分，不足 1 个百分点的不计，扣完本指标为止
"""
FACTS = "单位,办结率\n甲县,90%\n乙县,88%\n丙县,88.5%\n"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "读法.perf"
    path.write_text(BOOK, encoding="utf-8")
    data = tmp_path / "数据"
    data.mkdir()
    (data / "实绩.csv").write_text(FACTS, encoding="utf-8")
    return path


def register(book: Path, *more: str) -> Register:
    ran = CliRunner().invoke(group, ["docs", str(book), "--choices", "--format", "json", *more])
    assert ran.exit_code == 0, ran.output
    return Register.model_validate_json(ran.stdout)


def test_a_begun_step(book: Path) -> None:
    """甲县 10, 乙县 10 - 2 = 8, 丙县 (1.5 steps) 10 - 1 = 9. Pro rata 丙县 has 8.5: places stay. Counted as a step it has
    8, like 乙县: 乙县 then shares place 2, which moves 乙县 from 3 to 2."""
    found = register(book, "--data", str(book.parent / "数据"))
    assert found.units == 3
    step = next(one for one in found.choices if one.problem == "K203")
    assert (step.chosen, step.article, step.code, step.line) == ("不足的不计", "第三条", "A01", 19)
    others = {one.reading: one for one in step.others}
    assert (others["不足的按比例计"].score, others["不足的按比例计"].rank) == (["丙县"], [])
    assert (others["不足的按一档计"].score, others["不足的按一档计"].rank) == (["丙县"], ["乙县"])


def test_readings_that_no_data_tell_apart(book: Path) -> None:
    """A01 is the only indicator of A, so that 扣完本指标为止 and 扣完本一级指标为止 stop the same sum; 方向 and steps do not."""
    found = register(book, "--data", str(book.parent / "数据"))
    never = {(one.asks, other.reading) for one in found.choices for other in one.others if other.never}
    assert not any(other.never and other.score for one in found.choices for other in one.others)
    assert not any(asks == "不足一档怎样计" for asks, _ in never)


def test_few_at_once_or_all(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many rulebooks share a graph changes nothing."""
    data = str(book.parent / "数据")
    together = register(book, "--data", data)
    monkeypatch.setattr(readings, "AT_ONCE", 1)
    assert register(book, "--data", data) == together


def test_without_data_nothing_is_tried(book: Path) -> None:
    found = register(book)
    assert found.units is None
    assert not any(other.tried for one in found.choices for other in one.others)
    assert {one.problem for one in found.choices} >= {"K203", "K207", "K215", "K304", "K307"}


def test_every_choice_names_a_problem() -> None:
    codes = {one.code for one in entries()}
    every = [one for kind in KINDS for one in kind.choices] + [one for found in CHOICES.values() for one in found]
    assert [one.asks for one in every if one.code not in codes] == []


@pytest.mark.parametrize("path", sorted((HOME / "rulebooks").glob("*/*.perf")), ids=lambda path: path.stem)
def test_every_rulebook_has_a_register(path: Path) -> None:
    ran = CliRunner().invoke(group, ["docs", str(path), "--choices"])
    assert ran.exit_code in (0, 1), ran.exception


def test_the_schema_is_fresh() -> None:
    made = (HOME / "docs" / "schema" / "choices.json").read_text(encoding="utf-8")
    assert made == json_schema()
    assert json.loads(made)["title"] == "Register"
