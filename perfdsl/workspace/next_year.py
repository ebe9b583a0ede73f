"""The next year's draft of a rulebook: names, years and dates moved, nothing else; and what a person must look at.

Only characters that the tree knows are replaced, each by its place; what stands between stays as it was typed, comments
too. What is quoted, free text, or a 附表 (a fact of its unit, not a deadline) is not moved but listed where it names a year.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path, PurePosixPath

from perfdsl.compile.tables import FILE_NOTE
from perfdsl.model.table import Table, TableRole
from perfdsl.model.units import ValueType
from perfdsl.syntax.frame import parse
from perfdsl.syntax.lines import Line, lines
from perfdsl.syntax.nodes import Block, FieldNode, Row, Tree, Written
from perfdsl.text.form import Shape
from perfdsl.text.records import dataclass
from perfdsl.text.source import Source, Span, Unreadable, folded, read_source
from perfdsl.workspace.opening import SCHEDULES, open_rulebook, words
from perfdsl.workspace.versions import ENDING, edition

_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_DATED = re.compile(
    r"(?<![0-9])(20[0-9]{2})(?:\s*年\s*([0-9]{1,2})\s*月(?:\s*([0-9]{1,2})\s*日)?|([-/.])([0-9]{1,2})\4([0-9]{1,2}))(?![0-9])"
)
_SPOKEN = re.compile("二[〇零○][〇零○一二三四五六七八九]{2}年")
_QUOTED = re.compile('“[^”]*”|「[^」]*」|"[^"]*"|《[^》]*》')
_RUN = re.compile(r"连续\s*[0-9〇零一二两三四五六七八九十]+\s*年")
_DROPPED = frozenset({"reason", "replaces"})
_CODE = re.compile("【[^】]*】")
_BOUND = re.compile("最高|最多|最低|扣")
_COUNTED = re.compile("[0-9]|(?<!第)(?<![前上下同])[二两三四五六七八九十百]+\\s*(?:次|件|起|个|名|分|年|项|天|日|%|％)")
NUMBERS: Mapping[str, frozenset[str]] = {
    "计分的门槛、分档、系数和封顶": frozenset(),
    "否决、限等、降等和晋级的条件": frozenset(
        {"veto", "bar_top", "cap_grade", "drop_grade", "promote", "undetermined", "scoped_grade"}
    ),
    "等次的分数线和名额": frozenset({"grades", "category"}),
    "结果运用的数": frozenset({"application"}),
    "总分和取舍": frozenset({"rulebook"}),
}
"""Heading of a list of numbers → the blocks that it is of; the first is of all others."""
_NO_NUMBERS = _DROPPED | {
    *("target", "ties", "equal_rank", "period", "validity", "year", "previous", "include", "document"),
    *("article", "official", "basis"),
}
"""Fields whose numbers stand in a list of their own, or are none to decide on every year."""
_KEPT = frozenset({"schedule"})


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to look at: ``line`` of the new file (0: not in it)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The next year's text, the files to copy (from → to), and the lists to go through (heading → notes)."""

    path: Path
    text: str
    copies: tuple[tuple[Path, Path], ...]
    lists: tuple[tuple[str, tuple[Note, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str
    said: str = ""


def draft(path: Path, year: int, out: Path | None = None) -> Draft:
    """The draft for ``year`` of the rulebook at ``path``; nothing is written.

    Raises:
        Unreadable: the file cannot be read, has no 考评办法, no year, or is not of an earlier year.
    """
    source = read_source(path)
    own = edition(source, words())
    if own is None:
        raise Unreadable(f"{path}：里面没有考评办法，不能转年度")
    if not own.year:
        raise Unreadable(f"{path}：没有写年度，不知道要顺延几年；先写一行，例如 年度：{year - 1}")
    if year <= int(own.year):
        raise Unreadable(f"{path} 是 {own.year} 年度的，新年度要在它以后，写的是 {year}")
    place = out or path.with_name(_named(path.stem, int(own.year), year) + ENDING)
    made = _Maker(source, parse(source, words())[0], year - int(own.year), own.called, year, (path.stem, place.stem))
    if place.resolve() == path.resolve():
        raise Unreadable(f"{place}：新办法和旧办法是同一个文件，请用 --out 换一个名称")
    copies = tuple(_copies(path, place))
    book = open_rulebook(path).rulebook
    tables = [table for table in book.tables if table.role is TableRole.RULE] if book is not None else []
    return Draft(place, made.text(), copies, tuple(made.lists(copies, tables)))


def _named(stem: str, old: int, new: int) -> str:
    return stem.replace(str(old), str(new)) if str(old) in stem else f"{stem}-{new}"


def _copies(old: Path, new: Path) -> Iterator[tuple[Path, Path]]:
    """The files of 附表: they are rules like the text. Data are not copied: they are facts of their year."""
    folder = old.with_suffix("") / SCHEDULES
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.is_file() and not file.name.startswith(("~$", ".")):
            yield file, new.with_suffix("") / SCHEDULES / file.name


class _Maker:
    """Collects replacements and notes; offsets are those of the old text. ``folders``: the old rulebook's own and the new one's."""

    def __init__(self, source: Source, tree: Tree, by: int, called: str, year: int, folders: tuple[str, str]) -> None:
        self.source, self.tree, self.by, self.called = source, tree, by, called
        self.year, self.folders = year, folders
        self.edits: list[_Edit] = []
        self.open: list[tuple[int, str]] = []
        self.shared: list[tuple[int, str]] = []
        self.dropped: dict[str, int] = {}
        self.starts = [0, *(at + 1 for at, character in enumerate(source.text) if character == "\n")]
        self.lines: dict[int, Line] = {line.span.line: line for line in lines(source, words())}
        for block in tree.blocks:
            if block.kind == "rulebook":
                self._head(block)
            else:
                self._block(block)
        self._comments()
        self.edits.sort(key=lambda one: one.start)

    # what changes

    def _head(self, block: Block) -> None:
        self._years(block.name, "名称")
        if block.code is not None:
            name, at, version = block.code.text.rpartition("@")
            moved = _YEAR.sub(self._moved, version)
            if moved == version:
                moved = f"{version}-{self.year}"
            self._put(block.code.span, f"{name}{at}{moved}", f"版本：{version} → {moved}")
        for note in block.notes:
            self._dates(note)
        labels = words().labels
        for field in block.fields:
            match field.key:
                case "year":
                    self._years(field.value, "年度")
                case "status":
                    draft_word = "征求意见稿"
                    if field.value.text != draft_word:
                        self._put(field.value.span, draft_word, f"状态：{field.value.text} → {draft_word}")
                case "previous":
                    self._put(field.value.span, self.called, f"上年度：{field.value.text} → {self.called}")
                case "document":
                    self._drop(field)
                case _:
                    self._field(field)
        added = ""
        if block.field("status") is None:
            added += f"\n  {labels['status'].word.canonical}：征求意见稿"
        if block.field("previous") is None:
            added += f"\n  {labels['previous'].word.canonical}：{self.called}"
        if added:
            end = self.lines[block.word.span.line].span.end
            end = self.source.text.find("\n", end)
            end = len(self.source.text) if end < 0 else end
            self.edits.append(_Edit(end, end, added, "补上：" + added.strip().replace("\n  ", "；")))

    def _block(self, block: Block) -> None:
        if block.kind in _KEPT:
            for note in block.notes:
                self._file(block, note)
            for row in block.rows:
                for cell in row.cells:
                    self._left(cell)
            return
        for note in block.notes:
            self._dates(note)
        self._left(block.name)
        for field in block.fields:
            self._field(field)
        for row in block.rows:
            for cell in row.cells:
                self._dates(cell)

    def _file(self, block: Block, note: Written) -> None:
        """The rows of a 附表 that were copied are read from the copy; a file elsewhere stays that of both years."""
        found = FILE_NOTE.search(note.span.text)
        if found is None:
            return
        old, new = self.folders
        parts = PurePosixPath(found[1].replace("\\", "/")).parts
        if parts[:-1] == (old, SCHEDULES):
            moved = f"{new}/{SCHEDULES}/{parts[-1]}"
            self._put(note.span.part(found.start(1), found.end(1)), moved, f"附表的文件：{found[1]} → {moved}")
        else:
            self.shared.append(
                (note.span.start, f"附表 “{block.name.text}” 读的 {found[1]} 没有复制，两年读的是同一份")
            )

    def _field(self, field: FieldNode) -> None:
        if field.key in _DROPPED:
            self._drop(field)
            return
        label = words().labels.get(field.key)
        free = label is None or (label.shape is Shape.TEXT and field.key != "due")
        for written in (field.value, *field.items, *(cell for row in field.rows for cell in row.cells)):
            if free:
                self._left(written)
            else:
                self._dates(written)

    def _years(self, written: Written, what: str) -> None:
        moved = _YEAR.sub(self._moved, folded(written.text))
        if moved != folded(written.text):
            self._put(self._exact(written), moved, f"{what}：{written.text} → {moved}")

    def _exact(self, written: Written) -> Span:
        """The place of the words themselves: a value's span may hold blanks or quotes around them."""
        at = written.span.text.find(written.text)
        return written.span.part(at, at + len(written.text)) if at >= 0 else written.span

    def _moved(self, found: re.Match[str]) -> str:
        return str(int(found.group()) + self.by)

    def _dates(self, written: Written) -> None:
        """Move the dates in a value, not those in quotes."""
        text = folded(written.span.text)
        quoted = [found.span() for found in _QUOTED.finditer(text)]
        moved: set[int] = set()
        for found in _DATED.finditer(text):
            if any(low <= found.start() < high for low, high in quoted):
                continue
            new = self._day(found)
            moved.add(found.start())
            place = written.span.part(found.start(), found.end())
            self._put(place, new, f"{place.text} → {new}")
        if _SPOKEN.search(text) or any(found.start() not in moved for found in _YEAR.finditer(text)):
            self._left(written)

    def _day(self, found: re.Match[str]) -> str:
        """The same day so many years on; 29 February where there is none is 28 February."""
        year = int(found[1]) + self.by
        text = str(year) + found.string[found.start() + 4 : found.end()]
        day = 3 if found[3] else 6
        if (found[2] or found[5]) in ("2", "02") and found[day] == "29" and not isleap(year):
            at = found.start(day) - found.start()
            return f"{text[:at]}28{text[at + 2 :]}"
        return text

    def _put(self, span: Span, text: str, said: str) -> None:
        self.edits.append(_Edit(span.start, span.end, text, said))

    def _drop(self, field: FieldNode) -> None:
        """Take out a field's lines; comments in them stay."""
        label = words().labels[field.key].word.canonical
        self.dropped[label] = self.dropped.get(label, 0) + 1
        first, last = field.span.line, self.source.place(max(field.span.end - 1, field.span.start))[0]
        for number in range(first, last + 1):
            line = self.lines.get(number)
            start = self.starts[number - 1]
            end = start + len(self.source.line(number))
            comment = line.comment if line is not None else None
            if comment is not None:
                self.edits.append(_Edit(line.span.start if line else start, comment.span.start, ""))
            else:
                self.edits.append(_Edit(start, min(end + 1, len(self.source.text)), ""))

    # what is to be looked at

    def _left(self, written: Written) -> None:
        """A year that stays because it may be part of a name, a title or a fact."""
        if _YEAR.search(folded(written.text)) or _SPOKEN.search(written.text):
            self.open.append((written.span.start, written.text))

    def _comments(self) -> None:
        for line in self.lines.values():
            if line.comment is not None and _YEAR.search(line.comment.text):
                self.open.append((line.comment.span.start, line.comment.text))

    def text(self) -> str:
        """The new text."""
        made, at = [], 0
        for edit in self.edits:
            made += [self.source.text[at : edit.start], edit.text]
            at = edit.end
        return "".join(made) + self.source.text[at:]

    def lists(
        self, copies: tuple[tuple[Path, Path], ...], tables: Sequence[Table]
    ) -> Iterator[tuple[str, tuple[Note, ...]]]:
        """Heading → what to look at, in the order in which one goes through a draft. ``tables`` are the old year's 附表."""
        yield "已顺延，请逐处核对", self._noted((one.start, one.said) for one in self.edits if one.said)
        gone = tuple(Note(0, f"{label} {count} 处") for label, count in self.dropped.items())
        yield "已删去（说的是上一次修改；文号印发时再写）", gone
        yield "写着年份、没有动的，看要不要改", self._noted(sorted(set(self.open)))
        yield "目标值，看新的一年改不改", self._noted(self._targets())
        for heading, kinds in NUMBERS.items():
            yield f"{heading}，看新的一年改不改", self._noted(sorted(self._numbers(kinds)))
        yield "台账的时段", self._noted(self._windows())
        yield "附表，逐格更新", (*self._schedules(copies), *_filled(tables))
        yield "要用前几年数据的，备好历年的表", self._noted(self._runs())
        yield (
            "引用的文件没有动，看里面的年份",
            self._noted(
                (field.value.span.start, field.value.text) for _, field in self._fields() if field.key == "include"
            ),
        )

    def _noted(self, found: Iterable[tuple[int, str]]) -> tuple[Note, ...]:
        new = Source("", self.text())
        return tuple(Note(new.place(self._now(at))[0], text) for at, text in found)

    def _now(self, at: int) -> int:
        """Where the character ``at`` of the old text stands in the new one."""
        return at + sum(len(one.text) - (one.end - one.start) for one in self.edits if one.end <= at and one.start < at)

    def _fields(self) -> Iterator[tuple[Block, FieldNode]]:
        yield from ((block, field) for block in self.tree.blocks for field in block.fields)

    def _called(self, block: Block) -> str:
        return f"【{block.code.text}】{block.name.text}" if block.code is not None else block.name.text

    def _targets(self) -> Iterator[tuple[int, str]]:
        for block, field in self._fields():
            if field.key == "target" and _numeric(field.value.text):
                yield field.value.span.start, f"{self._called(block)} 目标值：{field.value.text}"

    def _numbers(self, kinds: frozenset[str]) -> Iterator[tuple[int, str]]:
        """Every number that blocks of ``kinds`` (of none: those that no other list has) say, but full marks and dates."""
        taken = frozenset().union(*NUMBERS.values())
        for block in self.tree.blocks:
            called = "全办法" if block.kind == "rulebook" else self._called(block)
            if block.kind in _KEPT or (block.kind not in kinds if kinds else block.kind in taken):
                continue
            for note in block.notes:
                if _BOUND.search(note.text) and _numeric(note.text):
                    yield note.span.start, f"{called}：{note.text}"
            for field in block.fields:
                label = words().labels.get(field.key)
                if label is not None and field.key not in _NO_NUMBERS:
                    open_ = label.shape not in (Shape.COLUMNS, Shape.NAMES)
                    yield from self._told(called, label.word.canonical, field, open_)
            yield from self._rows(called, "", block.rows)

    def _told(self, called: str, label: str, field: FieldNode, open_: bool) -> Iterator[tuple[int, str]]:
        """The numbers of a field: of its value, its items, its rows."""
        for written in (field.value, *field.items) if open_ else field.items:
            if _numeric(written.text):
                yield written.span.start, f"{called} {label}：{_DATED.sub(self._day, written.text)}"
        yield from self._rows(called, f"{label} " if label else "", field.rows)

    def _rows(self, called: str, label: str, rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
        """Rows below their heads, each cell with a number beside its head."""
        heads = [cell.text for cell in rows[0].cells] if rows else []
        for row in rows[1:]:
            pairs = zip(heads[1:], row.cells[1:], strict=False)
            found = [f"{head} {cell.text}" for head, cell in pairs if _numeric(cell.text)]
            first = row.cells[0].text if row.cells else ""
            if found or _numeric(first):
                yield row.span.start, f"{called} {label}{first}：{'，'.join(found)}".rstrip("：")

    def _windows(self) -> Iterator[tuple[int, str]]:
        for block, field in self._fields():
            if field.key in ("ledger_use", "when") and (
                "在考核期内" in field.value.text or _DATED.search(field.value.text)
            ):
                moved = _DATED.sub(self._day, field.value.text)
                yield field.value.span.start, f"{self._called(block)} {moved}"

    def _schedules(self, copies: tuple[tuple[Path, Path], ...]) -> Iterator[Note]:
        for old, new in copies:
            yield Note(0, f"{new.name}（由 {old} 复制，内容没有改）")
        yield from self._noted(self.shared)
        for block in self.tree.blocks:
            if block.kind in _KEPT and len(block.rows) > 1:
                at = self._noted([(block.span.start, "")])[0].line
                yield Note(at, f"附表 “{block.name.text}” 的 {len(block.rows) - 1} 行写在办法里")

    def _runs(self) -> Iterator[tuple[int, str]]:
        for block, field in self._fields():
            if _RUN.search(field.value.text):
                yield field.value.span.start, f"{self._called(block)} {field.value.text}"


def _numeric(text: str) -> bool:
    """Whether it says a number: dates, what is quoted and codes are none."""
    plain = _DATED.sub("", _CODE.sub("", _QUOTED.sub("", folded(text))))
    return _COUNTED.search(plain) is not None


def _filled(tables: Sequence[Table]) -> Iterator[Note]:
    """The columns of 附表 that hold numbers: how many, from which to which."""
    for table in tables:
        for at, column in enumerate(table.columns):
            cells = [row[at].text.strip() for row in table.rows if at < len(row)]
            known = {cell: number for cell in cells if (number := _number(cell)) is not None}
            if column.kind is ValueType.NUMBER and known:
                low, high = min(known, key=known.__getitem__), max(known, key=known.__getitem__)
                count = sum(cell in known for cell in cells)
                unit = column.unit_word or ""
                tight = unit in ("%", "‰")
                ends = [f"{end.removesuffix(unit)}{unit}" if tight else end for end in dict.fromkeys((low, high))]
                between = " 至 ".join(ends) if tight else f"{' 至 '.join(ends)} {unit}".rstrip()
                yield Note(0, f"附表 “{table.name}” 的 “{column.name}”：{count} 格，{between}")


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(folded(text).replace(",", "").removesuffix("%").removesuffix("‰"))
    except (ValueError, ZeroDivisionError):
        return None


__all__ = ["Draft", "Note", "draft"]
