"""How values are printed: canonical words, Chinese punctuation, one blank between Chinese and numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from perfdsl.syntax.characters import OUTSIDE, half_width
from perfdsl.syntax.lexer import Lexeme
from perfdsl.syntax.vocabulary import Meaning
from perfdsl.text.records import replace
from perfdsl.text.source import BLANKS, SOFT_BREAKS

_TIGHT = frozenset({"COMMA", "SEMI", "SEP"})
_SIGNS = frozenset({"PLUS", "MINUS", "TIMES", "DIVIDE", "EQUALS"})
_APART = frozenset({"IS", "IS_NOT", "AND", "OR"})
_OPERANDS = frozenset(
    {"NUMBER", "UNIT", "NAME", "OWN", "QUOTED", "CODE", "RPAR", "DATE", "TOTAL", "CHOICE", "BASE", "BONUS", "DEDUCTION"}
)
_GRADING = frozenset({"EFFECT", "TREAT_AS"})
_NAMED = frozenset({"NAME", "METHOD", "CHOICE", "QUOTED"})
_PERCENT = frozenset({"%", "‰"})
_RUN = re.compile(f"[{BLANKS}{SOFT_BREAKS}]+")
_HAN = "\u3007\u3400-\u9fff"
_SEAM = re.compile(rf"(?<=[{_HAN}])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%])(?=[{_HAN}])")


def tidy(text: str) -> str:
    """Free words that name something: blanks trimmed and single, letters and digits half width, quotes “ ”."""
    text = _RUN.sub(" ", text).strip()
    text = half_width(text)
    paired = _paired(text)
    # where a mark stands alone, pairing the others would pair it wrongly the next time: such a text is left as it is
    return paired if _paired(paired) == paired else text


def _paired(text: str) -> str:
    return OUTSIDE.sub(lambda found: f"“{found.group()[1:-1]}”" if found.group("quoted") else found.group(), text)


Spell = Callable[[Meaning], str]
"""How a word is spelt: in Chinese or in English."""


def canonical(meaning: Meaning) -> str:
    """The canonical Chinese spelling."""
    return meaning.word.canonical


def printed(tokens: Sequence[Lexeme], spell: Spell = canonical) -> str:
    """The tokens of a value as the formatter prints them. An English word has blanks on both sides."""
    parts: list[str] = []
    before: Lexeme | None = None
    sign = graded = False
    for given in tokens:
        graded = given.terminal in _GRADING or (graded and given.terminal in ("SEP", "CHOICE", "QUOTED"))
        token = replace(given, terminal="QUOTED") if graded and given.terminal == "CHOICE" else given
        text = _printed(token, spell)
        if before is not None:
            parts.append(" " if _english(parts[-1], text, before, token) else _between(before, token, sign))
        sign = token.terminal == "MINUS" and (before is None or before.terminal not in _OPERANDS)
        parts.append(text)
        before = token
    return "".join(parts)


def _english(left: str, right: str, before: Lexeme, token: Lexeme) -> bool:
    """Whether one of the two is an English word that needs a blank between them."""
    if before.terminal in _TIGHT or token.terminal in _TIGHT:
        return False
    last, first = left[-1:], right[:1]
    words = (before.meaning is not None and last.isascii() and last.isalpha()) or (
        token.meaning is not None and first.isascii() and first.isalpha()
    )
    return words and "(" not in (last, first) and ")" not in (last, first) and last != "（" and first != "）"


def _printed(token: Lexeme, spell: Spell = canonical) -> str:
    if token.terminal == "QUOTED":
        return f"“{token.text}”"
    if token.terminal == "CODE":
        return f"【{token.text}】"
    if token.terminal == "OBJECT":
        return _SEAM.sub(" ", token.text)
    return spell(token.meaning) if token.meaning is not None else token.text


def _between(left: Lexeme, right: Lexeme, signed: bool) -> str:
    """The blank between two tokens; ``signed``: ``left`` is the sign of a number."""
    if left.terminal in _TIGHT or right.terminal in _TIGHT or left.terminal == "LPAR" or right.terminal == "RPAR":
        return ""
    if signed or right.terminal == "CODE":
        return ""
    if _apart(left) or _apart(right):
        return " "
    if right.terminal == "LPAR" or left.terminal == "RPAR":
        return ""
    if left.terminal == "AT" or (left.terminal, right.terminal) in _WIDE:
        return " "
    if left.terminal in _NAMED or right.terminal in _NAMED:
        return "" if (left.terminal, right.terminal) in _CLOSE or right.terminal == "PERIOD" else " "
    if right.terminal == "UNIT":
        return " " if _figures(left) and right.text not in _PERCENT else ""
    return " " if _figures(left) or _figures(right) or (left.terminal == "UNIT" and left.text in _PERCENT) else ""


_WIDE = frozenset({("MOST", "BASE"), ("MOST", "SCORE"), ("MOST", "OWN"), ("MOST", "FUNCTION")})
_CLOSE = frozenset(
    {("CHOICE", "EACH"), ("AS", "NAME"), ("NAME", "AT"), ("NAME", "AS"), ("CHOICE", "AS"), ("CHOICE", "CHOICE")}
    | {("CHOICE", "HALVED"), ("NAME", "HALVED")}
)


def _apart(token: Lexeme) -> bool:
    sign = token.terminal == "COMPARE" and not _printed(token)[0].isalpha()
    return sign or token.terminal in _APART or (token.terminal in _SIGNS and not _printed(token)[0].isalpha())


def _figures(token: Lexeme) -> bool:
    return token.terminal == "NUMBER" and token.text[0].isascii()
