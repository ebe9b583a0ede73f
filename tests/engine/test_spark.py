"""What is not there, and what stops Spark, is told in one sentence."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from spark_parts import frame_of, needs_spark, read, sessions, shape

from perfdsl.compile.grains import UNIT_GRAIN
from perfdsl.data.columns import DataTable, number_column
from perfdsl.engine import spark as on_spark
from perfdsl.engine.parts import carry
from perfdsl.engine.parts.carry import Seen
from perfdsl.engine.spark import Batch, NoSpark, Stopped, said_by
from perfdsl.graph.narrowed import Held
from perfdsl.graph.ranges import Stored
from perfdsl.model.states import State


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(on_spark, "find_spec", lambda name: None if name == "pyspark" else real(name))
    with pytest.raises(NoSpark, match=r"没有装 pyspark.*pip install 'perfdsl\[spark\]'"):
        on_spark.needed()


def test_missing_java_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(on_spark, "find_spec", lambda name: name)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(NoSpark, match="要用 Java 17 或更高版本，这里没有找到"):
        on_spark.needed()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(NoSpark, match="JAVA_HOME 指的文件夹里没有 Java"):
        on_spark.needed()
    java = tmp_path / "bin" / ("java.exe" if os.name == "nt" else "java")
    java.parent.mkdir()
    java.touch()
    on_spark.needed()


def test_a_master_that_does_not_answer_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_spark, "needed", lambda: None)
    with (
        pytest.raises(Stopped, match=r"连不上 Spark 的主机 spark://127.0.0.1:1"),
        on_spark.session("spark://127.0.0.1:1"),
    ):
        raise AssertionError("it began")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("java.io.IOException: No space left on device", "磁盘满了"),
        ("java.io.IOException: Disk quota exceeded", "配额"),
        ("java.io.IOException: File too large", "放不下这么大的文件"),
        ("An exception\nperfdsl.engine.admission.NotAdmitted: 这台机器的除法不准\n SQLSTATE", "这台机器的除法不准"),
        ("An exception was thrown from the Python worker:\nTraceback\nValueError: 坏了\n SQLSTATE", "ValueError: 坏了"),
        ("", "原因不明"),
    ],
)
def test_long_traces_become_a_sentence(said: str, told: str) -> None:
    assert told in on_spark._sentence(said)


def test_numbers_of_all_parts_have_the_digits_that_any_needs() -> None:
    parts = [
        Seen(2, {"a": Held(frozenset({State.VALUE}), Stored(-3, 12, 0))}),
        Seen(1, {"a": Held(frozenset({State.MISSING}), Stored(-250, 5, 2))}),
        Seen(0, {"a": Held(frozenset({State.VALUE}), Stored(0, 0, 0)), "b": Held(frozenset({State.VALUE}))}),
    ]
    found = carry.seen_together(parts)
    assert found.rows == 3
    assert found.held["a"] == Held(frozenset({State.VALUE, State.MISSING}), Stored(-300, 1200, 2))
    assert found.held["b"] == Held(frozenset({State.VALUE}))


@pytest.mark.parametrize("values", [[1, -25, 3], [2**62, 5, 1]])
def test_a_part_is_brought_to_the_common_digits(values: list[int]) -> None:
    states = np.array([State.VALUE, State.VALUE, State.MISSING], dtype=np.uint8)
    column = number_column("a", values, states, 0)
    made = on_spark._with_digits(column, 3)
    assert made.digits == 3
    assert list(made.cells[:2]) == [(State.VALUE, Fraction(value)) for value in values[:2]]


# ---- with Spark


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    yield from sessions()


def dies(batch: Batch) -> str:
    os._exit(9)


def raises(batch: Batch) -> str:
    raise ValueError(f"坏了 {batch.table.rows}")


@pytest.mark.full
@needs_spark
def test_a_worker_that_dies_or_fails_is_told(spark: Any) -> None:
    column = number_column("表.数", [1, 2, 3, 4], np.zeros(4, dtype=np.uint8), 0)
    frame = frame_of(spark, DataTable(UNIT_GRAIN, 4, {column.name: column}), 2)
    reads = partial(read, [shape(column)])
    with pytest.raises(Stopped, match=r"有一个计算进程中途停了.*没有写结果"):
        said_by(frame, reads, dies)
    with pytest.raises(Stopped, match=r"ValueError: 坏了 .*没有写结果"):
        said_by(frame, reads, raises)
    assert said_by(frame, reads, lambda batch: str(batch.table.rows))
