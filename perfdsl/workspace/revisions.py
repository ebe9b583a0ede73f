"""A rulebook as it stood at a revision of git: ``git:REV:PATH``."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from perfdsl.text.near import nearest
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
    top = Path(
        _git(["rev-parse", "--show-toplevel"], "这里不是 git 仓库，到仓库所在的文件夹里再对照").decode().strip()
    ).resolve()
    if not _is_there(revision):
        raise Unreadable(f"git 里没有 “{revision}” 这个版本；{_other_revisions(revision)}")
    place = Path(
        os.path.normpath(Path.cwd() / path.replace("\\", "/"))
    )  # a file of that revision need not stand here now
    if not place.is_relative_to(top):
        raise Unreadable(f"“{path}” 不在这个 git 仓库（{top}）里；到它所在的文件夹里再对照")
    inside = place.relative_to(top).as_posix()
    listed = _git(["ls-tree", "-r", "-z", "--full-tree", "--name-only", revision], f"读不出版本 “{revision}”")
    names = listed.decode(errors="surrogateescape").split("\0")  # of names that are no UTF-8 nothing is said
    if inside not in names:
        raise Unreadable(f"版本 “{revision}” 里没有 “{inside}”；{'；'.join(_other_files(inside, names))}")
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


def _is_there(revision: str) -> bool:
    return bool(_said(["rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"]))


def _other_revisions(revision: str) -> str:
    """What to do where there is no ``revision``: one step too far back, a like name, what was not fetched."""
    if _said(["rev-parse", "--is-shallow-repository"]) == "true":
        return "这个仓库没有取全历史，先运行 git fetch --unshallow"
    back = re.fullmatch(r"(.+?)(?:~\d*|\^)+", revision)  # not HEAD^2: the other parent of a merge is no step back
    if back is not None and _is_there(start := back[1]):
        before = int(_said(["rev-list", "--count", "--first-parent", start]) or 1) - 1
        return f"“{start}” 往前{f'只有 {before} 个版本' if before else '没有别的版本'}，用 git log --oneline {start} 看"
    known = _said(["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"]).splitlines()
    near = nearest(revision, known)
    told = f"是不是 “{near}”？" if near is not None else ""
    fetch = "，还没有取来的先运行 git fetch" if _said(["remote"]) else ""
    return f"{told}用 git log --oneline --all 看有哪些版本{fetch}"


def _other_files(inside: str, names: Sequence[str]) -> Iterator[str]:
    """What to do where a revision has no such file: the files that it has, the nearest first, and where it was changed last."""
    books = [name for name in names if name.endswith(".perf") and name.isprintable()]
    near = nearest(inside, books)
    listed = [name for name in books if name == near] + [name for name in books if name != near]
    if listed:
        yield f"那一版里的办法有：{'、'.join(listed[:FEW])}" + (f" 等 {len(listed)} 个" if len(listed) > FEW else "")
    else:
        yield "那一版里没有办法文件（.perf）"
    if any(name.startswith(f"{inside}/") for name in names):
        yield f"“{inside}” 是文件夹，要写办法文件"
    elif last := _last(inside):
        yield f"别的版本里有过这个文件，最近一次改动在 {last}，用 git log --oneline --all -- :/{inside} 看"


def _last(inside: str) -> str:
    """The last revision that changed a file and has it: not the one that took it away; "" where there is none."""
    # without --name-only git filters out every revision
    asked = ["log", "-1", "--all", "--diff-filter=d", "--name-only", "--format=%h"]
    return _said([*asked, "--", f":(top,literal){inside}"]).partition("\n")[0]


FEW = 6
"""Files that a message names."""


def _said(arguments: Sequence[str]) -> str:
    """What git prints; "" where it fails."""
    done = subprocess.run(["git", "-c", "core.quotepath=false", *arguments], capture_output=True, check=False)
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""


def _git(arguments: Sequence[str], otherwise: str) -> bytes:
    done = subprocess.run(["git", "-c", "core.quotepath=false", *arguments], capture_output=True, check=False)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        told = said and "not a git repository" not in said[-1]  # which is said in Chinese already
        raise Unreadable(f"{otherwise}{f'（git 的原话：{said[-1]}）' if told else ''}")
    return done.stdout
