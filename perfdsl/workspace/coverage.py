"""写法对照: which clause of real rulebooks is written how, with an example that runs.

``rulebooks/写法`` holds the list of clauses (目录.yaml) and a folder for each: 条目.yaml, and 例.perf with its data and
expected results. What an entry says is held against its example: a kind, a field, a word that it names must be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from perfdsl.clauses import BY_KEY
from perfdsl.compile.tables import COLUMN_NOTES, FREQUENCIES, TO_YEAR
from perfdsl.model.item import Clause
from perfdsl.model.walking import nodes
from perfdsl.text.records import dataclass, replace
from perfdsl.text.source import read_source
from perfdsl.workspace.formatting import words_used
from perfdsl.workspace.opening import Opened, open_rulebook, words

LIST, ENTRY, EXAMPLE = "目录.yaml", "条目.yaml", "例.perf"
MOST_LEFT_OUT = 5
FREE = frozenset({"conditional", "if_then", "free"})
"""Kinds that write anything at all (若…则…): an entry that has nothing else counts as free."""

PLACES = {
    "header": "块",
    "label": "栏",
    "column": "表头",
    "function": "函数",
    "word": "用语",
    "note": "列的说明",
}


class Reading(BaseModel):
    """What the author has to choose, the answers there are, and the problem that asks."""

    model_config = ConfigDict(extra="forbid", strict=True)

    asks: str = Field(alias="问", min_length=1)
    answers: list[str] = Field(alias="答法", min_length=2)
    code: str | list[str] = Field(alias="问题", default_factory=list)

    @property
    def codes(self) -> list[str]:
        """The problem codes, one or several."""
        return [self.code] if isinstance(self.code, str) else self.code


class Entry(BaseModel):
    """条目.yaml."""

    model_config = ConfigDict(extra="forbid", strict=True)

    code: str = Field(alias="编号", pattern=r"^[A-Z][0-9]{1,2}$")
    name: str = Field(alias="名称", min_length=1)
    ways: list[str] = Field(alias="写法", min_length=1)
    readings: list[Reading] = Field(alias="须选", default_factory=list)
    remark: str = Field(alias="说明", min_length=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """A clause of the list; ``reason`` where it is left out, ``entry`` and ``folder`` where it is written."""

    group: str
    code: str
    name: str
    english: str
    reason: str = ""
    entry: Entry | None = None
    folder: Path | None = None

    @property
    def example(self) -> Path | None:
        """Its example."""
        return self.folder / EXAMPLE if self.folder is not None else None


class Malformed(ValueError):
    """A file of the list cannot be read; the message says which and why."""


def coverage(root: Path) -> list[Listed]:
    """The list with its entries.

    Raises:
        Malformed: a file is not as it must be.
    """
    told: dict[str, dict[str, Any]] = yaml.load((root / LIST).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    left_out: Mapping[str, str] = told.pop("未收") or {}
    found: dict[str, tuple[Entry, Path]] = {}
    for path in sorted(root.glob(f"*/{ENTRY}")):
        entry = _entry(path)
        if _folder(entry.code) != path.parent.name:
            raise Malformed(f"{path}：编号 {entry.code} 应放在文件夹 {_folder(entry.code)}")
        found[entry.code] = (entry, path.parent)
    made = [
        Listed(group, code, names[0], ", ".join(names[1:]), left_out.get(code, ""), *found.pop(code, (None, None)))
        for group, codes in told.items()
        for code, names in codes.items()
    ]
    if found:
        raise Malformed(f"{root / LIST}：没有 {'、'.join(sorted(found))} 这些编号")
    return made


def _folder(code: str) -> str:
    return f"{code[0]}{int(code[1:]):02d}"


def _entry(path: Path) -> Entry:
    try:
        return Entry.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = " ".join(str(part) for part in first["loc"])
        raise Malformed(f"{path}：{where} {first['msg']}") from None
    except yaml.YAMLError as error:
        raise Malformed(f"{path}：{str(error).splitlines()[0]}") from None


def way_in_words(way: str) -> tuple[str, str] | None:
    """What kind of thing a way of writing is, and what it is called; None where the language has no such thing."""
    known = words()
    place, _, key = way.rpartition(":")
    match place:
        case "":
            kind = BY_KEY.get(key)
            return None if kind is None else ("块" if kind.form.header else "计分", kind.form.name.canonical)
        case "header":
            word = known.headers.get(key)
        case "label":
            label = known.labels.get(key)
            word = label.word if label else None
        case "column":
            word = known.columns.get(key)
        case "function":
            word = next((one for one in known.words["FUNCTION"] if one.key == key), None)
        case "word":
            word = next((one for found in known.words.values() for one in found if one.key == key), None)
        case "note":
            return ("列的说明", key) if key in (*FREQUENCIES, *TO_YEAR) or key in COLUMN_NOTES else None
        case _:
            return None
    return None if word is None else (PLACES[place], word.canonical)


def unused(entry: Entry, opened: Opened, path: Path) -> Iterator[str]:
    """The ways of writing that ``entry`` names and its example does not use."""
    used = words_used(read_source(path))
    kinds = set(kinds_in(opened))
    text = re.sub(r"\s", "", path.read_text(encoding="utf-8"))
    for way in entry.ways:
        place, _, key = way.rpartition(":")
        there = key in kinds if not place else key in text if place == "note" else (place, key) in used
        if not there:
            yield way


def kinds_in(opened: Opened) -> Iterator[str]:
    """The keys of the clause kinds that a rulebook uses."""
    if opened.rulebook is not None:
        yield from (clause.kind for clause in clauses_in(opened))
        if opened.rulebook.scheme is not None:
            yield "grades"


def clauses_in(opened: Opened) -> Iterator[Clause]:
    """Every clause of a rulebook, at any depth."""
    if opened.rulebook is not None:
        book = replace(opened.rulebook, tables=())
        yield from (one for one in nodes(book) if isinstance(one, Clause))


def faults(one: Listed, codes: frozenset[str]) -> Iterator[str]:
    """What is wrong with one line of the list; ``codes`` are the problem codes there are."""
    if one.entry is None or one.example is None:
        if not one.reason:
            yield f"{one.code} {one.name}：没有条目，也没有写明为什么不收"
        return
    if one.reason:
        yield f"{one.code}：既收了又写着不收"
    for way in one.entry.ways:
        if way_in_words(way) is None:
            yield f"{one.code}：没有 {way} 这种写法"
    for reading in one.entry.readings:
        yield from (f"{one.code}：没有 {code} 这个问题" for code in reading.codes if code not in codes)
    if not one.example.is_file():
        yield f"{one.code}：没有 {EXAMPLE}"
        return
    opened = open_rulebook(one.example)
    yield from (f"{one.code}：例子里没有用到 {way}" for way in unused(one.entry, opened, one.example))


def free(one: Listed) -> bool:
    """Whether an entry is written by a free sentence alone."""
    return one.entry is not None and set(one.entry.ways) <= FREE
