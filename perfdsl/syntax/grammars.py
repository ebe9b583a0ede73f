"""The two Lark parsers, built when first needed and once. Tokens are fed to them one by one by lexers of our own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedToken
from lark.lexer import Lexer as LarkLexer
from lark.parsers.lalr_interactive_parser import InteractiveParser

from perfdsl.syntax.vocabulary import grammar_dir

STARTS = ("expression", "condition", "part", "ledger", "band", "quantity")
END = "$END"


class _NoLexer(LarkLexer):
    """Stands where Lark wants a lexer; tokens are fed by hand."""

    def __init__(self, lexer_conf: Any) -> None:
        del lexer_conf

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Token]:
        """No token ever comes from here."""
        del lexer_state, parser_state
        return iter(())


class _Fed(Token):
    """A token that is known by its terminal and its value. Lark's own are text as well, for which it would print the value."""

    def __new__(cls, terminal: str, value: object) -> _Fed:
        made = str.__new__(cls)
        made.type, made.value = terminal, value
        return made


def token(terminal: str, value: object = None) -> Token:
    """What the parsers are fed with."""
    return _Fed(terminal, value)


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
    from perfdsl.syntax.build import Builder  # Lark and the builder load when a value is first read

    return build("shapes", STARTS, Builder(), strict=False)


@lru_cache(maxsize=1)
def frame() -> Lark:
    """The parser of the frame."""
    return build("rulebook", ("tree",), None, strict=False)


def begin(lark: Lark, start: str) -> InteractiveParser:
    """A parser at the beginning of ``start``."""
    return fork(_fresh(lark, start))


@lru_cache(maxsize=16)
def _fresh(lark: Lark, start: str) -> InteractiveParser:
    """It is never fed: a copy takes less than half the time of another beginning."""
    return lark.parse_interactive("", start=start)


def fork(parser: InteractiveParser) -> InteractiveParser:
    """A second parser in the same state, for looking at: only one of the two may go on (see :func:`takes`)."""
    copied: InteractiveParser = parser.copy(deepcopy_values=False)  # type: ignore[no-untyped-call]
    return copied


def choices(parser: InteractiveParser) -> Mapping[str, Any]:
    """Terminals that may have a place here; a few of them only seem to (:func:`accepts` knows, and takes longer)."""
    found: Mapping[str, Any] = parser.choices()  # type: ignore[no-untyped-call]
    return found


def accepts(parser: InteractiveParser) -> frozenset[str]:
    """Terminals that have a place here."""
    return frozenset(parser.accepts())  # type: ignore[no-untyped-call]


def takes(parser: InteractiveParser, token: Token) -> bool:
    """Whether ``token`` can come next. Nothing is built in finding out: Lark's callbacks change lists in place."""
    trial = fork(parser)
    conf = copy(trial.parser_state.parse_conf)
    conf.callbacks = {}
    trial.parser_state.parse_conf = conf
    try:
        trial.feed_token(token)
    except UnexpectedToken:
        return False
    return True


__all__ = [
    "END",
    "STARTS",
    "UnexpectedToken",
    "accepts",
    "begin",
    "build",
    "choices",
    "fork",
    "frame",
    "shapes",
    "takes",
    "token",
]
