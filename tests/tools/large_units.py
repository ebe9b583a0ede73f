"""The data of 示例市 with its tables of one row a unit as Parquet."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb
from running import RULEBOOKS

DATA = RULEBOOKS / "示例市" / "2025" / "数据"
UNIT = "单位"


def as_parquet(folder: Path) -> Path:
    """``folder``, with 实绩 as one file of Parquet; of units that 实绩 does not hold there is nothing."""
    folder.mkdir()
    rows: dict[str, dict[str, str]] = {}
    for path in sorted(DATA.iterdir()):
        if not path.name.startswith("实绩"):
            shutil.copy(path, folder)
        elif path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    rows.setdefault(row[UNIT], {}).update({name: cell for name, cell in row.items() if cell})
    names = list(dict.fromkeys(name for row in rows.values() for name in row))
    write(folder / "实绩.parquet", [names, *([row.get(name, "") for name in names] for row in rows.values())])
    return folder


def write(path: Path, rows: list[list[str]]) -> None:
    """``rows`` of text, the first one the headings, as Parquet."""
    text = path.with_suffix(".text")
    with text.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    duckdb.execute(
        f"COPY (SELECT * FROM read_csv('{text}', header = true, all_varchar = true)) TO '{path}' (FORMAT parquet)"
    )
    text.unlink()
