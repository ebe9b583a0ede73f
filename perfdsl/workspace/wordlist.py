"""The words of the language as grammar text."""

from __future__ import annotations

from perfdsl.syntax.vocabulary import grammar_dir, words_lark
from perfdsl.workspace.opening import words


def write_words() -> None:
    """Write ``grammar/words.lark`` from ``keywords.yaml`` and the forms of every clause kind."""
    (grammar_dir() / "words.lark").write_text(words_lark(words()), encoding="utf-8", newline="\n")
