"""A rulebook in English words is the same rulebook: same model, same problems, and the way back gives the same text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from perfdsl.text.source import Source, read_source
from perfdsl.tools.cli import group
from perfdsl.workspace.formatting import formatted
from perfdsl.workspace.opening import Opened, open_text, words

RULEBOOKS = Path(__file__).parents[2] / "rulebooks"
BOOKS = sorted(RULEBOOKS.rglob("*.perf"))
# Every run tests a spread; the whole corpus takes minutes and is ``full``.
SPREAD = {RULEBOOKS / "示例市" / "2025.perf", *sorted(RULEBOOKS.glob("写法/*/例.perf"))[::12]}
WHOLE = [path for path in BOOKS if path.parent.name != "共用"]


def spelt(source: Source, language: str) -> Source:
    """``source`` in the words of ``language``, as if it stood in the same place."""
    return replace(source, text=formatted(source, language)[0])  # type: ignore[arg-type]


def said(opened: Opened) -> list[tuple[str, int]]:
    """Codes of what checking says, and the lines."""
    return [(one.code, one.span.line if one.span else 0) for one in opened.problems]


@pytest.mark.parametrize(
    "path",
    [path if path in SPREAD else pytest.param(path, marks=pytest.mark.full) for path in BOOKS],
    ids=lambda path: str(path.relative_to(RULEBOOKS)),
)
def test_the_english_spelling_reads_the_same_both_ways(path: Path) -> None:
    source = read_source(path, path.name)
    chinese = spelt(source, "zh")
    english = spelt(chinese, "en")
    again = spelt(english, "zh")
    assert again.text == chinese.text
    assert spelt(english, "en").text == english.text
    assert spelt(again, "zh").text == again.text
    before, after = open_text(chinese), open_text(english)
    assert said(after) == said(before)
    assert after.rulebook == before.rulebook
    assert (before.rulebook is not None) == (path in WHOLE)


def test_every_word_has_an_english_spelling_of_its_own() -> None:
    known = words()
    inside = [word for group_ in known.words.values() for word in group_ if any(map(str.isalpha, word.canonical))]
    labels = [label.word for label in known.labels.values()]
    for word in (*inside, *labels, *known.headers.values(), *known.columns.values()):
        assert word.english and word.english.isascii() and " " not in word.english, word.canonical


def test_rows_of_a_rule_table_stay_as_they_are() -> None:
    text = (
        "附表 标准（每个单位一行）\n  列：单位、等次、分值（分）\n  | 单位 | 等次 | 分值 |\n  | 甲县 | 优秀 | 5    |\n"
    )
    english = formatted(Source("x.perf", text), "en")[0]
    assert english.splitlines()[0] == "schedule 标准（row-per-unit）"
    assert english.splitlines()[2:] == text.splitlines()[2:]


def test_the_command_writes_english_and_back(tmp_path: Path) -> None:
    path = tmp_path / "办法.perf"
    text = formatted(read_source(RULEBOOKS / "写法" / "D05" / "例.perf"))[0]
    path.write_text(text, encoding="utf-8")
    assert CliRunner().invoke(group, ["fmt", "--english", str(path)]).exit_code == 0
    assert path.read_text(encoding="utf-8").splitlines()[1].startswith("rulebook ")
    assert CliRunner().invoke(group, ["fmt", "--chinese", str(path)]).exit_code == 0
    assert path.read_text(encoding="utf-8") == text
    assert CliRunner().invoke(group, ["fmt", "--chinese", "--english", str(path)]).exit_code == 2
