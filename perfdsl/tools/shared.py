"""What several commands do alike: find files, say problems, write results whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from perfdsl.text import files
from perfdsl.text.problem import Problems, Severity
from perfdsl.text.render import render
from perfdsl.text.source import Unreadable, Unwritable
from perfdsl.tools import answers

if TYPE_CHECKING:
    from perfdsl.workspace.opened import Opened

TEMPORARY = ".perfdsl-"


def day_of(until: str | None, opened: Opened) -> date | None:
    """The day after --as-of, checked against 考核期.

    Raises:
        UsageError: it is no day, or lies outside 考核期.
    """
    if until is None or opened.rulebook is None:
        return None
    from perfdsl.workspace.as_of import outside
    from perfdsl.workspace.versions import day_in

    day = day_in(until)
    if day is None:
        raise wrong(f"--as-of 后面写日期，例如 2025-06-30，写的是 “{until}”")
    problem = outside(opened.rulebook, day)
    if problem is not None:
        raise wrong(f"{problem.message}（{problem.code}）；{problem.mend}")
    return day


def located(rulebook: Path | str, on: str | None = None) -> Path:
    """The file of a rulebook: a path, or the name of a version (``示例市@2025``) that is looked for.

    It is looked for in the current folder, two levels deep, and below its ``rulebooks``.

    Raises:
        Unreadable: there is none, or more than one.
        UsageError: ``on`` is no day.
    """
    path = Path(rulebook)
    named = not files.kind(path) and _is_a_name(path)
    if on is None and not named:
        return path
    from perfdsl.workspace.opening import words
    from perfdsl.workspace.versions import chosen, day_in, gathered

    day = day_in(on) if on is not None else None
    if on is not None and day is None:
        raise wrong(f"--on 后面写日期，例如 2025-06-30，写的是 “{on}”")
    if not named:
        raise wrong(f"{path} 是一份文件，不用 --on；按日期找办法时写它的名称")
    return chosen(str(rulebook), gathered(((Path(), 2), (Path(RULEBOOKS), 6)), words()), day).path


RULEBOOKS = "rulebooks"
"""The folder below the current one where rulebooks are kept."""


def _is_a_name(path: Path) -> bool:
    """Whether what was typed looks like the name of a rulebook, not like a file that is not there."""
    if len(path.parts) != 1 or path.suffix.lower() == ".perf":
        return False
    return "@" in path.name or not (path.suffix or path.name.isascii())


def wrong(sentence: str) -> Exception:
    """What is raised where the command line asks for what cannot be."""
    import click  # loads where something is wrong

    return click.UsageError(sentence)


def out(text: str) -> None:
    """Print ``text`` on stdout, as part of the answer."""
    _print(answers.OUT, text)


def err(text: str) -> None:
    """Print ``text`` on stderr, as part of the answer."""
    _print(answers.ERR, text)


def _print(stream: str, text: str) -> None:
    if answers.colours():
        import click  # knows how older terminals show colours

        click.echo(text, err=stream == answers.ERR, nl=False, color=True)
    else:
        answers.show([(stream, text)])
    answers.printed(stream, text)


@contextmanager
def finishing() -> Iterator[None]:
    """Inside, a command whose answer is kept: it prints with :func:`out` and :func:`err` alone, and leaves by SystemExit."""
    try:
        yield
    except SystemExit as leaving:
        answers.finished(int(leaving.code or 0))
        raise
    answers.finished(0)


def tell(problems: Problems) -> None:
    """Say problems on stderr."""
    if problems:
        err(render(problems, answers.colours()) + "\n")


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


def ending(problems: Problems, *, waiting: bool = False, unreadable: bool = False) -> int:
    """The exit code of a run: 3 where a file could not be read, 1 with 必须改 or something 待定, else 0."""
    return 3 if unreadable else int(must(problems) or waiting)


FILES = frozenset({".xlsx", ".xls", ".xlsm", ".et", ".csv", ".tsv", ".json", ".txt", ".docx", ".doc", ".pdf", ".zip"})
"""Endings of names that mean a file."""


def a_folder(path: Path) -> None:
    """Refuse a name that means a file where a folder is asked for.

    Raises:
        UsageError: it ends like a file.
    """
    if path.suffix.lower() in FILES and not path.exists():
        raise wrong(f"--out 要的是文件夹，不是文件：{path}。例如写 --out {path.with_suffix('')}")


def write_folder(folder: Path, files: Mapping[str, str | bytes], recognise: str) -> None:
    """Write ``files`` (name → content) as ``folder``, as :func:`making_folder` does.

    Raises:
        Unwritable: the folder cannot be written.
    """
    with making_folder(folder, recognise) as temporary:
        try:
            for name, content in files.items():
                with (temporary / name).open("wb") as out:
                    out.write(content.encode("utf-8") if isinstance(content, str) else content)
                    out.flush()
                    os.fsync(out.fileno())
        except OSError as error:
            raise unwritable(folder, error) from None


@contextmanager
def making_folder(folder: Path, recognise: str) -> Iterator[Path]:
    """A place to write what ``folder`` is to hold; it becomes ``folder``, whole, if the block ends well, else it goes.

    A folder is replaced where it is empty or one of ours: it holds ``recognise``, a manifest, and nothing that the
    manifest does not name under ``outputs``. Any other is left alone.

    Raises:
        Unwritable: the folder cannot be written (locked by another program, no permission, disk full).
        Unreadable: it holds other files.
    """
    import shutil  # these load where something is written
    import tempfile

    folder = folder.resolve()
    temporary = None
    try:
        try:
            _only_ours(folder, recognise)
            folder.parent.mkdir(parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(prefix=TEMPORARY, suffix=".tmp", dir=folder.parent))
        except OSError as error:
            raise unwritable(folder, error) from None
        try:
            yield temporary
        except OSError as error:
            if error.errno not in NO_ROOM and not _inside(error.filename, temporary):
                raise  # what is read inside has its own words
            raise unwritable(folder, error) from None
        try:
            _put_in_place(temporary, folder)
        except OSError as error:
            raise unwritable(folder, error) from None
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _inside(name: object, folder: Path) -> bool:
    """Whether ``name``, as an error has it, lies in ``folder``."""
    return isinstance(name, (str, os.PathLike)) and Path(name).is_relative_to(folder)


_QUOTA = getattr(errno, "EDQUOT", errno.ENOSPC)  # not every system has quotas
NO_ROOM = frozenset({errno.ENOSPC, _QUOTA, errno.EFBIG})
_CAUSES = {
    _QUOTA: "给您的磁盘空间（配额）用完了，请腾出空间后重试，或换一个磁盘",
    errno.ENOSPC: "磁盘满了，请腾出空间后重试，或换一个磁盘",
    errno.EFBIG: "磁盘放不下这么大的文件，或系统不许写这么大，请换一个磁盘",
    errno.EROFS: "这个磁盘只能读，请换一个地方",
    errno.ENAMETOOLONG: "名称太长，请换一个短的",
    errno.ENOENT: "没有它所在的文件夹，请先建好，或换一个地方",
    **dict.fromkeys((errno.ENOTDIR, errno.EEXIST, errno.EISDIR), "路径里有同名的文件或文件夹挡着，请换一个名称"),
    **dict.fromkeys(
        (errno.EACCES, errno.EPERM, errno.EBUSY),
        "文件可能正被 WPS/Excel 打开，请关闭后重试；也可能没有写的权限，那就换一个地方",
    ),
}
"""What keeps a file from being written, and what to do."""


def unwritable(path: Path | str, error: OSError) -> Unwritable:
    """That ``path`` cannot be written, and why, as the system tells it."""
    why = _CAUSES.get(error.errno or 0, f"系统说：{error.strerror or error}；请换一个地方再试")
    return Unwritable(f"{path}：写不进去，{why}")


def no_place(error: OSError) -> Unwritable | None:
    """That temporary files cannot be written, where ``error``, for which nobody has words, means that."""
    from tempfile import gettempdir

    try:
        where = f"临时文件夹 {gettempdir()}"
    except FileNotFoundError:  # it tries to write a few bytes in each place that it knows
        return Unwritable("临时文件夹：写不进去，磁盘满了或没有写的权限，请腾出空间，或用环境变量 TMPDIR 换一个文件夹")
    return unwritable(where, error) if error.errno in NO_ROOM else None


def _only_ours(folder: Path, recognise: str) -> None:
    if not folder.is_dir():
        if folder.exists():
            raise Unreadable(f"{folder}：是文件，这里要的是文件夹，请换一个名称")
        return
    ours = _written(folder / recognise)
    others = sorted(path.name for path in folder.iterdir() if path.name not in ours)
    if others:
        shown = "、".join(others[:3]) + ("…" if len(others) > 3 else "")
        raise Unreadable(f"{folder}：里面有别的文件（{shown}），为免误删没有写，请换一个文件夹")


def _written(manifest: Path) -> frozenset[str]:
    """The names of the files that were written with ``manifest``, its own among them; none where it is no manifest."""
    try:
        read = json.loads(manifest.read_text(encoding="utf-8"))
        return frozenset({manifest.name, *map(str, read["outputs"])})
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return frozenset()


def _put_in_place(temporary: Path, folder: Path) -> None:
    """Rename ``temporary`` to ``folder``; what was there goes only when the new one stands."""
    import shutil

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


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for what is of no use any more when the block ends.

    Raises:
        Unwritable: there is no room for it.
    """
    from tempfile import TemporaryDirectory

    try:
        made = TemporaryDirectory(prefix="perfdsl-")
    except OSError as error:
        raise (no_place(error) or unwritable("临时文件夹", error)) from None
    with made as folder:
        yield Path(folder)


