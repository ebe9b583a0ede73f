"""No room to write: one sentence and its exit code, and everything that lay there lies there as it was.

The system itself refuses, in a process of its own: a limit on the size of files (EFBIG), and the device that is always
full (ENOSPC).
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from running import HOME, Ran, perfdsl, project

from perfdsl.text.source import Unwritable
from perfdsl.tools.shared import write_file, write_files

resource = pytest.importorskip("resource", reason="systems without limits on files")
FULL = Path("/dev/full")
CLOSED = -100


@dataclass(frozen=True)
class Desk:
    """A folder with a rulebook in two versions; temporary files lie in it too, so that what is left is seen."""

    here: Path
    cache: Path

    def run(
        self, *arguments: str | Path, limit: int | None = None, out: int = subprocess.PIPE, err: int = subprocess.PIPE
    ) -> Ran:
        """Run a command here; files can have ``limit`` bytes; ``out`` and ``err`` are what it prints to (CLOSED: nothing)."""

        def prepared() -> None:
            if limit is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            for stream, handle in enumerate((out, err), 1):
                if handle == CLOSED:
                    os.close(stream)

        places = {"TMPDIR": str(self.here / "临时"), "PERFDSL_CACHE": str(self.cache)}
        ran = subprocess.run(
            [sys.executable, "-B", "-m", "perfdsl", *map(str, arguments)],
            stdout=None if out == CLOSED else out,
            stderr=None if err == CLOSED else err,
            cwd=self.here,
            env={**os.environ, **places, "PYTHONPATH": str(HOME), "PYTHONIOENCODING": "utf-8"},
            check=False,
            timeout=120,
            preexec_fn=prepared,
        )
        return Ran(ran.returncode, (ran.stdout or b"").decode(), (ran.stderr or b"").decode())

    def lies(self) -> dict[str, bytes]:
        """Everything that lies here, folders too; not what git keeps for itself."""
        found = (one for one in self.here.rglob("*") if ".git" not in one.parts)
        return {str(one): one.read_bytes() if one.is_file() else b"" for one in found}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for all tests here."""
    return tmp_path_factory.mktemp("缓存")


@pytest.fixture
def desk(tmp_path: Path, cache: Path) -> Desk:
    (tmp_path / "临时").mkdir()
    book = project(tmp_path)
    schedules = tmp_path / "试点" / "附表"
    schedules.mkdir()
    (schedules / "目标.csv").write_text("单位,目标\n" + "甲局,90\n" * 40, encoding="utf-8")
    text = book.read_text(encoding="utf-8")
    (tmp_path / "旧.perf").write_text(text.replace("扣 0.5 分", "扣 0.4 分"), encoding="utf-8")
    (tmp_path / "乱.perf").write_text(text.replace("\n  ", "\n      "), encoding="utf-8")
    (tmp_path / "假设.csv").write_text("单位,没有这一栏\n" + "甲局,1\n" * 60, encoding="utf-8")
    case = "- 名称: 手算\n  办法: ../试点.perf\n  数据: 数据\n  预期: 预期.csv\n"
    (tmp_path / "试点" / "验算.yaml").write_text(case, encoding="utf-8")
    (tmp_path / "试点" / "预期.csv").write_text("单位,得分【A01】\n甲局,60.00\n", encoding="utf-8")
    (tmp_path / "先前.md").write_text("先前的对照", encoding="utf-8")
    return Desk(tmp_path, cache)


WRITES = {
    "run": (["run", "试点.perf", "--out", "结果"], "结果：写不进去，"),
    "run over what is there": (["run", "试点.perf", "--out", "先前"], "先前：写不进去，"),
    "run json": (["run", "试点.perf", "--format", "json", "--out", "结果"], "结果：写不进去，"),
    "run parquet": (["run", "试点.perf", "--format", "parquet", "--out", "结果"], "写不进去，"),
    **{
        f"diff {form}": (["diff", "旧.perf", "试点.perf", "--out", f"对照.{form}"], f"对照.{form}：写不进去，")
        for form in ("txt", "md", "html", "json", "xlsx", "docx")
    },
    "diff over what is there": (["diff", "旧.perf", "试点.perf", "--out", "先前.md"], "先前.md：写不进去，"),
    "diff of a revision": (["diff", "git:HEAD:试点.perf", "试点.perf"], "临时文件夹"),
    "diff with a file": (["diff", "旧.perf", "试点.perf", "--assume", "假设.csv"], "临时文件夹"),
    "new-year": (["new-year", "试点.perf", "2026"], "试点-2026.perf：写不进去，"),
    "new-year in new folders": (["new-year", "试点.perf", "2026", "--out", "稿/新/明年.perf"], "明年.perf：写不进去，"),
    "new-year over what is there": (
        ["new-year", "试点.perf", "2026", "--force", "--out", "先前.md"],
        "先前.md：写不进去，",
    ),
    "fmt": (["fmt", "乱.perf"], "乱.perf：写不进去，"),
    "docs": (["docs", "试点.perf", "--choices", "--out", "读法.md"], "读法.md：写不进去，"),
}
"""Commands that write, and the sentence that each says."""


