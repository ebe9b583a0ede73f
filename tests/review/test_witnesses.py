"""Of edits that change a result, nearly all get a case that shows it; the counts are printed."""

from __future__ import annotations

import os
from collections import Counter

import pytest
from generated.books import Case, case
from generated.chance import Chance
from generated.compare import by_graph

from perfdsl.model.rulebook import Rulebook
from perfdsl.workspace.review.bench import Bench, unlike
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.judging import OPEN, SAME, Verdict, judge
from review.edits import edited

UNITS = 20
EVERY_DAY = 16


def changes_results(made: Case, new: Rulebook) -> bool:
    """Whether the edit changes a result on the generated data."""
    try:
        old_cells, new_cells = by_graph(made), by_graph(Case(made.seed, new, made.data))
    except Exception:
        return False
    return any(
        unlike(a, b)
        for name in {*old_cells, *new_cells}
        if not name.startswith("state:")
        for a, b in zip(old_cells.get(name, (None,) * UNITS), new_cells.get(name, (None,) * UNITS), strict=True)
    )


def seeds(count: int) -> range:
    low, _, high = os.environ.get("PERFDSL_EDITS", f"0:{count}").partition(":")
    return range(int(low), int(high))


def judged(seed: int) -> tuple[str, str, Verdict] | None:
    """An edit that changes a result, and the verdict on it."""
    made = case(seed, UNITS)
    chance = Chance(seed + 10**6)
    for _ in range(8):
        found = edited(made.book, chance)
        if found is None or not changes_results(made, found[0]):
            continue
        hybrids = Hybrids(compare(made.book, found[0]))
        verdicts = [one for one in judge(hybrids).values() if one.basis and not hybrids.by_number[one.number].wording]
        if not verdicts:
            continue
        worst = max(verdicts, key=lambda one: one.witness is not None)
        return found[1], "、".join(name for name, _ in worst.classes), worst
    return None


def survey(over: range) -> Counter[str]:
    """Seeds → how many edits got what."""
    found: Counter[str] = Counter()
    for seed in over:
        one = judged(seed)
        if one is None:
            continue
        told, classes, verdict = one
        found["edits"] += 1
        found["witness"] += verdict.witness is not None
        found["open"] += (OPEN, True) in verdict.classes
        found["wrong"] += (SAME, True) in verdict.classes
        if verdict.witness is None:
            print(f"\nseed {seed}: {told}: {classes} {verdict.basis}")
        else:
            found["units"] += len(verdict.witness.units)
            found["cells"] += verdict.witness.off
    print(f"\n{dict(found)}")
    return found


def test_edits_get_a_witness() -> None:
    found = survey(seeds(EVERY_DAY))
    assert not found["wrong"], "an edit that changes results was proved to change none"
    assert found["witness"] >= 0.9 * found["edits"] - 1


@pytest.mark.full
def test_many_edits_get_a_witness() -> None:
    found = survey(seeds(300))
    assert not found["wrong"]
    assert found["witness"] >= 0.95 * found["edits"]
    assert found["open"] <= 0.05 * found["edits"]


@pytest.mark.full
def test_few_edits_stay_open() -> None:
    """Of first edits whatever, those that change nothing among them."""
    judged_, open_ = 0, []
    for seed in seeds(150):
        made = case(seed, UNITS)
        edit = edited(made.book, Chance(seed + 10**6))
        if edit is None:
            continue
        verdicts = judge(Hybrids(compare(made.book, edit[0]))).values()
        judged_ += 1
        if any((OPEN, True) in one.classes for one in verdicts):
            open_.append(f"seed {seed}: {edit[1]}")
    print(f"\n{len(open_)} of {judged_} first edits stay 不能判定", *open_, sep="\n")
    assert judged_
    assert len(open_) <= 0.05 * judged_


def test_a_bench_shares_what_is_the_same() -> None:
    made = case(3, UNITS)
    assert Bench(made.book, made.book).differing == ()
