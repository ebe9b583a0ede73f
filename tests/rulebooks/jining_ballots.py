"""42 complete ballots that give the published results of the Jining visit vote of April 2015.

The city published 13 scores and ranks, not the ballots. The scores fit only 100 − 3 × mean(rank − 1) over 42 ballots
(or a multiple of 42), and that gives the sum of (rank − 1) of every district. Here 42 ballots are built that have
exactly these sums: each ballot ranks the districts by what they still have to collect, the least first; what is
left over by a place or two at the end is settled by changing neighbours. The ballots are a construction; only the sums are published facts.

``python tests/rulebooks/jining_ballots.py`` writes the data of both rulebooks under rulebooks/济宁观摩2015.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

HOME = Path(__file__).parents[2] / "rulebooks" / "济宁观摩2015"
BALLOTS = 42
PLACES = tuple(
    f"第{word}名" for word in ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三"]
)
SUMS = {
    "兖州": 60,
    "高新": 117,
    "邹城": 166,
    "曲阜": 171,
    "任城": 190,
    "金乡": 259,
    "微山": 269,
    "泗水": 278,
    "嘉祥": 309,
    "汶上": 309,
    "梁山": 343,
    "鱼台": 372,
    "经开区": 433,
}
"""Sum of (rank − 1) over all ballots, recovered from the published scores."""

Ballot = tuple[str, ...]
"""The districts from the first to the last."""


def ballots(sums: dict[str, int] = SUMS, count: int = BALLOTS) -> list[Ballot]:
    """``count`` complete ballots in which each district collects exactly its sum."""
    left = dict(sums)
    made: list[list[str]] = []
    for _ in range(count):
        ballot = sorted(left, key=lambda unit: (left[unit], unit))
        for place, unit in enumerate(ballot):
            left[unit] -= place
        made.append(ballot)
    while any(left.values()):
        _settle(left, made)
    return [tuple(ballot) for ballot in made]


def _settle(left: dict[str, int], made: list[list[str]]) -> None:
    """Change two neighbours on one ballot: a place moves one step on the way from who has too many to who lacks it."""
    first = next(unit for unit, lacks in left.items() if lacks > 0)
    way: dict[str, tuple[str, ...]] = {first: (first,)}
    for unit in (queue := [first]):
        if left[unit] < 0:
            return _change(left, made, *way[unit][:2])
        for below in sorted({after for ballot in made for above, after in pairwise(ballot) if above == unit}):
            if below not in way:
                way[below] = (*way[unit], below)
                queue.append(below)
    raise ValueError(f"left over: {left}")


def _change(left: dict[str, int], made: list[list[str]], above: str, below: str) -> None:
    """On the first ballot that has ``below`` right behind ``above``, change the two."""
    ballot = next(ballot for ballot in made if (above, below) in pairwise(ballot))
    place = ballot.index(above)
    ballot[place], ballot[place + 1] = below, above
    left[above] -= 1
    left[below] += 1


def collected(made: Iterable[Ballot]) -> dict[str, int]:
    """What each district collects."""
    sums: dict[str, int] = {}
    for ballot in made:
        for place, unit in enumerate(ballot):
            sums[unit] = sums.get(unit, 0) + place
    return sums


def votes(made: Sequence[Ballot]) -> dict[str, list[int]]:
    """How many ballots put each district on each place."""
    return {unit: [sum(ballot[place] == unit for ballot in made) for place in range(len(PLACES))] for unit in SUMS}


def write(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """``rows`` as a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main() -> None:
    """Write the ballots, and the votes by place."""
    made = ballots()
    ledger = [
        (unit, f"{number:02}号票", PLACES[place])
        for number, ballot in enumerate(made, 1)
        for place, unit in enumerate(ballot)
    ]
    write(HOME / "按票计分/数据/选票.csv", [("单位", "票号", "名次"), *ledger])
    by_place = [(unit, *counts) for unit, counts in votes(made).items()]
    write(HOME / "按票数计分/数据/实绩.csv", [("单位", *(f"{place}票数" for place in PLACES)), *by_place])


if __name__ == "__main__":
    main()
