"""The two grammars, as tables that Lark makes of the files under grammar/. Tokens are fed by lexers of our own.

Making the tables takes a third of a second, so they are kept (:mod:`perfdsl.text.store`) under the hash of what they are
made of: Lark, and every byte of the grammar files. They are plain lists; Lark's own way of keeping them is pickle.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfdsl.syntax.parser import END, Grammar, Made, Parser, Tables, Token, Unexpected, packed, unpacked
from perfdsl.syntax.vocabulary import grammar_dir
from perfdsl.text import store

if TYPE_CHECKING:
    from lark import Lark

STARTS = ("expression", "condition", "part", "ledger", "band", "quantity")
KEPT = "grammar"


def build(name: str, starts: tuple[str, ...], *, strict: bool) -> Lark:
    """Lark's parser of ``grammar/<name>.lark``."""
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

    path = grammar_dir() / f"{name}.lark"
    return Lark(
        path.read_text(encoding="utf-8"),
        parser="lalr",
        lexer=NoLexer,
        start=list(starts),
        import_paths=[str(grammar_dir())],
        strict=strict,
        maybe_placeholders=False,
    )


def tables(lark: Lark) -> Tables:
    """What ``lark`` found out about its grammar."""
    from lark.parsers.lalr_analysis import Shift

    table = lark.parser.parser._parse_table
    rules = [*lark.rules]
    number = {(rule.origin.name, tuple(rule.expansion)): at for at, rule in enumerate(rules)}

    def code(action: Any, argument: Any) -> int:
        if action is Shift:
            return int(argument)
        return -1 - number[argument.origin.name, tuple(argument.expansion)]

    states = sorted(table.states)
    assert states == [*range(len(states))]
    return Tables(
        tuple(
            {str(symbol): code(action, argument) for symbol, (action, argument) in sorted(table.states[state].items())}
            for state in states
        ),
        tuple(_made(rule) for rule in rules),
        dict(table.start_states),
        dict(table.end_states),
    )


def _made(rule: Any) -> Made:
    """What Lark would make of a rule when it is reduced."""
    keeps = tuple(
        (place, not symbol.is_term and symbol.name.startswith("_"))
        for place, symbol in enumerate(rule.expansion)
        if rule.options.keep_all_tokens or not (symbol.is_term and symbol.filter_out)
    )
    name = str(rule.alias or rule.options.template_source or rule.origin.name)
    return Made(str(rule.origin.name), len(rule.expansion), name, keeps, bool(rule.options.expand1 and not rule.alias))


def _known(name: str, starts: tuple[str, ...]) -> Tables:
    """The tables of ``grammar/<name>.lark``, made or kept."""
    paths = [_lark(), *sorted(grammar_dir().glob("*.lark"))]
    asked = [name, [*starts], sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()]
    if (kept := store.read(KEPT, asked)) is not None:
        return unpacked(kept)
    made = tables(build(name, starts, strict=False))
    store.write(KEPT, asked, packed(made))
    return made


def _lark() -> Path:
    """The file that names Lark's version, found without loading Lark."""
    found = find_spec("lark")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin)


@lru_cache(maxsize=1)
def shapes() -> Grammar:
    """Value shapes."""
    from perfdsl.syntax.build import Builder  # loads when a value is first read

    return Grammar(_known("shapes", STARTS), Builder())


@lru_cache(maxsize=1)
def frame() -> Grammar:
    """The frame."""
    return Grammar(_known("rulebook", ("tree",)))


__all__ = ["END", "STARTS", "Parser", "Token", "Unexpected", "build", "frame", "shapes", "tables"]
