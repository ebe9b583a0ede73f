"""The parser of our own beside Lark's: the same tables, the same trees, the same choices at every token."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from lark import Token as LarkToken
from lark import Tree, UnexpectedToken

from perfdsl.syntax import grammars, shapes, vocabulary
from perfdsl.syntax.frame import parse
from perfdsl.syntax.lexer import Names
from perfdsl.syntax.names import declared
from perfdsl.syntax.nodes import Written
from perfdsl.syntax.parser import END, Branch, Grammar, Parser, Token, Unexpected, packed, unpacked
from perfdsl.syntax.vocabulary import KEYWORDS, grammar_dir, keywords_json
from perfdsl.text.source import Source, Span
from perfdsl.workspace.opening import words

RULEBOOKS = Path(__file__).parents[2] / "rulebooks"
LARK = grammars.build("shapes", strict=True)
OURS = Grammar(grammars.tables(LARK))


def shown(one: Any) -> Any:
    """A tree of either, as plain values."""
    if isinstance(one, (Tree, Branch)):
        return [one.data, [shown(child) for child in one.children]]
    if isinstance(one, list):
        return [shown(child) for child in one]
    return (one.type, one.value) if isinstance(one, (LarkToken, Token)) else one


def sentences(path: Path) -> set[tuple[str, tuple[str, ...]]]:
    """(start, terminals) of the values of a rulebook that read whole, phrases by segments."""
    tree, _ = parse(Source("", path.read_text(encoding="utf-8")), words())
    known = declared(tree)
    names = Names(names=known.names, choices=known.choices, methods=known.methods, objects=known.objects)
    found = set()
    for block in tree.blocks:
        for field in block.fields:
            for part in field.value.text.replace("；", "，").split("，"):
                value = Written(part, Span(Source("", part), 0, len(part)))
                for start in grammars.STARTS:
                    asked = "phrase" if start == "part" else start
                    if part and (taken := shapes.lexemes(asked, value, words(), names)):
                        found.add((start, tuple(one.terminal for one in taken)))
    return found


@pytest.mark.parametrize("name", ["示例市/2025.perf", "十项全能/十项全能.perf", "石城县河长制2018/原文.perf"])
def test_it_makes_what_lark_makes(name: str) -> None:
    sample = {(start, one) for start, one in sentences(RULEBOOKS / name) if not {"COMMA", "SEMI"} & {*one}}
    assert len(sample) > 10
    for start, terminals in sample:
        lark, ours = LARK.parse_interactive("", start=start), Parser(OURS, start)
        for at, terminal in enumerate(terminals):
            assert ours.accepts() == lark.accepts()  # type: ignore[no-untyped-call]
            lark.feed_token(LarkToken(terminal, str(at)))
            ours.feed(terminal, str(at))
        assert shown(ours.feed(END)) == shown(lark.feed_token(LarkToken(END, "")))


def test_it_refuses_what_lark_refuses() -> None:
    """Each terminal behind each beginning of two terminals."""
    every = sorted({one.name for one in LARK.terminals} | {END})
    refused = 0
    for start in grammars.STARTS:
        for first in Parser(OURS, start).accepts():
            for second in every:
                lark, ours = LARK.parse_interactive("", start=start), Parser(OURS, start)
                lark.feed_token(LarkToken(first, ""))
                ours.feed(first, "")
                can = ours.takes(second)
                try:
                    lark.feed_token(LarkToken(second, ""))
                    assert can
                    ours.feed(second, "")
                except UnexpectedToken:
                    refused += 1
                    assert not can
                    with pytest.raises(Unexpected):
                        ours.feed(second, "")
    assert refused > 1000


def test_kept_tables_are_the_tables() -> None:
    tables = grammars.tables(LARK)
    assert unpacked(packed(tables)) == tables


def test_tables_made_beforehand_are_those_of_the_grammars() -> None:
    """However the words are spelt, and whichever way Lark comes by them."""
    assert (grammar_dir() / grammars.MADE).read_text(encoding="utf-8") == grammars.made(), "make words"
    for name in grammars.GRAMMARS:
        assert grammars._known(name) == grammars.tables(grammars.build(name, strict=True))


def test_tables_of_another_grammar_are_made_anew(tmp_path: Path) -> None:
    shutil.copytree(grammar_dir(), tmp_path / "grammar")
    with patch.object(grammars, "grammar_dir", return_value=tmp_path / "grammar"):
        with patch.object(grammars, "build", side_effect=AssertionError("they were made anew")):
            known = grammars._known("rulebook")
        path = tmp_path / "grammar" / "rulebook.lark"
        path.write_text(path.read_text(encoding="utf-8").replace("item: ITEM", "item: ITEM ROW?"), encoding="utf-8")
        assert grammars._known("rulebook") != known
        (tmp_path / "grammar" / grammars.MADE).unlink()
        assert grammars._known("shapes") == grammars.tables(LARK)


def test_words_made_beforehand_are_those_of_the_yaml(tmp_path: Path) -> None:
    """They are read from the YAML itself where that says something else."""
    assert (grammar_dir() / KEYWORDS).read_text(encoding="utf-8") == keywords_json(), "make words"
    shutil.copytree(grammar_dir(), tmp_path / "grammar")
    read = vocabulary._keywords.__wrapped__
    with patch.object(vocabulary, "grammar_dir", return_value=tmp_path / "grammar"):
        with patch.object(vocabulary, "_from_yaml", side_effect=AssertionError("the YAML was read")):
            known = read()
        path = tmp_path / "grammar" / "keywords.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("考评办法", "另一种叫法", 1), encoding="utf-8")
        assert read() != known
        (tmp_path / "grammar" / KEYWORDS).unlink()
        assert read() != known
