"""Numbers, types and files that are wrong in Parquet, through the command line: said, and never a number in the results."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from running import perfdsl, project

COLUMNS = {
    "单位": "VARCHAR",
    "办结件数": "BIGINT",
    "应办件数": "BIGINT",
    "满意率": "DOUBLE",
    "等级": "VARCHAR",
    "培训": "DOUBLE",
}
ROWS = (("甲局", 98, 100, 0.9, "好", 9.5), ("乙局", 90, 100, 0.8, "好", 8.0), ("丙县", 100, 100, 0.6, "差", 7.0))


def with_cell(folder: Path, name: str, type_: str, value: object) -> Path:
    """The project, its 实绩 in Parquet; the first unit has ``value`` in the column ``name``, the others what fits."""
    book = project(folder, facts=None)
    path = book.with_suffix("") / "数据" / "实绩.parquet"
    types = {**COLUMNS, name: type_}
    at = list(types).index(name)
    plain = type_ == COLUMNS[name] or type_.startswith("DECIMAL")
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (" + ", ".join(f'"{one}" {kind}' for one, kind in types.items()) + ")")
        for place, row in enumerate(ROWS):
            held = value if place == 0 else row[at] if plain else None
            marks = ", ".join("?" * len(row))
            connection.execute(f"INSERT INTO t VALUES ({marks})", [*row[:at], held, *row[at + 1 :]])
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    return book


FORM, SIZE, NEGATIVE, STEP, LEVEL = "K427", "不超过 18 位整数、12 位小数", "K474", "0.5 分一档", "K428"
CELLS = [
    ("满意率", "DOUBLE", float("nan"), FORM),
    ("满意率", "DOUBLE", float("inf"), FORM),
    ("满意率", "FLOAT", float("-inf"), FORM),
    ("满意率", "DOUBLE", 1e300, FORM),
    ("满意率", "DOUBLE", 0.1 + 0.2, SIZE),
    ("满意率", "DECIMAL(18,13)", Decimal("0.0000000000001"), SIZE),
    ("办结件数", "DOUBLE", float("nan"), FORM),
    ("办结件数", "DATE", date(2025, 1, 1), FORM),
    ("办结件数", "BOOLEAN", True, FORM),
    ("办结件数", "VARCHAR", "很多", FORM),
    ("办结件数", "BIGINT", 2**63 - 1, SIZE),
    ("办结件数", "BIGINT", -3, NEGATIVE),
    ("培训", "DOUBLE", float("nan"), FORM),
    ("培训", "DOUBLE", 9.7, STEP),
    ("培训", "DECIMAL(9,3)", Decimal("9.501"), STEP),
    ("培训", "DOUBLE", 10.5, STEP),
    ("培训", "DOUBLE", -0.5, STEP),
]
"""(column, its type, the cell of the first unit, the code or the words)."""
ITEM = {"办结件数": "A01", "满意率": "A02", "培训": "A03"}


@pytest.mark.parametrize(("name", "type_", "value", "says"), CELLS, ids=str)
def test_a_wrong_cell_is_told_and_its_score_is_open(
    name: str, type_: str, value: object, says: str, tmp_path: Path
) -> None:
    book = with_cell(tmp_path, name, type_, value)
    ran = perfdsl("run", book, "--format", "json")
    told = [one for one in ran.problems if says in (one["code"] + one["message"]) and one["severity"] == "必须改"]
    assert ran.code == 1 and [one["file"] for one in told] == ["实绩.parquet"]
    assert "第 1 行" in told[0]["message"] or told[0]["address"]["cell"].startswith("第 1 行")
    [unit] = [one for one in ran.json["units"] if one["unit"] == "甲局"]
    found = {item["code"]: item["score"] for item in unit["items"]}
    open_ = ITEM[name]
    assert found.pop(open_) is None and all(score is not None for score in found.values())
    assert (unit["total"], unit["rank"], unit["grade"]) == (None, None, None)
    assert perfdsl("run", book, "--format", "json", "--engine", "reference").out == ran.out
    out = tmp_path / "结果"
    assert perfdsl("run", book, "--out", out).code == 1
    with (out / "得分明细.csv").open(encoding="utf-8-sig", newline="") as file:
        written = {(row["单位"], row["编号"]): row["得分"] for row in csv.DictReader(file)}
    assert written["甲局", open_] == "待定" and not {"nan", "inf", "-inf"} & {one.lower() for one in written.values()}


@pytest.mark.parametrize("harm", ["half", "empty", "text", "blob"])
def test_a_file_that_cannot_be_read_leaves_all_open(harm: str, tmp_path: Path) -> None:
    book = with_cell(tmp_path, "办结件数", "BLOB" if harm == "blob" else "BIGINT", b"x" if harm == "blob" else 98)
    path = book.with_suffix("") / "数据" / "实绩.parquet"
    whole = path.read_bytes()
    path.write_bytes({"half": whole[: len(whole) // 2], "empty": b"", "text": b"PAR1 x"}.get(harm, whole))
    ran = perfdsl("run", book, "--format", "json")
    assert ran.code == 3
    assert [one["file"] for one in ran.problems if one["severity"] == "必须改"] == ["实绩.parquet"]
    for unit in ran.json["units"]:
        assert (
            unit["total"] is None and [item["score"] for item in unit["items"] if item["code"] != "J01"] == [None] * 3
        )
