"""run --engine spark: the cells, types and states that the embedded engine writes; whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pytest
from large_units import as_parquet, write
from running import HOME, RULEBOOKS, Ran, perfdsl

from perfdsl.reports.waiting import pending
from perfdsl.tools import trial
from perfdsl.workspace.evaluate import Assumption, evaluate
from perfdsl.workspace.opening import open_rulebook
from perfdsl.workspace.spreading import NoSpark, lying_apart, needed

BOOK = RULEBOOKS / "示例市" / "2025.perf"


def why_not() -> str:
    try:
        needed()
    except NoSpark as missing:
        return str(missing)
    return ""


needs_spark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "Spark")


@pytest.fixture(autouse=True)
def _found_by_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HOME), str(Path(__file__).parent)]))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "用 --out 写明写到哪个文件夹"),
        (("--out", "结果", "--format", "json"), "只写 Parquet，不能用 --format json"),
        (("--out", "结果", "--plan"), "不能同用"),
    ],
)
def test_wrong_usage_is_told_before_anything_starts(options: Sequence[str], told: str) -> None:
    ran = perfdsl("run", BOOK, "--engine", "spark", *options)
    assert (ran.code, told in ran.err) == (2, True)


def test_a_master_is_for_spark_alone() -> None:
    ran = perfdsl("run", BOOK, "--master", "local[2]")
    assert ran.code == 2 and "--master 只和 --engine spark 同用" in ran.err


def test_without_spark_it_is_told_how_to_get_it(tmp_path: Path) -> None:
    with patch("perfdsl.engine.spark.find_spec", return_value=None):
        ran = perfdsl("run", BOOK, "--engine", "spark", "--out", tmp_path / "结果")
    assert ran.code == 2 and "pip install 'perfdsl[spark]'" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_tables_of_one_row_a_unit_are_found_by_what_they_are(tmp_path: Path) -> None:
    where = as_parquet(tmp_path / "数据")
    book = open_rulebook(BOOK).rulebook
    assert book is not None
    (where / "事故.parquet").write_bytes((where / "实绩.parquet").read_bytes())  # a ledger is read as ever
    assert {name: [path.name for path in paths] for name, paths in lying_apart(where, tables(book)).items()} == {
        "实绩": ["实绩.parquet"]
    }


def tables(book: Any) -> dict[str, Any]:
    return {table.name: table for table in book.tables}


# ---- with Spark


def rows(path: str, order: str) -> tuple[list[Any], list[Any]]:
    types = [one[:2] for one in duckdb.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()]
    return types, duckdb.execute(f"SELECT * FROM read_parquet('{path}') ORDER BY {order}").fetchall()


def with_spark(data: Path, out: Path, *options: str) -> Ran:
    return perfdsl("run", BOOK, "--data", data, "--engine", "spark", "--master", "local[2]", "--out", out, *options)


@pytest.mark.full
@needs_spark
@pytest.mark.parametrize(("assume", "mark"), [("", ""), ("不得分", "（暂定）")])
def test_cells_types_and_states_are_those_of_the_embedded_engine(assume: Assumption, mark: str, tmp_path: Path) -> None:
    where = as_parquet(tmp_path / "数据")
    options = ("--assume-pending", assume) if assume else ()
    ran = with_spark(where, tmp_path / "甲", *options)
    embedded = perfdsl("run", BOOK, "--data", where, "--format", "parquet", "--out", tmp_path / "乙", *options)
    waiting = len(pending(evaluate(open_rulebook(BOOK), where, assume=assume)))
    assert (waiting > 0) is not bool(assume)
    assert ran.out.endswith("62 个单位" + (f"，其中 {waiting} 个有待定的结果" if waiting else "") + "\n")
    assert ("【暂定】" in ran.out) is bool(assume)
    assert ran.code == embedded.code == 1
    assert musts(ran) == musts(embedded) != []  # columns are missing
    for name, order in (("得分总表", "单位"), ("得分明细", "单位, 编号")):
        mine = rows(f"{tmp_path / '甲' / name}{mark}.parquet/*.parquet", order)
        assert mine == rows(f"{tmp_path / '乙' / name}{mark}.parquet", order)
        assert len(mine[1]) >= 62
    manifest = json.loads((tmp_path / "甲" / "结果.清单.json").read_text(encoding="utf-8"))
    assert (manifest["engine"], manifest["units"]) == ("spark", 62)
    assert "实绩.parquet" in {one["file"] for one in manifest["data"]}
    assert sorted(manifest["outputs"]) == [f"{name}{mark}.{ending}" for name, ending in OUTPUTS]


def musts(ran: Ran) -> list[str]:
    return sorted(line for line in ran.err.splitlines() if line.startswith("必须改 K"))


OUTPUTS = (("得分总表", "parquet"), ("得分明细", "parquet"), ("问题", "txt"))


def short(folder: Path, *more: tuple[str, str]) -> Path:
    """A folder with no more than two units in parts, and what else is in the file."""
    folder.mkdir()
    write(folder / "实绩.parquet", [["单位", "固投完成额"], ["云泽区", "1"], ["双汊县", "2"], *map(list, more)])
    return folder


@pytest.mark.full
@needs_spark
@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("云泽 区", "3"), "“实绩”里同一个单位有两行（云泽区）"),
        (("没有的区", "3"), "“实绩”里有不在单位名册上的单位（没有的区）"),
        (("", "3"), "“实绩”有的行没有填“单位”"),
    ],
)
def test_rows_that_are_nobodys_are_refused(more: tuple[str, str], told: str, tmp_path: Path) -> None:
    ran = with_spark(short(tmp_path / "数据", more), tmp_path / "结果")
    assert ran.code == 1 and told in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["数据"]


@pytest.mark.full
@needs_spark
def test_nothing_is_left_where_something_stops_it(tmp_path: Path) -> None:
    where = tmp_path / "数据"
    short(where)
    (tmp_path / "挡路").write_text("这里已经有一个文件", encoding="utf-8")
    ran = with_spark(where, tmp_path / "挡路" / "结果")
    assert ran.code == 3 and "写不进去" in ran.err
    with patch.object(trial, "sheets", dying):
        ran = with_spark(where, tmp_path / "结果")
    assert ran.code == 1 and "有一个计算进程中途停了" in ran.err
    (where / "实绩.parquet").write_bytes(b"PAR1" + b"\0" * 50)
    ran = with_spark(where, tmp_path / "结果")
    assert ran.code == 1 and "实绩.parquet 读不出来" in ran.err
    (where / "实绩.parquet").unlink()
    ran = with_spark(where, tmp_path / "结果")
    assert ran.code == 1 and "没有一个单位一行的 Parquet 表" in ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["挡路", "数据"]


def dying(evaluation: object) -> Any:
    os._exit(9)
