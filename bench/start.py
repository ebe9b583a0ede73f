"""How long it takes until something is on the screen, beside a bare Python, and checking beside only parsing.

``python bench/start.py`` prints the table.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from bare import bare
from books import data, lay_out, rulebook, rulebook_as_printed
from pairs import BARE, Row, paired, process, table

from perfdsl.text.source import Source
from perfdsl.workspace.opening import open_text

LONG = 415
SMALL, UNITS = 20, 30
TIMES = 9


def beside_bare(*arguments: str) -> tuple[float, float]:
    """The command line with ``arguments`` / bare Python, after one run that fills what is kept."""
    ours: Callable[[], object] = process(["-m", "perfdsl", *arguments])
    ours()
    return paired(ours, BARE, TIMES)


def checking() -> tuple[float, float]:
    """Checking 5,000 lines / Lark's bare parse of the same, both with their parsers built."""
    text = rulebook_as_printed(LONG)
    assert text.count("\n") > 5000
    parser, plain = bare(text)
    opened = open_text(Source("测速.perf", text))
    assert opened.sound
    return paired(lambda: open_text(Source("测速.perf", text)), lambda: parser.parse(plain), 5)


def rows() -> list[Row]:
    """What this part measures."""
    with tempfile.TemporaryDirectory() as folder:
        long = str(lay_out(Path(folder), "长", rulebook_as_printed(LONG), data(0, UNITS)))
        small = str(lay_out(Path(folder), "小", rulebook(SMALL), data(SMALL, UNITS)))
        return [
            Row("--version ÷ 空的 Python", *beside_bare("--version"), 4),
            Row("--help ÷ 空的 Python", *beside_bare("--help"), 4),
            Row("5,000 行的办法：校核（冷）÷ Lark 只解析", *checking(), 5),
            Row("5,000 行的办法：校核过的再校核 ÷ 空的 Python", *beside_bare("check", long), 5),
            Row("20 项 × 30 个单位：试算（重新算）÷ 空的 Python", *beside_bare("run", "--no-cache", small), 15),
        ]


def main() -> None:
    """Measure and print."""
    found = rows()
    print(table(found))
    if any(one.ratio > one.most for one in found):
        sys.exit("有一项超过了限度")


if __name__ == "__main__":
    main()
