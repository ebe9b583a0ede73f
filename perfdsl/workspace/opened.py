"""A rulebook as read: what there is to say about it, and where it stands. Loads little, so that what is kept is soon there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from perfdsl.model.rulebook import Rulebook
from perfdsl.text import files
from perfdsl.text.citation import Citation
from perfdsl.text.digest import digest
from perfdsl.text.problem import Problems, Severity
from perfdsl.text.records import dataclass, field, replace
from perfdsl.text.source import Source, Span

if TYPE_CHECKING:
    from perfdsl.graph.graph import Graph
    from perfdsl.syntax.lexer import Names
    from perfdsl.syntax.nodes import Block, Tree

DATA = "数据"


@dataclass(frozen=True, slots=True)
class ScheduleFile:
    """A file beside the rulebook that holds a 附表; ``name`` as seen from the rulebook's folder."""

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, eq=False)
class Opened:
    """A rulebook file as read. ``rulebook`` is None where there is nothing to resolve.

    ``problems`` are those of the text and of the model, in the order of the file, without the acknowledged ones.
    ``parts`` are the files that it includes (引用), ``schedules`` those of its 附表: rules like the text itself.
    ``graph`` is what it was lowered to, and ``known_names`` those that it declares, where that is known already. ``compiled``:
    the hash of what it was compiled to, where that is kept.
    """

    source: Source
    parts: tuple[Source, ...]
    rulebook: Rulebook | None
    problems: Problems
    schedules: tuple[ScheduleFile, ...]
    reading: Callable[[], Tree] = field(repr=False)
    graph: Graph | None = field(default=None, repr=False)
    known_names: Names | None = field(default=None, repr=False)
    compiled: str = ""

    @cached_property
    def tree(self) -> Tree:
        """The text as it was read, with what it includes."""
        return self.reading()

    @cached_property
    def names(self) -> Names:
        """Every name that the text declares."""
        from perfdsl.syntax.names import declared

        return self.known_names or declared(self.tree)

    def with_graph(self, graph: Graph) -> Opened:
        """The same, lowered."""
        return replace(self, graph=graph)

    @property
    def sha256(self) -> str:
        """Hash of the rulebook as it was read: of its bytes, or of the hashes of all its files where it includes some."""
        if not self.parts:
            return self.source.sha256
        named = "".join(f"{one.sha256}  {one.cited}\n" for one in (self.source, *self.parts))
        return digest(named.encode())

    def citation(self, span: Span | None, otherwise: Citation) -> Citation:
        """How messages name the block that ``span`` begins, with the printed number in its name; else ``otherwise``."""
        if span is None or span.source not in self.tree.sources:
            return otherwise
        block = block_at(span, self.tree.blocks)
        begins = block is not None and block.span.line == span.line == otherwise.line
        return citation_of(span, self.tree) if begins else otherwise

    def placed(self, problems: Problems) -> Problems:
        """Those that point into the rulebook, each with the name of its block."""
        return tuple(
            one.cited(citation_of(one.span, self.tree)) if one.span is not None and one.citation is None else one
            for one in problems
        )

    @property
    def sound(self) -> bool:
        """Whether it can be run: there is a rulebook and nothing 必须改."""
        return self.rulebook is not None and not any(one.severity is Severity.MUST for one in self.problems)

    @property
    def folder(self) -> Path | None:
        """The folder of the rulebook's own files: beside it, with its name."""
        path = self.source.path
        return path.with_suffix("") if path else None

    @property
    def data_folder(self) -> Path | None:
        """Where its data lie if nothing else is said; None where there is no such folder."""
        folder = self.usual_data
        return folder if folder and files.kind(folder) else None

    @property
    def usual_data(self) -> Path | None:
        """Where its data are looked for if nothing else is said; None for a text that is no file."""
        return self.folder / DATA if self.folder else None


def citation_of(span: Span | None, tree: Tree) -> Citation:
    """How messages name the block in which ``span`` stands."""
    if span is None or span.source not in tree.sources:
        return Citation()
    block = block_at(span, tree.blocks)
    if block is None:
        return Citation(line=span.line, file=span.source.cited)
    article = block.field("article")
    return Citation(
        article.value.text.strip() if article else "",
        block.code.text if block.code else "",
        block.name.text,
        span.line,
        span.source.cited,
    )


def block_at(span: Span, blocks: Sequence[Block]) -> Block | None:
    """The block in which ``span`` stands."""
    mine = [block for block in blocks if block.span.source is span.source]
    return next((block for block in reversed(mine) if block.span.start <= span.start), None)
