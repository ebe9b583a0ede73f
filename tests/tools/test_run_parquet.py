"""run --format parquet: what is published, as DECIMAL with its digits; whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import sys
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest
from running import RULEBOOKS, perfdsl

from perfdsl.publish import parquet
from perfdsl.reports.results import results
from perfdsl.text.digits import Digits
from perfdsl.workspace.evaluate import evaluate
from perfdsl.workspace.opening import open_rulebook

BOOK = RULEBOOKS / "示例市" / "2025.perf"
UNFINISHED = RULEBOOKS / "示例市" / "2025" / "数据-缺报"


def read(path: Path) -> list[dict[str, object]]:
    found = duckdb.execute("SELECT * FROM read_parquet($1)", [str(path)])
    names = [one[0] for one in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def types(path: Path) -> dict[str, str]:
    return {row[0]: row[1] for row in duckdb.execute("DESCRIBE SELECT * FROM read_parquet($1)", [str(path)]).fetchall()}


def test_every_score_is_what_the_csv_says(tmp_path: Path) -> None:
    ran = perfdsl("run", BOOK, "--out", tmp_path / "结果", "--format", "parquet")
    assert "结果已写入" in ran.err
    made = read(tmp_path / "结果" / "得分明细.parquet")
    with (tmp_path / "结果" / "得分明细.csv").open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.DictReader(file))
    assert len(made) == len(told) > 1000
    for one, other in zip(made, told, strict=True):
        assert [one[name] or "" for name in ("单位", "编号", "上级", "状态")] == [
            other[name] for name in ("单位", "编号", "上级", "状态")
        ]
        assert (
            f"{one['得分']:f}".rstrip("0").rstrip(".") == other["得分"].rstrip("0").rstrip(".")
            if other["得分"]
            else one["得分"] is None
        )
    assert types(tmp_path / "结果" / "得分明细.parquet")["得分"] == "DECIMAL(18,3)"


def test_the_table_of_units_has_total_rank_and_grade_with_their_states(tmp_path: Path) -> None:
    perfdsl("run", BOOK, "--data", UNFINISHED, "--out", tmp_path / "结果", "--format", "parquet")
    path = tmp_path / "结果" / "得分总表.parquet"
    made = {str(one["单位"]): one for one in read(path)}
    found = types(path)
    assert (found["总分"], found["名次"]) == ("DECIMAL(18,2)", "DECIMAL(18,0)")
    told = {one["unit"]: one for one in json.loads((tmp_path / "结果" / "结果.json").read_text("utf-8"))["units"]}
    assert set(made) == set(told)
    for unit, one in made.items():
        for name, key in (("总分", "total"), ("名次", "rank"), ("等次", "grade")):
            assert (None if one[name] is None else str(one[name])) == told[unit][key]
    states = {one["总分状态"] for one in made.values()}
    assert "待定" in states and all((one["总分"] is None) == (one["总分状态"] != "有值") for one in made.values())


def test_the_manifest_names_the_files(tmp_path: Path) -> None:
    perfdsl("run", BOOK, "--assume-pending", "不得分", "--out", tmp_path / "结果", "--format", "parquet")
    outputs = json.loads((tmp_path / "结果" / "结果.清单.json").read_text("utf-8"))["outputs"]
    name = "得分总表（暂定）.parquet"
    assert outputs[name] == sha256((tmp_path / "结果" / name).read_bytes()).hexdigest()
    assert {one["说明"] for one in read(tmp_path / "结果" / name)} == {"暂定（暂按不得分）"}


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    finding = results(evaluate(open_rulebook(BOOK), None), "columnar")
    assert parquet.files(finding, tmp_path) == parquet.files(finding, tmp_path)


def test_parquet_asks_for_a_folder_and_for_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = perfdsl("run", BOOK, "--format", "parquet")
    assert ran.code == 2 and "用 --out 写明" in ran.err
    monkeypatch.setitem(sys.modules, "duckdb", None)
    ran = perfdsl("run", BOOK, "--format", "parquet", "--out", tmp_path / "结果")
    assert ran.code == 2 and "pip install 'perfdsl[large]'" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_no_part_of_a_result(tmp_path: Path) -> None:
    with patch.object(os, "fsync", side_effect=OSError(28, "No space left on device")):
        ran = perfdsl("run", BOOK, "--format", "parquet", "--out", tmp_path / "结果")
    assert ran.code == 3 and "写不进去" in ran.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (["8.00", "-12.5", None], "DECIMAL(18, 2)"),
        ([None], "DECIMAL(18, 0)"),
        (["1" * 17 + ".25"], "DECIMAL(38, 2)"),
        (["1" * 39], "VARCHAR"),
        (["约 8"], "VARCHAR"),
    ],
)
def test_a_column_is_as_wide_as_its_numbers(numbers: list[str | None], expected: str) -> None:
    size = Digits()
    for number in numbers:
        size.see(number)
    assert size.type == expected


def test_names_that_differ_in_case_alone_are_told_apart() -> None:
    assert parquet._told_apart(["A01 甲", "a01 甲", "A01 甲 (2)"]) == ["A01 甲", "a01 甲 (2)", "A01 甲 (2) (2)"]
