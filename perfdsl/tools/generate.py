"""Files that are made from others: ``python -m perfdsl.tools.generate words`` writes ``grammar/words.lark``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module

from perfdsl.syntax.vocabulary import Vocabulary, grammar_dir, vocabulary, words_lark


def whole_vocabulary() -> Vocabulary:
    """The words of ``keywords.yaml`` and of every clause kind in the registry."""
    kinds = getattr(import_module("perfdsl.clauses"), "KINDS", ())
    return vocabulary(kind.form for kind in kinds)


def words() -> None:
    """Write ``grammar/words.lark``."""
    (grammar_dir() / "words.lark").write_text(words_lark(whole_vocabulary()), encoding="utf-8", newline="\n")


COMMANDS: dict[str, Callable[[], None]] = {"words": words}


def main(arguments: list[str]) -> int:
    """Run the commands named; 2 for one that does not exist."""
    unknown = [name for name in arguments if name not in COMMANDS]
    if unknown or not arguments:
        print(f"可以生成：{'、'.join(COMMANDS)}", file=sys.stderr)
        return 2
    for name in arguments:
        COMMANDS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
