"""Rows that lie in parts give the cells that they give together, whatever the parts are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest
from generated.books import case
from in_parts import in_parts

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.compile.lower import lower
from perfdsl.engine.columnar import run
from perfdsl.engine.parts import facts
from perfdsl.engine.parts.driver import Unable
from perfdsl.graph.ranges import LIMITS, Limits
from perfdsl.model.states import State

SMALL = Limits(single=2**12, wide=2**20)
"""Small numbers go through every tier."""


def compared(seeds: Iterable[int], units: int, limits: Limits = LIMITS) -> Counter[str]:
    """Compare rulebooks of these seeds in one, two and seven parts; what was met."""
    met: Counter[str] = Counter()
    for seed in seeds:
        made = case(seed, units)
        graph = lower(made.book)
        try:
            whole = run(graph, made.data, limits=limits)
            for count in (1, 5):
                found = in_parts(graph, made.data, count, limits=limits)
                for name, node in graph.outputs.items():
                    cells, wanted = found[node], whole.output(name)
                    assert cells == wanted, f"seed {seed}, {count} parts, {name}"
                    met["cells"] += len(cells)
                    met.update(state.chinese for state, _ in cells if state is not State.VALUE)
        except Unable as unable:
            met[unable.why] += 1
    return met


def test_parts_agree_with_the_whole() -> None:
    met = compared(range(10), 16)
    assert met["cells"] > 10_000
    assert met["待定"] > 100 and met["不涉及"] > 100
    assert met["对开方或对数的结果求和、比大小"] <= 3  # refused, and told: never silently different


def test_parts_agree_in_every_tier() -> None:
    assert compared(range(30, 33), 12, SMALL)["cells"] > 2_000


@pytest.mark.full
def test_parts_agree_on_many_rulebooks() -> None:
    met = compared(range(100, 300), 40)
    print(dict(met))
    assert met["cells"] > 1_000_000


def test_more_parts_than_units() -> None:
    made = case(3, 3)
    graph = lower(made.book)
    assert run(graph, made.data).rows[UNIT_GRAIN] == 3
    assert compared([3, 4], 3)["cells"] > 0


def test_what_cannot_be_done_in_parts_is_told_with_its_place() -> None:
    told = [refusal(seed) for seed in range(8, 11)]
    found = [text for text in told if text]
    assert found
    assert all("要对开方或对数的结果求和、比大小，单位分在各处时算不了" in text for text in found)
    assert any(not text.startswith("要") for text in found), "none says which item"


def test_more_groups_than_one_place_holds_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MOST_GROUPS", 0)
    monkeypatch.setattr(facts, "MOST_PLACES", 0)
    assert any("组数放在一起，单位分在各处时算不了" in refusal(seed) for seed in range(3))


def refusal(seed: int) -> str:
    made = case(seed, 5)
    try:
        in_parts(lower(made.book), made.data, 2)
    except Unable as unable:
        return str(unable)
    return ""
