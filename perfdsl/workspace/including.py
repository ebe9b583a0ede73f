"""引用: the files that a rulebook includes, read and put in their place.

The blocks of an included file are read as if they stood behind the block that includes it. Only definitions may be
shared: tables, categories, 计分办法 and items; what decides (vetoes, grades, applications) stands in the rulebook.
A file lies in the rulebook's own folder or below it, whatever its name is made of, and nothing is read twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from perfdsl.syntax.frame import parse
from perfdsl.syntax.names import ITEMS, TABLES, split
from perfdsl.syntax.nodes import Acknowledged, Block, Part, Tree, Written
from perfdsl.syntax.vocabulary import Vocabulary
from perfdsl.text import files
from perfdsl.text.catalogue import versions as say
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass, field, replace
from perfdsl.text.source import MAX_BYTES, Source, Span, Unreadable, read_source

FIELD = "include"
HOSTS = frozenset({"rulebook", "group1", "group2", "group3"})
DEFINITIONS = TABLES | {"category", "method"}
SHARED = DEFINITIONS | ITEMS
MOST_FILES = 50
DEEPEST = 8
NOTHING: Mapping[Path, Source] = {}


def including(tree: Tree, vocabulary: Vocabulary, known: Mapping[Path, Source] = NOTHING) -> tuple[Tree, Problems]:
    """``tree`` with the blocks of the files that it includes, and what is wrong with them; ``known`` were read before."""
    if not any(one.key == FIELD for block in tree.blocks for one in block.fields):
        return tree, ()
    work = _Including(tree.source, vocabulary, known)
    blocks = tuple(work.spliced(tree, (tree.source,)))
    acknowledged = (*tree.acknowledged, *work.acknowledged)
    return replace(tree, blocks=blocks, acknowledged=acknowledged, parts=tuple(work.parts)), tuple(work.problems)


@dataclass
class _Including:
    root: Source
    vocabulary: Vocabulary
    known: Mapping[Path, Source]
    parts: list[Part] = field(default_factory=list)
    acknowledged: list[Acknowledged] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    bytes_read: int = 0

    def __post_init__(self) -> None:
        self.first: dict[Path, tuple[Span, bool]] = {}
        """File → where it was included first, and whether it holds definitions alone."""

    def spliced(self, tree: Tree, chain: tuple[Source, ...]) -> Iterator[Block]:
        """The blocks of ``tree``, each followed by what it includes; ``chain`` are the files that led here."""
        for block in tree.blocks:
            yield block
            if block.kind not in HOSTS:
                continue  # the block does not read the field, and says so
            for one in block.fields:
                if one.key == FIELD:
                    for name in split(one.value, "、,;"):
                        yield from self._included(_bare(name), chain)

    def _included(self, name: Written, chain: tuple[Source, ...]) -> Iterator[Block]:
        path = self._path(name, chain)
        if path is None:
            return
        if any(one.path is not None and one.path.resolve() == path for one in chain):
            self.problems.append(say.included_in_a_circle(name.span, [one.name for one in chain], name.text))
            return
        if path in self.first:
            span, harmless = self.first[path]
            if not harmless:
                self.problems.append(say.included_twice(name.span, name.text, span))
            return
        if len(chain) > DEEPEST or len(self.parts) >= MOST_FILES:
            self.problems.append(say.too_many_included(name.span, name.text, MOST_FILES, DEEPEST))
            return
        tree = self._read(path, name)
        if tree is None:
            return
        self.first[path] = (name.span, all(block.kind in DEFINITIONS for block in tree.blocks))
        self.parts.append(Part(tree.source, chain[-1]))
        self.acknowledged.extend(tree.acknowledged)
        yield from self.spliced(self._shared(tree), (*chain, tree.source))

    def _path(self, name: Written, chain: tuple[Source, ...]) -> Path | None:
        """The file that ``name`` means, seen from the file that names it; None where it may not be looked at."""
        if self.root.path is None or chain[-1].path is None:
            self.problems.append(say.included_from_nowhere(name.span, name.text))
            return None
        home = Path(files.real(self.root.path.parent))
        written = name.text.replace("\\", "/")
        if "\0" in written:
            return None  # reported as a character that cannot be seen
        path = Path(files.real(chain[-1].path.parent / written))
        outside = written.startswith("/") or ":" in written or not path.is_relative_to(home)
        if outside or path.suffix.lower() != ".perf":
            told = say.included_outside if outside else say.included_no_rulebook_file
            self.problems.append(told(name.span, name.text))
            return None
        return path

    def _read(self, path: Path, name: Written) -> Tree | None:
        assert self.root.path is not None
        shown = path.relative_to(self.root.path.parent.resolve()).as_posix()
        try:
            source = self.known.get(path) or read_source(path, shown, part=True)
        except Unreadable as error:
            self.problems.append(say.included_unreadable(name.span, name.text, str(error).partition("：")[2]))
            return None
        self.bytes_read += len(source.raw or b"")
        if self.bytes_read > MAX_BYTES:
            self.problems.append(say.too_many_included(name.span, name.text, MOST_FILES, DEEPEST))
            return None
        tree, problems = parse(source, self.vocabulary)
        self.problems.extend(problems)
        return tree

    def _shared(self, tree: Tree) -> Tree:
        for block in tree.blocks:
            if block.kind not in SHARED:
                self.problems.append(say.not_to_be_included(block.word.span, block.word.text, block.kind == "rulebook"))
        return replace(tree, blocks=tuple(block for block in tree.blocks if block.kind in SHARED))


def _bare(name: Written) -> Written:
    """``name`` without the quotes around it."""
    text = name.text.strip('“”"「」《》')
    return Written(text.strip(), name.span)


__all__ = ["including"]
