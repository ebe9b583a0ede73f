"""What is taken over from another rulebook is what lowering, and the auditor, would make of it anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from random import Random

import pytest
from generated import edits
from generated.books import case
from generated.chance import Chance

from perfdsl.clauses.shared.inside import with_rules
from perfdsl.compile.lower import Lowering
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.standing import Standing
from perfdsl.reference import Office, evaluate
from perfdsl.text.records import replace
from perfdsl.workspace.limits import checked_scores
from perfdsl.workspace.review.bench import Bench, Result, unlike
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.making import Making
from perfdsl.workspace.review.samples import Sample
from perfdsl.workspace.review.shelf import Shelf
from perfdsl.workspace.review.together import UNFIT
from review.edits import edited


def pairs(seeds: range) -> Iterator[tuple[Rulebook, Rulebook]]:
    """Generated rulebooks, each with one small edit, and with several large ones."""
    for seed in seeds:
        book = case(seed, 4).book
        one = edited(book, Chance(seed))
        if one is not None:
            yield book, one[0]
        for other in (edits.edited(book, seed, 1), edits.edited(book, seed, 3)):
            hybrids = Hybrids(compare(book, other))
            yield hybrids.ends()
            for change in hybrids.tried[:3]:
                yield book, hybrids.book(hybrids.closed([change.number]))


def written_once(book: Rulebook) -> bool:
    """Whether every rule that stands inside a clause has a code of its own, as in every text: a copied model item has not."""
    codes = [rule.code for item in book.walk() for rule in with_rules((item,)) if rule is not item]
    return len(codes) == len({*codes})


def taken_over(seeds: range) -> Counter[str]:
    """Lower every pair on one shelf, and the second book once more as if nothing were known."""
    count: Counter[str] = Counter()
    for old, new in pairs(seeds):
        if not written_once(new):
            continue
        shelf = Shelf(old, new)
        try:
            shelf.outputs(old)
            mine = dict(shelf.outputs(new))
            Lowering(new, shelf.builder).name()
        except UNFIT:
            count["cannot be lowered"] += 1
            continue
        assert mine == shelf.builder.mine
        same = Standing(old).same(new)
        count["pairs"] += 1
        count["items"] += sum(1 for _ in new.walk())
        count["items taken over"] += len(same)
        count["pairs with items taken over"] += bool(same)
    return count


def test_an_item_alone_is_itself_where_nothing_stands_below_it() -> None:
    items = list(case(3, 4).book.walk())
    for item in items:
        assert item.alone.children == ()
        assert (item.alone is item) == (not item.children)
        assert replace(item.alone, children=item.children) == item
    assert {not item.children for item in items} == {True, False}


def test_nothing_is_taken_over_that_would_be_another_node() -> None:
    count = taken_over(range(6, 16))
    print(dict(count))
    assert count["pairs"] > 20
    assert count["items taken over"] > count["items"] / 4


@pytest.mark.full
def test_nothing_is_taken_over_on_many_rulebooks() -> None:
    count = taken_over(range(1000, 1300))
    print(dict(count))
    assert count["pairs"] > 1500


def read_again(seeds: range) -> Counter[str]:
    """Read cases beside the usual one, and once more as if nothing had been worked out."""
    count: Counter[str] = Counter()
    for number, (old, new) in enumerate(pairs(seeds)):
        try:
            bench = Bench(old, new)
            making = Making(bench, [], False, Random(number), bench.names)
        except UNFIT:
            count["cannot be lowered"] += 1
            continue
        start = Sample(making.bases[0])
        read = [
            *(making.wild(start, share) for share in (0.02, 0.02, 0.05, 0.2)),
            *islice(making.varied(start), 0, 200, 20),
        ]
        for one in read:
            mine = dict(bench.read(one))
            told = bench.confirmed((one,))
            sides = bench.datasets([(one,)], plain=True)
            anew = [evaluate(book, checked_scores(book, data)[0]) for book, data in zip((old, new), sides, strict=True)]
            assert mine == anew[1]
            assert told == [
                Result(0, name, *cells)
                for name in bench.names
                if unlike(*(cells := tuple(side[name][0] if name in side else None for side in anew)))
            ]
            count["cases"] += 1
            count["results"] += len(mine)
            count["results that differ"] += len(told)
        count["pairs"] += 1
    return count


def test_the_auditor_says_the_same_of_a_case_beside_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    take = Office.take

    def counted(office: Office, before: Office, codes: frozenset[str]) -> None:
        taken.append(len(codes))
        take(office, before, codes)

    monkeypatch.setattr(Office, "take", counted)
    count = read_again(range(2))
    print(dict(count), "items taken over", sum(taken), "in", sum(map(bool, taken)))
    assert count["cases"] > 75
    assert count["results that differ"] > 75
    assert sum(map(bool, taken)) > 40
