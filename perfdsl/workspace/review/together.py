"""Many rulebooks on the same data at once.

Their graphs are built by one builder, so that what they share is one node and is computed once; where two books give the
same node for an output, that output is the same for all data whatever, which is a proof. Cells of a 附表 that differ become
columns of their own, as do scores that people give under another range. Books whose tables are declared differently, or have other rows, are run apart.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path

from perfdsl.compile.grains import UNIT_GRAIN, column_types
from perfdsl.compile.lower import Lowering
from perfdsl.data.columns import DataColumn, Dataset, DataTable
from perfdsl.data.load import Loaded, load
from perfdsl.engine.columnar import run
from perfdsl.engine.results import Results
from perfdsl.graph.builder import Builder
from perfdsl.graph.graph import Graph
from perfdsl.graph.infer import GraphTypeError
from perfdsl.graph.ops import NodeId
from perfdsl.graph.types import NodeType
from perfdsl.model.outputs import Cell
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import UNITS, RowOf, Table, TableRole
from perfdsl.text.problem import Problems
from perfdsl.text.records import dataclass, field, replace
from perfdsl.workspace.evaluate import as_published
from perfdsl.workspace.filling import Filling, filled
from perfdsl.workspace.limits import Bounds, Limits, within
from perfdsl.workspace.review.parts import meaning, row_keys

UNFIT = (GraphTypeError, KeyError, AssertionError, ValueError, IndexError, StopIteration)
"""What lowering can raise where rules of two books, or of two readings, do not go together: something they need is not there."""


class Layered(Builder):
    """A builder for many rulebooks; ``book`` says whose nodes are being made."""

    def __init__(self, columns: Mapping[tuple[str, str], NodeType]) -> None:
        super().__init__(columns)
        self.book = 0
        self.versions: Mapping[tuple[str, str], str] = {}
        self._mine: dict[int, dict[str, NodeId]] = {}

    def column(self, grain: str, name: str, label: str = "") -> NodeId:
        return super().column(grain, self.versions.get((grain, name), name), label)

    def output(self, name: str, node: NodeId) -> None:
        self._mine.setdefault(self.book, {})[name] = node

    @property
    def mine(self) -> Mapping[str, NodeId]:
        """The outputs of the present book."""
        return self._mine.get(self.book, {})

    def forget(self) -> None:
        """Ask for nothing of the present book."""
        self._mine.pop(self.book, None)

    def graph(self) -> Graph:
        graph = super().graph()
        return replace(
            graph,
            outputs={f"{book}|{name}": node for book, every in self._mine.items() for name, node in every.items()},
        )

    def stack(self, parts: Sequence[NodeId], to: str) -> NodeId:
        grains = tuple(self.type(part).grain for part in parts)
        return super().stack(parts, to if self._stacked.get(to, grains) == grains else f"{to}#{self.book}")


@dataclass(frozen=True)
class Source:
    """Where the data of one side lie: ``rules`` is the folder of the rulebook's own files.

    ``fill`` holds what is taken for columns of one row a unit of which the data have nothing at all.
    """

    data: Path | None
    rules: Path | None
    fill: Path | None = None

    def load(self, tables: Sequence[Table]) -> Loaded:
        """The data of this side, filled up."""
        return self.filling(tables).loaded

    def filling(self, tables: Sequence[Table]) -> Filling:
        """The data of this side, and what ``fill`` does to them."""
        return filled(load(self.data, tables, rules=self.rules), self.fill, tables, self.rules)


@dataclass
class _Group:
    """Books that share their tables. ``books`` are positions in the list that was given."""

    books: list[int]
    graph: Graph | None = None
    results: Results | None = None
    loaded: Loaded | None = None
    cells: dict[NodeId, tuple[Cell, ...]] = field(default_factory=dict)
    versions: dict[str, DataColumn] = field(default_factory=dict)
    given: dict[tuple[str, str], dict[Bounds, str]] = field(default_factory=dict)
    limits: list[Limits] = field(default_factory=list)

    def judged(self, dataset: Dataset) -> Dataset:
        """With the scores that people give, once for each range that a book has for them; numbers that one of the books
        cannot take are 待定 in all, since nothing can be put down to them."""
        for one in self.limits:
            dataset, _ = one.numbers(dataset)
        found = dict(dataset)
        for (grain, name), ranges in self.given.items():
            if grain in found and name in found[grain].columns:
                table = found[grain]
                more = {alias: within(table.columns[name], bounds) for bounds, alias in ranges.items()}
                found[grain] = DataTable(grain, table.rows, {**table.columns, **more})
        return found


class Together:
    """Results of ``books`` on the data of ``source``.

    With ``tolerant``, books that cannot be lowered are ``refused``, and have no outputs.

    Raises:
        Mismatch: the data lack a column.
        GraphTypeError: a book cannot be lowered, and it is not ``tolerant``.
    """

    def __init__(self, books: Sequence[Rulebook], source: Source, tolerant: bool = False) -> None:
        self.books = tuple(books)
        self.tolerant = tolerant
        self.refused: set[int] = set()
        self.source = source
        grouped: dict[Hashable, list[int]] = {}
        for place, book in enumerate(books):
            grouped.setdefault(_tables(book), []).append(place)
        self._groups = [_Group(places) for places in grouped.values()]
        self._of = {place: group for group in self._groups for place in group.books}
        for group in self._groups:
            self._prepare(group)

    @property
    def units(self) -> tuple[str, ...]:
        """The units, in the order of the roster."""
        loaded = self._of[0].loaded
        assert loaded is not None
        return loaded.units

    @property
    def dataset(self) -> Dataset:
        """The data, as the first book reads them."""
        loaded = self._of[0].loaded
        assert loaded is not None
        return loaded.dataset

    @property
    def problems(self) -> Problems:
        """What there is to say about the data, as the first book reads them."""
        loaded = self._of[0].loaded
        assert loaded is not None
        return loaded.problems

    def has(self, book: int, name: str) -> bool:
        """Whether ``book`` has the output."""
        graph = self._of[book].graph
        return graph is not None and f"{book}|{name}" in graph.outputs

    def names(self, book: int) -> tuple[str, ...]:
        """The outputs of ``book``."""
        graph = self._of[book].graph
        assert graph is not None
        lead = f"{book}|"
        return tuple(name.removeprefix(lead) for name in graph.outputs if name.startswith(lead))

    def node(self, book: int, name: str) -> tuple[int, NodeId]:
        """What computes an output; the same for two books: they give the same on all data."""
        group = self._of[book]
        assert group.graph is not None
        return self._groups.index(group), group.graph.outputs[f"{book}|{name}"]

    def same(self, one: int, other: int) -> bool:
        """Whether two books give the same outputs by the same nodes."""
        names = self.names(one)
        return names == self.names(other) and all(self.node(one, name) == self.node(other, name) for name in names)

    def cells(self, book: int, name: str) -> tuple[Cell, ...]:
        """One cell a unit, grades by name."""
        group = self._of[book]
        results = self._run(group)
        node = group.graph.outputs[f"{book}|{name}"]  # type: ignore[union-attr]
        if node not in group.cells:
            group.cells[node] = results.cells(node, UNIT_GRAIN)
        return as_published(self.books[book], name, group.cells[node])

    def forget(self) -> None:
        """Run again when something is asked for next."""
        for group in self._groups:
            group.results = None
            group.cells.clear()

    def feed(self, dataset: Dataset, units: Sequence[str]) -> None:
        """Run on other data when something is asked for next; what 附表 say of one unit after the other stays."""
        for group in self._groups:
            assert group.loaded is not None
            rows = DataTable(UNIT_GRAIN, len(units), {**dataset[UNIT_GRAIN].columns, **group.versions})
            made = group.judged({**dataset, UNIT_GRAIN: rows})
            group.loaded = replace(group.loaded, dataset=made, units=tuple(units))
            group.results = None
            group.cells.clear()

    # ---- building

    def _prepare(self, group: _Group) -> None:
        books = [self.books[place] for place in group.books]
        tables = [_merged([book.tables[at] for book in books]) for at in range(len(books[0].tables))]
        loaded = self.source.load(tables)
        dataset = loaded.dataset
        types = column_types(replace(books[0], tables=tuple(tables)))
        columns = dict(dataset[UNIT_GRAIN].columns) if UNIT_GRAIN in dataset else {}
        versions: dict[tuple[str, str], dict[tuple[str, ...], str]] = {}
        own: list[dict[tuple[str, str], str]] = []
        group.limits = [Limits(book) for book in books]
        for book, limits in zip(books, group.limits, strict=True):
            mine: dict[tuple[str, str], str] = {}
            for table, base in zip(book.tables, tables, strict=True):
                if not _per_unit(table) or table.rows == base.rows:
                    continue
                self._version(table, base, versions, mine, columns)
            for key, bounds in limits.given.items():
                ranges = group.given.setdefault(key, {})
                mine[key] = ranges.setdefault(bounds, f"{key[1]}?{len(ranges) + 1}")
            own.append(mine)
        for (grain, name), known in versions.items():
            for alias in known.values():
                types[grain, alias] = types[grain, name]
                group.versions[alias] = columns[alias]
        for (grain, name), ranges in group.given.items():
            types |= {(grain, alias): types[grain, name] for alias in ranges.values()}
        builder = Layered(types)
        for place, book, mine in zip(group.books, books, own, strict=True):
            builder.book, builder.versions = place, mine
            try:
                group.graph = Lowering(book, builder).graph()
            except UNFIT:
                if not self.tolerant:
                    raise
                self.refused.add(place)
                builder.forget()
                group.graph = builder.graph()
        if UNIT_GRAIN in dataset:
            dataset = {**dataset, UNIT_GRAIN: DataTable(UNIT_GRAIN, dataset[UNIT_GRAIN].rows, columns)}
        group.loaded = replace(loaded, dataset=group.judged(dataset))

    def _version(
        self,
        table: Table,
        base: Table,
        versions: dict[tuple[str, str], dict[tuple[str, ...], str]],
        mine: dict[tuple[str, str], str],
        columns: dict[str, DataColumn],
    ) -> None:
        """Columns of ``table`` that hold other cells than those of ``base``."""
        read = None
        for at, column in enumerate(table.columns):
            cells = _of_rows(table, at)
            if cells == _of_rows(base, at):
                continue
            key = (UNIT_GRAIN, f"{table.name}.{column.name}")
            known = versions.setdefault(key, {})
            if cells not in known:
                known[cells] = f"{key[1]}#{len(known) + 1}"
                if read is None:
                    read = load(
                        None, [table] if table.name == UNITS else [self._roster, table], rules=self.source.rules
                    )
                columns[known[cells]] = read.dataset[UNIT_GRAIN].columns[key[1]]
            mine[key] = known[cells]

    @property
    def _roster(self) -> Table:
        table = self.books[0].table(UNITS)
        assert table is not None
        return table

    def _run(self, group: _Group) -> Results:
        if group.results is None:
            assert group.graph is not None
            assert group.loaded is not None
            group.results = run(group.graph, group.loaded.dataset)
        return group.results


def _of_rows(table: Table, at: int) -> tuple[str, ...]:
    """The cells of a column, each with the row that it belongs to."""
    return tuple(f"{key}\0{row[at].text}" for key, row in zip(row_keys(table), table.rows, strict=True))


def _per_unit(table: Table) -> bool:
    return table.role is TableRole.RULE and table.row_of is RowOf.UNIT and bool(table.rows)


def _tables(book: Rulebook) -> Hashable:
    """What must be the same for two books to be run as one: the tables, but for cells of one row a unit."""
    return tuple(
        (replace(table, rows=()), bool(table.rows)) if _per_unit(table) else table
        for table in (meaning(one) for one in book.tables)
    )


def _merged(tables: Sequence[Table]) -> Table:
    """The first of ``tables``, read under the headings of all."""
    first = tables[0]
    columns = []
    for at, column in enumerate(first.columns):
        every = [table.columns[at] for table in tables]
        also = dict.fromkeys(name for one in every for name in (one.name, *one.also))
        choices = dict.fromkeys(word for one in every for word in one.choices)
        closed = all(one.choices for one in every)
        reworded = dict.fromkeys(pair for one in every for pair in one.reworded)
        columns.append(
            replace(
                column,
                also=tuple(name for name in also if name != column.name),
                choices=tuple(choices) if closed else (),
                reworded=tuple(reworded),
            )
        )
    return replace(first, columns=tuple(columns))
