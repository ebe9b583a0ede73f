"""What a file declares: the names that its values may use, the columns of its tables, its period."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from perfdsl.syntax.characters import QUOTE_MARKS, cleaned, half_width, plain
from perfdsl.syntax.lexer import DATE, Lexer, Names, Refused, Value, figures, lexicon
from perfdsl.syntax.nodes import Block, FieldNode, Row, Tree, Written
from perfdsl.syntax.vocabulary import Vocabulary, vocabulary
from perfdsl.text.catalogue import versions, writing
from perfdsl.text.form import Shape
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass, field
from perfdsl.text.source import Span, folded

TABLES = frozenset({"schedule", "data", "ledger"})
ITEMS = frozenset({"indicator", "step", "individual", "group1", "group2", "group3", "bonus", "deduction"})
_BETWEEN = re.compile(r"至|到|-|~|—+|–")


@dataclass(frozen=True)
class ColumnNode:
    """A column as declared: ``按时办结件数（件，每月）`` has two notes. A list of choices is one note."""

    name: Written
    notes: tuple[Written, ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of an enumerated column (``有、无``), without quotes."""
        for note in self.notes:
            if "、" in note.text:
                return tuple(choice.strip().strip(QUOTE_MARKS) for choice in note.text.split("、") if choice.strip())
        return ()

    @property
    def unit(self) -> str:
        """What may be a measure word: a short first note that is no list, no frequency and no number."""
        first = self.notes[0].text if self.notes else ""
        short = 0 < len(first) <= 8 and not first.startswith("每") and not re.search(r"[、0-9 “”]", first)
        return first if short else ""


def columns(value: Written) -> tuple[tuple[ColumnNode, ...], Problems]:
    """The columns of a 列 or 数据 field: names with （…）, parted by 、 (， and ； are taken as well)."""
    found: list[ColumnNode] = []
    problems: list[Problem] = []
    for part in split(value, "、,;"):
        made = _column(part)
        if made is None:
            problems.append(writing.column_unreadable(part.span, part.text))
        else:
            found.append(made)
    return tuple(found), tuple(problems)


def entries(value: Written) -> tuple[tuple[Written, ...], Written | None]:
    """Names parted by 、 and, behind the first ，, what is said about them (``环保局、水文局，结果一致方可计分``)."""
    first, *rest = split(value, ",;") or (value,)
    names = split(first, "、")
    if not rest:
        return names, None
    tail = rest[0].span.to(rest[-1].span)
    offset = tail.start - value.span.start
    return names, Written(value.text[offset : offset + tail.end - tail.start], tail)


def period(value: Written) -> tuple[tuple[date, date] | None, Problems]:
    """First and last day of ``2025年1月1日至2025年12月31日``."""
    text = re.sub(r"\s", "", folded(value.text).rstrip("。 "))
    days = list(DATE.finditer(text))
    year = re.search(r"([0-9]{4}|[〇零一二三四五六七八九]{4})年?", text)
    between = text[days[0].end() : days[1].start()] if len(days) == 2 else ""
    if len(days) != 2 or not _BETWEEN.fullmatch(between) or days[0].start() or days[1].end() != len(text):
        return None, (writing.period_unreadable(value.span, str(figures(year.group(1))) if year else "2025"),)
    made = []
    for found in days:
        try:
            made.append(date(*(figures(part) for part in found.groups())))
        except ValueError:
            return None, (writing.no_such_day(_part_like(value, found.group())),)
    if made[1] < made[0]:
        return None, (writing.period_reversed(value.span, days[0].group(), days[1].group()),)
    return (made[0], made[1]), ()


def validity(value: Written) -> tuple[tuple[date, date | None] | None, Problems]:
    """First and last day of ``2025年3月1日至2027年2月28日``; no last day for ``2025年3月1日起``."""
    text = re.sub(r"\s", "", folded(value.text).rstrip("。 "))
    found = DATE.match(text)
    if found is not None and text[found.end() :] in ("起", "起施行", "起生效"):
        try:
            return (date(*(figures(part) for part in found.groups())), None), ()
        except ValueError:
            return None, (writing.no_such_day(_part_like(value, found.group())),)
    if len(list(DATE.finditer(text))) != 2:
        year = re.search("20[0-9]{2}", text)
        return None, (versions.validity_unreadable(value.span, value.text, year.group() if year else "2025"),)
    return period(value)


def _part_like(value: Written, text: str) -> Span:
    """Where ``text`` stands in ``value``, blanks between its characters allowed."""
    found = re.search(r"\s*".join(map(re.escape, text)), folded(value.text))
    assert found is not None
    return value.span.part(found.start(), found.end())


def split(value: Written, separators: str) -> tuple[Written, ...]:
    """``value`` cut at ``separators`` (folded) outside brackets and quotes; empty parts are left out."""
    text = folded(value.text)
    parts: list[Written] = []
    depth, quoted, start = 0, False, 0
    for place, character in enumerate(text + separators[0]):
        last = place == len(text)
        if character in "“「":
            quoted = True
        elif character in "”」":
            quoted = False
        elif character == "(" and not quoted:
            depth += 1
        elif character == ")" and not quoted:
            depth -= 1
        if last or (character in separators and depth <= 0 and not quoted):
            part = trimmed(value, start, place)
            if part.text:
                parts.append(part)
            start = place + 1
    return tuple(parts)


