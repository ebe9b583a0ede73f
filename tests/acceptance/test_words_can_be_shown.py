"""Every string of ours can be printed on a Chinese console (cp936), and none is a programmer's word."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
CODE = sorted((HOME / "perfdsl").rglob("*.py"))
WORDS = sorted((HOME / "grammar").glob("*.yaml"))
INPUT_ONLY = {
    "perfdsl/text/source.py": "blanks, soft breaks and signs that are folded when a file is read",
    "perfdsl/syntax/characters.py": "characters that are looked for in what was typed",
    "perfdsl/syntax/layout.py": "the ranges of Chinese characters",
    "perfdsl/text/catalogue/writing.py": "examples of characters that are refused",
    "perfdsl/publish/csv.py": "the mark at the beginning of a file",
    "perfdsl/syntax/lines.py": "signs that may be typed",
}
"""Modules that hold characters which are read, never printed."""


def literals(path: Path) -> list[tuple[int, str]]:
    """(line, text) of every string literal, docstrings of modules, classes and functions left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation
    ]


def unprintable(text: str) -> str:
    return "".join(character for character in text if character.encode("cp936", errors="ignore") == b"")


@pytest.mark.parametrize(
    "path",
    [path for path in CODE if path.relative_to(HOME).as_posix() not in INPUT_ONLY],
    ids=lambda path: str(path.relative_to(HOME / "perfdsl")),
)
def test_strings_of_the_code(path: Path) -> None:
    assert [(line, bad) for line, text in literals(path) if (bad := unprintable(text))] == []


def test_the_list_of_exceptions_is_not_stale() -> None:
    for name in INPUT_ONLY:
        path = HOME / name
        assert any(unprintable(text) for _, text in literals(path)), name


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.name)
def test_words_of_the_language(path: Path) -> None:
    assert unprintable(path.read_text(encoding="utf-8")) == ""


def test_templates_and_other_texts() -> None:
    for path in sorted((HOME / "perfdsl").rglob("*")):
        if path.suffix in (".txt", ".html", ".j2", ".jinja", ".md"):
            assert unprintable(path.read_text(encoding="utf-8")) == "", path.name
