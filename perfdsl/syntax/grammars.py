"""The two Lark parsers, built when first needed and once. Tokens are fed to them one by one by lexers of our own."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedToken
from lark.lexer import Lexer as LarkLexer
from lark.parsers.lalr_interactive_parser import InteractiveParser

from perfdsl.syntax.vocabulary import grammar_dir

STARTS = ("expression", "condition", "phrase", "ledger", "band", "quantity")
END = "$END"


class _NoLexer(LarkLexer):
    """Stands where Lark wants a lexer; tokens are fed by hand."""

    def __init__(self, lexer_conf: Any) -> None:
        del lexer_conf

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Token]:
        """No token ever comes from here."""
        del lexer_state, parser_state
        return iter(())


def build(name: str, starts: tuple[str, ...], transformer: Transformer[Token, Any] | None, *, strict: bool) -> Lark:
    """The parser of ``grammar/<name>.lark``."""
    path = grammar_dir() / f"{name}.lark"
    return Lark(
        path.read_text(encoding="utf-8"),
        parser="lalr",
        lexer=_NoLexer,
        start=list(starts),
        transformer=transformer,
        import_paths=[str(grammar_dir())],
        strict=strict,
        maybe_placeholders=False,
    )


@lru_cache(maxsize=1)
def shapes() -> Lark:
    """The parser of value shapes."""
    from perfdsl.syntax.build import Builder  # noqa: PLC0415  (Lark and the builder load when a value is first read)

    return build("shapes", STARTS, Builder(), strict=False)


@lru_cache(maxsize=1)
def frame() -> Lark:
    """The parser of the frame."""
    return build("rulebook", ("tree",), None, strict=False)


def begin(lark: Lark, start: str) -> InteractiveParser:
    """A parser at the beginning of ``start``."""
    return lark.parse_interactive("", start=start)


def fork(parser: InteractiveParser) -> InteractiveParser:
    """A second parser in the same state. Values are shared: nodes never change."""
    return parser.copy(deepcopy_values=False)


__all__ = ["END", "STARTS", "UnexpectedToken", "begin", "build", "fork", "frame", "shapes"]
