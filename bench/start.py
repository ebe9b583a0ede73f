"""How long it takes until something is on the screen, beside a bare Python, and checking beside only parsing.

``python bench/start.py`` prints the table.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bare import bare
from books import data, lay_out, rulebook, rulebook_as_printed
from pairs import Row, paired, process, table

from perfdsl.text.source import Source
from perfdsl.workspace.opening import open_text

LONG = 415
SMALL, UNITS = 20, 30
TIMES = 25


class Screen:
    """The command line beside bare Python, both as installed: with bytecode, which pip writes and a checkout may not have.

    What is kept (answers, compiled rulebooks, bytecode) lies in ``folder``, filled by one run before the first that counts.
    """

    def __init__(self, folder: Path) -> None:
        known = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        kept = {"PERFDSL_CACHE": str(folder / "留存"), "PYTHONPYCACHEPREFIX": str(folder / "字节码")}
        self.surroundings = {**known, **kept}

    def beside_bare(self, *arguments: str, before: Callable[[], object] = lambda: None) -> tuple[float, float]:
        """The command line with ``arguments`` / bare Python; ``before`` is done before each run and not counted."""
        ours = process(["-m", "perfdsl", *arguments], surroundings=self.surroundings)
        bare = process(["-c", "pass"], surroundings=self.surroundings)
        ours()
        return paired(ours, bare, TIMES, before)


def one_cell_changed(data_: Path) -> Callable[[], None]:
    """Changes a number in the last cell of a table of data, another each time."""
    numbers = count(1)

    def change() -> None:
        rows = data_.read_text(encoding="utf-8").splitlines()
        rows[-1] = f"{rows[-1].rpartition(',')[0]},{next(numbers)}"
        data_.write_text("\n".join(rows), encoding="utf-8")

    return change


def checking() -> tuple[float, float]:
    """Checking 5,000 lines / Lark's bare parse of the same, both with their parsers built."""
    text = rulebook_as_printed(LONG)
    assert text.count("\n") > 5000
    parser, plain = bare(text)
    opened = open_text(Source("测速.perf", text))
    assert opened.sound
    return paired(lambda: open_text(Source("测速.perf", text)), lambda: parser.parse(plain), 9)


def rows() -> list[Row]:
    """What this part measures."""
    with tempfile.TemporaryDirectory() as folder:
        long = str(lay_out(Path(folder), "长", rulebook_as_printed(LONG), data(0, UNITS)))
        small = str(lay_out(Path(folder), "小", rulebook(SMALL), data(SMALL, UNITS)))
        change = one_cell_changed(Path(folder) / "小" / "数据" / "实绩.csv")
        beside_bare = Screen(Path(folder)).beside_bare
        return [
            Row("--version ÷ 空的 Python", *beside_bare("--version"), 4),
            Row("--help ÷ 空的 Python", *beside_bare("--help"), 4),
            Row("5,000 行的办法：校核（冷）÷ Lark 只解析", *checking(), 5),
            Row("5,000 行的办法：校核过的再校核 ÷ 空的 Python", *beside_bare("check", long), 5),
            Row("20 项 × 30 个单位：什么都没变，再试算 ÷ 空的 Python", *beside_bare("run", small), 15),
            Row("20 项 × 30 个单位：改一格数据，再试算 ÷ 空的 Python", *beside_bare("run", small, before=change), 15),
            Row("20 项 × 30 个单位：试算，不用留存 ÷ 空的 Python", *beside_bare("run", "--no-cache", small), 15),
        ]


def main() -> None:
    """Measure and print."""
    found = rows()
    print(table(found))
    if any(one.ratio > one.most for one in found):
        sys.exit("有一项超过了限度")


if __name__ == "__main__":
    main()
