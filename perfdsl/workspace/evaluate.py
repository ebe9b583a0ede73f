"""A rulebook and its data → what every unit gets, by either engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from perfdsl.clauses import BY_KEY
from perfdsl.compile.lower import UNIT_GRAIN, lower
from perfdsl.data.columns import DataColumn, Dataset, DataTable
from perfdsl.data.load import FileRead, Owed, load
from perfdsl.model.expression import ColumnRef
from perfdsl.model.item import Answer, AnswerKind, Item
from perfdsl.model.outputs import Cell, Outcome
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import State
from perfdsl.model.table import UNITS
from perfdsl.model.units import ValueType, decimal
from perfdsl.text.catalogue import running
from perfdsl.text.problem import Problem, Problems
from perfdsl.workspace.opening import Opened

if TYPE_CHECKING:
    from perfdsl.engine.results import Results
    from perfdsl.graph.graph import Graph

Engine = Literal["columnar", "reference"]
ASSUMPTIONS: Mapping[str, Answer] = {
    "不得分": Answer(AnswerKind.ZERO),
    "得满分": Answer(AnswerKind.FULL),
    "不计分": Answer(AnswerKind.SKIP),
}
"""What --assume-pending (暂按) may give for what is not known yet."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What came out. ``outcome`` has a cell for every unit in the order of ``units``."""

    opened: Opened
    book: Rulebook
    units: tuple[str, ...]
    outcome: Outcome
    dataset: Dataset
    problems: Problems
    owed: tuple[Owed, ...] = ()
    files: tuple[FileRead, ...] = ()
    assumed: str = ""
    graph: Graph | None = None
    results: Results | None = field(default=None, repr=False)

    def cell(self, name: str, unit: int) -> Cell:
        """One cell of the outcome."""
        return self.outcome[name][unit]

    @property
    def provisional(self) -> bool:
        """Whether something was assumed (暂定)."""
        return bool(self.assumed)


def evaluate(opened: Opened, data: Path | None, engine: Engine = "columnar", assume: str = "") -> Evaluation:
    """Run ``opened`` on the data at ``data`` (its own data folder, if None).

    ``engine``: ``columnar`` runs the graph, ``reference`` the model (the graph is run for its faults alone, so that
    both say the same problems). ``assume``: one of :data:`ASSUMPTIONS`.

    Raises:
        ValueError: the rulebook is not sound.
    """
    if not opened.sound or opened.rulebook is None:
        raise ValueError("a rulebook with 必须改 cannot be run")
    book = opened.rulebook
    loaded = load(data or opened.data_folder, book.tables, rules=opened.folder)
    dataset, problems = checked_scores(book, loaded.dataset)
    asked = assuming(book, ASSUMPTIONS[assume]) if assume else book
    found: Problems = (*loaded.problems, *problems)
    if UNIT_GRAIN not in dataset or not dataset[UNIT_GRAIN].rows:
        return Evaluation(
            opened, book, (), {}, dataset, (*found, running.no_units(book.span)), loaded.owed, loaded.files
        )
    from perfdsl.engine.columnar import run

    graph = lower(asked)
    results = run(graph, dataset)
    if engine == "reference":
        from perfdsl.reference import evaluate as by_hand

        outcome = by_hand(asked, dataset)
    else:
        outcome = {name: as_published(book, name, results.output(name, UNIT_GRAIN)) for name in graph.outputs}
    return Evaluation(
        opened,
        book,
        loaded.units,
        outcome,
        dataset,
        (*found, *_faults(graph, results, loaded.units)),
        loaded.owed,
        loaded.files,
        assume,
        graph,
        results,
    )


def as_published(book: Rulebook, name: str, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Grades as names instead of positions."""
    if name != "grade" or book.scheme is None:
        return cells
    order = book.scheme.order
    return tuple((state, order[int(value)] if isinstance(value, (int, Fraction)) else value) for state, value in cells)


def _faults(graph: Graph, results: Results, units: tuple[str, ...]) -> list[Problem]:
    found = []
    for fault in results.faults:
        node = graph.nodes[fault.node]
        rows = [units[row] for row in fault.rows if node.type.grain == UNIT_GRAIN]
        found.append(running.zero_divisor(node.origin, rows))
    return found


def assuming(book: Rulebook, answer: Answer) -> Rulebook:
    """The rulebook with ``answer`` for every state that it leaves open."""

    def one(item: Item) -> Item:
        open_states = [
            state
            for state in State
            if state is not State.VALUE and ((given := item.answer(state)) is None or given.kind is AnswerKind.RETURN)
        ]
        answers = tuple(pair for pair in item.answers if pair[0] not in open_states)
        more = tuple((state, answer) for state in open_states) if item.scoring is not None else ()
        return replace(item, answers=tuple(sorted((*answers, *more))), children=tuple(one(c) for c in item.children))

    return replace(book, items=tuple(one(item) for item in book.items))


def checked_scores(book: Rulebook, dataset: Dataset) -> tuple[Dataset, Problems]:
    """Scores given by people against their range and step; one that does not keep to them is 待定."""
    problems: list[Problem] = []
    table = dataset.get(UNIT_GRAIN)
    if table is None:
        return dataset, ()
    changed: dict[str, DataColumn] = {}
    for item in book.walk():
        kind = BY_KEY[item.scoring.kind] if item.scoring else None
        if kind is None or kind.limits is None or not isinstance(item.value, ColumnRef):
            continue
        name = f"{item.value.table}.{item.value.column}"
        column = table.columns.get(name)
        if column is None:
            continue
        least, most, step = kind.limits(item.scoring, item)
        bad = [
            row
            for row, (state, value) in enumerate(column.cells)
            if state is State.VALUE and isinstance(value, Fraction) and not _keeps(value, least, most, step)
        ]
        for row in bad:
            value = column.cells[row][1]
            assert isinstance(value, Fraction)
            address = column.addresses[row] if column.addresses else None
            problems.append(
                running.score_out_of_range(
                    address, item.name, decimal(value), decimal(least), decimal(most), decimal(step) if step else ""
                )
            )
        if bad:
            states = column.states.copy()
            states[bad] = State.PENDING
            changed[name] = replace(column, states=states)
    if not changed:
        return dataset, tuple(problems)
    columns = {**table.columns, **changed}
    return {**dataset, UNIT_GRAIN: DataTable(UNIT_GRAIN, table.rows, columns)}, tuple(problems)


def _keeps(value: Fraction, least: Fraction, most: Fraction, step: Fraction | None) -> bool:
    return least <= value <= most and (step is None or (value - least) % step == 0)


__all__ = ["ASSUMPTIONS", "UNITS", "Callable", "Evaluation", "ValueType", "evaluate"]
