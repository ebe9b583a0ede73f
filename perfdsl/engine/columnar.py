"""The columnar engine: a graph over exact columns, in blocks of rows.

Each operation is one function; :data:`perfdsl.engine.program.OPERATIONS` pairs them, and a test compares it with the
operations there are. Bounds decide beforehand how each number is held and divided (:mod:`perfdsl.graph.ranges`), so
no operation can overflow or round.
"""

from __future__ import annotations

from collections.abc import Mapping

from perfdsl.data.columns import Dataset
from perfdsl.engine.admission import admitted
from perfdsl.engine.blocks import across, by_block
from perfdsl.engine.frame import Fault, Frame, Key, Mismatch, Words, columns_of, data_column, known_columns
from perfdsl.engine.program import OPERATIONS, Program, Shelf
from perfdsl.engine.results import Results
from perfdsl.engine.values import Vector
from perfdsl.graph.graph import Graph, rows_of
from perfdsl.graph.narrowed import Narrowed
from perfdsl.graph.ops import NodeId
from perfdsl.graph.ranges import LIMITS, Limits, Plan
from perfdsl.graph.types import Grain
from perfdsl.model.units import ValueType
from perfdsl.text.records import replace

__all__ = ["OPERATIONS", "Engine", "Mismatch", "planned", "run"]


class Engine:
    """Runs one graph on one set of data after another, and keeps its program while the data stay within its bounds.

    A program that takes the place of another one is good for the data of both, so that there are soon no new ones. Data of
    which int64 does not hold a column in the digits met there have programs of their own.
    """

    def __init__(self, graph: Graph, wanted: frozenset[NodeId] | None = None, limits: Limits = LIMITS) -> None:
        self.graph, self.limits = graph, limits
        self.wanted = frozenset(graph.outputs.values()) if wanted is None else wanted
        self.program: Program | None = None
        self._columns = columns_of(graph, graph.needed(self.wanted))
        self._stacked = graph.stacked()
        self._digits: dict[Key, int] = {}
        self._coarse: frozenset[tuple[Key, int]] = frozenset()
        self._programs: dict[frozenset[tuple[Key, int]], Program] = {}

    def run(self, data: Dataset) -> Results:
        """Compute what is wanted.

        Raises:
            Mismatch: the data lack a column, or have it as another kind.
            NotAdmitted: this machine does not divide as it must.
        """
        program, rows = self.program, self._rows(data)
        if program is None or not program.fits(self._columns, data, rows):
            data, self._coarse = self._in_digits(data)
            program = self._programs.get(self._coarse, program)
            if program is None or not program.fits(self._columns, data, rows):
                program = self._another(program, data, rows)
        results = _executed(self.graph, program, data, rows)
        self.program = self._programs[self._coarse] = results.program
        return results

    def _another(self, before: Program | None, data: Dataset, rows: Mapping[Grain, int]) -> Program:
        """A program for ``data`` a little larger than these, and for what that ``before`` it was made for."""
        from perfdsl.engine.compiling import compiled, joined, widened  # loads where there is no program

        known, doubted = widened(known_columns(self._columns, data)), frozenset[NodeId]()
        most = {grain: 1 << (count - 1).bit_length() if count else 1 for grain, count in rows.items()}
        if before is not None:
            known, doubted = joined(known, before.known), before.doubted
            most = {grain: max(count, before.rows.get(grain, 1)) for grain, count in most.items()}
        return compiled(self.graph, self.wanted, known, most, self.limits, doubted)

    def take(self, program: Program, data: Dataset) -> None:
        """Begin with ``program``, which another engine made for this graph, if it is good for ``data``.

        Raises:
            Mismatch: the data lack a column.
        """
        self._digits = {key: one.stored.digits for key, one in program.known.items() if one.stored is not None}
        finer, coarse = self._in_digits(data)
        if not coarse and program.fits(self._columns, finer, self._rows(data)):
            self.program = program
        else:
            self._digits = {}

    def once(self, data: Dataset) -> Program:
        """A program for these data and no others, with the narrowest bounds.

        Raises:
            Mismatch: the data lack a column, or have it as another kind.
        """
        from perfdsl.engine.compiling import compiled

        known, rows = known_columns(self._columns, data), self._rows(data)
        self.program = compiled(self.graph, self.wanted, known, rows, self.limits)
        return self.program

    def _in_digits(self, data: Dataset) -> tuple[Dataset, frozenset[tuple[Key, int]]]:
        """``data`` with as many digits in each column as were ever met there; the columns of which int64 does not hold them,
        and the digits that these have."""
        found, coarse = dict(data), set[tuple[Key, int]]()
        for op, kind in self._columns.items():
            if kind is not ValueType.NUMBER:
                continue
            column, key = data_column(data, op), (op.grain, op.name)
            most = self._digits[key] = max(column.digits, self._digits.get(key, 0))
            finer = column.in_digits(most)
            if finer.digits < most:
                coarse.add((key, finer.digits))
            if finer is not column:
                table = found[op.grain]
                found[op.grain] = replace(table, columns={**table.columns, op.name: finer})
        return found, frozenset(coarse)

    def _rows(self, data: Dataset) -> dict[Grain, int]:
        return rows_of({grain: table.rows for grain, table in data.items()}, self._stacked)


