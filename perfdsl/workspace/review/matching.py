"""Which clause of the new rulebook is which of the old one.

By declared lineage (上年对应), then by code and name, then by name alone where it is the only one (renumbered), then by code
alone (renamed), and last by likeness, which is a guess and is shown as one. A declared lineage is the author's own word
and goes before a code: codes are handed on when a rulebook is renumbered.

Categories have no code: one that goes and one that comes are the same by declared lineage, or if they say nearly the same
and most of the units are the same; without printed rosters by likeness of the names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, TypeVar

from perfdsl.model.expression import ColumnRef
from perfdsl.model.item import Item, Level
from perfdsl.model.rulebook import Category, Dedupe, Rule, Rulebook
from perfdsl.model.walking import names, rebuilt
from perfdsl.text.records import dataclass, field, replace
from perfdsl.workspace.review.headings import headings, uncrossed
from perfdsl.workspace.review.parts import meaning
from perfdsl.workspace.review.units import categories_of, roster, same_units

ALIKE = 0.6
"""How much of two names must be the same for a guess."""

SAME_NAME = 0.8
FEW = 0.25
"""Fewer like clauses than this share of the smaller rulebook: they are two different ones. More units than this share of a
category in a second one: it was split, or two were merged."""

Clause = TypeVar("Clause", Item, Rule)


@dataclass(frozen=True, slots=True)
class Lineage:
    """One clause, or several that became one, or one that became several. ``how``: lineage, code, name, units, likeness."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    how: str = "code"


@dataclass(frozen=True)
class Matching:
    """``lineages`` of items and rules; those without the other side are in none.

    ``codes``: old code → its code in the new rulebook's terms. An old code that has no successor, and that another
    clause carries now, gets one that nobody has. ``columns``: (table, old name) → new name, of the columns that are called
    otherwise now (:mod:`perfdsl.workspace.review.headings`). ``categories``: those that are called otherwise, by their names.
    """

    lineages: tuple[Lineage, ...]
    codes: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)
    categories: tuple[Lineage, ...] = ()


def matching(old: Rulebook, new: Rulebook) -> Matching:
    """Put the clauses of both together. 要点 go with the indicator that they stand in."""
    drafts = old.period is not None and new.period is not None and old.period.last.year == new.period.last.year
    found = [
        *_pairs(_scored(old), _scored(new), lambda item: (item.level.value, item.name), drafts),
        *_pairs(_coded(old.vetoes), _coded(new.vetoes), lambda rule: (rule.clause.kind, rule.name), drafts),
        *_pairs(_coded(old.applications), _coded(new.applications), lambda rule: (rule.clause.kind, rule.name), drafts),
    ]
    if not kinship(old, new, Matching(tuple(found))).related:  # every rulebook has an A01
        before, after = _clauses(old), _clauses(new)
        found = [one for one in found if one.how != "code" or _is_like(before[one.old[0]], after[one.new[0]])]
    codes = _codes(old, new, [*found, *_dedupes(old, new)])
    return Matching(tuple(found), codes, headings(old, new, codes), tuple(_categories(old, new)))


@dataclass(frozen=True, slots=True)
class Kinship:
    """How many clauses each of two rulebooks has, how many of the old one's have a like one, and whether the names are alike."""

    old: int
    new: int
    both: int
    named_alike: bool

    @property
    def related(self) -> bool:
        """Whether they can be two versions of one rulebook."""
        return self.named_alike or not self.old or self.both >= FEW * min(self.old, self.new)


def kinship(old: Rulebook, new: Rulebook, matched: Matching) -> Kinship:
    """Whether ``old`` and ``new`` are versions of one rulebook: years aside, by their names, else by their clauses.

    A code alone says nothing: every rulebook has an A01.
    """
    before, after = _clauses(old), _clauses(new)
    alike = [
        one
        for one in matched.lineages
        if any(_names_alike(before[a].name, after[b].name) for a in one.old for b in one.new)
    ]
    mine, theirs = (re.sub("[0-9〇一二三四五六七八九十]+", "", book.name) for book in (old, new))
    ratio = SequenceMatcher(None, mine, theirs, autojunk=False).ratio()
    return Kinship(len(before), len(after), sum(len(one.old) for one in alike), ratio >= SAME_NAME)


def _clauses(book: Rulebook) -> dict[str, Item | Rule]:
    return {**_scored(book), **_coded((*book.vetoes, *book.applications))}


def _names_alike(old: str, new: str) -> bool:
    return SequenceMatcher(None, old, new, autojunk=False).ratio() >= ALIKE


