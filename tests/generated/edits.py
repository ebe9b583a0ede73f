"""Seeded edits of generated rulebooks: what an officer changes from one year to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from generated.books import rounding
from generated.chance import Chance
from perfdsl.model.expression import ItemRef, Number
from perfdsl.model.item import Item, Level
from perfdsl.model.rulebook import Dedupe, Rulebook
from perfdsl.model.units import POINTS, Ties
from perfdsl.model.walking import nodes, rebuilt

Edit = Callable[[Rulebook, Chance], Rulebook]


def edited(book: Rulebook, seed: int, count: int = 1) -> Rulebook:
    """``book`` with ``count`` edits, each of something else than the one before where that can be."""
    chance = Chance(seed)
    left: list[Edit] = []
    done = 0
    for _ in range(20 * count):
        if done == count:
            break
        left = left or chance.shuffled(EDITS)
        made = left.pop()(book, chance)
        done += made != book
        book = made
    return book


def _item(book: Rulebook, chance: Chance, change: Callable[[Item], Item], fits: Callable[[Item], bool]) -> Rulebook:
    codes = [one.code for one in book.walk() if fits(one)]
    return one_item(book, chance.one(codes), change) if codes else book


def one_item(book: Rulebook, code: str, change: Callable[[Item], Item]) -> Rulebook:
    """``book`` with one item changed."""

    def node(one: Any) -> Any:
        return change(one) if isinstance(one, Item) and one.code == code else one

    made: Rulebook = replace(book, items=rebuilt(book.items, node))
    return made


def points(book: Rulebook, chance: Chance) -> Rulebook:
    """One amount of points in a clause."""

    def amounts(item: Item) -> list[Number]:
        return [one for one in nodes(item.scoring) if isinstance(one, Number) and one.unit == POINTS and one.value]

    def change(item: Item) -> Item:
        aimed, share = chance.one(amounts(item)), chance.one((Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)))

        def node(one: Any) -> Any:
            return replace(one, value=one.value * share) if one is aimed else one

        return replace(item, scoring=rebuilt(item.scoring, node))

    return _item(book, chance, change, lambda item: item.scoring is not None and bool(amounts(item)))


def digits(book: Rulebook, chance: Chance) -> Rulebook:
    """The digits of one item."""
    return _item(book, chance, lambda item: replace(item, rounding=rounding(chance)), lambda item: item.level in SCORED)


def least(book: Rulebook, chance: Chance) -> Rulebook:
    """How low the score of one item may go."""
    low = Fraction(chance.whole(-3, 1))
    return _item(book, chance, lambda item: replace(item, least=low), lambda item: item.scoring is not None)


def weight(book: Rulebook, chance: Chance) -> Rulebook:
    """The weight of a group."""
    given = Fraction(chance.whole(1, 6), 10)
    return _item(book, chance, lambda item: replace(item, weight=given), lambda item: item.level is Level.GROUP1)


def renamed(book: Rulebook, chance: Chance) -> Rulebook:
    """The name of an item, which no computation reads."""
    return _item(book, chance, lambda item: replace(item, name=f"{item.name}改"), lambda item: item.level in SCORED)


def cap(book: Rulebook, chance: Chance) -> Rulebook:
    """How much bonuses may give in all, or the total."""
    if chance.yes():
        return replace(book, total=replace(book.total, most_bonus=Fraction(chance.whole(1, 7))))
    return replace(book, total=replace(book.total, most=Fraction(chance.whole(20, 70))))


def last_digits(book: Rulebook, chance: Chance) -> Rulebook:
    """The digits of the total."""
    return replace(book, roundings=replace(book.roundings, total=rounding(chance, 0, 3)))


def ties(book: Rulebook, chance: Chance) -> Rulebook:
    """How equal totals share places."""
    return replace(book, ties=chance.one(list(Ties)))


def without(book: Rulebook, chance: Chance) -> Rulebook:
    """Without one bonus or deduction that nothing reads."""
    read = {one.code for one in nodes(book) if isinstance(one, ItemRef)}
    read |= {code for one in nodes(book) if isinstance(one, Dedupe) for code in one.items}
    gone = [item.code for item in book.items if item.level in (Level.BONUS, Level.DEDUCTION) and item.code not in read]
    if not gone:
        return book
    code = chance.one(gone)
    return replace(book, items=tuple(item for item in book.items if item.code != code))


def again(book: Rulebook, chance: Chance) -> Rulebook:
    """One more bonus, that goes by the rule of another and stands in the same 去重."""
    taken = {item.code for item in book.walk()}
    known = [
        one for one in book.items if one.level is Level.BONUS and not one.children and one.code not in ("J6", "J7")
    ]
    code = next(code for code in (f"J{n}" for n in range(20, 40)) if code not in taken)
    if not known:
        return book
    like = chance.one(known)
    dedupes = tuple(
        replace(block, items=(*block.items, code)) if like.code in block.items else block for block in book.dedupes
    )
    added = replace(like, code=code, name=f"项{code}")
    return replace(book, items=(*book.items, added), dedupes=dedupes)


SCORED = (Level.INDICATOR, Level.POINT, Level.BONUS, Level.DEDUCTION)
EDITS: tuple[Edit, ...] = (points, points, digits, least, weight, renamed, cap, last_digits, ties, without, again)
