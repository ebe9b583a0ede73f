"""The lexer of the frame: which of the four shapes a line has, and what of it is comment.

Lines are found in the text as typed: Word's soft breaks end a line where what follows looks like a line of its own,
and rows pasted from a spreadsheet keep their tabs. The formatter reads the same lines as the parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from perfdsl.syntax.characters import BRACKETED, OUTSIDE, cleaned, comment_start, plain
from perfdsl.syntax.lexer import Names
from perfdsl.syntax.nodes import Written
from perfdsl.syntax.shapes import read
from perfdsl.syntax.vocabulary import Vocabulary
from perfdsl.text.form import Label, Word
from perfdsl.text.records import dataclass, replace
from perfdsl.text.source import SOFT_BREAKS, Source, Span, folded

LONGEST_LINE = 2000

_MARK = re.compile(r"(?:·|●|—+|\((?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\)|[①-⑳])[ ]*")
_SOFT = re.compile(f"[{SOFT_BREAKS}]")
_LABEL = re.compile(r"([^:|“”\"【】]{1,24}?)[ ]*:")
_CODE = re.compile(rf"(?:【([^【】]*)】|{BRACKETED.pattern})[ ]*$")
_DATA_KINDS = frozenset({"data", "schedule", "ledger"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``kind`` is blank, header, field, item, row, unknown_label, unknown_header or unreadable.

    ``head`` is the word or label it begins with, ``rest`` what follows (of a header: the name), ``comment`` what
    stands behind it, its mark included.
    """

    kind: str
    span: Span
    head: Written | None = None
    word: Word | Label | None = None
    rest: Written | None = None
    notes: tuple[Written, ...] = ()
    codes: tuple[Written, ...] = ()
    cells: tuple[Written, ...] = ()
    comment: Written | None = None
    tabs: int | None = None
    mark: str = ""

    @property
    def key(self) -> str:
        """Key of the header word or label."""
        return self.word.key if self.word is not None else ""


def lines(source: Source, vocabulary: Vocabulary) -> Iterator[Line]:
    """Every line of ``source`` in order, blank ones included."""
    yield from _Lines(source, vocabulary).all()


@lru_cache(maxsize=4096)
def _reads_as_note(text: str, vocabulary: Vocabulary) -> bool:
    source = Source("", text)
    first = re.split("[，,；;]", text, maxsplit=1)[0]
    for part in (text, first):
        node, problems = read("phrase", Written(part, Span(source, 0, len(part))), vocabulary, Names())
        if node is not None and not problems:
            return True
    return False


