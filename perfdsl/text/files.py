"""What of the world outside was looked at: files, folders, and what is not there.

An answer that is kept is true as long as everything that was looked at is as it was. So whoever reads a rulebook and
what lies beside it looks through these functions, and :func:`watching` lists what they saw as facts
(kind, path, state). :func:`state` says how a fact stands now.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from perfdsl.text.digest import digest

Fact = tuple[str, str, str]
"""Kind (a key of the states below), whole path, state."""

_watching: list[dict[tuple[str, str], str]] = []


@contextmanager
def watching() -> Iterator[dict[tuple[str, str], str]]:
    """(kind, path) → state, of everything that is looked at inside."""
    seen: dict[tuple[str, str], str] = {}
    _watching.append(seen)
    try:
        yield seen
    finally:
        _watching.remove(seen)


def _note(kind: str, path: str | os.PathLike[str], told: str) -> None:
    key = (kind, os.path.abspath(path))
    for seen in _watching:
        if seen.setdefault(key, told) != told:
            seen[key] = CHANGED


CHANGED = "changed while it was read"
"""No state is this one: what was seen in two states stays unknown."""


def note_bytes(path: str | os.PathLike[str], raw: bytes | None) -> None:
    """``raw`` was read from ``path``; None: it could not be read."""
    if _watching:
        _note("bytes", path, _digest(raw))


def unknown(path: str | os.PathLike[str]) -> None:
    """Something was seen of ``path`` that no state tells: what was made of it is not to be kept."""
    _note("bytes", path, CHANGED)


def kind(path: str | os.PathLike[str]) -> str:
    """What stands at ``path``: "file", "folder", "other", or "" for nothing."""
    told = _kind(os.fspath(path))
    _note("kind", path, told)
    return told


def names(folder: str | os.PathLike[str]) -> list[str]:
    """The names in ``folder``, sorted.

    Raises:
        OSError: it cannot be opened.
    """
    try:
        found = sorted(os.listdir(folder))
    except OSError:
        _note("names", folder, "")
        raise
    _note("names", folder, _digest("\0".join(found).encode(errors="surrogatepass")))
    return found


def seen_in(folder: str | os.PathLike[str]) -> None:
    """The names in ``folder`` were seen by other means than :func:`names`."""
    _note("names", folder, _names(os.fspath(folder)))


def real(path: str | os.PathLike[str]) -> str:
    """``path`` without links, as an absolute path."""
    told = os.path.realpath(path)
    _note("real", path, told)
    return told


def changed(path: str | os.PathLike[str]) -> None:
    """Note when ``path`` was last changed; for folders of programs, which are not read byte by byte."""
    _note("changed", path, _changed(os.fspath(path)))


LIBRARIES = ("click", "lark", "numpy", "pydantic", "yaml")


def libraries() -> None:
    """Note the folders that libraries were loaded from."""
    for name in LIBRARIES:
        if where := getattr(sys.modules.get(name), "__file__", None):
            changed(os.path.dirname(os.path.dirname(where)))


def again(kind_: str, path: str) -> str:
    """How a fact stands now, which is noted as seen."""
    told = state(kind_, path)
    _note(kind_, path, told)
    return told


def state(kind_: str, path: str) -> str:
    """How the fact stands now; a kind that is not known is in no state."""
    return _STATES[kind_](path) if kind_ in _STATES else CHANGED


def _bytes(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return _digest(file.read())
    except OSError:
        return ""


def _digest(raw: bytes | None) -> str:
    return "" if raw is None else digest(raw)


def _kind(path: str) -> str:
    if os.path.isfile(path):
        return "file"
    if os.path.isdir(path):
        return "folder"
    return "other" if os.path.exists(path) else ""


def _names(path: str) -> str:
    try:
        return _digest("\0".join(sorted(os.listdir(path))).encode(errors="surrogatepass"))
    except OSError:
        return ""


def _changed(path: str) -> str:
    try:
        return str(os.stat(path).st_mtime_ns)
    except OSError:
        return ""


_STATES: dict[str, Callable[[str], str]] = {
    "bytes": _bytes,
    "kind": _kind,
    "names": _names,
    "real": os.path.realpath,
    "changed": _changed,
}
