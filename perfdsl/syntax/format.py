"""The formatter (整理): the same rulebook, written as the forms are written.

It repairs and says what it repaired; it never scolds, and what it cannot read it leaves as it was typed. Nothing is
printed that does not read back as the same nodes: each value is read again before it takes the place of the old one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from perfdsl.syntax.characters import HIDDEN, LOOKALIKE, plain, plain_character
from perfdsl.syntax.frame import parse
from perfdsl.syntax.layout import printed, tidy
from perfdsl.syntax.lexer import Lexeme, Names
from perfdsl.syntax.lines import Line, lines
from perfdsl.syntax.names import ColumnNode, columns, declared, entries, period, split
from perfdsl.syntax.nodes import Written
from perfdsl.syntax.shapes import lexemes, read
from perfdsl.syntax.vocabulary import Meaning, Vocabulary
from perfdsl.text.form import Shape, Word
from perfdsl.text.records import dataclass, field, replace
from perfdsl.text.render import padded, width
from perfdsl.text.source import BLANKS, SOFT_BREAKS, Source, Span

Language = Literal["zh", "en"]

_SHAPED = frozenset({"expression", "condition", "phrase", "ledger", "band", "quantity"})
_ODD_BLANKS = re.compile(f"[{BLANKS[2:]}]")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ％]")
_HALF_MARKS = re.compile(r"[,;:()]")
_ODD_QUOTES = re.compile('["＂「」]|”[^“”]*“')


@dataclass(frozen=True, slots=True)
class Repair:
    """What was put right in ``line``, in Chinese."""

    line: int
    what: str


@dataclass(frozen=True)
class _Out:
    """A line to print: text, or the cells of a table row."""

    indent: int
    text: str = ""
    cells: tuple[str, ...] | None = None
    comment: str = ""
    kept: bool = False


def formatted(
    source: Source,
    vocabulary: Vocabulary,
    language: Language = "zh",
    known: Names | None = None,
    proved: bool = True,
) -> tuple[str, tuple[Repair, ...]]:
    """``source`` in the canonical spelling of ``language``, and what was repaired.

    ``known``: every name that it may use, where that is known; else those that it declares itself. Not ``proved``: values
    are not read again, which is enough, and much faster, where the text is only looked at and takes no file's place.
    """
    clean = without_oddities(source)
    printer = _Printer(clean, vocabulary, language, known=known, proved=proved)
    text = _joined(list(printer.all()))
    repairs = {*_character_repairs(source), *printer.repairs}
    return text, tuple(sorted(repairs, key=lambda repair: (repair.line, repair.what)))


def words_used(source: Source, vocabulary: Vocabulary) -> frozenset[tuple[str, str]]:
    """(place, key) of every word of the language in ``source``: header, label, column, word (inside a value), function."""
    printer = _Printer(source, vocabulary)
    for _ in printer.all():
        pass
    return frozenset(printer.used)


def without_oddities(source: Source) -> Source:
    """``source`` without characters that nobody sees, and with plain ones for those that look like them."""
    text = LOOKALIKE.sub(lambda found: plain_character(found.group()), HIDDEN.sub("", source.text))
    return replace(source, text=text)


def _character_repairs(source: Source) -> Iterator[Repair]:
    for found in HIDDEN.finditer(source.text):
        yield Repair(source.place(found.start())[0], "删去看不见的字符")
    for found in LOOKALIKE.finditer(source.text):
        ordinary = plain_character(found.group())
        if ordinary != found.group():
            yield Repair(source.place(found.start())[0], f"易混字改为普通的“{ordinary}”")


def _joined(out: list[_Out]) -> str:
    """The lines one below the other: tables padded, blank lines single, none at the edges."""
    made: list[str] = []
    for number, line in enumerate(out):
        text = _row(line.cells, _widths(out, number)) if line.cells is not None else line.text
        shown = text if line.kept or not text else f"{' ' * line.indent}{text}"
        if line.comment:
            shown = f"{shown}  {line.comment}" if text else f"{' ' * line.indent}{line.comment}"
        if shown.strip() or (made and made[-1]):
            made.append(shown if shown.strip() else "")
    while made and not made[-1]:
        made.pop()
    return "".join(f"{line}\n" for line in made)


def _widths(out: list[_Out], number: int) -> list[int]:
    """Column widths of the table that row ``number`` stands in; comments and blank lines do not end a table."""
    first = last = number
    while first > 0 and _in_table(out[first - 1]):
        first -= 1
    while last < len(out) - 1 and _in_table(out[last + 1]):
        last += 1
    rows = [line.cells for line in out[first : last + 1] if line.cells is not None]
    return [max(width(row[i]) for row in rows if i < len(row)) for i in range(max(map(len, rows)))]


def _in_table(line: _Out) -> bool:
    return line.cells is not None or not line.text


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    return "".join(f"| {padded(cell, widths[i])} " for i, cell in enumerate(cells)) + "|"


_OWN_ROWS = frozenset({"schedule", "data", "ledger"})


@dataclass
class _Printer:
    """Prints line by line; remembers the block, the field and the table heading that a line stands under."""

    source: Source
    vocabulary: Vocabulary
    language: Language = "zh"
    repairs: set[Repair] = field(default_factory=set)
    used: set[tuple[str, str]] = field(default_factory=set)
    known: Names | None = None
    proved: bool = True

    def __post_init__(self) -> None:
        own = self.known if self.known is not None else declared(parse(self.source, self.vocabulary)[0])
        self.names: Names = own
        self.in_field = self.in_row = self.own_rows = False
        self.heading: tuple[Written, ...] = ()
        self.line = 0

    def all(self) -> Iterator[_Out]:
        for line in lines(self.source, self.vocabulary):
            self.line = line.span.line
            made = self._one(line)
            comment = self._comment(line.comment) if line.comment is not None else ""
            yield replace(made, comment=comment)

    def _spelt(self, word: Word) -> str:
        """``word`` as a header, a label or a heading."""
        return word.english if self._in_english and word.english else word.canonical

    def _spell(self, meaning: Meaning) -> str:
        """A word inside a value."""
        return self.vocabulary.english(meaning) if self._in_english else meaning.word.canonical

    @property
    def _in_english(self) -> bool:
        """Rows of a 附表, of data and of a ledger are the author's: they stay as they are."""
        return self.language == "en" and not (self.own_rows and self.in_row)

    def _say(self, what: str) -> None:
        self.repairs.add(Repair(self.line, what))

    def _one(self, line: Line) -> _Out:
        if line.kind == "blank":
            return self._blank(line)
        if line.kind == "row":
            return self._table_row(line)
        self.heading = ()
        if line.kind == "header":
            self.in_field = False
            made = _Out(0, self._header(line))
            self.own_rows = line.key in _OWN_ROWS
            return made
        if line.kind == "field":
            return self._field(line)
        if line.kind == "item":
            return _Out(4, self._item(line))
        return _Out(0, self._typed(line), kept=True)

    def _blank(self, line: Line) -> _Out:
        if line.comment is None:
            return _Out(0)
        at = line.comment.span.start
        begun = self.source.text.rfind("\n", 0, at) + 1
        return _Out(min((at - begun + 1) // 2 * 2, 4))

    def _typed(self, line: Line) -> str:
        """An unreadable line, its indentation included."""
        begun = self.source.text.rfind("\n", 0, line.span.start) + 1
        before = self.source.text[begun : line.span.start]
        lead = re.sub(rf"[{BLANKS}{SOFT_BREAKS}]", " ", before) if not before.strip() else ""
        return lead + re.sub(rf"[{SOFT_BREAKS}]", " ", line.span.text)

    def _comment(self, comment: Written) -> str:
        text = comment.text.replace("＃", "#", 1)
        if text.startswith("#"):
            rest = text[1:].strip(BLANKS)
            return f"# {rest}" if rest else "#"
        return f"注：{text[2:].strip(BLANKS)}"

    # headers

    def _header(self, line: Line) -> str:
        assert line.head is not None
        assert line.rest is not None
        assert isinstance(line.word, Word)
        shown_word = self._spelt(line.word)
        self.used.add(("header", line.key))
        self._word(line.head.text, shown_word)
        notes = "".join(f"（{self._note(note, line.key)}）" for note in line.notes)
        tail = notes + "".join(f"【{code.text}】" for code in line.codes)
        name = tidy(line.rest.text)
        for shown in (name, f"“{name}”"):
            text = f"{shown_word}{f' {shown}' if name else ''}{tail}"
            if self._same_header(text, line):
                self._marks(line.span.text, text)
                return text
        return self._typed(line).strip()

    def _same_header(self, text: str, line: Line) -> bool:
        again = next(lines(Source("", text), self.vocabulary))
        if again.kind != "header" or again.key != line.key or again.comment is not None:
            return False
        assert again.rest is not None
        assert line.rest is not None
        return (
            plain(again.rest.text) == plain(line.rest.text)
            and len(again.notes) == len(line.notes)
            and [code.text for code in again.codes] == [code.text for code in line.codes]
        )

    def _note(self, note: Written, kind: str) -> str:
        if kind == "method":
            return "、".join(tidy(part.text) for part in split(note, "、,;"))
        whole = self._shaped("phrase", note)
        if whole is not None:
            return whole
        parts = split(note, ",;")
        return "，".join(
            self._shaped("phrase", part) or "、".join(tidy(p.text) for p in split(part, "、")) for part in parts
        )

    # fields

    def _field(self, line: Line) -> _Out:
        assert line.head is not None
        assert line.rest is not None
        label = self.vocabulary.labels[line.key]
        self.in_field = not line.rest.text or line.key in self.vocabulary.tables
        shown_word = self._spelt(label.word)
        self.used.add(("label", line.key))
        self._word(line.head.text, shown_word)
        value = self._value(label.shape.value, line.rest)
        if label.shape is not Shape.TEXT:
            self._marks(line.rest.span.text, value)
        text = f"{shown_word}：{value}"
        again = next(lines(Source("", text), self.vocabulary))
        same = again.kind == "field" and again.key == line.key and again.comment is None
        return _Out(2, text if same else self._typed(line).strip())

    def _value(self, shape: str, value: Written) -> str:
        if not value.text or shape == "text":
            return value.text
        if shape in _SHAPED:
            made = self._shaped(shape, value)
            return value.text if made is None else made
        return {"names": self._names, "columns": self._columns, "period": self._period}[shape](value)

    def _shaped(self, shape: str, value: Written) -> str | None:
        """``value`` in canonical spelling, or None where it does not read, or would read differently."""
        tokens = lexemes(shape, value, self.vocabulary, self.names)
        if tokens is None:
            return None
        text = printed(tokens, self._spell)
        if not self.proved:
            return text
        source = Source("", text)
        before, _ = read(shape, value, self.vocabulary, self.names)
        after, problems = read(shape, Written(text, Span(source, 0, len(text))), self.vocabulary, self.names)
        if problems or after != before:
            return None
        self._words(tokens)
        return text

    def _words(self, tokens: tuple[Lexeme, ...]) -> None:
        for token in tokens:
            if token.meaning is not None:
                self.used.add(("function" if token.terminal == "FUNCTION" else "word", token.key))
                if token.text[0].isalpha():
                    self._word(token.text, self._spell(token.meaning))

    def _names(self, value: Written) -> str:
        names, tail = entries(value)
        shown = "、".join(tidy(name.text) for name in names)
        if tail is None:
            return shown
        return f"{shown}，{self._shaped('phrase', tail) or tidy(tail.text)}"

    def _columns(self, value: Written) -> str:
        found, problems = columns(value)
        if problems or not found:
            return value.text
        text = "、".join(self._column(column) for column in found)
        again, _ = columns(Written(text, Span(Source("", text), 0, len(text))))
        same = [self._plain_column(column) for column in found] == [self._plain_column(column) for column in again]
        return text if same else value.text

    def _column(self, column: ColumnNode) -> str:
        notes = "，".join("、".join(tidy(part.text) for part in split(note, "、")) for note in column.notes)
        return tidy(column.name.text) + (f"（{notes}）" if notes else "")

    def _plain_column(self, column: ColumnNode) -> tuple[str, ...]:
        return (plain(column.name.text), *(plain(note.text) for note in column.notes))

    def _period(self, value: Written) -> str:
        found, _ = period(value)
        if found is None:
            return value.text
        first, last = (f"{day.year}年{day.month}月{day.day}日" for day in found)
        return f"{first}至{last}"

    # items and rows

    def _item(self, line: Line) -> str:
        assert line.rest is not None
        mark = {"·": "·", "●": "·"}.get(line.mark[0], line.mark)
        mark = "—" if mark.startswith("—") else mark.replace("(", "（").replace(")", "）")
        text = f"{mark}{'' if mark.startswith('（') else ' '}{line.rest.text}"
        again = next(lines(Source("", text), self.vocabulary))
        return text if again.kind == "item" and again.rest == line.rest else self._typed(line).strip()

    def _table_row(self, line: Line) -> _Out:
        self.in_row = True
        made = self._row_of(line)
        self.in_row = False
        return made

    def _row_of(self, line: Line) -> _Out:
        if line.tabs is not None:
            self._say("制表符分隔的行改为 | 表格")
        indent = 4 if self.in_field else 2
        if not self.heading:
            self.heading = line.cells
            return self._whole_row(line, indent, [self._heading_cell(cell) for cell in line.cells])
        cells = []
        for number, cell in enumerate(line.cells):
            heading = self.heading[number].text if number < len(self.heading) else ""
            cells.append(self._cell(heading, cell))
        return self._whole_row(line, indent, cells)

    def _whole_row(self, line: Line, indent: int, cells: list[str]) -> _Out:
        """The row, or the line as typed where the cells would read differently (a lone quote pairs with the next)."""
        text = "".join(f"| {cell} " for cell in cells) + "|"
        again = next(lines(Source("", text), self.vocabulary))
        if [cell.text for cell in again.cells] == cells and again.comment is None:
            return _Out(indent, cells=tuple(cells))
        return _Out(0, self._typed(line), kept=True)

    def _heading_cell(self, cell: Written) -> str:
        key = plain(cell.text)
        word = self.vocabulary.column_spellings.get(key)
        label = self.vocabulary.label_spellings.get(key)
        if word is not None:
            self.used.add(("column", word.key))
        elif label is not None:
            self.used.add(("label", label.key))
        shown = self._spelt(word) if word else self._spelt(label.word) if label else tidy(cell.text)
        self._word(cell.text, shown)
        return _safe(shown, cell)

    def _cell(self, heading: str, cell: Written) -> str:
        shape = self._cell_shape(plain(heading))
        if not cell.text or shape in ("", "text"):
            return cell.text
        value = self._value(shape, cell)
        self._marks(cell.span.text, value)
        return _safe(value, cell)

    def _cell_shape(self, heading: str) -> str:
        word = self.vocabulary.column_spellings.get(heading)
        if word is not None:
            return self.vocabulary.column_shapes.get(word.key, "text")
        label = self.vocabulary.label_spellings.get(heading)
        return label.shape.value if label is not None else "band"

    # what was repaired

    def _word(self, written: str, canonical: str) -> None:
        if plain(written) != plain(canonical):
            self._say(f"“{tidy(written)}”改为“{canonical}”")

    def _marks(self, before: str, after: str) -> None:
        """Name the kinds of characters that were put right between ``before`` and ``after``."""
        if before == after:
            return
        for pattern, what in (
            (_WIDE, "全角数字和字母改为半角"),
            (_HALF_MARKS, "半角标点改为全角"),
            (_ODD_QUOTES, "引号改为 “ ”"),
            (_ODD_BLANKS, "特殊空格改为普通空格"),
        ):
            if pattern.search(before) and not pattern.search(after):
                self._say(what)
        if before.rstrip().endswith("。") and not after.endswith("。"):
            self._say("删去句末的句号")


def _safe(text: str, cell: Written) -> str:
    """``text`` for a table cell, unless a bar in it would make two cells of one."""
    return cell.text if "|" in text and "|" not in cell.text else text


__all__ = ["Language", "Repair", "formatted", "words_used"]
