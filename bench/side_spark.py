"""W200 by perfdsl on Spark, two processes of this machine: Parquet in, Parquet out."""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
from exact import Column
from pyarrow import parquet
from side_ours import graph, integers, outputs
from w200 import Numbers, dataset

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.data.columns import DataColumn, DataTable
from perfdsl.engine import spark as on_spark
from perfdsl.engine.parts.driver import prepared
from perfdsl.engine.parts.jobs import Job
from perfdsl.engine.spark import Batch, Cluster, NoSpark
from perfdsl.model.units import ValueType

PARTS = 8
"""Row groups of the file, so many as Spark takes apart."""


class Spark:
    """The session is started before anything is timed; a run reads the file, gathers what units share, and writes.

    Raises:
        ImportError: Spark or Java is not there.
    """

    name = "perfdsl，Spark local[2]，Parquet 进出"

    def __init__(self) -> None:
        try:
            on_spark.needed()
        except NoSpark as missing:
            raise ImportError(str(missing)) from None
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))  # its workers find these modules
        self.until_the_end = ExitStack()
        atexit.register(self.until_the_end.close)
        self.session = self.until_the_end.enter_context(on_spark.session("local[2]"))
        self.folder = Path(self.until_the_end.enter_context(tempfile.TemporaryDirectory()))

    def given(self, found: Numbers) -> Sequence[DataColumn]:
        """The file is written; what is handed on are its columns, without rows."""
        columns = list(dataset(found)[UNIT_GRAIN].columns.values())
        there = [one for one in columns if one.name != NAME]
        held = {f"c{at}": one.values for at, one in enumerate(there)}
        table = pyarrow.table({"row": np.arange(len(found.category)), **held})
        parquet.write_table(table, self.folder / "units.parquet", row_group_size=-(-table.num_rows // PARTS))
        return [DataColumn(one.name, one.kind, one.values[:0], one.states[:0], one.digits, one.words) for one in there]

    def run(self, given: Sequence[DataColumn]) -> Path:
        frame = self.session.read.parquet(str(self.folder / "units.parquet"))
        units = Cluster(frame, partial(_read, given), UNIT_GRAIN)
        nodes = {key: graph().outputs[name] for key, name in outputs().items()}
        plan = prepared(graph(), {}, units, UNIT_GRAIN, frozenset(nodes.values()))
        at = {key: plan.place[node] for key, node in nodes.items()}
        out = self.folder / "scores"
        schema = ", ".join(f"{key} bigint" for key in ("row", *at))
        made = frame.mapInArrow(partial(_scored, units.scaled, plan.job, at), schema)
        made.write.mode("overwrite").parquet(str(out))
        return out

    def answers(self, given: Sequence[DataColumn], made: Path) -> Iterable[Column]:
        found = parquet.read_table(made).sort_by("row")
        for key in outputs():
            yield key, found[key].to_numpy()


NAME = "单位名册.单位"


def _read(shapes: Sequence[DataColumn], batch: Any) -> Batch:
    rows = batch.num_rows
    columns = {
        one.name: DataColumn(
            one.name,
            one.kind,
            batch.column(f"c{at}").to_numpy(),
            np.zeros(rows, dtype=np.uint8),
            one.digits,
            one.words,
        )
        for at, one in enumerate(shapes)
    }
    names = tuple(f"单位{number:07d}" for number in batch.column("row").to_pylist())
    columns[NAME] = DataColumn(NAME, ValueType.TEXT, np.arange(rows), np.zeros(rows, dtype=np.uint8), 0, names)
    return Batch(DataTable(UNIT_GRAIN, rows, columns), names)


def _scored(read: Any, job: Job, at: Mapping[str, int], batches: Iterable[Any]) -> Iterator[Any]:
    for part in batches:
        if part.num_rows:
            frame = job.run(read(part).table)
            made = {key: np.broadcast_to(integers(key, frame.vectors[node]), part.num_rows) for key, node in at.items()}
            yield pyarrow.RecordBatch.from_pydict({"row": part.column("row"), **made})
