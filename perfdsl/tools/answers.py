"""Answers that were given before: what a command printed, kept until anything it looked at is another.

The request (the words of the command line, the folder, colours) names the entry; the entry lists every file and folder
that was looked at, each with the hash of its bytes (:mod:`perfdsl.text.files`), and what was printed. It holds as long
as all of them, and this program, are as they were; so a changed byte is never answered from here. How entries are kept:
:mod:`perfdsl.text.store`. Nothing here imports what is slow to load.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from perfdsl.text import files, store

TYPE_CHECKING = False  # as typing has it, which is slow to load
if TYPE_CHECKING:
    from typing import Any, TextIO

KIND = "answers"
LONGEST = 4 * 1024 * 1024
"""A longer answer is not kept."""

OUT, ERR = "out", "err"
Piece = tuple[str, str]


def colours() -> bool:
    """Whether the screen is to be coloured (NO_COLOR, FORCE_COLOR and dumb terminals are respected)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stderr.isatty()


def request(arguments: Sequence[str]) -> list[Any] | None:
    """What an answer depends on besides files: the words, where they were said, and colours; None in a folder that is gone."""
    try:
        return [list(arguments), os.getcwd(), colours()]
    except OSError:
        return None


def find(asked: Sequence[Any]) -> tuple[list[Piece], int] | None:
    """What was printed when ``asked`` was asked, and the exit code; None where that may be another today."""
    try:
        kept = store.read(KIND, asked)
        if kept is None or any(files.state(kind, path) != told for kind, path, told in kept["facts"]):
            return None
        return [(stream, text) for stream, text in kept["pieces"]], int(kept["code"])
    except (ValueError, KeyError, TypeError):
        return None


# ---- keeping


class Keeping:
    """An answer in the making: what is printed is told to it."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.finished = False
        self.code = 0

    def finish(self, code: int) -> None:
        """The command came to its end and leaves with ``code``."""
        self.finished, self.code = True, code


_now: list[Keeping] = []


def printed(stream: str, text: str) -> None:
    """``text`` went to ``stream``."""
    for one in _now:
        one.pieces.append((stream, text))


def finished(code: int) -> None:
    """The command that is running came to its end, not out of it by a fault or by the user's hand."""
    for one in _now:
        one.finish(code)


@contextmanager
def keeping(asked: Sequence[Any]) -> Iterator[None]:
    """Keep what is printed inside as the answer to ``asked``, if the command says that it is finished."""
    one = Keeping()
    _now.append(one)
    try:
        with files.watching() as seen:
            try:
                yield
            finally:
                files.libraries()
    finally:
        _now.remove(one)
        facts = [[kind, path, told] for (kind, path), told in seen.items()]
        if one.finished and all(told != files.CHANGED for _, _, told in facts):
            pieces = [[*piece] for piece in one.pieces]
            store.write(KIND, asked, {"facts": facts, "pieces": pieces, "code": one.code}, LONGEST)


def show(pieces: Sequence[Piece]) -> None:
    """Print an answer as it was printed."""
    streams: dict[str, TextIO] = {OUT: sys.stdout, ERR: sys.stderr}
    for stream, text in pieces:
        streams[stream].write(text)
        streams[stream].flush()
