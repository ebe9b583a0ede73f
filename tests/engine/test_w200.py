"""The rulebook that the bench measures: the columnar engine against sums that know nothing of it, tie-heavy on purpose."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

UNITS = 400


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module of bench/ by its name."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "bench"))
    return importlib.import_module


def test_every_cell_is_what_whole_numbers_give(bench: Any) -> None:
    exact, ours = bench("exact"), bench("side_ours").Ours()
    found = bench("w200").numbers(UNITS)
    truth = exact.whole(found)
    given = ours.given(found)
    made = dict(ours.answers(given, ours.run(given)))
    assert made.keys() == truth.keys()
    assert sum(exact.wrong(made.items(), truth).values()) == 0
    assert set(truth["grade"].tolist()) == {0, 1, 2, 3}
    assert len(set(truth["total"].tolist())) < UNITS  # some totals are equal


def test_whole_numbers_give_what_fractions_give(bench: Any) -> None:
    exact, found = bench("exact"), bench("w200").numbers(UNITS)
    truth = exact.whole(found)
    assert sum(exact.by_fractions(found, range(0, UNITS, 20), truth).values()) == 0
    for key in ("s000", "g0", "total", "rank", "grade"):
        truth[key] += 1  # the judge sees it
        assert sum(exact.by_fractions(found, range(20), truth).values()) >= 20
        truth[key] -= 1


def test_floats_are_seen_to_be_wrong(bench: Any) -> None:
    exact, peer = bench("exact"), bench("side_numpy").Numpy()
    found = bench("w200").numbers(UNITS)
    given = peer.given(found)
    wrong = exact.wrong(peer.answers(given, peer.run(given)), exact.whole(found))
    assert 0 < wrong["得分"] < 0.01 * 200 * UNITS  # the rules are the same, the last digit is not
