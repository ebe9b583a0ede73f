"""A run whose units lie in Parquet, as many as there are: read, computed and written by Spark, part by part.

Tables of one row a unit that lie in the data folder as Parquet (a file, or a folder of files) are read where the parts
are; all other tables are read here, as ever. No row of a unit comes here: only group facts do, and, where other tables
have to be held against them, the names of the units.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.compile.lower import lower
from perfdsl.data.columns import UNIT_COLUMN, DataColumn, DataTable
from perfdsl.data.columns import column as build
from perfdsl.data.convert import called, shared
from perfdsl.data.heads import LargePart, completed, match
from perfdsl.data.load import Apart, FileRead, Loaded, load
from perfdsl.data.parquet import open_arrow
from perfdsl.data.raw import clean, key
from perfdsl.data.refused import Refused, is_parquet
from perfdsl.data.roster import FORMER
from perfdsl.data.sources import Shelf
from perfdsl.data.wide import unit_columns
from perfdsl.engine.parts import carry
from perfdsl.engine.parts.driver import Planned, prepared
from perfdsl.engine.parts.facts import Vocabulary
from perfdsl.engine.parts.jobs import FaultCount, faults_of, merged_faults
from perfdsl.engine.spark import Batch, Cluster, NoSpark, Read, finishing, needed, session
from perfdsl.graph.graph import Graph
from perfdsl.model import outputs
from perfdsl.model.outputs import Cell, Outcome
from perfdsl.model.rulebook import Rulebook
from perfdsl.model.states import BLOCKING, State
from perfdsl.model.table import UNITS, RowOf, Table, TableRole
from perfdsl.model.units import ValueType
from perfdsl.text import files
from perfdsl.text.catalogue import data as data_problems
from perfdsl.text.catalogue import entries
from perfdsl.text.digits import Digits
from perfdsl.text.problem import Problem, Problems
from perfdsl.text.records import dataclass, field, replace
from perfdsl.text.refusal import Refusal
from perfdsl.workspace.as_of import AsOf, as_of, due_months
from perfdsl.workspace.assuming import ASSUMPTIONS, Assumption, assuming
from perfdsl.workspace.calendars import days_uncovered, other_years
from perfdsl.workspace.counts import parts_greater
from perfdsl.workspace.evaluate import Evaluation, as_published, problem_of
from perfdsl.workspace.limits import checked_scores
from perfdsl.workspace.opened import Opened

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["NoSpark", "Sheet", "Spread", "Unfit", "lying_apart", "needed", "spread"]

MOST_SAID = 20
"""Problems of one kind and column that are reported, of all parts together, and names in a refusal."""


class Unfit(Refusal):
    """Data that cannot be computed in parts as they lie."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """Rows of one output: text under ``head``, of which those in ``numbers`` are numbers; ``order``: sorted by these."""

    head: Sequence[str]
    numbers: frozenset[str]
    rows: Sequence[Sequence[str | None]]
    order: Sequence[str]


Sheets = Callable[[Evaluation], Mapping[str, Sheet]]
"""The units of one part → the rows of each output, by file name. It is sent to where the rows are."""


@dataclass(frozen=True, eq=False)
class Spread:
    """What came out. ``evaluation`` has no units: those are in the files that were written; ``units`` counts them.

    ``pending``: how many have something that is 待定.
    """

    evaluation: Evaluation
    units: int
    pending: int


def spread(
    opened: Opened,
    data: Path | None,
    master: str,
    sheets: Sheets,
    folder: Path,
    assume: Assumption = "",
    until: date | None = None,
) -> Spread:
    """Run ``opened`` with Spark at ``master`` and write a folder of Parquet into ``folder`` for each of ``sheets``.

    Raises:
        ValueError: the rulebook is not sound.
        Refusal: the data are not in parts, Spark cannot be had or stops, a rule cannot be computed in parts.
    """
    if not opened.sound or opened.rulebook is None:
        raise ValueError("a rulebook with 必须改 cannot be run")
    where = data or opened.data_folder
    if where is None or not where.is_dir():
        raise Unfit("--engine spark 的数据要放在一个文件夹里，一个单位一行的表用 Parquet")
    with session(master) as spark, finishing():
        return _Run(spark, opened, opened.rulebook, where, sheets, folder, assume, until).run()


@dataclass(eq=False)
class _Run:
    spark: SparkSession
    opened: Opened
    book: Rulebook
    where: Path
    sheets: Sheets
    folder: Path
    assume: Assumption
    until: date | None
    said: list[Problem] = field(default_factory=list)

    def run(self) -> Spread:
        tables = {table.name: completed(table) for table in self.book.tables}
        apart = lying_apart(self.where, tables)
        if not apart:
            raise Unfit(f"{self.where.name} 里没有一个单位一行的 Parquet 表，单位没有分在各处，请用 --engine columnar")
        if several := [name for name, paths in apart.items() if len(paths) > 1]:
            raise Unfit(
                f"“{several[0]}”有几份 Parquet，请合成一份；一份可以是一个文件夹（{several[0]}.parquet），里面几个文件"
            )
        frames = {name: self._frame(tables[name], path) for name, [path] in apart.items()}
        others = [table for name, table in tables.items() if name not in apart]
        names = None if not _name_units(others) or (UNITS in tables and UNITS not in apart) else _names(frames)
        passed_over = frozenset(path.name for paths in apart.values() for path in paths)
        book, on_day, loaded = self._loaded(Apart(frozenset(apart), passed_over, names or ()))
        roster = UNITS if UNITS in frames else None
        if UNITS in tables and roster is None:
            names = loaded.units
        units = self._joined(frames, roster, names)
        small, problems = checked_scores(book, {g: table for g, table in loaded.dataset.items() if g != UNIT_GRAIN})
        said: Problems = (
            *self.said,
            *loaded.problems,
            *problems,
            *days_uncovered(book, small),
            *other_years(self.book, small),
        )
        read = partial(_read, book, {name: tables[name] for name in frames}, _Beside.of(loaded, names))
        cluster = Cluster(units, read, UNIT_GRAIN)
        if not cluster.rows:
            raise Unfit("数据里没有单位")
        asked = assuming(book, ASSUMPTIONS[self.assume]) if self.assume else book
        graph = lower(asked)
        plan = prepared(graph, small, cluster, UNIT_GRAIN)
        empty = Evaluation(
            opened=self.opened,
            book=book,
            units=(),
            outcome={},
            dataset={},
            problems=(),
            assumed=self.assume,
            as_of=on_day,
            files=(*loaded.files, *(_file(path, name) for name, paths in apart.items() for path in paths)),
            owed=loaded.owed if names is None else (),
            incomplete=loaded.incomplete,
            unreadable=loaded.unreadable,
        )
        pending, faults = self._write(cluster, graph, plan, empty)
        faults = merged_faults(
            [plan.faults, [one for one in faults if one.node not in {met.node for met in plan.faults}]]
        )
        if UNITS not in tables:
            said = (*said, data_problems.no_roster(None, cluster.rows))
        said = (*said, *_problems(cluster.said), *_faults(graph, plan, faults))
        said = (*said, *(on_day.problems if on_day is not None else ()))
        return Spread(replace(empty, problems=said), cluster.rows, pending)

    def _loaded(self, apart: Apart) -> tuple[Rulebook, AsOf | None, Loaded]:
        book, rules = self.book, self.opened.folder
        if self.until is None or book.period is None:
            return book, None, load(self.where, book.tables, rules=rules, apart=_roster_apart(apart, book))
        months = due_months(book.period, self.until)
        book, on_day = as_of(book, self.until)
        found = load(
            self.where,
            book.tables,
            rules=rules,
            due_months=months,
            put_aside=True,
            apart=_roster_apart(apart, book),
        )
        return book, on_day, found

    # -- the rows of the units

    def _frame(self, table: Table, path: Path) -> DataFrame:
        """The rows of ``table``: ``key``, ``unit``, and all columns of the file in one that is called as the table."""
        from pyspark.sql import functions as sql
        from pyspark.sql.types import StringType, StructField, StructType

        with finishing(f"{path.name} 读不出来"):
            frame = self.spark.read.parquet(str(path.resolve()))
            heads = frame.columns
        place, said = _headings(table, heads, path)
        self.said += said
        plain = frame.toDF(*(f"{at}" for at in range(len(heads)))).withColumn(
            "unit", sql.col(f"`{place}`").cast("string")
        )
        shape = StructType([*plain.schema, StructField("key", StringType())])
        keyed = plain.mapInArrow(_keyed, shape).persist()
        self._check(table, keyed)
        whole = sql.struct(*(sql.col(f"`{at}`").alias(head) for at, head in enumerate(heads)))
        return keyed.select("key", "unit", whole.alias(table.name))

    def _check(self, table: Table, frame: DataFrame) -> None:
        """Every row has a unit of its own."""
        with finishing(f"{table.name} 读不出来"):
            twice = frame.groupBy("key").count().where("count > 1").limit(MOST_SAID).collect()
        if any(not row["key"] for row in twice) or (not twice and self._nameless(frame)):
            raise Unfit(f"“{table.name}”有的行没有填“{UNIT_COLUMN}”，不知道是谁的，请补填或删去")
        if twice:
            who = "、".join(sorted(row["key"] for row in twice)[:5])
            raise Unfit(f"“{table.name}”里同一个单位有两行（{who}），请各留一行")

    def _nameless(self, frame: DataFrame) -> bool:
        return bool(frame.where("key = '' or key is null").limit(1).collect())

    def _joined(self, frames: Mapping[str, DataFrame], roster: str | None, names: tuple[str, ...] | None) -> DataFrame:
        """One row a unit: ``unit``, and a struct of each table, null where the table has no row of the unit."""
        from pyspark.sql import functions as sql

        if roster is not None:
            lead = frames[roster].select("key", "unit")
        elif names is not None and UNITS in {table.name for table in self.book.tables}:
            rows = [(key(name), name) for name in names]
            lead = self.spark.createDataFrame(rows, "key string, unit string")
        else:
            keys = [frame.select("key", "unit") for frame in frames.values()]
            every = keys[0]
            for each in keys[1:]:
                every = every.unionByName(each)
            lead = every.groupBy("key").agg(sql.min("unit").alias("unit"))
        found = lead
        for name, frame in frames.items():
            with finishing():
                strangers = frame.join(lead, "key", "left_anti").select("unit").limit(5).collect()
            if strangers:
                who = "、".join(row["unit"] for row in strangers)
                raise Unfit(f"“{name}”里有不在单位名册上的单位（{who}），请改成名册上现在的名称，或删去这些行")
            found = found.join(frame.drop("unit"), "key", "left")
        return found.drop("key").persist()  # it is gone through several times; what memory does not hold goes to disks

    # -- results

    def _write(self, cluster: Cluster, graph: Graph, plan: Planned, empty: Evaluation) -> tuple[int, list[FaultCount]]:
        from pyspark.sql import functions as sql

        work = partial(_shaped, cluster.scaled, graph, plan, _cheap(empty), self.sheets)
        stage = self.folder / "rows"
        with finishing():
            made = cluster.frame.mapInArrow(work, "sheet string, at long, cells array<string>, said string")
            made.write.parquet(str(stage))
            made = self.spark.read.parquet(str(stage))
            told = [json.loads(row["said"]) for row in made.where("said is not null").select("said").collect()]
            digits: dict[str, dict[str, Digits]] = {}
            heads: dict[str, Mapping[str, Any]] = {}
            for one in told:
                for name, sheet in one["sheets"].items():
                    heads[name] = sheet
                    for column, found in sheet["digits"].items():
                        digits.setdefault(name, {}).setdefault(column, Digits()).take(Digits(*found))
            for name, sheet in heads.items():
                columns = []
                for at, column in enumerate(sheet["head"]):
                    size = digits.get(name, {}).get(column)
                    type_ = "string" if size is None or size.type == "VARCHAR" else size.type
                    columns.append(sql.col("cells")[at].cast(type_).alias(column))
                rows = made.where(sql.col("sheet") == name).select("at", *columns)
                order = [sql.col(f"`{column}`").asc_nulls_last() for column in sheet["order"]]
                rows.orderBy(*order, "at").drop("at").write.parquet(str(self.folder / name))
        shutil.rmtree(stage)
        faults = [fault for one in told for fault in carry.faults_heard(one["faults"])]
        return sum(one["pending"] for one in told), merged_faults([faults])


def lying_apart(where: Path, tables: Mapping[str, Table]) -> dict[str, list[Path]]:
    """The Parquet files, and folders of such files, that hold tables of one row a unit."""
    shelf, found = Shelf(tables), dict[str, list[Path]]()
    for path in sorted(where.iterdir()):
        table = shelf.claim(path.stem)
        ours = table is not None and table.row_of is RowOf.UNIT and not (table.role is TableRole.RULE and table.rows)
        folder = path.is_dir() and path.suffix == ".parquet"
        if table is not None and ours and not path.name.startswith((".", "~$")) and (folder or is_parquet(path)):
            files.unknown(path)  # what comes of large files is computed every time
            found.setdefault(table.name, []).append(path)
    return found


def _name_units(tables: Sequence[Table]) -> bool:
    """Whether the rows of some table belong to units."""
    return any(table.row_of is not RowOf.MEMBER for table in tables)


def _names(frames: Mapping[str, DataFrame]) -> tuple[str, ...]:
    """The names of the units: those of the roster, if it lies in parts, else all."""
    found: dict[str, str] = {}
    for frame in [frames[UNITS]] if UNITS in frames else frames.values():
        with finishing():
            for row in frame.select("key", "unit").collect():
                found[row["key"]] = min(row["unit"], found.get(row["key"], row["unit"]))
    return tuple(found.values())


def _roster_apart(apart: Apart, book: Rulebook) -> Apart:
    """Where the roster is read here, it names the units itself."""
    here = any(table.name == UNITS for table in book.tables) and UNITS not in apart.tables
    return replace(apart, units=None) if here else apart


def _headings(table: Table, heads: Sequence[str], path: Path) -> tuple[int, Problems]:
    """Which column names the unit, from 0, and what there is to say about the headings."""
    part, said = match(open_arrow(_no_rows(heads), path.name).header, table)
    place = part.at.get(UNIT_COLUMN)
    if not place:
        raise Unfit(f"{path.name} 缺少“{UNIT_COLUMN}”列，不知道每一行是谁的")
    lacking = [column for column in table.columns if column.required and column.name not in part.at]
    missing = (
        data_problems.no_column(
            part.where, called(column), column.name, column.source or table.source, (), *shared(column, table)
        )
        for column in lacking
        if column.name != FORMER
    )
    return place - 1, (*said, *missing)


def _no_rows(heads: Sequence[str]) -> Any:
    import pyarrow

    return pyarrow.table({head: pyarrow.array([], pyarrow.string()) for head in heads})


def _keyed(batches: Iterator[Any]) -> Iterator[Any]:
    import pyarrow

    for batch in batches:
        names = [clean(name or "") for name in batch.column("unit").to_pylist()]
        arrays = [*batch.columns[:-1], pyarrow.array(names, pyarrow.string())]
        keys = pyarrow.array([key(name) for name in names], pyarrow.string())
        yield pyarrow.RecordBatch.from_arrays([*arrays, keys], names=[*batch.schema.names, "key"])


def _file(path: Path, table: str) -> FileRead:
    """A folder is hashed as the hashes of its files."""
    paths = sorted(each for each in path.iterdir() if each.suffix == ".parquet") if path.is_dir() else [path]
    digests = []
    for each in paths:
        with each.open("rb") as file:
            digests.append(file_digest(file, "sha256"))
    if len(digests) == 1:
        return FileRead(path.name, "", table, digests[0].hexdigest(), 0, "")
    from hashlib import sha256

    return FileRead(
        path.name, "", table, sha256("".join(one.hexdigest() for one in digests).encode()).hexdigest(), 0, ""
    )


# ---- where the rows are


@dataclass(frozen=True, eq=False)
class _Beside:
    """Columns of tables of one row a unit that were read on the driver; ``at``: name of a unit → its row."""

    columns: Mapping[str, DataColumn]
    at: Mapping[str, int]

    @classmethod
    def of(cls, loaded: Loaded, names: tuple[str, ...] | None) -> _Beside:
        table = loaded.dataset.get(UNIT_GRAIN)
        columns = {name: replace(each, addresses=()) for name, each in table.columns.items()} if table else {}
        if names is None:  # no such table
            return cls({}, {})
        return cls(columns, {name: at for at, name in enumerate(loaded.units)})

    def of_units(self, names: Sequence[str]) -> dict[str, DataColumn]:
        """The columns, for these units."""
        rows = np.array([self.at[name] for name in names], dtype=np.int64) if self.at else None
        return {
            name: replace(each, values=each.values[rows], states=each.states[rows])
            for name, each in self.columns.items()
            if rows is not None
        }


def _read(book: Rulebook, tables: Mapping[str, Table], beside: _Beside, batch: Any) -> Batch:
    """A batch of joined rows → the columns of its units."""
    import pyarrow

    names = batch.column("unit").to_pylist()
    own = [(State.VALUE, name) for name in names]
    columns, said = beside.of_units(names), list[Problem]()
    for name, table in tables.items():
        struct = batch.column(name)
        flat = pyarrow.table(struct.flatten(), names=[field.name for field in struct.type])
        try:
            large = open_arrow(flat, name)
            part, _ = match(large.header, table)
            found, wrong = unit_columns(table, LargePart(part.origin, part.at, (), large))
        except Refused as refused:
            raise Unfit(f"{name}：{refused.problem.message}") from None
        columns |= found
        said += wrong
    for name in {UNITS, *(table.name for table in book.tables if table.row_of is RowOf.UNIT)}:
        columns[f"{name}.{UNIT_COLUMN}"] = build(f"{name}.{UNIT_COLUMN}", ValueType.TEXT, own)
    dataset, more = checked_scores(book, {UNIT_GRAIN: DataTable(UNIT_GRAIN, len(names), columns)})
    said += [*more, *days_uncovered(book, dataset), *parts_greater(book, dataset)]
    return Batch(dataset[UNIT_GRAIN], names, [[one.code, one.message, one.why, one.mend] for one in said])


def _cheap(evaluation: Evaluation) -> Evaluation:
    """What has to be known where the rows are: not the text of the rulebook."""
    return replace(evaluation, opened=None, files=(), owed=())  # type: ignore[arg-type]


def _shaped(
    read: Read, graph: Graph, plan: Planned, empty: Evaluation, sheets: Sheets, batches: Iterator[Any]
) -> Iterator[Any]:
    import pyarrow

    schema = pyarrow.schema(
        [
            ("sheet", pyarrow.string()),
            ("at", pyarrow.int64()),
            ("cells", pyarrow.list_(pyarrow.string())),
            ("said", pyarrow.string()),
        ]
    )
    for raw in batches:
        if not raw.num_rows:
            continue
        batch = read(raw)
        outcome, faults = _outcome(graph, plan, empty.book, batch)
        units = replace(empty, units=tuple(batch.names), outcome=outcome, dataset={UNIT_GRAIN: batch.table})
        made = sheets(units)
        said = {
            "sheets": {name: _told(sheet) for name, sheet in made.items()},
            "faults": carry.faults_said(faults),
            "pending": _pending(outcome, len(batch.names)),
        }
        rows: list[tuple[str, int, list[str | None], str | None]] = [
            (name, at, [cell or None for cell in row], None)
            for name, sheet in made.items()
            for at, row in enumerate(sheet.rows)
        ]
        rows.append(("", 0, [], json.dumps(said)))
        columns = zip(*rows, strict=True)
        arrays = [pyarrow.array(list(column), each.type) for column, each in zip(columns, schema, strict=True)]
        yield pyarrow.RecordBatch.from_arrays(arrays, schema=schema)


def _pending(outcome: Outcome, units: int) -> int:
    """How many units have a result that is 待定."""
    cells = [cells for name, cells in outcome.items() if outputs.is_published(name)]
    return sum(any(each[row][0] >= BLOCKING for each in cells) for row in range(units))


def _told(sheet: Sheet) -> dict[str, Any]:
    digits = {}
    for at, column in enumerate(sheet.head):
        if column in sheet.numbers:
            size = Digits()
            for row in sheet.rows:
                size.see(row[at])
            digits[column] = [size.whole, size.decimals, size.plain]
    return {"head": list(sheet.head), "digits": digits, "order": list(sheet.order)}


def _outcome(graph: Graph, plan: Planned, book: Rulebook, batch: Batch) -> tuple[Outcome, list[FaultCount]]:
    """What the units of ``batch`` get."""
    frame = plan.job.run(batch.table)
    found: dict[str, tuple[Cell, ...]] = {}
    for name, node in graph.outputs.items():
        new = plan.place[node]
        held, times = (frame, 1) if new in plan.job.asked else (plan.small, len(batch.names))
        assert isinstance(held.words, Vocabulary)
        found[name] = as_published(book, name, held.vectors[new].cells(held.words.all) * times)
    return found, faults_of(frame, UNIT_GRAIN, batch.names)


# ---- what is said


def _problems(said: Sequence[Sequence[str]]) -> list[Problem]:
    """The different problems of all parts, those of a kind up to a number."""
    found: dict[tuple[str, ...], Problem] = {}
    codes = entries()
    for code, message, why, mend in said:
        same = sum(one.code == code for one in found.values())
        if same < MOST_SAID:
            severity = codes[code].severity
            found.setdefault((code, message), Problem(code, severity, message, why=why, mend=mend))
    return list(found.values())


def _faults(graph: Graph, plan: Planned, faults: Sequence[FaultCount]) -> Iterator[Problem]:
    for one in faults:
        node = graph.nodes[plan.made.source[one.node]]
        rest = [""] * (one.count - len(one.names))
        yield problem_of(node, one.what, [*one.names, *rest])
