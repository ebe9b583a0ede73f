"""What several commands do alike: find files, say problems, write results whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from perfdsl.text.catalogue.data import UNREADABLE
from perfdsl.text.problem import Problems, Severity
from perfdsl.text.render import render
from perfdsl.text.source import Unreadable

TEMPORARY = ".perfdsl-"


def color() -> bool:
    """Whether the screen is to be coloured (NO_COLOR, FORCE_COLOR and dumb terminals are respected)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stderr.isatty()


def tell(problems: Problems) -> None:
    """Say problems on stderr."""
    if problems:
        click.echo(render(problems, color()), err=True, color=color() or None)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show at a terminal that something is going on; nothing is shown anywhere else."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what}…", spinner="line"):
        yield


def must(problems: Problems) -> bool:
    """Whether anything is 必须改."""
    return any(one.severity is Severity.MUST for one in problems)


def ending(problems: Problems, waiting: bool = False) -> int:
    """The exit code of a run: 3 where a file could not be read, 1 with 必须改 or something 待定, else 0."""
    if any(one.code in UNREADABLE for one in problems):
        return 3
    return int(must(problems) or waiting)


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write ``files`` (name → text) as ``folder``, whole or not at all.

    A folder that holds nothing but files of these names is replaced; one with anything else in it is left alone.

    Raises:
        Unreadable: the folder cannot be written (locked by another program, no permission, disk full, other files).
    """
    folder = folder.resolve()
    temporary = None
    try:
        _only_ours(folder, files)
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY, suffix=".tmp", dir=folder.parent))
        for name, text in files.items():
            with (temporary / name).open("w", encoding="utf-8", newline="") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
        _put_in_place(temporary, folder)
    except OSError as error:
        raise Unreadable(
            f"{folder}：写不进去（{error.strerror or error}），文件可能正被 WPS/Excel 打开，请关闭后重试，或换一个文件夹"
        ) from None
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _only_ours(folder: Path, files: Mapping[str, str]) -> None:
    if not folder.is_dir():
        if folder.exists():
            raise Unreadable(f"{folder}：是文件，这里要的是文件夹，请换一个名称")
        return
    others = sorted(path.name for path in folder.iterdir() if path.name not in files)
    if others:
        shown = "、".join(others[:3]) + ("…" if len(others) > 3 else "")
        raise Unreadable(f"{folder}：里面有别的文件（{shown}），为免误删没有写，请换一个文件夹")


def _put_in_place(temporary: Path, folder: Path) -> None:
    """Rename ``temporary`` to ``folder``; what was there goes only when the new one stands."""
    temporary.chmod(0o755)
    if not folder.exists():
        temporary.rename(folder)
        return
    old = folder.with_name(f"{TEMPORARY}{folder.name}.old.tmp")
    shutil.rmtree(old, ignore_errors=True)
    folder.rename(old)
    try:
        temporary.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write_file(path: Path, text: str) -> None:
    """Replace ``path`` by ``text``, whole or not at all.

    Raises:
        Unreadable: it cannot be written.
    """
    temporary = path.with_name(f"{TEMPORARY}{path.name}.tmp")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise Unreadable(f"{path}：写不进去（{error.strerror or error}），可能正被别的程序打开，请关闭后重试") from None
