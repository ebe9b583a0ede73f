"""Generated units with Spark: as in ``in_parts``, but batch by batch in other processes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pytest
from in_parts import cells

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.data.columns import DataColumn, Dataset, DataTable
from perfdsl.engine import spark as on_spark
from perfdsl.engine.parts.driver import prepared
from perfdsl.engine.parts.jobs import Job
from perfdsl.engine.spark import Batch, Cluster, NoSpark
from perfdsl.engine.values import Cell
from perfdsl.graph.graph import Graph
from perfdsl.graph.ops import NodeId
from perfdsl.graph.ranges import LIMITS, Limits
from perfdsl.model.states import State
from perfdsl.model.units import ValueType


def spark_here() -> str:
    """Why Spark cannot be started here; "" where it can."""
    try:
        on_spark.needed()
    except NoSpark as missing:
        return str(missing)
    return ""


needs_spark = pytest.mark.skipif(bool(spark_here()), reason=spark_here() or "Spark")


def frame_of(spark: Any, table: DataTable, parts: int) -> Any:
    """``table`` as a frame of ``parts`` partitions: of each column values and states."""
    columns: dict[str, Any] = {"row": np.arange(table.rows)}
    for at, column in enumerate(table.columns.values()):
        columns[f"v{at}"] = _travels(column)
        columns[f"s{at}"] = column.states.astype(np.int64)
    import pyarrow

    return spark.createDataFrame(pyarrow.table(columns)).repartitionByRange(parts, "row")


def _travels(column: DataColumn) -> Any:
    if column.kind is ValueType.TEXT:
        return [
            column.words[value] if state == State.VALUE else None
            for value, state in zip(column.values.tolist(), column.states.tolist(), strict=True)
        ]
    return [str(value) for value in column.values.tolist()] if column.values.dtype == object else column.values


def read(shapes: Sequence[DataColumn], batch: Any) -> Batch:
    """A batch of such a frame; ``shapes``: the columns, without rows. Each part numbers its texts for itself."""
    columns = {}
    for at, shape in enumerate(shapes):
        states = np.array(batch.column(f"s{at}").to_pylist(), dtype=np.uint8)
        values, words = batch.column(f"v{at}").to_pylist(), shape.words
        if shape.kind is ValueType.TEXT:
            words = tuple(sorted({text for text in values if text is not None}))
            place = {word: i for i, word in enumerate(words)}
            values = [place.get(text, 0) for text in values]
        elif shape.values.dtype == object:
            values = [int(value) for value in values]
        columns[shape.name] = DataColumn(
            shape.name, shape.kind, np.array(values, dtype=shape.values.dtype), states, shape.digits, words
        )
    rows = batch.num_rows
    return Batch(DataTable(UNIT_GRAIN, rows, columns), [str(row) for row in batch.column("row").to_pylist()])


def shape(column: DataColumn) -> DataColumn:
    """``column`` without its rows."""
    words = () if column.kind is ValueType.TEXT else column.words
    return DataColumn(column.name, column.kind, column.values[:0], column.states[:0], column.digits, words)


def with_spark(
    spark: Any,
    graph: Graph,
    data: Dataset,
    parts: int,
    wanted: frozenset[NodeId] | None = None,
    limits: Limits = LIMITS,
) -> dict[NodeId, tuple[Cell, ...]]:
    """The cells of ``wanted``, in the order of the rows."""
    table = data[UNIT_GRAIN]
    small = {grain: each for grain, each in data.items() if grain != UNIT_GRAIN}
    shapes = [shape(column) for column in table.columns.values()]
    units = Cluster(frame_of(spark, table, parts), partial(read, shapes), UNIT_GRAIN)
    plan = prepared(graph, small, units, UNIT_GRAIN, wanted, limits)
    by_row = _run(units, plan.job)
    found: dict[NodeId, tuple[Cell, ...]] = {}
    for old, new in plan.place.items():
        if new in plan.job.asked:
            at = plan.job.asked.index(new)
            found[old] = tuple(by_row[row][at] for row in range(table.rows))
        else:
            wide = graph.nodes[old].type.grain == UNIT_GRAIN
            found[old] = cells(plan.small, new) * (table.rows if wide else 1)
    return found


def _run(units: Cluster, job: Job) -> Mapping[int, Sequence[Cell]]:
    found: dict[int, Sequence[Cell]] = {}
    for text in on_spark.said_by(units.frame, units.scaled, partial(_cells, job)):
        found |= {int(row): [_cell(*each) for each in held] for row, held in json.loads(text)}
    return found


def _cells(job: Job, batch: Batch) -> str:
    frame = job.run(batch.table)
    columns = [[_said(*cell) for cell in cells(frame, node)] for node in job.asked]
    return json.dumps(list(zip(batch.names, zip(*columns, strict=True), strict=True)))


def _said(state: State, value: Any) -> tuple[int, str, str]:
    return int(state), type(value).__name__, "" if value is None else str(value)


def _cell(state: int, kind: str, text: str) -> Cell:
    from datetime import date
    from fractions import Fraction

    makers: Mapping[str, Any] = {
        "NoneType": lambda _: None,
        "Fraction": Fraction,
        "int": int,
        "bool": lambda text: text == "True",
        "str": str,
        "date": date.fromisoformat,
    }
    return State(state), makers[kind](text)


def sessions() -> Iterator[Any]:
    """Spark, for a module of tests, whose own modules its workers find."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, sys.path)))
        yield from _session()


def _session() -> Iterator[Any]:
    with on_spark.session("local[2]") as spark:
        spark.conf.set("spark.sql.shuffle.partitions", "4")
        yield spark
