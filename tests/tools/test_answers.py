"""Kept answers: the same bytes again, never a wrong one, and never in the way."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from running import BOOK, FACTS, HOME, RULEBOOKS, Ran, apart, perfdsl, project

from perfdsl.text import files, store
from perfdsl.tools import answers, start, verbs

PART = "附表 目标（每个单位一行）\n  列：单位、目标数（件）\n"
YEAR = "考评办法 上年（100 分）【试点@2024】\n  状态：印发稿\n  考核期：2024年1月1日至2024年12月31日\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    answers_ = tmp_path_factory.mktemp("答案")  # not in a folder that check looks through for the year before
    monkeypatch.setenv("PERFDSL_CACHE", str(answers_))
    monkeypatch.chdir(tmp_path)
    return answers_


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """With a file that it includes, two 附表 in files, and the year before."""
    text = BOOK.replace("附表 单位名册", "附表 规模（每个单位一行）\n  列：单位、人数（人）\n附表 单位名册", 1)
    text = text.replace("  考核期：", "  上年度：试点@2024\n  引用：共用.perf\n  考核期：", 1)
    path = project(tmp_path / "办法", book=text)
    path.with_name("共用.perf").write_text(PART, encoding="utf-8")
    path.with_name("去年.perf").write_text(YEAR, encoding="utf-8")
    rules = path.with_suffix("") / "附表"
    rules.mkdir()
    (rules / "规模.csv").write_text("单位,人数\n甲局,10\n乙局,20\n丙县,30\n", encoding="utf-8")
    (rules / "目标.csv").write_text("单位,目标数\n甲局,1\n乙局,2\n丙县,3\n", encoding="utf-8")
    return path


def kept(place: Path) -> list[Path]:
    return [path for path in place.glob("answers-*/*") if path.is_file()]


def found(*arguments: str | Path) -> bool:
    """Whether the answer to a command would come from what is kept."""
    asked = answers.request([str(one) for one in arguments])
    assert asked is not None
    return answers.find(asked) is not None


def again(*arguments: str | Path) -> Ran:
    """What is printed when nothing may be computed."""
    anew = AssertionError("it was computed anew")
    with patch("perfdsl.tools.cli.main", side_effect=anew), patch("perfdsl.tools.trial.run", side_effect=anew):
        return perfdsl(*arguments)


SAMPLES = (
    ("check", "示例市/2025.perf"),
    ("校核", "示例市/2025.perf", "--tree", "--columns"),
    ("check", "示例市/2025.perf", "--format", "json", "--tree"),
    ("check", "节能目标责任2010/原文.perf"),
    ("check", "节能目标责任2010/原文.perf", "--fail-level", "提示"),
    ("run", "十项全能/十项全能.perf"),
    ("试算", "示例市/2025.perf", "--format", "csv", "--all"),
    ("run", "石城县河长制2018/原文.perf"),
    ("run", "盘锦12345/月度评价.perf", "--format", "json"),
)


@pytest.mark.parametrize("sample", SAMPLES, ids=" ".join)
def test_an_answer_is_given_again_byte_for_byte(sample: tuple[str, ...]) -> None:
    verb, file, *options = sample
    arguments: list[str | Path] = [verb, RULEBOOKS / file, *options]
    anew = perfdsl(*arguments, "--no-cache")
    assert perfdsl(*arguments) == anew
    assert again(*arguments) == anew


def test_an_answer_with_findings_keeps_its_exit_code(book: Path) -> None:
    book.write_text(book.read_text(encoding="utf-8").replace("98%", "98%%"), encoding="utf-8")
    first = perfdsl("check", book)
    assert first.code == 1
    assert again("check", book) == first


# ---- never a wrong one


def _append(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        before = path.stat()
        path.write_bytes(path.read_bytes() + text.encode())
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # its time tells nothing

    return change


def _write(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    return change


def _remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


CHANGES = {
    "the rulebook": _append("试点.perf", "\n指标 空的\n"),
    "a file that it includes": _append("共用.perf", "\n读不懂的一行\n"),
    "the included file goes": _remove("共用.perf"),
    "a 附表": _append("试点/附表/规模.csv", "丁局,5\n"),
    "a 附表 goes": _remove("试点/附表/目标.csv"),
    "the year before": _append("去年.perf", "  上年度：试点@2025\n"),
    "a second year before": _write("又一份.perf", YEAR),
    "the year before goes": _remove("去年.perf"),
}
COMES = {
    "the included file": ("共用.perf", PART),
    "a 附表": ("试点/附表/目标.csv", "单位,目标数\n甲局,没有\n"),
    "the year before": ("去年.perf", YEAR),
}
FACTS_CHANGE = {
    "a cell": _write("试点/数据/实绩.csv", FACTS.replace("90,100,80%", "91,100,80%")),
    "a file of data goes": _remove("试点/数据/表彰.csv"),
    "a file of data comes": _write("试点/数据/别的.csv", "单位\n甲局\n"),
    "data.yaml comes": _write("试点/数据/data.yaml", "表: {}\n"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_check_reads_is_looked_at_again(book: Path, what: str) -> None:
    before = perfdsl("check", book)
    assert found("check", book)
    CHANGES[what](book.parent)
    assert not found("check", book)
    after = perfdsl("check", book)
    assert after == perfdsl("check", book, "--no-cache") != before
    assert again("check", book) == after


@pytest.mark.parametrize("what", COMES)
def test_what_was_not_there_is_looked_for_again(book: Path, what: str) -> None:
    name, text = COMES[what]
    (book.parent / name).unlink()
    before = perfdsl("check", book)
    assert found("check", book)
    (book.parent / name).write_text(text, encoding="utf-8")
    assert not found("check", book)
    assert perfdsl("check", book) == perfdsl("check", book, "--no-cache") != before


@pytest.mark.parametrize("what", FACTS_CHANGE)
def test_whatever_run_reads_is_looked_at_again(tmp_path: Path, what: str) -> None:
    book = project(tmp_path / "办法")
    before = perfdsl("run", book, "--format", "json")
    assert found("run", book, "--format", "json")
    FACTS_CHANGE[what](book.parent)
    assert not found("run", book, "--format", "json")
    after = perfdsl("run", book, "--format", "json")
    assert after == perfdsl("run", book, "--format", "json", "--no-cache") != before


def test_a_link_that_leads_elsewhere_is_another_file(book: Path, tmp_path: Path) -> None:
    part = book.with_name("共用.perf")
    part.rename(book.with_name("一.perf"))
    book.with_name("二.perf").write_text(PART.replace("目标数", "任务数"), encoding="utf-8")
    try:
        part.symlink_to("一.perf")
    except OSError:
        pytest.skip("no links on this system")
    perfdsl("check", book)
    assert found("check", book)
    part.unlink()
    part.symlink_to("二.perf")
    assert not found("check", book)


@pytest.mark.parametrize("verb", ["check", "run"])
def test_nothing_is_looked_at_that_is_not_noted(book: Path, verb: str) -> None:
    home = str(book.parent)
    seen: set[str] = set()

    def watched(call: Callable[..., object]) -> Callable[..., object]:
        def looked(path: object = ".", *args: object, **kwargs: object) -> object:
            if isinstance(path, (str, os.PathLike)) and (place := os.path.abspath(path)).startswith(home):  # noqa: PTH100
                seen.add(place)
            return call(path, *args, **kwargs)

        return looked

    calls = [(os, "stat"), (os, "listdir"), (os, "scandir"), (io, "open")]
    with files.watching() as noted:
        patches = [patch.object(where, name, watched(getattr(where, name))) for where, name in calls]
        for one in patches:
            one.start()
        try:
            perfdsl(verb, book, "--no-cache")
        finally:
            for one in patches:
                one.stop()
    assert {home + "/试点.perf", home + "/共用.perf", home + "/试点/附表/目标.csv"} <= seen
    assert seen <= {path for _, path in noted}


def test_another_program_does_not_answer(book: Path) -> None:
    perfdsl("check", book)
    with patch.object(store, "program", return_value="another"):
        assert not found("check", book)


def test_a_changed_source_file_is_another_program(tmp_path: Path) -> None:
    package = tmp_path / "perfdsl"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "one.py").write_text("1")
    with patch("perfdsl.__file__", str(package / "__init__.py")):
        program = store.program.__wrapped__  # what is looked at once is here looked at again
        before = program()
        assert program() == before
        (package / "one.py").write_text("22")
        assert program() != before


def test_what_changes_while_it_is_read_is_not_kept(tmp_path: Path) -> None:
    one = tmp_path / "一"
    with answers.keeping(["asked"]):
        files.note_bytes(one, b"1")
        files.note_bytes(one, b"2")
        answers.finished(0)
    assert answers.find(["asked"]) is None


@pytest.mark.parametrize("ending", [KeyboardInterrupt, RuntimeError])
def test_a_command_that_did_not_come_to_its_end_is_not_kept(book: Path, place: Path, ending: type[Exception]) -> None:
    with patch("perfdsl.tools.commands.check.render", side_effect=ending):
        assert perfdsl("check", book).code in (1, 4)
    assert not kept(place)


def test_colours_are_asked_for_apart(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book.write_text(book.read_text(encoding="utf-8").replace("98%", "98%%"), encoding="utf-8")
    perfdsl("check", book)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\033[" in perfdsl("check", book).out
    assert "\033[" in again("check", book).out


# ---- never in the way


@pytest.mark.parametrize("harm", ["", "x", "half", "flipped", "[]", "others"])
def test_a_harmed_entry_is_written_anew(book: Path, place: Path, harm: str) -> None:
    first = perfdsl("check", book)
    (entry,) = kept(place)
    whole = entry.read_bytes()
    body = b"[]" if harm == "[]" else b'{"request": 1}'
    made = {
        "half": whole[: len(whole) // 2],
        "flipped": whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:],
        "[]": files._digest(body).encode() + b"\n" + body,
        "others": files._digest(body).encode() + b"\n" + body,
    }.get(harm, harm.encode())
    entry.write_bytes(made)
    assert not found("check", book)
    assert perfdsl("check", book) == first
    assert entry.read_bytes() == whole


@pytest.mark.parametrize("harm", [lambda raw: b"", lambda raw: raw[: len(raw) // 2], lambda raw: raw[:-9] + b"\0" * 9])
def test_a_harmed_cache_changes_no_answer(book: Path, place: Path, harm: Callable[[bytes], bytes]) -> None:
    """All that is kept, of every kind, in a process that remembers nothing."""
    first = apart("run", book, "--format", "json")
    entries = [one for one in place.rglob("*") if one.is_file()]
    assert {one.parent.name.partition("-")[0] for one in entries} >= {"answers", "compiled"}
    whole = {one: one.read_bytes() for one in entries}
    for one, raw in whole.items():
        one.write_bytes(harm(raw))
    again = apart("run", book, "--format", "json")
    assert (again.returncode, again.stdout, again.stderr) == (first.returncode, first.stdout, first.stderr)
    assert first.returncode == 0 and all(one.read_bytes() != harm(raw) for one, raw in whole.items())


def test_where_nothing_can_be_written_nothing_is_kept(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "是文件").write_text("")
    monkeypatch.setenv("PERFDSL_CACHE", str(tmp_path / "是文件"))
    assert perfdsl("check", book) == perfdsl("check", book) == perfdsl("check", book, "--no-cache")
    assert not found("check", book)


def test_without_cache_nothing_is_read_or_written(book: Path, place: Path) -> None:
    perfdsl("check", book, "--no-cache")
    perfdsl("check", book, "--重新算")
    assert list(place.iterdir()) == []
    perfdsl("check", book)
    (entry,) = kept(place)
    entry.write_bytes(b"")
    perfdsl("check", book, "--no-cache")
    assert entry.read_bytes() == b""


def test_what_writes_files_or_reads_standard_input_is_not_kept(book: Path, place: Path, tmp_path: Path) -> None:
    for arguments in (("run", book, "--out", "果"), ("run", book, "--out=果"), ("试算", book, "--输出", "果")):
        assert perfdsl(*arguments).code == 0
        assert (tmp_path / "果").is_dir()
    assert perfdsl("check", "-", stdin=BOOK.encode()).code == 1
    assert perfdsl("check", "没有.perf").code == 3
    assert not kept(place)


def test_only_so_many_answers_are_kept_and_no_long_one(book: Path, place: Path) -> None:
    with patch.object(store, "MOST_ENTRIES", 3):
        for level in ("必须改", "请确认", "提示"):
            for form in ("text", "json"):
                perfdsl("check", book, "--fail-level", level, "--format", form)
    assert len(kept(place)) == 3
    assert found("check", book, "--fail-level", "提示", "--format", "json")
    with patch.object(answers, "LONGEST", 100):
        perfdsl("check", book)
    assert not found("check", book)


def test_many_at_once(book: Path, place: Path) -> None:
    command = [sys.executable, "-m", "perfdsl", "check", str(book)]
    running = [
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(HOME)}
        )
        for _ in range(4)
    ]
    told = {(one.communicate(timeout=120), one.returncode) for one in running}
    assert len(told) == 1
    assert len(kept(place)) == 1
    assert found("check", book)


# ---- what is loaded

HEAVY = ("click", "lark", "pydantic", "numpy", "yaml", "openpyxl", "rich", "jinja2", "xlsxwriter", "dataclasses")


@pytest.mark.parametrize(
    "arguments", [["--version"], ["--版本"], ["--help"], ["-h"], ["check", "BOOK"], ["run", "BOOK"]]
)
def test_a_quick_answer_loads_nothing_heavy(book: Path, arguments: list[str]) -> None:
    arguments = [str(book) if one == "BOOK" else one for one in arguments]
    if len(arguments) > 1:
        apart(*arguments)
    told = (
        f"import sys; sys.argv = ['perfdsl', *{arguments!r}]\nfrom perfdsl.tools.start import answer\n"
        f"try: answer()\nexcept SystemExit: pass\nprint(sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, env={**os.environ})
    assert ran.stderr.decode().splitlines()[-1] == "[]"


NOT_FOR_A_RUN = ("click", "lark", "pydantic", "yaml", "rich", "dataclasses", "zipfile", "difflib", "concurrent.futures")


def test_other_data_load_only_what_a_run_takes(tmp_path: Path) -> None:
    """The rulebook is known, the data are new: numpy computes, and nothing is loaded that only others need."""
    path = project(tmp_path / "甲")
    apart("run", path)
    facts = path.with_suffix("") / "数据" / "实绩.csv"
    facts.write_text(FACTS.replace("9.5", "9.25"), encoding="utf-8")
    told = (
        f"import sys; sys.argv = ['perfdsl', 'run', {str(path)!r}]\nfrom perfdsl.tools.start import answer\n"
        f"try: answer()\nexcept SystemExit: pass\n"
        f"print('numpy' in sys.modules, sorted(set(sys.modules) & set({NOT_FOR_A_RUN!r})), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, env={**os.environ})
    assert ran.stderr.decode().splitlines()[-1] == "True []"


@pytest.mark.parametrize("case", ["sound", "broken", "missing", "a folder", "no data", "pending"])
def test_run_and_a_file_is_the_run_with_options(tmp_path: Path, case: str) -> None:
    """``run FILE`` goes past click; screen and code are those of the long way, whatever comes."""
    path = project(
        tmp_path / "甲",
        facts=None if case == "no data" else FACTS.replace("9.5", "") if case == "pending" else FACTS,
        book=BOOK.replace("考核期", "考核器") if case == "broken" else BOOK,
    )
    path = {"missing": tmp_path / "没有.perf", "a folder": tmp_path}.get(case, path)
    assert start.is_plain(["run", str(path)])
    short, long = perfdsl("run", path), perfdsl("run", "--format", "table", path)
    assert short == long == perfdsl("run", "--no-cache", path) == perfdsl("run", path, "--重新算")
    assert (case == "sound") == (short.code == 0)


@pytest.mark.parametrize(
    ("fault", "code", "said"), [(KeyboardInterrupt, 1, "已中止"), (RuntimeError, 4, "程序内部出错")]
)
def test_what_comes_in_the_way_of_the_short_way(
    tmp_path: Path, place: Path, fault: type[BaseException], code: int, said: str
) -> None:
    with patch("perfdsl.tools.trial.run", side_effect=fault), patch("tempfile.mkstemp", side_effect=OSError):
        ran = perfdsl("run", project(tmp_path))
    assert ran.code == code
    assert said in ran.err
    assert not kept(place)


@pytest.mark.parametrize(
    ("arguments", "plain"),
    [
        (["run", "a.perf"], True),
        (["试算", "示例市@2025"], True),
        (["run"], False),
        (["run", "a.perf", "--all"], False),
        (["run", "--help"], False),
        (["run", "*.perf"], False),
        (["run", "~/a.perf"], False),
        (["check", "a.perf"], False),
    ],
)
def test_the_short_way_is_for_run_and_a_file(arguments: list[str], plain: bool) -> None:
    assert start.is_plain(arguments) is plain


# ---- the end


def ended(*arguments: str | Path) -> tuple[Ran, bool]:
    """What came of the console script, and whether it tidied up before it went."""
    told = (
        "import atexit, sys; atexit.register(print, 'tidied', file=sys.stderr)\n"
        f"sys.argv = ['perfdsl', *{[str(one) for one in arguments]!r}]\nfrom perfdsl.tools.start import main\nmain()"
    )
    ran = subprocess.run([sys.executable, "-X", "utf8", "-c", told], capture_output=True, check=False)
    err = ran.stderr.decode()
    return Ran(ran.returncode, ran.stdout.decode(), err.removesuffix("tidied\n")), err.endswith("tidied\n")


def test_what_only_reads_and_prints_ends_at_once(tmp_path: Path) -> None:
    """The screen and the exit code are whole, a long answer into a pipe among them; computed or kept is all the same."""
    sound = project(tmp_path / "甲")
    broken = project(tmp_path / "乙", book=BOOK.replace("考核期", "考核器"))
    commands: list[list[str | Path]] = [["check", sound], ["run", sound, "--format", "json"], ["check", broken]]
    codes = []
    for command in commands:
        first, again_ = ended(*command), ended(*command)
        assert first == again_ == (perfdsl(*command), False)
        codes.append(first[0].code)
        assert ended(*command, "--no-cache") == (first[0], False)
    assert codes[0] == codes[1] == 0
    assert codes[2] == 1


def test_what_writes_tidies_up(tmp_path: Path) -> None:
    sound = project(tmp_path / "甲")
    ran, tidied = ended("run", sound, "--out", tmp_path / "结果")
    assert (ran.code, tidied) == (0, True)
    assert ended("list", tmp_path)[1]


def test_the_quick_page_is_the_one_of_click() -> None:
    quick = [perfdsl(one).out for one in verbs.HELP]
    with patch.object(verbs, "HELP", ()):
        assert {perfdsl("--help").out, *quick} == {verbs.page()}
    with patch.object(start, "VERSION", ()):
        through = perfdsl("--version").out
    assert through == perfdsl("--version").out == perfdsl("--版本").out
