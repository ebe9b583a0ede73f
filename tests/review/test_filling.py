"""沿用 and 假设: columns of which a year has nothing are taken from elsewhere, by the runs and by the ledger alike."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from perfdsl.model import outputs
from perfdsl.workspace.review.ledger import number
from perfdsl.workspace.review.whole import review
from review.test_years import UNITS, Year, falling

FIRST, SECOND = falling("培训", 60, "A01", "100 件"), falling("宣传", 40, "A02", "80 件", "1")


def years(past: str) -> tuple[Year, Year]:
    """A02 of the old year holds ``past``; a step of it costs 2 points in the new one."""
    return (
        Year(2024, UNITS, FIRST + SECOND, "培训数,宣传数", {"甲局": f"80,{past}", "乙局": f"100,{past}"}),
        Year(
            2025,
            UNITS,
            FIRST + SECOND.replace("扣 1 分", "扣 2 分"),
            "培训数,宣传数",
            {"甲局": "80,60", "乙局": "100,80"},
        ),
    )


def totals(folder: Path, last_value: bool) -> dict[str, tuple[Fraction | None, Fraction | None, Fraction | None]]:
    """Unit → total before and after as the two runs have them, and what the rules do by the ledger."""
    before, after = (year.written(folder) for year in years(""))
    places = [one.data_folder for one in (before, after)]
    found = review(before, after, *places, last_value=last_value)
    assert found.before is not None
    assert found.after is not None
    olds, news = (map(number, one.outcome[outputs.TOTAL]) for one in (found.before, found.after))
    made = {}
    for unit, old, new in zip(found.after.units, olds, news, strict=True):
        ledger = found.ledgers.get(unit)
        if ledger is not None:
            assert ledger.residual == 0
            assert (ledger.before, ledger.after) == (old, new)
        made[unit] = old, new, None if ledger is None else sum(ledger.together.values(), start=Fraction(0))
    return made


def test_without_it_there_is_nothing_to_compare(tmp_path: Path) -> None:
    assert {unit: (one[0], one[2]) for unit, one in totals(tmp_path, False).items()} == {
        "甲局": (None, None),
        "乙局": (None, None),
    }


def test_last_value_is_read_by_both(tmp_path: Path) -> None:
    """甲局: 56 + 38 with the 60 of the new year, 56 + 36 under the new rule. 乙局: 60 + 40 both times."""
    found = totals(tmp_path, True)
    assert found["甲局"] == (Fraction(94), Fraction(92), Fraction(-2))
    assert found["乙局"] == (Fraction(100), Fraction(100), Fraction(0))
