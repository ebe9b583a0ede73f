"""docs/语言参考.md: nothing of the language is missing, and its examples are those that other tests run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from perfdsl.clauses import KINDS
from perfdsl.publish.reference import page
from perfdsl.reports.findings import LanguageFinding
from perfdsl.reports.language import language
from perfdsl.text.form import Slot
from perfdsl.text.source import Source
from perfdsl.workspace.formatting import formatted
from perfdsl.workspace.language import OTHERS, SAMPLES, _samples, ways
from perfdsl.workspace.opening import open_text, words

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "docs" / "手册.md"


@lru_cache(maxsize=1)
def found() -> LanguageFinding:
    return language(ROOT / "rulebooks", MANUAL)


def slots() -> Iterator[tuple[str, Slot]]:
    def whole(slot: Slot) -> Iterator[Slot]:
        yield slot
        for later in slot.then:
            yield from whole(later)

    for kind in KINDS:
        for pattern in (kind.form.pattern, *(take.slots for take in kind.form.takes)):
            for slot in pattern:
                yield from ((kind.key, one) for one in whole(slot))


def test_the_page_is_fresh() -> None:
    text = (ROOT / "docs" / "语言参考.md").read_text(encoding="utf-8")
    assert text == page(found()), "make pages"
    text.encode("cp936")


def test_every_segment_of_every_kind_is_shown_as_it_can_be_written() -> None:
    assert len(_samples()) == len(SAMPLES)
    assert [(key, slot) for key, slot in slots() if not ways(slot)] == []


def test_every_kind_has_an_example_that_stands_in_something_that_is_run() -> None:
    for kind in found().kinds:
        path = kind.example.path
        assert kind.example.chinese, kind.key
        assert kind.example.chinese in (ROOT / path).read_text(encoding="utf-8"), kind.key
        run = re.fullmatch(r"rulebooks/写法/[A-Z]\d\d/例\.perf", path) or path.removeprefix("rulebooks/") in OTHERS
        assert run or path == "docs/手册.md", kind.key


def test_every_field_has_a_place() -> None:
    assert {label.word.canonical for label in words().labels.values()} == {one.word.chinese for one in found().fields}
    assert [one.word.chinese for one in found().fields if not one.blocks and not one.kinds] == []


@pytest.mark.parametrize("key", ["rate_loss", "turns"])
def test_an_example_of_the_manual_reads_the_same_in_english(key: str) -> None:
    (one,) = (kind.example for kind in found().kinds if kind.key == key)
    frame = re.findall(r"^```perf 框\n(.*?)^```$", MANUAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[0]
    chinese = Source("例.perf", frame + one.chinese)
    english = formatted(chinese, "en")[0]
    assert english.endswith(one.english)
    book = open_text(chinese).rulebook
    assert book is not None
    assert open_text(Source("例.perf", english)).rulebook == book