def trimmed(value: Written, start: int, end: int) -> Written:
    """Characters ``start`` to ``end`` of ``value`` without blanks around them."""
    while start < end and value.text[start].isspace():
        start += 1
    while end > start and (value.text[end - 1].isspace() or (end == len(value.text) and value.text[end - 1] == "。")):
        end -= 1
    return Written(value.text[start:end], value.span.part(start, end))


def _column(part: Written) -> ColumnNode | None:
    text = folded(part.text)
    opening = text.find("(")
    if opening < 0:
        return ColumnNode(_bare(part)) if ")" not in text else None
    closing = text.rfind(")")
    if opening == 0 or closing != len(text.rstrip()) - 1:
        return None
    name = _bare(trimmed(part, 0, opening))
    notes = split(trimmed(part, opening + 1, closing), ",;")
    return ColumnNode(name, tuple(Written(half_width(note.text), note.span) for note in notes))


def _bare(name: Written) -> Written:
    """A name without the quotes around it."""
    if len(name.text) > 2 and name.text[0] in QUOTE_MARKS and name.text[-1] in QUOTE_MARKS:
        return trimmed(name, 1, len(name.text) - 1)
    return name


@dataclass
class _Found:
    names: set[str] = field(default_factory=set)
    choices: set[str] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)
    objects: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)


def declared(tree: Tree) -> Names:
    """Every name that ``tree`` declares."""
    found = _Found()
    for block in tree.blocks:
        _of_block(block, found)
    words = tree.vocabulary if isinstance(tree.vocabulary, Vocabulary) else vocabulary()
    given = Names(*(frozenset(part) for part in (found.names, found.choices, found.methods, (), found.units)))
    for block in tree.blocks:
        for value in _phrases(block, words):
            found.objects.update(_counted(value, words, given))
    return given.plus(objects=found.objects)


def _of_block(block: Block, found: _Found) -> None:
    if block.name.text and block.kind in ITEMS | TABLES:
        found.names.add(block.name.text)
    if block.kind == "category":
        found.choices.add(block.name.text)
    if block.kind == "grades":
        found.choices.update(grades(block))
    if block.kind == "method":
        found.methods.add(block.name.text)
        found.names.update(part.text for note in block.notes for part in split(note, "、,;"))
    for field_node in block.fields:
        if field_node.key in ("columns", "facts"):
            for column in columns(field_node.value)[0]:
                found.names.add(column.name.text)
                found.choices.update(column.choices)
                found.units.update({column.unit} - {""})
        elif field_node.key == "points":
            found.names.update(point.text for point in points(field_node))


def grades(block: Block) -> tuple[str, ...]:
    """The names in the first column of a 等次 table."""
    return tuple(_bare(row.cells[0]).text for row in block.rows[1:] if row.cells and row.cells[0].text)


_INLINE_POINT = re.compile(r"[0-9.]+[ ]*分[ ]*[“\"「]([^”\"」]+)[”\"」]")


def points(node: FieldNode) -> tuple[Written, ...]:
    """The names of 要点: the first column of the rows, or the quoted names in ``1 分 “达标率”，…；…``."""
    rows = tuple(_bare(row.cells[0]) for row in node.rows[1:] if row.cells and row.cells[0].text)
    inline = []
    for part in split(node.value, ";"):
        found = _INLINE_POINT.match(folded(part.text))
        if found is not None:
            inline.append(trimmed(part, found.start(1), found.end(1)))
    return (*rows, *inline)


def _phrases(block: Block, words: Vocabulary) -> Iterator[Written]:
    """Every value and cell that may hold a counting phrase."""
    for node in block.fields:
        label = words.labels.get(node.key)
        if label is not None and label.shape is Shape.PHRASE:
            yield node.value
        if node.key in words.tables:
            yield from _score_cells(node.rows)


def _score_cells(rows: tuple[Row, ...]) -> Iterator[Written]:
    for row in rows[1:]:
        for heading, cell in zip(rows[0].cells, row.cells, strict=False):
            if plain(heading.text):
                yield cell


@lru_cache(maxsize=4)
def _begin_counts(words: Vocabulary) -> frozenset[str]:
    """The characters with which counting phrases begin."""
    return frozenset(plain(spelling)[0] for word in words.words["EACH_HAS"] for spelling in word.spellings)


def _counted(value: Written, words: Vocabulary, given: Names) -> Iterator[str]:
    """The objects of counting phrases: 未按期办结 in ``每有 1 件未按期办结扣 1 分``."""
    table = lexicon(words, given)
    for part in split(value, ",;"):
        if folded(cleaned(part.text)).lstrip()[:1] not in _begin_counts(words):
            continue  # most parts count nothing
        squeezed = Value(part)
        lexer = Lexer(squeezed, table)
        if not squeezed.text:
            continue
        first = words.meanings.get(table.longest(table.words, squeezed, 0))
        if first is None or first.terminal != "EACH_HAS":
            continue
        try:
            name = _object(lexer, len(table.longest(table.words, squeezed, 0)), len(squeezed.text))
        except Refused:
            continue
        if name:
            yield name


def _object(lexer: Lexer, place: int, stop: int) -> str:
    for wanted in ("NUMBER", "UNIT"):
        if place >= stop:
            return ""
        found = lexer.lexeme(place, stop, (wanted,))
        if found is not None and found.terminal == wanted:
            place = found.end
    end = lexer.object_end(place, stop)
    return lexer.free(place, end).text if end > place else ""


__all__ = ["ColumnNode", "Names", "columns", "declared", "entries", "period", "points", "split", "validity"]
