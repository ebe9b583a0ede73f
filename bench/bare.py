"""Lark alone on a rulebook: the grammar of the same lines and value shapes, Lark's own contextual lexer, a tree, nothing else.

Our check reads the file, knows the words and names that it declares, resolves, checks and says; this only parses.
It is helped where that keeps it from losing time that is none of Lark's: the text comes with widths made equal, names
are told by one short pattern for all (stems and figures) instead of a table, free words are one token to the end of
their place, and phrases stand in one grammar with the frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lark import Lark

from perfdsl.syntax.frame import parse
from perfdsl.syntax.names import declared
from perfdsl.syntax.vocabulary import Vocabulary, grammar_dir
from perfdsl.text.form import Shape
from perfdsl.text.source import Source, folded
from perfdsl.workspace.opening import words

NEVER = "\\u0001"
"""A pattern of what stands nowhere."""

FRAME = """
start: _NL? block*
block: HEADER TITLE (LPAR_NOTE phrase RPAR)? CODED? _NL ((field | row | item) _NL)*
field: LABEL_TEXT TEXT? | LABEL_EXPRESSION expression | LABEL_CONDITION condition?
    | LABEL_PHRASE phrase? | LABEL_LEDGER ledger
row: ("|" (band | CELL))+ "|"
item: "·" TEXT
phrase: part ((COMMA | SEMI) part)*
LPAR_NOTE.400: "("
TITLE.1: /[^(【\\n]+/
CODED.14: /【[^】\\n]*】/
TEXT.2: /[^\\n]+/
_NL.500: /(#[^\\n]*)?(\\n *(#[^\\n]*)?)+/
%ignore / +/
NUMBER.16: /[0-9]+(?:\\.[0-9]+)?/
CELL.-1: /[^|\\n]+/
QUOTED.15: /“[^”\\n]*”/
DATE.17: /[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日/
"""


def bare(text: str) -> tuple[Lark, str]:
    """Lark's parser for rulebooks with the names of ``text``, and the text as it takes it."""
    vocabulary = words()
    names = declared(parse(Source("", text), vocabulary)[0])
    told = {
        "NAME.204": _stems(names.names),
        "CHOICE.203": _stems(names.choices) or NEVER,
        "METHOD.202": _stems(names.methods) or NEVER,
        "OBJECT.201": _stems(names.objects) or NEVER,
        "UNIT.19": _any(folded(unit) for unit in vocabulary.units | names.units),
        "CODE.18": r"【[^】\n]*】",
        "HEADER.300": _any(map(folded, vocabulary.header_spellings)),
        **_words(vocabulary),
        **{
            f"LABEL_{shape}.{301 + at}": pattern + "[ ]*:[ ]*"
            for at, (shape, pattern) in enumerate(_labels(vocabulary).items())
        },
    }
    # no two priorities are equal: words that begin alike look ahead, and Lark need not compare all pairs
    terminals = "".join(f"{name}: /{pattern}/\n" for name, pattern in told.items())
    shapes = re.sub("%(?:declare|import) .*", "", (grammar_dir() / "shapes.lark").read_text(encoding="utf-8"))
    parser = Lark(FRAME + shapes + terminals, parser="lalr", lexer="contextual", maybe_placeholders=False)
    return parser, folded(text)


def _words(vocabulary: Vocabulary) -> dict[str, str]:
    """Each terminal's Chinese words and signs; one that begins a longer word of another terminal looks ahead."""
    known = {
        spelling: meaning.terminal
        for spelling, meaning in vocabulary.meanings.items()
        if not spelling.isalpha() or not spelling.isascii()
    }
    found: dict[str, list[str]] = {}
    for spelling, terminal in sorted(known.items(), key=lambda one: -len(one[0])):
        longer = [
            other[len(spelling) :]
            for other, its in known.items()
            if its != terminal and other.startswith(spelling) and other != spelling
        ]
        ahead = f"(?!{_any(longer)})" if longer else ""
        found.setdefault(terminal, []).append(_any([spelling]) + ahead)
    return {
        f"{terminal}.{at + 20}": f"(?:{'|'.join(patterns)})" for at, (terminal, patterns) in enumerate(found.items())
    }


def _labels(vocabulary: Vocabulary) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for spelling, label in vocabulary.label_spellings.items():
        shape = label.shape.name if label.shape in SHAPES else "TEXT"
        found.setdefault(shape, []).append(folded(spelling))
    return {shape: _any(spellings) for shape, spellings in found.items()}


SHAPES = (Shape.EXPRESSION, Shape.CONDITION, Shape.PHRASE, Shape.LEDGER)


def _any(spellings: Iterable[str]) -> str:
    return (
        "(?:" + "|".join(re.escape(one).replace("/", "\\/") for one in sorted(spellings, key=len, reverse=True)) + ")"
    )


def _stems(names: Iterable[str]) -> str:
    stems = {re.sub("[0-9]+$", "", folded(name)) for name in names}
    return _any(stems) + "[0-9]*" if stems else ""
