"""A new clause kind is one file, one line in the registry and one folder of worked examples.

功效系数法, with labels and phrases of its own, is taken out of a copy of the project, and put into it again. No other file may
change but ``grammar/words.lark``, which is generated; without the kind its words mean nothing, with it every command
speaks of it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
EFFICACY = Path(__file__).parent / "efficacy"
REGISTRY = Path("perfdsl") / "clauses" / "__init__.py"
FILE = Path("perfdsl") / "clauses" / "efficacy.py"
ENTRY = '    "efficacy": "efficacy.KIND",\n'
BEFORE = '    "drop_grade": "drop_grade.KIND",\n'


class Project:
    """A copy of the project in which commands are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("perfdsl", "grammar"):
            shutil.copytree(HOME / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))

    def hashes(self) -> dict[str, str]:
        """The files of the copy."""
        return {
            path.relative_to(self.folder).as_posix(): sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }

    def run(self, *arguments: str, module: str = "perfdsl") -> subprocess.CompletedProcess[str]:
        """A command in the copy, with the copy's own code."""
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder), "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    def said(self, *arguments: str) -> str:
        """What a command prints that ends well."""
        ran = self.run(*arguments)
        assert ran.returncode == 0, (arguments, ran.stdout[-2000:], ran.stderr[-2000:])
        return ran.stdout


def without(project: Project) -> None:
    """Take the kind out: its file, its entry, its words."""
    (project.folder / FILE).unlink()
    registry = project.folder / REGISTRY
    text = registry.read_text(encoding="utf-8")
    assert text.count(ENTRY) == 1
    registry.write_text(text.replace(ENTRY, ""), encoding="utf-8")
    generated(project)


def generated(project: Project) -> None:
    """The grammar of the words, made anew."""
    ran = project.run("words", module="perfdsl.tools.generate")
    assert ran.returncode == 0, ran.stderr


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The copy out of which the kind was taken, with the kind in it again."""
    made = Project(tmp_path_factory.mktemp("新增"))
    whole = made.hashes()
    without(made)
    before = made.hashes()
    (made.folder / "示例").mkdir()
    shutil.copytree(EFFICACY / "示例", made.folder / "示例", dirs_exist_ok=True)
    ran = made.run("check", BOOK)
    assert ran.returncode == 1 and "K011" in ran.stdout and "K043" in ran.stdout, "its words mean nothing without it"
    shutil.copy(HOME / FILE, made.folder / FILE)
    registry = made.folder / REGISTRY
    text = registry.read_text(encoding="utf-8")
    registry.write_text(text.replace(BEFORE, BEFORE + ENTRY, 1), encoding="utf-8")
    generated(made)
    after = {name: hash_ for name, hash_ in made.hashes().items() if not name.startswith("示例/")}
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed == {FILE.as_posix(), REGISTRY.as_posix(), "grammar/words.lark"}
    assert {name for name in whole | after if whole.get(name) != after.get(name)} <= {REGISTRY.as_posix()}
    return made


BOOK = "示例/功效.perf"


def test_its_words_are_in_the_generated_grammar(project: Project) -> None:
    words = (project.folder / "grammar" / "words.lark").read_text(encoding="utf-8")
    assert "按功效系数" in words and "by-efficacy" in words


def test_check_and_cases(project: Project) -> None:
    assert "没有发现问题" in project.said("check", BOOK)
    for engine in ("columnar", "reference"):
        assert "核对 12 格，0 格不符" in project.said("test", "示例", "--engine", engine)


def test_both_engines_give_the_same_bytes(project: Project) -> None:
    columnar = project.said("run", BOOK, "--format", "json")
    assert columnar == project.said("run", BOOK, "--format", "json", "--engine", "reference")
    assert '"score": "40.57"' in columnar


def test_explain_tells_its_sentence_and_cells(project: Project) -> None:
    text = project.said("explain", BOOK, "--unit", "乙厂", "--item", "G01")
    assert "规则：按功效系数得分（满意值 95%，不允许值 60%，基础分占 60%），最高得满分，扣完本指标为止" in text
    assert "第三条 G01 合格率" in text and "← 实绩.csv B3" in text


def test_fmt_writes_its_words_in_the_canonical_way(project: Project) -> None:
    path = project.folder / BOOK
    before = path.read_text(encoding="utf-8")
    project.said("fmt", BOOK)
    text = path.read_text(encoding="utf-8")
    path.write_text(before, encoding="utf-8")
    assert (
        "  满意值：附表 “单位名册” 的 “能耗满意值”\n  不允许值：120 吨\n  计分：按功效系数，基础分占 60%，扣完本指标为止，满意值与不允许值相等的得满分，不封顶"
        in text
    )


def test_graph_names_it(project: Project) -> None:
    assert "G01" in project.said("graph", BOOK, "--item", "G01")


def test_its_mistakes_are_said_like_all_others(project: Project) -> None:
    path = project.folder / "示例" / "错.perf"
    text = (project.folder / BOOK).read_text(encoding="utf-8")
    path.write_text(text.replace("不允许值：60%", "不允许值：95%").replace("，不封顶", ""), encoding="utf-8")
    ran = project.run("check", "示例/错.perf")
    assert ran.returncode == 1
    assert "必须改 K221：满意值和不允许值相等" in ran.stdout and "必须改 K209" in ran.stdout
    path.write_text(text.replace("满意值：95%", "满亿值：95%"), encoding="utf-8")
    ran = project.run("check", "示例/错.perf")
    assert "没有“满亿值”这个栏目，是不是“满意值”？" in ran.stdout
