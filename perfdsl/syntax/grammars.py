"""The two grammars, as tables that Lark makes of the files under grammar/. Tokens are fed by lexers of our own.

Making the tables takes longer than reading a rulebook, so they are made beforehand (``grammar/tables.json``, plain lists;
Lark's own way of keeping them is pickle), and anew only where a grammar is another than they were made of. They are numbered
by what they say, so that the same grammar has the same tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from perfdsl.syntax.parser import END, Grammar, Made, Parser, Tables, Token, Unexpected, packed, unpacked
from perfdsl.syntax.vocabulary import grammar_dir, hashed

if TYPE_CHECKING:
    from lark import Lark

STARTS = ("expression", "condition", "part", "ledger", "band", "quantity")
GRAMMARS: Mapping[str, tuple[str, ...]] = {"shapes": STARTS, "rulebook": ("tree",)}
"""File under grammar/ → its start rules."""
MADE = "tables.json"
_WORDS = re.compile(r"^%import \.words \(([^)]*)\)", re.MULTILINE)


def build(name: str, *, strict: bool) -> Lark:
    """Lark's parser of ``grammar/<name>.lark``. With ``strict`` it looks at how the words are spelt, which concerns the lexer
    alone; to the parser a terminal is a name."""
    from lark import Lark  # loads where tables are made, not where they are kept
    from lark.lexer import Lexer

    class NoLexer(Lexer):
        """Stands where Lark wants a lexer; tokens are fed by hand."""

        def __init__(self, lexer_conf: Any) -> None:
            del lexer_conf

        def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
            """No token ever comes from here."""
            del lexer_state, parser_state
            return iter(())

    text = (grammar_dir() / f"{name}.lark").read_text(encoding="utf-8")
    return Lark(
        text if strict else _WORDS.sub(lambda found: f"%declare {found[1].replace(',', ' ')}", text),
        parser="lalr",
        lexer=NoLexer,
        start=list(GRAMMARS[name]),
        import_paths=[str(grammar_dir())],
        strict=strict,
        maybe_placeholders=False,
    )


def tables(lark: Lark) -> Tables:
    """What ``lark`` found out about its grammar. Rules stand in the order of their names, states in the order in which they
    are reached from the start rules."""
    from lark.parsers.lalr_analysis import Shift

    table = lark.parser.parser._parse_table
    rules = sorted(lark.rules, key=lambda rule: (rule.origin.name, [one.name for one in rule.expansion]))
    number = {(rule.origin.name, tuple(rule.expansion)): at for at, rule in enumerate(rules)}
    place = {state: at for at, state in enumerate(_reached(table, Shift))}

    def code(action: Any, argument: Any) -> int:
        if action is Shift:
            return place[argument]
        return -1 - number[argument.origin.name, tuple(argument.expansion)]

    return Tables(
        tuple(
            {str(symbol): code(action, argument) for symbol, (action, argument) in sorted(table.states[state].items())}
            for state in place
        ),
        tuple(_made(rule) for rule in rules),
        {start: place[state] for start, state in sorted(table.start_states.items())},
        {start: place[state] for start, state in sorted(table.end_states.items())},
    )


def _reached(table: Any, shift: Any) -> dict[int, None]:
    """The states, each where it is first come to."""
    found = dict.fromkeys(state for _, state in sorted(table.start_states.items()))
    for state in (left := [*found]):
        for _, (action, argument) in sorted(table.states[state].items()):
            if action is shift and argument not in found:
                found[argument] = None
                left.append(argument)
    assert found.keys() == table.states.keys()
    return found


def _made(rule: Any) -> Made:
    """What Lark would make of a rule when it is reduced."""
    keeps = tuple(
        (place, not symbol.is_term and symbol.name.startswith("_"))
        for place, symbol in enumerate(rule.expansion)
        if rule.options.keep_all_tokens or not (symbol.is_term and symbol.filter_out)
    )
    name = str(rule.alias or rule.options.template_source or rule.origin.name)
    return Made(str(rule.origin.name), len(rule.expansion), name, keeps, bool(rule.options.expand1 and not rule.alias))


def made() -> str:
    """``grammar/tables.json``: the tables of each grammar, and the hash of the file that they were made of."""
    told = {name: {"of": _hash(name), "tables": packed(tables(build(name, strict=False)))} for name in GRAMMARS}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace('],[["', '],\n[["') + "\n"


def _hash(name: str) -> str:
    return hashed((grammar_dir() / f"{name}.lark").read_text(encoding="utf-8"))


def _known(name: str) -> Tables:
    """The tables of ``grammar/<name>.lark``: those made beforehand, if they are of this file."""
    path = grammar_dir() / MADE
    told = json.loads(path.read_text(encoding="utf-8")).get(name) if path.exists() else None
    if told is not None and told["of"] == _hash(name):
        return unpacked(told["tables"])
    return tables(build(name, strict=False))


@lru_cache(maxsize=1)
def shapes() -> Grammar:
    """Value shapes."""
    from perfdsl.syntax.build import Builder  # loads when a value is first read

    return Grammar(_known("shapes"), Builder())


@lru_cache(maxsize=1)
def frame() -> Grammar:
    """The frame."""
    return Grammar(_known("rulebook"))


__all__ = ["END", "STARTS", "Parser", "Token", "Unexpected", "build", "frame", "made", "shapes", "tables"]
