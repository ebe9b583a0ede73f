"""Answers that were given before: what a command printed, kept until anything it looked at is another.

The request (the words of the command line, the folder, colours) names the entry; the entry lists every file and folder
that was looked at, each with the hash of its bytes (:mod:`perfdsl.text.files`), and what was printed. It holds as long
as all of them, and this program, are as they were; so a changed byte is never answered from here. An entry that is
torn, or written by another version, is no entry: the command runs and writes it anew. Nothing here imports what is
slow to load.

Entries lie in the folder that PERFDSL_CACHE names, else where the system keeps such things. Where they cannot be
written, nothing is kept and nothing is said.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256

import perfdsl
from perfdsl.text import files

TYPE_CHECKING = False  # as typing has it, which is slow to load
if TYPE_CHECKING:
    from typing import Any, TextIO

FORMAT = 1
MOST_ENTRIES, LONGEST = 200, 4 * 1024 * 1024
"""So many answers are kept, the latest; a longer one is not."""

LIBRARIES = ("click", "lark", "numpy", "pydantic", "yaml")
OUT, ERR = "out", "err"
Piece = tuple[str, str]


def folder() -> str:
    """Where answers are kept."""
    if told := os.environ.get("PERFDSL_CACHE"):
        return told
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~")
    elif sys.platform == "darwin":
        home = os.path.expanduser("~/Library/Caches")
    else:
        home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(home, "perfdsl")


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


def program() -> str:
    """This program: its version, Python's, and each of its files by size and time, as Python itself knows its own."""
    home = os.path.dirname(os.path.abspath(perfdsl.__file__))
    found = [perfdsl.__version__, sys.version]
    for place in (home, os.path.join(os.path.dirname(home), "grammar")):
        found.extend(_sources(place))
    return sha256("\n".join(found).encode(errors="surrogatepass")).hexdigest()


def _sources(place: str) -> Iterator[str]:
    with suppress(OSError), os.scandir(place) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            if entry.name.endswith((".py", ".lark", ".yaml")):
                told = entry.stat()
                yield f"{entry.path} {told.st_mtime_ns} {told.st_size}"
            elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                yield from _sources(entry.path)


def find(asked: Sequence[Any]) -> tuple[list[Piece], int] | None:
    """What was printed when ``asked`` was asked, and the exit code; None where that may be another today."""
    try:
        with open(_place(asked), "rb") as file:
            digest, _, body = file.read().partition(b"\n")
        if sha256(body).hexdigest().encode() != digest:
            return None
        kept = json.loads(body)
        if kept["request"] != list(asked) or kept["program"] != program():
            return None
        if any(files.state(kind, path) != told for kind, path, told in kept["facts"]):
            return None
        return [(stream, text) for stream, text in kept["pieces"]], int(kept["code"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _place(asked: Sequence[Any]) -> str:
    name = sha256(json.dumps(asked).encode(errors="surrogatepass")).hexdigest()
    return os.path.join(folder(), f"answers-{FORMAT}", name[:40])


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
    one, before = Keeping(), program()
    _now.append(one)
    try:
        with files.watching() as seen:
            try:
                yield
            finally:
                for name in LIBRARIES:
                    if where := getattr(sys.modules.get(name), "__file__", None):
                        files.changed(os.path.dirname(os.path.dirname(where)))
    finally:
        _now.remove(one)
        facts = [[kind, path, told] for (kind, path), told in seen.items()]
        if one.finished and all(told != files.CHANGED for _, _, told in facts):
            _write(
                _place(asked),
                {"request": list(asked), "program": before, "facts": facts, "pieces": one.pieces, "code": one.code},
            )


def _write(path: str, entry: dict[str, Any]) -> None:
    """Lay ``entry`` at ``path`` in one step; where that cannot be done, not at all."""
    temporary = f"{path}.{os.getpid()}.tmp"
    with suppress(OSError, ValueError):
        body = json.dumps(entry).encode()
        if len(body) > LONGEST:
            return
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        try:
            with open(temporary, "wb") as file:
                file.write(sha256(body).hexdigest().encode() + b"\n" + body)
            os.replace(temporary, path)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)
            return
        _bound(os.path.dirname(path))


def _bound(place: str) -> None:
    """Let the oldest go."""
    with os.scandir(place) as entries:
        known = sorted((entry.stat().st_mtime_ns, entry.path) for entry in entries)
    for _, path in known[:-MOST_ENTRIES]:
        with suppress(OSError):
            os.unlink(path)


def show(pieces: Sequence[Piece]) -> None:
    """Print an answer as it was printed."""
    streams: dict[str, TextIO] = {OUT: sys.stdout, ERR: sys.stderr}
    for stream, text in pieces:
        streams[stream].write(text)
        streams[stream].flush()
