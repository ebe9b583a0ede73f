"""A file → a rulebook with everything there is to say about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from os.path import relpath
from pathlib import Path

from perfdsl.clauses import KINDS
from perfdsl.clauses.kind import Kind
from perfdsl.compile.about import codes_of
from perfdsl.compile.check import check
from perfdsl.compile.lines import article_numbers, points_say_so
from perfdsl.compile.official import official_wording
from perfdsl.compile.remarks import ALWAYS, WHEN_SOUND
from perfdsl.compile.resolve import resolve
from perfdsl.compile.tables import RowsOf
from perfdsl.model.item import Item
from perfdsl.model.rulebook import Rule, Rulebook
from perfdsl.model.table import UNITS, RuleCell, Table, TableRole
from perfdsl.syntax.frame import parse
from perfdsl.syntax.lines import lines
from perfdsl.syntax.names import declared
from perfdsl.syntax.nodes import Acknowledged, Tree
from perfdsl.syntax.vocabulary import Vocabulary, vocabulary
from perfdsl.text import files
from perfdsl.text.catalogue import entries, running, versions, writing
from perfdsl.text.near import nearest
from perfdsl.text.problem import Problem, Problems, Severity
from perfdsl.text.records import replace
from perfdsl.text.source import Source, read_source
from perfdsl.workspace.following import told
from perfdsl.workspace.including import including
from perfdsl.workspace.opened import Opened, ScheduleFile, citation_of
from perfdsl.workspace.versions import Edition, previous

SCHEDULES = "附表"


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
    names = declared(tree)
    book, more = resolve(tree, vocabulary_, kinds, _rows_of(source, schedules), names)
    found = (*problems, *included, *more, *_previous(source, tree, vocabulary_))
    if book is not None:
        found = (*found, *check(book), *official_wording(tree), *article_numbers(tree), *points_say_so(tree))
        found = (*found, *(one for remark in ALWAYS for one in remark(book)))
        if not any(one.severity is Severity.MUST for one in found):
            found = (*found, *(one for remark in WHEN_SOUND for one in remark(book)))
    settled = _settled(found, tree, book)
    return Opened(source, tree.sources[1:], book, settled, tuple(schedules), lambda: tree, known_names=names)


def tree_of(source: Source, parts: Mapping[Path, Source]) -> Tree:
    """The text of a rulebook with the ``parts`` that it includes, as :func:`open_text` reads it."""
    vocabulary_ = words()
    return including(parse(source, vocabulary_)[0], vocabulary_, parts)[0]


def rule_problems(opened: Opened) -> Problems:
    """What is wrong with the cells of the 附表, which are rules: units that the roster lacks, numbers that are none, steps
    of nothing.

    A run says the same; checking says it before there are data.
    """
    from perfdsl.data.load import load
    from perfdsl.workspace.counts import Pieces
    from perfdsl.workspace.limits import checked_steps

    book = opened.rulebook
    if book is None or not opened.sound:
        return ()
    rules = [table for table in book.tables if table.role is TableRole.RULE]
    loaded = load(None, rules, rules=opened.folder)
    dataset, steps = checked_steps(book, loaded.dataset)
    return opened.placed((*loaded.problems, *steps, *Pieces(book).checked(dataset)[1]))


def _previous(source: Source, tree: Tree, vocabulary_: Vocabulary) -> Problems:
    """What is wrong with 上年度; a text that is no file has no folder to look in."""
    head = next((block for block in tree.blocks if block.kind == "rulebook"), None)
    written = head.field("previous") if head is not None else None
    if written is None or source.path is None:
        return ()
    before, said = previous(source, written.value, vocabulary_)
    return said if before is None else (*said, *_without_predecessor(tree, before, vocabulary_))


def _without_predecessor(tree: Tree, before: Edition, vocabulary_: Vocabulary) -> Iterator[Problem]:
    """A question for each code of 上年对应, and for each category, that the version before does not have."""
    said = [(block, field) for block in tree.blocks if (field := block.field("replaces")) is not None]
    if not said:
        return
    source = read_source(before.path)
    known = {line.codes[0].text for line in lines(source, vocabulary_) if line.kind == "header" and line.codes}
    asked = [(block, field, [one for one in codes_of(field.value.text) if one not in known]) for block, field in said]
    if not any(unknown for _, _, unknown in asked):
        return
    # the codes of what it includes and of tables of members are known when it is resolved
    old, _ = including(parse(source, vocabulary_)[0], vocabulary_)
    book, _ = resolve(old, vocabulary_, KINDS, _rows_of(source, []))
    clauses: dict[str, Item | Rule] = {item.code: item for item in book.walk()} if book is not None else {}
    clauses |= {rule.code: rule for rule in (*book.vetoes, *book.applications)} if book is not None else {}
    known |= clauses.keys()
    called = {one.name: one for one in book.categories} if book is not None else {}
    for block, field, unknown in asked:
        twin = clauses.get(block.code.text) if block.code is not None else called.get(block.name.text)
        if twin is not None and twin.meta.replaces == codes_of(field.value.text):
            continue  # two drafts of one year say the same of the year before, which is neither of them
        there = called if block.kind == "category" else known
        for code in unknown:
            if code not in there:
                at = field.value.text.find(code)
                place = field.value.span.part(at, at + len(code)) if at >= 0 else field.value.span
                near = nearest(code, [one for one in there if len(one) + 1 >= len(code)])  # not the group above it
                yield versions.predecessor_unknown(place, code, before.called, near, block.kind == "category")


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
        if table.name == UNITS:
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
    cited = (one if one.citation else one.cited(citation_of(one.span, tree)) for one in kept)
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
    codes = entries() if tree.acknowledged else {}
    for known in tree.acknowledged:
        spoken = [one for one in problems if known in tuple(_acknowledging(one, tree))]
        if known.code not in codes:
            yield writing.unknown_code(known.span, known.code)
        elif all(one.severity is Severity.MUST for one in spoken) and (spoken or not broken):
            yield writing.nothing_to_acknowledge(known.span, known.code, bool(spoken))


__all__ = ["Opened", "open_rulebook", "open_text", "rule_problems", "tree_of", "words"]
