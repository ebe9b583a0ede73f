"""Every 验算.yaml under rulebooks/, cell by cell, by both engines."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from perfdsl.reports.results import published_output
from perfdsl.workspace.cases import CASE_FILE, run_cases
from perfdsl.workspace.evaluate import Engine

HOME = Path(__file__).parents[2] / "rulebooks"
FILES = sorted(HOME.rglob(CASE_FILE))


@pytest.mark.parametrize("engine", get_args(Engine))
@pytest.mark.parametrize("file", FILES, ids=[str(file.parent.relative_to(HOME)) for file in FILES])
def test_case(file: Path, engine: Engine) -> None:
    for result in run_cases(file, published_output, engine):
        assert not result.trouble, result.name
        assert not result.mismatches, (result.name, len(result.mismatches), result.mismatches[:5])
