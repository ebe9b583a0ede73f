"""What is read in a cell: two texts may say the same (97 and 97%), and one text something else in another column."""

from __future__ import annotations

from collections.abc import Iterator

from perfdsl.data.columns import Cell
from perfdsl.data.convert import read
from perfdsl.data.raw import text_cell
from perfdsl.model.states import State
from perfdsl.model.table import TableColumn


def same_cell(old: TableColumn, new: TableColumn, was: str, now: str) -> bool:
    """Whether two cells of a 附表 say the same; what cannot be read says nothing."""
    if (old.kind, old.unit, old.factor) != (new.kind, new.unit, new.factor):
        return False
    one, other = _said(old, was), _said(new, now)
    return one is not None and one == other


def _said(column: TableColumn, text: str) -> tuple[State, Cell | None] | None:
    found = read(column, text_cell(text, None))
    return None if found.state is State.PENDING else (found.state, found.value)


def taken_otherwise(old: TableColumn, new: TableColumn) -> Iterator[str]:
    """Cells that the one column takes and the other does not, in words: closed words, marks of a state, blanks."""
    name = f"“{new.name}”"
    if old.choices != new.choices and (old.choices or new.choices):
        if not new.choices or not old.choices:
            yield f"{name}由{'只能填列出的词' if old.choices else '填什么都行'}改为{'只能填列出的词' if new.choices else '填什么都行'}"
        else:
            for words, become in (
                (set(new.choices) - set(old.choices), "可填"),
                (set(old.choices) - set(new.choices), "不可填"),
            ):
                if words:
                    yield f"{name}新{become}{'、'.join(f'“{word}”' for word in sorted(words))}"
    marks, others = dict(old.marks), dict(new.marks)
    for mark in dict.fromkeys((*marks, *others)):
        if marks.get(mark) is not others.get(mark):
            ends = [f"作“{found[mark].chinese}”" if mark in found else "读不出来" for found in (marks, others)]
            yield f"{name}里的“{mark}”原来{ends[0]}，现在{ends[1]}"
    if old.optional != new.optional:
        yield f"{name}空着的原来作“{_blank(old)}”，现在作“{_blank(new)}”"


def _blank(column: TableColumn) -> str:
    return read(column, text_cell("", None)).state.chinese
