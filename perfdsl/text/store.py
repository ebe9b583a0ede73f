"""What was worked out before, kept on disk: answers, compiled rulebooks, programs.

An entry is what can be said in JSON (never a pickle), named by the hash of what was asked, with its checksum and the
program that wrote it. One that is torn, harmed, or another program's is no entry: the caller works it out anew and writes
it again. Entries are put in their place in one step, so many may read and write at once. They lie in the folder that
PERFDSL_CACHE names, else where the system keeps such things; where they cannot be written, nothing is kept and nothing is
said. Nothing here imports what is slow to load.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache

import perfdsl
from perfdsl.text.digest import digest

TYPE_CHECKING = False  # as typing has it, which is slow to load
if TYPE_CHECKING:
    from typing import Any

FORMAT = 2
MOST_ENTRIES, LONGEST = 200, 32 * 1024 * 1024
"""So many entries of a kind are kept, the latest; a longer one is not."""

_closed: list[str] = []


@contextmanager
def closed() -> Iterator[None]:
    """Inside, nothing is read and nothing is kept (--no-cache)."""
    _closed.append("")
    try:
        yield
    finally:
        _closed.pop()


def is_closed() -> bool:
    """Whether nothing is kept, so that nothing need be made ready for it."""
    return bool(_closed)


def folder() -> str:
    """Where entries are kept."""
    if told := os.environ.get("PERFDSL_CACHE"):
        return told
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~")
    elif sys.platform == "darwin":
        home = os.path.expanduser("~/Library/Caches")
    else:
        home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(home, "perfdsl")


@cache
def program() -> str:
    """This program: its version, Python's, and each of its files by size and time, as Python itself knows its own.

    It is looked at once: what runs is what was there when it began.
    """
    home = os.path.dirname(os.path.abspath(perfdsl.__file__))
    found = [perfdsl.__version__, sys.version]
    for place in (home, os.path.join(os.path.dirname(home), "grammar")):
        found.extend(_sources(place))
    return digest("\n".join(found).encode(errors="surrogatepass"))


def _sources(place: str) -> Iterator[str]:
    with suppress(OSError), os.scandir(place) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            if entry.name.endswith((".py", ".lark", ".yaml", ".json")):
                told = entry.stat()
                yield f"{entry.path} {told.st_mtime_ns} {told.st_size}"
            elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                yield from _sources(entry.path)


def read(kind: str, asked: Any, most: int = LONGEST) -> Any:
    """What was kept of ``kind`` for ``asked``, as JSON gives it back; None where there is nothing (that holds)."""
    if _closed:
        return None
    try:
        with open(_place(kind, asked), "rb") as file:
            told, _, body = file.read(most + 65).partition(b"\n")
        if digest(body).encode() != told:
            return None
        kept = json.loads(body)
        return kept["entry"] if kept["asked"] == asked and kept["program"] == program() else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def write(kind: str, asked: Any, entry: Any, most: int = LONGEST) -> None:
    """Keep ``entry``, which JSON can say, for ``asked``; where that cannot be done, nothing happens.

    Both are lists and plain values, so that they are equal to what is read again.
    """
    if _closed:
        return
    path = _place(kind, asked)
    temporary = f"{path}.{os.urandom(6).hex()}.tmp"
    with suppress(OSError, ValueError):
        body = json.dumps({"asked": asked, "program": program(), "entry": entry}).encode()
        if len(body) > most:
            return
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        try:
            with open(temporary, "wb") as file:
                file.write(digest(body).encode() + b"\n" + body)
            os.replace(temporary, path)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)
            return
        _bound(os.path.dirname(path))


def _place(kind: str, asked: Any) -> str:
    name = digest(json.dumps(asked).encode(errors="surrogatepass"))
    return os.path.join(folder(), f"{kind}-{FORMAT}", name[:40])


def _bound(place: str) -> None:
    """Let the oldest go."""
    with os.scandir(place) as entries:
        known = sorted((entry.stat().st_mtime_ns, entry.path) for entry in entries)
    for _, path in known[:-MOST_ENTRIES]:
        with suppress(OSError):
            os.unlink(path)
