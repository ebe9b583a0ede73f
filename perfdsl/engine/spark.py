"""Parts that lie with Spark: the same jobs, batch by batch inside ``mapInArrow``.

A batch of Arrow is a part. What comes back to the driver is text that says group facts
(:mod:`perfdsl.engine.parts.carry`), never rows. This is the only module that knows Spark; it is imported late.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from perfdsl.data.columns import INT64, DataColumn, DataTable
from perfdsl.engine.frame import Mismatch, plain_numbers
from perfdsl.engine.parts import carry
from perfdsl.engine.parts.facts import Facts
from perfdsl.engine.parts.jobs import FaultCount, Job, faults_of
from perfdsl.graph.graph import Graph
from perfdsl.graph.narrowed import Held
from perfdsl.graph.ops import NodeId
from perfdsl.graph.types import Grain
from perfdsl.text.records import dataclass, replace
from perfdsl.text.refusal import Refusal

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows of one part: their columns, what each is called, and what there is to say about them (as JSON can hold it)."""

    table: DataTable
    names: Sequence[str]
    said: Sequence[Any] = ()


Read = Callable[[Any], Batch]
"""A batch of Arrow → its rows. It is sent to where the rows are."""

Work = Callable[[Batch], str]

ROWS = 20_000
"""Rows of a batch: enough for the kernel, few enough for several at a time to fit in memory."""


class NoSpark(Refusal):
    """Spark is not installed here."""


class Stopped(Refusal):
    """Spark began and did not finish."""


@dataclass(eq=False)
class Cluster:
    """The rows of ``frame``, which ``read`` understands; a :class:`perfdsl.engine.parts.driver.Parts`."""

    frame: DataFrame
    read: Read
    grain: Grain

    @cached_property
    def _told(self) -> list[dict[str, Any]]:
        return [json.loads(each) for each in said_by(self.frame, self.read, _looked)]

    @cached_property
    def seen(self) -> carry.Seen:
        """What the rows hold."""
        return carry.seen_together([carry.seen_heard(each["seen"]) for each in self._told])

    @cached_property
    def said(self) -> list[Any]:
        """What reading them had to say."""
        return [one for each in self._told for one in each["said"]]

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.seen.rows

    def known(self, columns: Mapping[str, NodeId], graph: Graph) -> dict[str, Held]:
        """What can be told of ``columns``.

        Raises:
            Mismatch: the data lack one.
        """
        missing = sorted(columns.keys() - self.seen.held.keys())
        if missing:
            raise Mismatch(f"the data has no column `{missing[0]}` on `{self.grain}`")
        return {name: self.seen.held[name] for name in columns}

    def gathered(self, job: Job) -> tuple[dict[NodeId, list[Facts]], list[FaultCount]]:
        """The facts of every part, and the faults that were met."""
        facts: dict[NodeId, list[Facts]] = {node: [] for node in job.gathers}
        faults: list[FaultCount] = []
        for text in said_by(self.frame, self.scaled, partial(_gathered, job)):
            found, met = carry.heard(text)
            for node, one in found.items():
                facts[node].append(one)
            faults += met
        return facts, faults

    @property
    def scaled(self) -> Read:
        """``read``, with every number in the digits that all parts have in common."""
        digits = {name: held.stored.digits for name, held in self.seen.held.items() if held.stored is not None}
        return partial(_scaled, self.read, digits)


def said_by(frame: DataFrame, read: Read, work: Work) -> list[str]:
    """What ``work`` says of each batch.

    Raises:
        Stopped: Spark did not finish.
    """
    with finishing():
        return [row[0] for row in frame.mapInArrow(partial(_each, read, work), "said string").collect()]


def _each(read: Read, work: Work, batches: Iterable[Any]) -> Iterator[Any]:
    import pyarrow

    for batch in batches:
        if batch.num_rows:
            yield pyarrow.RecordBatch.from_pydict({"said": [work(read(batch))]})


def _looked(batch: Batch) -> str:
    return json.dumps({"seen": carry.seen_said(batch.table), "said": list(batch.said)})


def _gathered(job: Job, batch: Batch) -> str:
    found, frame = job.gathered(batch.table)
    return carry.said(found, faults_of(frame, job.grain, batch.names))


def _scaled(read: Read, digits: Mapping[str, int], part: Any) -> Batch:
    batch = read(part)
    columns = {
        name: _with_digits(column, digits[name]) if name in digits else column
        for name, column in batch.table.columns.items()
    }
    return replace(batch, table=replace(batch.table, columns=columns))


def _with_digits(column: DataColumn, digits: int) -> DataColumn:
    times = 10 ** (digits - column.digits)
    if times == 1:
        return column
    values: Any = plain_numbers(column)
    wide = column.bounds is not None and max(map(abs, column.bounds)) * times > INT64
    values = values.astype(object) * times if wide else values * np.int64(times)
    return replace(column, values=values, digits=digits)


