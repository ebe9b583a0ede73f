"""本数 as a reading: whether 以上, 以下, 以内 include their number, tried in the whole rulebook at once.

The model has the edges as they were declared, not the words; which of them a word stands at is read off the text of the
cell, the condition or the phrase. Where 90 分以上 no longer holds 90, 不足 90 分 beside it does: a table stays whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from perfdsl.clauses.kind import Choice
from perfdsl.model.expression import Compare, Comparison, Happened
from perfdsl.model.grade import Grade, Interval
from perfdsl.model.item import Clause
from perfdsl.model.rulebook import Rulebook
from perfdsl.text.records import fields, is_dataclass, replace
from perfdsl.text.source import Span, folded
from perfdsl.workspace.opening import words

WORDS = {"以上": "or_more", "以下": "or_less", "以内": "or_less"}
COMPARED = {
    ("or_more", True): Compare.GREATER_EQUAL,
    ("or_more", False): Compare.GREATER,
    ("or_less", True): Compare.LESS_EQUAL,
    ("or_less", False): Compare.LESS,
}
PHRASED = {("or_more", True): "ge", ("or_more", False): "gt", ("or_less", True): "le", ("or_less", False): "lt"}
PAIRS = (("op", "against"), ("ops", "againsts"), ("met_op", "met_against"), ("base_op", "base_against"))
"""Fields of a clause: how the value is compared, and with what."""
APART = frozenset({"span", "citation", "meta", "tables", "calendar", "unread", "methods"})


class Edge:
    """One word: where it stands, whether it includes its number there, and how that is turned."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.op = WORDS[word]
        self.spellings = tuple(
            folded(spelling)
            for one in words().words["OR_BEYOND"]
            if one.canonical == word
            for spelling in (*one.spellings, one.english)
        )

    # ---- where it stands

    def ends(self, span: Span | None) -> bool:
        """Whether it ends the text."""
        return span is not None and folded(span.text).rstrip().endswith(self.spellings)

    def stands_in(self, span: Span | None) -> bool:
        """Whether it stands anywhere in a cell, which has one edge on each side at most."""
        return span is not None and any(one in folded(span.text) for one in self.spellings)

    def follows(self, span: Span | None) -> bool:
        """Whether it stands behind a number of a phrase."""
        return span is not None and folded(span.source.text[span.end : span.end + 20]).lstrip().startswith(
            self.spellings
        )

    # ---- what it means there

    def inclusions(self, value: Any) -> Iterator[bool]:
        """Whether the number is included, for each place that 本数 was needed for."""
        match value:
            case Interval() if self.stands_in(value.span):
                yield value.low_in if self.op == "or_more" else value.high_in
            case Comparison() if self.ends(value.span) and value.op in COMPARED.values():
                yield value.op in (Compare.GREATER_EQUAL, Compare.LESS_EQUAL)
            case Clause():
                yield from (op in ("ge", "le") for op, _ in self._phrased(value))
        for part in parts(value):
            yield from self.inclusions(part)

    def _phrased(self, clause: Clause) -> Iterator[tuple[str, Any]]:
        for name, other in PAIRS:
            ops, againsts = getattr(clause, name, None), getattr(clause, other, None)
            pairs = zip(ops, againsts, strict=True) if isinstance(ops, tuple) and isinstance(againsts, tuple) else ()
            for op, against in (*pairs, *(((ops, againsts),) if isinstance(ops, str) else ())):
                if op in PHRASED.values() and self.follows(getattr(against, "span", None)):
                    yield op, against

    # ---- the other reading

    def turned(self, value: Any, included: bool) -> Any:
        """``value``, in which the word includes its number or does not."""
        if isinstance(value, tuple):
            made = tuple(self.turned(part, included) for part in value)
            return made if any(one is not other for one, other in zip(value, made, strict=True)) else value
        if not is_dataclass(value) or isinstance(value, type):
            return value
        changed: dict[str, Any] = {}
        for one in fields(value):
            if one.name not in APART and (new := self.turned(old := getattr(value, one.name), included)) is not old:
                changed[one.name] = self._whole(old, new) if isinstance(old, tuple) else new
        match value:
            case Interval() if self.stands_in(value.span):
                changed["low_in" if self.op == "or_more" else "high_in"] = included
            case Comparison() if self.ends(value.span) and value.op in COMPARED.values():
                changed["op"] = COMPARED[self.op, included]
            case Happened() if self.op == "or_more" and self.stands_in(value.span):
                changed["least"] = value.least + (-1 if included else 1)
            case Clause():
                changed |= self._clause(value, included)
        return replace(value, **changed) if changed else value

    def _clause(self, clause: Clause, included: bool) -> dict[str, Any]:
        turned = PHRASED[self.op, included]
        found = {id(against) for _, against in self._phrased(clause)}
        changed: dict[str, Any] = {}
        for name, other in PAIRS:
            ops, againsts = getattr(clause, name, None), getattr(clause, other, None)
            if isinstance(ops, str) and id(againsts) in found:
                changed[name] = turned
            elif isinstance(ops, tuple) and isinstance(againsts, tuple):
                changed[name] = tuple(turned if id(one) in found else op for op, one in zip(ops, againsts, strict=True))
        return changed

    def _whole(self, before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[Any, ...]:
        """A table that stays whole: its rows beside each other, or those of each of its columns."""
        if before and all(isinstance(one, tuple) for one in before):
            columns = [
                self._beside(*pair) for pair in zip(zip(*before, strict=True), zip(*after, strict=True), strict=True)
            ]
            return tuple(zip(*columns, strict=True))
        return self._beside(before, after)

    def _beside(self, before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[Any, ...]:
        """The other edge at a number whose edge was turned gives it up, or takes it."""
        moved: dict[Fraction | None, bool] = {}
        for one, other in zip(map(band, before), map(band, after), strict=True):
            if one is not None and other is not None and one != other:
                more = self.op == "or_more"
                moved[other.low if more else other.high] = other.low_in if more else other.high_in
        return tuple(self._given_up(one, moved) for one in after) if moved else after

    def _given_up(self, value: Any, moved: dict[Fraction | None, bool]) -> Any:
        found = band(value)
        edge = None if found is None else found.high if self.op == "or_more" else found.low
        if found is None or edge is None or edge not in moved:
            return value
        own = not moved[edge]
        given = replace(found, high_in=own) if self.op == "or_more" else replace(found, low_in=own)
        return replace(value, band=given) if isinstance(value, Grade) else given


def band(value: Any) -> Interval | None:
    """The interval that a row of a table has."""
    found = value.band if isinstance(value, Grade) else value
    return found if isinstance(found, Interval) else None


def parts(value: Any) -> Iterator[Any]:
    """What a value is made of."""
    if isinstance(value, tuple):
        yield from value
    elif is_dataclass(value) and not isinstance(value, type):
        yield from (getattr(value, one.name) for one in fields(value) if one.name not in APART)


def _choice(word: str) -> Choice:
    def now(book: Rulebook) -> bool | None:
        found = set(Edge(word).inclusions(book))
        return found.pop() if len(found) == 1 else None

    return Choice(
        f"edge:{word}",
        f"{word}含不含本数",
        ((True, f"{word}含本数"), (False, f"{word}不含本数")),
        "K161",
        now=now,
        put=lambda book, value: Edge(word).turned(book, value),
    )


CHOICES = tuple(_choice(word) for word in WORDS)
"""Of the whole rulebook: what its 本数 says of each word."""
