"""A rulebook rewritten from top to bottom is the same one: in another order, reformatted, in English words."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from shuffler import shuffled

from perfdsl.text.source import Source, read_source
from perfdsl.workspace.formatting import formatted
from perfdsl.workspace.opening import Opened, open_text
from perfdsl.workspace.review.changes import compare

RULEBOOKS = Path(__file__).parents[2] / "rulebooks"
BOOKS = [path for path in sorted(RULEBOOKS.rglob("*.perf")) if path.parent.name != "共用"]


@cache
def opened(path: Path) -> Opened:
    return open_text(read_source(path, path.name))


def rewritten(source: Source, text: str) -> Opened:
    return open_text(replace(source, text=text))


GOOD = [path for path in BOOKS if opened(path).sound]


def test_most_rulebooks_are_good() -> None:
    assert len(GOOD) >= 100


@pytest.mark.parametrize("path", GOOD, ids=lambda path: str(path.relative_to(RULEBOOKS)))
def test_it_shows_no_difference(path: Path) -> None:
    before = opened(path)
    assert before.rulebook is not None
    mixed = shuffled(before.source.text, 7)
    if len(mixed.splitlines()) > 12:
        assert mixed != before.source.text
    canonical = formatted(replace(before.source, text=mixed))[0]
    english = formatted(replace(before.source, text=mixed), "en")[0]
    assert english != canonical
    for text in (mixed, canonical, english):
        after = rewritten(before.source, text)
        assert after.rulebook is not None
        for found in (compare(before.rulebook, after.rulebook), compare(after.rulebook, before.rulebook)):
            assert found.same, [(change.how, change.name, change.patches) for change in found.changes]
            assert not found.renumbered