def run(
    graph: Graph,
    data: Dataset,
    wanted: frozenset[NodeId] | None = None,
    limits: Limits = LIMITS,
    shelf: Shelf | None = None,
) -> Results:
    """Compute ``wanted`` (the outputs, if None) and all that they need, once.

    ``limits`` are the sizes at which tiers change; only tests make them smaller. ``shelf``: where a program of ``graph`` may
    lie that is good for these data; if there is none, one that is good for a little more is made and put there. What comes
    out does not depend on it: where something is wrong, the data are run once more by a program for them alone.

    Raises:
        Mismatch: the data lack a column, or have it as another kind.
        NotAdmitted: this machine does not divide as it must.
    """
    engine = Engine(graph, wanted, limits)
    if shelf is not None:
        before = shelf.find()
        if before is not None and (before.wanted, before.narrowed.plan.limits) != (engine.wanted, limits):
            before = None
        if before is not None:
            engine.take(before, data)
        results = engine.run(data)
        # a wild number that is soon mended must not make all that follows slow
        if before is None or (
            results.program is not before and results.program.with_fractions <= before.with_fractions
        ):
            shelf.keep(results.program)
        if not results.faults:
            return results
        # with wider bounds more may be computed that no row chooses: faults are told by the data alone
        engine = Engine(graph, wanted, limits)
    engine.once(data)
    return engine.run(data)


def planned(graph: Graph, data: Dataset, limits: Limits = LIMITS) -> Plan:
    """How each node would be computed on ``data``; nothing is run.

    Raises:
        Mismatch: the data lack a column, or have it as another kind.
    """
    return Engine(graph, None, limits).once(data).old_plan()


def _executed(graph: Graph, program: Program, data: Dataset, rows: Mapping[Grain, int]) -> Results:
    """Run ``program``; where a guard does not hold, run one without it instead."""
    admitted()
    made = program.narrowed
    read = (data_column(data, column) for column, kind in program.columns.items() if kind is ValueType.TEXT)
    words = Words(program.texts.union(*(column.words for column in read)))
    frame = Frame(made.graph, data, rows, words, made.plan)
    for stage in program.stages:
        for grain, todo in stage.rows.items():
            by_block(frame, grain, todo)
        across(frame, stage.across)
        for node in stage.drops:
            del frame.vectors[node]
    if frame.broken:
        from perfdsl.engine.compiling import compiled

        doubted = program.doubted | {made.source[node] for node in frame.broken}
        again = compiled(graph, program.wanted, program.known, program.rows, made.plan.limits, doubted)
        return _executed(graph, again, data, rows)
    return Results(
        graph=graph,
        vectors={old: _on(frame.vectors[made.place[old]], graph.nodes[old].type.grain, rows) for old in program.wanted},
        faults=tuple(_fault(one, graph, made, rows) for one in frame.faults),
        rows=rows,
        program=program,
        words=words.texts,
        settled={old: frame.decided[new] for old, new in program.settles.items() if new in frame.decided},
    )


def _on(vector: Vector, grain: Grain, rows: Mapping[Grain, int]) -> Vector:
    """``vector`` on the ``grain`` that it had before the graph was narrowed."""
    return vector if vector.grain == grain else replace(vector.spread(rows[grain]), grain=grain)


def _fault(fault: Fault, graph: Graph, made: Narrowed, rows: Mapping[Grain, int]) -> Fault:
    node = made.source[fault.node]
    grain = graph.nodes[node].type.grain
    return replace(
        fault, node=node, grain=grain, rows=fault.rows if grain == fault.grain else tuple(range(rows[grain]))
    )
