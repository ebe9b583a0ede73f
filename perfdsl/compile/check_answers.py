"""Answers that take an item away or give what others got, against what is above them: where the readings part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from perfdsl.model.item import AnswerKind, Item, Level
from perfdsl.model.rounding import Rounding, rounded
from perfdsl.model.rulebook import Combine, Rulebook
from perfdsl.model.units import Mode, decimal
from perfdsl.text.catalogue import totals
from perfdsl.text.problem import Problem
from perfdsl.text.source import Span

OUTSIDE = (Level.BONUS, Level.DEDUCTION, Level.STEP)
"""Levels that have no part in the full mark."""


def given(item: Item, kind: AnswerKind) -> tuple[str, Span | None] | None:
    """The first state that the item answers so, in its word, and where; None where it answers none so."""
    found = next(((state, answer) for state, answer in item.answers if answer.kind is kind), None)
    return None if found is None else (found[0].chinese, found[1].span or item.span)


def smaller_full_is_clear(book: Rulebook) -> Iterator[Problem]:
    """按折算满分 says of how many points the rest is, and to how many it is scaled."""
    for root in book.items:
        if root.level in OUTSIDE:
            continue
        for item, above in _leaves(root, ()):
            found = given(item, AnswerKind.SMALLER_FULL)
            if found is None or not item.full or item.level in OUTSIDE:
                continue
            if book.total.combine is not Combine.LEAST:
                yield from _full_is_said(book, item)
            combined = next((one for one in above if one.combine is not None and one.combine.kind != "sum_of"), None)
            if combined is not None:
                yield _combined(book, item, combined, found)
            elif book.total.combine is Combine.LEAST and item is not root:
                yield _least(item, root, found)


def _leaves(item: Item, above: tuple[Item, ...]) -> Iterator[tuple[Item, tuple[Item, ...]]]:
    """The scored items at or below ``item``, each with those above it."""
    if item.scoring is not None:
        yield item, above
    for child in item.children:
        yield from _leaves(child, (*above, item))


def _full_is_said(book: Rulebook, item: Item) -> Iterator[Problem]:
    """Every category has a full mark to scale to, its own or the rulebook's."""
    if book.full or "full" in book.unread:
        return
    roots = [root for root in book.items if root.level not in OUTSIDE]
    whole = _full(roots) if book.total.combine is Combine.SUM else max(_full([root]) for root in roots)
    open_ = [category for category in book.categories if not category.full and not category.excluded]
    if open_ and len(open_) < len(book.categories):
        yield totals.smaller_full_of_nothing(open_[0].span, item.name, f"类别 {open_[0].name} ", decimal(whole))
    elif open_ or not book.categories:
        yield totals.smaller_full_of_nothing(book.span, item.name, "考评办法", decimal(whole))


def _full(items: Sequence[Item]) -> Fraction:
    """What items of the base come to."""
    inside = [item for item in items if item.level not in OUTSIDE]
    return sum((item.full or _full(item.children) for item in inside), Fraction(0)) or Fraction(100)


def _least(item: Item, root: Item, answer: tuple[str, Span | None]) -> Problem:
    """Of the lowest 一级指标 the rest is scaled before it is compared, or after: an example with both."""
    assert item.full is not None
    full = max(root.full or _full(root.children), item.full)
    rest = full - item.full
    if not rest:  # the item is all that stands there now; what joins it would be scaled
        rest = full / 2
    mine, other = rest * Fraction(4, 5), full * Fraction(3, 5)
    first = min(mine * full / rest, other)
    after = min(mine, other) * full / rest
    return totals.smaller_full_unclear(
        answer[1],
        item.name,
        "总分取各一级指标得分的最低者",
        f"“{root.name}” 其余各项得 {_shown(mine)} 分（满分 {_shown(rest)} 分），另一个一级指标得 {_shown(other)} 分",
        [("先把“其余各项”折算到满分，再取最低者", _shown(first)), ("先取最低者，再折算", _shown(after))],
        f"{answer[0]}：分值按比例调到同一级指标",
    )


def _combined(book: Rulebook, item: Item, above: Item, answer: tuple[str, Span | None]) -> Problem:
    """What is combined in another way than by a sum goes without the item, and the total is scaled or not."""
    assert item.full is not None
    full = max(book.full or _full(book.items), item.full * 2)
    points = full * Fraction(4, 5)
    return totals.smaller_full_unclear(
        answer[1],
        item.name,
        f"“{above.name}” 不是各项相加",
        f"满分 {_shown(full)} 分，去掉这一项（{_shown(item.full)} 分）以后得 {_shown(points)} 分",
        [
            (f"“{above.name}” 只看其余各项，满分没有少，不折算", _shown(points)),
            (f"满分少了 {_shown(item.full)} 分，折算", _shown(points * full / (full - item.full))),
        ],
        f"{answer[0]}：不计分",
    )


def means_are_of_what_is_published(book: Rulebook) -> Iterator[Problem]:
    """得同类平均分 of scores that are multiplied: before or after 系数."""
    for item in book.walk():
        found = given(item, AnswerKind.GROUP_MEAN)
        if found is None or item.coefficient is None:
            continue
        full = item.full or Fraction(10)
        one, other, times = full * Fraction(8, 10), full * Fraction(9, 10), Fraction(1, 2)
        yield totals.mean_beside_a_coefficient(
            found[1],
            item.name,
            found[0],
            f"两个单位乘系数以前得 {_shown(one)} 分、{_shown(other)} 分，系数 1、{_shown(times)}，"
            f"公布 {_shown(one)} 分、{_shown(other * times)} 分",
            [
                ("先平均，再乘系数", _shown((one + other) / 2)),
                ("平均公布的得分", _shown((one + other * times) / 2)),
            ],
        )


def _shown(points: Fraction) -> str:
    """Points in an example: exact where they have two digits at most, else to two digits."""
    return decimal(rounded(points, Rounding(2, Mode.HALF_UP)))


CHECKS = (smaller_full_is_clear, means_are_of_what_is_published)
