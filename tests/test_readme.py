"""The README's first example, word for word: what it shows is what the program prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from perfdsl.tools.cli import group

README = Path(__file__).parents[1] / "README.md"


def blocks(language: str) -> list[str]:
    """The fenced blocks of one language, in order."""
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The rulebook and the data of the README, laid down as it says."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "服务.perf"
    path.write_text(blocks("perf")[0], encoding="utf-8")
    data = tmp_path / "服务" / "数据"
    data.mkdir(parents=True)
    (data / "实绩.csv").write_text(blocks("csv")[0], encoding="utf-8")
    return path


def perfdsl(*arguments: str) -> str:
    return CliRunner().invoke(group, list(arguments)).output


def test_run_prints_what_the_readme_shows(example: Path) -> None:
    assert perfdsl("run", "服务.perf") == blocks("text")[0]


def test_leaving_out_the_step_phrase_is_asked_about(example: Path) -> None:
    example.write_text(
        example.read_text(encoding="utf-8").replace("，不足 1 个百分点的按 1 个百分点计", ""), encoding="utf-8"
    )
    assert perfdsl("check", "服务.perf") == blocks("text")[1]


def test_explain_prints_what_the_readme_shows(example: Path) -> None:
    assert perfdsl("explain", "服务.perf", "--unit", "甲县", "--item", "A01") == blocks("text")[2]


def test_diff_prints_the_screen_that_the_readme_shows(example: Path) -> None:
    text = example.read_text(encoding="utf-8").replace("目标值：98%", "目标值：97%").replace("扣 0.5 分", "扣 0.6 分")
    example.with_name("服务改.perf").write_text(text, encoding="utf-8")
    data = "服务/数据"
    shown = perfdsl("diff", "服务.perf", "服务改.perf", "--data", data, "--new-data", data)
    assert shown.startswith(blocks("text")[3])


def test_the_example_is_in_canonical_layout(example: Path) -> None:
    before = example.read_text(encoding="utf-8")
    perfdsl("fmt", "服务.perf")
    assert example.read_text(encoding="utf-8") == before
