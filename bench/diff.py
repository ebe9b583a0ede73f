"""How long a comparison takes beside what it is made of: both sides in one process, in turns, medians.

Against checking stand the difference of the models alone, and the whole of what ``diff`` does without data: both files
read, the difference, the verdict on every change with a case that shows it, the words. Memory is tidied as seldom as in
the program, on both sides, and before each turn: the program, which does this once, never meets what earlier turns left.
Ratios, never seconds, are what counts.
"""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path

from books import KINDS, data, lay_out, rulebook
from pairs import Row, paired

from perfdsl.compile.lower import lower
from perfdsl.data.load import load
from perfdsl.engine.columnar import run
from perfdsl.publish.review_text import text
from perfdsl.reports.diff import diff as words
from perfdsl.text.source import Source as Text
from perfdsl.tools.start import SELDOM
from perfdsl.workspace.opened import Opened
from perfdsl.workspace.opening import open_rulebook, open_text
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.ledger import Sides, ledgers
from perfdsl.workspace.review.together import Source
from perfdsl.workspace.review.whole import review

CLAUSES, INDICATORS, UNITS, CHANGES = 500, 200, 3000, 20
APART = 24
"""How far the changed clauses are apart: of every kind some."""


def checked() -> list[Opened]:
    """Two rulebooks of 500 clauses, opened; 20 clauses of every kind differ."""
    edited = frozenset(range(0, CLAUSES - 1, APART)[:CHANGES])
    assert {number % len(KINDS) for number in edited} == {*range(len(KINDS))}
    return [open_text(Text("测速.perf", text)) for text in (rulebook(CLAUSES), rulebook(CLAUSES, edited))]


def comparing() -> tuple[float, float]:
    """The difference of two models of 500 clauses / check both."""
    old, new = (one.rulebook for one in checked())
    assert old is not None
    assert new is not None
    assert len(compare(old, new).changes) == CHANGES
    return paired(lambda: compare(old, new), checked, 3)


def judging() -> tuple[float, float]:
    """All that ``diff`` does without data / check both."""

    def whole() -> None:
        finding = words(review(*checked()), ("旧", "新"))
        assert len(finding.changes) == CHANGES
        assert all(one.witness is not None and one.witness.units for one in finding.changes)
        text(finding)

    return paired(whole, checked, 5, before=gc.collect)


def ledger() -> tuple[float, float]:
    """The whole ledger of 20 changes, engine time / one run of the engine."""
    with tempfile.TemporaryDirectory() as folder:
        files = data(INDICATORS, UNITS)
        edited = frozenset(range(0, INDICATORS, INDICATORS // CHANGES))
        old = open_rulebook(lay_out(Path(folder), "旧", rulebook(INDICATORS), files))
        new = open_rulebook(lay_out(Path(folder), "新", rulebook(INDICATORS, edited), files))
        assert old.rulebook is not None
        assert new.rulebook is not None
        comparison = compare(old.rulebook, new.rulebook)
        assert len(comparison.changes) == CHANGES
        sides = Sides(Hybrids(comparison), Source(old.data_folder, old.folder), None)
        together = sides.together("old")
        graph = lower(old.rulebook)
        dataset = load(old.data_folder, old.rulebook.tables, rules=old.folder).dataset
        units = {unit: unit for unit in together.units}

        def whole() -> None:
            together.forget()
            found = ledgers(sides, units)
            assert len(found) == UNITS
            assert all(one.residual == 0 for one in found.values())

        return paired(whole, lambda: run(graph, dataset), 3)


def rows() -> list[Row]:
    """What this part measures."""
    often = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        return _rows()
    finally:
        gc.set_threshold(*often)


def _rows() -> list[Row]:
    return [
        Row("两份 500 条的办法：模型之差 ÷ 校核两份", *comparing(), 2.0),
        Row("两份 500 条的办法：不用数据的整个对照（读入、20 条逐条判定、成文）÷ 校核两份", *judging(), 2.0),
        Row("20 条修订 × 3,000 个单位 × 200 项：整本归因账 ÷ 试算一遍（引擎时间）", *ledger(), 25.0),
    ]
