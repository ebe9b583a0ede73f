"""Set up a git repository so that it speaks of clauses and cells: .gitattributes and the repository's own config."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from perfdsl.text.records import dataclass
from perfdsl.text.source import Unreadable, Unwritable

ATTRIBUTES = (
    "*.perf diff=perfdsl text eol=lf",
    "*.xlsx diff=perfdsl-xlsx",
    "*.xlsm diff=perfdsl-xlsx",
    "*.csv diff=perfdsl-csv",
)
"""Lines of .gitattributes: they are committed, everybody gets them."""

FUNCTION = "!^【[^ ]+ ([^ ]*：|([^ ]+ )?[|]|[^ ]+ ·)\n^(【[^ ]+ .*)$\n^([^ ]*“[^ ]*”[^ ]*) \n^([^ #|].*)$"
"""What hunk headers show: the first fact of a clause, with its name; of a block without a code what stands in front of each
fact; in a file that is compared as text, the header of a block."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What a repository lacks: lines of .gitattributes, and (key, value) of its config."""

    top: Path
    lines: tuple[str, ...]
    config: tuple[tuple[str, str], ...]

    @property
    def attributes(self) -> Path:
        """The .gitattributes of the repository."""
        return self.top / ".gitattributes"

    def __bool__(self) -> bool:
        return bool(self.lines or self.config)


def missing(folder: Path) -> Missing:
    """What the repository that holds ``folder`` lacks.

    Raises:
        Unreadable: no git here, no repository, a repository without files, or a .gitattributes that cannot be read.
    """
    if shutil.which("git") is None:
        raise Unreadable("这台机器没有装 git，装好以后再运行")
    if not folder.is_dir():
        raise Unreadable(f"{folder}：没有这个文件夹")
    if _git(folder, ["rev-parse", "--is-inside-work-tree"]).strip() != "true":
        where = "当前文件夹" if folder == Path() else str(folder)
        raise Unreadable(f"{where}不在 git 仓库的工作区里；先进入仓库所在的文件夹，还没有仓库的先运行 git init")
    top = Path(_git(folder, ["rev-parse", "--show-toplevel"]).rstrip("\n"))
    wanted = settings()
    has = {key: _git(top, ["config", "--local", "--get", key]).removesuffix("\n") for key, _ in wanted}
    return Missing(
        top, _lines(top / ".gitattributes"), tuple((key, value) for key, value in wanted if has[key] != value)
    )


def settings() -> tuple[tuple[str, str], ...]:
    """(key, value) of the repository's config."""
    program = _program()
    return (
        ("core.quotepath", "false"),
        ("diff.perfdsl.textconv", f"{program} git textconv"),
        ("diff.perfdsl.xfuncname", FUNCTION),
        ("diff.perfdsl-xlsx.textconv", f"{program} git textconv-xlsx"),
        ("diff.perfdsl-xlsx.xfuncname", "^([^\t]*)!"),
        ("diff.perfdsl-csv.textconv", f"{program} git textconv-csv"),
        ("diff.perfdsl-csv.xfuncname", "^([^ \t]+) [^\t]*\t"),
    )


def _program() -> str:
    """How git, which asks a shell, calls this program."""
    if shutil.which("perfdsl") is not None:
        return "perfdsl"
    return f"{shlex.quote(Path(sys.executable).as_posix())} -m perfdsl"


def _lines(attributes: Path) -> tuple[str, ...]:
    """The lines that ``attributes`` lacks: not there, or another line for the same files stands below and wins."""
    written = _text(attributes).splitlines()
    last = {line.split()[0]: " ".join(line.split()) for line in written if line.split()}
    return tuple(line for line in ATTRIBUTES if last.get(line.split()[0]) != line)


def _text(attributes: Path) -> str:
    try:
        return attributes.read_bytes().decode("utf-8") if attributes.exists() else ""
    except (OSError, UnicodeDecodeError):
        raise Unreadable(f"{attributes}：读不出来，或不是 UTF-8 文本，请先改好") from None


def with_lines(lacks: Missing) -> str:
    """The .gitattributes with what it lacks behind what is there."""
    text = _text(lacks.attributes)
    end = "\r\n" if "\r\n" in text else "\n"
    return text + (end if text and not text.endswith("\n") else "") + "".join(f"{line}{end}" for line in lacks.lines)


def configure(lacks: Missing) -> None:
    """Write the config that ``lacks`` names.

    Raises:
        Unwritable: git refuses.
    """
    for key, value in lacks.config:
        done = _run(lacks.top, ["config", "--local", "--replace-all", key, value])
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            raise Unwritable(
                f"git 设置 {key} 没有写进去，看看 .git/config 能不能改写" + (f"（git 的原话：{said}）" if said else "")
            )


def _git(folder: Path, arguments: Sequence[str]) -> str:
    """What git prints; "" where it fails."""
    done = _run(folder, arguments)
    return done.stdout.decode("utf-8", errors="replace") if done.returncode == 0 else ""


def _run(folder: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        raise Unreadable("git 没有响应，请在命令行里运行 git status 看看") from None
