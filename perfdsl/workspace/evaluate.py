"""A rulebook and its data → what every unit gets, by either engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.graph.ops import Apply, Fn
from perfdsl.model.outputs import GRADE, Cell, Outcome
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.table import TableRole
from perfdsl.text.catalogue import data as data_problems
from perfdsl.text.catalogue import running
from perfdsl.text.citation import Address
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass, field, replace
from perfdsl.workspace.assuming import ASSUMPTIONS, Assumption, assuming
from perfdsl.workspace.calendars import days_uncovered, other_years
from perfdsl.workspace.filling import filled
from perfdsl.workspace.opened import Opened

if TYPE_CHECKING:
    from perfdsl.data.columns import Dataset
    from perfdsl.data.load import FileRead, Loaded, Owed
    from perfdsl.engine.frame import Wrong
    from perfdsl.engine.program import Shelf
    from perfdsl.engine.results import Results
    from perfdsl.graph.graph import Graph, Node
    from perfdsl.workspace.as_of import AsOf

__all__ = ["ASSUMPTIONS", "Assumption", "Engine", "Evaluation", "as_published", "evaluate"]

Engine = Literal["columnar", "reference"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Evaluation:
    """What came out. ``outcome`` has a cell for every unit in the order of ``units``.

    ``incomplete`` are tables that lack rows (:class:`perfdsl.data.load.Loaded`), ``unreadable`` says that a file, or
    the place of the data, could not be read at all. ``graph`` and ``results`` are those of the columnar engine, which
    always runs; None where there is no unit.
    """

    opened: Opened
    book: Rulebook
    units: tuple[str, ...]
    outcome: Outcome
    dataset: Dataset
    problems: Problems
    owed: tuple[Owed, ...] = ()
    files: tuple[FileRead, ...] = ()
    incomplete: frozenset[str] = frozenset()
    unreadable: bool = False
    assumed: Assumption = ""
    as_of: AsOf | None = None
    graph: Graph | None = None
    results: Results | None = field(default=None, repr=False)

    def cell(self, name: str, unit: int) -> Cell:
        """One cell of the outcome."""
        return self.outcome[name][unit]

    @property
    def without_data(self) -> bool:
        """Whether there are no data at all where they were looked for."""
        return any(one.code in data_problems.NO_DATA for one in self.problems)

    @property
    def provisional(self) -> bool:
        """Whether something was assumed (暂定)."""
        return bool(self.assumed)


def evaluate(
    opened: Opened,
    data: Path | None,
    engine: Engine = "columnar",
    assume: Assumption = "",
    until: date | None = None,
    fill: Path | None = None,
    shelf: Shelf | None = None,
) -> Evaluation:
    """Run ``opened`` on the data at ``data`` (its own data folder, if None).

    ``engine``: ``columnar`` runs the graph, ``reference`` the model (the graph is run for its faults alone, so that
    both say the same problems). ``assume``: one of :data:`ASSUMPTIONS`. ``until`` (截至): the run is made as of
    that day, which lies in 考核期 (:func:`perfdsl.workspace.as_of.outside`). ``fill``: data that stand in for columns of
    which there is nothing (:mod:`perfdsl.workspace.filling`). ``shelf``: where the program of the rulebook's own graph is
    kept (:class:`perfdsl.workspace.keeping.Programs`).

    Raises:
        ValueError: the rulebook is not sound.
    """
    if not opened.sound or opened.rulebook is None:
        raise ValueError("a rulebook with 必须改 cannot be run")
    from perfdsl.engine.runs import run  # this and numpy load when something is run, not when it is checked
    from perfdsl.workspace.graphs import deciding

    book, loaded, on_day = _read(opened, opened.rulebook, data, until, fill)
    dataset, found = loaded.dataset, loaded.problems
    if UNIT_GRAIN not in dataset or not dataset[UNIT_GRAIN].rows:
        return _without_units(opened, book, loaded, (*found, running.no_units(book.span)))
    asked = assuming(book, ASSUMPTIONS[assume]) if assume else book
    graph = opened.graph if asked is opened.rulebook else None
    if graph is None:
        from perfdsl.compile.lower import lower

        graph, shelf = lower(asked), None
    results = run(graph, dataset, frozenset(graph.outputs.values()) | deciding(graph), shelf=shelf)
    if engine == "reference":
        from perfdsl.reference import evaluate as by_hand

        outcome = by_hand(asked, dataset)
    else:
        outcome = _Published(book, results)
    return Evaluation(
        opened=opened,
        book=book,
        units=loaded.units,
        outcome=outcome,
        dataset=dataset,
        problems=(*found, *_faults(graph, results, loaded.units), *(on_day.problems if on_day is not None else ())),
        owed=loaded.owed,
        files=loaded.files,
        incomplete=loaded.incomplete,
        unreadable=loaded.unreadable,
        assumed=assume,
        as_of=on_day,
        graph=graph,
        results=results,
    )


def read(opened: Opened, data: Path | None = None) -> Loaded:
    """The data at ``data`` (the rulebook's own data folder, if None), and what there is to say about them by themselves.

    Raises:
        ValueError: the rulebook is not sound.
    """
    if not opened.sound or opened.rulebook is None:
        raise ValueError("a rulebook with 必须改 asks for no data")
    _, loaded, _ = _read(opened, opened.rulebook, data)
    if UNIT_GRAIN not in loaded.dataset or not loaded.dataset[UNIT_GRAIN].rows:
        loaded = replace(loaded, problems=(*loaded.problems, running.no_units(opened.rulebook.span)))
    return loaded


def _read(
    opened: Opened, book: Rulebook, data: Path | None, until: date | None = None, fill: Path | None = None
) -> tuple[Rulebook, Loaded, AsOf | None]:
    """The rulebook as of ``until``, its data with every score and count looked at, and what 截至 leaves out."""
    from perfdsl.data.load import load
    from perfdsl.workspace.counts import parts_greater
    from perfdsl.workspace.limits import checked_scores

    where, on_day, whole = data or opened.data_folder, None, book
    if until is not None and book.period is not None:
        from perfdsl.workspace.as_of import as_of, due_months

        months = due_months(book.period, until)
        book, on_day = as_of(book, until)
        loaded = load(where, book.tables, rules=opened.folder, due_months=months, put_aside=True)
    else:
        loaded = load(where, book.tables, rules=opened.folder)
    if where is None:
        loaded = replace(loaded, problems=(*_no_folder(opened, book), *loaded.problems))
    loaded = filled(loaded, fill, book.tables, opened.folder).loaded
    dataset, problems = checked_scores(book, loaded.dataset)
    asked_about = (*parts_greater(book, dataset), *other_years(whole, dataset))
    found = (*loaded.problems, *problems, *days_uncovered(book, dataset), *asked_about)
    return book, replace(loaded, dataset=dataset, problems=opened.placed(found)), on_day


def _no_folder(opened: Opened, book: Rulebook) -> Iterator[Problem]:
    """That there are no data, where some are asked for."""
    facts = [table.name for table in book.tables if table.role is not TableRole.RULE]
    if facts and opened.usual_data is not None:
        yield data_problems.no_folder(Address(opened.usual_data.name), str(opened.usual_data), facts)


def _without_units(opened: Opened, book: Rulebook, loaded: Loaded, problems: Problems) -> Evaluation:
    return Evaluation(
        opened=opened,
        book=book,
        units=(),
        outcome={},
        dataset=loaded.dataset,
        problems=problems,
        owed=loaded.owed,
        files=loaded.files,
        incomplete=loaded.incomplete,
        unreadable=loaded.unreadable,
    )


class _Published(Mapping[str, tuple[Cell, ...]]):
    """The outcome of a run, each output turned into plain values when somebody asks for it: few look at all of them."""

    def __init__(self, book: Rulebook, results: Results) -> None:
        self._book, self._results = book, results
        self._met: dict[str, tuple[Cell, ...]] = {}

    def __getitem__(self, name: str) -> tuple[Cell, ...]:
        if name not in self._met:
            self._met[name] = as_published(self._book, name, self._results.output(name, UNIT_GRAIN))
        return self._met[name]

    def __contains__(self, name: object) -> bool:
        return name in self._results.graph.outputs

    def __iter__(self) -> Iterator[str]:
        return iter(self._results.graph.outputs)

    def __len__(self) -> int:
        return len(self._results.graph.outputs)


def as_published(book: Rulebook, name: str, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Grades as names instead of positions."""
    if name.partition(":")[0] != GRADE or book.scheme is None:
        return cells
    order = book.grade_names
    return tuple((state, order[int(value)] if isinstance(value, (int, Fraction)) else value) for state, value in cells)


def _faults(graph: Graph, results: Results, units: tuple[str, ...]) -> list[Problem]:
    found = []
    for fault in results.faults:
        node = graph.nodes[fault.node]
        rows = [units[row] for row in fault.rows if node.type.grain == UNIT_GRAIN]
        found.append(problem_of(node, fault.what, rows))
    return found


def problem_of(node: Node, what: Wrong, units: Sequence[str]) -> Problem:
    """What to say of ``units`` where ``node`` has no result."""
    match what.value:
        case "zero":
            return running.zero_divisor(node.origin, units)
        case "domain":
            is_log = isinstance(node.op, Apply) and node.op.fn is Fn.LN
            return data_problems.out_of_domain(node.origin, units, is_log)
        case _:
            return data_problems.unsettled(node.origin, units)