@pytest.mark.parametrize(
    ("name", "limit"),
    [*((name, 0) for name in WRITES), *((name, 200) for name in ("run", "run parquet", "diff xlsx", "new-year"))],
)
def test_a_command_that_cannot_write(name: str, limit: int, desk: Desk) -> None:
    arguments, says = WRITES[name]
    if "先前" in arguments:
        assert desk.run("run", "试点.perf", "--assume-pending", "不得分", "--out", "先前").code == 0
    if "git:" in arguments[1]:
        _repository(desk.here)
    before = desk.lies()
    ran = desk.run(*arguments, limit=limit)
    assert (ran.code, ran.out) == (3, ""), ran
    told = [line for line in ran.err.splitlines() if "写不进去" in line]
    assert len(told) == 1 and says in told[0]
    assert "磁盘满了" in told[0] or "磁盘放不下" in told[0]
    assert not any(foreign in ran.err for foreign in ("File too large", "Errno", "Traceback", "内部出错", "读不了"))
    assert desk.lies() == before


def _repository(folder: Path) -> None:
    for command in (["init", "-q"], ["add", "试点.perf", "试点"], ["commit", "-qm", "x"]):
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *who, *command], cwd=folder, check=True, capture_output=True)


def test_git_is_not_set_up_by_half(desk: Desk) -> None:
    """Git's own settings come first: without .gitattributes nothing asks for them."""
    _repository(desk.here)
    before = desk.lies()
    ran = desk.run("git", "setup", limit=0)
    assert ran.code == 3 and ran.out == "" and ran.err.startswith("git 设置 core.quotepath 没有写进去")
    assert desk.lies() == before
    (desk.here / ".git" / "config.lock").unlink(missing_ok=True)  # the limit kills git, which a full disk does not
    assert desk.run("git", "setup").code == 0
    (desk.here / ".gitattributes").unlink()
    before = desk.lies()
    ran = desk.run("git", "setup", limit=10)
    assert ran.code == 3 and ".gitattributes：写不进去" in ran.err
    assert desk.lies() == before


@pytest.mark.parametrize(
    "arguments",
    [["check", "试点.perf"], ["run", "试点.perf"], ["run", "试点.perf", "--all"], ["diff", "旧.perf", "试点.perf"]],
    ids=" ".join,
)
def test_what_only_prints_needs_no_room(arguments: list[str], desk: Desk) -> None:
    """The cache cannot be written: nothing is kept, nothing is said, and the answer is the same."""
    before = desk.lies()
    apart = Desk(desk.here, desk.here / "缓存")
    ran = apart.run(*arguments, limit=0)
    assert not [one for one in apart.cache.rglob("*") if one.is_file()]
    assert {one: raw for one, raw in desk.lies().items() if not Path(one).is_relative_to(apart.cache)} == before
    assert ran == desk.run(*arguments) and ran.code == 0 and len(ran.out) > 20


PRINTS = [
    ["--version"],
    ["--help"],
    ["check", "试点.perf"],
    ["run", "试点.perf"],
    ["run", "试点.perf", "--all"],
    ["run", "试点.perf", "--plan"],
    ["explain", "试点.perf", "--unit", "甲局"],
    ["diff", "旧.perf", "试点.perf", "--no-data"],
    ["docs", "试点.perf", "--choices"],
    ["graph", "试点.perf"],
    ["list"],
    ["test", "试点"],
    ["git", "textconv", "试点.perf"],
    ["git", "textconv-csv", "试点/附表/目标.csv"],
]
FEW = [["--version"], ["run", "试点.perf"], ["run", "试点.perf", "--all"], ["list"], ["git", "textconv", "试点.perf"]]


@pytest.fixture
def always_full() -> Iterator[int]:
    if not FULL.exists():
        pytest.skip("no device that is always full")
    with FULL.open("wb") as stream:
        yield stream.fileno()


@pytest.fixture
def nobody() -> Iterator[int]:
    """A pipe that nobody reads any more."""
    reads, writes = os.pipe()
    os.close(reads)
    yield writes
    os.close(writes)


@pytest.mark.parametrize("arguments", PRINTS, ids=" ".join)
def test_stdout_leads_to_a_full_disk(arguments: list[str], desk: Desk, always_full: int) -> None:
    for _ in range(2):  # the second time from what was kept, if anything was
        ran = desk.run(*arguments, out=always_full)
        told = [line for line in ran.err.splitlines() if "写不进去" in line]
        assert ran.code == 3 and told == ["打印的结果：写不进去，磁盘满了，请腾出空间后重试，或换一个磁盘"], ran
        assert "Exception" not in ran.err and "内部出错" not in ran.err


