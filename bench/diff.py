"""How long a comparison takes beside what it is made of: both sides in one process, in turns, medians.

What is compared with checking are the models: no verdicts, which look for cases. Ratios, never seconds, are what counts.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from books import data, lay_out, rulebook
from pairs import Row, paired

from perfdsl.compile.lower import lower
from perfdsl.data.load import load
from perfdsl.engine.columnar import run
from perfdsl.text.source import Source as Text
from perfdsl.workspace.opening import open_rulebook, open_text
from perfdsl.workspace.review.changes import compare
from perfdsl.workspace.review.hybrids import Hybrids
from perfdsl.workspace.review.ledger import Sides, ledgers
from perfdsl.workspace.review.together import Source

CLAUSES, INDICATORS, UNITS, CHANGES = 500, 200, 3000, 20


def comparing() -> tuple[float, float]:
    """compare two rulebooks of 500 clauses / check both."""
    texts = [rulebook(CLAUSES), rulebook(CLAUSES, frozenset(range(0, CLAUSES, 25)))]
    opened = [open_text(Text("测速.perf", text)) for text in texts]
    old, new = (one.rulebook for one in opened)
    assert old is not None
    assert new is not None
    assert len(compare(old, new).changes) == CLAUSES // 25
    return paired(lambda: compare(old, new), lambda: [open_text(Text("测速.perf", text)) for text in texts], 3)


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
    return [
        Row("两份 500 条的办法：对照 ÷ 校核两份", *comparing(), 2.0),
        Row("20 条修订 × 3,000 个单位 × 200 项：整本归因账 ÷ 试算一遍（引擎时间）", *ledger(), 25.0),
    ]
