"""The words of K200 to K249."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from perfdsl.text.catalogue import scoring
from perfdsl.text.problem import CATALOGUE, Entry

NEVER = ("报错", "解析", "缺省", "节点", "字段", "枚举", "空值", "标识符")
ENTRIES = [one for code, one in sorted(CATALOGUE.items()) if "K200" <= code <= "K249"]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_an_entry_is_whole(entry: Entry) -> None:
    assert entry.title
    assert entry.english.isascii() or "扣" in entry.english
    assert entry.text.endswith("。")
    assert entry.bad and entry.good and entry.bad != entry.good


def test_every_string_can_be_shown_and_none_is_jargon() -> None:
    assert scoring.__file__ is not None
    tree = ast.parse(Path(scoring.__file__).read_text(encoding="utf-8"))
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for text in texts:
        text.encode("cp936")
        assert not [word for word in NEVER if word in text]


def test_every_code_has_a_test_that_meets_it() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py")))
    assert [entry.code for entry in ENTRIES if f'"{entry.code}"' not in tests] == []
