"""The manifest of a run: what went in and what came out, by hash. Its presence means that the folder is whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256

import perfdsl
from perfdsl.reports.findings import ResultsFinding

NAME = "结果.清单.json"
"""Its file; a folder that holds it, and nothing else than what it names, is one of ours."""


def manifest(finding: ResultsFinding, files: Mapping[str, str | bytes]) -> str:
    """Hashes of rulebook, data files and output ``files`` (name → content)."""
    digests = {
        name: sha256(content.encode() if isinstance(content, str) else content).hexdigest()
        for name, content in files.items()
    }
    return of_digests(finding, digests, len(finding.units))


def of_digests(finding: ResultsFinding, digests: Mapping[str, str], units: int) -> str:
    """The manifest of outputs with these ``digests``, by name, that tell of so many ``units``."""
    book = finding.rulebook
    return (
        json.dumps(
            {
                "format_version": "1.0",
                "perfdsl": perfdsl.__version__,
                "engine": finding.engine,
                "provisional": bool(finding.assumed),
                "assumed": finding.assumed,
                **({"as_of": finding.as_of.date} if finding.as_of is not None else {}),
                "rulebook": {"name": book.name, "version": book.version, "status": book.status, "sha256": book.sha256},
                "data": [
                    {"file": one.name, "sha256": one.sha256, "rows": one.rows, "encoding": one.encoding}
                    for one in sorted(finding.files, key=lambda one: one.name)
                ],
                "units": units,
                "problems": len(finding.problems),
                "outputs": dict(sorted(digests.items())),
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )
