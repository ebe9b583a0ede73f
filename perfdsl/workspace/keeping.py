"""Rulebooks that were compiled before: opened without being read again, as long as every byte they came from is as it was.

The entry holds what :func:`perfdsl.workspace.opening.open_rulebook` found and the graph that the rulebook was lowered to,
with each file and folder that was looked at (:mod:`perfdsl.text.files`). A second entry holds the program that ran that
graph last; both bear the hash of what the rulebook was compiled to. How they are kept: :mod:`perfdsl.text.store`.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfdsl.text import files, store
from perfdsl.text.digest import digest
from perfdsl.text.records import dataclass, replace
from perfdsl.text.source import Source, read_source
from perfdsl.workspace.opened import Opened
from perfdsl.workspace.packing import Unpackable, packed, unpacked

if TYPE_CHECKING:
    from perfdsl.engine.program import Program

KIND, PROGRAM = "compiled", "program"


def open_kept(path: Path) -> Opened:
    """What :func:`perfdsl.workspace.opening.open_rulebook` gives, with its graph where it is sound; kept for the next time.

    Raises:
        Unreadable: the file is not there, locked, too large, or no text.
    """
    asked = [str(path), str(path.absolute())]
    entry = store.read(KIND, asked)
    found = _as_kept(path, entry) if entry is not None else None
    return _anew(path, asked) if found is None else found


def _as_kept(path: Path, entry: Any) -> Opened | None:
    """The rulebook of ``entry``; None where something that it came from is another now."""
    if any(files.again(kind, place) != told for kind, place, told in entry["facts"]):
        return None
    sources = [read_source(path, path.name)]
    sources += [read_source(Path(place), name, part=True) for place, name, _ in entry["parts"]]
    if [one.sha256 for one in sources] != [entry["sha256"], *(told for _, _, told in entry["parts"])]:
        return None
    try:
        book, graph, problems, schedules = unpacked(entry["packed"], sources)
    except Unpackable:
        return None
    first, *parts = sources
    opened = Opened(first, tuple(parts), book, problems, schedules, lambda: _tree(first, parts), graph)
    return replace(opened, compiled=entry["compiled"])


def _tree(source: Source, parts: list[Source]) -> Any:
    from perfdsl.workspace.opening import tree_of  # loads where somebody asks how the text reads

    return tree_of(source, {one.path: one for one in parts if one.path is not None})


def _anew(path: Path, asked: list[str]) -> Opened:
    from perfdsl.compile.lower import lower
    from perfdsl.workspace.opening import open_rulebook

    with files.watching() as seen:
        opened = open_rulebook(path)
        files.libraries()
    if not opened.sound or opened.rulebook is None:
        return opened
    opened = opened.with_graph(lower(opened.rulebook))
    if store.is_closed():
        return opened
    facts = [[kind, place, told] for (kind, place), told in seen.items()]
    if all(told != files.CHANGED for _, _, told in facts):
        parts = [[str(one.path), one.name, one.sha256] for one in opened.parts]
        value = (opened.rulebook, opened.graph, opened.problems, opened.schedules)
        try:
            told = packed(value, (opened.source, *opened.parts))
        except Unpackable:
            return opened  # a node that holds what JSON cannot say: read every time
        opened = replace(opened, compiled=digest(json.dumps(told).encode()))
        entry = {"facts": facts, "parts": parts, "sha256": opened.source.sha256, "packed": told}
        store.write(KIND, asked, entry | {"compiled": opened.compiled})
    return opened


@dataclass(frozen=True)
class Programs:
    """The program that ran ``opened`` last (:class:`perfdsl.engine.program.Program`), kept as long as it is compiled to the same."""

    opened: Opened

    def find(self) -> Program | None:
        """The program; None where there is none, or one of another graph."""
        entry = store.read(PROGRAM, self._asked)
        if entry is None or entry["compiled"] != self.opened.compiled:
            return None
        try:
            program: Program = unpacked(entry["packed"], self._sources)
        except Unpackable:
            return None
        return program

    def keep(self, program: Program) -> None:
        """Keep ``program`` for the next time, where that can be done."""
        if self.opened.compiled and not store.is_closed():
            with suppress(Unpackable):
                told = packed(program, self._sources)
                store.write(PROGRAM, self._asked, {"compiled": self.opened.compiled, "packed": told})

    @property
    def _asked(self) -> list[str]:
        path = self.opened.source.path
        return [str(path), str(path.absolute() if path is not None else path)]

    @property
    def _sources(self) -> tuple[Source, ...]:
        return (self.opened.source, *self.opened.parts)
