"""Of edits that change a result on generated data, nearly all get a case that shows it; the counts are printed.

The data at hand are what the case is made of; a case without them, of the rules alone, is the harder part.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest
from generated.books import Case, case, cases
from generated.chance import Chance
from generated.compare import published
from generated.stock import Mood

from perfdsl.compile.lower import lower
from perfdsl.data.columns import Dataset
from perfdsl.engine.columnar import run
from perfdsl.model.item import Item
from perfdsl.model.outputs import Outcome
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.walking import rebuilt
from perfdsl.workspace.limits import checked_scores
from perfdsl.workspace.review.bench import OLD, Bench, unlike
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.judging import OPEN, SAME, WORDING, Verdict, judge
from perfdsl.workspace.review.ledger import Sides
from perfdsl.workspace.review.together import UNFIT
from review.edits import KINDS, LATE, PRINTED, SILENT, compiles, edited, edited_as, on, seated
from review.populations import at_hand

UNITS = 20
YEARS = 3
"""How many years of data an edit is run on."""
ALL = 12
"""Edits of each kind that are judged."""
EVERY_DAY = ("指标的数", "附表的格", "列的大小")
"""Kinds of which one edit is judged every day."""
DRAWN = 4
"""Rulebooks of which an edit of each kind is drawn."""
MOST = 40
"""Rulebooks of which one is looked for that has something of a kind to edit, for each edit."""
TRIES = 4
"""Edits of one rulebook of which one is looked for that changes a result."""
SETTLED = {(WORDING, True), (SAME, True)}


def changes_results(made: Case, new: Rulebook) -> bool:
    """Whether the edit changes a result on the generated data."""
    return changes(made.book, new, [made.data])


def changes(old: Rulebook, new: Rulebook, years: Sequence[Dataset]) -> bool:
    """Whether two rulebooks, each run by itself, give another result for any unit in any of ``years``."""
    try:
        return any(_differ(*both) for both in zip(_outcomes(old, years), _outcomes(new, years), strict=True))
    except UNFIT:
        return False


def _outcomes(book: Rulebook, years: Sequence[Dataset]) -> Iterator[Outcome]:
    graph = lower(book)
    for data in years:
        ready = checked_scores(book, on(book, data))[0]
        yield published(Case(0, book, ready), graph, run(graph, ready))


def _differ(old: Outcome, new: Outcome) -> bool:
    return any(
        unlike(a, b)
        for name in {*old, *new}
        if not name.startswith("state:")
        for a, b in zip(old.get(name, (None,) * UNITS), new.get(name, (None,) * UNITS), strict=True)
    )


def seeds(count: int) -> range:
    low, _, high = os.environ.get("PERFDSL_EDITS", f"0:{count}").partition(":")
    return range(int(low), int(high))


@dataclass(frozen=True)
class Judged:
    """An edit that changes a result, and what is said of its changes."""

    seed: int
    told: str
    verdicts: tuple[Verdict, ...]

    @property
    def open(self) -> bool:
        """Whether anything of it is 不能判定."""
        return any((OPEN, True) in one.classes for one in self.verdicts)

    @property
    def shown(self) -> bool:
        """Whether it is shown: each of its changes has a case, but those that are proved to change nothing."""
        left = [one for one in self.verdicts if not SETTLED.intersection(one.classes)]
        return bool(left) and all(one.witness is not None for one in left)


def judged(kind: str, seed: int, with_data: bool) -> Judged | None:
    """An edit of ``kind`` of the rulebook of ``seed``; None if it has none, or it changes no result on the data.

    ``with_data``: it is judged with those of the first year in which it changes something at hand.

    Raises:
        AssertionError: a change is said to change nothing, and it changes a result on the data; or all changes together
            are not the edit.
    """
    mood = (Mood.WHOLE, Mood.CALM, None)[seed % 3] if kind in LATE else None
    made = list(cases(seed, YEARS, UNITS, mood))
    years = [one.data for one in made]
    book = seated(made[0].book, years[0]) if kind in PRINTED else made[0].book
    chance = Chance(seed + 10**6)
    for _ in range(TRIES):
        edit = edited_as(kind, book, chance)
        if edit is None:
            return None
        ends = Hybrids(compare(book, edit[0])).ends()
        shown = next((data for data in years if changes(*ends, [data])), None)
        if kind in SILENT or shown is not None:
            break
    else:
        return None
    new, told = edit
    hybrids = Hybrids(compare(book, new))
    data = years[0] if shown is None else shown
    everything = hybrids.book(hybrids.by_number)
    assert not changes(everything, hybrids.ends()[1], years), f"seed {seed}: {kind}: {told}: not what the changes make"
    sides = Sides(hybrids, *(at_hand(on(side, data)) for side in (book, new))) if with_data else None
    verdicts = judge(hybrids, sides)
    for number, verdict in verdicts.items():
        if SETTLED.intersection(verdict.classes):
            before = hybrids.closed([number]) - {number}
            both = hybrids.book(before), hybrids.book(before | {number})
            said = f"seed {seed}: {kind}: {told}: {verdict.classes} {verdict.basis}"
            assert not changes(*both, years), said
    return Judged(seed, told, tuple(verdicts.values()))


def survey(kind: str, count: int, with_data: bool) -> Counter[str]:
    """Edits of a kind → how many of them got what."""
    found: Counter[str] = Counter()
    start = seeds(0).start
    for seed in range(start, start + MOST * count):
        if found["edits"] == count:
            break
        one = judged(kind, seed, with_data)
        if one is None:
            continue
        found["edits"] += 1
        found["witness"] += one.shown
        found["open"] += one.open
        if not one.shown and kind not in SILENT:
            said = "；".join(f"{[name for name, _ in verdict.classes]} {verdict.basis}" for verdict in one.verdicts)
            print(f"\n{kind}: seed {seed}: {one.told}: {said}", flush=True)
        for witness in (verdict.witness for verdict in one.verdicts if verdict.witness is not None):
            found["units"] += len(witness.units)
            found["cells"] += witness.off
    print(f"\n{kind}, {'with' if with_data else 'without'} data: {dict(found)}", flush=True)
    return found


def test_every_kind_of_edit_is_drawn() -> None:
    """There are edits of each kind that compile."""
    found: Counter[str] = Counter()
    for seed in range(DRAWN):
        made = case(seed, UNITS)
        for kind in KINDS:
            book = seated(made.book, made.data) if kind in PRINTED else made.book
            found[kind] += edited_as(kind, book, Chance(seed)) is not None
    print(f"\n{dict(found)}")
    assert not [kind for kind in KINDS if not found[kind]]


def test_edits_get_a_witness() -> None:
    found = sum((survey(kind, 1, with_data=False) for kind in EVERY_DAY), Counter[str]())
    assert found["edits"] == len(EVERY_DAY)
    assert found["witness"] >= 0.9 * found["edits"] - 1


def test_whose_places_are_whose_is_shown_by_two_units() -> None:
    """Places are no longer those of each category: one unit without a total leaves open the place of one of another."""
    found = judged("名额", 9, with_data=False)
    assert found is not None
    assert found.shown
    assert [len(one.witness.units) for one in found.verdicts if one.witness is not None] == [2]


def test_places_go_to_those_who_are_not_in_by_themselves() -> None:
    """A share of places of the usual unit, which needs none: shown by as many units as it takes to have one."""
    found = judged("名额", 1, with_data=False)
    assert found is not None
    assert found.shown
    (verdict,) = found.verdicts
    assert verdict.witness is not None
    assert verdict.witness.off < 3 * len(verdict.witness.units)


def test_a_rank_the_other_way_round_shows_behind_an_indicator_that_counts_where_much_is_met() -> None:
    """What must be met for the indicator to count can be met in very many ways: ladders of units have their turn as well."""
    book = case(101, UNITS).book
    edit = edited(book, Chance(101 + 10**6))
    assert edit is not None
    (verdict,) = judge(Hybrids(compare(book, edit[0]))).values()
    assert verdict.witness is not None


def test_what_takes_two_units_is_looked_at_among_two() -> None:
    """A deviation of a sample, which one unit alone has not: by itself no unit has a total, and none a place."""
    found = judged("否决的后果", 11, with_data=False)
    assert found is not None
    assert found.shown


def test_a_count_shows_where_what_it_lets_through_comes_to_something() -> None:
    """A number of rows that lets an indicator count, and points that are 0 in the usual unit."""
    book = case(37, UNITS).book
    edit = edited(book, Chance(37 + 10**6))
    assert edit is not None
    (verdict,) = judge(Hybrids(compare(book, edit[0]))).values()
    assert verdict.witness is not None


def test_nobody_edits_what_a_block_settles() -> None:
    """A matter counts once in the items of a 去重 block, whatever is put into one of them."""
    book = next(made for seed in range(MOST) if (made := case(seed, UNITS).book).dedupes)
    code = next(one.code for one in book.walk() if one.code in book.dedupes[0].items)

    def each_by_itself(one: object) -> object:
        if not isinstance(one, Item) or one.code != code:
            return one
        return replace(one, scoring=replace(one.scoring, same_matter="each_counts"))  # type: ignore[type-var]

    assert compiles(book, book)
    assert not compiles(rebuilt(book, each_by_itself), book)


def test_the_data_themselves_are_a_witness() -> None:
    """Units that a ledger names in two columns."""
    found = judged("分数线", 181, with_data=True)
    assert found is not None
    assert found.shown


@pytest.mark.full
@pytest.mark.parametrize("with_data", [True, False])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_many_edits_get_a_witness(kind: str, with_data: bool) -> None:
    """Of each kind there are edits that change results, but of those that never do; few stay without a case."""
    found = survey(kind, ALL, with_data)
    assert found["edits"] or kind in SILENT
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


def test_nobody_can_be_looked_at() -> None:
    """Where no unit can come to the condition that is asked for, there is nothing to run."""
    made = case(3, UNITS)
    bench = Bench(made.book, made.book)
    node = bench.node(OLD, bench.names[0])
    assert node is not None
    assert bench.watched([], [node]) is None