@pytest.mark.parametrize("arguments", FEW, ids=" ".join)
def test_nobody_reads_what_is_printed(arguments: list[str], desk: Desk, nobody: int) -> None:
    """The pipe is closed (as ``head`` closes it): it is no fine ending, and nothing foreign is said."""
    for _ in range(2):
        ran = desk.run(*arguments, out=nobody)
        assert ran.code == 1 and "Error" not in ran.err and "内部出错" not in ran.err, ran


@pytest.mark.parametrize("arguments", FEW, ids=" ".join)
def test_nothing_is_printed_where_stdout_was_closed(arguments: list[str], desk: Desk) -> None:
    code = desk.run(*arguments).code
    ran = desk.run(*arguments, out=CLOSED)
    assert ran.code == code and "Error" not in ran.err and "内部出错" not in ran.err, ran
    assert desk.run(*arguments, err=CLOSED).code == code


def test_results_are_written_though_nobody_reads_the_screen(desk: Desk, nobody: int, always_full: int) -> None:
    for at, stream in enumerate((nobody, always_full)):
        ran = desk.run("run", "试点.perf", "--out", f"结果{at}", out=stream)
        assert ran.code in (1, 3) and (desk.here / f"结果{at}" / "结果.清单.json").is_file()


def test_a_message_that_cannot_be_said_has_its_exit_code(desk: Desk, always_full: int) -> None:
    assert desk.run("run", "没有.perf", err=always_full).code == 3
    assert desk.run("run", err=always_full).code == 2
    ran = desk.run("run", "试点.perf", "--out", "结果", err=always_full)
    assert ran.code == 3 and "名次" in ran.out and (desk.here / "结果").is_dir()


@pytest.mark.parametrize(
    "arguments", [["diff", "旧.perf", "试点.perf"], ["docs", "试点.perf", "--choices"]], ids=lambda one: one[0]
)
def test_a_device_is_written_to_and_stays_one(arguments: list[str], desk: Desk, always_full: int) -> None:
    (desk.here / "满.md").symlink_to(FULL)
    ran = desk.run(*arguments, "--format", "md", "--out", "满.md")
    assert ran.code == 3 and "满.md：写不进去，磁盘满了" in ran.err
    assert (desk.here / "满.md").is_symlink() and stat.S_ISCHR(FULL.stat().st_mode)
    os.mkfifo(desk.here / "管.md")
    with subprocess.Popen(["cat", "管.md"], cwd=desk.here, stdout=subprocess.PIPE) as reader:
        assert desk.run(*arguments, "--format", "md", "--out", "管.md").code == 0
        assert b"|" in reader.communicate(timeout=60)[0]
    assert stat.S_ISFIFO((desk.here / "管.md").stat().st_mode)


# ---- all or none of several files


def _fails(at: int, error: OSError) -> Callable[[Path, Path], Path]:
    """What ``Path.replace`` does, but for the call of that number."""
    real, calls = Path.replace, 0

    def replace(path: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == at:
            raise error
        return real(path, target)

    return replace


@pytest.mark.parametrize("at", [1, 2, 3])
def test_files_are_put_in_place_together(at: int, tmp_path: Path) -> None:
    files = {tmp_path / "新" / one: one for one in ("甲", "乙", "丙")}
    locked = PermissionError(errno.EACCES, "Permission denied")
    with patch.object(Path, "replace", _fails(at, locked)), pytest.raises(Unwritable, match="WPS/Excel"):
        write_files(files)
    assert list(tmp_path.iterdir()) == []
    write_files(files)
    assert {one.name: one.read_text(encoding="utf-8") for one in (tmp_path / "新").iterdir()} == {
        "甲": "甲",
        "乙": "乙",
        "丙": "丙",
    }


def test_a_link_goes_on_pointing_where_it_does(tmp_path: Path) -> None:
    (tmp_path / "办法.perf").write_text("旧", encoding="utf-8")
    (tmp_path / "链.perf").symlink_to("办法.perf")
    write_file(tmp_path / "链.perf", "新")
    assert (tmp_path / "链.perf").is_symlink() and (tmp_path / "办法.perf").read_text(encoding="utf-8") == "新"


def test_a_used_up_quota_is_told_as_such(tmp_path: Path) -> None:
    error = OSError(errno.EDQUOT, "Disk quota exceeded")
    with patch.object(os, "fsync", side_effect=error), pytest.raises(Unwritable, match="配额"):
        write_file(tmp_path / "甲", "甲")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG], ids=errno.errorcode.get)
def test_a_temporary_file_without_room_is_no_fault_of_the_program(number: int, desk: Desk) -> None:
    """Whoever it is that writes it."""
    error = OSError(number, os.strerror(number))
    with patch("perfdsl.workspace.revisions.fetched", side_effect=error):
        ran = perfdsl("diff", "git:HEAD:试点.perf", desk.here / "试点.perf")
    assert ran.code == 3 and ran.err.startswith("临时文件夹 ") and os.strerror(number) not in ran.err