def _is_like(old: Item | Rule, new: Item | Rule) -> bool:
    """Whether two clauses with one code have more in common than that: their names, or how they score."""
    if _names_alike(old.name, new.name):
        return True
    scored = isinstance(old, Item) and isinstance(new, Item) and old.scoring is not None
    return scored and bool(meaning(old.scoring) == meaning(new.scoring))  # type: ignore[union-attr]


def _scored(book: Rulebook) -> dict[str, Item]:
    return {item.code: item for item in book.walk() if item.level is not Level.POINT}


def coded(book: Rulebook) -> tuple[Rule | Dedupe, ...]:
    """The blocks beside the items that have a code."""
    return (*book.vetoes, *book.applications, *book.dedupes)


def _coded(rules: Sequence[Rule]) -> dict[str, Rule]:
    return {rule.code: rule for rule in rules}


def _pairs(
    before: Mapping[str, Clause],
    after: Mapping[str, Clause],
    called: Callable[[Clause], tuple[str, str]],
    drafts: bool,
) -> list[Lineage]:
    still = {code for code in after if drafts and code in before and called(before[code]) == called(after[code])}
    # what a draft says of clauses that both drafts have, it says of those of the year before
    said = dict(after)
    for code in still:
        if still.issuperset(after[code].meta.replaces):
            del said[code]
    found = list(_declared(before, said))
    taken = {code for one in found for code in one.old}
    gone = {code: one for code, one in before.items() if code not in taken}
    taken = {code for one in found for code in one.new}
    come = {code: one for code, one in after.items() if code not in taken}

    def put(old: str, new: str, how: str) -> None:
        found.append(Lineage((old,), (new,), how))
        del gone[old], come[new]

    for code in [code for code in come if code in gone and called(gone[code]) == called(come[code])]:
        put(code, code, "code")
    for new in list(come):
        olds = [code for code, one in gone.items() if called(one) == called(come[new])]
        twins = [code for code, one in come.items() if called(one) == called(come[new])]
        if len(olds) == len(twins) == 1:
            put(olds[0], new, "name")
    for code in [code for code in come if code in gone and called(gone[code])[0] == called(come[code])[0]]:
        put(code, code, "code")
    guesses = sorted(
        ((_likeness(gone[old], come[new], called), old, new) for old in gone for new in come),
        key=lambda guess: (-guess[0], guess[1:]),
    )
    for likeness, old, new in guesses:
        if likeness >= ALIKE and old in gone and new in come:
            put(old, new, "likeness")
    return found


def _declared(before: Mapping[str, Clause], after: Mapping[str, Clause]) -> Iterator[Lineage]:
    """上年对应: clauses that share a predecessor belong together."""
    said = {
        code: [one for one in clause.meta.replaces if one in before]
        for code, clause in after.items()
        # two drafts of one year say the same of the year before, which is neither of them
        if code not in before or before[code].meta.replaces != clause.meta.replaces
    }
    left = [code for code, olds in said.items() if olds]
    while left:
        news = [left.pop(0)]
        olds = list(said[news[0]])
        while more := [code for code in left if set(said[code]) & set(olds)]:
            for code in more:
                left.remove(code)
                news.append(code)
                olds += [one for one in said[code] if one not in olds]
        yield Lineage(tuple(olds), tuple(news), "lineage")


def _likeness(old: Clause, new: Clause, called: Callable[[Clause], tuple[str, str]]) -> float:
    """How alike two clauses are: in kind they must be the same; a rule that is the same tells more than a name."""
    if called(old)[0] != called(new)[0]:
        return 0.0
    names = SequenceMatcher(None, old.name, new.name, autojunk=False).ratio()
    if not names or not isinstance(old, Item) or not isinstance(new, Item) or old.scoring is None:
        return names
    same = meaning(old.scoring) == meaning(new.scoring) and old.full == new.full
    return (names + 1) / 2 if same else names


# ---- categories


def _categories(old: Rulebook, new: Rulebook) -> Iterator[Lineage]:
    """The categories that have another name. One that was split, and several that were merged, go and come."""
    gone = {one.name: one for one in old.categories if new.category(one.name) is None}
    come = {one.name: one for one in new.categories if old.category(one.name) is None}
    said = [(was, now) for now, one in come.items() for was in one.meta.replaces if was in gone]
    for was, now in said:
        if come[now].meta.replaces == (was,) and _once((was, now), said):
            yield Lineage((was,), (now,), "lineage")
    for was, now in said:
        gone.pop(was, None)
        come.pop(now, None)
    pairs = [(was, now) for was in gone for now in come if _akin(gone[was], come[now])]
    stayed = _stayed(old, new)
    for was, now in pairs:
        if (count := stayed[was, now]) and all(
            2 * count > sum(n for both, n in stayed.items() if both[side] == name)
            and all(stayed[pair] <= FEW * count for pair in pairs if pair[side] == name and pair != (was, now))
            for side, name in enumerate((was, now))
        ):
            yield Lineage((was,), (now,), "units")
    seen = [{both[side] for both in stayed} for side in range(2)]
    unseen = [(was, now) for was, now in pairs if was not in seen[0] and now not in seen[1]]
    like = [pair for pair in unseen if SequenceMatcher(None, *pair, autojunk=False).ratio() >= ALIKE]
    for was, now in like:
        if _once((was, now), like):
            yield Lineage((was,), (now,), "likeness")


