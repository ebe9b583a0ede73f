"""A file → a rulebook with everything there is to say about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from os.path import relpath
from pathlib import Path

from perfdsl.clauses import KINDS
from perfdsl.clauses.kind import Kind
from perfdsl.compile.check import check
from perfdsl.compile.lines import article_numbers, points_say_so
from perfdsl.compile.official import official_wording
from perfdsl.compile.remarks import ALWAYS, WHEN_SOUND
from perfdsl.compile.resolve import resolve
from perfdsl.compile.tables import RowsOf
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import RuleCell, Table, TableRole
from perfdsl.syntax.frame import parse
from perfdsl.syntax.nodes import Acknowledged, Block, Tree
from perfdsl.syntax.vocabulary import Vocabulary, vocabulary
from perfdsl.text import files
from perfdsl.text.catalogue import running, writing
from perfdsl.text.citation import Citation
from perfdsl.text.problem import CATALOGUE, Problem, Problems, Severity
from perfdsl.text.source import Source, Span, read_source
from perfdsl.workspace.following import told
from perfdsl.workspace.including import including
from perfdsl.workspace.versions import previous_problems

SCHEDULES = "附表"
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
    ``schedules`` are the files of its 附表: rules like the text itself.
    """

    source: Source
    tree: Tree
    rulebook: Rulebook | None
    problems: Problems
    schedules: tuple[ScheduleFile, ...] = ()

    @property
    def parts(self) -> tuple[Source, ...]:
        """The files that it includes (引用): rules like the text itself."""
        return self.tree.sources[1:]

    @property
    def sha256(self) -> str:
        """Hash of the rulebook as it was read: of its bytes, or of the hashes of all its files where it includes some."""
        if not self.parts:
            return self.source.sha256
        named = "".join(f"{one.sha256}  {one.cited}\n" for one in self.tree.sources)
        return sha256(named.encode()).hexdigest()

    def citation(self, span: Span | None, otherwise: Citation) -> Citation:
        """How messages name the block that ``span`` begins, with the printed number in its name; else ``otherwise``."""
        if span is None or span.source not in self.tree.sources:
            return otherwise
        block = block_at(span, self.tree.blocks)
        begins = block is not None and block.span.line == span.line == otherwise.line
        return _citation(span, self.tree) if begins else otherwise

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
        """Where its data lie if nothing else is said."""
        folder = self.folder / DATA if self.folder else None
        return folder if folder and files.kind(folder) else None


@lru_cache(maxsize=4)
def words(kinds: tuple[Kind, ...] = KINDS) -> Vocabulary:
    """The vocabulary with the forms of ``kinds``."""
    return vocabulary(kind.form for kind in kinds)


def open_rulebook(path: Path, kinds: Sequence[Kind] = KINDS) -> Opened:
    """Read, resolve and check the rulebook at ``path``.

    Raises:
        Unreadable: the file is not there, locked, too large, or no text.
    """
    return open_text(read_source(path, path.name), kinds)


def open_text(source: Source, kinds: Sequence[Kind] = KINDS) -> Opened:
    """Resolve and check a rulebook whose text is at hand."""
    vocabulary_ = words(tuple(kinds))
    tree, problems = parse(source, vocabulary_)
    tree, included = including(tree, vocabulary_)
    schedules: list[ScheduleFile] = []
    book, more = resolve(tree, vocabulary_, kinds, _rows_of(source, schedules))
    found = (*problems, *included, *more, *_previous(source, tree, vocabulary_))
    if book is not None:
        found = (*found, *check(book), *official_wording(tree), *article_numbers(tree), *points_say_so(tree))
        found = (*found, *(one for remark in ALWAYS for one in remark(book)))
        if not any(one.severity is Severity.MUST for one in found):
            found = (*found, *(one for remark in WHEN_SOUND for one in remark(book)))
    return Opened(source, tree, book, _settled(found, tree, book), tuple(schedules))


def rule_problems(opened: Opened) -> Problems:
    """What is wrong with the cells of the 附表, which are rules: units that the roster lacks, numbers that are none, steps
    of nothing.

    A run says the same; checking says it before there are data.
    """
    from perfdsl.data.load import load
    from perfdsl.workspace.limits import checked_steps

    book = opened.rulebook
    if book is None or not opened.sound:
        return ()
    rules = [table for table in book.tables if table.role is TableRole.RULE]
    loaded = load(None, rules, rules=opened.folder)
    return (*loaded.problems, *checked_steps(book, loaded.dataset)[1])


