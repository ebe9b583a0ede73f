"""A rulebook, a workbook or a table of text as lines that git can compare: one fact a line, its clause or cell in front.

What is only layout does not show: spelling is canonical, comments are left out, blocks stand in the order of their codes,
fields in the order of the vocabulary. What a block's place means (which group an item belongs to) is said as a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from perfdsl.data.cells import open_book
from perfdsl.data.raw import Origin, RawRow, clean, headed
from perfdsl.syntax.format import formatted
from perfdsl.syntax.frame import parse
from perfdsl.syntax.names import split
from perfdsl.syntax.nodes import Block, FieldNode, Row
from perfdsl.syntax.vocabulary import Vocabulary
from perfdsl.text.citation import cell_name
from perfdsl.text.form import Shape
from perfdsl.text.problem import Severity
from perfdsl.text.source import Source, Unreadable, read_source
from perfdsl.workspace.opening import words

GROUPS = ("group1", "group2", "group3")
ITEMS = frozenset({"indicator", "step", "individual"})
"""Blocks that belong to the group above them."""

_LISTS = frozenset({Shape.COLUMNS})
_FREE = frozenset({Shape.TEXT, Shape.NAMES, Shape.PERIOD})


def of_rulebook(path: Path) -> str:
    """The facts of the rulebook at ``path``; its text, with a first line that says why, where it cannot be read.

    Files that it includes are not looked at: git hands over one file at a time, and both sides must be read alike.

    Raises:
        Unreadable: there is no such file, or it is no text.
    """
    source = read_source(path, path.name)
    why = _unreadable(source)
    return f"（{why}，按原文显示）\n{source.text}" if why else "".join(f"{fact}\n" for fact in facts(source))


def _unreadable(source: Source) -> str:
    """Why ``source`` cannot be shown clause by clause; "" where it can."""
    tree, problems = parse(source, words())
    for problem in problems:
        if problem.severity is Severity.MUST:
            line = f"第 {problem.span.line} 行" if problem.span else ""
            return f"{line}读不懂：{problem.message}（{problem.code}）".replace("\n", " ")
    return "" if tree.blocks else "里面没有考评办法"


def facts(source: Source) -> Iterator[str]:
    """The facts of a text that can be read, in their order."""
    vocabulary = words()
    text, _ = formatted(source, vocabulary, proved=False)
    tree, _ = parse(Source(source.name, text), vocabulary)
    above = _above(tree.blocks)
    order = {kind: at for at, kind in enumerate(vocabulary.headers)}
    placed = sorted(
        enumerate(tree.blocks),
        key=lambda one: (one[1].code is not None and one[1].kind != "rulebook", *_place(one[1], order), one[0]),
    )
    for _, block in placed:
        yield from _block(block, above.get(id(block)), vocabulary)


def _place(block: Block, order: dict[str, int]) -> tuple[object, ...]:
    if block.code is None or block.kind == "rulebook":
        return (order.get(block.kind, 0), block.name.text)
    return (0, *_natural(block.code.text))


def _natural(code: str) -> tuple[str]:
    """A10 stands behind A9: figures are compared by their value."""
    return (re.sub("[0-9]+", lambda found: found.group().zfill(9), code),)


def _above(blocks: tuple[Block, ...]) -> dict[int, Block]:
    """id of a block → the group it belongs to."""
    found: dict[int, Block] = {}
    open_: list[Block] = []
    for block in blocks:
        if block.kind in GROUPS:
            level = GROUPS.index(block.kind)
            open_ = [one for one in open_ if GROUPS.index(one.kind) < level]
        if open_ and (block.kind in GROUPS or block.kind in ITEMS):
            found[id(block)] = open_[-1]
        if block.kind in GROUPS:
            open_.append(block)
    return found


def _block(block: Block, above: Block | None, vocabulary: Vocabulary) -> Iterator[str]:
    lead = _lead(block, vocabulary)
    notes = "".join(f"（{note.text}）" for note in block.notes)
    word = vocabulary.headers[block.kind].canonical
    yield f"{lead} {word}{f' {block.name.text}' if block.code is not None else ''}{notes}"
    if above is not None:
        yield f"{lead} 上级：{f'【{above.code.text}】' if above.code is not None else above.name.text}"
    labels = list(vocabulary.labels)
    for field in sorted(block.fields, key=lambda one: labels.index(one.key) if one.key in vocabulary.labels else -1):
        label = vocabulary.labels.get(field.key)
        shown = label.word.canonical if label is not None else field.label.text
        shape = label.shape if label is not None else Shape.TEXT
        marks = "、,;" if shape in _LISTS else ";"
        parts = [field.value] if shape in _FREE else list(split(field.value, marks)) or [field.value]
        yield from (f"{lead} {shown}：{part.text}".rstrip() for part in parts if part.text or not _hangs(field))
        yield from (f"{lead} {shown} · {item.text}" for item in field.items)
        yield from _rows(f"{lead} {shown}", field.rows)
    yield from _rows(lead, block.rows)


def _hangs(field: FieldNode) -> bool:
    return bool(field.items or field.rows)


def _rows(lead: str, rows: tuple[Row, ...]) -> Iterator[str]:
    for row in rows:
        yield f"{lead} | " + " | ".join(cell.text for cell in row.cells) + " |"


def _lead(block: Block, vocabulary: Vocabulary) -> str:
    """What stands in front of each fact of ``block``, without blanks: its code where it has one.

    The name stands on the first line alone: a clause that is renamed, or whose article is, differs in that line. Between
    two clauses of a hunk that line stands as well, and above the first git puts it into the hunk's header.
    """
    if block.code is not None:
        return "".join(f"【{block.code.text}】".split())
    article = block.field("article")
    where = f"（{article.value.text}）" if article is not None else ""
    return "".join(f"{vocabulary.headers[block.kind].canonical}“{block.name.text}”{where}".split())


def of_workbook(path: Path) -> str:
    """``工作表!单元格<TAB>值``, a line for each cell of a workbook that holds something; why, where it cannot be read.

    Raises:
        Unreadable: there is no such file.
    """
    if not path.is_file():
        raise Unreadable(f"{path}：没有这个文件，请核对文件名和所在文件夹")
    book, problems = open_book(path)
    if book is None:
        return "".join(f"（{problem.message}）\n" for problem in problems)
    made: list[str] = []
    for sheet in book.sheets:
        rows, problems = book.rows(sheet)
        made += [f"{sheet.name}!（{problem.message}）" for problem in problems]
        for row in rows:
            for column, cell in sorted(row.cells.items()):
                if not cell.blank:
                    made.append(f"{sheet.name}!{cell_name(row.number, column)}\t{_on_a_line(cell.text)}")
    return "".join(f"{line}\n" for line in made)


def of_table(path: Path) -> str:
    """``行 栏目<TAB>值``, a line for each cell of a CSV file that holds something; as it is, where it cannot be read.

    A row is called by what tells it apart, not by its number: a row that comes moves no other.

    Raises:
        Unreadable: there is no such file, or it is no text.
    """
    if not path.is_file():
        raise Unreadable(f"{path}：没有这个文件，请核对文件名和所在文件夹")
    book, problems = open_book(path)
    if book is not None and book.sheets:
        return of_workbook(path)
    if book is not None and book.large is None:
        rows, problems = book.rows(None)
        if not problems:
            return "".join(f"{line}\n" for line in _cells(rows, Origin(path.name)))
    why = f"（{problems[0].message}，按原文显示）" if problems else "（文件太大，按原文显示）"
    return f"{why}\n{path.read_bytes().decode('utf-8', errors='replace')}"


TELLS = frozenset({"单位", "编号", "事项编号", "年度", "月份", "季度", "半年", "评委", "票号", "投票人"})
"""Columns that tell the rows of a table apart, beside the first."""


def _cells(rows: list[RawRow], origin: Origin) -> Iterator[str]:
    table, above = headed(origin, rows, frozenset())
    if table is None:
        return
    for row in above:
        yield "表头以上\t" + "｜".join(_on_a_line(cell.text) for _, cell in sorted(row.cells.items()))
    heads = {column: "".join(clean(cell.text).split()) for column, cell in table.header.cells.items()}
    yield "表头\t" + "｜".join(heads[column] for column in sorted(heads))
    first = min(heads)
    tells = [column for column in sorted(heads) if column == first or heads[column] in TELLS]
    for row in table.rows:
        called = "·".join("".join(clean(row.cells[column].text).split()) for column in tells if column in row.cells)
        rest = [column for column in sorted(row.cells) if column not in tells]
        if not rest:
            yield called
        for column in rest:
            yield f"{called} {heads.get(column, f'第{column}列')}\t{_on_a_line(row.cells[column].text)}"


def _on_a_line(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\\n").replace("\t", "\\t")
