"""All files of ``run --out``."""

from __future__ import annotations

from perfdsl.publish import csv, json, manifest, problems
from perfdsl.publish.stamp import named
from perfdsl.reports.findings import ResultsFinding


def files(finding: ResultsFinding) -> dict[str, str]:
    """File name → text; the manifest, which names the others, keeps its name."""
    made = {
        "得分明细.csv": csv.long(finding),
        "得分总表.csv": csv.wide(finding),
        "结果运用.csv": csv.applications(finding),
        "本年等次.csv": csv.grades(finding),
        "数据齐备表.csv": csv.owed(finding),
        "结果.json": json.results(finding),
        "问题.txt": problems.text(finding),
    }
    found = {named(name, finding.assumed, finding.as_of): text for name, text in made.items()}
    return {**found, manifest.NAME: manifest.manifest(finding, found)}
