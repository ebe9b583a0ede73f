"""All files of ``run --out``."""

from __future__ import annotations

from collections.abc import Mapping

from perfdsl.publish import csv, json, manifest, problems
from perfdsl.publish.stamp import named
from perfdsl.reports.findings import ResultsFinding


def files(finding: ResultsFinding, tables: Mapping[str, bytes] | None = None) -> dict[str, str | bytes]:
    """File name → content; the manifest, which names the others, keeps its name. ``tables`` are further files."""
    made: dict[str, str | bytes] = {
        "得分明细.csv": csv.long(finding),
        "得分总表.csv": csv.wide(finding),
        "结果运用.csv": csv.applications(finding),
        "本年等次.csv": csv.grades(finding),
        "数据齐备表.csv": csv.owed(finding),
        "结果.json": json.results(finding),
        "问题.txt": problems.text(finding),
        **(tables or {}),
    }
    found = {named(name, finding.assumed, finding.as_of): content for name, content in made.items()}
    return {**found, manifest.NAME: manifest.manifest(finding, found)}
