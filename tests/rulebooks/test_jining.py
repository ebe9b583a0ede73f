"""The Jining vote: the ballots are complete, give the published scores, and lie in the data as they were built."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

from jining_ballots import BALLOTS, HOME, PLACES, SUMS, ballots, collected, votes


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def two_digits(score: Fraction) -> str:
    whole, rest = divmod(int(score * 100 + Fraction(1, 2)), 100)
    return f"{whole}.{rest:02}"


def test_ballots_are_complete_and_collect_the_published_sums() -> None:
    made = ballots()
    assert len(made) == BALLOTS
    assert all(sorted(ballot) == sorted(SUMS) for ballot in made)
    assert collected(made) == SUMS
    assert sum(SUMS.values()) == BALLOTS * 78


def test_published_scores_and_ranks_follow_from_the_ballots() -> None:
    scores = {unit: two_digits(100 - 3 * Fraction(total, BALLOTS)) for unit, total in SUMS.items()}
    for name in ("按票计分", "按票数计分"):
        for row in read(HOME / name / "预期.csv"):
            better = sum(Fraction(other) > Fraction(scores[row["单位"]]) for other in scores.values())
            assert (row["总分"], row["名次"]) == (scores[row["单位"]], str(better + 1))


def test_the_data_are_the_ballots() -> None:
    ledger = read(HOME / "按票计分/数据/选票.csv")
    by_unit = {
        row["单位"]: [int(row[f"{place}票数"]) for place in PLACES] for row in read(HOME / "按票数计分/数据/实绩.csv")
    }
    assert by_unit == votes(ballots())
    for unit, counts in by_unit.items():
        assert [sum(row["单位"] == unit and row["名次"] == place for row in ledger) for place in PLACES] == counts
