"""What is taken over from another rulebook is what lowering, and the auditor, would make of it anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from generated import edits
from generated.books import case
from generated.chance import Chance

from perfdsl.compile.lower import Lowering
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.standing import Standing
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.hybrids import Hybrids
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


def taken_over(seeds: range) -> Counter[str]:
    """Lower every pair on one shelf, and the second book once more as if nothing were known."""
    count: Counter[str] = Counter()
    for old, new in pairs(seeds):
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


def test_nothing_is_taken_over_that_would_be_another_node() -> None:
    count = taken_over(range(60))
    print(dict(count))
    assert count["pairs"] > 250
    assert count["items taken over"] > count["items"] / 3


@pytest.mark.full
def test_nothing_is_taken_over_on_many_rulebooks() -> None:
    count = taken_over(range(1000, 1800))
    print(dict(count))
    assert count["pairs"] > 3000
