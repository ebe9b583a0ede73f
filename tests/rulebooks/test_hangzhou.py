"""Hangzhou 2020: as many units in every grade as published, and the data lie as they were written."""

from __future__ import annotations

import csv
from collections import Counter

import hangzhou_units
from hangzhou_units import EXCELLENT, GOOD, HOME, PROMOTED, half, units


def test_as_many_as_published() -> None:
    counted = Counter((category, grade) for _, category, *_, grade in units())
    assert counted == {
        ("市直", "优秀"): 18,
        ("市直", "良好"): 16,
        ("市直", "达标"): 44,
        ("双管", "优秀"): 3,
        ("双管", "良好"): 3,
        ("双管", "达标"): 9,
        ("单列", "优秀"): 4,
    }
    assert (len(EXCELLENT), len(PROMOTED), len(GOOD)) == (16, 2, 16)


def test_promotion_shows() -> None:
    """The promoted stand behind every unit of 良好, so that only the promotion makes them 优秀."""
    ranks = {name: int(rank) for name, _, _, _, rank, _ in units() if rank}
    assert min(ranks[name] for name in PROMOTED) > max(ranks[name] for name in GOOD)


def test_the_files_are_as_written() -> None:
    for name, made in (("市直单位", units()), ("半个名额", half())):
        with (HOME / name / "预期.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [(row["单位"], row["名次"], row["等次"]) for row in rows] == [(one[0], one[-2], one[-1]) for one in made]
    assert callable(hangzhou_units.main)
