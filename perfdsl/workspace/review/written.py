"""How a clause is written, in canonical words: what a comparison quotes. Whether something changed is never asked here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from perfdsl.syntax.format import formatted
from perfdsl.syntax.frame import parse
from perfdsl.syntax.nodes import Block, FieldNode
from perfdsl.text.records import dataclass, field
from perfdsl.text.source import Source, Span
from perfdsl.workspace.opened import Opened, block_at
from perfdsl.workspace.opening import words

ABOUT_IT = frozenset({"article", "reason", "replaces", "official"})
"""Fields that speak of the clause and of its change; they are quoted by themselves."""

HEADER = "名称"
"""The label under which a header's notes (10 分，最低 0 分) are compared."""


@dataclass(frozen=True)
class Clause:
    """A block as it is written: ``fields`` label → its lines; ``word`` its header word; ``text`` all of it."""

    word: str
    name: str
    code: str
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    article: str = ""
    official: str = ""
    reason: str = ""

    @property
    def text(self) -> str:
        """The 条文: 原文 where there is one, else the fields."""
        if self.official:
            return self.official
        return "\n".join(
            f"{label}：{lines[0]}" + "".join(f"\n{line}" for line in lines[1:])
            for label, lines in self.fields.items()
            if lines
        )


class Writing:
    """The blocks of an opened rulebook in canonical spelling; each is put into it when it is asked for."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self._clauses: dict[tuple[Source, int], Clause] = {}

    def at(self, span: Span | None) -> Clause | None:
        """The clause in whose block ``span`` stands."""
        block = block_at(span, self.opened.tree.blocks) if span is not None else None
        return self._shown(block) if block is not None else None

    @property
    def head(self) -> Clause | None:
        """The first block."""
        block = next((one for one in self.opened.tree.blocks if one.kind == "rulebook"), None)
        return self._shown(block) if block is not None else None

    def _shown(self, block: Block) -> Clause:
        key = block.span.source, block.span.start
        if key not in self._clauses:
            self._clauses[key] = _clause(self._canonical(block))
        return self._clauses[key]

    def _canonical(self, block: Block) -> Block:
        """The block in canonical spelling; as typed where the formatter makes something else of it."""
        source = block.span.source
        alone = Source(source.name, source.text[block.span.start : block.span.end])
        text, _ = formatted(alone, words(), known=self.opened.names, proved=False)
        shown = parse(Source(source.name, text), words())[0].blocks
        return shown[0] if len(shown) == 1 else block


def _clause(block: Block) -> Clause:
    fields = {HEADER: tuple(note.text for note in block.notes)}
    for one in block.fields:
        if one.key not in ABOUT_IT:
            fields[one.label.text] = tuple(_lines(one))
    rows = tuple(_row([cell.text for cell in row.cells]) for row in block.rows)
    if rows:
        fields["表"] = rows

    def said(key: str) -> str:
        found = block.field(key)
        return found.value.text.strip() if found is not None else ""

    return Clause(
        word=block.word.text,
        name=block.name.text,
        code=block.code.text if block.code else "",
        fields=fields,
        article=said("article"),
        official=said("official"),
        reason=said("reason"),
    )


def _lines(one: FieldNode) -> Iterator[str]:
    if one.value.text.strip():
        yield one.value.text.strip()
    for item in one.items:
        yield f"· {item.text.strip()}"
    for row in one.rows:
        yield _row([cell.text for cell in row.cells])


def _row(cells: list[str]) -> str:
    return "｜".join(cell.strip() for cell in cells)