def _previous(source: Source, tree: Tree, vocabulary_: Vocabulary) -> Problems:
    """What is wrong with 上年度; a text that is no file has no folder to look in."""
    head = next((block for block in tree.blocks if block.kind == "rulebook"), None)
    written = head.field("previous") if head is not None else None
    if written is None or source.path is None:
        return ()
    return tuple(previous_problems(source, written.value, vocabulary_))


def _rows_of(source: Source, read: list[ScheduleFile]) -> RowsOf:
    def rows(table: Table) -> tuple[tuple[tuple[RuleCell, ...], ...], Problems]:
        from perfdsl.data.load import rule_rows

        if source.path is None:
            return (), ()
        here, places = source.path.parent, _places(source.path, table)
        for path in places:
            if files.kind(path):
                found, problems = rule_rows(path, table, path.name)
                if found:
                    name = Path(relpath(path, here)).as_posix()
                    read.append(ScheduleFile(name, sha256(path.read_bytes()).hexdigest(), len(found)))
                return found, problems
        if table.name == "单位名册":
            return (), ()
        return (), (
            running.schedule_missing(table.span, table.name, [Path(relpath(path, here)).as_posix() for path in places]),
        )

    return rows


def _places(path: Path, table: Table) -> list[Path]:
    """Where the rows of a 附表 may lie; a file outside the rulebook's folder is not looked at."""
    if table.file and Path(files.real(path.parent / table.file)).is_relative_to(files.real(path.parent)):
        return [path.parent / table.file]
    folder = path.with_suffix("") / SCHEDULES
    return [folder / f"{table.name}.csv", folder / f"{table.name}.xlsx"]


def _settled(problems: Problems, tree: Tree, book: Rulebook | None) -> Problems:
    """Each problem once, named by its place, in the order of the file; drafts may leave things open."""
    draft = book is not None and book.status is not None and book.status.draft
    place = {source: at for at, source in enumerate(tree.sources)}

    def order(problem: Problem) -> tuple[int, int]:
        return (place.get(problem.span.source, 0), problem.span.start) if problem.span else (-1, 0)

    seen: set[tuple[object, ...]] = set()
    once: list[Problem] = []
    for one in problems:
        where = (one.span.source, one.span.start) if one.span else None
        key = (one.code, where, str(one.address), one.message)
        if key not in seen:
            seen.add(key)
            once.append(replace(one, severity=Severity.HINT) if one.code == "K146" and draft else one)
    found = told(sorted(once, key=order), tree)
    kept = [one for one in found if one.severity is Severity.MUST or not any(_acknowledging(one, tree))]
    kept += _idle(found, tree)
    cited = (one if one.citation else one.cited(_citation(one.span, tree)) for one in kept)
    return tuple(sorted(cited, key=order))


def _acknowledging(problem: Problem, tree: Tree) -> Iterator[Acknowledged]:
    """The acknowledgements that speak of ``problem``: its code, on its line or the line above, in its file."""
    if problem.span is not None:
        source, lines = problem.span.source, (problem.span.line, problem.span.line - 1)
        yield from (
            one
            for one in tree.acknowledged
            if one.code == problem.code and one.span.source is source and one.line in lines
        )


def _idle(problems: Problems, tree: Tree) -> Iterator[Problem]:
    """Acknowledgements that silence nothing: no such code, no such problem here, or one that must be mended.

    While something must be mended, nobody can tell yet what will be left to say.
    """
    broken = any(one.severity is Severity.MUST for one in problems)
    for known in tree.acknowledged:
        spoken = [one for one in problems if known in tuple(_acknowledging(one, tree))]
        if known.code not in CATALOGUE:
            yield writing.unknown_code(known.span, known.code)
        elif all(one.severity is Severity.MUST for one in spoken) and (spoken or not broken):
            yield writing.nothing_to_acknowledge(known.span, known.code, bool(spoken))


def _citation(span: Span | None, tree: Tree) -> Citation:
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
