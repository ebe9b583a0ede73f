"""The wheel, installed elsewhere, run from a folder with Chinese and blanks in its name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

HOME = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel is installed: nothing of the checkout is on the way to it."""
    built = tmp_path_factory.mktemp("built")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)],
        cwd=HOME,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (wheel,) = built.glob("*.whl")
    target = tmp_path_factory.mktemp("installed")
    with ZipFile(wheel) as package:
        package.extractall(target)
    return target


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """An officer's folder with one rulebook and its data."""
    folder = tmp_path / "张三 桌面" / "2026 考核（终稿）"
    folder.mkdir(parents=True)
    source = HOME / "rulebooks" / "石城县河长制2018"
    shutil.copy(source / "改定.perf", folder / "改定.perf")
    shutil.copytree(source / "改定", folder / "改定")
    return folder


def run(installed: Path, desk: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "perfdsl", *arguments],
        cwd=desk,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def test_it_is_the_wheel_that_runs(installed: Path, desk: Path) -> None:
    where = subprocess.run(
        [
            sys.executable,
            "-c",
            "import perfdsl; from perfdsl.syntax.vocabulary import grammar_dir; print(perfdsl.__file__); print(grammar_dir())",
        ],
        cwd=desk,
        env={**os.environ, "PYTHONPATH": str(installed), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    ).stdout.split("\n")
    assert where[0].startswith(str(installed)) and where[1].startswith(str(installed))


def test_it_holds_what_it_needs_and_nothing_else(installed: Path) -> None:
    names = {path.relative_to(installed).parts[0] for path in installed.rglob("*") if path.is_file()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"perfdsl"}
    assert {path.name for path in (HOME / "grammar").iterdir()} <= {
        path.name for path in (installed / "perfdsl" / "grammar").iterdir()
    }
    (entries,) = installed.glob("*.dist-info/entry_points.txt")
    assert "perfdsl = perfdsl.tools.start:main" in entries.read_text(encoding="utf-8")


def test_check_run_and_explain(installed: Path, desk: Path) -> None:
    assert run(installed, desk, "校核", "改定.perf").returncode == 0
    ran = run(installed, desk, "试算", "改定.perf", "--输出", "结果 第一次")
    assert ran.returncode == 0, ran.stderr
    assert "琴江镇" in ran.stdout
    assert (desk / "结果 第一次" / "结果.清单.json").exists()
    assert "← 实绩.csv" in run(installed, desk, "查分", "改定.perf", "--单位", "甲镇").stdout
    assert run(installed, desk, "整理", "--只看", "改定.perf").returncode in (0, 1)
    assert run(installed, desk, "验算", ".").returncode == 3 or "0 格不符" in run(installed, desk, "验算", ".").stdout
