"""Every code of the catalogue is met by a test that makes it happen; a code that nothing can produce is dead."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from perfdsl.text import catalogue
from perfdsl.text.problem import CATALOGUE

TESTS = Path(__file__).parents[1]
HERE = (
    *sorted((TESTS / "problems").glob("*.perf")),
    *sorted((TESTS / "tools").glob("*.py")),
    *sorted((TESTS / "compile").glob("*.py")),
    *sorted((TESTS / "slips").glob("*.py")),
    *sorted((TESTS / "workspace").glob("*.py")),
    TESTS / "data" / "test_data_parquet.py",
    TESTS / "clauses" / "test_working_days.py",
    TESTS / "syntax" / "test_syntax_problems.py",
)
"""Marks of ``tests/problems`` and codes that a test of the command line names."""

DEAD = {
    "K387": "the shape of the cell refuses words first (K041)",
    "K388": "K142 says it first",
    "K389": "K142 says it first",
}
"""Codes that nothing produces; a code is never used again, so it may stay in the catalogue."""


def codes() -> set[str]:
    """The whole catalogue."""
    for module in iter_modules(catalogue.__path__):
        import_module(f"perfdsl.text.catalogue.{module.name}")
    return set(CATALOGUE)


def met() -> set[str]:
    return {code for path in HERE for code in re.findall(r"\bK[0-9]{3}\b", path.read_text(encoding="utf-8"))}


def test_every_code_is_met() -> None:
    assert codes() - met() - set(DEAD) == set()


def test_dead_codes_are_said_by_nobody() -> None:
    assert set(DEAD) & met() == set()
    assert set(DEAD) <= codes()


def test_no_test_waits_for_a_code_that_is_gone() -> None:
    assert (
        met() - codes() - {"K100", "K999"} == set()
    )  # K100 begins the next part of the catalogue, K999 stands for no code
