"""Compiled rulebooks that are kept: a run of them says what a run of the text says, whatever becomes of what is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

import pytest
from running import BOOK, FACTS, HOME, RULEBOOKS, Ran, perfdsl, project

from perfdsl.engine import compiling
from perfdsl.text import store
from perfdsl.workspace import opening
from perfdsl.workspace.keeping import open_kept
from perfdsl.workspace.packing import Unpackable

PART = "附表 目标（每个单位一行）\n  列：单位、目标数（件）\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    kept = tmp_path_factory.mktemp("留存")
    monkeypatch.setenv("PERFDSL_CACHE", str(kept))
    monkeypatch.chdir(tmp_path)
    return kept


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """With a file that it includes and two 附表 in files."""
    text = BOOK.replace("附表 单位名册", "附表 规模（每个单位一行）\n  列：单位、人数（人）\n附表 单位名册", 1)
    path = project(tmp_path / "办法", book=text.replace("  考核期：", "  引用：共用.perf\n  考核期：", 1))
    path.with_name("共用.perf").write_text(PART, encoding="utf-8")
    rules = path.with_suffix("") / "附表"
    rules.mkdir()
    (rules / "规模.csv").write_text("单位,人数\n甲局,10\n乙局,20\n丙县,30\n", encoding="utf-8")
    (rules / "目标.csv").write_text("单位,目标数\n甲局,1\n乙局,2\n丙县,3\n", encoding="utf-8")
    return path


def compiled(place: Path) -> list[Path]:
    return sorted(place.glob("compiled-*/*"))


def unread(*arguments: str | Path) -> Ran:
    """What is printed when no rulebook may be read; answers are not asked."""
    with (
        patch.object(opening, "open_rulebook", side_effect=AssertionError("it was compiled anew")),
        patch("perfdsl.tools.start.can_be_kept", return_value=False),
    ):
        return perfdsl(*arguments)


def anew(*arguments: str | Path) -> Ran:
    return perfdsl(*arguments, "--no-cache")


def first(*arguments: str | Path) -> Ran:
    """A run that keeps the rulebook and asks for no answer."""
    with patch("perfdsl.tools.start.can_be_kept", return_value=False):
        return perfdsl(*arguments)


WHOLE = ("--format", "json", "--all")
SAMPLES = [
    *((str(path.relative_to(RULEBOOKS)), *WHOLE) for path in sorted(RULEBOOKS.glob("写法/*/例.perf"))[::4]),
    ("示例市/2025.perf", *WHOLE),
    ("示例市/2025.perf", "--as-of", "2025-06-30", *WHOLE),
    ("示例市/2025.perf", "--assume-pending", "不得分", *WHOLE),
    ("示例市/2025.perf", "--plan"),
    ("十项全能/十项全能.perf", "--all"),
    ("盘锦12345/月度评价.perf", "--format", "csv"),
    ("石城县河长制2018/原文.perf",),
    ("杭州综合考评2020/办法.perf", *WHOLE),
    ("没有.perf",),
]


@pytest.mark.parametrize("sample", SAMPLES, ids=" ".join)
def test_a_run_of_what_is_kept_says_the_same(sample: tuple[str, ...], place: Path) -> None:
    file, *options = sample
    arguments: list[str | Path] = ["run", RULEBOOKS / file, *options]
    told = anew(*arguments)
    assert not compiled(place)
    assert first(*arguments) == told
    if compiled(place):
        assert unread(*arguments) == told
    else:  # it has 必须改, or is not there: nothing that could be run
        assert told.code in (1, 3)


def test_changed_data_are_run_without_reading_the_rulebook(book: Path) -> None:
    before = perfdsl("run", book, *WHOLE)
    (book.with_suffix("") / "数据" / "实绩.csv").write_text(FACTS.replace("90,100,80%", "91,100,80%"), encoding="utf-8")
    with patch.object(opening, "open_rulebook", side_effect=AssertionError("it was compiled anew")):
        after = perfdsl("run", book, *WHOLE)
    assert after == anew("run", book, *WHOLE) != before


def test_changed_data_are_run_by_the_program_that_is_there(book: Path) -> None:
    first("run", book, *WHOLE)
    for fact in ("91,100,80%", "92,99,70%", "90,100,80%"):
        facts = book.with_suffix("") / "数据" / "实绩.csv"
        facts.write_text(FACTS.replace("90,100,80%", fact), encoding="utf-8")
        with patch.object(compiling, "compiled", side_effect=AssertionError("the graph was compiled anew")):
            after = unread("run", book, *WHOLE)
        assert after == anew("run", book, *WHOLE)
    facts.write_text(FACTS.replace("90,100,80%", "4000,9000,80%"), encoding="utf-8")  # beyond what it was made for
    with patch.object(compiling, "compiled", wraps=compiling.compiled) as compiled_anew:
        for _ in range(2):
            after = unread("run", book, *WHOLE)
    assert compiled_anew.call_count == 1
    assert after == anew("run", book, *WHOLE)


def test_a_program_that_is_harmed_or_of_other_rules_is_made_anew(book: Path, place: Path) -> None:
    first("run", book, *WHOLE)
    (program,) = place.glob("program-*/*")
    whole = program.read_bytes()
    program.write_bytes(whole[:500] + b"~" + whole[501:])
    assert unread("run", book, *WHOLE) == anew("run", book, *WHOLE)
    assert program.read_bytes() == whole
    CHANGES["the rulebook"](book.parent)
    assert first("run", book, *WHOLE) == anew("run", book, *WHOLE)
    program.write_bytes(whole)  # as another process may leave it that still ran the rules of before
    assert unread("run", book, *WHOLE) == anew("run", book, *WHOLE)
    assert program.read_bytes() != whole


def _write(name: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        path = folder / name
        stood = path.stat()
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        os.utime(path, ns=(stood.st_atime_ns, stood.st_mtime_ns))  # its time tells nothing

    return write


CHANGES = {
    "the rulebook": _write("试点.perf", lambda text: text.replace("目标值：98%", "目标值：88%")),
    "what it includes": _write("共用.perf", lambda text: text.replace("目标数（件）", "目标数（个）")),
    "a 附表": _write("试点/附表/规模.csv", lambda text: f"{text}丁局,5\n"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_byte_of_the_rules_is_never_run_from_what_is_kept(book: Path, place: Path, what: str) -> None:
    before = perfdsl("run", book, *WHOLE)
    (kept,) = compiled(place)
    whole = kept.read_bytes()
    CHANGES[what](book.parent)
    after = perfdsl("run", book, *WHOLE)
    assert after == anew("run", book, *WHOLE) != before
    assert compiled(place) == [kept]
    assert kept.read_bytes() != whole


@pytest.mark.parametrize("harm", ["empty", "half", "flipped", "of another version"])
def test_harm_is_noticed_and_mended_in_silence(book: Path, place: Path, harm: str) -> None:
    told = first("run", book, *WHOLE)
    (kept,) = compiled(place)
    whole = kept.read_bytes()
    if harm != "of another version":
        harmed = {"empty": b"", "half": whole[: len(whole) // 2], "flipped": whole[:999] + b"~" + whole[1000:]}[harm]
        kept.write_bytes(harmed)
    other = patch.object(store, "program", return_value="another") if harm == "of another version" else nullcontext()
    with other, patch.object(opening, "open_rulebook", wraps=opening.open_rulebook) as read:
        assert first("run", book, *WHOLE) == told
    assert read.call_count == 1
    if harm != "of another version":
        assert kept.read_bytes() == whole


def test_where_nothing_can_be_written_runs_say_the_same(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = anew("run", book, *WHOLE)
    (tmp_path / "是文件").write_text("")
    monkeypatch.setenv("PERFDSL_CACHE", str(tmp_path / "是文件"))
    assert first("run", book, *WHOLE) == told


def test_what_cannot_be_said_in_json_is_not_kept(book: Path, place: Path) -> None:
    with patch("perfdsl.workspace.keeping.packed", side_effect=Unpackable("complex")):
        assert first("run", book, *WHOLE).code == 0
    assert not compiled(place)


def test_many_runs_at_once(book: Path, place: Path) -> None:
    command = [sys.executable, "-m", "perfdsl", "run", str(book), *WHOLE]
    surroundings = {**os.environ, "PYTHONPATH": str(HOME)}
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings) for _ in range(4)
    ]
    told = {(one.communicate(timeout=120), one.returncode) for one in running}
    assert len(told) == 1
    assert len(compiled(place)) == 1
    assert unread("run", book, *WHOLE).code == running[0].returncode


def test_the_text_can_still_be_asked(book: Path) -> None:
    read = open_kept(book)
    with patch.object(opening, "open_rulebook", side_effect=AssertionError("it was compiled anew")):
        kept = open_kept(book)
    assert kept.rulebook == read.rulebook
    assert [one.cited for one in kept.tree.sources] == [one.cited for one in read.tree.sources]
    assert kept.tree.sources == (kept.source, *kept.parts)
    assert kept.rulebook is not None
    for item in kept.rulebook.walk():
        assert str(kept.citation(item.span, item.citation)) == str(read.citation(item.span, item.citation))
    assert kept.sha256 == read.sha256
