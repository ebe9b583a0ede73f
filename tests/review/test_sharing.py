"""What the changes of a comparison share is worked out once, and what no case needs is not worked out at all."""

from __future__ import annotations

import pytest

from perfdsl.compile.lower import Lowering
from perfdsl.model.outputs import Cell
from perfdsl.text.source import Source
from perfdsl.workspace.opened import Opened
from perfdsl.workspace.opening import open_text
from perfdsl.workspace.review.pools import Key, Pools
from perfdsl.workspace.review.whole import computed_alike, review
from review.test_years import HEAD, falling

COUNT = 20


def book(target: str) -> Opened:
    """A rulebook of 20 indicators, of which the last has this target."""
    items = "".join(
        falling(f"事项{number}", 100 // COUNT, f"A{number:02d}", target if number == COUNT else "100 件")
        for number in range(1, COUNT + 1)
    )
    return open_text(Source("试点.perf", HEAD.format(year=2025) + items))


def test_every_rulebook_is_lowered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lowered = []
    name = Lowering.name

    def counted(self: Lowering) -> None:
        lowered.append(self.book)
        name(self)

    monkeypatch.setattr(Lowering, "name", counted)
    found = review(book("100 件"), book("90 件"))
    assert len(computed_alike(found.hybrids)) == COUNT - 1
    assert len(lowered) == len({id(one) for one in lowered}) <= 4  # both ends, without the change, with it


def test_no_cells_are_thought_of_for_ways_that_are_never_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    thought: list[Key] = []
    pool = Pools._pool

    def counted(self: Pools, key: Key) -> list[Cell]:
        thought.append(key)
        return pool(self, key)

    monkeypatch.setattr(Pools, "_pool", counted)
    found = review(book("100 件"), book("90 件"))
    assert [one.witness is not None for one in found.verdicts.values()] == [True]
    assert len(thought) <= COUNT + 2  # the usual unit has a cell in every column; the change looks at one
