"""``data.yaml``: which file belongs to which table.

    实绩: 实绩.xlsx
    表彰: [表彰-上半年.csv, 表彰-下半年.csv]
    月报:
      文件: 月报.xlsx
      工作表: "2025"
      表头:
        按时办结件数: 办结数（按时）

YAML reads ``no`` as false, ``1.10`` as 1.1 and ``010`` as 8, and nine lines of aliases as a billion words. Here every
scalar is the text that was typed, and anchors, aliases, tags and keys written twice are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import yaml
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, RootModel, ValidationError, field_validator

from perfdsl.text import files
from perfdsl.text.catalogue import data as say
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass, field
from perfdsl.text.source import Source, Span, Unreadable, decode, read_bytes

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 6
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESERVED = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))})

Plain = str | list["Plain"] | dict[str, "Plain"]
Path_ = tuple[str | int, ...]


class _Broken(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass
class _Reader:
    """Events → plain strings, lists and dicts, and where each of them stands."""

    source: Source
    spans: dict[Path_, Span] = field(default_factory=dict)

    def read(self) -> Plain:
        events: Iterator[yaml.Event] = yaml.parse(self.source.text, Loader=_LOADER)
        result: Plain = {}
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _Broken(say.bad_yaml(self._span(event), "里面有几份内容（“---”），只能有一份", "去掉“---”"))
                result = self._node(next(events), events, ())
        return result

    def _span(self, event: yaml.Event) -> Span:
        assert event.start_mark and event.end_mark
        start, end = event.start_mark.index, event.end_mark.index
        return Span(self.source, min(start, len(self.source.text)), min(end, len(self.source.text)))

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path_) -> Plain:
        span = self.spans[path] = self._span(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Broken(say.bad_yaml(span, "用了锚点或别名（& 和 *），这里不用", "把内容直接写出来"))
        if getattr(event, "tag", None):
            raise _Broken(say.bad_yaml(span, "用了类型标记（!），这里不用", "去掉“!”和后面的词"))
        if len(path) > MAX_DEPTH:
            raise _Broken(say.bad_yaml(span, "层次太多"))
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            found: list[Plain] = []
            while not isinstance(event := next(events), yaml.SequenceEndEvent):
                found.append(self._node(event, events, (*path, len(found))))
            return found
        assert isinstance(event, yaml.ScalarEvent)
        return str(event.value)

    def _mapping(self, events: Iterator[yaml.Event], path: Path_) -> dict[str, Plain]:
        found: dict[str, Plain] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            span = self._span(event)
            name = self._node(event, events, (*path, "?"))
            if not isinstance(name, str):
                raise _Broken(say.bad_yaml(span, "冒号左边应为名称"))
            if name in found:
                raise _Broken(say.bad_yaml(span, f"“{name}”写了两次", "合成一处：实绩: [甲.csv, 乙.csv]"))
            found[name] = self._node(next(events), events, (*path, name))
            self.spans[*path, name, "?"] = span
        return found


class Entry(BaseModel):
    """What ``data.yaml`` says of one table."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    files: list[str] = Field(validation_alias=AliasChoices("文件", "files"), min_length=1)
    sheet: str | None = Field(None, validation_alias=AliasChoices("工作表", "sheet"))
    headings: dict[str, str] = Field(default_factory=dict, validation_alias=AliasChoices("表头", "headings"))

    @field_validator("files", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value


class Listing(RootModel[dict[str, Entry]]):
    """A whole ``data.yaml``: table name → file, list of files, or an entry with 文件, 工作表 and 表头."""

    @field_validator("root", mode="before")
    @classmethod
    def _short_forms(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {name: {"文件": said} if isinstance(said, str | list) else said for name, said in value.items()}


@dataclass(frozen=True)
class Listed:
    """One table of ``data.yaml``; ``spans`` are the places of its name and of its files."""

    table: str
    entry: Entry
    span: Span | None
    file_spans: tuple[Span | None, ...]


def read_listing(path: Path) -> tuple[tuple[Listed, ...], Problems]:
    """The tables that ``data.yaml`` names, in its order."""
    name = path.name
    try:
        text, _ = decode(read_bytes(path, MAX_BYTES, name), name)
    except Unreadable as error:
        return (), (say.bad_yaml(None, str(error).replace(str(path), name)),)
    reader = _Reader(Source(name, text, path))
    try:
        plain = reader.read()
        listing = Listing.model_validate(plain)
    except _Broken as broken:
        return (), (broken.problem,)
    except yaml.YAMLError as error:
        return (), (_syntax(error, reader.source),)
    except ValidationError as error:
        return (), tuple(_invalid(fault["type"], fault["loc"], reader) for fault in error.errors())
    return tuple(_listed(table, entry, reader) for table, entry in listing.root.items()), ()


def _listed(table: str, entry: Entry, reader: _Reader) -> Listed:
    spans = []
    for place in range(len(entry.files)):
        candidates: list[Path_] = [(table, place), (table, "文件", place), (table, "文件"), (table,)]
        spans.append(next((reader.spans[path] for path in candidates if path in reader.spans), None))
    return Listed(table, entry, reader.spans.get((table, "?")), tuple(spans))


def _syntax(error: yaml.YAMLError, source: Source) -> Problem:
    mark = getattr(error, "problem_mark", None)
    place = min(mark.index, len(source.text)) if mark else 0
    return say.bad_yaml(Span(source, place, place), "读不懂这一行" + _full_width(source.text))


def _full_width(text: str) -> str:
    return "：冒号请用英文的“:”，后面空一格" if "：" in text else "：每行写 表名、英文冒号、空格、文件名"


def _invalid(kind: str, loc: tuple[int | str, ...], reader: _Reader) -> Problem:
    paths = (loc[:length] for length in range(len(loc), -1, -1))
    span = next((reader.spans[path] for path in paths if path in reader.spans), None)
    name = str(loc[0]) if loc else ""
    if not loc:
        return say.bad_yaml(span, "读不懂" + _full_width(reader.source.text))
    if kind == "extra_forbidden":
        return say.bad_yaml(
            span, f"“{name}”下面的“{loc[-1]}”不认识，可以写 文件、工作表、表头", f"{name}:\n  文件: {name}.xlsx"
        )
    if kind in ("missing", "too_short"):
        return say.bad_yaml(span, f"“{name}”没有写文件", f"{name}: {name}.xlsx")
    return say.bad_yaml(span, f"“{name}”的写法读不懂，这里应为文字", f"{name}: {name}.xlsx")


def inside(folder: Path, written: str) -> Path | None:
    """``written`` under ``folder``, or None where it leads out of it or names a device of Windows."""
    pure = PureWindowsPath(written.strip())
    parts = pure.parts
    if not parts or pure.drive or pure.root or ".." in parts:
        return None
    if any(part.split(".")[0].upper() in _RESERVED for part in parts):
        return None
    path = folder.joinpath(*parts)
    return path if Path(files.real(path)).is_relative_to(files.real(folder)) else None
