"""What several commands do alike: find files, say problems, write results whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import click

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
        click.echo(render(problems, color()), err=True)


def must(problems: Problems) -> bool:
    """Whether anything is 必须改."""
    return any(one.severity is Severity.MUST for one in problems)


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write ``files`` (name → text) as ``folder``, whole or not at all; what was there before is replaced.

    Raises:
        Unreadable: the folder cannot be written (locked by another program, no permission, disk full).
    """
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY, suffix=".tmp", dir=folder.parent))
    temporary.chmod(0o755)
    try:
        for name, text in files.items():
            path = temporary / name
            with path.open("w", encoding="utf-8", newline="") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
        if folder.exists():
            old = folder.with_name(f"{TEMPORARY}{folder.name}.old.tmp")
            shutil.rmtree(old, ignore_errors=True)
            folder.rename(old)
            temporary.rename(folder)
            shutil.rmtree(old, ignore_errors=True)
        else:
            temporary.rename(folder)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise Unreadable(
            f"{folder}：写不进去（{error.strerror or error}），文件可能正被 WPS/Excel 打开，请关闭后重试，或换一个文件夹"
        ) from None


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
