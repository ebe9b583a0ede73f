"""Every rulebook we ship is a statement that prints back unchanged, and formatting never changes what it means."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perfdsl.text.source import Source, read_source
from perfdsl.workspace.formatting import formatted
from perfdsl.workspace.opening import open_text

ROOT = Path(__file__).parents[1]
RULEBOOKS = sorted((ROOT / "rulebooks").rglob("*.perf"))
WHOLE = [path for path in RULEBOOKS if re.search("^考评办法 ", path.read_text(encoding="utf-8"), re.MULTILINE)]
"""Those that stand alone; the others are included by one of these."""


@pytest.mark.parametrize("path", RULEBOOKS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_prints_back_unchanged(path: Path) -> None:
    text, repairs = formatted(read_source(path))
    assert text == path.read_text(encoding="utf-8")
    assert repairs == ()


def untidied(text: str) -> str:
    """The same rulebook as somebody types it: half-width marks, odd blanks, no padding in tables."""
    lines = []
    for line in text.splitlines():
        bare = line if "“" in line or "#" in line else line.replace("：", ":").replace("，", ", ").replace("；", " ;")
        lines.append(("\u3000" + bare.strip() + "  ") if bare.strip() else "")
    return "\r\n".join(lines) + "\r\n"


def limits(clause: Any) -> Any:
    """What a veto does, without 认定, which is free words."""
    return replace(clause, decided="")


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_typed_otherwise_it_means_the_same(path: Path) -> None:
    tidy = open_text(read_source(path))
    typed = open_text(Source(path.name, untidied(path.read_text(encoding="utf-8")).replace("\r\n", "\n"), path))
    assert tidy.rulebook is not None and typed.rulebook is not None
    # 原文 and other free words keep the author's punctuation, so only what is computed is compared
    assert typed.rulebook.total == tidy.rulebook.total
    assert [item.scoring for item in typed.rulebook.walk()] == [item.scoring for item in tidy.rulebook.walk()]
    assert [item.value for item in typed.rulebook.walk()] == [item.value for item in tidy.rulebook.walk()]
    assert [limits(rule.clause) for rule in typed.rulebook.vetoes] == [
        limits(rule.clause) for rule in tidy.rulebook.vetoes
    ]
    assert typed.rulebook.scheme == tidy.rulebook.scheme
