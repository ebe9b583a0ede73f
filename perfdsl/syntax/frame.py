"""The frame: a source → blocks with their fields, items and rows. What stands in a value is not looked at here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from perfdsl.syntax import grammars
from perfdsl.syntax.characters import HIDDEN, LOOKALIKE, plain_character
from perfdsl.syntax.lines import LONGEST_LINE, Line, lines
from perfdsl.syntax.names import ITEMS, Names
from perfdsl.syntax.nodes import Acknowledged, Band, Block, FieldNode, Row, Tree, Written
from perfdsl.syntax.parser import END, Branch, Parser
from perfdsl.syntax.shapes import read
from perfdsl.syntax.vocabulary import Vocabulary
from perfdsl.text.catalogue import writing
from perfdsl.text.citation import Citation
from perfdsl.text.form import Shape
from perfdsl.text.near import alike, nearest
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.source import Source, Span, folded

MOST_BLOCKS = 5000
_MOST_OF_A_KIND = 50
_LONGEST_ROW = 40
_KNOWN = re.compile(r"#[ ]*已知悉")
_KNOWN_WHOLE = re.compile(r"#\s*已知悉\s*(K[0-9]{3})\s*[:：]\s*(\S.*)", re.DOTALL)
_NAMED = {
    "grades": "年度等次",
    "application": "年度运用",
    "rulebook": "某某市2025年度绩效考评办法",
    "ledger": "名称（每个事项一行）",
    "data": "名称（每个单位一行）",
    "schedule": "名称（每个单位一行）",
} | dict.fromkeys(("indicator", "group1", "group2", "group3", "individual"), "名称（10 分）")
"""Header → a name for it, with the note that its kind wants; the others have a name alone."""
_STRAY = {"field": "个栏目", "item": "条列项", "row": "行表格"}


def parse(source: Source, vocabulary: Vocabulary) -> tuple[Tree, Problems]:
    """The tree of ``source`` and everything that is wrong with its characters and lines."""
    frame = _Frame(source, vocabulary)
    tree = frame.tree()
    problems = sorted((*_characters(source), *frame.problems), key=_place)
    return tree, located(tree, tuple(problems))


def located(tree: Tree, problems: Problems) -> Problems:
    """``problems`` with their places named as officers name them: article, code and name of the block they stand in."""
    return tuple(_cited(tree, problem) for problem in problems)


def citation(block: Block, line: int = 0) -> Citation:
    """How officers name ``block``."""
    article = block.field("article")
    code = block.code.text if block.code else ""
    article_ = article.value.text if article else ""
    return Citation(article_, code, block.name.text, line or block.span.line, block.span.source.cited)


def _cited(tree: Tree, problem: Problem) -> Problem:
    if problem.citation is not None or problem.span is None or problem.span.source is not tree.source:
        return problem
    place = problem.span.start
    low, high = 0, len(tree.blocks)
    while low < high:
        middle = (low + high) // 2
        if tree.blocks[middle].span.start <= place:
            low = middle + 1
        else:
            high = middle
    if low:
        return problem.cited(citation(tree.blocks[low - 1], problem.span.line))
    return problem.cited(Citation(line=problem.span.line, file=tree.source.cited))


def _place(problem: Problem) -> tuple[int, str]:
    return problem.span.start if problem.span else 0, problem.code


def _characters(source: Source) -> Iterator[Problem]:
    text = source.text
    for number, found in enumerate(HIDDEN.finditer(text)):
        if number < _MOST_OF_A_KIND:
            yield writing.hidden_character(Span(source, found.start(), found.end()), found.group())
    for number, found in enumerate(LOOKALIKE.finditer(text)):
        if number < _MOST_OF_A_KIND:
            ordinary = plain_character(found.group())
            known = ordinary if ordinary != found.group() else ""
            yield writing.lookalike(Span(source, found.start(), found.end()), found.group(), known)


class _Frame:
    """One file being read. Lines that fit nowhere are reported and never reach the grammar."""

    def __init__(self, source: Source, vocabulary: Vocabulary) -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self.acknowledged: list[Acknowledged] = []
        self.meant: list[tuple[Span, str]] = []
        self.in_block = self.in_field = self.dropped = False
        self.kind = self.label = ""
        self.blocks = 0

    def tree(self) -> Tree:
        parser = Parser(grammars.frame(), "tree")
        for line in lines(self.source, self.vocabulary):
            self._comment(line)
            terminal = self._terminal(line)
            if terminal:
                parser.feed(terminal, line)
        found = parser.feed(END)
        blocks = tuple(self._block(child) for child in found.children)
        if self.blocks > MOST_BLOCKS:
            place = blocks[-1].word.span
            self.problems.append(writing.too_many_blocks(place, self.blocks, MOST_BLOCKS))
        return Tree(self.source, blocks, tuple(self.acknowledged), meant=tuple(self.meant), vocabulary=self.vocabulary)

    # lines

    def _comment(self, line: Line) -> None:
        if line.comment is None or not _KNOWN.match(line.comment.text.replace("＃", "#")):
            return
        found = _KNOWN_WHOLE.match(line.comment.text.replace("＃", "#"))
        if found is None:
            self.problems.append(writing.acknowledged_without_reason(line.comment.span, line.comment.text))
            return
        span = line.comment.span
        self.acknowledged.append(Acknowledged(found.group(1), found.group(2).strip(), span.line, span=span))

    def _terminal(self, line: Line) -> str:
        """The token that ``line`` is for the grammar, or "" where it was reported instead."""
        if line.kind == "header":
            return self._header(line)
        if line.kind in _STRAY:
            return self._inside(line)
        if line.kind != "blank":
            self._complain(line)
        return ""

    def _header(self, line: Line) -> str:
        self.blocks += 1
        self.in_block, self.in_field, self.dropped = True, False, False
        self.kind, self.label = line.key, ""
        assert line.head is not None
        assert line.rest is not None
        if not line.rest.text:
            notes = "".join(f"（{note.text}）" for note in line.notes)
            codes = "".join(f"【{code.text}】" for code in line.codes)
            name = _NAMED.get(line.key, "名称")
            told = f"{name.partition('（')[0] if notes else name}{notes}{codes}"
            self.problems.append(writing.nameless(line.span, line.head.text, told))
        if len(line.codes) > 1:
            first, second = line.codes[0], line.codes[1]
            self.problems.append(writing.two_codes(second.span, first.text, second.text))
        self._glued(line)
        if closed := _closed(line.span.text):
            mark = _unpaired(line.rest.text)
            self.problems.append(writing.bracket_unpaired(line.span, mark, closed))
        return "HEADER" if self.blocks <= MOST_BLOCKS else ""

    def _glued(self, line: Line) -> None:
        """Ask where the header word runs into something short that is followed by a blank (``指标项 公文质量``)."""
        assert line.head is not None
        assert line.rest is not None
        first, blank, rest = line.rest.text.partition(" ")
        if blank and len(first) <= 2 and line.rest.span.start == line.head.span.end and not first[0].isascii():
            tail = line.span.text[line.rest.span.end - line.span.start :]
            told = f"{line.head.text} {rest.strip()}{tail}"
            self.problems.append(writing.glued_header(line.span, line.head.text, line.rest.text, told))

    def _inside(self, line: Line) -> str:
        if self.dropped or self.blocks > MOST_BLOCKS:
            return ""
        if not self.in_block or (line.kind == "item" and not self.in_field):
            self.problems.append(writing.stray_line(line.span, _STRAY[line.kind]))
            return ""
        if line.kind != "field":
            return line.kind.upper()
        self.in_field, self.label = True, line.key
        assert line.rest is not None
        return "OPEN" if not line.rest.text or line.key in self.vocabulary.tables else "FIELD"

    def _complain(self, line: Line) -> None:
        if line.kind == "too_long":
            self.problems.append(writing.line_too_long(line.span, line.span.end - line.span.start, LONGEST_LINE))
        elif line.kind != "unknown_header" and (row := self._as_row(line.span.text)):
            self._say(writing.unreadable_line(line.span, line.span.text, row))
        elif line.kind in ("unreadable", "unknown_header") and (told := self._as_field(line.span.text)):
            self._say(writing.unreadable_line(line.span, line.span.text, told, "栏目和内容之间要有冒号"))
        elif line.kind == "unreadable" and self.label in ("checklist", "any_of") and not self.dropped:
            told = f"· {line.span.text.strip()}"
            self._say(writing.unreadable_line(line.span, line.span.text, told, "逐条列的，每条以 · 开头"))
        elif line.kind == "unknown_label":
            assert line.head is not None
            assert line.rest is not None
            known = [s for s in self.vocabulary.label_spellings if not s.isascii()]
            near = nearest(line.head.text, known)
            canonical = self.vocabulary.label_spellings[near].word.canonical if near else None
            if near:
                self.meant.append((line.head.span, self.vocabulary.label_spellings[near].key))
            self._say(writing.unknown_label(line.head.span, line.head.text, canonical, line.rest.text))
        else:
            self._complain_of_header(line)

    def _as_row(self, text: str) -> str:
        """The table row that a bare line under 等次 or 分档 means (``优秀 90 分以上 30%``), or ""."""
        graded = self.kind == "grades"
        if len(text) > _LONGEST_ROW or self.dropped or not (graded or (self.label == "score" and self.kind in ITEMS)):
            return ""
        words = [word for word in re.split(r"[ 　\t:：,，;；。]+|的?(?:评定为|评为|为|得)", text) if word]
        bands = [run for run in _runs(words) if any(c.isdigit() for c in run[2]) and self._is_band(run[2])]
        if not bands:
            return ""
        start, end, band = max(bands, key=lambda run: len(run[2]))
        before, after = " ".join(words[:start]), " ".join(words[end:])
        if graded:
            name, quota = (before, after) if before else (after.partition(" ")[0], after.partition(" ")[2])
            cells = (name, band, quota) if quota else (name, band)
            return _row(cells) if name and not any(c.isdigit() for c in name) else ""
        points = re.fullmatch(r"([0-9.]+) *分?", folded(f"{before}{after}".strip()))
        return _row((band, points.group(1))) if points else ""

    def _as_field(self, text: str) -> str:
        """The field that a line without its colon means (``评分单位市数据局``, ``评分单位；市数据局``), or ""."""
        spellings = [
            s
            for s in self.vocabulary.label_spellings
            if text.startswith(s) and not s.isascii() and (len(s) > 1 or text[len(s) :][:1] in _COLON_MEANT)
        ]
        if not spellings or not self.in_block:
            return ""
        label = max(spellings, key=len)
        rest = text[len(label) :].lstrip(_COLON_MEANT)
        return f"{label}：{rest}" if rest else ""

    def _is_band(self, text: str) -> bool:
        source = Source("", text)
        node, problems = read("band", Written(text, Span(source, 0, len(text))), self.vocabulary, Names())
        return isinstance(node, Band) and not problems and node.exact is None

    def _complain_of_header(self, line: Line) -> None:
        assert line.rest is not None
        head = line.head
        known = [s for s in self.vocabulary.header_spellings if not s.isascii()]
        if head is None:
            first = re.match(r"\S+", line.rest.text)
            word = first.group() if first and first.end() < len(line.rest.text) else ""
            near = alike(word, known) if 1 < len(word) <= 6 else ()
            if not near:
                self._say(writing.unreadable_line(line.span, line.rest.text))
                return
            head = Written(word, line.rest.span.part(0, len(word)))
            rest = line.rest.text[len(word) :].strip()
        else:
            near, rest = alike(head.text, known), line.rest.text
        self.in_field, self.dropped = False, True
        found = tuple(dict.fromkeys(self.vocabulary.header_spellings[one].canonical for one in near))
        self._say(writing.unknown_header(head.span, head.text, found, rest))

    def _say(self, problem: Problem) -> None:
        """Keep a problem; below a header that was not understood, it is no part of the block above."""
        line = problem.span.line if problem.span is not None else 0
        self.problems.append(problem.cited(Citation(line=line, file=self.source.cited)) if self.dropped else problem)

    # nodes

    def _block(self, tree: Branch) -> Block:
        header: Line = _first(tree)
        assert header.head is not None
        assert header.rest is not None
        fields = tuple(self._field(child) for child in _called(tree.children[1:], "field", "open_field"))
        rows = self._rows(_called(tree.children[1:], "row"))
        span = header.span
        for place in (*(field.span for field in fields), *(row.span for row in rows)):
            span = span.to(place)
        return Block(
            header.key,
            header.head,
            header.rest,
            header.notes,
            header.codes[0] if header.codes else None,
            fields,
            rows,
            span=span,
        )

    def _field(self, tree: Branch) -> FieldNode:
        line: Line = _first(tree)
        below = tree.children[1:]
        items = tuple(line.rest for line in map(_first, _called(below, "item")) if line.rest is not None)
        rows = self._rows(_called(below, "row"))
        span = line.span
        for place in (*(item.span for item in items), *(row.span for row in rows)):
            span = span.to(place)
        assert line.head is not None
        assert line.rest is not None
        if not line.rest.text and not items and not rows and self.vocabulary.labels[line.key].shape is not Shape.TEXT:
            self.problems.append(writing.empty_value(line.rest.span, "这里"))
        return FieldNode(line.key, line.head, line.rest, items, rows, span=span)

    def _rows(self, trees: list[Any]) -> tuple[Row, ...]:
        found: list[Row] = []
        tabs = 0
        for tree in trees:
            line = _first(tree)
            cells = line.cells
            if line.tabs is not None:
                tabs = tabs if found else line.tabs
                missing = tuple(Written("", line.span.part(0, 0)) for _ in range(line.tabs - tabs))
                cells = missing + cells
                if found and len(cells) < len(found[0].cells):
                    end = line.span.end - line.span.start
                    cells += tuple(Written("", line.span.part(end, end)) for _ in found[0].cells[len(cells) :])
            row = Row(cells, span=line.span)
            if found and len(cells) != len(found[0].cells):
                heading = found[0]
                self.problems.append(writing.cells_differ(row.span, len(cells), len(heading.cells), heading.span))
            found.append(row)
        return tuple(found)


_COLON_MEANT = " ;；,，、.。"
"""What is typed in place of a colon."""

_OPENING = {"（": "）", "(": "）", "【": "】"}


def _unpaired(text: str) -> str:
    return next((mark for mark in text if mark in "（(【】）)"), "（")


def _closed(text: str) -> str:
    """A header line with the bracket that it lacks put in, or "" where all are in pairs."""
    made: list[str] = []
    waiting = ""
    for character in text:
        if character in _OPENING:
            made.append(waiting and _OPENING[waiting])
            waiting = character
        elif waiting and character in ("）", ")", "】"):
            waiting = ""
        made.append(character)
    whole = "".join(made).rstrip() + (_OPENING[waiting] if waiting else "")
    return whole if "".join(made).count("") and whole != text.rstrip() and _nested(text) is False else ""


def _nested(text: str) -> bool:
    """Whether brackets stand inside brackets: then which one lacks its half is not plain."""
    depth = 0
    for character in text:
        depth += (character in "（(") - (character in "）)")
        if depth > 1:
            return True
    return False


def _runs(words: list[str]) -> Iterator[tuple[int, int, str]]:
    """Every run of words: from where, to where, and what it reads like."""
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            yield start, end, " ".join(words[start:end])


def _row(cells: tuple[str, ...]) -> str:
    return "".join(f"| {cell} " for cell in cells) + "|"


def _called(trees: list[Any], *names: str) -> list[Any]:
    return [tree for tree in trees if tree.data in names]


def _first(tree: Any) -> Line:
    line: Line = tree.children[0].value
    return line


__all__ = ["citation", "located", "parse"]
