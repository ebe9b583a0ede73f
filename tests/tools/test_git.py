"""git speaks of clauses and cells: a real repository, Chinese file names with blanks, the hooks of pre-commit."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook
from running import BOOK, HOME, perfdsl

from perfdsl.text.source import Source
from perfdsl.workspace.facts import facts, of_rulebook, of_table

NAME = "试点 办法（2025）.perf"
LEAD = "【J01】"


def git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    who = ("-c", "user.name=test", "-c", "user.email=test@example.invalid")
    environment = {**os.environ, "PYTHONPATH": str(HOME), "GIT_PAGER": "cat", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "考核 材料"
    folder.mkdir()
    git(folder, "init", "-q")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", os.pathsep.join(_without_perfdsl()))
    return folder


def _without_perfdsl() -> list[str]:
    """PATH without an installed perfdsl: this one is meant."""
    return [one for one in os.environ["PATH"].split(os.pathsep) if not (Path(one) / "perfdsl").exists()]


def text(*changes: tuple[str, str]) -> str:
    made = BOOK.replace("{status}", "印发稿")
    for old, new in changes:
        made = made.replace(old, new)
    return made


def sheet(path: Path, value: float) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "实绩"
    book.active.append(["单位", "办结件数"])
    book.active.append(["甲局", value])
    book.save(path)


def test_setup_says_what_it_wrote_and_may_be_run_again(repository: Path) -> None:
    kept = "# 已有的\n*.docx binary\n*.xlsx binary"
    (repository / ".gitattributes").write_text(kept, encoding="utf-8")
    looked = perfdsl("git", "setup", "--check")
    assert looked.code == 1
    assert "缺 .gitattributes：*.perf diff=perfdsl text eol=lf" in looked.out
    assert (repository / ".gitattributes").read_text(encoding="utf-8") == kept
    ran = perfdsl("git", "setup")
    assert ran.code == 0
    assert "写了 git 设置：core.quotepath = false" in ran.out
    lines = (repository / ".gitattributes").read_text(encoding="utf-8")
    assert lines.startswith(f"{kept}\n*.perf diff=perfdsl text eol=lf\n*.xlsx diff=perfdsl-xlsx\n")
    assert lines.endswith("*.csv diff=perfdsl-csv\n")
    again = perfdsl("git", "setup")
    assert again.out == "已经设置好，没有要写的\n"
    assert (repository / ".gitattributes").read_text(encoding="utf-8") == lines
    assert perfdsl("git", "setup", "--check").code == 0


def test_what_git_says_itself_is_told_as_its_own_words(repository: Path) -> None:
    (repository / ".git" / "config.lock").touch()
    ran = perfdsl("git", "setup")
    assert ran.code == 3
    assert "没有写进去，看看 .git/config 能不能改写（git 的原话：" in ran.err
    assert ran.err.rstrip().endswith("）") and "config" in ran.err.partition("原话：")[2]


def test_git_speaks_of_clauses_and_cells(repository: Path) -> None:
    perfdsl("git", "setup")
    (repository / NAME).write_text(text(), encoding="utf-8")
    sheet(repository / "数据 表.xlsx", 98)
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "一")
    (repository / NAME).write_text(text(("国家级每次 2 分；", "国家级每次 ３ 分;  ")) + "# 会后改\n", encoding="utf-8")
    sheet(repository / "数据 表.xlsx", 99.5)
    shown = git(repository, "diff")
    git(repository, "commit", "-q", "-a", "-m", "二")
    for told in (shown, git(repository, "log", "-p", "-1"), git(repository, "show")):
        assert f"a/{NAME}" in told
        assert sorted(changed(told)) == sorted(
            [
                f"-{LEAD} 计分：国家级每次 2 分",
                f"+{LEAD} 计分：国家级每次 3 分",
                "-实绩!B2\t98",
                "+实绩!B2\t99.5",
            ]
        )
        # the clause by its name: in the hunk, or above it
        assert any("【J01】 加分项 表彰" in one for one in told.splitlines())
        heads = [one for one in told.splitlines() if one.startswith("@@")]
        assert any("@@ 【A03】 指标 培训（" in one for one in heads), heads


def test_a_rename_is_one_line_and_so_is_another_article(repository: Path) -> None:
    perfdsl("git", "setup")
    (repository / NAME).write_text(text(), encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "一")
    (repository / NAME).write_text(text(("加分项 表彰", "加分项 获得表彰")), encoding="utf-8")
    first = next(one for one in facts(Source("", text())) if one.startswith("【J01】 "))
    assert first.startswith("【J01】 加分项 表彰")
    assert changed(git(repository, "diff")) == [f"-{first}", f"+{first.replace('表彰', '获得表彰')}"]
    (repository / NAME).write_text(text(("条款：第六条", "条款：第七条")), encoding="utf-8")
    assert changed(git(repository, "diff")) == ["-【J01】 条款：第六条", "+【J01】 条款：第七条"]
    (repository / NAME).write_text(text(("国家级每次 2 分", "国家级每次 3 分")), encoding="utf-8")
    alone = [one for one in git(repository, "diff", "-U0").splitlines() if one.startswith("@@")]
    assert len(alone) == 1 and "【J01】 加分项 表彰" in alone[0]


def changed(told: str) -> list[str]:
    """The lines that git says came or went."""
    return [one for one in told.splitlines() if one.startswith(("+", "-")) and one[:3] not in ("+++", "---")]


def test_git_speaks_of_the_cells_of_a_schedule(repository: Path) -> None:
    """A row that comes moves no other, a heading is quoted, and another encoding of the same cells is no change."""
    perfdsl("git", "setup")
    path = repository / "附表" / "年度 目标.csv"
    path.parent.mkdir()
    rows = "单位,固投目标,备注\n云泽区,52,\n金稻市,46,含续建\n"
    path.write_text(rows, encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "一")
    path.write_text(rows.replace("云泽区,52", "松涛区,30,新设\n云泽区,48"), encoding="gb18030")
    shown = git(repository, "diff")
    assert "a/附表/年度 目标.csv" in shown
    told = ["-云泽区 固投目标\t52", "+松涛区 固投目标\t30", "+松涛区 备注\t新设", "+云泽区 固投目标\t48"]
    assert sorted(changed(shown)) == sorted(told)
    path.write_text(rows, encoding="gb18030")
    assert changed(git(repository, "diff")) == []
    path.write_text(rows.replace("固投目标", "投资目标").replace("\n", "\r\n"), encoding="utf-8-sig")
    assert "+表头\t单位｜投资目标｜备注" in changed(git(repository, "diff"))


def test_the_rows_of_a_ledger_are_told_apart_and_lines_above_the_headings_show(tmp_path: Path) -> None:
    path = tmp_path / "表彰 台账.csv"
    path.write_text('2025 年表彰\n单位,事项编号,级别\n甲局,1,国家级\n甲局,2,"省\n级"\n乙局,3\n', encoding="utf-8")
    assert of_table(path).splitlines() == [
        "表头以上\t2025 年表彰",
        "表头\t单位｜事项编号｜级别",
        "甲局·1 级别\t国家级",
        "甲局·2 级别\t省\\n级",
        "乙局·3",
    ]


def test_a_table_that_cannot_be_read_is_shown_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "坏 的.csv"
    path.write_text('单位,目标\n"甲局,1\n', encoding="utf-8")
    first, _, rest = of_table(path).partition("\n")
    assert first.startswith("（")
    assert first.endswith("，按原文显示）")
    assert rest == path.read_text(encoding="utf-8")
    packed = tmp_path / "其实是工作簿.csv"
    sheet(packed, 1)
    assert of_table(packed) == "实绩!A1\t单位\n实绩!B1\t办结件数\n实绩!A2\t甲局\n实绩!B2\t1\n"


def test_what_is_layout_does_not_show() -> None:
    blocks = text().split("指标 满意度")
    moved = blocks[1].index("指标 培训")
    other = f"{blocks[0]}# 注释\n\n{blocks[1][moved : blocks[1].index('加分项')]}指标 满意度{blocks[1][:moved]}"
    other += blocks[1][blocks[1].index("加分项") :]
    assert other != text()
    assert list(facts(Source("", other))) == list(facts(Source("", text())))


def test_a_text_that_cannot_be_read_is_shown_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "坏 的.perf"
    path.write_text(text() + "这一行不知道是什么\n", encoding="utf-8")
    made = of_rulebook(path)
    first, _, rest = made.partition("\n")
    assert first.startswith("（第 ")
    assert first.endswith("，按原文显示）")
    assert rest == path.read_text(encoding="utf-8")


def test_no_repository_no_git_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    outside = perfdsl("git", "setup")
    assert outside.code == 3
    assert "不在 git 仓库的工作区里" in outside.err
    for hidden in ("textconv", "textconv-xlsx", "textconv-csv"):
        gone = perfdsl("git", hidden, "没有.perf")
        assert gone.code == 3
        assert "没有这个文件" in gone.err
    monkeypatch.setenv("PATH", str(tmp_path))
    without = perfdsl("git", "setup")
    assert without.code == 3
    assert "没有装 git" in without.err


def test_a_broken_workbook_says_why(tmp_path: Path) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"nothing")
    ran = perfdsl("git", "textconv-xlsx", path)
    assert ran.code == 0
    assert ran.out.startswith("（")


def test_the_entries_of_the_hooks_work(tmp_path: Path) -> None:
    hooks = yaml.safe_load((HOME / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["perfdsl-fmt", "perfdsl-check"]
    good, part, bad = tmp_path / "好 的.perf", tmp_path / "共用.perf", tmp_path / "坏.perf"
    good.write_text(text(), encoding="utf-8")
    perfdsl("fmt", good)
    part.write_text("类别 区县\n", encoding="utf-8")
    bad.write_text(text() + "  分值 3\n", encoding="utf-8")
    for hook in hooks:
        program, *arguments = shlex.split(hook["entry"])
        assert program == "perfdsl"
        assert hook["files"] == r"\.perf$"
        assert perfdsl(*arguments, good, part).code == 0
    check = shlex.split(hooks[1]["entry"])[1:]
    assert perfdsl(*check, good, bad).code == 1
    messy = tmp_path / "乱.perf"
    messy.write_text(text().replace("；", ";"), encoding="utf-8")
    perfdsl(*shlex.split(hooks[0]["entry"])[1:], messy)  # pre-commit fails where a hook changes a file
    assert messy.read_text(encoding="utf-8") == good.read_text(encoding="utf-8")


def test_the_program_that_git_calls_is_there(repository: Path) -> None:
    perfdsl("git", "setup")
    called = git(repository, "config", "diff.perfdsl.textconv").strip()
    assert shlex.split(called)[0] == Path(sys.executable).as_posix()
