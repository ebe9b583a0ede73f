"""A rulebook as it stood at a revision of git: ``git:REV:PATH``."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from perfdsl.text.source import Unreadable

LEAD = "git:"


def is_revision(written: str) -> bool:
    """Whether ``written`` names a file of a revision."""
    return written.startswith(LEAD)


def fetched(written: str, into: Path) -> Path:
    """The rulebook of ``git:REV:PATH``, copied below ``into`` with its folder and the rulebooks beside it.

    ``PATH`` is seen from the current folder, or is absolute; it need not stand there now. A folder of data that was committed comes along.

    Raises:
        Unreadable: no git here, no such revision, no such file in it.
    """
    revision, colon, path = written.removeprefix(LEAD).rpartition(":")
    if not colon or not revision or not path:
        raise Unreadable(f"“{written}” 看不懂：写成 git:版本:文件，例如 git:HEAD~1:rulebooks/2025.perf")
    if shutil.which("git") is None:
        raise Unreadable("这台机器没有装 git，读不了 git 里的版本；把那一版另存成文件再对照")
    top = Path(_git(["rev-parse", "--show-toplevel"], "这里不是 git 仓库").decode().strip()).resolve()
    _git(["rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"], f"git 里没有 “{revision}” 这个版本")
    place = Path(
        os.path.normpath(Path.cwd() / path.replace("\\", "/"))
    )  # a file of that revision need not stand here now
    if not place.is_relative_to(top):
        raise Unreadable(f"“{path}” 不在这个 git 仓库（{top}）里；到它所在的文件夹里再对照")
    inside = place.relative_to(top).as_posix()
    listed = _git(["ls-tree", "-r", "-z", "--full-tree", "--name-only", revision], f"读不出版本 “{revision}”")
    names = listed.decode().split("\0")
    if inside not in names:
        near = [name for name in names if name.endswith(".perf")][:6]
        known = f"；那一版里的办法有：{'、'.join(near)}" if near else ""
        raise Unreadable(f"版本 “{revision}” 里没有 “{inside}”{known}")
    here = PurePosixPath(inside)
    own = f"{here.with_suffix('')}/"
    beside = "" if str(here.parent) == "." else f"{here.parent}/"
    wanted = [name for name in names if name.startswith(own) or (name.startswith(beside) and name.endswith(".perf"))]
    packed = _git(["-C", str(top), "archive", "--format=tar", revision, "--", *wanted], f"读不出版本 “{revision}”")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            held = archive.extractfile(member) if member.isfile() else None  # links lead out of the revision
            if held is not None:
                laid = into / PurePosixPath(member.name)
                laid.parent.mkdir(parents=True, exist_ok=True)
                laid.write_bytes(held.read())
    return into / inside


def _git(arguments: Sequence[str], otherwise: str) -> bytes:
    done = subprocess.run(["git", "-c", "core.quotepath=false", *arguments], capture_output=True, check=False)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        told = said and "not a git repository" not in said[-1]  # which is said in Chinese already
        raise Unreadable(f"{otherwise}{f'（git 的原话：{said[-1]}）' if told else ''}")
    return done.stdout