# ---- Spark itself


@contextmanager
def session(master: str) -> Iterator[SparkSession]:
    """Spark at ``master`` (``local[2]``, ``spark://host:7077``), for as long as the block lasts.

    Raises:
        NoSpark: pyspark, its own needs or Java are not there.
        Stopped: nobody answers at ``master``.
    """
    needed()
    _answers(master)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # it is asked for in vain: batches of Arrow never become pandas
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    from pyspark.sql import SparkSession

    with tempfile.TemporaryDirectory(prefix="perfdsl-", ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "spark.log"
        with _aside(log), finishing(f"Spark 在 {master} 没有启动"):
            begun = SparkSession.builder
            if master.startswith("local"):
                begun = begun.config("spark.sql.shuffle.partitions", "8")  # 200 are for many machines
                # Java may be that of an earlier session; Python's modules are found as they are now
                begun = begun.config("spark.executorEnv.PYTHONPATH", os.environ.get("PYTHONPATH", ""))
            made = (
                begun.master(master)
                .appName("perfdsl")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(ROWS))
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.caseSensitive", "true")
                .getOrCreate()
            )
        try:
            yield made
        finally:
            with suppress(Exception):
                made.stop()


def needed() -> None:
    """See that Spark can be started.

    Raises:
        NoSpark: something is missing; the message says how to get it.
    """
    missing = [name for name in ("pyspark", "pyarrow", "pandas", "duckdb") if find_spec(name) is None]
    if missing:
        raise NoSpark(f"这里没有装 {'、'.join(missing)}，先运行 pip install 'perfdsl[spark]'")
    home = os.environ.get("JAVA_HOME")
    java = Path(home) / "bin" / ("java.exe" if os.name == "nt" else "java") if home else None
    if java is not None and not java.is_file():
        raise NoSpark(f"环境变量 JAVA_HOME 指的文件夹里没有 Java（{java}），请改成 Java 17 或更高版本的文件夹")
    if java is None and shutil.which("java") is None:
        raise NoSpark("Spark 要用 Java 17 或更高版本，这里没有找到。请安装 Java，或设置环境变量 JAVA_HOME")


def _answers(master: str) -> None:
    """See that somebody listens, before Spark tries it for minutes."""
    if not master.startswith("spark://"):
        return
    addresses = [one.rpartition(":") for one in master.removeprefix("spark://").split(",")]
    for host, _, port in addresses:
        with suppress(OSError, ValueError), socket.create_connection((host, int(port)), timeout=5):
            return
    raise Stopped(f"连不上 Spark 的主机 {master}，请核对 --master 的主机名和端口，或在本机用 --master local[2]")


@contextmanager
def _aside(log: Path) -> Iterator[None]:
    """What the Java of Spark prints goes to ``log``: it inherits this process's stderr."""
    try:
        kept = os.dup(2)
    except OSError:
        yield
        return
    try:
        with log.open("wb") as out:
            os.dup2(out.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextmanager
def finishing(what: str = "Spark 没有算完") -> Iterator[None]:
    """Tell what stops Spark in one sentence.

    Raises:
        Stopped: something did.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException, OSError) as error:
        raise Stopped(f"{what}：{_sentence(str(error))}，没有写结果") from error


_OURS = re.compile(r"^perfdsl\.[\w.]+: (.+)$", re.MULTILINE)
_RAISED = re.compile(r"[A-Za-z_][\w.]*(Error|Exception|Mismatch)\b")
_KNOWN = (
    ("No space left on device", "磁盘满了，请腾出空间后再运行一次"),
    ("Disk quota exceeded", "给您的磁盘空间（配额）用完了，请腾出空间后再运行一次"),
    ("File too large", "磁盘放不下这么大的文件，或系统不许写这么大，请换一个磁盘"),
    ("Python worker exited unexpectedly", "有一个计算进程中途停了（多半是内存不够），可以减少同时计算的份数"),
    ("ExecutorLostFailure", "有一台计算机中途断了"),
    ("OutOfMemoryError", "Java 的内存不够"),
    ("Could not parse Master URL", "--master 写得不对，例如 local[2]、spark://主机:7077"),
    ("All masters are unresponsive", "连不上 Spark 的主机"),
    ("JAVA_GATEWAY_EXITED", "Java 没有启动，请核对 Java 的版本（17 或更高）"),
    ("UnsupportedClassVersionError", "Java 的版本太低，要 17 或更高"),
)


def _sentence(text: str) -> str:
    ours = _OURS.findall(text)
    if ours:
        return str(ours[-1]).rstrip("。")
    for sign, sentence in _KNOWN:
        if sign in text:
            return sentence
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["原因不明"]
    raised = [line for line in lines if _RAISED.match(line)]
    return (raised[-1] if raised and "Python worker" in lines[0] else lines[0])[:200].rstrip("。.")
