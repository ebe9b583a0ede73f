"""The catalogue of K400 to K449 speaks as officers do."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import perfdsl.data
import perfdsl.text.catalogue.data as catalogue
from perfdsl.text.problem import CATALOGUE

OURS = {code: entry for code, entry in CATALOGUE.items() if code.startswith("K4")}
NEVER = ("报错", "解析", "缺省", "节点", "字段", "枚举", "空值", "标识符")
HERE = Path(perfdsl.data.__file__).parent
FILES = [*HERE.glob("*.py"), Path(catalogue.__file__)]


def test_codes() -> None:
    assert len(OURS) > 40
    assert all("K400" <= code <= "K499" for code in OURS)
    assert set(OURS) >= catalogue.UNREADABLE


@pytest.mark.parametrize("code", sorted(OURS))
def test_entries_are_complete(code: str) -> None:
    entry = OURS[code]
    assert entry.title and entry.english and entry.bad and entry.good and entry.bad != entry.good
    assert entry.english.isascii() and entry.text.endswith("。")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_our_strings_can_be_printed_and_avoid_programmers_words(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value.encode("cp936")
            assert not any(word in node.value for word in NEVER)
