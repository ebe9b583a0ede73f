"""The drawing of the house: who may import whom. Read from the code, so that it cannot go stale."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "perfdsl"

MAY_IMPORT: dict[str, set[str]] = {
    "text": set(),
    "model": {"text"},
    "syntax": {"text"},
    "graph": {"text", "model.units", "model.states"},
    "clauses": {"text", "model", "graph"},
    "compile": {"text", "syntax", "model", "graph", "clauses"},
    "data": {"text", "model"},
    "reference": {"text", "model", "clauses", "data.columns"},
    "engine": {"text", "graph", "model.units", "model.states", "data.arrays", "data.columns", "data.scratch"},
    "workspace": {"text", "syntax", "model", "graph", "clauses", "compile", "data", "reference", "engine"},
    "reports": {"workspace", "text", "model", "graph", "clauses"},
    "publish": {"reports.findings", "reports.reviews", "text"},
    "tools": {"workspace", "reports", "publish", "text"},
}
"""Room → what it may import of ours, besides itself."""


def imports(path: Path) -> Iterator[str]:
    """What a module imports of ours, without the ``perfdsl.`` in front; imports for type checking count too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("perfdsl."):
            yield node.module.removeprefix("perfdsl.")
        elif isinstance(node, ast.Import):
            for name in node.names:
                if name.name.startswith("perfdsl."):
                    yield name.name.removeprefix("perfdsl.")


def allowed(room: str, module: str) -> bool:
    """Whether ``room`` may import ``module``."""
    if module.split(".", maxsplit=1)[0] == room:
        return True
    return any(module == one or module.startswith(f"{one}.") for one in MAY_IMPORT[room])


def test_every_room_is_in_the_table() -> None:
    rooms = {path.name for path in HOUSE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert rooms == set(MAY_IMPORT)


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_a_room_imports_only_what_it_may(room: str) -> None:
    wrong = [
        f"{path.relative_to(HOUSE)} imports {module}"
        for path in sorted((HOUSE / room).rglob("*.py"))
        for module in imports(path)
        if not allowed(room, module)
    ]
    assert wrong == []


def test_dataclasses_are_those_of_ours() -> None:
    """Those of the standard library would be compiled whenever the program starts (:mod:`perfdsl.text.records`)."""
    found = {
        path.relative_to(HOUSE).as_posix()
        for path in HOUSE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.ImportFrom) and node.module == "dataclasses")
        or (isinstance(node, ast.Import) and any(name.name == "dataclasses" for name in node.names))
    }
    assert found == {"text/records.py"}


def test_the_test_can_fail(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("from perfdsl.engine.columnar import run\n", encoding="utf-8")
    assert [module for module in imports(bad) if not allowed("reference", module)] == ["engine.columnar"]