def _once(pair: tuple[str, str], pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether neither side of ``pair`` stands in another one."""
    return sum(pair[0] == was or pair[1] == now for was, now in pairs) == 1


def _akin(old: Category, new: Category) -> bool:
    """Whether two categories say the same of their units, but for one thing (the full mark) that may be another one."""
    if (old.ranked, old.excluded, bool(old.treated_as)) != (new.ranked, new.excluded, bool(new.treated_as)):
        return False
    said = [name for name in names(Category) if name not in ("name", "meta")]
    return sum(bool(getattr(old, name) != getattr(new, name)) for name in said) <= 1


def _stayed(old: Rulebook, new: Rulebook) -> Counter[tuple[str, str]]:
    """(old category, new category) → how many units that stand in both printed rosters are of these."""
    before, after = categories_of(old), categories_of(new)
    same = same_units(new, roster(old), roster(new))
    return Counter((before[was], after[unit]) for unit, was in same.items() if was in before and unit in after)


# ---- the old rulebook in the new one's terms


def _dedupes(old: Rulebook, new: Rulebook) -> Iterator[Lineage]:
    """去重 blocks, by their names."""
    before, after = ({block.name: block.code for block in book.dedupes} for book in (old, new))
    for name in before.keys() & after.keys():
        yield Lineage((before[name],), (after[name],), "name")


def _codes(old: Rulebook, new: Rulebook, found: Sequence[Lineage]) -> dict[str, str]:
    taken = {item.code for item in new.walk()} | {block.code for block in coded(new)}
    before = {item.code: item for item in old.walk()}
    after = {item.code: item for item in new.walk()}
    codes: dict[str, str] = {}
    for one in found:
        main = next((code for code in one.old if code in one.new), one.old[0])
        codes[main] = main if main in one.new else one.new[0]
    every = [*before, *(block.code for block in coded(old))]
    for code in every:
        if code not in codes and before.get(code, _NO_POINT).level is not Level.POINT:
            codes[code] = f"旧{code}" if code in taken else code
    for item in old.walk():
        points = [child for child in item.children if child.level is Level.POINT]
        become = after.get(codes.get(item.code, ""))
        names = _points(points, [child for child in become.children if child.level is Level.POINT]) if become else {}
        for point in points:
            own = point.code.removeprefix(item.code)
            codes[point.code] = names.get(point.name, f"{codes[item.code]}{own}")
    return {code: become for code, become in codes.items() if code != become}


def _points(before: Sequence[Item], after: Sequence[Item]) -> dict[str, str]:
    """Name of a 要点 → its code in the new rulebook: by name, else those whose rule is the same, by their order, else the
    only one that goes is the only one that comes, if their names are alike."""
    found = {point.name: point.code for point in after}
    gone = [point for point in before if point.name not in found]
    come = [point for point in after if point.name not in {one.name for one in before}]
    mine, theirs = ([_ruled(point) for point in side] for side in (gone, come))
    for at, rule in enumerate(mine):
        olds, news = ([i for i, other in enumerate(side) if other == rule] for side in (mine, theirs))
        if len(olds) == len(news) and at == olds[0]:
            pairs = [(gone[i].name, come[j].name) for i, j in zip(olds, news, strict=True)]
            found |= {was: found[now] for was, now in uncrossed(pairs)}
    if len(gone) == len(come) == 1 and SequenceMatcher(None, gone[0].name, come[0].name).ratio() >= ALIKE:
        found[gone[0].name] = come[0].code
    return found


def _ruled(point: Item) -> Item:
    """The rule of a 要点 alone, whatever it is called and whatever columns it reads."""

    def nameless(node: Any) -> Any:
        return replace(node, column="") if isinstance(node, ColumnRef) else node

    made: Item = rebuilt(meaning(replace(point, code="")), nameless)
    return made


_NO_POINT = Item(Level.INDICATOR, "", "")