@contextmanager
def in_scratch() -> Iterator[None]:
    """Inside, nothing is written but to a :func:`scratch` folder.

    Raises:
        Unwritable: there is no room.
    """
    try:
        yield
    except OSError as error:
        if (told := no_place(error)) is None:
            raise
        raise told from None


def write_file(path: Path, content: str | bytes) -> None:
    """Replace ``path`` by ``content``, whole or not at all.

    Raises:
        Unwritable: it cannot be written, or its folder is not there.
    """
    if not path.absolute().parent.is_dir():
        raise unwritable(path, OSError(errno.ENOENT, os.strerror(errno.ENOENT)))
    write_files({path: content})


def write_files(contents: Mapping[Path, str | bytes]) -> None:
    """Replace each path by its content, all of them or none; folders that are not there are made.

    What is no file (a device, a pipe) is written to as it is.

    Raises:
        Unwritable: one of them cannot be written.
    """
    beside: list[tuple[Path, Path]] = []
    new: list[Path] = []  # folders and files that were not there, the outer first
    path = Path()
    try:
        for path, content in contents.items():
            raw = content.encode("utf-8") if isinstance(content, str) else content
            if path.exists() and not path.is_file():
                path.write_bytes(raw)
                continue
            new += _made(path.parent)
            place = path.resolve()  # a link goes on pointing where it does
            temporary = place.with_name(f"{TEMPORARY}{place.name}.tmp")
            beside.append((temporary, place))
            with temporary.open("wb") as out:
                out.write(raw)
                out.flush()
                os.fsync(out.fileno())
        for temporary, path in beside:
            new += [] if path.exists() else [path]
            temporary.replace(path)
    except OSError as error:
        for temporary, _ in beside:
            temporary.unlink(missing_ok=True)
        for one in reversed(new):
            with suppress(OSError):  # somebody else's file lies in it by now
                one.rmdir() if one.is_dir() else one.unlink()
        raise unwritable(path, error) from None


def _made(folder: Path) -> list[Path]:
    """Make ``folder``, and give those that were made, the outer first."""
    new = [one for one in (folder, *folder.parents) if not one.exists()][::-1]
    done: list[Path] = []
    try:
        for one in new:
            one.mkdir()
            done.append(one)
    except OSError:
        for one in reversed(done):
            one.rmdir()
        raise
    return new