class _Lines:
    def __init__(self, source: Source, vocabulary: Vocabulary) -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.clean = cleaned(source.text)
        self.folded = folded(self.clean)
        self.headers = tuple(sorted(vocabulary.header_spellings, key=lambda s: (-len(s), s)))

    def all(self) -> Iterator[Line]:
        start = 0
        while start <= len(self.folded):
            end = self.folded.find("\n", start)
            end = len(self.folded) if end < 0 else end
            yield from self._parts(start, end)
            start = end + 1

    def _parts(self, start: int, end: int) -> Iterator[Line]:
        """A physical line, cut at soft breaks behind which a line of its own begins."""
        begun = start
        for found in _SOFT.finditer(self.folded, start, end):
            following = self._line(found.end(), self._soft_end(found.end(), end))
            if following.kind in ("header", "field", "item", "row"):
                yield self._line(begun, found.start())
                begun = found.end()
        yield self._line(begun, end)

    def _soft_end(self, start: int, end: int) -> int:
        found = _SOFT.search(self.folded, start, end)
        return found.start() if found else end

    # pieces

    def _written(self, start: int, end: int) -> Written:
        """Characters ``start`` to ``end`` without the blanks around them; soft breaks inside become blanks."""
        while start < end and self._blank(start):
            start += 1
        while end > start and self._blank(end - 1):
            end -= 1
        text = _SOFT.sub(" ", self.clean[start:end])
        return Written(text, Span(self.source, start, end))

    def _blank(self, place: int) -> bool:
        return self.folded[place] == " " or self.folded[place] in SOFT_BREAKS

    def _line(self, start: int, end: int) -> Line:
        comment = None
        text = _SOFT.sub(" ", self.folded[start:end])
        if (at := comment_start(text)) is not None:
            comment = self._written(start + at, end)
            text = text[:at]
        whole = self._written(start, start + len(text))
        place, stop = whole.span.start, whole.span.end
        if place == stop:
            return Line("blank", whole.span, comment=comment)
        if stop - place > LONGEST_LINE:
            return Line("too_long", whole.span, comment=comment)
        inner = _SOFT.sub(" ", self.folded[place:stop])
        made = (
            self._row(inner, place)
            or self._item(inner, place)
            or self._field(inner, place)
            or self._tab_row(inner, place, start)
            or self._header(inner, place)
            or self._unknown(inner, place)
        )
        return _commented(made, comment)

    # the four shapes

    def _span(self, place: int, text: str) -> Span:
        return Span(self.source, place, place + len(text))

    def _row(self, text: str, place: int) -> Line | None:
        if not text.startswith("|"):
            return None
        bars = list(_bars(text))
        edges = bars if text.endswith("|") and len(bars) > 1 else [*bars, len(text)]
        cells = tuple(self._written(place + a + 1, place + b) for a, b in pairwise(edges))
        return Line("row", self._span(place, text), cells=cells)

    def _tab_row(self, text: str, place: int, start: int) -> Line | None:
        """Cells parted by tabs, unless the tab stands between a header word and its name."""
        raw = self.source.text[place : place + len(text)]
        if "\t" not in raw:
            return None
        edges = [-1, *(i for i, c in enumerate(raw) if c == "\t"), len(raw)]
        cells = tuple(self._written(place + a + 1, place + b) for a, b in pairwise(edges))
        filled = [cell.text for cell in cells if cell.text]
        if len(filled) < 2:
            return None
        named = plain(filled[0]) in self.vocabulary.header_spellings
        heading = (
            plain(filled[1]) in self.vocabulary.column_spellings or plain(filled[1]) in self.vocabulary.label_spellings
        )
        if named and len(filled) == 2 and not heading:
            return None
        return Line("row", self._span(place, text), cells=cells, tabs=self.source.text[start:place].count("\t"))

    def _item(self, text: str, place: int) -> Line | None:
        found = _MARK.match(text)
        if found is None or found.end() == len(text):
            return None
        rest = self._written(place + found.end(), place + len(text))
        return Line("item", self._span(place, text), rest=rest, mark=found.group().strip())

    def _field(self, text: str, place: int) -> Line | None:
        found = _LABEL.match(text)
        if found is None:
            return None
        label = self.vocabulary.label_spellings.get(plain(found.group(1)))
        if label is None:
            return None
        head = self._written(place, place + found.end(1))
        rest = self._written(place + found.end(), place + len(text))
        return Line("field", self._span(place, text), head=head, word=label, rest=rest)

    def _header(self, text: str, place: int) -> Line | None:
        spelling = next((s for s in self.headers if text.startswith(s)), None)
        if spelling is None:
            return None
        after = len(spelling)
        word = self.vocabulary.header_spellings[spelling]
        glued = after < len(text) and text[after] not in ' “"「【(:'
        if glued and spelling[-1].isascii():
            return None
        if after < len(text) and text[after] == ":":
            after += 1
        end, notes, codes = self._tail(text, place, after, word.key)
        if glued and not notes and not codes:
            return None
        name = self._unquoted(place + after, place + end)
        head = self._written(place, place + len(spelling))
        return Line("header", self._span(place, text), head, word, name, notes, codes)

    def _unquoted(self, start: int, end: int) -> Written:
        name = self._written(start, end)
        quoted = OUTSIDE.fullmatch(name.text)
        if quoted and quoted.group("quoted") and len(name.text) > 2:
            return self._written(name.span.start + 1, name.span.end - 1)
        return name

    def _tail(
        self, text: str, place: int, start: int, kind: str
    ) -> tuple[int, tuple[Written, ...], tuple[Written, ...]]:
        """Trailing （…） that read as notes and 【…】, in any order: where the name ends, the notes, the codes."""
        notes: list[Written] = []
        codes: list[Written] = []
        end = len(text.rstrip())
        while end > start:
            code = _CODE.search(text, start, end)
            if code is not None:
                group = 1 if code.group(1) is not None else 2
                inner = self._written(place + code.start(group), place + code.end(group))
                codes.insert(0, Written(folded(inner.text), inner.span))
                end = code.start()
            elif text[end - 1] == ")" and (opening := _opening(text, start, end - 1)) is not None:
                note = self._written(place + opening + 1, place + end - 1)
                if not self._is_note(note, kind):
                    break
                notes.insert(0, note)
                end = opening
            else:
                break
            end = len(text[:end].rstrip())
        return max(end, start), tuple(notes), tuple(codes)

    def _is_note(self, note: Written, kind: str) -> bool:
        if kind == "method":
            return True
        if kind in _DATA_KINDS and "、" in note.text and len(note.text) <= 60:
            return True
        return _reads_as_note(note.text, self.vocabulary)

    # what is none of them

    def _unknown(self, text: str, place: int) -> Line:
        span = self._span(place, text)
        found = _LABEL.match(text)
        if found is not None and len(plain(found.group(1))) <= 12 and plain(found.group(1)).isalnum():
            head = self._written(place, place + found.end(1))
            return Line("unknown_label", span, head, rest=self._written(place + found.end(), place + len(text)))
        first = re.match(r"[^ (【]+", text)
        if first is not None and first.end() < len(text):
            _, notes, codes = self._tail(text, place, first.end(), "")
            if notes or codes:
                head = self._written(place, place + first.end())
                rest = self._written(place + first.end(), place + len(text))
                return Line("unknown_header", span, head, rest=rest, notes=notes, codes=codes)
        return Line("unreadable", span, rest=self._written(place, place + len(text)))


def _commented(line: Line, comment: Written | None) -> Line:
    return replace(line, comment=comment) if comment is not None else line


def _bars(text: str) -> Iterator[int]:
    """Places of the bars outside quotes."""
    done = 0
    for found in OUTSIDE.finditer(text):
        yield from (i for i in range(done, found.start()) if text[i] == "|")
        done = found.end()
    yield from (i for i in range(done, len(text)) if text[i] == "|")


def _opening(text: str, start: int, closing: int) -> int | None:
    """The bracket that ``closing`` closes."""
    depth = 0
    for place in range(closing, start - 1, -1):
        if text[place] == ")":
            depth += 1
        elif text[place] == "(":
            depth -= 1
            if depth == 0:
                return place
    return None
